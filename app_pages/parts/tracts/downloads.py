"""The view of Explore to take away: the frame behind the map as a file, and the map as a PDF."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode, urlsplit

import geopandas as gpd
import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.loading import load_table, missing_reason
from app_pages.parts.maps import to_printed
from app_pages.parts.page import guarded
from app_pages.parts.people import current_rights
from app_pages.parts.tracts.drawn_areas import areas_frame, is_drawn
from app_pages.parts.tracts.filters import filter_title
from app_pages.parts.tracts.frames import load_layer, load_shown, load_systems
from app_pages.parts.tracts.profiles import profile_shown
from geo.datasets.columns import dictionary_of, number, text
from geo.datasets.declared import DATASETS
from geo.days import day_in
from geo.language import LANGUAGES, current_language, speaking, use_language
from geo.language import gettext as _
from geo.language import mark as N_
from geo.region import Bounds, Region
from geo.settings import frame_origins, page_address
from geo.sources.catalog import read_catalog
from geo.tracts.indicators import ESTIMATE, ESTIMATES, Indicator
from geo.tracts.vintages import source_of
from geo.water.filtering import MILES
from layers.base_map import DRAWN_AREAS
from layers.layer import Layer, gather
from layers.view import View, bounds_of_place, split_selected
from reports.export import FORMATS, Format, export, exportable, file_name, make_notes, to_archive
from reports.map_report import PAPERS, PrintedView, to_picture, view_pdf
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


RANK = "rank_here"
SHOWN_BESIDE = {
    "tract_name": text(N_("Census tract")),
    "place_name": text(N_("Place in the tract")),
    RANK: number(N_("Rank on the screen, among tracts of the area in its title"), "rank", low=1),
    MILES: number(N_("Distance from the place that was chosen"), "miles"),
}
"""Columns of a table on the screen that its dataset lacks."""


def part_of(region: Region, view: View, dataset: str, table: pd.DataFrame) -> Part:
    """Describe the rows of a table that is shown, in its order."""
    words = filter_title(region, view)
    if dataset == "water_systems":
        keys = table["pwsid"].astype(str)
        more = table.set_axis(keys)[[name for name in (MILES,) if name in table]]
        return Part("pwsid", tuple(keys), words, more)
    keys = table["geoid"].astype(str)
    names = {"tract_name": table["tract"], "place_name": table["place"]}
    if "rank" in table:
        names[RANK] = table["rank"]
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
    title = _(DATASETS[dataset].title)
    if part is not None:
        frame, title = part.of(frame), f"{title}: {part.words}"
    columns = dictionary_of(dataset, [str(name) for name in frame], SHOWN_BESIDE)
    notes = make_notes(title, sources, invented=region.invented, columns=columns)
    return export(frame, form, notes)


FORM, PAPER, TONGUE = "explore.print.form", "explore.print.paper", "explore.print.language"
READY, OF = "explore.print.ready", "explore.print.of"
FORMS = {"pdf": "application/pdf", "png": "image/png"}


def show_print(
    region: Region, view: View, layers: Sequence[Layer], indicator: Indicator, usual: Bounds, at: str
) -> None:
    """Offer the view as it stands, as a PDF or a picture, and the code that embeds it elsewhere.

    Only a press tells the server where the map looks: the file is offered after one, until the view changes.

    Parameters
    ----------
    usual
        The box to print while nobody moved the map.
    at
        Where the map looks, as the address says; empty while nobody moved it.
    """
    with st.expander(_("Print or share this view")):
        st.caption(_("To share a link, use the link button on the map or copy the address."))
        left, middle, right = st.columns(3)
        form = left.radio(_("File"), list(FORMS), key=FORM, format_func=str.upper, horizontal=True)
        papers = {key: _(paper.title) for key, paper in PAPERS.items()}
        paper = middle.radio(
            _("Page size"), list(papers), key=PAPER, format_func=papers.__getitem__, horizontal=True
        )
        language = right.radio(
            _("Language of the file"),
            list(LANGUAGES),
            key=TONGUE,
            format_func=LANGUAGES.__getitem__,
            horizontal=True,
        )
        st.button(_("Prepare the file"), key="explore.print.prepare", on_click=guarded(_make_ready))
        if is_ready((view, at)):
            invented = "-invented" if region.invented else ""
            bounds = bounds_of_place(at) or usual
            st.download_button(
                _("Download this view ({format}, {paper}, {language})").format(
                    format=form.upper(), paper=papers[paper], language=LANGUAGES[language]
                ),
                partial(make_print, region, view, layers, indicator, bounds, language, form, paper),
                file_name=f"{region.key}-{indicator.key}{invented}-{language}.{form}",
                mime=FORMS[form],
                on_click="ignore",
                key=f"explore.print.{language}",
                type="primary",
            )
        _show_embedding()


def _make_ready() -> None:
    st.session_state[READY] = True
    st.session_state.pop(OF, None)


def is_ready(shown: tuple[View, str]) -> bool:
    """Whether a file was asked for, of the very view that is shown."""
    if not st.session_state.get(READY):
        return False
    if st.session_state.setdefault(OF, shown) == shown:
        return True
    del st.session_state[READY], st.session_state[OF]
    return False


def _show_embedding() -> None:
    """Show the code for a frame on another site, where a setting names sites that may have one."""
    if not frame_origins():
        return
    seen = urlsplit(str(page_address() or st.context.url or ""))
    params = {name: st.query_params[name] for name in st.query_params} | {"embed": "true"}
    source = f"{seen.scheme}://{seen.netloc}/public/explore?{urlencode(params)}"
    code = f'<iframe src="{source}" title="{_("Map")}" width="100%" height="700"></iframe>'
    st.text_area(
        _("Code for a web page of: {sites}").format(sites=", ".join(frame_origins())),
        value=code,
        height=100,
        help=_("It shows what everybody may see, whoever is signed in."),
    )


def make_print(
    region: Region,
    view: View,
    layers: Sequence[Layer],
    indicator: Indicator,
    bounds: Bounds,
    language: str,
    form: str = "pdf",
    paper: str = "letter",
) -> bytes:
    """Make the PDF, or a picture of it; it runs apart from the page, so the language comes along."""
    with speaking(language):
        document = view_pdf(describe(region, view, layers, indicator, bounds), PAPERS[paper])
    return to_picture(document) if form == "png" else document


def describe(
    region: Region, view: View, layers: Sequence[Layer], indicator: Indicator, bounds: Bounds
) -> PrintedView:
    """Gather what is printed: the same layers, legends and profile as on the screen."""
    frames = {layer.key: load_layer(region.key, layer.dataset) for layer in layers}
    if is_drawn(view.selected):
        layers = [*layers, DRAWN_AREAS]
        frames[DRAWN_AREAS.key] = areas_frame(region, view, alone=True)
    frames["tracts"] = load_shown(region, view)
    if "systems" in frames:
        frames["systems"] = load_systems(region, view)
    legends = [layer.legend(layer, frames[layer.key]) for layer in layers if layer.legend is not None]
    return PrintedView(
        legends[0].title,
        " · ".join(filter(None, (filter_title(region, view), _vintage(region, layers, indicator)))),
        day_in(region.timezone),
        list(printed(view, layers, frames)),
        bounds,
        region.length_crs,
        gather(legends),
        profile_shown(region, view, list(layers), indicator),
        list(dict.fromkeys(sources_of(region, layers, indicator))),
        region.invented,
    )


def _vintage(region: Region, layers: Sequence[Layer], indicator: Indicator) -> str:
    """Return the vintage of what the map shows; empty where that is not recorded."""
    records, frame = source_records(region.key, layers[0].dataset), load_layer(region.key, layers[0].dataset)
    first = frame.iloc[0].drop("geometry").to_dict() if len(frame) else {}
    found = records.get(source_of(indicator, first), {}).get("vintage")
    return str(found) if found else ""


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
