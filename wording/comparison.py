"""Whether a difference is real: one plain sentence, and a table to take away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

import pandas as pd

from geo.language import gettext as _
from geo.language import ngettext
from geo.tracts.comparison import LITTLE_COVERED, Contrast, Quantity, Tally
from geo.tracts.indicators import INDICATORS
from geo.tracts.names import tract_number
from geo.tracts.residents.estimate import METHODS
from geo.units import RELIABILITY_TITLES, Unit, factor_of, suffix_of, to_words, unit_title


def title_of(key: str) -> str:
    """Name a figure, in the chosen language.

    Examples
    --------
    >>> title_of("poverty"), title_of("share_poverty")
    ('People in poverty', 'Poverty rate')
    """
    return _(INDICATORS[key].title)


def value_of(item: Quantity) -> str:
    r"""Write a figure with its margin; a full count has none.

    Examples
    --------
    >>> value_of(Quantity("share_poverty", 0.25, 0.05, "share")), value_of(Quantity("a", None, None))
    ('25.0 ± 5.0\xa0%', 'no data')
    """
    return to_words(item.value, item.unit, item.moe or None)


def beyond_words(homes: float) -> str:
    """Say that households are more than the homes that were counted.

    Examples
    --------
    >>> beyond_words(10_069.0)
    'higher by more than chance than all housing units counted in 2020, 10,069'
    """
    words = _("higher by more than chance than all housing units counted in 2020, {units}")
    return words.format(units=to_words(homes, "housing units"))


NEXT_TO_NOTHING = 0.005
"""Share of a figure below which a doubt is not worth a line."""


def vintage_titles(rows: pd.DataFrame, keys: Sequence[str]) -> dict[str, str]:
    """Name vintages by their years; with the key where two are of the same.

    Parameters
    ----------
    rows
        The rows of one tract in the dataset ``tract_vintages``.

    Examples
    --------
    >>> rows = pd.DataFrame({"source": ["a", "b"], "vintage": ["2018-2022, 2020 tracts"] * 2})
    >>> vintage_titles(rows, ["a", "b"])
    {'a': '2018-2022 (a)', 'b': '2018-2022 (b)'}
    """
    told = rows.drop_duplicates("source")
    years = [words.partition(",")[0] for words in told["vintage"].astype(str)]
    words = dict(zip(told["source"].astype(str), years, strict=True))
    several = [name for name in words.values() if list(words.values()).count(name) > 1]
    return {key: f"{words[key]} ({key})" if words[key] in several else words[key] for key in keys}


def vintage_notes(rows: pd.DataFrame, first: str, shared: float) -> Iterator[str]:
    """Say what a test of a change rests on: shared years, what was carried over, and what is left out.

    Parameters
    ----------
    rows
        The rows of one tract in the dataset ``tract_vintages``.
    first
        Key of the earlier vintage.
    shared
        Share of the period's years that both have (0 to 1).
    """
    if shared > 0:
        yield _(
            "The two periods share {share} of their years, so part of the sample is the same: the margin of "
            "the change allows for it."
        ).format(share=to_words(shared, "share"))
    origin = rows.loc[rows["source"] == first, "carried_from"].dropna()
    if len(origin):
        names = ", ".join(tract_number(geoid) for geoid in str(origin.iloc[0]).split())
        yield _("The earlier figures were carried over from 2010 tracts: {tracts}.").format(tracts=names)
    yield _(
        "Incomes are left out, as dollars are each year's own, and so are single parents, who were defined "
        "anew in 2019."
    )


def doubts_of(item: Quantity) -> list[str]:
    r"""Say how sure a figure is: reliability, coverage, guesswork, and how it came about.

    Examples
    --------
    >>> doubts_of(Quantity("a", 100.0, 60.0, "people", 0.5, 0.25, method="interpolated"))[:2]
    ['use with caution', '50.0\xa0% of the area is covered']
    """
    method = [_(METHODS[item.method])] if item.method else []
    if item.value is None:
        return method
    words = [_(RELIABILITY_TITLES[item.reliability])] if item.reliability else []
    if item.beyond is not None:
        words.append(beyond_words(item.beyond))
    if item.moe is None:
        words.append(_("no margin of error is known"))
    elif item.moe == 0 and item.method != "controlled":
        words.append(_("a full count, no sample"))
    if item.coverage is not None:
        words.append(_("{share} of the area is covered").format(share=to_words(item.coverage, "share")))
    if item.guesswork is not None and item.guesswork >= NEXT_TO_NOTHING:
        words.append(
            _("{share} of it comes from areas that lie partly inside").format(
                share=to_words(item.guesswork, "share")
            )
        )
    return [*words, *method]


def sentence(found: Contrast, first: str, second: str) -> str:
    """Say whether a difference is real.

    Parameters
    ----------
    first, second
        What the two are called.

    Examples
    --------
    >>> from geo.tracts.comparison import contrast
    >>> here, there = Quantity("poverty", 10.0, 3.0, "people"), Quantity("poverty", 20.0, 4.0, "people")
    >>> sentence(contrast(here, there), "Oasis", "Mecca")
    'Statistically different: Mecca is higher by 10 ± 5.'
    >>> here, there = Quantity("share_uninsured", 0.1, 0.03, "share"), Quantity("a", 0.2, 0.04, "share")
    >>> sentence(contrast(here, there), "Oasis", "Mecca")
    'Statistically different: Mecca is higher by 10.0 ± 5.0 percentage points.'
    """
    words = _sentence(found, first, second)
    if found.tested and found.mostly_guesswork:
        more = _("Mostly allocated from partial tracts; use official place data if you can.")
        words = f"{words} {more}"
    return words


def tally_sentence(counted: Tally) -> str:
    """Say how many of the figures differ, and how many would by chance.

    Examples
    --------
    >>> tally_sentence(Tally(compared=12, tested=10, different=3, by_chance=1))
    '3 of 10 measures differ significantly (90%); about 1 would by chance.'
    """
    words = ngettext(
        "{different} of {count} measure differs significantly (90%); about {chance} would by chance.",
        "{different} of {count} measures differ significantly (90%); about {chance} would by chance.",
        counted.tested,
    )
    return words.format(different=counted.different, count=counted.tested, chance=counted.by_chance)


def rates_sentence(counted: Tally) -> str:
    """Say how many of the rates differ, and how many would by chance.

    Examples
    --------
    >>> rates_sentence(Tally(compared=12, tested=10, different=3, by_chance=1))
    '3 of 10 rates and scores differ significantly (90%); about 1 would by chance.'
    """
    words = ngettext(
        "{different} of {count} rate or score differs significantly (90%); about {chance} would by chance.",
        "{different} of {count} rates and scores differ significantly (90%); about {chance} would by chance.",
        counted.tested,
    )
    return words.format(different=counted.different, count=counted.tested, chance=counted.by_chance)


def _sentence(found: Contrast, first: str, second: str) -> str:
    if found.verdict == "missing":
        lacking = first if found.first.value is None else second
        return _("Cannot be tested: {name} has no figure.").format(name=lacking)
    if found.verdict == "no_margin":
        return _("Cannot be tested: no margin of error is published.")
    if found.verdict == "split":
        return _("Cannot be tested: the older figure was carried over from parts of 2010 tracts.")
    if found.verdict == "little_covered":
        return _not_covered(found, first, second)
    if found.verdict == "equal":
        return _("Both are the same.")
    gap = _gap(found)
    if found.verdict == "different":
        higher = second if (found.difference or 0.0) > 0 else first
        return _("Statistically different: {name} is higher by {gap}.").format(name=higher, gap=gap)
    return _("Not statistically different ({gap}).").format(gap=gap)


def _gap(found: Contrast) -> str:
    """Write the difference without its sign; that of two percentages is in percentage points."""
    unit = found.first.unit
    gap = to_words(abs(found.difference or 0.0), unit, found.moe or None)
    suffix = suffix_of(unit)
    return _("{gap} percentage points").format(gap=gap.removesuffix(suffix)) if suffix else gap


def _not_covered(found: Contrast, first: str, second: str) -> str:
    share = found.first.coverage
    is_first = share is not None and share < LITTLE_COVERED
    name, covered = (first, share) if is_first else (second, found.second.coverage)
    return _("Cannot be tested: data cover only {share} of {name}.").format(
        share=to_words(covered, "share"), name=name
    )


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


def side_table(
    areas: Sequence[tuple[str, Mapping[str, Quantity]]], sources: Mapping[str, str]
) -> pd.DataFrame:
    """Lay out the figures of several areas, a row each; shares in percent, what is missing stays empty.

    Parameters
    ----------
    areas
        What each is called, and its figures.
    sources
        By key of a source: publisher, title and vintage.

    Examples
    --------
    >>> figures = {"share_poverty": Quantity("share_poverty", 0.1, 0.01, "share", source="acs")}
    >>> table = side_table([("Oasis", figures), ("Mecca", {})], {"acs": "Bureau, 2018"})
    >>> table.loc[0, ["Figure", "Oasis", "Mecca"]].tolist()
    ['Poverty rate', 10.0, None]
    """
    keys = dict.fromkeys(key for _name, figures in areas for key in figures)
    rows = []
    for key in keys:
        row: dict[str, Any] = {_("Figure"): title_of(key)}
        for place, (name, figures) in enumerate(areas, 1):
            item = figures.get(key, Quantity(key, None, None))
            shown = name if [other for other, _figures in areas].count(name) == 1 else f"{name} ({place})"
            row |= dict(_side(item, shown, sources))
        rows.append(row)
    return pd.DataFrame(rows, dtype=object)


def _row(pair: Contrast, names: tuple[str, str], sources: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    unit = pair.first.unit
    yield _("Figure"), title_of(pair.first.key)
    yield _("Unit"), unit_title(cast(Unit, unit)) if unit else ""
    for item, name in zip((pair.first, pair.second), names, strict=True):
        yield from _side(item, name, sources)
    yield _("Difference"), _shown(pair.difference, unit)
    yield _("Margin of error of the difference (90 %)"), _shown(pair.moe, unit)
    yield _("Statistically different?"), sentence(pair, *names)


def _side(item: Quantity, name: str, sources: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    yield name, _shown(item.value, item.unit)
    yield _("{name}: margin of error (90 %)").format(name=name), _shown(item.moe, item.unit)
    yield _("{name}: covered, percent").format(name=name), _shown(item.coverage, "share")
    yield _("{name}: modeled from partial tracts, percent").format(name=name), _shown(item.guesswork, "share")
    yield _("{name}: source").format(name=name), sources.get(item.source, "")


def _shown(value: float | None, unit: str) -> float | None:
    return None if value is None else round(value * factor_of(unit), 6)
