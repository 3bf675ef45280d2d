"""ACS tables through the census package: every estimate with its margin, joined by tract."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from geo.errors import CatalogError, FetchError
from geo.sources.catalog import Source, read_catalog
from geo.sources.census_api import fetch_acs_table
from geo.sources.download import Downloader
from geo.sources.fetch import fetch_source
from geo.sources.publishers import OfficialOrigin
from geo.sources.raw import RawStore
from geo.sources.reading import read_table
from tests.unit.sources.loopback import Handler, Server, plain

PATH = "/data/2022/acs/acs5"
TRACTS = ("045303", "940100")


class Bureau:
    """Answers with two tracts, in another order at every other request."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.loses_a_tract = False

    def __call__(self, handler: Handler, times: int) -> None:
        query = {name: values[0] for name, values in parse_qs(urlsplit(handler.path).query).items()}
        self.asked.append(query)
        names = query["get"].split(",")
        tracts = TRACTS if times % 2 else TRACTS[::-1]
        if self.loses_a_tract and times == 2:
            tracts = tracts[:1]
        rows = [[self.value(name, tract) for name in names] + ["06", "065", tract] for tract in tracts]
        handler.answer(json.dumps([[*names, "state", "county", "tract"], *rows]).encode())

    def value(self, name: str, tract: str) -> str | None:
        if tract == TRACTS[1]:
            return None if name.endswith("E") else "-666666666"
        return str(sum(map(ord, name)))


@pytest.fixture
def acs(server: Server) -> Source:
    return replace(read_catalog()["acs_5year"], address=server.address + PATH)


def test_every_variable_in_chunks(
    server: Server, downloader: Downloader, acs: Source, store: RawStore
) -> None:
    bureau = server.acts[PATH] = Bureau()
    outcome = fetch_source(acs, ("06065",), store, OfficialOrigin(downloader, "s3cret"))
    assert outcome.state == "fetched", outcome.reason
    asked = [query["get"].split(",") for query in bureau.asked]
    assert max(map(len, asked)) <= 50
    assert {name for names in asked for name in names} == set(acs.layout.number.values())
    assert {(query["for"], query["in"], query["key"]) for query in bureau.asked} == {
        ("tract:*", "state:06 county:065", "s3cret")
    }
    frame = read_table(acs, store).set_index("geoid")
    assert list(frame.index) == ["06065045303", "06065940100"]
    first, blank = frame.loc["06065045303"], frame.loc["06065940100"]
    assert first["population"] == sum(map(ord, "B01003_001E"))
    assert first["population_moe"] == sum(map(ord, "B01003_001M"))
    assert blank.isna().all()


def test_every_estimate_has_its_margin() -> None:
    names = set(read_catalog()["acs_5year"].layout.number.values())
    assert {name[:-1] for name in names if name.endswith("E")} == {
        name[:-1] for name in names if name.endswith("M")
    }


def test_parts_with_other_tracts(server: Server, downloader: Downloader, acs: Source, tmp_path: Path) -> None:
    bureau = server.acts[PATH] = Bureau()
    bureau.loses_a_tract = True
    with pytest.raises(FetchError, match=r"for 06065 have other tracts .*\(1 of 2: 06065"):
        fetch_acs_table(downloader, acs, "06065", "s3cret", tmp_path / "acs.json")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"<html><head><title>Invalid Key</title></head></html>", "does not accept the key: get one at"),
        (b"<html><head><title>Missing Key</title></head></html>", "the Census Bureau's answer is no table"),
        (b'{"error": "broken"}', "the Census Bureau's answer is no table"),
        (b"", "the Census Bureau's answer is no table"),
        (b"[]", "the Census Bureau's answer is no table"),
    ],
)
def test_answers_that_are_no_table(
    server: Server, downloader: Downloader, acs: Source, tmp_path: Path, body: bytes, message: str
) -> None:
    server.acts[PATH] = plain(body)
    with pytest.raises(FetchError, match=message):
        fetch_acs_table(downloader, acs, "06065", "s3cret", tmp_path / "acs.json")
    assert not (tmp_path / "acs.json").exists()


def test_an_unknown_variable_is_named(server: Server, tmp_path: Path, acs: Source) -> None:
    body = b"error: unknown variable 'B99999_001E' for key s3cret"
    server.acts[PATH] = plain(body, status=400, Content_Type="text/plain;charset=utf-8")
    downloader = Downloader(tmp_path / "partial", secret="s3cret")
    with pytest.raises(FetchError, match="unknown variable 'B99999_001E'") as caught:
        fetch_acs_table(downloader, acs, "06065", "s3cret", tmp_path / "acs.json")
    assert "s3cret" not in str(caught.value)


def test_without_a_key_or_files_of_tables_it_is_skipped_and_nothing_asked(
    server: Server, downloader: Downloader, acs: Source, store: RawStore
) -> None:
    outcome = fetch_source(replace(acs, tables=()), ("06065",), store, OfficialOrigin(downloader))
    assert outcome.state == "skipped"
    assert outcome.reason.startswith("it needs a key of the Census Bureau: get one at https://api.census.gov")
    assert server.asked == []


def test_an_address_of_another_kind(downloader: Downloader, acs: Source, tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="is no address of ACS 5-year tables"):
        fetch_acs_table(
            downloader, replace(acs, address="https://example.org"), "06065", "k", tmp_path / "acs.json"
        )
