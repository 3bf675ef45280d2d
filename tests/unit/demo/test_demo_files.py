"""The demo is written for every source, in the official layouts, with the same bytes each time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from demo.files import STAMP
from demo.valley import COUNTY_GEOID
from geo.region import read_region
from geo.sources.catalog import read_catalog
from geo.sources.checks import check_feed
from geo.sources.raw import RawStore
from geo.sources.reading import read_shapes, read_table

pytestmark = pytest.mark.xdist_group("demo")
SOURCES = tuple(read_catalog())
SHAPES = ("shapefile", "geojson")


def test_every_source_of_the_catalog_is_invented(store: RawStore) -> None:
    assert set(store.sources()) == set(SOURCES)


@pytest.mark.parametrize("key", SOURCES)
def test_a_file_reads_by_its_official_layout(key: str, store: RawStore) -> None:
    source = read_catalog()[key]
    if source.layout.format == "gtfs":
        check_feed(store.require_files(key)[0].path)
        return
    read = read_shapes if source.layout.format in SHAPES else read_table
    frame = read(source, store, [COUNTY_GEOID])
    assert len(frame) > 0
    blank = [name for name in frame if frame[name].isna().all()]
    assert set(blank) <= {"status_note"}


@pytest.mark.parametrize("key", SOURCES)
def test_a_receipt_says_that_it_is_invented(key: str, store: RawStore) -> None:
    receipt, source = store.receipt(key), read_catalog()[key]
    assert receipt is not None
    assert receipt.publisher == "Invented for the demo"
    assert receipt.fidelity == "original"
    assert "Invented" in receipt.license
    assert receipt.vintage == source.vintage
    county = COUNTY_GEOID if source.scope == "county" else ""
    assert [item.county for item in receipt.files] == [county]
    assert receipt.files[0].path.name == source.file_for(county or None)


def test_nothing_half_written_is_left(store: RawStore) -> None:
    assert not [path for path in store.folder.rglob(".*") if path.name != ".lock"]


def test_archives_bear_fixed_times(store: RawStore) -> None:
    for key in SOURCES:
        path = store.require_files(key)[0].path
        if path.suffix in (".zip", ".xlsx"):
            with zipfile.ZipFile(path) as archive:
                assert {member.date_time for member in archive.infolist()} == {STAMP}


@pytest.mark.slow
def test_another_process_writes_the_same_bytes(store: RawStore, tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from demo import write_demo; "
    code += "from geo.sources.raw import RawStore; write_demo(RawStore('demo', folder=Path(sys.argv[1])))"
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"}
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, env=environment)
    for key in SOURCES:
        again = json.loads((tmp_path / key / "receipt.json").read_text())
        assert [item["sha256"] for item in again["files"]] == [f.sha256 for f in store.require_files(key)], (
            key
        )


@pytest.mark.slow
def test_another_seed_gives_another_valley_of_the_same_lie(store: RawStore, tmp_path: Path) -> None:
    from demo import write_demo

    other = RawStore("demo", folder=tmp_path)
    write_demo(other, seed=7)
    assert set(other.sources()) == set(SOURCES)
    for key, same in (("roads", True), ("pl94_blocks_2020", False), ("state_small_water_systems", False)):
        assert (other.require_files(key)[0].sha256 == store.require_files(key)[0].sha256) is same, key


def test_the_valley_lies_in_the_window_of_its_region(store: RawStore) -> None:
    region = read_region("demo")
    west, south, east, north = read_shapes(read_catalog()["tracts_2020"], store).total_bounds
    left, bottom, right, top = region.bounds
    assert left <= west < east <= right
    assert bottom <= south < north <= top
    assert region.counties == (COUNTY_GEOID,)
