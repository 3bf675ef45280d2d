"""Download buttons: the frame behind the map as CSV, GeoJSON or GeoPackage, made when asked for."""

from __future__ import annotations

from functools import partial

from app_pages.parts import screen as st
from app_pages.parts.signing_in import current_rights
from app_pages.parts.tracts import load_layer
from geo.datasets.declared import DATASETS
from geo.language import current_language, use_language
from geo.language import gettext as _
from geo.region import Region
from geo.sources.catalog import read_catalog
from geo.tracts.indicators import ESTIMATE, ESTIMATES
from geo.tracts.profile import source_records
from reports.export import FORMATS, Format, export, exportable, file_name, make_notes
from store.members import NOBODY, Rights


def show_downloads(region: Region, dataset: str) -> None:
    """Offer a dataset in each format, as whoever looks may see it."""
    rights = current_rights()
    for column, (form, (title, kind)) in zip(st.columns(len(FORMATS)), FORMATS.items(), strict=True):
        column.download_button(
            _("Download {format}").format(format=_(title)),
            partial(make_file, region, dataset, form, current_language(), rights),
            file_name=file_name(region.key, dataset, form, invented=region.invented),
            mime=kind,
            on_click="ignore",
            key=f"explore.download.{dataset}.{form}",
            width="stretch",
        )
    st.caption(_("Each file names its sources, vintages and licences; sources without a licence stay out."))


def make_file(region: Region, dataset: str, form: Format, language: str, rights: Rights = NOBODY) -> bytes:
    """Make a download's content; it runs apart from the page, so language and rights come along."""
    use_language(language)
    frame = load_layer(region.key, dataset, rights)
    sources = source_records(region.key, dataset)
    if ESTIMATE in frame:
        sources = source_records(region.key, ESTIMATES) | sources
    notes = make_notes(_(DATASETS[dataset].title), sources, invented=region.invented)
    return export(exportable(frame, read_catalog()), form, notes)
