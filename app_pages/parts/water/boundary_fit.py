"""How well each boundary agrees with the State's table, and an answer where all chosen systems touch one."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

from app_pages.parts import screen as st
from app_pages.parts.page import guarded
from app_pages.parts.water.board import (
    Desk,
    boundary_title,
    fitted_boundary,
    list_boundaries,
    load_candidates,
    load_fit,
    load_systems,
    load_ways,
)
from app_pages.parts.water.network_layout import AMONG, Question, load_layout
from geo.errors import InfeasibleError
from geo.language import gettext as _
from geo.region import Region
from geo.water.boundary_fit import FITTED
from geo.water.known_ways import state_ways
from geo.water.network_layout import Layout
from geo.water.receiver import MAINS
from geo.water.tie_ins import TIE_INS, start_among
from wording.boundary_fit import fit_table, fit_words, touching_table
from wording.water_networks import among_words, offer_words


def show_fit(region: Region) -> None:
    """Show, for those who ask, how well each boundary agrees with the State's 2021 table."""
    fit = load_fit(region)
    if fit is None or fit.table.empty:
        return
    titles = {choice.key: boundary_title(choice) for choice in list_boundaries(region)}
    columns: dict[str, Any] = {
        "candidate": _("Where pipes may be assumed to be"),
        "right": _("Rows it gets right"),
        "touching": _("Rows that touch it"),
        "mean_error_ft": st.column_config.NumberColumn(
            _("Difference on average, feet"), format="localized", step=1
        ),
        "median_error_ft": st.column_config.NumberColumn(_("Half differ by less, feet"), format="localized"),
        "in_range": _("In the range of costs"),
    }
    with st.expander(_("How well each boundary agrees with the State's 2021 table")):
        st.caption(fit_words(fit))
        table = fit_table(fit, titles).round({"mean_error_ft": 0, "median_error_ft": 0})
        st.dataframe(table, hide_index=True, key="water.fit", column_config=columns)


def show_touching(desk: Desk, layout: Layout, question: Question) -> None:
    """Offer, where all systems touch what counts as the district, networks that would be an answer."""
    if question.among:
        start = start_among(
            desk.systems.set_index("pwsid").loc[list(layout.systems.index)].to_crs(desk.region.length_crs)
        )
        st.info(among_words(str(desk.table["name"].get(start[0], start[0]))))
        offer_district()
        return
    if layout.tree.cost > 0:
        return
    show_offers(desk, layout, question)
    best = fitted_boundary(desk.region)
    candidates = load_candidates(desk.region)
    systems = load_systems(desk.region)
    state = state_ways(systems, candidates, desk.region.length_crs)["distance_ft"]
    names = desk.table["name"].reindex(layout.systems.index)
    columns: dict[str, Any] = {
        "name": _("Name"),
        "state_ft": feet_column(_("The State's route of 2021, feet")),
        "fitted_ft": feet_column(_("To the boundary that fits it best, feet")),
    }
    st.dataframe(
        touching_table(names, state, load_ways(desk.region, best)),
        hide_index=True,
        key="network.touching",
        column_config=columns,
    )


def show_offers(desk: Desk, layout: Layout, question: Question) -> None:
    """Offer the other places to start from, each with what the network would be, and joining one another."""
    pwsids = tuple(layout.systems.index)
    for choice in list_boundaries(desk.region):
        if choice.key == question.boundary or choice.key not in (TIE_INS, MAINS, FITTED):
            continue
        with suppress(InfeasibleError):
            other = load_layout(desk.region, pwsids, replace(question, boundary=choice.key))
            if other.tree.cost > 0:
                st.button(
                    offer_words(boundary_title(choice), other),
                    key=f"network.start.{choice.key}",
                    on_click=guarded(choose_boundary_key),
                    args=(choice.key,),
                )
    if len(pwsids) > 1:
        with suppress(InfeasibleError):
            other = load_layout(desk.region, pwsids, replace(question, among=True))
            st.button(
                offer_words(_("joining these systems with one another"), other),
                key="network.join",
                on_click=guarded(join_among),
                args=(True,),
            )


def offer_district() -> None:
    """Offer the way back to a network that starts from the district."""
    st.button(
        _("Start from the district again"), key="network.apart", on_click=guarded(join_among), args=(False,)
    )


def join_among(wanted: bool) -> None:
    """Join the chosen systems with one another, or start from the district again."""
    st.session_state[AMONG] = wanted


def feet_column(title: str) -> Any:
    """Make a column of whole feet."""
    return st.column_config.NumberColumn(title, format="localized", step=1)


def choose_boundary_key(key: str) -> None:
    """Let a boundary count as the district."""
    st.session_state["water.boundary"] = key
