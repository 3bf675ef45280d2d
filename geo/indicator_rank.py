"""How sure it is that a tract is among the highest of an indicator; see :mod:`geo.ranking`."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.indicators import Indicator, values_of
from geo.margins import to_floats
from geo.ranking import rank_with_doubt


def rank_indicator(frame: pd.DataFrame, indicator: Indicator, percent: int) -> pd.DataFrame:
    """Rank a frame's tracts by an indicator, with doubt.

    Parameters
    ----------
    frame
        Tracts with ``geoid``, the indicator and its margin (90 %); what misses either takes no part.
    percent
        Which percentage of the tracts counts as the highest.

    Returns
    -------
    DataFrame
        On GEOIDs, with the columns :data:`geo.ranking.COLUMNS`; all missing where there is no margin.

    Examples
    --------
    >>> from geo.indicators import indicator_named
    >>> tracts = {"geoid": ["a", "b"], "poverty": [90.0, 10.0], "poverty_moe": [5.0, 5.0]}
    >>> rank_indicator(pd.DataFrame(tracts), indicator_named("poverty"), 50)["class"].tolist()
    ['surely', 'surely not']
    """
    geoids = pd.Index(frame["geoid"].astype(str))
    values = pd.Series(to_floats(values_of(frame, indicator)), geoids)
    has_margin = indicator.moe is not None and indicator.moe in frame
    margins = pd.Series(to_floats(frame[indicator.moe]) if has_margin else np.nan, geoids)
    return rank_with_doubt(values, margins, share=percent / 100)
