"""A program's figures as everybody may see them: the one place where something is hidden. Pure.

They are those of :mod:`geo.program.figures`, without counts under ten and free text, and without every count
from which a hidden one could be reckoned.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.methods.disclosure.audit import Figure, choose_shown
from geo.methods.disclosure.small_counts import (
    LEAST,
    is_settled,
    is_small,
    parts_shown,
    suppress,
    suppress_curve,
)
from geo.program.declaration import Counted, Measure
from geo.program.disclosure import Seen, seen_by_others
from geo.program.figures import ProgramFigures, RegionFigures, Together, people_together, who_came
from geo.program.measures import (
    OF_PEOPLE,
    OF_WHO_CAME,
    Standing,
    consistent_rule,
    held_events,
    running_total,
)
from geo.program.regulars import NEVER, Regularity, chain
from geo.units import is_missing


@dataclass(frozen=True, eq=False)
class PublicFigures(ProgramFigures):
    """What everybody may see of one program.

    Examples
    --------
    >>> from datetime import date
    >>> from geo.program.declaration import read_programs
    >>> from geo.program.measures import Records
    >>> days = pd.to_datetime(["2020-03-01", "2020-03-08"])
    >>> contacts = pd.DataFrame({"program": "p", "on": days, "households": [4, 8], "geoid": ["a", "b"]})
    >>> census = read_programs()["census_2020"]
    >>> figures = PublicFigures(census, Records(contacts=contacts), date(2020, 12, 31))
    >>> figures.curve(census.measure("households")).tolist(), len(figures.touched())
    ([10.0], 0)
    """

    least: ClassVar[int] = LEAST

    @cached_property
    def seen(self) -> Seen:
        """Which counts of who signed up and who came may stand beside each other."""
        curves = [item.regularity for item in self.program.measures if item.counted in OF_WHO_CAME]
        held = held_events(self.records, self.day)
        rule = consistent_rule(self.program)
        return seen_by_others(self.records.attendance, held, self.records.recruits, curves, rule)

    @property
    def tells_people(self) -> bool:
        """Whether it is seen how many people came at least once."""
        return self.seen.has("at_least", 1)

    def curve(self, measure: Measure) -> pd.Series[float]:
        """Return a measure's curve without what would tell of fewer than ten people.

        What counts no people is whole; of who came, only what can stand beside the sessions' figures.
        """
        curve = super().curve(measure)
        if measure.counted in OF_WHO_CAME:
            return self._of_who_came(curve, measure.regularity)
        if measure.counted is Counted.HOUSEHOLDS:
            # In tens, as the canvass's page gives its weeks: beside them exact sums would tell hidden ones.
            return suppress_curve(curve) // LEAST * LEAST
        if measure.counted in OF_PEOPLE:
            return suppress_curve(curve)
        if measure.counted is Counted.READINGS and measure.unit == "people":
            return curve[[not is_small(value) for value in curve.tolist()]]
        return curve

    def _of_who_came(self, curve: pd.Series[float], rule: Regularity) -> pd.Series[float]:
        """Leave the days that can be seen, and the last one where the table of sessions tells it anyway."""
        held = held_events(self.records, self.day)
        days = [day for place, day in enumerate(held["on"]) if self.seen.has("curve", place, rule)]
        seen = curve[curve.index.isin(days)]
        is_told = rule == Regularity(rule.least) and self.seen.has("at_least", rule.least)
        if not is_told or curve.empty or seen.index.max() == curve.index.max():
            return seen
        return pd.concat([seen, pd.Series([curve.iloc[-1]], index=[held["on"].iloc[-1]])])

    def standing(self, measure: Measure) -> Standing:
        """Say where a measure stands, or that this is hidden."""
        found = super().standing(measure)
        return found if found.value is not None else replace(found, hidden=not super().curve(measure).empty)

    def sessions(self) -> pd.DataFrame:
        """List the sessions, what is hidden NA, with everything it could be computed from."""
        frame, seen = super().sessions(), self.seen
        counts = ("people", "back", "others", "new", "of_first")
        places = range(len(frame))
        shown = {
            name: np.array(
                [seen.has(name, place) and seen.has("people", place) for place in places], dtype=bool
            )
            for name in counts
        }
        many = shown["people"]
        places_of = chain(held_events(self.records, self.day)["series"].tolist())
        known_before = [before != NEVER and many[before] for before, _first in places_of]
        shown["share_back"] = shown["back"] & np.array(known_before, dtype=bool)
        first_known = [many[first] for _before, first in places_of]
        shown["share_of_first"] = shown.pop("of_first") & np.array(first_known, dtype=bool)
        return frame.assign(**{name: _hide(frame[name], ~mask) for name, mask in shown.items()})

    def at_least(self) -> pd.DataFrame:
        """Count who came to at least k of the n sessions; people are NA in the rows that tell too much."""
        table = super().at_least()
        shown = [self.seen.has("at_least", least) for least in table["sessions"].tolist()]
        return table.assign(people=_hide(table["people"], ~np.array(shown, dtype=bool)))

    def regulars(self) -> list[tuple[Measure, pd.DataFrame]]:
        """List nothing: those who come regularly are parts of small groups, session by session."""
        return []

    def regular(self, rule: Regularity) -> tuple[int, pd.DataFrame]:
        """Count nobody: what one rule hides, the difference of two would tell."""
        _people, table = super().regular(rule)
        return 0, table.iloc[:0]

    def within_series(self, measure: Measure) -> list[tuple[Regularity, int | None]]:
        """Tell of which series there are and not how many each has: with the sum they tell who is in none."""
        return [(rule, None) for rule, _count in super().within_series(measure)]

    def people_by_session(self) -> pd.DataFrame:
        """Tell of nobody: who came to which session is a person's own, even by code."""
        return super().people_by_session().iloc[:0]

    def recruits(self) -> dict[str, int | None]:
        """Compare who signed up with who comes, None where a count is hidden."""
        counts = super().recruits()
        return {name: count if self.seen.has(name) else None for name, count in counts.items()}

    def headcounts(self) -> pd.DataFrame:
        """List headcounts without what is small or would tell it, and without how: that may name somebody.

        What is seen of who came by code is chosen with all that stands beside it: here it is left out.
        """
        table = super().headcounts()
        # How many rows of a sheet came without a code is seldom ten or more: nothing is seen of it.
        table = table[table["headcount"].notna()].reset_index(drop=True)
        headcount, with_code = table["headcount"], table["with_code"]
        near = (headcount - with_code).abs().map(is_small).to_numpy() | headcount.map(is_small).to_numpy()
        shown = table.drop(columns=["with_code", "without_code", "how"])
        return shown.assign(headcount=shown["headcount"].mask(near))

    def readable(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return none: what residents said is not for everybody."""
        return frame.iloc[:0]

    def questions(self, questions: pd.DataFrame) -> int | None:
        """Count residents' questions; None where that is hidden, or would tell of the last few.

        Examples
        --------
        >>> from datetime import date
        >>> from geo.program.declaration import read_programs
        >>> from geo.program.measures import Records
        >>> figures = PublicFigures(read_programs()["civic_forums"], Records(), date(2019, 1, 1))
        >>> days = pd.to_datetime(["2018-10-01"] * 30 + ["2018-10-08"] * 6)
        >>> figures.questions(pd.DataFrame({"on": days[:30]})), figures.questions(pd.DataFrame({"on": days}))
        (30, None)
        """
        totals = running_total(questions.assign(amount=1)).astype(float)
        return len(questions) if is_settled(len(questions), totals) else None

    def messages(self, messages: pd.DataFrame) -> pd.DataFrame:
        """Return messages without a reach of fewer than ten people."""
        if messages.empty:
            return messages
        small = [not pd.isna(reach) and is_small(reach) for reach in messages["reach"]]
        return messages.assign(reach=messages["reach"].mask(pd.Series(small, index=messages.index)))

    def divisions(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return trustee areas or divisions without small numbers of households, nor what would tell them.

        A measure shows the running total of the contacts that they are made of.
        """
        contacts = self.records.contacts
        totals = running_total(contacts.assign(amount=contacts["households"])).astype(float)
        return table.assign(households=parts_shown(table["households"], totals))

    def enrolled(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return enrollments by tract without small ones, nor the shares made of them."""
        enrolled = self._enrolled_parts(table).iloc[:-1].set_axis(table.index)
        hidden = enrolled.isna()
        shares = {name: table[name].mask(hidden) for name in ("share", "share_moe")}
        return table.assign(enrolled=enrolled, **shares)

    def elsewhere(self, table: pd.DataFrame) -> int | None:
        """Return how many are enrolled in none of a table's tracts; None where that is hidden."""
        rest = self._enrolled_parts(table).iloc[-1]
        return None if is_missing(rest) else int(rest)

    def _enrolled_parts(self, table: pd.DataFrame) -> pd.Series[int]:
        """Give the tracts and, last, those in none of them: parts of one total, which a measure shows."""
        enrollments = self.records.enrollments
        parts = [*table["enrolled"].fillna(0), super().elsewhere(table)]
        totals = running_total(enrollments.assign(amount=enrollments["people"])).astype(float)
        found = parts_shown(pd.Series(parts, dtype="Int64"), totals)
        return found.mask(pd.Series([*table["enrolled"].isna(), False]))

    def narrowed(self, contacts: pd.DataFrame) -> Self:
        """Return the figures as they are: one choice less another would tell of few."""
        return self


def _hide(values: pd.Series[Any], mask: NDArray[np.bool_]) -> pd.Series[Any]:
    whole = values.astype("Float64").mask(mask)
    return whole if str(values.name).startswith("share") else whole.astype("Int64")


@dataclass(frozen=True, eq=False)
class PublicRegionFigures(RegionFigures):
    """What everybody may see of all programs of a region."""

    one: ClassVar[type[ProgramFigures]] = PublicFigures

    @cached_property
    def known(self) -> frozenset[str]:
        """The programs of which everybody sees how many people came at least once."""
        return frozenset(figures.program.key for figures in self.each() if figures.tells_people)

    def choices(self) -> list[str]:
        """Name none: one choice less another would tell of few."""
        return []

    def together(self, keys: Sequence[str]) -> Together:
        """Count the people of some programs, each once, without what would tell of few."""
        return together_for_everybody(self.records.attendance, keys, self.known)


def together_for_everybody(
    attendance: pd.DataFrame, programs: Sequence[str], known: Collection[str] = ()
) -> Together:
    """Count the people of some programs, each once, in tens and without what would tell of few.

    What is told goes down to a multiple of ten: a total that is read before and after a sheet is taken in
    would else tell how many came new by it, and beside a measure, which goes up in tens, the last few.

    Parameters
    ----------
    attendance
        ``program`` and ``person``.
    known
        Programs of which everybody sees how many people came at least once.

    Examples
    --------
    >>> came = pd.DataFrame({"program": ["x", "y", "y"], "person": ["p", "p", "q"]})
    >>> together_for_everybody(came, ["x", "y"])
    Together(once=None, added=None, several=None)
    """
    there = who_came(attendance, programs)
    seen = _seen_together(there.to_numpy(dtype=bool), [key in known for key in there.columns])
    whole = people_together(attendance, programs)
    counts = {name: getattr(whole, name) for name in ("once", "added", "several")}
    return Together(
        **{name: count // LEAST * LEAST if name in seen else None for name, count in counts.items()}
    )


def _seen_together(flags: NDArray[np.bool_], known: Sequence[bool]) -> frozenset[Hashable]:
    """Choose what others may see: a program whose own people are hidden is not to be told by the rest."""
    if not len(flags):
        return frozenset(("once", "added", "several"))
    every = np.unique(np.vstack([flags, _patterns(flags.shape[1])]), axis=0)
    here = [_together(frame) for frame in (flags, every)]
    figures = {name: Figure(name, int(here[0][name].sum()), here[1][name].astype(float)) for name in here[0]}
    own = [figures[place] for place in range(len(known))]
    hidden = [replace(figure, guarded=True) for figure, seen in zip(own, known, strict=True) if not seen]
    given = [figure for figure, seen in zip(own, known, strict=True) if seen]
    others = [figure for name, figure in figures.items() if name == "one" or isinstance(name, tuple)]
    offered = [figures[name] for name in ("once", "added", "several")]
    return choose_shown(offered, [*hidden, *others], given)


def _together(flags: NDArray[np.bool_]) -> dict[Hashable, NDArray[np.int_]]:
    times = flags.sum(axis=1)
    found: dict[Hashable, NDArray[np.int_]] = {
        "once": (times > 0).astype(int),
        "added": times,
        "several": (times > 1).astype(int),
        "one": (times == 1).astype(int),
        "again": times - (times > 0),
    }
    for place in range(flags.shape[1]):
        here = flags[:, place]
        found[place] = here.astype(int)
        found["alone", place] = (here & (times == 1)).astype(int)
        found["also", place] = (here & (times > 1)).astype(int)
    return found


def _patterns(size: int) -> NDArray[np.bool_]:
    """Return in which programs somebody may be: every choice of up to ten, of more every two."""
    if size <= 10:
        return (np.arange(1, 2**size)[:, None] >> np.arange(size)[None, :] & 1).astype(bool)
    one = np.eye(size, dtype=bool)
    return np.vstack([one, *(one | one[place] for place in range(size))])


def barriers_shown(barriers: pd.DataFrame, titles: Mapping[str, str]) -> pd.DataFrame:
    """Count barriers by what became of them, for those who may not read them; small counts hidden.

    Examples
    --------
    >>> rows = pd.DataFrame({"became": ["open"] * 12 + ["solved"] * 11})
    >>> barriers_shown(rows, {"open": "open", "solved": "solved"}).values.tolist()
    [['open', 12], ['solved', 11]]
    """
    counts = barriers["became"].astype(str).value_counts().reindex(list(titles), fill_value=0)
    frame = suppress(counts).rename_axis("became").rename("barriers").reset_index()
    return frame.assign(became=[titles[became] for became in frame["became"]])
