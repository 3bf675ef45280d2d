"""Cards and sheets to sign in with: what is printed is read again by the intake of sign-in sheets."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from reportlab import rl_config
from reportlab.graphics.shapes import Drawing

import reports.sign_in_papers
from geo.intake.grids import read_grids
from geo.intake.tables import find_table
from geo.intake.verdicts import Verdict
from geo.language import use_language
from geo.program.sign_in_sheets import SIGN_IN, Known, judge_sheet, judge_typed
from reports.graphics import draw_qr
from reports.sign_in_papers import ROWS, SheetHead, make_code_cards, make_sign_in_sheet
from store.program.kinds import Cards

CODES = Cards(letters="QX", first=9_970, count=23).codes()


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """PDFs whose text can be read without a library; the language is English again afterwards."""
    monkeypatch.setattr(rl_config, "pageCompression", 0)
    yield
    use_language("en")


def texts_of(content: bytes) -> list[str]:
    """Every piece of text as it was written; letters beyond ASCII stand in it as octal numbers."""
    pieces = re.findall(rb"\(((?:[^()\\]|\\.)*)\) Tj", content)
    return [re.sub(r"\\(\d{3})", lambda m: chr(int(m[1], 8)), text.decode("ascii")) for text in pieces]


def pages_of(content: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b", content))


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_card_has_a_code_that_is_read_when_it_is_typed(language: str) -> None:
    use_language(language)
    content = make_code_cards(CODES, group="Alianza del Valle")
    assert pages_of(content) == 3, "ten a page"
    texts = texts_of(content)
    printed = "\n".join(text for text in texts if re.fullmatch(r"QX \d{4} \w", text.strip()))
    read = judge_typed(printed)
    assert [line.verdict for line in read] == [Verdict.NEW] * len(CODES)
    assert [line.change for line in read] == CODES
    assert texts.count("Alianza del Valle") == len(CODES)


def test_the_square_on_a_card_holds_the_code_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[str] = []

    def noting(words: str, size: float) -> Drawing:
        held.append(words)
        return draw_qr(words, size)

    monkeypatch.setattr(reports.sign_in_papers, "draw_qr", noting)
    make_code_cards(CODES)
    assert held == CODES


def test_every_card_of_an_invented_region_says_so() -> None:
    assert sum("Invented" in text for text in texts_of(make_code_cards(CODES[:10], invented=True))) == 10


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_sheet_that_was_filled_in_is_read_by_its_own_headings(language: str) -> None:
    """Typed as it stands on paper, number column and all, in either language."""
    use_language(language)
    content = make_sign_in_sheet(SheetHead("Foro & <b>más</b>", "Nov 30, 2026", "Mecca"), pages=2)
    assert pages_of(content) == 2
    texts = texts_of(content)
    assert sum(text.isdecimal() for text in texts) == 2 * ROWS
    assert "Foro & <b>más</b>" in "".join(texts)
    heads = texts[texts.index("1") - 3 : texts.index("1")]
    sheet = f",{','.join(heads)}\n1,{CODES[0]},,\n2,,ana@example.org,\n3,,,(760) 555-0123\n"
    table = find_table(read_grids(sheet.encode("utf-8"), "a.csv"), "a.csv", SIGN_IN)
    judged = judge_sheet(table, Known(secret=b"0" * 32))
    assert [line.verdict for line in judged.lines] == [Verdict.NEW] * 3
