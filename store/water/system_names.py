"""Which system a name in a person's sheet means: one that it alone bears."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from math import log

import pandas as pd

from geo.errors import SchemaError, StoreError, first_ids
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


# How alike two spellings of a name are at least, from 0 to 1.
ALIKE = 0.75
# Signs that are typed in place of digits.
TYPED = str.maketrans("OQIL", "0011")


@dataclass(frozen=True)
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

    def bears(self, name: str, pwsid: str) -> bool:
        """Whether a system may be called so: by its name, or as nothing else that is more alike."""
        if pwsid in self.find_any(name) or not plain_words(name):
            return True
        likely = self.alike(name)
        return likely.get(pwsid, 0.0) >= ALIKE and likely[pwsid] >= max(likely.values())

    def alike(self, name: str) -> dict[str, float]:
        """Tell which systems' names are like one, as people spell them, and how much, from 0 to 1."""
        wanted = _short(plain_words(re.sub(r"\(.*?\)", " ", name)) or plain_words(name))
        words, found = set(wanted.split()), dict[str, float]()
        whole = sum(self._weights.get(word, 1.0) for word in words)
        for short, pwsids in (*self.short.items(), *self.other.items()):
            shared = sum(self._weights.get(word, 1.0) for word in words & set(short.split()))
            pair = SequenceMatcher(None, wanted.replace(" ", ""), short.replace(" ", ""))
            ratio = pair.ratio() if pair.real_quick_ratio() >= ALIKE else 0.0
            score = max(ratio, shared / whole if whole else 0.0)
            for pwsid in pwsids if score >= ALIKE else ():
                found[pwsid] = max(found.get(pwsid, 0.0), score)
        return found

    @cached_property
    def _weights(self) -> dict[str, float]:
        """How much a word tells: the fewer names have it, the more."""
        counts: dict[str, int] = {}
        for short in self.short:
            for word in set(short.split()):
                counts[word] = counts.get(word, 0) + 1
        return {word: log(1 + len(self.short) / count) for word, count in counts.items()}

    def candidates(self, pwsid: str, name: str) -> tuple[str, ...]:
        """List the systems that a row may mean where that is not clear: by its number, then by its name.

        Examples
        --------
        >>> named = name_systems(pd.DataFrame({"pwsid": ["CA9010002"], "name": ["Oasis Gardens"]}))
        >>> named.candidates("CA9O10002", ""), named.candidates("", "oasis garden (old)")
        (('CA9010002',), ('CA9010002',))
        """
        likely = sorted(self.alike(name).items(), key=lambda pair: -pair[1]) if name else []
        found = [
            *self.claimed(pwsid),
            *sorted(self.find_any(name) if name else ()),
            *(one for one, _ in likely),
        ]
        return tuple(dict.fromkeys(one for one in found if one in self.names))

    def claimed(self, pwsid: str) -> tuple[str, ...]:
        """Return the system that a number means, letters typed for digits read so; empty where none."""
        for text in (pwsid, pwsid.upper().removeprefix("CA").translate(TYPED)):
            try:
                found = to_pwsid(text) if text else ""
            except SchemaError:
                continue
            if found in self.names:
                return (found,)
        return ()


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
    meant, _whole = named.find(name) if name else (frozenset(), False)
    if pwsid:
        found = to_pwsid(pwsid)
        if name and found in named.names and not named.bears(name, found):
            raise _two_systems(found, name, named)
        return found, ""
    if not name:
        raise StoreError(_("the row names no system"), _("give its PWSID"))
    if len(meant) != 1:
        raise _not_one(name, meant, named)
    (found,) = meant
    return found, _("found by name: {name}").format(name=named.names[found])


def _two_systems(pwsid: str, name: str, named: Named) -> StoreError:
    others = [one for one in named.candidates("", name) if one != pwsid]
    if not others:
        words = _("{pwsid} is {other}, and the row calls it {name!r}")
        told = words.format(pwsid=pwsid, other=named.names[pwsid], name=name)
    else:
        words = _("{pwsid} and the name {name!r} are two systems ({names})")
        told = words.format(pwsid=pwsid, name=name, names=first_ids(others))
    return StoreError(told, _("which of them is it?"))


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
