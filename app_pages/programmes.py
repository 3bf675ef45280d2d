"""Programmes: all campaigns at a glance, who has been reached by nothing, and a roll-up to send."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app_pages.common import current_region, refusing
from app_pages.person import current_person
from app_pages.programme_data import load_if_built, open_book, placed_records, today
from app_pages.programme_new import make_programme
from geo.language import gettext as _
from geo.measures import Records
from geo.participation import people_once
from geo.programme import Programme
from geo.programme_tables import glance_table
from geo.reach import coverage, coverage_totals, touched
from geo.region import Region
from geo.suppression import shown
from geo.wording import to_words


def render() -> None:
    """Show the page."""
    region, person = current_region(), current_person()
    book = open_book(region)
    programmes = book.programmes()
    records = placed_records(region, book)
    st.subheader(_("Programmes"))
    st.caption(_("Results in words are what the organisation reported of itself; the rest is counted here."))
    table = glance_table(list(programmes.values()), records, today(), full=person.may_write)
    show_table(table)
    once = shown(people_once(records.attendance)) if not person.may_write else people_once(records.attendance)
    st.metric(_("People who took part in any programme, each once"), to_words(once))
    show_roll_up(region, table)
    show_coverage(region, records, programmes)
    with st.expander(_("Make a programme")):
        if person.may_write:
            make_programme(region, book, person)
        else:
            st.info(_("Give your name in the sidebar to record something."))


def show_table(table: pd.DataFrame) -> None:
    """Show every measure with its goal, where it stands and its trend."""
    st.dataframe(
        table,
        hide_index=True,
        key="programmes.table",
        height="content",
        column_config={
            "programme": st.column_config.TextColumn(_("Programme"), pinned=True),
            "measure": _("Measure"),
            "baseline": st.column_config.NumberColumn(_("Baseline"), format="localized"),
            "target": st.column_config.NumberColumn(_("Target"), format="localized"),
            "stands": _("Where it stands"),
            "share_of_way": st.column_config.NumberColumn(_("Of the way"), format="percent"),
            "trend": st.column_config.LineChartColumn(_("Trend")),
            "reported": _("Reported by the organisation"),
        },
    )


def show_roll_up(region: Region, table: pd.DataFrame) -> None:
    """Let a person choose figures and take them along for a regional effort."""
    with st.expander(_("Figures for a regional effort")):
        chosen = st.multiselect(
            _("Programmes to include"), table["programme"].unique().tolist(), key="programmes.chosen"
        )
        kept = table[table["programme"].isin(chosen)].drop(columns="trend")
        st.download_button(
            _("Download the chosen figures (CSV)"),
            kept.assign(invented=region.invented).to_csv(index=False).encode("utf-8-sig"),
            file_name=f"{region.key}-programmes.csv",
            mime="text/csv",
            disabled=kept.empty,
            on_click="ignore",
            key="programmes.download",
        )


def show_coverage(region: Region, records: Records, programmes: dict[str, Programme]) -> None:
    """Show which hard-to-count tracts no programme has reached."""
    st.markdown("#### " + _("Hard-to-count tracts, and who reached them"))
    with refusing():
        tracts = load_if_built(region, "tracts_2010")
        if tracts is None:
            st.info(_("Build the tracts of 2010 first: see the Data page."))
            return
        table = coverage(tracts, touched(records))
        totals = coverage_totals(table)
        st.text(
            _(
                "{unreached} of {tracts} tracts (index 60 and above), with {households} households, "
                "have been reached by nothing."
            ).format(
                unreached=totals["unreached"],
                tracts=totals["tracts"],
                households=to_words(totals["unreached_households"]),
            )
        )
        table["which"] = [", ".join(_(programmes[key].title) for key in keys) for keys in table["which"]]
        st.dataframe(
            table,
            hide_index=True,
            key="programmes.coverage",
            column_config={
                "geoid": _("Tract"),
                "ca_htc_index": _("Hard-to-count index"),
                "households": _("Households"),
                "which": _("Reached by"),
                "programmes": _("How many"),
            },
        )


render()
