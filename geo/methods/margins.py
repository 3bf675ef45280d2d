"""Margins of error (90 %) of what is computed from American Community Survey estimates.

The formulas are those of the U.S. Census Bureau, *Understanding and Using American Community Survey
Data: What All Data Users Need to Know*, chapter 8. Each function takes numbers, arrays or Series, and
gives back the kind it was given: numbers give numbers, a Series gives a Series on the same index.

A missing value (None, NaN, NA, or one of the :data:`SENTINELS`) makes the result missing, never zero.
The formulas treat the estimates as independent, as the Bureau's do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import SchemaError, first_ids
from geo.language import gettext as _

__all__ = [
    "Estimate",
    "coefficient_of_variation",
    "percent_change",
    "product",
    "proportion",
    "ratio",
    "reliability",
    "significantly_different",
    "sum_estimates",
]

Values: TypeAlias = "float | Sequence[Any] | NDArray[Any] | pd.Series[Any] | pd.DataFrame"

Z_90 = 1.645
"""How many standard errors a margin of error is: a normal distribution's 90 %."""

SENTINELS = tuple(-111111111 * digit for digit in range(1, 10))
"""What the Census Bureau writes where there is no number: -666666666 and its kin."""

RELIABILITY = ("reliable", "use with caution", "unreliable")
"""The classes of :func:`reliability`, best first."""

RELIABILITY_TYPE = pd.CategoricalDtype(list(RELIABILITY), ordered=True)

RELIABLE_CV, CAREFUL_CV = 0.12, 0.40


class Estimate(NamedTuple):
    """An estimate and its margin of error (90 %), both in the estimate's unit."""

    estimate: Any
    moe: Any


def sum_estimates(estimates: Values, moes: Values) -> Estimate:
    """Sum estimates, with the margin of their sum.

    The margin is the root of the sum of squared margins. Where several estimates are zero only the
    largest of their margins counts, once (chapter 8, aggregating counts). A list, an array or a Series is
    summed to one number; a DataFrame or a two-dimensional array row by row. One missing estimate makes
    the sum missing, one missing margin the margin. Nothing to sum gives 0 with a margin of 0.

    Parameters
    ----------
    estimates
        Counts, or other quantities of one unit.
    moes
        Their margins of error, in the same shape.

    Returns
    -------
    Estimate
        The sum and its margin, in the same unit.

    Raises
    ------
    SchemaError
        Estimates and margins differ in shape or index, or a margin is negative.

    Examples
    --------
    >>> total, moe = sum_estimates([135173, 43104, 24842], [3860, 2642, 1957])
    >>> total, round(moe, 3)
    (203119.0, 5070.465)
    >>> round(sum_estimates([0, 0, 0, 41], [22, 22, 29, 37]).moe, 3)
    47.011
    """
    _require_same_index(estimates, moes)
    values, margins = np.atleast_1d(to_floats(estimates)), np.atleast_1d(_to_margins(moes))
    if values.shape != margins.shape:
        raise SchemaError(
            _("{estimates} estimates have {margins} margins of error").format(
                estimates=values.size, margins=margins.size
            ),
            _("give one margin an estimate"),
        )
    is_zero = values == 0
    squares = np.where(is_zero, 0.0, margins**2).sum(axis=-1)
    largest = np.where(is_zero, margins, 0.0).max(axis=-1, initial=0.0)
    index = estimates.index if isinstance(estimates, pd.DataFrame) else None
    return Estimate(_wrap(values.sum(axis=-1), index), _wrap(np.sqrt(squares + largest**2), index))


def ratio(numerator: Values, numerator_moe: Values, denominator: Values, denominator_moe: Values) -> Estimate:
    """Divide two estimates of which neither is part of the other.

    R = X / Y, and its margin is sqrt(moe_X^2 + R^2 moe_Y^2) / Y (chapter 8, ratios). A denominator of
    zero gives a missing ratio.

    Parameters
    ----------
    numerator, numerator_moe
        X and its margin.
    denominator, denominator_moe
        Y and its margin.

    Returns
    -------
    Estimate
        The ratio, and its margin in the same unit.

    Raises
    ------
    SchemaError
        Two Series differ in index, or a margin is negative.

    Examples
    --------
    >>> value, moe = ratio(226840, 5556.539, 203119, 5070)
    >>> round(value, 6), round(moe, 6)
    (1.116784, 0.039057)
    """
    inputs = (numerator, numerator_moe, denominator, denominator_moe)
    return _estimate(*_ratio(*_read_pairs(*inputs)), *inputs)


def proportion(
    numerator: Values, numerator_moe: Values, denominator: Values, denominator_moe: Values
) -> Estimate:
    """Divide an estimate by the total that it is part of.

    P = X / Y, and its margin is sqrt(moe_X^2 - P^2 moe_Y^2) / Y; where what stands under the root is
    negative, the margin of a ratio is used instead (chapter 8, proportions). A total of zero gives a
    missing proportion.

    Parameters
    ----------
    numerator, numerator_moe
        X, the part, and its margin.
    denominator, denominator_moe
        Y, the total, and its margin.

    Returns
    -------
    Estimate
        The proportion (0 to 1), and its margin in the same unit.

    Raises
    ------
    SchemaError
        Two Series differ in index, or a margin is negative.

    Examples
    --------
    >>> value, moe = proportion(203119, 5070, 630498, 831)
    >>> round(value, 6), round(moe, 6)
    (0.322156, 0.00803)
    >>> round(proportion(90, 5, 100, 20).moe, 4)
    0.1868
    """
    inputs = (numerator, numerator_moe, denominator, denominator_moe)
    x, x_moe, y, y_moe = _read_pairs(*inputs)
    share, ratio_moe = _ratio(x, x_moe, y, y_moe)
    under_root = x_moe**2 - share**2 * y_moe**2
    part_moe = np.sqrt(np.maximum(under_root, 0.0)) / np.abs(_nonzero(y))
    return _estimate(share, np.where(under_root < 0, ratio_moe, part_moe), *inputs)


def product(first: Values, first_moe: Values, second: Values, second_moe: Values) -> Estimate:
    """Multiply two estimates.

    The margin of A x B is sqrt(A^2 moe_B^2 + B^2 moe_A^2) (chapter 8, products).

    Parameters
    ----------
    first, first_moe
        A and its margin.
    second, second_moe
        B and its margin; a percentage goes in as a proportion.

    Returns
    -------
    Estimate
        The product and its margin.

    Raises
    ------
    SchemaError
        Two Series differ in index, or a margin is negative.

    Examples
    --------
    >>> value, moe = product(74506512, 228238, 0.824, 0.001)
    >>> round(value, 3), round(moe, 3)
    (61393365.888, 202288.989)
    """
    inputs = (first, first_moe, second, second_moe)
    a, a_moe, b, b_moe = _read_pairs(*inputs)
    return _estimate(a * b, np.hypot(a * b_moe, b * a_moe), *inputs)


def percent_change(earlier: Values, earlier_moe: Values, later: Values, later_moe: Values) -> Estimate:
    """Say by how many percent an estimate has changed.

    100 (later - earlier) / earlier; its margin is that of the ratio later / earlier, in percentage
    points (chapter 8, percent change). A change from zero is missing.

    Parameters
    ----------
    earlier, earlier_moe
        The estimate of the earlier period, and its margin.
    later, later_moe
        The estimate of the later period, and its margin. The periods must not overlap.

    Returns
    -------
    Estimate
        The change in percent, and its margin in percentage points.

    Raises
    ------
    SchemaError
        Two Series differ in index, or a margin is negative.

    Examples
    --------
    >>> value, moe = percent_change(135173, 3860, 139301, 4047)
    >>> round(value, 4), round(moe, 4)
    (3.0539, 4.1981)
    """
    inputs = (earlier, earlier_moe, later, later_moe)
    before, before_moe, after, after_moe = _read_pairs(*inputs)
    _, moe = _ratio(after, after_moe, before, before_moe)
    return _estimate(100 * (after - before) / _nonzero(before), 100 * moe, *inputs)


def significantly_different(first: Values, first_moe: Values, second: Values, second_moe: Values) -> Any:
    """Say whether two estimates differ at the 90 % level.

    They do where abs(A - B) / sqrt(SE_A^2 + SE_B^2) > 1.645, with SE = moe / 1.645 (chapter 7); two
    numbers without sampling error differ where they are not equal.

    Parameters
    ----------
    first, first_moe
        A and its margin.
    second, second_moe
        B and its margin.

    Returns
    -------
    bool, pandas.NA, boolean array or boolean Series
        NA where an estimate or a margin is missing.

    Raises
    ------
    SchemaError
        Two Series differ in index, or a margin is negative.

    Examples
    --------
    >>> significantly_different(135173, 3860, 139301, 4047)
    False
    >>> significantly_different(pd.Series([10, 10]), 3, pd.Series([20, -666666666]), 4).tolist()
    [True, <NA>]
    """
    inputs = (first, first_moe, second, second_moe)
    a, a_moe, b, b_moe = _read_pairs(*inputs)
    gap, margin = np.abs(a - b), np.hypot(a_moe, b_moe)
    answer = pd.array(np.atleast_1d(gap > margin), dtype="boolean")
    answer[np.atleast_1d(np.isnan(gap + margin))] = pd.NA
    return _wrap_labels(answer, np.ndim(gap), _index_of(*inputs))


def coefficient_of_variation(estimate: Values, moe: Values) -> Any:
    """Divide an estimate's standard error by the estimate.

    CV = (moe / 1.645) / abs(estimate), as a share: 0.12 is 12 %. Missing where the estimate is zero.

    Parameters
    ----------
    estimate, moe
        The estimate and its margin.

    Returns
    -------
    float, array or Series
        The coefficient of variation (0 and up, no unit).

    Raises
    ------
    SchemaError
        Two Series differ in index, or a margin is negative.

    Examples
    --------
    >>> round(coefficient_of_variation(203119, 5070.4648), 6)
    0.015175
    """
    _require_same_index(estimate, moe)
    value, error = to_floats(estimate), _to_margins(moe) / Z_90
    return _wrap(error / np.abs(_nonzero(value)), _index_of(estimate, moe))


def reliability(estimate: Values, moe: Values) -> Any:
    """Class an estimate by its coefficient of variation.

    Up to 12 % *reliable*, up to 40 % *use with caution*, beyond *unreliable* to be mapped alone. A zero
    with a margin is unreliable: its margin is beyond any share of it.

    Parameters
    ----------
    estimate, moe
        The estimate and its margin.

    Returns
    -------
    str, pandas.NA, or an ordered Categorical (for a Series: a Series of it)
        One of :data:`RELIABILITY`; NA where the estimate or the margin is missing.

    Raises
    ------
    SchemaError
        Two Series differ in index, or a margin is negative.

    Examples
    --------
    >>> reliability(203119, 5070)
    'reliable'
    >>> reliability(pd.Series([100, 100, 0]), pd.Series([40, 80, 12])).tolist()
    ['use with caution', 'unreliable', 'unreliable']
    """
    _require_same_index(estimate, moe)
    value, error = np.abs(to_floats(estimate)), _to_margins(moe) / Z_90
    codes = (error > RELIABLE_CV * value).astype(int) + (error > CAREFUL_CV * value)
    codes = np.atleast_1d(np.where(np.isnan(value + error), -1, codes))
    classes = pd.Categorical.from_codes(codes.tolist(), dtype=RELIABILITY_TYPE)
    return _wrap_labels(classes, np.ndim(value + error), _index_of(estimate, moe))


def _ratio(x: Any, x_moe: Any, y: Any, y_moe: Any) -> tuple[Any, Any]:
    """Ratio and its margin, of arrays."""
    divisor = _nonzero(y)
    value = x / divisor
    return value, np.hypot(x_moe, value * y_moe) / np.abs(divisor)


def _nonzero(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(values == 0, np.nan, values)


def _read_pairs(first: Values, first_moe: Values, second: Values, second_moe: Values) -> tuple[Any, ...]:
    _require_same_index(first, first_moe, second, second_moe)
    return to_floats(first), _to_margins(first_moe), to_floats(second), _to_margins(second_moe)


def to_floats(values: Values) -> NDArray[np.float64]:
    """Read numbers as floats, and what is missing, :data:`SENTINELS` included, as NaN.

    Raises
    ------
    SchemaError
        Something is not a number.

    Examples
    --------
    >>> to_floats([12, None, -666666666]).tolist()
    [12.0, nan, nan]
    """
    try:
        read = _read_floats(values)
    except (TypeError, ValueError) as error:
        words = _("not every value of {columns} is a number ({error})")
        raise SchemaError(
            words.format(columns=_not_numbers(values), error=error), _("leave what is missing empty")
        ) from error
    return np.where(np.isin(read, SENTINELS), np.nan, read)


def _not_numbers(values: Values) -> str:
    """Name the columns that hold something else than numbers; values without a name are a column."""
    if isinstance(values, pd.DataFrame):
        return first_ids(
            name
            for name, column in values.items()
            if pd.to_numeric(column, errors="coerce").isna().gt(column.isna()).any()
        )
    return str(getattr(values, "name", None) or _("a column"))


def _read_floats(values: Values) -> NDArray[np.float64]:
    if isinstance(values, pd.Series | pd.DataFrame):
        return values.to_numpy(dtype=float, na_value=np.nan)
    read = np.asarray(values)
    if read.dtype == object:
        read = np.where(pd.isna(read), np.nan, read)
    return read.astype(float)


def _to_margins(values: Values) -> NDArray[np.float64]:
    margins = to_floats(values)
    negative = margins[margins < 0]
    if negative.size:
        raise SchemaError(
            _("{count} margins of error are negative ({names})").format(
                count=negative.size, names=first_ids(negative.tolist())
            ),
            _("write what stands for a missing margin as NA"),
        )
    return margins


def _index_of(*inputs: Values) -> pd.Index[Any] | None:
    return next((values.index for values in inputs if isinstance(values, pd.Series)), None)


def _require_same_index(*inputs: Values) -> None:
    labeled = [values for values in inputs if isinstance(values, pd.Series | pd.DataFrame)]
    if any(not values.index.equals(labeled[0].index) for values in labeled[1:]):
        raise SchemaError(_("estimates and margins differ in index"), _("reindex one on the other"))


def _estimate(value: Any, moe: Any, *inputs: Values) -> Estimate:
    index = _index_of(*inputs)
    return Estimate(_wrap(value, index), _wrap(moe + 0 * value, index))


def _wrap(values: Any, index: pd.Index[Any] | None) -> Any:
    """Numbers as numbers, arrays as arrays, and what came from a Series on its index."""
    if index is not None:
        return pd.Series(values, index=index)
    return float(values) if np.ndim(values) == 0 else values


def _wrap_labels(values: Any, dimensions: int, index: pd.Index[Any] | None) -> Any:
    if index is not None:
        return pd.Series(values, index=index)
    if dimensions:
        return values
    label = values[0]
    if label is pd.NA or label != label:
        return pd.NA
    return bool(label) if isinstance(label, np.bool_) else label
