"""Where addresses lie, by the Census Bureau's batch geocoder; asked only where a setting names it.

It takes a CSV of up to 10,000 rows (identifier, street, city, state, ZIP) and answers with a CSV: identifier,
the address as asked, Match, Tie or No_Match, Exact or Non_Exact, the address found, longitude and latitude.
"""

from __future__ import annotations

import csv
import io
import math
import os
from collections.abc import Iterator

import pandas as pd
import requests

from geo.errors import FetchError
from geo.language import gettext as _

OFFICIAL = "https://geocoding.geo.census.gov/geocoder/locations/addressbatch"
BENCHMARK = "Public_AR_Current"
MOST, WAIT_S = 1_000, (5.0, 120.0)
COLUMNS = ("street", "city", "state", "zip")
MATCHED = "Match"


def geocoder_address() -> str:
    """Address of the batch geocoder; empty where none may be asked, which is so by default (GEO_GEOCODER).

    Examples
    --------
    >>> isinstance(geocoder_address(), str)
    True
    """
    return os.environ.get("GEO_GEOCODER", "")


def find_addresses(addresses: pd.DataFrame, address: str, state: str = "CA") -> pd.DataFrame:
    """Ask where addresses lie.

    Parameters
    ----------
    addresses
        ``street``, ``city``, ``state``, ``zip``, text, one row each; :data:`MOST` at most.
    address
        Of the geocoder.
    state
        Stands in where a row names none.

    Returns
    -------
    pandas.DataFrame
        On the same index: ``longitude`` and ``latitude`` in degrees (EPSG:4326), missing where there is no
        match or more than one; ``exact``, whether the address found is the one asked for.

    Raises
    ------
    FetchError
        The geocoder cannot be reached, refuses, or answers with something else.
    """
    if len(addresses) > MOST:
        raise FetchError(
            _("{count} addresses are more than the {most} asked for at a time").format(
                count=len(addresses), most=MOST
            ),
            _("split the list"),
        )
    asked = io.StringIO()
    rows = addresses[list(COLUMNS)].fillna("").astype(str).to_numpy().tolist()
    csv.writer(asked).writerows(
        [number, street, city, given or state, code]
        for number, (street, city, given, code) in enumerate(rows)
    )
    found = dict(_read(_ask(address, asked.getvalue()), len(addresses)))
    lines = [found.get(number, (math.nan, math.nan, False)) for number in range(len(addresses))]
    return pd.DataFrame(lines, columns=["longitude", "latitude", "exact"], index=addresses.index)


def _ask(address: str, content: str) -> str:
    try:
        answer = requests.post(
            address,
            files={"addressFile": ("addresses.csv", content, "text/csv")},
            data={"benchmark": BENCHMARK},
            timeout=WAIT_S,
            allow_redirects=False,
        )
        answer.raise_for_status()
    except requests.RequestException as error:
        raise FetchError(
            _("the Census geocoder cannot be reached"),
            _("try again with a network, or add columns latitude and longitude; nothing was kept"),
        ) from error
    return answer.text


def _read(text: str, count: int) -> Iterator[tuple[int, tuple[float, float, bool]]]:
    """Read the matches; what is no such answer raises."""
    rows = [row for row in csv.reader(io.StringIO(text)) if row]
    known = [row for row in rows if len(row) >= 3 and row[0].isdecimal() and int(row[0]) < count]
    if count and not known:
        raise FetchError(
            _("the Census geocoder answers with something else than places"), _("try again later")
        )
    for row in known:
        if row[2] == MATCHED and len(row) >= 6:
            longitude, _comma, latitude = row[5].partition(",")
            try:
                yield int(row[0]), (float(longitude), float(latitude), row[3] == "Exact")
            except ValueError:
                continue
