"""Totals of paper sheets: one by a form, those that are here, and many in a table."""

from __future__ import annotations

from datetime import date

from app_pages.parts import screen as st
from app_pages.parts.canvass_conflict import attempt, decide
from app_pages.parts.canvass_data import load_units
from app_pages.parts.common import today
from app_pages.parts.person import Person
from app_pages.parts.returns.paper_kept import APART, show_kept
from app_pages.parts.returns.paper_table import show_sheets
from app_pages.parts.returns.visit import tell
from geo.canvass.codes import DISPOSITION_TITLES, next_door
from geo.canvass.outlook import turf_units
from geo.canvass.paper_totals import are_near, visits_words
from geo.errors import StoreError
from geo.language import gettext as _
from geo.region import Region
from store.canvass.book import CanvassBook
from store.canvass.kinds import Tally

FORM, NEXT = "paper.sheet", "paper.next"


def show_paper(region: Region, book: CanvassBook, code: str, person: Person) -> None:
    """Show the form for one sheet, the sheets that are here, and the import of many."""
    say_where(region, book, code)
    if not decide(book, person, FORM, tell):
        show_sheet(book, code, person)
    # Whoever wrote a table in this session may have another: it stays open.
    with st.expander(_("Many sheets in one table"), expanded=st.session_state.get("paper.files", 0) > 0):
        show_sheets(book, person)
    show_kept(book, code, person)


def say_where(region: Region, book: CanvassBook, code: str) -> None:
    """Say how many doors the turf has, and how totals are told by tract where it lies in several."""
    turf = book.turfs().loc[[code]]
    doors = f"{int(turf['doors'].iloc[0]):,}"
    tracts = turf_units(turf, load_units(region))["tract_geoid"].nunique()
    if tracts < 2:
        st.caption(_("Turf {turf}: {doors} doors.").format(turf=code, doors=doors))
        return
    words = _(
        "Turf {turf}: {doors} doors in {tracts} tracts. A sheet does not say in which, so its totals are "
        "shared out to the tracts by their doors, and Progress says that this is an estimate. Visits one by "
        "one are exact."
    )
    st.caption(words.format(turf=code, doors=doors, tracts=tracts))


def show_sheet(book: CanvassBook, code: str, person: Person) -> None:
    """Show the form for the totals of a paper sheet; for a sheet that is here, both are shown."""
    days = book.visit_days().get(code, []) if person.sees("visits") else []
    with st.container():
        if days:
            st.warning(visits_words(code, days))
    begin_anew()
    with st.form("returns.paper"):
        left, right = st.columns(2)
        sheet = left.text_input(_("Number of the sheet"), key="paper.sheet")
        day = right.date_input(_("Day of the sheet"), value=today(), max_value=today(), key="paper.day")
        # Two rows, so that a phone, which puts columns below each other, keeps the order of the sheet.
        columns = [*st.columns(4), *st.columns(4)]
        counts = {
            str(item): column.number_input(_(title), 0, 10_000, key=f"paper.{item}")
            for column, (item, title) in zip(columns, DISPOSITION_TITLES.items(), strict=False)
        }
        apart = st.checkbox(_(APART), key=f"paper.apart.{code}") if days else False
        sent = st.form_submit_button(_("Record the totals"), type="primary")
    if sent:
        record = Tally.make({"turf": code, "on": day, "sheet": sheet, **counts})
        save_sheet(book, record, person, days=days, apart=apart)


def begin_anew() -> None:
    """Empty the form after a sheet was written, with the number of the next."""
    if NEXT in st.session_state:
        st.session_state["paper.sheet"] = st.session_state.pop(NEXT)
        for item in DISPOSITION_TITLES:
            st.session_state[f"paper.{item}"] = 0


def save_sheet(book: CanvassBook, record: Tally, person: Person, *, days: list[date], apart: bool) -> None:
    """Write a sheet, unless its doors may count twice and nobody said that they do not.

    Raises
    ------
    StoreError
        It has no doors, or they may count twice.
    """
    if not record.doors:
        raise StoreError(_("the sheet has no doors"), _("enter its totals; nothing was written"))
    before = book.kept(Tally).get(record.key)
    known = bool(before and before.record.apart)
    if not (apart or known) and are_near(record.on, days):
        raise StoreError(
            _("doors of this sheet may count twice: visits to this turf in the same week are here"),
            _("leave out what is among them and tick the box below the totals; nothing was written"),
        )
    record = record.model_copy(update={"apart": True if apart or known else None})
    who = person.require()
    # The form shows no sheet that is here: what it says is new, or both versions are looked at.
    written = attempt(FORM, lambda: book.save(record, who, seen=0))
    st.session_state[NEXT] = next_door(record.sheet)
    tell_sheet(record, written=written)


def tell_sheet(record: Tally, *, written: bool) -> None:
    """Say whether a sheet is new, or was here already."""
    words = _("Recorded: sheet {sheet} of turf {turf}.")
    if not written:
        words = _("Sheet {sheet} of turf {turf} was here already with these totals; it counts once.")
    tell(words.format(sheet=record.sheet, turf=record.turf))
