"""What the network page computes: the ground, the layout and the frontier, kept in memory."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from app_pages.parts.loading import kept, load_shapes
from app_pages.parts.water.data import OF_WAYS, load_mains, load_roads
from geo.region import Region
from geo.water.frontier import Prize, frontier_of
from geo.water.network_layout import Ground, Layout, lay_ground, lay_network
from geo.water.receiver import read_target
from geo.water.telling import Totals, total_up

SECONDS = 15.0


def load_layout(region: Region, pwsids: tuple[str, ...], boundary: str, method: str) -> Layout:
    """Lay one network for the chosen systems."""
    return _layout(region, pwsids, boundary, method)


def load_totals(region: Region, pwsids: tuple[str, ...], boundary: str, method: str) -> Totals:
    """Add the network of the chosen systems up, with the ranges of its cost."""
    return _totals(region, pwsids, boundary, method)


def load_frontier(
    region: Region, pwsids: tuple[str, ...], boundary: str, method: str, prize: Prize
) -> pd.DataFrame:
    """Find what each budget connects of the chosen systems."""
    return _frontier(region, pwsids, boundary, method, prize)


def _chosen(region: Region, pwsids: tuple[str, ...]) -> gpd.GeoDataFrame:
    systems = load_shapes(region.key, "water_systems").set_index("pwsid").loc[list(pwsids)]
    return systems.to_crs(region.length_crs)


def _ground(region: Region, systems: gpd.GeoDataFrame, boundary: str) -> Ground:
    receiver = read_target(region, boundary, load_mains(region)).to_crs(region.length_crs).geometry.item()
    return lay_ground(systems, receiver, load_roads(region))


@kept(*OF_WAYS, most=32, spoken=False)
def _layout(region: Region, pwsids: tuple[str, ...], boundary: str, method: str) -> Layout:
    systems = _chosen(region, pwsids)
    return lay_network(_ground(region, systems, boundary), systems, method=method, time_limit=SECONDS)


@kept(*OF_WAYS, most=32, spoken=False)
def _totals(region: Region, pwsids: tuple[str, ...], boundary: str, method: str) -> Totals:
    return total_up(_layout(region, pwsids, boundary, method))


@kept(*OF_WAYS, most=32, spoken=False)
def _frontier(
    region: Region, pwsids: tuple[str, ...], boundary: str, method: str, prize: Prize
) -> pd.DataFrame:
    systems = _chosen(region, pwsids)
    ground = _ground(region, systems, boundary)
    return frontier_of(ground, systems, prize=prize, method=method, time_limit=SECONDS)
