"""What is publicly known of projects: offered, and accepted or not by a person."""

from __future__ import annotations

from collections.abc import Mapping

from app_pages.parts import screen as st
from app_pages.parts.markup import bold
from app_pages.parts.page import refusing
from app_pages.parts.people import may_write, who_is_there
from app_pages.parts.water.board import Desk, load_names
from app_pages.parts.water.board_map import name_with_number
from app_pages.parts.water.forms import forget_seen, keep_recorded, show_recorded, words_of_stage
from geo.days import span_words
from geo.language import gettext as _
from geo.language import ngettext
from store.visibility import may_see
from store.water.kinds import SERVICE_TITLES
from store.water.known_projects import KnownProject, Reply, accept, decline, may_be_meant

ANSWERED = "water.news.answered"


def show_news(desk: Desk) -> None:
    """Show at the top every project that nobody has answered, to those who see names of small systems.

    On an earlier day there is nothing to answer.
    """
    if desk.as_of is not None:
        return
    show_recorded(desk, Reply.kind)
    if not desk.news:
        return
    if not may_see("known_projects", desk.rights):
        why = _("News items wait to be confirmed; they call small systems by their names.")
        st.caption(f"{why} {who_is_there().how_to_see_more()}")
        return
    count = len(desk.news)
    title = ngettext("{count} news item to confirm", "{count} news items to confirm", count)
    # With every answer the count, and with it the expander, is another one: it stays as open as it was.
    with st.expander(title.format(count=count), expanded=ANSWERED in st.session_state):
        st.caption(
            _("Not on the board until somebody accepts it. As reported by its sources; not checked by us.")
        )
        signed = may_write(desk.who)
        called = desk.table["name"].astype(str).to_dict()
        names = {pwsid: name_with_number(called.get(pwsid, ""), pwsid) for pwsid in desk.board.systems}
        for offer in desk.news:
            show_offer(desk, offer, names, signed=signed)


def show_offer(desk: Desk, offer: KnownProject, names: Mapping[str, str], *, signed: bool) -> None:
    """Show one project, with the systems that are meant or may be; ``names`` are by PWSID."""
    with st.container(border=True):
        service, stage = _(SERVICE_TITLES[offer.service]), words_of_stage(str(offer.stage))
        st.markdown(bold(offer.words("title")))
        reached = f", {span_words(offer.reached)}" if offer.reached else ""
        st.text(f"{service}: {stage}{reached}")
        st.text(offer.words("note"))
        st.caption(
            _("Source: {source}. Matched by: {by}.").format(source=offer.source, by=offer.words("matched_by"))
        )
        pwsids = choose_meant(desk, offer, names)
        with st.container(horizontal=True):
            key = f"water.offer.{offer.key}"
            if st.button(_("Accept"), key=f"{key}.accept", type="primary", disabled=not (signed and pwsids)):
                answer(desk, offer, pwsids)
            if st.button(_("Do not accept"), key=f"{key}.decline", disabled=not signed):
                answer(desk, offer, None)


def choose_meant(desk: Desk, offer: KnownProject, names: Mapping[str, str]) -> list[str]:
    """Show the systems that are meant; where that is not certain, a person says which."""
    meant = may_be_meant(offer, load_names(desk.region))
    known = {pwsid for pwsid in meant if pwsid in desk.board.systems}
    options = sorted({*desk.table.index, *known}, key=lambda pwsid: (pwsid not in known, pwsid))
    maybe = _("{name}: may be meant")
    words = {**names, **{pwsid: maybe.format(name=names[pwsid]) for pwsid in known - set(offer.certain)}}
    return st.multiselect(
        _("Which system is this?"),
        options,
        default=[pwsid for pwsid in offer.certain if pwsid in options],
        key=f"water.offer.{offer.key}.systems",
        format_func=words.__getitem__,
        placeholder=_("not certain: choose"),
    )


def answer(desk: Desk, offer: KnownProject, pwsids: list[str] | None) -> None:
    """Record the answer: systems are meant, or (None) it is not accepted."""
    with refusing():
        if pwsids is None:
            entries = [decline(desk.board, offer, desk.who)]
        else:
            entries = accept(desk.board, offer, pwsids, desk.who)
        keep_recorded(entries, Reply.kind)
        forget_seen()
        st.session_state[ANSWERED] = True
        st.rerun()
