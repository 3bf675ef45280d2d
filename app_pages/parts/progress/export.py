"""Progress for others: by tract, class and week, without small counts, as CSV and XLSX."""

from __future__ import annotations

from functools import partial

import geopandas as gpd
import pandas as pd
import streamlit as st

from app_pages.parts.canvass_data import unit_dataset
from geo.canvass.coverage import hide_classes, hide_tracts, hide_weeks, tract_table
from geo.canvass.outlook import Pace
from geo.canvass.progress import by_week
from geo.canvass.tables import export_table
from geo.export import make_notes, to_csv
from geo.profile import source_records
from geo.region import Region
from reports.canvass_export import progress_notes, progress_workbook
from store.canvass.kinds import Goal

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def show_export(
    region: Region,
    goal: Goal,
    found: Pace,
    parts: tuple[pd.DataFrame, gpd.GeoDataFrame, pd.DataFrame],
) -> None:
    """Show what others may have, and offer it as files."""
    contacts, units, members = parts
    whole = tract_table(contacts, units, members)
    table = export_table(found, hide_tracts(whole), hide_classes(whole), hide_weeks(by_week(contacts)))
    records = source_records(region.key, unit_dataset(region)) | source_records(region.key, "tracts_2020")
    sources = make_notes("", records, invented=region.invented).sources
    notes = progress_notes(goal.source, sources, invented=region.invented)
    st.caption(notes.sources[0])
    st.dataframe(table, hide_index=True, key="progress.others")
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
