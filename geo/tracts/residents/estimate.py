"""Who lives in a polygon: ACS estimates of tracts, split by where people live, with margins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

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
from geo.tracts.residents.points import to_homes_and_people
from geo.tracts.residents.split_error import check_split, measure_heterogeneity, split_variance

PERSONS = ("population", "uninsured", "limited_english_persons", "poverty")
HOMES = ("households", "no_vehicle_households")
VARIABLES = (*PERSONS, *HOMES)
"""What is told of a target: columns of the dataset ``tracts_2010``."""

SPLIT_BY = {"people": PERSONS, "homes": HOMES}
"""By which weight a variable is split."""

WHOLE = 0.99
"""Share of a tract from which it counts as wholly inside: outlines of different sources differ a little."""

CHECKED_SIZES = (2, 4, 10)
USUAL_HETEROGENEITY = 0.3
"""Stands in where a region has too few tracts to measure it: about that of poverty in California."""

METHODS = {
    "interpolated": N_("ACS estimates of tracts, split by where people lived in 2020"),
    "rates_of_surroundings": N_("the rates of the surroundings, times the system's own published size"),
    "published": N_("the State's own table, without a margin of error"),
    "estimated_size": N_("3.3 people a connection: no table gives its people"),
    "not_residents": N_("serves visitors, pupils or workers, whom the census does not count there"),
    "no_place": N_("no place is known"),
    "mean_of_tracts": N_("mean of its tracts by people"),
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
)
"""The tidy table: one row a target and variable.

``estimate`` in people or households; ``moe`` (90 %) of sampling and split, ``moe_sampling`` of sampling
alone; ``coverage``, the share of the target's area that the region's tracts cover, times the share of its
people (homes) in tracts whose count is known; ``share_guesswork``, the
share of the figure that comes from tracts that are only partly inside; ``share_by_area``, the share of the
people inside who are placed by area, as their block (group) is cut by the edge; ``footprint``, the shape
that stood for the target; ``method``, a key of :data:`METHODS`.
"""


@dataclass(frozen=True, slots=True)
class PeopleMap:
    """What is known of where people live, in one equal-area CRS.

    ``tracts`` has :data:`VARIABLES` and margins on GEOIDs of 2010; ``weights`` the ``people`` and ``homes``
    of 2020, none missing; ``heterogeneity`` stands by variable.
    """

    tracts: gpd.GeoDataFrame
    weights: gpd.GeoDataFrame
    heterogeneity: pd.Series[float]

    def near(self, shape: shapely.Geometry) -> PeopleMap:
        """Keep the tracts that meet a shape, and the weights that meet those tracts."""
        tracts = self.tracts.iloc[np.sort(self.tracts.sindex.query(shape, predicate="intersects"))]
        boxes = shapely.box(*tracts.bounds.to_numpy().T)
        meeting = np.unique(self.weights.sindex.query(boxes, predicate="intersects")[1])
        return replace(self, tracts=tracts, weights=self.weights.iloc[meeting])


@dataclass(frozen=True, slots=True)
class Crosswalks:
    """Which share of each tract's people, and of its homes, lies in which target; see ``shares``.

    ``by_area`` is the share of each target's people (homes) who are placed by area.
    """

    tables: dict[str, pd.DataFrame]
    by_area: dict[str, pd.Series[float]]
    targets: pd.Index[str]


def to_people_map(
    tracts: gpd.GeoDataFrame, block_groups: gpd.GeoDataFrame, blocks: gpd.GeoDataFrame | None, region: Region
) -> PeopleMap:
    """Bring tracts and where people live into the region's equal-area CRS, and measure the split's error.

    Parameters
    ----------
    tracts
        The dataset ``tracts_2010``, in EPSG:4326.
    block_groups, blocks
        The datasets of these names, in EPSG:4326; None where there are no blocks.
    """
    ours = tracts.set_index("geoid")[[*VARIABLES, *(f"{name}_moe" for name in VARIABLES), "geometry"]]
    ours = project(ours, region.area_crs)
    weights = project(to_homes_and_people(block_groups, blocks), region.area_crs)
    sums = sum_weights(ours, weights)
    found = [measure_heterogeneity(ours, sums[weight], names) for weight, names in SPLIT_BY.items()]
    return PeopleMap(ours, weights, pd.concat(found).fillna(USUAL_HETEROGENEITY))


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


def read_people_map(region_key: str) -> PeopleMap:
    """Read a region's people map from its datasets.

    Raises
    ------
    MissingDatasetError
        ``tracts_2010`` or ``block_groups`` is not built.
    """
    sidecar = read_sidecar(region_key, "blocks")
    blocks = read_shapes_of(region_key, "blocks") if sidecar is not None and sidecar.built else None
    tracts, groups = (read_shapes_of(region_key, name) for name in ("tracts_2010", "block_groups"))
    return to_people_map(tracts, groups, blocks, read_region(region_key))


def project(frame: gpd.GeoDataFrame, area_crs: str) -> gpd.GeoDataFrame:
    """Bring polygons into an equal-area CRS, valid."""
    projected = frame.to_crs(area_crs)
    return projected.set_geometry(repair_shapes(projected.geometry)[0])


def to_crosswalks(people: PeopleMap, targets: gpd.GeoDataFrame) -> Crosswalks:
    """Place each tract's people and homes in the targets.

    Parameters
    ----------
    people
        Tracts and weights.
    targets
        Valid polygons in the same CRS, on their identifiers.
    """
    tables, by_area = {}, {}
    of_weights = crosswalk(people.weights[["geometry"]], targets[["geometry"]])
    is_cut = of_weights["share_of_source"].to_numpy() < WHOLE
    for weight in SPLIT_BY:
        tables[weight] = crosswalk(
            people.tracts[["geometry"]],
            targets[["geometry"]],
            people.weights[[weight, "geometry"]],
            weight=weight,
        )
        load = of_weights["share_of_source"] * people.weights[weight].reindex(of_weights["source"]).to_numpy()
        cut, inside = (
            part.groupby(of_weights["target"]).sum().reindex(targets.index, fill_value=0.0)
            for part in (load.where(is_cut, 0.0), load)
        )
        by_area[weight] = cut / inside.where(inside > 0)
    return Crosswalks(tables, by_area, targets.index)


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


def _rows(
    people: PeopleMap, shares: Crosswalks, values: pd.DataFrame, weight: str, name: str
) -> pd.DataFrame:
    """Lay out one variable, a row a target."""
    doubt = _doubt(people, shares.tables[weight], name, shares.targets)
    sampling = values[f"{name}_moe"]
    rows = {
        "estimate": values[name],
        "moe": np.hypot(sampling, Z_90 * np.sqrt(doubt["split_variance"])),
        "moe_sampling": sampling,
        "coverage": values["coverage"] * _share_known(people, shares.tables[weight], name, shares.targets),
        "share_guesswork": doubt["share_guesswork"],
        "share_by_area": shares.by_area[weight].reindex(shares.targets),
    }
    return pd.DataFrame(rows).rename_axis("target_id").reset_index().assign(variable=name)


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
    order = frame["variable"].map({name: place for place, name in enumerate(VARIABLES)})
    return (
        frame.assign(order=order)
        .sort_values(["target_kind", "target_id", "order"], ignore_index=True)
        .drop(columns="order")
    )


def to_ledger(lines: pd.DataFrame, target: str) -> Ledger:
    """Give the account of one kind of target its title."""
    return Ledger(N_("ACS estimates, split by where people lived in 2020"), "tracts_2010", target, lines)


DRAWN = "drawn"


def people_in(region_key: str, polygon: shapely.Geometry) -> pd.DataFrame:
    """Tell who lives in a polygon: read the region's datasets, and see :func:`people_within`.

    A page that asks often keeps :func:`geo.tracts.residents.estimate.read_people_map` and asks
    :func:`people_within`.

    Parameters
    ----------
    region_key
        A region whose ``tracts_2010`` and ``block_groups`` are built.
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
    >>> homes = gpd.GeoDataFrame({"people": [9.0], "homes": [3.0]}, geometry=[square], crs="EPSG:3310")
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
    rows, __ = estimate(nearby, to_crosswalks(nearby, target))
    return to_tidy([rows.assign(target_kind=DRAWN, footprint="polygon", method="interpolated")])
