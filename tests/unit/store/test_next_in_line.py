"""Who is next: a stage, the State's table or a news item decides, and each by what it means."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from pathlib import Path

import pandas as pd
import pytest
from reportlab import rl_config
from sqlalchemy import Engine

from geo.datasets.storage import read_shapes_of, read_table_of
from geo.region import read_region
from geo.water.need import need_parts
from geo.water.other_receivers import other_receivers
from geo.water.receiver import in_scope, miles_to, receiver_boundaries, receiver_boundary
from reports.export import Notes
from reports.water_meeting import Meeting, meeting_pdf
from reports.workbooks import board_workbook
from store.journal import Journal
from store.members import EVERY_RIGHT
from store.water.board_table import board_table, order_by_need
from store.water.book import Board
from store.water.history import tell_changes
from store.water.kinds import STAGE_TITLES, Service, Stage
from store.water.known_projects import accept, open_offers
from store.water.next_in_line import LEFT_OUT, LISTING_TITLES, Listing, who_is_next

A, B = "CA9000001", "CA9000002"
PINYON_PINES, ALPINE_VILLAGE, AMEZCUA_GARCIA = "CA3301512", "CA3301491", "CA3301990"
OASIS_GARDENS = "CA3303100"


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
    assert found["why_not_next"].tolist() == [
        "another district's: DESERT WATER AGENCY",
        "too little known",
    ]
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


def words_of(content: bytes) -> str:
    """The text of a PDF that is not compressed, without blanks: lines may break anywhere."""
    pieces = re.findall(rb"\(((?:[^()\\]|\\.)*)\) Tj", content)
    return b"".join(pieces).replace(b"\\", b"").replace(b" ", b"").decode("cp1252", "replace")


def of_next(board: Board, table: pd.DataFrame) -> str:
    """What the report of a meeting says of who is next, without blanks."""
    empty: dict[Service, pd.DataFrame] = {}
    meeting = Meeting("Valley", date(2026, 1, 9), None, table, tell_changes(board), empty, empty, (), False)
    return words_of(meeting_pdf(meeting)).partition("Whoisnext")[2].partition("Everysystemwith")[0]


@pytest.mark.slow
def test_who_is_confirmed_as_connected_leaves_report_and_workbook_too(
    valley: tuple[pd.DataFrame, pd.DataFrame],
    coachella_built: str,
    engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Oasis Gardens, connected in 2020-21, stands there until somebody confirms it, and not after."""
    monkeypatch.setattr(rl_config, "pageCompression", 0)
    ours = read_shapes_of(coachella_built, "water_systems").set_index("pwsid").loc[valley[0].index]
    board = Board(Journal(engine), coachella_built, ours.index)
    elsewhere = other_receivers(read_table_of(coachella_built, "consolidation_candidates")).to_dict()

    def told() -> tuple[str, pd.DataFrame]:
        table = board_table(ours.reset_index(), board.statuses(), [], rights=EVERY_RIGHT)
        listed = who_is_next(table, valley[1], elsewhere=elsewhere)
        ordered = order_by_need(table, listed, None, Service.WATER)
        content = board_workbook(ordered, tell_changes(board), Notes("Board", ()))
        return of_next(board, ordered), pd.read_excel(BytesIO(content)).set_index("PWSID")

    report, sheet = told()
    assert "OASISGARDENS" in report
    assert sheet.loc[OASIS_GARDENS, "Rank"] >= 1
    for name, pwsid in (("PINYONPINES", PINYON_PINES), ("ALPINEVILLAGE", ALPINE_VILLAGE)):
        assert name not in report
        assert sheet.loc[pwsid, "Why it is not next"] == "another district's: DESERT WATER AGENCY"
        assert pd.isna(sheet.loc[pwsid, "Rank"])
    offer = next(item for item in open_offers(board) if item.key == "oasis_gardens")
    accept(board, offer, offer.certain, who="Ana")
    report, sheet = told()
    assert "OASISGARDENS" not in report
    assert "1connected" in report
    assert sheet.loc[OASIS_GARDENS, "Why it is not next"] == "connected"
    assert pd.isna(sheet.loc[OASIS_GARDENS, "Rank"])
