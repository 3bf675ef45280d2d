"""What a search on Explore finds, by name."""

from __future__ import annotations

from app_pages.parts.loading import kept, load_shapes, missing_reason
from geo.language import gettext as _
from geo.region import Region
from geo.tracts.names import Hit, named_hits, tract_hits
from layers.registry import CONTEXT
from layers.view import TRACTS

# What a search goes through: the layer, and the column with the name.
SEARCHED = {
    "places": "name",
    "systems": "public_name",
    "school_districts": "name",
    "tribal_areas": "name",
    "mobile_home_parks": "name",
}


@kept(*TRACTS, *(layer.dataset for layer in CONTEXT if layer.key in SEARCHED), most=8)
def load_hits(region: Region, dataset: str) -> dict[str, str]:
    """Name everything that can be found, tracts of a dataset among it, by what a view calls it."""
    found: list[Hit] = []
    for layer in CONTEXT:
        if layer.key in SEARCHED and not missing_reason(region.key, layer.dataset):
            frame = load_shapes(region.key, layer.dataset)
            found += named_hits(frame, layer.key, layer.identifier, SEARCHED[layer.key], _(layer.title))
    found += tract_hits(load_shapes(region.key, dataset))
    return {hit.selected: hit.words for hit in found}
