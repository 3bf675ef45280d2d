"""The task force's own spreadsheet: what each row would do, and why not; written only when confirmed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import pandas as pd

from geo.errors import GeoError, StoreError, first_ids
from geo.language import LANGUAGES, current_language, use_language
from geo.language import gettext as _
from geo.language import mark as N_
from geo.pwsid import to_pwsid
from store.board import Board, Change
from store.journal import Entry
from store.status import SERVICE_TITLES, STAGE_TITLES, Service, Stage, Status, goes_back

# What a column may be called, in lower case; the first is what an export calls it.
ALIASES: Mapping[str, tuple[str, ...]] = {
    "pwsid": ("pwsid", "pws id", "pwsid number", "system id", "water system number", "id del sistema"),
    "service": ("service", "servicio"),
    "stage": ("stage", "status", "etapa", "estado"),
    "reached_on": ("reached_on", "reached on", "date", "fecha"),
    "lead": ("lead", "lead organisation", "lead organization", "organización", "responsable"),
    "evidence": ("evidence", "source", "fuente", "evidencia"),
    "link": ("link", "document", "enlace", "documento"),
    "note": ("note", "notes", "nota", "notas"),
    "why": ("why", "reason", "motivo", "razón"),
}
NEEDED = ("pwsid", "stage")
States = Mapping[tuple[str, str], Mapping[str, Any]]
AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


class Verdict(StrEnum):
    """What becomes of a row."""

    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


VERDICT_TITLES = {
    Verdict.CHANGED: N_("will be recorded"),
    Verdict.SAME: N_("is so already"),
    Verdict.REFUSED: N_("does not match"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the sheet: its number there, what it says, and what becomes of it."""

    number: int
    pwsid: str
    service: str
    was: str
    now: str
    verdict: Verdict
    fault: str = ""
    change: Change | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do; nothing is written yet."""

    rows: tuple[Row, ...]

    @property
    def changes(self) -> list[Change]:
        """The changes that would be recorded."""
        return [row.change for row in self.rows if row.change is not None]

    def count(self, verdict: Verdict) -> int:
        """Count the rows of a verdict."""
        return sum(row.verdict is verdict for row in self.rows)

    def to_table(self) -> pd.DataFrame:
        """List every row in words: its number, system, service, was, now, verdict and why."""
        columns = ["row", "pwsid", "service", "was", "now", "verdict", "why"]
        lines = [
            (row.number, row.pwsid, row.service, row.was, row.now, _(VERDICT_TITLES[row.verdict]), row.fault)
            for row in self.rows
        ]
        return pd.DataFrame(lines, columns=columns)


def preview_import(rows: pd.DataFrame, board: Board) -> Preview:
    """Tell what each row of a sheet would do.

    Parameters
    ----------
    rows
        As :func:`geo.sheets.read_rows` returns them. A row without a service means water; dates are
        YYYY-MM-DD or M/D/YYYY; stages are named in English or Spanish.

    Raises
    ------
    StoreError
        The sheet lacks a column that is needed; the message names those it has.

    Examples
    --------
    >>> from store.database import open_database
    >>> from store.journal import Journal
    >>> board = Board(Journal(open_database("sqlite://")), "sheet", ["CA9010002"])
    >>> rows = pd.DataFrame({"pwsid": ["CA9010002", "CA9999999"], "stage": ["Planning", "design"]}, index=[2,
    ...     3])
    >>> [(row.number, row.verdict.value) for row in preview_import(rows, board).rows]
    [(2, 'changed'), (3, 'refused')]
    """
    named = _name_columns(rows)
    states: States = board.statuses().to_dict(orient="index")  # type: ignore[assignment]
    twice = _twice(named)
    return Preview(tuple(_judge(int(number), row, board, states, twice) for number, row in _rows(named)))


def confirm_import(preview: Preview, board: Board, who: str, source: str) -> list[Entry]:
    """Record the changes of a preview: all of them, or none.

    Raises
    ------
    StoreError
        There is nothing to record.
    ConflictError
        Somebody changed a row's stage since the preview was made.
    """
    if not preview.changes:
        raise StoreError(
            _("no row would change anything"), _("mend the rows that are named and read the file again")
        )
    changes = [Change(item.status, item.seen, item.why, source) for item in preview.changes]
    return board.record(changes, who)


def _name_columns(rows: pd.DataFrame) -> pd.DataFrame:
    found = {
        name: next((alias for alias in aliases if alias in rows.columns), None)
        for name, aliases in ALIASES.items()
    }
    lacking = [name for name in NEEDED if found[name] is None]
    if lacking:
        raise StoreError(
            _("the file has no column {names}; it has {there}").format(
                names=", ".join(lacking), there=first_ids(rows.columns) or _("none")
            ),
            _("name the columns {known}; nothing was written").format(known=", ".join(ALIASES)),
        )
    return pd.DataFrame(
        {name: rows[alias] if alias else "" for name, alias in found.items()}, index=rows.index
    )


def _rows(named: pd.DataFrame) -> Iterator[tuple[int, dict[str, str]]]:
    records: list[dict[str, str]] = named.to_dict(orient="records")  # type: ignore[assignment]
    return zip(named.index, records, strict=True)


def _twice(named: pd.DataFrame) -> set[tuple[str, str]]:
    pwsids = named["pwsid"].str.upper().str.replace(r"[\s-]|^CA", "", regex=True)
    services = named["service"].map(lambda text: _service(text, quiet=True))
    names = pd.Series(list(zip(pwsids, services, strict=True)), index=named.index)
    return set(names[names.duplicated(keep=False)])


def _judge(
    number: int, row: dict[str, str], board: Board, states: States, twice: set[tuple[str, str]]
) -> Row:
    try:
        status = _to_status(row)
        if (status.pwsid[2:], str(status.service)) in twice:
            raise StoreError(_("the sheet has this system and service more than once"), _("keep one row"))
        board.check_known([status.pwsid])
        before = states[status.pwsid, str(status.service)]
        old = Stage(str(before["stage"]))
        if goes_back(old, status.stage) and not row["why"]:
            raise StoreError(_("the stage goes back without a reason"), _("give one in the column why"))
    except GeoError as error:
        return Row(number, row["pwsid"], row["service"], "", row["stage"], Verdict.REFUSED, str(error))
    service = _(SERVICE_TITLES[status.service])
    words = _(STAGE_TITLES[old]), _(STAGE_TITLES[status.stage])
    if _is_same(before, status):
        return Row(number, status.pwsid, service, *words, Verdict.SAME)
    change = Change(status, seen=int(before["number"]), why=row["why"])
    return Row(number, status.pwsid, service, *words, Verdict.CHANGED, change=change)


def _is_same(before: Mapping[str, Any], status: Status) -> bool:
    fields = ("lead", "evidence", "link", "note")
    same = all(("" if pd.isna(before[name]) else before[name]) == getattr(status, name) for name in fields)
    day = None if pd.isna(before["reached_on"]) else pd.Timestamp(before["reached_on"]).date()
    return bool(same and before["stage"] == str(status.stage) and day == status.reached_on)


def _to_status(row: dict[str, str]) -> Status:
    return Status.make(
        {
            "pwsid": to_pwsid(row["pwsid"].removesuffix(".0")),
            "service": _service(row["service"]),
            "stage": _stage(row["stage"]),
            "reached_on": _day(row["reached_on"]),
            **{name: row[name] for name in ("lead", "evidence", "link", "note")},
        }
    )


def _service(text: str, *, quiet: bool = False) -> str:
    if not text:
        return str(Service.WATER)
    found = _named(text, {str(service): title for service, title in SERVICE_TITLES.items()})
    if found is None and not quiet:
        raise StoreError(_("{text!r} is no service").format(text=text), _("write water or wastewater"))
    return found or text


def _stage(text: str) -> str:
    found = _named(text, {str(stage): title for stage, title in STAGE_TITLES.items()})
    if found is None:
        known = ", ".join(_(title) for title in STAGE_TITLES.values())
        raise StoreError(
            _("{text!r} is no stage").format(text=text), _("use one of {known}").format(known=known)
        )
    return found


def _named(text: str, titles: Mapping[str, str]) -> str | None:
    """Find what a text names: its key, or its title in any language."""
    wanted = " ".join(text.casefold().replace("_", " ").split())
    spoken = current_language()
    try:
        for language in LANGUAGES:
            use_language(language)
            for key, title in titles.items():
                if wanted in (key.replace("_", " "), _(title).casefold()):
                    return key
    finally:
        use_language(spoken)
    return None


def _day(text: str) -> date | None:
    if not text:
        return None
    american = AMERICAN.fullmatch(text)
    try:
        if american:
            month, day, year = (int(part) for part in american.groups())
            return date(year, month, day)
        return datetime.fromisoformat(text).date()
    except ValueError as error:
        raise StoreError(
            _("{text!r} is no date").format(text=text), _("write YYYY-MM-DD, as 2026-03-31")
        ) from error
