"""Progress for others: by tract, class and week, without small counts, as CSV and XLSX."""

from __future__ import annotations

from functools import partial

from app_pages.parts import screen as st
from app_pages.parts.canvass_data import unit_dataset
from app_pages.parts.progress.standing import Standing
from app_pages.parts.progress.tables import NOTHING, titles
from geo.canvass.coverage import hide_class_table
from geo.canvass.outlook import Pace, export_table
from geo.canvass.progress import by_week
from geo.language import gettext as _
from geo.language import mark as N_
from geo.tracts.profile import source_records
from reports.canvass_export import progress_notes, progress_workbook
from reports.export import make_notes, to_csv
from store.visibility import to_visible

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LEVELS = {"goal": N_("Goal"), "tract": N_("Tract"), "index_class": N_("Index class"), "week": N_("Week from")}


def show_export(now: Standing, found: Pace) -> None:
    """Show what others may have, and offer it as files."""
    region, whole = now.region, now.whole
    # For others, whoever makes it: nobody's rights.
    weeks = to_visible(by_week(now.contacts), "canvass_weeks")
    table = export_table(found, to_visible(whole, "canvass_tracts"), hide_class_table(whole), weeks)
    records = source_records(region.key, unit_dataset(region)) | source_records(region.key, "tracts_2020")
    sources = make_notes("", records, invented=region.invented).sources
    notes = progress_notes(now.goal.source, sources, invented=region.invented)
    for words in notes.sources[:2]:
        st.caption(words)
    named = {"level": _("Of"), "name": _("Which")}
    shown = table.assign(level=[_(LEVELS[level]) for level in table["level"]])
    st.dataframe(
        shown, hide_index=True, key="progress.others", column_config=titles() | named, placeholder=NOTHING
    )
    name = f"progress-{region.key}{'-invented' if region.invented else ''}"
    left, right = st.columns(2)
    left.download_button(
        "CSV", to_csv(table, notes), f"{name}.csv", "text/csv", on_click="ignore", key="progress.csv"
    )
    right.download_button(
        "XLSX",
        partial(progress_workbook, table, notes),
        f"{name}.xlsx",
        XLSX,
        on_click="ignore",
        key="progress.xlsx",
    )
