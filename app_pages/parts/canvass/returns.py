"""Returns: one visit on a phone, corrections, and files of KoboToolbox, ODK and other tools, in and out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

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
from geo.canvass.tool_files import LAYOUTS, judge_tool_returns, list_returns, tool_returns_in
from geo.canvass.volunteers import language_name, to_language
from geo.intake.verdicts import Line, changes_of
from geo.language import gettext as _
from geo.language import ngettext
from reports.phone_files import to_tool_csv
from store.canvass.book import CanvassBook
from store.canvass.kinds import Visit
from store.records import Kept, new_id

DONE = "returns.done"
OF_TOOLS = "returns.tools"


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
        "Count the doors of the block as you walk: 1, 2, 3; in part of a block go on from its first number, "
        "as the walk list does. The same number again is the same household; without a number each visit "
        "counts by itself. No address, please."
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
    asked, judge = ask_source(book, person)
    table = open_table(asked)
    if table:
        follow = st.checkbox(_("Old turf codes: move to the new turf"), key="returns.follow")
        here = TurfsHere(book.unit_names(), book.visit_ids(), book.former_codes(), book.visits_told())
        lines, numbers = judge_once(
            asked,
            table,
            lambda: (judge(table, here, today(), follow=follow), book.visit_numbers()),
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
    if asked.key == OF_TOOLS and person.may_write:
        show_returns_for_tools(book)


def ask_source(book: CanvassBook, person: Person) -> tuple[Asked, Callable[..., list[Line]]]:
    """Ask what wrote the file; return what the page asks for, and what judges its rows."""
    names = {"odk": "KoboToolbox, ODK", "tools": "VAN, PDI, Ecanvasser"}
    source = st.radio(
        _("Where the file is from"),
        list(names),
        format_func=names.__getitem__,
        key="returns.source",
        horizontal=True,
    )
    timezone = current_region().timezone
    columns = {name: _(RETURNS.by_key[name].title) for name in FIELDS}
    if source == "tools":
        label, kind = _("File of VAN, PDI or Ecanvasser (CSV or XLSX)"), tool_returns_in(timezone)
        columns.pop("id")
        asked = Asked(kind, OF_TOOLS, label, columns, book.journal, book.region, person.require)
        return asked, judge_tool_returns
    label, kind = _("File of KoboToolbox or ODK (CSV or XLSX)"), returns_in(timezone)
    return Asked(kind, "returns", label, columns, book.journal, book.region, person.require), judge_returns


def show_returns_for_tools(book: CanvassBook) -> None:
    """Offer what happened at each door last as a file for another tool."""
    region, visits = current_region(), book.visits()
    numbered = visits[visits["door"] != ""]
    if numbered.empty:
        st.caption(_("No return with a door number is here yet that another tool could take."))
        return
    columns = st.columns(len(LAYOUTS))
    for place, layout in enumerate(LAYOUTS.values()):
        columns[place].download_button(
            _("Returns for {tool}").format(tool=layout.title),
            partial(make_tool_file, visits, book.units_of(), layout.key, invented=region.invented),
            file_name=f"returns-{region.key}-{layout.key}.csv",
            mime="text/csv",
            on_click="ignore",
            key=f"returns.for.{layout.key}",
            width="stretch",
        )
    left = len(visits) - len(numbered)
    if left:
        words = ngettext(
            "{count} visit has no door number and is not in these files.",
            "{count} visits have no door number and are not in these files.",
            left,
        )
        st.caption(words.format(count=left))


def make_tool_file(
    visits: pd.DataFrame, units_of: Mapping[str, Sequence[str]], tool: str, *, invented: bool
) -> bytes:
    """Make the file of what happened at each door last; ``tool`` is a key of :data:`LAYOUTS`."""
    return to_tool_csv(list_returns(visits, units_of, LAYOUTS[tool]), invented=invented)
