"""Codes that stand for people: two letters, four digits and a check character, never a name.

A code is printed on a card that an organiser hands out; which person has it is written nowhere here. The
letters are the card's series, and are not to be anybody's initials. The check character is a weighted sum
modulo 31, a prime: every single slip and every swap of neighbours within the letters or the digits shows.
"""

from __future__ import annotations

import re

from geo.language import gettext as _

CHECKS = "0123456789ABCDEFGHJKMNPQRTVWXYZ"
WEIGHTS = (2, 3, 5, 7, 11, 13)
_FORM = re.compile(r"([A-Z]{2})(\d{4})([0-9A-Z])")


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
    """Read a code as somebody writes it: small letters, spaces and hyphens don't matter.

    Raises
    ------
    ValueError
        It has another form, or its check character does not fit.

    Examples
    --------
    >>> to_person_code(" qx-0017-H ")
    'QX0017H'
    >>> to_person_code("QX0017A")
    Traceback (most recent call last):
    ValueError: 'QX0017A' is mistyped: its last character does not fit
    """
    plain = re.sub(r"[\s\-.]", "", str(text)).upper()
    found = _FORM.fullmatch(plain)
    if not found:
        raise ValueError(
            _("{text!r} is no code: two letters, four digits and a check character").format(text=str(text))
        )
    if check_character(plain[:-1]) != plain[-1]:
        raise ValueError(_("{text!r} is mistyped: its last character does not fit").format(text=str(text)))
    return plain
