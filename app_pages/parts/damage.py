"""Datasets that ought to be there and are not: damaged, gone, closed to this account, or never built."""

from __future__ import annotations

from app_pages.parts import screen as st
from app_pages.parts.common import is_built, missing_reason
from app_pages.parts.markup import paragraphs
from geo.datasets.declared import DATASETS
from geo.datasets.record import read_sidecar
from geo.language import ngettext
from geo.region import Region


def show_damage(region: Region) -> None:
    """Name the datasets that are lost: without a word, what is made of them would just not be shown."""
    lost = [name for name in DATASETS if is_lost(region, name)]
    # A region of which nothing is built says so where it is opened.
    if not lost or not any(is_built(region, name) for name in DATASETS):
        return
    words = ngettext(
        "{count} dataset of this region is missing or damaged, and all that is made of it is not shown:",
        "{count} datasets of this region are missing or damaged, and all that is made of them is not shown:",
        len(lost),
    ).format(count=len(lost))
    st.warning(paragraphs(words, *(missing_reason(region.key, name) for name in lost)))


def is_lost(region: Region, name: str) -> bool:
    """Whether a dataset is not there, and no source is to blame that was missing when it was to be built."""
    if is_built(region, name):
        return False
    sidecar = read_sidecar(region.key, name)
    return sidecar is None or sidecar.record["status"] == "damaged"
