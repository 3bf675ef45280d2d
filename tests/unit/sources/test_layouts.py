"""Files in exactly the layout in which publishers give them, with their traps: taken, read, made use of.

The columns are those that people who downloaded the files in 2026 wrote down; the rows are ours.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from demo.files import write_shapefile
from demo.public_points import FACILITY, SCHOOL
from demo.water_quality import LABORATORY, NATIONAL
from geo.commands.add import add_file
from geo.datasets.inputs import Inputs
from geo.errors import FetchError, SchemaError
from geo.pipelines import (
    address_points,
    health_facilities,
    lab_results,
    public_schools,
    roads,
    violations,
)
from geo.region import read_region
from geo.sources.catalog import read_catalog
from geo.sources.raw import RawStore
from geo.sources.reading import read_shapes
from geo.water.violations import read_violations, summarize_by_system

REGION = read_region("coachella")
CATALOG = read_catalog()
COUNTIES = gpd.GeoDataFrame(
    {"geoid": ["06065", "06025"], "name": ["Riverside County", "Imperial County"]},
    geometry=[shapely.box(-117.7, 33.43, -114.4, 34.1), shapely.box(-116.1, 32.6, -114.5, 33.43)],
    crs="EPSG:4326",
)
Row = Mapping[str, str]


@pytest.fixture
def inputs(store: RawStore) -> Inputs:
    return Inputs(REGION, store, CATALOG)


def add(inputs: Inputs, key: str, path: Path) -> None:
    add_file(CATALOG[key], path, inputs.store, REGION)


def quoted(columns: Sequence[str], rows: Sequence[Row]) -> str:
    """A CSV with every field in quotes, as the Environmental Protection Agency writes it."""
    lines = [columns, *([row.get(name, "") for name in columns] for row in rows)]
    return "".join(",".join(f'"{cell}"' for cell in line) + "\n" for line in lines)


def tabbed(columns: Sequence[str], rows: Sequence[Row], missing: str = "") -> str:
    lines = [columns, *([row.get(name, missing) for name in columns] for row in rows)]
    return "".join("\t".join(line) + "\r\n" for line in lines)


def national(*rows: Row) -> str:
    usual = {
        "SUBMISSIONYEARQUARTER": "2026Q2",
        "PWSID": "CA3301380",
        "VIOLATION_CODE": "02",
        "VIOLATION_STATUS": "Addressed",
        "IS_HEALTH_BASED_IND": "Y",
        "CONTAMINANT_CODE": "1005",
        "VIOL_MEASURE": ".0156",
        "UNIT_OF_MEASURE": "MG/L",
        "FEDERAL_MCL": "0.010 MG/L",
        "NON_COMPL_PER_BEGIN_DATE": "04/01/2024",
        "NON_COMPL_PER_END_DATE": "06/30/2024",
        "ENFORCEMENT_ACTION_TYPE_CODE": "SFJ",
    }
    return quoted(NATIONAL, [{**usual, **row} for row in rows])


CODES = quoted(
    ["VALUE_TYPE", "VALUE_CODE", "VALUE_DESCRIPTION"],
    [
        {"VALUE_TYPE": "CONTAMINANT_CODE", "VALUE_CODE": "1005", "VALUE_DESCRIPTION": "ARSENIC"},
        {
            "VALUE_TYPE": "VIOLATION_CODE",
            "VALUE_CODE": "1005",
            "VALUE_DESCRIPTION": "a code of another column",
        },
        {"VALUE_TYPE": "VIOLATION_CODE", "VALUE_CODE": "02", "VALUE_DESCRIPTION": "MCL, Average"},
        {
            "VALUE_TYPE": "ENFORCEMENT_ACTION_TYPE_CODE",
            "VALUE_CODE": "SFJ",
            "VALUE_DESCRIPTION": "St Formal NOV",
        },
    ],
)


def archive(path: Path, **members: str) -> Path:
    with zipfile.ZipFile(path, "w") as packed:
        for name, text in members.items():
            packed.writestr(name, text)
    return path


def sdwa(tmp_path: Path, text: str, codes: str = CODES) -> Path:
    members = {
        "SDWA_PUB_WATER_SYSTEMS.csv": '"PWSID"\n"CA3301380"\n',
        "SDWA_VIOLATIONS_ENFORCEMENT.csv": text,
        "SDWA_REF_CODE_VALUES.csv": codes,
    }
    return archive(tmp_path / "SDWA_latest_downloads.zip", **members)


NATIONS = national(
    {"VIOLATION_ID": "1"},
    {"VIOLATION_ID": "1", "ENFORCEMENT_ACTION_TYPE_CODE": "SOX"},
    {"VIOLATION_ID": "2", "NON_COMPL_PER_BEGIN_DATE": "01/01/2015", "NON_COMPL_PER_END_DATE": "--->"},
    {"VIOLATION_ID": "3", "NON_COMPL_PER_BEGIN_DATE": "01/01/2015", "NON_COMPL_PER_END_DATE": "06/29/2021"},
    {"VIOLATION_ID": "4", "NON_COMPL_PER_BEGIN_DATE": "01/01/2015", "NON_COMPL_PER_END_DATE": "06/30/2021"},
    {"VIOLATION_ID": "5", "IS_HEALTH_BASED_IND": "N", "VIOLATION_CODE": "71", "CONTAMINANT_CODE": "7000"},
    {"VIOLATION_ID": "6", "PWSID": "CA1310011", "STATE_MCL": ".008", "NON_COMPL_PER_END_DATE": ""},
    {"VIOLATION_ID": "7", "PWSID": "CA1500001"},
    {"VIOLATION_ID": "8", "PWSID": "090605140"},
    {"VIOLATION_ID": "9", "PWSID": "GA0510000"},
)


def test_the_nations_list_of_violations(inputs: Inputs, tmp_path: Path) -> None:
    add(inputs, "sdwa_violations", sdwa(tmp_path, NATIONS))
    product = violations.transform(violations.extract(inputs), REGION)
    violations.validate(product.frame)
    ours = product.frame.set_index("violation_id")
    assert sorted(ours.index) == ["1", "2", "4", "5", "6"]
    assert set(ours["vintage"]) == {"2026Q2"}
    assert set(ours["source"]) == {"sdwa_violations"}
    first = ours.loc["1"]
    assert (first["analyte"], first["violation_type"]) == ("ARSENIC", "MCL, Average")
    assert (first["result"], first["limit"]) == (".0156 MG/L", "0.010 MG/L")
    assert first["times_limit"] == pytest.approx(1.56)
    assert first["enforcement"] == "St Formal NOV; SOX"
    assert first["begins"] == pd.Timestamp("2024-04-01")
    assert ours["ends"].isna().to_dict() == {"1": False, "2": True, "4": False, "5": False, "6": True}
    assert ours.loc["6", "limit"] == ".008 MG/L"
    assert ours["health_based"].to_dict() == {"1": True, "2": True, "4": True, "5": False, "6": True}
    assert ours.loc["5", "analyte"] == "7000"


def test_systems_are_counted_by_the_newest_list(inputs: Inputs, tmp_path: Path) -> None:
    older = CATALOG["water_quality_violations"].layout.published
    row = {"WATER_SYSTEM_NUMBER": "CA3301380", "WATER_SYSTEM_NAME": "A", "VIOLATION_NUMBER": "1"}
    path = tmp_path / "hr2w.csv"
    path.write_text(quoted(older, [{**row, "ANALYTE_NAME": "TTHM", "VIOL_BEGIN_DATE": "2014-01-01"}]))
    add(inputs, "water_quality_violations", path)
    listed = read_violations(inputs)
    assert (listed.source, listed.vintage) == ("water_quality_violations", "2019-02")
    assert summarize_by_system(listed.rows)["violations_analytes"].to_dict() == {"CA3301380": "TTHM"}
    add(inputs, "sdwa_violations", sdwa(tmp_path, NATIONS))
    listed = read_violations(inputs)
    assert (listed.source, listed.vintage) == ("sdwa_violations", "2026Q2")
    counted = summarize_by_system(listed.rows)
    assert counted["violations_count"].to_dict() == {"CA1310011": 1, "CA3301380": 3}
    assert counted["violations_open"].to_dict() == {"CA1310011": 1, "CA3301380": 1}


def test_an_archive_without_its_codes_or_columns_is_refused(inputs: Inputs, tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="VALUE_DESCRIPTION"):
        add(inputs, "sdwa_violations", sdwa(tmp_path, NATIONS, codes="VALUE_TYPE,VALUE_CODE\na,b\n"))
    with pytest.raises(SchemaError, match="VIOLATION_ID"):
        add(inputs, "sdwa_violations", sdwa(tmp_path, NATIONS.replace("VIOLATION_ID", "VIOLATION")))
    empty = archive(tmp_path / "a.zip", **{"SDWA_FACILITIES.csv": "PWSID\n"})
    with pytest.raises(FetchError, match="has no SDWA_VIOLATIONS_ENFORCEMENT"):
        add(inputs, "sdwa_violations", empty)
    assert not inputs.has("sdwa_violations")


def laboratory(*rows: Row) -> str:
    usual = {
        "Water System Number": "CA3301380",
        "Sampling Point Name": 'WELL "01',
        "Analyte Name": "ARSENIC",
        "Result": "12",
        "Units of Measure": "UG/L",
        "Less Than Reporting Level": "N",
        "MCL": "10",
        "Sample Date": "03-14-2024",
    }
    return tabbed(LABORATORY, [{**usual, **row} for row in rows])


def sampled(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "SDWIS4.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("SDWIS4.tab", text.encode("latin-1"))
    return path


def test_the_laboratories_results(inputs: Inputs, tmp_path: Path) -> None:
    text = laboratory(
        {},
        {"Result": "8", "Sample Date": "06-20-2025"},
        {"Result": "2", "Less Than Reporting Level": "Y"},
        {
            "Analyte Name": "1,2,3-TRICHLOROPROPANE",
            "Result": "",
            "Less Than Reporting Level": "Y",
            "MCL": "0.005",
        },
        {"Analyte Name": "HARDNESS", "MCL": ""},
        {"Analyte Name": "COLIFORM (TCR)", "Result": "A", "MCL": "", "Less Than Reporting Level": ""},
        {"Water System Number": "CA1500001"},
    )
    first, *others = text.split("\r\n")
    add(inputs, "lab_results_2023", sampled(tmp_path, "\r\n".join([first, others[0] + "\t", *others[1:]])))
    product = lab_results.transform(lab_results.extract(inputs), REGION)
    lab_results.validate(product.frame)
    ours = product.frame.set_index("analyte")
    assert ours.index.tolist() == ["1,2,3-TRICHLOROPROPANE", "ARSENIC"]
    arsenic = ours.loc["ARSENIC"]
    assert (arsenic["samples"], arsenic["measured"], arsenic["over_limit"]) == (3, 2, 1)
    assert (arsenic["highest"], arsenic["limit_published"]) == (12.0, 10.0)
    assert (arsenic["last_on"], arsenic["last_over_on"]) == (
        pd.Timestamp("2025-06-20"),
        pd.Timestamp("2024-03-14"),
    )
    never = ours.loc["1,2,3-TRICHLOROPROPANE"]
    assert (never["samples"], never["measured"], never["over_limit"]) == (1, 0, 0)
    assert pd.isna(never["highest"])
    (told,) = product.findings
    assert (told.check, told.count, told.of) == ("lab_results_without_number", 1, 6)


def test_a_row_cut_short_or_with_more_in_it_is_refused(inputs: Inputs, tmp_path: Path) -> None:
    whole = laboratory({}, {})
    with pytest.raises(SchemaError, match="fields"):
        add(inputs, "lab_results_2023", sampled(tmp_path, whole.rstrip("\r\n").rsplit("\t", 3)[0]))
    with pytest.raises(SchemaError, match="fields"):
        add(inputs, "lab_results_2023", sampled(tmp_path, whole.rstrip("\r\n") + "\tmore"))


def test_the_directory_of_schools(inputs: Inputs, tmp_path: Path) -> None:
    usual = {
        "StatusType": "Active",
        "County": "Riverside",
        "District": "Coachella Valley Unified",
        "School": "Cahuilla Desert",
        "City": "Thermal",
        "Zip": "92274-1234",
        "SOCType": "Elementary Schools (Public)",
        "GSserved": "K-6",
        "Latitude": "33.63821",
        "Longitude": "-116.14099",
    }
    rows = [
        {"CDSCode": "33736760000000", "School": "No Data", "SOCType": "No Data"},
        {"CDSCode": "33736766032411"},
        {"CDSCode": "33736766032412", "StatusType": "Closed"},
        {"CDSCode": "33736766032413", "Latitude": "No Data", "Longitude": "No Data"},
        {"CDSCode": "33736766032414", "Latitude": "0.0", "Longitude": "0.0"},
        {"CDSCode": "01611920000001", "County": "Alameda", "Latitude": "37.65", "Longitude": "-122.09"},
        {
            "CDSCode": "13630990000002",
            "County": "Imperial",
            "School": 'Niños "Héroes"',
            "Latitude": "32.79",
            "Longitude": "-115.5",
        },
    ]
    path = tmp_path / "pubschls.txt"
    path.write_text(
        tabbed(SCHOOL, [{**usual, **row} for row in rows], "No Data"), encoding="utf-8", newline=""
    )
    add(inputs, "public_schools", path)
    raw = public_schools.Raw(inputs.table("public_schools"), COUNTIES)
    product = public_schools.transform(raw, REGION)
    public_schools.validate(product.frame)
    assert product.frame["school_id"].tolist() == ["33736766032411", "13630990000002"]
    assert product.frame["name"].tolist() == ["Cahuilla Desert", 'Niños "Héroes"']
    (told,) = product.findings
    assert (told.ids, told.of) == (("33736766032413", "33736766032414"), 4)


def test_the_register_of_health_facilities(inputs: Inputs, tmp_path: Path) -> None:
    usual = {
        "FAC_STATUS_TYPE_CODE": "OPEN",
        "FACNAME": "MECCA CLINIC, WEST",
        "FAC_FDR": "PRIMARY CARE CLINIC",
        "CAPACITY": "0",
        "CITY": "MECCA",
        "COUNTY_NAME": "RIVERSIDE",
        "LATITUDE": "33.57",
        "LONGITUDE": "-116.07",
    }
    rows = [
        {"FACID": "060000001"},
        {"FACID": "060000001", "LICENSED_CERTIFIED": "CERTIFIED"},
        {"FACID": "060000002", "FAC_FDR": "HOSPICE"},
        {"FACID": "060000003", "FAC_STATUS_TYPE_CODE": "CLOSED"},
        {"FACID": "060000004", "LATITUDE": "", "LONGITUDE": ""},
        {
            "FACID": "060000005",
            "FAC_FDR": "GENERAL ACUTE CARE HOSPITAL",
            "CAPACITY": "156",
            "COUNTY_NAME": "IMPERIAL",
        },
        {"FACID": "060000006", "COUNTY_NAME": "KERN", "LATITUDE": "35.37", "LONGITUDE": "-119.02"},
    ]
    path = tmp_path / "health_facility_locations.csv"
    path.write_text(quoted(FACILITY, [{**usual, **row} for row in rows]), encoding="utf-8-sig")
    add(inputs, "health_facilities", path)
    raw = health_facilities.Raw(inputs.table("health_facilities"), COUNTIES)
    product = health_facilities.transform(raw, REGION)
    health_facilities.validate(product.frame)
    ours = product.frame.set_index("facility_id")
    assert ours["kind"].to_dict() == {"060000001": "clinic", "060000005": "hospital"}
    assert ours.loc["060000001", "name"] == "Mecca Clinic, West"
    assert ours["beds"].to_dict() == {"060000001": 0.0, "060000005": 156.0}
    (told,) = product.findings
    assert told.ids == ("060000004",)


@pytest.mark.parametrize(
    ("key", "heading", "ours"),
    [
        ("hospital_districts", "District", "name"),
        ("hospital_districts", "DISTRICT", "name"),
        ("supervisorial_districts", "DIST", "district"),
        ("water_board_divisions", "Division", "division"),
    ],
)
def test_layers_whose_heading_differs_from_publisher_to_publisher(
    inputs: Inputs, tmp_path: Path, key: str, heading: str, ours: str
) -> None:
    shape = gpd.GeoDataFrame(
        {"OBJECTID": [1], heading: ["Heffernan 3"]},
        geometry=[shapely.box(-115.6, 32.6, -115.4, 32.8)],
        crs="EPSG:4326",
    )
    path = tmp_path / "query.geojson"
    shape.to_file(path, driver="GeoJSON")
    add(inputs, key, path)
    assert read_shapes(CATALOG[key], inputs.store)[ours].tolist() == ["Heffernan 3"]


@pytest.mark.parametrize("parcels", [False, True])
def test_addresses_of_a_county(inputs: Inputs, tmp_path: Path, parcels: bool) -> None:
    places = [shapely.Point(-116.1, 33.6), shapely.Point(-116.1, 33.6), shapely.Point(-119.0, 35.3), None]
    shapes = [place.buffer(0.001) if parcels and place else place for place in places]
    columns = {
        "OBJECTID": [1, 2, 3, 4],
        "SITUS": ["88700 AVE 70", "88700 AVE 70", "1 CHESTER AVE", "NO PLACE"],
    }
    path = tmp_path / "parcels.geojson"
    gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4326").to_file(path, driver="GeoJSON")
    add(inputs, "address_points", path)
    raw = address_points.Raw(inputs.shapes("address_points"), COUNTIES)
    product = address_points.transform(raw, REGION)
    address_points.validate(product.frame)
    assert product.frame["address"].tolist() == ["88700 AVE 70"] * 2
    assert set(product.frame.geom_type) == {"Point"}
    (told,) = product.findings
    assert (told.check, told.ids, told.of) == ("addresses_without_shape", ("NO PLACE",), 4)


LINE = shapely.LineString([(-116.20, 33.60), (-116.10, 33.60)])
ACROSS = shapely.LineString([(-116.15, 33.55), (-116.15, 33.65)])


def tiger(
    tmp_path: Path, name: str, columns: Mapping[str, Sequence[object]], *lines: shapely.LineString
) -> Path:
    """A zipped shapefile as TIGER/Line has it: NAD 83, members named as the zip."""
    path = tmp_path / f"{name}.zip"
    write_shapefile(path, gpd.GeoDataFrame(dict(columns), geometry=list(lines), crs="EPSG:4269"))
    return path


def test_roads_rails_and_canals_of_tiger(inputs: Inputs, tmp_path: Path) -> None:
    road = {"LINEARID": ["1103"], "FULLNAME": ["Avenue 62"], "RTTYP": ["M"], "MTFCC": ["S1400"]}
    nameless = {
        "LINEARID": ["1103", "1104"],
        "FULLNAME": [None] * 2,
        "RTTYP": [None] * 2,
        "MTFCC": ["S1200", "S1740"],
    }
    add(inputs, "roads", tiger(tmp_path, "tl_2020_06065_roads", road, LINE))
    add(inputs, "roads", tiger(tmp_path, "tl_2020_06025_roads", nameless, LINE, ACROSS))
    rail = {"LINEARID": ["1107"], "FULLNAME": ["Union Pacific RR"], "MTFCC": ["R1011"]}
    add(inputs, "rails", tiger(tmp_path, "tl_2020_us_rails", rail, LINE))
    water = {
        "ANSICODE": [None, None], "LINEARID": ["1101", "1102"], "FULLNAME": ["Coachella Canal", None],
        "ARTPATH": ["N", "N"], "MTFCC": ["H3020", "H3013"],
    }  # fmt: skip
    add(inputs, "linear_water", tiger(tmp_path, "tl_2020_06065_linearwater", water, LINE, ACROSS))
    product = roads.transform(roads.Raw(inputs.shapes("roads"), False, COUNTIES), REGION)
    roads.validate(product.frame)
    ours = product.frame
    assert ours["road_id"].is_unique
    assert ours["name"].isna().tolist() == [True, True, False]
    assert ours["road_class"].notna().all()
    assert ours["length_m"].tolist() == pytest.approx([9_280, 11_093, 9_280], rel=0.01)
    assert inputs.shapes("rails")[["name", "kind"]].to_numpy().tolist() == [["Union Pacific RR", "R1011"]]
    assert inputs.shapes("linear_water")["name"].tolist() == ["Coachella Canal", pd.NA]


def test_a_feed_that_came_under_its_former_name_is_read_and_replaced(tmp_path: Path) -> None:
    from geo.sources.fetch import require_sources

    store = RawStore("official", tmp_path / "raw")
    members = {
        "stops.txt": "stop_id,stop_name,stop_lat,stop_lon\n1,A,33.7,-116.2\n",
        "routes.txt": "route_id,route_type\n1,3\n",
        "trips.txt": "route_id,service_id,trip_id\n1,1,1\n",
        "stop_times.txt": "trip_id,stop_id,stop_sequence\n1,1,1\n",
    }
    feed = archive(tmp_path / "google_transit.zip", **members)
    (source,) = require_sources(["transit_2018"])
    assert source.key == "transit"
    add_file(source, feed, store, REGION)
    (store.folder / "transit").rename(store.folder / "transit_2018")
    assert store.has("transit")
    assert list(store.sources()) == ["transit"]
    assert store.require_files("transit")[0].path.is_file()
    add_file(source, feed, store, REGION)
    assert store.receipt("transit") is not None
    assert not (store.folder / "transit_2018").exists()
