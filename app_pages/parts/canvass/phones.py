"""Phones that report by themselves: codes for them, how they stand, and what is said and asked at a door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.canvass.book import attempt, decide
from app_pages.parts.editing import hold_seen, require_shown
from app_pages.parts.page import outside_address, refusing
from app_pages.parts.people import Person, current_rights
from geo.canvass.codes import DISPOSITION_TITLES, Disposition
from geo.canvass.script import (
    QUESTION_KIND_TITLES,
    Question,
    QuestionKind,
    Script,
    count_answers,
    make_key,
    read_choices,
    write_choices,
)
from geo.canvass.volunteers import SPOKEN
from geo.language import current_language, use_language
from geo.language import gettext as _
from geo.region import Region
from reports.phone_cards import PhoneCard, make_phone_cards, require_reachable
from store.canvass.book import CanvassBook
from store.canvass.kinds import CanvassScript, Visit
from store.canvass.phones import Phones
from store.members import Rights
from store.visibility import may_see, require_sight

MADE, DONE, FORM = "phones.made", "phones.done", "script"
AGAIN_S = 20
WORDS_IN = ("en", "es", "tsz")


def show_phones(region: Region, book: CanvassBook, person: Person) -> None:
    """Show the codes of phones, make and end them, and define what is said and asked at a door."""
    if not person.sees("phones"):
        st.caption(person.signed.how_to_see_more())
        return
    words = st.session_state.pop(DONE, "")
    with st.container():
        if words:
            st.success(words)
    with refusing():
        # It runs again and again only where something may come in.
        again = AGAIN_S if Phones(book).all() else None
        st.fragment(show_standing, run_every=again)(region, book, current_language())
    with refusing():
        show_codes(region, book, person)
    with st.expander(_("What is said and asked at a door")), refusing():
        if not decide(book, person, FORM, tell):
            show_script(book, person)
    with st.expander(_("What was answered")), refusing():
        show_answers(book)


def show_codes(region: Region, book: CanvassBook, person: Person) -> None:
    """Make codes for volunteers and print them, or end them."""
    names = [str(name) for name in book.volunteers().index]
    if not names:
        st.info(_("No volunteer is here yet: add one under Volunteers."))
        return
    valid = sorted({kept.record.volunteer for kept in Phones(book).all()})
    with st.form("phones.give"):
        chosen = st.multiselect(
            _("Volunteers whose phones may send"),
            names,
            placeholder=_("none yet"),
            key="phones.names",
            help=_("A new code ends the one before. A phone gets the turfs that its volunteer has in hand."),
        )
        sent = st.form_submit_button(_("Make codes"), type="primary")
    if sent:
        make_codes(region, book, person, chosen)
    made: dict[str, str] = st.session_state.get(made_key(region), {})
    if made:
        phones = Phones(book)
        cards = [PhoneCard(name, address, phones.language(name)) for name, address in made.items()]
        st.info(
            _("Codes for {names}: print them now. They are not kept here and cannot be shown again.").format(
                names=", ".join(made)
            )
        )
        st.download_button(
            _("Print the codes"),
            partial(make_cards, cards, region, person.rights),
            file_name=f"phones-{region.key}.pdf",
            mime="application/pdf",
            on_click="ignore",
            key="phones.cards",
        )
    if valid:
        show_end(region, book, person, valid)


def made_key(region: Region) -> str:
    """Name where the codes of a region stand until they are printed."""
    return f"{MADE}.{region.key}"


def make_codes(region: Region, book: CanvassBook, person: Person, names: list[str]) -> None:
    """Give the volunteers codes, for an address that phones reach."""
    if not names:
        st.error(_("Choose at least one volunteer; nothing was written."))
        return
    who = person.require()
    page = outside_address("phones", region)
    base = require_reachable(page.partition("?")[0])
    phones = Phones(book)
    made = {name: f"{base}/{region.key}/{phones.give(name, who)}" for name in names}
    st.session_state[made_key(region)] = made
    st.rerun()


def make_cards(cards: list[PhoneCard], region: Region, rights: Rights) -> bytes:
    """Make the cards as PDF.

    Raises
    ------
    GeoError
        Who looks may not see it.
    """
    require_sight("phones", rights)
    return make_phone_cards(cards, invented=region.invented)


def show_end(region: Region, book: CanvassBook, person: Person, valid: list[str]) -> None:
    """End the codes of a volunteer, as where a phone was lost."""
    left, right = st.columns([2, 1], vertical_alignment="bottom")
    name = left.selectbox(_("Whose phone"), valid, key="phones.end.name")
    pressed = right.button(_("End this code"), key="phones.end", width="stretch")
    require_shown("phones.end", str(name), pressed=pressed)
    if pressed:
        Phones(book).end(str(name), person.require())
        st.session_state.get(made_key(region), {}).pop(str(name), None)
        tell(_("Ended: the phone of {name} may not send any more.").format(name=name))


def show_standing(region: Region, book: CanvassBook, language: str) -> None:
    """Show what came from each phone; looked up again every twenty seconds, while who looks may see it."""
    # It runs by itself, without the page around it, which says in which language it is and who looks.
    use_language(language)
    if not may_see("phones", current_rights()):
        return
    with refusing():
        draw_standing(standing_rows(book, region.timezone))


def draw_standing(rows: pd.DataFrame) -> None:
    """Show a row for each phone that may send."""
    if rows.empty:
        st.caption(_("No phone may send yet: make codes below, print them, and let volunteers scan them."))
        return
    st.dataframe(
        rows,
        hide_index=True,
        key="phones.standing",
        column_config={
            "volunteer": _("Volunteer"),
            "turfs": _("Turfs"),
            "doors": st.column_config.NumberColumn(_("Doors from the phone"), format="localized"),
            "last": st.column_config.DatetimeColumn(_("Last sent"), format="YYYY-MM-DD HH:mm"),
            "since": st.column_config.DatetimeColumn(_("Code made"), format="YYYY-MM-DD HH:mm"),
        },
    )
    st.caption(_("Looked up again every 20 seconds. Times are those of the region."))


def standing_rows(book: CanvassBook, timezone: str) -> pd.DataFrame:
    """Return a row for each phone that may send, with the doors that stand and came from it."""
    phones = Phones(book)
    sent: dict[str, list[datetime]] = {}
    for kept in book.kept(Visit).values():
        if kept.record.tellings:
            sent.setdefault(kept.who.casefold(), []).append(kept.at)
    rows = []
    for code in phones.all():
        name = code.record.volunteer
        came = sent.get(name.casefold(), [])
        turfs = ", ".join(turf.code for turf in phones.turfs(name))
        rows.append((name, turfs, len(came), max(came, default=None), code.at))
    frame = pd.DataFrame(rows, columns=["volunteer", "turfs", "doors", "last", "since"])
    for name in ("last", "since"):
        moments = pd.to_datetime(frame[name], utc=True)
        frame[name] = moments.dt.tz_convert(ZoneInfo(timezone)).dt.tz_localize(None)
    return frame.sort_values("volunteer", ignore_index=True)


def show_script(book: CanvassBook, person: Person) -> None:
    """Define the words of greeting, and the questions after what happened at a door."""
    kept = book.kept(CanvassScript)
    script = kept["script"].record.script if kept else Script()
    seen = hold_seen(FORM, "script", kept["script"].number if kept else 0)
    st.caption(
        _(
            "The same words and questions stand in the form of ODK Collect, on the page for phones and on "
            "paper. What happened at a door is asked everywhere and stays as it is: progress counts it."
        )
    )
    with st.form("script.greeting"):
        given = {
            name: st.text_area(
                _("What to say ({language})").format(language=SPOKEN[name]),
                script.greeting.get(name, ""),
                key=f"script.greeting.{name}.{seen}",
            )
            for name in WORDS_IN
        }
        sent = st.form_submit_button(_("Record what to say"))
    if sent:
        keep_script(book, person, {**script.model_dump(), "greeting": given}, seen)
    new = _("New question")
    titles = {item.key: item.title["en"] for item in script.questions}
    chosen = st.selectbox(
        _("Question"),
        ["", *titles],
        format_func=lambda key: titles.get(key, new),
        key=f"script.question.{seen}",
    )
    before = next((item for item in script.questions if item.key == chosen), None)
    ask_question(book, person, script, before, seen)


def ask_question(
    book: CanvassBook, person: Person, script: Script, before: Question | None, seen: int
) -> None:
    """Ask for one question, new or as it stands; and record or take it out."""
    key = f"{before.key if before else ''}.{seen}"
    results = {item: _(title) for item, title in DISPOSITION_TITLES.items()}
    kinds = {item: _(title) for item, title in QUESTION_KIND_TITLES.items()}
    with st.form(f"script.one.{key}"):
        title = {
            name: st.text_input(
                _("Question ({language})").format(language=SPOKEN[name]),
                before.title.get(name, "") if before else "",
                key=f"script.title.{name}.{key}",
            )
            for name in WORDS_IN
        }
        kind = st.selectbox(
            _("How it is answered"),
            list(kinds),
            index=list(kinds).index(before.kind) if before else 0,
            format_func=kinds.__getitem__,
            key=f"script.kind.{key}",
        )
        choices = st.text_area(
            _("Answers, one a line: English | Spanish | P'urhépecha"),
            write_choices(before.choices) if before else "",
            key=f"script.choices.{key}",
        )
        after = st.multiselect(
            _("Asked after (none: at every door)"),
            list(results),
            default=list(before.after) if before else [Disposition.SPOKE],
            format_func=results.__getitem__,
            key=f"script.after.{key}",
        )
        left, right = st.columns(2)
        sent = left.form_submit_button(_("Record this question"), type="primary", width="stretch")
        gone = right.form_submit_button(_("Take it out"), disabled=before is None, width="stretch")
    others = [item for item in script.questions if item is not before]
    if sent:
        listed = read_choices(choices, before.choices if before else ())
        closed = kind in (QuestionKind.ONE, QuestionKind.SEVERAL)
        fields: dict[str, object] = {
            "key": before.key if before else make_key(title["en"], (item.key for item in others)),
            "title": title,
            "kind": kind,
            "choices": [choice.model_dump() for choice in listed] if closed else [],
            "after": after,
        }
        kept = [fields if item is before else item.model_dump() for item in script.questions]
        keep_questions(book, person, script, kept if before else [*kept, fields], seen)
    if gone and before:
        keep_questions(book, person, script, [item.model_dump() for item in others], seen)


def keep_questions(
    book: CanvassBook,
    person: Person,
    script: Script,
    questions: Sequence[Mapping[str, object]],
    seen: int,
) -> None:
    """Record the script with these questions."""
    keep_script(book, person, {**script.model_dump(), "questions": questions}, seen)


def keep_script(book: CanvassBook, person: Person, script: dict[str, object], seen: int) -> None:
    """Record the script; phones get it with their next look."""
    record, who = CanvassScript.make({"script": script}), person.require()
    attempt(FORM, lambda: book.save(record, who, seen=seen))
    st.session_state.pop(f"{FORM}.seen", None)
    tell(_("Recorded. Phones get it with their next look, in fifteen minutes at most."))


def show_answers(book: CanvassBook) -> None:
    """Show the doors by question and answer."""
    script = book.script()
    if not script.questions:
        st.caption(_("No question is asked yet beside what happened at the door."))
        return
    answers = [kept.record.answers or {} for kept in book.kept(Visit).values()]
    st.dataframe(
        count_answers(script, answers, current_language()),
        hide_index=True,
        key="phones.answers",
        column_config={
            "question": _("Question"),
            "answer": _("Answer"),
            "doors": st.column_config.NumberColumn(_("Doors"), format="localized"),
        },
    )


def tell(words: str) -> None:
    """Say once what was written, on a fresh page."""
    st.session_state[DONE] = words
    st.rerun()
