"""Doors to come back to: listed by turf and language, cut into lists for the next shift, printed."""

from __future__ import annotations

from functools import partial

import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.canvass.book import load_units
from app_pages.parts.canvass.walk_lists import walk_of_doors
from app_pages.parts.people import Person
from geo.canvass.codes import DISPOSITION_TITLES, unit_name
from geo.canvass.come_back import AGAIN, ATTEMPTS_AT_MOST, doors_again, second_pass, spared_doors
from geo.canvass.script import Script
from geo.canvass.stretches import resolve_units
from geo.canvass.volunteers import language_name
from geo.errors import GeoError
from geo.language import gettext as _
from geo.language import ngettext
from geo.region import Region
from reports.export import plain_cells
from reports.walk_list import make_again_list
from store.canvass.book import CanvassBook
from store.canvass.kinds import FieldPaper
from store.members import Rights
from store.visibility import require_sight


def show_come_back(region: Region, book: CanvassBook, person: Person) -> None:
    """Show the doors to come back to, and offer them as lists for the next shift."""
    if not person.sees("walks"):
        st.caption(person.signed.how_to_see_more())
        return
    visits, units_of = book.visits(), book.units_of()
    spared = sum(map(len, spared_doors(visits, units_of).values()))
    words = ngettext(
        "{count} door asked that nobody knocks: it is on no list.",
        "{count} doors asked that nobody knocks: they are on no list.",
        spared,
    )
    most = int(
        st.number_input(
            _("Leave out doors where nobody was home so many times"),
            1,
            20,
            ATTEMPTS_AT_MOST,
            key="again.most",
        )
    )
    doors = doors_again(visits, units_of, most=most)
    if spared:
        st.caption(words.format(count=f"{spared:,}"))
    tell_on_paper(book.tallies())
    if doors.empty:
        st.info(_("No door to come back to. Paper totals say how many doors there are, not which."))
        return
    chosen = choose(doors)
    show_doors(chosen)
    if len(chosen):
        show_lists(region, book, chosen, person)


def tell_on_paper(sheets: pd.DataFrame) -> None:
    """Say how many doors to come back to stand on paper totals, which have no numbers of doors."""
    columns = [str(item) for item in AGAIN if str(item) in sheets]
    count = int(sheets[columns].sum().sum()) if columns else 0
    if count:
        words = ngettext(
            "{count} more door to come back to stands on paper totals: which one, only the sheet knows.",
            "{count} more doors to come back to stand on paper totals: which ones, only the sheets know.",
            count,
        )
        st.caption(words.format(count=f"{count:,}"))


def choose(doors: pd.DataFrame) -> pd.DataFrame:
    """Ask for turfs and languages; none chosen stands for all."""
    left, right = st.columns(2)
    turfs = left.multiselect(
        _("Turfs"), sorted(doors["turf"].unique()), placeholder=_("all"), key="again.turfs"
    )
    spoken = right.multiselect(
        _("Languages"),
        sorted(doors["language"].unique()),
        format_func=lambda item: language_name(item) or _("not said"),
        placeholder=_("all"),
        key="again.languages",
    )
    ours = doors["turf"].isin(turfs) if turfs else doors["turf"].notna()
    return doors[ours & (doors["language"].isin(spoken) if spoken else True)]


def show_doors(doors: pd.DataFrame) -> None:
    """Show the doors, those first that said when to come."""
    counts = doors.groupby("language").size().sort_values(ascending=False)
    parts = [
        f"{language_name(str(name)) or _('language not said')} {count:,}" for name, count in counts.items()
    ]
    words = ngettext("{count} door to come back to", "{count} doors to come back to", len(doors))
    st.text(
        f"{words.format(count=f'{len(doors):,}')}: {', '.join(parts)}" if parts else words.format(count=0)
    )
    st.dataframe(
        _in_words(doors).drop(columns="id"),
        hide_index=True,
        key="again.doors",
        column_config={
            **_titles(),
            "attempts": st.column_config.NumberColumn(_("Visits so far"), format="localized"),
        },
    )
    st.caption(_("Language and time come from the returns; both can be noted under Correct a visit."))


def show_lists(region: Region, book: CanvassBook, doors: pd.DataFrame, person: Person) -> None:
    """Ask how many go, and offer a list for each: as paper with a map, or as a file."""
    lists = int(st.number_input(_("How many go"), 1, min(len(doors), 40), 1, key="again.lists"))
    units = resolve_units(load_units(region), list(doors["unit"].unique()))
    numbered = doors.assign(list=second_pass(doors, units, lists))
    lost = int(numbered["list"].isna().sum())
    if lost:
        st.warning(
            _("{count} doors lie in blocks that the data no longer have: they are on no list.").format(
                count=lost
            )
        )
    kept = book.kept(FieldPaper).get("paper")
    paper = kept.record if kept else FieldPaper()
    left, right = st.columns(2)
    left.download_button(
        _("Lists to print (PDF)"),
        partial(make_again_file, region, numbered, paper, book.script(), person.rights),
        file_name=f"come-back-{region.key}.pdf",
        mime="application/pdf",
        on_click="ignore",
        key="again.pdf",
        width="stretch",
    )
    right.download_button(
        "CSV",
        partial(make_again_csv, numbered, person.rights),
        file_name=f"come-back-{region.key}.csv",
        mime="text/csv",
        on_click="ignore",
        key="again.csv",
        width="stretch",
    )


def make_again_file(
    region: Region, doors: pd.DataFrame, paper: FieldPaper, script: Script, rights: Rights
) -> bytes:
    """Make the lists as PDF.

    Raises
    ------
    GeoError
        Who looks may not see them.
    """
    require_sight("walks", rights)
    if doors["list"].isna().all():
        raise GeoError(
            _("all these doors lie in blocks that the data no longer have"), _("build the region again")
        )
    total = int(doors["list"].max())
    parts = {
        _("Come back: list {number} of {total}").format(number=number, total=total): part
        for number, part in doors.dropna(subset="list").groupby("list")
    }
    walks = [walk_of_doors(region, name, part) for name, part in parts.items()]
    return make_again_list(walks, parts, invented=region.invented, paper=paper, script=script)


def make_again_csv(doors: pd.DataFrame, rights: Rights) -> bytes:
    """Make the lists as CSV (UTF-8), one row a door.

    Raises
    ------
    GeoError
        Who looks may not see them.
    """
    require_sight("walks", rights)
    titles = {"list": _("List"), **_titles()}
    ordered = _in_words(doors.sort_values("list", kind="stable"))
    return plain_cells(ordered[list(titles)].rename(columns=titles)).to_csv(index=False).encode("utf-8-sig")


def _titles() -> dict[str, str]:
    return {
        "turf": _("Turf"),
        "unit": _("Block"),
        "door": _("Door"),
        "disposition": _("Last time"),
        "language": _("Language"),
        "again": _("When to come back"),
        "attempts": _("Visits so far"),
        "last_on": _("Last visit"),
    }


def _in_words(doors: pd.DataFrame) -> pd.DataFrame:
    """Write blocks, results, languages and days as people read them."""
    titles = {str(item): _(title) for item, title in DISPOSITION_TITLES.items()}
    return doors.assign(
        unit=doors["unit"].map(unit_name),
        disposition=doors["disposition"].map(titles),
        language=doors["language"].map(language_name),
        last_on=pd.to_datetime(doors["last_on"]).dt.strftime("%Y-%m-%d"),
    )
