"""GEOIDs as text of a known length, also where a spreadsheet read them as numbers and lost a leading 0."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

# Digits of the codes that a GEOID is made of: state, county, tract, block group or block.
PARTS = {5: (2, 3), 11: (2, 3, 6), 12: (2, 3, 6, 1), 15: (2, 3, 6, 4)}
TRACT_DIGITS = 6
# Below this many digits a tract's number may be one without its suffix: 9401 stands for 940100 or 009401.
LEAST_OF_TRACT = 5
# The states whose code begins with 0; 03 and 07 are none.
LOST_ZERO = r"[1245689]"


def to_geoids(parts: Sequence[pd.Series], digits: int) -> pd.Series:
    """Join codes to GEOIDs of ``digits`` digits, and give back a leading 0 that is plainly lost.

    A whole GEOID that is one digit short begins with a state's code below 10. Codes that are joined are
    filled up each to its own length, but for a tract's of under five digits, which may lack its suffix.

    Parameters
    ----------
    parts
        One column of whole GEOIDs, or the columns of state, county and so on, as they were published.
    digits
        How many digits the GEOIDs have.

    Returns
    -------
    pandas.Series
        Text; blank cells are NA; what is no GEOID stays as it was published, for :func:`not_geoids`.

    Examples
    --------
    >>> to_geoids([pd.Series(["6065040100", "06065040100", "6065040100.0", ""])], 11).to_list()
    ['06065040100', '06065040100', '06065040100', <NA>]
    >>> to_geoids([pd.Series(["6"]), pd.Series(["65"]), pd.Series(["45303"])], 11).to_list()
    ['06065045303']
    """
    widths = PARTS.get(digits, ())
    columns = [_as_text(part) for part in parts]
    if len(columns) > 1 and len(columns) == len(widths):
        columns = [_fill(column, width) for column, width in zip(columns, widths, strict=True)]
    joined = columns[0]
    for column in columns[1:]:
        joined = joined + column
    if len(columns) > 1:
        return joined
    short = joined.str.fullmatch(rf"{LOST_ZERO}\d{{{digits - 2}}}").fillna(False).astype(bool)
    return joined.mask(short, "0" + joined) if short.any() else joined


def not_geoids(geoids: pd.Series, digits: int) -> pd.Series:
    """Tell which values are no GEOIDs of ``digits`` digits; blank ones are not told.

    Examples
    --------
    >>> not_geoids(pd.Series(["06065040100", "65040100", None], dtype="string"), 11).to_list()
    [False, True, False]
    """
    return ~geoids.str.fullmatch(rf"\d{{{digits}}}").fillna(True).astype(bool)


def _as_text(column: pd.Series) -> pd.Series:
    text = column.astype("string").str.strip().str.removesuffix(".0")
    return text.mask(text == "")


def _fill(column: pd.Series, width: int) -> pd.Series:
    least = LEAST_OF_TRACT if width == TRACT_DIGITS else 1
    plain = column.str.fullmatch(rf"\d{{{least},{width}}}").fillna(False).astype(bool)
    return column.mask(plain, column.str.zfill(width))
