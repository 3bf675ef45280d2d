"""What our own checks find wrong with data: a kind of check, what it concerns, how many, which ones.

A finding is kept as data in a sidecar and turned into words where it is shown, in the reader's language.
Imports no dataframe library.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Literal

import geo
from geo.errors import first_ids
from geo.language import gettext as _
from geo.language import mark as N_

Severity = Literal["info", "warning", "error"]

# Words of each check; {count}, {of}, {examples} and the finding's own values are filled in.
CHECKS: dict[str, str] = {}


def register_checks(words: Mapping[str, str]) -> None:
    """Add the words of a module's checks, each marked for translation."""
    CHECKS.update(words)


register_checks(
    {
        "rows": N_("{count} rows"),
        "missing_source": N_("not built: the source {source} is not here"),
    }
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found.

    Attributes
    ----------
    check
        Key of its words in :data:`CHECKS`.
    subject
        The source or dataset concerned.
    count, of
        How many of how many.
    ids
        The identifiers concerned, all of them.
    values
        Further values that the words name.
    """

    check: str
    subject: str
    count: int
    of: int | None = None
    ids: tuple[str, ...] = ()
    severity: Severity = "warning"
    values: Mapping[str, Any] = field(default_factory=dict)

    def to_record(self) -> dict[str, Any]:
        """Return what the sidecar keeps."""
        return {**asdict(self), "ids": list(self.ids), "values": dict(self.values)}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Finding:
        """Read back what :meth:`to_record` wrote."""
        return cls(**{**record, "ids": tuple(record["ids"])})


def find(check: str, subject: str, ids: Iterable[object], *, of: int | None = None, **values: Any) -> Finding:
    """Make a finding of the identifiers concerned.

    Examples
    --------
    >>> find("rows", "tracts_2010", ["06065045303"]).count
    1
    """
    names = tuple(str(identifier) for identifier in ids)
    return Finding(check, subject, len(names), of, names, values=values)


@cache
def load_words() -> None:
    """Let every module of checks (``geo.*_findings``) register the words of its findings, once.

    Examples
    --------
    >>> load_words()
    >>> "index_not_scored" in CHECKS
    True
    """
    for module in iter_modules(geo.__path__):
        if module.name.endswith("_findings"):
            import_module(f"geo.{module.name}")


def describe(finding: Finding) -> str:
    """Put a finding into words, in the chosen language.

    The words of every module of checks are loaded at the first call.

    Examples
    --------
    >>> describe(Finding("rows", "tracts_2010", 484))
    '484 rows'
    """
    load_words()
    words = _(CHECKS.get(finding.check, finding.check))
    fields = {"source": finding.subject, **finding.values}
    return words.format(count=finding.count, of=finding.of, examples=first_ids(finding.ids), **fields)
