"""What the water pages read: the board, the systems on it, their need and their costs; kept in memory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import geopandas as gpd
import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.common import load_shapes, load_sidecar, load_table, missing_reason
from geo.joining.costs import cost_systems, fit_roads, measure_ways, with_ways
from geo.joining.road_graph import RoadGraph
from geo.joining.scope import in_scope, miles_to
from geo.joining.target import MAINS, list_targets, read_target
from geo.language import current_language
from geo.region import Region
from geo.water.need import need_parts
from geo.water.need_stability import ranked
from geo.water.receiver import BoundaryChoice, receiver_boundary
from store.board.stages import Board
from store.board.table import board_table
from store.database import open_database
from store.journal import Journal
from store.status import Affordability, Funding

Weights = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """What lies before the task force: the region, its board, who looks, and as of when (None: now)."""

    region: Region
    board: Board
    who: str
    as_of: datetime | None
    systems: gpd.GeoDataFrame
    table: pd.DataFrame


def open_board(region: Region) -> Board:
    """Open the region's board."""
    systems = load_shapes(region.key, "water_systems")
    return Board(Journal(open_database()), region.key, systems["pwsid"])


def open_desk(region: Region, who: str, scope: str, as_of: datetime | None = None) -> Desk:
    """Read the board, and the systems of a scope."""
    systems = load_shapes(region.key, "water_systems")
    board = open_board(region)
    ours = systems[in_scope(systems, _miles(region, region.key, content_of(region, "water_systems")), scope)]
    money, rates = board.kept(Funding, as_of=as_of), board.kept(Affordability, as_of=as_of)
    table = board_table(ours, board.statuses(as_of=as_of), money, rates, named=bool(who))
    return Desk(region, board, who, as_of, ours, table)


def content_of(region: Region, dataset: str) -> str:
    """Fingerprint of a dataset's content; empty where it is not built."""
    if missing_reason(region.key, dataset):
        return ""
    return str(load_sidecar(region.key, dataset).record.get("content_sha256", ""))


def list_boundaries(region: Region) -> list[BoundaryChoice]:
    """List what may be called the receiver's boundary, and its mains; empty where there is no receiver."""
    if missing_reason(region.key, "receiver_boundaries"):
        return []
    contents = " ".join(content_of(region, name) for name in ("receiver_boundaries", "water_mains"))
    return _list_targets(region, region.key, contents, current_language())


@st.cache_resource(max_entries=8, show_spinner=False)
def _list_targets(_region: Region, key: str, contents: str, language: str) -> list[BoundaryChoice]:
    return list_targets(_region, load_mains(_region))


def load_mains(region: Region) -> gpd.GeoDataFrame | None:
    """Return the district's mains; None where no source gives them."""
    return None if missing_reason(region.key, "water_mains") else load_shapes(region.key, "water_mains")


def target_shapes(region: Region, key: str) -> gpd.GeoDataFrame:
    """Return the chosen boundary, or the mains as lines, to be drawn."""
    mains = load_mains(region)
    if key == MAINS and mains is not None:
        return mains.assign(boundary_id=mains["main_id"])
    return _boundary(region, region.key, content_of(region, "receiver_boundaries"), key)


@st.cache_resource(max_entries=16, show_spinner=False)
def _boundary(_region: Region, key: str, content: str, boundary: str) -> gpd.GeoDataFrame:
    return receiver_boundary(_region, boundary)


@st.cache_resource(max_entries=4, show_spinner=False)
def _miles(_region: Region, key: str, content: str) -> pd.Series[float] | None:
    choices = list_boundaries(_region)
    if not choices:
        return None
    boundary = receiver_boundary(_region, choices[0].key).geometry.item()
    return miles_to(load_shapes(_region.key, "water_systems"), boundary, _region.length_crs)


def load_need(region: Region, pwsids: list[str], weights: Weights) -> pd.DataFrame:
    """Rank systems by need; kept in memory by weights."""
    return _need(region, region.key, content_of(region, "water_systems"), tuple(pwsids), weights)


def load_parts(region: Region) -> pd.DataFrame:
    """Return the parts of need of every system."""
    return _parts(
        region, region.key, content_of(region, "water_systems"), content_of(region, "people_served")
    )


@st.cache_resource(max_entries=16, show_spinner=False)
def _need(_region: Region, key: str, content: str, pwsids: tuple[str, ...], weights: Weights) -> pd.DataFrame:
    return ranked(load_parts(_region).loc[list(pwsids)], dict(weights))


@st.cache_resource(max_entries=4, show_spinner=False)
def _parts(_region: Region, key: str, content: str, of_people: str) -> pd.DataFrame:
    served, join = (
        pd.DataFrame() if missing_reason(_region.key, name) else load_table(_region.key, name)
        for name in ("people_served", "tract_system_join")
    )
    tracts = load_shapes(_region.key, "tracts_2010")
    return need_parts(load_shapes(_region.key, "water_systems"), served, join, tracts)


def load_roads(region: Region) -> RoadGraph | None:
    """Return the graph of roads fit for measuring; None where there are none."""
    return _roads(region, region.key, content_of(region, "roads"))


@st.cache_resource(max_entries=4, show_spinner=False)
def _roads(_region: Region, key: str, content: str) -> RoadGraph | None:
    return fit_roads(load_shapes(_region.key, "roads") if content else None, _region.length_crs)


def load_costs(region: Region, boundary: str, method: str) -> pd.DataFrame:
    """Cost every system's own connection to a boundary by a method; index pwsid."""
    contents = [content_of(region, name) for name in ("water_systems", "roads", "water_mains")]
    return _costs(region, region.key, " ".join(contents), boundary, method)


@st.cache_resource(max_entries=16, show_spinner=False)
def _costs(_region: Region, key: str, content: str, boundary: str, method: str) -> pd.DataFrame:
    return cost_systems(
        load_shapes(_region.key, "water_systems"), load_ways(_region, boundary), method=method
    )


def load_ways(region: Region, boundary: str) -> gpd.GeoDataFrame:
    """Measure every system's way to a boundary, or to the mains; kept in memory."""
    contents = [content_of(region, name) for name in ("water_systems", "roads", "water_mains")]
    return _ways(region, region.key, " ".join(contents), boundary)


def load_costable(region: Region, pwsid: str, boundary: str) -> pd.DataFrame:
    """Return one system with its way, as a cost is asked for it."""
    systems = load_shapes(region.key, "water_systems")
    return with_ways(systems[systems["pwsid"].eq(pwsid)], load_ways(region, boundary))


@st.cache_resource(max_entries=8, show_spinner=False)
def _ways(_region: Region, key: str, content: str, boundary: str) -> gpd.GeoDataFrame:
    shape = read_target(_region, boundary, load_mains(_region)).geometry.item()
    systems = load_shapes(_region.key, "water_systems")
    return measure_ways(systems, shape, _region.length_crs, load_roads(_region))
