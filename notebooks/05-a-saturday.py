# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # A Saturday
#
# Fourteen volunteers come on Saturday, for three hours each. Which doors do they knock on, and is it fair? This notebook
# goes from the hard-to-count index to fourteen walks, says how even they are and what is proven about that, and sets
# METIS beside them, which most programs use to cut graphs.

# %%
import os
import sys
import time
from pathlib import Path

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import shapely

# The checkout that this notebook lies in.
sys.path.insert(0, str(next(folder for folder in (Path.cwd(), *Path.cwd().parents) if (folder / "geo").is_dir())))

from geo.canvass.saturday import DayWish, first_areas, plan_day
from geo.canvass.target import Filter, choose_units, left_out_table, to_units
from geo.canvass.turf_plan import balance_table, balance_words, turf_shapes
from geo.canvass.walk import plan_walk, walks_table
from geo.datasets.storage import read_shapes_of
from geo.errors import GeoError
from geo.methods.geometry import polsby_popper
from geo.region import read_region

region = read_region(os.environ.get("GEO_REGION", "coachella"))
print(region.title + (": invented data" if region.invented else ""))
WISH = DayWish(volunteers=14, hours=3.0)


def read_if_built(name: str) -> gpd.GeoDataFrame | None:
    """Read a dataset of the region; None where no source gave it."""
    try:
        return read_shapes_of(region.key, name)
    except GeoError:
        return None


# %% [markdown]
# ## Whom to reach
#
# Tracts with an index of 60 and more, without tribal land (nobody gave permission) and without prisons and the like.
# What is left out is counted.

# %%
blocks, groups = read_if_built("blocks"), read_if_built("block_groups")
tracts = read_shapes_of(region.key, "tracts_2020")
units = to_units(groups if blocks is None else blocks, tracts, region.area_crs)
target = choose_units(units, wanted=Filter(least_index=60), tribal=read_if_built("tribal_areas"))
print(target.totals)
left_out_table(target.left_out)[["reason", "units", "doors", "population"]]

# %% [markdown]
# ## Which come first
#
# The highest index first; at the same index where fewer answered the Census by themselves. `today` are the doors that
# fourteen times three hours reach, at five minutes a door and the way from door to door.

# %%
first = first_areas(target.units, WISH)
first.loc[first["today"] > 0, ["ca_htc_index", "share_no_self_response", "doors", "hours", "today"]].round(2).head(10)

# %% [markdown]
# ## Fourteen walks
#
# A walk needs blocks. Where a region has only block groups, of hundreds of homes and with guessed edges, the table above
# is all that can be said honestly: areas to choose from. The rest of this notebook then goes on in an invented town.

# %%
def invented_town(side: int = 24) -> gpd.GeoDataFrame:
    """Make square blocks of 100 m with 1 to 59 doors each, in tracts of 8 by 8, with an index each."""
    chance = np.random.default_rng(5)
    places = [(x, y) for x in range(side) for y in range(side)]
    tract = [f"{x // 8}{y // 8}" for x, y in places]
    index = {name: round(chance.uniform(50, 110)) for name in sorted(set(tract))}
    return gpd.GeoDataFrame(
        {
            "tract_geoid": tract,
            "doors": chance.integers(1, 60, len(places)).astype(float),
            "ca_htc_index": [float(index[name]) for name in tract],
            "share_no_self_response": 0.4,
        },
        geometry=[shapely.box(100 * x, 100 * y, 100 * x + 100, 100 * y + 100) for x, y in places],
        index=[f"{x:02}{y:02}" for x, y in places],
        crs=region.area_crs,
    ).assign(households=lambda made: made["doors"] - 1, population=lambda made: 3 * made["doors"])


walked, barriers, roads = target.units, read_if_built("barriers"), read_if_built("roads")
if blocks is None:
    print("No source of this region gives blocks: from here on an invented town, invented data.")
    walked, barriers, roads = invented_town(), None, None
if barriers is not None:
    barriers = barriers.to_crs(region.area_crs)
start = time.perf_counter()
plan = plan_day(walked, WISH, barriers=barriers)
seconds = time.perf_counter() - start
print(balance_words(plan.cut, "hours"))
print(f"{plan.today:,} of {plan.doors:,} doors this Saturday, cut in {seconds:.1f} s")
balance_table(plan.cut, plan.units)[["doors", "hours", "deviation", "compactness", "units"]]

# %% [markdown]
# A large block is divided into stretches of its sides, so that one person can walk it: doors 1 to 12 of 40.

# %%
shapes = turf_shapes(plan.cut, plan.units).to_crs(region.area_crs)
figure, axes = plt.subplots(figsize=(8, 6))
shapes.plot(ax=axes, column="color", categorical=True, cmap="Set2", edgecolor="black", linewidth=0.6)
if barriers is not None:
    near = barriers[~barriers["is_crossing"]].clip(shapes.total_bounds)
    if len(near):
        near.plot(ax=axes, color="#a3326e", linewidth=1.5)
for row in shapes.itertuples():
    spot = row.geometry.representative_point()
    axes.annotate(row.name, (spot.x, spot.y), ha="center", va="center", fontsize=9)
axes.set_axis_off()
axes.set_title("Fourteen turfs of about three hours" + (": invented data" if region.invented or blocks is None else ""))
plt.show()

# %% [markdown]
# ## How even, beside METIS
#
# The same pieces, the same neighbors (none across a barrier), the same weights (hours, in tenths of a minute). METIS at
# its default and, tried thirty times, the most even. `worst` is how far the least even turf is off the average, `compactness` the mean of
# Polsby-Popper (1 is a circle). METIS comes with the development packages; without it, blocks are cut in the order of
# one walk through all of them, which is the simplest method.

# %%
ground, hours = plan.cut.ground, plan.units["hours"].to_numpy()
one_piece = len(ground.pieces) == 1


def worst(labels: np.ndarray) -> float:
    """Tell how far the least even turf is off the average."""
    sums = np.bincount(labels, hours, minlength=WISH.volunteers)
    return float(np.abs(sums / sums.mean() - 1).max())


def by_metis(tries: int) -> np.ndarray:
    """Cut with METIS: once, or the most even of some tries at three ufactors."""
    import pymetis

    lists = [np.array(near) for near in ground.adjacency.neighbors]
    weights = np.maximum(np.round(600 * hours), 1).astype(int).tolist()
    found = []
    for ufactor in (30,) if tries == 1 else (30, 10, 1):
        for seed in range(max(tries // 3, 1)):
            options = pymetis.Options(contig=int(one_piece), ufactor=ufactor, seed=seed)
            labels = pymetis.part_graph(WISH.volunteers, adjacency=lists, vweights=weights, options=options)[1]
            found.append(np.array(labels))
    return min(found, key=worst)


def in_order_of_a_walk() -> np.ndarray:
    """Cut the order of one short walk into parts of the same hours."""
    middles = plan.units.geometry.centroid
    rows = (middles.y // 400).astype(int)
    order = np.lexsort((np.where(rows % 2, -middles.x, middles.x), rows))
    begun = np.cumsum(hours[order]) - hours[order] / 2
    labels = np.empty(len(hours), dtype=int)
    labels[order] = (WISH.volunteers * begun / hours.sum()).astype(int)
    return labels


cuts, took = {"cut_turfs": plan.cut.labels.to_numpy()}, {"cut_turfs": seconds}
ways = {
    "in the order of a walk": in_order_of_a_walk,
    "METIS, default": lambda: by_metis(1),
    "METIS, most even of 30": lambda: by_metis(30),
}
for name, way in ways.items():
    start = time.perf_counter()
    try:
        cuts[name] = way()
    except ImportError:
        print(f"{name}: not installed here")
    took[name] = time.perf_counter() - start
beside = pd.DataFrame(
    {
        name: {
            "worst, %": 100 * worst(labels),
            "compactness": polsby_popper(plan.units.dissolve(labels).geometry).mean(),
            "least hours": np.bincount(labels, hours).min(),
            "most hours": np.bincount(labels, hours).max(),
            "seconds": took[name],
        }
        for name, labels in cuts.items()
    }
).T
print(f"No cut into connected turfs is more even than {100 * plan.cut.bound:.2f} % (proven).")
beside.round(2)

# %% [markdown]
# ## What a volunteer is handed
#
# The way through the stops of the first three turfs and back to the car, and what it adds to the hours of knocking.

# %%
streets = None if roads is None else roads[~roads["rough"]]
walks = [
    plan_walk(
        f"turf {turf + 1}",
        plan.units[plan.cut.labels == turf],
        streets,
        minutes_per_door=WISH.minutes_per_door,
        blocks=walked.geometry,
    )
    for turf in range(3)
]
walks_table(walks)

# %% [markdown]
# ## The limit
#
# Hours are estimates: five minutes a door, whoever opens, and the length of a short round through random points. Nobody
# knows beforehand which homes are empty. Even hours are not an even evening: a turf of ranches and one of a park of homes
# take the same time and not the same strength. METIS cuts for few neighbors across borders, not for compact shapes, and
# takes far less time. A piece is about a tenth of a turf, so one piece more or less is most of what the turfs differ by;
# within the five percent that were asked for, `cut_turfs` gives evenness away for compact shapes.
