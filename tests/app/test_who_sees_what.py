"""What each role sees at each exit: every page, button, document, printed file, and what goes to the map.

A walk goes through all of it as nobody in particular and as a member of each role, in an installation whose
store is full of what is not for everybody. Two tables say what is there to see and who sees it; a page, a
state or a button that is not in them fails.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from geo.datasets.declared import DATASETS
from geo.datasets.storage import read_shapes_of, read_table_of
from geo.errors import GeoError
from geo.settings import static_dir
from store.database import open_database
from store.journal import Journal
from store.members import EVERY_RIGHT, NOBODY, RIGHTS, Members, Right, Role
from store.visibility import KINDS, may_see, require_sight, to_visible
from tests.app.exits import ROOT, Walk
from tests.app.planted import PLANTED, plant_board, plant_canvass, plant_programs, system_names
from tests.app.screens import screens_of

pytestmark = pytest.mark.slow
PASSPHRASE = "nine brown dogs at the well"
NAMES = "system name"
BOARD = {NAMES, "member", "board note", "reason"}
FIELD = {"member", "volunteer", "turf note", "door", "sheet"}

# Who sees what, at whichever exit it stands.
SEES: Mapping[str, set[str]] = {
    "nobody": set(),
    Role.VIEWER: {"small count", "sheet", "residents"},
    Role.CANVASS_LEAD: {*FIELD, "small count", "residents", "person code"},
    Role.TASK_FORCE: {*BOARD, "project"},
    Role.COORDINATOR: {*BOARD, "project", *FIELD, "small count", "residents", "person code"},
}
LEADS = (Role.CANVASS_LEAD, Role.COORDINATOR)
# What there is to see at each exit: a screen, or (by the button's key) a file.
SHOWN: Mapping[str, set[str]] = {
    "home": {NAMES, "project"},
    "explore": {NAMES},
    "explore, water systems": {NAMES},
    "explore, charts": {NAMES},
    "explore, who lives where": {NAMES},
    "water, report": BOARD,
    "water, projects": {*BOARD, "project"},
    "water, edges": BOARD,
    "water, time": BOARD,
    "water, changes": BOARD,
    "water, sheet": BOARD,
    "meeting": {NAMES},
    "meeting, agenda": BOARD,
    "network": {NAMES, "member", "board note"},
    "compare": set(),
    "compare, profile": set(),
    "explore, own layer": {NAMES},
    "turfs": FIELD,
    "turfs, by name": FIELD,
    "returns": {*FIELD, "small count"},
    "returns, other tools": {*FIELD, "small count"},
    "progress": {"volunteer", "small count"},
    "programs": {NAMES, "project"},
    "program, Current status": {"member", "residents"},
    "program, Sessions": {"small count"},
    "program, Record": {"member", "person code"},
    # Forms that were opened stay drawn in the tabs that follow.
    "program, Change": {"member", "residents", "person code"},
    "program, Where next": {"member", "residents", "person code"},
    "program, Report": {"member", "residents", "person code"},
    "calendar": {NAMES, "project"},
    "calendar, one entry": {NAMES, "project"},
    "data": set(),
    "file explore.print.en": set(),
    "file explore.print.es": set(),
    "file explore.download.tracts_2010.csv": set(),
    "file explore.download.tracts_2010.geojson": set(),
    "file explore.download.tracts_2010.gpkg": set(),
    "file explore.download.water_systems.csv": {NAMES},
    "file explore.download.water_systems.geojson": {NAMES},
    "file explore.download.water_systems.gpkg": {NAMES},
    "file explore.download.served": set(),
    "file explore.download.join": set(),
    "file water.report.en": {*BOARD, "project"},
    "file water.report.es": {*BOARD, "project"},
    "file sheet.system.en": {NAMES},
    "file sheet.system.es": {NAMES},
    "file sheet.network.en": {NAMES},
    "file sheet.network.es": {NAMES},
    "file water.download.xlsx": {*BOARD, "project"},
    "file water.download.csv": {NAMES},
    "file water.download.gpkg": {NAMES},
    "file water.download.blank": {NAMES},
    "file compare.download": set(),
    "file compare.sheet": set(),
    "file compare.sheets.download": set(),
    "file own.download": set(),
    "file progress.csv": set(),
    "file progress.xlsx": set(),
    "file programs.download": set(),
    "file programs.download.xlsx": set(),
    "file programs.report.pdf": set(),
    "file program.take.report.pdf.application/pdf": set(),
    "file program.take.pdf.application/pdf": set(),
    "file program.take.html.text/html": set(),
    "file program.take.xlsx.application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": set(),
    "file calendar.download.shown": {NAMES, "project"},
    "file calendar.download.one": {NAMES},
}
# Of what stands at these exits, those who do not record in the field see less than elsewhere.
LESS: Mapping[tuple[str, str], set[str]] = {
    # Nor do they go on with a cut that somebody began, or see who did.
    **{
        (exit_, role): set()
        for exit_ in ("turfs", "turfs, by name")
        for role in (Role.VIEWER, Role.TASK_FORCE)
    },
    ("returns", Role.TASK_FORCE): set(),
    ("returns, other tools", Role.TASK_FORCE): set(),
    **{
        (f"program, {tab}", role): set()
        for tab in ("Record", "Change", "Where next", "Report")
        for role in (Role.VIEWER, Role.TASK_FORCE)
    },
}
# Files that are offered to these alone.
FOR_LEADS: Mapping[str, set[str]] = {
    # The paper of a turf that is out names who walks it.
    "file print.en.pdf": {"volunteer"},
    "file print.es.pdf": {"volunteer"},
    "file print..csv": set(),
    "file print..geojson": set(),
    "file print..kml": set(),
    "file print..gpx": set(),
    "file print..xlsx": set(),
    # A row for each door of a turf by its place in it: none was numbered by who stood there.
    **{f"file print.{tool}.csv": set() for tool in ("van", "pdi", "ecanvasser")},
    **{f"file returns.for.{tool}": {"door"} for tool in ("van", "pdi", "ecanvasser")},
    "file again.pdf": {"door"},
    "file again.csv": {"door"},
    "file paper.empty": set(),
    "file phones.cards": {"volunteer"},
    "file program.take.csv.text/csv": {"person code"},
    "file program.take.people.xlsx.application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {
        "person code"
    },
    "file papers.cards.en": {"person code"},
    "file papers.cards.es": {"person code"},
    "file papers.sheet.en": set(),
    "file papers.sheet.es": set(),
}
# Every button that hands out a file, as its key is written in the code.
BUTTONS = {
    "explore.print.{}",
    "explore.download.{}.{}",
    "explore.download.served",
    "explore.download.join",
    "water.report.{}",
    "water.download.{}",
    "water.download.blank",
    "sheet.{}.{}",
    "compare.download",
    "phones.cards",
    "compare.sheet",
    "compare.sheets.download",
    "own.download",
    "print.{}",
    "returns.for.{}",
    "again.pdf",
    "again.csv",
    "paper.empty",
    "progress.csv",
    "progress.xlsx",
    "programs.download",
    "programs.download.xlsx",
    "programs.report.pdf",
    "program.take.{}.{}",
    "calendar.download.{}",
    "papers.{}.{}",
}


@pytest.fixture(scope="module")
def planted(demo_built: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demo, closed, with a store that is full of what is not for everybody."""
    yield from close_and_plant("demo", tmp_path_factory.mktemp("demo"), plant_canvass, plant_programs)


@pytest.fixture(scope="module")
def planted_real(coachella_built: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The real region, closed, with a board in use."""
    yield from close_and_plant("coachella", tmp_path_factory.mktemp("real"))


def close_and_plant(region: str, folder: Path, *more: Callable[[Journal, str], None]) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GEO_STORE_URL", f"sqlite:///{folder / 'store.db'}")
        journal = Journal(open_database())
        for role in Role:
            Members(journal).add(role.value, role, PASSPHRASE, by="Ana")
        for plant in (plant_board, *more):
            plant(journal, region)
        yield region


def walk_as(role: str, region: str, patch: pytest.MonkeyPatch, pages: set[str] | None = None) -> Walk:
    walk = Walk(patch)
    walk.open(region)
    if role != "nobody":
        app = walk.app.switch_page("app_pages/water.py").run()
        app.text_input(key="signed.name").set_value(role)
        app.text_input(key="signed.passphrase").set_value(PASSPHRASE)
        next(button for button in app.button if button.label == "Sign in").click().run()
    for screen in screens_of(region):
        if pages is None or screen.page in pages:
            walk.visit(screen)
    return walk


def found_in(text: str, secrets: Mapping[str, tuple[str, ...]]) -> set[str]:
    """Which secrets stand in a text; lines of a document may break anywhere, so blanks do not count."""
    flat = "".join(text.split())
    return {name for name, words in secrets.items() if any("".join(word.split()) in flat for word in words)}


@pytest.mark.parametrize("role", ["nobody", *Role])
def test_every_exit_shows_each_role_what_is_declared_and_no_more(
    planted: str, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    walk = walk_as(role, planted, monkeypatch)
    secrets = {NAMES: system_names(planted), **PLANTED}
    declared = {**SHOWN, **(FOR_LEADS if role in LEADS else {})}
    assert set(walk.texts) == set(declared), "an exit is new, or gone: declare what it shows"
    wanted = {name: LESS.get((name, role), shown & SEES[role]) for name, shown in declared.items()}
    assert {name: found_in(text, secrets) for name, text in walk.texts.items()} == wanted


@pytest.mark.real
def test_no_exit_tells_nobody_a_name_of_the_real_region(
    planted_real: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = system_names(planted_real)
    assert len(names) > 200
    walk = walk_as("nobody", planted_real, monkeypatch)
    secrets = {name: (name,) for name in names}
    assert {name: told for name, text in walk.texts.items() if (told := found_in(text, secrets))} == {}


@pytest.mark.real
def test_the_task_force_takes_every_name_of_the_real_region_along(
    planted_real: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = walk_as(Role.TASK_FORCE, planted_real, monkeypatch, {"explore"})
    for form in ("csv", "geojson", "gpkg"):
        text = walk.texts[f"file explore.download.water_systems.{form}"]
        own = [name for name in system_names(planted_real) if not found_in(text, {name: (name,)})]
        assert own == [], form


def test_what_goes_to_the_map_is_among_what_is_walked(planted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    systems = read_shapes_of(planted, "water_systems")
    names = dict(zip(systems["pwsid"], systems["public_name"], strict=True))
    walk = walk_as("nobody", planted, monkeypatch, {"water"})
    drawn = [node.proto for node in walk.app.get("component_instance")]
    assert drawn
    told = " ".join(proto.json_args for proto in drawn)
    assert sum(f'\\"{pwsid}\\"' in told and str(name) in told for pwsid, name in names.items()) > 10


def test_shapes_that_anybody_can_fetch_hold_no_name(demo_built: str) -> None:
    names = system_names(demo_built)
    files = list((static_dir() / "shapes" / demo_built).glob("*.json"))
    assert files
    for path in files:
        assert not [name for name in names if name in path.read_text(encoding="utf-8")], path.name


def test_whoever_signs_out_sees_what_nobody_sees(planted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    walk = walk_as(Role.COORDINATOR, planted, monkeypatch, {"turfs", "water"})
    next(button for button in walk.app.button if button.label == "Sign out").click().run()
    walk.texts.clear()
    for screen in screens_of(planted):
        walk.visit(screen)
    secrets = {NAMES: system_names(planted), **PLANTED}
    assert {name: told for name, text in walk.texts.items() if (told := found_in(text, secrets))} == {}


def test_an_open_installation_asks_for_a_name(
    demo_built: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEO_STORE_URL", f"sqlite:///{tmp_path / 'store.db'}")
    journal = Journal(open_database())
    for plant in (plant_board, plant_canvass):
        plant(journal, demo_built)
    secrets = {NAMES: system_names(demo_built), **PLANTED}
    walk = walk_as("nobody", demo_built, monkeypatch, {"turfs", "water", "explore"})
    assert {name: told for name, text in walk.texts.items() if (told := found_in(text, secrets))} == {}
    walk.app.text_input(key="person.name").set_value("Ana").run()
    walk.texts.clear()
    for screen in screens_of(demo_built):
        if screen.page in {"turfs", "explore"}:
            walk.visit(screen)
    assert found_in(walk.texts["turfs"], secrets) == FIELD
    assert found_in(walk.texts["file explore.download.water_systems.csv"], secrets) == {NAMES}


def test_every_page_is_walked() -> None:
    tree = ast.parse((ROOT / "dashboard.py").read_text(encoding="utf-8"))
    pages = {
        Path(node.value).stem
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and str(node.value).startswith("app_pages/")
    }
    assert pages == {screen.page for screen in screens_of("demo")}


def test_every_button_that_hands_out_a_file_is_declared() -> None:
    assert set(buttons()) == BUTTONS
    exits = {name.removeprefix("file ") for name in (*SHOWN, *FOR_LEADS) if name.startswith("file ")}
    patterns = [re.escape(button).replace(r"\{\}", ".*") for button in BUTTONS]
    assert [one for one in exits if not any(re.fullmatch(pattern, one) for pattern in patterns)] == []
    assert [one for one in patterns if not any(re.fullmatch(one, exit_) for exit_ in exits)] == []


def buttons() -> Iterator[str]:
    """The keys of the buttons that hand out files, what is computed of them as ``{}``."""
    for path in sorted((ROOT / "app_pages").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        keys = {
            node.targets[0].id: node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr == "download_button":
                call = next(c for c in ast.walk(tree) if isinstance(c, ast.Call) and c.func is node)
                key = next(word.value for word in call.keywords if word.arg == "key")
                yield _written(keys[key.id] if isinstance(key, ast.Name) else key)


def _written(key: ast.expr) -> str:
    if isinstance(key, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in key.values)
    assert isinstance(key, ast.Constant)
    return str(key.value)


def test_pages_read_datasets_by_one_door_alone() -> None:
    door = ROOT / "app_pages" / "parts" / "loading.py"
    for folder in ("app_pages", "layers", "reports"):
        for path in (ROOT / folder).rglob("*.py"):
            if path != door:
                assert not re.search(r"\bread_(shapes|table)_of\b", path.read_text(encoding="utf-8")), path


def test_every_dataset_is_declared_and_none_shows_nobody_a_hidden_name(demo_built: str) -> None:
    names = set(system_names(demo_built))
    for name, dataset in DATASETS.items():
        read = read_shapes_of if dataset.kind == "shapes" else read_table_of
        seen = to_visible(read(demo_built, name), name)
        for column in seen.select_dtypes(["object", "string"]).columns:
            assert not names & set(seen[column].dropna().astype(str)), (name, column)


def test_what_is_not_declared_is_refused_and_rights_open_what_they_say() -> None:
    with pytest.raises(GeoError, match="nobody declared who may see 'gossip'"):
        may_see("gossip", EVERY_RIGHT)
    with pytest.raises(GeoError, match="not for everybody"):
        require_sight("walks", NOBODY)
    require_sight("walks", frozenset({Right.FIELD}))
    assert all(may_see(kind, EVERY_RIGHT) for kind in KINDS)
    assert RIGHTS[Role.COORDINATOR] == EVERY_RIGHT
