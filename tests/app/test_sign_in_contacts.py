"""Sheets of e-mails and phone numbers on the page: codes alone are recorded, and nothing of a person."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app_pages.parts.markup import SPLIT
from geo.errors import ConflictError, StoreError
from geo.methods.contact_codes import make_contact_code
from geo.methods.person_codes import make_code
from store.database import open_database
from store.journal import Journal
from store.members import Members, Role
from store.program.book import ProgramBook
from store.program.kinds import Attendance, Cards, Enrollment, Event, Recruit
from store.program.names import NameBook

ROOT = Path(__file__).resolve().parents[2]
SECRET = "q7Rz" * 10
PASSPHRASE = "nine brown dogs at the well"
FORM = (
    "Timestamp,Email Address,What is your name?,Phone Number\n"
    "2/1/2019 18:02:11,Rosalba.Quintero@gmail.com,Rosalba Quintero,(760) 555-0142\n"
    "2/1/2019 18:02:40,rosalba.quintero@gmial.com,Rosalba Quintero,\n"
    "2/1/2019 18:03:02,,Tomas Villanueva,760.555.0177 ext. 3\n"
    "2/1/2019 18:03:40, rosalba.quintero@GMAIL.com ,R. Quintero,\n"
    "2/1/2019 18:04:00,none of yours,Zacarias Ibarra,\n"
)
FORMULARIO = (
    "Marca temporal;Dirección de correo electrónico;Nombre;Número de teléfono\n"
    "1/3/2019 18:02:11;;Rosalba;+1 760 555 0142\n"
    "1/3/2019 18:03:02;tvillanueva@correo.mx;Tomás;7605550177\n"
)
ACTION_NETWORK = (
    "first_name,last_name,email,zip_code,can2_phone\nTomas,Villanueva,TVillanueva@correo.mx,92274,\n"
)
EVENTBRITE = (
    "Order #,Order Date,First Name,Last Name,Email,Buyer Email,Cell Phone,Attendee Status\n"
    "9123456789,2019-03-01,Rosalba,Quintero,rosalba.quintero@gmail.com,buyer@example.org,,Checked In\n"
    "9123456790,2019-03-01,Irma,Zepeda,izepeda@correo.mx,buyer@example.org,,Not Attending\n"
)
SAID = re.compile(
    rb"(?i)rosalba|quintero|villanueva|tvilla|zacarias|ibarra|zepeda|gmail|gmial|555.?01|7605550|q7Rz"
)


@pytest.fixture
def store(tmp_path: Path, demo_built: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GEO_STORE_URL", f"sqlite:///{tmp_path / 'store.db'}")
    secret = tmp_path / "secret"
    secret.write_text(SECRET + "\n")
    secret.chmod(0o600)
    monkeypatch.setenv("GEO_CODE_SECRET_FILE", str(secret))
    book = ProgramBook(Journal(open_database()), "demo")
    for program in ("regional_plan", "civic_forums"):
        for number in (1, 2, 3, 4):
            fields = {"program": program, "event_kind": "session", "title": f"S{number}", "id": f"s{number}"}
            book.hold(Event.make(fields | {"on": f"2019-0{number}-01"}), [], "Ana")
    return tmp_path


def open_record(program: str, number: int) -> AppTest:
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120)
    app.query_params.update({"region": "demo", "program": program})
    app.session_state["person.name"] = "Ana"
    app.session_state["program.tabs"] = "Record"
    app.session_state["sheet.event"] = f"{program}/s{number}"
    return app.switch_page("app_pages/program.py").run()


def bring(app: AppTest, content: str, name: str = "sheet.csv") -> str:
    app.file_uploader(key="sheet.file.0").set_value((name, content.encode(), "text/csv")).run()
    assert not app.exception
    return " ".join(item.value for item in [*app.text, *app.error, *app.warning])


def confirm(app: AppTest) -> None:
    app.button(key="sheet.confirm").click().run()
    assert not app.exception
    assert not app.error


def test_sheets_of_forms_count_each_person_once_and_leave_no_name(
    store: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    book = ProgramBook(Journal(open_database()), "demo")
    app = open_record("regional_plan", 1)
    told = bring(app, FORM)
    assert "Came without a code: 1." in told
    assert "new: 2 · twice in this file: 1 · needs an answer: 1 · empty: 1" in told
    near = next(item for item in app.selectbox if ".near." in str(item.key))
    written = "Rosalba.Quintero@gmail.com, rosalba.quintero@gmial.com"
    assert near.label.replace(SPLIT, "") == f"Rows 2 and 3: nearly the same e-mail address ({written})"
    near.set_value("same").run()
    assert "new: 2 · twice in this file: 2 · empty: 1" in " ".join(item.value for item in app.text)
    confirm(app)
    assert len(book.people_at("regional_plan/s1")) == 2
    codes = {
        make_contact_code(SECRET.encode(), item) for item in ("rosalba.quintero@gmail.com", "+17605550177")
    }
    assert {item.record.person for item in book.kept(Attendance)} == codes

    confirm_all = [("regional_plan", 2, FORMULARIO), ("civic_forums", 3, ACTION_NETWORK)]
    for program, number, content in [*confirm_all, ("regional_plan", 4, EVENTBRITE)]:
        other = open_record(program, number)
        bring(other, content)
        confirm(other)
    records = book.records()
    assert records.attendance.groupby("event")["person"].nunique().to_dict() == {
        "civic_forums/s3": 1, "regional_plan/s1": 2, "regional_plan/s2": 2, "regional_plan/s4": 1,
    }  # fmt: skip
    assert records.attendance["person"].nunique() == 2, "one person in two campaigns counts once"
    assert records.events.set_index("event")["uncoded"].dropna().to_dict() == {"regional_plan/s1": 1}

    raw = b"".join(path.read_bytes() for path in store.glob("store.db*"))
    assert b"regional_plan/s1" in raw
    assert SAID.findall(raw) == []
    assert SAID.findall(caplog.text.encode()) == []
    seen = open_record("regional_plan", 1)
    assert SAID.findall(str([getattr(item, "value", "") for item in seen.main]).encode()) == []


def test_without_a_secret_one_sentence_says_so_and_nothing_is_written(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GEO_CODE_SECRET_FILE")
    app = open_record("regional_plan", 1)
    early = " ".join(item.value for item in app.warning)
    assert "can't be taken in on this installation yet" in early, "before a file is chosen"
    assert "python -m store secret FILE" in early
    assert "this server has no secret for it" in bring(app, FORM)
    assert not [item for item in app.button if item.key == "sheet.confirm"]
    monkeypatch.setenv("GEO_CODE_SECRET_FILE", str(store / "secret"))
    (store / "secret").chmod(0o644)
    assert "can be read by others" in bring(open_record("regional_plan", 1), FORM)
    assert SAID.findall((store / "store.db").read_bytes()) == []


def test_a_typed_list_is_read_and_a_persons_row_is_no_heading(store: Path) -> None:
    app = open_record("regional_plan", 1)
    app.text_area(key="sheet.typed.0").set_value(
        "Rosalba Quintero, rosalba.quintero@gmail.com\nTomas (760) 555-0177\nZacarias"
    ).run()
    assert "Came without a code: 1." in " ".join(item.value for item in app.text)
    confirm(app)
    book = ProgramBook(Journal(open_database()), "demo")
    assert len(book.people_at("regional_plan/s1")) == 2
    headless = "Rosalba Quintero,rosalba.quintero@gmail.com\nTomas Villanueva,tvillanueva@correo.mx\n"
    other = open_record("regional_plan", 2)
    assert "has no row of headings" in bring(other, headless)
    assert SAID.findall(b"".join(path.read_bytes() for path in store.glob("store.db*"))) == []


def test_one_person_who_signed_up_came_and_enrolled_is_one_in_all_three(store: Path) -> None:
    """By e-mail here and by phone there: nobody types a code, and nobody counts twice."""
    book = ProgramBook(Journal(open_database()), "demo")
    app = open_record("school_funding", 1)
    app.selectbox(key="sheet.of").set_value(Recruit).run()
    assert "Rows without a code: 1. They are not recorded." in bring(app, FORM)
    confirm(app)
    assert "Written: 2 people, who signed up." in [item.value for item in app.success]
    assert len(book.people_of(Recruit, "school_funding")) == 2
    again = open_record("school_funding", 1)
    again.selectbox(key="sheet.of").set_value(Recruit).run()
    assert "already here: 2" in bring(again, FORMULARIO)
    confirm(again)
    assert len(book.people_of(Recruit, "school_funding")) == 2

    came = open_record("regional_plan", 1)
    bring(came, FORMULARIO)
    confirm(came)
    for contact, told in (
        ("izepeda@correo", False),
        ("(760) 555-0142", True),
        (" Rosalba.Quintero@gmail.com", True),
    ):
        enrolled = open_record("health_enrollment", 1)
        enrolled.selectbox(key="other.kind").set_value(Enrollment).run()
        turn = len(book.kept(Enrollment))
        enrolled.text_input(key="other.enrollment.0.person").set_value(contact)
        next(item for item in enrolled.button if item.label == "Record it").click().run()
        assert len(book.kept(Enrollment)) == turn + told
        assert bool(enrolled.error) != told
    records = book.records()
    assert len(records.enrollments) == 1, "her e-mail and her phone are one person's"
    assert set(records.enrollments["person"]) < set(records.recruits["person"])
    assert set(records.recruits["person"]) == set(records.attendance["person"])
    raw = b"".join(path.read_bytes() for path in store.glob("store.db*"))
    assert SAID.findall(raw) == []


def test_a_list_of_who_signed_up_is_taken_back_whole_and_may_come_again(store: Path) -> None:
    book = ProgramBook(Journal(open_database()), "demo")
    for _time in range(2):
        app = open_record("school_funding", 1)
        app.selectbox(key="sheet.of").set_value(Recruit).run()
        bring(app, ACTION_NETWORK)
        confirm(app)
        assert len(book.people_of(Recruit, "school_funding")) == 1
        app.button(key="sheet.undo").click().run()
        app.button(key="sheet.undo.yes").click().run()
        assert book.people_of(Recruit, "school_funding") == frozenset()


def test_cards_are_made_once_and_their_codes_come_back_as_people(store: Path) -> None:
    """The next cards go on where the last ones ended, and where people have codes already."""
    book = ProgramBook(Journal(open_database()), "demo")
    app = open_record("regional_plan", 1)
    app.number_input(key="papers.count").set_value(20)
    app.text_input(key="papers.letters").set_value("x")
    next(item for item in app.button if item.label == "Make new cards").click().run()
    assert "1 field needs a correction" in app.error[0].value
    app.text_input(key="papers.letters").set_value("qz")
    next(item for item in app.button if item.label == "Make new cards").click().run()
    assert not app.error
    [cards] = [item.record for item in book.kept(Cards)]
    assert (cards.letters, cards.first, cards.count) == ("QZ", 1, 20)
    assert app.selectbox(key="papers.which").value == "QZ/0001"
    app.text_area(key="sheet.typed.0").set_value("\n".join(cards.codes())).run()
    confirm(app)
    assert book.people_at("regional_plan/s1") == frozenset(cards.codes())
    assert book.make_cards("QZ", 10, "Ana").first == 21
    book.attend(book.events("regional_plan")[1], [make_code("QZ", 400)], "Ana")
    assert book.make_cards("QZ", 10, "Ana").first == 401


def test_of_two_who_make_cards_at_once_the_second_is_told(store: Path) -> None:
    book = ProgramBook(Journal(open_database()), "demo")
    first = book.make_cards("QZ", 10, "Ana")
    with pytest.raises(ConflictError):
        book.journal.append([first.draft("demo", "Luis")])
    for _time in range(19):
        book.make_cards("QZ", 500, "Ana")
    with pytest.raises(StoreError, match="a series has 10,000 numbers"):
        book.make_cards("QZ", 500, "Ana")
    codes = [code for item in book.kept(Cards) for code in item.record.codes()]
    assert len(codes) == len(set(codes)) == 9_510


NAMED = re.compile(rb"(?i)rosalba|quintero|villanueva|zacarias")


def keep_names(book: ProgramBook, program: str = "regional_plan") -> None:
    plan = book.programs()[program]
    book.revise(plan.model_copy(update={"keep_names": True}), 0, "Ana", "asked for by those who call")


def sign_in(app: AppTest, role: Role) -> AppTest:
    app.text_input(key="signed.name").set_value(role.value)
    app.text_input(key="signed.passphrase").set_value(PASSPHRASE)
    next(item for item in app.button if item.label == "Sign in").click().run()
    assert not app.exception
    return app


def shown_names(app: AppTest) -> list[str]:
    app.session_state["program.tabs"] = "Sessions"
    app.run()
    assert not app.exception
    tables = [
        item.value for item in app.dataframe if list(item.value.columns) == ["code", "name", "sessions"]
    ]
    return tables[0]["name"].tolist() if tables else []


@pytest.fixture
def names_file(store: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A server that has a file for names, and members of every role."""
    for role in Role:
        Members(Journal(open_database())).add(role.value, role, PASSPHRASE, by="Ana")
    monkeypatch.setenv("GEO_NAMES_FILE", str(store / "names"))
    return store / "names"


def test_names_that_a_program_keeps_lie_apart_and_are_erased_for_good(names_file: Path) -> None:
    book = ProgramBook(Journal(open_database()), "demo")
    keep_names(book)
    app = sign_in(open_record("regional_plan", 1), Role.COORDINATOR)
    bring(app, FORM)
    confirm(app)
    assert shown_names(app) == ["Rosalba Quintero", "Tomas Villanueva"]
    assert NAMED.search(b"".join(path.read_bytes() for path in names_file.parent.glob("store.db*"))) is None
    for role, seen in ((Role.CANVASS_LEAD, 2), (Role.VIEWER, 0), (Role.TASK_FORCE, 0)):
        assert len(shown_names(sign_in(open_record("regional_plan", 1), role))) == seen, role
    assert shown_names(open_record("regional_plan", 1)) == [], "a visitor"

    [code] = [item for item in app.multiselect(key="names.chosen.0").options if "Rosalba" in item]
    app.multiselect(key="names.chosen.0").set_value([code.partition(" · ")[2]])
    next(item for item in app.button if item.label == "Erase names").click().run()
    assert "nothing was erased" in app.error[0].value
    app.checkbox(key="names.sure.0").set_value(True)
    next(item for item in app.button if item.label == "Erase names").click().run()
    assert shown_names(app) == ["Tomas Villanueva"]
    files = list(names_file.parent.glob("names*"))
    assert files == [names_file], "and no copy beside it"
    assert b"Rosalba" not in names_file.read_bytes()
    assert len(book.people_at("regional_plan/s1")) == 2, "who came stays"


def test_names_are_erased_with_the_choice_and_others_keep_theirs(names_file: Path) -> None:
    book = ProgramBook(Journal(open_database()), "demo")
    keep_names(book)
    NameBook(names_file, "demo", "regional_plan").keep({"QX0017H": "Rosalba Quintero"})
    NameBook(names_file, "demo", "civic_forums").keep({"QX0017H": "Tomas Villanueva"})
    app = sign_in(open_record("regional_plan", 1), Role.COORDINATOR)
    app.session_state["program.tabs"] = "Change"
    app.run()
    app.checkbox(key="revise.regional_plan.1.names").set_value(False)
    app.text_input(key="revise.regional_plan.1.why").set_value("no longer needed")
    next(item for item in app.button if item.label == "Record the new version").click().run()
    assert not app.exception
    assert not app.error
    assert not book.programs()["regional_plan"].keep_names
    assert b"Rosalba" not in names_file.read_bytes()
    assert NameBook(names_file, "demo", "civic_forums").read() == {"QX0017H": "Tomas Villanueva"}


def test_where_anybody_may_write_a_name_no_name_is_kept(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In an open installation whoever writes a name sees everything; and without a file there is no place."""
    book = ProgramBook(Journal(open_database()), "demo")
    keep_names(book)
    monkeypatch.setenv("GEO_NAMES_FILE", str(store / "names"))
    app = open_record("regional_plan", 1)
    bring(app, FORM)
    confirm(app)
    assert not (store / "names").exists()
    monkeypatch.delenv("GEO_NAMES_FILE")
    for role in Role:
        Members(Journal(open_database())).add(role.value, role, PASSPHRASE, by="Ana")
    closed = sign_in(open_record("regional_plan", 2), Role.COORDINATOR)
    bring(closed, FORM)
    confirm(closed)
    assert shown_names(closed) == []
    assert NAMED.search(b"".join(path.read_bytes() for path in store.iterdir() if path.is_file())) is None


def test_a_file_of_names_that_others_can_read_is_refused_before_anything_is_written(names_file: Path) -> None:
    book = ProgramBook(Journal(open_database()), "demo")
    keep_names(book)
    app = sign_in(open_record("regional_plan", 1), Role.COORDINATOR)
    bring(app, FORM)
    names_file.touch(0o644)
    names_file.chmod(0o644)
    app.button(key="sheet.confirm").click().run()
    assert "can be read by others" in app.error[0].value
    assert book.people_at("regional_plan/s1") == frozenset()


def test_the_file_taken_in_last_is_chosen_names_its_session_and_is_asked_about(store: Path) -> None:
    """Undone by mistake it would take back another session than the one somebody has just brought."""
    book = ProgramBook(Journal(open_database()), "demo")
    app = open_record("regional_plan", 1)
    for turn, number in enumerate((1, 2)):
        app.selectbox(key="sheet.event").set_value(f"regional_plan/s{number}").run()
        content = "\n".join(["Code", *(make_code("QX", 10 * number + place) for place in range(3))]).encode()
        app.file_uploader(key=f"sheet.file.{turn}").set_value((f"c{number}.csv", content, "text/csv")).run()
        confirm(app)
        assert f"Written: 3 people at S{number}." in [item.value for item in app.toast]
    chosen = app.selectbox(key="sheet.taken")
    shown = chosen.options[chosen.index or 0].replace(SPLIT, "")
    assert shown.startswith("S2, Feb 1, 2019 · c2.csv · 3 changes"), shown
    app.button(key="sheet.undo").click().run()
    asked = " ".join(item.value for item in app.warning).replace(SPLIT, "")
    assert "This takes back 3 changes of S2, Feb 1, 2019." in asked
    app.button(key="sheet.undo.keep").click().run()
    assert not [item for item in app.button if item.key == "sheet.undo.yes"]
    assert len(book.people_at("regional_plan/s2")) == 3
    app.button(key="sheet.undo").click().run()
    app.button(key="sheet.undo.yes").click().run()
    assert not app.exception
    assert [len(book.people_at(f"regional_plan/s{number}")) for number in (1, 2)] == [3, 0]


def test_a_row_is_corrected_by_the_persons_e_mail(store: Path) -> None:
    book = ProgramBook(Journal(open_database()), "demo")
    wrong, event = make_code("QX", 7), book.events("regional_plan")[3]
    book.attend(event, [wrong], "Ana")
    app = open_record("regional_plan", 4)
    app.session_state["program.tabs"] = "Change"
    app.run()
    app.selectbox(key="change.kind").set_value(Attendance).run()
    [field] = [item for item in app.text_input if str(item.key).endswith(".person")]
    assert field.value == wrong
    field.set_value("rosalba.quintero@gmail.com")
    press = next(item for item in app.button if item.label == "Record the change")
    press.click().run()
    assert "no reason is given" in app.error[0].value
    tag = str(field.key).removesuffix(".person")
    app.text_input(key=f"{tag}.why").set_value("misread")
    next(item for item in app.button if item.label == "Record the change").click().run()
    assert not app.exception
    assert book.people_at(event.key) == {make_contact_code(SECRET.encode(), "rosalba.quintero@gmail.com")}
    assert SAID.findall(b"".join(path.read_bytes() for path in store.glob("store.db*"))) == []


def test_the_line_of_rows_counts_what_the_tick_answers_and_a_file_that_is_here_asks_nothing(
    store: Path,
) -> None:
    """The line above the button and the button say one number."""
    app = open_record("regional_plan", 1)
    content = "Email\nana@gmail.com\nana@gmial.com\nluis@correo.mx\n"
    bring(app, content)
    assert "Of 3 rows: 2 would be recorded, 1 needs an answer" in " ".join(
        item.value for item in app.markdown
    )
    [tick] = [item for item in app.checkbox if str(item.key).endswith(".apart")]
    tick.set_value(True).run()
    assert "Of 3 rows: 3 would be recorded, 0 need an answer" in " ".join(item.value for item in app.markdown)
    assert app.button(key="sheet.confirm").label == "Write 3 people"
    confirm(app)
    assert len(ProgramBook(Journal(open_database()), "demo").people_at("regional_plan/s1")) == 3
    again = open_record("regional_plan", 1)
    assert "already here: 3" in bring(again, content)
    assert not [item for item in again.selectbox if ".near." in str(item.key)]


def test_those_who_registered_and_did_not_check_in_are_told_apart_and_asked_for_no_correction(
    store: Path,
) -> None:
    app = open_record("regional_plan", 1)
    content = EVENTBRITE + "91,2019-03-01,Luis,Paz,luis@correo.mx,,,Attending\n"
    told = bring(app, content)
    assert "Registered, did not check in: 1." in told
    assert "rejected" not in told
    assert not [item for item in app.caption if "Correct these rows" in item.value]
    confirm(app)
    book = ProgramBook(Journal(open_database()), "demo")
    assert len(book.people_at("regional_plan/s1")) == 1
    other = open_record("regional_plan", 2)
    assert "Nobody in this file is checked in" in bring(other, content.replace("Checked In", "Attending"))
    assert other.button(key="sheet.confirm").disabled
    [came] = [item for item in other.checkbox if str(item.key).endswith(".registered")]
    came.set_value(True).run()
    confirm(other)
    assert len(book.people_at("regional_plan/s2")) == 2, "who said no stays away"


def open_changes(number: int) -> AppTest:
    app = open_record("regional_plan", number)
    app.session_state["program.tabs"] = "Change"
    app.run()
    return app.selectbox(key="change.kind").set_value(Attendance).run()


def test_a_person_is_found_by_e_mail_and_where_the_old_code_stands_too_is_said(store: Path) -> None:
    """An e-mail misspelled in four sessions: corrected in one alone, she would count twice."""
    book, secret = ProgramBook(Journal(open_database()), "demo"), SECRET.encode()
    wrong, right = (make_contact_code(secret, f"ana@{item}.com") for item in ("gmial", "gmail"))
    for event in book.events("regional_plan"):
        book.attend(event, [wrong, make_code("QX", 7)], "Ana")
    held, gone = book.events("civic_forums")[:2]
    for event in (held, gone):
        book.attend(event, [wrong], "Ana")
    book.withdraw(Event, gone.key, 1, "Ana", "not held")  # who came to that one counts no more
    book.enlist(Recruit, {"program": "regional_plan", "on": "2019-01-01"}, [wrong], "Ana")
    app = open_changes(4)
    assert len(app.selectbox(key="change.attendance").options) == 2, "of one session, everybody"
    find = app.text_input(key="change.attendance.find")
    find.set_value("nobody@correo.mx").run()
    assert "Nobody is recorded here by this code, e-mail or phone number." in [
        item.value for item in app.info
    ]
    app.text_input(key="change.attendance.find").set_value("no e-mail@").run()
    assert "no e-mail address" in app.error[0].value
    app.text_input(key="change.attendance.find").set_value(" Ana@Gmial.com").run()
    rows = [item.replace(SPLIT, "") for item in app.selectbox(key="change.attendance").options]
    assert [row for row in rows if wrong in row] == rows
    assert sorted(row.partition(" · ")[0] for row in rows) == [f"2019-0{number}-01" for number in range(1, 5)]
    for left in (4, 3, 2, 1):
        [field] = [item for item in app.text_input if str(item.key).endswith(".person")]
        field.set_value("ana@gmail.com")
        app.text_input(key=str(field.key).removesuffix(".person") + ".why").set_value("misspelled")
        next(item for item in app.button if item.label == "Record the change").click().run()
        assert not app.exception
        told = " ".join(item.value for item in app.success).replace(SPLIT, "")
        word = "sessions" if left > 1 else "session"
        assert f"The old code also stands in {left} other {word} (" in told, "three of the four, and a forum"
        assert "The old code also stands under: recruit." in told
    assert ": S1, Jan 1, 2019)" in told, "of another program that one is named first"
    assert [right in book.people_at(f"regional_plan/s{number}") for number in range(1, 5)] == [True] * 4
    assert book.people_at("civic_forums/s1") == {wrong}
    assert b"ana@" not in b"".join(path.read_bytes() for path in store.glob("store.db*"))
