"""A place's doors in a canvass's target: its own by the count of 2020, and what block groups lack of them."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from geo.canvass.place_doors import doors_of_places, lie_in, with_places
from geo.canvass.target import to_units
from geo.datasets.storage import read_shapes_of, read_table_of
from geo.region import read_region
from wording.canvass import place_doors_words

pytestmark = [pytest.mark.real, pytest.mark.slow]


@pytest.fixture(scope="module")
def units(coachella_built: str) -> gpd.GeoDataFrame:
    groups, tracts, counted = (
        read_shapes_of(coachella_built, name) for name in ("block_groups", "tracts_2020", "counted_areas")
    )
    return to_units(with_places(groups, counted), tracts, read_region(coachella_built).area_crs)


@pytest.fixture(scope="module")
def told(coachella_built: str, units: gpd.GeoDataFrame) -> pd.DataFrame:
    places = read_shapes_of(coachella_built, "places").set_index("geoid")
    return doors_of_places(places, units, read_table_of(coachella_built, "counted_areas"))


def test_every_place_has_the_doors_that_were_counted_in_it(told: pd.DataFrame, reference: Path) -> None:
    counts = pd.read_csv(
        reference / "census" / "places2020_06065_counts_from_blocks.csv", dtype={"place_geoid": str}
    ).set_index("place_geoid")["HU20"]
    assert told["doors"].to_dict() == counts.loc[told.index].to_dict()
    assert len(told) >= 70
    assert (told["held"] + told["lacking"] == told["doors"]).all()


def test_the_units_of_every_place_are_its_doors_and_no_others(told: pd.DataFrame) -> None:
    assert told["lacking"].eq(0).all()
    assert told["beside"].eq(0).all()
    assert place_doors_words(told, "block_groups") == []


NAMED = {
    "Oasis": 1_077,
    "Thermal": 719,
    "Mecca": 2_001,
    "North Shore": 882,
    "Blythe": 5_246,
    "Ripley": 270,
    "Mesa Verde": 313,
    "Desert Center": 175,
}
"""Housing units of 2020 in each, as published by block and added up by hand."""


def test_a_target_by_name_has_the_published_doors_and_households(
    coachella_built: str, units: gpd.GeoDataFrame, reference: Path
) -> None:
    """Mecca with North Shore gave 1,249 of 2,883 doors; Ripley, Mesa Verde and Desert Center none."""
    places = read_shapes_of(coachella_built, "places").set_index("geoid")
    counts = pd.read_csv(
        reference / "census" / "places2020_06065_counts_from_blocks.csv", dtype={"place_geoid": str}
    ).set_index("place_geoid")
    for name, doors in NAMED.items():
        place = places[places["name"].eq(name)]
        ours = units[lie_in(units, place)]
        assert ours["doors"].sum() == doors == counts.loc[place.index, "HU20"].sum(), name
        assert ours["households"].sum() == counts.loc[place.index, "HU20_OCCUPIED"].sum(), name
    two = places[places["name"].isin(["Mecca", "North Shore"])]
    assert units.loc[lie_in(units, two), "doors"].sum() == 2_883


def test_divided_units_are_all_doors_of_their_block_groups_once(
    coachella_built: str, units: gpd.GeoDataFrame
) -> None:
    groups = read_shapes_of(coachella_built, "block_groups").set_index("geoid")
    assert units.index.is_unique
    sums = units["doors"].groupby(units.index.str[:12]).sum(min_count=1)
    assert set(sums.index) == set(groups.index)
    known = groups["housing_units"].dropna()
    assert (sums.loc[known.index] == known).all()


def test_whole_block_groups_say_what_they_lack(coachella_built: str) -> None:
    """What is told where units cannot be divided: 882 doors of North Shore stand in none of its own."""
    places = read_shapes_of(coachella_built, "places").set_index("geoid")
    groups, tracts = (read_shapes_of(coachella_built, name) for name in ("block_groups", "tracts_2020"))
    whole = to_units(groups, tracts, read_region(coachella_built).area_crs)
    told = doors_of_places(places, whole, read_table_of(coachella_built, "counted_areas"))
    two = told[told["name"].isin(["Mecca", "North Shore"])].set_index("name")
    assert two["doors"].sum() == 2_883
    assert two.loc["Mecca", ["held", "beside"]].sum() == 1_249
    words = " ".join(place_doors_words(two.reset_index(), "block_groups"))
    assert "North Shore: none of its 882 doors (2020 count)" in words
    assert "of its 2,001 doors" in words
    points = whole.representative_point()
    shapes = places.to_crs(read_region(coachella_built).area_crs)["geometry"]
    for geoid, row in told.iterrows():
        inside = points.within(shapes.loc[str(geoid)])
        standing = whole["doors"][inside].sum()
        assert abs(row["held"] + row["beside"] - standing) <= 1, row["name"]
