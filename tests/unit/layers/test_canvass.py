"""The layers of the page Turfs: what they draw, explain and refuse."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import box

from geo.errors import CRSError, SchemaError
from layers.canvass import (
    BARRIERS,
    CROSSINGS,
    KEPT,
    PLACE_LINES,
    STYLES,
    TRACTS_TO_CHOOSE,
    TURFS,
    UNITS,
    target_layer,
)
from layers.layer import Layer, Look, feature_group

LAYERS = [
    BARRIERS,
    CROSSINGS,
    KEPT,
    PLACE_LINES,
    TRACTS_TO_CHOOSE,
    TURFS,
    UNITS,
    target_layer("block_groups"),
]
ROW = {
    "geoid": "060650456051001",
    "barrier_id": "b1",
    "turf": 3,
    "name": "<b>Canal</b>",
    "doors": 1234,
    "color": 9,
    "chosen": True,
    "ca_htc_index": None,
    "households": 40.0,
}


def frame(rows: int = 1) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        pd.DataFrame([ROW] * rows, columns=list(ROW)), geometry=[box(-116, 33, -115.9, 33.1)] * rows, crs=4326
    )


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.key)
def test_a_layer_draws_and_explains_itself_and_refuses_what_it_cannot_draw(layer: Layer) -> None:
    assert len(layer.draw(layer, frame(), Look("x.json")).rows or {}) == 1
    assert not layer.draw(layer, frame(0), Look("x.json")).rows
    feature_group(layer, frame(0))
    assert layer.legend is not None
    assert layer.legend(layer, frame()).entries
    with pytest.raises(CRSError):
        feature_group(layer, frame().to_crs("EPSG:3310"))
    with pytest.raises(SchemaError):
        feature_group(layer, frame().drop(columns=[layer.identifier]))


def test_a_block_has_the_color_of_its_turf_and_says_its_number_and_doors() -> None:
    drawing = UNITS.draw(UNITS, frame(), Look("x.json"))
    assert drawing.rows == {
        "060650456051001": (9 % len(STYLES), "Turf 3, block 060650456051001", "1,234 doors")
    }
    assert drawing.interactive


def test_a_tract_that_is_chosen_looks_so_and_a_missing_index_is_said() -> None:
    drawing = TRACTS_TO_CHOOSE.draw(TRACTS_TO_CHOOSE, frame(), Look("x.json"))
    assert drawing.rows == {"060650456051001": (1, "Tract 060650456051001", "index no data, 40 households")}


def test_only_what_is_in_the_frame_is_drawn_of_shared_shapes() -> None:
    drawing = CROSSINGS.draw(CROSSINGS, frame(), Look("barriers.json"))
    assert list(drawing.rows or {}) == ["b1"]
    assert "<b>" not in drawing.to_json()
