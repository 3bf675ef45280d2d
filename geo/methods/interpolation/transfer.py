"""Values moved by shares: the sums by target, the margins, and the ledger.

The sums are kept apart from what is made of them, so that those of several parts of a source can be
added up before (:mod:`geo.methods.interpolation.partitions`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from geo.errors import SchemaError, first_ids
from geo.language import gettext as _
from geo.methods.interpolation.intersections import Floats, Ints
from geo.methods.interpolation.ledger import COLUMNS as LEDGER_COLUMNS
from geo.methods.interpolation.ledger import Ledger, ledger_line
from geo.methods.interpolation.overlay import sum_by
from geo.methods.interpolation.shares import COLUMNS, Shares
from geo.methods.margins import to_floats

Names = str | Sequence[str]

NEGLIGIBLE = 1e-9
"""Share of a source unit below which what is lost or repeated is rounding, and not listed."""


@dataclass(frozen=True, slots=True)
class Interpolation:
    """What came of moving quantities.

    Attributes
    ----------
    values
        On the target's index: each variable, ``<name>_moe`` where there is a margin, and ``coverage``,
        the share of the target's area that the source covers (0 to 1).
    ledger
        On the variables' names, with the columns of :mod:`geo.methods.interpolation.ledger`. Of an extensive
        variable, the amounts are in its unit; of an intensive one, in its unit times the area (or weight) it
        holds for, since only that has a total.
    """

    values: pd.DataFrame
    ledger: pd.DataFrame

    def to_ledger(self, title: str, source: str, target: str) -> Ledger:
        """Return the account under a title, between two named datasets.

        Examples
        --------
        >>> empty = Interpolation(pd.DataFrame(), pd.DataFrame(columns=list(LEDGER_COLUMNS)))
        >>> empty.to_ledger("people", "tracts", "towns").title
        'people'
        """
        return Ledger(title, source, target, self.ledger)


@dataclass(frozen=True, slots=True)
class Plan:
    """Which columns to move, how, and with which margins."""

    extensive: tuple[str, ...]
    intensive: tuple[str, ...]
    moe: Mapping[str, str]

    @property
    def variables(self) -> tuple[str, ...]:
        """All estimates, in the order of the answer."""
        return (*self.extensive, *self.intensive)


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums by target that add up over parts of the source.

    ``by_target`` has for each variable ``(name, "moved")``, the sum of weight x value;
    ``(name, "weight")`` and ``(name, "known")``, the sum and count of weights whose value is known; and
    ``(name, "square")``, the sum of (weight x moe)^2. ``lines`` is the ledger.
    """

    by_target: pd.DataFrame
    lines: pd.DataFrame


def to_plan(
    source: pd.DataFrame, extensive: Names = (), intensive: Names = (), moe: Mapping[str, str] | None = None
) -> Plan:
    """Check which columns to move.

    Raises
    ------
    SchemaError
        Columns are absent or named twice, or a margin belongs to no variable.

    Examples
    --------
    >>> to_plan(pd.DataFrame({"people": [1]}), "people").extensive
    ('people',)
    """
    plan = Plan(_names(extensive), _names(intensive), dict(moe or {}))
    require_columns(source, (*plan.variables, *plan.moe.values()), "source")
    results = [*plan.variables, *(f"{name}_moe" for name in plan.moe), "coverage"]
    doubled = {name for name in results if results.count(name) > 1}
    if doubled:
        raise SchemaError(
            _("{count} columns of the answer would stand twice ({names})").format(
                count=len(doubled), names=first_ids(sorted(doubled))
            ),
            _("name each variable once, either extensive or intensive"),
        )
    strangers = [name for name in plan.moe if name not in plan.variables]
    if strangers:
        raise SchemaError(
            _("{count} margins belong to no variable ({names})").format(
                count=len(strangers), names=first_ids(strangers)
            ),
            _("name their estimates in extensive or intensive"),
        )
    return plan


def require_columns(table: pd.DataFrame, names: Iterable[str], title: str) -> None:
    """Raise unless a table has all columns.

    Raises
    ------
    SchemaError
        Some are absent.

    Examples
    --------
    >>> require_columns(pd.DataFrame({"people": [1]}), ["people"], "source")
    """
    absent = [name for name in dict.fromkeys(names) if name not in table.columns]
    if absent:
        raise SchemaError(
            _("{count} columns of the {title} are absent ({names})").format(
                count=len(absent), title=title, names=first_ids(absent)
            ),
            _("it has {choices}").format(choices=first_ids(table.columns)),
        )


def apply_crosswalk(
    table: pd.DataFrame,
    source: pd.DataFrame,
    *,
    extensive: Names = (),
    intensive: Names = (),
    moe: Mapping[str, str] | None = None,
    target_index: pd.Index[Any] | None = None,
) -> Interpolation:
    """Move quantities by a crosswalk that was made before.

    Gives what the call that made the crosswalk would give for these columns. Source units that
    the crosswalk does not name are lost.

    Parameters
    ----------
    table
        What :func:`geo.methods.interpolation.shares.crosswalk` returned, or the same columns read from a
        file.
    source
        The variables, on the source's labels.
    extensive, intensive, moe
        As in :func:`interpolate_areal`.
    target_index
        The targets' labels, for those that no source unit meets; without it, the crosswalk's own.

    Returns
    -------
    Interpolation
        Values on the targets' labels, and the ledger. That of an intensive variable leaves out source
        units that the crosswalk does not name, since it does not say how much area (weight) they have.

    Raises
    ------
    SchemaError
        Columns are absent, or the crosswalk names units that are not in ``source`` or ``target_index``.

    Examples
    --------
    >>> table = pd.DataFrame({
    ...     "source": ["a", "a"], "target": ["t", "u"], "area_m2": [1.0, 3.0], "weight": [1.0, 3.0],
    ...     "share_of_source": [0.25, 0.75], "share_of_target": [1.0, 1.0],
    ...     "source_covered": [1.0, 1.0], "target_covered": [1.0, 1.0],
    ... })
    >>> people = pd.DataFrame({"people": [100]}, index=["a"])
    >>> apply_crosswalk(table, people, extensive="people").values["people"].to_dict()
    {'t': 25.0, 'u': 75.0}
    """
    require_columns(table, COLUMNS, "crosswalk")
    plan = to_plan(source, extensive, intensive, moe)
    targets = pd.Index(table["target"].unique()) if target_index is None else target_index
    return transfer(_read_shares(table, source.index, targets), source, targets, plan)


def split_share(table: pd.DataFrame, values: pd.Series[Any]) -> pd.Series[float]:
    """Say which share of each target's quantity is guesswork: it comes from source units that were split.

    Sum of the parts of split units / sum of all parts. A unit that lies wholly inside a target is not
    split; one that lies across its edge is, and where in it people live was assumed. Missing values take
    no part; missing where a target received nothing.

    Parameters
    ----------
    table
        A crosswalk, by area or by weight.
    values
        An extensive variable, none of it negative, on the source's labels.

    Returns
    -------
    pandas.Series
        Share (0 to 1), on the crosswalk's targets.

    Raises
    ------
    SchemaError
        The crosswalk names units that ``values`` does not have.

    Examples
    --------
    >>> table = pd.DataFrame(
    ...     {"source": ["a", "b"], "target": ["t", "t"], "share_of_source": [1.0, 0.5]}
    ... )
    >>> split_share(table, pd.Series({"a": 30, "b": 20})).to_dict()
    {'t': 0.25}
    """
    share = table["share_of_source"]
    part = share * to_floats(values)[_positions(table, "source", values.index)]
    total = part.groupby(table["target"]).sum()
    split = part.where(share < 1 - NEGLIGIBLE, 0.0).groupby(table["target"]).sum()
    return split / total.where(total > 0)


def transfer(shares: Shares, source: pd.DataFrame, targets: pd.Index[Any], plan: Plan) -> Interpolation:
    """Move the columns of a plan by shares that are known."""
    sums = sum_up(shares, source, targets, plan)
    values = to_values(sums.by_target, plan)
    return Interpolation(values.assign(coverage=shares.target_covered), sums.lines)


def sum_up(shares: Shares, source: pd.DataFrame, targets: pd.Index[Any], plan: Plan) -> Sums:
    """Sum weights and values by target, and keep the account."""
    columns: dict[tuple[str, str], Floats] = {}
    lines: dict[str, dict[str, Any]] = {}
    for name in plan.variables:
        is_intensive = name in plan.intensive
        weight = shares.weight if is_intensive else shares.share
        values = to_floats(source[name])
        is_known = ~np.isnan(values[shares.source])
        pairs = {
            "moved": weight * values[shares.source],
            "weight": weight,
            "known": np.ones(len(weight)),
        }
        if name in plan.moe:
            pairs["square"] = _squares(weight, to_floats(source[plan.moe[name]])[shares.source])
        for key, numbers in pairs.items():
            columns[name, key] = sum_by(shares.target[is_known], numbers[is_known], len(targets))
        amounts = values * (shares.source_size if is_intensive else 1.0)
        lines[name] = _line(shares, amounts, float(columns[name, "moved"].sum()), source.index)
    by_target = pd.DataFrame(columns, index=targets)
    ledger = pd.DataFrame.from_dict(lines, orient="index", columns=list(LEDGER_COLUMNS))
    return Sums(by_target, ledger.rename_axis("variable"))


def to_values(by_target: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Make values and margins from sums; what has no known value is missing."""
    columns: dict[str, pd.Series[float]] = {}
    for name in plan.variables:
        sums = by_target[name]
        divisor = sums["weight"].where(sums["weight"] > 0) if name in plan.intensive else 1.0
        columns[name] = sums["moved"].where(sums["known"] > 0) / divisor
        if name in plan.moe:
            columns[f"{name}_moe"] = np.sqrt(sums["square"].where(sums["known"] > 0)) / divisor
    return pd.DataFrame(columns, index=by_target.index)


def _names(names: Names) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names)


def _squares(weight: Floats, moe: Floats) -> Floats:
    """(weight x moe)^2; a margin that is not known does not matter where the weight is zero."""
    return np.where(weight > 0, weight * moe, 0.0) ** 2


def _line(shares: Shares, amounts: Floats, out: float, labels: pd.Index[Any]) -> dict[str, Any]:
    """Account for the amounts of the source units: where they went, and which ones did not."""
    received = sum_by(shares.source, shares.share, len(amounts))
    lost, repeated = 1.0 - shares.source_covered, received - shares.source_covered
    known = np.nan_to_num(amounts)
    return ledger_line(
        float(known.sum()),
        out,
        lost=float((known * lost).sum()),
        counted_more_than_once=float((known * repeated).sum()),
        missing=int(np.isnan(amounts).sum()),
        units_lost=_labels(labels, (lost > NEGLIGIBLE) & (known != 0)),
        units_repeated=_labels(labels, (repeated > NEGLIGIBLE) & (known != 0)),
    )


def _labels(labels: pd.Index[Any], chosen: Any) -> list[str]:
    return [str(label) for label in labels[chosen]]


def _read_shares(table: pd.DataFrame, sources: pd.Index[Any], targets: pd.Index[Any]) -> Shares:
    """Turn a crosswalk's table back into positions."""
    source, target = _positions(table, "source", sources), _positions(table, "target", targets)
    area, weight = table["area_m2"].to_numpy(float), table["weight"].to_numpy(float)
    share = table["share_of_source"].to_numpy(float)
    size = np.divide(weight, share, out=np.zeros_like(weight), where=share > 0)
    return Shares(
        source=source,
        target=target,
        area=area,
        weight=weight,
        share=share,
        source_size=_by_position(source, size, len(sources)),
        source_covered=_by_position(source, table["source_covered"].to_numpy(float), len(sources)),
        target_size=np.full(len(targets), np.nan),
        target_covered=_by_position(target, table["target_covered"].to_numpy(float), len(targets)),
    )


def _by_position(positions: Ints, numbers: Floats, count: int) -> Floats:
    """Spread numbers that are given pair by pair over units: the largest that a unit has, or 0."""
    result = np.zeros(count)
    np.maximum.at(result, positions, numbers)
    return result


def _positions(table: pd.DataFrame, column: str, labels: pd.Index[Any]) -> Ints:
    positions = labels.get_indexer(pd.Index(table[column]))
    unknown = table[column][positions < 0].unique()
    if len(unknown):
        raise SchemaError(
            _("{count} units of the crosswalk's column {column} are not there ({names})").format(
                count=len(unknown), column=column, names=first_ids(unknown)
            ),
            _("use the crosswalk with the layers that it was made from"),
        )
    return positions.astype(np.int64)
