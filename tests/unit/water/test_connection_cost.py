"""What connection costs do with gaps, changes and bad rows."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from geo.errors import CatalogError, GeoError, SchemaError
from geo.water.cost.connection import ITEMS, connection_cost
from geo.water.cost.parameters import read_method, read_methods
from geo.water.cost.sensitivity import cost_range, sensitivity, tipping_points


def systems(**columns: object) -> pd.DataFrame:
    base: dict[str, object] = {
        "pwsid": ["CA3300001", "CA3300002", "CA3300003"],
        "population": [100.0, 20.0, 660.0],
        "connections": [30.0, 6.0, 200.0],
        "merge_type": ["route", "intersect", "route"],
        "distance_ft": [5280.0, 0.0, 10560.0],
        "county_geoid": ["06065", "06025", "06071"],
    }
    return pd.DataFrame(base | columns, index=["a", "b", "c"])


@pytest.mark.parametrize("method", ["swrcb_2021", "swrcb_2022", "swrcb_2024"])
def test_line_items_sum_to_the_total(method: str) -> None:
    costs = connection_cost(systems(), method=method)
    assert costs.index.tolist() == ["a", "b", "c"]
    pd.testing.assert_series_equal(
        costs[list(ITEMS)].sum(axis=1), costs["total_cost_usd"], check_names=False, rtol=1e-12
    )


def test_the_2024_route_adds_the_buffer_and_the_county_s_share() -> None:
    cost = connection_cost(systems()).loc["a"]
    pipe, service = 6280 * 220 * 1.32, 30 * 6200 * 1.32
    expected = (1.15 * (pipe + service) + 5437 * 30 + 100_000) * 1.481
    assert cost["total_cost_usd"] == pytest.approx(expected, rel=1e-12)


def test_the_2022_variant_adjusts_everything_and_puts_inflation_on_top() -> None:
    cost = connection_cost(systems(), method="swrcb_2022").loc["a"]
    subtotal = 6280 * 155 + 30 * 6600 + 285_000
    assert cost["total_cost_usd"] == pytest.approx(subtotal * 1.45 * 1.32 * 1.047, rel=1e-12)


@pytest.mark.parametrize(
    ("method", "connections", "expected"),
    [("swrcb_2024", 0.0, 31), ("swrcb_2024", None, 31), ("swrcb_2021", 0.0, 8), ("swrcb_2021", None, 8)],
)
def test_missing_connections_are_replaced_as_the_method_says(
    method: str, connections: float | None, expected: int
) -> None:
    table = systems(connections=[connections, 6.0, 200.0])
    assert connection_cost(table, method=method)["connections_used"].iloc[0] == expected


def test_exact_multiples_of_the_stand_in_do_not_round_up() -> None:
    table = systems(population=[33.0, 66.0, 3.3], connections=[0, 0, 0])
    assert connection_cost(table)["connections_used"].tolist() == [10, 20, 1]


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"county_geoid": ["04012", "06025", "06071"]}, "county 04012 has no multiplier in swrcb_2024"),
        ({"county_geoid": [None, "06025", "06071"]}, "county (missing) has no multiplier in swrcb_2024"),
        ({"distance_ft": [None, 0.0, 1.0]}, "distance not known"),
        ({"connections": [None, 6, 200], "population": [None, 2, 3]}, "connections and population not known"),
    ],
)
def test_a_gap_is_named_and_the_other_systems_stand(columns: dict[str, object], reason: str) -> None:
    costs = connection_cost(systems(**columns))
    assert costs["reason"].iloc[0] == reason
    assert costs["total_cost_usd"].isna().tolist() == [True, False, False]
    assert costs["cost_per_connection_usd"].isna().tolist() == [True, False, False]
    assert costs["fundable"].isna().tolist() == [True, False, False]


def test_an_intersect_without_a_distance_is_costed() -> None:
    assert connection_cost(systems(distance_ft=[1.0, None, 1.0]))["total_cost_usd"].notna().all()


def test_a_state_small_system_of_unknown_population_has_no_2021_cost() -> None:
    costs = connection_cost(systems(population=[None, None, None]), method="swrcb_2021")
    assert costs["reason"].isna().tolist() == [True, False, True]


def test_fundable_looks_at_the_total_below_75_connections_and_at_each_connection_above() -> None:
    table = systems(connections=[74.0, 75.0, 100.0], distance_ft=[13_000.0, 0.0, 13_000.0])
    table = table.assign(merge_type="route", county_geoid="06065")
    assert connection_cost(table)["fundable"].tolist() == [False, True, True]


def test_every_fault_is_told_at_once_with_its_rows() -> None:
    table = systems(
        pwsid=["3300001", "CA33", "CA3300003"],
        distance_ft=[-1.0, 0.0, 5.0],
        merge_type=["route", "canal", "route"],
        population=["many", 2, 3],
    )
    with pytest.raises(SchemaError) as caught:
        connection_cost(table)
    message = str(caught.value)
    assert "2 with malformed PWSID (CA and 7 digits): row a 3300001, row b CA33" in message
    assert "1 with negative distance_ft: row a 3300001" in message
    assert "1 with merge_type other than route or intersect: row b CA33" in message
    assert "1 with population that is not a number: row a 3300001" in message


@pytest.mark.parametrize(
    ("method", "changes", "message"),
    [
        ("swrcb_1999", {}, "use one of swrcb_2024, swrcb_2021, swrcb_2022"),
        ("swrcb_2024", {"pipe": 1.0}, "has no parameter pipe: use buffer_ft, pipeline_usd_per_ft"),
        ("swrcb_2021", {"regional_urban_share": 0.1}, "has no parameter regional_urban_share"),
        ("swrcb_2024", {"pipeline_usd_per_ft": -1.0}, "pipeline_usd_per_ft = -1.0"),
        ("swrcb_2024", {"pipeline_usd_per_ft": float("nan")}, "pipeline_usd_per_ft = nan"),
    ],
)
def test_unknown_names_and_negative_amounts_are_refused(
    method: str, changes: dict[str, float], message: str
) -> None:
    with pytest.raises(GeoError, match=message):
        connection_cost(systems(), method=method, **changes)


def test_every_parameter_has_a_unit_a_source_and_a_note() -> None:
    for method in read_methods().values():
        assert len([geoid for geoid in method.counties if geoid < "06900"]) == 58  # the demo has one more
        for parameter in method.parameters.values():
            assert parameter.unit
            assert parameter.source == method.source
            assert parameter.note


def test_a_parameter_out_of_its_range_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "costs.toml"
    file.write_text(
        '[sources]\nm = "here"\n[regions]\nrural = []\n[methods.m]\ntitle = "m"\ndollars = 1\n'
        'regional = "none"\ninflation = "added"\n[methods.m.parameters.p]\nvalue = 3\nlow = 4\nhigh = 5\n'
        'unit = "USD"\nsource = "m"\nnote = ""\n'
    )
    with pytest.raises(CatalogError, match="out of order in p"):
        read_methods(file)


def test_the_range_holds_the_estimate_and_closes_where_a_parameter_is_given() -> None:
    free = cost_range(systems())
    known = cost_range(systems(), pipeline_usd_per_ft=220.0)
    assert (free["low_cost_usd"] < free["total_cost_usd"]).all()
    assert (free["total_cost_usd"] < free["high_cost_usd"]).all()
    assert (known["high_cost_usd"] < free["high_cost_usd"]).all()


@pytest.mark.parametrize("method", ["swrcb_2021", "swrcb_2022", "swrcb_2024"])
def test_a_range_is_what_the_costs_are_with_each_parameter_at_its_end(method: str) -> None:
    """Ranges are worked out on arrays, so that a lasso is answered at once; the costs are the same."""
    gaps = systems(connections=[30.0, None, 200.0], project=["one", None, "one"], county_geoid=["06065"] * 3)
    ends = cost_range(gaps, method=method)
    parts = [part for part in read_method(method).parameters.values() if part.low < part.high]
    low = {}
    for part in parts:
        totals = {
            end: connection_cost(gaps, method=method, **{part.name: end})["total_cost_usd"].sum()
            for end in (part.low, part.high)
        }
        low[part.name] = min(totals, key=totals.__getitem__)
    expected = connection_cost(gaps, method=method, **low)["total_cost_usd"]
    pd.testing.assert_series_equal(ends["low_cost_usd"], expected, check_names=False, check_exact=True)


def test_the_largest_swing_comes_first() -> None:
    table = sensitivity(systems())
    assert table["swing_usd"].is_monotonic_decreasing
    assert table["parameter"].iloc[0] == "pipeline_usd_per_ft"
    assert sensitivity(systems(), method="swrcb_2021")["turning"].isna().all()


@pytest.mark.parametrize("connections", [37.0, 0.0])
def test_a_system_is_fundable_on_one_side_of_its_tipping_points_only(connections: float) -> None:
    table = systems(connections=[connections] * 3, distance_ft=[14_000.0] * 3, merge_type=["route"] * 3)
    points = tipping_points(table)
    assert "pipeline_usd_per_ft" in set(points["parameter"])
    for index, point in points.iterrows():
        part = read_method("swrcb_2024").parameters[point["parameter"]]
        step = (part.high - part.low) * 1e-6
        sides = [
            connection_cost(table, **{point["parameter"]: point["tipping_value"] + side})
            for side in (-step, step)
        ]
        assert [bool(side.loc[index, "fundable"]) for side in sides] == [
            bool(point["fundable_below"]),
            not point["fundable_below"],
        ]
