"""Tries to sign in are limited by name, tab, address and in all, keep nobody out for ever, and are told."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from geo.errors import StoreError
from store import sign_in_limits
from store.journal import Journal
from store.members import Members, Role, main
from store.sign_in_limits import (
    FREE_ADDRESS,
    FREE_ALL,
    FREE_NAME,
    FREE_TAB,
    MOST_LETTERS,
    MOST_WAITING,
    Answer,
    Desk,
    note_seen,
    refused_since,
    refused_unseen,
)
from store.sign_ins import IDLE_S, LONGEST_S, TICKET_S, SignIns, check_passphrase

WORDS = "nine brown dogs at the well"
TOGETHER = "passphrase is wrong"


class Clock:
    """A clock that is put forward by hand."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **of: float) -> None:
        self.now += timedelta(**of)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def members(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Members:
    """Ana and Eva, whose passphrases are compared without the cost of a hash."""
    found = Members(Journal(engine))
    for name in ("Ana", "Eva"):
        found.add(name, Role.COORDINATOR, WORDS, by="Luis")
    monkeypatch.setattr("store.members.is_passphrase", lambda words, kept: words == WORDS)
    return found


def ask(
    desk: Desk, members: Members, name: str = "Ana", words: str = "wrong", tab: str = "t", address: str = "a"
) -> Answer:
    return desk.answer(members, name, words, tab=tab, address=address)


def test_each_refused_try_doubles_the_wait_for_a_name_and_the_right_words_do_not_shorten_it(
    members: Members, clock: Clock
) -> None:
    desk = Desk(clock)
    for turn in range(3):
        assert TOGETHER in ask(desk, members, tab=str(turn), address=str(turn)).refusal
    for turn, told in enumerate(("15 seconds", "30 seconds", "1 minute", "2 minutes", "4 minutes"), start=3):
        refused = ask(desk, members, "ANA ", WORDS, tab=f"x{turn}", address=f"x{turn}")
        assert refused.member is None
        assert refused.refusal == f"Too many tries for this name. Try again in {told}."
        clock.forward(minutes=4)
        assert TOGETHER in ask(desk, members, tab=str(turn), address=str(turn)).refusal


def test_a_wait_ends_after_a_quarter_of_an_hour_however_many_tries_there_were(
    members: Members, clock: Clock
) -> None:
    desk = Desk(clock)
    for turn in range(40):
        ask(desk, members, tab=str(turn), address=str(turn))
        clock.forward(minutes=15)
    assert ask(desk, members, words=WORDS, tab="own", address="own").member is not None


def test_a_restart_forgives_no_tries_with_a_members_name(members: Members, clock: Clock) -> None:
    for turn in range(3):
        ask(Desk(clock), members, tab=str(turn), address=str(turn))
    assert "for this name" in ask(Desk(clock), members, words=WORDS).refusal
    clock.forward(seconds=16)
    assert ask(Desk(clock), members, words=WORDS).member is not None
    assert TOGETHER in ask(Desk(clock), members).refusal


def test_a_name_that_nobody_has_waits_as_any_other(members: Members, clock: Clock) -> None:
    desk = Desk(clock)
    told = [ask(desk, members, "nobody", tab=str(turn), address=str(turn)).refusal for turn in range(4)]
    assert [TOGETHER in words for words in told] == [True, True, True, False]
    assert told[3] == "Too many tries for this name. Try again in 15 seconds."


def test_a_stranger_keeps_no_member_out_where_they_signed_in_before(members: Members, clock: Clock) -> None:
    desk = Desk(clock)
    assert ask(desk, members, words=WORDS, address="office").member
    for turn in range(10):
        ask(desk, members, tab=str(turn), address="stranger")
        clock.forward(minutes=1)
    assert "Too many" in ask(desk, members, words=WORDS, address="stranger").refusal
    assert ask(desk, members, words=WORDS, address="office").member


def test_a_tab_and_an_address_have_so_many_tries_whatever_names_they_give(
    members: Members, clock: Clock
) -> None:
    desk = Desk(clock)
    for turn in range(FREE_TAB):
        assert TOGETHER in ask(desk, members, f"name {turn}", tab="one", address=str(turn)).refusal
    assert "from here" in ask(desk, members, "another", tab="one", address="new").refusal
    for turn in range(FREE_ADDRESS):
        assert TOGETHER in ask(desk, members, f"person {turn}", tab=f"t{turn}", address="home").refusal
    assert "from here" in ask(desk, members, "another", tab="new", address="home").refusal


def test_all_together_have_so_many_tries(members: Members, clock: Clock) -> None:
    desk = Desk(clock)
    for turn in range(FREE_ALL):
        assert TOGETHER in ask(desk, members, f"name {turn}", tab=str(turn), address=str(turn)).refusal
    assert "Too many people" in ask(desk, members, "one", tab="n", address="n").refusal
    clock.forward(minutes=16)
    assert TOGETHER in ask(desk, members, "one", tab="n", address="n").refusal


def test_of_a_name_without_end_little_is_kept(members: Members, clock: Clock) -> None:
    """Names that differ far beyond what is looked at are one, and wait as one."""
    desk = Desk(clock)
    names = ["x" * 4_000_000 + str(turn) for turn in range(FREE_NAME)]
    for turn, name in enumerate(names):
        assert TOGETHER in ask(desk, members, name, tab=f"t{turn}", address=f"a{turn}").refusal
    assert "for this name" in ask(desk, members, "x" * MOST_LETTERS, tab="n", address="n").refusal


def test_one_passphrase_is_compared_at_a_time_and_a_few_wait_in_line(
    members: Members, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A flood of tries takes no second core, and what is too much is told at once."""
    inside, most, gate, lock = 0, 0, threading.Event(), threading.Lock()
    entered = threading.Event()

    def compare(words: str, kept: str) -> bool:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        entered.set()
        gate.wait(30)
        with lock:
            inside -= 1
        return False

    monkeypatch.setattr("store.members.is_passphrase", compare)
    desk, told = Desk(), []
    full = threading.Event()

    def one(turn: int) -> None:
        told.append(ask(desk, members, f"name {turn}", tab=str(turn), address=str(turn)).refusal)
        full.set()

    threads = [threading.Thread(target=one, args=(turn,)) for turn in range(MOST_WAITING + 2)]
    for thread in threads:
        thread.start()
    assert entered.wait(30)
    assert full.wait(30), "the one too many was not told at once"
    assert "Too many people are signing in" in told[0]
    gate.set()
    for thread in threads:
        thread.join(30)
    assert most == 1
    assert len(told) == MOST_WAITING + 2


def test_who_was_refused_is_told_by_name_until_it_was_seen(
    members: Members, clock: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    desk, ana = Desk(clock), members.find("Ana")
    assert ana is not None
    for turn in range(2):
        ask(desk, members, "eva", tab=str(turn), address=str(turn))
    for turn in range(4):
        ask(desk, members, f"stranger {turn}", tab=str(turn), address=str(turn))
    ask(desk, members, "Eva", WORDS)
    told = {item.name: item.count for item in refused_unseen(members.journal, ana)}
    assert told == {"Eva": 2, "": 1}
    clock.forward(minutes=15)
    ask(desk, members, "stranger", tab="z", address="z")
    assert {item.name: item.count for item in refused_unseen(members.journal, ana)} == {"Eva": 2, "": 5}
    note_seen(members.journal, ana)
    assert refused_unseen(members.journal, ana) == []
    assert len(refused_since(members.journal, clock.now - timedelta(days=1))) == 2
    monkeypatch.setattr("store.members.open_database", lambda **_asked: members.journal.engine)
    assert main(["tries"]) == 0
    said = capsys.readouterr().out
    assert "Eva: 2 tries" in said
    assert "names that nobody has: 5 tries" in said


def test_a_flood_of_names_writes_no_flood_of_entries(members: Members, clock: Clock) -> None:
    desk = Desk(clock)
    before = len(members.journal.history("*"))
    for turn in range(FREE_ALL):
        ask(desk, members, f"name {turn}", tab=str(turn), address=str(turn))
    assert len(members.journal.history("*")) - before == 1


@pytest.mark.parametrize(
    "weak",
    ["aaaaaaaaaaaa", "passwordpassword", "123456789012", "qwertyuiop12", "Coachella2026!", "abcabcabcabc",
     "Ana López Ana López", "analopez2026", "agua agua agua agua", "contraseña1234", "dashboard dashboard"],
)  # fmt: skip
def test_a_passphrase_that_is_soon_guessed_is_refused(weak: str) -> None:
    with pytest.raises(StoreError, match="soon guessed: choose a few words"):
        check_passphrase(weak, "Ana López")


@pytest.mark.parametrize(
    "good", [WORDS, "correct horse battery staple", "perros cafés junto al pozo", "jK8#mq!vR2zT"]
)
def test_one_that_is_not_is_taken(good: str) -> None:
    check_passphrase(good, "Ana López")


def test_a_weak_or_very_long_one_makes_no_member_and_costs_nothing(engine: Engine) -> None:
    members = Members(Journal(engine))
    for words, why in ((WORDS * 100, "more than 200 characters"), ("aaaaaaaaaaaa", "soon guessed")):
        with pytest.raises(StoreError, match=why):
            members.add("Ana", Role.VIEWER, words, by="Luis")
    assert not members.closed
    members.add("Ana", Role.VIEWER, WORDS, by="Luis")
    assert members.sign_in("Ana", WORDS + " " * 10_000_000) is None


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_sign_in_ends_when_it_is_not_used_and_at_the_latest_after_a_day() -> None:
    clock = Seconds()
    found = SignIns(clock)
    idle, used = found.begin("Ana", 1), found.begin("Eva", 2)
    clock.now = IDLE_S - 1
    assert found.who(used) == ("Eva", 2)
    clock.now = IDLE_S
    assert found.who(idle) is None
    while clock.now + IDLE_S / 2 < LONGEST_S:
        clock.now += IDLE_S / 2
        assert found.who(used) == ("Eva", 2)
    clock.now = LONGEST_S
    assert found.who(used) is None


def test_a_ticket_is_good_once_and_for_a_minute_and_says_nothing_of_the_secret() -> None:
    clock = Seconds()
    found = SignIns(clock)
    key = found.begin("Ana", 1)
    ticket = found.ticket(key)
    assert found.ticket(key) == ticket
    assert found.redeem("something") == ""
    assert found.redeem("") == ""
    secret = found.redeem(ticket)
    assert secret
    assert found.redeem(ticket) == ""
    assert found.ticket(key) == ""
    assert found.by_token(secret) == key
    assert found.by_token(ticket) == found.by_token(key) == found.by_token("") == ""
    late = found.ticket(found.begin("Eva", 2))
    clock.now += TICKET_S + 1
    assert found.redeem(late) == ""


def test_what_is_kept_tells_no_secret() -> None:
    found = SignIns()
    secret = found.redeem(found.ticket(found.begin("Ana", 1)))
    assert secret not in repr(found._found)


def test_very_many_sign_ins_push_out_the_one_that_was_not_used_longest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("store.sign_ins.MOST", 3)
    clock = Seconds()
    found = SignIns(clock)
    keys = []
    for turn in range(4):
        clock.now = float(turn)
        keys.append(found.begin(f"name {turn}", 1))
    assert [found.who(key) is not None for key in keys] == [False, True, True, True]
    assert sign_in_limits.wait_after(0, 1) == timedelta()
