"""What was taken in from files: what headings and words meant, kept for next time; and its undoing.

A page writes what a file holds through a :class:`TakingJournal` in place of the journal: whatever book writes
there is named in one record beside it, in the same transaction, so that it can be undone at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from pydantic import Field

from geo.errors import StoreError
from geo.intake.tables import Choice, TableKind
from geo.language import gettext as _
from store.journal import Draft, Entry, Journal
from store.records import Kept, Record, new_id, read_bodies, to_kept

# Stands as the reason of a withdrawal that undid a file: such a record may come in again.
UNDONE = "the whole file was taken back"
LAST_TAKEN = 5


class Taken(Record):
    """A file that was taken in: for what, its name, and kind, key and number of each entry that it wrote."""

    kind: ClassVar[str] = "taken"
    id: str = Field(default_factory=new_id)
    table: str = Field(min_length=1)
    file: str
    entries: tuple[tuple[str, str, int], ...] = Field(min_length=1)

    @property
    def key(self) -> str:
        """Kind of table, and its own identifier."""
        return f"{self.table}/{self.id}"


class Meanings(Record):
    """What headings and words of a kind of table meant to people, as :class:`geo.intake.tables.Choice`."""

    kind: ClassVar[str] = "meanings"
    table: str = Field(min_length=1)
    headings: dict[str, str] = Field(default_factory=dict)
    words: dict[str, dict[str, str]] = Field(default_factory=dict)

    @property
    def key(self) -> str:
        """Kind of table."""
        return self.table


def read_meanings(journal: Journal, region: str, kind: TableKind) -> Choice:
    """Return what headings and words of a kind of table meant before.

    Examples
    --------
    >>> from store.database import open_database
    >>> kind = TableKind("board", (), (), "")
    >>> read_meanings(Journal(open_database("sqlite://")), "nowhere", kind).words
    {}
    """
    entry = journal.entry(region, Meanings.kind, kind.key)
    kept = Meanings.read(entry) if entry else Meanings(table=kind.key)
    return Choice(headings=kept.headings, words=kept.words)


class TakingJournal(Journal):
    """A journal that names, beside what is written, all of it, and what headings and words meant.

    Parameters
    ----------
    journal
        Where it is written.
    region
        The region's key.
    table
        Key of the kind of table.
    file
        The file's name.
    choice
        What a person said of the file.

    Examples
    --------
    >>> from store.database import open_database
    >>> journal = Journal(open_database("sqlite://"))
    >>> taking = TakingJournal(journal, "taking", "notes", "a.csv")
    >>> _entries = taking.append([Draft("taking", "note", "one", {"text": "seen"}, who="Ana")])
    >>> taken = list_taken(journal, "taking", "notes")
    >>> undo(journal, "taking", taken[0], "Ana"), journal.entry("taking", "note", "one")
    (Undone(count=1, left=()), None)
    """

    def __init__(
        self, journal: Journal, region: str, table: str, file: str, choice: Choice | None = None
    ) -> None:
        super().__init__(journal.engine)
        self.region = region
        self.table = table
        self.file = file
        self.choice = choice or Choice()

    def append(self, drafts: Sequence[Draft]) -> list[Entry]:
        """Record changes with what names them; see :meth:`store.journal.Journal.append`."""
        if not drafts:
            return super().append(drafts)
        who = drafts[0].who
        entries = tuple((draft.kind, draft.key, draft.seen + 1) for draft in drafts)
        taken = Taken(table=self.table, file=self.file, entries=entries)
        beside = [taken.draft(self.region, who), *self._meanings(who)]
        return super().append([*drafts, *beside])[: len(drafts)]

    def _meanings(self, who: str) -> list[Draft]:
        entry = self.entry(self.region, Meanings.kind, self.table)
        held = Meanings.read(entry) if entry else Meanings(table=self.table)
        words = {key: {**held.words.get(key, {}), **said} for key, said in self.choice.words.items()}
        headings = {**held.headings, **self.choice.headings}
        now = held.model_copy(update={"headings": headings, "words": {**held.words, **words}})
        return [] if now == held else [now.draft(self.region, who, seen=entry.number if entry else 0)]


def is_undone(entry: Entry) -> bool:
    """Whether a record was withdrawn with the whole file that it came from, and may come in again."""
    return entry.body is None and entry.why == UNDONE


def list_taken(journal: Journal, region: str, table: str) -> list[Kept[Taken]]:
    """List the files of a kind of table that were taken in last and not undone, the newest first."""
    kept = [to_kept(Taken, entry) for entry in journal.latest(region, Taken.kind)]
    ours = [item for item in kept if item.record.table == table]
    return sorted(ours, key=lambda item: item.at, reverse=True)[:LAST_TAKEN]


@dataclass(frozen=True, slots=True)
class Undone:
    """How many changes of a file were undone, and the records that somebody changed since: they stay."""

    count: int
    left: tuple[str, ...]


def undo(journal: Journal, region: str, kept: Kept[Taken], who: str) -> Undone:
    """Let everything that a file changed stand as it did before; what was changed since stays, and is named.

    Raises
    ------
    StoreError
        All of it was changed since.
    ConflictError
        Somebody was faster; nothing is written.
    """
    entries = kept.record.entries
    newest = _newest(journal, region, {kind for kind, _key, _number in entries})
    standing = [place for place in entries if newest.get(place[:2]) == place[2]]
    if not standing:
        raise StoreError(_("all of it was changed since"), _("change it by hand; nothing was undone"))
    before = {(kind, key): number - 1 for kind, key, number in standing if number > 1}
    bodies = read_bodies(journal, region, {(*name, number) for name, number in before.items()})
    drafts = [
        Draft(region, kind, key, bodies.get((kind, key, number - 1)), who, number, UNDONE, kept.record.file)
        for kind, key, number in standing
    ]
    done = Draft(region, Taken.kind, kept.record.key, None, who, kept.number, UNDONE)
    journal.append([*drafts, done])
    return Undone(len(drafts), tuple(place[1] for place in entries if place not in standing))


def _newest(journal: Journal, region: str, kinds: set[str]) -> Mapping[tuple[str, str], int]:
    return {(kind, entry.key): entry.number for kind in kinds for entry in journal.latest(region, kind)}
