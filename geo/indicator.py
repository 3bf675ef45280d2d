"""What an indicator is: one column of a tract that is worth a map. Imports no dataframe library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from geo.language import mark as N_

HigherIs = Literal["need", "neutral"]
Unit = Literal["people", "households", "housing units", "share", "points", "percent", "USD"]

BOTH = ("tracts_2010", "tracts_2020")
UNIT_TITLES: dict[Unit, str] = {
    "people": N_("people"),
    "households": N_("households"),
    "housing units": N_("housing units"),
    "share": N_("share"),
    "points": N_("points"),
    "percent": N_("percent"),
    "USD": N_("US dollars"),
}


@dataclass(frozen=True, slots=True)
class Indicator:
    """One column that is worth a map.

    Attributes
    ----------
    key
        The column.
    title, universe
        In words, marked for translation: what it is, and of whom or what it is counted.
    unit
        A ``share`` lies between 0 and 1; titles of units stand in :data:`UNIT_TITLES`.
    source
        Key of the source in the catalogue, as it feeds 2010 tracts.
    datasets
        The datasets that have the column.
    moe
        Column of its margin of error (90 %); None where it has none.
    higher_is
        Whether more of it means that an area needs more attention.
    count
        For a share: column of the count that it is made from.
    base
        For a share: column of its universe's count; None where the source does not give it.
    ranked
        Whether there are ``<key>_state_percentile`` and ``<key>_region_rank`` columns on 2010 tracts.
    known
        Column that must be true for a value to mean anything; :func:`geo.indicators.values_of` heeds it.
    beside
        Key of the official indicator that always stands beside this one, where this one is our estimate.
    """

    key: str
    title: str
    unit: Unit
    universe: str
    source: str
    datasets: tuple[str, ...] = BOTH
    moe: str | None = None
    higher_is: HigherIs = "need"
    count: str | None = None
    base: str | None = None
    ranked: bool = False
    known: str | None = None
    beside: str | None = None

    @property
    def percentile(self) -> str | None:
        """Column that says which share of the state's tracts has a value that is lower or equal."""
        return f"{self.key}_state_percentile" if self.ranked else None

    @property
    def rank(self) -> str | None:
        """Column of the rank among the region's tracts: 1 is the highest value."""
        return f"{self.key}_region_rank" if self.ranked else None
