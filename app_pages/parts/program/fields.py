"""Fields of what is recorded of a program: declared once, asked for anew or filled in with what stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.page import today
from app_pages.parts.program.data import DIVISION_ROLES, added_boundaries, load_if_built
from geo.days import day_words
from geo.language import gettext as _
from geo.language import mark as N_
from geo.program.declaration import Program
from geo.program.draft import AREA_DATASETS
from geo.program.figures import told_apart
from geo.region import Region
from store.program.book import ProgramBook
from store.program.kinds import (
    BECAME_TITLES,
    EVENT_TITLES,
    ROLE_TITLES,
    Barrier,
    Contact,
    Enrollment,
    Event,
    Message,
    MilestoneReached,
    Question,
    Race,
    Reading,
    Recruit,
)
from store.records import Record

DAYS = (date(2000, 1, 1), date(2099, 12, 31))
LANGUAGES_SPOKEN = (N_("Spanish"), N_("English"), N_("Purepecha"))
CHANNELS = (
    N_("radio"),
    N_("flyer"),
    N_("text message"),
    N_("social media"),
    N_("newspaper"),
    N_("television"),
)


@dataclass(frozen=True, slots=True)
class Desk:
    """Where somebody records: the region, its book, the program."""

    region: Region
    book: ProgramBook
    program: Program


Ask = Callable[[Desk, str, str, Any], Any]


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name in the record, its title, and the widget that asks (desk, title, key, was)."""

    name: str
    title: str
    ask: Ask


def ask_fields(desk: Desk, fields: Sequence[Field], key: str, was: Mapping[str, Any]) -> dict[str, Any]:
    """Ask for each field, filled in with what stands; what is empty is left out."""
    found = {}
    for start in range(0, len(fields), 2):
        pair = fields[start : start + 2]
        for column, field in zip(st.columns(len(pair)), pair, strict=True):
            with column:
                asked = field.ask(desk, _(field.title), f"{key}.{field.name}", was.get(field.name))
            found[field.name] = asked
    return {name: value for name, value in found.items() if value not in ("", None, ())}


def text(desk: Desk, title: str, key: str, was: Any) -> str:
    """Ask for a line."""
    return st.text_input(title, str(was or ""), key=key)


def lines(desk: Desk, title: str, key: str, was: Any) -> str:
    """Ask for several lines."""
    return st.text_area(title, str(was or ""), key=key)


def names(desk: Desk, title: str, key: str, was: Any) -> tuple[str, ...]:
    """Ask for names, one a line."""
    written = st.text_area(title, "\n".join(was or ()), key=key)
    return tuple(name.strip() for name in written.splitlines() if name.strip())


def day(desk: Desk, title: str, key: str, was: Any) -> date:
    """Ask for a day; today by default, or the program's last."""
    usual = min(desk.program.ends or today(), today())
    return st.date_input(
        title, pd.Timestamp(was).date() if was else usual, *DAYS, key=key, format="YYYY-MM-DD"
    )


def maybe_day(desk: Desk, title: str, key: str, was: Any) -> date | None:
    """Ask for a day that may be unknown."""
    known = pd.Timestamp(was).date() if was else None
    return st.date_input(title, known, *DAYS, key=key, format="YYYY-MM-DD")


def clock(desk: Desk, title: str, key: str, was: Any) -> Any:
    """Ask for an hour that may be unknown."""
    return st.time_input(title, pd.Timestamp(str(was)).time() if was else None, key=key)


def count(desk: Desk, title: str, key: str, was: Any) -> int | None:
    """Ask for a whole number that may be unknown."""
    found = st.number_input(title, 0, value=None if was is None else int(was), step=1, key=key)
    return None if found is None else int(found)


def yes_or_no(desk: Desk, title: str, key: str, was: Any) -> bool | None:
    """Ask for yes or no; nothing where nobody wrote it down."""
    words = {True: _("yes"), False: _("no")}
    options = list(words)
    place = None if was is None else options.index(bool(was))
    return st.selectbox(title, options, place, format_func=words.__getitem__, key=key, placeholder="–")


def minutes(desk: Desk, title: str, key: str, was: Any) -> int | None:
    """Ask for minutes of what is kept in seconds."""
    asked = number(desk, title, key, None if was is None else round(float(was) / 60, 2))
    return None if asked is None else round(asked * 60)


def number(desk: Desk, title: str, key: str, was: Any) -> float | None:
    """Ask for a number that may be unknown."""
    return st.number_input(title, value=None if was is None else float(was), key=key)


def one_of(titles: Mapping[Any, str]) -> Ask:
    """Make a field of which one of some values is chosen."""

    def ask(desk: Desk, title: str, key: str, was: Any) -> Any:
        options = list(titles)
        place = [str(option) for option in options].index(str(was)) if was else 0
        return st.selectbox(title, options, place, format_func=lambda item: _(titles[item]), key=key)

    return ask


def suggested(words: Sequence[str]) -> Ask:
    """Make a field of which a word is chosen, or another written."""
    return lambda desk, title, key, was: _suggest([_(word) for word in words], title, key, was)


def _suggest(words: Sequence[str], title: str, key: str, was: Any) -> str | None:
    options = [*words, *([str(was)] if was and str(was) not in words else [])]
    place = options.index(str(was)) if was else None
    return st.selectbox(title, options, place, key=key, accept_new_options=True)


RECORDED = "event.recorded"
"""Where the session holds the event that it recorded last."""


def event_titles(desk: Desk, *, ahead: bool = False) -> dict[str, str]:
    """Name a program's events by day and title, each once, the likeliest first.

    Parameters
    ----------
    ahead
        Whether those to come are likelier, the soonest first; else those that took place, the newest first.
    """
    now, events = today(), desk.book.events(desk.program.key)
    if ahead:
        later = [event for event in events if event.on >= now]
        order = [*later, *(event for event in reversed(events) if event.on < now)]
    else:
        later = [event for event in events if event.on > now]
        order = [*(event for event in reversed(events) if event.on <= now), *later]
    names = told_apart(f"{event.on} · {event.title}" for event in order)
    return dict(zip((event.key for event in order), names, strict=True))


def titled(event: Event, events: Sequence[Event], *, always: bool = False) -> str:
    """Name an event by its title; by title and day where another one has the same title, or always."""
    same = [other for other in events if other.title == event.title]
    return f"{event.title}, {day_words(event.on)}" if always or len(same) > 1 else event.title


def follow_recorded(key: str, titles: Mapping[str, str], *, ahead: bool = False) -> None:
    """Choose in a list of events the one that was recorded last here; before the list is drawn.

    Parameters
    ----------
    ahead
        Whether one that is to come is chosen too: nobody came to it yet.
    """
    event: Event | None = st.session_state.get(RECORDED)
    is_likely = event is not None and event.key in titles and (ahead or event.on <= today())
    if event is not None and is_likely and st.session_state.get(f"{key}.followed") != event.key:
        st.session_state[f"{key}.followed"] = st.session_state[key] = event.key
    if st.session_state.get(key) not in titles:
        st.session_state.pop(key, None)


def event_of(desk: Desk, title: str, key: str, was: Any) -> str | None:
    """Ask for one of the program's events, those that took place first."""
    titles = event_titles(desk)
    if was is None:
        follow_recorded(key, titles)
    return _keyed(title, titles, key, was)


def race_of(desk: Desk, title: str, key: str, was: Any) -> str | None:
    """Ask for one of the program's races, or none."""
    races = [item.record for item in desk.book.kept(Race, desk.program.key)]
    return _keyed(title, {race.key: f"{race.on} · {race.title}" for race in races}, key, was, empty=True)


def measure_of(desk: Desk, title: str, key: str, was: Any) -> str | None:
    """Ask for one of the program's measures."""
    return _keyed(title, {item.key: _(item.title) for item in desk.program.measures}, key, was)


def milestone_of(desk: Desk, title: str, key: str, was: Any) -> str | None:
    """Ask for one of the program's milestones."""
    return _keyed(title, {item.title: _(item.title) for item in desk.program.milestones}, key, was)


def district_of(desk: Desk, title: str, key: str, was: Any) -> str | None:
    """Ask for a district of the region by its name, or another in words."""
    frames = [load_if_built(desk.region, name) for name in AREA_DATASETS[:2]]
    known = [str(name) for frame in frames if frame is not None for name in frame["name"].dropna()]
    return _suggest(sorted(set(known)), title, key, was)


def area_of_race(desk: Desk, title: str, key: str, was: Any) -> str | None:
    """Ask for a trustee area or division: one whose boundary was added, or another in words."""
    frames = [added_boundaries(desk.book, desk.program.key, role) for role in DIVISION_ROLES]
    known = [str(name) for frame in frames if frame is not None for name in frame["name"]]
    return _suggest(sorted(set(known)), title, key, was)


def _keyed(title: str, titles: Mapping[str, str], key: str, was: Any, *, empty: bool = False) -> str | None:
    options = list(titles)
    place = options.index(was) if was in options else None if empty else 0
    return st.selectbox(
        title, options, place if options else None, format_func=lambda item: titles[item], key=key
    )


WHERE = (Field("place", N_("Place"), text), Field("partner", N_("Partner"), text))
ON = Field("on", N_("Day"), day)
TRACT = Field("geoid", N_("Tract (GEOID of 2010, 11 digits)"), text)
CODE = Field("person", N_("Code, e-mail or phone of the person"), text)
FIELDS: dict[type[Record], tuple[Field, ...]] = {
    Event: (
        Field("title", N_("Title"), text),
        Field("event_kind", N_("Kind of event"), one_of(EVENT_TITLES)),
        ON,
        Field("begins_at", N_("Begins"), clock),
        Field("ends_at", N_("Ends"), clock),
        *WHERE,
        Field("room_holds", N_("Room holds (people)"), count),
        Field("series", N_("Series"), text),
        Field("headcount", N_("Headcount (people, without names)"), count),
        Field("headcount_how", N_("How it was counted, and by whom"), text),
        Field("note", N_("Note"), text),
    ),
    Contact: (
        ON,
        Field("households", N_("Households reached"), count),
        TRACT,
        *WHERE,
        Field("note", N_("Note"), text),
    ),
    Enrollment: (ON, Field("people", N_("People"), count), CODE, TRACT, *WHERE),
    Recruit: (ON, CODE, TRACT, *WHERE),
    Message: (
        ON,
        Field("title", N_("What it says"), text),
        Field("channel", N_("Channel"), suggested(CHANNELS)),
        Field("language", N_("Language"), suggested(LANGUAGES_SPOKEN)),
        Field("cost_usd", N_("Cost, US dollars"), number),
        Field("reach", N_("Reach, people"), count),
        *WHERE,
    ),
    MilestoneReached: (Field("title", N_("Milestone"), milestone_of), ON, *WHERE),
    Barrier: (
        Field("event", N_("Event"), event_of),
        Field("text", N_("Barrier"), text),
        Field("raised_on", N_("Raised on"), day),
        Field("became", N_("What became of it"), one_of(BECAME_TITLES)),
        Field("became_on", N_("Since"), maybe_day),
        Field("note", N_("Note"), text),
        *WHERE,
    ),
    Reading: (Field("measure", N_("Measure"), measure_of), ON, Field("value", N_("Value"), number), *WHERE),
    Race: (
        Field("title", N_("Race"), text),
        Field("district", N_("District"), district_of),
        Field("role", N_("Who votes"), one_of(ROLE_TITLES)),
        Field("area", N_("Trustee area or division, where not the whole district"), area_of_race),
        Field("on", N_("Day of the election"), maybe_day),
        Field("candidates", N_("Candidates, one a line"), names),
    ),
    Question: (
        ON,
        Field("text", N_("Question"), lines),
        Field("race", N_("Race"), race_of),
        Field("language", N_("Language"), suggested(LANGUAGES_SPOKEN)),
        Field("topic", N_("Topic"), text),
        *WHERE,
    ),
}
