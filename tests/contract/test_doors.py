"""The doors for files from people: all are listed here, and no other part of the code opens a file."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("wording", "app_pages", "demo", "geo", "layers", "reports", "store")
# The one uploader, and every part of a page that asks for a file through it, with what reads it there.
# Each of these functions, or one that it calls, stands in tests/unit/intake/doors.py and meets hostile files.
UPLOADER = "app_pages/parts/page.py"
ASKING = {
    "app_pages/parts/program/boundaries.py": "inspect_boundary",
    "app_pages/parts/tracts/own_layer.py": "read_own",
    "app_pages/parts/water/placing.py": "read_vectors",
    # Every table that a person hands in, of whatever kind.
    "app_pages/parts/intake.py": "read_grids",
}
# Every function that takes a file's content.
TAKING = {
    # One filled form of a phone: XML without a DTD, of 256 kB at most.
    "geo/canvass/returns.py": {"read_submission"},
    "geo/program/boundaries.py": {"read_boundary", "inspect_boundary"},
    "geo/intake/grids.py": {"read_grids"},
    "geo/intake/sheets.py": {"read_rows", "read_table", "_frame"},
    "geo/intake/vectors.py": {"read_vectors", "_look"},
    "geo/program/sites.py": {"site_grids"},
    "geo/tracts/own_layers.py": {"read_own"},
    # Run in the confined reader.
    "geo/intake/books.py": {"_look_at_text"},
    "geo/intake/cells.py": {"_read_csv", "_decode", "_is_table"},
    # The parent's side of the door.
    "geo/intake/reader.py": {"_put", "_send"},
}
# These take bytes of our own making, a passphrase, a secret, or what a publisher sent on its way to be
# checked (geo/sources/checks.py).
OTHER_BYTES = {
    "demo/files.py",
    "reports/export.py",
    "geo/methods/contact_codes.py",
    "geo/program/disclosure.py",
    "geo/datasets/record.py",
    "geo/datasets/shapes.py",
    "geo/datasets/storage.py",
    "geo/sources/download.py",
    "geo/datasets/build.py",
    "geo/sources/publishers.py",
    "geo/sources/raw.py",
    "geo/sources/http_status.py",
    "geo/sources/origins.py",
    "geo/sources/mirror.py",
    "reports",
    "store/sign_ins.py",
}
OPENING = {
    "read_file",
    "read_excel",
    "ExcelFile",
    "load_workbook",
    "read_dataframe",
    "read_arrow",
    "open_arrow",
    "list_layers",
    "read_info",
    "read_bounds",
    "ZipFile",
    "iterparse",
    "fromstring",
    "XMLParser",
}
# Where a file is opened by something else than the intake, and why no stranger's file comes there unseen.
OPENED = {
    "demo/files.py": "writes the invented region's zips",
    "geo/sources/archive.py": "checks a source's zip, unpacking into nothing",
    "geo/sources/checks.py": "checks a timetable's tables as text, from a zip that was checked",
    "geo/sources/gtfs.py": "reads a timetable's tables as text, from a zip that was checked",
    "reports/archive.py": "writes the zip of a download",
}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def called(tree: ast.AST) -> set[str]:
    """Names of all functions that a module calls or hands on."""
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return names | {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def takes_bytes(node: ast.AST) -> bool:
    if not isinstance(node, ast.FunctionDef):
        return False
    given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    return any(item.annotation and "bytes" in ast.unparse(item.annotation).split(" | ") for item in given)


TREES = dict(modules())


def test_there_is_one_uploader() -> None:
    assert [name for name, tree in TREES.items() if "file_uploader" in called(tree)] == [UPLOADER]
    for widget in ("camera_input", "audio_input"):
        assert not [name for name, tree in TREES.items() if widget in called(tree)]
    talking = [
        name
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg in ("accept_file", "accept_audio")
    ]
    assert talking == []


def test_every_page_that_asks_for_a_file_is_listed_with_what_reads_it() -> None:
    asking = {name: tree for name, tree in TREES.items() if "ask_file" in called(tree) and name != UPLOADER}
    assert set(asking) == set(ASKING)
    for name, tree in asking.items():
        assert ASKING[name] in called(tree), name
        assert not called(tree) & {"BytesIO", "StringIO", "open", "read_csv", "read_json"}, name


def test_every_function_that_takes_a_file_is_listed() -> None:
    taking: dict[str, set[str]] = {}
    for name, tree in TREES.items():
        if not name.startswith(tuple(OTHER_BYTES)):
            found = {str(getattr(node, "name", "")) for node in ast.walk(tree) if takes_bytes(node)}
            taking |= {name: found} if found else {}
    assert taking == TAKING


def test_every_door_meets_the_hostile_files() -> None:
    doors = called(ast.parse((ROOT / "tests" / "unit" / "intake" / "doors.py").read_text(encoding="utf-8")))
    public = {name for names in TAKING.values() for name in names if not name.startswith("_")}
    behind = {"read_boundary", "read_table"}  # call one that does
    for name in public - behind:
        assert name in doors, name


def test_nothing_but_the_intake_opens_a_file() -> None:
    opening = {
        name: sorted(called(tree) & OPENING)
        for name, tree in TREES.items()
        if not name.startswith("geo/intake/") and called(tree) & OPENING
    }
    assert set(opening) == set(OPENED), {name: what for name, what in opening.items() if name not in OPENED}


@pytest.mark.parametrize("imported", ["fiona", "osgeo", "rasterio", "pickle", "marshal", "shelve", "lxml"])
def test_no_other_reader_is_imported(imported: str) -> None:
    for name, tree in TREES.items():
        for node in ast.walk(tree):
            names = [item.name for item in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert imported not in {item.split(".")[0] for item in names}, name


def test_a_new_door_would_be_seen() -> None:
    """The tests above would otherwise hold by finding nothing."""
    tree = ast.parse(
        "def take(content: bytes | None) -> None:\n    gpd.read_file(content); st.file_uploader('x')"
    )
    assert takes_bytes(tree.body[0])
    assert {"read_file", "file_uploader"} <= called(tree)
