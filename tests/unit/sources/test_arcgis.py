"""Layers of ArcGIS services: every row once, or a message."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from geo.errors import GeoError
from geo.sources.arcgis import fetch_layer
from geo.sources.download import Downloader
from tests.unit.sources.loopback import Handler, Server


class Service:
    """A layer of ``rows`` rows that gives ``most`` at a time."""

    def __init__(self, rows: int, most: int, *, counts: bool = True, says_more: bool = True) -> None:
        self.rows, self.most, self.counts, self.says_more = rows, most, counts, says_more
        self.asked: list[dict[str, str]] = []
        self.ignores_offset = False
        self.loses = 0
        self.error_on_page = 0

    def __call__(self, handler: Handler, times: int) -> None:
        query = {name: values[0] for name, values in parse_qs(urlsplit(handler.path).query).items()}
        self.asked.append(query)
        handler.answer(json.dumps(self.reply(query)).encode())

    def reply(self, query: dict[str, str]) -> object:
        if query.get("returnCountOnly"):
            return {"count": self.rows} if self.counts else {"features": []}
        if query["f"] == "json":
            return {"objectIdFieldName": "OBJECTID", "features": []}
        pages = sum("resultOffset" in asked for asked in self.asked)
        if self.error_on_page and pages >= self.error_on_page:
            return {"error": {"code": 500, "message": "Unable to complete operation.", "details": []}}
        start = 0 if self.ignores_offset else int(query["resultOffset"])
        stop = min(start + min(int(query["resultRecordCount"]), self.most), self.rows)
        features = [
            _feature(number) for number in range(start, stop - (self.loses if stop == self.rows else 0))
        ]
        more = {"exceededTransferLimit": True} if self.says_more and stop < self.rows else {}
        return {"type": "FeatureCollection", "features": features, **more}


def _feature(number: int) -> dict[str, object]:
    place = {"type": "Point", "coordinates": [-116.0 - number / 1000, 33.5]}
    return {"type": "Feature", "id": number, "properties": {"OBJECTID": number}, "geometry": place}


def bring(
    server: Server, service: Service, downloader: Downloader, target: Path, query: str = ""
) -> list[int]:
    server.acts["/0/query"] = service
    fetch_layer(downloader, f"{server.address}/0/query{query}", target, page_rows=50)
    return [feature["id"] for feature in json.loads(target.read_text())["features"]]


@pytest.mark.parametrize(
    "service",
    [
        Service(120, 50),
        Service(120, 7),
        Service(100, 50, says_more=False),
        Service(120, 7, counts=False),
        Service(100, 50, counts=False, says_more=False),
        Service(3, 50),
    ],
)
def test_every_row_once(server: Server, downloader: Downloader, tmp_path: Path, service: Service) -> None:
    rows = bring(server, service, downloader, tmp_path / "layer.geojson")
    assert rows == list(range(service.rows))
    pages = [asked for asked in service.asked if "resultOffset" in asked]
    assert {asked["orderByFields"] for asked in pages} == {"OBJECTID"}
    assert {(asked["outSR"], asked["f"], asked["where"]) for asked in pages} == {("4326", "geojson", "1=1")}


def test_the_where_of_the_address_holds(server: Server, downloader: Downloader, tmp_path: Path) -> None:
    service = Service(3, 50)
    bring(server, service, downloader, tmp_path / "layer.geojson", "?where=COUNTY='IMPERIAL'")
    assert {asked["where"] for asked in service.asked} == {"COUNTY='IMPERIAL'"}


def spoiled(**changes: object) -> Service:
    service = Service(120, 50)
    for name, value in changes.items():
        setattr(service, name, value)
    return service


@pytest.mark.parametrize(
    ("service", "message"),
    [
        (spoiled(ignores_offset=True), "gives the same rows again: 0, 1, 2, 3, 4 and 45 more"),
        (spoiled(loses=2), "gave 118 of the 120 rows that it counts"),
        (spoiled(error_on_page=2), "is an error of the service .500 Unable to complete operation"),
        (Service(0, 50), "is empty"),
    ],
)
def test_ends_with_a_message(
    server: Server, downloader: Downloader, tmp_path: Path, service: Service, message: str
) -> None:
    target = tmp_path / "layer.geojson"
    with pytest.raises(GeoError, match=message):
        bring(server, service, downloader, target)
    assert not target.exists()


def test_an_error_with_status_200(server: Server, downloader: Downloader, tmp_path: Path) -> None:
    answer = json.dumps({"error": {"code": 400, "message": "Invalid URL"}}).encode()
    server.acts["/0/query"] = lambda handler, times: handler.answer(answer)
    with pytest.raises(GeoError, match=r"error of the service .400 Invalid URL"):
        fetch_layer(downloader, f"{server.address}/0/query", tmp_path / "layer.geojson")
