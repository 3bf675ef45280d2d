"""Every publisher of the catalog on loopback, behaving as the real ones do, with real or invented files.

Each host has a server of its own, so that one that refuses does not speak for the others; the catalog is
written with the addresses turned to them (``GEO_CATALOG``). What a publisher lacks is not there. To see how a
fetch fares where one misbehaves, ``spoil`` a source with an act of ``tests.unit.sources.loopback``.
"""

from __future__ import annotations

import json
import re
import threading
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import tomli_w

from geo.settings import CATALOG
from geo.sources.catalog import Source, read_catalog
from geo.sources.ckan import look_up_address
from geo.sources.mirror import open_folder, read_entry
from geo.sources.publishers import Way, way_of
from geo.sources.raw import RawStore
from tests.unit.sources.ftp_loopback import FtpServer, serving_files
from tests.unit.sources.loopback import Act, Handler, Server, plain, sha, well

GOOD = "g00d"
CHANGED = "2026-11-24"
JSON = "application/json;charset=utf-8"
# Agents that the firewall before www2.census.gov turns away.
LIBRARIES = ("python-requests", "Python-urllib", "curl")
KEY_PAGES = {
    fault: b"<!DOCTYPE html>\n<html>\n<head><title>%s</title></head><body>A valid <em>key</em> must be "
    b"included with each data API request.</body></html>" % f"{fault.title()} Key".encode()
    for fault in ("missing", "invalid")
}
PLACE = "place"
PLACES = ("state", "county", "place", "tract", "block group", "block")
IN_COUNTY = re.compile(r"(\w+) IN \(([^)]*)\)")

Holdings = Mapping[str, Mapping[str, Path]]
"""A source's files by the county (a five-digit GEOID) that each is of, or by the empty name."""


def holdings_of_mirror(folder: Path) -> Holdings:
    """What the publishers of the real files have; a stand-in is none of theirs."""
    mirror = open_folder(folder)
    entries = {key: read_entry(mirror, source) for key, source in read_catalog().items()}
    return {
        key: {file.county: folder / file.name for file in entry.files}
        for key, entry in entries.items()
        if entry is not None and entry.fidelity != "stand-in"
    }


def holdings_of_store(store: RawStore) -> Holdings:
    """What publishers of the files in a store have, as of the invented region."""
    return {key: {file.county: file.path for file in store.require_files(key)} for key in store.sources()}


def etag_of(body: bytes) -> str:
    """The ETag under which a publisher gives a file."""
    return f'"{sha(body)[:12]}"'


def query_of(handler: Handler) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(handler.path).query).items()}


@dataclass
class Layer:
    """A layer of an ArcGIS service that gives ``most`` rows at a time, some of them by a column's names."""

    features: Sequence[dict[str, Any]]
    most: int = 1000
    counts: bool = True
    says_more: bool = True
    ignores_offset: bool = False
    loses: int = 0
    error_on_page: int = 0
    asked: list[dict[str, str]] = field(default_factory=list)

    def __call__(self, handler: Handler, times: int) -> None:
        query = query_of(handler)
        self.asked.append(query)
        handler.answer(json.dumps(self.reply(query)).encode(), Content_Type=JSON)

    @property
    def pages(self) -> list[dict[str, str]]:
        """The requests for a page."""
        return [asked for asked in self.asked if "resultOffset" in asked]

    def reply(self, query: dict[str, str]) -> object:
        rows = self.where(query["where"])
        if query.get("returnCountOnly"):
            return {"count": len(rows)} if self.counts else {"features": []}
        if query["f"] == "json":
            return {"objectIdFieldName": "OBJECTID", "features": []}
        if self.error_on_page and len(self.pages) >= self.error_on_page:
            return {"error": {"code": 500, "message": "Unable to complete operation.", "details": []}}
        start = 0 if self.ignores_offset else int(query["resultOffset"])
        stop = min(start + min(int(query["resultRecordCount"]), self.most), len(rows))
        more = {"exceededTransferLimit": True} if self.says_more and stop < len(rows) else {}
        given = rows[start : stop - (self.loses if stop == len(rows) else 0)]
        return {"type": "FeatureCollection", "features": given, **more}

    def where(self, where: str) -> list[dict[str, Any]]:
        """The rows that a condition lets through."""
        named = IN_COUNTY.search(where)
        if named is None:
            return list(self.features)
        names = {name.strip("' ") for name in named[2].split(",")}
        return [row for row in self.features if row["properties"][named[1]] in names]


def read_features(path: Path) -> list[dict[str, Any]]:
    """A layer's rows, each under the number that the service knows it by."""
    rows = json.loads(path.read_text(encoding="utf-8"))["features"]
    return [
        {**row, "id": number, "properties": {**row["properties"], "OBJECTID": number}}
        for number, row in enumerate(rows, start=1)
    ]


@dataclass
class Bureau:
    """Tables of api.census.gov, by county or whole, or of places; who has no good key is sent to a page."""

    tables: dict[str, list[list[str]]]

    def __call__(self, handler: Handler, times: int) -> None:
        query = query_of(handler)
        if query.get("key") != GOOD:
            fault = "invalid" if "key" in query else "missing"
            page = f"/data/{fault}_key.html"
            handler.answer(b"", status=302, Location=page, X_DataWebAPI_KeyError=f"{fault} key")
            return
        names = query.get("get", "").split(",")
        if "get" not in query:
            handler.answer(b'{"dataset":[{"title":"Decennial Census"}]}', Content_Type=JSON)
        elif query.get("for") == "us:1":
            handler.answer(b'[["NAME","us"],\n["United States","1"]]', Content_Type=JSON)
        else:
            inside = dict(part.split(":") for part in query["in"].split())
            county = f"{inside['state']}{inside['county']}" if "county" in inside else ""
            of_places = query["for"] == "place:*"
            self.answer_table(handler, names, PLACE if of_places else county)

    def answer_table(self, handler: Handler, names: list[str], area: str) -> None:
        table = self.tables.get(area, None if area == PLACE else self.tables.get(""))
        if table is None:
            handler.answer(b"", status=204)
            return
        head, *rows = table
        if unknown := [name for name in names if name not in head]:
            words = f"error: error: unknown variable '{unknown[0]}'".encode()
            handler.answer(words, status=400, Content_Type="text/plain;charset=utf-8")
            return
        columns = [head.index(name) for name in (*names, *(place for place in PLACES if place in head))]
        asked = [[row[column] for column in columns] for row in (head, *rows)]
        handler.answer(json.dumps(asked).encode(), Content_Type=JSON)


class Publisher:
    """The hosts of all publishers; ``files`` are what they have."""

    def __init__(self, files: Holdings, ftp: FtpServer, stack: ExitStack) -> None:
        self.files = files
        self.ftp = ftp
        self.catalog = read_catalog(CATALOG)
        self.hosts: dict[str, Server] = {}
        self.places: dict[tuple[str, str], str] = {}
        self._stack = stack
        pages: dict[str, list[Source]] = defaultdict(list)
        for source in self.catalog.values():
            held = files.get(source.key, {})
            way = way_of(source, GOOD)
            if way in ("page", "none"):
                pages[source.address].append(source)
            self._place_all(source, way, held)
        for address, sources in pages.items():
            self._open_page(address, sources)
        for fault, page in KEY_PAGES.items():
            self.host("api.census.gov").acts[f"/data/{fault}_key.html"] = plain(
                page, Content_Type="text/html"
            )
        self.host("www2.census.gov").refused_agents = LIBRARIES
        self._well = {name: dict(server.acts) for name, server in self.hosts.items()}
        self._well_by_ftp = dict(ftp.files)

    def host(self, name: str) -> Server:
        """The server that stands for a host, started when it is first asked for."""
        if name not in self.hosts:
            self.hosts[name] = self._stack.enter_context(running())
        return self.hosts[name]

    def turn(self, address: str) -> str:
        """An address, its host turned to loopback."""
        scheme, _, rest = address.partition("://")
        name, _, path = rest.partition("/")
        base = self.ftp.address if scheme == "ftp" else self.host(name).address
        return f"{base}/{path}"

    def as_published(self, text: str) -> str:
        """A text with the publishers' own hosts in place of loopback."""
        for name, server in self.hosts.items():
            text = text.replace(server.address, f"https://{name}").replace(server.netloc, name)
        return text.replace(self.ftp.address, "ftp://ftp2.census.gov")

    def write_catalog(self, path: Path) -> Path:
        """Write the catalog with every address turned to loopback."""
        entries = tomllib.loads(CATALOG.read_text(encoding="utf-8"))
        for entry in entries.values():
            for declared in (entry, *entry.get("vintages", {}).values()):
                self._turn_addresses(declared)
        path.write_text(tomli_w.dumps(entries), encoding="utf-8")
        return path

    def _turn_addresses(self, declared: dict[str, Any]) -> None:
        """Turn the addresses that an entry, or a vintage of it, has of its own."""
        if "address" in declared:
            declared["address"] = self.turn(declared["address"])
        for name in ("other_addresses", "tables"):
            if name in declared:
                declared[name] = [self.turn(address) for address in declared[name]]

    def place(self, key: str, address: str, act: Act) -> None:
        """Let a source's address play an act."""
        parts = urlsplit(address)
        self.host(parts.netloc).acts[parts.path] = act
        self.places[parts.netloc, parts.path] = key

    def _place_all(self, source: Source, way: Way, held: Mapping[str, Path]) -> None:
        if way == "file":
            for county, path in held.items():
                self._place_file(source.key, source.address_for(county), path)
                for other in source.other_addresses:
                    where = source.address_for(county).partition("www2.census.gov")[2] or urlsplit(other).path
                    self.ftp.files[where] = path.read_bytes()
        elif way in ("rows", "acs"):
            self._place_tables(source, held)
        elif way == "layer" and held:
            rows = [row for path in held.values() for row in read_features(path)]
            for address in source.addresses_for(None):
                self.place(source.key, address, Layer(rows))
        elif way == "resource" and held:
            self._place_resource(source, held)

    def _place_tables(self, source: Source, held: Mapping[str, Path]) -> None:
        """Place tables of the Census Bureau; tracts and places of a year stand at one address, of tracts."""
        of_places = "for=place" in source.address
        tables = {
            PLACE if of_places else county: json.loads(path.read_text(encoding="utf-8"))
            for county, path in held.items()
        }
        parts = urlsplit(source.address)
        there = self.host(parts.netloc).acts.get(parts.path)
        if isinstance(there, Bureau):
            there.tables.update(tables)
        else:
            self.place(source.key, source.address, Bureau(tables))

    def _place_file(self, key: str, address: str, path: Path) -> None:
        body = path.read_bytes()
        self.place(key, address, well(body, etag=etag_of(body)))

    def _place_resource(self, source: Source, held: Mapping[str, Path], name: str = "of-today.csv") -> None:
        """Place a file of a CKAN catalog under a ``name`` of the moment, found by the id that stays."""
        address = f"{source.address}/resource/{source.resource}/download/{name}"
        for path in held.values():
            self._place_file(source.key, address, path)
        look_up = look_up_address(source.address, source.resource)
        parts = urlsplit(look_up)
        others = self.host(parts.netloc).acts.get(parts.path, plain(b"", status=404))
        self.place(source.key, look_up, shows(source.resource, self.turn(address), others))

    def _open_page(self, address: str, sources: Sequence[Source]) -> None:
        """Open a page for people, with a link to each file that it has."""
        links = []
        for source in sources:
            for path in self.files.get(source.key, {}).values():
                where = urlsplit(address)._replace(path=f"/downloads/{source.file}", query="").geturl()
                self._place_file(source.key, where, path)
                links.append(f'<a href="/downloads/{source.file}">{source.title}</a>')
        parts = urlsplit(address)
        page = f"<!DOCTYPE html><html><body>{' '.join(links)}</body></html>".encode()
        self.host(parts.netloc).acts.setdefault(parts.path or "/", plain(page, Content_Type="text/html"))

    def spoil(self, key: str, act: Act, *, by_ftp: bool = False) -> None:
        """Let a source's own addresses play an act in place of what it has; by ftp it is away then too."""
        for (name, path), owner in self.places.items():
            if owner == key:
                self.hosts[name].acts[path] = act
                if by_ftp:
                    self.ftp.files.pop(path, None)

    def rename(self, key: str, name: str) -> None:
        """Give a resource's file another name; the old one is gone."""
        self.spoil(key, plain(b"", status=404))
        self._place_resource(self.catalog[key], self.files[key], name)

    def mend(self) -> None:
        """Let every publisher behave again, and forget what was asked."""
        for name, server in self.hosts.items():
            server.acts = dict(self._well.get(name, {}))
        self.ftp.files = dict(self._well_by_ftp)
        self.forget()

    def forget(self) -> None:
        """Forget what was asked."""
        for server in self.hosts.values():
            server.asked.clear()
            server.times.clear()
        self.ftp.asked.clear()

    @property
    def asked(self) -> Counter[str]:
        """How often each source was asked for, at its own address."""
        paths = [(name, urlsplit(path).path) for name, host in self.hosts.items() for path, _ in host.asked]
        return Counter(self.places[place] for place in paths if place in self.places)

    def acts(self, key: str) -> list[Act]:
        """What a source's own addresses play."""
        mine = [place for place, owner in self.places.items() if owner == key]
        return [self.hosts[name].acts[path] for name, path in mine]

    def ranges(self, key: str) -> list[str | None]:
        """The Range header of every request for a source at its own address."""
        mine = [place for place, owner in self.places.items() if owner == key]
        return [asked for name, path in mine for asked in self.hosts[name].ranges(path)]

    @property
    def taken_by_ftp(self) -> list[str]:
        """The paths of the files that were taken by ftp."""
        return [path for word, path in self.ftp.asked if word == "RETR"]


def shows(resource: str, address: str, others: Act) -> Act:
    """An act that shows where a resource's file is; of any other id ``others`` tells."""
    usual = plain(shown(resource, address), Content_Type=JSON)
    return lambda handler, times: (usual if query_of(handler).get("id") == resource else others)(
        handler, times
    )


def shown(resource: str, address: str) -> bytes:
    """An answer of CKAN's resource_show, as data.ca.gov lays it out."""
    result = {
        "cache_last_updated": None, "created": "2023-04-04T17:33:26.184317", "datastore_active": True,
        "format": "CSV", "id": resource, "last_modified": f"{CHANGED}T16:02:11.905422",
        "mimetype": "text/csv",
        "name": "SAFER Combined Risk Assessment", "package_id": "ef20c688-98b6-4243-81b1-0aa42e940433",
        "resource_type": None, "state": "active", "url": address,
    }  # fmt: skip
    answer = {"help": "https://data.ca.gov/api/3/action/help_show?name=resource_show", "success": True}
    return json.dumps({**answer, "result": result}).encode()


@contextmanager
def running() -> Iterator[Server]:
    """Run a server in a thread of its own."""
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.idle.set()
        server.shutdown()
        thread.join()


@contextmanager
def publishing(files: Holdings) -> Iterator[Publisher]:
    """Run all publishers."""
    with ExitStack() as stack:
        yield Publisher(files, stack.enter_context(serving_files()), stack)
