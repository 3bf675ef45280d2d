"""Boundaries that somebody adds, from a file or drawn: checked, and kept as GeoJSON (EPSG:4326)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely

from geo.crs import require_crs
from geo.datasets.schema import AREAS
from geo.errors import GeometryError, SchemaError, first_ids
from geo.intake.vectors import read_vectors
from geo.language import gettext as _
from geo.language import mark as N_
from geo.language import ngettext
from geo.methods.drawing import drawn_area
from geo.methods.geometry import area_km2, repair_shapes
from geo.program.area import Area
from geo.region import Region
from geo.units import to_words

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


NEGLIGIBLE = 0.01
"""Share of an area that may lie over another or outside: lines of two hands never meet exactly."""


def drawn_boundary(drawings: Sequence[Mapping[str, Any]], title: str, region: Region) -> BoundaryFile:
    """Read what somebody drew as one area, checked as a boundary file is.

    Parameters
    ----------
    drawings
        GeoJSON features in EPSG:4326, as the map reports them; all of them are one area.

    Raises
    ------
    GeoError
        Nothing is drawn.
    GeometryError
        A drawing crosses itself, has no area, or all of it lies outside the region.

    Examples
    --------
    >>> from geo.region import read_region
    >>> ring = [[-116.2, 33.5], [-116.2, 33.7], [-116.0, 33.7], [-116.2, 33.5]]
    >>> drawing = {"geometry": {"type": "Polygon", "coordinates": [ring]}}
    >>> drawn_boundary([drawing], " Area 1", read_region("coachella")).areas["name"].tolist()
    ['Area 1']
    """
    shapes = drawn_area(drawings)
    name = title.strip() or _("What was drawn")
    remedy = _("draw it inside the region; nothing was written")
    return inspect_areas(shapes.geometry, [name] * len(shapes), name, region, remedy)


def require_new_names(areas: gpd.GeoDataFrame, there: gpd.GeoDataFrame | None) -> None:
    """Raise where an area of that name is there already: both would be taken for one.

    Raises
    ------
    SchemaError
        Names them.
    """
    known = set() if there is None else set(there["name"].astype(str))
    twice = [name for name in areas["name"].astype(str) if name in known]
    if twice:
        raise SchemaError(
            ngettext(
                "{count} area of that name is there already ({names})",
                "{count} areas of those names are there already ({names})",
                len(twice),
            ).format(count=len(twice), names=first_ids(twice)),
            _("give it another name, or withdraw the one that is there; nothing was written"),
        )


def tell_beside(
    areas: gpd.GeoDataFrame, there: gpd.GeoDataFrame | None, within: Area, area_crs: str
) -> list[str]:
    r"""Say where new areas lie over those that are there, and how much of them is outside the program's.

    Parameters
    ----------
    areas, there
        In EPSG:4326 with ``name``; None where no other is there.
    within
        The program's area.
    area_crs
        An equal-area CRS in meters.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> one = gpd.GeoDataFrame({"name": ["A"]}, geometry=[box(0, 0, 0.02, 0.01)], crs="EPSG:4326")
    >>> other = gpd.GeoDataFrame({"name": ["B"]}, geometry=[box(0.01, 0, 0.03, 0.01)], crs="EPSG:4326")
    >>> tell_beside(one, other, Area("D", box(0, 0, 1, 1)), "EPSG:6933")
    ['A: 50.0\xa0% of it lies over B.']
    """
    require_crs(areas)
    own = area_km2(areas.geometry, area_crs).to_numpy()
    told = []
    for place, (name, shape) in enumerate(zip(areas["name"], areas.geometry, strict=True)):
        others = [] if there is None else list(zip(there["name"], there.geometry, strict=True))
        cuts = [(other, shape.intersection(beside)) for other, beside in others]
        outside = shape.difference(within.shape)
        sizes = area_km2(gpd.GeoSeries([*(cut for _name, cut in cuts), outside], crs=areas.crs), area_crs)
        *over, out = (sizes / own[place]).tolist()
        told += [
            _("{name}: {share} of it lies over {other}.").format(
                name=name, other=other, share=to_words(share, "share")
            )
            for (other, _cut), share in zip(cuts, over, strict=True)
            if share > NEGLIGIBLE
        ]
        if out > NEGLIGIBLE:
            told.append(
                _("{name}: {share} of it lies outside the program's area ({area}).").format(
                    share=to_words(out, "share"), name=name, area=within.title
                )
            )
    return told
