"""Signing in: with members only those see small counts and private names and record; without, it is said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app_pages.parts import people
from demo.records import demo_places, write_demo_records
from geo.datasets.storage import read_shapes_of
from geo.errors import StoreError
from geo.language import use_language
from store.canvass.kinds import Goal
from store.database import open_database
from store.journal import Conflict, Draft, Entry, Journal
from store.members import Members, Role
from store.program.book import ProgramBook
from store.sign_in_limits import Desk, refused_since

pytestmark = pytest.mark.slow
Open = Callable[..., AppTest]
WORDS = "nine brown dogs at the well"
SECRET = "Mrs. Amezcua, at the third door"


@pytest.fixture(autouse=True)
def members(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Members:
    """A database of its own for each test, with a member for each role."""
    monkeypatch.setenv("GEO_STORE_URL", f"sqlite:///{tmp_path / 'store.db'}")
    noon = datetime.now(UTC)
    monkeypatch.setattr(people, "DESK", Desk(clock=lambda: noon))
    found = Members(Journal(open_database()))
    for role in Role:
        found.add(role.value, role, WORDS, by="Ana")
    return found


def sign_in(app: AppTest, name: str, passphrase: str = WORDS) -> AppTest:
    app.text_input(key="signed.name").set_value(name)
    app.text_input(key="signed.passphrase").set_value(passphrase)
    press(app, "Sign in")
    return app


def press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception


def words(app: AppTest) -> str:
    kinds = (app.caption, app.info, app.error, app.warning, app.markdown, app.text)
    return " ".join(element.value for kind in kinds for element in kind)


def names_on_the_board(app: AppTest) -> set[str]:
    column = next(item.value for item in app.dataframe if "water.table" in item.proto.id)["name"]
    return set(column.dropna())


def private_names() -> set[str]:
    systems = read_shapes_of("demo", "water_systems")
    return set(systems.loc[systems["name"] != systems["public_name"], "name"])


def test_an_open_installation_says_so_and_how_to_close_it(
    dashboard: Open, demo_built: str, members: Members
) -> None:
    for member in members.all():
        members.remove(member.record.name, by="Ana", reopen=True)
    for page in ("water", "programs"):
        app = dashboard(page, region="demo")
        assert not app.exception
        assert "This installation is open" in words(app)
        assert "python -m store.members add" in words(app)
        assert not [item for item in app.text_input if item.key == "signed.passphrase"]


def test_a_wrong_passphrase_is_refused_in_plain_words_and_shows_nothing(
    dashboard: Open, demo_built: str
) -> None:
    app = dashboard("water", region="demo")
    private = private_names()
    assert private
    assert not names_on_the_board(app) & private
    for name in ("task_force", "somebody"):
        sign_in(app, name, "not the words")
        assert "passphrase is wrong" in words(app)
        assert app.text_input(key="signed.passphrase").value == ""
        assert not names_on_the_board(app) & private


def test_the_task_force_sees_names_and_signs_out_again(dashboard: Open, demo_built: str) -> None:
    app = sign_in(dashboard("water", region="demo"), "task_force")
    private = private_names()
    assert "Signed in as task_force (task force)" in words(app)
    assert names_on_the_board(app) & private
    press(app, "Sign out")
    assert not names_on_the_board(app) & private


@pytest.mark.parametrize("role", [Role.VIEWER, Role.CANVASS_LEAD])
def test_other_roles_neither_see_names_nor_record_on_the_board(
    dashboard: Open, demo_built: str, role: Role
) -> None:
    app = sign_in(dashboard("water", region="demo"), role.value)
    assert not names_on_the_board(app) & private_names()
    app.radio(key="water.part").set_value("sheet").run()
    assert "Your role does not record here" in words(app)


def test_the_task_force_finds_a_familys_system_by_its_own_name_and_others_by_number_alone(
    dashboard: Open, coachella_built: str
) -> None:
    """The State calls CA3301990 Amezcua-Garcia; its display has the community and the number."""

    def found(app: AppTest) -> list[str]:
        options = app.switch_page("app_pages/explore.py").run().selectbox(key="explore.search").options
        ours = [words for words in options if "CA3301990" in words]
        assert len(ours) == 1
        named = [words for words in options if "AMEZCUA" in words.upper()]
        assert named in ([], ours)
        return named

    app = dashboard("water", region="coachella")
    assert not found(app)
    sign_in(app.switch_page("app_pages/water.py").run(), "task_force")
    assert found(app)
    press(app.switch_page("app_pages/water.py").run(), "Sign out")
    assert not found(app)


def test_small_counts_and_forms_of_programs_are_for_the_right_roles(dashboard: Open, demo_built: str) -> None:
    write_demo_records(ProgramBook(Journal(open_database()), "demo"), demo_places())
    hidden = "figures that would reveal them, are hidden"
    app = dashboard("program", region="demo")
    app.session_state["program.tabs"] = "Sessions"
    app.selectbox(key="program.key").set_value("health_enrollment").run()
    assert hidden in words(app)
    for role, sees in [(Role.TASK_FORCE, False), (Role.VIEWER, True), (Role.COORDINATOR, True)]:
        sign_in(app, role.value)
        # Everybody reads the same figures; who may see small counts has the exact ones below them.
        assert hidden in words(app)
        assert ("How often people came (exact, for staff)" in words(app)) == sees, role
        press(app, "Sign out")


def test_a_member_who_is_removed_is_out_at_once(dashboard: Open, demo_built: str, members: Members) -> None:
    app = sign_in(dashboard("water", region="demo"), "task_force")
    assert "Signed in as" in words(app)
    members.remove("task_force", by="Ana")
    app.run()
    assert "Signed in as" not in words(app)
    assert not names_on_the_board(app) & private_names()


def test_signing_in_holds_from_page_to_page(dashboard: Open, demo_built: str) -> None:
    app = sign_in(dashboard("water", region="demo"), "coordinator")
    app.switch_page("app_pages/programs.py").run()
    assert not app.exception
    assert "Signed in as coordinator" in words(app)


def test_a_refusal_is_spanish_where_the_page_is(dashboard: Open, demo_built: str) -> None:
    app = dashboard("water", region="demo", lang="es")
    use_language("es")  # for what the test itself reads of the page's lists
    app.text_input(key="signed.name").set_value("nadie")
    app.text_input(key="signed.passphrase").set_value("no son las palabras")
    press(app, "Iniciar sesión")
    assert "no es correcto" in words(app)


def test_after_some_refused_tries_one_waits_and_the_right_words_do_not_help(
    dashboard: Open, demo_built: str, members: Members
) -> None:
    app = dashboard("water", region="demo")
    for _try in range(3):
        sign_in(app, "task_force", "not the words")
        assert "passphrase is wrong" in words(app)
    sign_in(app, "task_force")
    assert "Too many tries for this name. Try again in 15 seconds." in words(app)
    assert "Signed in as" not in words(app)


def test_a_coordinator_is_told_of_refused_tries_until_they_have_seen_them(
    dashboard: Open, demo_built: str, members: Members
) -> None:
    app = dashboard("water", region="demo")
    for name in ("viewer", "viewer", "nobody of us"):
        sign_in(app, name, "not the words")
    sign_in(app, "viewer")
    assert "Signed in as viewer" in words(app)
    assert "refused" not in words(app)
    press(app, "Sign out")
    sign_in(app, "coordinator")
    assert "viewer: 2 tries, the last on" in words(app)
    assert "names that nobody has: 1 try" in words(app)
    press(app, "Seen")
    assert "refused" not in words(app)
    assert len(refused_since(members.journal, datetime(2026, 1, 1, tzinfo=UTC))) == 2


def test_a_passphrase_stays_nowhere_after_a_try(dashboard: Open, demo_built: str) -> None:
    app = dashboard("water", region="demo")
    for name, passphrase in (("task_force", "not the words"), ("task_force", WORDS)):
        sign_in(app, name, passphrase)
        assert passphrase not in repr(app.session_state)


def test_nothing_that_a_member_left_in_a_tab_outlasts_their_sign_in(
    dashboard: Open, demo_built: str, members: Members
) -> None:
    """Whether they sign out there, or another tab or a coordinator ends it."""
    mine = Draft(
        "demo", Goal.kind, "goal", {"source": SECRET, "households": 1, "last_day": "2026-12-31"}, "Eva"
    )
    now = datetime.now(UTC)
    theirs = Entry("demo", Goal.kind, "goal", 1, now, SECRET, why="", source="", body=mine.body)
    for ends in ("Sign out", "removed"):
        app = sign_in(dashboard("progress", region="demo"), Role.COORDINATOR.value)
        app.session_state["progress.goal.late"] = Conflict(mine, theirs)
        app.session_state["turfs.drawn"] = [SECRET]
        app.run()
        assert SECRET in words(app), "the conflict was not shown: this test shows nothing"
        if ends == "removed":
            members.remove(Role.COORDINATOR.value, by="Ana")
            app.run()
        else:
            press(app, ends)
        assert SECRET not in words(app)
        for key in ("progress.goal.late", "turfs.drawn"):
            assert key not in app.session_state
        assert app.session_state["region"] == "demo"


def test_a_conflict_is_shown_to_nobody_who_may_not_record(
    dashboard: Open, demo_built: str, members: Members
) -> None:
    app = sign_in(dashboard("progress", region="demo"), Role.VIEWER.value)
    mine = Draft(
        "demo", Goal.kind, "goal", {"source": SECRET, "households": 1, "last_day": "2026-12-31"}, "Eva"
    )
    app.session_state["progress.goal.late"] = Conflict(mine, None)
    app.run()
    assert SECRET not in words(app)


def test_a_file_of_a_page_is_made_only_while_who_saw_it_is_signed_in(
    dashboard: Open, demo_built: str, members: Members, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asking for a file runs no page: an open tab of a member who is removed would still get the names."""
    made: list[Callable[[], object]] = []
    guard = people.only_while_here

    def keep(make: Callable[[], object]) -> Callable[[], object]:
        made.append(guard(make))
        return made[-1]

    people.st.guard_files(keep)
    try:
        app = sign_in(dashboard("water", region="demo"), Role.TASK_FORCE.value)
        theirs = made[-1]
        assert theirs()
        press(app, "Sign out")
        for_others = made[-1]
        with pytest.raises(StoreError, match="is not signed in any more"):
            theirs()
        assert for_others()
        sign_in(app, Role.TASK_FORCE.value)
        again = made[-1]
        assert again()
        members.remove(Role.TASK_FORCE.value, by="Ana")
        with pytest.raises(StoreError, match="is not signed in any more"):
            again()
    finally:
        people.st.guard_files(guard)


def test_what_an_open_installation_offered_ends_when_it_is_closed(
    dashboard: Open, demo_built: str, members: Members
) -> None:
    for member in members.all():
        members.remove(member.record.name, by="Ana", reopen=True)
    made = people.only_while_here(lambda: "names")
    assert made() == "names"
    members.add("Ana", Role.COORDINATOR, WORDS, by="Ana")
    with pytest.raises(StoreError, match="is not signed in any more"):
        made()


def test_others_cut_no_turfs_where_there_are_members(dashboard: Open, demo_built: str) -> None:
    """Nor is a cut that somebody began taken up by them, from its list or by its address."""
    app = dashboard("turfs", region="demo")
    assert next(item for item in app.button if item.label == "Cut turfs").disabled
    sign_in(app, Role.CANVASS_LEAD.value)
    press(app, "Cut turfs")
    begun = str(app.query_params["cut"])
    press(app, "Sign out")
    for other in (app, dashboard("turfs", region="demo", cut=begun)):
        labels = {item.label for item in other.button}
        assert not labels & {"Continue", "Discard", "Split it", "Save these turfs"}
    sign_in(other, Role.CANVASS_LEAD.value)
    assert {item.label for item in other.button} & {"Continue", "Save these turfs"}
