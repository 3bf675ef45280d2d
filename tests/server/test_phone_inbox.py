"""What phones send is written together, and one that is at fault keeps nobody else's out."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from geo.canvass.returns import to_submission
from geo.errors import DatabaseError
from server.phone_inbox import MOST_WAITING, FullError, Inbox
from store.canvass.phones import Answer, Outcome, Sent


def sent(name: str) -> Sent:
    fields = {"id": name, "turf": "TA0012D", "unit": "u", "disposition": "spoke"}
    return Sent(to_submission(fields), "Heron", "test")


async def put_all(inbox: Inbox, names: Sequence[str]) -> list[object]:
    return await asyncio.gather(*(inbox.put("demo", [sent(name)]) for name in names), return_exceptions=True)


def test_many_at_once_are_few_batches() -> None:
    batches: list[int] = []

    def write(_region: str, items: Sequence[Sent]) -> list[Answer]:
        batches.append(len(items))
        return [Answer(Outcome.NEW, item.submission.id) for item in items]

    names = [str(number) for number in range(300)]
    found = asyncio.run(put_all(Inbox(write), names))
    assert [answers[0].words for answers in found] == names  # type: ignore[index]
    assert sum(batches) == 300
    assert len(batches) <= 3


def test_one_at_fault_keeps_nobody_else_out() -> None:
    def write(_region: str, items: Sequence[Sent]) -> list[Answer]:
        if any(item.submission.id == "bad" for item in items):
            raise ValueError("bad")
        return [Answer(Outcome.NEW) for _ in items]

    one, bad, two = asyncio.run(put_all(Inbox(write), ["one", "bad", "two"]))
    assert isinstance(bad, ValueError)
    assert one == two == [Answer(Outcome.NEW)]


def test_a_database_that_is_away_is_asked_once() -> None:
    calls: list[int] = []

    def write(_region: str, items: Sequence[Sent]) -> list[Answer]:
        calls.append(len(items))
        raise DatabaseError("away")

    found = asyncio.run(put_all(Inbox(write), [str(number) for number in range(50)]))
    assert all(isinstance(item, DatabaseError) for item in found)
    assert len(calls) <= 2


def test_more_than_is_taken_on_is_refused() -> None:
    inbox = Inbox(lambda _region, items: [Answer(Outcome.NEW) for _ in items])
    with pytest.raises(FullError):
        asyncio.run(inbox.put("demo", [sent("a")] * (MOST_WAITING + 1)))


def test_what_no_database_takes_is_left_out() -> None:
    fields = {"id": "a", "turf": "TA0012D", "unit": "u", "disposition": "spoke", "door": "1\x00\ud800"}
    assert to_submission(fields).door == "1"
