"""What reports on paper are put together from: text, tables that break over pages, sections."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from html import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.lib.units import inch
from reportlab.platypus import CondPageBreak, Flowable, Paragraph, Table, TableStyle

WIDTH = 10 * inch
HEAD = colors.HexColor("#e6edf2")
# A heading goes to the next page where less than this is left for what comes under it.
LEAST = 1.6 * inch


def to_text(words: str, style: str) -> Paragraph:
    """Write a line or a paragraph; it is escaped."""
    return Paragraph(escape(words), getSampleStyleSheet()[style])


def to_section(title: str, content: Sequence[Flowable]) -> list[Flowable]:
    """Put a heading over its content, on the same page as the beginning of it."""
    return [CondPageBreak(LEAST), to_text(title, "Heading2"), *content]


def to_table(rows: Sequence[Sequence[str]], widths: Sequence[float], numbers: Collection[int] = ()) -> Table:
    """Lay out rows under their head, which is repeated on each page.

    Parameters
    ----------
    widths
        In proportion.
    numbers
        Columns that are set flush right.
    """
    body = getSampleStyleSheet()["BodyText"]
    left = ParagraphStyle("small", parent=body, fontSize=8, leading=10, spaceBefore=0)
    right = ParagraphStyle("number", parent=left, alignment=TA_RIGHT)
    cells = [
        [Paragraph(escape(str(cell)), right if place in numbers else left) for place, cell in enumerate(row)]
        for row in rows
    ]
    table = Table(cells, colWidths=[WIDTH * width / sum(widths) for width in widths], repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.4, colors.grey),
                ("BACKGROUND", (0, 0), (-1, 0), HEAD),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("TOPPADDING", (0, 0), (-1, -1), 2),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
            ]
        )
    )
    return table
