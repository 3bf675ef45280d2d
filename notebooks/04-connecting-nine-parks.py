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
# # Connecting nine parks
#
# Nine small water systems that lie close to one another: what would it cost to connect each alone, what on one
# network, who would pay what of it, and how much of all this hangs on where the district's pipe is? The State's own
# figures of 2021 stand beside ours.

# %%
import os
import sys
from pathlib import Path

import geopandas as gpd
import matplotlib.pyplot as plt
import pandas as pd
from shapely.geometry import LineString

# The checkout that this notebook lies in.
sys.path.insert(0, str(next(folder for folder in (Path.cwd(), *Path.cwd().parents) if (folder / "geo").is_dir())))

from geo.datasets.storage import read_shapes_of, read_table_of
from geo.region import read_region
from geo.water.boundary_fit import fit_boundary
from geo.water.known_ways import know_ways, unplaced
from geo.water.network_layout import lay_ground, lay_network, lines_of
from geo.water.receiver import read_target
from geo.water.routes import fit_roads, measure_ways, with_ways
from geo.water.shared_trunk import Sizing
from geo.water.state_figure import compare_figures, rows_of
from geo.water.tie_ins import reach_of_tie_ins

region = read_region(os.environ.get("GEO_REGION", "coachella"))
print(region.title + (": invented data" if region.invented else ""))
METHOD = "swrcb_2021"

# %% [markdown]
# ## Nine that lie together
#
# Only systems whose place is known come into question, and none that is the district itself. Of those with a row in
# the State's table that can be trusted (where it has one), the nine nearest to each other are taken: a start, and its
# eight nearest neighbors, where the nine lie closest.

# %%
systems = read_shapes_of(region.key, "water_systems")
candidates = read_table_of(region.key, "consolidation_candidates")
fit = fit_boundary(
    read_shapes_of(region.key, "receiver_boundaries"),
    systems,
    candidates,
    region.receiver,
    length_crs=region.length_crs,
    area_crs=region.area_crs,
)
small = systems["connections"].between(1, 1000) & ~systems["is_receiver"] & ~unplaced(systems)
in_table = systems["pwsid"].isin(rows_of(candidates)["matched_pwsid"]) if len(candidates) else small
known = systems[small & (in_table if (small & in_table).sum() >= 9 else True)]
points = known.to_crs(region.length_crs).representative_point()
radii = pd.DataFrame({index: points.distance(point) for index, point in points.items()})
start = radii.apply(lambda away: away.nsmallest(9).max()).idxmin()
nine = known.loc[radii[start].nsmallest(9).index]
nine[["pwsid", "public_name", "connections", "population", "location_quality"]]

# %% [markdown]
# ## Each alone, beside the State's figure
#
# The same method for both columns (2021): our inputs, and the State's own. The columns between say where the
# difference comes from, one input switched at a time; they add up to it.

# %%
target = read_target(region, fit.best, None, fit)
roads = fit_roads(read_shapes_of(region.key, "roads"), region.length_crs)
measured = measure_ways(nine, target.geometry.item(), region.length_crs, roads)
ways = know_ways(measured, systems[systems["pwsid"].isin(nine["pwsid"])], candidates, region.length_crs)
costable = with_ways(nine, ways)
rows = rows_of(candidates[candidates["matched_pwsid"].isin(nine["pwsid"])])
beside = compare_figures(rows, costable)
beside.round(0)

# %% [markdown]
# ## One network, with its proof
#
# Along roads where a file of roads is fit for measuring, else straight lines times 1.3. The tree is found exactly or
# with a bound: no other network on this ground is shorter than the bound.

# %%
chosen = nine.set_index("pwsid").to_crs(region.length_crs)
sizing = Sizing(least_in=8)
crossing = target.to_crs(region.length_crs).geometry.item()
layout = lay_network(lay_ground(chosen, crossing, roads), chosen, method=METHOD, sizing=sizing)
proof = {
    "pipes, ft": layout.tree.cost,
    "no network is shorter than, ft": layout.tree.lower_bound,
    "separate pipes, ft": layout.layouts.loc["separate", "length_ft"],
    "whole cost shared, $": layout.systems["shared_total_usd"].sum(),
    "whole cost alone, $": layout.systems["separate_total_usd"].sum(),
}
pd.Series(proof).round(0).to_frame("one network")

# %% [markdown]
# ## Who pays what
#
# By water use (each stretch by those behind it, in proportion to their peak demand), and in equal parts (the Shapley
# value). Both add up to the pipes.

# %%
shares = layout.systems[["people", "own_ft", "shared_ft", "by_demand_usd", "by_shapley_usd", "shared_total_usd"]]
shares.round(0)

# %% [markdown]
# ## What a tie-in changes
#
# No boundary is a map of mains. Suppose that a main runs east and west through the middle of the nine, as Avenue 66
# does through Mecca and Oasis: staff draw it, and the same systems are asked again.

# %%
west, south, east, north = nine.total_bounds
middle = (south + north) / 2
main = gpd.GeoSeries([LineString([(west, middle), (east, middle)])], crs=nine.crs)
reach = reach_of_tie_ins(main, region.length_crs).to_crs(region.length_crs).geometry.item()
tied = lay_network(lay_ground(chosen, reach, roads), chosen, method=METHOD, sizing=sizing)
changed = pd.DataFrame(
    {
        name: {
            "shared pipe, ft": found.layouts.loc["shared", "length_ft"],
            "touch what counts as the district": len(found.ground.inside),
            "whole cost shared, $": found.systems["shared_total_usd"].sum(),
            "whole cost alone, $": found.systems["separate_total_usd"].sum(),
        }
        for name, found in {"boundary that fits best": layout, "main through the middle": tied}.items()
    }
).round(0)
changed

# %%
figure, axes = plt.subplots(1, 2, figsize=(12, 5), sharex=True, sharey=True)
for axis, (name, found) in zip(axes, {"boundary that fits best": layout, "main": tied}.items(), strict=True):
    pipes = lines_of(found.ground, found.trunk)
    if len(pipes):
        pipes.plot(ax=axis, color="#a3326e", linewidth=2)
    nine.representative_point().plot(ax=axis, color="black", markersize=14)
    axis.set_title(f"{name}: {found.layouts.loc['shared', 'length_ft']:,.0f} ft of shared pipe")
main.plot(ax=axes[1], color="#00916e", linewidth=3, linestyle="--")
for axis in axes:
    axis.set_axis_off()
plt.show()

# %% [markdown]
# ## The limit
#
# None of this is a design. Where roads fit for measuring are missing, every length is a straight line times 1.3, and may
# be 1.0 to 1.8 times. Elevation and pressure are not counted. What the district's mains really are decides more than
# anything else above: the cheapest next step is a drawing of them.
