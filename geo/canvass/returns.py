"""Returns from KoboToolbox and ODK: files told row by row what each would do, and what a phone sends."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring as parse_guarded

from geo.canvass.codes import (
    DISPOSITION_TITLES,
    LONGEST_DOOR,
    LONGEST_WORDS,
    Disposition,
    to_turf_code,
    unit_name,
)
from geo.canvass.script import read_answers
from geo.canvass.volunteers import to_language
from geo.days import day_in
from geo.errors import SchemaError
from geo.intake.tables import Column, Row, Table, TableKind, Unread
from geo.intake.values import CellKind, Reader, Value, Vocabulary, date_cells, each
from geo.intake.verdicts import Line, Verdict, settle
from geo.language import gettext as _
from geo.language import mark as N_

# Before the census that the canvass was for: what an unset clock of a phone says.
FIRST_DAY = date(2020, 1, 1)
# What a return says; its turf may have been cut again since.
SAID = ("unit", "door", "disposition", "on", "language", "again")
FIELDS = ("id", "turf", *SAID)
RESULTS = Vocabulary(
    {str(item): title for item, title in DISPOSITION_TITLES.items()},
    {},
    N_("{text!r} is no result of a visit"),
)


def _to_identifier(text: str) -> str:
    return text.removeprefix("uuid:")


def _to_door(text: str) -> str:
    if len(text) > LONGEST_DOOR:
        words = _("{text} is no number of a door: it has more than {most} signs")
        raise SchemaError(words.format(text=repr(text), most=LONGEST_DOOR))
    return text


def _to_words(text: str) -> str:
    if len(text) > LONGEST_WORDS:
        words = _("{text} is too long: at most {most} signs")
        raise SchemaError(words.format(text=repr(text[:20] + "…"), most=LONGEST_WORDS))
    return text


def _to_spoken(text: str) -> str:
    return to_language(_to_words(text))


# Headings are those of exports of ODK Central and KoboToolbox; an edited submission has a new identifier each
# time, and keeps its root.
RETURNS = TableKind(
    key="returns",
    columns=(
        Column(
            "id",
            N_("Identifier"),
            "rootUuid, rootuuid, instanceID, instanceid, _uuid, key, id",
            each(_to_identifier),
            required=True,
            unread=Unread.REFUSE,
        ),
        Column("former", N_("Identifier before it was edited"), "deprecatedID", each(_to_identifier)),
        Column(
            "turf",
            N_("Turf"),
            "turf, turf_code, area",
            each(to_turf_code),
            required=True,
            unread=Unread.REFUSE,
        ),
        Column("unit", N_("Block"), "unit, block, geoid", required=True),
        Column("door", N_("Door"), "door", each(_to_door), unread=Unread.REFUSE),
        Column(
            "disposition",
            N_("What happened"),
            "disposition, result",
            RESULTS,
            required=True,
            unread=Unread.REFUSE,
        ),
        Column(
            "on",
            N_("Day"),
            "today, day, on, date, SubmissionDate, submissiondate, _submission_time",
            date_cells,
            required=True,
            unread=Unread.REFUSE,
        ),
        Column("language", N_("Language spoken there"), "language", each(_to_spoken), unread=Unread.REFUSE),
        Column(
            "again", N_("When to come back"), "again, come_back_when", each(_to_words), unread=Unread.REFUSE
        ),
    ),
    needs=(("id",), ("turf",), ("unit",), ("disposition",), ("on",)),
    remedy=N_(
        "export the form as CSV with all columns and with XML values and headers; no group of it may repeat"
    ),
    grouped=True,
)


# Of the moment at which it got a form, KoboToolbox writes no offset: it is in UTC.
IN_UTC = "_submission_time"


@cache
def returns_in(timezone: str) -> TableKind:
    """Return the kind of a file of returns whose days are those of a time zone.

    Examples
    --------
    >>> returns_in("America/Los_Angeles").key
    'returns'
    """
    columns = [
        replace(column, read=day_cells(timezone)) if column.key == "on" else column
        for column in RETURNS.columns
    ]
    return replace(RETURNS, columns=tuple(columns))


def day_cells(timezone: str) -> CellKind:
    """Make the kind of cell that reads days; of a moment with an offset it is the day in the time zone.

    Examples
    --------
    >>> read = day_cells("America/Los_Angeles")([], "SubmissionDate")
    >>> read("2026-03-01T01:30:00.000Z").value, read("2026-03-01").value
    (datetime.date(2026, 2, 28), datetime.date(2026, 3, 1))
    """

    def make(texts: Sequence[str], heading: str) -> Reader:
        read = date_cells(texts, heading)

        def read_day(text: str) -> Value:
            moment = _to_moment(text.strip(), in_utc=heading.strip() == IN_UTC)
            return read(text) if moment is None else Value(day_in(timezone, moment))

        return read_day

    return make


def _to_moment(text: str, *, in_utc: bool) -> datetime | None:
    """Read a moment with its offset; None where it is none, or says no offset."""
    if ":" not in text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    if found.tzinfo is None:
        return found.replace(tzinfo=UTC) if in_utc else None
    return found


@dataclass(frozen=True, slots=True)
class TurfsHere:
    """What returns are told against.

    Attributes
    ----------
    units
        Units by the code of each turf that stands now.
    known
        Identifiers of the returns that are here.
    former
        Codes of turfs that were cut again since.
    told
        What every return that stands here ever said, by its identifier, the newest last.
    """

    units: Mapping[str, Collection[str]]
    known: Collection[str] = ()
    former: Collection[str] = ()
    told: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)


def judge_returns(table: Table, here: TurfsHere, day: date, *, follow: bool = False) -> list[Line]:
    r"""Say of every row what it would do; nothing is written.

    Parameters
    ----------
    table
        Of the kind :data:`RETURNS`.
    day
        Today: no return is later.
    follow
        Whether what comes from a turf that was cut again goes to the one in which its block lies now.

    Returns
    -------
    list of Line
        A line a row; what would be written are the fields, as text.

    Raises
    ------
    SchemaError
        The table lacks columns, or has no rows.

    Examples
    --------
    >>> from geo.intake.grids import read_grids
    >>> from geo.intake.tables import find_table
    >>> grids = read_grids(b"instanceID,turf,unit,disposition,today\na,TA0012D,u,spoke,2026-03-02\n", "a.csv")
    >>> here = TurfsHere({"TA0012D": ["u"]})
    >>> table = find_table(grids, "a.csv", RETURNS)
    >>> [str(line.verdict) for line in judge_returns(table, here, date(2026, 3, 3))]
    ['new']
    """
    return judge_rows(table.require().rows, here, day, follow=follow)


def judge_rows(rows: Sequence[Row], here: TurfsHere, day: date, *, follow: bool = False) -> list[Line]:
    """Say of rows whose cells mean what those of :data:`RETURNS` do what each would do.

    Examples
    --------
    >>> judge_rows([], TurfsHere({}), date(2026, 3, 3))
    []
    """
    return settle([_judge(row, here, day, follow=follow) for row in rows])


def _judge(row: Row, here: TurfsHere, day: date, *, follow: bool) -> Line:
    values: dict[str, Any] = {name: row.meant.get(name, row.text(name)) for name in FIELDS}
    fault = row.refused or check_day(values["on"], day)
    if not fault and values["turf"] not in here.units:
        now = next((code for code, members in here.units.items() if values["unit"] in members), "")
        if follow and now and values["turf"] in here.former:
            values["turf"] = now
        else:
            fault = gone_words(values["turf"], values["unit"], now, here.former)
    if not fault and values["unit"] not in here.units[values["turf"]]:
        fault = _("block {unit} is not in turf {turf}").format(unit=values["unit"], turf=values["turf"])
    fields = {name: str(value) for name, value in values.items()}
    if fault:
        return Line(row.number, Verdict.REFUSED, fields, fault)
    former = str(row.meant.get("former", ""))
    if fields["id"] not in here.known and former in here.known:
        fields["id"] = former
    verdict, words = _compare(fields, former, here)
    reason = "; ".join([*row.remarks, *filter(None, [words])])
    change = None if verdict is Verdict.SAME else fields
    return Line(row.number, verdict, fields, reason, fields["id"], fields, change)


def _compare(fields: Mapping[str, str], former: str, here: TurfsHere) -> tuple[Verdict, str]:
    """Hold a return against what is here: new, here already, or edited since it came.

    A file that says again what a return once said corrects nothing: somebody may have corrected it here.
    """
    if fields["id"] not in here.known:
        words = _("it was edited on the phone or in Kobo: look whether it is here under another identifier")
        return Verdict.NEW, words if former and former != fields["id"] else ""
    told = here.told.get(fields["id"], ())
    ever = [{name: str(said.get(name, "")) for name in SAID} for said in told]
    now = {name: fields[name] for name in SAID}
    if not ever or now in ever:
        return Verdict.SAME, ""
    parts = [f"{ever[-1][name] or '–'} → {now[name] or '–'}" for name in SAID if ever[-1][name] != now[name]]
    return Verdict.CHANGED, _("it was edited since it came: {changes}").format(changes=", ".join(parts))


def check_day(day: date, today: date) -> str:
    """Say why a return cannot be of a day; empty where it can.

    Examples
    --------
    >>> check_day(date(2027, 3, 2), date(2026, 3, 3)), check_day(date(2026, 3, 2), date(2026, 3, 3))
    ('2027-03-02 lies in the future', '')
    """
    if day > today:
        return _("{day} lies in the future").format(day=day)
    if day < FIRST_DAY:
        words = _("{day} lies before {first}: look at the clock of the phone")
        return words.format(day=day, first=FIRST_DAY)
    return ""


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


NEWEST = N_("look whether the phone has the newest form, and send it again")
MOST_SUBMISSION_BYTES = 262_144
LONGEST_ID = 80
# Questions of the campaign carry this before their key, so that none has the name of a field of ours.
ASKED = "q_"


@dataclass(frozen=True, slots=True)
class Submission:
    """One door as a phone tells it.

    Attributes
    ----------
    id, former
        What names this telling, and the one that it edits; empty where it is the first.
    unit
        GEOID of the block, or of a stretch of it.
    on
        The day by the phone's clock; None where it says none.
    answers
        To the campaign's own questions, by their key.
    """

    id: str
    turf: str
    unit: str
    disposition: Disposition
    door: str = ""
    on: date | None = None
    former: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)


def read_submission(content: bytes) -> Submission:
    """Read the XML of one filled form, as ODK Collect sends it (https://getodk.github.io/xforms-spec/).

    The identifier is ``meta/instanceID``, that of the telling which it edits ``meta/deprecatedID``
    (https://docs.getodk.org/openrosa-metadata).

    Raises
    ------
    SchemaError
        It is no such XML, is too large, or holds no visit.

    Examples
    --------
    >>> read_submission(b"<data><turf>TA0012D</turf><unit>u</unit><disposition>spoke</disposition>"
    ...     b"<meta><instanceID>uuid:a</instanceID></meta></data>").id
    'a'
    """
    remedy = _(NEWEST)
    if len(content) > MOST_SUBMISSION_BYTES:
        raise SchemaError(_("the filled form is too large"), remedy)
    try:
        root: Element = parse_guarded(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise SchemaError(_("this is no filled form"), remedy) from error
    fields = _leaves(root)
    meta = next((child for child in root if _local(child) == "meta"), Element("meta"))
    named = _leaves(meta)
    return to_submission({**fields, "id": named.get("instanceID"), "former": named.get("deprecatedID")})


def to_submission(fields: Mapping[str, Any]) -> Submission:
    """Make a submission of its fields by name; those of questions begin with ``q_``.

    Raises
    ------
    SchemaError
        A field is missing, or cannot be read.

    Examples
    --------
    >>> to_submission({"id": "a", "turf": "ta-0012-d", "unit": "u", "disposition": "spoke"}).turf
    'TA0012D'
    """
    texts = {name: _printable(str(value or "")).strip() for name, value in fields.items()}
    identifier, former = (_to_identifier(texts.get(name, "")) for name in ("id", "former"))
    lacking = [name for name in ("turf", "unit", "disposition") if not texts.get(name)]
    lacking += [] if identifier else ["id"]
    if lacking:
        raise SchemaError(_("the filled form lacks {names}").format(names=", ".join(lacking)), _(NEWEST))
    if max(len(identifier), len(former), len(texts["unit"])) > LONGEST_ID:
        raise SchemaError(_("a name in the filled form is too long"), _(NEWEST))
    try:
        turf, result = to_turf_code(texts["turf"]), Disposition(texts["disposition"])
    except ValueError as error:
        raise SchemaError(str(error), _(NEWEST)) from error
    given = {name.removeprefix(ASKED): text for name, text in texts.items() if name.startswith(ASKED)}
    return Submission(
        identifier,
        turf,
        texts["unit"],
        result,
        door=_to_door(texts.get("door", "")),
        on=_to_day(texts.get("today", "")),
        former="" if former == identifier else former,
        answers=read_answers(given),
    )


def _printable(text: str) -> str:
    """Leave out what no database takes, as half of a letter or a sign of no width that JSON can hold."""
    return "".join(sign for sign in text if sign.isprintable() or sign in "\n\t")


def _leaves(element: Element) -> dict[str, str]:
    return {_local(child): child.text or "" for child in element if not len(child)}


def _local(element: Element) -> str:
    """Return a name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _to_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
