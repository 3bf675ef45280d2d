"""Explore loads nothing that it does not need: the first visitor after a start waits for every import."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("mapclassify", "matplotlib.pyplot", "sklearn", "scipy.stats", "dask")
OPEN_EXPLORE = """
import json, sys
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("dashboard.py", default_timeout=120)
app.query_params["region"] = "demo"
app.run()
assert not app.exception
print(json.dumps([name for name in {heavy} if name in sys.modules]))
"""


def test_the_first_map_loads_no_heavy_library(demo_built: str) -> None:
    """In a process of its own, since others load them here."""
    done = subprocess.run(
        [sys.executable, "-c", OPEN_EXPLORE.format(heavy=HEAVY)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    assert json.loads(done.stdout.splitlines()[-1]) == []
