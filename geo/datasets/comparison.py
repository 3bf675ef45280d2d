"""What moved between two builds of a dataset: rows, columns, and values by column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.datasets.columns import Column
from geo.errors import first_ids

RELATIVE = 1e-9
NOT_ADDED = ("share", "percent", "points", "ratio", "rank", "year", "as_unit", "variable")
"""Units of which a sum says nothing: their mean is told."""


@dataclass(frozen=True, slots=True)
class ColumnMove:
    """How the values of one column moved, in the rows that both builds have.

    Attributes
    ----------
    column
        Its name.
    moved, of
        How many rows have another value, of how many.
    largest
        For a number: the row with the largest change, its value before and now; None where no row has
        both.
    total
        For a number: ``sum`` or ``mean``, before and now, of all rows with a value.
    gained, lost
        Rows that have a value now and had none, and the other way about.
    """

    column: str
    moved: int
    of: int
    largest: tuple[str, float, float] | None = None
    total: tuple[str, float, float] | None = None
    gained: int = 0
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Moved:
    """What moved of one dataset; ``rows`` are those before and now, None where it was not built."""

    dataset: str
    rows: tuple[int | None, int | None]
    added: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    columns_added: tuple[str, ...] = ()
    columns_gone: tuple[str, ...] = ()
    columns: tuple[ColumnMove, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether both builds are the same, row by row."""
        parts = (self.added, self.gone, self.columns_added, self.columns_gone, self.columns)
        return self.rows[0] == self.rows[1] and not any(parts)


def compare_frames(
    dataset: str,
    key: tuple[str, ...],
    before: pd.DataFrame | None,
    now: pd.DataFrame | None,
    columns: Mapping[str, Column],
) -> Moved:
    """Compare two builds of a dataset, row by row as the key names them.

    Numbers are the same up to a billionth of their size; missing is the same as missing, and another than 0.

    Parameters
    ----------
    before, now
        None where it was not built.

    Examples
    --------
    >>> before, now = (pd.DataFrame({"geoid": ["1", "2"], "people": people}) for people in ([5, 7], [5, 9]))
    >>> compare_frames("towns", ("geoid",), before, now, {}).columns[0].largest
    ('2', 7.0, 9.0)
    """
    rows = tuple(None if frame is None else len(frame) for frame in (before, now))
    if before is None or now is None:
        return Moved(dataset, (rows[0], rows[1]))
    old, new = _named(before, key), _named(now, key)
    both = old.index.intersection(new.index, sort=False)
    moves = [
        _move(str(name), old, new, both, columns.get(str(name)))
        for name in new
        if name in old and name not in key
    ]
    return Moved(
        dataset,
        (rows[0], rows[1]),
        tuple(new.index.difference(old.index)),
        tuple(old.index.difference(new.index)),
        tuple(str(name) for name in new if name not in old),
        tuple(str(name) for name in old if name not in new),
        tuple(move for move in moves if move is not None),
    )


def _named(frame: pd.DataFrame, key: tuple[str, ...]) -> pd.DataFrame:
    """Put the rows under their names; a name that comes twice, which no valid build has, is numbered."""
    first, *others = (frame[name].astype(str) for name in key)
    names = first.str.cat(pd.concat(others, axis=1), sep=" ") if others else first
    twice = names.groupby(names).cumcount()
    return frame.set_axis(names.where(twice == 0, names + " #" + twice.astype(str)))


def _move(
    name: str, old: pd.DataFrame, new: pd.DataFrame, both: pd.Index[str], column: Column | None
) -> ColumnMove | None:
    before, now = old.loc[both, name], new.loc[both, name]
    numbers = all(
        pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
        for values in (before, now)
    )
    differ = _differ_numbers(before, now) if numbers else _differ(before, now)
    moved = int(differ.sum())
    totals = _totals(old[name], new[name], column) if numbers else None
    if not moved and (totals is None or np.isclose(totals[1], totals[2], rtol=RELATIVE, equal_nan=True)):
        return None
    gained = int((before.isna() & now.notna()).sum())
    lost = int((before.notna() & now.isna()).sum())
    largest = _largest(_floats(before), _floats(now)) if numbers else None
    return ColumnMove(name, moved, len(both), largest, totals, gained, lost)


def _floats(values: pd.Series) -> pd.Series[float]:
    return pd.Series(values.to_numpy(dtype=float, na_value=np.nan), index=values.index)


def _differ_numbers(before: pd.Series, now: pd.Series) -> np.ndarray[Any, np.dtype[np.bool_]]:
    return ~np.isclose(_floats(before), _floats(now), rtol=RELATIVE, atol=0.0, equal_nan=True)


def _differ(before: pd.Series, now: pd.Series) -> np.ndarray[Any, np.dtype[np.bool_]]:
    if isinstance(before, gpd.GeoSeries) and isinstance(now, gpd.GeoSeries):
        shapes = zip(shapely.to_wkb(before.to_numpy()), shapely.to_wkb(now.to_numpy()), strict=True)
        return np.array([one != two for one, two in shapes], dtype=bool)
    gone, lost = (values.isna().to_numpy(dtype=bool) for values in (before, now))
    words = zip(before.astype("object").astype(str), now.astype("object").astype(str), strict=True)
    other = np.array([one != two for one, two in words], dtype=bool)
    return np.where(gone | lost, gone != lost, other)


def _largest(before: pd.Series[float], now: pd.Series[float]) -> tuple[str, float, float] | None:
    gap = (now - before).abs()
    if not (gap > 0).any():
        return None
    place = int(np.nanargmax(gap.to_numpy()))
    return str(gap.index[place]), float(before.iloc[place]), float(now.iloc[place])


def _totals(before: pd.Series, now: pd.Series, column: Column | None) -> tuple[str, float, float]:
    averaged = column is not None and (column.unit in NOT_ADDED or column.form != "")
    one, two = _floats(before), _floats(now)
    if averaged:
        return "mean", float(one.mean()), float(two.mean())
    return "sum", float(one.sum()), float(two.sum())


def to_lines(moved: Moved) -> Iterator[str]:
    """Put into lines of text what moved of a dataset, also that nothing did.

    Examples
    --------
    >>> list(to_lines(Moved("roads", (792, 792))))
    ['roads: nothing moved (rows: 792)']
    >>> list(to_lines(Moved("roads", (None, 792))))
    ['roads: built for the first time (rows: 792)']
    """
    before, now = moved.rows
    if before is None or now is None:
        yield f"{moved.dataset}: {_first_or_gone(before, now)}"
    elif moved.nothing:
        yield f"{moved.dataset}: nothing moved (rows: {now:,})"
    else:
        yield f"{moved.dataset}: rows before: {before:,}, now: {now:,}"
        parts = {
            "rows added": moved.added,
            "rows gone": moved.gone,
            "columns added": moved.columns_added,
            "columns gone": moved.columns_gone,
        }
        yield from (
            f"  {words}: {len(names):,} ({first_ids(names)})" for words, names in parts.items() if names
        )
        yield from (f"  {_column_words(move)}" for move in moved.columns)


def _first_or_gone(before: int | None, now: int | None) -> str:
    if now is None:
        return (
            "not built, before or now" if before is None else f"not built any more (rows before: {before:,})"
        )
    return f"built for the first time (rows: {now:,})"


def _column_words(move: ColumnMove) -> str:
    parts = [f"{move.column}: {move.moved:,} of {move.of:,} values moved"]
    if move.gained or move.lost:
        parts.append(f"{move.gained:,} were empty, {move.lost:,} are empty now")
    if move.largest is not None:
        name, before, now = move.largest
        parts.append(f"most in {name}, from {before:,.10g} to {now:,.10g}")
    if move.total is not None:
        word, before, now = move.total
        parts.append(f"{word} from {before:,.10g} to {now:,.10g}")
    return "; ".join(parts)
