"""Public water system identifiers: ``CA`` and seven digits, of which the first two are the county's."""

from __future__ import annotations

import re

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
    digits = re.sub(r"[\s-]", "", text).upper().removeprefix("CA")
    if not is_pwsid(f"CA{digits}"):
        raise SchemaError(
            _("{text!r} is no PWSID").format(text=text), _("write CA and seven digits, as CA3310001")
        )
    return f"CA{digits}"


def normalise_pwsids(values: pd.Series[str], subject: str) -> pd.Series[str]:
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
    >>> normalise_pwsids(pd.Series(["3310001", None], dtype="string"), "a table").to_list()
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
