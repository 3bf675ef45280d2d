"""Charts that pages share: the way toward a goal, sessions, response. Drawn by the dashboard itself."""

from __future__ import annotations

from math import ceil
from typing import Any

import altair as alt
import pandas as pd
from babel.dates import get_day_names, get_month_names

from geo.language import current_language
from geo.language import gettext as _
from geo.program.declaration import Measure

INK, LINE, GOAL = "#1a1a1a", "#0b5c8a", "#8a1c00"
APART = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#7f3c8d"]
MOST_POINTS = 40
# Of an axis of days, in days; half of the page's width has room for so many days or months.
SHORT_SPAN, MOST_TICKS, DAYS_OF_MONTH = 92, 7, 30.5
MONTHS = (1, 2, 3, 4, 6, 12)
"""Steps in months that come out even in a year."""


def burn_up(measure: Measure, curve: pd.Series[float], line: pd.Series[float]) -> Any:
    """Draw a measure's running value, with the goal across, and the straight way to it where it has one."""
    points = len(curve) <= MOST_POINTS
    base = alt.Chart(_by_day(curve)).encode(x=alt.X("on:T", title=None, axis=day_axis(curve, line)))
    layers: list[Any] = [
        base.mark_line(
            interpolate="step-after", color=LINE, point={"color": LINE} if points else False
        ).encode(
            y=alt.Y("value:Q", title=_(measure.unit)),
            tooltip=[
                alt.Tooltip("on:T", title=_("Day"), format="%Y-%m-%d"),
                alt.Tooltip("value:Q", title=_(measure.title), format=","),
            ],
        )
    ]
    if measure.drawn_across is not None:
        layers += _goal_line(measure)
    if len(line):
        layers.append(
            alt.Chart(_by_day(line))
            .mark_line(color=INK, strokeDash=[2, 4], strokeWidth=1.2)
            .encode(x="on:T", y="value:Q")
        )
    return speaking(alt.layer(*layers).properties(height=230))


def day_axis(*curves: pd.Series[float]) -> Any:
    """Make the axis of days of some curves: by day where they span three months at most, else by month.

    Left alone, ticks within a month would all bear its name.

    Examples
    --------
    >>> days = pd.to_datetime(["2026-09-05", "2026-10-03"])
    >>> axis = day_axis(pd.Series([1.0, 2.0], index=days)).to_dict()
    >>> axis["format"], axis["tickCount"]
    ('%b %-d, %Y', {'interval': 'day', 'step': 4})
    """
    days = [day for curve in curves for day in pd.to_datetime(curve.index)]
    span = (max(days) - min(days)).days
    in_days = span <= SHORT_SPAN
    fewest = span / MOST_TICKS / (1 if in_days else DAYS_OF_MONTH)
    step = max(1, ceil(fewest)) if in_days else next((step for step in MONTHS if step >= fewest), MONTHS[-1])
    by_day = "%-d %b %Y" if current_language() == "es" else "%b %-d, %Y"
    return alt.Axis(
        format=by_day if in_days else "%b %Y",
        tickCount=alt.TimeIntervalStep(interval="day" if in_days else "month", step=step),
    )


def _goal_line(measure: Measure) -> list[Any]:
    words = _("Target") if measure.target is not None else _("Reported result")
    goal = pd.DataFrame({"goal": [measure.drawn_across], "words": [words]})
    text = alt.Chart(goal).mark_text(align="left", dx=4, dy=-7, x=0, color=GOAL)
    rule = alt.Chart(goal).mark_rule(color=GOAL, strokeDash=[6, 3])
    return [rule.encode(y="goal:Q"), text.encode(y="goal:Q", text="words:N")]


def _by_day(curve: pd.Series[float]) -> pd.DataFrame:
    return curve.rename("value").rename_axis("on").reset_index()


def session_bars(table: pd.DataFrame) -> Any:
    """Draw who came to each session: back from the session before, and others; all, where that is hidden."""
    titles = {"back": _("back from the session before"), "others": _("others"), "all": _("all who came")}
    whole = table.assign(all=table["people"].where(table["back"].isna()))
    frame = whole[["session", *titles]].melt("session", var_name="who", value_name="people").dropna()
    titles = {who: title for who, title in titles.items() if who != "all" or whole["all"].notna().any()}
    frame["who"] = frame["who"].map(titles)
    return (
        alt.Chart(frame)
        .mark_bar()
        .encode(
            x=alt.X(
                "session:N",
                title=None,
                sort=table["session"].tolist(),
                axis=alt.Axis(labelAngle=-20, labelLimit=180),
            ),
            y=alt.Y("people:Q", title=_("people")),
            color=alt.Color(
                "who:N",
                title=None,
                scale=alt.Scale(domain=list(titles.values()), range=[LINE, "#a6cfe6", "#8c97a0"]),
                legend=alt.Legend(orient="top", labelLimit=300),
            ),
            tooltip=["session:N", "who:N", "people:Q"],
        )
        .properties(height=240)
    )


def response_curve(daily: pd.DataFrame, canvass: pd.Series[float]) -> Any:
    """Draw self-response day by day, one line a place or tract, and the canvass's households behind it.

    Parameters
    ----------
    daily
        ``name``, ``response_date``, ``share_self_response`` (0 to 1).
    canvass
        Running total of households by day; empty where nothing is recorded.
    """
    lines = (
        alt.Chart(daily)
        .mark_line()
        .encode(
            x=alt.X("response_date:T", title=_("Day")),
            y=alt.Y(
                "share_self_response:Q", title=_("Self-response"), axis=alt.Axis(format="%", orient="left")
            ),
            color=alt.Color(
                "name:N",
                title=None,
                scale=alt.Scale(range=APART),
                legend=alt.Legend(orient="bottom", columns=2),
            ),
            tooltip=[
                alt.Tooltip("name:N", title=_("Name")),
                alt.Tooltip("response_date:T", title=_("Day")),
                alt.Tooltip("share_self_response:Q", title=_("Self-response"), format=".1%"),
            ],
        )
    )
    if canvass.empty:
        return speaking(lines.properties(height=340))
    behind = canvass.rename("value").rename_axis("on").reset_index()
    area = (
        alt.Chart(behind)
        .mark_area(opacity=0.15, color=INK, interpolate="step-after")
        .encode(
            x=alt.X("on:T"),
            y=alt.Y(
                "value:Q",
                title=_("Households reached by the canvass"),
                axis=alt.Axis(orient="right", grid=False),
            ),
        )
    )
    both = alt.layer(area, lines).resolve_scale(y="independent")
    return speaking(both.properties(height=340))


def speaking(chart: Any) -> Any:
    """Let a chart write days in the chosen language."""
    if current_language() != "es":
        return chart
    days = alt.TimeLocale(
        dateTime="%A, %e de %B de %Y, %X",
        date="%d/%m/%Y",
        time="%H:%M:%S",
        periods=["AM", "PM"],
        days=list(get_day_names("wide", locale="es").values()),
        shortDays=list(get_day_names("abbreviated", locale="es").values()),
        months=list(get_month_names("wide", locale="es").values()),
        shortMonths=list(get_month_names("abbreviated", locale="es").values()),
    )
    return chart.configure(locale=alt.Locale(time=days))
