"""Papers of those who sign in by hand: cards with a code each, and sheets to write codes down on."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reportlab.lib import colors
from reportlab.lib.pagesizes import letter
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import inch
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table

from geo.language import current_language
from geo.language import gettext as _
from reports.graphics import draw_qr
from reports.letters import to_markup

# Cards of 3.5 by 2 inches, two beside each other: as sheets of business cards are cut.
ACROSS, DOWN = 2, 5
CARD_WIDTH, CARD_HEIGHT, CARD_QR = 3.5 * inch, 2 * inch, 1.15 * inch
MARGIN, SHEET_QR, ROW_HEIGHT, ROWS = 0.6 * inch, 1.0 * inch, 0.36 * inch, 21
TITLE = ParagraphStyle("title", fontName="Helvetica-Bold", fontSize=20, leading=24)
LARGE = ParagraphStyle("large", fontName="Helvetica", fontSize=12, leading=16)
GROUP = ParagraphStyle("group", fontName="Helvetica-Bold", fontSize=9, leading=11)
CODE = ParagraphStyle("code", fontName="Courier-Bold", fontSize=19, leading=26)
SMALL = ParagraphStyle("small", fontName="Helvetica", fontSize=8, leading=10)
HEAD = ParagraphStyle("head", fontName="Helvetica-Bold", fontSize=9.5, leading=11)


def make_code_cards(codes: Sequence[str], *, group: str = "", invented: bool = False) -> bytes:
    """Make cards to cut out as PDF (US letter), ten a page, in the chosen language.

    Parameters
    ----------
    codes
        A card each (:func:`geo.methods.person_codes.make_code`); its QR code holds the code alone.
    group
        Whose cards they are; printed on each.
    invented
        Whether the region is made up; then every card says so.

    Examples
    --------
    >>> make_code_cards(["QX0017H"])[:5]
    b'%PDF-'
    """
    cards: list[Flowable] = [_card(code, group, invented=invented) for code in codes]
    cards += [Spacer(0, 0)] * (-len(cards) % ACROSS)
    rows = [cards[start : start + ACROSS] for start in range(0, len(cards), ACROSS)]
    look = [
        ("GRID", (0, 0), (-1, -1), 0.3, colors.gray, None, (2, 3)),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        *(
            (side, (0, 0), (-1, -1), 0)
            for side in ("LEFTPADDING", "RIGHTPADDING", "TOPPADDING", "BOTTOMPADDING")
        ),
    ]
    sheets = [
        Table(rows[start : start + DOWN], [CARD_WIDTH] * ACROSS, CARD_HEIGHT, style=look)
        for start in range(0, len(rows), DOWN)
    ]
    edges = ((letter[0] - ACROSS * CARD_WIDTH) / 2, (letter[1] - DOWN * CARD_HEIGHT) / 2)
    return _write(sheets, _("Code cards"), edges)


def _card(code: str, group: str, *, invented: bool) -> Table:
    words = [
        Paragraph(to_markup(group or _("Your code")), GROUP),
        Paragraph(to_markup(f"{code[:2]} {code[2:6]} {code[6:]}"), CODE),
        Paragraph(
            to_markup(
                _("Show this card or say the code each time you come. It stands in place of your name.")
            ),
            SMALL,
        ),
        *([Paragraph(to_markup(_("Invented data: for trying out only")), SMALL)] if invented else []),
    ]
    inside = [("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("RIGHTPADDING", (0, 0), (-1, -1), 4)]
    widths = [CARD_WIDTH - CARD_QR - 20, CARD_QR + 6]
    return Table([[words, draw_qr(code, CARD_QR)]], widths, style=inside)


@dataclass(frozen=True, slots=True)
class SheetHead:
    """What stands above the rows of a sign-in sheet; ``when`` and ``where`` are in words, or empty.

    ``address`` is that of the page on which the sheet is brought back; empty where only one machine has it.
    ``named`` is whether the sheet asks for names, which its program keeps.
    """

    title: str
    when: str = ""
    where: str = ""
    address: str = ""
    named: bool = False


def make_sign_in_sheet(head: SheetHead, pages: int = 1, *, invented: bool = False) -> bytes:
    """Make a sheet to sign in on as PDF (US letter), 21 rows a page, in the chosen language.

    Its columns are those that a list of who came may have: a code, an e-mail, a phone number, and the name.

    Examples
    --------
    >>> make_sign_in_sheet(SheetHead("Forum", "Nov 30, 2026"))[:5]
    b'%PDF-'
    """
    story: list[Flowable] = []
    for page in range(pages):
        story += _sheet(head, page * ROWS, invented=invented)
        story += [PageBreak()] if page < pages - 1 else []
    return _write(story, _("Sign-in sheet"), (MARGIN, 0.5 * inch))


def _sheet(head: SheetHead, before: int, *, invented: bool) -> Iterator[Flowable]:
    width = letter[0] - 2 * MARGIN
    facts = " · ".join(part for part in (head.when, head.where) if part)
    words = [
        Paragraph(to_markup(head.title), TITLE),
        Paragraph(to_markup(facts), LARGE),
        Paragraph(
            to_markup(
                _("Code, e-mail or phone: one is enough. Your name is kept apart, with the organizer.")
                if head.named
                else _("One of the three is enough. Of an e-mail or a phone number only a code is kept.")
            ),
            LARGE,
        ),
        *([Paragraph(to_markup(_("Invented data: for trying out only")), SMALL)] if invented else []),
    ]
    beside = (
        [draw_qr(head.address, SHEET_QR), Paragraph(_("Bring it back here"), SMALL)] if head.address else []
    )
    yield Table(
        [[words, beside]], [width - 1.3 * inch, 1.3 * inch], style=[("VALIGN", (0, 0), (-1, -1), "TOP")]
    )
    yield Spacer(1, 6)
    titles = ["", *([_("Name")] if head.named else []), _("Code of your card"), _("or e-mail"), _("or phone")]
    rows: list[list[object]] = [[Paragraph(to_markup(title), HEAD) for title in titles]]
    rows += [[str(before + row + 1), *[""] * (len(titles) - 1)] for row in range(ROWS)]
    wide = (0.4, 1.8, 1.4, 2.3) if head.named else (0.4, 1.9, 3.0)
    widths = [*(part * inch for part in wide), width - sum(wide) * inch]
    look = [("GRID", (0, 0), (-1, -1), 0.8, colors.black), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
    yield Table(rows, widths, ROW_HEIGHT, style=look)
    yield Spacer(1, 6)
    yield Paragraph(to_markup(_("Came and wrote nothing (strokes): ____________________")), LARGE)
    yield Paragraph(
        to_markup(_("For the organizer: type the rows in, a person a line, then destroy this sheet.")), SMALL
    )


def _write(story: Sequence[Flowable], title: str, edges: tuple[float, float]) -> bytes:
    """Write the PDF; ``edges`` are its margins beside and above, in points."""
    stream = io.BytesIO()
    # A frame of reportlab keeps 6 points inside its margins.
    beside, above = (edge - 6 for edge in edges)
    document = SimpleDocTemplate(
        stream,
        pagesize=letter,
        title=title,
        lang=current_language(),
        leftMargin=beside,
        rightMargin=beside,
        topMargin=above,
        bottomMargin=above,
    )
    document.build(list(story))
    return stream.getvalue()
