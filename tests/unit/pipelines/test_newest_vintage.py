"""2020 tracts: the newest vintage that is whole, what is carried over beside it, and from which tracts."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo.datasets.inputs import empty_table
from geo.datasets.storage import Product
from geo.pipelines import tract_vintages, tracts_2020
from geo.pipelines.tracts_2020 import Vintage
from geo.region import read_region
from geo.sources.catalog import read_catalog
from geo.tracts.acs_indicators import FROM_SURVEY, to_indicators
from geo.tracts.indicators import INDICATORS, indicators_of
from geo.tracts.vintages import is_ranked, source_of
from wording.profiles import carried_words

REGION, CATALOG = read_region("coachella"), read_catalog()
WHOLE, LEFT, RIGHT, LAKE = "06065000100", "06065000201", "06065000202", "06065990000"
TRACTS = (WHOLE, LEFT, RIGHT, LAKE)
OLD = ("06065000100", "06065000200")


def boxes(*starts: float) -> gpd.GeoSeries:
    shapes = [shapely.box(x, 0, x + 1000, 1000) for x in starts]
    return gpd.GeoSeries(shapes, crs="EPSG:3310").to_crs("EPSG:4326")


def old_tracts() -> gpd.GeoDataFrame:
    """Two tracts of 2010, of which the second was split."""
    columns: dict[str, object] = {"geoid": list(OLD), "county_geoid": "06065", "index_scored": True}
    for item in indicators_of("tracts_2010"):
        columns[item.key] = [0.5, 0.25] if item.unit == "share" else [100.0, 200.0]
        if item.moe:
            columns[item.moe] = [0.1, 0.05] if item.unit == "share" else [10.0, 20.0]
    return gpd.GeoDataFrame(columns, geometry=boxes(0, 1000))


def crosswalk() -> pd.DataFrame:
    table = pd.DataFrame({"geoid_2010": [OLD[0], OLD[1], OLD[1]], "geoid_2020": [WHOLE, LEFT, RIGHT]})
    shares = {"share_of_2010": [1.0, 0.4, 0.6], "share_of_2020": 1.0, "people": [90.0, 40.0, 60.0]}
    areas = {"area_m2": 1e6, "area_share_of_2010": 1.0, "area_share_of_2020": 1.0, "covered_2020": 1.0}
    return table.assign(**shares, **areas)


def survey(key: str, geoids: tuple[str, ...], value: float = 30.0) -> Vintage:
    table = empty_table(CATALOG[key]).reindex(range(len(geoids)))
    table["geoid"] = list(geoids)
    for name in table.select_dtypes("Float64"):
        table[name] = pd.array([4.0 if name.endswith("_moe") else value] * len(geoids), dtype="Float64")
    source = CATALOG[key]
    return Vintage(key, source.series, source.vintage, to_indicators(table))


def build(*direct: Vintage) -> Product:
    names = ("geoid", "name", "land_m2", "water_m2")
    shapes = gpd.GeoDataFrame(
        {name: list(TRACTS) if name == "geoid" else 1e6 for name in names},
        geometry=boxes(0, 1000, 1400, 5000),
    )
    centers = pd.DataFrame(
        {"geoid": [f"{geoid}1" for geoid in TRACTS], "population": [90.0, 40.0, 60.0, 0.0]}
    )
    return tracts_2020.transform(
        tracts_2020.Raw(
            shapes,
            old_tracts(),
            crosswalk(),
            empty_table(CATALOG["pl94_blocks_2020"]),
            centers,
            empty_table(CATALOG["self_response_2020"]),
            direct,
            (),
        ),
        REGION,
    )


def test_without_any_of_2020_tracts_all_is_carried_over_and_says_so() -> None:
    frame = build().frame.set_index("geoid")
    assert frame.loc[LEFT, "poverty"] == pytest.approx(80)
    assert set(frame["estimates_from"]) == {"2014-2018, 2010 tracts"}
    assert set(frame["direct_sources"]) == {""}
    assert frame.loc[LEFT, "carried_from"] == OLD[1]
    row = frame.loc[LEFT].to_dict()
    for item in FROM_SURVEY:
        assert source_of(item, row) == "acs_svi_2018"
        assert carried_words(item, row) == "carried over from 2010 tract 2"
    assert frame["share_low_response"].isna().all()


def test_the_newest_whole_vintage_gives_every_estimate() -> None:
    vintages = [survey("acs_5year_2024", TRACTS[:3]), survey("acs_svi_2022", TRACTS[:3], value=7.0)]
    frame = build(*vintages).frame.set_index("geoid")
    row = frame.loc[WHOLE].to_dict()
    for item in FROM_SURVEY:
        assert source_of(item, row) == "acs_5year_2024"
        assert carried_words(item, row) == ""
    assert row["poverty"] == 30
    assert set(frame["estimates_from"]) == {"2020-2024, 2020 tracts"}
    assert pd.isna(frame.loc[LAKE, "poverty"]), "nobody lives there, and no older figure is put in its place"


def test_a_vintage_of_one_county_only_is_not_mixed_with_another() -> None:
    """ACS 2020-2024 lacks a tract where people live, so that all have the index of 2022."""
    product = build(survey("acs_5year_2024", TRACTS[:2]), survey("acs_svi_2022", TRACTS[:3], value=7.0))
    frame = product.frame.set_index("geoid")
    assert set(frame["direct_sources"]) == {"acs_svi_2022"}
    assert frame.loc[[WHOLE, LEFT, RIGHT], "uninsured"].tolist() == [7, 7, 7]
    lacking = {item.subject: item.ids for item in product.findings if item.check == "vintage_not_whole"}
    assert lacking == {"acs_5year_2024": (RIGHT,)}


def test_what_a_vintage_does_not_have_is_carried_over_beside_it() -> None:
    """The index of 2022 counts those under 150 % of the poverty level: no poverty rate comes from it."""
    frame = build(survey("acs_svi_2022", TRACTS)).frame.set_index("geoid")
    row = frame.loc[LEFT].to_dict()
    assert (row["uninsured"], row["poverty"]) == (30, pytest.approx(80))
    sources = {name: source_of(INDICATORS[name], row) for name in ("uninsured", "poverty", "share_poverty")}
    assert sources == {
        "uninsured": "acs_svi_2022",
        "poverty": "acs_svi_2018",
        "share_poverty": "acs_svi_2018",
    }
    carried = row["carried"].split()
    assert {"poverty", "share_poverty", "income_per_capita_usd", "ca_htc_index", "ces_score"} == set(
        carried
    ) - {"drinking_water_score"}


def test_scores_of_2020_tracts_are_ranked_and_carried_ones_are_not() -> None:
    scores = pd.DataFrame({"ces_score": [9.0, 5.0, 7.0], "drinking_water_score": 1.0}, index=list(TRACTS[:3]))
    screen = Vintage("calenviroscreen_5", "calenviroscreen", "2026-07-01", scores.astype("Float64"))
    new, old = build(screen).frame, build().frame
    ranked = [
        is_ranked(INDICATORS[name], frame) for name in ("ces_score", "ca_htc_index") for frame in (new, old)
    ]
    assert ranked == [True, False, False, False]
    assert is_ranked(INDICATORS["share_poverty"], old), "a share that was carried over is one"
    assert source_of(INDICATORS["ces_score"], new.iloc[0].to_dict()) == "calenviroscreen_5"


def test_vintages_lie_side_by_side_and_splits_are_marked() -> None:
    tables = tuple((item.key, item.vintage, item.figures) for item in (survey("acs_5year_2024", TRACTS[:3]),))
    raw = tract_vintages.Raw(
        tables, "2014-2018, 2010 tracts", old_tracts(), crosswalk(), pd.Index(TRACTS, name="geoid")
    )
    frame = tract_vintages.transform(raw, REGION).frame
    tract_vintages.validate(frame)
    poverty = frame[frame["variable"] == "poverty"].set_index(["geoid", "source"])
    assert poverty.loc[(WHOLE, "acs_svi_2018"), "same_tract"]
    assert not poverty.loc[(LEFT, "acs_svi_2018"), "same_tract"]
    assert poverty.loc[(LEFT, "acs_5year_2024"), "same_tract"]
    assert poverty.loc[(LEFT, "acs_svi_2018"), "estimate"] == pytest.approx(80)
    assert LAKE not in set(frame["geoid"]), "what is missing has no row"
