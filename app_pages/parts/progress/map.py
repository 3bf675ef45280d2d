"""The coverage map: tracts by the share of their households that the canvass reached."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from app_pages.parts.common import load_shapes
from app_pages.parts.layered_map import places_drawn, shapes_of, show_layers
from geo.canvass.coverage import cover_classes, cover_words
from geo.language import gettext as _
from geo.region import Region
from layers.canvass import REACHED

MAP_HEIGHT = 440


def show_coverage(region: Region, table: pd.DataFrame, units: gpd.GeoDataFrame) -> None:
    """Draw the map, where the turfs are, and its legend."""
    tracts = load_shapes(region.key, "tracts_2020")
    counted = units.groupby("tract_geoid")["households"].sum()
    geoids = tracts["geoid"].astype(str)
    frame = tracts[["geoid", "geometry"]].assign(
        cover=cover_classes(table, geoids, counted), words=cover_words(table, geoids)
    )
    ours = frame[geoids.isin(table.index)]
    west, south, east, north = ours.total_bounds if len(ours) else region.focus[0].bounds
    bounds = (float(west), float(south), float(east), float(north))
    reached = REACHED, frame, shapes_of(region, "tracts_2020")
    view = f"{region.key} progress", bounds
    title = _("Map of households reached")
    show_layers([reached, *places_drawn(region)], title, "progress.map", MAP_HEIGHT, region.bounds, view)
