"""Milestones, messages, and barriers with what became of them."""

from __future__ import annotations

import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.markup import heading
from app_pages.parts.page import current_region, today
from app_pages.parts.program.fields import Desk
from geo.language import gettext as _
from geo.language import mark as N_
from geo.program.figures import ProgramFigures, session_names
from geo.program.public_view import barriers_shown
from store.program.kinds import BECAME_TITLES, Barrier, Event, Message, MilestoneReached
from wording.demo_entries import demo_table
from wording.program import milestones_table
from wording.program_reach import title_for

COLUMN_TITLES = {
    "on": N_("Day"),
    "title": N_("Title"),
    "channel": N_("Channel"),
    "language": N_("Language"),
    "cost_usd": N_("Cost, US dollars"),
    "reach": N_("Reach, people"),
    "raised_on": N_("Raised on"),
    "raised_at": N_("Raised at"),
    "text": N_("Description"),
    "became": N_("What became of it"),
    "barriers": N_("Barriers"),
    "became_on": N_("Since"),
    "note": N_("Note"),
    "district": N_("District"),
    "area": N_("Trustee area or division"),
    "candidates": N_("Candidates"),
    "candidate": N_("Candidate"),
    "race": N_("Race"),
    "event": N_("Event"),
    "invited": N_("Invited"),
    "attended": N_("Came"),
    "timed": N_("Timed"),
    "minutes": N_("Minutes spoken"),
    "mean_minutes": N_("Average, minutes"),
    "difference_minutes": N_("Largest difference, minutes"),
    "of_average": N_("Of the average"),
    "fair": N_("Fair"),
    "topic": N_("Topic"),
    "name": N_("Name"),
    "households": N_("Households reached"),
    "partner": N_("Partner"),
    "place": N_("Place"),
}


def show_talk(desk: Desk, figures: ProgramFigures) -> None:
    """Show milestones, messages and barriers."""
    reached = own_frame(desk, MilestoneReached)
    table = milestones_table(desk.program, reached, today())
    if len(table):
        st.markdown(heading(_("Milestones")))
        titles = {"title": _("Milestone"), "due": _("Due"), "reached": _("Reached"), "state": _("State")}
        st.dataframe(table, hide_index=True, key="program.milestones", placeholder="–", column_config=titles)
    messages = figures.messages(own_frame(desk, Message))
    if len(messages):
        st.markdown(heading(title_for(_("Messages and media"), figures.least)))
        columns = ("on", "title", "channel", "language", "cost_usd", "reach", "partner")
        show_rows(messages.sort_values("on"), columns, "messages")
    barriers = own_frame(desk, Barrier)
    if len(barriers):
        st.markdown(heading(_("Barriers that were raised, and what became of them")))
        show_barriers(desk, figures, barriers)


def show_barriers(desk: Desk, figures: ProgramFigures, barriers: pd.DataFrame) -> None:
    """Show each barrier with where it was raised; where none may be read, how many by what became of them."""
    titles = {str(became): _(title) for became, title in BECAME_TITLES.items()}
    read = figures.readable(barriers)
    if read.empty:
        st.caption(_("What was said is not shown; small counts are hidden."))
        counts = barriers_shown(barriers, titles)
        if counts["barriers"].isna().all():
            st.text(_("hidden: could tell of fewer than 10"))
        else:
            show_rows(counts, ("became", "barriers"), "barriers")
        return
    held = own_frame(desk, Event)
    events = dict(zip(held["key"], session_names(held), strict=True))
    named = read.assign(became=read["became"].astype(str).map(titles), raised_at=read["event"].map(events))
    columns = ("raised_on", "raised_at", "text", "became", "became_on", "note")
    show_rows(named.sort_values("raised_on"), columns, "barriers")


def own_frame(desk: Desk, kind: type) -> pd.DataFrame:
    """Return the program's own records of a kind."""
    frame = desk.book.frame(kind)
    return frame[frame["program"] == desk.program.key]


def show_rows(frame: pd.DataFrame, columns: tuple[str, ...], key: str) -> None:
    """Show some columns of recorded rows, with their titles and days; a column of nothing is left out."""
    if current_region().invented:
        frame = demo_table(frame)
    kept = [
        name for name in columns if frame[name].notna().any() and not (frame[name].astype(str) == "").all()
    ]
    titles = {name: _(COLUMN_TITLES[name]) for name in kept}
    days = {
        name: st.column_config.DateColumn(titles[name])
        for name in kept
        if name in ("on", "raised_on", "became_on")
    }
    shares = {
        name: st.column_config.NumberColumn(titles[name], format="percent")
        for name in kept
        if name == "of_average"
    }
    st.dataframe(
        frame[kept], hide_index=True, key=f"program.{key}", column_config={**titles, **days, **shares}
    )
