"""Who is at the screen of the canvass and of programmes: what they may see, and what they may record."""

from __future__ import annotations

from dataclasses import dataclass

from app_pages.parts import screen as st
from app_pages.parts.signing_in import Signed, ask_who
from geo.errors import StoreError
from geo.language import gettext as _
from store.members import Right, Rights
from store.visibility import may_see

NAME = "person.name"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at the screen; without a name a passer-by, who changes nothing and sees no small counts."""

    signed: Signed

    @property
    def name(self) -> str:
        """The name that stands by every change; empty where nobody is there."""
        return self.signed.name

    @property
    def rights(self) -> Rights:
        """The rights by which it is decided what they see."""
        return self.signed.in_force

    def sees(self, kind: str) -> bool:
        """Whether they may see anything of a kind of table."""
        return may_see(kind, self.rights)

    @property
    def may_write(self) -> bool:
        """Whether they may record something."""
        return self.signed.may(Right.FIELD)

    @property
    def sees_small(self) -> bool:
        """Whether they may see counts under ten, and what residents said."""
        return self.sees("counts")

    def require(self) -> str:
        """Return the name.

        Raises
        ------
        StoreError
            There is none, or their role does not record here.
        """
        if not self.name:
            raise StoreError(_("nobody is named"), self.signed.how_to_record())
        if not self.may_write:
            raise StoreError(_("nothing was written"), self.signed.how_to_record())
        return self.name


def current_person() -> Person:
    """Ask in the sidebar who is at the screen; the name goes along from page to page."""
    with st.sidebar:
        meaning = _("It stands by every change. Without it you see no counts under ten.")
        return Person(ask_who(NAME, _("Your name"), meaning))
