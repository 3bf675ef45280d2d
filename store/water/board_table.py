"""The board as a table: what the State's tables say of each system, and its records; by need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from geo.intake.values import plain_words
from geo.language import mark as N_
from store.members import NOBODY, Rights
from store.records import Kept
from store.visibility import to_visible
from store.water.kinds import SECURED, SERVED, Affordability, Funding, Service, Stage
from store.water.next_in_line import OF_LIST, Listing

FACTS = (
    "community",
    "safer_status",
    "population",
    "population_estimated",
    "connections",
    "system_class",
    "economic_status",
    "violations_count",
    "location_quality",
    "is_receiver",
)
RATES = {
    "rate_usd_per_month": "Float64",
    "share_of_income": "Float64",
    "rate_on": "string",
    "rate_source": "string",
}
# Sums of estimates are rounded, so that their order does not show.
DECIMALS = 3
FUNDED: Mapping[str, str] = {
    "": N_("with or without funding"),
    "yes": N_("with funding on record"),
    "no": N_("without funding on record"),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the board is shown; an empty choice shows all."""

    service: Service = Service.WATER
    stages: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    communities: tuple[str, ...] = ()
    funded: str = ""


@dataclass(frozen=True, slots=True)
class Served:
    """How many are served of how many; people and connections are those that are known.

    ``of_estimated`` are those of ``of_people`` that no table counts: they are estimated from connections.
    """

    systems: int
    of_systems: int
    people: float
    of_people: float
    connections: float
    of_connections: float
    people_unknown: int
    of_estimated: float = 0.0


def board_table(
    systems: pd.DataFrame,
    statuses: pd.DataFrame,
    funding: Iterable[Kept[Funding]],
    affordability: Iterable[Kept[Affordability]] = (),
    rights: Rights = NOBODY,
) -> pd.DataFrame:
    """Put facts, stages, funding and what water costs a household of each system on one row.

    Parameters
    ----------
    systems
        Dataset ``water_systems``, or some of its rows.
    statuses
        As :meth:`store.water.book.Board.statuses` returns them.
    funding
        What is recorded of money; what was applied for or declined does not count, and one amount of one
        funder counts once, however many of its steps are on record.
    affordability
        What is recorded of water rates; the newest of a system and service counts.
    rights
        Those of who looks: the task force sees a small system's own name, others its community and
        identifier.

    Returns
    -------
    pandas.DataFrame
        Index pwsid: ``name``, :data:`FACTS`; for each service ``<service>_stage``, ``<service>_reached_on``,
        ``<service>_number``, ``<service>_funding_usd`` (0 where nothing is recorded),
        ``<service>_rate_usd_per_month``, ``<service>_share_of_income`` (0 to 1), ``<service>_rate_on`` and
        ``<service>_rate_source``, NA where nothing is recorded.
    """
    ours = systems.set_index("pwsid")
    columns = [name for name in FACTS if name in ours]
    table = pd.DataFrame(ours[columns])
    table.insert(0, "name", to_visible(ours, "water_systems", rights)["name"])
    money = _money(funding)
    for service in Service:
        of_service = statuses.xs(str(service), level="service").reindex(table.index)
        table[f"{service}_stage"] = of_service["stage"].fillna(str(Stage.NOT_RECORDED))
        table[f"{service}_reached_on"] = of_service["reached_on"]
        table[f"{service}_number"] = of_service["number"].fillna(0)
        amounts = {pwsid: amount for (pwsid, kind), amount in money.items() if kind == service}
        table[f"{service}_funding_usd"] = pd.Series(amounts, dtype=float).reindex(table.index).fillna(0.0)
    return table.join(_rates(affordability).reindex(table.index))


def filter_table(table: pd.DataFrame, filters: Filters) -> pd.DataFrame:
    """Keep the rows that the filters let through.

    Examples
    --------
    >>> table = pd.DataFrame({"water_stage": ["planning", "funded"], "safer_status": ["Failing", None],
    ...     "community": ["Oasis", None], "water_funding_usd": [0.0, 5.0]}, index=["CA1", "CA2"])
    >>> filter_table(table, Filters(statuses=("Failing",))).index.tolist()
    ['CA1']
    >>> filter_table(table, Filters(funded="yes", statuses=("",))).index.tolist()
    ['CA2']
    """
    keep = pd.Series(True, index=table.index)
    for column, wanted in (
        (f"{filters.service}_stage", filters.stages),
        ("safer_status", filters.statuses),
        ("community", filters.communities),
    ):
        if wanted:
            keep &= table[column].fillna("").isin(wanted)
    if filters.funded:
        keep &= table[f"{filters.service}_funding_usd"].gt(0) == (filters.funded == "yes")
    return table[keep]


def count_served(table: pd.DataFrame, service: Service) -> Served:
    """Count who is served of those on the board.

    Examples
    --------
    >>> table = pd.DataFrame({"water_stage": ["connected", "funded"], "population": [160.0, None],
    ...     "connections": [40.0, 7.0]}).convert_dtypes()
    >>> served = count_served(table, Service.WATER)
    >>> served.systems, served.people, served.of_people, served.people_unknown
    (1, 160.0, 160.0, 1)
    >>> count_served(table.assign(population_estimated=[True, False]), Service.WATER).of_estimated
    160.0
    """
    is_served = table[f"{service}_stage"].isin([str(stage) for stage in SERVED])
    people, connections = table["population"].astype("Float64"), table["connections"].astype("Float64")
    return Served(
        systems=int(is_served.sum()),
        of_systems=len(table),
        people=_sum(people[is_served]),
        of_people=_sum(people),
        connections=_sum(connections[is_served]),
        of_connections=_sum(connections),
        people_unknown=int(people.isna().sum()),
        of_estimated=_sum(people[_estimated(table)]),
    )


def _estimated(table: pd.DataFrame) -> pd.Series[bool]:
    if "population_estimated" not in table:
        return pd.Series(False, index=table.index)
    return table["population_estimated"].fillna(False).astype(bool)


def funnel_table(table: pd.DataFrame, service: Service) -> pd.DataFrame:
    """Count systems and known people by stage, in the order of the way.

    Examples
    --------
    >>> table = pd.DataFrame({"water_stage": ["funded"], "population": [50.0]})
    >>> funnel_table(table, Service.WATER).loc["funded"].tolist()
    [1.0, 50.0, 1.0]
    """
    groups = table.groupby(f"{service}_stage")["population"]
    order = [str(stage) for stage in Stage]
    counts = groups.size().reindex(order, fill_value=0)
    people = groups.sum().astype(float).round(DECIMALS).reindex(order, fill_value=0.0)
    return pd.DataFrame({"systems": counts, "people": people, "share": counts / max(len(table), 1)})


def communities_of(table: pd.DataFrame) -> list[str]:
    """List the communities on the board, by name."""
    return sorted(table["community"].dropna().astype(str).unique())


def _sum(amounts: pd.Series[float]) -> float:
    return round(float(amounts.sum()), DECIMALS)


def _money(funding: Iterable[Kept[Funding]]) -> dict[tuple[str, Service], float]:
    """Add up what is secured."""
    totals: dict[tuple[str, Service], float] = {}
    for record in secured_funding(funding):
        name = (record.pwsid, record.service)
        totals[name] = totals.get(name, 0.0) + record.amount_usd
    return totals


def secured_funding(funding: Iterable[Kept[Funding]]) -> list[Funding]:
    """Return the money that is secured, each once: awarded and received are steps of the same, not two sums.

    One funder's same amount for a system and service is the same money; the step reached first stands
    for it, so that it counts in the year in which it was secured.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> fields = {"pwsid": "CA9010002", "service": "water", "funder": "State", "amount_usd": 5}
    >>> told = [Funding(**fields, status=status) for status in ("applied", "awarded", "received")]
    >>> kept = [Kept(record, 1, datetime(2026, 1, 1, tzinfo=UTC), "Ana", "", "") for record in told]
    >>> [str(record.status) for record in secured_funding(kept)]
    ['awarded']
    """
    found: dict[tuple[object, ...], Funding] = {}
    for kept in funding:
        record = kept.record
        name = (record.pwsid, record.service, plain_words(record.funder), record.amount_usd)
        if record.status in SECURED and (name not in found or _is_earlier(record, found[name])):
            found[name] = record
    return list(found.values())


def _is_earlier(one: Funding, other: Funding) -> bool:
    return one.on is not None and (other.on is None or one.on < other.on)


def newest_rates(affordability: Iterable[Kept[Affordability]]) -> dict[tuple[str, Service], Affordability]:
    """Keep the newest rate of each system and service: by its day, then by when it was written."""
    ordered = sorted(affordability, key=lambda kept: (kept.record.on, kept.at))
    return {(kept.record.pwsid, kept.record.service): kept.record for kept in ordered}


def _rates(affordability: Iterable[Kept[Affordability]]) -> pd.DataFrame:
    rows: dict[str, dict[str, object]] = {}
    for (pwsid, service), record in newest_rates(affordability).items():
        rows.setdefault(pwsid, {}).update(
            {
                f"{service}_rate_usd_per_month": record.rate_usd_per_month,
                f"{service}_share_of_income": record.share_of_income,
                f"{service}_rate_on": str(record.on),
                f"{service}_rate_source": record.source_note,
            }
        )
    columns = {f"{service}_{name}": kind for service in Service for name, kind in RATES.items()}
    return pd.DataFrame.from_dict(rows, orient="index").reindex(columns=list(columns)).astype(columns)


COSTS = ("total_cost_usd", "low_cost_usd", "high_cost_usd", "cost_per_connection_usd")
RANKS = (
    "score",
    "known",
    "rank",
    "rank_low",
    "rank_high",
    "rank_least",
    "rank_most",
    "share_first",
    "rank_best",
    "rank_worst",
    "stands",
)


def order_by_need(
    table: pd.DataFrame, need: pd.DataFrame, costs: pd.DataFrame | None, service: Service
) -> pd.DataFrame:
    """Put who is next and cost beside the board's rows: the list by rank, then the others by listing.

    Of those of which too little is known the most people stand first; others stand by name.

    Parameters
    ----------
    table
        As :func:`store.water.board_table.board_table` returns it.
    need
        As :func:`store.water.next_in_line.who_is_next` returns it, for the same systems or more.
    costs
        As :func:`geo.water.routes.cost_systems` returns it; None, and for wastewater in any case, no cost
        stands there.

    Examples
    --------
    >>> table = pd.DataFrame({"name": ["a", "b", "c"]}, index=["CA1", "CA2", "CA3"])
    >>> need = pd.DataFrame({"rank": [2, 1, None]}, index=table.index)
    >>> need["listing"] = ["next", "next", "connected"]
    >>> order_by_need(table, need, None, Service.WATER).index.tolist()
    ['CA2', 'CA1', 'CA3']
    """
    ordered = table.join(need[[name for name in (*RANKS, *OF_LIST) if name in need]])
    if costs is not None and service is Service.WATER:
        ordered = ordered.join(
            costs[[name for name in (*COSTS, "fundable", "basis", "reason", "way") if name in costs]]
        )
    places = {str(listing): place for place, listing in enumerate(Listing)}
    little = ordered["listing"].eq(Listing.LITTLE_KNOWN)
    keys = {
        "_listing": ordered["listing"].map(places),
        "_rank": ordered.get("rank", 0),
        "_people": -ordered["population"].astype("Float64").where(little) if "population" in ordered else 0,
    }
    by = [*keys, "name"]
    return ordered.assign(**keys).sort_values(by, kind="stable", na_position="last").drop(columns=[*keys])
