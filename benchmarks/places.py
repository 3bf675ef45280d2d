"""How many people live in a place: our placing beside tobler, maup and centers of population.

    python benchmarks/places.py [--region coachella]
    python benchmarks/places.py --settings
    python benchmarks/places.py --region demo

Counts of 2020 on both sides: people (and occupied units) of block groups go in, those of places come out, and
are held against the sums of blocks that the Census Bureau assigned to each place. Blocks and their codes are
hidden from every method. Each method's margins are made from its own errors, of places that are not judged by
them (five parts, twenty times), so that a narrow margin has to be earned; the interval score (Gneiting and
Raftery 2007) counts a margin's width and, ten times over, by how much the count lies outside.

``--settings`` tries other densities and rules of placing, and says how far off the one that is best on four
fifths of the places is on the others. Where blocks have polygons (the invented region), every kind of area is
built twice, with blocks hidden and with them. Elsewhere only places can be judged, by their codes.
"""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.datasets.record import read_sidecar
from geo.datasets.storage import read_shapes_of, read_table_of
from geo.methods.geometry import areas_only
from geo.methods.margins import Z_90
from geo.pipelines import counted_areas, settled_areas
from geo.region import Region, read_region
from geo.sources.catalog import read_catalog
from geo.sources.raw import RawStore
from geo.sources.reading import read_shapes, read_table
from geo.tracts.residents import settled
from geo.tracts.residents.areas import MOST_DOUBT
from geo.tracts.residents.estimate import (
    PeopleMap,
    count,
    project,
    read_people_map,
    to_crosswalks,
    to_people_map,
)
from geo.tracts.residents.settled import PLACING_ERRORS

LEVEL, PARTS, ROUNDS, LEAST = 0.90, 5, 20, 50.0
WHOLESALE = ["CA3310049"]
SIZES = (0, 2_500, 10_000, 50_000, np.inf)
Floats = NDArray[np.float64]
DRAWN, DRAWN_SEED = 60, 14
SYSTEMS, LARGEST_SYSTEMS = "water systems", 24
PARK_RADIUS_M = 1_000.0
SETTINGS = [
    (density, within, largest)
    for density in (3_000.0, 4_000.0, 5_000.0)
    for within, largest in ((0.0, 0.0), (0.3, 30.0), (0.8, 30.0), (0.3, 100.0))
]
"""People per km2, within how many radii served land counts, and how large a service area may be, in km2."""
Answer = tuple["pd.Series[float]", "pd.Series[float]"]
"""Counts of places, and a figure that grows with the square of the error to be expected."""


def read_truth(region: Region) -> pd.DataFrame:
    """Sum blocks by place: people, and occupied units."""
    store, catalog = RawStore(region.realm), read_catalog()
    blocks = read_table(catalog["pl94_blocks_2020"], store, region.counties)
    blocks = blocks.merge(read_table_of(region.key, "block_places"), on="geoid")
    return (
        blocks.groupby("place_geoid")[["population", "occupied_units", "housing_units"]].sum().astype(float)
    )


def hidden_map(region: Region) -> PeopleMap:
    """Make the people map from block groups alone, without blocks, their codes, and places."""
    store, catalog = RawStore(region.realm), read_catalog()
    groups, tracts = (read_shapes_of(region.key, name) for name in ("block_groups", "tracts_2010"))
    counts = read_table(catalog["pl94_blocks_2020"], store, region.counties).iloc[:0]
    counted = counted_areas.transform(counted_areas.Raw(groups, None, counts, None, None), region).frame
    raw = settled_areas.Raw(
        counted,
        read_table(catalog["block_group_centers_2020"], store, region.counties),
        read_shapes(catalog["tracts_2020"], store, region.counties),
        tracts,
        None,
        read_shapes_of(region.key, "water_systems"),
    )
    return to_people_map(tracts, counted, settled_areas.transform(raw, region).frame, region)


def ours(people: PeopleMap, places: gpd.GeoDataFrame, column: str) -> Answer:
    shares = to_crosswalks(people, places)
    return shares.counts[column], shares.placing[column]


def by_center(people: PeopleMap, places: gpd.GeoDataFrame, column: str, points: gpd.GeoSeries) -> Answer:
    counts = people.weights[column].groupby(people.weights.index.str[:12]).sum()
    located = gpd.GeoDataFrame({"n": counts}, geometry=points.reindex(counts.index))
    found = gpd.sjoin(located, places[["geometry"]].rename_axis("place"), predicate="within")
    return _alone(found.groupby("place")["n"].sum(), places)


def tobler(people: PeopleMap, places: gpd.GeoDataFrame, column: str) -> Answer:
    from tobler.area_weighted import area_interpolate

    source = people.counted[[column, "geometry"]]
    moved = area_interpolate(source, places, extensive_variables=[column], allocate_total=False)
    return _alone(moved[column].set_axis(places.index), places)


def maup(people: PeopleMap, places: gpd.GeoDataFrame, column: str) -> Answer:
    import maup as peer

    source = people.counted[[column, "geometry"]]
    pieces = peer.intersections(source, places, area_cutoff=0)
    shares = pieces.area / source.area.loc[pieces.index.get_level_values("source")].to_numpy()
    return _alone(peer.prorate(pieces, source[column], shares), places)


def _alone(counts: pd.Series[float], places: gpd.GeoDataFrame) -> Answer:
    """Of a method that says nothing of its errors they are taken to grow with the root of the count."""
    found = counts.reindex(places.index).fillna(0.0)
    return found, found.clip(lower=LEAST)


def margins(errors: Floats, scale: Floats, rng: np.random.Generator) -> Floats:
    """Half-widths that hold nine of ten of the other places' errors, for each place."""
    half, size = np.empty_like(errors), np.sqrt(np.maximum(scale, 1.0))
    for part in np.array_split(rng.permutation(len(errors)), PARTS):
        others = np.setdiff1d(np.arange(len(errors)), part)
        factor = np.quantile(np.abs(errors[others]) / size[others], LEVEL, method="higher")
        half[part] = factor * size[part]
    return half


def judge(answer: Answer, truth: pd.Series[float]) -> dict[str, float]:
    counts, scale = (part.reindex(truth.index).to_numpy(float) for part in answer)
    errors, rng = counts - truth.to_numpy(float), np.random.default_rng(0)
    halves = [margins(errors, scale, rng) for _ in range(ROUNDS)]
    score = [2 * half + 2 / (1 - LEVEL) * np.maximum(np.abs(errors) - half, 0) for half in halves]
    half = np.median(halves, axis=0)
    size = np.maximum(np.sqrt(scale), 1.0)
    bands = pd.cut(truth, list(SIZES))
    return {
        "error": float(np.abs(errors).sum() / truth.sum()),
        "far": int((np.abs(errors) > truth / 4).sum()),
        "held": float(np.mean([np.abs(errors) <= half for half in halves])),
        "score": float(np.mean(score)),
        "factor": float(np.quantile(np.abs(errors) / size, LEVEL, method="higher")),
    } | {f"half {band}": float(np.median(half[(bands == band).to_numpy()])) for band in bands.cat.categories}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--region", default="coachella")
    parser.add_argument("--settings", action="store_true", help="try other settings of placing")
    options = parser.parse_args()
    region = read_region(options.region)
    warnings.filterwarnings("ignore", module="tobler|maup|geopandas")
    if len(read_shapes_or_none(region.key, "blocks")):
        show_kinds(region)
    elif options.settings:
        show_settings(region)
    else:
        show_places(region)
        print(
            "\nSchool districts, systems, parks and drawn areas: not measured here, blocks have no polygons."
        )


def read_judged(region: Region) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Read the places that blocks were assigned to, in the region's equal-area CRS, and their counts."""
    truth = read_truth(region)
    places = read_shapes_of(region.key, "places").set_index("geoid")
    places = project(places.loc[places.index.isin(truth.index), ["geometry"]], region.area_crs)
    return places, truth.loc[places.index]


def read_centers(region: Region) -> gpd.GeoSeries:
    """Read centers of population of block groups, in the region's equal-area CRS."""
    table = read_table(read_catalog()["block_group_centers_2020"], RawStore(region.realm), region.counties)
    x, y = (table[name].astype(float) for name in ("longitude", "latitude"))
    return gpd.GeoSeries.from_xy(x, y, crs=4326).to_crs(region.area_crs).set_axis(table["geoid"])


def show_settings(region: Region) -> None:
    """Try the settings, and judge the one that is best on four fifths of the places by the other fifth."""
    places, truth = read_judged(region)
    errors = {}
    for density, within, largest in SETTINGS:
        values = {"PEOPLE_PER_KM2": density, "SERVED_WITHIN": within, "LARGEST_SERVED_KM2": largest}
        for name, value in values.items():
            setattr(settled, name, value)
        counts = ours(hidden_map(region), places, "people")[0]
        errors[(density, within, largest)] = (counts - truth["population"]).abs()
        total = errors[(density, within, largest)].sum() / truth["population"].sum()
        print(
            f"{density:,.0f} per km2, within {within} radii, up to {largest:.0f} km2: {total:.4f}", flush=True
        )
    table, rng, found = pd.DataFrame(errors), np.random.default_rng(0), []
    for _round in range(ROUNDS):
        for part in np.array_split(rng.permutation(len(table)), PARTS):
            best = table.drop(index=table.index[part]).sum().idxmin()
            found.append(float(table.iloc[part][best].sum()))
    print(
        f"chosen on four fifths, judged on the others: {sum(found) / ROUNDS / truth['population'].sum():.4f}"
    )


def read_shapes_or_none(region: str, dataset: str) -> gpd.GeoDataFrame:
    """Read a dataset of shapes; without rows where the region has none."""
    sidecar = read_sidecar(region, dataset)
    built = sidecar is not None and sidecar.built
    return read_shapes_of(region, dataset) if built else gpd.GeoDataFrame(geometry=[], crs=4326)


def areas_by_kind(region: Region) -> dict[str, gpd.GeoDataFrame]:
    """Lay out every kind of area in the region's equal-area CRS: drawn ones are rectangles around people."""
    read = {
        "places": read_shapes_of(region.key, "places"),
        "school districts": read_shapes_of(region.key, "school_districts"),
        SYSTEMS: read_shapes_of(region.key, "water_systems").query("location_quality == 'polygon'"),
    }
    kinds = {name: project(frame[["geometry"]], region.area_crs) for name, frame in read.items()}
    parks = read_shapes_of(region.key, "mobile_home_parks").to_crs(region.area_crs)
    kinds["parks, 1 km around"] = gpd.GeoDataFrame(geometry=parks.geometry.buffer(PARK_RADIUS_M))
    rng = np.random.default_rng(DRAWN_SEED)
    points = read_shapes_of(region.key, "people_points").to_crs(region.area_crs)
    middles = points.sample(DRAWN, weights=points["population"].astype(float), random_state=DRAWN_SEED)
    width, height = np.exp(rng.uniform(np.log(800), np.log(9_000), (2, DRAWN)))
    x, y = middles.geometry.x.to_numpy(), middles.geometry.y.to_numpy()
    boxes = shapely.box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
    kinds["drawn areas"] = gpd.GeoDataFrame(geometry=boxes, crs=region.area_crs)
    return kinds


def show_kinds(region: Region) -> None:
    """Build every kind of area with blocks hidden and with them; print by size how far apart both are."""
    print(f"{region.title}: people of 2020, each area built with blocks hidden and with them\n")
    print("| kind of area | people inside | areas | ours | by center | by area | margins hold | half-width |")
    print("|---|---|---|---|---|---|---|---|")
    whole, hidden, points = read_people_map(region.key), hidden_map(region), read_centers(region)
    for kind, areas in areas_by_kind(region).items():
        truth = ours(whole, areas, "people")[0]
        counts, variance = ours(hidden, areas, "people")
        answers = {
            "ours": counts,
            "center": by_center(hidden, areas, "people", points)[0],
            "area": tobler(hidden, areas, "people")[0],
        }
        errors = pd.DataFrame(answers).sub(truth, axis=0).abs()
        half = Z_90 * np.sqrt(variance)
        table = errors.assign(truth=truth, half=half, held=errors["ours"] <= half + 0.5)
        # A system that the census cannot place has its own published size instead.
        vague = (half > MOST_DOUBT * counts) | (counts <= 0)
        table = table[(truth > 0) & ~(vague & (kind == SYSTEMS))]
        for size, rows in table.groupby(pd.cut(table["truth"], list(SIZES)), observed=True):
            print(_line(kind, size, rows))
        print(_line(kind, None, table))


def _line(kind: str, size: pd.Interval | None, rows: pd.DataFrame) -> str:
    shares = (rows[["ours", "center", "area"]].sum() / rows["truth"].sum()).map("{:.1%}".format)
    words = "all" if size is None else f"to {size.right:,.0f}" if np.isfinite(size.right) else "more"
    cells = [
        kind,
        words,
        str(len(rows)),
        *shares,
        f"{rows['held'].mean():.0%}",
        f"{rows['half'].median():,.0f}",
    ]
    return f"| {' | '.join(cells)} |"


def show_places(region: Region) -> None:
    """Judge every method by the counts of places, and systems by what they report."""
    places, truth = read_judged(region)
    people, points = hidden_map(region), read_centers(region)
    people = replace(people, weights=people.weights.fillna({"units": 0.0}))
    methods: dict[str, Callable[[PeopleMap, gpd.GeoDataFrame, str], Answer]] = {
        "ours": ours,
        "block group whole, by its center": lambda *given: by_center(*given, points),
        "tobler, by area": tobler,
        "maup, by area": maup,
    }
    for name, column in (("population", "people"), ("occupied_units", "homes"), ("housing_units", "units")):
        found = pd.DataFrame(
            {key: judge(make(people, places, column), truth[name]) for key, make in methods.items()}
        )
        print(f"\n{name}: {len(places)} places of {region.title}, {truth[name].sum():,.0f} counted")
        print(found.T.round(3).to_string())
        times = found.loc["score"] / found.loc["score", "ours"]
        print(f"score, times that of ours: {times.round(2).to_dict()}")
    shipped = count(people, to_crosswalks(people, places)).set_index(["variable", "target_id"])
    for variable, column in (("population_2020", "population"), ("housing_units_2020", "housing_units")):
        told = shipped.loc[variable].reindex(truth.index)
        held = (told["estimate"] - truth[column]).abs() <= told["moe"].fillna(0.0)
        print(
            f"\n{variable}: margins as shipped {PLACING_ERRORS} hold {held.mean():.1%} of {len(held)} counts"
        )
    show_systems(read_people_map(region.key), points, region)


def show_systems(people: PeopleMap, points: gpd.GeoSeries, region: Region) -> None:
    """Hold systems with an outline against the population that they report, the wholesaler apart."""
    systems = read_shapes_of(region.key, "water_systems").set_index("pwsid")
    served = read_table_of(region.key, "people_served").query("variable == 'population_2020'")
    outlined = systems[systems.index.isin(served["target_id"]) & (systems["population"] > 0)]
    outlined = outlined.drop(index=WHOLESALE, errors="ignore")
    shapes = project(outlined[["geometry"]], region.area_crs)
    answers = {
        "ours": ours(people, shapes, "people"),
        "by center": by_center(people, shapes, "people", points),
    }
    published = outlined["population"].astype(float)
    off = pd.DataFrame({name: answer[0] / published - 1 for name, answer in answers.items()})
    print(f"\n{len(off)} systems with an outline, beside the people that they report: median difference")
    print(off.abs().median().round(4).to_dict())
    largest = published.nlargest(LARGEST_SYSTEMS).index
    print(f"the {LARGEST_SYSTEMS} largest: {off.loc[largest].abs().median().round(4).to_dict()}")
    known = what_may_explain(people, shapes, outlined).assign(counted=answers["ours"][0])
    known["margin"] = Z_90 * np.sqrt(answers["ours"][1])
    far = known.join(off).query("abs(ours) > 0.25")
    reasons = [reason_of(row) for row in far.to_dict("records")]
    told = far[["ours", "by center", "public_name"]].round(2).assign(reason=reasons)
    print(told.to_string())


def what_may_explain(people: PeopleMap, shapes: gpd.GeoDataFrame, systems: gpd.GeoDataFrame) -> pd.DataFrame:
    """Measure of each outline what may set a count and a report apart."""
    tree = np.asarray(shapes.geometry)
    others = [shapely.union_all(np.delete(tree, place)) for place in range(len(tree))]
    common = gpd.GeoSeries(areas_only(shapely.intersection(tree, np.asarray(others))), shapes.index)
    common = common[~common.is_empty & common.notna()].set_crs(shapes.crs)
    shared = ours(people, project(gpd.GeoDataFrame(geometry=common), str(shapes.crs)), "people")[0]
    homes, units = (ours(people, shapes, column)[0] for column in ("homes", "units"))
    inside = shapes.geometry.intersection(people.tracts.union_all()).area / shapes.area
    return systems[["public_name", "location_quality", "population", "connections"]].assign(
        shared=shared.reindex(shapes.index).fillna(0.0),
        vacant=1 - homes / units,
        inside=inside,
    )


def reason_of(row: Mapping[str, Any]) -> str:
    """Say what of the known sets a count and a report apart; that is no proof that it is the cause."""
    gap, per_connection = row["counted"] - row["population"], row["population"] / row["connections"]
    reasons = {
        "outline lies partly in another county": row["inside"] < 0.9,
        "outline holds other systems": gap > 0 and row["shared"] > gap / 2,
        f"outline: {row['location_quality']}": row["location_quality"] != "polygon",
        f"seasonal: {row['vacant']:.0%} of its homes are vacant": row["vacant"] > 0.25,
        f"reports {per_connection:.1f} people a connection": not 1.5 < per_connection < 5.0,
        "within the margin": abs(gap) <= row["margin"],
    }
    return "; ".join(words for words, holds in reasons.items() if holds) or "not known"


if __name__ == "__main__":
    main()
