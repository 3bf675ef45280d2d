"""What the columns of our own workbooks are: a sheet beside the tables, in the language of the file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pandas as pd

from geo.datasets.columns import Column, columns_of, day, field_named, number, text, yes_no
from geo.language import gettext as _
from geo.language import mark as N_

BOARD: Mapping[str, Column] = {
    "name": text(N_("Name, as whoever took the file may see it")),
    "stage": text(N_("Stage that is on record")),
    "reached_on": text(N_("When the stage was reached: a day, or a month or year where no more is known")),
    "number": number(N_("Number of the record of the stage; 0 where there is none"), "serial"),
    "funding_usd": number(N_("Money secured; 0 where none is on record"), "USD"),
    "rate_usd_per_month": number(N_("What a household pays a month"), "USD"),
    "share_of_income": number(N_("Part of the median household income that the rate takes"), "share"),
    "rate_on": text(N_("Day, month or year of the rate")),
    "rate_source": text(N_("Where the rate is from")),
    "score": number(N_("Score of need, by the weights that were set"), "share"),
    "known": number(N_("Part of the weight of which something is known"), "share"),
    "rank": number(N_("Rank among the systems that may be next; empty off the list"), "rank"),
    "rank_low": number(
        N_("First rank of the 90 percent between which it lies as weights, margins and unknown parts move"),
        "rank",
    ),
    "rank_high": number(
        N_("Last rank of the 90 percent between which it lies as weights, margins and unknown parts move"),
        "rank",
    ),
    "rank_least": number(N_("First rank as one weight at a time is halved or doubled"), "rank"),
    "rank_most": number(N_("Last rank as one weight at a time is halved or doubled"), "rank"),
    "share_first": number(N_("Part of all weightings with which it is among the first ten"), "share"),
    "rank_best": number(N_("Best rank with any weights"), "rank"),
    "rank_worst": number(N_("Worst rank with any weights"), "rank"),
    "stands": yes_no(N_("Whether it is among the first ten with any weights; empty where that is open")),
    "listing": text(N_("Where it stands in who is next")),
    "why_not_next": text(N_("Why it is not next; empty where it is on the list")),
    "to_learn": text(N_("What is not known of it yet")),
    "total_cost_usd": number(N_("Cost of connecting it, by the method that was chosen"), "USD"),
    "low_cost_usd": number(N_("Lower end of the cost, by what is known of the place"), "USD"),
    "high_cost_usd": number(N_("Upper end of the cost, by what is known of the place"), "USD"),
    "cost_per_connection_usd": number(N_("Cost for each connection"), "USD"),
    "fundable": yes_no(
        N_("Whether the State's method would pay for it; empty where the method does not say")
    ),
    "basis": text(N_("What the way was measured along: road, partly road or straight line")),
}
YEARS: Mapping[str, Column] = {
    "service": text(N_("Service: drinking water or wastewater")),
    "year": text(N_("Year in which they were connected")),
    "systems": number(N_("Systems connected"), "systems"),
    "people": number(N_("People served by them"), "people"),
    "connections": number(N_("Connections of them"), "connections"),
    "people_unknown": number(N_("Systems of which the people are not known"), "systems"),
    "funding_usd": number(N_("Money secured"), "USD"),
}
PROJECTS: Mapping[str, Column] = {
    "project": text(N_("Name of the project")),
    "systems": number(N_("Systems it is for"), "systems"),
    "lead": text(N_("Who leads it")),
    "funders": text(N_("Who pays, and by which program")),
    "applied_usd": number(N_("Money that was applied for: none yet"), "USD"),
    "awarded_usd": number(N_("Money that was awarded: the same money as at other steps"), "USD"),
    "agreed_usd": number(N_("Money of which the agreement is signed: the same as at other steps"), "USD"),
    "received_usd": number(N_("Money that was received: the same money as at other steps"), "USD"),
    "spent_usd": number(N_("Money that was spent: the same money as at other steps"), "USD"),
    "closed_usd": number(N_("Money that is closed out: the same money as at other steps"), "USD"),
    "secured_usd": number(N_("Money that is secured, each grant once: as agreed, else as awarded"), "USD"),
    "next_due": day(N_("Day of the next step that is open")),
    "next_step": text(N_("The next step that is open")),
    "overdue": number(N_("Steps that are overdue"), "steps"),
}
RECORD: Mapping[str, Column] = {
    "who": text(N_("Who wrote it down")),
    "why": text(N_("Why it was changed")),
    "public_on_record": text(N_("What is on record, as everybody may see it")),
    "public_was": text(N_("What was on record before, as everybody may see it")),
    "public_now": text(N_("What is on record now, as everybody may see it")),
    "kind": text(N_("What was written down: a stage, funding, a milestone or other")),
    "on_record": text(N_("What is on record")),
    "source": text(N_("Where it is from")),
    "at": day(N_("When it was written down")),
    "was": text(N_("What was on record before")),
    "now": text(N_("What is on record now")),
}
PROGRESS: Mapping[str, Column] = {
    "level": text(N_("What the row is of: the goal, a tract, a class of the index or a week")),
    "name": text(N_("Select area")),
    "knocked": number(N_("Doors that were knocked on; empty where the count is hidden"), "doors"),
    "reached": number(N_("Households that were reached; empty where the count is hidden"), "households"),
    "households": number(N_("Households there"), "households"),
    "share": number(N_("Part of the households that was reached"), "share"),
    "estimated": yes_no(N_("Whether totals of paper sheets were shared out to it")),
}
PROGRAM: Mapping[str, Column] = {
    "program": text(N_("Title of the program")),
    "area": text(N_("Area of the program")),
    "measure": text(N_("What is measured")),
    "unit": text(N_("Unit of the figures")),
    "baseline": number(N_("Figure at the beginning"), "as_unit"),
    "target": number(N_("Figure to be reached"), "as_unit"),
    "value": number(N_("Figure now; empty where none is recorded or it is hidden"), "as_unit"),
    "stands": text(N_("Where it stands, in words")),
    "as_of": day(N_("Day of the figure")),
    "reported": text(N_("Result that the organization itself reported")),
    "on": day(N_("Day")),
    "session": text(N_("Title of the session")),
    "people": number(N_("People, each counted once in a row"), "people"),
    "back": number(N_("People of the session before, of the same series, who came again"), "people"),
    "others": number(N_("People who had not come to the session before"), "people"),
    "new": number(N_("People who came for the first time"), "people"),
    "share_back": number(
        N_("Part of the people of the session before, of the same series, who came again"), "share"
    ),
    "share_of_first": number(
        N_("Part of the people of the first session of the same series who came"), "share"
    ),
    "sessions": number(N_("Sessions (at least)"), "sessions"),
    "headcount": number(N_("People counted without names or codes"), "people"),
    "with_code": number(N_("People who are down by code"), "people"),
    "without_code": number(N_("People counted beyond those with a code"), "people"),
    "how": text(N_("How they were counted")),
    "before": number(N_("Target before the change; empty where there was none"), "as_unit"),
    "after": number(N_("Target since the change; empty where there is none"), "as_unit"),
    "why": text(N_("Why the target was changed")),
    "who": text(N_("Who: recruited, came, consistent, or came without being recruited")),
}

SERVED: Mapping[str, Column] = {
    "period": text(N_("Years of the survey that its figures are from; counts are of 2020")),
    "target_id": text(N_("Code of the area in its own dataset")),
    "name": text(N_("Name")),
    "coverage": number(N_("Part of the area that the region's tracts cover"), "percent"),
    "guesswork": number(
        N_("Part of the people of whom it is not known which of them live inside"), "percent"
    ),
    "reliability": text(
        N_("How reliable the number of the uninsured is, by its margin and by how much had to be estimated")
    ),
    "method": text(N_("How the figure was made: counted, placed, interpolated, published")),
}
"""The table of who lives where, beside the figures, which are named as on tracts."""

SERVICES: Mapping[str, str] = {
    "water_": N_("Drinking water: {what}"),
    "wastewater_": N_("Wastewater: {what}"),
}
"""How a column begins that each service has, and the words around what it is."""


def of_board(name: str) -> Column | None:
    """Return what a column of the board is; None where nobody declared it.

    Examples
    --------
    >>> of_board("water_stage").describe(), of_board("connections").unit_title()
    ('Drinking water: Stage that is on record', 'connections')
    """
    for start, form in SERVICES.items():
        if name.startswith(start) and name.removeprefix(start) in BOARD:
            return replace(BOARD[name.removeprefix(start)], form=form)
    return BOARD.get(name) or columns_of("water_systems").get(name)


def of_board_sheets(sheets: Mapping[str, pd.DataFrame]) -> dict[str, dict[str, Column]]:
    """Return what the columns of the board's workbook are, by the titles of its sheets.

    Examples
    --------
    >>> of_board_sheets({"Changes": pd.DataFrame({"was": [], "mine": []})})["Changes"]["was"].describe()
    'What was on record before'
    """
    board, years = _("Board"), _("Year by year")
    found: dict[str, dict[str, Column]] = {}
    for title, table in sheets.items():
        ours = {} if title == board else YEARS if title == years else {**RECORD, "service": YEARS["service"]}
        ours = PROJECTS if title == _("Projects") else ours
        named = {str(name): ours.get(str(name)) or of_board(str(name)) for name in table.columns}
        found[title] = {name: column for name, column in named.items() if column is not None}
    return found


def board_dictionary(names: Iterable[str]) -> list[dict[str, str]]:
    """Describe columns of the board, a row each, as :func:`geo.datasets.columns.dictionary_of` does.

    Examples
    --------
    >>> board_dictionary(["connections"])
    [{'column': 'connections', 'description': 'Service connections', 'unit': 'connections'}]
    """
    return [_described(name, of_board(name)) for name in names]


def served_dictionary(names: Iterable[str]) -> list[dict[str, str]]:
    """Describe columns of :func:`wording.tracts.served_table`, a row each.

    Examples
    --------
    >>> [row["unit"] for row in served_dictionary(["population_2020", "uninsured_moe", "coverage"])]
    ['people', 'people', 'percent, 0 to 100']
    """
    return [_described(name, SERVED.get(name) or field_named(name)) for name in names]


def _described(name: str, column: Column | None) -> dict[str, str]:
    words = (column.describe(), column.unit_title()) if column else (_("not described"), "")
    return {"column": name, "description": words[0], "unit": words[1]}


def column_sheet(
    sheets: Mapping[str, pd.DataFrame], declared: Mapping[str, Mapping[str, Column]]
) -> pd.DataFrame:
    """List what each column of each sheet is, with its unit, in the chosen language.

    Parameters
    ----------
    sheets
        Tables by the title of their sheet.
    declared
        By the same titles: what their columns are. One that is not declared is said to be without a
        description.

    Examples
    --------
    >>> sheet = column_sheet({"Progress": pd.DataFrame({"level": ["goal"]})}, {"Progress": PROGRESS})
    >>> sheet["What it is"].item()
    'What the row is of: the goal, a tract, a class of the index or a week'
    """
    rows = []
    for title, table in sheets.items():
        for name in map(str, table.columns):
            column = declared.get(title, {}).get(name)
            words = (column.describe(), column.unit_title()) if column else (_("not described"), "")
            rows.append((title, name, *words))
    return pd.DataFrame(rows, columns=[_("Sheet"), _("Column"), _("What it is"), _("Unit")])
