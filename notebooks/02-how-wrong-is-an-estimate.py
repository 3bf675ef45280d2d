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
# # How wrong is an estimate?
#
# The Census Bureau publishes most figures for tracts and block groups. A board asks about a place: how many
# people live in Mecca? Whoever answers has to move figures from one set of areas to another, and the result
# looks as exact as a count. This notebook holds such estimates against a count that they never saw: people of
# the 2020 Census by block, summed by the place that the Bureau assigned each block to.
#
# Counts stand on both sides. What differs is where people were put, and nothing else.

# %%
import os
import sys
from pathlib import Path

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

# The checkout that this notebook lies in.
sys.path.insert(
    0, str(next(folder for folder in (Path.cwd(), *Path.cwd().parents) if (folder / "geo").is_dir()))
)

from geo.datasets.record import read_sidecar
from geo.datasets.storage import read_shapes_of, read_table_of
from geo.methods.interpolation import interpolate_areal
from geo.region import read_region

chosen = os.environ.get("GEO_REGION") or ("coachella" if read_sidecar("coachella", "places") else "demo")
region = read_region(chosen)
print(f"{region.title}{': invented data' if region.invented else ''}")

# %% [markdown]
# ## The count
#
# Each row of `counted_areas` is the part of a block group that lies in one place, or in none, with the people
# counted in its blocks. A place's people are the sum of its rows.


# %%
def projected(name: str, key: str) -> gpd.GeoDataFrame:
    """Read a dataset of polygons or points in the region's equal-area system, each row under its own id."""
    return read_shapes_of(region.key, name).set_index(key).to_crs(region.area_crs)


counted = read_table_of(region.key, "counted_areas")
truth = counted.groupby("place_geoid")["population"].sum().drop("", errors="ignore").astype(float)
places = projected("places", "geoid")
places = places[places.index.isin(truth.index[truth > 0])]
truth = truth[places.index]
print(
    f"{len(places)} places, {truth.sum():,.0f} people counted in them, {truth.median():,.0f} in the median place"
)

# %% [markdown]
# ## Three ways to estimate it
#
# 1. **Tracts by area.** A tract gives each place the share of its people that equals the share of its area.
# 2. **Block groups by area.** The same, with units about a third of the size.
# 3. **Block groups whole.** Each gives all of its people to the place that its center of population lies in.

# %%
tracts = projected("tracts_2020", "geoid")
groups = projected("block_groups", "geoid")
points = projected("people_points", "geoid")


def by_area(units: gpd.GeoDataFrame, people: str) -> pd.Series:
    """Estimate each place's people in proportion to area."""
    return interpolate_areal(units[[people, "geometry"]], places[["geometry"]], extensive=[people]).values[
        people
    ]


def by_center() -> pd.Series:
    """Give each block group to the place that its center of population lies in."""
    weights = points["population"].astype(float)
    sums = pd.DataFrame({"x": points.geometry.x * weights, "y": points.geometry.y * weights, "n": weights})
    sums = sums.groupby(points.index.str[:12]).sum().query("n > 0")
    centers = gpd.GeoDataFrame(
        {"people": groups["population"].astype(float).reindex(sums.index)},
        geometry=gpd.points_from_xy(sums["x"] / sums["n"], sums["y"] / sums["n"]),
        crs=points.crs,
    )
    inside = gpd.sjoin(centers, places[["geometry"]].rename_axis("place"), predicate="within")
    return inside.groupby("place")["people"].sum().reindex(places.index).fillna(0.0)


estimates = pd.DataFrame(
    {
        "tracts by area": by_area(tracts, "population_2020"),
        "block groups by area": by_area(groups, "population"),
        "block groups whole, by center": by_center(),
    }
).astype(float)
errors = estimates.sub(truth, axis=0)

# %% [markdown]
# ## How wrong are they?
#
# Errors without their signs: summed, as a share of all people in places; how many places are more than a quarter
# off; and the median of the errors.

# %%
report = pd.DataFrame(
    {
        "summed error, %": 100 * errors.abs().sum() / truth.sum(),
        "a quarter off": (errors.abs().gt(truth / 4, axis=0)).sum(),
        "median error, %": 100 * errors.abs().div(truth, axis=0).median(),
    }
).round(1)
report

# %% [markdown]
# Large places hide the small ones: a whole city lies inside its tracts, and hardly anything is split. The same
# by size of place, as the median error in percent of the count:

# %%
sizes = pd.cut(
    truth, [0, 2_500, 10_000, 50_000, np.inf], labels=["under 2,500", "to 10,000", "to 50,000", "larger"]
)
relative = 100 * errors.abs().div(truth, axis=0)
by_size = relative.groupby(sizes, observed=True).median().round(1)
by_size.insert(0, "places", sizes.value_counts())
by_size

# %% [markdown]
# Where they go wrong: places by how far *tracts by area* are from the count (red: too many people, blue: too
# few, white: right).

# %%
off = (100 * errors["tracts by area"] / truth).clip(-100, 100)
figure, axes = plt.subplots(figsize=(10, 5))
tracts.cx[slice(*places.total_bounds[[0, 2]]), slice(*places.total_bounds[[1, 3]])].boundary.plot(
    ax=axes, color="0.8", linewidth=0.4
)
bar = {"label": "percent off the 2020 count", "shrink": 0.5}
places.assign(off=off).plot(
    "off",
    ax=axes,
    cmap="RdBu_r",
    vmin=-100,
    vmax=100,
    edgecolor="0.3",
    linewidth=0.4,
    legend=True,
    legend_kwds=bar,
)
axes.set_axis_off()
axes.set_title(f"Tracts by area against the count: {region.title}")
plt.show()

# %% [markdown]
# ## A better split does not make another year
#
# The survey is a sample of five years, the count is of one day. Here each place's survey estimate is its share
# *by count* of every block group, which is as good a split as there can be. Its 90 % margin should then hold
# the number of people in nine places of ten, if all that differed were chance.

# %%
served = read_table_of(region.key, "people_served").query("target_kind == 'place'")
survey = served.query("variable == 'population'").set_index("target_id").reindex(places.index)
known = survey["estimate"].notna() & survey["moe"].notna()
held = (survey["estimate"] - truth).abs() <= survey["moe"]
assert known.any()
print(f"The survey's margin holds the 2020 count in {held[known].sum()} of {known.sum()} places.")

# %% [markdown]
# So the dashboard does not choose between the two in silence: people and homes of a place **are the 2020
# count**, without a margin, and the survey gives shares, each with its period.

# %%
shipped = served.query("variable == 'population_2020'").set_index("target_id").reindex(places.index)
gap = (shipped["estimate"] - truth).abs()
print(f"{(gap < 0.5).sum()} of {len(places)} places: the figure that is shown is the count, to the person")
assert (gap[shipped["method"] == "counted"] < 0.5).all()

# %% [markdown]
# ## What to take from it
#
# * Ask first whether the publisher has a figure for the area itself. No split is as good.
# * A small place is not a large one with a wider margin: look at the table by size before quoting a figure.
# * A margin of error that comes with the survey speaks of sampling alone. It knows nothing of how a tract was
#   split, or of the years between the survey and the count.
#
# **A limit of this page:** blocks were assigned to the places of 2020, and the outlines here may be of another
# year; where a town annexed land in between, a part of an "error" is the annexation.

# %%
assert (
    report.loc["block groups whole, by center", "summed error, %"]
    <= report.loc["tracts by area", "summed error, %"]
)
