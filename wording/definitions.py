"""What each indicator is: definition, universe, table, source, vintage and method; the index; a glossary."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from geo.language import gettext as _
from geo.language import mark as N_
from geo.sources.catalog import Source, read_catalog
from geo.tracts.acs_indicators import CELLS, SHARES
from geo.tracts.indicators import INDICATORS, indicator_named

MOST_CODES = 6
TABLE = re.compile(r"([BC]\d{5}[A-I]?)_\d{3}")
DEFINITIONS: Mapping[str, str] = {
    "ca_htc_index": N_(
        "How hard a tract was expected to be to count in the 2020 Census: 14 characteristics of its people "
        "and homes, each scored, added up by the State in March 2019. 0 is the easiest; the highest of "
        "8,057 tracts has 136."
    ),
    "ca_htc_estimate": N_(
        "What the State's index would be on newer data: a model learned from its published scores. Ours, "
        "not official; its margin holds the model's error."
    ),
    "population": N_("All people whose usual home is here, in households and in group quarters."),
    "households": N_("Occupied housing units: all people who share a home are one household."),
    "housing_units": N_("Houses, apartments, mobile homes and rooms meant as separate homes, vacant or not."),
    "share_poverty": N_(
        "People whose family's income before taxes is under the federal poverty threshold for its size."
    ),
    "share_unemployed": N_("People 16 and over without a job who looked for one in the last four weeks."),
    "share_uninsured": N_("People with no health coverage, private or public, when they were asked."),
    "share_no_high_school": N_("People 25 and over without a high school diploma, GED or equivalent."),
    "share_limited_english": N_(
        'People 5 and over who speak another language at home, and English "not well" or "not at all".'
    ),
    "share_no_vehicle": N_("Households with no car, van or truck for private use at home."),
    "share_crowded": N_("Occupied homes with more than one person per room, kitchens counted."),
    "share_large_buildings": N_("Housing units in buildings with 10 or more units."),
    "share_mobile_homes": N_("Housing units that are mobile homes, on a lot of their own or in a park."),
    "share_single_parent": N_(
        "Households of a parent with own children under 18 and no spouse there; since 2019 no unmarried "
        "partner either."
    ),
    "share_disabled": N_(
        "People with serious difficulty in hearing, seeing, thinking, walking, dressing or living alone."
    ),
    "share_aged_65_and_over": N_("People aged 65 and over."),
    "share_aged_17_and_under": N_("People aged 17 and under."),
    "share_minority": N_("Everyone except people who are White and not Hispanic or Latino."),
    "share_group_quarters": N_("People in prisons, nursing homes, barracks, dormitories and shelters."),
    "income_per_capita_usd": N_(
        "All income of people 15 and over in 12 months, divided by everybody, children included."
    ),
    "ces_score": N_(
        "CalEnviroScreen: pollution burden times population characteristics, 0 to 100, by OEHHA, CalEPA."
    ),
    "drinking_water_score": N_(
        "CalEnviroScreen: sum of percentiles of contaminants and violations in the drinking water served."
    ),
    "population_2020": N_("People counted in the 2020 Census, with the Bureau's small privacy noise."),
    "housing_units_2020": N_("Housing units counted in the 2020 Census, vacant or not."),
    "share_vacant_2020": N_("Housing units that were vacant on April 1, 2020, seasonal homes included."),
    "share_no_self_response": N_(
        "Addresses that did not answer the 2020 Census by internet, mail or phone before somebody came."
    ),
    "share_low_response": N_("Households that the Census Bureau's model expects not to self-respond."),
    "share_self_response_internet": N_("Addresses that answered the 2020 Census on the internet."),
}
"""By indicator, marked for translation; a count has the definition of its share."""

HTC_VARIABLES: tuple[str, ...] = (
    N_("households without broadband"),
    N_("non-family households"),
    N_("renter-occupied homes"),
    N_("vacant homes"),
    N_("crowded homes"),
    N_("homes in buildings with 3 or more units"),
    N_("people born abroad"),
    N_("adults without a high school diploma"),
    N_("people under 150 percent of the poverty level"),
    N_("households on public assistance"),
    N_("unemployed people"),
    N_("limited-English-speaking households"),
    N_("people who moved from outside the county"),
    N_("children under 5"),
)
"""The State's 14 variables (census.ca.gov/california-htc), marked for translation."""

ABOUT_INDEX: tuple[str, ...] = (
    N_(
        "The California Hard-to-Count Index was made by the Department of Finance for the 2020 Census, from "
        "ACS 2013-2017, on 2010 tracts. It ranges from 0 to 136 in 8,057 tracts; 44 of these have no "
        "households and were never scored."
    ),
    N_(
        "Statewide, a quarter of the tracts score 18 or less, half 37 or less, a quarter 62 or more, and a "
        "tenth 84 or more."
    ),
    N_(
        "The thresholds by which the State scored each variable stand in no document that we could read, and "
        "the file names no cutoff between hard and easy. Where this dashboard needs one, as for canvass "
        "targets, it starts at 60 and you can change it."
    ),
    N_("Its 14 variables, as shares of people or homes:"),
)
ABOUT_TRACTS = N_(
    "The Census Bureau redraws tracts every ten years. Where many people moved in, a 2010 tract was split "
    "into several 2020 tracts; some edges moved and a few tracts were merged. The State's index and ACS up "
    "to 2019 are for 2010 tracts; the 2020 Census and ACS from 2020 on are for 2020 tracts. Figures that "
    "cross from one to the other are split by where people lived, marked as carried over, and not ranked."
)

GLOSSARY: tuple[tuple[str, str], ...] = (
    (N_("ACS"), N_("American Community Survey: asks about 1 in 40 households a year; we use five years.")),
    (
        N_("Margin of error"),
        N_("Nine of ten such intervals (90%) hold what a full count would have given."),
    ),
    (
        N_("Reliable, use with caution, unreliable"),
        N_(
            "A standard error up to 12 percent, of 12 to 40, or over 40 percent of the figure "
            "(coefficient of variation)."
        ),
    ),
    (
        N_("Statistically different"),
        N_("The difference is larger than samples alone would make in nine of ten cases."),
    ),
    (N_("Tract"), N_("An area of about 4,000 people that the Census Bureau draws anew every ten years.")),
    (N_("Block group, block"), N_("Parts of a tract: about 1,500 people; the smallest area with a count.")),
    (N_("GEOID"), N_("The Census Bureau's number of an area: 2 digits state, 3 county, 6 tract.")),
    (N_("Vintage"), N_("The years that data speak of, and the year of the boundaries they are for.")),
    (N_("Universe"), N_("Everybody, or everything, that a percentage is a part of.")),
    (N_("Group quarters"), N_("Places where people live that are no homes: prisons, barracks, dormitories.")),
    (N_("PWSID"), N_("A public water system's number with the State and the EPA.")),
    (
        N_("Failing, At-Risk"),
        N_("The State Water Board's status of a system in its SAFER program; it changes through the year."),
    ),
    (N_("Consolidation"), N_("Joining a small water system to a larger one that serves its customers.")),
    (N_("Turf"), N_("The doors that one volunteer takes.")),
    (
        N_("Percentile"),
        N_("The share of all tracts of the state that have the same value or a lower one."),
    ),
)
"""Terms and what they mean, marked for translation."""


def definition_of(key: str) -> str:
    """Say what an indicator is, in the chosen language; a count has the words of its share.

    Examples
    --------
    >>> definition_of("poverty") == definition_of("share_poverty")
    True
    """
    return _(DEFINITIONS[_declared(key)])


def _declared(key: str) -> str:
    if key in DEFINITIONS:
        return key
    return next(item.key for item in INDICATORS.values() if item.count == key)


def codes_of(key: str, source: Source) -> tuple[str, ...]:
    """List the tables of a source, or its columns where it has none, that an indicator is made from.

    Examples
    --------
    >>> catalog = read_catalog()
    >>> codes_of("share_poverty", catalog["acs_5year_2024"]), codes_of("poverty", catalog["acs_svi_2018"])
    (('B17001',), ('E_POV',))
    """
    item = indicator_named(key)
    count = item.count or key
    names = [key, count, *CELLS.get(count, ()), *SHARES.get(key, ()), f"{key}_percent"]
    columns = source.layout.columns
    found = [columns[name] for name in dict.fromkeys(names) if name in columns]
    codes = [code for item in found for code in ([item] if isinstance(item, str) else item)]
    tables = [match[1] if (match := TABLE.fullmatch(code[:-1])) else code for code in codes]
    return tuple(dict.fromkeys(tables))[:MOST_CODES]


def facts_of(key: str, source: str, credit: str = "") -> Iterator[tuple[str, str]]:
    """List the facts on an indicator: what it is, of whom, from which table, whose, of when, how made.

    Parameters
    ----------
    source
        Key of the source that the figure comes from; empty: the one that is declared for it.
    credit
        Publisher, title and vintage as the data that are here say; empty: as the catalog says.
    """
    item, catalog = indicator_named(key), read_catalog()
    yield _("Definition"), definition_of(key)
    yield _("Universe"), _(item.universe)
    found = catalog.get(source) or catalog.get(item.source)
    if found is not None:
        if codes := codes_of(key, found):
            yield _("Table or column"), ", ".join(codes)
        yield _("Source"), credit or f"{found.publisher}, {found.title}"
        yield _("Vintage"), found.vintage
    columns = found.layout.columns if found is not None else {}
    computed = item.count is not None and SHARES.get(key, ("", str(item.base)))[1] in columns
    yield _("Method"), _("computed from counts") if computed else _("as published")
