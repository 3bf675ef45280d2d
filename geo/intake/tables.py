"""A table that a person hands in: its heading row found, its columns understood, its cells read.

What a kind of table holds is declared (:class:`TableKind`) where its subject lives; here is how any of them
is read. A cell that can be read is kept though another of its row cannot, and what is dropped, guessed or
kept as a note is told by row.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from openpyxl.utils import get_column_letter

from geo.days import DateSpan, day_words
from geo.errors import SchemaError, first_ids
from geo.intake.grids import OLD_ENCODING, Grid
from geo.intake.values import (
    CellKind,
    Reader,
    Value,
    Vocabulary,
    in_every_language,
    open_days,
    plain_words,
    require_computed,
    says_nothing,
    text_cells,
)
from geo.language import gettext as _
from geo.language import ngettext

# A table's head is looked for in so many rows of each sheet.
ROWS_ABOVE = 40
# What a person may say of a heading beside the columns of its kind.
AS_NOTE, LEFT_OUT = "*note", ""
# Headings of a column that only counts the rows.
COUNTERS = frozenset({"no", "row", "row no", "fila", "item", "linea", "line"})


def column_name(place: int) -> str:
    """Name a column that has no heading by its letter; places count from 0.

    Examples
    --------
    >>> column_name(2)
    'column C'
    """
    return _("column {letter}").format(letter=get_column_letter(place + 1))


class Unread(StrEnum):
    """What becomes of a cell that cannot be read: its words are kept as a note, or its row is refused."""

    NOTE = "note"
    REFUSE = "refuse"


@dataclass(frozen=True)
class Column:
    """What a column of a kind of table means.

    Attributes
    ----------
    key, title
        Its name in code, and for a person (marked for translation).
    headings
        What its heading may be beside its key and its title in any language, parted by commas; where a sheet
        has several of them, the first is taken.
    read
        How its cells are read (:mod:`geo.intake.values`).
    required
        Whether a row without it is refused.
    unread
        What becomes of a cell that cannot be read.
    unless
        Columns beside which it is not looked for.
    telling
        Whether its values can be told from others, so that it is found where no heading names it.
    sought
        Whether it is looked for so even where the columns that are there would do.
    beside, ask
        The column beside which it is needed, and what to ask of rows that have that one and not it, marked
        for translation; empty where nothing is asked.
    """

    key: str
    title: str
    headings: str
    read: CellKind = text_cells
    required: bool = False
    unread: Unread = Unread.NOTE
    unless: tuple[str, ...] = ()
    telling: bool = False
    sought: bool = False
    beside: str = ""
    ask: str = ""


@dataclass(frozen=True, eq=False)
class TableKind:
    """A kind of table that a person may hand in.

    Attributes
    ----------
    key
        Its name in the store.
    columns
        What it may hold.
    needs
        Of each group one column must be there.
    remedy
        What to do where one is not, marked for translation.
    note
        The column that takes the words of unknown columns and of cells that cannot be read; empty where there
        is none: then they are told and left out.
    passed
        Headings that are known and hold nothing to take, plainly written.
    filled
        A row in which all of these are empty is passed over; none: all columns of the kind.
    grouped
        Whether a group's name may stand before a heading, as in ``visit/door`` and ``visit-door``.
    private
        Whether its cells name people, so that no word of a file is kept but what heads a column of the kind.
    """

    key: str
    columns: tuple[Column, ...]
    needs: tuple[tuple[str, ...], ...]
    remedy: str
    note: str = ""
    passed: frozenset[str] = frozenset()
    filled: tuple[str, ...] = ()
    grouped: bool = False
    private: bool = False

    @cached_property
    def by_key(self) -> Mapping[str, Column]:
        """Columns by key."""
        return {column.key: column for column in self.columns}

    @cached_property
    def by_heading(self) -> Mapping[str, tuple[str, int]]:
        """Key, and how preferred, by what a heading may be, plainly written."""
        found: dict[str, tuple[str, int]] = {}
        for column in self.columns:
            for place, words in enumerate(column.headings.split(", ")):
                found.setdefault(plain_words(words), (column.key, place))
        for column in self.columns:
            for words in in_every_language((("", column.title),)) | {plain_words(column.key): ""}:
                found.setdefault(words, (column.key, len(column.headings)))
        return {words: where for words, where in found.items() if words}

    def titles_of(self, keys: Sequence[str]) -> str:
        """Name columns to a person."""
        return ", ".join(_(self.by_key[key].title) for key in keys)


@dataclass(frozen=True)
class Choice:
    """What a person says of a file, or said of one before; empty where it is left to be found.

    Attributes
    ----------
    sheet
        Title of the sheet.
    head
        The row of the headings, from 1; 0: to be found.
    headings
        What headings mean, by :func:`plain_words`: a column's key, :data:`AS_NOTE` or :data:`LEFT_OUT`.
    words
        What words mean, by a column's key and plainly written: a key of its vocabulary, empty for a note.
        Under an empty text stands what a cell without words means, as it would be written there.
    """

    sheet: str = ""
    head: int = 0
    headings: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """A row as far as it could be read.

    Attributes
    ----------
    number
        As a spreadsheet counts, from 1.
    written
        What stands there, by column; without cells that say nothing.
    meant
        What it means, by column; without cells that could not be read.
    faults
        Why a cell could not be read, by column.
    remarks
        What was guessed, or kept as a note.
    notes
        Words of unknown columns and of cells that could not be read, by heading.
    refused
        Why nothing of it may be taken; empty where it may.
    """

    number: int
    written: Mapping[str, str]
    meant: Mapping[str, Any]
    faults: Mapping[str, str]
    remarks: tuple[str, ...]
    notes: Mapping[str, str]
    refused: str = ""

    def text(self, key: str) -> str:
        """Return what a cell says as text; empty where it says nothing."""
        return self.written.get(key, "")


@dataclass(frozen=True, slots=True)
class _Head:
    """A row of headings, from 0: places by what they mean, and those of unknown columns."""

    row: int
    columns: Mapping[str, int]
    unknown: tuple[int, ...] = ()


@dataclass(frozen=True)
class Table:
    """A table in a file, as far as it is understood.

    Attributes
    ----------
    file, kind, grid, choice
        The file's name, what it is taken for, its sheet, and what a person said of it.
    head
        The row of the headings, from 1.
    columns
        Places of the columns in the sheet, from 0, by key.
    notes, unused
        Places of other columns: whose words are kept as notes, and which are left out.
    lacking, guessed
        What it needs and no heading names, empty where it can be read; and what its cells named.
    others, elsewhere
        Other sheets of the file, and those of them that name what is lacking here.
    """

    file: str
    kind: TableKind
    grid: Grid
    choice: Choice
    head: int
    columns: Mapping[str, int]
    notes: tuple[int, ...] = ()
    unused: tuple[int, ...] = ()
    lacking: tuple[str, ...] = ()
    guessed: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()

    def heading(self, place: int) -> str:
        """Return a column's heading; where it has none, its letter."""
        return self.grid.cells[self.head - 1][place] or column_name(place)

    def plain_heading(self, place: int) -> str:
        """Return by which words a heading is remembered; empty where it has none."""
        return _plain_heading(self.grid, self.head - 1, place)

    @cached_property
    def worked_out(self) -> tuple[int, ...]:
        """Places of columns that our own files have beside what is taken in."""
        headings = map(plain_words, self.grid.cells[self.head - 1]) if self.head else ()
        ours = (place for place, heading in enumerate(headings) if heading in self.kind.passed)
        return tuple(place for place in ours if place not in self.columns.values())

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The rows, read."""
        return tuple(_read_rows(self))

    @cached_property
    def passed(self) -> tuple[int, ...]:
        """Numbers of the rows that hold something, but nothing in a column that is used."""
        return tuple(number for number, cells in _body(self) if any(cells) and not _is_filled(self, cells))

    def require(self) -> Table:
        """Return the table itself.

        Raises
        ------
        SchemaError
            No row names the columns that it needs, or no row stands below them.
        """
        if self.lacking:
            raise SchemaError(
                self.tell_lacking(), _("{remedy}; nothing was written").format(remedy=_(self.kind.remedy))
            )
        if not self.rows:
            raise SchemaError(
                _("{name} has no rows below the headings in row {row}").format(name=self.file, row=self.head),
                _("nothing was written"),
            )
        return self

    def tell_lacking(self) -> str:
        """Say what no heading names."""
        words = _("no row of {name} names these columns: {lacking}; the sheet has: {headings}")
        there = [text for text in self.grid.cells[self.head - 1] if text]
        told = words.format(
            name=self.file, lacking=self.kind.titles_of(self.lacking), headings=first_ids(there) or _("none")
        )
        if not self.elsewhere:
            return told
        beside = _("they stand on another sheet: {sheets}").format(sheets=_quoted(self.elsewhere))
        return f"{told}; {beside}"

    def tell_guessed(self) -> str:
        """Say which columns were found by their cells."""
        words = _(
            "No heading names these columns: {fields}. By its cells this one was taken: {headings}. Look "
            "whether that is right; the sheet has: {there}."
        )
        return words.format(
            fields=self.kind.titles_of(self.guessed),
            headings=_quoted(self.heading(self.columns[key]) for key in self.guessed),
            there=first_ids(text for text in self.grid.cells[self.head - 1] if text),
        )

    def unsaid(self) -> list[Column]:
        """List the columns that are needed beside another, and say nothing in a row that has that one."""
        return [
            column
            for column in self.kind.columns
            if column.ask
            and any(column.beside in row.meant and not self.says(row, column.key) for row in self.rows)
        ]

    def says(self, row: Row, key: str) -> bool:
        """Whether a row itself says something in a column."""
        return (
            not says_nothing(self.grid.cells[row.number - 1][self.columns[key]])
            if key in self.columns
            else False
        )

    def unknown_words(self) -> dict[str, list[str]]:
        """List the words of vocabularies that are not known, as they are written, by column."""
        found: dict[str, list[str]] = {}
        for key in self.columns:
            if isinstance(self.kind.by_key[key].read, Vocabulary):
                said = self.choice.words.get(key, {})
                texts = (
                    row.text(key)
                    for row in self.rows
                    if key in row.faults or remembered_as(row.text(key)) in said
                )
                words = {remembered_as(text): text for text in texts if text}
                found |= {key: list(words.values())} if words else {}
        return found


def find_table(grids: Sequence[Grid], name: str, kind: TableKind, choice: Choice = Choice()) -> Table:
    r"""Find a table of a kind in a file: its head may stand below titles, on any sheet.

    Parameters
    ----------
    grids
        The file's sheets, from :func:`geo.intake.grids.read_grids`.
    name
        The file's name.
    choice
        What a person says of it.

    Examples
    --------
    >>> from geo.intake.grids import read_grids
    >>> columns = (Column("code", "code", "code"), Column("town", "town", "place"))
    >>> grids = read_grids(b"Our list\n\nCode;Place;Size\nA1;Oasis;7\n", "a.csv")
    >>> table = find_table(grids, "a.csv", TableKind("list", columns, (("code",),), ""))
    >>> table.head, dict(table.rows[0].meant), [table.heading(place) for place in table.unused]
    (3, {'code': 'A1', 'town': 'Oasis'}, ['Size'])
    """
    wanted = [grid for grid in grids if grid.title == choice.sheet] if choice.sheet else grids
    heads = [(head, grid) for grid in wanted or grids for head in _heads(grid, kind, choice)]
    whole = [(head, grid) for head, grid in heads if not _lacking(kind, head.columns)]
    head, grid = max(
        whole or heads,
        key=lambda pair: (not pair[1].hidden, len(pair[0].columns), -pair[0].row),
        default=(_Head(0, {}), grids[0]),
    )
    guessed: tuple[str, ...] = ()
    if not whole:
        named = head if head.columns or choice.head else _head_at(grid, _widest(grid), kind, choice)
        head = _guess_columns(grid, kind, named, name, _lacking(kind, named.columns))
        guessed = tuple(key for key in head.columns if key not in named.columns)
    else:
        sought = tuple(
            key for key, column in kind.by_key.items() if column.sought and key not in head.columns
        )
        left = {
            place for place in range(len(grid.cells[0])) if _said(grid, head.row, place, choice) is not None
        }
        found = _guess_columns(grid, kind, head, name, sought, left)
        guessed = tuple(key for key in sought if key in found.columns)
        head = found
    kept = {place for place in head.unknown if kind.note and _said(grid, head.row, place, choice) != LEFT_OUT}
    used = {*head.columns.values(), *kept}
    filled = [
        place for place in range(len(grid.cells[0])) if any(row[place] for row in grid.cells[head.row :])
    ]
    lacking = _lacking(kind, head.columns)
    return Table(
        name, kind, grid, choice, head.row + 1, head.columns,
        notes=tuple(sorted(kept)),
        unused=tuple(place for place in filled if place not in used),
        lacking=lacking,
        guessed=guessed,
        others=tuple(other.title for other in grids if other is not grid),
        elsewhere=_naming(grids, grid, kind, lacking),
    )  # fmt: skip


def _naming(grids: Sequence[Grid], taken: Grid, kind: TableKind, keys: Sequence[str]) -> tuple[str, ...]:
    """Return the other sheets on which a heading names one of these columns."""
    return tuple(
        other.title
        for other in grids
        if other is not taken and any(set(keys) & set(head.columns) for head in _heads(other, kind, Choice()))
    )


def _lacking(kind: TableKind, columns: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(key for group in kind.needs if not set(group) & set(columns) for key in group[:3])


def _heads(grid: Grid, kind: TableKind, choice: Choice) -> list[_Head]:
    if choice.head:
        return [_head_at(grid, min(choice.head, len(grid.cells)) - 1, kind, choice)]
    return [_head_at(grid, row, kind, choice) for row in range(min(ROWS_ABOVE, len(grid.cells)))]


def _widest(grid: Grid) -> int:
    """Return the first row with most cells that are filled: the likeliest row of headings."""
    rows = range(min(ROWS_ABOVE, len(grid.cells)))
    return max(rows, key=lambda row: (sum(map(bool, grid.cells[row])), -row))


def _plain_heading(grid: Grid, row: int, place: int) -> str:
    own, over = _plain_pair(grid, row, place)
    return own if own == over or not own else f"{over} {own}".strip()


def _plain_pair(grid: Grid, row: int, place: int) -> tuple[str, str]:
    above = grid.cells[row - 1][place] if row else ""
    return plain_words(grid.cells[row][place]), plain_words(above)


def _said(grid: Grid, row: int, place: int, choice: Choice) -> str | None:
    """Return what a person said of a heading, or of a column without one; None where nothing."""
    return choice.headings.get(_plain_heading(grid, row, place) or column_name(place))


def _head_at(grid: Grid, row: int, kind: TableKind, choice: Choice) -> _Head:
    """Read a row as headings, with what stands above them; what a person said of one goes first."""
    best: dict[str, tuple[int, int]] = {}
    unknown = []
    for place, heading in enumerate(grid.cells[row]):
        said = _said(grid, row, place, choice)
        if said in kind.by_key:
            best[str(said)] = (-1, place)
        elif said is None and heading:
            key, preferred = _meaning(kind, heading, grid, row, place)
            if key:
                best[key] = min(best.get(key, (preferred, place)), (preferred, place))
            elif _is_unknown(kind, heading):
                unknown.append(place)
        elif said == AS_NOTE:
            unknown.append(place)
    for key in [key for key in best if set(kind.by_key[key].unless) & set(best)]:
        del best[key]
    return _Head(row, {key: place for key, (_preferred, place) in best.items()}, tuple(unknown))


def _is_unknown(kind: TableKind, heading: str) -> bool:
    words = plain_words(heading)
    return bool(words) and words not in COUNTERS and words not in kind.passed


def _meaning(kind: TableKind, heading: str, grid: Grid, row: int, place: int) -> tuple[str, int]:
    own, over = _plain_pair(grid, row, place)
    ways = (f"{over} {own}", own) if over and over != own else (own,)
    for words in (*([f"{own} usd"] if "$" in heading else []), *ways):
        if words in kind.by_heading:
            return kind.by_heading[words]
    group, last = _split_group(heading) if kind.grouped else ("", "")
    # An option of a question that allows several has the question's name before it, and is no field.
    return (
        kind.by_heading.get(plain_words(last), ("", 0)) if group and group not in grid.cells[row] else ("", 0)
    )


def _split_group(heading: str) -> tuple[str, str]:
    parts = re.split(r"[/\-]", heading)
    return heading[: -len(parts[-1]) - 1], parts[-1]


def _guess_columns(
    grid: Grid,
    kind: TableKind,
    head: _Head,
    name: str,
    keys: Sequence[str],
    left: Collection[int] = (),
) -> _Head:
    """Find by their cells the columns that no heading names, where cells can tell.

    Raises
    ------
    SchemaError
        The row that would be the headings holds such a value itself.
    """
    columns = dict(head.columns)
    for key in keys:
        column = kind.by_key[key]
        if column.telling:
            read = column.read([], "")
            counts = {
                place: sum(_reads(read, cells[place]) for cells in grid.cells[head.row :])
                for place in range(len(grid.cells[0])) if place not in {*columns.values(), *left}
            }  # fmt: skip
            likely = max(counts, key=counts.__getitem__, default=0)
            if counts.get(likely) and _reads(read, grid.cells[head.row][likely]):
                raise SchemaError(
                    _("{name} has no row of headings").format(name=name),
                    _("put a row with the words {words} above the first row; nothing was written").format(
                        words=repr(column.headings.partition(", ")[0])
                    ),
                )
            columns |= {key: likely} if counts.get(likely) else {}
    return _Head(head.row, columns, tuple(place for place in head.unknown if place not in columns.values()))


def remembered_as(text: str) -> str:
    """Return under which words the meaning of a cell is kept: plainly written, signs alone as they stand.

    Examples
    --------
    >>> remembered_as("Tied in!"), remembered_as("??")
    ('tied in', '??')
    """
    return plain_words(text) or text.strip()


def reads_as(column: Column, text: str) -> bool:
    """Whether a text, read alone, is a value of a column.

    Examples
    --------
    >>> reads_as(Column("code", "code", "code"), "A1")
    True
    """
    return _reads(column.read([], ""), text)


def _reads(read: Reader, text: str) -> bool:
    try:
        return bool(text) and bool(read(text).value)
    except ValueError:
        return False


def _body(table: Table) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Rows below the head, by number; the headings again, as at the top of each printed page, are none."""
    head = table.grid.cells[table.head - 1]
    for number, cells in enumerate(table.grid.cells[table.head :], start=table.head + 1):
        if cells != head:
            yield number, cells


def _is_filled(table: Table, cells: Sequence[str]) -> bool:
    keys = table.kind.filled or tuple(table.columns)
    return any(cells[table.columns[key]] for key in keys if key in table.columns)


def _read_rows(table: Table) -> Iterator[Row]:
    body = [(number, cells) for number, cells in _body(table) if _is_filled(table, cells)]
    readers = {
        key: table.kind.by_key[key].read([cells[place] for _number, cells in body], table.heading(place))
        for key, place in table.columns.items()
    }
    width = max((place + 1 for place, text in enumerate(table.grid.cells[table.head - 1]) if text), default=0)
    for number, cells in body:
        row = _read_row(table, number, cells, readers)
        # In a file of text a cell too many says that the others stand one column too far to the right.
        over = bool(table.grid.encoding) and any(cells[width:])
        words = _("row {row} holds more cells than there are headings").format(row=number) if over else ""
        yield Row(*(row[:6]), refused="; ".join(part for part in (words, row[6]) if part))


def _read_row(
    table: Table, number: int, cells: Sequence[str], readers: Mapping[str, Reader]
) -> tuple[int, dict[str, str], dict[str, Any], dict[str, str], tuple[str, ...], dict[str, str], str]:
    written = {key: cells[place] for key, place in table.columns.items() if not says_nothing(cells[place])}
    notes = {table.heading(place): cells[place] for place in table.notes if not says_nothing(cells[place])}
    values: dict[str, Any] = {}
    faults: dict[str, str] = {}
    remarks, refused = [], []
    for key, text in written.items():
        column = table.kind.by_key[key]
        try:
            found = _read_cell(text, key, readers[key], table.choice)
        except ValueError as error:
            faults[key] = str(error)
            if column.unread is Unread.REFUSE:
                refused.append(str(error))
            else:
                notes[table.heading(table.columns[key])] = text
                kept = _("{fault}; kept as a note") if table.kind.note else _("{fault}; left out")
                remarks.append(kept.format(fault=error))
            continue
        values[key] = found.value
        remarks += [found.remark] if found.remark else []
    for column in table.kind.columns:
        said = table.choice.words.get(column.key, {}).get("", "")
        if said and column.ask and column.beside in values and column.key not in written:
            values[column.key] = column.read([], "")(said).value
            remarks.append(
                _("{column}: {text}, as said for all rows").format(
                    column=_(column.title), text=_said_for_all(column, said)
                )
            )
    lacking = [column.key for column in table.kind.columns if column.required and column.key not in written]
    if lacking:
        refused.append(_("{what} is missing").format(what=table.kind.titles_of(lacking)))
    return number, written, values, faults, tuple(remarks), notes, "; ".join(refused)


def _said_for_all(column: Column, said: str) -> str:
    return _(column.read.titles[said]) if isinstance(column.read, Vocabulary) else said


def _read_cell(text: str, key: str, read: Reader, choice: Choice) -> Value:
    said = choice.words.get(key, {}).get(remembered_as(text))
    require_computed(text)
    return Value(said) if said else read(text)


def tell_understood(table: Table) -> list[str]:
    """Say how a file was understood, a line each: headings, sheets, notes, and what is not used."""
    named = "; ".join(
        _('"{heading}" is {field}').format(
            heading=table.heading(place), field=_(table.kind.by_key[key].title)
        )
        for key, place in table.columns.items()
    )
    lines = [_("Headings in row {row}: {columns}.").format(row=table.head, columns=named)]
    if table.others:
        words = _('Sheet "{title}" was taken; not looked at: {others}.')
        lines.append(words.format(title=table.grid.title, others=_quoted(table.others)))
    if table.grid.hidden:
        lines.append(_('Sheet "{title}" is hidden in the workbook.').format(title=table.grid.title))
    if table.notes:
        lines.append(
            _("Kept as notes: {headings}.").format(headings=_quoted(map(table.heading, table.notes)))
        )
    if table.unused:
        lines.append(_("Not used: {headings}.").format(headings=_quoted(map(table.heading, table.unused))))
    if table.worked_out:
        words = _("Not read, as these are worked out here: {headings}.")
        lines.append(words.format(headings=first_ids(map(table.heading, table.worked_out))))
    lines += _tell_rows(table)
    if table.grid.merged:
        words = ngettext(
            "{count} range of merged cells: each of its cells counts as holding what it shows.",
            "{count} ranges of merged cells: each of their cells counts as holding what they show.",
            table.grid.merged,
        )
        lines.append(words.format(count=table.grid.merged))
    if table.grid.encoding == OLD_ENCODING:
        lines.append(_("Read as Windows-1252: look whether accents are right; UTF-8 is safer."))
    return lines


def _tell_rows(table: Table) -> list[str]:
    """Say of rows what a person may not expect: that they are hidden, or passed over."""
    hidden = [row.number for row in table.rows if row.number in table.grid.hidden_rows]
    lines = list(_tell_days(table))
    columns = sorted(table.grid.hidden_columns & {*table.columns.values(), *table.notes})
    if columns:
        words = _("Hidden columns were read too: {headings}.")
        lines.append(words.format(headings=_quoted(map(table.heading, columns))))
    if hidden:
        lines.append(_("Hidden rows were read too: {rows}.").format(rows=first_ids(hidden)))
    if table.passed:
        words = _("Skipped, as the columns used are empty: rows {rows}.")
        texts = dict(_body(table))
        # Who hands in a sheet of people finds them by number: no name is repeated.
        told = [
            str(number) if table.kind.private else f"{number} ({next(filter(None, texts[number]))})"
            for number in table.passed
        ]
        lines.append(words.format(rows=first_ids(told)))
    return lines


def _tell_days(table: Table) -> Iterator[str]:
    """Say of each column of days that could be read in two ways how it was read."""
    for key, place in table.columns.items():
        read = [(row.text(key), day) for row in table.rows if (day := _to_day(row.meant.get(key)))]
        texts = [row.text(key) for row in table.rows]
        words = _('Days in "{heading}" are read with the month first: {text} is {day}.')
        for text, day in [pair for pair in read if pair[0] in open_days(texts)][:1]:
            yield words.format(heading=table.heading(place), text=text, day=day_words(day))


def _to_day(meant: Any) -> date | None:
    """Return what a cell means where that is one day."""
    if isinstance(meant, DateSpan):
        return meant.first if meant.first == meant.last else None
    return meant if isinstance(meant, date) else None


def _quoted(texts: Any) -> str:
    return ", ".join(f'"{text}"' for text in texts)
