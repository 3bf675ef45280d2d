"""The tables of the ACS 5-year estimates, line by line in the order in which the Census Bureau prints them.

Transcribed from the published table shells, apart from the catalog: a line's number is its place here, so
that a code that slips by a line meets another label.
"""

from __future__ import annotations

from collections.abc import Iterator

_COVERAGE = ("With one type of health insurance coverage:", *("-",) * 6)
_BOTH = ("With two or more types of health insurance coverage:", *("-",) * 6)
_UNINSURED = "No health insurance coverage"
_AGES = (
    "Under 5 years", *("-",) * 16, "65 and 66 years", "67 to 69 years", "70 to 74 years", "75 to 79 years",
    "80 to 84 years", "85 years and over",
)  # fmt: skip
_ABLE = (" With a disability", " No disability")
_BANDS = (
    "Under 5 years:", "5 to 17 years:", "18 to 34 years:", "35 to 64 years:", "65 to 74 years:",
    "75 years and over:",
)  # fmt: skip
_HOW = ("very well", "well", "not well", "not at all")
_TONGUES = (
    "Speak Spanish:", "Speak other Indo-European languages:", "Speak Asian and Pacific Island languages:",
    "Speak other languages:",
)  # fmt: skip
_RACES = (
    "White alone", "Black or African American alone", "American Indian and Alaska Native alone",
    "Asian alone", "Native Hawaiian and Other Pacific Islander alone", "Some other race alone",
    "Two or more races:", " Two races including Some other race",
    " Two races excluding Some other race, and three or more races",
)  # fmt: skip
_ALONE = (
    " Living alone", " With own children under 18 years", " With relatives, no own children under 18 years",
    " With only nonrelatives present",
)  # fmt: skip
_LANGUAGE = (" Limited English speaking household", " Not a limited English speaking household")
_ROOMS = (
    " 0.50 or less occupants per room",
    " 0.51 to 1.00 occupants per room",
    " 1.01 to 1.50 occupants per room",
    " 1.51 to 2.00 occupants per room",
    " 2.01 or more occupants per room",
)


def _disabled(sex: str) -> tuple[str, ...]:
    return (sex, *(line for band in _BANDS for line in (f" {band}", *(f" {item}" for item in _ABLE))))


def _speaking(birth: str) -> tuple[str, ...]:
    lines = [line for tongue in _TONGUES for line in (tongue, *(f' Speak English "{how}"' for how in _HOW))]
    return (birth, " Speak only English", *(f" {line}" for line in lines))


def _insured(age: str, combinations: int) -> tuple[str, ...]:
    cover = (*_COVERAGE, _BOTH[0], *("-",) * combinations)
    return (age, *(f" {line}" for line in cover), f" {_UNINSURED}")


# The lines under the total; a blank in front is a step in, "-" a line that is not read.
TABLES: dict[str, tuple[str, ...]] = {
    "B01001": ("Male:", *(f" {age}" for age in _AGES), "Female:", *(f" {age}" for age in _AGES)),
    "B03002": (
        "Not Hispanic or Latino:", *(f" {race}" for race in _RACES), "Hispanic or Latino:",
        *(f" {race}" for race in _RACES),
    ),
    "B05002": (
        "Native:", " Born in state of residence", " Born in other state in the United States:", "  Northeast",
        "  Midwest", "  South", "  West", " Born outside the United States:", "  Puerto Rico",
        "  U.S. Island Areas", "  Born abroad of American parent(s)", "Foreign born:",
        " Naturalized U.S. citizen", " Not a U.S. citizen",
    ),
    "B06009": (
        "Less than high school graduate", "High school graduate (includes equivalency)",
        "Some college or associate's degree", "Bachelor's degree", "Graduate or professional degree",
    ),
    "B07003": (
        "Male", "Female", "Same house 1 year ago:", " Male", " Female", "Moved within same county:", " Male",
        " Female", "Moved from different county within same state:", " Male", " Female",
        "Moved from different state:", " Male", " Female", "Moved from abroad:", " Male", " Female",
    ),
    "B08201": (
        "No vehicle available", "1 vehicle available", "2 vehicles available", "3 vehicles available",
        "4 or more vehicles available",
    ),
    "B11001": (
        "Family households:", " Married-couple family", " Other family:",
        "  Male householder, no spouse present", "  Female householder, no spouse present",
        "Nonfamily households:", " Householder living alone", " Householder not living alone",
    ),
    "B09001": ("In households:",),
    "B11012": (
        "Married-couple household:", " With own children under 18 years",
        " With no own children under 18 years", "Cohabiting couple household:",
        " With own children of the householder under 18 years",
        " With no own children of the householder under 18 years",
        "Female householder, no spouse or partner present:", *_ALONE,
        "Male householder, no spouse or partner present:", *_ALONE,
    ),
    "B16005": (*_speaking("Native:"), *_speaking("Foreign born:")),
    "B17001": ("Income in the past 12 months below poverty level:", " Male:"),
    "B18101": (*_disabled("Male:"), *_disabled("Female:")),
    "B19057": ("With public assistance income", "No public assistance income"),
    "B23025": (
        "In labor force:", " Civilian labor force:", "  Employed", "  Unemployed", " Armed Forces",
        "Not in labor force",
    ),
    "B25002": ("Occupied", "Vacant"),
    "B25003": ("Owner occupied", "Renter occupied"),
    "B25014": ("Owner occupied:", *_ROOMS, "Renter occupied:", *_ROOMS),
    "B25024": (
        "1, detached", "1, attached", "2", "3 or 4", "5 to 9", "10 to 19", "20 to 49", "50 or more",
        "Mobile home", "Boat, RV, van, etc.",
    ),
    "B27001": ("Male:",),
    "B27010": (
        *_insured("Under 19 years:", 6), *_insured("19 to 34 years:", 6),
        *_insured("35 to 64 years:", 7), *_insured("65 years and over:", 6),
    ),
    "B28002": (
        "With an Internet subscription:", " Dial-up with no other type of Internet subscription",
        " Broadband of any type", " Cellular data plan",
        " Cellular data plan with no other type of Internet subscription",
        " Broadband such as cable, fiber optic or DSL",
        " Broadband such as cable, fiber optic or DSL with no other type of Internet subscription",
        " Satellite Internet service",
        " Satellite Internet service with no other type of Internet subscription",
        " Other service with no other type of Internet subscription",
        "Internet access without a subscription", "No Internet access",
    ),
    "C16002": (
        "English only", "Spanish:", *_LANGUAGE, "Other Indo-European languages:", *_LANGUAGE,
        "Asian and Pacific Island languages:", *_LANGUAGE, "Other languages:", *_LANGUAGE,
    ),
    "C17002": (
        "Under .50", ".50 to .99", "1.00 to 1.24", "1.25 to 1.49", "1.50 to 1.84", "1.85 to 1.99",
        "2.00 and over",
    ),
}  # fmt: skip
_DOLLARS = "in the past 12 months (in 2024 inflation-adjusted dollars)"
OF_ONE_LINE = {
    "B01003": "Total",
    "B19013": f"Median household income {_DOLLARS}",
    "B19301": f"Per capita income {_DOLLARS}",
    "B25001": "Total",
    "B26001": "Total",
}


def published_labels() -> dict[str, str]:
    """Every code and its label, in the words of the API's list of variables."""
    return {
        **{f"{table}_001": f"Estimate!!{label}" for table, label in OF_ONE_LINE.items()},
        **{code: label for table, lines in TABLES.items() for code, label in _labels(table, lines)},
    }


def _labels(table: str, lines: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    path = ["Total:"]
    for number, line in enumerate(("Total:", *(f" {line}" for line in lines)), start=1):
        label = line.lstrip(" ")
        path[len(line) - len(label) :] = [label]
        yield f"{table}_{number:03}", "!!".join(("Estimate", *path))
