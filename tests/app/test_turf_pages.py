"""The page Turfs: what cannot be done is refused with the remedy; a cut survives a reload; cut again."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest
from shapely.geometry import mapping
from streamlit.testing.v1 import AppTest

from app_pages.parts.canvass.book import load_units
from app_pages.parts.canvass.saturday import next_saturday
from app_pages.parts.canvass.walk_lists import slips_of
from geo.datasets.storage import read_shapes_of
from geo.days import day_in
from geo.region import read_region
from store.canvass.book import CanvassBook, NewTurf
from store.canvass.cuts import DraftBook
from store.canvass.kinds import Cut, TribalPermission, Turf, Volunteer
from store.database import open_database
from store.journal import Journal
from store.members import Members, Role

Open, Agree = Callable[..., AppTest], Callable[[str], None]
BOW_TIE = [[-118.9, 32.5], [-118.7, 32.7], [-118.7, 32.5], [-118.9, 32.6], [-118.9, 32.5]]
AWAY = [[0.0, 50.0], [1.0, 50.0], [1.0, 51.0], [0.0, 50.0]]


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    monkeypatch.setenv("GEO_STORE_URL", url)
    return url


def journal(url: str) -> Journal:
    return Journal(open_database(url))


def press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception


def text_of(app: AppTest) -> str:
    return " ".join(element.value for element in [*app.markdown, *app.caption])


def draw(app: AppTest, ring: list[list[float]] | None, way: str = "draw") -> AppTest:
    geometry: Mapping[str, object] = {"type": "Polygon", "coordinates": [ring]}
    app.session_state["turfs.drawn"] = [{"geometry": geometry}] if ring else []
    app.radio(key="turfs.way").set_value(way).run()
    assert not app.exception
    return app


@pytest.mark.parametrize(
    ("ring", "fault", "remedy"),
    [
        (None, "nothing is drawn", "draw a polygon"),
        (BOW_TIE, "crosses itself", "draw it again"),
        (AWAY, "holds no block", "where the region's tracts"),
    ],
)
def test_an_area_that_cannot_be_used_is_refused_with_the_remedy(
    dashboard: Open, demo_built: str, ring: list[list[float]] | None, fault: str, remedy: str
) -> None:
    app = draw(dashboard("turfs", region="demo"), ring)
    assert fault in app.error[0].value
    assert remedy in app.error[0].value
    assert next(button for button in app.button if button.label == "Cut turfs").disabled


@pytest.mark.parametrize(
    ("way", "count", "fault", "remedy"),
    [
        ("n", 9_999, "9999 turfs were asked for, but there are only 531", "ask for fewer turfs"),
        ("doors", 99_999, "a turf of 99999 was asked for, but all units have 44826", "choose a larger area"),
        ("hours", 99_999, "a turf of 99999 was asked for", "ask for less a turf"),
    ],
)
def test_a_cut_that_cannot_be_made_is_refused_with_the_remedy(
    dashboard: Open, demo_built: str, way: str, count: int, fault: str, remedy: str
) -> None:
    app = dashboard("turfs", region="demo")
    app.selectbox(key="turfs.how").set_value(way)
    app.number_input(key="turfs.count").set_value(count)
    press(app, "Cut turfs")
    assert fault in app.error[0].value
    assert remedy in app.error[0].value
    assert "turfs of about" not in text_of(app)


def test_names_index_and_what_is_left_out_are_taken_together(dashboard: Open, demo_built: str) -> None:
    app = dashboard("turfs", region="demo")
    assert "no door to knock on. 0 doors, 2,870 people in tract 06901981000" in text_of(app)
    app.radio(key="turfs.way").set_value("place").run()
    assert "no area is chosen" in app.error[0].value
    places = read_shapes_of("demo", "places").set_index("name")["geoid"]
    chosen = [f"places:{places['Las Hojas']}", f"places:{places['Las Garzas']}"]
    app.multiselect(key="turfs.areas").set_value(chosen).run()
    assert not app.error
    both = text_of(app)
    app.multiselect(key="turfs.areas").set_value(chosen[:1]).run()
    assert doors_of(both) > doors_of(text_of(app)) > 0
    app.number_input(key="turfs.index").set_value(100.0).run()
    assert "no doors are left" in app.error[0].value


def test_a_target_beyond_the_index_is_what_the_data_say_and_what_they_lack_is_told(
    dashboard: Open, demo_built: str
) -> None:
    app = dashboard("turfs", region="demo")
    app.number_input(key="turfs.index").set_value(0.0)
    app.radio(key="turfs.way").set_value("filter").run()
    whole = doors_of(text_of(app))
    assert "no figures by tract of: renters, households without internet" in text_of(app)
    app.multiselect(key="turfs.measures").set_value(["share_mobile_homes"]).run()
    app.number_input(key="turfs.measure.share_mobile_homes").set_value(20.0).run()
    assert "mobile homes in their tract at least 20 percent" in text_of(app)
    tracts = read_shapes_of("demo", "tracts_2020").set_index("geoid")["share_mobile_homes"]
    blocks = read_shapes_of("demo", "blocks")
    counted = blocks.loc[blocks["tract_geoid"].map(tracts) >= 0.2, "housing_units"].sum()
    assert 0 < doors_of(text_of(app)) <= counted < whole


def test_parks_and_a_list_of_ones_own_are_areas(dashboard: Open, demo_built: str) -> None:
    app = dashboard("turfs", region="demo")
    app.number_input(key="turfs.index").set_value(0.0)
    app.radio(key="turfs.way").set_value("parks").run()
    assert "in 60 mobile home parks" in text_of(app)
    assert "1 park has only a doubtful place" in text_of(app)
    app.radio(key="turfs.way").set_value("list").run()
    assert "the list names nothing here" in app.error[0].value
    blocks = read_shapes_of("demo", "blocks").sort_values("housing_units")
    first, second = blocks[["geoid", "housing_units"]].tail(2).to_numpy().tolist()
    app.text_area(key="turfs.list").set_value(f"{first[0].lstrip('0')}, {second[0]}, 9.99").run()
    assert not app.error
    assert "Not in this region's data: 9.99." in [item.value for item in app.warning]
    assert doors_of(text_of(app)) == first[1] + second[1]


def test_a_cut_names_its_crossings_and_a_limit_on_driving_leaves_out_what_is_told(
    dashboard: Open, demo_built: str
) -> None:
    app = dashboard("turfs", region="demo")
    before = doors_of(text_of(app))
    press(app, "Cut turfs")
    assert "turfs.stop" not in {item.key for item in app.button}, "it goes when the cut is made"
    table = next(item.value for item in app.dataframe if "compactness" in item.value)
    crossings = read_shapes_of("demo", "barriers").query("is_crossing")["name"]
    named = {part.rpartition(" (")[0] for words in table["crosses"] for part in words.split(", ") if part}
    assert named
    assert named <= {*crossings.dropna(), "unnamed street"}
    app.number_input(key="turfs.driving").set_value(0).run()
    told = re.search(r"more driving than was asked for. ([\d,]+) doors", text_of(app))
    assert told
    assert doors_of(text_of(app)) == before - int(told[1].replace(",", ""))


def test_a_tribe_that_agreed_is_recorded_its_blocks_are_taken_and_it_may_withdraw(
    dashboard: Open, demo_built: str, own_store: str
) -> None:
    """Four blocks of the demo, of 32, 39, 99 and 148 homes, lie on the one reservation."""
    app = dashboard("turfs", region="demo")
    app.text_input(key="person.name").set_value("Ana").run()
    app.number_input(key="turfs.index").set_value(0.0)
    app.radio(key="turfs.way").set_value("filter").run()
    without = doors_of(text_of(app))
    assert "No permission for Piedra Azul Reservation is recorded: 318 doors are left out." in text_of(app)
    press(app, "Record that the tribe agreed")
    assert "Who of the tribe agreed: is missing" in app.error[0].value
    agreed_by = next(item for item in app.text_input if item.label == "Who of the tribe agreed")
    agreed_by.set_value("R. Luna, council")
    press(app, "Record that the tribe agreed")
    assert doors_of(text_of(app)) == without + 318
    assert "318 doors of the target are in blocks on Piedra Azul Reservation, which agreed" in text_of(app)
    assert any("R. Luna, council agreed" in item.value for item in app.text)
    # Somebody may leave that land out all the same.
    app.checkbox(key="turfs.permitted").uncheck().run()
    assert doors_of(text_of(app)) == without
    assert "Piedra Azul Reservation agreed, but is not included: 318 doors" in text_of(app)
    app.checkbox(key="turfs.permitted").check().run()
    press(app, "Withdraw the permission")
    assert "nothing says why it is withdrawn" in app.error[0].value
    app.text_input(key="tribal.why").set_value("the council changed").run()
    press(app, "Withdraw the permission")
    assert doors_of(text_of(app)) == without
    told = journal(own_store).history("demo", TribalPermission.kind)
    assert [(entry.who, entry.body is None, entry.why) for entry in told] == [
        ("Ana", False, ""),
        ("Ana", True, "the council changed"),
    ]


def doors_of(text: str) -> int:
    found = re.search(r"([\d,]+) doors, [\d,]+ households", text)
    assert found
    return int(found[1].replace(",", ""))


def test_whole_tracts_are_taken_by_a_click_or_a_drawing(dashboard: Open, demo_built: str) -> None:
    tracts = read_shapes_of("demo", "tracts_2020").set_index("geoid")
    hard = tracts.index[tracts["ca_htc_index"] >= 80][:2]
    app = dashboard("turfs", region="demo")
    app.session_state["turfs.clicked"] = {hard[0]}
    around = mapping(tracts.geometry[hard[1]].buffer(0.0003).simplify(0.0001))["coordinates"][0]
    draw(app, [list(at) for at in around], "tracts")
    assert not app.error
    assert f"2 tracts: {', '.join(sorted(hard))}" in text_of(app)
    press(app, "Clear the map's choice")
    assert "no tract is chosen" in app.error[0].value


def at_cut(dashboard: Open, name: str) -> AppTest:
    """Open the page by the address that names a cut."""
    app = dashboard("turfs", region="demo")
    app.query_params["cut"] = name
    return app.run()


def test_a_cut_and_its_undo_survive_a_new_session_and_go_when_kept(
    dashboard: Open, demo_built: str, own_store: str
) -> None:
    app = dashboard("turfs", region="demo")
    app.number_input(key="turfs.index").set_value(70.0).run()
    press(app, "Cut turfs")
    assert "Until then, reloading the page loses these turfs" in " ".join(item.value for item in app.warning)
    app.text_input(key="person.name").set_value("Ana").run()
    press(app, "Move it")
    press(app, "Merge them")
    assert "11 turfs" in text_of(app)
    name = next(iter(DraftBook(journal(own_store), "demo").drafts()))
    again = at_cut(dashboard, name)
    assert "11 turfs" in text_of(again)
    assert "2 changes by hand" in text_of(again)
    press(again, "Undo the last change")
    assert "12 turfs" in text_of(again)
    other = dashboard("turfs", region="demo")
    press(other, "Continue")
    assert "11 turfs" in text_of(other)
    # The target and the question come with the turfs: else most of the target would stand as in no turf.
    assert other.number_input(key="turfs.index").value == 70
    assert "Doors in no turf: 0" in text_of(other)
    other.text_input(key="person.name").set_value("Ana").run()
    press(other, "Save these turfs")
    assert DraftBook(journal(own_store), "demo").drafts() == {}
    gone = at_cut(dashboard, name)
    assert "saved or discarded" in gone.error[0].value


def test_who_may_not_record_neither_goes_on_with_a_cut_nor_throws_it_away(
    dashboard: Open, demo_built: str, own_store: str
) -> None:
    app = dashboard("turfs", region="demo")
    app.text_input(key="person.name").set_value("Ana").run()
    press(app, "Cut turfs")
    drafts = DraftBook(journal(own_store), "demo")
    name = next(iter(drafts.drafts()))
    Members(journal(own_store)).add("Eva", Role.VIEWER, "nine brown dogs at the well", by="Ana")
    other = dashboard("turfs", region="demo")
    other.text_input(key="signed.name").set_value("Eva")
    other.text_input(key="signed.passphrase").set_value("nine brown dogs at the well")
    press(other, "Sign in")
    offered = {button.label for button in other.button}
    assert not offered & {"Continue", "Discard"}
    named = dashboard("turfs", region="demo", cut=name)
    assert not {button.label for button in named.button} & {"Discard", "Split it"}
    assert name in drafts.drafts()


def test_a_second_cut_names_the_turfs_that_it_withdraws(
    dashboard: Open, demo_built: str, own_store: str
) -> None:
    app = dashboard("turfs", region="demo")
    app.text_input(key="person.name").set_value("Ana").run()
    press(app, "Cut turfs")
    press(app, "Save these turfs")
    assert "withdrawn" not in app.success[0].value
    first = sorted(CanvassBook(journal(own_store), "demo").kept(Turf))
    press(app, "Cut turfs")
    press(app, "Save these turfs")
    assert "12 turfs that were ready are withdrawn" in app.success[0].value
    assert ", ".join(first[:5]) in app.success[0].value
    assert not set(first) & set(CanvassBook(journal(own_store), "demo").kept(Turf))


def doors_kept(url: str) -> dict[str, int]:
    turfs = CanvassBook(journal(url), "demo").turfs()
    return {str(code): int(doors) for code, doors in turfs["doors"].items()}


@pytest.mark.parametrize("fate", ["keep", "release"])
def test_a_small_cut_drops_no_door_of_another_turf_in_silence(
    dashboard: Open, demo_built: str, own_store: str, fate: str
) -> None:
    app = dashboard("turfs", region="demo")
    app.text_input(key="person.name").set_value("Ana").run()
    press(app, "Cut turfs")
    press(app, "Save these turfs")
    before = doors_kept(own_store)
    app.radio(key="turfs.way").set_value("place").run()
    places = read_shapes_of("demo", "places").set_index("name")["geoid"]
    app.multiselect(key="turfs.areas").set_value([f"places:{places['Las Hojas']}"]).run()
    small = doors_of(text_of(app))
    app.number_input(key="turfs.count").set_value(1)
    press(app, "Cut turfs")
    told = next(item.value for item in app.warning if "Keeping this cut withdraws" in item.value)
    taken, left = (int(item.replace(",", "")) for item in re.findall(r"([\d,]+) (?:of|are)", told)[-2:])
    assert taken == small
    assert left > 0
    assert f"Doors in no turf: {left:,}. Doors in two turfs: 0." in text_of(app)
    press(app, "Save these turfs")
    assert f"{left:,} doors of ready turfs that this cut withdraws are not in it" in app.error[0].value
    assert doors_kept(own_store) == before
    field = next(item for item in app.radio if item.label.startswith("What becomes of the"))
    field.set_value(fate).run()
    assert f"Doors in no turf: {0 if fate == 'keep' else left:,}." in text_of(app)
    press(app, "Save these turfs")
    after = doors_kept(own_store)
    assert sum(after.values()) == sum(before.values()) - (0 if fate == "keep" else left)
    stayed = {code: doors for code, doors in before.items() if code in after}
    assert sum(before.values()) - sum(stayed.values()) == taken + left
    assert f"{left:,} doors outside of it are in" in app.success[0].value


def test_when_a_volunteer_drops_out_few_turfs_change_and_it_says_which(
    dashboard: Open, demo_built: str, own_store: str
) -> None:
    app = dashboard("turfs", region="demo")
    app.text_input(key="person.name").set_value("Ana").run()
    press(app, "Cut turfs")
    press(app, "Save these turfs")
    book = CanvassBook(journal(own_store), "demo")
    before = book.units_of()
    codes = list(before)
    book.change(codes[0], {"status": "done"}, "Ana", seen=1)
    app.multiselect(key="recut.dropped").set_value([codes[5]])
    app.number_input(key="recut.tolerance").set_value(30)
    press(app, "See what would change")
    words = next(item.value for item in app.markdown if "stay as they are" in item.value)
    assert book.units_of() == before
    press(app, "Cut them again")
    assert "New codes" in app.success[0].value
    after = book.units_of()
    same = [code for code in codes if after.get(code) == before[code]]
    assert codes[0] in same
    assert codes[5] not in after
    assert f"{len(same)} stay as they are" in words
    assert len(same) >= 6
    assert sorted(unit for part in after.values() for unit in part) == sorted(
        unit for part in before.values() for unit in part
    )


def test_coachella_names_the_barriers_that_no_source_gave(dashboard: Open, coachella_built: str) -> None:
    app = dashboard("turfs", region="coachella")
    told = " ".join(item.value for item in app.warning)
    assert "highways, railways, canals, rivers" in told


def test_two_areas_make_one_target_that_is_told_plainly(dashboard: Open, demo_built: str) -> None:
    """Named and drawn, what lies in both or in either, always with the filter."""
    places = read_shapes_of("demo", "places").set_index("name")
    place = places.geometry["Las Hojas"]
    west, south, east, north = place.bounds
    middle = (west + east) / 2
    half = [[west, south], [middle, south], [middle, north], [west, north], [west, south]]
    app = draw(dashboard("turfs", region="demo"), half, "place")
    app.multiselect(key="turfs.areas").set_value([f"places:{places['geoid']['Las Hojas']}"]).run()
    named = doors_of(text_of(app))
    app.selectbox(key="turfs.also").set_value("draw").run()
    assert not app.error
    both = text_of(app)
    assert "blocks in Las Hojas (place), and there only in what is drawn; the index of their tract" in both
    assert 0 < doors_of(both) < named
    app.radio(key="turfs.combine").set_value("either").run()
    either = text_of(app)
    assert "blocks in Las Hojas (place) or in what is drawn" in either
    draw(app, half)
    drawn = doors_of(text_of(app))
    assert doors_of(either) == named + drawn - doors_of(both)


def test_areas_that_have_nothing_in_common_are_refused_with_the_remedy(
    dashboard: Open, demo_built: str
) -> None:
    places = read_shapes_of("demo", "places").set_index("name")["geoid"]
    app = draw(dashboard("turfs", region="demo"), AWAY, "place")
    app.multiselect(key="turfs.areas").set_value([f"places:{places['Las Hojas']}"]).run()
    app.selectbox(key="turfs.also").set_value("draw").run()
    assert "nothing in common" in app.error[0].value
    assert "take what lies in either" in app.error[0].value


def test_what_a_lead_chose_survives_changes_of_page_and_a_reload(dashboard: Open, demo_built: str) -> None:
    """They were gone at the second change of page, and at a reload, as when a phone slept."""
    place = f"places:{read_shapes_of('demo', 'places').set_index('name')['geoid']['Las Hojas']}"
    app = dashboard("turfs", region="demo")
    app.text_input(key="person.name").set_value("Ana").run()
    app.radio(key="turfs.way").set_value("place").run()
    app.multiselect(key="turfs.areas").set_value([place]).run()
    app.number_input(key="turfs.index").set_value(70.0)
    app.checkbox(key="turfs.unreached").set_value(False).run()
    app.number_input(key="turfs.count").set_value(3)
    press(app, "Cut turfs")
    doors = doors_of(text_of(app))

    def as_chosen(page: AppTest) -> None:
        assert not page.exception
        assert page.radio(key="turfs.way").value == "place"
        assert page.multiselect(key="turfs.areas").value == [place]
        assert page.number_input(key="turfs.index").value == 70.0
        assert not page.checkbox(key="turfs.unreached").value
        assert page.number_input(key="turfs.count").value == 3
        assert doors_of(text_of(page)) == doors

    said = {name: str(text) for name, text in app.query_params.items() if name != "cut"}
    for pages in (["returns", "turfs"], ["explore", "progress", "water", "turfs"]):
        for page in pages:
            app.switch_page(f"app_pages/{page}.py").run()
            assert not app.exception
        as_chosen(app)
        assert app.text_input(key="person.name").value == "Ana"
    assert "Ana" not in str(said)
    fresh = dashboard("turfs", **said)
    as_chosen(fresh)
    assert fresh.text_input(key="person.name").value == ""


def test_what_makes_no_sense_in_the_address_is_passed_over(dashboard: Open, demo_built: str) -> None:
    wrong = {"way": "up", "index": "900", "count": "x", "unreached": "2", "areas": "places:1,tracts_2020:2"}
    app = dashboard("turfs", region="demo", **wrong)
    assert not app.exception
    assert not app.error
    assert app.radio(key="turfs.way").value == "focus"
    assert app.number_input(key="turfs.index").value == 60.0
    assert app.number_input(key="turfs.count").value == 12


def test_a_place_whose_doors_no_block_group_held_has_them_all_and_nothing_is_told(
    dashboard: Open, coachella_built: str, own_store: str, all_tribes_agreed: Agree
) -> None:
    """Counted in 2020: Mecca 2,001 homes, North Shore 882, of which no block group's middle lies in it."""
    all_tribes_agreed(coachella_built)
    params = {"region": coachella_built, "way": "place", "index": "0"}
    both = dashboard("turfs", areas="places:0646660,places:0652302", **params)
    told = " ".join(item.value for item in both.warning)
    assert "of its" not in told
    assert "2,883 doors" in text_of(both)
    alone = dashboard("turfs", areas="places:0652302", **params)
    assert "882 doors" in text_of(alone)
    assert not alone.exception


def test_all_ready_turfs_are_handed_out_in_one_step_and_stand_ready_to_print(
    demo_built: str, dashboard: Open, own_store: str
) -> None:
    book = CanvassBook(journal(own_store), demo_built)
    blocks = read_shapes_of(demo_built, "blocks").query("housing_units > 40").sort_values("geoid")["geoid"]
    new = [NewTurf(place, tuple(blocks[2 * place : 2 * place + 2]), 90, 80, 240, 2.0) for place in range(3)]
    cut = Cut(number=0, turfs=3, doors=270, tolerance=0.05, worst=0.0, bound=0.0)
    codes = book.keep(new, cut, "Ana", seen={})
    for name, languages in (("Quail", ("en",)), ("Heron", ("en", "es"))):
        book.save(
            Volunteer(pseudonym=name, languages=languages, has_car=True, hours_a_week=4.0), "Ana", seen=0
        )
    app = dashboard("turfs", region=demo_built)
    app.text_input(key="person.name").set_value("Ana").run()
    app.selectbox(key=f"hand.language.{codes[2]}").set_value("es").run()
    given = {
        code: next(box.value for box in app.selectbox if box.label == f"Volunteer for {code}")
        for code in codes
    }
    # Spanish goes to who speaks it; of three turfs and two people one is left.
    assert given[codes[2]] == "Heron"
    assert sorted(given.values()) == ["", "Heron", "Quail"]
    press(app, "Hand out 2 turfs")
    turfs = book.turfs()
    assert turfs["volunteer"].to_dict() == given
    assert sorted(turfs["status"]) == ["out", "out", "ready"]
    assert turfs.loc[codes[2], "language"] == "es"
    assert sorted(app.session_state["print.turfs"]) == sorted(code for code in codes if given[code])


def test_volunteers_sign_up_by_a_link_that_shows_nothing_of_others_and_ends(
    demo_built: str, dashboard: Open, own_store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEO_ADDRESS", "https://maps.example.org")
    book = CanvassBook(journal(own_store), demo_built)
    blocks = read_shapes_of(demo_built, "blocks").query("housing_units > 40").sort_values("geoid")["geoid"]
    cut = Cut(number=0, turfs=1, doors=90, tolerance=0.05, worst=0.0, bound=0.0)
    book.keep([NewTurf(0, tuple(blocks[:2]), 90, 80, 240, 2.0)], cut, "Ana", seen={})
    book.save(Volunteer(pseudonym="Zunzuncito"), "Ana", seen=0)
    lead = dashboard("turfs", region=demo_built)
    lead.text_input(key="person.name").set_value("Ana").run()
    press(lead, "Make a link")
    begin = "https://maps.example.org/turfs?region=demo&join="
    address = next(item.value for item in lead.text if item.value.startswith(begin))
    token = address.rpartition("=")[2]
    assert token not in str([entry.body for entry in book.journal.history(demo_built, "sign_up_link")])

    app = dashboard("turfs", region=demo_built, join=token)
    assert not app.dataframe
    assert "Zunzuncito" not in " ".join(item.value for item in [*app.markdown, *app.caption, *app.text])
    app.text_input(key="volunteer.name").set_value("Quail")
    app.multiselect(key="volunteer.languages").set_value(["es"])
    saturday = next_saturday(day_in(read_region(demo_built).timezone))
    app.multiselect(key="volunteer.shifts").set_value([saturday])
    press(app, "Sign up")
    assert "you are signed up" in app.success[0].value
    kept = book.kept(Volunteer)["quail"]
    assert (kept.who, kept.record.languages, kept.record.shifts) == ("sign-up link", ("es",), (saturday,))

    again = dashboard("turfs", region=demo_built, join=token)
    again.text_input(key="volunteer.name").set_value("zunzuncito")
    press(again, "Sign up")
    assert "has this name already" in again.error[0].value
    press(lead, "End the link")
    late = dashboard("turfs", region=demo_built, join=token)
    assert "not valid any more" in late.error[0].value
    assert "Sign up" not in [button.label for button in late.button]


def test_turfs_of_the_real_region_can_be_printed_and_say_the_day_on_which_they_are_walked(
    dashboard: Open, coachella_built: str, own_store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Parts of a block group in several places have one shape there: a park of homes lies in each of them."""
    book = CanvassBook(journal(own_store), coachella_built)
    units = load_units(read_region(coachella_built))
    cut = Cut(number=0, turfs=2, doors=2, tolerance=0, worst=0, bound=0, planned_on=date(2099, 12, 5))
    names = [str(name) for name in units.index[(units["doors"] > 0).fillna(False)][:20]]
    turfs = [NewTurf(0, tuple(names[:10]), 10, 9, 30), NewTurf(1, tuple(names[10:]), 10, 9, 30)]
    codes = book.keep(turfs, cut, "Ana", seen={})
    out = {"status": "out", "volunteer": "", "out_on": day_in("America/Los_Angeles")}
    book.change(codes[0], out, "Ana", seen=book.turf_numbers()[codes[0]])
    assert {slip.day for slip in slips_of(book).values()} == {"Dec 5, 2099"}
    app = dashboard("turfs", region=coachella_built)
    app.text_input(key="person.name").set_value("Ana").run()
    app.checkbox(key="print.all").check().run()
    assert not app.exception
    assert [item.value for item in app.error] == []
    assert app.get("download_button")
