"""Home: asks what somebody came for, with a door to each kind of work, a search, and the programs."""

from __future__ import annotations

import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.home.doors import Way, show_doors, show_way
from app_pages.parts.loading import missing_reason
from app_pages.parts.markup import heading
from app_pages.parts.page import current_region, refusing
from app_pages.parts.people import Person, current_person, current_rights
from app_pages.parts.program.agenda import read_due, show_due
from app_pages.parts.program.data import glance, open_book, shared_figures
from app_pages.parts.tracts.frames import newest_dataset
from app_pages.parts.tracts.selection import load_hits
from geo.language import current_language
from geo.language import gettext as _
from geo.region import Region
from geo.units import to_words
from layers.view import TRACTS, View, names_view
from wording.program import glance_words

SEARCH = "home.search"
STYLES = """<style>
.stHtml .geo-figures{display:flex;flex-wrap:wrap;gap:0.3rem 1.4rem;margin:0 0 0.5rem 0;padding:0}
.geo-figures div{display:flex;flex-direction:column-reverse}
.geo-figures dd{margin:0;font-size:1.5rem;line-height:1.2;font-weight:650;color:#1a1a1a;
font-variant-numeric:tabular-nums}
.geo-figures dt{font-size:0.85rem;font-weight:400;color:#4d4d4d}
.geo-lately{font-size:0.9rem;line-height:1.35}
.geo-lately p{margin:0;color:#4d4d4d;font-weight:650}
.geo-lately ul{margin:0;padding:0 0 0 1.1rem}
[class*="st-key-home-open"] a{background:#0b5a7a;border-radius:0.5rem;padding:0.45rem 0.9rem}
[class*="st-key-home-open"] a:hover{background:#08435b}
[class*="st-key-home-open"] a *{color:#fff}
[class*="st-key-home-door"] a,[class*="st-key-home-door"] a *{white-space:normal;overflow:visible}
</style>"""


def render() -> None:
    """Show the page; a link to the map as it stood at this address goes on to the map."""
    if names_view(st.query_params):
        st.switch_page("app_pages/explore.py", query_params=st.query_params.to_dict())
    region, person = current_region(), current_person()
    st.html(STYLES)
    st.subheader(_(region.title), anchor=False)
    st.caption(_("What did you come for?"))
    show_doors(region, person)
    with refusing():
        show_search(region)
    with refusing():
        show_programs(region)
    with refusing():
        show_reminders(region, person)
    show_about(region)


def show_search(region: Region) -> None:
    """Offer a search that opens the map at what was found."""
    if missing_reason(region.key, TRACTS[0]):
        return
    dataset = newest_dataset(region)
    hits = load_hits(region, dataset, current_rights())
    found = st.selectbox(
        _("Find a place, a water system, a park or a tract on the map"),
        list(hits),
        index=None,
        key=SEARCH,
        format_func=hits.__getitem__,
        placeholder=_("Type a name or a number"),
    )
    if found:
        there = {"lang": current_language(), "region": region.key, "selected": found, "focus": found}
        there |= View(dataset=dataset).to_params()
        st.switch_page("app_pages/explore.py", query_params=there)


def show_programs(region: Region) -> None:
    """Show every program in one row: its name, which opens it, and where its first measure stands."""
    st.markdown(heading(_("Programs")))
    book = open_book(region)
    table = glance(region, book, shared_figures(region, book))
    titles = glance_words(table)["program"]
    first = table.assign(program=titles).drop_duplicates("key")
    for key, program, *measure in first[["key", "program", "measure", "stands", "target"]].itertuples(
        index=False
    ):
        left, right = st.columns([2, 3], vertical_alignment="center")
        with left:
            show_way(region, Way("program", str(program), "flag", {"program": str(key)}))
        right.text(measure_words(*measure))


def show_reminders(region: Region, person: Person) -> None:
    """Show what is due soon or overdue, and the way to the calendar."""
    book = open_book(region)
    due = read_due(region, book, person)
    if due:
        show_due(due, {key: _(program.title) for key, program in book.programs().items()}, most=3)
        show_way(region, Way("calendar", _("Open the calendar"), "calendar_month"))


def measure_words(measure: str, stands: str, target: float | None) -> str:
    """Say where a measure stands, and its goal where one is stated."""
    words = _("{measure}: {stands}").format(measure=measure, stands=stands)
    return (
        words if pd.isna(target) else words + " " + _("(goal: {goal})").format(goal=to_words(target, "count"))
    )


def show_about(region: Region) -> None:
    """Say what this is, who made it, and how sure it is."""
    told = {
        _("What is this?"): _(
            "Maps and working tables in one place: census tracts and who lives there, small water systems "
            "and who connects them, canvass turfs and outreach programs."
        ),
        _("Who made it?"): _(
            "Open-source software for planners, the water task force and canvass leads. Figures come from "
            "the Census Bureau, the State Water Board and other agencies; what was done is recorded here by "
            "those who did it."
        ),
        _("How sure is it?"): _(
            "Survey figures carry a margin of error (90%), and those that are unreliable say so. What is not "
            "known is shown as missing, never as zero. Every source is listed with its year and its faults."
        ),
    }
    for column, (question, answer) in zip(st.columns(len(told), gap="medium"), told.items(), strict=True):
        with column:
            st.markdown(heading(question))
            st.text(answer)
    show_way(region, Way("data", _("All sources, with what is wrong with each"), "database"))


render()
