"""Raw files into frames with our column names, as the catalog declares them.

Identifiers stay text; numbers become Float64 with NA for what is missing, blank or a sentinel; a margin of a
controlled estimate is 0; a median of an open-ended class is NA with its margin; shapes come in EPSG:4326.
All faults of a file are told at once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import pandas as pd

from geo.crs import STORED
from geo.errors import CRSError, FetchError, SchemaError, first_ids
from geo.intake.sheets import read_sheet_file
from geo.intake.values import says_nothing
from geo.intake.vectors import read_layer
from geo.language import gettext as _
from geo.sources.archive import open_text
from geo.sources.catalog import SEPARATORS, Layout, Published, Source, quoting_of
from geo.sources.geoids import not_geoids, to_geoids
from geo.sources.raw import RawFile, RawStore

MARGIN = "_moe"
# Of an estimate that the Bureau holds to its own count, as a county's population: no sampling error.
CONTROLLED = -555555555
# Thousands parted by commas; what the Bureau writes in place of a number.
GROUPED = r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?"
ANNOTATIONS = ("(X)", "(x)", "N", "D", "S", "X", "***", "*****", "*", "**")
# How far a published code may lie from what it stands for: a layer of shapes keeps -999 as a fraction.
DRIFT = 1e-3
CENSUS_SENTINELS = (-222222222, -333333333, -555555555, -666666666, -888888888, -999999999)


NO_LIMIT: Mapping[str, tuple[str, ...]] = MappingProxyType({})
CHUNK_ROWS = 200_000
# Of a list of codes, as the Environmental Protection Agency lays it out.
CODE_COLUMNS = ("VALUE_TYPE", "VALUE_CODE", "VALUE_DESCRIPTION")


def read_table(
    source: Source,
    store: RawStore,
    counties: Sequence[str] = (),
    *,
    begins: Mapping[str, tuple[str, ...]] = NO_LIMIT,
    most: int | None = None,
) -> pd.DataFrame:
    """Read a source's files as one table.

    Parameters
    ----------
    source
        Its declaration.
    store
        Where its files are.
    counties
        Keep only files of these counties (GEOIDs); files for the whole state are always read, and of one of
        the nation the rows of these counties' states.
    begins
        Of a table in text, keep only the rows whose columns (ours) begin with one of these: a table of the
        nation is larger than the memory.
    most
        Of each file in text, read so many rows at most: to see whether its columns are there.

    Returns
    -------
    pandas.DataFrame
        Our columns: ``string`` for text, ``Float64`` for numbers, ``datetime64`` for dates.

    Raises
    ------
    FetchError
        The source is not here, or not for these counties.
    SchemaError
        Columns are missing, key columns are blank or doubled, or the table has no rows.
    """
    files = _files_of(source, store, counties)
    layout = _layout_of(source, store)
    starts = begins or _of_states(source, counties)
    limited = bool(starts or most) and layout.format in SEPARATORS
    parts = [
        _read_limited(item.path, layout, source, starts, most)
        if limited
        else _to_ours(read_rows(item.path, layout), layout, source, item.path)
        for item in files
    ]
    frame = pd.concat(parts, ignore_index=True)
    if frame.empty and not begins:
        raise SchemaError(
            _("the table of {source!r} has no rows").format(source=source.key), _("fetch or add it again")
        )
    check_keys(frame, source)
    return frame


def read_rows(path: Path, layout: Layout) -> pd.DataFrame:
    """Read a table as it was published: every row, every column."""
    if layout.format in SEPARATORS:
        with open_text(path, layout.member, layout.encoding) as stream:
            return _plain_names(pd.read_csv(stream, usecols=lambda name: True, **_options(layout)))
    return _READERS[layout.format](path)


def _of_states(source: Source, counties: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Say how GEOIDs of the counties' states begin, where the source is a file of the nation."""
    if source.scope != "nation" or not counties:
        return {}
    return {"geoid": tuple(sorted({county[:2] for county in counties}))}


def read_shapes(source: Source, store: RawStore, counties: Sequence[str] = ()) -> gpd.GeoDataFrame:
    """Read a source's shapes as one frame in EPSG:4326; Z coordinates are dropped.

    Raises
    ------
    CRSError
        A file says nothing of its CRS (a shapefile without a ``.prj``).
    SchemaError
        Columns are missing, key columns are blank or doubled, or the layer is empty.
    """
    files = _files_of(source, store, counties)
    layout = _layout_of(source, store)
    parts = [_read_layer(item.path, layout, source) for item in files]
    frame = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs=STORED)
    check_keys(frame, source)
    return frame


def check_keys(frame: pd.DataFrame, source: Source) -> None:
    """Raise where key columns are blank or doubled.

    Raises
    ------
    SchemaError
        Names the first five keys and how many there are.
    """
    keys = list(source.key_columns)
    if not keys:
        return
    blank = frame[keys].isna().any(axis=1)
    if blank.any():
        rows = first_ids(frame.index[blank] + 2)
        raise SchemaError(
            _("{count} rows of {source!r} have no {columns} (rows {rows})").format(
                count=int(blank.sum()), source=source.key, columns=_(" and ").join(keys), rows=rows
            ),
            _("fill them in or take the rows out, and add the file again"),
        )
    doubled = frame.duplicated(keys, keep=False)
    if doubled.any():
        names = first_ids(frame.loc[doubled, keys].astype(str).agg(" ".join, axis=1).unique())
        raise SchemaError(
            _("{count} rows of {source!r} share a key ({names})").format(
                count=int(doubled.sum()), source=source.key, names=names
            ),
            _("keep one row a key and add the file again"),
        )


def _files_of(source: Source, store: RawStore, counties: Sequence[str]) -> list[RawFile]:
    files = store.require_files(source.key)
    kept = [item for item in files if not item.county or not counties or item.county in counties]
    if not kept:
        raise FetchError(
            _("the source {source!r} is here, but not for {counties}").format(
                source=source.key, counties=first_ids(counties)
            ),
            _("run python -m geo fetch {source} for the region").format(source=source.key),
        )
    return kept


def _layout_of(source: Source, store: RawStore) -> Layout:
    receipt = store.receipt(source.key)
    return source.layout_for(receipt.fidelity if receipt else "original")


def _read_layer(path: Path, layout: Layout, source: Source) -> gpd.GeoDataFrame:
    frame = read_layer(path)
    if frame.empty:
        raise SchemaError(
            _("the layer {file} of {source!r} is empty").format(file=path.name, source=source.key),
            _("fetch or add it again"),
        )
    if frame.crs is None:
        raise CRSError(
            _("{file} of {source!r} says nothing of its CRS (no .prj)").format(
                file=path.name, source=source.key
            ),
            _("ask the publisher for the .prj, put it into the zip and add the file again"),
        )
    ours = _to_ours(pd.DataFrame(frame.drop(columns="geometry")), layout, source, path)
    flat = frame.geometry.to_crs(STORED).force_2d()
    return gpd.GeoDataFrame(ours, geometry=flat.to_numpy(), crs=STORED)


def _to_ours(frame: pd.DataFrame, layout: Layout, source: Source, path: Path) -> pd.DataFrame:
    frame = _take_also(_plain_names(frame), layout)
    lacking = [name for name in layout.published if name not in frame.columns]
    if lacking:
        raise SchemaError(
            _("{file} of {source!r} lacks {count} columns: {names}").format(
                file=path.name, source=source.key, count=len(lacking), names=first_ids(lacking)
            ),
            _("see the columns it should have in data/sources.toml, and add the right file"),
        )
    columns: dict[str, pd.Series] = {}
    for ours, published in layout.text.items():
        columns[ours] = _to_text(frame, published, layout.blanks)
    _put_in_words(columns, layout, path)
    for ours, digits in layout.geoid_digits.items():
        columns[ours] = _to_geoids(frame, layout.text[ours], digits, source, path)
    for ours, published in layout.number.items():
        values = _one(frame, published)
        _require_numbers(values, layout.blanks, source, path)
        columns[ours] = to_numbers(values, source.missing, margin=ours.endswith(MARGIN))
    _drop_open_ended(columns, layout)
    for ours, published in layout.date.items():
        columns[ours] = pd.to_datetime(_one(frame, published), errors="coerce", format=layout.day)
    return pd.DataFrame(columns)


def _to_geoids(
    frame: pd.DataFrame, published: Published, digits: int, source: Source, path: Path
) -> pd.Series:
    names = [published] if isinstance(published, str) else published
    geoids = to_geoids([frame[name] for name in names], digits)
    wrong = geoids[not_geoids(geoids, digits)]
    if len(wrong):
        words = _(
            "{file} of {source!r} has {count} codes in {columns} that are no GEOIDs of {digits} digits: "
            "{codes}"
        )
        told = {"file": path.name, "source": source.key, "count": f"{len(wrong):,}", "digits": digits}
        raise SchemaError(
            words.format(**told, columns=", ".join(names), codes=first_ids(wrong)),
            _("keep the codes as text (a spreadsheet drops a 0 in front of numbers), and add the file again"),
        )
    return geoids


def _require_numbers(values: pd.Series, blanks: Sequence[str], source: Source, path: Path) -> None:
    """Raise where a column of numbers holds text that is none, and not a way to say that there is none.

    Raises
    ------
    SchemaError
        Names the column and the first five.
    """
    if pd.api.types.is_numeric_dtype(values):
        return
    texts = values.astype("string").str.strip()
    lost = texts[to_numbers(texts).isna() & texts.notna()]
    words_of_none = {*ANNOTATIONS, *blanks}
    wrong = lost[[not (says_nothing(text) or text in words_of_none or _is_number(text)) for text in lost]]
    if len(wrong):
        words = _("{file} of {source!r} has {count} values in {column} that are no numbers: {values}")
        raise SchemaError(
            words.format(
                file=path.name, source=source.key, count=f"{len(wrong):,}", column=values.name,
                values=first_ids(wrong.unique()),
            ),
            _("write them as 1250.5, leave what is missing empty, and add the file again"),
        )  # fmt: skip


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _one(frame: pd.DataFrame, published: Published) -> pd.Series:
    return frame[published if isinstance(published, str) else published[0]]


def _to_text(frame: pd.DataFrame, published: Published, blanks: Sequence[str]) -> pd.Series:
    if isinstance(published, str):
        text = frame[published].astype("string").str.strip()
        return text.mask(text.isin(["", *blanks]))
    joined = frame[published[0]].astype("string")
    for name in published[1:]:
        joined = joined + frame[name].astype("string")
    return joined


def _put_in_words(columns: dict[str, pd.Series], layout: Layout, path: Path) -> None:
    """Put the words of the archive's own list in the place of codes; a code that it lacks stays."""
    if not layout.coded:
        return
    words = read_codes(path, layout.code_list)
    for ours in layout.coded:
        codes = columns[ours]
        columns[ours] = codes.map(words.get(str(layout.text[ours]), {})).astype("string").fillna(codes)


@lru_cache(maxsize=4)
def read_codes(path: Path, member: str) -> Mapping[str, Mapping[str, str]]:
    """Read a list of codes: by published column and code, what it means.

    Raises
    ------
    FetchError
        The archive has no such member.
    SchemaError
        The list lacks one of its columns.
    """
    with open_text(path, member) as stream:
        listed = pd.read_csv(stream, dtype="string", keep_default_na=False)
    if lacking := [name for name in CODE_COLUMNS if name not in listed]:
        raise SchemaError(
            _("{file} of {archive} lacks {columns}").format(
                file=member, archive=path.name, columns=first_ids(lacking)
            ),
            _("fetch or add it again"),
        )
    of, code, meaning = (listed[name] for name in CODE_COLUMNS)
    return {
        str(name): dict(zip(code[rows.index], meaning[rows.index], strict=True))
        for name, rows in listed.groupby(of)
    }


def _drop_open_ended(columns: dict[str, pd.Series], layout: Layout) -> None:
    """Make medians that stand for an open-ended class NA, and their margins with them."""
    for ours, values in layout.open_ended.items():
        coded = columns[ours].isin(values)
        for name in (ours, f"{ours}{MARGIN}"):
            if name in columns:
                columns[name] = columns[name].mask(coded)


def to_numbers(values: pd.Series, missing: Sequence[float] = (), *, margin: bool = False) -> pd.Series:
    """Turn text into Float64; blanks, words, the Census sentinels and ``missing`` become NA.

    As a spreadsheet exports them, commas may part thousands, and a sign of dollars stand before.

    Of a ``margin``, -555555555 is 0: its estimate is controlled, and has no sampling error (U.S. Census
    Bureau, notes on ACS estimate and annotation values).

    Examples
    --------
    >>> to_numbers(pd.Series(["1", "", "-666666666", "-999"]), missing=[-999]).to_list()
    [1.0, <NA>, <NA>, <NA>]
    >>> to_numbers(pd.Series(["1,250", "$29,882", "1,25", "N/A"])).to_list()
    [1250.0, 29882.0, <NA>, <NA>]
    >>> to_numbers(pd.Series(["-555555555", "-222222222"]), margin=True).to_list()
    [0.0, <NA>]
    """
    if not pd.api.types.is_numeric_dtype(values):
        texts = values.astype("string").str.strip().str.replace(r"^(-?)\$\s?", r"\1", regex=True)
        grouped = texts.str.fullmatch(GROUPED).fillna(False).astype(bool)
        values = texts.mask(grouped, texts.str.replace(",", ""))
    numbers = pd.to_numeric(values, errors="coerce").astype("Float64")
    if margin:
        numbers = numbers.mask(numbers.isin([CONTROLLED]), 0.0)
    coded = numbers.isin([*CENSUS_SENTINELS])
    for value in missing:
        coded |= (numbers - value).abs().lt(DRIFT).fillna(False)
    return numbers.mask(coded)


def _options(layout: Layout) -> dict[str, Any]:
    """How pandas reads a table: as text; a separator at the end of a row, with ``usecols``, is none."""
    separator = SEPARATORS[layout.format]
    return {
        "dtype": "string",
        "sep": separator,
        "keep_default_na": False,
        "quoting": quoting_of(separator),
        "index_col": False,
    }


def _plain_names(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.rename(columns=lambda name: str(name).strip().lstrip("\ufeff"))


def _take_also(frame: pd.DataFrame, layout: Layout) -> pd.DataFrame:
    """Give the published heading to the first column that has another of its headings, where it lacks."""
    for ours, headings in layout.also.items():
        published = str(layout.text[ours])
        found = next((name for name in headings if name in frame), None)
        if published not in frame and found is not None:
            frame = frame.rename(columns={found: published})
    return frame


def _read_limited(
    path: Path,
    layout: Layout,
    source: Source,
    begins: Mapping[str, tuple[str, ...]],
    most: int | None,
) -> pd.DataFrame:
    """Read the declared columns of a table in text, some rows at a time, and keep what is asked for."""
    wanted = set(layout.published)
    kept = []
    with open_text(path, layout.member, layout.encoding) as stream:
        chunks = pd.read_csv(
            stream,
            usecols=lambda name: name.strip().lstrip("\ufeff") in wanted,
            nrows=most,
            chunksize=CHUNK_ROWS,
            **_options(layout),
        )
        for chunk in chunks:
            rows = _to_ours(_plain_names(chunk), layout, source, path)
            for ours, starts in begins.items():
                rows = rows[rows[ours].str.startswith(starts).fillna(False).astype(bool)]
            kept.append(rows)
    return pd.concat(kept, ignore_index=True)


def _read_census_api(path: Path) -> pd.DataFrame:
    header, *rows = json.loads(path.read_text(encoding="utf-8"))
    return pd.DataFrame(rows, columns=header, dtype="string")


_READERS: dict[str, Callable[[Path], pd.DataFrame]] = {
    "xlsx": read_sheet_file,
    "census_api": _read_census_api,
    "parquet": pd.read_parquet,
}
