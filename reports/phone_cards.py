"""Cards that set a phone up: a code for ODK Collect, one for the page of a phone's browser, and the steps."""

from __future__ import annotations

import io
import json
import zlib
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from reportlab.lib.pagesizes import letter
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import inch
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table

from geo.errors import GeoError
from geo.language import current_language, speaking
from geo.language import gettext as _
from reports.graphics import draw_qr
from reports.letters import to_markup

MARGIN, QR = 0.7 * inch, 2.9 * inch
TITLE = ParagraphStyle("title", fontName="Helvetica-Bold", fontSize=20, leading=26)
HEAD = ParagraphStyle("head", fontName="Helvetica-Bold", fontSize=14, leading=18)
PLAIN = ParagraphStyle("plain", fontName="Helvetica", fontSize=12, leading=16)
SMALL = ParagraphStyle("small", fontName="Helvetica", fontSize=9, leading=12)


@dataclass(frozen=True, slots=True)
class PhoneCard:
    """A volunteer's card, in their ``language``; ``address``: of the door for their phone, with its code."""

    volunteer: str
    address: str
    language: str = "en"


def require_reachable(address: str) -> str:
    """Return the address that phones reach, where they can.

    Raises
    ------
    GeoError
        It is not https, or names no host that a phone elsewhere can find.

    Examples
    --------
    >>> require_reachable("https://maps.example.org")
    'https://maps.example.org'
    """
    remedy = _("serve the dashboard by https under a name, and set GEO_ADDRESS to it (README, Phones)")
    parts = urlsplit(address)
    host = (parts.hostname or "").rstrip(".")
    if not _is_named(host):
        words = _("no code is made: phones do not reach {address}, which is no name on the internet")
        raise GeoError(words.format(address=address or _("an address that nobody set")), remedy)
    if parts.scheme != "https":
        words = _("no code is made: {address} is not https, so that anybody on the way could read along")
        raise GeoError(words.format(address=address), remedy)
    return address


def _is_named(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return "." in host and not host.endswith((".localhost", ".local", ".internal"))
    return False


def collect_settings(address: str, project: str) -> str:
    """Return what the code says that sets ODK Collect up: its settings as JSON, by zlib, in base64.

    Published at https://docs.getodk.org/collect-import-export; the names of settings are those of
    ``client-settings.schema.json`` in getodk/collect. The form comes and changes by itself, and what is
    filled is sent by itself whenever there is signal.

    Examples
    --------
    >>> from base64 import b64decode
    >>> said = json.loads(zlib.decompress(b64decode(collect_settings("https://a.example.org/p", "Canvass"))))
    >>> said["general"]["server_url"], sorted(said)
    ('https://a.example.org/p', ['admin', 'general', 'project'])
    """
    settings = {
        "general": {
            "protocol": "odk_default",
            "server_url": address,
            "form_update_mode": "match_exactly",
            "periodic_form_updates_check": "every_fifteen_minutes",
            "autosend": "wifi_and_cellular",
        },
        "admin": {},
        "project": {"name": project, "icon": "C", "color": "#0b5c8a"},
    }
    text = json.dumps(settings, separators=(",", ":"), ensure_ascii=False)
    return b64encode(zlib.compress(text.encode(), 9)).decode()


def make_phone_cards(cards: Sequence[PhoneCard], *, invented: bool = False) -> bytes:
    """Make a page a volunteer as PDF (US letter), each in the language of its volunteer.

    Parameters
    ----------
    invented
        Whether the region is made up; then every card says so.

    Examples
    --------
    >>> make_phone_cards([PhoneCard("Heron", "https://maps.example.org/phones/demo/abc")])[:5]
    b'%PDF-'
    """
    story: list[Flowable] = []
    for card in cards:
        with speaking(card.language):
            story += [PageBreak()] if story else []
            story += _page(card, invented=invented)
    stream = io.BytesIO()
    document = SimpleDocTemplate(
        stream,
        pagesize=letter,
        title=_("Codes for phones"),
        lang=current_language(),
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
    )
    document.build(story)
    return stream.getvalue()


def _page(card: PhoneCard, *, invented: bool) -> Iterator[Flowable]:
    yield Paragraph(to_markup(_("Your phone: {name}").format(name=card.volunteer)), TITLE)
    if invented:
        yield Paragraph(to_markup(_("Invented data: for trying out only")), PLAIN)
    # As Collect names it on the phone, whoever holds it sees whose it is.
    project = f"{_('Canvass')} {card.volunteer}"
    yield from _way(
        _("With the app ODK Collect (Android)"),
        (
            _("Install ODK Collect from Google Play and open it."),
            _("Choose to set up with a QR code, and hold the camera over the code."),
            _("Start a new form at each door. It works without signal and sends by itself."),
        ),
        collect_settings(card.address, project),
    )
    yield from _way(
        _("With the phone's browser (any phone)"),
        (
            _("Hold the camera over the code and open the page while there is signal."),
            _("Put it on the home screen. From then on it opens without signal, too."),
            _("Save each door. What waits is sent by itself when there is signal."),
        ),
        f"{card.address}/",
    )
    yield Paragraph(
        to_markup(
            _(
                "Use one of the two. The code is yours alone: whoever has it can record doors in your turfs. "
                "Tell your lead if you lose it; they end it with one click."
            )
        ),
        SMALL,
    )


def _way(title: str, steps: Sequence[str], code: str) -> Iterator[Flowable]:
    words = [Paragraph(to_markup(title), HEAD), Spacer(1, 6)]
    words += [Paragraph(to_markup(f"{number}. {step}"), PLAIN) for number, step in enumerate(steps, start=1)]
    # Far enough from the other code that a camera sees one alone.
    yield Spacer(1, 0.6 * inch)
    width = letter[0] - 2 * MARGIN - QR - 12
    yield Table([[words, draw_qr(code, QR)]], [width, QR + 12], style=[("VALIGN", (0, 0), (-1, -1), "TOP")])
