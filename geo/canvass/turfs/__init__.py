"""Turfs: cut an area into parts that are equal in work, and change them by hand."""

from geo.canvass.turfs.cut import TurfCut, cut_turfs, turf_hours
from geo.canvass.turfs.edit import (
    Step,
    TurfHistory,
    merge_turfs,
    move_unit,
    split_turf,
    units_in_no_turf,
    units_in_two_turfs,
)
from geo.canvass.turfs.recut import changed_turfs, recut_turfs
from geo.methods.geometry import polsby_popper, reock

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
