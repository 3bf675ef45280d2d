"""Compare: what stands side by side equals what geo says, and the sentence follows from it."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest
import shapely
from streamlit.testing.v1 import AppTest

from geo.datasets.storage import read_ledgers, read_shapes_of, read_table_of
from geo.methods.drawing import outline_from_text, outline_to_text
from geo.methods.margins import significantly_different
from geo.tracts.residents.estimate import people_in
from geo.units import to_words
from wording.sources import ledger_table

ROOT = Path(__file__).resolve().parents[2]
Open = Callable[..., AppTest]


@pytest.fixture
def dashboard() -> Open:
    """Open Compare at an address at once: another page in between would write its own."""

    def start(**params: str) -> AppTest:
        app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120)
        app.switch_page("app_pages/compare.py")
        app.query_params.update(params)
        return app.run()

    return start


def html_of(app: AppTest) -> str:
    bodies = [str(element.proto.body) for element in app.get("html")]
    return next(body for body in bodies if "<section class=" in body and "geo-compare" in body)


def row_of(html: str, title: str) -> str:
    return next(row for row in html.split("<tr ") if f'<th scope="row">{title}</th>' in row)


def test_two_places_with_every_doubt(dashboard: Open, demo_built: str) -> None:
    app = dashboard(region="demo", how="areas")
    assert not app.exception
    assert not app.error
    html = html_of(app)
    first, second = (app.query_params[side].split(":")[1] for side in ("a", "b"))
    assert first != second
    served = read_table_of("demo", "people_served")
    places = served[served["target_kind"] == "place"].set_index(["target_id", "variable"])
    for key, title in (("households", "Households"), ("uninsured", "Without health insurance")):
        row = row_of(html, title)
        pair = [places.loc[(identifier, key)] for identifier in (first, second)]
        for item in pair:
            assert to_words(item["estimate"], "people", item["moe"]) in row
            partly = (
                f"{to_words(item['share_guesswork'], 'share')} of it comes from areas that lie partly inside"
            )
            assert (partly in row) == (item["share_guesswork"] >= 0.005)
            assert f"{to_words(item['coverage'], 'share')} of the area is covered" in row
        z = (pair[0]["estimate"] - pair[1]["estimate"]) / math.hypot(*(item["moe"] / 1.645 for item in pair))
        assert ("Statistically different:" in row) == (abs(z) > 1.645)
    assert '<span class="period">2020\N{EN DASH}2024</span>' in html
    assert "2020-2024, places" in html


def test_rates_come_before_counts_and_are_what_is_tallied(dashboard: Open, demo_built: str) -> None:
    app = dashboard(region="demo", how="areas")
    html = html_of(app)
    titles = [row.partition("</th>")[0] for row in html.split('<th scope="row">')[1:]]
    rates = [
        title for title in titles if "rate" in title.lower() or "percent" in title.lower() or "HTC" in title
    ]
    assert titles[: len(rates) + 1].index("Percent uninsured") < titles.index("Without health insurance")
    assert titles.index("Poverty rate") < titles.index("People in poverty")
    told = next(item.value for item in app.markdown if "rates and scores differ" in item.value)
    assert int(told.split(" of ")[1].split()[0]) <= len(rates)
    assert any("bigger places have more of everything" in item.value for item in app.caption)
    before, _head, after = html.partition("Counts: bigger places have more of everything")
    assert before.endswith('<tr class="group"><th colspan="4" scope="colgroup">'), (
        "a heading, not its letters"
    )
    assert "Percent uninsured" in before
    assert "Without health insurance" in after


def test_schools_and_clinics_inside_are_counted(dashboard: Open, demo_built: str) -> None:
    place = read_shapes_of("demo", "places").iloc[1]
    outline = outline_to_text(shapely.geometry.mapping(place["geometry"].convex_hull))
    shape = outline_from_text(outline)
    schools = int(read_shapes_of("demo", "public_schools").within(shape).sum())
    app = dashboard(region="demo", a=f"drawn:{outline}")
    assert not app.exception
    words = next(item.value for item in app.caption if item.value.startswith("Inside this area:"))
    assert f"{schools} public school" in words


def test_a_share_is_made_by_the_rule_of_proportions(dashboard: Open, demo_built: str) -> None:
    app = dashboard(region="demo", how="areas")
    served = read_table_of("demo", "people_served")
    ours = served[served["target_id"] == app.query_params["a"].split(":")[1]].set_index("variable")
    part, whole = ours.loc["poverty"], ours.loc["poverty_universe"]
    share = part["estimate"] / whole["estimate"]
    moe = math.sqrt(part["moe"] ** 2 - share**2 * whole["moe"] ** 2) / whole["estimate"]
    assert to_words(share, "share", moe) in row_of(html_of(app), "Poverty rate")


def test_a_tract_of_both_censuses_is_compared_as_two_areas(dashboard: Open, demo_built: str) -> None:
    old, new = (read_shapes_of("demo", f"tracts_{year}").set_index("geoid") for year in (2010, 2020))
    geoid = next(item for item in old.index if item in new.index)
    app = dashboard(region="demo", a=f"tract:{geoid}", b=f"tract_2020:{geoid}")
    html = html_of(app)
    assert not any("share years" in item.value for item in app.caption), "2014-2018 and 2020-2024 do not"
    row = row_of(html, "Poverty rate")
    pair = [frame.loc[geoid] for frame in (old, new)]
    names = ("share_poverty", "share_poverty_moe")
    real = significantly_different(*(float(item[name]) for item in pair for name in names))
    assert ("Statistically different:" in row) == bool(real)
    assert "no margin of error is known" in row_of(html, "California Hard-to-Count Index (2019)")
    assert "2020-2024" in html
    assert "2010 tract" in html


def test_two_vintages_of_one_tract_with_a_test_of_each_change(dashboard: Open, demo_built: str) -> None:
    rows = read_table_of("demo", "tract_vintages").set_index(["geoid", "source", "variable"])
    geoid = str(rows.index[0][0])
    app = dashboard(
        region="demo", how="vintages", tract=geoid, **{"from": "acs_5year_2022", "to": "acs_5year_2024"}
    )
    assert not app.exception
    assert app.selectbox(key="compare.from").value == "acs_5year_2022"
    assert any("share 60.0" in item.value for item in app.caption)
    before, after = (rows.loc[(geoid, f"acs_5year_{year}", "share_poverty")] for year in (2022, 2024))
    row = row_of(html_of(app), "Poverty rate")
    for item in (before, after):
        assert to_words(item["estimate"], "share", item["moe"]) in row
    moe = math.sqrt(0.4) * math.hypot(before["moe"], after["moe"])
    real = abs(after["estimate"] - before["estimate"]) > moe
    assert ("Statistically different:" in row) == real
    assert app.query_params["how"] == "vintages"
    assert app.query_params["from"] == "acs_5year_2022"


def test_the_oldest_and_the_newest_vintage_stand_there_at_first(dashboard: Open, demo_built: str) -> None:
    app = dashboard(region="demo", how="vintages")
    chosen = [app.selectbox(key=f"compare.{side}").value for side in ("from", "to")]
    assert chosen == ["acs_svi_2018", "acs_5year_2024"]
    assert any("carried over from 2010 tracts:" in item.value for item in app.caption)
    assert "Per capita income" not in html_of(app)


def test_one_vintage_alone_is_said_to_be_alone(dashboard: Open, coachella_built: str) -> None:
    app = dashboard(region="coachella", how="vintages")
    assert not app.exception
    assert "one vintage of this tract only" in app.error[0].value


@pytest.mark.parametrize(("second", "told"), [("region_2020:demo", False), ("region:demo", True)])
def test_the_same_people_in_one_survey_are_said_to_be_in_both(
    dashboard: Open, demo_built: str, second: str, told: bool
) -> None:
    app = dashboard(region="demo", a="region:demo", b=second)
    assert any("The two areas overlap" in item.value for item in app.caption) == told


@pytest.mark.parametrize("kind", ["county", "region"])
def test_sums_of_tracts(dashboard: Open, demo_built: str, kind: str) -> None:
    frame = read_shapes_of("demo", "tracts_2010")
    identifier = "demo" if kind == "region" else str(frame["county_geoid"].iloc[0])
    app = dashboard(region="demo", a=f"{kind}:{identifier}", b=f"{kind}_2020:{identifier}")
    counts, margins = frame["poverty"].astype(float), frame["poverty_moe"].astype(float)
    largest_of_zeros = float(margins[counts == 0].max()) if (counts == 0).any() else 0.0
    moe = math.sqrt(float((margins[counts > 0] ** 2).sum()) + largest_of_zeros**2)
    row = row_of(html_of(app), "People in poverty")
    assert to_words(float(counts.sum()), "people", moe) in row


def test_two_figures_of_one_area(dashboard: Open, demo_built: str) -> None:
    geoid = read_shapes_of("demo", "tracts_2020")["geoid"].iloc[3]
    figures = {"one": "population", "two": "population_2020"}
    app = dashboard(region="demo", how="figures", a=f"tract_2020:{geoid}", **figures)
    assert not app.exception
    assert app.selectbox(key="compare.two").value == "population_2020"
    assert "a full count, no sample" in html_of(app)
    assert app.query_params["how"] == "figures"
    units = app.selectbox(key="compare.two").options
    assert "Poverty rate" not in units


def test_a_drawn_area_is_asked_of_geo_and_stands_in_the_address(dashboard: Open, demo_built: str) -> None:
    county = read_shapes_of("demo", "counties").geometry.iloc[0]
    square = shapely.box(*county.representative_point().buffer(0.05).bounds)
    text = outline_to_text(shapely.geometry.mapping(square))
    app = dashboard(region="demo", a=f"drawn:{text}")
    assert not app.exception
    assert app.query_params["a"] == f"drawn:{text}"
    people = people_in("demo", outline_from_text(text)).set_index("variable")
    row = row_of(html_of(app), "Population")
    assert to_words(people.loc["population", "estimate"], "people", people.loc["population", "moe"]) in row


@pytest.mark.parametrize("text", ["", "nonsense", "0_0~1_0~1_1"])
def test_what_is_not_drawn_is_refused_with_a_remedy(dashboard: Open, demo_built: str, text: str) -> None:
    app = dashboard(region="demo", a=f"drawn:{text}")
    assert not app.exception
    assert "What to do" in app.error[0].value


def test_a_missing_figure_is_said_and_never_zero(dashboard: Open, demo_built: str) -> None:
    served = read_table_of("demo", "people_served")
    visited = served[served["method"] == "not_residents"]["target_id"].iloc[0]
    app = dashboard(region="demo", a=f"water_system:{visited}")
    row = row_of(html_of(app), "People in poverty")
    assert "no data" in row
    assert "has no figure" in row


def test_the_ledger_is_one_click_away(dashboard: Open, demo_built: str) -> None:
    app = dashboard(region="demo", how="areas")
    ledger = next(item for item in read_ledgers("demo", "people_served") if item.target == "places")
    shown = next(item.value for item in app.dataframe if "Lost where" in item.value.columns)
    assert shown["In"].tolist() == ledger_table(ledger)["In"].tolist()
    assert any(item.label.startswith("Coverage and balance") for item in app.expander)


@pytest.mark.parametrize("named", ["moon:1", "place:2", "tract_2020:06901040302x"])
def test_a_link_to_an_unknown_area_says_so_and_shows_no_other(
    dashboard: Open, demo_built: str, named: str
) -> None:
    app = dashboard(region="demo", how="profile", a=named)
    assert not app.exception
    assert named in app.error[0].value
    assert not any("geo-profile" in str(element.proto.body) for element in app.get("html"))
    app.selectbox(key="compare.a.kind").set_value("place").run()
    app.selectbox(key="compare.a.area.place").set_value("0699003").run()
    assert not app.error, "whoever chooses another one sees that"
    assert app.query_params["a"] == "place:0699003"


def test_an_address_of_nonsense_opens_the_page(dashboard: Open, demo_built: str) -> None:
    app = dashboard(region="demo", how="?", one="x", two="y")
    assert not app.exception
    assert not app.error


def test_it_speaks_spanish(dashboard: Open, demo_built: str) -> None:
    assert "¿Diferencia significativa?" in html_of(dashboard(region="demo", how="areas", lang="es"))


def profile_of(app: AppTest) -> str:
    bodies = [str(element.proto.body) for element in app.get("html")]
    return next(body for body in bodies if "geo-profile" in body)


def test_a_profile_tells_each_figure_with_its_context_and_its_trend(dashboard: Open, demo_built: str) -> None:
    tracts = read_shapes_of("demo", "tracts_2020")
    vintages = read_table_of("demo", "tract_vintages").set_index(["geoid", "source", "variable"])
    geoid = str(tracts["geoid"].iloc[3])
    row = tracts.set_index("geoid").loc[geoid]
    app = dashboard(region="demo", how="profile", a=f"tract_2020:{geoid}")
    html = profile_of(app)
    assert to_words(row["share_uninsured"], "share", row["share_uninsured_moe"]) in html
    rate = tracts["uninsured"].sum() / (tracts["uninsured"] / tracts["share_uninsured"]).sum()
    county = (
        rate,
        math.sqrt(float((tracts["uninsured_moe"] ** 2).sum()))
        / float((tracts["uninsured"] / tracts["share_uninsured"]).sum()),
    )
    real = significantly_different(row["share_uninsured"], row["share_uninsured_moe"], *county)
    line = next(part for part in html.split('<div class="figure') if "Percent uninsured" in part)
    assert ("not statistically different from Demo County" in line) == (not real)
    before = vintages.loc[(geoid, "acs_5year_2022", "share_uninsured")]
    after = vintages.loc[(geoid, "acs_5year_2024", "share_uninsured")]
    moved = abs(after["estimate"] - before["estimate"]) > math.sqrt(0.4) * math.hypot(
        before["moe"], after["moe"]
    )
    assert ("no significant change since" in line) == (not moved)
    assert "<dt>Universe</dt>" in line
    assert "Data quality notes" in html
    assert app.query_params["how"] == "profile"


def test_a_region_of_one_vintage_says_that_it_has_no_trend(dashboard: Open, coachella_built: str) -> None:
    geoid = read_shapes_of("coachella", "tracts_2010")["geoid"].iloc[0]
    html = profile_of(dashboard(region="coachella", how="profile", a=f"tract:{geoid}"))
    assert "one vintage of survey estimates" in html


def test_several_areas_stand_side_by_side_each_tested_against_the_first(
    dashboard: Open, demo_built: str
) -> None:
    places = read_shapes_of("demo", "places")["geoid"].astype(str).tolist()[:4]
    named = {side: f"place:{key}" for side, key in zip("abcd", places, strict=False)}
    app = dashboard(region="demo", **named)
    bodies = [str(element.proto.body) for element in app.get("html")]
    html = next(body for body in bodies if "geo-side" in body)
    assert html.count('<th scope="col">') == 5
    assert [app.query_params[side] for side in named] == list(named.values())
    assert "not statistically different from" in html or "higher than" in html


def test_fact_sheets_of_a_list_come_in_one_file(dashboard: Open, demo_built: str) -> None:
    app = dashboard(region="demo", how="profile", a="place:0699001")
    places = read_shapes_of("demo", "places")["geoid"].astype(str).tolist()[:2]
    app.selectbox(key="compare.sheets.kind").set_value("place").run()
    app.multiselect(key="compare.sheets.place").set_value(places).run()
    app.button(key="compare.sheets.make").click().run()
    assert not app.exception
    assert not app.error
    _region, content = app.session_state["compare.sheets.made"]
    assert content.startswith(b"%PDF")
    assert b"/Count 2" in content
