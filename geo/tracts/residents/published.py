"""What the Census Bureau publishes for a place itself: it goes before what is made from tracts."""

from __future__ import annotations

import pandas as pd

from geo.methods.margins import sum_estimates
from geo.tracts.acs_indicators import UNIVERSES
from geo.tracts.vintages import Survey

METHOD = "published_survey"
"""Method of a figure that the publisher gives for the area itself."""

_ORIGINS, _ABILITIES = ("native", "foreign_born"), ("not_well", "not_at_all")
_LANGUAGES = ("spanish", "indo_european", "asian", "other")

CELLS: dict[str, tuple[str, ...]] = {
    "population": ("population",),
    "uninsured": tuple(f"uninsured_{ages}" for ages in ("under_19", "19_to_34", "35_to_64", "65_and_over")),
    "limited_english_persons": tuple(
        f"limited_english_{origin}_{language}_{ability}"
        for origin in _ORIGINS
        for language in _LANGUAGES
        for ability in _ABILITIES
    ),
    "poverty": ("poverty",),
    "households": ("households",),
    "no_vehicle_households": ("no_vehicle_households",),
    **{name: (name,) for name in UNIVERSES},
}
"""The cells whose sum each of :data:`geo.tracts.residents.estimate.VARIABLES` is."""


def to_published(acs: pd.DataFrame) -> pd.DataFrame:
    """Sum the cells of ACS tables of places into the variables that are told of an area.

    Parameters
    ----------
    acs
        A vintage of the source ``acs_5year_places`` with our columns: ``geoid`` (seven digits), cells and
        their ``_moe``.

    Returns
    -------
    pandas.DataFrame
        A row a place and variable: ``target_id``, ``variable``, ``estimate`` (people or households) and
        ``moe`` (90 %). What misses a cell or a margin has no row.

    Examples
    --------
    >>> names = [cell for cells in CELLS.values() for cell in cells]
    >>> table = pd.DataFrame([{name: 3.0 for name in names} | {f"{name}_moe": 4.0 for name in names}])
    >>> rows = to_published(table.assign(geoid="0646660")).set_index("variable")
    >>> rows.loc["uninsured", ["estimate", "moe"]].tolist()
    [12.0, 8.0]
    """
    table = acs.set_index("geoid")
    parts = []
    for name, cells in CELLS.items():
        sums = sum_estimates(table[list(cells)], table[[f"{cell}_moe" for cell in cells]])
        rows = pd.DataFrame({"estimate": sums.estimate, "moe": sums.moe}, index=table.index).dropna()
        parts.append(rows.rename_axis("target_id").reset_index().assign(variable=name))
    return pd.concat(parts, ignore_index=True)


def take_published(rows: pd.DataFrame, published: pd.DataFrame, survey: Survey) -> pd.DataFrame:
    """Put the publisher's own figures of places before what was made from tracts; counts stay.

    Parameters
    ----------
    rows
        Rows of places, as :func:`geo.tracts.residents.areas.serve_outlines` lays them out.
    published
        From :func:`to_published`; places that are not among the rows take no part.
    survey
        The vintage that they are of.

    Returns
    -------
    pandas.DataFrame
        The same rows. A published figure is whole: covered, without guesswork, its margin of sampling alone.

    Examples
    --------
    >>> row = {"target_id": "0646660", "variable": "poverty", "estimate": 300.0, "moe": 200.0}
    >>> row |= {"moe_sampling": 90.0, "coverage": 0.9, "share_guesswork": 1.0, "share_by_area": 0.5}
    >>> own = {"target_id": "0646660", "variable": "poverty", "estimate": 410.0, "moe": 80.0}
    >>> row |= {"method": "interpolated", "source": "acs_5year_2024", "vintage": "2020-2024, 2020 tracts"}
    >>> survey = Survey("acs_5year_places_2024", "2020-2024, places")
    >>> told = take_published(pd.DataFrame([row]), pd.DataFrame([own]), survey)
    >>> told[["estimate", "moe", "share_guesswork", "method"]].to_dict("list")
    {'estimate': [410.0], 'moe': [80.0], 'share_guesswork': [0.0], 'method': ['published_survey']}
    >>> told[["source", "vintage"]].values.tolist()
    [['acs_5year_places_2024', '2020-2024, places']]
    """
    names = ["target_id", "variable"]
    own = published.set_index(names).reindex(pd.MultiIndex.from_frame(rows[names].astype(str)))
    known = own["estimate"].notna().to_numpy()
    taken = rows.copy()
    estimate, moe = (own[name].to_numpy(float)[known] for name in ("estimate", "moe"))
    taken.loc[known, "estimate"] = estimate
    taken.loc[known, "moe"] = moe
    taken.loc[known, "moe_sampling"] = moe
    taken.loc[known, ["coverage", "share_guesswork", "share_by_area"]] = [1.0, 0.0, 0.0]
    taken.loc[known, ["method", "source", "vintage"]] = [METHOD, survey.source, survey.vintage]
    return taken
