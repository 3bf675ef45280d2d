"""Progress on the screen, counted again from the raw journal and the census tables by plain loops."""

from __future__ import annotations

import json
import random
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from geo.canvass.codes import Disposition
from geo.datasets.storage import read_shapes_of
from geo.days import day_in
from store.canvass.book import CanvassBook, NewTurf
from store.canvass.kinds import Cut, Tally, Visit
from store.database import open_database
from store.journal import Journal

Open = Callable[..., AppTest]
TODAY = day_in("America/Los_Angeles")
RESULTS = ("spoke", "not_home", "refused", "moved", "vacant", "language_needed", "come_back")
CLASSES = ((40, "0–40"), (60, "40–60"), (80, "60–80"), (1000, "80+"))


@pytest.fixture
def store(demo_built: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A canvass of twelve turfs with visits, sheets, doubles, corrections and what was taken back."""
    path = tmp_path / "store.db"
    monkeypatch.setenv("GEO_STORE_URL", f"sqlite:///{path}")
    book = CanvassBook(Journal(open_database(f"sqlite:///{path}")), "demo")
    blocks = read_shapes_of(demo_built, "blocks").query("housing_units > 20").sort_values("geoid")
    groups = [blocks.iloc[start : start + 9] for start in range(0, 9 * 12, 9)]
    turfs = [
        NewTurf(
            number,
            tuple(part["geoid"]),
            int(part["housing_units"].sum()),
            int(part["occupied_units"].sum()),
            100,
            4.0,
        )
        for number, part in enumerate(groups)
    ]
    codes = book.keep(
        turfs, Cut(number=0, turfs=12, doors=1, tolerance=0.1, worst=0.0, bound=0.0), "Ana", seen={}
    )
    chance = random.Random(20)
    for code in codes[:8]:
        take_some(book, code, chance)
    book.change(codes[8], {"status": "out", "out_on": TODAY - timedelta(days=15)}, "Ana", seen=1)
    book.change(codes[9], {"status": "out", "out_on": TODAY - timedelta(days=14)}, "Ana", seen=1)
    return path


def take_some(book: CanvassBook, code: str, chance: random.Random) -> None:
    """Record visits to some doors, some of them twice; correct one, take one back; and two sheets."""
    units = book.units_of()[code]
    visits = [
        Visit.make(
            {
                "id": f"{code}-{number}",
                "turf": code,
                "unit": chance.choice(units),
                "door": chance.choice(["", *map(str, range(1, 12))]),
                "on": TODAY - timedelta(days=chance.randrange(60)),
                "disposition": chance.choice(RESULTS[:4]),
            }
        )
        for number in range(40)
    ]
    book.take(visits, "Ben")
    book.save(visits[0].model_copy(update={"disposition": Disposition.VACANT}), "Ana", seen=1, why="misread")
    book.withdraw(visits[1].id, "Ana", seen=1, why="wrong street")
    for sheet in ("1", "2"):
        counts = {name: chance.randrange(9) for name in RESULTS}
        day = TODAY - timedelta(days=chance.randrange(60))
        book.save(Tally.make({"turf": code, "on": day, "sheet": sheet, **counts}), "Ana", seen=0)


@dataclass
class Counts:
    """What a plain count finds."""

    turf: Counter[str] = field(default_factory=Counter)
    knocked: Counter[str] = field(default_factory=Counter)
    tract: Counter[str] = field(default_factory=Counter)
    estimated: Counter[str] = field(default_factory=Counter)
    week: Counter[date] = field(default_factory=Counter)
    days: list[date] = field(default_factory=list)


def standing(path: Path) -> dict[str, list[dict[str, Any]]]:
    """The newest body of every record by kind, as SQLite has it; what was taken back is gone."""
    newest: dict[tuple[str, str], str | None] = {}
    with sqlite3.connect(path) as database:
        for kind, key, body in database.execute("select kind, key, body from journal order by number"):
            newest[kind, key] = body
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for (kind, _key), body in newest.items():
        if body not in (None, "null"):
            found[kind].append(json.loads(body))
    return found


def count_again(path: Path, blocks: dict[str, dict[str, Any]]) -> Counts:
    found, kinds = Counts(), standing(path)
    homes: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for visit in kinds["visit"]:
        homes[visit["unit"], visit["door"] or visit["id"]].append(visit)
    for (unit, _door), told in homes.items():
        spoke = sorted(visit["on"] for visit in told if visit["disposition"] == "spoke")
        found.knocked[told[0]["turf"]] += 1
        if spoke:
            day = date.fromisoformat(spoke[0])
            found.turf[told[0]["turf"]] += 1
            found.tract[blocks[unit]["tract_geoid"]] += 1
            found.week[day - timedelta(days=day.weekday())] += 1
            found.days.append(day)
    doors: dict[str, Counter[str]] = defaultdict(Counter)
    for turf in kinds["turf"]:
        for unit in turf["units"]:
            doors[turf["code"]][blocks[unit]["tract_geoid"]] += blocks[unit]["housing_units"]
    for sheet in kinds["tally"]:
        day = date.fromisoformat(sheet["on"])
        found.turf[sheet["turf"]] += sheet["spoke"]
        found.knocked[sheet["turf"]] += sum(sheet[name] for name in RESULTS)
        found.week[day - timedelta(days=day.weekday())] += sheet["spoke"]
        found.days += [day] * sheet["spoke"]
    for code, tracts in doors.items():
        for tract, seats in share(
            sum(s["spoke"] for s in kinds["tally"] if s["turf"] == code), tracts
        ).items():
            found.tract[tract] += seats
            found.estimated[tract] += seats if len(tracts) > 1 else 0
    return found


def share(households: int, doors: Counter[str]) -> Counter[str]:
    """Give households one after the other to the tract furthest behind its doors."""
    seats: Counter[str] = Counter(dict.fromkeys(doors, 0))
    for _household in range(households):
        seats[max(sorted(doors), key=lambda tract: doors[tract] / (2 * seats[tract] + 1))] += 1
    return seats


def table_with(app: AppTest, column: str) -> pd.DataFrame:
    return next(frame.value for frame in app.dataframe if column in frame.value)


def test_every_figure_of_progress_is_that_of_a_plain_count(dashboard: Open, store: Path) -> None:
    blocks = read_shapes_of("demo", "blocks").set_index("geoid").to_dict("index")
    tracts = read_shapes_of("demo", "tracts_2020").set_index("geoid").to_dict("index")
    found = count_again(store, blocks)
    app = dashboard("progress", region="demo")
    app.text_input(key="person.name").set_value("Ana").run()
    assert not app.exception
    assert not app.error
    turfs = table_with(app, "of_share")
    assert turfs["reached"].to_dict() == {code: found.turf[code] for code in turfs.index}
    assert turfs["knocked"].to_dict() == {code: found.knocked[code] for code in turfs.index}
    households = {turf["code"]: turf["households"] for turf in standing(store)["turf"]}
    for code, share_of_goal in turfs["share"].items():
        part = 40_000 * households[str(code)] / sum(households.values())
        assert share_of_goal == round(min(part, households[str(code)]))
    by_tract = table_with(app, "index")
    assert by_tract["reached"].to_dict() == {tract: found.tract[tract] for tract in by_tract.index}
    assert by_tract["shared_out"].to_dict() == {tract: found.estimated[tract] for tract in by_tract.index}
    classes: Counter[str] = Counter()
    for tract, count in found.tract.items():
        index = tracts[tract]["ca_htc_index"]
        classes[next((name for limit, name in CLASSES if index < limit), "unknown")] += count
    by_class = next(frame.value for frame in app.dataframe if frame.value.index.name == "index_class")
    assert by_class["reached"].to_dict() == {name: classes[name] for name in by_class.index}
    weeks = table_with(app, "total")
    assert {day.date(): n for day, n in weeks["reached"].items() if n} == {
        d: n for d, n in found.week.items() if n
    }
    assert weeks["total"].iloc[-1] == sum(found.turf.values())


def test_pace_stale_turfs_and_what_helps_next_are_those_of_a_plain_count(
    dashboard: Open, store: Path
) -> None:
    blocks = read_shapes_of("demo", "blocks").set_index("geoid").to_dict("index")
    tracts = read_shapes_of("demo", "tracts_2020").set_index("geoid").to_dict("index")
    found, kinds = count_again(store, blocks), standing(store)
    app = dashboard("progress", region="demo")
    app.text_input(key="person.name").set_value("Ana").run()
    total = sum(found.turf.values())
    weeks_left = 26
    recent = sum(day > TODAY - timedelta(days=28) for day in found.days)
    told = app.get("progress")[0].proto.text
    assert told.startswith(f"{total} of 40,000 households reached.")
    assert f"{(40_000 - total) / weeks_left:,.0f} a week are needed" in told
    assert f"it was {recent / 4:,.0f} a week" in told
    stale = [
        t["code"] for t in kinds["turf"] if t["status"] == "out" and t["out_on"] < str(TODAY - timedelta(14))
    ]
    assert len(stale) == 1
    assert f"without a return: {stale[0]}." in " ".join(item.value for item in app.warning)
    rate = total / sum(found.knocked.values())
    gains = {}
    for turf in (turf for turf in kinds["turf"] if turf["status"] == "ready"):
        homes = [(blocks[unit]["housing_units"], blocks[unit]["tract_geoid"]) for unit in turf["units"]]
        silent = sum(count * tracts[tract]["share_no_self_response"] for count, tract in homes)
        left = turf["doors"] - found.knocked[turf["code"]]
        gains[turf["code"]] = left * silent / sum(count for count, _tract in homes) * rate
    shown = table_with(app, "gain")["gain"]
    assert shown.to_dict() == pytest.approx(gains, abs=0.001)
    assert shown.index[0] == max(gains, key=lambda code: gains[code])
