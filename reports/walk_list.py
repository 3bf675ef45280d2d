"""The walk list of turfs as PDF: a map with streets and order, then blocks with boxes to tally in."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

from reportlab.lib import colors
from reportlab.lib.pagesizes import letter
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import inch
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table

from geo.canvass import DISPOSITION_TITLES
from geo.canvass_walk import Walk, walk_words
from geo.language import gettext as _
from reports.walk_map import WalkMap

LARGE = ParagraphStyle("large", fontName="Helvetica", fontSize=14, leading=18)
TITLE = ParagraphStyle("title", fontName="Helvetica-Bold", fontSize=26, leading=32)
HEAD = ParagraphStyle("head", fontName="Helvetica-Bold", fontSize=9, leading=11)
WIDTH, MAP_HEIGHT = 7.3 * inch, 6.3 * inch
WIDTHS = [0.5 * inch, 1.75 * inch, 0.7 * inch, *[0.62 * inch] * len(DISPOSITION_TITLES)]
ROW_HEIGHT = 0.42 * inch


def make_walk_list(walks: Sequence[Walk], *, invented: bool) -> bytes:
    """Make the PDF, letter size, in the chosen language: every turf begins on a new page.

    Parameters
    ----------
    walks
        From :func:`geo.canvass_walk.plan_walk`.
    invented
        Whether the region is made up; then every turf says so.
    """
    buffer = io.BytesIO()
    document = SimpleDocTemplate(
        buffer,
        pagesize=letter,
        leftMargin=0.6 * inch,
        rightMargin=0.6 * inch,
        topMargin=0.5 * inch,
        bottomMargin=0.5 * inch,
        title=_("Walk list"),
    )
    document.build([part for walk in walks for part in _turf(walk, invented)])
    return buffer.getvalue()


def _turf(walk: Walk, invented: bool) -> Iterator[Flowable]:
    yield Paragraph(_("Turf {code}").format(code=walk.code), TITLE)
    if invented:
        yield Paragraph(_("Invented data: for trying out only"), LARGE)
    yield Paragraph(walk_words(walk), LARGE)
    yield Spacer(1, 8)
    yield WalkMap(walk, WIDTH, MAP_HEIGHT)
    yield Spacer(1, 8)
    for line in (_("Volunteer: ____________________   Date: ______________   Sheet: ________"), _how()):
        yield Paragraph(line, LARGE)
    yield PageBreak()
    yield _table(walk)
    yield PageBreak()


def _how() -> str:
    return _("Make one stroke for every door. Write no names and no addresses.")


def _table(walk: Walk) -> Table:
    titles = [_("Stop"), _("Block"), _("Doors"), *(_(title) for title in DISPOSITION_TITLES.values())]
    rows: list[list[object]] = [[Paragraph(title, HEAD) for title in titles]]
    empty = [""] * len(DISPOSITION_TITLES)
    for stop, unit, doors in zip(walk.stops.index, walk.stops["unit"], walk.stops["doors"], strict=True):
        rows.append([str(stop), Paragraph(str(unit), HEAD), f"{doors:.0f}", *empty])
    rows.append(["", Paragraph(_("All"), HEAD), f"{walk.doors}", *empty])
    heights = [0.5 * inch, *[ROW_HEIGHT] * (len(rows) - 1)]
    table = Table(rows, colWidths=WIDTHS, rowHeights=heights, repeatRows=1)
    table.setStyle(
        [
            ("GRID", (0, 0), (-1, -1), 0.8, colors.black),
            ("FONTSIZE", (0, 1), (-1, -1), 14),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke),
        ]
    )
    return table
