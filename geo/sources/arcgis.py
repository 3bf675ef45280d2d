"""A layer of an ArcGIS service, page by page, into one GeoJSON file.

Follows the ``query`` operation of the ArcGIS REST API (https://developers.arcgis.com/rest/services-reference/):
pages by ``resultOffset`` and ``resultRecordCount``, ordered by the object identifier, until as many rows
are here as the service counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from geo.errors import FetchError, SchemaError, first_ids
from geo.sources.checks import is_one_page, read_json
from geo.sources.download import Downloader

PAGE_ROWS = 2000
MOST_PAGES = 10_000
EVERY_ROW = {"where": "1=1", "outFields": "*"}
LATER = "try again later"


def fetch_layer(downloader: Downloader, address: str, target: Path, page_rows: int = PAGE_ROWS) -> None:
    """Bring every row of a layer to one GeoJSON file in EPSG:4326.

    Parameters
    ----------
    downloader
        What brings the pages.
    address
        The layer's ``query`` address; a ``where`` in it restricts the rows, as to a county.
    target
        The file to be written; the pages are kept beside it until it is whole.
    page_rows
        How many rows to ask for at a time; a service may give fewer.

    Raises
    ------
    FetchError
        The service answers with an error, repeats rows, or gives fewer than it counts.
    SchemaError
        The layer is empty.
    """
    layer = _Layer(downloader, address, target.parent / f".pages-{target.name}")
    total = layer.count()
    features = _gather(layer, total, page_rows)
    _check_whole(address, features, total)
    content = {"type": "FeatureCollection", "features": features}
    target.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def to_address(address: str, values: Mapping[str, str]) -> str:
    """Add parameters to an address; those that it has already stay as they are.

    Examples
    --------
    >>> to_address("https://example.org/0/query?where=COUNTY='IMPERIAL'", {"where": "1=1", "f": "json"})
    "https://example.org/0/query?where=COUNTY='IMPERIAL'&f=json"
    """
    parts = urlsplit(address)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    query.update({name: value for name, value in values.items() if name not in query})
    return urlunsplit(parts._replace(query=urlencode(query, safe="*=',:")))


class _Layer:
    """One layer of a service."""

    def __init__(self, downloader: Downloader, address: str, folder: Path) -> None:
        self.downloader = downloader
        self.address = address
        self.folder = folder

    def _ask(self, name: str, values: Mapping[str, str]) -> Any:
        path = self.folder / f"{name}.json"
        self.downloader.download(to_address(self.address, values), path)
        content = read_json(path)
        path.unlink()
        if not isinstance(content, dict):
            raise FetchError(f"{self.address} answers with no layer", LATER)
        return content

    def count(self) -> int | None:
        """How many rows the service counts; None where it does not count."""
        answer = self._ask("count", {**EVERY_ROW, "returnCountOnly": "true", "f": "json"})
        count = answer.get("count")
        return count if isinstance(count, int) else None

    def identifier(self) -> str:
        """Name of the column that identifies a row; empty where the service has none."""
        answer = self._ask("first", {**EVERY_ROW, "resultRecordCount": "1", "f": "json"})
        return str(answer.get("objectIdFieldName") or "")

    def pages(self, total: int | None, order: str, page_rows: int) -> Iterator[list[dict[str, Any]]]:
        """Give the rows page by page, ordered so that pages neither overlap nor leave gaps."""
        fixed = {**EVERY_ROW, "outSR": "4326", "f": "geojson", **({"orderByFields": order} if order else {})}
        had = 0
        for page in range(MOST_PAGES):
            window = {"resultOffset": str(had), "resultRecordCount": str(page_rows)}
            answer = self._ask(f"page-{page}", {**fixed, **window})
            features = answer.get("features")
            if not isinstance(features, list):
                raise FetchError(f"page {page + 1} of {self.address} has no features", LATER)
            yield features
            had += len(features)
            more = is_one_page(answer) or (had < total if total is not None else len(features) >= page_rows)
            if not features or not more:
                return
        raise FetchError(f"{self.address} has no end", "restrict it by a where in its address")


def _gather(layer: _Layer, total: int | None, page_rows: int) -> list[dict[str, Any]]:
    """Gather the pages, and refuse a row that comes again (a service that ignores the offset)."""
    column = layer.identifier()
    rows: list[dict[str, Any]] = []
    seen: set[object] = set()
    for page in layer.pages(total, column, page_rows):
        ids = [feature.get("id", (feature.get("properties") or {}).get(column)) for feature in page]
        known = [name for name in ids if name is not None]
        again = [name for name in known if name in seen]
        if again or len(set(known)) < len(known):
            raise FetchError(f"{layer.address} gives the same rows again: {first_ids(again)}", LATER)
        seen.update(known)
        rows.extend(page)
    return rows


def _check_whole(address: str, rows: Sequence[object], total: int | None) -> None:
    if not rows:
        raise SchemaError(f"the layer at {address} is empty", "see its address")
    if total is not None and len(rows) != total:
        raise FetchError(f"{address} gave {len(rows):,} of the {total:,} rows that it counts", LATER)
