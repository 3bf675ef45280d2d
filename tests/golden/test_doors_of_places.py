"""A place's doors in a canvass's target: its own by the count of 2020, and what block groups lack of them."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from geo.canvass.target import doors_of_places, to_units
from geo.datasets.storage import read_shapes_of, read_table_of
from geo.region import read_region
from wording.canvass import place_doors_words

pytestmark = [pytest.mark.real, pytest.mark.slow]


@pytest.fixture(scope="module")
def units(coachella_built: str) -> gpd.GeoDataFrame:
    groups, tracts = (read_shapes_of(coachella_built, name) for name in ("block_groups", "tracts_2020"))
    return to_units(groups, tracts, read_region(coachella_built).area_crs)


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


def test_mecca_and_north_shore_say_what_they_lack(told: pd.DataFrame, units: gpd.GeoDataFrame) -> None:
    """2,883 doors of their own; nothing stood for North Shore, and nobody was told."""
    two = told[told["name"].isin(["Mecca", "North Shore"])].set_index("name")
    assert two["doors"].sum() == 2_883
    assert two.loc["North Shore", "held"] == 0
    assert two.loc["Mecca", ["held", "beside"]].sum() == 1_249, "what its target gave, without a word"
    words = " ".join(place_doors_words(two.reset_index(), "block_groups"))
    assert "North Shore: none of its 882 doors (2020 count)" in words
    assert "of its 2,001 doors" in words


def test_what_comes_along_is_the_rest_of_the_units(
    told: pd.DataFrame, units: gpd.GeoDataFrame, coachella_built: str
) -> None:
    """The doors of the block groups that stand for a place are its own in them and those beside."""
    places = read_shapes_of(coachella_built, "places").set_index("geoid").to_crs(units.crs)
    points = units.representative_point()
    for geoid, row in told.iterrows():
        whole = units.loc[points.within(places.geometry[geoid]), "doors"].sum()
        assert abs(row["held"] + row["beside"] - whole) <= 1, row["name"]
