"""Sign-in sheets: a kind of table, and row by row what each would do. Nothing is written here."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain, pairwise, product
from typing import Any

import pandas as pd

from geo.errors import SchemaError, first_ids
from geo.intake.grids import Grid
from geo.intake.tables import Column, Row, Table, TableKind, Unread, reads_as
from geo.intake.values import Vocabulary, date_cells, each, plain_words
from geo.intake.verdicts import Line, Verdict, changes_of, settle
from geo.language import gettext as _
from geo.language import mark as N_
from geo.language import ngettext
from geo.methods.contact_codes import is_near, make_contact_code, near_pairs, to_email, to_phone
from geo.methods.person_codes import split_codes, to_person_code

CAME, STAYED_AWAY, REGISTERED = "came", "stayed_away", "registered"
EMAIL = (
    "email, email address, e-mail, e-mail address, correo electrónico, dirección de correo electrónico, "
    "correo, your email, your email address, email del asistente, username, nombre de usuario, or e-mail, "
    "o correo"
)
PHONE = (
    "phone, phone number, cell phone, mobile phone, mobile number, mobile, cell, can2_phone, home phone, "
    "work phone, telephone, teléfono, número de teléfono, teléfono celular, teléfono móvil, celular, "
    "número de celular, or phone, o teléfono"
)
SIGN_IN = TableKind(
    key="sign_in",
    columns=(
        Column(
            "code",
            N_("Code"),
            "code, person code, code of your card, person, código, clave, código de su tarjeta, persona",
            each(to_person_code),
            unread=Unread.REFUSE,
            telling=True,
            sought=True,
        ),
        Column("email", N_("E-mail"), EMAIL, each(to_email), telling=True),
        Column("phone", N_("Phone"), PHONE, each(to_phone), telling=True),
        Column(
            "came",
            N_("Came or not"),
            "attendee status, attended, checked in, estado del asistente, asistió, asistencia",
            Vocabulary(
                {
                    CAME: N_("came"),
                    STAYED_AWAY: N_("did not come"),
                    REGISTERED: N_("registered, did not check in"),
                },
                {
                    **dict.fromkeys(("checked in", "yes", "si", "attended", "x", "true"), CAME),
                    **dict.fromkeys(("not attending", "no", "false", "deleted", "no asistira"), STAYED_AWAY),
                    **dict.fromkeys(("attending", "asistira"), REGISTERED),
                },
                N_("it is not known whether this one came"),
            ),
            unread=Unread.REFUSE,
        ),
    ),
    needs=(("code", "email", "phone"),),
    remedy=N_(
        "say which column holds codes, e-mails or phone numbers; of a list of names record the headcount"
    ),
    filled=("code", "email", "phone", "came"),
    private=True,
)
# The same sheet where a program keeps names: only then are columns of names read at all.
NAMED_SIGN_IN = replace(
    SIGN_IN,
    columns=(
        *SIGN_IN.columns,
        Column("name", N_("Name"), "full name, your name, what is your name?, nombre completo, su nombre"),
        Column("first_name", N_("First name"), "first, nombres, nombre de pila"),
        Column("last_name", N_("Last name"), "last, surname, apellidos"),
    ),
)
SAME_SHARE = 0.9
SENT = frozenset(map(plain_words, ("Timestamp", "Marca temporal")))
"""How forms head the moment at which a row was sent."""


def sent_on(table: Table) -> date | None:
    """Return the day on which most rows of a form were sent; None where no column says it, or no day has.

    Examples
    --------
    >>> from geo.intake.tables import find_table
    >>> rows = ("9/12/2026 18:03:11", "a@example.org"), ("9/12/2026 18:05:00", "b@example.org")
    >>> grid = Grid("form", (("Timestamp", "Email"), *rows))
    >>> str(sent_on(find_table([grid], "form.csv", SIGN_IN)))
    '2026-09-12'
    """
    headings = map(plain_words, table.grid.cells[table.head - 1])
    place = next((place for place, heading in enumerate(headings) if heading in SENT), None)
    if place is None or not table.rows:
        return None
    texts = [table.grid.cells[row.number - 1][place] for row in table.rows]
    read, days = date_cells(texts), Counter[date]()
    for text in texts:
        with suppress(ValueError, SchemaError):
            days[read(text).value] += 1
    return next((day for day, count in days.most_common(1) if 2 * count > len(texts)), None)


@dataclass(frozen=True, slots=True)
class Question:
    """Two rows whose e-mail addresses or phone numbers are nearly the same, and may be one person's.

    Attributes
    ----------
    written
        What the two rows say there: for whoever brought the sheet, and nobody else.
    """

    rows: tuple[int, int]
    column: str
    written: tuple[str, str] = field(default=("", ""), repr=False)

    @property
    def key(self) -> str:
        """Names the question within its sheet."""
        return f"{self.rows[0]}-{self.rows[1]}-{self.column}"

    def waits(self, recorded: Collection[int]) -> int:
        """Say which row waits for the answer: the second, or the first where the second is recorded already.

        Examples
        --------
        >>> Question((2, 5), "email").waits([]), Question((2, 5), "email").waits([5])
        (5, 2)
        """
        return self.rows[0] if self.rows[1] in recorded else self.rows[1]


@dataclass(frozen=True, slots=True)
class Judged:
    """What a sign-in sheet would do.

    Attributes
    ----------
    lines
        A line a row; what would be recorded is the person's code.
    links
        Pairs of codes that are one person's and are not known as such yet.
    questions
        What is to be answered before one of their rows can be recorded, answered or not; none is of two rows
        that are recorded already.
    without_code
        How many rows name nobody that a code could be made of.
    registered
        How many rows are of people who registered and did not check in: they count as not come.
    """

    lines: list[Line]
    links: list[tuple[str, str]]
    questions: list[Question]
    without_code: int
    registered: int = 0


@dataclass(frozen=True, slots=True)
class Known:
    """What a sheet is judged against.

    Attributes
    ----------
    there
        Codes that are down for the event already.
    room_holds
        People that the room holds; None where that is unknown.
    links
        Pairs of codes that are known to be one person's.
    secret
        What codes of e-mail addresses and phone numbers are made with; None where there is none.
    answers
        By the key of a question: whether it is one person.
    others_apart
        Whether questions that have no answer there are answered together: they are different people.
    registered_came
        Whether those who registered and did not check in came all the same: nobody was checked in.
    """

    there: Collection[str] = ()
    room_holds: int | None = None
    links: Collection[tuple[str, str]] = ()
    secret: bytes | None = None
    answers: Mapping[str, bool] = field(default_factory=dict)
    others_apart: bool = False
    registered_came: bool = False


def judge_sheet(table: Table, known: Known = Known()) -> Judged:
    r"""Say of every row of a sign-in sheet what it would do.

    Rows that share a code, an e-mail address or a phone number are one person. Rows that nearly do are asked
    about; with what is recorded only what is equal matches.

    Parameters
    ----------
    table
        Of the kind :data:`SIGN_IN`.

    Raises
    ------
    SchemaError
        The table lacks its columns, has no rows or no row of headings, or there is no secret to make codes
        with.

    Examples
    --------
    >>> from geo.intake.grids import read_grids
    >>> from geo.intake.tables import find_table
    >>> sheet = b"Email,Phone\nana@example.org,760-555-0123\nAna@Example.org,\nluis@,\n"
    >>> table = find_table(read_grids(sheet, "a.csv"), "a.csv", SIGN_IN)
    >>> found = judge_sheet(table, Known(secret=b"0" * 32))
    >>> [(line.number, str(line.verdict)) for line in found.lines], len(found.links), found.without_code
    ([(2, 'new'), (3, 'twice'), (4, 'empty')], 1, 1)
    """
    _require_headings(table.require())
    not_come = {STAYED_AWAY} if known.registered_came else {STAYED_AWAY, REGISTERED}
    away = {row.number for row in table.rows if row.meant.get("came") in not_come or "came" in row.faults}
    rows = [row for row in table.rows if not row.refused and row.number not in away]
    codes = {row.number: _codes_of(row, known) for row in rows}
    own: dict[Any, list[tuple[str, str]]] = {row: list(pairwise(found)) for row, found in codes.items()}
    questions = _questions(rows, codes, known, [*known.links, *chain.from_iterable(own.values())])
    own |= {
        item.rows: [(codes[item.rows[0]][0], codes[item.rows[1]][0])]
        for item in questions
        if known.answers.get(item.key)
    }
    before = join_codes(known.links)
    person = join_codes([*known.links, *chain.from_iterable(own.values())])
    there = {person.get(code, code) for code in known.there}
    recorded = {row for row, found in codes.items() if found and person.get(found[0], found[0]) in there}
    is_open = [
        item for item in reversed(questions) if not known.others_apart and item.key not in known.answers
    ]
    asked = {item.waits(recorded): item for item in is_open}
    lines = [
        _tell_away(row)
        if row.number in away
        else _judge(row, codes.get(row.number, ()), person, there, asked.get(row.number))
        for row in table.rows
    ]
    lines += [Line(number, Verdict.EMPTY, reason=_("no code")) for number in table.passed]
    lines = settle(sorted(lines, key=lambda line: line.number))
    pairs = chain.from_iterable(found for row, found in own.items() if row not in asked)
    return Judged(
        lines=_tell_room(lines, len(there), known.room_holds),
        links=[pair for pair in dict.fromkeys(pairs) if len({before.get(code, code) for code in pair}) > 1],
        questions=questions,
        without_code=sum(
            line.verdict in (Verdict.EMPTY, Verdict.REFUSED) and line.number not in away for line in lines
        ),
        registered=sum(row.number in away and row.meant.get("came") == REGISTERED for row in table.rows),
    )


def is_nobody_checked_in(table: Table) -> bool:
    r"""Whether a sheet has people who registered and nobody who checked in: then it does not tell who came.

    Examples
    --------
    >>> from geo.intake.grids import read_grids
    >>> from geo.intake.tables import find_table
    >>> sheet = b"Email,Attendee Status\nana@example.org,Attending\nluis@correo.mx,Not Attending\n"
    >>> is_nobody_checked_in(find_table(read_grids(sheet, "a.csv"), "a.csv", SIGN_IN))
    True
    """
    said = {row.meant.get("came") for row in table.rows}
    return REGISTERED in said and CAME not in said


def names_in(table: Table, lines: Iterable[Line], codes: Collection[str]) -> dict[str, str]:
    r"""Return the names that a sheet has beside codes, by code: of people who are recorded or there already.

    Parameters
    ----------
    codes
        Those that are recorded, among them what was asked about and answered.

    Examples
    --------
    >>> from geo.intake.grids import read_grids
    >>> from geo.intake.tables import find_table
    >>> sheet = b"Code,First Name,Last Name\nQX0017H,Ana,Ruiz\n,Luis,Paz\n"
    >>> table = find_table(read_grids(sheet, "a.csv"), "a.csv", NAMED_SIGN_IN)
    >>> names_in(table, judge_sheet(table).lines, ["QX0017H"])
    {'QX0017H': 'Ana Ruiz'}
    """
    meant = {row.number: row.meant for row in table.rows}
    names: dict[str, str] = {}
    for line in lines:
        row, code = meant.get(line.number, {}), line.shown.get("code")
        parts = [row.get("name")] if "name" in row else [row.get("first_name"), row.get("last_name")]
        name = " ".join(str(part) for part in parts if part)
        if code and name and (line.verdict in (Verdict.SAME, Verdict.TWICE) or line.change in codes):
            names.setdefault(str(code), name)
    return names


def names_table(
    names: Mapping[str, str], links: Iterable[tuple[str, str]], attendance: pd.DataFrame
) -> pd.DataFrame:
    """List people by name: ``code``, ``name`` and in how many ``sessions`` each was; a row a person.

    Parameters
    ----------
    names
        By code.
    links
        Pairs of codes that are one person's.
    attendance
        ``event`` and ``person``, as :class:`geo.program.measures.Records` has it.

    Examples
    --------
    >>> came = pd.DataFrame({"event": ["e", "f"], "person": ["a", "a"]})
    >>> names_table({"b": "Ana Ruiz", "c": "Luis"}, [("a", "b")], came).values.tolist()
    [['a', 'Ana Ruiz', 2], ['c', 'Luis', 0]]
    """
    person, sessions = join_codes(links), attendance.groupby("person")["event"].nunique()
    found: dict[str, str] = {}
    for code, name in names.items():
        found.setdefault(person.get(code, code), name)
    rows = [(code, name, int(sessions.get(code, 0))) for code, name in found.items()]
    return pd.DataFrame(rows, columns=["code", "name", "sessions"])


def join_codes(links: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Name each code that is linked by the first, in order, of all that are one person's.

    Examples
    --------
    >>> join_codes([("c", "b"), ("d", "c"), ("x", "y")]) == {**dict.fromkeys("bcd", "b"), "x": "x", "y": "x"}
    True
    """
    groups: dict[str, set[str]] = {}
    for one, other in links:
        joined = groups.get(one, {one}) | groups.get(other, {other})
        groups |= dict.fromkeys(joined, joined)
    return {code: min(group) for code, group in groups.items()}


def _require_headings(table: Table) -> None:
    """Raise where the row of headings is a person's: it would be kept as what headings mean."""
    head = table.grid.cells[table.head - 1]
    for column in table.kind.columns:
        if column.telling and any(reads_as(column, cell) for cell in head):
            raise SchemaError(
                _("{name} has no row of headings").format(name=table.file),
                _("put a row with the words {words} above the first row; nothing was written").format(
                    words=repr(column.headings.partition(", ")[0])
                ),
            )


def _codes_of(row: Row, known: Known) -> tuple[str, ...]:
    """Return a person's codes: of the card, of the e-mail address, of the phone number."""
    contacts = [str(row.meant[key]) for key in ("email", "phone") if key in row.meant]
    own, secret = [str(row.meant["code"])] if "code" in row.meant else [], known.secret
    if contacts and not own:
        _secret_of(known)
    return (*own, *(make_contact_code(secret, item) for item in contacts if secret is not None))


def to_one_code(text: str, known: Known) -> str:
    """Read what names one person: a code, or an e-mail address or phone number that a code is made of.

    Parameters
    ----------
    known
        Its ``secret`` is what a code is made with.

    Raises
    ------
    SchemaError
        It is none of them, or there is no secret to make a code with.

    Examples
    --------
    >>> known = Known(secret=b"0" * 32)
    >>> to_one_code("qx-0017-h", Known()), to_one_code("(760) 555-0123", known)[:4]
    ('QX0017H', 'P65D')
    """
    if "@" in text or not re.search(r"[A-Za-z]", text):
        contact = to_email(text) if "@" in text else to_phone(text)
        return make_contact_code(_secret_of(known), contact)
    try:
        return to_person_code(text)
    except ValueError as error:
        raise SchemaError(str(error), _("correct it; nothing was written")) from error


def _secret_of(known: Known) -> bytes:
    if known.secret is None:
        raise SchemaError(
            _("codes cannot be made of e-mails or phone numbers: this server has no secret for it"),
            _("let whoever runs it name a file in GEO_CODE_SECRET_FILE; nothing was written"),
        )
    return known.secret


def _questions(
    rows: Sequence[Row],
    codes: Mapping[int, Sequence[str]],
    known: Known,
    links: Iterable[tuple[str, str]],
) -> list[Question]:
    """Find what is to be asked: of two rows that are not known to be one person's and not both recorded."""
    person = join_codes(links)
    there = {person.get(code, code) for code in known.there}
    found = []
    for item in _near_rows(rows):
        people = {person.get(codes[row][0], codes[row][0]) for row in item.rows}
        if len(people) > 1 and not people <= there:
            found.append(item)
    return found


def _near_rows(rows: Sequence[Row]) -> list[Question]:
    """Find the rows that nearly share an e-mail address, then a phone number; each pair once.

    Neighbors have phone numbers in a row: where both have e-mail addresses that are far from each other,
    their phone numbers are not asked about.
    """
    found: dict[tuple[int, int], Question] = {}
    for column in ("email", "phone"):
        first: dict[str, Row] = {}
        emails: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            if column in row.meant:
                contact = str(row.meant[column])
                first.setdefault(contact, row)
                emails[contact] |= {str(row.meant["email"])} if "email" in row.meant else set()
        for one, other in sorted(near_pairs(first)):
            if _may_match(emails[one], emails[other]):
                low, high = sorted((first[one], first[other]), key=lambda row: row.number)
                pair, written = (low.number, high.number), (low.text(column), high.text(column))
                found.setdefault(pair, Question(pair, column, written))
    return sorted(found.values(), key=lambda item: (item.column, item.rows))


def _may_match(emails: Collection[str], others: Collection[str]) -> bool:
    """Whether e-mail addresses leave it open that two are one person: one has none, or some are near."""
    pairs = list(product(emails, others))
    return not pairs or any(one == other or is_near(one, other) for one, other in pairs)


def _shown(row: Row, codes: Sequence[str] = ()) -> dict[str, Any]:
    """Return what is shown of a row: nothing that an e-mail address or a phone number says."""
    written = row.text("code") or " · ".join(
        words for key, words in (("email", _("e-mail")), ("phone", _("phone"))) if key in row.meant
    )
    return {"written": written, "code": codes[0] if codes else row.meant.get("code")}


def _tell_away(row: Row) -> Line:
    """Say of whom a sheet says that they did not come, or says it in an unknown word."""
    if row.refused:
        return Line(row.number, Verdict.REFUSED, _shown(row), row.refused)
    registered = row.meant.get("came") == REGISTERED
    words = _("registered, did not check in") if registered else _("did not come")
    return Line(row.number, Verdict.EMPTY, _shown(row), words)


def _judge(
    row: Row, codes: Sequence[str], person: Mapping[str, str], there: Collection[str], asked: Question | None
) -> Line:
    shown, remark = _shown(row, codes), "; ".join(row.remarks)
    if row.refused:
        return Line(row.number, Verdict.REFUSED, shown, row.refused)
    if not codes:
        return Line(row.number, Verdict.EMPTY, shown, remark or _("no code"))
    own = person.get(codes[0], codes[0])
    if own in there:
        return Line(row.number, Verdict.SAME, shown, remark, about=own)
    if asked is not None:
        words = _("is nearly the same as row {row}: is it the same person?")
        reason = words.format(row=next(number for number in asked.rows if number != row.number))
        return Line(row.number, Verdict.ASK, shown, reason, about=own, change=codes[0])
    return Line(row.number, Verdict.NEW, shown, remark, about=own, change=codes[0])


def _tell_room(lines: Sequence[Line], there: int, room_holds: int | None) -> list[Line]:
    """Tell the new people above what the room holds; they stay new."""
    found, people = [], there
    for line in lines:
        people += line.verdict is Verdict.NEW
        over = line.verdict is Verdict.NEW and room_holds is not None and people > room_holds
        found.append(replace(line, reason=_("new, and more than the room holds")) if over else line)
    return found


def typed_grid(text: str) -> Grid:
    r"""Read a list that was typed or pasted, a person a line: codes, e-mail addresses, phone numbers.

    Examples
    --------
    >>> typed_grid("Ana, ana@example.org, (760) 555-0123\nQX 0017 H").cells[1:]
    (('', 'ana@example.org', '(760) 555-0123'), ('QX 0017 H', '', ''))
    """
    rows = [("code", "email", "phone")]
    for line in filter(str.strip, text.splitlines()):
        email = re.search(r"[^\s,;<>]+@[^\s,;<>]+", line)
        rest = line.replace(email[0], " ") if email else line
        code = next((word for word in split_codes(rest) if _is_code(word)), "")
        phone = re.search(
            r"\+?\d[\d\s().-]{6,}\d|\(\d{3}\)[\d\s.-]{6,}\d", rest.replace(code, " ") if code else rest
        )
        row = (code, email[0] if email else "", phone[0].strip() if phone else "")
        rows.append(row if any(row) else ("-", "", ""))
    return Grid(_("typed list"), tuple(rows))


def _is_code(word: str) -> bool:
    try:
        return bool(to_person_code(word))
    except ValueError:
        return False


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
