"""Show for every source what it is, when it came, and what our checks found wrong with it.

Every file of the region is proved: datasets, the shapes for the browser, and what was fetched. With --live
every official address is asked whether it answers. Exit code: 0; 1 where a file is damaged; 3 where sources
are not here (with --live: where addresses do not answer; those that nobody ever saw answer are named).
"""

from __future__ import annotations

import argparse
import sys

from geo.datasets.build import list_damage
from geo.datasets.findings import describe
from geo.datasets.provenance import SourceTruth, source_truth
from geo.region import read_region

DAMAGED, SOME_LACK = 1, 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("sources", nargs="*", help="only these sources; all by default")
    parser.add_argument("--region", default="coachella", help="a file in regions/ (default: %(default)s)")
    parser.add_argument("--live", action="store_true", help="ask every official address whether it answers")


def run(options: argparse.Namespace) -> int:
    """Show the truth about the sources, or ask their addresses."""
    if options.sources or options.live:
        from geo.sources.fetch import require_sources

        wanted = [source.key for source in require_sources(options.sources)]
    if options.live:
        return _ask_addresses(wanted, options.region)
    truths = source_truth(options.region)
    if options.sources:
        truths = [truth for truth in truths if truth.source.key in wanted]
    for truth in truths:
        sys.stdout.write("\n".join(to_lines(truth)) + "\n\n")
    here = sum(truth.here for truth in truths)
    sys.stdout.write(f"{here} of {len(truths)} sources are here.\n")
    damaged = list(list_damage(read_region(options.region)))
    for name, damage in damaged:
        sys.stdout.write(f"{name} is damaged: {damage}\n")
    if damaged:
        return DAMAGED
    return 0 if here == len(truths) else SOME_LACK


def to_lines(truth: SourceTruth) -> list[str]:
    """Put the truth about a source into lines of text."""
    seen = "link verified" if truth.address_seen else "nobody has seen it answer yet"
    lines = [
        f"{truth.source.key}: {truth.title}",
        f"  publisher  {truth.publisher}",
        f"  vintage    {truth.vintage}",
        f"  license    {truth.license}",
        f"  address    {truth.address} ({seen})",
        f"  fetched    {_when(truth)}",
        f"  feeds      {', '.join(truth.datasets) or 'nothing'}",
    ]
    if truth.counties_lacking:
        lines.append(f"  lacks      county {', '.join(truth.counties_lacking)}")
    return lines + [f"  found      {describe(finding)}" for finding in truth.findings]


def _when(truth: SourceTruth) -> str:
    if truth.receipt is None:
        return truth.fault or "not here"
    files = truth.receipt.files
    size = sum(item.bytes for item in files) / 1e6
    return f"{truth.fetched_at} ({truth.fidelity}, {len(files)} files, {size:,.1f} MB)"


def _ask_addresses(keys: list[str], region_key: str) -> int:
    from geo.sources.catalog import read_catalog
    from geo.sources.census_key import census_key
    from geo.sources.publishers import try_addresses

    catalog = read_catalog()
    counties = read_region(region_key).counties
    lacking = 0
    news: list[str] = []
    never: list[str] = []
    for answer in try_addresses((catalog[key] for key in keys), counties, census_key()):
        word = "answers" if answer.answers else "does not answer"
        sys.stdout.write(f"{answer.source:34} {word:16} {answer.words:44} {answer.address}\n")
        sys.stdout.flush()
        lacking += not answer.answers
        if not answer.seen_before:
            (news if answer.answers else never).append(answer.source)
    if news:
        sys.stdout.write(f"Now seen; set address_seen = true in data/sources.toml: {', '.join(news)}\n")
    if never:
        sys.stdout.write(f"Never seen to answer, nor now: {', '.join(never)}\n")
    return SOME_LACK if lacking else 0
