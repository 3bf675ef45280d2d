"""Recording an event with its people in one form, short enough for a phone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from streamlit_folium import st_folium

from app_pages.parts import screen as st
from app_pages.parts.intake import show_lines
from app_pages.parts.loading import load_shapes
from app_pages.parts.page import guarded, refusing, say_done, tell_done
from app_pages.parts.people import Person
from app_pages.parts.program.data import load_if_built
from app_pages.parts.program.fields import RECORDED, Desk, clock, count, maybe_day, one_of, text
from geo.days import day_words
from geo.errors import StoreError
from geo.intake.verdicts import Verdict
from geo.language import gettext as _
from geo.language import mark as N_
from geo.language import ngettext
from geo.program.area import (
    Area,
    Spot,
    inside,
    known_places,
    known_tracts,
    places_outside,
    point_frame,
    read_point,
    write_point,
)
from geo.program.sign_in_sheets import codes_in_text, judge_typed
from layers.base_map import static_map, view_group
from layers.layer import Look, feature_group
from layers.program import AREA, NEW_EVENT
from layers.registry import PLACES
from store.program.book import list_sites
from store.program.checks import require_fit
from store.program.kinds import EVENT_TITLES, Event, EventKind
from store.program.series import REPEAT_TITLES, Repeat, repeat_days, repeated

CLEARED: dict[str, str | None] = {
    **dict.fromkeys(("title", "point", "codes", "partner", "source", "why", "headcount_how"), ""),
    **dict.fromkeys(("on", "place", "begins_at", "ends_at", "holds", "headcount")),
    **dict.fromkeys(("series", "repeat", "times", "until")),
}
"""What the form holds once its event was recorded; a browser that is not told keeps what was typed."""
DONE, CLEAR, POINT = "program.event.done", "program.event.clear", "event.point"
READ = "program.event.read"
POINT_MAP, CLICKED = "event.point.map", "event.clicked"
USUAL = {"forums": EventKind.FORUM, "census": EventKind.CANVASS_DAY}
PLACE_KINDS = {"places": N_("place"), "mobile_home_parks": N_("mobile home park")}


def record_event(desk: Desk, area: Area, person: Person) -> None:
    """Show the form for an event; codes are typed or pasted, separated by anything."""
    if st.session_state.pop(CLEAR, False):
        for name, empty in CLEARED.items():
            st.session_state[f"event.{name}"] = empty
    known = places_of(desk, area)
    # In a part of its own: what a place adds to it must not shift the form, whose parts would shut.
    with st.container():
        where = ask_place(desk, area, known)
    with st.form("program.event", clear_on_submit=False):
        fields = ask_event(desk) | where
        codes = st.text_area(
            _("Codes of the people who came"),
            key="event.codes",
            help=_(
                "One a line, or with commas or spaces between; spaces and hyphens within a code do not "
                "matter. They can be imported from a sheet later."
            ),
        )
        counted = ask_headcount(desk)
        with st.expander(_("Hours, room, partner, source")):
            more = ask_more(desk)
        with st.expander(_("Series and repeats")):
            more["series"] = ask_series(desk, "event.series")
            repeat = ask_repeat(desk)
        why = st.text_input(_("Note (only if something is out of the ordinary)"), key="event.why")
        sent = st.form_submit_button(_("Record the event"), type="primary")
    told = tell_done(DONE)
    if sent:
        told.empty()
        st.session_state[READ] = codes
        with refusing():
            source = str(more.pop("source"))
            event = make_event(desk, fields | counted | more, known)
            days = days_of(event, **repeat)
            save_event(desk, area, person, event, days, codes, why, source)
    tell_codes(st.session_state.get(READ, ""), refused=sent)


def tell_codes(codes: str, *, refused: bool, key: str = "event") -> None:
    """Say of typed codes, row by row, as what each was read; open where they were refused."""
    lines = judge_typed(codes)
    if lines:
        with st.expander(_("The codes as they were read"), expanded=refused):
            columns = {"written": _("As written"), "code": _("Code")}
            show_lines(lines, columns, key, typed=True)


def ask_place(desk: Desk, area: Area, known: dict[str, Spot]) -> dict[str, Any]:
    """Ask where the event is: a known place, whose point is told; of another, its point.

    Places in the program's area come first, and the others say that they lie outside. It stands before the
    form, so that what is chosen is told at once.
    """
    far, outside = places_outside(known, area), _("{place} (outside the program's area)")
    place = st.selectbox(
        _("Place"),
        sorted(known, key=far.__contains__),
        None,
        format_func=lambda name: outside.format(place=name) if name in far else str(name),
        key="event.place",
        accept_new_options=True,
        placeholder=_("choose a known place, or write a name or an address"),
    )
    spot = known.get(str(place))
    if spot is not None:
        st.caption(spot_words(spot))
    if isinstance(spot, tuple):
        return {"place": place or "", "point": ""}
    if st.toggle(_("Set the place on a map"), key="event.map"):
        point_on_map(desk, area)
    point = st.text_input(
        _("Latitude, longitude (where the place is not a known one)"),
        key=POINT,
        placeholder="33.5712, -116.0766",
    )
    return {"place": place or "", "point": point}


def spot_words(spot: Spot) -> str:
    """Say where a known place is: its point, or that no more than its tract is known.

    Examples
    --------
    >>> spot_words((-116.0766, 33.5712))
    'It is known: 33.57120, -116.07660 (latitude, longitude).'
    """
    if isinstance(spot, str):
        return _("Only the tract is known: {geoid}.").format(geoid=spot)
    return _("It is known: {point} (latitude, longitude).").format(point=write_point(*spot))


def ask_event(desk: Desk) -> dict[str, Any]:
    """Ask for what every event has."""
    usual = USUAL.get(desk.program.kind, EventKind.SESSION)
    left, middle, right = st.columns(3)
    with left:
        title = text(desk, _("Title"), "event.title", None)
    with middle:
        kind = one_of(EVENT_TITLES)(desk, _("Kind of event"), "event.kind", usual)
    with right:
        when = maybe_day(desk, _("Day"), "event.on", None)
    return {"title": title, "event_kind": kind, "on": when}


def ask_more(desk: Desk) -> dict[str, Any]:
    """Ask for what some events have."""
    left, right = st.columns(2)
    with left:
        begins = clock(desk, _("Begins"), "event.begins_at", None)
        holds = count(desk, _("Room holds (people)"), "event.holds", None)
        source = text(desk, _("Source (sheet, minutes, who told it)"), "event.source", None)
    with right:
        ends = clock(desk, _("Ends"), "event.ends_at", None)
        partner = text(desk, _("Partner"), "event.partner", None)
    hours = {"begins_at": begins, "ends_at": ends}
    return hours | {"room_holds": holds or None, "partner": partner, "source": source}


def ask_repeat(desk: Desk) -> dict[str, Any]:
    """Ask how the event repeats: how many times in all, or until when; nothing where it does not."""
    left, middle, right = st.columns(3)
    with left:
        repeat: Repeat | None = st.selectbox(
            _("Repeats"),
            list(Repeat),
            None,
            format_func=lambda item: _(REPEAT_TITLES[item]),
            placeholder=_("it does not repeat"),
            key="event.repeat",
        )
    with middle:
        times = count(desk, _("How many times in all"), "event.times", None)
    with right:
        until = maybe_day(desk, _("Or until"), "event.until", None)
    st.caption(_("Each is an event of its own, changed or withdrawn by itself or from one of them on."))
    return {"repeat": repeat, "times": times, "until": until}


def days_of(event: Event, repeat: Repeat | None, times: int | None, until: date | None) -> list[date]:
    """List the days of an event: its own where it does not repeat.

    Raises
    ------
    StoreError
        It is said how often, and not how; or as :func:`store.program.series.repeat_days`.
    """
    if repeat is not None:
        return repeat_days(event.on, repeat, times=times, until=until)
    if times is not None or until is not None:
        raise StoreError(
            _("it is not said how the event repeats"),
            _("choose under Repeats, or empty the fields beside it; nothing was written"),
        )
    return [event.on]


def ask_headcount(desk: Desk) -> dict[str, Any]:
    """Ask how many people were counted without names, and how."""
    left, right = st.columns(2)
    with left:
        people = count(desk, _("Headcount (people, without names)"), "event.headcount", None)
    with right:
        how = text(desk, _("How it was counted, and by whom"), "event.headcount_how", None)
    return {"headcount": people, "headcount_how": how}


def ask_series(desk: Desk, key: str) -> str:
    """Ask which series a session belongs to: one that is there, or a new one."""
    known = sorted({event.series for event in desk.book.events(desk.program.key)} - {""})
    declared = sorted({measure.series for measure in desk.program.measures} - {"", *known})
    series: str | None = st.selectbox(
        _("Series"),
        [*known, *declared],
        None,
        key=key,
        accept_new_options=True,
        placeholder=_("no series, or its name"),
        help=_("Sessions of one series belong together: four in a row means four of them."),
    )
    return series or ""


def make_event(desk: Desk, fields: dict[str, Any], known: dict[str, Spot]) -> Event:
    """Make the event of what the form says; what is missing is named, its day too.

    Raises
    ------
    StoreError
        Names every field that is missing or wrong.
    """
    spot = read_point(str(fields.pop("point"))) or known.get(str(fields["place"]))
    if isinstance(spot, str):
        fields |= {"geoid": spot}
    elif spot is not None:
        fields |= {"longitude": spot[0], "latitude": spot[1]}
    given = {name: value for name, value in fields.items() if value is not None}
    return Event.make(given | {"program": desk.program.key})


def save_event(
    desk: Desk,
    area: Area,
    person: Person,
    event: Event,
    days: Sequence[date],
    codes: str,
    why: str,
    source: str,
) -> None:
    """Check everything, then record the event on each of its days, and its people; the form is emptied."""
    who = person.require()
    st.session_state.pop(DONE, None)
    events = repeated(event, days) if len(days) > 1 else [event]
    for item in events:
        require_fit(item, desk.program, area, why)
    if len(events) > 1:
        require_nobody(event, codes)
        desk.book.add(events, who, why=why, source=source)
        words = _("Recorded: {title}, {count} times, {first} to {last}.")
        done = words.format(
            title=event.title, count=len(days), first=day_words(days[0]), last=day_words(days[-1])
        )
    else:
        number = desk.book.hold(event, codes_in_text(codes), who, why=why, source=source)
        done = f"{done_words(event, number)} {_told_twice(codes)}".strip()
    say_done(DONE, done)
    st.session_state[RECORDED] = events[0]
    st.session_state[CLEAR] = True
    st.rerun()


def require_nobody(event: Event, codes: str) -> None:
    """Raise where people or a headcount are given with an event that repeats.

    Raises
    ------
    StoreError
        They belong to one of its days.
    """
    if codes.strip() or event.headcount is not None:
        raise StoreError(
            _("people or a headcount are given with an event that repeats"),
            _("record the events without them, then who came to each; nothing was written"),
        )


def done_words(event: Event, number: int) -> str:
    """Say what was recorded of one event."""
    if event.headcount is None:
        words = _("Recorded: {title}, {count} people.") if number else _("Recorded: {title}.")
        return words.format(title=event.title, count=number)
    if number == 0:
        words = _("Recorded: {title}. Counted without names: {headcount}.")
        return words.format(title=event.title, headcount=f"{event.headcount:,}")
    done = _("Recorded: {title}, {count} people by code.").format(title=event.title, count=number)
    counted = _("Counted without names: {headcount}.").format(headcount=f"{event.headcount:,}")
    return f"{done} {counted}"


def _told_twice(codes: str) -> str:
    count = sum(line.verdict is Verdict.TWICE for line in judge_typed(codes))
    words = ngettext(
        "{count} code stood twice and counts once.", "{count} codes stood twice and count once.", count
    )
    return words.format(count=count) if count else ""


def places_of(desk: Desk, area: Area) -> dict[str, Spot]:
    """List places with a point: of earlier events, of lists that were added, towns and parks; then tracts."""
    lists = list_sites(desk.book.journal, desk.region.key)
    frames = {item.record.title: item.record.frame() for item in lists}
    frames |= {
        _(title): load_shapes(desk.region.key, name)
        for name, title in PLACE_KINDS.items()
        if load_if_built(desk.region, name) is not None
    }
    tracts = load_if_built(desk.region, "tracts_2010")
    named = {} if tracts is None else known_tracts(inside(tracts, area)["geoid"])
    return known_places(desk.book.frame(Event), frames) | named


def point_on_map(desk: Desk, area: Area) -> None:
    """Let somebody click where the event is; the point goes into the form, and stands on the map."""
    groups = [view_group(f"{desk.region.key} {desk.program.key}", area.bounds)]
    groups.append(feature_group(AREA, area.frame(), Look(None)))
    places = load_if_built(desk.region, "places")
    if places is not None:
        groups.append(feature_group(PLACES, places, Look(None)))
    groups.append(feature_group(NEW_EVENT, point_frame(st.session_state.get(POINT, "")), Look(None)))
    st_folium(
        static_map(desk.region.bounds, _("Where the event is")),
        key=POINT_MAP,
        height=320,
        use_container_width=True,
        feature_group_to_add=groups,
        returned_objects=["last_clicked"],
        on_change=guarded(take_click),
    )


def take_click() -> None:
    """Write the point that was clicked into the form, before the page is drawn anew."""
    clicked = (st.session_state.get(POINT_MAP) or {}).get("last_clicked")
    if clicked and clicked != st.session_state.get(CLICKED):
        st.session_state[CLICKED] = clicked
        st.session_state[POINT] = write_point(clicked["lng"], clicked["lat"])
