"""Data: every source with what is wrong with it, every dataset, and every ledger."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from geo.datasets.declared import DATASETS
from geo.datasets.findings import describe
from geo.datasets.provenance import SourceTruth, source_truth
from geo.datasets.record import read_sidecar
from geo.datasets.storage import read_ledgers
from geo.region import read_region
from geo.sources.catalog import read_catalog
from wording.sources import ledger_table, ledger_title, next_step, reasons

Open = Callable[..., AppTest]


def table_of(app: AppTest, column: str) -> pd.DataFrame:
    """The first table with a column."""
    return next(element.value for element in app.dataframe if column in element.value.columns)


def words_of(app: AppTest) -> str:
    return "\n".join(element.value for element in app.text)


def test_every_source_is_told(dashboard: Open, demo_built: str) -> None:
    app = dashboard("data", region="demo")
    assert not app.exception
    assert len(table_of(app, "Publisher")) == len(read_catalog())
    words = words_of(app)
    for truth in source_truth(demo_built):
        assert truth.address in words
        for finding in truth.findings:
            assert describe(finding) in words


def test_each_source_that_lacks_says_what_to_do() -> None:
    catalog, region = read_catalog(), read_region("coachella")
    steps = {
        key: next_step(SourceTruth(source, None, (), (), (), ()), region) for key, source in catalog.items()
    }
    assert all(key in words and "--region coachella" in words for key, words in steps.items())
    assert "geo fetch acs_5year_places_2024" in steps["acs_5year_places_2024"]
    assert "CENSUS_API_KEY" in steps["acs_5year_places_2024"]
    assert "CENSUS_API_KEY" not in steps["acs_5year_2024"], "it comes without a key, too"
    by_hand = steps["supervisorial_districts_2021"]
    assert by_hand.startswith("To have it: open https://rivco.org/, find tract_to_district.csv, then run")


def test_the_real_sources_tell_what_is_wrong(dashboard: Open, coachella_built: str) -> None:
    app = dashboard("data", region="coachella")
    words = words_of(app)
    assert "link not verified" in words
    assert "index 0 because nobody lives there" in words


def test_a_dataset_that_is_not_built_says_why(dashboard: Open, coachella_built: str) -> None:
    app = dashboard("data", region="coachella")
    table = table_of(app, "Why not").set_index("Name")
    assert len(table) == len(DATASETS)
    assert all(line in words_of(app) for line in reasons(coachella_built))
    for name in DATASETS:
        sidecar = read_sidecar(coachella_built, name)
        assert sidecar is not None
        assert (table.loc[name, "Why not"] == "") == sidecar.built


@pytest.mark.parametrize("name", ["tracts_2020", "tract_system_join"])
def test_ledgers_balance_on_the_screen(dashboard: Open, demo_built: str, name: str) -> None:
    app = dashboard("data", region="demo")
    (ledger,) = read_ledgers(demo_built, name)
    assert f"#### {ledger_title(ledger)}" in [element.value for element in app.markdown]
    shown = ledger_table(ledger)
    tables = [element.value for element in app.dataframe if "Lost where" in element.value.columns]
    table = next(table for table in tables if table["Quantity"].tolist() == shown["Quantity"].tolist())
    assert table["In"].tolist() == ledger.lines["in"].tolist()
    assert table["Out"].tolist() == ledger.lines["out"].tolist()
    assert table["Balance check"].abs().max() < 1e-3


def test_spanish_is_spoken(dashboard: Open, demo_built: str) -> None:
    app = dashboard("data", region="demo", lang="es")
    assert "Fuentes de datos" in app.subheader[0].value
