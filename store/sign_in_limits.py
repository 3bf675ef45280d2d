"""Tries to sign in: how many a name, a tab, an address and all have; refused ones, and who is told."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from threading import Lock, Semaphore

from geo.errors import ConflictError
from geo.language import gettext as _
from geo.language import ngettext
from store.journal import Draft, Entry, Journal
from store.members import EVERYWHERE, Member, Members, member_key
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


FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=15), timedelta(minutes=15)
FREE_NAME, FREE_TAB, FREE_ADDRESS, FREE_ALL = 3, 5, 10, 60
MOST_KEPT = 10_000
MOST_WAITING = 4
UNKNOWN = ""
# So much of a name and a passphrase is looked at: nobody's is longer, and nothing long is kept or hashed.
MOST_LETTERS = 1_000


def network_of(address: str) -> str:
    """Return what one line to the network has: an address of the fourth version, 56 bits of the sixth.

    Examples
    --------
    >>> [network_of(item) for item in ("10.0.0.7", "2001:db8:1:2::9", "::ffff:10.0.0.7", "no address")]
    ['10.0.0.7', '2001:db8:1::/56', '10.0.0.7', 'no address']
    """
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return str(found)
    return str(found.ipv4_mapped or ip_network((found, 56), strict=False))


def wait_after(refused: int, free: int) -> timedelta:
    """Return how long to wait after so many refused tries: twice as long each time, up to 15 minutes.

    Examples
    --------
    >>> [int(wait_after(refused, free=3).total_seconds()) for refused in (2, 3, 4, 5, 9, 90)]
    [0, 15, 30, 60, 900, 900]
    """
    if refused < free:
        return timedelta()
    doubled: int = 2 ** min(refused - free, 10)
    return min(FIRST_WAIT * doubled, LONGEST_WAIT)


@dataclass(slots=True)
class _Counted:
    refused: int
    last: datetime


@dataclass
class Counts:
    """Refused tries by key, in memory; the oldest of very many are forgotten.

    Examples
    --------
    >>> counts = Counts(free=1)
    >>> noon = datetime(2026, 7, 1, 12, tzinfo=UTC)
    >>> counts.note("10.0.0.7", noon)
    >>> counts.left("10.0.0.7", noon + timedelta(seconds=5)).seconds, counts.left("10.0.0.8", noon).seconds
    (10, 0)
    """

    free: int
    forgotten: timedelta = timedelta(hours=1)
    _kept: OrderedDict[str, _Counted] = field(default_factory=OrderedDict)

    def left(self, key: str, now: datetime) -> timedelta:
        """Return how long a key has to wait yet."""
        counted = self._kept.get(key)
        if counted is None or now - counted.last > self.forgotten:
            return timedelta()
        return max(counted.last + wait_after(counted.refused, self.free) - now, timedelta())

    def note(self, key: str, now: datetime) -> None:
        """Count a refused try."""
        counted = self._kept.pop(key, None)
        before = counted.refused if counted and now - counted.last <= self.forgotten else 0
        self._kept[key] = _Counted(before + 1, now)
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)

    def clear(self, key: str) -> None:
        """Forget a key's refused tries."""
        self._kept.pop(key, None)


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a try: a member, or the sentence that refuses it."""

    member: Kept[Member] | None
    refusal: str = ""


class Desk:
    """Where passphrases are tried: one at a time, a few in line, and not again and again.

    Parameters
    ----------
    clock
        The time, in UTC.
    """

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock
        self._one = Lock()
        self._line = Semaphore(MOST_WAITING + 1)
        self._names = Counts(FREE_NAME, FORGOTTEN)
        self._pairs = Counts(FREE_NAME, FORGOTTEN)
        self._tabs, self._addresses = Counts(FREE_TAB), Counts(FREE_ADDRESS)
        self._all = Counts(FREE_ALL, timedelta(minutes=10))
        self._known: OrderedDict[str, None] = OrderedDict()
        self._unknown = _Counted(0, datetime.min.replace(tzinfo=UTC))

    def answer(self, members: Members, name: str, passphrase: str, *, tab: str, address: str) -> Answer:
        """Let somebody sign in, or say why not.

        Parameters
        ----------
        tab, address
            The browser tab that asks, and where on the network it is; empty for this machine.
        """
        if not self._line.acquire(blocking=False):
            return Answer(
                None,
                _("Too many people are signing in at this moment. Try again in {time}.").format(
                    time=_in(FIRST_WAIT)
                ),
            )
        try:
            with self._one:
                return self._try(members, name, passphrase, tab, address)
        finally:
            self._line.release()

    def _try(self, members: Members, name: str, passphrase: str, tab: str, address: str) -> Answer:
        name, passphrase = name[:MOST_LETTERS], passphrase[:MOST_LETTERS]
        key, pair = member_key(name), f"{member_key(name)} {address}"
        refusal = self._must_wait(members.journal, key, pair, tab, address)
        if refusal:
            return Answer(None, refusal)
        kept = members.sign_in(name, passphrase)
        if kept is None:
            self._note(members, key, pair, tab, address)
            return Answer(None, _("Name or passphrase is wrong."))
        for counts, item in ((self._names, key), (self._pairs, pair), (self._tabs, tab)):
            counts.clear(item)
        forgive(members.journal, key)
        self._known[pair] = None
        if len(self._known) > MOST_KEPT:
            self._known.popitem(last=False)
        return Answer(kept)

    def _must_wait(self, journal: Journal, key: str, pair: str, tab: str, address: str) -> str:
        now = self._clock()
        known = pair in self._known
        by_name = (
            self._pairs.left(pair, now)
            if known
            else max(self._names.left(key, now), _kept_wait(journal, key, now))
        )
        waits = (
            (by_name, _("Too many tries for this name. Try again in {time}.")),
            (self._tabs.left(tab, now), _("Too many tries from here. Try again in {time}.")),
            (self._addresses.left(address, now), _("Too many tries from here. Try again in {time}.")),
            (
                timedelta() if known else self._all.left("", now),
                _("Too many people are signing in at this moment. Try again in {time}."),
            ),
        )
        longest, words = max(waits, key=lambda item: item[0])
        return words.format(time=_in(longest)) if longest else ""

    def _note(self, members: Members, key: str, pair: str, tab: str, address: str) -> None:
        now = self._clock()
        for counts, item in (
            (self._names, key),
            (self._pairs, pair),
            (self._tabs, tab),
            (self._addresses, address),
            (self._all, ""),
        ):
            counts.note(item, now)
        found = members.find(key)
        if found:
            write_refused(members.journal, key, found.record.name, now)
        else:
            self._note_unknown(members.journal, now)

    def _note_unknown(self, journal: Journal, now: datetime) -> None:
        """Count tries with names that nobody has, and write them down together, once in a while."""
        self._unknown.refused += 1
        if now - self._unknown.last >= LONGEST_WAIT:
            write_refused(journal, UNKNOWN, "", now, self._unknown.refused)
            self._unknown = _Counted(0, now)


DESK = Desk()


def _kept_wait(journal: Journal, key: str, now: datetime) -> timedelta:
    row, last = row_of(journal, key, now)
    return max(last + wait_after(row, FREE_NAME) - now, timedelta())


def _in(wait: timedelta) -> str:
    seconds = max(1, round(wait.total_seconds()))
    if seconds < 60:
        return ngettext("{count} second", "{count} seconds", seconds).format(count=seconds)
    minutes = -(-seconds // 60)
    return ngettext("{count} minute", "{count} minutes", minutes).format(count=minutes)
