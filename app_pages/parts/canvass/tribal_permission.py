"""Tribal land on Turfs: which tribes agreed, recorded and withdrawn by a lead; what a target takes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.canvass.book import OF_UNITS, attempt, decide, load_units
from app_pages.parts.editing import forget_seen, hold_seen, require_shown
from app_pages.parts.loading import is_built, kept, load_shapes
from app_pages.parts.page import today
from app_pages.parts.people import Person
from geo.canvass.target import Target
from geo.canvass.tribal_land import doors_by_tribe, partly_there, share_without_permission, shares_by_tribe
from geo.days import day_words
from geo.language import gettext as _
from geo.region import Region
from store.canvass.book import CanvassBook
from store.canvass.kinds import TribalPermission
from store.records import Kept
from store.visibility import may_see
from wording.canvass import lacking_words, permission_words, tribal_words

LAND, FORM = "tribal_areas", "tribal"


class Land(NamedTuple):
    """Each unit's share on land that is not to be walked, and the tribes whose land is, as they agreed."""

    share: pd.Series[float]
    agreed: tuple[str, ...]


def choose_permitted(region: Region, book: CanvassBook) -> Land | None:
    """Ask whether land of tribes that agreed is taken; None where no source here has tribal land."""
    if not is_built(region, LAND):
        return None
    agreed = tuple(book.kept(TribalPermission))
    taken = bool(agreed) and st.checkbox(
        _("Include the land of tribes that agreed"),
        key="turfs.permitted",
        help=_("Tribal land is left out unless its tribe agreed; record that below."),
    )
    agreed = agreed if taken else ()
    return Land(share_without_permission(_shares(region), agreed), agreed)


@kept(*OF_UNITS, LAND, most=4, spoken=False)
def _shares(region: Region) -> pd.DataFrame:
    return shares_by_tribe(load_units(region), load_shapes(region.key, LAND))


def titles_of(region: Region) -> dict[str, str]:
    """Name the land of every tribe on whose land a unit lies, by the tribe's GEOID."""
    land = load_shapes(region.key, LAND).drop_duplicates("geoid").set_index("geoid")["label"]
    return {str(tribe): str(land[str(tribe)]) for tribe in _shares(region)}


def tell_tribal_land(region: Region, book: CanvassBook, target: Target, land: Land | None) -> None:
    """Warn of tribal land in both directions: what is taken there, and what is left out."""
    if land is None:
        return
    for words in [
        *tribal_words(partly_there(target, land.share)),
        *permission_words(
            doors_by_tribe(target, _shares(region)), titles_of(region), _agreed(book), taken=land.agreed
        ),
    ]:
        st.caption(words)


def _agreed(book: CanvassBook) -> dict[str, TribalPermission]:
    return {tribe: item.record for tribe, item in book.kept(TribalPermission).items()}


def show_permissions(region: Region, book: CanvassBook, target: Target | None, person: Person) -> None:
    """List the tribes that agreed, and what lacks for want of it; let who may record add or withdraw one."""
    if not is_built(region, LAND) or _shares(region).empty:
        return
    agreed, titles = book.kept(TribalPermission), titles_of(region)
    with st.expander(_("Tribal land: which tribes agreed ({count})").format(count=len(agreed))):
        for item in agreed.values():
            st.text(_line(item, person))
        if target is not None:
            doors = doors_by_tribe(target, _shares(region))
            for words in lacking_words(doors, titles, agreed):
                st.caption(words)
        if not person.may_write:
            st.caption(person.signed.how_to_record())
            return
        if decide(book, person, FORM, lambda _words: st.rerun()):
            return
        record_permission(book, person, titles, agreed)
        withdraw_permission(book, person, agreed)


def _line(item: Kept[TribalPermission], person: Person) -> str:
    parts = [item.record.title, day_words(item.record.on)]
    if may_see("tribal_permissions", person.rights, "agreed_by"):
        parts.append(_("{who} agreed").format(who=item.record.agreed_by))
    return " · ".join(parts)


def record_permission(
    book: CanvassBook, person: Person, titles: Mapping[str, str], agreed: Mapping[str, Kept[TribalPermission]]
) -> None:
    """Ask for a tribe, who of it agreed and when, and record it."""
    tribe = str(
        st.selectbox(_("Whose land"), list(titles), format_func=titles.__getitem__, key=f"{FORM}.tribe")
    )
    before = agreed.get(tribe)
    seen = hold_seen(FORM, tribe, before.number if before else 0)
    with st.form(f"{FORM}.form.{tribe}.{seen}"):
        who = st.text_input(
            _("Who of the tribe agreed"),
            before.record.agreed_by if before else "",
            max_chars=120,
            key=f"{FORM}.agreed_by.{tribe}.{seen}",
        )
        on = st.date_input(
            _("When"),
            before.record.on if before else today(),
            max_value=today(),
            key=f"{FORM}.on.{tribe}.{seen}",
        )
        sent = st.form_submit_button(_("Record that the tribe agreed"))
    require_shown(f"{FORM}.record", tribe, pressed=sent)
    if sent:
        fields = {"tribe": tribe, "title": titles[tribe], "agreed_by": who, "on": on}
        record, name = TribalPermission.make(fields), person.require()
        attempt(FORM, lambda: book.save(record, name, seen=seen))
        forget_seen(FORM)
        st.rerun()


def withdraw_permission(
    book: CanvassBook, person: Person, agreed: Mapping[str, Kept[TribalPermission]]
) -> None:
    """Withdraw a permission, with the reason; what was recorded stays in the history."""
    if not agreed:
        return
    names = {tribe: item.record.title for tribe, item in agreed.items()}
    tribe = str(
        st.selectbox(
            _("Permission to withdraw"), list(names), format_func=names.__getitem__, key=f"{FORM}.gone"
        )
    )
    seen = hold_seen(f"{FORM}.gone", tribe, agreed[tribe].number)
    why = st.text_input(_("Why it is withdrawn"), key=f"{FORM}.why")
    pressed = st.button(_("Withdraw the permission"), key=f"{FORM}.withdraw")
    require_shown(f"{FORM}.gone", tribe, pressed=pressed)
    if pressed:
        name = person.require()
        attempt(FORM, lambda: book.withdraw(tribe, name, seen=seen, why=why, kind=TribalPermission))
        forget_seen(f"{FORM}.gone")
        st.rerun()
