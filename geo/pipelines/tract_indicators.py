"""Indicators of every 2010 tract of the state: the index, ACS estimates with margins, CalEnviroScreen.

Statewide, so that a tract can be ranked in its state. No geometry.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from geo.datasets.findings import Finding, find, worth_telling
from geo.datasets.inputs import Inputs, table_or_empty
from geo.datasets.schema import Schema, check_schema
from geo.datasets.storage import Product
from geo.methods.margins import proportion
from geo.region import Region
from geo.tracts.indicators import Indicator, indicators_of, values_of

RECODED = {"06037930401": "06037137000"}
"""Tracts whose code was changed after 2010, to the code that the index and the polygons have."""

FEW_HOUSEHOLDS = 50
SAME_POPULATION = 0.2
ACS = "acs_svi_2018"
CES = "calenviroscreen_4"
INDEX = "ca_htc_index_2019"
SHARES = tuple(item for item in indicators_of("tracts_2010") if item.unit == "share")
SCHEMA = Schema(
    "tract_indicators",
    key=("geoid",),
    columns=("county_geoid", "index_scored"),
    shares=tuple(item.key for item in SHARES),
    counts=("ca_htc_index", "population", "households", "housing_units"),
)


class Raw(NamedTuple):
    """What is read: the index, and the other two where they are here (else frames without rows)."""

    scores: pd.DataFrame
    acs: pd.DataFrame
    ces: pd.DataFrame


def extract(inputs: Inputs) -> Raw:
    """Read the three statewide tables."""
    return Raw(
        inputs.table(INDEX),
        table_or_empty(inputs, ACS),
        table_or_empty(inputs, CES),
    )


def transform(raw: Raw, region: Region) -> Product:
    """Join the tables, one row a tract; compute shares with margins, and the place in the state.

    Shares lie between 0 and 1. Where the source gives their universe's count they are computed anew, with
    the margin of a proportion; else they are the published percentages, which are rounded to 0.1 % and are
    missing where they have no margin (a universe of nobody).
    ``index_scored`` is false where the index is 0 because there were no households to score.
    """
    ces = raw.ces.assign(geoid=raw.ces["geoid"].replace(RECODED))
    joined = raw.scores.merge(raw.acs, on="geoid", how="outer").merge(ces, on="geoid", how="outer")
    joined.insert(1, "county_geoid", joined["geoid"].str[:5])
    joined["index_scored"] = is_scored(joined)
    shares = {name: values for item in SHARES for name, values in compute_share(joined, item)}
    frame = pd.concat([joined, pd.DataFrame(shares)], axis="columns")
    ranked = [item for item in indicators_of("tracts_2010") if item.ranked]
    places = {item.percentile: values_of(frame, item).rank(pct=True, method="max") for item in ranked}
    frame = pd.concat([frame, pd.DataFrame(places)], axis="columns").sort_values("geoid", ignore_index=True)
    return Product(frame, findings=worth_telling(_findings(raw, frame)))


def validate(frame: pd.DataFrame) -> None:
    """Raise where the table is not one row a tract with shares between 0 and 1."""
    check_schema(frame, SCHEMA)


def is_scored(frame: pd.DataFrame) -> pd.Series[bool]:
    """Say where an index is a score: above 0, or 0 for a tract that has households.

    A tract without a row in the ACS table has none; an index that is missing is no score.

    Examples
    --------
    >>> is_scored(pd.DataFrame({"ca_htc_index": [0, 0, 19], "households": [0, 700, 0]})).tolist()
    [False, True, True]
    """
    lived_in = (frame["households"] > 0).fillna(False).astype(bool)
    index = frame["ca_htc_index"]
    return index.notna() & ((index > 0).fillna(False).astype(bool) | lived_in)


def compute_share(frame: pd.DataFrame, item: Indicator) -> Iterator[tuple[str, pd.Series[float]]]:
    """Compute a share and its margin, as ``(column, values)``; both between 0 and 1.

    Examples
    --------
    >>> from geo.tracts.indicators import indicator_named
    >>> item = indicator_named("share_mobile_homes")
    >>> counts = {"mobile_homes": [20.0], "mobile_homes_moe": [5.0]}
    >>> units = {"housing_units": [100.0], "housing_units_moe": [10.0]}
    >>> shares = dict(compute_share(pd.DataFrame(counts | units), item))
    >>> shares["share_mobile_homes"].tolist(), shares["share_mobile_homes_moe"].round(4).tolist()
    ([0.2], [0.0458])
    """
    if item.base is None:
        moe = frame[f"{item.key}_percent_moe"] / 100
        share = (frame[f"{item.key}_percent"] / 100).mask(moe.isna())
    else:
        columns = (item.count, f"{item.count}_moe", item.base, f"{item.base}_moe")
        share, moe = proportion(*(frame[str(name)] for name in columns))
    yield item.key, share.astype("Float64")
    yield str(item.moe), moe.astype("Float64")


def _findings(raw: Raw, frame: pd.DataFrame) -> Iterator[Finding]:
    yield from _index_findings(raw, frame)
    numbers = raw.acs.select_dtypes("Float64")
    cells = numbers.isna()
    concerned = raw.acs["geoid"][cells.any(axis=1)]
    columns = int(cells.any().sum())
    yield Finding(
        "missing_cells", ACS, int(cells.sum().sum()), ids=tuple(concerned), values={"columns": columns}
    )
    recoded = raw.ces["geoid"][raw.ces["geoid"].isin(list(RECODED))]
    yield find("tract_recoded", CES, recoded)
    gap = (frame["population"] - frame["population_acs_2019"]).abs()
    apart = (gap > frame["population_moe"]) & (gap > SAME_POPULATION * frame["population"])
    both = int(gap.notna().sum())
    yield find("population_differs", ACS, frame["geoid"][apart.fillna(False).astype(bool)], of=both)


def _index_findings(raw: Raw, frame: pd.DataFrame) -> Iterator[Finding]:
    index, geoid = frame["ca_htc_index"], frame["geoid"]
    given = index.notna()
    zero = (index == 0).fillna(False).astype(bool)
    few = (frame["households"].between(1, FEW_HOUSEHOLDS - 1)).fillna(False).astype(bool)
    yield find("index_not_scored", INDEX, geoid[zero & ~frame["index_scored"]], of=int(given.sum()))
    yield find("index_zero_scored", INDEX, geoid[zero & frame["index_scored"]])
    yield find("index_few_households", INDEX, geoid[given & frame["index_scored"] & few])
    without = given & ~geoid.isin(raw.acs["geoid"])
    yield find("index_without_acs", ACS, geoid[without], of=int(given.sum()))
