"""Hand turfs out: who has which turf and how each stands, matched by language, car, area and hours."""

from __future__ import annotations

import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.canvass.book import attempt, decide, find_need, need_words, open_history
from app_pages.parts.canvass.phones import show_phones
from app_pages.parts.canvass.walk_lists import show_print
from app_pages.parts.editing import choose_anew, choose_record, require_shown
from app_pages.parts.page import refusing, today
from app_pages.parts.people import Person
from geo.canvass.codes import RETURNED_SHARE, TURF_STATUS_TITLES, TurfStatus
from geo.canvass.volunteers import SPOKEN, match_volunteers
from geo.language import gettext as _
from geo.region import Region
from geo.units import to_words
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
            show_assign(region, book, turfs, person)
    with back, refusing():
        if not decide(book, person, "status", tell):
            show_status(book, turfs, person)
    with crew, refusing():
        if not decide(book, person, "volunteer", tell):
            show_volunteers(book, person)
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
    shown = turfs.assign(status=turfs["status"].map(titles), out_on=out).drop(columns=["units", "number"])
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


def show_assign(region: Region, book: CanvassBook, turfs: pd.DataFrame, person: Person) -> None:
    """Hand a turf to the volunteer who fits best, or to another."""
    if not person.sees("volunteers"):
        st.caption(person.signed.how_to_see_more())
        return
    ready = turfs["status"] == TurfStatus.READY
    names = name_turfs(turfs.loc[[*turfs.index[ready], *turfs.index[~ready]]])
    code = choose_record(_("Turf"), names, "assign.turf")
    seen, turf = remember_seen("assign", code, turfs), turfs.loc[[code]].iloc[0]
    language = choose_language(str(turf["language"]))
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


def choose_language(known: str) -> str:
    """Ask for the language that is needed in a turf; another than those listed can be typed."""
    options = list(dict.fromkeys([*SPOKEN, *([known] if known else [])]))
    chosen = st.selectbox(
        _("Language that is needed"),
        options,
        index=options.index(known) if known else 0,
        format_func=lambda item: SPOKEN.get(item, item),
        key="assign.language",
        accept_new_options=True,
    )
    return str(chosen or "en")


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


def show_volunteers(book: CanvassBook, person: Person) -> None:
    """Show the volunteers, and add one by a pseudonym; of one who is here already, both are shown."""
    if not person.sees("volunteers"):
        st.caption(person.signed.how_to_see_more())
        return
    people = book.volunteers()
    if not people.empty:
        cars = people["has_car"].map({True: _("yes"), False: _("no")}).fillna("")
        spoken = [", ".join(SPOKEN.get(item, item) for item in items) for items in people["languages"]]
        st.dataframe(
            people.assign(has_car=cars, languages=spoken),
            key="volunteers",
            column_config={
                "pseudonym": _("Pseudonym"),
                "languages": _("Languages"),
                "area": _("Area"),
                "hours_a_week": st.column_config.NumberColumn(_("Hours a week"), format="%.1f"),
                "has_car": _("Car"),
                "hours_taken": st.column_config.NumberColumn(_("Hours in turfs that are out"), format="%.1f"),
            },
        )
    with st.form("volunteer", clear_on_submit=True):
        fields = ask_volunteer()
        sent = st.form_submit_button(_("Add the volunteer"))
    if sent:
        volunteer, who = Volunteer.make(fields), person.require()
        attempt("volunteer", lambda: book.save(volunteer, who, seen=0))
        tell(_("Recorded: {turf}.").format(turf=fields["pseudonym"]))


def ask_volunteer() -> dict[str, object]:
    """Ask for a volunteer's fields."""
    cars = {None: _("not said"), True: _("yes"), False: _("no: stays in town")}
    return {
        "pseudonym": st.text_input(
            _("Pseudonym of a volunteer"), key="volunteer.name", help=_("No real name is needed or kept.")
        ),
        "languages": tuple(
            st.multiselect(
                _("Languages"),
                list(SPOKEN),
                default=["en"],
                format_func=lambda item: SPOKEN.get(item, item),
                key="volunteer.languages",
                accept_new_options=True,
            )
        ),
        "area": st.text_input(
            _("Area"), key="volunteer.area", help=_("The place where they know their way.")
        ),
        "hours_a_week": st.number_input(_("Hours a week"), 0.0, 100.0, 4.0, 0.5, key="volunteer.hours"),
        "has_car": st.radio(
            _("Car"), list(cars), format_func=cars.__getitem__, key="volunteer.car", horizontal=True
        ),
    }


def tell(words: str) -> None:
    """Say once what was written, on a fresh page."""
    st.session_state[DONE] = words
    st.rerun()
