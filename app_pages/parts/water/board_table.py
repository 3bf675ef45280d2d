"""The board as a table, by need, with the weights that a person moves; a row selects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.markup import heading
from app_pages.parts.water.board import Desk, Weights, load_costs, load_need
from app_pages.parts.water.board_map import SELECTED
from app_pages.parts.water.forms import words_of_stage
from geo.language import gettext as _
from geo.water.need import PARTS, WEIGHTS, stands_words
from layers.water import STATUSES
from store.water.board_table import Filters, order_by_need

FIRST_PART = "safer"
MOST, STEP = 5.0, 0.5


def choose_weights() -> Weights:
    """Let a person move the weights."""
    first = st.slider(
        _("How much failing counts (SAFER status)"),
        0.0,
        MOST,
        WEIGHTS[FIRST_PART],
        STEP,
        key=f"water.weight.{FIRST_PART}",
    )
    others = [(part, title) for part, title in PARTS.items() if part != FIRST_PART]
    with st.expander(_("Weights: what else counts how much")):
        columns = st.columns(3)
        chosen = [
            (
                part,
                columns[number % 3].slider(
                    _(title), 0.0, MOST, WEIGHTS[part], STEP, key=f"water.weight.{part}"
                ),
            )
            for number, (part, title) in enumerate(others)
        ]
    return ((FIRST_PART, first), *chosen)


TABLE_KEY = "water.table"


def show_table(desk: Desk, filters: Filters, shown: pd.DataFrame, boundary: str, method: str) -> pd.DataFrame:
    """Show weights, and the systems in the order of need; return them with all columns."""
    st.markdown(heading(_("In the order of need")))
    weights = choose_weights()
    ordered = ordered_board(desk, filters, shown, boundary, method, weights)
    before = load_need(desk.region, desk.table.index.tolist(), tuple(WEIGHTS.items()))["rank"]
    visible = to_visible(ordered.assign(moved=moves(ordered["rank"], before)), filters)
    pwsids = ordered.index.tolist()
    st.dataframe(
        visible,
        key=TABLE_KEY,
        hide_index=True,
        height=420,
        selection_mode="single-row",
        on_select=lambda: take_row(pwsids),
        column_config=column_titles(),
    )
    st.caption(
        _(
            "Rank: by the weights above. Moved: places up or down beside the weights at the start. One "
            "weight moved: the ranks with one weight at a time halved or doubled. Between: with all weights"
            " from half to double, margins drawn, unknown parts from 0 to 1 (9 of 10 of 1,000 draws). In "
            "the first ten: how often with 1,000 random weightings. With any weights: the best and the "
            "worst rank there can be. Known: how much of the weight rests on a part that is known. An "
            "ordering of this project, not the State's."
        )
    )
    st.text(stands_words(ordered))
    return ordered


def ordered_board(
    desk: Desk,
    filters: Filters,
    shown: pd.DataFrame,
    boundary: str,
    method: str,
    weights: tuple[tuple[str, float], ...],
) -> pd.DataFrame:
    """Return the board in the order of need, with costs."""
    need = load_need(desk.region, desk.table.index.tolist(), weights)
    costs = load_costs(desk.region, boundary, method) if boundary else None
    return order_by_need(shown, need, costs, filters.service)


def take_row(pwsids: Sequence[str]) -> None:
    """Select the system whose row was chosen, and go there."""
    rows = st.session_state[TABLE_KEY]["selection"]["rows"]
    if rows:
        st.session_state[SELECTED] = st.session_state["water.look_at"] = pwsids[rows[0]]
        st.session_state["water.moves"] = st.session_state.get("water.moves", 0) + 1


def to_visible(ordered: pd.DataFrame, filters: Filters) -> pd.DataFrame:
    """Keep the columns that a meeting reads, in words."""
    visible = ordered.assign(
        pwsid=ordered.index,
        stage=ordered[f"{filters.service}_stage"].map(words_of_stage),
        funding_usd=recorded_money(ordered[f"{filters.service}_funding_usd"]),
        rate=ordered[f"{filters.service}_rate_usd_per_month"],
        income=ordered[f"{filters.service}_share_of_income"],
        one_moved=spans(ordered, "rank_least", "rank_most"),
        between=spans(ordered, "rank_low", "rank_high"),
        any_weights=spans(ordered, "rank_best", "rank_worst"),
    )
    statuses = {name: _(words) for name, (words, _color) in STATUSES.items() if name}
    texts = {
        "community": visible["community"].fillna(""),
        "safer_status": visible["safer_status"].map(statuses).fillna(""),
    }
    return visible.assign(**texts)[[name for name in VISIBLE if name in visible]]


def moves(ranks: pd.Series[int], before: pd.Series[int]) -> list[str]:
    """Write how many places each system went up or down; nothing where it stays."""
    steps = (before.reindex(ranks.index) - ranks).fillna(0).astype(int)
    return [
        f"\N{UPWARDS ARROW} {step}" if step > 0 else f"\N{DOWNWARDS ARROW} {-step}" if step else ""
        for step in steps
    ]


def recorded_money(amounts: pd.Series[float]) -> pd.Series[float]:
    """Leave open where no money is on record: that is not the same as none."""
    return amounts.where(amounts > 0)


def spans(table: pd.DataFrame, low: str, high: str) -> list[str]:
    """Write pairs of ranks."""
    return [f"{first} – {last}" for first, last in zip(table[low], table[high], strict=True)]


VISIBLE = (
    "rank",
    "name",
    "moved",
    "one_moved",
    "share_first",
    "community",
    "safer_status",
    "stage",
    "population",
    "total_cost_usd",
    "low_cost_usd",
    "high_cost_usd",
    "connections",
    "funding_usd",
    "rate",
    "income",
    "between",
    "any_weights",
    "known",
    "pwsid",
)


def column_titles() -> dict[str, Any]:
    """Titles of the table's columns."""
    dollars = {
        "total_cost_usd": _("Cost alone"),
        "low_cost_usd": _("from"),
        "high_cost_usd": _("to"),
        "funding_usd": _("Funding on record"),
    }
    titles = {
        "rank": _("Rank"),
        "moved": _("Moved"),
        "one_moved": _("One weight moved"),
        "between": _("Between"),
        "any_weights": _("With any weights"),
        "name": _("Name"),
        "community": _("Community"),
        "safer_status": _("SAFER status"),
        "stage": _("Stage"),
        "population": _("People served"),
        "connections": _("Connections"),
        "pwsid": _("PWSID"),
    }
    money = {
        name: st.column_config.NumberColumn(title, format="dollar", step=1) for name, title in dollars.items()
    }
    share: dict[str, Any] = {
        "known": st.column_config.NumberColumn(_("Known"), format="percent", step=0.01),
        "share_first": st.column_config.NumberColumn(_("In the first ten"), format="percent", step=0.01),
        "income": st.column_config.NumberColumn(_("Share of income"), format="percent", step=0.001),
        "rate": st.column_config.NumberColumn(_("Dollars a month"), format="$%.2f"),
    }
    return {**share, **{name: st.column_config.Column(title) for name, title in titles.items()}, **money}
