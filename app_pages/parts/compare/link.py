"""The way from Explore to Compare: what is selected beside its county, or an area to draw."""

from __future__ import annotations

from app_pages.parts import screen as st
from app_pages.parts.compare.areas import DRAWN, kinds_here
from app_pages.parts.tracts import load_layer
from geo.language import gettext as _
from geo.region import Region
from geo.tracts.profile import is_named
from geo.tracts.residents.figures import KINDS
from geo.units import is_missing
from layers.registry import CONTEXT
from layers.view import View, split_selected

ARROW = " \N{RIGHTWARDS ARROW}"


def show_compare_link(region: Region, view: View) -> None:
    """Lead to Compare, with what is selected chosen there."""
    here = set(kinds_here(region))
    chosen = chosen_areas(region, view)
    if chosen and all(text.partition(":")[0] in here for text in chosen.values()):
        st.page_link(
            "app_pages/compare.py", label=_("Is it different from its county?") + ARROW, query_params=chosen
        )
    if DRAWN in here:
        drawn = {"a": f"{DRAWN}:"}
        st.page_link(
            "app_pages/compare.py", label=_("Draw an area: who lives there?") + ARROW, query_params=drawn
        )


def chosen_areas(region: Region, view: View) -> dict[str, str]:
    """Name what is selected and its county, as Compare's address does; nothing where that makes no sense."""
    layer, identifier = split_selected(view.selected)
    later = "_2020" if view.dataset == "tracts_2020" else ""
    kind = f"tract{later}" if layer == "tracts" else KINDS.get(layer)
    found = {item.key: item for item in CONTEXT}.get(layer)
    if kind is None or (found is None and layer != "tracts"):
        return {}
    dataset, column = (view.dataset, "geoid") if found is None else (found.dataset, found.identifier)
    frame = load_layer(region.key, dataset)
    if "county_geoid" not in frame:
        return {}
    counties = frame.loc[is_named(frame, column, identifier), "county_geoid"]
    county = counties.iloc[0] if len(counties) else None
    if is_missing(county):
        return {}
    return {"a": f"{kind}:{identifier}", "b": f"county{later if layer == 'tracts' else ''}:{county}"}
