"""The order of stops: shortest where it can be counted out, along roads, and what is refused."""

from itertools import pairwise, permutations

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import LineString, Point, box

from geo.canvass.walk_order import order_stops
from geo.errors import CRSError, GeometryError, InfeasibleError, SchemaError

CRS = "EPSG:3310"


def stops(*places: tuple[float, float]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"doors": 1}, geometry=[Point(*place) for place in places], index=range(len(places)), crs=CRS
    )


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("back", [False, True])
def test_small_walks_are_the_shortest(seed: int, back: bool) -> None:
    places = np.random.default_rng(seed).random((7, 2)) * 1000
    walk = order_stops(stops(*places), detour=1.0, back=back)

    def length(order: tuple[int, ...]) -> float:
        closed = (*order, order[0]) if back else order
        return sum(float(np.hypot(*(places[a] - places[b]))) for a, b in pairwise(closed))

    assert walk.length_m == pytest.approx(min(map(length, permutations(range(7)))), abs=0.1)
    assert walk.path.length == pytest.approx(walk.length_m, abs=0.1)
    assert sorted(walk.stops) == list(range(7))


def test_the_walk_begins_at_the_start_and_comes_back() -> None:
    walk = order_stops(stops((100, 0), (200, 0)), start=Point(0, 0), back=True, detour=1.0)
    assert walk.length_m == 400.0
    assert walk.path.coords[0] == walk.path.coords[-1] == (0.0, 0.0)


def test_hours_are_walking_and_doors() -> None:
    walk = order_stops(stops((0, 0), (4500, 0)), doors="doors", minutes_per_door=30, detour=1.0)
    assert walk.hours == pytest.approx(2.0)


def test_ways_follow_roads() -> None:
    around = LineString([(0, 0), (0, 500), (100, 500), (100, 0)])
    walk = order_stops(stops((0, 0), (100, 0)), roads=gpd.GeoDataFrame(geometry=[around], crs=CRS))
    assert walk.length_m == pytest.approx(1100.0)
    assert walk.path.length == pytest.approx(1100.0)
    assert walk.off_roads.empty


def test_a_stop_no_road_leads_to_is_named() -> None:
    roads = [LineString([(0, 0), (200, 0)]), LineString([(0, 600), (0, 700)])]
    walk = order_stops(
        stops((0, 0), (100, 0), (200, 0), (0, 650)), roads=gpd.GeoDataFrame(geometry=roads, crs=CRS)
    )
    assert walk.off_roads.tolist() == [3]
    assert np.isfinite(walk.length_m)


def test_one_stop_and_polygons() -> None:
    blocks = gpd.GeoDataFrame(geometry=[box(0, 0, 100, 100)], index=["a"], crs=CRS)
    walk = order_stops(blocks)
    assert walk.stops.tolist() == ["a"]
    assert walk.length_m == 0.0


def test_the_same_stops_give_the_same_order() -> None:
    many = stops(*np.random.default_rng(3).random((40, 2)) * 900)
    assert order_stops(many).stops.equals(order_stops(many).stops)


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (lambda: order_stops(stops((0, 0)).to_crs(4326)), CRSError, "projected"),
        (lambda: order_stops(stops((0, 0)).iloc[:0]), SchemaError, "no stops"),
        (lambda: order_stops(stops((0, 0)).assign(geometry=[None])), GeometryError, "1 stops have no"),
        (lambda: order_stops(stops((0, 0)), walking_kmh=0), InfeasibleError, "km/h"),
        (lambda: order_stops(stops((0, 0)).assign(doors=[-1]), doors="doors"), SchemaError, "negative"),
    ],
)
def test_bad_input_is_refused(call, kind, words) -> None:
    with pytest.raises(kind, match=words):
        call()
