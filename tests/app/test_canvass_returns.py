"""Returns and progress on the screen: what is taken back counts once; the numbers are those of the book."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from app_pages.parts.canvass.returns import make_tool_file
from geo.datasets.storage import read_shapes_of
from geo.days import day_in
from store.canvass.book import CanvassBook, NewTurf
from store.canvass.kinds import Cut, Tally, Visit, Volunteer
from store.database import open_database
from store.journal import Journal
from store.members import Members, Role

Open = Callable[..., AppTest]
TODAY = day_in("America/Los_Angeles")


@pytest.fixture
def book(demo_built: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CanvassBook:
    """Two turfs of the demo: one of a single tract, one of two tracts."""
    url = f"sqlite:///{tmp_path / 'store.db'}"
    monkeypatch.setenv("GEO_STORE_URL", url)
    made = CanvassBook(Journal(open_database(url)), "demo")
    blocks = read_shapes_of(demo_built, "blocks").query("housing_units > 40").sort_values("geoid")
    tracts = list(dict.fromkeys(blocks["tract_geoid"]))
    first = blocks[blocks["tract_geoid"] == tracts[0]]["geoid"].head(2)
    second = blocks[blocks["tract_geoid"].isin(tracts[1:3])].groupby("tract_geoid")["geoid"].first()
    turfs = [NewTurf(0, tuple(first), 90, 80, 240, 6.0), NewTurf(1, tuple(second), 90, 80, 240, 6.0)]
    cut = Cut(number=0, turfs=2, doors=180, tolerance=0.05, worst=0.0, bound=0.0)
    made.keep(turfs, cut, "Ana", seen={})
    return made


def press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception


def sign_in(app: AppTest) -> AppTest:
    app.text_input(key="person.name").set_value("Ana").run()
    return app


def test_a_visit_needs_its_result_and_the_next_door_is_counted_on(dashboard: Open, book: CanvassBook) -> None:
    app = sign_in(dashboard("returns", region="demo"))
    app.text_input(key="returns.door").set_value("7")
    press(app, "Record the visit")
    assert "Choose what happened" in app.error[0].value
    assert book.visits().empty
    app.button_group(key="returns.result").set_value("spoke")
    press(app, "Record the visit")
    assert app.text_input(key="returns.door").value == "8"
    assert book.visits()[["door", "disposition"]].to_numpy().tolist() == [["7", "spoke"]]
    assert book.turfs()["status"].tolist() == ["ready", "ready"], "one of 90 doors brings no turf back"


def test_a_visit_is_corrected_with_a_reason_and_its_history_is_seen(
    dashboard: Open, book: CanvassBook
) -> None:
    code, units = next(iter(book.units_of().items()))
    book.take([Visit.make({"turf": code, "unit": units[0], "on": TODAY, "disposition": "spoke"})], "Ben")
    app = sign_in(dashboard("returns", region="demo", turf=code))
    press(app, "Delete this visit (entered by mistake)")
    assert "nothing says why" in app.error[0].value
    app.selectbox(key=mend_key(app, "result")).set_value("refused")
    app.text_input(key="mend.why").set_value("misread")
    press(app, "Correct it")
    history = table_with(app, "was")
    assert history[["who", "was", "now", "why"]].iloc[0].tolist() == ["Ana", "spoke", "refused", "misread"]
    assert len(book.visits()) == 1


def mend_key(app: AppTest, field: str, number: int = 1) -> str:
    return f"mend.{field}.{app.selectbox(key='mend.visit').value}.{number}"


def test_a_file_that_holds_a_visit_taken_back_is_still_taken(dashboard: Open, book: CanvassBook) -> None:
    code, units = next(iter(book.units_of().items()))
    rows = [f"{name},{code},{units[0]},spoke,{TODAY}" for name in ("gone", "next")]
    book.take(
        [Visit.make({"id": "gone", "turf": code, "unit": units[0], "on": TODAY, "disposition": "spoke"})],
        "Ben",
    )
    book.withdraw("gone", "Ben", seen=1, why="wrong street")
    file = "\n".join(["instanceID,turf,unit,disposition,today", *rows]).encode()
    app = sign_in(dashboard("returns", region="demo"))
    app.file_uploader(key="returns.file.0").set_value(("odk.csv", file, "text/csv")).run()
    press(app, "Record 1 change")
    assert book.visits()["id"].tolist() == ["next"]
    press(app, "Undo this file")
    press(app, "Take it back")
    assert book.visits().empty
    assert book.turfs().loc[code, "status"] == "ready"
    app.file_uploader(key="returns.file.2").set_value(("odk.csv", file, "text/csv")).run()
    press(app, "Record 1 change")
    assert book.visits()["id"].tolist() == ["next"], "what was undone with its file comes in again"


def test_returns_of_another_tool_come_in_by_the_code_of_the_door_and_go_out_again(
    dashboard: Open, book: CanvassBook
) -> None:
    code, units = next(iter(book.units_of().items()))
    rows = [f"{code}.{units[0]}.{door},{TODAY:%m/%d/%Y},{word}" for door, word in ((1, "Moved"), (2, "Odd"))]
    file = "\n".join(["External ID,Date Canvassed,Canvass Result", *rows]).encode()
    app = sign_in(dashboard("returns", region="demo"))
    app.radio(key="returns.source").set_value("tools").run()
    app.file_uploader(key="returns.tools.file.0").set_value(("van.csv", file, "text/csv")).run()
    asked = next(item for item in app.selectbox if item.label.startswith("Odd"))
    asked.set_value("refused").run()
    press(app, "Record 2 changes")
    assert book.visits()[["door", "disposition"]].to_numpy().tolist() == [["1", "moved"], ["2", "refused"]]
    assert {item.key for item in app.get("download_button")} >= {"returns.for.van", "returns.for.pdi"}
    text = make_tool_file(book.visits(), book.units_of(), "van", invented=True).decode()
    assert [line.split(",")[3] for line in text.splitlines()] == ["Canvass Result", "Moved", "Refused"]
    press(app, "Undo this file")
    press(app, "Take it back")
    assert book.visits().empty


def test_the_same_sheet_twice_counts_once_and_says_so(dashboard: Open, book: CanvassBook) -> None:
    app = sign_in(dashboard("returns", region="demo"))
    for spoke, words in ((12, "Recorded"), (12, "counts once")):
        write_sheet(app, spoke)
        assert words in app.success[0].value
    assert book.tallies()["spoke"].tolist() == [12]


def write_sheet(app: AppTest, spoke: int) -> None:
    app.number_input(key="paper.spoke").set_value(spoke)
    app.text_input(key="paper.sheet").set_value("1")
    press(app, "Record the totals")


def test_other_totals_of_a_sheet_that_is_here_are_seen_beside_it_before_one_stands(
    dashboard: Open, book: CanvassBook
) -> None:
    app = sign_in(dashboard("returns", region="demo"))
    for button, stands in (("Keep theirs", 12), ("Record mine", 11)):
        write_sheet(app, 12)
        write_sheet(app, 11)
        assert "Ana changed this in the meantime" in app.error[0].value
        assert {"spoke 12", "spoke 11"} <= {item.value.split(": ")[-1] for item in app.text}
        assert book.tallies()["spoke"].tolist() == [12]
        press(app, button)
        assert book.tallies()["spoke"].tolist() == [stands]


def test_a_sheet_beside_visits_of_its_week_asks_whether_its_doors_are_others(
    dashboard: Open, book: CanvassBook
) -> None:
    code, units = next(iter(book.units_of().items()))
    book.take([Visit.make({"turf": code, "unit": units[0], "on": TODAY, "disposition": "spoke"})], "Ben")
    app = sign_in(dashboard("returns", region="demo", turf=code))
    assert "1 visit to turf" in app.warning[-1].value
    app.number_input(key="paper.spoke").set_value(12)
    app.text_input(key="paper.sheet").set_value("1")
    press(app, "Record the totals")
    assert "may count twice" in app.error[0].value
    assert book.tallies().empty
    app.checkbox(key=f"paper.apart.{code}").check()
    press(app, "Record the totals")
    assert book.tallies()[["spoke", "apart"]].to_numpy().tolist() == [[12, True]]
    assert app.number_input(key="paper.spoke").value == 0
    assert app.text_input(key="paper.sheet").value == "2"


def test_a_sheet_that_may_count_twice_is_marked_until_it_is_said_to_be_apart_or_taken_back(
    dashboard: Open, book: CanvassBook
) -> None:
    code, units = next(iter(book.units_of().items()))
    for number in ("1", "2"):
        book.save(Tally.make({"turf": code, "on": TODAY, "sheet": number, "spoke": 12}), "Ben", seen=0)
    book.take([Visit.make({"turf": code, "unit": units[0], "on": TODAY, "disposition": "spoke"})], "Ben")
    app = sign_in(dashboard("progress", region="demo"))
    assert f"Doors may count twice in {code}" in " ".join(item.value for item in app.warning)
    assert table_with(app, "of_share")["twice"].tolist()[0] == 1
    app = sign_in(dashboard("returns", region="demo"))
    assert "has totals of paper of these days: sheet 1" in " ".join(item.value for item in app.warning)
    app.button(key="paper.others").click().run()
    assert book.tallies()["apart"].tolist() == [True, False]
    app.selectbox(key="paper.which").set_value(f"{code}/{TODAY}/2").run()
    press(app, "Delete this sheet (entered by mistake)")
    assert "nothing says why" in app.error[0].value
    app.text_input(key="paper.why").set_value("copied twice")
    press(app, "Delete this sheet (entered by mistake)")
    assert book.tallies()["sheet"].tolist() == ["1"]
    app = sign_in(dashboard("progress", region="demo"))
    assert "may count twice" not in " ".join(item.value for item in app.warning)


def test_a_door_and_a_day_are_corrected_too(dashboard: Open, book: CanvassBook) -> None:
    code, units = next(iter(book.units_of().items()))
    fields = {"turf": code, "unit": units[0], "door": "7", "on": TODAY, "disposition": "spoke"}
    book.take([Visit.make(fields)], "Ben")
    app = sign_in(dashboard("returns", region="demo", turf=code))
    app.text_input(key=mend_key(app, "door")).set_value("8")
    app.date_input(key=mend_key(app, "day")).set_value(TODAY - timedelta(days=1))
    press(app, "Correct it")
    assert book.visits()[["door", "disposition"]].to_numpy().tolist() == [["8", "spoke"]]
    assert book.visits()["on"].dt.date.tolist() == [TODAY - timedelta(days=1)]


def test_a_turf_that_was_cut_again_leads_to_where_its_blocks_are(dashboard: Open, book: CanvassBook) -> None:
    old, units = next(iter(book.units_of().items()))
    cut = Cut(number=1, turfs=1, doors=90, tolerance=0.05, worst=0.0, bound=0.0)
    (now,) = book.keep([NewTurf(0, units, 90, 80, 240, 6.0)], cut, "Ana", seen=book.turf_numbers())
    app = dashboard("returns", region="demo")
    app.query_params["turf"] = old
    app.run()
    assert f"its blocks are now in {now}" in app.warning[-1].value


def test_a_closed_site_says_to_sign_in_and_not_to_give_a_name(dashboard: Open, book: CanvassBook) -> None:
    Members(book.journal).add("Ana", Role.COORDINATOR, "nine brown dogs at the well", by="Ana")
    for page in ("returns", "progress", "turfs"):
        app = dashboard(page, region="demo")
        assert not app.exception
        said = " ".join(item.value for kind in ("caption", "info", "warning") for item in app.get(kind))
        assert "Sign in, in the sidebar," in said
        assert "Give your name" not in said


def test_a_code_from_an_old_list_is_told(dashboard: Open, book: CanvassBook) -> None:
    app = dashboard("returns", region="demo")
    app.query_params["turf"] = "TZ0001X"
    app.run()
    assert "TZ0001X is not here" in app.warning[-1].value


def test_who_fits_best_stands_first_and_another_may_be_chosen(dashboard: Open, book: CanvassBook) -> None:
    for name, spoken in (("Wren", ("en",)), ("Heron", ("es", "tsz"))):
        book.save(Volunteer.make({"pseudonym": name, "languages": spoken}), "Ana", seen=0)
    app = sign_in(dashboard("turfs", region="demo"))
    code = book.turfs().index[0]
    app.selectbox(key=f"assign.language.{code}").set_value("tsz").run()
    names = app.selectbox(key=f"assign.name.{code}.tsz")
    assert [name.split(":")[0] for name in names.options] == ["Heron", "Wren"]
    names.set_value("Wren").run()
    press(app, "Hand it out")
    assert book.turfs().loc[code, ["status", "volunteer", "language"]].tolist() == ["out", "Wren", "tsz"]
    app.selectbox(key="status.turf").set_value(code).run()
    app.selectbox(key=f"status.now.{code}.out").set_value("ready").run()
    press(app, "Record it")
    assert book.turfs().loc[code, ["status", "volunteer"]].tolist() == ["ready", ""]


def test_a_lead_on_an_old_page_is_told_that_the_turf_is_out(dashboard: Open, book: CanvassBook) -> None:
    book.save_all([Volunteer.make({"pseudonym": name}) for name in ("Heron", "Wren")], "Ben", seen={})
    app = sign_in(dashboard("turfs", region="demo"))
    code = book.turfs().index[0]
    book.change(code, {"volunteer": "Wren", "status": "out", "note": "two dogs"}, "Ben", seen=1)
    for button in ("Record it", "Hand it out"):
        press(app, button)
        assert "Ben changed this in the meantime" in app.error[0].value
        assert book.turfs().loc[code, ["volunteer", "note"]].tolist() == ["Wren", "two dogs"]
        press(app, "Keep theirs")
        assert not app.error
        assert book.turfs().loc[code, ["volunteer", "note"]].tolist() == ["Wren", "two dogs"]
        book.change(code, {"status": "problem"}, "Ben", seen=book.turf_numbers()[code])


def table_with(app: AppTest, column: str) -> pd.DataFrame:
    """Return the table on the screen that has a column."""
    return next(frame.value for frame in app.dataframe if column in frame.value)


def give_back(book: CanvassBook) -> None:
    """Take back 25 visits and a sheet, five of the visits from the same door."""
    (one, units), (other, _units) = book.units_of().items()
    doors = [*map(str, range(1, 21)), *["1"] * 5]
    for number, door in enumerate(doors):
        fields = {"turf": one, "unit": units[0], "door": door, "on": TODAY - timedelta(days=number)}
        book.save(
            Visit.make(fields | {"disposition": "spoke" if number % 2 == 0 else "not_home"}), "Ana", seen=0
        )
    book.save(
        Tally.make({"turf": other, "on": TODAY, "sheet": "1", "spoke": 30, "not_home": 20}), "Ana", seen=0
    )


def test_progress_is_that_of_the_book_to_the_household(dashboard: Open, book: CanvassBook) -> None:
    give_back(book)
    app = sign_in(dashboard("progress", region="demo"))
    assert not app.exception
    assert not app.error
    assert table_with(app, "of_share")["reached"].tolist() == [10, 30]
    tracts = table_with(app, "index")
    assert tracts["reached"].sum() == 40
    assert tracts["shared_out"].sum() == 30
    assert (tracts["shared_out"] > 0).sum() == 2
    assert "twice" not in table_with(app, "of_share")
    assert table_with(app, "total")["total"].iloc[-1] == 40


def test_without_a_name_no_turf_and_no_small_count_is_seen(dashboard: Open, book: CanvassBook) -> None:
    give_back(book)
    app = dashboard("progress", region="demo")
    assert not app.exception
    assert not [frame for frame in app.dataframe if "of_share" in frame.value]
    for frame in app.dataframe:
        for column in {"knocked", "reached"} & set(frame.value):
            assert not frame.value[column].dropna().between(1, 9).any()
    assert table_with(app, "level")["reached"].iloc[0] == 40
    assert "left" not in table_with(app, "gain")


def test_a_goal_is_changed_with_its_source(dashboard: Open, book: CanvassBook) -> None:
    app = sign_in(dashboard("progress", region="demo"))
    app.number_input(key="progress.goal.0").set_value(900)
    app.text_input(key="progress.source.0").set_value("grant of 2026")
    press(app, "Change the goal")
    assert any("900 households" in item.label and "grant of 2026" in item.label for item in app.expander)


def told_to_browser(app: AppTest, key: str) -> tuple[bool, str]:
    """Return whether the browser is told what a list shows, and what; else it keeps what it showed before."""
    field = app.selectbox(key=key).proto
    return field.set_value, field.raw_value


def test_after_a_hand_out_the_field_shows_the_turf_that_the_next_press_gives(
    dashboard: Open, book: CanvassBook
) -> None:
    book.save_all([Volunteer.make({"pseudonym": name}) for name in ("Heron", "Wren")], "Ben", seen={})
    app = sign_in(dashboard("turfs", region="demo"))
    first, second = book.turfs().index
    press(app, "Hand it out")
    assert book.turfs()["status"].to_dict() == {first: "out", second: "ready"}
    assert told_to_browser(app, "assign.turf") == (True, f"{second} · ready")
    app.selectbox(key=f"assign.name.{second}.en").set_value("Wren").run()
    press(app, "Hand it out")
    assert book.turfs()["volunteer"].to_dict() == {first: "Heron", second: "Wren"}


def test_a_list_stays_on_the_record_whose_words_somebody_changed(dashboard: Open, book: CanvassBook) -> None:
    """Ben gives Wren hours enough to be full: her words change, and the press still hands the turf to her."""
    people = [{"pseudonym": "Heron"}, {"pseudonym": "Wren", "hours_a_week": 6.0}]
    book.save_all([Volunteer.make(fields) for fields in people], "Ben", seen={})
    app = sign_in(dashboard("turfs", region="demo"))
    first, second = book.turfs().index
    app.selectbox(key=f"assign.name.{first}.en").set_value("Wren").run()
    app.selectbox(key="status.turf").set_value(second).run()
    book.change(second, {"volunteer": "Wren", "status": "out"}, "Ben", seen=1)
    press(app, "Hand it out")
    assert book.turfs().loc[first, ["volunteer", "status"]].tolist() == ["Wren", "out"]
    assert app.selectbox(key="status.turf").value == second
    assert told_to_browser(app, "assign.turf")[0]


def test_a_press_under_a_turf_that_is_gone_gives_no_other(dashboard: Open, book: CanvassBook) -> None:
    book.save(Volunteer.make({"pseudonym": "Heron"}), "Ben", seen=0)
    app = sign_in(dashboard("turfs", region="demo"))
    replace_first(book)
    press(app, "Hand it out")
    assert "has changed in the meantime" in app.error[0].value
    assert set(book.turfs()["status"]) == {"ready"}


def test_a_visit_in_the_evening_is_of_that_evening(
    dashboard: Open, book: CanvassBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is half past five in California, and tomorrow already in Greenwich."""
    monkeypatch.setattr("geo.days.now", lambda: datetime(2026, 3, 1, 1, 30, tzinfo=UTC))
    app = sign_in(dashboard("returns", region="demo"))
    for key in ("returns.day", "paper.day"):
        assert app.date_input(key=key).value == date(2026, 2, 28)
        assert app.date_input(key=key).max == date(2026, 2, 28)
    app.button_group(key="returns.result").set_value("spoke")
    press(app, "Record the visit")
    assert book.visits()["on"].dt.date.tolist() == [date(2026, 2, 28)]
    app.switch_page("app_pages/progress.py").run()
    assert "26 weeks" in str(app.get("progress")) or "Aug 29, 2026" in " ".join(
        item.label for item in app.expander
    )


def test_one_door_takes_no_other_door_out_of_the_plan(dashboard: Open, book: CanvassBook) -> None:
    code, units = next(iter(book.units_of().items()))
    fields = {"turf": code, "unit": units[0], "on": TODAY, "disposition": "spoke"}
    book.take([Visit.make(fields | {"door": "1"})], "Ben")
    app = sign_in(dashboard("progress", region="demo"))
    assert table_with(app, "gain")["left"].to_dict()[code] == 89
    assert table_with(app, "of_share")["left"].to_dict()[code] == 89
    assert "Doors left: 179 of 180 (ready 179)." in [item.value for item in app.text]
    book.change(code, {"status": "returned"}, "Ana", seen=1)
    app.run()
    assert table_with(app, "gain")["left"].to_dict()[code] == 89, "what came back is in no plan"
    assert "Doors left: 179 of 180 (ready 90, returned 89)." in [item.value for item in app.text]


def replace_first(book: CanvassBook) -> None:
    """Keep a cut of the first turf's blocks, so that it stands no more."""
    code, units = next(iter(book.units_of().items()))
    cut = Cut(number=book.next_cut(), turfs=1, doors=90, tolerance=0.05, worst=0.0, bound=0.0)
    book.keep([NewTurf(0, units, 90, 80, 240, 6.0)], cut, "Ben", seen={code: 1})


def test_a_return_of_a_turf_that_is_gone_is_of_no_other(dashboard: Open, book: CanvassBook) -> None:
    app = sign_in(dashboard("returns", region="demo"))
    app.button_group(key="returns.result").set_value("spoke")
    app.text_input(key="paper.sheet").set_value("1")
    app.number_input(key="paper.spoke").set_value(3)
    for label in ("Record the visit", "Record the totals"):
        replace_first(book)
        press(app, label)
        assert "has changed in the meantime" in app.error[0].value
    assert book.visits().empty
    assert book.tallies().empty
