"""The columns of water systems, their violations and boundaries, and of parks and mains."""

from __future__ import annotations

from collections.abc import Mapping

from geo.datasets.columns import Column, day, number, text, yes_no
from geo.language import mark as N_

FIELDS: Mapping[str, Column] = {
    "pwsid": text(N_("Number of the public water system (PWSID)")),
    "public_name": text(
        N_("Name that may be shown to everybody: that of a system which could name a household is left out")
    ),
    "other_names": text(N_("Other and older names, parted by semicolons")),
    "name_source": text(N_("Table that the name was taken from")),
    "community": text(N_("Community or city that its source names")),
    "county_name": text(N_("Name of the county")),
    "system_class": text(N_("Class of the system: community, non-transient, transient, state small")),
    "activity_status": text(N_("Whether the system is active")),
    "owner_type": text(N_("Kind of owner: local, private, state, federal")),
    "area_type": text(N_("Whom the system serves, as the State writes it")),
    "population/served": number(N_("People served, as the State's tables say; see where from"), "people"),
    "population_source": text(N_("Table that the number of people was taken from")),
    "population_estimated": yes_no(
        N_("Whether the number of people is our estimate, 3.3 for each connection")
    ),
    "connections": number(N_("Service connections"), "connections"),
    "connections_source": text(N_("Table that the number of connections was taken from")),
    "safer_status": text(
        N_("The State's verdict in SAFER: failing, at risk, potentially at risk, not at risk")
    ),
    "safer_vintage": text(N_("Month of the SAFER table")),
    "role": text(N_("Part in joining: receiving, joining or none")),
    "is_receiver": yes_no(N_("Whether it is a system of the region's receiving district")),
    "economic_status": text(
        N_("Economic status in SAFER: severely disadvantaged (SDAC), disadvantaged (DAC) or not")
    ),
    "median_household_income_usd": number(
        N_("Median household income of the system's area, as SAFER has it"),
        "USD",
        likely=(10000, 250000),
        source="safer_risk_assessment",
    ),
    "calenviroscreen_score": number(
        N_("CalEnviroScreen score of the system's area, as SAFER has it"),
        "points",
        high=100,
        source="safer_risk_assessment",
    ),
    "violations_count": number(
        N_("Violations of water quality limits in the table; empty where it has none"),
        "violations",
        low=1,
        source="water_quality_violations",
    ),
    "violations_open": number(
        N_("Violations of water quality limits in the table that have no end"),
        "violations",
        source="sdwa_violations",
        part_of="violations_count",
    ),
    "violations_analytes": text(N_("What the violations were about")),
    "violations_first_on": day(N_("First day of the first violation")),
    "violations_last_on": day(N_("Last day of the last violation")),
    "violations_source": text(
        N_("Table that the violations were taken from: the nation's, or the State's older")
    ),
    "violations_vintage": text(
        N_("Time that the table of violations tells of: a record of then, never of today")
    ),
    "aquifer_risk": text(N_("Risk of the aquifer for state small systems: high, medium or low")),
    "tables": text(N_("The State's tables that the system stands in")),
    "location_quality": text(N_("How well its place is known, from a surveyed boundary to none")),
    "geocode_confidence": text(N_("How sure the publisher is of its place: high, medium, low")),
    "boundary_type": text(N_("What the boundary is: service area, or jurisdiction")),
    "boundary_area_km2": number(N_("Area within the boundary, measured by us"), "km2"),
    "area_ratio": number(
        N_("Our area divided by the publisher's; 1 where both agree"), "ratio", likely=(0.05, 20)
    ),
    "compactness": number(N_("How round the boundary is; 1 is a circle"), "ratio", high=1),
    "boundary_vintage": text(N_("Time that the boundary speaks of")),
    "violation_id": text(N_("Number of the violation")),
    "violation_type": text(N_("Kind of violation, as the State writes it")),
    "health_based": yes_no(
        N_("Whether it is about a limit or a treatment, and not about reports or notices")
    ),
    "source/list": text(N_("Table that the row was taken from, as in the list of sources")),
    "analyte": text(N_("What was measured")),
    "result": text(N_("Result, as the State writes it")),
    "limit": text(N_("Limit, as the State writes it")),
    "result_amount": number(N_("Result as a number, in the row's own unit"), "as_unit"),
    "limit_amount": number(N_("Limit as a number, in the row's own unit"), "as_unit"),
    "unit/result": text(N_("Unit of the result and the limit")),
    "times_limit": number(
        N_("Result divided by the limit"), "ratio", likely=(1, 100), source="water_quality_violations"
    ),
    "unit/lab": text(N_("Unit of the results and the limit, as the laboratories write it")),
    "limit_published": number(N_("Limit beside the newest result (MCL), in the row's own unit"), "as_unit"),
    "samples": number(N_("Samples that were analyzed for the substance"), "samples", low=1),
    "measured": number(
        N_("Samples with at least what the laboratory can report"), "samples", part_of="samples"
    ),
    "over_limit": number(
        N_("Samples above the limit, of wells as of taps: no violations"), "samples", part_of="measured"
    ),
    "highest": number(N_("Highest result that was measured, in the row's own unit"), "as_unit"),
    "first_on": day(N_("Day of the first sample")),
    "last_on": day(N_("Day of the last sample")),
    "last_over_on": day(N_("Day of the last sample above the limit")),
    "begins": day(N_("First day of the period")),
    "ends": day(N_("Last day of the period")),
    "enforcement": text(N_("What was done about it")),
    "enforcement_actions": number(N_("Actions that were taken"), "actions"),
    "share_of_tract": number(N_("Part of the tract's area that lies in the system"), "share"),
    "share_of_system": number(N_("Part of the system's area that lies in the tract"), "share"),
    "is_sliver": yes_no(N_("Whether the overlap is a sliver, as lines of two publishers make")),
    "area_m2/overlap": number(N_("Area that both share; missing where the system is a point"), "m2"),
    "known_by": text(
        N_("How the pair is known: outline, point, or doubtful_point, which does not say where the system is")
    ),
    "boundary_id": text(N_("Code of the choice of boundary")),
    "title/boundary": text(N_("Name of the choice of boundary")),
    "main_id": text(N_("Code of the water main, as the district has it")),
    "material": text(N_("Material of the water main")),
    "diameter_in": number(N_("Diameter of the water main"), "inches", likely=(1, 144), source="water_mains"),
    "installed_year": number(
        N_("Year in which the water main was laid"),
        "year",
        low=None,
        likely=(1850, 2100),
        source="water_mains",
    ),
    "park_id": text(N_("Number of the park in the State's register")),
    "kind/park": text(N_("Kind of park: mobile home park or special occupancy park")),
    "address": text(N_("Street address in the register")),
    "located_county_geoid": text(
        N_("Census code (GEOID) of the county in which its point lies"), county=True
    ),
    "spaces": number(
        N_("Spaces for mobile homes with a permit"), "spaces", likely=(0, 2000), source="mobile_home_parks"
    ),
    "rv_lots": number(
        N_("Lots for recreational vehicles with a permit"),
        "lots",
        likely=(0, 3000),
        source="mobile_home_parks",
    ),
    "shared_spot": number(
        N_("How many parks share its point; 1 where it has one of its own"), "parks", low=1
    ),
}
"""What each column is, by its name; a word behind a slash tells two meanings of one name apart."""

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "water_systems": (
        "pwsid",
        "name",
        "public_name",
        "other_names",
        "name_source",
        "community",
        "county_geoid",
        "county_name",
        "system_class",
        "activity_status",
        "owner_type",
        "area_type",
        "population/served",
        "population_source",
        "population_estimated",
        "connections",
        "connections_source",
        "safer_status",
        "safer_vintage",
        "role",
        "is_receiver",
        "economic_status",
        "median_household_income_usd",
        "calenviroscreen_score",
        "violations_count",
        "violations_open",
        "violations_analytes",
        "violations_first_on",
        "violations_last_on",
        "violations_source",
        "violations_vintage",
        "aquifer_risk",
        "tables",
        "location_quality",
        "geocode_confidence",
        "boundary_type",
        "boundary_area_km2",
        "published_area_km2",
        "area_ratio",
        "compactness",
        "boundary_vintage",
        "geometry",
    ),
    "violations": (
        "pwsid",
        "name",
        "community",
        "county_geoid",
        "violation_id",
        "violation_type",
        "health_based",
        "analyte",
        "result",
        "limit",
        "result_amount",
        "limit_amount",
        "unit/result",
        "times_limit",
        "begins",
        "ends",
        "enforcement",
        "enforcement_actions",
        "source/list",
        "vintage",
    ),
    "lab_results": (
        "pwsid",
        "analyte",
        "unit/lab",
        "county_geoid",
        "limit_published",
        "samples",
        "measured",
        "over_limit",
        "highest",
        "first_on",
        "last_on",
        "last_over_on",
        "vintage",
    ),
    "tract_system_join": (
        "geoid",
        "pwsid",
        "area_m2/overlap",
        "share_of_tract",
        "share_of_system",
        "is_sliver",
        "known_by",
    ),
    "receiver_boundaries": (
        "boundary_id",
        "title/boundary",
        "boundary_type",
        "pwsid",
        "area_km2",
        "published_area_km2",
        "vintage",
        "source",
        "geometry",
    ),
    "water_mains": (
        "main_id",
        "material",
        "diameter_in",
        "installed_year",
        "geometry",
        "length_m",
    ),
    "mobile_home_parks": (
        "park_id",
        "name",
        "public_name",
        "kind/park",
        "address",
        "community",
        "zip_code",
        "county_geoid",
        "located_county_geoid",
        "spaces",
        "rv_lots",
        "location_quality",
        "shared_spot",
        "geocode_confidence",
        "geometry",
    ),
}
"""The columns of each dataset, by the keys of their fields."""
