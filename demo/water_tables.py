"""The invented water systems and their violations in the State's layouts, faults included."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from demo.valley import COUNTY_NAME, METRIC_CRS, Floats, random_for
from demo.water_systems import RECEIVER

COUNTY_UPPER = COUNTY_NAME.upper()
AGENCY = f"LPA90 - {COUNTY_UPPER} COUNTY"
STORED = "EPSG:4326"
# Faults, by position among the 54 public small systems or the 30 state small ones.
WITHOUT_SHAPE = (11, 19, 27, 33, 41, 48)
CIRCLE, CIRCLE_M = 5, 250.0
SHAPE_CUT = (3, 14, 22, 30)
UNKNOWN_PEOPLE = (2, 16, 38)
DOUBLED = (7, 24)
OTHER_COUNT = (4, 9, 20, 35, 44)
ON_ZIP_CENTER = (6, 21)
TOLD = 3  # the one state small system whose people are told
FEDERAL = {"C": "COMMUNITY", "NTNC": "NON-TRANSIENT NON-COMMUNITY"}


def public(systems: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Large and public small systems, numbered from 0; the small ones come first."""
    small = systems[systems["kind"].isin(["park", "school"])]
    return gpd.GeoDataFrame(pd.concat([small, systems[systems["kind"] == "large"]], ignore_index=True))


def state_small(systems: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """State small systems, numbered from 0."""
    return systems[systems["kind"] == "state_small"].reset_index(drop=True)


def federal_class(frame: pd.DataFrame) -> pd.Series:
    """C for a community system, NTNC for a school's."""
    return pd.Series(np.where(frame["kind"] == "school", "NTNC", "C"), index=frame.index)


def boundaries(systems: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """System area boundaries (SABL): some lacking, one a circle, some cut far smaller than stated."""
    frame = public(systems)
    stated = _mercator_area(frame.geometry)
    shapes = frame.geometry.to_list()
    shapes[CIRCLE] = shapes[CIRCLE].centroid.buffer(CIRCLE_M, quad_segs=16)
    stated[CIRCLE] = _mercator_area(gpd.GeoSeries([shapes[CIRCLE]], crs=METRIC_CRS))[0]
    for number in SHAPE_CUT:
        shapes[number] = shapely.affinity.scale(shapes[number], 0.8, 0.8)
    drawn = gpd.GeoDataFrame(_boundary_columns(frame, stated), geometry=shapes, crs=METRIC_CRS)
    return drawn.drop(index=list(WITHOUT_SHAPE)).reset_index(drop=True).to_crs(STORED)


def _mercator_area(shapes: gpd.GeoSeries) -> Floats:
    return np.array(shapes.to_crs("EPSG:3857").area, dtype=float)


def _boundary_columns(frame: pd.DataFrame, stated: Floats) -> pd.DataFrame:
    federal = federal_class(frame).map(FEDERAL)
    columns = {
        "OBJECTID_1": [str(990000 + number) for number in range(len(frame))],
        "SABL_PWSID": frame["pwsid"],
        "BOUNDARY_TYPE": "Water Service Area",
        "WATER_SYSTEM_NUMBER": frame["pwsid"],
        "WATER_SYSTEM_NAME": frame["name"].str.upper(),
        "CREATED_DATE": "2020/10/20 03:20:27+00",
        "LAST_EDITED_DATE": "2020/10/20 03:20:27+00",
        "OBJECTID": [str(number + 1) for number in range(len(frame))],
        "ACTIVITY_STATUS_CD": "A",
        "ACTIVITY_DATE": "1986/03/28 08:00:00+00",
        "OWNER_TYPE_CODE": frame["owner"],
        "COUNTY": COUNTY_UPPER,
        "POPULATION": frame["population"].astype(float),
        "REGULATING_AGENCY": AGENCY,
        "FEDERAL_CLASSIFICATION": federal,
        "STATE_CLASSIFICATION": federal,
        "ADDRESS_CITY_NAME": frame["town"].str.upper(),
        "ADDRESS_STATE_CODE": "CA",
        "ADDRESS_ZIP_CODE": frame["zip_code"],
        "SERVICE_CONNECTIONS": frame["connections"].astype(float),
        "BOUNDARY_FILETYPE": np.where(frame["kind"] == "large", "Shapefile", "WBT Tool"),
        "VERIFIED_STATUS": np.where(frame["kind"] == "large", "Verified", "Not Verified"),
        "Shape__Area": [f"{area:.6f}" for area in stated],
    }
    return pd.DataFrame(columns)


def details(systems: gpd.GeoDataFrame) -> pd.DataFrame:
    """System details (SDWIS): some people unknown (0), two systems twice, for each of their fees."""
    frame = public(systems)
    people = frame["population"].copy()
    people.loc[list(UNKNOWN_PEOPLE)] = 0
    area = {"large": "R - RESIDENTIAL AREA", "park": "R - MOBILE HOME PARK", "school": "NT - SCHOOL"}
    columns = {
        "Agency": AGENCY,
        "Number": frame["pwsid"],
        "System": frame["name"].str.upper(),
        "Status": "A",
        "Status Date": "2016-07-27 00:00:00",
        "County": COUNTY_UPPER,
        "Source Type": np.where(frame["pwsid"] == RECEIVER, "SW", "GW"),
        "OwnerType": frame["owner"],
        "Fed Type": federal_class(frame),
        "State Type": federal_class(frame),
        "Population": people,
        "Service Area": frame["kind"].map(area),
        "SVC Connect Total": frame["connections"],
        "Fee Code": "SC",
        "Fee Code Indicator": "F_CD",
    }
    table = pd.DataFrame(columns)
    again = table.loc[list(DOUBLED)].assign(**{"Fee Code": "LPA", "Fee Code Indicator": "SCM"})
    return pd.concat([table, again], ignore_index=True).sort_values("Number", kind="stable")


def risk(systems: gpd.GeoDataFrame, seed: int) -> pd.DataFrame:
    """SAFER risk assessment: the assessed systems and the receiver; some counts of another year."""
    frame = public(systems)
    rng = random_for(seed, "risk")
    points = frame.geometry.centroid.to_crs(STORED)
    people, hardship = frame["population"].copy(), frame["hardship"]
    people.loc[list(OTHER_COUNT)] = (people.loc[list(OTHER_COUNT)] * 1.7).astype(int)
    income = (80_000 * np.exp(-1.1 * hardship) * rng.lognormal(0, 0.12, len(frame))).round().astype(int)
    columns = {
        "WATER_SYSTEM_NUMBER": frame["pwsid"],
        "SYSTEM_NAME": frame["name"].str.upper(),
        "COUNTY": COUNTY_UPPER,
        "LATITUDE_MEASURE": points.y.round(6),
        "LONGITUDE_MEASURE": points.x.round(6),
        "FINAL_SAFER_STATUS": frame["status"].where(frame["status"] != "", "Not Assessed"),
        "SERVICE_CONNECTIONS": frame["connections"],
        "POPULATION": people,
        "OWNER_TYPE": frame["owner"].map({"P": "PRIVATE", "L": "LOCAL"}),
        "FEDERAL_CLASSIFICATION_TYPE": federal_class(frame).map(FEDERAL),
        "CALENVIRO_SCREEN_SCORE": (15 + 55 * hardship).round(2),
        "MHI": income,
        "SERVICE_AREA_ECONOMIC_STATUS": np.select(
            [income < 47_000, income < 63_000], ["SDAC", "DAC"], "Non-DAC"
        ),
    }
    table = pd.DataFrame(columns)
    return table[(frame["status"] != "") | (frame["kind"] != "park")]


def state_small_table(systems: gpd.GeoDataFrame, seed: int) -> pd.DataFrame:
    """State small systems as points: people unknown (0) but for one, two on one ZIP center."""
    frame = state_small(systems)
    rng = random_for(seed, "state small")
    points = frame.geometry.centroid.to_crs(STORED)
    latitude, longitude = points.y.round(7), points.x.round(7)
    off = list(ON_ZIP_CENTER)
    latitude.loc[off], longitude.loc[off] = round(latitude.median(), 5), round(longitude.median(), 5)
    people = pd.Series(0.0, index=frame.index)
    people.iloc[TOLD] = float(frame["population"].iloc[TOLD])
    low = frame.index.isin(off)
    columns = {
        "pwsid": frame["pwsid"],
        "system_name": frame["name"],
        "city": frame["town"],
        "county": COUNTY_UPPER,
        "phys_zip": frame["zip_code"],
        "connections": frame["connections"].astype(float),
        "population": people,
        "svc_area_t": np.where(
            frame["name"].str.contains("Park|Camp"), "MOBILE HOME PARK", "RESIDENTIAL AREA"
        ),
        "owner_type": "Private",
        "latitude": latitude,
        "longitude": longitude,
        "confidence": np.where(low, "Low", "High"),
        "geocode_method": np.where(low, "Interpolation", "Rooftop"),
        "match_code": np.where(low, "UpHierarchy", "Good"),
        "mtrs": "",
        "wqrskbn": rng.choice(["high", "med", "low", "0"], len(frame), p=[0.5, 0.1, 0.15, 0.25]),
    }
    return pd.DataFrame(columns)
