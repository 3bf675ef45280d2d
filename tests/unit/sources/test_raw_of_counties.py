"""A source counts as here only where it has a statewide file, or one of the region's counties."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.datasets.inputs import Inputs, shapes_or_empty, table_or_empty
from geo.region import Region, read_region
from geo.sources.catalog import read_catalog
from geo.sources.raw import RawStore, Receipt, describe_file

FRESNO = """
title = "Fresno County"
realm = "official"
state = "06"
counties = ["06019"]
area_crs = "EPSG:3310"
length_crs = "EPSG:26911"
timezone = "America/Los_Angeles"

[[focus]]
title = "Fresno"
bounds = [-120.9, 35.9, -118.4, 37.6]
"""


@pytest.fixture
def fresno(tmp_path: Path) -> Region:
    (tmp_path / "fresno.toml").write_text(FRESNO, encoding="utf-8")
    return read_region("fresno", tmp_path)


def store_with(folder: Path, source: str, county: str) -> RawStore:
    store = RawStore("official", folder / "raw")
    path = store.incoming(source) / f"{source}.csv"
    path.write_text("geoid\n", encoding="utf-8")
    item = describe_file(path, county=county)
    store.commit(Receipt(source, source, "us", "2020", "", "original", "2026-01-01T00:00:00Z", (item,)))
    return store


@pytest.mark.parametrize(("county", "here"), [("", True), ("06019", True), ("06065", False)])
def test_files_of_other_counties_do_not_count(
    county: str, here: bool, fresno: Region, tmp_path: Path
) -> None:
    store = store_with(tmp_path, "roads", county)
    assert store.has("roads")
    assert store.has("roads", fresno.counties) is here
    assert Inputs(fresno, store, {}).has("roads") is here


@pytest.mark.parametrize("source", ["tracts_2020", "pl94_blocks_2020"])
def test_optional_sources_of_other_counties_are_read_as_no_rows(
    source: str, fresno: Region, tmp_path: Path
) -> None:
    inputs = Inputs(fresno, store_with(tmp_path, source, "06065"), read_catalog())
    assert table_or_empty(inputs, source).empty
    assert shapes_or_empty(inputs, source).empty


def test_what_was_never_fetched_is_not_here(tmp_path: Path) -> None:
    store = RawStore("official", tmp_path)
    assert not store.has("roads")
    assert not store.has("roads", ["06019"])
