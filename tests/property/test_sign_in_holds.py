"""People of a sheet, counted by a slow plain way: rows are joined until none share anything."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from geo.intake.grids import Grid
from geo.intake.tables import Table, find_table
from geo.intake.verdicts import Verdict, changes_of
from geo.methods.contact_codes import is_near, near_pairs, to_email, to_phone
from geo.methods.person_codes import make_code
from geo.program.sign_in_sheets import SIGN_IN, Known, judge_sheet

SECRET = b"0" * 32
# Far from each other, so that none is nearly another.
EMAILS = ["", "ana@example.org", "luis.perez@correo.mx", "rosa77@mail.com", "q@z.net", "not an address"]
PHONES = ["", "7605550123", "4422229876", "7146667777", "+526861112222", "12"]
CODES = ["", *(make_code("QX", number * 37) for number in range(3))]
Cells = tuple[str, str, str]
rows = st.lists(
    st.tuples(st.sampled_from(CODES), st.sampled_from(EMAILS), st.sampled_from(PHONES)), max_size=12
)


def table_of(cells: list[Cells]) -> Table:
    named = [
        ("Code", "Email", "Phone", "Name"),
        *((*row, f"Person {place}") for place, row in enumerate(cells)),
    ]
    return find_table([Grid("s", tuple(named))], "a.csv", SIGN_IN)


def known_of(row: Cells) -> set[str]:
    code, email, phone = row
    held = {code} if code else set()
    held |= {email} if "@" in email else set()
    return held | ({phone} if len(phone) > 2 else set())


def slow_people(cells: list[Cells]) -> list[set[str]]:
    people = [known_of(row) for row in cells if known_of(row)]
    while True:
        pair = next(((a, b) for a in people for b in people if a is not b and a & b), None)
        if pair is None:
            return people
        people = [item for item in people if item is not pair[0] and item is not pair[1]] + [
            pair[0] | pair[1]
        ]


def disguised(row: Cells, dots: bool) -> Cells:
    code, email, phone = row
    if dots and len(phone) == 10:
        phone = f"+1 ({phone[:3]}) {phone[3:6]}.{phone[6:]} x5"
    return code.lower(), f"  {email.upper()} " if email else "", phone


@given(rows, st.booleans())
@settings(max_examples=150, deadline=None)
def test_people_are_those_of_the_slow_count_and_rows_without_a_code_stand_beside(
    cells: list[Cells], dots: bool
) -> None:
    if not any(map(any, cells)):
        return
    judged = judge_sheet(table_of([disguised(row, dots) for row in cells]), Known(secret=SECRET))
    assert judged.questions == []
    codes = changes_of(judged.lines)
    assert len(codes) == len(set(codes)) == len(slow_people(cells))
    assert judged.without_code == sum(not known_of(row) for row in cells)
    # Brought again with what it said, it says nothing new.
    again = judge_sheet(table_of(cells), Known(codes, links=judged.links, secret=SECRET))
    assert (changes_of(again.lines), again.links) == ([], [])


@given(rows, rows)
@settings(max_examples=100, deadline=None)
def test_a_second_sheet_knows_again_whom_the_first_has(first: list[Cells], second: list[Cells]) -> None:
    if not any(map(any, first)) or not any(map(any, second)):
        return
    judged = judge_sheet(table_of(first), Known(secret=SECRET))
    codes = changes_of(judged.lines)
    later = judge_sheet(table_of(second), Known(codes, links=judged.links, secret=SECRET))
    before = slow_people(first)
    fresh = [person for person in slow_people([*first, *second]) if not any(person & item for item in before)]
    assert sum(line.verdict is Verdict.NEW for line in later.lines) == len(fresh)


def slow_distance(one: str, other: str) -> int:
    """Optimal string alignment, by the table."""
    size = [[max(a, b) for b in range(len(other) + 1)] for a in range(len(one) + 1)]
    for a in range(1, len(one) + 1):
        for b in range(1, len(other) + 1):
            cost = one[a - 1] != other[b - 1]
            size[a][b] = min(size[a - 1][b] + 1, size[a][b - 1] + 1, size[a - 1][b - 1] + cost)
            if a > 1 and b > 1 and one[a - 1] == other[b - 2] and one[a - 2] == other[b - 1]:
                size[a][b] = min(size[a][b], size[a - 2][b - 2] + 1)
    return size[-1][-1]


words = st.text("ab1", min_size=1, max_size=6)


@given(words, words)
@settings(max_examples=400, deadline=None)
def test_near_is_a_distance_of_one(one: str, other: str) -> None:
    assert is_near(one, other) == (slow_distance(one, other) == 1)


@given(st.sets(words, max_size=12))
@settings(max_examples=150, deadline=None)
def test_every_near_pair_is_found(texts: set[str]) -> None:
    slow = {
        (one, other) for one in texts for other in texts if one < other and slow_distance(one, other) == 1
    }
    assert near_pairs(texts) == slow


@given(st.from_regex(r"[a-z][a-z0-9.]{0,8}@[a-z]{2,8}\.(org|mx)", fullmatch=True), st.integers(0, 40))
@settings(deadline=None)
def test_case_and_blanks_do_not_matter_and_what_is_normal_stays(text: str, place: int) -> None:
    assert to_email(text) == text
    at = place % len(text)
    assert to_email(f" {text[:at].upper()} {text[at:]}\t") == text


@given(
    st.from_regex(r"[2-9]\d\d[2-9]\d{6}", fullmatch=True).filter(str.isascii),
    st.sampled_from(["", "1", "+1 "]),
)
@settings(deadline=None)
def test_signs_and_the_country_do_not_matter(digits: str, begins: str) -> None:
    written = f"{begins}({digits[:3]}) {digits[3:6]}-{digits[6:]}"
    assert to_phone(written) == to_phone(digits) == f"+1{digits}"
    assert to_phone(to_phone(written)) == to_phone(digits)
