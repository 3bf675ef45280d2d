"""Whether a file is what its source says it is."""

from __future__ import annotations

from geo.catalog import Source
from geo.raw import RawFile


def check_file(file: RawFile, source: Source, fidelity: str) -> None:
    """Check a file that was just brought."""
