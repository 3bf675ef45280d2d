"""Violations are read into numbers, stand once, and keep their dates."""

from __future__ import annotations

import pandas as pd
import pytest

from geo.pipelines.violations import Raw, transform, validate
from geo.region import Region
from geo.water.violations import read_amounts, to_listed
from tests.unit.water.drawn_valley import table


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("0.021 MG/L", 21.0, "UG/L"),
        (".0933 mg/l", 93.3, "UG/L"),
        ("1,200 UG/L", 1200.0, "UG/L"),
        ("29 PCI/L", 29.0, "PCI/L"),
        ("5 NTU", None, None),
        ("high", None, None),
        (None, None, None),
    ],
)
def test_amounts_are_read_in_one_unit(text: str | None, amount: float | None, unit: str | None) -> None:
    row = read_amounts(pd.Series([text], dtype="string")).iloc[0]
    assert pd.isna(row["amount"]) if amount is None else row["amount"] == pytest.approx(amount)
    assert pd.isna(row["unit"]) if unit is None else row["unit"] == unit


def listed(*rows: dict[str, object]) -> Raw:
    fixed = {"pwsid": "CA3301380", "name": "a", "violation_id": "1", "analyte": "ARSENIC", "city": "MECCA"}
    rows_of = table("water_quality_violations", [{**fixed, **row} for row in rows])
    return Raw(to_listed(rows_of, "2019-02"))


def test_a_violation_with_two_enforcement_actions_stands_once(region: Region) -> None:
    raw = listed({"enforcement": "FORMAL"}, {"enforcement": "WITH PENALTY"}, {"violation_id": "2"})
    product = transform(raw, region)
    validate(product.frame)
    assert product.frame["enforcement_actions"].tolist() == [2, 1]
    assert product.frame["enforcement"].tolist()[0] == "FORMAL; WITH PENALTY"
    told = next(finding for finding in product.findings if finding.check == "violations_repeated")
    assert (told.count, told.of, told.to_record()["values"]) == (1, 2, {"rows": 3})


def test_one_number_for_two_systems_is_two_violations(region: Region) -> None:
    assert len(transform(listed({}, {"pwsid": "CA3301529"}), region).frame) == 2


def test_a_result_is_compared_with_its_limit_in_one_unit_only(region: Region) -> None:
    raw = listed(
        {"violation_id": "1", "result": "83.4 UG/L", "limit": "0.080 MG/L"},
        {"violation_id": "2", "result": "29 PCI/L", "limit": "0.080 MG/L"},
        {"violation_id": "3", "result": "12 MG/L"},
    )
    times = transform(raw, region).frame["times_limit"]
    assert times.iloc[0] == pytest.approx(1.0425)
    assert times.iloc[1:].isna().all()


def test_every_violation_says_how_old_the_list_is(region: Region) -> None:
    assert transform(listed({}), region).frame["vintage"].item() == "2019-02"


def test_a_region_without_violations_has_an_empty_table(region: Region) -> None:
    frame = transform(listed({"pwsid": "CA1500001"}), region).frame
    validate(frame)
    assert frame.empty
