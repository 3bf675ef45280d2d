"""Which system a name in a person's sheet means: one that it alone bears."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from geo.errors import StoreError, first_ids
from geo.intake.values import plain_words
from geo.language import gettext as _
from geo.water.identifiers import to_pwsid

# Words that say what a system is, not which one; a name is compared with them first, then without.
KINDS = frozenset(
    (
        "mobile", "home", "park", "mhp", "trailer", "tp", "rv", "resort", "mutual", "water", "wtr", "system",
        "sys", "company", "co", "service", "district", "dist", "llc", "inc", "county", "parque", "agua",
        "sistema", "casas", "moviles",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Named:
    """Names of systems, plainly written, with the PWSIDs that bear them."""

    whole: Mapping[str, frozenset[str]]
    short: Mapping[str, frozenset[str]]
    other: Mapping[str, frozenset[str]]
    names: Mapping[str, str]

    def find(self, name: str) -> tuple[frozenset[str], bool]:
        """Return the systems that a name may mean, and whether it is the whole name."""
        plain = plain_words(name)
        exact = self.whole.get(plain)
        return (exact, True) if exact else (self.short.get(_short(plain), frozenset()), False)

    def find_any(self, name: str) -> frozenset[str]:
        """Return the systems that bear a name, bore it or have it beside their own: for a person to judge."""
        return self.find(name)[0] | self.other.get(_short(plain_words(name)), frozenset())


def name_systems(systems: pd.DataFrame) -> Named:
    """Gather the names of systems: their own, the one that the public sees, and apart from them other ones.

    A number may have been given anew: a system is never found by a name that is not its own, but it is told.

    Parameters
    ----------
    systems
        Dataset ``water_systems``; or no more than ``pwsid`` and ``name``.

    Examples
    --------
    >>> named = name_systems(pd.DataFrame({"pwsid": ["CA1"], "name": ["Oasis Gardens Water Co."]}))
    >>> named.find("OASIS GARDENS MHP")
    (frozenset({'CA1'}), False)
    """
    whole = _gather(systems, ("name", "public_name"))
    other = _gather(systems, ("other_names",))
    names = dict(zip(systems["pwsid"].astype(str), systems["name"].astype(str), strict=True))
    return Named(_frozen(whole), _frozen(_shorten(whole)), _frozen(_shorten(other)), names)


def _gather(systems: pd.DataFrame, columns: Iterable[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for column in columns:
        if column in systems:
            for pwsid, texts in zip(systems["pwsid"], systems[column], strict=True):
                for text in [] if pd.isna(texts) else str(texts).split(";"):
                    found.setdefault(plain_words(text), set()).add(str(pwsid))
    return found


def _shorten(whole: Mapping[str, set[str]]) -> dict[str, set[str]]:
    short: dict[str, set[str]] = {}
    for plain, pwsids in whole.items():
        short.setdefault(_short(plain), set()).update(pwsids)
    return short


def _short(plain: str) -> str:
    return " ".join(word for word in plain.split() if word not in KINDS) or plain


def _frozen(found: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    return {plain: frozenset(pwsids) for plain, pwsids in found.items() if plain}


def find_system(pwsid: str, name: str, named: Named) -> tuple[str, str]:
    """Tell which system a row means, and how it was found where that is not by its PWSID alone.

    Raises
    ------
    SchemaError
        The PWSID is malformed.
    StoreError
        Neither is given; the name is unknown, or several bear it; or PWSID and name are those of two systems.

    Examples
    --------
    >>> named = name_systems(pd.DataFrame({"pwsid": ["CA9010002"], "name": ["Oasis Gardens"]}))
    >>> find_system("", "oasis gardens mhp", named)
    ('CA9010002', 'found by name: Oasis Gardens')
    """
    meant, whole = named.find(name) if name else (frozenset(), False)
    if pwsid:
        found = to_pwsid(pwsid)
        if whole and found not in meant:
            raise StoreError(
                _("{pwsid} and the name {name!r} are two systems ({names})").format(
                    pwsid=found, name=name, names=first_ids(sorted(meant))
                ),
                _("which of them is it?"),
            )
        return found, ""
    if not name:
        raise StoreError(_("the row names no system"), _("give its PWSID"))
    if len(meant) != 1:
        raise _not_one(name, meant, named)
    (found,) = meant
    return found, _("found by name: {name}").format(name=named.names[found])


def _not_one(name: str, meant: frozenset[str], named: Named) -> StoreError:
    remedy = _("give the PWSID of the one that is meant")
    if meant:
        return StoreError(
            _("{count} systems may be called {name!r} ({names})").format(
                count=len(meant), name=name, names=first_ids(sorted(meant))
            ),
            remedy,
        )
    once = sorted(named.other.get(_short(plain_words(name)), ()))
    if once:
        told = first_ids(f"{pwsid} {named.names[pwsid]}" for pwsid in once)
        words = _("{name!r} is an older or other name only, of {names}")
        return StoreError(words.format(name=name, names=told), remedy)
    return StoreError(_("no system is called {name!r}").format(name=name), _("give its PWSID"))
