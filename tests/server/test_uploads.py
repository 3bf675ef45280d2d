"""Files are taken in only where a page of this very session waits, and kept only where it claims them."""

from __future__ import annotations

import time
from types import SimpleNamespace

import psutil
import pytest

from server.uploads import MOST_A_SESSION, MOST_BYTES, MOST_IN_ALL, UNCLAIMED_S, Uploads
from tests.server.visitor import Visitor
from tests.serving import Server

MB = 1_000_000
slow = pytest.mark.slow


@slow
def test_a_page_without_an_uploader_takes_nothing_and_no_memory(server: Server) -> None:
    visitor = Visitor(server.address, "data")
    process = psutil.Process(server.process.pid)
    before = memory_at_rest(process)
    for size in (150 * MB, 15 * MB, 10):
        for chunked in (False, True):
            assert visitor.put(size, f"{size}-{chunked}.csv", chunked=chunked) in {0, 403}
    assert process.memory_info().rss - before < 30 * MB
    visitor.close()


def memory_at_rest(process: psutil.Process) -> int:
    """Memory of a server that has loaded all that it loads ahead, in bytes: it grows no more."""
    seen: list[int] = []
    for _look in range(120):
        seen.append(process.memory_info().rss)
        if len(seen) > 8 and max(seen[-8:]) - min(seen[-8:]) < MB:
            return seen[-1]
        time.sleep(0.25)
    pytest.fail("the server's memory did not come to rest within half a minute")


@slow
def test_a_page_that_waits_takes_what_it_can_read_and_no_more(server: Server) -> None:
    visitor = waiting_visitor(server)
    assert visitor.put(20 * MB, "largest.csv") == 204
    assert visitor.put(30 * MB, "larger.csv") in {0, 413}
    assert visitor.put(30 * MB, "chunked.csv", chunked=True) in {0, 400, 413, 500}
    assert [visitor.put(15 * MB, f"{turn}.csv") for turn in range(4)].count(204) == 1
    visitor.close()


@slow
def test_nobody_puts_a_file_into_the_session_of_somebody_else_without_its_name(server: Server) -> None:
    one, other = waiting_visitor(server), Visitor(server.address, "data")
    assert other.put(10, session="00000000-0000-0000-0000-000000000000") == 403
    assert one.put(10, "mine.csv") == 204
    other.close(), one.close()


@slow
def test_leaving_the_page_shuts_it_again(server: Server) -> None:
    visitor = waiting_visitor(server)
    assert visitor.put(10, "one.csv") == 204
    visitor.run("data")
    assert visitor.put(10, "two.csv") == 403
    visitor.close()


@slow
def test_files_that_no_uploader_holds_make_room_again(server: Server) -> None:
    """The visitor puts files and never says that the page holds them."""
    visitor = waiting_visitor(server)
    assert [visitor.put(20 * MB, f"{turn}.csv") for turn in range(3)] in ([204, 204, 503], [204, 204, 0])
    for _look in range(60):
        time.sleep(3)
        if visitor.put(20 * MB, "later.csv") == 204:
            break
    else:
        pytest.fail("no room was made within three minutes")
    visitor.close()


def waiting_visitor(server: Server) -> Visitor:
    """Somebody on a page that waits for a file: a sheet for the water board."""
    visitor = Visitor(server.address, "water")
    visitor.run("water", **{"who": "Ana"})
    visitor.run("water", **{"who": "Ana", "water.part": "Take in a sheet"})
    assert "file_uploader" in visitor.words()
    return visitor


def test_a_file_that_nobody_claims_for_a_minute_is_dropped_and_a_claimed_one_stays() -> None:
    uploads = Uploads()
    held = {"one": {"a": SimpleNamespace(), "b": SimpleNamespace()}}
    claimed = {"a"}

    def drop(now: float) -> list[tuple[str, str]]:
        return uploads.drop_unclaimed(held, lambda session: frozenset(claimed), now)

    assert drop(0.0) == []
    assert drop(UNCLAIMED_S - 1) == []
    assert drop(UNCLAIMED_S) == [("one", "b")]
    claimed.clear()
    assert ("one", "a") not in drop(UNCLAIMED_S + 1)
    claimed.add("a")
    assert drop(UNCLAIMED_S + 2) == [("one", "b")]
    claimed.clear()
    assert ("one", "a") not in drop(2 * UNCLAIMED_S + 2)


def test_no_session_and_not_all_together_have_more_than_so_much_on_its_way() -> None:
    uploads = Uploads()
    assert not uploads.reserve("one", MOST_BYTES, held=MOST_A_SESSION - MOST_BYTES + 1, held_in_all=0)
    assert not uploads.reserve("one", MOST_BYTES, held=0, held_in_all=MOST_IN_ALL - MOST_BYTES + 1)
    for turn in range(MOST_IN_ALL // MOST_BYTES):
        assert uploads.reserve(f"visitor {turn}", MOST_BYTES, 0, 0)
    assert not uploads.reserve("one more", MOST_BYTES, 0, 0)
    uploads.release("visitor 0", MOST_BYTES)
    assert uploads.reserve("one more", MOST_BYTES, 0, 0)
