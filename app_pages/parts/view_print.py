"""The view of Explore as a PDF to take away, made when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import partial

import geopandas as gpd

from app_pages.parts import screen as st
from app_pages.parts.common import missing_reason
from app_pages.parts.profiles import profile_shown
from app_pages.parts.tracts import load_layer
from geo.language import LANGUAGES, current_language, use_language
from geo.language import gettext as _
from geo.region import Bounds, Region
from geo.tracts.indicators import ESTIMATE, ESTIMATES, Indicator
from geo.tracts.profile import credits_of, source_records
from layers.layer import Layer, Look
from layers.legend import gather
from layers.view import View, split_selected
from reports.view import PrintedView, view_pdf
from reports.view_map import Printed


def show_print(
    region: Region, view: View, layers: Sequence[Layer], indicator: Indicator, bounds: Bounds
) -> None:
    """Offer the view as a PDF in both languages."""
    invented = "-invented" if region.invented else ""
    with st.container(horizontal=True):
        for language, title in LANGUAGES.items():
            st.download_button(
                _("This view as a PDF ({language})").format(language=title),
                partial(make_print, region, view, layers, indicator, bounds, language),
                file_name=f"{region.key}-{indicator.key}{invented}-{language}.pdf",
                mime="application/pdf",
                on_click="ignore",
                help=_("The map shows what was last searched for, with all that is switched on."),
                key=f"explore.print.{language}",
            )


def make_print(
    region: Region,
    view: View,
    layers: Sequence[Layer],
    indicator: Indicator,
    bounds: Bounds,
    language: str,
) -> bytes:
    """Make the PDF; it runs apart from the page, so the language comes along."""
    before = current_language()
    use_language(language)
    try:
        return view_pdf(describe(region, view, layers, indicator, bounds))
    finally:
        use_language(before)


def describe(
    region: Region, view: View, layers: Sequence[Layer], indicator: Indicator, bounds: Bounds
) -> PrintedView:
    """Gather what is printed: the same layers, legends and profile as on the screen."""
    frames = {layer.key: load_layer(region.key, layer.dataset) for layer in layers}
    legends = [layer.legend(layer, frames[layer.key]) for layer in layers if layer.legend is not None]
    return PrintedView(
        legends[0].title,
        _(region.title),
        datetime.now(UTC).astimezone().date(),
        list(printed(view, layers, frames)),
        bounds,
        region.length_crs,
        gather(legends),
        profile_shown(region, view, list(layers), indicator),
        list(dict.fromkeys(sources_of(region, layers, indicator))),
        region.invented,
    )


def printed(view: View, layers: Sequence[Layer], frames: dict[str, gpd.GeoDataFrame]) -> Iterator[Printed]:
    """Lay out each layer for print."""
    picked, identifier = split_selected(view.selected)
    for layer in layers:
        frame = frames[layer.key]
        drawing = layer.draw(layer, frame, Look(layer.dataset, identifier if layer.key == picked else None))
        shapes = frame.geometry.set_axis(frame[layer.identifier].astype(str))
        yield Printed(shapes, drawing.styles, drawing.rows, drawing.order, drawing.labelled, drawing.selected)


def sources_of(region: Region, layers: Sequence[Layer], indicator: Indicator) -> Iterator[str]:
    """List publisher, title and vintage of what is shown, the indicator's first."""
    records = source_records(region.key, layers[0].dataset)
    if indicator.source in records:
        yield str(records[indicator.source]["credit"])
    if indicator.key == ESTIMATE and not missing_reason(region.key, ESTIMATES):
        yield from (str(item["credit"]) for item in source_records(region.key, ESTIMATES).values())
    for layer in layers:
        yield from credits_of(region.key, layer.dataset)
