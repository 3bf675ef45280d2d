"""Codes that stand for people: two letters, four digits and a check character, never a name.

A code is printed on a card that an organizer hands out; which person has it is written nowhere here. The
letters are the card's series, and are not to be anybody's initials. The check character is a weighted sum
modulo 31, a prime: every single slip and every swap of neighbors within the letters or the digits shows.
"""

from __future__ import annotations

import re

from geo.language import gettext as _
from geo.methods.contact_codes import holds_check

CHECKS = "0123456789ABCDEFGHJKMNPQRTVWXYZ"
SERIES_SIZE = 10_000
WEIGHTS = (2, 3, 5, 7, 11, 13)
# What people write between a code's parts, on one line: blanks, hyphens and dashes, points.
BETWEEN = r"[ \t\xa0\-‐-―._/]*"
_FORM = re.compile(r"([A-Z]{2})(\d{4})([0-9A-Z])")
# Letters or digits beside it would make it a part of another word.
_IN_TEXT = re.compile(rf"(?<![^\W_])[A-Za-z]{{2}}(?:{BETWEEN}\d){{4}}{BETWEEN}[0-9A-Za-z](?![^\W_])")
_NUMBERED = re.compile(r"(?m)^[ \t]*\d{1,3}[.)][ \t]+")


def make_code(series: str, number: int) -> str:
    """Make a person's code of a card's series and number.

    Examples
    --------
    >>> make_code("QX", 17)
    'QX0017H'
    """
    body = f"{series.upper()}{number:04d}"
    if not re.fullmatch(r"[A-Z]{2}\d{4}", body):
        raise ValueError(f"{series!r} {number} makes no code: two letters and a number up to 9999")
    return body + check_character(body)


def check_character(body: str) -> str:
    """Compute the check character of two letters and four digits.

    Examples
    --------
    >>> check_character("QX0017")
    'H'
    """
    values = [ord(sign) - ord("A") if sign.isalpha() else int(sign) for sign in body]
    return CHECKS[sum(weight * value for weight, value in zip(WEIGHTS, values, strict=True)) % len(CHECKS)]


def to_person_code(text: str) -> str:
    """Read a code as somebody writes it: small letters, spaces, hyphens and dashes don't matter.

    A code that was made of an e-mail address or phone number (:mod:`geo.methods.contact_codes`) is one too.

    Raises
    ------
    ValueError
        It has another form, or its check character does not fit.

    Examples
    --------
    >>> to_person_code(" qx-0017-H ")
    'QX0017H'
    >>> to_person_code("P0946DA03652D7C4CF6CD32")
    'P0946DA03652D7C4CF6CD32'
    >>> to_person_code("QX0017A")
    Traceback (most recent call last):
    ValueError: 'QX0017A' is mistyped: its last character does not fit
    """
    plain = re.sub(BETWEEN, "", str(text).strip()).upper()
    if holds_check(plain):
        return plain
    found = _FORM.fullmatch(plain)
    if not found:
        raise ValueError(
            _("{text!r} is no code: two letters, four digits and a check character").format(text=str(text))
        )
    return require_check(plain, text)


def require_check(plain: str, text: str) -> str:
    """Return a code of two letters, four digits and a check character, if that fits.

    Parameters
    ----------
    text
        As somebody wrote it.

    Raises
    ------
    ValueError
        It does not fit.

    Examples
    --------
    >>> require_check("QX0017H", "qx-0017-H")
    'QX0017H'
    """
    if check_character(plain[:-1]) != plain[-1]:
        raise ValueError(_("{text!r} is mistyped: its last character does not fit").format(text=str(text)))
    return plain


def split_codes(text: str) -> list[str]:
    """Split what was typed or pasted into codes and other words, in its order.

    A code may have blanks and hyphens within, on one line; what has its form is one, even where its check
    character does not fit. Everything else is split at blanks, commas and semicolons.

    Examples
    --------
    >>> split_codes("1. QX 0017 H, qx-0018-K; María QX0019")
    ['QX 0017 H', 'qx-0018-K', 'María', 'QX0019']
    """
    text = _NUMBERED.sub("", text)
    found, end = list[str](), 0
    for code in _IN_TEXT.finditer(text):
        found += [*_words(text[end : code.start()]), code.group()]
        end = code.end()
    return found + _words(text[end:])


def _words(text: str) -> list[str]:
    """Split at blanks, commas and semicolons; what holds no letter or digit is no word."""
    return [word for word in re.split(r"[\s,;]+", text) if re.search(r"[^\W_]", word)]
