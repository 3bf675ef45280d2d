"""What the browser gets: Leaflet and Leaflet.draw from the installed package, and our own script.

``python -m layers.assets`` copies them under ``static/vendor``, which the dashboard serves itself, so that a
map needs no address outside. A folder is named after its content and keeps an old file time: then a
browser keeps its files without asking again.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import folium
from folium.plugins import Draw

from geo.datasets.shapes import LONG_PAST
from geo.errors import GeoError
from geo.settings import static_dir

# The map's frame lies two folders below the dashboard's address.
SERVED = "../../app/static"
OUR_SCRIPT, OUR_TOOLS, OUR_STYLE = (
    Path(__file__).with_name(name) for name in ("shapes.js", "map_tools.js", "shapes.css")
)
WANTED = (
    "leaflet.css",
    "leaflet.js",
    "draw/leaflet.draw.css",
    "draw/leaflet.draw.js",
    "images/*.png",
    "draw/images/*",
)


@dataclass(frozen=True, slots=True)
class Assets:
    """Addresses of scripts and styles, as seen from the map's frame."""

    js: tuple[tuple[str, str], ...]
    css: tuple[tuple[str, str], ...]
    draw_js: tuple[tuple[str, str], ...]
    draw_css: tuple[tuple[str, str], ...]


def package_files() -> dict[str, Path]:
    """List what is taken from the package, by its name under the vendor folder.

    Raises
    ------
    GeoError
        The package is not installed.
    """
    spec = find_spec("leaflet")
    if spec is None or spec.origin is None:
        raise GeoError("the map's scripts are not installed", "run pip install --no-deps django-leaflet")
    home = Path(spec.origin).parent / "static" / "leaflet"
    found = {path.relative_to(home).as_posix(): path for pattern in WANTED for path in home.glob(pattern)}
    return {**found, **{path.name: path for path in (OUR_SCRIPT, OUR_TOOLS, OUR_STYLE)}}


def content_name(files: dict[str, Path]) -> str:
    """Name made from the content of all files."""
    digest = hashlib.sha256()
    for name, path in sorted(files.items()):
        digest.update(name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def install(folder: Path | None = None) -> Path:
    """Copy the files under ``folder`` (the served ``vendor`` by default), whole or not at all.

    Returns
    -------
    Path
        The folder they are in; one that is there already is kept.
    """
    files = package_files()
    vendor = folder or static_dir() / "vendor"
    home = vendor / content_name(files)
    if not home.is_dir():
        temporary = vendor / f".{home.name}-{os.getpid()}.tmp"
        for name, path in files.items():
            target = temporary / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
            os.utime(target, (LONG_PAST, LONG_PAST))
        _move_in(temporary, home)
    return home


@cache
def use_served_assets() -> Assets:
    """Install what is missing, and let every folium map point at the served files.

    Raises
    ------
    GeoError
        The package is not installed.
    """
    address = f"{SERVED}/vendor/{install().name}"
    assets = Assets(
        js=(
            ("leaflet", f"{address}/leaflet.js"),
            ("shapes", f"{address}/{OUR_SCRIPT.name}"),
            ("map_tools", f"{address}/{OUR_TOOLS.name}"),
        ),
        css=(("leaflet_css", f"{address}/leaflet.css"), ("shapes_css", f"{address}/{OUR_STYLE.name}")),
        draw_js=(("leaflet_draw_js", f"{address}/draw/leaflet.draw.js"),),
        draw_css=(("leaflet_draw_css", f"{address}/draw/leaflet.draw.css"),),
    )
    folium.Map.default_js = list(assets.js)
    folium.Map.default_css = list(assets.css)
    Draw.default_js = list(assets.draw_js)
    Draw.default_css = list(assets.draw_css)
    return assets


def _move_in(temporary: Path, home: Path) -> None:
    try:
        temporary.replace(home)
    except OSError:
        shutil.rmtree(temporary, ignore_errors=True)
        if not home.is_dir():
            raise


if __name__ == "__main__":
    install()
