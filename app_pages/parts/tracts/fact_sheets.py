"""Fact sheets to take away: one area, those side by side, or all of a list in one PDF, with progress."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial

from app_pages.parts import screen as st
from app_pages.parts.page import refusing
from app_pages.parts.tracts.area_profile import AreaProfile, read_profile
from app_pages.parts.tracts.compared_areas import AREA_KINDS, DRAWN, areas_of, find_area, kinds_here
from geo.days import day_in
from geo.errors import GeoError
from geo.language import current_language, each_language, speaking
from geo.language import gettext as _
from geo.region import Region
from geo.tracts.comparison import INDEX
from geo.tracts.standing import ProfileLine
from reports.fact_sheet import FactSheet, SheetBar, SheetLine, sheets_pdf
from wording.area_profile import profile_notes, sheet_row, theme_title
from wording.comparison import value_of

MOST_SHEETS, MOST_ISSUES = 150, 4
MADE = "compare.sheets.made"


def show_sheet(region: Region, named: Sequence[tuple[str, str]]) -> None:
    """Offer the fact sheets of the areas that are shown, named by kind and identifier."""
    st.download_button(
        _("Fact sheet (PDF, English and Spanish)") if len(named) == 1 else _("Fact sheets (PDF)"),
        partial(make_sheets, region, tuple(named), current_language()),
        file_name=sheet_name(region, named[0][1] if len(named) == 1 else ""),
        mime="application/pdf",
        on_click="ignore",
        key="compare.sheet",
    )


def sheet_name(region: Region, area: str = "") -> str:
    """Name the file, after the identifier of the area where it is of one."""
    named = re.sub(r"[^0-9A-Za-z]+", "-", area)[:40].strip("-")
    parts = [region.key, named, "fact-sheet", "invented" if region.invented else ""]
    return f"{'-'.join(filter(None, parts))}.pdf"


def make_sheets(region: Region, named: Sequence[tuple[str, str]], language: str) -> bytes:
    """Make the PDF; it runs apart from the page, so the language comes along."""
    with speaking(language):
        return sheets_pdf([lay_sheet(region, *item) for item in named], _("Fact sheet"))


def show_list(region: Region) -> None:
    """Make the fact sheets of a list of areas in one PDF, and say how far it is."""
    with st.expander(_("Fact sheets for a list of areas")):
        kinds = [kind for kind in kinds_here(region) if kind != DRAWN and not kind.startswith("region")]
        titles = {key: _(AREA_KINDS[key].title) for key in kinds}
        kind = st.selectbox(
            _("Kind of area"), kinds, key="compare.sheets.kind", format_func=titles.__getitem__
        )
        names = areas_of(region, kind)
        whole = st.checkbox(
            _("All {count} of this kind").format(count=len(names)),
            key="compare.sheets.all",
            disabled=len(names) > MOST_SHEETS,
        )
        chosen = st.multiselect(
            _("Areas"),
            list(names),
            key=f"compare.sheets.{kind}",
            format_func=names.__getitem__,
            disabled=whole,
        )
        wanted = list(names) if whole else chosen
        st.caption(_("One page each, up to {count} at a time.").format(count=MOST_SHEETS))
        with refusing():
            if st.button(_("Make the PDF"), key="compare.sheets.make", disabled=not wanted):
                st.session_state[MADE] = (region.key, _make_all(region, kind, wanted))
        made = st.session_state.get(MADE)
        if made and made[0] == region.key:
            st.download_button(
                _("Download the PDF"),
                made[1],
                file_name=sheet_name(region),
                mime="application/pdf",
                on_click="ignore",
                key="compare.sheets.download",
            )


def _make_all(region: Region, kind: str, identifiers: Sequence[str]) -> bytes:
    if len(identifiers) > MOST_SHEETS:
        words = _("{count} areas are too many for one PDF").format(count=len(identifiers))
        raise GeoError(words, _("choose up to {count}").format(count=MOST_SHEETS))
    told = st.progress(0.0, text=_("Making fact sheets"))

    def each() -> Iterator[FactSheet]:
        for number, identifier in enumerate(identifiers, 1):
            yield lay_sheet(region, kind, identifier)
            words = _("{number} of {count} fact sheets").format(number=number, count=len(identifiers))
            told.progress(number / len(identifiers), text=words)

    content = sheets_pdf(each(), _("Fact sheets"))
    told.empty()
    return content


def lay_sheet(region: Region, kind: str, identifier: str) -> FactSheet:
    """Lay an area's profile out for print, its words in both languages."""
    title = find_area(region, kind, identifier).title
    found, warnings = {}, []
    rows: dict[str, dict[str, tuple[str, str]]] = {}
    themes: dict[str, dict[str, str]] = {}
    for language in each_language():
        profile = found[language] = read_profile(region, find_area(region, kind, identifier))
        warnings.append(_("INVENTED DATA: nothing in this report is real."))
        for theme, lines in profile.lines.items():
            themes.setdefault(theme, {})[language] = theme_title(theme)
            for line in lines:
                row = sheet_row(line, profile.peers)
                place = profile.index_place if line.quantity.key == INDEX.key else ""
                details = "; ".join(words for words in (place, row.details) if words)
                rows.setdefault(line.quantity.key, {})[language] = (row.title, details)
    first = next(iter(found.values()))
    sources = first.sources
    return FactSheet(
        title,
        {language: profile.subtitle for language, profile in found.items()},
        [
            (
                themes[theme],
                [_lay_line(line, rows[line.quantity.key], sources) for line in lines if _is_known(line)],
            )
            for theme, lines in first.lines.items()
        ],
        _notes(found),
        {language: profile.issues[:MOST_ISSUES] for language, profile in found.items()},
        [first.credits[key] for key in sources],
        day_in(region.timezone),
        " / ".join(dict.fromkeys(warnings)) if region.invented else "",
    )


def _is_known(line: ProfileLine) -> bool:
    return line.quantity.value is not None


def _notes(found: dict[str, AreaProfile]) -> dict[str, tuple[str, ...]]:
    notes = {}
    for language in each_language():
        profile = found[language]
        keys = [
            _("Bar: blue, with its margin in gray; ticks: {areas}.").format(
                areas=", ".join(_(peer.title) for peer in profile.peers)
            )
        ]
        more = [f"{profile.trend_note}"] if profile.trend_note else []
        notes[language] = (*(keys if profile.peers else []), *profile_notes(profile.peers), *more)
    return notes


def _lay_line(line: ProfileLine, words: dict[str, tuple[str, str]], sources: Sequence[str]) -> SheetLine:
    item = line.quantity
    mark = f" [{sources.index(item.source) + 1}]" if item.source in sources else ""
    peers = tuple(standing.found.first.value if standing else None for standing in line.standings)
    shown = item.value if any(line.standings) else None
    return SheetLine(
        {
            language: title + (mark if place == 0 else "")
            for place, (language, (title, _details)) in enumerate(words.items())
        },
        {language: details for language, (_title, details) in words.items()},
        value_of(item),
        SheetBar(shown, item.moe, peers, line.scale),
        item.reliability == "unreliable",
    )
