"""What only some programmes have: enrolment by tract, the census curve."""

from __future__ import annotations

import streamlit as st

from app_pages.common import load_table, missing_reason
from app_pages.person import Person
from app_pages.programme_charts import response_curve
from app_pages.programme_data import load_if_built, today
from geo.eligibility import eligible_by_tract, enrolment_by_tract, total_eligible
from geo.language import gettext as _
from geo.measures import Records
from geo.programme import Programme, Rule
from geo.programme_area import Area, inside
from geo.programme_tables import curve_shown, enrolment_shown
from geo.region import Region
from geo.response_curve import CAUTION, curve_by_place, curve_by_tract, tracts_of_places
from geo.wording import to_words, tract_title


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
        enrolment_shown(table, full=person.sees_small),
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


def show_response(region: Region, area: Area, programme: Programme, records: Records, person: Person) -> None:
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
        canvass = curve_shown(programme.measure("households"), records, today(), full=person.sees_small)
        st.altair_chart(response_curve(curve, canvass), width="stretch", key="programme.response")
    st.caption(_(CAUTION))
