"""Kinds of records, checked field by field, to and from the journal; changes with what stood before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Generic, Self, TypeVar
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy import ColumnElement, select, tuple_

from geo.errors import StoreError, first_ids
from geo.language import gettext as _
from geo.language import mark as N_
from geo.language import ngettext
from store.journal import Body, Draft, Entry, Journal, journal_table


class Record(BaseModel):
    """A kind of record; a subclass names its ``kind`` and its ``key``.

    Text is stripped, unknown fields are refused, dates are ISO 8601 in the journal.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)
    kind: ClassVar[str]

    @property
    def key(self) -> str:
        """What names the record within its region and kind."""
        raise NotImplementedError

    def draft(self, region: str, who: str, *, seen: int = 0, why: str = "", source: str = "") -> Draft:
        """Make the change that records this; ``seen`` is the number of the entry that it replaces."""
        body = self.model_dump(mode="json", exclude_none=True)
        return Draft(region, self.kind, self.key, body, who, seen, why, source)

    @classmethod
    def read(cls, entry: Entry) -> Self:
        """Read an entry's body back."""
        return cls.model_validate(entry.body)

    @classmethod
    def make(cls, fields: Mapping[str, Any]) -> Self:
        """Make a record of what a person typed or a sheet holds.

        Raises
        ------
        StoreError
            Names every field that does not hold, and why.
        """
        try:
            return cls.model_validate(dict(fields))
        except ValidationError as error:
            faults = [f"{_where(item['loc'])}: {_fault(item)}" for item in error.errors()]
            raise StoreError(
                ngettext(
                    "{count} field needs a correction ({faults})",
                    "{count} fields need a correction ({faults})",
                    len(faults),
                ).format(count=len(faults), faults=first_ids(faults)),
                _("correct them and record it again"),
            ) from error


# What pydantic calls a fault, in words; where none fits, its own stand.
FAULTS: Mapping[str, str] = {
    "missing": N_("is missing"),
    "string_too_short": N_("is missing"),
    "string_too_long": N_("is longer than {max_length} signs"),
    "greater_than_equal": N_("must be at least {ge}"),
    "less_than_equal": N_("must be at most {le}"),
    "greater_than": N_("must be more than {gt}"),
    "enum": N_("must be one of {expected}"),
    "extra_forbidden": N_("is no such field"),
    "float_type": N_("is no number"),
    "float_parsing": N_("is no number"),
    "int_parsing": N_("is no whole number"),
    "int_from_float": N_("is no whole number"),
    "date_type": N_("is no day"),
    "date_parsing": N_("is no day (YYYY-MM-DD)"),
    "date_from_datetime_parsing": N_("is no day (YYYY-MM-DD)"),
}
# Fields whose names in the journal say little to a person.
TITLES: Mapping[str, str] = {
    "amount_usd": N_("Amount, US dollars"),
    "funder": N_("From whom"),
    "rate_usd_per_month": N_("Dollars a month"),
    "share_of_income": N_("Share of income"),
    "source_note": N_("Source or evidence"),
    "reached_on": N_("Reached on"),
    "planned_for": N_("Planned for"),
    "held_on": N_("Held on"),
    "on": N_("Day"),
    "title": N_("Title"),
    "text": N_("Text"),
    "agreed_by": N_("Who of the tribe agreed"),
    "stage": N_("Stage"),
}


def new_id() -> str:
    """Make an identifier for a record that has no name of its own."""
    return uuid4().hex[:12]


def _where(location: Iterable[object]) -> str:
    parts = [str(part) for part in location]
    return ".".join(_(TITLES.get(part, part)) for part in parts) or _("record")


def _fault(item: Mapping[str, Any]) -> str:
    """Say a fault in the person's language; what our own checks raise says itself."""
    context: dict[str, Any] = dict(item.get("ctx") or {})
    if item["type"] == "value_error" and "error" in context:
        return str(context["error"])
    words = FAULTS.get(str(item["type"]))
    shown = {name: f"{value:g}" if isinstance(value, float) else value for name, value in context.items()}
    return _(words).format(**shown) if words else str(item["msg"])


R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Kept(Generic[R]):
    """A record as the journal keeps it: with its number, when, whose, why, and on what it rests."""

    record: R
    number: int
    at: datetime
    who: str
    why: str
    source: str


def to_kept(kind: type[R], entry: Entry) -> Kept[R]:
    """Turn an entry into the record that it holds."""
    return Kept(kind.read(entry), entry.number, entry.at, entry.who, entry.why, entry.source)


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
    bodies |= read_bodies(journal, region, _places_before(entries) - bodies.keys())
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


def read_bodies(journal: Journal, region: str, places: Collection[Place]) -> dict[Place, Body | None]:
    """Read the bodies at some places; None where a record was withdrawn there.

    They are asked for by name and not joined to the table itself: a database that knows nothing of its table
    yet may join every line with every other.
    """
    now = journal_table.c
    bodies: dict[Place, Body | None] = {}
    ordered = sorted(places)
    with journal.engine.connect() as connection:
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
