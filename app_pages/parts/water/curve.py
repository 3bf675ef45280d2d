"""The curve of who is served, toward the target: drawn by the dashboard itself."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from app_pages.parts.charts import GOAL, LINE, speaking
from geo.language import gettext as _
from geo.units import to_words


def toward_target(curve: pd.DataFrame, name: str, title: str) -> Any:
    """Draw one running sum as steps, with its target as a dashed line across.

    Parameters
    ----------
    curve
        As :func:`store.board.stages.served_curve` returns it.
    name, title
        The column, and what it is called.
    """
    frame = curve.reset_index()
    line = (
        alt.Chart(frame)
        .mark_line(interpolate="step-after", color=LINE, strokeWidth=2.5, point=True)
        .encode(
            x=alt.X("day:T", title=None),
            y=alt.Y(f"{name}:Q", title=title, scale=alt.Scale(domainMin=0)),
            tooltip=[alt.Tooltip("day:T", title=_("Day")), alt.Tooltip(f"{name}:Q", title=title, format=",")],
        )
    )
    goal = curve[f"{name}_goal"].iloc[[0]].rename("goal").reset_index(drop=True).to_frame()
    goal["words"] = _("Target: {amount}").format(amount=to_words(goal["goal"].item()))
    rule = alt.Chart(goal).mark_rule(color=GOAL, strokeDash=[6, 3]).encode(y="goal:Q")
    words = (
        alt.Chart(goal)
        .mark_text(align="left", dx=4, dy=9, x=0, color=GOAL)
        .encode(y="goal:Q", text="words:N")
    )
    return speaking(alt.layer(line, rule, words).properties(height=260))
