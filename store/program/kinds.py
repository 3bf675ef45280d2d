"""What is recorded of a program: events, attendance, enrollments and the rest, each a kind in the journal.

People stand here by pseudonymous codes (:mod:`geo.methods.person_codes`), never by name. The key of an
attendance is event and person, so that nobody counts twice, however often a sheet comes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field, model_validator

from geo.language import gettext as _
from geo.language import mark as N_
from geo.methods.person_codes import SERIES_SIZE, make_code, to_person_code
from geo.program.declaration import Program
from store.records import Record, new_id
from store.water.kinds import Amount, PastDate

PersonCode = Annotated[str, AfterValidator(to_person_code)]
TractGeoid = Annotated[str, Field(pattern=r"^\d{11}$")]
Text = Annotated[str, Field(min_length=1)]
Count = Annotated[int, Field(ge=1)]


class EventKind(StrEnum):
    """What kind of event it is."""

    FORUM = "forum"
    SESSION = "session"
    TRAINING = "training"
    LEARNING_SERIES = "learning_series"
    CANVASS_DAY = "canvass_day"
    BOARD_MEETING = "board_meeting"


EVENT_TITLES: dict[EventKind, str] = {
    EventKind.FORUM: N_("forum"),
    EventKind.SESSION: N_("session"),
    EventKind.TRAINING: N_("training"),
    EventKind.LEARNING_SERIES: N_("learning series"),
    EventKind.CANVASS_DAY: N_("canvass day"),
    EventKind.BOARD_MEETING: N_("board meeting"),
}


class Became(StrEnum):
    """What became of a barrier that was raised."""

    OPEN = "open"
    REFERRED = "referred"
    SOLVED = "solved"
    NOT_SOLVABLE = "not_solvable"


BECAME_TITLES: dict[Became, str] = {
    Became.OPEN: N_("open"),
    Became.REFERRED: N_("referred to a partner"),
    Became.SOLVED: N_("solved"),
    Became.NOT_SOLVABLE: N_("cannot be solved here"),
}


class AreaRole(StrEnum):
    """What a boundary that somebody added is, and for what part of a district a race is."""

    AREA = "area"
    TRUSTEE_AREA = "trustee area"
    DIVISION = "division"


ROLE_TITLES: dict[AreaRole, str] = {
    AreaRole.AREA: N_("the whole district"),
    AreaRole.TRUSTEE_AREA: N_("trustee area"),
    AreaRole.DIVISION: N_("division"),
}


class ProgramRecord(Record):
    """A program that somebody made on the page."""

    kind: ClassVar[str] = "program"
    program: Program

    @property
    def key(self) -> str:
        """The program's own key."""
        return self.program.key


class _Told(Record):
    """What is recorded of a program, and where and with whom it was."""

    program: Text
    place: str = ""
    partner: str = ""


class _OfProgram(_Told):
    """What hangs on a program, any number of times."""

    id: str = Field(default_factory=new_id)

    @property
    def key(self) -> str:
        """Program and its own identifier."""
        return f"{self.program}/{self.id}"


class Event(_OfProgram):
    """Something that happens on a day at a place; degrees in EPSG:4326, ``room_holds`` in people.

    ``series`` names the sessions that belong together, so that k in a row means those. ``headcount`` is how
    many people were counted there without a name or a code, 0 where nobody came, ``headcount_how`` how and by
    whom.
    """

    kind: ClassVar[str] = "event"
    event_kind: EventKind
    title: Text
    on: date
    begins_at: time | None = None
    ends_at: time | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    geoid: TractGeoid | None = None
    room_holds: Count | None = None
    series: str = ""
    headcount: Annotated[int, Field(ge=0)] | None = None
    headcount_how: str = ""
    note: str = ""
    invented: bool = False

    @model_validator(mode="after")
    def _holds(self) -> Event:
        if self.begins_at and self.ends_at and self.ends_at <= self.begins_at:
            raise ValueError(
                _("it ends ({ends}) before it begins ({begins})").format(
                    ends=f"{self.ends_at:%H:%M}", begins=f"{self.begins_at:%H:%M}"
                )
            )
        return self


class Attendance(Record):
    """One person at one event, once."""

    kind: ClassVar[str] = "attendance"
    program: Text
    event: Text
    person: PersonCode

    @property
    def key(self) -> str:
        """Event and person: a double has the same key."""
        return f"{self.event}/{self.person}"


class Uncoded(Record):
    """How many rows of a sheet of an event named nobody that a code could be made of: attendances."""

    kind: ClassVar[str] = "uncoded"
    program: Text
    event: Text
    file: Text
    count: Count

    @property
    def key(self) -> str:
        """Event and file: the same file, brought again, counts once."""
        return f"{self.event}/{' '.join(self.file.casefold().split())}"


class SamePerson(Record):
    """Two codes of one person: of the card, of the e-mail address, of the phone number."""

    kind: ClassVar[str] = "same_person"
    code: PersonCode
    also: PersonCode

    @property
    def key(self) -> str:
        """Both codes."""
        return f"{self.code}/{self.also}"


class Cards(Record):
    """Cards that were made: numbers ``first`` and following of a series of codes, named by its letters."""

    kind: ClassVar[str] = "cards"
    letters: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    first: Annotated[int, Field(ge=0)]
    count: Annotated[int, Field(ge=1, le=500)]

    @model_validator(mode="after")
    def _holds(self) -> Cards:
        if self.first + self.count > SERIES_SIZE:
            raise ValueError(
                _("a series has {size} numbers: take other letters").format(size=f"{SERIES_SIZE:,}")
            )
        return self

    @property
    def key(self) -> str:
        """Letters and first number: of two who make cards at once, the second is told."""
        return f"{self.letters}/{self.first:04d}"

    def codes(self) -> list[str]:
        """Return the code of each card.

        Examples
        --------
        >>> Cards(letters="QX", first=17, count=2).codes()
        ['QX0017H', 'QX0018Z']
        """
        return [make_code(self.letters, number) for number in range(self.first, self.first + self.count)]


class Message(_OfProgram):
    """A message in a medium: cost in US dollars, reach in people as the medium told it."""

    kind: ClassVar[str] = "message"
    on: PastDate
    title: Text
    channel: Text
    language: Text
    cost_usd: Amount | None = None
    reach: Annotated[int, Field(ge=0)] | None = None


class Contact(_OfProgram):
    """Households that a canvass reached in a tract (GEOID of 2010) on a day."""

    kind: ClassVar[str] = "contact"
    on: PastDate
    households: Count
    geoid: TractGeoid | None = None
    event: str = ""
    note: str = ""


class Enrollment(_OfProgram):
    """People enrolled on a day, by tract (GEOID of 2010); with a code it is one person, once."""

    kind: ClassVar[str] = "enrollment"
    on: PastDate
    people: Count = 1
    person: PersonCode | None = None
    geoid: TractGeoid | None = None

    @model_validator(mode="after")
    def _holds(self) -> Enrollment:
        if self.person and self.people != 1:
            raise ValueError(_("a code stands for one person"))
        return self

    @property
    def key(self) -> str:
        """Program and person; without a code, its own identifier."""
        return f"{self.program}/{self.person or self.id}"


class Recruit(_Told):
    """A person who signed up, once."""

    kind: ClassVar[str] = "recruit"
    person: PersonCode
    on: PastDate
    geoid: TractGeoid | None = None

    @property
    def key(self) -> str:
        """Program and person."""
        return f"{self.program}/{self.person}"


class MilestoneReached(_Told):
    """A program's milestone, with the day it was reached."""

    kind: ClassVar[str] = "milestone_reached"
    title: Text
    on: PastDate

    @property
    def key(self) -> str:
        """Program and the milestone's title."""
        return f"{self.program}/{self.title}"


class Barrier(_OfProgram):
    """A barrier that was raised at an event, and what became of it."""

    kind: ClassVar[str] = "barrier"
    event: Text
    text: Text
    raised_on: PastDate
    became: Became = Became.OPEN
    became_on: PastDate | None = None
    note: str = ""


class Reading(_OfProgram):
    """A measure's value on a day, told by somebody rather than counted here."""

    kind: ClassVar[str] = "reading"
    measure: Text
    on: PastDate
    value: float
    own_report: bool = True


class Race(_OfProgram):
    """A race: the district whose board it is for, which part of it votes, and its candidates.

    ``district`` and ``area`` are names of shapes: of a district of the region, and of a trustee area or
    division whose boundary somebody added; ``area`` is empty where the whole district votes. ``on`` is
    the day of the election.
    """

    kind: ClassVar[str] = "race"
    title: Text
    district: Text
    role: AreaRole = AreaRole.AREA
    area: str = ""
    on: date
    candidates: tuple[Text, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _holds(self) -> Race:
        if self.role is AreaRole.AREA and self.area:
            raise ValueError(_('an area is named: choose under "Who votes" what it is'))
        if self.role is not AreaRole.AREA and not self.area:
            raise ValueError(_("name the trustee area or the division that votes"))
        twice = sorted({name for name in self.candidates if self.candidates.count(name) > 1})
        if twice:
            raise ValueError(_("candidates stand twice: {names}").format(names=", ".join(twice)))
        return self


class Question(_OfProgram):
    """A question that a resident wants put to the candidates; of whom is not kept."""

    kind: ClassVar[str] = "question"
    on: PastDate
    text: Text
    language: str = ""
    topic: str = ""
    race: str = ""
    event: str = ""


class SpeakingTime(Record):
    """A candidate at an event: whether invited, whether there, how long they spoke; ``race`` is a race's key.

    ``attended`` is None where nobody wrote it down, ``seconds`` where nobody timed it; who spoke was there.
    """

    kind: ClassVar[str] = "speaking_time"
    program: Text
    event: Text
    race: Text
    candidate: Text
    invited: bool = True
    attended: bool | None = None
    seconds: Annotated[int, Field(ge=0)] | None = None

    @model_validator(mode="after")
    def _holds(self) -> SpeakingTime:
        if self.attended is False and self.seconds:
            raise ValueError(_("{name} spoke, and did not come").format(name=self.candidate))
        return self

    @property
    def key(self) -> str:
        """Event, race and candidate."""
        return f"{self.event}/{self.race}/{self.candidate}"


def speaking_times(event: Event, race: Race, minutes: Mapping[str, float | None]) -> list[SpeakingTime]:
    """Make records of the minutes that each candidate of a race spoke; None where nothing was timed.

    Examples
    --------
    >>> fields = {"program": "p", "id": "e", "title": "F", "on": "2018-10-01"}
    >>> event = Event.make(fields | {"event_kind": "forum"})
    >>> race = Race.make(fields | {"district": "D", "candidates": ["A", "B"]})
    >>> [(row.candidate, row.seconds) for row in speaking_times(event, race, {"A": 2.5, "B": None})]
    [('A', 150)]
    """
    return [
        SpeakingTime.make(
            {
                "program": event.program,
                "event": event.key,
                "race": race.key,
                "candidate": name,
                "seconds": round(spoken * 60),
            }
        )
        for name, spoken in minutes.items()
        if spoken is not None
    ]


class Boundary(_OfProgram):
    """A boundary that somebody added: GeoJSON in EPSG:4326; ``role`` is area, trustee area or division.

    ``drawn`` is whether it was drawn by hand on the page rather than read from a file.
    """

    kind: ClassVar[str] = "boundary"
    title: Text
    role: AreaRole = AreaRole.AREA
    geojson: str = Field(min_length=1, max_length=4_000_000, repr=False)
    drawn: bool = False


OF_PROGRAM: tuple[type[Record], ...] = (
    Event,
    Attendance,
    Uncoded,
    Message,
    Contact,
    Enrollment,
    Recruit,
    MilestoneReached,
    Barrier,
    Reading,
    Race,
    Question,
    SpeakingTime,
    Boundary,
)

KIND_TITLES: dict[str, str] = {
    ProgramRecord.kind: N_("the program itself"),
    Event.kind: N_("event"),
    Attendance.kind: N_("person who came"),
    Uncoded.kind: N_("people who came without a code"),
    Message.kind: N_("message or media"),
    Contact.kind: N_("households reached by a canvass"),
    Enrollment.kind: N_("enrollment"),
    Recruit.kind: N_("recruit"),
    MilestoneReached.kind: N_("milestone reached"),
    Barrier.kind: N_("barrier"),
    Reading.kind: N_("told value of a measure"),
    Race.kind: N_("race"),
    Question.kind: N_("question of a resident"),
    SpeakingTime.kind: N_("candidate at a forum"),
    Boundary.kind: N_("boundary"),
}
