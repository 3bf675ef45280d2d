"""Phones at the door: ODK Collect's own requests, refusals, thirty at once, a server that is killed."""

from __future__ import annotations

import json
import os
import random
import shutil
import ssl
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from hashlib import md5
from http.client import HTTPException
from pathlib import Path

import pytest

from server.phones import MOST_BYTES
from store.canvass.book import CanvassBook, NewTurf
from store.canvass.kinds import Cut, Visit, Volunteer
from store.canvass.phones import Phones
from store.database import open_database
from store.journal import Journal
from store.members import Members, Role
from tests.server.collect import RECEIVED, Collect, filled
from tests.serving import ROOT, Server, serving

pytestmark = pytest.mark.slow
PHONES, DOORS = 30, 1_000


def plant(store: str, region: str, volunteers: int) -> CanvassBook:
    """Write turfs of two blocks each, every one in the hands of a volunteer of its own."""
    book = CanvassBook(Journal(open_database(store)), region)
    turfs = [NewTurf(place, (f"u{place}a", f"u{place}b"), 60, 55, 150) for place in range(volunteers)]
    cut = Cut(number=0, turfs=volunteers, doors=60 * volunteers, tolerance=0, worst=0, bound=0)
    codes = book.keep(turfs, cut, "Ana", seen={})
    for place, code in enumerate(codes):
        book.save(Volunteer(pseudonym=f"Bird {place}", languages=("en", "es")), "Ana", seen=0)
        out = {"volunteer": f"Bird {place}", "status": "out"}
        book.change(code, out, "Ana", seen=book.turf_numbers()[code])
    return book


@pytest.fixture(scope="module")
def book(store: str) -> CanvassBook:
    return plant(store, "demo", 3)


@pytest.fixture
def phone(server: Server, book: CanvassBook) -> Collect:
    code = Phones(book).give("Bird 0", "Ana")
    return Collect(f"http://localhost:{server.port}/phones/demo/{code}")


def turf_of(book: CanvassBook, volunteer: str) -> str:
    return Phones(book).turfs(volunteer)[0].code


def visits(book: CanvassBook) -> dict[str, str]:
    return {key: str(kept.record.disposition) for key, kept in book.kept(Visit).items()}


def test_a_phone_gets_the_form_of_its_own_turfs(phone: Collect, book: CanvassBook) -> None:
    (form,) = phone.forms()
    assert form["formID"] == "canvass"
    assert form["name"] == "Canvass (invented data)"
    xml = phone.ask("GET", form["downloadUrl"])
    assert form["hash"] == f"md5:{md5(xml.body, usedforsecurity=False).hexdigest()}"
    assert f'version="{form["version"]}"' in xml.body.decode()
    for place in range(3):
        assert (f"u{place}a" in xml.body.decode()) == (place == 0)
    # What changes what it holds changes its version, and a phone fetches it again.
    code = Phones(book).give("Bird 1", "Ana")
    other = Collect(phone.address.rpartition("/")[0] + f"/{code}")
    assert other.forms()[0]["version"] != form["version"]


def test_a_visit_counts_once_and_an_edit_edits_it(phone: Collect, book: CanvassBook) -> None:
    code = turf_of(book, "Bird 0")
    head = phone.ask("HEAD", f"{phone.address}/submission?deviceID=x")
    assert head.status == 204
    assert head.headers["location"] == f"{phone.address}/submission"
    assert int(head.headers["x-openrosa-accept-content-length"]) == MOST_BYTES
    assert head.headers["x-openrosa-version"] == "1.0"
    assert head.headers["date"]
    first = filled(code, "u0a", "not_home", door="3", name="one")
    assert phone.submit(first).message == "Recorded."
    # The answer was lost: Collect sends it again.
    again = phone.submit(first)
    assert (again.status, again.message) == (201, "It was here already.")
    edit = filled(code, "u0a", "spoke", door="3", name="two", former="one")
    assert phone.submit(edit).status == 201
    assert phone.submit(first).status == 201
    assert visits(book)["one"] == "spoke"
    assert "two" not in visits(book)
    entries = book.journal.history("demo", Visit.kind, "one")
    assert [(entry.who, entry.source) for entry in entries] == [("Bird 0", "ODK Collect")] * 2


def test_files_beside_a_form_are_taken_and_not_kept(phone: Collect, book: CanvassBook) -> None:
    code = turf_of(book, "Bird 0")
    pictures = {f"{number}.jpg": b"\xff\xd8" + bytes(200_000) for number in range(12)}
    xml = filled(code, "u0b", "spoke", door="1", name="pictures")
    first = phone.submit(xml, dict(list(pictures.items())[:6]), incomplete=True)
    second = phone.submit(xml, dict(list(pictures.items())[6:]))
    assert first.status == second.status == 201
    assert "Pictures and recordings are not kept here." in second.message
    assert len(book.journal.history("demo", Visit.kind, "pictures")) == 1


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE data [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b"<data><turf>&b;</turf></data>"
)


def test_what_is_no_filled_form_is_refused_in_a_sentence(phone: Collect, book: CanvassBook) -> None:
    code, before = turf_of(book, "Bird 0"), visits(book)
    foreign = turf_of(book, "Bird 1")
    for xml, words in (
        (BOMB, "this is no filled form"),
        (b"no xml", "this is no filled form"),
        (b"<data>" + b"<x/>" * 100_000 + b"</data>", "too large"),
        (filled(code, "u0a", "eaten"), "eaten"),
        (filled(code, "u0a", "spoke", door="1234567890123"), "door"),
        (filled(foreign, "u1a", "spoke"), "is not among yours"),
        (filled(code, "u1a", "spoke"), "is not among yours"),
    ):
        answer = phone.submit(xml)
        assert answer.status == 400, (xml[:80], answer.message)
        assert words in answer.message, (xml[:80], answer.message)
    large = phone.ask("POST", f"{phone.address}/submission", b"0" * (MOST_BYTES + 1), Content_Type="text/xml")
    assert large.status == 413
    kind = "multipart/form-data; boundary=x"
    long = b"--x\r\n" + b'Content-Disposition: form-data; name="a.jpg"; filename="a.jpg"\r\n\r\n'
    try:
        answer = phone.ask(
            "POST", f"{phone.address}/submission", long + bytes(MOST_BYTES), chunked=True, Content_Type=kind
        )
        assert answer.status == 413
    except (BrokenPipeError, ConnectionResetError):
        # It hung up while more was on its way.
        pass
    assert visits(book) == before


def test_a_code_that_was_ended_or_that_nobody_has_lets_nobody_in(
    phone: Collect, book: CanvassBook, server: Server
) -> None:
    Phones(book).end("Bird 0", "Ana")
    for path in ("formList", "form.xml", "content.json"):
        assert phone.ask("GET", f"{phone.address}/{path}").status == 403, path
    answer = phone.submit(filled(turf_of(book, "Bird 0"), "u0a", "spoke"))
    assert answer.status == 403
    assert "Ask your lead for a new code" in answer.message
    home = f"http://localhost:{server.port}"
    valid = Phones(book).give("Bird 0", "Ana")
    for address in ("/phones/nowhere/" + valid, f"/public/phones/demo/{valid}"):
        assert phone.ask("GET", f"{home}{address}/formList").status == 404, address
    codes = {phone.ask("GET", f"{home}/phones/demo/guess{number}/formList").status for number in range(15)}
    assert codes == {403, 429}
    # Guessing from the same place keeps out no phone whose code is right.
    assert Collect(f"{home}/phones/demo/{valid}").forms()
    assert phone.ask("POST", f"{home}/", b"x").status == 405


def test_the_page_sends_what_it_kept_and_hears_of_each(phone: Collect, book: CanvassBook) -> None:
    code = turf_of(book, "Bird 0")
    content = json.loads(phone.ask("GET", f"{phone.address}/content.json").body)
    assert [unit["key"] for unit in content["turfs"][0]["units"]] == ["u0a", "u0b"]
    told = [
        {
            "id": "p1",
            "turf": code,
            "unit": "u0a",
            "disposition": "spoke",
            "door": "8",
            "today": "2026-03-07",
            "q_net": "yes",
        },
        {"id": "p2", "turf": code, "unit": "u1a", "disposition": "spoke"},
        {"id": "p3", "turf": code, "unit": "u0a", "disposition": "nothing"},
    ]
    body = json.dumps({"visits": told}).encode()
    for outcome in ("new", "same"):
        answer = phone.ask("POST", f"{phone.address}/visits", body, Content_Type="application/json")
        found = json.loads(answer.body)["answers"]
        assert [found[name]["outcome"] for name in ("p1", "p2", "p3")] == [outcome, "refused", "refused"]
    assert book.kept(Visit)["p1"].record.answers == {"net": "yes"}
    # A page in P'urhépecha hears from the server in Spanish, as its own words are.
    ask = {"Content_Type": "application/json", "Accept_Language": "tsz"}
    answer = phone.ask("POST", f"{phone.address}/visits", b"[]", **ask)
    assert (answer.status, answer.headers["content-language"]) == (400, "es")
    assert content["instead"]["tsz"][0] == "es"
    for bad in (b"{", b"[]", b'{"visits": [1]}', b"[" * 100_000):
        answer = phone.ask("POST", f"{phone.address}/visits", bad, Content_Type="application/json")
        assert answer.status == 400, bad[:20]
    page = phone.ask("GET", f"{phone.address}/")
    assert b"page.js" in page.body
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert phone.ask("GET", f"{phone.address}/..%2fphones.py").status in {400, 404}


def test_thirty_phones_send_a_thousand_visits_twice_while_the_server_is_killed(
    demo_built: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    monkeypatch.setenv("GEO_STORE_URL", url)
    book = plant(url, "demo", PHONES)
    codes = [Phones(book).give(f"Bird {place}", "Ana") for place in range(PHONES)]
    turfs = [turf_of(book, f"Bird {place}") for place in range(PHONES)]
    place_of = {"home": ""}
    received, lock = [0], threading.Lock()

    def go(place: int) -> None:
        """One phone: all of its visits, twice, in an order of its own; each until it was received."""
        chance = random.Random(place)
        mine = [
            filled(turfs[place], f"u{place}{'ab'[n % 2]}", "spoke", door=str(n), name=f"{place}-{n}")
            for n in range(place, DOORS, PHONES)
        ]
        for xml in [*mine, *chance.sample(mine, len(mine))]:
            for _try in range(400):
                try:
                    phone = Collect(f"{place_of['home']}/phones/demo/{codes[place]}")
                    if phone.submit(xml).status in RECEIVED:
                        break
                except (OSError, HTTPException):
                    time.sleep(0.2)
            else:
                raise AssertionError(f"phone {place} could not send")
            with lock:
                received[0] += 1

    with ExitStack() as stack, ThreadPoolExecutor(PHONES) as pool:
        first = stack.enter_context(serving(tmp_path / "first.log"))
        place_of["home"] = first.address
        begun = time.monotonic()
        running = [pool.submit(go, place) for place in range(PHONES)]
        while received[0] < DOORS // 2:
            assert not any(item.done() and item.exception() for item in running)
            time.sleep(0.01)
        first.process.kill()
        at_kill = set(visits(book))
        second = stack.enter_context(serving(tmp_path / "second.log"))
        place_of["home"] = second.address
        for item in running:
            item.result(timeout=600)
        print(f"{2 * DOORS} sent in {time.monotonic() - begun:.1f} s, {len(at_kill)} written when killed")
    found = book.kept(Visit)
    assert set(found) == {f"{n % PHONES}-{n}" for n in range(DOORS)}
    entries = book.journal.history("demo", Visit.kind)
    assert len(entries) == DOORS, "one was written twice"
    assert {entry.who for entry in entries} == {f"Bird {place}" for place in range(PHONES)}


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate of our own making for maps.example.org, and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl to make a certificate with")
    paths = tmp_path / "certificate.pem", tmp_path / "key.pem"
    made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=maps.example.org"]
    made += ["-addext", "subjectAltName=DNS:maps.example.org"]
    command = ["openssl", *made, "-out", str(paths[0]), "-keyout", str(paths[1])]
    subprocess.run(command, check=True, capture_output=True)
    return paths


def test_a_phone_reaches_it_by_its_name_over_https(
    certificate: tuple[Path, Path], demo_built: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    monkeypatch.setenv("GEO_STORE_URL", url)
    book = plant(url, "demo", 1)
    Members(Journal(open_database(url))).add(
        "Ana", Role.COORDINATOR, "nine brown dogs at the well", by="test"
    )
    code = Phones(book).give("Bird 0", "Ana")
    settings = {"GEO_CERTIFICATE": str(certificate[0]), "GEO_CERTIFICATE_KEY": str(certificate[1])}
    with serving(tmp_path / "log.txt", GEO_ADDRESS="https://maps.example.org", **settings) as server:
        trust = ssl.create_default_context(cafile=str(certificate[0]))
        address = f"https://maps.example.org/phones/demo/{code}"
        phone = Collect(address, at=("127.0.0.1", server.port), trust=trust)
        (form,) = phone.forms()
        assert form["downloadUrl"] == f"{address}/form.xml"
        assert phone.ask("GET", form["downloadUrl"]).status == 200
        answer = phone.submit(filled(turf_of(book, "Bird 0"), "u0a", "spoke", door="1"))
        assert (answer.status, answer.headers["strict-transport-security"]) == (201, "max-age=31536000")
        # Who does not know the certificate is told so by their own phone, before anything is sent.
        with pytest.raises(ssl.SSLError):
            Collect(address, at=("127.0.0.1", server.port), trust=ssl.create_default_context()).forms()
    assert len(visits(book)) == 1


def test_one_setting_of_a_certificate_without_the_other_is_refused(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "server", "--port", "1"],
        cwd=ROOT,
        env={**os.environ, "GEO_CERTIFICATE": str(tmp_path / "none.pem"), "GEO_STORE_URL": "sqlite://"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    assert "GEO_CERTIFICATE_KEY" in done.stderr
    assert "Traceback" not in done.stderr
