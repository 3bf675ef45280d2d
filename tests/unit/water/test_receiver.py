"""The receiving district's boundaries: every one is offered, none is chosen."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pytest

from geo.pipelines.receiver_boundaries import Boundaries, transform, validate
from geo.region import Region
from tests.unit.water.drawn_valley import Make, lonlat, square

SOUTH, NORTH = "CA3310001", "CA3310048"


def districts(**shapes: object) -> gpd.GeoDataFrame:
    names = [name.replace("_", " ") for name in shapes]
    placed = [lonlat(shape) for shape in shapes.values()]
    return gpd.GeoDataFrame({"name": names}, geometry=placed, crs="EPSG:4326")


@pytest.fixture
def raw(make: Make) -> Boundaries:
    rows = [
        {"pwsid": SOUTH, "name": "COVE", "boundary_type": "Jurisdictional", "shape": square(0, 0, 3_000)},
        {"pwsid": SOUTH, "name": "COVE", "boundary_type": "Water Service Area", "shape": square(0, 0)},
        {"pwsid": NORTH, "name": "ID 8", "shape": square(5, 0, 500)},
        {"pwsid": "CA3310020", "name": "INDIO", "shape": square(8, 0)},
    ]
    systems = make(water_system_boundaries=rows).boundaries
    others = districts(**{"COACHELLA_VALLEY_W.D.": square(0, 0, 5_000), "DESERT_WATER_AGENCY": square(9, 9)})
    return Boundaries(systems, others, {"water_system_boundaries": "2019-12"})


def test_every_boundary_is_offered_the_largest_first(raw: Boundaries, region: Region) -> None:
    both = replace(region, receiver_pwsids=(SOUTH, NORTH))
    product = transform(raw, both)
    validate(product.frame)
    assert product.frame["boundary_id"].tolist() == ["district", "service_areas", SOUTH, f"{SOUTH}_2", NORTH]
    assert product.frame["area_km2"].tolist() == pytest.approx([25, 9.25, 9, 1, 0.25], rel=1e-4)
    told = next(finding for finding in product.findings if finding.check == "receiver_boundaries_differ")
    assert (told.count, told.values["smallest_km2"], told.values["largest_km2"]) == (5, 0, 25)


def test_without_districts_the_systems_are_still_offered(raw: Boundaries, region: Region) -> None:
    frame = transform(raw._replace(districts=None), region).frame
    assert frame["boundary_id"].tolist() == [SOUTH, f"{SOUTH}_2"]


def test_a_region_without_a_receiver_has_no_boundary_to_choose(raw: Boundaries, region: Region) -> None:
    none = replace(region, receiver=None, receiver_name=None, receiver_pwsids=())
    frame = transform(raw, none).frame
    validate(frame)
    assert frame.empty
