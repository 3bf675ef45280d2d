"""One cost a system: the sum of its lines, the screen, the meeting's report and the workbook say the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import pandas as pd
import pytest
from reportlab import rl_config
from streamlit.testing.v1 import AppTest

from app_pages.parts.water import meeting_report
from app_pages.parts.water.board import load_candidates
from geo.datasets.storage import read_shapes_of
from geo.region import read_region
from geo.units import to_words
from geo.water.cost.connection import ITEMS
from geo.water.known_ways import know_ways
from geo.water.receiver import receiver_boundary
from geo.water.routes import cost_systems, measure_ways
from reports.export import Notes
from reports.water_meeting import Meeting, meeting_pdf
from reports.workbooks import board_workbook

Open = Callable[..., AppTest]
DISTRICT, GAMEZ, EL_MESQUITE, ALPINE_VILLAGE = "CA3310001", "CA3301117", "CA3301119", "CA3301491"


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database of its own for each test."""
    monkeypatch.setenv("GEO_STORE_URL", f"sqlite:///{tmp_path / 'store.db'}")


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> list[pd.DataFrame]:
    """The board as the page hands it to its report and its files."""
    boards: list[pd.DataFrame] = []

    def take(
        _desk: object, _filters: object, _ordered: object, for_water: pd.DataFrame, *_how: object
    ) -> None:
        boards.append(for_water)

    monkeypatch.setattr(meeting_report, "show_report", take)
    return boards


def html_of(app: AppTest) -> str:
    return " ".join(element.proto.body for element in app.get("html"))


def open_board(dashboard: Open, **query: str) -> AppTest:
    app = dashboard("water", region="coachella", **query)
    return app.selectbox(key="water.boundary").set_value(DISTRICT).run()


def costs_by_hand(region_key: str) -> pd.DataFrame:
    """The costs apart from the page: the sum of the method's lines is worked out here."""
    region, systems = read_region(region_key), read_shapes_of(region_key, "water_systems")
    boundary = receiver_boundary(region, DISTRICT).geometry.item()
    measured = measure_ways(systems, boundary, region.length_crs)
    costs = cost_systems(systems, know_ways(measured, systems, load_candidates(region), region.length_crs))
    return costs.assign(lines=costs[list(ITEMS)].sum(axis=1, min_count=len(ITEMS)))


def test_no_price_stands_for_a_place_that_is_known_to_be_wrong(dashboard: Open, coachella_built: str) -> None:
    """Gamez, 13 homes: $35.9 million by its wrong place. By the State's row and the 2024 method, by hand."""
    pipe, service = 1000 * 220 * 1.32, 6200 * 13 * 1.32
    total = (pipe + service + 5437 * 13 + 0.15 * (pipe + service) + 25_000) * 1.481
    app = open_board(dashboard, system=GAMEZ)
    assert to_words(total, "USD") == "$817,500"
    assert "$817,500" in html_of(app)
    assert "the State&#x27;s own route of 2021" in html_of(app)
    assert "$294,960 in dollars of 2021" in html_of(app)
    app.selectbox(key="water.choose").set_value(EL_MESQUITE).run()
    assert re.search(r"between \$\d{3},\d{3} and \$\d", html_of(app))
    assert "where other systems of its community lie" in html_of(app)
    app.selectbox(key="water.choose").set_value(ALPINE_VILLAGE).run()
    assert "not known: its place is not known, and nothing tells how far it is" in html_of(app)


def test_lines_screen_report_and_workbook_have_one_sum(
    dashboard: Open, coachella_built: str, handed: list[pd.DataFrame], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rl_config, "pageCompression", 0)
    app = open_board(dashboard)
    screen = next(item.value for item in app.dataframe if {"pwsid", "way"} <= set(item.value.columns))
    screen = screen.set_index("pwsid")
    costs = costs_by_hand(coachella_built).loc[screen.index]
    lines = costs["lines"].sum()
    assert screen["total_cost_usd"].astype(float).sum() == pytest.approx(lines, abs=0.01)
    assert screen["total_cost_usd"].isna().sum() == costs["lines"].isna().sum() > 0
    app.radio(key="water.part").set_value("edges").run()
    effect = next(item.value for item in app.dataframe if {"inside", "costed"} <= set(item.value.columns))
    now = effect[effect["now"]].iloc[0]
    assert now["total_cost_usd"] == pytest.approx(lines, abs=0.01)
    assert now["costed"] == costs["lines"].notna().sum()
    board = handed[-1]
    content = board_workbook(board, pd.DataFrame(), Notes("Board", ()))
    assert pd.read_excel(BytesIO(content))["Cost alone, dollars"].sum() == pytest.approx(lines, abs=0.01)
    pdf = meeting_pdf(
        Meeting("Valley", date(2026, 1, 9), None, board, pd.DataFrame(), {}, {}, (), invented=False)
    )
    text = b"".join(re.findall(rb"\(((?:[^()\\]|\\.)*)\) Tj", pdf)).decode("cp1252", "replace")
    for pwsid in board.index[board["listing"].eq("next")][:10]:
        assert board.loc[pwsid, "total_cost_usd"] == pytest.approx(screen.loc[pwsid, "total_cost_usd"])
        assert to_words(costs.loc[pwsid, "lines"], "USD") in text
