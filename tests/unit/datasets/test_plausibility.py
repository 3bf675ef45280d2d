"""What cannot be or is hard to believe is told by row; what is right passes, and no value is changed."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import geo.datasets.examined
from geo.datasets.build import build_region
from geo.datasets.declared import DATASETS
from geo.datasets.findings import CHECKS, describe
from geo.datasets.plausibility import CALIFORNIA_COUNTIES, Context, examine
from geo.datasets.record import parquet_path, read_sidecar
from geo.datasets.storage import read_shapes_of, read_table_of
from geo.language import use_language

HERE = ("06025", "06065")
CES = "calenviroscreen_4"


def found(dataset: str, key: tuple[str, ...], table: dict[str, Any], **known: Any) -> dict[str, Any]:
    findings = examine(pd.DataFrame(table), Context(dataset, key, HERE, **known))
    return {item.check: item for item in findings}


def tracts(**columns: list[Any]) -> dict[str, Any]:
    size = len(next(iter(columns.values())))
    return {"geoid": [f"0606500000{number}" for number in range(size)], **columns}


def test_a_median_that_no_household_can_have_is_told() -> None:
    table = {
        "pwsid": ["CA1", "CA2", "CA3", "CA4"],
        "median_household_income_usd": pd.array([4_486, 10_000, None, 251_000], dtype="Float64"),
    }
    finding = found("water_systems", ("pwsid",), table)["value_unlikely"]
    assert (finding.ids, finding.of, finding.subject) == (("CA1", "CA4"), 3, "safer_risk_assessment")
    assert finding.severity == "warning"
    assert describe(finding) == (
        "Median household income of the system's area, as SAFER has it: 2 of 3 values are hard to believe, "
        "as they lie outside of 10,000 – 250,000 (CA1, CA4)"
    )
    use_language("es")
    assert describe(finding).startswith("Ingreso mediano por hogar del área del sistema")


def test_a_margin_below_nothing_is_told_as_that_of_its_column() -> None:
    finding = found("tracts_2010", ("geoid",), tracts(population_moe=[-1, 5]))["value_impossible"]
    assert describe(finding) == (
        "Population: margin of error (90 percent): 1 of 2 values cannot be, as they lie outside of 0 – ∞ "
        "(06065000000)"
    )


def test_a_share_beyond_all_or_below_nothing_cannot_be() -> None:
    shares = [1.2, -0.1, 1 + 1e-9, 0.0, None]
    found_here = found("tracts_2010", ("geoid",), tracts(share_poverty=pd.array(shares, dtype="Float64")))
    assert found_here["value_impossible"].ids == ("06065000000", "06065000001")
    assert found_here["value_impossible"].severity == "error"


def test_a_margin_of_a_share_may_be_more_than_all() -> None:
    assert not found("tracts_2010", ("geoid",), tracts(share_poverty_moe=[2.4]))


def test_a_county_that_does_not_exist_is_told() -> None:
    counties = ["06065", "06071", "06066", "06117", "04012", None]
    finding = found("mobile_home_parks", ("park_id",), {"park_id": list("abcdef"), "county_geoid": counties})
    assert finding["county_unknown"].ids == ("c", "d")
    assert len(CALIFORNIA_COUNTIES) == 58


def test_a_part_beyond_its_whole_is_told_where_the_margins_do_not_hold_it() -> None:
    table = tracts(
        crowded_units=[120, 120, 80],
        crowded_units_moe=[10, 30, 1],
        households=[100, 100, 100],
        households_moe=[10, 10, 1],
    )
    finding = found("tracts_2010", ("geoid",), table)["part_exceeds"]
    assert finding.ids == ("06065000000",)  # 20 over, where 14.1 could be chance; 31.6 in the second
    assert finding.to_record()["values"] == {
        "column": "Crowded housing units (more people than rooms)",
        "whole": "Households",
    }


def test_a_count_that_moved_more_than_people_do_is_told() -> None:
    table = tracts(
        population=[400, 1_400, 160, 1_000],
        population_moe=[100, 100, 100, 100],
        population_2020=[1_000, 1_000, 100, 0],
    )
    finding = found("tracts_2020", ("geoid",), table)["vintages_differ"]
    assert finding.ids == ("06065000000", "06065000003")


def test_a_place_far_from_its_count_is_told() -> None:
    rows = [
        ("a", "population", 2_100.0, 50.0),
        ("a", "population_2020", 1_000.0, None),
        ("b", "population", 1_900.0, 50.0),
        ("b", "population_2020", 1_000.0, None),
        ("c", "population", 90.0, 400.0),
        ("c", "population_2020", 300.0, None),
        ("d", "population", 400.0, 50.0),
        ("d", "population_2020", 1_000.0, None),
        ("e", "population", 5.0, None),
    ]
    table = pd.DataFrame(rows, columns=["target_id", "variable", "estimate", "moe"]).assign(
        target_kind="place"
    )
    key = ("target_kind", "target_id", "variable")
    finding = found("people_served", key, table.to_dict("list"))["place_far_from_count"]
    assert (finding.ids, finding.of) == (("a", "d"), 4)


def test_a_join_that_matches_nothing_is_told() -> None:
    table = tracts(ces_score=pd.array([None, None], dtype="Float64"), share_poverty=[0.1, 0.2])
    finding = found("tract_indicators", ("geoid",), table, here=frozenset({CES, "acs_svi_2018"}))
    assert list(finding) == ["join_empty"]
    assert finding["join_empty"].subject == CES
    assert not found("tract_indicators", ("geoid",), table, here=frozenset({"acs_svi_2018"}))


def test_a_join_that_matches_far_less_than_before_is_told() -> None:
    table = tracts(ces_score=pd.array([1.0, None, None, 4.0], dtype="Float64"))
    here, before = frozenset({CES}), {"": 4, "ces_score": 3}
    finding = found("tract_indicators", ("geoid",), table, here=here, before=before)["join_fewer"]
    assert (finding.count, finding.of) == (2, 4)
    assert finding.to_record()["values"] == {
        "column": "CalEnviroScreen score",
        "before": 3,
        "had": 4,
    }
    as_before = {"": 4, "ces_score": 2}
    assert not found("tract_indicators", ("geoid",), table, here=here, before=as_before)


def test_rows_that_are_gone_are_told() -> None:
    finding = found("tract_indicators", ("geoid",), tracts(ca_htc_index=[1.0]), before={"": 2})
    assert (finding["rows_fewer"].count, finding["rows_fewer"].of) == (1, 2)


def test_every_check_has_words_in_both_languages() -> None:
    checks = {
        *("value_impossible", "value_unlikely", "part_exceeds", "vintages_differ", "county_unknown"),
        *("join_empty", "join_fewer", "rows_fewer", "place_far_from_count"),
    }
    assert checks <= set(CHECKS)


def test_the_incomes_in_safer_that_nobody_can_live_on_are_found(coachella_built: str, mirror: Path) -> None:
    """Held against a reading of the State's own file, line by line."""
    [path] = (mirror / "safer_risk_assessment").glob("*.csv")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    heading = next(name for name in rows[0] if "MEDIAN" in name.upper() or "MHI" in name.upper())
    numbers = {row["WATER_SYSTEM_NUMBER"]: row[heading].replace("$", "").replace(",", "") for row in rows}
    ours = read_shapes_of(coachella_built, "water_systems")["pwsid"]
    low = {
        pwsid
        for pwsid in ours
        if numbers.get(pwsid, "").replace(".", "").isdigit() and float(numbers[pwsid]) < 10_000
    }
    sidecar = read_sidecar(coachella_built, "water_systems")
    assert sidecar is not None
    [finding] = [item for item in sidecar.findings if item.check == "value_unlikely"]
    assert set(finding.ids) == low
    assert len(low) == 7
    assert 4_486 in {float(numbers[pwsid]) for pwsid in low}


def test_the_invented_region_holds_nothing_hard_to_believe_but_the_limit_that_it_plants(
    demo_built: str,
) -> None:
    """What an earlier build had is left out: it may be one of another valley."""
    told = {
        (name, item["check"]): item["ids"]
        for name in DATASETS
        for item in read_sidecar(demo_built, name).record["examined"]["findings"]  # type: ignore[union-attr]
        if item["check"] not in ("join_fewer", "rows_fewer")
    }
    listed = read_table_of(demo_built, "violations")
    [planted] = listed[listed["limit"] == "0.008 MG/L"].to_dict("records")
    key = " ".join(str(planted[name]) for name in ("pwsid", "violation_id", "analyte"))
    assert told == {("violations", "value_unlikely"): [key]}


def test_other_checks_examine_again_and_make_nothing_stale(
    demo_built: str, built_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("data/raw/demo", "data/processed/demo", "static/shapes/demo"):
        shutil.copytree(built_data / folder, tmp_path / folder)
    monkeypatch.setenv("GEO_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("GEO_STATIC_DIR", str(tmp_path / "static"))
    before = read_sidecar(demo_built, "roads")
    monkeypatch.setattr(geo.datasets.examined, "examiner", lambda: "others")
    assert {step.state for step in build_region(demo_built, ["roads"])} == {"fresh"}
    now = read_sidecar(demo_built, "roads")
    assert before is not None
    assert now is not None
    assert now.record["examined"]["by"] == "others" != before.record["examined"]["by"]
    assert now.content == before.content
    assert {key: now.record[key] for key in ("findings", "notes", "rows", "shapes", "fingerprint")} == {
        key: before.record[key] for key in ("findings", "notes", "rows", "shapes", "fingerprint")
    }
    parquet_path(demo_built, "roads").with_suffix(".json").unlink()
    healed = read_sidecar(demo_built, "roads")
    assert healed is not None
    assert healed.record["examined"]["by"] == "others"
    assert len(read_shapes_of(demo_built, "roads")) == before.record["rows"]


@pytest.fixture(autouse=True)
def english() -> None:
    use_language("en")
