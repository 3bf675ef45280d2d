"""Turfs: cut an area into parts that are equal in work, and change them by hand."""

from geo.turf.compactness import polsby_popper, reock
from geo.turf.cut import cut_turfs
from geo.turf.edit import (
    TurfHistory,
    merge_turfs,
    move_unit,
    split_turf,
    units_in_no_turf,
    units_in_two_turfs,
)
from geo.turf.result import TurfCut

__all__ = [
    "TurfCut",
    "TurfHistory",
    "cut_turfs",
    "merge_turfs",
    "move_unit",
    "polsby_popper",
    "reock",
    "split_turf",
    "units_in_no_turf",
    "units_in_two_turfs",
]
