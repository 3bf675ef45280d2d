"""GEOIDs that lost their leading 0 are given it back, or refused: never joined to nothing."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.commands.add import add_file
from geo.errors import SchemaError
from geo.region import Region
from geo.sources.catalog import Source, read_catalog
from geo.sources.geoids import PARTS, not_geoids, to_geoids
from geo.sources.raw import RawStore
from geo.sources.reading import read_table

CATALOG = read_catalog()
CES = CATALOG["calenviroscreen_4"]
# Indian areas are named by a code and a letter, as 2430R.
LETTERED = {"tribal_areas_2020"}


def table(source: Source, codes: dict[str, list[str]]) -> bytes:
    """A table in the publisher's layout; what is not given is 1 in every row."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(source.layout.published)
    rows = len(next(iter(codes.values())))
    for number in range(rows):
        writer.writerow([codes[name][number] if name in codes else "1" for name in source.layout.published])
    return stream.getvalue().encode()


def test_every_column_of_geoids_says_how_long_they_are() -> None:
    for key, source in CATALOG.items():
        for layout in (source.layout, source.stand_in):
            columns = {name for name in layout.text if "geoid" in name} if layout else set()
            declared = set(layout.geoid_digits) if layout else set()
            assert declared == (set() if key in LETTERED else columns), key


def test_tracts_without_their_0_as_the_agency_publishes_them(
    store: RawStore, coachella: Region, tmp_path: Path
) -> None:
    """CalEnviroScreen gives its tracts as numbers: a join by them to anything was empty, without a word."""
    file = tmp_path / "ces4.csv"
    codes = ["6065045604", "6065940100", "6025012302"]
    file.write_bytes(table(CES, {"Census Tract": codes, "ZIP": ["92274"] * 3}))
    add_file(CES, file, store, coachella)
    frame = read_table(CES, store)
    tracts = pd.Series(["06065045604", "06065940100", "06025012302"], dtype="string")
    assert frame["geoid"].isin(tracts).all()
    assert len(frame.merge(tracts.rename("geoid"), on="geoid")) == 3


@pytest.mark.parametrize(
    "wrong",
    [
        "606504560",
        "065045604",
        "6.065E+09",
        "3065045604",
        "7065045604",
        "060650456041",
        "1400000US06065045604",
    ],
)
def test_what_is_not_plain_is_refused(store: RawStore, coachella: Region, tmp_path: Path, wrong: str) -> None:
    file = tmp_path / "ces4.csv"
    file.write_bytes(table(CES, {"Census Tract": ["6065045604", wrong]}))
    with pytest.raises(SchemaError, match="has 1 codes in Census Tract that are no GEOIDs of 11") as caught:
        add_file(CES, file, store, coachella)
    assert wrong in str(caught.value)
    assert "keep the codes as text" in caught.value.remedy
    assert store.receipt(CES.key) is None


def test_codes_that_are_joined_are_filled_up_each(store: RawStore, coachella: Region, tmp_path: Path) -> None:
    """The centers of population, opened in a spreadsheet and saved again."""
    source = CATALOG["block_group_centers_2020"]
    file = tmp_path / "centers.csv"
    parts = {
        "STATEFP": ["6", "06"], "COUNTYFP": ["65", "065"], "TRACTCE": ["45303", "940100"],
        "BLKGRPCE": ["1", "2"],
    }  # fmt: skip
    file.write_bytes(table(source, parts))
    add_file(source, file, store, coachella)
    assert read_table(source, store)["geoid"].to_list() == ["060650453031", "060659401002"]
    file.write_bytes(table(source, {**parts, "TRACTCE": ["9401", "940100"]}))
    with pytest.raises(SchemaError, match=r"no GEOIDs of 12 digits: 0606594011"):
        add_file(source, file, store, coachella)


def test_a_blank_key_is_told_as_blank(store: RawStore, coachella: Region, tmp_path: Path) -> None:
    file = tmp_path / "ces4.csv"
    file.write_bytes(table(CES, {"Census Tract": ["6065045604", ""]}))
    with pytest.raises(SchemaError, match="have no geoid"):
        add_file(CES, file, store, coachella)


STATES = st.sampled_from([f"{code:02}" for code in range(1, 57) if code not in (3, 7, 14, 43, 52)])


@settings(deadline=None, max_examples=40)
@given(state=STATES, rest=st.integers(0, 10**13 - 1), digits=st.sampled_from([5, 7, 11, 12, 15]))
def test_a_code_read_as_a_number_comes_back_as_it_was(state: str, rest: int, digits: int) -> None:
    geoid = state + f"{rest:013}"[-(digits - 2) :]
    as_number = pd.Series([str(int(geoid)), geoid, f"{int(geoid)}.0"])
    found = to_geoids([as_number], digits)
    assert found.to_list() == [geoid] * 3
    assert not not_geoids(found, digits).any()


@settings(deadline=None, max_examples=40)
@given(
    state=STATES, county=st.integers(1, 999), tract=st.integers(10_000, 999_999), last=st.integers(0, 9999)
)
def test_parts_read_as_numbers_come_back_as_they_were(state: str, county: int, tract: int, last: int) -> None:
    for digits, widths in PARTS.items():
        codes = [int(state), county, tract, last % 10 if digits == 12 else last][: len(widths)]
        geoid = "".join(f"{code:0{width}}" for code, width in zip(codes, widths, strict=True))
        assert to_geoids([pd.Series([str(code)]) for code in codes], digits).to_list() == [geoid]
