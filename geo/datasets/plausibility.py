"""Whether a built dataset can be believed: its values' limits, its joins, its counties, its wholes.

What the checks need to know of a column stands in its declaration; what they find is kept with the
record of the dataset, by row, and shown with the source that it comes from. They change no value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from geo.datasets.columns import Column, columns_of
from geo.datasets.declared import DATASETS, sources_of
from geo.datasets.findings import Finding, find, worth_telling

TOLERANCE = 1e-6
MUCH_FEWER = 0.8
FAR = 0.5
CALIFORNIA = "06"
CALIFORNIA_COUNTIES = frozenset(f"{CALIFORNIA}{code:03d}" for code in range(1, 116, 2))
Before = Mapping[str, int]
"""How many rows of the build before had a value, by column; all of its rows under an empty name."""


@dataclass(frozen=True, slots=True)
class Context:
    """What is known besides the frame.

    Attributes
    ----------
    dataset
        Its name.
    key
        The columns that name a row.
    counties
        GEOIDs of the region's counties.
    here
        The sources that are here.
    before
        Of the build before; empty where there was none.
    """

    dataset: str
    key: tuple[str, ...]
    counties: tuple[str, ...]
    here: frozenset[str] = frozenset()
    before: Before = field(default_factory=dict)


def count_filled(frame: pd.DataFrame) -> dict[str, int]:
    """Count the rows with a value, by column; all rows stand under an empty name.

    Examples
    --------
    >>> count_filled(pd.DataFrame({"geoid": ["1", "2"], "score": [None, 3.0]}))
    {'': 2, 'geoid': 2, 'score': 1}
    """
    return {"": len(frame), **{str(name): int(frame[name].notna().sum()) for name in frame}}


def examine(frame: pd.DataFrame, context: Context) -> tuple[Finding, ...]:
    """Say what of a dataset cannot be, or is hard to believe.

    Parameters
    ----------
    frame
        The dataset, in the units that its columns declare; missing values pass.

    Examples
    --------
    >>> frame = pd.DataFrame({"pwsid": ["CA1", "CA2"], "median_household_income_usd": [4_486.0, 52_000.0]})
    >>> [(item.check, item.ids) for item in examine(frame, Context("water_systems", ("pwsid",), ("06065",)))]
    [('value_unlikely', ('CA1',))]
    """
    columns = {name: column for name, column in columns_of(context.dataset).items() if name in frame}
    first, *others = (frame[name].astype(str) for name in context.key)
    names = first.str.cat(pd.concat(others, axis=1), sep=" ") if others else first
    found: list[Finding] = []
    for name, column in columns.items():
        subject = column.source or subject_of(context.dataset)
        if column.kind == "number":
            found += _number_findings(frame, name, columns, names, subject)
        elif column.county:
            found.append(_unknown_counties(frame[name], names, subject, context))
    found += _join_findings(frame, columns, context)
    if context.dataset == "people_served":
        found.append(_far_from_count(frame, subject_of(context.dataset)))
    return worth_telling(found)


def subject_of(dataset: str) -> str:
    """Name the source with which a dataset's findings are shown: its own first one, or that of its inputs.

    An optional source, which may not be here, is named only where the dataset stands on no other dataset.

    Examples
    --------
    >>> subject_of("water_systems"), subject_of("people_served")
    ('water_system_boundaries', 'ca_htc_index_2019')
    """
    declared = DATASETS[dataset]
    own = declared.sources or (() if declared.inputs else declared.optional)
    return (own or sources_of(dataset))[0]


def _number_findings(
    frame: pd.DataFrame, name: str, columns: Mapping[str, Column], names: pd.Series[str], subject: str
) -> Iterator[Finding]:
    column, values = columns[name], _floats(frame[name])
    told = {"of": int(values.notna().sum()), **_titled(column)}
    lowest = -np.inf if column.low is None else column.low
    highest = np.inf if column.high is None else column.high
    impossible = _outside(values, lowest, highest)
    wrong = find("value_impossible", subject, names[impossible], limits=_limits(lowest, highest), **told)
    yield replace(wrong, severity="error")
    if column.likely is not None:
        doubtful = _outside(values, *column.likely) & ~impossible
        yield find("value_unlikely", subject, names[doubtful], limits=_limits(*column.likely), **told)
    if column.part_of in frame:
        over = values - _floats(frame[column.part_of]) > _margin(frame, name, column.part_of) + TOLERANCE
        yield find("part_exceeds", subject, names[over], whole=columns[column.part_of].title, **told)
    if column.near in frame:
        other = _floats(frame[column.near])
        gap = (values - other).abs()
        moved = (gap > _margin(frame, name, column.near)) & (gap > FAR * other)
        yield find("vintages_differ", subject, names[moved], other=columns[column.near].title, **told)


def _titled(column: Column) -> dict[str, Any]:
    """Name a column in a finding, by its marked title and the words around it."""
    return {"column": column.title, **({"form": column.form} if column.form else {})}


def _limits(lowest: float, highest: float) -> str:
    return f"{lowest:,g} – {highest:,g}".replace("inf", "∞")


def _floats(values: pd.Series) -> pd.Series[float]:
    return pd.Series(values.to_numpy(dtype=float, na_value=np.nan), index=values.index)


def _outside(values: pd.Series[float], lowest: float, highest: float) -> pd.Series[bool]:
    return (values < lowest - TOLERANCE) | (values > highest + TOLERANCE)


def _margin(frame: pd.DataFrame, *names: str) -> pd.Series[float]:
    """Compute the margin of error (90 percent) of a difference; a column without one is taken as exact."""
    given = [_floats(frame[f"{name}_moe"]).fillna(0.0) ** 2 for name in names if f"{name}_moe" in frame]
    return sum(given, pd.Series(0.0, index=frame.index)) ** 0.5


def _unknown_counties(
    values: pd.Series[str], names: pd.Series[str], subject: str, context: Context
) -> Finding:
    """Find rows whose county does not exist: none of the region's, and none of California's 58."""
    known = values.isin([*context.counties, *CALIFORNIA_COUNTIES]) | ~values.str.startswith(CALIFORNIA)
    wrong = values.notna() & ~known.fillna(True).astype(bool)
    return replace(
        find("county_unknown", subject, names[wrong], of=int(values.notna().sum())), severity="error"
    )


def _join_findings(frame: pd.DataFrame, columns: Mapping[str, Column], context: Context) -> Iterator[Finding]:
    """Find sources that joined nothing, or far fewer rows than in the build before, and rows gone."""
    filled, before = count_filled(frame), context.before
    had = before.get("", 0)
    if filled[""] < MUCH_FEWER * had:
        yield Finding("rows_fewer", subject_of(context.dataset), filled[""], of=had)
    for source in sorted(context.here & {column.source for column in columns.values()}):
        ours = [name for name, column in columns.items() if column.source == source]
        fullest = max(ours, key=lambda name: filled[name])
        share, share_before = filled[fullest] / max(len(frame), 1), before.get(fullest, 0) / max(had, 1)
        if not filled[fullest]:
            yield Finding("join_empty", source, len(frame), values={"dataset": context.dataset})
        elif share < MUCH_FEWER * share_before:
            told = {**_titled(columns[fullest]), "before": before[fullest], "had": had}
            yield Finding("join_fewer", source, filled[fullest], of=len(frame), values=told)


def _far_from_count(frame: pd.DataFrame, subject: str) -> Finding:
    """Find places where the survey has more than twice, or less than half, the people of the 2020 count."""
    places = frame[frame["target_kind"] == "place"].set_index(["variable", "target_id"])
    given = {name: _of_variable(places, name) for name in ("population", "population_2020")}
    survey, count = (table["estimate"].astype(float) for table in given.values())
    count = count.reindex(survey.index)
    margin = given["population"]["moe"].astype(float).fillna(0.0)
    far = ((survey > 2 * count) | (survey < count / 2)) & ((survey - count).abs() > margin)
    both = int((survey.notna() & count.notna()).sum())
    return find("place_far_from_count", subject, survey.index[far], of=both)


def _of_variable(places: pd.DataFrame, name: str) -> pd.DataFrame:
    return places[places.index.get_level_values("variable") == name].droplevel("variable")
