"""Members: who may sign in and what each may do is kept with when and by whom; passphrases are not."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from sqlalchemy import Engine

from geo.errors import DatabaseError, StoreError
from store.database import open_database
from store.journal import Journal
from store.members import EVERYWHERE, RIGHTS, Member, Members, Right, Role, main

WORDS = "nine brown dogs at the well"


@pytest.fixture
def members(engine: Engine) -> Members:
    return Members(Journal(engine))


def test_the_first_member_closes_the_installation(members: Members) -> None:
    assert not members.closed
    members.add("Ana", Role.COORDINATOR, WORDS, by="Luis")
    assert members.closed
    found = members.all()[0]
    assert (found.record.name, found.record.role, found.who) == ("Ana", Role.COORDINATOR, "Luis")


def test_only_name_and_passphrase_together_sign_in(members: Members) -> None:
    members.add("Ana María", Role.VIEWER, WORDS, by="Luis")
    assert members.sign_in(" ana  maría", WORDS) is not None
    for name, passphrase in [("Ana María", WORDS.upper()), ("Ana María", ""), ("Luis", WORDS), ("", "")]:
        assert members.sign_in(name, passphrase) is None, (name, passphrase)


def test_an_unknown_name_is_compared_as_a_known_one_is(
    members: Members, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time that a refusal takes does not tell whether there is such a member."""
    from store import members as module

    members.add("Ana", Role.VIEWER, WORDS, by="Luis")
    compared = []
    real = module.is_passphrase
    monkeypatch.setattr(
        module, "is_passphrase", lambda words, kept: compared.append(kept[:18]) or real(words, kept)
    )
    members.sign_in("Ana", "some other words"), members.sign_in("nobody", "some other words")
    assert compared == ["scrypt$32768$8$3$" + kept[17] for kept in compared]
    assert len(compared) == 2


def test_the_same_passphrase_is_kept_in_another_form_for_each_and_nowhere_as_it_is(members: Members) -> None:
    for name in ("Ana", "Luis"):
        members.add(name, Role.VIEWER, WORDS, by="Ana")
    entries = members.journal.history(EVERYWHERE)
    assert len({entry.body["hashed"] for entry in entries if entry.body}) == 2
    assert WORDS not in json.dumps([entry.body for entry in entries])
    assert all("scrypt" not in repr(Member.read(entry)) for entry in entries)


def test_a_member_is_removed_and_may_come_back_and_the_journal_tells_all_of_it(members: Members) -> None:
    members.add("Ana", Role.COORDINATOR, WORDS, by="Luis")
    members.add("Eva", Role.VIEWER, WORDS, by="Ana")
    members.remove("eva", by="Ana")
    assert members.sign_in("Eva", WORDS) is None
    again = members.add("Eva", Role.CANVASS_LEAD, WORDS, by="Ana")
    assert again.number == 3
    told = [
        (entry.number, entry.who, entry.body is None)
        for entry in members.journal.history(EVERYWHERE, key="eva")
    ]
    assert told == [(1, "Ana", False), (2, "Ana", True), (3, "Ana", False)]


def test_what_does_not_hold_is_refused_with_what_to_do(members: Members) -> None:
    members.add("Ana", Role.COORDINATOR, WORDS, by="Luis")
    with pytest.raises(StoreError, match="a member already: remove"):
        members.add("ANA", Role.VIEWER, WORDS, by="Luis")
    with pytest.raises(StoreError, match="fewer than 12 signs"):
        members.add("Eva", Role.VIEWER, "short", by="Luis")
    with pytest.raises(StoreError, match="1 field needs a correction"):
        members.add("  ", Role.VIEWER, WORDS, by="Luis")
    with pytest.raises(StoreError, match="Eva is no member"):
        members.remove("Eva", by="Luis")


def test_the_last_member_is_not_removed_by_the_way(members: Members) -> None:
    """That would open the installation to everybody."""
    members.add("Ana", Role.COORDINATOR, WORDS, by="Luis")
    with pytest.raises(StoreError, match="last member"):
        members.remove("Ana", by="Ana")
    assert members.closed
    members.remove("Ana", by="Ana", reopen=True)
    assert not members.closed


def test_a_role_may_no_more_than_is_said_of_it() -> None:
    assert set(RIGHTS) == set(Role)
    assert RIGHTS[Role.VIEWER] == {Right.SMALL_COUNTS}
    assert RIGHTS[Role.CANVASS_LEAD] == {Right.SMALL_COUNTS, Right.FIELD, Right.WHO}
    assert RIGHTS[Role.TASK_FORCE] == {Right.WATER, Right.WHO}
    assert RIGHTS[Role.COORDINATOR] == set(Right)


def test_the_command_adds_lists_and_removes(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GEO_STORE_URL", f"sqlite:///{tmp_path}/members.db")
    open_database()
    assert main(["list"]) == 0
    assert "this installation is open" in capsys.readouterr().out
    for name, role in (("Ana", "coordinator"), ("Eva", "viewer")):
        monkeypatch.setattr("sys.stdin", io.StringIO(WORDS + "\n"))
        assert main(["add", name, "--role", role, "--by", "Luis"]) == 0
    assert main(["remove", "Eva", "--by", "Ana"]) == 0
    capsys.readouterr()
    assert main(["list"]) == 0
    listed = capsys.readouterr().out
    assert "Ana\tcoordinator" in listed
    assert "added by Luis" in listed
    assert "Eva" not in listed
    assert main(["remove", "Eva"]) == 1
    assert "is no member" in capsys.readouterr().err


def test_another_database_in_the_place_of_theirs_does_not_open_all_to_everybody(tmp_path: Path) -> None:
    """The file was moved away, and something made an empty one: who was closed stays closed, and says so."""
    path = tmp_path / "store.db"
    members = Members(Journal(open_database(f"sqlite:///{path}")))
    members.add("Ana", Role.COORDINATOR, WORDS, by="Luis")
    assert members.closed
    members.journal.engine.dispose()
    for part in list(tmp_path.glob("store.db*")):
        part.rename(tmp_path / f"aside-{part.name}")
    path.touch()
    with pytest.raises(DatabaseError, match="had members, and now holds no entry of one"):
        assert Members(Journal(open_database(f"sqlite:///{path}"))).closed


def test_who_removed_the_last_member_by_intent_opened_it(members: Members) -> None:
    members.add("Ana", Role.COORDINATOR, WORDS, by="Luis")
    assert members.closed
    members.remove("Ana", by="Luis", reopen=True)
    assert not members.closed


@pytest.mark.parametrize("asked", [["list"], ["tries"], ["remove", "Ana"]])
def test_who_only_looks_makes_no_database(
    asked: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GEO_STORE_URL", f"sqlite:///{tmp_path / 'store.db'}")
    assert main(asked) == 1
    assert "there is no database yet where GEO_STORE_URL says" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_file_with_the_hashes_is_for_this_account_alone(tmp_path: Path) -> None:
    Members(Journal(open_database(f"sqlite:///{tmp_path / 'store.db'}"))).add("A", Role.VIEWER, WORDS, by="B")
    made = list(tmp_path.iterdir())
    assert made
    assert {path.stat().st_mode & 0o077 for path in made} == {0}
