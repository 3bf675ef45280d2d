"""Calendar: the events of all programs, with an export for other calendars."""

from __future__ import annotations

import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.markup import heading
from app_pages.parts.page import current_region, today
from app_pages.parts.people import current_person
from app_pages.parts.program.data import open_book
from geo.language import gettext as _
from reports.calendar import to_icalendar
from store.program.kinds import EVENT_TITLES, Event


def render() -> None:
    """Show the page."""
    region = current_region()
    current_person()
    book = open_book(region)
    titles = {key: _(program.title) for key, program in book.programs().items()}
    st.subheader(_("Calendar of all programs"))
    chosen = st.multiselect(
        _("Programs"), list(titles), list(titles), format_func=titles.__getitem__, key="calendar.programs"
    )
    events = [event for event in book.events() if event.program in chosen]
    st.download_button(
        _("Download for a calendar (iCalendar)"),
        to_icalendar(events, titles, invented=region.invented),
        file_name=f"{region.key}-programs.ics",
        mime="text/calendar",
        disabled=not events,
        on_click="ignore",
        key="calendar.download",
    )
    if not events:
        st.info(_("No event is recorded yet."))
        return
    coming = [event for event in events if event.on >= today()]
    past = [event for event in reversed(events) if event.on < today()]
    for title, some, key in ((_("To come"), coming, "coming"), (_("Past"), past, "past")):
        if some:
            st.markdown(heading(title))
            show_events(some, titles, f"calendar.{key}")


def show_events(events: list[Event], titles: dict[str, str], key: str) -> None:
    """List events with day, hours, place and partner."""
    rows = [
        {
            "on": event.on,
            "hours": hours_words(event),
            "title": event.title,
            "program": titles[event.program],
            "kind": _(EVENT_TITLES[event.event_kind]),
            "place": event.place,
            "holds": event.room_holds,
            "partner": event.partner,
        }
        for event in events
    ]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        key=key,
        height="content",
        column_config={
            "on": st.column_config.DateColumn(_("Day"), pinned=True),
            "hours": _("Hours"),
            "title": _("Title"),
            "program": _("Program"),
            "kind": _("Kind of event"),
            "place": _("Place"),
            "holds": _("Room holds (people)"),
            "partner": _("Partner"),
        },
    )


def hours_words(event: Event) -> str:
    """Write an event's hours; empty where they are not known."""
    hours = (f"{hour:%H:%M}" for hour in (event.begins_at, event.ends_at) if hour)
    return " – ".join(hours)


render()
