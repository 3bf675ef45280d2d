"""The water systems of the invented valley: a district, its neighbours, and 84 small ones."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.demo.sites import choose_sites
from geo.demo.valley import METRIC_CRS, TOWNS, Ints, random_for

PUBLIC, STATE_SMALL = 54, 30
RECEIVER = "CA9010001"
SERVED_DENSITY = 0.10
STATUSES = (("Failing", 12), ("At-Risk", 13), ("Potentially At-Risk", 9), ("Not At-Risk", 17), ("", 3))
WORDS = (
    "Palo Seco", "Los Girasoles", "Sunup", "El Remanso", "Three Wells", "Santa Zarza", "Dry Fork",
    "La Cigarra", "Cottontail", "Mesa Nueva", "El Pozo Hondo", "Windrow", "Los Mirlos", "Date Row",
    "La Gavilla", "Plover", "Rancho Umbral", "Saltgrass", "Dos Acequias", "Hollow Post", "El Tejon Azul",
    "Borderfield", "La Noria Vieja", "Quailrun", "Las Brasas", "Stone Ladder", "Campo Claro", "Millet",
    "La Higuerita", "Farrow", "El Carrizal Chico", "Long Acre", "Los Batanes", "Sandhill", "Vega Corta",
    "Brightwater", "La Tunera", "Ox Bend", "Alamo Torcido", "Pepper Lane", "San Umbelio", "Gourd",
)  # fmt: skip
PARK_KINDS = ("Mobile Home Park", "Trailer Park")
SMALL_KINDS = ("Ranch", "Camp", "Mutual Water", "Mobile Home Park")


@dataclass(frozen=True, slots=True)
class Large:
    """A large system: which towns it serves, and its status."""

    pwsid: str
    name: str
    towns: tuple[str, ...]
    status: str
    owner: str = "L"


LARGE = (
    Large("CA9010001", "Demo Valley Water District", ("Marlow Springs", "Las Hojas", "Las Garzas"), ""),
    Large("CA9010002", "Agua Serena Water Company", ("Agua Serena",), "Not At-Risk", "P"),
    Large("CA9010003", "City of Cielo Verde", ("Cielo Verde",), "Potentially At-Risk"),
    Large("CA9010004", "Ferry Bend County Water District", ("Ferry Bend",), "Failing"),
    Large("CA9010005", "Tierra Clara Water Works", ("Tierra Clara",), "At-Risk", "P"),
)


def build_systems(blocks: gpd.GeoDataFrame, roads: gpd.GeoDataFrame, seed: int) -> gpd.GeoDataFrame:
    """Every system in EPSG:3310 (m): the true facts, from which the State's tables are written.

    Columns: pwsid, name, kind (large, park, school, state_small), connections, population, status
    (empty: not assessed), owner, town, geometry.
    """
    large, small = _large(blocks), _small(blocks, roads, seed)
    frame = pd.concat([large, small], ignore_index=True)
    systems = gpd.GeoDataFrame(frame, geometry="geometry", crs=METRIC_CRS)
    systems["town"] = _nearest_town(systems, blocks)
    return systems


def towns_of(blocks: pd.DataFrame) -> Ints:
    """Find the town that each block lies nearest to, by its reach: positions in ``TOWNS``."""
    column, row = blocks["column"].to_numpy(), blocks["row"].to_numpy()
    far = [((column - town.column) ** 2 + (row - town.row) ** 2) / town.reach**2 for town in TOWNS]
    return np.asarray(np.argmin(np.array(far), axis=0))


def _large(blocks: gpd.GeoDataFrame) -> pd.DataFrame:
    shapes = blocks.geometry.to_crs(METRIC_CRS)
    nearest = np.array([town.name for town in TOWNS], dtype=object)[towns_of(blocks)]
    served = blocks["density"].to_numpy() >= SERVED_DENSITY
    rows = []
    for system in LARGE:
        place = served & np.isin(nearest, system.towns)
        rows.append(
            {
                "pwsid": system.pwsid,
                "name": system.name,
                "kind": "large",
                "connections": int(blocks.loc[place, "housing_units"].sum() * 0.93),
                "population": int(blocks.loc[place, "population"].sum()),
                "status": system.status,
                "owner": system.owner,
                "geometry": shapely.union_all(np.asarray(shapes[place].array, dtype=object)),
            }
        )
    return pd.DataFrame(rows)


def _small(blocks: gpd.GeoDataFrame, roads: gpd.GeoDataFrame, seed: int) -> pd.DataFrame:
    rng = random_for(seed, "systems")
    sizes = np.clip(np.rint(rng.lognormal(3.55, 0.55, PUBLIC)), 15, 150).astype(int)
    connections = [*sizes.tolist(), *rng.integers(5, 15, STATE_SMALL).tolist()]
    sites = choose_sites(roads, blocks, connections, seed)
    per_home = rng.uniform(2.7, 4.6, len(connections))
    frame = pd.DataFrame({"connections": connections})
    frame["pwsid"] = [f"CA9000{101 + 3 * number:03d}" for number in range(len(frame))]
    frame["kind"] = np.where(np.arange(len(frame)) < PUBLIC, "park", "state_small")
    frame.loc[PUBLIC - 1, "kind"] = "school"
    frame.loc[PUBLIC - 1, "connections"] = 6
    frame["population"] = np.rint(frame["connections"] * per_home).astype(int)
    frame.loc[PUBLIC - 1, "population"] = 480
    frame["name"] = _names(frame["kind"].to_list())
    frame["status"] = _statuses(rng)
    frame["owner"] = np.where(frame["kind"] == "school", "L", "P")
    return frame.assign(geometry=pd.Series(sites, dtype=object))


def _names(kinds: list[str]) -> list[str]:
    names = []
    for number, kind in enumerate(kinds):
        word = WORDS[number % len(WORDS)]
        second = number >= len(WORDS)
        if kind == "school":
            names.append(f"{word} Elementary School")
        elif kind == "park":
            names.append(f"{word} {PARK_KINDS[second]}")
        else:
            names.append(f"{word} {SMALL_KINDS[number % len(SMALL_KINDS)]}{' No 2' if second else ''}")
    return names


def _statuses(rng: np.random.Generator) -> list[str]:
    """Deal out the same number of each status whatever the seed; state small systems are not assessed."""
    statuses = [status for status, count in STATUSES for _ in range(count)]
    rng.shuffle(statuses)
    return [*statuses, *[""] * STATE_SMALL]


def _nearest_town(systems: gpd.GeoDataFrame, blocks: gpd.GeoDataFrame) -> list[str]:
    centres = np.asarray(blocks.geometry.to_crs(METRIC_CRS).centroid.array, dtype=object)
    near = shapely.STRtree(centres).nearest(np.asarray(systems.geometry.centroid.array, dtype=object))
    return [TOWNS[number].name for number in towns_of(blocks)[near]]
