"""The overlap of tracts and systems on squares that can be drawn by hand."""

from __future__ import annotations

import geopandas as gpd
import pytest
from shapely import Geometry

from geo.errors import CRSError
from geo.pipelines.tract_system_join import Layers, transform, validate
from geo.region import Region
from geo.water.service_areas import overlap_pairs, reaches_in
from tests.unit.water.drawn_valley import METRIC, lonlat, square


def layer(key: str, shapes: dict[str, Geometry | None]) -> gpd.GeoDataFrame:
    placed = gpd.GeoSeries([shape and lonlat(shape) for shape in shapes.values()], crs="EPSG:4326")
    names = {key: list(shapes), "location_quality": "polygon"}
    return gpd.GeoDataFrame(names, geometry=placed, crs="EPSG:4326")


@pytest.fixture
def tracts() -> gpd.GeoDataFrame:
    """Four squares of a kilometer around a corner."""
    corners = {"a": (0, 0), "b": (0, 1), "c": (1, 0), "d": (1, 1)}
    return layer("geoid", {name: square(*place) for name, place in corners.items()})


def test_a_system_in_the_middle_is_shared_by_quarters(tracts: gpd.GeoDataFrame, region: Region) -> None:
    systems = layer("pwsid", {"CA1": square(0.5, 0.5)})
    frame = transform(Layers(tracts, systems), region).frame
    validate(frame)
    assert frame["geoid"].tolist() == ["a", "b", "c", "d"]
    assert frame["area_m2"].tolist() == pytest.approx([250_000] * 4)
    assert frame["share_of_tract"].tolist() == pytest.approx([0.25] * 4)
    assert frame["share_of_system"].tolist() == pytest.approx([0.25] * 4)


def test_overlapping_systems_sum_above_the_tract_and_the_ledger_says_so(
    tracts: gpd.GeoDataFrame, region: Region
) -> None:
    systems = layer("pwsid", {"CA1": square(0, 0, 2_000), "CA2": square(0, 0), "CA3": None})
    product = transform(Layers(tracts, systems), region)
    assert product.frame.groupby("geoid")["share_of_tract"].sum()["a"] == pytest.approx(2.0)
    line = product.ledgers[0].lines.loc["tract_area_m2"]
    assert line["in"] == pytest.approx(4e6)
    assert line["out"] == pytest.approx(5e6)
    assert line["counted_more_than_once"] == pytest.approx(1e6)
    assert line["units_repeated"] == ["a"]
    assert product.ledgers[0].lines.loc["system_area_m2", "missing"] == 1
    assert {"tracts_oversubscribed", "systems_without_tract"} <= {f.check for f in product.findings}


def test_what_lies_outside_every_tract_is_lost_by_name(tracts: gpd.GeoDataFrame, region: Region) -> None:
    systems = layer("pwsid", {"CA1": square(1.5, 0)})
    ledger = transform(Layers(tracts, systems), region).ledgers[0]
    line = ledger.lines.loc["system_area_m2"]
    assert (line["in"], line["out"], line["lost"]) == pytest.approx((1e6, 5e5, 5e5))
    assert line["units_lost"] == ["CA1"]
    assert ledger.imbalance().abs().max() == pytest.approx(0, abs=1e-6)


def test_a_thin_overlap_is_marked_and_kept(tracts: gpd.GeoDataFrame, region: Region) -> None:
    # The system reaches 4 m into tract c: 0.4 % of both.
    systems = layer("pwsid", {"CA1": square(0.004, 0)})
    frame = transform(Layers(tracts, systems), region).frame.set_index("geoid")
    assert frame["is_sliver"].to_dict() == {"a": False, "c": True}


def test_a_small_system_is_no_sliver(tracts: gpd.GeoDataFrame, region: Region) -> None:
    systems = layer("pwsid", {"CA1": square(0.5, 0.5, 30)})
    assert not transform(Layers(tracts, systems), region).frame["is_sliver"].any()


def test_less_than_a_square_meter_is_left_out_and_counted(tracts: gpd.GeoDataFrame, region: Region) -> None:
    systems = layer("pwsid", {"CA1": square(1.5, 0.5, 0.5)})
    product = transform(Layers(tracts, systems), region)
    assert product.frame.empty
    assert [f.count for f in product.findings if f.check == "overlaps_rounding"] == [1]


def test_a_point_lies_in_its_tract_without_an_area_and_says_whether_it_can_be_trusted(
    tracts: gpd.GeoDataFrame, region: Region
) -> None:
    places = {"CA1": square(0, 0).centroid, "CA2": square(1, 0).centroid, "CA3": square(5, 5).centroid}
    systems = layer("pwsid", places | {"CA4": None})
    systems["location_quality"] = ["point_street", "point_shared_centroid", "point_published", "none"]
    product = transform(Layers(tracts, systems), region)
    validate(product.frame)
    told = product.frame.set_index("pwsid")
    assert told["geoid"].to_dict() == {"CA1": "a", "CA2": "c"}
    assert told["known_by"].to_dict() == {"CA1": "point", "CA2": "doubtful_point"}
    assert told[["area_m2", "share_of_tract"]].isna().all(axis=None)
    assert reaches_in(told).to_dict() == {"CA1": True, "CA2": False}
    found = {finding.check: finding.ids for finding in product.findings}
    assert sorted(found["systems_without_tract"]) == ["CA3", "CA4"]
    assert list(found["systems_doubtful_tract"]) == ["CA2"]


def test_another_system_of_coordinates_is_refused(tracts: gpd.GeoDataFrame) -> None:
    systems = layer("pwsid", {"CA1": square(0, 0)})
    with pytest.raises(CRSError, match="use to_crs"):
        overlap_pairs(tracts, systems.to_crs(METRIC), METRIC)
