"""The words of what our checks find wrong with the water sources.

Kept apart from the checks, so that a page can show findings without loading a dataframe library.
"""

from __future__ import annotations

from geo.datasets.findings import OF_ONE, OF_PAIR, register_checks
from geo.language import mark as N_

register_checks(
    {
        "heights": N_("{count} of {of} shapes carry a height (Z), which was dropped"),
        "doubled_pwsids": N_("{count} systems stand twice in a table of {of} rows ({examples})"),
        "repaired_shapes": N_("{count} of {of} shapes were invalid and were repaired ({examples})"),
        "shapes_too_coarse": N_(
            "{count} of {of} shapes cover less than four fifths of the area that the publisher states for"
            " them: they are simplified, or older ({examples})"
        ),
        "shapes_too_wide": N_(
            "{count} of {of} shapes cover more than five fourths of the area that the publisher states "
            "for them ({examples})"
        ),
        "shapes_without_area": N_(
            "{count} of {of} shapes come without an area of the publisher's to compare with ({examples})"
        ),
        "shapes_circles": N_(
            "{count} of {of} shapes are circles drawn around a point, not surveyed areas ({examples})"
        ),
        "shapes_outside": N_("{count} of {of} shapes lie outside of the county of their system ({examples})"),
        "several_boundaries": N_(
            "{count} systems have several boundaries; the service area was taken ({examples})"
        ),
        "points_shared": N_(
            "{count} of {of} systems share their point with another, up to {most} on one ({examples})"
        ),
        "points_centroid": N_(
            "{count} of {of} systems lie on the middle of a ZIP area or street: their place is unknown "
            "({examples})"
        ),
        "points_outside": N_("{count} of {of} points lie outside of the county named for them ({examples})"),
        "geocodes_far": N_(
            "{count} of {of} street geocodes lie more than a kilometer from the system's own boundary, "
            "the farthest {farthest_km} km ({examples})"
        ),
        "population_zero": N_(
            "{count} of {of} systems are listed with 0 people though they have connections: unknown, not "
            "none ({examples})"
        ),
        "sells_to_others": N_(
            "{count} of {of} systems serve nobody themselves: they sell water to other systems ({examples})"
        ),
        "population_estimated": N_(
            "the people of {count} of {of} systems are our estimate, 3.3 for each connection ({examples})"
        ),
        "no_location": N_("{count} of {of} systems have no place, here or in any table ({examples})"),
        "people_contradict": N_(
            "{count} of {of} numbers of people differ by more than a quarter from a newer table's "
            "({examples})"
        ),
        "connections_contradict": N_(
            "{count} of {of} numbers of connections differ by more than a quarter from a newer table's "
            "({examples})"
        ),
        "classes_contradict": N_("{count} of {of} systems have another class in a newer table ({examples})"),
        "owners_contradict": N_(
            "{count} of {of} systems have another kind of owner in a newer table ({examples})"
        ),
        "activity_contradicts": N_(
            "{count} of {of} systems are active here and inactive in a newer table, or the other way about "
            "({examples})"
        ),
        "inactive_systems": N_("{count} of {of} systems are inactive ({examples})"),
        "names_differ": N_("{count} of {of} systems have another name in a newer table ({examples})"),
        "identifiers_reused": N_(
            "{count} of {of} systems have a name without a word in common with the one in a newer table: the "
            "identifier may have passed to another system ({examples})"
        ),
        "only_in_older_table": N_(
            "{count} of {of} systems are known from a table of {vintage} alone, which is older than "
            "{newest} ({examples})"
        ),
        "violations_older_than_status": N_(
            "{count} of {of} systems with violations on the list of {vintage} are not Failing in the "
            "assessment of {newest} ({examples})"
        ),
        "county_contradicts": N_(
            "{count} of {of} rows name another county than their identifier does ({examples})"
        ),
        "violations_repeated": N_(
            "{count} of {of} violations stand in several rows, one for each enforcement action: {rows} rows, "
            "but {of} violations ({examples})"
        ),
        "violations_without_limit": N_("{count} of {of} violations come without a limit ({examples})"),
        "violations_within_limit": N_(
            "{count} of {of} violations have a result that is not above the limit beside it: the limit is a "
            "running average, or in another form ({examples})"
        ),
        "violations_implausible": N_(
            "{count} of {of} results are ten times the limit or more: perhaps the decimal point slipped "
            "({examples})"
        ),
        "violations_of_reports": N_(
            "{count} of {of} violations are about reports and notices, not about limits: they are not "
            "counted ({examples})"
        ),
        "lab_results_without_number": N_(
            "{count} of {of} results have no number (present or absent) and are left out ({examples})"
        ),
        "parks_new": N_(
            "{count} of {of} parks of today's register have no place and are not drawn ({examples})"
        ),
        "parks_gone": N_(
            "{count} of {of} parks that are drawn do not stand in today's register any more ({examples})"
        ),
        "parks_elsewhere": N_("{count} of {of} parks are placed outside of the region ({examples})"),
        "parks_other_county": N_(
            "{count} of {of} parks are placed in another county of the region ({examples})"
        ),
        "parks_share_spot": N_(
            "{count} of {of} parks share their point with another, up to {most} on one ({examples})"
        ),
        "parks_centroid": N_(
            "{count} of {of} parks share a point where the geocoder fell back to a ZIP area or a street as a "
            "whole: their place is unknown ({examples})"
        ),
        "parks_county_contradicts": N_(
            "{count} of {of} parks name another county than their number does ({examples})"
        ),
        "overlaps_rounding": N_(
            "{count} of {of} overlaps are under a square meter and were left out ({examples})"
        ),
        "overlaps_slivers": N_(
            "{count} of {of} overlaps are thinner than the tract lines are exact: kept, and marked "
            "({examples})"
        ),
        "tracts_oversubscribed": N_(
            "{count} of {of} tracts: service areas overlap, so that their shares sum above 1 ({examples})"
        ),
        "tracts_unserved": N_("{count} of {of} tracts touch no service area ({examples})"),
        "systems_without_tract": N_(
            "{count} of {of} systems have no place in any tract here and take no part in the join "
            "({examples})"
        ),
        "systems_doubtful_tract": N_(
            "{count} of {of} systems are in a tract by a point that does not say where they are: marked as "
            "doubtful ({examples})"
        ),
        "candidates_unmatched": N_(
            "{count} of {of} rows are matched to no system, neither by identifier nor by name "
            "(rows {examples})"
        ),
        "candidates_by_name": N_(
            "{count} of {of} rows have no identifier and were matched by their name alone (rows {examples})"
        ),
        "candidates_not_here": N_(
            "{count} of {of} rows have an identifier that is in none of the region's tables (rows {examples})"
        ),
        "candidates_doubled": N_(
            "{count} of {of} rows are of a system that has another row (rows {examples})"
        ),
        "candidates_across_counties": N_(
            "{count} of {of} rows join a system to one of another county (rows {examples})"
        ),
        "candidates_misplaced": N_(
            "{count} of {of} rows have the joining system in a wrong place: the stated distance is shorter "
            "than the straight line as we know it, or the place is in another county (rows {examples})"
        ),
        "candidates_renamed": N_(
            "{count} of {of} rows: the system of that identifier now has a name without a word in common "
            "(rows {examples})"
        ),
        "receiver_boundaries_differ": N_(
            "{count} boundaries of {name} are here, from {smallest_km2} to {largest_km2} km2: which one is "
            "taken decides who lies inside, so it is the reader's choice"
        ),
        "receiver_area_unseen": N_(
            "{count} boundaries of {name} are listed with an area, but their shape is not here ({examples})"
        ),
    }
)

OF_PAIR.update(
    {
        "people_contradict": N_("State tables disagree: {low} or {high} people"),
        "connections_contradict": N_("State tables disagree: {low} or {high} connections"),
    }
)
OF_ONE.update(
    {
        "people_contradict": N_("State tables disagree on the number of people"),
        "connections_contradict": N_("State tables disagree on the number of connections"),
        "classes_contradict": N_("State tables disagree on the class of the system"),
        "owners_contradict": N_("State tables disagree on the kind of owner"),
        "activity_contradicts": N_("State tables disagree on whether the system is active"),
        "names_differ": N_("State tables give it different names"),
        "identifiers_reused": N_(
            "A newer table has a name without a word in common: the identifier may have passed to another "
            "system"
        ),
        "county_contradicts": N_("A table names another county than the identifier does"),
        "inactive_systems": N_("The State lists it as inactive"),
        "doubled_pwsids": N_("It stands twice in a State table"),
        "shapes_too_coarse": N_(
            "Its outline covers less than four fifths of the area that the publisher states"
        ),
        "shapes_too_wide": N_(
            "Its outline covers more than five fourths of the area that the publisher states"
        ),
        "shapes_circles": N_("Its outline is a circle drawn around a point, not a surveyed area"),
        "shapes_outside": N_("Its outline lies outside of its county"),
        "shapes_without_area": N_("The publisher states no area to compare its outline with"),
        "repaired_shapes": N_("Its outline was invalid and was repaired"),
        "points_shared": N_("Its point on the map is shared with other systems"),
        "points_centroid": N_("Its point is the middle of a ZIP area or street: its place is unknown"),
        "points_outside": N_("Its point lies outside of its county"),
        "geocodes_far": N_("Its street address lies more than a kilometer from its own boundary"),
        "population_zero": N_("Listed with 0 people though it has connections: unknown, not none"),
        "sells_to_others": N_("It serves nobody itself: it sells water to other systems"),
        "population_estimated": N_("Its people are our estimate, 3.3 for each connection"),
        "no_location": N_("It has no place in any table"),
        "systems_without_tract": N_("It has no place in any tract here"),
        "systems_doubtful_tract": N_("It is put into a tract by a point that does not say where it is"),
        "violations_older_than_status": N_(
            "It is on a list of violations though the newer risk assessment does not call it Failing"
        ),
        "violations_without_limit": N_("Some of its violations come without a limit"),
        "violations_within_limit": N_(
            "Some of its violations have a result not above the limit: the limit is a running average"
        ),
        "violations_implausible": N_(
            "A result is ten times the limit or more: perhaps the decimal point slipped"
        ),
        "violations_repeated": N_("Its violations stand in several rows, one for each enforcement action"),
        "only_in_older_table": N_("It is known from an older table alone"),
    }
)
