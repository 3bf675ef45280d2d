"""What a click, a search or a row of a table selects: one place, kept in the view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.choices import change_view, look_at
from geo.language import gettext as _
from geo.language import mark as N_

MAP_KEY, SEARCH_KEY = "explore.map", "explore.search"
COLUMN_TITLES = {
    "geoid": N_("GEOID"),
    "pwsid": N_("PWSID"),
    "tract": N_("Tract"),
    "value": N_("Value"),
    "margin": N_("Margin of error (90 %)"),
    "reliability": N_("Reliability"),
    "sure": N_("Among the highest?"),
    "chance": N_("Chance, in percent"),
    "rank_low": N_("Rank from (90 %)"),
    "rank_high": N_("Rank to (90 %)"),
    "alike": N_("Group that cannot be told apart"),
    "official": N_("The State's own figure"),
    "state_percent": N_("Percent of the state's tracts at or below"),
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


def take_click() -> None:
    """Select what was clicked on the map; the map stays where it is."""
    found: dict[str, Any] = st.session_state.get(MAP_KEY) or {}
    reported = (found.get("last_active_drawing") or {}).get("properties", {})
    if "layer" in reported:
        change_view(selected=f"{reported['layer']}:{reported['id']}")


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
