"""What a report says of a program: against its targets, beside what was reported, who came, and where."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from geo.language import gettext as _
from geo.language import ngettext
from geo.program.declaration import Counted, Measure, Program
from geo.program.figures import ProgramFigures, Together
from geo.program.measures import OF_PEOPLE, OF_WHO_CAME, REGULARS, Standing
from geo.tracts.names import tract_title
from geo.units import is_missing, to_words
from wording.program import (
    HEADINGS,
    goal_changes_table,
    pace_words,
    recruit_titles,
    reported_words,
    rule_words,
    stated_words,
    value_words,
)

Rows = tuple[tuple[str, ...], ...]
"""A table in words, its headings first."""


def series_words(figures: ProgramFigures, measure: Measure) -> str:
    """Say of a measure that counts over several series how many there are within each; else nothing.

    Examples
    --------
    >>> from datetime import date
    >>> from geo.program.declaration import read_programs
    >>> from geo.program.measures import Records
    >>> plan = read_programs()["regional_plan"].model_copy(update={"key": "p"})
    >>> days = pd.to_datetime(["2019-02-01", "2019-03-01"])
    >>> events = pd.DataFrame({"event": ["a", "b"], "on": days, "series": ["Fall", ""]})
    >>> came = pd.DataFrame({"event": ["a", "b"], "person": ["q", "q"]})
    >>> once = plan.measure("all_sessions").model_copy(update={"at_least": 1})
    >>> figures = ProgramFigures(plan, Records(events=events, attendance=came), date(2020, 1, 1))
    >>> series_words(figures, once)
    'Of all sessions. Within one series alone: Fall: 1; without a series: 1.'
    """
    split = figures.within_series(measure)
    if split and all(count is None for _rule, count in split):
        return _("Of all sessions, whatever series they are of.")
    parts = [
        _("{series}: {count}").format(series=rule.series or _("without a series"), count=count_words(count))
        for rule, count in split
    ]
    words = _("Of all sessions. Within one series alone: {parts}.")
    return words.format(parts="; ".join(parts)) if parts else ""


def target_rows(figures: ProgramFigures) -> Rows:
    """List every measure with its baseline, its target, what is counted, and how far that is."""
    head = (_("Measure"), _("Baseline"), _("Target"), _("Counted here"), _("Against the target"))
    rows = [
        (
            _(item.measure.title),
            "–" if is_missing(item.measure.baseline) else to_words(item.measure.baseline),
            stated_words(item.measure.target),
            value_words(item),
            target_words(item),
        )
        for item in figures.standings()
    ]
    return (head, *rows)


def target_words(standing: Standing) -> str:
    """Say how far a measure is on the way to its target; without a target there is no verdict.

    Examples
    --------
    >>> from geo.program.declaration import read_programs
    >>> measure = read_programs()["census_2020"].measure("households")
    >>> target_words(Standing(measure, 10_000.0, share_of_way=0.25))
    '25 % of the way.'
    >>> target_words(Standing(read_programs()["regional_plan"].measure("all_sessions"), 70.0))
    'No target was set, so there is no verdict.'
    """
    if standing.measure.target is None:
        return _("No target was set, so there is no verdict.")
    if standing.set_late:
        return pace_words(standing)
    if standing.share_of_way is None:
        return _("There is not enough on record to tell.")
    share = f"{100 * min(max(standing.share_of_way, 0.0), 1.0):.0f} %"
    return " ".join(filter(None, [_("{share} of the way.").format(share=share), pace_words(standing)]))


def reported_rows(figures: ProgramFigures) -> Rows:
    """List what the organization reported beside what is counted here, each held against its own measure."""
    head = (_("Measure"), _("Reported by the organization"), _("Counted here"), _("Compared"))
    rows = [
        (_(item.measure.title), words, value_words(item), beside_words(item, figures.least))
        for item in figures.standings()
        if (words := reported_words(item.measure))
    ]
    return (head, *rows)


def beside_words(standing: Standing, least: int = 1) -> str:
    """Say how what is counted stands to what was reported of the same measure.

    Parameters
    ----------
    least
        The smallest count that is told; above one, what is counted can be a little higher than shown.

    Examples
    --------
    >>> from geo.program.declaration import read_programs
    >>> measure = read_programs()["regional_plan"].measure("all_sessions")
    >>> beside_words(Standing(measure, 70.0)), beside_words(Standing(measure, 61.0))
    ('The same as reported.', '9 fewer than reported.')
    >>> beside_words(Standing(measure, None))
    'Nothing is recorded here to hold it against.'
    """
    value, result = standing.value, standing.measure.result
    if standing.hidden:
        return _("The count here is hidden, as it may tell of few people.")
    if value is None:
        return _("Nothing is recorded here to hold it against.")
    if result is None:
        return ""
    gap = to_words(abs(value - result))
    if least > 1 and standing.measure.counted in OF_WHO_CAME + OF_PEOPLE:
        few = _("At most {count} fewer than reported.").format(count=gap)
        return few if value < result else _("As many as reported, or more.")
    if value == result:
        return _("The same as reported.")
    if value < result:
        return _("{count} fewer than reported.").format(count=gap)
    return _("{count} more than reported.").format(count=gap)


def outside_words(figures: ProgramFigures) -> str:
    """Say how many sessions lie outside of the program's period; empty where none does.

    Examples
    --------
    >>> from datetime import date
    >>> from geo.program.declaration import read_programs
    >>> from geo.program.measures import Records
    >>> plan = read_programs()["regional_plan"]
    >>> days = pd.to_datetime([plan.begins, date(2026, 9, 1)])
    >>> events = pd.DataFrame({"event": ["a", "b"], "on": days, "series": ""})
    >>> records = Records(events=events, attendance=pd.DataFrame({"event": ["a", "b"], "person": "q"}))
    >>> outside_words(ProgramFigures(plan, records, date(2026, 12, 1)))
    '1 of 2 sessions was held outside of this period'
    """
    days = figures.held()["on"]
    count = sum(not figures.program.covers(pd.Timestamp(day).date()) for day in days)
    words = ngettext(
        "{count} of {all} sessions was held outside of this period",
        "{count} of {all} sessions were held outside of this period",
        count,
    )
    return words.format(count=count, all=len(days)) if count else ""


def session_rows(figures: ProgramFigures) -> Rows:
    """List every session with who came, who came back and who was new."""
    head = tuple(_(HEADINGS[name]) for name in ("session", "on", "people", "back", "new", "share_back"))
    return (head, *(_session_row(row) for row in figures.sessions().to_dict("records")))


def _session_row(row: dict[object, object]) -> tuple[str, ...]:
    share = "–" if is_missing(row["share_back"]) else to_words(row["share_back"], "share")
    back = "–" if row["begins"] else count_words(row["back"])
    people, new = count_words(row["people"]), count_words(row["new"])
    return (str(row["session"]), day_of(row["on"]), people, back, new, share)


def count_words(value: object) -> str:
    """Write a count, or that it is hidden."""
    return _("hidden") if is_missing(value) else to_words(value)


def day_of(value: object) -> str:
    """Write a day as a table has it; a dash where there is none.

    Examples
    --------
    >>> day_of(pd.Timestamp("2019-02-01")), day_of(None)
    ('2019-02-01', '–')
    """
    return "–" if is_missing(value) else pd.Timestamp(str(value)).date().isoformat()


def often_rows(figures: ProgramFigures) -> Rows:
    """List how many people came to at least k of the n sessions."""
    count = len(figures.sessions())
    head = (_("Sessions attended (at least)"), _("People"))
    rows = [
        (_("{least} of {all}").format(least=row["sessions"], all=count), count_words(row["people"]))
        for row in figures.at_least().to_dict("records")
    ]
    return (head, *rows)


def regular_words(figures: ProgramFigures) -> list[str]:
    """Say of each measure of regular people how many there are, and by which rule."""
    return [
        " ".join(
            filter(
                None,
                [
                    f"{_(item.measure.title)}: {value_words(item)}.",
                    rule_words(item.measure),
                    series_words(figures, item.measure),
                ],
            )
        )
        for item in figures.standings()
        if item.measure.counted in REGULARS
    ]


def regular_rows(figures: ProgramFigures) -> list[tuple[Measure, Rows]]:
    """List for each measure of regular people how many of them were at each session."""
    head = (_("Session"), _("Day"), _("Of those who count"), _("People"))
    return [
        (
            measure,
            (
                head,
                *(
                    (
                        str(row["session"]),
                        day_of(row["on"]),
                        to_words(row["regular"]),
                        to_words(row["people"]),
                    )
                    for row in table.to_dict("records")
                ),
            ),
        )
        for measure, table in figures.regulars()
    ]


def recruit_rows(figures: ProgramFigures) -> Rows:
    """List who signed up and who comes; empty but for its head where a program counts not both.

    Where the exact number of those who signed up is hidden, their measure has the one that everybody reads.
    """
    counts, titles = figures.recruits(), recruit_titles(figures.program)
    words = {name: count_words(counts[name]) for name in titles}
    if titles and counts["recruited"] is None:
        measure = next(item for item in figures.program.measures if item.counted is Counted.RECRUITS)
        words["recruited"] = value_words(figures.standing(measure))
    head = (_("Who signed up, and who comes"), _("People"))
    return (head, *((title, words[name]) for name, title in titles.items()))


def headcount_rows(figures: ProgramFigures) -> Rows:
    """List what was counted without names, which is in no count of people."""
    table = figures.headcounts()
    titles = {
        "headcount": _("Headcount"),
        "with_code": _("Of them by code"),
        "without_code": _("Came without a code"),
        "how": _("How it was counted, and by whom"),
    }
    shown = [name for name in titles if name in table]
    rows = [
        (
            str(row["session"]),
            day_of(row["on"]),
            *(_counted(name, row[name], figures.least) for name in shown),
        )
        for row in table.to_dict("records")
    ]
    return ((_("Session"), _("Day"), *(titles[name] for name in shown)), *rows)


def _counted(name: str, value: object, least: int) -> str:
    """Write a cell of what was counted; where counts are exact, one that is missing was never made."""
    if name == "how":
        return str(value)
    return "–" if least <= 1 and is_missing(value) else count_words(value)


def index_rows(table: pd.DataFrame) -> Rows:
    """List classes of the hard-to-count index with their tracts and households, and those reached.

    Parameters
    ----------
    table
        As :func:`geo.program.reach.reach_by_index` gives it.
    """
    head = (
        _("Hard-to-count index"),
        _("Tracts"),
        _("Tracts reached"),
        _("Households in them"),
        _("Households in the tracts reached"),
    )
    rows = [
        (
            class_words(row["begins"], row["ends"]),
            to_words(row["tracts"]),
            to_words(row["reached"]),
            to_words(row["households"], moe=row["households_moe"]),
            to_words(row["reached_households"], moe=row["reached_households_moe"]),
        )
        for row in table.to_dict("records")
    ]
    return (head, *rows)


def class_words(begins: object, ends: object) -> str:
    """Name a class of the index.

    Examples
    --------
    >>> [class_words(*pair) for pair in ((80.0, None), (60.0, 80.0), (None, 60.0), (None, None))]
    ['80 and above', '60 to under 80', 'under 60', 'not known']
    """
    if is_missing(begins) and is_missing(ends):
        return _("not known")
    if is_missing(ends):
        return _("{begins} and above").format(begins=f"{begins:g}")
    if is_missing(begins):
        return _("under {ends}").format(ends=f"{ends:g}")
    return _("{begins} to under {ends}").format(begins=f"{begins:g}", ends=f"{ends:g}")


def tract_rows(table: pd.DataFrame) -> Rows:
    """List the tracts that were reached, with their index and households (ACS, 90 %).

    Parameters
    ----------
    table
        As :func:`geo.program.reach.reach_table` gives it.
    """
    head = (_("Tract"), _("Hard-to-count index"), _("Households"))
    rows = [
        (
            tract_title(str(row["geoid"])),
            "–" if is_missing(row["ca_htc_index"]) else f"{row['ca_htc_index']:.0f}",
            to_words(row.get("households"), moe=row.get("households_moe")),
        )
        for row in table[table["by_this"]].to_dict("records")
    ]
    return (head, *rows)


def partner_rows(program: Program, events: pd.DataFrame) -> Rows:
    """List a program's partners with how many of its events each held, and those of events alone."""
    named = events["partner"].fillna("").astype(str) if "partner" in events else pd.Series(dtype=str)
    counts = named[named != ""].value_counts()
    partners = [*program.partners, *(str(name) for name in counts.index if name not in program.partners)]
    rows = [(_(name), to_words(int(counts.get(name, 0)))) for name in partners]
    return ((_("Partner"), _("Events with it")), *rows)


def milestone_rows(table: pd.DataFrame) -> Rows:
    """List milestones: due, reached, and the state with how late.

    Parameters
    ----------
    table
        As :func:`wording.program.milestones_table` gives it.
    """
    head = (_("Milestone"), _("Due"), _("Reached"), _("State"))
    rows = [
        (str(row["title"]), day_of(row["due"]), day_of(row["reached"]), str(row["state"]))
        for row in table.to_dict("records")
    ]
    return (head, *rows)


def change_rows(program: Program) -> Rows:
    """List the targets that were changed: from which day, which, from what to what, and why."""
    head = (_("Changed on"), _("Measure"), _("Before"), _("Now"), _("Reason"))
    rows = [
        (
            day_of(row["on"]),
            str(row["measure"]),
            stated_words(row["before"]),
            stated_words(row["after"]),
            str(row["why"]),
        )
        for row in goal_changes_table(program).to_dict("records")
    ]
    return (head, *rows)


def method_words(program: Program) -> list[str]:
    """Say of every measure how it is counted, and by which rule."""
    return [
        " ".join(filter(None, [f"{_(item.title)}: {_(item.how)}", rule_words(item)]))
        for item in program.measures
    ]


def summary_rows(every: Sequence[ProgramFigures]) -> Rows:
    """List every measure of several programs: target, what is counted, and what was reported."""
    head = (_("Program"), _("Measure"), _("Target"), _("Counted here"), _("Reported by the organization"))
    rows = [
        (
            _(figures.program.title).partition(":")[0] if place == 0 else "",
            _(item.measure.title),
            stated_words(item.measure.target),
            value_words(item),
            reported_words(item.measure) or "–",
        )
        for figures in every
        for place, item in enumerate(figures.standings())
    ]
    return (head, *rows)


def together_words(found: Together, count: int) -> str:
    """Say how many people came to something of several programs, each counted once.

    Examples
    --------
    >>> print(together_words(Together(90, 120, 25), 3))
    People who took part in 3 programs, each counted once: 90. Sum of the programs, with repeats: 120. In more than one: 25.
    """  # noqa: E501
    words = ngettext(
        "People who took part in {count} program, each counted once: {once}. "
        "Sum of the programs, with repeats: {added}. In more than one: {several}.",
        "People who took part in {count} programs, each counted once: {once}. "
        "Sum of the programs, with repeats: {added}. In more than one: {several}.",
        count,
    )
    return words.format(
        count=count,
        once=count_words(found.once),
        added=count_words(found.added),
        several=count_words(found.several),
    )
