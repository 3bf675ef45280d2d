"""Lists of places where an event could be held: added as a file, seen before they are kept, withdrawn."""

from __future__ import annotations

from app_pages.parts import screen as st
from app_pages.parts.common import refusing
from app_pages.parts.conflict import MINE, THEIRS, ask_which
from app_pages.parts.person import Person
from app_pages.parts.programme.fields import Desk
from app_pages.parts.programme.forms import tell_done
from app_pages.parts.seen import require_shown
from app_pages.parts.upload import ask_file
from geo.errors import ConflictError
from geo.intake.vectors import SUFFIXES
from geo.language import gettext as _
from geo.language import mark as N_
from geo.program.sites import SiteFile, read_sites
from store.journal import Body, Conflict
from store.records import Kept
from store.site_lists import SITE_TITLES, SiteKind, SiteList, list_sites, save_sites, withdraw_sites

DONE, TURN, LATE = "sites.done", "sites.turn", "sites.late"
SITE_SUFFIXES = (".csv", ".xlsx", *SUFFIXES)
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
    conflict: Conflict | None = st.session_state.get(LATE)
    if conflict is not None and conflict.mine.region == desk.region.key:
        decide(desk, conflict, person)
        return
    st.caption(_("CSV or XLSX with the columns name, latitude, longitude (degrees); or a file of shapes."))
    st.caption(_(WHERE_FROM))
    file = ask_file(_("File of places"), SITE_SUFFIXES, f"sites.file.{st.session_state.get(TURN, 0)}")
    if file is not None:
        with refusing():
            keep_sites(desk, person, read_sites(file.content, file.name, desk.region))
    if kept:
        withdraw(desk, person, kept)


def keep_sites(desk: Desk, person: Person, read: SiteFile) -> None:
    """Show what was read, ask what it is, and keep it."""
    st.text(_("{count} places were read.").format(count=len(read.sites)))
    if read.faults:
        st.warning(_("Left out or told: {count}").format(count=len(read.faults)))
        st.dataframe({_("What"): list(read.faults)}, hide_index=True, key="sites.faults")
    with st.form("sites.form"):
        fields = {
            "title": st.text_input(_("Title of the list"), key="sites.title"),
            "site_kind": st.selectbox(
                _("Kind of places"),
                list(SiteKind),
                format_func=lambda item: _(SITE_TITLES[item]),
                key="sites.kind",
            ),
            "source": st.text_input(_("Source"), key="sites.source"),
            "vintage": st.text_input(_("As of (year or day)"), key="sites.vintage"),
        }
        sent = st.form_submit_button(_("Add the list"), type="primary")
    if sent:
        record = SiteList.make(fields | {"sites": len(read.sites), "geojson": read.sites.to_json()})
        write(desk, record, person.require(), 0)


def write(desk: Desk, record: SiteList, who: str, seen: int) -> None:
    """Keep a list; where one of its title is here already, both are shown."""
    try:
        save_sites(desk.book.journal, desk.region.key, record, who, seen=seen)
    except ConflictError as error:
        st.session_state[LATE] = error.conflicts[0]
        st.rerun()
    finish(_("Added: {title}, {count} places.").format(title=record.title, count=record.sites))


def finish(words: str) -> None:
    """Say once what was done, on a fresh page with an empty form."""
    st.session_state[DONE] = words
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
    st.session_state.pop(LATE, None)
    st.rerun()


def decide(desk: Desk, conflict: Conflict, person: Person) -> None:
    """Let a person decide which of two lists of a title stands."""
    chosen, _why = ask_which(conflict, list_words, "sites")
    if chosen == THEIRS:
        finish("")
    if chosen == MINE:
        with refusing():
            number = conflict.theirs.number if conflict.theirs else 0
            write(desk, SiteList.make(conflict.mine.body or {}), person.require(), number)


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
            st.session_state[DONE] = _("Withdrawn.")
            st.rerun()
