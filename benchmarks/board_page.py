"""The page of the board with 500 systems and 40,000 lines of history, beside one of the demo's own size.

    python benchmarks/board_page.py [lines] [systems]

Runs the whole page as a session does (Streamlit's AppTest), on a copy of the demo region in a temporary
folder in which its systems stand several times, under other numbers; the first round only warms up. Medians
of five rounds, in milliseconds of the processor, so that what else the machine does counts less; the
browser's own drawing comes on top.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import streamlit as st
from board import fill
from streamlit.testing.v1 import AppTest

from geo.datasets.record import require_sidecar
from geo.datasets.storage import Product, read_shapes_of, read_table_of, write_dataset
from geo.settings import ROOT, processed_dir
from store.database import open_database

ROUNDS = 5
REGION = "demo"
OF_SYSTEMS = {"people_served": "target_id", "tract_system_join": "pwsid", "violations": "pwsid"}


def multiply(systems: int) -> list[str]:
    """Let the demo's small systems stand so often that there are this many; return their numbers."""
    frame = read_shapes_of(REGION, "water_systems")
    small = frame[frame["connections"].le(1000) & frame["population"].gt(0)]
    large = frame.drop(small.index)
    many = pd.concat([small] * (systems // len(small) + 1), ignore_index=True).head(systems)
    numbers = pd.Series([f"CA90{number:05d}" for number in range(50_000, 50_000 + systems)])
    olds = many["pwsid"].tolist()
    replace("water_systems", pd.concat([large, many.assign(pwsid=numbers)], ignore_index=True))
    for name, column in OF_SYSTEMS.items():
        table = read_table_of(REGION, name)
        pairs = pd.DataFrame({column: olds, "new": numbers}).merge(table, on=column)
        copies = pairs.drop(columns=column).rename(columns={"new": column})
        replace(name, pd.concat([table, copies[table.columns]], ignore_index=True))
    return numbers.tolist()


def replace(name: str, frame: pd.DataFrame) -> None:
    write_dataset(REGION, name, Product(frame), require_sidecar(REGION, name).record)


def median_ms(run: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        run()
        times.append(1000 * (time.process_time() - start))
    return statistics.median(times)


def measure(folder: Path, lines: int, systems: int) -> dict[str, float]:
    os.environ["GEO_DATA_DIR"] = str(folder / "data")
    os.environ["GEO_STORE_URL"] = f"sqlite:///{folder / 'store.db'}"
    st.cache_resource.clear()
    st.cache_data.clear()
    pwsids = multiply(systems)
    fill(open_database(), lines, systems, pwsids)
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=600)
    app.query_params.update({"region": REGION, "system": pwsids[3]})
    app.run()
    start = time.process_time()
    app.switch_page("app_pages/water.py").run()
    first = 1000 * (time.process_time() - start)
    app.text_input(key="who").set_value("Ana").run()
    found = {"the page for the first time": first, "any click": median_ms(app.run)}
    names = iter(pwsids[10:])
    found["another system's card"] = median_ms(
        lambda: app.selectbox(key="water.choose").set_value(next(names)).run()
    )
    found["a stage recorded"] = median_ms(lambda: record(app))
    app.radio(key="water.part").set_value("changes").run()
    found["with the 500 latest changes"] = median_ms(app.run)
    app.radio(key="water.part").set_value("time").run()
    found["with the curve of who is served"] = median_ms(app.run)
    app.date_input(key="water.as_of").set_value(pd.Timestamp("2020-02-01").date()).run()
    found["as of an earlier day"] = median_ms(app.run)
    return found


def record(app: AppTest) -> None:
    form = next(item for item in app.button if item.label == "Record the stage")
    note = next(item for item in app.text_input if item.label == "Note")
    note.set_value(f"{note.value}.")
    form.click().run()


def main(lines: int, systems: int) -> None:
    whole = processed_dir(REGION)
    columns = {}
    for title, size in (("warm", (1_000, 80)), ("small", (1_000, 80)), ("large", (lines, systems))):
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(whole, Path(folder) / "data" / "processed" / REGION)
            columns[title] = measure(Path(folder), *size)
    print(f"| on the page | 80 systems, 1,000 lines, ms | {systems} systems, {lines:,} lines, ms | ratio |")
    print("|---|---|---|---|")
    for what, time_ms in columns["large"].items():
        small = columns["small"][what]
        print(f"| {what} | {small:.0f} | {time_ms:.0f} | {time_ms / small:.1f} |")


if __name__ == "__main__":
    main(*([int(item) for item in sys.argv[1:3]] or (40_000, 500)))
