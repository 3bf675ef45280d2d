"""The State's 2021 list of systems that could be joined to another: every row, matched to our systems."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from geo.datasets.findings import Finding, find, worth_telling
from geo.datasets.inputs import Inputs
from geo.datasets.schema import Schema, check_schema
from geo.datasets.storage import Product
from geo.region import Region
from geo.water.identifiers import are_akin, county_geoids, normalize_name, normalize_pwsids, significant_words

M_PER_MILE = 1_609.344
# The State measured along roads from other points: only what is this much too short contradicts.
TOO_SHORT_MILES = 0.5
ELSEWHERE = ("polygon_outside_county", "point_outside_county")
UNKNOWN = ("point_shared", "point_shared_centroid", "none")


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
    owners = by_name.get(normalize_name(name), set())
    return ("name", next(iter(owners))) if len(owners) == 1 else ("none", None)


def _systems_by_name(systems: pd.DataFrame) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for pwsid, names in zip(systems["pwsid"], all_names(systems), strict=True):
        for name in names:
            found[normalize_name(name)].add(pwsid)
    return found


def all_names(systems: pd.DataFrame) -> list[list[str]]:
    """Every name of each system: its own, then the others, which are parted by semicolons."""
    others = systems["other_names"].fillna("").str.split("; ")
    return [[name, *filter(None, more)] for name, more in zip(systems["name"], others, strict=True)]


def find_doubles(rows: pd.DataFrame) -> pd.Series[str]:
    """Name for each row the other rows that are of the same system, by ``row``; NA where there are none.

    Two rows are of one system where both are matched to it, or where at most one is matched, their names
    have the same significant words (numbers aside) and they lie in one county.

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
    owner = dict(zip(rows["row"], rows["matched_pwsid"].astype(object), strict=True))
    by_system = _others(rows, rows["matched_pwsid"].fillna(rows["row"].astype("string")))
    words = [_key(name, row) for name, row in zip(rows["joining_name"], rows["row"], strict=True)]
    by_name = _others(rows, zip(words, rows["joining_county"], strict=True))
    found = [
        ", ".join(
            str(other) for other in sorted(same | {other for other in akin if _may_be(owner, row, other)})
        )
        for row, same, akin in zip(rows["row"], by_system, by_name, strict=True)
    ]
    doubles = pd.Series(found, index=rows.index, dtype="string")
    return doubles.mask(doubles == "")


def _may_be(owner: dict[int, str | None], row: int, other: int) -> bool:
    """Whether two rows are not matched to two different systems."""
    return bool(pd.isna(owner[row]) or pd.isna(owner[other]) or owner[row] == owner[other])


def _key(name: str, row: int) -> frozenset[str] | int:
    words = significant_words(name) | ({"RANCH"} & set(normalize_name(name).split()))
    return frozenset(word for word in words if not word.isdigit()) or row


def _others(rows: pd.DataFrame, keys: Iterable[Hashable]) -> list[set[int]]:
    labels = list(keys)
    groups: dict[Hashable, set[int]] = defaultdict(set)
    for row, label in zip(rows["row"], labels, strict=True):
        groups[label].add(row)
    return [groups[label] - {row} for row, label in zip(rows["row"], labels, strict=True)]


def straight_lines(rows: pd.DataFrame, systems: gpd.GeoDataFrame, length_crs: str) -> pd.Series[float]:
    """Straight line from the joining to the receiving system as we know them, in miles.

    NA where a place is not known, or cannot be trusted (shared, a centroid, another county).

    Parameters
    ----------
    rows
        ``matched_pwsid`` and ``receiving_pwsid``.
    systems
        In EPSG:4326.
    length_crs
        A projected CRS in meters.
    """
    trusted = systems.loc[~systems["location_quality"].isin((*ELSEWHERE, *UNKNOWN))]
    shapes = dict(zip(trusted["pwsid"], trusted.geometry.to_crs(length_crs), strict=True))
    joining, receiving = (
        gpd.GeoSeries(
            pd.Series([shapes.get(pwsid) for pwsid in rows[column]], index=rows.index, dtype=object),
            crs=length_crs,
        )
        for column in ("matched_pwsid", "receiving_pwsid")
    )
    return (joining.distance(receiving) / M_PER_MILE).astype("Float64")


def are_misplaced(rows: pd.DataFrame, systems: pd.DataFrame) -> pd.Series[bool]:
    """Whether the State had a joining system where it is not.

    So where the straight line as we know it is longer than the State's whole distance by half a mile or
    more, or where the system's published place lies outside of its own county.
    """
    gap = rows["straight_line_miles"] - rows["distance_miles"]
    elsewhere = systems.loc[systems["location_quality"].isin(ELSEWHERE), "pwsid"]
    wrong = gap.gt(TOO_SHORT_MILES).fillna(False) | rows["matched_pwsid"].isin(elsewhere)
    return wrong.astype(bool)


def were_renamed(rows: pd.DataFrame, systems: pd.DataFrame) -> pd.Series[bool]:
    """Whether the name on the list has no word in common with any name of the system of its identifier."""
    names = dict(zip(systems["pwsid"], all_names(systems), strict=True))
    strange = [
        match == "pwsid" and not any(are_akin(name, known) for known in names[pwsid][:1])
        for match, pwsid, name in zip(rows["match"], rows["matched_pwsid"], rows["joining_name"], strict=True)
    ]
    return pd.Series(strange, index=rows.index, dtype=bool)


SOURCE = "consolidation_2021"
AMOUNTS = (
    "distance_miles",
    "distance_ft",
    "distance_with_buffer_ft",
    "pipeline_cost_usd",
    "service_line_cost_usd",
    "connection_fee_usd",
    "admin_cost_usd",
    "subtotal_usd",
    "contingency_usd",
    "total_cost_usd",
)
COLUMNS = (
    "row",
    "joining_pwsid",
    "joining_name",
    "public_name",
    "match",
    "matched_pwsid",
    "joining_county",
    "joining_class",
    "joining_population",
    "joining_connections",
    "joining_connections_used",
    "receiving_pwsid",
    "receiving_name",
    "receiving_county",
    "receiving_population",
    "receiving_connections",
    "is_region_receiver",
    "merge_type",
    "route_name",
    "is_school",
    "status_note",
    *AMOUNTS,
    "elevation_joining",
    "elevation_receiving",
    "is_double",
    "double_of",
    "counties_differ",
    "straight_line_miles",
    "is_misplaced",
    "was_renamed",
)
SCHEMA = Schema(
    "consolidation_candidates",
    key=("row",),
    columns=COLUMNS,
    counts=("joining_population", "joining_connections", *AMOUNTS),
)


class Listed(NamedTuple):
    """The State's list and the region's systems."""

    rows: pd.DataFrame
    systems: gpd.GeoDataFrame


def extract(inputs: Inputs) -> Listed:
    """Read the State's list and the region's systems."""
    rows = inputs.table(SOURCE)
    for column in ("joining_pwsid", "receiving_pwsid"):
        rows[column] = normalize_pwsids(rows[column], SOURCE)
    return Listed(rows, inputs.dataset_shapes("water_systems"))


def transform(raw: Listed, region: Region) -> Product:
    """Keep every row that concerns the region, match its joining system, and judge what it says.

    ``row`` is its number on the whole list, from 1. ``public_name`` is what the public view shows.
    ``is_misplaced``: the straight line between the two systems as we know them (``straight_line_miles``)
    is longer by half a mile or more than the State's whole distance, or the joining system's published
    place lies outside of its own county. ``counties_differ``: they lie in two
    counties, which near a county line is no fault. ``was_renamed``: the identifier's system now has a
    name without a word in common.
    """
    rows = raw.rows.assign(row=range(1, len(raw.rows) + 1))
    rows = rows.loc[_concerns(rows, raw.systems, region)].reset_index(drop=True)
    rows = rows.join(match_systems(rows, raw.systems))
    rows["double_of"] = find_doubles(rows)
    rows["straight_line_miles"] = straight_lines(rows, raw.systems, region.length_crs)
    frame = rows.assign(
        row=rows["row"].astype("string"),
        public_name=_public_names(rows, raw.systems),
        is_school=rows["is_school"].str.lower().eq("yes").fillna(False).astype(bool),
        is_region_receiver=rows["receiving_pwsid"].isin(region.receiver_pwsids),
        is_double=rows["double_of"].notna(),
        counties_differ=rows["joining_county"].ne(rows["receiving_county"]).fillna(False).astype(bool),
        is_misplaced=are_misplaced(rows, raw.systems),
        was_renamed=were_renamed(rows, raw.systems),
    )
    return Product(frame[list(COLUMNS)], findings=worth_telling(_find_faults(frame)))


def _concerns(rows: pd.DataFrame, systems: pd.DataFrame, region: Region) -> pd.Series[bool]:
    """Whether joiner or receiver is of the region, by identifier or by the name of the county."""
    names = systems["county_name"].str.upper().unique()
    here = pd.Series(False, index=rows.index)
    for end in ("joining", "receiving"):
        geoids = county_geoids(rows[f"{end}_pwsid"])
        here |= geoids.isin(region.counties) | rows[f"{end}_county"].str.upper().isin(names)
    return here


def _public_names(rows: pd.DataFrame, systems: pd.DataFrame) -> pd.Series[str]:
    """Show a matched system as elsewhere, an unmatched one by its county and row."""
    known = rows["matched_pwsid"].map(systems.set_index("pwsid")["public_name"]).astype("string")
    place = rows["joining_county"].str.title() + " County, row " + rows["row"].astype("string")
    return known.fillna(place).astype("string")


def _find_faults(frame: pd.DataFrame) -> Iterator[Finding]:
    unmatched = frame["match"].eq("none")
    wrong = {
        "candidates_by_name": frame["match"].eq("name"),
        "candidates_unmatched": unmatched & frame["joining_pwsid"].isna(),
        "candidates_not_here": unmatched & frame["joining_pwsid"].notna(),
        "candidates_doubled": frame["is_double"],
        "candidates_across_counties": frame["counties_differ"],
        "candidates_misplaced": frame["is_misplaced"],
        "candidates_renamed": frame["was_renamed"],
    }
    for check, rows in wrong.items():
        yield find(check, SOURCE, frame.loc[rows.astype(bool), "row"], of=len(frame))


def validate(frame: pd.DataFrame) -> None:
    """Raise where a row is missing its number, stands twice, or has a negative amount."""
    check_schema(frame, SCHEMA)
