"""Every way in which a file that a person hands in is read: by what calls it, with content and name."""

from __future__ import annotations

import contextlib
import io
import tempfile
from collections.abc import Callable
from pathlib import Path

from geo.__main__ import main
from geo.canvass.returns import read_submission
from geo.commands.add import add_file
from geo.errors import GeoError
from geo.intake.grids import read_grids
from geo.intake.sheets import read_rows
from geo.intake.tables import find_table
from geo.intake.vectors import read_vectors
from geo.methods.interpolation.partitions import read_partitions
from geo.program.boundaries import inspect_boundary
from geo.program.sign_in_sheets import SIGN_IN, Known, judge_sheet
from geo.program.sites import SITE_TABLE, judge_sites, site_grids
from geo.region import read_region
from geo.sources.catalog import Format, read_catalog
from geo.sources.raw import RawStore
from geo.tracts.own_layers import read_own
from store.water.board_sheet import BOARD_SHEET
from tests.unit.intake.hostile_shapes import collection

Door = Callable[[bytes, str], object]
REGION = read_region("coachella")
# One source of each kind of file that `geo add` takes and that another program than ours reads.
ADDED: dict[str, str] = {
    "geojson": "water_district_boundaries",
    "zip": "roads",
    "xlsx": "ca_htc_index_2019",
}
ADDED_FORMATS: dict[str, Format] = {"geojson": "geojson", "zip": "shapefile", "xlsx": "xlsx"}


def add(content: bytes, name: str) -> object:
    """``geo add``: by a source of that kind of file."""
    kind = Path(name).suffix.removeprefix(".")
    if kind not in ADDED:
        raise GeoError("no source has such files", "add one that a source declares")
    source = read_catalog()[ADDED[kind]]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        store = RawStore("test", Path(folder) / "raw")
        county = "" if source.scope == "state" else REGION.counties[0]
        return add_file(source, path, store, REGION, county or None)


def add_as_csv(content: bytes, name: str) -> object:
    """``geo add``: a workbook where a source declares CSV, its columns named."""
    source = read_catalog()["health_districts" if name.endswith("json") else "calenviroscreen_4"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        named = {source.key_columns[0]: "Name"}
        return add_file(source, path, RawStore("test", Path(folder) / "raw"), REGION, columns=named)


def interpolate(content: bytes, name: str) -> object:
    """``geo interpolate``: what it prints and what it writes."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / name).write_bytes(content)
        (folder / "target.geojson").write_bytes(collection())
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            options = f"{folder / 'target.geojson'} --crs EPSG:3310 --output {folder / 'out.csv'}"
            code = main(["interpolate", str(folder / name), *options.split()])
        if code:
            raise GeoError(said.getvalue())
        return said.getvalue(), (folder / "out.csv").read_text(encoding="utf-8")


def on_cluster(content: bytes, name: str) -> object:
    """``geo interpolate --engine dask``: what a cluster would read."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        return read_partitions(path).compute()


def sites(content: bytes, name: str) -> object:
    """A list of places, judged."""
    return judge_sites(find_table(site_grids(content, name), name, SITE_TABLE), REGION)


def sign_in(content: bytes, name: str) -> object:
    """A sign-in sheet, judged."""
    return judge_sheet(find_table(read_grids(content, name), name, SIGN_IN), Known(secret=b"0" * 32))


SHAPES: dict[str, Door] = {
    "read_vectors": read_vectors,
    "inspect_boundary": lambda content, name: inspect_boundary(content, name, REGION),
    "own layer": lambda content, name: read_own(content, name, REGION.bounds),
    "sites": sites,
    "geo add": add,
    "geo interpolate": interpolate,
    "geo interpolate on dask": on_cluster,
}
SHEETS: dict[str, Door] = {
    "read_rows": read_rows,
    "read_grids": read_grids,
    "read_submission": lambda content, _name: read_submission(content),
    "sign_in": sign_in,
    "own layer": lambda content, name: read_own(content, name, REGION.bounds),
    "find_table": lambda content, name: (
        find_table(read_grids(content, name), name, BOARD_SHEET).require().rows
    ),
    "sites": sites,
    "geo add": add,
    "geo add as CSV": add_as_csv,
}
