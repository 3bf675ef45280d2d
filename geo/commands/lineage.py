"""Print which source feeds which dataset."""

from __future__ import annotations

import argparse
import sys

from geo.datasets.declared import DATASETS, build_order


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("datasets", nargs="*", help="only these and what they need; all by default")


def run(options: argparse.Namespace) -> int:
    """Print every dataset with what it is made from, in the order of building."""
    for name in build_order(options.datasets):
        dataset = DATASETS[name]
        sys.stdout.write(f"{name}\n")
        for kind, keys in (("source", dataset.sources), ("source, if here", dataset.optional)):
            sys.stdout.writelines(f"  <- {key} ({kind})\n" for key in keys)
        for kind, keys in (("dataset", dataset.inputs), ("dataset, if built", dataset.optional_inputs)):
            sys.stdout.writelines(f"  <- {key} ({kind})\n" for key in keys)
    return 0
