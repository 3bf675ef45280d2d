"""ACS tables of the Census Bureau as its API lays them out, a head and rows: tracts of a county, places.

From the API with a key; without one from the table-based summary files, one of the nation for each table
(``acsdt5y2024-b19013.dat``: ``GEO_ID|B19013_E001|B19013_M001``), of which the counties' tracts are kept.
Estimates (``…E``) come with their margins of error (``…M``, 90 %). Values stay as they were published:
sentinels such as -666666666 become missing values where the file is read.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from census.core import ACS5Client, APIKeyError, CensusException

from geo.errors import CatalogError, FetchError, GeoError, first_ids
from geo.sources.catalog import Source
from geo.sources.census_key import INVALID, key_needed, where_to_get_a_key
from geo.sources.download import Downloader
from geo.sources.http_status import public_address

MOST_VARIABLES = 50
ADDRESS = re.compile(r"(?P<root>.+)/(?P<year>\d{4})/acs/acs5")


def fetch_acs_table(downloader: Downloader, source: Source, county: str, key: str, target: Path) -> None:
    """Bring ACS 5-year estimates, every column of the declaration, to one file.

    One request may ask for 50 variables, so that a longer list is asked for in parts that are joined by what
    names a row: state, county and tract, or state and place.

    Parameters
    ----------
    downloader
        What speaks to the network.
    source
        Its declaration; the address names the year, the columns the variables. What the address asks after
        its question mark (``for=place:*&in=state:06``) is asked, else the county's tracts.
    county
        A five-digit GEOID; empty where the address names what is asked for.
    key
        The key of the API.
    target
        The file to be written: rows of text under the variables' names, with what names a row.

    Raises
    ------
    KeyNeededError
        There is no key, or it is not accepted.
    FetchError
        The answer is no table, or parts of it have other rows.
    """
    if not key:
        raise key_needed()
    address, _mark, asked = source.address.partition("?")
    where = dict(parse_qsl(asked)) or {"for": "tract:*", "in": f"state:{county[:2]} county:{county[2:]}"}
    variables = [name for name in source.layout.published if name not in _row_names(source)]
    client = _AcsTables(address, key, _Door(downloader, target.parent))
    parts = [
        _ask(client, chunk, where, key) for chunk in to_chunks(variables, MOST_VARIABLES - 1)
    ]  # 49, as the package itself adds one to a longer list
    _write(source, county, parts, target)


def _row_names(source: Source) -> tuple[str, ...]:
    """List what names a row: the parts of its GEOID."""
    names = source.layout.text["geoid"]
    return (names,) if isinstance(names, str) else names


TRACT_PREFIX = "1400000US"
# A column of a summary file: its table, whether it is an estimate or a margin, and its line.
COLUMN = re.compile(r"(?P<table>\w+)_(?P<line>\d{3})(?P<kind>[EM])")


def write_from_tables(
    bring: Callable[[Sequence[str], Path], str],
    source: Source,
    counties: Sequence[str],
    county: str,
    folder: Path,
    target: Path,
) -> str:
    """Bring a county's ACS estimates by tract out of the nation's files, every column of the declaration.

    Files are brought one after the other; of each the counties' rows are kept, so that a run that was cut
    short takes up where it stopped, and the next county has them already.

    Parameters
    ----------
    bring
        Brings a file from the first of its addresses that gives it, and returns that address.
    source
        Its declaration; ``tables`` are the addresses of a table, the columns the variables.
    counties
        All that are wanted, five-digit GEOIDs.
    county
        The one of them that this file is of.
    folder
        Where kept rows lie between two counties; it goes with the last one.
    target
        The file to be written, laid out as the API answers.

    Returns
    -------
    str
        The address of the first table.

    Raises
    ------
    FetchError
        A file cannot be had, lacks a column, or has other tracts than the others.
    """
    kept = folder / f"{source.key}-{'-'.join(counties)}"
    kept.mkdir(parents=True, exist_ok=True)
    tables = tables_of(source)
    parts: list[list[dict[str, Any]]] = []
    for table, names in tables.items():
        rows = kept / f"{table}.dat"
        if not rows.is_file():
            _keep_rows(bring, [item.format(table=table) for item in source.tables], counties, rows)
        parts.append(list(_read_table_file(rows, names, county)))
    _write(source, county, parts, target)
    if county == counties[-1]:
        shutil.rmtree(kept, ignore_errors=True)
    return source.tables[0].format(table=next(iter(tables)))


def tables_of(source: Source) -> dict[str, list[str]]:
    """List the variables of a declaration by the table that has them, in small letters as files are named.

    Examples
    --------
    >>> from geo.sources.catalog import read_catalog
    >>> tables_of(read_catalog()["acs_5year"])["b19013"]
    ['B19013_001E', 'B19013_001M']
    """
    found: dict[str, list[str]] = {}
    for name in source.layout.published:
        if match := COLUMN.fullmatch(name):
            found.setdefault(match["table"].lower(), []).append(name)
    return dict(sorted(found.items()))


def _keep_rows(
    bring: Callable[[Sequence[str], Path], str], addresses: Sequence[str], counties: Sequence[str], rows: Path
) -> None:
    """Bring a nation's file and keep its head and the counties' tracts; the file itself goes."""
    whole, part = rows.with_suffix(".whole"), rows.with_suffix(".part")
    prefixes = tuple(f"{TRACT_PREFIX}{county}" for county in counties)
    try:
        bring(addresses, whole)
        with whole.open(encoding="utf-8-sig") as lines, part.open("w", encoding="utf-8") as sink:
            sink.write(next(lines, ""))
            sink.writelines(line for line in lines if line.startswith(prefixes))
        part.replace(rows)
    finally:
        whole.unlink(missing_ok=True)


def _read_table_file(path: Path, names: Sequence[str], county: str) -> Iterator[dict[str, Any]]:
    """Read a county's tracts of a summary file, under the names that the API gives its columns."""
    published = {_name_in_file(name): name for name in names}
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream, delimiter="|")
        if lacking := [column for column in ("GEO_ID", *published) if column not in (rows.fieldnames or ())]:
            path.unlink()
            raise FetchError(
                f"{path.name} of the summary files has no {first_ids(lacking)}: its layout is another one",
                "see the columns in data/sources.toml",
            )
        for row in rows:
            geoid = row["GEO_ID"].removeprefix(TRACT_PREFIX)
            if geoid.startswith(county):
                place = {"state": geoid[:2], "county": geoid[2:5], "tract": geoid[5:]}
                yield place | {name: row[column] for column, name in published.items()}


def _name_in_file(name: str) -> str:
    """Name a variable as a summary file does.

    Examples
    --------
    >>> _name_in_file("B19013_001M")
    'B19013_M001'
    """
    return COLUMN.sub(r"\g<table>_\g<kind>\g<line>", name)


def _write(source: Source, county: str, parts: Sequence[Sequence[Mapping[str, Any]]], target: Path) -> None:
    rows = _join(source, county, parts)
    places = _row_names(source)
    head = [*(name for name in source.layout.published if name not in places), *places]
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


def _ask(client: _AcsTables, variables: list[str], where: dict[str, str], key: str) -> list[dict[str, Any]]:
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
    """Join the parts of a table by what names a row."""
    names = _row_names(source)
    tables = [{tuple(row[name] for name in names): row for row in part} for part in parts]
    places = sorted(set().union(*tables))
    lacking = [place for place in places if not all(place in table for table in tables)]
    if lacking or not places:
        raise FetchError(
            f"the parts of {source.key!r} for {county or 'all'} have other {names[-1]}s than one another "
            f"({len(lacking)} of {len(places)}: {first_ids(''.join(place) for place in lacking)})",
            "try again later",
        )
    return [{name: value for table in tables for name, value in table[place].items()} for place in places]


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
