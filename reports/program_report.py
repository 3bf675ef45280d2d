"""A program's report: what stands on its one page, gathered from records in the chosen language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd
from reportlab.graphics.shapes import Drawing

from geo.crs import STORED
from geo.days import day_words, period_words
from geo.language import gettext as _
from geo.program.area import Area
from geo.program.declaration import Counted, Measure, Program
from geo.program.figures import ProgramFigures
from geo.program.measures import Records, Standing, held_events, straight_line
from geo.units import is_missing, to_words
from reports.export import INVENTED
from reports.graphics import draw_curve, draw_map
from wording.program import (
    goal_change_words,
    milestones_table,
    pace_words,
    partner_names,
    reported_words,
    rule_words,
    stated_words,
    value_words,
)
from wording.program_reach import hidden_words, reach_words, shared_words, staff_words
from wording.program_results import Rows, milestone_rows, outside_words, series_words

CURVE, MAP = (250.0, 118.0), (250.0, 205.0)
# Where nothing is recorded there is no curve, and the map has the page's width.
WIDE_MAP = (520.0, 260.0)
MOST_SESSIONS, MOST_RACES = 8, 6


@dataclass(frozen=True, slots=True)
class Tile:
    """One measure: its title, the figure, what stands beside it, and the share of the way (None: no goal)."""

    title: str
    value: str
    details: tuple[str, ...]
    share: float | None


@dataclass(frozen=True, slots=True)
class Report:
    """What stands on the page."""

    title: str
    purpose: str
    warning: str
    facts: str
    tiles: tuple[Tile, ...]
    curves: tuple[tuple[str, Drawing], ...]
    map: Drawing
    legend: str
    sessions_title: str
    sessions: Rows
    milestones: Rows
    times: Rows
    notes: tuple[str, ...]


def warning_words(least: int, *, invented: bool) -> str:
    """Say at the head of a file what its reader must know first: that it is invented, that it is for staff.

    Examples
    --------
    >>> warning_words(1, invented=False), warning_words(10, invented=False)
    ('For staff only: exact counts.', '')
    """
    return " ".join(filter(None, [_(INVENTED) if invented else "", staff_words(least)]))


def make_report(
    figures: ProgramFigures,
    area: Area,
    *,
    invented: bool,
    tracts: gpd.GeoDataFrame | None = None,
    reached: pd.DataFrame | None = None,
    times: pd.DataFrame | None = None,
) -> Report:
    """Gather a program's report.

    Parameters
    ----------
    figures
        The program's, as those may see them to whom the report goes.
    invented
        Whether the region is made up; the report then says so.
    tracts
        Hard-to-count tracts of the area in EPSG:4326 with ``by_this``; None where they are not built.
    reached
        Milestones that were reached: ``title``, ``on``.
    times
        Races as :func:`geo.program.forums.fairness_totals` tells them, ``race`` and ``event`` being
        titles, with the day ``on``.
    """
    milestones = reached if reached is not None else pd.DataFrame(columns=["title", "on"])
    program, today = figures.program, figures.day
    curves, sessions = tuple(_curves(figures)), figures.sessions()
    return Report(
        _(program.title),
        _(program.purpose),
        warning_words(figures.least, invented=invented),
        _facts(figures, area),
        tuple(_tile(figures, standing) for standing in figures.standings()),
        curves,
        draw_map(area.shape, tracts, _points(figures.records, today), MAP if curves else WIDE_MAP),
        _legend(tracts, figures.least),
        _sessions_title(len(sessions)),
        _session_rows(sessions),
        milestone_rows(milestones_table(program, milestones, today)),
        _time_rows(times),
        (*_time_notes(times), *_notes(figures, area)),
    )


def _time_rows(times: pd.DataFrame | None) -> Rows:
    head = (
        _("Day"),
        _("Event"),
        _("Race"),
        _("Timed"),
        _("Average, minutes"),
        _("Largest difference, minutes"),
        _("All within 5 %"),
    )
    rows = [] if times is None else times.tail(MOST_RACES).to_dict("records")
    return (head, *(_time_row(row) for row in rows))


def _time_row(row: Mapping[Any, Any]) -> tuple[str, ...]:
    timed = _("{timed} of {candidates}").format(timed=row["timed"], candidates=row["candidates"])
    minutes = (f"{row[name]:g}" for name in ("mean_minutes", "difference_minutes"))
    fair = _("yes") if row["fair"] else _("no")
    return (str(row["on"].date()), str(row["event"]), str(row["race"]), timed, *minutes, fair)


def _time_notes(times: pd.DataFrame | None) -> list[str]:
    if times is None or times.empty:
        return []
    notes = [_("Times: every candidate of a race is invited, and whoever was not timed is in no average.")]
    if len(times) > MOST_RACES:
        last = _("The last {shown} of {all} races and events with times stand here; all are on the page.")
        notes.append(last.format(shown=MOST_RACES, all=len(times)))
    return notes


def _period(figures: ProgramFigures) -> str:
    period = period_words(figures.program.begins, figures.program.ends)
    outside = outside_words(figures)
    return f"{period} ({outside})" if outside else period


def _facts(figures: ProgramFigures, area: Area) -> str:
    program = figures.program
    count = len(held_events(figures.records, figures.day))
    counted = figures.headcounts()["headcount"].sum()
    parts = [
        _period(figures),
        area.title,
        _(program.audience) if program.audience else "",
        _("with {partners}").format(partners=partner_names(program)) if program.partners else "",
        _("sessions with people recorded: {count}").format(count=count) if count else "",
        _("attendances counted without names: {count}").format(count=f"{counted:,}") if counted else "",
    ]
    return " · ".join(part for part in parts if part)


def _tile(figures: ProgramFigures, standing: Standing) -> Tile:
    measure = standing.measure
    stated = [
        (_("Baseline"), None if is_missing(measure.baseline) else stated_words(measure.baseline)),
        (_("Target"), None if is_missing(measure.target) else stated_words(measure.target)),
        (_("Reported by the organization"), reported_words(measure)),
    ]
    details = [f"{title}: {words}" for title, words in stated if words]
    details += [words for words in (rule_words(measure), series_words(figures, measure)) if words]
    pace = pace_words(standing)
    share = standing.share_of_way
    return Tile(_(measure.title), value_words(standing), (*details, *([pace] if pace else [])), share)


def _curves(figures: ProgramFigures) -> Sequence[tuple[str, Drawing]]:
    """Draw the curves of two measures: those with a goal first, of these who came several times in a row."""
    program = figures.program
    order = sorted(
        program.measures,
        key=lambda measure: (measure.drawn_across is None, measure.counted is not Counted.IN_A_ROW),
    )
    curves = [(measure, figures.curve(measure)) for measure in order]
    return [
        (f"{_(measure.title)} ({_(measure.unit)})", _curve(program, measure, curve))
        for measure, curve in curves
        # One dot says no more than the figure itself.
        if len(curve) > 1
    ][:2]


def _curve(program: Program, measure: Measure, curve: pd.Series[float]) -> Drawing:
    words = _("Target") if measure.target is not None else _("Reported result")
    return draw_curve(curve, CURVE, measure.drawn_across, words, straight_line(program, measure))


def _points(records: Records, today: date) -> gpd.GeoDataFrame:
    """Events up to today that have a point, in EPSG:4326."""
    events = records.events
    if not {"longitude", "latitude"} <= set(events.columns):
        return gpd.GeoDataFrame(geometry=[], crs=STORED)
    held = events[events["on"] <= pd.Timestamp(today)].dropna(subset=["longitude", "latitude"])
    points = gpd.points_from_xy(held["longitude"].astype(float), held["latitude"].astype(float))
    return gpd.GeoDataFrame(geometry=points, crs=STORED)


def _legend(tracts: gpd.GeoDataFrame | None, least: int) -> str:
    if tracts is None or tracts.empty:
        return _("The program's area; yellow: its events.")
    reached, words = int(tracts["by_this"].astype(bool).sum()), reach_words(least)
    return _(words.legend if reached else words.legend_none).format(reached=reached, all=len(tracts))


def _sessions_title(count: int) -> str:
    """Head the sessions; where the page has no room for all, say which these are and where the others are."""
    if count <= MOST_SESSIONS:
        return _("Sessions")
    words = _("Sessions: the last {shown} of {all}; all are in the workbook")
    return words.format(shown=MOST_SESSIONS, all=count)


def _session_rows(table: pd.DataFrame) -> Rows:
    head = (
        _("Session"),
        _("Day"),
        _("People"),
        _("Returned from the session before"),
        _("Returned from last session, %"),
    )
    rows = [head]
    for row in table.tail(MOST_SESSIONS).itertuples():
        fields: Any = row
        share = "–" if is_missing(fields.share_back) else to_words(fields.share_back, "share")
        back = "–" if fields.begins else _number(fields.back)
        numbers = (_number(fields.people), back, share)
        rows.append((str(fields.session), str(fields.on.date()), *numbers))
    return tuple(rows)


def _notes(figures: ProgramFigures, area: Area) -> Sequence[str]:
    program, today = figures.program, figures.day
    notes = [area.stand_in, *goal_change_words(program)]
    if program.own_report:
        notes.append(_("Baselines, targets and reported results are the organization's own report."))
    notes += [hidden_words(figures.least), shared_words(figures.least)]
    notes.append(_("Counted from what was recorded; people are in it by code, never by name."))
    notes.append(
        _("Hard-to-count index: State of California (census.ca.gov). As of {day}.").format(
            day=day_words(today)
        )
    )
    return [note for note in notes if note]


def _number(value: Any) -> str:
    return _("hidden") if is_missing(value) else to_words(value)
