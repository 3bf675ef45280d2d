"""A program as a form has it: its usual measures, a template to begin with, and what is missing yet."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from geo.errors import CatalogError
from geo.language import gettext as _
from geo.language import mark as N_
from geo.program.declaration import Counted, Measure, Program
from geo.units import is_missing

AREA_DATASETS = ("school_districts", "districts", "places", "tribal_areas", "counties")


@dataclass(frozen=True, slots=True)
class Usual:
    """What a coordinator reads of a way to count: what it counts, an example, its unit, and how."""

    title: str
    example: str
    unit: str
    how: str
    at_least: int = 1


USUAL: Mapping[Counted, Usual] = {
    Counted.PEOPLE: Usual(
        N_("People who came"),
        N_("residents at any session, each counted once"),
        N_("people"),
        N_("People with a code who came to at least one session, each counted once."),
    ),
    Counted.CONSISTENT: Usual(
        N_("People who came several times"),
        N_("residents at 3 sessions or more"),
        N_("people"),
        N_("People with a code who came to enough sessions, each counted once."),
        3,
    ),
    Counted.IN_A_ROW: Usual(
        N_("People who came several times in a row"),
        N_("residents at 4 sessions one after another"),
        N_("people"),
        N_("People with a code who came to enough sessions one after another, each counted once."),
        4,
    ),
    Counted.RECRUITS: Usual(
        N_("People who signed up"),
        N_("volunteers, parents, members"),
        N_("people"),
        N_("People with a code who signed up, each counted once."),
    ),
    Counted.ENROLLMENTS: Usual(
        N_("People enrolled"),
        N_("in health coverage, or in another service"),
        N_("people"),
        N_("Enrollments recorded here; a person with a code counts once."),
    ),
    Counted.HOUSEHOLDS: Usual(
        N_("Households reached"),
        N_("spoken with at the door, on canvass days"),
        N_("households"),
        N_("Households contacted, as the canvass days' sheets add up."),
    ),
    Counted.EVENTS: Usual(
        N_("Events held"),
        N_("forums, sessions, trainings"),
        N_("events"),
        N_("Events recorded here up to today."),
    ),
    Counted.QUESTIONS: Usual(
        N_("Questions from residents"),
        N_("what residents want to ask the candidates"),
        N_("questions"),
        N_("Questions recorded here."),
    ),
    Counted.READINGS: Usual(
        N_("A figure from a partner"),
        N_("residents without insurance, as the health district tells it"),
        N_("people"),
        N_("As a partner told it, not counted here."),
    ),
    Counted.CONNECTED: Usual(
        N_("Systems connected"),
        N_("to water or wastewater, from the water board"),
        N_("systems"),
        N_(
            "Systems connected on the water board, for water or wastewater, each counted once from the day "
            "of connection."
        ),
    ),
}


def usual_measure(counted: Counted, taken: Collection[str] = ()) -> Measure:
    """Make a measure of a way to count, without a goal, with a key that is not taken.

    What is counted here begins at 0; where a partner's figure began, nobody said.

    Examples
    --------
    >>> usual_measure(Counted.PEOPLE).key, usual_measure(Counted.PEOPLE, ["people"]).key
    ('people', 'people_2')
    >>> usual_measure(Counted.IN_A_ROW).at_least
    4
    """
    usual, key, number = USUAL[counted], str(counted), 1
    while key in taken:
        number += 1
        key = f"{counted}_{number}"
    return Measure(
        key=key,
        title=usual.title,
        unit=usual.unit,
        counted=counted,
        how=usual.how,
        baseline=None if counted is Counted.READINGS else 0,
        at_least=usual.at_least,
    )


def measures_to_set(template: Program) -> list[Measure]:
    """Return a program's measures with nothing of what was aimed at or reached with it.

    What began at 0 does so again; another baseline is to be set anew.

    Examples
    --------
    >>> from geo.program.declaration import read_programs
    >>> [(item.at_least, item.result) for item in measures_to_set(read_programs()["regional_plan"])]
    [(1, None), (4, None)]
    """
    gone = {"target": None, "result": None, "result_words": ""}
    return [
        item.model_copy(update=gone | {"baseline": 0 if item.baseline == 0 else None})
        for item in template.measures
    ]


def fields_from(template: Program) -> dict[str, Any]:
    """Return what a new program takes over from another beside its measures: kind, rules, where it works."""
    return {name: getattr(template, name) for name in ("kind", "eligibility", "areas")}


def require_filled(fields: Mapping[str, Any]) -> None:
    """Raise where a form's fields, as :func:`fields_of` gathers them, leave out what a program needs.

    Raises
    ------
    CatalogError
        Names each field and what to write there; or it ends before it begins.

    Examples
    --------
    >>> row = {"title": "", "unit": "people", "how": "sheets"}
    >>> require_filled({"title": "", "begins": None, "measures": [row], "milestones": []})
    Traceback (most recent call last):
    geo.errors.CatalogError: not filled in yet: Title (what people call it), Begins (its first day), \
Name (what measure 1 counts): fill this in and try again; nothing was written
    """
    missing = list(_missing(fields))
    if missing:
        words = ", ".join(f"{title} ({what})" for title, what in missing)
        raise CatalogError(
            _("not filled in yet: {fields}").format(fields=words),
            _("fill this in and try again; nothing was written"),
        )
    begins, ends = fields["begins"], fields.get("ends")
    if ends is not None and ends < begins:
        raise CatalogError(
            _("it ends ({ends}) before it begins ({begins})").format(ends=ends, begins=begins),
            _("correct one of the days; nothing was written"),
        )


def _missing(fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if not str(fields["title"]).strip():
        yield _("Title"), _("what people call it")
    if fields["begins"] is None:
        yield _("Begins"), _("its first day")
    if not fields["measures"]:
        yield _("What do you want to count?"), _("choose at least one")
    for number, row in enumerate(fields["measures"], start=1):
        yield from _missing_of(row, number)
    for row in fields["milestones"]:
        if not str(row.get("title", "")).strip():
            yield _("Milestone"), _("what is to be reached by {day}").format(day=row["due"])


def _missing_of(row: Mapping[str, Any], number: int) -> Iterator[tuple[str, str]]:
    wanted = {
        "title": (_("Name"), _("what measure {number} counts")),
        "unit": (_("Unit"), _("of what measure {number} counts, as people")),
        "how": (_("How it is counted"), _("from what measure {number} is counted")),
    }
    for name, (title, words) in wanted.items():
        if not str(row.get(name, "")).strip():
            yield title, words.format(number=number)


def to_key(title: str) -> str:
    """Make a key of a title.

    Examples
    --------
    >>> to_key("Salud: inscripción 2027"), to_key("2027")
    ('salud_inscripcion_2027', 'p_2027')
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().casefold()
    key = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    return key if key[:1].isalpha() else f"p_{key}"


def fields_of(
    words: Mapping[str, str],
    begins: date | None,
    ends: date | None,
    area: tuple[str, str],
    measures: pd.DataFrame,
    milestones: pd.DataFrame,
) -> dict[str, Any]:
    """Gather a program's fields; checking is for :func:`require_filled` and ``to_program``.

    Parameters
    ----------
    words
        ``title``, ``purpose``, ``audience``, ``partners`` (with commas between), and ``lead`` if somebody is.
    begins, ends
        None where a day is not chosen.
    area
        Dataset and name of a row; empty for the region's windows.
    measures, milestones
        A row each; cells that are missing are left out, rows that are empty too.
    """
    dataset, name = area
    place = {"dataset": dataset, "values": [name]} if dataset else {"focus": True}
    return {
        "key": to_key(words["title"]),
        "title": words["title"],
        "purpose": words["purpose"],
        "audience": words["audience"],
        "lead": words.get("lead", ""),
        "partners": [part.strip() for part in words["partners"].split(",") if part.strip()],
        "begins": begins,
        "ends": ends,
        "areas": [place],
        "measures": [{"key": to_key(str(row.get("title", ""))), **row} for row in _rows(measures)],
        "milestones": [_with_day(row) for row in _rows(milestones)],
    }


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    rows = [
        {str(name): value for name, value in row.items() if not is_missing(value)}
        for row in frame.to_dict("records")
    ]
    return [row for row in rows if row]


def _with_day(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "due": pd.Timestamp(row["due"]).date()} if "due" in row else row
