"""The invented survey in its publishers' layouts: ACS, vulnerability table, index, CalEnviroScreen."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from demo.census_tables import tract_name
from demo.valley import COUNTY, COUNTY_GEOID, COUNTY_NAME, STATE, TOWNS, Floats, random_for
from geo.sources.catalog import Source

NOT_TOLD = -666666666  # what the Bureau writes for an estimate that it cannot give, and for its margin
MARGIN_NOT_TOLD = -222222222
SVI_MISSING = -999.0
# Burdens of CalEnviroScreen: the level where nobody is poor, and its rise with poverty.
BURDENS = {
    "Ozone": (0.05, 0.01),
    "PM2.5": (7.0, 6.0),
    "Diesel PM": (0.05, 0.3),
    "Drinking Water": (300.0, 900.0),
    "Lead": (20.0, 80.0),
    "Pesticides": (1.0, 900.0),
    "Tox_Release": (200.0, 900.0),
    "Traffic": (300.0, 700.0),
    "Cleanup Sites": (1.0, 12.0),
    "Groundwater Threats": (2.0, 40.0),
    "Haz. Waste": (0.1, 1.0),
    "Imp. Water Bodies": (0.0, 12.0),
    "Solid Waste": (0.5, 6.0),
}
# The table's percentages: its code, ours, and the universe.
SVI_SHARES = (
    ("POV", "poverty", "household_population"),
    ("UNEMP", "unemployed", "labor_force"),
    ("NOHSDP", "no_high_school", "aged_25_and_over"),
    ("AGE65", "aged_65_and_over", "population"),
    ("AGE17", "aged_17_and_under", "population"),
    ("DISABL", "disabled", "household_population"),
    ("SNGPNT", "single_parent_households", "households"),
    ("MINRTY", "minority", "population"),
    ("LIMENG", "limited_english_persons", "aged_5_and_over"),
    ("MUNIT", "units_in_large_buildings", "housing_units"),
    ("MOBILE", "mobile_homes", "housing_units"),
    ("CROWD", "crowded_units", "households"),
    ("NOVEH", "no_vehicle_households", "households"),
    ("GROUPQ", "group_quarters_persons", "population"),
    ("UNINSUR", "uninsured", "household_population"),
)


def acs_api(survey: pd.DataFrame, source: Source) -> pd.DataFrame:
    """ACS by 2020 tract as the API answers, for every variable that the catalog names."""
    place = {"state": STATE, "county": COUNTY, "tract": survey.index.str[5:]}
    return _api_answer(survey, source, survey.index.map(location_of), source, place)


def acs_of_places(survey: pd.DataFrame, source: Source, of_tracts: Source) -> pd.DataFrame:
    """ACS by place as the API answers; a variable is what it is in the source of tracts."""
    names = {f"990{number:02d}": f"{town.label}, California" for number, town in enumerate(TOWNS, start=1)}
    place = {"state": STATE, "place": survey.index}
    return _api_answer(survey, source, survey.index.map(names), of_tracts, place)


def _api_answer(
    survey: pd.DataFrame, source: Source, names: pd.Index, declared: Source, place: Mapping[str, object]
) -> pd.DataFrame:
    ours = survey.rename(columns={"household_population": "poverty_universe"})
    ours = ours.rename(columns={"household_population_moe": "poverty_universe_moe"})
    for name in ("uninsured_universe", "disability_universe"):
        ours[name], ours[f"{name}_moe"] = ours["poverty_universe"], ours["poverty_universe_moe"]
    called = {str(published): name for name, published in declared.layout.number.items()}
    called |= {f"B27010_001{kind}": called[f"B27001_001{kind}"] for kind in "EM"}  # the same universe
    columns: dict[str, object] = {"NAME": names}
    for published in map(str, source.layout.number.values()):
        blank = MARGIN_NOT_TOLD if published.endswith("M") else NOT_TOLD
        columns[published] = ours[called[published]].fillna(blank).astype("int64")
    return pd.DataFrame(columns | dict(place))


def svi_table(survey: pd.DataFrame, land_m2: pd.Series) -> pd.DataFrame:
    """ACS by 2010 tract as the vulnerability index packs it, statewide columns; -999 is missing."""
    geoid = survey.index.to_series()
    columns: dict[str, object] = {
        "ST": STATE,
        "STATE": "CALIFORNIA",
        "ST_ABBR": "CA",
        "STCNTY": COUNTY_GEOID,
        "FIPS": geoid,
        "COUNTY": COUNTY_NAME,
        "LOCATION": geoid.map(location_of),
        "AREA_SQMI": (land_m2.loc[geoid] / 2_589_988.110336).round(6),
    }
    for code, ours in (("TOTPOP", "population"), ("HU", "housing_units"), ("HH", "households")):
        columns |= {f"E_{code}": survey[ours], f"M_{code}": survey[f"{ours}_moe"]}
    columns |= {
        "E_PCI": survey["income_per_capita_usd"].fillna(SVI_MISSING),
        "M_PCI": survey["income_per_capita_usd_moe"].fillna(SVI_MISSING),
    }
    for code, ours, universe in SVI_SHARES:
        columns |= estimate_and_share(survey, code, ours, universe)
    columns |= {"EP_PCI": columns["E_PCI"], "MP_PCI": columns["M_PCI"]}
    columns |= {"E_DAYPOP": (survey["population"] * 0.82).round(), "RPL_THEMES": SVI_MISSING}
    return pd.DataFrame(columns)


def estimate_and_share(survey: pd.DataFrame, code: str, ours: str, universe: str) -> dict[str, object]:
    """Lay out a count and its percentage with their margins, as the vulnerability index does."""
    estimate, margin = survey[ours], survey[f"{ours}_moe"]
    whole, whole_margin = survey[universe], survey[f"{universe}_moe"]
    lived_in = whole > 0
    share = (estimate / whole.where(lived_in)).clip(upper=1.0)
    part, rest = margin**2, (share * whole_margin) ** 2
    under = (part - rest).where(part >= rest, part + rest) ** 0.5 / whole.where(lived_in)
    return {
        f"E_{code}": estimate,
        f"M_{code}": margin,
        f"EP_{code}": (100 * share).round(1).fillna(SVI_MISSING),
        f"MP_{code}": (100 * under).round(1).fillna(SVI_MISSING),
    }


def location_of(geoid: str) -> str:
    """Write a tract's name as the survey does."""
    return f"Census Tract {tract_name(geoid)}, {COUNTY_NAME} County, California"


def index_table(geoids: pd.Index, index: Floats) -> pd.DataFrame:
    """Lay out the State's index as it is published: the identifier as text, the index as a whole number."""
    return pd.DataFrame({"GEOID": geoids.astype(str), "CA HTC Index": index.astype("int64")})


def environment_table(truth: pd.DataFrame, points: pd.DataFrame, towns: pd.Series, seed: int) -> pd.DataFrame:
    """CalEnviroScreen's 58 columns by 2010 tract; scores from 0 to about 93, percentiles among the demo."""
    rng = random_for(seed, "environment")
    geoid = truth.index.to_series()
    lived_in = truth["population"] > 0
    poor = share_of(truth, "poverty", "household_population")
    table = pd.DataFrame({"Census Tract": geoid, "Total Population": truth["population"].astype("int64")})
    table["county"], table["ZIP"] = f"{COUNTY_NAME} ", towns.map(zip_codes())
    table["Approximate Location"] = towns
    table["Longitude"], table["Latitude"] = points["x"], points["y"]
    burden, people = to_burdens(poor, rng), to_sufferers(truth, poor, rng)
    exposure, character = mean_rank(burden), mean_rank(people)
    score = (exposure * character / 100).where(lived_in)
    table["CES 4.0 Score"], table["CES 4.0 Percentile"] = score.round(2), percentile_of(score)
    table["CES 4.0 Percentile Range"] = percentile_of(score).map(_five_percent)
    for group, total, stem in ((burden, exposure, "Pollution Burden"), (people, character, "Pop. Char.")):
        for name, values in group.items():
            table[name] = values.round(3)
            table[_percentile_name(name)] = percentile_of(values)
        raw = "Pollution_Burden" if stem == "Pollution Burden" else stem
        table[raw], table[f"{stem} Score"] = total.round(2), (total / 10).round(2)
        table[f"{stem} Pctl"] = percentile_of(total)
    return table


def zip_codes() -> Mapping[str, str]:
    """List the ZIP code of each town."""
    return {town.name: f"999{number:02d}" for number, town in enumerate(TOWNS, start=1)}


def to_burdens(poor: pd.Series, rng: np.random.Generator) -> dict[str, pd.Series]:
    """Invent the burdens of tracts, which rise with poverty."""
    return {
        name: (low + rise * poor * rng.lognormal(0, 0.35, len(poor))).clip(lower=0)
        for name, (low, rise) in BURDENS.items()
    }


def to_sufferers(truth: pd.DataFrame, poor: pd.Series, rng: np.random.Generator) -> dict[str, pd.Series]:
    """Invent who suffers most, by tract."""
    health = {"Asthma": (25.0, 110.0), "Low_Birth_Weight": (3.5, 6.0), "Cardiovascular_Disease": (7.0, 18.0)}
    found = {
        name: low + rise * poor * rng.lognormal(0, 0.2, len(poor)) for name, (low, rise) in health.items()
    }
    spanish = share_of(truth, "limited_english_spanish_households", "households")
    found["Education"] = 100 * share_of(truth, "no_high_school", "aged_25_and_over")
    found["Linguistic Isolation"] = 100 * spanish
    found["Poverty"] = (180 * poor).clip(upper=95)
    found["Unemployment"] = 100 * share_of(truth, "unemployed", "labor_force")
    found["Housing Burden"] = 8 + 60 * poor * rng.lognormal(0, 0.15, len(poor))
    return found


def share_of(truth: pd.DataFrame, part: str, whole: str) -> pd.Series:
    """Divide a count by its universe; missing where nobody is in it."""
    return truth[part] / truth[whole].where(truth[whole] > 0)


def percentile_of(values: pd.Series) -> pd.Series:
    """Rank tracts among the demo, in percent."""
    return (100 * values.rank(pct=True)).round(2)


def _percentile_name(name: str) -> str:
    return f"{name.replace('_', ' ').replace('Tox Release', 'Tox. Release')} Pctl"


def mean_rank(group: Mapping[str, pd.Series]) -> pd.Series:
    """Average the percentiles of several burdens."""
    return pd.concat([percentile_of(values) for values in group.values()], axis=1).mean(axis=1)


def _five_percent(percentile: float) -> str:
    if np.isnan(percentile):
        return ""
    low = min(int(percentile // 5) * 5, 95)
    return f"{low}-{low + 5}%"
