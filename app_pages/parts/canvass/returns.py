"""Returns: one visit on a phone, corrections, and the import of a KoboToolbox or ODK file."""

from __future__ import annotations

import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.canvass.book import attempt, decide
from app_pages.parts.editing import forget_seen, hold_seen, require_shown
from app_pages.parts.intake import Asked, ask_take, judge_once, open_table, show_lines, show_taken
from app_pages.parts.page import current_region, today
from app_pages.parts.people import Person
from geo.canvass.codes import DISPOSITION_TITLES, LONGEST_DOOR, Disposition, next_door, unit_name
from geo.canvass.paper_totals import file_words, sheets_near, sheets_words
from geo.canvass.returns import FIELDS, RETURNS, TurfsHere, judge_returns, returns_in
from geo.canvass.volunteers import language_name, to_language
from geo.intake.verdicts import changes_of
from geo.language import gettext as _
from store.canvass.book import CanvassBook
from store.canvass.kinds import Visit
from store.records import Kept, new_id

DONE = "returns.done"


def titles() -> dict[str, str]:
    """Return the results of a visit in words."""
    return {str(item): _(title) for item, title in DISPOSITION_TITLES.items()}


def show_visit(book: CanvassBook, code: str, units: tuple[str, ...], person: Person) -> None:
    """Show the form for one visit; sent twice by a slip of the finger it counts once."""
    near = sheets_near(book.tallies(), code, [today()]) if person.sees("sheets") else []
    if near:
        st.warning(sheets_words(code, near))
    identifier = st.session_state.setdefault("returns.id", new_id())
    if "returns.next" in st.session_state:
        st.session_state["returns.door"] = st.session_state.pop("returns.next")
        st.session_state["returns.result"] = None
    words = titles()
    with st.form("returns.visit"):
        left, right = st.columns([2, 1])
        unit = left.selectbox(_("Block"), sorted(units), format_func=unit_name, key=f"returns.unit.{code}")
        door = right.text_input(
            _("Door number"), max_chars=LONGEST_DOOR, key="returns.door", help=door_help()
        )
        result = st.pills(
            _("What happened"),
            list(words),
            format_func=words.__getitem__,
            key="returns.result",
        )
        day = st.date_input(_("Day"), value=today(), max_value=today(), key="returns.day")
        sent = st.form_submit_button(_("Record the visit"), type="primary", width="stretch")
    # Whoever walks a turf that was withdrawn in the meantime wrote of its block, and of no other's.
    require_shown("returns.visit", code, pressed=sent)
    if sent and result is None:
        st.error(_("Choose what happened at the door; nothing was written."))
    elif sent:
        fields = {"id": identifier, "turf": code, "unit": unit, "door": door, "on": day}
        fields["disposition"] = result
        book.save(Visit.make(fields), person.require(), seen=0)
        st.session_state["returns.id"] = new_id()
        st.session_state["returns.next"] = next_door(door)
        place = " · ".join(part for part in (unit_name(str(unit)), door) if part)
        tell(_("Recorded: {result} in turf {turf}, {place}.").format(
            result=words[str(result)], turf=code, place=place
        ))  # fmt: skip


def door_help() -> str:
    """Say what the number of a door is for."""
    return _(
        "Count the doors of the block as you walk: 1, 2, 3. The same number again is the same household; "
        "without a number each visit counts by itself. No address, please."
    )


def tell(words: str) -> None:
    """Say once what was written, on a fresh page."""
    st.session_state[DONE] = words
    st.rerun()


FORM = "mend"


def show_correction(book: CanvassBook, code: str, person: Person) -> None:
    """Correct a visit, or take it back."""
    if not person.may_write:
        st.caption(person.signed.how_to_record())
        return
    if decide(book, person, FORM, tell):
        return
    kept = {key: item for key, item in book.kept(Visit).items() if item.record.turf == code}
    if not kept:
        st.caption(_("No visit of this turf is here yet."))
        return
    newest = sorted(kept.items(), key=lambda pair: pair[1].at, reverse=True)
    names = {key: name_visit(item) for key, item in newest}
    key = st.selectbox(
        _("Visit (the one recorded last stands first)"),
        list(names),
        format_func=names.__getitem__,
        key="mend.visit",
    )
    seen = hold_seen(FORM, key, kept[key].number)
    changes = ask_changes(f"{key}.{seen}", kept[key].record)
    why = st.text_input(_("Why it is corrected"), key="mend.why")
    left, right = st.columns(2)
    correct = left.button(_("Correct it"), key="mend.save", width="stretch")
    take_back = right.button(
        _("Delete this visit (entered by mistake)"), key="mend.withdraw", width="stretch"
    )
    require_shown(FORM, key, pressed=correct or take_back)
    if correct:
        record = Visit.make({**kept[key].record.model_dump(), **changes})
        who = person.require()
        attempt(FORM, lambda: book.save(record, who, seen=seen, why=why))
        forget_seen(FORM)
        tell(_("Corrected; what stood before is in the history."))
    if take_back:
        who = person.require()
        attempt(FORM, lambda: book.withdraw(key, who, seen=seen, why=why))
        forget_seen(FORM)
        tell(_("Taken back; it stays in the history."))


def name_visit(kept: Kept[Visit]) -> str:
    """Name a visit in a list: its day, block, door and result."""
    visit = kept.record
    parts = (str(visit.on), unit_name(visit.unit), visit.door or "–", titles()[visit.disposition])
    return " · ".join(parts)


def ask_changes(key: str, visit: Visit) -> dict[str, object]:
    """Ask what it was; the fields begin with what is recorded."""
    words = titles()
    result = st.selectbox(
        _("It was"),
        list(words),
        index=list(words).index(visit.disposition),
        format_func=words.__getitem__,
        key=f"mend.result.{key}",
    )
    left, right = st.columns(2)
    door = left.text_input(
        _("Door number"), visit.door, max_chars=LONGEST_DOOR, key=f"mend.door.{key}", help=door_help()
    )
    day = right.date_input(_("Day"), value=visit.on, max_value=today(), key=f"mend.day.{key}")
    spoken = left.text_input(
        _("Language spoken there"), language_name(visit.language), max_chars=40, key=f"mend.language.{key}"
    )
    again = right.text_input(_("When to come back"), visit.again, max_chars=120, key=f"mend.again.{key}")
    changes: dict[str, object] = {"disposition": Disposition(result), "door": door, "on": day}
    return changes | {"language": to_language(spoken), "again": again.strip()}


def show_import(book: CanvassBook, person: Person) -> None:
    """Show what each row of a file would do, and write what is new when somebody says so.

    What a row would do tells what is here, so it is not for everybody.
    """
    if not person.sees("returns_files"):
        st.caption(person.signed.how_to_see_more())
        return
    columns = {name: _(RETURNS.by_key[name].title) for name in FIELDS}
    label = _("File of KoboToolbox or ODK (CSV or XLSX)")
    kind = returns_in(current_region().timezone)
    asked = Asked(kind, "returns", label, columns, book.journal, book.region, person.require)
    table = open_table(asked)
    if table:
        follow = st.checkbox(_("Old turf codes: move to the new turf"), key="returns.follow")
        here = TurfsHere(book.unit_names(), book.visit_ids(), book.former_codes(), book.visits_told())
        lines, numbers = judge_once(
            asked,
            table,
            lambda: (judge_returns(table, here, today(), follow=follow), book.visit_numbers()),
            follow,
        )
        show_lines(lines, asked.columns, asked.key)
        new = changes_of(lines)
        twice = file_words(pd.DataFrame(new, columns=list(FIELDS)), book.tallies())
        if twice and person.sees_small:
            st.warning("\n\n".join(twice))
        visits = [Visit.make(fields) for fields in new]
        seen = {visit.key: numbers[visit.key] for visit in visits if visit.key in numbers}
        ask_take(
            asked,
            table,
            visits,
            lambda journal, who: CanvassBook(journal, book.region, book.parts).take_in(
                visits, who, source=table.file, seen=seen
            ),
        )
    if person.may_write:
        show_taken(asked)
