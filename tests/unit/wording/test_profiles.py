"""What a card says: no tract is left out of the highest, and findings of tracts are told of their area."""

from __future__ import annotations

import pandas as pd
import pytest

from geo.datasets.findings import Finding, find
from geo.tracts.comparison import Quantity
from geo.tracts.indicators import indicator_named
from wording.area_profile import estimate_issues
from wording.profiles import Profile, highest_profile, of_tracts_alone


def _highest(values: list[float | None]) -> Profile:
    geoids = [f"060650{44500 + place}" for place in range(len(values))]
    frame = pd.DataFrame({"geoid": geoids, "population": pd.array(values, "Float64")})
    frame["population_moe"] = 1.0
    return highest_profile(frame, indicator_named("population"), "nowhere", "tracts_2010", "Valley")


@pytest.mark.parametrize(("ties", "shown", "further"), [(1, 5, 0), (2, 6, 0), (6, 10, 0), (7, 5, 6)])
def test_what_ties_with_the_last_is_shown_or_counted(ties: int, shown: int, further: int) -> None:
    profile = _highest([12.0, None, *[90.0] * ties, 94.0, 93.0, 92.0, 91.0])
    assert len(profile.figures) == shown
    assert profile.title == f"The {shown} highest: Valley"
    words = [figure.words for figure in profile.figures]
    assert words[:4] == ["94 ± 1", "93 ± 1", "92 ± 1", "91 ± 1"]
    assert set(words[4:]) == {"90 ± 1"}
    told = f"; and {further} more with the same value" if further else ""
    assert profile.subtitle == f"Population{told}"


def test_fewer_than_five_are_all_shown() -> None:
    assert len(_highest([3.0, None, 3.0]).figures) == 2


def test_a_finding_is_narrowed_to_the_tracts_of_an_area() -> None:
    both = find("vintages_differ", "acs_svi_2018", ["a", "b", "c"], of=518, column="x", other="y")
    cells = Finding("missing_cells", "acs_svi_2018", 1135, ids=("a", "b"), values={"columns": 26})
    elsewhere = find("no_self_response", "self_response_2020", ["z"], of=518)
    found = list(of_tracts_alone([both, cells, elsewhere], {"a", "c", "d", "e"}))
    assert [(item.check, item.ids, item.count, item.of) for item in found] == [
        ("vintages_differ", ("a", "c"), 2, 4)
    ]


@pytest.mark.parametrize(
    ("tracts", "words"),
    [
        ((), "the census tracts that it lies in"),
        (("456.05",), "census tract 456.05, which it lies in"),
        (("456.04", "456.05"), "census tracts 456.04, 456.05, which it lies in"),
        (tuple("123456"), "the census tracts that it lies in"),
    ],
)
def test_survey_figures_name_the_few_tracts_that_they_are_from(tracts: tuple[str, ...], words: str) -> None:
    survey = Quantity("population", 3288.0, 434.0, "people", guesswork=1.0, method="interpolated")
    first = next(estimate_issues({"population": survey}, "place", tracts))
    assert first.endswith(f"they come from {words}.")
