"""Where a system is, and how far that can be trusted."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from shapely import Geometry, Point

from geo.errors import CRSError
from geo.pipelines.water_systems import transform
from geo.region import Region
from geo.water.service_areas import measure_boundaries
from tests.unit.water.drawn_valley import METRIC, X0, Y0, Make, lonlat, square

PARK = "CA3301717"
CENTROID = {"latitude": 33.40285, "longitude": -116.04143}


def mercator_m2(shape: Geometry) -> float:
    """Area as the publisher would state it: in Web Mercator."""
    return float(gpd.GeoSeries([shape], crs=METRIC).to_crs("EPSG:3857").area.item())


def quality_of(make: Make, region: Region, **tables: list[dict[str, object]]) -> str:
    frame = transform(make(**tables), region).frame.set_index("pwsid")
    return str(frame.loc[PARK, "location_quality"])


@pytest.mark.parametrize(
    ("shape", "published", "quality"),
    [
        (square(0, 0), 1.0, "polygon"),
        (square(0, 0), None, "polygon"),
        (square(0, 0), 1.26, "polygon_too_coarse"),
        (square(0, 0), 1.24, "polygon"),
        (square(0, 0), 0.7, "polygon_too_wide"),
        (Point(X0, Y0).buffer(40, quad_segs=12), 1.0, "polygon_circle"),
        (square(90, 0), 1.0, "polygon_outside_county"),
    ],
)
def test_a_polygon_is_held_against_the_publishers_own_area(
    make: Make, region: Region, shape: Geometry, published: float | None, quality: str
) -> None:
    area = None if published is None else mercator_m2(shape) * published
    row = {"pwsid": PARK, "name": "a", "shape": shape, "published_area_web_mercator_m2": area}
    assert quality_of(make, region, water_system_boundaries=[row]) == quality


def test_published_area_is_web_mercator_which_is_true_area_over_cos2_of_latitude(
    make: Make, region: Region
) -> None:
    shape = square(0, 0)
    row = {"pwsid": PARK, "name": "a", "shape": shape, "published_area_web_mercator_m2": mercator_m2(shape)}
    measured = measure_boundaries(make(water_system_boundaries=[row]).boundaries, region).iloc[0]
    latitude = lonlat(shape).centroid.y
    assert measured["boundary_area_km2"] == pytest.approx(1.0)
    assert measured["published_area_km2"] == pytest.approx(1.0)
    by_hand = mercator_m2(shape) / 1e6 * np.cos(np.radians(latitude)) ** 2
    assert measured["published_area_km2"] == pytest.approx(by_hand, rel=0.005)


def test_boundaries_in_another_system_are_refused(make: Make, region: Region) -> None:
    boundaries = make(water_system_boundaries=[{"pwsid": PARK}]).boundaries.to_crs(METRIC)
    with pytest.raises(CRSError, match="not EPSG:4326"):
        measure_boundaries(boundaries, region)


def test_a_polygon_comes_before_the_assessments_point_and_that_before_a_geocode(
    make: Make, region: Region
) -> None:
    here = {"pwsid": PARK, "name": "a", "latitude": 33.5, "longitude": -116.1}
    polygon, point = {"pwsid": PARK, "name": "a"}, [here]
    street = {"state_small_water_systems": point}
    both = {**street, "safer_risk_assessment": point}
    assert quality_of(make, region, **street) == "point_street"
    assert quality_of(make, region, **both) == "point_published"
    assert quality_of(make, region, **both, water_system_boundaries=[polygon]) == "polygon"


@pytest.mark.parametrize(
    ("match", "quality"), [("UpHierarchy", "point_shared_centroid"), ("Good", "point_shared")]
)
def test_several_on_one_point_are_marked(make: Make, region: Region, match: str, quality: str) -> None:
    # 33.5 north, within the drawn county.
    rows = [
        {"pwsid": pwsid, "name": "a", "latitude": 33.5, "longitude": -116.1, "geocode_match": match}
        for pwsid in (PARK, "CA3301718")
    ]
    assert quality_of(make, region, state_small_water_systems=rows) == quality


def test_a_point_in_another_county_is_marked_and_kept(make: Make, region: Region) -> None:
    humboldt = {"pwsid": PARK, "name": "a", "latitude": 40.0320, "longitude": -124.0761}
    frame = transform(make(state_small_water_systems=[humboldt]), region).frame
    assert frame["location_quality"].item() == "point_outside_county"
    assert frame.geometry.item().y == pytest.approx(40.0320)


def test_no_place_is_said_and_has_no_geometry(make: Make, region: Region) -> None:
    frame = transform(make(water_system_details=[{"pwsid": PARK, "name": "a"}]), region).frame
    assert frame["location_quality"].item() == "none"
    assert frame.geometry.isna().item()


def test_of_two_boundaries_the_service_area_is_taken(make: Make, region: Region) -> None:
    rows = [
        {"pwsid": PARK, "name": "a", "boundary_type": "Jurisdictional", "shape": square(0, 0, 3_000)},
        {"pwsid": PARK, "name": "a", "boundary_type": "Water Service Area", "shape": square(0, 0)},
    ]
    product = transform(make(water_system_boundaries=rows), region)
    assert product.frame["boundary_area_km2"].item() == pytest.approx(1.0)
    assert [f.ids for f in product.findings if f.check == "several_boundaries"] == [(PARK,)]


def test_an_invalid_shape_is_repaired_and_told(make: Make, region: Region) -> None:
    from shapely import Polygon

    bow = Polygon([(X0, Y0), (X0 + 2e3, Y0 + 2e3), (X0 + 2e3, Y0), (X0, Y0 + 2e3)])
    product = transform(make(water_system_boundaries=[{"pwsid": PARK, "name": "a", "shape": bow}]), region)
    assert product.frame.geometry.is_valid.all()
    assert [f.count for f in product.findings if f.check == "repaired_shapes"] == [1]
