"""Changes with what stood before them; the time that reading takes depends on how many are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select

from store.journal import Body, Entry, Journal, journal_table

# Comes after every sign that a key is written with.
LAST_SIGN = "\U0010ffff"


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
    now, old = journal_table.c, journal_table.alias("old")
    same = and_(
        old.c.region == now.region,
        old.c.kind == now.kind,
        old.c.key == now.key,
        old.c.number == now.number - 1,
    )
    conditions = [now.region == region, now.kind.in_(list(kinds)), *_begins(journal, begins)]
    if since is not None:
        conditions.append(now.at > since)
    if until is not None:
        conditions.append(now.at <= until)
    newest = now.at.desc(), now.id.desc()
    picked = select(now.id).where(*conditions).order_by(*newest).limit(limit).scalar_subquery()
    columns = [column for column in now if column.name != "id"]
    query = select(*columns, old.c.body.label("before")).select_from(journal_table.outerjoin(old, same))
    query = query.where(now.id.in_(picked)).order_by(*newest)
    with journal.engine.connect() as connection:
        rows = [dict(row._mapping) for row in connection.execute(query)]
    return [Changed(before=row.pop("before"), entry=Entry(**row)) for row in rows]


def _begins(journal: Journal, begins: str) -> list[ColumnElement[bool]]:
    if not begins:
        return []
    key = journal_table.c.key
    found: list[ColumnElement[bool]] = [key.startswith(begins, autoescape=True)]
    if journal.engine.dialect.name == "sqlite":
        # Keys are ordered by their signs there, so that the index finds them.
        found += [key >= begins, key < begins + LAST_SIGN]
    return found
