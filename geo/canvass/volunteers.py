"""Who can take a turf: volunteers by language, by car, by area and by hours, each with the reasons."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd

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
    "mix": N_("Mixtec (Mixteco)"),
    "tl": N_("Filipino"),
    "zh": N_("Chinese"),
}
IN_TOWN_SHARE = 0.5
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
        words = {_plain(part) for text in told for part in (text, *re.split(r"[()]", text))}
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


def _fit(fields: dict[Any, Any], need: Need) -> dict[str, bool | None]:
    area = str(fields["area"]).casefold().strip()
    places = [place.casefold() for place in need.places]
    return {
        "speaks": need.language in fields["languages"],
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
    return bool(float(fields["hours_a_week"]) - float(fields["hours_taken"]) >= hours)


def _reasons(row: dict[Any, Any]) -> str:
    known: Sequence[tuple[str, bool]] = [(fit, bool(row[fit])) for fit in FITS if not is_missing(row[fit])]
    return ", ".join(_(REASONS[item]) for item in known if item in REASONS)
