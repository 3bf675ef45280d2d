"""Build a region's datasets: only what changed. With --compare, say what moved against the build before."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import ExitStack

from geo.datasets.before import Before, keep_before
from geo.datasets.build import Step, build_region


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("datasets", nargs="*", help="only these and what they need; all by default")
    parser.add_argument("--region", default="coachella", help="a file in regions/ (default: %(default)s)")
    parser.add_argument("--mirror", metavar="DIR", help="take the sources from a folder with an index.toml")
    parser.add_argument("--fetch", action="store_true", help="first fetch what is not here")
    parser.add_argument(
        "--compare", action="store_true", help="say of each dataset what moved against what was built before"
    )


def run(options: argparse.Namespace) -> int:
    """Fetch where that is asked for, then build, then say what moved where that is asked for."""
    if options.mirror or options.fetch:
        from geo.commands.fetch import show_lacking, show_summary
        from geo.sources.fetch import fetch_region

        report = fetch_region(options.region, mirror=options.mirror, tell=show_lacking)
        if report.lacking:
            show_summary(report)
    with ExitStack() as stack:
        before = stack.enter_context(keep_before(options.region)) if options.compare else None
        steps = build_region(options.region, options.datasets, tell=show)
        built = sum(step.state == "built" for step in steps)
        missing = sum(step.state == "missing" for step in steps)
        if not built:
            sys.stdout.write("Nothing to do: every dataset is up to date.\n")
        sys.stdout.write(f"{len(steps) - missing} of {len(steps)} datasets are there, {built} built now.\n")
        if before is not None:
            show_moved(before, [step.dataset for step in steps])
    return 0


def show_moved(before: Before, names: Sequence[str]) -> None:
    """Write what moved of each dataset, and of how many nothing did."""
    from geo.datasets.comparison import to_lines

    sys.stdout.write("Against what was built before:\n")
    still = 0
    for moved in before.compare(names):
        still += moved.nothing
        sys.stdout.write("".join(f"{line}\n" for line in to_lines(moved)))
        sys.stdout.flush()
    sys.stdout.write(f"Nothing moved in {still} of {len(names)} datasets.\n")


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
