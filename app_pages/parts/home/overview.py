"""What the first page tells of each kind of work: a few figures, and what changed lately, for who looks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd

from app_pages.parts.canvass.book import OF_UNITS, load_goal, load_units, open_canvass
from app_pages.parts.canvass.progress import standing_for
from app_pages.parts.loading import is_built, kept, load_shapes, load_sidecar, missing_reason, to_key
from app_pages.parts.page import today
from app_pages.parts.tracts.frames import load_tracts, newest_dataset
from app_pages.parts.water.board import Desk, open_desk
from geo.canvass.codes import TurfStatus
from geo.canvass.outlook import Pace, turf_units
from geo.canvass.progress import by_week, to_contacts
from geo.datasets.declared import DATASETS
from geo.days import day_in, day_words
from geo.language import gettext as _
from geo.language import ngettext
from geo.methods.disclosure.small_counts import LEAST
from geo.region import Region
from geo.units import to_words
from geo.water.receiver import SCOPES
from store.canvass.book import CanvassBook
from store.members import Rights
from store.visibility import to_visible
from store.water.board_table import count_served
from store.water.history import tell_changes
from store.water.kinds import Service

TRACTS, COUNTED, SYSTEMS = "tracts_2010", "tracts_2020", "water_systems"
IN_NEED = ("Failing", "At-Risk")
MOST_CHANGES = 3
FIRST_SCOPE = next(iter(SCOPES))
Figures = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """A few figures with their titles, what changed lately, and what is to be known of both."""

    figures: Figures = ()
    lately: tuple[str, ...] = ()
    note: str = ""


def tracts_overview(region: Region) -> Overview:
    """Tell how many tracts and people the map speaks of, and when its data were built."""
    if missing_reason(region.key, TRACTS):
        return Overview(note=missing_reason(region.key, TRACTS))
    figures = [(_("Census tracts"), to_words(len(load_tracts(region, newest_dataset(region), "")), "count"))]
    if is_built(region, COUNTED):
        people = load_tracts(region, COUNTED, "")["population_2020"].sum(min_count=1)
        figures.append((_("People (2020 Census)"), to_words(people, "people")))
    if is_built(region, SYSTEMS):
        systems = load_shapes(region.key, SYSTEMS)
        figures.append((_("Water systems"), to_words(len(systems), "count")))
    return Overview(tuple(figures), tuple(_built_lately(region)))


def _built_lately(region: Region) -> list[str]:
    """Say when the newest dataset was built."""
    names = [name for name in DATASETS if is_built(region, name)]
    built = [load_sidecar(region.key, name).record["built_at"] for name in names]
    newest = day_in(region.timezone, max(map(datetime.fromisoformat, built)))
    words = ngettext(
        "{day}: the data were built; {count} dataset is ready.",
        "{day}: the data were built; {count} datasets are ready.",
        len(built),
    )
    return [words.format(day=day_words(newest), count=len(built))]


def water_overview(region: Region, rights: Rights) -> Overview:
    """Tell how many systems are on the board, in need and connected, and what was recorded last."""
    if missing_reason(region.key, SYSTEMS):
        return Overview(note=missing_reason(region.key, SYSTEMS))
    desk = open_desk(region, "", FIRST_SCOPE)
    served = count_served(desk.table, Service.WATER)
    need = desk.table["safer_status"].isin(IN_NEED).sum()
    figures = (
        (_("Small systems near the district"), to_words(served.of_systems, "count")),
        (_("Failing or at risk"), to_words(need, "count")),
        (_("Connected so far"), to_words(served.systems, "count")),
    )
    return Overview(figures, tuple(_recorded_lately(desk, rights)))


def _recorded_lately(desk: Desk, rights: Rights) -> list[str]:
    """Say what was recorded last on the board, in the words that everybody may read."""
    told = to_visible(tell_changes(desk.board, limit=20 * MOST_CHANGES), "board_changes")
    names = to_visible(desk.systems, SYSTEMS, rights).set_index("pwsid")["name"].to_dict()
    ours = told[told["pwsid"].isin(desk.table.index)].head(MOST_CHANGES)
    return [
        _("{day}: {name}, {service}: {now}").format(
            day=day_words(day_in(desk.region.timezone, at)), name=names[pwsid], service=service, now=now
        )
        for at, pwsid, service, now in ours[["at", "pwsid", "service", "now"]].itertuples(index=False)
    ]


@to_key.register(CanvassBook)
def _book_key(book: CanvassBook) -> tuple[str, str, tuple[int, int]]:
    """Tell what is written by the store and its newest entry."""
    store = book.journal.engine.url.render_as_string(hide_password=True)
    return store, book.region, book.journal.stamp(book.region)


def canvass_overview(region: Region, rights: Rights) -> Overview:
    """Tell how many turfs there are and are out, and how many households were reached, as may be seen."""
    return _canvass(region, open_canvass(region), today(), rights)


@kept(*OF_UNITS, most=16)
def _canvass(region: Region, book: CanvassBook, day: date, rights: Rights) -> Overview:
    turfs = to_visible(book.turfs(), "turfs", rights)
    if turfs.empty:
        return Overview(note=_("No turfs saved yet."))
    ahead = standing_for(rights).ahead
    contacts = to_contacts(book.visits(), book.tallies(), turf_units(book.turfs(), load_units(region)))
    goal = load_goal(book)
    found = ahead(contacts, day, goal.last_day, goal.households).pace()
    out = int(turfs["status"].eq(TurfStatus.OUT).sum())
    figures = (
        (_("Turfs"), to_words(len(turfs), "count")),
        (_("Handed out"), to_words(out, "count")),
        (_("Households reached"), reached_words(found)),
    )
    weeks = to_visible(by_week(contacts), "canvass_weeks", rights)
    note = (
        ""
        if ahead.least == 1
        else _("Counts are rounded down to tens here, and those under ten are not shown.")
    )
    return Overview(figures, tuple(_canvassed_lately(weeks, turfs)), note)


def reached_words(found: Pace) -> str:
    """Say how many households of the goal were reached, or that they are few.

    Examples
    --------
    >>> reached_words(Pace(70, 400, 330, 6.0, None, None, 0.0, date(2026, 3, 1), None))
    '70 of 400'
    """
    reached = _("under {least}").format(least=LEAST) if found.hidden else f"{found.reached:,}"
    return _("{count} of {all}").format(count=reached, all=f"{found.goal:,}")


def _canvassed_lately(weeks: pd.DataFrame, turfs: pd.DataFrame) -> list[str]:
    """Say what came in the last week of which it is shown, and when a turf was last handed out."""
    found = []
    shown = weeks["reached"].dropna()
    shown = shown[shown > 0]
    if len(shown):
        words = _("Week from {day}: {count} households reached")
        found.append(words.format(day=day_words(shown.index[-1].date()), count=f"{int(shown.iloc[-1]):,}"))
    last = turfs["out_on"].max()
    if not pd.isna(last):
        found.append(_("{day}: a turf was handed out").format(day=day_words(last.date())))
    return found
