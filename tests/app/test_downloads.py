"""Downloads of a region: what geo has, in each format, with the warning where data are invented."""

from __future__ import annotations

import io
import json
import zipfile

import geopandas as gpd
import pandas as pd
import pytest

from app_pages.parts.tracts.downloads import make_file
from geo.datasets.storage import read_shapes_of
from geo.region import read_region


def unpack(content: bytes, name: str = "data.csv") -> io.BytesIO:
    """Take a file out of the archive that a CSV comes in."""
    return io.BytesIO(zipfile.ZipFile(io.BytesIO(content)).read(name))


@pytest.mark.parametrize("dataset", ["tracts_2010", "tracts_2020", "water_systems"])
def test_a_download_holds_what_geo_has(demo_built: str, dataset: str) -> None:
    region = read_region(demo_built)
    frame = read_shapes_of(demo_built, dataset)
    table = pd.read_csv(unpack(make_file(region, dataset, "csv", "en")), dtype=str)
    assert len(table) == len(frame)
    assert set(table["warning"]) == {"INVENTED DATA: nothing in this file is real"}
    read = json.loads(make_file(region, dataset, "geojson", "es"))
    assert len(read["features"]) == len(frame)
    assert read["notes"]["warning"].startswith("DATOS INVENTADOS")
    assert read["notes"]["sources"]


def test_a_geopackage_has_the_full_shapes(demo_built: str, tmp_path: object) -> None:
    region = read_region(demo_built)
    path = f"{tmp_path}/export.gpkg"
    with open(path, "wb") as stream:  # noqa: PTH123
        stream.write(make_file(region, "tracts_2010", "gpkg", "en"))
    read, frame = gpd.read_file(path, layer="data"), read_shapes_of(demo_built, "tracts_2010")
    assert read.geometry.geom_equals(frame.geometry).all()


@pytest.mark.parametrize("dataset", ["tracts_2010", "tracts_2020"])
def test_our_estimate_goes_along_with_its_margin_its_label_and_the_official_value(
    demo_built: str, dataset: str
) -> None:
    table = pd.read_csv(unpack(make_file(read_region(demo_built), dataset, "csv", "en")))
    known = table["ca_htc_estimate"].notna()
    assert known.any()
    assert table.loc[known, "ca_htc_estimate_moe"].gt(0).all()
    assert set(table.loc[known, "ca_htc_estimate_label"]) == {"our estimate, not the State's index"}
    assert table.loc[~known, ["ca_htc_estimate_moe", "ca_htc_estimate_label"]].isna().all(axis=None)
    assert "ca_htc_index" in table


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("dataset", ["tracts_2010", "tracts_2020", "water_systems"])
def test_every_column_of_a_download_is_described_in_it(demo_built: str, dataset: str, language: str) -> None:
    content = make_file(read_region(demo_built), dataset, "csv", language)
    said = pd.read_csv(unpack(content, "columns.csv")).set_index("column")
    given = pd.read_csv(unpack(content), nrows=1).columns
    assert [*said.index, "sources", "warning"] == list(given)
    assert said.notna().all(axis=None)
    assert not said["description"].isin(["not described", "sin descripción"]).any()
    words = {"en": "Area of the shape, measured by us", "es": "Superficie de la forma, medida por nosotros"}
    if dataset != "water_systems":
        assert said.loc["area_km2", "description"] == words[language]
        assert said.loc["share_crowded_moe", "unit"].endswith({"en": "0 to 1", "es": "de 0 a 1"}[language])
