"""Damage on the disk is seen: every bit, of the file, of its record and of the shapes, and never blessed."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import Point

from geo.__main__ import main
from geo.datasets.record import Sidecar, parquet_path, read_sidecar, sidecar_path
from geo.datasets.storage import Product, read_shapes_of, write_dataset
from geo.errors import MissingDatasetError
from geo.settings import static_dir

REGION, NAME = "demo", "places"
FLIPS = 300


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Sidecar, gpd.GeoDataFrame]:
    """A dataset of 2,000 points and its record, in a folder of its own."""
    monkeypatch.setenv("GEO_DATA_DIR", str(tmp_path))
    rng = np.random.default_rng(7)
    points = [Point(x, y) for x, y in rng.uniform(30, 40, (2000, 2))]
    columns = {"geoid": [f"06{number:05d}" for number in range(2000)], "people": rng.uniform(0, 9e4, 2000)}
    frame = gpd.GeoDataFrame(columns, geometry=points, crs="EPSG:4326")
    record = {"dataset": NAME, "fingerprint": "f", "sources": [], "inputs": []}
    return write_dataset(REGION, NAME, Product(frame), record), read_shapes_of(REGION, NAME)


def flip(path: Path, rng: random.Random) -> None:
    content = bytearray(path.read_bytes())
    place = rng.randrange(len(content))
    content[place] ^= 1 << rng.randrange(8)
    path.write_bytes(content)


@pytest.mark.parametrize("record_there", [True, False])
def test_a_flipped_bit_in_the_file_is_seen(
    written: tuple[Sidecar, gpd.GeoDataFrame], record_there: bool
) -> None:
    sidecar, frame = written
    path, record = parquet_path(REGION, NAME), sidecar_path(REGION, NAME)
    whole, rng = path.read_bytes(), random.Random(20)
    for _round in range(FLIPS):
        flip(path, rng)
        if not record_there:
            record.unlink(missing_ok=True)
        found = read_sidecar(REGION, NAME)
        assert found is not None
        assert (found.built, found.damaged) == (False, True)
        with pytest.raises(
            MissingDatasetError, match=r"changed on the disk .*run python -m geo build --region demo"
        ):
            read_shapes_of(REGION, NAME)
        path.write_bytes(whole)
        assert read_sidecar(REGION, NAME) == sidecar, "what is whole again is read again"
    pd.testing.assert_frame_equal(read_shapes_of(REGION, NAME), frame)


def test_a_flipped_bit_in_the_record_is_seen_and_mended(
    written: tuple[Sidecar, gpd.GeoDataFrame],
) -> None:
    sidecar, _frame = written
    record, rng = sidecar_path(REGION, NAME), random.Random(21)
    whole = record.read_bytes()
    for _round in range(FLIPS):
        flip(record, rng)
        assert read_sidecar(REGION, NAME) == sidecar
        assert record.read_bytes() == whole


def test_zeros_inside_with_the_footer_intact_are_seen(written: tuple[Sidecar, gpd.GeoDataFrame]) -> None:
    path = parquet_path(REGION, NAME)
    content = bytearray(path.read_bytes())
    content[4000:7000] = bytes(3000)
    path.write_bytes(content)
    before = sidecar_path(REGION, NAME).read_bytes()
    found = read_sidecar(REGION, NAME)
    assert found is not None
    assert found.damaged
    assert sidecar_path(REGION, NAME).read_bytes() == before, "no checksum of damage is written down"


@pytest.mark.parametrize("cut", [0, 3, 100, 20_000])
def test_a_file_cut_short_is_seen(written: tuple[Sidecar, gpd.GeoDataFrame], cut: int) -> None:
    path = parquet_path(REGION, NAME)
    path.write_bytes(path.read_bytes()[:cut])
    found = read_sidecar(REGION, NAME)
    assert found is not None
    assert found.damaged


def test_a_file_that_is_gone_is_named(written: tuple[Sidecar, gpd.GeoDataFrame]) -> None:
    parquet_path(REGION, NAME).unlink()
    with pytest.raises(MissingDatasetError, match="gone from the disk"):
        read_shapes_of(REGION, NAME)


def test_a_swap_that_hides_its_time_and_size_is_seen(written: tuple[Sidecar, gpd.GeoDataFrame]) -> None:
    import os

    path = parquet_path(REGION, NAME)
    assert read_sidecar(REGION, NAME) == written[0]
    was = path.stat()
    flip(path, random.Random(3))
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))
    assert path.stat().st_mtime_ns == was.st_mtime_ns
    found = read_sidecar(REGION, NAME)
    assert found is not None
    assert found.damaged


def test_a_file_is_proved_once_a_process(
    written: tuple[Sidecar, gpd.GeoDataFrame], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_sidecar(REGION, NAME)
    monkeypatch.setattr(Path, "read_bytes", lambda path: pytest.fail(f"{path} was read again"))
    for _round in range(3):
        assert read_sidecar(REGION, NAME) == written[0]


def test_the_record_of_another_rebuild_is_found_in_the_file(
    written: tuple[Sidecar, gpd.GeoDataFrame],
) -> None:
    """A process killed between the two renames leaves the new file beside the old record."""
    sidecar, frame = written
    old = sidecar_path(REGION, NAME).read_bytes()
    half = Product(gpd.GeoDataFrame(frame.head(1000)))
    new = write_dataset(REGION, NAME, half, {**sidecar.record, "fingerprint": "g"})
    sidecar_path(REGION, NAME).write_bytes(old)
    assert read_sidecar(REGION, NAME) == new
    assert len(read_shapes_of(REGION, NAME)) == new.record["rows"] == 1000


@pytest.fixture
def demo_copy(demo_built: str, built_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the built demo region, to be damaged."""
    shutil.copytree(built_data / "data" / "raw" / "demo", tmp_path / "data" / "raw" / "demo")
    shutil.copytree(built_data / "data" / "processed" / "demo", tmp_path / "data" / "processed" / "demo")
    shutil.copytree(built_data / "static" / "shapes" / "demo", tmp_path / "static" / "shapes" / "demo")
    monkeypatch.setenv("GEO_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("GEO_STATIC_DIR", str(tmp_path / "static"))
    return tmp_path


def test_check_names_damage_and_build_mends_it(demo_copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--region", REGION]) == 0
    whole = read_shapes_of(REGION, NAME)
    shapes = static_dir() / str(read_sidecar(REGION, "tracts_2010").record["shapes"])
    flip(parquet_path(REGION, NAME), random.Random(5))
    flip(shapes, random.Random(6))
    capsys.readouterr()
    assert main(["check", "--region", REGION]) == 1
    told = capsys.readouterr().out
    assert "places is damaged: its file was changed on the disk" in told
    assert "tracts_2010 is damaged: its shapes for the browser are damaged or gone" in told
    assert main(["build", "--region", REGION]) == 0
    told = capsys.readouterr().out
    assert "places                     was damaged: its file was changed on the disk" in told
    assert "2 built now" in told
    assert main(["check", "--region", REGION]) == 0
    pd.testing.assert_frame_equal(read_shapes_of(REGION, NAME), whole)


def test_check_names_a_damaged_source(demo_copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    [path] = (demo_copy / "data" / "raw" / "demo" / "roads").glob("*/*")
    flip(path, random.Random(8))
    assert main(["check", "--region", REGION]) == 1
    assert f"the file {path.name} of 'roads' was changed since it was fetched" in capsys.readouterr().out
