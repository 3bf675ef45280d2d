"""What each budget connects: the most people, or homes, on one network within it.

Amounts in US dollars by a State method: a foot of pipe costs what it adds to the method's total, and each
system brings what it costs without any pipe but the method's own buffer. The network's environmental review
is paid once, by the first pipe that leaves the district.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Literal, get_args

import networkx as nx
import numpy as np
import pandas as pd

from geo.errors import GeoError, InfeasibleError, first_ids
from geo.language import gettext as _
from geo.methods.steiner import steiner_tree
from geo.water.cost.connection import connection_cost, tell_reason
from geo.water.frontier import budget_frontier
from geo.water.ground import RECEIVER, Ground, Node
from geo.water.layout import demands_of, to_costable
from geo.water.prices import review_usd, usd_per_foot

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
