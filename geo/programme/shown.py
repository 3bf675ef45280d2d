"""What a programme's page shows to whom: people in several programmes, recruits, questions, barriers. Pure.

``full`` is whether the viewer may see counts under ten and free text; for others both are left out, and
with them every count from which a hidden one could be reckoned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from geo.programme.measures import Records
from geo.programme.participation import (
    people_once,
    people_over_time,
    recruited_and_consistent,
    running_total,
    took_part,
)
from geo.suppression import is_settled, is_small, shown, shown_part, suppress, suppress_curve


@dataclass(frozen=True, slots=True)
class Together:
    """People of several programmes: each once, added up, and in more than one; None where hidden."""

    once: int | None
    added: int | None
    several: int | None


def people_together(
    attendance: pd.DataFrame,
    programmes: Sequence[str],
    *,
    full: bool,
    events: pd.DataFrame | None = None,
) -> Together:
    """Count the people of some programmes, each once.

    Parameters
    ----------
    attendance
        ``programme`` and ``person``; the same code in two programmes is the same person.
    events
        ``event`` and ``on``, where each programme's running total is shown too: it may end a step before.

    Examples
    --------
    >>> came = pd.DataFrame({"programme": ["x", "y", "y"], "person": ["p", "p", "q"]})
    >>> people_together(came, ["x", "y"], full=True)
    Together(once=2, added=3, several=1)
    >>> people_together(came, ["x", "y"], full=False)
    Together(once=None, added=None, several=None)
    """
    own = attendance[attendance["programme"].isin(list(programmes))]
    pairs = own[["programme", "person"]].drop_duplicates()
    once, added = people_once(own), len(pairs)
    several = int((pairs.groupby("person")["programme"].size() > 1).sum())
    if full:
        return Together(once, added, several)
    if events is not None and is_small(_beyond(own, events)):
        return Together(None, None, None)
    if is_small(several) or is_small(added - once) or is_small(once - several):
        return Together(None, shown(added), None)
    return Together(shown(once), shown(added), shown(several))


def _beyond(attendance: pd.DataFrame, events: pd.DataFrame) -> float:
    """Count the people of several programmes beyond the last steps that others see of the running totals."""
    curves = [people_over_time(own, events).astype(float) for _key, own in attendance.groupby("programme")]
    return sum(
        float(curve.iloc[-1]) - max(suppress_curve(curve), default=0.0) for curve in curves if len(curve)
    )


def recruits_shown(records: Records, least: int, *, full: bool) -> dict[str, int | None]:
    """Compare who signed up with who comes: ``recruited``, ``came``, ``consistent``, ``came_unrecruited``.

    Parameters
    ----------
    records
        One programme's.
    least
        Sessions of a consistent person.

    Examples
    --------
    >>> recruits_shown(Records(), 3, full=True)
    {'recruited': 0, 'came': 0, 'consistent': 0, 'came_unrecruited': 0}
    """
    counts = recruited_and_consistent(records.recruits, records.attendance, least)
    if full:
        return dict(counts)
    signed = records.recruits.sort_values("on", kind="stable").drop_duplicates("person")
    signing = running_total(signed.assign(amount=1)).astype(float)
    coming = people_over_time(records.attendance, records.events).astype(float)
    everybody, often = took_part(records.attendance), took_part(records.attendance, least)
    came = shown_part(counts["came"], counts["recruited"])
    came = came if shown_part(counts["came"], everybody) is not None else None
    consistent = shown_part(counts["consistent"], counts["came"])
    consistent = consistent if shown_part(counts["consistent"], often) is not None else None
    others = shown(counts["came_unrecruited"]) if is_settled(everybody, coming) else None
    return {
        "recruited": shown(counts["recruited"]) if is_settled(counts["recruited"], signing) else None,
        "came": came,
        "consistent": None if came is None else consistent,
        "came_unrecruited": None if came is None else others,
    }


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


def divisions_shown(table: pd.DataFrame, *, full: bool) -> pd.DataFrame:
    """Hide small numbers of households of a trustee area or division from others.

    Examples
    --------
    >>> table = pd.DataFrame({"name": ["a", "b", "c"], "households": [30, 4, 12]})
    >>> divisions_shown(table, full=False)["households"].tolist()
    [30, <NA>, <NA>]
    """
    return table if full else table.assign(households=suppress(table["households"]))
