"""What each column of each dataset is: one declaration, for the dictionary, the downloads and the checks.

A field is declared once and reused by every dataset that has it; columns that are made of another by a
rule (its margin of error, its rank) are described by the rule. The declarations stand with their subjects.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import Literal

from geo.errors import CatalogError, first_ids
from geo.language import gettext as _
from geo.language import mark as N_
from geo.units import UNIT_TITLES

Kind = Literal["text", "number", "yes-no", "day", "shape"]

# Modules that declare columns, by name: they stand on higher floors. Each has FIELDS and COLUMNS.
DECLARED_IN = (
    "geo.tracts.columns",
    "geo.tracts.area_columns",
    "geo.water.columns",
    "geo.water.consolidation_columns",
)

KIND_TITLES: Mapping[Kind, str] = {
    "text": N_("text"),
    "number": N_("number"),
    "yes-no": N_("yes or no"),
    "day": N_("day"),
    "shape": N_("shape"),
}

UNITS: dict[str, str] = {
    **{str(unit): title for unit, title in UNIT_TITLES.items()},
    "share": N_("share, 0 to 1"),
    "percent": N_("percent, 0 to 100"),
    "m": N_("meters"),
    "m2": N_("square meters"),
    "km2": N_("square kilometers"),
    "miles": N_("miles"),
    "feet": N_("feet"),
    "inches": N_("inches"),
    "year": N_("year"),
    "rank": N_("rank, 1 is the highest"),
    "ratio": N_("ratio, without a unit"),
    "tracts": N_("tracts"),
    "systems": N_("water systems"),
    "connections": N_("connections"),
    "violations": N_("violations"),
    "actions": N_("actions"),
    "samples": N_("samples"),
    "pollutants": N_("pollutants"),
    "trips": N_("trips"),
    "spaces": N_("spaces"),
    "lots": N_("lots"),
    "parks": N_("parks"),
    "beds": N_("beds"),
    "doors": N_("doors"),
    "serial": N_("serial number"),
    "sessions": N_("sessions"),
    "steps": N_("steps"),
    "lb_per_mi2": N_("pounds per square mile and year"),
    "ug_per_m3": N_("micrograms per cubic meter"),
    "as_unit": N_("as the column unit says"),
    "variable": N_("that of the variable"),
}
"""Units of columns, marked for translation."""


@dataclass(frozen=True, slots=True)
class Column:
    """What one column is.

    Attributes
    ----------
    title
        What it says, marked for translation.
    kind
        What its values are.
    unit
        For a number: a key of :data:`UNITS`.
    low, high
        Limits that no value can be beyond; None where there is none.
    likely
        Limits beyond which a value is to be doubted.
    source
        Key of the source that it comes from, where the dataset has several; empty for the dataset's own.
    universe
        Of whom or what it is counted, marked; empty where the title says so.
    form
        Words around the title, marked, of a column that a rule makes of another.
    county
        Whether it holds GEOIDs of counties.
    part_of
        Column of the whole that it cannot exceed.
    near
        Column of the same thing counted at another time.
    """

    title: str
    kind: Kind = "text"
    unit: str = ""
    low: float | None = None
    high: float | None = None
    likely: tuple[float, float] | None = None
    source: str = ""
    universe: str = ""
    form: str = ""
    county: bool = False
    part_of: str = ""
    near: str = ""

    def describe(self) -> str:
        """Say what the column is, in the chosen language.

        Examples
        --------
        >>> Column("Mobile homes", "number", "housing units", universe="housing units").describe()
        'Mobile homes (of: housing units)'
        """
        what = _(self.title)
        if self.universe:
            what = _("{what} (of: {universe})").format(what=what, universe=_(self.universe))
        return _(self.form).format(what=what) if self.form else what

    def unit_title(self) -> str:
        """Name its unit, or what its values are, in the chosen language.

        Examples
        --------
        >>> Column("Area", "number", "km2").unit_title(), Column("Name").unit_title()
        ('square kilometers', 'text')
        """
        return _(UNITS[self.unit]) if self.unit else _(KIND_TITLES[self.kind])


@dataclass(frozen=True, slots=True)
class Suffix:
    """A rule: what a column is whose name is another's with this at its end; ``unit`` empty for the same."""

    form: str
    unit: str = ""
    low: float | None = 0
    high: float | None = None


SUFFIXES: Mapping[str, Suffix] = {
    "_percent_moe": Suffix(N_("{what}: margin of error (90 percent) of the published percentage"), "percent"),
    "_percent": Suffix(N_("{what}: percentage as published"), "percent", 0, 100),
    "_moe": Suffix(N_("{what}: margin of error (90 percent)")),
    "_state_percentile": Suffix(
        N_("{what}: part of the state's tracts with a value that is lower or equal"), "share", 0, 1
    ),
    "_region_rank": Suffix(N_("{what}: rank among all tracts of the region's counties"), "rank", 1),
}
"""Rules by the end of a name, the longest first."""


def text(title: str, *, county: bool = False) -> Column:
    """Declare a column of text, or of codes.

    Examples
    --------
    >>> text("Name").kind
    'text'
    """
    return Column(title, county=county)


def number(
    title: str,
    unit: str,
    *,
    low: float | None = 0,
    high: float | None = None,
    likely: tuple[float, float] | None = None,
    source: str = "",
    part_of: str = "",
) -> Column:
    """Declare a column of numbers; none is below zero unless ``low`` says so.

    Examples
    --------
    >>> number("Part inside", "share").high
    1
    """
    highest = {"share": 1, "percent": 100}.get(unit) if high is None else high
    return Column(title, "number", unit, low, highest, likely, source, part_of=part_of)


def yes_no(title: str) -> Column:
    """Declare a column of yes and no.

    Examples
    --------
    >>> yes_no("Whether it is active").unit_title()
    'yes or no'
    """
    return Column(title, "yes-no")


def day(title: str) -> Column:
    """Declare a column of days.

    Examples
    --------
    >>> day("First day").unit_title()
    'day'
    """
    return Column(title, "day")


def shape(title: str) -> Column:
    """Declare a column of shapes.

    Examples
    --------
    >>> shape("Outline").unit_title()
    'shape'
    """
    return Column(title, "shape")


@cache
def _fields() -> dict[str, Column]:
    return {key: column for name in DECLARED_IN for key, column in import_module(name).FIELDS.items()}


@cache
def columns_of(dataset: str) -> Mapping[str, Column]:
    """Return the columns of a dataset by name, in the order in which they are declared.

    Raises
    ------
    CatalogError
        The dataset has no declaration, or one of its columns has none.

    Examples
    --------
    >>> list(columns_of("block_places"))
    ['geoid', 'place_geoid', 'county_geoid']
    """
    for name in DECLARED_IN:
        keys = import_module(name).COLUMNS.get(dataset)
        if keys is not None:
            return {_name_of(key): field_named(key) for key in keys}
    raise CatalogError(
        _("no columns are declared for the dataset {name!r}").format(name=dataset),
        _("add it to COLUMNS in one of {modules}").format(modules=", ".join(DECLARED_IN)),
    )


def field_named(key: str) -> Column:
    """Return a field, or the column that a rule makes of one.

    Parameters
    ----------
    key
        A column's name; where one name means different things, with a word behind a slash.

    Raises
    ------
    CatalogError
        There is none.

    Examples
    --------
    >>> field_named("population_moe").unit
    'people'
    """
    fields = _fields()
    if key in fields:
        return fields[key]
    for suffix, rule in SUFFIXES.items():
        base = fields.get(key.removesuffix(suffix)) if key.endswith(suffix) else None
        if base is not None and base.kind == "number":
            limits = {"low": rule.low, "high": rule.high, "likely": None, "part_of": "", "near": ""}
            return replace(base, form=rule.form, unit=rule.unit or base.unit, **limits)  # type: ignore[arg-type]
    raise CatalogError(
        _("{count} column has no declaration ({examples})").format(count=1, examples=first_ids([key])),
        _("add it to FIELDS in one of {modules}").format(modules=", ".join(DECLARED_IN)),
    )


def _name_of(key: str) -> str:
    """Name the column of a field's key."""
    return key.partition("/")[0]


def base_of(name: str, columns: Mapping[str, Column]) -> str:
    """Name the column that another is made of by a rule; itself where it is not.

    Examples
    --------
    >>> base_of("population_moe", columns_of("tracts_2010")), base_of("geoid", columns_of("tracts_2010"))
    ('population', 'geoid')
    """
    if columns[name].form:
        for suffix in SUFFIXES:
            if name.removesuffix(suffix) in columns and name.endswith(suffix):
                return name.removesuffix(suffix)
    return name


NO_COLUMNS: Mapping[str, Column] = MappingProxyType({})


def dictionary_of(
    dataset: str, names: Iterator[str] | list[str], more: Mapping[str, Column] = NO_COLUMNS
) -> list[dict[str, str]]:
    """Describe the columns of a table of a dataset, a row each, in the chosen language.

    Parameters
    ----------
    names
        The table's columns; one that the dataset does not declare is described as such.
    more
        Columns that the table has beside those of the dataset.

    Examples
    --------
    >>> dictionary_of("roads", ["length_m"])
    [{'column': 'length_m', 'description': 'Length of the line, measured by us', 'unit': 'meters'}]
    """
    columns = {**more, **columns_of(dataset)}
    rows = []
    for name in names:
        column = columns.get(name)
        words = (column.describe(), column.unit_title()) if column else (_("not described"), "")
        rows.append({"column": name, "description": words[0], "unit": words[1]})
    return rows
