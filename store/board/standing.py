"""How the board stands before a sheet is taken in: what a row is compared with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from store.board.stages import Board
from store.records import Kept, Record
from store.status import Affordability, Comment, Funding, Milestone, Status

Place = tuple[str, str]
R = TypeVar("R", bound=Record)


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
    statuses = {_place(kept.record): kept for kept in board.kept(Status)}
    return Standing(
        statuses, _by_place(board, Funding), _by_place(board, Milestone), _by_place(board, Comment),
        _by_place(board, Affordability),
    )  # fmt: skip


def _by_place(board: Board, kind: type[R]) -> dict[Place, list[Kept[R]]]:
    found: dict[Place, list[Kept[R]]] = {}
    for kept in board.kept(kind):
        found.setdefault(_place(kept.record), []).append(kept)
    return found


def _place(record: Record) -> Place:
    pwsid, service = record.key.split("/")[:2]
    return pwsid, service
