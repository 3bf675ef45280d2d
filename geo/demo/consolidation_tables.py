"""The State's 2021 run over the invented systems: who could join, how far, at what cost."""

from __future__ import annotations

import geopandas as gpd
import networkx as nx
import pandas as pd

from geo.demo.routes import Route, routes_to, shared_length_m
from geo.demo.systems import RECEIVER
from geo.demo.valley import COUNTY_NAME

MILE_M, MILE_FT = 1609.344, 5280.0
FARTHEST_MILES = 3.0
# The 2021 method's prices (facts in data/connection_cost.toml).
BUFFER_FT, PIPE_USD, INTERSECT_USD, FEE_USD, ADMIN_USD, CONTINGENCY = 1000.0, 155.0, 5000.0, 6600.0, 285_000.0, 0.2
DEFAULT_CONNECTIONS = 8
WRONG_PLACE, NAMELESS = 4, 1  # a row matched to another receiver, and one of a system that no table has


def joiners(systems: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Small systems that the run looked at: all but those Not At-Risk."""
    small = systems[(systems["kind"] != "large") & (systems["status"] != "Not At-Risk")]
    return small.reset_index(drop=True)


def run_2021(systems: gpd.GeoDataFrame, graph: nx.Graph) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows of the joining systems, and the sum by receiver with routes apart and shared."""
    receiver = systems.set_index("pwsid").loc[RECEIVER]
    found = joiners(systems)
    routes = routes_to(graph, receiver["geometry"], found.geometry.to_list())
    rows, used = [], []
    for system, route in zip(found.to_dict("records"), routes, strict=True):
        touches = bool(system["geometry"].intersects(receiver["geometry"]))
        miles = 0.0 if touches else route.length_m / MILE_M
        if miles <= FARTHEST_MILES:
            rows.append(_row(system, receiver, miles, touches))
            used.extend([] if touches else [route])
    rows[WRONG_PLACE] |= {"R_Sys_PWSID": "CA9010004", "R_Sys_Name": "FERRY BEND COUNTY WATER DISTRICT"}
    unknown = {**found.iloc[0].to_dict(), "pwsid": "", "name": "Old Cistern Camp", "kind": "state_small"}
    rows.append(_row({**unknown, "connections": 0, "population": 0}, receiver, 1.25, touches=False))
    table = pd.DataFrame([rows[0], *rows])  # the first stands there twice
    return table, _routes_table(table, receiver, used, graph)


def _row(system: dict[str, object], receiver: pd.Series, miles: float, touches: bool) -> dict[str, object]:
    small = system["kind"] == "state_small"
    pwsid = "" if small else str(system["pwsid"])
    connections = int(str(system["connections"]))
    reckoned = connections or DEFAULT_CONNECTIONS
    feet = miles * MILE_FT
    pipe = (feet + BUFFER_FT) * PIPE_USD
    service = INTERSECT_USD if touches else 0.0
    fee, admin = reckoned * FEE_USD, 0.0 if small else ADMIN_USD
    total = pipe + service + fee + admin
    label = f"{pwsid} {system['name']}"
    head = {
        "J_Sys_PWSID": pwsid,
        "J_Sys_Name": str(system["name"]) if small else str(system["name"]).upper(),
        "J_PWSID_Name": label if pwsid else f" {label}",
        "J_Pop": float(str(system["population"])),
        "J_Conn": float(connections),
        "J_CalcConn": float(reckoned),
        "J_County": COUNTY_NAME.upper(),
        "J_Class_New": "SSWS" if small else "SWS",
        "R_Sys_PWSID": RECEIVER,
        "R_Sys_Name": str(receiver["name"]).upper(),
        "R_Pop": float(receiver["population"]),
        "R_Conn": float(receiver["connections"]),
        "R_Type": "Community water system",
        "R_County": COUNTY_NAME.upper(),
        "Route Name": "" if touches else f"{label} - {RECEIVER} {str(receiver['name']).upper()}".strip(),
    }
    money = {
        "Distance_Miles": miles,
        "Distance_Feet": feet,
        "TtlDistance_ft": feet + BUFFER_FT,
        "Pipeline Cost": pipe,
        "Service Line (Intersects only)": service,
        "School?": "Yes" if system["kind"] == "school" else "No",
        "Conn_Fee": fee,
        "Admin/Legal/CEQA": admin,
        "Subtotal_SL_Conn_Pipe_Admin": total,
        "20% Contingency": CONTINGENCY * total,
        "Total Merger Cost": (1 + CONTINGENCY) * total,
        "MergeType": "Intersect" if touches else "Route",
        "Status": "",
        "Status notes": "",
        "Elevation J": 0.0,
        "Elevation R": 0.0,
    }
    return {**head, **money}


def _routes_table(table: pd.DataFrame, receiver: pd.Series, used: list[Route], graph: nx.Graph) -> pd.DataFrame:
    unique = table.drop_duplicates()
    routed = unique[(unique["MergeType"] == "Route") & (unique["J_Sys_Name"] != "Old Cistern Camp")]
    apart = sum(route.length_m for route in used) / MILE_M
    shared = shared_length_m(graph, used) / MILE_M
    price = MILE_FT * PIPE_USD
    row = {
        "Receiving System PWSID": RECEIVER,
        "Receiving System Name": str(receiver["name"]).upper(),
        "# Potential Joining Systems": len(used),
        "Joining Population": int(routed["J_Pop"].sum()),
        "Joining Connections": int(routed["J_Conn"].sum()),
        "Joining Calc connections": int(routed["J_CalcConn"].sum()),
        "County": COUNTY_NAME.upper(),
        "R_Pop": int(receiver["population"]),
        "R_Conn": int(receiver["connections"]),
        "Total Distance of Individual Routes (Mi)": apart,
        "Total Distance of Consolidated Routes (Mi)": shared,
        "I -Calc Pipeline cost": apart * price,
        "C - Calc Pipeline Cost": shared * price,
    }
    return pd.DataFrame([row])
