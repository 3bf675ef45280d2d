"""The account of quantities that moved from one set of polygons to another.

For every variable: **in = out + lost - counted more than once**. It ends in the dataset's sidecar and
on the Data page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

COLUMNS = ("in", "out", "lost", "counted_more_than_once", "missing", "units_lost", "units_repeated")


@dataclass(frozen=True, slots=True)
class Ledger:
    """The account of one transfer.

    Attributes
    ----------
    title
        What was moved, in words.
    source, target
        The datasets it moved between.
    lines
        One row a variable (the index), with the columns ``in``, ``out``, ``lost``,
        ``counted_more_than_once`` (in the variable's unit), ``missing`` (source units without a
        value), ``units_lost`` and ``units_repeated`` (lists of source identifiers).
    """

    title: str
    source: str
    target: str
    lines: pd.DataFrame

    def imbalance(self) -> pd.Series[float]:
        """In - out - lost + counted more than once, by variable: zero but for rounding.

        Examples
        --------
        >>> line = ledger_line(10.0, 12.0, lost=1.0, counted_more_than_once=3.0)
        >>> Ledger("people", "tracts", "towns", pd.DataFrame([line], index=["people"])).imbalance().item()
        0.0
        """
        lines = self.lines
        return lines["in"] - lines["out"] - lines["lost"] + lines["counted_more_than_once"]

    def to_record(self) -> dict[str, Any]:
        """Return what the sidecar keeps: plain numbers, strings and lists."""
        lines = self.lines.reset_index(names="variable").to_dict(orient="records")
        return {"title": self.title, "source": self.source, "target": self.target, "lines": lines}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Ledger:
        """Read back what :meth:`to_record` wrote."""
        lines = pd.DataFrame(record["lines"], columns=["variable", *COLUMNS]).set_index("variable")
        return cls(record["title"], record["source"], record["target"], lines)


def ledger_line(
    total_in: float,
    total_out: float,
    *,
    lost: float = 0.0,
    counted_more_than_once: float = 0.0,
    missing: int = 0,
    units_lost: Sequence[str] = (),
    units_repeated: Sequence[str] = (),
) -> dict[str, Any]:
    """Make one line of a ledger.

    Examples
    --------
    >>> ledger_line(10, 9, lost=1, units_lost=["06065045303"])["units_lost"]
    ['06065045303']
    """
    return {
        "in": float(total_in),
        "out": float(total_out),
        "lost": float(lost),
        "counted_more_than_once": float(counted_more_than_once),
        "missing": int(missing),
        "units_lost": list(units_lost),
        "units_repeated": list(units_repeated),
    }
