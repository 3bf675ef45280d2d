"""An XLSX file without what holds no value, its size judged before a cell of it is made.

A sheet as Excel saves it may name a format in its last row, a million rows below the last value: a reader
that makes every cell up to there takes minutes and gigabytes. Here a sheet's XML is streamed once; what is
kept are cells with a value, merged ranges and the parts that say what a cell means. No part may define
entities, no link is followed, and pictures, comments, links and macros are not looked at.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import Element, tostring
from xml.sax.saxutils import escape, quoteattr

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse, parse
from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter, range_boundaries

from geo.errors import SchemaError
from geo.intake.limits import Limits
from geo.language import gettext as _

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
SHEET, ROW, CELL, VALUE, TEXT, MERGED = (
    MAIN + tag for tag in ("worksheet", "row", "c", "v", "is", "mergeCell")
)
KEPT = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/_rels/workbook\.xml\.rels|xl/workbook\.xml|xl/(styles|sharedStrings)\.xml"
    r"|xl/theme/[^/]+\.xml"
)
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
BLOCK = 1 << 20


@dataclass(slots=True)
class Extent:
    """How far a sheet reaches: its last row and column with a value, and which cells those are."""

    rows: int = 0
    columns: int = 0
    lowest: str = ""
    widest: str = ""
    count: int = 0

    def reach(self, row: int, column: int, place: str, count: int = 1) -> None:
        """Take in a cell or a range of ``count`` cells, by its last row and column."""
        if not (0 < row <= LAST_ROW and 0 < column <= LAST_COLUMN):
            raise ValueError(f"there is no cell {place[:12]}")
        if row > self.rows:
            self.rows, self.lowest = row, place
        if column > self.columns:
            self.columns, self.widest = column, place
        self.count += count


def trim_workbook(path: Path, name: str, limits: Limits, *, first_only: bool) -> io.BytesIO:
    """Write a workbook anew with the cells that hold something.

    Parameters
    ----------
    name
        What a fault calls it.
    first_only
        Keep the first sheet alone.

    Raises
    ------
    SchemaError
        It unpacks to too much, or values stand so far out that the sheet has too many cells; names those.
    ValueError
        It is no workbook, or has a part that no workbook has.
    """
    made = io.BytesIO()
    try:
        with (
            zipfile.ZipFile(path) as book,
            zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out,
        ):
            kept = [item for item in book.infolist() if KEPT.fullmatch(item.filename)]
            sheets = _list_sheets(book)[: 1 if first_only else None]
            _check_sizes(kept + [book.getinfo(part) for _title, part in sheets], name, limits)
            for item in kept:
                _copy(book, item, out)
            for title, part in sheets:
                with book.open(part) as stream, out.open(part, "w") as sink:
                    _trim_sheet(stream, sink, f"{name} ({title})", limits)
    except DefusedXmlException as error:
        raise ValueError("it defines entities") from error
    made.seek(0)
    return made


def _check_sizes(items: list[zipfile.ZipInfo], name: str, limits: Limits) -> None:
    if sum(item.file_size for item in items) > limits.unpacked_bytes:
        raise SchemaError(
            _("{name} unpacks to more than {most} MB").format(
                name=name, most=limits.unpacked_bytes // 1_000_000
            ),
            _("simplify it; nothing was written"),
        )


def _list_sheets(book: zipfile.ZipFile) -> list[tuple[str, str]]:
    """List the worksheets by title and part, in the order in which a person sees them."""
    parts = {}
    with book.open("xl/_rels/workbook.xml.rels") as stream:
        for relation in parse(stream, forbid_dtd=True).getroot():
            target = relation.get("Target", "")
            parts[relation.get("Id")] = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    with book.open("xl/workbook.xml") as stream:
        sheets = parse(stream, forbid_dtd=True).getroot().iter(f"{MAIN}sheet")
        named = [(sheet.get("name", ""), parts.get(sheet.get(f"{RELATED}id"), "")) for sheet in sheets]
    there = set(book.namelist())
    return [(title, part) for title, part in named if part in there and _root(book, part) == SHEET]


def _root(book: zipfile.ZipFile, part: str) -> str:
    """Tag of a part's outermost element; what defines entities must do so before it, and is refused."""
    with book.open(part) as stream:
        return str(next(iterparse(stream, events=("start",), forbid_dtd=True))[1].tag)


def _copy(book: zipfile.ZipFile, item: zipfile.ZipInfo, out: zipfile.ZipFile) -> None:
    _root(book, item.filename)
    with book.open(item) as stream, out.open(item.filename, "w") as sink:
        while block := stream.read(BLOCK):
            sink.write(block)


def _trim_sheet(stream: IO[bytes], sink: IO[bytes], name: str, limits: Limits) -> None:
    sheet = _Sheet()
    sink.write(f'<worksheet xmlns="{MAIN[1:-1]}">'.encode())
    sink.write(b"<sheetData>")
    for text in sheet.walk(stream):
        sink.write(text.encode())
        _check_extent(sheet.extent, name, limits)
    sink.write(b"</row></sheetData>" if sheet.held else b"</sheetData>")
    if sheet.merged:
        _check_extent(sheet.extent, name, limits)
        ranges = "".join(f'<mergeCell ref="{area}"/>' for area in sheet.merged)
        sink.write(f"<mergeCells>{ranges}</mergeCells>".encode())
    sink.write(b"</worksheet>")


class _Sheet:
    """A sheet as it is streamed: where it is, which cells hold something, which ranges of them are merged."""

    def __init__(self) -> None:
        self.extent = Extent()
        self.held: set[tuple[int, int]] = set()
        self.merged: list[str] = []
        self._row = self._column = self._open_row = 0
        self._hidden = ""

    def walk(self, stream: IO[bytes]) -> Iterator[str]:
        """Yield each cell that holds something, before the first of a row that row's head."""
        parent: Element | None = None
        for event, element in iterparse(stream, events=("start", "end"), forbid_dtd=True):
            if event == "start":
                if element.tag == ROW:
                    parent = self._begin_row(element)
            elif element.tag == CELL:
                yield self._take_cell(element)
                if parent is not None:
                    parent.clear()
            elif element.tag == MERGED:
                self._take_range(element.get("ref", ""))

    def _begin_row(self, element: Element) -> Element:
        self._row, self._column = int(element.get("r") or self._row + 1), 0
        self._hidden = ' hidden="1"' if element.get("hidden") in ("1", "true") else ""
        return element

    def _take_cell(self, element: Element) -> str:
        self._column += 1
        place = element.get("r") or f"{get_column_letter(self._column)}{self._row}"
        self._row, self._column = coordinate_to_tuple(place)
        text = _text(element, place)
        if not text:
            return ""
        self.extent.reach(self._row, self._column, place)
        self.held.add((self._row, self._column))
        if self._row == self._open_row:
            return text
        end = "</row>" if self._open_row else ""
        self._open_row = self._row
        return f'{end}<row r="{self._row}"{self._hidden}>{text}'

    def _take_range(self, ref: str) -> None:
        """Take a range of merged cells that shows something; another is a format."""
        west, north, east, south = range_boundaries(ref)
        if (north, west) in self.held:
            self.extent.reach(south, east, ref, (south - north + 1) * (east - west + 1))
            self.merged.append(ref)


def _text(cell: Element, place: str) -> str:
    """Write a cell that holds a value anew, without its formula; empty for one that holds none."""
    value, inline = cell.find(VALUE), cell.find(TEXT)
    if value is not None and value.text:
        inside = f"<v>{escape(value.text)}</v>"
    elif inline is not None:
        inside = tostring(inline, encoding="unicode")
    else:
        return ""
    marks = "".join(f" {key}={quoteattr(cell.get(key, ''))}" for key in ("s", "t") if cell.get(key))
    return f"<c r={quoteattr(place)}{marks}>{inside}</c>"


def _check_extent(extent: Extent, name: str, limits: Limits) -> None:
    most = f"{limits.cells:,}"
    if extent.rows * extent.columns > limits.cells:
        places = ", ".join(dict.fromkeys([extent.lowest, extent.widest]))
        raise SchemaError(
            _("{name} reaches as far as {places}, which makes {count} cells; at most {most} are read").format(
                name=name, places=places, count=f"{extent.rows * extent.columns:,}", most=most
            ),
            _("clear what stands there by mistake and save it again; nothing was written"),
        )
    if extent.count > limits.cells:
        raise SchemaError(
            _("{name} has more than {most} cells").format(name=name, most=most),
            _("save the part that is needed in a file of its own; nothing was written"),
        )
