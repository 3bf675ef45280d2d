"""Codes made of e-mail addresses and phone numbers: with a secret, the same one always gives the same code.

A code is HMAC-SHA-256 of the normalized address or number, cut to 80 bits, and two digits that check it.
Whoever has the codes but not the secret cannot try out addresses; whoever has both can.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection
from hashlib import sha256

from geo.errors import SchemaError
from geo.language import gettext as _

LEAST_SECRET = 32
CONTACT_FORM = re.compile(r"P[0-9A-F]{22}")
_EMAIL = re.compile(r"[^\s@<>,;:\"'()]+@[^\s@<>,;:\"'()]+\.[^\s@<>,;:\"'().]{2,}")
_EXTENSION = re.compile(r"[\s,;]*(?:extension|extensión|ext|anexo|x|#)[\s.:#]*\d{1,6}$")
_US = re.compile(r"[2-9]\d{2}[2-9]\d{6}")


def to_email(text: str) -> str:
    """Normalize an e-mail address: lower case, no blanks, without ``mailto:`` or a name before it.

    Raises
    ------
    SchemaError
        It is none; the message does not repeat it.

    Examples
    --------
    >>> to_email(" Ana <ANA.Ruiz @Example.org> ")
    'ana.ruiz@example.org'
    """
    plain = unicodedata.normalize("NFKC", text).casefold().strip()
    named = re.fullmatch(r"[^<>]*<([^<>]+)>", plain)
    bare = re.sub(r"\s+", "", named[1] if named else plain).removeprefix("mailto:").rstrip(".,;")
    if not _EMAIL.fullmatch(bare) or len(bare) > 254:
        raise SchemaError(_("no e-mail address"), _("write it as name@example.org"))
    return bare


def to_phone(text: str) -> str:
    """Normalize a phone number: of the US with +1 and ten digits; an extension is left out.

    A number of another country keeps its ``+`` and digits.

    Raises
    ------
    SchemaError
        It is none; the message does not repeat it.

    Examples
    --------
    >>> to_phone("(760) 555-0123 ext. 4"), to_phone("1.760.555.0123"), to_phone("7605550123.0")
    ('+17605550123', '+17605550123', '+17605550123')
    >>> to_phone("+52 686 555 0123")
    '+526865550123'
    """
    plain = unicodedata.normalize("NFKC", text).casefold().strip().removeprefix("tel:")
    bare = re.sub(r"^(\d{10,11})\.0$", r"\1", _EXTENSION.sub("", plain))  # as a column of numbers is saved
    digits = "".join(str(int(sign)) for sign in bare if sign.isdecimal())
    if re.fullmatch(r"[\d\s().+\-‐-―/·]*", bare):
        if bare.startswith("+") and not digits.startswith("1") and 8 <= len(digits) <= 15:
            return f"+{digits}"
        ours = digits[1:] if len(digits) == 11 and digits.startswith("1") else digits
        if _US.fullmatch(ours):
            return f"+1{ours}"
    raise SchemaError(_("no phone number"), _("write ten digits, as (760) 555-0123"))


def make_contact_code(secret: bytes, contact: str) -> str:
    """Make the code of a normalized e-mail address or phone number.

    Parameters
    ----------
    secret
        At least 32 bytes that stand outside the database.

    Raises
    ------
    ValueError
        The secret is shorter.

    Examples
    --------
    >>> make_contact_code(b"0" * 32, "ana@example.org")
    'P0946DA03652D7C4CF6CD32'
    """
    if len(secret) < LEAST_SECRET:
        raise ValueError(f"the secret has {len(secret)} bytes, less than {LEAST_SECRET}")
    kind = "email" if "@" in contact else "phone"
    body = hmac.new(secret, f"{kind}:{contact}".encode(), sha256).hexdigest()[:20].upper()
    return f"P{body}{_check(body)}"


def holds_check(code: str) -> bool:
    """Whether the last two digits of such a code fit the others.

    Examples
    --------
    >>> code = make_contact_code(b"0" * 32, "ana@example.org")
    >>> holds_check(code), holds_check(code[:-1] + "0")
    (True, False)
    """
    return bool(CONTACT_FORM.fullmatch(code)) and _check(code[1:-2]) == code[-2:]


def _check(body: str) -> str:
    return sha256(body.encode()).hexdigest()[:2].upper()


def near_pairs(contacts: Collection[str]) -> set[tuple[str, str]]:
    """Find pairs that differ by one sign: another, one more, one less, or two neighbors swapped.

    Two that do so share what is left when one sign is taken out, so only such are compared.

    Examples
    --------
    >>> near_pairs(["ana@gmail.com", "ana@gmial.com", "luis@gmail.com"])
    {('ana@gmail.com', 'ana@gmial.com')}
    """
    shared: dict[str, set[str]] = defaultdict(set)
    for contact in set(contacts):
        for place in range(len(contact)):
            shared[contact[:place] + contact[place + 1 :]].add(contact)
        shared[contact].add(contact)
    return {
        (one, other)
        for group in shared.values()
        for one in group
        for other in group
        if one < other and is_near(one, other)
    }


def is_near(one: str, other: str) -> bool:
    """Whether two texts differ by one sign, or by two neighbors that are swapped.

    Examples
    --------
    >>> is_near("gmail", "gmial"), is_near("gmail", "gmai"), is_near("gmail", "gmail"), is_near("ab", "ba1")
    (True, True, False, False)
    """
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1 or one == other:
        return False
    start = next((place for place, sign in enumerate(short) if sign != long[place]), len(short))
    if len(short) < len(long):
        return short[start:] == long[start + 1 :]
    swapped = short[start : start + 2] == long[start : start + 2][::-1]
    return short[start + 1 :] == long[start + 1 :] or (swapped and short[start + 2 :] == long[start + 2 :])
