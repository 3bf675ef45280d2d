"""One page for a system, and one for a network: map, figures, costs, proof, range, assumptions, sources."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import letter
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import inch
from reportlab.platypus import Flowable, KeepInFrame, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from geo.days import day_words
from geo.language import current_language
from geo.language import gettext as _
from geo.region import Bounds
from reports.letters import to_markup
from reports.map_report import HEADING, SUBTITLE, TITLE, WARNING, WORDS, MapLegend, lay_legend
from reports.printed_map import Printed, ViewMap

WIDTH, MARGIN = 7.5 * inch, 0.5 * inch
HEIGHT = 9.75 * inch
MAP_WIDTH, MAP_HEIGHT, GAP = 5.3 * inch, 3.3 * inch, 0.12 * inch
NUMBER = ParagraphStyle("number", parent=WORDS, alignment=TA_RIGHT)
BOLD = {"fontName": "Helvetica-Bold"}
HEADS = (ParagraphStyle("head", parent=WORDS, **BOLD), ParagraphStyle("heads", parent=NUMBER, **BOLD))


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a sheet: a heading, a table with its head, and sentences below it.

    ``widths`` are in proportion, ``numbers`` the columns that are set flush right.
    """

    title: str
    rows: Sequence[Sequence[str]] = ()
    widths: Sequence[float] = ()
    numbers: Sequence[int] = ()
    lines: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one page is made from.

    Attributes
    ----------
    title, subtitle, day
        What it is of, where, and the day of printing.
    layers, bounds, crs
        The map: its layers, what it shows at least (degrees), and the projected CRS (m) it is drawn in.
    legends, blocks, sources
        In the order in which they are told.
    invented
        Whether the region is made up.
    """

    title: str
    subtitle: str
    day: date
    layers: Sequence[Printed]
    bounds: Bounds
    crs: str
    legends: Sequence[MapLegend]
    blocks: Sequence[Block]
    sources: Sequence[str]
    invented: bool


def sheet_pdf(sheet: Sheet) -> bytes:
    """Write the sheet (US letter) in the chosen language: one page, set smaller where it holds much."""
    stream = io.BytesIO()
    document = SimpleDocTemplate(
        stream,
        pagesize=letter,
        title=sheet.title,
        lang=current_language(),
        leftMargin=MARGIN - 6,
        rightMargin=MARGIN - 6,
        topMargin=0.5 * inch,
        bottomMargin=0.5 * inch,
    )
    document.build([KeepInFrame(WIDTH, HEIGHT, list(_flow(sheet)), mode="shrink")])
    return stream.getvalue()


def _flow(sheet: Sheet) -> Iterator[Flowable]:
    yield Paragraph(to_markup(sheet.title), TITLE)
    yield Paragraph(to_markup(f"{sheet.subtitle} · {day_words(sheet.day)}"), SUBTITLE)
    if sheet.invented:
        yield Paragraph(to_markup(_("INVENTED DATA: nothing in this report is real.")), WARNING)
    yield Spacer(1, 3)
    yield _map(sheet)
    for block in sheet.blocks:
        yield from _lay(block)
    yield Paragraph(to_markup(_("Sources")), HEADING)
    yield Paragraph(to_markup("; ".join(sheet.sources)), WORDS)


def _map(sheet: Sheet) -> Flowable:
    chart = ViewMap(sheet.layers, sheet.bounds, sheet.crs, MAP_WIDTH, MAP_HEIGHT)
    room = WIDTH - MAP_WIDTH - GAP
    words = [part for legend in sheet.legends for part in lay_legend(legend, room)]
    legend = KeepInFrame(room, MAP_HEIGHT, words, mode="shrink")
    style = TableStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (0, 0), 0),
            ("LEFTPADDING", (1, 0), (1, 0), GAP),
            ("RIGHTPADDING", (0, 0), (-1, -1), 0),
        ]
    )
    return Table([[chart, legend]], colWidths=[MAP_WIDTH, WIDTH - MAP_WIDTH], style=style, hAlign="LEFT")


def _lay(block: Block) -> Iterator[Flowable]:
    yield Paragraph(to_markup(block.title), HEADING)
    if block.rows:
        cells = [
            [
                Paragraph(to_markup(cell), _style(head=not line, number=place in block.numbers))
                for place, cell in enumerate(row)
            ]
            for line, row in enumerate(block.rows)
        ]
        style = TableStyle(
            [
                ("LINEBELOW", (0, 0), (-1, -1), 0.3, colors.HexColor("#c5ced6")),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 1),
                ("TOPPADDING", (0, 0), (-1, -1), 0.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
            ]
        )
        total = sum(block.widths)
        widths = [WIDTH * width / total for width in block.widths]
        yield Table(cells, colWidths=widths, style=style, hAlign="LEFT")
    for line in block.lines:
        yield Paragraph(to_markup(line), WORDS)


def _style(*, head: bool, number: bool) -> ParagraphStyle:
    return HEADS[number] if head else (NUMBER if number else WORDS)
