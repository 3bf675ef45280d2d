"""Who is next, in words: what the ranking is, who is left out and why, and what wastewater lacks."""

from __future__ import annotations

import pandas as pd

from geo.language import gettext as _
from geo.language import ngettext
from geo.units import to_words
from geo.water.need import LEAST_KNOWN
from store.water.next_in_line import LEFT_OUT, LISTING_TITLES, Listing, count_listings


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
    ).format(share=to_words(LEAST_KNOWN, "share"))


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
