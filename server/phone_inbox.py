"""What phones send, written together: many at once cost one look at the canvass and one transaction.

A phone is answered after its visit stands in the journal and not before; whoever got no answer, as where the
server was ended in between, sends again, and what stands already is passed over.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from starlette.concurrency import run_in_threadpool

from geo.errors import ConflictError, DatabaseError
from store.canvass.phones import Answer, Sent

MOST_AT_ONCE, MOST_WAITING = 400, 4_000
Write = Callable[[str, Sequence[Sent]], list[Answer]]
_Waiting = list[tuple[Sent, "asyncio.Future[Answer]"]]


class FullError(Exception):
    """More is waiting than is taken on."""


class Inbox:
    """Takes submissions of a region together, one batch after another.

    Parameters
    ----------
    write
        Records submissions of a region, all of them or by raising none, and answers each; called in a thread.
    """

    def __init__(self, write: Write) -> None:
        self._write = write
        self._waiting: dict[str, _Waiting] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def put(self, region: str, sent: Sequence[Sent]) -> list[Answer]:
        """Record submissions, and return what became of each.

        Raises
        ------
        FullError
            Too many are waiting.
        """
        waiting = self._waiting.setdefault(region, [])
        if len(waiting) + len(sent) > MOST_WAITING:
            raise FullError
        loop = asyncio.get_running_loop()
        futures = [loop.create_future() for _ in sent]
        waiting += zip(sent, futures, strict=True)
        if region not in self._tasks:
            self._tasks[region] = loop.create_task(self._empty(region, waiting), name=f"phones-{region}")
        return list(await asyncio.gather(*futures))

    async def _empty(self, region: str, waiting: _Waiting) -> None:
        try:
            while waiting:
                batch = waiting[:MOST_AT_ONCE]
                del waiting[: len(batch)]
                await self._take(region, batch)
        finally:
            del self._tasks[region]

    async def _take(self, region: str, batch: _Waiting) -> None:
        try:
            answers = await run_in_threadpool(self._write, region, [sent for sent, _future in batch])
        except Exception as error:
            if len(batch) > 1 and not isinstance(error, DatabaseError | ConflictError):
                # One of them is at fault, and keeps nobody else's from being written.
                for pair in batch:
                    await self._take(region, [pair])
                return
            for _sent, future in batch:
                if not future.done():
                    future.set_exception(error)
            return
        for (_sent, future), answer in zip(batch, answers, strict=True):
            # Whoever went away in the meantime asks for no answer; the visit stands.
            if not future.done():
                future.set_result(answer)
