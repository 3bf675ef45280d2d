"""The real region from its publishers is the region from the mirror; a run that is cut off goes on there.

The publishers are servers on loopback that behave as the real ones do, with the mirror's files.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import requests
from pandas.testing import assert_frame_equal

from geo.__main__ import main
from geo.datasets.declared import DATASETS
from geo.datasets.record import parquet_path, read_sidecar
from geo.region import read_region
from geo.settings import ROOT
from geo.sources.catalog import read_catalog
from geo.sources.fetch import fetch_source
from geo.sources.mirror import open_folder, read_entry
from geo.sources.origins import open_origin
from geo.sources.publishers import way_of
from geo.sources.raw import RawStore
from geo.sources.reading import read_shapes, read_table
from tests.publisher import (
    CHANGED,
    GOOD,
    Publisher,
    etag_of,
    holdings_of_mirror,
    holdings_of_store,
    publishing,
)
from tests.unit.sources.loopback import Act, Handler, silent

pytestmark = [pytest.mark.slow, pytest.mark.real]

BY_HAND = re.compile(r"open (\S+), find (.+), then run python -m geo add (\S+) FILE")
# Not published as files, or not in the mirror: the district gives its mains, the agency the boundaries of
# its health district, a county its addresses; the register of parks answers to a browser alone.
ASKED_FOR = {"address_points", "mobile_home_parks_register", "health_districts", "water_mains"}


@pytest.fixture
def publisher(mirror: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    """Publishers of the mirror's files, and a data folder of its own."""
    with publishing(holdings_of_mirror(mirror)) as running:
        monkeypatch.setenv("GEO_CATALOG", str(running.write_catalog(tmp_path / "sources.toml")))
        monkeypatch.setenv("GEO_DATA_DIR", str(tmp_path / "data"))
        monkeypatch.setenv("GEO_STATIC_DIR", str(tmp_path / "static"))
        monkeypatch.setenv("GEO_PATIENCE", "0.1")
        monkeypatch.setenv("CENSUS_API_KEY", GOOD)
        yield running


def do_as_told(line: str, folder: Path) -> str:
    """Do what a sentence says that a person can do; tell the source, or nothing where no file is found."""
    found = BY_HAND.search(line)
    assert found, line
    page, _, key = found.groups()
    name = read_catalog()[key].file
    links = re.findall(r'href="([^"]+)"', requests.get(page, timeout=10).text)
    for link in links:
        if link.endswith(f"/{name}"):
            file = folder / name
            file.write_bytes(requests.get(requests.compat.urljoin(page, link), timeout=10).content)
            assert main(["add", key, str(file)]) == 0
            return key
    return ""


def dataset(region: str, name: str) -> pd.DataFrame:
    """A dataset with its rows in an order of their own."""
    path = parquet_path(region, name)
    sidecar = read_sidecar(region, name)
    assert sidecar is not None
    if not sidecar.built:
        return pd.DataFrame({"reason": [sidecar.reason]})
    shapes = "geometry" in pd.read_parquet(path).columns
    frame = gpd.read_parquet(path) if shapes else pd.read_parquet(path)
    words = ["\n".join(map(str, row)) for row in frame.itertuples(index=False)]
    return frame.iloc[sorted(range(len(frame)), key=words.__getitem__)].reset_index(drop=True)


def test_the_region_from_its_publishers_is_the_region_from_the_mirror(
    coachella_built: str,
    built_data: Path,
    publisher: Publisher,
    mirror: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert main(["fetch"]) == 3
    lines = capsys.readouterr().out.splitlines()
    by_hand = [line for line in lines if BY_HAND.search(line)]
    added = {do_as_told(line, tmp_path) for line in by_hand}
    pages = {key for key, source in read_catalog().items() if way_of(source, GOOD) == "page"}
    assert added - {""} == pages - ASKED_FOR
    daily = mirror / "self_response_daily_2020" / "daily.parquet"
    assert main(["add", "self_response_daily_2020", str(daily)]) == 0
    entries = {key: read_entry(open_folder(mirror), source) for key, source in read_catalog().items()}
    stand_ins = [key for key, entry in entries.items() if entry and entry.fidelity == "stand-in"]
    assert main(["fetch", *stand_ins, "--mirror", str(mirror)]) == 0
    publisher.forget()
    assert main(["build", "--fetch"]) == 0
    assert set(publisher.asked) == LACKING
    fetched = {name: dataset(coachella_built, name) for name in DATASETS}
    assert set(fetched["water_systems"]["safer_vintage"].dropna()) == {CHANGED}
    monkeypatch.setenv("GEO_DATA_DIR", str(built_data / "data"))
    expected = {name: dataset(coachella_built, name) for name in DATASETS}
    # The State's catalog dates its file by the last change, the mirror by the month in which it was copied.
    expected["water_systems"]["safer_vintage"] = fetched["water_systems"]["safer_vintage"]
    for name, frame in fetched.items():
        assert_frame_equal(frame, expected[name], obj=name)


def test_every_way_of_a_source_gives_what_the_publisher_has(
    demo_built: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The invented region has a file of every source: of each, what comes is what the publisher has."""
    has = RawStore("demo")
    with publishing(holdings_of_store(has)) as publisher:
        monkeypatch.setenv("GEO_CATALOG", str(publisher.write_catalog(tmp_path / "sources.toml")))
        monkeypatch.setenv("CENSUS_API_KEY", GOOD)
        region, comes = read_region(demo_built), RawStore("official", tmp_path / "raw")
        origin = open_origin(None, comes)
        ways = set()
        for source in read_catalog().values():
            # The State's layer knows counties by their names, and the invented one has none there.
            if way_of(source, GOOD) in ("page", "none") or source.county_column:
                continue
            outcome = fetch_source(source, region.counties, comes, origin)
            assert outcome.state == "fetched", (source.key, outcome.reason)
            if source.layout.format == "gtfs":
                (came,), (there,) = comes.require_files(source.key), has.require_files(source.key)
                assert came.sha256 == there.sha256
                continue
            read = read_shapes if source.layout.format in ("shapefile", "geojson") else read_table
            assert_frame_equal(read(source, comes), read(source, has), obj=source.key)
            ways.add(way_of(source, GOOD))
    assert ways == {"file", "rows", "acs", "layer", "resource"}


FETCH = ["fetch", "--region", "coachella"]
BUILD = ["build", "--region", "coachella", "--fetch", "counties"]
# Of which the publisher lacks a county, or all: they are asked for at every run. The State's catalog is
# asked at one address for every file, also for what it lacks, which counts as the risk assessment's; places
# of 2024 are asked for where its tracts are, and count as theirs.
LACKING = {
    "acs_5year_2024",
    "acs_5year_2022",
    "acs_5year_places_2018",
    "pl94_blocks_2020",
    "safer_risk_assessment",
}


def start(command: list[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "geo", *command],
        cwd=ROOT, env=os.environ, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.mark.parametrize(("command", "how"), [(FETCH, signal.SIGKILL), (BUILD, signal.SIGINT)])
def test_a_run_that_ends_in_the_middle_of_a_file_is_taken_up_there(
    publisher: Publisher, capsys: pytest.CaptureFixture[str], command: list[str], how: signal.Signals
) -> None:
    (path,) = publisher.files["places_2019"].values()
    half_out = threading.Event()
    publisher.spoil("places_2019", halts(path.read_bytes(), half_out))
    with start(command) as process:
        assert half_out.wait(120)
        wait_for_bytes(RawStore("official").folder / ".partial")
        process.send_signal(how)
        _, words = process.communicate()
    if how == signal.SIGINT:
        assert process.returncode == 130
        assert words == f"{command[0]}: stopped; what is whole is kept, the next run takes up there\n"
    before = set(publisher.asked)
    publisher.mend()
    assert main(command) == (0 if command == BUILD else 3)
    assert set(publisher.asked) & before == {"places_2019", *LACKING}
    assert publisher.asked["places_2019"] == 1
    (asked,) = publisher.ranges("places_2019")
    assert asked is not None
    assert int(asked.removeprefix("bytes=").removesuffix("-")) > 0, "the rest alone"
    assert not list(Path(os.environ["GEO_DATA_DIR"]).rglob(".incoming-*"))
    (file,) = RawStore("official").require_files("places_2019")
    assert file.path.read_bytes() == path.read_bytes()


@pytest.mark.parametrize(("key", "when"), [("water_system_boundaries", 3), ("self_response_2020", 1)])
def test_a_run_that_is_killed_while_a_service_works_is_taken_up_there(
    publisher: Publisher, key: str, when: int
) -> None:
    asked = threading.Event()
    publisher.spoil(key, works(publisher, key, when, asked))
    with start(FETCH) as process:
        assert asked.wait(120)
        process.kill()
    before = set(publisher.asked)
    publisher.mend()
    assert main(FETCH) == 3
    assert set(publisher.asked) & before == {key, *(LACKING & before)}
    assert not list(Path(os.environ["GEO_DATA_DIR"]).rglob(".incoming-*"))
    assert RawStore("official").require_files(key)


def works(publisher: Publisher, key: str, when: int, asked: threading.Event) -> Act:
    """An act that answers well, but is silent when it is asked for the ``when``-th time."""
    (usual,) = publisher.acts(key)

    def act(handler: Handler, times: int) -> None:
        if times == when:
            asked.set()
            silent(handler, times)
        else:
            usual(handler, times)

    return act


def halts(body: bytes, half_out: threading.Event) -> Act:
    """An act that gives half of a body, then nothing."""

    def act(handler: Handler, times: int) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.send_header("ETag", etag_of(body))
        handler.end_headers()
        handler.wfile.write(body[: len(body) // 2])
        half_out.set()
        handler.server.idle.wait(60)

    return act


def wait_for_bytes(folder: Path) -> None:
    """Wait until some of a file has come to the folder of partial files."""
    pause = threading.Event()
    while not any(path.stat().st_size for path in folder.glob("*/body")):
        pause.wait(0.01)
