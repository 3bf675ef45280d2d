"""Programs: all campaigns at a glance, who has been reached by nothing, and a roll-up to send."""

from __future__ import annotations

import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.markup import heading
from app_pages.parts.page import current_region
from app_pages.parts.people import current_person
from app_pages.parts.program.data import CHOSEN, figures_for, glance, open_book
from app_pages.parts.program.measures import XLSX
from app_pages.parts.program.program_form import make_program
from app_pages.parts.program.program_map import show_coverage
from geo.language import gettext as _
from geo.program.figures import RegionFigures
from geo.region import Region
from geo.units import to_words
from reports.export import Notes, to_csv
from reports.workbooks import figures_table, own_words, roll_up_workbook
from wording.program import glance_words

GLANCE = (
    *("program", "stands", "measure", "goal", "share_of_way", "reported", "baseline", "trend", "as_of"),
)


def render() -> None:
    """Show the page."""
    region, person = current_region(), current_person()
    book = open_book(region)
    figures = figures_for(region, book, person)
    st.subheader(_("Programs"))
    st.caption(_("Results in words are what the organization reported of itself; the rest is counted here."))
    table = glance(region, book, figures)
    if table["value"].isna().all():
        st.info(_("Nothing is recorded yet: open a program and choose Record."))
    show_table(table)
    show_people(figures)
    show_roll_up(region, table, figures)
    show_coverage(region, figures)
    with st.expander(_("Make a program")):
        if person.may_write:
            make_program(region, book, person)
        else:
            st.info(person.signed.how_to_record())


def show_table(table: pd.DataFrame) -> None:
    """Show every measure with its goal, where it was, where it stands and its trend; a click opens it."""
    shown = glance_words(table)
    chosen = st.dataframe(
        shown,
        hide_index=True,
        key="programs.table",
        height="content",
        placeholder="–",
        on_select="rerun",
        selection_mode="single-row",
        column_order=list(GLANCE),
        column_config={
            "program": st.column_config.TextColumn(_("Program"), pinned=True, width=160),
            "stands": st.column_config.TextColumn(_("Where it stands"), width=105),
            "measure": st.column_config.TextColumn(_("Measure"), width=205),
            "goal": st.column_config.TextColumn(_("Target"), width=95),
            "share_of_way": st.column_config.ProgressColumn(
                _("Of the way"), format="percent", min_value=0.0, max_value=1.0, width=85
            ),
            "reported": st.column_config.TextColumn(_("Reported result"), width=170),
            "baseline": st.column_config.TextColumn(_("Baseline"), width=80),
            "trend": st.column_config.LineChartColumn(_("Trend"), width=60),
            "as_of": st.column_config.DateColumn(_("As of"), width=95),
        },
    )
    st.caption(_("Choose a row to open its program."))
    rows = chosen["selection"]["rows"]
    if rows:
        st.session_state[CHOSEN] = str(shown["key"].iloc[rows[0]])
        st.switch_page("app_pages/program.py")


def show_people(figures: RegionFigures) -> None:
    """Count the people of all programs, or of chosen ones, each once."""
    st.markdown(heading(_("People in several programs count once")))
    keys, choices = list(figures.programs), figures.choices()
    if choices:
        keys = st.multiselect(
            _("Programs counted together"),
            choices,
            choices,
            format_func=lambda key: _(figures.programs[key].title),
            key="programs.together",
        )
    found = figures.together(keys)
    counts = {
        _("People who took part, each once"): found.once,
        _("The programs added up"): found.added,
        _("People in more than one"): found.several,
    }
    for column, (title, count) in zip(st.columns(len(counts)), counts.items(), strict=True):
        column.metric(title, _("hidden") if count is None else to_words(count))


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
