"""What lies inside an outline: its index by people, where that stands, and systems but for slivers."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
from shapely import Point, box

from geo.tracts.comparison import index_inside
from geo.tracts.indicators import ESTIMATE, with_estimates
from geo.tracts.residents.estimate import PeopleMap
from wording.profiles import estimate_figure, index_figure, systems_figure

CRS = "EPSG:3310"


def in_degrees(shape: object) -> object:
    return gpd.GeoSeries([shape], crs=CRS).to_crs("EPSG:4326").item()


@pytest.fixture
def people() -> PeopleMap:
    """Two tracts side by side; three in ten people of the first and all of the second live in the middle."""
    tracts = gpd.GeoDataFrame(
        geometry=[box(0, 0, 4_000, 4_000), box(4_000, 0, 8_000, 4_000)], index=["06065000100", "06065000200"]
    )
    weights = gpd.GeoDataFrame(
        {"people": [70.0, 30.0, 10.0, 0.0]},
        geometry=[box(x, 0, x + 2_000, 4_000) for x in (0, 2_000, 4_000, 6_000)],
    )
    return PeopleMap(tracts.set_crs(CRS), weights.set_crs(CRS), pd.Series(dtype=float))


def tracts_scored(*scored: bool) -> pd.DataFrame:
    ids = ["06065000100", "06065000200"]
    return pd.DataFrame({"geoid": ids, "ca_htc_index": [80.0, 40.0], "index_scored": list(scored)})


def test_the_index_is_a_mean_by_people_not_by_area(people: PeopleMap) -> None:
    middle = in_degrees(box(2_000, 0, 6_000, 4_000))
    found = index_inside(people, tracts_scored(True, True), middle)
    assert found.keys() == {"ca_htc_index"}
    assert found["ca_htc_index"].value == pytest.approx((30 * 80 + 10 * 40) / 40, abs=0.01)
    assert found["ca_htc_index"].moe is None


def test_margins_of_our_estimates_do_not_cancel_out(people: PeopleMap) -> None:
    tracts = tracts_scored(True, True).assign(ca_htc_estimate=[70.0, 50.0], ca_htc_estimate_moe=[8.0, 16.0])
    found = index_inside(people, tracts, in_degrees(box(2_000, 0, 6_000, 4_000)))["ca_htc_estimate"]
    assert (found.value, found.moe) == pytest.approx((65.0, 10.0), abs=0.01)
    assert estimate_figure(found, "S").words == "65 ± 10"


def test_a_tract_that_was_never_scored_takes_no_part(people: PeopleMap) -> None:
    middle = in_degrees(box(2_000, 0, 6_000, 4_000))
    one = index_inside(people, tracts_scored(True, False), middle)["ca_htc_index"]
    assert one.value == pytest.approx(80, abs=0.01)
    assert index_inside(people, tracts_scored(False, False), middle) == {}
    assert index_inside(people, tracts_scored(True, True), in_degrees(box(9e4, 9e4, 9.1e4, 9.1e4))) == {}


def test_where_an_index_stands_counts_scored_tracts_alone() -> None:
    state = pd.DataFrame(
        {
            "county_geoid": ["06065"] * 3 + ["06025"],
            "ca_htc_index": [10.0, 90.0, 0.0, 20.0],
            "index_scored": [True, True, False, True],
        }
    )
    told = index_figure(50.0, state, "06065", "S").place
    assert told == ("percentile 50 in its county; percentile 66 statewide")


def test_slivers_and_points_that_say_nothing_are_no_systems_inside() -> None:
    shapes = [box(0, 0, 1_000, 1_000), box(1_995, 0, 4_000, 4_000), Point(500, 500), Point(600, 500)]
    frame = gpd.GeoDataFrame(
        {
            "public_name": ["Whole", "Neighbor", "Well", "Somewhere in the ZIP area"],
            "location_quality": ["polygon", "polygon", "point_street", "point_shared_centroid"],
        },
        geometry=shapes,
        crs=CRS,
    ).to_crs("EPSG:4326")
    figure = systems_figure(frame, in_degrees(box(0, 0, 2_000, 4_000)), CRS)
    assert figure.words == "2"
    assert figure.place == "Well; Whole; 1 more with an approximate location"


def test_a_long_list_of_systems_is_cut() -> None:
    names = [f"System {number:02d}" for number in range(48)]
    frame = gpd.GeoDataFrame(
        {"public_name": names, "location_quality": "point_street"}, geometry=[Point(5, 5)] * 48, crs=CRS
    ).to_crs("EPSG:4326")
    figure = systems_figure(frame, in_degrees(box(0, 0, 10, 10)), CRS)
    assert figure.words == "48"
    assert figure.place.endswith("System 39; and 8 others")


def test_estimates_stand_beside_their_own_tracts_whatever_the_order() -> None:
    tracts = pd.DataFrame({"geoid": ["b", "a", "c"]}, index=[7, 3, 5])
    rows = [("tracts_2010", "a", 10.0), ("tracts_2010", "b", 20.0), ("tracts_2020", "c", 30.0)]
    estimates = pd.DataFrame(rows, columns=["tracts", "geoid", "estimate"])
    estimates = estimates.assign(moe=5.0, estimates_from="2014-2018", label="ours")
    found = with_estimates(tracts, estimates, "tracts_2010")
    assert found[ESTIMATE].tolist()[:2] == [20.0, 10.0]
    assert found[[ESTIMATE, f"{ESTIMATE}_moe", f"{ESTIMATE}_label"]].iloc[2].isna().all()
    assert found.index.tolist() == [7, 3, 5]
