"""What the water pages read, and what is chosen on them: systems, service, stages, day."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, datetime

import geopandas as gpd
import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.loading import kept, kept_of, load_shapes, load_table, missing_reason
from app_pages.parts.people import current_rights
from geo.days import day_in
from geo.language import gettext as _
from geo.methods.roads import RoadGraph
from geo.region import Region
from geo.units import to_words
from geo.water.boundary_fit import FITTED, Fit, fit_boundary
from geo.water.cost.parameters import read_methods
from geo.water.known_ways import know_ways, with_places
from geo.water.need import need_parts
from geo.water.other_receivers import other_receivers
from geo.water.receiver import (
    MAINS,
    METERS_PER_MILE,
    SCOPES,
    BoundaryChoice,
    in_scope,
    list_targets,
    miles_to,
    read_target,
    receiver_boundary,
)
from geo.water.routes import cost_systems, fit_roads, measure_ways, span_choices, with_ways
from geo.water.tie_ins import (
    TIE_INS,
    near_tie_ins,
    reach_of_tie_ins,
    tie_in_choice,
    ways_from_tie_ins,
)
from layers.water import STATUSES
from store.database import open_database
from store.journal import Journal
from store.members import EVERY_RIGHT, NOBODY, Rights
from store.visibility import may_see, to_visible
from store.water.board_table import FUNDED, Filters, board_table, communities_of
from store.water.book import Board, PastMemory
from store.water.history import tell_changes, tell_records
from store.water.kinds import SERVICE_TITLES, STAGE_TITLES, Affordability, Funding, Service, Stage
from store.water.known_projects import KnownProject, open_offers, reported_stages
from store.water.next_in_line import who_is_next
from store.water.past import Past
from store.water.places import OnMap, read_on_map
from store.water.system_names import Named, name_systems
from wording.connection_cost import way_words

Weights = tuple[tuple[str, float], ...]
EARLIEST = date(1950, 1, 1)
BOUNDARY, OFFERED = "water.boundary", "water.boundary.offered"
OF_WAYS = ("water_systems", "roads", "water_mains", "receiver_boundaries", "consolidation_candidates")
"""What ways to a boundary, or to the mains, are measured from, and costs made of."""
OF_FIT = ("receiver_boundaries", "water_systems", "consolidation_candidates")
OF_NEED = ("water_systems", "people_served", "tract_system_join", "tracts_2010")


@dataclass(frozen=True, slots=True)
class Desk:
    """What lies before the task force: the region, its board, who looks, and as of when (None: now).

    ``who`` is empty where they may not record; ``systems`` and ``table`` are as their ``rights`` allow;
    ``news`` are the known projects that nobody has answered.
    """

    region: Region
    board: Board
    who: str
    as_of: Past | None
    systems: gpd.GeoDataFrame
    table: pd.DataFrame
    rights: Rights
    news: tuple[KnownProject, ...] = ()


def open_board(region: Region) -> Board:
    """Open the region's board."""
    systems = load_shapes(region.key, "water_systems")
    journal = Journal(open_database())
    return Board(journal, region.key, systems["pwsid"], _past(str(journal.engine.url), region.key))


@kept_of(most=4, spoken=False)
def _past(_store: str, _region: str) -> PastMemory:
    """Keep the earlier days that were laid out; a board asks itself whether anybody wrote since."""
    return {}


def open_desk(region: Region, who: str, scope: str, as_of: Past | None = None) -> Desk:
    """Read the board, and the systems of a scope."""
    rights = current_rights()
    systems = load_systems(region, rights)
    board = open_board(region)
    ours = systems[in_scope(systems, _miles(region, load_on_map(region).places), scope)]
    money, rates = board.kept(Funding, as_of=as_of), board.kept(Affordability, as_of=as_of)
    table = board_table(ours, board.statuses(as_of=as_of), money, rates, rights)
    news = tuple(open_offers(board, as_of=as_of))
    return Desk(region, board, who, as_of, ours, table, rights, news)


def load_on_map(region: Region) -> OnMap:
    """Read what staff put on the map: places of systems, mains and tie-in points."""
    return read_on_map(Journal(open_database()), region.key)


def load_systems(region: Region, rights: Rights = NOBODY) -> gpd.GeoDataFrame:
    """Return the systems where they are, by a confirmed place where somebody recorded one."""
    return _placed(region, load_on_map(region).places, rights)


@kept("water_systems", most=8, spoken=False)
def _placed(region: Region, places: tuple[tuple[str, str], ...], rights: Rights) -> gpd.GeoDataFrame:
    systems = load_shapes(region.key, "water_systems", rights)
    return with_places(systems, OnMap(places).system_shapes())


def changes_of(
    desk: Desk, *, pwsid: str = "", since: datetime | None = None, limit: int | None = None
) -> pd.DataFrame:
    """List what changed on the board, as whoever looks may see it."""
    told = tell_changes(
        desk.board, pwsid=pwsid, since=since, until=desk.as_of.moment if desk.as_of else None, limit=limit
    )
    return to_visible(told, "board_changes", desk.rights)


def records_of(desk: Desk) -> pd.DataFrame:
    """List what is on record besides stages, as whoever looks may see it."""
    return to_visible(tell_records(desk.board, as_of=desk.as_of), "board_records", desk.rights)


def list_boundaries(region: Region) -> list[BoundaryChoice]:
    """List what may be called the receiver's boundary, and its mains; empty where there is no receiver."""
    if missing_reason(region.key, "receiver_boundaries"):
        return []
    count = len(load_on_map(region).tie_ins)
    return [*([tie_in_choice(count)] if count else []), *_list_targets(region)]


@kept(*OF_FIT, "water_mains", most=8)
def _list_targets(region: Region) -> list[BoundaryChoice]:
    return list_targets(region, load_mains(region), load_fit(region))


@kept(*OF_FIT, most=4, spoken=False)
def load_fit(region: Region) -> Fit | None:
    """Return how well each boundary agrees with the State's 2021 table; None where there is no receiver."""
    if region.receiver is None or missing_reason(region.key, "receiver_boundaries"):
        return None
    return fit_boundary(
        load_shapes(region.key, "receiver_boundaries"),
        load_shapes(region.key, "water_systems"),
        load_candidates(region),
        region.receiver,
        length_crs=region.length_crs,
        area_crs=region.area_crs,
    )


def load_target(region: Region, key: str, on_map: OnMap) -> gpd.GeoDataFrame:
    """Return what a pipe must reach as one shape: a boundary, the fitted one, mains, recorded tie-ins."""
    if key == TIE_INS:
        return reach_of_tie_ins(on_map.shapes(), region.length_crs)
    return read_target(region, key, load_mains(region), load_fit(region))


def default_boundary(region: Region) -> str:
    """Return what counts unless another is chosen: recorded tie-ins, else the best fit of a boundary."""
    if load_on_map(region).tie_ins and load_fit(region) is not None:
        return TIE_INS
    return fitted_boundary(region)


def fitted_boundary(region: Region) -> str:
    """Return the boundary that agrees best with the State's table."""
    fit = load_fit(region)
    return fit.best if fit is not None else ""


def load_mains(region: Region) -> gpd.GeoDataFrame | None:
    """Return the district's mains; None where no source gives them."""
    return None if missing_reason(region.key, "water_mains") else load_shapes(region.key, "water_mains")


def target_shapes(region: Region, key: str) -> gpd.GeoDataFrame:
    """Return the chosen boundary, or the mains as lines, to be drawn."""
    mains = load_mains(region)
    if key == MAINS and mains is not None:
        return mains.assign(boundary_id=mains["main_id"])
    if key == TIE_INS:
        shapes = load_on_map(region).shapes()
        return gpd.GeoDataFrame({"boundary_id": shapes.index}, geometry=shapes.to_numpy(), crs=shapes.crs)
    return _boundary(region, key)


@kept(*OF_FIT, "water_mains")
def _boundary(region: Region, boundary: str) -> gpd.GeoDataFrame:
    return load_target(region, boundary, OnMap())


@kept(*OF_FIT, "water_mains", most=4, spoken=False)
def _miles(region: Region, places: tuple[tuple[str, str], ...]) -> pd.Series[float] | None:
    choices = [] if missing_reason(region.key, "receiver_boundaries") else _list_targets(region)
    if not choices:
        return None
    boundary = receiver_boundary(region, choices[0].key).geometry.item()
    return miles_to(_placed(region, places, NOBODY), boundary, region.length_crs)


def load_next(desk: Desk, service: Service, weights: Weights) -> pd.DataFrame:
    """Tell of every system on the board whether it is next; kept in memory by stages, news and weights."""
    stages = tuple(desk.table[f"{service}_stage"].astype(str).items())
    return _next(desk.region, stages, service, weights, tuple(sorted(reported_of(desk, service))))


def reported_of(desk: Desk, service: Service) -> dict[str, Stage]:
    """Tell by system how far news items that nobody has answered report it to be."""
    return reported_stages(desk.news, load_names(desk.region), service)


def news_marks(desk: Desk, service: Service) -> dict[str, str]:
    """Say of each system what is reported of it and waits to be confirmed, to those who may see it."""
    if not may_see("known_projects", desk.rights):
        return {}
    words = _("reported {stage}, to confirm")
    told = reported_of(desk, service)
    return {pwsid: words.format(stage=_(STAGE_TITLES[stage])) for pwsid, stage in told.items()}


@kept("water_systems", most=4, spoken=False)
def load_names(region: Region) -> Named:
    """Gather every name of the region's systems, to find one by it; it is shown to nobody."""
    return name_systems(load_shapes(region.key, "water_systems", EVERY_RIGHT))


@kept(*OF_NEED, "consolidation_candidates")
def _next(
    region: Region,
    stages: tuple[tuple[Hashable, str], ...],
    service: Service,
    weights: Weights,
    reported: tuple[str, ...],
) -> pd.DataFrame:
    systems = load_shapes(region.key, "water_systems").set_index("pwsid")
    table = pd.DataFrame({f"{service}_stage": dict(stages)}).join(systems["is_receiver"])
    return who_is_next(
        table,
        load_parts(region),
        dict(weights),
        service=service,
        elsewhere=load_elsewhere(region),
        reported=reported,
    )


@kept("consolidation_candidates", spoken=False)
def load_elsewhere(region: Region) -> dict[str, str]:
    """Name the other district of each system that the State's table joins to others alone."""
    found = other_receivers(load_candidates(region))
    return {str(pwsid): str(name) for pwsid, name in found.items()}


@kept(*OF_NEED, most=4)
def load_parts(region: Region) -> pd.DataFrame:
    """Return the parts of need of every system; kept in memory."""
    served, join = (
        pd.DataFrame() if missing_reason(region.key, name) else load_table(region.key, name)
        for name in ("people_served", "tract_system_join")
    )
    tracts = load_shapes(region.key, "tracts_2010")
    return need_parts(load_shapes(region.key, "water_systems"), served, join, tracts)


@kept("roads", most=4, spoken=False)
def load_roads(region: Region) -> RoadGraph | None:
    """Return the graph of roads fit for measuring; None where there are none."""
    roads = None if missing_reason(region.key, "roads") else load_shapes(region.key, "roads")
    return fit_roads(roads, region.length_crs)


def load_costs(region: Region, boundary: str, method: str) -> pd.DataFrame:
    """Cost every system's own connection to a boundary by a method; index pwsid; kept in memory.

    Its range goes over every boundary that may be what counts as the district, not only the chosen one.
    """
    return _costs(region, boundary, method, load_on_map(region))


@kept(*OF_WAYS)
def _costs(region: Region, boundary: str, method: str, on_map: OnMap) -> pd.DataFrame:
    systems = _placed(region, on_map.places, NOBODY)
    costs, *others = (
        cost_systems(systems, _ways(region, key, on_map), method=method)
        for key in (boundary, *other_boundaries(region, boundary, on_map))
    )
    return span_choices(costs, others).assign(way=way_words(costs))


def other_boundaries(region: Region, boundary: str, on_map: OnMap) -> list[str]:
    """List the other choices that a range of costs goes over; mains where the district gave them are sure."""
    fit = load_fit(region)
    if fit is None or boundary == MAINS:
        return []
    every = [*([TIE_INS] if on_map.tie_ins else []), *fit.in_range]
    return [key for key in every if key != boundary]


def load_ways(region: Region, boundary: str) -> gpd.GeoDataFrame:
    """Return every system's way to a boundary, mains or recorded tie-ins, as far as it is known.

    Tie-ins count for the systems within 3 miles of one; for the others the boundary that fits best does.
    """
    return _ways(region, boundary, load_on_map(region))


@kept(*OF_WAYS, most=16, spoken=False)
def _ways(region: Region, boundary: str, on_map: OnMap) -> gpd.GeoDataFrame:
    systems = _placed(region, on_map.places, NOBODY)
    shape = load_target(region, boundary, on_map).geometry.item()
    measured = measure_ways(systems, shape, region.length_crs, load_roads(region))
    ways = know_ways(measured, systems, load_candidates(region), region.length_crs)
    if boundary != TIE_INS:
        return ways
    near = near_tie_ins(systems, on_map.shapes(), region.length_crs)
    return ways_from_tie_ins(ways, _ways(region, fitted_boundary(region), on_map), near)


def start_of(region: Region, pwsid: str, boundary: str) -> str:
    """Say where a system's pipe starts: at a recorded tie-in where one is near, else at a boundary."""
    titles = {choice.key: boundary_title(choice) for choice in list_boundaries(region)}
    if boundary == TIE_INS:
        ours = load_systems(region)
        near = near_tie_ins(ours[ours["pwsid"].eq(pwsid)], load_on_map(region).shapes(), region.length_crs)
        boundary = TIE_INS if near.any() else fitted_boundary(region)
    return titles.get(boundary, boundary)


def load_candidates(region: Region) -> pd.DataFrame:
    """Return the State's 2021 consolidation table; an empty frame where it is not built."""
    if missing_reason(region.key, "consolidation_candidates"):
        return pd.DataFrame()
    return load_table(region.key, "consolidation_candidates")


def load_costable(region: Region, pwsid: str, boundary: str) -> pd.DataFrame:
    """Return one system with its way, as a cost is asked for it."""
    systems = load_systems(region)
    return with_ways(systems[systems["pwsid"].eq(pwsid)], load_ways(region, boundary))


def choose_scope() -> str:
    """Let a person say which systems come into question."""
    titles = {key: _(title) for key, title in SCOPES.items()}
    return st.selectbox(
        _("Systems on the board"),
        list(SCOPES),
        key="water.scope",
        format_func=titles.__getitem__,
        help=_(
            "Small: at most 1,000 connections, with residents. Near: within 3 miles of the district, or at "
            "an unknown place."
        ),
    )


def choose_day(region: Region) -> Past | None:
    """Let a person look at the board at the end of an earlier day; None is now."""
    day = st.date_input(
        _("As of the end of a day (empty: now)"),
        None,
        EARLIEST,
        day_in(region.timezone),
        key="water.as_of",
        format="YYYY-MM-DD",
    )
    if day is None:
        return None
    ways = {"true": _("What was true then"), "recorded": _("What had been recorded by then")}
    way = st.radio(
        _("Show"),
        list(ways),
        key="water.as_of.way",
        format_func=ways.__getitem__,
        help=_(
            "The first goes by the days on which stages were reached, also where somebody wrote them down "
            "later; a month or a year counts from its end. The second shows the board as people saw it."
        ),
    )
    return Past.at_end_of(day, region.timezone, recorded=way == "recorded")


def choose_filters(table: pd.DataFrame) -> Filters:
    """Let a person filter the board."""
    services = {str(service): _(title) for service, title in SERVICE_TITLES.items()}
    stages = {str(stage): _(title) for stage, title in STAGE_TITLES.items()}
    statuses = {name: _(words) for name, (words, _color) in STATUSES.items()}
    funded = {key: _(title) for key, title in FUNDED.items()}
    service = st.radio(
        _("Service"), list(services), key="water.service", format_func=services.__getitem__, horizontal=True
    )
    return Filters(
        Service(service),
        tuple(
            st.multiselect(
                _("Stage"),
                list(stages),
                key="water.stages",
                format_func=stages.__getitem__,
                placeholder=_("all"),
            )
        ),
        tuple(
            st.multiselect(
                _("SAFER status"),
                list(statuses),
                key="water.statuses",
                format_func=statuses.__getitem__,
                placeholder=_("all"),
            )
        ),
        tuple(
            st.multiselect(
                _("Community"), communities_of(table), key="water.communities", placeholder=_("all")
            )
        ),
        st.selectbox(_("Funding"), list(funded), key="water.funded", format_func=funded.__getitem__),
    )


def choose_boundary(region: Region) -> BoundaryChoice | None:
    """Let a person say which boundary of the receiver counts: it decides who is a neighbor."""
    choices = {choice.key: choice for choice in list_boundaries(region)}
    if not choices:
        return None
    best = default_boundary(region)
    # Whoever chose nothing else follows the boundary that fits best, also where the data were built anew.
    if best in choices and st.session_state.get(BOUNDARY) in (None, st.session_state.get(OFFERED)):
        st.session_state[BOUNDARY] = best
    st.session_state[OFFERED] = best
    key = st.selectbox(
        _("Where district pipes are assumed to be"),
        list(choices),
        key=BOUNDARY,
        format_func=lambda name: boundary_title(choices[name]),
        help=_(
            "Which one is taken decides who touches the district and needs only 1,000 feet of pipe by the "
            "State's method, and how far the others are from it. A boundary assumes pipes everywhere inside "
            "it. At first it is the one that agrees best with the State's 2021 table."
        ),
    )
    if MAINS not in choices and TIE_INS not in choices:
        st.caption(
            _(
                "The district's mains are not here, so only boundaries can be chosen. Staff can put mains "
                "and tie-in points on the map of the page Consolidation network."
            )
        )
    return choices[key]


def boundary_title(choice: BoundaryChoice) -> str:
    """Name a boundary with its kind and area; mains have no area."""
    if choice.key in (MAINS, TIE_INS):
        return f"{_(choice.boundary_type)}: {choice.title}"
    kind = _(choice.boundary_type) if choice.key == FITTED else choice.boundary_type
    miles = to_words(1e6 * choice.area_km2 / METERS_PER_MILE**2, "count")
    return _("{kind}: {title} ({miles} sq mi)").format(kind=kind, title=choice.title, miles=miles)


def choose_method() -> str:
    """Let a person choose the State's cost method."""
    titles = {key: method.title for key, method in read_methods().items()}
    keys = sorted(titles, reverse=True)
    return st.selectbox(_("Cost method"), keys, key="water.method", format_func=titles.__getitem__)
