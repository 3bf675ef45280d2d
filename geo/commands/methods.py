"""Print what was measured when the estimates were made: how good the index is, how often margins hold.

The figures come from the last build of the region; docs/METHODS.md quotes those of the real one.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from geo.datasets.record import require_sidecar


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("--region", default="coachella", help="a file in regions/ (default: %(default)s)")


def run(options: argparse.Namespace) -> int:
    """Print the figures of the index and of the margins, as Markdown."""
    index = require_sidecar(options.region, "hard_to_count_estimates").notes
    served = require_sidecar(options.region, "people_served").notes
    lines = [*index_lines(index), "", *margin_lines(served)] if index else list(margin_lines(served))
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


def index_lines(notes: Mapping[str, Any]) -> Iterator[str]:
    """Lay out how good the estimate of the index is, and what each variable does."""
    interval = notes["interval"]
    folds = "by county" if notes["folds_by_county"] else "of every fifth tract"
    yield f"{notes['tracts']:,} scored tracts in {notes['counties']} counties, five folds {folds}."
    yield ""
    yield "| model | R2 out of sample | mean absolute error, points |"
    yield "|---|---|---|"
    rows = {notes["model"]: notes, **notes["peers"]}
    for name, scores in rows.items():
        words = name.replace("_", " ")
        yield f"| {words} | {scores['r2']:.4f} | {scores['mean_absolute_error']:.2f} |"
    yield ""
    width = f"{interval['median_width']:.1f} points"
    yield f"90 % interval: holds {interval['coverage']:.1%}; median width {width}."
    yield f"By fold: {_percents(interval['coverage_by_fold'])}."
    yield "By third of the estimate: " + ", ".join(
        f"{name} {share:.1%}" for name, share in interval["coverage_by_third"].items()
    )
    yield ""
    yield from _agreement_lines(notes)
    yield ""
    yield "| variable | R2 lost when shuffled | from | to | points |"
    yield "|---|---|---|---|---|"
    effects = sorted(notes["effects"].items(), key=lambda item: -item[1]["importance"])
    for name, does in effects:
        ends = f"{does['low']:.3g} | {does['high']:.3g}"
        yield f"| {name} | {does['importance']:.4f} | {ends} | {does['points']:+.1f} |"


def _agreement_lines(notes: Mapping[str, Any]) -> Iterator[str]:
    yield "| tracts | count | mean absolute error | official within the interval |"
    yield "|---|---|---|---|"
    for name, told in notes["agreement"].items():
        if told:
            yield (
                f"| the region's {name} | {told['tracts']} | {told['mean_absolute_error']:.2f} | "
                f"{told['within']:.1%} |"
            )
    yield ""
    yield "| correlation with self-response in 2020 | tracts | official index | our estimate |"
    yield "|---|---|---|---|"
    for name, told in notes["self_response"].items():
        if told:
            yield f"| {name} | {told['tracts']:,} | {told['official']:.3f} | {told['estimate']:.3f} |"


def margin_lines(notes: Mapping[str, Any]) -> Iterator[str]:
    """Lay out how unlike neighboring tracts are, and how often the margins of splits hold."""
    checked = notes["margins_hold"]
    sizes = [size for size, told in checked.items() if told]
    yield "| count | heterogeneity | " + " | ".join(f"one of {size} tracts" for size in sizes) + " |"
    yield "|---|---|" + "---|" * len(sizes)
    for name, value in notes["heterogeneity"].items():
        shares = [
            f"{checked[size][name]['with_split']:.0%} ({checked[size][name]['sampling_only']:.0%})"
            for size in sizes
        ]
        yield f"| {name} | {value:.2f} | " + " | ".join(shares) + " |"


def _percents(shares: list[float]) -> str:
    return ", ".join(f"{share:.1%}" for share in shares)
