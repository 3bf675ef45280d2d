"""Taking in a table that a person hands in: how it is read, what each row would do, taken, undone as a whole.

The same for every kind of table: a page says what it asks for (:class:`Asked`), judges the rows, and says how
they are written. Nothing is written before somebody confirms what they saw.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from html import escape
from typing import Any, TypeVar

from app_pages.parts import screen as st
from app_pages.parts.editing import follow_first, require_shown
from app_pages.parts.markup import bold
from app_pages.parts.page import Upload, ask_file, refusing, say_done, tell_done
from app_pages.parts.people import current_rights
from geo.errors import ConflictError
from geo.intake.grids import Grid, read_grids
from geo.intake.tables import (
    AS_NOTE,
    LEFT_OUT,
    Choice,
    Column,
    Table,
    TableKind,
    find_table,
    reads_as,
    remembered_as,
    tell_understood,
)
from geo.intake.values import Vocabulary
from geo.intake.verdicts import TAKEN, VERDICT_TITLES, Line, Verdict, count_rows, to_frame
from geo.language import current_language, ngettext
from geo.language import gettext as _
from store.intake import Taken, TakingJournal, list_taken, read_meanings, undo
from store.journal import Journal
from store.records import Kept
from store.visibility import may_see

# Of other kinds the reader says what to do.
SHEETS = (".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
STYLES = """<style>
.geo-refused{max-height:20rem;overflow:auto;border:1px solid #c5ced6;border-radius:8px;padding:0.4rem 0.8rem}
.geo-refused table{width:100%;border-collapse:collapse;font-size:0.92rem;line-height:1.35}
.geo-refused caption{text-align:left;font-weight:650;padding-bottom:0.2rem}
.geo-refused th,.geo-refused td{text-align:left;vertical-align:top;padding:2px 0.8rem 2px 0;font-weight:400}
.geo-refused thead th{color:#4d4d4d;font-size:0.84rem}
</style>"""
T = TypeVar("T")


@dataclass(frozen=True)
class Asked:
    """What a page asks a table for.

    Attributes
    ----------
    kind
        The kind of table.
    key
        Begins the keys of its widgets.
    label
        What the file is, in words.
    columns
        Titles of the preview's columns, by what lines show.
    journal, region
        Where it is written.
    require_who
        Returns who takes it in; raises where nobody said so.
    suffixes
        Kinds of files.
    open_grids
        Reads the file's sheets, as :func:`geo.intake.grids.read_grids`.
    name_taken
        Says of a file that was taken in what it was of, such as the session of a sign-in sheet; empty where
        the file's own name says all.
    """

    kind: TableKind
    key: str
    label: str
    columns: Mapping[str, str]
    journal: Journal
    region: str
    require_who: Callable[[], str]
    suffixes: Sequence[str] = SHEETS
    open_grids: Callable[[bytes, str], list[Grid]] = read_grids
    name_taken: Callable[[Taken], str] = lambda taken: ""

    def once(self, name: str, stamp: object, make: Callable[[], T]) -> T:
        """Make something once for a stamp, and keep it in the session until another is asked for."""
        place = f"{self.key}.{name}"
        held = st.session_state.get(place)
        if held is None or held[0] != stamp:
            held = (stamp, make())
            st.session_state[place] = held
        made: T = held[1]
        return made


def open_table(asked: Asked) -> Table | None:
    """Ask for a file and show how it is read, which may be changed; None until it can be read."""
    told = tell_done(f"{asked.key}.done")
    turn = st.session_state.setdefault(f"{asked.key}.turn", 0)
    file = ask_file(asked.label, asked.suffixes, f"{asked.key}.file.{turn}")
    if file is None:
        return None
    told.empty()
    st.session_state.pop(f"{asked.key}.done", None)
    grids = asked.once("grids", file.number, lambda: asked.open_grids(file.content, file.name))
    known = read_meanings(asked.journal, asked.region, asked.kind)
    table = find_table(grids, file.name, asked.kind, known)
    fault = st.empty()
    # What a column means is asked for where the file says more than is understood.
    unsure = bool(table.lacking or table.notes)
    with st.expander(_("How the file is read: sheet, headings, columns"), expanded=unsure):
        table = ask_reading(table, grids, file)
    if table.lacking:
        fault.error(table.tell_lacking() + ". " + _("Say below what the columns are."))
        st.caption(_("{remedy}; nothing was written").format(remedy=_(asked.kind.remedy)))
        return None
    if table.guessed:
        st.warning(table.tell_guessed())
    table = ask_unsaid(ask_words(table.require(), grids, file), grids, file)
    st.markdown(bold(_("How it was understood")))
    for line in tell_understood(table):
        st.text(line)
    return table


def ask_reading(table: Table, grids: list[Grid], file: Upload) -> Table:
    """Let a person say which sheet, which row of headings, and what each column means."""
    kind, choice, key = table.kind, table.choice, f"intake.{table.kind.key}.{file.number}"
    titles = [grid.title for grid in grids]
    left, right = st.columns(2)
    sheet, head = "", 0
    if len(titles) > 1:
        sheet = left.selectbox(_("Sheet"), titles, titles.index(table.grid.title), key=f"{key}.sheet")
    if sheet and sheet != table.grid.title:
        table = find_table(grids, table.file, kind, replace(choice, sheet=sheet))
    last = min(len(table.grid.cells), 1000)
    name = f"{key}.{titles.index(table.grid.title)}"
    head = right.number_input(_("Row of the headings"), 1, last, table.head, key=f"{name}.head")
    if head != table.head:
        table = find_table(grids, table.file, kind, replace(choice, sheet=table.grid.title, head=int(head)))
    return ask_columns(table, grids, f"{name}.{table.head}")


def ask_columns(table: Table, grids: list[Grid], key: str) -> Table:
    """Let a person say what each column means; what they say is kept for next time when the file is taken."""
    kind = table.kind
    names = {LEFT_OUT: _("leave it out")} | ({AS_NOTE: _("keep it as a note")} if kind.note else {})
    names |= {column.key: _(column.title) for column in kind.columns}
    now = {place: meaning for meaning, place in table.columns.items()} | dict.fromkeys(table.notes, AS_NOTE)
    said: dict[str, str] = {}
    parts = st.columns(2)
    for number, place in enumerate(sorted({*now, *table.unused})):
        meaning = now.get(place, LEFT_OUT)
        chosen = parts[number % 2].selectbox(
            table.heading(place),
            list(names),
            list(names).index(meaning),
            format_func=names.__getitem__,
            key=f"{key}.{place}",
        )
        if chosen != meaning:
            said[table.plain_heading(place) or table.heading(place)] = str(chosen)
    if not said:
        return table
    # Another column that was taken for the same gives way.
    freed = [place for place, meaning in now.items() if meaning in said.values() and meaning != AS_NOTE]
    headings = {**table.choice.headings, **{table.plain_heading(place): LEFT_OUT for place in freed}, **said}
    choice = replace(table.choice, sheet=table.grid.title, head=table.head, headings=headings)
    return find_table(grids, table.file, kind, choice)


def ask_words(table: Table, grids: list[Grid], file: Upload) -> Table:
    """Ask what words mean that are none of ours; it is kept for next time when the file is taken."""
    unknown = table.unknown_words()
    if not unknown:
        return table
    st.markdown(bold(_("What do these words mean?")))
    said: dict[str, dict[str, str]] = {}
    parts = st.columns(2)
    words = [(column, text) for column, texts in unknown.items() for text in texts]
    for number, (column, text) in enumerate(words):
        titles = {"": _("keep it as a note"), **_titles(table.kind.by_key[column].read)}
        known = table.choice.words.get(column, {}).get(remembered_as(text), "")
        chosen = parts[number % 2].selectbox(
            _("{words} ({heading})").format(words=text, heading=table.heading(table.columns[column])),
            list(titles),
            list(titles).index(known) if known in titles else 0,
            format_func=titles.__getitem__,
            key=f"intake.{table.kind.key}.{file.number}.word.{column}.{remembered_as(text)}",
        )
        if chosen != known:
            before = {**table.choice.words.get(column, {}), **said.get(column, {})}
            said[column] = {**before, remembered_as(text): str(chosen)}
    if not said:
        return table
    choice = replace(table.choice, sheet=table.grid.title, head=table.head)
    return find_table(grids, table.file, table.kind, replace(choice, words={**choice.words, **said}))


def ask_unsaid(table: Table, grids: list[Grid], file: Upload) -> Table:
    """Ask once for all rows what they need and do not say; it holds for this file alone."""
    said: dict[str, dict[str, str]] = {}
    for column in table.unsaid():
        key = f"intake.{table.kind.key}.{file.number}.unsaid.{column.key}"
        text = ask_for_all(column, key)
        if text and not reads_as(column, text):
            st.error(_("{text!r} cannot be read as {what}").format(text=text, what=_(column.title)))
        elif text:
            said[column.key] = {**table.choice.words.get(column.key, {}), "": text}
    if not said:
        return table
    choice = replace(table.choice, sheet=table.grid.title, head=table.head)
    return find_table(grids, table.file, table.kind, replace(choice, words={**choice.words, **said}))


def ask_for_all(column: Column, key: str) -> str:
    """Ask what a column holds in all rows that do not say it; empty where that stays open."""
    titles = _titles(column.read)
    if not titles:
        text: str = st.text_input(_(column.ask), key=key)
        return text.strip()
    chosen = st.selectbox(
        _(column.ask),
        list(titles),
        index=None,
        format_func=titles.__getitem__,
        placeholder=_("choose"),
        key=key,
    )
    return str(chosen or "")


def ask_answers(questions: Sequence[Any], key: str, asked: set[str]) -> dict[str, str]:
    """Ask what only a person can say of rows, each question once; return what was answered.

    Parameters
    ----------
    questions
        Each with ``key``, ``words`` and ``options``, as :class:`store.water.board_questions.Question`.
    key
        Begins the keys of their widgets.
    asked
        Keys of those that stand on the page already; those that come are added.
    """
    found: dict[str, str] = {}
    fresh = [item for item in questions if item.key not in asked]
    if fresh and not asked:
        st.markdown(bold(_("Which is meant?")))
    for item in fresh:
        asked.add(item.key)
        chosen = st.selectbox(
            item.words,
            list(item.options),
            index=None,
            format_func=item.options.__getitem__,
            placeholder=_("choose; until then these rows are not taken"),
            key=f"{key}.{item.key}",
        )
        found |= {item.key: str(chosen)} if chosen else {}
    return found


def _titles(read: object) -> dict[str, str]:
    titles = read.titles if isinstance(read, Vocabulary) else {}
    return {key: _(title) for key, title in titles.items()}


def judge_once(asked: Asked, table: Table, judge: Callable[[], T], *stamp: object) -> T:
    """Judge the rows once: what was seen is what is confirmed, so a change in between is told as one."""
    turn = st.session_state[f"{asked.key}.turn"]
    now = (asked.region, turn, table.file, hash(table.grid.cells), table.choice, current_language(), stamp)
    return asked.once("lines", now, judge)


def show_lines(lines: Sequence[Line], columns: Mapping[str, str], key: str, *, typed: bool = False) -> None:
    """Count the rows by verdict, name each that does not hold or needs an answer, and list the others.

    Parameters
    ----------
    columns
        Titles of what lines show.
    key
        Begins the keys of its widgets.
    typed
        Whether they were typed on the page: then there is no file to mend.
    """
    counts = count_rows(lines)
    st.markdown(bold(rows_words(lines)))
    st.text(" · ".join(f"{_(VERDICT_TITLES[verdict])}: {count}" for verdict, count in counts.items()))
    for verdict, title in (
        (Verdict.ASK, _("Rows that need an answer")),
        (Verdict.REFUSED, _("Rejected rows")),
        (Verdict.NOTED, _("Cells that could not be read, kept as notes")),
    ):
        found = [line for line in lines if line.verdict is verdict]
        if found:
            st.html(refused_html(found, title))
    if Verdict.REFUSED in counts and not typed:
        st.caption(
            _("Correct these rows in the file and upload it again: what is already recorded counts once.")
        )
    shown = [line for line in lines if line.verdict not in (Verdict.REFUSED, Verdict.NOTED, Verdict.ASK)]
    odd = [line for line in shown if line.verdict not in (Verdict.NEW, Verdict.SAME) or line.reason]
    if odd and len(odd) < len(shown) and st.toggle(_("Only rows that need attention"), key=f"{key}.odd"):
        shown = odd
    if shown:
        titles = {"row": _("Row"), "verdict": _("What becomes of it"), "reason": _("Remark"), **columns}
        st.dataframe(to_frame(shown, list(columns)), hide_index=True, key=f"{key}.rows", column_config=titles)


def rows_words(lines: Sequence[Line]) -> str:
    """Say how many rows there are, and of how many something would be recorded.

    Examples
    --------
    >>> rows_words([Line(2, Verdict.NEW), Line(2, Verdict.NOTED), Line(3, Verdict.ASK)])
    'Of 2 rows: 1 would be recorded, 1 needs an answer, 0 are left or already here'
    """
    taken = {line.number for line in lines if line.verdict in TAKEN}
    asked = {line.number for line in lines if line.verdict is Verdict.ASK} - taken
    count = len({line.number for line in lines})
    words = ngettext("Of {count} row: ", "Of {count} rows: ", count).format(count=count)
    words += _("{taken} would be recorded").format(taken=len(taken)) + ", "
    words += ngettext("{count} needs an answer", "{count} need an answer", len(asked)).format(
        count=len(asked)
    )
    left = count - len(taken) - len(asked)
    return words + ", " + _("{count} are left or already here").format(count=left)


def refused_html(lines: Sequence[Line], title: str) -> str:
    """Write rows as a table in which every reason can be read whole."""
    words = (_("Row"), _("What it tells"), _("Why"))
    heads = "".join(f'<th scope="col">{escape(word)}</th>' for word in words)
    rows = "".join(
        f'<tr><th scope="row">{line.number}</th><td>{escape(_told(line))}</td>'
        f"<td>{escape(line.reason)}</td></tr>"
        for line in lines
    )
    name = escape(title)
    table = f"<table><caption>{name}</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    return f'{STYLES}<div class="geo-refused" tabindex="0" role="region" aria-label="{name}">{table}</div>'


def _told(line: Line) -> str:
    return " · ".join(str(value) for value in line.shown.values() if value not in (None, ""))


def ask_take(
    asked: Asked,
    table: Table,
    changes: Sequence[Any],
    write: Callable[[TakingJournal, str], int],
    *,
    press: str = "",
    done: Callable[[int], str] | None = None,
) -> None:
    """Write the changes when a person confirms; tell who was faster.

    Parameters
    ----------
    changes
        What would be written.
    write
        Writes them into the journal it is given, under a name; returns how many were new or changed.
    press
        What the button says; else how many changes it records.
    done
        Says what was written; else how many changes were recorded.
    """
    words = ngettext("Record {count} change", "Record {count} changes", len(changes))
    left, right = st.columns(2)
    if right.button(_("Compare with what is recorded anew"), key=f"{asked.key}.again", width="stretch"):
        st.session_state.pop(f"{asked.key}.lines", None)
        st.rerun()
    pressed = left.button(
        press or words.format(count=len(changes)),
        key=f"{asked.key}.confirm",
        type="primary",
        disabled=not changes,
        width="stretch",
    )
    if pressed:
        with refusing(), told_conflicts():
            journal = TakingJournal(
                asked.journal, asked.region, asked.kind.key, table.file, to_keep(table.choice, asked.kind)
            )
            count = write(journal, asked.require_who())
            recorded = ngettext("{count} change was recorded.", "{count} changes were recorded.", count)
            finish(asked, done(count) if done else recorded.format(count=count))


def to_keep(choice: Choice, kind: TableKind) -> Choice:
    """Return what of a choice holds for the next file too: what headings and words mean.

    Of a kind whose cells name people only headings that mean a column are kept: what is left out may be a
    person's name.
    """
    letters = _("column {letter}").format(letter="")
    headings = {
        words: said
        for words, said in choice.headings.items()
        if not words.startswith(letters) and (said in kind.by_key or not kind.private)
    }
    # What was said for all rows of a file need not hold in the next.
    words = {key: {word: means for word, means in said.items() if word} for key, said in choice.words.items()}
    return Choice(headings=headings, words={} if kind.private else words)


@contextmanager
def told_conflicts() -> Iterator[None]:
    """Say what to do where somebody was faster."""
    try:
        yield
    except ConflictError as error:
        st.error(f"{error.fault}. " + _("Nothing was written: compare with what is recorded anew."))


def finish(asked: Asked, words: str) -> None:
    """Say once what was done, on a fresh page that asks for the next file."""
    say_done(f"{asked.key}.done", words)
    st.session_state[f"{asked.key}.turn"] = st.session_state.get(f"{asked.key}.turn", 0) + 1
    for name in ("grids", "lines"):
        st.session_state.pop(f"{asked.key}.{name}", None)
    st.rerun()


def show_taken(asked: Asked) -> None:
    """List the files that were taken in last, the newest chosen, and let a person take one back whole."""
    taken = {kept.record.key: kept for kept in list_taken(asked.journal, asked.region, asked.kind.key)}
    if not taken:
        return
    with st.expander(_("Files that were taken in")), refusing(), told_conflicts():
        names = {key: taken_words(kept, asked.name_taken(kept.record)) for key, kept in taken.items()}
        follow_first(f"{asked.key}.taken", list(names))
        chosen = st.selectbox(_("File"), list(names), format_func=names.__getitem__, key=f"{asked.key}.taken")
        kept, asking = taken[str(chosen)], f"{asked.key}.undo.asked"
        pressed = st.button(_("Undo this file"), key=f"{asked.key}.undo")
        require_shown(f"{asked.key}.undo", str(chosen), pressed=pressed)
        if pressed:
            st.session_state[asking] = str(chosen)
        if st.session_state.get(asking) == str(chosen) and ask_undo(asked, kept):
            undone = undo(asked.journal, asked.region, kept, asked.require_who())
            words = ngettext(
                "{count} change was taken back.", "{count} changes were taken back.", undone.count
            )
            left = _("Changed since, and left as they are: {names}.").format(names=", ".join(undone.left))
            finish(asked, " ".join([words.format(count=undone.count), *([left] if undone.left else [])]))


def ask_undo(asked: Asked, kept: Kept[Taken]) -> bool:
    """Say what would be taken back, and ask whether it is meant; one who keeps it is asked no more."""
    count = len(kept.record.entries)
    of = asked.name_taken(kept.record)
    words = ngettext(
        "This takes back {count} change of {name}.", "This takes back {count} changes of {name}.", count
    )
    st.warning(words.format(count=count, name=of or kept.record.file))
    left, right = st.columns(2)
    keep = right.button(_("Keep it"), key=f"{asked.key}.undo.keep", width="stretch")
    meant = left.button(_("Take it back"), key=f"{asked.key}.undo.yes", type="primary", width="stretch")
    if keep or meant:
        st.session_state.pop(f"{asked.key}.undo.asked", None)
    if keep:
        st.rerun()
    return bool(meant)


def taken_words(kept: Kept[Taken], of: str = "") -> str:
    """Name a file that was taken in, what it was of first."""
    who = kept.who if may_see("taken", current_rights(), "who") else ""
    count = ngettext("{count} change", "{count} changes", len(kept.record.entries))
    parts = (
        of,
        kept.record.file,
        count.format(count=len(kept.record.entries)),
        f"{kept.at:%Y-%m-%d %H:%M} UTC",
        who,
    )
    return " · ".join(part for part in parts if part)
