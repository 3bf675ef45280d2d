"""The longer report of a program: its sections, gathered from the same figures as its page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from geo.days import day_words
from geo.language import gettext as _
from geo.program.area import Area
from geo.program.declaration import Program
from geo.program.figures import ProgramFigures
from geo.program.reach import reach_by_index
from geo.region import Bounds
from geo.units import to_words
from reports.map_report import MapLegend
from reports.printed_map import Printed
from reports.program_report import warning_words
from wording.program import milestones_table
from wording.program_forums import question_rows, race_rows, spoken_rows
from wording.program_reach import hidden_words, reach_words, shared_words
from wording.program_results import (
    Rows,
    change_rows,
    headcount_rows,
    index_rows,
    method_words,
    milestone_rows,
    often_rows,
    partner_rows,
    recruit_rows,
    regular_rows,
    regular_words,
    reported_rows,
    session_rows,
    target_rows,
    tract_rows,
)


@dataclass(frozen=True, slots=True)
class PrintedReach:
    """A printed map: its layers and legends, what it shows at least (degrees), and a projected CRS (m)."""

    layers: Sequence[Printed]
    legends: Sequence[MapLegend]
    bounds: Bounds
    crs: str


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the report: words, a table with the shares of its columns, and a map."""

    title: str
    words: tuple[str, ...] = ()
    rows: Rows = ()
    shares: tuple[float, ...] = ()
    map: PrintedReach | None = None


@dataclass(frozen=True, slots=True)
class Forums:
    """What is recorded of forums, each with titles in place of keys.

    Attributes
    ----------
    races
        As :func:`wording.program_forums.race_rows` takes them.
    spoken
        As :func:`wording.program_forums.spoken_rows` takes it.
    questions
        What residents asked, whoever may read it: ``on``, ``text``, ``race``.
    """

    races: pd.DataFrame
    spoken: pd.DataFrame
    questions: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Told:
    """What is told beside a program's figures.

    Attributes
    ----------
    area
        Of the program.
    reached
        Milestones that were reached: ``title``, ``on``.
    tracts
        Of the area: as :func:`geo.program.reach.reach_table` gives it; None where they are not built.
    map
        Of those tracts; None where they are not built.
    sources
        Credits with their vintages, a line each.
    invented
        Whether the region is made up.
    forums
        What is recorded of forums; None for a program that has none.
    """

    area: Area
    reached: pd.DataFrame
    tracts: pd.DataFrame | None
    map: PrintedReach | None
    sources: Sequence[str]
    invented: bool
    forums: Forums | None = None


def sections_of(figures: ProgramFigures, told: Told) -> list[Section]:
    """Gather the sections that apply, in order; one of which nothing is recorded is left out."""
    program = figures.program
    gathered = (
        *_aims(figures),
        *_sessions(figures),
        *_forums(figures, told.forums),
        *_reach(figures, told),
        *_people(program, figures, told),
        *_changes(program),
        *_methods(figures, told),
    )
    return [section for section in gathered if section.words or len(section.rows) > 1 or section.map]


def _aims(figures: ProgramFigures) -> Iterator[Section]:
    program = figures.program
    yield Section(
        _("The aim, and where it stands"),
        (_(program.purpose),),
        target_rows(figures),
        (0.27, 0.12, 0.15, 0.15, 0.31),
    )
    rows = reported_rows(figures)
    if len(rows) > 1:
        words = _(
            "What the organization reported is a result, not a target. Each one stands beside what is "
            "counted here by the same measure."
        )
        yield Section(_("Reported results, and what is counted"), (words,), rows, (0.3, 0.25, 0.17, 0.28))


def _sessions(figures: ProgramFigures) -> Iterator[Section]:
    yield Section(_("Session by session"), (), session_rows(figures), (0.32, 0.13, 0.12, 0.17, 0.12, 0.14))
    if len(figures.sessions()):
        words = tuple(regular_words(figures))
        yield Section(_("Who came back"), words, often_rows(figures), (0.7, 0.3))
    for measure, rows in regular_rows(figures):
        yield Section(_(measure.title), (), rows, (0.4, 0.2, 0.2, 0.2))
    counted = headcount_rows(figures)
    if len(counted) > 1:
        words = (_("A headcount is no count of people: whoever came twice is in it twice."),)
        wide = {3: (0.5, 0.25, 0.25), 6: (0.24, 0.13, 0.13, 0.13, 0.13, 0.24)}
        yield Section(_("Counted without names"), words, counted, wide[len(counted[0])])


def _forums(figures: ProgramFigures, forums: Forums | None) -> Iterator[Section]:
    if forums is None:
        return
    yield Section(_("Races and their candidates"), (), race_rows(forums.races), (0.17, 0.25, 0.25, 0.33))
    words = _("Times: every candidate of a race is invited, and whoever was not timed is in no average.")
    wide = (0.13, 0.24, 0.22, 0.2, 0.08, 0.13)
    if len(forums.spoken):
        yield Section(_("The same time for every candidate"), (words,), spoken_rows(forums.spoken), wide)
    if forums.questions.empty:
        return
    title, read = _("Questions collected from residents"), figures.readable(forums.questions)
    if len(read):
        yield Section(title, (), question_rows(read), (0.13, 0.6, 0.27))
        return
    count = figures.questions(forums.questions)
    yield Section(title, (_("hidden: could tell of fewer than 10") if count is None else to_words(count),))


def _reach(figures: ProgramFigures, told: Told) -> Iterator[Section]:
    table = told.tracts
    if table is None or table.empty:
        return
    rule = reach_words(figures.least).rule
    if not table["by_this"].any():
        yield Section(_("Where people were reached"), (_("No tract is recorded as reached yet."),))
        return
    words = (
        _(
            "Of {all} tracts of the area {reached} were reached: somebody came to an event there, was spoken "
            "with, enrolled or signed up."
        ).format(all=len(table), reached=int(table["by_this"].sum())),
        *([_(rule)] if rule else []),
    )
    yield Section(_("Where people were reached"), words, map=told.map)
    shares = (0.22, 0.12, 0.16, 0.25, 0.25)
    yield Section(_("By hard-to-count index"), (), index_rows(reach_by_index(table)), shares)
    yield Section(_("Tracts that were reached"), (), tract_rows(table), (0.5, 0.25, 0.25))


def _people(program: Program, figures: ProgramFigures, told: Told) -> Iterator[Section]:
    if len(figures.records.recruits):
        yield Section(_("Who signed up, and who comes"), (), recruit_rows(figures), (0.7, 0.3))
    yield Section(_("Partners"), (), partner_rows(program, figures.records.events), (0.7, 0.3))
    milestones = milestone_rows(milestones_table(program, told.reached, figures.day))
    yield Section(_("Milestones"), (), milestones, (0.43, 0.13, 0.13, 0.31))


def _changes(program: Program) -> Iterator[Section]:
    if program.goal_changes:
        yield Section(_("Changed targets"), (), change_rows(program), (0.14, 0.3, 0.14, 0.14, 0.28))


def _methods(figures: ProgramFigures, told: Told) -> Iterator[Section]:
    program = figures.program
    notes = [
        *method_words(program),
        _("Counted from what was recorded; people are in it by code, never by name."),
        hidden_words(figures.least),
        shared_words(figures.least),
        _("Baselines, targets and reported results are the organization's own report.")
        if program.own_report
        else "",
        told.area.stand_in,
    ]
    yield Section(_("How it is counted"), tuple(note for note in notes if note))
    lines = [
        *filter(None, [warning_words(figures.least, invented=told.invented)]),
        _("Records as of {day}.").format(day=day_words(figures.day)),
        _("Index from {least} up: hard to count. Households: with their margin of error (90 %).").format(
            least=to_words(60)
        ),
        *told.sources,
    ]
    yield Section(_("Sources"), tuple(lines))
