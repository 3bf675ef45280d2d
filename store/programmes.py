"""What is recorded of a programme: events, attendance, enrolments and the rest, each a kind in the journal.

People stand here by pseudonymous codes (:mod:`geo.person_code`), never by name. The key of an attendance is
event and person, so that nobody counts twice, however often a sheet comes.
"""

from __future__ import annotations

from datetime import date, time
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field, model_validator

from geo.language import mark as N_
from geo.person_code import to_person_code
from geo.programme import Programme
from store.records import Record
from store.status import Amount, PastDate, new_id

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


class ProgrammeRecord(Record):
    """A programme that somebody made on the page."""

    kind: ClassVar[str] = "programme"
    programme: Programme

    @property
    def key(self) -> str:
        """The programme's own key."""
        return self.programme.key


class _OfProgramme(Record):
    """What hangs on a programme, any number of times."""

    programme: Text
    id: str = Field(default_factory=new_id)

    @property
    def key(self) -> str:
        """Programme and its own identifier."""
        return f"{self.programme}/{self.id}"


class Event(_OfProgramme):
    """Something that happens on a day at a place; degrees in EPSG:4326, ``room_holds`` in people."""

    kind: ClassVar[str] = "event"
    event_kind: EventKind
    title: Text
    on: date
    begins_at: time | None = None
    ends_at: time | None = None
    place: str = ""
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    geoid: TractGeoid | None = None
    room_holds: Count | None = None
    partner: str = ""
    note: str = ""
    invented: bool = False

    @model_validator(mode="after")
    def _holds(self) -> Event:
        if self.begins_at and self.ends_at and self.ends_at <= self.begins_at:
            raise ValueError(f"it ends ({self.ends_at}) before it begins ({self.begins_at})")
        return self


class Attendance(Record):
    """One person at one event, once."""

    kind: ClassVar[str] = "attendance"
    programme: Text
    event: Text
    person: PersonCode

    @property
    def key(self) -> str:
        """Event and person: a double has the same key."""
        return f"{self.event}/{self.person}"


class Message(_OfProgramme):
    """A message in a medium: cost in US dollars, reach in people as the medium told it."""

    kind: ClassVar[str] = "message"
    on: PastDate
    title: Text
    channel: Text
    language: Text
    cost_usd: Amount | None = None
    reach: Annotated[int, Field(ge=0)] | None = None


class Contact(_OfProgramme):
    """Households that a canvass reached in a tract (GEOID of 2010) on a day."""

    kind: ClassVar[str] = "contact"
    on: PastDate
    households: Count
    geoid: TractGeoid | None = None
    event: str = ""
    note: str = ""


class Enrolment(_OfProgramme):
    """People enrolled on a day, by tract (GEOID of 2010); with a code it is one person, once."""

    kind: ClassVar[str] = "enrolment"
    on: PastDate
    people: Count = 1
    person: PersonCode | None = None
    geoid: TractGeoid | None = None
    partner: str = ""

    @model_validator(mode="after")
    def _holds(self) -> Enrolment:
        if self.person and self.people != 1:
            raise ValueError("a code stands for one person")
        return self

    @property
    def key(self) -> str:
        """Programme and person; without a code, its own identifier."""
        return f"{self.programme}/{self.person or self.id}"


class Recruit(Record):
    """A person who signed up, once."""

    kind: ClassVar[str] = "recruit"
    programme: Text
    person: PersonCode
    on: PastDate
    geoid: TractGeoid | None = None
    partner: str = ""

    @property
    def key(self) -> str:
        """Programme and person."""
        return f"{self.programme}/{self.person}"


class MilestoneReached(Record):
    """A programme's milestone, with the day it was reached."""

    kind: ClassVar[str] = "milestone_reached"
    programme: Text
    title: Text
    on: PastDate

    @property
    def key(self) -> str:
        """Programme and the milestone's title."""
        return f"{self.programme}/{self.title}"


class Barrier(_OfProgramme):
    """A barrier that was raised at an event, and what became of it."""

    kind: ClassVar[str] = "barrier"
    event: Text
    text: Text
    raised_on: PastDate
    became: Became = Became.OPEN
    became_on: PastDate | None = None
    note: str = ""


class Reading(_OfProgramme):
    """A measure's value on a day, told by somebody rather than counted here."""

    kind: ClassVar[str] = "reading"
    measure: Text
    on: PastDate
    value: float
    own_report: bool = True


class Race(_OfProgramme):
    """A race of a forum: its district in words, its candidates."""

    kind: ClassVar[str] = "race"
    title: Text
    district: Text
    on: date
    candidates: tuple[Text, ...] = Field(min_length=1)


class Question(_OfProgramme):
    """A question that a resident wants put to the candidates; of whom is not kept."""

    kind: ClassVar[str] = "question"
    on: PastDate
    text: Text
    language: str = ""
    topic: str = ""
    race: str = ""
    event: str = ""


class SpeakingTime(Record):
    """How long a candidate spoke at an event, in seconds."""

    kind: ClassVar[str] = "speaking_time"
    programme: Text
    event: Text
    race: Text
    candidate: Text
    seconds: Annotated[int, Field(ge=0)]

    @property
    def key(self) -> str:
        """Event, race and candidate."""
        return f"{self.event}/{self.race}/{self.candidate}"


class Boundary(_OfProgramme):
    """A boundary that somebody added: GeoJSON in EPSG:4326; ``role`` is area, trustee area or division."""

    kind: ClassVar[str] = "boundary"
    title: Text
    role: Text = "area"
    geojson: str = Field(min_length=1, max_length=4_000_000, repr=False)


OF_PROGRAMME: tuple[type[Record], ...] = (
    Event,
    Attendance,
    Message,
    Contact,
    Enrolment,
    Recruit,
    MilestoneReached,
    Barrier,
    Reading,
    Race,
    Question,
    SpeakingTime,
    Boundary,
)
