"""A process that is killed while it writes leaves whole changes: all that it said was kept, and no half."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine

from store.journal import Journal

ROOT = Path(__file__).resolve().parents[3]
WRITER = """
import sys
from store.database import open_database
from store.journal import Draft, Journal
journal, name = Journal(open_database(sys.argv[1])), sys.argv[2]
number = 0
while True:
    pair = [Draft("demo", "note", f"{side}{name}", {"n": number}, "Ana", seen=number) for side in "ab"]
    journal.append(pair)
    number += 1
    print(number, flush=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize("said", [1, 7, 40])
def test_a_killed_writer_leaves_whole_changes(engine: Engine, said: int) -> None:
    url = engine.url.render_as_string(hide_password=False)
    for turn in range(3):
        run = subprocess.Popen(
            [sys.executable, "-c", WRITER, url, str(turn)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert run.stdout is not None
        for _number in range(said):
            told = int(run.stdout.readline())
        run.kill()
        rest, _ = run.communicate()
        told = max([told, *map(int, rest.split())])
        journal = Journal(engine)
        pair = [journal.history("demo", "note", f"{side}{turn}") for side in "ab"]
        assert [entry.number for entry in pair[0]] == list(range(1, len(pair[0]) + 1))
        assert len(pair[0]) == len(pair[1])
        assert len(pair[0]) >= told
    if engine.dialect.name == "sqlite":
        with closing(sqlite3.connect(str(engine.url.database))) as raw:
            assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
