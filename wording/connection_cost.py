"""The cost of a connection in figures and sentences: its items, its range, what moves it most."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import networkx as nx
import pandas as pd

from geo.language import gettext as _
from geo.language import mark as N_
from geo.tracts.vintages import period_words
from geo.units import is_missing, to_words
from geo.water.cost.connection import connection_cost, tell_reason
from geo.water.cost.sensitivity import cost_range, farthest_fundable, sensitivity, tipping_points
from geo.water.cost.sharing import share_by_shapley
from geo.water.network_layout import RECEIVER, Layout
from geo.water.routes import STATE_ROW, line_items
from wording.profiles import Figure

ITEM_TITLES: Mapping[str, str] = MappingProxyType(
    {
        "pipeline_usd": N_("Pipeline"),
        "service_line_usd": N_("Service lines"),
        "regional_usd": N_("Regional addition"),
        "connection_fee_usd": N_("Connection fees"),
        "administration_usd": N_("Administration and legal"),
        "ceqa_usd": N_("Environmental review (CEQA)"),
        "contingency_usd": N_("Contingency"),
        "planning_usd": N_("Planning and construction management"),
        "engineering_usd": N_("Engineering"),
        "inflation_usd": N_("Inflation"),
    }
)
BASES: Mapping[str, str] = MappingProxyType(
    {
        "intersect": N_("touches the district: 1,000 feet of pipe by the method"),
        "road": N_("along roads to the district's boundary"),
        "partly road": N_("along roads, with a straight line times 1.3 to the nearest: an estimate"),
        "straight line": N_("straight line times 1.3: an estimate, from 1.0 to 1.8 times"),
        STATE_ROW: N_("the State's own route of 2021: where the system lies is not known well enough"),
    }
)
PEOPLE_TITLES: Mapping[str, str] = MappingProxyType(
    {
        "population": N_("People who live there (ACS)"),
        "uninsured": N_("Without health insurance"),
        "limited_english_persons": N_("With limited English"),
        "poverty": N_("In poverty"),
        "households": N_("Households"),
        "no_vehicle_households": N_("Households without a vehicle"),
    }
)
SIZE_TITLES: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("population", "published"): N_("People served (the State's table)"),
        ("population", "estimated_size"): N_("People served (3.3 a connection)"),
        ("households", "published"): N_("Connections (the State's table)"),
    }
)
"""What a system's own size is called, by variable and method: it is not the survey's."""


def cost_figures(cost: pd.Series[Any], *, doubtful: bool = False) -> Iterator[Figure]:
    """Tell what a connection costs, with its range, its way, its line items, and whether it can be funded.

    Parameters
    ----------
    cost
        A row of :func:`geo.water.routes.cost_systems`.
    doubtful
        Whether the system's place on the map is.

    Examples
    --------
    >>> cost = pd.Series({"total_cost_usd": None, "reason": "distance not known"})
    >>> [figure.words for figure in cost_figures(cost)]
    ['not known: distance not known']
    """
    title = _("Cost of connecting it alone (estimate)")
    low, high = (to_words(cost.get(name), "USD") for name in ("low_cost_usd", "high_cost_usd"))
    if is_missing(cost["total_cost_usd"]):
        reason = tell_reason(str(cost["reason"]))
        if is_missing(cost.get("low_cost_usd")) or is_missing(cost.get("high_cost_usd")):
            yield Figure(title, _("not known: {reason}").format(reason=reason))
        else:
            yield Figure(title, _("between {low} and {high}").format(low=low, high=high), place=reason)
        return
    place = _("from {low} to {high}").format(low=low, high=high)
    if str(cost["basis"]) == STATE_ROW:
        place += "; " + _(BASES[STATE_ROW])
    yield Figure(title, to_words(cost["total_cost_usd"], "USD"), place=place)
    yield Figure(
        _("For each connection"), to_words(cost["cost_per_connection_usd"], "USD"), place=_fundable(cost)
    )
    length = to_words(cost["pipe_length_ft"], "count")
    basis = _(BASES.get(str(cost["basis"]), str(cost["basis"])))
    if doubtful:
        basis += "; " + _("its place on the map is doubtful, and so is this pipe")
    yield Figure(_("Pipe, feet"), length, place=basis)
    for name, amount in line_items(cost).items():
        yield Figure(_(ITEM_TITLES[str(name)]), to_words(amount, "USD"))


def way_words(costs: pd.DataFrame) -> list[str]:
    """Say of each system on what way its cost is reckoned, or why it has none.

    Parameters
    ----------
    costs
        ``basis`` and ``reason``, as :func:`geo.water.routes.cost_systems` returns them.

    Examples
    --------
    >>> way_words(pd.DataFrame({"basis": ["intersect", None], "reason": [None, "distance not known"]}))
    ['touches the district: 1,000 feet of pipe by the method', 'distance not known']
    """
    return [
        _(BASES.get(str(basis), str(basis))) if is_missing(reason) else tell_reason(str(reason))
        for basis, reason in zip(costs["basis"], costs["reason"], strict=True)
    ]


def _fundable(cost: pd.Series[Any]) -> str:
    if is_missing(cost["fundable"]):
        return _("the method does not say whether it can be funded")
    return (
        _("within the State's limit for funding")
        if cost["fundable"]
        else _("over the State's limit for funding")
    )


def people_figures(served: pd.DataFrame) -> list[Figure]:
    """Tell who lives there, with margins (90 %).

    Parameters
    ----------
    served
        The rows of one system in the dataset ``people_served``.

    Examples
    --------
    >>> row = {"variable": "population", "estimate": 120.0, "moe": 30.0, "method": "interpolated"}
    >>> people_figures(pd.DataFrame([row]))[0].words
    '120 ± 30'
    """
    rows: dict[str, Any] = served.set_index("variable").to_dict(orient="index")  # type: ignore[assignment]
    return [
        Figure(
            _(SIZE_TITLES.get((name, str(rows[name]["method"])), title)),
            to_words(rows[name]["estimate"], "people", rows[name]["moe"]),
            period=period_words(rows[name].get("vintage")),
        )
        for name, title in PEOPLE_TITLES.items()
        if name in rows and not is_missing(rows[name]["estimate"])
    ]


PARAMETER_TITLES: Mapping[str, str] = MappingProxyType(
    {
        "buffer_ft": N_("Extra pipe for every connection"),
        "pipeline_usd_per_ft": N_("Price of pipe"),
        "service_line_usd_per_connection": N_("Service lines"),
        "service_line_usd_per_intersecting_system": N_("Service line of a system that touches"),
        "connection_fee_usd_per_connection": N_("Connection fee"),
        "people_per_connection": N_("People for each connection, where connections are not known"),
        "default_connections": N_("Connections, where they are not known"),
        "administration_share": N_("Administration and legal"),
        "administration_usd": N_("Administration and legal"),
        "ceqa_usd": N_("Environmental review (CEQA)"),
        "ceqa_intersect_usd": N_("Environmental review (CEQA) of a system that touches"),
        "ceqa_route_usd": N_("Environmental review (CEQA) of a route"),
        "regional_rural_share": N_("Regional addition, rural county"),
        "regional_suburban_share": N_("Regional addition, suburban county"),
        "regional_urban_share": N_("Regional addition, urban county"),
        "contingency_share": N_("Contingency"),
        "planning_share": N_("Planning and construction management"),
        "engineering_share": N_("Engineering"),
        "inflation_share": N_("Inflation"),
        "state_small_population": N_("People below which a system is a state small one"),
        "state_small_connections": N_("Connections below which a system is a state small one"),
    }
)
UNITS: Mapping[str, str] = MappingProxyType(
    {
        "ft": N_("{amount} ft"),
        "USD": N_("${amount}"),
        "USD/ft": N_("${amount} a foot"),
        "USD/connection": N_("${amount} a connection"),
        "USD/system": N_("${amount} a system"),
        "people/connection": N_("{amount} people a connection"),
        "connections": N_("{amount} connections"),
        "people": N_("{amount} people"),
        "share": N_("{amount} %"),
    }
)
SMALL = 10.0


def amount_words(value: float, unit: str) -> str:
    """Write a parameter's value with its unit.

    Examples
    --------
    >>> amount_words(220.0, "USD/ft"), amount_words(0.031, "share"), amount_words(3.3, "people/connection")
    ('$220 a foot', '3.1 %', '3.3 people a connection')
    """
    number = value * 100 if unit == "share" else value
    rough = abs(number) >= SMALL or float(number).is_integer()
    digits = f"{number:,.0f}" if rough and unit != "share" else f"{number:,.1f}".removesuffix(".0")
    return _(UNITS[unit]).format(amount=digits)


def range_of_cost(layout: Layout, kind: str) -> tuple[float, float] | None:
    """Return the whole cost with every parameter and estimated length at its cheaper, and at its dearer end.

    Parameters
    ----------
    kind
        "shared" or "separate".

    Returns
    -------
    tuple
        USD; None where a system cannot be costed.
    """
    table = layout.costable[kind]
    ends = []
    for column, lengths in zip(("low_cost_usd", "high_cost_usd"), feet_range(layout, kind), strict=True):
        costs = cost_range(table.assign(distance_ft=lengths), method=layout.method)[column]
        ends.append(float(costs.sum()) if costs.notna().all() else None)
    low, high = ends
    return None if low is None or high is None else (low, high)


def feet_range(layout: Layout, kind: str = "shared") -> tuple[pd.Series[float], pd.Series[float]]:
    """Return between what each system's length of a layout may be, in feet, along the ways it takes."""
    graph, names = layout.ground.graph, [str(pwsid) for pwsid in layout.systems.index]
    if kind == "shared":
        pairs = list(zip(layout.trunk["start"], layout.trunk["end"], strict=True))
        low, high = (
            share_by_shapley(layout.trunk.assign(cost_usd=[graph.edges[pair][end] for pair in pairs]), names)
            for end in ("low_ft", "high_ft")
        )
        return low, high
    ways = nx.single_source_dijkstra_path(graph, RECEIVER, weight="length_ft")
    low, high = (
        pd.Series({name: nx.path_weight(graph, ways[name], end) for name in names}, dtype=float)
        for end in ("low_ft", "high_ft")
    )
    return low, high


def swing_table(
    costable: pd.DataFrame, method: str, low_ft: pd.Series[float], high_ft: pd.Series[float]
) -> pd.DataFrame:
    """Tell what moves the cost, one thing at a time from its low to its high, the largest first.

    Parameters
    ----------
    costable
        As :func:`geo.water.cost.connection.connection_cost` takes them.
    low_ft, high_ft
        Between what each way may be long, on the same index.

    Returns
    -------
    pandas.DataFrame
        ``what``, ``low``, ``method_value``, ``high`` (in words), ``cost_at_low_usd``, ``cost_at_high_usd``,
        ``swing_usd``, ``fundable_at_low``, ``fundable_at_high`` (numbers of systems). What moves nothing is
        left out.

    Examples
    --------
    >>> park = pd.DataFrame({"pwsid": ["CA3301380"], "population": [122], "connections": [37],
    ...     "merge_type": ["route"], "distance_ft": [13_000.0], "county_geoid": ["06065"]})
    >>> swing_table(park, "swrcb_2024", pd.Series([10_000.0]), pd.Series([18_000.0]))["what"].head(2).tolist()
    ['Length of the pipes', 'Price of pipe']
    """
    table = sensitivity(costable, method=method)
    told = pd.DataFrame(
        {
            "what": [_(PARAMETER_TITLES.get(name, name)) for name in table["parameter"]],
            **{
                column: [
                    amount_words(value, unit) for value, unit in zip(table[name], table["unit"], strict=True)
                ]
                for column, name in (("low", "low"), ("method_value", "value"), ("high", "high"))
            },
        }
    )
    amounts = ["cost_at_low_usd", "cost_at_high_usd", "swing_usd", "fundable_at_low", "fundable_at_high"]
    told = pd.concat([told, table[amounts]], axis=1)
    if (high_ft > low_ft).any():
        told = pd.concat([told, _length_row(costable, method, low_ft, high_ft)], ignore_index=True)
    moving = told[told["swing_usd"] > 0]
    return moving.sort_values("swing_usd", ascending=False, kind="stable", ignore_index=True)


def _length_row(
    costable: pd.DataFrame, method: str, low_ft: pd.Series[float], high_ft: pd.Series[float]
) -> pd.DataFrame:
    low, high = (
        connection_cost(costable.assign(distance_ft=feet), method=method) for feet in (low_ft, high_ft)
    )
    says = bool(low["fundable"].notna().any())
    row = {
        "what": _("Length of the pipes"),
        "low": amount_words(float(low_ft.sum()), "ft"),
        "method_value": amount_words(float(costable["distance_ft"].sum()), "ft"),
        "high": amount_words(float(high_ft.sum()), "ft"),
        "cost_at_low_usd": low["total_cost_usd"].sum(),
        "cost_at_high_usd": high["total_cost_usd"].sum(),
        "swing_usd": abs(high["total_cost_usd"].sum() - low["total_cost_usd"].sum()),
        "fundable_at_low": low["fundable"].sum() if says else pd.NA,
        "fundable_at_high": high["fundable"].sum() if says else pd.NA,
    }
    return pd.DataFrame([row])


def most_words(swings: pd.DataFrame) -> str:
    """Say what moves the cost most; empty where nothing does.

    Parameters
    ----------
    swings
        As :func:`swing_table` returns it.

    Examples
    --------
    >>> swings = pd.DataFrame({"what": ["Price of pipe"], "low": ["$155 a foot"], "high": ["$264 a foot"],
    ...     "cost_at_low_usd": [1.0e6], "cost_at_high_usd": [2.0e6]})
    >>> most_words(swings)
    'The biggest unknown: price of pipe. The cost is $1,000,000 at $155 a foot, $2,000,000 at $264 a foot.'
    """
    if swings.empty:
        return ""
    first = swings.iloc[0]
    what = str(first["what"])
    return _("The biggest unknown: {what}. The cost is {less} at {low}, {more} at {high}.").format(
        what=what[:1].lower() + what[1:],
        less=to_words(first["cost_at_low_usd"], "USD"),
        more=to_words(first["cost_at_high_usd"], "USD"),
        low=first["low"],
        high=first["high"],
    )


def tipping_table(costable: pd.DataFrame, method: str) -> pd.DataFrame:
    """Tell at which value of what a system turns from fundable to not, the nearest turn first.

    The way to go is one of these values, without limits; a parameter turns only within its stated range.

    Returns
    -------
    pandas.DataFrame
        On the index of ``costable``: ``what``, ``now`` and ``turns_at`` (in words), ``fundable_below``,
        ``near`` (the relative distance to the turn). No rows where the method does not say.

    Examples
    --------
    >>> far = pd.DataFrame({"pwsid": ["CA3301380"], "population": [122], "connections": [37],
    ...     "merge_type": ["route"], "distance_ft": [14_000.0], "county_geoid": ["06065"]})
    >>> tipping_table(far, "swrcb_2024").iloc[0, :3].tolist()
    ['Price of pipe', '$220 a foot', '$185 a foot']
    """
    tips = tipping_points(costable, method=method)
    found = pd.DataFrame(
        {
            "what": [_(PARAMETER_TITLES.get(name, name)) for name in tips["parameter"]],
            "now": [
                amount_words(value, unit) for value, unit in zip(tips["value"], tips["unit"], strict=True)
            ],
            "turns_at": [
                amount_words(value, unit)
                for value, unit in zip(tips["tipping_value"], tips["unit"], strict=True)
            ],
            "fundable_below": tips["fundable_below"].astype(bool),
            "near": (tips["tipping_value"] / tips["value"] - 1).abs().astype(float),
        },
        index=tips.index,
    )
    both = [part for part in (found, _length_tips(costable, method)) if len(part)]
    return pd.concat(both).sort_values("near", kind="stable") if both else found


def _length_tips(costable: pd.DataFrame, method: str) -> pd.DataFrame:
    ways = costable[costable["merge_type"].eq("route") & costable["distance_ft"].gt(0)]
    far = farthest_fundable(ways, method=method)
    far = far[far > 0]
    now = ways.loc[far.index, "distance_ft"].astype(float)
    return pd.DataFrame(
        {
            "what": _("Length of the pipe"),
            "now": [amount_words(feet, "ft") for feet in now],
            "turns_at": [amount_words(feet, "ft") for feet in far],
            "fundable_below": True,
            "near": (far / now - 1).abs(),
        },
        index=far.index,
    )


def tipping_words(tips: pd.DataFrame) -> list[str]:
    """Say a system's turns, a line each.

    Parameters
    ----------
    tips
        As :func:`tipping_table` returns it, of one system.

    Examples
    --------
    >>> tips = pd.DataFrame({"what": ["Price of pipe"], "now": ["$220 a foot"], "turns_at": ["$185 a foot"],
    ...     "fundable_below": [True]})
    >>> tipping_words(tips)
    ['Price of pipe: fundable becomes not fundable at $185 a foot (now $220 a foot).']
    """
    return [
        (
            _("{what}: fundable becomes not fundable at {turn} (now {now}).")
            if below
            else _("{what}: not fundable becomes fundable at {turn} (now {now}).")
        ).format(what=what, turn=turn, now=now)
        for what, turn, now, below in zip(
            tips["what"], tips["turns_at"], tips["now"], tips["fundable_below"], strict=True
        )
    ]
