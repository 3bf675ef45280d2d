"""Profiles: one area with its context, areas side by side, and whether a difference is more than chance."""

from __future__ import annotations

import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.markup import bold
from app_pages.parts.page import current_region, refusing
from app_pages.parts.tracts.area_profile import profile_html, read_profile, side_html
from app_pages.parts.tracts.cards import show_ledgers_of
from app_pages.parts.tracts.compared_areas import AREA_KINDS, Area
from app_pages.parts.tracts.comparison import (
    FEWEST_AREAS,
    VINTAGES,
    begin,
    choose_area,
    choose_count,
    choose_figures,
    choose_how,
    choose_tract,
    choose_vintages,
    compare_html,
    write_address,
)
from app_pages.parts.tracts.fact_sheets import show_list, show_sheet
from app_pages.parts.tracts.frames import tract_vintages
from app_pages.parts.tracts.profiles import points_inside
from geo.errors import GeoError
from geo.language import gettext as _
from geo.region import Region
from geo.tracts.comparison import (
    LITTLE_IN_COMMON,
    Contrast,
    change,
    contrast,
    contrasts,
    of_vintages,
    periods_overlap,
    rates_first,
    share_in_common,
    tally,
)
from geo.tracts.vintages import is_survey, period_words, years_shared
from reports.export import Notes, file_name, to_csv
from wording.comparison import (
    comparison_table,
    rates_sentence,
    side_table,
    tally_sentence,
    title_of,
    vintage_notes,
    vintage_titles,
)
from wording.profiles import source_records


def render() -> None:
    """Show the page."""
    region = current_region()
    begin(region)
    st.subheader(_("Profiles and comparisons"))
    ways = {
        "profile": show_area,
        "areas": compare_areas,
        "figures": compare_figures,
        "vintages": compare_vintages,
    }
    with refusing():
        ways[choose_how()](region)
    write_address()


def show_area(region: Region) -> None:
    """Show one area with all that is known of it, beside its county and the valley."""
    chosen, offered = st.columns([2, 1], gap="medium", vertical_alignment="bottom")
    with chosen:
        area = choose_area(region, "a")
    with offered:
        show_sheet(region, [(area.kind, area.identifier)])
    st.html(profile_html(read_profile(region, area)))
    show_list(region)
    show_ledgers_of(region, {AREA_KINDS[area.kind].dataset}, "compare.ledger")


def compare_areas(region: Region) -> None:
    """Put two to five areas side by side."""
    sides, areas = choose_count(), list[Area]()
    for place, (column, side) in enumerate(zip(st.columns(len(sides), gap="medium"), sides, strict=True)):
        with column, refusing():
            areas.append(choose_area(region, side, place))
            show_points(region, areas[-1])
    if len(areas) < len(sides):
        return
    show_sheet(region, [(area.kind, area.identifier) for area in areas])
    if len(areas) == FEWEST_AREAS:
        compare_two(region, areas)
        return
    profiles = [read_profile(region, area) for area in areas]
    st.html(side_html(profiles))
    table = side_table([(area.title, area.quantities) for area in areas], credits_of(region, areas))
    show_download(region, table, credits_of(region, areas))


def compare_two(region: Region, areas: list[Area]) -> None:
    """Put two areas side by side, with a sentence on each difference."""
    first, second = areas
    found = rates_first(contrasts(first.quantities, second.quantities))
    rates = [item for item in found if not item.is_count]
    st.markdown(bold(rates_sentence(tally(rates))))
    if len(rates) < len(found):
        st.caption(_("Rates and scores come first: bigger places have more of everything."))
    show_notes(region, first, second, found)
    names, credits = titles_of(first, second), credits_of(region, areas)
    st.html(compare_html(found, names, credits, periods=periods_of(region, areas)))
    show_download(region, comparison_table(found, names, credits), credits)
    show_ledgers_of(region, {AREA_KINDS[area.kind].dataset for area in areas}, "compare.ledger")


def show_points(region: Region, area: Area) -> None:
    """Count the schools, clinics and addresses inside an area, of the lists that are here."""
    for figure in () if area.shape is None else points_inside(region, area.shape):
        st.caption(f"{figure.title}: {figure.words}")


def compare_figures(region: Region) -> None:
    """Put two figures of one area side by side."""
    area = choose_area(region, "a")
    one, two = choose_figures(area)
    found = contrast(area.quantities[one], area.quantities[two])
    st.caption(_("Both come from the same households; the test takes them as independent."))
    names = (title_of(one), title_of(two))
    credits = credits_of(region, [area])
    st.html(compare_html([found], names, credits, area.title, periods_of(region, [area])))
    show_download(region, comparison_table([found], names, credits), credits)
    show_ledgers_of(region, {AREA_KINDS[area.kind].dataset}, "compare.ledger")


def compare_vintages(region: Region) -> None:
    """Put two vintages of one tract side by side, and say which changes are real."""
    geoid = choose_tract(region)
    rows = tract_vintages(region, geoid)
    found = of_vintages(rows)
    if len(found) < 2:
        raise GeoError(_("there is one vintage of this tract only"), _("add another one: see the Data page"))
    titles = vintage_titles(rows, list(found))
    first, second = choose_vintages(titles)
    shared = years_shared(titles[first], titles[second])
    changes = [
        change(quantity, found[second][key], shared)
        for key, quantity in found[first].items()
        if key in found[second]
    ]
    names = (titles[first], titles[second])
    st.markdown(bold(tally_sentence(tally(changes))))
    for words in vintage_notes(rows, first, shared):
        st.caption(words)
    credits = {key: str(item["credit"]) for key, item in source_records(region.key, VINTAGES).items()}
    st.html(compare_html(changes, names, credits))
    show_download(region, comparison_table(changes, names, credits), credits)


def show_download(region: Region, table: pd.DataFrame, credits: dict[str, str]) -> None:
    """Offer what is compared as a table."""
    notes = Notes(_("Profiles"), tuple(credits.values()), region.invented)
    st.download_button(
        _("Download {format}").format(format=_("CSV")),
        to_csv(table, notes),
        file_name=file_name(region.key, "compare", "csv", invented=region.invented),
        mime="text/csv",
        on_click="ignore",
        key="compare.download",
    )


def titles_of(first: Area, second: Area) -> tuple[str, str]:
    """Name two areas; with their kind where the names are the same."""
    if first.title != second.title:
        return first.title, second.title
    ours, theirs = (f"{area.title} ({_(AREA_KINDS[area.kind].title)})" for area in (first, second))
    return ours, theirs


def show_notes(region: Region, first: Area, second: Area, found: list[Contrast]) -> None:
    """Say what the test cannot know: periods that share years, areas that share people."""
    vintages = vintages_of(region, [first, second])
    pairs = [(vintages.get(item.first.source, ""), vintages.get(item.second.source, "")) for item in found]
    if any(periods_overlap(*pair) for pair in pairs):
        st.caption(
            _(
                "The two periods share years, so part of the sample is the same: the Census Bureau advises "
                "comparing periods that share none."
            )
        )
    one_survey = all(item.first.source == item.second.source for item in found if item.tested)
    two_vintages = first.identifier == second.identifier and not one_survey
    if first.shape is None or second.shape is None or two_vintages:
        return
    if share_in_common(first.shape, second.shape, region.area_crs) > LITTLE_IN_COMMON:
        st.caption(_("The two areas overlap, so some people are in both: the test is conservative."))


def records_of(region: Region, areas: list[Area]) -> dict[str, dict[str, object]]:
    """Read the records of the sources behind areas, by key."""
    found: dict[str, dict[str, object]] = {}
    # The index of an area is a mean of its tracts.
    for dataset in ("tracts_2010", *(area.dataset for area in areas)):
        found.update({key: dict(item) for key, item in source_records(region.key, dataset).items()})
    return found


def credits_of(region: Region, areas: list[Area]) -> dict[str, str]:
    """List publisher, title and vintage of the sources behind areas."""
    return {key: str(item["credit"]) for key, item in records_of(region, areas).items()}


def periods_of(region: Region, areas: list[Area]) -> dict[str, str]:
    """List the years of the surveys behind areas; what no survey gave has none."""
    vintages = vintages_of(region, areas)
    return {key: period_words(words) for key, words in vintages.items() if is_survey(key)}


def vintages_of(region: Region, areas: list[Area]) -> dict[str, str]:
    """List the vintages of the sources behind areas."""
    return {key: str(item.get("vintage", "")) for key, item in records_of(region, areas).items()}


render()
