"""The page on architecture says what is there: a row for each package, and the floors of import-linter."""

from __future__ import annotations

import re
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "ARCHITECTURE.md").read_text(encoding="utf-8")
LINTER = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
ROOTS: list[str] = LINTER["root_packages"]


def packages() -> list[str]:
    """Top-level packages, and those that stand directly in ``geo``."""
    inside = [f"geo/{path.parent.name}" for path in (ROOT / "geo").glob("*/__init__.py")]
    return [*ROOTS, *inside]


@pytest.mark.parametrize("package", packages())
def test_each_package_has_a_row(package: str) -> None:
    table = PAGE.split("```")[0]
    assert re.search(rf"`{package}[`/]", table), f"{package} is not in the table"


def test_every_path_that_the_page_names_is_there() -> None:
    table = PAGE.split("```")[0]
    for line in table.splitlines()[4:]:
        if not line.startswith("| ") or line.startswith("| what would"):
            continue
        _, _, where, examples, _ = line.split("|")
        homes = [ROOT / name for name in re.findall(r"`([\w/.]+)`", where)]
        named = [ROOT / name for name in re.findall(r"`([\w/.]+)`", where) if "/" in name]
        assert all(path.exists() for path in named), line
        for name in re.findall(r"`([\w/.]+)`", examples):
            places = [*homes, *(home.parent for home in homes)]
            found = [place / f"{name}{end}" for place in places for end in ("", ".py")]
            text = "".join(path.read_text(encoding="utf-8") for path in homes if path.suffix == ".py")
            assert any(path.exists() for path in found) or f"def {name}" in text, (name, line)


def test_the_picture_has_the_floors_that_import_linter_holds() -> None:
    picture = PAGE.split("```")[1]
    floors = next(item for item in LINTER["contracts"] if item.get("containers") == ["geo"])
    names = [name for layer in floors["layers"] for name in re.findall(r"\w+", layer) if name != "__main__"]
    places = [picture.index(name, picture.index("geo:")) for name in names]
    assert places == sorted(places), "the floors stand in another order"
    arrows = next(
        item for item in LINTER["contracts"] if item["type"] == "layers" and "containers" not in item
    )
    drawn = picture[: picture.index("geo:")]
    heights = [[drawn.index(name) for name in re.findall(r"\w+", layer)] for layer in arrows["layers"][:-1]]
    assert all(max(above) < min(below) for above, below in pairwise(heights))


def test_nothing_imports_the_demo() -> None:
    for package in ROOTS:
        for path in (ROOT / package).rglob("*.py"):
            if package != "demo":
                text = path.read_text(encoding="utf-8")
                assert not re.search(r"^\s*(from|import) demo\b", text, re.MULTILINE), path
