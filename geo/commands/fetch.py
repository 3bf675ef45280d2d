"""Bring the sources of a region here, from their publishers or from a mirror.

Exit code: 0 where every source is here, 1 for a fault that a person can mend, 3 where some sources were
skipped; each is named with the reason.
"""

from __future__ import annotations

import argparse
import sys

from geo.settings import mirror_dir
from geo.sources.fetch import Report, Result, fetch_region

HOW_TO_ADD = (
    "The next run asks for what lacks alone. "
    "A file that you have is added by: python -m geo add SOURCE FILE\n"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("sources", nargs="*", help="only these sources; all by default")
    parser.add_argument("--region", default="coachella", help="a file in regions/ (default: %(default)s)")
    parser.add_argument("--mirror", metavar="DIR", help="a folder with an index.toml, or its web address")
    parser.add_argument("--again", action="store_true", help="also what is here and whole")


def run(options: argparse.Namespace) -> int:
    """Fetch, with a line for each source."""
    report = fetch_region(
        options.region, options.mirror or mirror_dir(), options.sources, options.again, tell=show
    )
    show_summary(report)
    return report.exit_code


def show(result: Result) -> None:
    """Write one line on a source."""
    head = f"[{result.number:2}/{result.of}] {result.source:32} {result.state:8}"
    size = f" {result.bytes / 1e6:8.1f} MB" if result.bytes else ""
    reason = f" {result.reason}" if result.reason else ""
    sys.stdout.write(f"{head}{size}{reason}\n")
    sys.stdout.flush()


def show_lacking(result: Result) -> None:
    """Write one line on a source that is not here, not for every county, or could not be brought again."""
    if result.state not in ("here", "fetched"):
        show(result)


def show_summary(report: Report) -> None:
    """Write how many sources are here, and how a person brings what lacks."""
    if not report.results:
        sys.stdout.write("Nothing to fetch: the data of this region are invented.\n")
        return
    if report.stopped:
        sys.stdout.write(f"{report.stopped}\n")
    have = sum(result.state != "skipped" for result in report.results)
    sys.stdout.write(f"{have} of {len(report.results)} sources are here.\n")
    if report.lacking and not report.stopped:
        sys.stdout.write(HOW_TO_ADD)
