"""What a person's sheet is by its content, whatever its name says, and workbooks of Excel before 2007."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import xlrd
from xlrd.book import Book
from xlrd.sheet import Sheet

from geo.errors import SchemaError
from geo.intake.limits import Limits
from geo.intake.workbook import too_many
from geo.language import gettext as _
from geo.language import mark as N_

WORKBOOK, OLD_WORKBOOK, TEXT = "workbook", "old workbook", "text"
ZIP_MARK, OLE_MARK, PDF_MARK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF"
# How a workbook of Excel 2, 3 or 4 begins, which is a file of no streams.
BARE_MARKS = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")
# Names of the streams that a file of Office before 2007, or a locked one, holds.
LOCKED, SHEETS = ("EncryptedPackage".encode("utf-16-le"), "Workbook".encode("utf-16-le"))
SAVE = N_("open it where it was made and save it as XLSX or CSV (UTF-8); nothing was written")
# Parts of a zip that tell what it is, and what that is called.
PARTS = {
    "xl/workbook.bin": N_("a binary workbook (XLSB)"),
    "content.xml": N_("a sheet of LibreOffice (ODS)"),
    "Index/Document.iwa": N_("a sheet of Numbers"),
    "word/document.xml": N_("a document of Word"),
}
HEAD_BYTES = 2048


def find_kind(path: Path, name: str) -> str:
    """Tell what a file is: a workbook, one of Excel before 2007, or text.

    Raises
    ------
    SchemaError
        It is none of these, or locked with a password; says what it is.
    """
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    if head.startswith(ZIP_MARK):
        return _look_into(path, name)
    if head.startswith(OLE_MARK):
        content = path.read_bytes()
        if LOCKED in content:
            raise SchemaError(
                _("{name} is locked with a password").format(name=name),
                _("take the password off and save it again; nothing was written"),
            )
        if SHEETS not in content:
            raise _is_other(name, _("no workbook"))
        return OLD_WORKBOOK
    if head.startswith(BARE_MARKS):
        return OLD_WORKBOOK
    if head.startswith(PDF_MARK):
        raise _is_other(name, _("a PDF"))
    return _look_at_text(head, name)


def _look_at_text(head: bytes, name: str) -> str:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith((b"<!doctype", b"<html", b"<table", b"<meta", b"<style", b"<?xml")):
        raise _is_other(name, _("a web page or XML that is named as a sheet"))
    if start.startswith((b"[{", b'{"')):
        raise _is_other(name, _("JSON"))
    return TEXT


def _look_into(path: Path, name: str) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            inside = set(archive.namelist())
    except zipfile.BadZipFile:
        return WORKBOOK  # what is wrong with it is told where it is read
    found = next((words for part, words in PARTS.items() if part in inside), "")
    if found:
        raise _is_other(name, _(found))
    if not any(part.startswith(("xl/", "[Content_Types]")) for part in inside):
        raise _is_other(name, _("a zip without a workbook's parts"))
    return WORKBOOK


def _is_other(name: str, words: str) -> SchemaError:
    return SchemaError(_("{name} is {what}").format(name=name, what=words), _(SAVE))


def read_old_book(
    path: Path, name: str, limits: Limits, write: Callable[[Any, str], str]
) -> Iterator[dict[str, Any]]:
    """Read every sheet of a workbook of Excel before 2007, as :func:`geo.intake.cells.read_grids_of` does.

    Parameters
    ----------
    write
        Makes text of a value and its number format.

    Raises
    ------
    SchemaError
        It has more cells than a table may, or is locked.
    ValueError
        It is damaged.
    """
    try:
        book = xlrd.open_workbook(str(path), formatting_info=True, logfile=io.StringIO())
    except xlrd.XLRDError as error:
        raise ValueError(str(error)) from error
    for sheet in book.sheets():
        if sheet.nrows * sheet.ncols > limits.cells:
            raise too_many(name, limits)
        yield _old_sheet(book, sheet, write)


def _old_sheet(book: Book, sheet: Sheet, write: Callable[[Any, str], str]) -> dict[str, Any]:
    rows = [
        [write(*_value(book, sheet, row, column)) for column in range(sheet.ncols)]
        for row in range(sheet.nrows)
    ]
    for top, bottom, left, right in sheet.merged_cells:
        for row in range(top, min(bottom, sheet.nrows)):
            rows[row][left:right] = [rows[top][left]] * len(rows[row][left:right])
    return {
        "title": sheet.name,
        "merged": len(sheet.merged_cells),
        "encoding": "",
        "hidden": bool(sheet.visibility),
        "hidden_rows": [place + 1 for place, row in sheet.rowinfo_map.items() if row.hidden],
        "hidden_columns": [place for place, column in sheet.colinfo_map.items() if column.hidden],
        "cells": rows,
    }


def _value(book: Book, sheet: Sheet, row: int, column: int) -> tuple[Any, str]:
    """Return a cell's value as Python has it, and its number format."""
    cell = sheet.cell(row, column)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(cell.value, "#N/A"), ""
    if cell.ctype == xlrd.XL_CELL_DATE:
        return xlrd.xldate.xldate_as_datetime(cell.value, book.datemode), ""
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value), ""
    form = book.format_map.get(book.xf_list[cell.xf_index].format_key)
    return cell.value, str(form.format_str) if form else ""
