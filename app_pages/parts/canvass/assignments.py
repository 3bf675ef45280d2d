"""Hand turfs out: who has which turf and how each stands, matched by language, car, area and hours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.canvass.book import attempt, decide, find_need, need_words, open_history
from app_pages.parts.canvass.phones import show_phones
from app_pages.parts.canvass.sign_up import show_link
from app_pages.parts.canvass.turf_map import shapes_kept
from app_pages.parts.canvass.volunteer_form import ask_volunteer
from app_pages.parts.canvass.walk_lists import show_print
from app_pages.parts.editing import choose_anew, choose_record, require_shown, shown_before
from app_pages.parts.maps import places_drawn, show_layers
from app_pages.parts.markup import bold
from app_pages.parts.page import refusing, today
from app_pages.parts.people import Person
from geo.canvass.codes import RETURNED_SHARE, TURF_STATUS_TITLES, TurfStatus
from geo.canvass.volunteers import (
    SPOKEN,
    Need,
    language_name,
    match_volunteers,
    propose_all,
    to_language,
)
from geo.days import day_words
from geo.language import gettext as _
from geo.language import ngettext
from geo.region import Region
from geo.units import to_words
from layers.canvass import GIVEN
from store.canvass.book import CanvassBook
from store.canvass.kinds import Volunteer
from store.members import Rights
from store.visibility import to_visible

DONE = "turfs.done"


def show_hand_out(region: Region, book: CanvassBook, person: Person) -> None:
    """Show the turfs that are kept, and the forms that hand them out."""
    words = st.session_state.pop(DONE, "")
    # The place stays where nothing is said, so that the tabs below stay as they are.
    with st.container():
        if words:
            st.success(words)
    numbers, turfs = book.turf_numbers(), book.turfs()
    if turfs.empty:
        st.info(_("No turfs saved yet."))
        return
    turfs["number"] = [numbers.get(code, 0) for code in turfs.index]
    st.subheader(_("Saved turfs"))
    show_kept(turfs, person.rights)
    hand, back, crew, files, phones, past = st.tabs(
        [
            _("Hand out"),
            _("How it stands"),
            _("Volunteers"),
            _("Print and phones"),
            _("Phones that report"),
            _("History"),
        ]
    )
    with hand, refusing():
        if not decide(book, person, "assign", tell):
            show_hand_out_all(region, book, turfs, person)
            show_assign(region, book, turfs, person)
    with back, refusing():
        if not decide(book, person, "status", tell):
            show_status(book, turfs, person)
    with crew, refusing():
        if not decide(book, person, "volunteer", tell):
            show_volunteers(region, book, person)
    with files, refusing():
        show_print(region, book, person)
    with phones, refusing():
        show_phones(region, book, person)
    with past, refusing():
        open_history(book, "turfs.history", person)


def status_titles() -> dict[str, str]:
    """Return how a turf can stand, in words."""
    return {str(status): _(title) for status, title in TURF_STATUS_TITLES.items()}


def show_kept(turfs: pd.DataFrame, rights: Rights) -> None:
    """Show how many turfs stand how, and each of them; who has one, and notes, not to everybody."""
    titles = status_titles()
    counts = turfs["status"].value_counts()
    st.text(" · ".join(f"{title}: {counts.get(status, 0)}" for status, title in titles.items()))
    out = turfs["out_on"].dt.strftime("%Y-%m-%d").fillna("")
    spoken = turfs["language"].map(language_name)
    shown = turfs.assign(status=turfs["status"].map(titles), out_on=out, language=spoken)
    shown = shown.drop(columns=["units", "number"])
    st.dataframe(
        to_visible(shown, "turfs", rights),
        key="turfs.kept",
        placeholder="",
        column_config={
            "code": _("Code"),
            "doors": st.column_config.NumberColumn(_("Doors"), format="localized"),
            "households": st.column_config.NumberColumn(_("Households"), format="localized"),
            "population": st.column_config.NumberColumn(_("People"), format="localized"),
            "hours": st.column_config.NumberColumn(
                _("Hours of knocking"),
                format="%.1f",
                help=_("At the doors and from door to door; the walk list adds the way between blocks."),
            ),
            "status": _("Status"),
            "volunteer": _("Volunteer"),
            "language": _("Language"),
            "out_on": _("Handed out on"),
            "note": _("Note"),
        },
    )


ALL = "hand"
ROWS_AT_MOST = 40


def show_hand_out_all(region: Region, book: CanvassBook, turfs: pd.DataFrame, person: Person) -> None:
    """Propose a volunteer for every ready turf, show it on a map, and hand all out in one step."""
    waiting = turfs[turfs["status"] == TurfStatus.READY]
    ready = waiting.head(ROWS_AT_MOST)
    people = book.volunteers()
    if not person.sees("volunteers") or ready.empty or people.empty:
        return
    free = people.loc[~people.index.isin(turfs.loc[turfs["status"] == TurfStatus.OUT, "volunteer"])]
    st.markdown(bold(_("Hand out all that are ready")))
    if len(waiting) > len(ready):
        words = _("The first {count} of {all} ready turfs: the others come when these are handed out.")
        st.info(words.format(count=len(ready), all=f"{len(waiting):,}"))
    on = ask_shift(free)
    here = free[[on in days for days in free["shifts"]]] if on else free
    rows = {str(code): turf for code, turf in ready.iterrows()}
    needs = {code: find_need(region, turf, language_of(code, turf)) for code, turf in rows.items()}
    spots = turf_spots(region, ready)
    proposed = propose_all(needs, here, spots)
    st.caption(
        _(
            "Proposed so that all together fit best: language, car, near home, hours, and who comes with "
            "whom. Nobody gets a turf whose language they do not speak or which they cannot reach."
        )
    )
    names = {
        code: show_row(code, turf, proposed.loc[[code]].iloc[0], here, needs[code])
        for code, turf in rows.items()
    }
    given = {code: name for code, name in names.items() if name}
    show_given(region, ready, names)
    doubled = sorted({name for name in given.values() if list(given.values()).count(name) > 1})
    if doubled:
        st.warning(_("More than one turf each: {names}.").format(names=", ".join(doubled)))
    words = ngettext("Hand out {count} turf", "Hand out {count} turfs", len(given)).format(count=len(given))
    pressed = st.button(words, key="hand.all", type="primary", disabled=not given)
    told = {code: language_of(code, rows[code]) for code in given}
    require_shown(
        ALL, repr(sorted((code, name, told[code]) for code, name in given.items())), pressed=pressed
    )
    seen = shown_before("hand.numbers", {str(code): int(number) for code, number in ready["number"].items()})
    if pressed:
        hand_out(book, person, given, told, seen)


def ask_shift(people: pd.DataFrame) -> date | None:
    """Ask of which day the volunteers are; None stands for all of them."""
    days = sorted({day for shifts in people["shifts"] for day in shifts if day >= today()})
    if not days:
        return None
    chosen = st.selectbox(
        _("Volunteers of"),
        [None, *days],
        index=1,
        format_func=lambda day: _("all days") if day is None else day_words(day),
        key="hand.day",
    )
    return chosen if chosen is None else date.fromisoformat(str(chosen))


def language_of(code: object, turf: pd.Series[Any]) -> str:
    """Return the language that is needed in a turf, as it is chosen here, else as it is recorded."""
    return str(st.session_state.get(f"hand.language.{code}", turf["language"] or "en"))


def show_row(
    code: str, turf: pd.Series[Any], proposed: pd.Series[Any], people: pd.DataFrame, need: Need
) -> str:
    """Show a turf with its language and volunteer, both to be changed by hand; return the volunteer."""
    what, language, who = st.columns([2, 1, 2], vertical_alignment="bottom")
    what.text(
        _("{code} · {doors} doors").format(code=code, doors=f"{int(turf['doors']):,}")
        + f"\n{need_words(need)}"
    )
    options = list(dict.fromkeys([*SPOKEN, *filter(None, [str(turf["language"])])]))
    language.selectbox(
        _("Language of {code}").format(code=code),
        options,
        index=options.index(str(turf["language"] or "en")),
        format_func=language_name,
        key=f"hand.language.{code}",
    )
    names = ["", *map(str, people.index)]
    why = str(proposed["why"])
    found = who.selectbox(
        _("Volunteer for {code}").format(code=code),
        names,
        index=names.index(str(proposed["volunteer"])),
        format_func=lambda name: name or _("nobody yet"),
        # Where another is proposed, the field begins anew with that one.
        key=f"hand.name.{code}.{proposed['volunteer']}",
        help=why or _("Nobody is left who speaks the language and gets there."),
    )
    return str(found)


def turf_spots(region: Region, turfs: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """Return where every turf lies, in m."""
    shapes = shapes_kept(region, turfs[["units", "doors"]])
    points = shapes.geometry.to_crs(region.area_crs).representative_point()
    spots = zip(points.index, points.x, points.y, strict=True)
    found = {str(code): (float(x), float(y)) for code, x, y in spots}
    middle = (float(points.x.mean()), float(points.y.mean())) if len(points) else (0.0, 0.0)
    return {str(code): found.get(str(code), middle) for code in turfs.index}


def show_given(region: Region, turfs: pd.DataFrame, names: Mapping[Any, str]) -> None:
    """Show who goes where: turfs with somebody, and those with nobody yet."""
    shapes = shapes_kept(region, turfs[["units", "doors"]])
    if shapes.empty:
        return
    who = [names.get(code, "") for code in shapes["turf"]]
    frame = shapes.assign(
        name=[f"{code} · {name}" if name else code for code, name in zip(shapes["turf"], who, strict=True)],
        state=["given" if name else "nobody" for name in who],
        words=[_("{count} doors").format(count=f"{int(doors):,}") for doors in shapes["doors"]],
    )
    west, south, east, north = map(float, frame.total_bounds)
    layers = [(GIVEN, frame, None), *places_drawn(region)]
    view = f"{region.key} hand {len(frame)}", (west, south, east, north)
    show_layers(layers, _("Map of who goes where"), "hand.map", HAND_HEIGHT, region.bounds, view)


HAND_HEIGHT = 360


def hand_out(
    book: CanvassBook,
    person: Person,
    given: Mapping[Any, str],
    told: Mapping[Any, str],
    seen: Mapping[str, int],
) -> None:
    """Hand turfs out, all or none, and offer to print them."""
    changes: dict[str, dict[str, object]] = {
        str(code): {
            "volunteer": name,
            "status": TurfStatus.OUT,
            "out_on": today(),
            "language": told[code],
        }
        for code, name in given.items()
    }
    who = person.require()
    why = dict.fromkeys(changes, _("handed out together with others"))
    attempt("assign", lambda: book.change_all(changes, who, seen=seen, why=why))
    st.session_state["print.turfs"] = list(changes)
    choose_anew("assign.turf")
    words = ngettext(
        "{count} turf is handed out. It stands under Print and phones.",
        "{count} turfs are handed out. They stand under Print and phones.",
        len(changes),
    )
    tell(words.format(count=len(changes)))


def show_assign(region: Region, book: CanvassBook, turfs: pd.DataFrame, person: Person) -> None:
    """Hand a turf to the volunteer who fits best, or to another."""
    if not person.sees("volunteers"):
        st.caption(person.signed.how_to_see_more())
        return
    st.markdown(bold(_("Hand out one turf")))
    ready = turfs["status"] == TurfStatus.READY
    names = name_turfs(turfs.loc[[*turfs.index[ready], *turfs.index[~ready]]])
    code = choose_record(_("Turf"), names, "assign.turf")
    seen, turf = remember_seen("assign", code, turfs), turfs.loc[[code]].iloc[0]
    language = choose_language(code, str(turf["language"]))
    need = find_need(region, turf, language)
    st.caption(need_words(need))
    people = book.volunteers()
    if people.empty:
        st.info(_("No volunteer is here yet: add one under Volunteers."))
        return
    found = match_volunteers(people, need)["why"]
    best = {str(name): f"{name}: {why}" for name, why in found.items()}
    name = choose_record(_("Volunteer (who fits best stands first)"), best, f"assign.name.{code}.{language}")
    pressed = st.button(_("Hand it out"), key="assign.save", type="primary")
    require_shown("assign", f"{code}/{language}/{name}", pressed=pressed)
    if pressed:
        why = _("handed out: {why}").format(why=found[name])
        changes: dict[str, object] = {"volunteer": name, "status": TurfStatus.OUT, "out_on": today()}
        changes["language"], who = language, person.require()
        attempt("assign", lambda: book.change(code, changes, who, seen=seen, why=why))
        # The next turf that is ready comes up by itself.
        choose_anew("assign.turf")
        tell(_("Recorded: {turf}.").format(turf=code))


def name_turfs(turfs: pd.DataFrame) -> dict[str, str]:
    """Name every turf in a list: its code, how it stands, and who has it."""
    titles = status_titles()
    rows = zip(turfs.index, turfs["status"], turfs["volunteer"], strict=True)
    return {code: " · ".join(filter(None, (code, titles[status], who))) for code, status, who in rows}


def remember_seen(form: str, code: str, turfs: pd.DataFrame) -> int:
    """Return the turf's number as the form showed it when its button was pressed; keep the one it shows now.

    Where it showed another turf: 0, which no turf has.
    """
    key = f"turfs.shown.{form}"
    shown, number = st.session_state.get(key, ("", 0))
    st.session_state[key] = (code, int(turfs["number"].loc[code]))
    return int(number) if shown == code else 0


def choose_language(code: str, known: str) -> str:
    """Ask for the language that is needed in a turf; another than those listed can be typed."""
    options = list(dict.fromkeys([*SPOKEN, *([known] if known else [])]))
    chosen = st.selectbox(
        _("Language that is needed"),
        options,
        index=options.index(known) if known else 0,
        format_func=language_name,
        key=f"assign.language.{code}",
        accept_new_options=True,
    )
    return to_language(str(chosen or "en"))


def show_status(book: CanvassBook, turfs: pd.DataFrame, person: Person) -> None:
    """Say how a turf stands: taken back, done, or with a problem."""
    st.caption(
        _(
            'Handing out sets "out". A turf is "returned" when you say so, or once {share} of its '
            'doors have a return. You set "done" or "problem".'
        ).format(share=to_words(RETURNED_SHARE, "share"))
    )
    titles = status_titles()
    if not person.sees("volunteers"):
        st.caption(person.signed.how_to_see_more())
        return
    names = name_turfs(turfs)
    code = choose_record(_("Turf"), names, "status.turf")
    seen, turf = remember_seen("status", code, turfs), turfs.loc[[code]].iloc[0]
    status = st.selectbox(
        _("Status"),
        list(titles),
        index=list(titles).index(str(turf["status"])),
        format_func=titles.__getitem__,
        key=f"status.now.{code}.{turf['status']}",
    )
    key = f"status.note.{code}.{turf['number']}"
    note = st.text_input(_("Note"), str(turf["note"]), key=key)
    pressed = st.button(_("Record it"), key="status.save", type="primary")
    require_shown("status", code, pressed=pressed)
    if pressed:
        changes: dict[str, object] = {"status": status, "note": note}
        if status == TurfStatus.READY:
            changes |= {"volunteer": "", "out_on": None}
        elif status == TurfStatus.OUT and turf["status"] != status:
            changes["out_on"] = today()
        who = person.require()
        attempt("status", lambda: book.change(code, changes, who, seen=seen, why=note))
        tell(_("Recorded: {turf}.").format(turf=code))


def show_volunteers(region: Region, book: CanvassBook, person: Person) -> None:
    """Show the volunteers, and add one by a pseudonym; of one who is here already, both are shown."""
    if not person.sees("volunteers"):
        st.caption(person.signed.how_to_see_more())
        return
    people = book.volunteers()
    if not people.empty:
        cars = people["has_car"].map({True: _("yes"), False: _("no")}).fillna("")
        spoken = [", ".join(map(language_name, items)) for items in people["languages"]]
        near = people["near_home"].map({True: _("near home"), False: _("elsewhere")}).fillna("")
        days = [", ".join(map(day_words, items)) for items in people["shifts"]]
        st.dataframe(
            people.assign(has_car=cars, languages=spoken, near_home=near, shifts=days),
            key="volunteers",
            column_config={
                "pseudonym": _("Pseudonym"),
                "languages": _("Languages"),
                "area": _("Area"),
                "hours_a_week": st.column_config.NumberColumn(_("Hours a week"), format="%.1f"),
                "has_car": _("Car"),
                "near_home": _("Walks"),
                "together": _("Comes together with"),
                "shifts": _("Days"),
                "hours_taken": st.column_config.NumberColumn(_("Hours in turfs that are out"), format="%.1f"),
            },
        )
    show_link(region, book, person)
    with st.form("volunteer", clear_on_submit=True):
        fields = ask_volunteer()
        sent = st.form_submit_button(_("Add the volunteer"))
    if sent:
        volunteer, who = Volunteer.make(fields), person.require()
        attempt("volunteer", lambda: book.save(volunteer, who, seen=0))
        tell(_("Recorded: {turf}.").format(turf=fields["pseudonym"]))


def tell(words: str) -> None:
    """Say once what was written, on a fresh page."""
    st.session_state[DONE] = words
    st.rerun()
