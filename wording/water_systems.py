"""The profile of a water system, and of any other thing with a name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from geo.language import gettext as _
from geo.language import mark as N_
from geo.language import ngettext
from geo.tracts.names import tract_title
from geo.units import is_missing, to_words
from geo.water.service_areas import UNCERTAIN_PLACES, reaches_in
from store.water.board_table import Served
from wording.profiles import Figure, Profile, credits_of, find_row, source_records, wrong_with
from wording.state_figure import listed_figure
from wording.water_quality import list_words

CLASSES: Mapping[str, str] = {
    "community": N_("community system"),
    "transient": N_("transient system (travelers, restaurants)"),
    "non_transient": N_("non-transient system (schools, work places)"),
    "state_small": N_("state small system (5 to 14 connections)"),
    "non_public": N_("not a public system"),
}
ROLES: Mapping[str, str] = {
    "joining": N_("could join another system"),
    "receiving": N_("could receive others"),
    "none": N_("neither: too small to receive others, and not Failing or At-Risk"),
}
QUALITIES: Mapping[str, str] = {
    "polygon": N_("service area"),
    "polygon_too_coarse": N_("service area, drawn too coarsely"),
    "polygon_too_wide": N_("service area, drawn too wide (a circle or a whole tract)"),
    "point_confirmed": N_("place confirmed by staff: a point"),
    "outline_confirmed": N_("place confirmed by staff: an outline"),
    "point_published": N_("point as published"),
    "point_street": N_("point of a street address"),
    "point_shared": N_("point shared with other systems"),
    "point_shared_centroid": N_("center of a ZIP code: the true place is not known"),
    "point_outside_county": N_("point that fell outside of its county: not reliable"),
    "none": N_("place not known"),
}
# What a plain profile shows, with the unit of numbers.
PLAIN_COLUMNS: Mapping[str, tuple[str, str]] = {
    "kind": (N_("Kind"), ""),
    "level": (N_("Level"), ""),
    "vintage": (N_("Vintage"), ""),
    "area_km2": (N_("Area, km²"), "km2"),
    "published_area_km2": (N_("Area as published, km²"), "km2"),
    "share_in_region": (N_("Share of area inside the region"), "share"),
    "spaces": (N_("Spaces"), "count"),
    "rv_lots": (N_("Lots for recreational vehicles"), "count"),
    "address": (N_("Address"), ""),
    "community": (N_("Community"), ""),
    "location_quality": (N_("Place on the map"), ""),
    "trips": (N_("Trips in the timetable"), "count"),
    "note": (N_("Note"), ""),
}


def system_profile(
    frame: pd.DataFrame, pwsid: str, region: str, listed: pd.DataFrame | None = None
) -> Profile:
    """Profile a water system by its public name.

    Parameters
    ----------
    listed
        The rows of the State's 2021 consolidation table that are matched to it; None where that is not built.

    Raises
    ------
    MissingDatasetError
        There is no such system in the frame.
    """
    row = find_row(frame, "pwsid", pwsid)
    sources = source_records(region, "water_systems")
    subtitle = _("PWSID {pwsid}, {community}").format(
        pwsid=pwsid, community=_text(row.get("community")) or _("community not known")
    )
    return Profile(
        str(row["public_name"]),
        subtitle,
        tuple(_system_figures(row, sources, listed)),
        wrong_with(pwsid, region, "water_systems"),
        credits_of(region, "water_systems"),
    )


def plain_profile(frame: pd.DataFrame, identifier: tuple[str, str], region: str, dataset: str) -> Profile:
    """Profile anything else: its name, and the columns that say something to a reader.

    Parameters
    ----------
    identifier
        Name of the column, and the value in it.
    """
    column, value = identifier
    row = find_row(frame, column, value)
    figures = tuple(
        Figure(_(title), to_words(row[name], unit) if unit else str(row[name]))
        for name, (title, unit) in PLAIN_COLUMNS.items()
        if name in row and not is_missing(row[name])
    )
    title = _text(row.get("label")) or _text(row.get("name")) or value
    return Profile(title, value, figures, wrong_with(value, region, dataset), credits_of(region, dataset))


def tracts_figure(join: pd.DataFrame, pwsid: str) -> Figure | None:
    r"""Name the 2010 tracts that a system lies in, by the rule of tracts' cards; None where it has no place.

    Parameters
    ----------
    join
        The dataset ``tract_system_join``.

    Examples
    --------
    >>> pairs = {"geoid": ["06065045605", "06065045604"], "pwsid": ["CA1", "CA1"], "known_by": "outline"}
    >>> pairs |= {"share_of_tract": [0.2, 0.1], "share_of_system": [0.75, 0.25]}
    >>> figure = tracts_figure(pd.DataFrame(pairs), "CA1")
    >>> figure.words, figure.place
    ('2', 'Tract 456.05 (75.0\xa0% of its area); Tract 456.04 (25.0\xa0% of its area)')
    """
    ours = join[join["pwsid"].astype(str) == pwsid]
    doubtful = ours["known_by"].eq("doubtful_point").all()
    known = ours if doubtful else ours[reaches_in(ours)]
    if known.empty:
        return None
    ordered = known.sort_values(["share_of_system", "geoid"], ascending=[False, True])
    rows = ordered[["geoid", "known_by", "share_of_system"]].itertuples(index=False)
    named = [_tract_of(str(geoid), str(known_by), share) for geoid, known_by, share in rows]
    return Figure(
        _("Census tracts it lies in (2010)"),
        str(len(named)),
        _("approximate location") if doubtful else "",
        "; ".join(named),
    )


def _tract_of(geoid: str, known_by: str, share: Any) -> str:
    if known_by != "outline":
        return tract_title(geoid)
    return _("{tract} ({share} of its area)").format(tract=tract_title(geoid), share=to_words(share, "share"))


def _system_figures(
    row: pd.Series[Any], sources: Mapping[str, Mapping[str, Any]], listed: pd.DataFrame | None
) -> Iterator[Figure]:
    def credit(column: str) -> str:
        return str(sources.get(_text(row.get(column)), {}).get("credit", ""))

    status = _text(row.get("safer_status"))
    vintage = _text(row.get("safer_vintage"))
    yield Figure(
        _("SAFER status"),
        _(status) if status else _("none: not in the State's risk assessment"),
        place=_("as of {vintage}").format(vintage=vintage) if vintage else "",
    )
    estimated = bool(row.get("population_estimated", False))
    yield Figure(
        _("People served"),
        to_words(row.get("population"), "people"),
        _("estimated at 3.3 people a connection") if estimated else "",
        source=credit("population_source"),
    )
    yield Figure(
        _("Service connections"), to_words(row.get("connections")), source=credit("connections_source")
    )
    yield Figure(_("Class"), _worded(row.get("system_class"), CLASSES))
    yield Figure(_("By the State's 2024 method"), _worded(row.get("role"), ROLES))
    if listed is not None:
        yield listed_figure(listed)
    quality = _text(row.get("location_quality"))
    yield Figure(
        _("Place on the map"),
        _worded(quality, QUALITIES),
        _("approximate location") if quality in UNCERTAIN_PLACES else "",
    )
    yield from _violations(row, credit("violations_source"))


def _violations(row: pd.Series[Any], credit: str) -> Iterator[Figure]:
    count: Any = row.get("violations_count")
    if is_missing(count):
        return
    last, without_end = row.get("violations_last_on"), row.get("violations_open")
    still = 0 if without_end is None or is_missing(without_end) else int(float(without_end))
    named = list_words(_text(row.get("violations_source")), _text(row.get("violations_vintage")))
    if still:
        when = ngettext("{count} has no end", "{count} have no end", still).format(count=still)
    else:
        day = "?" if last is None or is_missing(last) else f"{last:%Y-%m-%d}"
        when = _("the last one ended {date}").format(date=day)
    yield Figure(
        _("Violations of water quality limits"),
        f"{int(float(count)):,} ({_text(row.get('violations_analytes'))})",
        place=_("{when}; by {list}, not of today").format(when=when, list=named),
        source=credit,
    )


def _worded(value: Any, words: Mapping[str, str]) -> str:
    text = _text(value)
    return _(words[text]) if text in words else text or _("not known")


def _text(value: Any) -> str:
    return "" if is_missing(value) else str(value)


def estimated_share(served: Served) -> str:
    """Say what part of the known people is no count but an estimate; nothing where none is.

    Examples
    --------
    >>> estimated_share(Served(2, 80, 300.0, 6090.0, 60.0, 2500.0, 4, 2618.7))
    '43 percent of the people are estimates (3.3 a connection).'
    """
    if not served.of_estimated or not served.of_people:
        return ""
    share = max(round(100 * served.of_estimated / served.of_people), 1)
    return _("{share} percent of the people are estimates (3.3 a connection).").format(share=share)


# What the State takes water to be unaffordable from: $915 a year at a median income of $61,000.
UNAFFORDABLE = 0.015
UNAFFORDABLE_SOURCE = "State Water Board, as reported by the Water Education Foundation (2017)"
# No community's median is below: a published one is a fault.
LEAST_INCOME_USD = 10_000.0


def affordability_figure(
    before_usd: float | None, after_usd: float | None, income_usd: float | None, vintage: str
) -> Figure:
    """Tell what share of median income water takes, before and after connecting, beside the State's 1.5 %.

    Parameters
    ----------
    before_usd, after_usd
        A month's bill as recorded: of the system, and of the receiving district; None where there is none.
    income_usd
        Median household income a year as published; None where it is not.
    vintage
        Of the income.

    Examples
    --------
    >>> affordability_figure(80.0, None, 40_000.0, "2025-08").words
    'before 2.4 % (above 1.5 %); after not known (no bill recorded)'
    >>> affordability_figure(80.0, None, None, "").words
    'not computed'
    """
    title = _("Water bill as a share of median income")
    if income_usd is None or income_usd < LEAST_INCOME_USD:
        why = _("median income is not published")
        if income_usd is not None:
            why = _("the published median income of {amount} cannot be right").format(
                amount=to_words(income_usd, "USD")
            )
        return Figure(title, _("not computed"), place=_("missing: {what}").format(what=why))
    if before_usd is None and after_usd is None:
        missing = _("a month's bill of the system and of the district (record them under Add)")
        return Figure(title, _("not computed"), place=_("missing: {what}").format(what=missing))
    words = _("before {before}; after {after}").format(
        before=_burden(before_usd, income_usd), after=_burden(after_usd, income_usd)
    )
    return Figure(
        title,
        words,
        place=_("median income {income} (SAFER, {vintage}); unaffordable above {limit}: {source}").format(
            income=to_words(income_usd, "USD"),
            vintage=vintage or _("no date"),
            limit=_percent(UNAFFORDABLE),
            source=UNAFFORDABLE_SOURCE,
        ),
    )


def _percent(share: float) -> str:
    return to_words(share, "share").replace("\N{NO-BREAK SPACE}", " ")


def _burden(bill_usd: float | None, income_usd: float) -> str:
    if bill_usd is None:
        return _("not known (no bill recorded)")
    share = 12 * bill_usd / income_usd
    words = _("{share} (above {limit})") if share > UNAFFORDABLE else _("{share} (not above {limit})")
    return words.format(share=_percent(share), limit=_percent(UNAFFORDABLE))
