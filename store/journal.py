"""The journal: everything people write, one line a change, never overwritten.

A *record* is named by region, kind and key. Each change of it is an *entry* with the next number, so the
newest entry is how the record stands, and the others are its history. Whoever changes a record says
which number they saw; if somebody else was faster, both are shown and nothing is written. The database's
unique constraint holds this, whoever writes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    DateTime,
    Engine,
    Index,
    Integer,
    MetaData,
    Select,
    Table,
    Text,
    UniqueConstraint,
    and_,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection, Row
from sqlalchemy.exc import IntegrityError
from sqlalchemy.types import TypeDecorator

from geo.errors import ConflictError, StoreError, first_ids
from geo.language import gettext as _
from geo.language import ngettext
from store.database import require_same_file

Body = Mapping[str, Any]
Mark = tuple[int, int, datetime | None]


class UTCDateTime(TypeDecorator[datetime]):
    """A moment with its zone: kept in UTC, also where the database knows no zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Turn what is written into UTC."""
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Say that what is read is UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData()
journal_table = Table(
    "journal",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("region", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Column("who", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("body", JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")),
    UniqueConstraint("region", "kind", "key", "number", name="one_entry_a_number"),
    Index("journal_by_time", "region", "kind", "at"),
)
_columns = journal_table.c


@dataclass(frozen=True, slots=True)
class Draft:
    """A change that somebody wants to record.

    ``seen`` is the number of the entry they saw (0: no such record yet); ``body`` is how the record
    shall stand, None withdraws it; ``who`` and ``why`` say whose change it is and what for, ``source``
    what it rests on.
    """

    region: str
    kind: str
    key: str
    body: Body | None
    who: str
    seen: int = 0
    why: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A recorded change; the fields are those of :class:`Draft`, ``number`` counts from 1, ``at`` is UTC."""

    region: str
    kind: str
    key: str
    number: int
    at: datetime
    who: str
    why: str
    source: str
    body: Body | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Both sides of a change that came too late: what was wanted, and how the record stands now."""

    mine: Draft
    theirs: Entry | None


class Journal:
    """The journal of a database.

    Examples
    --------
    >>> from store.database import open_database
    >>> journal = Journal(open_database("sqlite://"))
    >>> entry = journal.append([Draft("demo", "note", "CA9010002", {"text": "seen"}, who="Ana")])[0]
    >>> entry.number, journal.latest("demo", "note")[0].body["text"]
    (1, 'seen')
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def append(self, drafts: Sequence[Draft]) -> list[Entry]:
        """Record changes: all of them, or none.

        Raises
        ------
        StoreError
            A draft does not say who, or two drafts concern the same record.
        ConflictError
            Somebody else changed some of the records since; ``conflicts`` holds both sides.
        """
        _check_drafts(drafts)
        at = datetime.now(UTC)
        rows = [_to_row(draft, at) for draft in drafts]
        if not rows:
            return []
        try:
            with self.engine.begin() as connection:
                _stand_in_line(connection)
                late = _late(connection, drafts)
                if not late:
                    connection.execute(insert(journal_table), rows)
        except IntegrityError:
            with self.engine.begin() as connection:
                late = _late(connection, drafts)
        # A file that was removed while it was written takes what was written along.
        require_same_file(self.engine)
        if late:
            raise _conflict(late)
        return [Entry(**row) for row in rows]

    def entry(self, region: str, kind: str, key: str) -> Entry | None:
        """Return how one record stands; None where there is none, or it was withdrawn."""
        with self.engine.connect() as connection:
            found = _newest(connection, region, kind, key)
        return found if found and found.body is not None else None

    def latest(self, region: str, kind: str, *, as_of: datetime | None = None) -> list[Entry]:
        """Return how every record of a kind stands, or stood at a moment, by key; withdrawn ones left out."""
        conditions = [_columns.region == region, _columns.kind == kind]
        if as_of is not None:
            conditions.append(_columns.at <= as_of)
        newest = (
            select(_columns.key, func.max(_columns.number).label("number"))
            .where(*conditions)
            .group_by(_columns.key)
            .subquery()
        )
        same = and_(_columns.key == newest.c.key, _columns.number == newest.c.number)
        query = select(journal_table).join(newest, same).where(*conditions).order_by(_columns.key)
        return [entry for entry in self._read(query) if entry.body is not None]

    def stamp(self, region: str) -> tuple[int, int]:
        """Return what changes with every entry of a region: how many there are, and the last one's place.

        Examples
        --------
        >>> from store.database import open_database
        >>> journal = Journal(open_database("sqlite://"))
        >>> before = journal.stamp("stamped")
        >>> _entries = journal.append([Draft("stamped", "note", "one", {"text": "seen"}, who="Ana")])
        >>> journal.stamp("stamped") == before
        False
        """
        query = select(func.count(), func.max(_columns.id)).where(_columns.region == region)
        with self.engine.connect() as connection:
            count, last = connection.execute(query).one()
        return int(count), int(last or 0)

    def mark(self, region: str, last: int | None = None) -> Mark:
        """Return what tells how far a region was read: its count of entries, the last place, the latest time.

        Parameters
        ----------
        last
            Only entries up to this place.
        """
        query = select(func.count(), func.max(_columns.id), func.max(_columns.at))
        query = query.where(_columns.region == region)
        if last is not None:
            query = query.where(_columns.id <= last)
        with self.engine.connect() as connection:
            count, newest, at = connection.execute(query).one()
        return int(count), int(newest or 0), at

    def added(self, region: str, since: Mark) -> list[Entry] | None:
        """Return the entries of a region since a mark; None where what stood then is not all there.

        So it is where a backup was restored, or where somebody began to write earlier and ended later.

        Parameters
        ----------
        since
            From :meth:`mark`.

        Examples
        --------
        >>> from store.database import open_database
        >>> journal = Journal(open_database("sqlite://"))
        >>> before = journal.mark("added")
        >>> _entries = journal.append([Draft("added", "note", "one", {"text": "seen"}, who="Ana")])
        >>> [entry.key for entry in journal.added("added", before)], journal.added("added", (7, 9_999, None))
        (['one'], None)
        """
        if self.mark(region, since[1]) != since:
            return None
        later = (_columns.region == region) & (_columns.id > since[1])
        return self._read(select(journal_table).where(later).order_by(_columns.id))

    def history(
        self,
        region: str,
        kind: str | None = None,
        key: str | None = None,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[Entry]:
        """Return the changes of a region, a kind or one record, oldest first.

        Parameters
        ----------
        since, until
            Only changes after the one moment, and up to the other.
        """
        query = select(journal_table).where(_columns.region == region)
        if kind is not None:
            query = query.where(_columns.kind == kind)
        if key is not None:
            query = query.where(_columns.key == key)
        if since is not None:
            query = query.where(_columns.at > since)
        if until is not None:
            query = query.where(_columns.at <= until)
        return self._read(query.order_by(_columns.at, _columns.id))

    def _read(self, query: Select[Any]) -> list[Entry]:
        with self.engine.connect() as connection:
            return [_to_entry(row) for row in connection.execute(query)]


def seen_or_withdrawn(seen: int, past: Sequence[Entry]) -> int:
    """Return which number a record follows for somebody who saw the number ``seen``.

    Who saw none (0) may record anew what was withdrawn: nothing stands there that could be overwritten.

    Parameters
    ----------
    past
        The record's history, oldest first.

    Examples
    --------
    >>> entry = Entry("demo", "note", "a", 2, datetime(2026, 1, 1), "Ana", "", "", None)
    >>> seen_or_withdrawn(0, [entry]), seen_or_withdrawn(1, [entry]), seen_or_withdrawn(0, [])
    (2, 1, 0)
    """
    return past[-1].number if not seen and past and past[-1].body is None else seen


def _check_drafts(drafts: Sequence[Draft]) -> None:
    unsigned = [draft.key for draft in drafts if not draft.who.strip()]
    if unsigned:
        raise StoreError(
            ngettext(
                "{count} change does not say who makes it ({names})",
                "{count} changes do not say who makes them ({names})",
                len(unsigned),
            ).format(count=len(unsigned), names=first_ids(unsigned)),
            _("give a name"),
        )
    seen: set[tuple[str, str, str]] = set()
    twice = []
    for draft in drafts:
        name = (draft.region, draft.kind, draft.key)
        if name in seen:
            twice.append(draft.key)
        seen.add(name)
    if twice:
        raise StoreError(
            _("{count} records are changed twice at once ({names})").format(
                count=len(twice), names=first_ids(twice)
            ),
            _("keep one each"),
        )


def _to_row(draft: Draft, at: datetime) -> dict[str, Any]:
    return {
        "region": draft.region,
        "kind": draft.kind,
        "key": draft.key,
        "number": draft.seen + 1,
        "at": at,
        "who": draft.who.strip(),
        "why": draft.why.strip(),
        "source": draft.source.strip(),
        "body": dict(draft.body) if draft.body is not None else None,
    }


# Where an entry's fields stand in a row of the table; of a long history many rows are read.
_PLACES = [list(journal_table.c.keys()).index(field.name) for field in fields(Entry)]


def _to_entry(row: Row[Any]) -> Entry:
    return Entry(*(row[place] for place in _PLACES))


def _stand_in_line(connection: Connection) -> None:
    """Wait for a restore that is under way before looking what stands; writers do not wait for each other."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE journal IN ROW EXCLUSIVE MODE"))


def _newest(connection: Connection, region: str, kind: str, key: str) -> Entry | None:
    query = (
        select(journal_table)
        .where(_columns.region == region, _columns.kind == kind, _columns.key == key)
        .order_by(_columns.number.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    return _to_entry(row) if row else None


def _late(connection: Connection, drafts: Sequence[Draft]) -> list[Conflict]:
    numbers = _numbers(connection, drafts)
    late = [draft for draft in drafts if numbers.get((draft.region, draft.kind, draft.key), 0) != draft.seen]
    return [Conflict(draft, _newest(connection, draft.region, draft.kind, draft.key)) for draft in late]


KEYS_AT_ONCE = 400


def _numbers(connection: Connection, drafts: Sequence[Draft]) -> dict[tuple[str, str, str], int]:
    found: dict[tuple[str, str, str], int] = {}
    groups: dict[tuple[str, str], list[str]] = {}
    for draft in drafts:
        groups.setdefault((draft.region, draft.kind), []).append(draft.key)
    for (region, kind), keys in groups.items():
        for start in range(0, len(keys), KEYS_AT_ONCE):
            some = keys[start : start + KEYS_AT_ONCE]
            query = (
                select(_columns.key, func.max(_columns.number))
                .where(_columns.region == region, _columns.kind == kind, _columns.key.in_(some))
                .group_by(_columns.key)
            )
            found.update({(region, kind, key): number for key, number in connection.execute(query)})
    return found


def _conflict(late: Sequence[Conflict]) -> ConflictError:
    keys = first_ids(conflict.mine.key for conflict in late)
    names = first_ids(dict.fromkeys(conflict.theirs.who for conflict in late if conflict.theirs))
    return ConflictError(
        ngettext(
            "{count} record was changed in the meantime ({keys}) by {names}",
            "{count} records were changed in the meantime ({keys}) by {names}",
            len(late),
        ).format(count=len(late), keys=keys, names=names or _("somebody else")),
        _("look at both, then decide; nothing was written"),
        late,
    )
