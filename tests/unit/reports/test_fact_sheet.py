"""A fact sheet is one page however much is on it, and says what it says in both languages."""

from __future__ import annotations

from datetime import date

import pytest
from reportlab.graphics.shapes import Drawing, Rect

from reports.fact_sheet import BAR_WIDTH, FactSheet, SheetBar, SheetLine, draw_figure, sheets_pdf

BOTH = {"en": "Poverty rate & <b>more</b>", "es": "Tasa de pobreza"}


def sheet(figures: int) -> FactSheet:
    line = SheetLine(BOTH, BOTH, "8.3 ± 5.3 %", SheetBar(0.083, 0.053, (0.247, None), 0.3), unsure=False)
    return FactSheet(
        "Tract 403.02 <i>",
        {"en": "2020 tract", "es": "Tracto de 2020"},
        [(BOTH, [line] * figures)],
        {"en": ["Note."], "es": ["Nota."]},
        {"en": [], "es": []},
        ["Bureau, ACS"],
        date(2026, 11, 30),
        "",
    )


@pytest.mark.parametrize("figures", [1, 12, 60])
def test_each_area_has_one_page(figures: int) -> None:
    content = sheets_pdf([sheet(figures), sheet(figures), sheet(figures)], "Fact sheets")
    assert content.startswith(b"%PDF")
    assert b"/Count 3" in content


def bars(drawing: Drawing) -> list[Rect]:
    return [shape for shape in drawing.contents if isinstance(shape, Rect)]


def test_a_bar_is_as_long_as_its_figure_and_stays_on_its_scale() -> None:
    _track, bar, margin, tick = bars(draw_figure(SheetBar(0.1, 0.05, (0.2,), 0.4)))
    assert bar.width == pytest.approx(BAR_WIDTH / 4)
    assert margin.width == pytest.approx(BAR_WIDTH / 4)
    assert tick.x == pytest.approx(BAR_WIDTH / 2 - 0.6)
    assert all(shape.x + shape.width <= BAR_WIDTH for shape in bars(draw_figure(SheetBar(9, 5, (), 4))))


def test_a_missing_figure_has_no_bar() -> None:
    assert not draw_figure(SheetBar(None, None, (), 1.0)).contents
