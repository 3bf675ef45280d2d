"""Meetings of the task force, and a year's figures from the same records as the board."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import ClassVar

import pandas as pd
from pydantic import Field

from geo.days import DateSpan, day_words
from geo.errors import StoreError
from geo.language import gettext as _
from store.journal import Entry
from store.records import Kept, Record, new_id
from store.water.board_table import secured_funding
from store.water.book import Board
from store.water.kinds import SERVED, Funding, PastDate, Pwsid, Service, Status


class Meeting(Record):
    """A meeting that was held; what is recorded after this entry belongs to the next one."""

    kind: ClassVar[str] = "meeting"
    held_on: PastDate
    note: str = ""
    attended: str = ""

    @property
    def key(self) -> str:
        """Its day."""
        return self.held_on.isoformat()


class Decision(Record):
    """What a meeting decided, or a next step: of which day's meeting, who leads it, by when, when done."""

    kind: ClassVar[str] = "decision"
    held_on: PastDate
    text: str = Field(min_length=1, max_length=2000)
    lead: str = ""
    due: date | None = None
    done_on: PastDate | None = None
    pwsid: Pwsid | None = None
    id: str = Field(default_factory=new_id)

    @property
    def key(self) -> str:
        """Its own identifier."""
        return self.id

    @property
    def is_step(self) -> bool:
        """Whether somebody has to do something by a day."""
        return self.due is not None or bool(self.lead)


def decisions_of(board: Board, after: date | None, until: date) -> list[Kept[Decision]]:
    """List what was decided after one meeting's day and up to another's, in the order of recording.

    Examples
    --------
    >>> from store.database import open_database
    >>> from store.journal import Journal
    >>> board = Board(Journal(open_database("sqlite://")), "decided", [])
    >>> decided = decide(board, Decision(held_on="2026-01-09", text="Apply for SAFER"), "Ana", seen=0)
    >>> [kept.record.text for kept in decisions_of(board, None, date(2026, 2, 1))]
    ['Apply for SAFER']
    """
    found = [kept for kept in board.kept(Decision) if kept.record.held_on <= until]
    return sorted(
        (kept for kept in found if after is None or kept.record.held_on > after), key=lambda kept: kept.at
    )


def decide(board: Board, decision: Decision, who: str, *, seen: int) -> Entry:
    """Record a decision or a next step, or how it stands from now on.

    Raises
    ------
    StoreError
        It names a system that the region does not have.
    ConflictError
        Somebody else changed it since.
    """
    if decision.pwsid:
        board.check_known([decision.pwsid])
    return board.journal.append([decision.draft(board.region, who, seen=seen)])[0]


def late_steps(board: Board, day: date) -> list[Kept[Decision]]:
    """List the next steps whose day is over and that nobody has marked as done, the longest over first."""
    open_ones = [kept for kept in board.kept(Decision) if kept.record.due and not kept.record.done_on]
    late = [kept for kept in open_ones if kept.record.due is not None and kept.record.due < day]
    return sorted(late, key=lambda kept: str(kept.record.due))


def close_meeting(board: Board, meeting: Meeting, who: str) -> Entry:
    """Record that a meeting was held.

    Raises
    ------
    StoreError
        The meeting of that day is closed already.
    """
    if any(kept.record.key == meeting.key for kept in board.kept(Meeting)):
        raise StoreError(
            _("the meeting of {day} is already closed").format(day=day_words(meeting.held_on)),
            _("see the report of that meeting, or choose another day; nothing was written"),
        )
    return board.journal.append([meeting.draft(board.region, who)])[0]


def list_meetings(board: Board) -> list[Kept[Meeting]]:
    """List the meetings that were recorded, the last first."""
    return sorted(board.kept(Meeting), key=lambda kept: kept.at, reverse=True)


COLUMNS = ("systems", "people", "connections", "people_unknown", "funding_usd")
# Comes after every year.
UNDATED = "undated"


def yearly_figures(
    statuses: Iterable[Kept[Status]], funding: Iterable[Kept[Funding]], sizes: pd.DataFrame, service: Service
) -> pd.DataFrame:
    """Count what was reached in each year for a service.

    A system counts in the year in which it was connected or found served already (``reached_on``); money that
    was awarded, received or spent counts in its own (``on``). What has no day stands under :data:`UNDATED`.

    Parameters
    ----------
    sizes
        Index pwsid; ``population`` and ``connections``, NA where unknown; others are left out.

    Returns
    -------
    pandas.DataFrame
        Index year as text, rising, :data:`UNDATED` last: ``systems``, ``people`` and ``connections`` (known
        ones), ``people_unknown``
        (systems),
        ``funding_usd``.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> status = Status(pwsid="CA9010002", service="water", stage="connected", reached_on="2021-05-01")
    >>> kept = Kept(status, 1, datetime(2024, 1, 1, tzinfo=UTC), "Ana", "", "")
    >>> sizes = pd.DataFrame({"population": [160.0], "connections": [40.0]}, index=["CA9010002"])
    >>> yearly_figures([kept], [], sizes, Service.WATER).to_dict("index")["2021"]["people"]
    160.0
    """
    served = [
        (_year(item.record.reached_on), item.record.pwsid)
        for item in statuses
        if item.record.service is service and item.record.stage in SERVED and item.record.pwsid in sizes.index
    ]
    money = [
        (_year(record.on), record.amount_usd)
        for record in secured_funding(funding)
        if record.service is service and record.pwsid in sizes.index
    ]
    ours = sizes.reindex([pwsid for __, pwsid in served])
    people = ours["population"].astype("Float64")
    by_year = pd.DataFrame(
        {
            "systems": 1,
            "people": people.fillna(0.0).to_numpy(float),
            "connections": ours["connections"].astype("Float64").fillna(0.0).to_numpy(float),
            "people_unknown": people.isna().to_numpy(int),
        },
        index=pd.Index([year for year, __ in served], name="year", dtype="string"),
    )
    years = pd.Index([year for year, __ in money], dtype="string")
    amounts = pd.Series([amount for __, amount in money], index=years, dtype=float)
    figures = by_year.groupby(level=0).sum()
    spent = amounts.groupby(level=0).sum().rename("funding_usd")
    joined = figures.join(spent, how="outer").fillna(0.0).sort_index()
    return joined.rename_axis("year").astype({"systems": int, "people_unknown": int})[list(COLUMNS)]


def _year(when: DateSpan | None) -> str:
    """Name the year in which something was done for sure."""
    return str(when.last.year) if when else UNDATED
