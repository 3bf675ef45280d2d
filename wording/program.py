"""A program's measures, sessions, enrollment, milestones and proposed sites, as they are shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

import geopandas as gpd
import pandas as pd

from geo.crs import STORED
from geo.days import day_words, lapse_words
from geo.language import gettext as _
from geo.language import mark as N_
from geo.language import ngettext
from geo.methods.margins import Estimate
from geo.methods.roads import DETOUR
from geo.program.area import Area
from geo.program.declaration import Counted, Measure, Program
from geo.program.figures import ProgramFigures
from geo.program.measures import REGULARS, Standing
from geo.program.regulars import Regularity
from geo.program.site_choice import Siting
from geo.program.sites import m_to_miles
from geo.region import Bounds
from geo.units import is_missing, to_words


def glance_table(every: Iterable[ProgramFigures]) -> pd.DataFrame:
    """Put all measures of all programs into one table: where each was, is to go, and stands.

    ``key`` is the program's and ``figure`` names both; ``value`` and ``as_of`` are missing where nothing
    is recorded, or hidden; ``trend`` is the curve as a list of values, for a small chart.
    """
    rows = []
    for figures in every:
        program = figures.program
        for standing in figures.standings():
            measure = standing.measure
            rows.append(
                {
                    "key": program.key,
                    "program": _(program.title),
                    "measure": _(measure.title),
                    "unit": _(measure.unit),
                    "baseline": measure.baseline,
                    "target": measure.target,
                    "stands": value_words(standing),
                    "value": standing.value,
                    "as_of": standing.as_of,
                    "share_of_way": standing.share_of_way,
                    "trend": figures.curve(measure).tolist(),
                    "reported": reported_words(measure),
                }
            )
    return pd.DataFrame(rows)


HEADINGS: Mapping[str, str] = {
    "program": N_("Program"),
    "measure": N_("Measure"),
    "unit": N_("Unit"),
    "baseline": N_("Baseline"),
    "target": N_("Target"),
    "value": N_("Counted here"),
    "stands": N_("Current status"),
    "as_of": N_("As of"),
    "reported": N_("Reported result"),
    "area": N_("Area"),
    "session": N_("Session"),
    "on": N_("Day"),
    "people": N_("People"),
    "back": N_("Returned from the session before"),
    "others": N_("Not at the last session"),
    "new": N_("New"),
    "share_back": N_("Returned from last session, %"),
    "share_of_first": N_("Of the first session"),
    "sessions": N_("Sessions attended (at least)"),
    "regular": N_("Of those who count"),
    "headcount": N_("Headcount"),
    "with_code": N_("Of them by code"),
    "without_code": N_("Came without a code"),
    "how": N_("How it was counted, and by whom"),
    "who": N_("Who signed up, and who comes"),
    "before": N_("Before"),
    "after": N_("Now"),
    "why": N_("Reason"),
}
"""How columns are headed, on the page and in the workbook alike."""


def headed(table: pd.DataFrame) -> pd.DataFrame:
    """Head a table's columns as the page does.

    Examples
    --------
    >>> list(headed(pd.DataFrame({"session": [], "back": []})))
    ['Session', 'Returned from the session before']
    """
    return table.rename(
        columns={name: _(HEADINGS[name]) for name in map(str, table.columns) if name in HEADINGS}
    )


def partner_names(program: Program) -> str:
    """Name a program's partners, with commas between; empty where it has none.

    Examples
    --------
    >>> from geo.program.declaration import read_programs
    >>> partner_names(read_programs()["census_2020"])
    'Inland Empire regional effort'
    """
    return ", ".join(_(name) for name in program.partners)


def recruit_titles(program: Program) -> dict[str, str]:
    """Return how those who signed up, and who comes, are headed; empty where a program counts not both."""
    counted = {measure.counted: measure for measure in program.measures}
    regular = next((counted[item] for item in REGULARS if item in counted), None)
    if Counted.RECRUITS not in counted or regular is None:
        return {}
    return {
        "recruited": _("Signed up"),
        "came": _("Of them came at least once"),
        "consistent": _("Of them: {measure}").format(measure=_(regular.title)),
        "came_unrecruited": _("Came without having signed up"),
    }


WAY = ("share_of_way", "trend")


def glance_words(table: pd.DataFrame) -> pd.DataFrame:
    """Write a glance's figures as a person reads them: what is not stated is said.

    Returns
    -------
    pandas.DataFrame
        ``key``, ``program`` (its title up to a colon), ``measure``, ``baseline``, ``goal``, ``stands``,
        ``as_of``, ``reported``, ``share_of_way`` (at most 1, to a hundredth), ``trend``.
    """
    shown = table.assign(
        baseline=[stated_words(value) for value in table["baseline"]],
        goal=[stated_words(value) for value in table["target"]],
        share_of_way=table["share_of_way"].astype("Float64").clip(0.0, 1.0).round(2),
        program=[str(title).partition(":")[0] for title in table["program"]],
    )
    return shown[[*("key", "program", "measure", "baseline", "goal", "stands", "as_of", "reported"), *WAY]]


def value_words(standing: Standing) -> str:
    """Write where a measure stands: a number, *nothing recorded*, or *hidden*."""
    if standing.hidden:
        return _("hidden: could tell of fewer than 10")
    if standing.value is None:
        return _("nothing recorded")
    return to_words(standing.value)


def stated_words(value: float | None) -> str:
    """Write a figure that somebody stated, or that nobody did.

    Examples
    --------
    >>> stated_words(40000), stated_words(None)
    ('40,000', 'no target set')
    """
    return _("no target set") if is_missing(value) else to_words(value)


def reported_words(measure: Measure) -> str:
    """Write what the organization reported of a measure, as it put it; empty where it reported nothing.

    Examples
    --------
    >>> from geo.program.declaration import read_programs
    >>> plan = read_programs()["regional_plan"]
    >>> reported_words(plan.measure("all_sessions")), reported_words(plan.measure("took_part"))
    ('70 residents in 4 consecutive sessions', '')
    """
    if measure.result_words:
        return _(measure.result_words)
    return "" if is_missing(measure.result) else to_words(measure.result)


def pace_words(standing: Standing) -> str:
    """Write the pace in one sentence, or that it is over; empty where there is none.

    Examples
    --------
    >>> from geo.program.declaration import read_programs
    >>> measure = read_programs()["census_2020"].measure("households")
    >>> pace_words(Standing(measure, 10_000.0, set_late=True))
    'The target was set after the period ended: no verdict.'
    """
    if standing.set_late:
        return _("The target was set after the period ended: no verdict.")
    short = standing.share_of_way is not None and standing.share_of_way < 1
    if short and standing.projected_on is None and standing.expected == standing.measure.target:
        return _("The period is over, and the goal was not reached.")
    if standing.projected_on is None or standing.days_late is None:
        return ""
    if standing.share_of_way is not None and standing.share_of_way >= 1:
        return _("Goal reached.")
    if standing.days_late > 0:
        ends = standing.projected_on - timedelta(days=standing.days_late)
        return _("At this pace the goal is reached on {day}, {lapse} after the end.").format(
            day=day_words(standing.projected_on), lapse=lapse_words(ends, standing.projected_on)
        )
    return _("At this pace the goal is reached on {day}, in time.").format(
        day=day_words(standing.projected_on)
    )


def rule_words(measure: Measure) -> str:
    """Say how often somebody must come to count in a measure; empty where once is enough.

    Examples
    --------
    >>> from geo.program.declaration import read_programs
    >>> rule_words(read_programs()["regional_plan"].measure("all_sessions"))
    'Who counts: whoever came to 4 sessions in a row, of those that took place.'
    """
    rule = measure.regularity
    return regularity_words(rule) if measure.counted in REGULARS or rule.series else ""


def regularity_words(rule: Regularity) -> str:
    """Say who counts by a rule.

    Examples
    --------
    >>> regularity_words(Regularity(3, series="Spring"))
    'Who counts: whoever came to at least 3 sessions, of the series Spring.'
    """
    if rule.in_a_row:
        words = ngettext(
            "Who counts: whoever came to {count} session in a row",
            "Who counts: whoever came to {count} sessions in a row",
            rule.least,
        )
    else:
        words = ngettext(
            "Who counts: whoever came to at least {count} session",
            "Who counts: whoever came to at least {count} sessions",
            rule.least,
        )
    among = _("of the series {series}") if rule.series else _("of those that took place")
    return f"{words.format(count=rule.least)}, {among.format(series=rule.series)}."


def goal_change_words(program: Program) -> list[str]:
    """Say of each target that was changed from which day on, from what to what, and why; the oldest first.

    Examples
    --------
    >>> from geo.program.declaration import read_programs
    >>> census = read_programs()["census_2020"]
    >>> goal_change_words(census.aim("households", 30000, date(2020, 4, 2), "streets were closed"))
    ['Target changed from Apr 2, 2020: Households reached by the canvass, 40,000 to 30,000. Why: streets were closed']
    """  # noqa: E501
    words = _("Target changed from {day}: {measure}, {before} to {after}. Why: {why}")
    return [
        words.format(
            day=day_words(item.on),
            measure=_title_of(program, item.measure),
            before=stated_words(item.before),
            after=stated_words(item.after),
            why=item.why,
        )
        for item in program.goal_changes
    ]


def _title_of(program: Program, key: str) -> str:
    """Return a measure's title; of one that is counted no more, its key."""
    return next((_(item.title) for item in program.measures if item.key == key), key)


def goal_changes_table(program: Program) -> pd.DataFrame:
    """List the targets that were changed: ``measure``, ``on``, ``before``, ``after``, ``why``.

    Of a measure that is counted no more its key stands in place of its title.
    """
    rows = [
        (_title_of(program, item.measure), item.on, item.before, item.after, item.why)
        for item in program.goal_changes
    ]
    return pd.DataFrame(rows, columns=["measure", "on", "before", "after", "why"])


def milestones_table(program: Program, reached: pd.DataFrame, today: date) -> pd.DataFrame:
    """List a program's milestones: due, reached, and the state in words."""
    days = dict(zip(reached["title"], reached["on"].dt.date, strict=True)) if len(reached) else {}
    rows = []
    for milestone in program.milestones:
        day = days.get(milestone.title)
        rows.append((_(milestone.title), milestone.due, day, state_words(program, milestone.due, day, today)))
    return pd.DataFrame(rows, columns=["title", "due", "reached", "state"])


def state_words(program: Program, due: date | None, reached: date | None, today: date) -> str:
    """Say whether a program's milestone is reached; nothing runs on after the end of the program.

    Examples
    --------
    >>> from geo.program.declaration import read_programs
    >>> due, plan = date(2019, 12, 31), read_programs()["regional_plan"]
    >>> state_words(plan, due, None, due), state_words(plan, due, None, date(2026, 1, 1))
    ('open', 'not marked as reached')
    """
    if reached is None and program.ends is not None and program.ends < today:
        return _("not marked as reached")
    return milestone_words(due, reached, today)


def milestone_words(due: date | None, reached: date | None, today: date) -> str:
    """Say whether a milestone is reached, and how late.

    Examples
    --------
    >>> due = date(2019, 12, 31)
    >>> milestone_words(due, date(2020, 1, 10), due), milestone_words(due, None, date(2020, 1, 2))
    ('reached, 10 days late', 'not marked as reached, 2 days over')
    """
    last = reached or today
    lapse = lapse_words(due, last) if due is not None and due < last else ""
    if reached is None:
        return _("not marked as reached, {lapse} over").format(lapse=lapse) if lapse else _("open")
    return _("reached, {lapse} late").format(lapse=lapse) if lapse else _("reached")


def siting_words(siting: Siting, events: int, by_tract: int = 0, nowhere: int = 0) -> list[str]:
    """Say what is covered, what the sites add, and how ways were measured.

    Parameters
    ----------
    events
        How many events count as what is covered already.
    by_tract
        Of how many of these only the tract is known.
    nowhere
        How many more would count, if it were known where they are.
    """
    before = (
        ngettext(
            "Within reach of {events} event with a known place: {before}.",
            "Within reach of {events} events with a known place: {before}.",
            events,
        ).format(events=events, before=_words(siting.before))
        if events
        else _("No event with a known place counts as covered.")
    )
    words = _("Households in hard-to-count tracts: {all}. {before} The proposed sites add {added}.").format(
        all=_words(siting.households), before=before, added=_words(siting.added)
    )
    miles = f"{m_to_miles(siting.distance_m):,.1f}"
    if siting.along_roads:
        way = _("Reached within {miles} miles along roads; {count} candidate places were looked at.")
    else:
        way = _(
            "Reached within {miles} miles, as the straight line times {factor}: no roads here are good "
            "enough to measure along. {count} candidate places were looked at."
        )
    told = [words, way.format(miles=miles, factor=DETOUR, count=siting.looked_at), *_rough(by_tract, nowhere)]
    if siting.sites.empty:
        told.append(_("No candidate place adds any: choose a longer distance, or more kinds of places."))
    return told


def _rough(by_tract: int, nowhere: int) -> list[str]:
    """Say of how many events only the tract is known, and of how many not even that."""
    told = []
    if by_tract:
        told.append(
            ngettext(
                "Of {count} event only the tract is known: it stands at the middle of its people.",
                "Of {count} events only the tract is known: they stand at the middle of its people.",
                by_tract,
            ).format(count=by_tract)
        )
    if nowhere:
        told.append(
            ngettext(
                "{count} event does not count, as neither its place nor its tract is known.",
                "{count} events do not count, as neither their place nor their tract is known.",
                nowhere,
            ).format(count=nowhere)
        )
    return told


def _words(households: Estimate) -> str:
    return to_words(households.estimate, "households", households.moe)


def siting_table(siting: Siting) -> pd.DataFrame:
    """List the sites with what each adds to those before it, in words with margins (90 %)."""
    sites = siting.sites
    return pd.DataFrame(
        {
            "rank": sites["rank"],
            "name": sites["name"],
            "kind": sites["kind"],
            "adds": [_words(Estimate(*pair)) for pair in zip(sites["adds"], sites["adds_moe"], strict=True)],
            "adds_all": [
                _words(Estimate(*pair)) for pair in zip(sites["adds_all"], sites["adds_all_moe"], strict=True)
            ],
        }
    )


def demand_points(siting: Siting) -> gpd.GeoDataFrame:
    """Return the points of hard-to-count households, in EPSG:4326, each with an identifier ``point``."""
    hard = siting.demand[siting.demand["hard"] & siting.demand["households"].gt(0)]
    stored = hard.to_crs(STORED).reset_index(drop=True)
    return stored.assign(point=[f"point{place}" for place in range(len(stored))])


def bounds_of(siting: Siting, area: Area) -> Bounds:
    """Where to look (degrees): the sites and what they reach; the whole area where there are none."""
    if siting.sites.empty:
        return area.bounds
    around = siting.sites.geometry.buffer(1.5 * siting.distance_m)
    west, south, east, north = around.to_crs(STORED).total_bounds.tolist()
    return west, south, east, north
