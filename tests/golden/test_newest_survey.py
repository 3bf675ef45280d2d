"""Who lives in an area by the newest survey, held against sums of blocks made with plain geopandas."""

from __future__ import annotations

import json

import geopandas as gpd
import pandas as pd
import pytest

from geo.datasets.storage import read_shapes_of, read_table_of
from geo.sources.raw import RawStore
from geo.tracts.residents.areas import KINDS

EQUAL_AREA = "EPSG:3310"
OF_2024 = {"population": ("B01003_001E",), "poverty": ("B17001_002E",), "households": ("B11001_001E",)}
UNINSURED = tuple(f"B27010_{line}E" for line in ("017", "033", "050", "066"))


def published() -> pd.DataFrame:
    """The tables of 2020-2024 as they came, summed by hand, on GEOIDs of 2020 tracts."""
    (file,) = RawStore("demo").require_files("acs_5year_2024")
    head, *rows = json.loads(file.path.read_text(encoding="utf-8"))
    table = pd.DataFrame(rows, columns=head)
    table.index = pd.Index(table["state"] + table["county"] + table["tract"])
    cells = {**OF_2024, "uninsured": UNINSURED}
    return pd.DataFrame({name: table[list(codes)].astype(float).sum(axis=1) for name, codes in cells.items()})


@pytest.fixture(scope="module")
def blocks(demo_built: str) -> gpd.GeoDataFrame:
    """Blocks with their people, occupied units and tract, which the first eleven digits of a block name."""
    shapes = read_shapes_of(demo_built, "counted_areas").to_crs(EQUAL_AREA)
    tract = shapes["area_id"].astype(str).str[:11]
    people, homes = (shapes[name].fillna(0).astype(float) for name in ("population", "occupied_units"))
    return shapes[["geometry"]].assign(tract=tract, people=people, homes=homes, block_m2=shapes.area)


@pytest.mark.parametrize("kind", ["school_district", "district", "water_system"])
def test_an_area_has_the_newest_figure_of_its_tracts_by_the_people_of_its_blocks(
    demo_built: str, blocks: gpd.GeoDataFrame, kind: str
) -> None:
    target = next(item for item in KINDS if item.key == kind)
    areas = read_shapes_of(demo_built, target.dataset).to_crs(EQUAL_AREA)
    served = read_table_of(demo_built, "people_served").set_index(["target_kind", "target_id", "variable"])
    figures, told = published(), 0
    for identifier, shape in zip(areas[target.identifier].astype(str), areas.geometry, strict=True):
        if shape is None or shape.geom_type == "Point":
            continue
        inside = blocks.geometry.intersection(shape).area / blocks["block_m2"]
        for name in figures:
            row = served.loc[(kind, identifier, name)]
            if row["method"] != "interpolated":
                continue
            weight = "homes" if name == "households" else "people"
            of_tract = blocks[weight].groupby(blocks["tract"]).sum()
            share = (blocks[weight] * inside).groupby(blocks["tract"]).sum() / of_tract.where(of_tract > 0)
            expected = float((share.fillna(0) * figures[name].reindex(share.index).fillna(0)).sum())
            assert row["estimate"] == pytest.approx(expected, rel=0.02, abs=3), (identifier, name)
            assert (row["source"], row["vintage"]) == ("acs_5year_2024", "2020-2024, 2020 tracts")
            told += 1
    assert told >= len(figures.columns), "areas were looked at"


def test_a_place_has_the_figure_that_was_published_for_it(demo_built: str) -> None:
    (file,) = RawStore("demo").require_files("acs_5year_places_2024")
    head, *rows = json.loads(file.path.read_text(encoding="utf-8"))
    table = pd.DataFrame(rows, columns=head)
    served = read_table_of(demo_built, "people_served").set_index(["target_kind", "target_id", "variable"])
    pairs = {"poverty": "B17001_002E", "poverty_universe": "B17001_001E", "aged_5_and_over": "B16005_001E"}
    for row in table.to_dict("records"):
        for name, code in pairs.items():
            found = served.loc[("place", row["state"] + row["place"], name)]
            assert (found["estimate"], found["source"]) == (float(row[code]), "acs_5year_places_2024")
