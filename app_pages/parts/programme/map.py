"""The map of a programme: its area, its events, and which hard-to-count tracts it reached."""

from __future__ import annotations

import geopandas as gpd

from app_pages.parts.common import load_sidecar
from app_pages.parts.layered_map import Drawn, places_drawn, shapes_of, show_layers
from app_pages.parts.programme.data import load_if_built
from geo.crs import STORED
from geo.language import gettext as _
from geo.program.area import Area, inside
from geo.program.declaration import Programme
from geo.program.measures import Records
from geo.program.reach import coverage, touched_shown
from geo.program.sites import event_places
from geo.region import Region
from layers.programme import AREA, DIVISIONS, EVENTS, EVENTS_OF_TRACT, RACES
from layers.reach import coverage_layer

MAP_HEIGHT = 420


def show_programme_map(
    region: Region,
    programme: Programme,
    area: Area,
    records: Records,
    races: gpd.GeoDataFrame | None = None,
    divisions: gpd.GeoDataFrame | None = None,
    *,
    full: bool,
) -> None:
    """Draw the map and its legend."""
    tracts = covered_tracts(region, programme, area, records, full=full)
    frames: list[Drawn] = [(coverage_layer(full=full), tracts, shapes_of(region, "tracts_2010"))]
    frames += places_drawn(region)
    frames += [(RACES, races, None)] if races is not None and len(races) else []
    frames += [(DIVISIONS, divisions, None)] if divisions is not None else []
    frames += [(AREA, area.frame(), None), *event_frames(event_points(region, records.of(programme.key)))]
    title = _("Map of {programme}").format(programme=_(programme.title))
    view = f"{region.key} {programme.key}", area.bounds
    show_layers(frames, title, "programme.map", MAP_HEIGHT, region.bounds, view)


def acs_years(region: Region) -> str:
    """Years and tracts that the survey's figures of tracts are of, as their source says."""
    sources = load_sidecar(region.key, "tract_indicators").record.get("sources", [])
    return next((str(item["vintage"]) for item in sources if item["key"] == "acs_svi_2018"), _("unknown"))


def covered_tracts(
    region: Region, programme: Programme, area: Area, records: Records, *, full: bool
) -> gpd.GeoDataFrame:
    """Hard-to-count tracts of the area: how many programmes reached each, and whether this one did.

    For others (not ``full``) those count that ten people or households or more tell of.
    """
    tracts = load_if_built(region, "tracts_2010")
    if tracts is None:
        columns = ["geoid", "ca_htc_index", "programmes", "by_this", "geometry"]
        return gpd.GeoDataFrame(columns=columns, geometry="geometry", crs=STORED)
    table = coverage(inside(tracts, area), touched_shown(records, full=full))
    table["by_this"] = [programme.key in which for which in table["which"]]
    return tracts[["geoid", "geometry"]].merge(table, on="geoid")


def event_points(region: Region, records: Records) -> gpd.GeoDataFrame:
    """Events whose place or tract is known, in EPSG:4326."""
    tracts, people = load_if_built(region, "tracts_2010"), load_if_built(region, "people_points")
    return event_places(records.events, tracts, people)


def event_frames(points: gpd.GeoDataFrame) -> list[Drawn]:
    """Lay events out as layers: those with a place, and where there are some, those of a tract."""
    rough = points[points["by_tract"]]
    of_tract: list[Drawn] = [(EVENTS_OF_TRACT, rough, None)] if len(rough) else []
    return [(EVENTS, points[~points["by_tract"]], None), *of_tract]
