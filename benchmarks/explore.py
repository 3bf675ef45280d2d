"""A click on Explore: what it costs the processor, on the real region where it is built, else on the demo.

    python benchmarks/explore.py [region]

Runs the whole page as a session does (Streamlit's AppTest). A click selects a tract, as one on the map or a
row of the table does; none is selected twice. Median, least and most of twenty clicks after three that only
warm up, in milliseconds of the processor, so that what else the machine does counts less; AppTest compiles
the pages anew each time, which a server does once: that share is told apart.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace

from streamlit.runtime.scriptrunner import script_cache
from streamlit.testing.v1 import AppTest

from geo.datasets.record import read_sidecar
from geo.datasets.storage import read_shapes_of
from geo.settings import ROOT

WARMING, CLICKS = 3, 20
compiling = 0.0


def time_compiling(compile_page: Callable[..., object]) -> Callable[..., object]:
    def timed(*arguments: object) -> object:
        global compiling
        started = time.thread_time()
        try:
            return compile_page(*arguments)
        finally:
            compiling += time.thread_time() - started

    return timed


def first_built() -> str:
    built = read_sidecar("coachella", "tracts_2010")
    return "coachella" if built is not None and built.built else "demo"


def main(region: str) -> None:
    global compiling
    cache = script_cache.ScriptCache
    cache.get_bytecode = time_compiling(cache.get_bytecode)  # type: ignore[method-assign]
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=300)
    app.query_params["region"] = region
    app.switch_page("app_pages/explore.py").run()
    tracts = read_shapes_of(region, "tracts_2010")["geoid"].tolist()
    times = []
    for number in range(WARMING + CLICKS):
        view = app.session_state["view"]
        app.session_state["view"] = replace(view, selected=f"tracts:{tracts[number]}")
        compiling, started = 0.0, time.process_time()
        app.run()
        times.append((time.process_time() - started, compiling))
        assert not app.exception
    counted = [1000 * whole for whole, _share in times[WARMING:]]
    compiled = statistics.median(1000 * share for _whole, share in times[WARMING:])
    print(
        "| region | tracts | a click, ms | least | most | of it AppTest's compiling | load of the machine |"
    )
    print("|---|---|---|---|---|---|---|")
    figures = [statistics.median(counted), min(counted), max(counted), compiled]
    told = " | ".join(f"{figure:.0f}" for figure in figures)
    print(f"| {region} | {len(tracts)} | {told} | {os.getloadavg()[0]:.1f} |")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else first_built())
