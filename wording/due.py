"""What is due soon or overdue: milestones, events of which nobody wrote down who came, targets."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from geo.days import day_words, lapse_words
from geo.language import gettext as _
from geo.language import ngettext
from geo.program.figures import ProgramFigures, RegionFigures
from wording.agenda import Dated, Other
from wording.program import value_words
from wording.program_glance import has_begun

NEVER_LATE = (Other.CANVASS_GOAL, Other.CANVASS_DAY, Other.SHIFT)
SOON_DAYS = 30
OVER_DAYS = 90
"""How long after its end a period whose target was not reached is still told."""


@dataclass(frozen=True, slots=True)
class Due:
    """Something to be done: by when, what it is, and how late in words; ``event`` is an event's key."""

    on: date
    title: str
    words: str
    is_late: bool
    program: str = ""
    event: str = ""


def list_due(
    dated: Sequence[Dated], figures: RegionFigures, unattended: Collection[str], day: date
) -> list[Due]:
    """List what is overdue, the latest first, then what is due within 30 days.

    Nothing is late in a program of which nothing is recorded.

    Parameters
    ----------
    dated
        What stands on the calendar.
    figures
        Of all programs, as who looks may see them.
    unattended
        Keys of the events of which nobody wrote down who came; empty for those who do not record.

    Examples
    --------
    >>> from geo.program.measures import Records
    >>> made = Dated(Other.WATER_MILESTONE, "a", date(2026, 11, 1), "Oasis: design", is_open=True)
    >>> figures = RegionFigures({}, Records(), date(2026, 11, 30))
    >>> [(item.title, item.words) for item in list_due([made], figures, [], date(2026, 11, 30))]
    [('Oasis: design', '29 days late')]
    """
    begun = {
        own.program.key for own in figures.each() if any(has_begun(standing) for standing in own.standings())
    }
    found = [
        *_open_ones(dated, begun, day),
        *_unattended(dated, unattended, day),
        *(item for own in figures.each() for item in _targets(own, begun, day)),
    ]
    late = sorted((item for item in found if item.is_late), key=lambda item: item.on, reverse=True)
    return [*late, *sorted((item for item in found if not item.is_late), key=lambda item: item.on)]


def _open_ones(dated: Sequence[Dated], begun: Collection[str], day: date) -> Iterator[Due]:
    for item in dated:
        days = (item.on - day).days
        told = not item.program or item.program in begun
        if item.is_open and days <= SOON_DAYS and (days >= 0 or (told and item.kind not in NEVER_LATE)):
            yield Due(item.on, item.title, when_words(item.on, day), days < 0, item.program)


def _unattended(dated: Sequence[Dated], unattended: Collection[str], day: date) -> Iterator[Due]:
    for item in dated:
        if item.is_event and not item.gone and item.key in unattended:
            words = _("who came is not recorded yet, {days}").format(days=ago_words(item.on, day))
            yield Due(item.on, item.title, words, True, item.program, item.key)


def _targets(own: ProgramFigures, begun: Collection[str], day: date) -> Iterator[Due]:
    """Tell the targets that are not reached of a period that ends within 30 days, or ended of late."""
    program = own.program
    if (
        program.ends is None
        or program.key not in begun
        or not (-OVER_DAYS <= (program.ends - day).days <= SOON_DAYS)
    ):
        return
    for standing in own.standings():
        measure = standing.measure
        if measure.target is None or standing.set_late:
            continue
        if standing.share_of_way is not None and standing.share_of_way >= 1:
            continue
        words = _target_words(f"{measure.target:,.0f}", value_words(standing), program.ends, day)
        yield Due(program.ends, _(measure.title), words, program.ends < day, program.key)


def _target_words(target: str, value: str, ends: date, day: date) -> str:
    """Say of a target that is not reached how many days of its period are left, or when it ended."""
    days = (ends - day).days
    if days < 0:
        words = _("target of {target} not reached: now {value}; its period ended {days}")
        return words.format(target=target, value=value, days=ago_words(ends, day))
    return ngettext(
        "target of {target} not reached yet: now {value}; {count} day is left",
        "target of {target} not reached yet: now {value}; {count} days are left",
        days,
    ).format(target=target, value=value, count=days)


def when_words(on: date, day: date) -> str:
    """Say how long there is until a day, or how late it is.

    Examples
    --------
    >>> today = date(2026, 11, 30)
    >>> [when_words(day, today) for day in (date(2026, 12, 1), today, date(2026, 11, 28))]
    ['due in 1 day', 'due today', '2 days late']
    """
    days = (on - day).days
    if days == 0:
        return _("due today")
    if days > 0:
        return ngettext("due in {count} day", "due in {count} days", days).format(count=f"{days:,}")
    return _("{lapse} late").format(lapse=lapse_words(on, day))


def ago_words(on: date, day: date) -> str:
    """Say how long ago something was.

    Examples
    --------
    >>> today = date(2026, 11, 30)
    >>> ago_words(date(2026, 11, 29), today), ago_words(date(2023, 8, 18), today)
    ('1 day ago', '3 years and 3 months ago')
    """
    return _("{lapse} ago").format(lapse=lapse_words(on, day))


def due_words(item: Due, programs: Mapping[str, str]) -> str:
    """Write what is due: its day, its program's title up to a colon, and what it is.

    Examples
    --------
    >>> due_words(Due(date(2026, 11, 28), "Report", "2 days late", True, "p"), {"p": "Plan: a purpose"})
    'Nov 28, 2026 · Plan: Report'
    """
    program = programs.get(item.program, "").partition(":")[0]
    return f"{day_words(item.on)} · {f'{program}: {item.title}' if program else item.title}"
