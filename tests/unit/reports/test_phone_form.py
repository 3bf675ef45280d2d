"""The form for phones: what a campaign defines is in it, in every language, and ODK's own tools accept it."""

from __future__ import annotations

import shutil
import subprocess
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from geo.canvass.codes import Disposition
from geo.canvass.script import Question, QuestionKind, Script, read_choices
from geo.errors import GeoError
from reports.phone_cards import require_reachable
from reports.phone_files import make_xform
from tests.strange_text import FORMULA, SHORT, STRANGE

UNITS = {"TA0001M": ["069010401001000", "069010401001001-1-36-112"], "TA00022": ["069010401001002"]}
SCRIPT = Script(
    greeting={"en": 'Hello <b> & "you"', "es": "Hola", "tsz": "Nari erandi"},
    questions=(
        Question(
            key="net",
            title={"en": "Internet at home?", "es": "¿Internet en casa?"},
            choices=read_choices("Yes | Sí\nNo | No"),
        ),
        Question(
            key="spoken",
            title={"en": "Languages"},
            kind=QuestionKind.SEVERAL,
            choices=read_choices("Spanish\nP'urhépecha\nEnglish"),
            after=(),
        ),
        Question(key="how_many", title={"en": "How many live here?"}, kind=QuestionKind.NUMBER),
        Question(
            key="when",
            title={"en": "When to come back?"},
            kind=QuestionKind.TEXT,
            after=(Disposition.COME_BACK, Disposition.NOT_HOME),
        ),
    ),
)


def test_every_question_stands_in_the_form_in_every_language() -> None:
    _version, xml = make_xform(UNITS, SCRIPT, invented=False)
    text = xml.decode()
    for words in ("Internet at home?", "¿Internet en casa?", "Nari erandi", "What happened", "Qué pasó"):
        assert words in text, words
    for name in ("q_net", "q_spoken", "q_how_many", "q_when"):
        assert f"<{name}/>" in text
    languages = [
        part.get("lang") for part in ET.fromstring(xml).iter("{http://www.w3.org/2002/xforms}translation")
    ]
    assert languages == ["English (en)", "Español (es)", "P'urhépecha (tsz)"]


def test_its_version_changes_with_what_it_holds_and_with_nothing_else() -> None:
    one, again, other, without = (
        make_xform(units, script, invented=False)
        for units, script in (
            (UNITS, SCRIPT),
            (UNITS, SCRIPT),
            ({"TA00022": ["u"]}, SCRIPT),
            (UNITS, Script()),
        )
    )
    assert one == again
    assert len({one[0], other[0], without[0]}) == 3


@pytest.mark.parametrize("script", [Script(), SCRIPT], ids=["as it was", "with questions"])
def test_odk_validate_accepts_it(script: Script, tmp_path: Path) -> None:
    if shutil.which("java") is None:
        pytest.skip("no Java: ODK Validate was not asked")
    path = tmp_path / "form.xml"
    path.write_bytes(make_xform(UNITS, script, invented=True)[1])
    jar = files("pyxform") / "validators" / "odk_validate" / "bin" / "ODK_Validate.jar"
    done = subprocess.run(["java", "-jar", str(jar), str(path)], capture_output=True, text=True, check=False)
    assert "Xform is valid" in done.stdout + done.stderr


@pytest.mark.parametrize("words", [FORMULA, SHORT, STRANGE, "${turf}", "a\u0000b", "<&]]>"])
def test_whatever_a_lead_writes_stays_text(words: str) -> None:
    try:
        question = Question(
            key="q", title={"en": words}, choices=read_choices(f"a\n{words.replace('|', ' ')}")
        )
    except ValueError:
        return
    xml = make_xform(UNITS, Script(greeting={"en": words}, questions=(question,)), invented=False)[1]
    assert ET.fromstring(xml) is not None


@pytest.mark.parametrize(
    "address",
    [
        "",
        "http://maps.example.org",
        "https://localhost",
        "https://127.0.0.1:8501",
        "https://192.168.1.5",
        "https://[::1]",
        "https://laptop",
        "https://laptop.local",
        "ftp://maps.example.org",
    ],
)
def test_no_code_is_made_for_an_address_that_phones_do_not_reach(address: str) -> None:
    with pytest.raises(GeoError, match="no code is made"):
        require_reachable(address)
