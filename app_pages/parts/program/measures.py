"""Where a program's measures stand, who came to its sessions, and its report to take away."""

from __future__ import annotations

from collections.abc import Callable

from app_pages.parts import screen as st
from app_pages.parts.charts import burn_up, session_bars
from app_pages.parts.markup import heading
from app_pages.parts.people import Person
from app_pages.parts.program.fields import Desk
from app_pages.parts.program.forums import times_of
from app_pages.parts.program.milestones import own_frame
from app_pages.parts.program.papers import spoken
from app_pages.parts.program.program_form import shipped_words
from app_pages.parts.program.program_map import covered_tracts
from geo.language import current_language
from geo.language import gettext as _
from geo.language import mark as N_
from geo.program.area import Area
from geo.program.declaration import Counted
from geo.program.figures import ProgramFigures, RegionFigures
from geo.program.measures import REGULARS, Standing, straight_line
from geo.units import to_words
from reports.export import plain_cells
from reports.program_page import to_html, to_pdf
from reports.program_report import make_report
from reports.workbooks import program_workbook
from store.program.kinds import MilestoneReached
from wording.program import goal_change_words, pace_words, rule_words, stated_words, value_words
from wording.program_reach import hidden_words

SHARED_NOTE = N_(
    "Counted here: the same figure for everybody. Counts of people go up in steps of ten or more, so that "
    "nobody can tell the last few; the exact count can be a little higher."
)


def show_measures(shared: ProgramFigures, exact: ProgramFigures | None) -> None:
    """Show where each measure stands and its way to the goal, two beside each other where there is room.

    The figures that everybody reads stand under one heading, the exact ones for staff under their own.
    """
    columns = st.columns(2, gap="large")
    for place, standing in enumerate(shared.standings()):
        with columns[place % 2]:
            show_measure(shared, standing, exact)
    st.caption(_(SHARED_NOTE))
    if exact is not None:
        st.caption(_("The curves hold exact counts, for staff: others see them in steps of ten or more."))
    for words in goal_change_words(shared.program):
        st.caption(words)
    if shared.program.own_report:
        st.caption(_("Baselines, targets and reported results are the organization's own report."))


def show_measure(shared: ProgramFigures, standing: Standing, exact: ProgramFigures | None) -> None:
    """Show one measure: its value, where it was, its goal, its curve."""
    program, measure = shared.program, standing.measure
    st.markdown(heading(_(measure.title)))
    stated = [
        (_("Counted here"), value_words(standing)),
        (_("Target"), stated_words(measure.target)),
        (_("Reported by the organization"), stated_words(measure.result)),
    ]
    kept = stated[:1] + [(title, words) for title, words in stated[1:] if words != stated_words(None)]
    if exact is not None:
        kept.append((_("Exact, for staff"), value_words(exact.standing(measure))))
    with st.container(horizontal=True, gap="large"):
        for title, words in kept:
            st.metric(title, words, width="content")
    told = _("As reported: {words}.").format(words=_(measure.result_words)) if measure.result_words else ""
    none = _("No target set.") if measure.target is None else ""
    baseline = _("Baseline: {words}.").format(words=stated_words(measure.baseline))
    parts = (told, _(measure.how), rule_words(measure), baseline, none)
    st.caption(
        " ".join(part for part in (*parts, shipped_words(program, measure), pace_words(standing)) if part)
    )
    curve = (exact or shared).curve(measure)
    if len(curve):
        chart = burn_up(measure, curve, straight_line(program, measure))
        st.altair_chart(chart, width="stretch", key=f"program.curve.{measure.key}")


def show_sessions(figures: ProgramFigures) -> None:
    """Show who signed up and who comes, who came back, and how often people came."""
    table = figures.sessions()
    say_hidden(figures)
    show_recruits(figures)
    show_headcounts(figures)
    if table.empty:
        st.info(_("Of no session it is recorded by code who came."))
        return
    st.markdown(heading(_("Who came, and who came back")))
    if table["people"].notna().any():
        st.altair_chart(session_bars(table), width="stretch", key="program.sessions.chart")
    st.dataframe(
        table.round({"share_back": 2, "share_of_first": 2}),
        hide_index=True,
        key="program.sessions",
        height="content",
        placeholder="–",
        column_config={
            "session": st.column_config.TextColumn(_("Session"), pinned=True),
            "on": st.column_config.DateColumn(_("Day")),
            "people": _("People"),
            "back": _("Returned from the session before"),
            "others": _("Not at the last session"),
            "new": _("New"),
            "share_back": st.column_config.NumberColumn(_("Returned from last session, %"), format="percent"),
            "share_of_first": st.column_config.NumberColumn(_("Of the first session"), format="percent"),
        },
    )
    st.markdown(heading(_("How often people came")))
    st.dataframe(
        figures.at_least(),
        hide_index=True,
        key="program.at_least",
        height="content",
        column_config={"sessions": _("Sessions attended (at least)"), "people": _("People")},
    )
    show_regulars(figures)


def say_hidden(figures: ProgramFigures) -> None:
    """Say what is hidden, where something is."""
    if words := hidden_words(figures.least):
        st.caption(words)


def show_headcounts(figures: ProgramFigures) -> None:
    """Show how many were counted without names, as attendances: no number of people is made of them."""
    table = figures.headcounts()
    if table.empty:
        return
    st.markdown(heading(_("Counted without names")))
    known = table["headcount"].dropna()
    words = _(
        "{attendances} attendances at {count} sessions. A headcount is no count of people: who came "
        "twice is in it twice, so that no figure of people holds it."
    )
    if len(known):
        st.caption(words.format(attendances=to_words(float(known.sum())), count=len(known)))
    st.dataframe(
        table,
        hide_index=True,
        key="program.headcounts",
        height="content",
        placeholder="–",
        column_config={
            "session": st.column_config.TextColumn(_("Session"), pinned=True),
            "on": st.column_config.DateColumn(_("Day")),
            "headcount": _("Headcount"),
            "with_code": _("Of them by code"),
            "without_code": _("Came without a code"),
            "how": _("How it was counted, and by whom"),
        },
    )


def show_regulars(figures: ProgramFigures) -> None:
    """Show session by session how many of those who come regularly were there."""
    for measure, table in figures.regulars():
        st.markdown(heading(_(measure.title)))
        st.caption(rule_words(measure))
        st.dataframe(
            table,
            hide_index=True,
            key=f"program.regulars.{measure.key}",
            height="content",
            column_config={
                "session": st.column_config.TextColumn(_("Session"), pinned=True),
                "on": st.column_config.DateColumn(_("Day")),
                "regular": _("Of those who count"),
                "people": _("People"),
            },
        )


def show_recruits(figures: ProgramFigures) -> None:
    """Show those who signed up against those who come often, where the program counts both."""
    counted = {measure.counted: measure for measure in figures.program.measures}
    regular = next((counted[item] for item in REGULARS if item in counted), None)
    if Counted.RECRUITS not in counted or regular is None:
        return
    counts = figures.recruits()
    st.markdown(heading(_("Who signed up, and who comes")))
    titles = {
        "recruited": _("Signed up"),
        "came": _("Of them came at least once"),
        "consistent": _("Of them: {measure}").format(measure=_(regular.title)),
        "came_unrecruited": _("Came without having signed up"),
    }
    for column, (key, title) in zip(st.columns(len(titles)), titles.items(), strict=True):
        count = counts[key]
        column.metric(title, _("hidden") if count is None else to_words(count))


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def show_report(
    desk: Desk, area: Area, shared: RegionFigures, exact: RegionFigures | None, person: Person
) -> None:
    """Offer the one-page report, the workbook, and the attendance to those who may see it."""
    # A file is made when somebody asks for it, away from the page and its region: its day is the page's.
    region, program, invented = desk.region, desk.program, desk.region.invented
    st.caption(_("One page, in the language chosen in the sidebar."))
    every = exact if exact is not None and ask_exact() else shared
    figures = every.of(program.key)
    say_hidden(figures)
    report = make_report(
        figures,
        area,
        invented=invented,
        tracts=covered_tracts(region, program, area, figures.touched()),
        reached=own_frame(desk, MilestoneReached),
        times=times_of(desk),
    )
    name = f"{region.key}-{program.key}"
    offer(_("Report (PDF)"), in_language(lambda: to_pdf(report)), f"{name}.pdf", "application/pdf")
    offer(_("Report (HTML)"), in_language(lambda: to_html(report)), f"{name}.html", "text/html")

    def workbook() -> bytes:
        return program_workbook(figures, area, invented=invented)

    offer(_("Figures (XLSX)"), in_language(workbook), f"{name}.xlsx", XLSX)
    if person.sees("attendance"):
        table = figures.records.attendance[["program", "event", "person"]].assign(invented=invented)
        content = plain_cells(table).to_csv(index=False).encode("utf-8-sig")
        offer(_("Attendance (CSV, codes only)"), lambda: content, f"{name}-attendance.csv", "text/csv")


def ask_exact() -> bool:
    """Ask whether a report is to hold exact counts; without them it has the figures that everybody reads."""
    return st.toggle(
        _("Exact counts, for staff"),
        key="program.report.exact",
        help=_("Small counts are in it then: keep it among those who may see them."),
    )


def offer(label: str, make: Callable[[], bytes], name: str, mime: str) -> None:
    """Offer a file that is made when somebody asks for it."""
    key = f"program.take.{name.partition('.')[2]}.{mime}"
    st.download_button(label, make, name, mime, on_click="ignore", key=key)


def in_language(make: Callable[[], bytes]) -> Callable[[], bytes]:
    """Make a file in the language of the page, though it is made elsewhere."""
    return spoken(make, current_language())
