"""The same time for every candidate: what each spoke, beside what the others of the race did. Pure."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.language import gettext as _
from geo.language import ngettext

FAIR = 0.05 + 1e-9
ROWS = ("event", "race", "candidate", "minutes", "of_average", "fair")
TOTALS = ("event", "race", "candidates", "timed", "mean_minutes", "difference_minutes", "fair")


def fairness_table(spoken: pd.DataFrame, races: pd.DataFrame) -> pd.DataFrame:
    """Compare each candidate's time with the average of their race at the event.

    Parameters
    ----------
    spoken
        ``event``, ``race`` (key), ``candidate``, ``seconds``.
    races
        ``key``, ``candidates`` (names): who stands in the race; one who was not timed at an event of the
        race has a row all the same, with the time missing.

    Returns
    -------
    pandas.DataFrame
        ``event``, ``race``, ``candidate``, ``minutes`` (NA where not timed), ``of_average`` (1 is the
        average of those who were timed), ``fair`` (within 5 %; NA where not timed).

    Examples
    --------
    >>> rows = {"event": ["e"] * 2, "race": ["r"] * 2, "candidate": ["A", "B"], "seconds": [570, 630]}
    >>> races = pd.DataFrame({"key": ["r"], "candidates": [("A", "B", "C")]})
    >>> fairness_table(pd.DataFrame(rows), races)[["minutes", "of_average", "fair"]].values.tolist()
    [[9.5, 0.95, True], [10.5, 1.05, True], [<NA>, <NA>, <NA>]]
    """
    pairs = spoken[["event", "race"]].drop_duplicates()
    stands = races[["key", "candidates"]].rename(columns={"key": "race", "candidates": "candidate"})
    expected = pairs.merge(stands.explode("candidate"), on="race", how="left")
    frame = expected.merge(spoken, on=["event", "race", "candidate"], how="outer")
    frame = frame[["event", "race", "candidate", "seconds"]].dropna(subset=["candidate"])
    seconds = frame["seconds"].astype("Float64")
    average = seconds.groupby([frame["event"], frame["race"]]).transform("mean")
    share = (seconds / average.where(average > 0)).round(4)
    fair = ((share - 1).abs() <= FAIR).astype("boolean").mask(share.isna())
    return frame.assign(minutes=(seconds / 60).round(2), of_average=share, fair=fair)[list(ROWS)]


def fairness_totals(table: pd.DataFrame) -> pd.DataFrame:
    """Say of every race at every event how far apart the longest and the shortest time lie.

    Parameters
    ----------
    table
        As :func:`fairness_table` gives it.

    Returns
    -------
    pandas.DataFrame
        ``event``, ``race``, ``candidates`` (who stand), ``timed``, ``mean_minutes``,
        ``difference_minutes`` (longest less shortest of those who were timed), ``fair`` (each of them is).

    Examples
    --------
    >>> rows = {"event": ["e"] * 2, "race": ["r"] * 2, "candidate": ["A", "B"], "seconds": [570, 630]}
    >>> races = pd.DataFrame({"key": ["r"], "candidates": [("A", "B", "C")]})
    >>> fairness_totals(fairness_table(pd.DataFrame(rows), races)).values.tolist()
    [['e', 'r', 3, 2, 10.0, 1.0, True]]
    """
    rows = [
        (event, race, len(part), int(timed.size), *_spread(timed), bool(part["fair"].fillna(True).all()))
        for (event, race), part in table.groupby(["event", "race"], sort=False)
        for timed in [part["minutes"].dropna().to_numpy(dtype=float)]
    ]
    return pd.DataFrame(rows, columns=list(TOTALS))


def fairness_words(totals: pd.DataFrame, table: pd.DataFrame) -> list[str]:
    """Say in how many races and events everybody timed was within 5 %, and how many were not timed.

    Parameters
    ----------
    totals, table
        As :func:`fairness_totals` and :func:`fairness_table` give them.

    Examples
    --------
    >>> rows = {"event": ["e"] * 2, "race": ["r"] * 2, "candidate": ["A", "B"], "seconds": [570, 630]}
    >>> races = pd.DataFrame({"key": ["r"], "candidates": [("A", "B", "C")]})
    >>> table = fairness_table(pd.DataFrame(rows), races)
    >>> for words in fairness_words(fairness_totals(table), table):
    ...     print(words)
    In 1 of 1 forums of a race everybody timed had the average time within 5 %.
    1 candidate was not timed.
    """
    words = _("In {fair} of {all} forums of a race everybody timed had the average time within 5 %.")
    told = [words.format(fair=int(totals["fair"].sum()), all=len(totals))]
    missing = int(table["minutes"].isna().sum())
    if missing:
        told.append(
            ngettext(
                "{count} candidate was not timed.", "{count} candidates were not timed.", missing
            ).format(count=missing)
        )
    return told


def _spread(minutes: np.ndarray[tuple[int], np.dtype[np.float64]]) -> tuple[float, float]:
    return round(float(minutes.mean()), 2), round(float(minutes.max() - minutes.min()), 2)
