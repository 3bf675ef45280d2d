"""The board in the order of need, with cost beside it: what a table on the screen and an export show."""

from __future__ import annotations

import pandas as pd

from store.status import Service

COSTS = ("total_cost_usd", "low_cost_usd", "high_cost_usd", "cost_per_connection_usd")
RANKS = (
    "score",
    "known",
    "rank",
    "rank_low",
    "rank_high",
    "rank_least",
    "rank_most",
    "share_first",
    "rank_best",
    "rank_worst",
    "stands",
)


def order_by_need(
    table: pd.DataFrame, need: pd.DataFrame, costs: pd.DataFrame | None, service: Service
) -> pd.DataFrame:
    """Put rank of need and cost beside the board's rows, the highest need first.

    Parameters
    ----------
    table
        As :func:`store.board.table.board_table` returns it.
    need
        As :func:`geo.water.need.ranked` returns it, for the same systems or more.
    costs
        As :func:`geo.water.routes.cost_systems` returns it; None, and for wastewater in any case, no cost
        stands there.

    Examples
    --------
    >>> table = pd.DataFrame({"name": ["a", "b"]}, index=["CA1", "CA2"])
    >>> need = pd.DataFrame({"rank": [2, 1]}, index=["CA1", "CA2"])
    >>> order_by_need(table, need, None, Service.WATER).index.tolist()
    ['CA2', 'CA1']
    """
    ordered = table.join(need[[name for name in RANKS if name in need]])
    if costs is not None and service is Service.WATER:
        ordered = ordered.join(costs[[*COSTS, "fundable", "basis"]])
    return ordered.sort_values(["rank", "name"], kind="stable", na_position="last")
