"""Who could enrol, by tract, with margins: the uninsured less those whom stated rules leave out."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import pandas as pd

from geo.methods.margins import Estimate, ratio, reliability, sum_estimates
from geo.programme.declared import Rule


def eligible_by_tract(tracts: pd.DataFrame, rules: Sequence[Rule]) -> pd.DataFrame:
    """Estimate the eligible but uninsured of each tract.

    Uninsured times the shares that the rules leave; the rules are assumptions without an error of their
    own, so the margin is that of the uninsured, times the same. A missing estimate stays missing.

    Parameters
    ----------
    tracts
        ``geoid``, ``uninsured``, ``uninsured_moe`` (people; ACS five years, 90 %).

    Returns
    -------
    pandas.DataFrame
        ``geoid``, ``eligible``, ``eligible_moe``, in people.

    Examples
    --------
    >>> tracts = pd.DataFrame({"geoid": ["06065045303"], "uninsured": [200.0], "uninsured_moe": [50.0]})
    >>> eligible_by_tract(tracts, [Rule(title="t", share=0.5, rests_on="r")])["eligible_moe"].tolist()
    [25.0]
    """
    share = prod(rule.share for rule in rules)
    return pd.DataFrame(
        {
            "geoid": tracts["geoid"].astype(str).to_numpy(),
            "eligible": tracts["uninsured"].to_numpy(dtype=float, na_value=float("nan")) * share,
            "eligible_moe": tracts["uninsured_moe"].to_numpy(dtype=float, na_value=float("nan")) * share,
        }
    )


def enrolment_by_tract(eligible: pd.DataFrame, enrolments: pd.DataFrame) -> pd.DataFrame:
    """Set the enrolled against the eligible, tract by tract.

    Parameters
    ----------
    eligible
        As :func:`eligible_by_tract` gives it.
    enrolments
        ``geoid`` and ``people``; without a geoid they are in no tract.

    Returns
    -------
    pandas.DataFrame
        Those columns and ``enrolled`` (missing throughout where no enrolment is recorded), ``share``
        (enrolled of eligible; above 1 where the estimate is too low or people came from elsewhere; missing
        where nobody is eligible), ``share_moe``, ``reliability``.
    """
    people = enrolments.groupby("geoid")["people"].sum()
    enrolled = eligible["geoid"].map(people).astype("Int64")
    frame = eligible.assign(enrolled=enrolled if enrolments.empty else enrolled.fillna(0))
    share = ratio(frame["enrolled"].astype("Float64"), 0.0, frame["eligible"], frame["eligible_moe"])
    return frame.assign(
        share=share.estimate,
        share_moe=share.moe,
        reliability=reliability(frame["eligible"], frame["eligible_moe"]),
    )


def enrolled_elsewhere(eligible: pd.DataFrame, enrolments: pd.DataFrame) -> int:
    """Count the enrolled whose tract is not known or not among these.

    Examples
    --------
    >>> enrolments = pd.DataFrame({"geoid": ["a", "b", None], "people": [3, 4, 5]})
    >>> enrolled_elsewhere(pd.DataFrame({"geoid": ["a"]}), enrolments)
    9
    """
    return int(enrolments.loc[~enrolments["geoid"].isin(eligible["geoid"]), "people"].sum())


def total_eligible(eligible: pd.DataFrame) -> Estimate:
    """Add the tracts up, those without an estimate left out, with the margin of the sum.

    Where no tract has an estimate, the sum is missing; where one lacks its margin, the sum's is.

    Examples
    --------
    >>> frame = pd.DataFrame({"eligible": [30.0, 40.0], "eligible_moe": [3.0, 4.0]})
    >>> total_eligible(frame)
    Estimate(estimate=70.0, moe=5.0)
    """
    known = eligible.dropna(subset=["eligible"])
    if known.empty:
        return Estimate(float("nan"), float("nan"))
    return sum_estimates(known["eligible"], known["eligible_moe"])
