"""Progress by turf, tract, index class and week, each as it may be seen; CSV and XLSX for others."""

from __future__ import annotations

from functools import partial
from typing import Any

import altair as alt
import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.canvass.book import unit_dataset
from app_pages.parts.canvass.progress import Standing
from app_pages.parts.charts import GOAL, LINE, speaking
from app_pages.parts.people import Person
from geo.canvass.codes import TURF_STATUS_TITLES, TurfStatus
from geo.canvass.coverage import RANGED, hide_class_table
from geo.canvass.outlook import Pace, export_table, share_words
from geo.canvass.progress import UNKNOWN, by_week
from geo.language import gettext as _
from geo.language import mark as N_
from geo.tracts.self_response import CAUTION
from reports.export import make_notes, to_csv
from reports.workbooks import progress_notes, progress_workbook
from store.visibility import to_visible
from wording.profiles import source_records

TURF_COLUMNS = [
    "status",
    "volunteer",
    "doors",
    "households",
    "knocked",
    "left",
    "reached",
    "share",
    "of_share",
    "twice",
    "last_on",
]
TRACT_COLUMNS = ["households", "knocked", "reached", "share"]
CHART_HEIGHT = 220
NOTHING = "–"


def show_turfs(table: pd.DataFrame, goal: int, person: Person) -> None:
    """Show every turf; they are small, so only to who may see small counts."""
    if not person.sees("canvass_turfs"):
        st.caption(f"{_('Turfs are small.')} {person.signed.how_to_see()}")
        return
    statuses = {str(status): _(TURF_STATUS_TITLES[status]) for status in TurfStatus}
    last = table["last_on"].dt.strftime("%Y-%m-%d").fillna("")
    columns = [name for name in TURF_COLUMNS if name != "twice" or table["twice"].notna().any()]
    shown = table.assign(status=table["status"].map(statuses), last_on=last)[columns]
    share = {"share": st.column_config.NumberColumn(_("Share of the goal"), format="localized")}
    shown = to_visible(shown.round({"share": 0, "of_share": 3}), "canvass_turfs", person.rights)
    st.dataframe(shown, key="progress.turf", column_config=titles() | share, placeholder="")
    st.caption(share_words(table, goal))


def show_tracts(now: Standing) -> None:
    """Show every tract that turfs touch, and how sure it is where totals of paper were shared out."""
    table = now.tracts()
    show_table(table[[*TRACT_COLUMNS, *estimated_columns(table), "index", "answered"]], "tract")
    say_estimated(table)
    st.caption(_(CAUTION))
    if UNKNOWN in table.index:
        st.caption(_("unknown: doors of turfs whose blocks are in no tract of these data."))


def show_classes(now: Standing) -> None:
    """Show classes of the index."""
    table = now.classes()
    show_table(table[[*TRACT_COLUMNS, *estimated_columns(table)]], "class")
    say_estimated(table)
    st.caption(_("Households are those of the tracts that turfs touch, by the index of the tract."))


def estimated_columns(table: pd.DataFrame) -> list[str]:
    """Return the columns that say what is estimated; none where nothing is."""
    if not table["estimated"].any():
        return []
    return list(RANGED) if set(RANGED) <= set(table) else ["estimated"]


def say_estimated(table: pd.DataFrame) -> None:
    """Say what an estimate rests on, where there is one."""
    if table["estimated"].any():
        st.caption(
            _(
                "Estimated: totals of paper sheets whose turf lies in several tracts, shared out by its "
                "doors in each; the sums are those of the sheets. Somebody who walked in one tract alone met "
                "all of them there: at least and at most are what the doors of 2020 allow."
            )
        )


def show_weeks(now: Standing, found: Pace) -> None:
    """Show what came by week, and what is needed a week from now on."""
    weeks = by_week(now.contacts)
    shown = to_visible(weeks, "canvass_weeks", now.rights)
    if len(shown):
        st.altair_chart(week_chart(shown, found.needed_a_week))
    show_table(shown, "week")


def week_chart(weeks: pd.DataFrame, needed: float | None) -> Any:
    """Draw households reached by week, with a line at what is needed a week; hidden weeks have no bar."""
    frame = pd.DataFrame(
        {
            "week": pd.to_datetime(weeks.index).strftime("%Y-%m-%d"),
            "reached": weeks["reached"].astype("Float64"),
        }
    )
    axes = {
        "x": alt.X("week:O", title=_("Week from"), axis=alt.Axis(labelAngle=-45)),
        "y": alt.Y("reached:Q", title=_("Households reached")),
    }
    bars = alt.Chart(frame.dropna(), height=CHART_HEIGHT).mark_bar(color=LINE).encode(**axes)
    if needed is None:
        return speaking(bars)
    line = pd.DataFrame({"needed": [round(needed)], "words": [_("needed a week")]})
    rule = alt.Chart(line).mark_rule(color=GOAL, strokeDash=[6, 4], size=2).encode(y="needed:Q")
    label = alt.Chart(line).mark_text(align="left", dx=4, dy=-7, color=GOAL).encode(
        x=alt.value(0), y="needed:Q", text="words:N"
    )  # fmt: skip
    return speaking(alt.layer(bars, rule, label))


def show_table(table: pd.DataFrame, key: str) -> None:
    """Show a table with titles in words; what is hidden or not known is a dash."""
    st.dataframe(table.round(3), key=f"progress.{key}", column_config=titles(), placeholder=NOTHING)


def titles() -> dict[str, Any]:
    """Return the titles of columns."""
    counts = {
        "doors": _("Doors"),
        "left": _("Doors left"),
        "households": _("Households"),
        "knocked": _("Doors knocked on"),
        "reached": _("Households reached"),
        "total": _("Reached so far"),
        "shared_out": _("of it estimated"),
        "least": _("at least"),
        "most": _("at most"),
        "twice": _("Maybe twice, at most"),
    }
    shares = {
        "share": _("Share reached"),
        "of_share": _("Of its share"),
        "answered": _("Self-response in 2020, final"),
        "share_no_self_response": _("No self-response in 2020"),
    }
    numbers = {
        "gain": _("Expected households"),
        "gain_moe": _("±"),
        "index": _("Hard-to-count index"),
    }
    return {
        **{key: st.column_config.NumberColumn(title, format="localized") for key, title in counts.items()},
        **{key: st.column_config.NumberColumn(title, format="percent") for key, title in shares.items()},
        **{key: st.column_config.NumberColumn(title, format="%.0f") for key, title in numbers.items()},
        "estimated": st.column_config.CheckboxColumn(_("Partly estimated")),
        "status": _("Status"),
        "volunteer": _("Volunteer"),
        "tract": _("Tract"),
        "code": _("Turf"),
        "index_class": _("Index class"),
        "last_on": _("Last return"),
        "language": _("Language"),
        "place": _("Place"),
        "week": st.column_config.DateColumn(_("Week from")),
    }


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
