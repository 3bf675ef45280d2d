"""What the store withstands, in figures: writers at once, killed ones, copies taken and put back meanwhile.

    python benchmarks/reliability.py [address of a database]

Without an address: SQLite in a temporary folder. Every figure is counted in the database afterwards.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

from geo.errors import ConflictError
from store.backup import restore_backup, write_backup
from store.database import open_database
from store.journal import Draft, Journal

ROOT = Path(__file__).resolve().parents[1]
WRITERS, CHANGES, KILLED, HISTORY = 10, 20, 20, 50_000
WRITER = """
import sys
from store.database import open_database
from store.journal import Draft, Journal
journal = Journal(open_database(sys.argv[1]))
for number in range(10_000):
    journal.append([Draft("killed", "note", f"{side}{sys.argv[2]}", {}, "Ana", seen=number) for side in "ab"])
    print(number + 1, flush=True)
"""


def draft(region: str, key: str, seen: int) -> Draft:
    return Draft(region, "note", key, {"text": "something that a person wrote"}, who="Ana", seen=seen)


def write_together(journal: Journal) -> None:
    def write(writer: int) -> int:
        late = 0
        for _change in range(CHANGES):
            while True:
                entry = journal.entry("together", "note", "one")
                try:
                    journal.append([draft("together", "one", entry.number if entry else 0)])
                    break
                except ConflictError:
                    late += 1
        return late

    began = time.perf_counter()
    with ThreadPoolExecutor(WRITERS) as pool:
        late = sum(pool.map(write, range(WRITERS)))
    numbers = [entry.number for entry in journal.history("together")]
    whole = numbers == list(range(1, WRITERS * CHANGES + 1))
    print(
        f"{WRITERS} writers of one record, {CHANGES} changes each: {len(numbers)} kept, {late} told that "
        f"they came too late, numbers whole: {whole}, {time.perf_counter() - began:.1f} s"
    )


def kill_writers(journal: Journal, url: str) -> None:
    told = lost = halves = 0
    for turn in range(KILLED):
        command = [sys.executable, "-c", WRITER, url, str(turn)]
        run = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert run.stdout is not None
        said = [run.stdout.readline() for _line in range(1 + 3 * turn)]
        run.kill()
        rest, _ = run.communicate()
        last = max(map(int, [*said, *rest.split()]))
        pair = [len(journal.history("killed", "note", f"{side}{turn}")) for side in "ab"]
        told, lost, halves = told + last, lost + max(0, last - pair[0]), halves + (pair[0] != pair[1])
    kept = f"{told} changes said to be kept: {lost} lost, {halves} halves"
    print(f"{KILLED} writers killed (SIGKILL) after {kept}")


def copy_meanwhile(journal: Journal, url: str, folder: Path) -> None:
    for start in range(0, HISTORY, 5_000):
        journal.append([draft("history", f"k{number}", 0) for number in range(start, start + 5_000)])
    done, took = Event(), []

    def write(writer: int) -> int:
        number = 0
        while not done.is_set():
            began = time.perf_counter()
            journal.append([draft("meanwhile", f"w{writer}", number)])
            took.append(time.perf_counter() - began)
            number += 1
        return number

    with ThreadPoolExecutor(WRITERS) as pool:
        writing = [pool.submit(write, writer) for writer in range(WRITERS)]
        began = time.perf_counter()
        account = write_backup(url, folder / "a.backup")
        seconds = time.perf_counter() - began
        done.set()
        written = sum(item.result() for item in writing)
    size = (folder / "a.backup").stat().st_size / 1e6
    print(
        f"backup of {account.rows['journal']:,} rows ({size:.0f} MB) in {seconds:.1f} s, the same when "
        f"read back; {written} changes by {WRITERS} writers meanwhile, the slowest {max(took):.2f} s"
    )
    began = time.perf_counter()
    done_ = restore_backup(url, folder / "a.backup", instead=True)
    count = sum(done_.account.rows.values())
    print(f"restored {count:,} rows in {time.perf_counter() - began:.1f} s, with a copy of what stood there")


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{folder / 'store.db'}"
        journal = Journal(open_database(url))
        print(journal.engine.dialect.name)
        write_together(journal)
        kill_writers(journal, url)
        copy_meanwhile(journal, url, folder)


if __name__ == "__main__":
    main()
