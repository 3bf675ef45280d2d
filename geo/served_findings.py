"""Words of what was found on the way to who lives where. Imports no dataframe library."""

from __future__ import annotations

from geo.findings import register_checks
from geo.language import mark as N_

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
