"""Totals of paper sheets from a table: told row by row what each would do."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from geo.canvass.codes import DISPOSITION_TITLES, Disposition, to_turf_code
from geo.canvass.returns import gone_words, to_day
from geo.canvass.twice import are_near, visits_words
from geo.errors import SchemaError, first_ids
from geo.language import gettext as _
from geo.language import mark as N_

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
