"""What the Census Bureau writes in place of numbers: controlled, open-ended, or not there."""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest

from geo.sources.catalog import read_catalog
from geo.sources.download import Downloader
from geo.sources.fetch import fetch_source
from geo.sources.publishers import OfficialOrigin
from geo.sources.raw import RawStore
from geo.sources.reading import read_table, to_numbers
from tests.unit.sources.loopback import Handler, Server

CATALOG = read_catalog()
ACS = CATALOG["acs_5year"]
PATH = "/data/2022/acs/acs5"
INCOME, INCOME_MOE = "B19013_001E", "B19013_001M"
# Tract, published income and margin, as the API gives them, and what is known of them.
MEDIANS = {
    "045303": ("41250", "6310", 41250.0, 6310.0),
    "044509": ("250001", "-333333333", None, None),
    "046102": ("2499", "-333333333", None, None),
    "940100": ("-666666666", "-222222222", None, None),
    "940200": ("250000", "11000", 250000.0, 11000.0),
    "940300": (None, None, None, None),
}
# A controlled estimate, one too few cases, a range too wide, one that is not there: margins as published.
MARGINS = {
    "045303": ("-555555555", 0.0),
    "044509": ("-222222222", None),
    "046102": ("-333333333", None),
    "940100": ("-888888888", None),
    "940200": ("0", 0.0),
    "940300": ("-999999999", None),
}


def bureau(handler: Handler, times: int) -> None:
    names = parse_qs(urlsplit(handler.path).query)["get"][0].split(",")
    rows = []
    for tract, (income, margin, _, _) in MEDIANS.items():
        told = {INCOME: income, INCOME_MOE: margin, "B01003_001M": MARGINS[tract][0]}
        rows.append([*(told.get(name, "1200") for name in names), "06", "065", tract])
    handler.answer(json.dumps([[*names, "state", "county", "tract"], *rows]).encode())


@pytest.fixture
def frame(server: Server, downloader: Downloader, store: RawStore) -> pd.DataFrame:
    source = replace(ACS, address=server.address + PATH)
    server.acts[PATH] = bureau
    outcome = fetch_source(source, ("06065",), store, OfficialOrigin(downloader, "key"))
    assert outcome.state == "fetched", outcome.reason
    return read_table(source, store).set_index("geoid")


def known(value: object) -> object:
    return None if pd.isna(value) else value


def test_a_controlled_estimate_has_no_margin_of_error(frame: pd.DataFrame) -> None:
    found = {tract: known(frame.loc[f"06065{tract}", "population_moe"]) for tract in MARGINS}
    assert found == {tract: margin for tract, (_, margin) in MARGINS.items()}
    assert frame["population"].eq(1200).all(), "the estimate stays"


def test_an_open_ended_median_is_no_measurement(frame: pd.DataFrame) -> None:
    names = ["median_household_income_usd", "median_household_income_usd_moe"]
    found = {tract: tuple(map(known, frame.loc[f"06065{tract}", names])) for tract in MEDIANS}
    assert found == {tract: values[2:] for tract, values in MEDIANS.items()}
    assert frame["income_per_capita_usd"].eq(1200).all()


def test_an_estimate_of_555555555_below_0_is_missing() -> None:
    """Only a margin can be of a controlled estimate."""
    assert to_numbers(pd.Series(["-555555555"])).isna().all()


def test_every_median_says_where_its_classes_end() -> None:
    for key, source in CATALOG.items():
        medians = {name for name in source.layout.number if "median" in name and not name.endswith("_moe")}
        assert set(source.layout.open_ended) == medians, key
