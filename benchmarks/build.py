"""Time a cold build, a build with nothing to do, and one after a single source changed, as ratios.

Run from the checkout::

    python benchmarks/build.py [--region demo] [--mirror DIR] [--repeat 3]

Each build is a whole process in a data folder of its own. The source that changes is the table of
hard-to-count scores, by one row.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHANGED = "ca_htc_index_2019"
HEAVY = ("geopandas", "pandas", "shapely", "pyarrow", "numpy")


def run(arguments: list[str], folder: Path) -> tuple[float, str]:
    """Run a command of ours on a data folder; seconds and what it printed."""
    places = {"GEO_DATA_DIR": str(folder / "data"), "GEO_STATIC_DIR": str(folder / "static")}
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **places},
        check=True,
        capture_output=True,
        text=True,
    )
    return time.perf_counter() - started, done.stdout + done.stderr


def change_one_source(folder: Path, realm: str) -> None:
    """Commit the table of scores again with its last row left out."""
    code = f"""
import pandas as pd
from dataclasses import replace
from geo.sources.raw import RawStore, describe_file
store = RawStore({realm!r})
receipt = store.receipt({CHANGED!r})
old = receipt.files[0].path
new = store.incoming({CHANGED!r}) / old.name
pd.read_excel(old, dtype="string").iloc[:-1].to_excel(new, index=False)
store.commit(replace(receipt, files=(describe_file(new, address="changed for a benchmark"),)))
"""
    run(["-c", code], folder)


def imports_of_a_no_op(build: list[str], folder: Path) -> list[str]:
    """Which heavy libraries a build with nothing to do imports."""
    _, told = run(["-X", "importtime", *build], folder)
    loaded = {line.rpartition("|")[2].strip() for line in told.splitlines() if "|" in line}
    return sorted(loaded.intersection(HEAVY))


def main() -> None:
    """Time the three builds and print them as ratios to the cold one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--region", default="demo")
    parser.add_argument("--mirror")
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    build = ["-m", "geo", "build", "--region", options.region]
    mirror = ["--mirror", options.mirror] if options.mirror else []
    realm = "demo" if options.region == "demo" else "official"
    times: dict[str, list[float]] = {"cold": [], "nothing to do": [], "one source changed": []}
    heavy: list[str] = []
    for _ in range(options.repeat):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            times["cold"].append(run([*build, *mirror], folder)[0])
            times["nothing to do"].append(run(build, folder)[0])
            heavy = imports_of_a_no_op(build, folder)
            change_one_source(folder, realm)
            times["one source changed"].append(run(build, folder)[0])
    cold = statistics.median(times["cold"])
    for name, seconds in times.items():
        middle = statistics.median(seconds)
        print(f"{name:20} {middle:7.2f} s  {middle / cold:6.3f} of cold")
    print(f"heavy libraries imported by a build with nothing to do: {', '.join(heavy) or 'none'}")


if __name__ == "__main__":
    main()
