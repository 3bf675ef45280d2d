"""The screens say a thing by its one word (docs/TERMS.md), in English and Spanish."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.contract.test_words import ROOT, catalog

ENGLISH = (
    r"differs? for real",
    r"difference (is )?real",
    r"guesswork",
    r"use with care",
    r"too uncertain",
    r"\bsurely\b",
    r"\bprobably( not)?\b",
    r"reached by (nothing|nobody)",
    r"at least so many",
    r"so many sessions",
    r"each once",
    r"none stated",
    r"does not hold|do not hold",
    r"the worst is off",
    r"thrown? (it |this cut )?away",
    r"its profile stands here|its card stands here",
    r"known to be wrong or doubtful",
    r"motorway",
    r"high-school diploma",
    r"other than white",
    r"What counts as the district",
    r"no more than \(proven\)",
    r"Shapley",
    r"turns? from fundable",
    r"is off by",
    r"nobody is named",
    r"told by somebody",
    r"comes into question",
    r"the region's windows",
    r"Deviation",
    r"Keep this cut",
)
SPANISH = (
    r"difícil conteo",
    r"conjetura",
    r"libro de cuentas",
    r"difieren? de verdad",
    r"[Ll]ado a lado",
    r"inglés menos que bien",
    r"\b[Ss]olap",
    r"\b[Aa]ñad",
    r"\b[Ss]ocio\b",
    r"cada una una vez",
    r"se tendrá en cuenta",
    r"alcanzado por nada",
    r"a abierto\b",
    r"\bfiable\b",
    r"coche|ordenador|fichero|\bvosotros\b",
)


def told_of(patterns: tuple[str, ...], texts: list[str]) -> list[str]:
    return [f"{pattern}: {text}" for pattern in patterns for text in texts if re.search(pattern, text)]


def every_text() -> Iterator[tuple[list[str], list[str]]]:
    for message in catalog().values():
        english = [message.id] if isinstance(message.id, str) else list(message.id)
        spanish = [message.string] if isinstance(message.string, str) else list(message.string)
        yield english, spanish


def test_words_that_are_not_ours_any_more_stand_nowhere() -> None:
    pairs = list(every_text())
    assert told_of(ENGLISH, [text for english, _ in pairs for text in english]) == []
    assert told_of(SPANISH, [text for _, spanish in pairs for text in spanish]) == []


@pytest.mark.parametrize("patterns", [ENGLISH, SPANISH])
def test_a_pattern_finds_what_it_forbids(patterns: tuple[str, ...]) -> None:
    said = "2 figures differ for real; Índice de difícil conteo"
    assert told_of(patterns, [said])


def terms() -> list[tuple[str, str]]:
    """The rows of the dictionary: a term and its Spanish."""
    page = (ROOT / "docs" / "TERMS.md").read_text(encoding="utf-8").partition("## Not ours")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines()]
    return [(row[0], row[2]) for row in rows if len(row) == 3 and row[0] not in ("English", "---")]


def test_every_term_of_the_dictionary_is_said() -> None:
    """A row that nothing on the screens says any more is taken out, or mended."""
    pairs = list(every_text())
    english = "\n".join(text for words, _ in pairs for text in words).casefold()
    spanish = "\n".join(text for _, words in pairs for text in words).casefold()
    rows = terms()
    assert len(rows) > 25
    lacking = [
        f"{term} = {translated}"
        for term, translated in rows
        for one, other in zip(term.split(", "), translated.split(", "), strict=False)
        if one.casefold() not in english or other.casefold() not in spanish
    ]
    assert lacking == []
