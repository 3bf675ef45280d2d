"""A comparison as a table to take away: values, margins, coverage, guesswork, and the sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

import pandas as pd

from geo.language import gettext as _
from geo.tracts.comparison import Contrast, Quantity
from geo.tracts.comparison_words import sentence, title_of
from geo.units import Unit, factor_of, unit_title


def comparison_table(
    found: Sequence[Contrast], names: tuple[str, str], sources: Mapping[str, str]
) -> pd.DataFrame:
    """Lay out contrasts, a row each; shares in percent, what is missing stays empty.

    Parameters
    ----------
    names
        What the two areas are called; if they are called the same, a number tells them apart.
    sources
        By key of a source: publisher, title and vintage.

    Examples
    --------
    >>> from geo.tracts.comparison import contrast
    >>> here, there = (Quantity("share_poverty", x, 0.01, "share", source="acs") for x in (0.1, 0.2))
    >>> table = comparison_table([contrast(here, there)], ("Oasis", "Mecca"), {"acs": "Bureau, 2018"})
    >>> table.loc[0, ["Oasis", "Mecca", "Difference"]].tolist()
    [10.0, 20.0, 10.0]
    """
    first, second = names if names[0] != names[1] else (f"{names[0]} (1)", f"{names[1]} (2)")
    return pd.DataFrame([dict(_row(pair, (first, second), sources)) for pair in found])


def _row(pair: Contrast, names: tuple[str, str], sources: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    unit = pair.first.unit
    yield _("Figure"), title_of(pair.first.key)
    yield _("Unit"), unit_title(cast(Unit, unit)) if unit else ""
    for item, name in zip((pair.first, pair.second), names, strict=True):
        yield from _side(item, name, sources)
    yield _("Difference"), _shown(pair.difference, unit)
    yield _("Margin of error of the difference (90 %)"), _shown(pair.moe, unit)
    yield _("Is the difference real?"), sentence(pair, *names)


def _side(item: Quantity, name: str, sources: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    yield name, _shown(item.value, item.unit)
    yield _("{name}: margin of error (90 %)").format(name=name), _shown(item.moe, item.unit)
    yield _("{name}: covered, percent").format(name=name), _shown(item.coverage, "share")
    yield _("{name}: guesswork, percent").format(name=name), _shown(item.guesswork, "share")
    yield _("{name}: source").format(name=name), sources.get(item.source, "")


def _shown(value: float | None, unit: str) -> float | None:
    return None if value is None else round(value * factor_of(unit), 6)
