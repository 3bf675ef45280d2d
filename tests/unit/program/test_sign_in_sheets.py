"""Sign-in sheets: told row by row, whatever comes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pandas as pd
import pytest

from geo.errors import SchemaError
from geo.intake.grids import read_grids
from geo.intake.sheets import read_rows
from geo.intake.tables import Choice, Table, find_table
from geo.intake.verdicts import Verdict, changes_of
from geo.methods.contact_codes import make_contact_code
from geo.methods.person_codes import make_code
from geo.program.sign_in_sheets import (
    SIGN_IN,
    Known,
    codes_in_text,
    is_nobody_checked_in,
    judge_sheet,
    judge_typed,
    same_people,
)

CODES = [make_code("QX", number) for number in range(10)]


def read_sheet(content: bytes, name: str = "sheet.csv", choice: Choice = Choice()) -> Table:  # noqa: B008
    return find_table(read_grids(content, name), name, SIGN_IN, choice)


def sheet_of(*cells: str) -> Table:
    return read_sheet("\n".join(["code,town", *(f"{cell},Oasis" for cell in cells)]).encode())


def test_each_row_is_told() -> None:
    table = sheet_of(CODES[0], CODES[1].lower(), CODES[1], "QX00", "", CODES[2])
    lines = judge_sheet(table, Known({CODES[2]})).lines
    assert [line.number for line in lines] == [2, 3, 4, 5, 6, 7]
    assert [str(line.verdict) for line in lines] == ["new", "new", "twice", "refused", "empty", "same"]
    assert changes_of(lines) == CODES[:2]


@pytest.mark.parametrize("kind", ["csv", "semicolon", "xlsx"])
def test_csv_and_xlsx_read_alike(kind: str) -> None:
    frame = pd.DataFrame({"Town": ["Oasis", "Mecca"], "Código": CODES[:2]})
    if kind == "xlsx":
        stream = io.BytesIO()
        frame.to_excel(stream, index=False)
        table = read_sheet(stream.getvalue(), "sheet.xlsx")
    else:
        text = frame.to_csv(index=False, sep=";" if kind == "semicolon" else ",")
        table = read_sheet(text.encode("utf-8-sig"), "Sheet.CSV")
    assert changes_of(judge_sheet(table).lines) == CODES[:2]


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "sheet.csv", r"cannot be read as a table|has no rows"),
        (b"code\n", "sheet.csv", "has no rows"),
        (b"\xff\xfe\x00", "sheet.csv", "cannot be read as a table"),
        (b"no zip", "sheet.xlsx", "cannot be read as a table"),
        (f"{CODES[0]}\n{CODES[1]}\n".encode(), "sheet.csv", "has no row of headings"),
        (
            b"Name,Tel no\nx,y\n",
            "sheet.csv",
            "these columns: Code, E-mail, Phone; the sheet has: Name, Tel no",
        ),
    ],
)
def test_what_is_no_table_is_refused(content: bytes, name: str, words: str) -> None:
    with pytest.raises(SchemaError, match=words):
        judge_sheet(read_sheet(content, name))


def test_a_row_with_a_cell_too_many_is_refused() -> None:
    (line,) = judge_sheet(read_sheet(b"code,town\nQX0017H,Oasis,Ana\n")).lines
    assert line.verdict is Verdict.REFUSED
    assert line.reason == "row 2 holds more cells than there are headings"


def test_a_separator_at_the_end_of_each_row_moves_no_column() -> None:
    text = f"code,town\n{CODES[0]},Oasis,\n{CODES[1]},Mecca,\n"
    assert changes_of(judge_sheet(read_sheet(text.encode())).lines) == CODES[:2]
    assert read_rows(text.encode(), "sheet.csv")["code"].tolist() == CODES[:2]


@pytest.mark.parametrize("read", [read_sheet, read_rows])
@pytest.mark.parametrize("damage", ["xml", "stream"])
def test_a_damaged_workbook_is_refused(read: Callable[[bytes, str], object], damage: str) -> None:
    stream = io.BytesIO()
    pd.DataFrame({"code": CODES}).to_excel(stream, index=False)
    with pytest.raises(SchemaError, match="cannot be read as a table"):
        read(damaged(stream.getvalue(), damage), "sheet.xlsx")


def damaged(content: bytes, how: str) -> bytes:
    """A workbook whose sheet breaks off, or whose packed bytes are not what they were."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        parts = {name: book.read(name) for name in book.namelist()}
        place = book.getinfo("xl/worksheets/sheet1.xml").header_offset + 60
    if how == "stream":
        return content[:place] + b"\xff" * 20 + content[place + 20 :]
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as book:
        for name, part in parts.items():
            book.writestr(name, part[:-30] if name.endswith("sheet1.xml") else part)
    return stream.getvalue()


def test_two_sheets_with_the_same_people_are_noticed() -> None:
    assert same_people(CODES, {"one": CODES, "half": CODES[:5], "none": []}) == ["one"]


def test_typed_codes_that_do_not_hold_are_all_named() -> None:
    with pytest.raises(SchemaError, match=r"2 codes are in the wrong form \(2: QX00, 3: Maria\)"):
        codes_in_text(f"{CODES[0]} QX00\nMaria, {CODES[1]}")


def test_rows_above_the_room_are_told_and_not_lost() -> None:
    lines = judge_sheet(sheet_of(*CODES[:4], CODES[0]), Known({CODES[9]}, room_holds=3)).lines
    over = ["more than the room holds" in line.reason for line in lines]
    assert over == [False, False, True, True, False]
    assert lines[-1].verdict is Verdict.TWICE
    assert changes_of(lines) == CODES[:4]


def test_the_column_of_codes_is_found_by_what_it_holds() -> None:
    rows = "".join(f"x,760,{code}\n" for code in CODES[:2])
    table = read_sheet(f"Name,Telephone,Clave del lugar\n{rows}".encode())
    assert 'this one was taken: "Clave del lugar"' in table.tell_guessed()
    assert changes_of(judge_sheet(table).lines) == CODES[:2]


ZERO, ONE = CODES[:2]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (f"{ZERO[:2]} {ZERO[2:6]} {ZERO[6]}", [ZERO]),
        (f"{ZERO[:2]}-{ZERO[2:6]}-{ZERO[6]} {ONE[:2]} {ONE[2:6]}{ONE[6]}", [ZERO, ONE]),
        (f"{ZERO[:2]} 00 00\u2013{ZERO[6]}, {ONE.lower()}", [ZERO, ONE]),
        (f"1. {ZERO}\n2) {ONE}", [ZERO, ONE]),
        (f"{ZERO};{ONE}\t{ZERO}", [ZERO, ONE]),
        (f"{ZERO}-{ONE}", [ZERO, ONE]),
    ],
)
def test_typed_codes_are_read_as_people_write_them(text: str, codes: list[str]) -> None:
    assert codes_in_text(text) == codes


def test_what_has_the_form_of_a_code_is_told_as_one_word() -> None:
    """A slip in a code with blanks is one row, not three; a code never runs over the end of a line."""
    told = judge_typed(f"QX 0000 X and {ONE[:2]}\n{ONE[2:6]}\n{ZERO}")
    assert [line.shown["written"] for line in told] == ["QX 0000 X", "and", "QX", "0001", ZERO]
    assert [str(line.verdict) for line in told] == ["refused"] * 4 + ["new"]
    assert "last character does not fit" in told[0].reason


@pytest.mark.parametrize(
    ("headings", "email", "phone"),
    [
        ("Timestamp,Email Address,Name,Phone number", "Email Address", "Phone number"),
        ("Marca temporal,Dirección de correo electrónico,Nombre,Número de teléfono",
         "Dirección de correo electrónico", "Número de teléfono"),
        ("first_name,last_name,email,zip_code,can2_phone", "email", "can2_phone"),
        ("Order #,First Name,Buyer Email,Email,Cell Phone,Attendee Status", "Email", "Cell Phone"),
        ("N.º de pedido,Nombre,Apellidos,Correo electrónico,Teléfono móvil,Estado del asistente",
         "Correo electrónico", "Teléfono móvil"),
    ],
)  # fmt: skip
def test_headings_of_forms_are_understood_in_both_languages(headings: str, email: str, phone: str) -> None:
    names = headings.split(",")
    cells = {email: "ana@example.org", phone: "(760) 555-0123"}
    table = read_sheet(f"{headings}\n{','.join(cells.get(name, '') for name in names)}\n".encode())
    assert {key: names[place] for key, place in table.columns.items() if key in ("email", "phone")} == {
        "email": email,
        "phone": phone,
    }
    judged = judge_sheet(table, Known(secret=b"0" * 32))
    assert [str(line.verdict) for line in judged.lines] == ["new"]
    assert len(judged.links) == 1


def test_whoever_did_not_come_counts_nowhere_and_a_strange_word_is_asked() -> None:
    rows = ["a@example.org,Checked In", "b@correo.mx,Not Attending", "c@mail.net,Perhaps", ",Checked In"]
    text = "\n".join(["Email,Attendee Status", *rows]).encode()
    table = read_sheet(text)
    assert table.unknown_words() == {"came": ["Perhaps"]}
    judged = judge_sheet(table, Known(secret=b"0" * 32))
    assert [str(line.verdict) for line in judged.lines] == ["new", "empty", "refused", "empty"]
    assert judged.without_code == 1
    said = read_sheet(text, choice=Choice(words={"came": {"perhaps": "came"}}))
    assert len(changes_of(judge_sheet(said, Known(secret=b"0" * 32)).lines)) == 2


def test_whoever_registered_and_did_not_check_in_has_not_come_and_is_no_mistake_of_the_reader() -> None:
    """As Eventbrite exports it: of four who registered one was at the door."""
    secret = b"0" * 32
    rows = ["a@example.org,Checked In", "b@correo.mx,Attending", "c@mail.net,Asistirá", ",Attending"]
    table = read_sheet("\n".join(["Email,Attendee Status", *rows]).encode())
    judged = judge_sheet(table, Known(secret=secret))
    assert table.unknown_words() == {}
    assert [str(line.verdict) for line in judged.lines] == ["new", "empty", "empty", "empty"]
    assert {line.reason for line in judged.lines[1:]} == {"registered, did not check in"}
    assert (judged.registered, judged.without_code, len(judged.links)) == (3, 0, 0)
    assert not is_nobody_checked_in(table)
    # Where nobody was checked in the sheet does not tell who came; whoever was there may.
    unchecked = read_sheet("\n".join(["Email,Attendee Status", *rows[1:]]).encode())
    assert is_nobody_checked_in(unchecked)
    assert changes_of(judge_sheet(unchecked, Known(secret=secret)).lines) == []
    said = judge_sheet(unchecked, Known(secret=secret, registered_came=True))
    assert (len(changes_of(said.lines)), said.registered, said.without_code) == (2, 0, 1)


def test_neighbors_with_phones_in_a_row_are_not_asked_about() -> None:
    """Twelve people of one building, each with an address of their own: nobody is asked 22 questions."""
    names = (
        "ana",
        "luis",
        "rosa",
        "tomas",
        "elena",
        "javier",
        "carmen",
        "oscar",
        "marta",
        "diego",
        "julia",
        "ines",
    )
    rows = [f"{name}@example.org,760-555-01{place:02}" for place, name in enumerate(names, start=10)]
    judged = judge_sheet(read_sheet("\n".join(["Email,Phone", *rows]).encode()), Known(secret=b"0" * 32))
    assert judged.questions == []
    assert len(changes_of(judged.lines)) == len(names)


def test_phones_are_asked_about_where_the_addresses_leave_it_open_and_after_them() -> None:
    text = (
        b"Email,Phone\n"
        b",760-555-0111\n"
        b"luis@example.org,760-555-0112\n"  # near the first, who has no address
        b"far@example.org,760-555-0111\n"  # the first after all: now both have addresses
        b"ana@gmail.com,442-555-0150\n"
        b"ana@gmial.com,442-555-0151\n"  # both are near: one question, of the address
        b",951-555-0160\n"
        b"rosa@example.org, 951-555-0161\n"
    )
    questions = judge_sheet(read_sheet(text), Known(secret=b"0" * 32)).questions
    assert [(item.column, item.rows, item.written) for item in questions] == [
        ("email", (5, 6), ("ana@gmail.com", "ana@gmial.com")),
        ("phone", (7, 8), ("951-555-0160", "951-555-0161")),
    ]
    assert "ana@" not in repr(questions), "what a row says is in no trace of an error"


def test_nearly_the_same_is_asked_within_the_sheet_and_never_across() -> None:
    table = read_sheet(b"Email\nana@gmail.com\nana@gmial.com\n")
    judged = judge_sheet(table, Known(secret=b"0" * 32))
    assert [str(line.verdict) for line in judged.lines] == ["new", "ask"]
    (question,) = judged.questions
    for answer, people in ((True, 1), (False, 2)):
        known = Known(secret=b"0" * 32, answers={question.key: answer})
        assert len(changes_of(judge_sheet(table, known).lines)) == people
    later = read_sheet(b"Email\nana@gmial.com\n")
    known = Known(changes_of(judged.lines), secret=b"0" * 32)
    assert [str(line.verdict) for line in judge_sheet(later, known).lines] == ["new"]


def verdicts(text: bytes, known: Known) -> tuple[list[str], int]:
    judged = judge_sheet(read_sheet(text), known)
    return [str(line.verdict) for line in judged.lines], len(judged.questions)


def test_nothing_is_asked_of_rows_that_are_recorded_already() -> None:
    """The same file again, or with one more row: what was decided then is not asked anew."""
    secret, text = b"0" * 32, b"Email\nana@gmail.com\nana@gmial.com\n"
    one, other = (make_contact_code(secret, item) for item in ("ana@gmail.com", "ana@gmial.com"))
    assert verdicts(text, Known([one, other], secret=secret)) == (["same", "same"], 0)
    longer = text + b"ana@gmai.com\n"
    assert verdicts(longer, Known([one, other], secret=secret)) == (["same", "same", "ask"], 1)
    # Where the second row is the recorded one, the first waits, and says which row it is like.
    assert verdicts(text, Known([other], secret=secret)) == (["ask", "same"], 1)
    lines = judge_sheet(read_sheet(text), Known([other], secret=secret)).lines
    assert "row 3" in lines[0].reason


def test_those_left_open_are_new_once_said_to_be_different_people_and_keep_their_own_links() -> None:
    secret = b"0" * 32
    text = b"Email,Phone\nana@gmail.com,\nana@gmial.com,760-555-0123\nluis@correo.mx,\nluis@coreo.mx,\n"
    assert verdicts(text, Known(secret=secret)) == (["new", "ask", "new", "ask"], 2)
    assert verdicts(text, Known(secret=secret, others_apart=True)) == (["new"] * 4, 2)
    judged = judge_sheet(read_sheet(text), Known(secret=secret, others_apart=True))
    assert len(judged.links) == 1, "her e-mail and her phone are one person's, asked about or not"
    said = Known(secret=secret, answers={judged.questions[0].key: True}, others_apart=True)
    assert verdicts(text, said) == (["new", "twice", "new", "new"], 2)
