"""The layers of the map, from bottom to top; pages and tests iterate them."""

from __future__ import annotations

from geo.language import mark as N_
from geo.tracts.indicators import indicator_named
from layers import palette
from layers.drawing import Style
from layers.layer import Layer
from layers.plain import plain_layer
from layers.tracts import Shading, choropleth
from layers.view import DEFAULT_INDICATOR, TRACTS
from layers.water import SYSTEMS

AREA_WATER = plain_layer(
    "area_water",
    N_("Lakes and rivers"),
    "area_water",
    "water_id",
    Style("#2b6f9e", weight=1.2, fill="#a6cfe6", fill_opacity=1.0),
    30,
    labeled=True,
    rough_until=10,
)
TRIBAL_AREAS = plain_layer(
    "tribal_areas",
    N_("Tribal areas"),
    "tribal_areas",
    "geoid",
    Style("#7b3294", weight=2.4, dashes="1 4"),
    40,
    name="label",
)
ROADS = plain_layer("roads", N_("All roads"), "roads", "road_id", Style("#4d4d4d", symbol="line"), 45)
HIGHWAYS = plain_layer(
    "highways",
    N_("Highways"),
    "roads",
    "road_id",
    Style("#7a3b00", weight=1.6, symbol="line"),
    46,
    labeled=True,
    shown=True,
    only=("road_class", ("primary", "secondary")),
)
TRANSIT_ROUTES = plain_layer(
    "transit_routes",
    N_("Bus routes"),
    "transit_routes",
    "route_id",
    Style("#b2182b", weight=2, symbol="line"),
    48,
)
SCHOOL_DISTRICTS = plain_layer(
    "school_districts",
    N_("School districts"),
    "school_districts",
    "geoid",
    Style("#00695c", weight=2.4, dashes="8 4"),
    50,
    details=("level",),
)
DISTRICTS = plain_layer(
    "districts",
    N_("Water and supervisorial districts"),
    "districts",
    "district_id",
    Style("#8a1c00", weight=2.4, dashes="12 3 3 3"),
    52,
    details=("kind",),
)
RECEIVER_BOUNDARIES = plain_layer(
    "receiver_boundaries",
    N_("District boundary (all versions)"),
    "receiver_boundaries",
    "boundary_id",
    Style("#b30059", weight=2.4, dashes="4 3"),
    53,
    name="title",
    details=("boundary_type",),
)
WATER_MAINS = plain_layer(
    "water_mains",
    N_("Water mains"),
    "water_mains",
    "main_id",
    Style("#08519c", weight=2, symbol="line"),
    54,
    name="material",
)
PLACES = plain_layer(
    "places",
    N_("Places"),
    "places",
    "geoid",
    Style("#5d4a1f", weight=1.3, dashes="2 3"),
    55,
    labeled=True,
    shown=True,
)
COUNTIES = plain_layer(
    "counties",
    N_("Counties"),
    "counties",
    "geoid",
    Style("#303030", weight=2.2, dashes="10 4 2 4"),
    60,
    mentioned=False,
)
TRANSIT_STOPS = plain_layer(
    "transit_stops",
    N_("Bus stops"),
    "transit_stops",
    "stop_id",
    Style("#7f0000", fill="#ffffff", fill_opacity=1.0, symbol="square", radius=2.5),
    65,
    answers=True,
)
PUBLIC_SCHOOLS = plain_layer(
    "public_schools",
    N_("Public schools"),
    "public_schools",
    "school_id",
    Style(palette.INK, fill=palette.BLUISH_GREEN, fill_opacity=0.95, symbol="diamond", radius=5),
    66,
    details=("kind", "community"),
    answers=True,
)
HEALTH_FACILITIES = plain_layer(
    "health_facilities",
    N_("Clinics and hospitals"),
    "health_facilities",
    "facility_id",
    Style(palette.INK, fill=palette.SKY_BLUE, fill_opacity=0.95, symbol="square", radius=4),
    67,
    details=("kind", "community"),
    answers=True,
)
MOBILE_HOME_PARKS = plain_layer(
    "mobile_home_parks",
    N_("Mobile home parks"),
    "mobile_home_parks",
    "park_id",
    Style(palette.INK, fill=palette.REDDISH_PURPLE, fill_opacity=0.95, symbol="triangle", radius=5),
    70,
    details=("kind", "community"),
    answers=True,
)
CONTEXT: tuple[Layer, ...] = (
    AREA_WATER,
    TRIBAL_AREAS,
    ROADS,
    HIGHWAYS,
    TRANSIT_ROUTES,
    SCHOOL_DISTRICTS,
    DISTRICTS,
    RECEIVER_BOUNDARIES,
    WATER_MAINS,
    PLACES,
    COUNTIES,
    TRANSIT_STOPS,
    PUBLIC_SCHOOLS,
    HEALTH_FACILITIES,
    MOBILE_HOME_PARKS,
    SYSTEMS,
)
# Tracts are shaded anew for each indicator; this is how they look at first.
FIRST_TRACTS = choropleth(Shading(indicator_named(DEFAULT_INDICATOR)), TRACTS[0])
LAYERS: dict[str, Layer] = {layer.key: layer for layer in (FIRST_TRACTS, *CONTEXT)}
