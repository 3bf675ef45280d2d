"""The board with 40,000 lines of history and 500 systems, beside one with 80 systems and a few lines.

    python benchmarks/board.py [lines] [systems]

Each is what a person waits for at a meeting: the board now, the board on an earlier day, one change written,
the history of a system, all changes told. Medians of five rounds, in milliseconds of the processor, on SQLite
in a temporary folder.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, insert

from store.database import open_database
from store.journal import Journal, journal_table
from store.water.book import Board, Change
from store.water.history import tell_changes
from store.water.kinds import Stage, Status
from store.water.past import Past

ROUNDS = 5
SMALL = (400, 80)
BEGIN = datetime(2020, 1, 1, tzinfo=UTC)


def fill(engine: Engine, lines: int, systems: int, pwsids: list[str] | None = None) -> list[str]:
    """Write the same number of changes for each system."""
    pwsids = pwsids or [f"CA90{number:05d}" for number in range(systems)]
    way = [str(stage) for stage in Stage][1:8]
    rows = [
        {
            "region": "demo",
            "kind": "status",
            "key": f"{pwsid}/water",
            "number": number + 1,
            "at": BEGIN + timedelta(days=number),
            "who": "Ana",
            "why": "",
            "source": "",
            "body": {"pwsid": pwsid, "service": "water", "stage": way[min(number, 6)]},
        }
        for pwsid in pwsids
        for number in range(lines // systems)
    ]
    with engine.begin() as connection:
        connection.execute(insert(journal_table), rows)
    return pwsids


def median_ms(run: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        run()
        times.append(1000 * (time.process_time() - start))
    return statistics.median(times)


def measure(folder: Path, lines: int, systems: int) -> dict[str, float]:
    engine = open_database(f"sqlite:///{folder / f'{lines}.db'}")
    pwsids = fill(engine, lines, systems)
    board = Board(Journal(engine), "demo", pwsids)
    seen = [lines // systems]
    moment = BEGIN + timedelta(days=3)
    recorded, true = (Past(moment.date(), moment, "UTC", recorded=way) for way in (True, False))

    def fresh() -> Board:
        """Open the board as a page does: it has laid out no earlier day yet."""
        return Board(Journal(engine), "demo", pwsids)

    def change() -> None:
        status = Status(pwsid=pwsids[0], service="water", stage="connected", note=str(seen[0]))
        board.record([Change(status, seen[0], why="timed")], who="Ana")
        seen[0] += 1

    return {
        "the board now": median_ms(board.statuses),
        "the board as recorded by an earlier day": median_ms(lambda: board.statuses(as_of=recorded)),
        "the board as it was on an earlier day": median_ms(lambda: fresh().statuses(as_of=true)),
        "one change written": median_ms(change),
        "history of a system": median_ms(lambda: tell_changes(board, pwsid=pwsids[1])),
        "the 500 latest changes": median_ms(lambda: tell_changes(board, limit=500)),
        "all changes, for a file": median_ms(lambda: tell_changes(board)),
    }


def main(lines: int, systems: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        small = measure(Path(folder), *SMALL)
        large = measure(Path(folder), lines, systems)
    print(
        f"| what | {SMALL[1]} systems, {SMALL[0]:,} lines, ms | {systems} systems, {lines:,} lines, ms | "
        f"ratio |"
    )
    print("|---|---|---|---|")
    for what, time_ms in large.items():
        print(f"| {what} | {small[what]:.0f} | {time_ms:.0f} | {time_ms / small[what]:.1f} |")


if __name__ == "__main__":
    main(*([int(item) for item in sys.argv[1:3]] or (40_000, 500)))
