"""The map of a program, whose boundaries it shows, and which tracts no program has reached."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import geopandas as gpd
import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.loading import load_sidecar, missing_reason
from app_pages.parts.maps import Drawn, places_drawn, shapes_of, show_layers
from app_pages.parts.markup import heading
from app_pages.parts.page import refusing
from app_pages.parts.people import current_rights
from app_pages.parts.program.data import load_if_built
from app_pages.parts.program.fields import Desk
from geo.crs import STORED
from geo.language import gettext as _
from geo.program.area import Area, inside, region_area
from geo.program.declaration import Program
from geo.program.figures import RegionFigures
from geo.program.measures import CANVASS, Records
from geo.program.reach import coverage, coverage_totals, unreached_households, where_most_live
from geo.program.sites import event_places
from geo.region import Region
from geo.tracts.names import tract_title
from geo.units import to_words
from layers.layer import Layer
from layers.program import AREA, DIVISIONS, EVENTS, EVENTS_OF_TRACT, RACES, coverage_layer, reach_layer
from store.members import NOBODY, Rights
from store.program.kinds import Boundary
from store.visibility import may_see
from wording.demo_entries import demo_words
from wording.program_reach import ReachWords, reach_words, title_for

MAP_HEIGHT = 420


def show_program_map(
    region: Region,
    program: Program,
    area: Area,
    figures: RegionFigures,
    races: gpd.GeoDataFrame | None = None,
    divisions: gpd.GeoDataFrame | None = None,
) -> None:
    """Draw the map and its legend."""
    reached = figures.touched()
    tracts = covered_tracts(region, program, area, reached)
    reach = coverage_layer(figures.least, begun=len(reached) > 0)
    frames: list[Drawn] = [(reach, tracts, shapes_of(region, "tracts_2010"))]
    frames += places_drawn(region)
    frames += [(RACES, races, None)] if races is not None and len(races) else []
    frames += [(DIVISIONS, divisions, None)] if divisions is not None else []
    frames += [
        (AREA, area.frame(), None),
        *event_frames(event_points(region, figures.of(program.key).records)),
    ]
    title = _("Map of {program}").format(program=_(program.title))
    view = f"{region.key} {program.key}", area.bounds
    show_layers(frames, title, "program.map", MAP_HEIGHT, region.bounds, view)


def acs_years(region: Region) -> str:
    """Years and tracts that the survey's figures of tracts are of, as their source says."""
    sources = load_sidecar(region.key, "tract_indicators").record.get("sources", [])
    return next((str(item["vintage"]) for item in sources if item["key"] == "acs_svi_2018"), _("unknown"))


def covered_tracts(region: Region, program: Program, area: Area, reached: pd.DataFrame) -> gpd.GeoDataFrame:
    """Hard-to-count tracts of the area: how many programs reached each, and whether this one did."""
    tracts = load_if_built(region, "tracts_2010")
    if tracts is None:
        columns = ["geoid", "ca_htc_index", "programs", "by_this", "geometry"]
        return gpd.GeoDataFrame(columns=columns, geometry="geometry", crs=STORED)
    table = coverage(inside(tracts, area), reached)
    table["by_this"] = [program.key in which for which in table["which"]]
    return tracts[["geoid", "geometry"]].merge(table, on="geoid")


def event_points(region: Region, records: Records) -> gpd.GeoDataFrame:
    """Events whose place or tract is known, in EPSG:4326."""
    tracts, people = load_if_built(region, "tracts_2010"), load_if_built(region, "people_points")
    return event_places(records.events, tracts, people)


def event_frames(points: gpd.GeoDataFrame) -> list[Drawn]:
    """Lay events out as layers: those with a place, and where there are some, those of a tract."""
    rough = points[points["by_tract"]]
    of_tract: list[Drawn] = [(EVENTS_OF_TRACT, rough, None)] if len(rough) else []
    return [(EVENTS, points[~points["by_tract"]], None), *of_tract]


INDEX = "ca_htc_index_2019"


def show_sources(desk: Desk, area: Area) -> None:
    """Show them in one caption."""
    lines = list(dict.fromkeys(source_lines(desk, area, current_rights())))
    if lines:
        st.caption(_("Sources: {sources}").format(sources="; ".join(lines)))


def source_lines(desk: Desk, area: Area, rights: Rights = NOBODY) -> Iterator[str]:
    """List the index, the boundaries of the area, and those that somebody added, as ``rights`` see who."""
    told = demo_words if desk.region.invented else str
    for item in records_of(desk, "tract_indicators"):
        if item["key"] == INDEX:
            yield told(str(item["credit"]))
    for dataset in area.datasets:
        for item in records_of(desk, dataset):
            coarse = _(" (a coarser boundary stands in)") if item.get("fidelity") == "stand-in" else ""
            yield f"{told(str(item['credit']))}{coarse}"
    named = may_see("boundary", rights, "who")
    for kept in desk.book.kept(Boundary, desk.program.key):
        who = kept.who if named else _("somebody")
        yield _("{title}: {source}, added by {who}, {day}").format(
            title=told(kept.record.title), source=told(kept.source), who=who, day=f"{kept.at:%Y-%m-%d}"
        )


def records_of(desk: Desk, dataset: str) -> list[dict[str, Any]]:
    """Read the records of the sources that a dataset reads itself, of those that are here."""
    if missing_reason(desk.region.key, dataset):
        return []
    return [item for item in load_sidecar(desk.region.key, dataset).record.get("sources", ()) if item["here"]]


COVERAGE_HEIGHT = 460


def show_coverage(region: Region, figures: RegionFigures) -> None:
    """Show which hard-to-count tracts no program has reached."""
    st.markdown(heading(title_for(_("Hard-to-count tracts, and who reached them"), figures.least)))
    tracts = load_if_built(region, "tracts_2010")
    if tracts is None:
        st.info(_("Build the tracts of 2010 first: see the Data page."))
        return
    with refusing():
        titles = {key: _(item.title) for key, item in figures.programs.items()}
        titles[CANVASS] = _("Canvass (Returns)")
        reached = figures.touched()
        keys = [key for key in titles if key in figures.programs or key in set(reached["program"])]
        chosen = st.multiselect(
            _("Programs that count"), keys, keys, format_func=titles.__getitem__, key="programs.reach"
        )
        area = region_area(region, lambda name: load_if_built(region, name))
        whole = st.toggle(_("The whole of the counties"), key="programs.counties")
        table = coverage(tracts if whole else inside(tracts, area), reached[reached["program"].isin(chosen)])
        table["words"] = [", ".join(titles[key] for key in which) for which in table["which"]]
        begun, words = len(reached) > 0, reach_words(figures.least)
        if begun:
            show_words(region, table, words)
        else:
            show_beginning(region, table)
        shown = tracts[["geoid", "geometry"]].merge(table, on="geoid")
        layer = reach_layer(figures.least, begun=begun)
        show_map(region, area, shown, layer, _(words.nobody) if begun else _("nothing is recorded yet"))
        show_list(table.assign(town=towns_of(region, tracts, table)), _(words.only))


def show_beginning(region: Region, table: pd.DataFrame) -> None:
    """Say what there is to reach where nothing is recorded yet, and how to begin."""
    if table.empty:
        st.info(_("No tract here has an index of 60 or above."))
        return
    left = unreached_households(table)
    st.info(
        _(
            "Nothing is recorded here yet. There are {tracts} hard-to-count tracts (index 60 and above), "
            "with {households} households (± {moe}; ACS {years}). To begin, open a program, choose Record, "
            "and write down an event and who came."
        ).format(
            tracts=f"{len(table):,}",
            households=to_words(left.estimate),
            moe=to_words(left.moe),
            years=acs_years(region),
        )
    )


def towns_of(region: Region, tracts: gpd.GeoDataFrame, table: pd.DataFrame) -> pd.Series[str]:
    """Name the town or place in which most people of each tract live."""
    places = load_if_built(region, "places")
    if places is None:
        return pd.Series("", index=table.index)
    ours = tracts[tracts["geoid"].isin(table["geoid"])]
    return table["geoid"].map(where_most_live(ours, places, load_if_built(region, "people_points")))


def show_words(region: Region, table: pd.DataFrame, words: ReachWords) -> None:
    """Say how many tracts, with how many households, nothing has reached, and what counts as reached."""
    if table.empty:
        st.info(_("No tract here has an index of 60 or above."))
        return
    totals, left = coverage_totals(table), unreached_households(table)
    st.text(
        _(words.told).format(
            unreached=totals["unreached"],
            tracts=totals["tracts"],
            households=to_words(left.estimate),
            moe=to_words(left.moe),
        )
    )
    st.caption(
        _(
            "A tract is reached when someone came to an event there, was spoken with, enrolled or "
            "signed up. Households: ACS {years}."
        ).format(years=acs_years(region))
    )
    if words.rule:
        st.caption(_(words.rule))


def show_map(region: Region, area: Area, tracts: gpd.GeoDataFrame, layer: Layer, nobody: str) -> None:
    """Draw the tracts by how many programs reached each."""
    named = tracts.assign(words=tracts["words"].replace("", nobody))
    reached = layer, named, shapes_of(region, "tracts_2010")
    view = f"reach {region.key}", area.bounds
    title = _("Map of who was reached")
    show_layers([reached, *places_drawn(region)], title, "programs.map", COVERAGE_HEIGHT, area.bounds, view)


def show_list(table: pd.DataFrame, only: str) -> None:
    """List the tracts, those reached by nothing first."""
    bare = st.toggle(only, key="programs.bare")
    rows = table[table["programs"] == 0] if bare else table
    st.dataframe(
        rows.assign(tract=[tract_title(str(geoid)) for geoid in rows["geoid"]]),
        hide_index=True,
        key="programs.coverage",
        column_order=["tract", "town", "ca_htc_index", "households", "households_moe", "programs", "words"],
        column_config={
            "tract": st.column_config.TextColumn(_("Tract"), pinned=True),
            "town": _("Place"),
            "ca_htc_index": st.column_config.NumberColumn(_("Hard-to-count index"), format="%.0f"),
            "households": st.column_config.NumberColumn(_("Households"), format="localized"),
            "households_moe": st.column_config.NumberColumn(_("Margin of error (90 %)"), format="± %.0f"),
            "words": _("Reached by"),
            "programs": _("How many"),
        },
    )
