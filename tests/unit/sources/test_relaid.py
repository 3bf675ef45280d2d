"""A workbook where CSV is declared, and a column by another heading: laid out as declared, then checked."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from geo.__main__ import main
from geo.commands.add import add_file
from geo.errors import GeoError
from geo.region import Region
from geo.sources.catalog import read_catalog
from geo.sources.raw import RawStore
from geo.sources.reading import read_shapes, read_table
from tests.unit.sources.loopback import digest

CATALOG = read_catalog()
CES = CATALOG["calenviroscreen_4"]
DISTRICTS = CATALOG["health_districts"]
SUPERVISORS, INDEX = CATALOG["supervisorial_districts_2021"], CATALOG["ca_htc_index_2019"]
RESULTS = "CES4.0FINAL_results"
# The agency's head in its order, and two rows: tracts are numbers, a score that lacks is NA in words.
HEAD = (
    "Census Tract", "Total Population", "California County", "ZIP", "Approximate Location", "Longitude",
    "Latitude", "CES 4.0 Score", "CES 4.0 Percentile", "CES 4.0 Percentile Range", "PM2.5", "Drinking Water",
    "Drinking Water Pctl", "Pesticides", "Groundwater Threats", "Groundwater Threats Pctl",
    "Imp. Water Bodies", "Education", "Linguistic Isolation", "Poverty", "Unemployment", "Housing Burden",
)  # fmt: skip
ROWS = (
    (6065045604, 4321, "Riverside", 92274, "Thermal", -116.1, 33.6, 61.25, 97.5, "95-100% (highest scores)",
     7.5, 720.9, 93.0, 12.5, 3.0, 20.0, 4, 50.1, 30.2, 71.0, 12.5, 20.0),
    (6065940100, 210, "Riverside", 92274, "Unincorporated Riverside County area", -116.2, 33.7, "NA", "NA",
     "NA", 7.5, 720.9, 93.0, 12.5, 3.0, 20.0, 4, 50.1, "NA", 71.0, 12.5, 20.0),
)  # fmt: skip


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """The workbook as it lies in the agency's zip: results first, then what their columns mean."""
    book = Workbook()
    results = book.active
    assert results is not None
    results.title = RESULTS
    for row in (HEAD, *ROWS):
        results.append(row)
    book.create_sheet("Data Dictionary").append(("Variable Name", "Description"))
    path = tmp_path / "calenviroscreen40resultsdatadictionary_F_2021.xlsx"
    book.save(path)
    return path


def book_with_a_cover(path: Path) -> Path:
    """A workbook whose first sheet is a cover, and whose second has the districts of tracts."""
    book = Workbook()
    cover = book.active
    assert cover is not None
    cover.title = "Read me"
    cover.append(("About", "This workbook"))
    sheet = book.create_sheet("Tracts")
    sheet.append(tuple(SUPERVISORS.layout.published))
    sheet.append(tuple({"GEOID": "6065045604"}.get(name, "1") for name in SUPERVISORS.layout.published))
    book.save(path)
    return path


def test_the_wrong_sheet_is_told_with_all_that_there_are(
    store: RawStore, coachella: Region, tmp_path: Path
) -> None:
    path = book_with_a_cover(tmp_path / "districts.xlsx")
    with pytest.raises(GeoError) as caught:
        add_file(SUPERVISORS, path, store, coachella)
    assert "the sheet 'Read me' of districts.xlsx has no column" in str(caught.value)
    assert caught.value.remedy == "its sheets are 'Read me', 'Tracts'; say which one it is: --sheet TITLE"
    assert store.receipt(SUPERVISORS.key) is None
    assert add_file(SUPERVISORS, path, store, coachella, sheet="Tracts").fidelity == "relaid"


def test_a_workbook_under_the_name_of_a_text_is_taken_as_what_it_is(
    store: RawStore, coachella: Region, tmp_path: Path
) -> None:
    path = book_with_a_cover(tmp_path / "districts.csv")
    with pytest.raises(GeoError, match=r"the sheet 'Read me' of districts\.xlsx has no column"):
        add_file(SUPERVISORS, path, store, coachella)
    assert add_file(SUPERVISORS, path, store, coachella, sheet="Tracts").files
    assert len(read_table(SUPERVISORS, store)) == 1


def test_a_sheet_is_chosen_where_a_workbook_is_what_is_declared(
    store: RawStore, coachella: Region, tmp_path: Path
) -> None:
    book = Workbook()
    notes, scores = book.active, book.create_sheet("Scores")
    assert notes is not None
    notes.title = "Notes"
    scores.append(tuple(INDEX.layout.published))
    scores.append(tuple(6065045604 if name == "GEOID" else 60 for name in INDEX.layout.published))
    path = tmp_path / "index.xlsx"
    book.save(path)
    with pytest.raises(GeoError, match="its sheets are 'Notes', 'Scores'"):
        add_file(INDEX, path, store, coachella)
    add_file(INDEX, path, store, coachella, sheet="Scores")
    assert read_table(INDEX, store)["geoid"].tolist() == ["06065045604"]


def old_workbook(rows: tuple[tuple[str | float, ...], ...]) -> bytes:
    """A workbook as Excel wrote it before 2007 (BIFF 2: records of a kind, a length and a content)."""
    records = [struct.pack("<4H", 0x0009, 4, 2, 0x0010)]
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            place = struct.pack("<2H3x", row, column)
            if isinstance(cell, str):
                text = cell.encode("cp1252")
                body, kind = place + bytes([len(text)]) + text, 0x0004
            else:
                body, kind = place + struct.pack("<d", cell), 0x0003
            records.append(struct.pack("<2H", kind, len(body)) + body)
    return b"".join([*records, struct.pack("<2H", 0x000A, 0)])


PARKS = CATALOG["mobile_home_parks_register"]
# The head of the Department's export, and two parks; a place with an accent, and no lot.
PARK_HEAD = (
    "Park Name", "Park Identifier", "Park Address", "Jurisdiction", "MH Spaces", "RV Lots W/Drains",
    "RV Lots W/O Drains", "Operated by",
)  # fmt: skip
PARK_ROWS = (
    ("OASIS MHP", "33-0123-MP", "88700 AVE 70, THERMAL, CA 92274", "HCD", 249, 12, 0, "Oasis"),
    ("CAMPO PEÑA", "13-0009-SP", "1 MAIN ST, NILAND, CA 92257", "IMPERIAL COUNTY", 0, 40, 5, ""),
)


def test_a_workbook_of_before_2007_is_taken_as_it_is(
    tmp_path: Path, store: RawStore, coachella: Region
) -> None:
    path = tmp_path / "Parks Export.XLS"
    path.write_bytes(old_workbook((PARK_HEAD, *PARK_ROWS)))
    receipt = add_file(PARKS, path, store, coachella)
    assert receipt.fidelity == "relaid"
    ours = read_table(PARKS, store).set_index("park_id")
    assert ours["spaces"].to_dict() == {"33-0123-MP": 249.0, "13-0009-SP": 0.0}
    assert ours.loc["13-0009-SP", "name"] == "CAMPO PEÑA"
    assert ours.loc["13-0009-SP", "rv_lots_without_drains"] == 5


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<html><table><tr><td>Park Name</td></tr></table>", r"parks\.xls is a web page or XML"),
        (b"\xd0\xcf\x11\xe0" * 200, r"parks\.xls cannot be read as a table"),
        (b"", r"parks\.xls cannot be read as a table"),
    ],
)
def test_what_only_bears_the_name_of_such_a_workbook_is_refused(
    tmp_path: Path, store: RawStore, coachella: Region, content: bytes, words: str
) -> None:
    path = tmp_path / "parks.xls"
    path.write_bytes(content)
    with pytest.raises(GeoError, match=words):
        add_file(PARKS, path, store, coachella)
    assert not store.has(PARKS.key)


def district(name: str, west: float, **others: str) -> dict[str, object]:
    ring = [[west, 33.0], [west + 0.2, 33.0], [west + 0.2, 33.2], [west, 33.0]]
    return {
        "type": "Feature",
        "properties": {"OBJECTID": 1, "District": name, **others},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


@pytest.fixture
def layer(tmp_path: Path) -> Path:
    """Hospital_Districts of Imperial County, whose names stand in the column District."""
    path = tmp_path / "Hospital_Districts.geojson"
    features = [district("Pioneers Memorial", -115.6), district("Heffernan Memorial", -115.3)]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


@pytest.mark.parametrize("sheet", ["", RESULTS])
def test_a_workbook_is_taken_where_csv_is_declared(
    store: RawStore, coachella: Region, workbook: Path, sheet: str
) -> None:
    before = workbook.read_bytes()
    receipt = add_file(CES, workbook, store, coachella, sheet=sheet)
    assert (receipt.fidelity, receipt.files[0].path.name) == ("relaid", CES.file)
    assert workbook.read_bytes() == before
    frame = read_table(CES, store)
    assert frame["geoid"].to_list() == ["06065045604", "06065940100"]
    assert frame["zip_code"].to_list() == ["92274", "92274"]
    assert frame["near"].to_list() == ["Thermal", "Unincorporated Riverside County area"]
    assert frame["ces_score"].fillna(-1).to_list() == [61.25, -1]
    assert frame["drinking_water_score"].to_list() == [720.9, 720.9]


def test_the_sheet_that_a_source_declares_is_taken(
    store: RawStore, coachella: Region, tmp_path: Path
) -> None:
    """The State's workbook has the table behind others; the sheet is declared, not asked of a person."""
    source = CATALOG["consolidation_routes_2021"]
    book = Workbook()
    assert book.active is not None
    book.active.append(("Read me",))
    routes = book.create_sheet("Regional_FinalRoutes")
    routes.append(source.layout.published)
    routes.append(["CA3310001"] + ["7"] * (len(source.layout.published) - 1))
    path = tmp_path / "2_Consolidation Analysis_FINAL.xlsx"
    book.save(path)
    add_file(source, path, store, coachella)
    row = read_table(source, store).iloc[0]
    assert (row["receiving_pwsid"], row["shared_routes_miles"]) == ("CA3310001", 7)


def test_a_column_of_a_layer_is_named(store: RawStore, coachella: Region, layer: Path) -> None:
    with pytest.raises(GeoError, match="lacks 1 columns: NAME"):
        add_file(DISTRICTS, layer, store, coachella)
    receipt = add_file(DISTRICTS, layer, store, coachella, columns={"name": "District"})
    assert receipt.fidelity == "relaid"
    frame = read_shapes(DISTRICTS, store)
    assert frame["name"].to_list() == ["Pioneers Memorial", "Heffernan Memorial"]
    assert frame.geometry.is_valid.all()


def test_the_named_column_goes_before_one_of_the_published_name(
    store: RawStore, coachella: Region, tmp_path: Path
) -> None:
    path = tmp_path / "districts.geojson"
    features = [district("Pioneers Memorial", -115.6, NAME="1"), district("Heffernan", -115.3, NAME="1")]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    add_file(DISTRICTS, path, store, coachella, columns={"name": "District"})
    assert set(read_shapes(DISTRICTS, store)["name"]) == {"Pioneers Memorial", "Heffernan"}


def test_columns_of_a_table_are_named(
    store: RawStore, coachella: Region, workbook: Path, tmp_path: Path
) -> None:
    """As CalEnviroScreen 4.0 is handed on: saved as CSV by somebody who wrote other headings."""
    text = [",".join(HEAD), *(",".join(f'"{cell}"' for cell in row) for row in ROWS)]
    path = tmp_path / "ces.csv"
    text[0] = text[0].replace("Census Tract", "tract").replace("CES 4.0 Score", "Score overall")
    path.write_text("\ufeff" + "\r\n".join(text) + "\r\n", encoding="utf-8", newline="")
    columns = {"geoid": "tract", "ces_score": "Score overall"}
    add_file(CES, path, store, coachella, columns=columns)
    frame = read_table(CES, store)
    assert frame["geoid"].to_list() == ["06065045604", "06065940100"]
    assert frame["ces_score"].fillna(-1).to_list() == [61.25, -1]


Refused = Callable[[RawStore, Region, Path, Path], object]
REFUSED: list[tuple[Refused, str]] = [
    (
        lambda store, region, book, layer: add_file(CES, book, store, region, sheet="Results"),
        f"has no sheet 'Results': use one of {RESULTS}, Data Dictionary",
    ),
    (
        lambda store, region, book, layer: add_file(CES, book, store, region, sheet="Data Dictionary"),
        f"the sheet 'Data Dictionary' of .* has no column .*: its sheets are '{RESULTS}', 'Data Dictionary'",
    ),
    (
        lambda store, region, book, layer: add_file(CES, book, store, region, columns={"geoid": "Tract"}),
        "has no column Tract: use some of Census Tract, Total Population",
    ),
    (
        lambda store, region, book, layer: add_file(CES, book, store, region, columns={"tract": "Tract"}),
        "'calenviroscreen_4' has no column tract: use some of geoid, zip_code",
    ),
    (
        lambda store, region, book, layer: add_file(DISTRICTS, layer, store, region, sheet="A"),
        "is no workbook whose sheet could be named",
    ),
    (
        lambda store, region, book, layer: add_file(
            CATALOG["block_group_centers_2020"], book, store, region, columns={"geoid": "GEOID"}
        ),
        "geoid of 'block_group_centers_2020' is made of several columns: give them the headings STATEFP",
    ),
    (
        lambda store, region, book, layer: add_file(
            CATALOG["roads"], layer, store, region, "06065", columns={"name": "Street"}
        ),
        "columns of a file of the format shapefile cannot be named here: give them the headings LINEARID",
    ),
]


@pytest.mark.parametrize(("refused", "message"), REFUSED)
def test_what_does_not_fit_changes_nothing(
    store: RawStore, coachella: Region, workbook: Path, layer: Path, refused: Refused, message: str
) -> None:
    add_file(CES, workbook, store, coachella)
    before = digest(store.folder)
    with pytest.raises(GeoError, match=message):
        refused(store, coachella, workbook, layer)
    assert digest(store.folder) == before


def test_the_command_takes_sheet_and_columns(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    workbook: Path,
    layer: Path,
) -> None:
    monkeypatch.setenv("GEO_DATA_DIR", str(tmp_path / "data"))
    assert main(["add", CES.key, str(workbook), "--sheet", RESULTS]) == 0
    assert main(["add", DISTRICTS.key, str(layer), "--column", "name=District"]) == 0
    assert f"{DISTRICTS.key} is here: 1 files" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["add", DISTRICTS.key, str(layer), "--column", "District"])
    assert "'District' is not OURS=HEADING" in capsys.readouterr().err
