"""The three doors of the first page: what each is for, where it leads, and an example to try."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape

from app_pages.parts import screen as st
from app_pages.parts.home.overview import (
    FIRST_SCOPE,
    IN_NEED,
    SYSTEMS,
    Figures,
    Overview,
    canvass_overview,
    tracts_overview,
    water_overview,
)
from app_pages.parts.loading import is_built
from app_pages.parts.markup import heading
from app_pages.parts.page import refusing
from app_pages.parts.people import Person
from app_pages.parts.tracts.frames import newest_dataset
from app_pages.parts.water.board import open_desk
from geo.language import current_language
from geo.language import gettext as _
from geo.region import Region
from layers.view import View

Params = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Way:
    """A link to a page of the dashboard: its words, its sign, and what its address says."""

    page: str
    words: str
    sign: str
    params: Params = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Door:
    """A kind of work: for whom, its page, the pages beside it, an example, and what is told of it."""

    key: str
    title: str
    purpose: str
    first: Way
    others: tuple[Way, ...]
    example: Way
    overview: Callable[[], Overview]


def doors_of(region: Region, person: Person) -> tuple[Door, ...]:
    """List the doors, in the words of the chosen language."""
    return _valley(region), _water(region, person), _canvass(region, person)


def _valley(region: Region) -> Door:
    sure = View(dataset=newest_dataset(region), indicator="share_uninsured", highest=25).to_params()
    return Door(
        "valley",
        _("Explore the valley"),
        _("For planners: people, hardship and services by census tract, place and district."),
        Way("explore", _("Open the map"), "map"),
        (Way("compare", _("Area profiles"), "compare_arrows"),),
        Way("explore", _("Where are the most people uninsured, and how sure is that?"), "school", sure),
        lambda: tracts_overview(region),
    )


def _water(region: Region, person: Person) -> Door:
    return Door(
        "water",
        _("Water systems"),
        _("For the water task force: which small systems are connected, and which come next."),
        Way("water", _("Open the water board"), "water_drop"),
        (Way("network", _("Plan a shared network"), "hub"),),
        Way(
            "water",
            _("A failing system: what it needs, and what a pipe to it costs"),
            "school",
            failing(region) if region.invented else {},
        ),
        lambda: water_overview(region, person.rights),
    )


def _canvass(region: Region, person: Person) -> Door:
    hardest = {"way": "filter", "index": "80"}
    return Door(
        "canvass",
        _("Canvass"),
        _("For canvass leads: choose whom to reach, cut turfs, hand them out, take returns."),
        Way("turfs", _("Open the turfs"), "grid_view"),
        (
            Way("returns", _("Record returns"), "assignment_turned_in"),
            Way("progress", _("See progress"), "trending_up"),
        ),
        Way("turfs", _("Where it is hardest to count: cut a canvass for it"), "school", hardest),
        lambda: canvass_overview(region, person.rights),
    )


def failing(region: Region) -> Params:
    """Name the failing system of the board that serves the most people, for the board's address."""
    if not is_built(region, SYSTEMS):
        return {}
    table = open_desk(region, "", FIRST_SCOPE).table
    bad = table[table["safer_status"].eq(IN_NEED[0]).fillna(False)]
    largest = bad.sort_values("population", ascending=False, na_position="last")
    return {"system": str(largest.index[0])} if len(largest) else {}


def show_doors(region: Region, person: Person) -> None:
    """Show the doors side by side."""
    doors = doors_of(region, person)
    for column, door in zip(st.columns(len(doors), gap="medium"), doors, strict=True):
        with column, st.container(border=True, height="stretch", key=f"home.door.{door.key}"):
            show_door(region, door)


def show_door(region: Region, door: Door) -> None:
    """Show one door: what it is for, its figures, what changed, and the ways in."""
    st.markdown(heading(door.title))
    st.caption(door.purpose)
    with refusing():
        show_overview(door.overview())
    with st.container(key=f"home.open.{door.key}"):
        show_way(region, door.first)
    for way in door.others:
        show_way(region, way)
    if region.invented:
        st.caption(_("An example to try, on invented data:"))
        show_way(region, door.example)


def show_overview(found: Overview) -> None:
    """Show the figures, and what changed lately."""
    body = figures_html(found.figures) + lately_html(found.lately)
    if body:
        st.html(body)
    if found.note:
        st.caption(found.note)


def figures_html(figures: Figures) -> str:
    """Write figures with their titles.

    Examples
    --------
    >>> figures_html((("Turfs", "12"),))
    '<dl class="geo-figures"><div><dt>Turfs</dt><dd>12</dd></div></dl>'
    """
    rows = "".join(f"<div><dt>{escape(title)}</dt><dd>{escape(value)}</dd></div>" for title, value in figures)
    return f'<dl class="geo-figures">{rows}</dl>' if rows else ""


def lately_html(lines: tuple[str, ...]) -> str:
    """Write what changed lately, line by line.

    Examples
    --------
    >>> lately_html(("Nov 28, 2026: <b>",))
    '<div class="geo-lately"><p>Lately</p><ul><li>Nov 28, 2026: &lt;b&gt;</li></ul></div>'
    """
    rows = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f'<div class="geo-lately"><p>{escape(_("Lately"))}</p><ul>{rows}</ul></div>' if rows else ""


def show_way(region: Region, way: Way) -> None:
    """Show a link to a page of ours; language and region go along, so that it can be copied."""
    st.page_link(
        f"app_pages/{way.page}.py",
        label=way.words,
        icon=f":material/{way.sign}:",
        width="stretch",
        query_params={"lang": current_language(), "region": region.key, **way.params},
    )
