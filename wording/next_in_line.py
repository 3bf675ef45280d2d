"""Who is next, in words: what the ranking is, who is left out and why, and what wastewater lacks."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pandas as pd

from geo.language import gettext as _
from geo.language import mark as N_
from geo.language import ngettext
from geo.units import is_missing, to_words
from geo.water.need import LEAST_KNOWN, MOST_INDEX, MOST_UNINSURED, PARTS
from store.water.next_in_line import LEFT_OUT, LISTING_TITLES, Listing, count_listings
from wording.profiles import Figure, Profile

ECONOMIC_TITLES: Mapping[str, str] = MappingProxyType(
    {
        "SDAC": N_("severely disadvantaged community (SDAC)"),
        "DAC": N_("disadvantaged community (DAC)"),
        "Non-DAC": N_("not a disadvantaged community"),
    }
)
# What each part is taken from; the numbers of people, violations and uninsured name their own source.
PART_SOURCES: Mapping[str, str] = MappingProxyType(
    {
        "safer": "safer_risk_assessment",
        "disadvantage": "safer_risk_assessment",
        "hard_to_count": "ca_htc_index_2019",
    }
)
OWN_SOURCES: Mapping[str, str] = MappingProxyType(
    {"people": "population_source", "violations": "violations_source", "uninsured": "uninsured_source"}
)


def ranking_words() -> str:
    """Say in two sentences what the ranking is.

    Examples
    --------
    >>> ranking_words()[:69]
    'The list ranks the systems that still wait for drinking water service'
    """
    return _(
        "The list ranks the systems that still wait for drinking water service from the district by a "
        "score of six weighted parts of need, in which what is not known adds nothing; a system has a rank "
        "where at least {share} of the weight is known. It is an ordering of this project for the task "
        "force to discuss, not the State's and not a decision: the State's SAFER status is one of its "
        "parts, and cost is none."
    ).format(share=f"{LEAST_KNOWN:.0%}")


def wastewater_words() -> str:
    """Say why wastewater has no ranks.

    Examples
    --------
    >>> wastewater_words()[:25]
    'Wastewater is not ranked:'
    """
    return _(
        "Wastewater is not ranked: no source here says who needs a sewer most, and the score for drinking "
        "water does not say it."
    )


def left_out_words(listing: pd.Series[str]) -> str:
    """Say how many systems are not on the list, by reason; empty where none is left out.

    Examples
    --------
    >>> left_out_words(pd.Series(["next", "connected", "connected", "not_feasible"]))
    'Not on the list: 2 connected, 1 not feasible.'
    """
    counts = count_listings(listing)
    words = ", ".join(f"{counts[item]} {_(LISTING_TITLES[item])}" for item in LEFT_OUT if item in counts)
    return _("Not on the list: {reasons}.").format(reasons=words) if words else ""


def little_known_words(listing: pd.Series[str]) -> str:
    """Say how many systems have no rank because too little is known; empty where there are none.

    Examples
    --------
    >>> little_known_words(pd.Series(["next", "too_little_known", "too_little_known"]))
    'Too little known: 2 systems without a rank'
    """
    count = count_listings(listing).get(Listing.LITTLE_KNOWN, 0)
    if not count:
        return ""
    return ngettext(
        "Too little known: {count} system without a rank",
        "Too little known: {count} systems without a rank",
        count,
    ).format(count=count)


def standing_figure(row: pd.Series[Any], count: int, reported: str = "") -> Figure:
    """Tell where one system stands: its rank of so many, or why it is not on the list.

    Parameters
    ----------
    row
        One row of what :func:`store.water.next_in_line.who_is_next` returns.
    count
        How many are on the list.
    reported
        What a news item says that nobody has confirmed.

    Examples
    --------
    >>> row = pd.Series({"listing": "next", "rank": 2, "known": 0.75, "score": 0.6, "why_not_next": ""})
    >>> standing_figure(row, 7).words
    'rank 2 of 7'
    """
    words = str(row["why_not_next"])
    if row["listing"] == Listing.NEXT:
        words = _("rank {rank} of {count}").format(rank=int(row["rank"]), count=count)
    told = {
        Listing.LITTLE_KNOWN: _("to be learned: {parts}").format(parts=row.get("to_learn", "")),
        Listing.ELSEWHERE: _("by the State's 2021 consolidation table; a recorded stage brings it back"),
    }
    place = told.get(Listing(str(row["listing"])), "")
    return Figure(_("Who is next"), words, reported, place)


def score_rows(
    system: Mapping[str, Any],
    parts: Mapping[str, Any],
    weights: Mapping[str, float],
    credits_by_key: Mapping[str, str],
) -> pd.DataFrame:
    """Lay out what a system's score is made of: a row for each part, what is unknown adding nothing.

    Parameters
    ----------
    system
        A row of the dataset ``water_systems``, with ``uninsured_source``, the key of the survey behind its
        share of uninsured.
    parts
        Its row of :func:`geo.water.need.need_parts`.
    weights
        By part; their sum is what a score of 1 stands for.
    credits_by_key
        Publisher, title and vintage of each source.

    Returns
    -------
    pandas.DataFrame
        ``part``, ``published`` (in words), ``value`` (0 to 1; NA unknown), ``weight``, ``adds`` (to the
        score, which is their sum) and ``source``.

    Examples
    --------
    >>> system = {"safer_status": "Failing", "population": None}
    >>> rows = score_rows(system, {"safer": 1.0, "people": None}, {"safer": 3.0, "people": 1.0}, {})
    >>> rows[["part", "published", "adds"]].to_numpy().tolist()
    [['SAFER status', 'Failing', 0.75], ['People served', 'not known', 0.0]]
    """
    whole = sum(weights.values())
    rows = []
    for name, weight in weights.items():
        value = parts.get(name)
        known = not is_missing(value)
        key = str(system.get(OWN_SOURCES[name])) if name in OWN_SOURCES else PART_SOURCES[name]
        rows.append(
            {
                "part": _(PARTS[name]),
                "published": _published(name, system, parts) if known else _("not known"),
                "value": float(value) if known and value is not None else None,
                "weight": weight,
                "adds": float(value or 0.0) * weight / whole if known else 0.0,
                "source": credits_by_key.get(key, "") if known else "",
            }
        )
    return pd.DataFrame(rows)


MOST_REASONS = 3


def reason_words(rows: pd.DataFrame) -> str:
    """Say why a system stands where it does: the parts that add the most to its score, the largest first.

    Parameters
    ----------
    rows
        As :func:`score_rows` returns them.

    Examples
    --------
    >>> system = {"safer_status": "Failing", "population": 640.0}
    >>> reason_words(score_rows(system, {"safer": 1.0, "people": 0.75}, {"safer": 3.0, "people": 1.0}, {}))
    'SAFER status: Failing; People served: 640'
    """
    most = rows[rows["adds"] > 0].sort_values("adds", ascending=False, kind="stable").head(MOST_REASONS)
    return "; ".join(f"{part}: {words}" for part, words in zip(most["part"], most["published"], strict=True))


def score_profile(rows: pd.DataFrame) -> Profile:
    """Put into words what a score is made of: each part with its value, its weight, what it adds, its source.

    Parameters
    ----------
    rows
        As :func:`score_rows` returns them.

    Examples
    --------
    >>> system = {"safer_status": "Failing"}
    >>> profile = score_profile(score_rows(system, {"safer": 1.0}, {"safer": 3.0, "people": 1.0}, {}))
    >>> profile.title, profile.figures[0].place
    ('Score 0.75 of 1', 'value 1.00, weight 3 of 4: adds 0.75')
    """
    whole = rows["weight"].sum()
    known = rows.loc[rows["value"].notna(), "weight"].sum() / whole
    figures = []
    records: list[dict[str, Any]] = rows.to_dict("records")  # type: ignore[assignment]
    for row in records:
        told = _("value {value}, weight {weight} of {whole}: adds {adds}")
        if is_missing(row["value"]):
            told = _("weight {weight} of {whole}: adds nothing")
        shares = {"value": f"{row['value']:.2f}", "adds": f"{row['adds']:.2f}"}
        place = told.format(weight=f"{row['weight']:g}", whole=f"{whole:g}", **shares)
        figures.append(Figure(row["part"], row["published"], place=place, source=row["source"]))
    words = _("{known} of the weight is known; a rank needs {least}. What is not known adds nothing.")
    subtitle = words.format(known=f"{known:.0%}", least=f"{LEAST_KNOWN:.0%}")
    return Profile(
        _("Score {score} of 1").format(score=f"{rows['adds'].sum():.2f}"), subtitle, tuple(figures)
    )


def _published(name: str, system: Mapping[str, Any], parts: Mapping[str, Any]) -> str:
    """Say a part that is known as its source has it."""
    if name == "safer":
        return _(str(system["safer_status"]))
    if name == "disadvantage":
        return _(ECONOMIC_TITLES[str(system["economic_status"])])
    if name == "violations":
        return to_words(system["violations_count"])
    if name == "people":
        return to_words(system["population"], "people")
    value = float(parts[name])
    if name == "hard_to_count":
        return to_words(value * MOST_INDEX)
    moe = parts.get("uninsured_moe")
    margin = None if is_missing(moe) else float(moe) * MOST_UNINSURED  # type: ignore[arg-type]
    words = to_words(value * MOST_UNINSURED, "share", margin)
    return _("{share} or more").format(share=words) if value >= 1 else words
