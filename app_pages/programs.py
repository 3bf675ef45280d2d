"""Programs: all campaigns at a glance, who has been reached by nothing, and a roll-up to send."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.markup import heading
from app_pages.parts.page import current_region
from app_pages.parts.people import current_person
from app_pages.parts.program.agenda import read_due, show_due
from app_pages.parts.program.data import CHOSEN, exact_figures, glance, open_book, shared_figures
from app_pages.parts.program.program_form import make_program
from app_pages.parts.program.program_map import show_coverage
from app_pages.parts.program.reports import XLSX, show_campaigns
from geo.language import gettext as _
from geo.program.figures import RegionFigures
from geo.region import Region
from geo.units import to_words
from reports.export import Notes, to_csv
from reports.workbooks import figures_table, own_words, roll_up_workbook
from store.program.kinds import MilestoneReached
from wording.program import glance_words
from wording.program_glance import exact_table, program_rows
from wording.program_reach import title_for

GLANCE = (
    *("program", "stands", "measure", "goal", "share_of_way", "reported", "baseline", "trend", "as_of"),
)
ONE_ROW = ("program", "aim", "stands", "trend", "next", "lead")
# Room for four lines of words.
ROW_HEIGHT = 92


def render() -> None:
    """Show the page."""
    region, person = current_region(), current_person()
    book = open_book(region)
    shared, exact = shared_figures(region, book), exact_figures(region, book, person)
    st.subheader(_("Programs"))
    st.caption(_("Words are our own report. Numbers are counted from records here."))
    table = glance(region, book, shared)
    if table["value"].isna().all():
        st.info(_("Nothing is recorded yet: open a program and choose Record."))
    show_programs(program_rows(shared, book.frame(MilestoneReached)))
    titles = {key: _(program.title) for key, program in shared.programs.items()}
    show_due(read_due(region, book, person), titles)
    with st.expander(_("All measures")):
        show_table(table)
    if exact is not None:
        with st.expander(_("Exact counts, for staff")):
            show_exact(exact_table(table, glance(region, book, exact)))
    show_people(shared, exact)
    show_campaigns(region, book, shared, exact)
    show_roll_up(region, table, shared)
    show_coverage(region, exact or shared)
    with st.expander(_("Make a program")):
        if person.may_write:
            make_program(region, book, person)
        else:
            st.info(person.signed.how_to_record())


def show_programs(rows: pd.DataFrame) -> None:
    """Show a row a program, in gray where nothing is recorded; a click opens it."""
    chosen = st.dataframe(
        in_gray(rows),
        hide_index=True,
        key="programs.table",
        height="content",
        row_height=ROW_HEIGHT,
        on_select="rerun",
        selection_mode="single-row",
        column_order=list(ONE_ROW),
        column_config={
            "program": st.column_config.TextColumn(_("Program"), width=120),
            "aim": st.column_config.TextColumn(_("Aim"), width=180),
            "stands": st.column_config.TextColumn(_("Current status"), width=235),
            "trend": st.column_config.LineChartColumn(_("Trend"), width=75),
            "next": st.column_config.TextColumn(_("What is next"), width=200),
            "lead": st.column_config.TextColumn(_("Led by"), width=100),
        },
    )
    st.caption(_("Choose a row to open its program."))
    rows_chosen = chosen["selection"]["rows"]
    if rows_chosen:
        st.session_state[CHOSEN] = str(rows["key"].iloc[rows_chosen[0]])
        st.switch_page("app_pages/program.py")


def in_gray(rows: pd.DataFrame) -> Any:
    """Write the rows of programs of which nothing is recorded in gray."""
    empty = ~rows["begun"].to_numpy(dtype=bool)
    style = np.where(np.repeat(empty[:, None], rows.shape[1], axis=1), "color: #6b6b6b", "")
    # Under a name of its own: a drawn one would make the same table another one at every click.
    return rows.style.set_uuid("programs").apply(lambda _frame: style, axis=None)


def show_exact(table: pd.DataFrame) -> None:
    """Show the exact figure of every measure beside the one that everybody reads."""
    st.caption(
        _("Everybody reads the first figure; the exact one may tell of few people and stays among staff.")
    )
    st.dataframe(
        table,
        hide_index=True,
        key="programs.exact",
        height="content",
        placeholder="–",
        column_config={
            "program": st.column_config.TextColumn(_("Program"), pinned=True),
            "measure": _("Measure"),
            "everybody": _("For everybody"),
            "exact": _("Exact, for staff"),
            "as_of": st.column_config.DateColumn(_("As of")),
        },
    )


def show_table(table: pd.DataFrame) -> None:
    """Show every measure with its goal, where it was, where it stands and its trend."""
    st.dataframe(
        glance_words(table),
        hide_index=True,
        key="programs.measures",
        height="content",
        placeholder="–",
        column_order=list(GLANCE),
        column_config={
            "program": st.column_config.TextColumn(_("Program"), pinned=True, width=160),
            "stands": st.column_config.TextColumn(_("Current status"), width=105),
            "measure": st.column_config.TextColumn(_("Measure"), width=205),
            "goal": st.column_config.TextColumn(_("Target"), width=95),
            "share_of_way": st.column_config.ProgressColumn(
                _("Progress"), format="percent", min_value=0.0, max_value=1.0, width=85
            ),
            "reported": st.column_config.TextColumn(_("Reported result"), width=170),
            "baseline": st.column_config.TextColumn(_("Baseline"), width=80),
            "trend": st.column_config.LineChartColumn(_("Trend"), width=60),
            "as_of": st.column_config.DateColumn(_("As of"), width=95),
        },
    )


def show_people(shared: RegionFigures, exact: RegionFigures | None) -> None:
    """Count the people of all programs, or for staff of chosen ones, each once.

    The heading says that figures are exact, for staff, where everybody does not read the same.
    """
    figures, head = exact or shared, st.empty()
    keys, choices = list(figures.programs), figures.choices()
    if choices:
        keys = st.multiselect(
            _("Programs counted together"),
            choices,
            choices,
            format_func=lambda key: _(figures.programs[key].title),
            key="programs.together",
        )
    found, every = figures.together(keys), list(shared.programs)
    same = set(keys) == set(every) and found == shared.together(every)
    head.markdown(heading(title_for(_("People, each counted once"), shared.least if same else figures.least)))
    counts = {
        _("People who took part, each counted once"): found.once,
        _("Sum of all programs (with repeats)"): found.added,
        _("People in more than one"): found.several,
    }
    for column, (title, count) in zip(st.columns(len(counts)), counts.items(), strict=True):
        # Where nobody is recorded at all, none is not a finding.
        known = _("hidden") if count is None else to_words(count)
        column.metric(title, "–" if found.added == 0 else known)


def show_roll_up(region: Region, table: pd.DataFrame, figures: RegionFigures) -> None:
    """Let a person choose figures and take them along for a regional effort."""
    with st.expander(_("Figures for a regional effort")):
        names = [f"{row.program}: {row.measure}" for row in table.itertuples()]
        places = st.multiselect(
            _("Figures to include"), range(len(names)), format_func=names.__getitem__, key="programs.chosen"
        )
        kept = table.iloc[places]
        own = [figures.programs[key] for key in kept["key"].unique()]
        chosen = figures_table(kept).assign(area=_(region.title))
        notes = Notes(
            _("Figures for a regional effort"),
            tuple(own_words(own, figures.day, figures.least, invented=False)),
            region.invented,
        )
        name = f"{region.key}-regional-figures"
        st.download_button(
            _("Download the chosen figures (CSV)"),
            to_csv(chosen, notes),
            file_name=f"{name}.csv",
            mime="text/csv",
            disabled=kept.empty,
            on_click="ignore",
            key="programs.download",
        )
        st.download_button(
            _("Download the chosen figures (XLSX)"),
            roll_up_workbook(chosen, own, figures.day, figures.least, invented=region.invented),
            file_name=f"{name}.xlsx",
            mime=XLSX,
            disabled=kept.empty,
            on_click="ignore",
            key="programs.download.xlsx",
        )


render()
