"""Explore: how sure a rank is, and the ledger behind a card, one click away."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from geo.datasets.storage import read_shapes_of, read_table_of
from geo.methods.ranking import rank_with_doubt
from geo.tracts.comparison import rank_indicator
from geo.tracts.indicators import indicator_named
from tests.app.test_explore import html_of

Open = Callable[..., AppTest]


def test_the_legend_counts_what_the_ranking_says(dashboard: Open, demo_built: str) -> None:
    app = dashboard(region="demo", indicator="share_poverty")
    assert "among the highest" not in html_of(app)
    app.toggle(key="explore.sure").set_value(True).run()
    assert not app.exception
    assert app.query_params["highest"] == "10"
    app.radio(key="explore.highest").set_value(25).run()
    assert app.query_params["highest"] == "25"
    html = html_of(app)
    frame = read_shapes_of("demo", "tracts_2010")
    ranked = rank_indicator(frame, indicator_named("share_poverty"), 25)
    for name, count in ranked["class"].value_counts().items():
        assert f'<span>{name}</span><span class="count">({count})</span>' in html


def test_an_indicator_without_a_margin_has_no_such_map(dashboard: Open, demo_built: str) -> None:
    app = dashboard(region="demo", indicator="ca_htc_index", highest="10")
    assert not app.exception
    toggle = app.toggle(key="explore.sure")
    assert toggle.disabled
    assert "Estimated HTC index" in toggle.help
    assert "among the highest" not in html_of(app)


@pytest.mark.parametrize("dataset", ["tracts_2010", "tracts_2020"])
def test_our_estimate_of_the_index_is_ranked_by_its_interval(
    dashboard: Open, demo_built: str, dataset: str
) -> None:
    app = dashboard(region="demo", dataset=dataset, indicator="ca_htc_estimate", highest="10")
    assert not app.exception
    estimates = read_table_of("demo", "hard_to_count_estimates")
    ours = estimates[estimates["tracts"] == dataset].set_index("geoid")
    ranked = rank_with_doubt(ours["estimate"], ours["moe"], share=0.10)
    html = html_of(app)
    counts = ranked["class"].value_counts()
    assert counts["very likely"] + counts["likely"] > 0
    for name, count in counts.items():
        assert f'<span>{name}</span><span class="count">({count})</span>' in html
    table = next(item.value for item in app.dataframe if "official" in item.value.columns)
    assert {"value", "margin"} <= set(table.columns)
    shown = table.set_index("geoid")
    assert shown["alike"].dropna().eq(ranked["group"].reindex(shown.index).dropna()).all()
    assert shown["rank_low"].dropna().eq(ranked["rank_low"].reindex(shown.index).dropna()).all()
    assert (shown["chance"] - 100 * ranked["probability"].reindex(shown.index)).abs().max() < 1e-9


def test_the_ledger_is_one_click_from_the_card(dashboard: Open, demo_built: str) -> None:
    geoid = read_shapes_of("demo", "places")["geoid"].iloc[0]
    app = dashboard(region="demo", selected=f"places:{geoid}")
    assert any(item.label.startswith("Coverage and balance") for item in app.expander)
    assert any("Lost where" in item.value.columns for item in app.dataframe)
