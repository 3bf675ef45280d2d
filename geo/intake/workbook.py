"""An XLSX file without what holds no value, its size judged before a cell of it is made.

A sheet as Excel saves it may name a format in its last row, a million rows below the last value: a reader
that makes every cell up to there takes minutes and gigabytes. Here a sheet's XML is streamed once to see how
far its values reach; where formats reach farther it is written anew without them. No part may define
entities, no link is followed, and pictures, comments, links and macros are not looked at.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import parse

from geo.intake.extent import MAIN, ROW, Extent, holds_value, measure_sheet, place_cells
from geo.intake.limits import Limits
from geo.intake.markup import root_tag, walk_elements
from geo.intake.unpacking import check_unpacked

RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
SHEET = f"{MAIN}worksheet"
KEPT = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/_rels/workbook\.xml\.rels|xl/workbook\.xml|xl/(styles|sharedStrings)\.xml"
    r"|xl/theme/[^/]+\.xml"
)
BLOCK = 1 << 20


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
            check_unpacked([*kept, *(book.getinfo(part) for _title, part in sheets)], name, limits)
            for item in kept:
                _copy(book, item, out)
            for title, part in sheets:
                with book.open(part) as stream, out.open(part, "w") as sink:
                    _trim_sheet(stream, sink, f"{name} ({title})", limits)
    except DefusedXmlException as error:
        raise ValueError("it defines entities") from error
    made.seek(0)
    return made


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
        return root_tag(stream)


def _copy(book: zipfile.ZipFile, item: zipfile.ZipInfo, out: zipfile.ZipFile) -> None:
    _root(book, item.filename)
    with book.open(item) as stream, out.open(item.filename, "w") as sink:
        while block := stream.read(BLOCK):
            sink.write(block)


def _trim_sheet(stream: IO[bytes], sink: IO[bytes], name: str, limits: Limits) -> None:
    extent = measure_sheet(stream, name, limits)
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
