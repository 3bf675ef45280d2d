"""A profile in words: each figure, how it stands beside the county and the valley, and what it means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from geo.language import gettext as _
from geo.language import mark as N_
from geo.language import ngettext
from geo.tracts.comparison import Quantity
from geo.tracts.standing import THEMES, Peer, ProfileLine, Standing
from geo.units import RELIABILITY_TITLES, to_words
from wording.comparison import doubts_of, title_of, value_of

TIMES: Mapping[float, str] = {
    0.25: N_("about a quarter of {area}'s"),
    1 / 3: N_("about a third of {area}'s"),
    0.5: N_("about half of {area}'s"),
    2 / 3: N_("about two thirds of {area}'s"),
    0.75: N_("about three quarters of {area}'s"),
    1.25: N_("about a quarter higher than {area}'s"),
    1.5: N_("about one and a half times {area}'s"),
    2.0: N_("about twice {area}'s"),
    3.0: N_("about three times {area}'s"),
    4.0: N_("about four times {area}'s"),
}
OTHERS: Mapping[str, str] = {
    "same": N_("about the same as {area}'s"),
    "higher": N_("higher than {area}'s"),
    "lower": N_("lower than {area}'s"),
    "unclear": N_("not statistically different from {area}'s"),
}
WHOLE = 0.995
"""From this share on an area counts as wholly covered."""

SLIGHTLY = (N_("slightly lower than {area}'s"), N_("slightly higher than {area}'s"))


COUNT, SURVEY = "population_2020", "population"
MOSTLY = 0.5
"""From this share on, a survey figure is of tracts that lie partly inside an area more than of the area."""


MOST_TRACTS = 5


def estimate_issues(told: Mapping[str, Quantity], kind: str, tracts: Sequence[str] = ()) -> Iterator[str]:
    r"""Say what a reader must know before quoting an area's survey figures.

    Parameters
    ----------
    told
        What is told of the area, by key.
    kind
        Of area; the Census Bureau publishes figures of its own for a ``place``.
    tracts
        Numbers of the tracts that it lies in; named where they are few.

    Examples
    --------
    >>> survey = Quantity("population", 3288.0, 434.0, "people", guesswork=1.0, method="interpolated")
    >>> count = Quantity("population_2020", 4468.0, None, "people")
    >>> for words in estimate_issues({"population": survey, "population_2020": count}, "system"):
    ...     print(words)
    Survey figures are not the area's own: they come from the census tracts that it lies in.
    Survey: 3,288 ± 434 people, 2020 count: 4,468. Numbers made from the survey may be too low.
    """
    survey, count = told.get(SURVEY), told.get(COUNT)
    shared = [item for item in told.values() if item.method == "interpolated" and item.guesswork is not None]
    if any(item.guesswork >= MOSTLY for item in shared if item.guesswork is not None):
        yield _tracts_words(tracts)
        if kind == "place":
            yield _("To quote them, get the Census Bureau's own figures of places: see Data sources.")
    if survey is None or count is None or None in (survey.value, survey.moe, count.value):
        return
    difference = float(survey.value or 0) - float(count.value or 0)
    if abs(difference) <= float(survey.moe or 0):
        return
    words = (
        _("Survey: {survey} people, 2020 count: {count}. Numbers made from the survey may be too low.")
        if difference < 0
        else _("Survey: {survey} people, 2020 count: {count}. Numbers made from the survey may be too high.")
    )
    yield words.format(survey=value_of(survey), count=value_of(count))


def _tracts_words(tracts: Sequence[str]) -> str:
    if not 0 < len(tracts) <= MOST_TRACTS:
        return _("Survey figures are not the area's own: they come from the census tracts that it lies in.")
    words = ngettext(
        "Survey figures are not the area's own: they come from census tract {names}, which it lies in.",
        "Survey figures are not the area's own: they come from census tracts {names}, which it lies in.",
        len(tracts),
    )
    return words.format(names=", ".join(tracts))


def theme_title(key: str) -> str:
    """Name a theme, in the chosen language.

    Examples
    --------
    >>> theme_title("health")
    'Health'
    """
    return _(THEMES[key][0])


def standing_words(item: Standing | None, peer: str) -> str:
    r"""Say how a figure stands beside that of a larger area; empty where that cannot be tested.

    Examples
    --------
    >>> from geo.tracts.standing import stand
    >>> county = Quantity("share_poverty", 0.15, 0.003, "share")
    >>> standing_words(stand(Quantity("share_poverty", 0.31, 0.03, "share"), county), "Riverside County")
    "about twice Riverside County's (15.0\xa0%)"
    """
    if item is None or item.kind == "untested":
        return ""
    if item.kind == "times":
        words = _(TIMES[item.rung])
    elif item.kind == "slightly":
        words = _(SLIGHTLY[item.is_higher])
    else:
        words = _(OTHERS[item.kind])
    theirs = item.found.first
    return f"{words.format(area=peer)} ({to_words(theirs.value, theirs.unit)})"


def trend_words(line: ProfileLine) -> str:
    r"""Say how a figure changed since an earlier vintage, as far as that is more than chance; else empty.

    Examples
    --------
    >>> from geo.tracts.comparison import change
    >>> ours, before = (Quantity("share_poverty", x, 0.03, "share") for x in (0.2, 0.3))
    >>> trend_words(ProfileLine(ours, None, (), change(before, ours, 0.0), "2014-2018"))
    'down from 30.0\xa0% in 2014-2018'
    """
    if line.trend is None or line.trend.verdict not in ("different", "alike"):
        return ""
    before = to_words(line.trend.first.value, line.trend.first.unit)
    if line.trend.verdict == "alike":
        words = _("no significant change since {years} ({before})")
    elif (line.trend.difference or 0.0) > 0:
        words = _("up from {before} in {years}")
    else:
        words = _("down from {before} in {years}")
    return words.format(before=before, years=line.earlier)


def sure_words(item: Quantity) -> str:
    """Say how far a figure can be trusted where that is not far; empty where it is reliable.

    Examples
    --------
    >>> sure_words(Quantity("poverty", 100.0, 60.0, "people")), sure_words(Quantity("poverty", 100.0, 5.0))
    ('use with caution', '')
    """
    return _(RELIABILITY_TITLES[item.reliability]) if item.reliability not in ("", "reliable") else ""


def count_words(line: ProfileLine) -> str:
    """Write the count that a share is made from; empty where there is none.

    Examples
    --------
    >>> share = Quantity("share_poverty", 0.3, 0.03, "share")
    >>> count_words(ProfileLine(share, Quantity("poverty", 90.0, 9.0, "people")))
    '90 ± 9 people'
    """
    if line.count is None or line.count.value is None:
        return ""
    return f"{value_of(line.count)} {_(str(line.count.unit))}"


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One figure of a fact sheet in one language; ``details`` are what stands small beside it."""

    title: str
    value: str
    details: str


def sheet_row(line: ProfileLine, peers: Sequence[Peer]) -> SheetRow:
    """Write a line of a profile for print."""
    pairs = zip(line.standings, peers, strict=False)
    told = (
        sure_words(line.quantity),
        count_words(line),
        *(standing_words(item, _(peer.title)) for item, peer in pairs),
        trend_words(line),
    )
    details = "; ".join(words for words in told if words)
    return SheetRow(title_of(line.quantity.key), value_of(line.quantity), details)


def profile_notes(peers: Sequence[Peer]) -> tuple[str, ...]:
    """Say what the phrases of a profile stand on.

    Examples
    --------
    >>> len(profile_notes([])), len(profile_notes([Peer("Riverside", {})]))
    (1, 2)
    """
    margins = _("± is the margin of error (90%). Missing figures say no data; they are not zero.")
    tested = _(
        "Comparisons are tested at the 90 percent level; where the test cannot tell two figures apart, "
        "it says so."
    )
    return (margins, tested) if peers else (margins,)


def details_of(line: ProfileLine, peers: Sequence[Peer]) -> list[str]:
    """List what stands small under a figure on the screen: doubts, count, context, trend."""
    pairs = zip(line.standings, peers, strict=False)
    told = [
        count_words(line),
        *(standing_words(item, _(peer.title)) for item, peer in pairs),
        trend_words(line),
        *_further_doubts(line.quantity),
    ]
    return [words for words in told if words]


def _further_doubts(item: Quantity) -> Iterator[str]:
    """List doubts that do not stand beside the value; what is wholly covered and reliable needs no word."""
    whole = item.coverage is not None and item.coverage >= WHOLE
    known = doubts_of(replace(item, coverage=None) if whole else item)
    passed = {_(title) for title in RELIABILITY_TITLES.values()}
    return (words for words in known if words not in passed)
