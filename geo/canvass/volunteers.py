"""Who can take a turf: volunteers by language, by car, by area and by hours, each with the reasons."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import hypot
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from geo.crs import STORED
from geo.language import gettext as _
from geo.language import mark as N_
from geo.units import is_missing

# What people in the valley speak and a lead may need; another can be typed.
SPOKEN = {
    "en": "English",
    "es": "Español",
    "tsz": "P'urhépecha",
    "mix": "Tu'un Savi",
    "tl": "Tagalog",
    "zh": "中文",
}
IN_ENGLISH = {
    "es": N_("Spanish"),
    "tsz": N_("Purepecha"),
    "mix": N_("Mixtec, Mixteco"),
    "tl": N_("Filipino"),
    "zh": N_("Chinese"),
}
IN_TOWN_SHARE, SLACK = 0.5, 0.1
FITS = ("speaks", "reaches", "near", "has_time")
REASONS = {
    ("speaks", True): N_("speaks the language"),
    ("speaks", False): N_("does not speak the language"),
    ("reaches", False): N_("has no car, and the turf is out of town"),
    ("near", True): N_("from this area"),
    ("has_time", True): N_("has the hours"),
    ("has_time", False): N_("has too few hours left this week"),
}


def language_name(code: str) -> str:
    """Name a language as those who speak it do, and as others know it; what is no code stays as typed.

    Examples
    --------
    >>> language_name("es"), language_name("en"), language_name("Triqui"), language_name("")
    ('Español (Spanish)', 'English', 'Triqui', '')
    """
    named = SPOKEN.get(code, code)
    other = _(IN_ENGLISH[code]) if code in IN_ENGLISH else ""
    return f"{named} ({other})" if other and other.casefold() != named.casefold() else named


def to_language(typed: str) -> str:
    """Read a language as somebody types it: its code where it is one of those known, else what was typed.

    Examples
    --------
    >>> to_language(" spanish "), to_language("Español"), to_language("mixteco"), to_language("Triqui")
    ('es', 'es', 'mix', 'Triqui')
    """
    plain = _plain(typed)
    for code, name in SPOKEN.items():
        told = [code, name, IN_ENGLISH.get(code, ""), _(IN_ENGLISH[code]) if code in IN_ENGLISH else ""]
        words = {_plain(part) for text in told for part in (text, *re.split(r"[(),]", text))}
        if plain in words - {""}:
            return code
    return typed.strip()


def _plain(words: str) -> str:
    """Write words in small letters without accents and signs."""
    letters = unicodedata.normalize("NFKD", words.casefold())
    return "".join(letter for letter in letters if letter.isalnum())


@dataclass(frozen=True, slots=True)
class Need:
    """What a turf asks of a volunteer.

    ``places`` are the places in which its doors lie, those with most doors first; ``in_town`` is None where
    no source gives places, ``hours`` None where they are not estimated.
    """

    language: str
    places: tuple[str, ...] = ()
    in_town: bool | None = None
    hours: float | None = None


def find_places(units: gpd.GeoDataFrame, places: gpd.GeoDataFrame) -> tuple[tuple[str, ...], bool]:
    """Name the places of a turf's doors, those with most doors first, and say whether half lie in one.

    Parameters
    ----------
    units
        Blocks of the turf with ``doors``, in a projected CRS; each lies where its representative point does.
    places
        With ``name``, in EPSG:4326.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> units = gpd.GeoDataFrame({"doors": [5.0]}, geometry=[box(0, 0, 9, 9)], crs="EPSG:3310")
    >>> places = gpd.GeoDataFrame({"name": ["Mecca"]}, geometry=[box(0, 0, 99, 99)], crs="EPSG:3310")
    >>> find_places(units, places.to_crs(4326))
    (('Mecca',), True)
    """
    points = gpd.GeoDataFrame(units[["doors"]], geometry=units.geometry.representative_point(), crs=units.crs)
    inside = points.to_crs(STORED).sjoin(places[["name", "geometry"]], predicate="within")
    doors = inside.groupby("name")["doors"].sum().sort_values(ascending=False, kind="stable")
    total = float(units["doors"].sum())
    return tuple(map(str, doors.index)), bool(total and doors.sum() / total >= IN_TOWN_SHARE)


def match_volunteers(volunteers: pd.DataFrame, need: Need) -> pd.DataFrame:
    """Order volunteers for a turf: who speaks its language first, then who gets there, area, hours.

    Among equals those with the fewest other languages come first, so that who speaks many stays free.

    Parameters
    ----------
    volunteers
        By pseudonym: ``languages``, ``area``, ``hours_a_week``, ``has_car`` (missing: not said) and
        ``hours_taken``.
    need
        What the turf asks.

    Returns
    -------
    pandas.DataFrame
        By pseudonym, the best first: ``speaks``, ``reaches``, ``near``, ``has_time`` (NA: not known) and
        ``why`` in words.

    Examples
    --------
    >>> people = pd.DataFrame({"languages": [("en", "es"), ("es",)], "area": ["Mecca", ""],
    ...     "hours_a_week": [4.0, 4.0], "has_car": [True, False], "hours_taken": [0.0, 0.0]},
    ...     index=["Quail", "Heron"])
    >>> found = match_volunteers(people, Need("es", ("Mecca",), in_town=False, hours=3.0))
    >>> found["why"].tolist()[0], found.index.tolist()
    ('speaks the language, from this area, has the hours', ['Quail', 'Heron'])
    """
    rows = [
        {"name": name, **_fit(fields, need), "others": len(fields["languages"]) - 1}
        for name, fields in zip(volunteers.index, volunteers.to_dict("records"), strict=True)
    ]
    frame = pd.DataFrame(rows, columns=["name", *FITS, "others"]).astype(dict.fromkeys(FITS, "boolean"))
    ranks = {fit: frame[fit].astype("object").map({True: 0.0, False: 2.0}).fillna(1.0) for fit in FITS}
    order = pd.DataFrame({**ranks, "others": frame["others"], "name": frame["name"]})
    frame = frame.loc[order.sort_values([*FITS, "others", "name"], kind="stable").index].set_index("name")
    why = [_reasons(row) for row in frame[list(FITS)].to_dict("records")]
    return frame[list(FITS)].assign(why=pd.Series(why, frame.index, dtype="object"))


COSTS = {"speaks": 100.0, "reaches": 60.0, "has_time": 30.0, "near": 8.0}
"""What it costs to give somebody a turf who does not fit; half of it where that is not known."""
AWAY, APART_KM, APART_AT_MOST, STAYS, SCARCE, BEYOND = 12.0, 2.0, 30.0, 100.0, 5.0, 1e6
"""Who would rather walk elsewhere, at home; those who come together, a km apart, and at most; who of them
stays; a turf that everybody can take; and what no sum reaches."""


def propose_all(
    needs: Mapping[str, Need],
    volunteers: pd.DataFrame,
    spots: Mapping[str, tuple[float, float]] | None = None,
) -> pd.DataFrame:
    """Propose a turf for every volunteer at once, so that together they fit best.

    The sum of what does not fit is as small as can be (an assignment problem, solved exactly). Nobody gets
    a turf whose language they do not speak, or which they do not reach; who comes together with somebody is
    then moved to turfs near theirs.

    Parameters
    ----------
    needs
        What every turf asks, by code.
    volunteers
        As for :func:`match_volunteers`, with ``near_home`` and ``together`` where that was said.
    spots
        Where every turf lies, by code, in m; without it nothing is moved together.

    Returns
    -------
    pandas.DataFrame
        By code, in the order of ``needs``: ``volunteer`` (empty where nobody fits) and ``why`` in words.

    Examples
    --------
    >>> people = pd.DataFrame({"languages": [("en", "es"), ("en",)], "area": "", "hours_a_week": 4.0,
    ...     "has_car": None, "hours_taken": 0.0, "near_home": None, "together": ""}, index=["Quail", "Heron"])
    >>> propose_all({"T1": Need("en"), "T2": Need("es"), "T3": Need("zh")}, people)["volunteer"].tolist()
    ['Heron', 'Quail', '']
    """
    codes, names = list(needs), [str(name) for name in volunteers.index]
    records = volunteers.to_dict("records")
    fits = [[_fit(fields, needs[code]) for fields in records] for code in codes]
    costs = np.array(
        [[_cost(fit, fields) for fit, fields in zip(row, records, strict=True)] for row in fits],
        dtype=np.float64,
    ).reshape(len(codes), len(names))
    cannot = np.array(
        [[_cannot(fit, fields) for fit, fields in zip(row, records, strict=True)] for row in fits], dtype=bool
    ).reshape(costs.shape)
    # Where turfs are more than people, those go first that few can take.
    if len(names):
        costs += SCARCE * (~cannot).mean(axis=1, keepdims=True)
    given = _assign(costs, cannot)
    if spots:
        given = _assign(costs + _apart(given, codes, names, records, spots), cannot)
    rows = [
        (names[given[place]], _reasons(fits[place][given[place]])) if place in given else ("", "")
        for place in range(len(codes))
    ]
    return pd.DataFrame(rows, index=pd.Index(codes, name="code"), columns=["volunteer", "why"])


def _cost(fit: Mapping[str, bool | None], fields: dict[Any, Any]) -> float:
    cost = sum({True: 0.0, False: 1.0, None: 0.5}[fit[item]] * weight for item, weight in COSTS.items())
    wants = fields.get("near_home")
    if not is_missing(wants) and not wants and fit["near"]:
        cost += AWAY
    # Among equals who speaks fewer languages goes first, so that who speaks many stays free.
    return cost + 0.1 * (len(fields["languages"]) - 1)


def _cannot(fit: Mapping[str, bool | None], fields: dict[Any, Any]) -> bool:
    """Whether somebody is given no such turf: another language, no way there, or too far from home."""
    home = fields.get("near_home")
    far = not is_missing(home) and bool(home) and fit["near"] is False
    return fit["speaks"] is False or fit["reaches"] is False or far


def _assign(costs: NDArray[np.float64], cannot: NDArray[np.bool_]) -> dict[int, int]:
    """Give each row a column at the least sum, as many as possible; a pair that cannot be is left out."""
    rows, columns = linear_sum_assignment(np.where(cannot, BEYOND, costs))
    pairs = zip(rows, columns, strict=True)
    return {int(row): int(column) for row, column in pairs if not cannot[row, column]}


def _apart(
    given: Mapping[int, int],
    codes: Sequence[str],
    names: Sequence[str],
    records: Sequence[dict[Any, Any]],
    spots: Mapping[str, tuple[float, float]],
) -> NDArray[np.float64]:
    """Cost of turfs far from that of who comes together with somebody; theirs stays."""
    more = np.zeros((len(codes), len(names)))
    row_of = {column: row for row, column in given.items()}
    place = {name.casefold(): column for column, name in enumerate(names)}
    for column, fields in enumerate(records):
        other = place.get(str(fields.get("together") or "").casefold())
        # Of a pair that names each other the first stays where it is.
        if other is None or other not in row_of or (other > column and _names(records[other], names[column])):
            continue
        x, y = spots[codes[row_of[other]]]
        away = [hypot(spots[code][0] - x, spots[code][1] - y) / 1000 * APART_KM for code in codes]
        more[:, column] = np.minimum(away, APART_AT_MOST)
        more[row_of[other], other] -= STAYS
    return more


def _names(fields: dict[Any, Any], name: str) -> bool:
    return str(fields.get("together") or "").casefold() == name.casefold()


def _fit(fields: dict[Any, Any], need: Need) -> dict[str, bool | None]:
    area = str(fields["area"]).casefold().strip()
    places = [place.casefold() for place in need.places]
    return {
        "speaks": need.language in fields["languages"] if need.language else None,
        "reaches": _reaches(fields["has_car"], need.in_town),
        "near": any(area in place or place in area for place in places) if area and places else None,
        "has_time": _has_time(fields, need.hours),
    }


def _reaches(has_car: Any, in_town: bool | None) -> bool | None:
    """Whether somebody gets there: in town on foot, elsewhere by car; None where that is not known."""
    if in_town or (not is_missing(has_car) and has_car):
        return True
    return None if in_town is None or is_missing(has_car) else False


def _has_time(fields: dict[Any, Any], hours: float | None) -> bool | None:
    if hours is None or is_missing(hours) or is_missing(fields["hours_a_week"]):
        return None
    # Turfs are even within some percent: one of 3.1 hours is for who has three.
    return bool(float(fields["hours_a_week"]) - float(fields["hours_taken"]) >= hours / (1 + SLACK))


def _reasons(row: dict[Any, Any]) -> str:
    known: Sequence[tuple[str, bool]] = [(fit, bool(row[fit])) for fit in FITS if not is_missing(row[fit])]
    return ", ".join(_(REASONS[item]) for item in known if item in REASONS)
