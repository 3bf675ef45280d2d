"""Layers whose service errs and comes back: every row once all the same, and by county where it names one."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from geo.errors import FetchError
from geo.sources.arcgis import fetch_layer
from geo.sources.catalog import Source, read_catalog
from geo.sources.county_names import CALIFORNIA, county_name
from geo.sources.download import Downloader
from geo.sources.fetch import fetch_source
from geo.sources.mirror import open_folder, write_mirror
from geo.sources.origins import MirrorOrigin
from geo.sources.publishers import OfficialOrigin
from geo.sources.raw import RawStore
from geo.sources.reading import read_shapes
from tests.publisher import Layer, query_of
from tests.unit.sources.loopback import HASTY, Act, Handler, Server, Waits, silent
from tests.unit.sources.test_arcgis import bring, points

WHOLE = list(range(120))
# As Imperva answers before the State's services, status 200.
FIREWALL = (
    b'<html style="height:100%"><head><META NAME="ROBOTS" CONTENT="NOINDEX, NOFOLLOW"></head><body>'
    b'<iframe src="/_Incapsula_Resource?CWUDNSAI=1">Request unsuccessful.</iframe></body></html>'
)


def error(code: int, message: str = "Error performing query operation") -> bytes:
    return json.dumps({"error": {"code": code, "message": message, "details": []}}).encode()


class Faulty(Layer):
    """A layer that plays ``fault`` in place of the answers that it is asked for at ``when``, from 1 on."""

    def __init__(self, fault: Act, *when: int) -> None:
        super().__init__(points(120), 50)
        self.fault, self.when = fault, when

    def __call__(self, handler: Handler, times: int) -> None:
        if times in self.when:
            self.asked.append(query_of(handler))
            self.fault(handler, times)
        else:
            super().__call__(handler, times)

    @property
    def sizes(self) -> list[int]:
        """How many rows every page was asked for."""
        return [int(asked["resultRecordCount"]) for asked in self.pages]


def says(body: bytes, **answer: object) -> Act:
    return lambda handler, times: handler.answer(body, **answer)  # type: ignore[arg-type]


@pytest.mark.parametrize("when", [(1,), (2,), (4,), (3, 4)])
@pytest.mark.parametrize(
    "fault",
    [
        says(error(500)),
        says(error(504, "Your request has timed out.")),
        says(FIREWALL, Content_Type="text/html"),
        says(b'{"type":"FeatureCollection","features":[{"type":"Fea'),
        says(b"", status=503),
    ],
)
def test_what_passes_is_tried_again(
    server: Server, downloader: Downloader, tmp_path: Path, fault: Act, when: tuple[int, ...]
) -> None:
    service = Faulty(fault, *when)
    assert bring(server, service, downloader, tmp_path / "layer.geojson") == WHOLE
    assert list((tmp_path / ".pages-layer.geojson").iterdir()) == []


def test_a_refusal_is_tried_again_after_a_pause(
    server: Server, downloader: Downloader, waits: Waits, tmp_path: Path
) -> None:
    service = Faulty(says(FIREWALL, status=403), 3)
    assert bring(server, service, downloader, tmp_path / "layer.geojson") == WHOLE
    assert waits.seconds == [HASTY.refused_wait_s]


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (says(error(500)), r"error of the service .500 Error performing query operation.; attempt 4"),
        (says(FIREWALL), r"firewall answered with a web page in place of data; attempt 4"),
        (says(b'{"count": 1'), r"its answer is no JSON, or was cut short .*attempt 4"),
    ],
)
def test_what_does_not_pass_is_told(
    server: Server, downloader: Downloader, tmp_path: Path, fault: Act, message: str
) -> None:
    service = Faulty(fault, *range(1, 99))
    with pytest.raises(FetchError, match=message):
        bring(server, service, downloader, tmp_path / "layer.geojson")
    assert not (tmp_path / "layer.geojson").exists()


def test_an_error_that_stays_is_asked_once(server: Server, downloader: Downloader, tmp_path: Path) -> None:
    service = Faulty(says(error(400, "'Invalid field: AGENCYNAM'")), *range(1, 99))
    with pytest.raises(FetchError, match="400 'Invalid field: AGENCYNAM'"):
        bring(server, service, downloader, tmp_path / "layer.geojson")
    assert len(service.asked) == 1


def test_half_of_a_page_is_asked_for_where_it_does_not_come_in_time(
    server: Server, waits: Waits, tmp_path: Path
) -> None:
    service = Faulty(silent, 4, 5)
    downloader = Downloader(tmp_path / "partial", replace(HASTY, read_s=0.2), sleep=waits)
    assert bring(server, service, downloader, tmp_path / "layer.geojson") == WHOLE
    server.idle.set()
    assert service.sizes == [50, 50, 25, 12, 12, 12, 12, 12, 12], "from the page that stalled on"


@pytest.mark.parametrize("fault", [says(b"", status=429, Retry_After="90"), says(error(429, "Too many"))])
def test_a_service_that_was_asked_too_often_is_waited_for(
    server: Server, downloader: Downloader, waits: Waits, tmp_path: Path, fault: Act
) -> None:
    service = Faulty(fault, 4)
    assert bring(server, service, downloader, tmp_path / "layer.geojson") == WHOLE
    assert set(service.sizes) == {50}, "the page was not too large"
    assert len(waits.seconds) == 1
    assert waits.seconds[0] in (90.0, 0.0)


def test_pages_are_small_by_themselves(server: Server, downloader: Downloader, tmp_path: Path) -> None:
    service = server.acts["/0/query"] = Faulty(says(b""))
    fetch_layer(downloader, f"{server.address}/0/query", tmp_path / "layer.geojson")
    assert max(service.sizes) == 500


def boundaries(server: Server) -> Source:
    source = read_catalog()["water_system_boundaries"]
    assert source.county_column == "COUNTY"
    return replace(source, address=f"{server.address}/FeatureServer/0/query")


def boundary(source: Source, number: int, county: str) -> dict[str, Any]:
    """A row of California_Drinking_Water_System_Area_Boundaries."""
    west = -116.0 - number
    ring = [[west, 33.0], [west + 0.1, 33.0], [west + 0.1, 33.1], [west, 33.0]]
    columns = dict.fromkeys(source.layout.published, "1")
    return {
        "type": "Feature",
        "id": number,
        "properties": {**columns, "OBJECTID": number, "COUNTY": county},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def test_only_the_counties_of_the_region_are_asked_for(
    server: Server, downloader: Downloader, store: RawStore, tmp_path: Path
) -> None:
    source = boundaries(server)
    counties = enumerate(("RIVERSIDE", "IMPERIAL", "KERN"))
    service = Layer([boundary(source, number, county) for number, county in counties])
    server.acts["/FeatureServer/0/query"] = service
    origin = OfficialOrigin(downloader)
    outcome = fetch_source(source, ("06065", "06025"), store, origin)
    assert outcome.state == "fetched", outcome.reason
    assert {asked["where"] for asked in service.asked} == {
        "COUNTY IN ('RIVERSIDE','Riverside')",
        "COUNTY IN ('IMPERIAL','Imperial')",
    }
    assert sorted(read_shapes(source, store)["county"]) == ["IMPERIAL", "RIVERSIDE"]
    addresses = [file.address for file in store.require_files(source.key)]
    assert all("?where=COUNTY+IN+('" in address for address in addresses)
    with pytest.raises(FetchError, match="is here, but not for 06029"):
        read_shapes(source, store, ["06029"])
    assert fetch_source(source, ("06029",), store, origin).state == "fetched", "another region's county"
    assert read_shapes(source, store, ["06029"])["county"].to_list() == ["KERN"]
    write_mirror(store, {source.key: source}, tmp_path / "mirror")
    copied = RawStore("official", tmp_path / "copied")
    mirror = MirrorOrigin(open_folder(tmp_path / "mirror"))
    assert fetch_source(source, ("06065", "06029"), copied, mirror).state == "fetched"
    assert (
        fetch_source(source, ("06027",), copied, mirror).reason == "the mirror has no file for county 06027"
    )


def test_the_names_of_counties_are_in_the_order_of_their_codes() -> None:
    assert list(CALIFORNIA) == sorted(CALIFORNIA)
    assert len(CALIFORNIA) == 58
    known = {"06001": "Alameda", "06029": "Kern", "06037": "Los Angeles", "06071": "San Bernardino"}
    assert {geoid: county_name(geoid) for geoid in known} == known
    with pytest.raises(FetchError, match="there is no county 32003 in California"):
        county_name("32003")
