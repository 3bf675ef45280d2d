"""The State's list of possible joinings: matched to systems, doubles and misplacements marked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable

import geopandas as gpd
import pandas as pd

from geo.water.names import are_akin, normalise_name, significant_words

M_PER_MILE = 1_609.344
# The State measured along roads from other points: only what is this much too short contradicts.
TOO_SHORT_MILES = 0.5
UNRELIABLE = ("point_shared", "point_shared_centroid", "point_outside_county", "none")


def match_systems(rows: pd.DataFrame, systems: pd.DataFrame) -> pd.DataFrame:
    """Match each row's joining system: by identifier, else by name, else not.

    A name matches where it reads the same, spelling aside, as a name of one system and no other. A row
    whose identifier is in none of our tables is not matched by name: it says itself which system it means.

    Returns
    -------
    pandas.DataFrame
        On the index of ``rows``: ``match`` ("pwsid", "name" or "none") and ``matched_pwsid`` (NA for none).
    """
    known = set(systems["pwsid"])
    by_name = _systems_by_name(systems)
    found = [
        _match(pwsid, name, known, by_name)
        for pwsid, name in zip(rows["joining_pwsid"], rows["joining_name"], strict=True)
    ]
    return pd.DataFrame(found, index=rows.index, columns=["match", "matched_pwsid"], dtype="string")


def _match(
    pwsid: str | None, name: str, known: set[str], by_name: dict[str, set[str]]
) -> tuple[str, str | None]:
    if pd.notna(pwsid):
        return ("pwsid", pwsid) if pwsid in known else ("none", None)
    owners = by_name.get(normalise_name(name), set())
    return ("name", next(iter(owners))) if len(owners) == 1 else ("none", None)


def _systems_by_name(systems: pd.DataFrame) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for pwsid, names in zip(systems["pwsid"], all_names(systems), strict=True):
        for name in names:
            found[normalise_name(name)].add(pwsid)
    return found


def all_names(systems: pd.DataFrame) -> list[list[str]]:
    """Every name of each system: its own, then the others, which are parted by semicolons."""
    others = systems["other_names"].fillna("").str.split("; ")
    return [[name, *filter(None, more)] for name, more in zip(systems["name"], others, strict=True)]


def find_doubles(rows: pd.DataFrame) -> pd.Series[str]:
    """Name for each row the other rows that are of the same system, by ``row``; NA where there are none.

    Two rows are of one system where both are matched to it, or where their names have the same
    significant words (numbers aside) and they lie in one county.

    Parameters
    ----------
    rows
        ``row``, ``matched_pwsid``, ``joining_name``, ``joining_county``.

    Examples
    --------
    >>> rows = pd.DataFrame({"row": [1, 2, 3], "matched_pwsid": ["CA3303104", None, None],
    ...     "joining_name": ["JACK IN THE BOX #5328", "Jack In The Box", "Thermal"], "joining_county": "R"})
    >>> find_doubles(rows).to_list()
    ['2', '1', <NA>]
    """
    by_system = _others(rows, rows["matched_pwsid"].where(rows["matched_pwsid"].notna(), rows["row"]))
    words = [_key(name, row) for name, row in zip(rows["joining_name"], rows["row"], strict=True)]
    by_name = _others(rows, list(zip(words, rows["joining_county"], strict=True)))
    both = [sorted(one | other) for one, other in zip(by_system, by_name, strict=True)]
    text = [", ".join(map(str, found)) if found else None for found in both]
    return pd.Series(text, index=rows.index, dtype="string")


def _key(name: str, row: int) -> frozenset[str] | int:
    words = frozenset(word for word in significant_words(name) if not word.isdigit())
    return words or row


def _others(rows: pd.DataFrame, keys: Iterable[Hashable]) -> list[set[int]]:
    labels = list(keys)
    groups: dict[Hashable, set[int]] = defaultdict(set)
    for row, label in zip(rows["row"], labels, strict=True):
        groups[label].add(row)
    return [groups[label] - {row} for row, label in zip(rows["row"], labels, strict=True)]


def straight_lines(rows: pd.DataFrame, systems: gpd.GeoDataFrame, length_crs: str) -> pd.Series[float]:
    """Straight line from the joining to the receiving system as we know them, in miles.

    NA where either has no place, or one that cannot be trusted (shared, a centroid, another county).

    Parameters
    ----------
    rows
        ``matched_pwsid`` and ``receiving_pwsid``.
    systems
        In EPSG:4326.
    length_crs
        A projected CRS in metres.
    """
    trusted = systems.loc[~systems["location_quality"].isin(UNRELIABLE)]
    shapes = trusted.set_index("pwsid").geometry.to_crs(length_crs)
    joining = gpd.GeoSeries(rows["matched_pwsid"].map(shapes), crs=length_crs)
    receiving = gpd.GeoSeries(rows["receiving_pwsid"].map(shapes), crs=length_crs)
    return (joining.distance(receiving) / M_PER_MILE).astype("Float64")


def out_of_reach(rows: pd.DataFrame) -> pd.Series[bool]:
    """Whether the straight line is longer than the State's whole distance, by half a mile or more."""
    gap = rows["straight_line_miles"] - rows["distance_miles"]
    return gap.gt(TOO_SHORT_MILES).fillna(False).astype(bool)


def were_renamed(rows: pd.DataFrame, systems: pd.DataFrame) -> pd.Series[bool]:
    """Whether the name on the list has no word in common with any name of the system of its identifier."""
    names = dict(zip(systems["pwsid"], all_names(systems), strict=True))
    strange = [
        match == "pwsid" and not any(are_akin(name, known) for known in names[pwsid][:1])
        for match, pwsid, name in zip(rows["match"], rows["matched_pwsid"], rows["joining_name"], strict=True)
    ]
    return pd.Series(strange, index=rows.index, dtype=bool)
