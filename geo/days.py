"""The day where people are: a time zone's, for what is dated by a day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from geo.errors import CatalogError
from geo.language import gettext as _


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
