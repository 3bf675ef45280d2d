"""Sources from their publishers, each in its own way; and whether their addresses answer."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Literal
from urllib.parse import urlsplit

import requests

from geo.errors import FetchError
from geo.language import gettext as _
from geo.settings import patience
from geo.sources.catalog import Source
from geo.sources.census_key import INVALID, KEY_VARIABLE, key_fault, key_needed, with_key
from geo.sources.county_names import where_in_county
from geo.sources.download import Downloader
from geo.sources.http_status import LOOPBACK, public_address, request_headers
from geo.sources.origins import Item, Offer
from geo.sources.raw import RawFile, Receipt, describe_file, now

Way = Literal["file", "rows", "acs", "tables", "layer", "resource", "page", "none"]


def way_of(source: Source, key: str = "") -> Way:
    """Tell how a source is had, with or without the Census Bureau's key.

    ``file`` by one download, ``rows`` from the Census Bureau's API by one request, ``acs`` from it through
    tables of variables, ``tables`` without a key out of the nation's files of them, ``layer`` from an ArcGIS
    service page by page, ``resource`` by its id in a CKAN catalog, ``page`` by a person, ``none`` where the
    address gives something else.

    Examples
    --------
    >>> from geo.sources.catalog import read_catalog
    >>> catalog = read_catalog()
    >>> [way_of(catalog[key]) for key in ("tracts_2020", "acs_5year", "water_system_boundaries")]
    ['file', 'tables', 'layer']
    >>> way_of(catalog["acs_5year"], "key")
    'acs'
    """
    if source.resource:
        return "resource"
    if source.access != "api":
        return source.access
    if source.layout.format == "geojson":
        return "layer"
    if source.layout.format == "census_api":
        if source.tables and not key:
            return "tables"
        asked = source.address.partition("?")[2]
        return "acs" if not asked or asked.startswith("for=") else "rows"
    return "none"


def require_way(source: Source, key: str) -> Way:
    """Tell how a source is had from here.

    Raises
    ------
    FetchError
        Only a person can have it.
    KeyNeededError
        It needs a key of the Census Bureau, and there is none.
    """
    way = way_of(source, key)
    if way == "page":
        raise FetchError("a person has to download it", _by_hand(source))
    if way == "none":
        raise FetchError(
            f"its address gives something else ({source.note})",
            f"find {source.file}, then run python -m geo add {source.key} FILE",
        )
    if source.needs_key and not key and way != "tables":
        raise key_needed()
    return way


def _by_hand(source: Source) -> str:
    return _("open {address}, find {file}, then run python -m geo add {source} FILE").format(
        address=source.address, file=source.find or source.file, source=source.key
    )


@dataclass(frozen=True, slots=True)
class OfficialOrigin:
    """Sources from their publishers; ``key`` is the Census Bureau's, or empty."""

    downloader: Downloader
    key: str = ""

    def offer(self, source: Source, counties: Sequence[str]) -> Offer:
        """Say what can be had of a source for these counties (five-digit GEOIDs).

        Raises
        ------
        FetchError
            Only a person can have it.
        KeyNeededError
            It needs a key of the Census Bureau, and there is none.
        """
        way = require_way(source, self.key)
        if way == "resource":
            bring = partial(self._bring_resource, source)
            return Offer(declared_receipt(source, "original"), (Item("", "", bring),))
        fidelity = "relaid" if way in ("acs", "tables", "layer") else "original"
        places = counties if source.by_county else ("",)
        if way == "tables":
            items = tuple(
                Item(place, "", partial(self._bring_tables, source, counties, place)) for place in places
            )
            return Offer(declared_receipt(source, fidelity), items)
        items = tuple(Item(county, "", partial(self._bring, source, way, county)) for county in places)
        return Offer(declared_receipt(source, fidelity), items)

    def _bring_resource(self, source: Source, folder: Path) -> RawFile:
        """Bring a file by its id in a catalog, with the day of its last change."""
        from geo.sources.ckan import find_resource

        try:
            found = find_resource(self.downloader, source.address, source.resource)
        except FetchError as error:
            raise FetchError(error.fault, _by_hand(source)) from error
        target = folder / "all" / source.file_for(None)
        self.downloader.download(found.address, target)
        return replace(describe_file(target, address=found.address), changed=found.changed)

    def _bring(self, source: Source, way: Way, county: str, folder: Path) -> RawFile:
        target = folder / (county or "all") / source.file_for(county or None)
        target.parent.mkdir(parents=True, exist_ok=True)
        address = self._bring_from_any(source, way, county, target)
        return describe_file(target, county=county, address=address)

    def _bring_tables(self, source: Source, counties: Sequence[str], county: str, folder: Path) -> RawFile:
        from geo.sources.census_api import write_from_tables

        def bring(addresses: Sequence[str], target: Path) -> str:
            return _first_of(addresses, lambda address: self._file(source, address, county, target))

        target = folder / county / source.file_for(county)
        target.parent.mkdir(parents=True, exist_ok=True)
        address = write_from_tables(bring, source, counties, county, self.downloader.folder, target)
        return describe_file(target, county=county, address=address)

    def _bring_from_any(self, source: Source, way: Way, county: str, target: Path) -> str:
        """Bring a file from the first of its addresses that gives it, and return that address."""
        bring = self._ways()[way]
        addresses = source.addresses_for(county or None)
        return _first_of(addresses, lambda address: bring(source, address, county, target))

    def _ways(self) -> dict[Way, Callable[[Source, str, str, Path], str]]:
        """Bring each kind of source from an address, and return the address that was asked."""
        return {"file": self._file, "rows": self._rows, "acs": self._acs, "layer": self._layer}

    def _file(self, source: Source, address: str, county: str, target: Path) -> str:
        if urlsplit(address).scheme == "ftp":
            from geo.sources.ftp import fetch_by_ftp

            fetch_by_ftp(address, target, self.downloader.manners, self.downloader.sleep)
        else:
            self.downloader.download(address, target)
        return address

    def _rows(self, source: Source, address: str, county: str, target: Path) -> str:
        self.downloader.download(with_key(address, self.key), target)
        return address

    def _acs(self, source: Source, address: str, county: str, target: Path) -> str:
        from geo.sources.census_api import fetch_acs_table

        fetch_acs_table(self.downloader, source, county, self.key, target)
        return address

    def _layer(self, source: Source, address: str, county: str, target: Path) -> str:
        """Bring a layer, of one county where it has a column that names it."""
        from geo.sources.arcgis import fetch_layer, restrict

        if source.county_column and county:
            address = restrict(address, where_in_county(source.county_column, county))
        fetch_layer(self.downloader, address, target)
        return address


def _first_of(addresses: Sequence[str], bring: Callable[[str], str]) -> str:
    """Bring from the first address that gives it; else tell how each failed."""
    faults: list[FetchError] = []
    for address in addresses:
        try:
            return bring(address)
        except FetchError as error:
            if len(addresses) == 1:
                raise
            faults.append(error)
    raise FetchError("; ".join(error.fault for error in faults), faults[0].remedy)


def declared_receipt(source: Source, fidelity: str) -> Receipt:
    """Make a receipt, without files, of what the catalog says of a source.

    Examples
    --------
    >>> from geo.sources.catalog import read_catalog
    >>> declared_receipt(read_catalog()["roads"], "original").fidelity
    'original'
    """
    return Receipt(
        source=source.key,
        title=source.title,
        publisher=source.publisher,
        vintage=source.vintage,
        license=source.license,
        fidelity=fidelity,
        fetched_at=now(),
        files=(),
        note=source.note,
        address_seen=True,
    )


KNOCK_S, LEAST_KNOCK_S, MOST_HOSTS = 8.0, 2.0, 6
PORTS = {"http": 80, "https": 443, "ftp": 21}


def require_addresses(sources: Iterable[Source], county: str) -> list[str]:
    """List the addresses of sources that a program can bring, those of a page that a person opens left out.

    Examples
    --------
    >>> from geo.sources.catalog import read_catalog
    >>> require_addresses([read_catalog()["tracts_2020"]], "06065")[0].startswith("https://www2.census.gov/")
    True
    """
    ours = (source for source in sources if way_of(source) not in ("page", "none"))
    return [address for source in ours for address in (*source.addresses_for(county), *source.tables)]


def find_unreachable(addresses: Iterable[str]) -> list[str]:
    """Knock at the first hosts of addresses, all at once; return them where none opens, else nothing.

    It takes no longer than :data:`KNOCK_S` (times ``GEO_PATIENCE``), whatever the network does with what it
    cannot bring: refuse it, drop it, or not know the name. Where a proxy stands between, that is knocked at.

    Examples
    --------
    >>> find_unreachable([])
    []
    """
    doors = list(dict.fromkeys(_door(address) for address in addresses))[:MOST_HOSTS]
    ends, answers = time.monotonic() + _knock_s(), SimpleQueue[bool]()
    for door in doors:
        # A name that nobody resolves may hold a thread for long, and must not hold the process.
        Thread(target=_knock, args=(door, answers), daemon=True).start()
    for _door_knocked in doors:
        try:
            if answers.get(timeout=max(ends - time.monotonic(), 0.0)):
                return []
        except Empty:
            break
    return [host for host, _port in doors]


def _knock_s() -> float:
    return max(KNOCK_S * patience(), LEAST_KNOCK_S)


def _door(address: str) -> tuple[str, int]:
    """Name host and port that are connected to on the way to an address: a proxy's where one is set."""
    proxy = requests.utils.select_proxy(address, requests.utils.get_environ_proxies(address))
    parts = urlsplit(proxy or address)
    return parts.hostname or "", parts.port or PORTS.get(parts.scheme, 443)


def _knock(door: tuple[str, int], answers: SimpleQueue[bool]) -> None:
    try:
        socket.create_connection(door, timeout=_knock_s()).close()
    except OSError:
        answers.put(False)
    else:
        answers.put(True)


CONNECT_S, READ_S = 10.0, 30.0
HEAD_BYTES = 2048
OF_THE_NATION = "get=NAME&for=us:1"


@dataclass(frozen=True, slots=True)
class LiveAnswer:
    """How an address answered: ``answers`` where it gave something fit for the source."""

    source: str
    address: str
    seen_before: bool
    answers: bool
    words: str


def try_addresses(sources: Iterable[Source], counties: Iterable[str], key: str = "") -> Iterator[LiveAnswer]:
    """Ask every official address, for the first of the counties where there is one for each.

    Parameters
    ----------
    sources
        Their declarations.
    counties
        Five-digit GEOIDs.
    key
        The Census Bureau's key, or empty; it is never shown.

    Examples
    --------
    >>> list(try_addresses([], ["06065"]))
    []
    """
    county = next(iter(counties), None)
    for source in sources:
        way = way_of(source, key)
        addresses = (_first_table(source),) if way == "tables" else source.addresses_for(county)
        address, answers, words = _try(source, addresses, key)
        yield LiveAnswer(
            source.key, public_address(address, key), source.address_seen, answers, public_address(words, key)
        )


def _try(source: Source, addresses: Sequence[str], key: str) -> tuple[str, bool, str]:
    """Ask the addresses in turn until one answers; else tell how each failed, with the first of them."""
    faults: list[str] = []
    for address in addresses:
        if urlsplit(address).scheme == "ftp":
            from geo.sources.ftp import look_by_ftp

            answers, words = look_by_ftp(address)
        else:
            answers, words = _ask(_lightest(source, address, key), way_of(source, key) in ("page", "none"))
        if answers:
            refused = _("{words}, where {refused}")
            return address, True, refused.format(words=words, refused="; ".join(faults)) if faults else words
        faults.append(words if len(addresses) == 1 else f"{urlsplit(address).hostname}: {words}")
    return addresses[0], False, "; ".join(faults)


def _first_table(source: Source) -> str:
    from geo.sources.census_api import tables_of

    return source.tables[0].format(table=next(iter(tables_of(source))))


def _lightest(source: Source, address: str, key: str) -> str:
    """Give the address whose answer is small and still tells whether the source stands there."""
    way = way_of(source, key)
    if way == "layer":
        from geo.sources.arcgis import to_address

        return to_address(address, {"where": "1=1", "returnCountOnly": "true", "f": "json"})
    if way == "resource":
        from geo.sources.ckan import look_up_address

        return look_up_address(address, source.resource)
    if way == "acs":
        return with_key(f"{address.partition('?')[0]}?{OF_THE_NATION}", key)
    return with_key(address, key) if way == "rows" or (source.needs_key and key) else address


def _ask(address: str, page_will_do: bool) -> tuple[bool, str]:
    try:
        with requests.Session() as session:
            session.trust_env = urlsplit(address).hostname not in LOOPBACK
            limits = CONNECT_S * patience(), READ_S * patience()
            headers = {**request_headers(), "Range": f"bytes=0-{HEAD_BYTES - 1}"}
            with session.get(address, headers=headers, stream=True, timeout=limits) as response:
                head = next(response.iter_content(HEAD_BYTES), b"")
                if fault := key_fault(response, bytes(head).decode("utf-8", "replace")):
                    return False, _words_on_key(fault)
                return _judge(response.status_code, bytes(head), page_will_do)
    except requests.RequestException as error:
        return False, f"no answer ({type(error).__name__})"


def _words_on_key(fault: str) -> str:
    """Say that a key is missing, or is not the right one.

    Examples
    --------
    >>> _words_on_key("missing")
    'it asks for a key (set CENSUS_API_KEY)'
    """
    if fault == INVALID:
        return _("it does not accept the key in {setting}").format(setting=KEY_VARIABLE)
    return _("it asks for a key (set {setting})").format(setting=KEY_VARIABLE)


def _judge(status: int, head: bytes, page_will_do: bool) -> tuple[bool, str]:
    """Judge by status and first bytes.

    Examples
    --------
    >>> _judge(200, b"<!DOCTYPE html>", page_will_do=False)
    (False, 'status 200, but a web page and no data')
    """
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if status not in (200, 206):
        return False, f"status {status}"
    if start.startswith((b"<!doctype", b"<html")) and not page_will_do:
        return False, f"status {status}, but a web page and no data"
    if start.startswith(b'{"error"'):
        return False, f"status {status}, but an error of the service"
    return True, f"status {status}"
