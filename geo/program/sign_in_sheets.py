"""Sign-in sheets: a kind of table, and row by row what each would do. Nothing is written here."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from geo.errors import SchemaError, first_ids
from geo.intake.tables import Column, Row, Table, TableKind, Unread
from geo.intake.values import each
from geo.intake.verdicts import Line, Verdict, changes_of, settle
from geo.language import gettext as _
from geo.language import mark as N_
from geo.language import ngettext
from geo.methods.person_codes import split_codes, to_person_code

SIGN_IN = TableKind(
    key="sign_in",
    columns=(
        Column(
            "code",
            N_("Code"),
            "code, person code, person, código, clave, persona",
            each(to_person_code),
            unread=Unread.REFUSE,
            telling=True,
        ),
    ),
    needs=(("code",),),
    remedy=N_("name the column 'code', or choose the column"),
    private=True,
)
SAME_SHARE = 0.9


def judge_sheet(table: Table, there: Collection[str], room_holds: int | None = None) -> list[Line]:
    r"""Say of every row of a sign-in sheet what it would do.

    Parameters
    ----------
    table
        Of the kind :data:`SIGN_IN`.
    there
        Codes that are down for the event already.
    room_holds
        People that the room holds; rows above it are told. None where that is unknown.

    Returns
    -------
    list of Line
        A line a row; what would be recorded is the code.

    Raises
    ------
    SchemaError
        The table lacks its column, or has no rows.

    Examples
    --------
    >>> from geo.intake.grids import read_grids
    >>> from geo.intake.tables import find_table
    >>> sheet = b"Code,Town\nQX0017H,Oasis\nqx-0017-h,Oasis\nQX0018,Mecca\n,Mecca\n"
    >>> table = find_table(read_grids(sheet, "a.csv"), "a.csv", SIGN_IN)
    >>> [(line.number, str(line.verdict)) for line in judge_sheet(table, [])]
    [(2, 'new'), (3, 'twice'), (4, 'refused'), (5, 'empty')]
    """
    lines = [_judge(row, there) for row in table.require().rows]
    lines += [Line(number, Verdict.EMPTY, reason=_("no code")) for number in table.passed]
    return _tell_room(settle(sorted(lines, key=lambda line: line.number)), len(set(there)), room_holds)


def _judge(row: Row, there: Collection[str]) -> Line:
    code = row.meant.get("code")
    shown = {"written": row.text("code"), "code": code}
    if row.refused:
        return Line(row.number, Verdict.REFUSED, shown, row.refused)
    verdict = Verdict.SAME if code in there else Verdict.NEW
    return Line(row.number, verdict, shown, about=str(code), change=code if verdict is Verdict.NEW else None)


def _tell_room(lines: Sequence[Line], there: int, room_holds: int | None) -> list[Line]:
    """Tell the new people above what the room holds; they stay new."""
    found, people = [], there
    for line in lines:
        people += line.verdict is Verdict.NEW
        over = line.verdict is Verdict.NEW and room_holds is not None and people > room_holds
        found.append(replace(line, reason=_("new, and more than the room holds")) if over else line)
    return found


def judge_typed(text: str) -> list[Line]:
    """Say of every code that was typed or pasted what it is, as :func:`judge_sheet`; rows count from 1.

    Examples
    --------
    >>> [(line.number, str(line.verdict)) for line in judge_typed("QX 0017 H, qx-0017-h, Ana")]
    [(1, 'new'), (2, 'twice'), (3, 'refused')]
    """
    return settle([_judge_word(number, word) for number, word in enumerate(split_codes(text), start=1)])


def _judge_word(number: int, word: str) -> Line:
    try:
        code = to_person_code(word)
    except ValueError as error:
        return Line(number, Verdict.REFUSED, {"written": word}, str(error))
    return Line(number, Verdict.NEW, {"written": word, "code": code}, about=code, change=code)


def codes_in_text(text: str) -> list[str]:
    """Read codes that were typed or pasted, each once.

    Raises
    ------
    SchemaError
        Some have another form; the message names them with their place.

    Examples
    --------
    >>> codes_in_text("QX0017H, qx-0017-h")
    ['QX0017H']
    """
    lines = judge_typed(text)
    bad = [f"{line.number}: {line.shown['written']}" for line in lines if line.verdict is Verdict.REFUSED]
    if bad:
        raise SchemaError(
            ngettext(
                "{count} code is in the wrong form ({names})",
                "{count} codes are in the wrong form ({names})",
                len(bad),
            ).format(count=len(bad), names=first_ids(bad)),
            _("correct them or take them out; nothing was written"),
        )
    return changes_of(lines)


def same_people(codes: Collection[str], others: Mapping[str, Collection[str]]) -> list[str]:
    """Name the events whose people are nearly all of a sheet: it may be another event's sheet.

    Examples
    --------
    >>> same_people(["a", "b"], {"one": ["a", "b"], "two": ["a"]})
    ['one']
    """
    wanted = set(codes)
    return [
        event
        for event, people in others.items()
        if wanted
        and len(wanted & set(people)) >= SAME_SHARE * len(wanted)
        and len(wanted & set(people)) >= SAME_SHARE * len(set(people))
    ]
