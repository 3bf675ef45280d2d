"""What servers say, in status codes and headers, put into words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from geo.errors import FetchError, RefusedError
from geo.language import gettext as _
from geo.language import mark as N_
from geo.settings import contact

LOOPBACK = ("127.0.0.1", "localhost", "::1")
PASSING = (408, 425, 429, 500, 502, 503, 504)
UNKNOWN_HERE = 401
REFUSED = 403
GONE = (404, 410)
SHOWN_BYTES = 200
NOTHING_OF_IT = 204
LONG, SHOWN_CHARACTERS = 160, 40
NAME = "coachella-outreach-maps"
WHEN_REFUSED = N_(
    "see whether it asks for a key or a login; some servers refuse programs at times: wait an hour, use "
    "another network, or download it in a browser and add it"
)


class Answer(Protocol):
    """The part of a response that is read here."""

    status_code: int
    url: str

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers, by name in any case."""

    def iter_content(self, chunk_size: int) -> object:
        """Give the body in blocks."""


def request_headers() -> dict[str, str]:
    """Headers by which this program says what it is, and whom to write to (``GEO_CONTACT``).

    Bot rules look for the names of libraries first; the form is the one that crawlers use.

    Examples
    --------
    >>> request_headers()["User-Agent"].startswith("Mozilla/5.0 (compatible; coachella-outreach-maps")
    True
    """
    who = f"; +{contact()}" if contact() else ""
    return {"User-Agent": f"Mozilla/5.0 (compatible; {NAME}{who})", "Accept-Encoding": "identity"}


def public_address(address: str, secret: str = "") -> str:
    """Return an address without a key, so that it can be shown and kept.

    Examples
    --------
    >>> public_address("https://api.census.gov/data?get=NAME&key=abc")
    'https://api.census.gov/data?get=NAME'
    """
    parts = urlsplit(address)
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "key"]
    if "key=" in parts.query:
        address = urlunsplit(parts._replace(query=urlencode(query, safe=":*+,/")))
    return address.replace(secret, "…") if secret else address


def shown_address(address: str, secret: str = "") -> str:
    """Return an address for a message: without a key, and with long lists of variables cut short.

    Examples
    --------
    >>> shown_address("https://api.census.gov/data?get=" + "B01003_001E," * 49 + "NAME&for=tract:*")
    'https://api.census.gov/data?get=B01003_001E,B01003_001E,B01003_001E,…&for=tract:*'
    """
    shown = public_address(address, secret)
    if len(shown) <= LONG:
        return shown
    before, _mark, query = shown.partition("?")
    parts = [part if len(part) <= LONG // 2 else f"{part[:SHOWN_CHARACTERS]}…" for part in query.split("&")]
    return f"{before}?{'&'.join(parts)}"


def read_retry_after(headers: Mapping[str, str]) -> float:
    """Read how many seconds a server asks one to wait: a number, or a date.

    Examples
    --------
    >>> read_retry_after({"Retry-After": "7"}), read_retry_after({"Retry-After": "soon"})
    (7.0, 0.0)
    """
    value = headers.get("Retry-After", "")
    if value.strip().isdecimal():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return 0.0
    return max((moment.astimezone(UTC) - datetime.now(UTC)).total_seconds(), 0.0)


def read_length(headers: Mapping[str, str]) -> int:
    """Read how many bytes are to come; 0 where that is not said, or they come compressed.

    Examples
    --------
    >>> read_length({"Content-Length": "12"}), read_length({"Content-Length": "many"})
    (12, 0)
    """
    value = headers.get("Content-Length", "").strip()
    plain = headers.get("Content-Encoding", "identity") == "identity"
    return int(value) if plain and value.isdecimal() else 0


def refuse_status(response: Answer, secret: str = "") -> None:
    """Raise where the status says that nothing can be had.

    Raises
    ------
    RefusedError
        Status 403, which firewalls give to programs at times.
    FetchError
        A login is asked for, the file is gone, or another status than 200 and 206.
    """
    status, shown = response.status_code, shown_address(response.url, secret)
    if status == REFUSED:
        raise RefusedError(f"{shown} is refused (status {status})", _(WHEN_REFUSED))
    if status == UNKNOWN_HERE:
        raise FetchError(f"{shown} is refused (status {status})", "see whether it asks for a key or a login")
    if status in GONE:
        raise FetchError(
            f"nothing stands at {shown} (status {status})",
            "find where the publisher moved it, download it and add it",
        )
    if status == NOTHING_OF_IT:
        raise FetchError(
            _("{address} has nothing of what is asked for (status {status})").format(
                address=shown, status=status
            ),
            _("find where the publisher has it, download it and add it"),
        )
    if status not in (200, 206):
        raise FetchError(
            _("{address} answered with status {status}{words}").format(
                address=shown, status=status, words=_first_words(response, secret)
            ),
            _("open it in a browser; where the publisher has changed it, download the file and add it"),
        )


def _first_words(response: Answer, secret: str) -> str:
    """Read the first line of a plain-text answer, where services say what they did not understand."""
    if not response.headers.get("Content-Type", "").startswith("text/plain"):
        return ""
    for block in response.iter_content(SHOWN_BYTES):  # type: ignore[attr-defined]
        line = bytes(block).decode("utf-8", "replace").strip().splitlines()[:1]
        return f" ({public_address(line[0], secret)})" if line else ""
    return ""
