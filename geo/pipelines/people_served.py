"""Who lives where it matters: in every water system, school district, place, tribal area and district."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from geo.datasets.findings import Finding, find, worth_telling
from geo.datasets.inputs import Inputs
from geo.datasets.schema import Schema, check_schema
from geo.datasets.storage import Product
from geo.methods.interpolation.ledger import Ledger
from geo.region import Region
from geo.sources.catalog import vintages_of
from geo.tracts.residents.areas import KINDS, serve_outlines, serve_systems
from geo.tracts.residents.estimate import (
    COLUMNS,
    NEWER,
    OWN_SIZE,
    PeopleMap,
    check_margins,
    newest_tracts,
    to_people_map,
    to_tidy,
)
from geo.tracts.residents.published import take_published, to_published
from geo.tracts.residents.split_error import EXPONENT, NEIGHBORS
from geo.tracts.vintages import OF_PLACES, Survey, years_of

NAME = "people_served"
LITTLE_COVERED = 0.95
MUCH = 2.0
SCHEMA = Schema(
    NAME,
    key=("target_kind", "target_id", "variable"),
    columns=COLUMNS,
    shares=("coverage", "share_guesswork", "share_by_area"),
    counts=("estimate", "moe", "moe_sampling"),
)


class Raw(NamedTuple):
    """What is read: tracts, where people live, the targets that are built, by dataset.

    ``published`` are the publisher's own figures of places, by the vintages that are here.
    """

    tracts: gpd.GeoDataFrame
    counted: gpd.GeoDataFrame
    settled: gpd.GeoDataFrame
    targets: Mapping[str, gpd.GeoDataFrame]
    published: Mapping[Survey, pd.DataFrame] = MappingProxyType({})


def extract(inputs: Inputs) -> Raw:
    """Read tracts, where people live, targets and the publisher's own figures, as far as they are here."""
    newer = inputs.dataset_shapes(NEWER) if inputs.built(NEWER) else None
    return Raw(
        newest_tracts(inputs.dataset_shapes("tracts_2010"), newer),
        inputs.dataset_shapes("counted_areas"),
        inputs.dataset_shapes("settled_areas"),
        {kind.dataset: inputs.dataset_shapes(kind.dataset) for kind in KINDS if inputs.built(kind.dataset)},
        {
            Survey(key, receipt.vintage): inputs.table(key)
            for key in vintages_of([OF_PLACES], inputs.catalog)
            if inputs.has(key) and (receipt := inputs.receipt(key)) is not None
        },
    )


def transform(raw: Raw, region: Region) -> Product:
    """Count 2020's people and homes in each target, and move ACS estimates of tracts there by them.

    With their margins (90 %), in people, households or housing units. A count that no tract gives is missing.
    Each kind has an account of its own; targets may overlap. The tracts are those of the newest vintage that
    is whole. Where the Bureau's own figure of a place for the same years is here, it goes before.
    """
    people = to_people_map(raw.tracts, raw.counted, raw.settled, region)
    served = list(_serve(people, raw, region))
    frame = to_tidy([rows for rows, _ in served])
    notes = {
        "heterogeneity": {str(name): round(value, 4) for name, value in people.heterogeneity.items()},
        "exponent": EXPONENT,
        "neighbors": list(NEIGHBORS),
        "weights": len(people.weights),
        "margins_hold": check_margins(people),
    }
    findings = worth_telling(_findings(frame, raw.targets.get("water_systems")))
    return Product(frame, tuple(ledger for _, ledger in served), findings, notes)


def validate(frame: pd.DataFrame) -> None:
    """Raise where it is not one row a target and variable with shares between 0 and 1."""
    check_schema(frame, SCHEMA)


def _serve(people: PeopleMap, raw: Raw, region: Region) -> Iterator[tuple[pd.DataFrame, Ledger]]:
    for kind in KINDS:
        if kind.dataset not in raw.targets:
            continue
        frame = raw.targets[kind.dataset]
        if kind.key == "water_system":
            yield serve_systems(people, frame, region)
            continue
        rows, ledger = serve_outlines(people, frame, kind, region)
        if kind.key == "place":
            rows = _with_published(rows, people.survey, raw.published)
        yield rows, ledger


def _with_published(
    rows: pd.DataFrame, survey: Survey, published: Mapping[Survey, pd.DataFrame]
) -> pd.DataFrame:
    """Put before the figures made from tracts the publisher's own for the same years, where they are here."""
    for own, table in published.items():
        if years_of(own.vintage) == years_of(survey.vintage):
            return take_published(rows, to_published(table), own)
    return rows


def _findings(frame: pd.DataFrame, systems: gpd.GeoDataFrame | None) -> Iterator[Finding]:
    persons = frame[frame["variable"] == "population"]
    little = persons[(persons["coverage"] < LITTLE_COVERED) & (persons["method"] == "interpolated")]
    yield find("served_little_covered", NAME, little["target_id"], of=persons["target_id"].nunique())
    if systems is None:
        return
    ours = persons[persons["target_kind"] == "water_system"].set_index("target_id")
    yield find("served_from_rates", NAME, ours.index[ours["method"].isin(OWN_SIZE)], of=len(ours))
    yield find("served_without_place", NAME, ours.index[ours["method"] == "no_place"], of=len(ours))
    outlined = ours[ours["method"] == "interpolated"]
    published = systems.set_index("pwsid")["population"].reindex(outlined.index)
    ratio = outlined["estimate"] / published.where(published > 0)
    far = ((ratio > MUCH) | (ratio < 1 / MUCH)).fillna(False).astype(bool)
    yield find("served_far_from_published", NAME, outlined.index[far], of=len(outlined))
