"""How an area stands beside the county and the valley it lies in: tested by margins, never by eye."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

import pandas as pd

from geo.language import mark as N_
from geo.methods.margins import product, proportion, ratio, sum_estimates, to_floats
from geo.tracts.acs_indicators import FROM_SURVEY, LEAST_SHARE, Indicator
from geo.tracts.comparison import Contrast, Quantity, contrast, to_number
from geo.tracts.indicators import INDICATORS
from geo.tracts.vintages import source_of

THEMES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "counting": (
        N_("Hard to count"),
        (
            "ca_htc_index",
            "ca_htc_estimate",
            "share_no_self_response",
            "share_low_response",
            "share_self_response_internet",
        ),
    ),
    "people": (
        N_("People"),
        (
            "population",
            "population_2020",
            "households",
            "share_aged_17_and_under",
            "share_aged_65_and_over",
            "share_minority",
            "share_group_quarters",
        ),
    ),
    "income": (N_("Income and work"), ("share_poverty", "income_per_capita_usd", "share_unemployed")),
    "education": (N_("Education and language"), ("share_no_high_school", "share_limited_english")),
    "health": (N_("Health"), ("share_uninsured", "share_disabled")),
    "housing": (
        N_("Housing and transportation"),
        (
            "housing_units",
            "housing_units_2020",
            "share_vacant_2020",
            "share_crowded",
            "share_mobile_homes",
            "share_large_buildings",
            "share_single_parent",
            "share_no_vehicle",
        ),
    ),
    "environment": (N_("Environment"), ("ces_score", "drinking_water_score")),
}
"""By key: the title of a theme and its figures, in the order of a profile."""

PER_PERSON, PEOPLE = "income_per_capita_usd", "population"
RUNGS: tuple[float, ...] = (0.25, 1 / 3, 0.5, 2 / 3, 0.75, 1.25, 1.5, 2.0, 3.0, 4.0)
"""Ratios that have a phrase of their own."""

NEAR, SPREAD = 1.12, 1.3
"""A ratio takes a rung's phrase within this factor of it, its whole interval (90 %) within the other."""

SAME = (0.8, 1.25)
"""Between these ratios two figures count as about the same."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a figure stands beside the same figure of a larger area.

    Attributes
    ----------
    found
        The larger area's figure first, ours second, with the test of their difference.
    kind
        ``times``: ``rung`` says how many; ``same``: about the same, its whole interval within :data:`SAME`;
        ``slightly``: different by more than chance, and little; ``higher`` and ``lower``: different, by how
        much is not sure; ``unclear``: the margins are too wide to say; ``untested``: there is nothing to
        test with.
    rung
        One of :data:`RUNGS`; 0 for all other kinds.
    """

    found: Contrast
    kind: str
    rung: float = 0.0

    @property
    def is_higher(self) -> bool:
        """Whether ours is the higher one."""
        return (self.found.difference or 0.0) > 0


def stand(ours: Quantity, theirs: Quantity) -> Standing:
    """Hold a figure against that of a larger area.

    The difference is tested at the 90 % level as in :func:`geo.tracts.comparison.contrast`. An area that is
    part of the larger one shares its sample with it, so that the test errs on the side of caution. The ratio
    and its margin are those of :func:`geo.methods.margins.ratio` (U.S. Census Bureau, *ACS General
    Handbook*, chapter 8).

    Parameters
    ----------
    ours, theirs
        In one unit, each with its margin (90 %).

    Examples
    --------
    >>> county = Quantity("share_poverty", 0.15, 0.003, "share")
    >>> stand(Quantity("share_poverty", 0.31, 0.03, "share"), county).rung
    2.0
    >>> stand(Quantity("share_poverty", 0.31, 0.12, "share"), county).kind
    'higher'
    >>> stand(Quantity("share_poverty", 0.16, 0.02, "share"), county).kind
    'same'
    >>> stand(Quantity("share_poverty", 0.20, 0.09, "share"), county).kind
    'unclear'
    """
    found = contrast(theirs, ours)
    if found.verdict == "equal":
        return Standing(found, "same")
    if not found.tested or not theirs.value or not ours.value or theirs.value < 0 or ours.value < 0:
        return Standing(found, "untested" if not found.tested else _without_ratio(found))
    times, moe = ratio(ours.value, ours.moe or 0.0, theirs.value, theirs.moe or 0.0)
    low, high = times - moe, times + moe
    within = SAME[0] <= low and high <= SAME[1]
    if found.verdict == "alike":
        return Standing(found, "same" if within else "unclear")
    if within:
        return Standing(found, "slightly")
    rung = min(RUNGS, key=lambda item: abs(log(times / item)))
    if abs(log(times / rung)) <= log(NEAR) and rung / SPREAD <= low and high <= rung * SPREAD:
        return Standing(found, "times", rung)
    return Standing(found, "higher" if times > 1 else "lower")


def _without_ratio(found: Contrast) -> str:
    if found.verdict == "alike":
        return "unclear"
    return "higher" if (found.difference or 0.0) > 0 else "lower"


def rates_of(tracts: pd.DataFrame) -> dict[str, Quantity]:
    """Rates and income per person of all tracts of an area together, each with its margin.

    The universe of a share is its published count, else what count and share of each tract imply. It is
    taken as exact, so that the margin is that of the count and errs on the side of caution.

    Parameters
    ----------
    tracts
        Rows of ``tracts_2010`` or ``tracts_2020``; a tract without the figure takes no part, and
        ``coverage`` is the share of the tracts that do.

    Examples
    --------
    >>> tracts = {"poverty": [30.0, 10.0], "poverty_moe": [6.0, 8.0], "share_poverty": [0.3, 0.1]}
    >>> rate = rates_of(pd.DataFrame(tracts | {"population": [100.0, 100.0]}))["share_poverty"]
    >>> rate.value, rate.moe
    (0.2, 0.05)
    """
    found = {item.key: _rate(tracts, item) for item in FROM_SURVEY if _has_rate(tracts, item)}
    if {PER_PERSON, f"{PER_PERSON}_moe", PEOPLE, f"{PEOPLE}_moe"} <= set(tracts):
        found[PER_PERSON] = _per_person(tracts)
    return {key: item for key, item in found.items() if item is not None}


def _has_rate(tracts: pd.DataFrame, item: Indicator) -> bool:
    return bool(item.count) and {str(item.count), f"{item.count}_moe", item.base or item.key, PEOPLE} <= set(
        tracts
    )


def _rate(tracts: pd.DataFrame, item: Indicator) -> Quantity | None:
    universe = tracts[item.base] if item.base else _implied(tracts, item)
    known = tracts[item.count].notna() & tracts[f"{item.count}_moe"].notna() & pd.notna(universe)
    rows = tracts[known]
    if rows.empty:
        return None
    part = sum_estimates(rows[item.count], rows[f"{item.count}_moe"])
    whole = float(to_floats(universe[known]).sum())
    share = proportion(float(part.estimate), float(part.moe), whole, 0.0)
    return _quantity(tracts, item, share.estimate, share.moe, len(rows) / len(tracts))


def _implied(tracts: pd.DataFrame, item: Indicator) -> pd.Series[float]:
    """Work out a universe from count and share; of a share near 0 as large a part of all as elsewhere."""
    count, share, people = (
        pd.Series(to_floats(tracts[name]), tracts.index) for name in (str(item.count), item.key, PEOPLE)
    )
    plain = (share >= LEAST_SHARE) & count.notna()
    whole = (count / share).where(plain)
    usual = whole.sum() / people[plain].sum() if plain.any() and people[plain].sum() else 1.0
    whole = whole.where(plain, usual * people)
    # Nobody counted and no share: nobody was asked there, as in a prison or on a lake.
    return whole.where(share.notna(), (count == 0).map({True: 0.0, False: float("nan")}))


def _per_person(tracts: pd.DataFrame) -> Quantity | None:
    item = INDICATORS[PER_PERSON]
    rows = tracts[tracts[[PER_PERSON, f"{PER_PERSON}_moe", PEOPLE, f"{PEOPLE}_moe"]].notna().all(axis=1)]
    if rows.empty:
        return None
    names = (PER_PERSON, f"{PER_PERSON}_moe", PEOPLE, f"{PEOPLE}_moe")
    all_income = product(*(rows[name].astype(float) for name in names))
    income = sum_estimates(all_income.estimate, all_income.moe)
    people = sum_estimates(rows[PEOPLE], rows[f"{PEOPLE}_moe"])
    mean = ratio(*(float(value) for value in (*income, *people)))
    return _quantity(tracts, item, mean.estimate, mean.moe, len(rows) / len(tracts))


def _quantity(tracts: pd.DataFrame, item: Indicator, value: object, moe: object, known: float) -> Quantity:
    first = {name: tracts[name].iloc[0] for name in ("direct_sources", "carried") if name in tracts}
    source = source_of(item, first)
    return Quantity(item.key, to_number(value), to_number(moe), item.unit, known, None, source)


@dataclass(frozen=True, slots=True)
class Peer:
    """A larger area to stand beside: what it is called, its rates, and whether an index is a mean of it."""

    title: str
    quantities: Mapping[str, Quantity]


@dataclass(frozen=True, slots=True)
class ProfileLine:
    """One figure of a profile.

    Attributes
    ----------
    quantity, count
        The figure; of a share also the count that it is made from, where that is known.
    standings
        How it stands beside each of the peers, in their order; None where they lack it.
    trend
        The change since an earlier vintage, with its test; None where there is no other vintage.
    earlier
        Years of that vintage; empty where there is none.
    """

    quantity: Quantity
    count: Quantity | None
    standings: tuple[Standing | None, ...] = ()
    trend: Contrast | None = None
    earlier: str = ""

    @property
    def scale(self) -> float:
        """What a bar of this figure runs to: the largest of what stands on it, margins included."""
        tops = [self.quantity, *(item.found.first for item in self.standings if item)]
        values = [(item.value or 0.0) + (item.moe or 0.0) for item in tops]
        return max(*values, 0.0) if len(values) > 1 else values[0]


def lay_profile(
    quantities: Mapping[str, Quantity],
    peers: Sequence[Peer] = (),
    trends: Mapping[str, tuple[Contrast, str]] | None = None,
) -> dict[str, list[ProfileLine]]:
    """Lay the figures of an area out by theme; a theme of which nothing is known is left out.

    Parameters
    ----------
    quantities
        All that is known of the area, by indicator.
    peers
        What it is held against.
    trends
        By indicator: the change since an earlier vintage, and that vintage's years.

    Examples
    --------
    >>> share = Quantity("share_poverty", 0.3, 0.03, "share")
    >>> found = lay_profile({"share_poverty": share}, [Peer("County", {"share_poverty": share})])
    >>> list(found), found["income"][0].standings[0].kind
    (['income'], 'same')
    """
    laid = {
        theme: [
            _line(quantities[key], quantities, peers, (trends or {}).get(key))
            for key in keys
            if key in quantities
        ]
        for theme, (_title, keys) in THEMES.items()
    }
    return {
        theme: lines
        for theme, lines in laid.items()
        if any(line.quantity.value is not None for line in lines)
    }


def _line(
    ours: Quantity,
    all_ours: Mapping[str, Quantity],
    peers: Sequence[Peer],
    trend: tuple[Contrast, str] | None,
) -> ProfileLine:
    standings = tuple(
        stand(ours, peer.quantities[ours.key]) if ours.key in peer.quantities else None for peer in peers
    )
    count = all_ours.get(str(INDICATORS[ours.key].count))
    return ProfileLine(ours, count, standings, *(trend or (None, "")))
