"""The datasets: which sources and which other datasets each is made from.

Declarations only, so that a build with nothing to do imports no dataframe library. The pipeline of a
dataset is the module of the same name in ``geo.pipelines``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Literal

from geo.errors import CatalogError
from geo.language import gettext as _
from geo.language import mark as N_


@dataclass(frozen=True, slots=True)
class Shapes:
    """How a dataset's shapes are simplified for the browser.

    ``tolerance_m`` is in meters; a ``coverage`` (shapes that share edges) keeps its common edges.
    ``identifier`` is the column by which values are joined to shapes.
    """

    identifier: str
    tolerance_m: float = 30.0
    coverage: bool = False


@dataclass(frozen=True, slots=True)
class Dataset:
    """A processed dataset: GeoParquet (or Parquet, without shapes) with a sidecar.

    Attributes
    ----------
    name
        Also the module in ``geo.pipelines``.
    title
        In words, marked for translation.
    sources
        Sources that must be here.
    optional
        Sources that are used where they are here; the key of a series means every vintage of it.
    inputs
        Other datasets that must be built.
    optional_inputs
        Other datasets that are used where they are built.
    shapes
        How its shapes go to the browser; None where they don't.
    """

    name: str
    title: str
    sources: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    optional_inputs: tuple[str, ...] = ()
    shapes: Shapes | None = None
    kind: Literal["shapes", "table"] = "shapes"


_ALL = (
    Dataset(
        "tract_indicators",
        N_("Indicators of every 2010 tract of the state"),
        sources=("ca_htc_index_2019",),
        optional=("acs_svi_2018", "calenviroscreen_4"),
        kind="table",
    ),
    Dataset(
        "tracts_2010",
        N_("Census tracts of 2010, with the hard-to-count index and ACS estimates"),
        sources=("tracts_2010",),
        inputs=("tract_indicators",),
        shapes=Shapes("geoid", coverage=True),
    ),
    Dataset(
        "counties",
        N_("Counties"),
        inputs=("tracts_2010",),
        shapes=Shapes("geoid", 100.0, coverage=True),
    ),
    Dataset(
        "block_groups",
        N_("Block groups of 2020"),
        sources=("block_group_centers_2020",),
        optional=("tracts_2020", "pl94_blocks_2020"),
        inputs=("tracts_2010",),
        optional_inputs=("blocks",),
        shapes=Shapes("geoid", coverage=True),
    ),
    Dataset(
        "blocks",
        N_("Census blocks of 2020"),
        sources=("blocks_2020", "pl94_blocks_2020"),
        shapes=Shapes("geoid", 10.0, coverage=True),
    ),
    Dataset(
        "block_places",
        N_("The place of each census block of 2020"),
        sources=("block_assignment_2020",),
        kind="table",
    ),
    Dataset(
        "crosswalk_2010_2020",
        N_("What part of a 2010 tract lies in a 2020 tract, by people"),
        sources=("block_group_centers_2020",),
        optional=("tracts_2020", "tract_relationship_2020"),
        inputs=("tracts_2010",),
        optional_inputs=("blocks",),
        kind="table",
    ),
    Dataset(
        "people_points",
        N_("Where the people of 2020 live, as points, each with its 2010 tract"),
        sources=("block_group_centers_2020",),
        inputs=("tracts_2010",),
        optional_inputs=("blocks",),
    ),
    Dataset(
        "tracts_2020",
        N_("Census tracts of 2020, with counts, self-response and what was carried over from 2010 tracts"),
        sources=("tracts_2020",),
        optional=(
            "pl94_blocks_2020",
            "block_group_centers_2020",
            "self_response_2020",
            "acs_5year",
            "acs_svi",
            "calenviroscreen",
            "planning_database",
        ),
        inputs=("tracts_2010", "crosswalk_2010_2020"),
        shapes=Shapes("geoid", coverage=True),
    ),
    Dataset(
        "tract_vintages",
        N_("Estimates of 2020 tracts by vintage of the survey"),
        optional=("acs_5year", "acs_svi"),
        inputs=("tracts_2010", "crosswalk_2010_2020", "tracts_2020"),
        kind="table",
    ),
    Dataset(
        "self_response_daily",
        N_("Self-response to the 2020 Census, day by day"),
        sources=("self_response_daily_2020",),
        kind="table",
    ),
    Dataset(
        "places",
        N_("Places"),
        sources=("places_2019",),
        inputs=("counties",),
        shapes=Shapes("geoid"),
    ),
    Dataset(
        "study_area",
        N_("Tracts of the study area"),
        inputs=("tracts_2010", "people_points"),
        optional_inputs=("tracts_2020", "school_districts"),
        kind="table",
    ),
    Dataset(
        "counted_areas",
        N_("The smallest areas with a count of 2020: blocks, or block groups by place"),
        optional=("pl94_blocks_2020",),
        inputs=("block_groups",),
        optional_inputs=("blocks", "block_places", "places"),
    ),
    Dataset(
        "settled_areas",
        N_("Where people live within each counted area"),
        sources=("block_group_centers_2020",),
        optional=("tracts_2020",),
        inputs=("counted_areas", "tracts_2010"),
        optional_inputs=("places", "water_systems"),
    ),
    Dataset(
        "school_districts",
        N_("School districts"),
        sources=("school_districts_unified_2021",),
        optional=("school_districts_elementary_2021", "school_districts_secondary_2021"),
        inputs=("counties",),
        shapes=Shapes("geoid"),
    ),
    Dataset(
        "districts",
        N_("Water, health and supervisorial districts"),
        optional=(
            "water_district_boundaries",
            "supervisorial_districts_2021",
            "supervisorial_districts",
            "health_districts",
            "hospital_districts",
            "water_board_divisions",
        ),
        optional_inputs=("tracts_2020", "water_systems", "counties"),
        shapes=Shapes("district_id"),
    ),
    Dataset(
        "tribal_areas",
        N_("American Indian areas"),
        sources=("tribal_areas_2020",),
        inputs=("counties",),
        shapes=Shapes("geoid"),
    ),
    Dataset(
        "water_systems",
        N_("Public and state small water systems"),
        sources=("water_system_boundaries",),
        optional=(
            "water_system_details",
            "state_small_water_systems",
            "safer_risk_assessment",
            "water_quality_violations",
            "sdwa_violations",
        ),
        inputs=("counties",),
        shapes=Shapes("pwsid", 10.0),
    ),
    Dataset(
        "tract_system_join",
        N_("Which water systems lie in which 2010 tracts"),
        inputs=("tracts_2010", "water_systems"),
        kind="table",
    ),
    Dataset(
        "hard_to_count_estimates",
        N_("Our estimate of the hard-to-count index, beside the official one, for 2010 and 2020 tracts"),
        sources=("tracts_2010",),
        optional=("self_response_2020",),
        inputs=("tract_indicators",),
        optional_inputs=("tracts_2020", "crosswalk_2010_2020"),
        kind="table",
    ),
    Dataset(
        "people_served",
        N_("Who lives where it matters: in water systems, school districts, places, tribal areas, districts"),
        optional=("acs_5year_places",),
        inputs=("tracts_2010", "counted_areas", "settled_areas"),
        optional_inputs=(
            "tracts_2020",
            "water_systems",
            "school_districts",
            "places",
            "tribal_areas",
            "districts",
        ),
        kind="table",
    ),
    Dataset(
        "consolidation_candidates",
        N_("The State's 2021 list of systems that could be joined"),
        sources=("consolidation_2021",),
        inputs=("water_systems",),
        kind="table",
    ),
    Dataset(
        "consolidation_routes",
        N_("The State's 2021 routes by receiving system: each alone, and shared"),
        sources=("consolidation_routes_2021",),
        kind="table",
    ),
    Dataset(
        "receiver_boundaries",
        N_("What may be called the receiving district's boundary: a choice"),
        sources=("water_system_boundaries",),
        optional=("water_district_boundaries",),
        shapes=Shapes("boundary_id", 20.0),
    ),
    Dataset(
        "violations",
        N_("Water quality violations"),
        optional=("sdwa_violations", "water_quality_violations"),
        optional_inputs=("water_systems",),
        kind="table",
    ),
    Dataset(
        "lab_results",
        N_("Laboratory results of substances that have a limit, by water system"),
        optional=("lab_results_2023", "lab_results_2026"),
        kind="table",
    ),
    Dataset(
        "mobile_home_parks",
        N_("Mobile home and special occupancy parks"),
        sources=("mobile_home_parks",),
        optional=("mobile_home_parks_register",),
        inputs=("counties",),
        optional_inputs=("water_systems",),
        shapes=Shapes("park_id"),
    ),
    Dataset(
        "area_water",
        N_("Lakes and rivers"),
        sources=("area_water",),
        inputs=("counties",),
        shapes=Shapes("water_id"),
    ),
    Dataset("roads", N_("Roads"), sources=("roads",), inputs=("counties",), shapes=Shapes("road_id")),
    Dataset(
        "barriers",
        N_("Barriers and crossings"),
        sources=("roads", "linear_water"),
        optional=("rails",),
        inputs=("counties",),
        shapes=Shapes("barrier_id", 10.0),
    ),
    Dataset(
        "water_mains",
        N_("Water mains of the receiving district"),
        sources=("water_mains",),
        shapes=Shapes("main_id", 10.0),
    ),
    Dataset(
        "transit_stops",
        N_("Bus stops"),
        sources=("transit",),
        inputs=("counties",),
        shapes=Shapes("stop_id"),
    ),
    Dataset(
        "public_schools",
        N_("Public schools"),
        sources=("public_schools",),
        inputs=("counties",),
        shapes=Shapes("school_id"),
    ),
    Dataset(
        "health_facilities",
        N_("Clinics and hospitals"),
        sources=("health_facilities",),
        inputs=("counties",),
        shapes=Shapes("facility_id"),
    ),
    Dataset(
        "address_points",
        N_("Addresses"),
        sources=("address_points",),
        inputs=("counties",),
    ),
    Dataset(
        "transit_routes",
        N_("Bus routes"),
        sources=("transit",),
        inputs=("counties",),
        shapes=Shapes("route_id"),
    ),
)
DATASETS: dict[str, Dataset] = {dataset.name: dataset for dataset in _ALL}


def dataset_named(name: str) -> Dataset:
    """Return a dataset's declaration.

    Raises
    ------
    CatalogError
        There is none of that name.

    Examples
    --------
    >>> dataset_named("tracts_2010").inputs
    ('tract_indicators',)
    """
    if name not in DATASETS:
        raise CatalogError(
            _("there is no dataset {name!r}").format(name=name),
            _("use one of {choices}").format(choices=", ".join(DATASETS)),
        )
    return DATASETS[name]


def build_order(names: Iterable[str] = ()) -> list[str]:
    """Order the datasets so that each comes after what it is made from.

    Parameters
    ----------
    names
        Only these and what they need; all of them by default.

    Examples
    --------
    >>> build_order(["tracts_2010"])
    ['tract_indicators', 'tracts_2010']
    """
    wanted = list(names) or list(DATASETS)
    graph: dict[str, tuple[str, ...]] = {}
    while wanted:
        dataset = dataset_named(wanted.pop())
        graph[dataset.name] = dataset.inputs + dataset.optional_inputs
        wanted.extend(name for name in graph[dataset.name] if name not in graph)
    return list(TopologicalSorter(graph).static_order())


def sources_of(name: str) -> tuple[str, ...]:
    """Every source that feeds a dataset, directly or through others.

    Examples
    --------
    >>> "acs_svi_2018" in sources_of("tracts_2010")
    True
    """
    found: dict[str, None] = {}
    for step in build_order([name]):
        dataset = DATASETS[step]
        found.update(dict.fromkeys(dataset.sources + dataset.optional))
    return tuple(found)
