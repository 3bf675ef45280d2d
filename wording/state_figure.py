"""The State's 2021 figure in words: whether a system is in the table, and what parts it from ours."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pandas as pd

from geo.language import gettext as _
from geo.language import mark as N_
from geo.units import is_missing, to_words
from geo.water.state_figure import STEPS
from wording.profiles import Figure

MERGE_TITLES: Mapping[str, str] = MappingProxyType(
    {"route": N_("a route to the district"), "intersect": N_("touches the district")}
)
STEP_TITLES: Mapping[str, str] = MappingProxyType(
    {
        "connections": N_("Connections"),
        "people": N_("People served"),
        "merge_type": N_("Touches the district, or a route to it"),
        "distance": N_("Pipe to the district, feet"),
    }
)


def listed_figure(rows: pd.DataFrame) -> Figure:
    """Tell whether the State's 2021 table has a system, and what it says of it.

    Parameters
    ----------
    rows
        The rows of dataset ``consolidation_candidates`` that are matched to it, whatever their receiver.

    Examples
    --------
    >>> row = {"receiving_name": "COVE", "merge_type": "Intersect", "distance_ft": 0.0,
    ...     "total_cost_usd": 294960.0}
    >>> listed_figure(pd.DataFrame([row])).words
    'could join COVE: touches the district, $294,960 in dollars of 2021'
    """
    title = _("In the State's 2021 consolidation table")
    if rows.empty:
        return Figure(title, _("no row is matched to it"))
    told = [
        _("could join {receiver}: {way}, {amount} in dollars of 2021").format(
            receiver=_receiver(row["receiving_name"]),
            way=_way(row["merge_type"], row["distance_ft"]),
            amount=to_words(row["total_cost_usd"], "USD"),
        )
        for __, row in rows.iterrows()
    ]
    return Figure(title, "; ".join(told))


def _receiver(name: Any) -> str:
    return _("another system") if is_missing(name) else str(name)


def _way(kind: Any, feet: Any) -> str:
    if str(kind).lower() == "intersect":
        return _merge(kind)
    return _("a route of {feet} feet").format(feet=to_words(feet, "count"))


def difference_table(figure: pd.Series[Any]) -> pd.DataFrame:
    """Lay out what parts our figure from the State's: ours, each input that differs, the State's.

    Parameters
    ----------
    figure
        A row of :func:`geo.water.state_figure.compare_figures`.

    Returns
    -------
    pandas.DataFrame
        ``what``, ``ours``, ``state`` (in words), ``difference`` (dollars of 2021, in words). The amounts sum
        to the State's.

    Examples
    --------
    >>> figure = pd.Series({"ours_usd": 636960.0, "connections_usd": 0.0, "people_usd": -342000.0,
    ...     "merge_type_usd": 0.0, "distance_usd": 0.0, "state_usd": 294960.0, "our_population": 42.9,
    ...     "state_population": 24.0, "our_connections": 13.0, "state_connections": 13.0,
    ...     "our_merge_type": "intersect", "state_merge_type": "intersect", "our_distance_ft": 0.0,
    ...     "state_distance_ft": 0.0, "our_state_small": pd.NA})
    >>> difference_table(figure)["difference"].tolist()
    ['$636,960', '+$0', '-$342,000', '+$0', '+$0', '$294,960']
    """
    inputs = {
        "connections": ("connections", "count"),
        "people": ("population", "people"),
        "distance": ("distance_ft", "count"),
    }
    rows = [(_("Ours, by the State's 2021 method"), "", "", to_words(figure["ours_usd"], "USD"))]
    for step in STEPS:
        if step == "merge_type":
            pair = [_merge(figure[f"{side}_merge_type"]) for side in ("our", "state")]
        else:
            name, unit = inputs[step]
            pair = [to_words(figure[f"{side}_{name}"], unit) for side in ("our", "state")]
        if step == "people" and not is_missing(figure["our_state_small"]) and figure["our_state_small"]:
            pair[0] = _("estimated {people}; a state small system as published").format(people=pair[0])
        rows.append((_(STEP_TITLES[step]), pair[0], pair[1], _signed(figure[f"{step}_usd"])))
    rows.append((_("The State's figure"), "", "", to_words(figure["state_usd"], "USD")))
    return pd.DataFrame(rows, columns=["what", "ours", "state", "difference"])


def _merge(kind: Any) -> str:
    name = "" if is_missing(kind) else str(kind).lower()
    return _(MERGE_TITLES[name]) if name in MERGE_TITLES else to_words(None)


def _signed(amount: Any) -> str:
    if is_missing(amount):
        return to_words(None)
    words = to_words(abs(float(amount)), "USD")
    return f"-{words}" if float(amount) < 0 else f"+{words}"


def difference_words(figure: pd.Series[Any]) -> str:
    """Say why no figure of ours stands beside the State's; empty where one does.

    Examples
    --------
    >>> difference_words(pd.Series({"ours_usd": None}))[:48]
    'No figure of ours stands beside it: its place or'
    """
    if not is_missing(figure["ours_usd"]):
        return ""
    return _("No figure of ours stands beside it: its place or its size is not known well enough.")
