"""What a meeting waits for on a built region: a click on the board, an offer accepted, a network for all.

    python benchmarks/meeting.py [region]

Runs the pages as a session does (Streamlit's AppTest) on an empty store in a temporary folder, in seconds of
the processor; the browser's own drawing comes on top. Then the range of a cost as pages ask for it, beside
the same worked out table by table, as it is defined: both answers are compared to the last bit first.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from streamlit.testing.v1 import AppTest

from geo.datasets.storage import read_shapes_of
from geo.settings import ROOT
from geo.water.cost.connection import connection_cost
from geo.water.cost.parameters import read_method
from geo.water.cost.sensitivity import cost_range

ROUNDS, METHOD = 3, "swrcb_2024"
AIMS_S = {"a click on the board": 0.3, "an offer accepted": 1.0, "a network for all on the board": 3.0}


def seconds(run: Callable[[], object], rounds: int = 1) -> float:
    times = []
    for _ in range(rounds):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return sorted(times)[rounds // 2]


def measure_pages(region: str) -> dict[str, float]:
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=600)
    app.query_params.update({"region": region})
    app.switch_page("app_pages/water.py").run()
    app.text_input(key="who").set_value("Ana").run()
    found = {"a click on the board": seconds(app.run, ROUNDS)}
    offers = [item for item in app.button if str(item.key).endswith(".accept") and not item.disabled]
    if offers:
        found["an offer accepted"] = seconds(lambda: offers[0].click().run())
    app.switch_page("app_pages/network.py").run()
    found["a network for all on the board"] = seconds(lambda: app.button(key="network.all").click().run())
    assert not app.exception
    return found


def to_costable(region: str) -> pd.DataFrame:
    systems = read_shapes_of(region, "water_systems")
    table = systems[["pwsid", "population", "connections", "county_geoid"]].copy()
    chance = np.random.default_rng(1)
    table["merge_type"] = np.where(chance.random(len(table)) < 0.4, "intersect", "route")
    table["distance_ft"] = chance.uniform(0, 20_000, len(table))
    return table.assign(project=pd.array(chance.choice(["one", "two", None], len(table)), dtype="string"))


def range_by_tables(table: pd.DataFrame) -> pd.DataFrame:
    """Move each parameter to both ends in a table of its own, and take the cheaper ends together."""
    parts = [part for part in read_method(METHOD).parameters.values() if part.low < part.high]
    cheap, dear = {}, {}
    for part in parts:
        low, high = (
            connection_cost(table, method=METHOD, **{part.name: end})["total_cost_usd"].sum()
            for end in (part.low, part.high)
        )
        ends = (part.low, part.high) if low <= high else (part.high, part.low)
        cheap[part.name], dear[part.name] = ends
    columns = {"low_cost_usd": cheap, "total_cost_usd": {}, "high_cost_usd": dear}
    totals = {
        name: connection_cost(table, method=METHOD, **changes)["total_cost_usd"]
        for name, changes in columns.items()
    }
    return pd.DataFrame({"pwsid": table["pwsid"], **totals})


def main(region: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["GEO_STORE_URL"] = f"sqlite:///{Path(folder) / 'store.db'}"
        found = measure_pages(region)
    print(f"| on the pages of {region} | seconds | aim | of the aim |\n|---|---|---|---|")
    for what, taken in found.items():
        print(f"| {what} | {taken:.2f} | {AIMS_S[what]:.1f} | {taken / AIMS_S[what]:.1f} |")
    table = to_costable(region)
    pd.testing.assert_frame_equal(cost_range(table, method=METHOD), range_by_tables(table), check_exact=True)
    ours, theirs = (seconds(lambda run=run: run(table), ROUNDS) for run in (cost_range, range_by_tables))
    print(f"\nRange of the cost of {len(table)} systems: {ours:.3f} s; table by table {theirs:.3f} s")
    print(f"({theirs / ours:.0f} times as long), the same to the last bit.")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "coachella")
