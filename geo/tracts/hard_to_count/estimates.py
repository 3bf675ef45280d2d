"""The hard-to-count index estimated from ACS variables, so that newer years and other tracts have one.

The State scored its index once, for 2010 tracts, from the ACS of 2013-2017. What is told here is ours and
never official: it says which index a tract would have had in 2019 if it had looked as the table at hand
says. It always stands beside the official value, with a 90 % interval.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from geo.language import mark as N_
from geo.methods.interpolation import apply_crosswalk
from geo.tracts.crosswalk import to_transfer_table
from geo.tracts.hard_to_count.features import AVERAGED, DAYTIME, to_features
from geo.tracts.hard_to_count.training import Trained, apply, train

LEAST_TRACTS = 30
"""With fewer scored tracts there is nothing to learn from."""

LABEL = N_("our estimate, not the State's index")
"""Stands beside every estimate; marked for translation."""

PUBLISHED = "published"
CARRIED = "carried over from 2010 tracts"

COLUMNS = (
    "tracts",
    "geoid",
    "county_geoid",
    "official_index",
    "official_from",
    "estimate",
    "moe",
    "lower",
    "upper",
    "official_within",
    "estimates_from",
    "label",
)
"""The dataset ``hard_to_count_estimates``: one row a tract of 2010 and of 2020.

``tracts`` is ``tracts_2010`` or ``tracts_2020``; ``official_index``, NA where it was never scored, as
``official_from`` says; ``estimate``, ``lower`` and ``upper`` in points (0 to 136) with the half width
``moe`` (90 %); ``official_within``, whether the official index lies in the interval; ``estimates_from``, the
vintage of the ACS estimates; ``label``, the words that stand beside it.
"""


def can_learn(frame: pd.DataFrame) -> pd.Series[bool]:
    """Say of which tracts a model can learn: those that were scored and have ACS estimates.

    An index of 0 without households was never scored: 0 says there that nobody was looked at, not that
    people are easy to count.

    Examples
    --------
    >>> tracts = {"index_scored": [True, False, True], "population": [900.0, 0.0, None]}
    >>> can_learn(pd.DataFrame(tracts)).tolist()
    [True, False, False]
    """
    return frame["index_scored"].astype(bool) & frame["population"].notna()


def learn(indicators: pd.DataFrame) -> Trained | None:
    """Learn the index from every scored tract of the state.

    Parameters
    ----------
    indicators
        On GEOIDs: the dataset ``tract_indicators`` with ``land_m2``.

    Returns
    -------
    Trained or None
        None where fewer than :data:`LEAST_TRACTS` tracts were scored.
    """
    ours = indicators[can_learn(indicators)]
    if len(ours) < LEAST_TRACTS:
        return None
    return train(to_features(ours), ours["ca_htc_index"], ours["county_geoid"])


def estimate_2010(trained: Trained | None, indicators: pd.DataFrame) -> pd.DataFrame:
    """Lay the estimates of 2010 tracts beside the official index.

    A tract that the model learned from has the estimate of the fold that left its county out. One that
    was never scored has one if people live in households there.

    Parameters
    ----------
    trained
        From :func:`learn`; None leaves every estimate missing.
    indicators
        On GEOIDs: the tracts wanted.

    Returns
    -------
    pandas.DataFrame
        On GEOIDs, with the columns :data:`COLUMNS` but ``geoid``.
    """
    told = _nothing(indicators.index)
    if trained is not None:
        seen = trained.estimates.reindex(indicators.index)
        others = indicators[seen["estimate"].isna() & (indicators["households"] > 0).fillna(False)]
        told = seen.fillna(_apply(trained, others).reindex(indicators.index))
    official = indicators["ca_htc_index"].where(indicators["index_scored"].astype(bool))
    vintage = pd.Series("2014-2018, 2010 tracts", indicators.index)
    return _lay_out(told, indicators["county_geoid"], official, vintage, ("tracts_2010", PUBLISHED))


def estimate_2020(
    trained: Trained | None, tracts_2020: pd.DataFrame, indicators: pd.DataFrame, crosswalk: pd.DataFrame
) -> pd.DataFrame:
    """Estimate the index of 2020 tracts from what is known of them, beside the official one carried over.

    What only 2010 tracts have (people by day, CalEnviroScreen's percentages) is carried over by the people of
    2020.

    Parameters
    ----------
    trained
        From :func:`learn`.
    tracts_2020
        The dataset of that name, on GEOIDs.
    indicators
        On GEOIDs of 2010.
    crosswalk
        The dataset ``crosswalk_2010_2020``.

    Returns
    -------
    pandas.DataFrame
        On GEOIDs, with the columns :data:`COLUMNS` but ``geoid``.
    """
    told = _nothing(tracts_2020.index)
    if trained is not None:
        full = tracts_2020.join(_carry(tracts_2020, indicators, crosswalk))
        lived_in = (full["households"] > 0).fillna(False).astype(bool)
        told = _apply(trained, full[lived_in]).reindex(tracts_2020.index)
    return _lay_out(
        told,
        tracts_2020["county_geoid"],
        tracts_2020["ca_htc_index"],
        tracts_2020["estimates_from"],
        ("tracts_2020", CARRIED),
    )


def compare_response(estimates: pd.DataFrame, response: pd.Series[float]) -> dict[str, float] | None:
    """Hold both indices against what happened: the share that answered the 2020 Census by itself.

    Parameters
    ----------
    estimates
        On GEOIDs: ``official_index`` and ``estimate``.
    response
        On GEOIDs: self-response, in percent or as a share.

    Returns
    -------
    dict or None
        ``tracts`` that have all three, and the correlations (Pearson) of ``official`` and ``estimate`` with
        the response; None with fewer than three tracts.

    Examples
    --------
    >>> frame = pd.DataFrame({"official_index": [10.0, 50, 90], "estimate": [20.0, 50, 60]})
    >>> compare_response(frame, pd.Series([80.0, 60, 40]))
    {'tracts': 3, 'official': -1.0, 'estimate': -0.9608}
    """
    answered = response.reindex(estimates.index).rename("response")
    both = estimates[["official_index", "estimate"]].join(answered).astype("Float64").dropna().astype(float)
    if len(both) < 3:
        return None
    with_response = both.corr()["response"]
    return {
        "tracts": len(both),
        "official": round(float(with_response["official_index"]), 4),
        "estimate": round(float(with_response["estimate"]), 4),
    }


def agreement(estimates: pd.DataFrame) -> Mapping[str, Any] | None:
    """Say how near the estimates come to the official index; None where no tract has both.

    Examples
    --------
    >>> row = {"official_index": [50.0], "estimate": [56.0], "official_within": [True]}
    >>> agreement(pd.DataFrame(row))
    {'tracts': 1, 'mean_absolute_error': 6.0, 'bias': 6.0, 'within': 1.0}
    """
    gap = (estimates["estimate"] - estimates["official_index"]).dropna().astype(float)
    if gap.empty:
        return None
    return {
        "tracts": len(gap),
        "mean_absolute_error": round(float(gap.abs().mean()), 3),
        "bias": round(float(gap.mean()), 3),
        "within": round(float(estimates["official_within"].loc[gap.index].mean()), 4),
    }


def _apply(trained: Trained, frame: pd.DataFrame) -> pd.DataFrame:
    return apply(trained, to_features(frame), frame["county_geoid"]) if len(frame) else _nothing(frame.index)


def _nothing(labels: pd.Index[Any]) -> pd.DataFrame:
    return pd.DataFrame(index=labels, columns=["estimate", "moe", "lower", "upper"], dtype=float)


def _carry(tracts_2020: pd.DataFrame, indicators: pd.DataFrame, crosswalk: pd.DataFrame) -> pd.DataFrame:
    """Carry over what only 2010 tracts have; people by day keep their ratio to people by night."""
    targets = tracts_2020.index
    ours = crosswalk[crosswalk["geoid_2020"].isin(targets) & crosswalk["geoid_2010"].isin(indicators.index)]
    averaged = [name for name in AVERAGED if name in indicators]
    counted = [name for name in (DAYTIME, "population") if DAYTIME in indicators]
    moved = apply_crosswalk(
        to_transfer_table(ours), indicators, extensive=counted, intensive=averaged, target_index=targets
    )
    carried = moved.values  # noqa: PD011 - the answer's frame, no array
    if DAYTIME in carried:
        by_night = carried["population"].where(carried["population"] > 0)
        carried[DAYTIME] = carried[DAYTIME] / by_night * tracts_2020["population"].astype(float)
    return carried.reindex(columns=[*averaged, *counted[:1]])


def _lay_out(
    told: pd.DataFrame,
    county: pd.Series[str],
    official: pd.Series[float],
    vintage: pd.Series[str],
    kinds: tuple[str, str],
) -> pd.DataFrame:
    """Put the estimate beside the official index; ``kinds`` are ``tracts`` and ``official_from``."""
    numbers = told.assign(official_index=official).astype("Float64")
    index = numbers["official_index"]
    within = (index >= numbers["lower"]) & (index <= numbers["upper"])
    known = index.notna() & numbers["estimate"].notna()
    frame = numbers.assign(
        county_geoid=county,
        official_within=within.where(known),
        tracts=kinds[0],
        official_from=pd.Series(kinds[1], told.index).where(index.notna()),
        estimates_from=vintage,
        label=LABEL,
    )
    return frame[[name for name in COLUMNS if name != "geoid"]]
