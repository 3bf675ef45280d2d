"""The columns of tracts, blocks and counties, and of what is made of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from geo.datasets.columns import Column, day, number, shape, text, yes_no
from geo.language import mark as N_
from geo.tracts.acs_indicators import FROM_SURVEY, Indicator
from geo.tracts.indicators import INDICATORS


def of_indicator(item: Indicator) -> Column:
    """Make the column of an indicator out of its declaration.

    Examples
    --------
    >>> of_indicator(INDICATORS["share_crowded"]).unit
    'share'
    """
    return replace(
        number(item.title, item.unit, source=item.source, part_of=WHOLE.get(item.key, "")),
        universe=item.universe,
        likely=LIKELY.get(item.key),
        near=COUNTED.get(item.key, ""),
    )


WHOLE: Mapping[str, str] = {item.count: item.base for item in INDICATORS.values() if item.count and item.base}
"""Counts, and the universe that each cannot exceed."""

LIKELY: Mapping[str, tuple[float, float]] = {"income_per_capita_usd": (500, 500_000)}
"""Between which limits an indicator's values are to be expected."""

COUNTED: Mapping[str, str] = {"population": "population_2020", "housing_units": "housing_units_2020"}
"""What the survey estimates, and the column of its count in 2020."""

FIELDS: Mapping[str, Column] = {
    **{item.key: of_indicator(item) for item in INDICATORS.values()},
    "geoid": text(N_("Census code (GEOID) of the area, its leading zero kept")),
    "county_geoid": text(N_("Census code (GEOID) of the county"), county=True),
    "tract_geoid": text(N_("Census code (GEOID) of the 2020 tract that it lies in")),
    "block_group_geoid": text(N_("Census code (GEOID) of the block group that it lies in")),
    "place_geoid": text(N_("Census code (GEOID) of the place that it belongs to; empty where it is in none")),
    "geoid_2010": text(N_("Census code (GEOID) of the 2010 tract")),
    "geoid_2020": text(N_("Census code (GEOID) of the 2020 tract")),
    "geometry": shape(N_("Shape on the map, longitude and latitude (EPSG:4326)")),
    "name": text(N_("Name")),
    "name/tract": text(N_("Number of the tract, as the Census Bureau writes it")),
    "location": text(N_("Tract, county and state in words")),
    "land_m2": number(N_("Land area, as the Census Bureau publishes it"), "m2"),
    "water_m2": number(N_("Water area, as the Census Bureau publishes it"), "m2"),
    "area_km2": number(N_("Area of the shape, measured by us"), "km2"),
    "ca_htc_index": number(
        N_("California Hard-to-Count Index (2019), 0 to 136; higher is harder to count"),
        "points",
        high=136,
        source="ca_htc_index_2019",
    ),
    "index_scored": yes_no(
        N_("Whether the State's index is a score here; false where nobody lives or there are no households")
    ),
    "ca_htc_estimate": number(
        N_("Our estimate of the hard-to-count index, on the State's scale; not the State's"), "points"
    ),
    "ca_htc_estimate_from": text(N_("Years and tracts of the survey that our estimate was made from")),
    "ca_htc_estimate_label": text(N_("Says that the estimate is ours; empty where there is none")),
    "daytime_population": number(
        N_("People there by day: residents less those who leave for work, and those who come to work"),
        "people",
        source="acs_svi_2018",
    ),
    "zip_code": text(N_("ZIP code")),
    "near": text(N_("City or area nearby, as CalEnviroScreen names it")),
    "population_acs_2019": number(
        N_("People, by the survey of 2015-2019 in CalEnviroScreen"), "people", source="calenviroscreen_4"
    ),
    "ces_percentile": number(
        N_("CalEnviroScreen 4.0 score as a percentile of the state's tracts"),
        "percent",
        source="calenviroscreen_4",
    ),
    "drinking_water_percentile": number(
        N_("Drinking water contaminants as a percentile of the state's tracts"),
        "percent",
        source="calenviroscreen_4",
    ),
    "groundwater_threats": number(
        N_("Threats to groundwater (CalEnviroScreen 4.0): weighted sum of cleanup and storage sites nearby"),
        "points",
        source="calenviroscreen_4",
    ),
    "groundwater_threats_percentile": number(
        N_("Threats to groundwater as a percentile of the state's tracts"),
        "percent",
        source="calenviroscreen_4",
    ),
    "impaired_waters": number(
        N_("Pollutants in impaired water bodies nearby (CalEnviroScreen 4.0)"),
        "pollutants",
        source="calenviroscreen_4",
    ),
    "pesticides": number(
        N_("Use of selected pesticides in farming (CalEnviroScreen 4.0)"),
        "lb_per_mi2",
        source="calenviroscreen_4",
    ),
    "pm25": number(
        N_("Fine particles in the air (PM2.5), yearly mean (CalEnviroScreen 4.0)"),
        "ug_per_m3",
        likely=(1, 60),
        source="calenviroscreen_4",
    ),
    "linguistic_isolation_percent": number(
        N_("Households in which nobody over 14 speaks English very well (CalEnviroScreen 4.0)"),
        "percent",
        source="calenviroscreen_4",
    ),
    "poverty_percent_ces": number(
        N_("People below twice the federal poverty level (CalEnviroScreen 4.0)"),
        "percent",
        source="calenviroscreen_4",
    ),
    "unemployment_percent_ces": number(
        N_("Unemployed of those aged over 16 who may work (CalEnviroScreen 4.0)"),
        "percent",
        source="calenviroscreen_4",
    ),
    "housing_burden_percent": number(
        N_("Low-income households that pay more than half of their income for housing (CalEnviroScreen 4.0)"),
        "percent",
        source="calenviroscreen_4",
    ),
    "education_percent_ces": number(
        N_("People over 25 without a high school diploma (CalEnviroScreen 4.0)"),
        "percent",
        source="calenviroscreen_4",
    ),
    "population/counted": number(N_("People counted in 2020"), "people"),
    "housing_units/counted": number(
        N_("Housing units counted in 2020, vacant ones included"), "housing units"
    ),
    "occupied_units/counted": number(
        N_("Occupied housing units counted in 2020"), "housing units", part_of="housing_units"
    ),
    "vacant_units/counted": number(
        N_("Vacant housing units counted in 2020"), "housing units", part_of="housing_units"
    ),
    "occupied_units_2020": number(
        N_("Occupied housing units counted in 2020"),
        "housing units",
        source="pl94_blocks_2020",
        part_of="housing_units_2020",
    ),
    "vacant_units_2020": number(
        N_("Vacant housing units counted in 2020"),
        "housing units",
        source="pl94_blocks_2020",
        part_of="housing_units_2020",
    ),
    "share_self_response": number(
        N_("Addresses that answered the 2020 Census by themselves, of those asked to"),
        "share",
        source="self_response_2020",
    ),
    "coverage/carried": number(
        N_("What part of the tract's people the 2010 tracts cover from which figures were carried over"),
        "share",
    ),
    "estimates_from": text(N_("Years of the survey, and which tracts it speaks of")),
    "direct_sources": text(N_("Sources whose figures are of the 2020 tract itself, with their vintage")),
    "carried": text(N_("Indicators that were carried over from 2010 tracts, by the names of their columns")),
    "carried_from": text(
        N_("Census codes (GEOID) of the 2010 tracts that figures were carried over from, the largest first")
    ),
    "derived": yes_no(
        N_("Whether the shape is the cell around a center of population, and no line of the Census Bureau")
    ),
    "area_id": text(
        N_("Code of the block or block group; a part of one has its place's code behind a hyphen")
    ),
    "unit/area": text(N_("What the area is: a block, a block group, or part of one")),
    "place_known": yes_no(N_("Whether the Census Bureau's codes say which place it belongs to")),
    "placed_by": text(N_("How it was decided where in the area people live")),
    "people": number(N_("People of 2020 who live in both tracts"), "people"),
    "area_m2": number(N_("Area that both share"), "m2"),
    "share_of_2010": number(N_("Part of the 2010 tract's people who live in the 2020 tract"), "share"),
    "share_of_2020": number(N_("Part of the 2020 tract's people who live in the 2010 tract"), "share"),
    "area_share_of_2010": number(N_("Part of the 2010 tract's area that lies in the 2020 tract"), "share"),
    "area_share_of_2020": number(N_("Part of the 2020 tract's area that lies in the 2010 tract"), "share"),
    "covered_2020": number(N_("Part of the 2020 tract that all its 2010 tracts cover together"), "share"),
    "method/crosswalk": text(N_("Whether the parts were taken by people or by area")),
    "official": yes_no(N_("Whether the pair stands in the Census Bureau's relationship file")),
    "tracts/which": text(N_("Which tracts the row speaks of: those of 2010 or those of 2020")),
    "tracts/number": number(N_("2010 tracts in the county"), "tracts", low=1),
    "official_index": number(
        N_("California Hard-to-Count Index (2019), beside our estimate"),
        "points",
        high=136,
        source="ca_htc_index_2019",
    ),
    "official_from": text(
        N_("Whether the State's index was published for the tract, or carried over from 2010 tracts")
    ),
    "estimate/index": number(
        N_("Our estimate of the hard-to-count index, on the State's scale; not the State's"), "points"
    ),
    "moe/vintage": number(N_("Margin of error (90 %) of the estimate, in its unit"), "variable"),
    "moe/index": number(N_("Half of the 90 percent interval of our estimate of the index"), "points"),
    "lower": number(N_("Lower end of the 90 percent interval of our estimate"), "points"),
    "upper": number(N_("Upper end of the 90 percent interval of our estimate"), "points"),
    "official_within": yes_no(
        N_("Whether the State's index lies in the 90 percent interval of our estimate")
    ),
    "label/index": text(N_("Says that the estimate is ours, not the State's")),
    "share_of_people": number(N_("Part of the tract's people who live in the study area"), "share"),
    "inside": yes_no(N_("Whether the tract counts as inside the study area")),
    "response_date": day(N_("Day of the posting")),
    "variable/vintage": text(N_("Indicator, by the name of its column")),
    "source/vintage": text(N_("Source with its vintage, by its key")),
    "vintage": text(N_("Years of the survey, and of which year its tracts are")),
    "estimate/vintage": number(
        N_("Estimate, in the unit of the indicator; a share is between 0 and 1"), "variable"
    ),
    "same_tract": yes_no(N_("Whether the tract is the one that was surveyed, and no part of others")),
}
"""What each column is, by its name; a word behind a slash tells two meanings of one name apart."""

_SURVEYED = tuple(name for item in FROM_SURVEY for name in (item.key, f"{item.key}_moe"))
_PERCENT = tuple(
    f"{item.key}_percent{end}" for item in FROM_SURVEY if item.unit == "share" for end in ("", "_moe")
)
_PERCENTILES = tuple(str(item.percentile) for item in INDICATORS.values() if item.ranked)
_RANKS = tuple(str(item.rank) for item in INDICATORS.values() if item.ranked)
_SCREENED = tuple(
    name
    for name, column in FIELDS.items()
    if column.source == "calenviroscreen_4" or name in ("zip_code", "near")
)
_INDEX = ("ca_htc_index", "index_scored")
_OURS = ("ca_htc_estimate", "ca_htc_estimate_moe", "ca_htc_estimate_from", "ca_htc_estimate_label")
_LAND = ("area_km2", "land_m2", "water_m2", "geometry")
_COUNTY = tuple(
    f"{name}{end}" for name in ("population", "households", "housing_units") for end in ("", "_moe")
)
_STATEWIDE = (*_INDEX, "location", "daytime_population", *_SCREENED, *_SURVEYED)

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "counties": ("geoid", "name", "tracts/number", *_LAND, *_COUNTY),
    "tract_indicators": ("geoid", "county_geoid", *_STATEWIDE, *_PERCENT, *_PERCENTILES),
    "tracts_2010": (
        "geoid",
        "county_geoid",
        "name/tract",
        *_LAND,
        *_STATEWIDE,
        *_PERCENTILES,
        *_RANKS,
        *_OURS,
    ),
    "tracts_2020": (
        "geoid",
        "county_geoid",
        "name/tract",
        *_LAND,
        "population_2020",
        "housing_units_2020",
        "occupied_units_2020",
        "vacant_units_2020",
        "share_vacant_2020",
        "share_self_response",
        "share_no_self_response",
        "share_self_response_internet",
        *_INDEX,
        "coverage/carried",
        "estimates_from",
        "direct_sources",
        "carried",
        "carried_from",
        *_SURVEYED,
        "share_low_response",
        "ces_score",
        "drinking_water_score",
        *_OURS,
    ),
    "blocks": (
        "geoid",
        "land_m2",
        "water_m2",
        "geometry",
        "area_km2",
        "population/counted",
        "housing_units/counted",
        "occupied_units/counted",
        "vacant_units/counted",
        "block_group_geoid",
        "tract_geoid",
        "county_geoid",
    ),
    "block_groups": (
        "geoid",
        "population/counted",
        "housing_units/counted",
        "occupied_units/counted",
        "geometry",
        "tract_geoid",
        "county_geoid",
        "area_km2",
        "derived",
    ),
    "block_places": (
        "geoid",
        "place_geoid",
        "county_geoid",
    ),
    "crosswalk_2010_2020": (
        "geoid_2010",
        "geoid_2020",
        "people",
        "area_m2",
        "area_share_of_2010",
        "area_share_of_2020",
        "covered_2020",
        "share_of_2010",
        "method/crosswalk",
        "share_of_2020",
        "official",
    ),
    "people_points": (
        "geoid",
        "population/counted",
        "geometry",
        "tract_geoid",
        "county_geoid",
        "geoid_2010",
    ),
    "counted_areas": (
        "area_id",
        "unit/area",
        "block_group_geoid",
        "tract_geoid",
        "county_geoid",
        "place_geoid",
        "place_known",
        "population/counted",
        "housing_units/counted",
        "occupied_units/counted",
        "geometry",
    ),
    "settled_areas": (
        "area_id",
        "placed_by",
        "geometry",
    ),
    "study_area": (
        "tracts/which",
        "geoid",
        "share_of_people",
        "inside",
    ),
    "hard_to_count_estimates": (
        "tracts/which",
        "geoid",
        "county_geoid",
        "official_index",
        "official_from",
        "estimate/index",
        "moe/index",
        "lower",
        "upper",
        "official_within",
        "estimates_from",
        "label/index",
    ),
    "tract_vintages": (
        "geoid",
        "variable/vintage",
        "source/vintage",
        "vintage",
        "estimate/vintage",
        "moe/vintage",
        "carried_from",
        "same_tract",
    ),
    "self_response_daily": (
        "geoid",
        "county_geoid",
        "response_date",
        "share_self_response",
        "share_self_response_internet",
    ),
}
"""The columns of each dataset, by the keys of their fields."""
