"""Who could enroll, by tract, with margins; and the share of them who did, in classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from math import prod

import pandas as pd

from geo.language import gettext as _
from geo.language import mark as N_
from geo.methods.margins import Estimate, ratio, reliability, sum_estimates
from geo.program.declaration import Rule
from geo.units import is_missing, to_words


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


def enrollment_by_tract(eligible: pd.DataFrame, enrollments: pd.DataFrame) -> pd.DataFrame:
    """Set the enrolled against the eligible, tract by tract.

    Parameters
    ----------
    eligible
        As :func:`eligible_by_tract` gives it.
    enrollments
        ``geoid`` and ``people``; without a geoid they are in no tract.

    Returns
    -------
    pandas.DataFrame
        Those columns and ``enrolled`` (missing throughout where no enrollment is recorded), ``share``
        (enrolled of eligible; above 1 where the estimate is too low or people came from elsewhere; missing
        where nobody is eligible), ``share_moe``, ``reliability``.
    """
    people = enrollments.groupby("geoid")["people"].sum()
    enrolled = eligible["geoid"].map(people).astype("Int64")
    frame = eligible.assign(enrolled=enrolled if enrollments.empty else enrolled.fillna(0))
    share = ratio(frame["enrolled"].astype("Float64"), 0.0, frame["eligible"], frame["eligible_moe"])
    return frame.assign(
        share=share.estimate,
        share_moe=share.moe,
        reliability=reliability(frame["eligible"], frame["eligible_moe"]),
    )


def enrolled_elsewhere(eligible: pd.DataFrame, enrollments: pd.DataFrame) -> int:
    """Count the enrolled whose tract is not known or not among these.

    Examples
    --------
    >>> enrollments = pd.DataFrame({"geoid": ["a", "b", None], "people": [3, 4, 5]})
    >>> enrolled_elsewhere(pd.DataFrame({"geoid": ["a"]}), enrollments)
    9
    """
    return int(enrollments.loc[~enrollments["geoid"].isin(eligible["geoid"]), "people"].sum())


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


class Share(StrEnum):
    """Class of a share; a value on a limit belongs to the lower class."""

    NOBODY = "nobody"
    TO_25 = "to_25"
    TO_50 = "to_50"
    TO_75 = "to_75"
    TO_100 = "to_100"
    OVER = "over"
    HIDDEN = "hidden"
    UNKNOWN = "unknown"


SHARES: Mapping[Share, str] = {
    Share.NOBODY: N_("nobody recorded"),
    Share.TO_25: N_("up to 25 %"),
    Share.TO_50: N_("25 to 50 %"),
    Share.TO_75: N_("50 to 75 %"),
    Share.TO_100: N_("75 to 100 %"),
    Share.OVER: N_("over 100 %: more than the estimate of the eligible"),
    Share.HIDDEN: N_("hidden: a small count, or one that would tell it"),
    Share.UNKNOWN: N_("no data: nothing recorded, or no estimate of the eligible"),
}
LIMITS = (0.25, 0.5, 0.75, 1.0)
_SHADES = (Share.TO_25, Share.TO_50, Share.TO_75, Share.TO_100, Share.OVER)


def share_classes(table: pd.DataFrame, shown: pd.DataFrame) -> pd.DataFrame:
    r"""Put the share of every tract into a class, with the words of it.

    Parameters
    ----------
    table
        As :func:`geo.program.enrollment.enrollment_by_tract` gives it.
    shown
        The same as this viewer may see it: what is hidden is missing.

    Returns
    -------
    pandas.DataFrame
        ``geoid``, ``share_class`` (a :class:`Share`), ``reliability`` (of the estimate of the eligible),
        ``words`` (the share with its margin, 90 %) and ``counts`` (of how many).

    Examples
    --------
    >>> row = {"geoid": ["a", "b"], "eligible": [200.0, 90.0], "eligible_moe": [50.0, 9.0]}
    >>> told = {"enrolled": [50, 4], "share": [0.25, 0.04], "share_moe": [0.06, 0.01]}
    >>> table = pd.DataFrame(row | told | {"reliability": ""})
    >>> hidden = table.assign(enrolled=[50, None], share=[0.25, None])
    >>> share_classes(table, hidden)[["share_class", "words", "counts"]].values.tolist()[0]
    ['to_25', '25.0 ± 6.0\xa0%', '50 of 200 ± 50']
    >>> share_classes(table, hidden)["share_class"].tolist()
    ['to_25', 'hidden']
    """
    whole, seen = table.to_dict("records"), shown.to_dict("records")
    classes = [_class(row, own) for row, own in zip(whole, seen, strict=True)]
    return pd.DataFrame(
        {
            "geoid": table["geoid"].astype(str).to_numpy(),
            "share_class": classes,
            "reliability": table["reliability"].astype("string").fillna("").to_numpy(),
            "words": [_words(share, own) for share, own in zip(classes, seen, strict=True)],
            "counts": [_counts(own) for own in seen],
        }
    )


def _class(row: Mapping[object, object], own: Mapping[object, object]) -> Share:
    if is_missing(row["enrolled"]) or is_missing(row["share"]):
        return Share.UNKNOWN
    if is_missing(own["enrolled"]):
        return Share.HIDDEN
    share = float(str(own["share"]))
    return Share.NOBODY if share == 0 else _SHADES[sum(share > limit for limit in LIMITS)]


def _words(share: Share, own: Mapping[object, object]) -> str:
    if share in (Share.HIDDEN, Share.UNKNOWN):
        return _(SHARES[share])
    return to_words(own["share"], "share", own["share_moe"])


def _counts(own: Mapping[object, object]) -> str:
    people = to_words(own["eligible"], "people", own["eligible_moe"])
    if is_missing(own["enrolled"]):
        return _("eligible: {people}").format(people=people)
    return _("{enrolled} of {people}").format(enrolled=to_words(own["enrolled"]), people=people)
