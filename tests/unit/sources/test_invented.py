"""The demo's raw files are written when they are not here, or when what makes them has changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import demo
from geo.datasets import build
from geo.sources.catalog import Source
from geo.sources.publishers import declared_receipt
from geo.sources.raw import RawStore, describe_file


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, systems: Source) -> list[str]:
    """Counts how often the demo was written; each time one source comes."""
    times: list[str] = []

    def write(store: RawStore) -> None:
        times.append(store.realm)
        with store.staging(systems.key) as folder:
            path = folder / systems.file
            path.write_bytes(b"invented")
            files = (describe_file(path),)
            store.commit(replace(declared_receipt(systems, "original"), files=files))

    monkeypatch.setenv("GEO_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(demo, "write_demo", write, raising=False)
    return times


def test_written_once(written: list[str]) -> None:
    assert build.require_invented("demo")
    assert not build.require_invented("demo")
    assert written == ["demo"]


def test_a_real_region_is_left_alone(written: list[str]) -> None:
    assert not build.require_invented("official")
    assert written == []


def test_written_again_when_its_code_changed(written: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    build.require_invented("demo")
    monkeypatch.setattr(build, "code_checksum", lambda path: "another")
    assert build.require_invented("demo")


@pytest.mark.parametrize("lost", ["state_small_water_systems/receipt.json", "made_by.json"])
def test_written_again_when_something_is_lost(written: list[str], tmp_path: Path, lost: str) -> None:
    build.require_invented("demo")
    (tmp_path / "raw" / "demo" / lost).unlink()
    assert build.require_invented("demo")
    assert len(written) == 2
