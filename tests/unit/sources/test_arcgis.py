"""Layers of ArcGIS services: every row once, or a message."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from geo.errors import GeoError
from geo.sources.arcgis import fetch_layer
from geo.sources.download import Downloader
from tests.publisher import Layer
from tests.unit.sources.loopback import Server


def points(count: int) -> list[dict[str, Any]]:
    """Rows of a layer, each with a place of its own."""
    return [
        {
            "type": "Feature",
            "id": number,
            "properties": {"OBJECTID": number},
            "geometry": {"type": "Point", "coordinates": [-116.0 - number / 1000, 33.5]},
        }
        for number in range(count)
    ]


def bring(server: Server, service: Layer, downloader: Downloader, target: Path, query: str = "") -> list[int]:
    server.acts["/0/query"] = service
    fetch_layer(downloader, f"{server.address}/0/query{query}", target, page_rows=50)
    return [feature["id"] for feature in json.loads(target.read_text())["features"]]


@pytest.mark.parametrize(
    "service",
    [
        Layer(points(120), 50),
        Layer(points(120), 7),
        Layer(points(100), 50, says_more=False),
        Layer(points(120), 7, counts=False),
        Layer(points(100), 50, counts=False, says_more=False),
        Layer(points(3), 50),
    ],
)
def test_every_row_once(server: Server, downloader: Downloader, tmp_path: Path, service: Layer) -> None:
    rows = bring(server, service, downloader, tmp_path / "layer.geojson")
    assert rows == list(range(len(service.features)))
    pages = service.pages
    assert {asked["orderByFields"] for asked in pages} == {"OBJECTID"}
    assert {(asked["outSR"], asked["f"], asked["where"]) for asked in pages} == {("4326", "geojson", "1=1")}


def test_the_where_of_the_address_holds(server: Server, downloader: Downloader, tmp_path: Path) -> None:
    service = Layer(points(3), 50)
    bring(server, service, downloader, tmp_path / "layer.geojson", "?where=COUNTY='IMPERIAL'")
    assert {asked["where"] for asked in service.asked} == {"COUNTY='IMPERIAL'"}


def spoiled(**faults: Any) -> Layer:
    return Layer(points(120), 50, **faults)


@pytest.mark.parametrize(
    ("service", "message"),
    [
        (spoiled(ignores_offset=True), "gives the same rows again: 0, 1, 2, 3, 4 and 45 more"),
        (spoiled(loses=2), "gave 118 of the 120 rows that it counts"),
        (spoiled(error_on_page=2), "is an error of the service .500 Unable to complete operation"),
        (Layer(points(0), 50), "is empty"),
    ],
)
def test_ends_with_a_message(
    server: Server, downloader: Downloader, tmp_path: Path, service: Layer, message: str
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
