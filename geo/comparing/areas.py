"""What is known of an area, laid out so that it can be held against another: one quantity a key.

Tracts have all their indicators; a county and the whole region are sums of their tracts; places, districts,
systems and drawn outlines have what is told of who lives there (:mod:`geo.served.estimate`). Shares of areas
that are not tracts are made here, from counts, by the Bureau's rule for proportions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from geo.comparing.difference import Quantity, to_float, to_number
from geo.crs import STORED
from geo.geometry import repair_shapes
from geo.indicators import Indicator, Unit, indicators_of, indicators_shown
from geo.language import mark as N_
from geo.margins import proportion, sum_estimates
from geo.served.estimate import OWN_SIZE, VARIABLES

EXACT = ("pl94_blocks_2020", "self_response_2020")
"""Sources that count everybody and draw no sample; the Bureau's deliberate noise in the counts of 2020 is
less than a few persons a tract and is not told."""

ACS_OF_2010, ACS_OF_2020 = "acs_svi_2018", "acs_5year"
LITTLE_IN_COMMON = 0.01
"""Outlines of neighbours overlap by a hair; up to this share they count as apart."""
FROM_ACS = ("interpolated", "rates_of_surroundings")
"""Methods of :mod:`geo.served.estimate`; a system's own size stands as it is, as do its parts' counts."""

COUNTED = ("population_2020", "housing_units_2020")


@dataclass(frozen=True, slots=True)
class Rate:
    """A share that is made from two counts: its title, the part and the whole."""

    title: str
    part: str
    whole: str


RATES: dict[str, Rate] = {
    "uninsured_of_all": Rate(
        N_("Without health insurance, of all who live there"), "uninsured", "population"
    ),
    "limited_english_of_all": Rate(
        N_("Speak English less than well, of all who live there"), "limited_english_persons", "population"
    ),
    "poverty_of_all": Rate(N_("In poverty, of all who live there"), "poverty", "population"),
    "no_vehicle_of_all": Rate(
        N_("Households without a vehicle, of all households"), "no_vehicle_households", "households"
    ),
}


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
        By indicator, then by rate; missing values have None, never 0.

    Examples
    --------
    >>> row = {"population": 900.0, "population_moe": 90.0, "uninsured": 90.0, "uninsured_moe": None}
    >>> found = of_tract(row, "tracts_2010")
    >>> found["population"].moe, found["uninsured"].moe, found["uninsured_of_all"].value
    (90.0, None, 0.1)
    """
    period = str(row.get("estimates_from", ""))
    found = {
        item.key: _of_indicator(row, item, source_of(item, dataset, period))
        for item in indicators_shown(dataset)
        if item.key in row
    }
    return found | dict(_rates(found))


def of_tracts(frame: pd.DataFrame, dataset: str) -> dict[str, Quantity]:
    """Sum the counts of several tracts, with the margins of the sums.

    A tract without a value is left out, and ``coverage`` is the share of the tracts that have one.

    Parameters
    ----------
    frame
        Rows of ``tracts_2010`` or ``tracts_2020``: those of a county, or all of a region.
    dataset
        Which of them.

    Examples
    --------
    >>> tracts = pd.DataFrame({"population": [100.0, 200.0], "population_moe": [30.0, 40.0]})
    >>> of_tracts(tracts, "tracts_2010")["population"].moe
    50.0
    """
    periods = frame["estimates_from"].astype(str) if "estimates_from" in frame else pd.Series([""])
    found = {
        item.key: _sum(frame, item, source_of(item, dataset, periods.iloc[0] if len(periods) else ""))
        for item in indicators_of(dataset)
        if item.key in (*VARIABLES, *COUNTED) and item.key in frame
    }
    return dict(_rates(found)) | found


def of_served(rows: pd.DataFrame) -> dict[str, Quantity]:
    """Read who lives in one area.

    Parameters
    ----------
    rows
        The rows of one target in the table of people served (:data:`geo.served.estimate.COLUMNS`).

    Examples
    --------
    >>> row = {"variable": "population", "estimate": 80.0, "moe": 20.0, "coverage": 0.5}
    >>> rows = pd.DataFrame([row | {"share_guesswork": 0.25, "method": "interpolated"}])
    >>> of_served(rows)["population"].coverage
    0.5
    """
    found = {str(row["variable"]): _of_served(row) for row in rows.to_dict("records")}
    return dict(_rates(found)) | found


def source_of(item: Indicator, dataset: str, period: str) -> str:
    """Key of the source of an indicator in a dataset.

    Parameters
    ----------
    period
        What ``estimates_from`` says: ACS estimates of 2020 tracts are their own, or carried from 2010 tracts.

    Examples
    --------
    >>> from geo.indicators import indicator_named
    >>> source_of(indicator_named("poverty"), "tracts_2020", "2018-2022, 2020 tracts")
    'acs_5year'
    """
    own = dataset == "tracts_2020" and item.source == ACS_OF_2010 and "2020 tracts" in period
    return ACS_OF_2020 if own else item.source


def periods_overlap(first: str, second: str) -> bool:
    """Whether two different periods, read out of two vintages, share years and so part of a sample.

    Examples
    --------
    >>> periods_overlap("2014-2018, 2010 tracts", "2018-2022, 2020 tracts")
    True
    >>> periods_overlap("2014-2018", "2014-2018"), periods_overlap("2009-2013", "2014-2018")
    (False, False)
    """
    ours, theirs = _years(first), _years(second)
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


def _years(vintage: str) -> tuple[int, int] | None:
    found = re.search(r"(\d{4})-(\d{4})", vintage)
    return (int(found[1]), int(found[2])) if found else None


def _of_indicator(row: Mapping[str, Any], item: Indicator, source: str) -> Quantity:
    known = item.known is None or bool(row[item.known])
    value = to_number(row[item.key]) if known else None
    moe = 0.0 if source in EXACT else to_number(row.get(item.moe)) if item.moe else None
    carried = source not in EXACT and "coverage" in row
    coverage = to_number(row["coverage"]) if carried else None
    return Quantity(item.key, value, moe, item.unit, coverage, None, source)


def _sum(frame: pd.DataFrame, item: Indicator, source: str) -> Quantity:
    known = frame[frame[item.key].notna()]
    if known.empty:
        return Quantity(item.key, None, None, item.unit, 0.0, None, source)
    margins = known[item.moe] if item.moe else pd.Series(0.0, index=known.index)
    total = sum_estimates(known[item.key], margins)
    moe = to_number(total.moe)
    return Quantity(item.key, to_number(total.estimate), moe, item.unit, len(known) / len(frame), 0.0, source)


def _of_served(row: Mapping[Any, Any]) -> Quantity:
    key = str(row["variable"])
    unit: Unit = "households" if "households" in key else "people"
    value, moe, coverage, guesswork = (
        to_number(row[name]) for name in ("estimate", "moe", "coverage", "share_guesswork")
    )
    method = str(row["method"])
    source = ACS_OF_2010 if method in FROM_ACS and value is not None else ""
    return Quantity(key, value, moe, unit, coverage, guesswork, source, method)


def _rates(found: Mapping[str, Quantity]) -> Iterator[tuple[str, Quantity]]:
    for key, rate in RATES.items():
        if rate.part in found and rate.whole in found:
            yield key, _rate(key, found[rate.part], found[rate.whole])


def _rate(key: str, part: Quantity, whole: Quantity) -> Quantity:
    whole_moe = 0.0 if whole.method in OWN_SIZE else whole.moe
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
