"""A shared trunk: how thick its pipes are, and what it costs beside one pipe each.

Lengths in feet, flows in gallons a minute (gpm), amounts in US dollars. Diameters and prices are those of the
2021 workbook's sheet CostVariables (5 ft/s; github.com/FlowWest/step-zero-cost-estimator): an estimate for
comparing layouts, not a design.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping
from itertools import combinations
from typing import Any

import networkx as nx
import pandas as pd

from geo.errors import GeoError, InfeasibleError, first_ids
from geo.language import gettext as _
from geo.water.cost.sharing import PIPES, pipe_for

Node = Hashable
GALLONS_PER_PERSON_DAY = 150.0
PEAKING = 2.25
MINUTES_PER_DAY = 1440.0


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
    one_pipe: bool = False,
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
    one_pipe
        Use the 12-inch price throughout, as the State's 2021 method does.

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
    rows = [_pipe_row(tree, pair, behind[pair[1]], demands, one_pipe) for pair in order]
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
    one_pipe: bool,
) -> tuple[Any, ...]:
    flow = sum(demands[node] for node in systems)
    diameter, price = (PIPES[-1][0], PIPES[-1][2]) if one_pipe else pipe_for(flow)
    feet = float(tree.edges[pair]["length"])
    return (*pair, feet, flow, systems, diameter, feet * price)


def least_pipes(least_ft: float, demand_gpm_ft: float) -> float:
    """Return what the pipes of no network can cost less than, in USD, each as thick as its flow needs.

    A foot of pipe costs at least ``a + b flow`` for every a and b of 0 or more that hold for all pipes of the
    table at their full capacity. Over a network that is ``a`` times its length plus ``b`` times the sum of
    flow times length, and each system's water goes at least its own shortest way. The best a and b are taken.

    Parameters
    ----------
    least_ft
        A length that no network of these systems undercuts.
    demand_gpm_ft
        Sum over the systems of peak demand times own shortest way.

    Examples
    --------
    >>> least_pipes(100.0, 0.0), round(least_pipes(100.0, 1750.0 * 100.0))
    (9000.0, 15500)
    """
    capacities = [capacity for _, capacity, _ in PIPES]
    prices = [price for _, _, price in PIPES]
    tried = [0.0] + [
        (prices[two] - prices[one]) / (capacities[two] - capacities[one])
        for one, two in combinations(range(len(PIPES)), 2)
    ]
    tried.append(min(price / capacity for price, capacity in zip(prices, capacities, strict=True)))
    best = 0.0
    for slope in tried:
        base = min(price - slope * capacity for price, capacity in zip(prices, capacities, strict=True))
        if base >= 0:
            best = max(best, base * least_ft + slope * demand_gpm_ft)
    return best


def compare_layouts(
    graph: nx.Graph[Any],
    edges: Iterable[tuple[Any, ...]],
    receiver: Node,
    demands: Mapping[Node, float],
    *,
    length: str = "length_ft",
    one_pipe: bool = False,
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
    shared = size_trunk(graph, edges, receiver, demands, length=length, one_pipe=one_pipe)
    try:
        lengths = {node: nx.dijkstra_path_length(graph, receiver, node, weight=length) for node in demands}
    except nx.NetworkXNoPath as error:
        raise InfeasibleError(str(error), _("connect the graph or leave the system out")) from error
    prices = {node: PIPES[-1][2] if one_pipe else pipe_for(demand)[1] for node, demand in demands.items()}
    separate = sum(lengths[node] * prices[node] for node in demands)
    return pd.DataFrame(
        {
            "length_ft": [shared["length_ft"].sum(), sum(lengths.values())],
            "cost_usd": [shared["cost_usd"].sum(), separate],
        },
        index=["shared", "separate"],
    )
