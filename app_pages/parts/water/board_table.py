"""The board as a table, those next first, and the weights that a person moves; a row selects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.markup import heading
from app_pages.parts.water.board import Desk, Weights, load_costs, load_next, news_marks
from app_pages.parts.water.board_map import SELECTED
from app_pages.parts.water.forms import words_of_stage
from geo.language import gettext as _
from geo.water.need import PARTS, WEIGHTS
from layers.water import STATUSES
from store.water.board_table import Filters, order_by_need
from store.water.kinds import Service

FIRST_PART = "safer"
MOST, STEP = 5.0, 0.5


def choose_weights() -> None:
    """Let a person move the weights."""
    st.slider(
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
        for number, (part, title) in enumerate(others):
            columns[number % 3].slider(_(title), 0.0, MOST, WEIGHTS[part], STEP, key=f"water.weight.{part}")


TABLE_KEY = "water.table"


def chosen_weights() -> Weights:
    """Return the weights as they are set, also before the page comes to where they are moved."""
    return tuple(
        (part, float(st.session_state.get(f"water.weight.{part}", weight)))
        for part, weight in WEIGHTS.items()
    )


def keep_weights() -> None:
    """Keep the weights while they are not on the page."""
    for part in PARTS:
        key = f"water.weight.{part}"
        if key in st.session_state:
            st.session_state[key] = st.session_state[key]


def show_table(desk: Desk, filters: Filters, ordered: pd.DataFrame) -> None:
    """Show every system on the board that the filters let through, those on the list first."""
    st.markdown(heading(_("Every system on the board")))
    visible = ordered
    if "rank" in ordered:
        before = load_next(desk, filters.service, tuple(WEIGHTS.items()))["rank"]
        visible = ordered.assign(moved=moves(ordered["rank"], before))
    pwsids = ordered.index.tolist()
    whole = st.toggle(_("Show all columns"), key="water.table.whole")
    st.dataframe(
        to_visible(visible, filters),
        key=TABLE_KEY,
        column_order=None if whole else AT_FIRST,
        hide_index=True,
        height=420,
        selection_mode="single-row",
        on_select=lambda: take_row(TABLE_KEY, pwsids),
        column_config=column_titles(),
    )
    if "rank" not in ordered:
        return
    st.caption(
        _(
            "Rank may change if you weigh things differently; the columns beside it show how far. "
            "Between: 9 of 10 of 1,000 simulations with all weights from half to double. In the "
            "first ten: how often in 1,000 random weightings. Based on data: how much of the score "
            "rests on data."
        )
    )


def ordered_board(
    desk: Desk, shown: pd.DataFrame, boundary: str, method: str, service: Service
) -> pd.DataFrame:
    """Return the board with who is next, in that order, and with costs."""
    listed = load_next(desk, service, chosen_weights())
    costs = load_costs(desk.region, boundary, method) if boundary else None
    ordered = order_by_need(shown, listed, costs, service)
    marks = news_marks(desk, service)
    return ordered.assign(reported=[marks.get(pwsid, "") for pwsid in ordered.index]) if marks else ordered


def take_row(key: str, pwsids: Sequence[str]) -> None:
    """Select the system whose row was chosen in a table, and go there."""
    rows = st.session_state[key]["selection"]["rows"]
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
        population=whole_people(ordered["population"]),
    )
    if "rank" in ordered:
        visible = visible.assign(**{name: spans(ordered, *ends) for name, ends in SPANS.items()})
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


def whole_people(people: pd.Series[float]) -> pd.Series[int]:
    """Write people as whole ones; an estimate of 42.9 is 43, and what is not known stays open.

    Examples
    --------
    >>> whole_people(pd.Series([42.9, None])).tolist()
    [43, <NA>]
    """
    return people.astype("Float64").round().astype("Int64")


SPANS = {
    "one_moved": ("rank_least", "rank_most"),
    "between": ("rank_low", "rank_high"),
    "any_weights": ("rank_best", "rank_worst"),
}


def spans(table: pd.DataFrame, low: str, high: str) -> list[str]:
    """Write pairs of ranks; nothing where a system has none."""
    return [
        "" if pd.isna(first) else f"{first} – {last}"
        for first, last in zip(table[low], table[high], strict=True)
    ]


# What a meeting reads at a glance; the rest is shown on demand.
AT_FIRST = (
    "rank",
    "name",
    "community",
    "stage",
    "safer_status",
    "population",
    "total_cost_usd",
    "funding_usd",
)
VISIBLE = (
    "rank",
    "name",
    "why_not_next",
    "reported",
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
    "way",
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
        "why_not_next": _("Why not next"),
        "reported": _("News"),
        "moved": _("Change in rank"),
        "one_moved": _("Rank if one factor counts half or double"),
        "between": _("Between"),
        "any_weights": _("With any weights"),
        "name": _("Name"),
        "way": _("What the cost rests on"),
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
        "known": st.column_config.NumberColumn(_("Based on data"), format="percent", step=0.01),
        "share_first": st.column_config.NumberColumn(_("In the first ten"), format="percent", step=0.01),
        "income": st.column_config.NumberColumn(_("Share of income"), format="percent", step=0.001),
        "rate": st.column_config.NumberColumn(_("Dollars a month"), format="$%.2f"),
    }
    return {**share, **{name: st.column_config.Column(title) for name, title in titles.items()}, **money}
