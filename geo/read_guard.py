"""What a piece of work may read of the datasets, while it is at it: only what it named beforehand.

What is kept in memory is kept under the state of all that it was made from. A function that reads something
it did not name would be kept under a key that forgets it, and show old numbers after a rebuild; a dataset
that is built anew while the function runs would be kept under the state before. Both are refused here,
where every reading passes. Imports no dataframe library.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from geo.errors import ChangedDatasetError, UnnamedDatasetError
from geo.language import gettext as _

_NAMED: ContextVar[tuple[str, Mapping[str, str]] | None] = ContextVar("named", default=None)


@contextmanager
def reading_only(region: str, stamps: Mapping[str, str]) -> Iterator[None]:
    """Refuse to read anything but these datasets of a region, each in this state.

    Work within such work names no more than what is outside of it.

    Raises
    ------
    UnnamedDatasetError
        The work outside did not name one of them, or named another region.

    Examples
    --------
    >>> with reading_only("demo", {"roads": "f00d"}):
    ...     require_named("demo", "roads", "f00d")
    ...     require_named("demo", "places", "beef")
    Traceback (most recent call last):
    geo.errors.UnnamedDatasetError: 'places' of 'demo' was read by something kept that did not name it
    """
    for name, stamp in stamps.items():
        require_named(region, name, stamp)
    token = _NAMED.set((region, stamps))
    try:
        yield
    finally:
        _NAMED.reset(token)


def require_named(region: str, name: str, stamp: str) -> None:
    """Raise where the work that is going on did not name a dataset, or named it in another state.

    Raises
    ------
    UnnamedDatasetError
        It did not name it.
    ChangedDatasetError
        The dataset was built again in the meantime.
    """
    named = _NAMED.get()
    if named is None:
        return
    if named[0] != region or name not in named[1]:
        raise UnnamedDatasetError(
            _("{name!r} of {region!r} was read by something kept that did not name it").format(
                name=name, region=region
            )
        )
    if named[1][name] != stamp:
        raise ChangedDatasetError(
            _("{name!r} of {region!r} was built again while it was read").format(name=name, region=region)
        )
