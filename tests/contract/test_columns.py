"""Every column of every dataset has a description and a unit, and the page of the dictionary is today's."""

from __future__ import annotations

import re
from collections.abc import Iterator

import geopandas as gpd
import pandas as pd
import pytest

from geo.commands.docs import to_page
from geo.datasets.columns import UNITS, Column, columns_of, dictionary_of, field_named
from geo.datasets.declared import DATASETS
from geo.datasets.record import read_sidecar
from geo.datasets.storage import read_shapes_of, read_table_of
from geo.errors import CatalogError
from geo.language import use_language
from geo.settings import ROOT
from geo.sources.catalog import read_catalog
from geo.tracts.indicators import INDICATORS, TAKEN

REGIONS = ("demo", "coachella")
LAID_BESIDE = {"tracts_2010": set(TAKEN), "tracts_2020": set(TAKEN)}
"""Columns that a view lays beside a dataset's own, and a download has too."""


def frames(region: str) -> Iterator[tuple[str, pd.DataFrame]]:
    for name, dataset in DATASETS.items():
        sidecar = read_sidecar(region, name)
        if sidecar is not None and sidecar.built:
            yield name, (read_shapes_of if dataset.kind == "shapes" else read_table_of)(region, name)


@pytest.mark.parametrize("name", DATASETS)
def test_every_column_is_described_in_both_languages(name: str) -> None:
    for column, declared in columns_of(name).items():
        english = declared.describe()
        assert len(english) >= 4, column
        use_language("es")
        try:
            assert declared.describe() != english, column
        finally:
            use_language("en")
        assert (declared.kind == "number") == bool(declared.unit), column
        assert not declared.unit or declared.unit in UNITS, column
        assert not declared.source or declared.source in read_catalog(), column


@pytest.mark.slow
@pytest.mark.parametrize("region", REGIONS)
def test_every_column_that_was_built_is_declared_as_what_it_is(
    region: str, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue(f"{region}_built")
    wrong = [
        f"{name}.{column}: {frame[column].dtype}"
        for name, frame in frames(region)
        for column in map(str, frame)
        if column not in columns_of(name) or not holds(frame[column], columns_of(name)[column])
    ]
    assert not wrong


def holds(values: pd.Series, declared: Column) -> bool:
    if declared.kind == "shape":
        return isinstance(values, gpd.GeoSeries)
    if declared.kind == "day":
        return pd.api.types.is_datetime64_any_dtype(values)
    if declared.kind == "yes-no":
        return pd.api.types.is_bool_dtype(values)
    number = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
    return number if declared.kind == "number" else not number


@pytest.mark.slow
def test_no_declared_column_is_an_orphan(demo_built: str, coachella_built: str) -> None:
    built: dict[str, set[str]] = {name: set(LAID_BESIDE.get(name, ())) for name in DATASETS}
    for region in (demo_built, coachella_built):
        for name, frame in frames(region):
            built[name] |= set(frame.columns)
    orphans = {name: set(columns_of(name)) - found for name, found in built.items()}
    assert not {name: found for name, found in orphans.items() if found}


def test_the_page_of_the_dictionary_is_what_the_declarations_say() -> None:
    page = (ROOT / "docs" / "DATA.md").read_text(encoding="utf-8")
    assert page == to_page(read_catalog()), "run make docs"
    assert set(re.findall(r"^## dataset (\w+):", page, re.MULTILINE)) == set(DATASETS)


def test_a_column_made_by_a_rule_takes_unit_and_limits_of_what_it_is_made_of() -> None:
    assert field_named("mobile_homes_moe").unit == "housing units"
    assert field_named("share_poverty_percent").high == 100
    assert field_named("share_poverty_percent_moe").high is None
    assert field_named("ces_score_region_rank").low == 1
    assert field_named("population_moe").part_of == ""
    with pytest.raises(CatalogError, match="name_moe"):
        field_named("name_moe")


def test_one_name_means_in_each_dataset_what_it_is_there() -> None:
    meant = {
        name: columns_of(name)["population"].describe() for name in ("tracts_2010", "blocks", "water_systems")
    }
    assert len(set(meant.values())) == 3


def test_every_indicator_is_told_with_its_universe() -> None:
    for item in INDICATORS.values():
        if item.key in columns_of("tracts_2010") and item.universe == "households":
            assert "households" in columns_of("tracts_2010")[item.key].describe()


def test_a_column_that_nobody_declared_is_said_to_be_without_a_description() -> None:
    assert dictionary_of("roads", ["mine"])[0]["description"] == "not described"
