"""The State's 2021 consolidation run, and mobile home parks, of the invented valley."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry

from demo.valley import COUNTY_NAME, random_for
from demo.water_systems import RECEIVER, Route, Streets, routes_to, shared_length_m
from demo.water_tables import COUNTY_UPPER, STORED

MILE_M, MILE_FT = 1609.344, 5280.0
FARTHEST_MILES = 3.0
# The 2021 method's prices (facts in data/connection_cost.toml).
BUFFER_FT, PIPE_USD, INTERSECT_USD, FEE_USD, ADMIN_USD, CONTINGENCY = (
    1000.0,
    155.0,
    5000.0,
    6600.0,
    285_000.0,
    0.2,
)
DEFAULT_CONNECTIONS = 8
FEWER_PEOPLE, FEWER_CONNECTIONS = 26, 15  # below both there is no administration and no CEQA
WRONG_PLACE = 4  # position of the row that is matched to a receiver far away
NOWHERE_ELSE = "Old Cistern Camp"  # a system that no other table has


def joiners(systems: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Small systems that the run looked at: all but those Not At-Risk."""
    small = systems[(systems["kind"] != "large") & (systems["status"] != "Not At-Risk")]
    return small.reset_index(drop=True)


def run_2021(systems: gpd.GeoDataFrame, graph: Streets) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Lay out the rows of the joining systems, and the sums by receiver with routes apart and shared.

    The first row stands there twice, one is matched to a receiver far away, and one is of a system that
    no other table has. Costs follow the 2021 method to the cent.
    """
    receiver = systems[systems["pwsid"] == RECEIVER].iloc[0].to_dict()
    area: BaseGeometry = receiver["geometry"]
    found = joiners(systems)
    routes = routes_to(graph, area, found.geometry.to_list())
    rows, used = [], []
    for system, route in zip(found.to_dict("records"), routes, strict=True):
        touches = bool(system["geometry"].intersects(area))
        miles = 0.0 if touches else route.length_m / MILE_M
        if miles <= FARTHEST_MILES:
            rows.append(_row(system, receiver, miles, touches=touches))
            used.extend([] if touches else [route])
    rows[WRONG_PLACE] |= {"R_Sys_PWSID": "CA9010004", "R_Sys_Name": "FERRY BEND COUNTY WATER DISTRICT"}
    sums = _sums(pd.DataFrame(rows), receiver, used, graph)
    unknown = {"pwsid": "", "name": NOWHERE_ELSE, "kind": "state_small", "connections": 0, "population": 0}
    rows.append(_row(unknown, receiver, 1.25, touches=False))
    return pd.DataFrame([rows[0], *rows]), sums


def _row(system: dict[Any, Any], receiver: dict[Any, Any], miles: float, *, touches: bool) -> dict[str, Any]:
    small = system["kind"] == "state_small"
    pwsid = "" if small else system["pwsid"]
    label, to = f"{pwsid} {system['name']}", f"{RECEIVER} {receiver['name'].upper()}"
    return {
        "J_Sys_PWSID": pwsid,
        "J_Sys_Name": system["name"] if small else system["name"].upper(),
        "J_PWSID_Name": label if pwsid else f" {label}",
        "J_Pop": float(system["population"]),
        "J_Conn": float(system["connections"]),
        "J_CalcConn": float(system["connections"] or DEFAULT_CONNECTIONS),
        "J_County": COUNTY_NAME.upper(),
        "J_Class_New": "SSWS" if small else "SWS",
        "R_Sys_PWSID": RECEIVER,
        "R_Sys_Name": receiver["name"].upper(),
        "R_Pop": float(receiver["population"]),
        "R_Conn": float(receiver["connections"]),
        "R_Type": "Community water system",
        "R_County": COUNTY_NAME.upper(),
        "Route Name": "" if touches else f"{label} - {to}".strip(),
        "School?": "Yes" if system["kind"] == "school" else "No",
        "MergeType": "Intersect" if touches else "Route",
        **_costs(miles, system, touches=touches),
        "Status": "",
        "Status notes": "",
        "Elevation J": 0.0,
        "Elevation R": 0.0,
    }


def _costs(miles: float, system: dict[Any, Any], *, touches: bool) -> dict[str, float]:
    """Line items of the 2021 method, in dollars of 2021."""
    feet = miles * MILE_FT
    pipe = (feet + BUFFER_FT) * PIPE_USD
    service = INTERSECT_USD if touches else 0.0
    fee = float(system["connections"] or DEFAULT_CONNECTIONS) * FEE_USD
    small = system["population"] < FEWER_PEOPLE and system["connections"] < FEWER_CONNECTIONS
    admin = 0.0 if small else ADMIN_USD
    total = pipe + service + fee + admin
    return {
        "Distance_Miles": miles,
        "Distance_Feet": feet,
        "TtlDistance_ft": feet + BUFFER_FT,
        "Pipeline Cost": pipe,
        "Service Line (Intersects only)": service,
        "Conn_Fee": fee,
        "Admin/Legal/CEQA": admin,
        "Subtotal_SL_Conn_Pipe_Admin": total,
        "20% Contingency": CONTINGENCY * total,
        "Total Merger Cost": (1 + CONTINGENCY) * total,
    }


def _sums(rows: pd.DataFrame, receiver: dict[Any, Any], used: list[Route], graph: Streets) -> pd.DataFrame:
    """Sum the routes to the receiver, each alone and all in one network; pipe only."""
    routed = rows[rows["MergeType"] == "Route"]
    apart = sum(route.length_m for route in used) / MILE_M
    shared = shared_length_m(graph, used) / MILE_M
    row = {
        "Receiving System PWSID": RECEIVER,
        "Receiving System Name": receiver["name"].upper(),
        "# Potential Joining Systems": len(used),
        "Joining Population": int(routed["J_Pop"].sum()),
        "Joining Connections": int(routed["J_Conn"].sum()),
        "Joining Calc connections": int(routed["J_CalcConn"].sum()),
        "County": COUNTY_NAME.upper(),
        "R_Pop": int(receiver["population"]),
        "R_Conn": int(receiver["connections"]),
        "Total Distance of Individual Routes (Mi)": apart,
        "Total Distance of Consolidated Routes (Mi)": shared,
        "I -Calc Pipeline cost": apart * MILE_FT * PIPE_USD,
        "C - Calc Pipeline Cost": shared * MILE_FT * PIPE_USD,
    }
    return pd.DataFrame([row])


ELSEWHERE = 12  # position of the park that was geocoded far away
FAR_LATITUDE, FAR_LONGITUDE = 40.8017, -124.9021


def parks(systems: gpd.GeoDataFrame, seed: int) -> pd.DataFrame:
    """Parks that have a water system of their own; one is geocoded far from the county."""
    named = systems[systems["name"].str.contains("Park")].reset_index(drop=True)
    rng = random_for(seed, "parks")
    points = named.geometry.centroid.to_crs(STORED)
    far = np.arange(len(named)) == ELSEWHERE
    numbers = rng.integers(100, 9900, len(named))
    columns = {
        "ParkName": named["name"].str.upper(),
        "County": COUNTY_UPPER,
        "park_id": [f"90-{number:04d}-MP" for number in range(1, len(named) + 1)],
        "Address": [f"{number} AVE {30 + row % 40}" for row, number in enumerate(numbers)],
        "City": named["town"].str.upper(),
        "Zip": named["zip_code"],
        "MH_Spaces": (named["connections"] * rng.uniform(1.0, 1.25, len(named))).round().astype(int),
        "rv_lots_with_drains": rng.choice([0, 0, 0, 4, 10], len(named)),
        "rv_lots_without_drains": 0,
        "Latitude": points.y.round(7).mask(far, FAR_LATITUDE),
        "Longitude": points.x.round(7).mask(far, FAR_LONGITUDE),
        "Confidence": np.where(far, "Low", "High"),
        "Geocode_Me": np.where(far, "Interpolation", "Rooftop"),
        "Match_Code": np.where(far, "Ambiguous", "Good"),
    }
    return pd.DataFrame(columns)


def park_register(systems: gpd.GeoDataFrame, seed: int) -> pd.DataFrame:
    """Give the register of today, without places: one park is gone, and the others have a space more."""
    then = parks(systems, seed).iloc[1:]
    columns = {
        "Park Name": then["ParkName"],
        "Park Identifier": then["park_id"],
        "Park Address": then["Address"] + ", " + then["City"] + ", CA " + then["Zip"],
        "Jurisdiction": "HCD",
        "MH Spaces": then["MH_Spaces"] + 1,
        "RV Lots W/Drains": then["rv_lots_with_drains"],
        "RV Lots W/O Drains": then["rv_lots_without_drains"],
        "Operated by": "Demo Communities LLC",
    }
    return pd.DataFrame(columns)
