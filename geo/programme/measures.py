"""Where a programme's measures stand: counted from records, against the target, with the pace. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import pandas as pd

from geo.methods.disclosure.small_counts import is_small, suppress_curve
from geo.programme.declared import Counted, Measure, Programme
from geo.programme.participation import people_over_time, running_total
from geo.programme.seen import Seen, seen_by_others

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "events": ("event", "programme", "event_kind", "title", "on"),
    "attendance": ("programme", "event", "person"),
    "recruits": ("programme", "person", "on", "geoid"),
    "contacts": ("programme", "on", "households", "geoid"),
    "enrolments": ("programme", "on", "people", "person", "geoid"),
    "questions": ("programme", "on", "text"),
    "readings": ("programme", "measure", "on", "value"),
    "connections": ("programme", "on", "pwsid"),
}


def _empty(name: str) -> Callable[[], pd.DataFrame]:
    return lambda: pd.DataFrame(columns=list(COLUMNS[name]))


@dataclass(frozen=True)
class Records:
    """What is recorded, a frame a kind with the columns of :data:`COLUMNS`; days are datetimes."""

    events: pd.DataFrame = field(default_factory=_empty("events"))
    attendance: pd.DataFrame = field(default_factory=_empty("attendance"))
    recruits: pd.DataFrame = field(default_factory=_empty("recruits"))
    contacts: pd.DataFrame = field(default_factory=_empty("contacts"))
    enrolments: pd.DataFrame = field(default_factory=_empty("enrolments"))
    questions: pd.DataFrame = field(default_factory=_empty("questions"))
    readings: pd.DataFrame = field(default_factory=_empty("readings"))
    connections: pd.DataFrame = field(default_factory=_empty("connections"))

    def of(self, programme: str) -> Records:
        """Keep one programme's."""
        return Records(**{name: _of(getattr(self, name), programme) for name in COLUMNS})


def _of(frame: pd.DataFrame, programme: str) -> pd.DataFrame:
    return frame[frame["programme"] == programme]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one measure stands.

    ``value`` is None where nothing is recorded, or where it is hidden; then ``hidden`` says so.
    ``share_of_way`` is (value - baseline) / (goal - baseline). ``expected`` is where a straight line from
    the baseline at the beginning to the goal at the end stands today; ``projected_on`` is the day on which
    the goal is reached at the pace so far, ``days_late`` how long after the end that is.
    """

    measure: Measure
    value: float | None
    as_of: date | None = None
    hidden: bool = False
    share_of_way: float | None = None
    expected: float | None = None
    projected_on: date | None = None
    days_late: int | None = None


def curve_of(measure: Measure, records: Records, today: date) -> pd.Series[float]:
    """Return a measure's running value by day, up to today; empty where nothing is recorded.

    Parameters
    ----------
    records
        One programme's.

    Examples
    --------
    >>> rows = {"programme": ["p"] * 2, "on": pd.to_datetime(["2020-03-01", "2020-03-08"])}
    >>> contacts = pd.DataFrame(rows | {"households": [120, 80], "geoid": [None, None]})
    >>> fields = {"key": "doors", "title": "Doors", "unit": "households", "how": "sheets"}
    >>> measure = Measure(counted="households", **fields)
    >>> curve_of(measure, Records(contacts=contacts), date(2020, 12, 31)).tolist()
    [120.0, 200.0]
    """
    curve = _CURVES[measure.counted](measure, records)
    days = pd.DatetimeIndex(pd.to_datetime(curve.index))
    kept = pd.Series(curve.to_numpy(dtype=float), index=days, name="value").rename_axis("on")
    return kept[days <= pd.Timestamp(today)]


def standing_of(
    programme: Programme, measure: Measure, records: Records, today: date, *, full: bool
) -> Standing:
    """Say where a measure stands today.

    Parameters
    ----------
    records
        The programme's own.
    full
        Whether small counts are shown; else the running value of :func:`curve_for_others` is.
    """
    whole = curve_of(measure, records, today)
    curve = whole if full else curve_for_others(programme, measure, records, today)
    if curve.empty:
        return Standing(measure, None, hidden=not whole.empty)
    value, as_of = float(curve.iloc[-1]), curve.index[-1].date()
    return _with_pace(programme, Standing(measure, value, as_of), today)


def straight_line(programme: Programme, measure: Measure) -> pd.Series[float]:
    """Return the straight way from the baseline at the beginning to the goal at the end.

    Returns
    -------
    pandas.Series
        Two values by day; empty where one of the four is not stated.

    Examples
    --------
    >>> from geo.programme.declared import read_programmes
    >>> census = read_programmes()["census_2020"]
    >>> straight_line(census, census.measure("households")).tolist()
    [0.0, 40000.0]
    """
    if programme.ends is None or measure.goal is None or measure.baseline is None:
        return pd.Series(dtype=float)
    days = pd.DatetimeIndex([programme.begins, programme.ends], name="on")
    return pd.Series([measure.baseline, measure.goal], index=days, name="value")


def curve_for_others(
    programme: Programme, measure: Measure, records: Records, today: date
) -> pd.Series[float]:
    """Return a measure's curve without what would tell of fewer than ten people.

    What counts no people is shown whole; of who came, only what can stand beside the sessions' figures.

    Examples
    --------
    >>> from geo.programme.declared import read_programmes
    >>> census = read_programmes()["census_2020"]
    >>> days = pd.to_datetime(["2020-03-01", "2020-03-08"])
    >>> contacts = pd.DataFrame({"programme": "p", "on": days, "households": [4, 8], "geoid": None})
    >>> measure, today = census.measure("households"), date(2020, 12, 31)
    >>> curve_for_others(census, measure, Records(contacts=contacts), today).tolist()
    [12.0]
    """
    curve = curve_of(measure, records, today)
    if measure.counted in _OF_WHO_CAME:
        held, seen = held_events(records, today), seen_of(programme, records, today)
        days = [day for place, day in enumerate(held["on"]) if seen.has("curve", place, measure.at_least)]
        return curve[curve.index.isin(days)]
    if measure.counted in _OF_PEOPLE:
        return suppress_curve(curve)
    if measure.counted is Counted.READINGS and measure.unit == "people":
        return curve[[not is_small(value) for value in curve.tolist()]]
    return curve


def seen_of(programme: Programme, records: Records, today: date) -> Seen:
    """Say which counts of who signed up and who came others may see beside each other.

    Parameters
    ----------
    records
        The programme's own.
    """
    curves = [measure.at_least for measure in programme.measures if measure.counted in _OF_WHO_CAME]
    held = held_events(records, today)
    return seen_by_others(records.attendance, held, records.recruits, curves, consistent_least(programme))


def consistent_least(programme: Programme) -> int | None:
    """Return the number of sessions of a consistent person; None where no measure counts them."""
    counts = (item.at_least for item in programme.measures if item.counted is Counted.CONSISTENT)
    return next(counts, None)


def held_events(records: Records, today: date) -> pd.DataFrame:
    """Return the events up to today at which somebody was, by day."""
    events = records.events.sort_values(["on", "event"], kind="stable")
    came = events["event"].isin(records.attendance["event"])
    return events[came & (events["on"] <= pd.Timestamp(today))]


def _with_pace(programme: Programme, standing: Standing, today: date) -> Standing:
    measure, value = standing.measure, standing.value
    goal, baseline = measure.goal, measure.baseline
    if goal is None or baseline is None or value is None or goal == baseline:
        return standing
    way = (value - baseline) / (goal - baseline)
    over = programme.ends is not None and today > programme.ends
    passed = max((min(today, programme.ends or today) - programme.begins).days, 1)
    expected = late = None
    # What has ended is not on its way any more: no pace leads to a day after the end.
    projected = None if over and way < 1 else _projected(programme.begins, passed, way)
    if programme.ends is not None:
        length = max((programme.ends - programme.begins).days, 1)
        expected = baseline + (goal - baseline) * min(passed / length, 1.0)
        late = (projected - programme.ends).days if projected else None
    return Standing(measure, value, standing.as_of, False, way, expected, projected, late)


def _projected(begins: date, passed: int, way: float) -> date | None:
    """Day on which the goal is reached at the pace so far; None where it never is, or after 100 years."""
    if way <= 0 or passed / way > 36_525:
        return None
    return begins + timedelta(days=round(passed / way))


def _people(measure: Measure, records: Records) -> pd.Series[float]:
    return people_over_time(records.attendance, records.events, measure.at_least).astype(float)


def _recruits(measure: Measure, records: Records) -> pd.Series[float]:
    once = records.recruits.sort_values("on", kind="stable").drop_duplicates("person")
    return running_total(once.assign(amount=1)).astype(float)


def _sum_of(name: str, column: str) -> Callable[[Measure, Records], pd.Series[float]]:
    def total(measure: Measure, records: Records) -> pd.Series[float]:
        frame = getattr(records, name)
        return running_total(frame.assign(amount=frame[column])).astype(float)

    return total


def _number_of(name: str) -> Callable[[Measure, Records], pd.Series[float]]:
    return lambda measure, records: running_total(getattr(records, name).assign(amount=1)).astype(float)


def _readings(measure: Measure, records: Records) -> pd.Series[float]:
    own = records.readings[records.readings["measure"] == measure.key]
    return own.sort_values("on", kind="stable").groupby("on")["value"].last().astype(float)


_OF_WHO_CAME = (Counted.PEOPLE, Counted.CONSISTENT)
_OF_PEOPLE = (Counted.RECRUITS, Counted.ENROLMENTS, Counted.HOUSEHOLDS, Counted.QUESTIONS)
_CURVES: Mapping[Counted, Callable[[Measure, Records], pd.Series[float]]] = {
    Counted.PEOPLE: _people,
    Counted.CONSISTENT: _people,
    Counted.RECRUITS: _recruits,
    Counted.HOUSEHOLDS: _sum_of("contacts", "households"),
    Counted.ENROLMENTS: _sum_of("enrolments", "people"),
    Counted.EVENTS: _number_of("events"),
    Counted.QUESTIONS: _number_of("questions"),
    Counted.READINGS: _readings,
    Counted.CONNECTED: _number_of("connections"),
}
