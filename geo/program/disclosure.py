"""What others may see of who signed up and who came: which counts can stand beside each other. Pure.

Every count on the page, in the report and in files is one of people with some pattern: the sessions they came
to, and whether they signed up. :mod:`geo.methods.disclosure.audit` chooses among them, so that no hidden one
can be had from those that are shown, wherever these stand.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.methods.disclosure.audit import Figure, choose_shown
from geo.methods.disclosure.small_counts import suppress_curve
from geo.program.regulars import NEVER, Flags, Regularity, came_flags, chain, is_met

Name = tuple[str, int, Hashable]
# Up to so many sessions every pattern is looked at; beyond, those that occur and as many again.
EVERY_PATTERN, SOME_PATTERNS = 8, 600
# Of sessions before the last so many, others see how many people came, and no more.
IN_DETAIL = 24
NOT, EARLY, LATE = 0, 1, 2
OFFERED = (
    "people",
    "recruited",
    "came",
    "consistent",
    "back",
    "came_unrecruited",
    "at_least",
    "new",
    "others",
    "of_first",
)
NEVER_SHOWN = ("left", "away", "not_first", "rest", "with_gaps")


@dataclass(frozen=True, slots=True)
class Seen:
    """Names of the counts that others see: kind, and the place of a session or the number of sessions."""

    names: frozenset[Name]

    def has(self, kind: str, place: int = 0, rule: Hashable = 0) -> bool:
        """Whether others see a count.

        ``people``, ``back``, ``others``, ``new`` and ``of_first`` of a session; ``at_least`` so many
        sessions; ``curve``, at the end of a session's day, of those who had met a rule by then;
        ``recruited``, ``came``, ``consistent`` and ``came_unrecruited``.
        """
        return (kind, place, rule) in self.names


@dataclass(frozen=True, slots=True)
class _Counted:
    """What is counted beside the sessions.

    ``steps`` are those of running totals: the last session of a day, and how often somebody must come to
    count. ``consistent`` is how often a consistent person comes; None where recruits are not set against
    who came. ``series`` is the series of each session.
    """

    steps: tuple[tuple[int, Regularity], ...]
    consistent: Regularity | None
    series: tuple[str, ...]

    def met(self, came: Flags, rule: Regularity) -> Flags:
        """Say who meets a rule by the first of the sessions, as many as there are flags for."""
        return is_met(came, list(self.series[: came.shape[1]]), rule)


def seen_by_others(
    attendance: pd.DataFrame,
    held: pd.DataFrame,
    recruits: pd.DataFrame,
    curves: Sequence[Regularity] = (),
    consistent: Regularity | None = None,
) -> Seen:
    """Choose what others may see of a program.

    Parameters
    ----------
    attendance
        ``event`` and ``person``.
    held
        The sessions by day: ``event``, ``on`` and ``series``.
    recruits
        ``person`` and ``on``.
    curves
        For each running total that is shown, how often a person must come to count in it.
    consistent
        How often a consistent person comes, where recruits are set against them; else None.

    Examples
    --------
    Of 40 people 35 came again: that would tell of the five who did not, and so would *at least twice*.

    >>> days = pd.to_datetime(["2019-02-01", "2019-03-01"])
    >>> held = pd.DataFrame({"event": ["a", "b"], "on": days, "series": ""})
    >>> rows = [("a", n) for n in range(40)] + [("b", n) for n in range(35)]
    >>> seen = seen_by_others(pd.DataFrame(rows, columns=["event", "person"]), held, pd.DataFrame())
    >>> seen.has("people", 1), seen.has("back", 1), seen.has("at_least", 2)
    (True, False, False)
    """
    days = pd.factorize(pd.Series(held["on"]))[0].tolist()
    signed = _signed(recruits) if consistent is not None else {}
    people, flags = came_flags(attendance, held, signed)
    states = np.array([signed.get(person, NOT) for person in people], dtype=np.int8)
    counted = _Counted((), consistent, tuple(held["series"].astype(str)))
    steps = tuple(step for rule in dict.fromkeys(curves) for step in _steps(flags, days, counted, rule))
    return _choose(flags.tobytes(), states.tobytes(), len(held), replace(counted, steps=steps))


def _steps(
    came: Flags, days: Sequence[int], counted: _Counted, rule: Regularity
) -> list[tuple[int, Regularity]]:
    """Return the days of a running total on which it has grown by ten at least since the one before."""
    last = pd.Series(range(len(days))).groupby(list(days)).last()
    totals = [float(counted.met(came[:, : place + 1], rule).sum()) for place in last]
    return [(int(place), rule) for place in suppress_curve(pd.Series(totals, index=last)).index]


def _signed(recruits: pd.DataFrame) -> dict[str, int]:
    """Say of every recruit whether others see them in the running total of those who signed up."""
    once = recruits.sort_values("on", kind="stable").drop_duplicates("person")
    totals = once.groupby("on").size().cumsum().astype(float)
    last = suppress_curve(totals).index.max()
    return {
        str(person): EARLY if pd.notna(last) and on <= last else LATE
        for person, on in zip(once["person"], once["on"], strict=True)
    }


@lru_cache(maxsize=64)
def _choose(flags: bytes, states: bytes, sessions: int, counted: _Counted) -> Seen:
    who = np.frombuffer(states, dtype=np.int8)
    came = np.frombuffer(flags, dtype=bool).reshape(len(who), sessions)
    patterns, signs = _patterns(came, who, recruited=counted.consistent is not None)
    on_people, on_cells = _counts(came, who, counted), _counts(patterns, signs, counted)
    figures = {
        name: Figure(name, int(row.sum()), on_cells[name].astype(float)) for name, row in on_people.items()
    }
    offered = [figures[name] for name in _order(figures, counted)]
    secrets = [figure for name, figure in figures.items() if name[0] in NEVER_SHOWN]
    given = [figure for name, figure in figures.items() if name[0] == "early"]
    return Seen(frozenset(choose_shown(offered, secrets, given)))  # type: ignore[arg-type]


def _patterns(came: Flags, who: NDArray[np.int8], *, recruited: bool) -> tuple[Flags, NDArray[np.int8]]:
    """Return the patterns of coming and signing up that people may have: all of them, or enough."""
    size = came.shape[1]
    if size <= EVERY_PATTERN:
        every = np.arange(2**size)[:, None] >> np.arange(size)[None, :] & 1
        flags = every.astype(bool)
    else:
        chance = np.random.default_rng(0)
        drawn = chance.random((SOME_PATTERNS, size)) < chance.random((SOME_PATTERNS, 1))
        flags = np.unique(
            np.vstack([drawn, np.eye(size, dtype=bool), np.ones((1, size), bool), came]), axis=0
        )
    states = (NOT, EARLY, LATE) if recruited else (NOT,)
    signs = np.repeat(np.array(states, dtype=np.int8), len(flags))
    patterns = np.tile(flags, (len(states), 1))
    anybody = patterns.any(axis=1) | (signs != NOT)
    return patterns[anybody], signs[anybody]


def _counts(came: Flags, signed: NDArray[np.int8], counted: _Counted) -> dict[Name, Flags]:
    """Say for each count who of these people, or patterns, is in it."""
    times, sessions = came.sum(axis=1), came.shape[1]
    found: dict[Name, Flags] = {
        ("curve", place, rule): counted.met(came[:, : place + 1], rule) for place, rule in counted.steps
    }
    for place, (before, first) in enumerate(chain(counted.series)):
        found["people", place, 0] = came[:, place]
        if place >= sessions - IN_DETAIL:
            of_session = _of_session(came, place, before, first)
            found |= {(kind, place, 0): flags for kind, flags in of_session.items()}
    for least in range(1, min(sessions, IN_DETAIL) + 1):
        found["at_least", least, 0] = times >= least
    rules = {rule for _place, rule in counted.steps} | {counted.consistent}
    found |= {
        ("with_gaps", 0, rule): counted.met(came, replace(rule, in_a_row=False)) & ~counted.met(came, rule)
        for rule in rules
        if rule is not None and rule.in_a_row
    }
    return found | _recruit_counts(came, signed, counted)


def _of_session(came: Flags, place: int, before_at: int, first_at: int) -> dict[str, Flags]:
    here, first, seen = came[:, place], came[:, first_at], came[:, :place].any(axis=1)
    before = np.zeros_like(here) if before_at == NEVER else came[:, before_at]
    return {
        "back": here & before,
        "others": here & ~before,
        "new": here & ~seen,
        "of_first": here & first,
        "left": before & ~here,
        "away": here & seen & ~before,
        "not_first": here & ~first,
        "rest": first & ~here,
    }


def _recruit_counts(came: Flags, signed: NDArray[np.int8], counted: _Counted) -> dict[Name, Flags]:
    if counted.consistent is None:
        return {}
    up, once = signed != NOT, came.any(axis=1)
    named = {
        "early": signed == EARLY,
        "recruited": up,
        "came": up & once,
        "consistent": up & counted.met(came, counted.consistent),
        "came_unrecruited": ~up & once,
    }
    return {(kind, 0, 0): flags for kind, flags in named.items()}


def _order(figures: dict[Name, Figure], counted: _Counted) -> list[Name]:
    """Order what is offered, the most useful first: where curves end, recruits, sessions, the rest."""
    steps: list[Name] = [("curve", *step) for step in counted.steps]
    ends = {name[2]: name for name in steps}
    chosen = [*ends.values(), *(name for name in steps if name not in ends.values())]
    return [*chosen, *(name for kind in OFFERED for name in figures if name[0] == kind)]
