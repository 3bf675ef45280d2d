"""A planner between two meetings: she searches, reads the card, takes the view away, and compares."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from geo.datasets.storage import read_shapes_of, read_table_of
from tests.browser.conftest import MAP, PATIENCE_MS, Visit
from wording.tracts import served_figures

pytestmark = [pytest.mark.browser]
Open = Callable[..., Visit]
TOWN = "Las Hojas"


def search(page: Page, name: str) -> None:
    """Type a name and take the first that is offered."""
    box = page.get_by_role("combobox", name="Search a place")
    box.click()
    box.fill(name)
    page.get_by_role("option", name=f"{name} (Places").first.click()


def taken_away(page: Page, label: str) -> bytes:
    """Click a download and return its content."""
    with page.expect_download(timeout=PATIENCE_MS) as waiting:
        page.get_by_role("button", name=label, exact=True).first.click()
    return Path(waiting.value.path()).read_bytes()


def test_from_the_first_look_to_the_board(visit: Open, demo_built: str) -> None:
    place = read_shapes_of(demo_built, "places").set_index("name").loc[TOWN]
    people = list(served_figures(read_table_of(demo_built, "people_served"), "places", str(place["geoid"])))
    opened = visit("?region=demo&indicator=share_uninsured")
    page = opened.page
    opened.wait_for_map()

    search(page, TOWN)
    card = page.locator(".geo-card")
    expect(card).to_contain_text(TOWN, timeout=PATIENCE_MS)
    for figure in people[:3]:
        expect(card).to_contain_text(figure.words)
    expect(card).to_contain_text(
        "California Hard-to-Count Index (2019), population-weighted average of tracts"
    )
    expect(card).to_contain_text("in its county")
    expect(card).to_contain_text("Water systems serving this area")
    expect(card).to_contain_text("Data quality notes")
    opened.wait_for_map()
    opened.rest()
    x, y = opened.place_of(place["geometry"].representative_point())
    box = page.locator(MAP).bounding_box()
    assert box is not None
    assert box["x"] < x < box["x"] + box["width"]
    assert box["y"] < y < box["y"] + box["height"]

    page.get_by_text("Print or share this view").click()
    page.get_by_role("button", name="Prepare the file").click()
    for language in ("English", "Español"):
        page.get_by_text(language, exact=True).last.click()
        content = taken_away(page, f"Download this view (PDF, Letter, {language})")
        assert content.startswith(b"%PDF")
        assert len(content) > 20_000
    archive = zipfile.ZipFile(io.BytesIO(taken_away(page, "Download CSV")))
    table, columns = (archive.read(name).decode("utf-8-sig") for name in ("data.csv", "columns.csv"))
    assert "share_uninsured_moe" in table.splitlines()[0]
    assert "INVENTED" in table
    assert "Percent uninsured" in columns
    address = page.url
    opened.quiet()

    again = visit(address.split("/")[-1])
    expect(again.page.locator(".geo-card")).to_contain_text(people[0].words, timeout=PATIENCE_MS)

    again.wait_for_map("systems")
    again.rest()
    again.page.get_by_role("link", name="Compare with the county").click()
    compared = again
    expect(compared.page.locator(".geo-compare thead")).to_contain_text(TOWN, timeout=PATIENCE_MS)
    row = compared.page.locator(".geo-compare tr", has_text="who speak English less than").first
    expect(row).to_contain_text("tatistically different", timeout=PATIENCE_MS)
    assert "%" in row.inner_text()
    assert b"Statistically different?" in taken_away(compared.page, "Download CSV")
    compared.quiet()
