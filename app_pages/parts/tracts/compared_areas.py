"""The areas that Compare can hold against each other, and the way there from Explore."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd
import shapely

from app_pages.parts import screen as st
from app_pages.parts.loading import load_shapes, load_table, missing_reason
from app_pages.parts.tracts.frames import OF_PEOPLE, load_layer, load_people_map, load_scored_map
from geo.errors import GeoError
from geo.language import gettext as _
from geo.language import mark as N_
from geo.methods.drawing import outline_from_text
from geo.region import Region, read_region
from geo.tracts.comparison import Quantity, index_inside, of_served, of_tract, of_tracts
from geo.tracts.names import tract_title
from geo.tracts.residents.estimate import people_within
from geo.units import is_missing
from layers.registry import CONTEXT
from layers.view import View, split_selected
from wording.profiles import find_row, is_named
from wording.tracts import KINDS

DRAWN = "drawn"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of area: its title, its dataset, the columns that name it, and where its figures are."""

    title: str
    dataset: str
    identifier: str = "geoid"
    name: str = "name"
    figures: str = "people_served"


AREA_KINDS: dict[str, Kind] = {
    "place": Kind(N_("Place"), "places"),
    "tract": Kind(N_("2010 tract"), "tracts_2010", figures="tracts_2010"),
    "tract_2020": Kind(N_("2020 tract"), "tracts_2020", figures="tracts_2020"),
    "water_system": Kind(N_("Water system"), "water_systems", "pwsid", "public_name"),
    "school_district": Kind(N_("School district"), "school_districts"),
    "tribal_area": Kind(N_("Tribal area"), "tribal_areas", name="label"),
    "district": Kind(N_("Water or supervisorial district"), "districts", "district_id"),
    "county": Kind(N_("County (2010 tracts)"), "counties", figures="tracts_2010"),
    "county_2020": Kind(N_("County (2020 tracts)"), "counties", figures="tracts_2020"),
    "region": Kind(N_("Whole region (2010 tracts)"), "tracts_2010", figures="tracts_2010"),
    "region_2020": Kind(N_("Whole region (2020 tracts)"), "tracts_2020", figures="tracts_2020"),
    DRAWN: Kind(N_("Drawn on the map"), "tracts_2010"),
}


@dataclass(frozen=True, slots=True)
class Area:
    """One area with all that is known of it; ``shape`` in EPSG:4326, None where it has none."""

    kind: str
    identifier: str
    title: str
    quantities: Mapping[str, Quantity]
    shape: shapely.Geometry | None

    @property
    def dataset(self) -> str:
        """The dataset that its figures come from."""
        return AREA_KINDS[self.kind].figures


def kinds_here(region: Region) -> list[str]:
    """List the kinds of which the data are built."""
    wanted = {key: {kind.dataset, kind.figures} for key, kind in AREA_KINDS.items()}
    return [
        key for key, names in wanted.items() if not any(missing_reason(region.key, item) for item in names)
    ]


def areas_of(region: Region, kind: str) -> dict[str, str]:
    """List the areas of a kind with their names, in order of the names."""
    if kind == DRAWN:
        return {}
    if kind.startswith("region"):
        return {region.key: _(region.title)}
    item = AREA_KINDS[kind]
    frame = load_shapes(region.key, item.dataset)
    identifiers = frame[item.identifier].astype(str)
    if kind.startswith("tract"):
        return {key: f"{tract_title(key)} ({key})" for key in sorted(identifiers)}
    named = {
        key: key if is_missing(name) else str(name)
        for key, name in zip(identifiers, frame[item.name], strict=True)
    }
    return dict(sorted(named.items(), key=lambda pair: pair[1]))


def find_area(region: Region, kind: str, identifier: str) -> Area:
    """Read all that is known of an area.

    Raises
    ------
    MissingDatasetError
        There is no such area here, or a dataset is not built.
    GeometryError, GeoError
        What was drawn is no outline, or lies outside of the region.
    """
    if kind == DRAWN:
        return _drawn(region, identifier)
    item = AREA_KINDS[kind]
    if item.figures == "people_served":
        return _served(region, kind, identifier)
    frame = load_layer(region.key, item.figures)
    if kind.startswith("region"):
        shape = frame.geometry.union_all()
        return Area(kind, identifier, _(region.title), of_tracts(frame), shape)
    row = find_row(load_layer(region.key, item.dataset), item.identifier, identifier)
    if kind.startswith("county"):
        ours = frame[frame["county_geoid"].astype(str) == identifier]
        return Area(kind, identifier, str(row["name"]), of_tracts(ours), row["geometry"])
    title = tract_title(identifier)
    return Area(
        kind,
        identifier,
        title,
        of_tract({str(name): row[name] for name in row.index}, item.figures),
        row["geometry"],
    )


def _served(region: Region, kind: str, identifier: str) -> Area:
    item = AREA_KINDS[kind]
    row = find_row(load_shapes(region.key, item.dataset), item.identifier, identifier)
    served = load_table(region.key, "people_served")
    ours = served[(served["target_kind"] == kind) & (served["target_id"].astype(str) == identifier)]
    title = identifier if is_missing(row[item.name]) else str(row[item.name])
    return Area(kind, identifier, title, _figures(region, ours, row["geometry"]), row["geometry"])


def _figures(region: Region, served: pd.DataFrame, shape: shapely.Geometry | None) -> dict[str, Quantity]:
    """Join what is known of the people of an area with the mean index of its tracts."""
    absent = any(missing_reason(region.key, name) for name in OF_PEOPLE)
    if shape is None or shapely.area(shape) == 0 or absent:
        return of_served(served)
    tracts = load_layer(region.key, "tracts_2010")
    return of_served(served) | index_inside(load_scored_map(region.key), tracts, shape)


def _drawn(region: Region, text: str) -> Area:
    if not text:
        raise GeoError(_("no area is drawn yet"), _("choose a tool at the left of the map and draw one"))
    shape = outline_from_text(text)
    return Area(DRAWN, text, _("Drawn area"), _figures(region, _people_in(region, text), shape), shape)


def _people_in(region: Region, text: str) -> pd.DataFrame:
    return people_within(load_people_map(region.key), outline_from_text(text), read_region(region.key))


def drawn_frame(shape: shapely.Geometry | None) -> gpd.GeoDataFrame:
    """Lay out one outline as a frame, for the map."""
    shapes = [] if shape is None else [shape]
    return gpd.GeoDataFrame({"area": ["drawn"] * len(shapes)}, geometry=shapes, crs="EPSG:4326")


ARROW = " \N{RIGHTWARDS ARROW}"


def show_compare_link(region: Region, view: View) -> None:
    """Lead to Compare, with what is selected chosen there."""
    here = set(kinds_here(region))
    chosen = chosen_areas(region, view)
    if chosen and chosen["a"].partition(":")[0] in here:
        profile = {"how": "profile", "a": chosen["a"]}
        st.page_link(
            "app_pages/compare.py", label=_("Full profile and fact sheet") + ARROW, query_params=profile
        )
    if chosen and all(text.partition(":")[0] in here for text in chosen.values()):
        st.page_link("app_pages/compare.py", label=_("Compare with the county") + ARROW, query_params=chosen)
    if DRAWN in here:
        area = view.area if view.area.startswith(f"{DRAWN}:") else f"{DRAWN}:"
        drawn = {"how": "profile", "a": area}
        st.page_link(
            "app_pages/compare.py", label=_("Draw an area: who lives there?") + ARROW, query_params=drawn
        )


def chosen_areas(region: Region, view: View) -> dict[str, str]:
    """Name what is selected and its county, as Compare's address does; nothing where that makes no sense."""
    layer, identifier = split_selected(view.selected)
    later = "_2020" if view.dataset == "tracts_2020" else ""
    kind = f"tract{later}" if layer == "tracts" else KINDS.get(layer)
    found = {item.key: item for item in CONTEXT}.get(layer)
    if kind is None or (found is None and layer != "tracts"):
        return {}
    dataset, column = (view.dataset, "geoid") if found is None else (found.dataset, found.identifier)
    frame = load_layer(region.key, dataset)
    if "county_geoid" not in frame:
        return {}
    counties = frame.loc[is_named(frame, column, identifier), "county_geoid"]
    county = counties.iloc[0] if len(counties) else None
    if is_missing(county):
        return {}
    return {"a": f"{kind}:{identifier}", "b": f"county{later if layer == 'tracts' else ''}:{county}"}
