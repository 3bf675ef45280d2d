"""What a layer is: which dataset and columns it needs, how it is drawn, and what its signs mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import folium
import geopandas as gpd
from pyproj import CRS

from geo.crs import STORED, require_crs
from geo.errors import SchemaError
from geo.language import gettext as _
from layers.drawing import Drawing, inline_shapes, to_group
from layers.legend import Legend


@dataclass(frozen=True, slots=True)
class Look:
    """What a drawing needs besides its frame.

    ``shapes`` is the address of the shapes among the served files; None sends the frame's own along.
    ``selected`` is the identifier of the one that is chosen.
    """

    shapes: str | None = None
    selected: str | None = None


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of the map.

    Attributes
    ----------
    key
        Stable: used in links and saved views.
    title
        What the list of layers shows, marked for translation.
    dataset
        Which processed dataset feeds it; credits come from there.
    identifier
        Column by which shapes and values meet.
    columns
        What drawing needs besides.
    order
        Lower is drawn below.
    draw
        Frame (EPSG:4326) to what the browser gets.
    legend
        What its signs mean; None where there is nothing to say.
    shown
        Whether it is shown unless somebody switches it off.
    """

    key: str
    title: str
    dataset: str
    identifier: str
    columns: tuple[str, ...]
    order: int
    draw: Callable[[Layer, gpd.GeoDataFrame, Look], Drawing]
    legend: Callable[[Layer, gpd.GeoDataFrame], Legend] | None = None
    shown: bool = False

    def shapes_of(self, frame: gpd.GeoDataFrame, look: Look) -> str | dict[str, object]:
        """Address of the shapes, or the frame's own as GeoJSON."""
        return look.shapes if look.shapes is not None else inline_shapes(frame, self.identifier)


def feature_group(layer: Layer, frame: gpd.GeoDataFrame, look: Look | None = None) -> folium.FeatureGroup:
    """Draw a layer after seeing that its frame is fit.

    An empty frame gives an empty group.

    Raises
    ------
    SchemaError
        The frame lacks columns.
    CRSError
        The frame is not in EPSG:4326.
    """
    check_frame(layer, frame)
    return to_group(layer.draw(layer, frame, look or Look()))


def check_frame(layer: Layer, frame: gpd.GeoDataFrame) -> None:
    """Raise unless the frame has the layer's columns and is in EPSG:4326."""
    missing = [column for column in (layer.identifier, *layer.columns) if column not in frame.columns]
    if missing:
        raise SchemaError(
            _("the layer {layer!r} needs {count} columns that are not there: {names}").format(
                layer=layer.key, count=len(missing), names=", ".join(missing)
            ),
            _("build the dataset {dataset} again: python -m geo build").format(dataset=layer.dataset),
        )
    if frame.crs is None or not _is_stored(frame.crs.srs):
        require_crs(frame)


@cache
def _is_stored(srs: str) -> bool:
    """Whether a CRS is the one of stored frames; kept, as comparing takes longer than drawing."""
    return CRS(srs) == CRS(STORED)
