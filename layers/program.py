"""A program on the map: its area, events, races; tracts by enrollment and by who reached them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import geopandas as gpd

from geo.language import gettext as _
from geo.language import mark as N_
from geo.program.enrollment import SHARES, Share
from geo.program.forums import BASES, Basis
from geo.program.reach import HARD_TO_COUNT
from geo.tracts.names import tract_title
from geo.units import RELIABILITY_TITLES, is_missing, to_words
from layers import palette
from layers.drawing import Drawing, Hatch, Row, Style
from layers.layer import Entry, Layer, Legend, Look
from layers.plain import plain_layer
from layers.tracts import HATCHES, NO_DATA, OUTLINE, doubt_entries
from wording.program_reach import reach_words

EVENT = Style(palette.INK, fill="#fdd835", fill_opacity=1.0, symbol="circle", radius=7)
PURPLE = "#6a1b9a"
AREA = plain_layer(
    "program_area",
    N_("The program's area"),
    "tracts_2010",
    "area_id",
    Style("#1b1b1b", weight=2.6, dashes="10 5"),
    50,
    mentioned=False,
)
EVENTS = plain_layer(
    "events",
    N_("Events"),
    "tracts_2010",
    "event",
    EVENT,
    80,
    name="title",
    details=("day", "place"),
    answers=True,
)
EVENTS_OF_TRACT = plain_layer(
    "events_of_tract",
    N_("Events of which only the tract is known, at the middle of its people"),
    "tracts_2010",
    "event",
    Style(palette.INK, weight=2.2, fill="#fff8d6", fill_opacity=1.0, symbol="circle", radius=6),
    79,
    name="title",
    details=("day", "place"),
    answers=True,
)
NEW_EVENT = plain_layer(
    "new_event",
    N_("Where the event is"),
    "tracts_2010",
    "event",
    EVENT,
    90,
    name=None,
    mentioned=False,
)
DIVISIONS = plain_layer(
    "divisions",
    N_("Trustee areas and divisions"),
    "tracts_2010",
    "division",
    Style(PURPLE, weight=1.6, dashes="2 4"),
    47,
    labeled=True,
)
RACE_STYLES: dict[Basis, Style] = {
    Basis.BOUNDARY: Style(PURPLE, weight=2.6, fill=PURPLE, fill_opacity=0.06),
    Basis.DRAWN: Style(PURPLE, weight=2.2, fill=PURPLE, fill_opacity=0.06, dashes="9 4"),
    Basis.DISTRICT: Style(PURPLE, weight=2.2, fill=PURPLE, fill_opacity=0.03, dashes="2 5"),
}


def _draw_races(layer: Layer, frame: gpd.GeoDataFrame, look: Look) -> Drawing:
    rows = dict(_race_rows(frame))
    styles = list(RACE_STYLES.values())
    shapes = layer.shapes_of(frame, look)
    return Drawing(layer.key, layer.order, shapes, styles, rows, interactive=False, mentioned=True)


def _race_rows(frame: gpd.GeoDataFrame) -> Iterator[tuple[str, Row]]:
    places = list(RACE_STYLES)
    columns = (frame[name] for name in ("race", "title", "votes", "candidates", "basis"))
    for race, title, votes, candidates, basis in zip(*columns, strict=True):
        words = ", ".join(str(item) for item in (votes, candidates) if item)
        yield str(race), (places.index(basis), str(title), words)


def _races_legend(layer: Layer, frame: gpd.GeoDataFrame) -> Legend:
    counts = frame["basis"].value_counts()
    entries = tuple(
        Entry(_(BASES[basis]), style, int(counts[basis]))
        for basis, style in RACE_STYLES.items()
        if counts.get(basis, 0)
    )
    return Legend(_(layer.title), entries)


RACES = Layer(
    "races",
    N_("Where a race is decided"),
    "tracts_2010",
    "race",
    ("title", "votes", "candidates", "basis"),
    48,
    _draw_races,
    _races_legend,
)


SHADED = (Share.TO_25, Share.TO_50, Share.TO_75, Share.TO_100, Share.OVER)
FILLS = {share: replace(OUTLINE, fill=shade) for share, shade in zip(SHADED, palette.ramp(5), strict=True)}
# Of nobody the share is nought, however uncertain the estimate of the eligible: it has no doubt.
NOBODY = replace(OUTLINE, fill="#ffffff", fill_opacity=0.9)
HIDDEN = replace(OUTLINE, fill="#f4d9c6", dashes="1 3")


def _styles() -> dict[tuple[Share, Hatch | None], Style]:
    """Make every shade plain, dotted and hatched; what has no share has no doubt."""
    shaded = {
        (share, hatch): replace(style, hatch=hatch)
        for share, style in FILLS.items()
        for hatch in HATCHES.values()
    }
    return {
        **shaded,
        (Share.NOBODY, None): NOBODY,
        (Share.HIDDEN, None): HIDDEN,
        (Share.UNKNOWN, None): NO_DATA,
    }


ENROLLMENT_STYLES = _styles()


def _draw(layer: Layer, frame: gpd.GeoDataFrame, look: Look) -> Drawing:
    title = _("Enrolled of the eligible")
    styles = list(ENROLLMENT_STYLES.values())
    return Drawing(layer.key, layer.order, layer.shapes_of(frame, look), styles, dict(_rows(frame)), title)


def _rows(frame: gpd.GeoDataFrame) -> Iterator[tuple[str, Row]]:
    places = list(ENROLLMENT_STYLES)
    columns = (frame[name] for name in ("geoid", "share_class", "reliability", "words", "counts"))
    for geoid, share, doubt, words, counts in zip(*columns, strict=True):
        hatch = HATCHES.get(str(doubt)) if share in FILLS else None
        lines = [tract_title(str(geoid)), str(words), str(counts)]
        told = [_(RELIABILITY_TITLES[str(doubt)])] if hatch else []
        yield str(geoid), (places.index((share, hatch)), *lines, *told)


def _legend(layer: Layer, frame: gpd.GeoDataFrame) -> Legend:
    counts = frame["share_class"].value_counts()
    signs = {Share.NOBODY: NOBODY, **FILLS, Share.HIDDEN: HIDDEN, Share.UNKNOWN: NO_DATA}
    entries = [
        Entry(_(SHARES[share]), style, int(counts[share]))
        for share, style in signs.items()
        if share in counts
    ]
    doubts = frame.loc[frame["share_class"].isin(list(FILLS)), "reliability"].astype("string").fillna("")
    return Legend(_("Enrolled of the eligible, by tract"), (*entries, *doubt_entries(doubts)))


ENROLLMENT = Layer(
    "enrollment",
    N_("Enrolled of the eligible, by tract"),
    "tracts_2010",
    "geoid",
    ("share_class", "reliability", "words", "counts"),
    20,
    _draw,
    _legend,
    shown=True,
)


TITLE = N_("Hard-to-count tracts, and who reached them")
UNREACHED = Style(palette.OUTLINE, weight=0.8, fill="#c0392b", fill_opacity=0.55, hatch="lines")
# Where nobody has begun, nothing is accused: gray, not red.
NOT_BEGUN = Style(palette.OUTLINE, weight=0.8, fill=palette.GRAY, fill_opacity=0.35)
REACHED = Style(palette.OUTLINE, weight=0.8, fill="#6baed6", fill_opacity=0.65)
BY_THIS = Style(palette.OUTLINE, weight=0.8, fill="#08519c", fill_opacity=0.7)
ONE = Style(palette.OUTLINE, weight=0.8, fill="#9ecae1", fill_opacity=0.7)
SEVERAL = Style(palette.OUTLINE, weight=0.8, fill="#2171b5", fill_opacity=0.7)


def coverage_layer(least: int, *, begun: bool) -> Layer:
    """Make the layer of a program's tracts: reached by it, by another, or by nothing.

    Parameters
    ----------
    least
        From how many people or households on a tract counts as reached.
    begun
        Whether anything is recorded in the region.
    """

    def legend(layer: Layer, frame: gpd.GeoDataFrame) -> Legend:
        own = frame["by_this"].astype(bool)
        other = ~own & (frame["programs"] > 0)
        entries = (
            Entry(_("reached by this program"), BY_THIS, int(own.sum())),
            Entry(_("reached by another program"), REACHED, int(other.sum())),
            _unreached(frame, least, begun=begun),
        )
        return _reach_legend(entries, least)

    def draw(layer: Layer, frame: gpd.GeoDataFrame, look: Look) -> Drawing:
        return _draw_coverage(layer, frame, look, begun=begun)

    columns = ("ca_htc_index", "programs", "by_this")
    return Layer("coverage", TITLE, "tracts_2010", "geoid", columns, 20, draw, legend, shown=True)


def reach_layer(least: int, *, begun: bool) -> Layer:
    """Make the layer of a region's tracts by how many programs reached each; parameters as above."""

    def legend(layer: Layer, frame: gpd.GeoDataFrame) -> Legend:
        counts = frame["programs"]
        entries = (
            _unreached(frame, least, begun=begun),
            Entry(_("reached by one program"), ONE, int((counts == 1).sum())),
            Entry(_("reached by several"), SEVERAL, int((counts > 1).sum())),
        )
        return _reach_legend(entries, least)

    def draw(layer: Layer, frame: gpd.GeoDataFrame, look: Look) -> Drawing:
        return _draw_reach(layer, frame, look, begun=begun)

    columns = ("programs", "words")
    return Layer("reach", TITLE, "tracts_2010", "geoid", columns, 20, draw, legend, shown=True)


PLAIN = Style(palette.OUTLINE, weight=0.5, fill="#ffffff", fill_opacity=0.9)
ONLY_REACHED, HARD_REACHED, HARD_LEFT = 1, 2, 3


def printed_reach_layer(least: int) -> Layer:
    """Make the layer of all tracts of a program's area for print, each with its hard-to-count index.

    Parameters
    ----------
    least
        From how many people or households on a tract counts as reached.
    """
    styles = [PLAIN, REACHED, BY_THIS, UNREACHED]

    def signs(frame: gpd.GeoDataFrame) -> list[int]:
        hard = frame["ca_htc_index"].astype("Float64").ge(HARD_TO_COUNT).fillna(False)
        pairs = zip(hard.astype(bool), frame["by_this"].astype(bool), strict=True)
        return [
            (HARD_REACHED if reached else HARD_LEFT) if is_hard else int(reached)
            for is_hard, reached in pairs
        ]

    def draw(layer: Layer, frame: gpd.GeoDataFrame, look: Look) -> Drawing:
        index = ["" if is_missing(value) else f"{value:.0f}" for value in frame["ca_htc_index"]]
        rows = dict(
            zip(frame["geoid"].astype(str), zip(signs(frame), index, strict=True), strict=True),
        )
        shapes = layer.shapes_of(frame, look)
        return Drawing(layer.key, layer.order, shapes, styles, rows, labeled=True)

    def legend(layer: Layer, frame: gpd.GeoDataFrame) -> Legend:
        counts = Counter(signs(frame))
        words = reach_words(least)
        entries = {
            HARD_REACHED: _("hard to count (index 60 and above), reached"),
            HARD_LEFT: _("hard to count, {left}").format(left=_(words.unreached)),
            ONLY_REACHED: _("not hard to count, reached"),
            0: _("not hard to count, {left}").format(left=_(words.unreached)),
        }
        note = _("Numbers: the hard-to-count index of the tract.")
        told = [note, *([_(words.note)] if words.note else [])]
        shown = tuple(Entry(title, styles[sign], counts[sign]) for sign, title in entries.items())
        return Legend(_("Tracts of the area"), shown, " ".join(told))

    return Layer("reach", TITLE, "tracts_2010", "geoid", ("ca_htc_index", "by_this"), 20, draw, legend)


def _unreached(frame: gpd.GeoDataFrame, least: int, *, begun: bool) -> Entry:
    words = _(reach_words(least).unreached) if begun else _("nothing is recorded yet")
    return Entry(words, _bare(begun=begun), int((frame["programs"] == 0).sum()))


def _bare(*, begun: bool) -> Style:
    return UNREACHED if begun else NOT_BEGUN


def _reach_legend(entries: Sequence[Entry], least: int) -> Legend:
    note = reach_words(least).note
    return Legend(_("Hard-to-count tracts (index 60 and above)"), tuple(entries), _(note) if note else "")


def _draw_coverage(layer: Layer, frame: gpd.GeoDataFrame, look: Look, *, begun: bool) -> Drawing:
    shapes = layer.shapes_of(frame, look)
    styles = [_bare(begun=begun), REACHED, BY_THIS]
    return Drawing(layer.key, layer.order, shapes, styles, dict(_reach_rows(frame)), _("Hard-to-count index"))


def _reach_rows(frame: gpd.GeoDataFrame) -> Iterator[tuple[str, Row]]:
    columns = (frame["geoid"], frame["ca_htc_index"], frame["programs"], frame["by_this"])
    for geoid, index, count, own in zip(*columns, strict=True):
        style = 2 if own else int(count > 0)
        words = "" if is_missing(index) else to_words(index, "points")
        yield str(geoid), (style, tract_title(str(geoid)), words)


def _draw_reach(layer: Layer, frame: gpd.GeoDataFrame, look: Look, *, begun: bool) -> Drawing:
    rows = {
        str(geoid): (min(count, 2), tract_title(str(geoid)), words)
        for geoid, count, words in zip(frame["geoid"], frame["programs"], frame["words"], strict=True)
    }
    styles = [_bare(begun=begun), ONE, SEVERAL]
    return Drawing(layer.key, layer.order, layer.shapes_of(frame, look), styles, rows, _("Reached by"))
