"""What a cell of the task force's own sheet says: stages, days, amounts and shares, as people write them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache

from geo.errors import StoreError
from geo.language import LANGUAGES, current_language, use_language
from geo.language import gettext as _
from store.water.kinds import FUNDING_TITLES, SERVICE_TITLES, STAGE_TITLES, FundingStatus, Service, Stage
from store.water.sheet_columns import SERVICE_WORDS, plain_words

# Words beside our own titles, in either language; what could mean two stages is not here.
STAGE_WORDS: Mapping[str, Stage] = {
    "construction": Stage.UNDER_CONSTRUCTION,
    "in construction": Stage.UNDER_CONSTRUCTION,
    "construccion": Stage.UNDER_CONSTRUCTION,
    "completed": Stage.CONNECTED,
    "complete": Stage.CONNECTED,
    "consolidated": Stage.CONNECTED,
    "terminado": Stage.CONNECTED,
    "feasibility study": Stage.FEASIBILITY,
    "estudio factibilidad": Stage.FEASIBILITY,
    "planeacion": Stage.PLANNING,
    "not begun": Stage.NOT_STARTED,
    "infeasible": Stage.NOT_FEASIBLE,
    "served": Stage.ALREADY_SERVED,
}
FUNDING_WORDS: Mapping[str, FundingStatus] = {
    "applied": FundingStatus.APPLIED,
    "application": FundingStatus.APPLIED,
    "pending": FundingStatus.APPLIED,
    "approved": FundingStatus.AWARDED,
    "granted": FundingStatus.AWARDED,
    "otorgado": FundingStatus.AWARDED,
    "aprobado": FundingStatus.AWARDED,
    "rejected": FundingStatus.DECLINED,
    "denied": FundingStatus.DECLINED,
}
AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})")
ENGLISH_DAY = re.compile(r"([a-z]+) (\d{1,2}) (\d{4})")
SPOKEN_DAY = re.compile(r"(\d{1,2}) ([a-z]+) (\d{4})")
MONTHS = (
    "january enero", "february febrero", "march marzo", "april abril", "may mayo", "june junio", "july julio",
    "august agosto", "september septiembre setiembre", "october octubre", "november noviembre",
    "december diciembre",
)  # fmt: skip
# Excel counts days from here; numbers that stand for the years 1982 to 2064.
EXCEL_BEGIN, EXCEL_DAYS = date(1899, 12, 30), range(30_000, 60_000)
AMOUNT = re.compile(r"(-?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(k|m|mil|thousand|million|millon|millones|mdd)?")
SHARE = re.compile(r"(-?\d+(?:\.\d+)?)(%?)")
TIMES = {"k": 1e3, "mil": 1e3, "thousand": 1e3} | dict.fromkeys(
    ("m", "million", "millon", "millones", "mdd"), 1e6
)


def to_service(text: str) -> str:
    """Tell a service; none named means water.

    Examples
    --------
    >>> to_service(""), to_service("Sewer"), to_service("agua")
    ('water', 'wastewater', 'water')
    """
    if not text:
        return str(Service.WATER)
    titles = {str(service): title for service, title in SERVICE_TITLES.items()}
    found = _named(text, titles, {word: str(s) for s, words in SERVICE_WORDS.items() for word in words})
    if found is None:
        raise StoreError(_("{text!r} is no service").format(text=text), _("write water or wastewater"))
    return found


def to_stage(text: str) -> str:
    """Tell a stage by its title in English or Spanish, or a usual word for it.

    Examples
    --------
    >>> to_stage("Under Construction"), to_stage("completed")
    ('under_construction', 'connected')
    """
    titles = {str(stage): title for stage, title in STAGE_TITLES.items()}
    found = _named(text, titles, {word: str(stage) for word, stage in STAGE_WORDS.items()})
    if found is None:
        known = ", ".join(_(title) for title in STAGE_TITLES.values())
        raise StoreError(
            _("{text!r} is no stage").format(text=text), _("use one of {known}").format(known=known)
        )
    return found


def to_funding_status(text: str) -> str:
    """Tell how far money has come.

    Examples
    --------
    >>> to_funding_status("Awarded"), to_funding_status("approved")
    ('awarded', 'awarded')
    """
    titles = {str(status): title for status, title in FUNDING_TITLES.items()}
    found = _named(text, titles, {word: str(status) for word, status in FUNDING_WORDS.items()})
    if found is None:
        known = ", ".join(_(title) for title in FUNDING_TITLES.values())
        raise StoreError(
            _("{text!r} does not say how far the money is").format(text=text),
            _("use one of {known}").format(known=known),
        )
    return found


def _named(text: str, titles: Mapping[str, str], usual: Mapping[str, str]) -> str | None:
    """Find what a text names: its key, its title in any language, or a usual word."""
    wanted = plain_words(text)
    return _in_every_language(tuple(titles.items())).get(wanted) or usual.get(wanted)


@cache
def _in_every_language(titles: tuple[tuple[str, str], ...]) -> dict[str, str]:
    found = {plain_words(key): key for key, _title in titles}
    spoken = current_language()
    try:
        for language in LANGUAGES:
            use_language(language)
            found |= {plain_words(_(title)): key for key, title in titles}
    finally:
        use_language(spoken)
    return found


def to_day(text: str) -> date:
    """Tell a day: 2026-03-31, 3/31/2026 (month first), March 31, 2026, in Spanish too, or Excel's number.

    Examples
    --------
    >>> to_day("5/1/2024"), to_day("31 de marzo de 2026"), to_day("45413")
    (datetime.date(2024, 5, 1), datetime.date(2026, 3, 31), datetime.date(2024, 5, 1))
    """
    try:
        return _american(text) or _spoken(text) or _counted(text) or date.fromisoformat(text[:10])
    except ValueError as error:
        raise StoreError(
            _("{text!r} is no date").format(text=text), _("write YYYY-MM-DD, as 2026-03-31")
        ) from error


def _american(text: str) -> date | None:
    found = AMERICAN.fullmatch(text)
    if not found:
        return None
    month, day, year = (int(part) for part in found.groups())
    return date(year + 2000 if year < 100 else year, month, day)


def _spoken(text: str) -> date | None:
    words = plain_words(text)
    english, spanish = ENGLISH_DAY.fullmatch(words), SPOKEN_DAY.fullmatch(words)
    if english:
        name, day, year = english.groups()
    elif spanish:
        day, name, year = spanish.groups()
    else:
        return None
    for number, names in enumerate(MONTHS, start=1):
        if len(name) >= 3 and any(month.startswith(name) for month in names.split()):
            return date(int(year), number, int(day))
    return None


def _counted(text: str) -> date | None:
    if not text.isdecimal() or int(text) not in EXCEL_DAYS:
        return None
    return EXCEL_BEGIN + timedelta(days=int(text))


def to_amount(text: str) -> float:
    """Tell an amount in US dollars: $1,250,000, 1250000.00, 1.25 million; in brackets it is negative.

    Examples
    --------
    >>> to_amount("$1,250,000"), to_amount("3.45 million"), to_amount("(500)")
    (1250000.0, 3450000.0, -500.0)
    """
    bare = re.sub(r"[\s$]|us|dollars|dolares|dólares|usd", "", text.casefold()).replace("millón", "millon")
    bare = f"-{bare[1:-1]}" if bare.startswith("(") and bare.endswith(")") else bare
    found = AMOUNT.fullmatch(bare)
    if not found:
        raise StoreError(
            _("{text!r} is no amount").format(text=text), _("write dollars, as 1250000 or $1,250,000")
        )
    sign, whole, part, times = found.groups()
    amount = float(f"{sign}{whole.replace(',', '')}{part or ''}") * TIMES.get(times or "", 1.0)
    return round(amount, 2)


def to_share(text: str) -> float:
    """Tell a share of income: 2.4 % and 2.4 are 0.024; a bare number up to 1 is a share itself.

    Examples
    --------
    >>> to_share("2.4%"), to_share("2.4"), to_share("0.024")
    (0.024, 0.024, 0.024)
    """
    found = SHARE.fullmatch(text.replace(" ", ""))
    if not found:
        raise StoreError(
            _("{text!r} is no share of income").format(text=text), _("write it in percent, as 2.4%")
        )
    number = float(found[1])
    return number if not found[2] and abs(number) <= 1 else round(number / 100, 8)
