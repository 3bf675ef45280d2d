"""Which tracts a question is about: a condition on an indicator, those of an area, a list that was pasted."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import require_crs
from geo.errors import SchemaError
from geo.language import gettext as _
from geo.methods.geometry import repair_shapes
from geo.methods.margins import to_floats
from geo.tracts.indicators import Indicator, values_of

Kind = Literal["highest", "lowest", "least", "most"]
KINDS: tuple[Kind, ...] = get_args(Kind)
COUNTED = ("highest", "lowest")
"""Kinds whose number says how many tracts; the others hold a value of the indicator."""

MOST_TRACTS = 500
LEAST_SHARE = 0.1
"""Share of a tract's people, or of an area, from which the tract is one of the area's."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Condition:
    """What a tract's value must be like.

    Attributes
    ----------
    kind
        ``highest`` or ``lowest``: among so many; ``least`` or ``most``: at least, at most so much.
    number
        How many tracts, or a value in the indicator's own unit (a share is 0 to 1).
    sure
        Whether the whole 90 % interval must lie beyond the value; only of ``least`` and ``most``.
    """

    kind: Kind
    number: float
    sure: bool = False

    def to_text(self) -> str:
        """Write it for an address.

        Examples
        --------
        >>> Condition("least", 0.3, sure=True).to_text(), Condition("highest", 10.0).to_text()
        ('least_0.3_sure', 'highest_10')
        """
        return f"{self.kind}_{self.number:.10g}" + ("_sure" if self.sure else "")


def read_condition(text: str) -> Condition | None:
    """Read a condition from an address; None where it is none.

    Examples
    --------
    >>> read_condition("least_0.3_sure")
    Condition(kind='least', number=0.3, sure=True)
    >>> read_condition("highest_0") is None, read_condition("highest_9_sure") is None, read_condition("?")
    (True, True, None)
    """
    found = re.fullmatch(r"(\w+?)_(-?\d{1,12}(?:\.\d{1,10})?)(_sure)?", text, re.ASCII)
    kind = next((item for item in KINDS if found and item == found[1]), None)
    if found is None or kind is None:
        return None
    number, sure = float(found[2]), found[3] is not None
    if kind in COUNTED and (sure or number < 1 or number != round(number)):
        return None
    return Condition(kind, number, sure)


def meets(frame: pd.DataFrame, indicator: Indicator, condition: Condition) -> Mask:
    """Tell which rows meet a condition; a missing value never does.

    Of the highest, all that equal the last one are taken too. For sure means that the interval between value
    less margin and value plus margin (90 %) lies wholly beyond the number; without a margin nothing is sure.

    Examples
    --------
    >>> from geo.tracts.indicators import indicator_named
    >>> poverty = indicator_named("share_poverty")
    >>> frame = pd.DataFrame({"share_poverty": [0.5, 0.4, 0.4, 0.1, None], "share_poverty_moe": 0.15})
    >>> meets(frame, poverty, Condition("highest", 2)).tolist()
    [True, True, True, False, False]
    >>> meets(frame, poverty, Condition("least", 0.3)).tolist()
    [True, True, True, False, False]
    >>> meets(frame, poverty, Condition("least", 0.3, sure=True)).tolist()
    [True, False, False, False, False]
    """
    values = to_floats(values_of(frame, indicator))
    if condition.kind in COUNTED:
        ascending = condition.kind == "lowest"
        ranks = pd.Series(values).rank(ascending=ascending, method="min").to_numpy()
        return np.asarray(ranks <= condition.number)
    if not condition.sure:
        beyond = values >= condition.number if condition.kind == "least" else values <= condition.number
        return np.asarray(beyond)
    has_margin = indicator.moe is not None and indicator.moe in frame
    margins = to_floats(frame[indicator.moe]) if has_margin else np.full(len(frame), np.nan)
    if condition.kind == "least":
        return np.asarray(values - margins > condition.number)
    return np.asarray(values + margins < condition.number)


def tracts_of(
    tracts: gpd.GeoDataFrame, people: gpd.GeoDataFrame, area: shapely.Geometry, area_crs: str
) -> Mask:
    """Tell which tracts are an area's.

    A tract is, if a tenth of its people live inside, or if it makes up a tenth of the area's surface; of a
    tract without people the inner point says so.

    Parameters
    ----------
    tracts
        ``geoid`` and shape, EPSG:4326.
    people
        Where people live: ``tract`` (a GEOID), ``population`` and a point, EPSG:4326.
    area
        Polygon or polygons in degrees (EPSG:4326).
    area_crs
        An equal-area CRS in meters.

    Raises
    ------
    CRSError
        A frame is not in EPSG:4326.

    Examples
    --------
    >>> squares = [shapely.box(-116, 33, -115.9, 33.1), shapely.box(-115.9, 33, -115.8, 33.1)]
    >>> tracts = gpd.GeoDataFrame({"geoid": ["1", "2"]}, geometry=squares, crs="EPSG:4326")
    >>> points = [shapely.Point(-115.95, 33.05), shapely.Point(-115.85, 33.05)]
    >>> people = gpd.GeoDataFrame({"tract": ["1", "2"], "population": [9, 9]}, geometry=points, crs=4326)
    >>> tracts_of(tracts, people, shapely.box(-116, 33, -115.895, 33.1), "EPSG:3310").tolist()
    [True, False]
    """
    require_crs(tracts)
    require_crs(people)
    whole = shapely.make_valid(area)
    geoids = pd.Index(tracts["geoid"].astype(str))
    counts = pd.to_numeric(people["population"]).astype(float).fillna(0.0)
    here = counts.where(shapely.intersects(np.asarray(people.geometry), whole), 0.0)
    all_people, inside = (
        part.groupby(people["tract"].astype(str)).sum().reindex(geoids).fillna(0.0).to_numpy()
        for part in (counts, here)
    )
    empty = all_people == 0
    points = np.asarray(tracts.geometry.representative_point())
    settled = np.where(
        empty, shapely.intersects(points, whole), inside >= LEAST_SHARE * np.where(empty, 1, all_people)
    )
    return np.asarray(settled.astype(bool) | (_shares_of(tracts, whole, area_crs) >= LEAST_SHARE))


def _shares_of(tracts: gpd.GeoDataFrame, area: shapely.Geometry, area_crs: str) -> NDArray[np.float64]:
    """Return which share of an area each tract makes up."""
    flat = gpd.GeoSeries([area], crs=tracts.crs).to_crs(area_crs)
    whole: shapely.Geometry = repair_shapes(flat)[0].iloc[0]
    size = float(shapely.area(whole))
    shares = np.zeros(len(tracts))
    near = np.sort(tracts.sindex.query(area, predicate="intersects"))
    shapes = repair_shapes(tracts.iloc[near].geometry.to_crs(area_crs))[0]
    if size > 0:
        shares[near] = shapely.area(shapely.intersection(np.asarray(shapes), whole)) / size
    return shares


@dataclass(frozen=True, slots=True)
class Listed:
    """What a pasted list holds: the GEOIDs that are here, in order, and what names no tract here."""

    found: tuple[str, ...]
    unknown: tuple[str, ...]


def read_list(text: str, geoids: Collection[str]) -> Listed:
    """Read a list of tracts: GEOIDs, numbers as 453.03, with whatever stands between them.

    A GEOID that lost its leading 0 in a spreadsheet gets it back, one that became a decimal number there
    loses its ``.0``, and one with the survey's ``1400000US`` before it stands without. A number that several
    counties have names all of them.

    Raises
    ------
    SchemaError
        It is longer than a list may be.

    Examples
    --------
    >>> read_list("Tract 453.03, 6065044509; 999.99", ["06065045303", "06065044509"])
    Listed(found=('06065045303', '06065044509'), unknown=('999.99',))
    """
    known = sorted(str(geoid) for geoid in geoids)
    here = set(known)
    found: dict[str, None] = {}
    unknown: dict[str, None] = {}
    for written in numbers_in(text, MOST_TRACTS):
        names = _named(written, known, here)
        found.update(dict.fromkeys(names))
        if not names:
            unknown[written] = None
    return Listed(tuple(found), tuple(unknown))


SUMMARY_LEVEL = re.compile(r"(?i)\b\d{7}US(?=\d)")
WRITTEN = re.compile(r"\d+(?:\.\d+)?")
DECIMAL_GEOID = re.compile(r"(\d{10,})\.0+")


def numbers_in(text: str, most: int) -> list[str]:
    """Find the GEOIDs and numbers of tracts in a list, as they would be without a spreadsheet's traces.

    Raises
    ------
    SchemaError
        There are more than ``most``.

    Examples
    --------
    >>> numbers_in("1400000US06065045303, 6065044509.0 and 453.03", 3)
    ['06065045303', '6065044509', '453.03']
    """
    found = WRITTEN.findall(SUMMARY_LEVEL.sub("", text))
    if len(found) > most:
        raise SchemaError(
            _("the list has {count} numbers, more than {most}").format(
                count=f"{len(found):,}", most=f"{most:,}"
            ),
            _("paste it in parts"),
        )
    return [DECIMAL_GEOID.sub(r"\1", written) for written in found]


def _named(written: str, known: Sequence[str], here: set[str]) -> list[str]:
    number, __, part = written.partition(".")
    if len(number) >= 10 and not part:
        geoid = number.zfill(11)
        return [geoid] if geoid in here else []
    if len(number) > 4 or len(part) > 2:
        return []
    code = number.zfill(4) + part.ljust(2, "0")
    return [geoid for geoid in known if geoid[5:] == code]


def place_names(
    tracts: gpd.GeoDataFrame, people: gpd.GeoDataFrame, places: gpd.GeoDataFrame, area_crs: str
) -> pd.Series[str]:
    """Name for each tract the place where most of its people live, by where people live.

    Where none of them lives in a place, it is the one that takes up most of the tract; missing where none
    does.

    Parameters
    ----------
    tracts
        ``geoid`` and shape, EPSG:4326.
    people
        As of :func:`tracts_of`.
    places
        ``name`` and shape, EPSG:4326.
    area_crs
        An equal-area CRS in meters.

    Returns
    -------
    Series
        On the tracts' GEOIDs.

    Examples
    --------
    >>> square = shapely.box(-116, 33, -115.9, 33.1)
    >>> tracts = gpd.GeoDataFrame({"geoid": ["1"]}, geometry=[square], crs="EPSG:4326")
    >>> home = gpd.GeoDataFrame({"tract": ["1"], "population": [9]},
    ...     geometry=[shapely.Point(-115.95, 33.05)], crs="EPSG:4326")
    >>> places = gpd.GeoDataFrame({"name": ["Oasis"]}, geometry=[square.buffer(0.01)], crs="EPSG:4326")
    >>> place_names(tracts, home, places, "EPSG:3310").to_dict()
    {'1': 'Oasis'}
    """
    geoids = pd.Index(tracts["geoid"].astype(str), name="geoid")
    named = places.loc[places["name"].notna(), ["name", "geometry"]]
    homes = people.sjoin(named, predicate="within")
    lived = homes.assign(tract=homes["tract"].astype(str)).groupby(["tract", "name"])["population"].sum()
    parts = (
        tracts[["geoid", "geometry"]]
        .to_crs(area_crs)
        .overlay(named.to_crs(area_crs), how="intersection", keep_geom_type=True)
    )
    sizes = parts.area.groupby([parts["geoid"].astype(str), parts["name"].astype(str)]).sum()
    names = _largest(lived[lived > 0]).reindex(geoids)
    return names.fillna(_largest(sizes).reindex(geoids)).astype("string")


def _largest(sums: pd.Series[float]) -> pd.Series[str]:
    """Return the second level of the largest row of each first level; of equals the first by name."""
    ordered = sums.rename("size").reset_index().sort_values("size", ascending=False, kind="stable")
    first, second = ordered.columns[:2]
    return ordered.drop_duplicates(first).set_index(first)[second]
