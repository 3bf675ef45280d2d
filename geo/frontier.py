"""What each budget can reach: homes or people connected per dollar."""

from __future__ import annotations

import time
from collections.abc import Hashable, Iterable, Mapping
from typing import Any

import networkx as nx
import pandas as pd

from geo.errors import GeoError
from geo.network import prize_collecting_tree

Node = Hashable


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

    A larger budget never shows less than a smaller one: where the search finds less, the better tree stands.

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
        No budget, or as :func:`geo.network.prize_collecting_tree`.

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
        raise GeoError("there is no budget", "give at least one amount")
    deadline = time.monotonic() + time_limit
    rows: list[dict[str, Any]] = []
    for position, budget in enumerate(rising):
        left = max(0.1, (deadline - time.monotonic()) / (len(rising) - position))
        tree = prize_collecting_tree(graph, prizes, root=root, weight=weight, budget=budget, time_limit=left)
        row = {
            "budget_usd": float(budget),
            "cost_usd": tree.cost,
            "prize": tree.prize,
            "upper_bound": tree.upper_bound,
            "nodes": tree.nodes,
            "edges": tree.edges,
        }
        if rows and rows[-1]["prize"] >= tree.prize:
            row |= {key: rows[-1][key] for key in ("cost_usd", "prize", "nodes", "edges")}
        rows.append(row)
    frontier = pd.DataFrame(rows)
    frontier["gap"] = (frontier["upper_bound"] / frontier["prize"] - 1).where(frontier["prize"] > 0)
    spent = frontier["cost_usd"].where(frontier["cost_usd"] > 0)
    frontier["prize_per_million_usd"] = frontier["prize"] / (spent / 1e6)
    return frontier
