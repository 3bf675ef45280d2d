"""Who is signed in at this moment: kept in the server's memory alone, and gone when it ends.

A sign-in is named by a key that stays on the server. The browser holds a secret of its own in a cookie, of
which the checksum is kept here, so that a reload finds the sign-in again. The page cannot set that cookie
itself: it gets a ticket, good once and for a minute; for it the server gives the browser the secret.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from threading import RLock
from time import monotonic

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
