"""What a cell says, as people in the US and speakers of Spanish write it: dates, amounts, shares, our words.

A kind of cell looks at its whole column first, for one cell may say how the others are meant: 31/03/2026 can
only be day first, 1.250.000,00 only have a comma before its cents. What stays open is refused, never guessed
at: an amount is read or told, and never another amount.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from geo.days import DateSpan, span_words
from geo.errors import SchemaError, first_ids
from geo.language import LANGUAGES, current_language, use_language
from geo.language import gettext as _
from geo.language import mark as N_
from geo.units import to_words

# What people write where they have nothing to say.
NOTHING = {
    *("", "n/a", "na", "n.a.", "#n/a", "-", "--", "---", "–", "—", "tbd", "none", "null", "nan", "no data"),
    *("nd", "n/d", "n.d.", "s/d", "sin dato", "sin datos", "ninguno", "por definir", "por confirmar"),
    *(".", "..", "tba", "blank", "(blank)", "(en blanco)", "(vacío)", "unknown"),
    *("desconocido", "not applicable", "not available", "no aplica", "no disponible", "sin información"),
}  # fmt: skip
_SMALL_WORDS = {"the", "of", "for", "del", "de", "la", "el", "los", "las", "y", "and"}
_SAME_WORDS = {
    **dict.fromkeys(("number", "num", "numero", "nro"), "no"),
    **dict.fromkeys(("identifier", "identificador", "identificacion"), "id"),
    **dict.fromkeys(("porciento", "pct"), "percent"),
    "organisation": "organization",
}


@dataclass(frozen=True, slots=True)
class Value:
    """What a cell says, and what a person should know of how it was read."""

    value: Any
    remark: str = ""


Reader = Callable[[str], Value]
"""Reads a cell; raises ValueError where it cannot."""
CellKind = Callable[[Sequence[str], str], Reader]
"""Makes the reader of a column of all its texts and its heading."""


def plain_words(text: str) -> str:
    """Write a heading or a name plainly: lower case, no accents, no signs, no small words.

    Examples
    --------
    >>> plain_words("Número del Sistema"), plain_words("PWS_ID #"), plain_words("% of MHI")
    ('no sistema', 'pws id no', 'percent mhi')
    """
    text = text.replace("%", " percent ").replace("#", " no ").replace("n°", " no ").replace("º", " no ")
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    letters = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(sign for sign in letters if not unicodedata.combining(sign))
    words = (_SAME_WORDS.get(word, word) for word in re.findall(r"[^\W_]+", bare))
    return " ".join(word for word in words if word not in _SMALL_WORDS)


def says_nothing(text: str) -> bool:
    """Whether a cell is empty, or holds what people write in its place.

    Examples
    --------
    >>> says_nothing("N/A"), says_nothing("—"), says_nothing("0")
    (True, True, False)
    """
    return text.strip().casefold() in NOTHING


# What a spreadsheet shows where a formula came to nothing, in English and Spanish.
ERROR = re.compile(
    r"#(?:ref|value|name|num|null|div/0|¡ref|¡valor|¿nombre|¡num|¡nulo|¡div/0)[!?]", re.IGNORECASE
)


def require_computed(text: str) -> None:
    """Raise where a cell holds no value but a formula, or a spreadsheet's error.

    Examples
    --------
    >>> require_computed("=B2*12")
    Traceback (most recent call last):
    geo.errors.SchemaError: '=B2*12' is a formula without its value: open it in a spreadsheet and save it
    """
    if text.startswith("=") and len(text) > 1:
        raise SchemaError(
            _("{text!r} is a formula without its value").format(text=text[:40]),
            _("open it in a spreadsheet and save it"),
        )
    if ERROR.fullmatch(text.strip()):
        raise SchemaError(_("{text} is an error of the spreadsheet").format(text=text), _("mend its formula"))


def each(read: Callable[[str], Any]) -> CellKind:
    """Make a kind of cell that is read alone, without its column.

    Examples
    --------
    >>> each(str.upper)([], "Code")("ab").value
    'AB'
    """
    return lambda _texts, _heading: lambda text: Value(read(text))


text_cells: CellKind = each(str)


@dataclass(frozen=True)
class Vocabulary:
    """Words of ours that a cell may hold: by their keys, their titles in any language, and usual words.

    Attributes
    ----------
    titles
        Our words, marked for translation, by key.
    usual
        Plainly written words (:func:`plain_words`) beside our own, with the key that they mean.
    fault
        What is said of another word, marked for translation, with ``{text}``.
    """

    titles: Mapping[str, str]
    usual: Mapping[str, str] = field(default_factory=dict)
    fault: str = ""

    def find(self, text: str) -> str | None:
        """Return the key that a word means; None where it is none of ours."""
        wanted = plain_words(text)
        return in_every_language(tuple(self.titles.items())).get(wanted) or self.usual.get(wanted)

    def __call__(self, texts: Sequence[str] = (), heading: str = "") -> Reader:
        """Make the reader of a column: it is a kind of cell.

        Examples
        --------
        >>> Vocabulary({"water": "water"}, {"agua": "water"})()("Agua").value
        'water'
        """
        return lambda text: Value(self.require(text))

    def require(self, text: str) -> str:
        """Return the key that a word means.

        Raises
        ------
        SchemaError
            It is none of ours.
        """
        found = self.find(text)
        if found is None:
            known = ", ".join(_(title) for title in self.titles.values())
            raise SchemaError(_(self.fault).format(text=text), _("use one of {known}").format(known=known))
        return found


@cache
def in_every_language(titles: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Gather keys by themselves and by their titles in every language, plainly written.

    Examples
    --------
    >>> in_every_language((("w", "water"),))
    {'w': 'w', 'water': 'w', 'agua': 'w'}
    """
    found = {plain_words(key): key for key, _title in titles}
    spoken = current_language()
    try:
        for language in LANGUAGES:
            use_language(language)
            found |= {plain_words(_(title)): key for key, title in titles}
    finally:
        use_language(spoken)
    return found


NUMBERED_DAY = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})(?:[ T]\d{1,2}:\d\d.*)?")
YEAR_FIRST = re.compile(r"(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})(?:[ T].*)?")
# Of a year in two digits: from here on it is of the last century.
LAST_CENTURY = 70
ENGLISH_DAY = re.compile(r"([a-z]+) (\d{1,2}) (\d{4}|\d{2})")
SPOKEN_DAY = re.compile(r"(\d{1,2}) ([a-z]+) (\d{4}|\d{2})")
WEEKDAY = re.compile(
    r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+"
    r"|^(?:lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo|lun|mi[eé]|jue|vie|s[aá]b|dom)\.?,?\s+"
)
ORDINAL = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th|ro|ero|º|°)(?!\w)")
MONTHS = (
    "january enero", "february febrero", "march marzo", "april abril", "may mayo", "june junio", "july julio",
    "august agosto", "september septiembre setiembre", "october octubre", "november noviembre",
    "december diciembre",
)  # fmt: skip
# Excel counts days from here; numbers that stand for the years 1982 to 2064.
EXCEL_BEGIN, EXCEL_DAYS = date(1899, 12, 30), range(30_000, 60_000)


def date_cells(texts: Sequence[str], _heading: str = "") -> Reader:
    """Read days: 2026-03-31, 3/31/2026, March 31, 2026, 31-mar-26, 31 de marzo de 2026, or Excel's number.

    The month stands first, unless the column holds a day that can only be read day first and none that can
    only be read month first. A single day that goes against its column's order is read so, and told.

    Examples
    --------
    >>> date_cells(["5/1/2024"])("5/1/2024").value, date_cells(["31/03/2026"])("3/4/2026").value
    (datetime.date(2024, 5, 1), datetime.date(2026, 4, 3))
    >>> date_cells([])("31 de marzo de 2026").value, date_cells([])("45413").value
    (datetime.date(2026, 3, 31), datetime.date(2024, 5, 1))
    """
    numbered = [found for text in texts if (found := NUMBERED_DAY.fullmatch(text.strip()))]
    only_day = any(int(found[1]) > 12 for found in numbered)
    day_first = only_day and not any(int(found[2]) > 12 for found in numbered)
    return lambda text: _read_day(text.strip(), day_first=day_first)


NUMBERED_MONTH = re.compile(r"(\d{1,2})[/\-](\d{4})|(\d{4})[/\-](\d{1,2})")
SPOKEN_MONTH = re.compile(r"([a-z]+) (\d{4})")
YEARS = re.compile(r"(?:fy ?(?!.*[-–/]))?(\d{4})(?:\s*[-–/]\s*(\d{4}|\d{2}))?", re.IGNORECASE)
# A budget's year of two numbers begins in July here. A quarter may be of such a year, and stays unread.
BUDGET_YEAR = re.compile(r"fy ?'?(?:20)?(\d\d)\s*[-–/]\s*'?(?:20)?(\d\d)", re.IGNORECASE)
SEASONS = {
    **dict.fromkeys(("spring", "primavera"), (3, 5)),
    **dict.fromkeys(("summer", "verano"), (6, 8)),
    **dict.fromkeys(("fall", "autumn", "otono"), (9, 11)),
}


def past_span_cells(texts: Sequence[str], heading: str = "") -> Reader:
    """Read days as :func:`date_cells`, and months and years where no more is known; none in the future.

    Examples
    --------
    >>> read = past_span_cells([])
    >>> [str(read(text).value) for text in ("2014", "May 2014", "5/2014", "mayo de 2014", "2020-21")]
    ['2014', '2014-05', '2014-05', '2014-05', '2020/2021']
    >>> str(read("5/1/2024").value)
    '2024-05-01'
    >>> read("2999")
    Traceback (most recent call last):
    geo.errors.SchemaError: 2999 lies in the future: mend the day
    """
    read_span = span_cells(texts, heading)

    def read(text: str) -> Value:
        found = read_span(text)
        if found.value.first > datetime.now(UTC).date():
            raise SchemaError(_("{day} lies in the future").format(day=found.value), _("mend the day"))
        return found

    return read


def span_cells(texts: Sequence[str], heading: str = "") -> Reader:
    """Read days, months and years as :func:`past_span_cells`, those to come too.

    Examples
    --------
    >>> str(span_cells([])("May 2999").value)
    '2999-05'
    """
    read_day = date_cells(texts, heading)

    def read(text: str) -> Value:
        try:
            found = _month_or_years(text.strip())
        except ValueError as error:
            raise SchemaError(str(error), _("write a day, a month or a year, as 2021, 2021-05")) from error
        value = Value(found, _or_years(text.strip(), found)) if found else _months(text.strip())
        value = value or read_day(text)
        return Value(DateSpan.read(value.value), value.remark)

    return read


def _months(text: str) -> Value | None:
    """Read a budget's year or a season as the months that it has, and say so.

    Examples
    --------
    >>> [str(_months(text).value) for text in ("FY24-25", "Spring 2024")]
    ['2024-07/2025-06', '2024-03/2024-05']
    """
    budget = BUDGET_YEAR.fullmatch(text)
    season, _blank, year = plain_words(text).partition(" ")
    if budget and (int(budget[1]) + 1) % 100 == int(budget[2]):
        span = f"20{budget[1]}-07/20{budget[2]}-06"
    elif season in SEASONS and re.fullmatch(r"\d{4}", year):
        first, last = SEASONS[season]
        span = f"{year}-{first:02d}/{year}-{last:02d}"
    else:
        return None
    found = DateSpan.read(span)
    return Value(found, _("{text}: read as {span}").format(text=text, span=span_words(found)))


def _month_or_years(text: str) -> DateSpan | None:
    numbered, spoken = NUMBERED_MONTH.fullmatch(text), SPOKEN_MONTH.fullmatch(plain_words(text))
    years = YEARS.fullmatch(text)
    if numbered and 1 <= int(numbered[1] or numbered[4]) <= 12:
        return DateSpan.read(f"{numbered[2] or numbered[3]}-{int(numbered[1] or numbered[4]):02d}")
    if spoken and (month := _month_of(spoken[1])):
        return DateSpan.read(f"{spoken[2]}-{month:02d}")
    if years and 1900 <= int(years[1]) <= 2999:
        ends = years[2] or years[1]
        return DateSpan.read(f"{years[1]}/{years[1][:2]}{ends}" if len(ends) == 2 else f"{years[1]}/{ends}")
    return None


def _or_years(text: str, span: DateSpan) -> str:
    """Say how a month was read that may be meant as two years, as 2010-11."""
    year, month = span.first.year, span.first.month
    if text != f"{year}-{(year + 1) % 100:02d}" or month != (year + 1) % 100:
        return ""
    return _("{text}: read as a month; write {year}-{next} for the two years").format(
        text=text, year=year, next=year + 1
    )


def _month_of(name: str) -> int | None:
    for number, names in enumerate(MONTHS, start=1):
        if len(name) >= 3 and any(month.startswith(name) for month in names.split()):
            return number
    return None


def _read_day(text: str, *, day_first: bool) -> Value:
    try:
        found = _numbered(text, day_first=day_first)
        return found or Value(_spoken(text) or _counted(text) or date.fromisoformat(text[:10]))
    except ValueError as error:
        raise SchemaError(
            _("{text!r} is no date").format(text=text), _("write YYYY-MM-DD, as 2026-03-31")
        ) from error


def _numbered(text: str, *, day_first: bool) -> Value | None:
    if written := YEAR_FIRST.fullmatch(text):
        return Value(date(int(written[1]), int(written[2]), int(written[3])))
    found = NUMBERED_DAY.fullmatch(text)
    if not found:
        return None
    one, two, year = int(found[1]), int(found[2]), int(found[3])
    turned = (one > 12) is not day_first if max(one, two) > 12 else False
    day, month = (one, two) if day_first is not turned else (two, one)
    read = date(_full_year(year), month, day)
    if not turned:
        return Value(read)
    words = _("{text}: read as {day}, for it can be no other day")
    return Value(read, words.format(text=text, day=read))


def _full_year(year: int) -> int:
    return year if year >= 100 else year + (1900 if year >= LAST_CENTURY else 2000)


def open_days(texts: Sequence[str]) -> list[str]:
    """Return the days of a column that are read with the month first though nothing in it says so.

    Examples
    --------
    >>> open_days(["5/6/2026", "7/7/2026"]), open_days(["5/6/2026", "5/28/2026"])
    (['5/6/2026'], [])
    """
    pairs = {text: found for text in texts if (found := NUMBERED_DAY.fullmatch(text.strip()))}
    if any(int(part) > 12 for found in pairs.values() for part in found.group(1, 2)):
        return []
    return [text for text, found in pairs.items() if int(found[1]) != int(found[2])]


def _spoken(text: str) -> date | None:
    words = plain_words(ORDINAL.sub(r"\1", WEEKDAY.sub("", text.casefold())))
    english, spanish = ENGLISH_DAY.fullmatch(words), SPOKEN_DAY.fullmatch(words)
    if english:
        name, day, year = english.groups()
    elif spanish:
        day, name, year = spanish.groups()
    else:
        return None
    month = _month_of(name)
    return date(_full_year(int(year)), month, int(day)) if month else None


def _counted(text: str) -> date | None:
    whole = re.sub(r"\.\d+$", "", text)
    if not whole.isdecimal() or int(whole) not in EXCEL_DAYS:
        return None
    return EXCEL_BEGIN + timedelta(days=int(whole))


# Words that may stand behind an amount and say nothing of how much it is; others may make another of it.
BEHIND = re.compile(
    r"(.*\d\S*(?: ?(?:thousand|million|mill[oó]n(?:es)?|mil))?)\s+\(?"
    r"(fed(?:eral)?|state|county|total|grant|loan|est(?:imated|imado)?|estatal|condado)\.?\)?",
    re.IGNORECASE,
)
SHARED = re.compile(r".*\d.*\(\s*\d+\s+(?:parks?|systems?|sites?|parques?|sistemas?)\s*\)", re.IGNORECASE)
AMOUNT = re.compile(r"(-?)(\d[\d.,]*?)(k|m|mil|thousand|million|millon|millones|mdd)?")
DOLLARS = N_("write dollars, as 1250000 or $1,250,000")
# Thousands parted by blanks or apostrophes; a comma that can only stand before decimals.
SPACED = re.compile(r"(?<![\d.,])\d{1,3}(?:['’\s]\d{3})+(?!\d)")
FEW_DECIMALS = re.compile(r"-?\d+,\d{1,2}")
COMMA_FIRST = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+|\d+")
POINT_FIRST = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+,\d+|\d+")
SHARE = re.compile(r"(-?\d+(?:[.,]\d+)?)(%?)")
TIMES = {"k": 1e3, "mil": 1e3, "thousand": 1e3} | dict.fromkeys(
    ("m", "million", "millon", "millones", "mdd"), 1e6
)


def amount_cells(texts: Sequence[str], _heading: str = "") -> Reader:
    """Read amounts in US dollars: $1,250,000, 1.250.000,00, 1.25 million, $500K; (500) is negative.

    Where a number could be two, as 1.250, another cell of its column may say which; else it is refused.

    Examples
    --------
    >>> read = amount_cells(["$1,250,000"])
    >>> read("$1,250,000").value, read("3.45 million").value, read("(500)").value, read("$1.2M").value
    (1250000.0, 3450000.0, -500.0, 1200000.0)
    >>> amount_cells(["1.250.000,00"])("1.250").value
    1250.0
    >>> amount_cells([])("$2.7M fed")
    Value(value=2700000.0, remark='$2.7M fed: read as $2,700,000')
    >>> amount_cells([])("3.45 million (9 parks)")
    Traceback (most recent call last):
    geo.errors.SchemaError: '3.45 million (9 parks)' is the money of several: record it once, as a project
    >>> amount_cells([])("1.250")
    Traceback (most recent call last):
    geo.errors.SchemaError: '1.250' may be 1,250 or 1.25: write dollars, as 1250000 or $1,250,000
    """
    bare = [found[2].strip() for text in texts if (found := AMOUNT.fullmatch(_bare_amount(text)))]
    # An amount that can be read in one way alone tells how the column is written.
    grouped = any(
        "," in text and COMMA_FIRST.fullmatch(text) and not POINT_FIRST.fullmatch(text) for text in bare
    )
    points = any(POINT_FIRST.fullmatch(text) and not COMMA_FIRST.fullmatch(text) for text in bare)
    commas = any(COMMA_FIRST.fullmatch(text) and not POINT_FIRST.fullmatch(text) for text in bare)
    thousands = "." if points and not commas else "," if not points else ""

    def read(text: str) -> Value:
        if grouped and FEW_DECIMALS.fullmatch(_bare_amount(text)):
            words = _("{text!r} has its comma where others of its column have a point")
            raise SchemaError(words.format(text=text), _(DOLLARS))
        if SHARED.fullmatch(text.strip()):
            words = _("{text!r} is the money of several")
            raise SchemaError(words.format(text=text), _("record it once, as a project"))
        behind = BEHIND.fullmatch(text.strip())
        if behind is None:
            return Value(_read_amount(text, thousands))
        usd = _read_amount(behind[1], thousands)
        return Value(usd, _("{text}: read as {amount}").format(text=text, amount=to_words(usd, "USD")))

    return read


def _bare_amount(text: str) -> str:
    text = SPACED.sub(lambda found: re.sub(r"\D", "", found[0]), text)
    bare = re.sub(
        r"(?<!\d)\s|\s(?!\d)|\$|us|dollars|dolares|dólares|usd|/mo(nth)?$|/mes$", "", text.casefold()
    )
    bare = bare.replace("millón", "millon")
    return f"-{bare[1:-1]}" if bare.startswith("(") and bare.endswith(")") else bare


def _read_amount(text: str, thousands: str) -> float:
    """Read an amount; ``thousands`` parts thousands in its column, and is empty where that is not known."""
    remedy = _(DOLLARS)
    found = AMOUNT.fullmatch(_bare_amount(text))
    if not found:
        raise SchemaError(_("{text!r} is no amount").format(text=text), remedy)
    sign, number, times = found.groups()
    american = float(number.replace(",", "")) if COMMA_FIRST.fullmatch(number) else None
    spanish = float(number.replace(".", "").replace(",", ".")) if POINT_FIRST.fullmatch(number) else None
    known = {value for value in (american, spanish) if value is not None}
    if not known:
        raise SchemaError(_("{text!r} is no amount").format(text=text), remedy)
    if (
        len(known) > 1
        and not (thousands == "," and "," in number)
        and not (thousands == "." and "." in number)
    ):
        words = _("{text!r} may be {first} or {second}")
        first, second = (f"{value:,.12g}" for value in sorted(known, reverse=True))
        raise SchemaError(words.format(text=text, first=first, second=second), remedy)
    value = known.pop() if len(known) == 1 else (american if thousands == "," else spanish)
    return round(float(f"{sign}{value}") * TIMES.get(times or "", 1.0), 2)


def share_cells(texts: Sequence[str], heading: str = "") -> Reader:
    """Read shares: 2.4 % and 2.4 are 0.024; a bare number up to 1 is one itself, unless the heading has %.

    Examples
    --------
    >>> read = share_cells([])
    >>> read("2.4%").value, read("2,4").value, read("0.024").value, share_cells([], "% of MHI")("0.5").value
    (0.024, 0.024, 0.024, 0.005)
    """
    percent = "percent" in plain_words(heading).split()

    def read(text: str) -> Value:
        found = SHARE.fullmatch(text.replace(" ", ""))
        if not found:
            raise SchemaError(
                _("{text!r} is no share of income").format(text=text), _("write it in percent, as 2.4%")
            )
        number = float(found[1].replace(",", "."))
        return Value(number if not (found[2] or percent) and abs(number) <= 1 else round(number / 100, 8))

    return read


def count_cells(_texts: Sequence[str] = (), _heading: str = "") -> Reader:
    """Read whole numbers from 0 on: 1,250 and 1250.0 are 1250.

    Examples
    --------
    >>> count_cells()("1,250").value, count_cells()("4.0").value
    (1250, 4)
    """

    def read(text: str) -> Value:
        bare = re.sub(r"\.0{1,2}$", "", text.strip())  # 1.000 may be a thousand
        if not re.fullmatch(r"\d+|\d{1,3}(,\d{3})+", bare):
            raise SchemaError(
                _("no whole number from 0 on: {names}").format(names=first_ids([repr(text)])),
                _("write it in digits"),
            )
        return Value(int(bare.replace(",", "")))

    return read


def degree_cells(most: float) -> CellKind:
    """Make a kind of cell for degrees from ``-most`` to ``most``; a comma may stand for the decimal point.

    Examples
    --------
    >>> degree_cells(90)([], "")("33,571").value
    33.571
    """

    def read(text: str) -> float:
        bare = text.strip().removesuffix("°").replace(",", ".")
        if not re.fullmatch(r"[+-]?\d+(\.\d+)?", bare) or abs(float(bare)) > most:
            raise SchemaError(_("no point in degrees"), _("write degrees with decimals, as 33.571"))
        return float(bare)

    return each(read)
