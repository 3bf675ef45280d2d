"""Identifiers (PWSIDs) and names of systems: compared, and withheld where they may be a family's."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

from geo.errors import SchemaError, first_ids
from geo.language import gettext as _

PATTERN = r"CA\d{7}"
_STATE_FIPS = "06"


def is_pwsid(text: str) -> bool:
    """Whether a text is a PWSID as it stands.

    Examples
    --------
    >>> is_pwsid("CA3310001"), is_pwsid("3310001"), is_pwsid("CA331000")
    (True, False, False)
    """
    return re.fullmatch(PATTERN, text) is not None


def to_pwsid(text: str) -> str:
    """Write an identifier the one way: blanks and a hyphen go, a missing ``CA`` is put before it.

    Raises
    ------
    SchemaError
        It is not seven digits, with or without ``CA``.

    Examples
    --------
    >>> to_pwsid(" ca3310001 "), to_pwsid("3310001")
    ('CA3310001', 'CA3310001')
    """
    digits = re.sub(r"[\s-]|\.0+$", "", text).upper().removeprefix("CA")
    if not is_pwsid(f"CA{digits}"):
        raise SchemaError(
            _("{text!r} is no PWSID").format(text=text), _("write CA and seven digits, as CA3310001")
        )
    return f"CA{digits}"


def normalize_pwsids(values: pd.Series[str], subject: str) -> pd.Series[str]:
    """Write a column of identifiers the one way; missing ones stay missing.

    Parameters
    ----------
    values
        Identifiers as published.
    subject
        The source they came from, for the message.

    Raises
    ------
    SchemaError
        Names the first five that are none, and how many there are.

    Examples
    --------
    >>> normalize_pwsids(pd.Series(["3310001", None], dtype="string"), "a table").to_list()
    ['CA3310001', <NA>]
    """
    text = values.astype("string").str.upper().str.replace(r"[\s-]", "", regex=True)
    full = ("CA" + text.str.removeprefix("CA")).astype("string")
    wrong = full.notna() & ~full.str.fullmatch(PATTERN).fillna(False)
    if wrong.any():
        names = first_ids(values[wrong])
        raise SchemaError(
            _("{count} rows of {subject!r} have no PWSID of CA and seven digits ({names})").format(
                count=int(wrong.sum()), subject=subject, names=names
            ),
            _("correct them and add the file again"),
        )
    return full


def county_geoid_of(pwsid: str) -> str:
    """County of a PWSID, which is told by its first two digits.

    Examples
    --------
    >>> county_geoid_of("CA3310001"), county_geoid_of("CA1310011"), county_geoid_of("CA9010001")
    ('06065', '06025', '06901')
    """
    return county_geoid_of_number(int(pwsid[2:4]))


def county_geoid_of_number(number: int) -> str:
    """County by the State's number: the n-th in the alphabet has the Census code 2n - 1.

    A number above 58 is no county of California: the invented regions use 90 for 06901 and so on.

    Examples
    --------
    >>> county_geoid_of_number(33)
    '06065'
    """
    code = 2 * number - 1 if number <= 58 else 10 * number + 1
    return f"{_STATE_FIPS}{code:03d}"


def county_geoids(pwsids: pd.Series[str]) -> pd.Series[str]:
    """Counties of a column of PWSIDs; NA where one is missing.

    Examples
    --------
    >>> county_geoids(pd.Series(["CA3310001", None], dtype="string")).to_list()
    ['06065', <NA>]
    """
    return pwsids.astype(object).map(county_geoid_of, na_action="ignore").astype("string")


# A private system under this many connections may bear its owner's name: the public view shows its
# identifier and its community instead.
NAMED_FROM_CONNECTIONS = 50
# Up to this many connections (below it a county may regulate it for the State) it is named only if its name
# says that it is a place or an enterprise: "AMEZCUA - GARCIA WATER" has 79.
SMALL_BELOW_CONNECTIONS = 200
_ABBREVIATIONS = {
    "MHP": "MOBILE HOME PARK",
    "MHC": "MOBILE HOME COMMUNITY",
    "TP": "TRAILER PARK",
    "WC": "WATER COMPANY",
    "MWC": "MUTUAL WATER COMPANY",
    "WD": "WATER DISTRICT",
    "CWD": "COUNTY WATER DISTRICT",
    "MWD": "MUNICIPAL WATER DISTRICT",
    "CO": "COMPANY",
    "CORP": "CORPORATION",
    "DIST": "DISTRICT",
    "ASSOC": "ASSOCIATION",
    "HTS": "HEIGHTS",
    "ST": "SAINT",
    "CTR": "CENTER",
    "SYST": "SYSTEM",
    "WS": "WATER SYSTEM",
}
# Words that say what a system is, not which one.
_GENERIC = frozenset(
    (
        "AND",
        "ASSOCIATION",
        "COMMUNITY",
        "COMPANY",
        "CORPORATION",
        "COUNTY",
        "DISTRICT",
        "FACILITY",
        "HOME",
        "HOUSING",
        "INC",
        "LLC",
        "LP",
        "MOBILE",
        "MUTUAL",
        "OF",
        "PARK",
        "PRIVATE",
        "RANCH",
        "RV",
        "SMALL",
        "STATE",
        "SYSTEM",
        "THE",
        "TRAILER",
        "WATER",
    )
)

# Words that a place or an enterprise has in its name and a family has not ("RANCH" both have).
_OF_PLACES = frozenset(
    (
        "ASSOCIATION",
        "CAMP",
        "CAMPGROUND",
        "CENTER",
        "CHURCH",
        "CLUB",
        "COLLEGE",
        "COMMUNITY",
        "COMPANY",
        "CORPORATION",
        "COUNTY",
        "DISTRICT",
        "ESTATES",
        "GOLF",
        "HOA",
        "KOA",
        "LODGE",
        "MARKET",
        "MUTUAL",
        "PARK",
        "RESORT",
        "RV",
        "SCHOOL",
        "SPRINGS",
        "VILLAGE",
    )
)


def normalize_name(name: str) -> str:
    """Write a name the one way: capitals, no punctuation, abbreviations in full.

    Examples
    --------
    >>> normalize_name("M.V.R. Mobile Home Park"), normalize_name("Sam's Fence #2")
    ('MVR MOBILE HOME PARK', 'SAMS FENCE 2')
    """
    bare = re.sub(r"['’.]", "", name.upper()).replace("&", " AND ").replace("SAM S ", "SAMS ")
    words = re.sub(r"[^A-Z0-9]+", " ", bare).split()
    return " ".join(_ABBREVIATIONS.get(word, word) for word in words)


def significant_words(name: str) -> frozenset[str]:
    """Words of a name that say which system it is.

    Examples
    --------
    >>> sorted(significant_words("Jose Aceves Ranch Water System"))
    ['ACEVES', 'JOSE']
    """
    return frozenset(normalize_name(name).split()) - _GENERIC


def are_akin(one: str, other: str) -> bool:
    """Whether two names have a significant word in common, or none at all to tell them apart.

    Examples
    --------
    >>> are_akin("DELARA RANCH", "Delara Rentals")
    True
    >>> are_akin("SAINT ANTHONY TRAILER PARK", "SAN ANTONIO MOBILE HOME PARK")
    False
    """
    ours, theirs = significant_words(one), significant_words(other)
    return bool(ours & theirs) or not ours or not theirs


def differing_names(names: Iterable[str]) -> list[str]:
    """Keep of several names the first of each that reads differently.

    Examples
    --------
    >>> differing_names(["SAM S FENCE", "Sam's Fence", "Sam's Market"])
    ['SAM S FENCE', "Sam's Market"]
    """
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(normalize_name(name), name)
    return list(found.values())


def to_public_names(systems: pd.DataFrame) -> pd.Series[str]:
    """Name each system as the public sees it.

    A system that is a state small one, or has fewer than :data:`NAMED_FROM_CONNECTIONS` connections or an
    unknown number, is shown by its community and identifier unless a public body owns it: such systems
    are often called after the family that lives there. So is one under :data:`SMALL_BELOW_CONNECTIONS` whose
    name has no word of a place or an enterprise.

    Parameters
    ----------
    systems
        ``pwsid``, ``name``, ``community``, ``county_name``, ``system_class``, ``owner_type``,
        ``connections``.

    Examples
    --------
    >>> row = {"pwsid": "CA3302079", "name": "AIDA AGUIRRE", "community": "Thermal", "connections": 13.0,
    ...        "county_name": "Riverside", "system_class": "state_small", "owner_type": "private"}
    >>> to_public_names(pd.DataFrame([row])).item()
    'Thermal, CA3302079'
    """
    connections = systems["connections"]
    few = connections.isna() | connections.lt(NAMED_FROM_CONNECTIONS).fillna(True)
    few |= connections.lt(SMALL_BELOW_CONNECTIONS).fillna(True) & ~_tell_a_place(systems["name"])
    small = few | systems["system_class"].eq("state_small").fillna(False)
    public = systems["owner_type"].isin(["local", "state", "federal", "tribal"])
    place = systems["community"].fillna(systems["county_name"] + " County").fillna("California")
    withheld = (place + ", " + systems["pwsid"]).astype("string")
    return systems["name"].astype("string").mask((small & ~public).astype(bool), withheld)


def to_public_park_names(parks: pd.DataFrame, systems: pd.DataFrame | None) -> pd.Series[str]:
    """Name each park as the public sees it: by its place and number where its name would tell a withheld one.

    It does where both are written alike but for blanks, or have the same significant words.

    Parameters
    ----------
    parks
        ``park_id``, ``name``, ``community``.
    systems
        ``name``, ``public_name``, ``other_names``; None where no system is known, then all names stay.

    Examples
    --------
    >>> park = {"park_id": ["33-1-MP"], "name": ["Lopez Trailer Park"], "community": ["Thermal"]}
    >>> systems = pd.DataFrame({"name": ["LOPEZ MHP"], "public_name": ["Thermal, CA1"]})
    >>> to_public_park_names(pd.DataFrame(park), systems).item()
    'Thermal, 33-1-MP'
    """
    names = parks["name"].astype("string")
    if systems is None:
        return names
    hidden = {key for name in _withheld(systems) for key in _keys(name)}
    told = pd.Series([not hidden.isdisjoint(_keys(name)) for name in names.fillna("")], index=names.index)
    place = parks["community"].fillna("California") + ", " + parks["park_id"]
    return names.mask(told, place.astype("string"))


def _withheld(systems: pd.DataFrame) -> list[str]:
    """Gather the names, older ones too, of systems that the public sees by another."""
    ours = systems[systems["name"].ne(systems["public_name"]).fillna(False).astype(bool)]
    columns = [ours[column].dropna() for column in ("name", "other_names") if column in ours]
    return [name for column in columns for names in column for name in str(names).split(";")]


def _keys(name: str) -> set[str | frozenset[str]]:
    keys: set[str | frozenset[str]] = {normalize_name(name).replace(" ", ""), significant_words(name)}
    return keys - {"", frozenset()}


def _tell_a_place(names: pd.Series[str]) -> pd.Series[bool]:
    told = [bool(_OF_PLACES.intersection(normalize_name(name).split())) for name in names.fillna("")]
    return pd.Series(told, index=names.index, dtype=bool)
