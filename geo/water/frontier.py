"""What each budget can connect: the most people, or homes, on one network within it."""

from __future__ import annotations

import math
import time
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

import networkx as nx
import numpy as np
import pandas as pd

from geo.errors import GeoError, InfeasibleError, first_ids
from geo.language import gettext as _
from geo.methods.steiner import Tree, prize_collecting_tree, steiner_tree
from geo.water.cost.connection import connection_cost, review_usd, tell_reason, usd_per_foot
from geo.water.network_layout import RECEIVER, Ground, Node, demands_of, to_costable

Vertex = Hashable
CLOSE = 1e-9


def budget_frontier(
    graph: nx.Graph[Any],
    prizes: Mapping[Vertex, float],
    budgets: Iterable[float],
    *,
    root: Vertex | None = None,
    weight: str = "cost_usd",
    time_limit: float = 60.0,
) -> pd.DataFrame:
    """Return, for each budget, the most that can be connected with it.

    Half of the time goes to the frontier's corners: at a price for each unit of cost the tree that is worth
    most is found, and between two corners the next price is that of the line through them (dichotomic
    search, as for two objectives). A corner's bound holds for every budget, and its tree, trimmed, is tried
    at every budget; the other half searches each budget by itself. A larger budget never shows less than a
    smaller one.

    Parameters
    ----------
    graph
        Graph with the edges' cost in USD.
    prizes
        Homes, people or connections at each system's node.
    budgets
        USD.
    root
        The receiver's node.
    weight
        Edge attribute with the cost in USD.
    time_limit
        Seconds for all budgets together, held softly.

    Returns
    -------
    pandas.DataFrame
        By rising budget: ``budget_usd``, ``cost_usd``, ``prize``, ``upper_bound``, ``gap``,
        ``prize_per_million_usd`` (NA where nothing is spent), ``nodes`` and ``edges`` of the tree.

    Raises
    ------
    GeoError
        No budget, or as :func:`geo.methods.steiner.prize_collecting_tree`.

    Examples
    --------
    >>> path = nx.Graph()
    >>> path.add_edge("main", "a", cost_usd=1e6)
    >>> path.add_edge("a", "b", cost_usd=3e6)
    >>> budget_frontier(path, {"a": 40, "b": 90}, [0, 2e6, 5e6], root="main")["prize"].tolist()
    [0.0, 40.0, 130.0]
    """
    rising = sorted(set(budgets))
    if not rising:
        raise GeoError(_("there is no budget"), _("give at least one amount"))
    deadline = time.monotonic() + time_limit
    corners = find_corners(graph, prizes, root=root, weight=weight, time_limit=time_limit / 2)
    rows: list[dict[str, Any]] = []
    for position, budget in enumerate(rising):
        left = max(0.1, (deadline - time.monotonic()) / (len(rising) - position))
        found = _best_within(graph, prizes, float(budget), corners, (root, weight), left)
        if rows and rows[-1]["prize"] >= found["prize"]:
            found |= {key: rows[-1][key] for key in ("cost_usd", "prize", "nodes", "edges")}
        rows.append(found)
    frontier = pd.DataFrame(rows)
    frontier["gap"] = (frontier["upper_bound"] / frontier["prize"] - 1).where(frontier["prize"] > 0)
    spent = frontier["cost_usd"].where(frontier["cost_usd"] > 0)
    frontier["prize_per_million_usd"] = frontier["prize"] / (spent / 1e6)
    return frontier


@dataclass(frozen=True, slots=True)
class Corner:
    """The tree worth most at a price: no tree within a budget B collects more than ``most + price * B``."""

    price: float
    most: float
    tree: Tree
    cost: float


def find_corners(
    graph: nx.Graph[Any],
    prizes: Mapping[Vertex, float],
    *,
    root: Vertex | None = None,
    weight: str = "cost_usd",
    time_limit: float = 30.0,
) -> list[Corner]:
    """Find the corners of the frontier, the widest gaps between them first, while the time lasts.

    Parameters
    ----------
    graph, prizes, root, weight
        As for :func:`budget_frontier`.

    Examples
    --------
    >>> path = nx.Graph()
    >>> path.add_edge("main", "a", cost_usd=1.0)
    >>> path.add_edge("a", "b", cost_usd=3.0)
    >>> corners = find_corners(path, {"a": 40, "b": 90}, root="main")
    >>> max((corner.cost, corner.tree.prize) for corner in corners)
    (4.0, 130.0)
    """
    deadline = time.monotonic() + time_limit
    total = float(sum(prizes.values()))
    whole = sum(float(edge[weight]) for *_, edge in graph.edges(data=True))
    if total <= 0 or whole <= 0:
        return []
    # At this price a missed prize weighs more than all edges together.
    least = min(prize for prize in prizes.values() if prize > 0) / (2 * whole)
    corners = [_corner(graph, prizes, root, weight, least, time_limit / 4)]
    start = float(prizes.get(root, 0.0)) if root is not None else 0.0
    gaps = [((0.0, start), (corners[0].cost, corners[0].tree.prize))]
    while gaps and time.monotonic() < deadline:
        gaps.sort(key=lambda gap: gap[1][0] - gap[0][0])
        low, high = gaps.pop()
        if high[0] - low[0] <= 0 or high[1] - low[1] <= 0:
            continue
        price = (high[1] - low[1]) / (high[0] - low[0])
        corner = _corner(graph, prizes, root, weight, price, max(0.2, (deadline - time.monotonic()) / 4))
        corners.append(corner)
        point = (corner.cost, corner.tree.prize)
        above = point[1] - low[1] - price * (point[0] - low[0])
        if above > 1e-6 * total and low[0] < point[0] < high[0]:
            gaps += [(low, point), (point, high)]
    return corners


def _corner(
    graph: nx.Graph[Any],
    prizes: Mapping[Vertex, float],
    root: Vertex | None,
    weight: str,
    price: float,
    time_limit: float,
) -> Corner:
    priced: nx.Graph[Any] = nx.Graph()
    priced.add_nodes_from(graph)
    for start, end, edge in graph.edges(data=True):
        priced.add_edge(start, end, priced=float(edge[weight]) * price)
    tree = prize_collecting_tree(priced, prizes, root=root, weight="priced", time_limit=time_limit)
    total = tree.prize + tree.missed
    cost = sum(float(graph.edges[edge][weight]) for edge in tree.edges)
    return Corner(price, total - tree.lower_bound, tree, cost)


def _best_within(
    graph: nx.Graph[Any],
    prizes: Mapping[Vertex, float],
    budget: float,
    corners: list[Corner],
    asked: tuple[Vertex | None, str],
    time_limit: float,
) -> dict[str, Any]:
    """Take the best of every corner trimmed to the budget, and of a search of its own."""
    root, weight = asked
    bound = min([corner.most + corner.price * budget for corner in corners], default=math.inf)
    found = []
    for corner in corners:
        edges = trim_tree(graph, corner.tree.edges, prizes, budget, root=root, weight=weight)
        found.append(_told(graph, prizes, edges, corner.tree.nodes, root, weight))
    found = [row for row in found if row["cost_usd"] <= budget * (1 + CLOSE)]
    best = max(found, key=lambda row: (row["prize"], -row["cost_usd"]), default=None)
    if best is None or best["prize"] < bound - 1e-6 * max(1.0, bound):
        tree = prize_collecting_tree(
            graph, prizes, root=root, weight=weight, budget=budget, time_limit=time_limit
        )
        bound = min(bound, tree.upper_bound)
        if best is None or tree.prize > best["prize"]:
            best = {"cost_usd": tree.cost, "prize": tree.prize, "nodes": tree.nodes, "edges": tree.edges}
    return {"budget_usd": budget, **best, "upper_bound": max(bound, best["prize"])}


def _told(
    graph: nx.Graph[Any],
    prizes: Mapping[Vertex, float],
    edges: Iterable[tuple[Any, ...]],
    nodes: tuple[Vertex, ...],
    root: Vertex | None,
    weight: str,
) -> dict[str, Any]:
    kept = tuple(edges)
    held = {node for edge in kept for node in edge[:2]} | ({root} if root is not None else set())
    if not held:
        held = {max(nodes, key=lambda node: prizes.get(node, 0.0))}
    cost = float(sum(graph.edges[edge][weight] for edge in kept))
    prize = float(sum(prizes.get(node, 0.0) for node in held))
    return {"cost_usd": cost, "prize": prize, "nodes": tuple(held), "edges": kept}


def trim_tree(
    graph: nx.Graph[Any],
    edges: Iterable[tuple[Any, ...]],
    prizes: Mapping[Vertex, float],
    budget: float,
    *,
    root: Vertex | None = None,
    weight: str = "cost_usd",
) -> list[tuple[Any, ...]]:
    """Take branches off a tree until it keeps to a budget, and lose as little as can be seen.

    The dearest branch for what it collects goes first; at each step it is tried, too, to end by taking off
    the one branch that is enough and collects least.

    Parameters
    ----------
    edges
        Of a tree of ``graph``.
    root
        Stays; None: the node of the largest prize.

    Examples
    --------
    >>> star = nx.Graph()
    >>> star.add_edge("main", "a", cost_usd=1.0)
    >>> star.add_edge("main", "b", cost_usd=3.0)
    >>> trim_tree(star, star.edges, {"a": 40, "b": 90}, 3.5, root="main")
    [('main', 'b')]
    """
    tree: nx.Graph[Any] = nx.Graph()
    for edge in edges:
        tree.add_edge(edge[0], edge[1], cost=float(graph.edges[edge][weight]), edge=edge)
    if not len(tree):
        return []
    top = root if root is not None else max(tree, key=lambda node: prizes.get(node, 0.0))
    held = sum(float(prizes.get(node, 0.0)) for node in tree)
    best, most = [], -1.0
    while tree.number_of_edges():
        excess = float(tree.size(weight="cost")) - budget * (1 + CLOSE)
        branches = _branches(tree, prizes, top)
        if excess <= 0:
            branches = [(0.0, 0.0, (top, top))]
        enough = [branch for branch in branches if branch[0] >= excess * (1 - CLOSE)]
        _saved, lost, pair = min(enough, key=lambda branch: branch[1], default=(0.0, math.inf, (top, top)))
        if held - lost > most:
            best, most = _without(tree, pair, prizes, top), held - lost
        if excess <= 0:
            break
        _saved, lost, pair = max(branches, key=lambda branch: branch[0] / max(branch[1], CLOSE))
        tree, held = tree.subgraph(set(tree) - _below(tree, pair)).copy(), held - lost
    return best


def _branches(
    tree: nx.Graph[Any], prizes: Mapping[Vertex, float], top: Vertex
) -> list[tuple[float, float, tuple[Vertex, Vertex]]]:
    """List each branch: what it saves, the prizes that go with it, and the edge that it hangs on."""
    saved, lost = dict.fromkeys(tree, 0.0), {node: float(prizes.get(node, 0.0)) for node in tree}
    branches = []
    for parent, node in reversed(list(nx.bfs_edges(tree, top))):
        saved[node] += tree.edges[parent, node]["cost"]
        saved[parent] += saved[node]
        lost[parent] += lost[node]
        branches.append((saved[node], lost[node], (parent, node)))
    return branches


def _below(tree: nx.Graph[Any], pair: tuple[Vertex, Vertex]) -> set[Vertex]:
    parent, node = pair
    return (
        set() if parent == node else set(nx.dfs_preorder_nodes(nx.restricted_view(tree, [parent], []), node))
    )


def _without(
    tree: nx.Graph[Any], pair: tuple[Vertex, Vertex], prizes: Mapping[Vertex, float], top: Vertex
) -> list[tuple[Any, ...]]:
    """Return the edges without a branch, and without what leads to no prize."""
    kept = tree.subgraph(set(tree) - _below(tree, pair)).copy()
    while bare := [
        node for node, degree in kept.degree if degree == 1 and node != top and not prizes.get(node, 0.0)
    ]:
        kept.remove_nodes_from(bare)
    return [edge["edge"] for *_, edge in kept.edges(data=True)]


Prize = Literal["people", "connections"]
STEPS = 10
# Where all pipes begin that leave the district: one project.
TRUNK = "trunk"
ROUNDED_USD = 10_000.0


def price_ground(ground: Ground, systems: pd.DataFrame, *, method: str = "swrcb_2024") -> nx.Graph[Any]:
    """Put a State method's cost on every edge, and give each system a leaf with what it brings.

    A foot costs what it costs in the dearest of the systems' counties. The review is the dearest of the
    systems': by the 2021 method, where state small systems need none, a network of such systems alone would
    cost less.

    Parameters
    ----------
    ground
        Where pipes can lie.
    systems
        Index pwsid; ``population``, ``connections``, ``county_geoid``.

    Returns
    -------
    networkx.Graph
        Edges with ``cost_usd``; the place of a system is ("at", pwsid), and its own edge leads from there to
        pwsid. Pipes leave the district by way of :data:`TRUNK`.

    Raises
    ------
    InfeasibleError
        Systems that the method cannot cost, with the first reason.

    Examples
    --------
    >>> ground = Ground(nx.Graph(), "road", None, frozenset())
    >>> nx.add_path(ground.graph, ["a", "corner", "receiver"], length_ft=0.0)
    >>> ground.graph.edges["a", "corner"]["length_ft"] = 100.0
    >>> park = pd.DataFrame({"population": [9.0], "connections": [3.0], "county_geoid": ["06065"]},
    ...     index=["a"])
    >>> costs = nx.get_edge_attributes(price_ground(ground, park), "cost_usd")
    >>> sorted(round(cost) for cost in costs.values())
    [0, 49459, 148100, 560567]
    """
    own, reviews = _own_costs(systems, ground.inside, method)
    lost = own.index[own["total_cost_usd"].isna()]
    if len(lost):
        raise InfeasibleError(
            _("{count} systems cannot be costed: {names} ({reason})").format(
                count=len(lost), names=first_ids(lost), reason=tell_reason(str(own.loc[lost[0], "reason"]))
            ),
            _("leave them out"),
        )
    prices = usd_per_foot(to_costable(systems, pd.Series(dtype=float), ground.inside), method)
    usd_per_ft = float(prices.max())
    graph = nx.relabel_nodes(ground.graph, {pwsid: ("at", pwsid) for pwsid in systems.index})
    touching = {("at", pwsid) for pwsid in ground.inside}
    for node in [node for node in graph[RECEIVER] if node not in touching]:
        graph.add_edge(TRUNK, node, **graph.edges[RECEIVER, node])
        graph.remove_edge(RECEIVER, node)
    for *__, edge in graph.edges(data=True):
        edge["cost_usd"] = edge["length_ft"] * usd_per_ft
    if TRUNK in graph:
        graph.add_edge(RECEIVER, TRUNK, cost_usd=float(reviews.max()))
    for pwsid, cost in (own["total_cost_usd"] - reviews).items():
        graph.add_edge(pwsid, ("at", pwsid), cost_usd=float(cost))
    return graph


def _own_costs(
    systems: pd.DataFrame, inside: frozenset[str], method: str
) -> tuple[pd.DataFrame, pd.Series[float]]:
    """Cost each system without any pipe, and what a review adds to each that does not touch the district."""
    table = to_costable(systems, pd.Series(0.0, index=systems.index), inside)
    reviews = review_usd(table, method)
    return connection_cost(table, method=method), reviews.mask(systems.index.isin(inside), 0.0)


def frontier_of(
    ground: Ground,
    systems: pd.DataFrame,
    *,
    prize: Prize = "people",
    method: str = "swrcb_2024",
    budgets: Iterable[float] | None = None,
    time_limit: float = 20.0,
) -> pd.DataFrame:
    """Return, for each of some budgets, the most that can be connected with it.

    Parameters
    ----------
    ground, systems, method
        As for :func:`price_ground`.
    prize
        What counts: "people" or "connections", as many as the method takes where they are not known.
    budgets
        USD; by default ten even steps up to what all systems cost on one network.

    Returns
    -------
    pandas.DataFrame
        As :func:`geo.water.frontier.budget_frontier`, with ``systems`` (list of PWSIDs connected) and
        ``system_count``.

    Raises
    ------
    GeoError
        Another prize; as :func:`geo.water.frontier.budget_frontier`.
    """
    if prize not in get_args(Prize):
        raise GeoError(
            _("{prize!r} is nothing that can be counted here").format(prize=prize),
            _("use {choices}").format(choices=", ".join(get_args(Prize))),
        )
    graph = price_ground(ground, systems, method=method)
    own, _reviews = _own_costs(systems, ground.inside, method)
    amounts = demands_of(systems)["people"] if prize == "people" else own["connections_used"]
    prizes: dict[Node, float] = {str(pwsid): float(amount) for pwsid, amount in amounts.items()}
    steps = budgets if budgets is not None else _steps(graph, list(prizes), time_limit / STEPS)
    frontier = budget_frontier(graph, prizes, steps, root=RECEIVER, time_limit=time_limit)
    connected = [sorted(str(node) for node in prizes if node in set(nodes)) for nodes in frontier["nodes"]]
    frontier["systems"] = pd.Series(connected, index=frontier.index, dtype=object)
    return frontier.assign(system_count=frontier["systems"].map(len))


def _steps(graph: nx.Graph[Any], pwsids: list[Node], time_limit: float) -> list[float]:
    most = steiner_tree(graph, [RECEIVER, *pwsids], weight="cost_usd", time_limit=time_limit).cost
    top = math.ceil(most / ROUNDED_USD) * ROUNDED_USD
    return [float(amount) for amount in np.linspace(0, top, STEPS + 1)[1:]]
