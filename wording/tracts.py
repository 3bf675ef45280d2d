"""Who lives in a place, as figures and one wide table; indicators of tracts beside the map."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from geo.language import gettext as _
from geo.language import mark as N_
from geo.methods.margins import reliability
from geo.tracts.crosswalk import counterparts
from geo.tracts.indicators import INDICATORS, Indicator, values_of
from geo.tracts.names import tract_title
from geo.tracts.residents.estimate import COUNTED, METHODS, OWN_SIZE
from geo.tracts.residents.split_error import grade
from geo.tracts.vintages import is_ranked, period_words
from geo.units import RELIABILITY_TITLES, factor_of, is_missing, to_words
from geo.water.filtering import MILES
from wording.comparison import NEXT_TO_NOTHING
from wording.profiles import HOMES, HOUSEHOLDS, Figure, doubt_homes

# The layers whose rows have people of their own, and their kind in the table of people served.
KINDS = {
    "systems": "water_system",
    "places": "place",
    "school_districts": "school_district",
    "tribal_areas": "tribal_area",
    "districts": "district",
}


ORDER = (
    "population_2020",
    "housing_units_2020",
    "uninsured",
    "limited_english_persons",
    "poverty",
    "no_vehicle_households",
    "population",
    "households",
)
"""In which order a card tells them: what was counted, then what the survey says."""

FOOTPRINTS = {
    "circle_1000_m": N_("rates of the people within 1 km of its address"),
    "circle_5000_m": N_("rates of the people within 5 km: only the middle of its ZIP area is known"),
    "polygon": N_("estimated from the neighborhood's census, not from the system itself"),
    "polygon_too_coarse": N_("its outline is drawn too coarsely"),
    "polygon_too_wide": N_("its outline is drawn too wide"),
    "polygon_outside_county": N_("its outline lies outside of its county"),
}
"""What stood for an area, in words, by the column ``footprint``; marked for translation."""


NO_CREDITS: Mapping[str, str] = MappingProxyType({})


def served_figures(
    served: pd.DataFrame, layer: str, identifier: str, credits: Mapping[str, str] = NO_CREDITS
) -> Iterator[Figure]:
    r"""Make the figures of who lives there; none where nothing is known.

    A system's people and connections that are the State's own are left out: its profile has them already.

    Parameters
    ----------
    served
        The dataset ``people_served``.
    credits
        By key of a source: publisher, title and vintage.

    Examples
    --------
    >>> row = {"target_kind": "place", "target_id": "06", "variable": "households", "estimate": 250.2}
    >>> row |= {"moe": 20.0, "coverage": 1.0, "share_guesswork": 0.25, "method": "interpolated"}
    >>> figure = next(served_figures(pd.DataFrame([row | {"footprint": "polygon"}]), "places", "06"))
    >>> figure.title, figure.words, figure.place
    ('Households', '250 ± 20', '25.0\xa0% of it comes from areas that lie partly inside')
    """
    ours = (served["target_kind"] == KINDS.get(layer)) & (served["target_id"].astype(str) == identifier)
    rows = {str(row["variable"]): row for row in served[ours].to_dict("records")}
    for row in (rows[name] for name in ORDER if name in rows):
        told_already = layer == "systems" and row["method"] in OWN_SIZE
        if not is_missing(row["estimate"]) and not told_already:
            source = row.get("source")
            figure = _figure(row, "" if is_missing(source) else credits.get(str(source), ""))
            yield _held_against(figure, str(row["variable"]), rows)


COUNT, SURVEY = "population_2020", "population"


def _held_against(figure: Figure, name: str, rows: Mapping[str, Mapping[Any, Any]]) -> Figure:
    """Say where survey and count disagree by more than chance; households above all homes are unreliable."""
    if name == COUNT:
        return replace(figure, place=_beside_survey(figure.place, rows))
    if name != HOUSEHOLDS:
        return figure
    ours, homes = ((rows.get(key, {}).get("estimate"), rows.get(key, {}).get("moe")) for key in (name, HOMES))
    return doubt_homes(figure, ours, homes)


def _beside_survey(place: str, rows: Mapping[str, Mapping[Any, Any]]) -> str:
    """Say beside a count that the survey differs from it, where it does so by more than chance."""
    count, survey = rows[COUNT], rows.get(SURVEY)
    if survey is None or is_missing(survey["estimate"]) or is_missing(survey["moe"]):
        return place
    difference = float(survey["estimate"]) - float(count["estimate"])
    margin = np.hypot(float(survey["moe"]), 0.0 if is_missing(count["moe"]) else float(count["moe"]))
    if abs(difference) <= margin:
        return place
    words = (
        _("the survey's estimate for the years before, {people}, is lower by more than chance")
        if difference < 0
        else _("the survey's estimate for the years before, {people}, is higher by more than chance")
    )
    told = words.format(people=to_words(survey["estimate"], "people", survey["moe"]))
    return "; ".join(part for part in (place, told) if part)


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
    # A margin of 0 is that of a controlled estimate, or of nobody: there is nothing to say of it.
    moe = None if is_missing(row["moe"]) or row["moe"] == 0 else row["moe"]
    return Figure(
        _(INDICATORS[name].title),
        to_words(row["estimate"], INDICATORS[name].unit, moe),
        _doubt(row),
        "; ".join([*_certainty(row["coverage"], row["share_guesswork"]), *_footprint(row)]),
        f"{method}: {credit}" if credit else method,
        "" if name in COUNTED else period_words(row.get("vintage")),
    )


def _footprint(row: Mapping[Any, Any]) -> Iterator[str]:
    shape = str(row["footprint"])
    plain = shape == "polygon" and row["method"] != "rates_of_surroundings"
    told = str(row["method"]) in ("interpolated", "rates_of_surroundings") and not plain
    if told and shape in FOOTPRINTS:
        yield _(FOOTPRINTS[shape])


def _doubt(row: Mapping[Any, Any]) -> str:
    if is_missing(row["moe"]):
        return ""
    name = grade(row["estimate"], row["moe"], row["share_guesswork"])
    return "" if name in ("", "reliable") else _(RELIABILITY_TITLES[name])


def _certainty(coverage: Any, guesswork: Any) -> Iterator[str]:
    if not is_missing(guesswork) and float(guesswork) >= NEXT_TO_NOTHING:
        yield _("{share} of it comes from areas that lie partly inside").format(
            share=to_words(guesswork, "share")
        )
    if not is_missing(coverage) and float(coverage) < 0.995:
        yield _("{share} of the area is covered").format(share=to_words(coverage, "share"))


OTHER_YEAR = {2010: N_("Its people in 2020 tracts"), 2020: N_("Its people in 2010 tracts")}


def counterpart_figure(crosswalk: pd.DataFrame, geoid: str, year: int) -> Figure | None:
    r"""Say which tracts of the other year a tract's people were in; None where it stayed as it was.

    Parameters
    ----------
    crosswalk
        The dataset ``crosswalk_2010_2020``.
    geoid, year
        A tract, and whether it is one of 2010 or of 2020.

    Examples
    --------
    >>> pairs = {"geoid_2010": ["06065045604"] * 2, "geoid_2020": ["06065045606", "06065045607"]}
    >>> pairs |= {"share_of_2010": [0.3, 0.7], "people": [3, 7]}
    >>> counterpart_figure(pd.DataFrame(pairs), "06065045604", 2010).place
    'Tract 456.07 (70.0\xa0%); Tract 456.06 (30.0\xa0%)'
    """
    shares = counterparts(crosswalk, geoid, year)
    if list(shares.index) in ([], [geoid]):
        return None
    return Figure(_(OTHER_YEAR[year]), str(len(shares)), place=_tracts_and_shares(shares))


def successors_sentence(crosswalk: pd.DataFrame, geoid: str) -> str:
    r"""Answer a question for a 2010 tract that is no tract any more; empty where nothing is known of it.

    Examples
    --------
    >>> pairs = {"geoid_2010": ["06065045604"], "geoid_2020": ["06065045606"]}
    >>> pairs |= {"share_of_2010": [1.0], "people": [3]}
    >>> successors_sentence(pd.DataFrame(pairs), "06065045604")
    'Tract 456.04 is a 2010 tract. Its people are in these 2020 tracts: Tract 456.06 (100.0\xa0%).'
    """
    shares = counterparts(crosswalk, geoid, 2010)
    if shares.empty:
        return ""
    words = _("{tract} is a 2010 tract. Its people are in these 2020 tracts: {tracts}.")
    return words.format(tract=tract_title(geoid), tracts=_tracts_and_shares(shares))


def _tracts_and_shares(shares: pd.Series[float]) -> str:
    return "; ".join(
        f"{tract_title(str(geoid))} ({to_words(share, 'share')})" for geoid, share in shares.items()
    )


IDENTIFIER, NAME = "target_id", "name"


def served_table(served: pd.DataFrame, kind: str, names: Mapping[str, str]) -> pd.DataFrame:
    """Lay out a kind of area, a row each, in the order of the names.

    Parameters
    ----------
    served
        The dataset ``people_served``.
    kind
        As in its column ``target_kind``.
    names
        By identifier; an area without a name is called by its identifier.

    Returns
    -------
    DataFrame
        ``target_id``, ``name``; each variable of :data:`wording.tracts.ORDER` with its margin
        ``<variable>_moe`` (90 %), in whole people or households, as a card writes them; ``coverage`` and
        ``guesswork`` (of the uninsured) in percent, and the class of that figure as ``reliability``; its
        ``method`` in words and its ``period``, the survey's years. What is not known is missing.

    Examples
    --------
    >>> row = {"target_kind": "place", "target_id": "06", "estimate": 80.0, "moe": 20.0, "coverage": 1.0}
    >>> row |= {"share_guesswork": 0.5, "method": "interpolated"}
    >>> rows = pd.DataFrame([row | {"variable": name} for name in ("population", "uninsured")])
    >>> served_table(rows, "place", {"06": "Oasis"})[["name", "guesswork"]].values.tolist()
    [['Oasis', 50.0]]
    """
    ours = served[served["target_kind"] == kind].assign(target_id=served["target_id"].astype(str))
    by_name = {name: rows.set_index("target_id") for name, rows in ours.groupby("variable")}
    areas = pd.Index(ours["target_id"].unique(), name=IDENTIFIER)
    table = pd.DataFrame({NAME: [names.get(key) or key for key in areas]}, index=areas)
    for name in (item for item in ORDER if item in by_name):
        table[name] = by_name[name]["estimate"].astype("Float64").round()
        table[f"{name}_moe"] = _whole_margins(by_name[name]["moe"].astype("Float64"))
    told = by_name.get("uninsured", ours.set_index("target_id").iloc[:0]).reindex(areas)
    table["coverage"], table["guesswork"] = 100 * told["coverage"], 100 * told["share_guesswork"]
    graded = told[["estimate", "moe", "share_guesswork"]].itertuples(index=False, name=None)
    table["reliability"] = [
        "" if is_missing(estimate) or is_missing(moe) else _in_words([grade(estimate, moe, guesswork)])[0]
        for estimate, moe, guesswork in graded
    ]
    table["method"] = told["method"].map({key: _(words) for key, words in METHODS.items()})
    table["period"] = told["vintage"].map(period_words) if "vintage" in told else ""
    return table.reset_index().sort_values(NAME, ignore_index=True, kind="stable")


def _whole_margins(margins: pd.Series[float]) -> pd.Series[float]:
    """Round margins to whole people; one above 0 that a card writes as under 1 is 1, and never 0."""
    rounded = margins.round()
    return rounded.mask(((margins > 0) & (rounded == 0)).fillna(False), 1.0)


def column_titles() -> dict[str, str]:
    """Name the columns of :func:`served_table` in the chosen language.

    Examples
    --------
    >>> column_titles()["poverty_moe"]
    'People in poverty, ±'
    """
    titles = {name: _(INDICATORS[name].title) for name in ORDER}
    margins = {f"{name}_moe": f"{title}, ±" for name, title in titles.items()}
    rest = {
        IDENTIFIER: _("Identifier"),
        NAME: _("Name"),
        "coverage": _("Covered, percent"),
        "guesswork": _("From areas partly inside, percent"),
        "reliability": _("How reliable, of the uninsured"),
        "method": _("How it came about"),
        "period": _("Years of the survey"),
    }
    return titles | margins | rest


VALUE, MARGIN, PLACE = "value", "margin", "place"


def indicator_table(
    frame: pd.DataFrame, indicator: Indicator, places: pd.Series[str] | None = None
) -> pd.DataFrame:
    """Put an indicator's values beside their tracts, highest first.

    Parameters
    ----------
    places
        The name of each tract's place, on GEOIDs; None leaves the column out.

    Returns
    -------
    DataFrame
        ``geoid``, ``tract``, ``place``, ``value`` and ``margin`` (a share in percent), ``reliability`` in
        words, ``official``, the State's own figure beside an estimate of ours, ``state_percent`` (share of
        the state's tracts at or below, in percent), ``rank``.

    Examples
    --------
    >>> from geo.tracts.indicators import indicator_named
    >>> tracts = {"geoid": ["06065045303"], "share_poverty": [0.25], "share_poverty_moe": [0.05]}
    >>> indicator_table(pd.DataFrame(tracts), indicator_named("share_poverty"))["value"].tolist()
    [25.0]
    """
    values, factor = values_of(frame, indicator), factor_of(indicator.unit)
    table = pd.DataFrame({"geoid": frame["geoid"], "tract": [tract_title(item) for item in frame["geoid"]]})
    if places is not None:
        table[PLACE] = places.reindex(frame["geoid"].astype(str)).to_numpy()
    table[VALUE] = pd.to_numeric(values).astype("Float64") * factor
    if indicator.moe and indicator.moe in frame:
        table[MARGIN] = frame[indicator.moe].astype("Float64") * factor
        table["reliability"] = _in_words(reliability(values, frame[indicator.moe]))
    if indicator.beside and indicator.beside in frame:
        table["official"] = values_of(frame, INDICATORS[indicator.beside])
    if indicator.percentile and indicator.percentile in frame:
        table["state_percent"] = frame[indicator.percentile].astype("Float64") * 100
    if is_ranked(indicator, frame):
        table["rank"] = pd.to_numeric(values).rank(ascending=False, method="min").astype("Int64")
    return table.sort_values(VALUE, ascending=False, ignore_index=True, kind="stable")


def ranked_table(
    frame: pd.DataFrame, indicator: Indicator, ranked: pd.DataFrame, places: pd.Series[str] | None = None
) -> pd.DataFrame:
    """Put beside an indicator's values how sure their rank is, highest first.

    Parameters
    ----------
    ranked
        On GEOIDs, as :func:`geo.tracts.comparison.rank_indicator` returns it.
    places
        As of :func:`indicator_table`.

    Returns
    -------
    DataFrame
        ``geoid``, ``tract``, ``place``, ``value`` and ``margin``; ``sure`` in words and ``chance`` in percent
        of being among the highest; ``rank_low`` and ``rank_high``, between which the rank lies (90 %);
        ``alike``, the number of the group in which no two can be told apart; the official figure where
        one stands beside it.

    Examples
    --------
    >>> from geo.tracts.comparison import rank_indicator
    >>> from geo.tracts.indicators import indicator_named
    >>> frame = pd.DataFrame({"geoid": ["06065045303", "06065045304"], "share_poverty": [0.9, 0.1]})
    >>> frame["share_poverty_moe"] = 0.05
    >>> poverty = indicator_named("share_poverty")
    >>> ranked_table(frame, poverty, rank_indicator(frame, poverty, 50))["sure"].tolist()
    ['very likely', 'very unlikely']
    """
    table = indicator_table(frame, indicator, places)
    found = ranked.reindex(table["geoid"].astype(str)).reset_index(drop=True)
    words = ["" if is_missing(name) else _(str(name)) for name in found["class"]]
    table = table.assign(
        sure=words,
        chance=found["probability"].astype("Float64") * 100,
        rank_low=found["rank_low"],
        rank_high=found["rank_high"],
        alike=found["group"],
    )
    columns = [
        "geoid",
        "tract",
        PLACE,
        VALUE,
        MARGIN,
        "sure",
        "chance",
        "rank_low",
        "rank_high",
        "alike",
        "official",
    ]
    return table[[name for name in columns if name in table]]


def systems_table(frame: pd.DataFrame) -> pd.DataFrame:
    """List water systems, the nearest first where a distance was asked for, then by their public name.

    Those without a place are listed, too.
    """
    columns = ["pwsid", "public_name", "community", "safer_status", "population", "connections"]
    further = [name for name in ("population_estimated", "location_quality", "role") if name in frame]
    near = [name for name in (MILES,) if name in frame]
    table = pd.DataFrame(frame[[*columns[:2], *near, *columns[2:], *further]])
    return table.sort_values([*near, "public_name"], ignore_index=True)


def _in_words(classes: Iterable[str]) -> list[str]:
    return [_(RELIABILITY_TITLES[name]) if name in RELIABILITY_TITLES else "" for name in classes]
