"""What one row of the task force's own sheet would do: each thing that it tells, or why it does not match."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from geo.errors import GeoError
from geo.language import gettext as _
from store.board.names import Named, find_system
from store.board.sheet import Place, Sheet
from store.board.stages import Board
from store.board.standing import Standing
from store.board.told import Row, Told, readers
from store.board.values import to_service
from store.journal import Draft
from store.status import SERVICE_TITLES, Service
from store.telling import KIND_TITLES, to_text

SHOWN_OF_REFUSED = ("stage", "funder", "amount_usd", "milestone", "comment", "rate_usd_per_month")


class Verdict(StrEnum):
    """What becomes of a line."""

    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that a row tells of a system: what was, what would be; or why the row does not match."""

    number: int
    pwsid: str
    service: str
    kind: str
    was: str
    now: str
    verdict: Verdict
    remark: str = ""
    about: str = ""
    draft: Draft | None = field(default=None, repr=False)


def judge_row(
    number: int, cells: Mapping[Place, str], sheet: Sheet, board: Board, named: Named, standing: Standing
) -> list[Line]:
    """Tell what a row would do; where anything of it does not hold, nothing of it is taken.

    Returns
    -------
    list of Line
        One for each thing that the row tells; a single one where it is refused, with every fault.
    """
    number_given, name, service = (cells.get((key, None), "") for key in ("pwsid", "name", "service"))
    try:
        pwsid, remark = find_system(number_given, name, named)
        board.check_known([pwsid])
        row = Row(pwsid, to_service(service), cells, sheet, standing)
    except GeoError as error:
        return [_refused(number, number_given or name, service, cells, [str(error)])]
    words = _(SERVICE_TITLES[Service(row.service)])
    told, faults = _read(row)
    if faults:
        return [_refused(number, pwsid, words, cells, faults)]
    if not told:
        return [Line(number, pwsid, words, "", "", "", Verdict.SAME, _("the row tells nothing of it"))]
    return [_line(number, item, remark, sheet, board) for item in told]


def _read(row: Row) -> tuple[list[Told], list[str]]:
    """Gather what a row tells, and every fault."""
    told: list[Told] = []
    faults: list[str] = []
    for read in readers(row):
        try:
            found = read()
        except GeoError as error:
            faults.append(str(error))
        else:
            told += [found] if found else []
    return told, faults


def _refused(number: int, pwsid: str, service: str, cells: Mapping[Place, str], faults: list[str]) -> Line:
    said = [text for (name, _service), text in cells.items() if text and name in SHOWN_OF_REFUSED]
    return Line(number, pwsid, service, "", "", ", ".join(said), Verdict.REFUSED, "; ".join(faults))


def _line(number: int, told: Told, remark: str, sheet: Sheet, board: Board) -> Line:
    kind, body = told.record.kind, told.record.model_dump(mode="json", exclude_none=True)
    was = told.held.record.model_dump(mode="json", exclude_none=True) if told.held else None
    pwsid, service = told.record.key.split("/")[:2]
    words = (
        _(SERVICE_TITLES[Service(service)]),
        _(KIND_TITLES[kind]),
        to_text(kind, was),
        to_text(kind, body),
    )
    remarks = "; ".join(part for part in (remark, told.remark) if part)
    if told.same or was == body:
        return Line(number, pwsid, *words, Verdict.SAME, remarks, told.about)
    source = _("{file}, row {row}").format(file=sheet.file, row=number)
    seen = told.held.number if told.held else 0
    draft = told.record.draft(board.region, "", seen=seen, why=told.why, source=source)
    return Line(number, pwsid, *words, Verdict.CHANGED, remarks, told.about, draft)
