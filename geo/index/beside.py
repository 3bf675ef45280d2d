"""Our estimate of the hard-to-count index, laid beside each tract, so that it can be shaded and ranked."""

from __future__ import annotations

from typing import TypeVar

import pandas as pd

from geo.indicators import ESTIMATES, indicators_of

Frame = TypeVar("Frame", bound=pd.DataFrame)

(ESTIMATE,) = (item.key for item in indicators_of(ESTIMATES))
TAKEN = {
    ESTIMATE: "estimate",
    f"{ESTIMATE}_moe": "moe",
    f"{ESTIMATE}_from": "estimates_from",
    f"{ESTIMATE}_label": "label",
}
"""By the column of a tract: the column of :data:`geo.hard_to_count.COLUMNS` that it comes from."""


def with_estimates(tracts: Frame, estimates: pd.DataFrame, dataset: str) -> Frame:
    """Lay estimates, their margins (half of the 90 % interval), vintage and label beside tracts.

    A tract without an estimate has NA in all of them.

    Parameters
    ----------
    tracts
        With ``geoid``.
    estimates
        The dataset ``hard_to_count_estimates``.
    dataset
        Which tracts they are: ``tracts_2010`` or ``tracts_2020``.

    Examples
    --------
    >>> tracts = pd.DataFrame({"geoid": ["06065045303", "06065940400"]})
    >>> row = {"tracts": "tracts_2010", "geoid": "06065045303", "estimate": 95.0, "moe": 12.0}
    >>> row |= {"estimates_from": "2014-2018", "label": "our estimate"}
    >>> with_estimates(tracts, pd.DataFrame([row]), "tracts_2010")["ca_htc_estimate_moe"].tolist()
    [12.0, nan]
    """
    ours = estimates[estimates["tracts"] == dataset].set_index("geoid").reindex(tracts["geoid"].astype(str))
    label = ours["label"].where(ours["estimate"].notna())
    found = ours.assign(label=label).set_index(tracts.index)
    return tracts.assign(**{name: found[column] for name, column in TAKEN.items()})
