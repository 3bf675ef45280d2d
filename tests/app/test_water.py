"""Water board and Consolidation network: the screen has the numbers of geo and store; refusals help."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from geo.datasets.storage import read_shapes_of, read_table_of
from geo.region import read_region
from geo.units import to_words
from geo.water.known_ways import know_ways
from geo.water.need import need_parts, ranked, score_need
from geo.water.network_layout import lay_ground, lay_network
from geo.water.receiver import in_scope, miles_to, receiver_boundaries, receiver_boundary
from geo.water.routes import cost_systems, fit_roads, measure_ways
from store.database import open_database
from store.journal import Journal
from store.water.book import Board, Change
from store.water.history import tell_changes
from store.water.kinds import Funding, Status
from store.water.meetings import Meeting, close_meeting
from store.water.projects import Grant, Project
from tests.conftest import require_shared
from tests.unit.store import tracker_answers as by_hand

Open = Callable[..., AppTest]
DISTRICT = "CA9010001"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database of its own for each test."""
    url = f"sqlite:///{tmp_path / 'store.db'}"
    monkeypatch.setenv("GEO_STORE_URL", url)
    return url


def board_of(url: str) -> Board:
    return Board(Journal(open_database(url)), "demo", read_shapes_of("demo", "water_systems")["pwsid"])


def on_the_board() -> pd.DataFrame:
    region = read_region("demo")
    systems = read_shapes_of("demo", "water_systems")
    boundary = receiver_boundary(region, receiver_boundaries(region)[0].key).geometry.item()
    return systems[in_scope(systems, miles_to(systems, boundary, region.length_crs), "near")]


def table_of(app: AppTest, key: str) -> pd.DataFrame:
    found = [element.value for element in app.dataframe if key in element.proto.id]
    return found[0]


def table_with(app: AppTest, *columns: str) -> pd.DataFrame:
    """The first table that has these columns; one that nobody can click on has no key."""
    return next(item.value for item in app.dataframe if set(columns) <= set(item.value.columns))


def html_of(app: AppTest) -> str:
    return " ".join(element.proto.body for element in app.get("html"))


def sign_in(app: AppTest, name: str = "Ana") -> AppTest:
    return app.text_input(key="who").set_value(name).run()


def test_the_table_is_in_the_order_of_need_with_the_costs_of_geo(dashboard: Open, demo_built: str) -> None:
    app = dashboard("water", region="demo")
    assert not app.exception
    systems = on_the_board()
    parts = need_parts(
        read_shapes_of("demo", "water_systems"),
        read_table_of("demo", "people_served"),
        read_table_of("demo", "tract_system_join"),
        read_shapes_of("demo", "tracts_2010"),
    )
    # By hand: nobody has a stage, one is of another district by the State's table, the rest by what is known.
    candidates = read_table_of("demo", "consolidation_candidates")
    others = candidates[~candidates["is_region_receiver"] & ~candidates["is_misplaced"]]
    waiting = parts.loc[sorted(set(systems["pwsid"]) - set(others["matched_pwsid"]))]
    need = ranked(waiting[score_need(waiting)["known"] >= 0.5])
    shown = table_of(app, "water.table").set_index("pwsid")
    assert set(shown.index) == set(systems["pwsid"])
    assert shown["rank"].dropna().is_monotonic_increasing
    assert shown["rank"].dropna().to_dict() == need["rank"].to_dict()
    assert table_of(app, "water.next").set_index("pwsid")["rank"].to_dict() == need["rank"].to_dict()
    assert shown["why_not_next"].eq("").eq(shown["rank"].notna()).all()
    region = read_region("demo")
    boundary = receiver_boundary(region, DISTRICT).geometry.item()
    roads = fit_roads(read_shapes_of("demo", "roads"), region.length_crs)
    every = read_shapes_of("demo", "water_systems")
    measured = measure_ways(every, boundary, region.length_crs, roads)
    costs = cost_systems(systems, know_ways(measured, every, candidates, region.length_crs))
    pd.testing.assert_series_equal(
        shown["total_cost_usd"].sort_index().astype(float),
        costs["total_cost_usd"].sort_index().astype(float),
        check_names=False,
        check_index_type=False,
    )


def test_one_line_says_who_is_served_of_how_many(dashboard: Open, demo_built: str, own_store: str) -> None:
    systems = on_the_board()
    pwsid = systems.loc[systems["population"].notna(), "pwsid"].iloc[0]
    status = Status(pwsid=pwsid, service="water", stage="connected", reached_on="2024-01-01")
    board_of(own_store).record([Change(status, seen=0)], who="Ana")
    app = dashboard("water", region="demo")
    people, everybody = systems.set_index("pwsid")["population"][pwsid], systems["population"].sum()
    words = f"Water: {to_words(people)} of {to_words(everybody)} people connected so far, in 1 of"
    assert f"{words} {len(systems)} systems." in html_of(app)


def test_filters_keep_what_they_say(dashboard: Open, demo_built: str) -> None:
    app = dashboard("water", region="demo")
    app.multiselect(key="water.statuses").set_value(["Failing"]).run()
    failing = on_the_board()["safer_status"].eq("Failing").fillna(False)
    assert len(table_of(app, "water.table")) == failing.sum()


def test_wastewater_has_stages_and_no_cost(dashboard: Open, demo_built: str) -> None:
    pwsid = on_the_board()["pwsid"].iloc[0]
    app = at(dashboard, pwsid)
    assert "Cost of connecting it alone" in html_of(app)
    app.radio(key="water.service").set_value("wastewater").run()
    assert "total_cost_usd" not in table_of(app, "water.table")
    # It has no need of its own here, and does not borrow that of water.
    assert "rank" not in table_of(app, "water.table")
    assert any("Wastewater is not ranked" in item.value for item in app.info)
    assert "Cost of connecting it alone" not in html_of(app)


def lists_of(app: AppTest) -> tuple[set[str], set[str]]:
    """Who is on the list of who is next, and who is left out of it, on the screen."""
    return set(table_of(app, "water.next")["pwsid"]), set(table_of(app, "water.left_out")["pwsid"])


def test_another_districts_systems_are_not_next_in_the_valley(dashboard: Open, coachella_built: str) -> None:
    """The State joins Pinyon Pines and Alpine Village to Desert Water Agency; the reason can be read."""
    app = dashboard("water", region="coachella")
    assert not app.exception
    listed, out = lists_of(app)
    strangers = {"CA3301512", "CA3301491"}
    assert strangers <= out
    assert not strangers & listed
    board = table_of(app, "water.table").set_index("pwsid")
    assert board.loc[list(strangers), "rank"].isna().all()
    assert set(board.loc[list(strangers), "why_not_next"]) == {"another district's: DESERT WATER AGENCY"}
    counts = board.loc[list(out), "why_not_next"].str.startswith("another district's").sum()
    assert any(f"{counts} another district's" in item.label for item in app.expander)


def test_news_waits_at_the_top_marks_who_it_names_and_once_confirmed_leaves_them_out(
    dashboard: Open, coachella_built: str
) -> None:
    """Oasis Gardens was connected in 2020-21, Saint Anthony (now San Antonio) in June 2025, the news say."""
    oasis, anthony, thermal = "CA3303100", "CA3301380", "CA3301276"
    app = sign_in(dashboard("water", region="coachella"))
    assert any("10 news items to confirm" in item.label for item in app.expander)
    listed = table_of(app, "water.next").set_index("pwsid")
    assert set(listed.loc[[oasis, anthony], "reported"]) == {"reported connected, to confirm"}
    little = table_of(app, "water.little_known").set_index("pwsid")
    assert little.loc[thermal, "reported"] == "reported connected, to confirm"
    names = app.selectbox(key="water.choose").options
    assert sum("SAINT ANTHONY" in name and anthony in name for name in names) == 1
    app.button(key="water.offer.oasis_gardens.accept").click().run()
    assert not app.exception
    news = next(item for item in app.expander if "9 news items to confirm" in item.label)
    assert news.proto.expanded, "the next one is at hand"
    on_it, out = lists_of(app)
    assert oasis in out - on_it
    board = table_of(app, "water.table").set_index("pwsid")
    assert board.loc[oasis, ["stage", "why_not_next"]].tolist() == ["connected", "connected"]
    assert pd.isna(board.loc[oasis, "rank"])


def score_part(app: AppTest, title: str) -> str:
    """What the card says of one part of the score."""
    score = html_of(app).partition(" of 1</h3>")[2]
    return next(part for part in score.split("<dt>") if part.startswith(title))


def share_of(app: AppTest, title: str) -> float:
    """The value of a part by the percent that is shown: it reaches 1 at a half."""
    found = re.search(r"([\d.]+) ± ", score_part(app, title))
    assert found
    return float(found[1]) / 100 / 0.5


def test_a_card_tells_the_rank_and_what_the_score_is_made_of(dashboard: Open, coachella_built: str) -> None:
    """Added up by hand from the State's figures; what is not known adds nothing and names no source."""
    failing, elsewhere, little = "CA3301990", "CA3301491", "CA3302079"
    app = dashboard("water", region="coachella", system=failing)
    assert re.search(r"rank 1 of \d+", html_of(app))
    people = math.log(317) / math.log(5001)
    parts = [1.0 * 3, people * 1, 1.0 * 1, share_of(app, "Percent uninsured") * 1, 0.79 * 1]
    assert f"<h3>Score {sum(parts) / 9:.2f} of 1</h3>" in html_of(app)
    for title, words, place in (
        ("SAFER status", "Failing", "value 1.00, weight 3 of 9: adds 0.33"),
        ("Violations of water quality limits", "not known", "weight 2 of 9: adds nothing"),
        ("People served", "316", f"value {people:.2f}, weight 1 of 9: adds {people / 9:.2f}"),
        ("Hard-to-count index", "79", "value 0.79, weight 1 of 9: adds 0.09"),
    ):
        part = score_part(app, title)
        assert (words in part, place in part) == (True, True), part
        assert ("<sup>" in part) == (words != "not known"), part
    app.selectbox(key="water.choose").set_value(elsewhere).run()
    assert "another district&#x27;s: DESERT WATER AGENCY" in html_of(app)
    app.selectbox(key="water.choose").set_value(little).run()
    assert "too little known" in html_of(app)
    assert "to be learned: SAFER status, Violations" in html_of(app)


def test_a_card_sets_the_state_s_figure_beside_ours(dashboard: Open, coachella_built: str) -> None:
    """Gamez Mobile Home Park: row 81 of the State's file, 13 homes that touch the district, $294,960."""
    app = dashboard("water", region="coachella", system="CA3301117")
    assert "could join COACHELLA VWD: COVE COMMUNITY: touches the district, $294,960" in html_of(app)
    assert any("Row 81 of the State's table" in item.value for item in app.caption)
    lines = next(item.value for item in app.table if "Ours" in item.value)["Dollars of 2021"]
    amounts = [float(re.sub(r"[^\d.-]", "", words)) for words in lines]
    assert amounts[-1] == 294_960
    assert abs(sum(amounts[:-1]) - amounts[-1]) <= 2
    # Neither method lists Vista Norte Estates: it is on no row of the State's file.
    app.selectbox(key="water.choose").set_value("CA3301128").run()
    assert "no row is matched to it" in html_of(app)
    assert not any("of the State's table" in item.value for item in app.caption)


def test_a_weight_that_is_moved_moves_card_list_and_table_alike(dashboard: Open, demo_built: str) -> None:
    app = dashboard("water", region="demo")
    app.slider(key="water.weight.people").set_value(5.0)
    app.slider(key="water.weight.safer").set_value(1.0).run()
    listed, board = (table_of(app, key).set_index("pwsid")["rank"] for key in ("water.next", "water.table"))
    assert board.dropna().to_dict() == listed.to_dict()
    first = listed.index[0]
    app.selectbox(key="water.choose").set_value(first).run()
    assert f"rank {listed[first]} of {len(listed)}" in html_of(app)
    assert "weight 5 of 11" in score_part(app, "People served")


def test_a_connected_system_is_next_nowhere(dashboard: Open, demo_built: str, own_store: str) -> None:
    """The first of the list is connected: screen and table move on, and the card would not offer it again."""
    first, second = table_of(dashboard("water", region="demo"), "water.next")["pwsid"].iloc[:2]
    status = Status(pwsid=first, service="water", stage="connected")
    board_of(own_store).record([Change(status, seen=0)], who="Ana")
    app = dashboard("water", region="demo")
    listed, out = lists_of(app)
    assert first in out
    assert first not in listed
    board = table_of(app, "water.table").set_index("pwsid")
    assert (board.loc[first, "why_not_next"], board.loc[second, "rank"]) == ("connected", 1)


def at(dashboard: Open, pwsid: str) -> AppTest:
    """The board with a system chosen."""
    return dashboard("water", region="demo").selectbox(key="water.choose").set_value(pwsid).run()


def stage_form(app: AppTest, pwsid: str, seen: int) -> str:
    return f"water.edit.{pwsid}.water.{seen}"


def record_stage(
    app: AppTest, pwsid: str, stage: str, seen: int = 0, why: str = "", **fields: str
) -> AppTest:
    """Choose a stage, fill in what belongs to it (``on``, ``evidence``), and record it."""
    app.selectbox(key=f"{stage_form(app, pwsid, seen)}.stage").set_value(stage).run()
    for name, text in fields.items():
        app.text_input(key=f"{stage_form(app, pwsid, seen)}.{stage}.{name}").set_value(text)
    app.text_input(key=f"water.why.{pwsid}.water.{seen}").set_value(why)
    button = next(item for item in app.button if item.label == "Record the stage")
    return button.click().run()


def test_a_stage_is_recorded_in_place_and_its_history_kept(
    dashboard: Open, demo_built: str, own_store: str
) -> None:
    pwsid = on_the_board()["pwsid"].iloc[0]
    app = sign_in(at(dashboard, pwsid))
    record_stage(app, pwsid, "funded")
    assert not app.exception
    assert board_of(own_store).statuses().loc[(pwsid, "water"), "stage"] == "funded"
    record_stage(app, pwsid, "planning", seen=1)
    assert "goes back without a reason" in app.error[0].value
    record_stage(app, pwsid, "planning", seen=1, why="the grant lapsed")
    told = html_of(app)
    assert "<del>funded</del> → planning" in told
    assert "Why: the grant lapsed" in told
    assert told.index("<del>funded</del> → planning") < told.index("<del>not entered yet</del> → funded")


def test_the_second_of_two_sees_both_versions_and_decides(
    dashboard: Open, demo_built: str, own_store: str
) -> None:
    pwsid = on_the_board()["pwsid"].iloc[0]
    app = sign_in(at(dashboard, pwsid))
    theirs = Status(pwsid=pwsid, service="water", stage="feasibility", note="by telephone")
    board_of(own_store).record([Change(theirs, seen=0)], who="Luis")
    record_stage(app, pwsid, "design")
    assert "Luis changed this in the meantime" in app.error[0].value
    words = [element.value for element in app.text]
    assert "feasibility, by telephone" in words
    assert "design" in words
    app.button(key="water.conflict.theirs").click().run()
    assert board_of(own_store).statuses().loc[(pwsid, "water"), "stage"] == "feasibility"
    assert app.selectbox(key=f"{stage_form(app, pwsid, 1)}.stage").value == "feasibility"


def test_without_a_name_nothing_can_be_recorded_and_small_names_are_hidden(
    dashboard: Open, demo_built: str
) -> None:
    systems = on_the_board()
    row = systems[systems["public_name"] != systems["name"]].iloc[0]
    app = at(dashboard, row["pwsid"])
    assert row["name"] not in html_of(app)
    assert not [item for item in app.button if item.label == "Record the stage"]
    sign_in(app)
    assert row["name"] in html_of(app)


def test_a_negative_amount_is_refused_with_its_field(
    dashboard: Open, demo_built: str, own_store: str
) -> None:
    pwsid = on_the_board()["pwsid"].iloc[0]
    app = sign_in(at(dashboard, pwsid))
    app.selectbox(key="water.further").set_value("funding").run()
    key = f"water.further.funding.{pwsid}.0"
    app.text_input(key=f"{key}.funder").set_value("State")
    app.number_input(key=f"{key}.amount").set_value(-5.0)
    next(item for item in app.button if item.label == "Add").click().run()
    assert "Amount, US dollars: must be at least 0" in app.error[0].value
    assert board_of(own_store).journal.history("demo") == []


def test_a_day_in_the_future_is_refused_and_nothing_written(
    dashboard: Open, demo_built: str, own_store: str
) -> None:
    pwsid = on_the_board()["pwsid"].iloc[0]
    app = sign_in(at(dashboard, pwsid))
    later = (pd.Timestamp.now() + pd.Timedelta(days=400)).date()
    record_stage(app, pwsid, "funded", on=str(later))
    assert f"{later} lies in the future" in app.error[0].value
    assert board_of(own_store).journal.history("demo") == []


def report_of(app: AppTest) -> Any:
    return next(item for item in app.selectbox if str(item.key).startswith("water.report.of."))


def test_a_closed_meeting_is_where_the_report_begins_unless_another_is_chosen(
    dashboard: Open, demo_built: str, own_store: str
) -> None:
    board = board_of(own_store)
    for day in (date(2024, 1, 9), date(2024, 2, 6)):
        close_meeting(board, Meeting(held_on=day), who="Ana")
    app = dashboard("water", region="demo")
    # Who closed a meeting is told to those who record.
    assert report_of(app).options == [
        "the next meeting: changes since Feb 6, 2024",
        "the meeting of Feb 6, 2024",
        "the meeting of Jan 9, 2024",
        "everything on record",
    ]
    choice = report_of(sign_in(app))
    assert choice.options[1] == "the meeting of Feb 6, 2024 (Ana)"
    assert choice.value == 1, "nothing changed since: the report is of the meeting just closed"
    for number in range(4):
        assert not report_of(app).set_value(number).run().exception
    status = Status(pwsid=on_the_board()["pwsid"].iloc[0], service="water", stage="funded")
    board.record([Change(status, seen=0)], who="Ana")
    assert report_of(dashboard("water", region="demo")).value == 0


def add_funding(app: AppTest, pwsid: str, amount: float) -> AppTest:
    app.selectbox(key="water.further").set_value("funding").run()
    turn = app.session_state["water.further.turn"]
    key = f"water.further.funding.{pwsid}.{turn}"
    app.text_input(key=f"{key}.funder").set_value("State")
    app.number_input(key=f"{key}.amount").set_value(amount)
    return next(item for item in app.button if item.label == "Add").click().run()


def test_funding_is_changed_and_withdrawn_in_place_and_its_history_stays(
    dashboard: Open, demo_built: str, own_store: str
) -> None:
    pwsid = on_the_board()["pwsid"].iloc[0]
    app = add_funding(sign_in(at(dashboard, pwsid)), pwsid, 500.0)
    board = board_of(own_store)
    (held,) = board.kept(Funding)
    app.selectbox(key=f"water.entry.{pwsid}").set_value(held.record.key).run()
    app.selectbox(key=f"water.entry.{held.record.id}.1.status").set_value("awarded")
    next(item for item in app.button if item.label == "Record the change").click().run()
    assert not app.exception
    assert [str(kept.record.status) for kept in board.kept(Funding)] == ["awarded"]
    app.selectbox(key=f"water.entry.{pwsid}").set_value(held.record.key).run()
    next(item for item in app.button if item.label == "Withdraw it").click().run()
    assert "no reason is given" in app.error[0].value
    app.text_input(key=f"water.entry.{held.record.id}.2.why").set_value("the wrong park")
    next(item for item in app.button if item.label == "Withdraw it").click().run()
    assert board.kept(Funding) == []
    history = tell_changes(board, pwsid=pwsid)
    assert history["now"].tolist() == [
        "withdrawn",
        "State, $500, awarded",
        "State, $500, applied for",
    ]
    told = html_of(app)
    assert "<del>State, $500, awarded</del> → withdrawn" in told
    assert "Why: the wrong park" in told


def test_somebody_who_changed_the_same_funding_first_is_shown(
    dashboard: Open, demo_built: str, own_store: str
) -> None:
    pwsid = on_the_board()["pwsid"].iloc[0]
    app = add_funding(sign_in(at(dashboard, pwsid)), pwsid, 500.0)
    board = board_of(own_store)
    (held,) = board.kept(Funding)
    app.selectbox(key=f"water.entry.{pwsid}").set_value(held.record.key).run()
    board.amend(held.record.model_copy(update={"amount_usd": 900.0}), seen=1, who="Luis")
    app.number_input(key=f"water.entry.{held.record.id}.1.amount").set_value(700.0)
    next(item for item in app.button if item.label == "Record the change").click().run()
    assert "Luis changed this in the meantime" in app.error[0].value
    words = [element.value for element in app.text]
    assert "State, $900, applied for" in words
    assert "State, $700, applied for" in words
    app.button(key="water.conflict.mine").click().run()
    assert [kept.record.amount_usd for kept in board.kept(Funding)] == [700.0]


def test_what_water_costs_is_recorded_and_shown_in_card_and_table(
    dashboard: Open, demo_built: str, own_store: str
) -> None:
    pwsid = on_the_board()["pwsid"].iloc[0]
    app = sign_in(at(dashboard, pwsid))
    app.selectbox(key="water.further").set_value("affordability").run()
    key = f"water.further.affordability.{pwsid}.0"
    app.number_input(key=f"{key}.rate").set_value(62.5)
    app.number_input(key=f"{key}.share").set_value(2.4)
    app.text_input(key=f"{key}.on").set_value("5/1/2024")
    app.text_input(key=f"{key}.source").set_value("the park's bills")
    next(item for item in app.button if item.label == "Add").click().run()
    assert not app.exception
    assert "$62.50 a month, 2.4\xa0% of income" in html_of(app)
    assert "May 1, 2024; the park" in html_of(app)
    row = table_of(app, "water.table").set_index("pwsid").loc[pwsid]
    assert (row["rate"], row["income"]) == (62.5, 0.024)
    assert table_of(app, "water.table")["rate"].notna().sum() == 1


def take_in(app: AppTest, text: str) -> AppTest:
    app.radio(key="water.part").set_value("sheet").run()
    return app.file_uploader[0].set_value(("board.csv", text.encode(), "text/csv")).run()


def test_a_sheet_is_shown_row_by_row_and_written_only_when_confirmed(
    dashboard: Open, demo_built: str, own_store: str
) -> None:
    first, second = on_the_board()["pwsid"].iloc[:2]
    app = sign_in(dashboard("water", region="demo"))
    take_in(
        app,
        "Board of March\n\nPWS ID,Stage,Amount,Funder,Funding status\n"
        f"{first},planning,$5,State,awarded\n33,design,,,\n{second},,-5,State,awarded\n",
    )
    assert not app.exception
    rows = table_with(app, "verdict").set_index("row")
    assert rows.loc[4, "verdict"].tolist() == ["new"] * 2
    refused = html_of(app)
    assert re.search(r'<th scope="row">5</th><td>33 · design</td><td>[^<]*is no PWSID', refused)
    assert re.search(rf'<th scope="row">6</th><td>{second}[^<]*</td><td>[^<]*must be at least 0', refused)
    assert board_of(own_store).journal.history("demo") == []
    app.button(key="water.import.confirm").click().run()
    assert not app.exception
    assert "3 changes were recorded." in [item.value for item in app.success]
    board = board_of(own_store)
    assert len(board.kept(Status)) + len(board.kept(Funding)) == 3
    assert board.statuses().loc[(second, "water"), "note"] == (
        "Funder: State; Amount: -5; Funding status: awarded"
    )
    next(item for item in app.button if item.label == "Undo this file").click().run()
    next(item for item in app.button if item.label == "Take it back").click().run()
    assert not app.exception
    assert "3 changes were taken back." in [item.value for item in app.success]
    assert [*board.kept(Status), *board.kept(Funding)] == []


def test_what_columns_and_words_mean_is_said_once_and_kept_for_the_next_file(
    dashboard: Open, demo_built: str, own_store: str
) -> None:
    first, second = on_the_board()["pwsid"].iloc[:2]
    app = sign_in(dashboard("water", region="demo"))
    for text in (
        f"PWS ID,Where are we at?\n{first},Tied in!\n",
        f"PWS ID,Where are we at?\n{second},tied in\n",
    ):
        take_in(app, text)
        if text.startswith(f"PWS ID,Where are we at?\n{first}"):
            assert "the sheet has: PWS ID, Where are we at?" in app.error[0].value
            labeled(app, "Where are we at?").set_value("stage").run()
            labeled(app, "Tied in! (Where are we at?)").set_value("connected").run()
        assert not app.exception
        assert not app.error
        app.button(key="water.import.confirm").click().run()
    assert board_of(own_store).statuses()["stage"][[(first, "water"), (second, "water")]].tolist() == [
        "connected",
        "connected",
    ]


def test_a_real_tracker_is_taken_on_the_page_but_for_what_a_person_has_to_say(
    dashboard: Open, coachella_built: str, own_store: str
) -> None:
    """43 rows: words are mapped on the page, seven rows ask, one undo takes all of it back."""
    path = require_shared("cases/tracker.xlsx")
    app = sign_in(dashboard("water", region="coachella"))
    app.radio(key="water.part").set_value("sheet").run()
    app.file_uploader[0].set_value((path.name, path.read_bytes(), XLSX)).run()
    for heading, key in by_hand.HEADINGS.items():
        labeled(app, heading).set_value(key).run()
    for words, stage in by_hand.WORDS.items():
        labeled(app, f"{words} (Where are we at?)".replace("$", r"\$")).set_value(stage)
    app.run()
    unsaid = {
        str(item.key): item for item in (*app.selectbox, *app.text_input) if ".unsaid." in str(item.key)
    }
    for key, item in unsaid.items():
        item.set_value(by_hand.EMPTY[key.rpartition(".")[2]])
    app.run()
    assert not app.exception
    assert not app.error
    questions = {str(item.key).removeprefix("water.import.0."): item for item in app.selectbox}
    assert {key for key in questions if key.startswith(("system/", "row/"))} == {
        f"system/{by_hand.row_of(number)}" for number in (13, 31, 34)
    } | {f"row/{by_hand.row_of(1)},{by_hand.row_of(41)}"}
    assert "Of 43 rows: 34 would be recorded, 7 need an answer, 2 are left or already here" in " ".join(
        item.value for item in app.markdown
    )
    app.button(key="water.import.confirm").click().run()
    assert not app.exception
    board = Board(Journal(open_database(own_store)), "coachella", [])
    stages = {kept.record.pwsid: str(kept.record.stage) for kept in board.kept(Status)}
    assert len(stages) == 34
    assert stages["CA3301380"] == "connected"
    assert not {"CA3301990", "CA3302084", "CA3303066", "CA3303043", "CA3302009"} & set(stages)
    assert sum(kept.record.amount_usd for kept in board.kept(Funding)) == sum(
        float(row[2].partition(" ")[0]) for row in by_hand.ROWS.values() if row[2][:1].isdigit()
    )
    next(item for item in app.button if item.label == "Undo this file").click().run()
    assert len(board.kept(Status)) == 34, "asked about first"
    next(item for item in app.button if item.label == "Take it back").click().run()
    assert [*board.kept(Status), *board.kept(Funding)] == []


def test_an_answer_leads_to_the_next_question_and_what_was_answered_is_recorded(
    dashboard: Open, demo_built: str, own_store: str
) -> None:
    first, second = on_the_board()[["pwsid", "name"]].to_numpy()[:2].tolist()
    app = sign_in(dashboard("water", region="demo"))
    letter_o = first[0].replace("0", "O", 1)
    take_in(app, f"PWSID,Name,Stage\n{letter_o},,planning\n{first[0]},,design\n{second[0]},,funded\n")
    assert app.button(key="water.import.confirm").label == "Record 1 change"
    app.selectbox(key="water.import.0.system/2").set_value(first[0]).run()
    app.selectbox(key="water.import.0.row/2,3").set_value("row 3").run()
    assert app.button(key="water.import.confirm").label == "Record 2 changes"
    app.button(key="water.import.confirm").click().run()
    assert not app.exception
    stages = board_of(own_store).statuses()["stage"]
    assert (stages[(first[0], "water")], stages[(second[0], "water")]) == ("design", "funded")


def labeled(app: AppTest, label: str) -> Any:
    return next(item for item in app.selectbox if item.label == label)


def test_a_file_of_another_shape_is_refused_with_what_to_do(dashboard: Open, demo_built: str) -> None:
    app = take_in(sign_in(dashboard("water", region="demo")), "height,width\n1,2\n")
    assert "no row of board.csv names these columns: PWSID, name" in app.error[0].value
    assert "a column PWSID" in " ".join(item.value for item in app.caption)


def test_an_offer_is_accepted_by_a_person(dashboard: Open, demo_built: str, own_store: str) -> None:
    app = sign_in(dashboard("water", region="demo"))
    assert any("2 news items to confirm" in item.label for item in app.expander)
    app.button(key="water.offer.demo_first.accept").click().run()
    assert not app.exception
    assert board_of(own_store).statuses().loc[("CA9000101", "water"), "stage"] == "connected"
    assert app.button(key="water.offer.demo_second.accept").disabled


def test_the_board_shows_an_earlier_day(dashboard: Open, demo_built: str, own_store: str) -> None:
    pwsid = on_the_board()["pwsid"].iloc[0]
    board_of(own_store).record(
        [Change(Status(pwsid=pwsid, service="water", stage="funded"), seen=0)], who="Ana"
    )
    app = dashboard("water", region="demo")
    assert (table_of(app, "water.table")["stage"] == "funded").sum() == 1
    app.date_input(key="water.as_of").set_value(pd.Timestamp("2020-01-01").date()).run()
    assert (table_of(app, "water.table")["stage"] == "funded").sum() == 0


def test_an_earlier_day_shows_what_was_true_then_or_what_had_been_recorded(
    dashboard: Open, demo_built: str, own_store: str
) -> None:
    """Written down today, connected in 2014: true in 2016, on nobody's record then."""
    pwsid = on_the_board()["pwsid"].iloc[0]
    app = sign_in(at(dashboard, pwsid))
    record_stage(app, pwsid, "connected", on="2014")
    assert "connected, 2014" in html_of(app)
    for day, way, count in (
        ("2016-01-01", "true", 1),
        ("2014-07-01", "true", 0),
        ("2016-01-01", "recorded", 0),
    ):
        app.date_input(key="water.as_of").set_value(pd.Timestamp(day).date()).run()
        app.radio(key="water.as_of.way").set_value(way).run()
        assert not app.exception
        assert (table_of(app, "water.table")["stage"] == "connected").sum() == count, (day, way)


def test_what_was_recorded_is_taken_back_by_one_click_where_it_was_recorded(
    dashboard: Open, demo_built: str, own_store: str
) -> None:
    pwsid = on_the_board()["pwsid"].iloc[0]
    app = sign_in(at(dashboard, pwsid))
    record_stage(app, pwsid, "funded", evidence="letter of May")
    record_stage(app, pwsid, "connected", seen=1)
    row = board_of(own_store).statuses().loc[(pwsid, "water")]
    assert row["stage"] == "connected"
    assert pd.isna(row["evidence"]), "what funded rests on is not what connected rests on"
    app.button(key="water.undo.status").click().run()
    assert not app.exception
    row = board_of(own_store).statuses().loc[(pwsid, "water")]
    assert (row["stage"], row["evidence"]) == ("funded", "letter of May")
    assert "<del>connected</del> → funded" in html_of(app), "both stay in the history"
    add_funding(app, pwsid, 500.0)
    app.button(key="water.undo.water.entries").click().run()
    assert board_of(own_store).kept(Funding) == []


def test_the_network_on_the_screen_is_that_of_geo(dashboard: Open, demo_built: str) -> None:
    app = dashboard("network", region="demo")
    app.multiselect(key="water.statuses").set_value(["Failing"]).run()
    app.button(key="network.all").click().run()
    assert not app.exception
    region = read_region("demo")
    systems = on_the_board()
    chosen = systems[systems["safer_status"].eq("Failing").fillna(False) & systems.geometry.notna()]
    projected = chosen.set_index("pwsid").sort_index().to_crs(region.length_crs)
    boundary = receiver_boundary(region, DISTRICT).to_crs(region.length_crs).geometry.item()
    roads = fit_roads(read_shapes_of("demo", "roads"), region.length_crs)
    layout = lay_network(lay_ground(projected, boundary, roads), projected)
    table = app.table[0].value
    assert table.loc["Pipe, feet"].tolist()[:2] == [
        to_words(layout.layouts.loc[name, "length_ft"], "count") for name in ("shared", "separate")
    ]
    shares = table_with(app, "by_shapley_usd").set_index("pwsid")
    assert shares["by_shapley_usd"].to_dict() == pytest.approx(layout.systems["by_shapley_usd"].to_dict())


def test_a_scenario_is_kept_and_its_name_is_not_given_twice(dashboard: Open, demo_built: str) -> None:
    app = sign_in(dashboard("network", region="demo"))
    app.multiselect(key="network.list").set_value(["CA9000191", "CA9000155"]).run()
    for words in ("Kept as Two", "The name is taken by a scenario of Ana"):
        app.text_input(key="network.name").set_value("Two")
        next(item for item in app.button if item.label == "Keep the scenario").click().run()
        said = [element.value for element in (*app.success, *app.error)]
        assert any(words in text for text in said), said
    app.multiselect(key="network.list").set_value([]).run()
    app.button(key="network.open.two").click().run()
    assert app.multiselect(key="network.list").value == ["CA9000155", "CA9000191"]


def test_rough_roads_are_said_to_be_no_basis(dashboard: Open, coachella_built: str) -> None:
    app = dashboard("network", region="coachella")
    app.multiselect(key="network.list").set_value(["CA3301717", "CA3303035"]).run()
    assert not app.exception
    app.selectbox(key="water.boundary").set_value("CA3310048").run()
    assert any("No roads fit for measuring" in element.value for element in app.warning)


@pytest.mark.parametrize("page", ["water", "network"])
def test_spanish_is_spoken(dashboard: Open, demo_built: str, page: str) -> None:
    app = dashboard(page, region="demo", lang="es")
    assert app.subheader[0].value in (
        "El tablero del agua: quién está conectado y quién sigue",
        "Red de consolidación: una tubería compartida para muchos sistemas",
    )


@pytest.mark.parametrize("page", ["water", "network"])
def test_a_region_without_a_district_says_so(
    dashboard: Open, demo_built: str, page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEO_DATA_DIR", str(tmp_path))
    app = dashboard(page, region="demo")
    assert not app.exception
    assert "python -m geo build" in app.error[0].value


def test_a_grant_for_several_systems_is_recorded_once_suggests_a_stage_and_is_overdue(
    dashboard: Open, demo_built: str, own_store: str
) -> None:
    """The figure on the screen is the journal's, and a stage is asked for and not set by itself."""
    pwsids = on_the_board()["pwsid"].astype(str).tolist()[:3]
    app = sign_in(dashboard("water", region="demo"))
    app.radio(key="water.part").set_value("projects").run()
    key = "water.project.new.0"
    app.text_input(key=f"{key}.title").set_value("Three parks")
    app.multiselect(key=f"{key}.pwsids").set_value(pwsids)
    app.selectbox(key=f"{key}.bridge").set_value("bottled")
    app.text_input(key=f"{key}.since").set_value("May 2024")
    app.text_input(key=f"{key}.funder").set_value("State")
    app.number_input(key=f"{key}.amount").set_value(3_450_000)
    app.selectbox(key=f"{key}.status").set_value("awarded")
    next(item for item in app.button if item.label == "Add the project").click().run()
    assert not app.exception
    assert not app.error
    board = board_of(own_store)
    (grant,) = board.kept(Grant)
    row = table_with(app, "project", "secured_usd").iloc[0]
    assert row["awarded_usd"] == row["secured_usd"] == grant.record.steps[0].amount_usd == 3_450_000
    assert row["systems"] == 3
    assert board.kept(Status) == []
    assert "bottled water (since May 2024)" in html_of(app)
    next(item for item in app.button if item.label == "Mark them as funded").click().run()
    assert not app.exception
    assert board.statuses()["stage"][[(pwsid, "water") for pwsid in pwsids]].tolist() == ["funded"] * 3
    project = board.kept(Project)[0].record.id
    key = f"water.project.note.{project}..0"
    app.selectbox(key=f"{key}.what").set_value("legal")
    app.selectbox(key=f"{key}.title").set_value("annexation")
    app.date_input(key=f"{key}.planned").set_value(date(2026, 1, 5))
    next(
        item for item in app.button if item.key and "note" in item.key and "Record" in item.label
    ).click().run()
    assert not app.exception
    assert "overdue since Jan 5, 2026" in html_of(app)
    app.switch_page("app_pages/calendar.py").run()
    assert "Three parks: annexation" in html_of(app)
    app.switch_page("app_pages/meeting.py").run()
    app.radio(key="meeting.view").set_value("agenda").run()
    assert "Three parks: annexation" in table_with(app, "what", "late")["what"].tolist()
