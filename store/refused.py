"""Refused tries to sign in, as the journal keeps them, and who is told of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from geo.errors import ConflictError
from geo.language import gettext as _
from geo.language import ngettext
from store.journal import Draft, Entry, Journal
from store.members import EVERYWHERE, Member
from store.records import Kept

REFUSED, SEEN, WRITER = "refused_try", "refused_tries_seen", "sign-in"
FORGOTTEN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class RefusedTries:
    """Refused tries with one name: how many, and when the last one was; no name for those that nobody has."""

    name: str
    count: int
    last: datetime


def refused_since(journal: Journal, moment: datetime) -> list[RefusedTries]:
    """List the refused tries after a moment, by name.

    Examples
    --------
    >>> from datetime import UTC
    >>> from store.database import open_database
    >>> refused_since(Journal(open_database("sqlite://")), datetime(2026, 7, 1, tzinfo=UTC))
    []
    """
    found: dict[str, RefusedTries] = {}
    for entry in journal.history(EVERYWHERE, REFUSED, since=moment):
        if entry.body and entry.body["count"]:
            before = found.get(entry.key)
            count = int(entry.body["count"]) + (before.count if before else 0)
            found[entry.key] = RefusedTries(str(entry.body["name"]), count, entry.at)
    return list(found.values())


def refused_unseen(journal: Journal, member: Kept[Member]) -> list[RefusedTries]:
    """List the refused tries since a member last said that they have seen them."""
    seen = journal.entry(EVERYWHERE, SEEN, member.record.key)
    return refused_since(journal, max(seen.at, member.at) if seen else member.at)


def note_seen(journal: Journal, member: Kept[Member]) -> None:
    """Keep that a member has seen the refused tries up to now."""
    _append(journal, SEEN, member.record.key, {"name": member.record.name}, member.record.name)


def tell_refused(found: RefusedTries) -> str:
    """Say how often a name was refused, and when last.

    Examples
    --------
    >>> from datetime import UTC
    >>> tell_refused(RefusedTries("Ana", 3, datetime(2026, 7, 1, 9, 30, tzinfo=UTC)))
    'Ana: 3 tries, the last on 2026-07-01 at 09:30 UTC'
    """
    return ngettext(
        "{name}: {count} try, on {day} at {time} UTC",
        "{name}: {count} tries, the last on {day} at {time} UTC",
        found.count,
    ).format(
        name=found.name or _("names that nobody has"),
        count=found.count,
        day=f"{found.last:%Y-%m-%d}",
        time=f"{found.last:%H:%M}",
    )


def row_of(journal: Journal, key: str, now: datetime) -> tuple[int, datetime]:
    """Return how many tries with a name were refused in a row, and when the last one was."""
    entry = journal.entry(EVERYWHERE, REFUSED, key)
    return _row(entry, now), _last(entry) or now


def write_refused(journal: Journal, key: str, name: str, now: datetime, count: int = 1) -> None:
    """Write down that tries with a name were refused."""
    entry = journal.entry(EVERYWHERE, REFUSED, key)
    body = {"name": name, "count": count, "in_a_row": _row(entry, now) + 1, "last": now.isoformat()}
    _append(journal, REFUSED, key, body, WRITER)


def forgive(journal: Journal, key: str) -> None:
    """Begin to count a name anew, as its member has signed in; what was refused stays written."""
    entry = journal.entry(EVERYWHERE, REFUSED, key)
    if entry and entry.body and entry.body["in_a_row"]:
        _append(journal, REFUSED, key, {**entry.body, "count": 0, "in_a_row": 0}, WRITER)


def _row(entry: Entry | None, now: datetime) -> int:
    last = _last(entry)
    if entry is None or entry.body is None or last is None or now - last > FORGOTTEN:
        return 0
    return int(entry.body["in_a_row"])


def _last(entry: Entry | None) -> datetime | None:
    return datetime.fromisoformat(str(entry.body["last"])) if entry and entry.body else None


def _append(journal: Journal, kind: str, key: str, body: dict[str, object], who: str) -> None:
    """Write an entry after what stands there; one that another process writes at this moment will do."""
    entry = journal.entry(EVERYWHERE, kind, key)
    try:
        journal.append([Draft(EVERYWHERE, kind, key, body, who, seen=entry.number if entry else 0)])
    except ConflictError:
        return
