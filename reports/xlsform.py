"""The form for returns in KoboToolbox and ODK Collect, which work without a signal: an XLSForm, checked."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from openpyxl import Workbook
from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from geo.canvass.codes import DISPOSITION_TITLES, unit_name
from geo.errors import SchemaError
from geo.language import current_language, use_language
from geo.language import gettext as _
from geo.language import mark as N_

SPOKEN = {"en": "English (en)", "es": "Español (es)"}
QUESTIONS = (
    ("select_one turfs", "turf", N_("Turf code"), "yes", ""),
    ("select_one units", "unit", N_("Block"), "yes", "turf=${turf}"),
    ("text", "door", N_("Number of the door on the walk list"), "", ""),
    ("select_one dispositions", "disposition", N_("What happened"), "yes", ""),
)


def make_xlsform(units: Mapping[str, Sequence[str]]) -> bytes:
    """Make the form for the turfs of ``units`` (blocks by turf code), in English and Spanish.

    Raises
    ------
    SchemaError
        pyxform does not accept it; the message is pyxform's.

    Examples
    --------
    >>> make_xlsform({"TA0001M": ["069010401001000"]})[:2]
    b'PK'
    """
    book = Workbook()
    survey = book.active
    survey.title = "survey"
    labels = [f"label::{name}" for name in SPOKEN.values()]
    survey.append(["type", "name", *labels, "required", "choice_filter", "appearance"])
    survey.append(["today", "today"])
    for kind, name, title, required, choice in QUESTIONS:
        look = "minimal" if name in ("turf", "unit") else None
        survey.append([kind, name, *_in_all(title), required or None, choice or None, look])
    choices = book.create_sheet("choices")
    choices.append(["list_name", "name", *labels, "turf"])
    for code, members in units.items():
        choices.append(["turfs", code, code, code])
        for unit in members:
            choices.append(["units", unit, unit_name(unit), unit_name(unit), code])
    for key, title in DISPOSITION_TITLES.items():
        choices.append(["dispositions", str(key), *_in_all(title)])
    settings = book.create_sheet("settings")
    settings.append(["form_title", "form_id", "default_language"])
    settings.append(["Canvass", "canvass", SPOKEN["en"]])
    buffer = io.BytesIO()
    book.save(buffer)
    check_xlsform(buffer.getvalue())
    return buffer.getvalue()


def check_xlsform(content: bytes) -> str:
    """Turn a form into an XForm with pyxform and return it.

    Raises
    ------
    SchemaError
        It cannot be turned.
    """
    try:
        xform: str = convert(xlsform=io.BytesIO(content), file_type=".xlsx", validate=False).xform
    except PyXFormError as error:
        raise SchemaError(
            _("the form does not hold: {error}").format(error=str(error)[:200]), _("keep the turfs again")
        ) from error
    return xform


def _in_all(title: str) -> list[str]:
    """Write a title in every language of the form."""
    before, words = current_language(), []
    for language in SPOKEN:
        use_language(language)
        words.append(_(title))
    use_language(before)
    return words
