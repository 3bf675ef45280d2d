"""The Census Bureau's own figures of places: fetched in its layout, summed, put before those of tracts."""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pandas as pd
import pytest

from geo.datasets.storage import read_shapes_of, read_table_of
from geo.pipelines.people_served import Raw, transform, validate
from geo.region import read_region
from geo.sources.catalog import read_catalog
from geo.sources.download import Downloader
from geo.sources.fetch import fetch_source
from geo.sources.publishers import OfficialOrigin
from geo.sources.raw import RawStore
from geo.sources.reading import read_table
from geo.tracts.acs_indicators import UNIVERSES
from geo.tracts.comparison import RATES, of_served
from geo.tracts.residents.areas import KINDS
from geo.tracts.residents.estimate import COUNTED, VARIABLES
from geo.tracts.residents.published import CELLS, to_published
from geo.tracts.vintages import Survey
from geo.units import to_words
from tests.unit.sources.loopback import Handler, Server
from wording.tracts import served_figures

SOURCE = read_catalog()["acs_5year_places_2024"]
SURVEY = Survey(SOURCE.key, SOURCE.vintage)
PATH = "/data/2024/acs/acs5"


class Bureau:
    """Answers as the API does for ``place:*``: a head, rows of text, sentinels.

    Who has no key is sent on, and whoever asks for more than 50 variables is refused.
    """

    def __init__(self, places: list[str]) -> None:
        self.places = places

    def __call__(self, handler: Handler, times: int) -> None:
        query = {name: values[0] for name, values in parse_qs(urlsplit(handler.path).query).items()}
        assert (query["for"], query["in"]) == ("place:*", "state:06")
        if query.get("key") != "g00d":
            handler.answer(b"", status=302, Location="/data/missing_key.html")
            return
        names = query["get"].split(",")
        if len(names) > 50:
            handler.answer(b"error: maximum number of variables is 50", status=400, Content_Type="text/plain")
            return
        rows = [[*(self.value(name, place) for name in names), "06", place] for place in self.places]
        body = json.dumps([[*names, "state", "place"], *rows]).replace("], [", "],\n[")
        handler.answer(body.encode(), Content_Type="application/json;charset=utf-8")

    def value(self, name: str, place: str) -> str | None:
        if place == self.places[-1] and name.startswith("B27010_017"):
            return "-666666666" if name.endswith("E") else "-222222222"
        if name == "B01003_001M":
            return "-555555555"
        whole = 1000 if name.endswith("_001E") else 100
        return str(whole + int(name[-3:-1])) if name.endswith("E") else "30"


def fetched(server: Server, downloader: Downloader, store: RawStore, places: list[str]) -> pd.DataFrame:
    server.acts[PATH] = Bureau(places)
    source = replace(SOURCE, address=SOURCE.address.replace("https://api.census.gov", server.address))
    outcome = fetch_source(source, ("06065",), store, OfficialOrigin(downloader, "g00d"))
    assert outcome.state == "fetched", outcome.reason
    return read_table(source, store)


def test_cells_are_summed_with_their_margins_and_what_lacks_one_is_left_out(
    server: Server, downloader: Downloader, store: RawStore
) -> None:
    table = fetched(server, downloader, store, ["46660", "99001"])
    assert table["geoid"].tolist() == ["0646660", "0699001"]
    told = to_published(table).set_index(["target_id", "variable"])
    # By hand: B27010_017, 033, 050 and 066; B16005 in sixteen cells; a controlled estimate has no error.
    assert told.loc[("0646660", "uninsured")].tolist() == [117 + 133 + 150 + 166, 60]
    assert told.loc[("0646660", "poverty")].tolist() == [102, 30]
    cells = [7, 8, 12, 13, 17, 18, 22, 23, 29, 30, 34, 35, 39, 40, 44, 45]
    assert told.loc[("0646660", "limited_english_persons")].tolist() == [1600 + sum(cells), 120]
    assert told.loc[("0646660", "population")].tolist() == [1001, 0]
    for universe in UNIVERSES:
        assert told.loc[("0646660", universe)].tolist() == [1001, 30]
    assert ("0699001", "uninsured") not in told.index
    assert ("0699001", "poverty") in told.index
    assert set(CELLS) == set(VARIABLES)


@pytest.mark.slow
def test_a_place_has_its_own_figure_where_there_is_one_and_else_its_tracts(
    demo_built: str, server: Server, downloader: Downloader, store: RawStore
) -> None:
    places = read_shapes_of(demo_built, "places")
    own, lacking = (str(geoid) for geoid in places["geoid"].iloc[:2])
    published = fetched(server, downloader, store, [own[2:], lacking[2:]])
    frames = (read_shapes_of(demo_built, name) for name in ("tracts_2020", "counted_areas", "settled_areas"))
    targets = {kind.dataset: read_shapes_of(demo_built, kind.dataset) for kind in KINDS}
    region = read_region(demo_built)
    from_tracts = Raw(*frames, targets)
    older = {Survey("acs_5year_places_2018", "2014-2018, places"): published.iloc[:0]}
    frame = transform(from_tracts._replace(published={**older, SURVEY: published}), region).frame
    validate(frame)
    keys = ["target_kind", "target_id", "variable"]
    now, before = (rows.set_index(keys) for rows in (frame, transform(from_tracts, region).frame))
    row = now.loc[("place", own, "uninsured")]
    assert row[["estimate", "moe", "moe_sampling"]].tolist() == [566, 60, 60]
    assert row[["coverage", "share_guesswork", "method"]].tolist() == [1.0, 0.0, "published_survey"]
    assert now.loc[("place", lacking, "uninsured"), "method"] == "interpolated"
    changed = {key for key in now.index if not _same(now.loc[key], before.loc[key])}
    expected = {("place", own, name) for name in VARIABLES} | {
        ("place", lacking, name) for name in set(VARIABLES) - {"uninsured"}
    }
    assert changed == expected
    assert now.loc[[("place", own, name) for name in COUNTED], "method"].str.startswith("counted").all()
    rows = frame[(frame["target_kind"] == "place") & (frame["target_id"] == own)]
    figure = next(
        item
        for item in served_figures(frame, "places", own, {SOURCE.key: "Bureau, places, 2020-2024"})
        if "health insurance" in item.title
    )
    assert figure.words == to_words(566, "people", 60)
    assert figure.source.endswith("Bureau, places, 2020-2024")
    assert figure.period == "2020\N{EN DASH}2024"
    quantity = of_served(rows)["uninsured"]
    assert (quantity.value, quantity.moe, quantity.source) == (566, 60, SOURCE.key)
    share = of_served(rows)["share_uninsured"]
    assert share.value == 566 / 1001, "part and whole are the Bureau's own"
    assert share.source == SOURCE.key


@pytest.mark.slow
def test_figures_of_other_years_than_the_tracts_take_no_part(demo_built: str) -> None:
    served = read_table_of(demo_built, "people_served").query("target_kind == 'place'")
    ours = served[served["method"] == "published_survey"]
    assert set(ours["source"]) == {"acs_5year_places_2024"}
    assert set(served.loc[served["method"] == "interpolated", "source"]) <= {"acs_5year_2024"}
    rates = {str(key): of_served(rows) for key, rows in served.groupby("target_id")}
    for found in rates.values():
        for key in RATES:
            share = found[key].value
            assert share is None or 0 <= share <= 1


def _same(one: pd.Series[object], other: pd.Series[object]) -> bool:
    names = ["estimate", "moe", "coverage"]
    pair = [part[names].astype("Float64").to_numpy(float, na_value=np.nan) for part in (one, other)]
    return bool(np.allclose(*pair, rtol=1e-6, atol=1e-6, equal_nan=True)) and one["method"] == other["method"]
