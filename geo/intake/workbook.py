"""An XLSX file without what holds no value, its size judged before a cell of it is made.

A sheet as Excel saves it may name a format in its last row, a million rows below the last value: a reader
that makes every cell up to there takes minutes and gigabytes. Here a sheet's XML is streamed once to see how
far its values reach; where formats reach farther it is written anew without them. No part may define
entities, no link is followed, and pictures, comments, links and macros are not looked at.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import ParseError, tostring

from defusedxml import DefusedXmlException

from geo.intake.extent import MAIN, ROW, Extent, holds_value, measure_sheet, measure_texts, place_cells
from geo.intake.limits import Limits
from geo.intake.markup import read_tree, root_tag, walk_elements
from geo.intake.unpacking import check_unpacked
from geo.language import gettext as _

RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
LINKS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}Types"
THEME = "{http://schemas.openxmlformats.org/drawingml/2006/main}theme"
KEPT = {TYPES, f"{MAIN}workbook", f"{MAIN}sst", f"{MAIN}styleSheet", THEME}
MOST_PARTS = 2_000
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
            roots = _list_roots(book)
            home, sheets = _list_sheets(book, roots)
            wanted = sheets[: 1 if first_only else None]
            kept = ["_rels/.rels", _links_of(home), *(part for part, root in roots.items() if root in KEPT)]
            check_unpacked([book.getinfo(part) for part in (*kept, *dict(wanted))], name, limits)
            for part in kept:
                _copy(book, part, out)
            texts = _measure_texts(book, roots)
            for part, title in wanted:
                with book.open(part) as stream, out.open(part, "w") as sink:
                    _trim_sheet(stream, sink, texts, f"{name} ({title})", limits)
    except DefusedXmlException as error:
        raise ValueError(_("it defines entities")) from error
    made.seek(0)
    return made


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
