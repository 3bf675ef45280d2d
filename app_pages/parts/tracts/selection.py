"""What a person chooses on Explore: indicator, classes, layers, a place; kept as one view."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.loading import kept, load_shapes, missing_reason
from app_pages.parts.page import hold_choice, was_entered
from app_pages.parts.tracts.areas import KIND, choose_area, take_outline
from app_pages.parts.tracts.drawn_areas import (
    USUAL_WIDTH,
    WIDTH,
    drawing_to_area,
    keep_area,
    replace_area,
    toggle_tract,
)
from app_pages.parts.tracts.filters import OPENED_AT, choose_condition, choose_systems, show_named, take_view
from app_pages.parts.tracts.frames import load_layer, newest_dataset
from app_pages.parts.tracts.map_style import choose_second, choose_style
from geo.datasets.declared import DATASETS
from geo.language import gettext as _
from geo.language import mark as N_
from geo.methods.classify import FEWEST, MOST, SCHEMES, Scheme, default_limits, parse_limits
from geo.region import Region
from geo.tracts.indicators import INDICATORS, Indicator, indicator_named, indicators_shown
from geo.tracts.names import Hit, named_hits, tract_hits
from geo.units import is_missing, limits_from_shown, limits_to_words, unit_title
from layers.base_map import has_streets
from layers.registry import CONTEXT
from layers.view import (
    DRAWN,
    EVERY,
    FOCUS_AREA,
    HIGHEST,
    LISTED,
    TRACTS,
    View,
    names_view,
    read_place,
    read_view,
    split_area,
)
from store.members import NOBODY, Rights
from wording.definitions import facts_of

USUAL_HIGHEST = 10
YEARS = {"tracts_2010": N_("2010 tracts"), "tracts_2020": N_("2020 tracts")}


def current_view(region: Region) -> View:
    """Return the view: as a link says that led here, else as it was left; a new region starts anew.

    What no link names opens on the tracts of the newest vintage that is whole; a link that names no tracts
    means those of 2010, as ever.
    """
    is_named = names_view(st.query_params)
    if "view" not in st.session_state or (was_entered() and is_named):
        view = read_view(st.query_params)
        st.session_state["view"] = view if is_named else replace(view, dataset=newest_dataset(region))
        take_view()
    elif st.session_state.get("view.region") != region.key:
        change_view(selected="", focus="")
        take_view(dataset=newest_dataset(region), area="", near="", title="")
    st.session_state["view.region"] = region.key
    current: View = st.session_state["view"]
    return current


def change_view(**changes: Any) -> View:
    """Change the view that is kept; for widgets' callbacks too."""
    view: View = replace(st.session_state["view"], **changes)
    st.session_state["view"] = view
    return view


def close_profile() -> None:
    """Select nothing; the map stays where it is."""
    change_view(selected="")


def look_at(selected: str) -> None:
    """Select something and move the map to it, even if it was the last place already."""
    change_view(selected=selected, focus=selected)
    st.session_state["view.moves"] = st.session_state.get("view.moves", 0) + 1


def show_area(area: str) -> None:
    """Move the map to the area that was chosen; to where it opens for the study area."""
    change_view(focus=FOCUS_AREA if area else "")
    st.session_state["view.moves"] = st.session_state.get("view.moves", 0) + 1


AT = "at"
"""The parameter of an address in which the map itself writes where it looks."""


def place_shown() -> str:
    """Return where the map looks, as the address says, or as it was left; empty where nobody moved it."""
    here = read_place(st.query_params.get(AT, ""))
    if here or (was_entered() and names_view(st.query_params)):
        st.session_state["view.at"] = here
    found: str = st.session_state.get("view.at", "")
    return found


def place_opened() -> str:
    """Return where the map looked when the page was come to: a move alone sends nothing anew."""
    found: str = place_shown() if was_entered() else st.session_state.get(OPENED_AT, "")
    st.session_state[OPENED_AT] = found
    return found


def write_address(view: View) -> None:
    """Write the view into the address, so that it can be sent; what is as at first stays out."""
    kept = {name: st.query_params[name] for name in ("lang", "region", AT) if name in st.query_params}
    st.query_params.from_dict(kept | view.to_params())


def choose_view(region: Region) -> View:
    """Show the widgets and return the view that they make."""
    view = current_view(region)
    geoids = load_layer(region.key, view.dataset)["geoid"].astype(str).tolist()
    area = choose_area(region, view, geoids)
    dataset = _choose_tracts(region, view)
    indicator = _choose_indicator(region, dataset, view)
    where = choose_condition(region, view, dataset, indicator)
    highest = _choose_highest(region, dataset, view, indicator)
    second = "" if highest else choose_second(region, dataset, view, indicator)
    status, near, miles = choose_systems(region, view)
    layers, systems = _choose_layers(region, view)
    with st.expander(_("Map style: classes and colors")):
        scheme, count, limits = _choose_classes(view, indicator)
        shown = replace(view, dataset=dataset, indicator=indicator.key, area=area, where=where)
        shading = (scheme, count, limits)
        palette, reverse, opacity = choose_style(
            region, shown, indicator, shading, plain=not highest and not second
        )
    show_named(region, view)
    if area != view.area:
        show_area(area)
    return change_view(
        area=area,
        dataset=dataset,
        indicator=indicator.key,
        scheme=scheme,
        classes=count,
        limits=limits,
        highest=highest,
        where=where,
        status=status,
        near=near,
        miles=miles,
        layers=layers,
        systems=systems,
        second=second,
        palette=palette,
        reverse=reverse,
        opacity=opacity,
    )


def _choose_tracts(region: Region, view: View) -> str:
    built = [name for name in TRACTS if not missing_reason(region.key, name)] or [TRACTS[0]]
    hold_choice("explore.dataset", built, view.dataset)
    titles = {name: _(title) for name, title in YEARS.items()}
    return st.radio(
        _("Census tracts"),
        built,
        key="explore.dataset",
        format_func=titles.__getitem__,
        horizontal=True,
        help=_(
            "The State's index is for tracts of 2010; counts and the newest ACS estimates are for tracts of "
            "2020."
        ),
    )


def _choose_indicator(region: Region, dataset: str, view: View) -> Indicator:
    frame = load_layer(region.key, dataset)
    options = [
        item.key for item in indicators_shown(dataset) if item.key in frame and frame[item.key].notna().any()
    ]
    hold_choice("explore.indicator", options, view.indicator)
    titles = {name: _(indicator_named(name).title) for name in options}
    explained = "\n".join(
        f"{name}: {words}" for name, words in facts_of(st.session_state["explore.indicator"], "")
    )
    key = st.selectbox(
        _("Indicator"),
        options,
        key="explore.indicator",
        format_func=titles.__getitem__,
        help=explained,
    )
    return indicator_named(key)


def _choose_classes(view: View, indicator: Indicator) -> tuple[Scheme, int, tuple[float, ...]]:
    hold_choice("explore.scheme", list(SCHEMES), view.scheme)
    titles = {name: _(title) for name, title in SCHEMES.items()}
    scheme = st.selectbox(_("Classes"), list(SCHEMES), key="explore.scheme", format_func=titles.__getitem__)
    if scheme == "fixed":
        return scheme, view.classes, _choose_limits(view, indicator)
    hold_choice("explore.classes", range(FEWEST, MOST + 1), view.classes)
    count = st.slider(_("Number of classes"), FEWEST, MOST, key="explore.classes")
    return scheme, count, ()


def _choose_highest(region: Region, dataset: str, view: View, indicator: Indicator) -> int:
    """Choose whether the map shows how sure a rank is, and for which percentage."""
    possible = indicator.moe is not None and indicator.moe in load_layer(region.key, dataset)
    st.session_state.setdefault("explore.sure", view.highest > 0)
    reason = None if possible else _why_not(load_layer(region.key, dataset).columns, indicator)
    title = _("Show rank certainty")
    on = st.toggle(title, key="explore.sure", disabled=not possible, help=reason)
    if not on or not possible:
        return 0
    hold_choice("explore.highest", HIGHEST, view.highest or USUAL_HIGHEST)
    return st.radio(_("Top X percent"), HIGHEST, key="explore.highest", horizontal=True)


def _why_not(columns: Collection[str], indicator: Indicator) -> str:
    estimates = [item for item in INDICATORS.values() if item.beside == indicator.key and item.key in columns]
    if not estimates:
        return _("No margin of error is known of this indicator.")
    return _(
        "No margin of error is published for this index. To see rank certainty, use this indicator: {title}."
    ).format(title=_(estimates[0].title))


def _choose_limits(view: View, indicator: Indicator) -> tuple[float, ...]:
    usual = view.limits or default_limits(indicator.unit)
    key = f"explore.limits.{indicator.key}"
    st.session_state.setdefault(key, limits_to_words(usual, indicator.unit))
    title = _("Class breaks, in {unit}").format(unit=unit_title(indicator.unit))
    text = st.text_input(title, key=key)
    return limits_from_shown(parse_limits(text), indicator.unit)


def _choose_layers(region: Region, view: View) -> tuple[tuple[str, ...] | None, str]:
    """Choose the layers besides tracts, and whether every water system is drawn."""
    usual = tuple(layer.key for layer in CONTEXT if layer.shown)
    chosen = usual if view.layers is None else view.layers
    with st.expander(_("Layers")):
        found = tuple(layer.key for layer in CONTEXT if _is_on(region, layer.key, layer.title, chosen))
        streets = has_streets() and _is_on(region, "streets", N_("Street basemap (online)"), chosen)
        st.session_state.setdefault("explore.systems", view.systems == EVERY)
        every = st.checkbox(
            _("Systems not at risk, too"),
            key="explore.systems",
            help=_("At first only failing and at-risk water systems are drawn."),
        )
        _choose_width()
    found = (*found, "streets") if streets else found
    return None if found == usual else found, EVERY if every else ""


def _choose_width() -> None:
    st.session_state.setdefault(WIDTH, USUAL_WIDTH)
    st.number_input(_("Corridors: miles on each side"), 0.1, 20.0, key=WIDTH, step=0.1, format="%g")


def _is_on(region: Region, key: str, title: str, chosen: Sequence[str]) -> bool:
    name = f"explore.layer.{key}"
    st.session_state.setdefault(name, key in chosen)
    dataset = next((layer.dataset for layer in CONTEXT if layer.key == key), "")
    reason = missing_reason(region.key, dataset) if dataset in DATASETS else ""
    ticked = st.checkbox(_(title), key=name, disabled=bool(reason), help=reason or None)
    return ticked and not reason


# What a search goes through: the layer, and the column with the name.
SEARCHED = {
    "places": "name",
    "systems": "public_name",
    "school_districts": "name",
    "tribal_areas": "name",
    "mobile_home_parks": "name",
}


@kept(*TRACTS, *(layer.dataset for layer in CONTEXT if layer.key in SEARCHED), most=8)
def load_hits(region: Region, dataset: str, rights: Rights = NOBODY) -> dict[str, str]:
    """Name everything that can be found, tracts of a dataset among it, by what a view calls it.

    Whoever may see the own names of small systems finds them by those, too.
    """
    found: list[Hit] = []
    for layer in CONTEXT:
        if layer.key in SEARCHED and not missing_reason(region.key, layer.dataset):
            frame = load_shapes(region.key, layer.dataset, rights)
            called = frame.assign(called=with_own_names(frame, SEARCHED[layer.key]))
            found += named_hits(called, layer.key, layer.identifier, "called", _(layer.title))
    found += tract_hits(load_shapes(region.key, dataset))
    return {hit.selected: hit.words for hit in found}


def with_own_names(frame: pd.DataFrame, column: str) -> pd.Series[Any]:
    """Add to names for everybody the own, older and other ones, as far as the frame has them.

    Examples
    --------
    >>> systems = pd.DataFrame({"public_name": ["Thermal, CA1"], "name": ["LOPEZ WATER"]})
    >>> with_own_names(systems, "public_name").tolist(), with_own_names(systems, "name").tolist()
    (['Thermal, CA1, also LOPEZ WATER'], ['LOPEZ WATER'])
    """
    if column != "public_name":
        return frame[column]
    told = []
    for number, public in enumerate(frame[column]):
        own = (frame[name].iloc[number] for name in ("name", "other_names") if name in frame)
        others = "; ".join(str(name) for name in own if not is_missing(name) and name != public)
        told.append(_("{name}, also {others}").format(name=public, others=others) if others else public)
    return pd.Series(told, index=frame.index)


MAP_KEY, SEARCH_KEY = "explore.map", "explore.search"
COLUMN_TITLES = {
    "geoid": N_("GEOID"),
    "pwsid": N_("PWSID"),
    "tract": N_("Tract"),
    "place": N_("Place"),
    "miles": N_("Miles"),
    "value": N_("Value"),
    "margin": N_("Margin of error (90 %)"),
    "reliability": N_("Reliability"),
    "sure": N_("In the top group?"),
    "chance": N_("Chance, in percent"),
    "rank_low": N_("Rank from (90 %)"),
    "rank_high": N_("Rank to (90 %)"),
    "alike": N_("Statistical group"),
    "official": N_("The State's own figure"),
    "state_percent": N_("State percentile"),
    "rank": N_("Rank here"),
    "public_name": N_("Name"),
    "community": N_("Community"),
    "safer_status": N_("SAFER status"),
    "population": N_("People served"),
    "population_estimated": N_("People estimated"),
    "connections": N_("Connections"),
    "location_quality": N_("Place on the map"),
    "role": N_("Role in consolidation"),
}


def take_click(region: Region) -> None:
    """Select what was clicked or drawn on the map; the map stays where it is."""
    found: dict[str, Any] = st.session_state.get(MAP_KEY) or {}
    drawing = found.get("last_active_drawing") or {}
    reported = drawing.get("properties", {})
    if reported.get("pick") and reported.get("layer") == "tracts":
        _pick(region, str(reported["id"]))
    elif "layer" in reported:
        change_view(selected=f"{reported['layer']}:{reported['id']}")
    elif drawing.get("geometry"):
        _take_drawing(region, drawing)


def _pick(region: Region, geoid: str) -> None:
    before = st.session_state["view"].selected
    picked = toggle_tract(before, geoid)
    # What was drawn before stays; only a list of tracts grows into the next.
    replace_area(region, before if split_area(before)[0] == LISTED else "", picked)
    change_view(selected=picked)


def _take_drawing(region: Region, drawing: Mapping[str, Any]) -> None:
    """Keep what was drawn and tell of it; while a filter waits for a drawing it becomes the filter."""
    area = drawing_to_area(region, drawing, float(st.session_state.get(WIDTH, USUAL_WIDTH)))
    if st.session_state.get(KIND) == DRAWN:
        take_outline(area)
        return
    keep_area(region, area)
    change_view(selected=area)


def take_search() -> None:
    """Select what was searched for, and go there."""
    if st.session_state[SEARCH_KEY]:
        look_at(st.session_state[SEARCH_KEY])
        st.session_state[SEARCH_KEY] = None


def take_focus(number: int) -> None:
    """Go to a focus of the region, and keep what is selected."""
    change_view(focus=str(number))
    st.session_state["view.moves"] = st.session_state.get("view.moves", 0) + 1


def take_row(key: str, layer: str, identifiers: Sequence[str]) -> None:
    """Select the row that was chosen in a table, and go there."""
    rows = st.session_state[key]["selection"]["rows"]
    if rows:
        look_at(f"{layer}:{identifiers[rows[0]]}")


SORT, DESCENDING = "explore.sort", "explore.sort.descending"
AS_IT_STANDS = ""


def choose_order(table: pd.DataFrame, value: str = "") -> pd.DataFrame:
    """Let a person order a table's rows; the link and the file have that order, too.

    Parameters
    ----------
    value
        Title of the column ``value``.
    """
    view: View = st.session_state["view"]
    options = [AS_IT_STANDS, *map(str, table.columns)]
    titles = {column: _(title) for column, title in COLUMN_TITLES.items()} | {AS_IT_STANDS: _("Usual order")}
    titles |= {"value": value} if value else {}
    if st.session_state.get(SORT) not in options:
        named = view.sort.removeprefix("-")
        st.session_state[SORT] = named if named in options else AS_IT_STANDS
        st.session_state.setdefault(DESCENDING, view.sort.startswith("-"))
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    column = left.selectbox(
        _("Order rows by"), options, key=SORT, format_func=lambda key: titles.get(key, key)
    )
    down = right.toggle(_("From the highest"), key=DESCENDING, disabled=not column)
    change_view(sort=f"{'-' if down else ''}{column}" if column else "")
    if not column:
        return table
    return table.sort_values(column, ascending=not down, na_position="last", kind="stable", ignore_index=True)


def show_table(
    table: pd.DataFrame,
    layer: str,
    identifier: str,
    value: str = "",
    *,
    titles: Mapping[str, str] | None = None,
    name: str = "",
) -> None:
    """Show a table whose rows can be chosen.

    Parameters
    ----------
    identifier
        Column that names a row.
    value
        Title of the column ``value``.
    titles
        Of columns, where they are not the usual ones.
    name
        What the widget is called; the layer's key where it is empty.
    """
    key = f"explore.table.{name or layer}"
    usual = {column: _(title) for column, title in COLUMN_TITLES.items()}
    spoken = usual | ({"value": value} if value else {}) | dict(titles or {})
    st.dataframe(
        table,
        key=key,
        hide_index=True,
        height=360,
        selection_mode="single-row",
        on_select=lambda: take_row(key, layer, table[identifier].tolist()),
        column_config={
            column: _column(spoken.get(column, column), table[column], pinned=column == identifier)
            for column in table.columns
        },
    )


def _column(title: str, values: pd.Series[Any], *, pinned: bool) -> Any:
    """Give numbers with a fraction one decimal, so that they stand under each other."""
    if not pd.api.types.is_float_dtype(values):
        return st.column_config.Column(title, pinned=pinned)
    whole = bool((values.dropna() % 1 == 0).all())
    return st.column_config.NumberColumn(title, format="localized" if whole else "%.1f", pinned=pinned)
