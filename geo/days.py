"""The day where people are: a time zone's, for what is dated by a day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from geo.errors import CatalogError
from geo.language import current_language
from geo.language import gettext as _

_FORMS = {"en": "MMM d, y", "es": "d MMM y"}


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
