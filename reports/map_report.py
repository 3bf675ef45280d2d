"""A view of the map as a PDF for a board: map with legend, scale and date, the profile, and the sources."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Any, Protocol

from reportlab.lib import colors
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import inch
from reportlab.platypus import (
    Flowable,
    KeepInFrame,
    PageBreak,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

from geo.language import current_language
from geo.language import gettext as _
from geo.language import mark as N_
from geo.region import Bounds
from reports.letters import draw_words, to_markup
from reports.map_symbols import SWATCH_WIDTH, Sign, Swatch
from reports.printed_map import Printed, ViewMap
from wording.profiles import Figure, Profile

FRAME_PT = 6
MARGIN, GAP = 0.5 * inch, 0.15 * inch
LEGEND_WIDTH = 2.9 * inch
SOURCES_HEIGHT = 0.95 * inch
DOTS_AN_INCH = 200


@dataclass(frozen=True, slots=True)
class Paper:
    """A page that a view is laid out on, in points; ``profile``: whether a second one tells the profile."""

    title: str
    width: float
    height: float
    profile: bool = True

    @property
    def inner(self) -> float:
        """Width between the margins."""
        return float(self.width - 2 * MARGIN)

    @property
    def map_size(self) -> tuple[float, float]:
        """Width and height of the map."""
        return self.inner - LEGEND_WIDTH, self.height - 2.75 * inch


PAPERS = {
    "letter": Paper(N_("Letter"), 11 * inch, 8.5 * inch),
    "tabloid": Paper(N_("Tabloid"), 17 * inch, 11 * inch),
    "slide": Paper(N_("Slide (16:9)"), 13.333 * inch, 7.5 * inch, profile=False),
}
"""What a view can be laid out on, landscape."""

TITLE = ParagraphStyle("title", fontName="Helvetica-Bold", fontSize=16, leading=19)
SUBTITLE = ParagraphStyle("subtitle", fontName="Helvetica", fontSize=9.5, leading=13, spaceAfter=3)
WARNING = ParagraphStyle(
    "warning", parent=TITLE, fontSize=11, leading=14, textColor=colors.HexColor("#8a1c00")
)
HEADING = ParagraphStyle("heading", fontName="Helvetica-Bold", fontSize=8, leading=10, spaceBefore=5)
WORDS = ParagraphStyle("words", fontName="Helvetica", fontSize=7.5, leading=9.2)
BODY = ParagraphStyle("body", fontName="Helvetica", fontSize=9.5, leading=12)


class LegendEntry(Protocol):
    """One line of a legend, as ``layers.layer.Entry`` has it."""

    @property
    def label(self) -> str:
        """In words."""

    @property
    def style(self) -> Sign:
        """The sign."""

    @property
    def count(self) -> int | None:
        """How many there are of it."""


class MapLegend(Protocol):
    """What the signs of a layer mean, as ``layers.layer.Legend`` has it."""

    @property
    def title(self) -> str:
        """What it is about."""

    @property
    def entries(self) -> Sequence[LegendEntry]:
        """Its lines."""

    @property
    def note(self) -> str:
        """What has to be said besides."""


@dataclass(frozen=True, slots=True)
class PrintedView:
    """What a view is printed from.

    Attributes
    ----------
    title, region, day
        What the map shows, the region's title, and the day of printing.
    layers, bounds, crs
        The map: its layers, what it shows at least (degrees), and the projected CRS (m) it is drawn in.
    legends
        In the order in which they are told.
    profile
        Of what is chosen, or of the highest.
    sources
        Publisher, title and vintage, a line each.
    invented
        Whether the region is made up.
    """

    title: str
    region: str
    day: date
    layers: Sequence[Printed]
    bounds: Bounds
    crs: str
    legends: Sequence[MapLegend]
    profile: Profile
    sources: Sequence[str]
    invented: bool


def view_pdf(view: PrintedView, paper: Paper = PAPERS["letter"]) -> bytes:
    """Write the view in the chosen language: the map, then the profile where the paper has room for it."""
    stream = io.BytesIO()
    document = SimpleDocTemplate(
        stream,
        pagesize=(paper.width, paper.height),
        title=view.title,
        lang=current_language(),
        leftMargin=MARGIN - FRAME_PT,
        rightMargin=MARGIN - FRAME_PT,
        topMargin=0.4 * inch,
        bottomMargin=0.5 * inch,
    )
    foot = _foot(view)
    flow = [*_head(view), _map_and_legend(view, paper), *_sources(view, paper.inner)]
    if paper.profile:
        flow += [PageBreak(), *_profile(view)]
    document.build(flow, onFirstPage=foot, onLaterPages=foot)
    return stream.getvalue()


PDFIUM = Lock()


def to_picture(document: bytes) -> bytes:
    r"""Turn the first page of a PDF into a PNG of 200 dots an inch.

    Examples
    --------
    >>> stream = io.BytesIO()
    >>> SimpleDocTemplate(stream).build([Spacer(1, 1)])
    >>> to_picture(stream.getvalue())[:4]
    b'\x89PNG'
    """
    # Only who wants a picture waits for its library.
    import pypdfium2 as pdfium

    stream = io.BytesIO()
    # PDFium may be in one thread of a process only.
    with PDFIUM, closing(pdfium.PdfDocument(document)) as opened:
        opened[0].render(scale=DOTS_AN_INCH / 72).to_pil().save(stream, "PNG", optimize=True)
    return stream.getvalue()


def _head(view: PrintedView) -> Iterator[Flowable]:
    yield Paragraph(to_markup(view.title), TITLE)
    yield Paragraph(f"{to_markup(view.region)} · {view.day.isoformat()}", SUBTITLE)
    if view.invented:
        yield Paragraph(to_markup(_("INVENTED DATA: nothing in this report is real.")), WARNING)


def _map_and_legend(view: PrintedView, paper: Paper) -> Flowable:
    wide, high = paper.map_size
    chart = ViewMap(view.layers, view.bounds, view.crs, wide, high)
    beside = LEGEND_WIDTH - GAP
    words = [part for legend in view.legends for part in lay_legend(legend, beside)]
    legend = KeepInFrame(beside, high, words, mode="shrink")
    plain = TableStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
            ("LEFTPADDING", (1, 0), (1, 0), GAP),
        ]
    )
    return Table([[chart, legend]], colWidths=[wide, LEGEND_WIDTH], style=plain)


def lay_legend(legend: MapLegend, width: float) -> Iterator[Flowable]:
    """Lay a legend out in a column of so many points."""
    yield Paragraph(to_markup(legend.title), HEADING)
    rows = [[Swatch(entry.style), Paragraph(to_markup(_entry(entry)), WORDS)] for entry in legend.entries]
    if rows:
        tight = TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 1),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
            ]
        )
        sign = SWATCH_WIDTH + 6
        yield Table(rows, colWidths=[sign, width - sign], style=tight, hAlign="LEFT")
    if legend.note:
        yield Paragraph(to_markup(legend.note), WORDS)


def _entry(entry: LegendEntry) -> str:
    count = "" if entry.count is None else f" ({entry.count:,})"
    return f"{entry.label}{count}"


def _sources(view: PrintedView, width: float) -> Iterator[Flowable]:
    lines = "; ".join(f"{line}" for line in view.sources)
    words = [Paragraph(f"<b>{to_markup(_('Sources'))}</b>: {to_markup(lines)}", WORDS)]
    yield KeepInFrame(width, SOURCES_HEIGHT, words, mode="shrink")


def _profile(view: PrintedView) -> Iterator[Flowable]:
    profile = view.profile
    yield Paragraph(to_markup(profile.title), TITLE)
    yield Paragraph(to_markup(profile.subtitle), SUBTITLE)
    heads = [_("Figure"), _("Value, with its margin of error (90 %)"), _("How sure, and where it stands")]
    rows = [[Paragraph(f"<b>{to_markup(head)}</b>", WORDS) for head in heads]]
    sources = [item for item in dict.fromkeys(figure.source for figure in profile.figures) if item]
    rows += [_figure(figure, sources) for figure in profile.figures]
    ruled = TableStyle(
        [
            ("LINEBELOW", (0, 0), (-1, -1), 0.4, colors.HexColor("#c5ced6")),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        ]
    )
    yield Table(rows, colWidths=[3 * inch, 2.2 * inch, 4.8 * inch], style=ruled, repeatRows=1)
    yield from _lines(_("Data quality notes"), profile.wrong or ())
    yield from _lines(_("Sources"), [f"[{number}] {line}" for number, line in enumerate(sources, 1)])
    yield Spacer(1, 6)


def _figure(figure: Figure, sources: Sequence[str]) -> list[Flowable]:
    mark = f" [{sources.index(figure.source) + 1}]" if figure.source else ""
    sure = "; ".join(words for words in (figure.doubt, figure.place) if words)
    return [
        Paragraph(to_markup(f"{figure.title}{mark}"), WORDS),
        Paragraph(
            f"<b>{to_markup(figure.words)}</b> "
            f'<font size="7" color="#4d4d4d">{to_markup(figure.period)}</font>',
            BODY,
        ),
        Paragraph(to_markup(sure), WORDS),
    ]


def _lines(heading: str, lines: Sequence[str]) -> Iterator[Flowable]:
    if lines:
        yield Paragraph(to_markup(heading), HEADING)
        yield from (Paragraph(to_markup(line), WORDS) for line in lines)


def _foot(view: PrintedView) -> Callable[[Any, Any], None]:
    mark = _("INVENTED DATA") if view.invented else ""

    def write(canvas: Any, document: Any) -> None:
        canvas.saveState()
        line = f"{view.region} · {view.day.isoformat()} · {document.page}"
        draw_words(canvas, MARGIN, 0.3 * inch, f"{mark} · {line}" if mark else line, "Helvetica", 8)
        canvas.restoreState()

    return write
