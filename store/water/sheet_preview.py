"""What each row of the task force's own sheet would do, and why not; written when confirmed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import pandas as pd

from geo.errors import GeoError, StoreError
from geo.language import gettext as _
from geo.language import mark as N_
from store.journal import Draft, Entry
from store.water.book import Board, Standing, read_standing
from store.water.history import KIND_TITLES, to_text
from store.water.kinds import SERVICE_TITLES, Service
from store.water.sheet_layout import Named, Place, Sheet, find_system, tell_understood
from store.water.sheet_records import Row, Told, readers
from store.water.sheet_values import to_service

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


VERDICT_TITLES = {
    Verdict.CHANGED: N_("will be recorded"),
    Verdict.SAME: N_("is so already"),
    Verdict.REFUSED: N_("does not match"),
}


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do, line by line, and how the file was understood; nothing is written yet.

    A row that tells several things has a line for each; one that does not match has a single line, and
    nothing of it is taken.
    """

    lines: tuple[Line, ...]
    understood: tuple[str, ...]

    @property
    def drafts(self) -> list[Draft]:
        """The changes that would be recorded."""
        return [line.draft for line in self.lines if line.draft is not None]

    def count(self, verdict: Verdict) -> int:
        """Count the rows of the sheet of a verdict: a row of which anything is recorded is a changed one."""
        rows = {line.number for line in self.lines if line.verdict is verdict}
        changed = {line.number for line in self.lines if line.verdict is Verdict.CHANGED}
        return len(rows - changed if verdict is Verdict.SAME else rows)

    @property
    def refused(self) -> list[Line]:
        """The rows that do not match."""
        return [line for line in self.lines if line.verdict is Verdict.REFUSED]

    def to_table(self) -> pd.DataFrame:
        """List every line of the rows that match, in words."""
        columns = ["row", "verdict", "pwsid", "service", "kind", "was", "now", "why"]
        lines = [
            (
                line.number,
                _(VERDICT_TITLES[line.verdict]),
                line.pwsid,
                line.service,
                line.kind,
                line.was,
                line.now,
                line.remark,
            )
            for line in self.lines
            if line.verdict is not Verdict.REFUSED
        ]
        return pd.DataFrame(lines, columns=columns)


def preview_import(sheet: Sheet, board: Board, named: Named) -> Preview:
    r"""Tell what each row of a sheet would do.

    Parameters
    ----------
    sheet
        As :func:`store.water.sheet_layout.read_sheet` returns it.
    named
        Names of the region's systems, as :func:`store.water.sheet_layout.name_systems` gathers them.

    Examples
    --------
    >>> from store.water.sheet_layout import name_systems
    >>> from store.water.sheet_layout import read_sheet
    >>> from store.database import open_database
    >>> from store.journal import Journal
    >>> board = Board(Journal(open_database("sqlite://")), "sheet", ["CA9010002"])
    >>> named = name_systems(pd.DataFrame({"pwsid": ["CA9010002"], "name": ["Oasis"]}))
    >>> sheet = read_sheet(b"PWS ID,Stage\nCA9010002,Planning\nCA9999999,design\n", "a.csv")
    >>> [(line.number, line.verdict.value) for line in preview_import(sheet, board, named).lines]
    [(2, 'changed'), (3, 'refused')]
    """
    standing = read_standing(board)
    rows = [judge_row(number, row, sheet, board, named, standing) for number, row in sheet.rows.items()]
    return Preview(tuple(_settle_twice(rows)), tuple(tell_understood(sheet)))


def confirm_import(preview: Preview, board: Board, who: str) -> list[Entry]:
    """Record the changes of a preview: all of them, or none.

    Raises
    ------
    StoreError
        There is nothing to record.
    ConflictError
        Somebody changed one of the records since the preview was made.
    """
    if not preview.drafts:
        raise StoreError(
            _("no row would change anything"), _("mend the rows that are named and read the file again")
        )
    return board.journal.append([replace(draft, who=who) for draft in preview.drafts])


def _settle_twice(rows: Sequence[Sequence[Line]]) -> list[Line]:
    """Let what a sheet tells twice be told once; where two rows tell different things, refuse both."""
    fought = _fought(rows)
    kept = [[_refuse(row[0], fought[row[0].number])] if row[0].number in fought else row for row in rows]
    first: dict[str, Line] = {}
    return [_once(line, first.setdefault(line.about or str(id(line)), line)) for row in kept for line in row]


def _fought(rows: Sequence[Sequence[Line]]) -> dict[int, int]:
    """Tell which rows say different things of the same record, each with the other's number."""
    first: dict[str, Line] = {}
    fought: dict[int, int] = {}
    for line in (line for row in rows for line in row if line.about):
        held = first.setdefault(line.about, line)
        if held.now != line.now:
            fought |= {line.number: held.number, held.number: fought.get(held.number, line.number)}
    return fought


def _once(line: Line, first: Line) -> Line:
    if line is first or line.draft is None:
        return line
    words = _("as in row {row}").format(row=first.number)
    return replace(line, verdict=Verdict.SAME, draft=None, remark=words)


def _refuse(line: Line, other: int) -> Line:
    words = _("row {row} tells something else of this system and service: keep one").format(row=other)
    return replace(line, verdict=Verdict.REFUSED, draft=None, remark=words, about="")
