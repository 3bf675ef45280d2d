"""One program: its area on the map, the way to its goals, sessions, what is recorded, and its report."""

from __future__ import annotations

from collections.abc import Callable

from app_pages.parts import screen as st
from app_pages.parts.markup import heading
from app_pages.parts.page import current_region, hold_tab
from app_pages.parts.people import Person, current_person
from app_pages.parts.program.boundaries import add_boundary
from app_pages.parts.program.data import (
    area_of,
    choose_program,
    division_shapes,
    exact_figures,
    open_book,
    shared_figures,
)
from app_pages.parts.program.enrollment import show_enrollment, show_response
from app_pages.parts.program.event_form import record_event
from app_pages.parts.program.fields import Desk
from app_pages.parts.program.forums import race_areas, show_forum
from app_pages.parts.program.headcount import record_attendance
from app_pages.parts.program.measures import show_measures, show_sessions
from app_pages.parts.program.milestones import show_talk
from app_pages.parts.program.names import show_names
from app_pages.parts.program.papers import print_papers
from app_pages.parts.program.program_map import show_program_map, show_sources
from app_pages.parts.program.record_changes import change_records
from app_pages.parts.program.record_forms import record_forums, record_other
from app_pages.parts.program.reports import show_report
from app_pages.parts.program.sign_in_sheet import import_sheet
from app_pages.parts.program.sites import show_next
from app_pages.parts.water.projects import show_water_projects
from geo.days import period_words
from geo.language import gettext as _
from geo.program.area import Area
from geo.program.declaration import Program
from geo.program.figures import ProgramFigures, RegionFigures
from geo.region import Region
from wording.program import partner_names
from wording.program_results import outside_words

TABS, OPENED = "program.tabs", "program.opened"
# What somebody typed into a form that was not sent yet is lost with the form: once open, these stay drawn.
FORMS = ("record", "change")
# Choices that would be forgotten where their section is not drawn.
CHOICES = {
    "stands": ("program.rule.", "program.response."),
    "report": ("program.report.",),
    "next": ("next.kinds", "next.count", "next.miles", "next.index", "next.covered", "sites.lists"),
}


def render() -> None:
    """Show the page."""
    region, person = current_region(), current_person()
    book = open_book(region)
    program = choose_program(book.programs(), _("Program"))
    desk = Desk(region, book, program)
    shared, exact = shared_figures(region, book), exact_figures(region, book, person)
    figures = exact or shared
    area, own = area_of(region, book, program), exact.of(program.key) if exact else None
    show_head(program, area, figures.of(program.key))
    sections: dict[str, tuple[str, Callable[[], None]]] = {
        "stands": (_("Current status"), lambda: show_stands(desk, area, shared, exact)),
        "sessions": (_("Sessions"), lambda: show_who_came(desk, shared, own, person)),
        "record": (_("Record"), lambda: show_record(desk, area, person)),
        "change": (_("Change"), lambda: show_change(desk, area, person)),
        "next": (_("Where next"), lambda: show_next(desk, area, figures.records, person)),
        "report": (_("Report"), lambda: show_report(desk, area, shared, exact, person)),
    }
    titles = {name: title for name, (title, _show) in sections.items()}
    hold_tab(TABS, titles)
    tabs = st.tabs(list(titles.values()), key=TABS, on_change="rerun")
    for tab, (name, (_title, show)) in zip(tabs, sections.items(), strict=True):
        if is_drawn(name, program, is_open=bool(tab.open)):
            with tab:
                show()
        else:
            keep_choices(name)


def is_drawn(name: str, program: Program, *, is_open: bool) -> bool:
    """Whether a section is drawn: the one that is open, and forms that were opened before."""
    opened: set[tuple[str, str]] = st.session_state.setdefault(OPENED, set())
    if is_open:
        opened.add((name, program.key))
    return is_open or (name in FORMS and (name, program.key) in opened)


def keep_choices(name: str) -> None:
    """Keep what was chosen in a section that this run does not draw."""
    for key, value in dict(st.session_state).items():
        if str(key).startswith(CHOICES.get(name, ())):
            st.session_state[key] = value


def show_stands(desk: Desk, area: Area, shared: RegionFigures, exact: RegionFigures | None) -> None:
    """Show the measures, the map, and what this kind of program has of its own."""
    program, figures = desk.program, exact or shared
    own = figures.of(program.key)
    show_measures(shared.of(program.key), own if exact else None)
    races, divisions = race_areas(desk), division_shapes(desk.book, program.key)
    show_program_map(desk.region, program, area, shared, races, divisions)
    show_sources(desk, area)
    show_own(desk.region, area, own)
    if races is not None:
        show_forum(desk, own, races)
    show_talk(desk, own)


def show_who_came(desk: Desk, shared: RegionFigures, exact: ProgramFigures | None, person: Person) -> None:
    """Show who came; where the program keeps names, to those who may see them."""
    show_sessions(shared.of(desk.program.key), exact)
    show_names(desk, person)


def show_own(region: Region, area: Area, figures: ProgramFigures) -> None:
    """Show what this kind of program has of its own."""
    if figures.program.kind == "enrollment":
        show_enrollment(region, area, figures)
    elif figures.program.kind == "census":
        show_response(region, area, figures)
    elif figures.program.kind == "water":
        show_water_projects(region)


def show_record(desk: Desk, area: Area, person: Person) -> None:
    """Show the forms to those who may record."""
    if not person.may_write:
        st.info(person.signed.how_to_record())
        return
    st.markdown(heading(_("An event, and who came")))
    record_event(desk, area, person)
    record_forums(desk, person)
    record_attendance(desk.region, desk.book, person, desk.program.key)
    with st.expander(_("Import a sign-in sheet"), expanded=True):
        import_sheet(desk, person)
    with st.expander(_("Print code cards and sign-in sheets")):
        print_papers(desk, person)
    with st.expander(_("Record something else"), expanded=True):
        record_other(desk, person)
    with st.expander(_("Add a boundary: from a file, or drawn on the map")):
        add_boundary(desk, area, person)


def show_change(desk: Desk, area: Area, person: Person) -> None:
    """Show what can be changed, and the history, to those who may record."""
    if person.may_write:
        change_records(desk, area, person)
    else:
        st.info(person.signed.how_to_record())


def show_head(program: Program, area: Area, figures: ProgramFigures) -> None:
    """Say what the program is, whose figures these are, and where it works."""
    st.subheader(_(program.title))
    if program.purpose:
        st.text(_(program.purpose))
    period = period_words(program.begins, program.ends)
    parts = [
        f"{period} ({outside})" if (outside := outside_words(figures)) else period,
        area.title,
        _(program.audience) if program.audience else "",
        _("led by {lead}").format(lead=program.lead) if program.lead else "",
        _("with {partners}").format(partners=partner_names(program)) if program.partners else "",
    ]
    st.caption(" · ".join(part for part in parts if part))
    # Its place is kept where nothing is to be said: else the tabs would begin anew, on the first one.
    told = st.empty()
    if area.stand_in:
        told.warning(area.stand_in)


render()
