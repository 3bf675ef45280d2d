"""Where a program's measures stand: counted from records, participation and other pages' records."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pandas as pd

from geo.program.declaration import Counted, Measure, Program
from geo.program.regulars import NEVER, Regularity, came_flags, chain, first_met

ONCE = Regularity()


def sessions_by_person(attendance: pd.DataFrame, events: Sequence[str] | None = None) -> pd.Series[int]:
    """Count in how many of the events each person took part.

    Parameters
    ----------
    attendance
        ``event`` and ``person``; the same person at the same event counts once.
    events
        The n events that count; all by default.

    Examples
    --------
    >>> sheet = pd.DataFrame({"event": ["a", "a", "b"], "person": ["QX0017H", "QX0017H", "QX0017H"]})
    >>> sessions_by_person(sheet).to_dict()
    {'QX0017H': 2}
    """
    once = attendance[["event", "person"]].drop_duplicates()
    if events is not None:
        once = once[once["event"].isin(events)]
    return once.groupby("person")["event"].size().sort_index()


def took_part(attendance: pd.DataFrame, least: int = 1, events: Sequence[str] | None = None) -> int:
    """Count the people who took part in at least ``least`` of the events.

    Examples
    --------
    >>> sheet = pd.DataFrame({"event": ["a", "b", "b"], "person": ["p", "p", "q"]})
    >>> took_part(sheet), took_part(sheet, 2), took_part(sheet, 1, ["a"])
    (2, 1, 1)
    """
    return int((sessions_by_person(attendance, events) >= least).sum())


def at_least_table(attendance: pd.DataFrame, events: Sequence[str]) -> pd.DataFrame:
    """Count for every k from 1 to n the people who came to at least k of the n events.

    Examples
    --------
    >>> sheet = pd.DataFrame({"event": ["a", "b", "b"], "person": ["p", "p", "q"]})
    >>> at_least_table(sheet, ["a", "b"]).people.tolist()
    [2, 1]
    """
    counts = sessions_by_person(attendance, events)
    rows = [(least, int((counts >= least).sum())) for least in range(1, len(events) + 1)]
    return pd.DataFrame(rows, columns=["sessions", "people"])


def retention(
    attendance: pd.DataFrame, order: Sequence[str], series: Sequence[str] | None = None
) -> pd.DataFrame:
    """Say from session to session of a series who came, who came back, who was new.

    Parameters
    ----------
    order
        The sessions, first to last.
    series
        The series of each, those without one being of one; all of one where it is not given.

    Returns
    -------
    pandas.DataFrame
        A row a session: ``event``; ``people``; ``back`` who were at the session before of the series;
        ``new`` who were at none before of any; ``begins``, whether it is the first of its series, to which
        nobody could come back; ``share_back`` of the people of the session before (0 to 1; NA for the first
        and after an empty one); ``share_of_first`` of the people of the series' first session who are here.

    Examples
    --------
    >>> sheet = pd.DataFrame({"event": ["a", "a", "b", "b"], "person": ["p", "q", "q", "r"]})
    >>> retention(sheet, ["a", "b"])[["people", "back", "new"]].values.tolist()
    [[2, 0, 2], [2, 1, 1]]
    >>> retention(sheet, ["a", "b"], ["", "Fall"])[["back", "begins"]].values.tolist()
    [[0, True], [0, True]]
    """
    groups = attendance.groupby("event")["person"].agg(set).to_dict()
    came = [set(groups.get(event, set())) for event in order]
    places = chain([""] * len(order) if series is None else series)
    rows = []
    seen: set[str] = set()
    for event, here, (before_at, first_at) in zip(order, came, places, strict=True):
        before, first = set() if before_at == NEVER else came[before_at], came[first_at]
        rows.append(
            {
                "event": event,
                "people": len(here),
                "back": len(here & before),
                "before": len(before),
                "new": len(here - seen),
                "of_first": len(here & first),
                "first": len(first),
                "begins": before_at == NEVER,
            }
        )
        seen |= here
    columns = ["event", "people", "back", "before", "new", "of_first", "first", "begins"]
    frame = pd.DataFrame(rows, columns=columns)
    frame["share_back"] = _share(frame["back"], frame["before"])
    frame["share_of_first"] = _share(frame["of_first"], frame["first"])
    return frame


def recruited_and_consistent(
    recruits: pd.DataFrame, attendance: pd.DataFrame, regular: Collection[str]
) -> dict[str, int]:
    """Compare who signed up with who comes.

    Parameters
    ----------
    regular
        The people who come consistently, as :func:`geo.program.regulars.regular_people` finds them.

    Returns
    -------
    dict
        ``recruited``; ``came`` of them at least once; ``consistent`` of them consistently;
        ``came_unrecruited`` people who came without having signed up.

    Examples
    --------
    >>> sheet = pd.DataFrame({"event": ["a", "b", "b"], "person": ["p", "p", "q"]})
    >>> recruited_and_consistent(pd.DataFrame({"person": ["p", "z"]}), sheet, ["p"])
    {'recruited': 2, 'came': 1, 'consistent': 1, 'came_unrecruited': 1}
    """
    signed, came = set(recruits["person"]), set(attendance["person"])
    return {
        "recruited": len(signed),
        "came": len(signed & came),
        "consistent": len(signed & set(regular)),
        "came_unrecruited": len(came - signed),
    }


def people_over_time(
    attendance: pd.DataFrame, events: pd.DataFrame, rule: Regularity = ONCE
) -> pd.Series[int]:
    """Say by day how many people had come as often as a rule asks for by then.

    Parameters
    ----------
    events
        ``event``, ``on`` and ``series``; those to which nobody came did not take place.

    Returns
    -------
    pandas.Series
        Running total by day, on the days on which it grows.

    Examples
    --------
    >>> sheet = pd.DataFrame({"event": ["a", "b", "b"], "person": ["p", "p", "q"]})
    >>> days = pd.to_datetime(["2019-02-01", "2019-03-01"])
    >>> people_over_time(sheet, pd.DataFrame({"event": ["a", "b"], "on": days, "series": ""})).tolist()
    [1, 2]
    """
    held = events[events["event"].isin(attendance["event"])].sort_values(["on", "event"], kind="stable")
    _people, came = came_flags(attendance, held)
    met = first_met(came, held["series"].tolist(), rule)
    days = held["on"].iloc[met[met != NEVER]]
    return running_total(pd.DataFrame({"on": days.to_numpy(), "amount": 1}))


def running_total(frame: pd.DataFrame) -> pd.Series[int]:
    """Add ``amount`` up by day ``on``.

    Examples
    --------
    >>> days = pd.to_datetime(["2019-03-01", "2019-02-01", "2019-03-01"])
    >>> running_total(pd.DataFrame({"on": days, "amount": [1, 2, 3]})).tolist()
    [2, 6]
    """
    return frame.groupby("on")["amount"].sum().sort_index().cumsum()


def _share(part: pd.Series[int], whole: pd.Series[int]) -> pd.Series[float]:
    return (part / whole.where(whole > 0)).astype("Float64")


COLUMNS: Mapping[str, tuple[str, ...]] = {
    "events": ("event", "program", "event_kind", "title", "on", "series"),
    "attendance": ("program", "event", "person"),
    "recruits": ("program", "person", "on", "geoid"),
    "contacts": ("program", "on", "households", "geoid"),
    "enrollments": ("program", "on", "people", "person", "geoid"),
    "questions": ("program", "on", "text"),
    "readings": ("program", "measure", "on", "value"),
    "connections": ("program", "on", "pwsid"),
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
    enrollments: pd.DataFrame = field(default_factory=_empty("enrollments"))
    questions: pd.DataFrame = field(default_factory=_empty("questions"))
    readings: pd.DataFrame = field(default_factory=_empty("readings"))
    connections: pd.DataFrame = field(default_factory=_empty("connections"))

    def of(self, program: str) -> Records:
        """Keep one program's."""
        return Records(**{name: _of(getattr(self, name), program) for name in COLUMNS})


def _of(frame: pd.DataFrame, program: str) -> pd.DataFrame:
    return frame[frame["program"] == program]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one measure stands.

    ``value`` is None where nothing is recorded, or where it is hidden; then ``hidden`` says so.
    ``share_of_way`` is (value - baseline) / (goal - baseline). ``expected`` is where a straight line from
    the baseline at the beginning to the goal at the end stands today; ``projected_on`` is the day on which
    the goal is reached at the pace so far, ``days_late`` how long after the end that is. ``set_late`` is
    whether the target was set after the period ended: then there is no way, no pace and no verdict.
    """

    measure: Measure
    value: float | None
    as_of: date | None = None
    hidden: bool = False
    share_of_way: float | None = None
    expected: float | None = None
    projected_on: date | None = None
    days_late: int | None = None
    set_late: bool = False


def curve_of(measure: Measure, records: Records, today: date) -> pd.Series[float]:
    """Return a measure's running value by day, up to today; empty where nothing is recorded.

    Parameters
    ----------
    records
        One program's.

    Examples
    --------
    >>> rows = {"program": ["p"] * 2, "on": pd.to_datetime(["2020-03-01", "2020-03-08"])}
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


def standing_on(program: Program, measure: Measure, curve: pd.Series[float], today: date) -> Standing:
    """Say where a measure stands by its curve: its last value, and how that is on the way to the goal.

    Examples
    --------
    >>> from geo.program.declaration import read_programs
    >>> census = read_programs()["census_2020"]
    >>> curve = pd.Series([10_000.0], index=pd.to_datetime(["2020-03-01"]))
    >>> standing_on(census, census.measure("households"), curve, date(2020, 7, 1)).share_of_way
    0.25
    """
    late = program.sets_late(measure.key)
    if curve.empty:
        return Standing(measure, None, set_late=late)
    found = Standing(measure, float(curve.iloc[-1]), curve.index[-1].date(), set_late=late)
    return found if late else _with_pace(program, found, today)


def straight_line(program: Program, measure: Measure) -> pd.Series[float]:
    """Return the straight way from the baseline at the beginning to the goal at the end.

    Returns
    -------
    pandas.Series
        Two values by day; empty where one of the four is not stated, or the goal was set after the end.

    Examples
    --------
    >>> from geo.program.declaration import read_programs
    >>> census = read_programs()["census_2020"]
    >>> straight_line(census, census.measure("households")).tolist()
    [0.0, 40000.0]
    """
    if program.ends is None or measure.target is None or measure.baseline is None:
        return pd.Series(dtype=float)
    if program.sets_late(measure.key):
        return pd.Series(dtype=float)
    days = pd.DatetimeIndex([program.begins, program.ends], name="on")
    return pd.Series([measure.baseline, measure.target], index=days, name="value")


def consistent_rule(program: Program) -> Regularity | None:
    """Return how often a consistent person comes; None where no measure counts them."""
    rules = (item.regularity for item in program.measures if item.counted in REGULARS)
    return next(rules, None)


def held_events(records: Records, today: date) -> pd.DataFrame:
    """Return the events up to today at which somebody was, by day."""
    events = records.events.sort_values(["on", "event"], kind="stable")
    came = events["event"].isin(records.attendance["event"])
    return events[came & (events["on"] <= pd.Timestamp(today))]


def without_attendance(records: Records, today: date) -> list[str]:
    """List the events before today of which nothing says who came.

    Something does: a person's code, a sheet's row, a headcount (0 too) or a word on it, and on a canvass day
    households that were reached.

    Examples
    --------
    >>> events = pd.DataFrame({"event": ["a", "b"], "program": "p", "event_kind": "session", "title": "t",
    ...     "on": pd.to_datetime(["2026-11-28", "2026-11-29"]), "series": "", "headcount": [0, pd.NA]})
    >>> without_attendance(Records(events=events), date(2026, 11, 30))
    ['b']
    """
    events = records.events
    told = events.reindex(columns=["headcount", "uncoded", "headcount_how"])
    word = told["headcount_how"].notna() & told["headcount_how"].ne("")
    counted = told[["headcount", "uncoded"]].notna().any(axis=1) | word
    canvassed = set(zip(records.contacts["program"], records.contacts["on"], strict=True))
    days = zip(events["program"], events["on"], strict=True)
    knocked = pd.Series([pair in canvassed for pair in days], events.index, dtype=bool)
    knocked &= events["event_kind"].astype(str).eq("canvass_day")
    known = counted | knocked | events["event"].isin(records.attendance["event"])
    past = pd.to_datetime(events["on"]) < pd.Timestamp(today)
    return [str(event) for event in events.loc[~known & past, "event"]]


def _with_pace(program: Program, standing: Standing, today: date) -> Standing:
    measure, value = standing.measure, standing.value
    goal, baseline = measure.target, measure.baseline
    if goal is None or baseline is None or value is None or goal == baseline:
        return standing
    way = (value - baseline) / (goal - baseline)
    over = program.is_over(today)
    passed = max((min(today, program.ends or today) - program.begins).days, 1)
    expected = late = None
    # What has ended is not on its way any more: no pace leads to a day after the end.
    projected = None if over and way < 1 else _projected(program.begins, passed, way)
    if program.ends is not None:
        length = max((program.ends - program.begins).days, 1)
        expected = baseline + (goal - baseline) * min(passed / length, 1.0)
        late = (projected - program.ends).days if projected else None
    return Standing(measure, value, standing.as_of, False, way, expected, projected, late)


def _projected(begins: date, passed: int, way: float) -> date | None:
    """Day on which the goal is reached at the pace so far; None where it never is, or after 100 years."""
    if way <= 0 or passed / way > 36_525:
        return None
    return begins + timedelta(days=round(passed / way))


def _people(measure: Measure, records: Records) -> pd.Series[float]:
    return people_over_time(records.attendance, records.events, measure.regularity).astype(float)


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


REGULARS = (Counted.CONSISTENT, Counted.IN_A_ROW)
OF_WHO_CAME = (Counted.PEOPLE, *REGULARS)
OF_PEOPLE = (Counted.RECRUITS, Counted.ENROLLMENTS, Counted.HOUSEHOLDS, Counted.QUESTIONS)
_CURVES: Mapping[Counted, Callable[[Measure, Records], pd.Series[float]]] = {
    Counted.PEOPLE: _people,
    Counted.CONSISTENT: _people,
    Counted.IN_A_ROW: _people,
    Counted.RECRUITS: _recruits,
    Counted.HOUSEHOLDS: _sum_of("contacts", "households"),
    Counted.ENROLLMENTS: _sum_of("enrollments", "people"),
    Counted.EVENTS: _number_of("events"),
    Counted.QUESTIONS: _number_of("questions"),
    Counted.READINGS: _readings,
    Counted.CONNECTED: _number_of("connections"),
}


CANVASS = "canvass"
"""Stands for the program of returns that lie in the period of none."""


def with_connections(records: Records, programs: Iterable[Program], statuses: pd.DataFrame) -> Records:
    """Add the systems that stand as connected on the water board to every program that counts them.

    A system counts once, on the first day for either service; a status without a day counts from when it
    was recorded.

    Parameters
    ----------
    statuses
        ``pwsid``, ``stage``, ``reached_on`` and ``at``, as they stand: a row a system and service.

    Examples
    --------
    >>> from geo.program.declaration import read_programs
    >>> row = {"pwsid": ["CA1"], "stage": ["connected"], "reached_on": ["2021-05-01"], "at": ["2026-01-01"]}
    >>> found = with_connections(Records(), read_programs().values(), pd.DataFrame(row))
    >>> found.connections[["program", "pwsid"]].to_numpy().tolist()
    [['infrastructure_task_force', 'CA1']]
    """
    connected = statuses[statuses["stage"] == "connected"]
    at = pd.to_datetime(connected["at"], utc=True).dt.tz_localize(None).dt.normalize()
    days = pd.to_datetime(connected["reached_on"]).fillna(at)
    first = connected[["pwsid"]].assign(on=days).sort_values("on", kind="stable").drop_duplicates("pwsid")
    keys = [item.key for item in programs if any(m.counted is Counted.CONNECTED for m in item.measures)]
    rows = [first.assign(program=key) for key in keys if len(first)]
    return replace(records, connections=pd.concat(rows, ignore_index=True)) if rows else records


def with_canvass(records: Records, programs: Iterable[Program], returns: pd.DataFrame) -> Records:
    """Add the households that the canvass's own returns say were reached.

    A program of the census counts those in its period, beside what was recorded by hand; where both tell of
    one day and tract, the returns stand and what was recorded by hand does not count again. Returns in the
    period of no such program stand under :data:`CANVASS`: they count for coverage alone.

    Parameters
    ----------
    returns
        ``on``, ``tract_geoid`` (of 2010) and ``reached``, as :func:`geo.canvass.progress.to_contacts` gives.
    """
    reached = returns[returns["reached"] > 0].rename(
        columns={"reached": "households", "tract_geoid": "geoid"}
    )
    if reached.empty:
        return records
    days = reached.assign(on=pd.to_datetime(reached["on"]).dt.normalize())
    sums = pd.DataFrame(days.groupby(["on", "geoid"], dropna=False)["households"].sum()).reset_index()
    told = pd.concat(list(_told(sums, [item for item in programs if item.kind == "census"])))
    known = pd.MultiIndex.from_frame(told[["program", "on", "geoid"]])
    own = records.contacts
    again = pd.MultiIndex.from_frame(own[["program", "on", "geoid"]]).isin(known) & own["geoid"].notna()
    frames = [frame for frame in (own[~again], told) if len(frame)]
    return replace(records, contacts=pd.concat(frames, ignore_index=True))


def _told(sums: pd.DataFrame, programs: list[Program]) -> Iterator[pd.DataFrame]:
    taken = pd.Series(data=False, index=sums.index)
    for program in programs:
        ours = pd.Series([program.covers(day.date()) for day in sums["on"]], index=sums.index, dtype=bool)
        taken |= ours
        yield sums[ours].assign(program=program.key)
    yield sums[~taken].assign(program=CANVASS)


def turf_members(units: pd.DataFrame, tracts: pd.Series[str]) -> pd.DataFrame:
    """Give the units of turfs their 2010 tract, as the canvass's returns are read with it.

    Parameters
    ----------
    units
        ``unit`` and ``turf``.
    tracts
        2010 tract by GEOID of block or block group; a unit where nobody lived has none.

    Examples
    --------
    >>> units = pd.DataFrame({"unit": ["u", "v"], "turf": ["T", "T"]})
    >>> turf_members(units, pd.Series({"u": "06065045303"})).loc["u"].tolist()
    ['T', '06065045303']
    >>> turf_members(units.iloc[:0], pd.Series(dtype="string")).empty
    True
    """
    # Of a part of a block, or of a block group in a place, the GEOID stands first.
    names = units["unit"].astype(str).str.split("-", n=1).str[0]
    return units.assign(tract_geoid=names.map(tracts)).set_index("unit")
