"""One row a system: which table is believed, what is estimated, and what stays unknown."""

from __future__ import annotations

import pandas as pd
import pytest

from geo.pipelines.water_systems import COLUMNS, transform, validate
from geo.region import Region
from geo.water.state_tables import SystemTables, cut_to_region, gather_claims, take_first
from geo.water.systems import to_roles
from tests.unit.water.drawn_valley import Make, square

PARK = "CA3301717"


def only(raw: SystemTables, region: Region) -> pd.Series:
    frame = transform(raw, region).frame
    assert len(frame) == 1
    return frame.iloc[0]


def boundary(pwsid: str = PARK, **fields: object) -> dict[str, object]:
    return {"pwsid": pwsid, "name": "VALLEY VIEW", "boundary_type": "Water Service Area", **fields}


def test_each_identifier_of_any_table_stands_once(make: Make, region: Region) -> None:
    raw = make(
        water_system_boundaries=[boundary("CA3300001")],
        water_system_details=[{"pwsid": "CA3300002", "name": "b"}, {"pwsid": "CA3300002", "name": "b"}],
        state_small_water_systems=[{"pwsid": "CA3300003", "name": "c"}],
        safer_risk_assessment=[{"pwsid": "CA3300004", "name": "d"}, {"pwsid": "CA3300001", "name": "a"}],
        water_quality_violations=[{"pwsid": "CA3300005", "name": "e", "violation_id": "1", "analyte": "x"}],
    )
    frame = transform(raw, region).frame
    assert frame["pwsid"].tolist() == [f"CA330000{n}" for n in range(1, 6)]
    assert list(frame.columns) == list(COLUMNS)
    validate(frame)


def test_systems_of_other_counties_are_left_out(make: Make, region: Region) -> None:
    raw = make(water_system_details=[{"pwsid": PARK, "name": "a"}, {"pwsid": "CA3600001", "name": "b"}])
    assert transform(raw, region).frame["pwsid"].tolist() == [PARK]


def test_the_newest_table_that_knows_is_believed(make: Make, region: Region) -> None:
    raw = make(
        safer_risk_assessment=[{"pwsid": PARK, "name": "NEW", "connections": 40}],
        water_system_boundaries=[boundary(population=200, connections=41, city="THERMAL")],
        water_system_details=[{"pwsid": PARK, "name": "OLD", "population": 100, "owner_type": "P"}],
    )
    row = only(raw, region)
    assert (row["name"], row["other_names"]) == ("NEW", "VALLEY VIEW; OLD")
    assert (row["connections"], row["connections_source"]) == (40, "safer_risk_assessment")
    assert (row["population"], row["population_source"]) == (200, "water_system_boundaries")
    assert (row["owner_type"], row["community"]) == ("private", "Thermal")


def test_a_boundary_row_without_the_registers_fields_is_older_than_the_details(make: Make) -> None:
    raw = make(
        water_system_boundaries=[boundary(boundary_type=None, population=314)],
        water_system_details=[{"pwsid": PARK, "population": 100}],
    )
    assert take_first(gather_claims(raw), "population").loc[PARK, "population"] == 100


@pytest.mark.parametrize(
    ("state_class", "federal_class", "expected"),
    [
        ("COMMUNITY", "NON-PUBLIC", "community"),
        ("STATE SMALL WATER SYSTEM", "NON-PUBLIC", "state_small"),
        (None, "NTNC", "non_transient"),
        ("NC", "NC", "transient"),
        ("LSS", "NP", "non_public"),
        (None, None, "unknown"),
    ],
)
def test_classes_are_read_in_both_spellings(
    make: Make, region: Region, state_class: str | None, federal_class: str | None, expected: str
) -> None:
    raw = make(water_system_boundaries=[boundary(state_class=state_class, federal_class=federal_class)])
    assert only(raw, region)["system_class"] == expected


def test_no_people_where_there_are_connections_means_unknown(make: Make, region: Region) -> None:
    raw = make(state_small_water_systems=[{"pwsid": PARK, "name": "a", "population": 0, "connections": 10}])
    row = only(raw, region)
    assert row["population_estimated"]
    assert row["population"] == pytest.approx(33.0)
    assert row["population_source"] == "state_small_water_systems"


def test_a_published_number_is_never_replaced_by_an_estimate(make: Make, region: Region) -> None:
    raw = make(
        safer_risk_assessment=[{"pwsid": PARK, "name": "a", "population": 0, "connections": 10}],
        water_system_details=[{"pwsid": PARK, "population": 24, "connections": 8}],
    )
    row = only(raw, region)
    assert (row["population"], row["population_estimated"]) == (24, False)


def test_a_wholesaler_serves_nobody_itself(make: Make, region: Region) -> None:
    details = {"pwsid": PARK, "name": "a", "population": 0, "connections": 9}
    raw = make(water_system_details=[{**details, "area_type": "O - WHOLESALER (SELLS WATER)"}])
    row = only(raw, region)
    assert (row["population"], row["population_estimated"]) == (0, False)


def test_neither_people_nor_connections_stay_missing(make: Make, region: Region) -> None:
    row = only(make(water_system_details=[{"pwsid": PARK, "name": "a"}]), region)
    assert pd.isna(row["population"])
    assert pd.isna(row["connections"])
    assert pd.isna(row["role"])
    assert not row["population_estimated"]


def test_not_assessed_is_not_the_same_as_not_in_the_assessment(make: Make, region: Region) -> None:
    raw = make(
        safer_risk_assessment=[{"pwsid": "CA3300001", "name": "a", "safer_status": "Not Assessed"}],
        water_system_details=[{"pwsid": "CA3300002", "name": "b"}],
    )
    frame = transform(raw, region).frame
    assert frame["safer_status"].tolist()[0] == "Not Assessed"
    assert frame["safer_status"].isna().tolist() == [False, True]
    assert frame["safer_vintage"].isna().tolist() == [False, True]


def test_violations_are_counted_once_and_dated_and_missing_where_not_listed(
    make: Make, region: Region
) -> None:
    listed = {"pwsid": PARK, "name": "a", "violation_id": "1", "analyte": "ARSENIC", "ends": "2018-12-31"}
    raw = make(
        water_quality_violations=[
            listed,
            {**listed, "enforcement": "again"},
            {**listed, "violation_id": "2"},
        ],
        water_system_details=[{"pwsid": "CA3300002", "name": "b"}],
    )
    frame = transform(raw, region).frame.set_index("pwsid")
    assert frame.loc[PARK, "violations_count"] == 2
    assert frame.loc[PARK, "violations_last_on"] == pd.Timestamp("2018-12-31")
    assert frame.loc[PARK, "violations_vintage"] == "2025"
    assert pd.isna(frame.loc["CA3300002", "violations_count"])


@pytest.mark.parametrize(
    ("status", "connections", "expected"),
    [
        ("Failing", 1_000, "joining"),
        ("Failing", 1_001, "receiving"),
        ("At-Risk", 500, "joining"),
        ("At-Risk", 501, "receiving"),
        ("Potentially At-Risk", 501, "receiving"),
        ("Not Assessed", 501, "receiving"),
        (None, 501, "receiving"),
        (None, 500, "none"),
        ("Not At-Risk", 10, "none"),
    ],
)
def test_roles_follow_the_states_rule_to_the_last_connection(
    status: str | None, connections: int, expected: str
) -> None:
    roles = to_roles(pd.Series([status], dtype="string"), pd.Series([connections], dtype="Float64"))
    assert roles.item() == expected


def test_a_role_needs_the_number_of_connections() -> None:
    roles = to_roles(pd.Series(["Failing"], dtype="string"), pd.Series([pd.NA], dtype="Float64"))
    assert roles.isna().item()


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"owner_type": "P", "connections": 13}, False),
        ({"owner_type": "P", "connections": 49}, False),
        ({"owner_type": "P"}, False),
        ({"owner_type": "P", "connections": 199}, False),
        ({"owner_type": "P", "connections": 200}, True),
        ({"owner_type": "P", "connections": 200, "state_class": "SSWS"}, False),
        ({"owner_type": "L", "connections": 2}, True),
        ({"owner_type": "S", "connections": 2}, True),
        ({"connections": 2}, False),
    ],
)
def test_a_name_that_may_be_a_familys_is_withheld(
    make: Make, region: Region, fields: dict[str, object], shown: bool
) -> None:
    row = only(make(water_system_details=[{"pwsid": PARK, "name": "AIDA AGUIRRE", **fields}]), region)
    assert ("AIDA" in row["public_name"]) is shown
    assert shown or PARK in row["public_name"]
    assert row["name"] == "AIDA AGUIRRE"


def test_tables_are_cut_to_the_region_before_anything_is_counted(make: Make, region: Region) -> None:
    raw = make(state_small_water_systems=[{"pwsid": "CA3600001", "name": "x"}, {"pwsid": PARK, "name": "y"}])
    assert len(cut_to_region(raw, region).tables["state_small_water_systems"]) == 1


def test_every_fault_of_a_table_is_told_at_once(make: Make, region: Region) -> None:
    from geo.errors import SchemaError

    frame = transform(make(water_system_boundaries=[boundary(shape=square(0, 0))]), region).frame
    broken = frame.assign(name=pd.NA, system_class="village", location_quality="none", role="giving")
    with pytest.raises(SchemaError) as caught:
        validate(broken)
    for words in ("no name", "unknown class", "unknown role", "a place and no quality of it", PARK):
        assert words in str(caught.value)
