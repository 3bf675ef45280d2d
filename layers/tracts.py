"""Tracts shaded by an indicator, hatched where uncertain; or by how sure a high rank is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import pandas as pd

from geo.language import gettext as _
from geo.language import mark as N_
from geo.methods.classify import Classes, Scheme, classify
from geo.methods.margins import RELIABILITY, reliability
from geo.methods.ranking import CLASSES
from geo.tracts.indicators import INDICATORS, Indicator, beside_to_words, values_of
from geo.tracts.names import tract_title
from geo.units import RELIABILITY_TITLES, interval_to_words, is_missing, to_words, unit_title
from layers import palette
from layers.drawing import Drawing, Hatch, Row, Style
from layers.layer import Entry, Layer, Legend, Look

_CARE, _UNCERTAIN = RELIABILITY[1:]
HATCHES: dict[str, Hatch | None] = {RELIABILITY[0]: None, _CARE: "dots", _UNCERTAIN: "lines"}
OUTLINE = Style(palette.OUTLINE, weight=0.8)
NO_DATA = replace(OUTLINE, fill=palette.NO_DATA, dashes="3 3")


@dataclass(frozen=True, slots=True)
class Shading:
    """Which indicator is shown, how its values are put into classes, and in which colors."""

    indicator: Indicator
    scheme: Scheme = "quantiles"
    count: int = 5
    limits: tuple[float, ...] = ()
    colors: palette.Colors = palette.PLAIN

    def classes(self, frame: pd.DataFrame) -> Classes:
        """Put a frame's values into classes."""
        return classify(values_of(frame, self.indicator), self.scheme, self.count, self.limits)


def choropleth(shading: Shading, dataset: str) -> Layer:
    """Make the layer of a dataset's tracts, shaded by an indicator."""
    indicator = shading.indicator

    def draw(layer: Layer, frame: gpd.GeoDataFrame, look: Look) -> Drawing:
        return _draw(layer, frame, look, shading)

    def legend(layer: Layer, frame: gpd.GeoDataFrame) -> Legend:
        return _legend(frame, shading)

    columns = tuple(name for name in (indicator.key, indicator.moe, indicator.known) if name)
    return Layer("tracts", N_("Census tracts"), dataset, "geoid", columns, 20, draw, legend, shown=True)


def reliability_of(frame: pd.DataFrame, indicator: Indicator) -> pd.Series[Any]:
    """Reliability of each value, by its coefficient of variation; empty where there is no margin.

    Examples
    --------
    >>> from geo.tracts.indicators import indicator_named
    >>> frame = pd.DataFrame({"households": [100.0, 100.0], "households_moe": [5.0, 90.0]})
    >>> reliability_of(frame, indicator_named("households")).tolist()
    ['reliable', 'unreliable']
    """
    if indicator.moe is None or indicator.moe not in frame:
        return pd.Series("", index=frame.index, dtype="string")
    doubts: pd.Series[Any] = reliability(values_of(frame, indicator), frame[indicator.moe])
    return doubts.astype("string").fillna("")


def _draw(layer: Layer, frame: gpd.GeoDataFrame, look: Look, shading: Shading) -> Drawing:
    classes = shading.classes(frame)
    doubts = reliability_of(frame, shading.indicator)
    rows = dict(_rows(frame, shading.indicator, classes, doubts))
    return Drawing(
        layer.key,
        layer.order,
        layer.shapes_of(frame, look),
        _styles(shading.colors, classes.count),
        rows,
        title=_(shading.indicator.title),
        selected=look.selected,
    )


def _styles(colors: palette.Colors, count: int) -> list[Style]:
    """No data first, then each shade plain, dotted and hatched."""
    return [replace(NO_DATA, fill_opacity=colors.opacity), *_hatched(colors.shades(count), colors.opacity)]


def _hatched(shades: Sequence[str], opacity: float) -> Iterator[Style]:
    for shade in shades:
        for hatch in HATCHES.values():
            yield replace(OUTLINE, fill=shade, hatch=hatch, fill_opacity=opacity)


def _rows(
    frame: pd.DataFrame, indicator: Indicator, classes: Classes, doubts: pd.Series[Any]
) -> Iterator[tuple[str, Row]]:
    values = values_of(frame, indicator)
    margins = frame[indicator.moe] if indicator.moe else [None] * len(frame)
    places = {name: place for place, name in enumerate(HATCHES)}
    for (geoid, value, moe, code, doubt), more in zip(
        zip(frame["geoid"], values, margins, classes.codes, doubts, strict=True),
        official_lines(frame, indicator),
        strict=True,
    ):
        style = 0 if code < 0 else 1 + len(HATCHES) * int(code) + places.get(doubt, 0)
        words = to_words(value, indicator.unit, moe)
        lines = [tract_title(geoid), words]
        if code >= 0 and doubt in (_CARE, _UNCERTAIN):
            lines.append(_(RELIABILITY_TITLES[doubt]))
        yield str(geoid), (style, *lines, *more)


def official_lines(frame: pd.DataFrame, indicator: Indicator) -> Iterator[list[str]]:
    """Write for each row the official figure that stands beside an estimate of ours; else nothing.

    Examples
    --------
    >>> from geo.tracts.indicators import indicator_named
    >>> next(official_lines(pd.DataFrame({"ca_htc_index": [34.0]}), indicator_named("poverty")))
    []
    """
    if indicator.beside is None:
        return ([] for _row in range(len(frame)))
    official = INDICATORS[indicator.beside]
    names = [name for name in (official.key, official.known) if name and name in frame]
    return (beside_to_words(indicator, row) for row in frame[names].to_dict("records"))


def _legend(frame: pd.DataFrame, shading: Shading) -> Legend:
    indicator, classes = shading.indicator, shading.classes(frame)
    doubts = reliability_of(frame, indicator)[classes.codes >= 0]
    entries = [*_class_entries(classes, shading), *doubt_entries(doubts)]
    entries.append(_missing(classes.without_data, shading.colors.opacity))
    title = _("{title}, {unit}").format(title=_(indicator.title), unit=unit_title(indicator.unit))
    note = _("Of {universe}. Upper break included. (n) = number of tracts.")
    return Legend(title, tuple(entries), note.format(universe=_(indicator.universe)))


def _class_entries(classes: Classes, shading: Shading) -> Iterator[Entry]:
    unit, colors = shading.indicator.unit, shading.colors
    shades = colors.shades(classes.count)
    for (lower, upper), size, shade in zip(classes.intervals, classes.sizes, shades, strict=True):
        style = replace(OUTLINE, fill=shade, fill_opacity=colors.opacity)
        yield Entry(interval_to_words(lower, upper, unit), style, size)


def doubt_entries(doubts: pd.Series[Any]) -> Iterator[Entry]:
    """List what the marks of uncertain estimates mean, those that occur."""
    words = {
        _CARE: N_("dotted: use with caution (CV 12 to 40 %)"),
        _UNCERTAIN: N_("hatched: unreliable (CV over 40 %)"),
    }
    for doubt, label in words.items():
        count = int((doubts == doubt).sum())
        if count:
            yield Entry(_(label), replace(OUTLINE, fill="#ffffff", hatch=HATCHES[doubt]), count)


PARTS = 3
"""Classes of each figure on a map of two."""


def pair_choropleth(across: Indicator, up: Indicator, dataset: str, opacity: float = 0.75) -> Layer:
    """Make the layer of a dataset's tracts, colored by two indicators at once, a third of the tracts a class.

    A tract that lacks one of the two has no data; it is as unreliable as the less reliable of them.
    """

    def draw(layer: Layer, frame: gpd.GeoDataFrame, look: Look) -> Drawing:
        shades = [shade for row in palette.PAIRED for shade in row]
        styles = [replace(NO_DATA, fill_opacity=opacity), *_hatched(shades, opacity)]
        rows = dict(_pair_rows(frame, across, up))
        return Drawing(
            layer.key, layer.order, layer.shapes_of(frame, look), styles, rows, selected=look.selected
        )

    def legend(layer: Layer, frame: gpd.GeoDataFrame) -> Legend:
        return _pair_legend(frame, across, up, opacity)

    columns = tuple(name for item in (across, up) for name in (item.key, item.moe, item.known) if name)
    return Layer("tracts", N_("Census tracts"), dataset, "geoid", columns, 20, draw, legend, shown=True)


def _pair_classes(frame: pd.DataFrame, across: Indicator, up: Indicator) -> tuple[Classes, Classes]:
    first, second = (classify(values_of(frame, item), "quantiles", PARTS) for item in (across, up))
    return first, second


def _pair_rows(frame: pd.DataFrame, across: Indicator, up: Indicator) -> Iterator[tuple[str, Row]]:
    first, second = _pair_classes(frame, across, up)
    told = zip(*(_told(frame, item) for item in (across, up)), strict=True)
    codes = zip(first.codes.tolist(), second.codes.tolist(), strict=True)
    doubts = _worst(frame, across, up).tolist()
    for geoid, (one, two), worst, lines in zip(frame["geoid"], codes, doubts, told, strict=True):
        style = 0 if min(one, two) < 0 else 1 + len(HATCHES) * (PARTS * two + one) + worst
        words = [_(RELIABILITY_TITLES[RELIABILITY[worst]])] if worst and style else []
        yield str(geoid), (style, tract_title(geoid), *lines, *words)


def _worst(frame: pd.DataFrame, across: Indicator, up: Indicator) -> pd.Series[int]:
    """Return the place in :data:`RELIABILITY` of the less reliable of two figures."""
    both = pd.concat([reliability_of(frame, item).rename(item.key) for item in (across, up)], axis=1)
    return both.map(lambda item: RELIABILITY.index(item) if item else 0).max(axis=1)


def _told(frame: pd.DataFrame, indicator: Indicator) -> Iterator[str]:
    margins = frame[indicator.moe] if indicator.moe and indicator.moe in frame else [None] * len(frame)
    for value, moe in zip(values_of(frame, indicator), margins, strict=True):
        yield f"{_(indicator.title)}: {to_words(value, indicator.unit, moe)}"


def _pair_legend(frame: pd.DataFrame, across: Indicator, up: Indicator, opacity: float) -> Legend:
    first, second = _pair_classes(frame, across, up)
    right, above = (
        [interval_to_words(*pair, item.unit) for pair in classes.intervals]
        for classes, item in ((first, across), (second, up))
    )
    entries = []
    for row, high in reversed(list(enumerate(above))):
        for column, low in enumerate(right):
            count = int(((first.codes == column) & (second.codes == row)).sum())
            style = replace(OUTLINE, fill=palette.PAIRED[row][column], fill_opacity=opacity)
            entries.append(Entry(f"{low} · {high}", style, count))
    missing = int(((first.codes < 0) | (second.codes < 0)).sum())
    both = (first.codes >= 0) & (second.codes >= 0)
    doubts = _worst(frame, across, up)[both].map(lambda item: RELIABILITY[item])
    further = [*doubt_entries(doubts), _missing(missing, opacity)]
    title = _("{across} (across) and {up} (up)").format(across=_(across.title), up=_(up.title))
    grid = (len(right), len(entries)) if entries else (0, 0)
    note = _("Each figure in three classes of as many tracts. (n) = number of tracts.")
    return Legend(title, (*entries, *further), note, grid, (_(across.title), _(up.title)))


def _missing(count: int, opacity: float) -> Entry:
    return Entry(_("no data, or not scored"), replace(NO_DATA, fill_opacity=opacity), count)


SHADES = palette.ramp(5)
STYLES: dict[str, Style] = {
    CLASSES[4]: replace(OUTLINE, fill=SHADES[4]),
    CLASSES[3]: replace(OUTLINE, fill=SHADES[3], hatch="dots"),
    CLASSES[2]: replace(OUTLINE, fill="#ffffff", hatch="lines"),
    CLASSES[1]: replace(OUTLINE, fill=SHADES[1], hatch="dots"),
    CLASSES[0]: replace(OUTLINE, fill=SHADES[0]),
}
"""From very likely to very unlikely: dark, dark with dots, hatched, light with dots, light."""


def rank_choropleth(indicator: Indicator, ranked: pd.DataFrame, percent: int, dataset: str) -> Layer:
    """Make the layer of a dataset's tracts, by how sure their rank is.

    Parameters
    ----------
    ranked
        From :func:`geo.methods.ranking.rank_with_doubt`, on GEOIDs: of all tracts that ranks speak of, also
        those that a frame does not show.
    percent
        Which percentage of the tracts counts as the highest.
    """

    def draw(layer: Layer, frame: gpd.GeoDataFrame, look: Look) -> Drawing:
        rows = dict(_rank_rows(frame, ranked, indicator))
        shapes = layer.shapes_of(frame, look)
        title = _title(indicator, percent)
        styles = [NO_DATA, *STYLES.values()]
        return Drawing(layer.key, layer.order, shapes, styles, rows, title, look.selected)

    def legend(layer: Layer, frame: gpd.GeoDataFrame) -> Legend:
        return _rank_legend(ranked.reindex(frame["geoid"].astype(str)), indicator, percent)

    return Layer("tracts", N_("Census tracts"), dataset, "geoid", (), 20, draw, legend, shown=True)


def _title(indicator: Indicator, percent: int) -> str:
    return _("{title}: in the top {percent} percent?").format(title=_(indicator.title), percent=percent)


def _rank_rows(frame: pd.DataFrame, ranked: pd.DataFrame, indicator: Indicator) -> Iterator[tuple[str, Row]]:
    places = {name: place for place, name in enumerate(STYLES, 1)}
    geoids, official = frame["geoid"].astype(str), official_lines(frame, indicator)
    count = int(ranked["rank"].notna().sum())
    for geoid, row, more in zip(geoids, ranked.reindex(geoids).to_dict("records"), official, strict=True):
        lines = [tract_title(geoid), to_words(row["estimate"], indicator.unit, row["moe"]), *more]
        if is_missing(row["class"]):
            yield geoid, (0, *lines)
            continue
        rank = _("rank {low} to {high} of {count} (90 %)")
        low, high = row["rank_low"], row["rank_high"]
        lines += [_(str(row["class"])), rank.format(low=low, high=high, count=count)]
        yield geoid, (places[str(row["class"])], *lines)


def _rank_legend(ranked: pd.DataFrame, indicator: Indicator, percent: int) -> Legend:
    counts = ranked["class"].value_counts()
    entries = [Entry(_(name), style, int(counts.get(name, 0))) for name, style in STYLES.items()]
    entries.append(Entry(_("no data, or no margin of error"), NO_DATA, int(ranked["class"].isna().sum())))
    note = _(
        "Very likely = in at least 95 of 100 simulations of sampling error; likely = in at least 70; "
        "uncertain = in 30 to 70."
    )
    return Legend(_title(indicator, percent), tuple(entries), note)
