"""Sheets that cost more than they hold, or want something else than to be read: written here, by code."""

from __future__ import annotations

import io
import re
import zipfile

from openpyxl import Workbook
from openpyxl.styles import Font

from tests.unit.intake.hostile_shapes import Prey, geopackage, zipped

SHEET, STRINGS, BOOK = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"
TYPES, LINKS = "[Content_Types].xml", "xl/_rels/workbook.xml.rels"


def sheets_of(prey: Prey) -> dict[str, tuple[str, bytes]]:
    """Every hostile sheet by what it tries: its name and its content."""
    made = {key: ("board.xlsx", content) for key, content in (strays() | bombs() | links(prey)).items()}
    return made | other_kinds(prey) | texts()


def workbook(**cells: object) -> bytes:
    """A small board, with some more cells."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["pwsid", "stage"])
    sheet.append(["CA3310001", "planning"])
    for place, value in cells.items():
        if value is None:
            sheet[place].font = Font(bold=True)
        else:
            sheet[place] = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def as_excel_writes() -> dict[str, bytes]:
    """The parts of a small board in the way of Excel, whose texts stand in a part of their own."""
    with zipfile.ZipFile(io.BytesIO(workbook())) as book:
        held = {name: book.read(name).decode() for name in book.namelist()}
    texts = ("pwsid", "stage", "CA3310001", "planning")
    for number, text in enumerate(texts):
        inline = f't="inlineStr"><is><t>{text}</t></is>'
        held[SHEET] = held[SHEET].replace(inline, f't="s"><v>{number}</v>')
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    held[STRINGS] = f'<sst xmlns="{space}">{"".join(f"<si><t>{text}</t></si>" for text in texts)}</sst>'
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    part = f'<Override PartName="/{STRINGS}" ContentType="{kind}"/></Types>'
    held[TYPES] = held[TYPES].replace("</Types>", part)
    return {name: text.encode() for name, text in held.items()}


def changed(changes: dict[str, tuple[str, str]], more: dict[str, bytes] | None = None) -> bytes:
    """A small board in some of whose parts text that a pattern finds is another."""
    held = as_excel_writes()
    for name, (pattern, text) in changes.items():
        content, found = re.subn(pattern, lambda _found, new=text: new, held[name].decode(), count=1)
        assert found, (name, pattern)
        held[name] = content.encode()
    return zipped(held | (more or {}))


def strays() -> dict[str, bytes]:
    end = "</sheetData>"
    many = "".join(f'<mergeCell ref="A{row}:B{row}"/>' for row in range(1, 200_000))
    merged = {
        "a merged range of all": '<mergeCell ref="A1:XFD1048576"/>',
        "a merged range of no cells": '<mergeCell ref="B9:A1"/>',
        "merged ranges without end": many,
    }
    rows = {
        "one row again and again": '<row r="3"><c r="A3"><v>1</v></c></row>' * 200_000,
        "a row that holds another's cell": '<row r="3"><c r="A900000"><v>1</v></c></row>',
        "a cell in no row": '<row r="1048577"><c><v>1</v></c></row>',
    }
    return {
        "a value at Z150000": workbook(Z150000="x"),
        "values at XFD1 and A1048576": workbook(XFD1="x", A1048576="y"),
        "a format at XFD1048576": workbook(XFD1048576=None),
        "a cell that no sheet has": changed({SHEET: ('r="A2"', 'r="ZZZ9999999"')}),
        "a row below all": changed({SHEET: ('<row r="2"', '<row r="999999999999"')}),
        "a row of no number": changed({SHEET: ('<row r="2"', '<row r="x"')}),
        **{key: changed({SHEET: (end, f"{text}{end}")}) for key, text in rows.items()},
        **{
            key: changed({SHEET: (end, f"{end}<mergeCells>{text}</mergeCells>")})
            for key, text in merged.items()
        },
    }


def bombs() -> dict[str, bytes]:
    laughs = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {new} "{f"&{old};" * 20}">' for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    entity = dict.fromkeys((SHEET, STRINGS, BOOK, TYPES, LINKS), ("<(?=[a-zA-Z])", f"{laughs}]><"))
    repeated = "".join(
        f'<sheet name="s{number}" sheetId="{number}" r:id="rId1"/>' for number in range(2, 20_000)
    )
    long = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(3, 100_000))
    return {
        **{f"a billion laughs in {name}": changed({name: change}) for name, change in entity.items()},
        "a sheet of blanks": changed({SHEET: ("</sheetData>", " " * 250_000_000 + "</sheetData>")}),
        "one text in every row": changed(
            {STRINGS: ("pwsid", "x" * 1_000_000), SHEET: ("</sheetData>", f"{long}</sheetData>")}
        ),
        "one part as every sheet": changed({BOOK: ("</sheets>", f"{repeated}</sheets>")}),
        "elements without end": changed({SHEET: ("</sheetData>", "<row>" * 100_000)}),
        "a text that is not there": changed({SHEET: ("<v>0</v>", "<v>99999</v>")}),
        "a date beyond all": changed({SHEET: ('t="s"><v>0</v>', 't="d"><v>9999999-99-99</v>')}),
        "a sheet cut short": changed({SHEET: ("</sheetData>.*", "")}),
    }


def links(prey: Prey) -> dict[str, bytes]:
    web, file = f"{prey.address}/a", prey.file.as_uri()
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLink"
    outside = f'<Relationship Id="rId9" Type="{kind}" Target="{web}" TargetMode="External"/></Relationships>'
    refers = '<externalReferences><externalReference r:id="rId9"/></externalReferences></workbook>'
    formula = '<c r="A2" t="str"><f>WEBSERVICE("{}")</f></c>'
    dde = '<c r="A2" t="str"><f>cmd|\'/c calc\'!A0</f><v>shown</v></c>'
    cell = r'<c r="A2".*?</c>'
    return {
        "a link to another workbook": changed(
            {LINKS: ("</Relationships>", outside), BOOK: ("</workbook>", refers)}
        ),
        "a formula that asks an address": changed({SHEET: (cell, formula.format(web))}),
        "a formula that starts a program": changed({SHEET: (cell, dde)}),
        "a sheet elsewhere": changed({LINKS: ('Target="/?(xl/)?worksheets/sheet1.xml"', f'Target="{web}"')}),
        "a sheet outside the file": changed(
            {LINKS: ('Target="/?(xl/)?worksheets/sheet1.xml"', f'Target="../../../../../..{prey.file}"')}
        ),
        "an entity of a file": changed(
            {
                STRINGS: ("<sst", f'<!DOCTYPE sst [<!ENTITY x SYSTEM "{file}">]><sst'),
                SHEET: ("</sheetData>", "</sheetData>"),
            }
        ),
        "an entity of an address": changed({SHEET: ("<worksheet", f'<!DOCTYPE x SYSTEM "{web}"><worksheet')}),
    }


def other_kinds(prey: Prey) -> dict[str, tuple[str, bytes]]:
    return {
        "the store as a workbook": ("board.xlsx", prey.store.read_bytes()),
        "the store as a table": ("board.csv", prey.store.read_bytes()),
        "a GeoPackage as a workbook": ("board.xlsx", geopackage("")),
        "a table as a workbook": ("board.xlsx", b"pwsid,stage\nCA3310001,planning\n"),
        "a workbook as a table": ("board.csv", workbook()),
        "a zip without a workbook": ("board.xlsx", zipped({"a.txt": b"x"})),
        "a path": ("board.csv", str(prey.store).encode()),
        "an address": ("board.csv", f"{prey.address}/a.csv".encode()),
        "nothing": ("board.xlsx", b""),
    }


def texts() -> dict[str, tuple[str, bytes]]:
    head = b"pwsid,stage\n"
    bodies = {
        "zeros": head + bytes(1_000),
        "one endless line": b"x" * 5_000_000,
        "commas without end": b"," * 5_000_000,
        "a wide row": head + b"," * 5_000_000,
        "rows without end": b"a,b\n" * 1_000_000,
        "a quote without end": head + b'"' + b"x,\n" * 500_000,
        "a cell without end": head + b'"' + b"x" * 5_000_000 + b'"\n',
        "a wide head above many rows": b"," * 2_000 + b"\n" + b"x\n" * 100_000,
        "a formula": head + b'=cmd|\'/c calc\'!A0,"=WEBSERVICE(""http://127.0.0.1"")"\n',
    }
    return {key: ("board.csv", body) for key, body in bodies.items()}
