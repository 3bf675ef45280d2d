"""Phones on the page: codes for an address that phones reach, ended with a click, and one script for all."""

from __future__ import annotations

import json
import zlib
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from store.canvass.book import CanvassBook
from store.canvass.kinds import Visit
from store.canvass.phones import Phones, Standing
from store.database import open_database
from store.journal import Journal
from tests.app.planted import PLANTED, plant_canvass

Open = Callable[..., AppTest]
BIRD = PLANTED["volunteer"][0]


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, demo_built: str) -> CanvassBook:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    monkeypatch.setenv("GEO_STORE_URL", url)
    journal = Journal(open_database(url))
    plant_canvass(journal, "demo")
    return CanvassBook(journal, "demo")


def press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception, app.exception


def test_a_lead_makes_codes_ends_them_and_writes_the_script(
    dashboard: Open, book: CanvassBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A code for plain http, or for this machine, is no use to a phone: a sentence, and nothing is written.
    for address, words in (("http://maps.example.org", "not https"), ("https://localhost", "no name")):
        monkeypatch.setenv("GEO_ADDRESS", address)
        app = dashboard("turfs", region="demo")
        app.text_input(key="person.name").set_value("Ana").run()
        app.multiselect(key="phones.names").set_value([BIRD])
        press(app, "Make codes")
        assert any("no code is made" in item.value for item in app.error), address
        assert Phones(book).all() == [], words
    monkeypatch.setenv("GEO_ADDRESS", "https://maps.example.org")
    app.multiselect(key="phones.names").set_value([BIRD])
    press(app, "Make codes")
    (address,) = app.session_state["phones.made.demo"].values()
    assert address.startswith("https://maps.example.org/phones/demo/")
    assert Phones(book).find(address.rpartition("/")[2]) == (Standing.VALID, BIRD)
    assert any("cannot be shown again" in item.value for item in app.info)

    press(app, "End this code")
    assert Phones(book).find(address.rpartition("/")[2])[0] is Standing.ENDED

    app.text_area(key="script.greeting.en.0").set_value("Good evening, I am from the alliance.")
    press(app, "Record what to say")
    assert book.script().greeting == {"en": "Good evening, I am from the alliance."}
    app.text_input(key="script.title.en..1").set_value("Internet at home?")
    app.text_area(key="script.choices..1").set_value("Yes | Sí\nNo | No")
    press(app, "Record this question")
    (question,) = book.script().questions
    assert (question.key, [choice.title for choice in question.choices]) == (
        "internet_at_home",
        [{"en": "Yes", "es": "Sí"}, {"en": "No", "es": "No"}],
    )
    # One answer is no choice, and is said so; what stood before stands.
    app.selectbox(key="script.question.2").set_value("internet_at_home").run()
    app.text_area(key="script.choices.internet_at_home.2").set_value("Yes")
    press(app, "Record this question")
    assert any("needs two answers" in item.value for item in app.error)
    assert len(book.script().questions[0].choices) == 2


def test_what_a_code_says_is_what_collect_reads() -> None:
    from reports.phone_cards import collect_settings

    text = collect_settings("https://maps.example.org/phones/demo/abc", "Canvass Heron")
    said = json.loads(zlib.decompress(b64decode(text)))
    assert said["general"] == {
        "protocol": "odk_default",
        "server_url": "https://maps.example.org/phones/demo/abc",
        "form_update_mode": "match_exactly",
        "periodic_form_updates_check": "every_fifteen_minutes",
        "autosend": "wifi_and_cellular",
    }
    assert {"general", "admin"} <= set(said)


def test_an_old_visit_without_answers_still_reads(book: CanvassBook) -> None:
    visits = book.kept(Visit).values()
    assert visits
    for kept in visits:
        assert (kept.record.answers, kept.record.tellings) == (None, None)
        assert "answers" not in kept.record.draft("demo", "Ana").body
