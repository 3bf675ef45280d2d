"""Every layer draws its fixture, an empty frame and one without values, and refuses what is not fit."""

from __future__ import annotations

import json
import re

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import LineString, Point, box

from geo.datasets.declared import DATASETS
from geo.errors import CRSError, SchemaError
from geo.tracts.indicators import indicator_named, indicators_of
from layers.layer import Layer, Look, feature_group
from layers.registry import CONTEXT, LAYERS
from layers.tracts import Shading, choropleth

SHAPES = [box(-116.2, 33.5, -116.1, 33.6), Point(-116, 33.4), LineString([(-116, 33), (-115, 34)]), None]
WICKED = '</script><img src=x onerror="alert(1)">'


def fixture_of(layer: Layer) -> gpd.GeoDataFrame:
    """Four rows with the layer's columns: names that try to break out, and numbers."""
    columns: dict[str, list[object]] = {layer.identifier: [f"0606500000{place}" for place in range(4)]}
    for column in layer.columns:
        columns[column] = [WICKED, "b", "c", None] if column in TEXT else [0.5, 0.25, 0.75, None]
    frame = gpd.GeoDataFrame(columns, geometry=SHAPES, crs="EPSG:4326")
    if "road_class" in columns:
        # Only roads of some classes are drawn.
        frame["road_class"] = "primary"
    numbers = [column for column in layer.columns if column not in TEXT]
    frame[numbers] = frame[numbers].astype("Float64")
    return frame.assign(index_scored=True)


TEXT = {
    "name",
    "label",
    "public_name",
    "safer_status",
    "location_quality",
    "kind",
    "level",
    "vintage",
    "community",
    "title",
    "boundary_type",
    "material",
    "road_class",
}
EVERY = [*LAYERS.values(), choropleth(Shading(indicator_named("share_uninsured")), "tracts_2010")]


@pytest.fixture(params=EVERY, ids=lambda layer: f"{layer.key} {' '.join(layer.columns[:1])}")
def layer(request: pytest.FixtureRequest) -> Layer:
    return request.param


def drawn(layer: Layer, frame: gpd.GeoDataFrame, look: Look | None = None) -> dict[str, object]:
    """What the browser gets of it."""
    group = feature_group(layer, frame, look)
    (element,) = group._children.values()
    record: dict[str, object] = json.loads(element.json)
    return record


def test_draws_every_row_by_its_identifier(layer: Layer) -> None:
    frame = fixture_of(layer)
    record = drawn(layer, frame)
    assert set(record["rows"]) == set(frame[layer.identifier])
    assert len(record["shapes"]["features"]) == 3
    assert all(row[0] < len(record["styles"]) for row in record["rows"].values())


def test_sends_no_shapes_where_the_browser_has_them(layer: Layer) -> None:
    record = drawn(layer, fixture_of(layer), Look("shapes/demo/abc.json", "06065000001"))
    assert record["shapes"] == "shapes/demo/abc.json"
    assert record["selected"] == "06065000001"


def test_draws_an_empty_frame_as_nothing(layer: Layer) -> None:
    record = drawn(layer, fixture_of(layer).iloc[:0])
    assert record["rows"] == {}
    assert record["shapes"]["features"] == []


def test_draws_a_frame_without_any_value(layer: Layer) -> None:
    frame = fixture_of(layer)
    for column in layer.columns:
        frame[column] = pd.Series([None] * len(frame), dtype=frame[column].dtype)
    record = drawn(layer, frame.assign(index_scored=False))
    assert record["rows"] is None or len(record["rows"]) == len(frame)


def test_describes_every_frame(layer: Layer) -> None:
    assert layer.legend is not None
    for frame in (fixture_of(layer), fixture_of(layer).iloc[:0]):
        assert layer.legend(layer, frame).entries


def test_refuses_another_crs(layer: Layer) -> None:
    with pytest.raises(CRSError, match="EPSG:3310"):
        feature_group(layer, fixture_of(layer).to_crs("EPSG:3310"))
    with pytest.raises(CRSError, match="no CRS"):
        feature_group(layer, fixture_of(layer).set_crs(None, allow_override=True))


def test_names_the_columns_that_lack(layer: Layer) -> None:
    with pytest.raises(SchemaError, match=layer.identifier):
        feature_group(layer, fixture_of(layer).drop(columns=layer.identifier))


def test_lets_nothing_from_data_out_of_the_script_or_the_legend(layer: Layer) -> None:
    group = feature_group(layer, fixture_of(layer))
    (element,) = group._children.values()
    assert "<" not in element.json
    assert ">" not in element.json
    html = layer.legend(layer, fixture_of(layer)).to_html()
    assert not re.search(r"<img src=x", html)


def test_every_layer_comes_from_a_dataset_whose_shapes_are_published() -> None:
    assert len({layer.key for layer in CONTEXT}) == len(CONTEXT)
    for layer in LAYERS.values():
        shapes = DATASETS[layer.dataset].shapes
        assert shapes is not None
        assert shapes.identifier == layer.identifier


@pytest.mark.parametrize("dataset", ["tracts_2010", "tracts_2020"])
def test_every_indicator_can_be_drawn(dataset: str) -> None:
    for indicator in indicators_of(dataset):
        layer = choropleth(Shading(indicator), dataset)
        assert drawn(layer, fixture_of(layer))["rows"]


def test_unreliable_estimates_are_hatched_and_careful_ones_dotted() -> None:
    layer = choropleth(Shading(indicator_named("share_uninsured")), "tracts_2010")
    frame = fixture_of(layer).iloc[:3].copy()
    frame["share_uninsured"] = [0.5, 0.5, 0.5]
    frame["share_uninsured_moe"] = [0.01, 0.2, 0.4]
    record = drawn(layer, frame)
    hatches = [record["styles"][row[0]].get("hatch") for row in record["rows"].values()]
    assert hatches == [None, "dots", "lines"]
    assert [len(row) for row in record["rows"].values()] == [3, 4, 4]


def test_no_data_has_a_color_of_its_own() -> None:
    layer = choropleth(Shading(indicator_named("ca_htc_index")), "tracts_2010")
    frame = fixture_of(layer).assign(index_scored=[True, True, True, False])
    record = drawn(layer, frame)
    colors = [record["styles"][row[0]]["fillColor"] for row in record["rows"].values()]
    assert colors[3] not in colors[:3]
