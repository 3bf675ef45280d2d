"""The study area of the real region: the valley's hardest tracts are those of the published index."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from geo.datasets.storage import read_shapes_of, read_table_of
from geo.region import read_region
from geo.tracts.indicators import indicator_named
from wording.profiles import systems_figure
from wording.tracts import indicator_table

pytestmark = [pytest.mark.real, pytest.mark.slow]


@pytest.fixture(scope="module")
def inside(coachella_built: str) -> set[str]:
    table = read_table_of(coachella_built, "study_area")
    return set(table.loc[table["inside"] & (table["tracts"] == "tracts_2010"), "geoid"])


def test_the_hardest_tracts_of_the_valley_are_those_of_the_published_index(
    inside: set[str], reference: Path
) -> None:
    published = pd.read_csv(reference / "census" / "ca_htc_index_2019_tracts.csv", dtype=str)
    geoid, index = published.columns[0], next(name for name in published if "htc" in name.lower())
    scores = pd.to_numeric(published.set_index(published[geoid].str.zfill(11))[index])
    ours = scores[scores.index.isin(inside)].sort_values(ascending=False)
    assert ours.iloc[:4].to_dict() == {
        "06065045303": 101,
        "06065044509": 98,
        "06065046102": 96,
        "06065045502": 95,
    }
    assert set(ours.index[ours == 90]) == {"06065045706", "06065044510"}
    assert set(ours.index[ours == 89]) == {"06065045604", "06065046200"}


def test_the_ten_hardest_of_the_valley_stand_with_their_ties_in_the_table(
    inside: set[str], coachella_built: str, mirror: Path
) -> None:
    """Straight from the State's own workbook, without our reading of it."""
    folder = mirror / "ca_htc_index_2019"
    published = pd.read_excel(next(folder.glob("*.xlsx")), dtype=str)
    scores = pd.to_numeric(published["CA HTC Index"]).set_axis(published["GEOID"].str.zfill(11))
    ten = scores[scores.index.isin(inside)].sort_values(ascending=False).head(10)
    assert ten.tolist() == [101, 98, 96, 95, 90, 90, 89, 89, 88, 88]
    tracts = read_shapes_of(coachella_built, "tracts_2010")
    ours = tracts[tracts["geoid"].isin(inside)]
    shown = indicator_table(ours, indicator_named("ca_htc_index")).head(10)
    assert shown["value"].tolist() == ten.tolist()
    assert set(shown["geoid"]) == set(ten.index)
    assert shown["rank"].tolist() == [1, 2, 3, 4, 5, 5, 7, 7, 9, 9]


def test_it_holds_the_valleys_and_nothing_beyond_the_county(inside: set[str], coachella_built: str) -> None:
    """El Centro, Calexico and Moreno Valley are not of it; Blythe, Mecca and Palm Springs are."""
    assert inside.isdisjoint({"06025011500", "06025012002", "06065042505"})
    assert {"06065046102", "06065045604", "06065044602"} <= inside
    assert {geoid[:5] for geoid in inside} == {"06065"}
    study = read_region(coachella_built).study_area
    assert study is not None
    assert len(study.school_districts) == 4


def test_a_tracts_card_names_every_system_that_is_known_to_lie_in_it(coachella_built: str) -> None:
    """An independent path: points by plain containment, outlines by what they share with the tract."""
    tract = read_shapes_of(coachella_built, "tracts_2010").set_index("geoid").loc[["06065045605"]]
    systems = read_shapes_of(coachella_built, "water_systems")
    points = systems[systems.geom_type == "Point"].within(tract.geometry.iloc[0])
    vague = ["point_shared", "point_shared_centroid", "point_outside_county"]
    doubtful = systems["location_quality"].isin(vague)
    known = int((points & ~doubtful).sum())
    outlined = systems[systems.geom_type.isin(["Polygon", "MultiPolygon"])].to_crs("EPSG:3310")
    shared = outlined.intersection(tract.to_crs("EPSG:3310").geometry.iloc[0]).area
    smaller = outlined.area.clip(upper=float(tract.to_crs("EPSG:3310").area.iloc[0]))
    reaching = int((shared > 0.01 * smaller).sum())
    figure = systems_figure(systems, tract.geometry.iloc[0], "EPSG:3310")
    assert int(figure.words) == known + reaching
    assert known >= 15
