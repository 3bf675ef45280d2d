"""Who lives where: figures that can be worked out by hand, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.errors import GeoError, GeometryError
from geo.methods.margins import Z_90
from geo.region import Region
from geo.tracts.residents.areas import KINDS, serve_outlines, serve_systems
from geo.tracts.residents.estimate import COLUMNS, METHODS, VARIABLES, PeopleMap, people_within, to_tidy
from geo.tracts.residents.settled import PLACING_ERRORS
from geo.tracts.residents.split_error import EXPONENT, measure_heterogeneity

CRS = "EPSG:3310"
REGION = Region("here", "Here", "demo", "06", ("06065",), CRS, CRS, ())
PLACE = next(kind for kind in KINDS if kind.key == "place")
UNIT_M = 2_000.0


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    return shapely.box(west * UNIT_M, south * UNIT_M, east * UNIT_M, north * UNIT_M)


def people_map(heterogeneity: float = 0.2) -> PeopleMap:
    """Two square tracts side by side; in the first, all people live in its western half."""
    counts = {name: [1000.0, 400.0] for name in VARIABLES} | {
        f"{name}_moe": [100.0, 40.0] for name in VARIABLES
    }
    tracts = gpd.GeoDataFrame(counts, geometry=[box(0, 0, 2, 2), box(2, 0, 4, 2)], index=["a", "b"], crs=CRS)
    weights = gpd.GeoDataFrame(
        {"people": [900.0, 0.0, 300.0], "homes": [300.0, 0.0, 100.0]},
        geometry=[box(0, 0, 1, 2), box(1, 0, 2, 2), box(2, 0, 4, 2)],
        index=["aw", "ae", "b1"],
        crs=CRS,
    )
    return PeopleMap(tracts, weights, pd.Series(heterogeneity, index=list(VARIABLES)))


def targets(**shapes: shapely.Geometry) -> gpd.GeoDataFrame:
    frame = gpd.GeoDataFrame(geometry=list(shapes.values()), index=list(shapes), crs=CRS)
    return frame.to_crs("EPSG:4326").rename_axis("geoid").reset_index()


def served(heterogeneity: float = 0.2, **shapes: shapely.Geometry) -> pd.DataFrame:
    rows, _ = serve_outlines(people_map(heterogeneity), targets(**shapes), PLACE, REGION)
    return rows.set_index(["target_id", "variable"])


def test_a_whole_tract_keeps_its_count_and_its_margin() -> None:
    row = served(a=box(-0.001, -0.001, 2, 2.001)).loc[("a", "poverty")]
    assert row["estimate"] == pytest.approx(1000, rel=1e-4)
    assert row["moe"] == pytest.approx(100, rel=1e-2)
    assert row["share_guesswork"] == pytest.approx(0, abs=1e-6)
    assert row["coverage"] == pytest.approx(1, abs=2e-3)


def test_half_of_where_people_live_is_half_of_the_count_with_the_error_of_the_split() -> None:
    row = served(south_west=box(0, 0, 1, 1)).loc[("south_west", "uninsured")]
    split = Z_90 * 0.2 * 1000 * 0.25 ** (EXPONENT / 2)
    assert row["estimate"] == pytest.approx(500, rel=1e-3)
    assert row["moe_sampling"] == pytest.approx(50, rel=1e-3)
    # All 900 people are counted for the western half, of which half lies inside: their rate is 1.
    placing = PLACING_ERRORS["people"] * np.sqrt(900 * 0.5)
    assert row["moe"] == pytest.approx(np.sqrt(50**2 + split**2 + placing**2), rel=1e-3)
    assert row["share_guesswork"] == pytest.approx(1)
    assert row["share_by_area"] == pytest.approx(1)


def test_a_count_is_whole_and_has_no_margin_where_no_edge_cuts_what_was_counted() -> None:
    whole = served(town=box(0, 0, 1, 2)).loc[("town", "population_2020")]
    assert (whole["estimate"], whole["method"]) == (900, "counted")
    assert np.isnan(whole["moe"])
    cut = served(town=box(0, 0, 1, 1)).loc[("town", "population_2020")]
    assert (cut["estimate"], cut["method"]) == (450, "counted_and_placed")
    assert cut["moe"] == pytest.approx(PLACING_ERRORS["people"] * np.sqrt(900 * 0.5), rel=1e-3)
    assert np.isnan(cut["moe_sampling"])


def test_what_was_counted_for_a_place_goes_before_what_its_outline_says() -> None:
    people = replace(people_map(), places=pd.Series({"aw": "town", "ae": "", "b1": ""}))
    rows, _ = serve_outlines(people, targets(town=box(0, 0, 1, 1)), PLACE, REGION)
    told = rows.set_index("variable").loc["population_2020"]
    assert (told["estimate"], told["method"]) == (900, "counted")


def test_a_hair_of_a_neighbor_adds_no_doubt_but_a_tiny_outline_is_all_doubt() -> None:
    beyond = served(a=box(0, 0, 2.001, 2)).loc[("a", "population_2020")]
    assert (beyond["estimate"], beyond["method"]) == (900, "counted")
    tiny = served(park=box(0.5, 0.5, 0.55, 0.55)).loc[("park", "population_2020")]
    assert tiny["moe"] > tiny["estimate"]


def test_only_the_part_from_split_tracts_is_guesswork() -> None:
    row = served(town=box(0, 0, 3, 2)).loc[("town", "households")]
    assert row["estimate"] == pytest.approx(1000 + 200, rel=1e-3)
    assert row["share_guesswork"] == pytest.approx(200 / 1200, abs=1e-3)
    assert row["share_by_area"] == pytest.approx(50 / 350, abs=1e-3)


def test_a_tract_without_a_count_is_not_covered() -> None:
    people = people_map()
    people.tracts.loc["b", "uninsured"] = np.nan
    rows, _ = serve_outlines(people, targets(both=box(-0.001, -0.001, 4.001, 2.001)), PLACE, REGION)
    told = rows.set_index("variable")
    assert told.loc["uninsured", "estimate"] == pytest.approx(1000, rel=1e-3)
    assert told.loc["uninsured", "coverage"] == pytest.approx(900 / 1200, abs=2e-3)
    assert told.loc["poverty", "coverage"] == pytest.approx(1, abs=2e-3)


def test_where_nobody_lives_there_is_a_zero_and_no_share() -> None:
    row = served(empty=box(1.1, 0.1, 1.9, 1.9)).loc[("empty", "population")]
    assert row["estimate"] == pytest.approx(0, abs=1e-6)
    assert np.isnan(row["share_guesswork"])


def test_outside_of_the_tracts_nothing_is_known() -> None:
    row = served(far=box(8, 8, 9, 9)).loc[("far", "population")]
    assert np.isnan(row["estimate"])
    assert row["coverage"] == 0


def systems(**rows: tuple[str, str, float | None, float | None, shapely.Geometry | None]) -> gpd.GeoDataFrame:
    names = ["system_class", "location_quality", "population", "connections", "geometry"]
    frame = pd.DataFrame(list(rows.values()), columns=names).assign(population_estimated=False)
    frame.insert(0, "pwsid", list(rows))
    frame[["population", "connections"]] = frame[["population", "connections"]].astype("Float64")
    geometry = gpd.GeoSeries(list(frame.pop("geometry")), crs=CRS).to_crs("EPSG:4326")
    return gpd.GeoDataFrame(frame, geometry=geometry)


@pytest.fixture
def told() -> pd.DataFrame:
    point = shapely.Point(1.0 * UNIT_M, 1.0 * UNIT_M)
    small = box(0.1, 0.1, 0.2, 0.2)
    frame = systems(
        big=("community", "polygon", 1400, 500, box(-0.001, -0.001, 4.001, 2.001)),
        park=("community", "polygon", 80, 30, small),
        well=("state_small", "point_street", 25, 8, point),
        camp=("transient", "point_published", 500, 4, point),
        lost=("transient", "none", 60, 2, None),
        wrong=("state_small", "point_outside_county", 20, 7, point),
        guess=("state_small", "point_street", 26.4, 8, point),
        city=("community", "point_published", 3000, 1500, point),
    )
    frame["population_estimated"] = frame["pwsid"].eq("guess")
    rows, _ = serve_systems(people_map(), frame, REGION)
    return to_tidy([rows]).set_index(["target_id", "variable"])


def test_a_system_with_a_large_outline_is_interpolated(told: pd.DataFrame) -> None:
    assert told.loc[("big", "poverty"), "estimate"] == pytest.approx(1400, rel=1e-3)
    assert (told.loc[("big", list(VARIABLES)), "method"] == "interpolated").all()
    assert told.loc[("big", "population_2020"), ["estimate", "method"]].tolist() == [1200, "counted"]


@pytest.mark.parametrize(
    ("pwsid", "population", "connections", "footprint"),
    [("park", 80, 30, "polygon"), ("well", 25, 8, "circle_1000_m")],
)
def test_a_small_system_has_its_own_size_and_the_rates_around(
    pwsid: str, population: float, connections: float, footprint: str, told: pd.DataFrame
) -> None:
    ours = told.loc[pwsid]
    assert ours.loc[["population", "households"], "estimate"].tolist() == [population, connections]
    assert ours.loc[["population", "households"], "method"].eq("published").all()
    assert ours.loc["population", ["moe", "share_guesswork"]].isna().all()
    assert ours.loc["uninsured", "estimate"] == pytest.approx(population)
    assert ours.loc["uninsured", "method"] == "rates_of_surroundings"
    assert ours.loc["uninsured", "moe"] > ours.loc["uninsured", "moe_sampling"] > 0
    assert ours["footprint"].eq(footprint).all()


def test_a_city_known_as_a_point_keeps_the_rates_of_its_tract_though_it_has_more_people(
    told: pd.DataFrame,
) -> None:
    ours = told.loc["city"]
    assert ours.loc[["uninsured", "no_vehicle_households"], "estimate"].tolist() == pytest.approx(
        [3000, 1500]
    )
    third = Z_90 * 0.2 * 3000 * 3 * (1 / 3 * 2 / 3) ** (EXPONENT / 2)
    assert ours.loc["uninsured", "moe_sampling"] == pytest.approx(300)
    assert ours.loc["uninsured", "moe"] == pytest.approx(np.hypot(300, third))
    assert ours.loc["uninsured", "share_guesswork"] == 1


@pytest.mark.parametrize(("lives_in", "uninsured"), [("a", 25.0), ("b", 25.0), (None, None)])
def test_a_tract_without_people_takes_no_part_in_the_rates(
    lives_in: str | None, uninsured: float | None
) -> None:
    people = people_map()
    people.tracts.loc[people.tracts.index != lives_in, list(VARIABLES)] = 0.0
    between = shapely.Point(2.0 * UNIT_M, 1.0 * UNIT_M)
    frame = systems(well=("state_small", "point_street", 25, 8, between))
    told = serve_systems(people, frame, REGION)[0].set_index("variable")["estimate"]
    assert told["population"] == 25
    assert told["uninsured"] == pytest.approx(uninsured, nan_ok=True) or uninsured is None
    assert pd.isna(told["uninsured"]) == (uninsured is None)


def test_a_size_that_no_table_gives_is_not_called_the_states(told: pd.DataFrame) -> None:
    assert told.loc[("guess", "population"), "estimate"] == pytest.approx(26.4)
    assert told.loc[("guess", ["population", "households"]), "method"].tolist() == [
        "estimated_size",
        "published",
    ]
    assert {"estimated_size", "published"} <= METHODS.keys()


def test_visitors_have_no_rates_and_their_connections_are_no_households(told: pd.DataFrame) -> None:
    assert told.loc[("camp", "population"), "estimate"] == 500
    assert told.loc[("camp", "population"), "method"] == "published"
    assert pd.isna(told.loc[("camp", "households"), "estimate"])
    assert told.loc[("camp", "households"), "method"] == "not_residents"
    assert told.loc[("camp", "uninsured"), "method"] == "not_residents"
    assert pd.isna(told.loc[("camp", "uninsured"), "estimate"])


@pytest.mark.parametrize("pwsid", ["lost", "wrong"])
def test_a_system_without_a_place_has_rows_that_say_so(pwsid: str, told: pd.DataFrame) -> None:
    ours = told.loc[pwsid]
    assert ours.index.tolist() == list(dict.fromkeys([*VARIABLES]))
    assert ours["estimate"].isna().all()
    assert ours["method"].eq("no_place").all()
    assert ours["footprint"].eq("none").all()


def test_a_drawn_polygon_gives_what_a_target_of_that_shape_gives() -> None:
    shape = box(0, 0, 3, 1)
    drawn = gpd.GeoSeries([shape], crs=CRS).to_crs("EPSG:4326").item()
    ours = people_within(people_map(), drawn, REGION)
    theirs = served(x=shape).loc["x"]
    assert tuple(ours.columns) == COLUMNS
    assert ours["variable"].tolist() == ["population_2020", *VARIABLES]
    for name in ("estimate", "moe", "coverage", "share_guesswork", "share_by_area"):
        assert ours.set_index("variable")[name].astype(float).to_dict() == pytest.approx(
            theirs[name].to_dict()
        )


@pytest.mark.parametrize(
    ("drawn", "error", "message"),
    [
        (None, GeometryError, "no polygon: draw an area"),
        (shapely.Point(-116, 33), GeometryError, "no polygon: draw an area"),
        (shapely.Polygon(), GeometryError, "no polygon: draw an area"),
        (shapely.box(500_000, 0, 500_001, 1), GeometryError, "not in degrees"),
        (shapely.box(-116, 33, -116, 34), GeometryError, "less than a square meter"),
        (
            shapely.from_wkt("POLYGON ((-116 33, -115 34, -115 33, -116 34.5, -116 33))"),
            GeometryError,
            "crosses itself \\(near .*\\): draw it again",
        ),
        # The halves of this one have the same area and turn in opposite ways: the sum is nothing.
        (
            shapely.from_wkt("POLYGON ((-116 33, -115 34, -115 33, -116 34, -116 33))"),
            GeometryError,
            "crosses itself \\(near .*\\): draw it again",
        ),
        (
            shapely.from_wkt("POLYGON ((-116 33, -115 34, -116 33))"),
            GeometryError,
            "less than a square meter",
        ),
        (shapely.box(10, 50, 11, 51), GeoError, "lies outside of Here: draw it where"),
    ],
)
def test_a_drawing_that_cannot_be_answered_is_refused(
    drawn: shapely.Geometry | None, error: type[GeoError], message: str
) -> None:
    with pytest.raises(error, match=message):
        people_within(people_map(), drawn, REGION)


def test_tracts_that_differ_only_by_sampling_are_not_unlike() -> None:
    random = np.random.default_rng(3)
    squares = [shapely.box(x, y, x + 1, y + 1) for x in range(20) for y in range(20)]
    counts = pd.Series(random.normal(1000, 60 / Z_90, len(squares)))
    tracts = gpd.GeoDataFrame({"people": counts, "people_moe": 60.0}, geometry=squares, crs=CRS)
    assert measure_heterogeneity(tracts, pd.Series(1.0, tracts.index), ["people"])["people"] < 0.02


def test_without_neighbors_nothing_is_known_of_the_split() -> None:
    alone = gpd.GeoDataFrame({"people": [9.0], "people_moe": [3.0]}, geometry=[box(0, 0, 1, 1)], crs=CRS)
    assert np.isnan(measure_heterogeneity(alone, pd.Series([1.0]), ["people"])["people"])
