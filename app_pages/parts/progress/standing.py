"""How a canvass stands: what its page shows, read once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import pandas as pd

from app_pages.parts.canvass_data import load_goal, load_units
from app_pages.parts.common import today
from app_pages.parts.person import Person
from geo.canvass.coverage import class_table, hide_class_table, tract_table, with_range
from geo.canvass.outlook import turf_units
from geo.canvass.paper_totals import find_twice
from geo.canvass.progress import by_turf, reached_range, to_contacts
from geo.region import Region
from store.canvass.book import CanvassBook
from store.canvass.kinds import Goal
from store.members import Rights
from store.visibility import may_see, to_visible


@dataclass(frozen=True, eq=False)
class Standing:
    """Turfs, contacts, blocks, goal, and doors that may count twice, with the ``rights`` of who looks."""

    region: Region
    turfs: pd.DataFrame
    contacts: pd.DataFrame
    units: gpd.GeoDataFrame
    members: pd.DataFrame
    goal: Goal
    twice: pd.DataFrame
    rights: Rights

    @property
    def full(self) -> bool:
        """Whether small counts may be seen."""
        return may_see("canvass_turfs", self.rights)

    def by_turf(self) -> pd.DataFrame:
        """Return progress by turf; ``twice``: households that may count twice, at most."""
        table = by_turf(self.turfs, self.contacts, today(), self.goal.households)
        return table.assign(twice=self.twice["most"].reindex(table.index).astype("Int64"))

    @cached_property
    def whole(self) -> pd.DataFrame:
        """Progress by tract, with small counts."""
        return tract_table(self.contacts, self.units, self.members)

    def tracts(self) -> pd.DataFrame:
        """Return progress by tract, as it may be seen."""
        return to_visible(self.whole, "canvass_tracts", self.rights)

    def classes(self) -> pd.DataFrame:
        """Return progress by index class, as it may be seen."""
        if not self.full:
            return hide_class_table(self.whole)
        spread = reached_range(self.contacts, self.members, self.whole["index_class"])
        return with_range(class_table(self.whole), spread)


def stand(region: Region, book: CanvassBook, person: Person) -> Standing:
    """Read how the canvass stands."""
    units, turfs = load_units(region), book.turfs()
    members = turf_units(turfs, units)
    visits, tallies = book.visits(), book.tallies()
    return Standing(
        region,
        turfs,
        to_contacts(visits, tallies, members),
        units,
        members,
        load_goal(book),
        find_twice(visits, tallies, members),
        person.rights,
    )
