"""What is recorded of a canvass, each a kind in the journal: cuts, turfs, volunteers, visits, paper, phones.

Volunteers stand here by a pseudonym, doors by a number within their block: no address and no name. The key
of a visit is its submission's identifier and that of a paper total its turf, day and sheet, so that the same
return counts once however often it comes; a correction is the next number of the same key.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field

from geo.canvass.codes import LONGEST_DOOR, LONGEST_WORDS, Disposition, TurfStatus, to_turf_code
from geo.canvass.script import Script
from store.records import Record, new_id
from store.water.kinds import PastDate

TurfCode = Annotated[str, AfterValidator(to_turf_code)]
Text = Annotated[str, Field(min_length=1)]
Count = Annotated[int, Field(ge=0)]


class Cut(Record):
    """A cut that was kept: how it was asked for, and for which day, where it was for one.

    ``turfs`` counts all codes that were ever given for it.
    """

    kind: ClassVar[str] = "cut"
    number: Count
    turfs: Annotated[int, Field(ge=1)]
    doors: Count
    tolerance: Annotated[float, Field(ge=0, lt=1)]
    worst: Annotated[float, Field(ge=0)]
    bound: Annotated[float, Field(ge=0)]
    seed: int = 0
    target: str = ""
    balance: str = "doors"
    minutes_per_door: Annotated[float, Field(ge=0)] = 5.0
    planned_on: date | None = None

    @property
    def key(self) -> str:
        """Its number."""
        return f"{self.number:04d}"


class Turf(Record):
    """A turf as it stands; counts in doors, households and people, hours estimated.

    ``language`` is the one that is needed there, ``volunteer`` who has it, or had it last.
    """

    kind: ClassVar[str] = "turf"
    code: TurfCode
    cut: Count
    units: Annotated[tuple[str, ...], Field(min_length=1)]
    doors: Count
    households: Count
    population: Count
    hours: Annotated[float, Field(ge=0)] | None = None
    status: TurfStatus = TurfStatus.READY
    volunteer: str = ""
    language: str = ""
    out_on: PastDate | None = None
    note: str = ""

    @property
    def key(self) -> str:
        """Its code."""
        return self.code


class Volunteer(Record):
    """Who takes turfs: a pseudonym, languages, area, hours a week, and whether there is a car (if said).

    ``near_home`` is True for who walks near home alone and False for who would rather not, ``together`` the
    pseudonym of who comes along, ``shifts`` the days that they signed up for.
    """

    kind: ClassVar[str] = "volunteer"
    pseudonym: Text
    languages: tuple[str, ...] = ("en",)
    area: str = ""
    hours_a_week: Annotated[float, Field(ge=0, le=100)] | None = None
    has_car: bool | None = None
    near_home: bool | None = None
    together: str = ""
    shifts: tuple[date, ...] = ()

    @property
    def key(self) -> str:
        """The pseudonym in small letters."""
        return self.pseudonym.casefold()


class Visit(Record):
    """What happened at one door; ``door`` is a number within the block, not an address.

    ``language`` is the one that is spoken there, ``again`` when to come back; both empty where nobody said.
    ``answers`` are those to the campaign's questions, by key. ``tellings`` name what a phone sent of it, the
    first one and its edits in order: the last is what stands.
    """

    kind: ClassVar[str] = "visit"
    id: str = Field(default_factory=new_id, min_length=1)
    turf: TurfCode
    unit: Text
    door: Annotated[str, Field(max_length=LONGEST_DOOR)] = ""
    on: PastDate
    disposition: Disposition
    language: Annotated[str, Field(max_length=LONGEST_WORDS)] = ""
    again: Annotated[str, Field(max_length=LONGEST_WORDS)] = ""
    answers: dict[str, str] | None = None
    tellings: tuple[str, ...] | None = None

    @property
    def key(self) -> str:
        """The submission's identifier: a double has the same."""
        return self.id


class Tally(Record):
    """Totals of one paper sheet of a turf on a day, in doors.

    ``apart`` is set where somebody said that no other return holds its doors.
    """

    kind: ClassVar[str] = "tally"
    turf: TurfCode
    on: PastDate
    sheet: Text
    spoke: Count = 0
    not_home: Count = 0
    refused: Count = 0
    moved: Count = 0
    vacant: Count = 0
    language_needed: Count = 0
    come_back: Count = 0
    do_not_knock: Count = 0
    apart: bool | None = None

    @property
    def key(self) -> str:
        """Turf, day and sheet."""
        return f"{self.turf}/{self.on}/{self.sheet}"

    @property
    def doors(self) -> int:
        """All doors of the sheet."""
        return sum(int(getattr(self, str(item))) for item in Disposition)


class Goal(Record):
    """What the canvass is to reach: households, until when, and where the number comes from."""

    kind: ClassVar[str] = "canvass_goal"
    households: Annotated[int, Field(ge=1)]
    last_day: date
    source: Text

    @property
    def key(self) -> str:
        """There is one."""
        return "goal"


class FieldPaper(Record):
    """What stands on every paper of a canvass beside its script: whom to call for help."""

    kind: ClassVar[str] = "canvass_paper"
    lead: Annotated[str, Field(max_length=LONGEST_WORDS)] = ""
    phone: Annotated[str, Field(max_length=LONGEST_WORDS)] = ""

    @property
    def key(self) -> str:
        """There is one."""
        return "paper"


class TribalPermission(Record):
    """That a tribe agreed to a canvass on its land: who of it said so, and when.

    ``tribe`` is the GEOID of its land, ``title`` what that is called.
    """

    kind: ClassVar[str] = "tribal_permission"
    tribe: Text
    title: Text
    agreed_by: Annotated[str, Field(min_length=1, max_length=LONGEST_WORDS)]
    on: PastDate

    @property
    def key(self) -> str:
        """The tribe."""
        return self.tribe


class SignUpLink(Record):
    """That volunteers may sign up by a link: of its token only a checksum is kept."""

    kind: ClassVar[str] = "sign_up_link"
    hashed: Text

    @property
    def key(self) -> str:
        """There is one at a time."""
        return "link"


class CanvassScript(Record):
    """What is said and asked at a door in this canvass."""

    kind: ClassVar[str] = "canvass_script"
    script: Script

    @property
    def key(self) -> str:
        """There is one."""
        return "script"


class PhoneCode(Record):
    """That a volunteer's phone may send: of the code itself only a checksum is kept.

    The code is 192 bits of chance, so that a plain SHA-256 gives nothing away; it needs no slow hash, as a
    passphrase does.
    """

    kind: ClassVar[str] = "phone_code"
    hashed: Text
    volunteer: Text

    @property
    def key(self) -> str:
        """The checksum."""
        return self.hashed
