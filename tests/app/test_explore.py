"""Explore: what is on the screen equals what geo says, and a refusal is in plain words."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from html import escape
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from app_pages.parts.tracts.downloads import make_join
from geo.datasets.storage import read_shapes_of, read_table_of
from geo.methods.classify import classify
from geo.methods.drawing import outline_from_text
from geo.region import read_region
from geo.tracts.comparison import index_inside, of_served
from geo.tracts.indicators import ESTIMATES, indicator_named, indicators_of, values_of, with_estimates
from geo.tracts.names import tract_title
from geo.tracts.residents.estimate import over_tracts, people_within, read_people_map
from geo.units import to_words
from wording.profiles import systems_figure
from wording.tracts import KINDS, served_figures

Open = Callable[..., AppTest]


def html_of(app: AppTest) -> str:
    """What is on the page as HTML, the legend on the map too."""
    page = " ".join(element.proto.body for element in app.get("html"))
    return page + " ".join(json.loads(f'"{text}"') for text in LEGEND.findall(map_of(app)))


LEGEND = re.compile(r'geoTools\.legend\([^,]+, ?\{"html":"((?:[^"\\]|\\.)*)"')


def map_of(app: AppTest) -> str:
    """The script that the map gets."""
    groups = (json.loads(element.proto.json_args) for element in app.get("component_instance"))
    return " ".join(str(item.get("feature_group")) for item in groups)


def table_of(app: AppTest, key: str = "explore.table.tracts") -> pd.DataFrame:
    return next(element.value for element in app.dataframe if key in element.proto.id)


def open_table(app: AppTest, title: str) -> None:
    app.session_state["explore.tables"] = title
    app.run()


def test_what_is_chosen_in_a_table_outlasts_its_being_closed(dashboard: Open, demo_built: str) -> None:
    app = dashboard(region="demo")
    open_table(app, "People by area")
    app.selectbox(key="explore.served.kind").set_value("systems").run()
    open_table(app, "Table: census tracts")
    open_table(app, "People by area")
    assert app.selectbox(key="explore.served.kind").value == "systems"


def test_the_card_of_a_place_counts_what_lies_inside(dashboard: Open, demo_built: str) -> None:
    place = read_shapes_of(demo_built, "places").iloc[1]
    inside = {
        name: int(read_shapes_of(demo_built, name).within(place["geometry"]).sum())
        for name in ("public_schools", "health_facilities", "address_points")
    }
    assert inside["public_schools"] == 3, (
        "the demo has an elementary, a middle and a high school in each town"
    )
    assert inside["address_points"] > 100
    app = dashboard(region="demo", selected=f"places:{place['geoid']}")
    assert not app.exception
    assert "3 public schools, 1 clinic or hospital" in html_of(app)
    assert f"{inside['address_points']:,} addresses" in html_of(app)


@pytest.mark.parametrize("indicator", ["ca_htc_index", "share_uninsured", "population"])
def test_the_table_holds_what_geo_has(dashboard: Open, demo_built: str, indicator: str) -> None:
    app = dashboard(region="demo", indicator=indicator)
    assert not app.exception
    item = indicator_named(indicator)
    frame = read_shapes_of(demo_built, "tracts_2010").set_index("geoid")
    table = table_of(app).set_index("geoid")
    factor = 100 if item.unit == "share" else 1
    values = values_of(frame, item).astype(float) * factor
    pd.testing.assert_series_equal(
        table["value"].astype(float).sort_index(), values.sort_index(), check_names=False
    )
    if item.moe:
        moes = frame[item.moe].astype(float) * factor
        pd.testing.assert_series_equal(
            table["margin"].astype(float).sort_index(), moes.sort_index(), check_names=False
        )


def test_it_opens_on_the_tracts_of_the_newest_survey_and_the_index_is_marked_there(
    dashboard: Open, demo_built: str
) -> None:
    app = dashboard(region="demo")
    assert not app.exception
    assert app.radio(key="explore.dataset").value == "tracts_2020"
    assert app.query_params["dataset"] == "tracts_2020"
    html = html_of(app)
    assert "Carried over from 2010 tracts, so not ranked here" in html
    assert "The 5 highest: Whole region" in html.partition("not ranked here")[2], "by our estimate"
    assert "Estimated HTC index (modeled, not official)" in html
    assert "rank" not in table_of(app)
    app.button(key="explore.older").click().run()
    assert app.radio(key="explore.dataset").value == "tracts_2010"
    assert "dataset" not in app.query_params
    app.button(key="explore.question.uninsured").click().run()
    assert app.radio(key="explore.dataset").value == "tracts_2020"


def test_a_link_that_names_no_tracts_means_those_of_2010_as_ever(dashboard: Open, demo_built: str) -> None:
    app = dashboard(region="demo", indicator="share_poverty")
    assert app.radio(key="explore.dataset").value == "tracts_2010"


def test_the_period_stands_beside_each_survey_figure(dashboard: Open, demo_built: str) -> None:
    place = str(read_shapes_of(demo_built, "places")["geoid"].iloc[0])
    html = html_of(dashboard(region="demo", selected=f"places:{place}"))
    newest, older = (f'<span class="period">{years}</span>' for years in ("2020–2024", "2014–2018"))
    assert newest in html
    assert html.count(older) == 1, "our estimate of the index alone, which stands on 2010 tracts"
    tract = read_shapes_of(demo_built, "tracts_2010").dropna(subset=["share_uninsured"]).iloc[0]["geoid"]
    assert older in html_of(dashboard(region="demo", selected=f"tracts:{tract}"))


def test_the_legend_counts_what_the_classes_hold(dashboard: Open, demo_built: str) -> None:
    app = dashboard(region="demo", indicator="share_uninsured", scheme="equal_intervals", classes="4")
    frame = read_shapes_of(demo_built, "tracts_2010")
    classes = classify(values_of(frame, indicator_named("share_uninsured")), "equal_intervals", 4)
    html = html_of(app)
    assert all(f"({size})" in html for size in classes.sizes)


def test_the_card_holds_value_margin_source_and_rank(dashboard: Open, demo_built: str) -> None:
    frame = read_shapes_of(demo_built, "tracts_2010")
    row = frame.dropna(subset=["share_uninsured"]).iloc[3]
    app = dashboard(region="demo", indicator="share_uninsured", selected=f"tracts:{row['geoid']}")
    html = html_of(app)
    assert to_words(row["share_uninsured"], "share", row["share_uninsured_moe"]) in html
    assert f"rank {row['share_uninsured_region_rank']} of " in html
    assert to_words(row["population"], "people", row["population_moe"]) in html
    assert "ACS" in html


def test_the_card_of_a_system_names_it_in_public(dashboard: Open, demo_built: str) -> None:
    systems = read_shapes_of(demo_built, "water_systems")
    row = systems[systems["public_name"] != systems["name"]].iloc[0]
    app = dashboard(region="demo", selected=f"systems:{row['pwsid']}")
    html = html_of(app)
    assert row["public_name"] in html
    assert row["pwsid"] in html


def test_every_indicator_opens(dashboard: Open, demo_built: str) -> None:
    app = dashboard(region="demo")
    columns = read_shapes_of(demo_built, "tracts_2010").columns
    wanted = [item.key for item in indicators_of("tracts_2010") if item.key in columns]
    for key in wanted[::6]:
        app.selectbox(key="explore.indicator").set_value(key).run()
        assert not app.exception, key
        assert app.query_params.get("indicator", "ca_htc_index") == key


@pytest.mark.parametrize("scheme", ["quantiles", "natural_breaks", "equal_intervals", "fixed"])
@pytest.mark.parametrize("dataset", ["tracts_2010", "tracts_2020"])
def test_every_scheme_and_vintage_opens(dashboard: Open, demo_built: str, scheme: str, dataset: str) -> None:
    app = dashboard(region="demo", scheme=scheme, dataset=dataset)
    assert not app.exception
    assert not app.error
    assert app.radio(key="explore.dataset").value == dataset


def test_limits_that_make_no_sense_are_refused_with_a_remedy(dashboard: Open, demo_built: str) -> None:
    app = dashboard(region="demo", scheme="fixed")
    app.text_input(key="explore.limits.ca_htc_index").set_value("low; high").run()
    assert not app.exception
    assert "not all numbers" in app.error[0].value
    assert "What to do" in app.error[0].value


def test_a_search_selects_and_goes_there(dashboard: Open, demo_built: str) -> None:
    app = dashboard(region="demo")
    search = app.selectbox(key="explore.search")
    name = next(option for option in search.options if option.startswith("Las Hojas (Places"))
    search.select_index(search.options.index(name)).run()
    assert not app.exception
    assert app.query_params["selected"].startswith("places:")
    assert app.query_params["focus"] == app.query_params["selected"]
    assert "<h3>Las Hojas" in html_of(app)
    assert app.selectbox(key="explore.search").value is None


def test_a_place_tells_who_lives_there_its_index_and_its_systems(dashboard: Open, demo_built: str) -> None:
    places, served = read_shapes_of(demo_built, "places"), read_table_of(demo_built, "people_served")
    row = places[places["name"] == "Las Hojas"].iloc[0]
    html = html_of(dashboard(region="demo", selected=f"places:{row['geoid']}"))
    for figure in served_figures(served, "places", row["geoid"]):
        assert f'<span class="value">{figure.words}</span>' in html
    tracts = with_estimates(
        read_shapes_of(demo_built, "tracts_2010"), read_table_of(demo_built, ESTIMATES), "tracts_2010"
    )
    scored = over_tracts(read_people_map(demo_built), tracts, read_region(demo_built).area_crs)
    means = index_inside(scored, tracts, row["geometry"])
    assert means.keys() == {"ca_htc_index", "ca_htc_estimate"}
    for mean in means.values():
        moe = mean.moe
        assert f'<span class="value">{to_words(mean.value, "points", moe)}</span>' in html
    assert "in its county" in html
    systems = systems_figure(
        read_shapes_of(demo_built, "water_systems"), row["geometry"], read_region("demo").area_crs
    )
    assert int(systems.words) > 0
    assert escape(systems.place) in html


def test_a_2010_tract_that_was_split_answers_with_its_successors(dashboard: Open, demo_built: str) -> None:
    pairs = read_table_of(demo_built, "crosswalk_2010_2020")
    new = set(read_shapes_of(demo_built, "tracts_2020")["geoid"])
    split = pairs[~pairs["geoid_2010"].isin(new) & (pairs["people"] > 0)]
    geoid = str(split["geoid_2010"].iloc[0])
    ours = split[split["geoid_2010"] == geoid]
    app = dashboard(region="demo", dataset="tracts_2020", selected=f"tracts:{geoid}")
    assert not app.exception
    told = next(item.value for item in app.info if tract_title(geoid) in item.value)
    for row in ours.to_dict("records"):
        share = to_words(row["people"] / ours["people"].sum(), "share")
        assert f"{tract_title(row['geoid_2020'])} ({share})" in told
    card = html_of(dashboard(region="demo", selected=f"tracts:{geoid}"))
    assert "Its people in 2020 tracts" in card
    assert all(tract_title(name) in card for name in ours["geoid_2020"])


def test_the_card_of_a_system_names_its_tracts_and_the_download_holds_them(
    dashboard: Open, demo_built: str
) -> None:
    join = read_table_of(demo_built, "tract_system_join")
    point = join[join["known_by"] == "point"].iloc[0]
    html = html_of(dashboard(region="demo", selected=f"systems:{point['pwsid']}"))
    assert "Census tracts it lies in (2010)" in html
    assert tract_title(point["geoid"]) in html
    content = make_join(read_region("demo"), [str(point["pwsid"])], "en")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        rows = pd.read_csv(archive.open("data.csv"), dtype=str)
        assert "known_by" in pd.read_csv(archive.open("columns.csv"))["column"].tolist()
    assert rows[["geoid", "pwsid", "known_by"]].to_numpy().tolist() == [
        [point["geoid"], point["pwsid"], "point"]
    ]


def test_the_card_of_a_place_tells_what_is_wrong_with_its_tracts(
    dashboard: Open, coachella_built: str
) -> None:
    """The city of Coachella: the finding of its tracts alone, its households above all homes there are."""
    html = html_of(dashboard(region="coachella", selected="places:0614260"))
    assert "No known data issues" not in html
    assert "Its 2020 tracts: Housing units: 3 of 10 values differ by more than half" in html
    assert all(tract in html for tract in ("06065045226", "06065045703"))
    assert "06065044930" not in html, "that tract is in Palm Desert"
    households = html.partition("<dt>Households <sup")[2].partition("<dt>")[0]
    assert '<span class="doubt">unreliable</span>' in households
    assert "than all housing units counted in 2020, 10,069" in households


def test_a_drawn_area_has_a_card_with_margins_and_what_lies_inside(dashboard: Open, demo_built: str) -> None:
    west, south, east, north = read_shapes_of(demo_built, "places").total_bounds.round(3)
    area = f"drawn:{west}_{south}~{east}_{south}~{east}_{north}~{west}_{north}"
    rows = people_within(read_people_map(demo_built), outline_from_text(area[6:]), read_region(demo_built))
    people = of_served(rows)["population"]
    app = dashboard(region="demo", selected=area)
    assert not app.exception
    html = html_of(app)
    assert to_words(people.value, "people", people.moe) in html
    assert "Water systems serving this area" in html
    assert "Mobile home parks" in html
    assert app.query_params["selected"] == area


def test_too_small_an_area_shows_no_number_of_people(dashboard: Open, demo_built: str) -> None:
    """A square of ten meters in a town: neither the card nor the list of areas tells who lives there."""
    at = read_shapes_of(demo_built, "places")["geometry"].iloc[0].representative_point()
    west, south = round(at.x, 4), round(at.y, 4)
    area = f"drawn:{west}_{south}~{west + 1e-4:.4f}_{south}~{west + 1e-4:.4f}_{south + 1e-4:.4f}"
    app = dashboard(region="demo", selected=area)
    assert not app.exception
    card = next(text for text in html_of(app).split("<section") if "too small to estimate" in text)
    assert "±" not in card
    assert "Poverty" not in card


def test_an_area_is_typed_kept_named_and_made_the_filter(dashboard: Open, demo_built: str) -> None:
    """The way by keyboard: a circle around a town's middle."""
    at = read_shapes_of(demo_built, "places")["geometry"].iloc[0].representative_point()
    app = dashboard(region="demo")
    app.radio(key="explore.drawn.shape").set_value("circle").run()
    app.text_area(key="explore.drawn.typed").set_value(f"{at.y:.4f}, {at.x:.4f}")
    app.number_input(key="explore.drawn.reach").set_value(2.0)
    app.button(key="explore.drawn.typed.show").click().run()
    assert not app.exception
    area = app.query_params["selected"]
    assert area.startswith("drawn:")
    name = next(item for item in app.text_input if item.label == "Name of this area")
    name.set_value("Clinic drive").run()
    assert "Clinic drive" in html_of(app)
    app.button(key="explore.drawn.filter").click().run()
    assert app.query_params["area"] == area
    assert 0 < len(table_of(app)) < len(read_shapes_of(demo_built, "tracts_2010"))


def test_a_table_is_ordered_as_the_link_says_and_so_is_its_file(dashboard: Open, demo_built: str) -> None:
    app = dashboard(region="demo", indicator="share_uninsured", sort="value")
    values = table_of(app)["value"].dropna()
    assert values.is_monotonic_increasing
    app.toggle(key="explore.sort.descending").set_value(True).run()
    assert table_of(app)["value"].dropna().is_monotonic_decreasing
    assert app.query_params["sort"] == "-value"


@pytest.mark.parametrize("dataset", ["tracts_2010", "tracts_2020"])
def test_charts_and_a_map_of_two_open(dashboard: Open, demo_built: str, dataset: str) -> None:
    geoid = read_shapes_of(demo_built, dataset)["geoid"].iloc[0]
    app = dashboard(
        region="demo",
        dataset=dataset,
        indicator="share_uninsured",
        second="share_poverty",
        selected=f"tracts:{geoid}",
        tab="charts",
    )
    assert not app.exception
    assert len(app.get("vega_lite_chart")) == (3 if dataset == "tracts_2020" else 2)
    assert "Poverty rate" in html_of(app)


def test_a_profile_can_be_closed(dashboard: Open, demo_built: str) -> None:
    geoid = read_shapes_of(demo_built, "tracts_2010")["geoid"].iloc[0]
    app = dashboard(region="demo", selected=f"tracts:{geoid}")
    next(button for button in app.button if button.label == "Close").click().run()
    assert "selected" not in app.query_params
    assert "The 5 highest: Whole region" in html_of(app)


def test_layers_stand_in_the_address(dashboard: Open, demo_built: str) -> None:
    app = dashboard(region="demo")
    app.checkbox(key="explore.layer.systems").set_value(False).run()
    assert "systems" not in app.query_params["layers"].split(".")
    app.checkbox(key="explore.layer.systems").set_value(True).run()
    assert "layers" not in app.query_params
    app.checkbox(key="explore.layer.systems").set_value(False).run()
    again = dashboard(region="demo", layers=app.query_params["layers"])
    assert not again.checkbox(key="explore.layer.systems").value
    assert again.checkbox(key="explore.layer.places").value


def test_an_address_of_nonsense_opens_the_first_view(dashboard: Open, demo_built: str) -> None:
    app = dashboard(
        region="demo", lang="xx", indicator="none", scheme="?", selected="tracts:1", focus="99", layers="a.b"
    )
    assert not app.exception
    assert app.selectbox(key="explore.indicator").value == "ca_htc_index"


def test_invented_data_say_so_on_every_page(dashboard: Open, demo_built: str) -> None:
    for page in ("home", "explore", "data"):
        assert "Invented data" in dashboard(page, region="demo").warning[0].value


def test_ranks_classes_and_table_speak_of_the_area_that_is_chosen(
    dashboard: Open, coachella_built: str
) -> None:
    """El Centro's highest tract is first in Imperial County and has no rank in the valley."""
    app = dashboard(region="coachella", area="06025")
    assert len(table_of(app)) == 31
    assert app.query_params["area"] == "06025"
    highest = str(table_of(app)["geoid"].iloc[0])
    told = html_of(dashboard(region="coachella", area="06025", selected=f"tracts:{highest}"))
    assert "Imperial County: rank 1 of 31 (1 is highest)" in told
    assert "Palo Verde Valley: rank" not in html_of(
        dashboard(region="coachella", selected=f"tracts:{highest}")
    )
    assert len(table_of(dashboard(region="coachella", area="region"))) == 484


def test_the_real_region_opens_without_a_banner(dashboard: Open, coachella_built: str) -> None:
    app = dashboard(region="coachella")
    assert not app.exception
    assert not app.error
    assert not app.warning
    assert len(table_of(app)) == 111
    first = table_of(app).iloc[:2]
    assert first["geoid"].tolist() == ["06065045303", "06065044509"]
    assert first["rank"].tolist() == [1, 2]
    # Tracts 445.10 and 457.06 share the fifth place, with 90.
    assert "The 6 highest: Coachella Valley and Palo Verde Valley" in html_of(app)
    assert "Tract 457.06" in html_of(app)
    assert [element.proto.id for element in app.dataframe if "table.systems" in element.proto.id] == []
    open_table(app, "Table: water systems")
    assert len(table_of(app, "explore.table.systems")) == 392


def test_spanish_is_spoken(dashboard: Open, demo_built: str) -> None:
    app = dashboard(region="demo", lang="es")
    assert app.subheader[0].value == "Índice estatal de áreas difíciles de contar (2019)"
    assert "Datos inventados" in app.warning[0].value
    assert app.query_params["lang"] == "es"


@pytest.mark.parametrize("page", ["home", "explore", "data"])
def test_without_any_dataset_it_says_what_to_do(
    dashboard: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    monkeypatch.setenv("GEO_DATA_DIR", str(tmp_path))
    app = dashboard(page, region="demo")
    assert not app.exception
    told = {"explore": app.error, "home": app.caption}.get(page, [])
    assert page == "data" or any("python -m geo build" in item.value for item in told)


@pytest.mark.parametrize("layer", ["places", "systems", "tribal_areas"])
def test_who_lives_where_stands_in_a_table_with_margins(dashboard: Open, demo_built: str, layer: str) -> None:
    app = dashboard(region="demo")
    open_table(app, "People by area")
    app.selectbox(key="explore.served.kind").set_value(layer).run()
    assert not app.exception
    table = table_of(app, f"explore.table.served.{layer}").set_index("target_id")
    served = read_table_of(demo_built, "people_served")
    ours = served[served["target_kind"] == KINDS[layer]]
    assert len(table) == ours["target_id"].nunique() > 0
    for name in ("households", "uninsured", "limited_english_persons", "poverty"):
        expected = ours[ours["variable"] == name].set_index("target_id").reindex(table.index)
        for column, theirs in ((name, "estimate"), (f"{name}_moe", "moe")):
            told, exact = table[column].astype("Float64"), expected[theirs].astype("Float64")
            assert told.isna().eq(exact.isna()).all()
            under_one = exact.gt(0) & exact.lt(0.5) if theirs == "moe" else exact.isna()
            assert told[under_one].dropna().eq(1).all(), "a margin above 0 is never written as 0"
            assert (told - exact)[~under_one].dropna().between(-0.5, 0.5).all()
    assert table["guesswork"].dropna().between(0, 100.000001).all()
