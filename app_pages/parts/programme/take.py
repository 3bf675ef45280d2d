"""What can be taken along: the one-page report, the figures as a workbook, who came by codes."""

from __future__ import annotations

from collections.abc import Callable

from app_pages.parts import screen as st
from app_pages.parts.common import today
from app_pages.parts.person import Person
from app_pages.parts.programme.fields import Desk
from app_pages.parts.programme.forum import times_of
from app_pages.parts.programme.map import covered_tracts
from app_pages.parts.programme.talk import own_frame
from geo.language import current_language, use_language
from geo.language import gettext as _
from geo.program.area import Area
from geo.program.measures import Records
from reports.export import plain_cells
from reports.programme import make_report
from reports.programme_page import to_html, to_pdf
from reports.programme_sheets import programme_workbook
from store.programme.kinds import MilestoneReached

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def show_report(desk: Desk, area: Area, records: Records, person: Person) -> None:
    """Offer the one-page report, the workbook, and the attendance to those who may see it."""
    region, programme, full = desk.region, desk.programme, person.sees_small
    invented = region.invented
    st.caption(_("One page, in the language that is chosen in the sidebar."))
    if not full:
        st.caption(_("Counts under 10 are hidden, and what would give them away."))
    report = make_report(
        programme,
        area,
        records,
        today(),
        full=full,
        invented=invented,
        tracts=covered_tracts(region, programme, area, records, full=full),
        reached=own_frame(desk, MilestoneReached),
        times=times_of(desk),
    )
    name = f"{region.key}-{programme.key}"
    offer(_("Report (PDF)"), in_language(lambda: to_pdf(report)), f"{name}.pdf", "application/pdf")
    offer(_("Report (HTML)"), in_language(lambda: to_html(report)), f"{name}.html", "text/html")

    def workbook() -> bytes:
        return programme_workbook(programme, area, records, today(), full=full, invented=invented)

    offer(_("Figures (XLSX)"), in_language(workbook), f"{name}.xlsx", XLSX)
    if person.sees("attendance"):
        table = records.attendance[["programme", "event", "person"]].assign(invented=invented)
        content = plain_cells(table).to_csv(index=False).encode("utf-8-sig")
        offer(_("Attendance (CSV, codes only)"), lambda: content, f"{name}-attendance.csv", "text/csv")


def offer(label: str, make: Callable[[], bytes], name: str, mime: str) -> None:
    """Offer a file that is made when somebody asks for it."""
    key = f"programme.take.{name.partition('.')[2]}.{mime}"
    st.download_button(label, make, name, mime, on_click="ignore", key=key)


def in_language(make: Callable[[], bytes]) -> Callable[[], bytes]:
    """Make a file in the language of the page, though it is made elsewhere."""
    language = current_language()

    def made() -> bytes:
        use_language(language)
        return make()

    return made
