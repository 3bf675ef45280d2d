"""Whether the official addresses answer, each asked for as little as possible."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests

from geo.sources.catalog import Source
from geo.sources.census_api import with_key
from geo.sources.download import AGENT
from geo.sources.official import way_of
from geo.sources.web import LOOPBACK, public_address

TIMEOUT_S = (10.0, 30.0)
HEAD_BYTES = 2048


@dataclass(frozen=True, slots=True)
class LiveAnswer:
    """How an address answered: ``answers`` where it gave something fit for the source."""

    source: str
    address: str
    seen_before: bool
    answers: bool
    words: str


def try_addresses(sources: Iterable[Source], counties: Iterable[str], key: str = "") -> Iterator[LiveAnswer]:
    """Ask every official address, for the first of the counties where there is one for each.

    Parameters
    ----------
    sources
        Their declarations.
    counties
        Five-digit GEOIDs.
    key
        The Census Bureau's key, or empty; it is never shown.

    Examples
    --------
    >>> list(try_addresses([], ["06065"]))
    []
    """
    county = next(iter(counties), None)
    for source in sources:
        address = source.address_for(county)
        answers, words = _ask(_lightest(source, address, key), way_of(source) in ("page", "none"))
        yield LiveAnswer(
            source.key, public_address(address, key), source.address_seen, answers, public_address(words, key)
        )


def _lightest(source: Source, address: str, key: str) -> str:
    """Give the address whose answer is small and still tells whether the source stands there."""
    way = way_of(source)
    if way == "layer":
        from geo.sources.arcgis import to_address

        return to_address(address, {"where": "1=1", "returnCountOnly": "true", "f": "json"})
    if way == "rows":
        return with_key(address, key)
    return address


def _ask(address: str, page_will_do: bool) -> tuple[bool, str]:
    try:
        with requests.Session() as session:
            session.trust_env = urlsplit(address).hostname not in LOOPBACK
            headers = {**AGENT, "Range": f"bytes=0-{HEAD_BYTES - 1}"}
            with session.get(address, headers=headers, stream=True, timeout=TIMEOUT_S) as response:
                head = next(response.iter_content(HEAD_BYTES), b"")
                return _judge(response.status_code, bytes(head), page_will_do)
    except requests.RequestException as error:
        return False, f"no answer ({type(error).__name__})"


def _judge(status: int, head: bytes, page_will_do: bool) -> tuple[bool, str]:
    """Judge by status and first bytes.

    Examples
    --------
    >>> _judge(200, b"<!DOCTYPE html>", page_will_do=False)
    (False, 'status 200, but a web page and no data')
    """
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if status not in (200, 206):
        return False, f"status {status}"
    if start.startswith((b"<!doctype", b"<html")) and not page_will_do:
        return False, f"status {status}, but a web page and no data"
    if start.startswith(b'{"error"'):
        return False, f"status {status}, but an error of the service"
    return True, f"status {status}"
