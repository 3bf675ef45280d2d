"""One programme: its area on the map, the way to its goals, sessions, what is recorded, and its report."""

from __future__ import annotations

import streamlit as st

from app_pages.common import current_region
from app_pages.person import Person, current_person
from app_pages.programme_charts import burn_up, session_bars
from app_pages.programme_data import area_of, choose_programme, open_book, placed_records, today
from app_pages.programme_forms import import_sheet, record_event
from app_pages.programme_map import show_programme_map, site_points
from app_pages.programme_more import (
    choose_next,
    show_enrolment,
    show_forum,
    show_next,
    show_response,
    show_talk,
)
from app_pages.programme_others import add_boundary, record_other
from geo.language import gettext as _
from geo.measures import Records, Standing
from geo.programme import Programme
from geo.programme_area import Area
from geo.programme_tables import (
    at_least_shown,
    curve_shown,
    pace_words,
    sessions_table,
    standings_of,
    stated_words,
    value_words,
)
from geo.region import Region
from reports.programme import make_report, to_html, to_pdf


def render() -> None:
    """Show the page."""
    region, person = current_region(), current_person()
    book = open_book(region)
    programme = choose_programme(book.programmes(), _("Programme"))
    records = placed_records(region, book)
    own, area = records.of(programme.key), area_of(region, book, programme)
    show_head(programme, area)
    overview, sessions, record, further, take = st.tabs(
        [_("Where it stands"), _("Sessions"), _("Record"), _("Where next"), _("Report")]
    )
    with further:
        siting = choose_next(region, area, records)
        if siting is not None:
            show_next(siting)
    with overview:
        show_measures(programme, own, person)
        show_programme_map(region, programme, area, records, site_points(siting))
        show_talk(book, programme)
        show_own(region, programme, area, own, person)
    with sessions:
        show_sessions(own, person)
    with record:
        show_record(region, programme, area, person)
    with take:
        show_report(region, programme, area, own, person)


def show_own(region: Region, programme: Programme, area: Area, records: Records, person: Person) -> None:
    """Show what this kind of programme has of its own."""
    if programme.kind == "enrolment":
        show_enrolment(region, programme, area, records, person)
    elif programme.kind == "census":
        show_response(region, area, programme, records)
    elif programme.kind == "forums":
        show_forum(region, open_book(region), programme, records)


def show_record(region: Region, programme: Programme, area: Area, person: Person) -> None:
    """Show the forms to those who gave a name."""
    if not person.may_write:
        st.info(_("Give your name in the sidebar to record something."))
        return
    book = open_book(region)
    record_event(book, programme, area, person)
    with st.expander(_("Import a sign-in sheet"), expanded=True):
        import_sheet(book, programme, person)
    with st.expander(_("Record something else")):
        record_other(book, programme, person)
    with st.expander(_("Add a boundary file")):
        add_boundary(region, book, programme, person)


def show_report(region: Region, programme: Programme, area: Area, records: Records, person: Person) -> None:
    """Offer the one-page report and the records."""
    report = make_report(programme, area, records, today(), full=person.may_write, invented=region.invented)
    st.caption(_("In the language that is chosen in the sidebar."))
    for kind, make in {"pdf": to_pdf, "html": to_html}.items():
        st.download_button(
            _("Report ({kind})").format(kind=kind.upper()),
            make(report),
            file_name=f"{region.key}-{programme.key}.{kind}",
            mime={"pdf": "application/pdf", "html": "text/html"}[kind],
            on_click="ignore",
            key=f"programme.report.{kind}",
        )
    if person.may_write:
        st.download_button(
            _("Attendance (CSV, codes only)"),
            records.attendance[["programme", "event", "person"]].to_csv(index=False).encode("utf-8-sig"),
            file_name=f"{region.key}-{programme.key}-attendance.csv",
            mime="text/csv",
            on_click="ignore",
            key="programme.attendance.csv",
        )


def show_head(programme: Programme, area: Area) -> None:
    """Say what the programme is, whose figures these are, and where it works."""
    st.subheader(_(programme.title))
    st.text(_(programme.purpose))
    st.caption(
        _("{begins} to {ends} · {area} · {audience} · with {partners}").format(
            begins=programme.begins,
            ends=programme.ends or _("open"),
            area=area.title,
            audience=_(programme.audience),
            partners=", ".join(programme.partners),
        )
    )
    if area.stand_in:
        st.warning(area.stand_in)


def show_measures(programme: Programme, records: Records, person: Person) -> None:
    """Show where each measure stands and its way to the goal."""
    for standing in standings_of(programme, records, today(), full=person.may_write):
        show_measure(standing, records, person)
    if programme.own_report:
        st.caption(_("Baselines, targets and reported results are the organisation's own report."))


def show_measure(standing: Standing, records: Records, person: Person) -> None:
    """Show one measure: its value, its goal, its curve."""
    measure = standing.measure
    st.markdown(f"#### {_(measure.title)}")
    stands, goal, reported = st.columns(3)
    stands.metric(_("Counted here"), value_words(standing))
    goal.metric(_("Target"), stated_words(measure.target))
    reported.metric(_("Reported by the organisation"), stated_words(measure.result))
    words = _("As reported: {words}.").format(words=_(measure.result_words)) if measure.result_words else ""
    st.caption(" ".join(part for part in (words, _(measure.how), pace_words(standing)) if part))
    curve = curve_shown(measure, records, today(), full=person.may_write)
    if len(curve):
        st.altair_chart(burn_up(measure, curve), width="stretch", key=f"programme.curve.{measure.key}")


def show_sessions(records: Records, person: Person) -> None:
    """Show who came, who came back, and how often people came."""
    table = sessions_table(records, today(), full=person.may_write)
    if table.empty:
        st.info(_("No session has been attended yet."))
        return
    if not person.may_write:
        st.caption(_("Counts under 10 are hidden, and what would give them away."))
    st.altair_chart(session_bars(table), width="stretch", key="programme.sessions.chart")
    st.dataframe(
        table,
        hide_index=True,
        key="programme.sessions",
        column_config={
            "session": st.column_config.TextColumn(_("Session"), pinned=True),
            "on": st.column_config.DateColumn(_("Day")),
            "people": _("People"),
            "back": _("Back from the session before"),
            "others": _("Others"),
            "new": _("New"),
            "share_back": st.column_config.NumberColumn(
                _("Came back, of the session before"), format="percent"
            ),
            "share_of_first": st.column_config.NumberColumn(_("Of the first session"), format="percent"),
        },
    )
    st.dataframe(
        at_least_shown(records, today(), full=person.may_write),
        hide_index=True,
        key="programme.at_least",
        column_config={"sessions": _("Came to at least so many sessions"), "people": _("People")},
    )


render()
