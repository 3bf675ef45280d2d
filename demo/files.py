"""Files in the publishers' formats, with the same bytes each time."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from geo.sources.catalog import SEPARATORS, Source

# Dates that formats put into their heads: fixed, so that nothing but the content changes a file.
STAMP = (2020, 4, 1, 0, 0, 0)
DBF_DATE = "2020-04-01"
XML_TIME = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def write_zip(path: Path, members: Mapping[str, bytes]) -> None:
    """Pack files under fixed times."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            entry = zipfile.ZipInfo(name, STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)


def write_shapefile(path: Path, frame: gpd.GeoDataFrame, inside: str = "") -> None:
    """Write a zipped shapefile; the CRS is the frame's.

    ``inside`` is the name without suffix that its parts have in the zip, folders included; that of the zip
    where it is empty.
    """
    folder = path.parent / f".{path.stem}"
    folder.mkdir(parents=True, exist_ok=True)
    within, _slash, stem = inside.rpartition("/")
    frame.to_file(
        folder / f"{stem or path.stem}.shp",
        driver="ESRI Shapefile",
        engine="pyogrio",
        encoding="UTF-8",
        DBF_DATE_LAST_UPDATE=DBF_DATE,
    )
    members = {f"{within}/{part.name}" if within else part.name: part for part in sorted(folder.iterdir())}
    heads = {f"{within}/": b""} if within else {}
    write_zip(path, {**heads, **{name: part.read_bytes() for name, part in members.items()}})
    for part in folder.iterdir():
        part.unlink()
    folder.rmdir()


def write_csv(
    path: Path, frame: pd.DataFrame, *, bom: bool = False, separator: str = ",", encoding: str = "utf-8"
) -> None:
    """Write a table as text; missing values are blank."""
    text = frame.to_csv(index=False, lineterminator="\n", sep=separator)
    path.write_text(text, encoding="utf-8-sig" if bom else encoding)


def write_table_in_zip(path: Path, frame: pd.DataFrame, source: Source) -> None:
    """Write a table as the member of an archive that the source's layout names."""
    layout = source.layout
    text = frame.to_csv(index=False, lineterminator="\n", sep=SEPARATORS[layout.format])
    write_zip(path, {layout.member: text.encode()})


def write_api(path: Path, frame: pd.DataFrame) -> None:
    """Write rows as the Census Bureau's API answers: a header, then rows, all of it text or null."""
    rows = [[None if pd.isna(value) else str(value) for value in row] for row in frame.to_numpy(dtype=object)]
    lines = [json.dumps(row, separators=(",", ":")) for row in [list(frame.columns), *rows]]
    path.write_text("[" + ",\n".join(lines) + "]\n", encoding="utf-8")


def write_geojson(path: Path, frame: gpd.GeoDataFrame, name: str) -> None:
    """Write features in EPSG:4326 (CRS84), coordinates to a ten-millionth of a degree."""
    plain = frame.to_crs("EPSG:4326")
    geometry = _geometries(plain)
    table = pd.DataFrame(plain.drop(columns="geometry"))
    features = [
        {"type": "Feature", "properties": _plain(row), "geometry": shape}
        for row, shape in zip(table.to_dict("records"), geometry, strict=True)
    ]
    head = {
        "type": "FeatureCollection",
        "name": name,
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}},
    }
    path.write_text(json.dumps({**head, "features": features}), encoding="utf-8")


def _geometries(frame: gpd.GeoDataFrame) -> Iterable[Any]:
    return (_rounded(shape.__geo_interface__) if shape is not None else None for shape in frame.geometry)


def _rounded(shape: Any) -> Any:
    if isinstance(shape, float):
        return round(shape, 7)
    if isinstance(shape, Mapping):
        return {key: _rounded(value) for key, value in shape.items()}
    return (
        [_rounded(part) for part in shape]
        if isinstance(shape, Sequence) and not isinstance(shape, str)
        else shape
    )


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    values = {str(key): value.item() if hasattr(value, "item") else value for key, value in row.items()}
    return {key: None if pd.isna(value) else value for key, value in values.items()}


def write_xlsx(path: Path, title: str, frame: pd.DataFrame) -> None:
    """Write one sheet; the times in the workbook are fixed."""
    buffer = io.BytesIO()
    frame.to_excel(buffer, sheet_name=title, index=False, engine="openpyxl")
    with zipfile.ZipFile(buffer) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    fixed = datetime(*STAMP, tzinfo=UTC).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    members["docProps/core.xml"] = XML_TIME.sub(fixed, members["docProps/core.xml"])
    write_zip(path, members)


def write_parquet(path: Path, frame: pd.DataFrame) -> None:
    """Write a table as Parquet."""
    frame.to_parquet(path, index=False, compression="zstd")
