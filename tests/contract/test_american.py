"""Names, keys, paths and sentences are spelled the American way; each exception says why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = (
    *(
        "app_pages",
        "benchmarks",
        "demo",
        "docs",
        "geo",
        "layers",
        "locale",
        "notebooks",
        "programs",
        "regions",
    ),
    *("reports", "server", "store", "tests", "wording"),
)
ENDS = {".cfg", ".css", ".ipynb", ".js", ".mako", ".md", ".po", ".py", ".toml"}
BRITISH = re.compile(
    r"""
      programmes?|enrol(s|ments?)?|licenc(e[ds]?|ing)|grey(s|ed|ish|scale)?|cheques?|tyres?|kerbs?|ploughs?
    | (catalogu|dialogu|analogu)(e[ds]?|ing)|(acknowledge|judge)ments?|artefacts?|aluminium|ageing|cosy
    | (fulfil|instal|distil|enthral)(s|ments?)?|(skil|wil)ful(ly)?|(de|of|pre)ten?ces?|practis(e[ds]?|ing)
    | (learn|spoil|burn|spel|dream)t|whilst|amongst|(kilo)?gramme?s?(?<=me|es)|sulph\w+|sceptic\w*
    | (recol|discol|col|fav|hon|lab|neighb|behavi|endeav|hum|rig|vig|arm|sav|flav|harb|rum|vap|od|parl)
      our(s|ed|ing|ings|er|ers|able|ably|ful|less|hoods?|ly|al|ites?)?
    | (cent|met|lit|fib|calib|meag|theat|spect|epicent|kilomet|centimet|millimet|micromet)re[ds]?|centring
    | (un|re)?(label|travel|cancel|model|level|signal|total|fuel|tunnel|channel|marshal|counsel)
      l(ed|ing|ings|ers?|ors?)
    | (ana|para|cata|electro|hydro)lys(e[dr]?|ing)
    | (de|re|un|dis)?(amort|anonym|apolog|author|capital|categor|central|character|critic|custom|discret|
      digit|econom|emphas|equal|final|formal|general|global|hypothes|ideal|initial|ital|item|linear|local|material|
      maxim|memor|minim|mobil|modern|national|neutral|normal|optim|organ|parallel|parameter|penal|personal|prior|
      privat|pseudonym|public|quant|random|raster|rational|real|recogn|regular|sanit|serial|special|stabil|
      standard|steril|summar|symbol|synchron|synthes|system|systemat|token|union|util|vector|virtual|visual)
      is(e[drs]?|ers|ing|ations?|ational|able)
    """,
    re.VERBOSE,
)
# Where such words stand on purpose: which, and why.
STILL_READ = "names of before, which are still read"
EXCEPTIONS: dict[str, tuple[set[str], str]] = {
    "geo/sources/former_names.py": ({"labour", "licence"}, STILL_READ),
    "geo/program/former_names.py": (
        {"programme", "programmes", "enrolment", "enrolments"},
        STILL_READ,
    ),
    "store/migrations/versions/0002_american_names.py": (
        {"programme", "enrolment", "enrolments", "centre"},
        "renames what people wrote",
    ),
    "geo/methods/partition/moves.py": ({"labelling"}, "compiled functions that are kept on the disk name it"),
    "geo/intake/values.py": ({"organisation"}, "a sheet's heading may be spelled either way"),
    **dict.fromkeys(
        ("reports/calendar.py", "tests/app/test_calendar.py", "tests/unit/reports/test_calendar.py"),
        ({"programmes", "cancelled"}, "by which a calendar knows an event again; a word of RFC 5545"),
    ),
    "server/app.py": ({"programme", "programmes", "cancelled"}, "addresses in links that were sent; asyncio"),
    "geo/methods/interpolation/overlay.py": ({"visualisation"}, "a projection's name in EPSG's tables"),
    "reports/printed_map.py": ({"centred"}, "a name of ReportLab"),
    "reports/walk_map.py": ({"centred"}, "a name of ReportLab"),
    "reports/water_meeting.py": ({"grey"}, "a name of ReportLab"),
    "tests/server/test_doors.py": ({"programme", "programmes"}, STILL_READ),
    "tests/app/test_former_names.py": ({"programme", "enrolment"}, STILL_READ),
    "tests/unit/test_former_names.py": (
        {"programmes", "enrolment", "enrolments", "labelling", "labour", "licence", "organisation"},
        STILL_READ,
    ),
    "tests/unit/store/test_american_names.py": (
        {"programme", "enrolment", "enrolments", "centre", "neighbours"},
        "what people wrote before",
    ),
}
HERE = Path(__file__).relative_to(ROOT).as_posix()


def texts() -> Iterator[Path]:
    """Every file of words that is ours."""
    yield from (path for path in ROOT.iterdir() if path.suffix in ENDS or path.name == "Makefile")
    yield ROOT / "data" / "sources.toml"
    for folder in FOLDERS:
        yield from (path for path in (ROOT / folder).rglob("*") if path.suffix in ENDS)


def british(text: str) -> set[str]:
    """Words of a text, also within names, that are spelled the British way; addresses of the web aside."""
    plain = re.sub(r"https?://\S+", "", text)
    words = {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", plain)}
    return {word for word in words if BRITISH.fullmatch(word)}


def without_translations(text: str) -> str:
    """The messages of a catalog alone."""
    return re.sub(r'^msgstr.*\n(".*"\n)*', "", text, flags=re.MULTILINE)


def found() -> Iterator[tuple[str, set[str]]]:
    for path in texts():
        text = path.read_text(encoding="utf-8")
        name = path.relative_to(ROOT).as_posix()
        if name != HERE:
            yield name, british(f"{name}\n{without_translations(text) if path.suffix == '.po' else text}")


def test_every_word_is_american_or_an_exception() -> None:
    left = {name: sorted(words - EXCEPTIONS.get(name, (set(), ""))[0]) for name, words in found()}
    assert {name: words for name, words in left.items() if words} == {}


def test_no_exception_is_left_over() -> None:
    there = dict(found())
    assert {name: words - there.get(name, set()) for name, (words, _why) in EXCEPTIONS.items()} == {
        name: set() for name in EXCEPTIONS
    }


SEEN = """
    ProgrammeBook OF_PROGRAMME health_enrolment enrol licence turf_colours Neighbours normalise_name
    generalisation reorganised recognises METRES_PER_FOOT kilometres labelled travellers catalogue GREY
    judgement analysed learnt centred litre pseudonymised
"""
LET_BE = """
    otherwise revised raises promises precise surprise enterprise exercise advise program enrolled installed
    fulfilled hours four source detour parameter analysis meters spelling settlement agreement sentence
    expense https://a.b/colour/programme initials install gram grams licensee controller greyhound
"""


@pytest.mark.parametrize("text", SEEN.split())
def test_a_british_word_is_seen_in_any_name(text: str) -> None:
    assert len(british(text)) == 1


@pytest.mark.parametrize("text", LET_BE.split())
def test_an_american_word_is_let_be(text: str) -> None:
    assert british(text) == set()
