"""A person's file laid out as its source declares: a workbook's sheet as CSV, columns by the names declared.

Publishers serve one table now as a workbook, now as CSV, and each county calls the same column otherwise.
What comes out is checked as any file is.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from geo.errors import FetchError, SchemaError, first_ids
from geo.intake.sheets import BOOKS, SHEETS, read_sheet_file
from geo.language import gettext as _
from geo.sources.archive import open_text
from geo.sources.catalog import SEPARATORS, Source
from geo.sources.checks import check_text, read_json

# What an office's spreadsheet parts columns with in place of what is declared.
OTHERS = (";", "\t", ",")
LONGEST_HEAD = 1 << 20


def to_published(source: Source, columns: Mapping[str, str]) -> dict[str, str]:
    """Turn our columns and their headings in a file into the published names, by heading.

    Parameters
    ----------
    source
        The declaration.
    columns
        Our column: its heading in the person's file.

    Raises
    ------
    SchemaError
        The source has no such column, or makes it of several.

    Examples
    --------
    >>> from geo.sources.catalog import read_catalog
    >>> to_published(read_catalog()["health_districts"], {"name": "District"})
    {'District': 'NAME'}
    """
    declared = source.layout.columns
    if unknown := [ours for ours in columns if ours not in declared]:
        raise SchemaError(
            _("{source!r} has no column {names}").format(source=source.key, names=first_ids(unknown)),
            _("use some of {known}").format(known=", ".join(declared)),
        )
    several = [ours for ours in columns if not isinstance(declared[ours], str)]
    if several:
        raise SchemaError(
            _("{names} of {source!r} is made of several columns").format(
                source=source.key, names=first_ids(several)
            ),
            _("give them the headings {known} in the file").format(known=first_ids(source.layout.published)),
        )
    return {heading: str(declared[ours]) for ours, heading in columns.items()}


def is_book(file: Path, source: Source) -> bool:
    """Whether a file is a workbook where the source declares a table in text.

    Examples
    --------
    >>> from geo.sources.catalog import read_catalog
    >>> catalog = read_catalog()
    >>> [is_book(Path("a.XLSX"), catalog[key]) for key in ("calenviroscreen_4", "ca_htc_index_2019")]
    [True, False]
    """
    plain = source.layout.format in SEPARATORS and not source.layout.member
    return plain and file.suffix.casefold() in BOOKS


def is_choice(file: Path, source: Source) -> bool:
    """Whether a file is a workbook as the source declares one, so that a sheet of it may be chosen.

    Examples
    --------
    >>> from geo.sources.catalog import read_catalog
    >>> is_choice(Path("a.xlsx"), read_catalog()["ca_htc_index_2019"])
    True
    """
    return source.layout.format == "xlsx" and file.suffix.casefold() in BOOKS


def require_columns(frame: pd.DataFrame, source: Source, file: str, sheet: str) -> None:
    """Raise where a workbook's sheet has not the columns that are declared, and say which sheets there are.

    Parameters
    ----------
    frame
        From :func:`geo.intake.sheets.read_sheet_file`, its columns by their published names.
    file, sheet
        What the file is called, and the sheet that was asked for; empty for the first.

    Raises
    ------
    SchemaError
        Another sheet is meant, or columns have other headings.

    Examples
    --------
    >>> from geo.sources.catalog import read_catalog
    >>> frame = pd.DataFrame({"About": []})
    >>> frame.attrs["sheets"] = ["About", "2019"]
    >>> require_columns(frame, read_catalog()["supervisorial_districts_2021"], "a.xlsx", "")
    ... # doctest: +ELLIPSIS
    Traceback (most recent call last):
    geo.errors.SchemaError: the sheet 'About' of a.xlsx has no column ...: its sheets are 'About', '2019'; ...
    """
    lacking = [name for name in source.layout.published if name not in set(map(str, frame.columns))]
    sheets = frame.attrs.get(SHEETS, [])
    if not lacking or len(sheets) < 2:
        return
    title = sheet or sheets[0]
    raise SchemaError(
        _("the sheet {title!r} of {file} has no column {names}").format(
            title=title, file=file, names=first_ids(lacking)
        ),
        _("its sheets are {sheets}; say which one it is: --sheet TITLE").format(
            sheets=", ".join(map(repr, sheets))
        ),
    )


ZIP_MARK, OLD_MARK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def suffix_by_content(file: Path, source: Source) -> str:
    """Tell the suffix that a file should have: that of a workbook where it is one under another name.

    Examples
    --------
    >>> import tempfile
    >>> from geo.sources.catalog import read_catalog
    >>> path = Path(tempfile.mkdtemp()) / "districts.csv"
    >>> _length = path.write_bytes(ZIP_MARK)
    >>> suffix_by_content(path, read_catalog()["supervisorial_districts_2021"])
    '.xlsx'
    """
    plain = source.layout.format in SEPARATORS and not source.layout.member
    if not plain or file.suffix.casefold() in BOOKS:
        return file.suffix
    with file.open("rb") as stream:
        head = stream.read(len(ZIP_MARK))
    return {ZIP_MARK: ".xlsx", OLD_MARK: ".xls"}.get(head, file.suffix)


def find_separator(file: Path, source: Source) -> str:
    """Tell what parts the columns of a table in text: the one declared, else that of its head."""
    declared = SEPARATORS[source.layout.format]
    with file.open("rb") as stream:
        head = stream.readline(LONGEST_HEAD).decode("utf-8", "replace")
    found = max((declared, *OTHERS), key=head.count)
    return found if declared not in head else declared


def is_otherwise_parted(file: Path, source: Source) -> bool:
    r"""Whether a table in text, declared as such, has semicolons or tabs between its columns.

    Examples
    --------
    >>> import tempfile
    >>> from geo.sources.catalog import read_catalog
    >>> path = Path(tempfile.mkdtemp()) / "safer.csv"
    >>> _length = path.write_text("WATER_SYSTEM_NUMBER;SYSTEM_NAME\nCA3310001;OASIS\n")
    >>> is_otherwise_parted(path, read_catalog()["safer_risk_assessment"])
    True
    """
    plain = source.layout.format in SEPARATORS and not source.layout.member
    return plain and find_separator(file, source) != SEPARATORS[source.layout.format]


def relay(file: Path, target: Path, source: Source, sheet: str, headings: Mapping[str, str]) -> None:
    """Lay a file out as its source declares, at ``target``.

    Parameters
    ----------
    file
        The person's file; it stays as it is.
    target
        Where the file goes that is laid out as declared.
    source
        The declaration.
    sheet
        Title of a workbook's sheet; empty for the first.
    headings
        Headings in the file, and the published names in their place.

    Raises
    ------
    SchemaError
        The file has no such sheet or heading, or its format has no headings that could be changed here.
    FetchError
        It cannot be read.
    """
    try:
        _relay(file, target, source, sheet, headings)
    except (csv.Error, RecursionError) as error:
        raise FetchError(
            _("{file} cannot be read ({error})").format(file=file.name, error=error),
            _("fetch or add the whole file"),
        ) from error


def _relay(file: Path, target: Path, source: Source, sheet: str, headings: Mapping[str, str]) -> None:
    form = source.layout.format
    if is_book(file, source) or is_choice(file, source):
        frame = read_sheet_file(file, sheet)
        frame.columns = _renamed(map(str, frame.columns), headings, file.name)
        kept = frame.loc[:, [name is not None for name in frame.columns]]
        require_columns(kept, source, file.name, sheet)
        if form in SEPARATORS:
            kept.to_csv(target, sep=SEPARATORS[form], index=False, encoding="utf-8")
        else:
            kept.to_excel(target, index=False)
    elif sheet:
        raise SchemaError(
            _("{file} is no workbook whose sheet could be named").format(file=file.name),
            _("leave the sheet away, or add the workbook"),
        )
    elif form in SEPARATORS and not source.layout.member:
        _relay_text(file, target, find_separator(file, source), SEPARATORS[form], headings)
    elif form == "geojson":
        _relay_features(file, target, headings)
    else:
        raise SchemaError(
            _("columns of a file of the format {form} cannot be named here").format(form=form),
            _("give them the headings {known} in the file").format(known=first_ids(source.layout.published)),
        )


def _renamed(names: Iterable[str], headings: Mapping[str, str], file: str) -> list[str | None]:
    """Give columns the published names; None for one whose published name another was given."""
    found = [name.strip().lstrip("\ufeff") for name in names]
    if lacking := [heading for heading in headings if heading not in found]:
        raise SchemaError(
            _("{file} has no column {names}").format(file=file, names=first_ids(lacking)),
            _("use some of {known}").format(known=", ".join(found)),
        )
    taken = set(headings.values())
    return [headings.get(name, None if name in taken else name) for name in found]


def _relay_text(file: Path, target: Path, separator: str, declared: str, headings: Mapping[str, str]) -> None:
    check_text(file, separator)
    with open_text(file) as stream, target.open("w", encoding="utf-8", newline="") as sink:
        rows = csv.reader(stream, delimiter=separator)
        names = _renamed(next(rows, []), headings, file.name)
        kept = [place for place, name in enumerate(names) if name is not None]
        writer = csv.writer(sink, delimiter=declared, lineterminator="\n")
        writer.writerow([names[place] for place in kept])
        writer.writerows([row[place] for place in kept] for row in rows if row)


def _relay_features(file: Path, target: Path, headings: Mapping[str, str]) -> None:
    layer = read_json(file)
    features = layer.get("features") if isinstance(layer, dict) else None
    if not isinstance(features, list) or not all(isinstance(item, dict) for item in features):
        raise SchemaError(
            _("{file} is no GeoJSON feature collection").format(file=file.name),
            _("fetch or add the whole file"),
        )
    columns = [item.get("properties") or {} for item in features]
    names = list(dict.fromkeys(name for item in columns for name in item))
    new = dict(zip(names, _renamed(names, headings, file.name), strict=True))
    for item, values in zip(features, columns, strict=True):
        item["properties"] = {new[name]: value for name, value in values.items() if new[name] is not None}
    target.write_text(json.dumps(layer, ensure_ascii=False), encoding="utf-8")
