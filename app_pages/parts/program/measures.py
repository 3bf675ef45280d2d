"""Where a program's measures stand, who came to its sessions, and its report to take away."""

from __future__ import annotations

from typing import Any

from app_pages.parts import screen as st
from app_pages.parts.charts import burn_up, session_bars
from app_pages.parts.markup import heading
from app_pages.parts.program.program_form import shipped_words
from geo.language import gettext as _
from geo.language import ngettext
from geo.program.figures import SESSION_COLUMNS, ProgramFigures, sessions_to_show
from geo.program.measures import Standing, straight_line
from geo.program.regulars import Regularity, sessions_of
from geo.units import to_words
from wording.program import (
    HEADINGS,
    goal_change_words,
    pace_words,
    regularity_words,
    reported_words,
    rule_words,
    stated_words,
    value_words,
)
from wording.program_reach import hidden_words, shared_words, title_for
from wording.program_results import beside_words, recruit_rows, series_words

ALL, USUAL_SESSIONS = "", 4


def show_measures(shared: ProgramFigures, exact: ProgramFigures | None) -> None:
    """Show where each measure stands and its way to the goal, two beside each other where there is room.

    The figures that everybody reads stand under one heading, the exact ones for staff under their own.
    """
    columns = st.columns(2, gap="large")
    for place, standing in enumerate(shared.standings()):
        with columns[place % 2]:
            show_measure(shared, standing, exact)
    st.caption(shared_words(shared.least))
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
    told = ""
    if words := reported_words(measure):
        told = f"{_('As reported: {words}.').format(words=words)} {beside_words(standing, shared.least)}"
    none = _("No target set.") if measure.target is None else ""
    baseline = _("Baseline: {words}.").format(words=stated_words(measure.baseline))
    rule = " ".join(filter(None, [rule_words(measure), series_words(shared, measure)]))
    parts = (told, _(measure.how), rule, baseline, none)
    st.caption(
        " ".join(part for part in (*parts, shipped_words(program, measure), pace_words(standing)) if part)
    )
    if exact is not None and (words := series_words(exact, measure)):
        st.caption(
            _(
                "Exact, for staff: {words} To count one series alone, name it under "
                "Change > The program itself."
            ).format(words=words)
        )
    curve = (exact or shared).curve(measure)
    if len(curve):
        chart = burn_up(measure, curve, straight_line(program, measure))
        st.altair_chart(chart, width="stretch", key=f"program.curve.{measure.key}")


def show_sessions(shared: ProgramFigures, exact: ProgramFigures | None) -> None:
    """Show who signed up and who comes, who came back, and how often people came.

    What everybody reads stands first, under the same headings for all; below it the exact counts, for staff.
    """
    say_hidden(shared)
    show_attendance(shared)
    if exact is not None:
        show_attendance(exact)
        ask_regulars(exact)


def ask_regulars(figures: ProgramFigures) -> None:
    """Let staff ask who came to k of the sessions, or to k in a row, without a measure that counts it.

    Others are not asked: what one answer hides, the difference of two would tell.
    """
    held = figures.held()
    if held.empty:
        return
    st.markdown(heading(title_for(_("Who came several times, as you ask"), figures.least)))
    left, middle, right = st.columns(3)
    series = sorted({str(title) for title in held["series"] if str(title).strip()})
    chosen = right.selectbox(
        _("Of the series"), [ALL, *series], format_func=_series_words, key="regulars.series"
    )
    most = len(sessions_of(held, Regularity(series=chosen)))
    least = left.number_input(
        _("How many sessions"), 1, most, min(USUAL_SESSIONS, most), key=f"regulars.least.{chosen}"
    )
    ways = {False: _("at least that many, in any order"), True: _("that many in a row")}
    in_a_row = middle.selectbox(
        _("In which order"), list(ways), format_func=ways.__getitem__, key="regulars.row"
    )
    rule = Regularity(int(least), in_a_row=bool(in_a_row), series=chosen)
    people, table = figures.regular(rule)
    st.metric(regularity_words(rule), to_words(people, "people"), width="content")
    st.dataframe(
        table,
        hide_index=True,
        key="program.regulars.asked",
        height="content",
        column_config=titles_of("session", "on", "regular", "people"),
    )


def _series_words(series: str) -> str:
    return series or _("all sessions")


def show_attendance(figures: ProgramFigures) -> None:
    """Show one set of figures of who came."""
    table = figures.sessions()
    show_recruits(figures)
    show_headcounts(figures)
    if table.empty:
        st.info(_("Of no session it is recorded by code who came."))
        return
    st.markdown(heading(title_for(_("Who came, and who came back"), figures.least)))
    if table["people"].notna().any():
        st.altair_chart(session_bars(table), width="stretch", key=key_of("chart", figures))
    st.dataframe(
        sessions_to_show(table).round({"share_back": 2, "share_of_first": 2}),
        hide_index=True,
        key=key_of("sessions", figures),
        height="content",
        placeholder="–",
        column_config=titles_of(*SESSION_COLUMNS)
        | {
            name: st.column_config.NumberColumn(_(HEADINGS[name]), format="percent")
            for name in ("share_back", "share_of_first")
        },
    )
    st.markdown(heading(title_for(_("How often people came"), figures.least)))
    st.dataframe(
        figures.at_least(),
        hide_index=True,
        key=key_of("at_least", figures),
        height="content",
        placeholder=_("hidden"),
        column_config=titles_of("sessions", "people"),
    )
    show_regulars(figures)


def key_of(name: str, figures: ProgramFigures) -> str:
    """Name a part of the page that stands there for everybody and, exact, for staff."""
    return f"program.{name}.{figures.least}"


def titles_of(*names: str) -> dict[str, Any]:
    """Head columns as the workbook does; the session stays in sight, and days are days."""
    titles = {name: _(HEADINGS[name]) for name in names}
    columns = {name: st.column_config.Column(title) for name, title in titles.items()}
    if "session" in titles:
        columns["session"] = st.column_config.TextColumn(titles["session"], pinned=True)
    if "on" in titles:
        columns["on"] = st.column_config.DateColumn(titles["on"])
    return columns


def say_hidden(figures: ProgramFigures) -> None:
    """Say what is hidden, where something is."""
    if words := hidden_words(figures.least):
        st.caption(words)


def show_headcounts(figures: ProgramFigures) -> None:
    """Show how many were counted without names, as attendances: no number of people is made of them."""
    table = figures.headcounts()
    if table.empty:
        return
    st.markdown(heading(title_for(_("Counted without names"), figures.least)))
    known = table["headcount"].dropna()
    words = ngettext(
        "{attendances} attendances at {count} session. A headcount is no count of people: who came "
        "twice is in it twice, so that no figure of people holds it.",
        "{attendances} attendances at {count} sessions. A headcount is no count of people: who came "
        "twice is in it twice, so that no figure of people holds it.",
        len(known),
    )
    if len(known):
        st.caption(words.format(attendances=to_words(float(known.sum())), count=len(known)))
    st.dataframe(
        table,
        hide_index=True,
        key=key_of("headcounts", figures),
        height="content",
        placeholder="–",
        column_config=titles_of("session", "on", "headcount", "with_code", "without_code", "how"),
    )


def show_regulars(figures: ProgramFigures) -> None:
    """Show session by session how many of those who come regularly were there."""
    for measure, table in figures.regulars():
        st.markdown(heading(title_for(_(measure.title), figures.least)))
        st.caption(rule_words(measure))
        st.dataframe(
            table,
            hide_index=True,
            key=f"program.regulars.{measure.key}",
            height="content",
            column_config=titles_of("session", "on", "regular", "people"),
        )


def show_recruits(figures: ProgramFigures) -> None:
    """Show those who signed up against those who come often, where the program counts both."""
    _head, *rows = recruit_rows(figures)
    if not rows:
        return
    st.markdown(heading(title_for(_("Who signed up, and who comes"), figures.least)))
    for column, (title, words) in zip(st.columns(len(rows)), rows, strict=True):
        column.metric(title, words)
