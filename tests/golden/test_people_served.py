"""Who lives where, on the real region: against sums of tracts, and one town by an independent path."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from scipy.spatial import cKDTree

from geo.datasets.record import require_sidecar
from geo.datasets.storage import read_ledgers, read_shapes_of, read_table_of
from geo.methods.margins import Z_90
from geo.region import read_region
from geo.sources.catalog import read_catalog
from geo.sources.raw import RawStore
from geo.sources.reading import read_shapes
from geo.tracts.residents.estimate import (
    HOMES,
    VARIABLES,
    estimate,
    people_in,
    project,
    read_people_map,
    to_crosswalks,
)
from geo.tracts.residents.split_error import EXPONENT

pytestmark = [pytest.mark.real, pytest.mark.slow]
KINDS = {"water_system", "school_district", "place", "tribal_area", "district"}
COACHELLA, INDIO = "0614260", "0636448"


@pytest.fixture(scope="module")
def served(coachella_built: str) -> pd.DataFrame:
    return read_table_of(coachella_built, "people_served").set_index(["target_kind", "target_id", "variable"])


@pytest.fixture(scope="module")
def tracts(coachella_built: str) -> gpd.GeoDataFrame:
    return read_shapes_of(coachella_built, "tracts_2010").set_index("geoid")


def test_every_target_has_every_variable(served: pd.DataFrame, coachella_built: str) -> None:
    rows = served.reset_index()
    assert set(rows["target_kind"]) == KINDS
    assert rows.groupby(["target_kind", "target_id"])["variable"].agg(set).map(len).eq(len(VARIABLES)).all()
    systems = read_shapes_of(coachella_built, "water_systems")
    assert set(served.loc["water_system"].index.get_level_values(0)) == set(systems["pwsid"])


def test_every_account_balances(coachella_built: str) -> None:
    ledgers = read_ledgers(coachella_built, "people_served")
    assert len(ledgers) == len(KINDS)
    for ledger in ledgers:
        assert ledger.imbalance().abs().max() < 1e-6 * ledger.lines["in"].max()


@pytest.mark.parametrize("county", ["06065", "06025"])
def test_a_county_has_the_sum_of_its_tracts(
    county: str, coachella_built: str, tracts: gpd.GeoDataFrame
) -> None:
    ours = tracts[tracts["county_geoid"] == county]
    people = read_people_map(coachella_built)
    region = read_region(coachella_built)
    whole = ours[["geometry"]].assign(county=county).dissolve("county")
    rows, _ = estimate(people, to_crosswalks(people, project(whole, region.area_crs)))
    told = rows.set_index("variable")
    for name in VARIABLES:
        total = float(ours[name].sum())
        moe = float(np.sqrt((ours[f"{name}_moe"].dropna().astype(float) ** 2).sum()))
        assert told.loc[name, "estimate"] == pytest.approx(total, rel=1e-4)
        assert told.loc[name, "moe"] == pytest.approx(moe, rel=1e-2)
        assert told.loc[name, "share_guesswork"] < 0.01


@pytest.mark.parametrize("place", [COACHELLA, INDIO])
@pytest.mark.parametrize("name", ["uninsured", "poverty", "no_vehicle_households"])
def test_a_town_comes_out_alike_by_plain_overlays(
    place: str, name: str, coachella_built: str, served: pd.DataFrame, tracts: gpd.GeoDataFrame
) -> None:
    """An independent path: geopandas overlays, and sums written out."""
    crs = read_region(coachella_built).area_crs
    groups = read_shapes_of(coachella_built, "block_groups")
    weight = "occupied_units" if name in HOMES else "population"
    groups = groups[groups["county_geoid"] == "06065"].to_crs(crs)
    groups["density"] = groups[weight].fillna(0).astype(float) / groups.area
    pieces = gpd.overlay(
        groups[["density", "geometry"]], tracts.reset_index()[["geoid", "geometry"]].to_crs(crs)
    )
    pieces["load"] = pieces["density"] * pieces.area
    in_tract = pieces.groupby("geoid")["load"].sum()
    town = read_shapes_of(coachella_built, "places").query("geoid == @place")[["geometry"]].to_crs(crs)
    inside = gpd.overlay(pieces[["density", "geoid", "geometry"]], town, keep_geom_type=False)
    share = (inside["density"] * inside.area).groupby(inside["geoid"]).sum() / in_tract
    expected = float((share * tracts[name].astype(float)).sum())
    assert served.loc[("place", place, name), "estimate"] == pytest.approx(expected, rel=1e-6)


def test_the_town_drawn_by_hand_is_the_town(coachella_built: str, served: pd.DataFrame) -> None:
    town = read_shapes_of(coachella_built, "places").set_index("geoid").geometry[COACHELLA]
    drawn = people_in(coachella_built, town).set_index("variable")
    ours = served.loc[("place", COACHELLA)]
    for column in ("estimate", "moe", "coverage", "share_guesswork", "share_by_area"):
        assert drawn[column].to_list() == pytest.approx(ours[column].to_list(), rel=1e-6)


def test_margins_of_splits_hold_where_those_of_sampling_do_not(coachella_built: str) -> None:
    """As docs/METHODS.md has it: at least 80 % where 90 % is said, under 71 % without the split's error."""
    checked = require_sidecar(coachella_built, "people_served").notes["margins_hold"]
    for told in checked.values():
        for shares in told.values():
            assert 0.80 <= shares["with_split"] <= 0.97
            assert shares["sampling_only"] < 0.71


def test_outlined_systems_serve_about_as_many_as_the_state_publishes(
    served: pd.DataFrame, coachella_built: str
) -> None:
    """The State's own population of a system is an independent count."""
    ours = served.loc["water_system"].xs("population", level="variable")
    ours = ours[ours["method"] == "interpolated"]
    published = read_shapes_of(coachella_built, "water_systems").set_index("pwsid")["population"]
    ratio = (ours["estimate"] / published.reindex(ours.index)).astype(float)
    assert len(ratio) > 20
    assert ratio.median() == pytest.approx(1.0, abs=0.15)


def test_the_exponent_of_a_split_is_that_of_californias_tracts(coachella_built: str) -> None:
    """Fit it anew on the whole state: wholes of 2 to 40 tracts, errors less what sampling explains."""
    store = RawStore("official")
    shapes = read_shapes(read_catalog()["tracts_2010"], store).set_index("geoid")
    counts = read_table_of(coachella_built, "tract_indicators").set_index("geoid").join(shapes[["geometry"]])
    ours = gpd.GeoDataFrame(counts[(counts["population"] > 0) & counts["geometry"].notna()], crs="EPSG:4326")
    points = ours.geometry.representative_point().to_crs("EPSG:3310")
    tree = cKDTree(np.column_stack([points.x, points.y]))
    people = ours["population"].to_numpy(float)
    for name in ("uninsured", "limited_english_persons", "poverty"):
        values, errors = ours[name].to_numpy(float), ours[f"{name}_moe"].to_numpy(float) / Z_90
        size, excess = [], []
        for count in (2, 3, 4, 6, 10, 20, 40):
            group = tree.query(tree.data, k=count)[1]
            share, whole = people / people[group].sum(axis=1), values[group].sum(axis=1)
            others = (errors[group] ** 2).sum(axis=1) - errors**2
            sampling = ((1 - share) * errors) ** 2 + share**2 * others
            gap = (values - share * whole) ** 2 - sampling
            size.append(np.log(np.median(share * (1 - share))))
            excess.append(np.log(np.nansum(gap) / np.nansum(whole**2)))
        assert np.polyfit(size, excess, 1)[0] == pytest.approx(EXPONENT, abs=0.2)
