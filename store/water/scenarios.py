"""Scenarios: one network for chosen systems as it was computed on a day, kept under a name."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, ClassVar

import pandas as pd
from pydantic import Field

from geo.errors import StoreError
from geo.language import gettext as _
from geo.units import to_words
from geo.water.cost.parameters import read_methods
from store.journal import Entry, Journal, seen_or_withdrawn
from store.records import Kept, Record, to_kept
from store.water.kinds import Amount, Pwsid


class Scenario(Record):
    """What was chosen, and what came out: lengths in feet, amounts in US dollars.

    ``low_ft`` and ``high_ft`` are the range where lengths are estimated from straight lines; ``bound_ft`` is
    proven:
    no network of these systems on this ground is shorter. Amounts are None where the method could not say.
    ``low_usd`` and ``high_usd`` are the range of the whole shared cost, over parameters, lengths and what may
    count as the district; None of scenarios kept before that was. ``among`` is whether the systems are joined
    with one another, wherever a main comes to them.
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
    low_usd: Amount | None = None
    high_usd: Amount | None = None
    least_in: Amount = 0
    fire_gpm: Amount = 0
    among: bool = False

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
    number = seen_or_withdrawn(seen, journal.history(region, Scenario.kind, scenario.key))
    return journal.append([scenario.draft(region, who, seen=number)])[0]


def rename_scenario(
    journal: Journal, region: str, scenario: Scenario, name: str, who: str, *, seen: int
) -> list[Entry]:
    """Keep a scenario under another name; the history of the old one stays.

    Raises
    ------
    ConflictError
        The name is taken, or somebody changed the scenario in the meantime; nothing was written.
    """
    renamed = Scenario.make({**scenario.model_dump(), "name": name})
    why = _("renamed from {name}").format(name=scenario.name)
    if renamed.key == scenario.key:
        return journal.append([renamed.draft(region, who, seen=seen, why=why)])
    gone = replace(scenario.draft(region, who, seen=seen, why=why), body=None)
    follows = seen_or_withdrawn(0, journal.history(region, Scenario.kind, renamed.key))
    return journal.append([renamed.draft(region, who, seen=follows, why=why), gone])


def remove_scenario(
    journal: Journal, region: str, scenario: Scenario, who: str, *, seen: int, why: str
) -> Entry:
    """Withdraw a scenario; its history stays.

    Raises
    ------
    StoreError
        No reason is given.
    ConflictError
        Somebody changed it in the meantime.
    """
    if not why.strip():
        raise StoreError(_("no reason is given for removing it"), _("say why; nothing was written"))
    draft = scenario.draft(region, who, seen=seen, why=why)
    return journal.append([replace(draft, body=None)])[0]


def compare_scenarios(kept: list[Kept[Scenario]]) -> pd.DataFrame:
    """Set scenarios side by side, a column each, in words.

    Returns
    -------
    pandas.DataFrame
        Index: what is compared; a column a scenario. Lengths in feet, amounts in US dollars; people for each
        million dollars are of the whole cost of the shared network.
    """
    return pd.DataFrame({item.record.name: _figures(item.record) for item in kept})


def _figures(scenario: Scenario) -> dict[str, str]:
    total = scenario.shared_total_usd
    amounts: dict[str, tuple[float | None, str]] = {
        _("Systems"): (len(scenario.pwsids), "count"),
        _("People"): (scenario.people, "people"),
        _("Connections"): (scenario.connections, "count"),
        _("Shared network, ft"): (scenario.trunk_ft, "count"),
        _("Separate pipes, ft"): (scenario.separate_ft, "count"),
        _("Shared pipes"): (scenario.shared_pipes_usd, "USD"),
        _("Separate pipes"): (scenario.separate_pipes_usd, "USD"),
        _("Whole cost on a shared network"): (total, "USD"),
        _("Lowest cost in its range"): (scenario.low_usd, "USD"),
        _("Highest cost in its range"): (scenario.high_usd, "USD"),
        _("Whole cost, each on its own"): (scenario.separate_total_usd, "USD"),
        _("People for each million dollars"): (scenario.people / (total / 1e6) if total else None, "count"),
    }
    method = read_methods().get(scenario.method)
    start = _("joined with one another") if scenario.among else scenario.boundary_title
    words = {
        _("Where the pipes start"): start or scenario.boundary,
        _("Cost method"): method.title if method else scenario.method,
        _("Least diameter, inches"): to_words(scenario.least_in, "count"),
        _("Fire flow, gallons a minute"): to_words(scenario.fire_gpm, "count"),
    }
    return words | {title: to_words(amount, unit) for title, (amount, unit) in amounts.items()}
