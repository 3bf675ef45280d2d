"""The goal of the canvass: households, until when, and where the number comes from."""

from __future__ import annotations

from app_pages.parts import screen as st
from app_pages.parts.canvass_conflict import attempt, decide
from app_pages.parts.person import Person
from app_pages.parts.seen import forget_seen, hold_seen
from geo.language import gettext as _
from store.canvass.book import CanvassBook
from store.canvass.kinds import Goal

FORM = "progress.goal"


def show_goal(book: CanvassBook, goal: Goal, person: Person) -> None:
    """Show the goal with its source, and let somebody change it."""
    words = _("Goal: {households} households until {day}. Source: {source}")
    told = words.format(households=f"{goal.households:,}", day=goal.last_day.isoformat(), source=goal.source)
    late = f"{FORM}.late" in st.session_state
    with st.expander(told, expanded=late):
        if not decide(book, person, FORM, lambda _words: st.rerun()):
            ask_goal(book, goal, person)


def ask_goal(book: CanvassBook, goal: Goal, person: Person) -> None:
    """Show the form, filled in with the goal as it stood when the form was opened."""
    kept = book.kept(Goal).get(goal.key)
    seen = hold_seen(FORM, book.region, kept.number if kept else 0)
    with st.form(f"{FORM}.form.{seen}"):
        households = st.number_input(
            _("Goal (households)"), 1, 1_000_000, goal.households, key=f"{FORM}.{seen}"
        )
        day = st.date_input(_("Last day of the canvass"), value=goal.last_day, key=f"progress.end.{seen}")
        source = st.text_input(_("Where the number comes from"), goal.source, key=f"progress.source.{seen}")
        sent = st.form_submit_button(_("Change the goal"))
    if sent:
        fields = {"households": households, "last_day": day, "source": source}
        who = person.require()
        attempt(FORM, lambda: book.save(Goal.make(fields), who, seen=seen))
        forget_seen(FORM)
        st.rerun()
