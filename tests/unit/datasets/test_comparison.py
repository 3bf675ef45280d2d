"""A build compares itself with the one before: rows, columns and values, counted by hand and slowly."""

from __future__ import annotations

import csv
import json
import math
import random
import shutil
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import Point

from geo.__main__ import main
from geo.datasets.build import STAMP
from geo.datasets.columns import columns_of
from geo.datasets.comparison import Moved, compare_frames, to_lines
from geo.datasets.declared import DATASETS

KEY = ("geoid",)


def test_rows_and_columns_that_came_and_went_are_named() -> None:
    before = pd.DataFrame({"geoid": ["1", "2", "3"], "old": [1, 2, 3], "name": ["a", "b", "c"]})
    now = pd.DataFrame({"geoid": ["2", "3", "4"], "new": [1, 2, 3], "name": ["b", "C", "d"]})
    moved = compare_frames("towns", KEY, before, now, {})
    assert (moved.added, moved.gone) == (("4",), ("1",))
    assert (moved.columns_added, moved.columns_gone) == (("new",), ("old",))
    [name] = moved.columns
    assert (name.column, name.moved, name.of, name.largest, name.total) == ("name", 1, 2, None, None)
    assert list(to_lines(moved)) == [
        "towns: rows before: 3, now: 3",
        "  rows added: 1 (4)",
        "  rows gone: 1 (1)",
        "  columns added: 1 (new)",
        "  columns gone: 1 (old)",
        "  name: 1 of 2 values moved",
    ]


def test_missing_is_another_thing_than_zero_and_the_same_as_missing() -> None:
    before = pd.DataFrame({"geoid": list("abcd"), "n": pd.array([None, 0, None, 5], dtype="Float64")})
    now = pd.DataFrame({"geoid": list("abcd"), "n": pd.array([None, None, 7, 5], dtype="Float64")})
    [move] = compare_frames("towns", KEY, before, now, {}).columns
    assert (move.moved, move.gained, move.lost, move.largest) == (2, 1, 1, None)


def test_shares_have_a_mean_and_people_a_sum() -> None:
    before = pd.DataFrame({"geoid": ["a", "b"], "share_poverty": [0.1, 0.3], "population": [100.0, 300.0]})
    now = before.assign(share_poverty=[0.1, 0.5], population=[150.0, 300.0])
    moves = compare_frames("tracts_2010", KEY, before, now, columns_of("tracts_2010")).columns
    told = {move.column: (*move.total, move.largest) for move in moves if move.total}
    assert told["population"] == ("sum", 400.0, 450.0, ("a", 100.0, 150.0))
    assert told["share_poverty"] == ("mean", 0.2, pytest.approx(0.3), ("b", 0.3, 0.5))


def test_a_shape_that_moved_by_a_hair_is_counted() -> None:
    before = gpd.GeoDataFrame({"geoid": ["a", "b"]}, geometry=[Point(0, 0), Point(1, 1)], crs="EPSG:4326")
    now = before.set_geometry([Point(0, 0), Point(1, 1 + 1e-12)], crs="EPSG:4326")
    [move] = compare_frames("towns", KEY, before, now, {}).columns
    assert (move.column, move.moved) == ("geometry", 1)


def test_an_order_of_rows_and_the_last_digit_of_a_sum_are_nothing() -> None:
    before = pd.DataFrame({"geoid": ["a", "b"], "n": [0.1 + 0.2, 5.0]})
    now = pd.DataFrame({"geoid": ["b", "a"], "n": [5.0, 0.3]})
    moved = compare_frames("towns", KEY, before, now, {})
    assert moved.nothing
    assert list(to_lines(moved)) == ["towns: nothing moved (rows: 2)"]


def test_a_dataset_that_came_or_went_is_told() -> None:
    frame = pd.DataFrame({"geoid": ["a"]})
    assert compare_frames("towns", KEY, None, frame, {}) == Moved("towns", (None, 1))
    assert next(to_lines(compare_frames("towns", KEY, frame, None, {}))).startswith("towns: not built any")
    assert list(to_lines(Moved("towns", (None, None)))) == ["towns: not built, before or now"]


@pytest.mark.parametrize("seed", range(20))
def test_every_count_is_that_of_a_slow_count(seed: int) -> None:
    rng = random.Random(seed)

    def rows() -> dict[str, dict[str, Any]]:
        names = rng.sample("abcdefghijkl", rng.randrange(1, 12))
        return {
            name: {"n": rng.choice([None, 0.0, 1.0, 5.0, 9.5]), "t": rng.choice([None, "", "x", "y"])}
            for name in names
        }

    def frame(table: dict[str, dict[str, Any]]) -> pd.DataFrame:
        columns = {"geoid": list(table), "n": pd.array([row["n"] for row in table.values()], dtype="Float64")}
        return pd.DataFrame(columns | {"t": pd.array([row["t"] for row in table.values()], dtype="string")})

    before, now = rows(), rows()
    moved = compare_frames("towns", KEY, frame(before), frame(now), {})
    assert set(moved.added) == set(now) - set(before)
    assert set(moved.gone) == set(before) - set(now)
    moves = {move.column: move for move in moved.columns}
    both = [name for name in before if name in now]
    for column in ("n", "t"):
        other = [name for name in both if before[name][column] != now[name][column]]
        assert (moves[column].moved if column in moves else 0) == len(other)
    gaps = [
        abs(now[name]["n"] - before[name]["n"])
        for name in both
        if now[name]["n"] is not None and before[name]["n"] is not None
    ]
    if max(gaps, default=0):
        name, old, new = moves["n"].largest or ("", 0.0, 0.0)
        assert (old, new) == (before[name]["n"], now[name]["n"])
        assert math.isclose(abs(new - old), max(gaps))


@pytest.fixture
def demo_copy(demo_built: str, built_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the built demo region, to be built again."""
    for folder in ("data/raw/demo", "data/processed/demo", "static/shapes/demo"):
        shutil.copytree(built_data / folder, tmp_path / folder)
    monkeypatch.setenv("GEO_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("GEO_STATIC_DIR", str(tmp_path / "static"))
    return tmp_path


def test_a_build_of_a_changed_source_says_what_moved(
    demo_copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One row of a table is taken out and one result is another: both are told, and what follows of them.

    The table is the State's list of violations, which is read where the nation's is not here.
    """
    raw = demo_copy / "data/raw/demo"
    shutil.rmtree(raw / "sdwa_violations")
    stamp = json.loads((raw / STAMP).read_text(encoding="utf-8"))
    stamp["sources"].remove("sdwa_violations")
    (raw / STAMP).write_text(json.dumps(stamp), encoding="utf-8")
    assert main(["build", "--region", "demo"]) == 0
    [path] = (demo_copy / "data/raw/demo/water_quality_violations").glob("*/*.csv")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        heading, *rows = list(csv.reader(stream))
    place = {name: heading.index(name) for name in ("WATER_SYSTEM_NUMBER", "VIOLATION_NUMBER", "RESULT")}
    changed, gone = rows[0], rows[1]
    was = float(changed[place["RESULT"]].split()[0])
    changed[place["RESULT"]] = "999.5 MG/L"
    file = demo_copy / "hr2w.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([heading, changed, *rows[2:]])
    assert main(["add", "water_quality_violations", str(file), "--region", "demo"]) == 0
    capsys.readouterr()
    assert main(["build", "--region", "demo", "--compare"]) == 0
    told = capsys.readouterr().out.partition("Against what was built before:\n")[2].splitlines()
    key = f"{gone[place['WATER_SYSTEM_NUMBER']]} {gone[place['VIOLATION_NUMBER']]}"
    assert f"violations: rows before: {len(rows)}, now: {len(rows) - 1}" in told
    assert any(line.startswith(f"  rows gone: 1 ({key}") for line in told)
    assert "  result: 1 of 73 values moved" in told
    [amount] = [line for line in told if line.startswith("  result_amount: 1 of 73 values moved; most in")]
    assert f"from {round(1000 * was):,} to 999,500;" in amount
    assert any(line.startswith("  violations_count: 1 of 89 values moved") for line in told)
    assert "roads: nothing moved (rows: 300)" in told
    assert told[-1] == f"Nothing moved in {len(DATASETS) - 2} of {len(DATASETS)} datasets."


def test_a_build_with_nothing_to_do_says_that_nothing_moved(
    demo_copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["build", "--region", "demo", "--compare"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[-1] == f"Nothing moved in {len(DATASETS)} of {len(DATASETS)} datasets."
    assert sum(": nothing moved (rows: " in line for line in told) == len(DATASETS)


def test_a_dataset_that_is_gone_is_told_as_built_for_the_first_time(
    demo_copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (demo_copy / "data/processed/demo").glob("roads.*"):
        path.unlink()
    assert main(["build", "roads", "--region", "demo", "--compare"]) == 0
    assert "roads: built for the first time (rows: 300)" in capsys.readouterr().out
