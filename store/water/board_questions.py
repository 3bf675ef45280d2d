"""What only a person can say of a sheet's rows: which system one means, and which of two that contradict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from geo.errors import GeoError, first_ids
from geo.intake.tables import Row
from geo.intake.values import plain_words
from geo.intake.verdicts import TAKEN, Line, Verdict
from geo.language import gettext as _
from store.water.system_names import Named, find_system

# What a person answers where a row is none of those that it may be.
LEFT_OUT = "-"
OF_SYSTEM, OF_ROW = "system", "row"
TOTALS = frozenset(map(plain_words, ("total", "totals", "totales", "subtotal", "grand total", "sum", "suma")))
Answers = Mapping[str, str]
"""What a person said, by a question's key; a question without an entry is open."""


@dataclass(frozen=True, slots=True)
class Question:
    """Something to be answered before rows can be taken.

    Attributes
    ----------
    key, words
        Its name in the answers, and what is asked.
    rows
        Numbers of the rows that wait for it.
    options
        What may be answered, in words, the likeliest first; :data:`LEFT_OUT` is always among them.
    """

    key: str
    words: str
    rows: tuple[int, ...]
    options: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Judged:
    """What each row would do, and what has to be asked before the others can be taken."""

    lines: list[Line]
    questions: list[Question]


@dataclass(slots=True)
class Places:
    """Which system each row means; why not, of those that are left; and what is asked of the others.

    Attributes
    ----------
    found
        System and a remark, by the row's number.
    left
        Why nothing of a row is taken.
    open
        Rows that wait, with the number of the row that is asked about.
    """

    found: dict[int, tuple[str, str]] = field(default_factory=dict)
    left: dict[int, str] = field(default_factory=dict)
    open: dict[int, int] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)


def place_rows(rows: Sequence[Row], first_cells: Mapping[int, str], named: Named, answers: Answers) -> Places:
    """Find the system of each row, by its PWSID and name, or by what a person answered.

    A row whose PWSID may be that of a row that is asked about waits for the answer too.

    Parameters
    ----------
    first_cells
        The first cell of each row that says something, by number.

    Examples
    --------
    >>> import pandas as pd
    >>> from store.water.system_names import name_systems
    >>> named = name_systems(pd.DataFrame({"pwsid": ["CA9010002"], "name": ["Oasis"]}))
    >>> row = Row(2, {"pwsid": "CA9O10002"}, {}, {}, (), {})
    >>> places = place_rows([row], {}, named, {})
    >>> places.questions[0].options
    {'CA9010002': 'CA9010002 Oasis', '-': 'leave the row out'}
    >>> place_rows([row], {}, named, {"system/2": "CA9010002"}).found
    {2: ('CA9010002', 'as answered: CA9010002 Oasis')}
    """
    places = Places()
    claims: dict[str, int] = {}
    for row in rows:
        number, name = row.text("pwsid"), row.text("name")
        if plain_words(first_cells.get(row.number, "")) in TOTALS:
            places.left[row.number] = _("a row of totals: it is no system")
        elif row.refused and row.refused != row.faults.get("pwsid"):
            places.left[row.number] = row.refused
        else:
            try:
                places.found[row.number] = find_system(number, name, named)
            except GeoError as error:
                claims |= dict.fromkeys(_ask(row, str(error), named, answers, places), row.number)
    waiting = {row: claims[pwsid] for row, (pwsid, _remark) in places.found.items() if pwsid in claims}
    places.open = waiting | places.open
    return places


def _ask(row: Row, fault: str, named: Named, answers: Answers, places: Places) -> tuple[str, ...]:
    """Ask which system a row means, unless it was answered; return which PWSID it claims while it is open."""
    number, name = row.text("pwsid"), row.text("name")
    candidates = named.candidates(number, name)
    if not candidates:
        places.left[row.number] = fault
        return ()
    options = {one: f"{one} {named.names[one]}" for one in candidates} | {LEFT_OUT: _("leave the row out")}
    words = _("Row {row}: {fault}").format(row=row.number, fault=fault)
    question = Question(f"{OF_SYSTEM}/{row.number}", words, (row.number,), options)
    places.questions.append(question)
    answer = answers.get(question.key, "")
    if answer == LEFT_OUT:
        places.left[row.number] = _("left out, as answered")
    elif answer in options:
        places.found[row.number] = answer, _("as answered: {system}").format(system=options[answer])
    else:
        places.open[row.number] = row.number
        return named.claimed(number)
    return ()


def settle_contradictions(lines: Sequence[Line], named: Named, answers: Answers) -> Judged:
    """Ask of each group of rows that tell different things of one which row holds; hold them until answered.

    What the chosen row contradicts is left; of the other rows what contradicts nothing is taken.

    Examples
    --------
    >>> one, other = (Line(row, Verdict.NEW, about="CA1/water", says=row, change=row) for row in (2, 3))
    >>> named = Named({}, {}, {}, {"CA1": "Oasis"})
    >>> judged = settle_contradictions([one, other], named, {})
    >>> [line.verdict.value for line in judged.lines], judged.questions[0].key
    (['ask', 'ask'], 'row/2,3')
    >>> [line.change for line in settle_contradictions([one, other], named, {"row/2,3": "row 3"}).lines]
    [None, 3]
    """
    told: dict[str, list[Line]] = {}
    for line in lines:
        if line.about and line.verdict in (*TAKEN, Verdict.SAME):
            told.setdefault(line.about, []).append(line)
    fought = {about: some for about, some in told.items() if len({str(line.says) for line in some}) > 1}
    groups: dict[tuple[int, ...], list[str]] = {}
    for about, some in fought.items():
        groups.setdefault(tuple(sorted({line.number for line in some})), []).append(about)
    questions = [
        _which_row(rows, [fought[about] for about in abouts], named) for rows, abouts in groups.items()
    ]
    settled = list(lines)
    for question, abouts in zip(questions, groups.values(), strict=True):
        settled = [_held(line, question, abouts, answers.get(question.key, "")) for line in settled]
    return Judged(settled, questions)


def _which_row(rows: Sequence[int], fought: Sequence[Sequence[Line]], named: Named) -> Question:
    first = fought[0][0]
    system = first.about.split("/")[0]
    words = _("Rows {rows} contradict each other on {system}: which one holds?").format(
        rows=first_ids(rows), system=f"{system} {named.names.get(system, '')}".strip()
    )
    said = {line.number: str(line.shown.get("now", line.says)) for some in fought for line in some}
    options = {f"{OF_ROW} {row}": _("row {row}: {said}").format(row=row, said=said[row]) for row in rows}
    key = f"{OF_ROW}/{','.join(map(str, rows))}"
    return Question(key, words, tuple(rows), options | {LEFT_OUT: _("leave all of them out")})


def _held(line: Line, question: Question, abouts: Sequence[str], answer: str) -> Line:
    """Let a line of rows that contradict each other wait, or leave it or take it as was answered."""
    if line.number not in question.rows or line.verdict in (Verdict.REFUSED, Verdict.NOTED, Verdict.EMPTY):
        return line
    if answer not in question.options:
        return to_open(line, question.words)
    if answer != f"{OF_ROW} {line.number}" and (line.about in abouts or answer == LEFT_OUT):
        left = _("left out, as answered")
        return replace(line, verdict=Verdict.REFUSED, change=None, reason=left, about="")
    return line


def to_open(line: Line, words: str) -> Line:
    """Let a line wait for an answer; a cell that cannot be read in any case is told as before."""
    if line.verdict in (Verdict.REFUSED, Verdict.NOTED, Verdict.EMPTY):
        return line
    return replace(line, verdict=Verdict.ASK, change=None, reason=words, about="")
