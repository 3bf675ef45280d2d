"""Take a file that a person has as the file of a source, after checking it as any other.

A workbook is taken where CSV is declared (the sheet that is declared, or the first, or --sheet TITLE), also
where its name says that it is no workbook, and a column whose heading is another here is named: --column
name=District.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

from geo.errors import FetchError, SchemaError, first_ids
from geo.language import gettext as _
from geo.region import Region, read_region
from geo.sources.catalog import Source
from geo.sources.checks import check_file, count_rows
from geo.sources.fetch import join_receipts, require_sources
from geo.sources.publishers import declared_receipt
from geo.sources.raw import RawStore, Receipt, describe_file

NONE_NAMED: Mapping[str, str] = MappingProxyType({})


def add_file(
    source: Source,
    file: Path,
    store: RawStore,
    region: Region,
    county: str | None = None,
    *,
    sheet: str = "",
    columns: Mapping[str, str] = NONE_NAMED,
    fewer: bool = False,
) -> Receipt:
    """Check a file as any source is checked, and let it take the place of what was there.

    Parameters
    ----------
    source
        The declaration that the file must fit.
    file
        The person's file; it stays where it is.
    store
        The raw files; they stay as they were on any fault.
    region
        Tells the county where it has one only.
    county
        A five-digit GEOID, for a source that has a file for each county; else its name may tell.
    sheet
        Title of the workbook's sheet; the one declared by default, or the first.
    columns
        Our columns whose headings in the file are not the published ones, with those headings.
    fewer
        Take it although it has far fewer rows than the file that is here.

    Returns
    -------
    Receipt
        The source's new receipt.

    Raises
    ------
    FetchError
        There is no such file, it is not data, or its county is not known.
    SchemaError
        Columns are missing, keys are doubled, rows are of another county; there is no such sheet or column;
        it has far fewer rows than the file that is here.
    CRSError
        It says nothing of its CRS.

    Examples
    --------
    >>> from geo.sources.catalog import read_catalog
    >>> from geo.region import read_region
    >>> roads, demo = read_catalog()["roads"], read_region("demo")
    >>> add_file(roads, Path("no-such.zip"), RawStore("demo"), demo)
    Traceback (most recent call last):
    geo.errors.FetchError: there is no file no-such.zip: see its name and folder
    """
    if not file.is_file():
        raise FetchError(f"there is no file {file}", "see its name and folder")
    place = require_county(source, file, region, county)
    declared = source.file_for(place or None)
    with store.staging(source.key) as folder:
        staged = folder / (file.stem + Path(declared).suffix)
        fidelity = _stage(file, staged, source, sheet, columns)
        check_file(describe_file(staged, county=place), source)
        before = store.receipt(source.key)
        if not fewer:
            _check_as_whole(staged, source, before, place)
        target = staged.rename(folder / declared)
        item = describe_file(target, county=place, address=source.address_for(place or None))
        declaration = declared_receipt(source, fidelity)
        receipt = replace(declaration, files=(item,), address_seen=source.address_seen)
        return store.commit(join_receipts(before, receipt))


WHOLE = 0.9
"""Of the rows that are here; a file with fewer may be cut off."""


def _check_as_whole(staged: Path, source: Source, before: Receipt | None, county: str) -> None:
    """Raise where a file has far fewer rows than the one of its county that is here, laid out alike."""
    if before is None or before.fidelity == "stand-in":
        return
    for item in before.files:
        if item.county != county or not item.path.is_file():
            continue
        here, found = count_rows(item.path, source.layout), count_rows(staged, source.layout)
        if found < WHOLE * here:
            raise SchemaError(
                _("{file} has {found} rows, and the file that is here has {here}").format(
                    file=staged.name, found=f"{found:,}", here=f"{here:,}"
                ),
                _("get the whole file, or say --fewer where that is right; nothing was changed"),
            )


def _stage(file: Path, staged: Path, source: Source, sheet: str, columns: Mapping[str, str]) -> str:
    """Copy the file, or lay it out as declared where that is asked for; tell which it was."""
    from geo.intake.sheets import read_sheet_file
    from geo.sources.relaid import (
        is_book,
        is_choice,
        is_otherwise_parted,
        relay,
        require_columns,
        suffix_by_content,
        to_published,
    )

    suffix = suffix_by_content(file, source)
    if suffix != file.suffix:
        with TemporaryDirectory() as folder:
            named = Path(folder) / f"{file.stem}{suffix}"
            shutil.copyfile(file, named)
            return _stage(named, staged, source, sheet, columns)
    if not (sheet or columns or is_book(file, source) or is_otherwise_parted(file, source)):
        if is_choice(file, source):
            require_columns(read_sheet_file(file), source, file.name, "")
        shutil.copyfile(file, staged)
        return "original"
    relay(file, staged, source, sheet or source.sheet, to_published(source, columns))
    return "relaid"


def require_county(source: Source, file: Path, region: Region, county: str | None) -> str:
    """Tell which county a file is of; empty for a source that is of no county.

    Raises
    ------
    FetchError
        The source has a file for each county, and nothing tells which one this is.

    Examples
    --------
    >>> from geo.sources.catalog import read_catalog
    >>> from geo.region import read_region
    >>> tracts, coachella = read_catalog()["tracts_2020"], read_region("coachella")
    >>> require_county(tracts, Path("tl_2020_06025_tract20.zip"), coachella, None)
    '06025'
    """
    if source.scope != "county":
        return ""
    from geo.sources.mirror import county_of

    known = county or county_of(source, file.name)
    if not known and len(region.counties) == 1:
        known = region.counties[0]
    if len(known) != 5 or not known.isdigit():
        raise FetchError(
            f"{source.key!r} has a file for each county, and {file.name} does not say which it is of",
            f"add --county with one of {first_ids(region.counties)}",
        )
    return known


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("source", help="a source of data/sources.toml")
    parser.add_argument("file", type=Path, help="the file as its publisher gives it")
    parser.add_argument("--county", metavar="GEOID", help="five digits, for a source with a file each county")
    parser.add_argument(
        "--sheet",
        default="",
        metavar="TITLE",
        help="a workbook's sheet (default: the one declared)",
    )
    parser.add_argument(
        "--column", action="append", default=[], metavar="OURS=HEADING", type=_to_column,
        help="a column whose heading in the file is another, e.g. name=District; may be given again",
    )  # fmt: skip
    parser.add_argument(
        "--fewer", action="store_true", help="take a file with far fewer rows than the one that is here"
    )
    parser.add_argument("--region", default="coachella", help="a file in regions/ (default: %(default)s)")


def _to_column(text: str) -> tuple[str, str]:
    """Read ``ours=heading``.

    Examples
    --------
    >>> _to_column("name=District")
    ('name', 'District')
    """
    ours, equals, heading = (part.strip() for part in text.partition("="))
    if not (ours and equals and heading):
        raise argparse.ArgumentTypeError(_("{text!r} is not OURS=HEADING").format(text=text))
    return ours, heading


def run(options: argparse.Namespace) -> int:
    """Add the file and say what became of it."""
    source = require_sources([options.source])[0]
    region = read_region(options.region)
    store = RawStore(region.realm)
    with store.writing():
        receipt = add_file(
            source, options.file, store, region, options.county,
            sheet=options.sheet, columns=dict(options.column), fewer=options.fewer,
        )  # fmt: skip
    size = sum(item.bytes for item in receipt.files) / 1e6
    rows = sum(count_rows(item.path, source.layout) for item in receipt.files)
    sys.stdout.write(f"{source.key} is here: {len(receipt.files)} files, {rows:,} rows, {size:,.1f} MB.\n")
    sys.stdout.write(f"Now run python -m geo build --region {region.key}\n")
    return 0
