"""Passphrases, salted and hashed with scrypt; what is kept does not tell the passphrase."""

from __future__ import annotations

import hmac
import secrets
from hashlib import scrypt
from unicodedata import normalize

from zxcvbn import zxcvbn

from geo.errors import StoreError
from geo.language import gettext as _

SHORTEST, LONGEST = 12, 200
# Somebody who knows the product and the name guesses these first: they make no passphrase longer.
OWN_WORDS = (
    "coachella",
    "blythe",
    "valley",
    "valle",
    "water",
    "agua",
    "outreach",
    "maps",
    "mapas",
    "dashboard",
    "passphrase",
    "password",
    "contraseña",
    "contrasena",
)
# A tenth power of ten: at a fifth of a second a guess, a stolen hash holds for decades.
LEAST_GUESSES = 10.0
JUDGED = 72
SALT_BYTES = 16
# As OWASP asks of scrypt: 32 MB and three rounds, about a fifth of a second for each try.
COST, BLOCK, ROUNDS = 2**15, 8, 3
MOST_MEMORY = 2**26


def check_passphrase(passphrase: str, name: str) -> None:
    """Refuse a passphrase that is soon guessed.

    The name and the words of this product do not count; the rest is judged by zxcvbn.

    Raises
    ------
    StoreError
        It is too short, too long, or soon guessed.

    Examples
    --------
    >>> check_passphrase("nine brown dogs at the well", "Ana")
    >>> check_passphrase("Ana at Coachella", "Ana")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    geo.errors.StoreError: the passphrase is soon guessed: choose a few words that belong ...
    """
    plain = normalize("NFKC", passphrase.strip())
    remedy = _("choose a few words that belong together for nobody else")
    if len(plain) < SHORTEST:
        raise StoreError(_("the passphrase has fewer than {least} signs").format(least=SHORTEST), remedy)
    if len(plain) > LONGEST:
        raise StoreError(_("the passphrase has more than {most} characters").format(most=LONGEST), remedy)
    rest = plain.casefold()
    named = [word for word in name.casefold().split() if len(word) > 2]
    for word in (*named, *OWN_WORDS):
        rest = rest.replace(word, "")
    rest = " ".join(rest.split())[:JUDGED]
    if not rest or float(zxcvbn(rest)["guesses_log10"]) < LEAST_GUESSES:
        raise StoreError(_("the passphrase is soon guessed"), remedy)


def hash_passphrase(passphrase: str) -> str:
    """Hash a passphrase with a salt of its own, written with all that is needed to check it.

    Examples
    --------
    >>> kept = hash_passphrase("nine brown dogs at the well")
    >>> kept.split("$")[:4], "dogs" in kept
    (['scrypt', '32768', '8', '3'], False)
    """
    salt = secrets.token_bytes(SALT_BYTES)
    return "$".join(
        ["scrypt", str(COST), str(BLOCK), str(ROUNDS), salt.hex(), _digest(passphrase, salt).hex()]
    )


def is_passphrase(passphrase: str, kept: str) -> bool:
    """Whether a passphrase is the one that was hashed, compared in constant time.

    Examples
    --------
    >>> kept = hash_passphrase("nine brown dogs at the well")
    >>> is_passphrase("nine brown dogs at the well ", kept), is_passphrase("nine brown dogs", kept)
    (True, False)
    """
    _name, cost, block, rounds, salt, digest = kept.split("$")
    if len(passphrase) > LONGEST:
        passphrase = ""
    found = _digest(passphrase, bytes.fromhex(salt), int(cost), int(block), int(rounds))
    return hmac.compare_digest(found, bytes.fromhex(digest))


def _digest(
    passphrase: str, salt: bytes, cost: int = COST, block: int = BLOCK, rounds: int = ROUNDS
) -> bytes:
    plain = normalize("NFKC", passphrase.strip()).encode()
    return scrypt(plain, salt=salt, n=cost, r=block, p=rounds, maxmem=MOST_MEMORY)
