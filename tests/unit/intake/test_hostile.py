"""Every hostile file against every door: one sentence or a harmless reading; nothing is shown or asked."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from geo.errors import GeoError, SchemaError
from geo.intake.grids import read_grids
from geo.intake.sheets import read_rows
from geo.program.boundaries import BoundaryFile
from tests.unit.intake.conftest import MEMBER, SECRET
from tests.unit.intake.doors import SHAPES, SHEETS, Door
from tests.unit.intake.hostile_shapes import Prey, shapes_of
from tests.unit.intake.hostile_sheets import sheets_of, workbook
from tests.unit.sources.loopback import Server

Files = dict[str, tuple[str, bytes]]
SECRETS = (MEMBER, SECRET, "scrypt$", "root:")
LONGEST_SENTENCE = 700


def text_of(read: object) -> str:
    """All that a reading gives, as text."""
    if isinstance(read, pd.DataFrame):
        return f"{list(read.columns)} {read.to_dict('list')}"
    if isinstance(read, BoundaryFile):
        return f"{read.told} {text_of(read.areas)}"
    return str(read)


def check(door: Door, files: Files, server: Server) -> None:
    """What a person can act on, or a harmless reading; an error of another kind is a fault of ours."""
    for case, (name, content) in files.items():
        try:
            said, remedy = text_of(door(content, name)), "none is needed"
        except GeoError as error:
            said, remedy = error.fault, error.remedy
            if len(said) > LONGEST_SENTENCE or "Traceback" in said:
                pytest.fail(f"{case}: {said}")
        if not said or not (remedy or ": " in said):
            pytest.fail(f"{case}: {said!r} says not what to do")
        assert not [secret for secret in SECRETS if secret in f"{said} {remedy}"], (case, said)
        assert server.asked == [], case


@pytest.fixture(scope="session")
def shapes(prey: Prey) -> Files:
    return shapes_of(prey)


@pytest.fixture(scope="session")
def sheets(prey: Prey) -> Files:
    return sheets_of(prey)


@pytest.mark.parametrize("door", SHAPES)
def test_no_file_of_shapes_reads_anything_else(door: str, shapes: Files, counting: Server) -> None:
    check(SHAPES[door], shapes, counting)


@pytest.mark.parametrize("door", SHEETS)
def test_no_sheet_reads_anything_else_or_eats_the_server(door: str, sheets: Files, counting: Server) -> None:
    check(SHEETS[door], sheets, counting)


@pytest.mark.parametrize("read", [read_rows, read_grids])
def test_a_value_far_out_is_named_and_a_format_far_out_costs_nothing(read: Door) -> None:
    for cells, named in (({"Z150000": "x"}, "Z150000"), ({"XFD1": "x", "A1048576": "y"}, "A1048576, XFD1")):
        with pytest.raises(
            SchemaError, match=re.escape(f"board.xlsx (Sheet) reaches as far as {named}")
        ) as told:
            read(workbook(**cells), "board.xlsx")
        assert "clear what stands there by mistake" in told.value.remedy
    plain = text_of(read(workbook(), "board.xlsx"))
    assert text_of(read(workbook(XFD1048576=None, C900000=None), "board.xlsx")) == plain


def test_a_value_at_some_distance_is_read_in_its_row() -> None:
    rows = read_rows(workbook(A2000="CA3310002"), "board.xlsx")
    assert rows.index.tolist() == [2, 2000]
    assert rows.loc[2000].tolist() == ["CA3310002", ""]
