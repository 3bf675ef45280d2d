"""The walk list of turfs as PDF: maps with streets and order, then blocks with boxes to tally in."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from html import escape

import pandas as pd
from reportlab.lib import colors
from reportlab.lib.pagesizes import letter
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import inch
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table

from geo.canvass.codes import DISPOSITION_TITLES, Disposition, unit_name
from geo.canvass.walk import Walk, walk_words
from geo.language import gettext as _
from reports.graphics import draw_qr
from reports.letters import to_markup
from reports.walk_map import Detail, WalkMap, find_details

LARGE = ParagraphStyle("large", fontName="Helvetica", fontSize=14, leading=18)
SMALL = ParagraphStyle("small", fontName="Helvetica", fontSize=10.5, leading=13)
CENTERED = ParagraphStyle("centered", fontName="Helvetica-Bold", fontSize=9, leading=11, alignment=1)
TITLE = ParagraphStyle("title", fontName="Helvetica-Bold", fontSize=28, leading=34)
HEADING = ParagraphStyle("heading", fontName="Helvetica-Bold", fontSize=16, leading=20)
WIDTH, MAP_HEIGHT, DETAIL_HEIGHT = 7.3 * inch, 6.4 * inch, 4.2 * inch
QR_SIZE = 1.25 * inch
MARGIN, FRAME_PT = 0.6 * inch, 6
WIDE = (Disposition.SPOKE, Disposition.NOT_HOME)
WIDTHS = [0.5 * inch, 1.3 * inch, 0.6 * inch]
WIDTHS += [(1.0 if item in WIDE else 0.58) * inch for item in DISPOSITION_TITLES]
HEAD_HEIGHT, ROW_HEIGHT, TABLE_HEIGHT = 1.2 * inch, 0.4 * inch, 8.6 * inch
DOORS_A_LINE, LINE_HEIGHT, LINES_AT_MOST, GROW_AT_MOST = 25, 0.22 * inch, 6, 3.0


def make_walk_list(walks: Sequence[Walk], *, invented: bool, address: str = "") -> bytes:
    """Make the PDF, letter size, in the chosen language: every turf begins on a new page.

    Parameters
    ----------
    walks
        From :func:`geo.canvass.walk.plan_walk`.
    invented
        Whether the region is made up; then every page says so.
    address
        Of the page for returns, to which the turf's code is added in its QR code; where empty, the QR code
        holds the turf's code alone.
    """
    buffer = io.BytesIO()
    document = SimpleDocTemplate(
        buffer,
        pagesize=letter,
        leftMargin=MARGIN - FRAME_PT,
        rightMargin=MARGIN - FRAME_PT,
        topMargin=0.45 * inch,
        bottomMargin=0.6 * inch,
        title=_("Walk list"),
    )
    story = [part for walk in walks for part in _turf(walk, address)]
    document.build(story, canvasmaker=lambda *args, **more: _Pages(*args, invented=invented, **more))
    return buffer.getvalue()


class _Pages(Canvas):  # type: ignore[misc]
    """Pages with a foot: the turf, its page of how many, and whether data are invented."""

    def __init__(self, *args: object, invented: bool, **more: object) -> None:
        super().__init__(*args, **more)
        self.turf, self.invented = "", invented
        self.kept: list[dict[str, object]] = []

    def showPage(self) -> None:  # noqa: N802
        self.kept.append({**self.__dict__})
        self._startPage()

    def save(self) -> None:
        kept = self.kept
        counts = pd.Series([str(page["turf"]) for page in kept])
        numbers, totals = counts.groupby(counts).cumcount() + 1, counts.map(counts.value_counts())
        for page, number, total in zip(kept, numbers, totals, strict=True):
            self.__dict__.update(page)
            self.foot(int(number), int(total))
            super().showPage()
        super().save()

    def foot(self, number: int, total: int) -> None:
        """Write the foot of a page."""
        self.setFillColor(colors.black)
        self.setFont("Helvetica-Bold", 11)
        words = _("Turf {code}, page {number} of {total}")
        self.drawString(MARGIN, 0.36 * inch, words.format(code=self.turf, number=number, total=total))
        if self.invented:
            self.drawRightString(letter[0] - MARGIN, 0.36 * inch, _("Invented data: for trying out only"))


class _Begin(Flowable):  # type: ignore[misc]
    """Tell the pages that follow whose they are."""

    def __init__(self, code: str) -> None:
        super().__init__()
        self.code, self.width, self.height = code, 0, 0

    def draw(self) -> None:
        self.canv.turf = self.code


class _Upright(Flowable):  # type: ignore[misc]
    """Words that run upwards, so that a narrow column has a large title."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.words, self.width, self.height = words, 16, HEAD_HEIGHT - 10

    def draw(self) -> None:
        self.canv.saveState()
        self.canv.rotate(90)
        self.canv.setFont("Helvetica-Bold", 12)
        for place, line in enumerate(simpleSplit(self.words, "Helvetica-Bold", 12, self.height)):
            self.canv.drawString(0, -12 - 14 * place, line)
        self.canv.restoreState()


def _turf(walk: Walk, address: str) -> Iterator[Flowable]:
    yield _Begin(walk.code)
    yield _head(walk, address)
    details = find_details(walk, (WIDTH, MAP_HEIGHT), (WIDTH, DETAIL_HEIGHT))
    yield WalkMap(walk, WIDTH, MAP_HEIGHT, details=details)
    yield Spacer(1, 6)
    yield Paragraph(to_markup(_map_words(walk, details)), SMALL)
    yield Spacer(1, 6)
    yield Paragraph(_("Volunteer: ____________________   Date: ______________"), LARGE)
    yield PageBreak()
    yield from _details(walk, details)
    yield from _sheets(walk)


def _head(walk: Walk, address: str) -> Table:
    """Title and length of the turf beside the code that a phone's camera reads."""
    picture = draw_qr(f"{address}&turf={walk.code}" if address else walk.code, QR_SIZE)
    under = _("Enter results here") if address else _("Code of this turf")
    words = [
        Paragraph(to_markup(_("Turf {code}").format(code=walk.code)), TITLE),
        Paragraph(to_markup(walk_words(walk)), LARGE),
    ]
    code_words = [picture, Paragraph(to_markup(under), CENTERED)]
    table = Table([[words, code_words]], colWidths=[WIDTH - 1.5 * inch, 1.5 * inch])
    table.setStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)])
    return table


def _map_words(walk: Walk, details: Sequence[Detail]) -> str:
    words = [_("Numbers are stops in walking order; the blue line is the route.")]
    if details:
        words.append(_("Frames with a letter have a larger map on the next pages."))
    if walk.streets.empty:
        words.append(_("We have no streets here: the lines show order only. Take a street map along."))
    return " ".join(words)


def _details(walk: Walk, details: Sequence[Detail]) -> Iterator[Flowable]:
    """Yield larger maps, two a page."""
    for place, detail in enumerate(details):
        stops = ", ".join(map(str, detail.stops))
        yield Paragraph(
            escape(_("{letter}: stops {stops}").format(letter=detail.letter, stops=stops)), HEADING
        )
        yield WalkMap(walk, WIDTH, DETAIL_HEIGHT, detail=detail)
        yield Spacer(1, 10) if place % 2 == 0 and detail is not details[-1] else PageBreak()


def _sheets(walk: Walk) -> Iterator[Flowable]:
    """Yield the sheets to tally on, each with its own code and totals."""
    heights = [_row_height(doors) for doors in walk.stops["doors"]]
    begin, number = 0, 1
    while begin < len(heights):
        end, used = begin + 1, heights[begin]
        while end < len(heights) and used + heights[end] <= TABLE_HEIGHT - HEAD_HEIGHT - ROW_HEIGHT:
            used += heights[end]
            end += 1
        title = _("Turf {code}, sheet {number}").format(code=walk.code, number=number)
        yield Paragraph(to_markup(title), HEADING)
        yield Paragraph(_("Make one stroke for every door. Write no names and no addresses."), SMALL)
        yield Spacer(1, 4)
        grow = min((TABLE_HEIGHT - HEAD_HEIGHT - ROW_HEIGHT) / used, GROW_AT_MOST)
        yield _table(walk, begin, end, [height * grow for height in heights[begin:end]])
        yield PageBreak()
        begin, number = end, number + 1


def _row_height(doors: float) -> float:
    """Height of a row: a line of strokes for every 25 doors."""
    lines = min(max(-(-int(doors) // DOORS_A_LINE), 1), LINES_AT_MOST)
    return float(ROW_HEIGHT + (lines - 1) * LINE_HEIGHT)


def _table(walk: Walk, begin: int, end: int, heights: Sequence[float]) -> Table:
    part = walk.stops.iloc[begin:end]
    area = _("Block group") if walk.of_groups else _("Block")
    titles = [_("Stop"), area, _("Doors"), *(_(title) for title in DISPOSITION_TITLES.values())]
    empty = [""] * len(DISPOSITION_TITLES)
    rows: list[list[object]] = [[_Upright(title) for title in titles]]
    for stop, unit, doors in zip(part.index, part["unit"], part["doors"], strict=True):
        rows.append([str(stop), escape(unit_name(str(unit))), f"{doors:,.0f}", *empty])
    rows.append([_("Total of this sheet"), "", f"{part['doors'].sum():,.0f}", *empty])
    table = Table(rows, colWidths=WIDTHS, rowHeights=[HEAD_HEIGHT, *heights, ROW_HEIGHT])
    table.setStyle(
        [
            ("GRID", (0, 0), (-1, -1), 0.8, colors.black),
            ("FONT", (0, 1), (0, -2), "Helvetica-Bold", 16),
            ("FONT", (1, 1), (-1, -1), "Helvetica", 14),
            ("FONT", (0, -1), (1, -1), "Helvetica-Bold", 11),
            ("SPAN", (0, -1), (1, -1)),
            ("LEFTPADDING", (0, 0), (-1, -1), 4),
            ("RIGHTPADDING", (0, 0), (-1, -1), 2),
            ("VALIGN", (0, 1), (-1, -1), "MIDDLE"),
            ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
            ("LINEABOVE", (0, -1), (-1, -1), 2, colors.black),
        ]
    )
    return table
