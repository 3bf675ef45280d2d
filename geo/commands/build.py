"""Build a region's datasets: only what changed."""

from __future__ import annotations

import argparse
import sys

from geo.datasets.build import Step, build_region


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("datasets", nargs="*", help="only these and what they need; all by default")
    parser.add_argument("--region", default="coachella", help="a file in regions/ (default: %(default)s)")
    parser.add_argument("--mirror", metavar="DIR", help="take the sources from a folder with an index.toml")
    parser.add_argument("--fetch", action="store_true", help="first fetch what is not here")


def run(options: argparse.Namespace) -> int:
    """Fetch where that is asked for, then build."""
    if options.mirror or options.fetch:
        from geo.commands.fetch import show_lacking
        from geo.sources.fetch import fetch_region

        fetch_region(options.region, mirror=options.mirror, tell=show_lacking)
    steps = build_region(options.region, options.datasets, tell=show)
    built = sum(step.state == "built" for step in steps)
    missing = sum(step.state == "missing" for step in steps)
    if not built:
        sys.stdout.write("Nothing to do: every dataset is up to date.\n")
    sys.stdout.write(f"{len(steps) - missing} of {len(steps)} datasets are there, {built} built now.\n")
    return 0


def show(step: Step) -> None:
    """Write one line on a dataset; those that are up to date stay silent."""
    head = f"[{step.number:2}/{step.of}] {step.dataset:26}"
    if step.damage:
        sys.stdout.write(f"{head} was damaged: {step.damage.partition(';')[0]}\n")
    if step.state == "built":
        sys.stdout.write(f"{head} {step.rows:7,} rows  {step.seconds:5.1f} s\n")
    elif step.state == "missing":
        sys.stdout.write(f"{head} not built: {step.reason}\n")
    sys.stdout.flush()
