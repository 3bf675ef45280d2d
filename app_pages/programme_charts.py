"""Charts of a programme: the way toward the goal, and sessions. Drawn by the dashboard itself."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from geo.language import gettext as _
from geo.programme import Measure

INK, LINE, GOAL = "#1a1a1a", "#0b5c8a", "#8a1c00"


def burn_up(measure: Measure, curve: pd.Series[float]) -> Any:
    """Draw a measure's running value, with the goal as a line across."""
    frame = curve.rename("value").rename_axis("on").reset_index()
    base = alt.Chart(frame).encode(x=alt.X("on:T", title=_("Day")))
    line = base.mark_line(interpolate="step-after", color=LINE, point=True).encode(
        y=alt.Y("value:Q", title=_(measure.unit)),
        tooltip=[alt.Tooltip("on:T", title=_("Day")), alt.Tooltip("value:Q", title=_(measure.title))],
    )
    layers: list[Any] = [line]
    if measure.goal is not None:
        words = _("Target") if measure.target is not None else _("Reported result")
        goal = pd.DataFrame({"goal": [measure.goal], "words": [words]})
        layers.append(alt.Chart(goal).mark_rule(color=GOAL, strokeDash=[6, 3]).encode(y="goal:Q"))
        layers.append(
            alt.Chart(goal)
            .mark_text(align="left", dx=4, dy=-7, x=0, color=GOAL)
            .encode(y="goal:Q", text="words:N")
        )
    return alt.layer(*layers).properties(height=260)


def session_bars(table: pd.DataFrame) -> Any:
    """Draw who came to each session: back from the session before, and others."""
    titles = {"back": _("back from the session before"), "others": _("others")}
    frame = table[["session", "back", "others"]].melt("session", var_name="who", value_name="people")
    frame["who"] = frame["who"].map(titles)
    return (
        alt.Chart(frame)
        .mark_bar()
        .encode(
            x=alt.X("session:N", title=_("Session"), sort=None),
            y=alt.Y("people:Q", title=_("people")),
            color=alt.Color(
                "who:N",
                title=None,
                scale=alt.Scale(domain=list(titles.values()), range=[LINE, "#a6cfe6"]),
                legend=alt.Legend(orient="bottom"),
            ),
            tooltip=["session:N", "who:N", "people:Q"],
        )
        .properties(height=240)
    )


def response_curve(daily: pd.DataFrame) -> Any:
    """Draw self-response day by day, one line a place or tract; shares from 0 to 1."""
    return (
        alt.Chart(daily)
        .mark_line()
        .encode(
            x=alt.X("response_date:T", title=_("Day")),
            y=alt.Y("share_self_response:Q", title=_("Self-response"), axis=alt.Axis(format="%")),
            color=alt.Color("name:N", title=None, legend=alt.Legend(orient="bottom", columns=2)),
        )
        .properties(height=260)
    )
