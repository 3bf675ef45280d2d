"""Where a water system stands on its way to being connected, for water and for wastewater.

Every system begins as *not recorded*: a stage is what somebody wrote, with a date and what it rests on.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import AfterValidator, BeforeValidator, Field, InstanceOf, PlainSerializer

from geo.days import DateSpan
from geo.language import gettext as _
from geo.language import mark as N_
from geo.water.identifiers import to_pwsid
from store.records import Record, new_id


class Service(StrEnum):
    """What a system is connected for."""

    WATER = "water"
    WASTEWATER = "wastewater"


class Stage(StrEnum):
    """The stages, in the order of the way; the last two end it otherwise."""

    NOT_RECORDED = "not_recorded"
    NOT_STARTED = "not_started"
    FEASIBILITY = "feasibility"
    PLANNING = "planning"
    DESIGN = "design"
    FUNDED = "funded"
    UNDER_CONSTRUCTION = "under_construction"
    CONNECTED = "connected"
    NOT_FEASIBLE = "not_feasible"
    ALREADY_SERVED = "already_served"


STAGE_TITLES: dict[Stage, str] = {
    Stage.NOT_RECORDED: N_("not entered yet"),
    Stage.NOT_STARTED: N_("not started"),
    Stage.FEASIBILITY: N_("feasibility"),
    Stage.PLANNING: N_("planning"),
    Stage.DESIGN: N_("design"),
    Stage.FUNDED: N_("funded"),
    Stage.UNDER_CONSTRUCTION: N_("under construction"),
    Stage.CONNECTED: N_("connected"),
    Stage.NOT_FEASIBLE: N_("not feasible"),
    Stage.ALREADY_SERVED: N_("on district water before we started"),
}
SERVICE_TITLES: dict[Service, str] = {Service.WATER: N_("water"), Service.WASTEWATER: N_("wastewater")}
SERVED = frozenset({Stage.CONNECTED, Stage.ALREADY_SERVED})
WAY = tuple(Stage)[: tuple(Stage).index(Stage.CONNECTED) + 1]


def goes_back(old: Stage, new: Stage) -> bool:
    """Whether a change leads back along the way, or off an end of it: then it needs a reason.

    Examples
    --------
    >>> goes_back(Stage.FUNDED, Stage.PLANNING), goes_back(Stage.PLANNING, Stage.FUNDED)
    (True, False)
    >>> goes_back(Stage.CONNECTED, Stage.NOT_FEASIBLE)
    True
    """
    if old is new:
        return False
    if old in WAY and new in WAY:
        return WAY.index(new) < WAY.index(old)
    return old not in WAY or old is Stage.CONNECTED


def _not_in_future(value: date) -> date:
    today = datetime.now(UTC).date()
    if value > today:
        raise ValueError(_("{day} lies in the future (today is {today})").format(day=value, today=today))
    return value


def _span_of_the_past(value: object) -> DateSpan:
    span = DateSpan.read(value)
    _not_in_future(span.first)
    return span


Pwsid = Annotated[str, AfterValidator(to_pwsid)]
PastDate = Annotated[date, AfterValidator(_not_in_future)]


def _to_iso(span: DateSpan) -> str:
    return str(span)


PastSpan = Annotated[InstanceOf[DateSpan], BeforeValidator(_span_of_the_past), PlainSerializer(_to_iso)]
Amount = Annotated[float, Field(ge=0)]


class OfBoard(Record):
    """What the board keeps; a version that takes changes back says which number stands again."""

    restores: Annotated[int, Field(ge=1)] | None = None


class Status(OfBoard):
    """The stage of one system for one service, when it was reached and what that rests on."""

    kind: ClassVar[str] = "status"
    pwsid: Pwsid
    service: Service
    stage: Stage
    reached_on: PastSpan | None = None
    evidence: str = ""
    link: str = ""
    note: str = ""
    lead: str = ""

    @property
    def key(self) -> str:
        """System and service."""
        return f"{self.pwsid}/{self.service}"


class _OfSystem(OfBoard):
    """What hangs on a system and a service, any number of times."""

    pwsid: Pwsid
    service: Service
    id: str = Field(default_factory=new_id)

    @property
    def key(self) -> str:
        """System, service and its own identifier."""
        return f"{self.pwsid}/{self.service}/{self.id}"


class Milestone(_OfSystem):
    """Something that is to be reached or was: planned, reached, or both."""

    kind: ClassVar[str] = "milestone"
    title: str = Field(min_length=1)
    planned_for: date | None = None
    reached_on: PastSpan | None = None


class FundingStatus(StrEnum):
    """How far money has come."""

    APPLIED = "applied"
    AWARDED = "awarded"
    AGREED = "agreed"
    RECEIVED = "received"
    SPENT = "spent"
    CLOSED = "closed"
    DECLINED = "declined"


FUNDING_TITLES: dict[FundingStatus, str] = {
    FundingStatus.APPLIED: N_("applied for"),
    FundingStatus.AWARDED: N_("awarded"),
    FundingStatus.AGREED: N_("agreement signed"),
    FundingStatus.RECEIVED: N_("received"),
    FundingStatus.SPENT: N_("spent"),
    FundingStatus.CLOSED: N_("closed out"),
    FundingStatus.DECLINED: N_("declined"),
}
# Of these steps the money is the system's; what was applied for is none yet.
SECURED = frozenset(FundingStatus) - {FundingStatus.APPLIED, FundingStatus.DECLINED}


class Funding(_OfSystem):
    """Money for a system: from whom, how much in US dollars, how far it has come."""

    kind: ClassVar[str] = "funding"
    funder: str = Field(min_length=1)
    amount_usd: Amount
    status: FundingStatus
    on: PastSpan | None = None
    note: str = ""


class Comment(_OfSystem):
    """What somebody remarks on a system."""

    kind: ClassVar[str] = "comment"
    text: str = Field(min_length=1)


class Affordability(_OfSystem):
    """What water costs a household: US dollars a month, and as a share of its income (0 to 1)."""

    kind: ClassVar[str] = "affordability"
    rate_usd_per_month: Amount
    share_of_income: Annotated[float, Field(ge=0, le=1)] | None = None
    on: PastSpan
    source_note: str = Field(min_length=1)
