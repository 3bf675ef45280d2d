"""The command line: a reader that goes away is no fault."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from geo.settings import ROOT


@pytest.mark.parametrize("arguments", [["check", "--region", "demo"], ["docs", "--help"]])
def test_it_ends_quietly_when_nobody_reads_on(arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "geo", *arguments]
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True, cwd=ROOT, check=False)
    os.close(writing)
    assert done.stderr == ""
    assert done.returncode == 0
