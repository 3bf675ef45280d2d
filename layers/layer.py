"""What a layer is: its dataset and columns, how it is drawn, and its legend, as data and as HTML."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from html import escape
from urllib.parse import quote

import folium
import geopandas as gpd
from pyproj import CRS

from geo.crs import STORED, require_crs
from geo.errors import SchemaError
from geo.language import gettext as _
from layers.drawing import Drawing, Style, inline_shapes, to_group

WIDTH, HEIGHT = 26, 16
_SYMBOLS = {
    "circle": '<circle cx="13" cy="8" r="6" {paint}/>',
    "square": '<rect x="7" y="2" width="12" height="12" {paint}/>',
    "triangle": '<path d="M13 1 L20 15 L6 15 Z" {paint}/>',
    "diamond": '<path d="M13 0 L21 8 L13 16 L5 8 Z" {paint}/>',
    "line": '<path d="M1 8 H25" {paint}/>',
    "area": '<rect x="1" y="1" width="24" height="14" {paint}/>',
}
_HATCHES = {
    "lines": '<path d="M-2 6 L6 -2 M4 16 L20 0 M14 18 L28 4 M-4 16 L12 0" '
    'stroke="{color}" stroke-width="{width}"/>',
    "dots": '<g fill="#1a1a1a"><circle cx="6" cy="5" r="0.9"/><circle cx="20" cy="5" r="0.9"/>'
    '<circle cx="13" cy="11" r="0.9"/></g>',
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a legend; ``count`` is how many there are of it, where that says something."""

    label: str
    style: Style
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Legend:
    """What the colors and signs of a layer mean.

    Of a map of two figures the first entries make a square: ``grid`` tells how many stand in a row, and how
    many there are in all; ``axes`` what rises to the right and what rises upward.
    """

    title: str
    entries: tuple[Entry, ...]
    note: str = ""
    grid: tuple[int, int] = (0, 0)
    axes: tuple[str, str] = ("", "")

    def to_html(self) -> str:
        """Write it as HTML: a caption, a list with a sign and its words, a note.

        Examples
        --------
        >>> "&lt;b&gt;" in Legend("<b>", ()).to_html()
        True
        """
        wide, held = self.grid
        square = _square(self.entries[:held], wide, self.axes) if held else ""
        items = "".join(_item(entry) for entry in self.entries[held:])
        note = f'<p class="note">{escape(self.note)}</p>' if self.note else ""
        head = f"<figcaption>{escape(self.title)}</figcaption>"
        return f"<figure>{head}{square}<ul>{items}</ul>{note}</figure>"


def legends_to_html(legends: Sequence[Legend]) -> str:
    """Write several legends as one piece of HTML, with its own styles."""
    body = "".join(legend.to_html() for legend in gather(legends))
    return f'<div class="geo-legend">{STYLES}{body}</div>'


def gather(legends: Sequence[Legend]) -> list[Legend]:
    """Put legends of a single sign together under one title, after the others.

    Examples
    --------
    >>> lake = Legend("Lakes", (Entry("Lakes", Style("#000000")),))
    >>> [legend.title for legend in gather([lake, Legend("Index", ())])]
    ['Index', 'For orientation']
    """
    single = [legend for legend in legends if [entry.label for entry in legend.entries] == [legend.title]]
    others = [legend for legend in legends if legend not in single]
    entries = tuple(replace(legend.entries[0], count=None) for legend in single)
    return [*others, Legend(_("For orientation"), entries)] if entries else others


STYLES = (
    "<style>.geo-legend{font-size:0.86rem;line-height:1.35;margin-top:0.4rem}"
    ".geo-legend figure{margin:0 0 0.55rem 0}"
    ".geo-legend figcaption{font-weight:600;margin-bottom:0.1rem}"
    ".geo-legend ul{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:0.1rem 1.1rem}"
    ".geo-legend li{display:flex;align-items:center;gap:0.4rem;margin:0;font-size:0.86rem}"
    ".geo-legend img{flex:none}.geo-legend .count{color:#595959;font-variant-numeric:tabular-nums}"
    ".geo-legend table{border-collapse:collapse;margin:0.2rem 0}"
    ".geo-legend caption{text-align:left;font-size:0.8rem}"
    ".geo-legend th,.geo-legend td{font-weight:400;font-size:0.75rem;padding:1px 4px;text-align:center}"
    ".geo-legend .across{margin:0;font-size:0.8rem;text-align:right}"
    ".geo-legend .note{margin:0.15rem 0 0 0;color:#595959;font-size:0.8rem}</style>"
)


def _square(entries: Sequence[Entry], wide: int, axes: tuple[str, str]) -> str:
    """Write the square of a map of two figures as a table: the second one's highest class stands above."""
    rows = [entries[start : start + wide] for start in range(0, len(entries), wide)]
    lines = []
    for row in rows:
        up = escape(row[0].label.partition(" · ")[2])
        cells = "".join(f"<td>{_swatch(entry.style)}<br>{_counted(entry.count or 0)}</td>" for entry in row)
        lines.append(f'<tr><th scope="row">{up}</th>{cells}</tr>')
    foot = "".join(f'<th scope="col">{escape(entry.label.partition(" · ")[0])}</th>' for entry in rows[-1])
    across, up = escape(axes[0]), escape(axes[1])
    return (
        f"<table><caption>↑ {up}</caption>{''.join(lines)}<tr><td></td>{foot}</tr></table>"
        f'<p class="across">→ {across}</p>'
    )


def _item(entry: Entry) -> str:
    count = "" if entry.count is None else f'<span class="count">({escape(_counted(entry.count))})</span>'
    return f"<li>{_swatch(entry.style)}<span>{escape(entry.label)}</span>{count}</li>"


def _counted(count: int) -> str:
    return f"{count:,}"


def _swatch(style: Style) -> str:
    size = f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
    body = _SYMBOLS[style.symbol].format(paint=_paint(style))
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{body}{"".join(_hatch(style))}</svg>'
    return f'<img alt="" {size.split(" viewBox")[0]} src="data:image/svg+xml,{quote(svg)}">'


def _paint(style: Style) -> str:
    fill = "none" if style.fill is None or style.symbol == "line" else escape(style.fill)
    dashes = f' stroke-dasharray="{escape(style.dashes)}"' if style.dashes else ""
    return (
        f'fill="{fill}" fill-opacity="{style.fill_opacity}" stroke="{escape(style.color)}" '
        f'stroke-width="{style.weight}"{dashes}'
    )


def _hatch(style: Style) -> Iterator[str]:
    if style.hatch:
        pattern = _HATCHES[style.hatch]
        yield pattern.format(color="#ffffff", width=2.6)
        yield pattern.format(color="#1a1a1a", width=1.1)


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
