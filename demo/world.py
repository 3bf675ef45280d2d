"""The invented valley as a whole, with its survey estimates: what every file is written from."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from demo.boundaries import build_lake, place_codes
from demo.census import add_geography
from demo.census_tables import add_areas, dissolve
from demo.people import HIGHEST_INDEX, INCOMES, INGREDIENTS, SHARES, UNIVERSES, build_blocks
from demo.streets import build_barriers, build_roads
from demo.valley import METRIC_CRS, TOWNS, Floats, build_cells, random_for, smooth_noise
from demo.water_systems import Streets, build_graph, build_systems, towns_of

Z_90 = 1.645
# Variance of an estimate beside that of a count: a sample of about one in ten; more where households cluster.
INFLATION, INFLATION_CLUSTERED = 11.0, 45.0
MARGIN_OF_NONE = 12.0  # what the Bureau states for an estimate of 0
COUNT_YEAR = 2020
EARLIER = 0.95  # people and homes of the earlier survey beside the count of 2020


def build_truth(blocks: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Every indicator as an unrounded count by block; incomes as dollars times their weight."""
    truth = pd.DataFrame(
        {
            "population": blocks["population"].astype(float),
            "household_population": (blocks["population"] - blocks["group_quarters"]).astype(float),
            "households": blocks["occupied_units"].astype(float),
            "housing_units": blocks["housing_units"].astype(float),
            "vacant_units": blocks["vacant_units"].astype(float),
            "group_quarters_persons": blocks["group_quarters"].astype(float),
        }
    )
    place = blocks["column"].to_numpy(), blocks["row"].to_numpy()
    hardship = blocks["hardship"].to_numpy()
    columns: dict[str, Floats] = {str(name): truth[name].to_numpy() for name in truth}
    for share in SHARES:
        noise = share.noise * smooth_noise(*place, random_for(seed, share.name))
        level = share.base + share.hardship * hardship + share.density * blocks["density"].to_numpy()
        columns[share.name] = columns[share.of] * np.clip(level * (1 + noise), 0.0, 1.0)
    for name, (top, slope, weight) in INCOMES.items():
        noise = 0.06 * smooth_noise(*place, random_for(seed, name))
        columns[name] = columns[weight] * top * np.exp(slope * hardship + noise)
    return pd.DataFrame(columns, index=blocks.index)


def to_areas(truth: pd.DataFrame, areas: pd.Series) -> pd.DataFrame:
    """Sum the blocks by area, in the order of their identifiers; incomes become means."""
    total = truth.groupby(areas).sum().sort_index()
    for name, (_, _, weight) in INCOMES.items():
        total[name] = (total[name] / total[weight]).where(total[weight] > 0)
    return total


def survey(truth: pd.DataFrame, seed: int, theme: str, scale: float = 1.0) -> pd.DataFrame:
    """Estimates as a sample would give them, each with its 90 % margin of error in ``_moe``.

    ``truth`` is by area, as from :func:`to_areas`. Counts are multiplied by ``scale``. Incomes where
    nobody lives are NaN.
    """
    rng = random_for(seed, theme)
    columns: dict[str, Floats] = {}
    of = {share.name: share for share in SHARES}
    for name in truth:
        values = truth[name].to_numpy()
        if name in INCOMES:
            weight = truth[INCOMES[str(name)][2]].to_numpy()
            margin = values * 2.4 / np.sqrt(np.maximum(weight, 1.0))
        elif name in UNIVERSES or name not in of:
            values = values * scale
            margin = margin_of(values, values / 0.7, clusters=name in ("population", "household_population"))
        else:
            values = values * scale
            margin = margin_of(values, truth[of[name].of].to_numpy() * scale, clusters=of[name].clusters)
        error = np.clip(rng.normal(0, 1, len(values)), -2.2, 2.2) * margin / Z_90
        spread = 0.15 if name in UNIVERSES else 1.0
        drawn = np.where(values > 0, np.maximum(values + spread * error, 0.0), 0.0)
        columns[str(name)] = np.where(np.isnan(values), np.nan, np.rint(drawn))
        columns[f"{name}_moe"] = np.where(np.isnan(values), np.nan, np.rint(margin))
    return pd.DataFrame(columns, index=truth.index)


def margin_of(values: Floats, universe: Floats, *, clusters: bool) -> Floats:
    """90 % margin of a count: 1.645 times the root of inflation x n x p x (1 - p); 12 for an estimate of 0.

    Examples
    --------
    >>> margin_of(np.array([0.0, 600.0]), np.array([900.0, 900.0]), clusters=False).round().tolist()
    [12.0, 77.0]
    """
    share = np.divide(values, universe, out=np.zeros_like(values), where=universe > 0)
    inflation = INFLATION_CLUSTERED if clusters else INFLATION
    variance = inflation * universe * np.clip(share * (1 - share), 0.0, 0.25)
    return np.asarray(np.maximum(Z_90 * np.sqrt(variance), MARGIN_OF_NONE))


def index_of(truth: pd.DataFrame) -> Floats:
    """Hard-to-count index by area, 0 to 136 as the State's: 14 ingredients, 0 where no household lives."""
    scores = np.zeros(len(truth))
    for part, whole, low, high in INGREDIENTS:
        share = _share(truth, part, whole)
        scores += np.clip((share - low) / (high - low), 0.0, 1.0)
    index: npt.NDArray[np.float64] = np.rint(HIGHEST_INDEX * scores / len(INGREDIENTS))
    return np.where(truth["households"].to_numpy() > 0, index, 0.0)


def response_of(truth: pd.DataFrame, seed: int) -> Floats:
    """Reckon the final self-response in percent: less where the index is high and where homes stand empty."""
    noise = random_for(seed, "response").normal(0, 2.6, len(truth))
    empty = _share(truth, "vacant_units", "housing_units")
    response = 93.0 - 0.60 * index_of(truth) - 32.0 * np.maximum(empty - 0.08, 0.0) + noise
    lived_in = truth["households"].to_numpy() > 0
    return np.where(lived_in, np.round(np.clip(response, 18.0, 93.0), 1), 0.0)


def _share(truth: pd.DataFrame, part: str, whole: str) -> Floats:
    universe = truth[whole].to_numpy()
    parts = truth[part].to_numpy()
    return np.asarray(np.divide(parts, universe, out=np.zeros(len(truth)), where=universe > 0))


RIVER_CLASS = "H3010"


@dataclass(frozen=True)
class World:
    """Blocks, areas, people, lines and systems; shapes in EPSG:4269, systems and lake in EPSG:3310."""

    seed: int
    blocks: gpd.GeoDataFrame
    old_tracts: gpd.GeoDataFrame
    new_tracts: gpd.GeoDataFrame
    old_truth: pd.DataFrame
    new_truth: pd.DataFrame
    place_truth: pd.DataFrame
    roads: gpd.GeoDataFrame
    barriers: gpd.GeoDataFrame
    graph: Streets
    systems: gpd.GeoDataFrame
    lake: shapely.Polygon

    def old_survey(self) -> pd.DataFrame:
        """Take the survey of 2014-2018 by 2010 tract."""
        return survey(self.old_truth, self.seed, "survey 2018", EARLIER)

    def place_survey(self, last_year: int) -> pd.DataFrame:
        """Take the survey of the five years up to ``last_year`` by place (code of five digits)."""
        scale = EARLIER if last_year < COUNT_YEAR else 1.0
        return survey(self.place_truth, self.seed, f"survey of places {last_year}", scale)

    def new_survey(self, last_year: int) -> pd.DataFrame:
        """Take the survey of the five years up to ``last_year`` by 2020 tract."""
        return survey(self.new_truth, self.seed, f"survey {last_year}")

    @property
    def river(self) -> shapely.LineString:
        """The river's line."""
        lines = self.barriers.geometry[self.barriers["mtfcc"] == RIVER_CLASS]
        river = lines.iloc[0]
        assert isinstance(river, shapely.LineString)
        return river

    def area_of(self, pwsid: str) -> BaseGeometry:
        """Return what a system serves, in EPSG:3310."""
        return self.systems.geometry[self.systems["pwsid"] == pwsid].iloc[0]

    def old_places(self) -> tuple[pd.DataFrame, pd.Series]:
        """Middle (x, y in degrees) and nearest town of every 2010 tract."""
        points = self.old_tracts.geometry.representative_point()
        places = pd.DataFrame({"x": points.x.round(7), "y": points.y.round(7)})
        places.index = pd.Index(self.old_tracts["geoid"])
        names = pd.Series([TOWNS[number].name for number in towns_of(self.blocks)], index=self.blocks.index)
        return places, _commonest(names, self.blocks["tract_2010"])

    def new_towns(self) -> pd.Series:
        """Nearest town of every 2020 tract."""
        names = pd.Series([TOWNS[number].name for number in towns_of(self.blocks)], index=self.blocks.index)
        return _commonest(names, self.blocks["tract_2020"])


def _commonest(names: pd.Series, tracts: pd.Series) -> pd.Series:
    found: pd.Series = names.groupby(tracts).agg(lambda group: group.mode().iloc[0])
    return found


def build_world(seed: int) -> World:
    """Invent the valley; the same seed gives the same valley."""
    cells = build_cells()
    blocks = build_blocks(seed)
    add_geography(blocks)
    blocks = gpd.GeoDataFrame(blocks.sort_values("geoid", ignore_index=True))
    lake = build_lake()
    add_areas(blocks, lake)
    truth = build_truth(blocks, seed)
    roads = build_roads(cells)
    systems = build_systems(blocks, roads, seed)
    _add_surroundings(systems, blocks)
    return World(
        seed=seed,
        blocks=blocks,
        old_tracts=dissolve(blocks, "tract_2010"),
        new_tracts=dissolve(blocks, "tract_2020"),
        old_truth=to_areas(truth, blocks["tract_2010"]),
        new_truth=to_areas(truth, blocks["tract_2020"]),
        place_truth=to_areas(truth, place_codes(blocks)),
        roads=roads,
        barriers=build_barriers(cells),
        graph=build_graph(roads),
        systems=systems,
        lake=lake,
    )


def _add_surroundings(systems: gpd.GeoDataFrame, blocks: gpd.GeoDataFrame) -> None:
    """Add each system's ZIP code and the hardship around it, in place."""
    codes = {town.name: f"999{number:02d}" for number, town in enumerate(TOWNS, start=1)}
    systems["zip_code"] = systems["town"].map(codes)
    centers = np.asarray(blocks.geometry.to_crs(METRIC_CRS).centroid.array, dtype=object)
    near = shapely.STRtree(centers).nearest(np.asarray(systems.geometry.centroid.array, dtype=object))
    systems["hardship"] = blocks["hardship"].to_numpy()[near]
