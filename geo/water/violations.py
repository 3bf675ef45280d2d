"""Violations of water quality limits: read into numbers, counted once, always with their date."""

from __future__ import annotations

import pandas as pd

# Results are compared in micrograms a litre, or in picocuries a litre.
TO_COMMON_UNIT = {"MG/L": ("UG/L", 1_000.0), "UG/L": ("UG/L", 1.0), "PCI/L": ("PCI/L", 1.0)}
COUNTED_ONCE = ["pwsid", "violation_id", "analyte"]


def read_amounts(amounts: pd.Series[str]) -> pd.DataFrame:
    """Read amounts such as ``0.021 MG/L`` into a number in a common unit.

    Micrograms a litre (``UG/L``) for what is given by weight, picocuries a litre for activity; NA where
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
    """Keep each violation once: the list has a row for every enforcement action.

    Examples
    --------
    >>> row = {"pwsid": "CA3310026", "violation_id": "220005", "analyte": "TTHM", "enforcement": "FORMAL"}
    >>> len(count_once(pd.DataFrame([row, row])))
    1
    """
    return rows.drop_duplicates(COUNTED_ONCE).reset_index(drop=True)


def summarise_by_system(rows: pd.DataFrame) -> pd.DataFrame:
    """Sum up the list by system.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``pwsid``: ``violations_count`` (Int64), ``violations_analytes`` (names, by number of
        violations), ``violations_first_on`` and ``violations_last_on`` (when the first began and the last
        ended). A system that is not listed has no row: not listed is not the same as none.
    """
    once = count_once(rows)
    groups = once.groupby("pwsid")
    return pd.DataFrame(
        {
            "violations_count": groups.size().astype("Int64"),
            "violations_analytes": groups["analyte"].agg(_by_number).astype("string"),
            "violations_first_on": groups["begins"].min().astype("datetime64[ms]"),
            "violations_last_on": groups["ends"].max().astype("datetime64[ms]"),
        }
    )


def _by_number(analytes: pd.Series[str]) -> str:
    return ", ".join(analytes.value_counts(sort=True).index)
