"""Charts beside the map: how values are spread, two indicators against each other, and vintages."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.charts import INK, LINE, speaking
from app_pages.parts.loading import missing_reason
from app_pages.parts.page import guarded, hold_choice
from app_pages.parts.tracts.frames import load_layer, load_shown, tract_vintages
from app_pages.parts.tracts.map_style import colors_of
from geo.language import gettext as _
from geo.region import Region
from geo.tracts.comparison import of_vintages
from geo.tracts.indicators import Indicator, indicator_named, indicators_shown, values_of
from geo.tracts.names import tract_title
from geo.units import factor_of, unit_title
from layers.tracts import Shading
from layers.view import TRACTS, View, split_selected
from wording.comparison import vintage_titles

AGAINST, SCATTER = "explore.against", "explore.scatter"
USUAL_AGAINST = ("share_poverty", "share_uninsured")
HEIGHT = 300
MARK = "#b30059"


def show_charts(region: Region, view: View, indicator: Indicator) -> None:
    """Show the three charts; a dot that is clicked is selected on the map."""
    values = _values(region, view, indicator)
    if values.empty:
        st.info(_("No tract that is shown has a value."))
        return
    chosen = _chosen(view)
    left, right = st.columns(2, gap="medium")
    with left:
        st.caption(_("Tracts by value; the line marks the one selected"))
        st.altair_chart(spread_chart(values, indicator, view, chosen))
    with right:
        show_scatter(region, view, indicator, values, chosen)
    show_vintages(region, view, indicator, chosen)


def _chosen(view: View) -> str:
    layer, identifier = split_selected(view.selected)
    return identifier if layer == "tracts" else ""


def _values(region: Region, view: View, indicator: Indicator) -> pd.DataFrame:
    """Lay out values as they are shown, with what each tract is called; missing ones are left out."""
    frame = load_shown(region, view)
    if indicator.key not in frame:
        return pd.DataFrame()
    factor = factor_of(indicator.unit)
    numbers = pd.to_numeric(values_of(frame, indicator)).astype("Float64").astype(float) * factor
    geoids = frame["geoid"].astype(str)
    table = pd.DataFrame({"geoid": geoids, "tract": geoids.map(tract_title), "value": numbers})
    return table.dropna().reset_index(drop=True)


def _axis_title(indicator: Indicator) -> str:
    return f"{_(indicator.title)}, {unit_title(indicator.unit)}"


def spread_chart(values: pd.DataFrame, indicator: Indicator, view: View, chosen: str) -> Any:
    """Draw how many tracts have which values, in the colors of the map, with a line at the one selected.

    Parameters
    ----------
    values
        ``geoid``, ``tract`` and ``value`` in the unit that is shown, none missing.
    """
    shading = Shading(indicator, view.scheme, view.classes, view.limits, colors_of(view))
    factor = factor_of(indicator.unit)
    raw = pd.DataFrame({indicator.key: values["value"] / factor})
    if indicator.known:
        raw[indicator.known] = True
    classes = shading.classes(raw)
    shades = shading.colors.shades(classes.count)
    limits = [round(limit * factor, 6) for limit in classes.limits]
    table = values.assign(shade=[shades[code] for code in classes.codes])
    bars = (
        alt.Chart(table)
        .mark_bar(stroke="#5a5a5a", strokeWidth=0.4)
        .encode(
            x=alt.X("value:Q", bin=alt.Bin(maxbins=24), title=_axis_title(indicator)),
            y=alt.Y("count():Q", title=_("Tracts"), stack=True),
            color=alt.Color("shade:N", scale=alt.Scale(domain=shades, range=shades), legend=None),
            tooltip=[alt.Tooltip("count():Q", title=_("Tracts"))],
        )
    )
    breaks = (
        alt.Chart(pd.DataFrame({"value": limits[:-1]}))
        .mark_rule(color=INK, strokeDash=[2, 3])
        .encode(x="value:Q")
    )
    marked = values[values["geoid"] == chosen]
    line = (
        alt.Chart(marked)
        .mark_rule(color=MARK, strokeWidth=3)
        .encode(x="value:Q", tooltip=[alt.Tooltip("tract:N"), alt.Tooltip("value:Q", format=",.1f")])
    )
    return speaking(alt.layer(bars, breaks, line).properties(height=HEIGHT))


def show_scatter(region: Region, view: View, indicator: Indicator, values: pd.DataFrame, chosen: str) -> None:
    """Show two indicators of the same tracts against each other."""
    frame = load_layer(region.key, view.dataset)
    options = [
        item.key
        for item in indicators_shown(view.dataset)
        if item.key in frame and item.key != indicator.key and frame[item.key].notna().any()
    ]
    if not options:
        return
    hold_choice(AGAINST, options, view.second, *USUAL_AGAINST)
    titles = {key: _(indicator_named(key).title) for key in options}
    key = st.selectbox(
        _("Against (click a dot to select its tract)"), options, key=AGAINST, format_func=titles.__getitem__
    )
    other = indicator_named(key)
    pairs = values.merge(
        _values(region, view, other)[["geoid", "value"]].rename(columns={"value": "other"}), on="geoid"
    )
    st.altair_chart(
        scatter_chart(pairs, indicator, other, chosen),
        key=SCATTER,
        on_select=guarded(take_dot),
        selection_mode="dot",
    )


def scatter_chart(pairs: pd.DataFrame, across: Indicator, up: Indicator, chosen: str) -> Any:
    """Draw a dot a tract; a click on one chooses it.

    Parameters
    ----------
    pairs
        ``geoid``, ``tract``, ``value`` and ``other`` in the units that are shown, none missing.
    """
    dot = alt.selection_point(name="dot", fields=["geoid"], on="click")
    marked = pairs.assign(marked=pairs["geoid"] == chosen)
    dots = (
        alt.Chart(marked)
        .mark_circle(stroke=INK, strokeWidth=0.5)
        .encode(
            x=alt.X("value:Q", title=_axis_title(across), scale=alt.Scale(zero=False)),
            y=alt.Y("other:Q", title=_axis_title(up), scale=alt.Scale(zero=False)),
            color=alt.condition("datum.marked", alt.value(MARK), alt.value(LINE)),
            size=alt.condition("datum.marked", alt.value(220), alt.value(55)),
            tooltip=[
                alt.Tooltip("tract:N", title=_("Tract")),
                alt.Tooltip("value:Q", title=_(across.title), format=",.1f"),
                alt.Tooltip("other:Q", title=_(up.title), format=",.1f"),
            ],
        )
        .add_params(dot)
    )
    return speaking(dots.properties(height=HEIGHT - 40))


def take_dot() -> None:
    """Select the tract of the dot that was clicked."""
    from app_pages.parts.tracts.selection import look_at

    picked = (st.session_state.get(SCATTER) or {}).get("selection", {}).get("dot") or []
    if picked:
        look_at(f"tracts:{picked[0]['geoid']}")


def show_vintages(region: Region, view: View, indicator: Indicator, chosen: str) -> None:
    """Show how the indicator of the tract that is selected stood in each vintage, with margins."""
    if missing_reason(region.key, "tract_vintages"):
        return
    if view.dataset == TRACTS[0] or not chosen:
        st.caption(_("Change between vintages: choose 2020 tracts and select a tract."))
        return
    rows = tract_vintages(region, chosen)
    table = vintages_table(rows, indicator)
    if len(table) < 2:
        st.caption(_("Change between vintages: there is only one vintage of this indicator here."))
        return
    st.caption(
        _("{tract}: estimates by vintage, with 90% margins of error").format(tract=tract_title(chosen))
    )
    st.altair_chart(vintages_chart(table, indicator))


def vintages_table(rows: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """Lay out an indicator by vintage, the oldest first, in the unit that is shown.

    Returns
    -------
    DataFrame
        ``vintage``, ``value``, ``low`` and ``high``, the ends of the 90 % interval.
    """
    factor, titles = factor_of(indicator.unit), vintage_titles(rows, list(of_vintages(rows)))
    found = []
    for source, figures in of_vintages(rows).items():
        item = figures.get(indicator.key)
        if item is not None and item.value is not None and item.moe is not None:
            value, moe = item.value * factor, item.moe * factor
            found.append({"vintage": titles[source], "value": value, "low": value - moe, "high": value + moe})
    return pd.DataFrame(found[::-1], columns=["vintage", "value", "low", "high"])


def vintages_chart(table: pd.DataFrame, indicator: Indicator) -> Any:
    """Draw a value a vintage with its interval."""
    base = alt.Chart(table).encode(x=alt.X("vintage:N", sort=None, title=None, axis=alt.Axis(labelAngle=0)))
    title = _axis_title(indicator)
    bars = base.mark_rule(color=LINE, strokeWidth=2).encode(y=alt.Y("low:Q", title=title), y2="high:Q")
    tooltip = [
        alt.Tooltip("vintage:N", title=_("Vintage")),
        alt.Tooltip("value:Q", format=",.1f", title=title),
    ]
    dots = base.mark_circle(color=LINE, size=90).encode(y="value:Q", tooltip=tooltip)
    return speaking(alt.layer(bars, dots).properties(height=220))
