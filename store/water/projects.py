"""Projects of the task force: one grant for many systems, how far its money is, who leads, what comes next.

A project is a thing of its own, that any number of systems may have part in. Its money stands in steps
(applied, awarded, agreed, received, spent, closed): the same money, never added to each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from geo.language import mark as N_
from store.journal import Entry
from store.records import Kept, new_id
from store.water.book import Board
from store.water.kinds import (
    FUNDING_TITLES,
    SECURED,
    WAY,
    Amount,
    FundingStatus,
    OfBoard,
    PastSpan,
    Pwsid,
    Service,
    Stage,
)
from store.water.past import Past


class Bridge(StrEnum):
    """What people drink until they are connected."""

    UNKNOWN = "unknown"
    NONE = "none"
    FILTERS = "filters"
    HAULED = "hauled"
    BOTTLED = "bottled"


BRIDGE_TITLES: Mapping[Bridge, str] = {
    Bridge.UNKNOWN: N_("not recorded"),
    Bridge.NONE: N_("nothing"),
    Bridge.FILTERS: N_("filters at the tap"),
    Bridge.HAULED: N_("hauled water"),
    Bridge.BOTTLED: N_("bottled water"),
}
# Programs that pay for consolidation here; another may be written.
PROGRAMS = ("SAFER", "DWSRF", "Proposition 1", "USDA", "County")


class Project(OfBoard):
    """What grants are for: the systems, the service, who leads, and what bridges the time until then."""

    kind: ClassVar[str] = "project"
    id: str = Field(default_factory=new_id)
    title: str = Field(min_length=1)
    service: Service = Service.WATER
    pwsids: tuple[Pwsid, ...] = Field(min_length=1)
    lead: str = ""
    contacts: str = ""
    bridge: Bridge = Bridge.UNKNOWN
    bridge_since: PastSpan | None = None
    note: str = ""

    @property
    def key(self) -> str:
        """Its own identifier."""
        return self.id


class Step(BaseModel):
    """How much of a grant had come how far, and when."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    status: FundingStatus
    amount_usd: Amount
    on: PastSpan | None = None


class Grant(OfBoard):
    """Money for a project: from whom, by which program, and its steps, each told once."""

    kind: ClassVar[str] = "grant"
    project: str = Field(min_length=1)
    id: str = Field(default_factory=new_id)
    funder: str = Field(min_length=1)
    program: str = ""
    steps: tuple[Step, ...] = Field(min_length=1)
    note: str = ""

    @property
    def key(self) -> str:
        """Project and its own identifier."""
        return f"{self.project}/{self.id}"

    @property
    def furthest(self) -> Step:
        """The step that came furthest; where it was declined, that."""
        return max(self.steps, key=lambda step: tuple(FundingStatus).index(step.status))

    def with_step(self, step: Step) -> Grant:
        """Return it with a step; what was told of the same step before gives way."""
        others = tuple(item for item in self.steps if item.status is not step.status)
        return self.model_copy(update={"steps": (*others, step)})


class What(StrEnum):
    """What is written down of a project beside its money."""

    MILESTONE = "milestone"
    LEGAL = "legal"
    CALL = "call"
    DOCUMENT = "document"


WHAT_TITLES: Mapping[What, str] = {
    What.MILESTONE: N_("milestone"),
    What.LEGAL: N_("legal step"),
    What.CALL: N_("call"),
    What.DOCUMENT: N_("document"),
}
LEGAL_STEPS = (
    N_("LAFCO application"),
    N_("annexation"),
    N_("consents of owners"),
    N_("easements"),
    N_("permits"),
)


class Note(OfBoard):
    """A milestone, a legal step, a call or a document of a project: planned, reached, or both."""

    kind: ClassVar[str] = "project_note"
    project: str = Field(min_length=1)
    id: str = Field(default_factory=new_id)
    what: What
    title: str = Field(min_length=1)
    planned_for: date | None = None
    reached_on: PastSpan | None = None
    link: str = ""

    @property
    def key(self) -> str:
        """Project and its own identifier."""
        return f"{self.project}/{self.id}"

    def is_overdue(self, day: date) -> bool:
        """Whether it was planned for before a day and is not reached."""
        return self.reached_on is None and self.planned_for is not None and self.planned_for < day


@dataclass(frozen=True, slots=True)
class Standing:
    """A project with its money and what is written down of it, by day planned or reached."""

    project: Kept[Project]
    grants: tuple[Kept[Grant], ...]
    notes: tuple[Kept[Note], ...]

    @property
    def record(self) -> Project:
        """The project itself."""
        return self.project.record

    def money(self) -> dict[FundingStatus, float]:
        """Add up each step over the grants; steps are never added to each other.

        Examples
        --------
        >>> from store.database import open_database
        >>> from store.journal import Journal
        >>> board = Board(Journal(open_database("sqlite://")), "projects", ["CA9010002"])
        >>> project = Project(title="Avenue", pwsids=("CA9010002",), id="a")
        >>> steps = [{"status": "applied", "amount_usd": 9.0}, {"status": "awarded", "amount_usd": 5.0}]
        >>> grant = Grant.make({"project": "a", "funder": "State", "steps": steps})
        >>> entries = add_to_board(board, [project, grant], "Ana")
        >>> (standing,) = list_projects(board)
        >>> {str(step): usd for step, usd in standing.money().items()}, standing.secured()
        ({'applied': 9.0, 'awarded': 5.0}, 5.0)
        """
        found: dict[FundingStatus, float] = {}
        for kept in self.grants:
            for step in kept.record.steps:
                found[step.status] = found.get(step.status, 0.0) + step.amount_usd
        return {status: found[status] for status in FundingStatus if status in found}

    def secured(self) -> float | None:
        """Return what is awarded or further, each grant once; None where nothing is.

        Of what was closed out or spent the award still is what was secured.
        """
        told = [_award_of(kept.record) for kept in self.grants]
        amounts = [usd for usd in told if usd is not None]
        return sum(amounts) if amounts else None

    def next_due(self) -> Note | None:
        """Return what is open and due first."""
        ahead = [kept.record for kept in self.notes if kept.record.planned_for and not kept.record.reached_on]
        return min(ahead, key=lambda note: note.planned_for or date.max, default=None)

    def overdue(self, day: date) -> list[Note]:
        """List what is overdue on a day."""
        return [kept.record for kept in self.notes if kept.record.is_overdue(day)]


def _award_of(grant: Grant) -> float | None:
    """Return how much of a grant is secured: as agreed, else as awarded, else the most that was received."""
    if grant.furthest.status is FundingStatus.DECLINED:
        return None
    by_status = {step.status: step.amount_usd for step in grant.steps if step.status in SECURED}
    for status in (FundingStatus.AGREED, FundingStatus.AWARDED):
        if status in by_status:
            return by_status[status]
    return max(by_status.values(), default=None)


def add_to_board(board: Board, records: Sequence[OfBoard], who: str, *, source: str = "") -> list[Entry]:
    """Record what is new of projects: all of it, or nothing.

    Raises
    ------
    StoreError
        A project names a system that the region has not.
    """
    board.check_known(pwsid for record in records if isinstance(record, Project) for pwsid in record.pwsids)
    return board.journal.append([record.draft(board.region, who, source=source) for record in records])


def list_projects(board: Board, *, as_of: Past | None = None) -> list[Standing]:
    """List the projects as they stand, or stood at a moment, by title."""
    grants: dict[str, list[Kept[Grant]]] = {}
    notes: dict[str, list[Kept[Note]]] = {}
    for grant in board.kept(Grant, as_of=as_of):
        grants.setdefault(grant.record.project, []).append(grant)
    for note in board.kept(Note, as_of=as_of):
        notes.setdefault(note.record.project, []).append(note)
    found = [
        Standing(
            kept,
            tuple(sorted(grants.get(kept.record.id, ()), key=lambda item: item.at)),
            tuple(sorted(notes.get(kept.record.id, ()), key=lambda item: _day_of(item.record))),
        )
        for kept in board.kept(Project, as_of=as_of)
    ]
    return sorted(found, key=lambda item: item.record.title.casefold())


def _day_of(note: Note) -> tuple[date, str]:
    reached = note.reached_on.first if note.reached_on else None
    return note.planned_for or reached or date.max, note.title


def suggest_stage(standing: Standing, stages: Mapping[str, Stage]) -> tuple[Stage, tuple[str, ...]] | None:
    """Suggest a stage that a project's money speaks for, and the systems that are not that far.

    It is asked and never set by itself: money may be secured for another part of the work.

    Parameters
    ----------
    stages
        The stage of each system for the project's service; those off the way are left alone.
    """
    if standing.secured() is None:
        return None
    behind = tuple(
        pwsid
        for pwsid in standing.record.pwsids
        if stages.get(pwsid, Stage.NOT_RECORDED) in WAY
        and WAY.index(stages.get(pwsid, Stage.NOT_RECORDED)) < WAY.index(Stage.FUNDED)
    )
    return (Stage.FUNDED, behind) if behind else None


MONEY = tuple(status for status in FundingStatus if status is not FundingStatus.DECLINED)


def project_table(standings: Iterable[Standing], day: date) -> pd.DataFrame:
    """Put a project on a row, with each step of its money in a column of its own.

    Returns
    -------
    pandas.DataFrame
        ``project``, ``systems`` (how many), ``lead``, ``funders``, ``<step>_usd`` for each step (NA where
        nothing is on record), ``secured_usd``, ``next_due`` (a day), ``next_step``, ``overdue`` (how many).

    Examples
    --------
    >>> list(project_table([], date(2026, 1, 1)))[:4]
    ['project', 'systems', 'lead', 'funders']
    """
    rows = [_row(standing, day) for standing in standings]
    money = [f"{status}_usd" for status in MONEY]
    kinds = {
        "project": "string", "systems": "Int64", "lead": "string", "funders": "string",
        **dict.fromkeys([*money, "secured_usd"], "Float64"),
        "next_due": "object", "next_step": "string", "overdue": "Int64",
    }  # fmt: skip
    return pd.DataFrame(rows, columns=list(kinds)).astype(kinds)


def _row(standing: Standing, day: date) -> dict[str, object]:
    money, due = standing.money(), standing.next_due()
    funders = [
        " ".join(
            part
            for part in (kept.record.funder, f"({kept.record.program})" * bool(kept.record.program))
            if part
        )
        for kept in standing.grants
    ]
    return {
        "project": standing.record.title,
        "systems": len(standing.record.pwsids),
        "lead": standing.record.lead,
        "funders": "; ".join(dict.fromkeys(funders)),
        **{f"{status}_usd": money.get(status) for status in MONEY},
        "secured_usd": standing.secured(),
        "next_due": due.planned_for if due else None,
        "next_step": due.title if due else "",
        "overdue": len(standing.overdue(day)),
    }


HEADINGS: Mapping[str, str] = {
    "project": N_("Project"),
    "systems": N_("Systems"),
    "lead": N_("Lead organization"),
    "funders": N_("Funder and program"),
    **{f"{status}_usd": FUNDING_TITLES[status] for status in MONEY},
    "secured_usd": N_("secured, each grant once"),
    "next_due": N_("Next due"),
    "next_step": N_("Next step"),
    "overdue": N_("Overdue"),
}


def timeline(standings: Iterable[Standing], day: date) -> pd.DataFrame:
    """List what was reached and what is to come of projects, by day: steps of money, milestones, legal steps.

    Returns
    -------
    pandas.DataFrame
        ``on`` (a day; of a month or a year the last), ``project``, ``what`` (marked for translation),
        ``said``, ``amount_usd`` (NA but for money), ``state``: ``done``, ``open`` or ``overdue``.
    """
    rows: list[tuple[object, ...]] = []
    for standing in standings:
        title = standing.record.title
        for grant in standing.grants:
            rows += [
                (
                    step.on.last,
                    title,
                    FUNDING_TITLES[step.status],
                    grant.record.funder,
                    step.amount_usd,
                    "done",
                )
                for step in grant.record.steps
                if step.on
            ]
        for kept in standing.notes:
            note = kept.record
            on = note.reached_on.last if note.reached_on else note.planned_for
            state = "done" if note.reached_on else "overdue" if note.is_overdue(day) else "open"
            if on is not None:
                rows.append((on, title, WHAT_TITLES[note.what], note.title, None, state))
    found = pd.DataFrame(rows, columns=["on", "project", "what", "said", "amount_usd", "state"])
    return found.astype({"amount_usd": "Float64"}).sort_values(["on", "project"], kind="stable")


def amend(board: Board, record: OfBoard, seen: int, who: str, *, why: str = "") -> Entry:
    """Record how a project, a grant or a note stands from now on.

    Raises
    ------
    ConflictError
        Somebody else changed it since.
    StoreError
        A project names a system that the region has not.
    """
    if isinstance(record, Project):
        board.check_known(record.pwsids)
    return board.journal.append([record.draft(board.region, who, seen=seen, why=why)])[0]
