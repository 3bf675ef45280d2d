"""Write what was fetched into a folder that stands in for the internet on another machine."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from geo.sources.catalog import read_catalog
from geo.sources.mirror import write_mirror
from geo.sources.raw import RawStore


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("folder", type=Path, help="where the mirror goes; its index.toml is written last")


def run(options: argparse.Namespace) -> int:
    """Write the mirror of the official sources and say how large it is."""
    store = RawStore("official")
    with store.writing():
        sizes = write_mirror(store, read_catalog(), options.folder)
    total = sum(sizes.values()) / 1e6
    sys.stdout.write(f"{len(sizes)} sources, {total:,.1f} MB, are in {options.folder}.\n")
    sys.stdout.write(f"On the other machine: python -m geo build --mirror {options.folder}\n")
    return 0
