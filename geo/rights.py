"""The rights that somebody may have: what they see, and what they record."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeAlias


class Right(StrEnum):
    """One of them.

    ``SMALL_COUNTS``: counts under ten, and what residents said in their own words.
    ``FIELD``: volunteers, doors, walk lists and the codes of who came; records in the field.
    ``WATER``: names of small water systems and what the task force noted; records on the water board.
    ``WHO``: the names of members beside what they recorded.
    """

    SMALL_COUNTS = "small_counts"
    FIELD = "field"
    WATER = "water"
    WHO = "who"


Rights: TypeAlias = frozenset[Right]
NOBODY: Rights = frozenset()
"""The rights of a passer-by; what is asked without rights is answered with these."""
EVERY_RIGHT: Rights = frozenset(Right)
