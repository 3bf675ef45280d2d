"""How sure a rank is, as signs that differ in black and white too."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
from shapely import box

from geo.methods.ranking import CLASSES
from geo.tracts.comparison import rank_indicator
from geo.tracts.indicators import indicator_named
from layers import palette
from layers.layer import Look
from layers.palette import luminance
from layers.tracts import STYLES, Shading, choropleth, pair_choropleth, rank_choropleth

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


def test_a_map_of_two_puts_each_tract_where_both_classes_meet() -> None:
    other = indicator_named("share_poverty")
    frame = tracts().assign(share_poverty=[0.1, 0.2, 0.3, 0.4, 0.5, None], share_poverty_moe=0.01)
    layer = pair_choropleth(INDICATOR, other, "tracts_2010")
    drawing = layer.draw(layer, frame, Look("shapes/a.json", None))
    assert drawing.rows is not None
    fills = {geoid: drawing.styles[row[0]].fill for geoid, row in drawing.rows.items()}
    # The highest of the first and the lowest of the second: right end of the lowest row.
    assert fills["06065000000"] == palette.PAIRED[0][2]
    assert fills["06065000004"] == palette.PAIRED[2][0]
    assert fills["06065000005"] == palette.NO_DATA
    assert layer.legend is not None
    legend = layer.legend(layer, frame)
    wide, held = legend.grid
    assert (wide, held) == (3, 9)
    assert sum(entry.count or 0 for entry in legend.entries[:held]) == 5
    assert legend.entries[-1].count == 1
    assert legend.entries[held - 1].style.fill == palette.PAIRED[0][2]


def test_palette_direction_and_opacity_reach_the_map_and_its_legend() -> None:
    colors = palette.Colors("brown", reverse=True, opacity=0.4)
    layer = choropleth(Shading(INDICATOR, count=3, colors=colors), "tracts_2010")
    drawing = layer.draw(layer, tracts(), Look("shapes/a.json", None))
    assert {style.fill_opacity for style in drawing.styles} == {0.4}
    assert layer.legend is not None
    legend = layer.legend(layer, tracts())
    fills = [entry.style.fill for entry in legend.entries[:3]]
    assert fills == palette.ramp(3, "brown")[::-1]
    assert {entry.style.fill_opacity for entry in (*legend.entries[:3], legend.entries[-1])} == {0.4}


def test_the_legend_of_a_map_of_two_is_as_pale_as_the_map() -> None:
    other = indicator_named("share_poverty")
    frame = tracts().assign(share_poverty=[0.1, 0.2, 0.3, 0.4, 0.5, None], share_poverty_moe=0.01)
    layer = pair_choropleth(INDICATOR, other, "tracts_2010", opacity=0.3)
    assert layer.legend is not None
    legend = layer.legend(layer, frame)
    held = legend.grid[1]
    assert {entry.style.fill_opacity for entry in (*legend.entries[:held], legend.entries[-1])} == {0.3}
