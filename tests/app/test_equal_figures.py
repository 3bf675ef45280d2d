"""One place and indicator, one figure: on the card, on Compare, in the table, in the PDF and in the files."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from html import unescape

import pandas as pd
import pytest
from reportlab import rl_config

from app_pages.parts.tracts.cards import card_html, to_archive
from app_pages.parts.tracts.compared_areas import find_area
from app_pages.parts.tracts.comparison import compare_html
from app_pages.parts.tracts.downloads import describe
from app_pages.parts.tracts.profiles import find_profile
from geo.datasets.storage import read_shapes_of, read_table_of
from geo.region import read_region
from geo.tracts.acs_indicators import UNIVERSES
from geo.tracts.comparison import Quantity, contrasts
from geo.tracts.indicators import INDICATORS, indicator_named
from geo.tracts.residents.estimate import COUNTED, VARIABLES
from layers.layer import Layer
from layers.tracts import Shading, choropleth
from layers.view import View
from reports.export import Notes, to_csv
from reports.map_report import view_pdf
from tests.app.exits import text_of_file
from wording.comparison import comparison_table, title_of
from wording.profiles import MEAN_BY_PEOPLE
from wording.tracts import served_table

SURVEYED = tuple(name for name in VARIABLES if name not in UNIVERSES)
NAMES = (*COUNTED, *SURVEYED)
INDICES = ("ca_htc_index", "ca_htc_estimate")
UNINSURED = indicator_named("share_uninsured")
LAYERS: list[Layer] = [choropleth(Shading(UNINSURED), "tracts_2010")]

Told = dict[str, str]


def written(value: object, moe: object) -> str:
    """Write two numbers of a file as the screen does, by hand: whole people, and a margin of at least one."""
    if pd.isna(value):
        return "no data"
    margin = "" if pd.isna(moe) or float(moe) == 0 else f" ± {float(moe):,.0f}"
    return f"{float(value):,.0f}{margin}"


def on_the_card(html: str) -> Told:
    pairs = re.findall(r"<dt>(.*?) ?(?:<sup>.*?</sup>)?</dt><dd><span class=\"value\">(.*?)</span>", html)
    return {unescape(title): unescape(words) for title, words in pairs}


def on_compare(html: str) -> Told:
    rows = re.findall(r'<th scope="row">(.*?)</th>.*?<span class="value">(.*?)</span>', html)
    return {unescape(title): unescape(words) for title, words in rows}


def in_the_table(row: Mapping[str, object]) -> Told:
    return {
        title_of(name): written(row[name], row[f"{name}_moe"])
        for name in NAMES
        if name in row and not pd.isna(row[name])
    }


def in_compares_file(content: bytes, place: str) -> Told:
    table = pd.read_csv(io.BytesIO(content), encoding="utf-8-sig")
    margin = f"{place}: margin of error (90 %)"
    rows = table[table["Figure"].isin([title_of(name) for name in NAMES]) & table[place].notna()]
    return {row["Figure"]: written(row[place], row[margin]) for row in rows.to_dict("records")}


def in_the_pdf(content: bytes) -> str:
    return re.sub(r"\s+", " ", text_of_file(content))


def known(quantities: Mapping[str, Quantity]) -> Iterator[str]:
    return (name for name in NAMES if name in quantities and quantities[name].value is not None)


@pytest.mark.parametrize("built", ["demo_built", pytest.param("coachella_built", marks=pytest.mark.real)])
def test_every_figure_of_every_place_is_the_same_wherever_it_is_told(
    built: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = request.getfixturevalue(built)
    monkeypatch.setattr(rl_config, "pageCompression", 0)
    region, places = read_region(key), read_shapes_of(key, "places")
    names = dict(zip(places["geoid"], places["name"], strict=True))
    table = served_table(read_table_of(key, "people_served"), "place", names)
    archive = zipfile.ZipFile(io.BytesIO(to_archive(table, Notes("T", ("S",)))))
    download = pd.read_csv(archive.open("data.csv"), dtype={"target_id": str}, encoding="utf-8-sig")
    file_rows = {row["target_id"]: row for row in download.to_dict("records")}
    rows = {str(row["target_id"]): row for row in table.to_dict("records")}
    printed = describe(region, View(indicator=UNINSURED.key), LAYERS, UNINSURED, region.bounds)
    figures = 0
    for geoid in places["geoid"].astype(str):
        view = View(indicator=UNINSURED.key, selected=f"places:{geoid}")
        profile = find_profile(region, view, LAYERS, UNINSURED)
        assert profile is not None
        card = on_the_card(card_html(profile))
        area = find_area(region, "place", geoid)
        found = contrasts(area.quantities, area.quantities)
        compare = on_compare(compare_html(found, ("Here", "There"), {}))
        csv = in_compares_file(to_csv(comparison_table(found, ("Here", "There"), {}), Notes("T", ())), "Here")
        pdf = in_the_pdf(view_pdf(replace(printed, layers=[], profile=profile)))
        ours = {title_of(name): compare[title_of(name)] for name in known(area.quantities)}
        assert set(ours) >= {title_of(name) for name in SURVEYED} - {
            title_of(name) for name in SURVEYED if area.quantities[name].value is None
        }
        as_whole = {title: words.replace("± <1", "± 1") for title, words in ours.items()}
        assert {title: card[title] for title in ours} == ours, geoid
        assert in_the_table(rows[geoid]) == as_whole, geoid
        assert in_the_table(file_rows[geoid]) == as_whole, geoid
        assert {title: words.replace("± 0", "± <1") for title, words in csv.items()} == ours, geoid
        assert all(words in pdf for words in ours.values()), geoid
        for name in INDICES:
            if name in area.quantities:
                mean = MEAN_BY_PEOPLE.format(title=INDICATORS[name].title)
                assert card[mean] == compare[title_of(name)], (geoid, name)
                assert card[mean] in pdf
        figures += len(ours)
    assert figures >= 6 * len(places)
