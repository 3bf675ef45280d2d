"""Every declared dataset: a module with the three steps, and a record that says where it comes from."""

from __future__ import annotations

from importlib import import_module
from inspect import signature

import pytest

from geo.datasets.declared import DATASETS
from geo.datasets.record import read_sidecar
from geo.datasets.storage import Product, read_shapes_of, read_table_of
from geo.sources.catalog import read_catalog, vintages_of
from geo.tracts.indicators import indicators_of

NAMES = tuple(DATASETS)


@pytest.mark.parametrize("name", NAMES)
def test_a_dataset_has_its_three_steps(name: str) -> None:
    pipeline = import_module(f"geo.pipelines.{name}")
    assert list(signature(pipeline.extract).parameters) == ["inputs"]
    assert list(signature(pipeline.transform).parameters) == ["raw", "region"]
    assert signature(pipeline.transform, eval_str=True).return_annotation is Product
    assert list(signature(pipeline.validate).parameters) == ["frame"]


@pytest.mark.slow
@pytest.mark.parametrize("region", ["coachella", "demo"])
@pytest.mark.parametrize("name", NAMES)
def test_a_built_dataset_says_where_it_comes_from(
    name: str, region: str, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue(f"{region}_built")
    sidecar = read_sidecar(region, name)
    assert sidecar is not None
    if not sidecar.built:
        assert sidecar.reason
        return
    own = vintages_of(DATASETS[name].sources + DATASETS[name].optional, read_catalog())
    assert len(sidecar.credits) == len(own)
    assert all(sidecar.credits)
    read = read_shapes_of if DATASETS[name].kind == "shapes" else read_table_of
    frame = read(region, name)
    assert list(frame.columns) == sidecar.record["columns"]
    assert len(frame) == sidecar.record["rows"] > 0
    import_module(f"geo.pipelines.{name}").validate(frame)


@pytest.mark.slow
@pytest.mark.parametrize("region", ["coachella", "demo"])
@pytest.mark.parametrize("name", ["tracts_2010", "tracts_2020"])
def test_every_indicator_has_its_columns(name: str, region: str, request: pytest.FixtureRequest) -> None:
    request.getfixturevalue(f"{region}_built")
    columns = set(read_shapes_of(region, name).columns)
    for item in indicators_of(name):
        wanted = {item.key, item.moe, item.known, item.count, item.base}
        if name == "tracts_2010":
            wanted |= {item.percentile, item.rank}
        assert wanted - {None} <= columns, item.key
