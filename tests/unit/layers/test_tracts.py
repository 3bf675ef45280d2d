"""How sure a rank is, as signs that differ in black and white too."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
from shapely import box

from geo.methods.ranking import CLASSES
from geo.tracts.comparison import rank_indicator
from geo.tracts.indicators import indicator_named
from layers.layer import Look
from layers.palette import luminance
from layers.tracts import STYLES, rank_choropleth

INDICATOR = indicator_named("share_uninsured")


def tracts() -> gpd.GeoDataFrame:
    values = [0.5, 0.3, 0.29, 0.1, 0.05, 0.2]
    margins = [0.01, 0.08, 0.08, 0.01, 0.01, None]
    return gpd.GeoDataFrame(
        {
            "geoid": [f"0606500000{place}" for place in range(6)],
            "share_uninsured": values,
            "share_uninsured_moe": pd.array(margins, dtype="Float64"),
        },
        geometry=[box(place, 0, place + 1, 1) for place in range(6)],
        crs="EPSG:4326",
    )


def test_every_class_has_a_sign_of_its_own_in_black_and_white() -> None:
    assert set(STYLES) == set(CLASSES)
    signs = {(style.hatch, round(luminance(style.fill or "#ffffff"), 1)) for style in STYLES.values()}
    assert len(signs) == len(CLASSES)
    plain = [luminance(style.fill or "") for style in STYLES.values() if style.hatch is None]
    dotted = [luminance(style.fill or "") for style in STYLES.values() if style.hatch == "dots"]
    assert abs(plain[0] - plain[1]) > 0.4
    assert abs(dotted[0] - dotted[1]) > 0.2


def test_each_tract_is_drawn_as_its_class_and_counted() -> None:
    frame = tracts()
    ranked = rank_indicator(frame, INDICATOR, 40)
    layer = rank_choropleth(INDICATOR, ranked, 40, "tracts_2010")
    drawing = layer.draw(layer, frame, Look("shapes/a.json", None))
    order = [None, *STYLES]
    assert drawing.rows is not None
    for geoid, row in drawing.rows.items():
        expected = ranked.loc[geoid, "class"]
        assert order[row[0]] == (None if pd.isna(expected) else expected)
    assert layer.legend is not None
    legend = layer.legend(layer, frame)
    assert sum(entry.count or 0 for entry in legend.entries) == len(frame)
    assert legend.entries[-1].count == 1
    assert ranked["class"].iloc[0] == "very likely"
    assert ranked["class"].iloc[1] == "uncertain"


def test_without_a_margin_nothing_is_said() -> None:
    frame = tracts().assign(ca_htc_index=[1.0, 2, 3, 4, 5, 6], index_scored=True)
    assert rank_indicator(frame, indicator_named("ca_htc_index"), 10)["class"].isna().all()
