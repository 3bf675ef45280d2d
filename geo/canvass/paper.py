"""Totals of paper sheets from a table: told row by row what each would do."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import pandas as pd

from geo.canvass.codes import DISPOSITION_TITLES, Disposition, to_turf_code
from geo.canvass.returns import gone_words
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
    "bad": N_("does not hold"),
}
Key = tuple[str, str, str]


def empty_sheet(doors: Mapping[str, int]) -> bytes:
    """Make the table to fill in, a row for every turf, as CSV (UTF-8).

    Examples
    --------
    >>> empty_sheet({"TA0001M": 9}).decode().splitlines()[1]
    'TA0001M,,1,,,,,,,'
    """
    frame = pd.DataFrame({"turf": list(doors), "on": "", "sheet": "1"})
    return frame.reindex(columns=[*NAMES, *COUNTS]).to_csv(index=False).encode()


def preview_sheets(
    rows: pd.DataFrame,
    doors: Mapping[str, int],
    known: Mapping[Key, Mapping[str, int]],
    day: date,
    *,
    former: Collection[str] = (),
) -> pd.DataFrame:
    """Say of every row what it would do; nothing is written.

    Parameters
    ----------
    rows
        Text, on the row's number in the file, from :func:`geo.sheets.read_rows`: ``turf``, ``on``, ``sheet``
        and a column for each result; an empty cell is 0.
    doors
        Doors by the code of each turf that stands now.
    known
        Counts of the sheets that are here, by turf, day and sheet.
    day
        Today: no sheet is of a later day.
    former
        Codes of turfs that were cut again since.

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
    >>> preview_sheets(rows, {"TA0001M": 9}, {}, date(2026, 3, 3))["what"].tolist()
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
    for number, row in zip(rows.index, rows.to_dict("records"), strict=True):
        fields, reason = _check({str(name): str(value) for name, value in row.items()}, doors, day, former)
        key = (str(fields["turf"]), str(fields["on"]), str(fields["sheet"]))
        counts = {name: fields[name] for name in COUNTS}
        told.append(
            {"row": number, **fields, "what": _what(reason, key, counts, known, seen), "reason": reason}
        )
        seen.add(key)
    return pd.DataFrame(told, columns=PREVIEW)


def _what(
    reason: str, key: Key, counts: Mapping[str, Any], known: Mapping[Key, Mapping[str, int]], seen: set[Key]
) -> str:
    if reason:
        return "bad"
    if key in seen:
        return "twice"
    if key not in known:
        return "new"
    return "there" if dict(known[key]) == dict(counts) else "correction"


def _check(
    texts: dict[str, str], doors: Mapping[str, int], day: date, former: Collection[str]
) -> tuple[dict[str, Any], str]:
    """Return the fields in our form, and why they don't hold; empty where they do."""
    fields: dict[str, Any] = {name: texts[name] for name in NAMES}
    fields |= {name: texts.get(name, "") or "0" for name in COUNTS}
    try:
        fields["turf"] = to_turf_code(texts["turf"])
        fields["on"] = date.fromisoformat(texts["on"][:10]).isoformat()
    except ValueError as error:
        return fields, str(error)
    wrong = [name for name in COUNTS if not fields[name].removesuffix(".0").isdecimal()]
    if wrong:
        titles = first_ids(_(DISPOSITION_TITLES[Disposition(name)]) for name in wrong)
        return fields, _("no whole number from 0 on: {names}").format(names=titles)
    fields |= {name: int(fields[name].removesuffix(".0")) for name in COUNTS}
    return fields, _fault(fields, doors, day, former)


def _fault(fields: dict[str, Any], doors: Mapping[str, int], day: date, former: Collection[str]) -> str:
    turf, count = fields["turf"], sum(fields[name] for name in COUNTS)
    if turf not in doors:
        if turf in former:
            return _("turf {turf} was cut again since; enter its visits block by block").format(turf=turf)
        return gone_words(turf, "", "", former)
    if not fields["sheet"]:
        return _("it has no number of a sheet")
    if fields["on"] > day.isoformat():
        return _("{day} lies in the future").format(day=fields["on"])
    if count > doors[turf]:
        return _("the sheet has {count} doors, but turf {turf} has {doors}").format(
            count=count, turf=turf, doors=doors[turf]
        )
    return ""


def to_sheets(told: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the fields of the rows of a preview that are new or correct what is here.

    Examples
    --------
    >>> row = dict.fromkeys(PREVIEW, ["1"]) | {"what": ["correction"]}
    >>> to_sheets(pd.DataFrame(row))[0]["sheet"]
    '1'
    """
    kept = told.loc[told["what"].isin(["new", "correction"]), [*NAMES, *COUNTS]]
    return [{str(name): value for name, value in row.items()} for row in kept.to_dict("records")]
