"""Streets make one network; what cannot be crossed lies on the edges of blocks."""

from __future__ import annotations

from collections.abc import Callable

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
import shapely

from geo.datasets.storage import read_shapes_of
from geo.methods.partition.adjacency import build_adjacency
from geo.sources.catalog import read_catalog

pytestmark = pytest.mark.xdist_group("demo")
Shapes = Callable[[str], gpd.GeoDataFrame]
METERS = "EPSG:26911"


def test_roads_are_one_network(shapes: Shapes) -> None:
    roads = shapes("roads")
    graph = nx.Graph()
    for line in roads.geometry:
        nx.add_path(graph, line.coords)
    assert nx.is_connected(graph)
    assert roads["name"].notna().all()
    assert set(roads["road_class"]) == {"S1100", "S1200", "S1400"}


def test_barriers_run_on_the_edges_of_blocks(shapes: Shapes) -> None:
    edges = shapely.union_all(shapes("blocks_2020").geometry.boundary.to_numpy())
    roads = shapes("roads")
    motorway = roads[roads["road_class"] == "S1100"].geometry
    for lines in (motorway, shapes("rails").geometry, shapes("linear_water").geometry):
        assert all(edges.covers(line) for line in lines)


def test_barriers_close_some_edges_and_leave_a_way_everywhere(demo_built: str) -> None:
    blocks = read_shapes_of(demo_built, "blocks").to_crs(METERS)
    barriers = read_shapes_of(demo_built, "barriers").to_crs(METERS)
    adjacency = build_adjacency(blocks, barriers)
    assert (~adjacency.passable).sum() > 100
    assert adjacency.pieces().max() == 0


def test_every_class_of_barrier_is_there_with_crossings(demo_built: str) -> None:
    barriers = read_shapes_of(demo_built, "barriers")
    counts = barriers.groupby(["barrier_class", "is_crossing"]).size()
    for kind in ("motorway", "rail", "canal", "river"):
        assert counts[kind, False] == 1
        assert counts[kind, True] >= 2


def test_mains_lie_where_the_district_serves(shapes: Shapes) -> None:
    systems = shapes("water_system_boundaries").set_index("pwsid").to_crs(METERS)
    mains = shapes("water_mains").to_crs(METERS)
    area = systems.loc["CA9010001", "geometry"].convex_hull.buffer(5)
    assert mains.within(area).all()
    assert mains.length.sum() > 50_000
    assert mains["diameter_in"].between(6, 36).all()


def test_the_lake_has_its_corner_and_the_river_its_banks(shapes: Shapes) -> None:
    water = shapes("area_water").set_index("name").to_crs("EPSG:3310")
    tracts = shapes("tracts_2020").set_index("geoid").to_crs("EPSG:3310")
    lake = tracts.loc["06901990000", "geometry"]
    assert lake.contains(water.loc["Lago Perdido", "geometry"])
    assert np.isclose(
        water.loc["Lago Perdido", "geometry"].area, water.loc["Lago Perdido", "water_m2"], rtol=1e-4
    )


def test_the_catalog_declares_the_lines(shapes: Shapes) -> None:
    for key in ("rails", "linear_water", "roads"):
        assert "TIGER" in read_catalog()[key].address
