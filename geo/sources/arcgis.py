"""A layer of an ArcGIS service, page by page, into one GeoJSON file.

Follows the ``query`` operation of the ArcGIS REST API (https://developers.arcgis.com/rest/services-reference/):
pages by ``resultOffset`` and ``resultRecordCount``, ordered by the object identifier, until as many rows
are here as the service counts. Where a page does not come, half of it is asked for the next time: a service
is silent while it works. Errors that come and go, in JSON or as a firewall's web page under status 200, are
tried again.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from geo.errors import FetchError, PassingError, RefusedError, SchemaError, first_ids
from geo.language import gettext as _
from geo.sources.checks import is_one_page, read_json
from geo.sources.download import Downloader

PAGE_ROWS = 500
LEAST_ROWS = 10
MOST_PAGES = 10_000
EVERY_ROW = {"where": "1=1", "outFields": "*"}
TOO_OFTEN, OF_THE_SERVER = 429, 500
LATER = "try again later"
SAFE = "*=',:()"


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
        How many rows to ask for at a time, at first; a service may give fewer.

    Raises
    ------
    FetchError
        The service answers with an error, repeats rows, or gives fewer than it counts.
    SchemaError
        The layer is empty.
    """
    layer = _Layer(downloader, address, target.parent / f".pages-{target.name}", page_rows)
    total = layer.count()
    features = _gather(layer, total)
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
    return urlunsplit(parts._replace(query=urlencode(query, safe=SAFE)))


def restrict(address: str, where: str) -> str:
    """Restrict the rows of a layer's address further; without a ``where`` it stays as it is.

    Examples
    --------
    >>> restrict("https://example.org/0/query", "COUNTY='IMPERIAL'")
    "https://example.org/0/query?where=COUNTY='IMPERIAL'"
    >>> restrict("https://example.org/0/query?where=KIND=1", "COUNTY='IMPERIAL'")
    "https://example.org/0/query?where=(KIND=1)+AND+(COUNTY='IMPERIAL')"
    """
    parts = urlsplit(address)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    if where:
        query["where"] = f"({query['where']}) AND ({where})" if "where" in query else where
    return urlunsplit(parts._replace(query=urlencode(query, safe=SAFE)))


class _Layer:
    """One layer of a service."""

    def __init__(self, downloader: Downloader, address: str, folder: Path, page_rows: int) -> None:
        self.page_rows = page_rows
        self.downloader = downloader
        self.address = address
        self.folder = folder

    def _ask(self, name: str, values: Mapping[str, str], *, paged: bool = False) -> Any:
        """Ask, and again where the fault may pass; for half of a page that did not come."""
        started = time.monotonic()
        attempt = 0
        while True:
            attempt += 1
            window = {"resultRecordCount": str(self.page_rows)} if paged else {}
            try:
                return self._ask_once(name, {**values, **window})
            except RefusedError as fault:
                self.downloader.wait_after_refusal(self.address, attempt, fault)
            except PassingError as fault:
                self.downloader.give_up_or_wait(self.address, attempt, started, fault)
                if paged and not fault.busy:
                    self.page_rows = max(self.page_rows // 2, min(LEAST_ROWS, self.page_rows))

    def _ask_once(self, name: str, values: Mapping[str, str]) -> Any:
        path = self.folder / f"{name}.json"
        self.downloader.download_once(to_address(self.address, values), path)
        try:
            content = _read_answer(path, self.address)
        finally:
            path.unlink(missing_ok=True)
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

    def pages(self, total: int | None, order: str) -> Iterator[list[dict[str, Any]]]:
        """Give the rows page by page, ordered so that pages neither overlap nor leave gaps."""
        fixed = {**EVERY_ROW, "outSR": "4326", "f": "geojson", **({"orderByFields": order} if order else {})}
        had = 0
        for page in range(MOST_PAGES):
            answer = self._ask(f"page-{page}", {**fixed, "resultOffset": str(had)}, paged=True)
            features = answer.get("features")
            if not isinstance(features, list):
                raise FetchError(f"page {page + 1} of {self.address} has no features", LATER)
            yield features
            had += len(features)
            more = is_one_page(answer) or (
                had < total if total is not None else len(features) >= self.page_rows
            )
            if not features or not more:
                return
        raise FetchError(f"{self.address} has no end", "restrict it by a where in its address")


def _read_answer(path: Path, address: str) -> Any:
    """Read an answer, and tell a fault that may pass from one that stays.

    Raises
    ------
    PassingError
        A firewall's page, half an answer, or an error of the server's own.
    FetchError
        An error that stays, as a column that the layer does not have.
    """
    text = path.read_text(encoding="utf-8-sig", errors="replace").strip()
    if text.startswith("<"):
        raise PassingError(_("the service's firewall answered with a web page in place of data"))
    try:
        return read_json(path)
    except FetchError as error:
        code = _error_code(text)
        words = error.fault.replace(path.name, _("its answer"))
        if code == TOO_OFTEN or code >= OF_THE_SERVER:
            raise PassingError(words, busy=code == TOO_OFTEN) from error
        raise FetchError(
            _("{address} could not be had ({fault})").format(address=address, fault=words),
            _("open it in a browser; where the publisher has changed it, download the file and add it"),
        ) from error


def _error_code(text: str) -> int:
    """Read the code of a service's error; what is no JSON is told as an error of the server.

    Examples
    --------
    >>> _error_code('{"error": {"code": 400, "message": "Invalid URL"}}'), _error_code('{"feat')
    (400, 500)
    """
    try:
        return int(json.loads(text)["error"]["code"])
    except json.JSONDecodeError:
        return OF_THE_SERVER
    except (KeyError, TypeError, ValueError):
        return 0


def _gather(layer: _Layer, total: int | None) -> list[dict[str, Any]]:
    """Gather the pages, and refuse a row that comes again (a service that ignores the offset)."""
    column = layer.identifier()
    rows: list[dict[str, Any]] = []
    seen: set[object] = set()
    for page in layer.pages(total, column):
        ids = [feature.get("id", (feature.get("properties") or {}).get(column)) for feature in page]
        known = [name for name in ids if name is not None]
        again = [name for name in known if name in seen]
        if again or len(set(known)) < len(known):
            raise FetchError(
                f"{layer.address} gives the same rows again: {first_ids(again)}",
                _("download the layer from its page and add it"),
            )
        seen.update(known)
        rows.extend(page)
    return rows


def _check_whole(address: str, rows: Sequence[object], total: int | None) -> None:
    if not rows:
        raise SchemaError(f"the layer at {address} is empty", "see its address")
    if total is not None and len(rows) != total:
        raise FetchError(f"{address} gave {len(rows):,} of the {total:,} rows that it counts", LATER)
