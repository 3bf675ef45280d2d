"""Calendar: the events of all programmes, with an export for other calendars."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app_pages.common import current_region
from app_pages.person import current_person
from app_pages.programme_data import open_book
from geo.language import gettext as _
from reports.calendar import to_icalendar
from store.programmes import EVENT_TITLES


def render() -> None:
    """Show the page."""
    region = current_region()
    current_person()
    book = open_book(region)
    titles = {key: _(programme.title) for key, programme in book.programmes().items()}
    st.subheader(_("Calendar of all programmes"))
    chosen = st.multiselect(
        _("Programmes"), list(titles), list(titles), format_func=titles.__getitem__, key="calendar.programmes"
    )
    events = [event for event in book.events() if event.programme in chosen]
    st.download_button(
        _("Download for a calendar (iCalendar)"),
        to_icalendar(events, titles, invented=region.invented),
        file_name=f"{region.key}-programmes.ics",
        mime="text/calendar",
        disabled=not events,
        on_click="ignore",
        key="calendar.download",
    )
    if not events:
        st.info(_("No event is recorded yet."))
        return
    rows = [
        {
            _("Day"): event.on,
            _("Begins"): event.begins_at,
            _("Programme"): titles[event.programme],
            _("Kind of event"): _(EVENT_TITLES[event.event_kind]),
            _("Title"): event.title,
            _("Place"): event.place,
            _("Partner"): event.partner,
        }
        for event in reversed(events)
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, key="calendar.table", height="content")


render()
