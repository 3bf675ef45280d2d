"""Words of a canvass: what happened at a door, how a turf stands, and the code that a turf is known by."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from geo.canvass.stretches import geoid_of, read_stretch
from geo.language import gettext as _
from geo.language import mark as N_
from geo.methods.person_codes import check_character, require_check

GOAL_HOUSEHOLDS = 40_000
GROUP_DIGITS = 12
LONGEST_DOOR, LONGEST_WORDS = 12, 120


class Disposition(StrEnum):
    """What happened at a door."""

    SPOKE = "spoke"
    NOT_HOME = "not_home"
    REFUSED = "refused"
    MOVED = "moved"
    VACANT = "vacant"
    LANGUAGE_NEEDED = "language_needed"
    COME_BACK = "come_back"
    DO_NOT_KNOCK = "do_not_knock"


DISPOSITION_TITLES: Mapping[Disposition, str] = {
    Disposition.SPOKE: N_("spoke"),
    Disposition.NOT_HOME: N_("not home"),
    Disposition.REFUSED: N_("refused"),
    Disposition.MOVED: N_("moved"),
    Disposition.VACANT: N_("vacant"),
    Disposition.LANGUAGE_NEEDED: N_("language needed"),
    Disposition.COME_BACK: N_("come back"),
    Disposition.DO_NOT_KNOCK: N_("do not knock"),
}


class TurfStatus(StrEnum):
    """How a turf stands."""

    READY = "ready"
    OUT = "out"
    RETURNED = "returned"
    DONE = "done"
    PROBLEM = "problem"


TURF_STATUS_TITLES: Mapping[TurfStatus, str] = {
    TurfStatus.READY: N_("ready"),
    TurfStatus.OUT: N_("out"),
    TurfStatus.RETURNED: N_("returned"),
    TurfStatus.DONE: N_("done"),
    TurfStatus.PROBLEM: N_("problem"),
}


RETURNED_SHARE = 0.8
"""Share of a turf's doors with a return from which on it counts as returned without a person's word."""


def came_back(doors: int, knocked: int) -> bool:
    """Whether so many doors of a turf have a return that it is returned, though nobody said so.

    Examples
    --------
    >>> came_back(503, 1), came_back(10, 7), came_back(10, 8)
    (False, False, True)
    """
    return knocked > 0 and knocked >= RETURNED_SHARE * doors


def make_turf_code(cut: int, turf: int) -> str:
    """Make a turf's code: two letters of its cut, four digits of its turf, and a check character.

    Parameters
    ----------
    cut
        Which cut of the region it is, from 0.
    turf
        Its number in the cut, from 0; the code counts from 1.

    Examples
    --------
    >>> make_turf_code(0, 11)
    'TA0012D'
    """
    body = f"{chr(ord('T') - cut // 26 % 20)}{chr(ord('A') + cut % 26)}{turf + 1:04d}"
    return body + check_character(body)


def to_turf_code(text: str) -> str:
    """Read a turf's code as somebody writes it.

    Raises
    ------
    ValueError
        It has another form, or its check character does not fit.

    Examples
    --------
    >>> to_turf_code(" ta-0012-d ")
    'TA0012D'
    """
    plain = re.sub(r"[\s\-.]", "", str(text)).upper()
    if not re.fullmatch(r"[A-Z]{2}\d{4}[0-9A-Z]", plain):
        raise ValueError(_("{text} is no code of a turf").format(text=repr(str(text))))
    return require_check(plain, text)


def is_group(unit: str) -> bool:
    """Whether a unit is a block group (GEOID of 12 digits) or a part of one, and no block (15).

    Examples
    --------
    >>> is_group("060650453031"), is_group("060650456121-0652302"), is_group("060650453031005-1-9-20")
    (True, True, False)
    """
    return len(geoid_of(unit)) == GROUP_DIGITS


def unit_name(unit: str) -> str:
    """Name a block or block group in few digits: its tract's number, then its own, then which part of it.

    Examples
    --------
    >>> unit_name("060650453031005"), unit_name("060650453031"), unit_name("u")
    ('453.03-1005', '453.03-1', 'u')
    >>> unit_name("060650453031005-1-36-112")
    '453.03-1005, doors 1 to 36 of 112'
    >>> unit_name("060650456121-0652302"), unit_name("060650456121-none")
    ('456.12-1 in place 52302', '456.12-1 outside of places')
    """
    item = read_stretch(unit)
    geoid, _dash, place = item.unit.partition("-")
    if not geoid.isdigit() or len(geoid) < GROUP_DIGITS:
        return unit
    name = f"{int(geoid[5:9])}.{geoid[9:11]}-{geoid[11:]}"
    if place:
        words = _("{unit} in place {place}") if place.isdigit() else _("{unit} outside of places")
        name = words.format(unit=name, place=place[2:])
    if item.of:
        words = _("{unit}, doors {first} to {last} of {of}")
        name = words.format(unit=name, first=item.first, last=item.last, of=item.of)
    return name


def next_door(door: str) -> str:
    """Return the number of the door after one; empty where that was no number.

    Examples
    --------
    >>> next_door("7"), next_door("7b")
    ('8', '')
    """
    return str(int(door) + 1) if door.isdecimal() else ""
