"""What a program is, as declared or filled in: purpose, area, period, measures and milestones."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from geo.errors import CatalogError, first_ids
from geo.language import gettext as _
from geo.language import ngettext
from geo.program.former_names import PROGRAM_FOLDER, with_program_words_of_now
from geo.program.regulars import Regularity
from geo.settings import ROOT

PROGRAMS = ROOT / "programs"


class Counted(StrEnum):
    """From which records a measure is counted."""

    PEOPLE = "people"
    CONSISTENT = "consistent"
    IN_A_ROW = "in_a_row"
    RECRUITS = "recruits"
    HOUSEHOLDS = "households"
    ENROLLMENTS = "enrollments"
    EVENTS = "events"
    QUESTIONS = "questions"
    READINGS = "readings"
    CONNECTED = "connected"


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Measure(_Declared):
    """What is to change: where it began, where it is to go, and how it is counted.

    ``result`` is what the organization reported of itself, ``result_words`` how it put it: no target, which
    somebody sets beforehand. ``at_least`` is the number of sessions of a *consistent* person, one after
    another where the measure counts those *in a row*; ``series`` names the sessions that count, all where
    it is empty.
    """

    key: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str = Field(min_length=1)
    unit: str = Field(min_length=1)
    counted: Counted
    how: str = Field(min_length=1)
    baseline: float | None = None
    target: float | None = None
    result: float | None = None
    result_words: str = ""
    at_least: int = Field(default=1, ge=1)
    series: str = ""

    @property
    def drawn_across(self) -> float | None:
        """What a chart draws as a line: the target; where none was stated, the result that was reported."""
        return self.target if self.target is not None else self.result

    @property
    def regularity(self) -> Regularity:
        """How often somebody must come to count in it."""
        return Regularity(self.at_least, self.counted == Counted.IN_A_ROW, self.series)


class AreaOption(_Declared):
    """One way to find a program's area: rows of a dataset, or windows of the region.

    The first that is there is used, with those of ``also`` that are there; a ``stand_in`` is shown and said
    to be one.
    """

    dataset: str = ""
    column: str = "name"
    values: tuple[str, ...] = ()
    region: str = ""
    focus: bool = False
    stand_in: str = ""
    also: tuple[AreaOption, ...] = ()


class Milestone(_Declared):
    """Something to be reached by a day."""

    title: str = Field(min_length=1)
    due: date | None = None


class Rule(_Declared):
    """A rule that leaves people out of the eligible: the share that stays, and what it rests on."""

    title: str = Field(min_length=1)
    share: float = Field(ge=0, le=1)
    rests_on: str = Field(min_length=1)


class GoalChange(_Declared):
    """A measure's target that became another from a day on, and why; None where there is or was none."""

    measure: str
    on: date
    before: float | None = None
    after: float | None = None
    why: str = ""


class Program(_Declared):
    """A campaign; ``lead`` is the person or the group that answers for it.

    ``goal_changes`` are told with its figures to everybody, the oldest first; ``keep_names`` is whether names
    from sign-in sheets stay beside the codes, apart from all records.
    """

    key: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str = Field(min_length=1)
    purpose: str
    begins: date
    ends: date | None = None
    audience: str = ""
    lead: str = ""
    partners: tuple[str, ...] = ()
    kind: Literal["outreach", "enrollment", "census", "forums", "water"] = "outreach"
    own_report: bool = False
    areas: tuple[AreaOption, ...] = Field(min_length=1)
    measures: tuple[Measure, ...] = Field(min_length=1)
    milestones: tuple[Milestone, ...] = ()
    eligibility: tuple[Rule, ...] = ()
    goal_changes: tuple[GoalChange, ...] = ()
    keep_names: bool = False

    @model_validator(mode="after")
    def _holds(self) -> Program:
        if self.ends is not None and self.ends < self.begins:
            raise ValueError(f"it ends ({self.ends}) before it begins ({self.begins})")
        keys = [measure.key for measure in self.measures]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise ValueError(f"measures share a key: {', '.join(twice)}")
        return self

    def covers(self, day: date) -> bool:
        """Whether a day lies in its period."""
        return self.begins <= day and (self.ends is None or day <= self.ends)

    def measure(self, key: str) -> Measure:
        """Return one of its measures."""
        return next(measure for measure in self.measures if measure.key == key)

    def sets_late(self, key: str) -> bool:
        """Whether the target of a measure, as it stands, was set after the period ended: it judges nothing.

        Examples
        --------
        >>> census = read_programs()["census_2020"]
        >>> census.sets_late("households")
        False
        >>> census.aim("households", 100.0, date(2026, 1, 1), "a new plan").sets_late("households")
        True
        """
        days = [change.on for change in self.goal_changes if change.measure == key]
        return bool(days) and self.is_over(days[-1]) and self.measure(key).target is not None

    def is_over(self, day: date) -> bool:
        """Whether its period ended before a day."""
        return self.ends is not None and day > self.ends

    def follow(self, before: Program, on: date, why: str) -> Program:
        """Return it as the version after ``before``: each target that differs stands as a change of a goal.

        A change that it tells of itself keeps its day and reason; the others get ``on`` and ``why``.

        Examples
        --------
        >>> census = read_programs()["census_2020"]
        >>> fewer = [item.model_copy(update={"target": 30_000.0}) for item in census.measures[:1]]
        >>> later = census.model_copy(update={"measures": (*fewer, *census.measures[1:])})
        >>> [change] = later.follow(census, date(2020, 3, 1), "fewer streets").goal_changes
        >>> change.before, change.after, change.on.isoformat()
        (40000.0, 30000.0, '2020-03-01')
        """
        new = [item for item in self.goal_changes if item not in before.goal_changes]
        own = {(item.measure, item.after): item for item in new}
        old = {item.key: item.target for item in before.measures}
        found = [
            own.get((item.key, item.target), GoalChange(measure=item.key, on=on, after=item.target, why=why))
            for item in self.measures
            if item.key in old and old[item.key] != item.target
        ]
        told = (item.model_copy(update={"before": old[item.measure]}) for item in found)
        return self.model_copy(update={"goal_changes": (*before.goal_changes, *told)})

    def aim(self, key: str, target: float | None, on: date, why: str) -> Program:
        """Return it with another target of a measure from a day on; None for no target."""
        change = GoalChange(measure=key, on=on, before=self.measure(key).target, after=target, why=why)
        aimed = (
            item.model_copy(update={"target": target}) if item.key == key else item for item in self.measures
        )
        return self.model_copy(
            update={"measures": tuple(aimed), "goal_changes": (*self.goal_changes, change)}
        )


def to_program(fields: Mapping[str, Any], where: str = "program") -> Program:
    """Make a program of its fields.

    Raises
    ------
    CatalogError
        Names every field that does not hold.

    Examples
    --------
    >>> to_program({"key": "A b", "title": "", "begins": "2020-01-01"}, "mine.toml")
    Traceback (most recent call last):
    geo.errors.CatalogError: mine.toml: 5 fields need a correction (key: String should match pattern \
'^[a-z][a-z0-9_]*$', title: String should have at least 1 character, purpose: Field required, \
areas: Field required, measures: Field required): mend them
    """
    try:
        return Program.model_validate(with_program_words_of_now(fields))
    except ValidationError as error:
        raise CatalogError(
            _("{where}: {fault}").format(where=where, fault=_told(error)), _("mend them")
        ) from error


def read_programs(folder: Path = PROGRAMS) -> dict[str, Program]:
    """Read every program that ships, by key, in the order of their beginnings.

    Those of the folder's former name are read too; of two with one key, the one that lies here counts.

    Raises
    ------
    CatalogError
        Names every fault of every file.

    Examples
    --------
    >>> list(read_programs())[:2]
    ['health_enrollment', 'infrastructure_task_force']
    """
    found: dict[str, Program] = {}
    faults: list[str] = []
    for place in (folder.with_name(PROGRAM_FOLDER), folder):
        for path in sorted(place.glob("*.toml")):
            try:
                found |= _read(path)
            except CatalogError as error:
                faults.append(error.fault)
    if faults:
        raise CatalogError("; ".join(faults), _("mend the files in programs/"))
    return {item.key: item for item in sorted(found.values(), key=lambda item: (item.begins, item.key))}


def _read(path: Path) -> dict[str, Program]:
    try:
        fields = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise CatalogError(
            _("{file} is no TOML ({error})").format(file=path.name, error=error), _("mend it")
        ) from error
    program = to_program({"key": path.stem, **fields}, path.name)
    return {program.key: program}


def _told(error: ValidationError) -> str:
    faults = [
        f"{'.'.join(map(str, item['loc'])) or 'program'}: {item['msg'].removeprefix('Value error, ')}"
        for item in error.errors()
    ]
    return ngettext(
        "{count} field needs a correction ({faults})",
        "{count} fields need a correction ({faults})",
        len(faults),
    ).format(count=len(faults), faults=first_ids(faults))
