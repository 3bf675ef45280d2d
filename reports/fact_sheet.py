"""Fact sheets: what is known of an area on one page, in English and Spanish, with bars and sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from reportlab.graphics.shapes import Drawing, Rect
from reportlab.lib.colors import HexColor, white
from reportlab.platypus import Flowable, PageBreak, Spacer, Table

from geo.language import LANGUAGES
from geo.language import gettext as _
from reports.program_page import GRAY, HEIGHT, NAVY, PALE, SUN, WIDTH, to_document, to_paragraph

BAR_WIDTH, BAR_HEIGHT = 58.0, 9.0
WIDER = (1.0, 1.2, 1.35, 1.5, 1.65, 1.8)
"""How much wider than the page a sheet may be laid out, to be shrunk: a line then holds more words."""

ENDLESS = 100_000.0
SHARES = (0.27, 0.14, 0.125, 0.465)
INK, LINE, MARGIN_GRAY, ORANGE = map(HexColor, ("#222222", "#dde3e8", "#9aa7b1", "#d9730d"))
TRACK, BLUE, UNSURE = map(HexColor, ("#e6ebef", "#0b5a7a", "#5f6a72"))


@dataclass(frozen=True, slots=True)
class SheetBar:
    """A figure to draw: value, margin (90 %) and peers' values in one unit, on a scale from 0; or nothing."""

    value: float | None
    moe: float | None
    peers: tuple[float | None, ...]
    scale: float


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One figure by language: its title, its details; its value in words; whether it is unreliable."""

    titles: Mapping[str, str]
    details: Mapping[str, str]
    value: str
    bar: SheetBar
    unsure: bool


@dataclass(frozen=True, slots=True)
class FactSheet:
    """What a fact sheet is printed from; mappings are by language.

    ``themes`` are titles by language with their lines; ``notes`` and ``issues`` are short sentences;
    ``sources`` publisher, title and vintage, a line each.
    """

    title: str
    subtitles: Mapping[str, str]
    themes: Sequence[tuple[Mapping[str, str], Sequence[SheetLine]]]
    notes: Mapping[str, Sequence[str]]
    issues: Mapping[str, Sequence[str]]
    sources: Sequence[str]
    day: date
    warning: str


def sheets_pdf(sheets: Iterable[FactSheet], title: str) -> bytes:
    """Write fact sheets as a PDF (US letter), a page each.

    Parameters
    ----------
    sheets
        In their order; they may be made one by one.
    title
        What the document is called.
    """
    flow: list[Flowable] = []
    for sheet in sheets:
        flow += [*([PageBreak()] if flow else []), to_page(sheet)]
    return to_document(flow, title)


class Shrunk(Flowable):  # type: ignore[misc]  # reportlab has no types
    """A table as large as the page lets it be, whatever it was laid out in."""

    def __init__(self, inside: Table, width: float) -> None:
        super().__init__()
        self._inside = inside
        _wide, height = inside.wrap(width, ENDLESS)
        self.factor = min(WIDTH / width, (HEIGHT - 1) / height, 1.0)
        self.width, self.height = width * self.factor, height * self.factor

    def wrap(self, *_room: float) -> tuple[float, float]:
        """Say how large it is, in points."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw the table, all of it shrunk alike."""
        self.canv.scale(self.factor, self.factor)
        self._inside.drawOn(self.canv, 0, 0)


def to_page(sheet: FactSheet) -> Flowable:
    """Lay a fact sheet out on one page, in the width that leaves its letters largest."""
    laid = [Shrunk(_lay_out(sheet, WIDTH * wider), WIDTH * wider) for wider in WIDER]
    return max(laid, key=lambda item: item.factor)


def _lay_out(sheet: FactSheet, width: float) -> Table:
    subtitle = " / ".join(dict.fromkeys(sheet.subtitles.values()))
    flow: list[Flowable] = [
        _band([(sheet.title, 19), (f"{subtitle} · {sheet.day:%Y-%m-%d}", 10)], NAVY, white, width)
    ]
    if sheet.warning:
        flow.append(_band([(sheet.warning, 10)], SUN, HexColor("#5f4a00"), width))
    flow += [Spacer(1, 4), _figures(sheet, width), Spacer(1, 4)]
    for lines in (sheet.notes, sheet.issues):
        flow += [
            to_paragraph(" ".join(lines[language]), 7.8, INK if place == 0 else GRAY)
            for place, language in enumerate(LANGUAGES)
            if lines.get(language)
        ]
    numbered = "; ".join(f"[{number}] {line}" for number, line in enumerate(sheet.sources, 1))
    flow.append(to_paragraph(f"{_('Sources')} / Fuentes: {numbered}", 7.4, GRAY))
    bare = [("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 0)]
    return Table([[flow]], colWidths=[width], style=bare, hAlign="LEFT")


def _band(words: Sequence[tuple[str, float]], ground: HexColor, color: HexColor, width: float) -> Table:
    """Write lines in a band across the page, each with its size in points."""
    cell = [to_paragraph(line, size, color, bold=place == 0) for place, (line, size) in enumerate(words)]
    look = [("BACKGROUND", (0, 0), (-1, -1), ground), ("TOPPADDING", (0, 0), (-1, -1), 4)]
    look += [("BOTTOMPADDING", (0, 0), (-1, -1), 6), ("LEFTPADDING", (0, 0), (-1, -1), 10)]
    return Table([[cell]], colWidths=[width], style=look)


def _figures(sheet: FactSheet, width: float) -> Table:
    cells: list[list[Flowable | list[Flowable] | str]] = []
    look: list[tuple[object, ...]] = [
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.3, LINE),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ("TOPPADDING", (0, 0), (-1, -1), 1.2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1.6),
    ]
    for titles, lines in sheet.themes:
        row = len(cells)
        look += [("SPAN", (0, row), (-1, row)), ("BACKGROUND", (0, row), (-1, row), PALE)]
        cells.append(
            [to_paragraph(" / ".join(dict.fromkeys(titles.values())), 9.5, NAVY, bold=True), "", "", ""]
        )
        cells += [list(_cells(line)) for line in lines]
    return Table(cells, colWidths=[width * share for share in SHARES], style=look)


def _cells(line: SheetLine) -> Iterator[Flowable | list[Flowable]]:
    yield list(_both(line.titles, 8.6))
    yield to_paragraph(line.value, 10, UNSURE if line.unsure else INK, bold=not line.unsure)
    yield draw_figure(line.bar)
    yield list(_both(line.details, 7.8))


def _both(words: Mapping[str, str], size: float) -> Iterator[Flowable]:
    for place, language in enumerate(LANGUAGES):
        if words.get(language):
            yield to_paragraph(
                words[language], size if place == 0 else size * 0.92, INK if place == 0 else GRAY
            )


def draw_figure(bar: SheetBar) -> Drawing:
    """Draw a figure's bar with its margin in gray and a tick for each peer."""
    drawing = Drawing(BAR_WIDTH, BAR_HEIGHT)
    if bar.value is None or bar.scale <= 0:
        return drawing

    def at(value: float) -> float:
        return BAR_WIDTH * min(max(value / bar.scale, 0.0), 1.0)

    def lay(x: float, y: float, width: float, height: float, color: HexColor) -> None:
        drawing.add(Rect(x, y, width, height, fillColor=color, strokeColor=None))

    lay(0, 2, BAR_WIDTH, 5, TRACK)
    lay(0, 2, at(bar.value), 5, BLUE)
    if bar.moe:
        low, high = at(bar.value - bar.moe), at(bar.value + bar.moe)
        lay(min(low, BAR_WIDTH - 0.4), 3.2, max(high - low, 0.4), 2.6, MARGIN_GRAY)
    for value, color in zip(bar.peers, (INK, ORANGE), strict=False):
        if value is not None:
            lay(at(value) - 0.6, 0, 1.2, BAR_HEIGHT, color)
    return drawing
