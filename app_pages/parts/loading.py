"""What pages keep in memory: the one way there is, whose key is made from all that is read.

A function that is :func:`kept` names the datasets that it reads. Its result is kept under the state of each
of them on the disk (of every bit, and of the reason where one is not there), of the region's declaration, of
the language, and of its arguments; whatever it reads that it did not name is refused
(:mod:`geo.datasets.record`). So a dataset that is built again is seen at the next click, in every page, and
nothing has to be remembered by hand. What is kept is shared by everybody who looks: do not change it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import singledispatch, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
from streamlit import cache_resource

from geo.datasets.declared import DATASETS
from geo.datasets.record import Sidecar, read_sidecar, reading_only, require_sidecar, serves_shapes
from geo.datasets.storage import read_shapes_of, read_table_of
from geo.errors import ChangedDatasetError, GeoError, MissingDatasetError
from geo.language import current_language
from geo.language import gettext as _
from geo.region import Region
from geo.settings import static_dir
from store.members import NOBODY, Rights
from store.visibility import to_visible

P = ParamSpec("P")
T = TypeVar("T")
Memory = Callable[[str, Callable[[], Any]], Any]
ATTEMPTS = 5


def kept(
    *names: str, most: int = 16, spoken: bool = True
) -> Callable[[Callable[Concatenate[Region, P], T]], Callable[Concatenate[Region, P], T]]:
    """Keep what a function of a region returns, until a dataset that it names is built again.

    Parameters
    ----------
    names
        All datasets that it reads, also through what it calls, whether they are there or not.
    most
        How many results are kept.
    spoken
        Whether the result has words in it, and is another one in another language.

    Returns
    -------
    Callable
        The function, whose arguments must be such that :func:`to_key` can tell them apart.
    """

    def keep(function: Callable[Concatenate[Region, P], T]) -> Callable[Concatenate[Region, P], T]:
        memory = _memory(function, most)

        @wraps(function)
        def recall(region: Region, /, *args: P.args, **kwargs: P.kwargs) -> T:
            parts = (to_key(region), current_language() if spoken else "", to_key(args), to_key(kwargs))
            made: T = _recall(memory, region.key, names, parts, lambda: function(region, *args, **kwargs))
            return made

        return recall

    return keep


def kept_of(*, most: int = 16, spoken: bool = True) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Keep what a function makes of its arguments alone; it reads no dataset."""

    def keep(function: Callable[P, T]) -> Callable[P, T]:
        memory = _memory(function, most)

        @wraps(function)
        def recall(*args: P.args, **kwargs: P.kwargs) -> T:
            parts = (current_language() if spoken else "", to_key(args), to_key(kwargs))
            made: T = _recall(memory, "", (), parts, lambda: function(*args, **kwargs))
            return made

        return recall

    return keep


def load_shapes(region: str, name: str, rights: Rights = NOBODY) -> gpd.GeoDataFrame:
    """Return a dataset with its shapes as somebody may see it, a passer-by if nothing is said.

    It is kept in memory until it is built again; do not change it.
    """
    frame: gpd.GeoDataFrame = _recall(_SHAPES, region, (name,), (), lambda: read_shapes_of(region, name))
    return to_visible(frame, name, rights)


def load_table(region: str, name: str, rights: Rights = NOBODY) -> pd.DataFrame:
    """Return a dataset without shapes as somebody may see it, a passer-by if nothing is said.

    It is kept in memory until it is built again; do not change it.
    """
    frame: pd.DataFrame = _recall(_TABLES, region, (name,), (), lambda: read_table_of(region, name))
    return to_visible(frame, name, rights)


def load_sidecar(region: str, name: str) -> Sidecar:
    """Return a dataset's record as it is on the disk; proved once, then kept in memory."""
    return require_sidecar(region, name)


def shapes_address(region: str, name: str) -> str | None:
    """Return the address of a dataset's shapes among the served files.

    None where they are damaged or gone: then a map is sent the frame's own, until the region is built again.
    """
    found: str | None = load_sidecar(region, name).record.get("shapes")
    return found if found and serves_shapes(static_dir() / found) else None


def is_built(region: Region, name: str) -> bool:
    """Whether a dataset is there."""
    return name in DATASETS and not missing_reason(region.key, name)


def missing_reason(region: str, name: str) -> str:
    """Why a dataset is not there, in words; empty where it is."""
    try:
        load_sidecar(region, name)
    except GeoError as error:
        return f"{_(DATASETS[name].title)}: {error.remedy or error.fault}"
    return ""


def stamps_of(region: str, names: Sequence[str]) -> dict[str, str]:
    """Return what changes when one of these datasets does; empty for one that was never built."""
    sidecars = {name: read_sidecar(region, name) for name in names}
    return {name: sidecar.stamp if sidecar else "" for name, sidecar in sidecars.items()}


@singledispatch
def to_key(value: object) -> Any:
    """Turn an argument into what tells it from any other; what cannot be told apart is refused.

    Raises
    ------
    TypeError
        Nothing is known of how to tell such a value from another.

    Examples
    --------
    >>> to_key(pd.Series([1.0])) == to_key(pd.Series([2.0]))
    False
    >>> to_key(object())
    Traceback (most recent call last):
    TypeError: nothing kept in memory can be told apart by a object
    """
    if is_dataclass(value) and not isinstance(value, type):
        return type(value).__qualname__, *(to_key(getattr(value, field.name)) for field in fields(value))
    raise TypeError(f"nothing kept in memory can be told apart by a {type(value).__name__}")


@to_key.register(type(None))
@to_key.register(bool)
@to_key.register(int)
@to_key.register(float)
@to_key.register(str)
@to_key.register(bytes)
@to_key.register(date)
@to_key.register(datetime)
@to_key.register(Enum)
@to_key.register(np.generic)
def _plain(value: object) -> Any:
    return value


@to_key.register(tuple)
@to_key.register(list)
def _row(value: Sequence[object]) -> Any:
    return tuple(to_key(item) for item in value)


@to_key.register(Set)
def _set(value: Set[Any]) -> Any:
    return "set", *sorted(repr(to_key(item)) for item in value)


@to_key.register(Mapping)
def _mapping(value: Mapping[Any, object]) -> Any:
    return tuple((to_key(key), to_key(item)) for key, item in value.items())


@to_key.register(pd.Series)
def _series(value: pd.Series[Any]) -> Any:
    return _frame(value.to_frame())


@to_key.register(pd.DataFrame)
def _frame(value: pd.DataFrame) -> Any:
    """Digest a frame: names, kinds, index and every value, shapes as they are."""
    heads = [str(value.columns.tolist()), str(value.dtypes.tolist()), str(getattr(value, "crs", None))]
    digest = hashlib.sha256("\n".join(heads).encode())
    for part in (_index_of(value), value):
        for place in range(part.shape[1]):
            digest.update(_digest(part.iloc[:, place]))
    return digest.hexdigest()


def _index_of(frame: pd.DataFrame) -> pd.DataFrame:
    levels = range(frame.index.nlevels)
    return pd.DataFrame({level: frame.index.get_level_values(level).to_numpy() for level in levels})


def _digest(column: pd.Series[Any]) -> bytes:
    if isinstance(column.dtype, gpd.array.GeometryDtype):
        return b"".join(shape or b"" for shape in gpd.GeoSeries(column).to_wkb())
    try:
        return pd.util.hash_pandas_object(column, index=False).to_numpy().tobytes()
    except TypeError:  # lists and such
        return repr(column.tolist()).encode()


def _memory(function: Callable[..., Any], most: int) -> Memory:
    """Make a memory of its own for a function; Streamlit tells memories apart by module and name."""

    def remember(key: str, _make: Callable[[], Any]) -> Any:
        return _make()

    remember.__module__ = function.__module__
    remember.__qualname__ = f"{function.__qualname__} {most}"
    cached: Memory = cache_resource(max_entries=most, show_spinner=False)(remember)
    return cached


_SHAPES, _TABLES = _memory(load_shapes, 64), _memory(load_table, 64)


def _recall(
    memory: Memory, region: str, names: Sequence[str], parts: Sequence[Any], make: Callable[[], Any]
) -> Any:
    """Return what is kept, or make it, while nothing but what is named may be read.

    Where a dataset is built again in the meantime, it is made again from what is there then.
    """
    for _attempt in range(ATTEMPTS):
        stamps = stamps_of(region, names)
        with reading_only(region, stamps):
            try:
                return memory(repr((region, stamps, parts)), make)
            except ChangedDatasetError:
                continue
    raise MissingDatasetError(
        _("the data of {region} were built again each time they were read").format(region=region),
        _("wait until the build has ended"),
    )
