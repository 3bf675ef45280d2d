"""What the canvass pages read and write: the book, units, barriers; conflicts are shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

import geopandas as gpd
import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.editing import MINE, THEIRS, ask_which, forget_seen
from app_pages.parts.loading import is_built, kept, load_shapes, load_sidecar, missing_reason
from app_pages.parts.page import refusing, today
from app_pages.parts.people import Person
from app_pages.parts.tracts.frames import PEOPLE_READ, load_people_map
from geo.canvass.codes import GOAL_HOUSEHOLDS
from geo.canvass.place_doors import parts_of_units, with_places
from geo.canvass.stretches import resolve_units
from geo.canvass.target import Target, target_figures, to_units
from geo.canvass.volunteers import Need, find_places
from geo.datasets.findings import Finding, describe, load_words
from geo.errors import ConflictError
from geo.language import gettext as _
from geo.region import Region
from geo.tracts.residents.estimate import people_within
from store.canvass.book import CanvassBook, record_upon
from store.canvass.kinds import Goal
from store.database import open_database
from store.journal import Conflict, Journal
from store.visibility import to_visible
from wording.canvass import barrier_words, tell_changes, unknown_barriers, version_text

OF_UNITS = ("blocks", "block_groups", "tracts_2020", "counted_areas")
"""What units are read from: blocks, or block groups by place where there are none, and their tracts."""


def open_canvass(region: Region) -> CanvassBook:
    """Open the region's canvass."""
    return CanvassBook(Journal(open_database()), region.key, _parts(region))


def unit_dataset(region: Region) -> str:
    """Return the dataset that is cut: blocks, or block groups where there are none."""
    return "blocks" if is_built(region, "blocks") else "block_groups"


def load_units(region: Region) -> gpd.GeoDataFrame:
    """Return the region's units in its equal-area system; do not change them."""
    return _units(region)


def load_barriers(region: Region) -> gpd.GeoDataFrame | None:
    """Return barriers and crossings in the units' system; None where no source gave them."""
    if not is_built(region, "barriers"):
        return None
    return load_shapes(region.key, "barriers").to_crs(region.area_crs)


def barriers_known(region: Region) -> str:
    """Say across which barriers no turf is cut, and how many crossings are known; empty where none are."""
    if not is_built(region, "barriers"):
        return ""
    barriers = load_shapes(region.key, "barriers")
    lines = barriers[~barriers["is_crossing"]]
    if lines.empty:
        return ""
    counts = {str(key): int(count) for key, count in lines["barrier_class"].value_counts().items()}
    return barrier_words(counts, int(barriers["is_crossing"].sum()))


def barrier_warnings(region: Region) -> list[str]:
    """Name the barriers that no source gave, and the reason."""
    reason = missing_reason(region.key, "barriers")
    if reason:
        words = _(
            "No source here gives these barriers: {names}. Turfs may lie across them, so look at the map."
        )
        return [f"{words.format(names=unknown_barriers())} {reason}"]
    load_words()
    record = load_sidecar(region.key, "barriers").record
    return [describe(Finding.from_record(item)) for item in record.get("findings", [])]


def load_figures(region: Region, target: Target) -> pd.DataFrame:
    """Return who lives in the target, with margins and coverage, in words."""
    return _figures(region, target)


def load_goal(book: CanvassBook) -> Goal:
    """Return the goal of the canvass; until somebody sets one, that of the 2020 canvass in half a year."""
    kept = book.kept(Goal)
    if kept:
        return kept["goal"].record
    return Goal(
        households=GOAL_HOUSEHOLDS,
        last_day=today() + timedelta(weeks=26),
        source=_("the 2020 Census canvass, as the organization reports it; set your own"),
    )


def find_need(region: Region, turf: pd.Series[Any], language: str) -> Need:
    """Return what a turf asks of a volunteer: language, places, whether in town, hours."""
    hours = None if pd.isna(turf["hours"]) else float(turf["hours"])
    if not is_built(region, "places"):
        return Need(language, hours=hours)
    names, in_town = _places_of(region, tuple(turf["units"]))
    return Need(language, names, in_town, hours)


@kept(*OF_UNITS, "places", most=512, spoken=False)
def _places_of(region: Region, units: tuple[str, ...]) -> tuple[tuple[str, ...], bool]:
    return find_places(resolve_units(load_units(region), list(units)), load_shapes(region.key, "places"))


def need_words(need: Need) -> str:
    """Say in words what a turf asks."""
    where = ", ".join(need.places) or _("in no place")
    town = {None: "", True: _("in town"), False: _("out of town")}[need.in_town]
    hours = "" if need.hours is None else _("{hours} hours").format(hours=f"{need.hours:,.1f}")
    return " · ".join(part for part in (where, town, hours) if part)


def open_history(book: CanvassBook, key: str, person: Person, *, turf: str = "") -> None:
    """Show what changed, newest first; it names single doors and volunteers, and is not for everybody."""
    if not person.sees("canvass_changes"):
        st.caption(person.signed.how_to_see_more())
        return
    st.dataframe(
        to_visible(tell_changes(book, turf=turf), "canvass_changes", person.rights),
        hide_index=True,
        key=key,
        column_config={
            "at": st.column_config.DatetimeColumn(_("When"), format="YYYY-MM-DD HH:mm"),
            "who": _("Who"),
            "kind": _("Kind"),
            "what": _("What"),
            "was": _("It was"),
            "now": _("It is now"),
            "why": _("Why"),
            "source": _("Source"),
        },
    )


@kept(*OF_UNITS, most=4, spoken=False)
def _units(region: Region) -> gpd.GeoDataFrame:
    blocks, tracts = (load_shapes(region.key, name) for name in (unit_dataset(region), "tracts_2020"))
    counted = load_shapes(region.key, "counted_areas") if is_built(region, "counted_areas") else None
    return to_units(with_places(blocks, counted), tracts, region.area_crs)


@kept(*OF_UNITS, most=4, spoken=False)
def _parts(region: Region) -> dict[str, tuple[str, ...]]:
    if is_built(region, "blocks") or not is_built(region, "tracts_2020"):
        return {}
    return parts_of_units(load_units(region))


@kept(*PEOPLE_READ, most=8)
def _figures(region: Region, target: Target) -> pd.DataFrame:
    return target_figures(people_within(load_people_map(region.key), target.outline(), region))


T = TypeVar("T")


def attempt(form: str, act: Callable[[], T]) -> T:
    """Write what a form says; a conflict is kept, to be shown and decided in place of the form."""
    try:
        return act()
    except ConflictError as error:
        st.session_state[_key(form)] = error.conflicts[0]
        st.rerun()
        raise


def decide(book: CanvassBook, person: Person, form: str, tell: Callable[[str], None]) -> bool:
    """Show a form's conflict, if there is one, and let a person decide; return whether there is one."""
    conflict: Conflict | None = st.session_state.get(_key(form))
    if conflict is None or conflict.mine.region != book.region or not person.may_write:
        return False
    mine, theirs = conflict.mine, conflict.theirs
    chosen, why = ask_which(conflict, lambda body: version_text(mine.kind, mine.key, body), form)
    if chosen == THEIRS:
        _done(form)
        st.rerun()
    if chosen == MINE:
        with refusing():
            number = theirs.number if theirs else 0
            attempt(form, lambda: record_upon(book, mine, person.require(), seen=number, why=why))
            _done(form)
            tell(_("Recorded."))
    return True


def _done(form: str) -> None:
    st.session_state.pop(_key(form), None)
    forget_seen(form)


def _key(form: str) -> str:
    return f"{form}.late"
