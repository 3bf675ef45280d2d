"""What another boundary of the district, or its mains, would mean for chosen systems."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from geo.language import gettext as _
from geo.units import to_words
from geo.water.cost.connection import connection_cost
from geo.water.costs import NEEDED, with_ways

FEET_PER_MILE = 5280.0


def boundary_effect(
    systems: pd.DataFrame, ways: Mapping[str, pd.DataFrame], chosen: str, *, method: str = "swrcb_2024"
) -> pd.DataFrame:
    """Tell, for each boundary, how many systems touch it, how far the others are, what each alone would cost.

    Parameters
    ----------
    systems
        Dataset ``water_systems``, those that are asked about.
    ways
        By boundary's title, as :func:`geo.water.costs.measure_ways` returns them.
    chosen
        The title of the boundary that counts now.

    Returns
    -------
    pandas.DataFrame
        Index the title: ``inside``, ``outside``, ``unknown`` (numbers of systems), ``miles`` (sum of the ways
        of those outside), ``total_cost_usd`` and ``costed`` (the sum, and how many systems it holds),
        ``fundable`` (how many, NA where the method does not say), ``more_usd`` (beside the chosen boundary).

    Examples
    --------
    >>> park = pd.DataFrame({"pwsid": ["CA3301380"], "population": [122.0], "connections": [37.0],
    ...     "county_geoid": ["06065"]})
    >>> way = pd.DataFrame({"merge_type": ["intersect"], "basis": ["intersect"], "distance_ft": [0.0],
    ...     "low_ft": [0.0], "high_ft": [0.0]}, index=["CA3301380"])
    >>> boundary_effect(park, {"one": way}, "one")[["inside", "total_cost_usd"]].round().values.tolist()
    [[1.0, 1345278.0]]
    """
    tables = {title: with_ways(systems, way) for title, way in ways.items()}
    rows = {title: _row(table, method) for title, table in tables.items()}
    effect = pd.DataFrame.from_dict(rows, orient="index", columns=COLUMNS)
    now = float(effect["total_cost_usd"][chosen])
    return effect.assign(more_usd=effect["total_cost_usd"] - now)


COLUMNS = ["inside", "outside", "unknown", "miles", "total_cost_usd", "costed", "fundable"]


def _row(table: pd.DataFrame, method: str) -> tuple[object, ...]:
    cost = connection_cost(table[list(NEEDED)], method=method)
    inside, unknown = int(table["basis"].eq("intersect").sum()), int(table["basis"].isna().sum())
    total, fundable = cost["total_cost_usd"], cost["fundable"].dropna()
    return (
        inside,
        len(table) - inside - unknown,
        unknown,
        float(table["distance_ft"].sum()) / FEET_PER_MILE,
        float(total.sum()),
        int(total.notna().sum()),
        int(fundable.sum()) if len(fundable) else pd.NA,
    )


def effect_words(effect: pd.DataFrame) -> str:
    """Say in a sentence how much hangs on the choice.

    Examples
    --------
    >>> effect = pd.DataFrame({"inside": [9, 2], "outside": [0, 7], "unknown": [0, 0], "miles": [0.0, 21.4],
    ...     "total_cost_usd": [9e6, 60e6]})
    >>> effect_words(effect)[:59]
    'The choice moves the systems that touch the district from 2'
    """
    if len(effect) < 2:
        return ""
    if effect[["inside", "outside", "unknown"]].sum(axis=1).max() == 1:
        return _alone_words(effect)
    ends = {name: (effect[name].min(), effect[name].max()) for name in ("inside", "miles", "total_cost_usd")}
    return _(
        "The choice moves the systems that touch the district from {few} to {many}, the ways of the others "
        "from {near} to {far} miles, and the cost of connecting each on its own from {low} to {high}."
    ).format(
        few=ends["inside"][0],
        many=ends["inside"][1],
        near=f"{ends['miles'][0]:.1f}",
        far=f"{ends['miles'][1]:.1f}",
        low=to_words(ends["total_cost_usd"][0], "USD"),
        high=to_words(ends["total_cost_usd"][1], "USD"),
    )


def _alone_words(effect: pd.DataFrame) -> str:
    known = effect[effect["costed"].gt(0)]
    if known.empty:
        return _("Its cost is not known with any of them.")
    return _(
        "The choice moves its way from {near} to {far} miles, and the cost of connecting it alone from {low} "
        "to {high}."
    ).format(
        near=f"{known['miles'].min():.1f}",
        far=f"{known['miles'].max():.1f}",
        low=to_words(known["total_cost_usd"].min(), "USD"),
        high=to_words(known["total_cost_usd"].max(), "USD"),
    )
