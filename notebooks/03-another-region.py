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
# # Another county, from nothing to a map
#
# A planner in another county of California asks: where are people uninsured, and what can be said of the few
# streets that I care about? This notebook goes from an empty declaration to a map of that county, and then to
# the profile of an area that somebody drew, with its margins, by the public functions of `geo` alone.
#
# The sources are statewide files that are on this machine already (`python -m geo fetch`): no network is asked.

# %%
import os
import sys
from pathlib import Path

import geopandas as gpd
import matplotlib.pyplot as plt
import pandas as pd
import shapely

# The checkout that this notebook lies in.
sys.path.insert(
    0, str(next(folder for folder in (Path.cwd(), *Path.cwd().parents) if (folder / "geo").is_dir()))
)

from geo.datasets.inputs import Inputs
from geo.datasets.record import read_sidecar
from geo.datasets.storage import read_shapes_of
from geo.pipelines import tracts_2010
from geo.region import Focus, Region, read_region
from geo.sources.catalog import read_catalog
from geo.sources.raw import RawStore
from geo.tracts.comparison import of_served, of_tract
from geo.tracts.indicators import INDICATORS
from geo.tracts.residents.estimate import people_in
from geo.tracts.standing import Peer, lay_profile, rates_of

chosen = os.environ.get("GEO_REGION") or ("coachella" if read_sidecar("coachella", "places") else "demo")
here = read_region(chosen)
print(f"{here.title}{': invented data' if here.invented else ''}")

# %% [markdown]
# ## A declaration
#
# A region is a few lines: its counties, two coordinate systems (one that keeps areas, one that keeps lengths), a
# time zone, and where a map opens. In a checkout they stand in `regions/<key>.toml`, and `python -m geo fetch` and
# `python -m geo build` do the rest. Here it is made on the spot. The county is the one with the most tracts among
# those that this machine's own region leaves out.

# %%
statewide = tracts_2010.extract(Inputs(here, RawStore(here.realm), read_catalog()))
tracts_by_county = statewide.shapes["geoid"].str[:5].value_counts()
others = tracts_by_county.drop(list(here.counties), errors="ignore")
wanted = "06071" if "06071" in others else (others if len(others) else tracts_by_county).index[0]
box = statewide.shapes[statewide.shapes["geoid"].str.startswith(wanted)].total_bounds
county = Region(
    key="another",
    title=f"County {wanted}",
    realm=here.realm,
    state=wanted[:2],
    counties=(wanted,),
    area_crs="EPSG:3310",
    length_crs="EPSG:26911",
    focus=(Focus("All of it", tuple(float(side) for side in box)),),
    timezone="America/Los_Angeles",
    invented=here.invented,
)
print(f"{county.title}: {tracts_by_county[wanted]} tracts")

# %% [markdown]
# ## Its tracts
#
# One call keeps the county's tracts, measures them, joins the statewide indicators with their margins, and ranks
# them; what is odd about the files is told, not hidden.

# %%
product = tracts_2010.transform(statewide, county)
tracts = gpd.GeoDataFrame(product.frame)
tracts_2010.validate(tracts)
print(f"{len(tracts)} tracts, {tracts['population'].sum():,.0f} people; findings: {len(product.findings)}")
rate = rates_of(tracts)["share_uninsured"]
print(f"uninsured in the whole county: {100 * rate.value:.1f} ± {100 * rate.moe:.1f} % (90 %)")

# %% [markdown]
# ## The map
#
# Shades say the share, dots say where the margin is so wide that the figure should not be used alone (coefficient
# of variation over 40 %). A tract without a figure is gray, never zero.

# %%
drawn = tracts.to_crs(county.area_crs)
share = drawn["share_uninsured"].astype("Float64")
unsure = (drawn["share_uninsured_moe"] / 1.645 / share > 0.4).fillna(False).astype(bool)
fig, ax = plt.subplots(figsize=(8, 6))
drawn.assign(share=100 * share.astype(float)).plot(
    "share",
    ax=ax,
    cmap="YlGnBu",
    scheme=None,
    legend=True,
    missing_kwds={"color": "#cccccc"},
    legend_kwds={"label": "percent uninsured", "shrink": 0.6},
    edgecolor="white",
    linewidth=0.2,
)
drawn[unsure].representative_point().plot(ax=ax, color="black", markersize=4)
ax.set_axis_off()
ax.set_title(
    f"{county.title}: uninsured, ACS 2014-2018; dots: unreliable ({int(unsure.sum())} of {len(drawn)})"
)
plt.show()

# %% [markdown]
# ## One tract beside its county
#
# Whether a tract differs is asked of the margins, not of the eye: *unclear* means that the samples cannot tell.

# %%
highest = tracts.loc[tracts["share_uninsured"].astype("Float64").idxmax()]
figures = of_tract(highest.to_dict(), "tracts_2010")
laid = lay_profile(figures, [Peer(county.title, rates_of(tracts))])
rows = [
    {
        "figure": INDICATORS[line.quantity.key].title,
        "value": line.quantity.value,
        "margin": line.quantity.moe,
        "county": line.standings[0].found.first.value,
        "stands": line.standings[0].kind,
        "times": round(line.standings[0].rung, 2) or None,
    }
    for lines in laid.values()
    for line in lines
    if line.standings[0] is not None
]
print(f"Tract {highest['geoid']}")
pd.DataFrame(rows).round(3)

# %% [markdown]
# ## A drawn area
#
# People are where blocks counted them in 2020, so an area that follows no border can be asked, too. This needs the
# datasets of people, which are built for this machine's region; the circle below is drawn around the middle of its
# first place. What lies in part of a tract is an estimate, and `guesswork` says how much of the figure hangs on it.

# %%
places = read_shapes_of(here.key, "places").to_crs(here.length_crs)
largest = places.loc[places.area.idxmax()]
circle = gpd.GeoSeries([largest.geometry.representative_point().buffer(4_000)], crs=here.length_crs)
outline: shapely.Geometry = circle.to_crs("EPSG:4326").iloc[0]
people = of_served(people_in(here.key, outline))
print(f"Four kilometers around the middle of {largest['name']}")
pd.DataFrame(
    {
        "value": {INDICATORS[key].title: item.value for key, item in people.items()},
        "margin": {INDICATORS[key].title: item.moe for key, item in people.items()},
        "guesswork": {INDICATORS[key].title: item.guesswork for key, item in people.items()},
        "reliability": {INDICATORS[key].title: item.reliability for key, item in people.items()},
    }
).round(3)

# %% [markdown]
# ## What this does not say
#
# The county's rates take their universes as exact, so that their margins are a little too wide. The tract with the
# highest figure is often one with a small sample: hold its margin against the next ones before anybody calls it the
# worst. And the circle is as good as the blocks in it: an area with a hundred people has no figure worth printing.
