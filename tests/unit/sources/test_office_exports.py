"""Files that an office saved again: numbers, separators and feeds are read rightly or refused by name."""

from __future__ import annotations

import zipfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
import xlwt

from geo.__main__ import main
from geo.commands.add import add_file
from geo.errors import SchemaError
from geo.pipelines.transit_routes import Raw, count_trips
from geo.region import Region
from geo.sources.catalog import Source
from geo.sources.checks import check_feed
from geo.sources.gtfs import departures, last_day, read_feed
from geo.sources.raw import RawStore
from geo.sources.reading import read_table, to_numbers
from tests.unit.sources.loopback import table_of


def exported(source: Source, separator: str, **numbers: str) -> str:
    """Two rows of a source as its publisher has them, with numbers of ours in the first."""
    head, *rows = [line.split(",") for line in table_of(source, 2).decode().splitlines()]
    for ours, text in numbers.items():
        rows[0][head.index(str(source.layout.number[ours]))] = text
    quoted = [[f'"{cell}"' if separator in cell else cell for cell in row] for row in (head, *rows)]
    return "".join(separator.join(row) + "\r\n" for row in quoted)


def number_of(source: Source) -> str:
    return next(iter(source.layout.number))


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_number_keeps_its_thousands_whatever_parts_the_columns(
    separator: str, store: RawStore, systems: Source, coachella: Region, tmp_path: Path
) -> None:
    name = number_of(systems)
    file = tmp_path / "mine.csv"
    file.write_text(exported(systems, separator, **{name: "1,250"}), encoding="utf-8")
    receipt = add_file(systems, file, store, coachella)
    assert receipt.fidelity == ("original" if separator == "," else "relaid")
    assert read_table(systems, store)[name].iloc[0] == 1250


@pytest.mark.parametrize("text", ["1,25", "1.250,00", "about 900", "12 000", "1,2500"])
def test_what_is_no_number_is_refused_by_its_column(
    text: str, store: RawStore, systems: Source, coachella: Region, tmp_path: Path
) -> None:
    name = number_of(systems)
    file = tmp_path / "mine.csv"
    file.write_text(exported(systems, ",", **{name: text}), encoding="utf-8")
    with pytest.raises(SchemaError, match=rf"1 values in {systems.layout.number[name]} that are no numbers"):
        add_file(systems, file, store, coachella)
    assert store.receipt(systems.key) is None


@pytest.mark.parametrize("text", ["", "N/A", "-", "No Data", "(X)", "**", "NaN"])
def test_what_says_that_there_is_no_number_is_missing(
    text: str, store: RawStore, systems: Source, coachella: Region, tmp_path: Path
) -> None:
    name = number_of(systems)
    file = tmp_path / "mine.csv"
    file.write_text(exported(systems, ",", **{name: text}), encoding="utf-8")
    add_file(systems, file, store, coachella)
    assert read_table(systems, store)[name].isna().tolist() == [True, False]


def test_a_workbook_from_before_2007_is_taken_where_csv_is_declared(
    store: RawStore, systems: Source, coachella: Region, tmp_path: Path
) -> None:
    made = xlwt.Workbook()
    sheet = made.add_sheet("Table")
    for row, line in enumerate(table_of(systems, 2).decode().splitlines()):
        for column, cell in enumerate(line.split(",")):
            sheet.write(row, column, cell)
    made.save(str(tmp_path / "mine.xls"))
    add_file(systems, tmp_path / "mine.xls", store, coachella)
    assert len(read_table(systems, store)) == 2


def test_dollars_and_thousands_are_numbers() -> None:
    read = to_numbers(pd.Series(["$29,882", "-$5", "$ 1,250.50", "1,25", "$"], dtype="string"))
    assert read.tolist()[:3] == [29882, -5, 1250.5]
    assert read.isna().tolist()[3:] == [True, True]


TABLES = {
    "stops": "stop_id , stop_name,stop_lat,stop_lon\nS1 ,Uno,33.5,-116.1\n",
    "routes": "route_id,route_type\nR,3\n",
    "trips": "route_id,service_id,trip_id\nR,D,T1\nR,D,T2\n",
    "stop_times": "trip_id,stop_id,stop_sequence\nT1,S1,1\nT2,S1,1\n",
}


def feed(path: Path, folder: str = "", **more: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in {**TABLES, **more}.items():
            archive.writestr(f"{folder}{name}.txt", text)
        if folder:
            archive.writestr(f"__MACOSX/{folder}._stops.txt", b"\x00\x05")
    return path


def raw_of(path: Path) -> Raw:
    trips = read_feed(path, "trips", ("trip_id", "route_id"))
    none = pd.DataFrame()
    return Raw(none, trips, none, none, last_day(path), departures(path), gpd.GeoDataFrame())


@pytest.mark.parametrize("folder", ["", "google_transit/"])
def test_a_feed_is_read_with_blanks_in_its_headings_and_from_a_folder(folder: str, tmp_path: Path) -> None:
    path = feed(tmp_path / "feed.zip", folder)
    check_feed(path)
    assert read_feed(path, "stops", ("stop_id", "stop_name"))["stop_id"].tolist() == ["S1"]


def test_a_trip_by_headway_counts_as_often_as_it_leaves(tmp_path: Path) -> None:
    rows = "trip_id,start_time,end_time,headway_secs\nT2,06:00:00,22:00:00,900\nT2,22:00:00,25:10:00,1800\n"
    raw = raw_of(feed(tmp_path / "feed.zip", frequencies=rows))
    # 16 hours by quarters, then 3 h 10 min by half hours: the last begins ten minutes before the end.
    assert raw.departures.to_dict() == {"T2": 64 + 7}
    assert count_trips(raw).to_dict() == {"R": 1 + 71}
    assert count_trips(raw_of(feed(tmp_path / "plain.zip"))).to_dict() == {"R": 2}
    with pytest.raises(SchemaError, match="no time or headway for T2"):
        departures(feed(tmp_path / "bad.zip", frequencies=rows.replace("900", "0")))


@pytest.mark.parametrize(
    ("tables", "day"),
    [
        ({"calendar_dates": "service_id,date,exception_type\nD,20260105,1\nD,20270101,2\n"}, "20260105"),
        ({"calendar": "service_id,end_date\nD,\n"}, ""),
        (
            {
                "calendar": "service_id,end_date\nD,20251231\n",
                "calendar_dates": "service_id,date,exception_type\nD,20260105,1\n",
            },
            "20260105",
        ),
        ({}, ""),
    ],
)
def test_the_age_of_a_feed_is_told_by_either_calendar(
    tables: dict[str, str], day: str, tmp_path: Path
) -> None:
    assert last_day(feed(tmp_path / "feed.zip", **tables)) == day


def test_the_command_says_what_to_type(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shape = [shapely.box(-116.2, 33.5, -116.1, 33.6)]
    frame = gpd.GeoDataFrame({"people": [1], "words": ["52,000"]}, geometry=shape, crs="EPSG:4326")
    frame.to_file(tmp_path / "degrees.geojson")
    frame.to_crs("EPSG:3857").to_file(tmp_path / "mercator.gpkg")
    frame.to_crs("EPSG:3310").to_file(tmp_path / "albers.gpkg")
    frame.to_file(tmp_path / "bare.shp")
    (tmp_path / "bare.prj").unlink()
    (tmp_path / "table.csv").write_text("GEO_ID,B19013_001E\n1,52000\n", encoding="utf-8")
    for source, options, words in (
        ("degrees.geojson", "", "write --crs EPSG:3310"),
        ("mercator.gpkg", "", "write --crs EPSG:3310"),
        ("degrees.geojson", "--crs Albers", "'Albers' is no CRS: write --crs EPSG:3310"),
        ("bare.shp", "", "says nothing of its CRS (no .prj): put its .prj beside it"),
        ("table.csv", "", "is no file of shapes"),
        ("albers.gpkg", "--extensive people words", "not every value of words is a number"),
    ):
        target = tmp_path / "albers.gpkg"
        command = ["interpolate", str(tmp_path / source), str(target), *options.split()]
        assert main([*command, "--output", str(tmp_path / "out.csv")]) == 1
        said = capsys.readouterr().err
        assert words in said, said
        assert "Traceback" not in said
