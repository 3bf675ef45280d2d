"""What each row of the task force's own sheet would change on the board, thing by thing, and why not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

from geo.days import DateSpan
from geo.errors import GeoError, SchemaError, StoreError
from geo.intake.tables import Row, Table
from geo.intake.values import plain_words, span_cells
from geo.intake.verdicts import Line, Verdict, settle
from geo.language import gettext as _
from store.records import Kept, Record
from store.water.board_questions import (
    Answers,
    Judged,
    Places,
    place_rows,
    settle_contradictions,
    to_open,
)
from store.water.board_sheet import PER_SERVICE
from store.water.book import Board, Standing, read_standing
from store.water.history import KIND_TITLES, to_text
from store.water.kinds import (
    SERVED,
    SERVICE_TITLES,
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
from store.water.system_names import Named

# What a person sees of each line.
SHOWN = ("pwsid", "service", "kind", "was", "now")
# What of a status stays where a cell is empty; the others belong to the stage, and go with it.
LASTING = ("lead", "note")
OF_STAGE = ("reached_on", "evidence", "link")
# What tells one thing, the first of it what it needs.
FUNDING = ("funder", "amount_usd", "funding_status", "funded_on")
MILESTONE = ("milestone", "planned_for", "milestone_on")
RATE = ("rate_usd_per_month", "rate_on", "share_of_income", "rate_source")
SHOWN_OF_REFUSED = ("stage", "funder", "amount_usd", "milestone", "comment", "rate_usd_per_month")
R = TypeVar("R", bound=Record)


def judge_board(table: Table, board: Board, named: Named, answers: Answers | None = None) -> Judged:
    r"""Tell what each row of a sheet would do; a change is a draft for the journal, without who makes it.

    Rows that may mean two systems, or contradict each other, wait until a person answers.

    Parameters
    ----------
    table
        Of the kind :data:`store.water.board_sheet.BOARD_SHEET`.
    named
        Names of the region's systems, as :func:`store.water.system_names.name_systems` gathers them.
    answers
        What a person said to the questions.

    Raises
    ------
    SchemaError
        The table lacks columns, or has no rows.

    Examples
    --------
    >>> import pandas as pd
    >>> from geo.intake.grids import read_grids
    >>> from geo.intake.tables import find_table
    >>> from store.database import open_database
    >>> from store.journal import Journal
    >>> from store.water.board_sheet import BOARD_SHEET
    >>> from store.water.system_names import name_systems
    >>> board = Board(Journal(open_database("sqlite://")), "sheet", ["CA9010002"])
    >>> named = name_systems(pd.DataFrame({"pwsid": ["CA9010002"], "name": ["Oasis"]}))
    >>> grids = read_grids(b"PWS ID,Stage\nCA9010002,Planning\nCA9999999,design\n", "a.csv")
    >>> judged = judge_board(find_table(grids, "a.csv", BOARD_SHEET), board, named)
    >>> [(line.number, line.verdict.value) for line in judged.lines]
    [(2, 'new'), (3, 'refused')]
    """
    answers = answers or {}
    rows, standing = table.require().rows, read_standing(board)
    first = {row.number: next(filter(None, table.grid.cells[row.number - 1]), "") for row in rows}
    places = place_rows(rows, first, named, answers)
    lines = [line for row in rows for line in _judge(row, table, board, places, standing)]
    judged = settle_contradictions(lines, named, answers)
    return Judged(settle(judged.lines), [*places.questions, *judged.questions])


@dataclass(frozen=True, slots=True)
class _Told:
    """How a record would stand, what stands, what names it in the sheet, and whether it is so already.

    ``open`` says what has to be answered before it can be taken.
    """

    record: Record
    held: Kept[Any] | None
    about: str
    why: str = ""
    remark: str = ""
    same: bool = False
    open: str = ""


@dataclass(frozen=True, slots=True)
class _Reading:
    """A row whose system is known; ``notes`` gathers what cannot be recorded otherwise."""

    pwsid: str
    service: str
    row: Row
    table: Table
    standing: Standing
    notes: dict[str, str] = field(default_factory=dict)

    def text(self, name: str, service: Service | None = None) -> str:
        """Return what a cell says; empty where there is no such column, or it could not be read."""
        key = f"{name}/{service}" if service else name
        return "" if key in self.row.faults else self.row.text(key)

    def value(self, name: str, service: Service | None = None) -> Any:
        """Return what a cell means; None where it says nothing, and for a connection that is only planned."""
        found = self.row.meant.get(f"{name}/{service}" if service else name)
        planned = name == "stage" and found in SERVED and self.is_ahead(service)
        return None if planned else found

    def is_ahead(self, service: Service | None) -> bool:
        """Whether the day of a stage lies in the future: then it is not reached."""
        keys = (*([f"reached_on/{service}"] if service else ()), "reached_on")
        key = next((key for key in keys if self.row.text(key)), "")
        if key not in self.row.faults:
            return False
        try:
            day: DateSpan = span_cells([])(self.row.text(key)).value
        except SchemaError:
            return False
        return day.first > datetime.now(UTC).date()

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
        return any(key.partition("/")[0] == "stage" for key in self.row.written)

    def whole(self, wanted: Sequence[str], further: Sequence[str] = ()) -> bool:
        """Whether a thing is told; where only a part of it is, its words become notes.

        Raises
        ------
        StoreError
            A part of it is told, and another is not there.
        """
        told = [name for name in wanted if self.value(name) is not None]
        if len(told) == len(wanted):
            return True
        lacking = [name for name in wanted if name not in told]
        if any(name in self.row.faults for name in lacking):
            self.keep((*told, *further))
        elif any(self.text(name) for name in (*told, *further)):
            what = self.table.kind.titles_of(lacking)
            raise StoreError(_("{what} is missing").format(what=what), _("what is there is kept as a note"))
        return False

    def keep(self, names: Sequence[str]) -> None:
        """Keep the words of some columns as notes."""
        self.notes.update({self.heading(name): self.text(name) for name in names if self.text(name)})

    def heading(self, name: str) -> str:
        """Return what a person calls a column."""
        return self.table.heading(self.table.columns[name])


def _judge(row: Row, table: Table, board: Board, places: Places, standing: Standing) -> Iterator[Line]:
    system = row.text("pwsid") or row.text("name")
    if row.number in places.left:
        yield _refused(row, system, places.left[row.number])
        return
    if row.number not in places.found:
        asked = next(item for item in places.questions if row.number in item.rows)
        yield replace(_refused(row, system, asked.words), verdict=Verdict.ASK)
        return
    pwsid, remark = places.found[row.number]
    try:
        board.check_known([pwsid])
    except GeoError as error:
        yield _refused(row, system, str(error))
        return
    service = row.meant.get("service", str(Service.WATER))
    reading = _Reading(pwsid, service, row, table, standing, dict(row.notes))
    lines = _lines(reading, remark, board)
    if row.number in places.open:
        words = _("row {row} may mean the same system: answer that first").format(row=places.open[row.number])
        lines = (to_open(line, words) for line in lines)
    yield from lines


def _lines(reading: _Reading, remark: str, board: Board) -> Iterator[Line]:
    """Tell what a row would change whose system is known, and what of it cannot be read."""
    row, table = reading.row, reading.table
    shown = {"pwsid": reading.pwsid, "service": _(SERVICE_TITLES[Service(reading.service)])}
    told, faults = _read(reading)
    for key, fault in row.faults.items():
        what = {"kind": _(table.kind.by_key[key].title), "was": "", "now": row.text(key)}
        words = _("{fault}; kept as a note").format(fault=fault)
        if key != "pwsid":
            yield Line(row.number, Verdict.NOTED, shown | what, words)
    for fault in faults:
        yield Line(row.number, Verdict.NOTED, shown | {"kind": "", "was": "", "now": _said(row)}, fault)
    if not told and not faults and not row.faults:
        yield Line(row.number, Verdict.EMPTY, shown, _("the row tells nothing of it"))
    guessed = [words for words in row.remarks if not any(fault in words for fault in row.faults.values())]
    for item in told:
        yield _line(row, item, [remark, *guessed], table, board)


def _read(reading: _Reading) -> tuple[list[_Told], list[str]]:
    """Gather what a row tells, and what of it cannot be recorded; the status last, for it takes the notes."""
    split = [
        service
        for service in Service
        if any(f"{name}/{service}" in reading.row.written for name in PER_SERVICE)
    ]
    columns: Sequence[Service | None] = split or [None]
    readers: list[tuple[Callable[[], _Told | None], tuple[str, ...]]] = [
        (partial(_funding, reading), FUNDING),
        (partial(_milestone, reading), MILESTONE),
        (partial(_comment, reading), ()),
        (partial(_affordability, reading), RATE),
        *((partial(_status, reading, column, first=column == columns[0]), ()) for column in columns),
    ]
    told: list[_Told] = []
    faults = [_ahead_words(reading, column) for column in columns if _tells_ahead(reading, column)]
    for read, names in readers:
        try:
            found = read()
        except GeoError as error:
            faults.append(str(error))
            reading.keep(names)
        else:
            told += [found] if found else []
    return sorted(told, key=lambda item: item.record.kind != Status.kind), faults


def _tells_ahead(reading: _Reading, column: Service | None) -> bool:
    key = f"stage/{column}" if column else "stage"
    return reading.row.meant.get(key) in SERVED and reading.is_ahead(column)


def _ahead_words(reading: _Reading, column: Service | None) -> str:
    reading.notes[_("planned stage")] = reading.text("stage", column)
    return _("{stage}: its day lies in the future, so it is not recorded as reached; kept as a note").format(
        stage=reading.text("stage", column)
    )


def _said(row: Row) -> str:
    return ", ".join(text for key, text in row.written.items() if key in SHOWN_OF_REFUSED)


def _refused(row: Row, system: str, fault: str) -> Line:
    shown = {"pwsid": system, "service": row.text("service"), "kind": "", "was": "", "now": _said(row)}
    return Line(row.number, Verdict.REFUSED, shown, fault)


def _line(row: Row, told: _Told, remarks: Sequence[str], table: Table, board: Board) -> Line:
    kind, body = told.record.kind, told.record.model_dump(mode="json", exclude_none=True)
    was = told.held.record.model_dump(mode="json", exclude_none=True) if told.held else None
    pwsid, service = told.record.key.split("/")[:2]
    now = to_text(kind, body)
    shown = {"pwsid": pwsid, "service": _(SERVICE_TITLES[Service(service)]), "kind": _(KIND_TITLES[kind])}
    shown |= {"was": to_text(kind, was), "now": now}
    reason = "; ".join(part for part in (*remarks, told.remark) if part)
    if told.same or was == body:
        return Line(row.number, Verdict.SAME, shown, reason, told.about, now)
    if told.open:
        asked = "; ".join(part for part in (told.open, reason) if part)
        return Line(row.number, Verdict.ASK, shown, asked, told.about, now)
    source = _("{file}, row {row}").format(file=table.file, row=row.number)
    seen = told.held.number if told.held else 0
    draft = told.record.draft(board.region, "", seen=seen, why=told.why, source=source)
    verdict = Verdict.CHANGED if told.held else Verdict.NEW
    return Line(row.number, verdict, shown, reason, told.about, now, draft)


def _status(reading: _Reading, column: Service | None, *, first: bool) -> _Told | None:
    """Read the stage, from the columns of one service or from those that name none."""
    service = str(column) if column else reading.service
    held = reading.standing.statuses.get((reading.pwsid, service))
    before = held.record.stage if held else Stage.NOT_RECORDED
    given = _given(reading, column)
    if first and reading.notes:
        note = given.get("note") or (held.record.note if held else "")
        given["note"] = add_notes(note, reading.notes)
    said = reading.value("stage", column)
    if said is None and not given:
        return None
    stage = Stage(said) if said else before
    why = reading.text("why")
    if goes_back(before, stage) and not why:
        raise StoreError(_("the stage goes back without a reason"), _("give one in the column why"))
    keep = (*LASTING, *(OF_STAGE if stage is before else ()))
    fields = _kept(held, keep) | given
    record = Status.make({"pwsid": reading.pwsid, "service": service, "stage": stage, **fields})
    nothing = held is None and stage is Stage.NOT_RECORDED and not fields
    return _Told(record, held, record.key, why, same=nothing)


def _given(reading: _Reading, column: Service | None) -> dict[str, Any]:
    """Take what a row tells beside the stage; without one only what lasts."""
    told = reading.value("stage", column) is not None
    given: dict[str, Any] = {}
    for name in (*LASTING, *OF_STAGE) if told else LASTING:
        value = reading.value(name, column)
        if value is None and (column is None or told):
            value = reading.value(name)
        if value is not None and not (name == "note" and _note_of_money(reading)):
            given[name] = value
    if reading.tells_stage and not told and column is None:
        # The stage could not be read: what belongs to it is kept with its words.
        reading.keep(OF_STAGE)
    return given


def add_notes(note: str, told: Mapping[str, str]) -> str:
    """Add what a sheet tells to a note, heading by heading; what it told of a heading before gives way.

    Examples
    --------
    >>> add_notes("call them; Color: red", {"Color": "blue", "Size": "7"})
    'call them; Color: blue; Size: 7'
    """
    parts = [
        part for part in note.split("; ") if part and not any(part.startswith(f"{head}: ") for head in told)
    ]
    return "; ".join([*parts, *(f"{head}: {' '.join(text.split())}" for head, text in told.items())])


def _note_of_money(reading: _Reading) -> str:
    return "" if reading.tells_stage or not reading.text("funder") else reading.text("note")


def _funding(reading: _Reading) -> _Told | None:
    # A status that cannot be read is not taken for another.
    wanted = (*FUNDING[:2], *(FUNDING[2:3] if reading.row.text("funding_status") else ()))
    if not reading.whole(wanted, FUNDING):
        return None
    funder, usd = reading.text("funder"), reading.value("amount_usd")
    if not usd:
        raise StoreError(_("0 dollars are no money"), _("what is there is kept as a note"))
    held = [
        kept for kept in reading.standing.funding.get(reading.place, ()) if _alike(kept.record.funder, funder)
    ]
    old = next((kept for kept in held if kept.record.amount_usd == usd), None)
    status = reading.value("funding_status")
    fields = reading.ids | {"status": FundingStatus.AWARDED, "on": None}
    fields |= _kept(old, ("id", "status", "on", "note"))
    fields |= {"funder": old.record.funder if old else funder, "amount_usd": usd}
    fields |= {"status": status} if status else {}
    day = reading.value("funded_on") or (None if reading.tells_stage else reading.value("reached_on"))
    fields |= {"on": day} if day else {}
    fields |= {"note": reading.text("note")} if _note_of_money(reading) else {}
    about = f"funding {reading.place} {plain_words(funder)} {usd}"
    remark = "" if old else "; ".join(_beside(held))
    # Money that was applied for is none: nothing is taken for awarded that nobody called so.
    ask = "" if old or status else _("say above how far this money is")
    return _Told(Funding.make(fields), old, about, remark=remark, open=ask)


def _beside(held: Sequence[Kept[Funding]]) -> list[str]:
    """Say where a funder's money of another amount is on record: it may be the same money."""
    texts = [to_text("funding", kept.record.model_dump(mode="json", exclude_none=True)) for kept in held]
    return [_("new, beside what is on record: {others}").format(others="; ".join(texts))] if texts else []


def _milestone(reading: _Reading) -> _Told | None:
    if not reading.whole(MILESTONE[:1], MILESTONE):
        return None
    title = reading.text("milestone")
    dated = reading.tells_stage or reading.text("funder")
    days = {
        "planned_for": reading.value("planned_for"),
        "reached_on": reading.value("milestone_on") or (None if dated else reading.value("reached_on")),
    }
    old = _first(
        reading.standing.milestones.get(reading.place, ()), lambda record: _alike(record.title, title)
    )
    fields = reading.ids | {"title": title} | _kept(old, ("id", "title", *days))
    fields |= {name: day for name, day in days.items() if day}
    return _Told(Milestone.make(fields), old, f"milestone {reading.place} {plain_words(title)}")


def _comment(reading: _Reading) -> _Told | None:
    text = reading.text("comment")
    if not text:
        return None
    old = _first(reading.standing.comments.get(reading.place, ()), lambda record: record.text == text)
    record = Comment.make(reading.ids | {"text": text} | _kept(old, ("id",)))
    return _Told(record, old, f"comment {reading.place} {text}")


def _affordability(reading: _Reading) -> _Told | None:
    own = reading.value("reached_on") or reading.value("reached_on", Service(reading.service))
    day = reading.value("rate_on") or own
    dated = day and "rate_on" not in reading.row.faults
    if not reading.whole(("rate_usd_per_month",) if dated else ("rate_usd_per_month", "rate_on"), RATE):
        return None
    old = _first(reading.standing.affordability.get(reading.place, ()), lambda record: record.on == day)
    source = reading.text("rate_source") or ("" if reading.tells_stage else reading.text("evidence"))
    source = source or (old.record.source_note if old else reading.table.file)
    fields = reading.ids | _kept(old, ("id", "share_of_income")) | {"on": day, "source_note": source}
    fields["rate_usd_per_month"] = reading.value("rate_usd_per_month")
    share = reading.value("share_of_income")
    fields |= {} if share is None else {"share_of_income": share}
    remark = "" if reading.text("rate_on") else _("water costs: taken as of the row's own date")
    return _Told(Affordability.make(fields), old, f"affordability {reading.place} {day}", remark=remark)


def _alike(one: str, other: str) -> bool:
    return plain_words(one) == plain_words(other)


def _first(held: Sequence[Kept[R]], meant: Callable[[R], bool]) -> Kept[R] | None:
    return next((kept for kept in held if meant(kept.record)), None)


def _kept(old: Kept[Any] | None, names: Sequence[str]) -> dict[str, Any]:
    """Take from what is on record what a row does not tell."""
    values = {name: getattr(old.record, name) for name in names} if old else {}
    return {name: value for name, value in values.items() if value not in (None, "")}
