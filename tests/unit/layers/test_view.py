"""A view in an address: it comes back as it was written, and nonsense is passed over."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from geo.methods.classify import SCHEMES
from layers.view import TRACTS, View, read_view, split_selected

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
)


@given(VIEWS)
def test_a_view_comes_back_as_it_was_written(view: View) -> None:
    assert read_view(view.to_params()) == view


@given(st.dictionaries(st.sampled_from(["dataset", "scheme", "classes", "limits", "layers"]), st.text()))
def test_nonsense_is_passed_over(params: dict[str, str]) -> None:
    view = read_view(params)
    assert view.dataset in TRACTS
    assert view.scheme in SCHEMES
    assert 3 <= view.classes <= 7


def test_the_first_view_needs_no_words() -> None:
    assert View().to_params() == {}


def test_an_identifier_may_hold_a_colon() -> None:
    assert split_selected("parks:13:0006") == ("parks", "13:0006")
