"""What is refused is refused in the language of the page: in every module that a page can reach."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo.canvass.turfs import TurfHistory, merge_turfs, move_unit, split_turf
from geo.canvass.turfs.check import check_units
from geo.canvass.turfs.edit import _example
from geo.datasets.record import Sidecar, require_sidecar
from geo.errors import GeoError, first_ids
from geo.language import use_language
from geo.methods.classify import parse_limits
from geo.methods.drawing import outline_from_text, require_drawn
from geo.water.cost.connection import connection_cost, tell_reason
from geo.water.cost.parameters import read_method
from geo.water.identifiers import to_pwsid

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("wording", "demo", "geo", "layers", "reports", "store", "app_pages")
# These run where data are fetched and built, in a terminal, before there is a page.
BEHIND_THE_SCENES = (
    "geo/commands/add.py",
    "geo/sources/arcgis.py",
    "geo/sources/archive.py",
    "geo/sources/catalog.py",
    "geo/sources/census_api.py",
    "geo/commands",
    "geo/sources/download.py",
    "geo/sources/fetch.py",
    "geo/sources/fetch.py",
    "geo/sources/checks.py",
    "geo/sources/mirror.py",
    "geo/sources/mirror.py",
    "geo/sources/origins.py",
    "geo/sources/publishers.py",
    "geo/sources/origins.py",
    "geo/sources/checks.py",
    "geo/pipelines",
    "geo/sources/raw.py",
    "geo/sources/checks.py",
    "geo/datasets/schema.py",
    "geo/sources/gtfs.py",
    "geo/sources/http_status.py",
    "layers/assets.py",
)
OURS = {
    node.name
    for node in ast.parse((ROOT / "geo" / "errors.py").read_text(encoding="utf-8")).body
    if isinstance(node, ast.ClassDef)
}
TRANSLATES = {"_", "gettext", "ngettext"}


def reached() -> Iterator[Path]:
    """Every module that a page can reach."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if not path.relative_to(ROOT).as_posix().startswith(BEHIND_THE_SCENES):
                yield path


def words_outside(node: ast.AST) -> Iterator[str]:
    """Words in an argument that no call translates; what stands between gaps, such as ``: ``, is none."""
    if isinstance(node, ast.Call):
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name in TRANSLATES:
            return
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and any(map(str.isalpha, node.value)):
        yield node.value
    for child in _told(node):
        yield from words_outside(child)


def _told(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of an expression that end in its text: no subscript, no condition, no format."""
    if isinstance(node, ast.IfExp):
        yield from (node.body, node.orelse)
    elif isinstance(node, ast.FormattedValue):
        yield node.value
    elif isinstance(node, ast.Call) and not _joins(node):
        yield from (item for item in ast.iter_child_nodes(node) if not isinstance(item, ast.Constant))
    elif not isinstance(node, ast.Subscript | ast.Compare):
        yield from ast.iter_child_nodes(node)


def _joins(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Attribute) and node.func.attr in ("format", "join")


def untranslated(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    raised = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in OURS
    ]
    return [
        f"{path.relative_to(ROOT)}:{call.lineno}: {words}"
        for call in raised
        for argument in call.args
        for words in words_outside(argument)
    ]


def test_every_refusal_that_a_page_can_meet_is_translated() -> None:
    assert [line for path in reached() for line in untranslated(path)] == []


def test_a_text_that_nobody_translates_is_found(tmp_path: Path) -> None:
    """The test above would otherwise hold by finding nothing."""
    source = 'raise GeoError(f"{count} rows", _("mend {it}").format(it="x" if a == "y" else n["z"]))'
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    raised = next(call for call in calls if isinstance(call.func, ast.Name) and call.func.id in OURS)
    assert [word for item in raised.args for word in words_outside(item)] == [" rows", "x"]


@pytest.fixture
def spanish() -> Iterator[None]:
    use_language("es")
    yield
    use_language("en")


REFUSED: list[tuple[Callable[[], object], str, str]] = [
    (lambda: to_pwsid("CA33"), "no es un PWSID", "escriba CA y siete cifras"),
    (lambda: parse_limits("10; twenty"), "no son todos números", "con punto para los decimales"),
    (lambda: outline_from_text("nothing"), "no contiene un contorno legible", "dibuje el área de nuevo"),
    (
        lambda: require_drawn(shapely.from_wkt("POLYGON ((0 0, 1 1, 1 0, 0 2, 0 0))")),
        "se cruza a sí mismo",
        "sin líneas que se crucen",
    ),
    (lambda: read_method("none"), "no existe el método", "use uno de estos"),
    (lambda: connection_cost(pd.DataFrame({"pwsid": ["CA33"]})), "le falta", "agréguelos"),
    (lambda: require_sidecar("demo", "no_such_dataset"), "no está construido", "ejecute python -m geo"),
    (
        lambda: check_units(gpd.GeoDataFrame({"doors": []}, geometry=[], crs="EPSG:3310"), "doors"),
        "no hay nada que repartir",
        "mayor",
    ),
    (lambda: move_unit(_example(), 9, to=0), "no existe la unidad", "elija una"),
    (lambda: move_unit(_example(), 0, to=1), "no está junto", "mueva"),
    (lambda: split_turf(_example(), 0, into=5), "no se puede partir en 5", "pida de 2 a"),
    (lambda: merge_turfs(_example(), 1, 1), "no se puede unir consigo mismo", "elija dos"),
    (lambda: merge_turfs(_example(), 1, 7), "no son de esta división", "use uno"),
    (lambda: TurfHistory(_example()).undo(), "no hay nada que deshacer", "primero"),
    (lambda: TurfHistory(_example()).redo(), "no hay nada que rehacer", "primero"),
]


@pytest.mark.usefixtures("spanish")
@pytest.mark.parametrize(("refused", "fault", "remedy"), REFUSED)
def test_a_spanish_page_refuses_in_spanish(refused: Callable[[], object], fault: str, remedy: str) -> None:
    with pytest.raises(GeoError) as caught:
        refused()
    assert fault in caught.value.fault
    assert remedy in caught.value.remedy


@pytest.mark.usefixtures("spanish")
def test_how_many_more_there_are_is_said_in_spanish() -> None:
    assert first_ids(range(9)) == "0, 1, 2, 3, 4 y 4 más"


@pytest.mark.usefixtures("spanish")
def test_why_a_dataset_is_not_built_is_told_in_the_language_of_who_reads() -> None:
    """It was written into the sidecar by a build, whose language is nobody's at a page."""
    lacks = {
        "words": "{title}: data not available",
        "source": "roads",
        "title": "Main roads of 2024",
    }
    why = {"words": "it needs {name}, which is not built: {why}", "name": "barriers", "why": lacks}
    sidecar = Sidecar("demo", "barriers", {"status": "missing", "why": why})
    assert (
        sidecar.reason
        == "necesita barriers, que no está construido: Main roads of 2024: datos no disponibles"
    )
    assert tell_reason("distance not known") == "no se conoce la distancia"
    use_language("en")
    assert sidecar.reason == "it needs barriers, which is not built: Main roads of 2024: data not available"
