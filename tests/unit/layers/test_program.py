"""What the map of a program tells: who enrolled, who was reached, on what the area of a race rests."""

from __future__ import annotations

import json
from datetime import date

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import box

from geo.program.declaration import read_programs
from geo.program.enrollment import Share, eligible_by_tract, enrollment_by_tract, share_classes
from geo.program.figures import ProgramFigures
from geo.program.forums import Basis
from geo.program.measures import Records
from geo.program.public_view import PublicFigures
from layers.layer import Layer, Look, feature_group
from layers.program import (
    ENROLLMENT,
    ENROLLMENT_STYLES,
    NOT_BEGUN,
    RACES,
    UNREACHED,
    coverage_layer,
    reach_layer,
)

A, B, C, D, E, F, G, H = TRACTS = [f"0606504530{number}" for number in range(1, 9)]


def drawn(layer: Layer, frame: gpd.GeoDataFrame) -> dict[str, list[object]]:
    """Rows as the browser gets them."""
    (element,) = feature_group(layer, frame)._children.values()
    rows: dict[str, list[object]] = json.loads(element.json)["rows"]
    return rows


def classes(kind: type[ProgramFigures], enrolled: dict[str, int]) -> pd.DataFrame:
    """Eight tracts with 100 eligible each, but nobody in the seventh and no estimate for the last."""
    uninsured = [100.0] * 6 + [0.0, None]
    tracts = pd.DataFrame({"geoid": TRACTS, "uninsured": uninsured, "uninsured_moe": 30.0})
    rows = pd.DataFrame({"geoid": list(enrolled), "people": list(enrolled.values())})
    rows = rows.assign(on=pd.Timestamp("2014-01-01"), program="p", person=None)
    table = enrollment_by_tract(eligible_by_tract(tracts, []), rows)
    figures = kind(read_programs()["health_enrollment"], Records(enrollments=rows), date(2015, 1, 1))
    return share_classes(table, figures.enrolled(table))


def on_map(table: pd.DataFrame) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(table, geometry=[box(n, 0, n + 1, 1) for n in range(len(table))], crs="EPSG:4326")


ENROLLED = {A: 25, B: 26, C: 80, D: 101, E: 4}


def test_shares_stand_in_their_class_and_what_is_not_known_is_no_share() -> None:
    found = classes(ProgramFigures, ENROLLED | {H: 12})
    assert found["share_class"].tolist() == [
        Share.TO_25,
        Share.TO_50,
        Share.TO_100,
        Share.OVER,
        Share.TO_25,
        Share.NOBODY,
        Share.UNKNOWN,
        Share.UNKNOWN,
    ]
    assert found["words"][0] == "25.0 ± 7.5\xa0%"
    assert found["counts"][0] == "25 of 100 ± 30"
    rows = drawn(ENROLLMENT, on_map(found))
    assert list(ENROLLMENT_STYLES)[int(str(rows[A][0]))] == (Share.TO_25, "dots")
    assert list(ENROLLMENT_STYLES)[int(str(rows[F][0]))] == (Share.NOBODY, None)


def test_without_any_enrollment_nothing_is_shown_as_nobody() -> None:
    found = classes(ProgramFigures, {})
    assert set(found["share_class"]) == {Share.UNKNOWN}
    assert not found["counts"].str.contains("0 of").any()


def test_others_see_no_small_count_on_the_map_nor_what_would_tell_it() -> None:
    found = classes(PublicFigures, ENROLLED).set_index("geoid")
    assert found["share_class"][E] == Share.HIDDEN
    assert (found["share_class"] == Share.HIDDEN).sum() >= 2
    rows = drawn(ENROLLMENT, on_map(found.reset_index()))
    hidden = [geoid for geoid in TRACTS if found["share_class"][geoid] == Share.HIDDEN]
    for geoid in hidden:
        assert " of " not in " ".join(map(str, rows[geoid][1:])), rows[geoid]
    legend = ENROLLMENT.legend(ENROLLMENT, on_map(found.reset_index()))  # type: ignore[misc]
    assert any(entry.label.startswith("hidden") and entry.count == len(hidden) for entry in legend.entries)


@pytest.mark.parametrize("kind", [ProgramFigures, PublicFigures])
def test_others_are_not_told_that_nobody_was_reached(kind: type[ProgramFigures]) -> None:
    """Nobody and a few stand together for them, in the legends of both maps."""
    frame = on_map(pd.DataFrame({"geoid": [A, B], "ca_htc_index": 70.0, "programs": [0, 1]}))
    frame = frame.assign(by_this=[False, True], words=["", "P"])
    for layer in (coverage_layer(kind.least, begun=True), reach_layer(kind.least, begun=True)):
        legend = layer.legend(layer, frame)  # type: ignore[misc]
        labels = [entry.label for entry in legend.entries]
        assert ("not reached" in labels) == (kind is ProgramFigures)
        assert ("fewer than 10 reached" in labels) == (kind is PublicFigures)


def test_where_nothing_is_recorded_nobody_is_accused_in_red() -> None:
    frame = on_map(pd.DataFrame({"geoid": [A, B], "ca_htc_index": 70.0, "programs": [0, 0]}))
    frame = frame.assign(by_this=False, words="")
    for make in (coverage_layer, reach_layer):
        before, after = make(1, begun=False), make(1, begun=True)
        legend = before.legend(before, frame)  # type: ignore[misc]
        assert legend.entries[-1 if make is coverage_layer else 0].label == "nothing is recorded yet"
        fills = [layer.draw(layer, frame, Look(None)).styles[0].fill for layer in (before, after)]
        assert fills == [NOT_BEGUN.fill, UNREACHED.fill]


def test_each_basis_of_a_races_area_looks_different_and_is_named() -> None:
    rows = {"race": ["x", "y", "z"], "title": "Board", "votes": "A", "candidates": "B"}
    frame = on_map(pd.DataFrame(rows | {"basis": [str(basis) for basis in Basis]}))
    assert [row[0] for row in drawn(RACES, frame).values()] == [0, 1, 2]
    labels = [entry.label for entry in RACES.legend(RACES, frame).entries]  # type: ignore[misc]
    assert len(set(labels)) == 3
    assert any("drawn by hand" in label for label in labels)
