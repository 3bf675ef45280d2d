"""What a report says of forums: who stands in which race, how long each spoke, what residents asked."""

from __future__ import annotations

from typing import Any

import pandas as pd

from geo.language import gettext as _
from geo.units import is_missing
from wording.program_results import Rows, day_of


def race_rows(races: pd.DataFrame) -> Rows:
    """List races by day: ``on``, ``title``, ``district``, ``area`` and ``candidates`` (names).

    Examples
    --------
    >>> day = pd.Timestamp("2018-11-06")
    >>> race = {"on": day, "title": "Board", "district": "D", "area": "Area 1", "candidates": ("A", "B")}
    >>> race_rows(pd.DataFrame([race]))[1]
    ('2018-11-06', 'Board', 'D: Area 1', 'A, B')
    """
    head = (_("Day of the election"), _("Race"), _("Who votes"), _("Candidates"))
    rows = [
        (day_of(row["on"]), str(row["title"]), _who_votes(row), ", ".join(row["candidates"]))
        for row in _by_day(races)
    ]
    return (head, *rows)


def _who_votes(row: dict[Any, Any]) -> str:
    district, area = str(row["district"]), str(row["area"] or "")
    return _("{district}: {area}").format(district=district, area=area) if area else district


def spoken_rows(spoken: pd.DataFrame) -> Rows:
    """List each candidate of each race at each forum, whether they came and how many minutes they spoke.

    Parameters
    ----------
    spoken
        ``on``, ``event``, ``race``, ``candidate``, ``attended`` and ``minutes``, NA where not written down.

    Examples
    --------
    >>> row = {"on": pd.Timestamp("2018-10-01"), "event": "F", "race": "Board", "candidate": "A"}
    >>> rows = [row | {"attended": True, "minutes": 2.5}, row | {"attended": pd.NA, "minutes": pd.NA}]
    >>> [row[3:] for row in spoken_rows(pd.DataFrame(rows))[1:]]
    [('A', 'yes', '2.5'), ('A', '–', '–')]
    """
    head = (_("Day"), _("Event"), _("Race"), _("Candidate"), _("Came"), _("Minutes spoken"))
    rows = [
        (
            day_of(row["on"]),
            str(row["event"]),
            str(row["race"]),
            str(row["candidate"]),
            "–" if is_missing(row["attended"]) else _("yes") if row["attended"] else _("no"),
            "–" if is_missing(row["minutes"]) else f"{row['minutes']:g}",
        )
        for row in _by_day(spoken)
    ]
    return (head, *rows)


def question_rows(questions: pd.DataFrame) -> Rows:
    """List what residents asked by day: ``on``, ``text`` and ``race`` (its title, or empty)."""
    head = (_("Day"), _("Question"), _("Race"))
    rows = [(day_of(row["on"]), str(row["text"]), str(row["race"] or "–")) for row in _by_day(questions)]
    return (head, *rows)


def _by_day(frame: pd.DataFrame) -> list[dict[Any, Any]]:
    return frame.sort_values("on", kind="stable").to_dict("records")
