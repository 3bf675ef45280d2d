"""What our checks find wrong with data: kept as data, put into words where it is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib import import_module
from typing import Any, Literal

from geo.errors import first_ids
from geo.language import gettext as _
from geo.language import mark as N_
from geo.units import to_words

Severity = Literal["info", "warning", "error"]

# Modules with checks of their own, by name: they stand on a higher floor.
CHECKED_ELSEWHERE = ("geo.water.findings",)
# Words of each check; {count}, {of}, {examples} and the finding's own values are filled in.
CHECKS: dict[str, str] = {}


def register_checks(words: Mapping[str, str]) -> None:
    """Add the words of a module's checks, each marked for translation."""
    CHECKS.update(words)


register_checks(
    {
        "rows": N_("{count} rows"),
        "missing_source": N_("not built: the source {source} is not here"),
    }
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found.

    Attributes
    ----------
    check
        Key of its words in :data:`CHECKS`.
    subject
        The source or dataset concerned.
    count, of
        How many of how many.
    ids
        The identifiers concerned, all of them.
    values
        Further values that the words name.
    """

    check: str
    subject: str
    count: int
    of: int | None = None
    ids: tuple[str, ...] = ()
    severity: Severity = "warning"
    values: Mapping[str, Any] = field(default_factory=dict)

    def to_record(self) -> dict[str, Any]:
        """Return what the sidecar keeps."""
        return {**asdict(self), "ids": list(self.ids), "values": dict(self.values)}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Finding:
        """Read back what :meth:`to_record` wrote."""
        return cls(**{**record, "ids": tuple(record["ids"])})


def find(check: str, subject: str, ids: Iterable[object], *, of: int | None = None, **values: Any) -> Finding:
    """Make a finding of the identifiers concerned.

    Examples
    --------
    >>> find("rows", "tracts_2010", ["06065045303"]).count
    1
    """
    names = tuple(str(identifier) for identifier in ids)
    return Finding(check, subject, len(names), of, names, values=values)


@cache
def load_words() -> None:
    """Let the modules that have checks of their own register the words of their findings, once.

    Examples
    --------
    >>> load_words()
    >>> "index_not_scored" in CHECKS
    True
    """
    for name in CHECKED_ELSEWHERE:
        import_module(name)


TITLES = ("column", "whole", "other", "form")
"""Values of a finding that are titles: marked where they are declared, translated where they are shown."""


def describe(finding: Finding) -> str:
    """Put a finding into words, in the chosen language.

    The words of every module of checks are loaded at the first call.

    Examples
    --------
    >>> describe(Finding("rows", "tracts_2010", 484))
    '484 rows'
    """
    load_words()
    words = _(CHECKS.get(finding.check, finding.check))
    titles = {name: _(str(title)) for name, title in finding.values.items() if name in TITLES}
    if "form" in titles:
        titles["column"] = titles["form"].format(what=titles["column"])
    fields = {"source": finding.subject, **finding.values, **titles}
    return words.format(count=finding.count, of=finding.of, examples=first_ids(finding.ids), **fields)


PAIRS = "pairs"
"""Value of a finding that has, by identifier, the two numbers that differ: the older, then the newest."""
# Words of a check on the card of one thing that it names; those of a pair have {low} and {high}.
OF_ONE: dict[str, str] = {}
OF_PAIR: dict[str, str] = {}


def describe_of_one(finding: Finding, identifier: str) -> str:
    """Put a finding into words for one of the things that it names: without counts of the others.

    Examples
    --------
    >>> pairs = {PAIRS: {"CA1": [113.0, 79.0]}}
    >>> found = Finding("connections_contradict", "details", 19, 158, ("CA1",), values=pairs)
    >>> describe_of_one(found, "CA1")
    'State tables disagree: 79 or 113 connections'
    >>> describe_of_one(Finding("rows", "tracts_2010", 484, ids=("1",)), "1")
    '484 rows'
    """
    load_words()
    pair = sorted(finding.values.get(PAIRS, {}).get(identifier, ()))
    if pair and finding.check in OF_PAIR:
        low, high = (to_words(amount, "count") for amount in pair)
        return _(OF_PAIR[finding.check]).format(low=low, high=high)
    return _(OF_ONE[finding.check]) if finding.check in OF_ONE else describe(finding)


CENSUS_CHECKS: dict[str, str] = {
    "index_not_scored": N_(
        "{count} of {of} tracts have index 0 because nobody lives there or they have no households: "
        "shown as not scored ({examples})"
    ),
    "index_zero_scored": N_(
        "{count} tracts with households have index 0: kept as the lowest score ({examples})"
    ),
    "index_few_households": N_("{count} tracts have a score but fewer than 50 households ({examples})"),
    "index_without_acs": N_("{count} of {of} tracts of the index have no ACS estimates ({examples})"),
    "index_without_polygon": N_("{count} of {of} tracts of the index have no polygon ({examples})"),
    "tract_recoded": N_("{count} tract has another code here: read as the index's ({examples})"),
    "missing_cells": N_(
        "{count} cells of {columns} columns hold -999 or nothing: read as missing, never as a number"
    ),
    "population_differs": N_(
        "{count} of {of} tracts differ in population from CalEnviroScreen (ACS 2015-2019) by more than "
        "the margin of error and a fifth ({examples})"
    ),
    "z_coordinates": N_("{count} shapes carry Z coordinates: dropped"),
    "shapes_repaired": N_("{count} of {of} shapes are invalid: repaired ({examples})"),
    "area_under": N_(
        "{count} of {of} shapes have less than four fifths of the publisher's own area ({examples})"
    ),
    "names_doubled": N_("{count} rows share a name with another ({examples})"),
    "county_not_here": N_("no {what} for {count} counties of the region: the source has none ({examples})"),
    "center_outside": N_(
        "{count} of {of} centers of population lie outside their own tract, in the bend of its shape: "
        "moved to the nearest point inside ({examples})"
    ),
    "block_groups_derived": N_(
        "{count} of {of} block groups are shown as the cell around their center of population: "
        "no census line ({examples})"
    ),
    "study_area_absent": N_(
        "{count} of {of} school districts of the study area are not among the sources ({examples})"
    ),
    "places_of_blocks_far": N_(
        "{count} of {of} areas share no land with the place that the Census Bureau assigns their blocks to "
        "({examples}): their people are put into the place"
    ),
    "block_sums_differ": N_(
        "{count} of {of} block groups have other populations by block and by center ({examples})"
    ),
    "blocks_without_counts": N_("{count} of {of} blocks have no counts ({examples})"),
    "counts_without_block": N_("{count} of {of} blocks with counts have no polygon ({examples})"),
    "crosswalk_by_area": N_(
        "{count} of {of} tracts were split by area, as no block group has its center there ({examples})"
    ),
    "crosswalk_official": N_("{count} pairs come from the Census Bureau's own relationship file"),
    "official_share_differs": N_(
        "{count} of {of} pairs of the Census Bureau's relationship file differ from ours by more than a "
        "twentieth of the tract ({examples})"
    ),
    "estimates_direct": N_(
        "{count} tracts have these columns straight from tables of 2020 tracts: {examples}"
    ),
    "vintage_not_whole": N_(
        "{count} of {of} tracts where people live are not in this vintage ({examples}): an older one is "
        "used, so that all tracts speak of the same years"
    ),
    "coverage_low": N_("{count} of {of} tracts are covered to less than 95 percent ({examples})"),
    "no_self_response": N_("{count} of {of} tracts have no self-response rate ({examples})"),
    "self_response_caution": N_(
        "{count} of {of} tracts have more than a quarter of their units vacant: a low rate there "
        "reflects seasonal homes and areas counted in person, and is no undercount ({examples})"
    ),
    "days_missing": N_("{count} of {of} days between the first and the last have no posting"),
    "rate_falls": N_("{count} of {of} steps from day to day go down, which a running total cannot"),
    "tract_split": N_(
        "{count} of {of} tracts lie in more than one supervisorial district, but are drawn in the one "
        "with most of their area: the lines are approximate ({examples})"
    ),
    "boundaries_differ": N_(
        "{count} boundaries of {name} are here, from {smallest_km2} to {largest_km2} km2: "
        "which one counts is a choice"
    ),
    "stand_in": N_("{count} shapes stand in for the official layer: coarse, for orientation only"),
    "stops_unserved": N_("{count} of {of} stops have no place on the map ({examples})"),
    "routes_without_shape": N_("{count} of {of} routes have no line ({examples})"),
    "feed_old": N_("the timetable is of {year}: it says where buses run, not when"),
    "feed_without_end": N_(
        "the timetable names {year} as its end, which is none: it is the one in force since {day}"
    ),
    "addresses_without_shape": N_("{count} of {of} addresses have no point and are left out ({examples})"),
    "points_not_here": N_(
        "{count} of {of} that stand in the list under the region's counties have no point, or one elsewhere: "
        "they are not drawn ({examples})"
    ),
}
"""Words of each check, marked for translation."""

register_checks(CENSUS_CHECKS)


def worth_telling(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Leave out the checks that found nothing.

    Examples
    --------
    >>> worth_telling([Finding("area_under", "places_2019", 0)])
    ()
    """
    return tuple(finding for finding in findings if finding.count)


register_checks(
    {
        "barriers_not_given": N_(
            "no source here gives these barriers: {examples}; turfs may lie across them, so look at the map"
        ),
        "barriers_unnamed": N_(
            "{count} of {of} canals and streams have no name (ditches and dry washes): not taken as barriers"
        ),
    }
)


register_checks(
    {
        "index_left_out": N_(
            "{count} of {of} tracts with an index were not learned from: {never_scored} have index 0 "
            "because they have no households and were never scored, {without_acs} have no ACS estimates"
        ),
        "index_few_tracts": N_(
            "only {count} scored tracts in {counties} counties: a simpler model, checked on every fifth "
            "tract instead of on whole counties"
        ),
        "index_not_estimated": N_("only {count} scored tracts: too few to estimate the index from"),
        "index_outside_interval": N_(
            "{count} of {of} tracts have an official index outside of the 90 percent interval of our "
            "estimate ({examples})"
        ),
    }
)


register_checks(
    {
        "served_from_rates": N_(
            "{count} of {of} water systems are points, or so small that the census cannot place people "
            "inside: their size is the State's own figure, their rates those of the surroundings ({examples})"
        ),
        "served_without_place": N_(
            "{count} of {of} water systems have no place that can be trusted: nothing is said of who is "
            "served ({examples})"
        ),
        "served_little_covered": N_(
            "{count} of {of} areas are covered by the region's tracts to less than 95 percent: people "
            "outside of the region are not counted ({examples})"
        ),
        "served_far_from_published": N_(
            "{count} of {of} outlined water systems have more than twice or less than half the people that "
            "the State publishes ({examples})"
        ),
    }
)


register_checks(
    {
        "value_impossible": N_(
            "{column}: {count} of {of} values cannot be, as they lie outside of {limits} ({examples})"
        ),
        "value_unlikely": N_(
            "{column}: {count} of {of} values are hard to believe, as they lie outside of {limits} "
            "({examples})"
        ),
        "part_exceeds": N_(
            "{column}: {count} of {of} values exceed {whole}, of which they are a part, by more than the "
            "margin of error ({examples})"
        ),
        "vintages_differ": N_(
            "{column}: {count} of {of} values differ by more than half and by more than the margin of error "
            "from another count: {other} ({examples}). People do not move as much"
        ),
        "county_unknown": N_("{count} of {of} rows name a county that does not exist ({examples})"),
        "join_empty": N_(
            "none of the {count} rows of {dataset} got a value from this source: nothing matched"
        ),
        "join_fewer": N_(
            "{column}: {count} of {of} rows got a value, where {before} of {had} had one in the build before"
        ),
        "rows_fewer": N_("{count} rows, where the build before had {of}"),
        "place_far_from_count": N_(
            "{count} of {of} places have by the survey more than twice or less than half of the people "
            "counted in 2020 ({examples})"
        ),
    }
)
"""What :mod:`geo.datasets.plausibility` finds."""
