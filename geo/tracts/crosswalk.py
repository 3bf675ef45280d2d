"""From 2010 tracts to 2020 tracts: pairs by area and by people, values carried over with a ledger."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import pandas as pd

from geo.language import mark as N_
from geo.methods.interpolation import apply_crosswalk
from geo.methods.interpolation.ledger import Ledger
from geo.methods.interpolation.shares import COLUMNS as TRANSFER_COLUMNS
from geo.methods.interpolation.shares import crosswalk
from geo.methods.margins import proportion
from geo.tracts.indicators import Indicator, indicators_of, values_of
from geo.tracts.residents.points import locate_in_own_county, nearest_of

PAIR = ["geoid_2010", "geoid_2020"]
SLIVER = 0.005
"""Share of either tract's area below which an overlap is the outlines' fault."""


def pairs_by_people(
    people: gpd.GeoDataFrame, tracts_2010: gpd.GeoDataFrame, by_area: pd.DataFrame, length_crs: str
) -> pd.DataFrame:
    """Sum the people of 2020 by the 2010 tract that they live in and the 2020 tract of their code.

    A center of population may lie outside of its own tract, in the bend of its shape. So it goes to the
    2010 tract in which it lies, or else to the nearest one, among those that share area with its 2020
    tract. Where no areas are had, a 2020 tract whose code there was in 2010 is that tract (the Bureau
    keeps a code only where a tract did not change much), and others are placed by where the center lies.

    Parameters
    ----------
    people
        Points with ``tract_geoid``, ``county_geoid`` and ``population``, in EPSG:4326.
    tracts_2010
        With ``geoid`` and ``county_geoid``, in EPSG:4326.
    by_area
        Pairs that share area: ``geoid_2010`` and ``geoid_2020``.
    length_crs
        A projected CRS in meters.

    Returns
    -------
    pandas.DataFrame
        ``geoid_2010``, ``geoid_2020`` and ``people``, one row a pair.
    """
    codes = people.loc[~people["tract_geoid"].isin(by_area["geoid_2020"]), "tract_geoid"].drop_duplicates()
    same = codes[codes.isin(tracts_2010["geoid"])]
    known = pd.concat([by_area[PAIR], pd.DataFrame({"geoid_2010": same, "geoid_2020": same})])
    points = people[["tract_geoid"]].rename(columns={"tract_geoid": "geoid_2020"}).assign(point=people.index)
    choices = points.merge(known, on="geoid_2020").rename(columns={"geoid_2010": "geoid"})
    located = nearest_of(people, tracts_2010, choices[["point", "geoid"]], length_crs)
    lost = located.isna()
    located[lost] = locate_in_own_county(people[lost], tracts_2010, length_crs)
    pairs = pd.DataFrame(
        {"geoid_2010": located, "geoid_2020": people["tract_geoid"], "people": people["population"]}
    ).dropna(subset=["geoid_2010"])
    return pairs.groupby(PAIR)[["people"]].sum().reset_index()


def without_slivers(by_area: pd.DataFrame) -> pd.DataFrame:
    """Leave out overlaps that are less than 0.5 % of both tracts: they are the outlines' fault.

    Examples
    --------
    >>> shares = {"area_share_of_2010": [0.001, 0.2], "area_share_of_2020": [0.004, 0.001]}
    >>> without_slivers(pd.DataFrame(shares)).index.tolist()
    [1]
    """
    return by_area[by_area[["area_share_of_2010", "area_share_of_2020"]].max(axis=1) > SLIVER]


def pairs_by_area(
    tracts_2010: gpd.GeoDataFrame, tracts_2020: gpd.GeoDataFrame, area_crs: str
) -> pd.DataFrame:
    """Overlay the two tracts' polygons: ``area_m2`` in common, and its share of each (0 to 1)."""
    old, new = (
        frame.set_index("geoid")[["geometry"]].to_crs(area_crs) for frame in (tracts_2010, tracts_2020)
    )
    table = crosswalk(old, new).rename(
        columns={
            "source": "geoid_2010",
            "target": "geoid_2020",
            "share_of_source": "area_share_of_2010",
            "share_of_target": "area_share_of_2020",
            "target_covered": "covered_2020",
        }
    )
    return table[[*PAIR, "area_m2", "area_share_of_2010", "area_share_of_2020", "covered_2020"]]


def official_pairs(relationship: pd.DataFrame, counties: Sequence[str]) -> pd.DataFrame:
    """Read pairs out of the Census Bureau's relationship file: areas in m2, land and water.

    Examples
    --------
    >>> parts = {"land_part_m2": [60.0, 40.0], "water_part_m2": [0.0, 0.0]}
    >>> names = {"geoid_2010": ["06065000100"] * 2, "geoid_2020": ["06065000101", "06065000102"]}
    >>> official_pairs(pd.DataFrame(names | parts), ["06065"])["area_share_of_2010"].tolist()
    [0.6, 0.4]
    """
    ours = relationship[relationship["geoid_2020"].str[:5].isin(counties)]
    pairs = ours[PAIR].assign(area_m2=ours["land_part_m2"].fillna(0) + ours["water_part_m2"].fillna(0))
    pairs = pairs[pairs["area_m2"] > 0]
    for year in ("2010", "2020"):
        whole = pairs.groupby(f"geoid_{year}")["area_m2"].transform("sum")
        pairs[f"area_share_of_{year}"] = pairs["area_m2"] / whole
    return pairs.assign(covered_2020=1.0).reset_index(drop=True)


def combine_pairs(by_people: pd.DataFrame, by_area: pd.DataFrame) -> pd.DataFrame:
    """Say which part of each 2010 tract's people lives in which 2020 tract.

    A 2010 tract where nobody is known to live is shared out by area (``method`` ``area``), the others
    by people. What is shared out by area is scaled up to the whole, so that nothing is lost to outlines.

    Parameters
    ----------
    by_people
        From :func:`pairs_by_people`.
    by_area
        From :func:`pairs_by_area` or :func:`official_pairs`, without slivers; may be empty.

    Returns
    -------
    pandas.DataFrame
        One row a pair: ``share_of_2010`` (of the 2010 tract's people) sums to 1 for each 2010 tract;
        ``share_of_2020`` (of the 2020 tract's people; of its area where nobody lives) to 1 for each 2020
        tract; ``people`` of 2020 in both; ``area_m2`` in both, missing where no polygons are had.

    Examples
    --------
    >>> people = {"geoid_2010": ["a", "a"], "geoid_2020": ["t", "u"], "people": [30.0, 10.0]}
    >>> combine_pairs(pd.DataFrame(people), NO_AREAS)["share_of_2010"].tolist()
    [0.75, 0.25]
    """
    pairs = by_people.merge(by_area, on=PAIR, how="outer")
    pairs["people"] = pairs["people"].fillna(0.0).astype(float)
    for year in ("2010", "2020"):
        groups = pairs.groupby(f"geoid_{year}")
        inhabitants, area = groups["people"].transform("sum"), groups["area_m2"].transform("sum")
        populated = inhabitants > 0
        by_size = pairs["area_m2"] / area.where(area > 0)
        pairs[f"share_of_{year}"] = (pairs["people"] / inhabitants.where(populated)).where(populated, by_size)
        if year == "2010":
            pairs["method"] = pd.Series("people", index=pairs.index, dtype="string").where(populated, "area")
    return pairs.sort_values(PAIR, ignore_index=True)


NO_AREAS = pd.DataFrame(
    {name: pd.Series(dtype="string") for name in PAIR}
    | {
        name: pd.Series(dtype=float)
        for name in ("area_m2", "area_share_of_2010", "area_share_of_2020", "covered_2020")
    }
)
"""Pairs by area where no polygons are had: none."""


def to_transfer_table(pairs: pd.DataFrame) -> pd.DataFrame:
    """Lay pairs out as :func:`geo.methods.interpolation.apply_crosswalk` reads them.

    Means are weighted by people; a 2010 tract that is shared out by area takes no part in them.
    """
    columns = {
        "source": pairs["geoid_2010"],
        "target": pairs["geoid_2020"],
        "area_m2": pairs["area_m2"].fillna(0.0),
        "weight": pairs["people"],
        "share_of_source": pairs["share_of_2010"],
        "share_of_target": pairs["area_share_of_2020"].fillna(0.0),
        "source_covered": pairs.groupby("geoid_2010")["share_of_2010"].transform("sum").clip(upper=1.0),
        "target_covered": pairs["covered_2020"].fillna(0.0),
    }
    return pd.DataFrame(columns)[list(TRANSFER_COLUMNS)]


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


def carried_from(crosswalk: pd.DataFrame, targets: pd.Index[str]) -> pd.Series[str]:
    """Name the 2010 tracts from which a 2020 tract's figures were carried over, the largest part first.

    Parts under 0.5 % of the 2020 tract's people are left out; a tract without any has NA.

    Parameters
    ----------
    crosswalk
        The dataset ``crosswalk_2010_2020``.
    targets
        GEOIDs of the 2020 tracts wanted.

    Returns
    -------
    Series
        On ``targets``: GEOIDs of 2010 tracts, with blanks between them.

    Examples
    --------
    >>> pairs = {"geoid_2010": ["a", "b", "c"], "geoid_2020": ["t"] * 3, "share_of_2020": [0.2, 0.799, 0.001]}
    >>> carried_from(pd.DataFrame(pairs), pd.Index(["t", "u"])).tolist()
    ['b a', <NA>]
    """
    parts = crosswalk[crosswalk["share_of_2020"] >= SLIVER].sort_values("share_of_2020", ascending=False)
    names = parts.groupby("geoid_2020")["geoid_2010"].agg(lambda ours: " ".join(map(str, ours)))
    return names.reindex(targets).astype("string")


WHOLE = 0.98


def kept_whole(crosswalk: pd.DataFrame, targets: pd.Index[str]) -> pd.Series[bool]:
    """Tell which 2020 tracts are a 2010 tract as a whole, but for 2 % of the people of either.

    Examples
    --------
    >>> pairs = {"geoid_2010": ["a", "b", "b"], "geoid_2020": ["t", "u", "v"], "share_of_2020": [1.0] * 3}
    >>> kept_whole(pd.DataFrame(pairs | {"share_of_2010": [1.0, 0.4, 0.6]}), pd.Index(["t", "u"])).tolist()
    [True, False]
    """
    same = crosswalk[(crosswalk["share_of_2010"] >= WHOLE) & (crosswalk["share_of_2020"] >= WHOLE)]
    return pd.Series(targets.isin(same["geoid_2020"]), targets)


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


LEAST_SHARE = 0.01
"""Share of a tract's people from which a tract of the other year is told as its counterpart."""


def counterparts(crosswalk: pd.DataFrame, geoid: str, year: int) -> pd.Series[float]:
    """Find the tracts of the other year that a tract's people were in.

    Parameters
    ----------
    crosswalk
        The dataset ``crosswalk_2010_2020``.
    geoid, year
        A tract, and whether it is one of 2010 or of 2020.

    Returns
    -------
    Series
        Share of the tract's people (0 to 1; of its area where nobody lives) on GEOIDs of the other year, the
        largest first, from :data:`LEAST_SHARE`; empty where the tract is not in the table.

    Examples
    --------
    >>> pairs = {"geoid_2010": ["a", "a"], "geoid_2020": ["a1", "a2"], "share_of_2010": [0.3, 0.7]}
    >>> pairs |= {"share_of_2020": [1.0, 1.0], "area_share_of_2010": [0.5, 0.5], "people": [3, 7]}
    >>> counterparts(pd.DataFrame(pairs), "a", 2010).to_dict()
    {'a2': 0.7, 'a1': 0.3}
    """
    other = 2020 if year == 2010 else 2010
    ours = crosswalk[crosswalk[f"geoid_{year}"].astype(str) == geoid]
    settled = bool(ours["people"].fillna(0).gt(0).any())
    column = f"share_of_{year}" if settled else f"area_share_of_{year}"
    shares = ours.set_index(ours[f"geoid_{other}"].astype(str))[column].astype(float)
    return shares[shares >= LEAST_SHARE].sort_values(ascending=False, kind="stable")
