"""The command against publishers as they really are: it ends right, or with one sentence that helps a person.

Each publisher misbehaves in its own way, beside one that does not. Nothing half-written stays, the exit code
says that something lacks, and the next run asks for what lacks alone. Sentences stand here as a person reads
them, with the publishers' own hosts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pandas as pd
import pytest
import requests
import tomli_w

from geo.__main__ import main
from geo.sources.catalog import read_catalog
from geo.sources.download import manners_here
from geo.sources.mirror import open_folder
from geo.sources.publishers import way_of
from geo.sources.raw import RawStore, sha256_of
from tests.publisher import GOOD, Bureau, Layer, Publisher, holdings_of_mirror, publishing, read_features
from tests.unit.sources.loopback import REJECTED, Act, Handler, digest, plain, refuses, silent, well

pytestmark = pytest.mark.real

BESIDE = "tribal_areas_2020"
SVI, CENTERS, INDEX, RATES = (
    "acs_svi_2018",
    "block_group_centers_2020",
    "ca_htc_index_2019",
    "self_response_2020",
)
LAYER, DISTRICTS, SAFER, TRACTS = (
    "water_system_boundaries", "water_district_boundaries", "safer_risk_assessment", "tracts_2020",
)  # fmt: skip
SVI_ADDRESS = "https://svi.cdc.gov/Documents/Data/2018/csv/states/California.csv"
CENTERS_PATH = "census.gov/geo/docs/reference/cenpop2020/blkgrp/CenPop2020_Mean_BG06.txt"
RATES_ADDRESS = (
    "https://api.census.gov/data/2020/dec/responserate?get=GEO_ID,CRRALL,CRRINT,DRRALL,DRRINT,RESP_DATE"
    "&for=tract:*&in=state:06+county:*"
)
LAYER_ADDRESS = (
    "https://gispublic.waterboards.ca.gov/portalserver/rest/services/Drinking_Water/"
    "California_Drinking_Water_System_Area_Boundaries/FeatureServer/0/query"
)
OF_RIVERSIDE = "?where=COUNTY+IN+('RIVERSIDE','Riverside')"
DISTRICTS_ADDRESS = (
    "https://gis.water.ca.gov/arcgis/rest/services/Boundaries/i03_WaterDistricts/MapServer/0/query"
)
DISTRICTS_OTHERWISE = DISTRICTS_ADDRESS.replace("MapServer", "FeatureServer")
TRACTS_PATH = "census.gov/geo/tiger/TIGER2020PL/LAYER/TRACT/2020/tl_2020_06065_tract20.zip"
SIGN_UP = "get one at https://api.census.gov/data/key_signup.html and set it as CENSUS_API_KEY"
LATER = "try again later; what came so far is kept"
GONE = "find where the publisher moved it, download it and add it"
CHANGED = "open it in a browser; where the publisher has changed it, download the file and add it"
LACKS_A_COLUMN = (
    "California.csv of 'acs_svi_2018' lacks 1 columns: E_TOTPOP: see the columns it should have in "
    "data/sources.toml, and add the right file"
)
FIREWALL = (
    b'<html style="height:100%"><body><iframe src="/_Incapsula_Resource?CWUDNSAI=1"></iframe></body></html>'
)
LINE = re.compile(r"^\[ ?\d+/\d+\] (\S+) +(\S+)(?: +[\d.,]+ MB)?(?: (.*))?$", re.MULTILINE)

Results = dict[str, tuple[str, str]]
Run = Callable[..., tuple[int, Results]]
Misbehave = Callable[[Publisher], None]


def district(number: int) -> dict[str, object]:
    """A row of i03_WaterDistricts; the mirror has a stand-in only."""
    west = -117 + number / 100
    ring = [[west, 33.5], [west + 0.01, 33.5], [west + 0.01, 33.6], [west, 33.5]]
    columns = {"AGENCYNAME": f"District {number}", "AGENCYUNIQUEID": number}
    return {"type": "Feature", "properties": columns, "geometry": {"type": "Polygon", "coordinates": [ring]}}


@pytest.fixture(scope="module")
def publishers(mirror: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Publisher]:
    districts = tmp_path_factory.mktemp("districts") / "districts.geojson"
    districts.write_text(json.dumps({"features": [district(number) for number in range(40)]}))
    with publishing({**holdings_of_mirror(mirror), DISTRICTS: {"": districts}}) as running:
        yield running


@pytest.fixture
def publisher(publishers: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    """Publishers that behave, a data folder of its own, and a fetch in haste."""
    monkeypatch.setenv("GEO_CATALOG", str(publishers.write_catalog(tmp_path / "sources.toml")))
    monkeypatch.setenv("GEO_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("GEO_PATIENCE", "0.01")
    monkeypatch.setenv("CENSUS_API_KEY", GOOD)
    publishers.mend()
    yield publishers
    publishers.mend()


@pytest.fixture
def run(publisher: Publisher, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run ``python -m geo fetch``; its exit code, and state and words by source."""

    def fetch(*arguments: str) -> tuple[int, Results]:
        publisher.forget()
        capsys.readouterr()
        code = main(["fetch", "--region", "coachella", *arguments])
        found = LINE.findall(publisher.as_published(capsys.readouterr().out))
        return code, {key: (state, words.strip()) for key, state, words in found}

    return fetch


@pytest.fixture
def store(publisher: Publisher) -> RawStore:
    return RawStore("official")


def says(act: Act, *keys: str, by_ftp: bool = True) -> Misbehave:
    """Let the address of these sources play an act; by ftp it is not to be had either."""

    def misbehave(publisher: Publisher) -> None:
        for key in keys:
            publisher.spoil(key, act, by_ftp=by_ftp)

    return misbehave


def at(when: int, act: Act, key: str) -> Misbehave:
    """Let the address of a source play an act when it is asked for the ``when``-th time, and behave else."""

    def misbehave(publisher: Publisher) -> None:
        for place, owner in publisher.places.items():
            if owner == key:
                acts = publisher.hosts[place[0]].acts
                acts[place[1]] = _then(acts[place[1]], when, act)

    return misbehave


def _then(usual: Act, when: int, act: Act) -> Act:
    return lambda handler, times: (act if times == when else usual)(handler, times)


def error(code: int, message: str) -> bytes:
    return json.dumps({"error": {"code": code, "message": message, "details": []}}).encode()


def is_away_at_first(publisher: Publisher) -> None:
    """Let the first address of the districts be gone, as a service that was published anew."""
    publisher.host("gis.water.ca.gov").acts.pop(urlsplit(DISTRICTS_ADDRESS).path)


def lays_out_anew(column: str, name: str = "") -> Misbehave:
    """Give a column of the index another name, or take it out."""

    def misbehave(publisher: Publisher) -> None:
        (path,) = publisher.files[SVI].values()
        table = pd.read_csv(path, dtype=str)
        table = table.rename(columns={column: name}) if name else table.drop(columns=column)
        publisher.spoil(SVI, plain(table.to_csv(index=False).encode()))

    return misbehave


def lame(key: str, **faults: Any) -> Misbehave:
    """Let a layer's service have faults."""

    def misbehave(publisher: Publisher) -> None:
        (path,) = publisher.files[key].values()
        publisher.spoil(key, Layer(read_features(path), **faults))

    return misbehave


def lacks_a_variable(publisher: Publisher) -> None:
    (path,) = publisher.files[RATES].values()
    head, *rows = json.loads(path.read_text(encoding="utf-8"))
    head[head.index("DRRALL")] = "DRR"
    publisher.spoil(RATES, Bureau({"": [head, *rows]}))


def falls_short(publisher: Publisher) -> None:
    """Say more bytes than are sent, once."""
    (path,) = publisher.files[SVI].values()
    body = path.read_bytes()

    def short(handler: Handler, times: int) -> None:
        handler.answer(body[:-1000], length=len(body))
        handler.hang_up()

    publisher.spoil(SVI, _then(well(body), 1, short))


def cuts(times: int, key: str, **answer: Any) -> Misbehave:
    """Cut the connection half way so many times."""

    def misbehave(publisher: Publisher) -> None:
        (path,) = publisher.files[key].values()
        publisher.spoil(key, well(path.read_bytes(), cuts=times, **answer), by_ftp=True)

    return misbehave


def lacks_the_resource(publisher: Publisher) -> None:
    body = json.dumps({"success": False, "error": {"__type": "Not Found Error", "message": "Not found"}})
    publisher.spoil(SAFER, plain(body.encode(), status=404))


SENTENCES = {
    "an answer of nothing": (
        RATES, says(plain(b"", status=204), RATES), 1,
        f"{RATES_ADDRESS} has nothing of what is asked for (status 204): find where the publisher has it, "
        "download it and add it",
    ),
    "a variable that is there no more": (
        RATES, lacks_a_variable, 1,
        f"{RATES_ADDRESS} answered with status 400 (error: error: unknown variable 'DRRALL'): {CHANGED}",
    ),
    "an error under status 200": (
        RATES, says(plain(error(500, "Internal error")), RATES), 1,
        "responserate_2020_tract_06.json is an error of the service (500 Internal error): try again later",
    ),
    "a refusal, and no other way": (
        CENTERS, says(refuses, CENTERS), 2,
        f"https://www2.{CENTERS_PATH} is refused (status 403); ftp://ftp2.{CENTERS_PATH} could not be had "
        "(550 no such file; attempt 1): see whether it asks for a key or a login; some servers refuse "
        "programs at times: wait an hour, use another network, or download it in a browser and add it",
    ),
    "asked too often": (
        SVI, says(plain(b"", status=429), SVI), 5,
        f"{SVI_ADDRESS} could not be had (status 429; attempt 5): {LATER}",
    ),
    "silence": (
        SVI, says(silent, SVI), 5,
        f"{SVI_ADDRESS} could not be had (svi.cdc.gov was silent for 0.6 s; attempt 5): {LATER}",
    ),
    "a firewall's page in place of a file": (
        SVI, says(plain(REJECTED), SVI), 1,
        "California.csv is a web page, not data (its address may have moved, or ask for a key): open the "
        "address in a browser, download the file and add it",
    ),
    "a file that is gone": (
        INDEX, says(plain(b"", status=404), INDEX), 1,
        "nothing stands at https://census.ca.gov/wp-content/uploads/sites/4/2019/03/"
        f"Tract-level-CA-HTC-Index-for-public-website-download-20190304.xlsx (status 404): {GONE}",
    ),
    "an address that sends one around": (
        SVI, says(plain(b"", status=301, Location="California.csv"), SVI), 11,
        f"{SVI_ADDRESS} sends one around in circles: open the address in a browser",
    ),
    "a column with another name": (
        SVI, lays_out_anew("E_TOTPOP", "TOTPOP"), 1, LACKS_A_COLUMN,
    ),
    "a column that is gone": (
        SVI, lays_out_anew("E_TOTPOP"), 1, LACKS_A_COLUMN,
    ),
    "a body that is always cut": (
        SVI, cuts(99, SVI, ranges=False), 5,
        f"{SVI_ADDRESS} could not be had (the connection to svi.cdc.gov was cut; attempt 5): {LATER}",
    ),
    "a resource that is gone": (
        SAFER, lacks_the_resource, 1,
        "nothing stands at https://data.ca.gov/api/3/action/resource_show"
        "?id=255887bb-5451-4c19-8e35-27899ae8c3ad (status 404): open https://data.ca.gov/dataset/"
        "safer-failing-and-at-risk-drinking-water-systems, find the table SAFER Combined Risk Assessment "
        "as CSV, then run python -m geo add safer_risk_assessment FILE",
    ),
    "a service's error for a layer": (
        LAYER, says(plain(error(500, "Error performing query operation")), LAYER), 10,
        f"06065, 06025: {LAYER_ADDRESS}{OF_RIVERSIDE} could not be had (its answer is an error of the "
        f"service (500 Error performing query operation); attempt 5): {LATER}",
    ),
    "an error of a layer that stays": (
        LAYER, says(plain(error(400, "'Invalid field: COUNTY'")), LAYER), 2,
        f"06065, 06025: {LAYER_ADDRESS}{OF_RIVERSIDE} could not be had (its answer is an error of the "
        f"service (400 'Invalid field: COUNTY')): {CHANGED}",
    ),
    "a firewall's page for a layer": (
        LAYER, says(plain(FIREWALL), LAYER), 10,
        f"06065, 06025: {LAYER_ADDRESS}{OF_RIVERSIDE} could not be had (the service's firewall answered with "
        f"a web page in place of data; attempt 5): {LATER}",
    ),
    "a layer that repeats its rows": (
        DISTRICTS, lame(DISTRICTS, most=20, ignores_offset=True), 8,
        f"{DISTRICTS_ADDRESS} gives the same rows again: 1, 2, 3, 4, 5 and 15 more; {DISTRICTS_OTHERWISE} "
        "gives the same rows again: 1, 2, 3, 4, 5 and 15 more: download the layer from its page and add it",
    ),
    "a layer that loses rows": (
        DISTRICTS, lame(DISTRICTS, loses=2), 8,
        f"{DISTRICTS_ADDRESS} gave 38 of the 40 rows that it counts; {DISTRICTS_OTHERWISE} gave 38 of the 40 "
        "rows that it counts: try again later",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", SENTENCES)
def test_ends_with_a_sentence_and_the_next_run_asks_for_what_lacks(
    publisher: Publisher, run: Run, store: RawStore, kind: str
) -> None:
    key, misbehave, times, sentence = SENTENCES[kind]
    misbehave(publisher)
    code, results = run(BESIDE, key)
    assert (code, results[BESIDE]) == (3, ("fetched", ""))
    assert results[key] == ("skipped", sentence)
    assert publisher.asked[key] == times
    assert {path.split("/")[0] for path in digest(store.folder)} == {BESIDE}, "nothing half-written"
    assert not list(store.folder.glob("*/.*"))
    publisher.mend()
    code, results = run(BESIDE, key)
    assert (code, results[BESIDE], results[key][0]) == (0, ("here", ""), "fetched")
    assert set(publisher.asked) == {key}
    assert run(BESIDE, key) == (0, {BESIDE: ("here", ""), key: ("here", "")})
    assert not publisher.asked, "what is here is not asked for"


def moves(publisher: Publisher) -> None:
    """Send on to where the file is today, at another host."""
    (path,) = publisher.files[SVI].values()
    there = publisher.host("data.cdc.gov")
    there.acts["/today"] = plain(path.read_bytes())
    publisher.spoil(SVI, plain(b"", status=301, Location=f"{there.address}/today"))


def changes_while_it_comes(publisher: Publisher) -> None:
    """Give half of an older file, then the one of today, as its ETag tells."""
    (path,) = publisher.files[SVI].values()
    older = well(path.read_bytes()[::-1], etag='"older"', cuts=1)
    publisher.spoil(SVI, _then(well(path.read_bytes(), etag='"today"'), 1, older))


ENDS_RIGHT: dict[str, tuple[str, Misbehave, int]] = {
    "refused once": (CENTERS, at(1, refuses, CENTERS), 2),
    "refused, but for ftp": (CENTERS, says(refuses, CENTERS, by_ftp=False), 2),
    "gone, but for ftp": (CENTERS, says(plain(b"", status=404), CENTERS, by_ftp=False), 1),
    "asked too often": (SVI, at(1, plain(b"", status=429, Retry_After="1"), SVI), 2),
    "away for a moment": (SVI, at(1, plain(b"", status=503), SVI), 2),
    "silent once": (SVI, at(1, silent, SVI), 2),
    "a file that moved": (SVI, moves, 1),
    "a resource that was renamed": (SAFER, lambda publisher: publisher.rename(SAFER, "another.csv"), 2),
    "a body that is cut twice": (SVI, cuts(2, SVI), 3),
    "a body shorter than it says": (SVI, falls_short, 2),
    "a file that changed while it came": (SVI, changes_while_it_comes, 2),
    "a layer's error once": (LAYER, at(3, plain(error(500, "Error performing query operation")), LAYER), 7),
    "a firewall's page once": (LAYER, at(2, plain(FIREWALL), LAYER), 7),
    "a page of a layer that takes too long": (LAYER, at(3, silent, LAYER), 7),
    "small pages": (DISTRICTS, lame(DISTRICTS, most=7), 8),
    "small pages, of which it does not say that there are more": (
        DISTRICTS,
        lame(DISTRICTS, most=7, says_more=False),
        8,
    ),
    "a layer away, but for its other address": (DISTRICTS, is_away_at_first, 4),
    "a layer that does not count": (DISTRICTS, lame(DISTRICTS, most=7, counts=False), 8),
}


@pytest.mark.parametrize("kind", ENDS_RIGHT)
def test_ends_right(publisher: Publisher, run: Run, store: RawStore, kind: str) -> None:
    key, misbehave, times = ENDS_RIGHT[kind]
    misbehave(publisher)
    assert run(key) == (0, {key: ("fetched", "")})
    assert publisher.asked[key] == times
    came = [file.path for file in store.require_files(key)]
    given = list(publisher.files[key].values())
    if key in (LAYER, DISTRICTS):
        names = read_catalog()[key].layout.published
        assert rows_of(came, names) == rows_of(given, names)
    else:
        assert [sha256_of(path) for path in came] == [sha256_of(path) for path in given]


def rows_of(paths: list[Path], columns: Sequence[str]) -> list[str]:
    """The rows of layers, of the columns that are read, in any order."""
    rows = [row for path in paths for row in json.loads(path.read_text(encoding="utf-8"))["features"]]
    read = [{**{name: row["properties"][name] for name in columns}, "at": row["geometry"]} for row in rows]
    return sorted(map(json.dumps, read))


@pytest.mark.parametrize(
    ("key", "words", "asked"),
    [
        ("", f"it needs a key of the Census Bureau: {SIGN_UP}", 0),
        ("wr0ng", f"the Census Bureau does not accept the key: {SIGN_UP}", 1),
    ],
)
def test_a_key_that_lacks_or_is_wrong(
    publisher: Publisher, run: Run, monkeypatch: pytest.MonkeyPatch, key: str, words: str, asked: int
) -> None:
    monkeypatch.setenv("CENSUS_API_KEY", key)
    assert run(BESIDE, RATES) == (3, {BESIDE: ("fetched", ""), RATES: ("skipped", words)})
    assert publisher.asked[RATES] == asked
    monkeypatch.setenv("CENSUS_API_KEY", GOOD)
    assert run(BESIDE, RATES) == (0, {BESIDE: ("here", ""), RATES: ("fetched", "")})


def test_counties_that_lack_alike_are_told_once(publisher: Publisher, run: Run) -> None:
    publisher.spoil(TRACTS, plain(b"", status=404), by_ftp=True)
    away = (
        f"nothing stands at https://www2.{TRACTS_PATH} (status 404); ftp://ftp2.{TRACTS_PATH} could not be "
        f"had (550 no such file; attempt 1): {GONE}"
    )
    assert run(TRACTS) == (3, {TRACTS: ("skipped", f"06065, 06025: {away}")})
    publisher.mend()
    assert run(TRACTS) == (3, {TRACTS: ("partly", f"06025: {away.replace('06065', '06025')}")})
    run(TRACTS)
    assert not publisher.asked, "the county that is here is not asked for"
    assert publisher.taken_by_ftp == [f"/{TRACTS_PATH.partition('/')[2]}".replace("06065", "06025")]


def test_libraries_are_turned_away_and_this_program_is_not(publisher: Publisher, run: Run) -> None:
    address = publisher.turn(f"https://www2.{CENTERS_PATH}")
    assert requests.get(address, timeout=5).status_code == 403
    assert run(CENTERS) == (0, {CENTERS: ("fetched", "")})
    assert not publisher.taken_by_ftp


def test_asking_the_addresses_tells_what_never_answered(
    publisher: Publisher, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of sources that nobody saw answer, those that do now and those that still do not are named."""
    publisher.spoil(SVI, plain(b"", status=404))
    publisher.spoil(CENTERS, plain(b"", status=404), by_ftp=True)
    assert main(["check", "--live", SVI, CENTERS, BESIDE, INDEX]) == 3
    out = publisher.as_published(capsys.readouterr().out)
    lines = {line.split()[0]: " ".join(line.split()[1:]) for line in out.splitlines()}
    assert lines[SVI] == f"does not answer status 404 {SVI_ADDRESS}"
    both = "127.0.0.1: status 404; 127.0.0.1: no answer over ftp (550 no such file)"
    assert lines[CENTERS] == f"does not answer {both} https://www2.{CENTERS_PATH}"
    assert lines[INDEX].startswith("answers status 200 https://census.ca.gov/")
    assert out.splitlines()[-2:] == [
        f"Now seen; set address_seen = true in data/sources.toml: {BESIDE}",
        f"Never seen to answer, nor now: {SVI}",
    ], "the centers were seen before"


def test_every_address_is_right_about_itself(
    publisher: Publisher, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of all sources exactly those answer that the publisher has, or whose page a person can open."""
    # Nobody is silent here, and the blocks of a county take their time to be written.
    monkeypatch.setenv("GEO_PATIENCE", "1")
    main(["check", "--live"])
    out = capsys.readouterr().out
    answers = set(re.findall(r"^(\S+) +answers", out, re.MULTILINE))
    by_hand = {key for key, source in publisher.catalog.items() if way_of(source) in ("page", "none")}
    # The API answers for the nation, whichever counties and places it has.
    series = ("acs_5year", "acs_5year_places")
    surveys = {key for key, source in publisher.catalog.items() if source.series in series}
    assert answers == {*publisher.files, *by_hand, *surveys}


def test_a_patience_that_is_none_counts_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for given, factor in (("3", 3), ("", 1), ("0", 1), ("-2", 1), ("nan", 1), ("inf", 1), ("a day", 1)):
        monkeypatch.setenv("GEO_PATIENCE", given)
        assert manners_here().read_s == 60 * factor, given
        assert manners_here().attempts == 5


def test_a_catalog_that_is_not_there_is_named(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GEO_CATALOG", "no-such.toml")
    assert main(["fetch", "--region", "coachella"]) == 1
    assert "no-such.toml cannot be read" in capsys.readouterr().err


def test_a_rest_that_is_of_another_file(publisher: Publisher, run: Run, mirror: Path) -> None:
    """A mirror over the web resumes with bytes of a file that changed under the same ETag: all comes anew."""
    server = publisher.host("mirror.example.org")
    entry = open_folder(mirror).index[SVI]
    server.acts["/index.toml"] = plain(tomli_w.dumps({SVI: entry}).encode())
    body = (mirror / entry["file"]).read_bytes()
    server.acts[f"/{entry['file']}"] = _then(well(body, cuts=1), 2, well(bytes(len(body))))
    assert run(SVI, "--mirror", server.address) == (0, {SVI: ("fetched", "")})
    assert [range is None for range in server.ranges(f"/{entry['file']}")] == [True, False, True]
