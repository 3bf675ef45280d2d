"""A boundary file that somebody adds: checked as any source, and kept as GeoJSON in EPSG:4326."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import shapely

from geo.datasets.schema import AREAS
from geo.errors import GeometryError, first_ids
from geo.intake.vectors import read_vectors
from geo.language import gettext as _
from geo.language import mark as N_
from geo.language import ngettext
from geo.methods.geometry import repair_shapes
from geo.region import Region

NAMES = (
    "name", "namelsad", "trustee", "trustee_area", "area_name", "division", "district", "ward", "label", "id"
)  # fmt: skip
TOLERANCE_DEG = 0.0003
SWAPPED = N_(
    "latitude and longitude stand in the other order: save it with longitude first; nothing was written"
)


@dataclass(frozen=True, slots=True)
class BoundaryFile:
    """A boundary as it will be kept, and what was done to it or is odd about it, in words."""

    areas: gpd.GeoDataFrame
    told: tuple[str, ...] = ()


def read_boundary(content: bytes, name: str, region: Region) -> gpd.GeoDataFrame:
    """Read a boundary file as :func:`inspect_boundary`, without what there is to tell of it."""
    return inspect_boundary(content, name, region).areas


def inspect_boundary(content: bytes, name: str, region: Region) -> BoundaryFile:
    """Read a boundary file: GeoJSON, GeoPackage, KML, or a shapefile in a zip.

    Outlines that cross themselves are mended, and it is told. Shapes of one name are one area.

    Returns
    -------
    BoundaryFile
        ``name`` and valid areas in EPSG:4326, simplified by about 30 m; Z coordinates are dropped.

    Raises
    ------
    SchemaError
        It cannot be read, has no rows, or is larger than 20 MB.
    CRSError
        It says nothing of its CRS, or something that cannot be.
    GeometryError
        Something in it is no area, or all of it lies outside the region.
    """
    frame = read_vectors(content, name)
    _check_areas(frame, name)
    remedy = _("see whether it is the right file, its CRS the right one, and the region; nothing was written")
    return inspect_areas(frame.geometry, _titles(frame, name), name, region, remedy)


def inspect_areas(
    geometry: gpd.GeoSeries, titles: Sequence[str], name: str, region: Region, remedy: str
) -> BoundaryFile:
    """Check areas as a boundary file is checked: mended, inside the region, those of one name one area.

    Parameters
    ----------
    geometry
        Polygons in EPSG:4326, from a file or drawn by hand.
    titles
        The name of each.
    name
        What a fault calls them all.
    remedy
        What to do where all of it lies outside the region.

    Raises
    ------
    GeometryError
        All of it lies outside the region, or nothing is left of it.
    """
    shapes, mended = repair_shapes(geometry)
    _check_place(shapes, name, region, remedy)
    ours = gpd.GeoDataFrame({"name": list(titles)}, geometry=shapes.to_numpy(), crs=geometry.crs)
    areas = ours.dissolve("name", sort=False, as_index=False)[["name", "geometry"]]
    areas = areas.set_geometry(areas.geometry.simplify(TOLERANCE_DEG))
    return BoundaryFile(areas, tuple(_tell(areas, titles, int(mended.sum()), region)))


def _titles(frame: gpd.GeoDataFrame, name: str) -> list[str]:
    columns = {str(column).casefold(): column for column in frame.columns}
    column = next((columns[item] for item in NAMES if item in columns), None)
    stem = Path(name).stem
    if column is None:
        return [stem] if len(frame) == 1 else [f"{stem} {row + 1}" for row in range(len(frame))]
    values = frame[column].astype("string").str.strip()
    return [
        f"{stem} {row + 1}" if text is None or text in ("", "<NA>") else str(text)
        for row, text in enumerate(values.fillna("").tolist())
    ]


def _check_areas(frame: gpd.GeoDataFrame, name: str) -> None:
    bare = [row + 1 for row, kind in enumerate(frame.geom_type) if kind not in AREAS]
    if bare:
        raise GeometryError(
            ngettext(
                "{count} shape of {name} is no area ({rows})",
                "{count} shapes of {name} are no areas ({rows})",
                len(bare),
            ).format(count=len(bare), name=name, rows=first_ids(bare)),
            _("add polygons: lines and points have no inside; nothing was written"),
        )


def _check_place(shapes: gpd.GeoSeries, name: str, region: Region, remedy: str) -> None:
    windows = _windows(region)
    if not shapes.intersects(windows).any():
        west, south, east, north = shapes.total_bounds
        raise GeometryError(
            _(
                "{name} lies outside this region (it is at {west} to {east}, {south} to {north} degrees)"
            ).format(
                name=name, west=f"{west:.2f}", east=f"{east:.2f}", south=f"{south:.2f}", north=f"{north:.2f}"
            ),
            remedy if not _is_swapped(shapes, windows) else _(SWAPPED),
        )


def _is_swapped(shapes: gpd.GeoSeries, windows: shapely.Geometry) -> bool:
    """Whether the shapes lie in the region with their coordinates the other way round."""
    swapped = shapely.transform(shapes.to_numpy(), lambda corners: corners[:, ::-1])
    return bool(shapely.intersects(swapped, windows).any())


def _tell(areas: gpd.GeoDataFrame, titles: Sequence[str], mended: int, region: Region) -> list[str]:
    told = []
    if mended:
        told.append(
            ngettext(
                "{count} outline crossed itself and was mended: look at the map before you add it.",
                "{count} outlines crossed themselves and were mended: look at the map before you add them.",
                mended,
            ).format(count=mended)
        )
    if len(areas) < len(titles):
        told.append(
            _("{count} shapes have {names} names: those of one name are one area.").format(
                count=len(titles), names=len(areas)
            )
        )
    outside = areas[~areas.intersects(_windows(region))]
    if len(outside):
        told.append(
            ngettext(
                "{count} area lies outside this region ({names}).",
                "{count} areas lie outside this region ({names}).",
                len(outside),
            ).format(count=len(outside), names=first_ids(outside["name"]))
        )
    return told


def _windows(region: Region) -> shapely.Geometry:
    return shapely.union_all([shapely.box(*focus.bounds) for focus in region.focus])
