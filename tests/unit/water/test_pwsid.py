"""Identifiers are written one way, and what is none is named."""

from __future__ import annotations

import pandas as pd
import pytest

from geo.errors import SchemaError
from geo.water.identifiers import county_geoid_of, normalize_pwsids, to_pwsid


@pytest.mark.parametrize("text", ["CA3310001", "ca3310001", " 3310001", "CA 3310001", "CA33-10001"])
def test_spellings_of_one_identifier_are_one(text: str) -> None:
    assert to_pwsid(text) == "CA3310001"


@pytest.mark.parametrize("text", ["", "CA331000", "CA33100011", "NV3310001", "CA331O001"])
def test_what_is_no_identifier_is_refused(text: str) -> None:
    with pytest.raises(SchemaError, match="is no PWSID: write CA and seven digits"):
        to_pwsid(text)


def test_a_column_names_every_wrong_identifier_at_once() -> None:
    values = pd.Series(["3310001", "X", None, "12"], dtype="string")
    with pytest.raises(SchemaError, match=r"2 rows of 'a table' have no PWSID .*\(X, 12\)"):
        normalize_pwsids(values, "a table")


def test_a_column_keeps_what_is_missing() -> None:
    assert normalize_pwsids(pd.Series([None, "3310001"], dtype="string"), "a").isna().tolist() == [
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("pwsid", "geoid"),
    [("CA0100001", "06001"), ("CA1310011", "06025"), ("CA3310001", "06065"), ("CA5800001", "06115")],
)
def test_the_county_is_the_nth_of_the_alphabet(pwsid: str, geoid: str) -> None:
    assert county_geoid_of(pwsid) == geoid
