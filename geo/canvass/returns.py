"""Returns from KoboToolbox and ODK: read as they come, and told row by row what each would do."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date

import pandas as pd

from geo.canvass.codes import LONGEST_DOOR, Disposition, to_turf_code, unit_name
from geo.errors import SchemaError, first_ids
from geo.language import gettext as _
from geo.language import mark as N_

# Names of the columns in exports of ODK Central and KoboToolbox, the best first. A group's name may stand
# before, as in "group/field" (Kobo, ODK) and "group-field" (ODK Central).
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("instanceid", "_uuid", "key", "id"),
    "turf": ("turf", "turf_code", "area"),
    "unit": ("unit", "block", "geoid"),
    "door": ("door",),
    "disposition": ("disposition", "result"),
    "on": ("today", "day", "on", "date", "submissiondate", "_submission_time"),
}
# Before the census that the canvass was for: what an unset clock of a phone says.
FIRST_DAY = date(2020, 1, 1)
NEEDED = ("id", "turf", "unit", "disposition", "on")
WHAT_TITLES: Mapping[str, str] = {
    "new": N_("new"),
    "there": N_("already here"),
    "twice": N_("twice in this file"),
    "bad": N_("does not hold"),
}
PREVIEW = ["row", "id", "turf", "unit", "door", "disposition", "on", "what", "reason"]


def preview_returns(
    rows: pd.DataFrame,
    units: Mapping[str, Collection[str]],
    known: Collection[str],
    day: date,
    *,
    former: Collection[str] = (),
    follow: bool = False,
) -> pd.DataFrame:
    """Say of every row what it would do; nothing is written.

    Parameters
    ----------
    rows
        Text, on the row's number in the file, from :func:`geo.intake.sheets.read_rows`.
    units
        Units by the code of each turf that stands now.
    known
        Identifiers of the returns that are here.
    day
        Today: no return is later.
    former
        Codes of turfs that were cut again since.
    follow
        Whether what comes from such a turf goes to the one in which its block lies now.

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
    >>> row = {"instanceid": ["a"], "turf": ["TA0012D"], "unit": ["u"], "disposition": ["spoke"]}
    >>> rows = pd.DataFrame(row | {"day": ["2026-03-02"]}, index=[2])
    >>> preview_returns(rows, {"TA0012D": ["u"]}, [], date(2026, 3, 3))["what"].tolist()
    ['new']
    """
    named = _named(rows)
    seen: set[str] = set()
    told = []
    for number, fields in zip(named.index, named.to_dict("records"), strict=True):
        texts = {str(name): str(value) for name, value in fields.items()}
        checked, reason = _check(texts, units, day, former, follow=follow)
        what = "bad" if reason else _known(checked["id"], known, seen)
        seen.add(checked["id"])
        told.append({"row": number, **checked, "what": what, "reason": reason})
    return pd.DataFrame(told, columns=PREVIEW)


def _named(rows: pd.DataFrame) -> pd.DataFrame:
    found: dict[str, pd.Series[str]] = {}
    last = {re.split(r"[/\-]", str(column))[-1]: column for column in reversed(rows.columns)}
    for field, names in COLUMNS.items():
        for name in names:
            if name in last and field not in found:
                found[field] = rows[last[name]]
    missing = [field for field in NEEDED if field not in found]
    if missing:
        raise SchemaError(
            _("{count} columns are missing: {names}").format(count=len(missing), names=first_ids(missing)),
            _("export the form as CSV with all columns and with XML values and headers; nothing was written"),
        )
    return pd.DataFrame({"door": "", **found}, index=rows.index)[list(COLUMNS)]


def _known(identifier: str, known: Collection[str], seen: set[str]) -> str:
    if identifier in seen:
        return "twice"
    return "there" if identifier in known else "new"


def _check(
    fields: dict[str, str],
    units: Mapping[str, Collection[str]],
    day: date,
    former: Collection[str],
    *,
    follow: bool,
) -> tuple[dict[str, str], str]:
    """Return the fields in our form, and why they don't hold; empty where they do."""
    fields = fields | {"id": fields["id"].removeprefix("uuid:")}
    try:
        fields["turf"] = to_turf_code(fields["turf"])
        fields["on"] = to_day(fields["on"], day)
    except ValueError as error:
        return fields, str(error)
    if fields["turf"] not in units:
        now = next((code for code, members in units.items() if fields["unit"] in members), "")
        if not (follow and now and fields["turf"] in former):
            return fields, gone_words(fields["turf"], fields["unit"], now, former)
        fields["turf"] = now
    return fields, _fault(fields, units)


def to_day(text: str, today: date) -> str:
    """Read a day (ISO 8601, a time behind it is passed over).

    Raises
    ------
    ValueError
        It is none, lies in the future, or before there was anything to canvass for.

    Examples
    --------
    >>> to_day("2026-03-02T10:00:00Z", date(2026, 3, 3))
    '2026-03-02'
    """
    try:
        day = date.fromisoformat(text[:10])
    except ValueError as error:
        raise ValueError(_("{text} is no day (YYYY-MM-DD)").format(text=repr(text))) from error
    if day > today:
        raise ValueError(_("{day} lies in the future").format(day=day))
    if day < FIRST_DAY:
        raise ValueError(
            _("{day} lies before {first}: look at the clock of the phone").format(day=day, first=FIRST_DAY)
        )
    return day.isoformat()


def gone_words(turf: str, unit: str, now: str, former: Collection[str]) -> str:
    """Say why a turf is not there, and where its block is now; ``now`` is empty where in none.

    Examples
    --------
    >>> gone_words("TA0001M", "060650453031005", "TB0003U", ["TA0001M"])
    'turf TA0001M was cut again since; its block 453.03-1005 is now in turf TB0003U'
    """
    if turf not in former:
        return _("turf {turf} was never kept here").format(turf=turf)
    if now:
        words = _("turf {turf} was cut again since; its block {unit} is now in turf {now}")
        return words.format(turf=turf, unit=unit_name(unit), now=now)
    words = _("turf {turf} was cut again since, and its block {unit} is in no turf now")
    return words.format(turf=turf, unit=unit_name(unit))


def _fault(fields: dict[str, str], units: Mapping[str, Collection[str]]) -> str:
    if not fields["id"]:
        return _("it has no identifier")
    if fields["unit"] not in units[fields["turf"]]:
        return _("block {unit} is not in turf {turf}").format(unit=fields["unit"], turf=fields["turf"])
    if fields["disposition"] not in set(Disposition):
        return _("{text} is no result of a visit").format(text=repr(fields["disposition"]))
    if len(fields["door"]) > LONGEST_DOOR:
        return _("{text} is no number of a door: it has more than {most} signs").format(
            text=repr(fields["door"]), most=LONGEST_DOOR
        )
    return ""


def to_returns(told: pd.DataFrame) -> list[dict[str, str]]:
    """Return the fields of the rows of a preview that are new.

    Examples
    --------
    >>> row = {name: ["x"] for name in PREVIEW} | {"what": ["new"], "on": ["2026-03-02"]}
    >>> to_returns(pd.DataFrame(row))[0]["on"]
    '2026-03-02'
    """
    fields = told.loc[told["what"] == "new", list(COLUMNS)]
    return [{str(name): str(value) for name, value in row.items()} for row in fields.to_dict("records")]
