"""Participation, against plain sets; suppression, against an attacker who subtracts."""

from __future__ import annotations

from itertools import combinations, pairwise

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.methods.disclosure.small_counts import suppress, suppress_curve
from geo.program.measures import at_least_table, people_over_time, retention, sessions_by_person, took_part
from geo.program.regulars import Regularity, regular_people, regulars_by_session

EVENTS = ["a", "b", "c", "d"]
DAYS = pd.DataFrame({"event": EVENTS, "on": pd.date_range("2020-01-01", periods=4), "series": ""})
sheets = st.lists(st.tuples(st.sampled_from(EVENTS), st.sampled_from("pqrstuvw")), max_size=60)


def to_frame(rows: list[tuple[str, str]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["event", "person"])


@settings(deadline=None, max_examples=50)
@given(sheets, st.integers(1, 4))
def test_at_least_k_of_n_is_what_sets_say(rows: list[tuple[str, str]], least: int) -> None:
    came = {person: {event for event, other in rows if other == person} for _, person in rows}
    assert took_part(to_frame(rows), least) == sum(len(events) >= least for events in came.values())


@settings(deadline=None, max_examples=50)
@given(sheets)
def test_doubles_and_order_do_not_matter(rows: list[tuple[str, str]]) -> None:
    frame = to_frame(rows)
    again = pd.concat([frame, frame]).sample(frac=1, random_state=1)
    assert sessions_by_person(frame).equals(sessions_by_person(again))


@settings(deadline=None, max_examples=50)
@given(sheets)
def test_retention_adds_up(rows: list[tuple[str, str]]) -> None:
    table = retention(to_frame(rows), EVENTS)
    groups = [{person for event, person in rows if event == name} for name in EVENTS]
    assert table["people"].tolist() == [len(group) for group in groups]
    assert table["back"].tolist()[1:] == [len(b & a) for a, b in pairwise(groups)]
    assert table["new"].sum() == len(set().union(*groups))


@settings(deadline=None, max_examples=50)
@given(sheets, st.lists(st.sampled_from(["", "Spring", " spring", "Fall"]), min_size=4, max_size=4))
def test_retention_of_series_is_that_of_each_alone(rows: list[tuple[str, str]], series: list[str]) -> None:
    """As if the sessions of other series had never been; only who is new is asked of all."""
    table = retention(to_frame(rows), EVENTS, series).set_index("event")
    plain = [title.strip().casefold() for title in series]
    for title in set(plain):
        own = [event for event, other in zip(EVENTS, plain, strict=True) if other == title]
        alone = retention(to_frame(rows), own).set_index("event")
        pd.testing.assert_frame_equal(table.loc[own].drop(columns="new"), alone.drop(columns="new"))
    assert table["new"].tolist() == retention(to_frame(rows), EVENTS)["new"].tolist()


@settings(deadline=None, max_examples=50)
@given(sheets)
def test_at_least_never_grows_and_the_curve_ends_where_it_does(rows: list[tuple[str, str]]) -> None:
    people = at_least_table(to_frame(rows), EVENTS)["people"].tolist()
    assert people == sorted(people, reverse=True)
    for least, count in enumerate(people, start=1):
        curve = people_over_time(to_frame(rows), DAYS, Regularity(least))
        assert (curve.iloc[-1] if len(curve) else 0) == count


@settings(deadline=None, max_examples=100)
@given(sheets, st.integers(1, 4), st.booleans(), st.sampled_from(["", "Spring"]))
def test_k_in_a_row_is_what_a_slow_count_says(
    rows: list[tuple[str, str]], least: int, in_a_row: bool, series: str
) -> None:
    """Sessions to which nobody came did not take place; of a series only its own count, wherever they lie."""
    titles = dict(zip(EVENTS, ["Spring", "", "spring", "Spring "], strict=True))
    took_place = [event for event in EVENTS if any(event == name for name, _person in rows)]
    counting = [event for event in took_place if not series or titles[event].strip().casefold() == "spring"]
    regular = set()
    for person in {person for _event, person in rows}:
        came = [(event, person) in rows for event in counting]
        stretches = [came[at : at + least] for at in range(len(came) - least + 1)]
        in_row = any(all(stretch) for stretch in stretches)
        if in_row if in_a_row else sum(came) >= least:
            regular.add(person)
    held = DAYS[DAYS["event"].isin(took_place)].assign(series=[titles[event] for event in took_place])
    rule = Regularity(least, in_a_row, series)
    assert regular_people(to_frame(rows), held, rule) == regular
    curve = people_over_time(to_frame(rows), held, rule)
    assert (curve.iloc[-1] if len(curve) else 0) == len(regular)
    by_session = regulars_by_session(to_frame(rows), held, rule).set_index("event")["regular"].to_dict()
    assert by_session == {
        event: len({person for name, person in rows if name == event and person in regular})
        for event in counting
    }


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(0, 60), min_size=1, max_size=8))
def test_no_small_count_can_be_had_by_subtracting(counts: list[int]) -> None:
    shown = suppress(pd.Series(counts))
    hidden = [count for count, value in zip(counts, shown, strict=True) if pd.isna(value)]
    assert not any(0 < value < 10 for value in shown.dropna())
    if hidden and sum(counts) >= 10:
        assert sum(hidden) >= 10
        assert len(hidden) >= 2


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(0, 30), max_size=12))
def test_no_step_of_a_shown_curve_is_small(steps: list[int]) -> None:
    totals = pd.Series(steps, dtype=float).cumsum()
    shown = [0.0, *suppress_curve(totals)]
    assert all(later - earlier >= 10 for earlier, later in pairwise(shown))
    assert all(abs(b - a) >= 10 for a, b in combinations(shown, 2))
