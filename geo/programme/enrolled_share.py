"""The share of a tract's eligible people who enrolled, in classes and words for a map. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import pandas as pd

from geo.language import gettext as _
from geo.language import mark as N_
from geo.units import is_missing, to_words


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
        As :func:`geo.programme.eligibility.enrolment_by_tract` gives it.
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
