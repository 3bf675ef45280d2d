"""Write docs/DATA.md: every source with its license and what it feeds, every dataset with its columns."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from geo.datasets.columns import SUFFIXES, Column, base_of, columns_of
from geo.datasets.declared import DATASETS, Dataset
from geo.settings import ROOT
from geo.sources.catalog import Source, read_catalog
from geo.sources.census_key import KEY_VARIABLE, SIGN_UP_PAGE


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options: none."""


def run(options: argparse.Namespace) -> int:
    """Write the page and say where it is."""
    path = ROOT / "docs" / "DATA.md"
    path.write_text(to_page(read_catalog()), encoding="utf-8")
    sys.stdout.write(f"{path.relative_to(ROOT)} written.\n")
    return 0


def to_page(catalog: dict[str, Source]) -> str:
    """Make the whole page.

    Examples
    --------
    >>> to_page(read_catalog()).count("# Datasets and their columns")
    1
    """
    return "\n".join([*lines(catalog), *dictionary_lines()]) + "\n"


def lines(catalog: dict[str, Source]) -> Iterator[str]:
    """Make the page's lines, a section a source.

    Examples
    --------
    >>> next(lines(read_catalog()))
    '# Sources'
    """
    yield "# Sources"
    yield ""
    yield (
        "Written by `python -m geo docs` from `data/sources.toml`; what each column of each dataset is "
        "stands [below](#datasets-and-their-columns), as `geo/datasets/columns.py` gathers it."
    )
    for source in catalog.values():
        names = {source.key, source.declared_as}
        feeds = [item.name for item in DATASETS.values() if names & {*item.sources, *item.optional}]
        seen = "" if source.address_seen else " (link not verified)"
        yield f"\n## {source.key}: {source.title}\n"
        yield f"- {source.publisher}, {source.vintage}"
        yield f"- license: {source.license}"
        yield f"- had by: {source.access}, `{source.address}`{seen}"
        if source.other_addresses:
            yield f"- or by: {', '.join(f'`{address}`' for address in source.other_addresses)}"
        if source.resource:
            yield f"- fetched as resource `{source.resource}` of that catalog"
        if source.tables:
            addresses = ", ".join(f"`{item}`" for item in source.tables)
            yield f"- without a key: a file for each table, {addresses}"
        elif source.needs_key:
            yield f"- needs a key of the publisher, set as `{KEY_VARIABLE}` ({SIGN_UP_PAGE})"
        yield f"- feeds: {', '.join(feeds) or 'nothing yet'}"
        if source.note:
            yield f"- note: {source.note}"


def dictionary_lines() -> Iterator[str]:
    """Make the dictionary's lines, a section a dataset.

    Examples
    --------
    >>> "| length_m | Length of the line, measured by us | meters | 0 or more |" in list(dictionary_lines())
    True
    """
    yield "\n# Datasets and their columns\n"
    yield (
        "A value that is not known is empty, never 0. A build tells of values beyond the range as "
        "impossible, and of those beyond what is likely as doubtful; `python -m geo check` lists both. "
        "Columns whose name ends so are made of another:\n"
    )
    yield from (f"- `{suffix}`: {rule.form.format(what='the column')}" for suffix, rule in SUFFIXES.items())
    for dataset in DATASETS.values():
        yield from _dataset_lines(dataset)


def _dataset_lines(dataset: Dataset) -> Iterator[str]:
    columns = columns_of(dataset.name)
    made: dict[str, list[str]] = {}
    for name in columns:
        base = base_of(name, columns)
        if base != name:
            made.setdefault(base, []).append(f"`{name.removeprefix(base)}`")
    yield f"\n## dataset {dataset.name}: {dataset.title}\n"
    yield "| column | what it is | unit | range |"
    yield "|---|---|---|---|"
    for name, column in columns.items():
        if base_of(name, columns) == name:
            also = f"; with {', '.join(made[name])}" if name in made else ""
            words = (name, column.describe() + also, column.unit_title(), to_range(column))
            yield f"| {' | '.join(word.replace('|', '/') for word in words)} |"


def to_range(column: Column) -> str:
    """Say between which limits a column's values lie, and are likely to lie.

    Examples
    --------
    >>> to_range(columns_of("water_systems")["median_household_income_usd"])
    '0 or more; likely 10,000 to 250,000'
    >>> to_range(columns_of("roads")["name"])
    ''
    """
    parts = []
    if column.low is not None:
        above = " or more" if column.high is None else f" to {column.high:,}"
        parts.append(f"{column.low:,}{above}")
    if column.likely:
        parts.append(f"likely {column.likely[0]:,} to {column.likely[1]:,}")
    return "; ".join(parts)
