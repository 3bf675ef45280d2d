"""What others see of a program, against somebody who solves for what is hidden.

Every number that leaves the dashboard for those without rights (the report, the workbook, the roll-up; the
page shows the same tables) is written as a sum over groups of people: the sessions they came to, and when
they signed up. The attacker knows these sums and that no group is negative, and asks of every small count
how low and how high it may be: where both are the same, it is told.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from shapely.geometry import box

from geo.program.area import Area
from geo.program.declaration import Program, to_program
from geo.program.figures import ProgramFigures
from geo.program.measures import Records
from geo.program.public_view import PublicRegionFigures, together_for_everybody
from reports.program_report import make_report
from reports.program_sections import Told, sections_of
from reports.workbooks import figures_table, program_workbook
from wording.program import HEADINGS, glance_table, recruit_titles, value_words

TODAY = date(2020, 1, 1)
AREA = Area("Valley", box(-116, 33, -115, 34), "")
SIGNED = (None, pd.Timestamp("2019-01-05"), pd.Timestamp("2019-01-25"))
Group = tuple[tuple[bool, ...], pd.Timestamp | None]
Holds = Callable[[Group], bool]


@dataclass(frozen=True)
class Drawn:
    """How many people are in each group, and the program that counts them."""

    sizes: dict[Group, int]
    sessions: int
    program: Program
    series: tuple[str, ...]

    def place_before(self, at: int) -> int | None:
        """The place of the session before one, of its series."""
        return next((place for place in range(at)[::-1] if self.series[place] == self.series[at]), None)

    @property
    def records(self) -> Records:
        """The records of these people."""
        names = [f"e{place}" for place in range(self.sessions)]
        events = pd.DataFrame({"event": names, "title": names, "program": "p", "event_kind": "session"})
        events["series"] = list(self.series)
        events["on"] = pd.date_range("2019-02-01", periods=self.sessions, freq="MS")
        came, signed = [], []
        for number, (flags, day) in enumerate(g for g, size in self.sizes.items() for _ in range(size)):
            came += [("p", name, str(number)) for name, flag in zip(names, flags, strict=True) if flag]
            signed += [("p", str(number), day)] if day is not None else []
        recruits = pd.DataFrame(signed, columns=["program", "person", "on"])
        return Records(
            events=events,
            attendance=pd.DataFrame(came, columns=["program", "event", "person"]),
            recruits=recruits.assign(on=pd.to_datetime(recruits["on"]), geoid=None),
        )


@st.composite
def drawn(draw: st.DrawFn) -> Drawn:
    sessions = draw(st.integers(2, 4))
    with_recruits = draw(st.booleans())
    days = SIGNED if with_recruits else SIGNED[:1]
    groups = [
        (flags, day)
        for flags in product((False, True), repeat=sessions)
        for day in days
        if any(flags) or day is not None
    ]
    size = st.one_of(st.just(0), st.integers(0, 9), st.integers(10, 40))
    sizes = dict(zip(groups, draw(st.lists(size, min_size=len(groups), max_size=len(groups))), strict=True))
    for at in range(sessions):
        # A session that nobody came to is none.
        alone = (tuple(place == at for place in range(sessions)), None)
        sizes[alone] += draw(st.integers(1, 30)) if not any(n for g, n in sizes.items() if g[0][at]) else 0
    least = draw(st.integers(2, sessions))
    plain = {"unit": "people", "how": "h"}
    how = draw(st.sampled_from(["consistent", "in_a_row"]))
    measures = [{"key": "often", "title": "Often", "counted": how, "at_least": least} | plain]
    if draw(st.booleans()):
        measures.append({"key": "people", "title": "People", "counted": "people"} | plain)
    if with_recruits:
        measures.append({"key": "recruits", "title": "Recruits", "counted": "recruits"} | plain)
    fields = {
        "key": "p",
        "title": "P",
        "purpose": "P",
        "begins": date(2019, 1, 1),
        "areas": [{"focus": True}],
    }
    program = to_program(fields | {"measures": measures})
    several = draw(st.booleans())
    series = draw(st.tuples(*[st.sampled_from(("", "Fall") if several else ("",))] * sessions))
    return Drawn(sizes, sessions, program, series)


def counts(case: Drawn, least: int, *, in_a_row: bool) -> dict[object, Holds]:
    """Who is in each count, said anew in plain words."""
    sessions = case.sessions

    def often(flags: tuple[bool, ...]) -> bool:
        written = "".join("x" if flag else "-" for flag in flags)
        return "x" * least in written if in_a_row else written.count("x") >= least

    found: dict[object, Holds] = {
        "recruited": lambda g: g[1] is not None,
        "came": lambda g: g[1] is not None and any(g[0]),
        "consistent": lambda g: g[1] is not None and often(g[0]),
        "with gaps": lambda g: sum(g[0]) >= least and not often(g[0]),
        "came_unrecruited": lambda g: g[1] is None and any(g[0]),
        "never came": lambda g: g[1] is not None and not any(g[0]),
        "came seldom": lambda g: g[1] is not None and any(g[0]) and not often(g[0]),
    }
    for at in range(sessions):
        first, before = case.series.index(case.series[at]), case.place_before(at)
        found |= {
            ("often by", at): lambda g, at=at: often(g[0][: at + 1]),
            ("people", at): lambda g, at=at: g[0][at],
            ("new", at): lambda g, at=at: g[0][at] and not any(g[0][:at]),
            ("known", at): lambda g, at=at: g[0][at] and any(g[0][:at]),
            ("of_first", at): lambda g, at=at, first=first: g[0][at] and g[0][first],
            ("first gone", at): lambda g, at=at, first=first: g[0][first] and not g[0][at],
            ("signed by", at): lambda g, at=at: g[1] is not None and g[1] <= SIGNED[min(at + 1, 2)],
        }
        if before is not None:
            found |= {
                ("back", at): lambda g, at=at, b=before: g[0][at] and g[0][b],
                ("others", at): lambda g, at=at, b=before: g[0][at] and not g[0][b],
                ("left", at): lambda g, at=at, b=before: g[0][b] and not g[0][at],
                ("away", at): lambda g, at=at, b=before: g[0][at] and not g[0][b] and any(g[0][:at]),
            }
    for k, m in product(range(1, sessions + 1), repeat=2):
        found["least", k] = lambda g, k=k: sum(g[0]) >= k
        found["least by", k, m - 1] = lambda g, k=k, m=m: sum(g[0][:m]) >= k
        if m > k:
            found["between", k, m] = lambda g, k=k, m=m: k <= sum(g[0]) < m
    return found


NONE = pd.DataFrame()


def read_named(content: bytes) -> dict[str, pd.DataFrame]:
    """A workbook's sheets, their columns by the names that figures have."""
    names = {title: name for name, title in HEADINGS.items()}
    book = pd.read_excel(io.BytesIO(content), sheet_name=None)
    return {title: sheet.rename(columns=names) for title, sheet in book.items()}


def assert_longer_holds_no_more(figures: ProgramFigures, book: dict[str, pd.DataFrame]) -> None:
    """Every count of the longer report stands in the workbook, in the same place."""
    told = Told(AREA, pd.DataFrame(columns=["title", "on"]), None, None, (), invented=False)
    sections = {section.title: section for section in sections_of(figures, told)}
    assert not {measure.title for measure in figures.program.measures} & set(sections), "regulars by session"
    rows = sections["Session by session"].rows[1:]
    for name, place in (("people", 2), ("back", 3), ("new", 4)):
        told_of = [None if pd.isna(value) else f"{value:g}" for value in book["Sessions"][name]]
        # To the first of a series nobody could come back: a dash, and an empty cell.
        assert [None if row[place] in ("hidden", "–") else row[place] for row in rows] == told_of
    often = book.get("Sessions attended", NONE).to_dict("records")
    shown = sections["Who came back"].rows[1:]
    count = len(book["Sessions"])
    assert list(shown) == [
        (f"{row['sessions']} of {count}", "hidden" if pd.isna(row["people"]) else f"{row['people']:g}")
        for row in often
    ]
    assert [row["sessions"] for row in often] == [*range(1, count + 1)], "no row is left out"
    recruits = book.get("Recruits", NONE).to_dict("records")
    shown = sections["Who signed up, and who comes"].rows[1:] if recruits else ()
    states = {item.measure.title: value_words(item) for item in figures.standings()}
    # Of those who signed up everybody reads what their measure says.
    instead = {"Signed up": states.get("Recruits")}
    assert [words for _title, words in shown] == [
        instead.get(row["who"], "hidden") if pd.isna(row["people"]) else f"{row['people']:g}"
        for row in recruits
    ]
    aims = sections["The aim, and where it stands"].rows[1:]
    assert {row[0]: row[3] for row in aims} == states


def numbers_for_others(case: Drawn) -> dict[object, int]:
    """Every number of people in the workbook, the report and the roll-up made for others."""
    program = case.program
    region = PublicRegionFigures({"p": program}, case.records, TODAY)
    figures = region.of("p")
    book = read_named(program_workbook(figures, AREA, invented=False))
    report = make_report(figures, AREA, invented=False)
    assert_longer_holds_no_more(figures, book)
    found: dict[object, int] = {}
    for at, row in enumerate(book["Sessions"].to_dict("records")):
        first, before = case.series.index(case.series[at]), case.place_before(at)
        for name in ("people", "back", "others", "new"):
            if pd.notna(row[name]) and not (before is None and name == "others"):
                found[name, at] = int(row[name])
        if pd.notna(row["share_of_first"]):
            found["of_first", at] = round(row["share_of_first"] * book["Sessions"]["people"][first])
        if pd.notna(row["share_back"]):
            found["back", at] = round(row["share_back"] * book["Sessions"]["people"][before])
    for row in book.get("Sessions attended", NONE).dropna().to_dict("records"):
        found["least", row["sessions"]] = int(row["people"])
    names = {title: name for name, title in recruit_titles(program).items()}
    for row in book.get("Recruits", NONE).dropna().to_dict("records"):
        found[names[row["who"]]] = int(row["people"])
    measures = {item.title: item for item in program.measures}
    steps = [(row["measure"], row["on"], row["value"]) for row in book.get("Curves", NONE).to_dict("records")]
    rolled = figures_table(glance_table(region.each()))
    tiles = dict(zip((item.title for item in program.measures), report.tiles, strict=True))
    for row in rolled.dropna(subset=["value"]).to_dict("records"):
        steps.append((row["measure"], pd.Timestamp(row["as_of"]), row["value"]))
        assert tiles[row["measure"]].value == f"{row['value']:,.0f}"
    assert not re.search(r"(Fall|without a series): \d", " ".join(report.tiles[0].details))
    for title, on, value in steps:
        found[_step(measures[title], case, on)] = int(value)
    for at, cells in enumerate(report.sessions[1:]):
        for name, words in zip(("people", "back"), cells[2:4], strict=True):
            if words.isdigit():
                assert found[name, at] == int(words)
    return found


def _step(measure: Any, case: Drawn, on: pd.Timestamp) -> object:
    if measure.counted == "recruits":
        return ("signed by", SIGNED.index(on) - 1)
    place = case.records.events["on"].tolist().index(on)
    return ("often by", place) if measure.counted == "in_a_row" else ("least by", measure.at_least, place)


def between(
    known: dict[object, int], holds: dict[object, Holds], asked: Holds, groups: list[Group]
) -> tuple[float, float]:
    """How low and how high a count may be for all that is known."""
    rows = np.array([[float(holds[name](group)) for group in groups] for name in known])
    wanted = np.array([float(asked(group)) for group in groups])
    ends = [
        linprog(sign * wanted, A_eq=rows, b_eq=list(known.values()), bounds=(0, None), method="highs")
        for sign in (1, -1)
    ]
    low, high = (end.fun if end.status == 0 else -np.inf for end in ends)
    return float(low), float(-high)


@settings(deadline=None, max_examples=15)
@given(drawn())
def test_nobody_can_solve_for_a_small_count(case: Drawn) -> None:
    often = case.program.measure("often")
    holds = counts(case, often.at_least, in_a_row=often.counted == "in_a_row")
    known, groups = numbers_for_others(case), list(case.sizes)
    value = {name: sum(n for g, n in case.sizes.items() if asked(g)) for name, asked in holds.items()}
    assert {name: value[name] for name in known} == known
    assert not [name for name, count in known.items() if 0 < count < 10]
    for name, asked in holds.items():
        if known and 0 < value[name] < 10:
            low, high = between(known, holds, asked, groups)
            assert high - low > 1e-3, (name, value[name], known)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.one_of(st.integers(0, 9), st.integers(10, 40)), min_size=7, max_size=7), st.data())
def test_people_together_tell_no_program_that_is_hidden(sizes: list[int], data: st.DataObject) -> None:
    """Three programs, some of whose own numbers others do not see: nor do they by what is added up."""
    groups = [flags for flags in product((False, True), repeat=3) if any(flags)]
    rows = [
        ("xyz"[at], str(number))
        for number, flags in enumerate(g for g, size in zip(groups, sizes, strict=True) for _ in range(size))
        for at in range(3)
        if flags[at]
    ]
    came = pd.DataFrame(rows, columns=["program", "person"])
    own = {at: sum(n for g, n in zip(groups, sizes, strict=True) if g[at]) for at in range(3)}
    seen = [at for at in own if not 0 < own[at] < 10 and data.draw(st.booleans())]
    found = together_for_everybody(came, list("xyz"), ["xyz"[at] for at in seen])
    weights = {
        "once": [1.0] * 7,
        "added": [float(sum(flags)) for flags in groups],
        "several": [float(sum(flags) > 1) for flags in groups],
    } | {at: [float(flags[at]) for flags in groups] for at in range(3)}
    summed = {name: getattr(found, name) for name in ("once", "added", "several")}
    known = summed | {at: own[at] for at in seen}
    rows_known = [name for name, count in known.items() if count is not None]
    for at in set(own) - set(seen):
        if own[at] and rows_known:
            # What is told of several programs goes down to tens: it is that, or up to nine more.
            matrix = np.array([weights[name] for name in rows_known])
            low = np.array([known[name] for name in rows_known])
            high = low + [0 if name in own else 9 for name in rows_known]
            ends = [
                linprog(
                    sign * np.array(weights[at]),
                    A_ub=np.vstack([matrix, -matrix]),
                    b_ub=np.concatenate([high, -low]),
                    bounds=(0, None),
                ).fun
                for sign in (1, -1)
            ]
            assert ends[0] is None or ends[1] is None or -ends[1] - ends[0] > 1e-3, (at, own, known)
