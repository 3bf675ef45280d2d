"""Who lives in a place, as figures of its profile: with margin, coverage and how much is guesswork."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from geo.indicators import INDICATORS
from geo.language import gettext as _
from geo.margins import reliability
from geo.profile import Figure
from geo.served import METHODS
from geo.wording import RELIABILITY_TITLES, is_missing, to_words

# The layers whose rows have people of their own, and their kind in the table of people served.
KINDS = {
    "systems": "water_system",
    "places": "place",
    "school_districts": "school_district",
    "tribal_areas": "tribal_area",
    "districts": "district",
}


def served_figures(served: pd.DataFrame, layer: str, identifier: str) -> Iterator[Figure]:
    r"""Make the figures of who lives there; none where nothing is known.

    Examples
    --------
    >>> row = {"target_kind": "place", "target_id": "06", "variable": "households", "estimate": 250.2}
    >>> row |= {"moe": 20.0, "coverage": 1.0, "share_guesswork": 0.25, "method": "interpolated"}
    >>> figure = next(served_figures(pd.DataFrame([row]), "places", "06"))
    >>> figure.title, figure.words, figure.place
    ('Households', '250 ± 20', '25.0\xa0% of it is guesswork')
    """
    ours = (served["target_kind"] == KINDS.get(layer)) & (served["target_id"].astype(str) == identifier)
    for row in served[ours].to_dict("records"):
        if not is_missing(row["estimate"]):
            yield Figure(
                _(INDICATORS[str(row["variable"])].title),
                to_words(row["estimate"], "people", row["moe"]),
                _doubt(row["estimate"], row["moe"]),
                _certainty(row["coverage"], row["share_guesswork"]),
                _(METHODS[str(row["method"])]),
            )


def _doubt(value: Any, moe: Any) -> str:
    if is_missing(moe):
        return ""
    name = str(reliability(value, moe))
    return "" if name == "reliable" else _(RELIABILITY_TITLES[name])


def _certainty(coverage: Any, guesswork: Any) -> str:
    words = []
    if not is_missing(guesswork):
        words.append(_("{share} of it is guesswork").format(share=to_words(guesswork, "share")))
    if not is_missing(coverage) and float(coverage) < 0.995:
        words.append(_("{share} of the area is covered").format(share=to_words(coverage, "share")))
    return "; ".join(words)
