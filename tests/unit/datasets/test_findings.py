"""Findings are words wherever they are shown, without a dataframe library."""

from __future__ import annotations

import subprocess
import sys

import geo.datasets.findings
from geo.datasets.findings import Finding, describe
from geo.settings import ROOT

FRESH = """
import sys
from geo.datasets.findings import Finding, describe
print(describe(Finding("index_few_households", "tracts_2010", 2, ids=("a", "b"))))
print(sorted({"pandas", "geopandas", "numpy", "shapely"} & set(sys.modules)))
"""


def test_a_fresh_process_has_the_words_of_every_module_of_checks() -> None:
    told = subprocess.run(
        [sys.executable, "-W", "error", "-c", FRESH], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert told.stdout.splitlines() == [
        "2 tracts have a score but fewer than 50 households (a, b)",
        "[]",
    ]


def test_a_check_without_words_is_told_by_its_key() -> None:
    assert describe(Finding("never_heard_of", "tracts_2010", 1)) == "never_heard_of"


def test_every_module_of_checks_adds_words() -> None:
    geo.datasets.findings.load_words()
    assert geo.datasets.findings.CHECKED_ELSEWHERE
    assert all(name in sys.modules for name in geo.datasets.findings.CHECKED_ELSEWHERE)
