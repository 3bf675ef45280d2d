"""Indicators of tracts: what is a score, what is a share, what is missing, and where a tract stands."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo.datasets.findings import Finding
from geo.datasets.inputs import empty_table
from geo.datasets.storage import Product
from geo.errors import SchemaError
from geo.pipelines import counties, tract_indicators, tracts_2010
from geo.region import read_region
from geo.sources.catalog import read_catalog
from geo.tracts.acs_indicators import CELLS, SHARES, to_indicators

REGION = read_region("coachella")
GEOIDS = ("06065000100", "06065000200", "06065990000", "06037137000")


def acs(**columns: list[float | None]) -> pd.DataFrame:
    """Two lived-in tracts and one of nobody; what is not given is 10 of 100."""
    table = empty_table(read_catalog()["acs_svi_2018"]).reindex(range(3))
    table["geoid"] = list(GEOIDS[:3])
    table["location"] = "Census Tract 1, Riverside County, California"
    for name in table.select_dtypes("Float64"):
        table[name] = 100.0 if name in ("population", "households", "housing_units") else 10.0
    for name, values in columns.items():
        table[name] = pd.array(values, dtype="Float64")
    return table


def index(*values: float) -> pd.DataFrame:
    frame = pd.DataFrame({"geoid": list(GEOIDS[: len(values)]), "ca_htc_index": list(values)})
    return frame.astype({"geoid": "string", "ca_htc_index": "Float64"})


def build(scores: pd.DataFrame, table: pd.DataFrame, ces: pd.DataFrame | None = None) -> Product:
    nothing = empty_table(read_catalog()["calenviroscreen_4"])
    return tract_indicators.transform(
        tract_indicators.Raw(scores, table, nothing if ces is None else ces), REGION
    )


def counts(findings: tuple[Finding, ...]) -> dict[str, int]:
    return {finding.check: finding.count for finding in findings}


def test_zero_is_a_score_only_where_somebody_lives() -> None:
    product = build(index(0, 34, 0, 5), acs(households=[700, 100, 0]))
    frame = product.frame.set_index("geoid")
    assert frame["index_scored"].to_dict() == {
        "06037137000": True,
        "06065000100": True,
        "06065000200": True,
        "06065990000": False,
    }
    found = counts(product.findings)
    assert (found["index_not_scored"], found["index_zero_scored"], found["index_without_acs"]) == (1, 1, 1)


def test_a_percentile_counts_ties_and_leaves_out_what_is_not_scored() -> None:
    frame = build(index(40, 40, 0, 80), acs(households=[10, 10, 0])).frame.set_index("geoid")
    percentile = frame["ca_htc_index_state_percentile"]
    assert percentile[["06065000100", "06065000200"]].tolist() == pytest.approx([2 / 3, 2 / 3])
    assert percentile["06037137000"] == 1.0
    assert pd.isna(percentile["06065990000"])


def test_a_share_without_a_universe_is_missing_and_not_zero() -> None:
    table = acs(
        households=[100, 100, 0],
        share_limited_english_percent=[10, 10, 0],
        share_limited_english_percent_moe=[1, 1, None],
    )
    frame = build(index(1, 1, 0), table).frame.set_index("geoid").loc["06065990000"]
    assert pd.isna(frame["share_no_vehicle"])
    assert pd.isna(frame["share_limited_english"])


def test_a_code_that_changed_is_one_tract() -> None:
    ces = empty_table(read_catalog()["calenviroscreen_4"]).reindex(range(1))
    ces["geoid"], ces["ces_score"] = "06037930401", 12.5
    product = build(index(1, 1, 0, 7), acs(), ces)
    assert len(product.frame) == 4
    assert product.frame.set_index("geoid").loc["06037137000", "ces_score"] == 12.5
    assert counts(product.findings)["tract_recoded"] == 1


def test_a_table_with_doubled_tracts_is_refused() -> None:
    frame = build(index(1, 1, 0), acs()).frame
    with pytest.raises(SchemaError, match="share a key"):
        tract_indicators.validate(pd.concat([frame, frame.iloc[[0]]]))


def tracts() -> Product:
    shapes = gpd.GeoDataFrame(
        {
            "geoid": pd.array(GEOIDS[:2] + GEOIDS[3:], dtype="string"),
            "name": "x",
            "land_m2": pd.array([1e6, 2e6, 1e6], dtype="Float64"),
            "water_m2": pd.array([0, 0, 0], dtype="Float64"),
        },
        geometry=[shapely.box(x, 0, x + 1000, 1000) for x in (0, 1000, 9000)],
        crs="EPSG:3310",
    ).to_crs("EPSG:4326")
    indicators = build(index(40, 60, 0, 99), acs(population=[100, None, 0], population_moe=[30, None, 12]))
    return tracts_2010.transform(tracts_2010.Raw(shapes, indicators.frame, ()), REGION)


def test_only_the_regions_tracts_are_kept_measured_and_ranked() -> None:
    product = tracts()
    frame = product.frame.set_index("geoid")
    assert frame.index.tolist() == ["06065000100", "06065000200"]
    assert frame["area_km2"].round(6).tolist() == [1.0, 1.0]
    assert frame["ca_htc_index_region_rank"].tolist() == [2, 1]
    assert not [name for name in frame if name.startswith("share_") and name.endswith("percent")]
    tracts_2010.validate(product.frame)


def test_a_polygon_half_the_published_area_is_found() -> None:
    found = {finding.check: finding for finding in tracts().findings}
    assert found["area_under"].ids == ("06065000200",)
    assert found["index_without_polygon"].ids == ("06065990000",)


def test_a_county_is_its_tracts_dissolved_and_named() -> None:
    frame = counties.transform(tracts().frame, REGION).frame
    counties.validate(frame)
    assert frame["name"].tolist() == ["Riverside County"]
    assert frame["area_km2"].round(6).tolist() == [2.0]
    assert frame[["population", "population_moe"]].iloc[0].tolist() == [100.0, 30.0]
    whole = counties.transform(
        tracts().frame.fillna({"population": 7.0, "population_moe": 2.0}), REGION
    ).frame
    assert whole[["population", "population_moe"]].iloc[0].tolist() == [107.0, 0.0], "a controlled total"


def cells(value: float, moe: float) -> pd.DataFrame:
    table = empty_table(read_catalog()["acs_5year"]).reindex(range(2))
    table["geoid"] = ["06065000100", "06065000200"]
    for name in table.select_dtypes("Float64"):
        table[name] = pd.array([moe if name.endswith("_moe") else value, None], dtype="Float64")
    return table


def test_cells_of_acs_tables_are_summed_with_their_margins() -> None:
    frame = to_indicators(cells(30, 4))
    first = frame.loc["06065000100"]
    assert (first["uninsured"], first["uninsured_moe"]) == (120, 8)
    assert first["crowded_units_moe"] == pytest.approx(4 * 6**0.5)
    assert first["share_poverty"] == 1.0
    assert frame.loc["06065000200"].isna().all()
    assert set(frame) == {f"{name}{end}" for name in (*CELLS, *SHARES) for end in ("", "_moe")}
