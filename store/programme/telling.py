"""What was recorded of a programme, in words: how each record stands, and who changed what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from geo.language import gettext as _
from geo.program.declaration import Programme, read_programmes
from geo.program.tables import stated_words
from geo.program.versions import Difference, differences
from store.changes import Changed, list_changes
from store.journal import Body
from store.programme.book import ProgrammeBook
from store.programme.kinds import (
    BECAME_TITLES,
    EVENT_TITLES,
    KIND_TITLES,
    OF_PROGRAMME,
    ROLE_TITLES,
    Attendance,
    Boundary,
    ProgrammeRecord,
)

COLUMNS = ("at", "who", "kind", "what", "was", "why", "source")
# What names a record elsewhere and says nothing to a person, or is too long to be read.
SILENT = ("programme", "id", "event", "race", "geojson", "longitude", "latitude", "invented", "own_report")
TITLES: Mapping[str, Mapping[Any, str]] = {
    "event_kind": EVENT_TITLES,
    "became": BECAME_TITLES,
    "role": ROLE_TITLES,
}
FIRST = ("on", "raised_on", "title", "text", "person", "candidate")


def body_words(body: Body | None) -> str:
    """Write what a record says as one line; empty where there is none.

    Examples
    --------
    >>> body_words({"programme": "p", "id": "a", "title": "First", "event_kind": "forum", "on": "2018-10-01"})
    '2018-10-01, First, forum'
    """
    if body is None:
        return ""
    if isinstance(body.get("programme"), Mapping):
        return _programme_words(body)
    names = [name for name in FIRST if name in body] + [name for name in body if name not in FIRST]
    return ", ".join(
        _words(name, body[name]) for name in names if name not in SILENT and body[name] not in ("", None)
    )


def _words(name: str, value: Any) -> str:
    if name in TITLES:
        return _(TITLES[name][value])
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)


def _programme_words(body: Body) -> str:
    """Write a version of a programme as one line: its title, period, and measures with their targets."""
    programme = ProgrammeRecord.model_validate(body).programme
    targets = (f"{_(item.title)} ({_('Target')}: {stated_words(item.target)})" for item in programme.measures)
    return ", ".join([_(programme.title), f"{programme.begins} – {programme.ends or _('open')}", *targets])


def tell_programme(book: ProgrammeBook, programme: str, limit: int = 400) -> pd.DataFrame:
    """List what changed of a programme's records, newest first; people of one sheet stand in one row.

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
    >>> from store.programme.kinds import Event
    >>> book = ProgrammeBook(Journal(open_database("sqlite://")), "told")
    >>> fields = {"programme": "regional_plan", "event_kind": "session", "title": "One", "on": "2019-02-01"}
    >>> number = book.hold(Event.make(fields), ["QX0017H"], "Ana")
    >>> tell_programme(book, "regional_plan")[["who", "what"]].values.tolist()
    [['Ana', 'people who came: 1 (QX0017H)'], ['Ana', '2019-02-01, One, session']]
    """
    kinds = [kind.kind for kind in OF_PROGRAMME]
    changes = list_changes(book.journal, book.region, kinds, begins=f"{programme}/", limit=limit)
    rows = [*_rows(changes), *_versions(book, programme)]
    return pd.DataFrame(sorted(rows, key=_moment, reverse=True)[:limit], columns=list(COLUMNS))


def _moment(row: Mapping[str, object]) -> Any:
    return row["at"]


def _versions(book: ProgrammeBook, programme: str) -> Iterator[dict[str, object]]:
    """Tell each version of the programme by what differs from the one before; the first, from what ships."""
    shipped = read_programmes().get(programme)
    kind = [ProgrammeRecord.kind]
    for change in list_changes(book.journal, book.region, kind, begins=programme):
        if change.entry.key == programme:
            before, after = (_version(body) or shipped for body in (change.before, change.entry.body))
            if before is None or after is None:
                yield _row(change, _("made") if after else _("withdrawn"), "")
                continue
            found = differences(before, after)
            now, was = ("; ".join(f"{item.what}: {words}" for item, words in some) for some in _both(found))
            yield _row(change, now, was)


def _version(body: Body | None) -> Programme | None:
    return None if body is None else ProgrammeRecord.model_validate(body).programme


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
