"""Programs as declared: the six with their published figures, every fault told at once."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from geo.errors import CatalogError
from geo.methods.person_codes import CHECKS, make_code, to_person_code
from geo.program.declaration import PROGRAMS, read_programs
from wording.program_declarations import WORDS

PUBLISHED = [
    ("health_enrollment", "eligible_uninsured", "baseline", 90_000),
    ("health_enrollment", "eligible_uninsured", "result", 45_000),
    ("school_funding", "recruited", "result", 400),
    ("school_funding", "consistent", "result", 50),
    ("regional_plan", "all_sessions", "result", 70),
    ("census_2020", "households", "target", 40_000),
]


@pytest.mark.parametrize(("program", "measure", "field", "value"), PUBLISHED)
def test_published_figures_stand_as_the_organizations_own_report(
    program: str, measure: str, field: str, value: float
) -> None:
    found = read_programs()[program]
    assert getattr(found.measure(measure), field) == value
    assert found.own_report


def test_six_ship() -> None:
    assert len(read_programs()) == 6


def test_every_word_that_is_shown_is_marked_for_translation() -> None:
    for path in PROGRAMS.glob("*.toml"):
        fields = tomllib.loads(path.read_text(encoding="utf-8"))
        shown = {fields[name] for name in ("title", "purpose", "audience")}
        shown |= {area["stand_in"] for area in fields["areas"] if area.get("stand_in")}
        shown |= {m[name] for m in fields["measures"] for name in ("title", "unit", "how")}
        shown |= {m["result_words"] for m in fields["measures"] if "result_words" in m}
        shown |= {m["title"] for m in fields.get("milestones", [])}
        shown |= {rule[name] for rule in fields.get("eligibility", []) for name in ("title", "rests_on")}
        assert not shown - set(WORDS), path.name


def test_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "one.toml").write_text("title = ")
    (tmp_path / "two.toml").write_text('title = "T"\nbegins = 2020-01-02\nends = 2020-01-01\n')
    with pytest.raises(CatalogError, match=r"one.toml is no TOML.*two.toml: 3 fields need a correction"):
        read_programs(tmp_path)


def test_a_program_that_ends_before_it_begins_is_refused(tmp_path: Path) -> None:
    text = (PROGRAMS / "regional_plan.toml").read_text(encoding="utf-8")
    (tmp_path / "back.toml").write_text(text.replace("ends = 2019-12-31", "ends = 2018-12-31"))
    with pytest.raises(CatalogError, match=r"it ends .* before it begins"):
        read_programs(tmp_path)


def test_every_slip_of_one_character_and_every_swap_of_neighbors_shows() -> None:
    code = make_code("QX", 2917)
    swaps = [code[:at] + code[at + 1] + code[at] + code[at + 2 :] for at in (0, 2, 3, 4)]
    slips = [
        code[:at] + other + code[at + 1 :]
        for at, own in enumerate(code)
        for other in ("ABCDEFGHIJKLMNOPQRSTUVWXYZ" if at < 2 else "0123456789" if at < 6 else CHECKS)
        if other != own
    ]
    for wrong in [*swaps, *slips]:
        if wrong != code:
            with pytest.raises(ValueError, match="mistyped"):
                to_person_code(wrong)


@pytest.mark.parametrize("text", ["", "Q00178", "QX17H", "Maria", "QX0017HH", "12ABCD3"])
def test_other_forms_are_no_codes(text: str) -> None:
    with pytest.raises(ValueError, match="is no code"):
        to_person_code(text)
