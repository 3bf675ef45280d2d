"""How it is said what is hidden, and which tracts were reached: from one person on, or from ten."""

from __future__ import annotations

from dataclasses import dataclass

from geo.language import gettext as _
from geo.language import mark as N_


@dataclass(frozen=True, slots=True)
class ReachWords:
    """Sentences about tracts that were reached and those that were not; in English until they are shown."""

    unreached: str
    """A legend's entry."""
    nobody: str
    """In place of the programs that reached a tract."""
    only: str
    """What somebody chooses who wants those tracts alone."""
    told: str
    """How many tracts, with how many households, were not reached."""
    rule: str
    """What counts as reached, where that needs saying."""
    note: str
    """The same, under a legend."""
    legend: str
    """Under the map of a report."""
    legend_none: str
    """The same, where the program reached none."""


FROM_ONE = ReachWords(
    unreached=N_("not reached"),
    nobody=N_("nothing"),
    only=N_("Only tracts not reached"),
    told=N_(
        "{unreached} of {tracts} hard-to-count tracts (index 60 and above), with {households} "
        "households (± {moe}), have not been reached."
    ),
    rule="",
    note="",
    legend=N_(
        "Hard-to-count tracts (index 60 and above): {reached} of {all} reached by this program (blue), "
        "the others in red; yellow: its events."
    ),
    legend_none=N_(
        "Hard-to-count tracts (index 60 and above): {all}, gray; none is recorded as reached by this "
        "program yet; yellow: its events."
    ),
)
FROM_TEN = ReachWords(
    unreached=N_("fewer than 10 reached"),
    nobody=N_("fewer than 10"),
    only=N_("Only tracts where fewer than 10 were reached"),
    told=N_(
        "In {unreached} of {tracts} hard-to-count tracts (index 60 and above), with {households} "
        "households (± {moe}), fewer than 10 people or households were reached."
    ),
    rule=N_("We show a tract as reached only from 10 people or households up, to protect privacy."),
    note=N_("Reached = at least 10 people or households in one program."),
    legend=N_(
        "Hard-to-count tracts (index 60 and above): in {reached} of {all} this program reached 10 "
        "people or households or more (blue), in the others fewer or nobody (red); yellow: its events."
    ),
    legend_none=N_(
        "Hard-to-count tracts (index 60 and above): {all}, gray; none is recorded as one where this "
        "program reached 10 people or households or more; yellow: its events."
    ),
)


def reach_words(least: int) -> ReachWords:
    """Return how reach is spoken of where a tract counts from ``least`` people or households on.

    Examples
    --------
    >>> reach_words(1).unreached, reach_words(10).unreached
    ('not reached', 'fewer than 10 reached')
    """
    return FROM_ONE if least <= 1 else FROM_TEN


def staff_words(least: int) -> str:
    """Say that a file holds exact counts; nothing of one that has what everybody reads.

    Examples
    --------
    >>> staff_words(1), staff_words(10)
    ('For staff only: exact counts.', '')
    """
    return _("For staff only: exact counts.") if least <= 1 else ""


def hidden_words(least: int) -> str:
    """Say that counts under ``least`` are hidden; empty where none is.

    Examples
    --------
    >>> hidden_words(1), hidden_words(10)
    ('', 'Counts under 10, and figures that would reveal them, are hidden.')
    """
    return _("Counts under 10, and figures that would reveal them, are hidden.") if least > 1 else ""


def shared_words(least: int) -> str:
    """Say of figures without counts under ``least`` how they go up; empty where they are exact.

    Examples
    --------
    >>> shared_words(10).startswith("Counted here: the same figure for everybody."), shared_words(1)
    (True, '')
    """
    words = _(
        "Counted here: the same figure for everybody. A count of people moves on only at the end of a day by "
        "which it has grown by ten or more, so that nobody can tell the last few; the exact count can be a "
        "little higher. Households are rounded down to tens."
    )
    return words if least > 1 else ""


def title_for(title: str, least: int) -> str:
    """Head figures: under one heading everybody reads the same, and exact ones have a heading of their own.

    Parameters
    ----------
    least
        The smallest count that is told in them; 1 where they are exact.

    Examples
    --------
    >>> title_for("Who came", 10), title_for("Who came", 1)
    ('Who came', 'Who came (exact, for staff)')
    """
    return title if least > 1 else _("{title} (exact, for staff)").format(title=title)
