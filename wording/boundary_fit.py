"""How well each boundary agrees with the State's 2021 table, and how far systems are by it, in words."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from geo.language import gettext as _
from geo.units import to_words
from geo.water.boundary_fit import Fit


def fit_table(fit: Fit, titles: Mapping[str, str]) -> pd.DataFrame:
    """List the candidates, the best first, with how far each is from the State's rows.

    Parameters
    ----------
    titles
        Of the published boundaries, by key.

    Returns
    -------
    pandas.DataFrame
        ``candidate`` (in words), ``right``, ``touching``, ``mean_error_ft``, ``median_error_ft``,
        ``in_range``.

    Examples
    --------
    >>> table = pd.DataFrame({"boundary_id": ["CA1", "CA1"], "factor": [1.3, None], "rows": [37, 37],
    ...     "right": [28, 17], "touching": [26, 37], "mean_error_ft": [1690.0, 2404.0],
    ...     "median_error_ft": [226.0, 472.0], "in_range": [True, True]})
    >>> fit_table(Fit(table, "fitted"), {"CA1": "District"})["candidate"].tolist()
    ["Cut by the State's routes (their length over 1.3): District", 'District']
    """
    names = [
        titles.get(str(key), str(key))
        if pd.isna(factor)
        else _("Cut by the State's routes (their length over {factor}): {name}").format(
            name=titles.get(str(key), str(key)), factor=factor
        )
        for key, factor in zip(fit.table["boundary_id"], fit.table["factor"], strict=True)
    ]
    columns = ["right", "touching", "mean_error_ft", "median_error_ft", "in_range"]
    return fit.table[columns].assign(candidate=names)[["candidate", *columns]]


def fit_words(fit: Fit) -> str:
    """Say what the boundaries were held against, and how well the best agrees; empty where there was no fit.

    Examples
    --------
    >>> table = pd.DataFrame({"rows": [37], "right": [28], "mean_error_ft": [1690.2]})
    >>> fit_words(Fit(table, "fitted"))[:52]
    'The best tells of 28 of 37 rows whether they touch t'
    """
    if fit.table.empty:
        return ""
    best = fit.table.iloc[0]
    return _(
        "The best tells of {right} of {rows} rows whether they touch the district or need a route; its ways "
        "differ by {error} feet on average. Only rows whose match can be trusted, and whose place we know, "
        "are counted. A boundary that the State's routes have cut is held against each row with that row "
        "left out. No range of costs goes over a boundary that differs by more than the State's longest way."
    ).format(right=int(best["right"]), rows=int(best["rows"]), error=to_words(best["mean_error_ft"], "count"))


def touching_table(names: pd.Series[str], state_ft: pd.Series[float], ways: pd.DataFrame) -> pd.DataFrame:
    """Tell how far systems are by the State's table, and by the boundary that fits it best.

    Parameters
    ----------
    names
        By pwsid, of the systems that are asked about.
    state_ft
        The State's own way by pwsid, in feet; 0 for an intersect. Systems that it does not tell of are NA.
    ways
        Index pwsid, as of :func:`geo.water.routes.measure_ways`, to the boundary that fits the State's table.

    Returns
    -------
    pandas.DataFrame
        Index pwsid: ``name``, ``state_ft``, ``fitted_ft``.

    Examples
    --------
    >>> ways = pd.DataFrame({"distance_ft": [120.0]}, index=["CA1"])
    >>> touching_table(pd.Series({"CA1": "Oasis"}), pd.Series({"CA1": 5028.7}), ways).values.tolist()
    [['Oasis', 5029.0, 120.0]]
    """
    table = pd.DataFrame({"name": names})
    table["state_ft"] = state_ft.reindex(table.index).astype(float).round()
    table["fitted_ft"] = ways["distance_ft"].reindex(table.index).astype(float).round()
    return table
