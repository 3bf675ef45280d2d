"""What only some programmes have: enrolment by tract, the census curve, forums, and where to go next."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app_pages.common import load_shapes, load_table, missing_reason, refusing
from app_pages.person import Person
from app_pages.programme_charts import response_curve
from app_pages.programme_data import added_boundaries, load_if_built, today
from app_pages.programme_map import event_points
from geo.eligibility import eligible_by_tract, enrolment_by_tract, total_eligible
from geo.language import gettext as _
from geo.language import mark as N_
from geo.measures import Records, curve_of
from geo.programme import Programme, Rule
from geo.programme_area import Area, inside
from geo.programme_tables import enrolment_shown, fairness_table, milestones_table
from geo.reach import HARD_TO_COUNT, households_by_division
from geo.region import Region
from geo.response_curve import CAUTION, curve_by_place, curve_by_tract, tracts_of_places
from geo.siting import Siting, choose_sites, gather_candidates, households_to_reach, km_to_m, thin
from geo.wording import to_words, tract_title
from store.programme_book import ProgrammeBook
from store.programmes import BECAME_TITLES, Barrier, Message, MilestoneReached, Question, Race, SpeakingTime

SITE_KINDS = {
    "transit_stops": N_("Bus stops"),
    "places": N_("Places"),
    "mobile_home_parks": N_("Mobile home parks"),
}
COLUMN_TITLES = {
    "on": N_("Day"),
    "title": N_("Title"),
    "channel": N_("Channel"),
    "language": N_("Language"),
    "cost_usd": N_("Cost, US dollars"),
    "reach": N_("Reach, people"),
    "raised_on": N_("Raised on"),
    "text": N_("In words"),
    "became": N_("What became of it"),
    "became_on": N_("Since"),
    "note": N_("Note"),
    "district": N_("District or area"),
    "candidates": N_("Candidates"),
    "candidate": N_("Candidate"),
    "race": N_("Race"),
    "seconds": N_("Seconds spoken"),
    "of_average": N_("Of the average"),
    "fair": N_("Fair"),
    "topic": N_("Topic"),
    "name": N_("Name"),
    "households": N_("Households reached"),
}
DIVISIONS = {
    "trustee area": N_("Turnout canvass by trustee area"),
    "division": N_("Turnout canvass by division"),
}


def show_enrolment(
    region: Region, programme: Programme, area: Area, records: Records, person: Person
) -> None:
    """Show the enrolled against the eligible, by tract, with margins and the rules."""
    tracts = load_if_built(region, "tracts_2010")
    if tracts is None or "uninsured" not in tracts.columns:
        st.info(_("The uninsured of tracts are not built: see the Data page."))
        return
    st.markdown("#### " + _("Enrolled of the eligible, by tract"))
    st.caption(
        _("ACS 2014-2018: uninsured people, with margins (90 %). It is another period than the programme's.")
    )
    rules = [_choose_rule(number, rule) for number, rule in enumerate(programme.eligibility)]
    eligible = eligible_by_tract(inside(tracts, area), rules)
    total = total_eligible(eligible)
    st.metric(_("Eligible but uninsured, by these rules"), to_words(total.estimate, "people", total.moe))
    table = enrolment_by_tract(eligible, records.enrolments)
    st.dataframe(
        enrolment_shown(table, full=person.may_write),
        hide_index=True,
        key="programme.enrolment",
        column_config={
            "geoid": _("Tract"),
            "eligible": st.column_config.NumberColumn(_("Eligible"), format="%.0f"),
            "eligible_moe": st.column_config.NumberColumn(_("Margin of error (90 %)"), format="%.0f"),
            "enrolled": _("Enrolled"),
            "share": st.column_config.NumberColumn(_("Share enrolled"), format="percent"),
            "share_moe": st.column_config.NumberColumn(_("Margin of the share"), format="percent"),
            "reliability": _("Reliability"),
        },
    )


def _choose_rule(number: int, rule: Rule) -> Rule:
    share = st.number_input(
        _("Rule: {rule} (share that stays)").format(rule=_(rule.title)),
        0.0,
        1.0,
        rule.share,
        0.01,
        key=f"programme.rule.{number}",
        help=_(rule.rests_on),
    )
    return rule.model_copy(update={"share": share})


def show_response(region: Region, area: Area, programme: Programme, records: Records) -> None:
    """Show self-response day by day, by place or by tract, beside the canvass."""
    st.markdown("#### " + _("Self-response to the 2020 Census, day by day"))
    tracts, places = load_if_built(region, "tracts_2020"), load_if_built(region, "places")
    if missing_reason(region.key, "self_response_daily") or tracts is None or places is None:
        st.info(missing_reason(region.key, "self_response_daily") or _("See the Data page."))
        return
    daily, ours = load_table(region.key, "self_response_daily"), inside(tracts, area)
    by_tract = st.toggle(_("By tract"), key="programme.response.by_tract")
    if by_tract:
        options = ours["geoid"].astype(str).tolist()
        chosen = st.multiselect(
            _("Tracts"), options, options[:3], format_func=tract_title, key="programme.response.tracts"
        )
        curve = curve_by_tract(daily, chosen)
    else:
        units = ours.set_index("geoid")["housing_units_2020"]
        every = curve_by_place(daily, tracts_of_places(ours, places), units)
        names = sorted(every["name"].unique())
        chosen = st.multiselect(_("Places"), names, names[:4], key="programme.response.places")
        curve = every[every["name"].isin(chosen)]
    if len(curve):
        canvass = curve_of(programme.measure("households"), records, today())
        st.altair_chart(response_curve(curve, canvass), width="stretch", key="programme.response")
    st.caption(_(CAUTION))


def show_talk(book: ProgrammeBook, programme: Programme) -> None:
    """Show milestones, messages, and barriers with what became of them."""
    reached = book.frame(MilestoneReached)
    table = milestones_table(programme, reached[reached["programme"] == programme.key], today())
    if len(table):
        st.markdown("#### " + _("Milestones"))
        titles = {"title": _("Milestone"), "due": _("Due"), "reached": _("Reached"), "state": _("State")}
        st.dataframe(table, hide_index=True, key="programme.milestones", column_config=titles)
    messages = book.frame(Message)
    messages = messages[messages["programme"] == programme.key]
    if len(messages):
        st.markdown("#### " + _("Messages and media"))
        show_rows(messages, ("on", "title", "channel", "language", "cost_usd", "reach"), "messages")
    barriers = book.frame(Barrier)
    barriers = barriers[barriers["programme"] == programme.key]
    if len(barriers):
        st.markdown("#### " + _("Barriers that were raised, and what became of them"))
        barriers = barriers.assign(became=[_(BECAME_TITLES[became]) for became in barriers["became"]])
        show_rows(barriers, ("raised_on", "text", "became", "became_on", "note"), "barriers")


def show_rows(frame: pd.DataFrame, columns: tuple[str, ...], key: str) -> None:
    """Show some columns of recorded rows, with their titles and days."""
    titles = {name: _(COLUMN_TITLES[name]) for name in columns}
    days = {name: st.column_config.DateColumn(titles[name]) for name in columns if name.endswith("on")}
    st.dataframe(
        frame[list(columns)], hide_index=True, key=f"programme.{key}", column_config={**titles, **days}
    )


def show_forum(region: Region, book: ProgrammeBook, programme: Programme, records: Records) -> None:
    """Show races, the time each candidate had, and residents' questions."""
    races, spoken = book.frame(Race), book.frame(SpeakingTime)
    races, spoken = races[races["programme"] == programme.key], spoken[spoken["programme"] == programme.key]
    st.markdown("#### " + _("Races, and the time each candidate had"))
    st.caption(_("Every candidate of a race is invited; a time is fair within 5 % of the average."))
    show_rows(races, ("title", "district", "on", "candidates"), "races")
    show_rows(fairness_table(spoken), ("candidate", "race", "seconds", "of_average", "fair"), "speaking")
    questions = book.frame(Question)
    questions = questions[questions["programme"] == programme.key]
    st.markdown("#### " + _("Questions collected from residents"))
    show_rows(questions, ("on", "text", "topic", "language"), "questions")
    show_turnout(region, book, programme, records)


def show_turnout(region: Region, book: ProgrammeBook, programme: Programme, records: Records) -> None:
    """Show the turnout canvass by trustee area or division, where their boundaries were added."""
    tracts = load_if_built(region, "tracts_2010")
    for role, title in DIVISIONS.items():
        divisions = added_boundaries(book, programme.key, role)
        if divisions is None or tracts is None:
            continue
        st.markdown("#### " + _(title))
        table = households_by_division(records.contacts, tracts, divisions)
        show_rows(table, ("name", "households"), f"turnout.{role}")


def choose_next(region: Region, area: Area, records: Records) -> Siting | None:
    """Let a person ask where an event would add most; None until they ask."""
    st.markdown("#### " + _("Where next"))
    st.caption(
        _(
            "Sites that add most households in hard-to-count tracts within a travel distance (straight line "
            "times 1.3). Libraries and schools are not among the sources."
        )
    )
    tracts = load_if_built(region, "tracts_2010")
    kinds = [name for name in SITE_KINDS if load_if_built(region, name) is not None]
    titles = {name: _(title) for name, title in SITE_KINDS.items()}
    chosen = st.multiselect(
        _("Kinds of sites"), kinds, kinds[:2], format_func=titles.__getitem__, key="next.kinds"
    )
    count = st.number_input(_("How many sites"), 1, 10, 3, key="next.count")
    distance = st.number_input(_("Travel distance, km"), 0.5, 30.0, 3.0, 0.5, key="next.km")
    if not st.button(_("Find sites"), key="next.find") or tracts is None:
        return None
    with refusing():
        demand = households_to_reach(inside(tracts, area), HARD_TO_COUNT, region.length_crs)
        frames = {titles[name]: inside(load_shapes(region.key, name), area) for name in chosen}
        candidates = thin(gather_candidates(frames, region.length_crs))
        existing = event_points(records).to_crs(region.length_crs)
        return choose_sites(demand, candidates, int(count), km_to_m(distance), existing)
    return None


def show_next(siting: Siting) -> None:
    """Show what was found."""
    st.text(
        _("{before} of {all} households are covered already; these sites add {added}.").format(
            before=to_words(siting.covered_before),
            all=to_words(siting.households),
            added=to_words(siting.added),
        )
    )
    titles = {"name": _("Site"), "kind": _("Kind"), "adds": _("Adds households")}
    st.dataframe(
        siting.sites[["name", "kind", "adds"]], hide_index=True, key="next.table", column_config=titles
    )
