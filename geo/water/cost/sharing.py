"""Prices of pipes, and who pays what of a shared trunk: by demand, and by the Shapley value."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from itertools import combinations
from random import Random

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import GeoError, InfeasibleError
from geo.language import gettext as _

PIPES = ((4, 195.0, 90.0), (6, 440.0, 105.0), (8, 780.0, 115.0), (12, 1750.0, 155.0))


def pipe_for(flow_gpm: float, least_in: float = 0.0) -> tuple[int, float]:
    """Return the diameter (in.) and price (USD per ft) of the thinnest pipe that carries a flow.

    Parameters
    ----------
    flow_gpm
        In gallons a minute.
    least_in
        Diameter in inches that no pipe may fall below.

    Raises
    ------
    InfeasibleError
        More than the thickest pipe of the table carries.

    Examples
    --------
    >>> pipe_for(200.0), pipe_for(200.0, 8)
    ((6, 105.0), (8, 115.0))
    """
    if not 0 <= flow_gpm < math.inf:
        raise GeoError(
            _("a flow of {flow_gpm} gpm").format(flow_gpm=flow_gpm), _("give a finite demand of 0 or more")
        )
    for diameter, capacity, price in PIPES:
        if flow_gpm <= capacity and diameter >= least_in:
            return diameter, price
    raise InfeasibleError(
        _("a flow of {flow_gpm:.0f} gpm exceeds the table's thickest pipe ({most:.0f} gpm)").format(
            flow_gpm=flow_gpm, most=PIPES[-1][1]
        ),
        _("split the systems over two trunks"),
    )


Node = Hashable
MOST_ENUMERATED = 12
Z_90 = 1.645


def share_by_demand(trunk: pd.DataFrame, demands: Mapping[Node, float]) -> pd.Series[float]:
    """Share each edge's cost among the systems behind it in proportion to their demand.

    Where the systems behind an edge have no demand at all, they share it equally. An edge without systems is
    shared by nobody, so the shares sum to the cost of the edges that somebody uses.

    Examples
    --------
    >>> trunk = pd.DataFrame({"systems": [["a", "b"], ["b"]], "cost_usd": [90.0, 10.0]})
    >>> share_by_demand(trunk, {"a": 1.0, "b": 2.0}).to_dict()
    {'a': 30.0, 'b': 70.0}
    """
    shares = dict.fromkeys(demands, 0.0)
    for systems, cost in zip(trunk["systems"], trunk["cost_usd"], strict=True):
        total = sum(demands[node] for node in systems)
        for node in systems:
            shares[node] += cost * (demands[node] / total if total else 1 / len(systems))
    return pd.Series(shares, dtype=float, name="share_usd")


def share_by_shapley(trunk: pd.DataFrame, systems: Sequence[Node]) -> pd.Series[float]:
    """Share the trunk's cost by the Shapley value: each edge equally among the systems behind it.

    That is the Shapley value of the game in which a group pays the edges that any of it needs (Littlechild
    and Owen, 1973, for a chain; Megiddo, 1978, for a tree). The pipes' thickness is taken as given.

    Examples
    --------
    >>> trunk = pd.DataFrame({"systems": [["a", "b"], ["b"]], "cost_usd": [90.0, 10.0]})
    >>> share_by_shapley(trunk, ["a", "b"]).to_dict()
    {'a': 45.0, 'b': 55.0}
    """
    return share_by_demand(trunk, dict.fromkeys(systems, 1.0))


def share_of_largest(amounts: pd.Series[float]) -> pd.Series[float]:
    """Share what is paid once, the largest of some amounts, among those who would each pay their own.

    The Shapley value of the game in which a group pays its largest amount (Littlechild and Owen, 1973): who
    would pay nothing alone pays nothing, and equals pay alike. An amount that is not known stays NaN, and the
    others share.

    Examples
    --------
    >>> share_of_largest(pd.Series({"a": 0.0, "b": 40.0, "c": 100.0})).to_dict()
    {'a': 0.0, 'b': 20.0, 'c': 80.0}
    """
    return pd.Series(shares_of_largest(np.asarray(amounts, dtype=np.float64)), index=amounts.index)


def shares_of_largest(amounts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Do what :func:`share_of_largest` does on an array, for those who ask many times.

    Examples
    --------
    >>> shares_of_largest(np.array([100.0, np.nan, 40.0])).tolist()
    [80.0, nan, 20.0]
    """
    known = np.flatnonzero(~np.isnan(amounts))
    rising = known[np.argsort(amounts[known], kind="stable")]
    steps = np.diff(amounts[rising], prepend=0.0) / np.arange(len(rising), 0, -1)
    shares = np.full(len(amounts), np.nan)
    shares[rising] = np.cumsum(steps)
    return shares


def group_cost(trunk: pd.DataFrame, group: Iterable[Node]) -> float:
    """Return what a group of systems needs of the trunk, in USD, at the pipes' given thickness.

    Examples
    --------
    >>> trunk = pd.DataFrame({"systems": [["a", "b"], ["b"]], "cost_usd": [90.0, 10.0]})
    >>> group_cost(trunk, ["a"])
    90.0
    """
    members = set(group)
    pipes = zip(trunk["systems"], trunk["cost_usd"], strict=True)
    return float(sum(cost for systems, cost in pipes if not members.isdisjoint(systems)))


def group_cost_resized(trunk: pd.DataFrame, group: Iterable[Node], demands: Mapping[Node, float]) -> float:
    """Return what a group would pay for the same ways with pipes no thicker than it needs, in USD.

    Examples
    --------
    >>> trunk = pd.DataFrame({"systems": [["a", "b"], ["b"]], "length_ft": [10.0, 10.0]})
    >>> group_cost_resized(trunk, ["a"], {"a": 100.0, "b": 200.0})
    900.0
    """
    members = set(group)
    total = 0.0
    for systems, feet in zip(trunk["systems"], trunk["length_ft"], strict=True):
        users = members.intersection(systems)
        if users:
            total += feet * pipe_for(sum(demands[node] for node in users))[1]
    return total


def shapley(
    players: Sequence[Node],
    cost: Callable[[frozenset[Node]], float],
    *,
    samples: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """Return the Shapley value of any cost game: exact for up to 12 players, else sampled.

    A player's share is the mean of what it adds to the cost of those before it, over all orders. Sampled, it
    is the mean over ``samples`` orders drawn with ``seed``, with the margin of error at 90 %.

    Parameters
    ----------
    players
        Who shares.
    cost
        Cost in USD of each group; 0 for nobody.

    Returns
    -------
    pandas.DataFrame
        By player ``share_usd`` and ``share_usd_moe`` (0 where exact). The shares sum to the cost of all.

    Raises
    ------
    GeoError
        Fewer than 2 samples.

    Examples
    --------
    >>> shapley(["a", "b"], lambda group: 10.0 * bool(group) + 4.0 * ("b" in group))["share_usd"].tolist()
    [5.0, 9.0]
    """
    if len(players) <= MOST_ENUMERATED:
        return _enumerated(players, cost)
    if samples < 2:
        raise GeoError(_("{samples} samples give no error").format(samples=samples), _("draw at least 2"))
    return _sampled(players, cost, samples, Random(seed))  # noqa: S311 - a sample, not a secret


def _enumerated(players: Sequence[Node], cost: Callable[[frozenset[Node]], float]) -> pd.DataFrame:
    count = len(players)
    costs = {
        group: cost(group)
        for size in range(count + 1)
        for group in map(frozenset, combinations(players, size))
    }
    shares = dict.fromkeys(players, 0.0)
    for group, amount in costs.items():
        for player in players:
            if player not in group:
                weight = 1.0 / (count * math.comb(count - 1, len(group)))
                shares[player] += weight * (costs[group | {player}] - amount)
    return pd.DataFrame({"share_usd": pd.Series(shares, dtype=float), "share_usd_moe": 0.0})


def _sampled(
    players: Sequence[Node], cost: Callable[[frozenset[Node]], float], samples: int, chance: Random
) -> pd.DataFrame:
    added: dict[Node, list[float]] = {player: [] for player in players}
    for __ in range(samples):
        before, group = cost(frozenset()), frozenset[Node]()
        for player in chance.sample(list(players), len(players)):
            group |= {player}
            after = cost(group)
            added[player].append(after - before)
            before = after
    frame = pd.DataFrame(added)
    error = frame.std(ddof=1) / math.sqrt(samples)
    return pd.DataFrame({"share_usd": frame.mean(), "share_usd_moe": Z_90 * error})
