"""Another county needs a TOML and no code: the statewide files are enough for its tracts and places."""

from __future__ import annotations

from pathlib import Path

import pytest
from filelock import FileLock

from geo.datasets.build import build_region
from geo.datasets.record import read_sidecar
from geo.datasets.storage import read_shapes_of
from geo.sources.fetch import fetch_region

pytestmark = [pytest.mark.real, pytest.mark.slow, pytest.mark.xdist_group("kern")]
BUILT = ("tract_indicators", "tracts_2010", "counties", "places", "school_districts", "block_groups")
KERN_TRACTS = 151


@pytest.fixture(scope="module")
def kern(mirror: Path, built_data: Path) -> str:
    with FileLock(built_data / "kern.lock"):
        fetch_region("kern", mirror=mirror)
        build_region("kern")
    return "kern"


@pytest.mark.parametrize("name", BUILT)
def test_statewide_files_are_enough(name: str, kern: str) -> None:
    sidecar = read_sidecar(kern, name)
    assert sidecar is not None
    assert sidecar.built, sidecar.reason


def test_its_tracts_have_index_and_estimates(kern: str) -> None:
    tracts = read_shapes_of(kern, "tracts_2010")
    assert len(tracts) == KERN_TRACTS
    assert tracts["ca_htc_index"].notna().all()
    assert tracts["population"].notna().mean() > 0.98


def test_what_is_up_to_date_stays_so(kern: str) -> None:
    assert {step.state for step in build_region(kern)} == {"fresh", "missing"}


@pytest.mark.parametrize(
    "name",
    [
        "blocks",
        "barriers",
        "water_mains",
        "tracts_2020",
        "water_systems",
        "violations",
        "roads",
        "area_water",
    ],
)
def test_what_is_not_there_says_why(name: str, kern: str) -> None:
    sidecar = read_sidecar(kern, name)
    assert sidecar is not None
    assert not sidecar.built
    assert sidecar.reason
