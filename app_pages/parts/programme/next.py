"""Where next: choose what to look at, see what the best sites add on a map and in a table."""

from __future__ import annotations

import geopandas as gpd

from app_pages.parts import screen as st
from app_pages.parts.common import load_shapes, refusing
from app_pages.parts.layered_map import Drawn, places_drawn, show_layers
from app_pages.parts.loading import kept, stamps_of
from app_pages.parts.markup import heading
from app_pages.parts.person import Person
from app_pages.parts.programme.data import load_if_built
from app_pages.parts.programme.fields import Desk
from app_pages.parts.programme.map import acs_years, event_frames, event_points
from app_pages.parts.programme.sites import add_sites
from geo.crs import STORED
from geo.language import gettext as _
from geo.language import mark as N_
from geo.methods.roads import RoadNet, to_road_net
from geo.program.area import Area, inside
from geo.program.measures import Records
from geo.program.reach import HARD_TO_COUNT
from geo.program.site_choice import Siting, choose_sites
from geo.program.sites import gather_candidates, households_to_reach, km_to_m
from geo.program.siting_words import bounds_of, demand_points, siting_table, siting_words
from geo.region import Region
from geo.water.routes import fit_roads
from layers.programme import AREA
from layers.siting import CANDIDATES, DEMAND, SITES
from store.site_lists import SITE_TITLES, list_sites

SITE_KINDS = {
    "transit_stops": N_("Bus stops"),
    "mobile_home_parks": N_("Mobile home parks"),
    "places": N_("Towns, at their middle"),
}
ANY, OWN, NONE = N_("events of any programme"), N_("events of this programme"), N_("nothing")
LOOKED_AT = ("tracts_2010", "people_points", "roads", *SITE_KINDS)
FOUND = "next.found"
MAP_HEIGHT = 520
Found = tuple[Siting, gpd.GeoDataFrame, gpd.GeoDataFrame, int]


def show_next(desk: Desk, area: Area, records: Records, person: Person) -> None:
    """Show the form, what was found last for this programme, and where a list of places is added."""
    st.markdown(heading(_("Where next")))
    st.caption(
        _(
            "Of the candidate places, those that together bring most households in hard-to-count tracts "
            "within a travel distance of an event."
        )
    )
    kinds = site_frames(desk)
    with refusing():
        ask(desk, area, records, kinds)
    found = st.session_state.get(FOUND)
    if found is not None and found[0] == _question_of(desk):
        show_found(desk, area, found[1])
    with st.expander(_("Add a list of places: schools, parks, libraries")):
        add_sites(desk, person)


def site_frames(desk: Desk) -> dict[str, gpd.GeoDataFrame]:
    """Candidate places by kind: of the datasets, and of the lists that somebody added."""
    built = {
        _(title): load_shapes(desk.region.key, name)
        for name, title in SITE_KINDS.items()
        if load_if_built(desk.region, name) is not None
    }
    lists = [kept.record for kept in list_sites(desk.book.journal, desk.region.key)]
    missing = [
        _(title) for kind, title in SITE_TITLES.items() if kind not in {item.site_kind for item in lists}
    ]
    if missing:
        st.caption(
            _("No list here of: {kinds}. Add one below and it comes into question.").format(
                kinds=", ".join(missing[:3])
            )
        )
    return {f"{item.title} ({_(SITE_TITLES[item.site_kind])})": item.frame() for item in lists} | built


def ask(desk: Desk, area: Area, records: Records, kinds: dict[str, gpd.GeoDataFrame]) -> None:
    """Ask what to look at, and look."""
    with st.form("next.form"):
        chosen = st.multiselect(_("Candidate places"), list(kinds), list(kinds)[:2], key="next.kinds")
        first, second, third = st.columns(3)
        count = first.number_input(_("How many sites"), 1, 10, 3, key="next.count")
        distance = second.number_input(_("Travel distance, km"), 0.5, 30.0, 3.0, 0.5, key="next.km")
        index = third.number_input(
            _("Hard to count from index"), 0.0, 136.0, HARD_TO_COUNT, 5.0, key="next.index"
        )
        covered = st.radio(
            _("What counts as covered already"),
            [ANY, OWN, NONE],
            format_func=_,
            horizontal=True,
            key="next.covered",
        )
        sent = st.form_submit_button(_("Find sites"), type="primary")
    tracts = load_if_built(desk.region, "tracts_2010")
    if not sent:
        return
    if tracts is None:
        st.info(_("Build the tracts of 2010 first: see the Data page."))
        return
    region = desk.region
    people = load_if_built(region, "people_points")
    demand = households_to_reach(inside(tracts, area), people, index, region.length_crs)
    frames = {name: inside(kinds[name], area) for name in chosen}
    candidates = gather_candidates(frames, region.length_crs)
    events, nowhere = covering(desk, records, covered or ANY)
    with st.spinner(_("Looking for sites")):
        siting = choose_sites(
            demand,
            candidates,
            int(count),
            km_to_m(distance),
            events.to_crs(region.length_crs),
            road_net(region),
        )
    st.session_state[FOUND] = (_question_of(desk), (siting, candidates.to_crs(STORED), events, nowhere))


def covering(desk: Desk, records: Records, what: str) -> tuple[gpd.GeoDataFrame, int]:
    """Events that count as what is covered already, and how many are known to be nowhere."""
    own = records.of(desk.programme.key) if what == OWN else records
    points = event_points(desk.region, own)
    return (points[:0], 0) if what == NONE else (points, len(own.events) - len(points))


def show_found(desk: Desk, area: Area, found: Found) -> None:
    """Show what was found: in words, on the map, as a table."""
    siting, candidates, events, nowhere = found
    for words in siting_words(siting, len(events), int(events["by_tract"].sum()), nowhere):
        st.text(words)
    show_map(desk, area, siting, candidates, events)
    st.dataframe(
        siting_table(siting),
        hide_index=True,
        key="next.table",
        column_config={
            "rank": _("No."),
            "name": st.column_config.TextColumn(_("Site"), pinned=True),
            "kind": _("Kind"),
            "adds": _("Adds hard-to-count households"),
            "adds_all": _("Adds households, all"),
        },
    )
    st.caption(
        _(
            "Households: ACS {years}, margins 90 %; put where the people of 2020 live, whose shares are "
            "taken as exact."
        ).format(years=acs_years(desk.region))
    )


def show_map(
    desk: Desk, area: Area, siting: Siting, candidates: gpd.GeoDataFrame, events: gpd.GeoDataFrame
) -> None:
    """Draw households, candidates, events and the sites."""
    sites = siting.sites.to_crs(STORED)
    others = candidates[~candidates["site"].isin(sites["site"])]
    frames: list[Drawn] = [(AREA, area.frame(), None), *places_drawn(desk.region)]
    frames += [(CANDIDATES, others, None), (DEMAND, demand_points(siting), None)]
    frames += [*event_frames(events), (SITES, sites, None)]
    view = f"next {desk.region.key} {' '.join(sites['site'])}", bounds_of(siting, area)
    title = _("Map of proposed sites")
    show_layers(frames, title, "next.map", MAP_HEIGHT, desk.region.bounds, view)


def road_net(region: Region) -> RoadNet | None:
    """Roads to travel along, kept in memory; None where none are fit for measuring."""
    return None if load_if_built(region, "roads") is None else _net(region)


@kept("roads", most=4, spoken=False)
def _net(region: Region) -> RoadNet | None:
    roads = fit_roads(load_shapes(region.key, "roads"), region.length_crs)
    return None if roads is None else to_road_net(roads)


def _question_of(desk: Desk) -> str:
    """Name what was looked for, and in which data: what was found in older data is not shown."""
    return f"{desk.region.key} {desk.programme.key} {stamps_of(desk.region.key, LOOKED_AT)}"
