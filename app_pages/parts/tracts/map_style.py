"""How the map of Explore looks: a second indicator, colors, and how the values lie in their classes."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

import numpy as np

from app_pages.parts import screen as st
from app_pages.parts.page import hold_choice
from app_pages.parts.tracts.frames import load_layer, load_shown
from geo.language import gettext as _
from geo.methods.classify import Classes, Scheme
from geo.region import Region
from geo.tracts.indicators import Indicator, indicator_named, indicators_shown, values_of
from geo.units import interval_to_words
from layers import palette
from layers.layer import Layer
from layers.tracts import Shading, choropleth, pair_choropleth
from layers.view import OPACITIES, View

BINS = 20
NONE = ""
SECOND, PALETTE, REVERSE, OPACITY = "explore.second", "explore.palette", "explore.reverse", "explore.opacity"
STYLES = """<style>
.geo-histogram{font-size:0.75rem;line-height:1.1}.geo-histogram p{margin:0;height:9px;white-space:nowrap}
.geo-histogram .bar{display:inline-block;height:8px;vertical-align:top}
.geo-histogram p.break{height:auto;border-top:1px dashed #5a5a5a;color:#4d4d4d;text-align:right}
</style>"""


def colors_of(view: View) -> palette.Colors:
    """Return the colors that a view asks for."""
    return palette.Colors(view.palette, view.reverse, view.opacity / 100)


def tracts_layer(view: View, indicator: Indicator) -> Layer:
    """Make the layer of tracts: by one indicator, or by two at once."""
    if view.second:
        return pair_choropleth(indicator, indicator_named(view.second), view.dataset, view.opacity / 100)
    shading = Shading(indicator, view.scheme, view.classes, view.limits, colors_of(view))
    return choropleth(shading, view.dataset)


def choose_second(region: Region, dataset: str, view: View, indicator: Indicator) -> str:
    """Choose a second indicator for a map of two; empty for none."""
    frame = load_layer(region.key, dataset)
    shown = (item.key for item in indicators_shown(dataset) if item.key in frame)
    options = [NONE, *(key for key in shown if key != indicator.key and frame[key].notna().any())]
    hold_choice(SECOND, options, view.second, NONE)
    titles = {key: _(indicator_named(key).title) if key else _("None") for key in options}
    chosen: str = st.selectbox(
        _("Second indicator (map of two)"), options, key=SECOND, format_func=titles.__getitem__
    )
    return chosen


def choose_style(
    region: Region,
    view: View,
    indicator: Indicator,
    classes: tuple[Scheme, int, tuple[float, ...]],
    *,
    plain: bool,
) -> tuple[str, bool, int]:
    """Choose palette, direction and opacity; show how the values lie in their classes.

    Parameters
    ----------
    view
        What is shown: of its tracts the values are.
    classes
        How they are put into classes.
    plain
        Whether the map shows the values of one indicator, and not two or how sure ranks are.
    """
    titles = {key: _(title) for key, (title, _brewer) in palette.PALETTES.items()}
    hold_choice(PALETTE, titles, view.palette)
    st.session_state.setdefault(REVERSE, view.reverse)
    st.session_state.setdefault(OPACITY, view.opacity)
    chosen = st.radio(
        _("Colors"), list(titles), key=PALETTE, format_func=titles.__getitem__, disabled=not plain
    )
    reverse = bool(st.toggle(_("Reverse colors"), key=REVERSE, disabled=not plain))
    least, most = OPACITIES
    opacity = int(st.slider(_("Opacity, in percent"), least, most, key=OPACITY, step=5))
    if plain:
        shading = Shading(indicator, *classes, palette.Colors(chosen, reverse))
        if histogram := histogram_html(region, view, shading):
            st.html(histogram)
    return chosen, reverse, opacity


def histogram_html(region: Region, view: View, shading: Shading) -> str:
    """Draw how many tracts have which values, from the lowest down, with the breaks between classes."""
    frame = load_shown(region, view)
    if shading.indicator.key not in frame:
        return ""
    classes = shading.classes(frame)
    values = values_of(frame, shading.indicator).to_numpy(dtype=float, na_value=np.nan)
    known = values[np.isfinite(values)]
    if not known.size or not classes.count:
        return ""
    label = escape(_("Number of tracts by value, with the breaks between classes"))
    rows = "".join(_rows(known, classes, shading))
    return f'{STYLES}<div class="geo-histogram" role="img" aria-label="{label}"><p>{label}</p>{rows}</div>'


def _rows(
    known: np.ndarray[tuple[int], np.dtype[np.float64]], classes: Classes, shading: Shading
) -> Iterator[str]:
    shades, unit = shading.colors.shades(classes.count), shading.indicator.unit
    edges = np.unique(np.concatenate([np.linspace(known.min(), known.max(), BINS + 1), classes.limits]))
    counts = np.histogram(known, edges)[0] if edges.size > 1 else np.array([known.size])
    lower = classes.lowest
    for code, (upper, shade) in enumerate(zip(classes.limits, shades, strict=True)):
        inside = [count for count, edge in zip(counts, edges[1:], strict=False) if lower < edge <= upper]
        yield f'<p class="break">{escape(interval_to_words(lower, upper, unit))} ({classes.sizes[code]})</p>'
        for count in inside:
            width = 100 * count / max(counts.max(), 1)
            yield f'<p><span class="bar" style="width:{width:.1f}%;background:{shade}"></span></p>'
        lower = upper
