"""The goal of the canvass: households, until when, and where the number comes from."""

from __future__ import annotations

from app_pages.parts import screen as st
from app_pages.parts.person import Person
from geo.language import gettext as _
from store.canvass.book import CanvassBook
from store.canvass.kinds import Goal


def show_goal(book: CanvassBook, goal: Goal, person: Person) -> None:
    """Show the goal with its source, and let somebody change it."""
    words = _("Goal: {households} households until {day}. Source: {source}")
    told = words.format(households=f"{goal.households:,}", day=goal.last_day.isoformat(), source=goal.source)
    with st.expander(told):
        with st.form("progress.goal.form"):
            households = st.number_input(
                _("Goal (households)"), 1, 1_000_000, goal.households, key="progress.goal"
            )
            day = st.date_input(_("Last day of the canvass"), value=goal.last_day, key="progress.end")
            source = st.text_input(_("Where the number comes from"), goal.source, key="progress.source")
            sent = st.form_submit_button(_("Change the goal"))
        if sent:
            fields = {"households": households, "last_day": day, "source": source}
            book.save(Goal.make(fields), person.require())
            st.rerun()
