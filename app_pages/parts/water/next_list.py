"""Who is next, on the screen: what the ranking is, the list, too little known, and who is left out."""

from __future__ import annotations

import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.markup import heading
from app_pages.parts.water.board_table import (
    choose_weights,
    column_titles,
    keep_weights,
    take_row,
    whole_people,
)
from app_pages.parts.water.forms import words_of_stage
from geo.language import gettext as _
from geo.water.need import FIRST, LEAST_KNOWN, stands_words
from layers.water import STATUSES
from store.water.board_table import Filters
from store.water.kinds import Service
from store.water.next_in_line import LEFT_OUT, Listing
from wording.next_in_line import left_out_words, little_known_words, ranking_words, wastewater_words

NEXT_KEY, LITTLE_KEY, OUT_KEY = "water.next", "water.little_known", "water.left_out"
ROW, HEAD, MOST = 35, 38, 420
ON_LIST = ("rank", "name", "reported", "community", "safer_status", "population", "stage", "known", "pwsid")
LITTLE = ("name", "reported", "community", "population", "known", "to_learn", "pwsid")
OUT = ("name", "community", "why_not_next", "stage", "pwsid")


def show_next(filters: Filters, ordered: pd.DataFrame) -> None:
    """Show the list, who is left out of it, and of whom too little is known; without ranks no list.

    Parameters
    ----------
    ordered
        As :func:`store.water.board_table.order_by_need` returns it.
    """
    if "rank" not in ordered:
        show_left_out(filters, ordered)
        return
    listed = ordered[ordered["listing"].eq(Listing.NEXT)]
    if listed.empty:
        st.info(_("No system of those shown is on the list."))
    else:
        show_rows(NEXT_KEY, to_rows(listed, filters, ON_LIST))
        if len(listed) > FIRST:
            st.text(stands_words(listed))
    show_left_out(filters, ordered)
    show_little_known(filters, ordered)


def show_heading(service: Service) -> None:
    """Say in two sentences what the ranking is, and let a person move its weights; say why there is none."""
    st.markdown(heading(_("Who is next")))
    if service is Service.WATER:
        st.text(ranking_words())
        choose_weights()
    else:
        keep_weights()
        st.info(wastewater_words())


def show_left_out(filters: Filters, ordered: pd.DataFrame) -> None:
    """Say how many are not on the list, by reason, and list them on demand."""
    words = left_out_words(ordered["listing"])
    if not words:
        return
    rows = to_rows(ordered[ordered["listing"].isin([str(item) for item in LEFT_OUT])], filters, OUT)
    with st.expander(words):
        st.caption(
            _(
                "Being connected: design, funded or under construction. Another district's: the State's 2021 "
                "consolidation table joins it to that district alone; a stage that somebody records here "
                "brings it back."
            )
        )
        show_rows(OUT_KEY, rows)


def show_little_known(filters: Filters, ordered: pd.DataFrame) -> None:
    """List the systems that have no rank because too little is known, with what would have to be learned."""
    few = ordered[ordered["listing"].eq(Listing.LITTLE_KNOWN)]
    if few.empty:
        return
    with st.expander(little_known_words(ordered["listing"])):
        st.caption(
            _(
                "Less than {share} of the weight is known of each. The most people stand first; that is no "
                "rank. None of them is known to need less than those on the list."
            ).format(share=f"{LEAST_KNOWN:.0%}")
        )
        show_rows(LITTLE_KEY, to_rows(few, filters, LITTLE))


def to_rows(ordered: pd.DataFrame, filters: Filters, columns: tuple[str, ...]) -> pd.DataFrame:
    """Keep of the board what one of the lists shows, in words."""
    statuses = {name: _(words) for name, (words, _color) in STATUSES.items() if name}
    rows = ordered.assign(
        pwsid=ordered.index,
        stage=ordered[f"{filters.service}_stage"].map(words_of_stage),
        community=ordered["community"].fillna(""),
        population=whole_people(ordered["population"]),
        safer_status=ordered["safer_status"].map(statuses).fillna(""),
    )
    return rows[[name for name in columns if name in rows]]


def show_rows(key: str, rows: pd.DataFrame) -> None:
    """Show rows as a table; a row that is chosen selects its system."""
    pwsids = rows["pwsid"].tolist()
    titles = {**column_titles(), "to_learn": st.column_config.Column(_("To be learned"), width="large")}
    st.dataframe(
        rows,
        key=key,
        hide_index=True,
        height=min(HEAD + ROW * len(rows), MOST),
        selection_mode="single-row",
        on_select=lambda: take_row(key, pwsids),
        column_config=titles,
    )
