"""Violations of drinking water limits, from the nation's list or the State's older one, laid out alike."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from geo.datasets.inputs import Inputs
from geo.region import Region
from geo.water.identifiers import county_geoids, normalize_pwsids

OLDER = "water_quality_violations"
CURRENT = "sdwa_violations"
# The nation's list reaches back for decades: so many years of it are counted.
YEARS = 5
COLUMNS = (
    *("pwsid", "name", "city", "violation_id", "violation_type", "health_based", "analyte"),
    *("result", "limit", "begins", "ends", "enforcement"),
)
# Results are compared in micrograms a liter, or in picocuries a liter.
TO_COMMON_UNIT = {"MG/L": ("UG/L", 1_000.0), "UG/L": ("UG/L", 1.0), "PCI/L": ("PCI/L", 1.0)}
COUNTED_ONCE = ["pwsid", "violation_id", "analyte"]


class Listed(NamedTuple):
    """A list of violations with the columns of :data:`COLUMNS`, the time it tells of, and its source."""

    rows: pd.DataFrame
    vintage: str
    source: str = OLDER


def read_violations(inputs: Inputs) -> Listed:
    """Read the newest list that is here: the nation's of this quarter, else the State's older one.

    Of the nation's list only the region's systems, and what was open in the five years before the end of
    its quarter. Without any list here there are no rows.

    Raises
    ------
    SchemaError
        A row's PWSID is not ``CA`` and seven digits.
    """
    if inputs.has(CURRENT):
        return lay_out(inputs.table(CURRENT, begins={"pwsid": pwsid_starts(inputs.region)}))
    rows = pd.DataFrame(columns=list(inputs.catalog[OLDER].layout.columns))
    if inputs.has(OLDER):
        rows = inputs.table(OLDER)
        rows = rows.assign(pwsid=normalize_pwsids(rows["pwsid"], OLDER))
    receipt = inputs.receipt(OLDER)
    return to_listed(rows, receipt.vintage if receipt else "")


def to_listed(rows: pd.DataFrame, vintage: str) -> Listed:
    """Lay the State's older list out: all of it is of limits of water quality."""
    return Listed(rows.assign(health_based=True).reindex(columns=list(COLUMNS)), vintage, OLDER)


def pwsid_starts(region: Region) -> tuple[str, ...]:
    """How the PWSIDs of a region's systems begin: by the State's numbers of its counties.

    Examples
    --------
    >>> from geo.region import read_region
    >>> pwsid_starts(read_region("coachella"))
    ('CA13', 'CA33')
    """
    numbers = pd.Series([f"CA{number:02d}00000" for number in range(100)], dtype="string")
    ours = numbers[county_geoids(numbers).isin(region.counties)]
    return tuple(ours.str[:4])


def lay_out(rows: pd.DataFrame) -> Listed:
    """Lay the nation's list out as the State's, and keep what was open in its last five years.

    Results and limits get their unit behind them; of a State's limit and a federal one the State's counts,
    which is never the laxer. A violation without an end is open.

    Parameters
    ----------
    rows
        As the catalog has the columns of ``sdwa_violations``.

    Examples
    --------
    >>> from geo.sources.catalog import read_catalog
    >>> from geo.datasets.inputs import empty_table
    >>> lay_out(empty_table(read_catalog()["sdwa_violations"])).vintage
    ''
    """
    quarters = rows["quarter"].dropna()
    vintage = str(quarters.max()) if len(quarters) else ""
    if vintage:
        first = pd.Period(vintage, freq="Q").end_time.normalize() - pd.DateOffset(years=YEARS)
        rows = rows[~(rows["ends"] < first)].reset_index(drop=True)
    frame = rows.assign(
        name=pd.Series(pd.NA, index=rows.index, dtype="string"),
        city=pd.Series(pd.NA, index=rows.index, dtype="string"),
        health_based=rows["health_based"].eq("Y").fillna(False).astype(bool),
        result=_with_unit(rows["result"], rows["unit"]),
        limit=_with_unit(rows["state_limit"], rows["unit"]).fillna(
            _with_unit(rows["federal_limit"], rows["unit"])
        ),
    )
    return Listed(frame[list(COLUMNS)], vintage, CURRENT)


def _with_unit(amounts: pd.Series[str], units: pd.Series[str]) -> pd.Series[str]:
    """Put the unit behind an amount that has none."""
    bare = amounts.str.fullmatch(r"[\d.,]+").fillna(False).astype(bool)
    return amounts.mask(bare, amounts + " " + units.str.upper())


def read_amounts(amounts: pd.Series[str]) -> pd.DataFrame:
    """Read amounts such as ``0.021 MG/L`` into a number in a common unit.

    Micrograms a liter (``UG/L``) for what is given by weight, picocuries a liter for activity; NA where
    there is no amount or its unit is another.

    Returns
    -------
    pandas.DataFrame
        ``amount`` (Float64) and ``unit`` on the index of ``amounts``.

    Examples
    --------
    >>> read_amounts(pd.Series(["0.5 MG/L", "20 PCI/L", None])).to_numpy().tolist()
    [[500.0, 'UG/L'], [20.0, 'PCI/L'], [<NA>, <NA>]]
    """
    parts = amounts.astype("string").str.upper().str.extract(r"^\s*([\d.,]+)\s*([A-Z/]+)\s*$")
    known = parts[1].isin(TO_COMMON_UNIT)
    numbers = pd.to_numeric(parts[0].str.replace(",", ""), errors="coerce").astype("Float64")
    units = parts[1].where(known)
    factors = units.map({unit: factor for unit, (_, factor) in TO_COMMON_UNIT.items()}).astype("Float64")
    names = units.map({unit: name for unit, (name, _) in TO_COMMON_UNIT.items()}).astype("string")
    return pd.DataFrame({"amount": numbers * factors, "unit": names}, index=amounts.index)


def count_once(rows: pd.DataFrame) -> pd.DataFrame:
    """Keep each violation once: the lists have a row for every enforcement action.

    Examples
    --------
    >>> row = {"pwsid": "CA3310026", "violation_id": "220005", "analyte": "TTHM", "enforcement": "FORMAL"}
    >>> len(count_once(pd.DataFrame([row, row])))
    1
    """
    return rows.drop_duplicates(COUNTED_ONCE).reset_index(drop=True)


def summarize_by_system(rows: pd.DataFrame) -> pd.DataFrame:
    """Sum up the violations of limits by system; those of reports and notices are not counted.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``pwsid``: ``violations_count`` and ``violations_open`` (Int64: how many, and how many of
        them have not ended), ``violations_analytes`` (names, by number of violations),
        ``violations_first_on`` and ``violations_last_on`` (when the first began and the last ended, NA where
        none has). A system that is not listed has no row: not listed is not the same as none.
    """
    once = count_once(rows)
    once = once[once["health_based"].astype(bool)]
    groups = once.groupby("pwsid")
    return pd.DataFrame(
        {
            "violations_count": groups.size().astype("Int64"),
            "violations_open": once["ends"].isna().groupby(once["pwsid"]).sum().astype("Int64"),
            "violations_analytes": groups["analyte"].agg(_by_number).astype("string"),
            "violations_first_on": groups["begins"].min().astype("datetime64[ms]"),
            "violations_last_on": groups["ends"].max().astype("datetime64[ms]"),
        }
    )


def _by_number(analytes: pd.Series[str]) -> str:
    return ", ".join(analytes.value_counts(sort=True).index)
