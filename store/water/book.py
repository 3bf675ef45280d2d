"""The status board: every system's stage for each service, changed safely, shown as of any day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

import pandas as pd

from geo.errors import StoreError, first_ids
from geo.language import gettext as _
from geo.language import ngettext
from store.journal import Draft, Entry, Journal
from store.records import Kept, Record, to_kept
from store.water.kinds import (
    SERVED,
    Affordability,
    Comment,
    Funding,
    Milestone,
    Service,
    Stage,
    Status,
    goes_back,
)
from store.water.past import Past, known_by, read_past

COLUMNS = {
    "pwsid": "string",
    "service": "string",
    "stage": "string",
    "reached_on": "string",
    "lead": "string",
    "evidence": "string",
    "link": "string",
    "note": "string",
    "who": "string",
    "at": "datetime64[us, UTC]",
    "number": "Int64",
}
R = TypeVar("R", bound=Record)
PastMemory = dict[object, list[Kept[Any]]]
MOST_PAST = 32


@dataclass(frozen=True, slots=True)
class Change:
    """A status that somebody wants to record, with the number of the entry they saw and why."""

    status: Status
    seen: int
    why: str = ""
    source: str = ""


class Board:
    """The board of one region.

    Parameters
    ----------
    journal
        Where changes are kept.
    region
        The region's key.
    systems
        PWSIDs that the region has; others are refused.
    past
        Where earlier days that were laid out are kept; boards of one store and region may share it.

    Examples
    --------
    >>> from store.database import open_database
    >>> board = Board(Journal(open_database("sqlite://")), "demo", ["CA9010002"])
    >>> status = Status(pwsid="CA9010002", service="water", stage="planning")
    >>> board.record([Change(status, seen=0)], who="Ana")[0].number
    1
    >>> board.statuses().loc[("CA9010002", "water"), "stage"]
    'planning'
    """

    def __init__(
        self, journal: Journal, region: str, systems: Iterable[str], past: PastMemory | None = None
    ) -> None:
        self.journal = journal
        self.region = region
        self.systems = frozenset(systems)
        # What was true on a day is laid out from the whole history: once, as long as nobody writes.
        self._past: PastMemory = {} if past is None else past

    def record(self, changes: Sequence[Change], who: str) -> list[Entry]:
        """Record changes of stage: all of them, or none.

        Raises
        ------
        StoreError
            A system is unknown, or a stage goes back without a reason.
        ConflictError
            Somebody else changed some of them since.
        """
        self.check_known(change.status.pwsid for change in changes)
        self._check_reasons(changes)
        drafts = [
            change.status.draft(self.region, who, seen=change.seen, why=change.why, source=change.source)
            for change in changes
        ]
        return self.journal.append(drafts)

    def add(self, records: Sequence[Record], who: str, *, why: str = "", source: str = "") -> list[Entry]:
        """Record milestones, funding, comments or affordability that are new."""
        self.check_known(str(getattr(record, "pwsid", "")) for record in records)
        drafts = [record.draft(self.region, who, why=why, source=source) for record in records]
        return self.journal.append(drafts)

    def amend(self, record: Record, seen: int, who: str, *, why: str = "", source: str = "") -> Entry:
        """Record how a milestone, funding, comment or affordability stands from now on.

        Raises
        ------
        ConflictError
            Somebody else changed or withdrew it since.
        """
        self.check_known([str(getattr(record, "pwsid", ""))])
        return self.journal.append([record.draft(self.region, who, seen=seen, why=why, source=source)])[0]

    def withdraw(self, record: Record, seen: int, who: str, why: str) -> Entry:
        """Take a record back that should not be there: its history stays.

        Raises
        ------
        StoreError
            No reason is given.
        ConflictError
            Somebody else changed or withdrew it since.
        """
        if not why.strip():
            raise StoreError(
                _("no reason is given for removing it"), _("please say why; nothing is saved yet")
            )
        draft = record.draft(self.region, who, seen=seen, why=why)
        return self.journal.append([replace(draft, body=None)])[0]

    def undo(self, entries: Sequence[Entry], who: str) -> list[Entry]:
        """Take changes back, all of them or none: the records stand as before, and their history stays.

        Raises
        ------
        ConflictError
            Somebody else changed some of the records since.
        """
        return self.journal.append([self._restoring(entry, who) for entry in entries])

    def _restoring(self, entry: Entry, who: str) -> Draft:
        stood = entry.number - 1
        history = self.journal.history(self.region, entry.kind, entry.key)
        before = next((item.body for item in history if item.number == stood), None)
        body = None if before is None else {**before, "restores": stood}
        return Draft(self.region, entry.kind, entry.key, body, who, entry.number, _("undone"), entry.source)

    def kept(self, kind: type[R], *, as_of: Past | None = None) -> list[Kept[R]]:
        """Return the records of a kind as they stand, or stood on an earlier day."""
        if as_of is not None:
            key = (kind, as_of, self.journal.mark(self.region))
            found = self._past.get(key)
            if found is None:
                if len(self._past) >= MOST_PAST:
                    self._past.clear()
                found = self._past[key] = read_past(self.journal, self.region, kind, as_of)
            return list(found)
        return [to_kept(kind, entry) for entry in self.journal.latest(self.region, kind.kind)]

    def statuses(self, *, as_of: Past | None = None) -> pd.DataFrame:
        """Return every system's stage for each service.

        Returns
        -------
        pandas.DataFrame
            Index (pwsid, service), sorted; a pair that nobody recorded is ``not_recorded``, number 0,
            the other columns NA. ``reached_on`` is a day, a month or a year as ISO 8601 writes them.
        """
        rows = [_to_row(kept) for kept in self.kept(Status, as_of=as_of)]
        recorded = pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)
        every = pd.MultiIndex.from_product(
            [sorted(self.systems), [str(service) for service in Service]], names=["pwsid", "service"]
        )
        frame = recorded.set_index(["pwsid", "service"]).reindex(every)
        frame["stage"] = frame["stage"].fillna(str(Stage.NOT_RECORDED))
        frame["number"] = frame["number"].fillna(0)
        return frame

    def check_known(self, pwsids: Iterable[str]) -> None:
        """Raise unless the region has these systems.

        Raises
        ------
        StoreError
            Names those that it has not.
        """
        unknown = sorted({pwsid for pwsid in pwsids if pwsid not in self.systems})
        if unknown:
            raise StoreError(
                ngettext(
                    "{count} system is not in this region ({names})",
                    "{count} systems are not in this region ({names})",
                    len(unknown),
                ).format(count=len(unknown), names=first_ids(unknown)),
                _("look the PWSID up in the table of systems; nothing was written"),
            )

    def _check_reasons(self, changes: Sequence[Change]) -> None:
        now = self.statuses()
        # A change on an older entry is told as a conflict, with both versions, not as a step back.
        back = [
            change.status.key
            for change in changes
            if not change.why.strip() and change.seen == now["number"][_place(change)]
            if goes_back(Stage(now["stage"][_place(change)]), change.status.stage)
        ]
        if back:
            raise StoreError(
                ngettext(
                    "{count} stage goes back without a reason ({names})",
                    "{count} stages go back without a reason ({names})",
                    len(back),
                ).format(count=len(back), names=first_ids(back)),
                _("please say why; nothing is saved yet"),
            )


def funnel(statuses: pd.DataFrame, service: Service) -> pd.Series[int]:
    """Count the systems in each stage, in the order of the way; stages without systems count 0.

    Examples
    --------
    >>> from store.database import open_database
    >>> board = Board(Journal(open_database("sqlite://")), "empty", ["CA9010002"])
    >>> int(funnel(board.statuses(), Service.WATER)["not_recorded"])
    1
    """
    stages = statuses.xs(str(service), level="service")["stage"]
    return stages.value_counts().reindex([str(stage) for stage in Stage], fill_value=0)


def served_over_time(statuses: Iterable[Kept[Status]], sizes: pd.DataFrame, service: Service) -> pd.DataFrame:
    """Add up who is served, by the day on which systems were connected.

    Parameters
    ----------
    statuses
        As they stand; each counts from ``reached_on`` (of a month or a year, its last day) or, where that is
        missing, from the day it was recorded.
    sizes
        Index pwsid; columns ``population`` and ``connections``, NA where unknown.
    service
        Water or wastewater.

    Returns
    -------
    pandas.DataFrame
        Index day; cumulative ``systems``, ``population``, ``connections`` (known ones only), and
        ``population_unknown``, the number of served systems whose population is not known.
    """
    served = [kept for kept in statuses if kept.record.service is service and kept.record.stage in SERVED]
    days = [pd.Timestamp(known_by(kept, "UTC")) for kept in served]
    frame = sizes.reindex([kept.record.pwsid for kept in served])[["population", "connections"]]
    frame = frame.assign(systems=1, population_unknown=frame["population"].isna().astype(int))
    frame.index = pd.DatetimeIndex(days, name="day")
    return frame.fillna(0).groupby(level="day").sum().cumsum()


def served_curve(
    served: pd.DataFrame, goal_people: float, goal_connections: float, until: date
) -> pd.DataFrame:
    """Draw out who is served from nothing to a day, beside the target.

    Parameters
    ----------
    served
        As :func:`served_over_time` returns it; what lies after ``until`` is left out.

    Returns
    -------
    pandas.DataFrame
        Index day, from the day before the first to ``until``; ``population``, ``connections`` and their
        targets ``population_goal``, ``connections_goal``.

    Examples
    --------
    >>> day = pd.DatetimeIndex(["2021-06-30"], name="day")
    >>> served = pd.DataFrame({"population": [314.0], "connections": [160.0]}, index=day)
    >>> served_curve(served, 6090.0, 2114.0, date(2026, 1, 1))["population"].tolist()
    [0.0, 314.0, 314.0]
    """
    known = served.loc[served.index <= pd.Timestamp(until), ["population", "connections"]].astype(float)
    if known.empty:
        return known.assign(population_goal=goal_people, connections_goal=goal_connections)
    before = pd.DataFrame(0.0, index=[known.index[0] - pd.Timedelta(days=1)], columns=known.columns)
    drawn = pd.concat([before, known])
    if drawn.index[-1] < pd.Timestamp(until):
        drawn.loc[pd.Timestamp(until)] = drawn.iloc[-1]
    return drawn.rename_axis("day").assign(population_goal=goal_people, connections_goal=goal_connections)


def _place(change: Change) -> tuple[str, str]:
    return change.status.pwsid, str(change.status.service)


def _to_row(kept: Kept[Status]) -> dict[str, object]:
    status = kept.record
    return {
        "pwsid": status.pwsid,
        "service": str(status.service),
        "stage": str(status.stage),
        "reached_on": str(status.reached_on) if status.reached_on else None,
        "lead": status.lead or None,
        "evidence": status.evidence or None,
        "link": status.link or None,
        "note": status.note or None,
        "who": kept.who,
        "at": kept.at,
        "number": kept.number,
    }


Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Standing:
    """What is recorded, by system and service."""

    statuses: Mapping[Place, Kept[Status]]
    funding: Mapping[Place, Sequence[Kept[Funding]]]
    milestones: Mapping[Place, Sequence[Kept[Milestone]]]
    comments: Mapping[Place, Sequence[Kept[Comment]]]
    affordability: Mapping[Place, Sequence[Kept[Affordability]]]


def read_standing(board: Board) -> Standing:
    """Read what is recorded at this moment.

    Examples
    --------
    >>> from store.database import open_database
    >>> from store.journal import Journal
    >>> read_standing(Board(Journal(open_database("sqlite://")), "standing", ["CA9010002"])).statuses
    {}
    """
    statuses = {_place_of_record(kept.record): kept for kept in board.kept(Status)}
    return Standing(
        statuses, _by_place(board, Funding), _by_place(board, Milestone), _by_place(board, Comment),
        _by_place(board, Affordability),
    )  # fmt: skip


def _by_place(board: Board, kind: type[R]) -> dict[Place, list[Kept[R]]]:
    found: dict[Place, list[Kept[R]]] = {}
    for kept in board.kept(kind):
        found.setdefault(_place_of_record(kept.record), []).append(kept)
    return found


def _place_of_record(record: Record) -> Place:
    pwsid, service = record.key.split("/")[:2]
    return pwsid, service
