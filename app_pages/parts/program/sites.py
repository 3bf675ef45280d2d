"""Where next: lists of places, and the sites that add most, on a map and in a table."""

from __future__ import annotations

import geopandas as gpd

from app_pages.parts import screen as st
from app_pages.parts.editing import MINE, ask_which, require_shown
from app_pages.parts.intake import (
    SHEETS,
    Asked,
    ask_take,
    finish,
    judge_once,
    open_table,
    show_lines,
    show_taken,
)
from app_pages.parts.loading import kept, load_shapes, stamps_of
from app_pages.parts.maps import Drawn, places_drawn, show_layers
from app_pages.parts.markup import heading
from app_pages.parts.page import refusing, say_done, tell_done
from app_pages.parts.people import Person
from app_pages.parts.program.data import load_if_built
from app_pages.parts.program.fields import Desk
from app_pages.parts.program.program_map import acs_years, event_frames, event_points
from geo.crs import STORED
from geo.errors import ConflictError
from geo.intake.tables import Table
from geo.intake.vectors import SUFFIXES
from geo.intake.verdicts import changes_of
from geo.language import gettext as _
from geo.language import mark as N_
from geo.methods.roads import RoadNet, to_road_net
from geo.program.area import Area, inside
from geo.program.measures import Records
from geo.program.reach import HARD_TO_COUNT
from geo.program.site_choice import Siting, choose_sites
from geo.program.sites import (
    SITE_TABLE,
    gather_candidates,
    households_to_reach,
    judge_sites,
    miles_to_m,
    site_grids,
    to_sites,
)
from geo.region import Region
from geo.water.routes import fit_roads
from layers.program import AREA
from layers.sites import CANDIDATES, DEMAND, SITES
from store.intake import TakingJournal
from store.journal import Body, Conflict
from store.program.book import SITE_TITLES, SiteKind, SiteList, list_sites, save_sites, withdraw_sites
from store.records import Kept
from wording.program import bounds_of, demand_points, siting_table, siting_words

DONE, LATE = "sites.withdrawn", "sites.late"
# What was recorded in the meantime, and where what a person brings would be written.
Late = tuple[Conflict, TakingJournal]
SITE_SUFFIXES = (*SHEETS, *SUFFIXES)
WHERE_FROM = N_(
    "Official lists to begin with: the public school directory of the California Department of Education "
    "(cde.ca.gov) has a latitude and a longitude a school; parks and libraries are published by counties "
    "and cities. Their files were not seen here."
)


def add_sites(desk: Desk, person: Person) -> None:
    """Show the lists that are here, and let somebody add one."""
    tell_done(DONE)
    kept = list_sites(desk.book.journal, desk.region.key)
    if kept:
        st.dataframe(
            [
                {
                    _("List"): item.record.title,
                    _("Kind"): _(SITE_TITLES[item.record.site_kind]),
                    _("Places"): item.record.sites,
                    _("Source"): item.record.source,
                    _("Vintage"): item.record.vintage,
                }
                for item in kept
            ],
            hide_index=True,
            key="sites.lists",
        )
    if not person.may_write:
        st.info(person.signed.how_to_record())
        return
    late: Late | None = st.session_state.get(LATE)
    if late is not None and late[0].mine.region == desk.region.key:
        with refusing():
            decide(desk, late, person)
        return
    st.caption(_("CSV or XLSX with the columns name, latitude, longitude (degrees); or a file of shapes."))
    st.caption(_(WHERE_FROM))
    asked = ask_for_sites(desk, person)
    with refusing():
        table = open_table(asked)
        if table:
            keep_sites(desk, person, asked, table)
    show_taken(asked)
    if kept:
        withdraw(desk, person, kept)


def ask_for_sites(desk: Desk, person: Person) -> Asked:
    """Say what is asked for: a list of places."""
    return Asked(
        SITE_TABLE,
        "sites",
        _("File of places"),
        {column.key: _(column.title) for column in SITE_TABLE.columns},
        desk.book.journal,
        desk.region.key,
        person.require,
        SITE_SUFFIXES,
        site_grids,
    )


def keep_sites(desk: Desk, person: Person, asked: Asked, table: Table) -> None:
    """Show what was read, ask what it is, and keep it."""
    lines = judge_once(asked, table, lambda: judge_sites(table, desk.region))
    show_lines(lines, asked.columns, asked.key)
    sites = to_sites(changes_of(lines))
    st.text(_("{count} places were read.").format(count=len(sites)))
    left, right = st.columns(2)
    fields = {
        "title": left.text_input(_("Title of the list"), key="sites.title"),
        "site_kind": right.selectbox(
            _("Kind of places"),
            list(SiteKind),
            format_func=lambda item: _(SITE_TITLES[item]),
            key="sites.kind",
        ),
        "source": left.text_input(_("Source"), key="sites.source"),
        "vintage": right.text_input(_("As of (year or day)"), key="sites.vintage"),
    }

    def write(journal: TakingJournal, who: str) -> int:
        record = SiteList.make(fields | {"sites": len(sites), "geojson": sites.to_json()})
        return save(desk, journal, record, who, 0)

    words = _("Added: {title}, {count} places.").format(title=fields["title"], count=len(sites))
    ask_take(asked, table, list(sites["name"]), write, press=_("Add the list"), done=lambda _count: words)


def save(desk: Desk, journal: TakingJournal, record: SiteList, who: str, seen: int) -> int:
    """Keep a list; where one of its title is here already, both are shown. Return how many were kept."""
    try:
        save_sites(journal, desk.region.key, record, who, seen=seen)
    except ConflictError as error:
        st.session_state[LATE] = (error.conflicts[0], journal)
        st.rerun()
    return 1


def decide(desk: Desk, late: Late, person: Person) -> None:
    """Let a person decide which of two lists of a title stands."""
    conflict, journal = late
    chosen, _why = ask_which(conflict, list_words, "sites")
    if not chosen:
        return
    words = ""
    if chosen == MINE:
        record = SiteList.make(conflict.mine.body or {})
        words = _("Added: {title}, {count} places.").format(title=record.title, count=record.sites)
        save(desk, journal, record, person.require(), conflict.theirs.number if conflict.theirs else 0)
    st.session_state.pop(LATE)
    finish(ask_for_sites(desk, person), words)


def list_words(body: Body | None) -> str:
    """Write a list of places as a line."""
    if body is None:
        return _("withdrawn")
    kind = _(SITE_TITLES[SiteKind(body["site_kind"])])
    places = _("{count} places were read.").format(count=body["sites"])
    return " · ".join((body["title"], kind, places, body["source"], body["vintage"]))


def withdraw(desk: Desk, person: Person, kept: list[Kept[SiteList]]) -> None:
    """Let somebody withdraw a list, with a reason."""
    shown = {item.record.key: item for item in kept}
    names = " ".join(f"{key} {item.number}" for key, item in shown.items())
    with st.form("sites.withdraw"):
        key = st.selectbox(
            _("Withdraw a list"),
            list(shown),
            format_func=lambda key: shown[key].record.title,
            key="sites.which",
        )
        why = st.text_input(_("Why"), key="sites.why")
        sent = st.form_submit_button(_("Withdraw it"))
    with refusing():
        require_shown(f"sites.{desk.region.key}", names, pressed=sent)
        if sent:
            withdraw_sites(desk.book.journal, desk.region.key, shown[str(key)], person.require(), why)
            say_done(DONE, _("Withdrawn."))
            st.rerun()


SITE_KINDS = {
    "transit_stops": N_("Bus stops"),
    "mobile_home_parks": N_("Mobile home parks"),
    "public_schools": N_("Public schools"),
    "health_facilities": N_("Clinics and hospitals"),
    "places": N_("Towns, at their middle"),
}
ANY, OWN, NONE = N_("events of any program"), N_("events of this program"), N_("nothing")
LOOKED_AT = ("tracts_2010", "people_points", "roads", *SITE_KINDS)
FOUND = "next.found"
MAP_HEIGHT = 520
Found = tuple[Siting, gpd.GeoDataFrame, gpd.GeoDataFrame, int]


def show_next(desk: Desk, area: Area, records: Records, person: Person) -> None:
    """Show the form, what was found last for this program, and where a list of places is added."""
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
        st.caption(_("To include these, add a list below: {kinds}.").format(kinds=", ".join(missing[:3])))
    return {f"{item.title} ({_(SITE_TITLES[item.site_kind])})": item.frame() for item in lists} | built


def ask(desk: Desk, area: Area, records: Records, kinds: dict[str, gpd.GeoDataFrame]) -> None:
    """Ask what to look at, and look."""
    with st.form("next.form"):
        chosen = st.multiselect(_("Candidate places"), list(kinds), list(kinds)[:2], key="next.kinds")
        first, second, third = st.columns(3)
        count = first.number_input(_("How many sites"), 1, 10, 3, key="next.count")
        distance = second.number_input(_("Travel distance, miles"), 0.5, 20.0, 2.0, 0.5, key="next.miles")
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
            miles_to_m(distance),
            events.to_crs(region.length_crs),
            road_net(region),
        )
    st.session_state[FOUND] = (_question_of(desk), (siting, candidates.to_crs(STORED), events, nowhere))


def covering(desk: Desk, records: Records, what: str) -> tuple[gpd.GeoDataFrame, int]:
    """Events that count as what is covered already, and how many are known to be nowhere."""
    own = records.of(desk.program.key) if what == OWN else records
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
        _("Households: ACS {years}, 90% margins; placed by where people lived in 2020.").format(
            years=acs_years(desk.region)
        )
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
    return f"{desk.region.key} {desk.program.key} {stamps_of(desk.region.key, LOOKED_AT)}"
