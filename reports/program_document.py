"""Reports for a funder as PDF: a program's longer report, and several programs with a page each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.platypus import CondPageBreak, Flowable, PageBreak, Spacer, Table

from geo.days import day_words
from geo.language import gettext as _
from reports.map_report import lay_legend
from reports.printed_map import ViewMap
from reports.program_page import (
    GRAY,
    MARGIN,
    WIDTH,
    Foot,
    lay_document,
    to_band,
    to_document,
    to_head,
    to_heading,
    to_page,
    to_paragraph,
    to_table,
)
from reports.program_report import Report
from reports.program_sections import PrintedReach, Section
from wording.program_results import Rows

BLACK = HexColor("#222222")
# A heading goes to the next page where less than this is left for what comes under it.
LEAST = 90.0
# Of words, in points: the first that fills the last page enough; no page is turned for a few lines.
SIZES, LEAST_FILLED = (9.0, 8.5, 8.0, 7.5), 0.2
MAP_HEIGHT, LEGEND_WIDTH = 330.0, 130.0
SUMMARY_SHARES = (0.2, 0.25, 0.14, 0.17, 0.24)


@dataclass(frozen=True, slots=True)
class Summary:
    """What stands on the first page of a report of several programs.

    Attributes
    ----------
    region, day
        The region's title, and the day of the report.
    rows
        As :func:`wording.program_results.summary_rows` gives them.
    notes
        Who was counted once, what is hidden, whose figures these are.
    invented
        Whether the region is made up.
    """

    region: str
    day: date
    rows: Rows
    notes: Sequence[str]
    warning: str


def longer_pdf(report: Report, sections: Sequence[Section], day: date) -> bytes:
    """Write a program's page, then its sections (US letter), in the chosen language.

    Where a last page would hold a few lines alone, what comes before is set a little smaller.
    """
    foot = _foot(report.title, day, warning=report.warning)
    written = []
    for size in SIZES:
        parts = (part for section in sections for part in lay_section(section, size))
        content, filled = lay_document([to_page(report), PageBreak(), *parts], report.title, foot)
        if filled >= LEAST_FILLED:
            return content
        written.append(content)
    return written[0]


def campaigns_pdf(summary: Summary, reports: Sequence[Report]) -> bytes:
    """Write several programs: the summary first, then a page each (US letter), in the chosen language."""
    title = _("Programs: report for a funder")
    flow: list[Flowable] = [to_head(title, f"{summary.region} · {day_words(summary.day)}")]
    if summary.warning:
        flow.append(to_band(summary.warning))
    flow += [Spacer(1, 10), to_table(summary.rows, SUMMARY_SHARES), Spacer(1, 8)]
    flow += [part for note in summary.notes for part in (to_paragraph(note, 9, BLACK), Spacer(1, 4))]
    flow += [part for report in reports for part in (PageBreak(), to_page(report))]
    return to_document(flow, title, _foot(title, summary.day, warning=summary.warning))


def lay_section(section: Section, size: float = SIZES[0]) -> Iterator[Flowable]:
    """Lay a section out under its heading, on the same page as the beginning of it; ``size`` is in points."""
    yield CondPageBreak(MAP_HEIGHT + LEAST if section.map else LEAST)
    yield from to_heading(section.title)
    for words in section.words:
        yield to_paragraph(words, size, BLACK)
        yield Spacer(1, size - 6)
    if len(section.rows) > 1:
        yield to_table(section.rows, section.shares)
    if section.map:
        yield _lay_map(section.map, MAP_HEIGHT * size / SIZES[0])
    yield Spacer(1, 2 * (size - 6))


def _lay_map(reach: PrintedReach, height: float) -> Table:
    width = WIDTH - LEGEND_WIDTH - 10
    chart = ViewMap(reach.layers, reach.bounds, reach.crs, width, height)
    legend = [part for item in reach.legends for part in lay_legend(item, LEGEND_WIDTH)]
    look = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)]
    look += [("LEFTPADDING", (1, 0), (1, 0), 10), ("RIGHTPADDING", (0, 0), (-1, -1), 0)]
    return Table([[chart, legend]], colWidths=[width, LEGEND_WIDTH + 10], style=look)


def _foot(title: str, day: date, *, warning: str) -> Foot:
    parts = [*filter(None, [warning]), title, day_words(day)]

    def write(canvas: Any, document: Any) -> None:
        canvas.saveState()
        canvas.setFont("Helvetica", 7.5)
        canvas.setFillColor(GRAY)
        canvas.drawString(MARGIN, 20, " · ".join([*parts, str(document.page)]))
        canvas.restoreState()

    return write
