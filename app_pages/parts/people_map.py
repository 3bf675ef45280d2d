"""Where people live, kept in memory for what is asked of any outline."""

from __future__ import annotations

from app_pages.parts import screen as st
from app_pages.parts.common import load_sidecar
from geo.served.estimate import PeopleMap, read_people_map


def load_people_map(region: str) -> PeopleMap:
    """Return a region's people map, kept in memory until it is built again; do not change it."""
    stamp = "".join(load_sidecar(region, name).content for name in ("tracts_2010", "block_groups"))
    return _people_map(region, stamp)


@st.cache_resource(max_entries=2, show_spinner=False)
def _people_map(region: str, stamp: str) -> PeopleMap:
    return read_people_map(region)
