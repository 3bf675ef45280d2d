"""Costs and people of a system as figures for its card."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import pandas as pd

from geo.language import gettext as _
from geo.language import mark as N_
from geo.tracts.profile import Figure
from geo.units import is_missing, to_words
from geo.water.cost.connection import tell_reason
from geo.water.routes import line_items

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
    if is_missing(cost["total_cost_usd"]):
        yield Figure(title, _("not known: {reason}").format(reason=tell_reason(str(cost["reason"]))))
        return
    low, high = (to_words(cost[name], "USD") for name in ("low_cost_usd", "high_cost_usd"))
    yield Figure(
        title,
        to_words(cost["total_cost_usd"], "USD"),
        place=_("from {low} to {high}").format(low=low, high=high),
    )
    yield Figure(
        _("For each connection"), to_words(cost["cost_per_connection_usd"], "USD"), place=_fundable(cost)
    )
    length = to_words(cost["pipe_length_ft"], "count")
    basis = _(BASES.get(str(cost["basis"]), str(cost["basis"])))
    if doubtful:
        basis += "; " + _("its place on the map is doubtful, and so is this way")
    yield Figure(_("Pipe, feet"), length, place=basis)
    for name, amount in line_items(cost).items():
        yield Figure(_(ITEM_TITLES[str(name)]), to_words(amount, "USD"))


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
        )
        for name, title in PEOPLE_TITLES.items()
        if name in rows and not is_missing(rows[name]["estimate"])
    ]
