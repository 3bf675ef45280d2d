"""Tables that contradict each other are counted, and nothing else is."""

from __future__ import annotations

import pytest

from geo.datasets.findings import describe_of_one
from geo.pipelines.water_systems import transform
from geo.region import Region
from tests.unit.water.drawn_valley import Make

PARK = "CA3301717"


def found(make: Make, region: Region, newer: dict[str, object], older: dict[str, object]) -> set[str]:
    raw = make(
        safer_risk_assessment=[{"pwsid": PARK, "name": "PARK", **newer}],
        water_system_details=[{"pwsid": PARK, "name": "PARK", **older}],
    )
    return {finding.check for finding in transform(raw, region).findings}


@pytest.mark.parametrize(
    ("newer", "older", "check"),
    [
        ({"population": 100}, {"population": 74}, "people_contradict"),
        ({"connections": 10}, {"connections": 14}, "connections_contradict"),
        ({"federal_class": "COMMUNITY"}, {"federal_class": "NC"}, "classes_contradict"),
        ({"owner_type": "PRIVATE"}, {"owner_type": "L"}, "owners_contradict"),
        ({"name": "DELARA RANCH"}, {"name": "DELARA RENTALS"}, "names_differ"),
        ({"name": "SAN ANTONIO MHP"}, {"name": "SAINT ANTHONY TRAILER PARK"}, "identifiers_reused"),
        ({"county": "IMPERIAL"}, {"county": "RIVERSIDE"}, "county_contradicts"),
    ],
)
def test_a_contradiction_is_found(
    make: Make, region: Region, newer: dict[str, object], older: dict[str, object], check: str
) -> None:
    assert check in found(make, region, newer, older)


@pytest.mark.parametrize(
    ("newer", "older", "check"),
    [
        ({"population": 100}, {"population": 75}, "people_contradict"),
        ({"population": 100}, {"population": 0}, "people_contradict"),
        ({"population": 100}, {}, "people_contradict"),
        ({"federal_class": "COMMUNITY"}, {"federal_class": "C"}, "classes_contradict"),
        ({"name": "STONE CREEK WATER COMPANY"}, {"name": "Stone Creek Water Co."}, "names_differ"),
        ({"name": "DELARA RANCH"}, {"name": "DELARA RENTALS"}, "identifiers_reused"),
    ],
)
def test_what_agrees_is_not_counted(
    make: Make, region: Region, newer: dict[str, object], older: dict[str, object], check: str
) -> None:
    assert check not in found(make, region, newer, older)


def test_the_card_of_one_system_names_both_numbers_and_no_other_system(make: Make, region: Region) -> None:
    """A board reads of its own system alone: 79 or 113, not "19 of 158 numbers differ"."""
    raw = make(
        safer_risk_assessment=[{"pwsid": PARK, "name": "PARK", "connections": 79}],
        water_system_details=[{"pwsid": PARK, "name": "PARK", "connections": 113}],
    )
    told = [describe_of_one(item, PARK) for item in transform(raw, region).findings if PARK in item.ids]
    assert "State tables disagree: 79 or 113 connections" in told
    assert not [words for words in told if PARK in words]


def test_activity_contradicts_between_register_and_details(make: Make, region: Region) -> None:
    raw = make(
        water_system_boundaries=[
            {"pwsid": PARK, "name": "a", "activity_status": "I", "boundary_type": "Jurisdictional"}
        ],
        water_system_details=[{"pwsid": PARK, "name": "a", "status": "A"}],
    )
    checks = {finding.check: finding.ids for finding in transform(raw, region).findings}
    assert checks["activity_contradicts"] == (PARK,)
    assert checks["inactive_systems"] == (PARK,)


def test_old_violations_beside_another_status_are_told(make: Make, region: Region) -> None:
    listed = {"name": "a", "violation_id": "1", "analyte": "ARSENIC"}
    raw = make(
        safer_risk_assessment=[
            {"pwsid": PARK, "name": "a", "safer_status": "Failing"},
            {"pwsid": "CA3300001", "name": "a", "safer_status": "Not At-Risk"},
        ],
        water_quality_violations=[{"pwsid": PARK, **listed}, {"pwsid": "CA3300001", **listed}],
    )
    checks = {finding.check: finding.ids for finding in transform(raw, region).findings}
    assert checks["violations_older_than_status"] == ("CA3300001",)
