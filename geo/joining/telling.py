"""A layout in words and tables: how good it is, what it saves, and what each system pays."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from geo.joining.layout import Layout
from geo.language import gettext as _
from geo.wording import to_words

PAYS = (
    "people",
    "own_ft",
    "shared_ft",
    "by_demand_usd",
    "by_shapley_usd",
    "separate_total_usd",
    "shared_total_usd",
)


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over a layout; lengths in feet, amounts in US dollars, None where one system's is not known."""

    shared_ft: float
    separate_ft: float
    low_ft: float
    high_ft: float
    bound_ft: float
    shared_pipes_usd: float
    separate_pipes_usd: float
    shared_total_usd: float | None
    separate_total_usd: float | None
    people: float


def total_up(layout: Layout) -> Totals:
    """Add a layout up."""
    low, high = layout.ground.range_of(layout.tree.cost)
    lengths, costs = layout.layouts["length_ft"], layout.layouts["cost_usd"]
    return Totals(
        shared_ft=float(lengths["shared"]),
        separate_ft=float(lengths["separate"]),
        low_ft=low,
        high_ft=high,
        bound_ft=float(layout.tree.lower_bound),
        shared_pipes_usd=float(costs["shared"]),
        separate_pipes_usd=float(costs["separate"]),
        shared_total_usd=_whole(layout.systems["shared_total_usd"]),
        separate_total_usd=_whole(layout.systems["separate_total_usd"]),
        people=float(layout.systems["people"].sum()),
    )


def _whole(amounts: pd.Series[float]) -> float | None:
    return None if amounts.isna().any() else float(amounts.sum())


def compare_words(totals: Totals) -> pd.DataFrame:
    """Set shared and separate side by side, with what sharing saves, in words.

    Examples
    --------
    >>> totals = Totals(100, 150, 100, 100, 100, 9e3, 2e4, None, None, 50)
    >>> compare_words(totals).iloc[0].tolist()
    ['100', '150', '50']
    """
    rows = {
        _("Pipe, feet"): (totals.shared_ft, totals.separate_ft, "count"),
        _("Pipes alone, by diameter"): (totals.shared_pipes_usd, totals.separate_pipes_usd, "USD"),
        _("Whole cost by the State's method"): (totals.shared_total_usd, totals.separate_total_usd, "USD"),
    }
    lines = {
        title: (to_words(shared, unit), to_words(separate, unit), to_words(_less(separate, shared), unit))
        for title, (shared, separate, unit) in rows.items()
    }
    columns = [_("Shared network"), _("One pipe each"), _("Saved by sharing")]
    return pd.DataFrame.from_dict(lines, orient="index", columns=columns)


def _less(first: float | None, second: float | None) -> float | None:
    return None if first is None or second is None else round(first - second, 3) + 0.0


def bound_words(layout: Layout) -> str:
    """Say what is proven: how much shorter any other network could be.

    Examples
    --------
    >>> import networkx as nx
    >>> from geo.joining.ground import Ground
    >>> from geo.network import Tree
    >>> ground = Ground(nx.Graph(), "road", None, frozenset())
    >>> tree = Tree((), (), cost=110.0, edge_cost=110.0, lower_bound=100.0)
    >>> bound_words(Layout(ground, tree, *[pd.DataFrame()] * 3))
    'Proven: no other network along these roads is more than 9.1 % shorter.'
    """
    where = _("along these roads") if layout.ground.basis == "road" else _("of these straight lines")
    if layout.tree.optimal:
        return _("Proven: no other network {where} is shorter.").format(where=where)
    share = to_words(1 - layout.tree.lower_bound / layout.tree.cost, "share").replace(
        "\N{NO-BREAK SPACE}", " "
    )
    return _("Proven: no other network {where} is more than {share} shorter.").format(
        where=where, share=share
    )


def range_words(layout: Layout) -> str:
    """Say how far lengths can be trusted; empty where they follow roads.

    Examples
    --------
    >>> import networkx as nx
    >>> from geo.joining.ground import Ground
    >>> from geo.network import Tree
    >>> ground = Ground(nx.Graph(), "straight line", None, frozenset())
    >>> tree = Tree((), (), cost=130.0, edge_cost=130.0, lower_bound=130.0)
    >>> range_words(Layout(ground, tree, *[pd.DataFrame()] * 3))[:44]
    'No roads fit for measuring are here: lengths'
    """
    if layout.ground.basis == "road":
        return ""
    low, high = (to_words(feet, "count") for feet in layout.ground.range_of(layout.tree.cost))
    return _(
        "No roads fit for measuring are here: lengths are straight lines times 1.3, an estimate. "
        "The shared network may be from {low} to {high} feet (1.0 to 1.8 times)."
    ).format(low=low, high=high)


def share_table(layout: Layout, names: pd.Series[str]) -> pd.DataFrame:
    """List what each system has of the network, and what it would pay: by demand, and by the Shapley value.

    Parameters
    ----------
    names
        By pwsid.

    Returns
    -------
    pandas.DataFrame
        ``name``, the columns of :data:`PAYS`, ``separate_fundable``, ``shared_fundable``, ``pwsid``.
    """
    table = layout.systems[[*PAYS, "separate_fundable", "shared_fundable"]].copy()
    table.insert(0, "name", names.reindex(table.index))
    return table.assign(pwsid=table.index)


def boundary_effect(
    ways: dict[str, pd.DataFrame], costs: dict[str, pd.DataFrame], pwsids: list[str]
) -> pd.DataFrame:
    """Tell, for each boundary, how many systems lie inside and what they would cost, each on its own.

    Parameters
    ----------
    ways, costs
        By boundary's title, as :mod:`geo.joining.costs` returns them.

    Returns
    -------
    pandas.DataFrame
        Index the title: ``inside``, ``outside``, ``unknown`` (numbers of systems), ``total_cost_usd``.
    """
    rows = {}
    for title, way in ways.items():
        basis = way["basis"].reindex(pwsids)
        inside = int(basis.eq("intersect").sum())
        unknown = int(basis.isna().sum())
        total = float(costs[title]["total_cost_usd"].reindex(pwsids).sum())
        rows[title] = (inside, len(pwsids) - inside - unknown, unknown, total)
    columns = ["inside", "outside", "unknown", "total_cost_usd"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)
