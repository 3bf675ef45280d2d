"""What somebody uploads on a page shows nothing of the server."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geo.region import read_region
from store.database import open_database
from store.journal import Journal
from store.members import Members, Role

ROOT = Path(__file__).resolve().parents[2]
MEMBER = "Zenaida Quijano"


def test_a_boundary_that_names_the_store_shows_no_member(
    tmp_path: Path, demo_built: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A GDAL virtual file under the name of a GeoJSON: it printed name, role and hash of every member."""
    other = open_database(f"sqlite:///{tmp_path / 'members.db'}")
    Members(Journal(other)).add(MEMBER, Role.COORDINATOR, "nine brown dogs at the well", by="Luis")
    other.dispose()
    west, south, east, north = read_region(demo_built).bounds
    shape = f"POLYGON (({west} {south}, {east} {south}, {east} {north}, {west} {south}))"
    file = (
        f'<OGRVRTDataSource><OGRVRTLayer name="area"><SrcDataSource>{tmp_path / "members.db"}</SrcDataSource>'
        f"<SrcSQL dialect=\"SQLITE\">SELECT body AS name, '{shape}' AS w FROM journal</SrcSQL>"
        "<GeometryType>wkbPolygon</GeometryType><LayerSRS>EPSG:4326</LayerSRS>"
        '<GeometryField encoding="WKT" field="w"/></OGRVRTLayer></OGRVRTDataSource>'
    )
    monkeypatch.setenv("GEO_STORE_URL", f"sqlite:///{tmp_path / 'store.db'}")
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120)
    app.query_params.update({"region": demo_built, "program": "civic_forums"})
    app.session_state["person.name"] = "Ana"
    app.session_state["program.tabs"] = "Record"
    app.switch_page("app_pages/program.py").run()
    app.file_uploader(key="boundary.file.0").set_value(("area.geojson", file.encode(), "text/plain")).run()
    assert not app.exception
    shown = " ".join(str(getattr(item, "value", "")) for item in app.main)
    assert "area.geojson cannot be read as a file of shapes" in app.error[0].value
    assert MEMBER not in shown
    assert "scrypt" not in shown
