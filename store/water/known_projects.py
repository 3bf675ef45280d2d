"""What is publicly known of projects, offered as first records; a person accepts each, or not."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from geo.days import DateSpan
from geo.errors import CatalogError, StoreError
from geo.language import current_language
from geo.language import gettext as _
from geo.settings import ROOT
from store.journal import Draft, Entry
from store.records import Record
from store.water.book import Board
from store.water.kinds import Funding, FundingStatus, Service, Stage, Status
from store.water.past import Past
from store.water.system_names import Named

PROJECT_FILE = ROOT / "data" / "known_projects.toml"


@dataclass(frozen=True, slots=True)
class KnownProject:
    """One project as the press and the district tell it.

    Attributes
    ----------
    key, region, title
        Its name in the file, the region it is in, its title as its sources call it.
    service, stage
        What it is for, and how far it had come.
    reached
        When, as exactly as it is published: a day, a month, a year or two years; empty where nothing is said.
    certain, choices
        Systems that are meant without doubt, and systems that may be meant.
    names
        What its sources call the systems, where the State's tables may have them under another name.
    matched_by, note, source, link
        Why these systems, what is told, and by whom.
    funder, amount_usd
        Money that is published for one system alone; empty and None where it is not.
    es
        Title, note and ``matched_by`` in Spanish.
    """

    key: str
    region: str
    title: str
    service: Service
    stage: Stage
    reached: DateSpan | None
    matched_by: str
    note: str
    source: str
    link: str
    certain: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    funder: str = ""
    amount_usd: float | None = None
    es: Mapping[str, str] = field(default_factory=dict)

    def words(self, name: str) -> str:
        """Return the title, the note or why it was matched, in the chosen language."""
        said = str(getattr(self, name))
        return self.es.get(name, said) if current_language() == "es" else said


class Answer(StrEnum):
    """What a person said to an offer."""

    ACCEPTED = "accepted"
    DECLINED = "declined"


class Reply(Record):
    """A person's answer to a known project, kept so that it is not offered again."""

    kind: ClassVar[str] = "known_project"
    project: str
    answer: Answer
    pwsids: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The project's name in the file."""
        return self.project


@cache
def read_known_projects(path: Path = PROJECT_FILE) -> tuple[KnownProject, ...]:
    """Read what is known.

    Raises
    ------
    CatalogError
        The file is not well formed.

    Examples
    --------
    >>> {project.region for project in read_known_projects()} >= {"coachella"}
    True
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        return tuple(_to_project(key, fields) for key, fields in content.items())
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise CatalogError(
            _("{file} is not well formed ({error})").format(file=path.name, error=error),
            _("compare it with the last commit"),
        ) from error


def _to_project(key: str, fields: dict[str, Any]) -> KnownProject:
    certain, choices, names = (tuple(fields.pop(name, ())) for name in ("certain", "choices", "names"))
    service, stage = Service(fields.pop("service")), Stage(fields.pop("stage"))
    reached = fields.pop("reached")
    return KnownProject(
        key=key,
        service=service,
        stage=stage,
        reached=DateSpan.read(reached) if reached else None,
        certain=certain,
        choices=choices,
        names=names,
        **fields,
    )


def open_offers(
    board: Board, projects: Sequence[KnownProject] | None = None, *, as_of: Past | None = None
) -> list[KnownProject]:
    """List the projects of the board's region that nobody has answered yet, or had at a moment."""
    known = read_known_projects() if projects is None else projects
    answered = {kept.record.project for kept in board.kept(Reply, as_of=as_of)}
    return [item for item in known if item.region == board.region and item.key not in answered]


def may_be_meant(project: KnownProject, named: Named) -> tuple[str, ...]:
    """List the systems that a project is about or may be, those without doubt first.

    To those that it names by number come those that bear one of its names, also as an older or other name.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from pandas import DataFrame
    >>> from store.water.system_names import name_systems
    >>> names = {"name": ["SAN ANTONIO MHP"], "other_names": ["ST ANTHONY TRAILER PARK"]}
    >>> systems = DataFrame({"pwsid": ["CA3301380"], **names})
    >>> project = next(item for item in read_known_projects() if item.key == "avenue_66_saint_anthony")
    >>> told = replace(project, choices=(), names=("St Anthony Mobile Home Park",))
    >>> may_be_meant(told, name_systems(systems))
    ('CA3301380',)
    """
    found = sorted(pwsid for name in project.names for pwsid in named.find_any(name))
    return tuple(dict.fromkeys((*project.certain, *project.choices, *found)))


def reported_stages(offers: Sequence[KnownProject], named: Named, service: Service) -> dict[str, Stage]:
    """Tell by system how far news items that are not answered yet report it to be; of several the farthest.

    Examples
    --------
    >>> from pandas import DataFrame
    >>> from store.water.system_names import name_systems
    >>> nobody = name_systems(DataFrame({"pwsid": [], "name": []}))
    >>> reported_stages(read_known_projects(), nobody, Service.WATER)["CA3303100"]
    <Stage.CONNECTED: 'connected'>
    """
    found: dict[str, Stage] = {}
    for project in offers:
        for pwsid in may_be_meant(project, named) if project.service is service else ():
            held = found.get(pwsid, Stage.NOT_RECORDED)
            found[pwsid] = max(held, project.stage, key=list(Stage).index)
    return found


def accept(board: Board, project: KnownProject, pwsids: Sequence[str], who: str) -> list[Entry]:
    """Record a project's stage for the systems that a person says are meant, and that it was accepted.

    Parameters
    ----------
    pwsids
        Systems of the board.

    Raises
    ------
    StoreError
        No system, an unknown one, or one whose stage somebody has recorded already.
    ConflictError
        Somebody else answered, or recorded a stage, in the meantime.

    Examples
    --------
    >>> from store.database import open_database
    >>> from store.journal import Journal
    >>> board = Board(Journal(open_database("sqlite://")), "coachella", ["CA3303100"])
    >>> offer = open_offers(board)[0]
    >>> [entry.kind for entry in accept(board, offer, offer.certain, who="Ana")]
    ['status', 'known_project']
    """
    if not pwsids:
        raise StoreError(
            _("no system is chosen for {title}").format(title=project.words("title")), _("choose one")
        )
    board.check_known(pwsids)
    taken = [
        pwsid for pwsid in pwsids if board.journal.entry(board.region, "status", f"{pwsid}/{project.service}")
    ]
    if taken:
        raise StoreError(
            _("{names} has a stage already").format(names=", ".join(taken)),
            _("decline the offer, or change the stage in the system's card"),
        )
    reply = Reply(project=project.key, answer=Answer.ACCEPTED, pwsids=tuple(pwsids))
    drafts = [
        *_drafts(board.region, project, pwsids, who),
        reply.draft(board.region, who, source=project.source),
    ]
    return board.journal.append(drafts)


def decline(board: Board, project: KnownProject, who: str, why: str = "") -> Entry:
    """Record that a person does not accept a project; it is not offered again."""
    reply = Reply(project=project.key, answer=Answer.DECLINED)
    return board.journal.append([reply.draft(board.region, who, why=why, source=project.source)])[0]


def _drafts(region: str, project: KnownProject, pwsids: Sequence[str], who: str) -> Iterator[Draft]:
    for pwsid in pwsids:
        status = Status(
            pwsid=pwsid,
            service=project.service,
            stage=project.stage,
            evidence=project.source,
            link=project.link,
            reached_on=project.reached,
            note=project.words("note"),
        )
        yield status.draft(region, who, why=_("news report"), source=project.source)
        if project.amount_usd is not None and len(pwsids) == 1:
            money = Funding(
                pwsid=pwsid,
                service=project.service,
                funder=project.funder,
                amount_usd=project.amount_usd,
                status=FundingStatus.AWARDED,
            )
            yield money.draft(region, who, why=_("news report"), source=project.source)
