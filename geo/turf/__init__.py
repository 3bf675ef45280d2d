"""Turfs: cut an area into parts that are equal in work, and change them by hand."""

from geo.turf.compactness import polsby_popper, reock
from geo.turf.cut import cut_turfs
from geo.turf.edit import (
    merge_turfs,
    move_unit,
    split_turf,
    units_in_no_turf,
    units_in_two_turfs,
)
from geo.turf.history import Step, TurfHistory
from geo.turf.hours import turf_hours
from geo.turf.recut import changed_turfs, recut_turfs
from geo.turf.result import TurfCut

__all__ = [
    "Step",
    "TurfCut",
    "TurfHistory",
    "changed_turfs",
    "cut_turfs",
    "merge_turfs",
    "move_unit",
    "polsby_popper",
    "recut_turfs",
    "reock",
    "split_turf",
    "turf_hours",
    "units_in_no_turf",
    "units_in_two_turfs",
]
