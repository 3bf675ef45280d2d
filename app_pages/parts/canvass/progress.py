"""How a canvass stands: its goal, the coverage map, and self-response to the 2020 Census."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import geopandas as gpd
import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.canvass.book import attempt, decide, find_need, load_goal, load_units
from app_pages.parts.canvass.turf_map import shapes_kept
from app_pages.parts.charts import response_curve
from app_pages.parts.editing import forget_seen, hold_seen
from app_pages.parts.loading import is_built, load_shapes, load_table, missing_reason
from app_pages.parts.maps import places_drawn, shapes_of, show_layers
from app_pages.parts.page import today
from app_pages.parts.people import Person
from geo.canvass.codes import TURF_STATUS_TITLES
from geo.canvass.coverage import (
    class_table,
    cover_classes,
    cover_words,
    hide_class_table,
    tract_table,
    with_range,
)
from geo.canvass.outlook import Outlook, PublicOutlook, turf_units
from geo.canvass.paper_totals import find_twice
from geo.canvass.progress import by_turf, reached_range, to_contacts
from geo.canvass.volunteers import language_name
from geo.days import day_words
from geo.language import gettext as _
from geo.region import Region
from geo.tracts.names import tract_title
from geo.tracts.self_response import CAUTION, curve_by_tract
from layers.canvass import REACHED, STATES
from store.canvass.book import CanvassBook
from store.canvass.kinds import Goal
from store.members import Rights
from store.visibility import may_see, to_visible


@dataclass(frozen=True, eq=False)
class Standing:
    """Turfs, contacts, blocks, goal, and doors that may count twice, with the ``rights`` of who looks."""

    region: Region
    turfs: pd.DataFrame
    contacts: pd.DataFrame
    units: gpd.GeoDataFrame
    members: pd.DataFrame
    goal: Goal
    twice: pd.DataFrame
    rights: Rights

    ahead: ClassVar[type[Outlook]] = Outlook

    @property
    def outlook(self) -> Outlook:
        """What is ahead, as it may be seen."""
        return self.ahead(self.contacts, today(), self.goal.last_day, self.goal.households)

    def told(self, turfs: pd.DataFrame) -> pd.DataFrame:
        """Return of a table by turf what may be told: turfs are small."""
        return turfs

    def by_turf(self) -> pd.DataFrame:
        """Return progress by turf; ``twice``: households that may count twice, at most."""
        table = by_turf(self.turfs, self.contacts, today(), self.goal.households)
        return table.assign(twice=self.twice["most"].reindex(table.index).astype("Int64"))

    @cached_property
    def whole(self) -> pd.DataFrame:
        """Progress by tract, with small counts."""
        return tract_table(self.contacts, self.units, self.members)

    def tracts(self) -> pd.DataFrame:
        """Return progress by tract, as it may be seen."""
        return to_visible(self.whole, "canvass_tracts", self.rights)

    def classes(self) -> pd.DataFrame:
        """Return progress by index class, as it may be seen."""
        spread = reached_range(self.contacts, self.members, self.whole["index_class"])
        return with_range(class_table(self.whole), spread)


class PublicStanding(Standing):
    """The same as everybody may see it."""

    ahead = PublicOutlook

    def told(self, turfs: pd.DataFrame) -> pd.DataFrame:
        """Return no turf."""
        return turfs.iloc[:0]

    def classes(self) -> pd.DataFrame:
        """Return progress by index class, small counts hidden."""
        return hide_class_table(self.whole)


def standing_for(rights: Rights) -> type[Standing]:
    """Return the standing that these rights may see: the one choice by who looks."""
    return Standing if may_see("canvass_turfs", rights) else PublicStanding


def stand(region: Region, book: CanvassBook, person: Person) -> Standing:
    """Read how the canvass stands, as this person may see it."""
    units, turfs = load_units(region), book.turfs()
    members = turf_units(turfs, units)
    visits, tallies = book.visits(), book.tallies()
    return standing_for(person.rights)(
        region,
        turfs,
        to_contacts(visits, tallies, members),
        units,
        members,
        load_goal(book),
        find_twice(visits, tallies, members),
        person.rights,
    )


FORM = "progress.goal"


def show_goal(book: CanvassBook, goal: Goal, person: Person) -> None:
    """Show the goal with its source, and let somebody change it."""
    words = _("Goal: {households} households until {day}. Source: {source}")
    told = words.format(households=f"{goal.households:,}", day=day_words(goal.last_day), source=goal.source)
    late = f"{FORM}.late" in st.session_state
    with st.expander(told, expanded=late):
        if not decide(book, person, FORM, lambda _words: st.rerun()):
            ask_goal(book, goal, person)


def ask_goal(book: CanvassBook, goal: Goal, person: Person) -> None:
    """Show the form, filled in with the goal as it stood when the form was opened."""
    kept = book.kept(Goal).get(goal.key)
    seen = hold_seen(FORM, book.region, kept.number if kept else 0)
    with st.form(f"{FORM}.form.{seen}"):
        households = st.number_input(
            _("Goal (households)"), 1, 1_000_000, goal.households, key=f"{FORM}.{seen}"
        )
        day = st.date_input(_("Last day of the canvass"), value=goal.last_day, key=f"progress.end.{seen}")
        source = st.text_input(_("Where the number comes from"), goal.source, key=f"progress.source.{seen}")
        sent = st.form_submit_button(_("Change the goal"))
    if sent:
        fields = {"households": households, "last_day": day, "source": source}
        who = person.require()
        attempt(FORM, lambda: book.save(Goal.make(fields), who, seen=seen))
        forget_seen(FORM)
        st.rerun()


MAP_HEIGHT = 440


def show_coverage(region: Region, table: pd.DataFrame, units: gpd.GeoDataFrame) -> None:
    """Draw the map, where the turfs are, and its legend."""
    tracts = load_shapes(region.key, "tracts_2020")
    counted = units.groupby("tract_geoid")["households"].sum()
    geoids = tracts["geoid"].astype(str)
    frame = tracts[["geoid", "geometry"]].assign(
        cover=cover_classes(table, geoids, counted), words=cover_words(table, geoids)
    )
    ours = frame[geoids.isin(table.index)]
    west, south, east, north = ours.total_bounds if len(ours) else region.focus[0].bounds
    bounds = (float(west), float(south), float(east), float(north))
    reached = REACHED, frame, shapes_of(region, "tracts_2020")
    view = f"{region.key} progress", bounds
    title = _("Map of households reached")
    show_layers([reached, *places_drawn(region)], title, "progress.map", MAP_HEIGHT, region.bounds, view)


def show_turf_states(now: Standing, table: pd.DataFrame, person: Person) -> None:
    """Draw the turfs by how they stand, each with the share of its doors that is done."""
    shapes = shapes_kept(now.region, now.turfs[["units", "doors"]])
    if shapes.empty:
        st.info(_("The blocks of these turfs are no longer among the data."))
        return
    ours = table.loc[shapes["turf"]]
    titles = {str(status): _(title) for status, title in TURF_STATUS_TITLES.items()}
    who = ours["volunteer"] if person.sees("volunteers") else pd.Series("", index=ours.index)
    done = _("{done} of {doors} doors done")
    words = [
        " · ".join(
            filter(None, (titles[state], str(name), done.format(done=f"{knocked:,}", doors=f"{doors:,}")))
        )
        for state, name, knocked, doors in zip(
            ours["status"], who, ours["knocked"].astype(int), ours["doors"].astype(int), strict=True
        )
    ]
    shares = (ours["knocked"] / ours["doors"].where(ours["doors"] > 0)).clip(upper=1.0)
    names = [
        code if pd.isna(share) else f"{code} {100 * float(share):.0f} %"
        for code, share in shares.astype("Float64").items()
    ]
    frame = shapes.assign(state=ours["status"].to_numpy(), name=names, words=words)
    west, south, east, north = map(float, frame.total_bounds)
    layers = [(STATES, frame, None), *places_drawn(now.region)]
    view = f"{now.region.key} states", (west, south, east, north)
    show_layers(
        layers, _("Map of turfs as they stand"), "progress.states", MAP_HEIGHT, now.region.bounds, view
    )


def turf_groups(now: Standing, table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Add up progress by the turfs' language, the place where most of their doors are, and volunteer."""
    ours = table.assign(language=now.turfs["language"].reindex(table.index).map(language_name))
    if is_built(now.region, "places"):
        named = {code: find_need(now.region, turf, "").places for code, turf in now.turfs.iterrows()}
        first = pd.Series({code: names[0] if names else "" for code, names in named.items()}, dtype="object")
        ours = ours.assign(place=first.reindex(table.index))
    keys = [name for name in ("language", "place", "volunteer") if name in ours]
    counted = ["doors", "knocked", "left", "households", "reached"]
    none = {"language": _("not said"), "place": _("in no place"), "volunteer": _("nobody yet")}
    return {
        key: ours.groupby(ours[key].replace("", none[key]).rename(key))[counted].sum().sort_index()
        for key in keys
    }


MOST_LINES = 8
FIRST_LINES = 3


def show_response(region: Region, members: pd.DataFrame) -> None:
    """Show the final self-response of the turfs' tracts, and its curve day by day."""
    st.caption(_(CAUTION))
    tracts = load_shapes(region.key, "tracts_2020")
    ours = tracts[tracts["geoid"].isin(members["tract_geoid"].dropna())]
    final = ours.set_index("geoid")["share_self_response"].sort_values(na_position="last")
    left, right = st.columns([1, 2], gap="medium")
    left.dataframe(
        final.round(3).rename_axis("tract"),
        key="progress.final",
        column_config={
            "tract": _("Tract"),
            "share_self_response": st.column_config.NumberColumn(_("Final, 2020"), format="percent"),
        },
    )
    with right:
        show_days(region, list(final.index))


def show_days(region: Region, geoids: list[str]) -> None:
    """Show the curves of some tracts; at first of those that answered least."""
    if not is_built(region, "self_response_daily"):
        st.info(missing_reason(region.key, "self_response_daily"))
        return
    chosen = st.multiselect(
        _("Self-response day by day"),
        geoids,
        default=geoids[:FIRST_LINES],
        max_selections=MOST_LINES,
        format_func=tract_title,
        key="progress.tracts",
    )
    if chosen:
        daily = load_table(region.key, "self_response_daily")
        st.altair_chart(response_curve(curve_by_tract(daily, chosen), pd.Series(dtype="float64")))
