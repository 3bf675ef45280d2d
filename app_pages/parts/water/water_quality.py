"""What is known of a system's water: violations of limits, and what laboratories found."""

from __future__ import annotations

from app_pages.parts import screen as st
from app_pages.parts.loading import load_table, missing_reason
from app_pages.parts.water.board import Desk
from wording.water_quality import lab_titles, lab_words, told_amounts, violation_titles, violation_words

DAY = "YYYY-MM-DD"


def show_violations(desk: Desk, pwsid: str) -> None:
    """List violations of limits with their dates: a record of then, never of today."""
    if missing_reason(desk.region.key, "violations"):
        return
    listed = load_table(desk.region.key, "violations")
    ours = listed[listed["pwsid"] == pwsid]
    st.caption(violation_words(listed, ours))
    titles = violation_titles()
    shown = ours[ours["health_based"].astype(bool)].sort_values("begins", ascending=False)
    if shown.empty:
        return
    st.dataframe(
        told_amounts(shown)[list(titles)].rename(columns=titles),
        hide_index=True,
        key=f"water.violations.{pwsid}",
        column_config={titles[name]: st.column_config.DateColumn(format=DAY) for name in ("begins", "ends")},
    )


def show_lab_results(desk: Desk, pwsid: str) -> None:
    """List what laboratories found, the substances above their limit first."""
    if missing_reason(desk.region.key, "lab_results"):
        return
    found = load_table(desk.region.key, "lab_results")
    ours = found[found["pwsid"] == pwsid]
    st.caption(lab_words(ours))
    if ours.empty:
        return
    titles = lab_titles()
    shown = ours.sort_values(["over_limit", "measured"], ascending=False)[list(titles)]
    st.dataframe(
        shown.rename(columns=titles),
        hide_index=True,
        key=f"water.lab_results.{pwsid}",
        column_config={
            titles[name]: st.column_config.DateColumn(format=DAY) for name in ("last_on", "last_over_on")
        },
    )
