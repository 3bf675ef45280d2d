"""Boundaries that somebody adds, from a file or drawn: checked, and kept as GeoJSON (EPSG:4326)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from geo.crs import require_crs
from geo.datasets.schema import AREAS
from geo.errors import GeometryError, SchemaError, first_ids
from geo.intake.values import plain_words
from geo.intake.vectors import Shapes, read_vectors
from geo.language import gettext as _
from geo.language import mark as N_
from geo.language import ngettext
from geo.methods.drawing import drawn_area
from geo.methods.geometry import area_km2, areas_only, repair_shapes
from geo.program.area import Area
from geo.region import Region
from geo.units import to_words

# Columns that name areas, plainly written, best first; one that begins so counts too (NAMELSAD20).
NAMES = (
    "name", "nombre", "namelsad", "trustee area", "trustee", "area name", "area", "division", "district",
    "dist no", "dist", "ward", "precinct", "distrito", "label", "title", "id",
)  # fmt: skip
WHOLE_NUMBER = re.compile(r"(-?\d+)\.0+")
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

    Outlines that cross themselves or are open are mended. Rows that are no areas are left out, and of a
    collection what is no area; all of it is told. Shapes of one name are one area.

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
        Nothing in it is an area, or all of it lies outside the region.
    """
    read = read_vectors(content, name)
    titles, column = name_areas(read.frame, name)
    shapes, told = _take_areas(read.frame.geometry, titles, name)
    remedy = _("see whether it is the right file, its CRS the right one, and the region; nothing was written")
    kept = [titles[row] for row in shapes.index]
    found = inspect_areas(shapes, kept, name, region, remedy)
    return replace(found, told=(*_tell_read(read, titles, column), *told, *found.told))


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


def name_areas(frame: gpd.GeoDataFrame, name: str) -> tuple[list[str], str]:
    """Name each row of a file of areas, and say by which column; empty where none names them.

    The first column of :data:`NAMES` that tells rows apart, or has any value at all; where there is none, the
    only column that tells all rows apart. A whole number with
    decimals (2.0) is written without; where a row has no name it is the file's with the row's number.

    Examples
    --------
    >>> frame = gpd.GeoDataFrame({"District": [1.0, None]}, geometry=[None, None], crs="EPSG:4326")
    >>> name_areas(frame, "areas.zip")
    (['1', 'areas 2'], 'District')
    """
    texts = {column: _texts(frame[column]) for column in frame.columns.drop("geometry")}
    known = [column for column in sorted(texts, key=_rank) if _rank(column) < len(NAMES)]
    named = [column for column in known if any(texts[column])]
    telling = [column for column in texts if len({*texts[column], ""}) == len(frame) + 1]
    apart = [column for column in named if len(set(texts[column])) > 1 and plain_words(str(column)) != "id"]
    best = next(iter([*apart, *named]), None)
    if best is None and len(frame) > 1 and len(telling) == 1:
        best = telling[0]
    stem = Path(name).stem
    own = [stem] if len(frame) == 1 else [f"{stem} {row + 1}" for row in range(len(frame))]
    if best is None:
        return own, ""
    return [text or spare for text, spare in zip(texts[best], own, strict=True)], str(best)


def _rank(column: object) -> int:
    """Place of a column among those that name areas; a column that only begins so comes after."""
    words = plain_words(str(column))
    for place, known in enumerate(NAMES):
        if words == known or (known != "id" and re.match(rf"{known}[\d\s]", words)):
            return place
    return len(NAMES)


def _texts(values: pd.Series) -> list[str]:
    texts = [" ".join(text.split()) for text in values.astype("string").fillna("").tolist()]
    return [found[1] if (found := WHOLE_NUMBER.fullmatch(text)) else text for text in texts]


def _take_areas(
    shapes: gpd.GeoSeries, titles: Sequence[str], name: str
) -> tuple[gpd.GeoSeries, tuple[str, ...]]:
    """Keep what is an area, of collections too; say which rows have none.

    Raises
    ------
    GeometryError
        Nothing is an area.
    """
    parts = gpd.GeoSeries(areas_only(shapes.to_numpy()), index=shapes.index, crs=shapes.crs)
    mixed = shapes.geom_type == "GeometryCollection"
    sizes = shapely.area(repair_shapes(parts)[0].to_numpy())
    areas = gpd.GeoSeries(parts[parts.geom_type.isin(AREAS) & (sizes > 0)])
    none = shapes.index[shapes.isna() | shapes.is_empty]
    bare = shapes.index.difference(areas.index).difference(none)
    if areas.empty:
        raise GeometryError(
            ngettext(
                "{count} shape of {name} is no area ({rows})",
                "{count} shapes of {name} are no areas ({rows})",
                len(shapes),
            ).format(count=len(shapes), name=name, rows=first_ids(titles)),
            _("add polygons: lines and points have no inside; nothing was written"),
        )
    lines = [
        (none, N_("Rows without a shape are left out: {names}.")),
        (bare, N_("Points and lines are left out, for they have no inside: {names}.")),
        (areas.index[mixed[areas.index]], N_("What is beside the polygons of these is left out: {names}.")),
    ]
    told = [
        _(words).format(names=first_ids([titles[row] for row in rows])) for rows, words in lines if len(rows)
    ]
    return areas, tuple(told)


def _tell_read(read: Shapes, titles: Sequence[str], column: str) -> Iterator[str]:
    """Say how a file was read where somebody may not expect it."""
    if len(read.layers) > 1:
        layers = ", ".join(f'"{layer}"' for layer in read.layers)
        yield _("All layers were read: {layers}.").format(layers=layers)
    if read.encoding:
        yield _("Read as Windows-1252: look whether accents are right; UTF-8 is safer.")
    if read.closed:
        words = ngettext(
            "{count} outline was open and was closed by a straight line: look at the map before you add it.",
            "{count} outlines were open and were closed by straight lines: look at the map before you add "
            "them.",
            read.closed,
        )
        yield words.format(count=read.closed)
    given = _texts(read.frame[column]) if column else titles
    nameless = [title for title, text in zip(titles, given, strict=True) if not text]
    if nameless:
        yield _("Rows without a name are numbered: {names}.").format(names=first_ids(nameless))
    if column and _rank(column) > NAMES.index("nombre"):
        yield _('Names come from the column "{column}".').format(column=column)
    elif not column and len(read.frame) > 1:
        words = _("No column names the areas, so they are numbered. The columns are: {there}.")
        yield words.format(there=first_ids(read.frame.columns.drop("geometry")) or _("none"))


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
