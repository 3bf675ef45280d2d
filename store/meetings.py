"""Meetings of the task force: the day of the last one is where a report's changes begin."""

from __future__ import annotations

from typing import ClassVar

from store.board.stages import Board
from store.journal import Entry
from store.records import Kept, Record
from store.status import PastDate


class Meeting(Record):
    """A meeting that was held; what is recorded after this entry belongs to the next one."""

    kind: ClassVar[str] = "meeting"
    held_on: PastDate
    note: str = ""

    @property
    def key(self) -> str:
        """Its day."""
        return self.held_on.isoformat()


def close_meeting(board: Board, meeting: Meeting, who: str) -> Entry:
    """Record that a meeting was held.

    Raises
    ------
    ConflictError
        A meeting of that day is recorded already.
    """
    return board.journal.append([meeting.draft(board.region, who)])[0]


def list_meetings(board: Board) -> list[Kept[Meeting]]:
    """List the meetings that were recorded, the last first."""
    return sorted(board.kept(Meeting), key=lambda kept: kept.at, reverse=True)
