"""Series and their vintages: one line for the next one, each in its publisher's layout, former keys."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geo.commands.add import add_file
from geo.errors import CatalogError, SchemaError
from geo.region import Region
from geo.settings import CATALOG
from geo.sources.catalog import read_catalog, vintages_of
from geo.sources.fetch import fetch_region, require_sources
from geo.sources.raw import RawStore
from geo.sources.reading import read_shapes, read_table
from geo.tracts.acs_indicators import to_indicators
from geo.tracts.vintages import OF_PLACES

DECLARED = read_catalog()
COUNTY = "06065"


def write(path: Path, change: Callable[[str], str]) -> Path:
    path.write_text(change(CATALOG.read_text(encoding="utf-8")), encoding="utf-8")
    return path


def test_next_years_survey_is_one_line(tmp_path: Path) -> None:
    line = '2025 = { vintage = "2021-2025, 2020 tracts" }\n'
    after = "[acs_5year.vintages]\n"
    path = write(tmp_path / "sources.toml", lambda text: text.replace(after, after + line))
    catalog = read_catalog(path)
    assert vintages_of(["acs_5year"], catalog) == ("acs_5year_2025", "acs_5year_2024", "acs_5year_2022")
    newest = catalog["acs_5year"]
    assert newest.key == "acs_5year_2025"
    assert newest.address == "https://api.census.gov/data/2025/acs/acs5"
    assert newest.file_for(COUNTY) == "acs5_2025_tract_06065.json"
    assert all("/2025/" in address and "acsdt5y2025-{table}" in address for address in newest.tables)
    assert "(in 2025 inflation-adjusted dollars)" in newest.labels["B19013_001"]
    assert newest.layout == catalog["acs_5year_2024"].layout


def test_no_year_is_left_open_and_every_vintage_says_its_tracts() -> None:
    series = [source for source in DECLARED.values() if source.series]
    assert len(series) >= 7
    for source in series:
        assert "{year}" not in repr(source)
        assert source.tracts in (2010, 2020) or source.series == OF_PLACES
        assert f"{source.tracts} tracts" in source.vintage or source.vintage.endswith("places")


@pytest.mark.parametrize("line", ["", '[acs_5year.vintages.2026]\nformat = "paper"\n'])
def test_a_series_that_is_not_well_declared_is_named(tmp_path: Path, line: str) -> None:
    text = '[acs_5year.vintages]\n2024 = { vintage = "2020-2024, 2020 tracts" }\n'
    rest = '2022 = { vintage = "2018-2022, 2020 tracts" }\n'
    path = write(
        tmp_path / "sources.toml",
        lambda whole: whole.replace(text + rest, line or "[acs_5year.vintages]\n"),
    )
    with pytest.raises(CatalogError, match="acs_5year"):
        read_catalog(path)


def test_the_key_of_a_series_means_its_newest_vintage() -> None:
    assert [source.key for source in require_sources(["acs_svi", "acs_svi_2018"])] == [
        "acs_svi_2022",
        "acs_svi_2018",
    ]
    with pytest.raises(CatalogError, match="acs_svi_1999"):
        require_sources(["acs_svi_1999"])


def test_files_under_the_former_key_are_still_read(
    store: RawStore, coachella: Region, tmp_path: Path
) -> None:
    key = "acs_5year_2022"
    names = DECLARED[key].layout.published
    row = ["06", "065", "045303", *("7" for _ in names[3:])]
    file = tmp_path / "acs5_2022_tract_06065.json"
    file.write_text(json.dumps([list(names), row]), encoding="utf-8")
    add_file(DECLARED[key], file, store, coachella)
    (store.folder / key).rename(store.folder / "acs_5year")
    assert store.has(key, [COUNTY])
    assert list(store.sources()) == [key]
    assert read_table(DECLARED[key], store, [COUNTY])["geoid"].tolist() == ["06065045303"]
    add_file(DECLARED[key], file, store, coachella)
    assert (store.folder / key / "receipt.json").is_file()
    assert read_table(DECLARED[key], store, [COUNTY])["population"].tolist() == [7]


def test_a_mirror_with_the_former_key_still_serves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from geo.sources.mirror import write_mirror

    monkeypatch.setenv("GEO_DATA_DIR", str(tmp_path / "data"))
    key, store = "acs_5year_2022", RawStore("official", tmp_path / "from")
    names = DECLARED[key].layout.published
    file = tmp_path / "acs5_2022_tract_06065.json"
    file.write_text(json.dumps([list(names), ["06", "065", "045303", *("7" for _ in names[3:])]]))
    from geo.region import read_region

    add_file(DECLARED[key], file, store, read_region("coachella"))
    write_mirror(store, DECLARED, tmp_path / "mirror")
    index = tmp_path / "mirror" / "index.toml"
    shutil.move(tmp_path / "mirror" / key, tmp_path / "mirror" / "acs_5year")
    index.write_text(index.read_text().replace(key, "acs_5year"), encoding="utf-8")
    (result,) = fetch_region("coachella", tmp_path / "mirror", [key]).results
    assert result.state == "partly", result.reason
    assert result.reason == "the mirror has no file for county 06025"


# The header of the index of 2022 as it is published, but for its ranks.
SVI_2022 = (
    "ST,STATE,ST_ABBR,STCNTY,COUNTY,FIPS,LOCATION,AREA_SQMI,E_TOTPOP,M_TOTPOP,E_HU,M_HU,E_HH,M_HH,E_POV150,"
    "M_POV150,E_UNEMP,M_UNEMP,E_HBURD,M_HBURD,E_NOHSDP,M_NOHSDP,E_UNINSUR,M_UNINSUR,E_AGE65,M_AGE65,E_AGE17,"
    "M_AGE17,E_DISABL,M_DISABL,E_SNGPNT,M_SNGPNT,E_LIMENG,M_LIMENG,E_MINRTY,M_MINRTY,E_MUNIT,M_MUNIT,"
    "E_MOBILE,M_MOBILE,E_CROWD,M_CROWD,E_NOVEH,M_NOVEH,E_GROUPQ,M_GROUPQ,EP_POV150,MP_POV150,EP_UNEMP,"
    "MP_UNEMP,EP_HBURD,MP_HBURD,EP_NOHSDP,MP_NOHSDP,EP_UNINSUR,MP_UNINSUR,EP_AGE65,MP_AGE65,EP_AGE17,"
    "MP_AGE17,EP_DISABL,MP_DISABL,EP_SNGPNT,MP_SNGPNT,EP_LIMENG,MP_LIMENG,EP_MINRTY,MP_MINRTY,EP_MUNIT,"
    "MP_MUNIT,EP_MOBILE,MP_MOBILE,EP_CROWD,MP_CROWD,EP_NOVEH,MP_NOVEH,EP_GROUPQ,MP_GROUPQ,RPL_THEMES,F_TOTAL,"
    "E_DAYPOP,E_NOINT,M_NOINT,EP_NOINT,MP_NOINT"
)


def test_the_index_of_2022_as_it_is_published(store: RawStore, coachella: Region, tmp_path: Path) -> None:
    """With a byte order mark, tracts that lost their 0, commas within quotes, -999 for what is missing."""
    names = SVI_2022.split(",")
    told = {
        "ST": "6",
        "FIPS": "6065045303",
        "LOCATION": '"Census Tract 453.03, Riverside County, California"',
    }
    told |= {"E_POV150": "940", "M_POV150": "120", "EP_LIMENG": "47.3", "MP_LIMENG": "5.1", "E_NOINT": "-999"}
    row = [told.get(name, "10") for name in names]
    empty = [{"FIPS": "6065940100"}.get(name, "-999") for name in names]
    file = tmp_path / "California.csv"
    file.write_text("\n".join((SVI_2022, ",".join(row), ",".join(empty))) + "\n", encoding="utf-8-sig")
    add_file(DECLARED["acs_svi_2022"], file, store, coachella)
    frame = read_table(DECLARED["acs_svi_2022"], store).set_index("geoid")
    assert frame.index.tolist() == ["06065045303", "06065940100"]
    first = frame.loc["06065045303"]
    assert (first["under_150_percent_of_poverty"], first["share_limited_english_percent"]) == (940, 47.3)
    assert frame["no_internet_households"].isna().all()
    assert frame.drop(columns="location").loc["06065940100"].isna().all()
    indicators = to_indicators(frame.reset_index()).loc["06065045303"]
    assert indicators["share_limited_english"] == pytest.approx(0.473)
    assert not {"poverty", "share_poverty"} & set(indicators.index), "150 % of the level is another line"


def test_the_older_index_is_not_taken_for_the_newer(store: RawStore, coachella: Region, mirror: Path) -> None:
    file = next((mirror / "acs_svi_2018").glob("*.csv"))
    with pytest.raises(SchemaError, match="E_POV150"):
        add_file(DECLARED["acs_svi_2022"], file, store, coachella)


SCREEN = {
    "tract": [6065045303.0, 6065940100.0],
    "zipcode": [92274, 92276],
    "county": ["Riverside", "Riverside"],
    "approx_loc": ["Thermal", "Ca\N{LATIN SMALL LETTER N WITH TILDE}ada"],
    "region": ["Inland Empire"] * 2,
    "ACS2024Pop": [3400.0, 12.0],
    "CIscore": [61.5, -999.0],
    "CIscoreP": [95.1, -999.0000001],
    **{
        name: [1.5, -999.0]
        for name in (
            "drink",
            "drinkP",
            "gwthreats",
            "gwthreatsP",
            "iwb",
            "pest",
            "pm",
            "ling",
            "pov",
            "unemp",
        )
    },
    "housingB": [20.0, -999.0],
    "edu": [40.0, -999.0],
}


def test_calenviroscreen_5_as_it_is_published(store: RawStore, coachella: Region, tmp_path: Path) -> None:
    """A shapefile in a folder that is itself named .shp, in EPSG:3310, a tract a number without its 0."""
    boxes = [shapely.box(x, -400_000, x + 1000, -399_000) for x in (300_000, 301_000)]
    frame = gpd.GeoDataFrame(SCREEN, geometry=boxes, crs="EPSG:3310")
    frame.to_file(tmp_path / "CES5_final_shapefile.shp", engine="pyogrio", encoding="UTF-8")
    file, folder = tmp_path / "ces.zip", "calenviroscreen50results_F_070126.shp"
    with zipfile.ZipFile(file, "w") as archive:
        archive.mkdir(folder)
        for part in sorted(tmp_path.glob("CES5_final_shapefile.*")):
            archive.write(part, f"{folder}/{part.name}")
    add_file(DECLARED["calenviroscreen_5"], file, store, coachella)
    read = read_shapes(DECLARED["calenviroscreen_5"], store).set_index("geoid")
    assert read.index.tolist() == ["06065045303", "06065940100"]
    assert read["ces_score"].fillna(-1).tolist() == [61.5, -1]
    assert read["ces_percentile"].isna().tolist() == [False, True], "-999 with a drift is missing, too"
    assert read["near"].tolist() == SCREEN["approx_loc"]


def test_the_planning_database_as_it_is_published(store: RawStore, coachella: Region, tmp_path: Path) -> None:
    """The whole nation in Latin-1, tracts that lost their 0, a blank score."""
    county = "Do\N{LATIN SMALL LETTER N WITH TILDE}a Ana County"
    head = "GIDTR,State,State_name,County,County_name,Tract,Flag,Tot_Population_CEN_2020,Low_Response_Score"
    rows = (
        f"35013000104,35,New Mexico,13,{county},104,,4000,21.9",
        "6065045303,6,California,65,Riverside County,45303,,3900,38.4",
        "6065940100,6,California,65,Riverside County,940100,,12,",
        "6037137000,6,California,37,Los Angeles County,137000,,4100,15.0",
    )
    file = tmp_path / "pdb2023tr.csv"
    file.write_text("\n".join((head, *rows)) + "\n", encoding="latin-1")
    source = DECLARED["planning_database"]
    add_file(source, file, store, coachella)
    frame = read_table(source, store, coachella.counties).set_index("geoid")
    assert frame.index.tolist() == ["06065045303", "06065940100", "06037137000"]
    assert frame["low_response_score"].fillna(-1).tolist() == [38.4, -1, 15.0]
