"""What each row of a table would do, and the same rule for all kinds where rows tell a thing twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import pandas as pd

from geo.language import gettext as _
from geo.language import mark as N_


class Verdict(StrEnum):
    """What becomes of what a row tells."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    TWICE = "twice"
    ASK = "ask"
    NOTED = "noted"
    REFUSED = "refused"
    EMPTY = "empty"


VERDICT_TITLES: Mapping[Verdict, str] = {
    Verdict.NEW: N_("new"),
    Verdict.CHANGED: N_("changes what is here"),
    Verdict.SAME: N_("already here"),
    Verdict.TWICE: N_("twice in this file"),
    Verdict.ASK: N_("needs an answer"),
    Verdict.NOTED: N_("kept as a note"),
    Verdict.REFUSED: N_("rejected"),
    Verdict.EMPTY: N_("empty"),
}
TAKEN = (Verdict.NEW, Verdict.CHANGED)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that a row tells, and what becomes of it; a row may tell several.

    Attributes
    ----------
    number
        The row, as a spreadsheet counts.
    shown
        What a person sees of it, by column of the preview.
    reason
        Why it is so, and what was guessed or kept as a note.
    about, says
        What it is about, empty where no other row can be about the same; and what it says of that.
    change
        What would be recorded; None where nothing.
    """

    number: int
    verdict: Verdict
    shown: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    about: str = ""
    says: Any = None
    change: Any = field(default=None, repr=False)


def settle(lines: Sequence[Line]) -> list[Line]:
    """Let what a file tells twice be told once; where two rows tell different things of one, refuse both.

    Examples
    --------
    >>> rows = [Line(number, Verdict.NEW, about="a", says=says) for number, says in ((2, 1), (3, 1))]
    >>> [line.verdict.value for line in settle(rows)]
    ['new', 'twice']
    >>> [line.verdict.value for line in settle([*rows, Line(4, Verdict.NEW, about="a", says=9)])]
    ['refused', 'refused', 'refused']
    """
    first: dict[str, Line] = {}
    fought: dict[str, tuple[int, int]] = {}
    for line in lines:
        held = first.setdefault(line.about, line) if line.about else line
        if held.says != line.says:
            fought.setdefault(line.about, (held.number, line.number))
    return [_settled(line, first.get(line.about, line), fought.get(line.about)) for line in lines]


def _settled(line: Line, first: Line, fought: tuple[int, int] | None) -> Line:
    if fought:
        words = _("row {row} tells something else of the same: keep one")
        other = fought[1] if line.number == fought[0] else fought[0]
        return replace(line, verdict=Verdict.REFUSED, change=None, reason=words.format(row=other))
    if line is first or line.verdict not in (*TAKEN, Verdict.ASK):
        return line
    words = _("as in row {row}").format(row=first.number)
    return replace(line, verdict=Verdict.TWICE, change=None, reason=words)


def changes_of(lines: Iterable[Line], *, asked: bool = False) -> list[Any]:
    """Return what would be recorded; of what needs an answer only where ``asked`` says that it was given."""
    wanted = {*TAKEN, *([Verdict.ASK] if asked else [])}
    return [line.change for line in lines if line.verdict in wanted and line.change is not None]


def count_rows(lines: Iterable[Line]) -> dict[Verdict, int]:
    """Count the rows of each verdict; a row that tells several things counts for each verdict once.

    Examples
    --------
    >>> count_rows([Line(2, Verdict.NEW), Line(2, Verdict.NEW), Line(3, Verdict.SAME)])
    {<Verdict.NEW: 'new'>: 1, <Verdict.SAME: 'same'>: 1}
    """
    pairs = {(line.number, line.verdict): line.verdict for line in lines}
    return {
        verdict: sum(item is verdict for item in pairs.values())
        for verdict in Verdict
        if verdict in pairs.values()
    }


def to_frame(lines: Iterable[Line], columns: Sequence[str]) -> pd.DataFrame:
    """List lines as a table: ``row``, the columns, ``verdict`` in words, ``reason``.

    Examples
    --------
    >>> to_frame([Line(2, Verdict.NEW, {"code": "QX"})], ["code"]).values.tolist()
    [[2, 'QX', 'new', '']]
    """
    rows = [
        (
            line.number,
            *(line.shown.get(name) for name in columns),
            _(VERDICT_TITLES[line.verdict]),
            line.reason,
        )
        for line in lines
    ]
    return pd.DataFrame(rows, columns=["row", *columns, "verdict", "reason"])
