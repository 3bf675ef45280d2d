"""The areas that a view of Explore can speak of: their names, their shapes, and how a person chooses one."""

from __future__ import annotations

from typing import NamedTuple

import shapely

from app_pages.parts import screen as st
from app_pages.parts.loading import is_built, load_shapes, missing_reason
from app_pages.parts.page import hold_choice
from app_pages.parts.program.data import area_of, open_book
from geo.errors import GeoError, MissingDatasetError
from geo.language import gettext as _
from geo.language import mark as N_
from geo.language import ngettext
from geo.methods.drawing import outline_from_text, require_drawn
from geo.region import Region
from geo.tracts.filtering import read_list
from geo.units import is_missing
from layers.view import DRAWN, LISTED, PROGRAM, WHOLE_REGION, View, split_area
from wording.profiles import find_row


class Kind(NamedTuple):
    """A kind of area with a dataset: the columns that name one of it, and what the kind is called."""

    dataset: str
    identifier: str
    name: str
    title: str


DATASETS_OF = {
    "place": Kind("places", "geoid", "name", N_("City or place")),
    "school_district": Kind("school_districts", "geoid", "name", N_("School district")),
    "district": Kind("districts", "district_id", "name", N_("Water or supervisorial district")),
    "tribal_area": Kind("tribal_areas", "geoid", "label", N_("Tribal area")),
}
OTHERS = {
    PROGRAM: N_("Area of a program"),
    DRAWN: N_("Drawn area"),
    LISTED: N_("List of tracts"),
}
NAMED_KINDS = (*DATASETS_OF, PROGRAM)
AREA_DATASETS = tuple(kind.dataset for kind in DATASETS_OF.values())
KIND, DRAWN_TEXT, LIST_TEXT = "explore.area", "explore.area.drawn", "explore.area.list"


def simple_areas(region: Region) -> dict[str, str]:
    """Name the study area first, then the counties and the whole region."""
    titles = {} if region.study_area is None else {"": _(region.study_area.title)}
    if not missing_reason(region.key, "counties"):
        counties = load_shapes(region.key, "counties")
        titles |= dict(zip(counties["geoid"].astype(str), counties["name"].astype(str), strict=True))
    whole = "" if region.study_area is None else WHOLE_REGION
    return titles | {whole: _("Whole region")}


def area_title(region: Region, area: str) -> str:
    """Name the area that a view speaks of."""
    kind, identifier = split_area(area)
    if kind in DATASETS_OF:
        return areas_of_kind(region, kind).get(identifier, identifier)
    if kind == PROGRAM:
        program = open_book(region).programs().get(identifier)
        return _(program.title) if program else identifier
    if kind == DRAWN:
        return _("Drawn area")
    if kind == LISTED:
        count = len(identifier.split("."))
        return ngettext("{count} tract of a list", "{count} tracts of a list", count).format(count=count)
    titles = simple_areas(region)
    return titles.get(area, titles[""])


def areas_of_kind(region: Region, kind: str) -> dict[str, str]:
    """Name the areas of a kind, in order of their names; none where its dataset is not built."""
    if kind == PROGRAM:
        programs = open_book(region).programs()
        return {key: _(program.title) for key, program in programs.items()}
    item = DATASETS_OF[kind]
    if not is_built(region, item.dataset):
        return {}
    frame = load_shapes(region.key, item.dataset)
    named = {
        str(key): str(key) if is_missing(name) else str(name)
        for key, name in zip(frame[item.identifier], frame[item.name], strict=True)
    }
    return dict(sorted(named.items(), key=lambda pair: pair[1]))


def area_shape(region: Region, area: str) -> shapely.Geometry:
    """Return an area's outline in degrees (EPSG:4326); of a list of tracts what they cover together.

    Raises
    ------
    GeoError
        There is no such area here, or what is drawn is none.
    """
    kind, identifier = split_area(area)
    if kind == DRAWN:
        outline = outline_from_text(identifier)
        require_drawn(outline)
        return outline
    if kind == PROGRAM:
        return _program_shape(region, identifier)
    if kind == LISTED:
        return _tracts_shape(region, identifier.split("."))
    item = DATASETS_OF.get(kind, Kind("counties", "geoid", "name", ""))
    row = find_row(load_shapes(region.key, item.dataset), item.identifier, identifier)
    shape: shapely.Geometry = row["geometry"]
    return shape


def _program_shape(region: Region, key: str) -> shapely.Geometry:
    book = open_book(region)
    program = book.programs().get(key)
    if program is None:
        raise MissingDatasetError(
            _("there is no program {key!r} here").format(key=key), _("choose another one, or region")
        )
    return area_of(region, book, program).shape


def _tracts_shape(region: Region, geoids: list[str]) -> shapely.Geometry:
    shapes = []
    for name in ("tracts_2010", "tracts_2020"):
        if not missing_reason(region.key, name):
            frame = load_shapes(region.key, name)
            shapes.append(frame[frame["geoid"].astype(str).isin(geoids)])
    found = next((part for part in shapes if len(part)), None)
    if found is None:
        raise MissingDatasetError(_("no tract of the list is here"), _("check the list"))
    return found.geometry.union_all()


def choose_area(region: Region, view: View, geoids: list[str]) -> str:
    """Let a person choose the area of a view; what a link names and is not here is told.

    Parameters
    ----------
    geoids
        Of all tracts here, which a list may name.
    """
    named, first = split_area(view.area)
    wanted = named or first
    kinds = kinds_here(region)
    if st.session_state.get(KIND) not in kinds:
        here = wanted in kinds and (named not in NAMED_KINDS or first in areas_of_kind(region, named))
        st.session_state[KIND] = wanted if here else ""
        if not here:
            st.warning(_("The area that the link names is not here: {area}.").format(area=view.area))
    kind = st.selectbox(
        _("Area"),
        list(kinds),
        key=KIND,
        format_func=kinds.__getitem__,
        help=_("Map, ranks, classes, table, card, and files are about the tracts in this area."),
    )
    first = first if kind == wanted else ""
    if kind == DRAWN:
        return _choose_drawn(region, first)
    if kind == LISTED:
        return _choose_listed(first, geoids)
    if kind in NAMED_KINDS:
        return _choose_named(region, kind, first)
    return kind


def kinds_here(region: Region) -> dict[str, str]:
    """Name what a person can choose as an area at first: study area, counties, all, then kinds of areas."""
    simple = simple_areas(region)
    ordered = {key: simple[key] for key in sorted(simple, key=bool)}
    kinds = {key: _(kind.title) for key, kind in DATASETS_OF.items() if is_built(region, kind.dataset)}
    return (
        ordered
        | {key: f"{title} …" for key, title in kinds.items()}
        | {key: f"{_(title)} …" for key, title in OTHERS.items()}
    )


def _choose_named(region: Region, kind: str, first: str) -> str:
    names = areas_of_kind(region, kind)
    options, key = list(names), f"{KIND}.{kind}"
    if not options:
        st.warning(_("There is no area of this kind here."))
        return ""
    hold_choice(key, options, first)
    chosen = st.selectbox(_("Select area"), options, key=key, format_func=names.__getitem__)
    return f"{kind}:{chosen}"


def _choose_drawn(region: Region, first: str) -> str:
    """Take the corners of an area as they are drawn or typed; none yet shows the study area."""
    st.session_state.setdefault(DRAWN_TEXT, _typed(first))
    text = st.text_area(
        _("Corners: latitude, longitude"),
        key=DRAWN_TEXT,
        height=110,
        placeholder="33.60, -116.20\n33.60, -116.00\n33.45, -116.00",
        help=_("Draw on the map with the tools at its left, or write one corner on each line."),
    )
    if not text.strip():
        st.info(_("Draw on the map with the tools at its left, or write one corner on each line."))
        return ""
    try:
        area = f"{DRAWN}:{read_corners(text)}"
        area_shape(region, area)
    except GeoError as error:
        st.error(f"{error.fault}: {error.remedy}")
        return ""
    return area


def take_outline(area: str) -> None:
    """Take an area that was drawn on the map: its corners stand in the field, where they can be mended."""
    st.session_state[DRAWN_TEXT] = _typed(split_area(area)[1])


def _typed(outline: str) -> str:
    """Write an outline of an address as a person types it: latitude and longitude, a line each corner."""
    pairs = [pair.split("_") for pair in outline.split("~") if pair.count("_") == 1]
    return "\n".join(f"{latitude}, {longitude}" for longitude, latitude in pairs)


def read_corners(text: str) -> str:
    """Read corners that were typed, as an address writes them.

    Raises
    ------
    GeoError
        A line is no latitude and longitude.
    """
    found = []
    for line in filter(None, (item.strip() for item in text.splitlines())):
        numbers = line.replace(",", " ").split()
        try:
            latitude, longitude = (float(number) for number in numbers)
        except ValueError as error:
            raise GeoError(
                _("{line!r} is no latitude and longitude").format(line=line),
                _("write one corner on each line, as 33.5712, -116.0766"),
            ) from error
        if abs(latitude) > 90 >= abs(longitude):
            raise GeoError(
                _("{line!r} has its longitude first").format(line=line),
                _("write latitude, then longitude, as 33.5712, -116.0766"),
            )
        found.append(f"{longitude}_{latitude}")
    return "~".join(found)


def _choose_listed(first: str, geoids: list[str]) -> str:
    """Read a list of tracts that was pasted; what of it is not here is told."""
    st.session_state.setdefault(LIST_TEXT, "\n".join(first.split(".")))
    text = st.text_area(
        _("Tracts"),
        key=LIST_TEXT,
        height=110,
        placeholder="06065045303\n445.09",
        help=_("GEOIDs or tract numbers, one on each line or with commas between them."),
    )
    try:
        listed = read_list(text, geoids)
    except GeoError as error:
        st.error(f"{error.fault}: {error.remedy}")
        return ""
    if listed.unknown:
        words = ngettext(
            "{count} is not a tract here: {names}",
            "{count} are not tracts here: {names}",
            len(listed.unknown),
        )
        st.warning(words.format(count=len(listed.unknown), names=", ".join(listed.unknown[:5])))
    if not listed.found:
        st.info(_("Paste a list of tracts: GEOIDs or numbers."))
        return ""
    return f"{LISTED}:{'.'.join(listed.found)}"
