"""How often somebody must come to count, and who does: k of the sessions, or k of them in a row."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Flags = NDArray[np.bool_]
NEVER = -1


@dataclass(frozen=True, slots=True)
class Regularity:
    """How often somebody must come: ``least`` sessions of a series, one after another where ``in_a_row``.

    Without a ``series`` all sessions of the program count, in the order of their days; where
    ``without_series``, those alone that are of none.
    """

    least: int = 1
    in_a_row: bool = False
    series: str = ""
    without_series: bool = False


def sessions_of(held: pd.DataFrame, rule: Regularity) -> pd.DataFrame:
    """Return the sessions that a rule speaks of, as :func:`geo.program.measures.held_events` gives them.

    Examples
    --------
    >>> held = pd.DataFrame({"event": ["a", "b"], "series": ["Spring", ""]})
    >>> sessions_of(held, Regularity(series="Spring"))["event"].tolist()
    ['a']
    """
    return held[_counting(held["series"].tolist(), rule)]


def of_series(titles: list[str], series: str) -> Flags:
    """Say which sessions belong to a series; all where none is named. Capitals and spaces do not matter.

    Examples
    --------
    >>> of_series(["Spring", "spring ", ""], "Spring").tolist(), of_series(["", "x"], "").tolist()
    ([True, True, False], [True, True])
    """
    wanted = _plain(series)
    return np.array([not wanted or _plain(title) == wanted for title in titles], dtype=bool)


def _counting(titles: list[str], rule: Regularity) -> Flags:
    """Say which sessions a rule speaks of."""
    if rule.without_series:
        return np.array([not _plain(title) for title in titles], dtype=bool)
    return of_series(titles, rule.series)


def _plain(title: object) -> str:
    return " ".join(str(title).split()).casefold()


def within_series(titles: list[str], rule: Regularity) -> list[Regularity]:
    """Return a rule once for each series alone, those without one last; none where there is nothing to split.

    Parameters
    ----------
    titles
        The series of each session that took place, in order.

    Examples
    --------
    >>> rule = Regularity(4, in_a_row=True)
    >>> [item.series or "none" for item in within_series(["", "Fall", "fall ", "Spring"], rule)]
    ['Fall', 'Spring', 'none']
    >>> within_series(["", ""], rule), within_series(["", "Fall"], Regularity(4, series="Fall"))
    ([], [])
    """
    named = {_plain(title): " ".join(str(title).split()) for title in reversed(titles)}
    if rule.series or rule.without_series or len(named) < 2:
        return []
    ordered = dict.fromkeys(filter(None, map(_plain, titles)))
    rules = [replace(rule, series=named[key]) for key in ordered]
    return [*rules, *([replace(rule, without_series=True)] if "" in named else [])]


def chain(titles: Sequence[str]) -> list[tuple[int, int]]:
    """Return for each session the places of the one before it and of the first one in its series.

    Sessions without a series are one series. The first of a series has none before it: -1.

    Examples
    --------
    >>> chain(["", "Fall", "", "fall "])
    [(-1, 0), (-1, 1), (0, 0), (1, 1)]
    """
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    found = []
    for place, series in enumerate(map(_plain, titles)):
        found.append((last.get(series, NEVER), first.setdefault(series, place)))
        last[series] = place
    return found


def first_met(came: Flags, titles: list[str], rule: Regularity) -> NDArray[np.int_]:
    """Return the place of the session with which each person meets a rule; -1 where they never do.

    Parameters
    ----------
    came
        A row a person, a column a session, in order.
    titles
        The series of each session.

    Examples
    --------
    Four in a row from the third session on; four of six with a gap are not four in a row.

    >>> came = np.array([[0, 0, 1, 1, 1, 1], [1, 1, 0, 0, 1, 1]], dtype=bool)
    >>> first_met(came, [""] * 6, Regularity(4, in_a_row=True)).tolist()
    [5, -1]
    >>> first_met(came, [""] * 6, Regularity(4)).tolist()
    [5, 5]
    """
    found = np.full(len(came), NEVER, dtype=np.int_)
    times = np.zeros(len(came), dtype=np.int_)
    for place in np.flatnonzero(_counting(titles, rule)):
        here = came[:, place]
        times = np.where(here, times + 1, 0) if rule.in_a_row else times + here
        found[(found == NEVER) & (times >= rule.least)] = place
    return found


def is_met(came: Flags, titles: list[str], rule: Regularity) -> Flags:
    """Say which people meet a rule by these sessions.

    Examples
    --------
    >>> is_met(np.array([[True, True], [True, False]]), ["", ""], Regularity(2)).tolist()
    [True, False]
    """
    met: Flags = first_met(came, titles, rule) != NEVER
    return met


def came_flags(
    attendance: pd.DataFrame, held: pd.DataFrame, also: Collection[str] = ()
) -> tuple[list[str], Flags]:
    """Say who came to which session: the people, and a row each with a column for each session.

    Parameters
    ----------
    attendance
        ``event`` and ``person``; who came to none of these sessions is left out.
    held
        The sessions in order: ``event``.
    also
        People who have a row though they may have come to none.

    Examples
    --------
    >>> sheet = pd.DataFrame({"event": ["a", "b", "b"], "person": ["q", "p", "q"]})
    >>> people, came = came_flags(sheet, pd.DataFrame({"event": ["a", "b"]}))
    >>> people, came.tolist()
    (['p', 'q'], [[False, True], [True, True]])
    """
    places = {event: place for place, event in enumerate(held["event"])}
    once = attendance[attendance["event"].isin(list(places))].drop_duplicates(["event", "person"])
    people = sorted({*once["person"].astype(str), *also})
    rows = {person: row for row, person in enumerate(people)}
    came = np.zeros((len(people), len(places)), dtype=bool)
    came[[rows[str(person)] for person in once["person"]], [places[event] for event in once["event"]]] = True
    return people, came


def regular_people(attendance: pd.DataFrame, held: pd.DataFrame, rule: Regularity) -> frozenset[str]:
    """Return the codes of the people who meet a rule.

    Parameters
    ----------
    held
        The sessions that took place, in order: ``event`` and ``series``.

    Examples
    --------
    >>> sheet = pd.DataFrame({"event": ["a", "b", "b"], "person": ["p", "p", "q"]})
    >>> held = pd.DataFrame({"event": ["a", "b"], "series": ""})
    >>> sorted(regular_people(sheet, held, Regularity(2)))
    ['p']
    """
    people, came = came_flags(attendance, held)
    met = is_met(came, held["series"].tolist(), rule)
    return frozenset(person for person, counts in zip(people, met, strict=True) if counts)


def regulars_by_session(attendance: pd.DataFrame, held: pd.DataFrame, rule: Regularity) -> pd.DataFrame:
    """Count at every session that a rule speaks of the people who meet it, beside all who came.

    Returns
    -------
    pandas.DataFrame
        ``event``; ``regular``, people who meet the rule; ``people``, all who came.

    Examples
    --------
    >>> sheet = pd.DataFrame({"event": ["a", "b", "b"], "person": ["p", "p", "q"]})
    >>> held = pd.DataFrame({"event": ["a", "b"], "series": ""})
    >>> regulars_by_session(sheet, held, Regularity(2)).values.tolist()
    [['a', 1, 1], ['b', 1, 2]]
    """
    chosen = sessions_of(held, rule)
    _people, came = came_flags(attendance, chosen)
    met = is_met(came, chosen["series"].tolist(), rule)
    counts = {"regular": came[met].sum(axis=0), "people": came.sum(axis=0)}
    return pd.DataFrame({"event": chosen["event"].to_numpy(), **counts})
