"""The Census Bureau's API without a key, and with a wrong one: told as that, never as data that moved."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from geo.commands.add import add_file
from geo.errors import KeyNeededError
from geo.region import Region
from geo.sources.catalog import Source, read_catalog
from geo.sources.census_api import fetch_acs_table
from geo.sources.download import Downloader
from geo.sources.fetch import fetch_source
from geo.sources.publishers import OfficialOrigin, try_addresses
from geo.sources.raw import RawStore
from tests.publisher import GOOD, KEY_PAGES, PLACE, Bureau
from tests.unit.sources.loopback import Server, plain

CATALOG = read_catalog()
SIGN_UP = "get one at https://api.census.gov/data/key_signup.html and set it as CENSUS_API_KEY"
ASKED = (
    "acs_5year_2024",
    "acs_5year_places_2024",
    "pl94_blocks_2020",
    "self_response_2020",
    "self_response_daily_2020",
)


def table_of_one(source: Source) -> list[list[str]]:
    """A table of the API with every variable that a source asks for, of one tract or block."""
    places = {"state": "06", "county": "065", "tract": "045303"}
    places |= {"block": "1000"} if "block" in source.layout.published else {}
    if "place" in source.layout.published:
        places = {"state": "06", "place": "46660"}
    asked = parse_qs(urlsplit(source.address).query).get("get", [""])[0].split(",")
    variables = [name for name in {*source.layout.published, *asked} if name not in places]
    return [[*variables, *places], [*("1" for _ in variables), *places.values()]]


@pytest.fixture
def asked(server: Server) -> list[Source]:
    """The sources of the API at their own paths on loopback."""
    for fault, page in KEY_PAGES.items():
        server.acts[f"/data/{fault}_key.html"] = plain(page, Content_Type="text/html")
    sources = []
    for key in ASKED:
        address = CATALOG[key].address.replace("https://api.census.gov", server.address)
        table = table_of_one(CATALOG[key])
        act = server.acts.setdefault(urlsplit(address).path, Bureau({"06065": table, "": table}))
        assert isinstance(act, Bureau)
        if "for=place" in address:
            act.tables[PLACE] = table
        sources.append(replace(CATALOG[key], address=address, tables=()))
    return sources


def test_every_source_of_the_api_needs_a_key() -> None:
    there = [key for key, source in CATALOG.items() if urlsplit(source.address).hostname == "api.census.gov"]
    assert there == ["acs_5year_2024", "acs_5year_2022", ASKED[1], "acs_5year_places_2018", *ASKED[2:]]
    assert [key for key, source in CATALOG.items() if source.needs_key] == there


def test_without_a_key_nothing_is_asked_and_the_remedy_is_a_key(
    server: Server, downloader: Downloader, asked: list[Source]
) -> None:
    for source in asked[:3]:
        with pytest.raises(KeyNeededError) as caught:
            OfficialOrigin(downloader).offer(source, ["06065"])
        assert str(caught.value) == f"it needs a key of the Census Bureau: {SIGN_UP}"
    assert server.asked == []


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("", "it needs a key of the Census Bureau"),
        ("wr0ng", "the Census Bureau does not accept the key"),
    ],
)
def test_an_answer_that_asks_for_a_key_is_told_as_that(
    server: Server, downloader: Downloader, asked: list[Source], tmp_path: Path, key: str, words: str
) -> None:
    acs, _places, blocks = asked[:3]
    address = blocks.address_for("06065") + (f"&key={key}" if key else "")
    with pytest.raises(KeyNeededError, match=words) as caught:
        downloader.download(address, tmp_path / "pl.json")
    assert caught.value.remedy == SIGN_UP
    with pytest.raises(KeyNeededError, match=words):
        fetch_acs_table(downloader, acs, "06065", key, tmp_path / "acs.json")
    assert not list(tmp_path.glob("*.json"))
    assert server.times["/data/2020/dec/pl"] == 1, "a key does not come by asking again"


def test_with_a_key_every_source_is_had(
    server: Server, downloader: Downloader, asked: list[Source], store: RawStore
) -> None:
    origin = OfficialOrigin(downloader, GOOD)
    outcomes = [fetch_source(source, ("06065",), store, origin) for source in asked[:3]]
    assert [outcome.state for outcome in outcomes] == ["fetched"] * 3, outcomes


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("", "it asks for a key (set CENSUS_API_KEY)"),
        ("wr0ng", "it does not accept the key in CENSUS_API_KEY"),
        (GOOD, "status 200"),
    ],
)
def test_asking_the_addresses_is_right_with_and_without_a_key(
    server: Server, asked: list[Source], key: str, words: str
) -> None:
    answers = list(try_addresses(asked, ["06065"], key))
    assert {(answer.answers, answer.words) for answer in answers} == {(key == GOOD, words)}
    assert not any(key and key in answer.address + answer.words for answer in answers)


@pytest.mark.parametrize("fault", KEY_PAGES)
def test_the_page_saved_from_a_browser_is_told_as_what_it_is(
    store: RawStore, coachella: Region, tmp_path: Path, fault: str
) -> None:
    """Whoever opens the address in a browser gets the same page, and may save it as the file."""
    saved = tmp_path / "responserate_2020_tract_06.json"
    saved.write_bytes(KEY_PAGES[fault])
    with pytest.raises(KeyNeededError) as caught:
        add_file(CATALOG["self_response_2020"], saved, store, coachella)
    assert caught.value.remedy == SIGN_UP
