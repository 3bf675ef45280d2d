"""Who is served: one line, a funnel for each service, and the curve over time."""

from __future__ import annotations

from html import escape
from typing import Any

import altair as alt
import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.charts import GOAL, LINE, speaking
from app_pages.parts.water.board import Desk, changes_of
from app_pages.parts.water.card import change_titles
from geo.days import day_in
from geo.language import gettext as _
from geo.language import ngettext
from geo.units import to_words
from layers.water import STAGE_COLORS
from store.water.board_table import Filters, Served, count_served, funnel_table
from store.water.book import served_curve, served_over_time
from store.water.kinds import SERVICE_TITLES, STAGE_TITLES, Service, Stage, Status
from wording.water_systems import estimated_share

STYLES = """<style>
.geo-funnel{width:100%;border-collapse:collapse;font-size:0.92rem;line-height:1.25}
.geo-funnel caption{text-align:left;font-weight:650;padding:0 0 0.2rem 0;color:#1a1a1a;font-size:1rem}
.geo-funnel th{font-weight:400;text-align:left;white-space:nowrap;width:1%;padding:1px 0.6rem 1px 0}
.geo-funnel thead th.n{font-size:0.8rem;color:#4d4d4d;padding:0 0 0 0.6rem;text-align:right}
.geo-funnel td.n{text-align:right;width:1%;padding:1px 0 1px
0.6rem;font-variant-numeric:tabular-nums;white-space:nowrap}
.geo-funnel .bar{display:block;height:0.95rem;border:1px solid #1a1a1a;box-sizing:border-box;min-width:2px}
.geo-served{font-size:1.15rem;margin:0 0 0.4rem 0;line-height:1.35}
</style>"""


def show_numbers(table: pd.DataFrame) -> None:
    """Show both services side by side."""
    st.html(STYLES)
    for column, service in zip(st.columns(2, gap="large"), Service, strict=True):
        with column:
            st.html(
                f'<p class="geo-served">{escape(served_words(count_served(table, service), service))}</p>'
            )
            st.html(funnel_html(funnel_table(table, service), service))


def served_words(served: Served, service: Service) -> str:
    """Say in one line who is served of how many.

    Examples
    --------
    >>> served_words(Served(2, 80, 300.0, 9000.0, 60.0, 2500.0, 4), Service.WATER)
    'Water: 300 of 9,000 people connected so far, in 2 of 80 systems. The people of 4 systems are not known.'
    """
    words = _("{service}: {people} of {all} people connected so far, in {systems} of {of} systems.").format(
        service=_(SERVICE_TITLES[service]).capitalize(),
        people=to_words(served.people, "people"),
        all=to_words(served.of_people, "people"),
        systems=served.systems,
        of=served.of_systems,
    )
    if served.people_unknown:
        words += " " + ngettext(
            "The people of {count} system are not known.",
            "The people of {count} systems are not known.",
            served.people_unknown,
        ).format(count=served.people_unknown)
    return " ".join(part for part in (words, estimated_share(served)) if part)


def funnel_html(funnel: pd.DataFrame, service: Service) -> str:
    """Write a funnel as a table with bars; stages without systems are kept, so that its shape can be read."""
    widest = max(float(funnel["share"].max()), 1e-9)
    rows = "".join(
        _row(str(stage), int(row["systems"]), float(row["people"]), 100 * float(row["share"]) / widest)
        for stage, row in funnel.iterrows()
    )
    title = _("{service}: systems by stage, and their people").format(
        service=_(SERVICE_TITLES[service]).capitalize()
    )
    head = "".join(f'<th scope="col" class="n">{escape(word)}</th>' for word in (_("Systems"), _("People")))
    top = f"<thead><tr><td></td><td></td>{head}</tr></thead>"
    return f'<table class="geo-funnel"><caption>{escape(title)}</caption>{top}<tbody>{rows}</tbody></table>'


def _row(stage: str, systems: int, people: float, width: float) -> str:
    bar = (
        f'<span class="bar" style="width:{width:.1f}%;background:{STAGE_COLORS[stage]}"></span>'
        if systems
        else ""
    )
    counts = [str(systems), to_words(people, "people") if systems else ""]
    cells = "".join(f'<td class="n">{count}</td>' for count in counts)
    title = escape(_(STAGE_TITLES[Stage(stage)]))
    return f'<tr><th scope="row">{title}</th><td>{bar}</td>{cells}</tr>'


def toward_target(curve: pd.DataFrame, name: str, title: str) -> Any:
    """Draw one running sum as steps, with its target as a dashed line across.

    Parameters
    ----------
    curve
        As :func:`store.water.book.served_curve` returns it.
    name, title
        The column, and what it is called.
    """
    frame = curve.reset_index()
    line = (
        alt.Chart(frame)
        .mark_line(interpolate="step-after", color=LINE, strokeWidth=2.5, point=True)
        .encode(
            x=alt.X("day:T", title=None),
            y=alt.Y(f"{name}:Q", title=title, scale=alt.Scale(domainMin=0)),
            tooltip=[alt.Tooltip("day:T", title=_("Day")), alt.Tooltip(f"{name}:Q", title=title, format=",")],
        )
    )
    goal = curve[f"{name}_goal"].iloc[[0]].rename("goal").reset_index(drop=True).to_frame()
    goal["words"] = _("Target: {amount}").format(amount=to_words(goal["goal"].item()))
    rule = alt.Chart(goal).mark_rule(color=GOAL, strokeDash=[6, 3]).encode(y="goal:Q")
    words = (
        alt.Chart(goal)
        .mark_text(align="left", dx=4, dy=9, x=0, color=GOAL)
        .encode(y="goal:Q", text="words:N")
    )
    return speaking(alt.layer(line, rule, words).properties(height=260))


MOST_CHANGES = 500


def show_time(desk: Desk, filters: Filters) -> None:
    """Draw people and connections served by day, with the target."""
    served, goal = served_of(desk, filters.service), count_served(desk.table, filters.service)
    target = _(
        "Target: all {people} known people and {homes} connections on the board. A system whose day is "
        "not known counts from the end of its month or year, or from when it was recorded."
    ).format(people=to_words(goal.of_people), homes=to_words(goal.of_connections))
    st.caption(f"{target} {estimated_share(goal)}")
    if served.empty:
        st.info(_("Nobody is connected yet."))
        return
    curve = curve_of(desk, filters.service)
    titles = {"population": _("People served"), "connections": _("Connections")}
    for column, (name, title) in zip(st.columns(2), titles.items(), strict=True):
        column.altair_chart(toward_target(curve, name, title), width="stretch", key=f"water.time.{name}")
    shown = served[["systems", *titles]].round().rename(columns={"systems": _("Systems"), **titles})
    st.dataframe(
        shown.reset_index(names=_("Day")),
        hide_index=True,
        key="water.served",
        column_config={_("Day"): st.column_config.DateColumn(format="YYYY-MM-DD")},
    )


def served_of(desk: Desk, service: Service) -> pd.DataFrame:
    """Add up who is served by day, on the systems of the board."""
    ours = [
        kept for kept in desk.board.kept(Status, as_of=desk.as_of) if kept.record.pwsid in desk.table.index
    ]
    return served_over_time(ours, desk.table, service)


def curve_of(desk: Desk, service: Service) -> pd.DataFrame:
    """Draw out who is served until the day that is looked at, with the target."""
    until = desk.as_of.day if desk.as_of else day_in(desk.region.timezone)
    goal = count_served(desk.table, service)
    return served_curve(served_of(desk, service), goal.of_people, goal.of_connections, until)


def show_changes(desk: Desk) -> None:
    """List the latest changes on the board, newest first; the files hold all of them."""
    told = changes_of(desk, limit=MOST_CHANGES)
    ours = told[told["pwsid"].isin(desk.table.index)]
    st.caption(_("The {count} latest changes; the Excel file holds all of them.").format(count=MOST_CHANGES))
    st.dataframe(
        ours, hide_index=True, key="water.changes", column_config=change_titles(desk.region.timezone)
    )
