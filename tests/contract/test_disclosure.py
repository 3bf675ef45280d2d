"""Who looks is asked once: figures are made whole or for everybody, and nothing further down asks again."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from geo.program.figures import ProgramFigures, RegionFigures
from geo.program.public_view import PublicFigures, PublicRegionFigures

ROOT = Path(__file__).parents[2]
PRODUCT = ("geo", "store", "wording", "layers", "reports", "app_pages", "server", "demo")
# Names by which a flag says who looks, and does not say what that permits.
FLAGS = {"full", "whole_counts", "sees_small", "small", "staff"}


def modules(*packages: str) -> Iterator[tuple[str, ast.Module]]:
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text("utf-8"))


def flags_of(tree: ast.Module) -> list[str]:
    """Parameters of functions, and fields of classes, that are such a flag."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            found += [argument.arg for argument in given if is_bool(argument.annotation)]
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and is_bool(node.annotation):
            found.append(node.target.id)
    return [name for name in found if name in FLAGS]


def is_bool(annotation: ast.expr | None) -> bool:
    return isinstance(annotation, ast.Name) and annotation.id == "bool"


def test_such_a_flag_is_found() -> None:
    source = (
        "def show(table, *, full: bool): ...\nclass A:\n    staff: bool\ndef fine(full: str, bare: bool): ..."
    )
    assert flags_of(ast.parse(source)) == ["full", "staff"]


def test_no_function_takes_a_flag_that_says_who_looks() -> None:
    found = {name: flags for name, tree in modules(*PRODUCT) if (flags := flags_of(tree))}
    assert not found, f"choose figures by who looks where the page starts, and hand those on: {found}"


@pytest.mark.parametrize(
    ("right", "places"),
    [
        ("sees_small", {"app_pages/parts/program/data.py", "app_pages/parts/canvass/returns.py"}),
        ("PublicRegionFigures", {"app_pages/parts/program/data.py"}),
        ("PublicOutlook", {"app_pages/parts/canvass/progress.py"}),
    ],
)
def test_the_choice_stands_in_one_place(right: str, places: set[str]) -> None:
    found = {
        name
        for name, tree in modules("wording", "layers", "reports", "app_pages")
        for node in ast.walk(tree)
        if (isinstance(node, ast.Attribute) and node.attr == right)
        or (isinstance(node, ast.Name) and node.id == right)
    }
    assert found == places


# Figures that tell of no single few, or of which the whole is a part of the public ones by construction.
AS_THEY_ARE = {
    ProgramFigures: {"held", "standings", "touched"},
    RegionFigures: {"of", "each", "least", "touched"},
}


@pytest.mark.parametrize(
    ("whole", "public"), [(ProgramFigures, PublicFigures), (RegionFigures, PublicRegionFigures)]
)
def test_every_figure_is_made_again_for_everybody(whole: type, public: type) -> None:
    """A figure that is added to the whole ones is shown to everybody until somebody thought of it."""
    figures = {name for name in vars(whole) if not name.startswith("_")} - {"program", "programs", "records"}
    assert figures - {"day"} - set(vars(public)) == AS_THEY_ARE[whole]
    assert PublicFigures.least == 10, "reach and standings follow from it, and from each curve"
