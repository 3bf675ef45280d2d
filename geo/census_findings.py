"""Words of what our checks find in census and boundary sources. Imports no dataframe library."""

from __future__ import annotations

from collections.abc import Iterable

from geo.findings import Finding, register_checks
from geo.language import mark as N_

WORDS: dict[str, str] = {
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
        "{count} of {of} centres of population lie outside their own tract, in the bend of its shape: "
        "moved to the nearest point inside ({examples})"
    ),
    "block_groups_derived": N_(
        "{count} of {of} block groups are shown as the cell around their centre of population: "
        "no census line ({examples})"
    ),
    "block_sums_differ": N_(
        "{count} of {of} block groups have other populations by block and by centre ({examples})"
    ),
    "blocks_without_counts": N_("{count} of {of} blocks have no counts ({examples})"),
    "counts_without_block": N_("{count} of {of} blocks with counts have no polygon ({examples})"),
    "crosswalk_by_area": N_(
        "{count} of {of} tracts were split by area, as no block group has its centre there ({examples})"
    ),
    "crosswalk_official": N_("{count} pairs come from the Census Bureau's own relationship file"),
    "official_share_differs": N_(
        "{count} of {of} pairs of the Census Bureau's relationship file differ from ours by more than a "
        "twentieth of the tract ({examples})"
    ),
    "estimates_direct": N_(
        "{count} tracts have these columns straight from ACS tables of 2020 tracts: {examples}"
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
}
"""Words of each check, marked for translation."""

register_checks(WORDS)


def worth_telling(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Leave out the checks that found nothing.

    Examples
    --------
    >>> worth_telling([Finding("area_under", "places_2019", 0)])
    ()
    """
    return tuple(finding for finding in findings if finding.count)
