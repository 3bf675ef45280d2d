"""Every code of an ACS table means what its column says: held against the tables as they are printed."""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from geo.sources.catalog import read_catalog
from geo.sources.download import Downloader
from geo.sources.fetch import fetch_source
from geo.sources.publishers import OfficialOrigin
from geo.sources.raw import RawStore
from geo.sources.reading import read_table
from geo.tracts.acs_indicators import CELLS, UNIVERSES, to_indicators
from geo.tracts.residents.published import CELLS as PLACE_CELLS
from tests.unit.sources.acs_tables import TABLES, published_labels
from tests.unit.sources.loopback import Handler, Server

ACS = read_catalog()["acs_5year"]
CODES = {name: str(code) for name, code in ACS.layout.number.items()}
# Part of the label that a column's name stands for.
MEANT = {
    "units_in_3_to_4": "3 or 4",
    "units_in_5_to_9": "5 to 9",
    "units_in_10_to_19": "10 to 19",
    "units_in_20_to_49": "20 to 49",
    "units_in_50_and_more": "50 or more",
    "mobile_homes": "Mobile home",
    "no_vehicle_households": "No vehicle available",
    "renter_households": "Renter occupied",
    "vacant_units": "Vacant",
    "nonfamily_households": "Nonfamily households:",
    "no_broadband_households": "No Internet access",
    "foreign_born": "Foreign born:",
    "unemployed": "Unemployed",
    "labor_force": "Civilian labor force:",
    "no_high_school": "Less than high school graduate",
    "moved_from_other_county": "Moved from different county within same state:",
    "moved_from_other_state": "Moved from different state:",
    "moved_from_abroad": "Moved from abroad:",
    "crowded_owner_over_2": "2.01 or more occupants per room",
    "crowded_renter_over_2": "2.01 or more occupants per room",
    "poverty_ratio_1_25_to_1_5": "1.25 to 1.49",
    "female_85_and_over": "85 years and over",
    "disabled_female_75_and_over": "With a disability",
    "native_spanish_english_not_well": 'Speak English "not well"',
    "foreign_born_other_english_not_at_all": 'Speak English "not at all"',
    "single_male_parents": "With own children under 18 years",
    "minority_several_races": "Two or more races:",
    "minority_hispanic": "Hispanic or Latino:",
}


def test_every_code_has_the_label_of_its_printed_line() -> None:
    codes = {code[:-1] for code in CODES.values()}
    printed = published_labels()
    assert dict(ACS.labels) == {code: printed[code] for code in sorted(codes)}


@pytest.mark.parametrize(("year", "colon"), [("2024", ":"), ("2018", "")])
def test_places_are_asked_for_by_codes_with_the_labels_of_their_printed_lines(year: str, colon: str) -> None:
    """The labels of 2018 have no colons yet."""
    places = read_catalog()[f"acs_5year_places_{year}"]
    names = {name: str(code) for name, code in places.layout.number.items()}
    printed = {code: label.replace(":", colon) for code, label in published_labels().items()}
    assert dict(places.labels) == {code: printed[code] for code in sorted({c[:-1] for c in names.values()})}
    assert names == {
        **{name: code for name, code in names.items() if code.endswith("E")},
        **{f"{name}_moe": f"{code[:-1]}M" for name, code in names.items() if code.endswith("E")},
    }
    assert parse_qs(urlsplit(places.address).query) == {"for": ["place:*"], "in": ["state:06"]}
    assert {cell for cells in PLACE_CELLS.values() for cell in cells} == {
        name for name in names if not name.endswith("_moe")
    }


def test_the_universe_of_a_place_is_the_first_line_of_the_table_that_has_its_part() -> None:
    codes = {name: str(code)[:-1] for name, code in read_catalog()["acs_5year_places"].layout.number.items()}
    for universe, (part, _share) in UNIVERSES.items():
        (table,) = {codes[cell].partition("_")[0] for cell in PLACE_CELLS[part]}
        assert codes[universe] == f"{table}_001"


@pytest.mark.parametrize(("column", "words"), MEANT.items())
def test_a_column_is_what_its_label_says(column: str, words: str) -> None:
    assert ACS.labels[CODES[column][:-1]].split("!!")[-1] == words


def test_a_margin_has_the_code_of_its_estimate() -> None:
    estimates = {name: code for name, code in CODES.items() if not name.endswith("_moe")}
    assert {
        **estimates,
        **{f"{name}_moe": f"{code.removesuffix('E')}M" for name, code in estimates.items()},
    } == CODES


def test_the_cells_of_buildings_are_the_whole_table_but_for_small_ones() -> None:
    lines = {f"B25024_{number:03}" for number in range(2, len(TABLES["B25024"]) + 2)}
    ours = {code[:-1] for name, code in CODES.items() if code.startswith("B25024") and code.endswith("E")}
    small = {"B25024_002", "B25024_003", "B25024_004", "B25024_011"}
    assert lines - ours == small
    assert {CODES[name][:-1] for name in CELLS["units_in_large_buildings"]} == {
        "B25024_007",
        "B25024_008",
        "B25024_009",
    }, "the Social Vulnerability Index's MUNIT"


# A tract of trailer parks as the API gives it: B25024 from 001 to 011, in a made-up place.
TRAILERS = (1000, 400, 50, 30, 40, 20, 7, 5, 3, 430, 15)
MOBILE, LARGE = 430, 15


def trailers(handler: Handler, times: int) -> None:
    query = parse_qs(urlsplit(handler.path).query)
    names = query["get"][0].split(",")
    cells = {f"B25024_{number:03}E": str(value) for number, value in enumerate(TRAILERS, start=1)}
    row = [cells.get(name, "1000") for name in names]
    handler.answer(
        json.dumps([[*names, "state", "county", "tract"], [*row, "06", "065", "045604"]]).encode(),
        Content_Type="application/json;charset=utf-8",
    )


def test_trailer_parks_are_mobile_homes_and_no_large_buildings(
    server: Server, downloader: Downloader, store: RawStore
) -> None:
    assert sum(TRAILERS[1:]) == TRAILERS[0]
    source = replace(ACS, address=f"{server.address}/data/2024/acs/acs5")
    server.acts["/data/2024/acs/acs5"] = trailers
    assert fetch_source(source, ("06065",), store, OfficialOrigin(downloader, "key")).state == "fetched"
    frame = read_table(source, store)
    ours = CELLS["units_in_large_buildings"]
    cells = frame[["units_in_3_to_4", "units_in_5_to_9", *ours, "mobile_homes"]].iloc[0]
    assert cells.sum() + sum(TRAILERS[1:4]) + TRAILERS[10] == frame["housing_units"].iloc[0]
    indicators = to_indicators(frame).iloc[0]
    assert (indicators["mobile_homes"], indicators["units_in_large_buildings"]) == (MOBILE, LARGE)
    assert indicators["share_mobile_homes"] == MOBILE / 1000
