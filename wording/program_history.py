"""What was recorded of a program, how each record stands, and who changed what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from geo.days import period_words
from geo.language import gettext as _
from geo.language import mark as N_
from geo.language import ngettext
from geo.program.declaration import Measure, Milestone, Program, read_programs, to_program
from geo.program.draft import USUAL, fields_of, require_filled
from store.journal import Body
from store.program.book import ProgramBook
from store.program.kinds import (
    BECAME_TITLES,
    EVENT_TITLES,
    KIND_TITLES,
    OF_PROGRAM,
    ROLE_TITLES,
    Attendance,
    Boundary,
    ProgramRecord,
)
from store.records import Changed, list_changes
from wording.program import stated_words

KEPT = ("result", "result_words")
"""What an organization reported of itself stays as it was reported."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that differs between two versions, in words; empty where there is none."""

    what: str
    before: str
    after: str


def next_version(
    old: Program,
    words: Mapping[str, str],
    begins: date,
    ends: date | None,
    area: tuple[str, str] | None,
    measures: pd.DataFrame,
    milestones: pd.DataFrame,
) -> Program:
    """Make the next version of a program of what a form says.

    Its key and kind, its rules of who is eligible and what the organization reported stay; a measure is known
    by its ``key``, so that another title does not part it from what is recorded of it.

    Parameters
    ----------
    area
        As :func:`geo.program.draft.fields_of`; None leaves it as it stands.

    Raises
    ------
    CatalogError
        Names every field that is missing or does not hold.
    """
    fields = fields_of(words, begins, ends, area or ("", ""), measures, milestones)
    require_filled(fields)
    stay = {item.key: item for item in old.measures}
    fields["measures"] = [{**_kept(stay.get(str(row["key"]))), **row} for row in fields["measures"]]
    state = old.model_dump() | fields | {"key": old.key}
    return to_program(state if area else state | {"areas": old.areas}, words["title"])


def differences(before: Program, after: Program) -> list[Difference]:
    """List what differs between two versions, in words.

    Examples
    --------
    >>> from geo.program.declaration import read_programs
    >>> plan = read_programs()["regional_plan"]
    >>> [(item.what, item.before, item.after) for item in differences(plan, plan)]
    []
    >>> later = plan.model_copy(update={"audience": "Everybody"})
    >>> differences(plan, later)
    [Difference(what='Audience', before='Hard-to-reach people first', after='Everybody')]
    """
    pairs = [*_of_program(before, after), *_of_measures(before, after), *_of_milestones(before, after)]
    return [item for item in pairs if item.before != item.after]


def _kept(measure: Measure | None) -> dict[str, Any]:
    return {} if measure is None else {name: getattr(measure, name) for name in KEPT}


def _of_program(before: Program, after: Program) -> Iterator[Difference]:
    yield Difference(_("Title"), _(before.title), _(after.title))
    yield Difference(_("Purpose"), _(before.purpose), _(after.purpose))
    yield Difference(_("Audience"), _said(before.audience), _said(after.audience))
    yield Difference(_("Led by"), before.lead, after.lead)
    yield Difference(_("Partners"), ", ".join(before.partners), ", ".join(after.partners))
    yield Difference(_("Begins"), str(before.begins), str(after.begins))
    yield Difference(_("Ends"), str(before.ends or _("open")), str(after.ends or _("open")))
    yield Difference(_("Area"), _area_words(before), _area_words(after))
    yield Difference(_("Names beside the codes"), _kept_words(before), _kept_words(after))


def _kept_words(program: Program) -> str:
    return _("kept") if program.keep_names else _("not kept")


def _said(words: str) -> str:
    return _(words) if words else ""


def _area_words(program: Program) -> str:
    names = [", ".join(option.values) for option in program.areas]
    return "; ".join(name or _("the whole study area") for name in names)


def _of_measures(before: Program, after: Program) -> Iterator[Difference]:
    old, new = ({item.key: item for item in version.measures} for version in (before, after))
    for key in [*old, *(key for key in new if key not in old)]:
        title = _((new.get(key) or old[key]).title)
        was, is_now = _measure_fields(old.get(key)), _measure_fields(new.get(key))
        for name in [*was, *(name for name in is_now if name not in was)]:
            yield Difference(f"{title}: {name}", was.get(name, ""), is_now.get(name, ""))


def _measure_fields(measure: Measure | None) -> dict[str, str]:
    if measure is None:
        return {}
    return {
        _("Measure"): _(measure.title),
        _("Unit"): _(measure.unit),
        _("What is counted"): _(USUAL[measure.counted].title),
        _("Sessions (at least)"): str(measure.at_least),
        _("Series"): measure.series,
        _("Baseline"): stated_words(measure.baseline),
        _("Target"): stated_words(measure.target),
        _("How it is counted"): _(measure.how),
    }


def _of_milestones(before: Program, after: Program) -> Iterator[Difference]:
    old, new = ({item.title: _due(item) for item in version.milestones} for version in (before, after))
    for title in dict.fromkeys([*old, *new]):
        what = f"{_('Milestone')}: {_(title)}"
        yield Difference(what, old.get(title, ""), new.get(title, ""))


def _due(milestone: Milestone) -> str:
    return str(milestone.due or _("no day"))


COLUMNS = ("at", "who", "kind", "what", "was", "why", "source")
# What names a record elsewhere and says nothing to a person, or is too long to be read.
SILENT = (
    "program",
    "id",
    "event",
    "race",
    "geojson",
    "longitude",
    "latitude",
    "invented",
    "own_report",
    "drawn",
)
TITLES: Mapping[str, Mapping[Any, str]] = {
    "event_kind": EVENT_TITLES,
    "became": BECAME_TITLES,
    "role": ROLE_TITLES,
}
SAID: Mapping[str, Mapping[bool, str]] = {
    "invited": {True: N_("invited"), False: N_("not invited")},
    "attended": {True: N_("came"), False: N_("did not come")},
}
"""What yes and no mean of a field: alone they would not tell."""
FIRST = ("on", "raised_on", "title", "text", "person", "candidate")


def body_words(body: Body | None) -> str:
    """Write what a record says as one line; empty where there is none.

    Examples
    --------
    >>> body_words({"program": "p", "id": "a", "title": "First", "event_kind": "forum", "on": "2018-10-01"})
    '2018-10-01, First, forum'
    >>> body_words({"candidate": "José Peña", "invited": True, "attended": True, "seconds": 360})
    'José Peña, invited, came, 6 minutes'
    """
    if body is None:
        return ""
    if isinstance(body.get("program"), Mapping):
        return _program_words(body)
    names = [name for name in FIRST if name in body] + [name for name in body if name not in FIRST]
    return ", ".join(
        _words(name, body[name]) for name in names if name not in SILENT and body[name] not in ("", None)
    )


def _words(name: str, value: Any) -> str:
    if name in TITLES:
        return _(TITLES[name][value])
    if name in SAID:
        return _(SAID[name][bool(value)])
    if name == "seconds":
        words = ngettext("{count} minute", "{count} minutes", 1 if value == 60 else 2)
        return words.format(count=f"{value / 60:.4g}")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)


def _program_words(body: Body) -> str:
    """Write a version of a program as one line: its title, period, and measures with their targets."""
    program = ProgramRecord.model_validate(body).program
    targets = (f"{_(item.title)} ({_('Target')}: {stated_words(item.target)})" for item in program.measures)
    return ", ".join([_(program.title), period_words(program.begins, program.ends), *targets])


def tell_program(book: ProgramBook, program: str, limit: int = 400) -> pd.DataFrame:
    """List what changed of a program's records, newest first; people of one sheet stand in one row.

    Parameters
    ----------
    limit
        No more changes than these are read.

    Returns
    -------
    pandas.DataFrame
        ``at`` (UTC), ``who``, ``kind`` and ``what`` in words, ``was`` (empty where it is new), ``why``,
        ``source``.

    Examples
    --------
    >>> from store.database import open_database
    >>> from store.journal import Journal
    >>> from store.program.kinds import Event
    >>> book = ProgramBook(Journal(open_database("sqlite://")), "told")
    >>> fields = {"program": "regional_plan", "event_kind": "session", "title": "One", "on": "2019-02-01"}
    >>> number = book.hold(Event.make(fields), ["QX0017H"], "Ana")
    >>> tell_program(book, "regional_plan")[["who", "what"]].values.tolist()
    [['Ana', 'people who came: 1 (QX0017H)'], ['Ana', '2019-02-01, One, session']]
    """
    kinds = [kind.kind for kind in OF_PROGRAM]
    changes = list_changes(book.journal, book.region, kinds, begins=f"{program}/", limit=limit)
    rows = [*_rows(changes), *_versions(book, program)]
    return pd.DataFrame(sorted(rows, key=_moment, reverse=True)[:limit], columns=list(COLUMNS))


def _moment(row: Mapping[str, object]) -> Any:
    return row["at"]


def _versions(book: ProgramBook, program: str) -> Iterator[dict[str, object]]:
    """Tell each version of the program by what differs from the one before; the first, from what ships."""
    shipped = read_programs().get(program)
    kind = [ProgramRecord.kind]
    for change in list_changes(book.journal, book.region, kind, begins=program):
        if change.entry.key == program:
            before, after = (_version(body) or shipped for body in (change.before, change.entry.body))
            if before is None or after is None:
                yield _row(change, _("made") if after else _("withdrawn"), "")
                continue
            found = differences(before, after)
            now, was = ("; ".join(f"{item.what}: {words}" for item, words in some) for some in _both(found))
            yield _row(change, now, was)


def _version(body: Body | None) -> Program | None:
    return None if body is None else ProgramRecord.model_validate(body).program


def _both(found: list[Difference]) -> tuple[list[tuple[Difference, str]], list[tuple[Difference, str]]]:
    return [(item, item.after or "–") for item in found], [(item, item.before or "–") for item in found]


def _rows(changes: list[Changed]) -> Iterator[dict[str, object]]:
    sheet: list[Changed] = []
    for change in changes:
        if sheet and not _same_sheet(sheet[0], change):
            yield _sheet_row(sheet)
            sheet = []
        if change.entry.kind == Attendance.kind and change.entry.body is not None:
            sheet.append(change)
        else:
            yield _row(change, body_words(change.entry.body) or _("withdrawn"), body_words(change.before))
    if sheet:
        yield _sheet_row(sheet)


def _same_sheet(first: Changed, change: Changed) -> bool:
    a, b = first.entry, change.entry
    whole = b.kind == Attendance.kind and b.body is not None and a.body is not None
    return whole and (a.at, a.body["event"]) == (b.at, b.body["event"])  # type: ignore[index]


def _sheet_row(sheet: list[Changed]) -> dict[str, object]:
    codes = [str((change.entry.body or {})["person"]) for change in sheet]
    some = ", ".join(codes[:3]) + (" …" if len(codes) > 3 else "")
    return _row(sheet[0], _("people who came: {count} ({codes})").format(count=len(codes), codes=some), "")


def _row(change: Changed, what: str, was: str) -> dict[str, object]:
    entry = change.entry
    return {
        "at": entry.at,
        "who": entry.who,
        "kind": _(KIND_TITLES[entry.kind]),
        "what": (entry.body or {}).get("title", "") if entry.kind == Boundary.kind else what,
        "was": was,
        "why": entry.why,
        "source": entry.source,
    }
