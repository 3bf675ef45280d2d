"""The choice of region and language holds from page to page, and every page opens on the real region."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app_pages.parts.page import KEPT_LANGUAGE, KEPT_REGION
from geo.region import read_region

Open = Callable[..., AppTest]
ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    path.stem
    for path in (ROOT / "app_pages").glob("*.py")
    if f"app_pages/{path.name}" in (ROOT / "dashboard.py").read_text()
)


def choices() -> None:
    from app_pages.parts.page import choose_language, choose_region

    choose_language()
    choose_region()


def test_the_choice_holds_where_the_address_and_the_widgets_have_lost_it(demo_built: str) -> None:
    app = AppTest.from_function(choices)
    app.session_state[KEPT_REGION] = "demo"
    app.session_state[KEPT_LANGUAGE] = "es"
    app.run()
    assert not app.exception
    assert (app.selectbox(key="region").value, app.radio(key="language").value) == ("demo", "es")


def test_the_address_goes_before_what_was_kept(demo_built: str, coachella_built: str) -> None:
    app = AppTest.from_function(choices)
    app.session_state[KEPT_REGION] = "demo"
    app.query_params["region"] = "coachella"
    app.run()
    assert app.selectbox(key="region").value == "coachella"
    app.selectbox(key="region").set_value("demo").run()
    assert app.session_state[KEPT_REGION] == "demo"


@pytest.mark.real
@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_on_the_real_region_without_refusing(
    dashboard: Open, coachella_built: str, page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEO_STORE_URL", f"sqlite:///{tmp_path / 'store.db'}")
    app = dashboard(page, region=coachella_built)
    assert not app.exception
    assert [element.value for element in app.error] == []
    assert read_region(coachella_built).key == app.session_state[KEPT_REGION]
