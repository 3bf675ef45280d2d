"""A view in an address: it comes back as it was written, and nonsense is passed over."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from geo.methods.classify import SCHEMES
from layers.palette import PALETTES
from layers.view import (
    EVERY,
    LONGEST_NOTE,
    OPACITIES,
    TABS,
    TRACTS,
    View,
    bounds_of_place,
    read_place,
    read_view,
    split_selected,
)

WORDS = st.text("abcdefghij_0123456789", min_size=1, max_size=12)
VIEWS = st.builds(
    View,
    dataset=st.sampled_from(TRACTS),
    indicator=WORDS,
    scheme=st.sampled_from(sorted(SCHEMES)),
    classes=st.integers(3, 7),
    limits=st.sampled_from([(), (0.05, 0.1), (10.0, 20.5, 1000.0)]),
    layers=st.one_of(st.none(), st.lists(WORDS, unique=True).map(tuple)),
    selected=st.one_of(st.just(""), st.builds(lambda a, b: f"{a}:{b}", WORDS, WORDS)),
    focus=st.one_of(st.just(""), st.just("1")),
    second=st.one_of(st.just(""), st.just("share_poverty")),
    palette=st.sampled_from(sorted(PALETTES)),
    reverse=st.booleans(),
    opacity=st.integers(*OPACITIES),
    systems=st.sampled_from(["", EVERY]),
    tab=st.sampled_from(["", *TABS]),
    sort=st.sampled_from(["", "value", "-value"]),
    note=st.sampled_from(["", "Ask the district (May)"]),
)


@given(VIEWS)
def test_a_view_comes_back_as_it_was_written(view: View) -> None:
    assert read_view(view.to_params()) == view


@given(st.dictionaries(st.sampled_from(["dataset", "scheme", "classes", "limits", "layers"]), st.text()))
@example({"classes": "9" * 5000, "opacity": "9" * 5000, "highest": "9" * 5000})
def test_nonsense_is_passed_over(params: dict[str, str]) -> None:
    view = read_view(params)
    assert view.dataset in TRACTS
    assert view.scheme in SCHEMES
    assert 3 <= view.classes <= 7


def test_the_first_view_needs_no_words() -> None:
    assert View().to_params() == {}


def test_an_identifier_may_hold_a_colon() -> None:
    assert split_selected("parks:13:0006") == ("parks", "13:0006")


def test_a_drawn_area_stands_in_a_link_and_other_long_words_do_not() -> None:
    area = "drawn:" + "~".join(f"-116.{place}_33.{place}" for place in range(100, 140))
    assert read_view({"selected": area}).selected == area
    assert read_view({"selected": "places:" + "0" * 100}).selected == ""
    assert len(read_view({"note": "x" * 1_000}).note) == LONGEST_NOTE


@given(st.floats(-80, 80), st.floats(-170, 170), st.integers(2, 18))
def test_the_box_of_a_place_is_around_it_and_halves_with_each_zoom(
    latitude: float, longitude: float, zoom: int
) -> None:
    boxes = [
        bounds_of_place(f"{latitude:.4f}_{longitude:.4f}_{closer}_800x400") for closer in (zoom, zoom + 1)
    ]
    assert boxes[0] is not None
    assert boxes[1] is not None
    (west, south, east, north), (left, _low, right, _high) = boxes
    assert west < longitude < east
    assert south < latitude < north
    assert abs((east - west) - 2 * (right - left)) < 1e-6


@given(st.text(max_size=30))
@example("0_0_0_99999x99999")
def test_no_text_breaks_the_reading_of_a_place(text: str) -> None:
    assert read_place(text) in (text, "")
    assert bounds_of_place(text) is None or read_place(text)
