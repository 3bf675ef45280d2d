"""Who is served over time, toward all of the board; and every change."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.water.card import change_titles
from app_pages.parts.water.curve import toward_target
from app_pages.parts.water.data import Desk, changes_of
from geo.language import gettext as _
from geo.units import to_words
from store.board.stages import served_curve, served_over_time
from store.board.table import Filters, count_served
from store.status import Service, Status

MOST_CHANGES = 500


def show_time(desk: Desk, filters: Filters) -> None:
    """Draw people and connections served by day, with the target."""
    served, goal = served_of(desk, filters.service), count_served(desk.table, filters.service)
    st.caption(
        _(
            "Target: all {people} known people and {homes} connections on the board. A system without a day "
            "counts from the day on which it was recorded."
        ).format(people=to_words(goal.of_people), homes=to_words(goal.of_connections))
    )
    if served.empty:
        st.info(_("Nobody is recorded as served yet."))
        return
    curve = curve_of(desk, filters.service)
    titles = {"population": _("People served"), "connections": _("Connections")}
    for column, (name, title) in zip(st.columns(2), titles.items(), strict=True):
        column.altair_chart(toward_target(curve, name, title), width="stretch", key=f"water.time.{name}")
    shown = served[["systems", *titles]].rename(columns={"systems": _("Systems"), **titles})
    st.dataframe(
        shown.reset_index(names=_("Day")),
        hide_index=True,
        key="water.served",
        column_config={_("Day"): st.column_config.DateColumn(format="YYYY-MM-DD")},
    )


def served_of(desk: Desk, service: Service) -> pd.DataFrame:
    """Add up who is served by day, on the systems of the board."""
    standing = desk.board.journal.latest(desk.region.key, Status.kind, as_of=desk.as_of)
    ours = [entry for entry in standing if entry.key.split("/")[0] in desk.table.index]
    return served_over_time(ours, desk.table, service)


def curve_of(desk: Desk, service: Service) -> pd.DataFrame:
    """Draw out who is served until the day that is looked at, with the target."""
    until = desk.as_of.date() if desk.as_of else datetime.now(UTC).date()
    goal = count_served(desk.table, service)
    return served_curve(served_of(desk, service), goal.of_people, goal.of_connections, until)


def show_changes(desk: Desk) -> None:
    """List the latest changes on the board, newest first; the files hold all of them."""
    told = changes_of(desk, limit=MOST_CHANGES)
    ours = told[told["pwsid"].isin(desk.table.index)]
    st.caption(_("The {count} latest changes; the Excel file holds all of them.").format(count=MOST_CHANGES))
    st.dataframe(ours, hide_index=True, key="water.changes", column_config=change_titles())
