"""Scenarios: one network for chosen systems as it was computed on a day, kept under a name."""

from __future__ import annotations

from typing import Annotated, ClassVar

import pandas as pd
from pydantic import Field

from geo.language import gettext as _
from store.journal import Entry, Journal
from store.records import Kept, Record, to_kept
from store.water.kinds import Amount, Pwsid


class Scenario(Record):
    """What was chosen, and what came out: lengths in feet, amounts in US dollars.

    ``low_ft`` and ``high_ft`` are the range where lengths are estimated from straight lines; ``bound_ft`` is
    proven:
    no network of these systems on this ground is shorter. Amounts are None where the method could not say.
    """

    kind: ClassVar[str] = "scenario"
    name: str = Field(min_length=1, max_length=80)
    pwsids: Annotated[tuple[Pwsid, ...], Field(min_length=1)]
    boundary: str
    boundary_title: str = ""
    basis: str
    method: str
    trunk_ft: Amount
    low_ft: Amount
    high_ft: Amount
    bound_ft: Amount
    separate_ft: Amount
    shared_pipes_usd: Amount
    separate_pipes_usd: Amount
    shared_total_usd: Amount | None = None
    separate_total_usd: Amount | None = None
    people: Amount
    connections: Amount | None = None
    note: str = ""

    @property
    def key(self) -> str:
        """The name, whatever its case and blanks."""
        return " ".join(self.name.casefold().split())


def list_scenarios(journal: Journal, region: str) -> list[Kept[Scenario]]:
    """List a region's scenarios, the newest first."""
    found = [to_kept(Scenario, entry) for entry in journal.latest(region, Scenario.kind)]
    return sorted(found, key=lambda kept: kept.at, reverse=True)


def save_scenario(journal: Journal, region: str, scenario: Scenario, who: str, *, seen: int) -> Entry:
    """Keep a scenario; under a name that is taken only for those who saw what stands there.

    Parameters
    ----------
    seen
        Number of the entry that it replaces; 0 for a new name.

    Raises
    ------
    ConflictError
        The name is taken, or somebody changed the scenario in the meantime.
    """
    return journal.append([scenario.draft(region, who, seen=seen)])[0]


def compare_scenarios(kept: list[Kept[Scenario]]) -> pd.DataFrame:
    """Set scenarios side by side, a column each.

    Returns
    -------
    pandas.DataFrame
        Index: what is compared, in words; a column a scenario. Lengths in feet, amounts in US dollars;
        ``people per
        million dollars`` is of the whole cost of the shared network.
    """
    columns = {item.record.name: _figures(item.record) for item in kept}
    return pd.DataFrame(columns)


def _figures(scenario: Scenario) -> dict[str, float | int | None]:
    total = scenario.shared_total_usd
    return {
        _("Systems"): len(scenario.pwsids),
        _("People"): scenario.people,
        _("Connections"): scenario.connections,
        _("Shared network, ft"): scenario.trunk_ft,
        _("Separate pipes, ft"): scenario.separate_ft,
        _("Shared pipes, $"): scenario.shared_pipes_usd,
        _("Separate pipes, $"): scenario.separate_pipes_usd,
        _("Whole cost on a shared network, $"): total,
        _("Whole cost, each on its own, $"): scenario.separate_total_usd,
        _("People for each million dollars"): scenario.people / (total / 1e6) if total else None,
    }
