"""How sure a cost is, and what hangs on what counts as the district: for a system, and for a network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.loading import kept, kept_of
from app_pages.parts.markup import bold
from app_pages.parts.water.board import (
    OF_WAYS,
    Desk,
    boundary_title,
    list_boundaries,
    load_costable,
    load_fit,
    load_on_map,
    load_systems,
    load_ways,
)
from geo.language import gettext as _
from geo.region import Region
from geo.water.receiver import MAINS, BoundaryChoice, boundary_effect, effect_words
from geo.water.tie_ins import TIE_INS
from store.water.places import OnMap
from wording.connection_cost import most_words, swing_table, tipping_table, tipping_words


def show_system_doubt(desk: Desk, pwsid: str, boundary: str, method: str) -> None:
    """Show how sure a system's cost is, and what another boundary would mean for it."""
    ways = load_costable(desk.region, pwsid, boundary)
    show_doubt(ways, method, ways["low_ft"], ways["high_ft"], key=f"water.doubt.{pwsid}")
    show_boundaries(desk, [pwsid], boundary, method, key=f"water.effect.{pwsid}")


def show_doubt(
    costable: pd.DataFrame,
    method: str,
    low_ft: pd.Series[float],
    high_ft: pd.Series[float],
    *,
    key: str,
    names: Mapping[str, str] | None = None,
) -> None:
    """Show what moves a cost most, and where a system turns from fundable to not."""
    swings, tips = work_out(costable, method, low_ft, high_ft)
    if swings.empty:
        st.info(_("This cost is not known, so nothing moves it."))
        return
    st.markdown(bold(most_words(swings)))
    show_tips(tips, names, key)
    show_swings(swings, key)


def show_swings(swings: pd.DataFrame, key: str) -> None:
    """Show each thing that moves the cost, from its low to its high."""
    titles = {
        "what": _("What may differ"),
        "low": _("From"),
        "high": _("To"),
        "method_value": _("The method has"),
        "fundable_at_low": _("Fundable at the low end"),
        "fundable_at_high": _("Fundable at the high end"),
    }
    dollars = {
        "cost_at_low_usd": _("Cost at the low end"),
        "cost_at_high_usd": _("Cost at the high end"),
        "swing_usd": _("Difference"),
    }
    money = {
        name: st.column_config.NumberColumn(title, format="dollar", step=1) for name, title in dollars.items()
    }
    shown = swings if swings["fundable_at_low"].notna().any() else swings.drop(columns=list(titles)[-2:])
    columns = ["what", "swing_usd", "low", "cost_at_low_usd", "high", "cost_at_high_usd", "method_value"]
    rest = [name for name in shown.columns if name not in columns]
    st.dataframe(shown[[*columns, *rest]], hide_index=True, key=key, column_config={**titles, **money})
    st.caption(
        _(
            "One input at a time, the others as the State's method has them. Some ranges are this "
            "project's own assumptions."
        )
    )


@kept_of(most=128)
def work_out(
    costable: pd.DataFrame, method: str, low_ft: pd.Series[float], high_ft: pd.Series[float]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Work out what moves a cost and where it turns; kept in memory."""
    return swing_table(costable, method, low_ft, high_ft), tipping_table(costable, method)


def show_tips(tips: pd.DataFrame, names: Mapping[str, str] | None, key: str) -> None:
    """Show where systems turn from fundable to not: lines for one, a table for several."""
    if tips.empty:
        st.text(_("Within these ranges no cost crosses the State's funding limit, or the method has none."))
    elif names is None:
        st.text("\n".join(tipping_words(tips)))
    else:
        titles: dict[str, Any] = {
            "system": _("System"),
            "what": _("What may differ"),
            "now": _("Now"),
            "turns_at": _("Limit crossed at"),
            "fundable_below": _("Fundable below that"),
            "near": st.column_config.NumberColumn(_("How far off"), format="percent"),
        }
        st.text(_("Where a system crosses the State's funding limit, nearest first:"))
        table = tips.assign(system=[names.get(str(index), str(index)) for index in tips.index])
        st.dataframe(
            table[list(titles)], hide_index=True, key=f"{key}.tips", height=250, column_config=titles
        )


@kept(*OF_WAYS, most=64)
def _effect(
    region: Region, pwsids: tuple[str, ...], boundary: str, method: str, _on_map: OnMap
) -> tuple[str, pd.DataFrame]:
    """Work out what each boundary would mean; kept in memory, for every click draws the card anew."""
    choices = {boundary_title(choice): choice.key for choice in list_boundaries(region)}
    ways = {title: load_ways(region, name) for title, name in choices.items()}
    chosen = next(title for title, name in choices.items() if name == boundary)
    systems = load_systems(region)
    return chosen, boundary_effect(systems[systems["pwsid"].isin(pwsids)], ways, chosen, method=method)


def may_count(desk: Desk, choice: BoundaryChoice) -> bool:
    """Tell whether a choice may be what counts as the district: the State's table does not rule it out."""
    fit = load_fit(desk.region)
    return fit is None or choice.key in (MAINS, TIE_INS, *fit.in_range)


def show_boundaries(desk: Desk, pwsids: list[str], boundary: str, method: str, *, key: str) -> None:
    """Show what each boundary, or the mains, would mean for some systems."""
    chosen, effect = _effect(desk.region, tuple(pwsids), boundary, method, load_on_map(desk.region))
    counted = [boundary_title(choice) for choice in list_boundaries(desk.region) if may_count(desk, choice)]
    words = effect_words(effect[effect.index.isin([*counted, chosen])])
    if words:
        st.markdown(bold(words))
    titles: dict[str, Any] = {
        "_index": st.column_config.Column(
            _("Where pipes are assumed to be"), width=None if len(pwsids) > 1 else "small"
        ),
        "now": _("Chosen now"),
        "counted": _("In the range of costs"),
        "inside": _("Systems that touch it"),
        "outside": _("Need a route"),
        "unknown": _("Place not known"),
        "costed": _("Systems in the cost"),
        "fundable": _("Fundable"),
        "miles": st.column_config.NumberColumn(_("Pipe they need, miles"), format="%.1f"),
        "total_cost_usd": st.column_config.NumberColumn(_("Cost, each alone"), format="dollar", step=1),
        "more_usd": st.column_config.NumberColumn(_("Compared with now"), format="dollar", step=1),
    }
    table = effect.assign(now=effect.index == chosen, counted=effect.index.isin(counted))
    several = ["inside", "outside", "unknown"] if len(pwsids) > 1 else []
    columns = ["now", *several, "miles", "total_cost_usd", "more_usd", "costed", "fundable", "counted"]
    st.dataframe(table[columns], key=key, column_config=titles)
    st.caption(
        _(
            "No published boundary is a map of mains. With the larger ones nearly every park touches the "
            "district and needs 1,000 feet by the method; with the smaller ones it has miles to go. Choose "
            "in the sidebar which one counts."
        )
    )
