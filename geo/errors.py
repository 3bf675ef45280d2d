"""Every exception class of the project, one tree.

A message says what was wrong, how many, the first five identifiers, and what to do about it; a
page shows it as it stands.
"""

from __future__ import annotations

from collections.abc import Iterable

from geo.language import gettext as _

FIRST_IDS = 5


class GeoError(ValueError):
    """What a person can mend: the message names the remedy.

    Examples
    --------
    >>> raise GeoError("2 rows have no geoid", "fill the column in and add the file again")
    Traceback (most recent call last):
    geo.errors.GeoError: 2 rows have no geoid: fill the column in and add the file again
    """

    def __init__(self, fault: str, remedy: str = "") -> None:
        self.fault = fault
        self.remedy = remedy
        super().__init__(f"{fault}: {remedy}" if remedy else fault)


class CatalogError(GeoError):
    """The catalog of sources or a region's file is not well formed."""


class FetchError(GeoError):
    """A source could not be brought here."""


class PassingError(FetchError):
    """A fault of a connection that may be gone at the next attempt, after ``wait_s`` seconds.

    ``busy`` where the server said that it was asked too often: it means no more than to wait.
    """

    def __init__(self, fault: str, wait_s: float = 0.0, busy: bool = False) -> None:
        self.wait_s = wait_s
        self.busy = busy
        super().__init__(fault)


class KeyNeededError(FetchError):
    """A publisher answers nobody without a key of its own; the remedy says where to get and to put one."""


class RefusedError(FetchError):
    """A server refuses (status 403), for this moment or for good; another address may have the same file."""


class SchemaError(GeoError):
    """A table lacks columns, has doubled keys, or holds values of another kind."""


class CRSError(GeoError):
    """A frame has no coordinate reference system, or another than was asked for."""


class GeometryError(GeoError):
    """A geometry is invalid, empty or of another type."""


class MissingDatasetError(GeoError):
    """A dataset has not been built for this region."""


class InfeasibleError(GeoError):
    """What was asked for cannot be had, and the message says which demand is in the way."""


class StoreError(GeoError):
    """What a person wants to record does not hold: nothing of it was written."""


class DatabaseError(StoreError):
    """The database of what people write is away, full, locked, damaged, or not the one that was opened."""


class ConflictError(StoreError):
    """Somebody else changed the same record in the meantime; ``conflicts`` holds both sides."""

    def __init__(self, fault: str, remedy: str = "", conflicts: Iterable[object] = ()) -> None:
        super().__init__(fault, remedy)
        self.conflicts = tuple(conflicts)


class UnnamedDatasetError(RuntimeError):
    """Something kept in memory read a dataset that it did not name: a fault of the program."""


class ChangedDatasetError(RuntimeError):
    """A dataset was built again while something was made of it: whoever asked begins anew."""


def first_ids(identifiers: Iterable[object]) -> str:
    """Name the first five of ``identifiers``, and say how many more there are.

    Examples
    --------
    >>> first_ids(["a", "b"])
    'a, b'
    >>> first_ids(range(9))
    '0, 1, 2, 3, 4 and 4 more'
    """
    names = [str(identifier) for identifier in identifiers]
    shown = ", ".join(names[:FIRST_IDS])
    more = len(names) - FIRST_IDS
    return _("{shown} and {more} more").format(shown=shown, more=more) if more > 0 else shown
