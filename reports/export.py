"""Downloads: CSV, GeoJSON and GeoPackage, each with its sources and what its columns say.

Invented data say so in the file. A CSV that has a dictionary of its columns comes in an archive with it.

Values of sources whose license is not stated stay out. Text that a spreadsheet would run as a formula is
made plain text.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import geopandas as gpd
import pandas as pd
import pyogrio

from geo.crs import require_crs
from geo.errors import SchemaError
from geo.language import gettext as _
from geo.language import mark as N_
from geo.sources.catalog import Source
from geo.tracts.indicators import INDICATORS
from reports.archive import to_zip

Format = Literal["csv", "geojson", "gpkg"]
FORMATS: dict[Format, tuple[str, str]] = {
    "csv": (N_("CSV"), "text/csv"),
    "geojson": (N_("GeoJSON"), "application/geo+json"),
    "gpkg": (N_("GeoPackage"), "application/geopackage+sqlite3"),
}
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")
INVENTED = N_("INVENTED DATA: nothing in this file is real")


@dataclass(frozen=True, slots=True)
class Notes:
    """What goes with the data: the dataset's title, its sources with vintage and license, a warning.

    ``columns`` say what each column is: ``column``, ``description`` and ``unit``, as
    :func:`geo.datasets.columns.dictionary_of` makes them; empty where the table speaks for itself.
    """

    title: str
    sources: tuple[str, ...]
    invented: bool = False
    columns: tuple[Mapping[str, str], ...] = ()

    @property
    def warning(self) -> str:
        """Say that the data are invented; empty where they are not."""
        return _(INVENTED) if self.invented else ""

    def to_record(self) -> dict[str, Any]:
        """Return it as plain data."""
        record = {"title": self.title, "sources": list(self.sources), "warning": self.warning}
        return record | ({"columns": [dict(row) for row in self.columns]} if self.columns else {})


def make_notes(
    title: str,
    records: Mapping[str, Mapping[str, Any]],
    *,
    invented: bool,
    columns: Sequence[Mapping[str, str]] = (),
) -> Notes:
    """Make notes of the records of sources, as ``wording.profiles.source_records`` returns them.

    Examples
    --------
    >>> record = {"credit": "Bureau, Tracts, 2010", "license": "public domain"}
    >>> make_notes("Tracts", {"tracts_2010": record}, invented=False).sources
    ('Bureau, Tracts, 2010 (public domain)',)
    """
    lines = dict.fromkeys(f"{item['credit']} ({item['license']})" for item in records.values())
    return Notes(title, tuple(lines), invented, tuple(columns))


def exportable(frame: gpd.GeoDataFrame, sources: Mapping[str, Source]) -> gpd.GeoDataFrame:
    """Leave out the columns of indicators whose source states no license."""
    barred = [
        name
        for item in INDICATORS.values()
        if item.source in sources and not sources[item.source].exportable
        for name in (item.key, item.moe, item.percentile, item.rank)
        if name in frame.columns
    ]
    return frame.drop(columns=barred)


def export(frame: gpd.GeoDataFrame, form: Format, notes: Notes) -> bytes:
    """Write a frame (EPSG:4326) as a file's content; a CSV with a dictionary is an archive of both.

    Raises
    ------
    CRSError
        The frame is not in EPSG:4326.
    SchemaError
        There is no such format.
    """
    require_crs(frame)
    if form == "csv":
        table = pd.DataFrame(frame.drop(columns=frame.geometry.name))
        return to_archive(table, notes) if notes.columns else to_csv(table, notes)
    if form == "geojson":
        return to_geojson(frame, notes)
    if form == "gpkg":
        return to_geopackage(frame, notes)
    raise SchemaError(
        _("there is no format {form!r}").format(form=form),
        _("use one of {choices}").format(choices=", ".join(FORMATS)),
    )


def to_csv(table: pd.DataFrame, notes: Notes) -> bytes:
    """Write a table as CSV (UTF-8 with a mark, so that spreadsheets read accents); sources are a column.

    Examples
    --------
    >>> text = to_csv(pd.DataFrame({"name": ["=1+1"]}), Notes("T", ("S",))).decode("utf-8-sig")
    >>> text.splitlines()
    ['name,sources', "'=1+1,S"]
    """
    safe = plain_cells(table).assign(sources="; ".join(notes.sources))
    if notes.invented:
        safe = safe.assign(warning=notes.warning)
    text: str = safe.to_csv(index=False, lineterminator="\r\n")
    return text.encode("utf-8-sig")


def to_archive(table: pd.DataFrame, notes: Notes) -> bytes:
    """Write a zip of the table (``data.csv``), what its columns are (``columns.csv``) and ``README.txt``.

    Examples
    --------
    >>> columns = ({"column": "name", "description": "Name", "unit": "text"},)
    >>> content = to_archive(pd.DataFrame({"name": ["Oasis"]}), Notes("T", ("S",), columns=columns))
    >>> [name in content for name in (b"README.txt", b"data.csv", b"columns.csv")]
    [True, True, True]
    """
    ours = [row for row in notes.columns if row["column"] in table]
    dictionary = plain_cells(pd.DataFrame(ours)).to_csv(index=False, lineterminator="\r\n")
    return to_zip(
        {
            "README.txt": "\r\n".join(_readme(notes)).encode("utf-8-sig"),
            "data.csv": to_csv(table, notes),
            "columns.csv": dictionary.encode("utf-8-sig"),
        }
    )


def _readme(notes: Notes) -> list[str]:
    return [
        notes.title,
        *([notes.warning] if notes.invented else []),
        "",
        _("data.csv holds the table; columns.csv says what each of its columns is, and its unit."),
        _("A value that is not known is empty, never 0."),
        "",
        _("Sources:"),
        *notes.sources,
        "",
    ]


def plain_cells(table: pd.DataFrame) -> pd.DataFrame:
    """Put an apostrophe before text that a spreadsheet would run as a formula, as OWASP advises for CSV.

    Examples
    --------
    >>> plain_cells(pd.DataFrame({"=title": ["@SUM(1)"], "n": [-1]})).to_dict("list")
    {"'=title": ["'@SUM(1)"], 'n': [-1]}
    """
    safe: pd.DataFrame = table.apply(lambda column: column.map(_neutral) if _is_text(column) else column)
    return safe.rename(columns=_neutral)


def to_geojson(frame: gpd.GeoDataFrame, notes: Notes) -> bytes:
    """Write GeoJSON (RFC 7946); the notes stand beside the features."""
    dates = frame.select_dtypes("datetime").columns
    dated = frame.assign(**{name: frame[name].dt.strftime("%Y-%m-%d") for name in dates})
    collection = json.loads(dated.to_json(drop_id=True))
    collection.pop("crs", None)
    return json.dumps({**collection, "notes": notes.to_record()}, ensure_ascii=False).encode()


def to_geopackage(frame: gpd.GeoDataFrame, notes: Notes) -> bytes:
    """Write a GeoPackage: the layer ``data``, tables ``sources`` and, with a dictionary, ``columns``."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.gpkg"
        pyogrio.write_dataframe(frame, path, layer="data", layer_metadata=_flat(notes))
        lines = [*notes.sources, *([notes.warning] if notes.invented else [])]
        pyogrio.write_dataframe(pd.DataFrame({"source": lines}), path, layer="sources", append=True)
        if notes.columns:
            pyogrio.write_dataframe(pd.DataFrame(notes.columns), path, layer="columns", append=True)
        return path.read_bytes()


def file_name(region: str, dataset: str, form: Format, *, invented: bool, dictionary: bool = False) -> str:
    """Name a download; a CSV with a dictionary of its columns is an archive.

    Examples
    --------
    >>> file_name("demo", "tracts_2010", "gpkg", invented=True)
    'demo-tracts_2010-invented.gpkg'
    >>> file_name("coachella", "tracts_2010", "csv", invented=False, dictionary=True)
    'coachella-tracts_2010-csv.zip'
    """
    ending = "-csv.zip" if form == "csv" and dictionary else f".{form}"
    return f"{region}-{dataset}{'-invented' if invented else ''}{ending}"


def _flat(notes: Notes) -> dict[str, str]:
    return {"title": notes.title, "sources": "; ".join(notes.sources), "warning": notes.warning}


def _is_text(column: pd.Series[Any]) -> bool:
    return bool(pd.api.types.is_string_dtype(column) or column.dtype == object)


def _neutral(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(FORMULA_SIGNS):
        return f"'{value}"
    return value
