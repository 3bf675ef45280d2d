"""Forums: races with their areas, the time each candidate had, residents' questions, the turnout canvass."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.markup import heading
from app_pages.parts.program.data import DIVISION_ROLES, added_boundaries, drawn_words, load_if_built
from app_pages.parts.program.fields import Desk
from app_pages.parts.program.milestones import own_frame, show_rows
from geo.language import gettext as _
from geo.language import mark as N_
from geo.program.draft import AREA_DATASETS
from geo.program.figures import ProgramFigures
from geo.program.forums import basis_words, fairness_table, fairness_totals, fairness_words, race_shapes
from geo.program.reach import households_by_division
from geo.units import to_words
from store.program.kinds import AreaRole, Event, Question, Race, SpeakingTime

DIVISIONS = {
    AreaRole.TRUSTEE_AREA: N_("Turnout canvass by trustee area"),
    AreaRole.DIVISION: N_("Turnout canvass by division"),
}


def race_areas(desk: Desk) -> gpd.GeoDataFrame | None:
    """Return the shapes of the program's races; None for a program that has no forums."""
    if desk.program.kind != "forums":
        return None
    found = {role: added_boundaries(desk.book, desk.program.key, role) for role in DIVISION_ROLES}
    parts = {str(role): frame for role, frame in found.items() if frame is not None}
    frames = [load_if_built(desk.region, name) for name in AREA_DATASETS[:2]]
    known = [frame[["name", "geometry"]] for frame in frames if frame is not None]
    districts = gpd.GeoDataFrame(pd.concat(known, ignore_index=True)) if known else None
    return race_shapes(own_frame(desk, Race), parts, districts)


def show_forum(desk: Desk, figures: ProgramFigures, races: gpd.GeoDataFrame) -> None:
    """Show races, times and questions, and the turnout canvass by area."""
    show_races(desk, races)
    show_times(desk)
    show_questions(desk, figures)
    show_turnout(desk, figures)


def show_races(desk: Desk, shapes: gpd.GeoDataFrame) -> None:
    """Show who stands where; a district that stands in for its part is said to be one."""
    st.markdown(heading(_("Races and their candidates")))
    races = own_frame(desk, Race)
    if races.empty:
        st.info(_("No race is recorded yet: under Record, choose Race."))
        return
    show_rows(races.sort_values("on"), ("on", "title", "district", "area", "candidates"), "races")
    for words in basis_words(shapes, races["title"]):
        st.caption(words)


def show_times(desk: Desk) -> None:
    """Show the time of each candidate, and how far apart they are: that nobody was favored can be seen."""
    totals = times_of(desk)
    if totals.empty:
        return
    st.markdown(heading(_("The same time for every candidate")))
    st.text(" ".join(fairness_words(totals, _compared(desk))))
    st.caption(_("Every candidate of a race is invited; who was not timed has no time. Fair: within 5%."))
    columns = ("on", "event", "race", "candidates", "timed", "mean_minutes", "difference_minutes", "fair")
    show_rows(totals, columns, "fairness")
    rows = ("on", "event", "race", "candidate", "minutes", "of_average", "fair")
    show_rows(_named(desk, _compared(desk)), rows, "speaking")


def times_of(desk: Desk) -> pd.DataFrame:
    """Return how far apart the times of each race at each event are, by day, with the titles of both."""
    return _named(desk, fairness_totals(_compared(desk)))


def show_questions(desk: Desk, figures: ProgramFigures) -> None:
    """Show residents' questions; where none may be read, how many there are."""
    questions = own_frame(desk, Question)
    if questions.empty:
        return
    st.markdown(heading(_("Questions collected from residents")))
    read = figures.readable(questions)
    if len(read):
        titles = own_frame(desk, Race).set_index("key")["title"].to_dict()
        named = read.assign(race=read["race"].map(titles).fillna(""))
        show_rows(named.sort_values("on"), ("on", "text", "topic", "race", "language"), "questions")
        return
    count = figures.questions(questions)
    st.text(_("fewer than 10: hidden") if count is None else to_words(count))
    st.caption(_("What was asked is not shown to others."))


def show_turnout(desk: Desk, figures: ProgramFigures) -> None:
    """Show the turnout canvass by trustee area or division, where their boundaries were added."""
    tracts, contacts = load_if_built(desk.region, "tracts_2010"), figures.records.contacts
    if all(added_boundaries(desk.book, desk.program.key, role) is None for role in DIVISIONS):
        st.markdown(heading(_("Turnout canvass by trustee area or division")))
        st.info(
            _("No boundary of a trustee area or division is here yet: under Record, add a file or draw it.")
        )
    elif contacts.empty:
        st.markdown(heading(_("Turnout canvass by trustee area or division")))
        st.info(_("No household of a turnout canvass is recorded yet."))
        return
    for role, title in DIVISIONS.items():
        divisions = added_boundaries(desk.book, desk.program.key, role)
        if divisions is None or tracts is None:
            continue
        st.markdown(heading(_(title)))
        people = load_if_built(desk.region, "people_points")
        table = households_by_division(contacts, tracts, divisions, people)
        show_rows(figures.divisions(table), ("name", "households"), f"turnout.{role}")
        st.caption(_("By tract: a tract that a line cuts counts where most of its people live."))
        if drawn := drawn_words([divisions]):
            st.caption(drawn)


def _compared(desk: Desk) -> pd.DataFrame:
    spoken, races = own_frame(desk, SpeakingTime), own_frame(desk, Race)
    stand = spoken["event"].isin(own_frame(desk, Event)["key"]) & spoken["race"].isin(races["key"])
    return fairness_table(spoken[stand], races)


def _named(desk: Desk, table: pd.DataFrame) -> pd.DataFrame:
    kinds = {"event": Event, "race": Race}
    titles = {name: own_frame(desk, kind).set_index("key")["title"] for name, kind in kinds.items()}
    days = pd.to_datetime(table["event"].map(own_frame(desk, Event).set_index("key")["on"].to_dict()))
    named = table.assign(on=days, **{name: table[name].map(title) for name, title in titles.items()})
    return named.sort_values("on", kind="stable")
