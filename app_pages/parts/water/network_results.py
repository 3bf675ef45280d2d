"""What a network comes to: shared beside separate, what is proven, who pays, what a budget connects."""

from __future__ import annotations

from typing import Any

import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.markup import heading
from app_pages.parts.page import guarded
from app_pages.parts.water.board import Desk
from app_pages.parts.water.network_layout import Question, choose_and_look, load_frontier
from geo.language import gettext as _
from geo.units import to_words
from geo.water.frontier import Prize
from geo.water.network_layout import Layout
from wording.water_networks import (
    Totals,
    bound_words,
    compare_words,
    items_table,
    lost_words,
    once_words,
    range_words,
    share_table,
)


def show_result(layout: Layout, totals: Totals) -> None:
    """Show the headline, what is proven, and the comparison."""
    headline = _("{count} systems, {people} people, {feet} feet of shared pipe").format(
        count=len(layout.systems),
        people=to_words(totals.people, "people"),
        feet=to_words(totals.shared_ft, "count"),
    )
    st.markdown(heading(headline))
    left, right = st.columns([2, 3], gap="medium")
    with left:
        st.text(bound_words(layout))
        for warning in (range_words(layout), lost_words(layout)):
            if warning:
                st.warning(warning)
        st.caption(once_words(layout))
    with right:
        st.table(compare_words(totals))
        with st.expander(_("Line by line, and what is counted how")):
            show_items(layout)


def show_items(layout: Layout) -> None:
    """Show the method's line items, shared beside separate, and how lengths and pipes are counted."""
    titles = {"shared": _("Shared network"), "separate": _("One pipe each"), "saved": _("Saved by sharing")}
    money = {
        name: st.column_config.NumberColumn(title, format="dollar", step=1) for name, title in titles.items()
    }
    st.dataframe(
        items_table(layout),
        hide_index=True,
        key="network.items",
        column_config={"item": _("Line of the method"), **money},
    )
    st.caption(
        _(
            "Pipes alone: their length at the State method's price of a foot, which is one for every "
            "diameter. Whole cost: the same method, with each system's share of the shared length in place "
            "of its own way. Diameters: peak demand and fire flow at 5 feet a second (State table of 2021). "
            "Lowest to highest: all parameters, and lengths that are estimates, at their cheaper or dearer "
            "end together, wider than what is likely. Lengths reach what counts as the district in the "
            "sidebar. An estimate for comparing, not a design."
        )
    )


def show_shares(desk: Desk, layout: Layout) -> None:
    """Show what each system pays by each rule."""
    table = share_table(layout, desk.table["name"]).round({"people": 0, "own_ft": 0, "shared_ft": 0})
    dollars = {
        "by_demand_usd": _("Share by water use"),
        "by_shapley_usd": _("Equal split"),
        "separate_total_usd": _("Whole cost alone"),
        "shared_total_usd": _("Whole cost shared"),
    }
    titles = {
        "name": _("Name"),
        "people": _("People"),
        "own_ft": _("Own pipe, ft"),
        "shared_ft": _("Share of length, ft"),
        "separate_fundable": _("Fundable alone"),
        "shared_fundable": _("Fundable shared"),
        "pwsid": _("PWSID"),
    }
    numbers = {
        name: st.column_config.NumberColumn(titles[name], format="localized", step=1)
        for name in ("people", "own_ft", "shared_ft")
    }
    money = {
        name: st.column_config.NumberColumn(title, format="dollar", step=1) for name, title in dollars.items()
    }
    st.dataframe(table, hide_index=True, key="network.shares", column_config={**titles, **numbers, **money})
    st.caption(
        _(
            "Share by water use: each stretch of pipe is paid by the systems downstream of it in "
            "proportion to their peak demand. Equal split: every system downstream of a pipe pays "
            "the same for it."
        )
    )


def show_budget(desk: Desk, pwsids: tuple[str, ...], question: Question) -> None:
    """Show what a budget connects: one of ten steps, or any amount."""
    prizes: dict[str, str] = {"people": _("people"), "connections": _("homes (connections)")}
    prize = st.radio(
        _("Count"), list(prizes), key="network.prize", format_func=prizes.__getitem__, horizontal=True
    )
    kind: Prize = "people" if prize == "people" else "connections"
    typed = st.number_input(
        _("Any amount, US dollars"), 0.0, None, None, 100_000.0, key="network.amount", format="%.0f"
    )
    asked = (pwsids, question, typed)
    if st.button(_("Work out what each budget connects"), key="network.ask"):
        st.session_state["network.asked"] = asked
    if st.session_state.get("network.asked") != asked:
        return
    with st.spinner(_("Looking for the best network within each budget: up to 20 seconds …")):
        frontier = load_frontier(desk.region, pwsids, question, kind)
        own = load_frontier(desk.region, pwsids, question, kind, (typed,)) if typed else None
    if own is not None:
        show_bought(desk, own.iloc[0], prizes[prize], "typed")
    amounts = frontier["budget_usd"].tolist()
    budget = st.select_slider(
        _("Budget"),
        amounts,
        value=amounts[len(amounts) // 2],
        key=f"network.budget.{len(amounts)}.{amounts[-1]:.0f}",
        format_func=lambda amount: to_words(amount, "USD"),
    )
    show_bought(desk, frontier[frontier["budget_usd"] == budget].iloc[0], prizes[prize], "take")
    show_frontier(frontier, prizes[prize])


def show_bought(desk: Desk, row: pd.Series[Any], unit: str, part: str) -> None:
    """Say what a budget connects, and let these systems be chosen alone."""
    names = "; ".join(desk.table["name"].reindex(row["systems"]).astype(str))
    st.text(
        _("{budget} connects {prize} {unit} in {count} systems, for {cost}: {names}").format(
            budget=to_words(row["budget_usd"], "USD"),
            prize=to_words(row["prize"], "people"),
            unit=unit,
            count=row["system_count"],
            cost=to_words(row["cost_usd"], "USD"),
            names=names or _("none"),
        )
    )
    if row["systems"]:
        st.button(
            _("Choose these {count} systems alone").format(count=row["system_count"]),
            key=f"network.budget.{part}",
            on_click=guarded(choose_and_look),
            args=(row["systems"],),
        )


def show_frontier(frontier: pd.DataFrame, unit: str) -> None:
    """Draw the frontier, and list it."""
    titles = {
        "budget_usd": _("Budget, $"),
        "cost_usd": _("Spent, $"),
        "prize": unit,
        "upper_bound": _("best possible"),
        "system_count": _("Systems"),
        "prize_per_million_usd": _("{unit} for each million dollars").format(unit=unit),
    }
    shown = frontier[list(titles)].rename(columns=titles)
    st.line_chart(shown, x=titles["budget_usd"], y=[titles["prize"], titles["upper_bound"]], height=240)
    money = {
        titles[name]: st.column_config.NumberColumn(format="dollar", step=1)
        for name in ("budget_usd", "cost_usd")
    }
    counts = {
        titles[name]: st.column_config.NumberColumn(format="localized", step=1)
        for name in ("prize", "upper_bound", "system_count")
    }
    each = {titles["prize_per_million_usd"]: st.column_config.NumberColumn(format="%.1f")}
    st.dataframe(shown.round(1), hide_index=True, key="network.frontier", column_config=money | counts | each)
