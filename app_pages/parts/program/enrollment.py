"""Enrollment by tract, with its map, and the curve of self-response to the census."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.charts import response_curve
from app_pages.parts.loading import load_shapes, load_table, missing_reason
from app_pages.parts.maps import Drawn, places_drawn, shapes_of, show_layers
from app_pages.parts.markup import heading
from app_pages.parts.program.data import load_if_built
from app_pages.parts.program.program_map import MAP_HEIGHT, acs_years
from geo.days import day_words
from geo.language import gettext as _
from geo.program.area import Area, inside
from geo.program.declaration import Program, Rule
from geo.program.enrollment import eligible_by_tract, enrollment_by_tract, share_classes, total_eligible
from geo.program.figures import ProgramFigures
from geo.program.measures import Records
from geo.region import Region
from geo.tracts.names import tract_title
from geo.tracts.self_response import (
    CAUTION,
    contacts_of_places,
    curve_by_place,
    curve_by_tract,
    lowest_at_the_end,
    tracts_of_places,
)
from geo.units import to_words
from layers.program import AREA, ENROLLMENT
from wording.program_reach import title_for


def show_enrollment_map(region: Region, program: Program, area: Area, classes: pd.DataFrame) -> None:
    """Draw the tracts by the share of their eligible people who enrolled, with the source of both numbers."""
    tracts = load_shapes(region.key, "tracts_2010")[["geoid", "geometry"]]
    frame = gpd.GeoDataFrame(tracts.merge(classes, on="geoid"), crs=tracts.crs)
    share = ENROLLMENT, frame, shapes_of(region, "tracts_2010")
    frames: list[Drawn] = [share, *places_drawn(region), (AREA, area.frame(), None)]
    view = f"enrollment {region.key} {program.key}", area.bounds
    title = _("Map of who enrolled")
    show_layers(frames, title, "program.enrollment.map", MAP_HEIGHT, region.bounds, view)
    st.caption(
        _(
            "Enrolled: as recorded here. Eligible: ACS {years} and the rules above; marks tell how sure the "
            "estimate of the eligible is."
        ).format(years=acs_years(region))
    )


def show_enrollment(region: Region, area: Area, figures: ProgramFigures) -> None:
    """Show the enrolled against the eligible, by tract, with margins and the rules."""
    program, tracts = figures.program, load_if_built(region, "tracts_2010")
    if tracts is None or "uninsured" not in tracts.columns:
        st.info(_("The uninsured of tracts are not built: see the Data page."))
        return
    st.markdown(heading(title_for(_("Enrolled of the eligible, by tract"), figures.least)))
    st.caption(
        _(
            "Uninsured people: ACS {years}, margins 90 %. The survey's years are not those of the program "
            "({begins} to {ends}), when fewer or more were uninsured: the shares tell where much or little "
            "was done, not how many of that time's uninsured enrolled."
        ).format(
            years=acs_years(region),
            begins=day_words(program.begins),
            ends=_("no end date") if program.ends is None else day_words(program.ends),
        )
    )
    rules = [_choose_rule(number, rule) for number, rule in enumerate(program.eligibility)]
    eligible = eligible_by_tract(inside(tracts, area), rules)
    total = total_eligible(eligible)
    st.metric(_("Eligible but uninsured, by these rules"), to_words(total.estimate, "people", total.moe))
    whole = enrollment_by_tract(eligible, figures.records.enrollments)
    table = figures.enrolled(whole)
    show_enrollment_map(region, program, area, share_classes(whole, table))
    st.dataframe(
        table.assign(
            tract=[tract_title(geoid) for geoid in table["geoid"]],
            reliability=[_(str(word)) for word in table["reliability"].astype("string").fillna("")],
        ),
        hide_index=True,
        key="program.enrollment",
        placeholder="–",
        column_order=["tract", *(name for name in table.columns if name != "geoid")],
        column_config={
            "tract": st.column_config.TextColumn(_("Tract"), pinned=True),
            "eligible": st.column_config.NumberColumn(_("Eligible"), format="%.0f"),
            "eligible_moe": st.column_config.NumberColumn(_("Margin of error (90 %)"), format="± %.0f"),
            "enrolled": _("Enrolled"),
            "share": st.column_config.NumberColumn(_("Share enrolled"), format="percent"),
            "share_moe": st.column_config.NumberColumn(_("Margin of the share"), format="percent"),
            "reliability": _("Reliability"),
        },
    )
    tell_elsewhere(figures.records, figures.elsewhere(whole))


def tell_elsewhere(records: Records, elsewhere: int | None) -> None:
    """Say what the table of tracts does not hold; nothing where that is hidden."""
    if records.enrollments.empty:
        st.caption(_("No enrollment is recorded yet."))
    if elsewhere:
        st.caption(
            _("{count} enrolled people are in no tract of this list, or their tract is not known.").format(
                count=to_words(elsewhere)
            )
        )


def _choose_rule(number: int, rule: Rule) -> Rule:
    share = st.number_input(
        _("Rule: {rule} (share that stays)").format(rule=_(rule.title)),
        0.0,
        1.0,
        rule.share,
        0.01,
        key=f"program.rule.{number}",
        help=_(rule.rests_on),
    )
    return rule.model_copy(update={"share": share})


def show_response(region: Region, area: Area, figures: ProgramFigures) -> None:
    """Show self-response day by day, by place or by tract, beside the canvass."""
    st.markdown(heading(title_for(_("Self-response to the 2020 Census, day by day"), figures.least)))
    tracts, places = load_if_built(region, "tracts_2020"), load_if_built(region, "places")
    if missing_reason(region.key, "self_response_daily") or tracts is None or places is None:
        st.info(missing_reason(region.key, "self_response_daily") or _("See the Data page."))
        return
    daily, ours = load_table(region.key, "self_response_daily"), inside(tracts, area)
    by_tract = st.toggle(_("By tract"), key="program.response.by_tract")
    told = figures
    if by_tract:
        options = ours["geoid"].astype(str).tolist()
        own = daily[daily["geoid"].isin(options)].rename(columns={"geoid": "name"})
        chosen = st.multiselect(
            _("Tracts"),
            options,
            lowest_at_the_end(own, 4),
            format_func=tract_title,
            key="program.response.tracts",
        )
        curve = curve_by_tract(daily, chosen)
    else:
        units = ours.set_index("geoid")["housing_units_2020"]
        every = curve_by_place(daily, tracts_of_places(ours, places), units)
        names = sorted(every["name"].unique())
        chosen = st.multiselect(
            _("Places"), names, lowest_at_the_end(every, 4), key="program.response.places"
        )
        curve = every[every["name"].isin(chosen)]
        old = load_if_built(region, "tracts_2010")
        if old is not None:
            told = figures.narrowed(contacts_of_places(figures.records.contacts, old, places, chosen))
    if curve.empty:
        st.info(_("Choose a place or a tract."))
        return
    canvass = told.curve(told.program.measure("households"))
    st.altair_chart(response_curve(curve, canvass), width="stretch", key="program.response")
    where = _("in the chosen places") if told is not figures else _("in the whole area")
    behind = _("Gray, to the right: households reached by the canvass {where}.").format(where=where)
    none = _("No household reached by the canvass is recorded {where}.").format(where=where)
    st.caption(f"{none if canvass.empty else behind} {_(CAUTION)}")
