"""The walk list of turfs as PDF: maps with streets and order, then blocks with boxes to tally in."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from textwrap import shorten

import pandas as pd
from reportlab.lib import colors
from reportlab.lib.pagesizes import letter
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import inch
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table

from geo.canvass.codes import DISPOSITION_TITLES, Disposition, unit_name
from geo.canvass.script import Script, say
from geo.canvass.volunteers import language_name
from geo.canvass.walk import Walk, walk_words
from geo.language import gettext as _
from geo.language import in_each_language
from geo.language import mark as N_
from reports.graphics import draw_qr
from reports.letters import to_markup
from reports.walk_map import Detail, WalkMap, find_details
from store.canvass.kinds import FieldPaper

LARGE = ParagraphStyle("large", fontName="Helvetica", fontSize=12.5, leading=15.5)
WHO = ParagraphStyle("who", fontName="Helvetica-Bold", fontSize=14, leading=18)
SMALL = ParagraphStyle("small", fontName="Helvetica", fontSize=10.5, leading=12.5)
WHERE = ParagraphStyle("where", fontName="Helvetica-Bold", fontSize=12, leading=13.5)
CENTERED = ParagraphStyle("centered", fontName="Helvetica-Bold", fontSize=9, leading=11, alignment=1)
TITLE = ParagraphStyle("title", fontName="Helvetica-Bold", fontSize=26, leading=30)
HEADING = ParagraphStyle("heading", fontName="Helvetica-Bold", fontSize=16, leading=20)
WIDTH, LEAST_MAP, DETAIL_HEIGHT = 7.3 * inch, 3.2 * inch, 4.2 * inch
AGAIN_MAP = 5.2 * inch
FRAME_HEIGHT = 9.78 * inch
QR_SIZE = 1.1 * inch
MARGIN, FRAME_PT = 0.6 * inch, 6
WIDE = (Disposition.SPOKE, Disposition.NOT_HOME)
WIDTHS = [0.45 * inch, 1.75 * inch, 0.5 * inch]
WIDTHS += [(0.8 if item in WIDE else 0.5) * inch for item in DISPOSITION_TITLES]
HEAD_HEIGHT, ROW_HEIGHT, TABLE_HEIGHT = 1.2 * inch, 0.55 * inch, 8.6 * inch
DOORS_A_LINE, LINE_HEIGHT, LINES_AT_MOST, GROW_AT_MOST = 25, 0.22 * inch, 6, 3.0
AGAIN_ROWS, AGAIN_HEIGHT, NO_KNOCK_HEIGHT = 3, 0.27 * inch, 0.4 * inch
KNOWN_AT_MOST, MOST_WHERE = 12, 44
"""Doors that are not to be knocked on and stand on the first page; the others are told by their number."""
SCRIPT = N_(
    "Hello, my name is ____. I am a volunteer, I sell nothing and I ask for no papers. Do you have "
    "two minutes? 1. Has your household answered? 2. What would make it easier? 3. May we come back, "
    "and when?"
)
"""What is said at a door where the canvass has no script of its own."""


@dataclass(frozen=True, slots=True)
class Slip:
    """What one turf's paper says beside its walk, empty where it is not known.

    ``language`` is a code; ``spared`` names the doors that are not to be knocked on, as block and door.
    """

    volunteer: str = ""
    language: str = ""
    day: str = ""
    spared: tuple[tuple[str, str], ...] = ()


def make_walk_list(
    walks: Sequence[Walk],
    *,
    invented: bool,
    address: str = "",
    paper: FieldPaper | None = None,
    script: Script | None = None,
    slips: Mapping[str, Slip] | None = None,
) -> bytes:
    """Make the PDF, letter size, black on white, in the chosen language: every turf begins on a new page.

    Its first page is what somebody walks with: map, order, start and way back, whom to call, what to say,
    doors to come back to. Larger maps follow where stops are crowded, then the sheets to tally on.

    Parameters
    ----------
    walks
        From :func:`geo.canvass.walk.plan_walk`.
    invented
        Whether the region is made up; then every page says so.
    address
        Of the page for returns, to which the turf's code is added in its QR code; where empty, the QR code
        holds the turf's code alone.
    paper, script
        Whom to call; what to say and ask at a door.
    slips
        Volunteer, language, day and doors that are not to be knocked on, by the turf's code.
    """
    known = paper or FieldPaper()
    story = [
        part
        for walk in walks
        for part in _turf(walk, address, known, script or Script(), (slips or {}).get(walk.code, Slip()))
    ]
    return _to_pdf(story, _("Walk list"), invented=invented)


def _to_pdf(story: list[Flowable], title: str, *, invented: bool, named: bool = False) -> bytes:
    """Lay parts out on letter paper, with a foot on each page."""
    buffer = io.BytesIO()
    document = SimpleDocTemplate(
        buffer,
        pagesize=letter,
        leftMargin=MARGIN - FRAME_PT,
        rightMargin=MARGIN - FRAME_PT,
        topMargin=0.45 * inch,
        bottomMargin=0.6 * inch,
        title=title,
    )
    document.build(
        story, canvasmaker=lambda *args, **more: _Pages(*args, invented=invented, named=named, **more)
    )
    return buffer.getvalue()


class _Pages(Canvas):  # type: ignore[misc]
    """Pages with a foot: the turf, its page of how many, and whether data are invented."""

    def __init__(self, *args: object, invented: bool, named: bool = False, **more: object) -> None:
        super().__init__(*args, **more)
        self.turf, self.invented, self.named = "", invented, named
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
        if self.named:
            words = _("{code}, page {number} of {total}")
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


def _turf(walk: Walk, address: str, paper: FieldPaper, script: Script, slip: Slip) -> Iterator[Flowable]:
    yield _Begin(walk.code)
    above = [_head(walk, address, paper, slip)]
    below = [Spacer(1, 4), *_scripts(script), Spacer(1, 4), _again(walk), *_spared(slip)]
    room = FRAME_HEIGHT - sum(part.wrap(WIDTH, FRAME_HEIGHT)[1] for part in (*above, *below)) - 4
    details = find_details(walk, (WIDTH, room - 2 * SMALL.leading), (WIDTH, DETAIL_HEIGHT))
    words = Paragraph(to_markup(_map_words(walk, details)), SMALL)
    height = max(room - words.wrap(WIDTH, FRAME_HEIGHT)[1], LEAST_MAP)
    yield from above
    yield WalkMap(walk, WIDTH, height, details=details)
    yield words
    yield from below
    yield PageBreak()
    yield from _details(walk, details)
    yield from _sheets(walk)


def _head(walk: Walk, address: str, paper: FieldPaper, slip: Slip) -> Table:
    """Title and length of the turf, who walks it and whom to call, beside the code for a phone's camera."""
    picture = draw_qr(f"{address}&turf={walk.code}" if address else walk.code, QR_SIZE)
    under = _("Enter results here") if address else _("Code of this turf")
    blank = "______________"
    who = _("Volunteer: {volunteer} · Language: {language} · Day: {day}").format(
        volunteer=slip.volunteer or blank,
        language=language_name(slip.language) or "__________",
        day=slip.day or "________",
    )
    call = " ".join(part for part in (paper.lead, paper.phone) if part) or blank
    words = [
        Paragraph(to_markup(_("Turf {code}").format(code=walk.code)), TITLE),
        Paragraph(to_markup(walk_words(walk)), LARGE),
        Paragraph(to_markup(who), LARGE),
        Paragraph(to_markup(_("Call for help: {call}").format(call=call)), WHO),
    ]
    table = Table(
        [[words, [picture, Paragraph(to_markup(under), CENTERED)]]],
        colWidths=[WIDTH - 1.4 * inch, 1.4 * inch],
    )
    table.setStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 0),
        ]
    )
    return table


def scripts_of(script: Script) -> dict[str, str]:
    """Return what to say and ask at a door by language; until somebody defines it, words of everybody.

    Examples
    --------
    >>> list(scripts_of(Script())), scripts_of(Script(greeting={"tsz": "Nare chuskuski"}))
    (['en', 'es'], {'tsz': 'Nare chuskuski'})
    """
    if script.greeting or script.questions:
        told = {language: _said(script, language) for language in script.languages()}
        return {language: words for language, words in told.items() if words}
    return in_each_language(SCRIPT)


def _said(script: Script, language: str) -> str:
    """Write a script in one language: its greeting, then its questions with their answers, numbered."""
    parts = [script.greeting.get(language, "")]
    for number, question in enumerate(script.questions, start=1):
        answers = " / ".join(say(choice.title, language) for choice in question.choices)
        title = question.title.get(language, "")
        parts += [f"{number}. {title}" + (f" ({answers})" if answers else "")] if title else []
    return " ".join(filter(None, parts))


def _scripts(script: Script) -> Iterator[Flowable]:
    """Yield what to say, a column for each language."""
    found = scripts_of(script)
    cells = [
        [Paragraph(to_markup(language_name(language)), WHERE), Paragraph(to_markup(words), SMALL)]
        for language, words in found.items()
    ]
    table = Table([cells], colWidths=[WIDTH / len(cells)] * len(cells), splitInRow=1)
    table.setStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("BOX", (0, 0), (-1, -1), 0.8, colors.black),
            ("INNERGRID", (0, 0), (-1, -1), 0.4, colors.black),
            ("LEFTPADDING", (0, 0), (-1, -1), 4),
            ("RIGHTPADDING", (0, 0), (-1, -1), 4),
            ("TOPPADDING", (0, 0), (-1, -1), 1),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        ]
    )
    yield table


def _again(walk: Walk) -> Table:
    """Leave room for the doors to come back to, and for those that want nobody at the door."""
    area = _("Stop")
    heads = [area, _("Door"), _("Come back when? Language?")]
    rows = [
        [*heads, "", area, _("Door"), _("Do not knock again")],
        *([""] * 7 for _row in range(AGAIN_ROWS)),
    ]
    widths = [0.64, 0.64, 2.94, 0.1, 0.64, 0.64, 1.7]
    table = Table(
        rows,
        colWidths=[width * inch for width in widths],
        rowHeights=[0.2 * inch, *[AGAIN_HEIGHT] * AGAIN_ROWS],
    )
    table.setStyle(
        [
            ("GRID", (0, 0), (2, -1), 0.8, colors.black),
            ("GRID", (4, 0), (6, -1), 0.8, colors.black),
            ("FONT", (0, 0), (-1, 0), "Helvetica-Bold", 10.5),
            ("VALIGN", (0, 0), (-1, 0), "MIDDLE"),
            ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ]
    )
    return table


def _spared(slip: Slip) -> Iterator[Flowable]:
    """Yield the doors that said before that they want nobody at the door."""
    if not slip.spared:
        return
    doors = [
        _("{unit} door {door}").format(unit=unit_name(unit), door=door or "?")
        for unit, door in slip.spared[:KNOWN_AT_MOST]
    ]
    if len(slip.spared) > KNOWN_AT_MOST:
        doors.append(_("and {count} more").format(count=len(slip.spared) - KNOWN_AT_MOST))
    words = _("DO NOT KNOCK: {doors}").format(doors="; ".join(doors))
    yield Spacer(1, 3)
    yield Paragraph(to_markup(words), WHERE)


def make_again_list(
    walks: Sequence[Walk],
    doors: Mapping[str, pd.DataFrame],
    *,
    invented: bool,
    paper: FieldPaper | None = None,
    script: Script | None = None,
) -> bytes:
    """Make the lists of doors to come back to as PDF, letter size: a map each, then its doors with room.

    Parameters
    ----------
    walks
        A walk for each list, its ``code`` the list's name; ``doors`` of its stops are those to come back to.
    doors
        Of every list, from :func:`geo.canvass.come_back.doors_again`.
    invented, paper, script
        As for :func:`make_walk_list`.
    """
    known = paper or FieldPaper()
    story = [
        part for walk in walks for part in _again_list(walk, doors[walk.code], known, script or Script())
    ]
    return _to_pdf(story, _("Doors to come back to"), invented=invented, named=True)


def _again_list(walk: Walk, doors: pd.DataFrame, paper: FieldPaper, script: Script) -> Iterator[Flowable]:
    call = " ".join(part for part in (paper.lead, paper.phone) if part) or "______________"
    yield _Begin(walk.code)
    yield Paragraph(to_markup(walk.code), TITLE)
    yield Paragraph(to_markup(walk_words(walk)), LARGE)
    yield Paragraph(to_markup(_("Call for help: {call}").format(call=call)), WHO)
    yield Spacer(1, 4)
    yield WalkMap(walk, WIDTH, AGAIN_MAP)
    yield Paragraph(to_markup(_map_words(walk, [])), SMALL)
    yield Spacer(1, 4)
    yield from _scripts(script)
    yield PageBreak()
    yield _doors_table(walk, doors)
    yield PageBreak()


def _doors_table(walk: Walk, doors: pd.DataFrame) -> Table:
    """List doors by stop, with what was said and room for what happens now."""
    stops = pd.Series(walk.stops.index, index=walk.stops["unit"])
    where = walk.stops.set_index("unit")["where"]
    numbered = doors.assign(
        stop=doors["unit"].map(stops), number=pd.to_numeric(doors["door"], errors="coerce")
    )
    ordered = numbered.sort_values(["stop", "number", "door"], kind="stable")
    heads: list[object] = [
        _("Stop"),
        _("Block, streets"),
        _("Door"),
        _("Turf"),
        _("When, language"),
        _("Visits"),
        _("Now"),
    ]
    rows: list[list[object]] = [heads]
    for door in ordered.itertuples():
        said = " · ".join(filter(None, (str(door.again), language_name(str(door.language)))))
        unit = str(door.unit)
        words = Paragraph(to_markup(said or _(DISPOSITION_TITLES[Disposition(str(door.disposition))])), SMALL)
        place = _stop_words(unit, str(where.get(unit, "")))
        rows.append(
            [str(door.stop), place, str(door.door or "?"), str(door.turf), words, str(door.attempts), ""]
        )
    widths = [0.62, 1.9, 0.64, 0.95, 1.5, 0.64, 1.05]
    table = Table(rows, colWidths=[width * inch for width in widths], repeatRows=1)
    table.setStyle(
        [
            ("GRID", (0, 0), (-1, -1), 0.8, colors.black),
            ("FONT", (0, 0), (-1, 0), "Helvetica-Bold", 10.5),
            ("FONT", (0, 1), (-1, -1), "Helvetica", 12),
            ("FONT", (0, 1), (0, -1), "Helvetica-Bold", 16),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("BOTTOMPADDING", (0, 1), (-1, -1), 9),
        ]
    )
    return table


def _map_words(walk: Walk, details: Sequence[Detail]) -> str:
    words = [
        _(
            "Numbers are stops in walking order, the solid line the way, the dashed one the way back to the "
            "car."
        )
    ]
    words.append(_("The wide gray line is the edge of your turf."))
    if len(walk.sides):
        words.append(_("A heavy line with an arrow is the side of a block where your doors are."))
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


def _stop_words(unit: str, where: str) -> list[Flowable]:
    """Name a stop as somebody in the street knows it: its park or streets, then its number."""
    name = Paragraph(to_markup(unit_name(unit)), SMALL)
    return (
        [Paragraph(to_markup(shorten(where, MOST_WHERE, placeholder="…")), WHERE), name] if where else [name]
    )


def _table(walk: Walk, begin: int, end: int, heights: Sequence[float]) -> Table:
    part = walk.stops.iloc[begin:end]
    area = _("Block group") if walk.of_groups else _("Block")
    titles = [
        _("Stop"),
        _("{area}, streets").format(area=area),
        _("Doors"),
        *(_(title) for title in DISPOSITION_TITLES.values()),
    ]
    empty = [""] * len(DISPOSITION_TITLES)
    rows: list[list[object]] = [[_Upright(title) for title in titles]]
    for stop, unit, where, doors in zip(part.index, part["unit"], part["where"], part["doors"], strict=True):
        rows.append([str(stop), _stop_words(str(unit), str(where)), f"{doors:,.0f}", *empty])
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
