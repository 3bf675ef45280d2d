"""Kinds of records: what people write, checked field by field, to and from entries of the journal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Generic, Self, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from geo.errors import StoreError, first_ids
from geo.language import gettext as _
from store.journal import Draft, Entry


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
            faults = [f"{_where(item['loc'])}: {item['msg']}" for item in error.errors()]
            raise StoreError(
                _("{count} fields do not hold ({faults})").format(
                    count=len(faults), faults=first_ids(faults)
                ),
                _("mend them and record it again"),
            ) from error


def _where(location: Iterable[object]) -> str:
    return ".".join(str(part) for part in location) or "record"


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
