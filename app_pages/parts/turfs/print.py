"""Walk lists and files for phones: turfs chosen, their walks planned with the reason shown, then files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from app_pages.parts import screen as st
from app_pages.parts.person import Person
from app_pages.parts.turfs.files import FORMS, make_turf_file, returns_address, walk_of
from geo.canvass.turf_plan import MINUTES_PER_DOOR
from geo.canvass.walk import Walk, walks_table
from geo.language import gettext as _
from geo.region import Region
from store.canvass.book import CanvassBook
from store.canvass.kinds import Cut, Turf


def show_print(region: Region, book: CanvassBook, person: Person) -> None:
    """Ask for turfs, tell how long each walk is, and offer the files to those who hand turfs out."""
    if not person.sees("walks"):
        st.caption(person.signed.how_to_see_more())
        return
    units = book.units_of()
    every = st.checkbox(_("All turfs"), key="print.all")
    codes = list(units) if every else choose_turfs(list(units))
    if not codes:
        st.caption(_("Choose turfs; each needs a second or two to find a short walk through its blocks."))
        return
    chosen = {code: units[code] for code in codes}
    minutes = minutes_of(book)
    show_walks(plan_walks(region, chosen, minutes))
    address = returns_address(region)
    show_address(address)
    columns = st.columns(4)
    for place, (form, (title, kind)) in enumerate(FORMS.items()):
        columns[place % 4].download_button(
            _(title),
            partial(make_turf_file, region, chosen, minutes, form, address, person.rights),
            file_name=f"turfs-{region.key}-{form}".replace("-.", "."),
            mime=kind,
            on_click="ignore",
            key=f"print.{form}",
            width="stretch",
        )


def choose_turfs(codes: list[str]) -> list[str]:
    """Ask which turfs are to be printed."""
    return st.multiselect(_("Turfs to print"), codes, placeholder=_("none yet"), key="print.turfs")


def minutes_of(book: CanvassBook) -> dict[str, float]:
    """Return the minutes at a door that every turf was cut with."""
    cuts = {item.record.number: item.record.minutes_per_door for item in book.kept(Cut).values()}
    return {code: cuts.get(item.record.cut, MINUTES_PER_DOOR) for code, item in book.kept(Turf).items()}


def plan_walks(
    region: Region, turfs: Mapping[str, Sequence[str]], minutes: Mapping[str, float]
) -> list[Walk]:
    """Plan the walk of every turf, and say which one is on."""
    bar = st.empty()
    walks = []
    for place, (code, members) in enumerate(turfs.items()):
        words = _("Turf {code} ({place} of {total}): finding a short walk through {count} blocks")
        told = words.format(code=code, place=place + 1, total=len(turfs), count=len(members))
        bar.progress(place / len(turfs), text=told)
        walks.append(walk_of(region, code, members, minutes[code]))
    bar.empty()
    return walks


def show_walks(walks: Sequence[Walk]) -> None:
    """Show the length and hours of every walk."""
    st.dataframe(
        walks_table(walks),
        key="print.walks",
        column_config={
            "turf": _("Turf"),
            "stops": st.column_config.NumberColumn(_("Stops"), format="localized"),
            "doors": st.column_config.NumberColumn(_("Doors"), format="localized"),
            "length_km": st.column_config.NumberColumn(_("Way between stops, km"), format="%.1f"),
            "hours_inside": st.column_config.NumberColumn(_("Hours in the blocks"), format="%.1f"),
            "hours_between": st.column_config.NumberColumn(_("Hours between stops"), format="%.1f"),
            "hours": st.column_config.NumberColumn(_("Hours in all"), format="%.1f"),
        },
    )
    st.caption(
        _(
            "Hours in the blocks are those of the table above: at the doors and from door to door. The walk "
            "list says the hours in all."
        )
    )


def show_address(address: str) -> None:
    """Say where the code on the walk list leads."""
    if address:
        st.caption(_("The code on each walk list opens {address} on a phone.").format(address=address))
    else:
        st.caption(
            _(
                "This page is open at an address that only this computer reaches, so the code on the list "
                "holds the turf's code alone. Set GEO_ADDRESS to the address that phones reach."
            )
        )
