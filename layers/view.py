"""What a person is looking at, as it stands in an address that can be sent to somebody."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from geo.errors import SchemaError
from geo.methods.classify import FEWEST, MOST, SCHEMES, Scheme, parse_limits
from geo.region import Bounds
from geo.tracts.filtering import read_condition
from geo.water.filtering import STATUSES
from layers.palette import PALETTES, USUAL

TRACTS = ("tracts_2010", "tracts_2020")
DEFAULT_INDICATOR = "ca_htc_index"
WHOLE_REGION, COUNTY_DIGITS = "region", 5
HIGHEST = (5, 10, 20, 25)
"""Percentages of tracts that can count as the highest."""

DRAWN, LISTED, PROGRAM = "drawn", "list", "program"
AREA_KINDS = ("place", "school_district", "district", "tribal_area", PROGRAM, DRAWN, LISTED)
"""Kinds of area that a view can speak of besides study area, region and counties."""

FOCUS_AREA = "area"
"""A focus: where the area of the view is."""

MOST_MILES, LONGEST_TITLE, LONGEST_NOTE = 100.0, 80, 300
EVERY = "all"
TABS = ("tracts", "systems", "people", "charts")
OPACITIES, USUAL_OPACITY = (20, 100), 75


@dataclass(frozen=True, slots=True)
class View:
    """One view of the map.

    Attributes
    ----------
    dataset
        Which tracts: ``tracts_2010`` or ``tracts_2020``.
    indicator
        Key of the indicator.
    scheme, classes, limits
        How values are put into classes; ``limits`` in the indicator's unit.
    layers
        Keys of the layers that are shown besides tracts; None: those shown at first.
    selected
        ``layer:identifier`` of what the card shows; empty for none.
    focus
        What the map opened on: the number of a focus of the region, ``area`` for the area that was chosen,
        or ``layer:identifier``.
    area
        Of which tracts the view speaks: empty for the study area, ``region`` for all, a county's GEOID, or
        ``kind:identifier`` with a kind of :data:`AREA_KINDS`.
    highest
        The map shows how sure a tract is among the highest so many percent; 0: it shows the values.
    where
        What a tract's value must be like, as :class:`geo.tracts.filtering.Condition` is written; empty: any.
    status, near, miles
        Which water systems: keys of :data:`geo.water.filtering.STATUSES`, none for any; the GEOID of a place
        and how far from it, empty for anywhere.
    title, note
        What somebody called this view, and wrote about it.
    second
        Key of a second indicator, for a map of two; empty for none.
    palette, reverse, opacity
        How values become colors (:class:`layers.palette.Colors`); ``opacity`` in percent.
    systems
        ``all`` where every water system is drawn; empty: those failing or at risk, unless a filter says.
    tab, sort
        Which table is open, and the column that orders its rows, with ``-`` before it from the highest.
    """

    dataset: str = TRACTS[0]
    indicator: str = DEFAULT_INDICATOR
    scheme: Scheme = "quantiles"
    classes: int = 5
    limits: tuple[float, ...] = ()
    layers: tuple[str, ...] | None = None
    selected: str = ""
    focus: str = ""
    area: str = ""
    highest: int = 0
    where: str = ""
    status: tuple[str, ...] = ()
    near: str = ""
    miles: float = 5.0
    title: str = ""
    note: str = ""
    second: str = ""
    palette: str = USUAL
    reverse: bool = False
    opacity: int = USUAL_OPACITY
    systems: str = ""
    tab: str = ""
    sort: str = ""

    def to_params(self) -> dict[str, str]:
        """Write what differs from the first view, for an address.

        Examples
        --------
        >>> View(indicator="share_uninsured", layers=("places", "roads")).to_params()
        {'indicator': 'share_uninsured', 'layers': 'places.roads'}
        """
        written = {field.name: _write(getattr(self, field.name)) for field in fields(self)}
        usual = {field.name: _write(field.default) for field in fields(self)}
        return {name: text for name, text in written.items() if text != usual[name] and text is not None}


def read_view(params: Mapping[str, str]) -> View:
    """Read a view from an address; what makes no sense is passed over.

    Examples
    --------
    >>> read_view({"classes": "6", "scheme": "none such", "layers": "-"})
    ... # doctest: +ELLIPSIS
    View(dataset='tracts_2010', indicator='ca_htc_index', scheme='quantiles', classes=6, ... layers=(), ...)
    """
    usual = View()
    schemes: dict[str, Scheme] = {name: name for name in SCHEMES}
    layers = params.get("layers")
    return View(
        dataset=params["dataset"] if params.get("dataset") in TRACTS else usual.dataset,
        indicator=params.get("indicator", usual.indicator),
        scheme=schemes.get(params.get("scheme", ""), usual.scheme),
        classes=_read_count(params.get("classes", "")) or usual.classes,
        limits=_read_limits(params.get("limits", "")),
        layers=None if layers is None else tuple(key for key in layers.split(".") if key not in ("", "-")),
        selected=_read_thing(params.get("selected", "")),
        focus=_read_thing(params.get("focus", "")),
        area=_read_area(params.get("area", "")),
        highest=_read_percent(params.get("highest", "")),
        where=_read_where(params.get("where", "")),
        status=tuple(key for key in STATUSES if key in params.get("status", "").split(".")),
        near=params.get("near", "") if _GEOID.fullmatch(params.get("near", "")) else "",
        miles=_read_miles(params.get("miles", "")) or usual.miles,
        title=params.get("title", "").strip()[:LONGEST_TITLE],
        note=params.get("note", "").strip()[:LONGEST_NOTE],
        second=_read_word(params.get("second", "")),
        palette=params["palette"] if params.get("palette") in PALETTES else usual.palette,
        reverse=params.get("reverse") == str(True),
        opacity=_read_opacity(params.get("opacity", "")),
        systems=EVERY if params.get("systems") == EVERY else "",
        tab=params["tab"] if params.get("tab") in TABS else "",
        sort=_read_word(params.get("sort", "")),
    )


def names_view(params: Iterable[str]) -> bool:
    """Whether an address says anything of a view, by the names of its parameters.

    Examples
    --------
    >>> names_view({"region": "demo", "lang": "es"}), names_view({"region": "demo", "area": "06025"})
    (False, True)
    """
    return not {field.name for field in fields(View)}.isdisjoint(params)


def split_selected(selected: str) -> tuple[str, str]:
    """Take ``layer:identifier`` apart.

    Examples
    --------
    >>> split_selected("tracts:06065045303"), split_selected("")
    (('tracts', '06065045303'), ('', ''))
    """
    layer, _, identifier = selected.partition(":")
    return layer, identifier


def split_area(area: str) -> tuple[str, str]:
    """Take an area apart into its kind and its identifier; a county, study area, or region has no kind.

    Examples
    --------
    >>> split_area("place:0653406"), split_area("06065")
    (('place', '0653406'), ('', '06065'))
    """
    kind, colon, identifier = area.partition(":")
    return (kind, identifier) if colon else ("", area)


def read_place(text: str) -> str:
    """Read where a map looks, latitude, longitude and zoom; what makes no sense is nothing.

    Examples
    --------
    >>> read_place("33.5712_-116.0766_11.5_900x500"), read_place("a_b_c"), read_place("99_0_3")
    ('33.5712_-116.0766_11.5_900x500', '', '')
    """
    found = _PLACE.fullmatch(text)
    if found is None:
        return ""
    latitude, longitude, zoom = (float(number) for number in found.groups()[:3])
    return text if abs(latitude) <= 90 and abs(longitude) <= 180 and zoom <= 22 else ""


def bounds_of_place(text: str) -> Bounds | None:
    """Return the box that a map shows, in degrees (EPSG:4326), from where it looks; None of what is no place.

    A place without the size of the map in pixels counts as one of 900 by 560.

    Examples
    --------
    >>> [round(number, 2) for number in bounds_of_place("33.6_-116.1_10_1024x512")]
    [-116.8, 33.31, -115.4, 33.89]
    >>> bounds_of_place("") is None
    True
    """
    found = _PLACE.fullmatch(read_place(text))
    if found is None:
        return None
    latitude, longitude, zoom = (float(number) for number in found.groups()[:3])
    wide, high = (int(number or usual) for number, usual in zip(found.groups()[3:], USUAL_SIZE, strict=True))
    # Spherical Mercator, as web maps draw it: 256 pixels for the world at zoom 0.
    per_pixel = 2 * math.pi / (256 * 2**zoom)
    middle = math.asinh(math.tan(math.radians(latitude)))
    south, north = (
        math.degrees(math.atan(math.sinh(middle + side * high / 2 * per_pixel))) for side in (-1, 1)
    )
    half = math.degrees(wide / 2 * per_pixel)
    return longitude - half, south, longitude + half, north


USUAL_SIZE = (900, 560)
_NUMBER = r"(-?\d{1,3}(?:\.\d{1,6})?)"
_PLACE = re.compile(
    rf"{_NUMBER}_{_NUMBER}_(\d{{1,2}}(?:\.\d{{1,2}})?)(?:_(\d{{2,4}})x(\d{{2,4}}))?", re.ASCII
)
_THING = re.compile(r"[\w.:-]{0,80}")
_WORD = re.compile(r"-?[a-z]\w{0,60}", re.ASCII)


def _read_thing(text: str) -> str:
    """Read the name of a thing on the map, or an area that was drawn; what cannot be one is none."""
    drawn = split_area(text)[0] in (DRAWN, LISTED) and _AREA.fullmatch(text)
    return text if drawn or _THING.fullmatch(text) else ""


def _read_word(text: str) -> str:
    return text if _WORD.fullmatch(text) else ""


def _read_opacity(text: str) -> int:
    least, most = OPACITIES
    number = _read_number(text)
    return number if least <= number <= most else USUAL_OPACITY


_GEOID = re.compile(r"\d{7}", re.ASCII)
_AREA = re.compile(
    rf"{WHOLE_REGION}|\d{{{COUNTY_DIGITS}}}|(?:{'|'.join(AREA_KINDS)}):[\w.~-]{{1,6000}}", re.ASCII
)


def _read_area(text: str) -> str:
    return text if _AREA.fullmatch(text) else ""


def _read_where(text: str) -> str:
    condition = read_condition(text)
    return condition.to_text() if condition else ""


def _read_miles(text: str) -> float:
    number = float(text) if re.fullmatch(r"\d{1,3}(\.\d)?", text, re.ASCII) else 0.0
    return number if 0 < number <= MOST_MILES else 0.0


def _write(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, tuple):
        numbers = all(isinstance(item, float) for item in value)
        return ("_" if numbers else ".").join(_plain(item) for item in value) if value else ("-")
    return str(value)


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _read_number(text: str) -> int:
    """Read a whole number of up to three signs; all else is -1."""
    return int(text) if re.fullmatch(r"\d{1,3}", text, re.ASCII) else -1


def _read_count(text: str) -> int | None:
    number = _read_number(text)
    return number if FEWEST <= number <= MOST else None


def _read_percent(text: str) -> int:
    number = _read_number(text)
    return number if number in HIGHEST else 0


def _read_limits(text: str) -> tuple[float, ...]:
    try:
        return parse_limits(text.replace("_", " "))
    except SchemaError:
        return ()
