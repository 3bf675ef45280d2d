"""The profile card beside the map: what is known of the one that is selected."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import shapely

from app_pages.parts import screen as st
from app_pages.parts.loading import kept, load_shapes, load_table, missing_reason
from app_pages.parts.page import guarded, refusing
from app_pages.parts.tracts.areas import DATASETS_OF, area_title
from app_pages.parts.tracts.cards import card_html, show_ledgers_of
from app_pages.parts.tracts.compared_areas import show_compare_link
from app_pages.parts.tracts.drawn_areas import (
    OPEN,
    area_profile,
    is_drawn,
    name_of,
    show_area_actions,
)
from app_pages.parts.tracts.filters import take_view
from app_pages.parts.tracts.frames import (
    OF_PEOPLE,
    OF_TRACTS,
    load_layer,
    load_scored_map,
    load_shown,
    load_tracts,
)
from app_pages.parts.tracts.selection import close_profile
from geo.datasets.declared import build_order
from geo.errors import MissingDatasetError
from geo.language import gettext as _
from geo.region import Region
from geo.tracts.comparison import INDEX, OURS, index_inside
from geo.tracts.indicators import Indicator
from geo.tracts.vintages import period_words
from layers.layer import Layer
from layers.registry import CONTEXT
from layers.view import TRACTS, View, split_selected
from wording.profiles import (
    Among,
    Figure,
    Profile,
    estimate_figure,
    find_row,
    highest_profile,
    index_figure,
    points_figure,
    source_records,
    systems_figure,
    tract_profile,
    wrong_inside,
    wrong_with,
)
from wording.tracts import (
    KINDS,
    area_figures,
    counterpart_figure,
    served_figures,
    successors_sentence,
    system_figures,
)
from wording.water_systems import plain_profile, system_profile, tracts_figure

INSIDE = ("tract_indicators", "water_systems")
"""What the figures of an area need, from what lies inside of it."""
POINTS = ("public_schools", "health_facilities", "address_points")
"""What is counted inside of an area, where it is here."""

CROSSWALK, JOIN = "crosswalk_2010_2020", "tract_system_join"


def show_card(region: Region, view: View, layers: list[Layer], indicator: Indicator) -> None:
    """Show what is known of the one that is selected."""
    if is_drawn(view.selected):
        with refusing():
            st.html(card_html(area_profile(region, view.selected, name_of(region, view.selected)), OPEN))
        show_area_actions(region, view)
        st.button(_("Close"), on_click=guarded(close_profile))
        return
    try:
        profile = find_profile(region, view, layers, indicator)
    except MissingDatasetError:
        st.info(_successors(region, view) or _("There is no {selected} here.").format(selected=view.selected))
        profile = None
    if profile is not None:
        st.html(card_html(profile))
        st.button(_("Close"), on_click=guarded(close_profile))
        show_ledger(region, view)
        show_compare_link(region, view)
        return
    highest = _highest(region, view, indicator)
    st.html(card_html(highest))
    if not highest.figures and view.dataset != TRACTS[0] and indicator.ranked:
        show_instead(region, view, indicator)
    st.caption(_("Click the map, search, or pick a table row to see a profile."))
    show_compare_link(region, view)


def show_instead(region: Region, view: View, indicator: Indicator) -> None:
    """Lead from a score that was carried over to the tracts that have it, and rank by our estimate of it."""
    older = {"dataset": TRACTS[0]}
    st.button(_("Show 2010 tracts"), key="explore.older", on_click=guarded(take_view), kwargs=older)
    if OURS.beside == indicator.key and OURS.key in load_layer(region.key, view.dataset):
        st.html(card_html(_highest(region, view, OURS)))


def profile_shown(region: Region, view: View, layers: list[Layer], indicator: Indicator) -> Profile:
    """Make the profile that a card shows: of what is selected, else of the highest."""
    try:
        profile = find_profile(region, view, layers, indicator)
    except MissingDatasetError:
        profile = None
    return profile or _highest(region, view, indicator)


def _successors(region: Region, view: View) -> str:
    """Say where the people of a 2010 tract are that a view of 2020 tracts asks for; empty for all else."""
    layer, identifier = split_selected(view.selected)
    if layer != "tracts" or view.dataset == TRACTS[0] or missing_reason(region.key, CROSSWALK):
        return ""
    return successors_sentence(load_table(region.key, CROSSWALK), identifier)


def _highest(region: Region, view: View, indicator: Indicator) -> Profile:
    frame = load_shown(region, view)
    return highest_profile(frame, indicator, region.key, view.dataset, area_title(region, view.area))


def show_ledger(region: Region, view: View) -> None:
    """Show the account behind who lives in what is selected, one click away."""
    layer, _identifier = split_selected(view.selected)
    dataset = {item.key: item.dataset for item in CONTEXT}.get(layer, "")
    if layer in KINDS:
        show_ledgers_of(region, {dataset}, "explore.ledger")


def find_profile(region: Region, view: View, layers: list[Layer], indicator: Indicator) -> Profile | None:
    """Make the profile of what is selected; None where nothing is."""
    if is_drawn(view.selected):
        return area_profile(region, view.selected)
    key, identifier = split_selected(view.selected)
    layer = next((item for item in (*layers, *CONTEXT) if item.key == key), None)
    if layer is None:
        return None
    frame = load_layer(region.key, layer.dataset)
    if key == "tracts":
        further = figures_inside(region, layer.dataset, identifier)
        among = load_tracts(region, layer.dataset, view.area)["geoid"]
        study = Among(area_title(region, view.area), frame["geoid"].isin(among).to_numpy())
        return tract_profile(frame, identifier, region.key, layer.dataset, indicator, study, further)
    people = figures_of_people(region, key, identifier)
    if key == "systems":
        profile = system_profile(frame, identifier, region.key, load_listed(region, identifier))
        wrong = dict.fromkeys((*(profile.wrong or ()), *wrong_with(identifier, region.key, "people_served")))
        figures = system_figures(profile.figures, [*people, *_tracts_of(region, identifier)])
        return replace(profile, figures=tuple(figures), wrong=tuple(wrong))
    profile = plain_profile(frame, (layer.identifier, identifier), region.key, layer.dataset)
    inside = figures_within(region, layer, identifier) if people else ()
    issues = (*(profile.wrong or ()), *wrong_inside(_tracts_within(region, key, identifier), region.key))
    return replace(profile, figures=tuple(area_figures(profile.figures, people, inside)), wrong=issues)


def _tracts_within(region: Region, layer: str, identifier: str) -> dict[str, list[str]]:
    """Name the tracts of an area, by their dataset; none of what is no area or is not built."""
    kind = KINDS.get(layer)
    here = [name for name in TRACTS if kind in DATASETS_OF and not missing_reason(region.key, name)]
    frames = {name: load_tracts(region, name, f"{kind}:{identifier}") for name in here}
    return {name: frame["geoid"].astype(str).tolist() for name, frame in frames.items()}


def load_listed(region: Region, pwsid: str) -> pd.DataFrame | None:
    """Return the rows of the State's 2021 consolidation table matched to a system; None where not built."""
    if missing_reason(region.key, "consolidation_candidates"):
        return None
    rows = load_table(region.key, "consolidation_candidates")
    return rows[rows["matched_pwsid"].eq(pwsid).fillna(False).astype(bool)]


def figures_within(region: Region, layer: Layer, identifier: str) -> tuple[Figure, ...]:
    """Make the figures of an area that come from what lies inside: its index, its water systems."""
    if any(missing_reason(region.key, name) for name in (*INSIDE, *OF_PEOPLE, layer.dataset)):
        return ()
    return _figures_within(region, layer.dataset, layer.identifier, identifier)


@kept(
    *build_order(["tracts_2010"]),
    *INSIDE,
    *OF_PEOPLE,
    *OF_TRACTS,
    *POINTS,
    *(layer.dataset for layer in CONTEXT),
    most=128,
)
def _figures_within(region: Region, dataset: str, column: str, identifier: str) -> tuple[Figure, ...]:
    row = find_row(load_shapes(region.key, dataset), column, identifier)
    systems = systems_figure(load_shapes(region.key, "water_systems"), row["geometry"], region.area_crs)
    means = index_inside(load_scored_map(region.key), load_layer(region.key, "tracts_2010"), row["geometry"])
    records, county = source_records(region.key, "tracts_2010"), str(row.get("county_geoid", ""))
    credits = {item.key: str(records.get(item.source, {}).get("credit", "")) for item in (INDEX, OURS)}
    figures = [systems, *points_inside(region, row["geometry"])]
    if OURS.key in means:
        period = period_words(records.get(OURS.source, {}).get("vintage"))
        figures.insert(0, estimate_figure(means[OURS.key], credits[OURS.key], period))
    if (official := means.get(INDEX.key)) is not None and official.value is not None:
        scores = load_table(region.key, "tract_indicators")
        figures.insert(0, index_figure(official.value, scores, county, credits[INDEX.key]))
    return tuple(figures)


def figures_inside(region: Region, dataset: str, geoid: str) -> list[Figure]:
    """Make the figures of a tract from other datasets: its water systems, its tracts of the other year."""
    figures: list[Figure] = []
    if not missing_reason(region.key, "water_systems"):
        figures += _systems_inside(region, dataset, geoid)
    if not missing_reason(region.key, CROSSWALK):
        year = int(dataset[-4:])
        figure = counterpart_figure(load_table(region.key, CROSSWALK), geoid, year)
        figures += [figure] if figure else []
    return figures


def _tracts_of(region: Region, pwsid: str) -> list[Figure]:
    """Name the tracts that a system lies in; nothing where that is not known."""
    if missing_reason(region.key, JOIN):
        return []
    figure = tracts_figure(load_table(region.key, JOIN), pwsid)
    return [figure] if figure else []


@kept(*TRACTS, "water_systems", *POINTS, most=128)
def _systems_inside(region: Region, dataset: str, geoid: str) -> tuple[Figure, ...]:
    row = find_row(load_shapes(region.key, dataset), "geoid", geoid)
    systems = systems_figure(load_shapes(region.key, "water_systems"), row["geometry"], region.area_crs)
    return (systems, *points_inside(region, row["geometry"]))


def points_inside(region: Region, shape: shapely.Geometry) -> tuple[Figure, ...]:
    """Count the schools, clinics and addresses in an outline (EPSG:4326), of the lists that are here."""
    kinds = {name: load_shapes(region.key, name) for name in POINTS if not missing_reason(region.key, name)}
    figure = points_figure(kinds, shape)
    return (figure,) if figure else ()


def figures_of_people(region: Region, layer: str, identifier: str) -> list[Figure]:
    """Make the figures of who lives in a system, a place or a district."""
    if missing_reason(region.key, "people_served"):
        return []
    records = source_records(region.key, "people_served")
    credits = {key: str(item.get("credit", "")) for key, item in records.items()}
    return list(served_figures(load_table(region.key, "people_served"), layer, identifier, credits))
