"""Who is next: of every system on the board, whether it waits to be connected, or why it is not on the list.

It is decided here and nowhere else: screen, report and workbook show what :func:`who_is_next` says.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from types import MappingProxyType

import pandas as pd

from geo.language import gettext as _
from geo.language import mark as N_
from geo.water.need import DRAWS, WEIGHTS, enough_known, ranked, score_need, unknown_parts
from store.water.kinds import Service, Stage


class Listing(StrEnum):
    """Where a system stands in the list of who is next; all but the first are not on it."""

    NEXT = "next"
    LITTLE_KNOWN = "too_little_known"
    NOT_RANKED = "not_ranked"
    CONNECTED = "connected"
    UNDER_WAY = "being_connected"
    NOT_FEASIBLE = "not_feasible"
    ELSEWHERE = "another_district"
    RECEIVER = "receiving_district"


LISTING_TITLES: Mapping[Listing, str] = MappingProxyType(
    {
        Listing.NEXT: N_("waits to be connected"),
        Listing.LITTLE_KNOWN: N_("too little known"),
        Listing.NOT_RANKED: N_("not ranked"),
        Listing.CONNECTED: N_("connected"),
        Listing.UNDER_WAY: N_("being connected"),
        Listing.NOT_FEASIBLE: N_("not feasible"),
        Listing.ELSEWHERE: N_("another district's"),
        Listing.RECEIVER: N_("the receiving district itself"),
    }
)
LEFT_OUT = tuple(Listing)[tuple(Listing).index(Listing.CONNECTED) :]
# From design on there is a project: the decision is made. Feasibility and planning are still before it.
BY_STAGE: Mapping[str, Listing] = MappingProxyType(
    {
        str(Stage.DESIGN): Listing.UNDER_WAY,
        str(Stage.FUNDED): Listing.UNDER_WAY,
        str(Stage.UNDER_CONSTRUCTION): Listing.UNDER_WAY,
        str(Stage.CONNECTED): Listing.CONNECTED,
        str(Stage.ALREADY_SERVED): Listing.CONNECTED,
        str(Stage.NOT_FEASIBLE): Listing.NOT_FEASIBLE,
    }
)
OF_LIST = ("listing", "why_not_next", "to_learn")
"""What :func:`who_is_next` says of each system beside its rank and score."""


def who_is_next(
    table: pd.DataFrame,
    parts: pd.DataFrame,
    weights: Mapping[str, float] = WEIGHTS,
    *,
    service: Service = Service.WATER,
    elsewhere: Mapping[str, str] = MappingProxyType({}),
    reported: Collection[str] = (),
    draws: int = DRAWS,
) -> pd.DataFrame:
    """Tell of every system whether it waits to be connected, or why it is not on the list, and rank the list.

    A recorded stage comes first. The State's table, which joins a system to another district, speaks where
    no stage is recorded and no news item reports the system as a project here. What then remains is ranked
    where enough is known (:func:`geo.water.need.enough_known`); ranks count the systems on the list alone.
    Wastewater is not ranked: what need is made of is of drinking water.

    Parameters
    ----------
    table
        As :func:`store.water.board_table.board_table` returns it.
    parts
        As :func:`geo.water.need.need_parts` returns them, for the same systems or more.
    elsewhere
        By pwsid, the other district, as :func:`geo.water.other_receivers.other_receivers` returns it.
    reported
        Systems that a news item not answered yet reports as a project here.
    draws
        As for :func:`geo.water.need.ranked`.

    Returns
    -------
    pandas.DataFrame
        On the index of ``table``: the columns of :func:`geo.water.need.ranked`, NA off the list except
        ``score`` and ``known``; ``listing`` (a :class:`Listing`), ``why_not_next`` (words; empty on the list)
        and ``to_learn`` (the parts that are not known, in words). Without ranks for wastewater.

    Examples
    --------
    >>> stages = {"a": "not_recorded", "b": "connected", "c": "not_recorded"}
    >>> table = pd.DataFrame({"water_stage": stages})
    >>> parts = pd.DataFrame({"safer": [0.3, 1.0, None], "people": [0.5, 0.5, 0.9]}, index=list("abc"))
    >>> who_is_next(table, parts, {"safer": 2, "people": 1})["why_not_next"].tolist()
    ['', 'connected', 'too little known']
    """
    listing = decide(table, service, elsewhere, reported)
    if service is not Service.WATER:
        found = pd.DataFrame(index=table.index)
        listing = listing.mask(listing.eq(Listing.NEXT), str(Listing.NOT_RANKED))
        return found.assign(listing=listing, why_not_next=_reasons(listing, {}), to_learn="")
    ours = parts.loc[table.index]
    scored = score_need(ours, weights)
    listing = listing.mask(
        listing.eq(Listing.NEXT) & ~enough_known(scored["known"]), str(Listing.LITTLE_KNOWN)
    )
    ranks = ranked(ours[listing.eq(Listing.NEXT)], weights, draws=draws).drop(columns=["score", "known"])
    found = scored[["score", "known"]].join(ranks)
    return found.assign(
        listing=listing, why_not_next=_reasons(listing, elsewhere), to_learn=unknown_parts(ours, weights)
    )


def decide(
    table: pd.DataFrame, service: Service, elsewhere: Mapping[str, str], reported: Collection[str]
) -> pd.Series[str]:
    """Tell where each system stands by stage and district, before anybody asks how much is known of it.

    Examples
    --------
    >>> table = pd.DataFrame({"water_stage": ["planning", "funded"], "is_receiver": False}, index=["a", "b"])
    >>> decide(table, Service.WATER, {"a": "DWA"}, ()).tolist()
    ['next', 'being_connected']
    """
    stages = table[f"{service}_stage"].astype(str)
    listing = stages.map(lambda stage: str(BY_STAGE.get(stage, Listing.NEXT))).astype("string")
    if service is Service.WATER:
        silent = stages.eq(str(Stage.NOT_RECORDED)) & ~table.index.isin(list(reported))
        listing = listing.mask(silent & table.index.isin(list(elsewhere)), str(Listing.ELSEWHERE))
    if "is_receiver" in table:
        listing = listing.mask(table["is_receiver"].fillna(False).astype(bool), str(Listing.RECEIVER))
    return listing


def _reasons(listing: pd.Series[str], elsewhere: Mapping[str, str]) -> pd.Series[str]:
    words = [
        ""
        if code == Listing.NEXT
        else _("another district's: {name}").format(name=elsewhere[str(pwsid)])
        if code == Listing.ELSEWHERE
        else _(LISTING_TITLES[Listing(code)])
        for pwsid, code in listing.items()
    ]
    return pd.Series(words, index=listing.index, dtype="string")


def count_listings(listing: pd.Series[str]) -> dict[Listing, int]:
    """Count the systems by listing, in the order of the listings; those without systems are left out.

    Examples
    --------
    >>> count_listings(pd.Series(["connected", "next", "connected"]))
    {<Listing.NEXT: 'next'>: 1, <Listing.CONNECTED: 'connected'>: 2}
    """
    counts = listing.value_counts()
    return {item: int(counts[item]) for item in Listing if item in counts}
