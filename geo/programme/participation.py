"""Who takes part: how often, who comes back, recruited against consistent. Pure; people are codes.

Frames: *attendance* has ``event`` and ``person``, one row a person and event (doubles count once); *events*
has ``event`` and ``on`` (dates), one row an event.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd


def sessions_by_person(attendance: pd.DataFrame, events: Sequence[str] | None = None) -> pd.Series[int]:
    """Count in how many of the events each person took part.

    Parameters
    ----------
    attendance
        ``event`` and ``person``; the same person at the same event counts once.
    events
        The n events that count; all by default.

    Examples
    --------
    >>> sheet = pd.DataFrame({"event": ["a", "a", "b"], "person": ["QX0017H", "QX0017H", "QX0017H"]})
    >>> sessions_by_person(sheet).to_dict()
    {'QX0017H': 2}
    """
    once = attendance[["event", "person"]].drop_duplicates()
    if events is not None:
        once = once[once["event"].isin(events)]
    return once.groupby("person")["event"].size().sort_index()


def took_part(attendance: pd.DataFrame, least: int = 1, events: Sequence[str] | None = None) -> int:
    """Count the people who took part in at least ``least`` of the events.

    Examples
    --------
    >>> sheet = pd.DataFrame({"event": ["a", "b", "b"], "person": ["p", "p", "q"]})
    >>> took_part(sheet), took_part(sheet, 2), took_part(sheet, 1, ["a"])
    (2, 1, 1)
    """
    return int((sessions_by_person(attendance, events) >= least).sum())


def at_least_table(attendance: pd.DataFrame, events: Sequence[str]) -> pd.DataFrame:
    """Count for every k from 1 to n the people who came to at least k of the n events.

    Examples
    --------
    >>> sheet = pd.DataFrame({"event": ["a", "b", "b"], "person": ["p", "p", "q"]})
    >>> at_least_table(sheet, ["a", "b"]).people.tolist()
    [2, 1]
    """
    counts = sessions_by_person(attendance, events)
    rows = [(least, int((counts >= least).sum())) for least in range(1, len(events) + 1)]
    return pd.DataFrame(rows, columns=["sessions", "people"])


def retention(attendance: pd.DataFrame, order: Sequence[str]) -> pd.DataFrame:
    """Say from session to session who came, who came back, who was new.

    Parameters
    ----------
    order
        The sessions, first to last.

    Returns
    -------
    pandas.DataFrame
        A row a session: ``event``; ``people``; ``back`` who were at the session before; ``new`` who were
        at none before; ``share_back`` of the people of the session before (0 to 1; NA for the first and
        after an empty one); ``share_of_first`` of the first session's people who are here.

    Examples
    --------
    >>> sheet = pd.DataFrame({"event": ["a", "a", "b", "b"], "person": ["p", "q", "q", "r"]})
    >>> retention(sheet, ["a", "b"])[["people", "back", "new"]].values.tolist()
    [[2, 0, 2], [2, 1, 1]]
    """
    groups = attendance.groupby("event")["person"].agg(set).to_dict()
    rows = []
    seen: set[str] = set()
    before: set[str] = set()
    first: set[str] = set(groups.get(order[0], set())) if order else set()
    for event in order:
        here = set(groups.get(event, set()))
        rows.append(
            {
                "event": event,
                "people": len(here),
                "back": len(here & before),
                "before": len(before),
                "new": len(here - seen),
                "of_first": len(here & first),
                "first": len(first),
            }
        )
        before, seen = here, seen | here
    columns = ["event", "people", "back", "before", "new", "of_first", "first"]
    frame = pd.DataFrame(rows, columns=columns)
    frame["share_back"] = _share(frame["back"], frame["before"])
    frame["share_of_first"] = _share(frame["of_first"], frame["first"])
    return frame


def recruited_and_consistent(recruits: pd.DataFrame, attendance: pd.DataFrame, least: int) -> dict[str, int]:
    """Compare who signed up with who comes.

    Returns
    -------
    dict
        ``recruited``; ``came`` of them at least once; ``consistent`` of them at least ``least`` times;
        ``came_unrecruited`` people who came without having signed up.

    Examples
    --------
    >>> sheet = pd.DataFrame({"event": ["a", "b", "b"], "person": ["p", "p", "q"]})
    >>> recruited_and_consistent(pd.DataFrame({"person": ["p", "z"]}), sheet, 2)
    {'recruited': 2, 'came': 1, 'consistent': 1, 'came_unrecruited': 1}
    """
    signed = set(recruits["person"])
    counts = sessions_by_person(attendance)
    came = set(counts.index)
    often = set(counts.index[counts >= least])
    return {
        "recruited": len(signed),
        "came": len(signed & came),
        "consistent": len(signed & often),
        "came_unrecruited": len(came - signed),
    }


def people_once(attendance: pd.DataFrame) -> int:
    """Count people over all programmes, each once.

    Examples
    --------
    >>> people_once(pd.DataFrame({"programme": ["x", "y"], "event": ["a", "b"], "person": ["p", "p"]}))
    1
    """
    return int(attendance["person"].nunique())


def people_over_time(attendance: pd.DataFrame, events: pd.DataFrame, least: int = 1) -> pd.Series[int]:
    """Say by day how many people had come to at least ``least`` events by then.

    Returns
    -------
    pandas.Series
        Running total by day, on the days on which it grows.

    Examples
    --------
    >>> sheet = pd.DataFrame({"event": ["a", "b", "b"], "person": ["p", "p", "q"]})
    >>> days = pd.DataFrame({"event": ["a", "b"], "on": pd.to_datetime(["2019-02-01", "2019-03-01"])})
    >>> people_over_time(sheet, days).tolist()
    [1, 2]
    """
    dated = attendance.drop_duplicates(["event", "person"]).merge(events[["event", "on"]], on="event")
    dated = dated.sort_values(["on", "event"], kind="stable")
    nth = dated.groupby("person").cumcount() + 1
    return running_total(dated.loc[nth == least, ["on"]].assign(amount=1))


def running_total(frame: pd.DataFrame) -> pd.Series[int]:
    """Add ``amount`` up by day ``on``.

    Examples
    --------
    >>> days = pd.to_datetime(["2019-03-01", "2019-02-01", "2019-03-01"])
    >>> running_total(pd.DataFrame({"on": days, "amount": [1, 2, 3]})).tolist()
    [2, 6]
    """
    return frame.groupby("on")["amount"].sum().sort_index().cumsum()


def _share(part: pd.Series[int], whole: pd.Series[int]) -> pd.Series[float]:
    return (part / whole.where(whole > 0)).astype("Float64")
