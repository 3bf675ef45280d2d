"""Which tracts and systems a filter takes: held against squares drawn by hand, and against slow counting."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point, box

from geo.errors import SchemaError
from geo.tracts.filtering import Condition, meets, place_names, read_condition, read_list, tracts_of
from geo.tracts.indicators import indicator_named
from geo.water.filtering import has_status, systems_inside, with_miles

POVERTY = indicator_named("share_poverty")
SHARES = st.one_of(st.none(), st.integers(0, 20).map(lambda number: number / 20))


@given(st.lists(st.tuples(SHARES, SHARES), max_size=12), st.integers(1, 6), st.integers(0, 20))
def test_a_condition_takes_what_counting_one_by_one_takes(
    rows: list[tuple[float | None, float | None]], count: int, twentieths: int
) -> None:
    frame = pd.DataFrame(rows, columns=["share_poverty", "share_poverty_moe"], dtype=float)
    limit, values = twentieths / 20, [value for value, _moe in rows]
    known = [value for value in values if value is not None]
    higher = [value is not None and sum(other > value for other in known) < count for value in values]
    lower = [value is not None and sum(other < value for other in known) < count for value in values]
    assert meets(frame, POVERTY, Condition("highest", count)).tolist() == higher
    assert meets(frame, POVERTY, Condition("lowest", count)).tolist() == lower
    least = [value is not None and value >= limit for value in values]
    assert meets(frame, POVERTY, Condition("least", limit)).tolist() == least
    sure = meets(frame, POVERTY, Condition("least", limit, sure=True))
    for (value, moe), is_sure in zip(rows, sure, strict=True):
        gap = np.nan if value is None or moe is None else value - moe - limit
        if np.isnan(gap) or abs(gap) > 1e-9:
            assert is_sure == (gap > 0)


def test_nothing_is_sure_without_a_margin() -> None:
    frame = pd.DataFrame({"ca_htc_index": [90.0, 10.0], "index_scored": True})
    assert not meets(frame, indicator_named("ca_htc_index"), Condition("least", 1, sure=True)).any()


def test_an_index_that_was_not_scored_is_among_none() -> None:
    frame = pd.DataFrame({"ca_htc_index": [0.0, 10.0, 20.0], "index_scored": [False, True, True]})
    found = meets(frame, indicator_named("ca_htc_index"), Condition("lowest", 1))
    assert found.tolist() == [False, True, False]


@pytest.mark.parametrize("text", ["", "least", "least_x", "most_1e9", "highest_2.5", "lowest_3_sure", "a_1"])
def test_what_is_no_condition_is_none(text: str) -> None:
    assert read_condition(text) is None


@given(st.sampled_from(["least", "most"]), st.integers(-1000, 10**6), st.booleans())
def test_a_condition_comes_back_from_its_address(kind: str, thousandths: int, sure: bool) -> None:
    condition = Condition("least" if kind == "least" else "most", thousandths / 1000, sure)
    assert read_condition(condition.to_text()) == condition


def row_of_squares() -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Four squares side by side; 15 of the second one's people live at its left edge, none in the fourth."""
    squares = [box(-116 + 0.1 * place, 33, -115.9 + 0.1 * place, 33.1) for place in range(4)]
    tracts = gpd.GeoDataFrame({"geoid": list("1234")}, geometry=squares, crs=4326)
    homes = [Point(-115.95, 33.05), Point(-115.898, 33.05), Point(-115.81, 33.05), Point(-115.75, 33.05)]
    people = {"tract": ["1", "2", "2", "3"], "population": [100, 15, 85, 100]}
    return tracts, gpd.GeoDataFrame(people, geometry=homes, crs=4326)


@pytest.mark.parametrize(
    ("area", "expected"),
    [
        # A sliver of the second without people in it: not taken.
        (box(-116, 33, -115.899, 33.1), ["1"]),
        # A sliver in which 15 of its 100 people live.
        (box(-116, 33, -115.897, 33.1), ["1", "2"]),
        # A place within one tract, none of whose people's points is in it.
        (box(-115.99, 33.01, -115.98, 33.02), ["1"]),
        # Without people: by the inner point.
        (box(-115.68, 33.0, -115.5, 33.1), ["4"]),
        (box(-100, 30, -99, 31), []),
    ],
)
def test_a_tract_is_of_an_area_by_people_or_by_surface(area: shapely.Geometry, expected: list[str]) -> None:
    tracts, people = row_of_squares()
    assert tracts.loc[tracts_of(tracts, people, area, "EPSG:3310"), "geoid"].tolist() == expected


def test_a_tract_is_named_after_the_place_where_most_of_its_people_live() -> None:
    tracts, people = row_of_squares()
    places = gpd.GeoDataFrame(
        {"name": ["Left", "Right", None]},
        geometry=[box(-116, 33, -115.89, 33.1), box(-115.82, 33, -115.69, 33.04), box(-116, 33, -115, 34)],
        crs=4326,
    )
    named = place_names(tracts, people, places, "EPSG:3310")
    # Of the second, 15 people live in Left and none in Right, which has more of its surface than nothing.
    assert named.fillna("").tolist() == ["Left", "Left", "Right", "Right"]


def test_a_pasted_list_keeps_order_mends_zeros_and_tells_the_rest() -> None:
    geoids = ["06065045303", "06065044509", "06025010102", "06065046200"]
    assert read_list("1400000US06065045303, 6065044509.0", geoids).found == ("06065045303", "06065044509")
    with pytest.raises(SchemaError, match="501"):
        read_list("453.03 " * 501, geoids)
    listed = read_list("6065044509\nTract 453.03; 462\t101.02 06065045303 7 06065999999", geoids)
    assert listed.found == ("06065044509", "06065045303", "06065046200", "06025010102")
    assert listed.unknown == ("7", "06065999999")


def test_systems_are_told_by_status_distance_and_area() -> None:
    places = [Point(-116, 33.5), Point(-116.2, 33.5), box(-115.85, 33.4, -115.8, 33.5), None]
    systems = gpd.GeoDataFrame(
        {"pwsid": list("ABCD"), "safer_status": ["Failing", None, "At-Risk", "Failing"]},
        geometry=places,
        crs=4326,
    )
    town = box(-116.05, 33.4, -115.95, 33.6)
    miles = with_miles(systems, town, "EPSG:26911")["miles"]
    # A degree of longitude is 111.32 km times the cosine of the latitude: 0.15 and 0.1 of it, in miles.
    degree = 111.32 * np.cos(np.radians(33.5)) / 1.609344
    assert miles.iloc[0] == 0
    assert miles.iloc[1] == pytest.approx(0.15 * degree, rel=0.01)
    assert miles.iloc[2] == pytest.approx(0.10 * degree, rel=0.01)
    assert np.isnan(miles.iloc[3])
    assert has_status(systems, ["failing", "no_status"]).tolist() == [True, True, False, True]
    assert systems_inside(systems, town, "EPSG:3310").tolist() == [True, False, False, False]
