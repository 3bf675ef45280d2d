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
# # The sources, what is wrong with them, and the join
#
# Maps of small water systems are made of tables by several publishers and of several years. They name the
# same systems differently, place some of them on the middle of a ZIP area, and know nothing of the people
# in most of the smallest. This notebook shows what is here, what our own checks find wrong with it, and how
# census tracts and water systems are joined: by area, with an account of every square meter.
#
# It runs on the region that is built: the Coachella Valley with Blythe, or the invented demo valley.

# %%
import os
import sys
from pathlib import Path

import pandas as pd

# The checkout that this notebook lies in.
sys.path.insert(
    0, str(next(folder for folder in (Path.cwd(), *Path.cwd().parents) if (folder / "geo").is_dir()))
)

from geo.datasets.findings import describe
from geo.methods.interpolation.ledger import Ledger
from geo.datasets.storage import read_ledgers, read_shapes_of, read_table_of
from geo.water.receiver import receiver_boundaries
from geo.region import read_region
from geo.datasets.record import read_sidecar
from geo.datasets.provenance import source_truth

pd.set_option("display.max_colwidth", 120)
pd.set_option("display.max_rows", 120)

chosen = os.environ.get("GEO_REGION") or (
    "coachella" if read_sidecar("coachella", "tract_system_join") else "demo"
)
region = read_region(chosen)
print(f"{region.title}{': invented data' if region.invented else ''}")

# %% [markdown]
# ## What is here
#
# *Fidelity* says how near a file is to what its publisher gives out: *original* are the publisher's bytes,
# *relaid* the same facts in the publisher's layout, a *stand-in* is another, coarser data set.

# %%
truths = source_truth(region.key)
here = [truth for truth in truths if truth.here]
pd.DataFrame(
    {
        "source": [truth.source.key for truth in here],
        "publisher": [truth.publisher for truth in here],
        "vintage": [truth.vintage for truth in here],
        "fidelity": [truth.fidelity for truth in here],
        "findings": [len(truth.findings) for truth in here],
    }
)

# %% [markdown]
# What is not here, and what it would feed:

# %%
pd.DataFrame(
    {truth.source.key: ", ".join(truth.datasets) for truth in truths if not truth.here}.items(),
    columns=["source", "feeds"],
)

# %% [markdown]
# ## What is wrong with the water tables
#
# Each line is counted by our own checks when the data are built; none is copied by hand.

# %%
WATER = (
    "water_system_boundaries",
    "water_system_details",
    "state_small_water_systems",
    "safer_risk_assessment",
    "water_quality_violations",
    "consolidation_2021",
    "mobile_home_parks",
)
found = [
    (truth.source.key, describe(finding))
    for truth in here
    if truth.source.key in WATER
    for finding in truth.findings
]
pd.DataFrame(found, columns=["source", "what is wrong"])

# %% [markdown]
# ## One row a system
#
# The five tables are joined by the system's identifier (PWSID) and by nothing else. For each column the
# newest table that knows is believed, and the others' contradictions are counted above.

# %%
systems = read_shapes_of(region.key, "water_systems")
print(f"{len(systems)} systems, each identifier {'once' if systems['pwsid'].is_unique else 'MORE THAN ONCE'}")
pd.crosstab(systems["system_class"], systems["safer_status"].fillna("not in the assessment"))

# %% [markdown]
# Where they are, and how far that can be trusted. A system on the middle of a ZIP area is drawn, but its
# place is unknown; a system without a place is not drawn, but it is in every table.

# %%
systems["location_quality"].value_counts().rename("systems").to_frame()

# %% [markdown]
# No people are published for most of the smallest systems. A 0 where there are connections means
# "unknown"; then 3.3 people a connection are assumed, and the number is marked as an estimate.

# %%
people = systems.groupby(["system_class", "population_estimated"])["population"].agg(["size", "sum"])
people.set_axis(["systems", "people"], axis=1).round()

# %% [markdown]
# ## One name, several boundaries
#
# What lies "in the district" depends on which of its boundaries is taken. They differ, and none of them is
# a map of the pipes: the choice is the reader's, never a silent one.

# %%
pd.DataFrame(
    [
        (c.key, c.boundary_type, c.vintage, c.area_km2, c.published_area_km2)
        for c in receiver_boundaries(region)
    ],
    columns=["boundary", "kind", "vintage", "area of the shape, km2", "area as published, km2"],
).round(1)

# %% [markdown]
# ## The join of tracts and systems
#
# A tract and a service area are joined where they overlap, with the share of the tract and the share of the
# system that lie in the overlap. Service areas overlap one another, so the shares of a tract may sum above 1.

# %%
join = read_table_of(region.key, "tract_system_join")
print(f"{len(join)} pairs of {join['geoid'].nunique()} tracts and {join['pwsid'].nunique()} systems")
join.sort_values("share_of_tract", ascending=False).head(5).round(3)


# %% [markdown]
# The account, in km2: **in = out + lost - counted more than once.** What is lost has a name, and so has
# what is counted twice.


# %%
def to_km2(ledger: Ledger) -> pd.DataFrame:
    """Show a ledger of areas in km2, with how many units are concerned."""
    lines = ledger.lines
    amounts = lines[["in", "out", "lost", "counted_more_than_once"]] / 1e6
    amounts["difference"] = ledger.imbalance() / 1e6
    amounts["units lost"] = lines["units_lost"].map(len)
    amounts["units counted more than once"] = lines["units_repeated"].map(len)
    amounts["without a shape"] = lines["missing"]
    return amounts.astype(float).round(3).T


ledger = read_ledgers(region.key, "tract_system_join")[0]
to_km2(ledger)

# %% [markdown]
# Two checks that the notebook stands on: the account balances, and no system's shares sum above 1.

# %%
assert (ledger.imbalance().abs() <= 1e-9 * ledger.lines["in"]).all()
assert (join.groupby("pwsid")["share_of_system"].sum() <= 1 + 1e-9).all()

# %% [markdown]
# ## The State's list of possible joinings
#
# Every row of the State's list of 2021 is kept. Many have no identifier: they are matched by their whole
# name, or not at all. It is a record of a method, not of truth: some systems stand twice, and some were in
# the wrong place.

# %%
candidates = read_table_of(region.key, "consolidation_candidates")
ours = candidates[candidates["is_region_receiver"]]
pd.DataFrame(
    {
        "rows": [len(ours)],
        "matched by identifier": [(ours["match"] == "pwsid").sum()],
        "matched by name": [(ours["match"] == "name").sum()],
        "not matched": [(ours["match"] == "none").sum()],
        "doubles": [ours["is_double"].sum()],
        "in a wrong place": [ours["is_misplaced"].sum()],
        "miles of pipe": [ours["distance_miles"].sum()],
        "cost, US$ of 2021": [f"{ours['total_cost_usd'].sum():,.2f}"],
    }
).T.set_axis([f"to {region.receiver_name}"], axis=1)
