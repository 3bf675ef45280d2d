"""The view of Explore to take away: the frame behind the map as a file, and the map as a PDF."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import geopandas as gpd
import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.loading import load_table, missing_reason
from app_pages.parts.maps import to_printed
from app_pages.parts.people import current_rights
from app_pages.parts.tracts.filters import filter_title
from app_pages.parts.tracts.frames import load_layer, load_shown, load_systems
from app_pages.parts.tracts.profiles import profile_shown
from geo.datasets.columns import dictionary_of
from geo.datasets.declared import DATASETS
from geo.days import day_in
from geo.language import LANGUAGES, current_language, use_language
from geo.language import gettext as _
from geo.region import Bounds, Region
from geo.sources.catalog import read_catalog
from geo.tracts.indicators import ESTIMATE, ESTIMATES, Indicator
from geo.tracts.vintages import source_of
from geo.water.filtering import MILES
from layers.layer import Layer, gather
from layers.view import View, split_selected
from reports.export import FORMATS, Format, export, exportable, file_name, make_notes, to_archive
from reports.map_report import PrintedView, view_pdf
from reports.printed_map import Printed
from store.members import NOBODY, Rights
from wording.profiles import credits_of, source_records


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of a dataset that a file holds: their identifiers, in order, and in words which they are.

    ``more`` are columns that the table shows and the dataset lacks, on the identifiers.
    """

    column: str
    identifiers: tuple[str, ...]
    words: str
    more: pd.DataFrame

    def of(self, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        """Take the rows out of a frame."""
        named = frame.assign(**{self.column: frame[self.column].astype(str)}).set_index(self.column)
        chosen = named.loc[[key for key in self.identifiers if key in named.index]]
        for place, name in enumerate(self.more):
            chosen.insert(place, name, self.more[name].reindex(chosen.index))
        return chosen.reset_index()


def part_of(region: Region, view: View, dataset: str, table: pd.DataFrame) -> Part:
    """Describe the rows of a table that is shown, in its order."""
    words = filter_title(region, view)
    if dataset == "water_systems":
        keys = table["pwsid"].astype(str)
        more = table.set_axis(keys)[[name for name in (MILES,) if name in table]]
        return Part("pwsid", tuple(keys), words, more)
    keys = table["geoid"].astype(str)
    names = {"tract_name": table["tract"], "place_name": table["place"]}
    return Part("geoid", tuple(keys), words, pd.DataFrame(names).set_axis(keys))


def show_downloads(region: Region, view: View, dataset: str, table: pd.DataFrame) -> None:
    """Offer what a table shows in each format, as whoever looks may see it."""
    rights, part = current_rights(), part_of(region, view, dataset, table)
    for column, (form, (title, kind)) in zip(st.columns(len(FORMATS)), FORMATS.items(), strict=True):
        column.download_button(
            _("Download {format}").format(format=_(title)),
            partial(make_file, region, dataset, form, current_language(), rights, part),
            file_name=file_name(region.key, dataset, form, invented=region.invented, dictionary=True),
            mime="application/zip" if form == "csv" else kind,
            on_click="ignore",
            key=f"explore.download.{dataset}.{form}",
            width="stretch",
        )
    st.caption(
        _(
            "Every file holds the rows of this table with all their columns, explains these with units, and "
            "lists sources, dates and licenses."
        )
    )


JOIN = "tract_system_join"


def show_join(region: Region, pwsids: Sequence[str]) -> None:
    """Offer which 2010 tracts some water systems lie in, as a table; nothing where that is not built."""
    if missing_reason(region.key, JOIN):
        return
    st.download_button(
        _("Download their census tracts (CSV)"),
        partial(make_join, region, tuple(pwsids), current_language(), current_rights()),
        file_name=file_name(region.key, JOIN, "csv", invented=region.invented, dictionary=True),
        mime="application/zip",
        on_click="ignore",
        key="explore.download.join",
    )


def make_join(region: Region, pwsids: Sequence[str], language: str, rights: Rights = NOBODY) -> bytes:
    """Make the table of tracts and systems, apart from the page as :func:`make_file`."""
    use_language(language)
    join = load_table(region.key, JOIN, rights)
    ours = join[join["pwsid"].astype(str).isin(pwsids)].reset_index(drop=True)
    columns = dictionary_of(JOIN, [str(name) for name in ours])
    sources = source_records(region.key, JOIN)
    notes = make_notes(_(DATASETS[JOIN].title), sources, invented=region.invented, columns=columns)
    return to_archive(ours, notes)


def make_file(
    region: Region,
    dataset: str,
    form: Format,
    language: str,
    rights: Rights = NOBODY,
    part: Part | None = None,
) -> bytes:
    """Make a download's content; it runs apart from the page, so language and rights come along."""
    use_language(language)
    frame = exportable(load_layer(region.key, dataset, rights), read_catalog())
    sources = source_records(region.key, dataset)
    if ESTIMATE in frame:
        sources = source_records(region.key, ESTIMATES) | sources
    columns = dictionary_of(dataset, [str(name) for name in frame])
    title = _(DATASETS[dataset].title)
    if part is not None:
        frame, title = part.of(frame), f"{title}: {part.words}"
    notes = make_notes(title, sources, invented=region.invented, columns=columns)
    return export(frame, form, notes)


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
                help=_("PDF shows the last place you searched, not your current zoom."),
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
    frames["tracts"] = load_shown(region, view)
    if "systems" in frames:
        frames["systems"] = load_systems(region, view)
    legends = [layer.legend(layer, frames[layer.key]) for layer in layers if layer.legend is not None]
    return PrintedView(
        legends[0].title,
        filter_title(region, view),
        day_in(region.timezone),
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
        yield to_printed(layer, frames[layer.key], identifier if layer.key == picked else None)


def sources_of(region: Region, layers: Sequence[Layer], indicator: Indicator) -> Iterator[str]:
    """List publisher, title and vintage of what is shown, the indicator's first."""
    records = source_records(region.key, layers[0].dataset)
    frame = load_layer(region.key, layers[0].dataset)
    first = frame.iloc[0].drop("geometry").to_dict() if len(frame) else {}
    if (source := source_of(indicator, first)) in records:
        yield str(records[source]["credit"])
    if indicator.key == ESTIMATE and not missing_reason(region.key, ESTIMATES):
        yield from (str(item["credit"]) for item in source_records(region.key, ESTIMATES).values())
    for layer in layers:
        yield from credits_of(region.key, layer.dataset)
