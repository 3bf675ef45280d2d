"""What is compared, kept in the address; two columns of figures with a sentence on each difference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from types import MappingProxyType
from typing import Any

from streamlit_folium import st_folium

from app_pages.parts import screen as st
from app_pages.parts.loading import load_shapes, missing_reason, shapes_address
from app_pages.parts.page import hold_choice
from app_pages.parts.tracts.compared_areas import (
    AREA_KINDS,
    DRAWN,
    Area,
    areas_of,
    drawn_frame,
    find_area,
    kinds_here,
)
from geo.errors import GeoError, GeometryError
from geo.language import gettext as _
from geo.language import mark as N_
from geo.methods.drawing import outline_from_text, outline_to_text
from geo.region import Region
from geo.tracts.comparison import Contrast, Quantity, alike_units
from layers.base_map import OUTLINE, drawing_map, view_group
from layers.layer import Look, feature_group
from layers.registry import COUNTIES, PLACES
from layers.view import split_selected
from wording.comparison import doubts_of, sentence, title_of, value_of

HOWS = {
    "profile": N_("One area"),
    "areas": N_("Areas side by side"),
    "figures": N_("Two figures of one area"),
    "vintages": N_("Two vintages of one tract"),
}
VINTAGES = "tract_vintages"
SIDES = {
    "a": N_("First area"),
    "b": N_("Second area"),
    "c": N_("Third area"),
    "d": N_("Fourth area"),
    "e": N_("Fifth area"),
}
FEWEST_AREAS = 2
KEPT, MAP_HEIGHT = "compare.kept", 360
ADDRESS = ("how", *SIDES, "one", "two", "tract", "from", "to")


def begin(region: Region) -> None:
    """Start from the address, else from what was chosen before; a link of before names two areas alone."""
    kept = st.session_state.setdefault(KEPT, {})
    if not kept or "a" in st.query_params:
        usual = {"how": "areas"} if "a" in st.query_params else {}
        named = {name: st.query_params[name] for name in ADDRESS if name in st.query_params}
        kept.update(usual | named)
    if st.session_state.get("compare.region") not in (None, region.key):
        kept.clear()
        for side in SIDES:
            st.session_state.pop(f"compare.{side}.outline", None)
    st.session_state["compare.region"] = region.key


def write_address() -> None:
    """Write what is chosen into the address, so that it can be sent."""
    kept = {name: st.query_params[name] for name in ("lang", "region") if name in st.query_params}
    chosen = st.session_state[KEPT]
    sides = tuple(SIDES)[1:] if chosen.get("how") == "profile" else ()
    written = {name: text for name, text in chosen.items() if text and name not in sides}
    st.query_params.from_dict(kept | written)


def choose_how() -> str:
    """Choose between one area, areas side by side, two figures of one area, and two vintages of a tract."""
    titles = {name: _(title) for name, title in HOWS.items()}
    hold_choice("compare.how", HOWS, st.session_state[KEPT].get("how"))
    how = st.radio(
        _("What to show"), list(HOWS), key="compare.how", format_func=titles.__getitem__, horizontal=True
    )
    st.session_state[KEPT]["how"] = how
    return how


def choose_count() -> list[str]:
    """Choose how many areas stand side by side; return their sides."""
    kept, sides = st.session_state[KEPT], list(SIDES)
    options = list(range(FEWEST_AREAS, len(sides) + 1))
    named = max((sides.index(side) + 1 for side in sides if kept.get(side)), default=FEWEST_AREAS)
    hold_choice("compare.count", options, max(named, FEWEST_AREAS))
    count = st.selectbox(_("How many areas"), options, key="compare.count")
    for side in sides[count:]:
        kept.pop(side, None)
    return sides[:count]


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
    titles = {key: _(AREA_KINDS[key].title) for key in kinds}
    unknown = bool(kept.get(side)) and first_kind not in kinds
    hold_choice(f"compare.{side}.kind", kinds, first_kind, is_open=unknown)
    kind = st.selectbox(
        _(SIDES[side]),
        kinds,
        key=f"compare.{side}.kind",
        format_func=titles.__getitem__,
        placeholder=_("Choose a kind of area"),
    )
    if kind is None:
        raise _no_such(kept[side])
    identifier: str | None
    if kind == DRAWN:
        identifier = _draw(region, side, first_area if first_kind == DRAWN else "")
    else:
        named = first_area if first_kind == kind else ""
        identifier = _choose_named(region, side, kind, named, place)
    if identifier is None:
        raise _no_such(kept[side])
    kept[side] = f"{kind}:{identifier}"
    return find_area(region, kind, identifier)


def _no_such(named: str) -> GeoError:
    """Say that a link names an area that is not here."""
    words = _("The link names an area that is not here: {selected}").format(selected=named)
    return GeoError(words, _("choose another one from the list above"))


def choose_tract(region: Region) -> str:
    """Choose a 2020 tract of which there are vintages; return its GEOID.

    Raises
    ------
    GeoError
        There are none here.
    """
    kept = st.session_state[KEPT]
    if missing_reason(region.key, VINTAGES):
        raise GeoError(_("there are no vintages to compare here"), _("see the Data page"))
    names = areas_of(region, "tract_2020")
    options = list(names)
    hold_choice("compare.tract", options, kept.get("tract"))
    kept["tract"] = st.selectbox(_("2020 tract"), options, key="compare.tract", format_func=names.__getitem__)
    return str(kept["tract"])


def choose_vintages(titles: Mapping[str, str]) -> tuple[str, str]:
    """Choose an earlier and a later vintage; at first the oldest and the newest.

    Parameters
    ----------
    titles
        Vintages by key, the newest first.
    """
    kept, keys = st.session_state[KEPT], list(titles)
    left, right = st.columns(2)
    with left:
        hold_choice("compare.from", keys[1:], kept.get("from"), keys[-1])
        first = st.selectbox(
            _("Earlier vintage"), keys[1:], key="compare.from", format_func=titles.__getitem__
        )
    later = keys[: keys.index(first)]
    with right:
        hold_choice("compare.to", later, kept.get("to"))
        second = st.selectbox(_("Later vintage"), later, key="compare.to", format_func=titles.__getitem__)
    kept.update({"from": first, "to": second})
    return first, second


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


def _choose_named(region: Region, side: str, kind: str, first: str, place: int) -> str | None:
    names = areas_of(region, kind)
    options = list(names)
    if not options:
        raise GeoError(_("there is no area of this kind here"), _("choose another kind"))
    key = f"compare.{side}.area.{kind}"
    usual = options[min(place, len(options) - 1)]
    unknown = bool(first) and first not in names
    hold_choice(key, options, first or usual, is_open=unknown)
    chosen: str | None = st.selectbox(
        _("Select area"),
        options,
        key=key,
        format_func=names.__getitem__,
        placeholder=_("Choose an area"),
    )
    return chosen


def _choose_figure(name: str, title: str, options: Sequence[str], kept: Mapping[str, str]) -> str:
    titles = {key: title_of(key) for key in options}
    hold_choice(f"compare.{name}", options, kept.get(name))
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


STYLES = """<style>
.geo-compare{font-size:0.92rem;line-height:1.4}
.geo-compare table{border-collapse:collapse;width:100%;margin:0}
.geo-compare caption{text-align:left;font-weight:650;padding:0 0 0.3rem 0;color:inherit}
.geo-compare th,.geo-compare td{border:0;border-bottom:1px solid #c5ced6;padding:0.45rem 0.9rem 0.45rem 0;
 vertical-align:top;text-align:left;font-weight:400}
.geo-compare thead th{font-weight:650;border-bottom:2px solid #5a5a5a}
.geo-compare tbody th{width:22%}.geo-compare td{width:22%}.geo-compare td.says{width:34%}
.geo-compare .value{font-weight:650;font-size:1.05rem;white-space:nowrap}
.geo-compare .period{color:#4d4d4d;font-size:0.82rem;white-space:nowrap}
.geo-compare .doubt{display:block;color:#4d4d4d;font-size:0.82rem}
.geo-compare .who{display:none}
.geo-compare .group th{font-weight:650;width:auto;padding-top:1rem;border-bottom:2px solid #5a5a5a}
.geo-compare .different .says{border-left:4px solid #1a1a1a;padding-left:0.7rem;font-weight:650}
.geo-compare .alike .says,.geo-compare .equal .says{border-left:4px double #5a5a5a;padding-left:0.7rem}
.geo-compare .unknown .says{border-left:4px dotted #5a5a5a;padding-left:0.7rem;color:#4d4d4d}
.geo-compare ol{margin:0.3rem 0 0 0;padding-left:1.3rem;font-size:0.84rem}.geo-compare sup{color:#4d4d4d}
@media (max-width:640px){
.geo-compare thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.geo-compare tr,.geo-compare tbody th,.geo-compare td,.geo-compare td.says{display:block;width:auto}
.geo-compare tbody th{font-weight:650;border:0;padding-bottom:0}
.geo-compare td{border:0;padding:0.15rem 0}
.geo-compare tr{border-bottom:1px solid #c5ced6;padding-bottom:0.4rem}
.geo-compare .who{display:block;font-size:0.82rem}}
</style>"""
NO_PERIODS: Mapping[str, str] = MappingProxyType({})
MARKS = {"different": "different", "alike": "alike", "equal": "equal"}


def compare_html(
    found: Sequence[Contrast],
    names: tuple[str, str],
    credits: Mapping[str, str],
    titles: str = "",
    periods: Mapping[str, str] = NO_PERIODS,
) -> str:
    """Write contrasts as a table; numbers in brackets point to the sources below it.

    Parameters
    ----------
    names
        What the two columns are called.
    credits
        By key of a source: publisher, title and vintage.
    titles
        What stands in the first column of each row; the figure's own title where it is empty.
    periods
        By key of a source: the years of a survey, which stand beside its figures.
    """
    used = [item.source for pair in found for item in (pair.first, pair.second) if item.source in credits]
    sources = list(dict.fromkeys(used))
    counts = next((place for place, pair in enumerate(found) if pair.is_count), 0)
    written = [_row(pair, names, sources, (titles, periods)) for pair in found]
    if counts:
        written.insert(counts, _counts_head())
    rows = "".join(written)
    heads = (_("Figure"), *names, _("Statistically different?"))
    head = "".join(f'<th scope="col">{escape(word)}</th>' for word in heads)
    caption = escape(_("Comparison, with 90% margins of error"))
    table = f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    items = "".join(f"<li>{escape(credits[key])}</li>" for key in sources)
    listed = f"<h4>{escape(_('Sources'))}</h4><ol>{items}</ol>" if items else ""
    return f'{STYLES}<section class="geo-compare">{table}{listed}</section>'


def _counts_head() -> str:
    """Head the counts that come after rates."""
    words = escape(_("Counts: bigger places have more of everything"))
    return f'<tr class="group"><th colspan="4" scope="colgroup">{words}</th></tr>'


def _row(
    pair: Contrast, names: tuple[str, str], sources: Sequence[str], told: tuple[str, Mapping[str, str]]
) -> str:
    titles, periods = told
    cells = "".join(
        _cell(item, name, sources, periods.get(item.source, ""))
        for item, name in zip((pair.first, pair.second), names, strict=True)
    )
    words = escape(sentence(pair, *names))
    title = escape(titles or title_of(pair.first.key))
    mark = MARKS.get(pair.verdict, "unknown")
    return f'<tr class="{mark}"><th scope="row">{title}</th>{cells}<td class="says">{words}</td></tr>'


def _cell(item: Quantity, name: str, sources: Sequence[str], years: str) -> str:
    number = f"<sup>[{sources.index(item.source) + 1}]</sup>" if item.source in sources else ""
    doubts = "".join(_doubts(item))
    who = f'<span class="who">{escape(name)}</span>'
    period = f'<span class="period">{escape(years)}</span> ' if years and item.value is not None else ""
    return f'<td>{who}<span class="value">{escape(value_of(item))}</span> {period}{number}{doubts}</td>'


def _doubts(item: Quantity) -> Iterator[str]:
    return (f'<span class="doubt">{escape(words)}</span>' for words in doubts_of(item))
