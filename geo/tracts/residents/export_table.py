"""Who lives where as one wide table of a kind of area: each figure with its margin, and how sure it is."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geo.language import gettext as _
from geo.tracts.indicators import INDICATORS
from geo.tracts.residents.estimate import METHODS
from geo.tracts.residents.figures import ORDER

IDENTIFIER, NAME = "target_id", "name"


def served_table(served: pd.DataFrame, kind: str, names: Mapping[str, str]) -> pd.DataFrame:
    """Lay out a kind of area, a row each, in the order of the names.

    Parameters
    ----------
    served
        The dataset ``people_served``.
    kind
        As in its column ``target_kind``.
    names
        By identifier; an area without a name is called by its identifier.

    Returns
    -------
    DataFrame
        ``target_id``, ``name``; each variable of :data:`geo.tracts.residents.figures.ORDER` with its margin
        ``<variable>_moe`` (90 %), in whole people or households, margins rounded up; ``coverage`` and
        ``guesswork`` (of the uninsured) in percent; ``method`` in words. What is not known is missing.

    Examples
    --------
    >>> row = {"target_kind": "place", "target_id": "06", "estimate": 80.0, "moe": 20.0, "coverage": 1.0}
    >>> row |= {"share_guesswork": 0.5, "method": "interpolated"}
    >>> rows = pd.DataFrame([row | {"variable": name} for name in ("population", "uninsured")])
    >>> served_table(rows, "place", {"06": "Oasis"})[["name", "guesswork"]].values.tolist()
    [['Oasis', 50.0]]
    """
    ours = served[served["target_kind"] == kind].assign(target_id=served["target_id"].astype(str))
    by_name = {name: rows.set_index("target_id") for name, rows in ours.groupby("variable")}
    areas = pd.Index(ours["target_id"].unique(), name=IDENTIFIER)
    table = pd.DataFrame({NAME: [names.get(key) or key for key in areas]}, index=areas)
    for name in (item for item in ORDER if item in by_name):
        table[name] = by_name[name]["estimate"].astype("Float64").round()
        table[f"{name}_moe"] = np.ceil(by_name[name]["moe"].astype("Float64"))
    told = by_name.get("uninsured", ours.set_index("target_id").iloc[:0]).reindex(areas)
    table["coverage"], table["guesswork"] = 100 * told["coverage"], 100 * told["share_guesswork"]
    table["method"] = told["method"].map({key: _(words) for key, words in METHODS.items()})
    return table.reset_index().sort_values(NAME, ignore_index=True, kind="stable")


def column_titles() -> dict[str, str]:
    """Name the columns of :func:`served_table` in the chosen language.

    Examples
    --------
    >>> column_titles()["poverty_moe"]
    'People in poverty, ±'
    """
    titles = {name: _(INDICATORS[name].title) for name in ORDER}
    margins = {f"{name}_moe": f"{title}, ±" for name, title in titles.items()}
    rest = {
        IDENTIFIER: _("Identifier"),
        NAME: _("Name"),
        "coverage": _("Covered, percent"),
        "guesswork": _("Guesswork, percent"),
        "method": _("How it came about"),
    }
    return titles | margins | rest
