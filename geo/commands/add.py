"""Take a file that a person has as the file of a source, after checking it as any other."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from geo.region import read_region
from geo.sources.add import add_file
from geo.sources.fetch import require_sources
from geo.sources.raw import RawStore


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("source", help="a source of data/sources.toml")
    parser.add_argument("file", type=Path, help="the file as its publisher gives it")
    parser.add_argument("--county", metavar="GEOID", help="five digits, for a source with a file each county")
    parser.add_argument("--region", default="coachella", help="a file in regions/ (default: %(default)s)")


def run(options: argparse.Namespace) -> int:
    """Add the file and say what became of it."""
    source = require_sources([options.source])[0]
    region = read_region(options.region)
    store = RawStore(region.realm)
    with store.writing():
        receipt = add_file(source, options.file, store, region, options.county)
    size = sum(item.bytes for item in receipt.files) / 1e6
    sys.stdout.write(f"{source.key} is here: {len(receipt.files)} files, {size:,.1f} MB.\n")
    sys.stdout.write(f"Now run python -m geo build --region {region.key}\n")
    return 0
