"""Write the invented raw files of the demo, if they are not here or their maker has changed."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module

from geo.datasets.build import REALM, WRITER, require_invented
from geo.sources.raw import RawStore


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("--again", action="store_true", help="write them even if they are up to date")


def run(options: argparse.Namespace) -> int:
    """Write the files, and say where they are and how to go on."""
    store = RawStore(REALM)
    if options.again:
        import_module(WRITER).write_demo(store)
    elif not require_invented(REALM):
        sys.stdout.write("Nothing to do: the invented sources are up to date.\n")
    count = len(list(store.sources()))
    sys.stdout.write(f"{count} invented sources are in {store.folder}; python -m geo build --region demo\n")
    return 0
