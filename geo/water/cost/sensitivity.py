"""How far a connection cost can be trusted: its range, what moves it most, and where it turns.

Amounts in US dollars of the method's year. Ranges are the stated lows and highs of
``data/connection_cost.toml``; some are this project's own, and their notes say so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from geo.water.cost.connection import check_systems, estimate, price, to_inputs
from geo.water.cost.parameters import Method, Parameter, read_method

HALVINGS = 40


def cost_range(systems: pd.DataFrame, *, method: str = "swrcb_2024", **changes: float) -> pd.DataFrame:
    """Return each system's total with every parameter at its cheaper, its own and its dearer end.

    Parameters rise and fall together here: the ends are wider than what is likely. A parameter that is
    given in ``changes`` is taken as known and has no range. NA where the total is NA.

    Returns
    -------
    pandas.DataFrame
        ``pwsid``, ``low_cost_usd``, ``total_cost_usd``, ``high_cost_usd``, with the index of ``systems``.

    Raises
    ------
    GeoError
        As :func:`geo.water.cost.connection.connection_cost`.

    Examples
    --------
    >>> park = pd.DataFrame({"pwsid": ["CA3301380"], "population": [122], "connections": [37],
    ...     "merge_type": ["intersect"], "distance_ft": [0.0], "county_geoid": ["06065"]})
    >>> cost_range(park)[["low_cost_usd", "total_cost_usd", "high_cost_usd"]].round(-3).values.tolist()
    [[594000.0, 1345000.0, 2625000.0]]
    """
    check_systems(systems)
    chosen, inputs = read_method(method), to_inputs(systems)
    values = chosen.values(changes)
    cheap, dear = dict(values), dict(values)
    for part in _uncertain(chosen, changes):
        low, high = (
            np.nansum(price(inputs, chosen, values | {part.name: end}).total) for end in (part.low, part.high)
        )
        ends = (part.low, part.high) if low <= high else (part.high, part.low)
        cheap[part.name], dear[part.name] = ends
    return pd.DataFrame(
        {
            "pwsid": systems["pwsid"],
            "low_cost_usd": price(inputs, chosen, cheap).total,
            "total_cost_usd": price(inputs, chosen, values).total,
            "high_cost_usd": price(inputs, chosen, dear).total,
        },
        index=systems.index,
    )


def sensitivity(systems: pd.DataFrame, *, method: str = "swrcb_2024", **changes: float) -> pd.DataFrame:
    """Tell which parameter moves the sum of all systems most, one at a time from its low to its high.

    Systems whose total is NA are left out of the sums.

    Returns
    -------
    pandas.DataFrame
        One row a parameter, the largest swing first: ``parameter``, ``low``, ``value``, ``high``, ``unit``,
        ``cost_at_low_usd``, ``cost_at_high_usd``, ``swing_usd``, ``fundable_at_low``, ``fundable_at_high``
        (numbers of systems, NA where the method does not say), ``turning`` (systems fundable at one end
        only).

    Raises
    ------
    GeoError
        As :func:`geo.water.cost.connection.connection_cost`.

    Examples
    --------
    >>> park = pd.DataFrame({"pwsid": ["CA3301380"], "population": [122], "connections": [37],
    ...     "merge_type": ["intersect"], "distance_ft": [0.0], "county_geoid": ["06065"]})
    >>> sensitivity(park)["parameter"].head(2).tolist()
    ['buffer_ft', 'pipeline_usd_per_ft']
    """
    check_systems(systems)
    chosen = read_method(method)
    values = chosen.values(changes)
    rows = [_swing(systems, chosen, values, part) for part in _uncertain(chosen, changes)]
    return pd.DataFrame(rows).sort_values("swing_usd", ascending=False, kind="stable", ignore_index=True)


def tipping_points(systems: pd.DataFrame, *, method: str = "swrcb_2024", **changes: float) -> pd.DataFrame:
    """Find the parameter values at which a system turns from fundable to not, within the stated ranges.

    One parameter moves at a time. A system that does not turn, or for which
    the method does not say, has no row.

    Returns
    -------
    pandas.DataFrame
        ``pwsid``, ``parameter``, ``value`` (the method's), ``tipping_value``, ``unit``, ``fundable_below``
        (whether it is fundable under the tipping value); the index is that of ``systems``.

    Raises
    ------
    GeoError
        As :func:`geo.water.cost.connection.connection_cost`.

    Examples
    --------
    >>> far = pd.DataFrame({"pwsid": ["CA3301380"], "population": [122], "connections": [37],
    ...     "merge_type": ["route"], "distance_ft": [14_000.0], "county_geoid": ["06065"]})
    >>> tipping_points(far).set_index("parameter")["tipping_value"]["pipeline_usd_per_ft"].round(2).item()
    184.99
    """
    check_systems(systems)
    chosen = read_method(method)
    values = chosen.values(changes)
    found = [_tips(systems, chosen, values, part) for part in _uncertain(chosen, changes)]
    columns = ["pwsid", "parameter", "value", "tipping_value", "unit", "fundable_below"]
    return pd.concat(found)[columns] if found else pd.DataFrame(columns=columns)


def farthest_fundable(
    systems: pd.DataFrame, *, method: str = "swrcb_2024", **changes: float
) -> pd.Series[float]:
    """Find how far each system's way may be, in feet without the method's own 1,000, for it to be fundable.

    The total is linear in the way. 0 or less: not fundable at any length. NaN where the method does not say,
    or the system cannot be costed; a system that touches its receiver has no way.

    Raises
    ------
    GeoError
        As :func:`geo.water.cost.connection.connection_cost`.

    Examples
    --------
    >>> far = pd.DataFrame({"pwsid": ["CA3301380"], "population": [122], "connections": [37],
    ...     "merge_type": ["route"], "distance_ft": [14_000.0], "county_geoid": ["06065"]})
    >>> farthest_fundable(far).round().item()
    11613.0
    """
    check_systems(systems)
    chosen = read_method(method)
    values = chosen.values(changes)
    none, one = (estimate(systems.assign(distance_ft=feet), chosen, values) for feet in (0.0, 1.0))
    slope = one["total_cost_usd"] - none["total_cost_usd"]
    if "fundable_total_usd" not in values:
        return pd.Series(np.nan, index=systems.index)
    room = _funding_limit(none["connections_used"], values) - none["total_cost_usd"]
    return (room / slope).where(slope > 0)


def _funding_limit(connections: pd.Series[float], values: Mapping[str, float]) -> pd.Series[float]:
    small = connections < values["fundable_small_connections"]
    return (connections * values["fundable_usd_per_connection"]).mask(small, values["fundable_total_usd"])


def _uncertain(method: Method, changes: Mapping[str, float]) -> Iterator[Parameter]:
    return (part for name, part in method.parameters.items() if part.low < part.high and name not in changes)


def _swing(
    systems: pd.DataFrame, method: Method, values: Mapping[str, float], part: Parameter
) -> dict[str, object]:
    at_low = estimate(systems, method, {**values, part.name: part.low})
    at_high = estimate(systems, method, {**values, part.name: part.high})
    low, high = at_low["total_cost_usd"].sum(), at_high["total_cost_usd"].sum()
    says = at_low["fundable"].notna().any()
    return {
        "parameter": part.name,
        "low": part.low,
        "value": values[part.name],
        "high": part.high,
        "unit": part.unit,
        "cost_at_low_usd": low,
        "cost_at_high_usd": high,
        "swing_usd": abs(high - low),
        "fundable_at_low": at_low["fundable"].sum() if says else pd.NA,
        "fundable_at_high": at_high["fundable"].sum() if says else pd.NA,
        "turning": at_low["fundable"].ne(at_high["fundable"]).sum() if says else pd.NA,
    }


def _tips(
    systems: pd.DataFrame, method: Method, values: Mapping[str, float], part: Parameter
) -> pd.DataFrame:
    at_low = estimate(systems, method, {**values, part.name: part.low})
    at_high = estimate(systems, method, {**values, part.name: part.high})
    turning = at_low["fundable"].ne(at_high["fundable"]).fillna(False).to_numpy(bool)
    low, high = at_low[turning], at_high[turning]
    if low["connections_used"].equals(high["connections_used"]):
        tips = _linear_tips(low, high, values, part)
    else:
        rows = [systems.iloc[[int(position)]] for position in np.flatnonzero(turning)]
        tips = np.array([_halved_tip(row, method, values, part) for row in rows], dtype=float)
    found = pd.DataFrame({"pwsid": low["pwsid"], "tipping_value": tips, "fundable_below": low["fundable"]})
    return found.assign(parameter=part.name, value=values[part.name], unit=part.unit)


def _linear_tips(
    low: pd.DataFrame, high: pd.DataFrame, values: Mapping[str, float], part: Parameter
) -> np.ndarray:
    """With the connections fixed, the total is linear in every single parameter."""
    limit = _funding_limit(low["connections_used"], values)
    slope = (high["total_cost_usd"] - low["total_cost_usd"]) / (part.high - part.low)
    return np.asarray(part.low + (limit - low["total_cost_usd"]) / slope, dtype=float)


def _halved_tip(row: pd.DataFrame, method: Method, values: Mapping[str, float], part: Parameter) -> float:
    def is_fundable(amount: float) -> bool:
        return bool(estimate(row, method, {**values, part.name: amount})["fundable"].item())

    low, high, below = part.low, part.high, is_fundable(part.low)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if is_fundable(middle) == below else (low, middle)
    return (low + high) / 2
