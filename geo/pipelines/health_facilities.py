"""Clinics and hospitals that are licensed and open, as points."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from geo.datasets.findings import find, worth_telling
from geo.datasets.inputs import Inputs
from geo.datasets.schema import POINTS, Schema, check_schema
from geo.datasets.storage import Product
from geo.pipelines.published_shapes import are_named_here, place_points
from geo.region import Region

SOURCE = "health_facilities"
OPEN = "OPEN"
# The register's kinds by a word in them; it has some forty, most of them care at home or for years.
WORDS = {"HOSPITAL": "hospital", "CLINIC": "clinic", "HEALTH CENTER": "clinic"}
COLUMNS = [
    "facility_id",
    "name",
    "kind",
    "license_kind",
    "beds",
    "address",
    "community",
    "zip_code",
    "geometry",
]
SCHEMA = Schema(
    SOURCE,
    key=("facility_id",),
    columns=("name", "kind"),
    counts=("beds",),
    geometry=POINTS,
    may_be_empty=True,
)


class Raw(NamedTuple):
    """The register of facilities, and the region's counties."""

    register: pd.DataFrame
    counties: gpd.GeoDataFrame


def extract(inputs: Inputs) -> Raw:
    """Read the register and the counties."""
    return Raw(inputs.table(SOURCE), inputs.dataset_shapes("counties"))


def transform(raw: Raw, region: Region) -> Product:
    """Make a point of each open clinic and hospital in the region's counties, in EPSG:4326.

    A facility stands once, though its license and its certificate may be rows of their own. Care at home,
    hospices and nursing homes are left out. One of these counties without a point, or with one elsewhere,
    cannot be drawn, and is told.
    """
    register = raw.register.assign(license_kind=raw.register["kind"], kind=to_kinds(raw.register["kind"]))
    open_now = register["status"].str.upper().eq(OPEN).fillna(False) & register["kind"].notna()
    ours = register[open_now.astype(bool)].drop_duplicates("facility_id").reset_index(drop=True)
    placed, inside = place_points(ours, raw.counties)
    frame = placed.rename(columns={"city": "community"})[COLUMNS]
    frame["name"], frame["community"] = frame["name"].str.title(), frame["community"].str.title()
    named = are_named_here(ours["county"], raw.counties)
    lost = find("points_not_here", SOURCE, ours["facility_id"][named & ~inside], of=int(named.sum()))
    return Product(frame, findings=worth_telling([lost]))


def to_kinds(licenses: pd.Series[str]) -> pd.Series[str]:
    """Tell clinics and hospitals by the register's kind; NA for all others.

    Examples
    --------
    >>> to_kinds(pd.Series(["PRIMARY CARE CLINIC", "GENERAL ACUTE CARE HOSPITAL", "HOSPICE"])).to_list()
    ['clinic', 'hospital', <NA>]
    """
    kinds = pd.Series(pd.NA, index=licenses.index, dtype="string")
    for word, kind in WORDS.items():
        has = licenses.astype("string").str.upper().str.contains(word, regex=False).fillna(False)
        kinds = kinds.mask(has.astype(bool) & kinds.isna(), kind)
    return kinds


def validate(frame: pd.DataFrame) -> None:
    """Raise where it is not one point a facility."""
    check_schema(frame, SCHEMA)
