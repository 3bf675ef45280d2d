"""Home and Explore load nothing that they do not need: the first visitor waits for every import."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("mapclassify", "matplotlib.pyplot", "sklearn", "scipy.stats", "dask")
OPEN = """
import json, sys
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("dashboard.py", default_timeout=120)
app.query_params["region"] = "demo"
app.switch_page("app_pages/{page}.py").run()
assert not app.exception
print(json.dumps([name for name in {heavy} if name in sys.modules]))
"""


@pytest.mark.parametrize("page", ["home", "explore"])
def test_the_first_pages_load_no_heavy_library(demo_built: str, page: str) -> None:
    """In a process of its own, since others load them here."""
    done = subprocess.run(
        [sys.executable, "-c", OPEN.format(page=page, heavy=HEAVY)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    assert json.loads(done.stdout.splitlines()[-1]) == []
