"""The figures an organization published, each from records that could have been otherwise.

A made-up alliance records what would give 45,000 (of 90,000), 396 recruits and 57 who take part consistently,
70 who came to four sessions in a row, and 40,000 households: among people who skip sessions or join late,
headcounts, sheets that were withdrawn, and figures that were corrected. Page, reports and workbook agree.
"""

from __future__ import annotations

import io
import random
import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from itertools import product
from pathlib import Path

import pandas as pd
import pytest

from geo.methods.person_codes import make_code
from geo.program.declaration import Measure
from store.database import open_database
from store.journal import Journal
from store.program.book import ProgramBook
from store.program.kinds import Attendance, Contact, Event, Reading, Recruit
from tests.app.exits import Screen, Walk

pytestmark = pytest.mark.slow
WHO = "Ana"
FIGURE = r"(\d{1,3}(?:,\d{3})*|nothingrecorded|fewerthan10:hidden)"
Values = Mapping[str, int]
PATTERNS = ["".join(marks) for marks in product("x-", repeat=6)]


HIDDEN = "hidden: could tell of fewer than 10"


def hold(book: ProgramBook, program: str, day: date, people: list[str], more: int = 0) -> Event:
    """Record a session with who came; where ``more`` were counted, a headcount."""
    fields = {"program": program, "event_kind": "session", "title": f"Session of {day}", "on": day}
    counted = {"headcount": len(people) + more, "headcount_how": "at the door"} if more else {}
    event = Event.make(fields | counted)
    book.hold(event, people, WHO)
    return event


def withdraw(book: ProgramBook, event: Event) -> None:
    """Withdraw a session, with its sheet."""
    number = next(item.number for item in book.kept(Event) if item.record.key == event.key)
    book.withdraw(Event, event.key, number, WHO, "it was another program's")


def withdraw_rows(book: ProgramBook, event: Event, people: list[str]) -> None:
    """Record a second sheet of a session, and withdraw each of its rows."""
    book.attend(event, people, WHO, source="wrong sheet", why="a second sheet")
    for kept in book.kept(Attendance):
        if kept.record.event == event.key and kept.record.person in people:
            book.withdraw(Attendance, kept.record.key, kept.number, WHO, "the wrong sheet")


def plan(book: ProgramBook, chance: random.Random) -> Values:
    """Seventy come to four in a row or more, from whichever session on; a hundred others to any but that."""
    key, first = "regional_plan", date(2019, 2, 1)
    rows = [pattern for pattern in PATTERNS if "xxxx" in pattern]
    gaps = [pattern for pattern in PATTERNS if "x" in pattern and "xxxx" not in pattern]
    people = [chance.choice(rows) for _ in range(70)] + [chance.choice(gaps) for _ in range(98)]
    # Four of six with a gap, and late joiners of three, are there whatever chance brings.
    people += ["xx-xx-", "---xxx"]
    codes = [make_code("QX", number) for number in range(len(people))]
    for place in range(6):
        came = [code for code, pattern in zip(codes, people, strict=True) if pattern[place] == "x"]
        event = hold(book, key, first + timedelta(days=30 * place), came, more=chance.randrange(4))
    others = [make_code("QR", number) for number in range(25)]
    withdraw_rows(book, event, others)
    withdraw(book, hold(book, key, first + timedelta(days=75), [*codes[70:], *others], more=5))
    return {"all_sessions": 70, "took_part": len(people)}


def schools(book: ProgramBook, chance: random.Random) -> Values:
    """Of 396 who signed up 50 come to three of eight sessions or more, and 7 who never signed up."""
    key, first = "school_funding", date(2015, 3, 1)
    codes = [make_code("QX", number) for number in range(403)]
    signed, often = codes[:396], [*codes[:50], *codes[396:]]
    seldom = chance.sample(codes[50:396], 120)
    book.add(
        [
            Recruit.make(
                {"program": key, "person": code, "on": first + timedelta(days=chance.randrange(300))}
            )
            for code in signed
        ],
        WHO,
    )
    visits = {code: chance.sample(range(8), chance.randint(3, 8)) for code in often}
    visits |= {code: chance.sample(range(8), chance.randint(1, 2)) for code in seldom}
    for place in range(8):
        came = [code for code, places in visits.items() if place in places]
        hold(book, key, first + timedelta(days=60 * place), came, more=chance.randrange(6))
    withdraw(book, hold(book, key, first + timedelta(days=500), seldom))
    return {"recruited": 396, "consistent": 57}


def health(book: ProgramBook, chance: random.Random) -> Values:
    """The last reading by day stands, however they are recorded; one was withdrawn, one corrected."""
    fields = {"program": "health_enrollment", "measure": "eligible_uninsured"}
    values = [90_000, *sorted(chance.sample(range(46_000, 89_000), 4), reverse=True), 45_300]
    readings = [
        Reading.make(fields | {"on": date(2013, 1, 15) + timedelta(days=110 * place), "value": value})
        for place, value in enumerate(values)
    ]
    late = Reading.make(fields | {"on": date(2014, 12, 1), "value": 44_000})
    book.add(chance.sample([*readings, late], len(readings) + 1), WHO)
    numbers = {item.record.key: item.number for item in book.kept(Reading)}
    book.withdraw(Reading, late.key, numbers[late.key], WHO, "of another district")
    last = readings[-1]
    book.change(last.model_copy(update={"value": 45_000.0}), numbers[last.key], WHO, why="as printed")
    return {"eligible_uninsured": 45_000}


def census(book: ProgramBook, chance: random.Random) -> Values:
    """Eighty canvass days add up; one that came twice was withdrawn, one was corrected."""
    cuts = sorted(chance.sample(range(100, 39_900), 79))
    amounts = [b - a for a, b in zip([0, *cuts], [*cuts, 40_000], strict=True)]
    days = [date(2020, 2, 1) + timedelta(days=3 * place) for place in range(80)]
    rows = [
        Contact.make({"program": "census_2020", "on": day, "households": amount})
        for day, amount in zip(days, amounts, strict=True)
    ]
    wrong = rows[7].model_copy(update={"households": rows[7].households + 400})
    twice = Contact.make(rows[9].model_dump(exclude={"id"}))
    book.add([*rows[:7], wrong, *rows[8:], twice], WHO)
    numbers = {item.record.key: item.number for item in book.kept(Contact)}
    book.withdraw(Contact, twice.key, numbers[twice.key], WHO, "the same sheet")
    book.change(rows[7], numbers[wrong.key], WHO, why="read again")
    return {"households": 40_000}


Record = Callable[[ProgramBook, random.Random], Values]
RECORDED: Mapping[str, Record] = {
    "regional_plan": plan,
    "school_funding": schools,
    "health_enrollment": health,
    "census_2020": census,
}


@pytest.mark.parametrize("seed", [1, 2])
def test_published_figures_come_out_of_the_records_alike_everywhere(
    demo_built: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setenv("GEO_STORE_URL", f"sqlite:///{tmp_path / 'store.db'}")
    book = ProgramBook(Journal(open_database()), demo_built)
    chance = random.Random(seed)
    expected = {key: record(book, chance) for key, record in RECORDED.items()}
    walk = Walk(monkeypatch)
    walk.app.session_state["person.name"] = WHO
    walk.open(demo_built)
    for key, values in expected.items():
        exact = files_of(walk, key, "Exact, for staff", exact=True)
        everybody = files_of(walk, key, "Counted here", exact=False)
        for measure in book.programs()[key].measures:
            assert len({shown[measure.key] for shown in exact.values()}) == 1, (measure.key, exact)
            assert len({shown[measure.key] for shown in everybody.values()}) == 1, (measure.key, everybody)
            if measure.key in values:
                assert exact["page"][measure.key] == f"{values[measure.key]:,}"
                told = int(everybody["page"][measure.key].replace(",", ""))
                assert values[measure.key] - 10 < told <= values[measure.key]


def files_of(walk: Walk, program: str, label: str, *, exact: bool) -> dict[str, dict[str, str]]:
    """What page, one page, longer report and workbook say of every measure."""
    walk.texts.clear()
    measures = ProgramBook(Journal(open_database()), "demo").programs()[program].measures
    chosen = {"program.key": program, f"program.report.exact.{program}": exact}
    walk.visit(Screen("page", "program", chosen | {"program.tabs": "Current status"}))
    metrics = [item.value for item in walk.app.metric if item.label == label][: len(measures)]
    walk.visit(Screen("report", "program", chosen | {"program.tabs": "Report"}))
    texts = {name.removeprefix("file program.take."): text for name, text in walk.texts.items()}
    squeezed = {name: re.sub(r"\s|,,", "", text) for name, text in texts.items()}
    workbook = walk.made(next(key for key in walk.offered if key.startswith("program.take.xlsx.")))
    sheet = pd.read_excel(io.BytesIO(workbook), sheet_name="Measures")
    return {
        "page": dict(zip((item.key for item in measures), metrics, strict=True)),
        "one page": {
            item.key: after(squeezed["pdf.application/pdf"], squeeze(item.title)) for item in measures
        },
        "longer": {item.key: in_row(squeezed["report.pdf.application/pdf"], item) for item in measures},
        "workbook": {item.key: in_sheet(sheet, item) for item in measures},
    }


def squeeze(words: str) -> str:
    return re.sub(r"\s", "", words)


def after(text: str, title: str) -> str:
    """The figure that follows a title for the first time, or that nothing is recorded."""
    found = re.search(
        re.escape(squeeze(title)) + r"(\d{1,3}(?:,\d{3})*|nothingrecorded|fewerthan10:hidden)", text
    )
    assert found, (title, text[:400])
    return spoken(found[1])


def in_row(text: str, measure: Measure) -> str:
    """The figure of a measure's row among the aims: behind its baseline and its target."""
    begins = text.index("Againstthetarget")
    baseline = "–" if measure.baseline is None else f"{measure.baseline:,.0f}"
    target = "notargetset" if measure.target is None else f"{measure.target:,.0f}"
    return after(text[begins:], f"{measure.title}{baseline}{target}")


def in_sheet(sheet: pd.DataFrame, measure: Measure) -> str:
    """The figure of a measure's row in the workbook, in words; where there is one, the number agrees."""
    row = sheet.set_index("Measure").loc[measure.title]
    if pd.notna(row["Counted here"]):
        assert f"{row['Counted here']:,.0f}" == str(row["Current status"])
    return str(row["Current status"])


def spoken(words: str) -> str:
    plain = {"nothingrecorded": "nothing recorded", HIDDEN.replace(" ", ""): HIDDEN}
    return plain.get(words, words)
