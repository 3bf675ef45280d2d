"""Kinds of records: what people write, checked field by field, to and from entries of the journal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Generic, Self, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from geo.errors import StoreError, first_ids
from geo.language import gettext as _
from geo.language import mark as N_
from geo.language import ngettext
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
            faults = [f"{_where(item['loc'])}: {_fault(item)}" for item in error.errors()]
            raise StoreError(
                ngettext(
                    "{count} field does not hold ({faults})",
                    "{count} fields do not hold ({faults})",
                    len(faults),
                ).format(count=len(faults), faults=first_ids(faults)),
                _("mend them and record it again"),
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
    "on": N_("On"),
    "title": N_("Title"),
    "text": N_("Text"),
    "stage": N_("Stage"),
}


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
