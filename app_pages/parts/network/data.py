"""What the network page computes: the ground, the layout and the frontier, kept in memory."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.common import load_shapes
from app_pages.parts.water.data import content_of, load_mains, load_roads
from geo.joining.budget import Prize, frontier_of
from geo.joining.ground import Ground, lay_ground
from geo.joining.layout import Layout, lay_network
from geo.joining.target import read_target
from geo.joining.telling import Totals, total_up
from geo.region import Region

SECONDS = 15.0


def load_layout(region: Region, pwsids: tuple[str, ...], boundary: str, method: str) -> Layout:
    """Lay one network for the chosen systems."""
    return _layout(region, region.key, _content(region), pwsids, boundary, method)


def load_totals(region: Region, pwsids: tuple[str, ...], boundary: str, method: str) -> Totals:
    """Add the network of the chosen systems up, with the ranges of its cost."""
    return _totals(region, region.key, _content(region), pwsids, boundary, method)


def load_frontier(
    region: Region, pwsids: tuple[str, ...], boundary: str, method: str, prize: Prize
) -> pd.DataFrame:
    """Find what each budget connects of the chosen systems."""
    return _frontier(region, region.key, _content(region), pwsids, boundary, method, prize)


def _content(region: Region) -> str:
    return " ".join(content_of(region, name) for name in ("water_systems", "roads", "water_mains"))


def _chosen(region: Region, pwsids: tuple[str, ...]) -> gpd.GeoDataFrame:
    systems = load_shapes(region.key, "water_systems").set_index("pwsid").loc[list(pwsids)]
    return systems.to_crs(region.length_crs)


def _ground(region: Region, systems: gpd.GeoDataFrame, boundary: str) -> Ground:
    receiver = read_target(region, boundary, load_mains(region)).to_crs(region.length_crs).geometry.item()
    return lay_ground(systems, receiver, load_roads(region))


@st.cache_resource(max_entries=32, show_spinner=False)
def _layout(
    _region: Region, key: str, content: str, pwsids: tuple[str, ...], boundary: str, method: str
) -> Layout:
    systems = _chosen(_region, pwsids)
    return lay_network(_ground(_region, systems, boundary), systems, method=method, time_limit=SECONDS)


@st.cache_resource(max_entries=32, show_spinner=False)
def _totals(
    _region: Region, key: str, content: str, pwsids: tuple[str, ...], boundary: str, method: str
) -> Totals:
    return total_up(_layout(_region, key, content, pwsids, boundary, method))


@st.cache_resource(max_entries=32, show_spinner=False)
def _frontier(
    _region: Region,
    key: str,
    content: str,
    pwsids: tuple[str, ...],
    boundary: str,
    method: str,
    prize: Prize,
) -> pd.DataFrame:
    systems = _chosen(_region, pwsids)
    ground = _ground(_region, systems, boundary)
    return frontier_of(ground, systems, prize=prize, method=method, time_limit=SECONDS)
