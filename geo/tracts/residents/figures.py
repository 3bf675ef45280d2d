"""Who lives in a place, as figures of its profile: with margin, coverage and how much is guesswork."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from geo.language import gettext as _
from geo.language import mark as N_
from geo.methods.margins import reliability
from geo.tracts.indicators import INDICATORS
from geo.tracts.profile import Figure
from geo.tracts.residents.estimate import METHODS, OWN_SIZE
from geo.units import RELIABILITY_TITLES, is_missing, to_words

# The layers whose rows have people of their own, and their kind in the table of people served.
KINDS = {
    "systems": "water_system",
    "places": "place",
    "school_districts": "school_district",
    "tribal_areas": "tribal_area",
    "districts": "district",
}


ORDER = (
    "population",
    "households",
    "uninsured",
    "limited_english_persons",
    "poverty",
    "no_vehicle_households",
)
"""In which order a card tells them."""

FOOTPRINTS = {
    "circle_1000_m": N_("rates of the people within 1 km of its address"),
    "circle_5000_m": N_("rates of the people within 5 km: only the middle of its ZIP area is known"),
    "polygon": N_("rates of the census areas that its outline lies in"),
    "polygon_too_coarse": N_("its outline is drawn too coarsely"),
    "polygon_too_wide": N_("its outline is drawn too wide"),
    "polygon_outside_county": N_("its outline lies outside of its county"),
}
"""What stood for an area, in words, by the column ``footprint``; marked for translation."""


def served_figures(served: pd.DataFrame, layer: str, identifier: str, credit: str = "") -> Iterator[Figure]:
    r"""Make the figures of who lives there; none where nothing is known.

    A system's people and connections that are the State's own are left out: its profile has them already.

    Parameters
    ----------
    served
        The dataset ``people_served``.
    credit
        Publisher, title and vintage of the survey behind the estimates.

    Examples
    --------
    >>> row = {"target_kind": "place", "target_id": "06", "variable": "households", "estimate": 250.2}
    >>> row |= {"moe": 20.0, "coverage": 1.0, "share_guesswork": 0.25, "method": "interpolated"}
    >>> figure = next(served_figures(pd.DataFrame([row | {"footprint": "polygon"}]), "places", "06"))
    >>> figure.title, figure.words, figure.place
    ('Households', '250 ± 20', '25.0\xa0% of it is guesswork')
    """
    ours = (served["target_kind"] == KINDS.get(layer)) & (served["target_id"].astype(str) == identifier)
    rows = {str(row["variable"]): row for row in served[ours].to_dict("records")}
    for row in (rows[name] for name in ORDER if name in rows):
        told_already = layer == "systems" and row["method"] in OWN_SIZE
        if not is_missing(row["estimate"]) and not told_already:
            yield _figure(row, credit)


def area_figures(own: Sequence[Figure], people: Sequence[Figure], inside: Sequence[Figure]) -> list[Figure]:
    """Order the figures of an area: people and homes, its index, the uninsured, systems, the rest, its own.

    Parameters
    ----------
    own, people
        Its own figures; who lives there, in :data:`ORDER`.
    inside
        What lies inside: figures of its index, and its water systems last.

    Examples
    --------
    >>> own, people = [Figure("Area", "9")], [Figure("Population", "5"), Figure("Households", "2")]
    >>> inside = [Figure("Index", "60"), Figure("Index, estimate", "61"), Figure("Systems", "2")]
    >>> [item.title for item in area_figures(own, [*people, Figure("Uninsured", "1")], inside)]
    ['Population', 'Households', 'Index', 'Index, estimate', 'Uninsured', 'Systems', 'Area']
    """
    return [*people[:2], *inside[:-1], *people[2:3], *inside[-1:], *people[3:], *own]


def system_figures(own: Sequence[Figure], people: Sequence[Figure]) -> list[Figure]:
    """Order the figures of a system: its status and size, who lives there, then the rest.

    Examples
    --------
    >>> own = [Figure(title, "") for title in ("Status", "People served", "Connections", "Class")]
    >>> [item.title for item in system_figures(own, [Figure("Uninsured", "1")])]
    ['Status', 'People served', 'Connections', 'Uninsured', 'Class']
    """
    return [*own[:3], *people, *own[3:]]


def _figure(row: Mapping[Any, Any], credit: str) -> Figure:
    name, method = str(row["variable"]), _(METHODS[str(row["method"])])
    survey = _from_survey(row) or row["method"] == "rates_of_surroundings"
    return Figure(
        _(INDICATORS[name].title),
        to_words(row["estimate"], "people", row["moe"]),
        _doubt(row["estimate"], row["moe"]),
        "; ".join([*_certainty(row["coverage"], row["share_guesswork"]), *_footprint(row)]),
        f"{method}: {credit}" if survey and credit else method,
    )


def _from_survey(row: Mapping[Any, Any]) -> bool:
    return str(row["method"]) == "interpolated"


def _footprint(row: Mapping[Any, Any]) -> Iterator[str]:
    shape = str(row["footprint"])
    plain = shape == "polygon" and row["method"] != "rates_of_surroundings"
    told = str(row["method"]) in ("interpolated", "rates_of_surroundings") and not plain
    if told and shape in FOOTPRINTS:
        yield _(FOOTPRINTS[shape])


def _doubt(value: Any, moe: Any) -> str:
    if is_missing(moe):
        return ""
    name = str(reliability(value, moe))
    return "" if name == "reliable" else _(RELIABILITY_TITLES[name])


def _certainty(coverage: Any, guesswork: Any) -> Iterator[str]:
    if not is_missing(guesswork):
        yield _("{share} of it is guesswork").format(share=to_words(guesswork, "share"))
    if not is_missing(coverage) and float(coverage) < 0.995:
        yield _("{share} of the area is covered").format(share=to_words(coverage, "share"))
