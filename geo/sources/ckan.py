"""A file of a CKAN catalog such as data.ca.gov, by its resource's id: names and addresses of files change.

Follows the ``resource_show`` action of the CKAN API (https://docs.ckan.org/en/latest/api/).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from geo.errors import FetchError
from geo.language import gettext as _
from geo.sources.download import Downloader

SHOWN = 200
WEB = ("http", "https")
DAY = len("2026-11-28")


@dataclass(frozen=True, slots=True)
class Resource:
    """Where a file stands at this moment, and the day on which its publisher last changed it."""

    address: str
    changed: str


def look_up_address(page: str, resource: str) -> str:
    """Address that tells where a resource stands; the catalog is the one of the data set's page.

    Examples
    --------
    >>> look_up_address("https://data.ca.gov/dataset/drinking-water", "255887bb")
    'https://data.ca.gov/api/3/action/resource_show?id=255887bb'
    """
    parts = urlsplit(page)
    return f"{parts.scheme}://{parts.netloc}/api/3/action/resource_show?id={resource}"


def find_resource(downloader: Downloader, page: str, resource: str) -> Resource:
    """Look up where a resource stands at this moment.

    Parameters
    ----------
    downloader
        What speaks to the catalog.
    page
        The data set's page for people, in the same catalog.
    resource
        The id of the file in it.

    Raises
    ------
    FetchError
        The catalog does not answer, or has no such resource.
    """
    address = look_up_address(page, resource)
    path = downloader.folder / f"resource-{resource}.json"
    try:
        downloader.download(address, path)
        return read_resource(path.read_text(encoding="utf-8", errors="replace"), address)
    finally:
        path.unlink(missing_ok=True)


def read_resource(answer: str, address: str) -> Resource:
    """Read an answer of ``resource_show``.

    Raises
    ------
    FetchError
        It is none, or names no file that can be had over the web.

    Examples
    --------
    >>> read_resource('{"success": true, "result": {"url": "https://example.org/a.csv"}}', "")
    Resource(address='https://example.org/a.csv', changed='')
    """
    try:
        content: Any = json.loads(answer)
        result = content["result"] if content["success"] is True else {}
        url = str(result["url"])
        changed = str(result.get("last_modified") or result.get("created") or "")[:DAY]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        start = answer[:SHOWN].splitlines()[:1]
        raise FetchError(
            _("{address} does not say where the file stands ({words})").format(
                address=address, words="".join(start)
            ),
            _("try again later"),
        ) from error
    if urlsplit(url).scheme not in WEB:
        raise FetchError(
            _("{address} names no address of the web ({words})").format(address=address, words=url[:SHOWN]),
            _("try again later"),
        )
    return Resource(url, changed)
