"""Figures of areas side by side: whether a difference is real, and how sure a high rank is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import STORED
from geo.methods.geometry import repair_shapes
from geo.methods.interpolation import interpolate_weighted
from geo.methods.margins import RELIABILITY, proportion, significantly_different, to_floats
from geo.methods.ranking import rank_with_doubt
from geo.tracts.acs_indicators import CONTROLLED, FROM_SURVEY, UNIVERSES, sum_of_counties, with_universes
from geo.tracts.indicators import Indicator, indicator_named, indicators_shown, values_of
from geo.tracts.residents.estimate import OWN_SIZE, VARIABLES, PeopleMap, project
from geo.tracts.residents.split_error import MOSTLY_GUESSWORK, exceeds, grade
from geo.tracts.vintages import COMPARABLE, last_year, source_of, years_of
from geo.units import Unit, is_missing

Verdict = Literal["different", "alike", "equal", "missing", "no_margin", "little_covered", "split"]

LITTLE_COVERED = 0.95
"""Share of an area below which what is known of it does not speak for the whole."""

COUNT_UNITS = ("people", "households", "housing units")

CHANCE = 0.10
"""Of figures that are truly the same, so many look different at the 90 % level."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """One figure of one area, with all that is known of its doubt.

    Attributes
    ----------
    key
        What it is: an indicator's key.
    value
        In ``unit``; None where it is missing, never 0.
    moe
        Margin of error (90 %) in the same unit; 0 for a full count, None where none is known.
    coverage
        Share of the area that is covered by data (0 to 1); None where the question does not arise.
    guesswork
        Share of the figure that hangs on the split of tracts (0 to 1); None as above.
    unit
        As in :mod:`geo.tracts.acs_indicators`.
    source
        Key of the source in the catalog.
    method
        Key of :data:`geo.tracts.residents.estimate.METHODS`; empty for what the source itself gives.
    beyond
        The count that it cannot exceed and does, by more than chance; None where it does not.
    """

    key: str
    value: float | None
    moe: float | None
    unit: str = ""
    coverage: float | None = None
    guesswork: float | None = None
    source: str = ""
    method: str = ""
    beyond: float | None = None

    @property
    def reliability(self) -> str:
        """How far it can be trusted, by margin and guesswork; empty where there is no margin, or none needed.

        Examples
        --------
        >>> Quantity("poverty", 100.0, 60.0).reliability, Quantity("population_2020", 100.0, 0.0).reliability
        ('use with caution', '')
        """
        if self.value is None or not self.moe:
            return ""
        return grade(self.value, self.moe, self.guesswork) if self.beyond is None else RELIABILITY[-1]


@dataclass(frozen=True, slots=True)
class Contrast:
    """Two quantities and what can be said of their difference.

    ``difference`` is second minus first with ``moe`` (90 %), both in the unit; None where either is missing.
    """

    first: Quantity
    second: Quantity
    difference: float | None
    moe: float | None
    verdict: Verdict

    @property
    def tested(self) -> bool:
        """Whether the rule could be asked."""
        return self.verdict in ("different", "alike")

    @property
    def is_count(self) -> bool:
        """Whether it is a count, of which a bigger place has more, and no rate, score or amount a person.

        Examples
        --------
        >>> people = Quantity("poverty", 9.0, 1.0, "people")
        >>> contrast(people, people).is_count
        True
        """
        return self.first.unit in COUNT_UNITS

    @property
    def mostly_guesswork(self) -> bool:
        """Whether either figure hangs mostly on the split of tracts.

        Examples
        --------
        >>> sure, split = Quantity("poverty", 9.0, 1.0), Quantity("poverty", 5.0, 1.0, guesswork=0.8)
        >>> contrast(sure, split).mostly_guesswork
        True
        """
        parts = (self.first.guesswork, self.second.guesswork)
        return any(part is not None and part > MOSTLY_GUESSWORK for part in parts)


def contrast(first: Quantity, second: Quantity) -> Contrast:
    """Compare two quantities of one unit.

    Missing stays missing: no difference is told, and no zero is put in its place. Two full counts (margins
    of 0) differ where they are not equal.

    Parameters
    ----------
    first, second
        Values and margins (90 %) in one unit.

    Returns
    -------
    Contrast
        The difference, second minus first, its margin sqrt(moe_A^2 + moe_B^2), and the verdict.

    Examples
    --------
    >>> found = contrast(Quantity("a", 135173.0, 3860.0), Quantity("a", 139301.0, 4047.0))
    >>> found.difference, round(found.moe, 1), found.verdict
    (4128.0, 5592.7, 'alike')
    >>> contrast(Quantity("a", 10.0, 3.0), Quantity("a", 20.0, 4.0)).verdict
    'different'
    >>> contrast(Quantity("a", None, None), Quantity("a", 20.0, 4.0)).verdict
    'missing'
    """
    if first.value is None or second.value is None:
        return Contrast(first, second, None, None, "missing")
    difference = second.value - first.value
    if first.moe is None or second.moe is None:
        return Contrast(first, second, difference, None, "no_margin")
    moe = float(np.hypot(first.moe, second.moe))
    return Contrast(first, second, difference, moe, _verdict(first, second, moe))


def change(first: Quantity, second: Quantity, shared: float) -> Contrast:
    """Compare one figure in two vintages of the survey.

    Parameters
    ----------
    first, second
        The figure in the earlier and in the later vintage.
    shared
        Share of the period's years that both have (0 to 1).

    Returns
    -------
    Contrast
        The change and its margin, sqrt(1 - shared) sqrt(moe_A^2 + moe_B^2), as part of the sample is the same
        (U.S. Census Bureau, *Instructions for Applying Statistical Testing to ACS 5-year Data*). What was
        carried over from parts of tracts is not tested.

    Examples
    --------
    >>> before, after = Quantity("share_poverty", 0.30, 0.06), Quantity("share_poverty", 0.22, 0.05)
    >>> change(before, after, 0.0).verdict, change(before, after, 0.6).verdict
    ('different', 'different')
    >>> round(change(before, after, 0.6).moe, 3)
    0.049
    """
    found = contrast(first, second)
    if found.moe is None or found.difference is None or not found.tested:
        return found
    if "split" in (first.method, second.method):
        return replace(found, moe=None, verdict="split")
    moe = found.moe * float(np.sqrt(1 - shared))
    return replace(found, moe=moe, verdict="different" if abs(found.difference) > moe else "alike")


def contrasts(first: Mapping[str, Quantity], second: Mapping[str, Quantity]) -> list[Contrast]:
    """Compare what both have, in the order of the first.

    Examples
    --------
    >>> here = {"a": Quantity("a", 1.0, 0.0), "b": Quantity("b", 1.0, 0.0)}
    >>> [item.verdict for item in contrasts(here, {"b": Quantity("b", 2.0, 0.0)})]
    ['different']
    """
    return [contrast(quantity, second[key]) for key, quantity in first.items() if key in second]


def rates_first(found: Iterable[Contrast]) -> list[Contrast]:
    """Put rates and scores before counts, each in its order.

    Examples
    --------
    >>> many, rate = Quantity("poverty", 9.0, 1.0, "people"), Quantity("share_poverty", 0.1, 0.01, "share")
    >>> [item.first.key for item in rates_first([contrast(many, many), contrast(rate, rate)])]
    ['share_poverty', 'poverty']
    """
    return sorted(found, key=lambda item: item.is_count)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many figures could be tested, how many differ, and how many would by chance alone."""

    compared: int
    tested: int
    different: int
    by_chance: int


def tally(found: Iterable[Contrast]) -> Tally:
    """Count what a list of contrasts says; full counts do not differ by chance.

    Examples
    --------
    >>> real = contrast(Quantity("a", 10.0, 3.0), Quantity("a", 20.0, 4.0))
    >>> tally([real] * 20)
    Tally(compared=20, tested=20, different=20, by_chance=2)
    """
    items = list(found)
    tested = [item for item in items if item.tested]
    sampled = [item for item in tested if item.moe]
    different = sum(item.verdict == "different" for item in tested)
    return Tally(len(items), len(tested), different, round(CHANCE * len(sampled)))


def to_number(value: Any) -> float | None:
    """Read a cell of a frame: None where it is missing.

    Examples
    --------
    >>> to_number(float("nan")), to_number(3)
    (None, 3.0)
    """
    return None if is_missing(value) else float(value)


def to_float(value: float | None) -> float:
    """Write what is missing as NaN, for :mod:`geo.methods.margins`.

    Examples
    --------
    >>> to_float(None), to_float(2.0)
    (nan, 2.0)
    """
    return float("nan") if value is None else value


def _verdict(first: Quantity, second: Quantity, moe: float) -> Verdict:
    covered = (first.coverage, second.coverage)
    if any(share is not None and share < LITTLE_COVERED for share in covered):
        return "little_covered"
    if moe == 0 and first.value == second.value:
        return "equal"
    pairs = (first.value, first.moe, second.value, second.moe)
    answer = significantly_different(*(to_float(number) for number in pairs))
    return "different" if answer else "alike"


EXACT = ("pl94_blocks_2020", "self_response_2020")
"""Sources that count everybody and draw no sample; the Bureau's deliberate noise in the counts of 2020 is
less than a few persons a tract and is not told."""

LITTLE_IN_COMMON = 0.01
"""Outlines of neighbors overlap by a hair; up to this share they count as apart."""
COUNTED = ("population_2020", "housing_units_2020")

ORIGIN = ("direct_sources", "carried")
"""Columns of 2020 tracts that say where figures come from; the same in every row."""

SURVEYED_WITH = {name: count for name, (count, _share) in UNIVERSES.items()}


RATES: Mapping[str, tuple[str, str]] = {
    "share_uninsured": ("uninsured", "uninsured_universe"),
    "share_limited_english": ("limited_english_persons", "aged_5_and_over"),
    "share_poverty": ("poverty", "poverty_universe"),
    "share_no_vehicle": ("no_vehicle_households", "households"),
}
"""Shares of an area that are made from two counts: the part, and the universe that is published for it."""


def of_tract(row: Mapping[str, Any], dataset: str) -> dict[str, Quantity]:
    """Read all indicators of one tract.

    Parameters
    ----------
    row
        A row of the dataset ``tracts_2010`` or ``tracts_2020``.
    dataset
        Which of them.

    Returns
    -------
    dict
        By indicator; missing values have None, never 0.

    Examples
    --------
    >>> row = {"population": 900.0, "population_moe": 90.0, "uninsured": 90.0, "uninsured_moe": None}
    >>> found = of_tract(row, "tracts_2010")
    >>> found["population"].moe, found["uninsured"].moe
    (90.0, None)
    """
    found = {
        item.key: _of_indicator(row, item, source_of(item, row))
        for item in indicators_shown(dataset)
        if item.key in row
    }
    return _held_against(found)


def of_tracts(frame: pd.DataFrame) -> dict[str, Quantity]:
    """Sum the counts of a county's tracts, or of several counties', with the margins of the sums.

    A tract without a value is left out, and ``coverage`` is the share of the tracts that have one. People and
    housing units of whole counties have a margin of 0: the survey is held to the Census Bureau's own
    estimates of them (U.S. Census Bureau, *ACS General Handbook*, chapter 7, controlled estimates).

    Parameters
    ----------
    frame
        Rows of ``tracts_2010`` or ``tracts_2020``: those of a county, or all of a region.

    Examples
    --------
    >>> tracts = pd.DataFrame({"households": [100.0, 200.0], "households_moe": [30.0, 40.0]})
    >>> of_tracts(tracts)["households"].moe
    50.0
    >>> tracts = pd.DataFrame({"population": [100.0, 200.0], "population_moe": [30.0, 40.0]})
    >>> of_tracts(tracts)["population"].moe
    0.0
    """
    first = {} if frame.empty else {str(name): frame[name].iloc[0] for name in ORIGIN if name in frame}
    full = with_universes(frame)
    found = {
        key: _sum(full, key, source_of(indicator_named(SURVEYED_WITH.get(key, key)), first))
        for key in (*VARIABLES, *COUNTED)
        if key in full
    }
    return dict(_rates(found)) | _told(found)


def of_served(rows: pd.DataFrame) -> dict[str, Quantity]:
    """Read who lives in one area.

    Parameters
    ----------
    rows
        The rows of one target in the table of people served (:data:`geo.tracts.residents.estimate.COLUMNS`).

    Examples
    --------
    >>> row = {"variable": "population", "estimate": 80.0, "moe": 20.0, "coverage": 0.5}
    >>> rows = pd.DataFrame([row | {"share_guesswork": 0.25, "method": "interpolated"}])
    >>> of_served(rows)["population"].coverage
    0.5
    """
    found = {str(row["variable"]): _of_served(row) for row in rows.to_dict("records")}
    return dict(_rates(found)) | _told(found)


def _told(found: Mapping[str, Quantity]) -> dict[str, Quantity]:
    """Leave out universes that are no indicators of their own, and note what exceeds its whole."""
    return _held_against({key: item for key, item in found.items() if key not in UNIVERSES})


HOUSEHOLDS, HOMES = "households", "housing_units_2020"


def _held_against(found: dict[str, Quantity]) -> dict[str, Quantity]:
    """Note households that are more than all homes counted in 2020, each of which houses one at most."""
    ours, homes = found.get(HOUSEHOLDS), found.get(HOMES)
    if ours is None or homes is None:
        return found
    if not exceeds(ours.value, ours.moe, homes.value, homes.moe):
        return found
    return found | {HOUSEHOLDS: replace(ours, beyond=homes.value)}


def of_vintages(rows: pd.DataFrame) -> dict[str, dict[str, Quantity]]:
    """Read a tract's figures by vintage, the newest first, then by indicator.

    Parameters
    ----------
    rows
        The rows of one tract in the dataset ``tract_vintages``.

    Examples
    --------
    >>> row = {"variable": "poverty", "source": "acs_svi_2018", "vintage": "2014-2018", "estimate": 90.0}
    >>> rows = pd.DataFrame([row | {"moe": 30.0, "same_tract": False}])
    >>> of_vintages(rows)["acs_svi_2018"]["poverty"].method
    'split'
    """
    newest = rows.assign(year=rows["vintage"].map(lambda words: last_year(str(words))))
    found: dict[str, dict[str, Quantity]] = {}
    for row in newest.sort_values(["year", "source"], ascending=[False, True]).to_dict("records"):
        item = indicator_named(str(row["variable"]))
        if item.key in COMPARABLE:
            value, moe = to_number(row["estimate"]), to_number(row["moe"])
            method = "" if row["same_tract"] else "split"
            quantity = Quantity(item.key, value, moe, item.unit, source=str(row["source"]), method=method)
            found.setdefault(str(row["source"]), {})[item.key] = quantity
    order = [item.key for item in FROM_SURVEY]
    return {
        key: dict(sorted(item.items(), key=lambda pair: order.index(pair[0]))) for key, item in found.items()
    }


def periods_overlap(first: str, second: str) -> bool:
    """Whether two different periods, read out of two vintages, share years and so part of a sample.

    Examples
    --------
    >>> periods_overlap("2014-2018, 2010 tracts", "2018-2022, 2020 tracts")
    True
    >>> periods_overlap("2014-2018", "2014-2018"), periods_overlap("2009-2013", "2014-2018")
    (False, False)
    """
    ours, theirs = years_of(first), years_of(second)
    if ours is None or theirs is None or ours == theirs:
        return False
    return max(ours[0], theirs[0]) <= min(ours[1], theirs[1])


def alike_units(found: Mapping[str, Quantity], key: str) -> list[str]:
    """List what can be held against a figure of the same area: what has the same unit.

    Examples
    --------
    >>> people = Quantity("poverty", 9.0, 1.0, "people")
    >>> homes = Quantity("households", 3.0, 1.0, "households")
    >>> alike_units({"poverty": people, "households": homes, "disabled": people}, "poverty")
    ['disabled']
    """
    unit = found[key].unit
    return [name for name, item in found.items() if item.unit == unit and name != key]


def share_in_common(first: shapely.Geometry, second: shapely.Geometry, area_crs: str) -> float:
    """Share of the smaller of two areas that lies in the other one (0 to 1); 0 where one has no area.

    Parameters
    ----------
    first, second
        In degrees (EPSG:4326).
    area_crs
        A projected, equal-area CRS.

    Examples
    --------
    >>> town, county = shapely.box(-116.1, 33.1, -116, 33.2), shapely.box(-117, 33, -115, 34)
    >>> round(share_in_common(town, county, "EPSG:3310"), 3)
    1.0
    """
    shapes, _repaired = repair_shapes(gpd.GeoSeries([first, second], crs=STORED).to_crs(area_crs))
    smaller = min(shapes.area)
    return float(shapes.iloc[0].intersection(shapes.iloc[1]).area / smaller) if smaller > 0 else 0.0


def _of_indicator(row: Mapping[str, Any], item: Indicator, source: str) -> Quantity:
    known = item.known is None or bool(row[item.known])
    value = to_number(row[item.key]) if known else None
    moe = 0.0 if source in EXACT else to_number(row.get(item.moe)) if item.moe else None
    carried = source not in EXACT and "coverage" in row
    coverage = to_number(row["coverage"]) if carried else None
    return Quantity(item.key, value, moe, item.unit, coverage, None, source)


def _sum(frame: pd.DataFrame, key: str, source: str) -> Quantity:
    unit: Unit = "people" if key in UNIVERSES else indicator_named(key).unit
    known = frame[frame[key].notna()]
    if known.empty:
        return Quantity(key, None, None, unit, 0.0, None, source)
    total = sum_of_counties(frame, key)
    value, moe, coverage = to_number(total.estimate), to_number(total.moe), len(known) / len(frame)
    method = "controlled" if key in CONTROLLED and moe == 0 else ""
    return Quantity(key, value, moe, unit, coverage, 0.0, source, method)


def _of_served(row: Mapping[Any, Any]) -> Quantity:
    key = str(row["variable"])
    unit: Unit = "people" if key in UNIVERSES else indicator_named(key).unit
    value, moe, coverage, guesswork = (
        to_number(row[name]) for name in ("estimate", "moe", "coverage", "share_guesswork")
    )
    method, source = str(row["method"]), row.get("source")
    if key in COUNTED:
        moe = 0.0 if method == "counted" and value is not None else moe
    told = "" if value is None or is_missing(source) else str(source)
    return Quantity(key, value, moe, unit, coverage, guesswork, told, method)


def _rates(found: Mapping[str, Quantity]) -> Iterator[tuple[str, Quantity]]:
    for key, (part, whole) in RATES.items():
        if part in found and whole in found:
            yield key, _rate(key, found[part], found[whole])


def _rate(key: str, part: Quantity, whole: Quantity) -> Quantity:
    own_size = whole.method in (*OWN_SIZE, "rates_of_surroundings")
    whole_moe = 0.0 if own_size else whole.moe
    share = proportion(*(to_float(x) for x in (part.value, part.moe, whole.value, whole_moe)))
    return Quantity(
        key,
        to_number(share.estimate),
        to_number(share.moe),
        "share",
        _least(part.coverage, whole.coverage),
        part.guesswork,
        part.source,
        part.method,
    )


def _least(*shares: float | None) -> float | None:
    known = [share for share in shares if share is not None]
    return min(known) if known else None


def rank_indicator(frame: pd.DataFrame, indicator: Indicator, percent: int) -> pd.DataFrame:
    """Rank a frame's tracts by an indicator, with doubt.

    Parameters
    ----------
    frame
        Tracts with ``geoid``, the indicator and its margin (90 %); what misses either takes no part.
    percent
        Which percentage of the tracts counts as the highest.

    Returns
    -------
    DataFrame
        On GEOIDs, with the columns :data:`geo.methods.ranking.COLUMNS`; all missing where there is no margin.

    Examples
    --------
    >>> from geo.tracts.indicators import indicator_named
    >>> tracts = {"geoid": ["a", "b"], "poverty": [90.0, 10.0], "poverty_moe": [5.0, 5.0]}
    >>> rank_indicator(pd.DataFrame(tracts), indicator_named("poverty"), 50)["class"].tolist()
    ['very likely', 'very unlikely']
    """
    geoids = pd.Index(frame["geoid"].astype(str))
    values = pd.Series(to_floats(values_of(frame, indicator)), geoids)
    has_margin = indicator.moe is not None and indicator.moe in frame
    margins = pd.Series(to_floats(frame[indicator.moe]) if has_margin else np.nan, geoids)
    return rank_with_doubt(values, margins, share=percent / 100)


INDEX, OURS = indicator_named("ca_htc_index"), indicator_named("ca_htc_estimate")


def index_inside(people: PeopleMap, tracts: pd.DataFrame, shape: shapely.Geometry) -> dict[str, Quantity]:
    """Mean over the people who live in an outline: of the State's index, and of our estimate of it.

    The State publishes no margin for its index. The margin of the mean of our estimates is the mean of
    theirs: the model may err alike in neighboring tracts, so that nothing is taken to cancel out.

    Parameters
    ----------
    people
        Where people live, and the polygons of those tracts
        (:func:`geo.tracts.residents.estimate.over_tracts`).
    tracts
        The dataset ``tracts_2010``, with our estimates beside it
        (:func:`geo.tracts.indicators.with_estimates`) where there are any. A tract without a value takes no
        part.
    shape
        Polygon in degrees (EPSG:4326).

    Returns
    -------
    dict
        By indicator's key, in points; without those that no tract nearby has.
    """
    area = gpd.GeoDataFrame(geometry=[shape], index=["here"], crs=STORED)
    target = project(area, str(people.tracts.crs))
    nearby = people.near(target.geometry.iloc[0])
    if nearby.tracts.empty:
        return {}
    scores = pd.concat([_scores(tracts, item) for item in (INDEX, OURS)], axis=1)
    moved = interpolate_weighted(
        nearby.tracts[["geometry"]].join(scores),
        target,
        nearby.weights[["people", "geometry"]],
        weight="people",
        intensive=list(scores.columns),
    )
    here = moved.values.iloc[0]  # noqa: PD011 - the answer's frame, no array
    means = {item.key: _to_quantity(item, here) for item in (INDEX, OURS)}
    return {key: mean for key, mean in means.items() if mean.value is not None}


def _scores(tracts: pd.DataFrame, item: Indicator) -> pd.DataFrame:
    """Lay out an indicator of tracts and its margin, on GEOIDs; missing where the tracts have none."""
    missing = pd.Series(np.nan, tracts.index)
    score = values_of(tracts, item) if item.key in tracts else missing
    both = pd.DataFrame({item.key: score, _moe_of(item): tracts.get(item.moe, missing)}).astype(float)
    return both.set_axis(tracts["geoid"].astype(str))


def _to_quantity(item: Indicator, here: pd.Series[float]) -> Quantity:
    value, moe = to_number(here[item.key]), to_number(here[_moe_of(item)])
    return Quantity(item.key, value, moe, item.unit, source=item.source, method="mean_of_tracts")


def _moe_of(item: Indicator) -> str:
    return f"{item.key}_moe"
