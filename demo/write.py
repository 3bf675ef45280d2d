"""Write the invented sources as raw files in their publishers' layouts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from demo import boundaries, census_tables, public_points, survey_tables, transport, water_tables
from demo.files import (
    write_api,
    write_csv,
    write_geojson,
    write_parquet,
    write_shapefile,
    write_table_in_zip,
    write_xlsx,
    write_zip,
)
from demo.state_tables import park_register, parks, run_2021
from demo.survey_tables_2020 import planning_table, screen_of_2020, svi_table_2022
from demo.transport import build_feed
from demo.valley import COUNTY_GEOID, SEED
from demo.water_quality import laboratory_table, national_archive, violations
from demo.water_systems import RECEIVER
from demo.world import World, build_world, index_of, response_of
from geo.sources.catalog import Source, read_catalog
from geo.sources.raw import RawStore, Receipt, describe_file, now

PUBLISHER = "Invented for the demo"
LICENSE = "Invented data, free to use"
NOTE = "Invented: no place, person or system of this file exists."
LABORATORY_YEARS = (
    ("lab_results_2023", 4, "2023-01-10", "2025-12-31"),
    ("lab_results_2026", 5, "2026-01-10", "2026-10-31"),
)
Writer = Callable[[Path], None]
Files = Iterator[tuple[str, Writer]]


def write_all(store: RawStore, seed: int = SEED) -> None:
    """Invent the valley and commit every source's files."""
    catalog = read_catalog()
    world = build_world(seed)
    with store.writing():
        for key, writer in _writers(world, catalog):
            _commit(store, catalog[key], writer)


def _commit(store: RawStore, source: Source, writer: Writer) -> None:
    county = COUNTY_GEOID if source.scope == "county" else ""
    with store.staging(source.key) as folder:
        path = folder / source.file_for(county or None)
        writer(path)
        receipt = Receipt(
            source=source.key,
            title=source.title,
            publisher=PUBLISHER,
            vintage=source.vintage,
            license=LICENSE,
            fidelity="original",
            fetched_at=now(),
            files=(describe_file(path, county=county),),
            note=NOTE,
        )
        store.commit(receipt)


def _writers(world: World, catalog: dict[str, Source]) -> Files:
    yield from _census(world)
    yield from _response(world)
    yield from _surveys(world, catalog)
    yield from _districts(world, catalog["block_assignment_2020"])
    yield from _lines(world)
    yield from _water(world)
    yield from _points(world)


def _points(world: World) -> Files:
    homes = public_points.addresses(world.blocks, world.seed)
    yield "address_points", partial(write_geojson, frame=homes, name="address_points")
    yield "public_schools", partial(write_csv, frame=public_points.schools(), separator="\t")
    yield "health_facilities", partial(write_csv, frame=public_points.health_facilities(), bom=True)


def _census(world: World) -> Files:
    blocks, old, new = world.blocks, world.old_tracts, world.new_tracts
    counts, centers = census_tables.counts_by_block(blocks), census_tables.group_centers(blocks)
    relationship = census_tables.relationship(blocks, old, new)
    yield "tracts_2010", partial(write_shapefile, frame=census_tables.tracts_2010(old))
    yield "tracts_2020", partial(write_shapefile, frame=census_tables.tracts_2020(new))
    yield "blocks_2020", partial(write_shapefile, frame=census_tables.blocks_2020(blocks))
    yield "pl94_blocks_2020", partial(write_api, frame=counts)
    yield "block_group_centers_2020", partial(write_csv, frame=centers, bom=True)
    yield "tract_relationship_2020", partial(write_csv, frame=relationship, separator="|", bom=True)


def _response(world: World) -> Files:
    geoids, final = world.new_truth.index, response_of(world.new_truth, world.seed)
    last = census_tables.final_response(geoids, final, world.seed)
    daily = census_tables.daily_response(geoids, final, world.seed)
    yield "self_response_2020", partial(write_api, frame=last)
    yield "self_response_daily_2020", partial(write_parquet, frame=daily)


def _surveys(world: World, catalog: Mapping[str, Source]) -> Files:
    truth, land = world.old_truth, world.old_tracts.set_index("geoid")["land_m2"]
    index = survey_tables.index_table(truth.index, index_of(truth))
    environment = survey_tables.environment_table(truth, *world.old_places(), world.seed)
    yield "ca_htc_index_2019", partial(write_xlsx, title="Census tract CA HTC Index", frame=index)
    yield "acs_svi_2018", partial(write_csv, frame=survey_tables.svi_table(world.old_survey(), land))
    yield "calenviroscreen_4", partial(write_csv, frame=environment)
    for year in (2024, 2022):
        acs = survey_tables.acs_api(world.new_survey(year), catalog[f"acs_5year_{year}"])
        yield f"acs_5year_{year}", partial(write_api, frame=acs)
    for year in (2024, 2018):
        own = survey_tables.acs_of_places(
            world.place_survey(year), catalog[f"acs_5year_places_{year}"], catalog["acs_5year_2024"]
        )
        yield f"acs_5year_places_{year}", partial(write_api, frame=own)
    yield from _of_new_tracts(world)


def _of_new_tracts(world: World) -> Files:
    truth, tracts = world.new_truth, world.new_tracts.set_index("geoid")
    packed = svi_table_2022(world.new_survey(2022), tracts["land_m2"])
    yield "acs_svi_2022", partial(write_csv, frame=packed, bom=True)
    screen = screen_of_2020(truth, tracts.geometry, world.new_towns(), world.seed)
    folder = "calenviroscreen50results_F_070126.shp/CES5_final_shapefile"
    yield "calenviroscreen_5", partial(write_shapefile, frame=screen, inside=folder)
    planned = planning_table(truth.index, response_of(truth, world.seed))
    yield "planning_database_2023", partial(write_csv, frame=planned, encoding="latin-1")


def _districts(world: World, assignment: Source) -> Files:
    blocks = world.blocks
    supervisors = boundaries.supervisor_table(blocks, world.new_truth)
    water, health = boundaries.water_districts(blocks), boundaries.health_districts(blocks)
    yield "places_2019", partial(write_shapefile, frame=boundaries.places(blocks))
    assigned = boundaries.block_assignment(blocks)
    yield "block_assignment_2020", partial(write_table_in_zip, frame=assigned, source=assignment)
    for key, level in (("unified", "unsd"), ("elementary", "elsd"), ("secondary", "scsd")):
        schools = boundaries.school_districts(blocks, level)
        yield f"school_districts_{key}_2021", partial(write_shapefile, frame=schools)
    yield "tribal_areas_2020", partial(write_shapefile, frame=boundaries.tribal_areas(blocks))
    yield "water_district_boundaries", partial(write_geojson, frame=water, name="i03_WaterDistricts")
    yield "health_districts", partial(write_geojson, frame=health, name="health_districts")
    hospital, divisions = boundaries.hospital_districts(blocks), boundaries.board_divisions(blocks)
    drawn = boundaries.supervisor_districts(blocks)
    yield "hospital_districts", partial(write_geojson, frame=hospital, name="query")
    yield "water_board_divisions", partial(write_geojson, frame=divisions, name="query")
    yield "supervisorial_districts", partial(write_geojson, frame=drawn, name="query")
    yield "supervisorial_districts_2021", partial(write_csv, frame=supervisors)


def _lines(world: World) -> Files:
    water = boundaries.area_water(world.lake, world.river)
    mains = transport.water_mains(world.roads, world.area_of(RECEIVER), world.seed)
    yield "roads", partial(write_shapefile, frame=transport.roads(world.roads))
    yield "rails", partial(write_shapefile, frame=transport.rails(world.barriers))
    yield "linear_water", partial(write_shapefile, frame=transport.linear_water(world.barriers))
    yield "area_water", partial(write_shapefile, frame=water)
    yield "transit", partial(write_zip, members=build_feed(world.roads))
    yield "water_mains", partial(write_geojson, frame=mains, name="water_mains")


def _water(world: World) -> Files:
    systems, seed = world.systems, world.seed
    candidates, routes = run_2021(systems, world.graph)
    drawn = water_tables.boundaries(systems)
    small = water_tables.state_small_table(systems, seed)
    yield "water_system_boundaries", partial(write_geojson, frame=drawn, name="query")
    yield "water_system_details", partial(write_csv, frame=water_tables.details(systems))
    yield "safer_risk_assessment", partial(write_csv, frame=water_tables.risk(systems, seed))
    yield "state_small_water_systems", partial(write_csv, frame=small)
    yield "water_quality_violations", partial(write_csv, frame=violations(systems, seed))
    yield "sdwa_violations", partial(write_zip, members=national_archive(systems, seed))
    for key, number, first, last in LABORATORY_YEARS:
        results = laboratory_table(systems, first, last, seed)
        yield key, partial(write_zip, members={f"SDWIS{number}.tab": results})
    yield "mobile_home_parks", partial(write_csv, frame=parks(systems, seed))
    yield "mobile_home_parks_register", partial(write_csv, frame=park_register(systems, seed))
    yield "consolidation_2021", partial(write_csv, frame=candidates)
    yield "consolidation_routes_2021", partial(write_csv, frame=routes)
