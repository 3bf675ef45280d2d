"""What the programs' pages read: the book, the area, tracts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import geopandas as gpd
import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.loading import is_built, kept, load_shapes, to_key
from app_pages.parts.page import hold_choice, today
from app_pages.parts.people import Person
from geo.crs import STORED
from geo.language import gettext as _
from geo.program.area import Area, find_area
from geo.program.declaration import Program
from geo.program.figures import RegionFigures
from geo.program.former_names import PROGRAM_PARAMETER, to_program_key
from geo.program.measures import Records, with_canvass, with_connections
from geo.program.public_view import PublicRegionFigures
from geo.program.reach import place_events
from geo.region import Region
from store.database import open_database
from store.journal import Journal
from store.program.book import ProgramBook, read_returns, read_statuses
from store.program.kinds import AreaRole, Boundary
from wording.demo_entries import demo_table
from wording.program import glance_table

CHOSEN = "program.key"
PLACING = ("people_points", "tracts_2010")
DIVISION_ROLES = (AreaRole.TRUSTEE_AREA, AreaRole.DIVISION)


def open_book(region: Region) -> ProgramBook:
    """Open the region's book of programs."""
    return ProgramBook(Journal(open_database()), region.key)


def load_if_built(region: Region, name: str) -> gpd.GeoDataFrame | None:
    """Return a dataset's frame, or None where it is not built."""
    return load_shapes(region.key, name) if is_built(region, name) else None


def placed_records(region: Region, book: ProgramBook) -> Records:
    """Return all records, every event with its tract, and what the board and the canvass recorded.

    They are kept in memory until something is written or built; do not change them.
    """
    return _placed(region, book, tuple(book.programs().values()))


@to_key.register(ProgramBook)
def _book_key(book: ProgramBook) -> tuple[str, str, tuple[int, int]]:
    """Tell what is written by the store and its newest entry."""
    store = book.journal.engine.url.render_as_string(hide_password=True)
    return store, book.region, book.journal.stamp(book.region)


@to_key.register(Program)
def _program_key(program: Program) -> str:
    return program.model_dump_json()


@kept(*PLACING, most=8)
def _placed(region: Region, book: ProgramBook, programs: tuple[Program, ...]) -> Records:
    people = load_if_built(region, "people_points")
    known = pd.Series(dtype="string") if people is None else people.set_index("geoid")["geoid_2010"]
    records = with_connections(book.records(), programs, read_statuses(book.journal, region.key))
    records = with_canvass(records, programs, read_returns(book.journal, region.key, known))
    if region.invented:
        records = replace(records, events=demo_table(records.events))
    tracts = load_if_built(region, "tracts_2010")
    if tracts is None:
        return records
    return Records(**{**vars(records), "events": place_events(records.events, tracts)})


def shared_figures(region: Region, book: ProgramBook) -> RegionFigures:
    """Return the figures of all programs that everybody reads, whoever looks; do not change them."""
    return _figures(region, book, tuple(book.programs().values()), today(), PublicRegionFigures)


def exact_figures(region: Region, book: ProgramBook, person: Person) -> RegionFigures | None:
    """Return the exact figures for those who may see small counts, else None: the one choice by who looks."""
    if not person.sees_small:
        return None
    return _figures(region, book, tuple(book.programs().values()), today(), RegionFigures)


@to_key.register(type)
def _type_key(value: type) -> str:
    return f"{value.__module__}.{value.__qualname__}"


@kept(*PLACING, most=8)
def _figures(
    region: Region, book: ProgramBook, programs: tuple[Program, ...], day: date, kind: type[RegionFigures]
) -> RegionFigures:
    return kind({program.key: program for program in programs}, placed_records(region, book), day)


def glance(region: Region, book: ProgramBook, figures: RegionFigures) -> pd.DataFrame:
    """Return where every measure stands; do not change it."""
    return _glance(region, book, tuple(figures.programs.values()), figures.day, type(figures))


@kept(*PLACING, most=8)
def _glance(
    region: Region, book: ProgramBook, programs: tuple[Program, ...], day: date, kind: type[RegionFigures]
) -> pd.DataFrame:
    return glance_table(_figures(region, book, programs, day, kind).each())


def area_of(region: Region, book: ProgramBook, program: Program) -> Area:
    """Find a program's area: a boundary that was added, or what is declared.

    Where trustee areas or divisions of a program of forums were added, no district stands in for them any
    more; those that were drawn by hand are said to be.
    """
    added = added_boundaries(book, program.key, AreaRole.AREA)
    area = find_area(program, region, lambda name: load_if_built(region, name), added)
    found = [added_boundaries(book, program.key, role) for role in DIVISION_ROLES]
    parts = [frame for frame in found if frame is not None]
    if program.kind != "forums" or not parts:
        return area
    return replace(area, stand_in=drawn_words(parts))


def drawn_words(parts: Sequence[gpd.GeoDataFrame]) -> str:
    """Say which trustee areas and divisions were drawn by hand; empty where none was."""
    names = [str(name) for frame in parts for name in frame.loc[frame["drawn"], "name"]]
    if not names:
        return ""
    return _("Drawn by hand on this page, in place of the official boundary: {names}.").format(
        names=", ".join(names)
    )


def added_boundaries(book: ProgramBook, program: str, role: str) -> gpd.GeoDataFrame | None:
    """Return the boundaries that somebody added for a program, and whether each was ``drawn``; or None."""
    found = [item.record for item in book.kept(Boundary, program) if item.record.role == role]
    frames = [
        gpd.GeoDataFrame.from_features(json.loads(record.geojson)["features"], crs=STORED).assign(
            drawn=record.drawn
        )
        for record in found
    ]
    if not frames:
        return None
    return gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), geometry="geometry", crs=STORED)


def division_shapes(book: ProgramBook, program: str) -> gpd.GeoDataFrame | None:
    """Return the trustee areas and divisions that somebody added, with an identifier; None without any."""
    found = [added_boundaries(book, program, role) for role in DIVISION_ROLES]
    parts = [frame[["name", "geometry"]] for frame in found if frame is not None]
    if not parts:
        return None
    shapes = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs=STORED)
    return shapes.assign(division=[f"division{place}" for place in range(len(shapes))])


def choose_program(programs: dict[str, Program], title: str) -> Program:
    """Let a person choose; the address names it."""
    keys = list(programs)
    named = st.query_params.get("program") or st.query_params.get(PROGRAM_PARAMETER, "")
    wanted = to_program_key(named)
    hold_choice(CHOSEN, keys, wanted)
    key = st.selectbox(title, keys, key=CHOSEN, format_func=lambda key: _(programs[key].title))
    st.query_params.pop(PROGRAM_PARAMETER, None)
    st.query_params["program"] = key
    return programs[key]
