"""The map of an enrolment: tracts by the share of their eligible people who enrolled."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.common import load_shapes
from app_pages.parts.layered_map import Drawn, places_drawn, shapes_of, show_layers
from app_pages.parts.programme.map import MAP_HEIGHT, acs_years
from geo.language import gettext as _
from geo.program.area import Area
from geo.program.declaration import Programme
from geo.region import Region
from layers.enrolment import ENROLMENT
from layers.programme import AREA


def show_enrolment_map(region: Region, programme: Programme, area: Area, classes: pd.DataFrame) -> None:
    """Draw the tracts by the share of their eligible people who enrolled, with the source of both numbers."""
    tracts = load_shapes(region.key, "tracts_2010")[["geoid", "geometry"]]
    frame = gpd.GeoDataFrame(tracts.merge(classes, on="geoid"), crs=tracts.crs)
    share = ENROLMENT, frame, shapes_of(region, "tracts_2010")
    frames: list[Drawn] = [share, *places_drawn(region), (AREA, area.frame(), None)]
    view = f"enrolment {region.key} {programme.key}", area.bounds
    title = _("Map of who enrolled")
    show_layers(frames, title, "programme.enrolment.map", MAP_HEIGHT, region.bounds, view)
    st.caption(
        _(
            "Enrolled: as recorded here. Eligible: ACS {years} and the rules above; marks tell how sure the "
            "estimate of the eligible is."
        ).format(years=acs_years(region))
    )
