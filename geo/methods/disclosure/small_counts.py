"""Small counts that are not shown to others: those from 1 to 9, and what would give them away.

A count of zero is shown: it tells of nobody. Where parts stand beside their total, hiding one part alone
would let it be subtracted; then further parts are hidden too (complementary suppression), until at least two
are hidden and together they are no small count themselves.
"""

from __future__ import annotations

import pandas as pd

LEAST = 10


def is_small(count: float) -> bool:
    """Whether a count is too small to be shown to others.

    Examples
    --------
    >>> is_small(0), is_small(1), is_small(9), is_small(10)
    (False, True, True, False)
    """
    return 0 < count < LEAST


def shown(count: int | None) -> int | None:
    """Return a count, or None where it is small.

    Examples
    --------
    >>> shown(9), shown(10)
    (None, 10)
    """
    return None if count is None or is_small(count) else count


def to_tens(count: int) -> int:
    """Round a count that others see down to tens: one return more or less does not show in it.

    Examples
    --------
    >>> to_tens(40), to_tens(47)
    (40, 40)
    """
    return count - count % LEAST


def shown_part(part: int, whole: int) -> int | None:
    """Return a part of a whole that is shown too; None where it or the rest is small.

    Examples
    --------
    >>> shown_part(30, 70), shown_part(65, 70), shown_part(4, 70)
    (30, None, None)
    """
    return None if is_small(part) or is_small(whole - part) else part


def suppress(counts: pd.Series[int], *, with_total: bool = True) -> pd.Series[int]:
    """Hide small counts of parts that add up to a total.

    Parameters
    ----------
    counts
        Whole numbers from 0 on; parts of one total.
    with_total
        Whether the total is shown beside them.

    Returns
    -------
    pandas.Series
        ``Int64``; NA where hidden.

    Examples
    --------
    >>> suppress(pd.Series([40, 12, 3])).tolist()
    [40, <NA>, <NA>]
    >>> suppress(pd.Series([40, 12, 3]), with_total=False).tolist()
    [40, 12, <NA>]
    """
    hidden = (counts > 0) & (counts < LEAST)
    if with_total and hidden.any():
        for label in counts[~hidden & (counts > 0)].sort_values(kind="stable").index:
            if hidden.sum() >= 2 and counts[hidden].sum() >= LEAST:
                break
            hidden[label] = True
    return counts.astype("Int64").mask(hidden)


def suppress_curve(totals: pd.Series[float]) -> pd.Series[float]:
    """Leave out days of a running total until it has grown by ten at least: no step is a small count.

    Examples
    --------
    >>> suppress_curve(pd.Series([4.0, 12.0, 15.0, 30.0])).tolist()
    [12.0, 30.0]
    """
    kept, last = [], 0.0
    for place, total in enumerate(totals):
        if total - last >= LEAST:
            kept.append(place)
            last = float(total)
    return totals.iloc[kept]


def is_settled(count: int, totals: pd.Series[float]) -> bool:
    """Whether a count can stand beside its running total as others see it, which may end a step before.

    Examples
    --------
    >>> is_settled(65, pd.Series([60.0, 65.0])), is_settled(60, pd.Series([50.0, 60.0]))
    (False, True)
    """
    shown_totals = suppress_curve(totals)
    return not is_small(count - (float(shown_totals.iloc[-1]) if len(shown_totals) else 0.0))


def parts_shown(parts: pd.Series[int], totals: pd.Series[float]) -> pd.Series[int]:
    """Hide small parts of a total that stands beside its running total as others see it.

    Where that ends a small step before the whole, the sum of the parts would tell the step: then one part is
    hidden at least.

    Examples
    --------
    >>> parts_shown(pd.Series([60, 44]), pd.Series([100.0, 104.0])).tolist()
    [60, <NA>]
    """
    found = suppress(parts)
    if found.notna().all() and not is_settled(int(parts.sum()), totals):
        found = found.mask(found.index == parts[parts > 0].idxmin())
    return found
