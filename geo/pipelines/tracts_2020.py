"""Census tracts of 2020: counts, self-response, and what was carried over from 2010 tracts."""

from __future__ import annotations

from collections.abc import Iterator
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
from geo.tracts.acs_indicators import to_indicators
from geo.tracts.crosswalk import carry_over
from geo.tracts.indicators import indicators_of

SOURCE = "tracts_2020"
COUNTS = ("population", "housing_units", "occupied_units", "vacant_units")
MUCH_VACANT = 0.25
LOW_COVERAGE = 0.95
SCHEMA = Schema(
    "tracts_2020",
    key=("geoid",),
    columns=("county_geoid", "ca_htc_index", "index_scored", "estimates_from"),
    shares=("coverage", *(item.key for item in indicators_of("tracts_2020") if item.unit == "share")),
    counts=("population_2020", "housing_units_2020", "population", "area_km2"),
    geometry=AREAS,
)


class Raw(NamedTuple):
    """What is read; tables of sources that are not here have no rows."""

    shapes: gpd.GeoDataFrame
    tracts_2010: gpd.GeoDataFrame
    crosswalk: pd.DataFrame
    blocks: pd.DataFrame
    centers: pd.DataFrame
    response: pd.DataFrame
    acs: pd.DataFrame
    acs_vintage: str
    found: tuple[Finding, ...]


def extract(inputs: Inputs) -> Raw:
    """Read polygons, the 2010 tracts and the crosswalk, and the tables as far as they are here."""
    receipt = inputs.receipt("acs_5year")
    return Raw(
        inputs.shapes(SOURCE),
        inputs.dataset_shapes("tracts_2010"),
        inputs.dataset("crosswalk_2010_2020"),
        table_or_empty(inputs, "pl94_blocks_2020"),
        table_or_empty(inputs, "block_group_centers_2020"),
        table_or_empty(inputs, "self_response_2020"),
        table_or_empty(inputs, "acs_5year"),
        receipt.vintage if receipt else "",
        z_finding(inputs, SOURCE),
    )


def transform(raw: Raw, region: Region) -> Product:
    """Join counts, self-response and estimates to the region's 2020 tracts.

    Counts of 2020 are the sums of blocks; where a county has no block counts, population is that of the
    block-group centers. Shares lie between 0 and 1. The index and CalEnviroScreen are carried over from
    2010 tracts; so are ACS estimates, but for those that an ACS table of 2020 tracts gives
    (``estimates_from`` says which a tract has). ``coverage`` is the share of the tract's area that 2010
    tracts cover.
    """
    shapes, found = measure_boundaries(rows_of_counties(raw.shapes, region.counties), SOURCE, region)
    frame = shapes.set_index("geoid").sort_index().assign(county_geoid=lambda tracts: tracts.index.str[:5])
    carried, ledger = carry_over(raw.tracts_2010, raw.crosswalk, frame.index)
    direct = to_indicators(raw.acs).reindex(frame.index)
    frame = frame.join(count_people(raw, frame.index)).join(rate_response(raw.response, frame.index))
    frame = frame.join(prefer(direct, carried))
    has_direct = direct["population"].notna()
    vintage = pd.Series("2014-2018, 2010 tracts", index=frame.index, dtype="string")
    frame["estimates_from"] = vintage.mask(has_direct, raw.acs_vintage)
    told = [*raw.found, *found, *_findings(raw, frame, region), _direct_finding(direct[has_direct])]
    ledgers = (without_direct(ledger, direct if has_direct.all() else direct.iloc[:0, :0]),)
    return Product(frame.reset_index(), ledgers, worth_telling(told))


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


def prefer(direct: pd.DataFrame, carried: pd.DataFrame) -> pd.DataFrame:
    """Take what a table of 2020 tracts says, and where it has no row what was carried over."""
    has_row = direct["population"].notna()
    both = [name for name in direct if name in carried]
    return carried.assign(**{str(name): carried[name].mask(has_row, direct[name]) for name in both})


def without_direct(ledger: Ledger, direct: pd.DataFrame) -> Ledger:
    """Leave variables that were not carried over in the end out of the account."""
    kept = [name for name in ledger.lines.index if name not in direct]
    return Ledger(ledger.title, ledger.source, ledger.target, ledger.lines.loc[kept])


def _direct_finding(direct: pd.DataFrame) -> Finding:
    names = tuple(str(name) for name in direct if not str(name).endswith("_moe")) if len(direct) else ()
    return Finding("estimates_direct", "acs_5year", len(direct), ids=names, severity="info")


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
