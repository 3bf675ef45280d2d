"""Which tracts programs have reached, and which hard-to-count ones by nothing. Pure."""

from __future__ import annotations

from itertools import pairwise
from math import inf

import geopandas as gpd
import pandas as pd

from geo.crs import STORED, require_crs
from geo.language import gettext as _
from geo.methods.margins import Estimate, sum_estimates
from geo.program.measures import Records

HARD_TO_COUNT = 60.0
"""Index of the State (0 to 136) from which a tract counts as hard to count here."""
INDEX_STEPS = (HARD_TO_COUNT, 80.0)
"""Where classes of the index begin in a report, above the one of tracts that are not hard to count."""


def place_events(events: pd.DataFrame, tracts: gpd.GeoDataFrame) -> pd.DataFrame:
    """Find the tract of every event that has a point and no ``geoid`` yet; degrees in EPSG:4326.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> tracts = gpd.GeoDataFrame({"geoid": ["06065045303"]}, geometry=[box(0, 0, 1, 1)], crs="EPSG:4326")
    >>> events = pd.DataFrame({"event": ["a"], "longitude": [0.5], "latitude": [0.5], "geoid": [None]})
    >>> place_events(events, tracts)["geoid"].tolist()
    ['06065045303']
    """
    require_crs(tracts)
    known = events.dropna(subset=["longitude", "latitude"])
    points = gpd.GeoDataFrame(
        known[["event"]],
        geometry=gpd.points_from_xy(known["longitude"].astype(float), known["latitude"].astype(float)),
        crs=STORED,
    )
    joined = points.sjoin(tracts[["geoid", "geometry"]], predicate="intersects")
    found = joined.drop_duplicates("event").set_index("event")["geoid"]
    given = events["geoid"].astype("string")
    return events.assign(geoid=given.fillna(events["event"].map(found).astype("string")))


def touched(records: Records, least: int = 1) -> pd.DataFrame:
    """List the tracts that each program reached.

    By people who came to an event there, households of a contact, enrollments or recruits. The kinds are not
    added up: who signed up may be who came.

    Parameters
    ----------
    records
        Events with ``geoid``, as :func:`place_events` gives them.
    least
        From how many people or households of one kind on a tract counts as reached.

    Returns
    -------
    pandas.DataFrame
        ``geoid`` and ``program``, each pair once.

    Examples
    --------
    >>> contacts = pd.DataFrame({"program": "p", "geoid": ["a", "b"], "households": [12, 3]})
    >>> touched(Records(contacts=contacts))["geoid"].tolist()
    ['a', 'b']
    >>> touched(Records(contacts=contacts), least=10)["geoid"].tolist()
    ['a']
    """
    came = records.attendance.drop(columns="program").merge(_geoids(records.events), on="event")
    kinds = [
        came.drop_duplicates(["program", "geoid", "person"]).assign(count=1),
        records.contacts.assign(count=records.contacts["households"]),
        records.enrollments.assign(count=records.enrollments["people"]),
        records.recruits.assign(count=1),
    ]
    sums = [frame.groupby(["geoid", "program"])["count"].sum() for frame in kinds if len(frame)]
    found = [part[part >= least].reset_index()[["geoid", "program"]] for part in sums]
    if not found:
        return pd.DataFrame(columns=["geoid", "program"])
    return pd.concat(found).drop_duplicates().reset_index(drop=True)


def _geoids(events: pd.DataFrame) -> pd.DataFrame:
    named = events if "geoid" in events.columns else events.assign(geoid=None)
    return named[["event", "program", "geoid"]].dropna()


def coverage(tracts: pd.DataFrame, reached: pd.DataFrame) -> pd.DataFrame:
    """Say of every hard-to-count tract which programs reached it.

    Parameters
    ----------
    tracts
        ``geoid``, ``ca_htc_index``, ``households`` and, where it is known, ``households_moe``; a missing
        index is not hard to count.
    reached
        As :func:`touched` gives it.

    Returns
    -------
    pandas.DataFrame
        Those columns, ``programs`` (how many), ``which`` (keys, sorted);
        first those reached by nothing, the hardest first.

    Examples
    --------
    >>> tracts = pd.DataFrame({"geoid": ["a", "b"], "ca_htc_index": [70.0, 90.0], "households": [10.0, 20.0]})
    >>> found = coverage(tracts, pd.DataFrame({"geoid": ["b"], "program": ["census_2020"]}))
    >>> found[["geoid", "programs"]].values.tolist()
    [['a', 0], ['b', 1]]
    """
    hard = tracts["ca_htc_index"].astype("Float64").ge(HARD_TO_COUNT).fillna(False).astype(bool)
    columns = ["geoid", "ca_htc_index", "households", "households_moe"]
    frame = tracts.loc[hard, [name for name in columns if name in tracts.columns]].copy()
    groups = {geoid: tuple(sorted(set(rows))) for geoid, rows in reached.groupby("geoid")["program"]}
    frame["which"] = [groups.get(geoid, ()) for geoid in frame["geoid"]]
    frame["programs"] = frame["which"].map(len).astype(int)
    return frame.sort_values(
        ["programs", "ca_htc_index", "geoid"], ascending=[True, False, True], ignore_index=True
    )


def reach_table(tracts: pd.DataFrame, reached: pd.DataFrame, program: str) -> pd.DataFrame:
    """Say of every tract whether a program reached it, whatever its index.

    Parameters
    ----------
    tracts
        ``geoid``, ``ca_htc_index`` and, where they are known, ``households`` with ``households_moe``.
    reached
        As :func:`touched` gives it.

    Returns
    -------
    pandas.DataFrame
        Those columns and ``by_this``; first those that were reached, the hardest to count first.

    Examples
    --------
    >>> tracts = pd.DataFrame({"geoid": ["a", "b"], "ca_htc_index": [70.0, 20.0]})
    >>> found = reach_table(tracts, pd.DataFrame({"geoid": ["b"], "program": ["census_2020"]}), "census_2020")
    >>> found[["geoid", "by_this"]].values.tolist()
    [['b', True], ['a', False]]
    """
    own = reached.loc[reached["program"] == program, "geoid"]
    columns = ["geoid", "ca_htc_index", "households", "households_moe"]
    frame = pd.DataFrame(tracts[[name for name in columns if name in tracts.columns]])
    frame = frame.assign(by_this=frame["geoid"].isin(own))
    order = ["by_this", "ca_htc_index", "geoid"]
    return frame.sort_values(order, ascending=[False, False, True], ignore_index=True)


def reach_by_index(table: pd.DataFrame) -> pd.DataFrame:
    """Add a table of reach up by class of the hard-to-count index.

    Parameters
    ----------
    table
        As :func:`reach_table` gives it, with ``households`` and ``households_moe`` (90 %).

    Returns
    -------
    pandas.DataFrame
        A row a class, the hardest first: ``begins`` and ``ends`` of the index (NA where it is open, both
        where the index is missing), ``tracts``, ``reached``, and households with their margins:
        ``households``, ``households_moe``, ``reached_households``, ``reached_households_moe``. A tract
        without an estimate counts among the tracts alone; a class without a tract has no row.

    Examples
    --------
    >>> rows = {"geoid": ["a", "b", "c"], "ca_htc_index": [90.0, 70.0, 65.0], "by_this": [True, True, False]}
    >>> table = pd.DataFrame(rows | {"households": [10.0, 30.0, 40.0], "households_moe": [1.0, 3.0, 4.0]})
    >>> found = reach_by_index(table)
    >>> found[["begins", "tracts", "reached", "households", "households_moe"]].values.tolist()
    [[80.0, 1, 1, 10.0, 1.0], [60.0, 2, 1, 70.0, 5.0]]
    """
    index = table["ca_htc_index"].astype("Float64")
    edges = [None, *INDEX_STEPS, None]
    rows = []
    for begins, ends in reversed(list(pairwise(edges))):
        low, high = (-inf if begins is None else begins), (inf if ends is None else ends)
        here = ((index >= low) & (index < high)).fillna(False).astype(bool)
        rows.append((begins, ends, table[here]))
    rows.append((None, None, table[index.isna()]))
    found: list[dict[str, float | None]] = [
        {"begins": begins, "ends": ends, "tracts": len(part), "reached": int(part["by_this"].sum())}
        | _households(part, "households")
        | _households(part[part["by_this"]], "reached_households")
        for begins, ends, part in rows
        if len(part)
    ]
    frame = pd.DataFrame(found)
    return frame.astype({"begins": "Float64", "ends": "Float64"}) if found else frame


def _households(part: pd.DataFrame, name: str) -> dict[str, float | None]:
    known = part.dropna(subset=["households", "households_moe"])
    whole = sum_estimates(known["households"].astype(float), known["households_moe"].astype(float))
    return {name: whole.estimate, f"{name}_moe": whole.moe}


def coverage_totals(covered: pd.DataFrame) -> dict[str, float]:
    """Add a coverage up: tracts and households, all and reached by nothing.

    Examples
    --------
    >>> frame = pd.DataFrame({"households": [10.0, 20.0], "programs": [0, 1]})
    >>> coverage_totals(frame)
    {'tracts': 2, 'unreached': 1, 'households': 30.0, 'unreached_households': 10.0}
    """
    bare = covered["programs"] == 0
    return {
        "tracts": len(covered),
        "unreached": int(bare.sum()),
        "households": float(covered["households"].sum()),
        "unreached_households": float(covered.loc[bare, "households"].sum()),
    }


def unreached_households(covered: pd.DataFrame) -> Estimate:
    """Add up the households of tracts reached by nothing, with the margin of the sum; missing ones left out.

    Examples
    --------
    >>> rows = {"households": [30.0, 40.0, 9.0], "households_moe": [3.0, 4.0, 1.0], "programs": [0, 0, 1]}
    >>> unreached_households(pd.DataFrame(rows))
    Estimate(estimate=70.0, moe=5.0)
    """
    known = covered[covered["programs"] == 0].dropna(subset=["households", "households_moe"])
    return sum_estimates(known["households"].astype(float), known["households_moe"].astype(float))


def households_by_division(
    contacts: pd.DataFrame,
    tracts: gpd.GeoDataFrame,
    divisions: gpd.GeoDataFrame,
    people: gpd.GeoDataFrame | None = None,
) -> pd.DataFrame:
    """Add the households of a canvass up by trustee area or division.

    A contact is known by its tract alone, and lines of divisions cut through tracts: it counts where most
    people of its tract live, which is an approximation.

    Parameters
    ----------
    contacts
        ``geoid`` and ``households``.
    tracts, divisions
        In EPSG:4326; ``geoid``, and ``name`` of the divisions.
    people
        Dataset ``people_points`` in EPSG:4326; a tract without them counts by its representative point.

    Returns
    -------
    pandas.DataFrame
        ``name`` and ``households``: every division, 0 where nothing is recorded; last, where there are
        some, those in none or of an unknown tract, so that the rows add up to all.
    """
    require_crs(divisions)
    members = where_most_live(tracts, divisions, people)
    named = contacts.assign(name=contacts["geoid"].map(members).fillna(""))
    sums = named.groupby("name")["households"].sum()
    counts = sums.reindex(divisions["name"].unique(), fill_value=0).astype(int)
    if sums.get("", 0) > 0:
        counts[_("in none of them, or tract not known")] = int(sums[""])
    return counts.rename_axis("name").rename("households").reset_index()


def where_most_live(
    tracts: gpd.GeoDataFrame, named: gpd.GeoDataFrame, people: gpd.GeoDataFrame | None = None
) -> pd.Series[str]:
    """Name for every tract the shape in which most of its people live, else the one of a point inside.

    Parameters
    ----------
    tracts, named
        In EPSG:4326; ``geoid`` of 2010, and ``name`` of the shapes: places, or divisions.
    people
        Dataset ``people_points`` in EPSG:4326; None where it is not built.

    Returns
    -------
    pandas.Series
        By ``geoid``; empty text where most live in none of them.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> tracts = gpd.GeoDataFrame({"geoid": ["a"]}, geometry=[box(0, 0, 2, 2)], crs="EPSG:4326")
    >>> towns = gpd.GeoDataFrame({"name": ["Mecca"]}, geometry=[box(0, 0, 3, 3)], crs="EPSG:4326")
    >>> where_most_live(tracts, towns).to_dict()
    {'a': 'Mecca'}
    """
    require_crs(tracts)
    alone = tracts[["geoid"]].set_geometry(tracts.geometry.representative_point()).assign(population=0.0)
    parts = [alone]
    if people is not None:
        require_crs(people)
        ours = people[["geoid_2010", "population", "geometry"]].rename(columns={"geoid_2010": "geoid"})
        parts.append(ours.astype({"population": float}))
    points = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs=tracts.crs)
    joined = points.sjoin(named[["name", "geometry"]], predicate="intersects", how="left")
    sums = joined.assign(name=joined["name"].fillna("")).groupby(["geoid", "name"])["population"].sum()
    most = sums.reset_index().sort_values("population", ascending=False, kind="stable")
    return most.drop_duplicates("geoid").set_index("geoid")["name"]
