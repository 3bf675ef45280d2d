"""The columns of places, districts and the lines of the map, and of who lives in each."""

from __future__ import annotations

from collections.abc import Mapping

from geo.datasets.columns import Column, number, text, yes_no
from geo.language import mark as N_

FIELDS: Mapping[str, Column] = {
    "water_id": text(N_("Our code of the lake or river, counted within this build")),
    "kind/water": text(N_("Kind of water: lake, river, reservoir")),
    "rough": yes_no(N_("Whether a coarse stand-in for the official layer was taken, for orientation only")),
    "road_id": text(N_("Code of the road, as its publisher has it")),
    "road_class": text(N_("Class of the road: primary, secondary, local")),
    "length_m": number(N_("Length of the line, measured by us"), "m"),
    "barrier_id": text(N_("Our code of the barrier, counted within this build")),
    "barrier_class": text(N_("What the barrier is: highway, rail, canal or river")),
    "is_crossing": yes_no(N_("Whether the row is a point where a street crosses the barrier")),
    "label": text(N_("Name with its kind, as the Census Bureau writes it")),
    "share_in_region": number(N_("Part of its area that lies in the region's counties"), "share"),
    "level": text(N_("Level of the school district: elementary, secondary or unified")),
    "district_id": text(N_("Our code of the district, made of its kind and its name")),
    "kind/district": text(N_("Kind of district: water, system, health, supervisorial")),
    "source": text(N_("Source that the shape comes from, as in the list of sources")),
    "vintage": text(N_("Time that the source speaks of")),
    "published_area_km2": number(N_("Area that the publisher states"), "km2"),
    "approximate": yes_no(N_("Whether the lines are approximate")),
    "of_receiver": yes_no(N_("Whether it is a boundary of the receiving district")),
    "note": text(N_("What the boundary is, and how far to trust it")),
    "stop_id": text(N_("Code of the stop in the timetable")),
    "stop_code": text(N_("Code of the stop on its sign")),
    "route_id": text(N_("Code of the route in the timetable")),
    "short_name": text(N_("Number of the line")),
    "color": text(N_("Color of the line in the timetable")),
    "trips": number(N_("Trips of the route in the timetable, all service days together"), "trips"),
    "target_kind": text(
        N_("What the area is: district, place, school district, tribal area or water system")
    ),
    "target_id": text(N_("Code of the area in its own dataset")),
    "variable": text(N_("Which figure the row gives, by the name of its column on tracts")),
    "estimate/served": number(N_("The figure for the area, in the unit of its variable"), "variable"),
    "moe/served": number(
        N_("Margin of error (90 percent), with what placing people may be wrong by; empty for a count"),
        "variable",
    ),
    "moe_sampling": number(N_("The part of the margin that comes from the survey's sample"), "variable"),
    "coverage/served": number(N_("Part of the area that the region's tracts cover"), "share"),
    "share_guesswork": number(
        N_("Part of the people of whom it is not known which of them live inside"), "share"
    ),
    "share_by_area": number(N_("Part of the people who were placed by area alone"), "share"),
    "footprint": text(N_("Shape that stood for the area")),
    "method/served": text(N_("How the figure was made: counted, placed, interpolated, published")),
}
"""What each column is, by its name; a word behind a slash tells two meanings of one name apart."""

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "places": (
        "geoid",
        "name",
        "label",
        "land_m2",
        "water_m2",
        "geometry",
        "county_geoid",
        "share_in_region",
        "area_km2",
    ),
    "school_districts": (
        "geoid",
        "name",
        "land_m2",
        "water_m2",
        "geometry",
        "county_geoid",
        "share_in_region",
        "area_km2",
        "level",
    ),
    "districts": (
        "district_id",
        "name",
        "kind/district",
        "source",
        "vintage",
        "published_area_km2",
        "approximate",
        "geometry",
        "area_km2",
        "of_receiver",
        "note",
    ),
    "tribal_areas": (
        "geoid",
        "name",
        "label",
        "land_m2",
        "water_m2",
        "geometry",
        "county_geoid",
        "share_in_region",
        "area_km2",
    ),
    "people_served": (
        "target_kind",
        "target_id",
        "variable",
        "estimate/served",
        "moe/served",
        "moe_sampling",
        "coverage/served",
        "share_guesswork",
        "share_by_area",
        "footprint",
        "method/served",
    ),
    "area_water": (
        "water_id",
        "name",
        "kind/water",
        "area_km2",
        "rough",
        "geometry",
    ),
    "roads": (
        "road_id",
        "name",
        "road_class",
        "length_m",
        "rough",
        "geometry",
    ),
    "barriers": (
        "barrier_id",
        "barrier_class",
        "name",
        "geometry",
        "is_crossing",
        "length_m",
    ),
    "transit_stops": (
        "stop_id",
        "stop_code",
        "name",
        "geometry",
    ),
    "transit_routes": (
        "route_id",
        "name",
        "short_name",
        "color",
        "trips",
        "length_m",
        "geometry",
    ),
}
"""The columns of each dataset, by the keys of their fields."""
