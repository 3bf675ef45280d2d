"""A program's report to take away, and one of several programs, for a funder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from app_pages.parts import screen as st
from app_pages.parts.loading import missing_reason
from app_pages.parts.maps import places_drawn, to_printed
from app_pages.parts.people import Person
from app_pages.parts.program.data import area_of, load_if_built
from app_pages.parts.program.fields import Desk
from app_pages.parts.program.forums import forums_of, times_of
from app_pages.parts.program.milestones import own_frame
from app_pages.parts.program.papers import spoken
from app_pages.parts.program.program_map import (
    acs_years,
    covered_tracts,
    event_frames,
    event_points,
    source_lines,
)
from geo.language import current_language
from geo.language import gettext as _
from geo.program.area import Area, inside
from geo.program.figures import ProgramFigures, RegionFigures
from geo.program.reach import reach_table
from geo.region import Region
from layers.layer import gather
from layers.program import AREA, printed_reach_layer
from reports.export import plain_cells
from reports.program_document import Summary, campaigns_pdf, longer_pdf
from reports.program_page import to_html, to_pdf
from reports.program_report import Report, make_report, warning_words
from reports.program_sections import PrintedReach, Told, sections_of
from reports.workbooks import own_words, people_workbook, program_workbook
from store.program.book import ProgramBook
from store.program.kinds import MilestoneReached
from wording.program_reach import hidden_words, staff_words
from wording.program_results import summary_rows, together_words

PDF, XLSX = "application/pdf", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def show_report(
    desk: Desk, area: Area, shared: RegionFigures, exact: RegionFigures | None, person: Person
) -> None:
    """Offer the one-page report, the longer one, the workbook, and who came to those who may see it."""
    # A file is made when somebody asks for it, away from the page and its region: its day is the page's.
    program, invented = desk.program, desk.region.invented
    st.caption(_("The report is one page; both are in the language chosen in the sidebar."))
    every = exact if exact is not None and ask_exact(f"program.report.exact.{program.key}") else shared
    figures = every.of(program.key)
    st.caption(hidden_words(figures.least) or staff_words(figures.least))
    name = f"{desk.region.key}-{program.key}"
    report, longer = report_maker(desk, area, figures), longer_maker(desk, area, figures)
    offer(_("Report (PDF)"), lambda: to_pdf(report()), f"{name}.pdf", PDF)
    offer(_("Report (HTML)"), lambda: to_html(report()), f"{name}.html", "text/html")
    offer(_("Longer report (PDF)"), longer, f"{name}.report.pdf", PDF)
    offer(
        _("Figures (XLSX)"), lambda: program_workbook(figures, area, invented=invented), f"{name}.xlsx", XLSX
    )
    if exact is not None and person.sees("attendance"):
        offer_people(desk, exact.of(program.key), name)


def offer_people(desk: Desk, figures: ProgramFigures, name: str) -> None:
    """Offer who came, by code, to those who may see it: by session, and as rows."""
    invented = desk.region.invented
    st.caption(_("These hold codes of people: keep them among those who record."))
    table = figures.records.attendance[["program", "event", "person"]].assign(invented=invented)
    content = plain_cells(table).to_csv(index=False).encode("utf-8-sig")
    people = partial(people_workbook, figures, invented=invented)
    offer(_("People by session (XLSX, codes only)"), people, f"{name}.people.xlsx", XLSX)
    offer(_("Attendance (CSV, codes only)"), lambda: content, f"{name}-attendance.csv", "text/csv")


def report_maker(desk: Desk, area: Area, figures: ProgramFigures) -> Callable[[], Report]:
    """Return what gathers a program's page; it runs away from the page."""

    def make() -> Report:
        return make_report(
            figures,
            area,
            invented=desk.region.invented,
            tracts=covered_tracts(desk.region, desk.program, area, figures.touched()),
            reached=own_frame(desk, MilestoneReached),
            times=times_of(desk),
        )

    return make


def longer_maker(desk: Desk, area: Area, figures: ProgramFigures) -> Callable[[], bytes]:
    """Return what makes a program's longer report, of what the person on the page may see."""
    sources = list(dict.fromkeys(source_lines(desk, area)))
    if not missing_reason(desk.region.key, "tract_indicators"):
        sources.append(_("Households: ACS {years}").format(years=acs_years(desk.region)))

    def make() -> bytes:
        tracts, reach = printed_reach(desk.region, area, figures)
        reached = own_frame(desk, MilestoneReached)
        told = Told(area, reached, tracts, reach, sources, desk.region.invented, forums_of(desk))
        report = report_maker(desk, area, figures)()
        return longer_pdf(report, sections_of(figures, told), figures.day)

    return make


def printed_reach(region: Region, area: Area, figures: ProgramFigures) -> tuple[Any, PrintedReach | None]:
    """Return the tracts of an area, reached or not, and their printed map; None where they are not built."""
    tracts = load_if_built(region, "tracts_2010")
    if tracts is None:
        return None, None
    table = reach_table(inside(tracts, area), figures.touched(), figures.program.key)
    shapes = tracts[["geoid", "geometry"]].merge(table, on="geoid")
    drawn = [
        (printed_reach_layer(figures.least), shapes),
        (AREA, area.frame()),
        *((layer, frame) for layer, frame, _shapes in places_drawn(region)),
        *((layer, frame) for layer, frame, _shapes in event_frames(event_points(region, figures.records))),
    ]
    layers = [to_printed(layer, frame) for layer, frame in drawn]
    legends = [layer.legend(layer, frame) for layer, frame in drawn if layer.legend is not None]
    return table, PrintedReach(layers, gather(legends), area.bounds, region.length_crs)


def show_campaigns(
    region: Region, book: ProgramBook, shared: RegionFigures, exact: RegionFigures | None
) -> None:
    """Offer a report of chosen programs: a summary with people counted once, then a page each."""
    with st.expander(_("Report for a funder: several programs")):
        keys = st.multiselect(
            _("Programs in the report"),
            list(shared.programs),
            list(shared.programs),
            format_func=lambda key: _(shared.programs[key].title),
            key="programs.report",
        )
        every = exact if exact is not None and ask_exact("programs.report.exact") else shared
        st.caption(hidden_words(every.least) or staff_words(every.least))
        if every.choices() == [] and len(keys) < len(shared.programs):
            st.caption(_("People are counted together over all programs, as a choice could tell of few."))
        made = spoken(lambda: make_campaigns(region, book, every, keys), current_language())
        st.download_button(
            _("Report of these programs (PDF)"),
            made,
            file_name=f"{region.key}-programs.pdf",
            mime=PDF,
            disabled=not keys,
            on_click="ignore",
            key="programs.report.pdf",
        )


def make_campaigns(region: Region, book: ProgramBook, every: RegionFigures, keys: Sequence[str]) -> bytes:
    """Make the report of several programs; people are counted once over those that may be chosen together."""
    chosen = [figures for figures in every.each() if figures.program.key in keys]
    counted = list(keys) if every.choices() else list(every.programs)
    programs = [figures.program for figures in chosen]
    notes = [
        together_words(every.together(counted), len(counted)),
        *own_words(programs, every.day, every.least, invented=False),
        _("What was reported is a result, not a target."),
    ]
    reports = []
    for figures in chosen:
        desk = Desk(region, book, figures.program)
        reports.append(report_maker(desk, area_of(region, book, figures.program), figures)())
    summary = Summary(
        _(region.title),
        every.day,
        summary_rows(chosen),
        notes,
        warning_words(every.least, invented=region.invented),
    )
    return campaigns_pdf(summary, reports)


def ask_exact(key: str) -> bool:
    """Ask whether a report is to hold exact counts; without them it has the figures that everybody reads."""
    # A toggle that comes back with its part of the page is drawn as off, whatever the session holds: it is
    # told each time, so that what is drawn is what the files have.
    st.session_state[key] = bool(st.session_state.get(key))
    return st.toggle(
        _("Exact counts, for staff"),
        key=key,
        help=_("Small counts are in it then: keep it among those who may see them."),
    )


def offer(label: str, make: Callable[[], bytes], name: str, mime: str) -> None:
    """Offer a file that is made when somebody asks for it, in the language of the page."""
    key = f"program.take.{name.partition('.')[2]}.{mime}"
    st.download_button(label, spoken(make, current_language()), name, mime, on_click="ignore", key=key)
