"""Who is next: a stage, the State's table or a news item decides, and each by what it means."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from geo.datasets.storage import read_shapes_of, read_table_of
from geo.region import read_region
from geo.water.need import need_parts
from geo.water.other_receivers import other_receivers
from geo.water.receiver import in_scope, miles_to, receiver_boundaries, receiver_boundary
from store.water.kinds import STAGE_TITLES, Service, Stage
from store.water.next_in_line import LEFT_OUT, LISTING_TITLES, Listing, who_is_next

A, B = "CA9000001", "CA9000002"
PINYON_PINES, ALPINE_VILLAGE, AMEZCUA_GARCIA = "CA3301512", "CA3301491", "CA3301990"


def listing_of(stage: str, service: Service = Service.WATER, **told: object) -> str:
    """Where one well-known system stands."""
    table = pd.DataFrame({f"{service}_stage": [stage], "is_receiver": [False]}, index=[A])
    parts = pd.DataFrame({"safer": [1.0]}, index=[A])
    found = who_is_next(table, parts, {"safer": 1}, service=service, **told)  # type: ignore[arg-type]
    return str(found.loc[A, "listing"])


@pytest.mark.parametrize(
    ("stage", "wanted"),
    [
        (Stage.NOT_RECORDED, Listing.NEXT),
        (Stage.NOT_STARTED, Listing.NEXT),
        (Stage.FEASIBILITY, Listing.NEXT),
        (Stage.PLANNING, Listing.NEXT),
        (Stage.DESIGN, Listing.UNDER_WAY),
        (Stage.FUNDED, Listing.UNDER_WAY),
        (Stage.UNDER_CONSTRUCTION, Listing.UNDER_WAY),
        (Stage.CONNECTED, Listing.CONNECTED),
        (Stage.ALREADY_SERVED, Listing.CONNECTED),
        (Stage.NOT_FEASIBLE, Listing.NOT_FEASIBLE),
    ],
)
def test_a_stage_is_taken_by_its_meaning(stage: Stage, wanted: Listing) -> None:
    assert listing_of(str(stage)) == wanted
    assert set(STAGE_TITLES) == set(Stage), "a new stage needs a line here"


def test_another_districts_comes_back_by_a_recorded_stage_or_a_news_item() -> None:
    elsewhere = {A: "DESERT WATER AGENCY"}
    assert listing_of("not_recorded", elsewhere=elsewhere) == Listing.ELSEWHERE
    assert listing_of("feasibility", elsewhere=elsewhere) == Listing.NEXT
    assert listing_of("not_recorded", elsewhere=elsewhere, reported=(A,)) == Listing.NEXT
    assert listing_of("connected", elsewhere=elsewhere, reported=(A,)) == Listing.CONNECTED


def test_the_states_table_is_of_drinking_water_and_says_nothing_of_sewers() -> None:
    found = listing_of("not_recorded", Service.WASTEWATER, elsewhere={A: "DESERT WATER AGENCY"})
    assert found == Listing.NOT_RANKED
    assert listing_of("connected", Service.WASTEWATER) == Listing.CONNECTED


def test_the_receiving_district_does_not_wait_for_itself() -> None:
    table = pd.DataFrame({"water_stage": ["not_recorded"] * 2, "is_receiver": [True, False]}, index=[A, B])
    parts = pd.DataFrame({"safer": [1.0, 0.0]}, index=[A, B])
    found = who_is_next(table, parts, {"safer": 1})
    assert found["listing"].tolist() == [Listing.RECEIVER, Listing.NEXT]
    assert found["rank"].tolist() == [pd.NA, 1]


def test_the_reason_names_the_other_district_and_what_is_to_be_learned() -> None:
    table = pd.DataFrame({"water_stage": ["not_recorded"] * 2, "is_receiver": [False] * 2}, index=[A, B])
    parts = pd.DataFrame({"safer": [1.0, None], "people": [0.5, 0.5]}, index=[A, B])
    found = who_is_next(table, parts, {"safer": 3, "people": 1}, elsewhere={A: "DESERT WATER AGENCY"})
    assert found["why_not_next"].tolist() == ["another district's: DESERT WATER AGENCY", "too little known"]
    assert found["to_learn"].tolist() == ["", "SAFER status"]
    assert set(LISTING_TITLES) == set(Listing)
    assert Listing.NEXT not in LEFT_OUT


def test_a_row_that_is_of_another_place_or_number_says_nothing() -> None:
    row = {"matched_pwsid": A, "receiving_name": "FAR", "is_region_receiver": False}
    for fault in ("is_misplaced", "was_renamed"):
        flags = {"is_misplaced": False, "was_renamed": False, fault: True}
        assert other_receivers(pd.DataFrame([row | flags])).empty


@pytest.fixture(scope="module")
def valley(coachella_built: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The systems near the district with nothing recorded, and their parts of need."""
    region, systems = read_region(coachella_built), read_shapes_of(coachella_built, "water_systems")
    boundary = receiver_boundary(region, receiver_boundaries(region)[0].key).geometry.item()
    ours = systems[in_scope(systems, miles_to(systems, boundary, region.length_crs), "near")]
    parts = need_parts(
        systems,
        read_table_of(coachella_built, "people_served"),
        read_table_of(coachella_built, "tract_system_join"),
        read_shapes_of(coachella_built, "tracts_2010"),
    )
    return ours.set_index("pwsid")[["name", "is_receiver"]].assign(water_stage="not_recorded"), parts


@pytest.mark.slow
def test_pinyon_pines_and_alpine_village_are_desert_water_agencys(
    valley: tuple[pd.DataFrame, pd.DataFrame], coachella_built: str, mirror: Path
) -> None:
    """The State's own file is read here line by line, without our dataset."""
    table, parts = valley
    found = other_receivers(read_table_of(coachella_built, "consolidation_candidates"))
    listed = who_is_next(table, parts, elsewhere=found.to_dict())
    (published,) = mirror.rglob("results_consolidations.csv")
    state = pd.read_csv(published, dtype=str)
    for pwsid in (PINYON_PINES, ALPINE_VILLAGE):
        rows = state[state.apply(lambda row, number=pwsid: number in row.to_numpy(), axis=1)]
        assert set(rows["R_Sys_Name"]) == {"DESERT WATER AGENCY"}
        assert listed.loc[pwsid, "why_not_next"] == "another district's: DESERT WATER AGENCY"
        assert pd.isna(listed.loc[pwsid, "rank"])
    # The State's file has it twice, once with the valley's own district: it is not another's.
    assert AMEZCUA_GARCIA not in found
    assert listed.loc[AMEZCUA_GARCIA, "rank"] == 1


@pytest.mark.slow
def test_no_rank_in_the_valley_rests_on_less_than_half_of_the_weight(
    valley: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    listed = who_is_next(*valley)
    ranked, little = (listed[listed["listing"].eq(item)] for item in (Listing.NEXT, Listing.LITTLE_KNOWN))
    assert ranked["known"].min() >= 0.5 > little["known"].max()
    assert little["to_learn"].str.contains("SAFER status").all()
