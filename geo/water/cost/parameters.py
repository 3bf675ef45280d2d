"""The parameters of the connection-cost methods, read from ``data/connection_cost.toml``."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from geo.errors import CatalogError, GeoError
from geo.language import gettext as _
from geo.settings import ROOT

PARAMETER_FILE = ROOT / "data" / "connection_cost.toml"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a method: ``low`` and ``high`` are stated bounds in ``unit``."""

    name: str
    value: float
    low: float
    high: float
    unit: str
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class Method:
    """A cost method: its parameters, and how the region and inflation enter.

    ``regional`` is "pipe" (pipeline and service lines), "all" or "none"; ``inflation`` is "added" (to
    the other shares) or "on_top"; ``counties`` gives each county GEOID its class.
    """

    key: str
    title: str
    source: str
    dollars: int
    regional: str
    inflation: str
    parameters: Mapping[str, Parameter]
    counties: Mapping[str, str]

    def values(self, changes: Mapping[str, float] | None = None) -> dict[str, float]:
        """Return the parameters' values by name, with ``changes`` in place of the method's own.

        Raises
        ------
        GeoError
            A name that this method does not have (the message names those it has), a negative or
            non-finite amount.

        Examples
        --------
        >>> read_method("swrcb_2024").values({"pipeline_usd_per_ft": 180})["pipeline_usd_per_ft"]
        180.0
        """
        changes = changes or {}
        unknown = sorted(set(changes) - set(self.parameters))
        if unknown:
            raise GeoError(
                _("{key} has no parameter {names}").format(key=self.key, names=", ".join(unknown)),
                _("use {choices}").format(choices=", ".join(self.parameters)),
            )
        wrong = [f"{name} = {value}" for name, value in changes.items() if not 0 <= value < math.inf]
        if wrong:
            raise GeoError(", ".join(wrong), _("give a finite amount of 0 or more"))
        own = {name: parameter.value for name, parameter in self.parameters.items()}
        return own | {name: float(value) for name, value in changes.items()}


@cache
def read_methods(path: Path = PARAMETER_FILE) -> dict[str, Method]:
    """Read every method of the file.

    Raises
    ------
    CatalogError
        The file is not well formed, or a parameter's low, value and high are out of order.

    Examples
    --------
    >>> sorted(read_methods())
    ['swrcb_2021', 'swrcb_2022', 'swrcb_2024']
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        classes = {key: part for key, part in content["regions"].items() if key != "source"}
        counties = {geoid: name for name, geoids in classes.items() for geoid in geoids}
        sources = content["sources"]
        return {key: _to_method(key, part, sources, counties) for key, part in content["methods"].items()}
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise CatalogError(
            _("{file} is not well formed ({error})").format(file=path.name, error=error),
            _("compare it with the last commit"),
        ) from error


def read_method(key: str) -> Method:
    """Read one method.

    Raises
    ------
    GeoError
        No such method.

    Examples
    --------
    >>> read_method("swrcb_2024").parameters["pipeline_usd_per_ft"].unit
    'USD/ft'
    """
    methods = read_methods()
    if key not in methods:
        raise GeoError(
            _("there is no method {key!r}").format(key=key),
            _("use one of {choices}").format(choices=", ".join(methods)),
        )
    return methods[key]


def _to_method(key: str, fields: dict[str, Any], sources: dict[str, str], counties: dict[str, str]) -> Method:
    named = {name: Parameter(name, **part) for name, part in fields["parameters"].items()}
    wrong = [name for name, part in named.items() if not part.low <= part.value <= part.high]
    if wrong:
        raise CatalogError(
            _("{key}: low, value and high out of order in {names}").format(key=key, names=", ".join(wrong)),
            _("mend the file"),
        )
    full = {name: replace(part, source=sources[part.source]) for name, part in named.items()}
    return Method(
        key=key,
        title=fields["title"],
        source=sources[key],
        dollars=fields["dollars"],
        regional=fields["regional"],
        inflation=fields["inflation"],
        parameters=full,
        counties=counties,
    )
