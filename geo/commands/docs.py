"""Write docs/DATA.md from the catalog: every source with its address, license and what it feeds."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from geo.datasets.declared import DATASETS
from geo.settings import ROOT
from geo.sources.catalog import Source, read_catalog
from geo.sources.census_key import KEY_VARIABLE, SIGN_UP_PAGE


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options: none."""


def run(options: argparse.Namespace) -> int:
    """Write the page and say where it is."""
    path = ROOT / "docs" / "DATA.md"
    path.write_text("\n".join(lines(read_catalog())) + "\n", encoding="utf-8")
    sys.stdout.write(f"{path.relative_to(ROOT)} written.\n")
    return 0


def lines(catalog: dict[str, Source]) -> Iterator[str]:
    """Make the page's lines, a section a source.

    Examples
    --------
    >>> next(lines(read_catalog()))
    '# Sources'
    """
    yield "# Sources"
    yield ""
    yield "Written by `python -m geo docs` from `data/sources.toml`."
    for source in catalog.values():
        feeds = [item.name for item in DATASETS.values() if source.key in item.sources + item.optional]
        seen = "" if source.address_seen else " (link not verified)"
        yield f"\n## {source.key}: {source.title}\n"
        yield f"- {source.publisher}, {source.vintage}"
        yield f"- license: {source.license}"
        yield f"- had by: {source.access}, `{source.address}`{seen}"
        if source.other_addresses:
            yield f"- or by: {', '.join(f'`{address}`' for address in source.other_addresses)}"
        if source.resource:
            yield f"- fetched as resource `{source.resource}` of that catalog"
        if source.needs_key:
            yield f"- needs a key of the publisher, set as `{KEY_VARIABLE}` ({SIGN_UP_PAGE})"
        yield f"- feeds: {', '.join(feeds) or 'nothing yet'}"
        if source.note:
            yield f"- note: {source.note}"
