"""Changes with what stood before them; the time that reading takes depends on how many are asked for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select, tuple_

from store.journal import Body, Entry, Journal, journal_table

# Comes after every sign that a key is written with.
LAST_SIGN = "\U0010ffff"
PLACES_A_QUERY = 500

Place = tuple[str, str, int]
"""Kind, key and number of an entry."""


@dataclass(frozen=True, slots=True)
class Changed:
    """An entry, and the body of the one before it; None where there was none, or it was withdrawn."""

    entry: Entry
    before: Body | None


def list_changes(
    journal: Journal,
    region: str,
    kinds: Sequence[str],
    *,
    begins: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int | None = None,
) -> list[Changed]:
    """List changes, the newest first.

    Parameters
    ----------
    kinds
        Kinds of records.
    begins
        Only records whose key begins so.
    since, until
        Only changes after the one moment, and up to the other.
    limit
        No more than these.

    Examples
    --------
    >>> from store.database import open_database
    >>> from store.journal import Draft
    >>> journal = Journal(open_database("sqlite://"))
    >>> for number, text in enumerate(["one", "two"]):
    ...     entries = journal.append([Draft("pairs", "note", "a", {"text": text}, who="Ana", seen=number)])
    >>> [(change.before, change.entry.body) for change in list_changes(journal, "pairs", ["note"])]
    [({'text': 'one'}, {'text': 'two'}), (None, {'text': 'one'})]
    """
    now = journal_table.c
    conditions = [now.region == region, now.kind.in_(list(kinds)), *_begins(journal, begins)]
    if since is not None:
        conditions.append(now.at > since)
    if until is not None:
        conditions.append(now.at <= until)
    columns = [column for column in now if column.name != "id"]
    query = select(*columns).where(*conditions).order_by(now.at.desc(), now.id.desc()).limit(limit)
    with journal.engine.connect() as connection:
        entries = [Entry(**row._mapping) for row in connection.execute(query)]
        bodies = {place_of(entry): entry.body for entry in entries}
        bodies |= _read_bodies(connection, region, _places_before(entries) - bodies.keys())
    return [Changed(entry, bodies.get(place_of(entry, back=1))) for entry in entries]


def place_of(entry: Entry, back: int = 0) -> Place:
    """Return where an entry stands in its region, or the one before it by so many.

    Examples
    --------
    >>> entry = Entry("demo", "note", "a", 2, datetime(2026, 1, 1), "Ana", "", "", None)
    >>> place_of(entry), place_of(entry, back=1)
    (('note', 'a', 2), ('note', 'a', 1))
    """
    return entry.kind, entry.key, entry.number - back


def _places_before(entries: Sequence[Entry]) -> set[Place]:
    return {place_of(entry, back=1) for entry in entries if entry.number > 1}


def _read_bodies(connection: Connection, region: str, places: Collection[Place]) -> dict[Place, Body | None]:
    """Read the bodies at some places.

    They are asked for by name and not joined to the table itself: a database that knows nothing of its table
    yet may join every line with every other.
    """
    now = journal_table.c
    bodies: dict[Place, Body | None] = {}
    ordered = sorted(places)
    for start in range(0, len(ordered), PLACES_A_QUERY):
        named = tuple_(now.kind, now.key, now.number).in_(ordered[start : start + PLACES_A_QUERY])
        query = select(now.kind, now.key, now.number, now.body).where(now.region == region, named)
        bodies |= {(kind, key, number): body for kind, key, number, body in connection.execute(query)}
    return bodies


def _begins(journal: Journal, begins: str) -> list[ColumnElement[bool]]:
    if not begins:
        return []
    key = journal_table.c.key
    found: list[ColumnElement[bool]] = [key.startswith(begins, autoescape=True)]
    if journal.engine.dialect.name == "sqlite":
        # Keys are ordered by their signs there, so that the index finds them.
        found += [key >= begins, key < begins + LAST_SIGN]
    return found
