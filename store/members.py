"""Members and what each may see and do: ``python -m store.members add NAME --role ROLE``."""

from __future__ import annotations

import argparse
import getpass
import logging
import sys
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import ClassVar, TypeAlias

from pydantic import Field

from geo.errors import GeoError, StoreError
from geo.language import gettext as _
from geo.language import mark as N_
from store.database import Fault, open_database, to_error
from store.journal import Draft, Journal, seen_or_withdrawn
from store.records import Kept, Record, to_kept
from store.sign_ins import check_passphrase, hash_passphrase, is_passphrase


class Right(StrEnum):
    """One of them.

    ``SMALL_COUNTS``: counts under ten, and what residents said in their own words.
    ``FIELD``: volunteers, doors, walk lists and the codes of who came; records in the field.
    ``WATER``: names of small water systems and what the task force noted; records on the water board.
    ``WHO``: the names of members beside what they recorded.
    """

    SMALL_COUNTS = "small_counts"
    FIELD = "field"
    WATER = "water"
    WHO = "who"


Rights: TypeAlias = frozenset[Right]
NOBODY: Rights = frozenset()
"""The rights of a passer-by; what is asked without rights is answered with these."""
EVERY_RIGHT: Rights = frozenset(Right)


EVERYWHERE = "*"  # A member belongs to the installation, not to a region.
TOLD_DAYS = 30
LOG = logging.getLogger(__name__)
# Addresses of databases in which this process has seen a member.
_CLOSED: set[str] = set()


class Role(StrEnum):
    """What a member is here."""

    VIEWER = "viewer"
    CANVASS_LEAD = "canvass_lead"
    TASK_FORCE = "task_force"
    COORDINATOR = "coordinator"


RIGHTS: dict[Role, Rights] = {
    Role.VIEWER: frozenset({Right.SMALL_COUNTS}),
    Role.CANVASS_LEAD: frozenset({Right.SMALL_COUNTS, Right.FIELD, Right.WHO}),
    Role.TASK_FORCE: frozenset({Right.WATER, Right.WHO}),
    Role.COORDINATOR: EVERY_RIGHT,
}
ROLE_TITLES: dict[Role, str] = {
    Role.VIEWER: N_("viewer"),
    Role.CANVASS_LEAD: N_("canvass lead"),
    Role.TASK_FORCE: N_("task force"),
    Role.COORDINATOR: N_("coordinator"),
}
ROLE_MEANINGS: dict[Role, str] = {
    Role.VIEWER: N_("sees counts under ten, records nothing"),
    Role.CANVASS_LEAD: N_(
        "sees counts under ten, volunteers, doors and walk lists, records turfs, returns and programs"
    ),
    Role.TASK_FORCE: N_("sees names and notes of small water systems, records on the water board"),
    Role.COORDINATOR: N_("sees and records all of it"),
}


class Member(Record):
    """Somebody who may sign in; of the passphrase only a salted hash is kept."""

    kind: ClassVar[str] = "member"
    name: str = Field(min_length=1)
    role: Role
    hashed: str = Field(min_length=1, repr=False)

    @property
    def key(self) -> str:
        """The name, however it is written."""
        return member_key(self.name)


def member_key(name: str) -> str:
    """Key of a name: capitals and spaces do not matter.

    Examples
    --------
    >>> member_key("  Ana  María ")
    'ana maría'
    """
    return " ".join(name.split()).casefold()


class Members:
    """The members of an installation.

    Examples
    --------
    >>> members = Members(Journal(open_database("sqlite://")))
    >>> members.closed
    False
    >>> kept = members.add("Ana", Role.TASK_FORCE, "nine brown dogs at the well", by="Luis")
    >>> members.sign_in("ana", "nine brown dogs at the well").record.name, members.sign_in("Ana", "dogs")
    ('Ana', None)
    """

    def __init__(self, journal: Journal) -> None:
        self.journal = journal

    @property
    def closed(self) -> bool:
        """Whether only members may see small counts and names and record: as soon as there is one.

        Raises
        ------
        DatabaseError
            There were members when this process last looked, and now there is not even an entry that
            withdraws one: another database stands in the place of theirs, and must not open all to everybody.
        """
        address = str(self.journal.engine.url)
        if self.journal.latest(EVERYWHERE, Member.kind):
            _CLOSED.add(address)
            return True
        if address in _CLOSED and not self.journal.history(EVERYWHERE, Member.kind):
            raise to_error(Fault.EMPTIED)
        return False

    def all(self) -> list[Kept[Member]]:
        """List the members by name."""
        return [to_kept(Member, entry) for entry in self.journal.latest(EVERYWHERE, Member.kind)]

    def find(self, name: str) -> Kept[Member] | None:
        """Return a member by name; None where there is none."""
        entry = self.journal.entry(EVERYWHERE, Member.kind, member_key(name))
        return to_kept(Member, entry) if entry else None

    def add(self, name: str, role: Role, passphrase: str, *, by: str) -> Kept[Member]:
        """Add a member.

        Raises
        ------
        StoreError
            There is one of this name, or the passphrase is soon guessed.
        ConflictError
            Somebody else added one of this name at the same moment.
        """
        past = self.journal.history(EVERYWHERE, Member.kind, member_key(name))
        if past and past[-1].body is not None:
            raise StoreError(
                _("{name} is a member already").format(name=name),
                _("remove the member first, then add them with the new role or passphrase"),
            )
        check_passphrase(passphrase, name)
        member = Member.make({"name": name, "role": role, "hashed": hash_passphrase(passphrase)})
        draft = member.draft(EVERYWHERE, by, seen=seen_or_withdrawn(0, past))
        return to_kept(Member, self.journal.append([draft])[0])

    def remove(self, name: str, *, by: str, reopen: bool = False) -> None:
        """Remove a member; their signed changes stay as they are.

        Raises
        ------
        StoreError
            There is no such member; or it is the last one, and ``reopen`` does not say that the installation
            is to be open to everybody again.
        """
        kept = self.find(name)
        if kept is None:
            raise StoreError(
                _("{name} is no member").format(name=name), _("see: {command}").format(command=LIST)
            )
        if len(self.all()) == 1 and not reopen:
            raise StoreError(
                _("{name} is the last member: without one, everybody may see and record all").format(
                    name=kept.record.name
                ),
                _("add another member first, or say --reopen"),
            )
        self.journal.append([Draft(EVERYWHERE, Member.kind, kept.record.key, None, by, kept.number)])

    def sign_in(self, name: str, passphrase: str) -> Kept[Member] | None:
        """Return the member of this name and passphrase; None where either is wrong, in the same time."""
        kept = self.find(name)
        right = is_passphrase(passphrase, kept.record.hashed if kept else _nobody())
        if kept and right:
            return kept
        LOG.warning("sign-in refused")
        return None


LIST = "python -m store.members list"
PURPOSE = (
    "Who may sign in, and what each may see and record. Without any member the installation is open: "
    "whoever comes may see and record all. The first one that is added closes it."
)
ROLES_TOLD = "; ".join(f"{role}: {meaning}" for role, meaning in ROLE_MEANINGS.items())


@cache
def _nobody() -> str:
    """Hash of a passphrase that nobody has, so that an unknown name takes as long as a wrong passphrase."""
    return hash_passphrase("nobody has this passphrase")


def main(arguments: list[str] | None = None) -> int:
    """Add, list or remove members; return 0, or 1 where something was refused."""
    asked = _parser().parse_args(arguments)
    try:
        members = Members(Journal(open_database(make=asked.does == "add")))
        sys.stdout.write(_do(members, asked) + "\n")
    except GeoError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m store.members", description=PURPOSE, epilog=ROLES_TOLD)
    does = parser.add_subparsers(dest="does", required=True)
    add = does.add_parser("add", help="add a member; asks for a passphrase, or reads it from standard input")
    add.add_argument("name")
    add.add_argument("--role", required=True, choices=[str(role) for role in Role], help=ROLES_TOLD)
    does.add_parser("tries", help="list the refused tries to sign in of the last 30 days, by name")
    does.add_parser("list", help="list the members, with their role, since when, and who added them")
    remove = does.add_parser("remove", help="remove a member; at once, also where they are signed in")
    remove.add_argument("name")
    remove.add_argument("--reopen", action="store_true", help="remove the last one: everybody may do all")
    for part in (add, remove):
        part.add_argument("--by", default=getpass.getuser(), help="who does this (default: the user here)")
    return parser


def _do(members: Members, asked: argparse.Namespace) -> str:
    if asked.does == "add":
        kept = members.add(asked.name, Role(asked.role), _ask_passphrase(), by=asked.by)
        return f"{kept.record.name} is a member now: {kept.record.role}"
    if asked.does == "tries":
        from store.sign_in_limits import refused_since, tell_refused

        found = refused_since(members.journal, datetime.now(UTC) - timedelta(days=TOLD_DAYS))
        return "\n".join(map(tell_refused, found)) or "no try to sign in was refused"
    if asked.does == "remove":
        members.remove(asked.name, by=asked.by, reopen=asked.reopen)
        return f"{asked.name} is no member any more"
    lines = [
        f"{kept.record.name}\t{kept.record.role}\t{kept.at:%Y-%m-%d}\tadded by {kept.who}"
        for kept in members.all()
    ]
    return "\n".join(lines) or "no members: this installation is open, whoever comes may see and record all"


def _ask_passphrase() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Passphrase: ")
    if getpass.getpass("Once more: ") != first:
        raise StoreError(_("the two passphrases differ"), _("try again"))
    return first


if __name__ == "__main__":
    sys.exit(main())
