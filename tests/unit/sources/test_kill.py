"""Fetches and builds killed at random moments leave every source and every dataset whole, old or new."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import tomli_w

from geo.datasets.record import parquet_path, read_sidecar
from geo.settings import ROOT
from geo.sources.mirror import HEAD
from geo.sources.raw import RawStore, sha256_of

pytestmark = [pytest.mark.slow, pytest.mark.real]

SOURCES = ("acs_svi_2018", "ca_htc_index_2019", "tracts_2010", "water_quality_violations")
DATASETS = ("tract_indicators", "tracts_2010", "counties")
KILLS = 20
SEED = 20201101


def small_mirror(mirror: Path, folder: Path, dropped_rows: int) -> Path:
    """A mirror of a few sources; two of its tables have lost their last rows."""
    index = tomllib.loads((mirror / "index.toml").read_text(encoding="utf-8"))
    chosen = {key: index[key] for key in SOURCES}
    for key, entry in chosen.items():
        path = folder / entry["file"]
        path.parent.mkdir(parents=True)
        shutil.copyfile(mirror / entry["file"], path)
        if dropped_rows and key in ("acs_svi_2018", "water_quality_violations"):
            lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
            path.write_text("".join(lines[:-dropped_rows]), encoding="utf-8")
            entry["rows"] -= dropped_rows
        entry |= {"bytes": path.stat().st_size, "sha256": sha256_of(path), "note": f"less {dropped_rows}"}
    (folder / "index.toml").write_text(HEAD + tomli_w.dumps(chosen), encoding="utf-8")
    return folder


def start(command: str, mirror: Path, place: Path, names: tuple[str, ...]) -> subprocess.Popen[bytes]:
    places = {"GEO_DATA_DIR": str(place / "data"), "GEO_STATIC_DIR": str(place / "static")}
    return subprocess.Popen(
        [sys.executable, "-m", "geo", command, "--region", "coachella", "--mirror", str(mirror), *names],
        cwd=ROOT,
        env={**os.environ, **places},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def finish(command: str, mirror: Path, place: Path, names: tuple[str, ...]) -> float:
    """Let a command end by itself, and tell how long it took."""
    started = time.monotonic()
    with start(command, mirror, place, names) as process:
        output, _ = process.communicate()
    assert process.returncode == 0, output.decode()
    return time.monotonic() - started


def kill_at(seconds: float, process: subprocess.Popen[bytes]) -> bool:
    """Kill a process that still runs after a while; tell whether it did."""
    with process:
        try:
            process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return True
    return False


def raw_state() -> dict[str, tuple[str, ...]]:
    """Checksums of every source's files, after seeing that they are whole."""
    store = RawStore("official")
    return {key: tuple(item.sha256 for item in store.require_files(key)) for key in store.sources()}


def built_state() -> dict[str, str]:
    """Content of every dataset, after seeing that its file is the one that its record means."""
    state = {}
    for name in DATASETS:
        sidecar = read_sidecar("coachella", name)
        path = parquet_path("coachella", name)
        assert (sidecar is not None) == path.exists(), name
        if sidecar is not None:
            assert sha256_of(path) == sidecar.record["sha256"], name
            assert pq.read_table(path).num_rows == sidecar.record["rows"], name
            state[name] = sidecar.content
    return state


def test_random_kills(mirror: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mirrors = [small_mirror(mirror, tmp_path / "one", 0), small_mirror(mirror, tmp_path / "two", 40)]
    place = tmp_path / "place"
    monkeypatch.setenv("GEO_DATA_DIR", str(place / "data"))
    monkeypatch.setenv("GEO_STATIC_DIR", str(place / "static"))
    raw, built, lasts = [], [], {}
    for which in (0, 1):
        lasts["fetch"] = finish("fetch", mirrors[which], place, SOURCES)
        lasts["build"] = lasts["fetch"] + finish("build", mirrors[which], place, DATASETS)
        raw.append(raw_state())
        built.append(built_state())
    assert raw[0] != raw[1]
    assert built[0]["tract_indicators"] != built[1]["tract_indicators"]
    chance = random.Random(SEED)
    killed = 0
    while killed < KILLS:
        command, names = chance.choice((("build", DATASETS), ("build", DATASETS), ("fetch", SOURCES)))
        process = start(command, chance.choice(mirrors), place, names)
        killed += kill_at(chance.uniform(0.1, 0.8 * lasts[command]), process)
        now_raw, now_built = raw_state(), built_state()
        assert set(now_raw) == set(SOURCES)
        assert all(now_raw[key] in (raw[0][key], raw[1][key]) for key in SOURCES)
        assert set(now_built) == set(DATASETS)
        assert all(now_built[name] in (built[0][name], built[1][name]) for name in DATASETS)
    finish("build", mirrors[0], place, DATASETS)
    assert (raw_state(), built_state()) == (raw[0], built[0])
    assert not list((place / "data").rglob("*.tmp"))
    assert not list((place / "data").rglob(".incoming-*"))


def test_a_first_fetch_killed(mirror: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = small_mirror(mirror, tmp_path / "one", 0)
    chance = random.Random(SEED)
    for turn in range(6):
        place = tmp_path / str(turn)
        monkeypatch.setenv("GEO_DATA_DIR", str(place / "data"))
        kill_at(chance.uniform(0.2, 2.5), start("fetch", given, place, SOURCES))
        assert set(raw_state()) <= set(SOURCES)
        finish("fetch", given, place, SOURCES)
        assert set(raw_state()) == set(SOURCES)
