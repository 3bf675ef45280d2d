"""A file of a CKAN catalog such as data.ca.gov, by its resource's id: names and addresses of files change.

Follows the ``resource_show`` and ``package_show`` actions of the CKAN API (https://docs.ckan.org/en/latest/api/).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from geo.errors import FetchError, first_ids
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
    try:
        address = look_up_address(page, resource)
        return read_resource(_ask(downloader, address), address)
    except FetchError as fault:
        return _find_in_package(downloader, page, resource, fault)


def _find_in_package(downloader: Downloader, page: str, resource: str, fault: FetchError) -> Resource:
    """Look among the files of the data set; where that fails too, the first fault is told."""
    address = package_address(page)
    try:
        answer = _ask(downloader, address)
    except FetchError:
        raise fault from None
    return read_package(answer, address, resource, fault)


def _ask(downloader: Downloader, address: str) -> str:
    path = downloader.folder / "catalog-answer.json"
    try:
        downloader.download(address, path)
        return path.read_text(encoding="utf-8", errors="replace")
    finally:
        path.unlink(missing_ok=True)


def package_address(page: str) -> str:
    """Address that tells which files a data set has, by the last part of its page for people.

    Examples
    --------
    >>> package_address("https://data.ca.gov/dataset/drinking-water")
    'https://data.ca.gov/api/3/action/package_show?id=drinking-water'
    """
    parts = urlsplit(page)
    name = parts.path.rstrip("/").rpartition("/")[2]
    return f"{parts.scheme}://{parts.netloc}/api/3/action/package_show?id={name}"


def read_package(answer: str, address: str, resource: str, fault: FetchError) -> Resource:
    """Find a resource in an answer of ``package_show``, where it could not be asked for itself.

    Raises
    ------
    FetchError
        The data set has it no more, and the files that it has are named; ``fault`` where this is no answer.

    Examples
    --------
    >>> one = '{"id": "255887bb", "url": "https://example.org/a.csv", "last_modified": "2026-11-24T16:02:11"}'
    >>> answer = '{"success": true, "result": {"resources": [' + one + ']}}'
    >>> read_package(answer, "", "255887bb", FetchError("it is away"))
    Resource(address='https://example.org/a.csv', changed='2026-11-24')
    """
    try:
        content: Any = json.loads(answer)
        listed = [dict(item) for item in content["result"]["resources"]]
    except (ValueError, KeyError, TypeError) as error:
        raise fault from error
    for item in listed:
        if item.get("id") == resource:
            return read_resource(json.dumps({"success": True, "result": item}), address)
    names = first_ids([f"{item.get('name')} ({item.get('id')})" for item in listed])
    raise FetchError(
        _("{address} has no file {resource} any more; it has {count}: {names}").format(
            address=address, resource=resource, count=len(listed), names=names
        ),
        _("put the id of the right one into data/sources.toml"),
    ) from fault


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
