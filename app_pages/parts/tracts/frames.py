"""What Explore and Compare read: tracts with our estimate of the index, ranks, where people live."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely

from app_pages.parts.loading import kept, kept_of, load_shapes, load_table, missing_reason
from app_pages.parts.tracts.areas import AREA_DATASETS, area_shape
from geo.crs import STORED
from geo.region import Bounds, Region, read_region
from geo.tracts.comparison import rank_indicator
from geo.tracts.filtering import Condition, meets, place_names, read_condition, tracts_of
from geo.tracts.indicators import ESTIMATES, indicator_named, with_estimates
from geo.tracts.names import MARGIN_DEG
from geo.tracts.residents.estimate import (
    MADE_FROM,
    NEWER,
    PeopleMap,
    newest_tracts,
    over_tracts,
    to_people_map,
)
from geo.tracts.vintages import survey_of
from geo.water.filtering import MILES, has_status, systems_inside, with_miles
from layers.view import LISTED, PROGRAM, TRACTS, WHOLE_REGION, View, split_area
from store.members import NOBODY, Rights
from wording.profiles import find_row
from wording.tracts import indicator_table

STUDY_AREA, PEOPLE = "study_area", "people_points"
OF_TRACTS = (*TRACTS, ESTIMATES)
"""What a layer of tracts is read from."""


def newest_dataset(region: Region) -> str:
    """Name the tracts of the newest vintage of the survey that is whole: those a map opens on."""
    return TRACTS[1] if not missing_reason(region.key, NEWER) and _is_whole(region) else TRACTS[0]


@kept(NEWER, most=4, spoken=False)
def _is_whole(region: Region) -> bool:
    return survey_of(load_shapes(region.key, NEWER)) is not None


def load_layer(region: str, dataset: str, rights: Rights = NOBODY) -> gpd.GeoDataFrame:
    """Return a layer's frame as somebody may see it, kept until it is built again; do not change it."""
    if dataset not in TRACTS or missing_reason(region, ESTIMATES):
        return load_shapes(region, dataset, rights)
    return _with_estimates(read_region(region), dataset)


def load_tracts(region: Region, dataset: str, area: str) -> gpd.GeoDataFrame:
    """Return the tracts of an area; do not change them.

    Parameters
    ----------
    area
        As in :class:`layers.view.View`: empty for the study area, ``region`` for all, a county's GEOID, or
        a kind and an identifier.

    Raises
    ------
    GeoError
        There is no such area here, or what is drawn is none.
    """
    if area == WHOLE_REGION:
        return load_layer(region.key, dataset)
    kind, identifier = split_area(area)
    if kind == LISTED:
        return _listed(region, dataset, identifier)
    if kind:
        outline = shapely.to_wkb(area_shape(region, area), hex=True) if kind == PROGRAM else ""
        return _inside(region, dataset, area, outline)
    return _tracts(region, dataset, area)


def tract_vintages(region: Region, geoid: str) -> pd.DataFrame:
    """Return a 2020 tract's estimates by vintage."""
    table = load_table(region.key, "tract_vintages")
    return table[table["geoid"].astype(str) == geoid]


def area_bounds(region: Region, view: View) -> Bounds:
    """Return the box around the area of a view, in degrees, with a margin."""
    kind, _identifier = split_area(view.area)
    if kind and kind != LISTED:
        box = shapely.bounds(area_shape(region, view.area))
    else:
        box = load_tracts(region, view.dataset, view.area).total_bounds
    west, south, east, north = (float(value) for value in box)
    return west - MARGIN_DEG, south - MARGIN_DEG, east + MARGIN_DEG, north + MARGIN_DEG


def load_shown(region: Region, view: View) -> gpd.GeoDataFrame:
    """Return the tracts that a view shows: those of its area that meet its condition; do not change them."""
    frame = load_tracts(region, view.dataset, view.area)
    condition = read_condition(view.where)
    return frame if condition is None else _meeting(frame, view.indicator, condition)


def _meeting(frame: gpd.GeoDataFrame, indicator: str, condition: Condition) -> gpd.GeoDataFrame:
    item = indicator_named(indicator)
    return frame[meets(frame, item, condition)].reset_index(drop=True) if item.key in frame else frame


@kept(*OF_TRACTS, STUDY_AREA, most=16)
def _tracts(region: Region, dataset: str, area: str) -> gpd.GeoDataFrame:
    frame = load_layer(region.key, dataset)
    if area:
        return frame[frame["county_geoid"].astype(str) == area].reset_index(drop=True)
    if missing_reason(region.key, STUDY_AREA):
        return frame
    table = load_table(region.key, STUDY_AREA)
    inside = table.loc[(table["tracts"] == dataset) & table["inside"], "geoid"]
    return frame[frame["geoid"].isin(inside)].reset_index(drop=True)


@kept(*OF_TRACTS, PEOPLE, *AREA_DATASETS, most=16, spoken=False)
def _inside(region: Region, dataset: str, area: str, outline: str) -> gpd.GeoDataFrame:
    frame = load_layer(region.key, dataset)
    shape = shapely.from_wkb(outline) if outline else area_shape(region, area)
    mask = tracts_of(frame, _people(region, dataset), shape, region.area_crs)
    return frame[mask].reset_index(drop=True)


def _people(region: Region, dataset: str) -> gpd.GeoDataFrame:
    """Return where people live, each with its tract of a dataset; nobody where that is not known."""
    if missing_reason(region.key, PEOPLE):
        return gpd.GeoDataFrame({"tract": [], "population": []}, geometry=[], crs=STORED)
    points = load_shapes(region.key, PEOPLE)
    column = "geoid_2010" if dataset == TRACTS[0] else "tract_geoid"
    return points[[column, "population", "geometry"]].rename(columns={column: "tract"})


@kept(*OF_TRACTS, most=16, spoken=False)
def _listed(region: Region, dataset: str, listed: str) -> gpd.GeoDataFrame:
    frame = load_layer(region.key, dataset)
    return frame[frame["geoid"].astype(str).isin(listed.split("."))].reset_index(drop=True)


@kept(*OF_TRACTS, PEOPLE, "places", most=4, spoken=False)
def load_place_names(region: Region, dataset: str) -> pd.Series[str]:
    """Name for each tract the place where most of its people live, on GEOIDs; do not change it."""
    frame = load_shapes(region.key, dataset)
    if missing_reason(region.key, "places"):
        return pd.Series(pd.NA, frame["geoid"].astype(str), dtype="string")
    return place_names(frame, _people(region, dataset), load_shapes(region.key, "places"), region.area_crs)


@kept("water_systems", "places", most=16, spoken=False)
def _systems(
    region: Region, status: tuple[str, ...], near: str, miles: float, outline: str
) -> gpd.GeoDataFrame:
    frame = load_shapes(region.key, "water_systems")
    mask = has_status(frame, status)
    if outline:
        mask = mask & systems_inside(frame, shapely.from_wkb(outline), region.area_crs)
    if near:
        place = find_row(load_shapes(region.key, "places"), "geoid", near)["geometry"]
        frame = with_miles(frame, place, region.length_crs)
        mask = mask & (frame[MILES] <= miles).to_numpy()
    return frame[mask].reset_index(drop=True)


def load_systems(region: Region, view: View) -> gpd.GeoDataFrame:
    """Return the water systems that a view shows, with ``miles`` where it asks for a distance.

    An area that was chosen by name, drawn or listed holds for systems, too; the study area and the whole
    region show all.
    """
    outline = ""
    if view.area not in ("", WHOLE_REGION):
        outline = shapely.to_wkb(area_shape(region, view.area), hex=True)
    if not (outline or view.status or view.near):
        return load_shapes(region.key, "water_systems")
    return _systems(region, view.status, view.near, view.miles, outline)


def load_indicator_table(region: Region, view: View) -> pd.DataFrame:
    """Return the table of a view's indicator, whose ranks are those of its area; do not change it."""
    kind, _identifier = split_area(view.area)
    if kind == PROGRAM:
        return _indicator_table(load_tracts(region, view.dataset, view.area), region, view)
    return _kept_table(region, view.dataset, view.indicator, view.area, view.where)


@kept(*OF_TRACTS, STUDY_AREA, PEOPLE, *AREA_DATASETS)
def _kept_table(region: Region, dataset: str, indicator: str, area: str, where: str) -> pd.DataFrame:
    view = View(dataset=dataset, indicator=indicator, area=area, where=where)
    return _indicator_table(load_tracts(region, dataset, area), region, view)


def _indicator_table(frame: gpd.GeoDataFrame, region: Region, view: View) -> pd.DataFrame:
    item, condition = indicator_named(view.indicator), read_condition(view.where)
    table = indicator_table(frame, item, load_place_names(region, view.dataset))
    if condition is None:
        return table
    shown = set(_meeting(frame, item.key, condition)["geoid"].astype(str))
    return table[table["geoid"].astype(str).isin(shown)].reset_index(drop=True)


@kept(*OF_TRACTS, most=8)
def _with_estimates(region: Region, dataset: str) -> gpd.GeoDataFrame:
    return with_estimates(load_shapes(region.key, dataset), load_table(region.key, ESTIMATES), dataset)


def load_ranks(region: Region, dataset: str, indicator: str, percent: int, area: str) -> pd.DataFrame:
    """Return how sure each tract is among the highest of its area, on GEOIDs; do not change it."""
    frame, item = load_tracts(region, dataset, area), indicator_named(indicator)
    needed = [name for name in ("geoid", item.key, item.moe, item.known) if name in frame]
    return _ranks(pd.DataFrame(frame[needed]), indicator, percent)


@kept_of(most=32, spoken=False)
def _ranks(frame: pd.DataFrame, indicator: str, percent: int) -> pd.DataFrame:
    return rank_indicator(frame, indicator_named(indicator), percent)


OF_PEOPLE = MADE_FROM
"""What a people map needs."""
PEOPLE_READ = (*OF_PEOPLE, NEWER)
"""What it is read from, where that is here."""


def load_people_map(region: str) -> PeopleMap:
    """Return a region's people map, kept in memory until it is built again; do not change it."""
    return _people_map(read_region(region))


def load_scored_map(region: str) -> PeopleMap:
    """Return where people live under 2010 tracts, which have the State's index; do not change it."""
    return _scored_map(read_region(region))


@kept(*PEOPLE_READ, most=2, spoken=False)
def _people_map(region: Region) -> PeopleMap:
    older, counted, settled = (load_shapes(region.key, name) for name in OF_PEOPLE)
    newer = None if missing_reason(region.key, NEWER) else load_shapes(region.key, NEWER)
    return to_people_map(newest_tracts(older, newer), counted, settled, region)


@kept(*PEOPLE_READ, most=2, spoken=False)
def _scored_map(region: Region) -> PeopleMap:
    return over_tracts(_people_map(region), load_shapes(region.key, TRACTS[0]), region.area_crs)
