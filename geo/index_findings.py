"""Words of what was found on the way to our estimate of the index. Imports no dataframe library."""

from __future__ import annotations

from geo.findings import register_checks
from geo.language import mark as N_

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
