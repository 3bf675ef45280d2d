"""Our estimate of the index, on the real state: what docs/METHODS.md claims of it."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from geo.datasets.findings import Finding
from geo.datasets.record import require_sidecar
from geo.datasets.storage import read_table_of
from geo.methods.ranking import CLASSES, rank_with_doubt
from geo.settings import ROOT
from geo.sources.catalog import read_catalog
from geo.sources.raw import RawStore
from geo.sources.reading import read_table
from geo.tracts.hard_to_count.estimates import LABEL

pytestmark = [pytest.mark.real, pytest.mark.slow]
SCORED = 8013


@pytest.fixture(scope="module")
def notes(coachella_built: str) -> dict:
    return dict(require_sidecar(coachella_built, "hard_to_count_estimates").notes)


@pytest.fixture(scope="module")
def estimates(coachella_built: str) -> pd.DataFrame:
    return read_table_of(coachella_built, "hard_to_count_estimates")


@pytest.fixture(scope="module")
def of_2010(estimates: pd.DataFrame) -> pd.DataFrame:
    return estimates[estimates["tracts"] == "tracts_2010"].set_index("geoid")


def test_it_beats_what_it_is_held_against_on_the_same_folds(notes: dict) -> None:
    assert (notes["tracts"], notes["counties"], notes["folds_by_county"]) == (SCORED, 58, True)
    assert notes["r2"] > 0.917
    assert notes["mean_absolute_error"] < 6.35
    assert abs(notes["bias"]) < 0.5
    assert 0.84 < notes["peers"]["linear"]["r2"] < notes["peers"]["boosting_as_it_comes"]["r2"]
    assert notes["peers"]["boosting_as_it_comes"]["r2"] < notes["r2"] - 0.005


def test_the_interval_holds_as_often_as_it_says(notes: dict) -> None:
    interval = notes["interval"]
    assert interval["coverage"] == pytest.approx(0.90, abs=0.01)
    assert min(interval["coverage_by_fold"]) > 0.86
    assert min(interval["coverage_by_third"].values()) > 0.87


def test_what_raises_the_index_raises_the_estimate(notes: dict) -> None:
    effects = notes["effects"]
    needs = ["share_crowded", "share_poverty", "share_vacant", "share_unemployed", "share_no_high_school"]
    assert all(effects[name]["points"] > 3 for name in [*needs, "share_large_buildings"])
    assert effects["log_income"]["points"] < -3


def test_zeros_that_were_never_scored_are_left_out_and_told(coachella_built: str) -> None:
    found = require_sidecar(coachella_built, "hard_to_count_estimates").findings
    left: Finding = next(item for item in found if item.check == "index_left_out")
    assert left.of == 8057
    assert left.count == 8057 - SCORED
    reasons = left.to_record()["values"]
    assert reasons["never_scored"] + reasons["without_acs"] == left.count


def test_every_estimate_stands_beside_the_official_value_under_its_label(
    estimates: pd.DataFrame, coachella_built: str
) -> None:
    assert estimates["label"].eq(LABEL).all()
    for tracts, count in (("tracts_2010", 484), ("tracts_2020", 518)):
        ours = estimates[estimates["tracts"] == tracts].set_index("geoid")
        theirs = read_table_of(coachella_built, tracts).set_index("geoid")
        assert len(ours) == count
        scored = theirs["ca_htc_index"].where(theirs["index_scored"].astype(bool))
        assert ours["official_index"].astype(float).equals(scored.reindex(ours.index).astype(float))


def test_correlation_with_self_response_is_the_published_one(notes: dict, coachella_built: str) -> None:
    """-0.63 statewide between official index and response, from the two raw tables alone."""
    catalog, store = read_catalog(), RawStore("official")
    index = read_table(catalog["ca_htc_index_2019"], store).set_index("geoid")["ca_htc_index"]
    response = read_table(catalog["self_response_2020"], store).set_index("geoid")["self_response_percent"]
    both = pd.concat([index[index > 0], response], axis=1, join="inner").astype(float)
    assert both.corr().iloc[0, 1] == pytest.approx(-0.63, abs=0.005)
    assert notes["self_response"]["state"]["official"] == pytest.approx(-0.63, abs=0.005)
    assert notes["self_response"]["state"]["estimate"] < -0.63


def test_who_is_surely_among_the_hardest_tenth_is_hard_to_count(of_2010: pd.DataFrame) -> None:
    ranked = rank_with_doubt(of_2010["estimate"], of_2010["moe"], share=0.10)
    official = of_2010["official_index"].astype(float)
    cut = official.quantile(0.90)
    for name in CLASSES:
        assert (ranked["class"] == name).any()
    certain = official[ranked["class"] == "very likely"]
    assert (certain >= cut).mean() > 0.9
    assert (official[ranked["class"] == "very unlikely"] >= cut).mean() < 0.02


def test_the_document_quotes_these_figures(notes: dict) -> None:
    text = (ROOT / "docs" / "METHODS.md").read_text(encoding="utf-8")
    rows = {
        "ours: kernel ridge and boosting": notes,
        "scikit-learn's gradient boosting as it comes": notes["peers"]["boosting_as_it_comes"],
        "linear": notes["peers"]["linear"],
    }
    for words, scores in rows.items():
        told = re.search(rf"^\| {words} \| ([\d.]+) \| ([\d.]+) \|$", text, re.MULTILINE)
        assert told, words
        assert float(told[1]) == pytest.approx(scores["r2"], abs=0.002)
        assert float(told[2]) == pytest.approx(scores["mean_absolute_error"], abs=0.05)


def test_the_document_quotes_how_many_are_surely_hardest(of_2010: pd.DataFrame) -> None:
    text = " ".join((ROOT / "docs" / "METHODS.md").read_text(encoding="utf-8").split())
    counts = rank_with_doubt(of_2010["estimate"], of_2010["moe"], share=0.10)["class"].value_counts()
    assert (
        f"{counts['very likely']} are surely and {counts['likely']} probably among the hardest tenth; "
        f"of {counts['uncertain']} it cannot be said"
    ) in text
