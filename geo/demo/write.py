"""Write the invented sources as raw files in their publishers' layouts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from geo.catalog import Source, read_catalog
from geo.demo import boundaries, census_tables, lines, survey_tables, transit, water_tables
from geo.demo.consolidation_tables import run_2021
from geo.demo.estimates import index_of, response_of
from geo.demo.files import (
    write_api,
    write_csv,
    write_geojson,
    write_parquet,
    write_shapefile,
    write_xlsx,
    write_zip,
)
from geo.demo.valley import COUNTY_GEOID, SEED
from geo.demo.world import World, build_world
from geo.raw import RawStore, Receipt, describe_file, now

PUBLISHER = "Invented for the demo"
LICENCE = "Invented data, free to use"
NOTE = "Invented: no place, person or system of this file exists."
Writer = Callable[[Path], None]


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
            licence=LICENCE,
            fidelity="original",
            fetched_at=now(),
            files=(describe_file(path, county=county),),
            note=NOTE,
        )
        store.commit(receipt)


def _writers(world: World, catalog: dict[str, Source]) -> Iterator[tuple[str, Writer]]:
    yield from _census(world)
    yield from _surveys(world, catalog)
    yield from _districts(world)
    yield from _lines(world)
    yield from _water(world)


def _census(world: World) -> Iterator[tuple[str, Writer]]:
    blocks, old, new = world.blocks, world.old_tracts, world.new_tracts
    final = response_of(world.new_truth, world.seed)
    geoids = world.new_truth.index
    yield "tracts_2010", lambda path: write_shapefile(path, census_tables.tracts_2010(old))
    yield "tracts_2020", lambda path: write_shapefile(path, census_tables.tracts_2020(new))
    yield "blocks_2020", lambda path: write_shapefile(path, census_tables.blocks_2020(blocks))
    yield "pl94_blocks_2020", lambda path: write_api(path, census_tables.counts_by_block(blocks))
    yield (
        "block_group_centers_2020",
        lambda path: write_csv(path, census_tables.group_centres(blocks), bom=True),
    )
    yield (
        "tract_relationship_2020",
        lambda path: write_csv(path, census_tables.relationship(blocks, old, new), separator="|", bom=True),
    )
    yield (
        "self_response_2020",
        lambda path: write_api(path, census_tables.final_response(geoids, final, world.seed)),
    )
    yield (
        "self_response_daily_2020",
        lambda path: write_parquet(path, census_tables.daily_response(geoids, final, world.seed)),
    )


def _surveys(world: World, catalog: dict[str, Source]) -> Iterator[tuple[str, Writer]]:
    truth, land = world.old_truth, world.old_tracts.set_index("geoid")["land_m2"]
    points, towns = world.old_places()
    index = survey_tables.index_table(truth.index, index_of(truth))
    yield "ca_htc_index_2019", lambda path: write_xlsx(path, "Census tract CA HTC Index", index)
    yield "acs_svi_2018", lambda path: write_csv(path, survey_tables.svi_table(world.old_survey(), land))
    source = catalog["acs_5year"]
    yield "acs_5year", lambda path: write_api(path, survey_tables.acs_api(world.new_survey(), source))
    yield (
        "calenviroscreen_4",
        lambda path: write_csv(path, survey_tables.environment_table(truth, points, towns, world.seed)),
    )


def _districts(world: World) -> Iterator[tuple[str, Writer]]:
    blocks = world.blocks
    yield "places_2019", lambda path: write_shapefile(path, boundaries.places(blocks))
    for key, level in (("unified", "unsd"), ("elementary", "elsd"), ("secondary", "scsd")):
        shapes = boundaries.school_districts(blocks, level)
        yield f"school_districts_{key}_2021", lambda path, shapes=shapes: write_shapefile(path, shapes)
    yield "tribal_areas_2020", lambda path: write_shapefile(path, boundaries.tribal_areas(blocks))
    yield (
        "water_district_boundaries",
        lambda path: write_geojson(path, boundaries.water_districts(blocks), "i03_WaterDistricts"),
    )
    yield (
        "health_districts",
        lambda path: write_geojson(path, boundaries.health_districts(blocks), "health_districts"),
    )
    yield (
        "supervisorial_districts_2021",
        lambda path: write_csv(path, boundaries.supervisor_table(blocks, world.new_truth)),
    )


def _lines(world: World) -> Iterator[tuple[str, Writer]]:
    river = world.barriers.set_index("name").loc["Rio Callado", "geometry"]
    yield "roads", lambda path: write_shapefile(path, lines.roads(world.roads))
    yield "rails", lambda path: write_shapefile(path, lines.rails(world.barriers))
    yield "linear_water", lambda path: write_shapefile(path, lines.linear_water(world.barriers))
    yield "area_water", lambda path: write_shapefile(path, boundaries.area_water(world.lake, river))
    yield "transit_2018", lambda path: write_zip(path, transit.build_feed(world.roads))


def _water(world: World) -> Iterator[tuple[str, Writer]]:
    systems, seed = world.systems, world.seed
    candidates, routes = run_2021(systems, world.graph)
    yield "water_system_boundaries", lambda path: write_geojson(path, water_tables.boundaries(systems), "query")
    yield "water_system_details", lambda path: write_csv(path, water_tables.details(systems))
    yield "safer_risk_assessment", lambda path: write_csv(path, water_tables.risk(systems, seed))
    yield (
        "state_small_water_systems",
        lambda path: write_csv(path, water_tables.state_small_table(systems, seed)),
    )
    yield "water_quality_violations", lambda path: write_csv(path, water_tables.violations(systems, seed))
    yield "mobile_home_parks", lambda path: write_csv(path, water_tables.parks(systems, seed))
    yield "consolidation_2021", lambda path: write_csv(path, candidates)
    yield "consolidation_routes_2021", lambda path: write_csv(path, routes)
    yield (
        "water_mains",
        lambda path: write_geojson(path, water_tables.mains(world.roads, systems, seed), "water_mains"),
    )
