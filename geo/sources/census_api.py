"""Tables of the Census Bureau's API, a county at a time, as it lays them out: a head and rows.

Estimates (``…E``) come with their margins of error (``…M``, 90 %). Values stay as they were published:
sentinels such as -666666666 become missing values where the file is read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from census.core import ACS5Client, APIKeyError, CensusException

from geo.errors import CatalogError, FetchError, GeoError, first_ids
from geo.sources.catalog import Source
from geo.sources.census_key import INVALID, key_needed, where_to_get_a_key
from geo.sources.download import Downloader
from geo.sources.http_status import public_address

MOST_VARIABLES = 50
PLACE = ("state", "county", "tract")
ADDRESS = re.compile(r"(?P<root>.+)/(?P<year>\d{4})/acs/acs5")


def fetch_acs_tracts(downloader: Downloader, source: Source, county: str, key: str, target: Path) -> None:
    """Bring a county's ACS 5-year estimates by tract, every column of the declaration, to one file.

    Parameters
    ----------
    downloader
        What speaks to the network.
    source
        Its declaration; the address names the year, the columns the variables.
    county
        A five-digit GEOID.
    key
        The key of the API.
    target
        The file to be written: rows of text under the variables' names, with state, county and tract.

    Raises
    ------
    KeyNeededError
        There is no key, or it is not accepted.
    FetchError
        The answer is no table, or parts of it have other tracts.
    """
    if not key:
        raise key_needed()
    variables = [name for name in source.layout.published if name not in PLACE]
    client = _AcsTables(source.address, key, _Door(downloader, target.parent))
    parts = [
        _ask(client, chunk, county, key) for chunk in to_chunks(variables, MOST_VARIABLES - 1)
    ]  # 49, as the package itself adds one to a longer list
    rows = _join(source, county, parts)
    head = [*variables, *PLACE]
    table = [head, *([row[name] for name in head] for row in rows)]
    target.write_text(json.dumps(table, separators=(",", ":")).replace("],[", "],\n["), encoding="utf-8")


def to_chunks(names: Sequence[str], size: int) -> list[list[str]]:
    """Cut a list into parts of at most ``size``.

    Examples
    --------
    >>> to_chunks(["a", "b", "c"], 2)
    [['a', 'b'], ['c']]
    """
    return [list(names[start : start + size]) for start in range(0, len(names), size)]


def _ask(client: _AcsTables, variables: list[str], county: str, key: str) -> list[dict[str, Any]]:
    where = {"for": "tract:*", "in": f"state:{county[:2]} county:{county[2:]}"}
    try:
        rows: list[dict[str, Any]] = client.get(variables, where)
    except APIKeyError as error:
        raise key_needed(INVALID) from error
    except GeoError:
        raise
    except (CensusException, ValueError, TypeError, AttributeError, LookupError) as error:
        words = public_address(str(error), key)[:200]
        raise FetchError(f"the Census Bureau's answer is no table ({words})", where_to_get_a_key()) from error
    return rows


def _join(source: Source, county: str, parts: Iterable[Sequence[Mapping[str, Any]]]) -> list[dict[str, Any]]:
    """Join the parts of a table by tract."""
    tables = [{tuple(row[name] for name in PLACE): row for row in part} for part in parts]
    tracts = sorted(set().union(*tables))
    lacking = [tract for tract in tracts if not all(tract in table for table in tables)]
    if lacking or not tracts:
        raise FetchError(
            f"the parts of {source.key!r} for {county} have other tracts than one another "
            f"({len(lacking)} of {len(tracts)}: {first_ids(''.join(tract) for tract in lacking)})",
            "try again later",
        )
    return [{name: value for table in tables for name, value in table[tract].items()} for tract in tracts]


class _Answer:
    """A downloaded answer, in the shape that the census package reads."""

    status_code = 200

    def __init__(self, text: str) -> None:
        self.text = text

    def json(self) -> Any:
        return json.loads(self.text)


class _Door:
    """The census package's session: its requests go through the downloader."""

    def __init__(self, downloader: Downloader, folder: Path) -> None:
        self.downloader = downloader
        self.folder = folder

    def get(self, url: str, params: Mapping[str, str]) -> _Answer:
        path = self.folder / ".part.json"
        self.downloader.download(f"{url}?{urlencode(params, safe=':*,')}", path)
        text = path.read_text(encoding="utf-8")
        path.unlink()
        return _Answer(text)


class _AcsTables(ACS5Client):  # type: ignore[misc]
    """ACS 5-year tables at a declared address, with values as they were published."""

    def __init__(self, address: str, key: str, session: _Door) -> None:
        match = ADDRESS.fullmatch(address)
        if match is None:
            raise CatalogError(f"{address} is no address of ACS 5-year tables", "see data/sources.toml")
        self.root = match["root"]
        super().__init__(key, year=int(match["year"]), session=session, retries=1)

    def _switch_endpoints(self, year: int) -> None:
        self.endpoint_url = self.root + "/%s/acs/%s"

    def _field_type(self, field: str, year: int) -> type[str]:
        """Keep every value as text: the package would ask the network for the type of each variable."""
        return str
