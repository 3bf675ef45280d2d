"""One network for several systems, beside one pipe each: where pipes can lie, length, pipes, cost."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any

import geopandas as gpd
import networkx as nx
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geo.crs import require_projected
from geo.errors import GeometryError, InfeasibleError, first_ids
from geo.language import gettext as _
from geo.methods.roads import RoadGraph, attach, require_same_crs
from geo.methods.steiner import Tree, steiner_tree
from geo.water.cost.connection import ITEMS, connection_cost
from geo.water.cost.parameters import read_method
from geo.water.cost.sharing import share_by_demand, share_by_shapley
from geo.water.routes import (
    DETOUR,
    DETOUR_RANGE,
    METERS_PER_FOOT,
    SNAP_LIMIT_M,
    state_small_as_published,
    with_crossings,
)
from geo.water.shared_trunk import PLAIN, Sizing, compare_layouts, peak_demand, size_trunk

RECEIVER = "receiver"
Node = Hashable


@dataclass(frozen=True, slots=True)
class Ground:
    """Where pipes can lie.

    Attributes
    ----------
    graph
        Edges with ``length_ft``, ``low_ft`` and ``high_ft`` (between what it may be: apart only where the
        length is an estimate) and ``geometry`` (in ``crs``).
    basis
        "road", or "straight line": then all lengths are straight times 1.3, and may be from 1.0 to 1.8 times.
    off_road
        Systems more than 1,000 m from every road: straight lines times 1.3 lead from them to the nearest
        road and to the receiver.
    crs
        The projected CRS of the geometries.
    inside
        Systems that touch the receiver: an intersect by the State's method.
    """

    graph: nx.Graph[Any] = field(repr=False)
    basis: str
    crs: Any
    inside: frozenset[str]
    off_road: frozenset[str] = frozenset()

    def range_of(self, edges: Iterable[tuple[Node, Node]]) -> tuple[float, float]:
        """Return how long some edges may be together at least and at most, in feet.

        Examples
        --------
        >>> graph = nx.Graph([("a", "corner", {"low_ft": 100.0, "high_ft": 180.0}),
        ...     ("corner", "receiver", {"low_ft": 50.0, "high_ft": 50.0})])
        >>> Ground(graph, "road", None, frozenset()).range_of(graph.edges)
        (150.0, 230.0)
        """
        ways = [self.graph.edges[edge] for edge in edges]
        return math.fsum(way["low_ft"] for way in ways), math.fsum(way["high_ft"] for way in ways)


def lay_ground(systems: gpd.GeoDataFrame, receiver: BaseGeometry, roads: RoadGraph | None = None) -> Ground:
    """Make the graph for some systems.

    Parameters
    ----------
    systems
        Index pwsid, geometry in a projected CRS in meters.
    receiver
        The chosen boundary in the same CRS.
    roads
        Roads fit for measuring; None: straight lines.

    Raises
    ------
    CRSError
        No projected CRS, or another than the roads'.
    GeometryError
        An empty receiver.
    InfeasibleError
        Systems without a place, by PWSID.

    Examples
    --------
    >>> from shapely.geometry import Point, box
    >>> parks = gpd.GeoDataFrame(geometry=[Point(0, 0), Point(0, 100)], index=["a", "b"], crs=26911)
    >>> ground = lay_ground(parks, box(1000, 0, 2000, 100))
    >>> ground.basis, round(ground.graph.edges["a", "receiver"]["length_ft"])
    ('straight line', 4265)
    """
    require_projected(systems)
    if receiver is None or receiver.is_empty:
        raise GeometryError(_("the receiver has no geometry"), _("choose a boundary that has one"))
    lost = systems.index[systems.geometry.isna() | systems.geometry.is_empty]
    if len(lost):
        raise InfeasibleError(
            _("{count} systems have no known place: {names}").format(count=len(lost), names=first_ids(lost)),
            _("leave them out, or find their place"),
        )
    inside = frozenset(systems.index[systems.intersects(receiver)].astype(str))
    outside = systems[~systems.index.isin(inside)]
    graph, far = _along_roads(outside, receiver, roads) if roads is not None else _straight(outside)
    for pwsid, shape in systems.geometry.items():
        if pwsid in inside or pwsid in far:
            factor = 0.0 if pwsid in inside else DETOUR
            _add(graph, pwsid, RECEIVER, shapely.shortest_line(shape, receiver), factor)
    basis, off_road = ("straight line", frozenset[str]()) if roads is None else ("road", far)
    return Ground(graph, basis, systems.crs, inside, off_road)


def check_reachable(ground: Ground, pwsids: list[str]) -> None:
    """Raise where the receiver cannot be reached from some systems.

    Raises
    ------
    InfeasibleError
        Names the systems: the roads lie in pieces.

    Examples
    --------
    >>> check_reachable(Ground(nx.Graph([("receiver", "a")]), "road", None, frozenset()), ["a"])
    """
    reached = nx.node_connected_component(ground.graph, RECEIVER) if RECEIVER in ground.graph else set()
    lost = [pwsid for pwsid in pwsids if pwsid not in reached]
    if lost:
        parts = nx.number_connected_components(ground.graph)
        raise InfeasibleError(
            _(
                "{count} systems cannot be reached from the district along the roads, "
                "which lie in {parts} pieces: {names}"
            ).format(count=len(lost), parts=parts, names=first_ids(lost)),
            _("leave them out, choose another boundary, or add the roads that are missing"),
        )


def _straight(systems: gpd.GeoDataFrame) -> tuple[nx.Graph[Any], frozenset[str]]:
    graph: nx.Graph[Any] = nx.Graph()
    graph.add_nodes_from([RECEIVER, *systems.index])
    points = systems.representative_point()
    for (one, start), (two, end) in combinations(points.items(), 2):
        _add(graph, one, two, shapely.shortest_line(start, end), DETOUR)
    return graph, frozenset(systems.index.astype(str))


def _along_roads(
    outside: gpd.GeoDataFrame, receiver: BaseGeometry, roads: RoadGraph
) -> tuple[nx.Graph[Any], frozenset[str]]:
    """Lay the roads beyond the receiver; tell which systems lie far from all of them."""
    require_same_crs(roads, outside)
    cut, sources = with_crossings(roads.graph, receiver)
    graph: nx.Graph[Any] = nx.Graph()
    graph.add_node(RECEIVER)
    for start, end, edge in cut.edges(data=True):
        if not (start in sources and end in sources):
            _add(graph, start, end, edge["geometry"], 1.0)
    for node in sources & set(graph):
        _add(graph, node, RECEIVER, shapely.Point(node), 0.0)
    snapped = attach(roads, outside.geometry)
    points = outside.representative_point()
    far: set[str] = set()
    for pwsid, point, node, away in zip(
        outside.index, points, snapped["node"], snapped["distance_m"], strict=True
    ):
        if node not in graph:
            _add(graph, node, RECEIVER, shapely.Point(node), 0.0)
        rough = away > SNAP_LIMIT_M
        _add(graph, pwsid, node, shapely.shortest_line(point, shapely.Point(node)), DETOUR if rough else 1.0)
        far |= {str(pwsid)} if rough else set()
    return graph, frozenset(far)


def _add(graph: nx.Graph[Any], start: Node, end: Node, line: BaseGeometry, factor: float) -> None:
    feet = line.length / METERS_PER_FOOT
    low, high = DETOUR_RANGE if factor == DETOUR else (factor, factor)
    ends = {"low_ft": feet * low, "high_ft": feet * high}
    graph.add_edge(start, end, length_ft=feet * factor, **ends, geometry=line)


def lines_of(ground: Ground, trunk: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return a trunk's pipes as lines in EPSG:4326, those of no length left out.

    Parameters
    ----------
    trunk
        As :func:`geo.water.shared_trunk.size_trunk` returns it.

    Returns
    -------
    geopandas.GeoDataFrame
        ``pipe_id``, ``length_ft``, ``flow_gpm``, ``diameter_in``, ``cost_usd``, ``system_count`` and
        geometry.
    """
    shapes = [ground.graph.edges[pair]["geometry"] for pair in zip(trunk["start"], trunk["end"], strict=True)]
    pipes = gpd.GeoDataFrame(
        trunk[["length_ft", "flow_gpm", "diameter_in", "cost_usd"]].assign(
            system_count=trunk["systems"].map(len)
        ),
        geometry=shapes,
        crs=ground.crs,
    )
    shown = pipes[pipes.length > 0].reset_index(drop=True)
    shown.insert(0, "pipe_id", [f"pipe {number}" for number in range(1, len(shown) + 1)])
    return shown.to_crs("EPSG:4326")


PEOPLE_PER_CONNECTION = 3.3


@dataclass(frozen=True, slots=True)
class Layout:
    """A shared network and what it is compared with.

    Attributes
    ----------
    ground
        Where pipes could lie.
    tree
        The tree, its ``cost`` and ``lower_bound`` in feet.
    trunk
        Each pipe, as :func:`geo.water.shared_trunk.size_trunk` returns it.
    layouts
        Rows "shared" and "separate": ``length_ft`` and ``cost_usd`` of the pipes alone.
    systems
        Index pwsid: ``people``, ``demand_gpm``, ``own_ft`` (its own shortest way), ``shared_ft`` (its share
        of the
        length), ``by_demand_usd`` and ``by_shapley_usd`` (its share of the pipes' cost),
        ``separate_total_usd`` and
        ``shared_total_usd`` (the State's method, whole), ``separate_fundable``, ``shared_fundable``,
        ``connections_used``, ``reason`` (why a system cannot be costed, else NA), ``branch`` (which of the
        network's branches off the district it is on, from 1; NA where it touches the district).
    method
        Key of the State's method.
    costable
        "separate" and "shared": what :func:`geo.water.cost.connection.connection_cost` was asked.
    items
        Index the method's line items, columns "separate" and "shared": sums over the systems that can be
        costed.
    sizing
        Least diameter, fire flow, and the method's price of a foot.
    """

    ground: Ground = field(repr=False)
    tree: Tree = field(repr=False)
    trunk: pd.DataFrame = field(repr=False)
    layouts: pd.DataFrame = field(repr=False)
    systems: pd.DataFrame = field(repr=False)
    method: str = "swrcb_2024"
    costable: Mapping[str, pd.DataFrame] = field(default_factory=dict, repr=False)
    items: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    sizing: Sizing = PLAIN


def demands_of(systems: pd.DataFrame) -> pd.DataFrame:
    """Estimate each system's people and peak demand.

    People are the population served; where it is missing, 3.3 a connection (the State's factor).

    Parameters
    ----------
    systems
        Index pwsid; ``population`` and ``connections``.

    Returns
    -------
    pandas.DataFrame
        ``people`` and ``demand_gpm`` on the same index.

    Raises
    ------
    InfeasibleError
        Systems of which neither is known, by PWSID.

    Examples
    --------
    >>> parks = pd.DataFrame({"population": [None, 640.0], "connections": [10.0, 5.0]}, index=["a", "b"])
    >>> demands_of(parks).round(1).values.tolist()
    [[33.0, 7.7], [640.0, 150.0]]
    """
    homes = systems["connections"].astype("Float64").where(systems["connections"].gt(0))
    people = systems["population"].astype("Float64").fillna(homes * PEOPLE_PER_CONNECTION)
    lost = systems.index[people.isna()]
    if len(lost):
        raise InfeasibleError(
            _("{count} systems have neither people nor connections on record: {names}").format(
                count=len(lost), names=first_ids(lost)
            ),
            _("leave them out: no pipe can be sized for them"),
        )
    amounts = people.astype(float)
    return pd.DataFrame({"people": amounts, "demand_gpm": amounts.map(peak_demand)})


def lay_network(
    ground: Ground,
    systems: pd.DataFrame,
    *,
    method: str = "swrcb_2024",
    time_limit: float = 20.0,
    sizing: Sizing = PLAIN,
) -> Layout:
    """Find the shared network, size it, and set it beside one pipe each.

    A foot of trench costs what the State's method says, whatever the pipe in it, so that the pipes' cost and
    the whole cost rest on one price. Where all systems touch the receiver no pipe is shared.

    Parameters
    ----------
    ground
        As :func:`geo.water.network_layout.lay_ground` makes it of the same systems.
    systems
        Index pwsid; ``population``, ``connections``, ``county_geoid``.
    method
        The State's method for whole costs.
    time_limit
        Seconds for the search, held softly.
    sizing
        Least diameter and fire flow; its price is the method's.

    Raises
    ------
    InfeasibleError
        No system; systems that cannot be reached, have no known size, or need more than the thickest pipe.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely.geometry import Point, box
    >>> from geo.water.network_layout import lay_ground
    >>> parks = gpd.GeoDataFrame({"population": [100.0, 50.0], "connections": [30.0, 15.0],
    ...     "county_geoid": ["06065", "06065"]}, geometry=[Point(0, 0), Point(0, 100)], index=["a", "b"],
    ...     crs=26911)
    >>> layout = lay_network(lay_ground(parks, box(1000, 0, 2000, 100)), parks)
    >>> layout.layouts["length_ft"].round().tolist(), layout.tree.optimal
    ([4692.0, 8530.0], True)
    """
    pwsids = [str(pwsid) for pwsid in systems.index]
    if not pwsids:
        raise InfeasibleError(_("no system is chosen"), _("choose at least one"))
    check_reachable(ground, pwsids)
    sizes = demands_of(systems)
    demands: dict[Node, float] = dict(zip(pwsids, sizes["demand_gpm"], strict=True))
    tree = steiner_tree(ground.graph, [RECEIVER, *pwsids], weight="length_ft", time_limit=time_limit)
    priced = replace(sizing, usd_per_ft=read_method(method).values()["pipeline_usd_per_ft"])
    trunk = size_trunk(ground.graph, tree.edges, RECEIVER, demands, sizing=priced)
    layouts = compare_layouts(ground.graph, tree.edges, RECEIVER, demands, sizing=priced)
    shares = _shares(ground, trunk, demands).assign(branch=_branches(trunk, ground.inside))
    costable = {
        "separate": to_costable(systems, shares["own_ft"], ground.inside),
        "shared": to_costable(systems, shares["shared_ft"], ground.inside, project="network"),
    }
    whole, items = _whole_costs(costable, method)
    table = sizes.join(shares).join(whole)
    return Layout(ground, tree, trunk, layouts, table, method, costable, items, priced)


def _shares(ground: Ground, trunk: pd.DataFrame, demands: Mapping[Node, float]) -> pd.DataFrame:
    lengths = nx.single_source_dijkstra_path_length(ground.graph, RECEIVER, weight="length_ft")
    names = list(demands)
    by_length = share_by_shapley(trunk.assign(cost_usd=trunk["length_ft"]), names)
    return pd.DataFrame(
        {
            "own_ft": pd.Series({name: lengths[name] for name in names}, dtype=float),
            "shared_ft": by_length,
            "by_demand_usd": share_by_demand(trunk, demands),
            "by_shapley_usd": share_by_shapley(trunk, names),
        }
    )


def _branches(trunk: pd.DataFrame, inside: frozenset[str]) -> pd.Series[int]:
    """Give a number to the parts of the network that meet only in the district."""
    beyond: nx.Graph[Any] = nx.Graph()
    beyond.add_nodes_from(trunk["end"])
    beyond.add_edges_from(
        (start, end) for start, end in zip(trunk["start"], trunk["end"], strict=True) if start != RECEIVER
    )
    parts = [part - inside for part in nx.connected_components(beyond)]
    numbered = enumerate((part for part in parts if part), start=1)
    return pd.Series({node: number for number, part in numbered for node in part}, dtype="Int64")


def _whole_costs(costable: Mapping[str, pd.DataFrame], method: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    answers, items = {}, {}
    for kind, table in costable.items():
        costs = connection_cost(table, method=method)
        answers[f"{kind}_total_usd"] = costs["total_cost_usd"]
        answers[f"{kind}_fundable"] = costs["fundable"]
        answers |= {"reason": costs["reason"], "connections_used": costs["connections_used"]}
        items[kind] = costs.loc[costs["total_cost_usd"].notna(), list(ITEMS)].sum()
    return pd.DataFrame(answers), pd.DataFrame(items)


def extra_reviews_usd(layout: Layout) -> float:
    """Return what it adds to review each branch off the district as a project of its own, in USD.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely.geometry import Point, box
    >>> from geo.water.network_layout import lay_ground
    >>> parks = gpd.GeoDataFrame({"population": [100.0, 50.0], "connections": [30.0, 15.0],
    ...     "county_geoid": ["06065", "06065"]}, geometry=[Point(-100, 50), Point(1100, 50)],
    ...     index=["a", "b"], crs=26911)
    >>> layout = lay_network(lay_ground(parks, box(0, 0, 1000, 100)), parks)
    >>> round(extra_reviews_usd(layout))
    148100
    """
    branches = layout.systems["branch"].astype("string")
    apart = connection_cost(layout.costable["shared"].assign(project=branches), method=layout.method)
    return float((apart["total_cost_usd"] - layout.systems["shared_total_usd"]).sum())


def to_costable(
    systems: pd.DataFrame, length_ft: pd.Series[float], inside: frozenset[str], project: str | None = None
) -> pd.DataFrame:
    """Lay systems out as :func:`geo.water.cost.connection.connection_cost` wants them.

    Parameters
    ----------
    project
        Name of the one project of those that do not touch the district; None: each is one.

    Examples
    --------
    >>> park = pd.DataFrame({"population": [9.0], "connections": [3.0], "county_geoid": ["06065"]},
    ...     index=["a"])
    >>> to_costable(park, pd.Series({"a": 5.0}), frozenset())["merge_type"].tolist()
    ['route']
    """
    touching = systems.index.isin(inside)
    merge = pd.Series("route", index=systems.index, dtype="string").mask(touching, "intersect")
    named = pd.Series(systems.index, index=systems.index).where(systems.index.str.fullmatch(r"CA\d{7}"))
    table = systems[["population", "connections", "county_geoid"]].assign(
        pwsid=named,
        merge_type=merge,
        distance_ft=length_ft.reindex(systems.index),
        state_small=state_small_as_published(systems),
    )
    return table.assign(project=pd.Series(project, systems.index, dtype="string").mask(touching, pd.NA))
