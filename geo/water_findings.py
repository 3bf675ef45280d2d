"""The words of what our checks find wrong with the water sources.

Kept apart from the checks, so that a page can show findings without loading a dataframe library.
"""

from __future__ import annotations

from geo.findings import register_checks
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
            "{count} of {of} street geocodes lie more than a kilometre from the system's own boundary, "
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
        "no_location": N_("{count} of {of} systems have no place at all ({examples})"),
        "people_contradict": N_(
            "{count} of {of} systems: the tables' numbers of people differ by more than a quarter "
            "({examples})"
        ),
        "connections_contradict": N_(
            "{count} of {of} systems: the tables' numbers of connections differ by more than a quarter "
            "({examples})"
        ),
        "classes_contradict": N_("{count} of {of} systems: the tables give different classes ({examples})"),
        "owners_contradict": N_(
            "{count} of {of} systems: the tables give different kinds of owner ({examples})"
        ),
        "activity_contradicts": N_(
            "{count} of {of} systems are active in one table and inactive in another ({examples})"
        ),
        "inactive_systems": N_("{count} of {of} systems are inactive ({examples})"),
        "names_differ": N_("{count} of {of} systems have different names in different tables ({examples})"),
        "identifiers_reused": N_(
            "{count} of {of} systems: the names of different years have no word in common, so that the "
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
    }
)
