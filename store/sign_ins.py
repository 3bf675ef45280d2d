"""Passphrases, salted and hashed with scrypt; and who is signed in, in the server's memory alone."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import scrypt, sha256
from threading import RLock
from time import monotonic
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


IDLE_S = 8 * 3600.0
LONGEST_S = 24 * 3600.0
TICKET_S = 60.0
MOST = 1_000


@dataclass(slots=True)
class _SignIn:
    name: str
    number: int
    since: float
    used: float
    token: str = ""
    ticket: str = ""
    ticket_since: float = 0.0


class SignIns:
    """The sign-ins of a process.

    Parameters
    ----------
    clock
        Seconds that only go forward.

    Examples
    --------
    >>> found = SignIns()
    >>> key = found.begin("Ana", 1)
    >>> secret = found.redeem(found.ticket(key))
    >>> found.by_token(secret) == key, found.who(key)
    (True, ('Ana', 1))
    >>> found.end(key)
    >>> found.by_token(secret), found.who(key)
    ('', None)
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = RLock()
        self._found: dict[str, _SignIn] = {}

    def begin(self, name: str, number: int) -> str:
        """Begin a sign-in of a member, named with the number of their entry; return its key."""
        key = secrets.token_urlsafe(32)
        now = self._clock()
        with self._lock:
            self._forget(now)
            if len(self._found) >= MOST:
                del self._found[min(self._found, key=lambda item: self._found[item].used)]
            self._found[key] = _SignIn(name, number, now, now)
        return key

    def who(self, key: str) -> tuple[str, int] | None:
        """Return the member of a sign-in, which counts as its use; None where it has ended."""
        now = self._clock()
        with self._lock:
            self._forget(now)
            found = self._found.get(key)
            if found is None:
                return None
            found.used = now
            return found.name, found.number

    def ticket(self, key: str) -> str:
        """Return what a browser gets its secret for; empty where it has one, or the sign-in has ended."""
        now = self._clock()
        with self._lock:
            found = self._found.get(key)
            if found is None or found.token:
                return ""
            if not found.ticket or now - found.ticket_since > TICKET_S / 2:
                found.ticket, found.ticket_since = secrets.token_urlsafe(32), now
            return found.ticket

    def redeem(self, ticket: str) -> str:
        """Return the secret for a ticket, once; empty where it is none, or came too late."""
        now = self._clock()
        with self._lock:
            for found in self._found.values():
                right = found.ticket and secrets.compare_digest(found.ticket.encode(), ticket.encode())
                if right and now - found.ticket_since <= TICKET_S:
                    secret = secrets.token_urlsafe(32)
                    found.ticket, found.token = "", _checksum(secret)
                    return secret
        return ""

    def by_token(self, secret: str) -> str:
        """Return the key of the sign-in whose secret a browser holds; empty where there is none."""
        if not secret:
            return ""
        wanted = _checksum(secret)
        with self._lock:
            self._forget(self._clock())
            return next((key for key, found in self._found.items() if found.token == wanted), "")

    def end(self, key: str) -> None:
        """End a sign-in, in every tab that has it."""
        with self._lock:
            self._found.pop(key, None)

    def _forget(self, now: float) -> None:
        self._found = {
            key: found
            for key, found in self._found.items()
            if now - found.used < IDLE_S and now - found.since < LONGEST_S
        }


def _checksum(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


SIGN_INS = SignIns()
