"""How well each boundary agrees with the State's table, and an answer where all chosen systems touch one."""

from __future__ import annotations

from typing import Any

from app_pages.parts import screen as st
from app_pages.parts.loading import load_shapes
from app_pages.parts.page import guarded
from app_pages.parts.water.board import (
    Desk,
    boundary_title,
    default_boundary,
    list_boundaries,
    load_candidates,
    load_fit,
    load_ways,
)
from geo.language import gettext as _
from geo.region import Region
from geo.water.known_ways import state_ways
from geo.water.network_layout import Layout
from wording.boundary_fit import fit_table, fit_words, touching_table


def show_fit(region: Region) -> None:
    """Show, for those who ask, how well each boundary agrees with the State's 2021 table."""
    fit = load_fit(region)
    if fit is None or fit.table.empty:
        return
    titles = {choice.key: boundary_title(choice) for choice in list_boundaries(region)}
    columns: dict[str, Any] = {
        "candidate": _("What may count as the district"),
        "right": _("Rows told rightly"),
        "touching": _("Rows that touch it"),
        "mean_error_ft": st.column_config.NumberColumn(
            _("Off in the mean, feet"), format="localized", step=1
        ),
        "median_error_ft": st.column_config.NumberColumn(_("Half are off by less, feet"), format="localized"),
        "in_range": _("In the range of costs"),
    }
    with st.expander(_("How well each boundary agrees with the State's 2021 table")):
        st.caption(fit_words(fit))
        table = fit_table(fit, titles).round({"mean_error_ft": 0, "median_error_ft": 0})
        st.dataframe(table, hide_index=True, key="water.fit", column_config=columns)


def show_touching(desk: Desk, layout: Layout, boundary: str) -> None:
    """Show, where all systems touch the boundary, how far they are by the State and by the best fit."""
    if layout.tree.cost > 0:
        return
    best = default_boundary(desk.region)
    candidates = load_candidates(desk.region)
    systems = load_shapes(desk.region.key, "water_systems")
    state = state_ways(systems, candidates, desk.region.length_crs)["distance_ft"]
    names = desk.table["name"].reindex(layout.systems.index)
    columns: dict[str, Any] = {
        "name": _("Name"),
        "state_ft": feet_column(_("The State's way of 2021, feet")),
        "fitted_ft": feet_column(_("To the boundary that fits it best, feet")),
    }
    st.dataframe(
        touching_table(names, state, load_ways(desk.region, best)),
        hide_index=True,
        key="network.touching",
        column_config=columns,
    )
    if boundary != best:
        st.button(
            _("Lay the network to the boundary that fits best"),
            key="network.best",
            on_click=guarded(choose_boundary_key),
            args=(best,),
        )


def feet_column(title: str) -> Any:
    """Make a column of whole feet."""
    return st.column_config.NumberColumn(title, format="localized", step=1)


def choose_boundary_key(key: str) -> None:
    """Let a boundary count as the district."""
    st.session_state["water.boundary"] = key
