"""Where people live, kept in memory for what is asked of any outline."""

from __future__ import annotations

from app_pages.parts.loading import is_built, kept, load_shapes
from geo.region import Region, read_region
from geo.tracts.residents.estimate import PeopleMap, to_people_map

OF_PEOPLE = ("tracts_2010", "block_groups", "blocks")
"""What a people map is read from; blocks where there are some."""


def load_people_map(region: str) -> PeopleMap:
    """Return a region's people map, kept in memory until it is built again; do not change it."""
    return _people_map(read_region(region))


@kept(*OF_PEOPLE, most=2, spoken=False)
def _people_map(region: Region) -> PeopleMap:
    blocks = load_shapes(region.key, "blocks") if is_built(region, "blocks") else None
    tracts, groups = (load_shapes(region.key, name) for name in ("tracts_2010", "block_groups"))
    return to_people_map(tracts, groups, blocks, region)
