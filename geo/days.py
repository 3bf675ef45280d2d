"""The day where people are, a time zone's; and dates as far as they are known: a day, a month, years."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import total_ordering
from typing import Self
from zoneinfo import ZoneInfo

from geo.errors import CatalogError
from geo.language import current_language, ngettext
from geo.language import gettext as _

_FORMS = {"en": "MMM d, y", "es": "d MMM y"}
_MONTHS = {"en": "MMM y", "es": "MMM y"}
LONGEST_IN_DAYS = 60
_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


def now() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)


def day_in(timezone: str, moment: datetime | None = None) -> date:
    """Return the day in a time zone at a moment; now where none is given.

    Parameters
    ----------
    timezone
        Its name in the IANA database.
    moment
        With its offset.

    Examples
    --------
    >>> evening = datetime(2026, 3, 1, 1, 30, tzinfo=UTC)
    >>> day_in("America/Los_Angeles", evening), day_in("UTC", evening)
    (datetime.date(2026, 2, 28), datetime.date(2026, 3, 1))
    """
    return (moment or now()).astimezone(ZoneInfo(timezone)).date()


def day_words(day: date) -> str:
    """Write a day as people here read it: Nov 28, 2026, in Spanish 28 nov 2026.

    Examples
    --------
    >>> day_words(date(2026, 11, 28))
    'Nov 28, 2026'
    """
    # Not on top: a command that writes no day does not wait for Babel.
    from babel.dates import format_date

    language = current_language()
    return format_date(day, _FORMS.get(language, _FORMS["en"]), locale=language)


def hour_words(hour: time) -> str:
    """Write a time of day as people here read it: 6:00 PM, in Spanish 6:00 p. m.

    Examples
    --------
    >>> hour_words(time(18)), hour_words(time(9, 30))
    ('6:00 PM', '9:30 AM')
    """
    from babel.dates import format_time

    spaces = str.maketrans(dict.fromkeys("\u202f\u00a0", " "))
    return format_time(hour, "h:mm a", locale=f"{current_language()}_US").translate(spaces)


def moment_words(moment: datetime, timezone: str) -> str:
    """Write a moment as a clock on the wall there shows it.

    Parameters
    ----------
    moment
        With its offset.
    timezone
        Its name in the IANA database.

    Examples
    --------
    >>> moment_words(datetime(2026, 11, 28, 17, 14, tzinfo=UTC), "America/Los_Angeles")
    'Nov 28, 2026, 9:14 AM'
    """
    there = moment.astimezone(ZoneInfo(timezone))
    return f"{day_words(there.date())}, {hour_words(there.time())}"


def period_words(begins: date, ends: date | None) -> str:
    """Write a period; one that is open says so.

    Examples
    --------
    >>> period_words(date(2020, 3, 12), None)
    'Mar 12, 2020 to no end date'
    """
    return _("{begins} to {ends}").format(
        begins=day_words(begins), ends=_("no end date") if ends is None else day_words(ends)
    )


def lapse_words(first: date, last: date) -> str:
    """Say how long it is from a day to a later one: in days up to 60, in whole months and years above.

    Examples
    --------
    >>> lapse_words(date(2019, 12, 31), date(2020, 1, 10)), lapse_words(date(2020, 1, 31), date(2020, 5, 1))
    ('10 days', '3 months')
    >>> lapse_words(date(2020, 10, 15), date(2026, 11, 30)), lapse_words(date(2020, 1, 5), date(2022, 1, 5))
    ('6 years and 1 month', '2 years')
    """
    days = (last - first).days
    if days <= LONGEST_IN_DAYS:
        return ngettext("{count} day", "{count} days", days).format(count=days)
    whole = 12 * (last.year - first.year) + last.month - first.month - (last.day < first.day)
    years, months = divmod(whole, 12)
    parts = [
        *([ngettext("{count} year", "{count} years", years).format(count=years)] if years else []),
        *([ngettext("{count} month", "{count} months", months).format(count=months)] if months else []),
    ]
    return _("{years} and {months}").format(years=parts[0], months=parts[1]) if parts[1:] else parts[0]


def require_timezone(name: object, where: str) -> str:
    """Return the name of a time zone that is known.

    Parameters
    ----------
    where
        The file that names it, or does not.

    Raises
    ------
    CatalogError
        There is none, or it is not in the IANA database.

    Examples
    --------
    >>> require_timezone("America/Los_Angeles", "demo.toml")
    'America/Los_Angeles'
    """
    remedy = _('name one of the IANA database, as timezone = "America/Los_Angeles"')
    if not isinstance(name, str) or not name:
        raise CatalogError(_("{file} names no time zone").format(file=where), remedy)
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise CatalogError(
            _("{file} names a time zone that is not known ({name})").format(file=where, name=name), remedy
        ) from error
    return name


@total_ordering
@dataclass(frozen=True, slots=True)
class DateSpan:
    """When something was, as far as that is known: a day, a month, a year or several, both ends included.

    Ordered by its last day, on which it was so for sure.

    Raises
    ------
    ValueError
        It ends before it begins.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        """Refuse what ends before it begins."""
        if self.last < self.first:
            raise ValueError(_("{last} is before {first}").format(last=self.last, first=self.first))

    def __lt__(self, other: DateSpan) -> bool:
        """Whether it was sure earlier."""
        return (self.last, self.first) < (other.last, other.first)

    def __str__(self) -> str:
        """Write it as ISO 8601 does: 2021-05-01, 2021-05, 2021, or 2020/2021."""
        begins, ends = _shortest(self.first, self.last)
        return begins if begins == ends else f"{begins}/{ends}"

    @classmethod
    def read(cls, value: object) -> Self:
        """Read a day, or what ISO 8601 writes of a day, a month, a year, or two of them with a slash.

        Raises
        ------
        ValueError
            It is neither.

        Examples
        --------
        >>> DateSpan.read("2020/2021").last, DateSpan.read("2014-02").last
        (datetime.date(2021, 12, 31), datetime.date(2014, 2, 28))
        >>> str(DateSpan.read(date(2021, 5, 1))), str(DateSpan.read("2014"))
        ('2021-05-01', '2014')
        """
        if isinstance(value, DateSpan):
            return cls(value.first, value.last)
        if isinstance(value, datetime):
            value = value.date()
        if isinstance(value, date):
            return cls(value, value)
        begins, _slash, ends = str(value).strip().partition("/")
        return cls(_read_part(begins)[0], _read_part(ends or begins)[1])

    def sure_by(self, told: date) -> date:
        """Return the day by which it was so: its last one, or the day it was told where that is earlier.

        Examples
        --------
        >>> DateSpan.read("2026").sure_by(date(2026, 11, 28)), DateSpan.read("2014").sure_by(date(2026, 1, 1))
        (datetime.date(2026, 11, 28), datetime.date(2014, 12, 31))
        """
        return max(self.first, min(self.last, told))


def span_words(span: DateSpan) -> str:
    """Write a span as people here read it: Nov 28, 2026; May 2014; 2014; 2020 to 2021.

    Examples
    --------
    >>> [span_words(DateSpan.read(text)) for text in ("2021-05-01", "2014-05", "2014", "2020/2021")]
    ['May 1, 2021', 'May 2014', '2014', '2020 to 2021']
    """
    begins, ends = map(_part_words, _shortest(span.first, span.last))
    return begins if begins == ends else _("{begins} to {ends}").format(begins=begins, ends=ends)


def _part_words(part: str) -> str:
    from babel.dates import format_date

    language = current_language()
    if len(part) == len("2021"):
        return part
    if len(part) == len("2021-05"):
        form = _MONTHS.get(language, _MONTHS["en"])
        return format_date(date.fromisoformat(f"{part}-01"), form, locale=language)
    return day_words(date.fromisoformat(part))


def _read_part(text: str) -> tuple[date, date]:
    found = _PARTIAL.fullmatch(text)
    if not found:
        raise ValueError(_("{text} is no day, month or year").format(text=text))
    year, month, day = (int(part) if part else 0 for part in found.groups())
    if not month:
        return date(year, 1, 1), date(year, 12, 31)
    if not day:
        return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
    return date(year, month, day), date(year, month, day)


def _shortest(first: date, last: date) -> tuple[str, str]:
    """Write both ends by years, where they are whole years, else by months, else by days."""
    for signs in (4, 7):
        begins, ends = first.isoformat()[:signs], last.isoformat()[:signs]
        if (_read_part(begins)[0], _read_part(ends)[1]) == (first, last):
            return begins, ends
    return first.isoformat(), last.isoformat()
