"""Whom a canvass wants to reach: the blocks of an area or a filter, and what is left out and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import geopandas as gpd
import pandas as pd
import shapely

from geo.canvass.stretches import geoid_of, part_units, read_stretch
from geo.crs import STORED
from geo.errors import GeoError, SchemaError
from geo.language import gettext as _
from geo.language import mark as N_
from geo.methods.drawing import drawn_area
from geo.region import Region
from geo.tracts.filtering import numbers_in, read_list
from geo.units import to_words

MOST_OF_TRACT = 0.5
MOST_LISTED, SHORTEST_GEOID, GROUP_DIGITS = 20_000, 11, 12
COMBINED: Mapping[str, str] = {
    "both": N_("Only what lies in both"),
    "either": N_("What lies in either"),
}
"""How two areas make one; marked for translation."""


def focus_area(region: Region) -> gpd.GeoDataFrame:
    """Return the boxes that the region's map opens on, in EPSG:4326.

    Examples
    --------
    >>> from geo.region import read_region
    >>> focus_area(read_region("coachella"))["title"].tolist()
    ['Coachella Valley', 'Palo Verde Valley and Blythe']
    """
    titles = [focus.title for focus in region.focus]
    boxes = [shapely.box(*focus.bounds) for focus in region.focus]
    return gpd.GeoDataFrame({"title": titles}, geometry=boxes, crs=STORED)


def picked_tracts(
    units: gpd.GeoDataFrame, drawings: Sequence[Mapping[str, Any]], clicked: Collection[str]
) -> list[str]:
    """Name the tracts of which a drawing holds at least half of the doors, and those that were clicked.

    A click on a tract that a drawing holds takes it out again.

    Parameters
    ----------
    units
        From :func:`geo.canvass.target.to_units`; a unit lies where its representative point does.
    drawings
        GeoJSON features in EPSG:4326; none is allowed.
    clicked
        GEOIDs of tracts that were clicked an odd number of times.

    Raises
    ------
    GeometryError
        As :func:`geo.methods.drawing.drawn_area`.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> squares = gpd.GeoSeries([box(-116, 33, -115.9, 33.1), box(-115, 33, -114.9, 33.1)], crs=4326)
    >>> units = gpd.GeoDataFrame({"tract_geoid": ["1", "2"], "doors": [9.0, 5.0]}, geometry=squares)
    >>> around = shapely.geometry.mapping(box(-116.1, 32.9, -115.8, 33.2))
    >>> picked_tracts(units, [{"geometry": around}], ["2"])
    ['1', '2']
    """
    held: set[str] = set()
    if drawings:
        area = drawn_area(drawings).union_all()
        inside = gpd.GeoSeries(units.representative_point()).to_crs(STORED).within(area)
        doors = pd.to_numeric(units["doors"]).fillna(0.0) + 1e-9
        share = doors.where(inside, 0.0).groupby(units["tract_geoid"]).sum()
        whole = doors.groupby(units["tract_geoid"]).sum()
        held = set(whole.index[share >= MOST_OF_TRACT * whole])
    return sorted(held ^ set(clicked))


def combine_areas(first: gpd.GeoDataFrame, second: gpd.GeoDataFrame, how: str) -> gpd.GeoDataFrame:
    """Make one area of two, in EPSG:4326; within each, shapes are taken together.

    Parameters
    ----------
    how
        A key of :data:`COMBINED`: ``both`` for what they have in common, ``either`` for all of them.

    Raises
    ------
    GeoError
        They have nothing in common, which was asked for.

    Examples
    --------
    >>> squares = [gpd.GeoDataFrame(geometry=[shapely.box(x, 0, x + 2, 1)], crs=STORED) for x in (0, 1)]
    >>> [combine_areas(*squares, how).geometry.iloc[0].bounds for how in ("both", "either")]
    [(1.0, 0.0, 2.0, 1.0), (0.0, 0.0, 3.0, 1.0)]
    """
    one, other = (shapely.make_valid(frame.geometry.union_all()) for frame in (first, second))
    whole = one.union(other) if how == "either" else one.intersection(other)
    if not whole.area:
        raise GeoError(
            _("the two areas have nothing in common"), _("choose others, or take what lies in either")
        )
    return gpd.GeoDataFrame(geometry=[whole], crs=STORED)


GROUP_QUARTERS_SHARE = 0.5
TRIBAL_SHARE, EDGE_SHARE = 0.5, 0.01
REASON_TITLES: Mapping[str, str] = {
    "group_quarters": N_("Group quarters such as a prison, where there is no door to knock on"),
    "tribal_land": N_("Tribal land: ask the tribe for permission first"),
    "no_count": N_("No source counts the doors"),
    "not_known": N_("No source gives there what was asked for, such as the index"),
    "too_far": N_("Homes so far apart that it takes more driving than was asked for"),
    "in_hand": N_("In a turf that is out, returned, done, or has a problem"),
}
FIGURE_TITLES: Mapping[str, str] = {
    "population": N_("Population"),
    "households": N_("Households"),
    "limited_english_persons": N_("Limited English"),
    "uninsured": N_("Uninsured"),
    "no_vehicle_households": N_("Households without a vehicle"),
}
COUNTS = ("doors", "households", "population")
MEASURES: Mapping[str, str] = {
    "share_no_self_response": N_("did not answer the 2020 Census by themselves"),
    "share_mobile_homes": N_("mobile homes"),
    "share_no_vehicle": N_("households without a vehicle"),
    "share_renters": N_("renters"),
    "share_no_internet": N_("households without internet"),
}
"""Shares of a tract that a target may ask for as well; marked for translation."""

OF_TRACT = ("ca_htc_index", "share_limited_english", "share_group_quarters", *MEASURES)
SCORED = "index_scored"


@dataclass(frozen=True, slots=True)
class Filter:
    """What a unit's tract must be like; None asks for nothing, and a missing value does not pass.

    ``least_index`` in points of the hard-to-count index, ``least_limited_english`` a share, ``least`` other
    shares, by a key of :data:`MEASURES`.
    """

    least_index: float | None = None
    least_limited_english: float | None = None
    least: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of_numbers(
        cls, index: float, limited_percent: float, percents: Mapping[str, float] | None = None
    ) -> Filter:
        """Make it of what was typed: 0 asks for nothing, shares in percent.

        Examples
        --------
        >>> Filter.of_numbers(60, 0, {"share_mobile_homes": 25, "share_no_vehicle": 0})
        Filter(least_index=60, least_limited_english=None, least={'share_mobile_homes': 0.25})
        """
        least = {key: percent / 100 for key, percent in (percents or {}).items() if percent}
        return cls(index or None, limited_percent / 100 or None, least)

    @property
    def limits(self) -> dict[str, float]:
        """What each column of a tract must be at least."""
        said = {"ca_htc_index": self.least_index, "share_limited_english": self.least_limited_english}
        return {name: least for name, least in said.items() if least is not None} | dict(self.least)


def known_measures(units: pd.DataFrame) -> list[str]:
    """Name the keys of :data:`MEASURES` that the data of these units tell of any tract.

    Examples
    --------
    >>> known_measures(pd.DataFrame({"share_mobile_homes": [0.2, None], "share_renters": [None, None]}))
    ['share_mobile_homes']
    """
    return [name for name in MEASURES if name in units and units[name].notna().any()]


@dataclass(frozen=True, eq=False)
class Target:
    """Units to reach, and those left out with the reason (a key of :data:`REASON_TITLES`)."""

    units: gpd.GeoDataFrame
    left_out: pd.DataFrame

    @property
    def totals(self) -> dict[str, int]:
        """Doors, households and people of the units, and how many units; missing ones count nothing."""
        sums = {name: int(self.units[name].sum()) for name in COUNTS}
        return sums | {"units": len(self.units)}

    def outline(self) -> shapely.Geometry:
        """Outline of all units in EPSG:4326, valid also where rounding makes edges of units cross."""
        whole = gpd.GeoSeries([self.units.geometry.union_all()], crs=self.units.crs)
        return shapely.make_valid(whole.to_crs(STORED).iloc[0], method="structure", keep_collapsed=False)


def to_units(blocks: gpd.GeoDataFrame, tracts: gpd.GeoDataFrame, crs: str) -> gpd.GeoDataFrame:
    """Make units of blocks or block groups: doors, households, people, and what is known of their tract.

    Doors are housing units, since nobody knows beforehand which are vacant; households are occupied
    units. A missing count stays NA.

    Parameters
    ----------
    blocks
        Blocks or block groups of 2020; ``place_geoid`` and ``place_known`` where
        :func:`geo.canvass.place_doors.with_places` gave them.
    tracts
        2020 tracts with the index and shares.
    crs
        Projected CRS (m) of the units that come back.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> square = [box(-116, 33, -115.99, 33.01)]
    >>> count = {"housing_units": [9], "occupied_units": [8], "population": [30]}
    >>> names = {"geoid": ["060650001001000"], "tract_geoid": ["06065000100"]}
    >>> blocks = gpd.GeoDataFrame(names | count, geometry=square, crs="EPSG:4326")
    >>> of_tract = {"geoid": ["06065000100"], "ca_htc_index": [90.0]}
    >>> tracts = gpd.GeoDataFrame(of_tract, geometry=square, crs=4326)
    >>> to_units(blocks, tracts, "EPSG:3310")[["doors", "ca_htc_index"]].iloc[0].tolist()
    [9.0, 90.0]
    """
    frame = blocks.to_crs(crs)
    known = tracts.set_index("geoid").reindex(columns=list(OF_TRACT))
    if SCORED in tracts:
        known["ca_htc_index"] = known["ca_htc_index"].where(tracts.set_index("geoid")[SCORED].fillna(False))
    columns = {
        "tract_geoid": frame["tract_geoid"],
        "doors": pd.to_numeric(frame["housing_units"]),
        "households": pd.to_numeric(frame["occupied_units"]),
        "population": pd.to_numeric(frame["population"]),
    }
    units = gpd.GeoDataFrame(columns, geometry=frame.geometry, crs=crs)
    if "place_geoid" in frame:
        units["place_geoid"] = frame["place_geoid"].astype("string")
        units["place_known"] = frame["place_known"].fillna(value=False).astype(bool)
    units = units.set_index(pd.Index(frame["geoid"], name="geoid"))
    return units.join(known.apply(pd.to_numeric), on="tract_geoid")


def choose_units(
    units: gpd.GeoDataFrame,
    *,
    wanted: Filter | None = None,
    within: gpd.GeoDataFrame | pd.Series[bool] | None = None,
    tribal: gpd.GeoDataFrame | pd.Series[float] | None = None,
    too_far: pd.Series[bool] | None = None,
    in_hand: Collection[str] = (),
) -> Target:
    """Choose the units to reach; a unit lies within an area if its representative point does.

    Parameters
    ----------
    units
        From :func:`to_units`.
    wanted
        What their tract must be like.
    within
        Areas (EPSG:4326) in one of which a unit must lie, or which units do, as
        :func:`geo.canvass.place_doors.lie_in` tells; None for everywhere.
    tribal
        Tribal land (EPSG:4326) that nobody gave permission for; None where permission was given. A unit
        is on it that lies there with at least half of its area. Or that share, by unit, as
        :func:`share_within` tells.
    too_far
        By unit, whether it takes more driving than was asked for; None where nothing was.
    in_hand
        Units that stand in a turf already; of those that only stretches stand in one, the rest is chosen.

    Raises
    ------
    SchemaError
        Nothing is left.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> row = {"doors": [9.0], "households": [8.0], "population": [30.0], "ca_htc_index": [90.0]}
    >>> row |= {"share_limited_english": [0.2], "share_group_quarters": [0.0], "tract_geoid": ["1"]}
    >>> units = gpd.GeoDataFrame(row, geometry=[box(0, 0, 1, 1)], crs="EPSG:3310")
    >>> choose_units(units, wanted=Filter(least_index=60)).totals["households"]
    8
    """
    units = part_units(units, in_hand)
    points = gpd.GeoSeries(units.geometry.representative_point(), crs=units.crs).to_crs(STORED)
    wanted = wanted or Filter()
    area = pd.Series(True, index=units.index)
    if within is not None:
        if isinstance(within, gpd.GeoDataFrame):
            area = points.within(within.geometry.union_all())
        else:
            area = _of_whole(within, units)
        if not area.any():
            raise SchemaError(
                _("the area holds no block or block group of this region"),
                _("choose or draw it where the region's tracts are"),
            )
    passes, fails = _judge(units, wanted)
    reasons = pd.Series(pd.NA, index=units.index, dtype="string")
    reasons[~passes & ~fails] = "not_known"
    reasons[units["doors"].isna()] = "no_count"
    if too_far is not None:
        reasons[_of_whole(too_far, units)] = "too_far"
    if tribal is not None and len(tribal):
        share = share_within(units, tribal) if isinstance(tribal, gpd.GeoDataFrame) else tribal
        reasons[_of_whole(share, units) >= TRIBAL_SHARE] = "tribal_land"
    reasons[(units["share_group_quarters"] >= GROUP_QUARTERS_SHARE).fillna(False)] = "group_quarters"
    reasons[units.index.isin(list(in_hand))] = "in_hand"
    wanted_anyway = ~fails | reasons.eq("group_quarters").fillna(False)
    chosen = units[area & passes & reasons.isna()]
    left = units.loc[area & wanted_anyway & reasons.notna(), [*COUNTS, "tract_geoid"]]
    if chosen.empty or not chosen["doors"].sum():
        raise SchemaError(
            _("no doors are left of {count} blocks or block groups in the area").format(
                count=f"{int(area.sum()):,}"
            ),
            _("choose a larger area or ask for less"),
        )
    return Target(gpd.GeoDataFrame(chosen), left.assign(reason=reasons[left.index]))


def _of_whole(told: pd.Series[Any], units: pd.DataFrame) -> pd.Series[Any]:
    """Tell of units what is told of them, or of the whole that they are a stretch of."""
    whole = [name if name in told.index else read_stretch(name).unit for name in units.index]
    return told.loc[whole].set_axis(units.index)


def share_within(units: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> pd.Series[float]:
    """Return the share of each unit's area that lies in any of ``areas``.

    Parameters
    ----------
    units
        In a projected CRS (m).
    areas
        In any CRS.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> units = gpd.GeoDataFrame(geometry=[box(0, 0, 10, 10), box(50, 0, 60, 10)], crs="EPSG:3310")
    >>> share_within(units, gpd.GeoDataFrame(geometry=[box(0, 0, 4, 10)], crs="EPSG:3310")).tolist()
    [0.4, 0.0]
    """
    whole = areas.geometry.to_crs(str(units.crs)).union_all()
    share = pd.Series(0.0, index=units.index)
    near = units.geometry.intersects(whole)
    shapes = gpd.GeoSeries(units.geometry[near], crs=units.crs)
    share[near] = (shapes.intersection(whole).area / shapes.area).fillna(0.0).round(9)
    return share


def partly_tribal(
    chosen: gpd.GeoDataFrame, units: gpd.GeoDataFrame, share: pd.Series[float]
) -> pd.Series[float]:
    """Count the doors of units that lie partly on tribal land: those in the target, and those left out.

    Less than a hundredth of the area is where two sources draw one line.

    Parameters
    ----------
    chosen
        Units of the target.
    units
        All units, with ``doors``.
    share
        Of each unit's area on tribal land, from :func:`share_within`.

    Returns
    -------
    pandas.Series
        ``inside`` and ``outside``, doors.
    """
    doors = units["doors"].fillna(0.0)
    here = units.index.isin(chosen.index)
    inside = doors[here & (share > EDGE_SHARE) & (share < TRIBAL_SHARE)].sum()
    outside = doors[(share >= TRIBAL_SHARE) & (share < 1 - EDGE_SHARE)].sum()
    return pd.Series({"inside": float(inside), "outside": float(outside)})


def left_out_table(left_out: pd.DataFrame) -> pd.DataFrame:
    """Add up what is left out by reason: units, doors, people, and the tracts that it lies in.

    A count that no unit of a reason has is missing.

    Examples
    --------
    >>> row = {"reason": ["tribal_land"], "doors": [3.0], "population": [9.0], "tract_geoid": ["1"]}
    >>> left_out_table(pd.DataFrame(row, index=["a"]))["doors"].tolist()
    [3]
    """
    groups = left_out.assign(units=1).groupby("reason")
    sums = groups[["units", "doors", "population"]].sum(min_count=1).round().astype("Int64")
    tracts = groups["tract_geoid"].agg(lambda names: sorted(names.unique()))
    return sums.assign(tracts=tracts).reset_index()


def target_figures(rows: pd.DataFrame) -> pd.DataFrame:
    """Write who lives in a target in words: ``figure`` (marked for translation), ``value``, ``coverage``.

    Parameters
    ----------
    rows
        From :func:`geo.tracts.residents.estimate.people_within`.

    Examples
    --------
    >>> row = {"variable": ["uninsured"], "estimate": [120.4], "moe": [30.0], "coverage": [1.0]}
    >>> target_figures(pd.DataFrame(row))["value"].tolist()
    ['120 ± 30']
    """
    known = rows[rows["variable"].isin(list(FIGURE_TITLES))]
    return pd.DataFrame(
        {
            "figure": known["variable"].map(FIGURE_TITLES),
            "value": [
                to_words(value, "people", moe)
                for value, moe in zip(known["estimate"], known["moe"], strict=True)
            ],
            "coverage": [to_words(share, "share") for share in known["coverage"]],
        }
    )


def _judge(units: gpd.GeoDataFrame, wanted: Filter) -> tuple[pd.Series[bool], pd.Series[bool]]:
    """Tell which units are as wanted, and which are surely not; of the rest it is not known."""
    passes, fails = (pd.Series(value, index=units.index) for value in (True, False))
    for column, least in wanted.limits.items():
        passes &= (units[column] >= least).fillna(False).astype(bool)
        fails |= (units[column] < least).fillna(False).astype(bool)
    return passes, fails


SURE_SPOT = "point_street"


def units_with_points(units: gpd.GeoDataFrame, points: gpd.GeoDataFrame) -> tuple[tuple[str, ...], int, int]:
    """Name the units in which points lie; tell how many points lie in one, and how many are in doubt.

    Parameters
    ----------
    units
        In a projected CRS (m).
    points
        With ``location_quality``: only those at their street are taken. A point that several share, or that
        lies outside of its county, is in doubt.

    Examples
    --------
    >>> from shapely.geometry import Point, box
    >>> squares = gpd.GeoDataFrame(geometry=[box(0, 0, 9, 9)], index=["u"], crs="EPSG:3310")
    >>> quality = {"location_quality": ["point_street", "point_shared"]}
    >>> units_with_points(squares, gpd.GeoDataFrame(quality, geometry=[Point(1, 1)] * 2, crs="EPSG:3310"))
    (('u',), 1, 1)
    """
    sure = points["location_quality"].eq(SURE_SPOT).fillna(value=False)
    spots = gpd.GeoDataFrame(points.loc[sure, ["geometry"]]).to_crs(str(units.crs))
    found = spots.sjoin(units[["geometry"]].rename_axis("unit").reset_index(), predicate="within")
    held = set(found["unit"].astype(str))
    names = tuple(str(unit) for unit in units.index if str(unit) in held)
    return names, int(found.index.nunique()), int((~sure).sum())


class Listed(NamedTuple):
    """Units that a list names, and what in it names none."""

    units: tuple[str, ...]
    unknown: tuple[str, ...]


def read_own_list(text: str, units: pd.DataFrame) -> Listed:
    """Read a list of one's own: GEOIDs of tracts, block groups or blocks, and tract numbers as 453.03.

    GEOIDs are read as by :func:`geo.tracts.filtering.read_list`.

    Parameters
    ----------
    text
        With whatever stands between them.
    units
        From :func:`to_units`.

    Raises
    ------
    SchemaError
        It is longer than a list may be.

    Examples
    --------
    >>> row = {"tract_geoid": ["06065045303", "06065045303", "06065044509"]}
    >>> units = pd.DataFrame(row, index=["060650453031005", "060650453032001", "060650445091000"])
    >>> read_own_list("445.09; 60650453031, 999.99", units)
    Listed(units=('060650453031005', '060650445091000'), unknown=('999.99',))
    """
    members: dict[str, list[str]] = defaultdict(list)
    for unit, tract in units["tract_geoid"].astype(str).items():
        # A block's GEOID begins with that of its block group.
        name = geoid_of(str(unit))
        for key in {tract, name, name[:GROUP_DIGITS]}:
            members[key].append(str(unit))
    tracts = set(units["tract_geoid"].astype(str))
    found: set[str] = set()
    unknown: dict[str, None] = {}
    for written in numbers_in(text, MOST_LISTED):
        keys = [key for key in (written, f"0{written}") if key in members and len(key) >= SHORTEST_GEOID]
        if not keys and len(written) < SHORTEST_GEOID:
            keys = list(read_list(written, tracts).found)
        found.update(unit for key in keys for unit in members[key])
        if not keys:
            unknown[written] = None
    return Listed(tuple(str(unit) for unit in units.index if str(unit) in found), tuple(unknown))
