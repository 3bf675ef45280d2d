"""Calendar: events, milestones, meetings and canvass days of all programs; files for other calendars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import partial

from app_pages.parts import screen as st
from app_pages.parts.markup import heading
from app_pages.parts.page import current_region, guarded, hold_choice, today
from app_pages.parts.people import current_person
from app_pages.parts.program.agenda import (
    chosen_of,
    first_month,
    month_html,
    month_words,
    months_of,
    read_dated,
    read_due,
    show_due,
    show_list,
)
from app_pages.parts.program.data import open_book
from app_pages.parts.program.headcount import record_attendance
from geo.days import day_words
from geo.language import current_language, use_language
from geo.language import gettext as _
from geo.language import mark as N_
from geo.region import Region
from reports.calendar import to_icalendar
from wording.agenda import KIND_TITLES, Dated, hours_words, one_line, standing_on_calendar, to_take_along

MONTH, LIST = "month", "list"
VIEWS = {MONTH: N_("Month"), LIST: N_("List")}
SHOWN = "calendar.month"
ONE = "calendar.one"
REMINDERS: Mapping[str, tuple[str, timedelta | None]] = {
    "none": (N_("no reminder"), None),
    "hour": (N_("an hour before"), timedelta(hours=1)),
    "day": (N_("a day before"), timedelta(days=1)),
    "week": (N_("a week before"), timedelta(weeks=1)),
}


def render() -> None:
    """Show the page."""
    region, person = current_region(), current_person()
    book = open_book(region)
    titles = {key: _(program.title) for key, program in book.programs().items()}
    dated = read_dated(region, book, person)
    standing = standing_on_calendar(dated)
    st.subheader(_("Calendar"))
    show_due(read_due(region, book, person), titles)
    record_attendance(region, book, person)
    if not any(item.is_event for item in standing):
        st.info(_("No event is recorded yet: open a program and choose Record."))
    if not standing:
        return
    kinds, programs = choose_what(standing, titles)
    shown = chosen_of(standing, kinds, programs)
    view = st.radio(
        _("View"), list(VIEWS), format_func=lambda name: _(VIEWS[name]), horizontal=True, key="calendar.view"
    )
    if view == MONTH:
        show_month(shown, titles)
    else:
        show_lists(shown, titles)
    st.markdown(heading(_("Take it to your own calendar")))
    before = choose_reminder()
    st.caption(
        _(
            "What is chosen above; events that were withdrawn are canceled in your calendar. Milestones due "
            "more than a year ago that nobody marked as reached are left out."
        )
    )
    taken = to_take_along(chosen_of(dated, kinds, programs), today())
    offer(region, taken, titles, before, _("Download for a calendar (iCalendar)"))
    show_one(region, shown, titles, before)


def choose_what(dated: Sequence[Dated], titles: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Let a person choose kinds and programs; all of them at first."""
    there = {item.kind for item in dated}
    kinds = [kind for kind in KIND_TITLES if kind in there]
    programs = [key for key in titles if key in {item.program for item in dated}]
    left, right = st.columns(2)
    with left:
        chosen = st.multiselect(
            _("Programs"),
            programs,
            format_func=titles.__getitem__,
            placeholder=_("all programs"),
            key="calendar.programs",
        )
    with right:
        some = st.multiselect(
            _("Kinds"),
            kinds,
            format_func=lambda kind: _(KIND_TITLES[kind]),
            placeholder=_("all kinds"),
            key="calendar.kinds",
        )
    return some or kinds, chosen or programs


def choose_reminder() -> timedelta | None:
    """Let a person choose how long before the file's entries remind of themselves."""
    name = st.selectbox(
        _("Reminder in the calendar file"),
        list(REMINDERS),
        format_func=lambda item: _(REMINDERS[item][0]),
        key="calendar.reminder",
    )
    return REMINDERS[name][1]


def offer(
    region: Region,
    dated: Sequence[Dated],
    titles: Mapping[str, str],
    before: timedelta | None,
    words: str,
    part: str = "shown",
) -> None:
    """Offer entries for another calendar, withdrawn ones as canceled."""
    st.download_button(
        words,
        partial(make_file, region, tuple(dated), dict(titles), before, current_language()),
        file_name=f"{region.key}-calendar.ics",
        mime="text/calendar",
        disabled=not dated,
        on_click="ignore",
        key=f"calendar.download.{part}",
    )


def make_file(
    region: Region,
    dated: Sequence[Dated],
    titles: Mapping[str, str],
    before: timedelta | None,
    language: str,
) -> bytes:
    """Make the file; it runs apart from the page, so the language comes along."""
    use_language(language)
    return to_icalendar(
        dated, titles, region.timezone, region=region.key, remind=before, invented=region.invented
    )


def show_month(dated: Sequence[Dated], titles: Mapping[str, str]) -> None:
    """Show a month; buttons and a list lead to others."""
    if SHOWN not in st.session_state:
        st.session_state[SHOWN] = first_month(dated, today())
    months = sorted({*months_of(dated, today()), st.session_state[SHOWN]})
    counts = {month: sum(item.on.replace(day=1) == month for item in dated) for month in months}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.button(_("Previous month"), key="calendar.before", on_click=guarded(partial(turn, -1)))
        st.button(_("Next month"), key="calendar.after", on_click=guarded(partial(turn, 1)))
        st.button(_("This month"), key="calendar.now", on_click=guarded(partial(turn, 0)))
        st.selectbox(
            _("Month"),
            months,
            format_func=lambda month: f"{month_words(month)} ({counts[month]})",
            key=SHOWN,
        )
    month = st.session_state[SHOWN]
    # A place of its own, so that a month is drawn where the one before stood, and never below it.
    note = st.empty()
    if not counts[month]:
        note.caption(_("Nothing is on the calendar this month."))
    st.html(month_html(month, [item for item in dated if item.on.replace(day=1) == month], titles, today()))


def turn(months: int) -> None:
    """Go to the month before or after, or to that of today; it runs before the page."""
    shown: date = st.session_state[SHOWN] if months else today()
    place = shown.year * 12 + shown.month - 1 + months
    st.session_state[SHOWN] = date(place // 12, place % 12 + 1, 1)


def show_lists(dated: Sequence[Dated], titles: Mapping[str, str]) -> None:
    """List what is to come and what is past."""
    coming = [item for item in dated if item.on >= today()]
    past = [item for item in reversed(dated) if item.on < today()]
    for title, some, key in ((_("To come"), coming, "coming"), (_("Past"), past, "past")):
        if some:
            st.markdown(heading(title))
            show_list(some, titles, f"calendar.{key}")


def show_one(
    region: Region,
    dated: Sequence[Dated],
    titles: Mapping[str, str],
    before: timedelta | None,
) -> None:
    """Let a person choose one entry, see all of it, and take it to their own calendar."""
    by_key = {f"{item.kind}/{item.key}": item for item in reversed(dated)}
    hold_choice(ONE, by_key, is_open=True)
    name = st.selectbox(
        _("One entry"),
        list(by_key),
        None,
        format_func=lambda key: one_line(by_key[key]),
        placeholder=_("choose an event, a milestone or a meeting"),
        key=ONE,
    )
    if name is None:
        return
    item = by_key[name]
    parts = [titles.get(item.program, ""), hours_words(item), item.place, item.partner, item.state]
    st.markdown(heading(f"{day_words(item.on)} · {item.title}"))
    st.text(" · ".join([_(KIND_TITLES[item.kind]), *(part for part in parts if part)]))
    offer(region, [item], titles, before, _("Download this entry (iCalendar)"), "one")


render()
