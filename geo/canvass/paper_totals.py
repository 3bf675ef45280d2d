"""Totals of paper sheets: read row by row, and doors that may count twice."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import pandas as pd

from geo.canvass.codes import DISPOSITION_TITLES, Disposition, to_turf_code
from geo.canvass.returns import check_day, gone_words
from geo.errors import first_ids
from geo.intake.tables import Column, Row, Table, TableKind, Unread
from geo.intake.values import count_cells, date_cells, each
from geo.intake.verdicts import Line, Verdict, settle
from geo.language import gettext as _
from geo.language import mark as N_
from geo.language import ngettext

NEAR_DAYS = 7
TWICE = ["sheets", "visits", "first", "last", "most"]


def are_near(day: date, others: Iterable[date]) -> bool:
    """Whether one of some days lies within a week of a day.

    Examples
    --------
    >>> are_near(date(2026, 3, 9), [date(2026, 3, 2)]), are_near(date(2026, 3, 10), [date(2026, 3, 2)])
    (True, False)
    """
    return any(abs(day - other) <= timedelta(days=NEAR_DAYS) for other in others)


def find_twice(visits: pd.DataFrame, sheets: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Find the turfs in which doors may count twice.

    Parameters
    ----------
    visits
        ``id``, ``turf``, ``unit``, ``door``, ``on`` and ``disposition``.
    sheets
        ``turf``, ``on``, ``sheet``, ``spoke`` and ``apart``: whether somebody said of a sheet that no other
        return holds its doors.
    units
        ``turf`` by unit: a visit is of the turf that its unit lies in now.

    Returns
    -------
    pandas.DataFrame
        By turf: ``sheets`` and ``visits`` that are near each other (how many), ``first`` and ``last`` day of
        those visits, and ``most`` households that can be counted twice: those spoken with on the one side,
        where they are fewer than on the other.

    Examples
    --------
    >>> visits = pd.DataFrame({"id": ["a"], "turf": "T", "unit": "u", "door": "1",
    ...     "on": pd.to_datetime(["2026-03-02"]), "disposition": "spoke"})
    >>> sheets = pd.DataFrame({"turf": ["T"], "on": pd.to_datetime(["2026-03-03"]), "sheet": "1",
    ...     "spoke": 8, "apart": False})
    >>> find_twice(visits, sheets, pd.DataFrame({"turf": ["T"]}, index=["u"]))["most"].to_dict()
    {'T': 1}
    """
    if visits.empty or sheets.empty:
        return pd.DataFrame(columns=TWICE)
    ours = visits.assign(turf=visits["unit"].map(units["turf"]).fillna(visits["turf"]))
    open_sheets = sheets[~sheets["apart"].astype(bool)]
    pairs = open_sheets.merge(ours, on="turf", suffixes=("_sheet", "_visit"))
    pairs = pairs[(pairs["on_sheet"] - pairs["on_visit"]).abs() <= pd.Timedelta(days=NEAR_DAYS)]
    rows = {str(code): _of_turf(part) for code, part in pairs.groupby("turf")}
    return pd.DataFrame.from_dict(rows, orient="index", columns=TWICE)


def _of_turf(pairs: pd.DataFrame) -> list[object]:
    sheets = pairs.drop_duplicates(["on_sheet", "sheet"])
    visits = pairs.drop_duplicates("id")
    doors = visits["door"].where(visits["door"] != "", visits["id"])
    spoke = visits["disposition"] == Disposition.SPOKE
    by_phone = pd.DataFrame({"unit": visits["unit"], "door": doors})[spoke].drop_duplicates()
    first, last = visits["on_visit"].min().date(), visits["on_visit"].max().date()
    return [len(sheets), len(visits), first, last, min(int(sheets["spoke"].sum()), len(by_phone))]


def twice_words(found: pd.DataFrame) -> str:
    """Say in which turfs doors may count twice, how many households that can be, and what to do.

    Parameters
    ----------
    found
        From :func:`find_twice`, not empty.

    Examples
    --------
    >>> twice_words(pd.DataFrame({"most": [4]}, index=["TA0001M"])).split(". ")[1]
    'Up to 4 of the households reached'
    """
    words = _(
        "Doors may count twice in {turfs}: they were told one by one and stand in totals of paper of the "
        "same week. Up to {most} of the households reached. On the page Returns, under Paper totals, say "
        "that the doors of a sheet are others, or take it back."
    )
    return words.format(turfs=first_ids(found.index), most=f"{int(found['most'].sum()):,}")


def visits_words(turf: str, days: Iterable[date]) -> str:
    """Say before a sheet of a turf is recorded that doors of it were told one by one.

    Examples
    --------
    >>> visits_words("TA0001M", [date(2026, 3, 2), date(2026, 3, 1)]).split(".")[0]
    '2 visits to turf TA0001M are here one by one (2026-03-01 – 2026-03-02)'
    """
    known = sorted(days)
    words = ngettext(
        "{count} visit to turf {turf} is here one by one ({days}).",
        "{count} visits to turf {turf} are here one by one ({days}).",
        len(known),
    )
    remedy = _("A door that is on the sheet too would count twice: leave it out of the totals.")
    span = " – ".join(dict.fromkeys(map(str, (known[0], known[-1]))))
    told = words.format(count=f"{len(known):,}", turf=turf, days=span)
    return f"{told} {remedy}"


def sheets_words(turf: str, sheets: Iterable[str]) -> str:
    """Say before a visit is recorded that the turf has totals of paper of these days.

    Examples
    --------
    >>> sheets_words("TA0001M", ["1 (2026-03-02)"]).split(".")[0]
    'Turf TA0001M has totals of paper of these days: sheet 1 (2026-03-02)'
    """
    words = _(
        "Turf {turf} has totals of paper of these days: sheet {sheets}. A door that is on it would count "
        "twice: leave it out, or take the sheet back under Paper totals and record its doors one by one."
    )
    return words.format(turf=turf, sheets=first_ids(sheets))


def sheets_near(sheets: pd.DataFrame, turf: str, days: Iterable[date]) -> list[str]:
    """Name a turf's sheets of paper within a week of some days, with the day of each.

    Parameters
    ----------
    sheets
        ``turf``, ``on`` and ``sheet``.

    Examples
    --------
    >>> sheets = pd.DataFrame({"turf": "T", "on": pd.to_datetime(["2026-03-02"]), "sheet": ["1"]})
    >>> sheets_near(sheets, "T", [date(2026, 3, 5)]), sheets_near(sheets, "T", [date(2026, 4, 5)])
    (['1 (2026-03-02)'], [])
    """
    known = list(days)
    ours = sheets[sheets["turf"] == turf].sort_values(["on", "sheet"])
    pairs = [(pd.Timestamp(on).date(), sheet) for on, sheet in zip(ours["on"], ours["sheet"], strict=True)]
    return [f"{sheet} ({day})" for day, sheet in pairs if are_near(day, known)]


def file_words(visits: pd.DataFrame, sheets: pd.DataFrame) -> list[str]:
    """Say of every turf of a file of visits that it has totals of paper of these days.

    Parameters
    ----------
    visits
        ``turf`` and ``on`` (ISO 8601) of the visits that would be written.
    sheets
        ``turf``, ``on`` and ``sheet``.

    Examples
    --------
    >>> sheets = pd.DataFrame({"turf": "T", "on": pd.to_datetime(["2026-03-02"]), "sheet": ["1"]})
    >>> visits = pd.DataFrame({"turf": ["T", "V"], "on": ["2026-03-05", "2026-03-05"]})
    >>> [words[:6] for words in file_words(visits, sheets)]
    ['Turf T']
    """
    found = {
        str(turf): sheets_near(sheets, str(turf), map(date.fromisoformat, set(part["on"])))
        for turf, part in visits.groupby("turf")
    }
    return [sheets_words(turf, near) for turf, near in found.items() if near]


COUNTS = [str(item) for item in Disposition]
NAMES = ["turf", "on", "sheet"]
Key = tuple[str, str, str]
PAPER_TOTALS = TableKind(
    key="paper",
    columns=(
        Column("turf", N_("Turf"), "turf", each(to_turf_code), required=True, unread=Unread.REFUSE),
        Column("on", N_("Day"), "on, day, date", date_cells, required=True, unread=Unread.REFUSE),
        Column("sheet", N_("Sheet"), "sheet", required=True),
        *(
            Column(str(item), title, str(item), count_cells, unread=Unread.REFUSE)
            for item, title in DISPOSITION_TITLES.items()
        ),
    ),
    needs=(("turf",), ("on",), ("sheet",), (str(Disposition.SPOKE),)),
    remedy=N_("take the empty table from this page and fill it in"),
    # As the empty table has it, a row without a day and without a count is none.
    filled=("on", *COUNTS),
)


@dataclass(frozen=True, slots=True)
class Here:
    """What is here already when a table of sheets comes in.

    Parameters
    ----------
    doors
        Doors by the code of each turf that stands now.
    sheets
        Counts of the sheets by turf, day and sheet.
    former
        Codes of turfs that were cut again since.
    visited
        Days on which doors were told one by one, by turf.
    apart, taken_back
        Sheets of which somebody said that no other return holds their doors; sheets that were taken back.
    """

    doors: Mapping[str, int]
    sheets: Mapping[Key, Mapping[str, int]] = field(default_factory=dict)
    former: Collection[str] = ()
    visited: Mapping[str, Collection[date]] = field(default_factory=dict)
    apart: Collection[Key] = ()
    taken_back: Collection[Key] = ()


def empty_sheet(doors: Mapping[str, int]) -> bytes:
    """Make the table to fill in, a row for every turf, as CSV (UTF-8).

    Examples
    --------
    >>> empty_sheet({"TA0001M": 9}).decode().splitlines()[1]
    'TA0001M,,1,,,,,,,,'
    """
    frame = pd.DataFrame({"turf": list(doors), "on": "", "sheet": "1"})
    return frame.reindex(columns=[*NAMES, *COUNTS]).to_csv(index=False).encode()


def judge_sheets(table: Table, here: Here, day: date) -> list[Line]:
    r"""Say of every row what it would do; nothing is written.

    Parameters
    ----------
    table
        Of the kind :data:`PAPER_TOTALS`; an empty count is 0.
    here
        What is here already.
    day
        Today: no sheet is of a later day.

    Returns
    -------
    list of Line
        A line a row; what would be written are the fields. A sheet whose doors may count twice needs an
        answer.

    Raises
    ------
    SchemaError
        The table lacks columns, or has no rows.

    Examples
    --------
    >>> from geo.intake.grids import read_grids
    >>> from geo.intake.tables import find_table
    >>> content = b"turf,on,sheet,spoke\nTA0001M,3/2/2026,1,4\nTA0001M,3/2/2026,2,12\n"
    >>> table = find_table(read_grids(content, "a.csv"), "a.csv", PAPER_TOTALS)
    >>> [str(line.verdict) for line in judge_sheets(table, Here({"TA0001M": 9}), date(2026, 3, 3))]
    ['new', 'refused']
    """
    return settle(list(_within_turfs([_judge(row, here, day) for row in table.require().rows], here)))


def _within_turfs(lines: Iterable[Line], here: Here) -> Iterator[Line]:
    """Refuse a sheet with which those of one day have more doors than their turf."""
    counts = {key: sum(told.values()) for key, told in here.sheets.items()}
    for line in lines:
        if line.verdict in (Verdict.REFUSED, Verdict.SAME):
            yield line
            continue
        turf, day, sheet = (str(line.shown[name]) for name in NAMES)
        ours = sum(int(line.shown[name]) for name in COUNTS)
        others = sum(
            count for key, count in counts.items() if key[:2] == (turf, day) and key != (turf, day, sheet)
        )
        if ours + others > here.doors[turf]:
            yield replace(
                line,
                verdict=Verdict.REFUSED,
                reason=too_many_words(turf, day, ours + others, here.doors[turf]),
                about="",
                change=None,
            )
        else:
            counts[turf, day, sheet] = ours
            yield line


def too_many_words(turf: str, day: str, count: int, doors: int) -> str:
    """Say that the sheets of one day have more doors than their turf.

    Examples
    --------
    >>> too_many_words("TA0001M", "2026-03-02", 53, 33)
    'with it the sheets of 2026-03-02 have 53 doors together, but turf TA0001M has 33'
    """
    words = _("with it the sheets of {day} have {count} doors together, but turf {turf} has {doors}")
    return words.format(day=day, count=f"{count:,}", turf=turf, doors=f"{doors:,}")


def _judge(row: Row, here: Here, day: date) -> Line:
    fields: dict[str, Any] = {name: row.meant.get(name, row.text(name)) for name in NAMES}
    fields |= {name: row.meant.get(name, 0) for name in COUNTS}
    key = (str(fields["turf"]), str(fields["on"]), str(fields["sheet"]))
    fault = row.refused or check_day(fields["on"], day) or _fault(fields, key, here)
    fields["on"] = key[1]
    if fault:
        return Line(row.number, Verdict.REFUSED, fields, fault)
    counts = {name: fields[name] for name in COUNTS}
    verdict = Verdict.CHANGED if key in here.sheets else Verdict.NEW
    if verdict is Verdict.CHANGED and dict(here.sheets[key]) == counts:
        return Line(row.number, Verdict.SAME, fields, "", "/".join(key), counts)
    doubt = _doubt(key, here)
    if doubt or key in here.apart:
        fields = fields | {"apart": True}
    reason = "; ".join([*row.remarks, *([doubt] if doubt else [])])
    return Line(row.number, Verdict.ASK if doubt else verdict, fields, reason, "/".join(key), counts, fields)


def _doubt(key: Key, here: Here) -> str:
    """Say why a sheet's doors may count twice; empty where nothing speaks for it."""
    turf, day, _sheet = key
    days = here.visited.get(turf, ())
    near = are_near(date.fromisoformat(day), days) and key not in here.apart
    return visits_words(turf, days) if near else ""


def _fault(fields: Mapping[str, Any], key: Key, here: Here) -> str:
    turf, count = key[0], sum(fields[name] for name in COUNTS)
    if turf not in here.doors:
        if turf in here.former:
            return _("turf {turf} was cut again since; enter its visits block by block").format(turf=turf)
        return gone_words(turf, "", "", here.former)
    if not count:
        return _("it has no doors")
    if key in here.taken_back:
        return _("this sheet was taken back; if it counts after all, enter it in the form")
    if count > here.doors[turf]:
        return _("the sheet has {count} doors, but turf {turf} has {doors}").format(
            count=f"{count:,}", turf=turf, doors=f"{here.doors[turf]:,}"
        )
    return ""
