"""Cards with codes and sign-in sheets to print, for those who want them."""

from __future__ import annotations

from collections.abc import Callable

from app_pages.parts import screen as st
from app_pages.parts.markup import bold
from app_pages.parts.page import outside_address, refusing, say_done, tell_done
from app_pages.parts.people import Person
from app_pages.parts.program.fields import Desk, event_titles, follow_recorded
from app_pages.parts.program.names import names_of
from geo.days import day_words, hour_words
from geo.language import gettext as _
from geo.language import mark as N_
from geo.language import ngettext, use_language
from reports.sign_in_papers import ROWS, SheetHead, make_code_cards, make_sign_in_sheet
from store.program.kinds import Cards, Event
from store.records import Kept
from store.visibility import require_sight

DONE, PAGE = "papers.done", 10
CARDS = {"en": N_("Code cards (English)"), "es": N_("Code cards (Spanish)")}
SHEETS = {"en": N_("Sign-in sheet (English)"), "es": N_("Sign-in sheet (Spanish)")}


def print_papers(desk: Desk, person: Person) -> None:
    """Let somebody make new cards, print those that were made, and print a sheet for an event."""
    st.markdown(bold(_("Code cards")))
    st.caption(
        _(
            "Ten a page, to cut out. Every card has a code of its own, also as a QR code; hand them out as "
            "people come. No number is ever made twice."
        )
    )
    tell_done(DONE)
    made = {item.record.key: item for item in desk.book.kept(Cards)} if person.sees("cards") else {}
    ask_cards(desk, person, list(made.values()))
    if made:
        offer_cards(desk, person, made)
    st.markdown(bold(_("Sign-in sheet")))
    offer_sheet(desk, person)


def ask_cards(desk: Desk, person: Person, made: list[Kept[Cards]]) -> None:
    """Ask how many cards are needed and of which series, and note that they are made."""
    last = max(made, key=lambda item: item.at).record.letters if made else "QX"
    with st.form("papers.cards"):
        left, right = st.columns(2)
        count = left.number_input(_("How many cards"), PAGE, 500, 5 * PAGE, PAGE, key="papers.count")
        letters = right.text_input(
            _("Letters they begin with"),
            last,
            key="papers.letters",
            max_chars=2,
            help=_("Two letters, and nobody's initials."),
        )
        sent = st.form_submit_button(_("Make new cards"))
    if sent:
        with refusing():
            cards = desk.book.make_cards(letters, int(count), person.require())
            say_done(DONE, _("Made: {cards}. Print them below.").format(cards=cards_words(cards)))
            st.session_state["papers.which"] = cards.key
            st.rerun()


def offer_cards(desk: Desk, person: Person, made: dict[str, Kept[Cards]]) -> None:
    """Offer cards that were made as PDF, the newest first."""
    newest = sorted(made, key=lambda key: made[key].at, reverse=True)
    left, right = st.columns(2)
    key = left.selectbox(
        _("Cards to print"),
        newest,
        format_func=lambda key: cards_words(made[key].record),
        key="papers.which",
    )
    group = right.text_input(_("Name on the cards (your group's)"), key="papers.group")
    codes, rights, invented = made[str(key)].record.codes(), person.rights, desk.region.invented

    def make() -> bytes:
        require_sight("cards", rights)
        return make_code_cards(codes, group=group.strip(), invented=invented)

    offer("cards", CARDS, make, f"{desk.region.key}-cards-{str(key).replace('/', '')}")


def cards_words(cards: Cards) -> str:
    """Name cards by their first and last code."""
    codes = cards.codes()
    words = ngettext("{first} to {last}, {count} card", "{first} to {last}, {count} cards", cards.count)
    return words.format(first=codes[0], last=codes[-1], count=cards.count)


def offer_sheet(desk: Desk, person: Person) -> None:
    """Offer the sheet of an event as PDF; with a column for names where the program keeps them."""
    events = {event.key: event for event in desk.book.events(desk.program.key)}
    if not events:
        st.info(_("Record the event first."))
        return
    left, right = st.columns(2)
    titles = event_titles(desk, ahead=True)
    follow_recorded("papers.event", titles, ahead=True)
    key = left.selectbox(_("Event"), list(titles), format_func=titles.__getitem__, key="papers.event")
    pages = right.number_input(_("Pages ({rows} rows each)").format(rows=ROWS), 1, 30, 1, key="papers.pages")
    event, address = events[str(key)], outside_address("program", desk.region)
    program, invented, named = desk.program.key, desk.region.invented, names_of(desk, person) is not None
    if not address:
        st.caption(
            _(
                "The sheet has no QR code, as a phone cannot reach this address. Details for whoever runs "
                "the server: GEO_ADDRESS names its public address."
            )
        )

    def make() -> bytes:
        link = f"{address}&program={program}" if address else ""
        head = SheetHead(event.title, when_words(event), event.place, link, named)
        return make_sign_in_sheet(head, int(pages), invented=invented)

    offer("sheet", SHEETS, make, f"{desk.region.key}-sign-in-{event.on}")


def when_words(event: Event) -> str:
    """Write the day of an event, and when it begins."""
    return " ".join([day_words(event.on), *([hour_words(event.begins_at)] if event.begins_at else [])])


def offer(what: str, titles: dict[str, str], make: Callable[[], bytes], name: str) -> None:
    """Offer a PDF in either language, made when somebody asks for it."""
    for column, (language, title) in zip(st.columns(2), titles.items(), strict=True):
        column.download_button(
            _(title),
            spoken(make, language),
            f"{name}-{language}.pdf",
            "application/pdf",
            on_click="ignore",
            key=f"papers.{what}.{language}",
            width="stretch",
        )


def spoken(make: Callable[[], bytes], language: str) -> Callable[[], bytes]:
    """Make a file in a language, though it is made elsewhere than the page."""

    def made() -> bytes:
        use_language(language)
        return make()

    return made
