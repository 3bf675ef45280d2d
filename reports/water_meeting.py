"""The report of a meeting as a PDF: who is served, the funnel, what changed, the years, the board."""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import landscape, letter
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.lib.units import inch
from reportlab.platypus import (
    CondPageBreak,
    Flowable,
    PageBreak,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

from geo.days import day_words
from geo.language import current_language, ngettext
from geo.language import gettext as _
from geo.units import is_missing, to_words
from reports.graphics import draw_curve
from reports.letters import draw_words, to_markup
from store.water.board_table import COSTS, count_served, funnel_table
from store.water.kinds import SERVICE_TITLES, STAGE_TITLES, Service, Stage
from store.water.meetings import UNDATED
from store.water.next_in_line import Listing
from store.water.projects import HEADINGS
from wording.next_in_line import left_out_words, little_known_words, ranking_words, wastewater_words

WIDTH = 10 * inch
HEAD = colors.HexColor("#e6edf2")
# A heading goes to the next page where less than this is left for what comes under it.
LEAST = 1.6 * inch


def to_text(words: str, style: str) -> Paragraph:
    """Write a line or a paragraph; it is escaped."""
    return Paragraph(to_markup(words), getSampleStyleSheet()[style])


def to_section(title: str, content: Sequence[Flowable]) -> list[Flowable]:
    """Put a heading over its content, on the same page as the beginning of it."""
    return [CondPageBreak(LEAST), to_text(title, "Heading2"), *content]


def to_table(rows: Sequence[Sequence[str]], widths: Sequence[float], numbers: Collection[int] = ()) -> Table:
    """Lay out rows under their head, which is repeated on each page.

    Parameters
    ----------
    widths
        In proportion.
    numbers
        Columns that are set flush right.
    """
    body = getSampleStyleSheet()["BodyText"]
    left = ParagraphStyle("small", parent=body, fontSize=8, leading=10, spaceBefore=0)
    right = ParagraphStyle("number", parent=left, alignment=TA_RIGHT)
    cells = [
        [Paragraph(to_markup(cell), right if place in numbers else left) for place, cell in enumerate(row)]
        for row in rows
    ]
    table = Table(cells, colWidths=[WIDTH * width / sum(widths) for width in widths], repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.4, colors.grey),
                ("BACKGROUND", (0, 0), (-1, 0), HEAD),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("TOPPADDING", (0, 0), (-1, -1), 2),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
            ]
        )
    )
    return table


# How many of the highest in need are listed, and of the changes on the first two pages.
NEXT = 10
FIRST_CHANGES = 12
CURVE = (520.0, 120.0)


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision or next step: its text, which system, who leads it, by when."""

    text: str
    system: str = ""
    lead: str = ""
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """What a report is made from.

    Attributes
    ----------
    title, day
        The region's title, and the day of the report.
    since
        Day of the last meeting; None where none was recorded: then all changes are told.
    table
        As :func:`store.water.board_table.order_by_need` returns it, or without rank and cost as
        :func:`store.water.board_table.board_table`; in the order in which it is listed. ``reported`` says
        what a news item that nobody has confirmed reports; without that column nothing is said of news.
    changes
        As :func:`store.water.history.tell_changes` returns them, or what somebody may see of it.
    years
        By service, as :func:`store.water.meetings.yearly_figures` returns them.
    curves
        By service, as :func:`store.water.book.served_curve` returns them.
    sources
        Credits, a line each.
    invented
        Whether the region is made up.
    projects
        As :func:`store.water.projects.project_table` returns them; None where there is none, or who takes the
        report may not see them.
    attended
        Who was there, as it was written down; empty where nobody did, or for who may not see it.
    decisions
        What was decided, and next steps.
    """

    title: str
    day: date
    since: date | None
    table: pd.DataFrame
    changes: pd.DataFrame
    years: Mapping[Service, pd.DataFrame]
    curves: Mapping[Service, pd.DataFrame]
    sources: Sequence[str]
    invented: bool
    attended: str = ""
    decisions: Sequence[Decided] = ()
    projects: pd.DataFrame | None = None


def meeting_pdf(meeting: Meeting) -> bytes:
    """Write the report (US letter, landscape) in the chosen language."""
    flow: list[Flowable] = [*_head(meeting), *_numbers(meeting), *_decisions(meeting)]
    flow += [
        *_changes(meeting, FIRST_CHANGES),
        *_next(meeting),
        PageBreak(),
        to_text(_("Details"), "Heading1"),
    ]
    if len(meeting.changes) > FIRST_CHANGES:
        flow += _changes(meeting, len(meeting.changes))
    flow += [*_curves(meeting), *_projects(meeting), *_board(meeting), *_years(meeting), *_sources(meeting)]
    stream = io.BytesIO()
    document = SimpleDocTemplate(
        stream,
        pagesize=landscape(letter),
        title=_("Water board: report of a meeting"),
        lang=current_language(),
        leftMargin=0.5 * inch,
        rightMargin=0.5 * inch,
        topMargin=0.6 * inch,
        bottomMargin=0.6 * inch,
    )
    foot = _foot(meeting)
    document.build(flow, onFirstPage=foot, onLaterPages=foot)
    return stream.getvalue()


def _head(meeting: Meeting) -> list[Flowable]:
    parts: list[Flowable] = [to_text(_("Water board: report of a meeting"), "Title")]
    parts.append(
        to_text(
            _("{region}, board as of {day}").format(region=meeting.title, day=day_words(meeting.day)),
            "Heading3",
        )
    )
    if meeting.invented:
        parts.append(to_text(_("INVENTED DATA: nothing in this report is real."), "Heading2"))
    if meeting.attended:
        parts.append(to_text(_("Present: {names}").format(names=meeting.attended), "BodyText"))
    return parts


def _numbers(meeting: Meeting) -> list[Flowable]:
    parts: list[Flowable] = []
    for service in Service:
        served = count_served(meeting.table, service)
        parts.append(to_text(served_line(service, served), "Heading3"))
    titles = [_(title) for title in SERVICE_TITLES.values()]
    rows = [[_("Stage"), *(words for title in titles for words in (title, _("people")))]]
    funnels = [funnel_table(meeting.table, service) for service in Service]
    for stage in Stage:
        cells = [(to_words(one.loc[stage, "systems"]), to_words(one.loc[stage, "people"])) for one in funnels]
        rows.append([_(STAGE_TITLES[stage]), *(cell for pair in cells for cell in pair)])
    return [*parts, Spacer(1, 6), to_table(rows, (3, 1, 1, 1, 1), range(1, 5))]


def served_line(service: Service, served: Any) -> str:
    """Say who is served of how many.

    Examples
    --------
    >>> from store.water.board_table import Served
    >>> served_line(Service.WATER, Served(2, 80, 300.0, 9000.0, 60.0, 2500.0, 0))
    'Water, connected so far: 300 of 9,000 people, 60 of 2,500 connections, 2 of 80 systems'
    """
    return _(
        "{service}, connected so far: {people} of {all} people, {homes} of {all_homes} connections, "
        "{systems} of {of} systems"
    ).format(
        service=_(SERVICE_TITLES[service]).capitalize(),
        people=to_words(served.people),
        all=to_words(served.of_people),
        homes=to_words(served.connections),
        all_homes=to_words(served.of_connections),
        systems=served.systems,
        of=served.of_systems,
    )


def _curves(meeting: Meeting) -> list[Flowable]:
    """Draw people served over time toward the target, for each service of which anything is recorded."""
    parts: list[Flowable] = []
    for service, curve in meeting.curves.items():
        if not curve.empty:
            goal = float(curve["population_goal"].iloc[0])
            words = _("Target: {amount}").format(amount=to_words(goal))
            title = _("{service}: people served over time").format(
                service=_(SERVICE_TITLES[service]).capitalize()
            )
            parts += [
                to_text(title, "Heading3"),
                draw_curve(curve["population"], CURVE, goal, words, pd.Series(dtype=float)),
            ]
    return parts


def _decisions(meeting: Meeting) -> list[Flowable]:
    """List what was decided and who does what by when; nothing where nothing is written down."""
    if not meeting.decisions:
        return []
    rows = [[_("Decision or next step"), _("System"), _("Lead"), _("By when")]]
    rows += [
        [item.text, item.system, item.lead, day_words(item.due) if item.due else ""]
        for item in meeting.decisions
    ]
    return to_section(_("Decisions and next steps"), [to_table(rows, (5, 3, 2, 1.4))])


def _changes(meeting: Meeting, most: int) -> list[Flowable]:
    since = day_words(meeting.since) if meeting.since else _("the beginning")
    title = _("Changes since {day}").format(day=since)
    if meeting.changes.empty:
        return to_section(title, [to_text(_("None."), "BodyText")])
    heads = {
        "at": (_("When"), 1.6),
        "who": (_("Who"), 1.4),
        "system": (_("System"), 3),
        "service": (_("Service"), 1.5),
        "kind": (_("What"), 1.9),
        "was": (_("From"), 2),
        "now": (_("To"), 2.6),
        "why": (_("Why"), 2),
        "source": (_("Source"), 2.3),
    }
    first = meeting.changes.head(most)
    told = first.assign(
        at=[day_words(at.date()) for at in first["at"]],
        system=[_system(meeting, str(pwsid)) for pwsid in first["pwsid"]],
    )
    shown = [name for name in heads if name in told]
    rows = [[heads[name][0] for name in shown], *told[shown].to_numpy().tolist()]
    content: list[Flowable] = [to_table(rows, tuple(heads[name][1] for name in shown))]
    rest = len(meeting.changes) - len(first)
    if rest:
        words = ngettext("{count} more stands under Details.", "{count} more stand under Details.", rest)
        content.append(to_text(words.format(count=rest), "BodyText"))
    return to_section(title, content)


def _system(meeting: Meeting, pwsid: str) -> str:
    name = str(meeting.table["name"].get(pwsid, ""))
    return name if pwsid in name else f"{name} ({pwsid})"


def _years(meeting: Meeting) -> list[Flowable]:
    rows = [[_("Service"), _("Year"), _("Systems"), _("People"), _("Connections"), _("Money secured")]]
    for service, figures in meeting.years.items():
        for year, line in figures.iterrows():
            counts = [to_words(line[name]) for name in ("systems", "people", "connections")]
            words = _("no day given") if year == UNDATED else str(year)
            rows.append([_(SERVICE_TITLES[service]), words, *counts, to_words(line["funding_usd"], "USD")])
    if len(rows) == 1:
        return to_section(_("Year by year"), [to_text(_("None."), "BodyText")])
    return to_section(_("Year by year"), [to_table(rows, (2, 1, 1, 1, 1, 2), range(2, 6))])


def _next(meeting: Meeting) -> list[Flowable]:
    """List who is next for water with what it would cost, and say how many are not on the list, and why."""
    table = meeting.table
    if "listing" not in table:
        return []
    listed = table[table["listing"].eq(Listing.NEXT)]
    head = [_("Rank"), _("System"), _("Community"), _("SAFER status"), _("People"), _("Stage")]
    rows = [[*head, _("Cost alone"), _("from"), _("to")]]
    for pwsid, row in listed.head(NEXT).iterrows():
        stage = _(STAGE_TITLES[Stage(str(row[f"{Service.WATER}_stage"]))])
        stage += f" ({row['reported']})" if row.get("reported") else ""
        costs = [to_words(row.get(name), "USD") for name in COSTS[:3]]
        rows.append(
            [to_words(row["rank"]), *_who(str(pwsid), row), to_words(row["population"]), stage, *costs]
        )
    widths, numbers = (0.8, 4, 2, 2, 1, 2, 1.6, 1.6, 1.6), (0, 4, 6, 7, 8)
    shown = to_table(rows, widths, numbers) if len(rows) > 1 else to_text(_("None."), "BodyText")
    costed = _(
        "Cost by the State's method, an estimate for comparing; for wastewater none is public. Where a "
        "system's place is not known well enough, its cost rests on the State's own way of 2021, or is told "
        "as a range over the places of its community, or not at all."
    )
    notes = [left_out_words(table["listing"]), little_known_words(table["listing"]), ranking_words()]
    words = [to_text(line, "BodyText") for line in (*notes, costed, wastewater_words()) if line]
    return to_section(_("Who is next"), [shown, *words])


def _projects(meeting: Meeting) -> list[Flowable]:
    """List the projects with each step of their money, and what is due or overdue."""
    if meeting.projects is None:
        return []
    money = [name for name in HEADINGS if name.endswith("_usd") and meeting.projects[name].notna().any()]
    shown = ["project", "systems", "lead", "funders", *money, "next_due", "next_step", "overdue"]
    rows = [[_(HEADINGS[name]).capitalize() if name in money else _(HEADINGS[name]) for name in shown]]
    rows += [
        [_project_cell(name, value) for name, value in zip(shown, row, strict=True)]
        for row in meeting.projects[shown].itertuples(index=False)
    ]
    widths = [2.6, 1.2, 1.6, 1.8, *[1.5] * len(money), 1.6, 1.8, 1.2]
    note = _("Each amount is the same money at another step: never add them.")
    numbers = (1, *range(4, 4 + len(money)), len(shown) - 1)
    return to_section(_("Projects and money"), [to_table(rows, widths, numbers), to_text(note, "BodyText")])


def _project_cell(name: str, value: Any) -> str:
    if is_missing(value):
        return ""
    if name.endswith("_usd"):
        return to_words(float(value), "USD")
    return day_words(value) if name == "next_due" else str(value)


def _board(meeting: Meeting) -> list[Flowable]:
    stages = [f"{service}_stage" for service in Service]
    started = meeting.table[
        meeting.table[stages].apply(lambda column: column != str(Stage.NOT_RECORDED)).any(axis=1)
    ]
    title = _("Every system with a recorded stage")
    if started.empty:
        return to_section(title, [to_text(_("None."), "BodyText")])
    titles = [_(words).capitalize() for words in SERVICE_TITLES.values()]
    rows = [[_("System"), _("Community"), _("SAFER status"), _("People"), *titles, _("Funding on record")]]
    for pwsid, row in started.iterrows():
        words = [_(STAGE_TITLES[Stage(str(row[name]))]) for name in stages]
        usd = sum(float(row[f"{service}_funding_usd"]) for service in Service)
        money = to_words(usd, "USD") if usd else ""
        rows.append([*_who(str(pwsid), row), to_words(row["population"]), *words, money])
    return to_section(title, [to_table(rows, (4, 2, 2, 1, 2, 2, 2), (3, 6))])


def _who(pwsid: str, row: pd.Series[Any]) -> list[str]:
    """Tell a system's name with its identifier, its community and its SAFER status."""
    name, place, status = (
        "" if pd.isna(row[key]) else str(row[key]) for key in ("name", "community", "safer_status")
    )
    return [name if pwsid in name else f"{name} ({pwsid})", place, _(status) if status else ""]


def _sources(meeting: Meeting) -> list[Flowable]:
    lines = [to_text(line, "BodyText") for line in meeting.sources]
    note = _("Stages, money and comments are what the task force recorded, each with who and when.")
    return to_section(_("Sources"), [to_text(note, "BodyText"), *lines])


def _foot(meeting: Meeting) -> Callable[[Any, Any], None]:
    mark = _("INVENTED DATA") if meeting.invented else ""

    def write(canvas: Any, document: Any) -> None:
        canvas.saveState()
        line = f"{meeting.title} · {day_words(meeting.day)} · {document.page}"
        draw_words(canvas, 0.5 * inch, 0.35 * inch, f"{mark} · {line}" if mark else line, "Helvetica", 8)
        canvas.restoreState()

    return write
