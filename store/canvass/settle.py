"""A person's own version, recorded upon the other one of a conflict."""

from __future__ import annotations

from store.canvass.book import CanvassBook
from store.canvass.kinds import Goal, Tally, Turf, Visit, Volunteer
from store.journal import Draft
from store.records import Record

KINDS: dict[str, type[Record]] = {kind.kind: kind for kind in (Turf, Volunteer, Visit, Tally, Goal)}
# What a person changes of a turf; its blocks and counts are those of the cut.
BY_HAND = ("status", "volunteer", "language", "out_on", "note")


def record_upon(book: CanvassBook, mine: Draft, who: str, *, seen: int, why: str) -> None:
    """Record the version that came too late, for somebody who has seen the other one.

    Parameters
    ----------
    mine
        The version that was refused.
    seen
        Number of the other one's entry.

    Raises
    ------
    ConflictError
        Somebody was faster again; nothing is written.

    Examples
    --------
    >>> from store.database import open_database
    >>> from store.journal import Journal
    >>> book = CanvassBook(Journal(open_database("sqlite://")), "settled")
    >>> goal = Goal(households=900, last_day="2026-05-01", source="grant")
    >>> book.save(goal, "Ben", seen=0)
    True
    >>> record_upon(book, goal.model_copy(update={"households": 800}).draft("", ""), "Ana", seen=1, why="")
    >>> book.kept(Goal)["goal"].record.households
    800
    """
    kind = KINDS[mine.kind]
    if mine.body is None:
        book.withdraw(mine.key, who, seen=seen, why=why, kind=kind)
    elif kind is Turf:
        turf = Turf.make(mine.body).model_dump(include=set(BY_HAND))
        book.change(mine.key, turf, who, seen=seen, why=why)
    else:
        book.save(kind.make(mine.body), who, seen=seen, why=why, source=mine.source)
