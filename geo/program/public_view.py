"""What a program's page shows to whom: people in several programs, recruits, questions, barriers. Pure.

``full`` is whether the viewer may see counts under ten and free text; for others both are left out, and
with them every count from which a hidden one could be reckoned.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.methods.disclosure.audit import Figure, choose_shown
from geo.methods.disclosure.small_counts import is_settled, is_small, parts_shown, suppress
from geo.program.declaration import Program
from geo.program.measures import (
    ONCE,
    Records,
    consistent_rule,
    held_events,
    recruited_and_consistent,
    running_total,
    seen_of,
)
from geo.program.regulars import regular_people


@dataclass(frozen=True, slots=True)
class Together:
    """People of several programs: each once, added up, and in more than one; None where hidden."""

    once: int | None
    added: int | None
    several: int | None


def people_together(
    attendance: pd.DataFrame, programs: Sequence[str], *, full: bool, known: Collection[str] = ()
) -> Together:
    """Count the people of some programs, each once.

    Parameters
    ----------
    attendance
        ``program`` and ``person``; the same code in two programs is the same person.
    known
        Programs of which others see how many people came at least once.

    Examples
    --------
    >>> came = pd.DataFrame({"program": ["x", "y", "y"], "person": ["p", "p", "q"]})
    >>> people_together(came, ["x", "y"], full=True)
    Together(once=2, added=3, several=1)
    >>> people_together(came, ["x", "y"], full=False)
    Together(once=None, added=None, several=None)
    """
    pairs = attendance.loc[attendance["program"].isin(list(programs)), ["program", "person"]]
    there = pd.crosstab(pairs["person"], pairs["program"])
    flags = there.to_numpy(dtype=bool)
    times = flags.sum(axis=1)
    counts = {"once": len(flags), "added": int(times.sum()), "several": int((times > 1).sum())}
    if not full:
        seen = _seen_together(flags, [key in known for key in there.columns])
        return Together(*(counts[name] if name in seen else None for name in counts))
    return Together(**counts)


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


def recruits_shown(program: Program, records: Records, today: date, *, full: bool) -> dict[str, int | None]:
    """Compare who signed up with who comes: ``recruited``, ``came``, ``consistent``, ``came_unrecruited``.

    Parameters
    ----------
    records
        The program's own; one of its measures counts consistent people.

    Examples
    --------
    >>> from geo.program.declaration import read_programs
    >>> recruits_shown(read_programs()["school_funding"], Records(), date(2020, 1, 1), full=True)
    {'recruited': 0, 'came': 0, 'consistent': 0, 'came_unrecruited': 0}
    """
    held = held_events(records, today)
    came = records.attendance[records.attendance["event"].isin(held["event"])]
    regular = regular_people(came, held, consistent_rule(program) or ONCE)
    counts = recruited_and_consistent(records.recruits, came, regular)
    if full:
        return dict(counts)
    seen = seen_of(program, records, today)
    return {name: count if seen.has(name) else None for name, count in counts.items()}


def headcounts_shown(records: Records, today: date, *, full: bool) -> pd.DataFrame:
    """List the events at which people were counted without names, beside those who are down by code.

    A headcount is no number of people: who came to two sessions is in both.

    Returns
    -------
    pandas.DataFrame
        A row an event, by day: ``session``, ``on``, ``headcount``, ``with_code``, ``without_code`` (NA where
        fewer were counted than are down; by its sheets where nobody counted) and ``how``. For others a small
        number is hidden, and what would tell it; and how it was counted, which may name somebody.

    Examples
    --------
    >>> events = pd.DataFrame({"event": ["a"], "title": ["First"], "on": pd.to_datetime(["2019-02-01"]),
    ...     "headcount": [65], "headcount_how": ["at the door"]})
    >>> came = pd.DataFrame({"event": "a", "person": [str(n) for n in range(62)]})
    >>> found = headcounts_shown(Records(events=events, attendance=came), date(2020, 1, 1), full=True)
    >>> found[["headcount", "with_code", "without_code"]].values.tolist()
    [[65, 62, 3]]
    """
    columns = ["event", "title", "on", "headcount", "headcount_how", "uncoded"]
    events = records.events.reindex(columns=columns)
    # How many rows of a sheet came without a code is seldom ten or more: others see none of it.
    has = events["headcount"].notna() | (events["uncoded"].notna() if full else False)
    counted = events[has & (pd.to_datetime(events["on"]) <= pd.Timestamp(today))]
    counted = counted.sort_values(["on", "event"], kind="stable")
    people = records.attendance.drop_duplicates(["event", "person"]).groupby("event").size()
    with_code = counted["event"].map(people).fillna(0).astype("Int64")
    headcount = counted["headcount"].astype("Int64")
    without = (headcount - with_code).mask(headcount < with_code)
    without = without.mask(headcount.isna(), counted["uncoded"].astype("Int64"))
    table = pd.DataFrame(
        {
            "session": counted["title"].astype(str),
            "on": counted["on"],
            "headcount": headcount,
            "with_code": with_code,
            "without_code": without,
            "how": counted["headcount_how"].fillna("").astype(str),
        }
    ).reset_index(drop=True)
    if full:
        return table
    # What others see of who came by code is chosen with all that stands beside it: here it is left out.
    shown = table.drop(columns=["with_code", "without_code", "how"])
    near = (headcount - with_code).abs().map(is_small).to_numpy() | headcount.map(is_small).to_numpy()
    return shown.assign(headcount=shown["headcount"].mask(near))


def totals_known(programs: Iterable[Program], records: Records, today: date) -> frozenset[str]:
    """Name the programs of which others see how many people came at least once.

    Parameters
    ----------
    records
        Those of all programs.
    """
    return frozenset(
        program.key
        for program in programs
        if seen_of(program, records.of(program.key), today).has("at_least", 1)
    )


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


def messages_shown(messages: pd.DataFrame, *, full: bool) -> pd.DataFrame:
    """Hide a reach of fewer than ten people from others."""
    if full or messages.empty:
        return messages
    small = [not pd.isna(reach) and is_small(reach) for reach in messages["reach"]]
    return messages.assign(reach=messages["reach"].mask(pd.Series(small, index=messages.index)))


def divisions_shown(table: pd.DataFrame, contacts: pd.DataFrame, *, full: bool) -> pd.DataFrame:
    """Hide small numbers of households of a trustee area or division from others.

    Parameters
    ----------
    contacts
        What they were made of: ``on`` and ``households``, of which a measure shows the running total.

    Examples
    --------
    >>> table = pd.DataFrame({"name": ["a", "b", "c"], "households": [30, 4, 12]})
    >>> contacts = pd.DataFrame({"on": [pd.Timestamp("2018-10-01")], "households": [46]})
    >>> divisions_shown(table, contacts, full=False)["households"].tolist()
    [30, <NA>, <NA>]
    """
    if full:
        return table
    totals = running_total(contacts.assign(amount=contacts["households"])).astype(float)
    return table.assign(households=parts_shown(table["households"], totals))


def questions_shown(questions: pd.DataFrame, *, full: bool) -> int | None:
    """Count residents' questions; None where others are not to know, or would know of the last few.

    Examples
    --------
    >>> days = pd.to_datetime(["2018-10-01"] * 30 + ["2018-10-08"] * 6)
    >>> questions = pd.DataFrame({"on": days})
    >>> questions_shown(questions, full=True), questions_shown(questions, full=False)
    (36, None)
    """
    count = len(questions)
    totals = running_total(questions.assign(amount=1)).astype(float)
    return count if full or is_settled(count, totals) else None
