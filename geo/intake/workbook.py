"""An XLSX file without what holds no value, its extent measured before a cell of it is made."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import Element, ParseError, tostring

from defusedxml import DefusedXmlException
from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter, range_boundaries

from geo.errors import SchemaError
from geo.intake.limits import Limits
from geo.intake.unpacking import check_unpacked, read_tree, root_tag, too_large, walk_elements
from geo.language import gettext as _

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ROW, VALUE, TEXT, MERGED, ITEM = (MAIN + tag for tag in ("row", "v", "is", "mergeCell", "si"))
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384


@dataclass(slots=True)
class Extent:
    """How far a sheet reaches.

    Attributes
    ----------
    rows, columns, lowest, widest
        The last row and the last column that hold a value, and the cells that stand there.
    cells, characters
        How many cells have a value or lie in a merged range, and how much text all of them show.
    merged
        Ranges of merged cells that show something.
    has_strays
        Whether a format reaches farther than the values.
    """

    rows: int = 0
    columns: int = 0
    lowest: str = ""
    widest: str = ""
    cells: int = 0
    characters: int = 0
    merged: list[str] = field(default_factory=list)
    has_strays: bool = False

    def reach(self, row: int, column: int, place: str, length: int, count: int = 1) -> None:
        """Take in a cell or a range of ``count`` cells, by its last row and column and its text's length."""
        if not (0 < row <= LAST_ROW and 0 < column <= LAST_COLUMN):
            raise ValueError(_("there is no cell {place}").format(place=place[:12]))
        if row > self.rows:
            self.rows, self.lowest = row, place
        if column > self.columns:
            self.columns, self.widest = column, place
        self.cells += count
        self.characters += count * length


def holds_value(cell: Element) -> bool:
    """Whether a cell of a sheet's XML holds a value.

    Examples
    --------
    >>> from xml.etree.ElementTree import fromstring
    >>> space = f'xmlns="{MAIN[1:-1]}"'
    >>> [holds_value(fromstring(f"<c {space} s='3'>{text}</c>")) for text in ("", "<v/>", "<v>1</v>")]
    [False, False, True]
    """
    value = cell.find(VALUE)
    return (value is not None and bool(value.text)) or cell.find(TEXT) is not None


def measure_texts(stream: IO[bytes]) -> list[int]:
    r"""Measure the texts that a workbook keeps once for all its cells, in characters.

    Examples
    --------
    >>> import io
    >>> measure_texts(io.BytesIO(f'<sst xmlns="{MAIN[1:-1]}"><si><t>ab</t></si><si/></sst>'.encode()))
    [2, 0]
    """
    lengths = []
    for _event, element in walk_elements(stream, ends_only=True):
        if element.tag == ITEM:
            lengths.append(sum(len(part) for part in element.itertext()))
            element.clear()
    return lengths


def measure_sheet(stream: IO[bytes], texts: Sequence[int], name: str, limits: Limits) -> Extent:
    """See how far the values of a worksheet reach; ``texts`` are the lengths of the workbook's texts.

    Raises
    ------
    SchemaError
        It has more cells than a sheet may, or values so far out that it would; names those.
    ValueError
        It names a cell that no sheet has.
    """
    extent, held, row = Extent(), dict[tuple[int, int], int](), 0
    farthest = [0, 0]
    for _event, element in walk_elements(stream, ends_only=True):
        if element.tag == ROW:
            row = _measure_row(element, row, extent, held, farthest, texts)
            element.clear()
            check_extent(extent, name, limits)
        elif element.tag == MERGED:
            _measure_range(element.get("ref", ""), extent, held)
            check_extent(extent, name, limits)
    extent.has_strays |= farthest[0] > extent.rows or farthest[1] > extent.columns
    return extent


def place_cells(element: Element, row: int) -> int:
    """Write into a row and its cells where they stand, if they do not say so, and return the row's number.

    What says nothing follows what stands before it.

    Examples
    --------
    >>> from xml.etree.ElementTree import fromstring
    >>> sheet = fromstring("<row><c/><c r='D7'/><c/></row>")
    >>> place_cells(sheet, 6), [cell.get("r") for cell in sheet]
    (7, ['A7', 'D7', 'E7'])
    """
    row, column = int(element.get("r") or row + 1), 0
    element.set("r", str(row))
    for cell in element:
        place = cell.get("r")
        if place:
            column = coordinate_to_tuple(place)[1]
        else:
            column += 1
            cell.set("r", f"{get_column_letter(column)}{row}")
    return row


def _measure_row(
    element: Element,
    row: int,
    extent: Extent,
    held: dict[tuple[int, int], int],
    farthest: list[int],
    texts: Sequence[int],
) -> int:
    """Take a row in, and return its number: rows ascend, and their cells are theirs."""
    before, row = row, place_cells(element, row)
    if not before < row <= LAST_ROW:
        raise ValueError(_("row {row} stands where it cannot").format(row=str(row)[:12]))
    farthest[0] = max(farthest[0], row)
    for cell in element:
        place = str(cell.get("r"))
        north, column = coordinate_to_tuple(place)
        if north != row:
            raise ValueError(_("there is no cell {place}").format(place=place[:12]))
        farthest[1] = max(farthest[1], column)
        if holds_value(cell):
            held[row, column] = length = _length(cell, texts)
            extent.reach(row, column, place, length)
    return row


def _length(cell: Element, texts: Sequence[int]) -> int:
    """Length of the text that a cell shows; what is written in the cell itself counts as short."""
    if cell.get("t") != "s":
        return 1
    return texts[int(cell.findtext(VALUE) or 0)]


def _measure_range(ref: str, extent: Extent, held: Mapping[tuple[int, int], int]) -> None:
    """Take in a range of merged cells that shows something; another is a format."""
    west, north, east, south = range_boundaries(ref)
    if (north, west) in held:
        cells = (south - north + 1) * (east - west + 1)
        extent.reach(south, east, ref, held[north, west], cells)
        extent.merged.append(ref)
    else:
        extent.has_strays = True


def check_extent(extent: Extent, name: str, limits: Limits) -> None:
    """Raise where a sheet has too many cells, or values that stand far out and make it so large.

    Raises
    ------
    SchemaError
        It has.
    """
    reached = extent.rows * extent.columns
    if extent.characters > limits.text_bytes:
        raise too_large(name, limits.text_bytes)
    if max(extent.cells, reached) <= limits.cells:
        return
    if extent.cells > limits.cells // 2:
        raise too_many(name, limits)
    raise SchemaError(
        _("{name} reaches as far as {places}, which makes {count} cells; at most {most} are read").format(
            name=name,
            places=", ".join(dict.fromkeys([extent.lowest, extent.widest])),
            count=f"{reached:,}",
            most=f"{limits.cells:,}",
        ),
        _("clear what stands there by mistake and save it again; nothing was written"),
    )


def too_many(name: str, limits: Limits) -> SchemaError:
    """Say that a table has too many cells."""
    return SchemaError(
        _("{name} has more than {most} cells").format(name=name, most=f"{limits.cells:,}"),
        _("save the part that is needed in a file of its own; nothing was written"),
    )


RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
LINKS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}Types"
THEME = "{http://schemas.openxmlformats.org/drawingml/2006/main}theme"
KEPT = {TYPES, f"{MAIN}workbook", f"{MAIN}sst", f"{MAIN}styleSheet", THEME}
MOST_PARTS = 2_000
BLOCK = 1 << 20


def trim_workbook(path: Path, name: str, limits: Limits, *, first_only: bool, title: str = "") -> io.BytesIO:
    """Write a workbook anew with the cells that hold something.

    Parameters
    ----------
    name
        What a fault calls it.
    first_only
        Keep the first sheet alone.
    title
        Keep the sheet of this title alone.

    Raises
    ------
    SchemaError
        It unpacks to too much, or values stand so far out that the sheet has too many cells; names those. Or
        it has no sheet of the title.
    ValueError
        It is no workbook, or has a part that no workbook has.
    """
    made = io.BytesIO()
    try:
        with (
            zipfile.ZipFile(path) as book,
            zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out,
        ):
            roots = _list_roots(book)
            home, sheets = _list_sheets(book, roots)
            wanted = _sheet_of(sheets, title, name) if title else sheets[: 1 if first_only else None]
            kept = ["_rels/.rels", _links_of(home), *(part for part, root in roots.items() if root in KEPT)]
            check_unpacked([book.getinfo(part) for part in (*kept, *dict(wanted))], name, limits)
            for part in kept:
                _copy(book, part, out)
            texts = _measure_texts(book, roots)
            for part, called in wanted:
                with book.open(part) as stream, out.open(part, "w") as sink:
                    _trim_sheet(stream, sink, texts, f"{name} ({called})", limits)
    except DefusedXmlException as error:
        raise ValueError(_("it defines entities")) from error
    made.seek(0)
    return made


def _sheet_of(sheets: list[tuple[str, str]], title: str, name: str) -> list[tuple[str, str]]:
    """Find the sheet of a title.

    Raises
    ------
    SchemaError
        There is none; names those that are there.
    """
    found = [sheet for sheet in sheets if sheet[1] == title]
    if not found:
        raise SchemaError(
            _("{name} has no sheet {title!r}").format(name=name, title=title),
            _("use one of {known}").format(known=", ".join(called for _part, called in sheets)),
        )
    return found


def _list_roots(book: zipfile.ZipFile) -> dict[str, str]:
    """Name each part's outermost element; one that defines entities is refused, no XML passed over."""
    parts = [part for part in dict.fromkeys(book.namelist()) if part.endswith(".xml")]
    if len(parts) > MOST_PARTS:
        raise ValueError(_("it has more than {most} parts").format(most=f"{MOST_PARTS:,}"))
    roots = {}
    for part in parts:
        with book.open(part) as stream, suppress(ParseError):
            roots[part] = root_tag(stream)
    return roots


def list_titles(path: Path) -> list[str]:
    """List the titles of a workbook's sheets, in their order.

    Raises
    ------
    ValueError
        It is no workbook.
    """
    with zipfile.ZipFile(path) as book:
        return [title for _part, title in _list_sheets(book, _list_roots(book))[1]]


def _list_sheets(book: zipfile.ZipFile, roots: dict[str, str]) -> tuple[str, list[tuple[str, str]]]:
    """Name the part that lists the sheets, and each worksheet by part and title as a person sees them."""
    home = next((part for part, root in roots.items() if root == f"{MAIN}workbook"), "")
    if not home:
        raise ValueError(_("it has no list of sheets"))
    with book.open(_links_of(home)) as stream:
        links = read_tree(stream).iter(f"{LINKS}Relationship")
        targets = {link.get("Id"): _join(home, link.get("Target", "")) for link in links}
    with book.open(home) as stream:
        listed = read_tree(stream).iter(f"{MAIN}sheet")
        named = [(targets.get(sheet.get(f"{RELATED}id"), ""), sheet.get("name", "")) for sheet in listed]
    sheets = [(part, title) for part, title in named if roots.get(part) == f"{MAIN}worksheet"]
    if len(dict(sheets)) < len(sheets):
        raise ValueError(_("one part of it is several sheets"))
    return home, sheets


def _join(home: str, target: str) -> str:
    """Name the part that a link of ``home`` leads to; it is looked for in the workbook and nowhere else."""
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(home), target))[1:]


def _links_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _copy(book: zipfile.ZipFile, part: str, out: zipfile.ZipFile) -> None:
    with book.open(part) as stream:
        root_tag(stream)
        with out.open(part, "w") as sink:
            while block := stream.read(BLOCK):
                sink.write(block)


def _measure_texts(book: zipfile.ZipFile, roots: dict[str, str]) -> list[int]:
    for part, root in roots.items():
        if root == f"{MAIN}sst":
            with book.open(part) as stream:
                return measure_texts(stream)
    return []


def _trim_sheet(stream: IO[bytes], sink: IO[bytes], texts: Sequence[int], name: str, limits: Limits) -> None:
    extent = measure_sheet(stream, texts, name, limits)
    stream.seek(0)
    if extent.has_strays:
        _write_held(stream, sink, extent)
        return
    while block := stream.read(BLOCK):
        sink.write(block)


def _write_held(stream: IO[bytes], sink: IO[bytes], extent: Extent) -> None:
    """Write a sheet anew with the cells that hold something and the ranges that show something."""
    sink.write(f'<worksheet xmlns="{MAIN[1:-1]}"><sheetData>'.encode())
    row = 0
    for _event, element in walk_elements(stream, ends_only=True):
        if element.tag == ROW:
            row = place_cells(element, row)
            for cell in [cell for cell in element if not holds_value(cell)]:
                element.remove(cell)
            if len(element):
                sink.write(tostring(element))
            element.clear()
    sink.write(b"</sheetData>")
    if extent.merged:
        ranges = "".join(f'<mergeCell ref="{area}"/>' for area in extent.merged)
        sink.write(f"<mergeCells>{ranges}</mergeCells>".encode())
    sink.write(b"</worksheet>")
