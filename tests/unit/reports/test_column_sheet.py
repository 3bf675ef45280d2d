"""Every column of our own workbooks is said to be something, in the language of the file."""

from __future__ import annotations

import io

import pandas as pd
import pytest

from geo.canvass.outlook import EXPORTED
from geo.datasets.columns import UNITS
from geo.language import use_language
from reports.column_sheet import (
    BOARD,
    PROGRAM,
    PROGRESS,
    RECORD,
    YEARS,
    board_dictionary,
    column_sheet,
    served_dictionary,
)
from reports.export import Notes
from reports.workbooks import progress_workbook
from store.water.board_table import FACTS, RATES
from store.water.next_in_line import OF_LIST
from wording.tracts import ORDER, served_table

DECLARED = {**BOARD, **YEARS, **RECORD, **PROGRESS, **PROGRAM}


def sheets(content: bytes) -> dict[str, pd.DataFrame]:
    return pd.read_excel(io.BytesIO(content), sheet_name=None)


def test_every_unit_is_known_and_every_number_has_one() -> None:
    for name, column in DECLARED.items():
        assert (column.kind == "number") == bool(column.unit), name
        assert not column.unit or column.unit in UNITS, name


def test_every_column_that_the_board_can_have_is_described() -> None:
    per_service = [f"{service}_{name}" for service in ("water", "wastewater") for name in ("stage", *RATES)]
    said = board_dictionary(["pwsid", "name", *FACTS, *OF_LIST, *per_service])
    assert not [row["column"] for row in said if row["description"] == "not described"]
    assert said[-1]["description"].startswith("Wastewater: ")


def test_the_progress_of_a_canvass_says_what_its_columns_are_in_the_language_of_the_file() -> None:
    table = pd.DataFrame({name: [pd.NA] for name in EXPORTED})
    use_language("es")
    try:
        said = sheets(progress_workbook(table, Notes("P", ("S",))))["Columnas"]
    finally:
        use_language("en")
    assert said["Columna"].tolist() == EXPORTED
    assert said["Qué es"].iloc[2] == "Puertas que se tocaron; vacío donde se oculta el conteo"
    assert "sin descripción" not in set(said["Qué es"])


def test_a_column_that_nobody_declared_is_said_to_be_without_a_description() -> None:
    said = column_sheet({"Mine": pd.DataFrame({"mine": [1]})}, {})
    assert said["What it is"].tolist() == ["not described"]


@pytest.fixture(autouse=True)
def english() -> None:
    use_language("en")


def test_the_table_of_who_lives_where_is_described() -> None:
    row = {"target_kind": "place", "target_id": "06", "estimate": 80.0, "moe": 20.0, "coverage": 1.0}
    row |= {"share_guesswork": 0.5, "method": "interpolated"}
    rows = pd.DataFrame([row | {"variable": name} for name in ORDER])
    table = served_table(rows, "place", {"06": "Oasis"})
    said = {item["column"]: item for item in served_dictionary(map(str, table))}
    assert list(said) == list(table)
    assert "not described" not in {item["description"] for item in said.values()}
    assert said["coverage"]["unit"] == "percent, 0 to 100"
