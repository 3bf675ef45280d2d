"""What each budget can reach: homes or people connected per dollar."""

from __future__ import annotations

import math
import time
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import networkx as nx
import pandas as pd

from geo.errors import GeoError
from geo.language import gettext as _
from geo.methods.steiner import Tree, prize_collecting_tree

Node = Hashable
CLOSE = 1e-9


def budget_frontier(
    graph: nx.Graph[Any],
    prizes: Mapping[Node, float],
    budgets: Iterable[float],
    *,
    root: Node | None = None,
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
    prizes: Mapping[Node, float],
    *,
    root: Node | None = None,
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
    prizes: Mapping[Node, float],
    root: Node | None,
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
    prizes: Mapping[Node, float],
    budget: float,
    corners: list[Corner],
    asked: tuple[Node | None, str],
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
    prizes: Mapping[Node, float],
    edges: Iterable[tuple[Any, ...]],
    nodes: tuple[Node, ...],
    root: Node | None,
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
    prizes: Mapping[Node, float],
    budget: float,
    *,
    root: Node | None = None,
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
    tree: nx.Graph[Any], prizes: Mapping[Node, float], top: Node
) -> list[tuple[float, float, tuple[Node, Node]]]:
    """List each branch: what it saves, the prizes that go with it, and the edge that it hangs on."""
    saved, lost = dict.fromkeys(tree, 0.0), {node: float(prizes.get(node, 0.0)) for node in tree}
    branches = []
    for parent, node in reversed(list(nx.bfs_edges(tree, top))):
        saved[node] += tree.edges[parent, node]["cost"]
        saved[parent] += saved[node]
        lost[parent] += lost[node]
        branches.append((saved[node], lost[node], (parent, node)))
    return branches


def _below(tree: nx.Graph[Any], pair: tuple[Node, Node]) -> set[Node]:
    parent, node = pair
    return (
        set() if parent == node else set(nx.dfs_preorder_nodes(nx.restricted_view(tree, [parent], []), node))
    )


def _without(
    tree: nx.Graph[Any], pair: tuple[Node, Node], prizes: Mapping[Node, float], top: Node
) -> list[tuple[Any, ...]]:
    """Return the edges without a branch, and without what leads to no prize."""
    kept = tree.subgraph(set(tree) - _below(tree, pair)).copy()
    while bare := [
        node for node, degree in kept.degree if degree == 1 and node != top and not prizes.get(node, 0.0)
    ]:
        kept.remove_nodes_from(bare)
    return [edge["edge"] for *_, edge in kept.edges(data=True)]
