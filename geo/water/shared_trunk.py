"""A shared trunk: how thick its pipes are, and what it costs beside one pipe each.

Lengths in feet, flows in gallons a minute (gpm), amounts in US dollars. Diameters and prices are those of the
2021 workbook's sheet CostVariables (5 ft/s; github.com/FlowWest/step-zero-cost-estimator): an estimate for
comparing layouts, not a design.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import networkx as nx
import pandas as pd

from geo.errors import GeoError, InfeasibleError, first_ids
from geo.language import gettext as _
from geo.water.cost.sharing import pipe_for

Node = Hashable
GALLONS_PER_PERSON_DAY = 150.0
PEAKING = 2.25
MINUTES_PER_DAY = 1440.0


@dataclass(frozen=True, slots=True)
class Sizing:
    """How thick pipes are made, and what a foot of them costs.

    Attributes
    ----------
    least_in
        Diameter in inches that the receiver lets no main fall below; 0 where none is asked for.
    fire_gpm
        Flow for one fire, in gallons a minute, that every pipe carries on top of its peak demand.
    usd_per_ft
        Price of a foot of trench whatever its pipe, as the State's methods have it; None: by diameter.

    Examples
    --------
    >>> Sizing().pipe(150.0), Sizing(least_in=8, fire_gpm=1000.0, usd_per_ft=220.0).pipe(150.0)
    ((4, 90.0), (12, 220.0))
    """

    least_in: float = 0.0
    fire_gpm: float = 0.0
    usd_per_ft: float | None = None

    def pipe(self, demand_gpm: float) -> tuple[int, float]:
        """Return the diameter (in.) and price (USD per ft) of the pipe for a peak demand."""
        diameter, price = pipe_for(demand_gpm + self.fire_gpm, self.least_in)
        return diameter, price if self.usd_per_ft is None else self.usd_per_ft


PLAIN = Sizing()


def peak_demand(population: float) -> float:
    """Return the peak demand of ``population`` people in gpm: 150 gallons a day each, times 2.25.

    Source: the Step Zero Calculator's maximum daily demand (costUtil.ts). NaN stays NaN.

    Examples
    --------
    >>> round(peak_demand(640), 1)
    150.0
    """
    return population * GALLONS_PER_PERSON_DAY * PEAKING / MINUTES_PER_DAY


def size_trunk(
    graph: nx.Graph[Any],
    edges: Iterable[tuple[Any, ...]],
    receiver: Node,
    demands: Mapping[Node, float],
    *,
    length: str = "length_ft",
    sizing: Sizing = PLAIN,
) -> pd.DataFrame:
    """Give each edge of a tree its flow, the systems behind it, its pipe and its cost.

    Parameters
    ----------
    graph
        Graph with the edges' lengths.
    edges
        Edges of a tree, as :func:`geo.methods.steiner.steiner_tree` returns them.
    receiver
        Node at which the water enters.
    demands
        Peak demand in gpm of each system's node.
    length
        Edge attribute with the length in feet.
    sizing
        How thick pipes are made, and what a foot costs.

    Returns
    -------
    pandas.DataFrame
        One row an edge, outward from the receiver: ``start``, ``end``, ``length_ft``, ``flow_gpm``,
        ``systems`` (list of nodes behind it), ``diameter_in``, ``cost_usd``.

    Raises
    ------
    InfeasibleError
        A system that the tree does not reach, a flow too large for the table.
    GeoError
        Edges that do not form a tree, negative demands.

    Examples
    --------
    >>> line = nx.path_graph(3)
    >>> nx.set_edge_attributes(line, 100.0, "length_ft")
    >>> size_trunk(line, line.edges, 0, {1: 150.0, 2: 100.0})["diameter_in"].tolist()
    [6, 4]
    """
    tree = _to_tree(graph, edges, receiver, length)
    lost = [node for node in demands if node not in tree]
    if lost:
        raise InfeasibleError(
            _("{count} systems are not on the tree: {names}").format(count=len(lost), names=first_ids(lost)),
            _("connect them first"),
        )
    wrong = [node for node, demand in demands.items() if not 0 <= demand < math.inf]
    if wrong:
        raise GeoError(
            _("{count} demands are negative or unknown: {names}").format(
                count=len(wrong), names=first_ids(wrong)
            ),
            _("fill them in"),
        )
    order = list(nx.bfs_edges(tree, receiver))
    behind: dict[Node, list[Node]] = {node: [node] if node in demands else [] for node in tree}
    for parent, node in reversed(order):
        behind[parent] = behind[parent] + behind[node]
    rows = [_pipe_row(tree, pair, behind[pair[1]], demands, sizing) for pair in order]
    columns = ["start", "end", "length_ft", "flow_gpm", "systems", "diameter_in", "cost_usd"]
    return pd.DataFrame(rows, columns=columns)


def _to_tree(
    graph: nx.Graph[Any], edges: Iterable[tuple[Any, ...]], receiver: Node, length: str
) -> nx.Graph[Any]:
    tree: nx.Graph[Any] = nx.Graph()
    tree.add_node(receiver)
    tree.add_edges_from((edge[0], edge[1], {"length": graph.edges[edge][length]}) for edge in edges)
    if not nx.is_tree(tree):
        raise GeoError(
            _("the edges do not form a tree with the receiver"), _("use the edges of a steiner_tree")
        )
    return tree


def _pipe_row(
    tree: nx.Graph[Any],
    pair: tuple[Node, Node],
    systems: list[Node],
    demands: Mapping[Node, float],
    sizing: Sizing,
) -> tuple[Any, ...]:
    flow = sum(demands[node] for node in systems)
    diameter, price = sizing.pipe(flow)
    feet = float(tree.edges[pair]["length"])
    return (*pair, feet, flow, systems, diameter, feet * price)


def compare_layouts(
    graph: nx.Graph[Any],
    edges: Iterable[tuple[Any, ...]],
    receiver: Node,
    demands: Mapping[Node, float],
    *,
    length: str = "length_ft",
    sizing: Sizing = PLAIN,
) -> pd.DataFrame:
    """Set a shared trunk beside one pipe for each system along its shortest way.

    Returns
    -------
    pandas.DataFrame
        Rows "shared" and "separate" with ``length_ft`` and ``cost_usd``.

    Raises
    ------
    GeoError
        As :func:`size_trunk`.

    Examples
    --------
    >>> line = nx.path_graph(3)
    >>> nx.set_edge_attributes(line, 100.0, "length_ft")
    >>> compare_layouts(line, line.edges, 0, {1: 10.0, 2: 10.0})["length_ft"].tolist()
    [200.0, 300.0]
    """
    shared = size_trunk(graph, edges, receiver, demands, length=length, sizing=sizing)
    try:
        lengths = {node: nx.dijkstra_path_length(graph, receiver, node, weight=length) for node in demands}
    except nx.NetworkXNoPath as error:
        raise InfeasibleError(str(error), _("connect the graph or leave the system out")) from error
    prices = {node: sizing.pipe(demand)[1] for node, demand in demands.items()}
    separate = sum(lengths[node] * prices[node] for node in demands)
    return pd.DataFrame(
        {
            "length_ft": [shared["length_ft"].sum(), sum(lengths.values())],
            "cost_usd": [shared["cost_usd"].sum(), separate],
        },
        index=["shared", "separate"],
    )
