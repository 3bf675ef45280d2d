"""What a row of the task force's own sheet tells of its system, kind by kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from geo.errors import StoreError
from geo.language import gettext as _
from store.records import Kept, Record
from store.water.book import Standing
from store.water.history import to_text
from store.water.kinds import (
    Affordability,
    Comment,
    Funding,
    FundingStatus,
    Milestone,
    Service,
    Stage,
    Status,
    goes_back,
)
from store.water.sheet_columns import PER_SERVICE, plain_words
from store.water.sheet_layout import Place, Sheet
from store.water.sheet_values import to_amount, to_day, to_funding_status, to_share, to_stage

# What of a status stays where a cell is empty; the others belong to the stage, and go with it.
LASTING = ("lead", "note")
OF_STAGE = ("reached_on", "evidence", "link")
R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Told:
    """How a record would stand, what stands, what names it in the sheet, and whether it is so already."""

    record: Record
    held: Kept[Any] | None
    about: str
    why: str = ""
    remark: str = ""
    same: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row whose system is known: its cells by what they mean."""

    pwsid: str
    service: str
    cells: Mapping[Place, str]
    sheet: Sheet
    standing: Standing

    def text(self, name: str, service: Service | None = None) -> str:
        """Return what a cell says; empty where there is no such column."""
        return self.cells.get((name, service), "")

    @property
    def place(self) -> tuple[str, str]:
        """System and service."""
        return self.pwsid, self.service

    @property
    def ids(self) -> dict[str, Any]:
        """System and service as fields."""
        return {"pwsid": self.pwsid, "service": self.service}

    @property
    def tells_stage(self) -> bool:
        """Whether any column of the row names a stage; if not, its date and note belong to the rest."""
        return any(text for (name, _service), text in self.cells.items() if name == "stage")


def readers(row: Row) -> Iterator[Callable[[], Told | None]]:
    """List what reads each thing that a row may tell; each returns None where it tells nothing of it."""
    split = [service for service in Service if any((name, service) in row.cells for name in PER_SERVICE)]
    columns: Sequence[Service | None] = split or [None]
    yield from (partial(_status, row, column) for column in columns)
    yield from (partial(read, row) for read in (_funding, _milestone, _comment, _affordability))


def _status(row: Row, column: Service | None) -> Told | None:
    """Read the stage, from the columns of one service or from those that name none."""
    service = str(column) if column else row.service
    held = row.standing.statuses.get((row.pwsid, service))
    before = held.record.stage if held else Stage.NOT_RECORDED
    given = _given(row, column)
    text = row.text("stage", column)
    if not text and not given:
        return None
    stage = Stage(to_stage(text)) if text else before
    why = row.text("why")
    if goes_back(before, stage) and not why:
        raise StoreError(_("the stage goes back without a reason"), _("give one in the column why"))
    keep = (*LASTING, *(OF_STAGE if stage is before else ()))
    fields = _kept(held, keep) | given
    record = Status.make({"pwsid": row.pwsid, "service": service, "stage": stage, **fields})
    nothing = held is None and stage is Stage.NOT_RECORDED and not fields
    return Told(record, held, record.key, why, same=nothing)


def _given(row: Row, column: Service | None) -> dict[str, Any]:
    """Take what a row tells beside the stage; without one only what lasts."""
    names = (*LASTING, *OF_STAGE) if row.text("stage", column) else LASTING
    shared = column is None or bool(row.text("stage", column))
    given: dict[str, Any] = {}
    for name in names:
        text = row.text(name, column) or (row.text(name) if shared else "")
        if text and not (name == "note" and _note_of_money(row)):
            given[name] = to_day(text) if name == "reached_on" else text
    return given


def _note_of_money(row: Row) -> str:
    return "" if row.tells_stage or not row.text("funder") else row.text("note")


def _funding(row: Row) -> Told | None:
    amount, funder, status = row.text("amount_usd"), row.text("funder"), row.text("funding_status")
    if not _whole({_("funding: from whom"): funder, _("funding: amount"): amount}, status):
        return None
    usd = to_amount(amount)
    held = [kept for kept in row.standing.funding.get(row.place, ()) if _alike(kept.record.funder, funder)]
    old = next((kept for kept in held if kept.record.amount_usd == usd), None)
    fields = (
        row.ids | {"status": FundingStatus.AWARDED, "on": None} | _kept(old, ("id", "status", "on", "note"))
    )
    fields |= {"funder": old.record.funder if old else funder, "amount_usd": usd}
    if status:
        fields["status"] = to_funding_status(status)
    day = row.text("funded_on") or ("" if row.tells_stage else row.text("reached_on"))
    if day:
        fields["on"] = to_day(day)
    if _note_of_money(row):
        fields["note"] = row.text("note")
    remarks = [] if old else [*_beside(held), *([] if status else [_("no status given: taken as awarded")])]
    about = f"funding {row.place} {plain_words(funder)} {usd}"
    return Told(Funding.make(fields), old, about, remark="; ".join(remarks))


def _beside(held: Sequence[Kept[Funding]]) -> list[str]:
    """Say where a funder's money of another amount is on record: it may be the same money."""
    texts = [to_text("funding", kept.record.model_dump(mode="json", exclude_none=True)) for kept in held]
    return [_("new, beside what is on record: {others}").format(others="; ".join(texts))] if texts else []


def _milestone(row: Row) -> Told | None:
    title = row.text("milestone")
    dated = row.tells_stage or row.text("funder")
    days = {
        "planned_for": row.text("planned_for"),
        "reached_on": row.text("milestone_on") or ("" if dated or not title else row.text("reached_on")),
    }
    if not _whole({_("milestone"): title}, "".join(days.values())):
        return None
    old = _first(row.standing.milestones.get(row.place, ()), lambda record: _alike(record.title, title))
    fields = row.ids | {"title": title} | _kept(old, ("id", "title", *days))
    fields |= {name: to_day(text) for name, text in days.items() if text}
    return Told(Milestone.make(fields), old, f"milestone {row.place} {plain_words(title)}")


def _comment(row: Row) -> Told | None:
    text = row.text("comment")
    if not text:
        return None
    old = _first(row.standing.comments.get(row.place, ()), lambda record: record.text == text)
    record = Comment.make(row.ids | {"text": text} | _kept(old, ("id",)))
    return Told(record, old, f"comment {row.place} {text}")


def _affordability(row: Row) -> Told | None:
    rate, share = row.text("rate_usd_per_month"), row.text("share_of_income")
    own = row.text("reached_on") or row.text("reached_on", Service(row.service))
    day = row.text("rate_on") or (own if rate else "")
    wanted = {_("water costs: dollars a month"): rate, _("water costs: day"): day}
    if not _whole(wanted, share) or not rate:
        return None
    on = to_day(day)
    old = _first(row.standing.affordability.get(row.place, ()), lambda record: record.on == on)
    source = row.text("rate_source") or ("" if row.tells_stage else row.text("evidence"))
    source = source or (old.record.source_note if old else row.sheet.file)
    fields = row.ids | _kept(old, ("id", "share_of_income")) | {"on": on, "source_note": source}
    fields["rate_usd_per_month"] = to_amount(rate)
    if share:
        fields["share_of_income"] = to_share(_percent(row, share))
    remark = "" if row.text("rate_on") else _("water costs: taken as of the row's own date")
    return Told(Affordability.make(fields), old, f"affordability {row.place} {on}", remark=remark)


def _percent(row: Row, share: str) -> str:
    """Put the sign behind a number whose heading says that it is in percent."""
    heading = plain_words(row.sheet.columns.get(("share_of_income", None), ""))
    bare = share.replace(".", "", 1).isdecimal()
    return f"{share}%" if bare and "percent" in heading.split() else share


def _alike(one: str, other: str) -> bool:
    return plain_words(one) == plain_words(other)


def _first(held: Sequence[Kept[R]], meant: Callable[[R], bool]) -> Kept[R] | None:
    return next((kept for kept in held if meant(kept.record)), None)


def _kept(old: Kept[Any] | None, names: Sequence[str]) -> dict[str, Any]:
    """Take from what is on record what a row does not tell."""
    values = {name: getattr(old.record, name) for name in names} if old else {}
    return {name: value for name, value in values.items() if value not in (None, "")}


def _whole(wanted: Mapping[str, str], further: str) -> bool:
    """Whether a thing is told; raise where a part of it is, and another is not."""
    lacking = [title for title, text in wanted.items() if not text]
    if lacking and (further or len(lacking) < len(wanted)):
        raise StoreError(
            _("{what} is missing").format(what=", ".join(lacking)),
            _("fill it in, or empty what goes with it"),
        )
    return not lacking
