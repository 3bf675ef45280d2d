"""The columns of the State's 2021 list of systems that could be joined."""

from __future__ import annotations

from collections.abc import Mapping

from geo.datasets.columns import Column, number, text, yes_no
from geo.language import mark as N_

FIELDS: Mapping[str, Column] = {
    "row": text(N_("Row of the State's list")),
    "joining_pwsid": text(N_("PWSID of the system that would be joined")),
    "joining_name": text(N_("Name of the system that would be joined")),
    "match": text(N_("How the row was matched to our systems: by PWSID, by name, or not")),
    "matched_pwsid": text(N_("PWSID of our system that the row was matched to")),
    "joining_county": text(N_("County of the system that would be joined")),
    "joining_class": text(
        N_("Size class of the system that would be joined: small (SWS) or state small (SSWS)")
    ),
    "joining_population": number(N_("People of the systems that would be joined"), "people"),
    "joining_connections": number(N_("Connections of the systems that would be joined"), "connections"),
    "joining_connections_used": number(N_("Connections that the State calculated with"), "connections"),
    "receiving_pwsid": text(N_("PWSID of the receiving system")),
    "receiving_name": text(N_("Name of the receiving system")),
    "receiving_county": text(N_("County of the receiving system")),
    "receiving_population": number(N_("People of the receiving system"), "people"),
    "receiving_connections": number(N_("Connections of the receiving system"), "connections"),
    "is_region_receiver": yes_no(
        N_("Whether the receiving system belongs to the region's receiving district")
    ),
    "merge_type": text(N_("Whether a pipeline along a route is needed, or the areas meet")),
    "route_name": text(N_("Name of the route in the State's list")),
    "is_school": yes_no(N_("Whether the system belongs to a school")),
    "status_note": text(N_("Notes of the State on the row")),
    "distance_miles": number(
        N_("Length of the pipeline"), "miles", likely=(0, 10), source="consolidation_2021"
    ),
    "distance_ft": number(N_("Length of the pipeline"), "feet"),
    "distance_with_buffer_ft": number(
        N_("Length of the pipeline with the 1,000 feet that the State adds"), "feet"
    ),
    "pipeline_cost_usd": number(N_("Cost of the pipeline, as the State estimates it (2021)"), "USD"),
    "service_line_cost_usd": number(
        N_("Cost of the service line where areas meet, as the State estimates it (2021)"), "USD"
    ),
    "connection_fee_usd": number(N_("Connection fees, as the State estimates them (2021)"), "USD"),
    "admin_cost_usd": number(
        N_("Administration, law and environmental review, as the State estimates them (2021)"), "USD"
    ),
    "subtotal_usd": number(N_("Sum of these costs before contingency (2021)"), "USD"),
    "contingency_usd": number(N_("Contingency, a fifth of the subtotal (2021)"), "USD"),
    "total_cost_usd": number(N_("Total cost, as the State estimates it (2021)"), "USD"),
    "elevation_joining": number(
        N_("Elevation of the system that would be joined; below sea level is negative"),
        "m",
        low=-90,
        high=4500,
    ),
    "elevation_receiving": number(
        N_("Elevation of the receiving system; below sea level is negative"), "m", low=-90, high=4500
    ),
    "is_double": yes_no(N_("Whether another row of the list is of the same system")),
    "double_of": text(N_("The other rows that are of the same system")),
    "counties_differ": yes_no(N_("Whether both systems lie in different counties")),
    "straight_line_miles": number(
        N_("Straight line between both systems, measured by us; empty where a place is unknown"), "miles"
    ),
    "is_misplaced": yes_no(N_("Whether the State's distance contradicts where the systems lie")),
    "was_renamed": yes_no(N_("Whether the name in the list is another than the system's name of today")),
    "joining_systems": number(N_("Systems that would be joined to the receiving one"), "systems"),
    "individual_routes_miles": number(N_("Length of all routes, each system alone"), "miles"),
    "shared_routes_miles": number(N_("Length of all routes, shared where they run together"), "miles"),
    "individual_pipeline_cost_usd": number(N_("Cost of the pipelines, each system alone (2021)"), "USD"),
    "shared_pipeline_cost_usd": number(
        N_("Cost of the pipelines, shared where they run together (2021)"), "USD"
    ),
}
"""What each column is, by its name; a word behind a slash tells two meanings of one name apart."""

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "consolidation_candidates": (
        "row",
        "joining_pwsid",
        "joining_name",
        "public_name",
        "match",
        "matched_pwsid",
        "joining_county",
        "joining_class",
        "joining_population",
        "joining_connections",
        "joining_connections_used",
        "receiving_pwsid",
        "receiving_name",
        "receiving_county",
        "receiving_population",
        "receiving_connections",
        "is_region_receiver",
        "merge_type",
        "route_name",
        "is_school",
        "status_note",
        "distance_miles",
        "distance_ft",
        "distance_with_buffer_ft",
        "pipeline_cost_usd",
        "service_line_cost_usd",
        "connection_fee_usd",
        "admin_cost_usd",
        "subtotal_usd",
        "contingency_usd",
        "total_cost_usd",
        "elevation_joining",
        "elevation_receiving",
        "is_double",
        "double_of",
        "counties_differ",
        "straight_line_miles",
        "is_misplaced",
        "was_renamed",
    ),
    "consolidation_routes": (
        "receiving_pwsid",
        "receiving_name",
        "joining_systems",
        "joining_population",
        "joining_connections",
        "individual_routes_miles",
        "shared_routes_miles",
        "individual_pipeline_cost_usd",
        "shared_pipeline_cost_usd",
        "is_region_receiver",
    ),
}
"""The columns of each dataset, by the keys of their fields."""
