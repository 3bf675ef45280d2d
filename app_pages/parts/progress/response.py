"""Beside progress: how tracts answered the 2020 Census by themselves, in the end and day by day."""

from __future__ import annotations

import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.charts import response_curve
from app_pages.parts.common import is_built, load_shapes, load_table, missing_reason
from geo.language import gettext as _
from geo.region import Region
from geo.tracts.names import tract_title
from geo.tracts.self_response import CAUTION, curve_by_tract

MOST_LINES = 8
FIRST_LINES = 3


def show_response(region: Region, members: pd.DataFrame) -> None:
    """Show the final self-response of the turfs' tracts, and its curve day by day."""
    st.caption(_(CAUTION))
    tracts = load_shapes(region.key, "tracts_2020")
    ours = tracts[tracts["geoid"].isin(members["tract_geoid"].dropna())]
    final = ours.set_index("geoid")["share_self_response"].sort_values(na_position="last")
    left, right = st.columns([1, 2], gap="medium")
    left.dataframe(
        final.round(3).rename_axis("tract"),
        key="progress.final",
        column_config={
            "tract": _("Tract"),
            "share_self_response": st.column_config.NumberColumn(_("Final, 2020"), format="percent"),
        },
    )
    with right:
        show_days(region, list(final.index))


def show_days(region: Region, geoids: list[str]) -> None:
    """Show the curves of some tracts; at first of those that answered least."""
    if not is_built(region, "self_response_daily"):
        st.info(missing_reason(region.key, "self_response_daily"))
        return
    chosen = st.multiselect(
        _("Self-response day by day"),
        geoids,
        default=geoids[:FIRST_LINES],
        max_selections=MOST_LINES,
        format_func=tract_title,
        key="progress.tracts",
    )
    if chosen:
        daily = load_table(region.key, "self_response_daily")
        st.altair_chart(response_curve(curve_by_tract(daily, chosen), pd.Series(dtype="float64")))
