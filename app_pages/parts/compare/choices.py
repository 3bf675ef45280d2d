"""What a person chooses on Compare: two areas, or two figures of one; kept, and written into the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from streamlit_folium import st_folium

from app_pages.parts import screen as st
from app_pages.parts.common import load_shapes, missing_reason
from app_pages.parts.compare.areas import DRAWN, KINDS, Area, areas_of, drawn_frame, find_area, kinds_here
from app_pages.parts.loading import shapes_address
from geo.errors import GeoError, GeometryError
from geo.language import gettext as _
from geo.language import mark as N_
from geo.methods.drawing import outline_from_text, outline_to_text
from geo.region import Region
from geo.tracts.comparison import alike_units
from geo.tracts.comparison_words import title_of
from layers.layer import Look, feature_group
from layers.outline import OUTLINE, drawing_map
from layers.registry import COUNTIES, PLACES
from layers.static_map import view_group
from layers.view import split_selected

HOWS = {"areas": N_("Two areas"), "figures": N_("Two figures of one area")}
SIDES = {"a": N_("First area"), "b": N_("Second area")}
KEPT, MAP_HEIGHT = "compare.kept", 360


def begin(region: Region) -> None:
    """Start from the address, else from what was chosen before."""
    kept = st.session_state.setdefault(KEPT, {})
    if not kept or "a" in st.query_params:
        kept.update(
            {
                name: st.query_params[name]
                for name in ("how", "a", "b", "one", "two")
                if name in st.query_params
            }
        )
    if st.session_state.get("compare.region") not in (None, region.key):
        kept.clear()
        for side in SIDES:
            st.session_state.pop(f"compare.{side}.outline", None)
    st.session_state["compare.region"] = region.key


def write_address() -> None:
    """Write what is chosen into the address, so that it can be sent."""
    kept = {name: st.query_params[name] for name in ("lang", "region") if name in st.query_params}
    st.query_params.from_dict(kept | {name: text for name, text in st.session_state[KEPT].items() if text})


def choose_how() -> str:
    """Choose between two areas and two figures of one area."""
    titles = {name: _(title) for name, title in HOWS.items()}
    _keep("compare.how", st.session_state[KEPT].get("how"), list(HOWS))
    how = st.radio(
        _("What to compare"), list(HOWS), key="compare.how", format_func=titles.__getitem__, horizontal=True
    )
    st.session_state[KEPT]["how"] = "" if how == "areas" else how
    return how


def choose_area(region: Region, side: str, place: int = 0) -> Area:
    """Choose one area; ``place`` is which of its kind stands there at first.

    Raises
    ------
    GeoError
        It cannot be read, or nothing is drawn yet; the message says what to do.
    """
    kept = st.session_state[KEPT]
    first_kind, first_area = split_selected(kept.get(side, ""))
    kinds = kinds_here(region)
    if not kinds:
        raise GeoError(_("there is no area of this kind here"), _("see the Data page"))
    titles = {key: _(KINDS[key].title) for key in kinds}
    _keep(f"compare.{side}.kind", first_kind, kinds)
    kind = st.selectbox(_(SIDES[side]), kinds, key=f"compare.{side}.kind", format_func=titles.__getitem__)
    if kind == DRAWN:
        identifier = _draw(region, side, first_area if first_kind == DRAWN else "")
    else:
        identifier = _choose_named(region, side, kind, first_area, place)
    kept[side] = f"{kind}:{identifier}"
    return find_area(region, kind, identifier)


def choose_figures(area: Area) -> tuple[str, str]:
    """Choose two figures of one area that have the same unit."""
    kept = st.session_state[KEPT]
    keys = [key for key in area.quantities if alike_units(area.quantities, key)]
    left, right = st.columns(2)
    with left:
        one = _choose_figure("one", _("First figure"), keys, kept)
    with right:
        two = _choose_figure("two", _("Second figure (same unit)"), alike_units(area.quantities, one), kept)
    kept.update(one=one, two=two)
    return one, two


def _choose_named(region: Region, side: str, kind: str, first: str, place: int) -> str:
    names = areas_of(region, kind)
    options = list(names)
    if not options:
        raise GeoError(_("there is no area of this kind here"), _("choose another kind"))
    key = f"compare.{side}.area.{kind}"
    usual = options[min(place, len(options) - 1)]
    _keep(key, first if first in names else usual, options)
    return st.selectbox(_("Which one"), options, key=key, format_func=names.__getitem__)


def _choose_figure(name: str, title: str, options: Sequence[str], kept: Mapping[str, str]) -> str:
    titles = {key: title_of(key) for key in options}
    _keep(f"compare.{name}", kept.get(name), options)
    return st.selectbox(title, options, key=f"compare.{name}", format_func=titles.__getitem__)


def _draw(region: Region, side: str, first: str) -> str:
    """Show the map to draw on, and return the outline as text; the last one drawn counts."""
    key = f"compare.{side}.outline"
    text = st.session_state.setdefault(key, first)
    chart = drawing_map(region.bounds, _("Map to draw an area on"))
    layers = [layer for layer in (PLACES, COUNTIES) if not missing_reason(region.key, layer.dataset)]
    groups = [
        feature_group(
            layer, load_shapes(region.key, layer.dataset), Look(shapes_address(region.key, layer.dataset))
        )
        for layer in layers
    ]
    outline = feature_group(OUTLINE, drawn_frame(_outline(text)))
    found = st_folium(
        chart,
        key=f"compare.{side}.map.{st.session_state.get(f'{key}.count', 0)}",
        height=MAP_HEIGHT,
        use_container_width=True,
        feature_group_to_add=[view_group(region.key, region.focus[0].bounds), *groups, outline],
        returned_objects=["last_active_drawing"],
    )
    return _take(key, (found or {}).get("last_active_drawing"))


def _take(key: str, drawing: dict[str, Any] | None) -> str:
    """Keep what was drawn, and begin a fresh map that shows it alone."""
    text: str = st.session_state[key]
    geometry = (drawing or {}).get("geometry") or {}
    if geometry.get("type") == "Polygon":
        st.session_state[key] = outline_to_text(geometry)
        st.session_state[f"{key}.count"] = st.session_state.get(f"{key}.count", 0) + 1
        st.rerun()
    return text


def _outline(text: str) -> Any:
    try:
        return outline_from_text(text)
    except GeometryError:
        return None


def _keep(key: str, value: Any, options: Sequence[Any]) -> None:
    if st.session_state.get(key) not in options:
        st.session_state[key] = value if value in options else options[0]
