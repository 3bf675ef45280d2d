"""What it costs to join a small water system to a larger one, by the State Water Board's methods."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.errors import SchemaError, first_ids
from geo.language import gettext as _
from geo.language import mark as N_
from geo.water.cost.parameters import Method, read_method
from geo.water.cost.sharing import shares_of_largest

__all__ = ["connection_cost"]

COLUMNS = ("pwsid", "population", "connections", "merge_type", "distance_ft", "county_geoid")
MERGE_TYPES = ("route", "intersect")
ITEMS = (
    "pipeline_usd",
    "service_line_usd",
    "regional_usd",
    "connection_fee_usd",
    "administration_usd",
    "ceqa_usd",
    "contingency_usd",
    "planning_usd",
    "engineering_usd",
    "inflation_usd",
)
ROUNDING = 9


def connection_cost(systems: pd.DataFrame, *, method: str = "swrcb_2024", **changes: float) -> pd.DataFrame:
    """Estimate each system's cost of physical consolidation.

    2024: ``(P + S + fee n + 0.15 (P + S) + CEQA) x 1.481`` with P and S the pipeline and the service
    lines times one plus the county's share; 2021: ``((distance + 1,000 ft) 155 + 5,000 if intersect +
    6,600 n + 285,000 or 0) x 1.2``. An intersect costs the buffer's length, whatever its distance. A
    route's length is its distance plus the buffer.

    A missing or zero number of connections is replaced as the method says. Where population, distance or
    a county's multiplier is needed and missing, that system's amounts are NA and ``reason`` says why; the
    others stand. ``fundable`` is NA where the method does not say.

    Parameters
    ----------
    systems
        One row a system: ``pwsid`` (text, may be missing), ``population``, ``connections``, ``merge_type``
        ("route" or "intersect"), ``distance_ft`` (without the buffer), ``county_geoid`` (text of 5 digits).
        Optional ``project`` (text): systems of one project have one environmental review, the largest of
        theirs, and share it (:func:`geo.water.cost.sharing.share_of_largest`); NA is a project of its own.
        Optional ``state_small`` (boolean): whether it is a state small system, as published; NA where that
        is for population and connections to decide.
    method
        A method of ``data/connection_cost.toml``.
    **changes
        Parameters of that file to be replaced, by name.

    Returns
    -------
    pandas.DataFrame
        With the index of ``systems``: ``pwsid``, ``connections_used``, ``pipe_length_ft``, the line items
        in USD (their sum is the total), ``total_cost_usd``, ``cost_per_connection_usd``, ``fundable``,
        ``reason``.

    Raises
    ------
    SchemaError
        Missing columns, malformed PWSIDs, negative amounts, unknown merge types: all of them in one message.
    GeoError
        An unknown method or parameter.

    Examples
    --------
    >>> park = pd.DataFrame({"pwsid": ["CA3301380"], "population": [122], "connections": [37],
    ...     "merge_type": ["intersect"], "distance_ft": [0.0], "county_geoid": ["06065"]})
    >>> round(connection_cost(park)["total_cost_usd"].item(), 2)
    1345278.49
    """
    check_systems(systems)
    chosen = read_method(method)
    return estimate(systems, chosen, chosen.values(changes))


def check_systems(systems: pd.DataFrame) -> None:
    """Raise unless ``systems`` is a table that can be costed.

    Raises
    ------
    SchemaError
        With every fault, how many rows it touches, and the first five of them.

    Examples
    --------
    >>> check_systems(pd.DataFrame({"pwsid": ["CA33"]}))
    Traceback (most recent call last):
    geo.errors.SchemaError: the table of systems lacks population, connections, merge_type, distance_ft, \
county_geoid: add them
    """
    absent = [column for column in COLUMNS if column not in systems.columns]
    if absent:
        raise SchemaError(
            _("the table of systems lacks {names}").format(names=", ".join(absent)), _("add them")
        )
    given = systems["pwsid"].notna()
    malformed = given & ~systems["pwsid"].astype("string").str.fullmatch(r"CA\d{7}").fillna(False).astype(
        bool
    )
    faults = [(_("malformed PWSID (CA and 7 digits)"), malformed)]
    for column in ("population", "connections", "distance_ft"):
        amount = pd.to_numeric(systems[column], errors="coerce")
        unread = systems[column].notna() & ~np.isfinite(amount.astype(float))
        faults += [
            (_("negative {column}").format(column=column), amount.lt(0).fillna(False)),
            (_("{column} that is not a number").format(column=column), unread),
        ]
    faults.append((_("merge_type other than route or intersect"), ~systems["merge_type"].isin(MERGE_TYPES)))
    told = [
        _("{count} with {what}: {names}").format(count=rows.sum(), what=what, names=_named(systems, rows))
        for what, rows in faults
        if rows.any()
    ]
    if told:
        raise SchemaError("; ".join(told), _("mend these rows and add the table again"))


def _named(systems: pd.DataFrame, rows: pd.Series[bool]) -> str:
    names = systems["pwsid"].astype("string").fillna(_("(no PWSID)"))
    return first_ids(
        _("row {row} {name}").format(row=index, name=name)
        for index, name in names[rows.to_numpy(bool)].items()
    )


def estimate(systems: pd.DataFrame, method: Method, values: Mapping[str, float]) -> pd.DataFrame:
    """Do what :func:`connection_cost` does with parameters already read and a table already checked.

    Examples
    --------
    >>> park = pd.DataFrame({"pwsid": ["CA3301380"], "population": [20], "connections": [11],
    ...     "merge_type": ["intersect"], "distance_ft": [0.0], "county_geoid": ["06065"]})
    >>> chosen = read_method("swrcb_2021")
    >>> estimate(park, chosen, chosen.values())["total_cost_usd"].item()
    279120.0
    """
    found = price(to_inputs(systems), method, values)
    used = {"connections_used": found.connections, "pipe_length_ft": found.length}
    costs = pd.DataFrame({"pwsid": systems["pwsid"], **used, **found.items}, index=systems.index)
    costs["total_cost_usd"] = found.total
    with np.errstate(invalid="ignore", divide="ignore"):
        each = found.total / found.connections
        costs["cost_per_connection_usd"] = np.where(found.connections > 0, each, np.nan)
    costs["fundable"] = _fundable(costs, values)
    unknown = {
        "connections and population": found.connections,
        "distance": found.length,
        "population": found.small,
    }
    costs["reason"] = _reasons(systems, method, unknown, found.share)
    return costs


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a method reads of a table of systems, as arrays: for those who price it many times.

    ``published`` tells who is a state small system as published (NaN: not), ``projects`` the places of the
    systems of each project that has several.
    """

    population: np.ndarray
    connections: np.ndarray
    distance_ft: np.ndarray
    intersect: np.ndarray
    published: np.ndarray
    county: np.ndarray
    counties: tuple[str, ...]
    projects: tuple[np.ndarray, ...]


@dataclass(frozen=True, slots=True)
class Priced:
    """What a method finds: its line items and their sum by system, NaN where something is not known."""

    connections: np.ndarray
    length: np.ndarray
    share: np.ndarray
    small: np.ndarray
    items: Mapping[str, np.ndarray]
    total: np.ndarray


def to_inputs(systems: pd.DataFrame) -> Inputs:
    """Read a checked table of systems into arrays.

    Examples
    --------
    >>> park = pd.DataFrame({"pwsid": ["CA3301380"], "population": [20], "connections": [11],
    ...     "merge_type": ["intersect"], "distance_ft": [0.0], "county_geoid": ["06065"]})
    >>> to_inputs(park).intersect.tolist(), to_inputs(park).projects
    ([True], ())
    """
    intersect = systems["merge_type"].eq("intersect").to_numpy(bool)
    published = np.full(len(systems), np.nan)
    if "state_small" in systems:
        published = systems["state_small"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    county, counties = pd.factorize(systems["county_geoid"])
    places: tuple[np.ndarray, ...] = ()
    if "project" in systems:
        project, __ = pd.factorize(systems["project"])
        places = tuple(np.flatnonzero(project == number) for number in range(project.max(initial=-1) + 1))
    return Inputs(
        _to_float(systems["population"]),
        _to_float(systems["connections"]),
        _to_float(systems["distance_ft"]),
        intersect,
        published,
        county,
        tuple(map(str, counties)),
        places,
    )


def price(inputs: Inputs, method: Method, values: Mapping[str, float]) -> Priced:
    """Reckon each system's line items and total.

    Examples
    --------
    >>> park = pd.DataFrame({"pwsid": ["CA3301380"], "population": [20], "connections": [11],
    ...     "merge_type": ["intersect"], "distance_ft": [0.0], "county_geoid": ["06065"]})
    >>> chosen = read_method("swrcb_2021")
    >>> price(to_inputs(park), chosen, chosen.values()).total.tolist()
    [279120.0]
    """
    connections = _connections_used(inputs, values)
    length = values["buffer_ft"] + np.where(inputs.intersect, 0.0, inputs.distance_ft)
    share = _regional_share(inputs, method, values)
    small = _state_small(inputs, connections, values)
    items = _direct_items(connections, length, inputs.intersect, small, values)
    items["ceqa_usd"] = _once_a_project(items["ceqa_usd"], inputs.projects)
    items = _added_items(items, share, method, values)
    total = sum((items[name] for name in ITEMS), np.zeros(len(connections)))
    return Priced(connections, length, share, small, items, total)


# Why a system has no cost: kept in the table in English, told by tell_reason in the language of who reads.
NOT_KNOWN = (
    N_("connections and population not known"),
    N_("distance not known"),
    N_("population not known"),
)
NO_MULTIPLIER = N_("county {county} has no multiplier in {method}")


def tell_reason(reason: str) -> str:
    """Tell a reason of the column ``reason`` in the language that is chosen.

    Examples
    --------
    >>> tell_reason("county 04012 has no multiplier in swrcb_2024")
    'county 04012 has no multiplier in swrcb_2024'
    """
    found = re.fullmatch(r"county (?P<county>.+) has no multiplier in (?P<method>.+)", reason)
    return _(NO_MULTIPLIER).format(**found.groupdict()) if found else _(reason)


def _to_float(column: pd.Series[float]) -> np.ndarray:
    return pd.to_numeric(column).astype("Float64").to_numpy(dtype=float, na_value=np.nan)


def _connections_used(inputs: Inputs, values: Mapping[str, float]) -> np.ndarray:
    connections = inputs.connections
    if "default_connections" in values:
        stand_in = np.full(len(connections), values["default_connections"])
    else:
        per_connection = max(values["people_per_connection"], 1e-9)
        stand_in = np.ceil(np.round(inputs.population / per_connection, ROUNDING))
        stand_in[stand_in == 0] = np.nan
    return np.where(np.isnan(connections) | (connections == 0), stand_in, connections)


def _state_small(inputs: Inputs, connections: np.ndarray, values: Mapping[str, float]) -> np.ndarray:
    """1 for a state small system, 0 for another, NaN where that cannot be known."""
    population, published = inputs.population, inputs.published
    if "state_small_population" not in values:
        return np.zeros(len(population))
    few_connections = connections < values["state_small_connections"]
    few_people = np.where(np.isnan(population), np.nan, population < values["state_small_population"])
    few_people = np.where(np.isnan(published), few_people, published)
    return np.where(few_connections, few_people, 0.0)


def _regional_share(inputs: Inputs, method: Method, values: Mapping[str, float]) -> np.ndarray:
    if method.regional == "none":
        return np.zeros(len(inputs.county))
    named = (method.counties.get(geoid) for geoid in inputs.counties)
    shares = [np.nan if name is None else values[f"regional_{name}_share"] for name in named]
    # A county that is missing has the place -1: the last one here.
    return np.asarray(np.array([*shares, np.nan])[inputs.county])


def _direct_items(
    connections: np.ndarray,
    length: np.ndarray,
    intersect: np.ndarray,
    small: np.ndarray,
    values: Mapping[str, float],
) -> dict[str, np.ndarray]:
    service = connections * values.get("service_line_usd_per_connection", 0.0)
    service = service + intersect * values.get("service_line_usd_per_intersecting_system", 0.0)
    ceqa = np.where(intersect, values.get("ceqa_intersect_usd", 0.0), values.get("ceqa_route_usd", 0.0))
    return {
        "pipeline_usd": length * values["pipeline_usd_per_ft"],
        "service_line_usd": service,
        "connection_fee_usd": connections * values["connection_fee_usd_per_connection"],
        "administration_usd": (1 - small) * values.get("administration_usd", 0.0),
        "ceqa_usd": ceqa + (1 - small) * values.get("ceqa_usd", 0.0),
    }


def _once_a_project(ceqa: np.ndarray, projects: Iterable[np.ndarray]) -> np.ndarray:
    own = ceqa.astype(float)
    for members in projects:
        own[members] = shares_of_largest(own[members])
    return own


def _added_items(
    items: dict[str, np.ndarray], share: np.ndarray, method: Method, values: Mapping[str, float]
) -> dict[str, np.ndarray]:
    pipe = items["pipeline_usd"] + items["service_line_usd"]
    regional = pipe * share if method.regional == "pipe" else np.zeros(len(pipe))
    administration = items["administration_usd"] + values.get("administration_share", 0.0) * (pipe + regional)
    subtotal = pipe + regional + items["connection_fee_usd"] + administration + items["ceqa_usd"]
    added = {
        f"{name}_usd": subtotal * values.get(f"{name}_share", 0.0)
        for name in ("contingency", "planning", "engineering")
    }
    before = subtotal + sum(added.values())
    if method.regional == "all":
        regional = before * share
    base = before + regional if method.inflation == "on_top" else subtotal
    inflation = base * values.get("inflation_share", 0.0)
    return (
        items
        | added
        | {
            "regional_usd": regional,
            "administration_usd": administration,
            "inflation_usd": inflation,
        }
    )


def _fundable(costs: pd.DataFrame, values: Mapping[str, float]) -> pd.Series[bool]:
    answer = pd.Series(pd.NA, index=costs.index, dtype="boolean")
    if "fundable_total_usd" not in values:
        return answer
    known = costs["total_cost_usd"].notna()
    small = costs["connections_used"] < values["fundable_small_connections"]
    by_total = costs["total_cost_usd"] <= values["fundable_total_usd"]
    by_connection = costs["cost_per_connection_usd"] <= values["fundable_usd_per_connection"]
    return answer.mask(known & small, by_total).mask(known & ~small, by_connection)


def _reasons(
    systems: pd.DataFrame, method: Method, unknown: Mapping[str, np.ndarray], share: np.ndarray
) -> pd.Series[str]:
    reasons = pd.Series("", index=systems.index, dtype="string")
    for what, amount in unknown.items():
        reasons = reasons.mask(np.isnan(amount) & reasons.eq(""), f"{what} not known")
    county = systems["county_geoid"].astype("string").fillna("(missing)")
    named = county.map(lambda name: NO_MULTIPLIER.format(county=name, method=method.key))
    reasons = reasons.mask(np.isnan(share), named)
    return reasons.mask(reasons.eq(""), pd.NA)


def usd_per_foot(costable: pd.DataFrame, method: str) -> pd.Series[float]:
    """Find what a foot more of pipe adds to each system's total; NaN where it cannot be costed.

    Parameters
    ----------
    costable
        As :func:`geo.water.cost.connection.connection_cost` takes them; their lengths are not used.

    Examples
    --------
    >>> park = pd.DataFrame({"pwsid": [None], "population": [9.0], "connections": [3.0],
    ...     "merge_type": ["route"], "distance_ft": [0.0], "county_geoid": ["06065"]})
    >>> round(usd_per_foot(park, "swrcb_2024").item(), 2)
    494.59
    """
    none, one = (
        connection_cost(costable.assign(merge_type="route", distance_ft=length), method=method)
        for length in (0.0, 1.0)
    )
    return one["total_cost_usd"] - none["total_cost_usd"]


def review_usd(costable: pd.DataFrame, method: str) -> pd.Series[float]:
    """Find what each system's environmental review adds to its total; NaN where it cannot be costed.

    Examples
    --------
    >>> park = pd.DataFrame({"pwsid": [None], "population": [9.0], "connections": [3.0],
    ...     "merge_type": ["route"], "distance_ft": [0.0], "county_geoid": ["06065"]})
    >>> round(review_usd(park, "swrcb_2024").item())
    148100
    """
    none = {name: 0.0 for name in read_method(method).parameters if name.startswith("ceqa_")}
    with_review, without = (connection_cost(costable, method=method, **changes) for changes in ({}, none))
    return with_review["total_cost_usd"] - without["total_cost_usd"]
