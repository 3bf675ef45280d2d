"""Move quantities from the polygons of one file to those of another, in memory or on a dask cluster."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pyproj
import pyproj.exceptions

from geo.errors import CRSError, SchemaError
from geo.language import gettext as _
from geo.language import mark as N_

if TYPE_CHECKING:
    import geopandas as gpd

    from geo.methods.interpolation.transfer import Interpolation

Frame = TypeVar("Frame", bound=Any)
MEASURED = N_("write --crs EPSG:3310 (California), or another equal-area CRS in meters")
PARQUET = {".parquet", ".geoparquet"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument(
        "source",
        type=Path,
        help="polygons with the values: GeoParquet, GeoJSON, GeoPackage, KML or a shapefile",
    )
    parser.add_argument("target", type=Path, help="polygons that receive them")
    parser.add_argument("--extensive", nargs="+", default=[], metavar="COLUMN", help="counts, which add up")
    parser.add_argument("--intensive", nargs="+", default=[], metavar="COLUMN", help="averages and shares")
    parser.add_argument(
        "--moe",
        nargs="+",
        default=[],
        metavar="COLUMN=MARGIN",
        help="the column of an estimate's margin of error",
    )
    parser.add_argument(
        "--weights", type=Path, help="blocks or points that say where in the source people are"
    )
    parser.add_argument("--weight", metavar="COLUMN", help="the weights' column, say population")
    parser.add_argument("--source-label", metavar="COLUMN", help="the source's identifier, say geoid")
    parser.add_argument("--target-label", metavar="COLUMN", help="the target's identifier")
    parser.add_argument("--crs", help="measure in this projected, equal-area CRS, say EPSG:3310")
    parser.add_argument(
        "--output", type=Path, help="where values go (.parquet, .csv, .gpkg ...); the ledger goes beside them"
    )
    parser.add_argument("--engine", choices=["memory", "dask"], default="memory")
    parser.add_argument(
        "--scheduler", metavar="ADDRESS", help="a running dask scheduler; else workers start here"
    )
    parser.add_argument(
        "--workers", type=int, default=2, help="how many to start where no scheduler is named"
    )
    parser.add_argument("--partitions", type=int, help="into how many the source is cut")


def run(options: argparse.Namespace) -> int:
    """Move the quantities, write values and ledger, and say what was kept and lost."""
    require_known(options.crs)
    target = _read(options.target, options.target_label, options.crs)
    engine = _run_on_dask if options.engine == "dask" else _run_in_memory
    moved = engine(options, target, _arguments(options))
    output = options.output or options.source.with_name(
        f"{options.source.stem}_to_{options.target.stem}.parquet"
    )
    _write(moved, target, options, output)
    sys.stdout.write(_summary(moved))
    sys.stdout.write(f"{len(target):,} rows are in {output}.\n")
    return 0


def require_known(crs: str | None) -> None:
    """Raise unless a CRS is one, where one is named.

    Examples
    --------
    >>> require_known("Albers")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    geo.errors.CRSError: 'Albers' is no CRS: write --crs EPSG:3310 (California), or another equal-area ...
    """
    try:
        pyproj.CRS.from_user_input(crs or "EPSG:3310")
    except pyproj.exceptions.CRSError as error:
        raise CRSError(_("{crs!r} is no CRS").format(crs=crs), _(MEASURED)) from error


def _arguments(options: argparse.Namespace) -> dict[str, Any]:
    """Gather what both engines are asked for."""
    if (options.weights is None) != (options.weight is None):
        raise SchemaError("weights need a file and a column", "name both --weights and --weight")
    pairs = [pair.partition("=") for pair in options.moe]
    unpaired = [name for name, _, margin in pairs if not margin]
    if unpaired:
        raise SchemaError(f"--moe {unpaired[0]} names no margin", f"write --moe {unpaired[0]}=COLUMN")
    moe = {name: margin for name, _, margin in pairs}
    arguments = {"extensive": options.extensive, "intensive": options.intensive, "moe": moe}
    return arguments | ({"weight": options.weight} if options.weights else {})


def _run_in_memory(
    options: argparse.Namespace, target: gpd.GeoDataFrame, arguments: dict[str, Any]
) -> Interpolation:
    from geo.methods.interpolation import interpolate_areal, interpolate_weighted

    source = _read(options.source, options.source_label, options.crs)
    if options.weights is None:
        return interpolate_areal(source, target, **arguments)
    return interpolate_weighted(source, target, _read(options.weights, None, options.crs), **arguments)


def _run_on_dask(
    options: argparse.Namespace, target: gpd.GeoDataFrame, arguments: dict[str, Any]
) -> Interpolation:
    from geo.methods.interpolation import partitions as engine

    with engine.cluster(options.scheduler, options.workers):
        source = engine.read_partitions(options.source, options.partitions, crs=options.crs)
        require_measurable(source, options.source)
        label = options.source_label
        if options.weights is None:
            return engine.interpolate_areal(source, target, label=label, **arguments)
        weights = engine.read_partitions(options.weights, options.partitions, crs=options.crs)
        return engine.interpolate_weighted(source, target, weights, label=label, **arguments)


def _read(path: Path, label: str | None, crs: str | None) -> gpd.GeoDataFrame:
    """Read polygons, under their labels and in the CRS to measure in."""
    import geopandas as gpd

    from geo.intake.vectors import read_layer

    if not path.exists():
        raise SchemaError(f"there is no file {path}", "check the path")
    frame = gpd.read_parquet(path) if path.suffix in PARQUET or path.is_dir() else read_layer(path)
    if label is not None and label not in frame.columns:
        raise SchemaError(f"{path.name} has no column {label!r}", f"choose one of {list(frame.columns)}")
    frame = frame if label is None else frame.set_index(label)
    if frame.crs is None:
        raise CRSError(
            _("{file} says nothing of its CRS (no .prj)").format(file=path.name),
            _("put its .prj beside it, or ask the publisher for it"),
        )
    return require_measurable(frame if crs is None else frame.to_crs(crs), path)


def require_measurable(frame: Frame, path: Path) -> Frame:
    """Return the shapes themselves, whose areas can be measured in their CRS.

    Raises
    ------
    CRSError
        They cannot; says which option helps.
    """
    from geo.methods.interpolation.overlay import require_area_crs

    try:
        require_area_crs(frame)
    except CRSError as error:
        raise CRSError(_("{file}: {fault}").format(file=path.name, fault=error.fault), _(MEASURED)) from error
    return frame


def _write(moved: Interpolation, target: gpd.GeoDataFrame, options: argparse.Namespace, output: Path) -> None:
    """Write the values with the target's shapes (a CSV: without), and the ledger as JSON beside them."""
    table = target[[target.geometry.name]].join(moved.values)
    if output.suffix == ".csv":
        moved.values.to_csv(output)
    elif output.suffix in PARQUET:
        table.to_parquet(output)
    else:
        table.reset_index().to_file(output)
    title = f"{options.source.name} to {options.target.name}"
    record = moved.to_ledger(title, options.source.stem, options.target.stem).to_record()
    ledger = output.with_name(f"{output.stem}.ledger.json")
    ledger.write_text(json.dumps(record, ensure_ascii=False, indent=1), encoding="utf-8")


def _summary(moved: Interpolation) -> str:
    """One line a variable."""
    lines = [
        f"{name}: in {line['in']:,.1f}, out {line['out']:,.1f}, lost {line['lost']:,.1f}"
        f" ({len(line['units_lost'])} units), counted more than once {line['counted_more_than_once']:,.1f},"
        f" {line['missing']} units without a value\n"
        for name, line in moved.ledger.iterrows()
    ]
    return "".join(lines)
