"""ACS tables without a key: the nation's table-based summary files, of which a region's tracts are kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from geo.sources.catalog import Source, read_catalog
from geo.sources.census_api import tables_of
from geo.sources.download import Downloader
from geo.sources.fetch import fetch_source
from geo.sources.publishers import OfficialOrigin, try_addresses
from geo.sources.raw import RawStore
from geo.sources.reading import read_table
from geo.tracts.acs_indicators import to_indicators
from tests.unit.sources.loopback import Handler, Server, plain

COUNTIES = ("06065", "06025")
TRACTS = ("06065045303", "06065940100", "06025010102")
# What else stands in the same file: the nation, a state, a county, a block group, a tract of another state.
OTHERS = ("0100000US", "0400000US06", "0500000US06065", "1500000US060650453031", "1400000US04013010101")
PATH = "/summary_file/2024/acsdt5y2024-{table}.dat"
PLAIN = "B01003"


def value_of(name: str, geoid: str) -> str:
    """Give each cell a number of its own, with the codes that the Bureau writes in place of one."""
    if name.startswith("B19013"):
        return {"06065045303": ("250001", "-333333333"), "06065940100": ("-666666666", "-222222222")}.get(
            geoid, ("51234", "4321")
        )["_M" in name]
    if name == "B01003_M001" and geoid == "06025010102":
        return "-555555555"
    if name == "B25024_E010" and geoid == "06065940100":
        return ""
    return str(sum(map(ord, name)) + int(geoid[-4:]))


def nation(table: str, names: list[str]) -> bytes:
    """Lay out a file of the nation as it is published, estimates and margins by turns."""
    head = ["GEO_ID", *(f"{name[:6]}_{name[-1]}{name[7:10]}" for name in names)]
    rows = [[f"1400000US{geoid}", *(value_of(name, geoid) for name in head[1:])] for geoid in TRACTS]
    rows += [[other, *("1" for _ in names)] for other in OTHERS]
    return "\n".join("|".join(row) for row in [head, *rows]).encode() + b"\n"


@pytest.fixture
def acs(server: Server) -> Source:
    """The newest vintage, its tables on loopback."""
    source = read_catalog()["acs_5year"]
    for table, names in tables_of(source).items():
        server.acts[PATH.format(table=table)] = plain(nation(table, names))
    return replace(source, tables=(server.address + PATH,))


@pytest.fixture
def frame(acs: Source, downloader: Downloader, store: RawStore) -> pd.DataFrame:
    outcome = fetch_source(acs, COUNTIES, store, OfficialOrigin(downloader))
    assert outcome.state == "fetched", outcome.reason
    return read_table(acs, store, COUNTIES).set_index("geoid")


def test_the_regions_tracts_are_kept_and_nothing_else(frame: pd.DataFrame, acs: Source) -> None:
    assert sorted(frame.index) == sorted(TRACTS)
    for ours, published in acs.layout.number.items():
        if not str(published).startswith("B19013"):
            name = f"{published[:6]}_{published[-1]}{published[7:10]}"
            expected = value_of(name, TRACTS[0])
            assert frame.loc[TRACTS[0], ours] == float(expected), ours


def test_codes_in_place_of_numbers_are_read_as_from_the_api(frame: pd.DataFrame) -> None:
    assert frame.loc["06025010102", "population_moe"] == 0, "a controlled estimate"
    assert frame["median_household_income_usd"].isna().tolist() == [
        geoid != "06025010102" for geoid in frame.index
    ]
    assert pd.isna(frame.loc["06065940100", "mobile_homes"])
    assert pd.isna(to_indicators(frame.reset_index()).loc["06065940100", "share_mobile_homes"])


def test_each_file_of_the_nation_is_brought_once_for_both_counties(
    frame: pd.DataFrame, server: Server
) -> None:
    times = {path: count for path, count in server.times.items() if path.endswith(".dat")}
    assert set(times.values()) == {1}
    assert len(times) == len(tables_of(read_catalog()["acs_5year"]))


def test_a_run_that_was_cut_short_takes_up_where_it_stopped(
    acs: Source, server: Server, downloader: Downloader, store: RawStore
) -> None:
    tables = list(tables_of(acs))
    lost = PATH.format(table=tables[-1])
    whole, server.acts[lost] = server.acts[lost], plain(b"gone", status=404)
    assert fetch_source(acs, COUNTIES, store, OfficialOrigin(downloader)).state == "skipped"
    assert not store.has(acs.key)
    before = dict(server.times)
    server.acts[lost] = whole
    assert fetch_source(acs, COUNTIES, store, OfficialOrigin(downloader)).state == "fetched"
    again = [path for path, times in server.times.items() if times > before.get(path, 0)]
    assert again == [lost]
    assert not list(Path(downloader.folder).glob("*/*.dat"))


def test_a_table_whose_layout_changed_is_told_and_asked_again(
    acs: Source, server: Server, downloader: Downloader, store: RawStore
) -> None:
    path = PATH.format(table="b19013")
    whole = server.acts[path]
    server.acts[path] = plain(b"GEO_ID|B19013_E001\n1400000US06065045303|51234\n")
    outcome = fetch_source(acs, COUNTIES, store, OfficialOrigin(downloader))
    assert outcome.state == "skipped"
    assert "b19013.dat of the summary files has no B19013_M001" in outcome.reason
    server.acts[path] = whole
    assert fetch_source(acs, COUNTIES, store, OfficialOrigin(downloader)).state == "fetched"


def test_where_the_first_address_refuses_the_next_one_is_tried(
    acs: Source, server: Server, downloader: Downloader, store: RawStore
) -> None:
    def refuse(handler: Handler, times: int) -> None:
        handler.answer(b"no", status=404)

    for table in tables_of(acs):
        server.acts[f"/www2/{table}.dat"] = refuse
    both = replace(acs, tables=(f"{server.address}/www2/{{table}}.dat", *acs.tables))
    assert fetch_source(both, COUNTIES, store, OfficialOrigin(downloader)).state == "fetched"


def test_the_first_table_answers_for_all_where_there_is_no_key(acs: Source, server: Server) -> None:
    (answer,) = try_addresses([acs], COUNTIES)
    assert answer.answers, answer.words
    assert answer.address == acs.tables[0].format(table=next(iter(tables_of(acs))))
