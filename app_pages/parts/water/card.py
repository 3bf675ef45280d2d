"""A system's card: what is known of it, its cost, violations and history, and forms to change it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.loading import load_table, missing_reason
from app_pages.parts.page import refusing
from app_pages.parts.people import may_write
from app_pages.parts.tracts.cards import card_html
from app_pages.parts.tracts.profiles import load_listed
from app_pages.parts.water.board import (
    Desk,
    changes_of,
    load_costs,
    load_next,
    load_parts,
    news_marks,
    start_of,
)
from app_pages.parts.water.board_table import chosen_weights
from app_pages.parts.water.cost_certainty import show_system_doubt
from app_pages.parts.water.forms import add_further, edit_stage, words_of_stage
from app_pages.parts.water.placing import show_place
from app_pages.parts.water.records import change_line, edit_entries, lines_html, show_entries
from app_pages.parts.water.sheets import offer_sheets, system_sheet
from app_pages.parts.water.state_figure import show_state_figure
from app_pages.parts.water.water_quality import show_lab_results, show_violations
from geo.days import DateSpan, span_words
from geo.language import gettext as _
from geo.units import is_missing, to_words
from geo.water.receiver import doubtful_places
from geo.water.routes import STATE_ROW
from store.water.board_table import Filters, newest_rates
from store.water.kinds import SERVICE_TITLES, Affordability, Service, Status
from store.water.next_in_line import Listing
from wording.connection_cost import cost_figures, people_figures
from wording.next_in_line import score_profile, score_rows, standing_figure, wastewater_words
from wording.profiles import Figure, Profile, source_records
from wording.water_systems import affordability_figure, system_profile

# How many of a cost's figures stand first: the sum, and for each connection.
LEADING = 2


def show_card(desk: Desk, pwsid: str, filters: Filters, boundary: str, method: str) -> None:
    """Show the card of a system of the board."""
    profile = make_profile(desk, pwsid, filters.service, boundary, method)
    facts, history, change, further, place, doubt = st.tabs(
        [_("System"), _("History"), _("Change the stage"), _("Add"), _("Place"), _("Cost range")]
    )
    with place, refusing():
        show_place(desk, pwsid)
    with facts:
        st.html(card_html(profile, first=11))
        if filters.service is Service.WATER and boundary:
            show_state_figure(desk, pwsid, boundary)
        show_score(desk, pwsid, filters.service)
        show_entries(desk, pwsid)
        make = partial(make_profile, desk, pwsid, filters.service, boundary, method)
        offer_sheets("system", f"{pwsid}-sheet", partial(system_sheet, desk, pwsid, make, boundary, filters))
        show_documents(desk, pwsid)
        show_violations(desk, pwsid)
        show_lab_results(desk, pwsid)
    with history:
        show_history(desk, pwsid)
    with change:
        st.caption(
            _("For {service}; choose the service in the sidebar.").format(
                service=_(SERVICE_TITLES[filters.service])
            )
        )
        if desk.as_of is not None:
            st.info(_("You are looking at an earlier day: empty the day to change something."))
        elif may_write(desk.who):
            edit_stage(desk, pwsid, filters.service)
    with doubt:
        if filters.service is Service.WATER and boundary:
            # Half a second of computing: only for those who ask, not with every card that is opened.
            if st.toggle(
                _("Work out what moves this cost, and what another boundary would mean"), key="water.doubt"
            ):
                show_system_doubt(desk, pwsid, boundary, method)
        else:
            st.info(_("No cost model is public for this service, or the region has no receiving district."))
    with further:
        if desk.as_of is None and may_write(desk.who):
            add_further(desk, pwsid, filters.service)
            edit_entries(desk, pwsid, filters.service)


def make_profile(desk: Desk, pwsid: str, service: Service, boundary: str, method: str) -> Profile:
    """Put stages, people and cost before what Explore's card shows; for wastewater there is no cost."""
    systems = desk.systems.assign(public_name=desk.systems["pwsid"].map(desk.table["name"]))
    profile = system_profile(systems, pwsid, desk.region.key, load_listed(desk.region, pwsid))
    row: Any = desk.table.loc[pwsid]
    costs: list[Figure] = []
    if service is Service.WATER and boundary:
        cost: Any = load_costs(desk.region, boundary, method).loc[pwsid]
        doubtful = str(cost["basis"]) != STATE_ROW and bool(
            doubtful_places(systems[systems["pwsid"].eq(pwsid)])
        )
        costs = list(cost_figures(cost, doubtful=doubtful))
        costs.append(Figure(_("Where its pipe is taken to start"), start_of(desk.region, pwsid, boundary)))
    leading, others = costs[:LEADING], costs[LEADING:]
    if service is Service.WATER:
        others = [*others, affordability_of(desk, pwsid)]
    figures = [
        *stage_figures(row),
        standing_of(desk, pwsid, service),
        *leading,
        *profile.figures,
        *people_of(desk, pwsid),
        *others,
    ]
    return Profile(profile.title, profile.subtitle, tuple(figures), profile.wrong, profile.credits)


def affordability_of(desk: Desk, pwsid: str) -> Figure:
    """Tell what share of income water takes before and after, or what is missing to say it."""
    rates = newest_rates(desk.board.kept(Affordability, as_of=desk.as_of))
    before = rates.get((pwsid, Service.WATER))
    after = rates.get((desk.region.receiver or "", Service.WATER))
    system: Any = desk.systems.set_index("pwsid").loc[pwsid]
    income, vintage = system.get("median_household_income_usd"), system.get("safer_vintage")
    return affordability_figure(
        before.rate_usd_per_month if before else None,
        after.rate_usd_per_month if after else None,
        None if is_missing(income) else float(income),
        "" if is_missing(vintage) else str(vintage),
    )


def standing_of(desk: Desk, pwsid: str, service: Service) -> Figure:
    """Tell the rank, or why there is none, and what the news report."""
    listed = load_next(desk, service, chosen_weights())
    count = int(listed["listing"].eq(Listing.NEXT).sum())
    row: Any = listed.loc[pwsid]
    return standing_figure(row, count, news_marks(desk, service).get(pwsid, ""))


def show_score(desk: Desk, pwsid: str, service: Service) -> None:
    """Show what the score is made of, part by part, with values, weights and sources."""
    if service is not Service.WATER:
        st.caption(wastewater_words())
        return
    profile = score_profile(score_of(desk, pwsid))
    with st.expander(_("What its score of need is made of")):
        st.html(card_html(profile, first=len(profile.figures)))


def score_of(desk: Desk, pwsid: str) -> pd.DataFrame:
    """Lay out what a system's score is made of, by the weights as they are set."""
    system: Any = desk.systems.set_index("pwsid").loc[pwsid].to_dict()
    system["uninsured_source"] = next(iter(_served_by(desk, pwsid, "uninsured")["source"].dropna()), "")
    parts: Any = load_parts(desk.region).loc[pwsid].to_dict()
    found = {
        key: str(item["credit"])
        for name in ("people_served", "water_systems")
        for key, item in source_records(desk.region.key, name).items()
    }
    return score_rows(system, parts, dict(chosen_weights()), found)


def stage_figures(row: pd.Series[Any]) -> Iterator[Figure]:
    """Tell the stage for each service, since when, and the money on record."""
    for service in Service:
        reached = row[f"{service}_reached_on"]
        money = float(str(row[f"{service}_funding_usd"]))
        yield Figure(
            _("Stage: {service}").format(service=_(SERVICE_TITLES[service])),
            words_of_stage(str(row[f"{service}_stage"])),
            place="; ".join(
                [
                    *([] if pd.isna(reached) else [span_words(DateSpan.read(reached))]),
                    *([_("{amount} on record").format(amount=to_words(money, "USD"))] if money else []),
                ]
            ),
        )
    yield from rate_figures(row)


def rate_figures(row: pd.Series[Any]) -> Iterator[Figure]:
    """Tell what water costs a household, where it is recorded: with its day and source."""
    for service in Service:
        rate, share = row[f"{service}_rate_usd_per_month"], row[f"{service}_share_of_income"]
        if not pd.isna(rate):
            words = [_("{rate} a month").format(rate=f"${float(rate):,.2f}")]
            if not pd.isna(share):
                words.append(_("{share} of income").format(share=to_words(float(share), "share")))
            day = span_words(DateSpan.read(row[f"{service}_rate_on"]))
            yield Figure(
                _("What it costs a household: {service}").format(service=_(SERVICE_TITLES[service])),
                ", ".join(words),
                place=f"{day}; {row[f'{service}_rate_source']}",
            )


def people_of(desk: Desk, pwsid: str) -> list[Figure]:
    """Tell who lives there, with margins; nothing where that is not built."""
    return people_figures(_served_by(desk, pwsid))


def _served_by(desk: Desk, pwsid: str, variable: str = "") -> pd.DataFrame:
    """Return what is told of who lives in a system, or of one variable; no rows where that is not built."""
    if missing_reason(desk.region.key, "people_served"):
        return pd.DataFrame({"variable": [], "source": []})
    served = load_table(desk.region.key, "people_served")
    ours = (served["target_kind"] == "water_system") & (served["target_id"] == pwsid)
    return served[ours & (served["variable"] == variable) if variable else ours]


def show_documents(desk: Desk, pwsid: str) -> None:
    """List the documents that stages name, as links."""
    kept = [item.record for item in desk.board.kept(Status, as_of=desk.as_of) if item.record.pwsid == pwsid]
    for status in kept:
        if status.link.startswith(("https://", "http://")):
            st.link_button(_("Document: {name}").format(name=status.evidence or status.link), status.link)
        elif status.link:
            st.text(_("Document: {name}").format(name=status.link))


def show_history(desk: Desk, pwsid: str) -> None:
    """Show every change of the system, newest first."""
    told = changes_of(desk, pwsid=pwsid)
    if told.empty:
        st.info(_("Nobody has recorded anything of this system yet."))
        return
    changes: list[dict[str, Any]] = told.to_dict(orient="records")  # type: ignore[assignment]
    lines = [change_line(change, desk.region.timezone) for change in changes]
    st.html(lines_html(_("What changed, the newest first"), lines))


def change_titles(timezone: str) -> dict[str, Any]:
    """Titles of the columns of changes, whose moments are shown in a time zone."""
    titles = {
        "pwsid": _("PWSID"),
        "who": _("Who"),
        "service": _("Service"),
        "kind": _("What"),
        "was": _("From"),
        "now": _("To"),
        "why": _("Why"),
        "source": _("Source"),
    }
    at = st.column_config.DatetimeColumn(_("When"), format="MMM D, YYYY, h:mm a", timezone=timezone)
    return {"at": at, **{name: st.column_config.TextColumn(title) for name, title in titles.items()}}
