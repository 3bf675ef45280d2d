"""Words of what our checks find in barriers and mains. Imports no dataframe library."""

from __future__ import annotations

from geo.findings import register_checks
from geo.language import mark as N_

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
