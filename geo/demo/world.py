"""The invented valley as a whole: what every file is written from."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geo.demo.boundaries import build_lake
from geo.demo.cells import build_cells
from geo.demo.census import add_geography
from geo.demo.census_tables import add_areas, dissolve
from geo.demo.estimates import EARLIER, build_truth, survey, to_areas
from geo.demo.people import build_blocks
from geo.demo.routes import Streets, build_graph
from geo.demo.streets import build_barriers, build_roads
from geo.demo.systems import build_systems, towns_of
from geo.demo.valley import METRIC_CRS, TOWNS

RIVER_CLASS = "H3010"


@dataclass(frozen=True)
class World:
    """Blocks, areas, people, lines and systems; shapes in EPSG:4269, systems and lake in EPSG:3310."""

    seed: int
    blocks: gpd.GeoDataFrame
    old_tracts: gpd.GeoDataFrame
    new_tracts: gpd.GeoDataFrame
    old_truth: pd.DataFrame
    new_truth: pd.DataFrame
    roads: gpd.GeoDataFrame
    barriers: gpd.GeoDataFrame
    graph: Streets
    systems: gpd.GeoDataFrame
    lake: shapely.Polygon

    def old_survey(self) -> pd.DataFrame:
        """Take the survey of 2014-2018 by 2010 tract."""
        return survey(self.old_truth, self.seed, "survey 2018", EARLIER)

    def new_survey(self) -> pd.DataFrame:
        """Take the survey of 2018-2022 by 2020 tract."""
        return survey(self.new_truth, self.seed, "survey 2022")

    @property
    def river(self) -> shapely.LineString:
        """The river's line."""
        lines = self.barriers.geometry[self.barriers["mtfcc"] == RIVER_CLASS]
        river = lines.iloc[0]
        assert isinstance(river, shapely.LineString)
        return river

    def area_of(self, pwsid: str) -> BaseGeometry:
        """Return what a system serves, in EPSG:3310."""
        return self.systems.geometry[self.systems["pwsid"] == pwsid].iloc[0]

    def old_places(self) -> tuple[pd.DataFrame, pd.Series]:
        """Middle (x, y in degrees) and nearest town of every 2010 tract."""
        points = self.old_tracts.geometry.representative_point()
        places = pd.DataFrame({"x": points.x.round(7), "y": points.y.round(7)})
        places.index = pd.Index(self.old_tracts["geoid"])
        names = pd.Series([TOWNS[number].name for number in towns_of(self.blocks)], index=self.blocks.index)
        towns = names.groupby(self.blocks["tract_2010"]).agg(lambda group: group.mode().iloc[0])
        return places, towns


def build_world(seed: int) -> World:
    """Invent the valley; the same seed gives the same valley."""
    cells = build_cells()
    blocks = build_blocks(seed)
    add_geography(blocks)
    blocks = gpd.GeoDataFrame(blocks.sort_values("geoid", ignore_index=True))
    lake = build_lake()
    add_areas(blocks, lake)
    truth = build_truth(blocks, seed)
    roads = build_roads(cells)
    systems = build_systems(blocks, roads, seed)
    _add_surroundings(systems, blocks)
    return World(
        seed=seed,
        blocks=blocks,
        old_tracts=dissolve(blocks, "tract_2010"),
        new_tracts=dissolve(blocks, "tract_2020"),
        old_truth=to_areas(truth, blocks["tract_2010"]),
        new_truth=to_areas(truth, blocks["tract_2020"]),
        roads=roads,
        barriers=build_barriers(cells),
        graph=build_graph(roads),
        systems=systems,
        lake=lake,
    )


def _add_surroundings(systems: gpd.GeoDataFrame, blocks: gpd.GeoDataFrame) -> None:
    """Add each system's ZIP code and the hardship around it, in place."""
    codes = {town.name: f"999{number:02d}" for number, town in enumerate(TOWNS, start=1)}
    systems["zip_code"] = systems["town"].map(codes)
    centres = np.asarray(blocks.geometry.to_crs(METRIC_CRS).centroid.array, dtype=object)
    near = shapely.STRtree(centres).nearest(np.asarray(systems.geometry.centroid.array, dtype=object))
    systems["hardship"] = blocks["hardship"].to_numpy()[near]
