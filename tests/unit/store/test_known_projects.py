"""Known projects: offered, never written until somebody accepts, and then with their source."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pandas as pd
import pytest
from sqlalchemy import Engine

from geo.datasets.storage import read_shapes_of
from geo.errors import ConflictError, StoreError
from geo.water.identifiers import is_pwsid
from store.journal import Journal
from store.water.book import Board, Change
from store.water.kinds import Funding, Service, Stage, Status
from store.water.known_projects import (
    Answer,
    Reply,
    accept,
    decline,
    may_be_meant,
    open_offers,
    read_known_projects,
    reported_stages,
)
from store.water.past import Past
from store.water.system_names import name_systems

PWSIDS = ["CA3303100", "CA3301276", "CA3301380", "CA3303111"]


@pytest.fixture
def board(engine: Engine) -> Board:
    return Board(Journal(engine), "coachella", PWSIDS)


def offer(board: Board, key: str) -> object:
    return next(item for item in open_offers(board) if item.key == key)


def test_every_project_has_a_source_and_says_why_it_was_matched() -> None:
    for project in read_known_projects():
        assert project.source
        assert project.matched_by
        assert project.note
        assert all(is_pwsid(pwsid) for pwsid in (*project.certain, *project.choices))
        assert not set(project.certain) & set(project.choices)
        assert set(project.es) >= {"note", "matched_by"}, "told in Spanish as well"


@pytest.mark.slow
def test_the_systems_of_what_is_publicly_known_are_in_the_states_tables(coachella_built: str) -> None:
    names = read_shapes_of("coachella", "water_systems").set_index("pwsid")["name"].str.casefold()
    wanted = {
        "oasis_gardens": ("CA3303100", "oasis gardens"),
        "thermal_mutual": ("CA3301276", "thermal mutual"),
        "avenue_66_saint_anthony": ("CA3301380", "san antonio"),
        "avenue_66_seferino_huerta": ("CA3303111", "seferino huerta"),
        "avenue_66_manuela_garcia": ("CA3303048", "manuela garcia"),
        "valley_view": ("CA3301717", "valley view"),
        "saint_anthony_sewer": ("CA3301380", "san antonio"),
    }
    projects = {project.key: project for project in read_known_projects() if project.region == "coachella"}
    for key, (pwsid, name) in wanted.items():
        assert pwsid in (*projects[key].certain, *projects[key].choices)
        assert name in names[pwsid]
    nowhere = {"westside_elementary", "la_pena", "mecca_treatment"}
    assert set(projects) == {*wanted, *nowhere}
    for key in nowhere:
        assert projects[key].certain == projects[key].choices == ()


@pytest.mark.slow
def test_saint_anthony_is_found_by_the_name_that_the_number_bore(coachella_built: str) -> None:
    """Without the numbers that the file gives, by the State's tables of names alone."""
    named = name_systems(read_shapes_of(coachella_built, "water_systems"))
    for project in read_known_projects():
        if project.names:
            assert may_be_meant(replace(project, certain=(), choices=()), named) == ("CA3301380",)
    stages = reported_stages(read_known_projects(), named, Service.WATER)
    connected = {pwsid for pwsid, stage in stages.items() if stage is Stage.CONNECTED}
    assert {"CA3303100", "CA3301276", "CA3301380", "CA3303111", "CA3303048"} <= connected
    assert stages["CA3301717"] is Stage.FUNDED


def test_what_is_answered_is_reported_no_longer_but_was_before(board: Board) -> None:
    named = name_systems(pd.DataFrame({"pwsid": PWSIDS, "name": PWSIDS}))
    project = offer(board, "oasis_gardens")
    accept(board, project, project.certain, who="Ana")
    (entry,) = board.journal.latest("coachella", Reply.kind)
    before = entry.at - timedelta(microseconds=1)
    assert "CA3303100" not in reported_stages(open_offers(board), named, Service.WATER)
    assert "CA3303100" in reported_stages(
        open_offers(board, as_of=Past(before.date(), before, "UTC", recorded=True)), named, Service.WATER
    )


def test_offers_write_nothing(board: Board) -> None:
    assert len(open_offers(board)) >= 9
    assert board.journal.history("coachella") == []


def test_an_accepted_project_stands_on_the_board_with_its_source(board: Board) -> None:
    project = offer(board, "oasis_gardens")
    accept(board, project, project.certain, who="Ana")
    row = board.statuses().loc[("CA3303100", "water")]
    assert (row["stage"], row["who"]) == ("connected", "Ana")
    assert row["evidence"] == project.source
    assert row["reached_on"] == "2020/2021"
    assert "oasis_gardens" not in {item.key for item in open_offers(board)}


def test_money_is_recorded_only_where_it_is_known_for_one_system(board: Board) -> None:
    accept(board, offer(board, "saint_anthony_sewer"), ["CA3301380"], who="Ana")
    (money,) = board.kept(Funding)
    assert money.record.amount_usd == 3_890_600
    assert money.record.service == "wastewater"
    accept(board, offer(board, "avenue_66_saint_anthony"), ["CA3301380"], who="Ana")
    assert len(board.kept(Funding)) == 1


def test_a_declined_project_is_not_offered_again(board: Board) -> None:
    decline(board, offer(board, "la_pena"), who="Luis", why="not a system of ours")
    assert "la_pena" not in {item.key for item in open_offers(board)}
    assert [kept.record.answer for kept in board.kept(Reply)] == [Answer.DECLINED]


def test_what_does_not_hold_is_refused_and_nothing_is_written(board: Board) -> None:
    project = offer(board, "thermal_mutual")
    with pytest.raises(StoreError, match="no system is chosen for Thermal Mutual"):
        accept(board, project, [], who="Ana")
    with pytest.raises(StoreError, match="CA9999999"):
        accept(board, project, ["CA9999999"], who="Ana")
    assert board.journal.history("coachella") == []
    status = Status(pwsid="CA3301276", service="water", stage="planning")
    board.record([Change(status, seen=0)], who="Luis")
    with pytest.raises(StoreError, match="CA3301276 has a stage already"):
        accept(board, project, project.certain, who="Ana")


def test_two_answers_at_once_conflict(board: Board) -> None:
    project = offer(board, "oasis_gardens")
    decline(board, project, who="Luis")
    with pytest.raises(ConflictError):
        decline(board, project, who="Ana")
