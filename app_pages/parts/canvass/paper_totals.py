"""Totals of paper sheets: one by a form, those that are here, and many in a table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial

import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.canvass.book import attempt, decide, load_units
from app_pages.parts.canvass.returns import tell
from app_pages.parts.editing import number_of, require_shown, shown_before
from app_pages.parts.intake import Asked, ask_take, judge_once, open_table, show_lines, show_taken
from app_pages.parts.page import today
from app_pages.parts.people import Person
from geo.canvass.codes import DISPOSITION_TITLES, next_door
from geo.canvass.outlook import turf_units
from geo.canvass.paper_totals import PAPER_TOTALS, Here, are_near, empty_sheet, judge_sheets, visits_words
from geo.errors import StoreError
from geo.intake.tables import Table
from geo.intake.verdicts import Line, Verdict, changes_of
from geo.language import gettext as _
from geo.language import mark as N_
from geo.region import Region
from store.canvass.book import CanvassBook
from store.canvass.kinds import Tally

KEPT_FORM = "paper.kept"
# What a person confirms where visits and totals of paper may hold the same doors.
APART = N_("None of these doors was also entered by phone")


def show_kept(book: CanvassBook, code: str, person: Person) -> None:
    """List the turf's sheets to who may see small counts; one can be taken back, or said to be apart."""
    found = {key: item for key, item in book.kept(Tally).items() if item.record.turf == code}
    if not person.sees("sheets") or decide(book, person, KEPT_FORM, tell) or not found:
        return
    seen = shown_before(f"{KEPT_FORM}.{code}", {key: item.number for key, item in found.items()})
    kept = {key: item.record for key, item in found.items()}
    with st.expander(_("Sheets of this turf that are here: {count}").format(count=len(kept))):
        rows = [item.model_dump(exclude={"turf"}) | {"doors": item.doors} for item in kept.values()]
        titles = {str(item): _(title) for item, title in DISPOSITION_TITLES.items()}
        titles |= {"on": _("Day"), "sheet": _("Sheet"), "doors": _("Doors"), "apart": _("Other doors")}
        table = pd.DataFrame(rows).assign(apart=[bool(item.apart) for item in kept.values()])
        st.dataframe(table, hide_index=True, key="paper.kept", column_config=titles)
        if person.may_write:
            change_kept(book, kept, seen, person)


def change_kept(
    book: CanvassBook, kept: Mapping[str, Tally], seen: Mapping[str, int], person: Person
) -> None:
    """Say of a sheet that no other return holds its doors, or take it back."""
    names = {key: f"{item.sheet} · {item.on} · {item.doors}" for key, item in kept.items()}
    key = st.selectbox(_("Sheet"), list(names), format_func=names.__getitem__, key="paper.which")
    apart = not kept[key].apart and st.button(_(APART), key="paper.others")
    why = st.text_input(_("Why it is taken back"), key="paper.why")
    take_back = st.button(_("Delete this sheet (entered by mistake)"), key="paper.withdraw")
    require_shown(KEPT_FORM, key, pressed=apart or take_back)
    if apart:
        record, who = kept[key].model_copy(update={"apart": True}), person.require()
        attempt(KEPT_FORM, lambda: book.save(record, who, seen=number_of(seen, key), why=APART))
        tell(_("Recorded: sheet {sheet} of turf {turf}.").format(sheet=kept[key].sheet, turf=kept[key].turf))
    if take_back:
        who = person.require()
        attempt(KEPT_FORM, lambda: book.withdraw(key, who, seen=number_of(seen, key), why=why, kind=Tally))
        tell(_("Taken back; it stays in the history."))


def show_sheets(book: CanvassBook, person: Person) -> None:
    """Show what each row of a table would do, and write it when somebody says so.

    What a row would do tells what is here, so it is not for everybody.
    """
    if not person.sees("returns_files"):
        st.caption(person.signed.how_to_see_more())
        return
    doors = {str(code): int(count) for code, count in book.turfs()["doors"].items()}
    st.download_button(
        _("Empty table to fill in (CSV)"),
        partial(empty_sheet, doors),
        file_name="sheets.csv",
        mime="text/csv",
        on_click="ignore",
        key="paper.empty",
    )
    columns = {column.key: _(column.title) for column in PAPER_TOTALS.columns}
    label = _("Table of sheets (CSV or XLSX)")
    asked = Asked(PAPER_TOTALS, "paper", label, columns, book.journal, book.region, person.require)
    table = open_table(asked)
    if table:
        seen, lines = judge_once(asked, table, lambda: judge_table(book, doors, person, table))
        show_lines(lines, asked.columns, asked.key)
        doubt = any(line.verdict is Verdict.ASK for line in lines)
        apart = st.checkbox(_(APART), key="paper.apart.file") if doubt else False
        sheets = [Tally.make(fields) for fields in changes_of(lines, asked=apart)]
        ask_take(
            asked,
            table,
            sheets,
            lambda journal, who: CanvassBook(journal, book.region, book.parts).save_all(
                sheets, who, seen=seen, source=table.file
            ),
        )
    if person.may_write:
        show_taken(asked)


def judge_table(
    book: CanvassBook, doors: dict[str, int], person: Person, table: Table
) -> tuple[dict[str, int], list[Line]]:
    """Judge a table of sheets, with the numbers of the sheets as they were then."""
    seen = {key: item.number for key, item in book.kept(Tally).items()}
    return seen, judge_sheets(table, what_is_here(book, doors, person), today())


def what_is_here(book: CanvassBook, doors: dict[str, int], person: Person) -> Here:
    """Return what a table of sheets is told against; of visits only to who may see small counts."""
    return Here(
        doors,
        book.tally_counts(),
        book.former_codes(),
        book.visit_days() if person.sees("visits") else {},
        book.sheets_apart(),
        book.sheets_taken_back(),
    )


FORM, NEXT = "paper.sheet", "paper.next"


def show_paper(region: Region, book: CanvassBook, code: str, person: Person) -> None:
    """Show the form for one sheet, the sheets that are here, and the import of many."""
    say_where(region, book, code)
    if not decide(book, person, FORM, tell):
        show_sheet(book, code, person)
    # Whoever wrote a table in this session may have another: it stays open.
    with st.expander(_("Many sheets in one table"), expanded=st.session_state.get("paper.turn", 0) > 0):
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
    require_shown(FORM, code, pressed=sent)
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
