"""Forums: races with their areas, candidates and their times, residents' questions, the turnout canvass."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import geopandas as gpd
import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.markup import bold, heading
from app_pages.parts.program.data import DIVISION_ROLES, added_boundaries, drawn_words, load_if_built
from app_pages.parts.program.fields import Desk, event_titles, follow_recorded, yes_or_no
from app_pages.parts.program.milestones import own_frame, show_rows
from app_pages.parts.screen import Part
from geo.language import gettext as _
from geo.language import mark as N_
from geo.program.draft import AREA_DATASETS
from geo.program.figures import ProgramFigures, session_names, told_apart
from geo.program.forums import basis_words, fairness_table, fairness_totals, fairness_words, race_shapes
from geo.program.reach import households_by_division
from geo.units import to_words
from reports.program_sections import Forums
from store.program.kinds import AreaRole, Event, Question, Race, SpeakingTime
from store.records import Record
from wording.demo_entries import demo_table
from wording.program_reach import title_for

DIVISIONS = {
    AreaRole.TRUSTEE_AREA: N_("Turnout canvass by trustee area"),
    AreaRole.DIVISION: N_("Turnout canvass by division"),
}

# An election that is further off is another forum's.
SEASON = timedelta(days=365)


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
        st.info(_("No race is recorded yet: add it under Record, at a forum."))
        return
    show_rows(races.sort_values("on"), ("on", "title", "district", "area", "candidates"), "races")
    for words in basis_words(shapes, races["title"]):
        st.caption(words)


def show_times(desk: Desk) -> None:
    """Show who was invited, who came and the time of each: that nobody was favored can be seen."""
    compared = _compared(desk)
    if compared.empty:
        return
    st.markdown(heading(_("The same time for every candidate")))
    totals = times_of(desk)
    if len(totals):
        st.text(" ".join(fairness_words(totals, compared)))
        st.caption(_("Every candidate of a race is invited; who was not timed has no time. Fair: within 5%."))
        columns = ("on", "event", "race", "candidates", "timed", "mean_minutes", "difference_minutes", "fair")
        show_rows(totals, columns, "fairness")
    rows = ("on", "event", "race", "candidate", "invited", "attended", "minutes", "of_average", "fair")
    show_rows(_named(desk, compared), rows, "speaking")


def record_forum(
    desk: Desk, told: Part, write: Callable[[Callable[[], Sequence[Record]], str], None]
) -> None:
    """Ask, of all races at an event, who was invited and came, how long each spoke, what residents asked.

    Parameters
    ----------
    told
        Where it says what was recorded before, to be emptied.
    write
        Records what a call makes, with its source.
    """
    races = {item.record.key: item.record for item in desk.book.kept(Race, desk.program.key)}
    titles = event_titles(desk)
    if not races or not titles:
        st.info(_("Record the event and the race first."))
        return
    follow_recorded("times.event", titles, ahead=True)
    chosen = st.selectbox(_("Event"), list(titles), format_func=titles.__getitem__, key="times.event")
    event = next(item for item in desk.book.events(desk.program.key) if item.key == chosen)
    here = ask_races(event, races)
    with st.form("program.times"):
        rows = {race.key: ask_race(desk, event, race) for race in here}
        source = st.text_input(_("Source"), key="times.source")
        sent = st.form_submit_button(_("Record the forum"), type="primary")
    if sent:
        told.empty()
        write(
            lambda: [
                record
                for race in here
                for record in (
                    *candidates_at(event, race, rows[race.key][0]),
                    *questions_at(event, race, rows[race.key][1]),
                )
            ],
            source,
        )


def ask_races(event: Event, races: dict[str, Race]) -> list[Race]:
    """Ask which races were on at an event: at first those whose election was still to come."""
    ahead = [key for key, race in races.items() if event.on <= race.on <= event.on + SEASON]
    titles = dict(zip(races, told_apart(f"{race.on} · {race.title}" for race in races.values()), strict=True))
    chosen = st.multiselect(
        _("Races at this forum"),
        list(races),
        ahead or list(races)[-1:],
        format_func=titles.__getitem__,
        # Another one is chosen with the others as soon as it is recorded.
        key=f"times.races.{event.key}.{len(races)}",
    )
    return [races[key] for key in chosen]


def ask_race(desk: Desk, event: Event, race: Race) -> tuple[list[dict[str, Any]], str]:
    """Ask of one race at an event of each candidate, and what residents asked."""
    st.markdown(bold(race.title))
    kept = [item.record for item in desk.book.kept(SpeakingTime, desk.program.key)]
    known = {item.candidate for item in kept if (item.event, item.race) == (event.key, race.key)}
    if known:
        st.info(_("Candidates of this race at this event are recorded; correct them under Change."))
    rows = [ask_candidate(desk, event, race, name) for name in race.candidates if name not in known]
    asked = st.text_area(
        _("{race}: questions that residents asked there, one a line").format(race=race.title),
        key=f"times.{event.key}.{race.key}.questions",
    )
    return rows, asked


def ask_candidate(desk: Desk, event: Event, race: Race, name: str) -> dict[str, Any]:
    """Ask of one candidate whether they were invited, whether they came, and how many minutes they spoke."""
    key = f"times.{event.key}.{race.key}.{name}"
    left, middle, right = st.columns(3, vertical_alignment="bottom")
    with left:
        invited = st.checkbox(_("{name}: invited").format(name=name), True, key=f"{key}.invited")
    with middle:
        came = yes_or_no(desk, _("{name}: came").format(name=name), f"{key}.came", None)
    with right:
        minutes = st.number_input(_("{name}: minutes").format(name=name), 0.0, value=None, step=0.25, key=key)
    return {"candidate": name, "invited": invited, "attended": came, "minutes": minutes}


def candidates_at(event: Event, race: Race, rows: Sequence[dict[str, Any]]) -> list[SpeakingTime]:
    """Make a record of each candidate of whom something was written down; none where nothing was of any.

    Examples
    --------
    >>> from datetime import date
    >>> named = {"program": "p", "title": "F", "on": date(2018, 10, 1), "id": "a"}
    >>> event = Event.make(named | {"event_kind": "forum"})
    >>> race = Race.make(named | {"district": "D", "candidates": ["A", "B"]})
    >>> rows = [{"candidate": "A", "invited": True, "attended": True, "minutes": 2.5},
    ...     {"candidate": "B", "invited": True, "attended": False, "minutes": None}]
    >>> [(item.candidate, item.attended, item.seconds) for item in candidates_at(event, race, rows)]
    [('A', True, 150), ('B', False, None)]
    """
    if all(row["attended"] is None and row["minutes"] is None and row["invited"] for row in rows):
        return []
    return [
        SpeakingTime.make(
            {
                "program": event.program,
                "event": event.key,
                "race": race.key,
                "candidate": row["candidate"],
                "invited": row["invited"],
                "attended": True if row["attended"] is None and row["minutes"] else row["attended"],
                "seconds": None if row["minutes"] is None else round(row["minutes"] * 60),
            }
        )
        for row in rows
    ]


def questions_at(event: Event, race: Race, asked: str) -> list[Question]:
    """Make a record of each question, one a line; of whom it is is not kept."""
    of = {"program": event.program, "event": event.key, "race": race.key, "on": event.on}
    return [Question.make(of | {"text": line}) for line in asked.splitlines() if line.strip()]


def times_of(desk: Desk) -> pd.DataFrame:
    """Return how far apart the times of each race at each event are, by day, with the titles of both."""
    return _named(desk, fairness_totals(_compared(desk)))


def forums_of(desk: Desk) -> Forums | None:
    """Return what a report tells of forums, with titles in place of keys; None for a program without any."""
    if desk.program.kind != "forums":
        return None
    races, questions = own_frame(desk, Race), _asked(desk, own_frame(desk, Question))
    if desk.region.invented:
        races, questions = demo_table(races), demo_table(questions)
    return Forums(races, _named(desk, _compared(desk)), questions)


def show_questions(desk: Desk, figures: ProgramFigures) -> None:
    """Show residents' questions; where none may be read, how many there are."""
    questions = own_frame(desk, Question)
    if questions.empty:
        return
    st.markdown(heading(_("Questions collected from residents")))
    read = figures.readable(questions)
    if len(read):
        columns = ("on", "text", "topic", "race", "language")
        show_rows(_asked(desk, read).sort_values("on"), columns, "questions")
        return
    count = figures.questions(questions)
    st.text(_("hidden: could tell of fewer than 10") if count is None else to_words(count))
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
        st.markdown(heading(title_for(_(title), figures.least)))
        people = load_if_built(desk.region, "people_points")
        table = households_by_division(contacts, tracts, divisions, people)
        show_rows(figures.divisions(table), ("name", "households"), f"turnout.{role}")
        st.caption(_("By tract: a tract that a line cuts counts where most of its people live."))
        if drawn := drawn_words([divisions]):
            st.caption(drawn)


def _asked(desk: Desk, questions: pd.DataFrame) -> pd.DataFrame:
    """Name the race of each question in place of its key."""
    titles = own_frame(desk, Race).set_index("key")["title"].to_dict()
    return questions.assign(race=questions["race"].map(titles).fillna(""))


def _compared(desk: Desk) -> pd.DataFrame:
    spoken, races = own_frame(desk, SpeakingTime), own_frame(desk, Race)
    stand = spoken["event"].isin(own_frame(desk, Event)["key"]) & spoken["race"].isin(races["key"])
    return fairness_table(spoken[stand], races)


def _named(desk: Desk, table: pd.DataFrame) -> pd.DataFrame:
    kinds = {"event": Event, "race": Race}
    frames = {name: own_frame(desk, kind) for name, kind in kinds.items()}
    if desk.region.invented:
        frames = {name: demo_table(frame) for name, frame in frames.items()}
    titles = {
        name: dict(zip(frame["key"], session_names(frame), strict=True)) for name, frame in frames.items()
    }
    days = pd.to_datetime(table["event"].map(own_frame(desk, Event).set_index("key")["on"].to_dict()))
    named = table.assign(on=days, **{name: table[name].map(title) for name, title in titles.items()})
    named = named.sort_values("on", kind="stable")
    return demo_table(named) if desk.region.invented else named
