"""Passphrases, salted and hashed with scrypt; what is kept does not tell the passphrase."""

from __future__ import annotations

import hmac
import secrets
from hashlib import scrypt
from unicodedata import normalize

from geo.errors import StoreError
from geo.language import gettext as _

SHORTEST = 12
SALT_BYTES = 16
# As OWASP asks of scrypt: 32 MB and three rounds, about a fifth of a second for each try.
COST, BLOCK, ROUNDS = 2**15, 8, 3
MOST_MEMORY = 2**26


def hash_passphrase(passphrase: str) -> str:
    """Hash a passphrase with a salt of its own, written with all that is needed to check it.

    Raises
    ------
    StoreError
        It has fewer than twelve signs.

    Examples
    --------
    >>> kept = hash_passphrase("nine brown dogs at the well")
    >>> kept.split("$")[:4], "dogs" in kept
    (['scrypt', '32768', '8', '3'], False)
    """
    if len(passphrase.strip()) < SHORTEST:
        raise StoreError(
            _("the passphrase has fewer than {least} signs").format(least=SHORTEST),
            _("choose a few words that belong together for nobody else"),
        )
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
    found = _digest(passphrase, bytes.fromhex(salt), int(cost), int(block), int(rounds))
    return hmac.compare_digest(found, bytes.fromhex(digest))


def _digest(
    passphrase: str, salt: bytes, cost: int = COST, block: int = BLOCK, rounds: int = ROUNDS
) -> bytes:
    plain = normalize("NFKC", passphrase.strip()).encode()
    return scrypt(plain, salt=salt, n=cost, r=block, p=rounds, maxmem=MOST_MEMORY)
