"""What the browser gets comes from the installed package, whole, under a name made from its content."""

from __future__ import annotations

from pathlib import Path

import folium
import pytest

from geo.errors import GeoError
from layers import assets


def test_copies_scripts_styles_and_images(tmp_path: Path) -> None:
    home = assets.install(tmp_path)
    names = {path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file()}
    assert {"leaflet.js", "leaflet.css", "draw/leaflet.draw.js", "draw/images/spritesheet.svg"} <= names
    assert {"shapes.js", "map_tools.js", "shapes.css", "images/layers.png"} <= names
    assert all(path.stat().st_mtime == assets.LONG_PAST for path in home.rglob("*.js"))


def test_a_second_time_does_nothing(tmp_path: Path) -> None:
    home = assets.install(tmp_path)
    (home / "leaflet.js").write_text("kept")
    assert assets.install(tmp_path) == home
    assert (home / "leaflet.js").read_text() == "kept"
    assert [path.name for path in tmp_path.iterdir()] == [home.name]


def test_the_name_follows_the_content(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    first.write_text("x")
    second.write_text("y")
    assert assets.content_name({"a": first}) != assets.content_name({"a": second})


def test_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "find_spec", lambda name: None)
    with pytest.raises(GeoError, match="pip install"):
        assets.package_files()


def test_folium_names_no_address_outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEO_STATIC_DIR", str(tmp_path))
    assets.use_served_assets.cache_clear()
    assets.use_served_assets()
    text = folium.Map(tiles=None).get_root().render()
    assert "http" not in text.replace("http-equiv", "")
    assets.use_served_assets.cache_clear()
