"""Schools, clinics and hospitals of the invented valley, in the layouts of the State's lists."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pandas as pd

from demo.valley import COUNTY_NAME, PUBLISHED_CRS, TOWNS, UNITS, Town, random_for, to_degrees

NOT_KNOWN = "No Data"
SCHOOL = (
    *("CDSCode", "NCESDist", "NCESSchool", "StatusType", "County", "District", "School", "Street"),
    *("StreetAbr", "City", "Zip", "State", "MailStreet", "MailStrAbr", "MailCity", "MailZip", "MailState"),
    *("Phone", "Ext", "FaxNumber", "WebSite", "OpenDate", "ClosedDate", "Charter", "CharterNum"),
    *("FundingType", "DOC", "DOCType", "SOC", "SOCType", "EdOpsCode", "EdOpsName", "EILCode", "EILName"),
    *("GSoffered", "GSserved", "Virtual", "Magnet", "YearRoundYN", "FederalDFCDistrictID", "Latitude"),
    *("Longitude", "AdmFName", "AdmLName", "LastUpDate", "Multilingual"),
)
DISTRICT_NAME, DISTRICT_CODE = "Demo Valley Unified", "9099001"
LEVELS = (
    ("Elementary", "60", "Elementary Schools (Public)", "K-5", (0.2, 0.1)),
    ("Middle", "62", "Intermediate/Middle Schools (Public)", "6-8", (-0.2, 0.15)),
    ("High", "66", "High Schools (Public)", "9-12", (0.1, -0.25)),
)


def schools() -> pd.DataFrame:
    """List schools of each town, a closed one, one without a point, and their district (pubschls.txt)."""
    rows = [
        {"CDSCode": f"{DISTRICT_CODE}0000000", "School": NOT_KNOWN, "GSserved": NOT_KNOWN},
        *(row for town in TOWNS for row in _schools_of(town)),
    ]
    rows.append({**rows[1], "CDSCode": f"{DISTRICT_CODE}9900001", "StatusType": "Closed"})
    away = {"Latitude": NOT_KNOWN, "Longitude": NOT_KNOWN, "School": "Demo Virtual Academy"}
    rows.append({**rows[1], "CDSCode": f"{DISTRICT_CODE}9900002", **away})
    usual = {"StatusType": "Active", "County": COUNTY_NAME, "District": DISTRICT_NAME, "State": "CA"}
    full = [{**dict.fromkeys(SCHOOL, NOT_KNOWN), **usual, **row} for row in rows]
    return pd.DataFrame(full, columns=list(SCHOOL))


def _schools_of(town: Town) -> Iterator[dict[str, str]]:
    number = TOWNS.index(town)
    for level, (name, code, kind, grades, (right, up)) in enumerate(LEVELS):
        (longitude, latitude) = to_degrees((town.column + right) * UNITS, (town.row + up) * UNITS)[0]
        yield {
            "CDSCode": f"{DISTRICT_CODE}{100 * (number + 1) + level:07d}",
            "School": f"{town.name} {name}",
            "Street": f"{number + 1}{level}0 School Street",
            "City": town.name,
            "Zip": f"9990{number}-1234",
            "SOC": code,
            "SOCType": kind,
            "GSoffered": grades,
            "GSserved": grades,
            "Latitude": f"{latitude:.6f}",
            "Longitude": f"{longitude:.5f}",
        }


FACILITY = (
    *("LICENSED_CERTIFIED", "FLAG", "T18_19", "FACID", "FAC_STATUS_TYPE_CODE", "ASPEN_FACID", "CCN"),
    *("TERMINAT_SW", "PARTICIPATION_DATE", "APPROVAL_DATE", "NPI", "CAN_BE_DEEMED_FAC_TYPE"),
    *("CAN_BE_CERTIFIED_FAC_TYPE", "DEEMED", "AO_CD", "DMG_EFCTV_DT", "AO_TRMNTN_DT", "AO_NAME", "FACNAME"),
    *("FAC_TYPE_CODE", "FAC_FDR", "LTC", "CAPACITY", "ADDRESS", "CITY", "ZIP", "ZIP9", "FACADMIN"),
    *("CONTACT_EMAIL", "CONTACT_FAX", "CONTACT_PHONE_NUMBER", "COUNTY_CODE", "COUNTY_NAME"),
    *("DISTRICT_NUMBER", "DISTRICT_NAME", "ISFACMAIN", "PARENT_FACID", "FAC_FAC_RELATIONSHIP_TYPE_CODE"),
    *("START_DATE", "LICENSE_NUMBER", "BUSINESS_NAME", "LICENSE_STATUS_DESCRIPTION"),
    *("INITIAL_LICENSE_DATE", "LICENSE_EFFECTIVE_DATE", "LICENSE_EXPIRATION_DATE"),
    *("ENTITY_TYPE_DESCRIPTION", "LATITUDE", "LONGITUDE", "LOCATION", "HCAI_ID", "CCLHO_CODE"),
    *("CCLHO_NAME", "FIPS_COUNTY_CODE", "BIRTHING_FACILITY_FLAG", "TRAUMA_PED_CTR", "TRAUMA_CTR"),
    *("TYPE_OF_CARE", "CRITICAL_ACCESS_HOSPITAL", "DATA_DATE"),
)


def health_facilities() -> pd.DataFrame:
    """List a clinic in each town and a hospital, a hospice, a closed clinic and one without a point."""
    rows = [_facility(number, town, "PRIMARY CARE CLINIC", 0) for number, town in enumerate(TOWNS)]
    rows.append(_facility(20, TOWNS[1], "GENERAL ACUTE CARE HOSPITAL", 144))
    rows.append(dict(rows[-1]))  # its certificate, beside its license
    rows.append(_facility(21, TOWNS[0], "HOSPICE", 0))
    rows.append({**_facility(22, TOWNS[2], "PRIMARY CARE CLINIC", 0), "FAC_STATUS_TYPE_CODE": "CLOSED"})
    rows.append({**_facility(23, TOWNS[3], "PRIMARY CARE CLINIC", 0), "LATITUDE": "", "LONGITUDE": ""})
    return pd.DataFrame([{**dict.fromkeys(FACILITY, ""), **row} for row in rows], columns=list(FACILITY))


def _facility(number: int, town: Town, kind: str, beds: int) -> dict[str, str]:
    (longitude, latitude) = to_degrees((town.column - 0.1) * UNITS, (town.row + 0.02 * number) * UNITS)[0]
    return {
        "FACID": f"9900000{number:02d}",
        "FAC_STATUS_TYPE_CODE": "OPEN",
        "FACNAME": f"{town.name} {kind.rsplit(' ', 1)[-1]}".upper(),
        "FAC_FDR": kind,
        "CAPACITY": str(beds),
        "ADDRESS": f"{number + 1} HEALTH WAY",
        "CITY": town.name.upper(),
        "ZIP": f"9990{number % 10}",
        "COUNTY_NAME": COUNTY_NAME.upper(),
        "LATITUDE": f"{latitude:.5f}",
        "LONGITUDE": f"{longitude:.5f}",
        "DATA_DATE": "2026-10-01",
    }


NUMBERS_FROM, MOST_IN_A_BLOCK = 100, 12


def addresses(blocks: gpd.GeoDataFrame, seed: int) -> gpd.GeoDataFrame:
    """Give some addresses of each block where somebody could live, as a county's file of address points."""
    rng = random_for(seed, "addresses")
    units = blocks["occupied_units"].clip(upper=MOST_IN_A_BLOCK).astype(int).to_numpy()
    points = blocks.geometry.sample_points(units, rng=rng).explode(index_parts=False)
    homes = points[~points.is_empty].reset_index(drop=True)
    numbers = rng.integers(NUMBERS_FROM, 9_900, len(homes))
    streets = rng.integers(30, 70, len(homes))
    columns = {
        "OBJECTID": np.arange(1, len(homes) + 1),
        "FULLADDR": [f"{number} AVE {street}" for number, street in zip(numbers, streets, strict=True)],
        "UNIT": None,
    }
    return gpd.GeoDataFrame(columns, geometry=homes, crs=blocks.crs).to_crs(PUBLISHED_CRS)
