"""The profile of a place: what is known of it, how sure that is, where it stands, what lies inside."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.datasets.findings import Finding, describe, describe_of_one
from geo.datasets.record import Sidecar, read_sidecar
from geo.errors import MissingDatasetError
from geo.language import gettext as _
from geo.language import mark as N_
from geo.language import ngettext
from geo.methods.margins import RELIABILITY, reliability, to_floats
from geo.tracts.acs_indicators import FROM_SURVEY
from geo.tracts.comparison import INDEX, OURS, Quantity
from geo.tracts.indicators import Indicator, indicators_shown, values_of
from geo.tracts.names import tract_number, tract_title
from geo.tracts.residents.split_error import exceeds
from geo.tracts.vintages import is_carried, is_ranked, period_words, source_of
from geo.units import RELIABILITY_TITLES, is_missing, to_words
from geo.water.filtering import systems_inside
from geo.water.service_areas import UNCERTAIN_PLACES
from wording.comparison import beyond_words

BEFORE_FURTHER = 5
HIGHEST, MOST_HIGHEST = 5, 10
"""How many of the highest are shown, and how many at most where more have the last one's value."""
ALWAYS = ("ca_htc_estimate", "population", "households", "population_2020", "housing_units_2020")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a profile, in words.

    Attributes
    ----------
    title, words
        What it is, and its value with unit and margin.
    doubt
        How sure it is, in words; empty where it has no margin or is reliable.
    place
        Where it stands in the region and in the state; empty where that is not known.
    source
        Publisher, title and vintage.
    period
        The years of the survey that it is from; empty for what is no survey's.
    """

    title: str
    words: str
    doubt: str = ""
    place: str = ""
    source: str = ""
    period: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """What a card shows.

    ``wrong`` is what is known to be wrong, None where nobody asked; ``credits`` are the sources.
    """

    title: str
    subtitle: str
    figures: tuple[Figure, ...]
    wrong: tuple[str, ...] | None = None
    credits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Among:
    """The tracts that a rank speaks of: their area's title, and which rows of the frame they are."""

    title: str
    rows: NDArray[np.bool_]


def tract_profile(
    frame: pd.DataFrame,
    geoid: str,
    region: str,
    dataset: str,
    chosen: Indicator,
    among: Among,
    further: Sequence[Figure] = (),
) -> Profile:
    """Profile a tract: the chosen indicator first, then what every profile shows, then the shares.

    Parameters
    ----------
    frame
        The dataset's rows, all of the region.
    chosen
        The indicator on the map.
    among
        The tracts that ranks speak of, beside those of its county.
    further
        Figures that come after population and households.

    Raises
    ------
    MissingDatasetError
        There is no such tract in the frame.
    """
    row = find_row(frame, "geoid", geoid)
    sources = source_records(region, dataset)
    shown = [item for item in indicators_shown(dataset) if item.key in frame.columns]
    wanted = [item for item in shown if item.ranked or item.key in ALWAYS]
    ordered = [chosen, *(item for item in wanted if item.key != chosen.key)]
    here = is_named(frame, "geoid", geoid)
    ranked = [group for group in (among, *_county_of(frame, row)) if (group.rows & here).any()]
    figures = [_figure(frame, row, item, sources, ranked) for item in ordered if item in shown]
    figures[BEFORE_FURTHER:BEFORE_FURTHER] = further
    subtitle = _("GEOID {geoid}, tract of {year}").format(geoid=geoid, year=dataset[-4:])
    return Profile(
        tract_title(geoid),
        subtitle,
        tuple(figures),
        wrong_with(geoid, region, dataset),
        credits_of(region, dataset),
    )


def highest_profile(frame: pd.DataFrame, chosen: Indicator, region: str, dataset: str, area: str) -> Profile:
    """Profile an area by the tracts of it that have the highest values of an indicator.

    Tracts that tie with the last are shown too; where they are too many, the subtitle says how many more.
    """
    values = pd.to_numeric(values_of(frame, chosen)).astype("Float64").dropna()
    if chosen.ranked and not is_ranked(chosen, frame):
        note = _("Carried over from 2010 tracts, so not ranked here: choose 2010 tracts to see the highest.")
        return Profile(_(chosen.title), note, ())
    first = frame.iloc[0].to_dict() if len(frame) else {}
    record = source_records(region, dataset).get(source_of(chosen, first), {})
    shown, further = _with_ties(values)
    figures = tuple(
        Figure(
            tract_title(str(row["geoid"])),
            to_words(row[chosen.key], chosen.unit, row[chosen.moe] if chosen.moe else None),
            _doubt(row[chosen.key], row[chosen.moe] if chosen.moe else None),
            source=str(record.get("credit", "")),
            period=_period(chosen, record),
        )
        for _place, row in frame.loc[shown].iterrows()
    )
    title = _("The {count} highest: {area}").format(count=len(figures), area=area)
    more = _("and {count} more with the same value").format(count=further) if further else ""
    return Profile(title, "; ".join(part for part in (_(chosen.title), more) if part), figures)


def _with_ties(values: pd.Series[Any]) -> tuple[pd.Index[Any], int]:
    """Return the rows of the highest values with all that tie with the last, and how many ties are left out.

    Examples
    --------
    >>> _with_ties(pd.Series([90.0, 99.0, 98.0, 97.0, 96.0, 90.0, 12.0]))[0].tolist()
    [1, 2, 3, 4, 0, 5]
    """
    ordered = values.sort_values(ascending=False, kind="stable").index
    count = len(values.nlargest(HIGHEST, keep="all"))
    shown = count if count <= MOST_HIGHEST else HIGHEST
    return ordered[:shown], count - shown


def find_row(frame: pd.DataFrame, column: str, identifier: str) -> pd.Series[Any]:
    """Return the row of an identifier.

    Raises
    ------
    MissingDatasetError
        There is none.
    """
    found = np.flatnonzero(is_named(frame, column, identifier))
    if not len(found):
        raise MissingDatasetError(
            _("there is no {column} {identifier!r} here").format(column=column, identifier=identifier),
            _("choose another one, or region"),
        )
    return frame.iloc[int(found[0])]


def is_named(frame: pd.DataFrame, column: str, identifier: str) -> NDArray[np.bool_]:
    """Tell which rows have an identifier, read as text.

    Examples
    --------
    >>> is_named(pd.DataFrame({"geoid": ["06065045303", None]}), "geoid", "06065045303").tolist()
    [True, False]
    """
    values = frame[column]
    text = values if isinstance(values.dtype, pd.StringDtype) else values.astype(str)
    return text.eq(identifier).to_numpy(dtype=bool, na_value=False)


def source_records(region: str, dataset: str) -> dict[str, Mapping[str, Any]]:
    """Return the records of all sources that fed a dataset, directly or through others, by key."""
    sidecar = read_sidecar(region, dataset)
    if sidecar is None or not sidecar.built:
        return {}
    found: dict[str, Mapping[str, Any]] = {
        str(item["key"]): item for item in sidecar.record.get("sources", ()) if item["here"]
    }
    for name in sidecar.record.get("inputs", ()):
        found.update(source_records(region, str(name)))
    return found


def credits_of(region: str, dataset: str) -> tuple[str, ...]:
    """List the credits of the sources that a dataset reads itself, each once, as far as they are here."""
    sidecar = read_sidecar(region, dataset)
    sources = sidecar.record.get("sources", ()) if sidecar is not None else ()
    return tuple(dict.fromkeys(str(item["credit"]) for item in sources if item["here"]))


def wrong_with(identifier: str, region: str, dataset: str) -> tuple[str, ...]:
    """Say what our checks found wrong with an identifier, in the dataset and in what it is made from."""
    found = [item for sidecar in _made_from(region, dataset) for item in sidecar.findings]
    return tuple(dict.fromkeys(describe_of_one(item, identifier) for item in found if identifier in item.ids))


OF_TRACTS = {"tracts_2010": ("tracts_2010", "tract_indicators"), "tracts_2020": ("tracts_2020",)}
"""By dataset of tracts: those whose findings name them."""


def wrong_inside(tracts: Mapping[str, Collection[str]], region: str) -> tuple[str, ...]:
    """Say what our checks found wrong with the tracts of an area, with the area's own counts.

    Parameters
    ----------
    tracts
        The GEOIDs of its tracts, by dataset: ``tracts_2010``, ``tracts_2020``.

    Examples
    --------
    >>> wrong_inside({"tracts_2010": [], "tracts_2020": []}, "coachella")
    ()
    """
    return tuple(
        _("Its {year} tracts: {finding}").format(year=dataset[-4:], finding=describe(item))
        for dataset, geoids in tracts.items()
        for name in OF_TRACTS[dataset]
        if (sidecar := read_sidecar(region, name)) is not None and sidecar.built
        for item in of_tracts_alone(sidecar.findings, set(geoids))
    )


def of_tracts_alone(findings: Iterable[Finding], geoids: set[str]) -> Iterator[Finding]:
    """Keep of each finding the tracts of an area; what counts something else than tracts is left out.

    Examples
    --------
    >>> from geo.datasets.findings import find
    >>> [item.ids for item in of_tracts_alone([find("rows", "tracts_2010", ["1", "2"])], {"2", "3"})]
    [('2',)]
    """
    for item in findings:
        ours = tuple(name for name in item.ids if name in geoids)
        if ours and item.count == len(item.ids):
            of = None if item.of is None else len(geoids)
            yield replace(item, ids=ours, count=len(ours), of=of)


def _made_from(region: str, dataset: str) -> Iterator[Sidecar]:
    sidecar = read_sidecar(region, dataset)
    if sidecar is None or not sidecar.built:
        return
    yield sidecar
    for name in sidecar.record.get("inputs", ()):
        yield from _made_from(region, str(name))


def _figure(
    frame: pd.DataFrame,
    row: pd.Series[Any],
    item: Indicator,
    sources: Mapping[str, Mapping[str, Any]],
    among: Sequence[Among],
) -> Figure:
    known = item.known is None or bool(row[item.known])
    value = row[item.key] if known else None
    moe = row.get(item.moe) if item.moe else None
    source = sources.get(source_of(item, row.to_dict()), {})
    figure = Figure(
        _(item.title),
        to_words(value, item.unit, moe),
        _doubt(value, moe),
        _place(frame, row, item, among) if not is_missing(value) else "",
        str(source.get("credit", "")),
        _period(item, source),
    )
    return doubt_homes(figure, (value, moe), (row.get(HOMES), None)) if item.key == HOUSEHOLDS else figure


def _period(item: Indicator, source: Mapping[str, Any]) -> str:
    """Name the years of the survey behind an indicator; nothing for what no survey gave."""
    return period_words(source.get("vintage")) if item in FROM_SURVEY else ""


HOUSEHOLDS, HOMES = "households", "housing_units_2020"


def doubt_homes(figure: Figure, households: tuple[Any, Any], homes: tuple[Any, Any]) -> Figure:
    """Call households unreliable that are more than all homes counted in 2020, and say so.

    Parameters
    ----------
    households, homes
        The survey's figure and the count, each with its margin (90 %); any may be missing.

    Examples
    --------
    >>> doubt_homes(Figure("Households", "900 ± 60"), (900.0, 60.0), (500.0, None)).place
    'higher by more than chance than all housing units counted in 2020, 500'
    """
    if not exceeds(*households, *homes):
        return figure
    told = "; ".join(part for part in (beyond_words(homes[0]), figure.place) if part)
    return replace(figure, place=told, doubt=_(RELIABILITY_TITLES[RELIABILITY[-1]]))


MOST_CARRIED = 5


def carried_words(item: Indicator, row: Mapping[Any, Any]) -> str:
    """Say that a tract's figure was carried over, and from which tracts; empty where it was not.

    Examples
    --------
    >>> from geo.tracts.indicators import indicator_named
    >>> row = {"carried": "ca_htc_index", "carried_from": "06065045604 06065045605"}
    >>> carried_words(indicator_named("ca_htc_index"), row)
    'carried over from 2010 tracts 456.04, 456.05'
    """
    if not is_carried(item, row):
        return ""
    geoids = [] if is_missing(row.get("carried_from")) else str(row["carried_from"]).split()
    names = [tract_number(geoid) for geoid in geoids[:MOST_CARRIED]]
    if further := len(geoids) - len(names):
        names.append(_("and {count} others").format(count=further))
    if not names:
        return _("carried over from 2010 tracts")
    words = ngettext(
        "carried over from 2010 tract {tracts}", "carried over from 2010 tracts {tracts}", len(geoids)
    )
    return words.format(tracts=", ".join(names))


def _doubt(value: Any, moe: Any) -> str:
    if is_missing(value) or is_missing(moe):
        return ""
    name = str(reliability(value, moe))
    return "" if name == "reliable" else _(RELIABILITY_TITLES[name])


def _county_of(frame: pd.DataFrame, row: pd.Series[Any]) -> Iterator[Among]:
    """Name the tracts of a row's county; nothing where the frame has no more than one."""
    if "county_geoid" in frame and len(frame["county_geoid"].unique()) > 1:
        yield Among(_("Its county"), is_named(frame, "county_geoid", str(row["county_geoid"])))


def _place(frame: pd.DataFrame, row: pd.Series[Any], item: Indicator, among: Sequence[Among]) -> str:
    words = [told] if (told := carried_words(item, row.to_dict())) else []
    if is_ranked(item, frame):
        values = to_floats(values_of(frame, item))
        for group in among:
            ours = values[group.rows]
            place, of = 1 + int((ours > float(row[item.key])).sum()), int(np.isfinite(ours).sum())
            told = _("{area}: rank {rank} of {of} (1 is highest)")
            words.append(told.format(rank=place, of=of, area=group.title))
    share: Any = row.get(item.percentile) if item.percentile else None
    if not is_missing(share):
        percent = min(int(100 * float(share)), 100)
        words.append(_("percentile {percent} statewide").format(percent=percent))
    return "; ".join(words)


MEAN_BY_PEOPLE = N_("{title}, population-weighted average of tracts")
MOST_NAMED = 40
"""Share of the smaller of two areas; less of it is the outlines' fault."""


def index_figure(score: float, scores: pd.DataFrame, county: str, source: str) -> Figure:
    """Say what index an outline has, and which share of the county's and the state's tracts is not above.

    Parameters
    ----------
    scores
        Every tract of the state: ``county_geoid`` and the index with ``index_scored``.
    county
        GEOID of the county that the outline lies in.

    Examples
    --------
    >>> state = {"county_geoid": ["06025", "06065", "06065"], "ca_htc_index": [10.0, 50.0, 90.0]}
    >>> state = pd.DataFrame(state | {"index_scored": [True, True, True]})
    >>> index_figure(60.0, state, "06065", "S").place.split(";")[0]
    'percentile 50 in its county'
    """
    known = values_of(scores, INDEX).astype("Float64").dropna()
    ours = known[scores.loc[known.index, "county_geoid"].astype(str) == county]
    parts = [
        (ours, _("percentile {percent} in its county")),
        (known, _("percentile {percent} statewide")),
    ]
    places = [
        words.format(percent=int(100 * float((values <= score).mean())))
        for values, words in parts
        if len(values)
    ]
    title = _(MEAN_BY_PEOPLE).format(title=_(INDEX.title))
    return Figure(title, to_words(score, INDEX.unit), place="; ".join(places), source=source)


def estimate_figure(estimate: Quantity, source: str, period: str = "") -> Figure:
    """Say what index we estimate for an outline, with the margin that it has and the State's has not.

    Parameters
    ----------
    source, period
        Publisher, title and vintage of the survey that it is made from, and its years.

    Examples
    --------
    >>> estimate_figure(Quantity("ca_htc_estimate", 61.26, 11.0, "points"), "S").words
    '61.3 ± 11'
    """
    title = _(MEAN_BY_PEOPLE).format(title=_(OURS.title))
    note = _("the State's own index is published without a margin of error")
    words = to_words(estimate.value, OURS.unit, estimate.moe)
    return Figure(title, words, place=note, source=source, period=period)


def systems_figure(systems: gpd.GeoDataFrame, shape: shapely.Geometry, area_crs: str) -> Figure:
    """Name the water systems inside an outline, or reaching into it by more than a sliver.

    Parameters
    ----------
    systems
        The dataset ``water_systems``, in EPSG:4326; those without a place cannot be told.
    shape
        Polygon in degrees (EPSG:4326).
    area_crs
        A projected, equal-area CRS.

    Examples
    --------
    >>> places = [shapely.Point(-116.1, 33.5), shapely.Point(-115, 33), None]
    >>> names = {"public_name": ["Oasis", "Far", "?"], "location_quality": ["point_street"] * 2 + ["none"]}
    >>> systems = gpd.GeoDataFrame(names, geometry=places, crs="EPSG:4326")
    >>> figure = systems_figure(systems, shapely.box(-116.2, 33.4, -116, 33.6), "EPSG:3310")
    >>> figure.words, figure.place
    ('1', 'Oasis')
    """
    near = systems.iloc[sorted(systems.sindex.query(shape, predicate="intersects"))]
    names = _names_inside(near[~_doubtful(near)], shape, area_crs)
    doubtful = int(_doubtful(near).sum())
    more = _("{count} more with an approximate location").format(count=doubtful) if doubtful else ""
    further = len(names) - MOST_NAMED
    beyond = _("and {count} others").format(count=further) if further > 0 else ""
    told = "; ".join(words for words in (*names[:MOST_NAMED], beyond, more) if words)
    return Figure(_("Water systems serving this area"), str(len(names)), place=told)


def points_figure(kinds: Mapping[str, gpd.GeoDataFrame], shape: shapely.Geometry) -> Figure | None:
    """Count schools, clinics and hospitals, and addresses inside an outline; None where no list is here.

    Parameters
    ----------
    kinds
        By the key of their dataset, points in EPSG:4326.
    shape
        Polygon in degrees (EPSG:4326).

    Examples
    --------
    >>> places = gpd.points_from_xy([-116.1, -115.0], [33.5, 33.0])
    >>> schools = gpd.GeoDataFrame(geometry=places, crs="EPSG:4326")
    >>> points_figure({"public_schools": schools}, shapely.box(-116.2, 33.4, -116, 33.6)).words
    '1 public school'
    """
    if not kinds:
        return None
    counts = {key: len(points.sindex.query(shape, predicate="intersects")) for key, points in kinds.items()}
    return Figure(_("Inside this area"), ", ".join(_counted(key, count) for key, count in counts.items()))


def _counted(key: str, count: int) -> str:
    words = {
        "public_schools": ngettext("{count} public school", "{count} public schools", count),
        "health_facilities": ngettext("{count} clinic or hospital", "{count} clinics and hospitals", count),
        "address_points": ngettext("{count} address", "{count} addresses", count),
    }
    return words[key].format(count=f"{count:,}")


def _doubtful(systems: gpd.GeoDataFrame) -> pd.Series[bool]:
    """Whether all that is known of a place is a point that does not say where the system is."""
    return systems["location_quality"].isin([name for name in UNCERTAIN_PLACES if name.startswith("point")])


def _names_inside(near: gpd.GeoDataFrame, shape: shapely.Geometry, area_crs: str) -> list[str]:
    return sorted(near.loc[systems_inside(near, shape, area_crs), "public_name"].astype(str))
