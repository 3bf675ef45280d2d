"""The engine for tables: headings wherever they stand, cells as people write them, no silent loss."""

from __future__ import annotations

from datetime import date

import pytest

from geo.errors import SchemaError
from geo.intake.grids import read_grids
from geo.intake.tables import AS_NOTE, Choice, Column, Table, TableKind, Unread, find_table, tell_understood
from geo.intake.values import (
    Vocabulary,
    amount_cells,
    count_cells,
    date_cells,
    degree_cells,
    each,
    past_span_cells,
)

COLORS = Vocabulary({"red": "red", "blue": "blue"}, {"crimson": "red"}, "{text!r} is no color")


def to_code(text: str) -> str:
    if not text.startswith("A"):
        raise SchemaError(f"{text!r} is no code")
    return text


COLUMNS = (
    Column("code", "code", "code, clave", each(to_code), required=True, unread=Unread.REFUSE, telling=True),
    Column("color", "color", "color", COLORS),
    Column("on", "day", "date, fecha", date_cells),
    Column("count", "count", "how many, cuantos", count_cells, unread=Unread.REFUSE),
    Column("note", "note", "note, nota"),
)
KIND = TableKind("test", COLUMNS, (("code",),), "name the column code", note="note", grouped=True)


def table(text: str, choice: Choice = Choice(), name: str = "a.csv") -> Table:  # noqa: B008
    return find_table(read_grids(text.encode(), name), name, KIND, choice)


def test_headings_stand_below_titles_and_what_is_unknown_is_a_note() -> None:
    found = table("Our list of March\n\nClave;Fecha;Sabor\nA1;31/3/2026;sweet\n\nTotal;;\n")
    assert (found.head, [row.number for row in found.rows]) == (3, [4, 6])
    first, total = found.rows
    assert first.meant == {"code": "A1", "on": date(2026, 3, 31)}
    assert first.notes == {"Sabor": "sweet"}
    assert "'Total' is no code" in total.refused
    assert 'Kept as notes: "Sabor".' in tell_understood(found)


def test_a_good_cell_is_kept_though_another_is_not_and_its_words_are_a_note() -> None:
    (row,) = table("code,color,date\nA1,blue,FY24-25\n").rows
    assert row.meant == {"code": "A1", "color": "blue"}
    assert row.notes == {"date": "FY24-25"}
    assert "'FY24-25' is no date" in row.remarks[0]
    assert "kept as a note" in row.remarks[0]
    assert not row.refused


def test_a_row_is_refused_by_what_it_needs() -> None:
    rows = table('code,how many\nA1,few\n,3\nA2,"1,250"\n').rows
    assert "no whole number" in rows[0].refused
    assert rows[1].refused == "code is missing"
    assert (rows[2].meant["count"], rows[2].refused) == (1250, "")


def test_a_cell_too_many_refuses_its_row_alone() -> None:
    rows = table("code,note\nA1,one, two\nA2,three\nA3,four,\n").rows
    assert rows[0].refused == "row 2 holds more cells than there are headings"
    assert [row.refused for row in rows[1:]] == ["", ""]


def test_words_and_headings_mean_what_a_person_says() -> None:
    text = "code,shade,extra\nA1,Granate,x\nA2,crimson,y\n"
    choice = Choice(headings={"shade": "color", "extra": ""}, words={"color": {"granate": "red"}})
    found = table(text, choice)
    assert [row.meant["color"] for row in found.rows] == ["red", "red"]
    assert [row.notes for row in found.rows] == [{}, {}]
    assert 'Not used: "extra".' in tell_understood(found)
    open_words = table(text, Choice(headings={"shade": "color", "extra": AS_NOTE}))
    assert open_words.unknown_words() == {"color": ["Granate"]}
    assert open_words.rows[0].notes == {"extra": "x", "shade": "Granate"}


def test_a_column_that_no_heading_names_is_found_by_its_cells_or_asked_for() -> None:
    found = table("town,number\nOasis,A1\nMecca,A2\n")
    assert [row.meant["code"] for row in found.rows] == ["A1", "A2"]
    lacking = table("town,number\nOasis,7\n")
    assert lacking.lacking == ("code",)
    with pytest.raises(SchemaError, match="the sheet has: town, number"):
        lacking.require()
    with pytest.raises(SchemaError, match="has no row of headings"):
        table("A1\nA2\n")


def test_a_group_names_its_field_and_an_option_of_a_question_is_none() -> None:
    grouped = table("visit/code,visit-color\nA1,red\n")
    assert grouped.rows[0].meant == {"code": "A1", "color": "red"}
    option = table("where,where/code,code\nx,1,A7\n")
    assert option.rows[0].meant["code"] == "A7"


def test_rows_in_which_nothing_is_used_are_told() -> None:
    found = table("#,code,note\n1,A1,x\nTHERMAL,,\n2,A2,y\n")
    assert [row.number for row in found.rows] == [2, 4]
    assert any("rows 3 (THERMAL)" in line for line in tell_understood(found))


@pytest.mark.parametrize(
    ("column", "text", "day"),
    [
        (["5/1/2024"], "5/1/2024", date(2024, 5, 1)),
        (["31/03/2026", "03/04/2026"], "03/04/2026", date(2026, 4, 3)),
        (["13/02/2025", "02/13/2025"], "5/6/2025", date(2025, 5, 6)),
        (["13/02/2025", "02/13/2025"], "13/02/2025", date(2025, 2, 13)),
        ([], "17-Jun-25", date(2025, 6, 17)),
        ([], "3 de enero de 2026", date(2026, 1, 3)),
        ([], "11/20/2026 14:05", date(2026, 11, 20)),
        ([], "20.11.2026", date(2026, 11, 20)),
    ],
)
def test_days_are_read_as_their_column_writes_them(column: list[str], text: str, day: date) -> None:
    assert date_cells(column)(text).value == day


def test_a_day_against_its_columns_order_is_told() -> None:
    assert "2025-02-13" in date_cells(["13/02/2025", "02/13/2025"])("13/02/2025").remark
    for text in ("June 2025", "2025", "Q3 2025", "13/13/2025"):
        with pytest.raises(SchemaError, match="is no date"):
            date_cells([])(text)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2014", "2014"),
        ("FY 2019-20", "2019-07/2020-06"),
        ("FY19-20", "2019-07/2020-06"),
        ("FY 2019", "2019"),
        ("2019–2020", "2019/2020"),
        ("June 2025", "2025-06"),
        ("sept. 2021", "2021-09"),
        ("septiembre de 2021", "2021-09"),
        ("6/2025", "2025-06"),
        ("2025-06", "2025-06"),
        ("6/17/2025", "2025-06-17"),
        ("45413", "2024-05-01"),
    ],
)
def test_a_month_or_a_year_is_a_date_where_no_more_is_known(text: str, iso: str) -> None:
    assert str(past_span_cells([])(text).value) == iso


@pytest.mark.parametrize("text", ["Q3 2025", "13/13/2025", "13/2025", "2021-19", "20254", "soon", "12/2999"])
def test_what_is_no_date_is_refused_and_not_cut_to_a_year(text: str) -> None:
    with pytest.raises(SchemaError):
        past_span_cells([])(text)


def test_a_month_that_may_be_two_years_is_told() -> None:
    assert "2010-2011" in past_span_cells([])("2010-11").remark
    assert past_span_cells([])("2010-12").remark == ""


@pytest.mark.parametrize(
    ("column", "text", "amount"),
    [
        ([], "$1,250,000.50", 1_250_000.5),
        ([], "1.250.000,00", 1_250_000),
        ([], "45,50", 45.5),
        ([], "1,250", 1_250),
        (["1.250.000,00"], "1.250", 1_250),
        (["$1,250.50"], "38.5", 38.5),
        ([], "$52.00/mo", 52),
        ([], "$500K", 500_000),
    ],
)
def test_amounts_are_read_as_their_column_writes_them(column: list[str], text: str, amount: float) -> None:
    assert amount_cells(column)(text).value == amount


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ([], "1.250"),
        (["1.250.000,00", "1,250,000.00"], "1,250"),
        (["1.250.000,00"], "1,250"),
        ([], "9 parks"),
    ],
)
def test_an_amount_that_may_be_another_is_refused(column: list[str], text: str) -> None:
    with pytest.raises(SchemaError, match=r"may be|is no amount"):
        amount_cells(column)(text)


def test_degrees_are_in_range_and_may_have_a_comma() -> None:
    assert degree_cells(90)([], "")("33,57").value == 33.57
    with pytest.raises(SchemaError, match="no point in degrees"):
        degree_cells(90)([], "")("116.1")
