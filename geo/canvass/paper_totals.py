"""Totals of paper sheets: read row by row, and doors that may count twice."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pandas as pd

from geo.canvass.codes import DISPOSITION_TITLES, Disposition, to_turf_code
from geo.canvass.returns import gone_words, to_day
from geo.errors import SchemaError, first_ids
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
PREVIEW = ["row", *NAMES, *COUNTS, "what", "reason"]
WHAT_TITLES: Mapping[str, str] = {
    "new": N_("new"),
    "there": N_("already here"),
    "correction": N_("corrects what is here"),
    "twice": N_("twice in this file"),
    "doubtful": N_("may count twice"),
    "bad": N_("does not hold"),
}
WRITTEN = ("new", "correction")
Key = tuple[str, str, str]


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
    'TA0001M,,1,,,,,,,'
    """
    frame = pd.DataFrame({"turf": list(doors), "on": "", "sheet": "1"})
    return frame.reindex(columns=[*NAMES, *COUNTS]).to_csv(index=False).encode()


def preview_sheets(rows: pd.DataFrame, here: Here, day: date) -> pd.DataFrame:
    """Say of every row what it would do; nothing is written.

    Parameters
    ----------
    rows
        Text, on the row's number in the file, from :func:`geo.intake.sheets.read_rows`: ``turf``, ``on``,
        ``sheet`` and a column for each result; an empty cell is 0. A row without a day and without a count,
        as in the empty table, is passed over.
    here
        What is here already.
    day
        Today: no sheet is of a later day.

    Returns
    -------
    pandas.DataFrame
        ``row``, the fields, ``what`` (a key of :data:`WHAT_TITLES`) and ``reason``.

    Raises
    ------
    SchemaError
        Columns are missing.

    Examples
    --------
    >>> rows = pd.DataFrame({"turf": ["TA0001M"] * 2, "on": ["2026-03-02"] * 2, "sheet": ["1", "2"],
    ...     "spoke": ["4", "12"]}, index=[2, 3])
    >>> preview_sheets(rows, Here({"TA0001M": 9}), date(2026, 3, 3))["what"].tolist()
    ['new', 'bad']
    """
    missing = [name for name in (*NAMES, str(Disposition.SPOKE)) if name not in rows.columns]
    if missing:
        raise SchemaError(
            _("{count} columns are missing: {names}").format(count=len(missing), names=first_ids(missing)),
            _("take the empty table from this page and fill it in; nothing was written"),
        )
    seen: set[Key] = set()
    told = []
    filled = rows[(rows[["on", *rows.columns.intersection(COUNTS)]] != "").any(axis=1)]
    for number, row in zip(filled.index, filled.to_dict("records"), strict=True):
        fields, reason = _check({str(name): str(value) for name, value in row.items()}, here, day)
        key = (str(fields["turf"]), str(fields["on"]), str(fields["sheet"]))
        counts = {name: fields[name] for name in COUNTS}
        what = "bad" if reason else _what(key, counts, here, seen)
        doubt = _doubt(key, here) if what in WRITTEN else ""
        told.append(
            {"row": number, **fields, "what": "doubtful" if doubt else what, "reason": reason or doubt}
        )
        seen.add(key)
    return pd.DataFrame(told, columns=PREVIEW)


def _what(key: Key, counts: Mapping[str, Any], here: Here, seen: set[Key]) -> str:
    if key in seen:
        return "twice"
    if key not in here.sheets:
        return "new"
    return "there" if dict(here.sheets[key]) == dict(counts) else "correction"


def _doubt(key: Key, here: Here) -> str:
    """Say why a sheet's doors may count twice; empty where nothing speaks for it."""
    turf, day, _sheet = key
    days = here.visited.get(turf, ())
    near = are_near(date.fromisoformat(day), days) and key not in here.apart
    return visits_words(turf, days) if near else ""


def _check(texts: dict[str, str], here: Here, day: date) -> tuple[dict[str, Any], str]:
    """Return the fields in our form, and why they don't hold; empty where they do."""
    fields: dict[str, Any] = {name: texts[name] for name in NAMES}
    fields |= {name: texts.get(name, "") or "0" for name in COUNTS}
    try:
        fields["turf"] = to_turf_code(texts["turf"])
        fields["on"] = to_day(texts["on"], day)
    except ValueError as error:
        return fields, str(error)
    wrong = [name for name in COUNTS if not fields[name].removesuffix(".0").isdecimal()]
    if wrong:
        titles = first_ids(_(DISPOSITION_TITLES[Disposition(name)]) for name in wrong)
        return fields, _("no whole number from 0 on: {names}").format(names=titles)
    fields |= {name: int(fields[name].removesuffix(".0")) for name in COUNTS}
    return fields, _fault(fields, here)


def _fault(fields: dict[str, Any], here: Here) -> str:
    turf, count = fields["turf"], sum(fields[name] for name in COUNTS)
    if turf not in here.doors:
        if turf in here.former:
            return _("turf {turf} was cut again since; enter its visits block by block").format(turf=turf)
        return gone_words(turf, "", "", here.former)
    if not fields["sheet"]:
        return _("it has no number of a sheet")
    if not count:
        return _("it has no doors")
    if (turf, fields["on"], fields["sheet"]) in here.taken_back:
        return _("this sheet was taken back; if it counts after all, enter it in the form")
    if count > here.doors[turf]:
        return _("the sheet has {count} doors, but turf {turf} has {doors}").format(
            count=f"{count:,}", turf=turf, doors=f"{here.doors[turf]:,}"
        )
    return ""


def to_sheets(told: pd.DataFrame, here: Here, *, apart: bool = False) -> list[dict[str, Any]]:
    """Return the fields of the rows of a preview that are new or correct what is here.

    Parameters
    ----------
    apart
        Whether somebody says that no other return holds the doors of those that may count twice; else those
        are left out. Of sheets that are here it stays said.

    Examples
    --------
    >>> row = dict.fromkeys(PREVIEW, ["1", "2"]) | {"what": ["correction", "doubtful"]}
    >>> [fields["sheet"] for fields in to_sheets(pd.DataFrame(row), Here({}))]
    ['1']
    >>> [fields.get("apart") for fields in to_sheets(pd.DataFrame(row), Here({}), apart=True)]
    [None, True]
    """
    wanted = [*WRITTEN, "doubtful"] if apart else list(WRITTEN)
    kept = told[told["what"].isin(wanted)]
    said = [
        what == "doubtful" or key in here.apart
        for what, *key_parts in kept[["what", *NAMES]].itertuples(index=False)
        for key in [tuple(key_parts)]
    ]
    rows = kept[[*NAMES, *COUNTS]].to_dict("records")
    return [
        {str(name): value for name, value in row.items()} | ({"apart": True} if others else {})
        for row, others in zip(rows, said, strict=True)
    ]
