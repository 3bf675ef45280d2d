"""What is known of 2010 tracts, carried over to 2020 tracts with coverage, margins and a ledger."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from geo.indicators import Indicator, indicators_of, values_of
from geo.interpolation import apply_crosswalk
from geo.language import mark as N_
from geo.ledger import Ledger
from geo.margins import proportion
from geo.tract_pairs import to_transfer_table

SOURCES = ("ca_htc_index_2019", "acs_svi_2018", "calenviroscreen_4")
TITLE = N_("Index, ACS estimates and CalEnviroScreen of 2010 tracts, carried over by the people of 2020")


def carried_indicators() -> tuple[Indicator, ...]:
    """List the indicators that 2020 tracts have from 2010 tracts."""
    return tuple(item for item in indicators_of("tracts_2020") if item.source in SOURCES)


def carry_over(
    tracts_2010: gpd.GeoDataFrame, crosswalk: pd.DataFrame, targets: pd.Index[str]
) -> tuple[pd.DataFrame, Ledger]:
    """Carry indicators over to 2020 tracts.

    Counts are split by the people of 2020; scores, incomes, and the shares whose universe's count is not
    known are means weighted by them; other shares are computed from the counts carried over. An index of
    0 that is no score takes no part. Margins (90 %) hold the sampling error alone.

    Parameters
    ----------
    tracts_2010
        The dataset; tracts of counties without any target are left out.
    crosswalk
        The dataset ``crosswalk_2010_2020``.
    targets
        GEOIDs of the 2020 tracts wanted.

    Returns
    -------
    tuple of DataFrame, Ledger
        On ``targets``: each indicator, ``<name>_moe``, ``index_scored``, and ``coverage`` (0 to 1), the share
        of the tract's area that 2010 tracts cover; and the account of every variable.
    """
    source = _source(tracts_2010, targets)
    pairs = crosswalk[crosswalk["geoid_2020"].isin(targets) & crosswalk["geoid_2010"].isin(source.index)]
    items = carried_indicators()
    summed = [item.key for item in items if item.unit in ("people", "households", "housing units")]
    means = [item.key for item in items if item.key not in summed and item.base is None]
    moved = apply_crosswalk(
        to_transfer_table(pairs),
        source,
        extensive=summed,
        intensive=means,
        moe={item.key: item.moe for item in items if item.moe and item.base is None},
        target_index=targets,
    )
    values = moved.values  # noqa: PD011 - the answer's frame, no array
    shares = {name: column for item in items if item.base for name, column in recompute(values, item).items()}
    values = (
        values.join(pd.DataFrame(shares))
        .astype("Float64")
        .assign(index_scored=values["ca_htc_index"].notna())
    )
    return values, moved.to_ledger(TITLE, "tracts_2010", "tracts_2020")


def recompute(values: pd.DataFrame, item: Indicator) -> dict[str, pd.Series[float]]:
    """Compute a share and its margin from the counts that it is made of."""
    names = (item.count, f"{item.count}_moe", item.base, f"{item.base}_moe")
    share, moe = proportion(*(values[str(name)] for name in names))
    return {item.key: share, str(item.moe): moe}


def _source(tracts_2010: gpd.GeoDataFrame, targets: pd.Index[str]) -> pd.DataFrame:
    ours = tracts_2010[tracts_2010["county_geoid"].isin(targets.str[:5])]
    frame = pd.DataFrame(ours.drop(columns="geometry")).set_index("geoid")
    scores = {item.key: values_of(frame, item) for item in carried_indicators() if item.known}
    return frame.assign(**scores)
