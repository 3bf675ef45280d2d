"""The table of who lives where: one kind of area at a time, with margins, to look at and to take away."""

from __future__ import annotations

from app_pages.parts import screen as st
from app_pages.parts.common import load_shapes, load_table, missing_reason
from app_pages.parts.selecting import show_table
from geo.datasets.declared import DATASETS
from geo.errors import MissingDatasetError
from geo.language import gettext as _
from geo.region import Region
from geo.tracts.profile import source_records
from geo.tracts.residents.export_table import IDENTIFIER, column_titles, served_table
from geo.tracts.residents.figures import KINDS
from layers.registry import CONTEXT
from reports.export import file_name, make_notes, to_csv

NAMES = {"systems": "public_name", "tribal_areas": "label"}


def show_served(region: Region) -> None:
    """Show who lives in each area of a kind.

    Raises
    ------
    MissingDatasetError
        The table is not built; the message says why.
    """
    reason = missing_reason(region.key, "people_served")
    if reason:
        raise MissingDatasetError(reason, _("see the Data page"))
    layers = {item.key: item for item in CONTEXT if item.key in KINDS}
    here = [key for key, item in layers.items() if not missing_reason(region.key, item.dataset)]
    titles = {key: _(layers[key].title) for key in here}
    usual = here.index("places") if "places" in here else 0
    key = st.selectbox(
        _("Areas"), here, index=usual, key="explore.served.kind", format_func=titles.__getitem__
    )
    layer = layers[key]
    frame = load_shapes(region.key, layer.dataset)
    named = frame[NAMES.get(key, "name")].astype("string").fillna("")
    names = dict(zip(frame[layer.identifier].astype(str), named, strict=True))
    table = served_table(load_table(region.key, "people_served"), KINDS[key], names)
    show_table(table, key, IDENTIFIER, titles=column_titles(), name=f"served.{key}")
    records = source_records(region.key, "people_served")
    title = DATASETS["people_served"].title
    notes = make_notes(_(title), records, invented=region.invented)
    st.download_button(
        _("Download {format}").format(format=_("CSV")),
        to_csv(table, notes),
        file_name=file_name(region.key, f"people_served_{key}", "csv", invented=region.invented),
        mime="text/csv",
        on_click="ignore",
        key="explore.download.served",
    )
    st.caption(
        _("Margins (90 %) hold the survey's error and that of the split; guesswork is that of the uninsured.")
    )
