"""Violations and laboratory results of the invented water systems, in their publishers' layouts."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from demo.valley import random_for
from demo.water_tables import AGENCY, COUNTY_UPPER, public

# Analyte, its limit as it is printed, the limit, its unit, and how often it is the one.
ANALYTES = (
    ("ARSENIC", "0.010 MG/L", 0.010, "MG/L", 0.5),
    ("NITRATE", "10 MG/L", 10.0, "MG/L", 0.2),
    ("COMBINED URANIUM", "20 PCI/L", 20.0, "PCI/L", 0.2),
    ("TTHM", "0.080 MG/L", 0.080, "MG/L", 0.1),
)
FIRST_QUARTER = pd.Timestamp("2014-01-01")
MOST_QUARTERS, LATEST_START = 6, 12
DAYS_TO_ACTION = 75


def violations(systems: gpd.GeoDataFrame, seed: int) -> pd.DataFrame:
    """Violations of failing systems and of some others, quarter by quarter from 2014 to 2018."""
    frame = public(systems)
    rng = random_for(seed, "violations")
    third = pd.Series(np.arange(len(frame)) % 3 == 0, index=frame.index)
    chosen = frame[(frame["status"] == "Failing") | ((frame["status"] == "At-Risk") & third)]
    rows = [row for system in chosen.to_dict("records") for row in _quarters(system, rng)]
    for number, row in enumerate(rows):
        row["VIOLATION_NUMBER"] = f"{row['VIOL_BEGIN_DATE'][2:4]}{number:05d}"
        row["ENF_ACTION_NUMBER"] = f"99{number:05d}"
    return pd.DataFrame(rows)


def _quarters(system: dict[Any, Any], rng: np.random.Generator) -> Iterator[dict[str, Any]]:
    odds = [often for *_, often in ANALYTES]
    analyte, limit, level, unit, _ = ANALYTES[int(rng.choice(len(ANALYTES), p=odds))]
    first = int(rng.integers(0, LATEST_START))
    for quarter in range(first, first + int(rng.integers(1, MOST_QUARTERS + 1))):
        begins = FIRST_QUARTER + pd.DateOffset(months=3 * quarter)
        ends = begins + pd.DateOffset(months=3) - pd.Timedelta(days=1)
        yield {
            "WATER_SYSTEM_NUMBER": system["pwsid"],
            "WATER_SYSTEM_NAME": system["name"].upper(),
            "CITY": system["town"].upper(),
            "COUNTY": COUNTY_UPPER,
            "ZIPCODE": system["zip_code"],
            "CLASSIFICATION": "COMMUNITY",
            "POPULATION": system["population"],
            "SERVICE_CONNECTIONS": system["connections"],
            "REGULATING_AGENCY": AGENCY,
            "VIOLATION_NUMBER": "",
            "VIOLATION_TYPE_NAME": "MCL,  AVERAGE",
            "ANALYTE_NAME": analyte,
            "RESULT": f"{level * rng.uniform(1.1, 2.6):.3f} {unit}",
            "MCL": limit,
            "VIOL_BEGIN_DATE": f"{begins:%Y-%m-%d}",
            "VIOL_END_DATE": f"{ends:%Y-%m-%d}",
            "ENF_ACTION_NUMBER": "",
            "ENF_ACTION_ISSUE_DATE": f"{ends + pd.Timedelta(days=DAYS_TO_ACTION):%Y-%m-%d}",
            "ENF_ACTION_TYPE_ISSUED": "FORMAL ENFORCEMENT ACTION ISSUED",
        }


# The nation's list (ECHO): its columns, one quarter, and the words of its codes.
QUARTER = "2026Q2"
NATIONAL = (
    "SUBMISSIONYEARQUARTER",
    "PWSID",
    "VIOLATION_ID",
    "FACILITY_ID",
    "COMPL_PER_BEGIN_DATE",
    "COMPL_PER_END_DATE",
    "NON_COMPL_PER_BEGIN_DATE",
    "NON_COMPL_PER_END_DATE",
    "PWS_DEACTIVATION_DATE",
    "VIOLATION_CODE",
    "VIOLATION_CATEGORY_CODE",
    "IS_HEALTH_BASED_IND",
    "CONTAMINANT_CODE",
    "VIOL_MEASURE",
    "UNIT_OF_MEASURE",
    "FEDERAL_MCL",
    "STATE_MCL",
    "IS_MAJOR_VIOL_IND",
    "SEVERITY_IND_CNT",
    "CALCULATED_RTC_DATE",
    "VIOLATION_STATUS",
    "PUBLIC_NOTIFICATION_TIER",
    "CALCULATED_PUB_NOTIF_TIER",
    "VIOL_ORIGINATOR_CODE",
    "SAMPLE_RESULT_ID",
    "CORRECTIVE_ACTION_ID",
    "RULE_CODE",
    "RULE_GROUP_CODE",
    "RULE_FAMILY_CODE",
    "VIOL_FIRST_REPORTED_DATE",
    "VIOL_LAST_REPORTED_DATE",
    "ENFORCEMENT_ID",
    "ENFORCEMENT_DATE",
    "ENFORCEMENT_ACTION_TYPE_CODE",
    "ENF_ACTION_CATEGORY",
    "ENF_ORIGINATOR_CODE",
    "ENF_FIRST_REPORTED_DATE",
    "ENF_LAST_REPORTED_DATE",
)
CODES = (
    ("CONTAMINANT_CODE", "1005", "ARSENIC"),
    ("CONTAMINANT_CODE", "1040", "NITRATE"),
    ("CONTAMINANT_CODE", "4006", "COMBINED URANIUM"),
    ("CONTAMINANT_CODE", "2950", "TTHM"),
    ("CONTAMINANT_CODE", "7000", "CONSUMER CONFIDENCE RULE"),
    ("VIOLATION_CODE", "02", "Maximum Contaminant Level Violation, Average"),
    ("VIOLATION_CODE", "71", "CCR Report"),
    ("ENFORCEMENT_ACTION_TYPE_CODE", "SFJ", "St Formal NOV issued"),
    ("ENFORCEMENT_ACTION_TYPE_CODE", "SOX", "St Compliance achieved"),
)
CODE_OF = {"ARSENIC": "1005", "NITRATE": "1040", "COMBINED URANIUM": "4006", "TTHM": "2950"}
SINCE = pd.Timestamp("2025-01-01")
OLD_DAYS = 365 * 12
OPEN_EVERY, REPORT_EVERY = 5, 3


def national_archive(systems: gpd.GeoDataFrame, seed: int) -> dict[str, bytes]:
    """Violations of the quarter as ECHO packs them, with those of other states, of reports, of long ago."""
    rows = pd.DataFrame(_national_rows(systems, seed), columns=list(NATIONAL))
    codes = pd.DataFrame(list(CODES), columns=["VALUE_TYPE", "VALUE_CODE", "VALUE_DESCRIPTION"])
    return {
        "SDWA_VIOLATIONS_ENFORCEMENT.csv": _quoted(rows),
        "SDWA_REF_CODE_VALUES.csv": _quoted(codes),
    }


def _quoted(frame: pd.DataFrame) -> bytes:
    return frame.to_csv(index=False, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC).encode()


def _national_rows(systems: gpd.GeoDataFrame, seed: int) -> Iterator[dict[str, Any]]:
    """Give the State's violations again, years later; a third with a second action, a fifth still open."""
    ours = violations(systems, seed)
    shift = SINCE - FIRST_QUARTER
    for number, row in enumerate(ours.to_dict("records")):
        result, unit = row["RESULT"].split(" ")
        begins, ends = (pd.Timestamp(row[name]) + shift for name in ("VIOL_BEGIN_DATE", "VIOL_END_DATE"))
        begins, ends = begins - pd.Timedelta(days=1460), ends - pd.Timedelta(days=1460)
        fixed = {"NON_COMPL_PER_BEGIN_DATE": f"{begins:%m/%d/%Y}", "VIOLATION_CODE": "02"}
        fixed |= {"CONTAMINANT_CODE": CODE_OF[row["ANALYTE_NAME"]], "VIOL_MEASURE": result.removeprefix("0")}
        fixed |= {"UNIT_OF_MEASURE": unit, "FEDERAL_MCL": row["MCL"], "IS_HEALTH_BASED_IND": "Y"}
        fixed |= {"NON_COMPL_PER_END_DATE": "" if number % OPEN_EVERY == 0 else f"{ends:%m/%d/%Y}"}
        yield _national(row["WATER_SYSTEM_NUMBER"], number, **fixed)
        if number % REPORT_EVERY == 0:
            yield _national(row["WATER_SYSTEM_NUMBER"], number, **fixed, ENFORCEMENT_ACTION_TYPE_CODE="SOX")
            yield _national(row["WATER_SYSTEM_NUMBER"], number + 50_000, VIOLATION_CODE="71")
        if number == 0:
            long_ago = {
                name: f"{day - pd.Timedelta(days=OLD_DAYS):%m/%d/%Y}"
                for name, day in (("NON_COMPL_PER_BEGIN_DATE", begins), ("NON_COMPL_PER_END_DATE", ends))
            }
            yield _national(row["WATER_SYSTEM_NUMBER"], 70_000, **{**fixed, **long_ago})
    for elsewhere in (
        "GA0510000",
        "090605140",
    ):  # another state, and a system that the agency itself regulates
        yield _national(elsewhere, 1, IS_HEALTH_BASED_IND="Y", CONTAMINANT_CODE="1040")


def _national(pwsid: str, number: int, **values: str) -> dict[str, Any]:
    usual = {
        "SUBMISSIONYEARQUARTER": QUARTER,
        "PWSID": pwsid,
        "VIOLATION_ID": f"{2_500_000 + number}",
        "NON_COMPL_PER_BEGIN_DATE": "07/01/2024",
        "NON_COMPL_PER_END_DATE": "08/15/2024",
        "IS_HEALTH_BASED_IND": "N",
        "CONTAMINANT_CODE": "7000",
        "VIOLATION_STATUS": "Addressed",
        "ENFORCEMENT_ACTION_TYPE_CODE": "SFJ",
        "ENF_ACTION_CATEGORY": "Formal",
    }
    usual |= {"STATE_MCL": "0.008"} if number == 1 else {}
    return {**dict.fromkeys(NATIONAL, ""), **usual, **values}


# The State's laboratory results (EDT Library): its columns, in its encoding, days as month-day-year.
LABORATORY = (
    "Regulating Agency",
    "Water System Number",
    "Water System Name",
    "Federal Water System Classification",
    "System Status",
    "Population Served",
    "Service Connections",
    "Principal County Served",
    "PS Code",
    "Sampling Point Name",
    "Facility Type",
    "Facility Water Type",
    "Sample Date",
    "Sample Time",
    "Sample Type",
    "Analysis Date",
    "ELAP Cert#",
    "Lab Name",
    "Method",
    "Analyte Code",
    "Analyte Name",
    "Result",
    "Counting Error (\u00b1)",
    "Units of Measure",
    "Less Than Reporting Level",
    "Reporting Level",
    "DLR",
    "MCL",
    "Collector",
)
# Substance, limit (0 where there is none), unit, what is usual, and the least that can be reported.
SUBSTANCES = (
    ("ARSENIC", 10.0, "UG/L", 6.0, 2.0),
    ("NITRATE", 10.0, "mg/L", 4.0, 0.4),
    ("1,2,3-TRICHLOROPROPANE", 0.005, "UG/L", 0.002, 0.005),
    ("HARDNESS, TOTAL (AS CACO3)", 0.0, "MG/L", 120.0, 1.0),
)
EVERY_DAYS = 180
ENCODING = "latin-1"


def laboratory_table(systems: gpd.GeoDataFrame, first: str, last: str, seed: int) -> bytes:
    """Results of two samples a year and substance, with rows that end in a tab and one without a number."""
    rng = random_for(seed, f"laboratory {first}")
    days = pd.date_range(first, last, freq=f"{EVERY_DAYS}D")
    rows = [
        row
        for system in public(systems).to_dict("records")
        for day in days
        for row in _samples(system, day, rng)
    ]
    coliform = {"Analyte Name": "COLIFORM (TCR)", "Result": "", "MCL": "", "Units of Measure": ""}
    rows.append({**rows[0], **coliform, "Less Than Reporting Level": ""})
    lines = ["\t".join(LABORATORY)]
    lines += ["\t".join(row.values()) + "\t" * (number % 7 == 0) for number, row in enumerate(rows)]
    return ("\r\n".join(lines) + "\r\n").encode(ENCODING)


def _samples(system: dict[Any, Any], day: pd.Timestamp, rng: np.random.Generator) -> Iterator[dict[str, str]]:
    failing = 3.0 if system["status"] == "Failing" else 1.0
    for substance, limit, unit, usual, least in SUBSTANCES:
        result = usual * failing * float(rng.lognormal(0.0, 0.4))
        below = result < least
        values = {
            "Regulating Agency": AGENCY,
            "Water System Number": system["pwsid"],
            "Water System Name": system["name"].upper(),
            "Federal Water System Classification": "COMMUNITY",
            "System Status": "A",
            "Population Served": str(system["population"]),
            "Principal County Served": COUNTY_UPPER,
            "PS Code": f"{system['pwsid']}_001_001",
            "Sampling Point Name": 'WELL 01 "NORTH"',
            "Facility Type": "WL",
            "Sample Date": f"{day:%m-%d-%Y}",
            "Analyte Name": substance,
            "Result": "" if below else f"{result:.4g}",
            "Units of Measure": unit,
            "Less Than Reporting Level": "Y" if below else "N",
            "Reporting Level": f"{least:g}",
            "MCL": f"{limit:g}" if limit else "",
        }
        yield {**dict.fromkeys(LABORATORY, ""), **values}
