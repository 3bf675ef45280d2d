"""A programme that was changed after it began: the next version out of a form, and what differs. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from geo.language import gettext as _
from geo.program.declaration import Measure, Milestone, Programme, fields_of, to_programme
from geo.program.tables import stated_words

KEPT = ("result", "result_words")
"""What an organisation reported of itself stays as it was reported."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that differs between two versions, in words; empty where there is none."""

    what: str
    before: str
    after: str


def next_version(
    old: Programme,
    words: Mapping[str, str],
    begins: date,
    ends: date | None,
    area: tuple[str, str] | None,
    measures: pd.DataFrame,
    milestones: pd.DataFrame,
) -> Programme:
    """Make the next version of a programme of what a form says.

    Its key and kind, its rules of who is eligible and what the organisation reported stay; a measure is known
    by its ``key``, so that another title does not part it from what is recorded of it.

    Parameters
    ----------
    area
        As :func:`geo.program.declaration.fields_of`; None leaves it as it stands.

    Raises
    ------
    CatalogError
        Names every field that does not hold.
    """
    fields = fields_of(words, begins, ends, area or ("", ""), measures, milestones)
    stay = {item.key: item for item in old.measures}
    fields["measures"] = [{**_kept(stay.get(str(row["key"]))), **row} for row in fields["measures"]]
    state = old.model_dump() | fields | {"key": old.key}
    return to_programme(state if area else state | {"areas": old.areas}, words["title"])


def differences(before: Programme, after: Programme) -> list[Difference]:
    """List what differs between two versions, in words.

    Examples
    --------
    >>> from geo.program.declaration import read_programmes
    >>> plan = read_programmes()["regional_plan"]
    >>> [(item.what, item.before, item.after) for item in differences(plan, plan)]
    []
    >>> later = plan.model_copy(update={"audience": "Everybody"})
    >>> differences(plan, later)
    [Difference(what='Audience', before='Hard-to-reach people first', after='Everybody')]
    """
    pairs = [*_of_programme(before, after), *_of_measures(before, after), *_of_milestones(before, after)]
    return [item for item in pairs if item.before != item.after]


def _kept(measure: Measure | None) -> dict[str, Any]:
    return {} if measure is None else {name: getattr(measure, name) for name in KEPT}


def _of_programme(before: Programme, after: Programme) -> Iterator[Difference]:
    yield Difference(_("Title"), _(before.title), _(after.title))
    yield Difference(_("Purpose"), _(before.purpose), _(after.purpose))
    yield Difference(_("Audience"), _said(before.audience), _said(after.audience))
    yield Difference(_("Partners"), ", ".join(before.partners), ", ".join(after.partners))
    yield Difference(_("Begins"), str(before.begins), str(after.begins))
    yield Difference(_("Ends"), str(before.ends or _("open")), str(after.ends or _("open")))
    yield Difference(_("Area"), _area_words(before), _area_words(after))


def _said(words: str) -> str:
    return _(words) if words else ""


def _area_words(programme: Programme) -> str:
    names = [", ".join(option.values) for option in programme.areas]
    return "; ".join(name or _("the region's windows") for name in names)


def _of_measures(before: Programme, after: Programme) -> Iterator[Difference]:
    old, new = ({item.key: item for item in version.measures} for version in (before, after))
    for key in [*old, *(key for key in new if key not in old)]:
        title = _((new.get(key) or old[key]).title)
        was, is_now = _measure_fields(old.get(key)), _measure_fields(new.get(key))
        for name in [*was, *(name for name in is_now if name not in was)]:
            yield Difference(f"{title}: {name}", was.get(name, ""), is_now.get(name, ""))


def _measure_fields(measure: Measure | None) -> dict[str, str]:
    if measure is None:
        return {}
    return {
        _("Measure"): _(measure.title),
        _("Unit"): _(measure.unit),
        _("Counted from"): str(measure.counted),
        _("At least so many sessions"): str(measure.at_least),
        _("Baseline"): stated_words(measure.baseline),
        _("Target"): stated_words(measure.target),
        _("How it is counted"): _(measure.how),
    }


def _of_milestones(before: Programme, after: Programme) -> Iterator[Difference]:
    old, new = ({item.title: _due(item) for item in version.milestones} for version in (before, after))
    for title in dict.fromkeys([*old, *new]):
        what = f"{_('Milestone')}: {_(title)}"
        yield Difference(what, old.get(title, ""), new.get(title, ""))


def _due(milestone: Milestone) -> str:
    return str(milestone.due or _("no day"))
