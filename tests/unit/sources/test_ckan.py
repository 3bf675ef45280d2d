"""Files of a CKAN catalog by the id of their resource: the address of the moment is looked up."""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from geo.sources.catalog import Source, read_catalog
from geo.sources.download import Downloader
from geo.sources.fetch import fetch_source
from geo.sources.publishers import OfficialOrigin, try_addresses, way_of
from geo.sources.raw import RawStore
from geo.sources.reading import read_table
from tests.publisher import shown
from tests.unit.sources.loopback import Handler, Server, plain

ID = "255887bb-5451-4c19-8e35-27899ae8c3ad"
SHOW = "/api/3/action/resource_show"
# Columns of safer-combined-ra.csv; a comma in a name, N/A for no number, a mark of byte order in front.
ROWS = (
    "\ufeffWATER_SYSTEM_NUMBER,SYSTEM_NAME,REGULATING_AGENCY,COUNTY,LATITUDE_MEASURE,LONGITUDE_MEASURE,"
    "FINAL_SAFER_STATUS,SERVICE_CONNECTIONS,POPULATION,OWNER_TYPE,FEDERAL_CLASSIFICATION_TYPE,"
    "CALENVIRO_SCREEN_SCORE,MHI,SERVICE_AREA_ECONOMIC_STATUS\r\n"
    'CA3300075,"EXAMPLE MUTUAL, WEST",DISTRICT 20,RIVERSIDE,33.51,-116.11,Failing,42,139,PRIVATE,COMMUNITY,'
    "N/A,41250,SDAC\r\n"
).encode()


def show(url: str) -> bytes:
    """An answer of resource_show for the risk assessment."""
    return shown(ID, url)


@pytest.fixture
def safer(server: Server) -> Source:
    source = read_catalog()["safer_risk_assessment"]
    return replace(source, address=f"{server.address}{urlsplit(source.address).path}")


def test_the_file_of_the_moment_is_found_and_dated(
    server: Server, downloader: Downloader, safer: Source, store: RawStore
) -> None:
    assert (way_of(safer), safer.resource, safer.access) == ("resource", ID, "page")
    for name in ("Drinking_Water_Risk_Assessment.csv", "safer-combined-ra.csv"):
        path = f"/dataset/ef20c688/resource/{ID}/download/{name}"
        server.acts |= {SHOW: plain(show(server.address + path)), path: plain(ROWS)}
        outcome = fetch_source(safer, ("06065",), store, OfficialOrigin(downloader), again=True)
        assert outcome.state == "fetched", outcome.reason
        (file,) = store.require_files(safer.key)
        assert file.address == server.address + path
        assert file.path.name == safer.file
    assert {asked for asked, _ in server.asked if asked.startswith(SHOW)} == {f"{SHOW}?id={ID}"}
    receipt = store.receipt(safer.key)
    assert receipt is not None
    assert receipt.vintage == "2026-11-24", "of the publisher's last change, not of the catalog here"
    row = read_table(safer, store).iloc[0]
    assert (row["pwsid"], row["name"], row["connections"]) == ("CA3300075", "EXAMPLE MUTUAL, WEST", 42)
    assert read_table(safer, store)["calenviroscreen_score"].isna().all()
    assert list(downloader.folder.glob("resource-*")) == []


def gone(handler: Handler, times: int) -> None:
    error = {"__type": "Not Found Error", "message": "Not found"}
    handler.answer(json.dumps({"success": False, "error": error}).encode(), status=404)


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (gone, "nothing stands at"),
        (plain(b'{"success": false, "error": {"message": "x"}}'), "does not say where the file stands"),
        (plain(b"<html>Just a moment...</html>"), "does not say where the file stands (<html>Just a moment"),
        (plain(b'{"success": true, "result": []}'), "does not say where the file stands"),
        (plain(show("ftp://example.org/a.csv")), "names no address of the web (ftp://example.org/a.csv)"),
        (plain(b"", status=403), "is refused (status 403)"),
    ],
)
def test_where_it_is_not_found_a_person_is_told_how_to_have_it(
    server: Server, downloader: Downloader, safer: Source, store: RawStore, act: object, words: str
) -> None:
    server.acts[SHOW] = act  # type: ignore[assignment]
    outcome = fetch_source(safer, ("06065",), store, OfficialOrigin(downloader))
    assert outcome.state == "skipped"
    assert words in outcome.reason
    by_hand = f"open {safer.address}, find {safer.find}, then run python -m geo add {safer.key} FILE"
    assert outcome.reason.endswith(by_hand)


PACKAGE = "/api/3/action/package_show"


def package(*ids: str, url: str = "https://example.org/a.csv") -> bytes:
    """An answer of package_show, as the catalog lays it out."""
    resources = [
        {
            "id": item,
            "name": f"File {item[:4]}",
            "format": "CSV",
            "last_modified": "2026-11-20T08:00:00",
            "url": url,
        }
        for item in ids
    ]
    result = {"id": "ef20c688", "name": "safer", "num_resources": len(ids), "resources": resources}
    return json.dumps({"help": "x", "success": True, "result": result}).encode()


def test_a_file_that_cannot_be_asked_for_is_found_in_its_data_set(
    server: Server, downloader: Downloader, safer: Source, store: RawStore
) -> None:
    listed = package("0000-other", ID, url=f"{server.address}/safer.csv")
    server.acts |= {SHOW: gone, PACKAGE: plain(listed), "/safer.csv": plain(ROWS)}  # type: ignore[dict-item]
    outcome = fetch_source(safer, ("06065",), store, OfficialOrigin(downloader))
    assert outcome.state == "fetched", outcome.reason
    receipt = store.receipt(safer.key)
    assert receipt is not None
    assert receipt.vintage == "2026-11-20"
    name = safer.address.rpartition("/")[2]
    assert f"{PACKAGE}?id={name}" in {asked for asked, _ in server.asked}


def test_a_file_that_its_data_set_has_no_more_is_told_with_those_that_it_has(
    server: Server, downloader: Downloader, safer: Source, store: RawStore
) -> None:
    server.acts |= {SHOW: gone, PACKAGE: plain(package("1111-new"))}  # type: ignore[dict-item]
    outcome = fetch_source(safer, ("06065",), store, OfficialOrigin(downloader))
    assert outcome.state == "skipped"
    assert f"has no file {ID} any more; it has 1: File 1111 (1111-new)" in outcome.reason


@pytest.mark.parametrize(
    ("act", "answers"), [(plain(show("https://example.org/a.csv")), True), (gone, False)]
)
def test_asking_the_address_looks_it_up(server: Server, safer: Source, act: object, answers: bool) -> None:
    server.acts[SHOW] = act  # type: ignore[assignment]
    (answer,) = try_addresses([safer], ["06065"])
    assert (answer.answers, answer.address) == (answers, safer.address)
