"""A program's report laid out on one page, as PDF and as HTML."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from html import escape
from typing import Any

from reportlab.lib.colors import HexColor, white
from reportlab.lib.pagesizes import letter
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, KeepInFrame, Paragraph, SimpleDocTemplate, Spacer, Table

from geo.language import current_language
from geo.language import gettext as _
from reports.graphics import draw_bar, to_svg
from reports.letters import to_markup
from reports.program_report import Report, Tile
from wording.program_results import Rows

MARGIN = 42
WIDTH, HEIGHT = letter[0] - 2 * MARGIN, letter[1] - 2 * MARGIN
NAVY, PALE, SUN, GRAY, LINE = map(HexColor, ("#0b3c5d", "#eef3f6", "#fff3cd", "#55606a", "#c9d2d8"))
MOST_TILES = 4
Foot = Callable[[Any, Any], None]
TIME_SHARES = (0.1, 0.13, 0.3, 0.15, 0.1, 0.12, 0.1)


def to_pdf(report: Report) -> bytes:
    """Write it as a PDF of one page (US letter)."""
    return to_document([to_page(report)], report.title)


def to_page(report: Report) -> Flowable:
    """Lay it out on one page."""
    flow: list[Flowable] = [to_head(report.title, report.purpose)]
    if report.warning:
        flow.append(to_band(report.warning))
    flow += [Spacer(1, 5), to_paragraph(report.facts, 8.5, GRAY), Spacer(1, 7), _tiles(report.tiles)]
    flow += [Spacer(1, 9), _pictures(report), Spacer(1, 7)]
    if len(report.sessions) > 1:
        flow += [*to_heading(report.sessions_title), to_table(report.sessions, (0.32, 0.14, 0.14, 0.2, 0.2))]
    if len(report.milestones) > 1:
        flow += [*to_heading(_("Milestones")), to_table(report.milestones, (0.43, 0.13, 0.13, 0.31))]
    if len(report.times) > 1:
        flow += [*to_heading(_("The same time for every candidate")), to_table(report.times, TIME_SHARES)]
    flow += [Spacer(1, 6), *(to_paragraph(note, 7.5, GRAY) for note in report.notes)]
    # In one cell all of it shrinks alike: words alone would grow as wide as the page before.
    whole = Table([[flow]], colWidths=[WIDTH], style=_pad(0, 0), hAlign="LEFT")
    return KeepInFrame(WIDTH, HEIGHT, [whole], mode="shrink")


def to_document(flow: Sequence[Flowable], title: str, foot: Foot | None = None) -> bytes:
    """Write a PDF (US letter) in the chosen language; ``foot`` writes at the foot of each page."""
    return lay_document(flow, title, foot)[0]


def lay_document(flow: Sequence[Flowable], title: str, foot: Foot | None = None) -> tuple[bytes, float]:
    """Write a PDF as :func:`to_document`; say too which share of its last page is filled (0 to 1)."""
    stream = io.BytesIO()
    document = SimpleDocTemplate(
        stream,
        pagesize=letter,
        title=title,
        lang=current_language(),
        leftMargin=MARGIN - 6,
        rightMargin=MARGIN - 6,
        topMargin=MARGIN - 6,
        bottomMargin=MARGIN - 6,
    )
    every = {} if foot is None else {"onFirstPage": foot, "onLaterPages": foot}
    document.build(list(flow), **every)
    frame = document.frame
    return stream.getvalue(), (frame._y2 - frame._y) / (frame._y2 - frame._y1)


def to_html(report: Report) -> bytes:
    """Write it as a web page that needs nothing from outside, and prints on one page."""
    warning = f'<p class="warning">{escape(report.warning)}</p>' if report.warning else ""
    pictures = "".join(
        f"<figure><figcaption>{escape(title)}</figcaption>{to_svg(drawing, title)}</figure>"
        for title, drawing in report.curves
    )
    area = to_svg(report.map, report.legend)
    parts = [
        f"<header><h1>{escape(report.title)}</h1><p>{escape(report.purpose)}</p></header>{warning}",
        f'<p class="facts">{escape(report.facts)}</p>',
        f'<div class="tiles">{"".join(map(_html_tile, report.tiles))}</div>',
        f'<div class="pictures"><div>{pictures}</div>',
        f"<figure>{area}<figcaption>{escape(report.legend)}</figcaption></figure></div>",
        _html_table(report.sessions_title, report.sessions),
        _html_table(_("Milestones"), report.milestones),
        _html_table(_("The same time for every candidate"), report.times),
        f"<footer>{'<br>'.join(map(escape, report.notes))}</footer>",
    ]
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(report.title)}</title><style>{STYLES}</style>"
    )
    body = f"<head>{head}</head><body>{''.join(parts)}</body>"
    return f'<!DOCTYPE html><html lang="{current_language()}">{body}</html>'.encode()


STYLES = (
    "@page{size:letter;margin:12mm}"
    "body{font:14px/1.4 Helvetica,Arial,sans-serif;max-width:820px;margin:1rem auto;padding:0 .7rem;"
    "color:#222}"
    "header{background:#0b3c5d;color:#fff;padding:.8rem 1rem;-webkit-print-color-adjust:exact}"
    "h1{margin:0;font-size:1.5rem}header p{margin:.2rem 0 0}"
    "h2{font-size:1.05rem;color:#0b3c5d;margin:.8rem 0 .2rem}"
    ".warning{background:#fff3cd;margin:0;padding:.3rem 1rem;font-weight:bold}.facts{color:#55606a}"
    ".tiles,.pictures{display:grid;gap:.7rem;grid-template-columns:repeat(auto-fit,minmax(190px,1fr))}"
    ".pictures{grid-template-columns:repeat(auto-fit,minmax(300px,1fr));margin-top:.8rem}"
    ".tile{background:#eef3f6;padding:.5rem .7rem}.tile strong{display:block;font-size:1.5rem;color:#0b3c5d}"
    ".tile small{display:block;color:#55606a}.tile svg{width:100%;height:6px;display:block}"
    "figure{margin:0}figcaption{font-size:.8rem;color:#55606a}svg{width:100%;height:auto;font-family:inherit}"
    "table{border-collapse:collapse;width:100%}th,td{border-bottom:1px solid #c9d2d8;padding:.2rem .4rem;"
    "text-align:left}th{background:#eef3f6}footer{color:#55606a;font-size:.75rem;margin-top:.8rem}"
)


def to_heading(words: str) -> list[Flowable]:
    """Write a heading with room around it."""
    return [Spacer(1, 6), to_paragraph(words, 11, NAVY, bold=True), Spacer(1, 2)]


def to_head(title: str, words: str) -> Table:
    """Write a title with a line of words in a band across the page."""
    cell = [to_paragraph(title, 17, white, bold=True), Spacer(1, 2), to_paragraph(words, 9.5, white)]
    look = [("BACKGROUND", (0, 0), (-1, -1), NAVY), *_pad(10, 8)]
    return Table([[cell]], colWidths=[WIDTH], style=look)


def to_band(words: str) -> Table:
    """Write a warning in a band."""
    look = [("BACKGROUND", (0, 0), (-1, -1), SUN), *_pad(10, 3)]
    return Table([[to_paragraph(words, 9, HexColor("#5f4a00"), bold=True)]], colWidths=[WIDTH], style=look)


def _tiles(tiles: Sequence[Tile]) -> Table:
    across = min(max(len(tiles), 1), MOST_TILES)
    width = WIDTH / across
    cells: list[list[Flowable]] = [_pdf_tile(tile, width - 20) for tile in tiles]
    rows = [cells[start : start + across] for start in range(0, len(cells), across)]
    rows[-1] += [[]] * (across - len(rows[-1]))
    look = [("BACKGROUND", (0, 0), (-1, -1), PALE), ("VALIGN", (0, 0), (-1, -1), "TOP"), *_pad(8, 6)]
    look += [("LINEBEFORE", (1, 0), (-1, -1), 3, white), ("LINEABOVE", (0, 1), (-1, -1), 3, white)]
    return Table(rows, colWidths=[width] * across, style=look)


def _pdf_tile(tile: Tile, width: float) -> list[Flowable]:
    size = 18 if tile.value[:1].isdigit() else 10
    value = to_paragraph(tile.value, size, NAVY, bold=True)
    cell: list[Flowable] = [to_paragraph(tile.title, 8.5, GRAY), value]
    if tile.share is not None:
        cell += [Spacer(1, 2), draw_bar(tile.share, (width, 4)), Spacer(1, 2)]
    return cell + [to_paragraph(words, 7.5, GRAY) for words in tile.details]


def _pictures(report: Report) -> Table:
    left: list[Flowable] = []
    for title, drawing in report.curves:
        left += [to_paragraph(title, 8.5, GRAY), drawing]
    area: list[Flowable] = [report.map, to_paragraph(report.legend, 7.5, GRAY)]
    cells = [left, area] if left else [area]
    return Table(
        [cells],
        colWidths=[WIDTH / len(cells)] * len(cells),
        style=[("VALIGN", (0, 0), (-1, -1), "TOP"), *_pad(0, 0)],
    )


def to_table(rows: Rows, shares: Sequence[float]) -> Table:
    """Lay out a table, its head repeated on each page; ``shares`` are of the page's width."""
    head = [to_paragraph(cell, 8, NAVY, bold=True) for cell in rows[0]]
    cells = [head, *([to_paragraph(cell, 8, HexColor("#222222")) for cell in row] for row in rows[1:])]
    look = [("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE), ("BACKGROUND", (0, 0), (-1, 0), PALE)]
    look += [("VALIGN", (0, 0), (-1, -1), "MIDDLE"), *_pad(4, 2)]
    return Table(cells, colWidths=[WIDTH * share for share in shares], style=look, repeatRows=1)


def to_paragraph(words: str, size: float, color: HexColor, *, bold: bool = False) -> Paragraph:
    """Write a paragraph; it is escaped."""
    font = "Helvetica-Bold" if bold else "Helvetica"
    style = ParagraphStyle("words", fontName=font, fontSize=size, leading=size * 1.25, textColor=color)
    return Paragraph(to_markup(words), style)


def _pad(side: float, above: float) -> list[tuple[object, ...]]:
    sides = (("LEFTPADDING", side), ("RIGHTPADDING", side), ("TOPPADDING", above), ("BOTTOMPADDING", above))
    return [(name, (0, 0), (-1, -1), value) for name, value in sides]


def _html_tile(tile: Tile) -> str:
    bar = to_svg(draw_bar(tile.share, (200, 6)), _("Progress")) if tile.share is not None else ""
    details = "".join(f"<small>{escape(words)}</small>" for words in tile.details)
    title, value = escape(tile.title), escape(tile.value)
    return f'<div class="tile">{title}<strong>{value}</strong>{bar}{details}</div>'


def _html_table(title: str, rows: Rows) -> str:
    if len(rows) < 2:
        return ""
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in rows[0])
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows[1:])
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f"<h2>{escape(title)}</h2>{table}"
