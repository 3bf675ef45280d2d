"""Census tracts of 2020: counts, self-response, the newest estimates, and what was carried over from 2010.

Of a series the newest vintage is taken that is *whole*: on tracts of 2020, with a row for every tract of the
region in which people were counted. So all tracts speak of the same years.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from geo.datasets.findings import Finding, find, worth_telling
from geo.datasets.inputs import Inputs, table_or_empty
from geo.datasets.schema import AREAS, Schema, check_schema
from geo.datasets.storage import Product
from geo.methods.interpolation.ledger import Ledger
from geo.pipelines.published_shapes import measure_boundaries, rows_of_counties, z_finding
from geo.region import Region
from geo.sources.catalog import Source, vintages_of
from geo.tracts.acs_indicators import SERIES as SURVEYS
from geo.tracts.acs_indicators import to_indicators
from geo.tracts.crosswalk import carried_from, carried_indicators, carry_over
from geo.tracts.indicators import SCREEN, indicators_of
from geo.tracts.vintages import OF_2010, last_year

SOURCE = "tracts_2020"
COUNTS = ("population", "housing_units", "occupied_units", "vacant_units")
SCORES = ("ces_score", "drinking_water_score")
PLANNING, PLANNED = "planning_database", "share_low_response"
MUCH_VACANT = 0.25
LOW_COVERAGE = 0.95
SCHEMA = Schema(
    "tracts_2020",
    key=("geoid",),
    columns=("county_geoid", "ca_htc_index", "index_scored", "estimates_from", "direct_sources", "carried"),
    shares=("coverage", *(item.key for item in indicators_of("tracts_2020") if item.unit == "share")),
    counts=("population_2020", "housing_units_2020", "population", "area_km2"),
    geometry=AREAS,
)


class Vintage(NamedTuple):
    """Figures of 2020 tracts from one vintage of a series: columns of ours on GEOIDs."""

    key: str
    series: str
    vintage: str
    figures: pd.DataFrame


class Raw(NamedTuple):
    """What is read; tables of sources that are not here have no rows."""

    shapes: gpd.GeoDataFrame
    tracts_2010: gpd.GeoDataFrame
    crosswalk: pd.DataFrame
    blocks: pd.DataFrame
    centers: pd.DataFrame
    response: pd.DataFrame
    direct: tuple[Vintage, ...]
    found: tuple[Finding, ...]


def extract(inputs: Inputs) -> Raw:
    """Read polygons, the 2010 tracts and the crosswalk, and the tables as far as they are here."""
    return Raw(
        inputs.shapes(SOURCE),
        inputs.dataset_shapes("tracts_2010"),
        inputs.dataset("crosswalk_2010_2020"),
        table_or_empty(inputs, "pl94_blocks_2020"),
        table_or_empty(inputs, "block_group_centers_2020"),
        table_or_empty(inputs, "self_response_2020"),
        tuple(read_vintages(inputs)),
        z_finding(inputs, SOURCE),
    )


def read_vintages(inputs: Inputs) -> Iterator[Vintage]:
    """Read what is here of figures of 2020 tracts, newest first; of the same year the survey's own tables."""
    keys = vintages_of((*SURVEYS, SCREEN, PLANNING), inputs.catalog)
    sources = [inputs.catalog[key] for key in keys if inputs.catalog[key].tracts == 2020]
    for source in sorted(sources, key=lambda item: -last_year(item.vintage)):
        receipt = inputs.receipt(source.key)
        if receipt is not None and inputs.has(source.key):
            yield Vintage(source.key, source.series, receipt.vintage, _figures(inputs, source))


def _figures(inputs: Inputs, source: Source) -> pd.DataFrame:
    if source.series in SURVEYS:
        return to_indicators(inputs.table(source.key))
    if source.series == PLANNING:
        scores = inputs.table(source.key).set_index("geoid")["low_response_score"]
        return pd.DataFrame({"share_low_response": scores / 100})
    table: pd.DataFrame = inputs.shapes(source.key)
    return pd.DataFrame(table.set_index("geoid")[list(SCORES)])


def transform(raw: Raw, region: Region) -> Product:
    """Join counts, self-response and estimates to the region's 2020 tracts.

    Counts of 2020 are the sums of blocks; where a county has no block counts, population is that of the
    block-group centers. Shares lie between 0 and 1. The index is carried over from 2010 tracts; so are ACS
    estimates and CalEnviroScreen, but for those that the newest whole vintage on 2020 tracts gives.
    ``estimates_from`` says of which years the estimates are, ``direct_sources`` which vintages were taken,
    ``carried`` which indicators were carried over, and ``carried_from`` from which 2010 tracts.
    ``coverage`` is the share of the tract's area that 2010 tracts cover.
    """
    shapes, found = measure_boundaries(rows_of_counties(raw.shapes, region.counties), SOURCE, region)
    frame = shapes.set_index("geoid").sort_index().assign(county_geoid=lambda tracts: tracts.index.str[:5])
    carried, ledger = carry_over(raw.tracts_2010, raw.crosswalk, frame.index)
    frame = frame.join(count_people(raw, frame.index)).join(rate_response(raw.response, frame.index))
    lived_in = frame.index[(frame["population_2020"] > 0).fillna(True).astype(bool)]
    taken = newest_whole(raw.direct, lived_in)
    direct = pd.concat([item.figures.reindex(frame.index) for item in taken] or [carried.iloc[:, :0]], axis=1)
    frame = frame.join(carried.drop(columns=list(carried.columns.intersection(direct.columns)))).join(direct)
    frame = with_origin(frame, taken, raw.crosswalk)
    told = [
        *raw.found,
        *found,
        *_findings(raw, frame, region),
        *_direct_findings(taken, raw.direct, lived_in),
    ]
    return Product(frame.reset_index(), (without_direct(ledger, direct),), worth_telling(told))


def validate(frame: pd.DataFrame) -> None:
    """Raise where it is not one valid polygon a tract with shares between 0 and 1."""
    check_schema(frame, SCHEMA)


def count_people(raw: Raw, tracts: pd.Index[str]) -> pd.DataFrame:
    """Sum blocks by tract: population and units of 2020, and the share of units that are vacant."""
    sums = raw.blocks.groupby(raw.blocks["geoid"].str[:11])[list(COUNTS)].sum(min_count=1).reindex(tracts)
    counts = sums.add_suffix("_2020").astype("Float64")
    centers = raw.centers.groupby(raw.centers["geoid"].str[:11])["population"].sum().reindex(tracts)
    counts["population_2020"] = counts["population_2020"].fillna(centers.astype("Float64"))
    units = counts["housing_units_2020"]
    counts["share_vacant_2020"] = counts["vacant_units_2020"] / units.mask(units == 0)
    return counts


def rate_response(response: pd.DataFrame, tracts: pd.Index[str]) -> pd.DataFrame:
    """Turn percentages into shares of the addresses that were asked to answer (0 to 1)."""
    rates = response.set_index("geoid").reindex(tracts)
    answered = rates["self_response_percent"] / 100
    return pd.DataFrame(
        {
            "share_self_response": answered,
            "share_no_self_response": 1 - answered,
            "share_self_response_internet": rates["self_response_internet_percent"] / 100,
        }
    )


def newest_whole(vintages: Sequence[Vintage], lived_in: pd.Index[str]) -> list[Vintage]:
    """Take the first vintage that is whole: one of the survey, one of each other series.

    Examples
    --------
    >>> tracts = pd.Index(["06065000100", "06065000200"])
    >>> part, whole = (pd.DataFrame({"population": 1.0}, tracts[:number]) for number in (1, 2))
    >>> newer = Vintage("acs_5year_2024", "acs_5year", "2020-2024, 2020 tracts", part)
    >>> older = Vintage("acs_svi_2022", "acs_svi", "2018-2022, 2020 tracts", whole)
    >>> [item.key for item in newest_whole([newer, older], tracts)]
    ['acs_svi_2022']
    """
    taken: dict[str, Vintage] = {}
    for item in vintages:
        if lived_in.isin(item.figures.index).all():
            taken.setdefault("survey" if item.series in SURVEYS else item.series, item)
    return list(taken.values())


def with_origin(
    frame: gpd.GeoDataFrame, taken: Sequence[Vintage], crosswalk: pd.DataFrame
) -> gpd.GeoDataFrame:
    """Say of the figures where they come from, and lay out what no source gives as missing."""
    survey = next((item.vintage for item in taken if item.series in SURVEYS), OF_2010.vintage)
    given = {str(name) for item in taken for name in item.figures}
    carried = [item.key for item in carried_indicators() if item.key not in given]
    missing = {} if PLANNED in frame else {PLANNED: pd.Series(pd.NA, frame.index, dtype="Float64")}
    return frame.assign(
        **missing,
        estimates_from=pd.Series(survey, frame.index, dtype="string"),
        direct_sources=pd.Series(" ".join(item.key for item in taken), frame.index, dtype="string"),
        carried=pd.Series(" ".join(carried), frame.index, dtype="string"),
        carried_from=carried_from(crosswalk, frame.index),
    )


def without_direct(ledger: Ledger, direct: pd.DataFrame) -> Ledger:
    """Leave variables that were not carried over in the end out of the account."""
    kept = [name for name in ledger.lines.index if name not in direct]
    return Ledger(ledger.title, ledger.source, ledger.target, ledger.lines.loc[kept])


def _direct_findings(
    taken: Sequence[Vintage], vintages: Sequence[Vintage], lived_in: pd.Index[str]
) -> Iterator[Finding]:
    for item in taken:
        names = tuple(str(name) for name in item.figures if not str(name).endswith("_moe"))
        yield Finding("estimates_direct", item.key, len(lived_in), ids=names, severity="info")
    for item in vintages:
        lacking = lived_in[~lived_in.isin(item.figures.index)]
        yield find("vintage_not_whole", item.key, lacking, of=len(lived_in))


def _findings(raw: Raw, frame: gpd.GeoDataFrame, region: Region) -> Iterator[Finding]:
    geoid = frame.index.to_series()
    of = len(frame)
    bare = [county for county in region.counties if county not in set(frame["county_geoid"])]
    yield find("county_not_here", SOURCE, bare, what="2020 tract polygons")
    low = frame["coverage"] < LOW_COVERAGE
    yield find("coverage_low", SOURCE, geoid[low], of=of)
    silent = frame["share_self_response"].isna()
    if len(raw.response):
        yield find("no_self_response", "self_response_2020", geoid[silent], of=of)
    seasonal = (frame["share_vacant_2020"] > MUCH_VACANT).fillna(False).astype(bool) & ~silent
    yield find("self_response_caution", "self_response_2020", geoid[seasonal], of=of)
