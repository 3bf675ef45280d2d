"""Letters that the fonts of every PDF reader lack: names in Cahuilla, Purepecha, Arabic or Chinese are drawn.

Each word is set in the first font that has all its letters; Arabic and Hebrew are joined and run from the
right. A letter that no font has stands as its number, as [U+1F600], so that whoever reads it knows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

from reportlab.lib.fonts import addMapping
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

# Fonts of packages, by name, package and file, in the order in which they are tried.
FONTS = (
    ("NotoSans", "fontpkg_noto_sans", "files/NotoSans[wdth,wght].ttf"),
    ("NotoSansArabic", "fontpkg_noto_sans_arabic", "files/NotoSansArabic[wdth,wght].ttf"),
    ("MicroHei", "paperang_p2_fonts_cjk", "fonts/wqy-microhei.ttc"),
)
FROM_RIGHT = ("R", "AL")


@cache
def _helvetica() -> tuple[str, ...]:
    """Name the encodings of Helvetica and of the signs that stand in for what it lacks."""
    font = pdfmetrics.getFont("Helvetica")
    return tuple(str(one.encName) for one in (font, *font.substitutionFonts))


@cache
def _is_plain(letter: str) -> bool:
    for encoding in _helvetica():
        try:
            letter.encode(encoding)
        except UnicodeEncodeError:
            continue
        return True
    return False


@cache
def _fonts() -> dict[str, Callable[[str], bool]]:
    """Register the fonts; what tells whether one has a letter, by its name."""
    found: dict[str, Callable[[str], bool]] = {}
    for name, package, file in FONTS:
        font = TTFont(name, str(files(package) / file), shapable=False)
        pdfmetrics.registerFont(font)
        for bold in (0, 1):
            for italic in (0, 1):
                addMapping(name, bold, italic, name)
        found[name] = _has(font.face.charToGlyph)
    return found


def _has(glyphs: dict[int, Any]) -> Callable[[str], bool]:
    return lambda letter: ord(letter) in glyphs


def to_runs(words: str) -> list[tuple[str, str]]:
    """Part a text into runs with the font of each; an empty name is the font that the text is set in.

    Examples
    --------
    >>> to_runs("Palm \N{LATIN LETTER GLOTTAL STOP}isil")
    [('Palm ', ''), ('\u0294isil', 'NotoSans')]
    >>> to_runs("\N{GRINNING FACE}")
    [('[U+1F600]', '')]
    """
    runs: list[tuple[str, str]] = []
    for text, font in _set_words(_in_order(unicodedata.normalize("NFC", words))):
        if runs and runs[-1][1] == font:
            runs[-1] = (runs[-1][0] + text, font)
        else:
            runs.append((text, font))
    return runs


def _set_words(text: str) -> Iterator[tuple[str, str]]:
    for word in re.findall(r"\s+|\S+", text):
        if all(map(_is_plain, word)):
            yield word, ""
            continue
        whole = next((name for name, has in _fonts().items() if all(map(has, word))), None)
        yield from [(word, whole)] if whole else map(_set_letter, word)


def _set_letter(letter: str) -> tuple[str, str]:
    if _is_plain(letter):
        return letter, ""
    if unicodedata.category(letter) in ("Cf", "Mn") and unicodedata.name(letter, "").startswith("VARIATION"):
        return "", ""
    found = next((name for name, has in _fonts().items() if has(letter)), None)
    return (letter, found) if found else (f"[U+{ord(letter):04X}]", "")


def _in_order(text: str) -> str:
    """Put letters that run from the right in the order in which they are drawn, and join them."""
    if not any(unicodedata.bidirectional(letter) in FROM_RIGHT for letter in text):
        return text
    # Loaded for the few texts that need them.
    from arabic_reshaper import reshape
    from bidi import get_display

    return str(get_display(reshape(text)))


def to_markup(words: object) -> str:
    """Write a text as a paragraph's markup: escaped, each run in a font that has its letters.

    Examples
    --------
    >>> to_markup("Oasis & \N{CJK UNIFIED IDEOGRAPH-6C34}")
    'Oasis &amp; <font name="MicroHei">\u6c34</font>'
    """
    runs = to_runs(str(words))
    return "".join(
        f'<font name="{font}">{escape(text)}</font>' if font else escape(text) for text, font in runs
    )


def draw_words(canvas: Any, x: float, y: float, words: str, font: str, size: float) -> None:
    """Draw a line of text from a point, in points, each run in a font that has its letters."""
    for text, own in to_runs(words):
        name = own or font
        canvas.setFont(name, size)
        canvas.drawString(x, y, text)
        x += pdfmetrics.stringWidth(text, name, size)
