"""Every source of the catalog has what the checks, credits and pages need, and fits the mirror."""

from __future__ import annotations

import tomllib
from pathlib import Path
from string import Formatter
from urllib.parse import urlsplit

import pytest

from geo.datasets.declared import DATASETS
from geo.sources.catalog import ACCESS, FORMATS, Source, read_catalog
from geo.sources.fetch import fetch_region
from geo.sources.mirror import open_folder, read_entry
from geo.sources.publishers import way_of

CATALOG = read_catalog()
SOURCES = [pytest.param(source, id=key) for key, source in CATALOG.items()]
# Read as a folder of tables, each with columns of its own.
FEEDS = ("gtfs",)


@pytest.mark.parametrize("source", SOURCES)
def test_is_declared_in_full(source: Source) -> None:
    assert source.title
    assert source.publisher
    assert source.vintage
    assert source.license
    assert source.credit == f"{source.publisher}, {source.title}, {source.vintage}"
    assert urlsplit(source.address).scheme == "https"
    assert urlsplit(source.address).hostname
    assert source.access in ACCESS
    assert source.layout.format in FORMATS
    assert source.layout.columns or source.layout.format in FEEDS


@pytest.mark.parametrize("source", SOURCES)
def test_its_key_is_among_its_columns(source: Source) -> None:
    assert set(source.key_columns) <= set(source.layout.columns)


@pytest.mark.parametrize("source", SOURCES)
def test_identifiers_are_text(source: Source) -> None:
    numbers = {*source.layout.number, *source.layout.date}
    assert not [name for name in numbers if name.endswith(("geoid", "pwsid"))]


@pytest.mark.parametrize("source", SOURCES)
def test_a_file_and_an_address_for_each_county(source: Source) -> None:
    names = {name for _, name, _, _ in Formatter().parse(source.file) if name}
    assert names == ({"county"} if source.scope == "county" else set())
    assert source.file_for("06065") != source.file_for("06025") or source.scope != "county"
    assert "{" not in source.address_for("06065")
    if source.scope == "county" and way_of(source, "key") != "acs":
        assert source.address_for("06065") != source.address_for("06025")


@pytest.mark.parametrize("source", SOURCES)
def test_some_dataset_is_made_from_it(source: Source) -> None:
    names = {source.key, source.declared_as}
    assert any(names & {*dataset.sources, *dataset.optional} for dataset in DATASETS.values())


def test_the_keys_of_the_mirror_are_distinct() -> None:
    keys = [source.mirror_key for source in CATALOG.values()]
    assert len(set(keys)) == len(keys)


@pytest.mark.real
def test_every_source_of_the_mirror_is_declared(mirror: Path) -> None:
    index = tomllib.loads((mirror / "index.toml").read_text(encoding="utf-8"))
    declared = {source.mirror_key: source for source in CATALOG.values()}
    assert set(index) <= set(declared)
    still = [key for key in index if not declared[key].moved_from]
    marks = {key: (index[key]["address_seen"], index[key]["access"]) for key in still}
    assert marks == {key: (declared[key].address_seen, declared[key].access) for key in still}


@pytest.mark.real
def test_the_address_of_the_mirror_is_the_declared_one(mirror: Path) -> None:
    index = tomllib.loads((mirror / "index.toml").read_text(encoding="utf-8"))
    declared = {source.mirror_key: source for source in CATALOG.values()}
    others = {key: entry["address"] for key, entry in index.items()}
    ours = {key: declared[key].moved_from or declared[key].address_for("06065") for key in index}
    (cut,) = [key for key in index if others[key] != ours[key]]
    assert cut == "state_small_water_systems", "whose item the mirror names by its first eight digits"
    assert ours[cut].startswith(others[cut])


@pytest.mark.real
def test_every_stand_in_of_the_mirror_has_a_layout(mirror: Path) -> None:
    opened = open_folder(mirror)
    entries = {key: read_entry(opened, source) for key, source in CATALOG.items()}
    stand_ins = [key for key, entry in entries.items() if entry and entry.fidelity == "stand-in"]
    assert stand_ins
    assert [key for key in stand_ins if CATALOG[key].stand_in is None] == []


@pytest.mark.real
def test_every_file_of_the_mirror_passes_its_checks(
    mirror: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEO_DATA_DIR", str(tmp_path))
    report = fetch_region("coachella", mirror)
    lacking = {result.source: result.reason for result in report.lacking}
    index = open_folder(mirror).index
    of_one_county = {"tracts_2020", "pl94_blocks_2020"}
    absent = {key for key, source in CATALOG.items() if source.mirror_key not in index}
    assert set(lacking) == absent | of_one_county
    assert {lacking[key] for key in of_one_county} == {"the mirror has no file for county 06025"}
    assert all("does not have it" in lacking[key] for key in absent)
