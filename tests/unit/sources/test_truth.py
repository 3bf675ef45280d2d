"""The truth about the sources: what came goes before what is declared, and findings go to their source."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from geo.__main__ import main
from geo.datasets.build import build_region
from geo.datasets.findings import CHECKS, describe, find
from geo.datasets.provenance import SourceTruth, source_truth
from geo.datasets.record import write_record
from geo.sources.catalog import Source, read_catalog
from geo.sources.fetch import fetch_region
from geo.sources.publishers import declared_receipt
from geo.sources.raw import RawStore, describe_file
from tests.unit.sources.loopback import table_of

STAND_IN = {"publisher": "Somebody else", "title": "Coarse", "vintage": "1990s", "license": "Cite them"}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GEO_DATA_DIR", str(tmp_path))
    return tmp_path


def put(source: Source, county: str = "", **words: str) -> None:
    store = RawStore("official")
    with store.staging(source.key) as folder:
        path = folder / source.file_for(county or None)
        path.write_bytes(table_of(source, 1))
        receipt = replace(declared_receipt(source, "stand-in"), **words)
        store.commit(replace(receipt, files=(describe_file(path, county=county),)))


def truth_of(key: str) -> SourceTruth:
    return next(truth for truth in source_truth("coachella") if truth.source.key == key)


def test_one_for_every_source(place: Path) -> None:
    truths = source_truth("coachella")
    assert [truth.source.key for truth in truths] == list(read_catalog())
    assert not any(truth.here or truth.fetched_at or truth.fidelity or truth.findings for truth in truths)


def test_what_came_goes_before_what_is_declared(place: Path) -> None:
    roads = read_catalog()["roads"]
    assert truth_of("roads").publisher == roads.publisher
    put(roads, **STAND_IN)
    truth = truth_of("roads")
    assert {name: getattr(truth, name) for name in STAND_IN} == STAND_IN
    assert (truth.here, truth.fidelity, truth.datasets[0]) == (True, "stand-in", "roads")
    assert truth.counties_lacking == ()


def test_counties_that_lack(place: Path) -> None:
    put(read_catalog()["tracts_2020"], "06065")
    assert truth_of("tracts_2020").counties_lacking == ("06025",)
    assert "blocks" not in truth_of("tracts_2020").datasets


def test_files_of_other_counties_are_not_of_the_region(place: Path) -> None:
    put(read_catalog()["tracts_2020"], "06029")
    assert not truth_of("tracts_2020").here


def test_what_it_feeds_through_others(place: Path) -> None:
    truth = truth_of("acs_svi_2018")
    assert truth.datasets == ("tract_indicators", "tracts_2020", "tract_vintages")
    assert "tracts_2010" in truth.feeds


def test_findings_go_to_their_source_once(place: Path) -> None:
    parks = find("rows", "mobile_home_parks", ["P1"], of=3)
    for name in ("water_systems", "violations"):
        record = {"status": "missing", "reason": "", "fingerprint": "", "findings": [parks.to_record()]}
        write_record("coachella", name, record)
    assert truth_of("mobile_home_parks").findings == (parks,)
    assert truth_of("roads").findings == ()


@pytest.mark.real
def test_every_finding_on_the_real_sources_has_words(mirror: Path, place: Path) -> None:
    fetch_region("coachella", mirror, ["ca_htc_index_2019", "acs_svi_2018"])
    build_region("coachella", ["tract_indicators"])
    findings = truth_of("ca_htc_index_2019").findings
    assert findings
    assert all(finding.check in CHECKS and describe(finding) for finding in findings)


def test_a_receipt_that_cannot_be_read_is_told(place: Path) -> None:
    put(read_catalog()["roads"])
    (place / "raw" / "official" / "roads" / "receipt.json").write_text("{")
    truth = truth_of("roads")
    assert not truth.here
    assert truth.fault.startswith("the receipt of 'roads' cannot be read")


def test_the_command(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(read_catalog()["tracts_2020"], "06065", **STAND_IN)
    finding = find("rows", "tracts_2020", ["06065000100"])
    record = {"status": "missing", "reason": "", "fingerprint": "", "findings": [finding.to_record()]}
    write_record("coachella", "blocks", record)
    assert main(["check", "tracts_2020"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:4] == [
        "tracts_2020: Coarse",
        "  publisher  Somebody else",
        "  vintage    1990s",
        "  license    Cite them",
    ]
    assert "  lacks      county 06025" in lines
    assert "  found      1 rows" in lines
    assert any(line.endswith("(link verified)") for line in lines)
    assert main(["check"]) == 3
    assert "nobody has seen it answer yet" in capsys.readouterr().out
    assert json.loads((place / "processed" / "coachella" / "blocks.json").read_text())["findings"]
