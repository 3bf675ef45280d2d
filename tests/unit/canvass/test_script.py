"""One definition of what is said and asked: what cannot be asked is refused, a filled form reads back."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from geo.canvass.codes import Disposition
from geo.canvass.returns import read_submission
from geo.canvass.script import LONGEST_ANSWER, Choice, Question, Script, make_key, read_answers, read_choices
from geo.errors import SchemaError

NET = Question(key="net", title={"en": "Internet?"}, choices=read_choices("Yes | Sí\nNo | No"))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"key": "Net", "title": {"en": "x"}, "kind": "text"}, "no key"),
        ({"key": "net", "title": {"es": "x"}, "kind": "text"}, "in English"),
        ({"key": "net", "title": {"en": "x" * 400}, "kind": "text"}, "more than 300"),
        ({"key": "net", "title": {"en": "of ${turf}"}, "kind": "text"}, "holds"),
        ({"key": "net", "title": {"en": "x"}, "kind": "one"}, "two answers"),
        ({"key": "net", "title": {"en": "x"}, "choices": [{"key": "a", "title": {"en": "a"}}] * 2}, "twice"),
        ({"key": "net", "title": {"en": "x"}, "kind": "picture"}, "kind"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Question.model_validate(fields)


def test_two_questions_have_two_keys() -> None:
    with pytest.raises(ValidationError, match="twice"):
        Script(questions=(NET, NET))
    assert make_key("Internet?", ["internet"]) == "internet_2"


def test_an_answer_keeps_its_key_when_others_are_put_before_it() -> None:
    after = read_choices("Not sure | No sé\nYes | Sí\nNo | No", NET.choices)
    assert [choice.key for choice in after] == ["not_sure", "yes", "no"]
    renamed = read_choices("Yes, fast | Sí", NET.choices)
    assert renamed == (Choice(key="yes_fast", title={"en": "Yes, fast", "es": "Sí"}),)


def test_answers_are_held_to_a_length_and_a_number() -> None:
    kept = read_answers({f"q{number}": "x" * 900 for number in range(90)})
    assert len(kept) == 20
    assert {len(text) for text in kept.values()} == {LONGEST_ANSWER}


META = "<meta><instanceID>uuid:b</instanceID><deprecatedID>uuid:a</deprecatedID></meta>"


@pytest.mark.parametrize(
    "meta",
    [META, META.replace("<", "<orx:").replace("<orx:/", "</orx:")],
    ids=["as pyxform writes it", "as the standard names it"],
)
def test_a_filled_form_reads_back(meta: str) -> None:
    xml = (
        '<data xmlns:orx="http://openrosa.org/xforms" id="canvass"><today>2026-03-07</today>'
        "<turf>TA0012D</turf><unit>060650453031005-1-36-112</unit><door>7</door><disposition>spoke</disposition>"
        f"<q_net>yes</q_net><q_empty/><other>x</other>{meta}</data>"
    )
    found = read_submission(xml.encode())
    assert (found.id, found.former, found.turf, found.door) == ("b", "a", "TA0012D", "7")
    assert (found.unit, found.disposition) == ("060650453031005-1-36-112", Disposition.SPOKE)
    assert dict(found.answers) == {"net": "yes"}
    assert str(found.on) == "2026-03-07"


@pytest.mark.parametrize(
    "xml", [b"", b"<data/>", b"<data><turf>TA0012D</turf></data>", b"\xff\xfe", b"<a><b></a>"]
)
def test_what_is_no_visit_says_what_to_do(xml: bytes) -> None:
    with pytest.raises(SchemaError) as told:
        read_submission(xml)
    assert told.value.remedy


@pytest.mark.parametrize(
    "title", ["1 Has internet at home, and a computer, and a phone?", "a" * 60, "2" * 60]
)
def test_the_key_of_a_long_question_is_no_longer_than_a_key_may_be(title: str) -> None:
    keys: list[str] = []
    for _again in range(12):
        keys.append(make_key(title, keys))
    assert len(set(keys)) == 12
    for key in keys:
        assert Choice(key=key, title={"en": "x"}).key == key


@pytest.mark.parametrize(("line", "why"), [("| Sí", "in English"), ("a${x}", "holds"), ("x" * 400, "300")])
def test_an_answer_that_cannot_be_kept_is_named(line: str, why: str) -> None:
    with pytest.raises(SchemaError, match=why):
        read_choices(f"Yes | Sí\n{line}")
