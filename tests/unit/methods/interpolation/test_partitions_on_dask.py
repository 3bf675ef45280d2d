"""The same numbers over dask as in memory, on threads and on a cluster of two workers."""

# ruff: noqa: PD011 (`.values` is an attribute of the answer here)

from __future__ import annotations

import json

import dask_geopandas
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import Point

from geo.__main__ import main
from geo.errors import CRSError, GeometryError, SchemaError
from geo.methods import interpolation
from geo.methods.interpolation import partitions as interpolation_dask

CRS = "EPSG:3310"
ARGUMENTS = {"extensive": ["people"], "intensive": ["age"], "moe": {"people": "margin", "age": "margin"}}

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def layers(seed=0, side=14, overlap=0.0):
    """Squares that tile (or overlap by) with values, some of them missing, discs over them, and homes."""
    rng = np.random.default_rng(seed)
    x, y = (axis.ravel() for axis in np.meshgrid(np.arange(side), np.arange(side)))
    count = side * side
    people = np.where(rng.random(count) < 0.1, np.nan, rng.integers(0, 900, count))
    source = gpd.GeoDataFrame(
        {
            "geoid": [f"06{k:04}" for k in range(count)],
            "people": people,
            "margin": np.where(rng.random(count) < 0.02, np.nan, rng.uniform(1, 40, count)),
            "age": rng.uniform(20, 70, count),
        },
        geometry=shapely.box(x, y, x + 1 + overlap, y + 1 + overlap),
        crs=CRS,
    ).sample(frac=1, random_state=seed)
    centers = rng.uniform(0, side + 2, (25, 2))
    discs = [Point(*xy).buffer(rng.uniform(0.3, 3)) for xy in centers]
    target = gpd.GeoDataFrame(index=[f"t{k}" for k in range(25)], geometry=discs, crs=CRS)
    spots = rng.uniform(0, side, (600, 2))
    homes = gpd.GeoDataFrame(
        {"homes": rng.integers(0, 20, 600)}, geometry=[Point(*xy) for xy in spots], crs=CRS
    )
    return source.set_index("geoid"), target, homes


def assert_same(ours, theirs):
    pd.testing.assert_frame_equal(ours.values, theirs.values, rtol=1e-9, atol=1e-9)
    for name, line in theirs.ledger.iterrows():
        amounts = ["in", "out", "lost", "counted_more_than_once"]
        assert ours.ledger.loc[name, amounts].tolist() == pytest.approx(
            line[amounts].tolist(), rel=1e-9, abs=1e-6
        )
        assert ours.ledger.loc[name, "missing"] == line["missing"]
        for units in ("units_lost", "units_repeated"):
            assert sorted(ours.ledger.loc[name, units]) == sorted(line[units])


@pytest.mark.parametrize("by_space", [True, False])
@pytest.mark.parametrize("overlap", [0.0, 0.25])
def test_areal_on_threads(by_space, overlap):
    source, target, _ = layers(overlap=overlap)
    parts = (
        interpolation_dask.partition_by_space(source, 5)
        if by_space
        else dask_geopandas.from_geopandas(source, npartitions=5, sort=False)
    )
    assert (parts.spatial_partitions is not None) == by_space
    ours = interpolation_dask.interpolate_areal(parts, target, **ARGUMENTS)
    assert_same(ours, interpolation.interpolate_areal(source, target, **ARGUMENTS))


@pytest.mark.parametrize("kind", ["points", "polygons"])
@pytest.mark.parametrize("by_space", [True, False])
def test_weighted_on_threads(kind, by_space):
    source, target, homes = layers(1)
    if kind == "polygons":
        homes = homes.set_geometry(homes.buffer(0.4, quad_segs=3))

    def cut(frame, n):
        if by_space:
            return interpolation_dask.partition_by_space(frame, n)
        return dask_geopandas.from_geopandas(frame, npartitions=n, sort=False)

    ours = interpolation_dask.interpolate_weighted(
        cut(source, 4), target, cut(homes, 3), weight="homes", **ARGUMENTS
    )
    theirs = interpolation.interpolate_weighted(source, target, homes, weight="homes", **ARGUMENTS)
    assert_same(ours, theirs)


def test_empty_frames():
    source, target, _ = layers(2, side=3)
    nothing = dask_geopandas.from_geopandas(source.iloc[:0], npartitions=1)
    ours = interpolation_dask.interpolate_areal(nothing, target, **ARGUMENTS)
    assert_same(ours, interpolation.interpolate_areal(source.iloc[:0], target, **ARGUMENTS))
    some = dask_geopandas.from_geopandas(source, npartitions=2, sort=False)
    ours = interpolation_dask.interpolate_areal(some, target.iloc[:0], **ARGUMENTS)
    assert_same(ours, interpolation.interpolate_areal(source, target.iloc[:0], **ARGUMENTS))


def test_refusals():
    source, target, _ = layers(2, side=3)
    parts = dask_geopandas.from_geopandas(source, npartitions=2, sort=False)
    with pytest.raises(CRSError, match="projected"):
        interpolation_dask.interpolate_areal(parts.to_crs(4326), target.to_crs(4326), extensive="people")
    with pytest.raises(SchemaError, match="dogs"):
        interpolation_dask.interpolate_areal(parts, target, extensive="dogs")
    broken = source.copy()
    broken.loc[broken.index[4], "geometry"] = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    parts = dask_geopandas.from_geopandas(broken, npartitions=2, sort=False)
    with pytest.raises(GeometryError, match="1 geometries of the source are invalid"):
        interpolation_dask.interpolate_areal(parts, target, extensive="people")


@pytest.mark.slow
def test_two_workers_of_a_cluster():
    source, target, homes = layers(3, side=60, overlap=0.01)
    parts = interpolation_dask.partition_by_space(source, 6)
    with interpolation_dask.cluster(workers=2) as client:
        assert len(client.scheduler_info()["workers"]) == 2
        areal = interpolation_dask.interpolate_areal(parts, target, **ARGUMENTS)
        blocks = interpolation_dask.partition_by_space(homes, 3)
        weighted = interpolation_dask.interpolate_weighted(parts, target, blocks, weight="homes", **ARGUMENTS)
        shuffled = interpolation_dask.partition_by_space(
            dask_geopandas.from_geopandas(source.reset_index(), npartitions=4, sort=False)
        )
        again = interpolation_dask.interpolate_areal(shuffled, target, label="geoid", **ARGUMENTS)
    theirs = interpolation.interpolate_areal(source, target, **ARGUMENTS)
    assert_same(areal, theirs)
    assert_same(again, theirs)
    assert_same(
        weighted, interpolation.interpolate_weighted(source, target, homes, weight="homes", **ARGUMENTS)
    )


class TestCommand:
    @pytest.fixture
    def files(self, tmp_path):
        source, target, homes = layers(4)
        shift = {"xoff": 100_000, "yoff": -300_000}
        for name, frame in (("source", source), ("target", target.rename_axis("town")), ("homes", homes)):
            moved = frame.set_geometry(frame.scale(500, 500, origin=(0, 0)).translate(**shift)).to_crs(4326)
            moved.reset_index().to_parquet(tmp_path / f"{name}.parquet", row_group_size=50)
        gpd.read_parquet(tmp_path / "target.parquet").to_file(tmp_path / "target.gpkg")
        return tmp_path

    def command(self, folder, output, *more, target="target.gpkg"):
        arguments = ["interpolate", folder / "source.parquet", folder / target, "--output", folder / output]
        arguments += ["--extensive", "people", "--intensive", "age", "--moe", "people=margin"]
        arguments += ["--source-label", "geoid", "--target-label", "town", "--crs", CRS, *more]
        return main([str(argument) for argument in arguments])

    def test_in_memory(self, files, capsys):
        assert self.command(files, "out.gpkg") == 0
        assert "people: in " in capsys.readouterr().out
        frame = gpd.read_file(files / "out.gpkg").set_index("town")
        source = gpd.read_parquet(files / "source.parquet").set_index("geoid").to_crs(CRS)
        target = gpd.read_parquet(files / "target.parquet").set_index("town").to_crs(CRS)
        theirs = interpolation.interpolate_areal(
            source, target, extensive="people", intensive="age", moe={"people": "margin"}
        )
        assert np.allclose(frame[theirs.values.columns], theirs.values, rtol=1e-9, equal_nan=True)
        record = json.loads((files / "out.ledger.json").read_text(encoding="utf-8"))
        assert [line["variable"] for line in record["lines"]] == ["people", "age"]

    @pytest.mark.parametrize(
        ("wrong", "message"),
        [
            (["--weight", "homes"], "name both --weights and --weight"),
            (["--moe", "people"], "--moe people names no margin"),
            (["--source-label", "fips"], "has no column 'fips'"),
            (["--extensive", "dogs"], "absent (dogs)"),
        ],
    )
    def test_faults_are_told(self, files, capsys, wrong, message):
        assert self.command(files, "out.csv", *wrong) == 1
        assert message in capsys.readouterr().err

    def test_a_geographic_crs_is_told(self, files, capsys):
        arguments = ["interpolate", str(files / "source.parquet"), str(files / "target.parquet")]
        assert main([*arguments, "--extensive", "people"]) == 1
        assert "projected CRS" in capsys.readouterr().err

    @pytest.mark.slow
    @pytest.mark.parametrize("weights", [[], ["--weights", "homes.parquet", "--weight", "homes"]])
    def test_dask_gives_the_same_file(self, files, weights):
        weights = [str(files / word) if word.endswith(".parquet") else word for word in weights]
        assert self.command(files, "memory.csv", *weights) == 0
        assert self.command(files, "dask.csv", "--engine", "dask", *weights) == 0
        memory, cluster = (pd.read_csv(files / name, index_col=0) for name in ("memory.csv", "dask.csv"))
        pd.testing.assert_frame_equal(cluster, memory, rtol=1e-9)

    @pytest.mark.slow
    def test_a_running_scheduler_is_used(self, files):
        with interpolation_dask.cluster(workers=2) as client:
            address = client.scheduler_info()["address"]
            assert self.command(files, "dask.csv", "--engine", "dask", "--scheduler", address) == 0
