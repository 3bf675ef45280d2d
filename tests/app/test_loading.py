"""The one way to keep things in memory: its key, and what it refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st

from app_pages.parts.loading import is_built, kept, kept_of, load_table, to_key
from geo.datasets.record import parquet_path
from geo.datasets.storage import Product, read_table_of, write_dataset
from geo.errors import MissingDatasetError, UnnamedDatasetError
from geo.language import use_language
from geo.region import Region, read_region

ROOT = Path(__file__).resolve().parents[2]
REGION = read_region("demo")


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("GEO_DATA_DIR", str(tmp_path))
    for number, name in enumerate(("violations", "people_served")):
        build(name, number)
    yield
    st.cache_resource.clear()


def build(name: str, value: float) -> None:
    record = {"dataset": name, "fingerprint": str(value), "sources": [], "inputs": []}
    write_dataset("demo", name, Product(pd.DataFrame({"value": [value]})), record)


def value_of(name: str) -> float:
    return float(load_table("demo", name)["value"].iloc[0])


@kept("violations")
def one(region: Region) -> float:
    return value_of("violations")


@kept("violations", "people_served")
def both(region: Region, factor: float = 1.0) -> float:
    CALLS.append(factor)
    return factor * (one(region) + value_of("people_served"))


CALLS: list[float] = []


def test_streamlit_s_own_memory_is_used_in_one_module_only() -> None:
    found = {
        path.relative_to(ROOT).as_posix()
        for path in [ROOT / "dashboard.py", *(ROOT / "app_pages").rglob("*.py")]
        if re.search(r"\bcache_(data|resource)\b", path.read_text(encoding="utf-8"))
    }
    assert found == {"app_pages/parts/loading.py"}


def test_it_is_made_once_until_a_dataset_is_built_again() -> None:
    CALLS.clear()
    assert [both(REGION), both(REGION), both(REGION, 2.0)] == [1.0, 1.0, 2.0]
    assert CALLS == [1.0, 2.0]
    build("people_served", 5)
    assert both(REGION) == 5.0
    build("violations", 7)
    assert both(REGION) == 12.0, "what it calls is made again, too"


def test_a_dataset_that_goes_or_comes_is_another_state() -> None:
    @kept("transit_stops", "violations")
    def there(region: Region) -> tuple[bool, bool]:
        return is_built(region, "transit_stops"), is_built(region, "violations")

    assert there(REGION) == (False, True)
    build("transit_stops", 1)
    assert there(REGION) == (True, True)
    parquet_path("demo", "violations").unlink()
    assert there(REGION) == (True, False)


@pytest.mark.parametrize("how", ["itself", "in geo", "record", "through another", "another region"])
def test_what_is_not_named_is_refused(how: str) -> None:
    readers = {
        "itself": lambda: value_of("people_served"),
        "in geo": lambda: read_table_of("demo", "people_served"),
        "record": lambda: is_built(REGION, "people_served"),
        "through another": lambda: both(REGION),
        "another region": lambda: is_built(read_region("coachella"), "violations"),
    }

    @kept("violations")
    def hides(region: Region, how: str) -> object:
        return readers[how]()

    both(REGION)
    with pytest.raises(UnnamedDatasetError, match="that did not name it"):
        hides(REGION, how)


def test_what_is_built_again_while_it_is_read_is_made_of_one_state() -> None:
    @kept("violations", "people_served")
    def slow(region: Region) -> tuple[float, float]:
        first = value_of("violations")
        if first == 0:
            build("violations", 10)
            build("people_served", 11)
        return first, value_of("people_served")

    assert slow(REGION) == (10.0, 11.0)


def test_what_is_built_again_each_time_is_told() -> None:
    @kept("violations")
    def never(region: Region) -> float:
        build("violations", value_of("violations") + 1)
        return value_of("violations")

    with pytest.raises(MissingDatasetError, match="wait until the build has ended"):
        never(REGION)


def test_a_region_declared_anew_and_another_language_are_other_keys() -> None:
    @kept("violations")
    def told(region: Region) -> tuple[str, float]:
        CALLS.append(0)
        return region.area_crs, value_of("violations")

    CALLS.clear()
    told(REGION)
    assert told(replace(REGION, area_crs="EPSG:5070"))[0] == "EPSG:5070"
    use_language("es")
    told(REGION)
    assert len(CALLS) == 3


@dataclass(frozen=True)
class Wish:
    names: tuple[str, ...]
    frame: pd.DataFrame


def test_arguments_are_told_apart_by_what_is_in_them() -> None:
    @kept_of()
    def first(wish: Wish) -> str:
        return f"{wish.names[0]} {wish.frame.iloc[0, 0]}"

    table = pd.DataFrame({"a": [1, 2], "lists": [[1], [2]]}, index=pd.Index(["x", "y"], name="a"))
    wish = Wish(("b",), table)
    assert first(wish) == "b 1"
    assert first(replace(wish, names=("c",))) == "c 1"
    assert first(replace(wish, frame=table.assign(a=[3, 2]))) == "b 3"
    keys = {
        to_key(frame)
        for frame in (
            table,
            table.rename(columns={"a": "b"}),
            table[::-1],
            table.astype({"a": float}),
            table[:1],
        )
    }
    assert len(keys) == 5
    with pytest.raises(TypeError, match="can be told apart by a object"):
        first(object())  # type: ignore[arg-type]
