"""Filters of Explore: a condition on the indicator, which water systems, ready questions, names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.loading import is_built, load_shapes
from app_pages.parts.page import guarded, hold_choice
from app_pages.parts.tracts.areas import area_title, areas_of_kind
from app_pages.parts.tracts.frames import (
    load_layer,
    load_shown,
    load_systems,
    load_tracts,
    newest_dataset,
)
from geo.language import gettext as _
from geo.language import mark as N_
from geo.language import ngettext
from geo.methods.classify import default_limits
from geo.region import Region
from geo.tracts.filtering import COUNTED, KINDS, Condition, Kind, meets, read_condition
from geo.tracts.indicators import Indicator, indicator_named
from geo.units import factor_of, unit_title
from geo.water.filtering import STATUSES
from layers.view import (
    FOCUS_AREA,
    LONGEST_NOTE,
    LONGEST_TITLE,
    MOST_MILES,
    View,
    read_place,
    read_view,
)
from wording.filters import STATUS_TITLES, condition_words, systems_words

USUAL_COUNT, USUAL_MILES = 10, 5.0
ALL = "all"
KIND_TITLES: Mapping[str, str] = {
    ALL: N_("All tracts"),
    "highest": N_("The highest"),
    "lowest": N_("The lowest"),
    "least": N_("At least"),
    "most": N_("At most"),
}
WHERE, SURE, STATUS = "explore.where", "explore.where.sure", "explore.status"
NEAR, MILES_KEY, NAMED, NAME = "explore.near", "explore.miles", "explore.named", "explore.name"
OPENED = "explore.opened"
# Fields of a view that make its filter.
FIELDS = ("dataset", "indicator", "area", "where", "status", "near", "miles", "title", "note")
# Widgets that show a view's filter; without their state they start from the view again.
WIDGETS = ("explore.dataset", "explore.indicator", "explore.area", WHERE, STATUS, NEAR, MILES_KEY)
# Widgets that show how the map looks, and which table is open.
LOOKS = (
    *("explore.scheme", "explore.classes", "explore.limits", "explore.sure", "explore.highest"),
    *("explore.second", "explore.palette", "explore.reverse", "explore.opacity", "explore.systems"),
    *("explore.layer.", "explore.tables", "explore.sort"),
)
NOTE = "explore.note"
SYSTEMS = "systems"
QUESTIONS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "hardest": (
        N_("Ten hardest to count"),
        {"dataset": "tracts_2010", "indicator": "ca_htc_index", "where": "highest_10"},
    ),
    "uninsured": (
        N_("More than 30 percent uninsured, for sure"),
        {"indicator": "share_uninsured", "where": "least_0.3_sure"},
    ),
    "failing": (N_("Failing water systems"), {"status": ("failing",)}),
}
"""Ready questions: what the button says, and what it makes of a view; one of the survey that names no
tracts is asked of those of the newest vintage."""


def take_view(**changes: Any) -> None:
    """Change the view, and let every widget that shows its filter start from it."""
    focus = {"focus": FOCUS_AREA if changes["area"] else ""} if "area" in changes else {}
    st.session_state["view"] = replace(st.session_state["view"], **(changes | focus))
    if focus:
        st.session_state["view.moves"] = st.session_state.get("view.moves", 0) + 1
    for key in list(st.session_state.to_dict()):
        if key.startswith(WIDGETS):
            del st.session_state[key]
    if "status" in changes or "near" in changes:
        st.session_state[f"explore.layer.{SYSTEMS}"] = True


def take_whole(view: View, at: str) -> None:
    """Show a view that was kept, with its colors, its layers and where the map looked."""
    take_view(**{item.name: getattr(view, item.name) for item in fields(View)})
    for key in list(st.session_state.to_dict()):
        if key.startswith(LOOKS):
            del st.session_state[key]
    st.session_state["view"] = view
    st.session_state[OPENED_AT] = at
    st.session_state["view.moves"] = st.session_state.get("view.moves", 0) + 1
    st.session_state[GO] = st.session_state["view.moves"]


OPENED_AT = "view.opened"
GO = "view.go"
"""The move of the map that goes to where a view that was kept looked."""


def clear_filter() -> None:
    """Show everything in the study area again; indicator, classes and layers stay."""
    usual = View()
    take_view(**{name: getattr(usual, name) for name in FIELDS if name not in ("dataset", "indicator")})


def choose_condition(region: Region, view: View, dataset: str, indicator: Indicator) -> str:
    """Choose what a tract's value must be like; return it as an address holds it."""
    before = read_condition(view.where) if view.indicator == indicator.key else None
    options = [ALL, *KINDS]
    hold_choice(WHERE, options, before.kind if before else ALL)
    titles = {key: _(KIND_TITLES[key]) for key in options}
    chosen = st.selectbox(_("Show tracts"), options, key=WHERE, format_func=titles.__getitem__)
    kind = next((item for item in KINDS if item == chosen), None)
    if kind is None:
        return ""
    number = _choose_number(kind, before, indicator)
    margin = indicator.moe if indicator.moe in load_layer(region.key, dataset).columns else None
    sure = kind not in COUNTED and margin is not None and _choose_sure(before)
    return Condition(kind, number, sure).to_text()


def _choose_number(kind: Kind, before: Condition | None, indicator: Indicator) -> float:
    first = before.number if before and before.kind == kind else None
    if kind in COUNTED:
        key = f"{WHERE}.count.{kind}"
        st.session_state.setdefault(key, int(first or USUAL_COUNT))
        return float(st.number_input(_("How many"), 1, 500, key=key))
    key, factor = f"{WHERE}.value.{kind}.{indicator.key}", factor_of(indicator.unit)
    usual = default_limits(indicator.unit)
    value = usual[-1] if first is None else first
    st.session_state.setdefault(key, round(value * factor, 8))
    title = _("Value, in {unit}").format(unit=unit_title(indicator.unit))
    return round(float(st.number_input(title, key=key, step=1.0, format="%g")) / factor, 10)


def _choose_sure(before: Condition | None) -> bool:
    st.session_state.setdefault(SURE, bool(before and before.sure))
    return st.checkbox(
        _("For sure"),
        key=SURE,
        help=_("Only tracts whose whole 90 percent interval lies beyond the value."),
    )


def choose_systems(region: Region, view: View) -> tuple[tuple[str, ...], str, float]:
    """Choose which water systems are shown: statuses, the place that they are near, and how near."""
    if not is_built(region, "water_systems"):
        return (), "", USUAL_MILES
    st.session_state.setdefault(STATUS, list(view.status))
    titles = {key: _(title) for key, title in STATUS_TITLES.items()}
    chosen = st.multiselect(
        _("Water systems: SAFER status"),
        list(STATUSES),
        key=STATUS,
        format_func=titles.__getitem__,
        placeholder=_("Any status"),
    )
    status = tuple(key for key in STATUSES if key in chosen)
    places = areas_of_kind(region, "place")
    if st.session_state.get(NEAR) not in places:
        st.session_state[NEAR] = view.near if view.near in places else None
        if view.near and view.near not in places:
            st.warning(_("The place that the link names is not here: {place}.").format(place=view.near))
    near = st.selectbox(
        _("Water systems near"),
        list(places),
        index=None,
        key=NEAR,
        format_func=places.__getitem__,
        placeholder=_("Anywhere"),
        help=_("Straight distance from the place's outline to the nearest known part of the system."),
    )
    if near is None:
        return status, "", USUAL_MILES
    st.session_state.setdefault(MILES_KEY, view.miles)
    miles = float(st.number_input(_("Within miles"), 0.5, MOST_MILES, key=MILES_KEY, step=0.5, format="%g"))
    return status, str(near), round(miles, 1)


def show_questions(region: Region, view: View) -> None:
    """Offer ready questions and the way back to all, in the container that is open."""
    newest = {"dataset": newest_dataset(region)}
    for key, (title, changes) in QUESTIONS.items():
        if key != "failing" or is_built(region, "water_systems"):
            asked = (newest if "indicator" in changes else {}) | dict(changes)
            st.button(_(title), key=f"explore.question.{key}", on_click=guarded(take_view), kwargs=asked)
    if is_filtered(view):
        st.button(_("Clear filters"), key="explore.clear", on_click=guarded(clear_filter), type="tertiary")


def is_filtered(view: View) -> bool:
    """Whether a view shows less than everything in the study area."""
    return bool(view.area or view.where or view.status or view.near or view.title)


def filter_title(region: Region, view: View) -> str:
    """Say in a line of which tracts and systems a view speaks; its own name first."""
    indicator, condition = indicator_named(view.indicator), read_condition(view.where)
    where = "" if condition is None else condition_words(condition, indicator)
    place = areas_of_kind(region, "place").get(view.near, view.near) if view.near else ""
    parts = [area_title(region, view.area), where, systems_words(view.status, place, view.miles)]
    words = "; ".join(part for part in parts if part)
    return f"{view.title}: {words}" if view.title else words


def shown_words(region: Region, view: View) -> str:
    """Say how many tracts and systems of how many a filter shows; empty without a filter."""
    parts = []
    if view.where:
        shown, all_here = load_shown(region, view), load_tracts(region, view.dataset, view.area)
        words = ngettext("{count} of {all} tract", "{count} of {all} tracts", len(all_here))
        parts.append(words.format(count=f"{len(shown):,}", all=f"{len(all_here):,}"))
        parts += [*_not_sure(all_here, len(shown), view), *_left_out(all_here, view)]
    if is_built(region, "water_systems") and (view.status or view.near):
        systems, everything = load_systems(region, view), load_shapes(region.key, "water_systems")
        words = ngettext("{count} of {all} water system", "{count} of {all} water systems", len(everything))
        parts.append(words.format(count=f"{len(systems):,}", all=f"{len(everything):,}"))
        lost = int(everything.geometry.isna().sum()) if view.near else 0
        if lost:
            told = ngettext(
                "{count} system has no known place and cannot be told",
                "{count} systems have no known place and cannot be told",
                lost,
            )
            parts.append(told.format(count=lost))
    return "; ".join(parts)


def _not_sure(tracts: pd.DataFrame, shown: int, view: View) -> list[str]:
    """Say how many tracts lie beyond the value, but by less than their margin of error."""
    condition = read_condition(view.where)
    if condition is None or not condition.sure:
        return []
    beyond = meets(tracts, indicator_named(view.indicator), replace(condition, sure=False))
    more = int(beyond.sum()) - shown
    words = ngettext(
        "{count} more only within its margin of error",
        "{count} more only within their margins of error",
        more,
    )
    return [words.format(count=more)] if more > 0 else []


def _left_out(tracts: pd.DataFrame, view: View) -> list[str]:
    """Say how many tracts have no value, and are left out of any condition."""
    item = indicator_named(view.indicator)
    missing = int(tracts[item.key].isna().sum()) if item.key in tracts else 0
    if item.known and item.known in tracts:
        missing = int((tracts[item.key].isna() | ~tracts[item.known].astype(bool)).sum())
    if not missing:
        return []
    words = ngettext("{count} tract has no value", "{count} tracts have no value", missing)
    return [words.format(count=missing)]


def show_named(region: Region, view: View) -> None:
    """Let a person save the view with a name and a note, and open those saved before, during this visit."""
    named: dict[str, dict[str, str]] = st.session_state.setdefault(NAMED, {})
    ours = {name: params for name, params in named.items() if params["region"] == region.key}
    with st.expander(_("Saved views")):
        st.text_input(_("Name"), key=NAME, max_chars=LONGEST_TITLE)
        st.text_area(_("Note (optional)"), key=NOTE, max_chars=LONGEST_NOTE, height=70)
        st.button(_("Save this view"), key="explore.keep", on_click=guarded(keep_filter), width="stretch")
        st.caption(
            _(
                "Saved until you close this page. The link holds the view, its name and its note: copy it "
                "to keep or send them."
            )
        )
        for place, name in enumerate(ours):
            st.button(
                name,
                key=f"explore.open.{place}",
                on_click=guarded(open_filter),
                args=(name,),
                width="stretch",
                type="primary" if name == view.title else "secondary",
            )


def keep_filter() -> None:
    """Name the view as it stands, and keep it for the visit with where the map looks."""
    name = str(st.session_state.get(NAME, "")).strip()[:LONGEST_TITLE]
    if not name:
        return
    note = str(st.session_state.get(NOTE, "")).strip()[:LONGEST_NOTE]
    view: View = replace(st.session_state["view"], title=name, note=note)
    st.session_state["view"] = view
    st.session_state.setdefault(NAMED, {})[name] = view.to_params() | {
        "region": st.session_state["view.region"],
        "at": read_place(st.query_params.get("at", "")),
    }


def open_filter(name: str) -> None:
    """Show a view that was kept."""
    params = st.session_state[NAMED][name]
    take_whole(read_view(params), params.get("at", ""))
