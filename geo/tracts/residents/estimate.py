"""Who lives in a polygon: counts of 2020, and ACS estimates of tracts split by where people live.

The tracts are those of the newest vintage that is whole: of 2020 where all that is told is theirs, else 2010.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import STORED
from geo.datasets.record import read_sidecar
from geo.datasets.storage import read_shapes_of
from geo.errors import GeoError
from geo.language import gettext as _
from geo.language import mark as N_
from geo.methods.drawing import require_drawn
from geo.methods.geometry import repair_shapes
from geo.methods.interpolation import apply_crosswalk, crosswalk
from geo.methods.interpolation.ledger import Ledger
from geo.methods.margins import Z_90, to_floats
from geo.region import Region, read_region
from geo.tracts.acs_indicators import UNIVERSES, with_universes
from geo.tracts.residents.settled import PLACING_ERRORS, WHOLE, placing_variance
from geo.tracts.residents.split_error import check_split, measure_heterogeneity, split_variance
from geo.tracts.vintages import OF_2010, Survey, survey_of

PERSONS = ("population", "uninsured", "limited_english_persons", "poverty", *UNIVERSES)
HOMES = ("households", "no_vehicle_households")
VARIABLES = (*PERSONS, *HOMES)
"""What is told of a target: columns of the dataset ``tracts_2010``, and the universes of its shares."""

SPLIT_BY = {"people": PERSONS, "homes": HOMES}
"""By which weight a variable is split."""

WHOLES = {"people": "population", "homes": "households"}
"""The count of a tract that stands for such a weight."""

COUNT_SOURCE, COUNT_YEAR = "pl94_blocks_2020", "2020"
COUNTED = {"population_2020": "people", "housing_units_2020": "units"}
"""What was counted in 2020, and the column of the people map that holds it; no survey gives it."""

CHECKED_SIZES = (2, 4, 10)
USUAL_HETEROGENEITY = 0.3
"""Stands in where a region has too few tracts to measure it: about that of poverty in California."""

METHODS = {
    "counted": N_("counted in 2020, no margin of error"),
    "counted_and_placed": N_(
        "counted in 2020 by block group; people are placed around its center of population"
    ),
    "interpolated": N_("ACS estimates of tracts, split by where people lived in 2020"),
    "published_survey": N_("the Census Bureau's own ACS figure for this place"),
    "rates_of_surroundings": N_("the rates of the surroundings, times the system's own published size"),
    "published": N_("the State's own table, without a margin of error"),
    "estimated_size": N_("3.3 people a connection: no table gives its people"),
    "not_residents": N_("serves visitors, pupils or workers, whom the census does not count there"),
    "no_place": N_("no place is known"),
    "split": N_("carried over from parts of 2010 tracts: the error of the split is not known"),
    "controlled": N_("the survey is held to the Census Bureau's own estimate of it: no sampling error"),
    "mean_of_tracts": N_("population-weighted average of tracts"),
}
"""How a figure came about, in words, marked for translation."""

OWN_SIZE = ("published", "estimated_size")
"""Methods of a water system's own size: no survey gave it, and it has no margin."""

COLUMNS = (
    "target_kind",
    "target_id",
    "variable",
    "estimate",
    "moe",
    "moe_sampling",
    "coverage",
    "share_guesswork",
    "share_by_area",
    "footprint",
    "method",
    "source",
    "vintage",
)
"""The tidy table: one row a target and variable.

``estimate`` in people, households or housing units; ``moe`` (90 %) of sampling, split and placing,
``moe_sampling`` of sampling alone; ``coverage``, the share of the target's area that the region's tracts
cover, times the share of its people (homes) in tracts whose count is known; ``share_guesswork``, the share of
the figure that comes from tracts (of a count: from blocks or block groups) that are only partly inside;
``share_by_area``, the share of the people inside whose block (group) is cut by the edge, so that it is not
known which of them live inside; ``footprint``, the shape that stood for the target; ``method``, a key of
:data:`METHODS`; ``source``, the key of the source that the figure is from, and ``vintage``, of which years it
is: missing where a system's own size or nothing stands.
"""


LEAST_PEOPLE = 100
"""People counted in 2020 below which nothing is estimated of an area that somebody drew: the American
Community Survey tells nothing of fewer than a block group, and the split of one is guesswork then."""


def is_too_small(rows: pd.DataFrame) -> bool:
    """Whether an area has too few people to estimate anything of them.

    Parameters
    ----------
    rows
        The rows of one target, as :func:`people_within` gives them; an area whose count is not known is too
        small, as nothing speaks for it.

    Examples
    --------
    >>> row = {"variable": "population_2020", "estimate": 99.0}
    >>> is_too_small(pd.DataFrame([row])), is_too_small(pd.DataFrame([row | {"estimate": 100.0}]))
    (True, False)
    """
    counted = to_floats(rows.loc[rows["variable"] == "population_2020", "estimate"])
    return not bool((counted >= LEAST_PEOPLE).any())


@dataclass(frozen=True, slots=True)
class PeopleMap:
    """What is known of where people live, in one equal-area CRS.

    ``tracts`` has :data:`VARIABLES` and margins on GEOIDs, all of ``survey``; ``weights`` where people live,
    with the ``people`` and ``homes`` of 2020, none missing, and their housing ``units``; ``heterogeneity``
    stands by variable. ``areas``, on the index of the weights, are the polygons for which people were
    counted; None where those are the weights' own. ``places`` is the place that the Census Bureau assigned to
    an area, empty where it is in none; areas of which that is not known are left out.
    """

    tracts: gpd.GeoDataFrame
    weights: gpd.GeoDataFrame
    heterogeneity: pd.Series[float]
    areas: gpd.GeoSeries | None = None
    places: pd.Series[str] | None = None
    survey: Survey = OF_2010

    @property
    def counted(self) -> gpd.GeoDataFrame:
        """Polygons for which people were counted, with the columns of the weights."""
        return self.weights if self.areas is None else self.weights.set_geometry(self.areas)

    def near(self, shape: shapely.Geometry) -> PeopleMap:
        """Keep the tracts that meet a shape, and the weights that meet those tracts."""
        tracts = self.tracts.iloc[np.sort(self.tracts.sindex.query(shape, predicate="intersects"))]
        boxes = shapely.box(*tracts.bounds.to_numpy().T)
        meeting = np.unique(self.weights.sindex.query(boxes, predicate="intersects")[1])
        areas = None if self.areas is None else gpd.GeoSeries(self.areas.iloc[meeting])
        return replace(self, tracts=tracts, weights=self.weights.iloc[meeting], areas=areas)


@dataclass(frozen=True, slots=True)
class Crosswalks:
    """Which share of each tract's people, and of its homes, lies in which target; see ``shares``.

    ``by_area`` is the share of each target's people (homes) whose block (group) is cut by the edge;
    ``counts`` what was counted in each target (:data:`COUNTED`), ``placing`` the squared standard error that
    comes from not knowing where people (homes, units) live in what the edge cuts.
    """

    tables: dict[str, pd.DataFrame]
    by_area: dict[str, pd.Series[float]]
    targets: pd.Index[str]
    counts: pd.DataFrame
    placing: pd.DataFrame


def to_people_map(
    tracts: gpd.GeoDataFrame, counted: gpd.GeoDataFrame, settled: gpd.GeoDataFrame, region: Region
) -> PeopleMap:
    """Bring tracts and where people live into the region's equal-area CRS, and measure the split's error.

    A county whose table has no units has ``homes`` in proportion to people. An area without a count has no
    weight: it is no place that is known to be lived in.

    Parameters
    ----------
    tracts
        The dataset ``tracts_2010``, or ``tracts_2020`` where one vintage of the survey is whole there; in
        EPSG:4326.
    counted, settled
        The datasets ``counted_areas`` and ``settled_areas``, in EPSG:4326.
    """
    ours = with_universes(tracts).set_index("geoid")[
        [*VARIABLES, *(f"{name}_moe" for name in VARIABLES), "geometry"]
    ]
    ours = project(ours, region.area_crs)
    areas = project(counted.set_index("area_id"), region.area_crs)
    has_homes = areas["occupied_units"].notna().groupby(areas["county_geoid"]).transform("any")
    homes = areas["occupied_units"].where(has_homes, areas["population"])
    counts = {
        "people": areas["population"].fillna(0.0).astype(float),
        "homes": homes.fillna(0.0).astype(float),
        "units": to_floats(areas["housing_units"]),
    }
    lived = project(settled.set_index("area_id"), region.area_crs).geometry.reindex(areas.index)
    weights = gpd.GeoDataFrame(counts, geometry=lived, crs=region.area_crs)
    sums = sum_weights(ours, weights)
    found = [measure_heterogeneity(ours, sums[weight], names) for weight, names in SPLIT_BY.items()]
    heterogeneity = pd.concat(found).fillna(USUAL_HETEROGENEITY)
    places = areas.loc[areas["place_known"].astype(bool), "place_geoid"].fillna("").astype(str)
    return PeopleMap(ours, weights, heterogeneity, areas.geometry, places, survey_of(tracts) or OF_2010)


def sum_weights(tracts: gpd.GeoDataFrame, weights: gpd.GeoDataFrame) -> pd.DataFrame:
    """Sum ``people`` and ``homes`` by the tract in which a weight's inner point lies."""
    points = weights.set_geometry(weights.representative_point())
    inside = gpd.sjoin(points, tracts[["geometry"]].rename_axis("tract"), predicate="within")
    return inside.groupby("tract")[list(SPLIT_BY)].sum().reindex(tracts.index, fill_value=0.0)


def check_margins(people: PeopleMap) -> dict[str, dict[str, dict[str, float]]]:
    """Check the margins of splits on tracts whose count is known, from wholes of two, four and ten tracts.

    See :func:`geo.tracts.residents.split_error.check_split`.
    """
    sums = sum_weights(people.tracts, people.weights)
    return {
        str(size): {
            name: told
            for weight, names in SPLIT_BY.items()
            for name, told in check_split(people.tracts, sums[weight], names, size).items()
        }
        for size in CHECKED_SIZES
    }


MADE_FROM = ("tracts_2010", "counted_areas", "settled_areas")
"""The datasets that a people map is read from; and :data:`NEWER` where it is whole."""

NEWER = "tracts_2020"


def newest_tracts(older: gpd.GeoDataFrame, newer: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame:
    """Choose the tracts that areas are told from: of 2020 where the newest vintage is whole there.

    Parameters
    ----------
    older, newer
        The datasets ``tracts_2010`` and ``tracts_2020``; None where that is not built.
    """
    return older if newer is None or survey_of(newer) is None else newer


def read_people_map(region_key: str) -> PeopleMap:
    """Read a region's people map from its datasets.

    Raises
    ------
    MissingDatasetError
        One of :data:`MADE_FROM` is not built.
    """
    older, counted, settled = (read_shapes_of(region_key, name) for name in MADE_FROM)
    sidecar = read_sidecar(region_key, NEWER)
    newer = read_shapes_of(region_key, NEWER) if sidecar is not None and sidecar.built else None
    return to_people_map(newest_tracts(older, newer), counted, settled, read_region(region_key))


def over_tracts(people: PeopleMap, tracts: gpd.GeoDataFrame, area_crs: str) -> PeopleMap:
    """Lay other tracts over where people live, so that a mean of these can be taken; they have no counts.

    Parameters
    ----------
    tracts
        With ``geoid``, in EPSG:4326.
    """
    return replace(people, tracts=project(tracts.set_index("geoid")[["geometry"]], area_crs))


def project(frame: gpd.GeoDataFrame, area_crs: str) -> gpd.GeoDataFrame:
    """Bring polygons into an equal-area CRS, valid."""
    projected = frame.to_crs(area_crs)
    return projected.set_geometry(repair_shapes(projected.geometry)[0])


def to_crosswalks(
    people: PeopleMap, targets: gpd.GeoDataFrame, assigned: pd.Series[str] | None = None
) -> Crosswalks:
    """Place each tract's people and homes in the targets.

    Parameters
    ----------
    people
        Tracts and weights.
    targets
        Valid polygons in the same CRS, on their identifiers.
    assigned
        Of some areas of the people map, the target that all their people are counted for, whatever the
        outlines say; empty where that is none of them.
    """
    pairs = _placed(people, targets, assigned)
    target, counts, placing = pairs["target"], {}, {}
    for column in people.weights.columns.intersection([*SPLIT_BY, *COUNTED.values()]):
        of = to_floats(people.weights[column].reindex(pairs["source"]))
        counts[column] = _sum_by_target(of * pairs["settled"], target, targets.index)
        variance = placing_variance(np.nan_to_num(of), pairs["cut"].to_numpy(), PLACING_ERRORS[column])
        placing[column] = _sum_by_target(variance, target, targets.index)
    tables, by_area = {}, {}
    for weight in SPLIT_BY:
        tables[weight] = crosswalk(
            people.tracts[["geometry"]],
            targets[["geometry"]],
            people.weights[[weight, "geometry"]],
            weight=weight,
        )
        load = pairs["settled"] * people.weights[weight].reindex(pairs["source"]).to_numpy()
        is_split = (pairs["cut"] > 0) & (pairs["cut"] < 1)
        doubtful = _sum_by_target(load.where(is_split, 0.0), target, targets.index)
        by_area[weight] = doubtful / counts[weight].where(counts[weight] > 0)
    return Crosswalks(tables, by_area, targets.index, pd.DataFrame(counts), pd.DataFrame(placing))


def _placed(people: PeopleMap, targets: gpd.GeoDataFrame, assigned: pd.Series[str] | None) -> pd.DataFrame:
    """Pair counted areas with targets: the share of people placed inside, and how far the edge cuts the area.

    ``cut`` is the share of the area's land inside; 1 where it is wholly inside, and 0 for a hair, since
    outlines of different sources differ by as much. What holds more than a hair's share of the target's
    people is none: there ``cut`` is the share of the area's people, up to a half.
    """
    pair = ["source", "target"]
    lived = _assign(_shares(people.weights, targets), assigned, targets.index).set_index(pair)["share"]
    land = _assign(_shares(people.counted, targets), assigned, targets.index).set_index(pair)["share"]
    table = pd.DataFrame({"settled": lived, "land": land}).fillna(0.0).reset_index()
    share = table["land"].mask(table["land"] > WHOLE, 1.0)
    inside = table["settled"] * people.weights["people"].reindex(table["source"]).to_numpy()
    least = (1 - WHOLE) * inside.groupby(table["target"]).transform("sum")
    lived_in = share.clip(lower=table["settled"].clip(upper=0.5)).where(inside > least, 0.0)
    return table.assign(cut=share.where(share >= 1 - WHOLE, lived_in))


def _shares(shapes: gpd.GeoDataFrame, targets: gpd.GeoDataFrame) -> pd.DataFrame:
    """Measure which share of each shape lies in which target."""
    table = crosswalk(shapes[["geometry"]], targets[["geometry"]])
    return table[["source", "target", "share_of_source"]].rename(columns={"share_of_source": "share"})


def _assign(shares: pd.DataFrame, assigned: pd.Series[str] | None, targets: pd.Index[str]) -> pd.DataFrame:
    """Let what is known of an area's target go before what its outline says."""
    if assigned is None:
        return shares
    known = assigned[assigned.isin(targets)]
    whole = pd.DataFrame({"source": known.index, "target": known.to_numpy(), "share": 1.0})
    return pd.concat([shares[~shares["source"].isin(assigned.index)], whole], ignore_index=True)


def _sum_by_target(
    values: pd.Series[float] | NDArray[np.float64], target: pd.Series[Any], targets: pd.Index[str]
) -> pd.Series[float]:
    """Sum by target; missing where a part is missing, 0 where nothing meets it."""
    table = pd.DataFrame({"value": np.asarray(values, float), "target": target.to_numpy()})
    sums = table.groupby("target")["value"].agg(lambda part: part.sum(skipna=False))
    return sums.reindex(targets, fill_value=0.0)


def estimate(people: PeopleMap, shares: Crosswalks) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Move the counts by shares that are known.

    Returns
    -------
    tuple of DataFrame
        The tidy table without ``target_kind``, ``footprint`` and ``method``; and the ledger's lines.
    """
    frames: list[pd.DataFrame] = []
    ledgers: list[pd.DataFrame] = []
    for weight, names in SPLIT_BY.items():
        moved = apply_crosswalk(
            shares.tables[weight],
            people.tracts,
            extensive=names,
            moe={name: f"{name}_moe" for name in names},
            target_index=shares.targets,
        )
        ledgers.append(moved.ledger)
        frames.extend(_rows(people, shares, moved.values, weight, name) for name in names)
    return pd.concat(frames, ignore_index=True), pd.concat(ledgers)


def count(people: PeopleMap, shares: Crosswalks) -> pd.DataFrame:
    """Tell what was counted in 2020 in each target, with a margin where an edge cuts what was counted.

    Returns
    -------
    DataFrame
        The tidy table without ``target_kind`` and ``footprint``. A count that is known has no margin and is
        whole; ``moe_sampling`` is missing, since no sample was drawn.
    """
    frames = [
        _counted(people, shares, name, column)
        for name, column in COUNTED.items()
        if column in people.weights.columns
    ]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def _counted(people: PeopleMap, shares: Crosswalks, name: str, column: str) -> pd.DataFrame:
    """Lay out one count, a row a target; missing where no tract of ours meets it."""
    error = Z_90 * np.sqrt(shares.placing[column])
    table = shares.tables["people"]
    area = table.groupby("target")["area_m2"].sum().reindex(shares.targets)
    whole = table.drop_duplicates("target").set_index("target")["target_covered"].reindex(shares.targets)
    rows = {
        "estimate": shares.counts[column].round().where(area.notna()),
        "moe": error.where(error > 0),
        "moe_sampling": np.nan,
        "coverage": whole.fillna(0.0),
        "share_guesswork": shares.by_area["people"].reindex(shares.targets),
        "share_by_area": shares.by_area["people"].reindex(shares.targets),
        "method": np.where(error > 0, "counted_and_placed", "counted"),
        "source": COUNT_SOURCE,
        "vintage": COUNT_YEAR,
    }
    frame = pd.DataFrame(rows, index=shares.targets)
    return frame.rename_axis("target_id").reset_index().assign(variable=name)


def _rows(
    people: PeopleMap, shares: Crosswalks, values: pd.DataFrame, weight: str, name: str
) -> pd.DataFrame:
    """Lay out one variable, a row a target."""
    doubt = _doubt(people, shares.tables[weight], name, shares.targets)
    sampling = values[f"{name}_moe"]
    rate = _rate(people, shares.tables[weight], name, WHOLES[weight], shares.targets)
    placing = shares.placing[weight].reindex(shares.targets)
    allocation = doubt["split_variance"] + rate**2 * placing
    rows = {
        "estimate": values[name],
        "moe": np.hypot(sampling, Z_90 * np.sqrt(allocation)),
        "moe_sampling": sampling,
        "coverage": values["coverage"] * _share_known(people, shares.tables[weight], name, shares.targets),
        "share_guesswork": doubt["share_guesswork"],
        "share_by_area": shares.by_area[weight].reindex(shares.targets),
        "source": people.survey.source,
        "vintage": people.survey.vintage,
    }
    return pd.DataFrame(rows).rename_axis("target_id").reset_index().assign(variable=name)


def _rate(
    people: PeopleMap, table: pd.DataFrame, name: str, whole: str, targets: pd.Index[str]
) -> pd.Series[float]:
    """Rate of a count among all who live in the tracts that a target meets: 0 where nobody does."""
    counts = people.tracts[[name]].assign(whole=people.tracts[whole]).astype(float)
    met = counts.reindex(table["source"]).groupby(table["target"].to_numpy()).sum().reindex(targets)
    return (met[name] / met["whole"].where(met["whole"] > 0)).fillna(0.0)


def _share_known(
    people: PeopleMap, table: pd.DataFrame, name: str, targets: pd.Index[str]
) -> pd.Series[float]:
    """Share of each target's people (of its area, where nobody lives) in tracts whose count is known."""
    is_known = people.tracts[name].notna().reindex(table["source"]).to_numpy()
    of, place = table[["weight", "area_m2"]], table["target"].to_numpy()
    whole = of.groupby(place).sum().reindex(targets)
    known = of.mul(is_known.astype(float), axis=0).groupby(place).sum().reindex(targets)
    share = known / whole.where(whole > 0)
    return share["weight"].fillna(share["area_m2"]).fillna(1.0)


def _doubt(people: PeopleMap, table: pd.DataFrame, name: str, targets: pd.Index[str]) -> pd.DataFrame:
    """Say how much of a target's figure hangs on the split, and the split's squared error."""
    share = table["share_of_source"].to_numpy(float)
    counts = to_floats(people.tracts[name].reindex(table["source"]))
    moved = np.nan_to_num(share * counts)
    variance = np.nan_to_num(split_variance(counts, share, float(people.heterogeneity[name])))
    is_part = (share < WHOLE) | (share > 1 / WHOLE)
    pairs = {"whole": moved, "part": np.where(is_part, moved, 0.0), "split_variance": variance}
    sums = pd.DataFrame(pairs).groupby(table["target"].to_numpy()).sum().reindex(targets, fill_value=0.0)
    return sums.assign(share_guesswork=sums["part"] / sums["whole"].where(sums["whole"] > 0))


def to_tidy(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Put tables together in order of kind, target and variable, with missing values as NA."""
    frame = pd.concat(parts, ignore_index=True)[list(COLUMNS)]
    numbers = [name for name in COLUMNS if frame[name].dtype.kind == "f"]
    frame = frame.astype({name: "Float64" if name in numbers else "string" for name in COLUMNS})
    order = frame["variable"].map({name: place for place, name in enumerate((*COUNTED, *VARIABLES))})
    return (
        frame.assign(order=order)
        .sort_values(["target_kind", "target_id", "order"], ignore_index=True)
        .drop(columns="order")
    )


def to_ledger(people: PeopleMap, lines: pd.DataFrame, target: str) -> Ledger:
    """Give the account of one kind of target its title."""
    tracts = MADE_FROM[0] if people.survey == OF_2010 else NEWER
    return Ledger(N_("ACS estimates, split by where people lived in 2020"), tracts, target, lines)


DRAWN = "drawn"


def people_in(region_key: str, polygon: shapely.Geometry) -> pd.DataFrame:
    """Tell who lives in a polygon: read the region's datasets, and see :func:`people_within`.

    A page that asks often keeps :func:`geo.tracts.residents.estimate.read_people_map` and asks
    :func:`people_within`.

    Parameters
    ----------
    region_key
        A region of which :data:`MADE_FROM` are built.
    polygon
        Polygon or multipolygon in degrees (EPSG:4326).

    Raises
    ------
    GeometryError, GeoError
        As :func:`people_within`.
    MissingDatasetError
        A dataset is not built.
    """
    require_drawn(polygon)
    return people_within(read_people_map(region_key), polygon, read_region(region_key))


def people_within(people: PeopleMap, polygon: shapely.Geometry, region: Region) -> pd.DataFrame:
    """Tell who lives in a polygon, with margins, coverage and the share that is guesswork.

    Parameters
    ----------
    people
        Tracts and where people live, from :func:`geo.tracts.residents.estimate.read_people_map`.
    polygon
        Polygon or multipolygon in degrees (EPSG:4326).
    region
        The region of the people map.

    Returns
    -------
    pandas.DataFrame
        One row a variable, with the columns :data:`geo.tracts.residents.estimate.COLUMNS`; ``target_kind``
        and ``target_id`` are ``drawn``. ``coverage`` is under 1 where the polygon reaches out of the region.

    Raises
    ------
    GeometryError
        It is no polygon, empty, crosses itself, or has no area.
    GeoError
        It lies wholly outside of the region.

    Examples
    --------
    >>> from geo.region import read_region
    >>> from geo.tracts.residents.estimate import VARIABLES
    >>> square = shapely.box(0, 0, 9_000, 9_000)
    >>> counts = {name: [900.0] for name in VARIABLES} | {f"{name}_moe": [90.0] for name in VARIABLES}
    >>> tract = gpd.GeoDataFrame(counts, geometry=[square], index=["06065045303"], crs="EPSG:3310")
    >>> homes = gpd.GeoDataFrame({"people": [900.0], "homes": [300.0]}, geometry=[square], crs="EPSG:3310")
    >>> people = PeopleMap(tract, homes, pd.Series(0.2, index=list(VARIABLES)))
    >>> half = gpd.GeoSeries([shapely.box(0, 0, 4_500, 9_000)], crs="EPSG:3310").to_crs("EPSG:4326").item()
    >>> people_within(people, half, read_region("coachella"))["estimate"].round().unique().tolist()
    [450.0]
    """
    require_drawn(polygon)
    drawn = gpd.GeoDataFrame(geometry=[polygon], index=[DRAWN], crs=STORED)
    target = project(drawn, region.area_crs)
    nearby = people.near(target.geometry.iloc[0])
    if nearby.tracts.empty:
        raise GeoError(
            _("the outline lies outside of {region}").format(region=region.title),
            _("draw it where the region's tracts are"),
        )
    shares = to_crosswalks(nearby, target)
    rows, __ = estimate(nearby, shares)
    parts = [rows.assign(method="interpolated"), count(nearby, shares)]
    return to_tidy([part.assign(target_kind=DRAWN, footprint="polygon") for part in parts if len(part)])
