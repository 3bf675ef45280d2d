"""The page Turfs as a lead asks on a Thursday: a place's own doors, and the volunteers of a Saturday."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from store.canvass.book import CanvassBook, NewTurf
from store.canvass.kinds import Cut
from store.database import open_database
from store.journal import Journal

Open = Callable[..., AppTest]
MECCA, NORTH_SHORE, RIPLEY = "places:0646660", "places:0652302", "places:0661012"


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    monkeypatch.setenv("GEO_STORE_URL", url)
    return url


def press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception


def text_of(app: AppTest) -> str:
    told = [*app.markdown, *app.caption, *app.warning, *app.error, *app.success, *app.info]
    return " ".join(element.value for element in told)


@pytest.mark.parametrize(("areas", "doors"), [(f"{MECCA},{NORTH_SHORE}", "2,883"), (RIPLEY, "270")])
def test_a_place_has_its_own_doors_where_there_are_only_block_groups(
    dashboard: Open, coachella_built: str, areas: str, doors: str
) -> None:
    """Published by block: 2,001 in Mecca and 882 in North Shore, 270 in Ripley."""
    app = dashboard("turfs", region="coachella", way="place", areas=areas, index="0", permitted="1")
    assert not app.exception
    assert f"{doors} doors, " in text_of(app)
    assert "none of its" not in text_of(app)


def test_a_kept_turf_of_a_whole_block_group_still_stands(
    dashboard: Open, coachella_built: str, own_store: str
) -> None:
    """Block group 456.12-1 lies in Mecca and North Shore: a turf from before holds both parts."""
    book = CanvassBook(Journal(open_database(own_store)), "coachella")
    cut = Cut(number=0, turfs=1, doors=433, tolerance=0.05, worst=0.0, bound=0.0)
    book.keep([NewTurf(0, ("060650456121",), 433, 400, 1_500)], cut, "Ana", seen={})
    book.change("TA0001M", {"status": "out"}, "Ana", seen=1)
    app = dashboard(
        "turfs", region="coachella", way="place", areas=f"{MECCA},{NORTH_SHORE}", index="0", permitted="1"
    )
    assert not app.exception
    # 87 doors of it stand in Mecca and 275 in North Shore.
    assert f"{2_883 - 87 - 275:,} doors, " in text_of(app)
