"""The invented figures of 2020 tracts in later layouts: the index of 2022, CalEnviroScreen 5, planning."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from demo.survey_tables import (
    SVI_MISSING,
    estimate_and_share,
    location_of,
    mean_rank,
    percentile_of,
    share_of,
    to_burdens,
    to_sufferers,
    zip_codes,
)
from demo.valley import COUNTY, COUNTY_GEOID, COUNTY_NAME, METRIC_CRS, STATE, Floats, random_for

# By theme: the table's code, ours, and the universe; a code that the demo has nothing of is not told.
THEMES: tuple[tuple[tuple[str, str, str], ...], ...] = (
    (
        ("POV150", "under_150_percent_of_poverty", "household_population"),
        ("UNEMP", "unemployed", "labor_force"),
        ("HBURD", "", ""),
        ("NOHSDP", "no_high_school", "aged_25_and_over"),
        ("UNINSUR", "uninsured", "household_population"),
    ),
    (
        ("AGE65", "aged_65_and_over", "population"),
        ("AGE17", "aged_17_and_under", "population"),
        ("DISABL", "disabled", "household_population"),
        ("SNGPNT", "single_parent_households", "households"),
        ("LIMENG", "limited_english_persons", "aged_5_and_over"),
    ),
    (("MINRTY", "minority", "population"),),
    (
        ("MUNIT", "units_in_large_buildings", "housing_units"),
        ("MOBILE", "mobile_homes", "housing_units"),
        ("CROWD", "crowded_units", "households"),
        ("NOVEH", "no_vehicle_households", "households"),
        ("GROUPQ", "group_quarters_persons", "population"),
    ),
)
BESIDE = (
    ("NOINT", "no_broadband_households", "households"),
    *((code, "", "") for code in ("AFAM", "HISP", "ASIAN", "AIAN", "NHPI", "TWOMORE", "OTHERRACE")),
)
# CalEnviroScreen's short names, and what the demo calls them.
BURDENS = {
    "ozone": "Ozone",
    "pm": "PM2.5",
    "diesel": "Diesel PM",
    "pest": "Pesticides",
    "RSEIhaz": "Tox_Release",
    "traffic": "Traffic",
    "drink": "Drinking Water",
    "lead": "Lead",
    "cleanups": "Cleanup Sites",
    "gwthreats": "Groundwater Threats",
    "haz": "Haz. Waste",
    "iwb": "Imp. Water Bodies",
    "swis": "Solid Waste",
}
SUFFERERS = {
    "asthma": "Asthma",
    "cvd": "Cardiovascular_Disease",
    "lbw": "Low_Birth_Weight",
    "edu": "Education",
    "ling": "Linguistic Isolation",
    "pov": "Poverty",
    "unemp": "Unemployment",
    "housingB": "Housing Burden",
}


def svi_table_2022(survey: pd.DataFrame, land_m2: pd.Series) -> pd.DataFrame:
    """ACS by 2020 tract as the index of 2022 packs it, every column in its order; -999 is missing."""
    geoid = survey.index.to_series()
    shares = [estimate_and_share(survey, *item) if item[1] else _untold(item[0]) for item in sum(THEMES, ())]
    beside = [estimate_and_share(survey, *item) if item[1] else _untold(item[0]) for item in BESIDE]
    columns: dict[str, object] = {
        "ST": STATE,
        "STATE": "California",
        "ST_ABBR": "CA",
        "STCNTY": COUNTY_GEOID,
        "COUNTY": f"{COUNTY_NAME} County",
        "FIPS": geoid,
        "LOCATION": geoid.map(lambda item: location_of(item).replace(",", ";")),
        "AREA_SQMI": (land_m2.loc[geoid] / 2_589_988.110336).round(6),
    }
    for code, ours in (("TOTPOP", "population"), ("HU", "housing_units"), ("HH", "households")):
        columns |= {f"E_{code}": survey[ours], f"M_{code}": survey[f"{ours}_moe"]}
    columns |= _of_kind(shares, ("E", "M")) | _of_kind(shares, ("EP", "MP"))
    columns |= dict.fromkeys((*_ranks("EPL_", "SPL_", "RPL_"), "SPL_THEMES", "RPL_THEMES"), SVI_MISSING)
    columns |= dict.fromkeys((*_ranks("F_", "F_"), "F_TOTAL"), SVI_MISSING)
    columns |= {"E_DAYPOP": (survey["population"] * 0.82).round()}
    columns |= _of_kind(beside, ("E", "M")) | _of_kind(beside, ("EP", "MP"))
    return pd.DataFrame(columns)


def _untold(code: str) -> dict[str, object]:
    return {f"{kind}_{code}": SVI_MISSING for kind in ("E", "M", "EP", "MP")}


def _of_kind(found: list[dict[str, object]], kinds: tuple[str, ...]) -> dict[str, object]:
    return {name: value for item in found for name, value in item.items() if name.partition("_")[0] in kinds}


def _ranks(of_code: str, *of_theme: str) -> list[str]:
    names: list[str] = []
    for number, theme in enumerate(THEMES, start=1):
        names += [f"{of_code}{code}" for code, _ours, _universe in theme]
        names += [f"{stem}THEME{number}" for stem in of_theme]
    return names


def screen_of_2020(
    truth: pd.DataFrame, shapes: gpd.GeoSeries, towns: pd.Series, seed: int
) -> gpd.GeoDataFrame:
    """CalEnviroScreen 5 by 2020 tract in EPSG:3310: a tract is a number without its 0, -999 is missing."""
    rng = random_for(seed, "environment of 2020")
    poor = share_of(truth, "poverty", "household_population")
    burden, people = to_burdens(poor, rng), to_sufferers(truth, poor, rng)
    exposure, character = mean_rank(burden), mean_rank(people)
    score = (exposure * character / 100).where(truth["population"] > 0)
    columns: dict[str, pd.Series] = {
        "tract": truth.index.to_series().astype("int64").astype(float),
        "zipcode": towns.map(zip_codes()).astype("int64"),
        "county": pd.Series(COUNTY_NAME, truth.index),
        "approx_loc": towns,
        "region": pd.Series("Invented", truth.index),
        "ACS2024Pop": truth["population"].round(),
        "CIscore": score,
        "CIscoreP": percentile_of(score),
    }
    for ours, names in ((burden, BURDENS), (people, SUFFERERS)):
        for short, name in names.items():
            columns |= {short: ours[name], f"{short}P": percentile_of(ours[name])}
    columns |= {"Pollution": exposure, "PollutionS": exposure / 10, "PollutionP": percentile_of(exposure)}
    columns |= {"PopChar": character, "PopCharSco": character / 10, "PopCharP": percentile_of(character)}
    table = pd.DataFrame(columns)
    numbers = table.select_dtypes("number").columns
    table[numbers] = table[numbers].round(4).fillna(SVI_MISSING)
    return gpd.GeoDataFrame(table, geometry=shapes.reindex(truth.index)).to_crs(METRIC_CRS)


ELSEWHERE = ("35013000104", "New Mexico", "Do\N{LATIN SMALL LETTER N WITH TILDE}a Ana County", 21.9)


def planning_table(geoids: pd.Index, response: Floats) -> pd.DataFrame:
    """Planning Database of the nation: these tracts and one of another state; blank is missing."""
    ours = pd.DataFrame(
        {
            "GIDTR": geoids.astype(str),
            "State": STATE,
            "State_name": "California",
            "County": COUNTY,
            "County_name": f"{COUNTY_NAME} County",
            "Tract": geoids.str[5:],
            "Low_Response_Score": np.where(response > 0, np.round(100 - response, 1), np.nan),
        }
    )
    geoid, state, county, score = ELSEWHERE
    theirs = [geoid, geoid[:2], state, geoid[2:5], county, geoid[5:], score]
    return pd.concat([ours, pd.DataFrame([theirs], columns=ours.columns)], ignore_index=True)
