"""Another language changes words and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PATIENCE_MS, Visit, settle

pytestmark = [pytest.mark.browser]


def test_another_language_keeps_the_region_and_what_was_chosen(
    visit: Callable[..., Visit], demo_built: str
) -> None:
    """The browser knows a choice by its words; in Spanish each would fall back to its first one."""
    page = visit("turfs?region=demo").page
    page.get_by_role("button", name="Cut turfs").wait_for(timeout=PATIENCE_MS)
    settle(page)
    page.get_by_text("Everywhere", exact=True).click()
    settle(page)
    page.get_by_text("Español", exact=True).click()
    chosen = page.get_by_role("radio", name="En todas partes", exact=True)
    expect(chosen).to_be_checked(timeout=PATIENCE_MS)
    expect(page.get_by_text("Objetivo: manzanas en los condados enteros")).to_be_visible(timeout=PATIENCE_MS)
    assert "region=demo" in page.url
