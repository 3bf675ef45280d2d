"""The report of a meeting as a PDF: who is served, the funnel, what changed, the years, and the board."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

import pandas as pd
from reportlab.lib import colors
from reportlab.lib.pagesizes import landscape, letter
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.lib.units import inch
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from geo.language import current_language
from geo.language import gettext as _
from geo.wording import to_words
from store.board_table import count_served, funnel_table
from store.status import SERVICE_TITLES, STAGE_TITLES, Service, Stage
from store.yearly import UNDATED

WIDTH = 10 * inch
HEAD = colors.HexColor("#e6edf2")


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
        As :func:`store.board_table.board_table` returns it, in the order in which it is listed.
    changes
        As :func:`store.telling.tell_changes` returns them.
    years
        By service, as :func:`store.yearly.yearly_figures` returns them.
    sources
        Credits, a line each.
    invented
        Whether the region is made up.
    """

    title: str
    day: date
    since: date | None
    table: pd.DataFrame
    changes: pd.DataFrame
    years: Mapping[Service, pd.DataFrame]
    sources: Sequence[str]
    invented: bool


def meeting_pdf(meeting: Meeting) -> bytes:
    """Write the report (US letter, landscape) in the chosen language."""
    flow: list[Flowable] = [*_head(meeting), *_numbers(meeting), *_changes(meeting), *_years(meeting)]
    flow += [*_board(meeting), *_sources(meeting)]
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
    parts: list[Flowable] = [_text(_("Water board: report of a meeting"), "Title")]
    parts.append(_text(f"{meeting.title} · {meeting.day.isoformat()}", "Heading3"))
    if meeting.invented:
        parts.append(_text(_("INVENTED DATA: nothing in this report is real."), "Heading2"))
    return parts


def _numbers(meeting: Meeting) -> list[Flowable]:
    parts: list[Flowable] = []
    for service in Service:
        served = count_served(meeting.table, service)
        parts.append(_text(served_line(service, served), "Heading3"))
    titles = [_(title) for title in SERVICE_TITLES.values()]
    rows = [[_("Stage"), *(words for title in titles for words in (title, _("people")))]]
    funnels = [funnel_table(meeting.table, service) for service in Service]
    for stage in Stage:
        cells = [(to_words(one.loc[stage, "systems"]), to_words(one.loc[stage, "people"])) for one in funnels]
        rows.append([_(STAGE_TITLES[stage]), *(cell for pair in cells for cell in pair)])
    return [*parts, Spacer(1, 6), _table(rows, (3, 1, 1, 1, 1))]


def served_line(service: Service, served: Any) -> str:
    """Say who is served of how many.

    Examples
    --------
    >>> from store.board_table import Served
    >>> served_line(Service.WATER, Served(2, 80, 300.0, 9000.0, 60.0, 2500.0, 0))
    'Water: 300 of 9,000 people, 60 of 2,500 connections, 2 of 80 systems'
    """
    return _(
        "{service}: {people} of {all} people, {homes} of {all_homes} connections, {systems} of {of} systems"
    ).format(
        service=_(SERVICE_TITLES[service]).capitalize(),
        people=to_words(served.people),
        all=to_words(served.of_people),
        homes=to_words(served.connections),
        all_homes=to_words(served.of_connections),
        systems=served.systems,
        of=served.of_systems,
    )


def _changes(meeting: Meeting) -> list[Flowable]:
    since = meeting.since.isoformat() if meeting.since else _("the beginning")
    parts: list[Flowable] = [_text(_("Changes since {day}").format(day=since), "Heading2")]
    if meeting.changes.empty:
        return [*parts, _text(_("None."), "BodyText")]
    head = [
        _("When"),
        _("Who"),
        _("System"),
        _("Service"),
        _("What"),
        _("From"),
        _("To"),
        _("Why"),
        _("Source"),
    ]
    rows = [head]
    for change in meeting.changes.to_dict(orient="records"):
        name = meeting.table["name"].get(change["pwsid"], "")
        keys = ("service", "kind", "was", "now", "why", "source")
        system = f"{name} ({change['pwsid']})" if change["pwsid"] not in str(name) else str(name)
        rows.append([f"{change['at']:%Y-%m-%d}", change["who"], system, *(change[key] for key in keys)])
    return [*parts, _table(rows, (1.6, 1.4, 3, 1.5, 1.9, 2, 2.6, 2, 2.3))]


def _years(meeting: Meeting) -> list[Flowable]:
    parts: list[Flowable] = [_text(_("Year by year"), "Heading2")]
    head = [_("Service"), _("Year"), _("Systems"), _("People"), _("Connections"), _("Money secured")]
    rows = [head]
    for service, figures in meeting.years.items():
        for year, line in figures.iterrows():
            counts = [to_words(line[name]) for name in ("systems", "people", "connections")]
            rows.append(
                [
                    _(SERVICE_TITLES[service]),
                    _("no day given") if year == UNDATED else str(year),
                    *counts,
                    to_words(line["funding_usd"], "USD"),
                ]
            )
    if len(rows) == 1:
        return [*parts, _text(_("None."), "BodyText")]
    return [*parts, _table(rows, (2, 1, 1, 1, 1, 2))]


def _board(meeting: Meeting) -> list[Flowable]:
    stages = [f"{service}_stage" for service in Service]
    started = meeting.table[
        meeting.table[stages].apply(lambda column: column != str(Stage.NOT_RECORDED)).any(axis=1)
    ]
    parts: list[Flowable] = [_text(_("Every system with a recorded stage"), "Heading2")]
    if started.empty:
        return [*parts, _text(_("None."), "BodyText")]
    titles = [_(title).capitalize() for title in SERVICE_TITLES.values()]
    rows = [[_("System"), _("PWSID"), _("Community"), _("SAFER status"), _("People"), *titles]]
    for pwsid, row in started.iterrows():
        facts = ["" if pd.isna(row[name]) else str(row[name]) for name in ("name",)]
        place = "" if pd.isna(row["community"]) else str(row["community"])
        status = "" if pd.isna(row["safer_status"]) else _(str(row["safer_status"]))
        words = [_(STAGE_TITLES[Stage(str(row[name]))]) for name in stages]
        rows.append([*facts, str(pwsid), place, status, to_words(row["population"]), *words])
    return [*parts, _table(rows, (4, 1.6, 2, 2, 1, 2, 2))]


def _sources(meeting: Meeting) -> list[Flowable]:
    parts: list[Flowable] = [_text(_("Sources"), "Heading2")]
    parts.append(_text("; ".join(meeting.sources), "BodyText"))
    note = _("Stages, money and comments are what the task force recorded, each with who and when.")
    return [*parts, _text(note, "BodyText")]


def _text(words: str, style: str) -> Paragraph:
    look = getSampleStyleSheet()[style].clone(style, keepWithNext=int(style.startswith("Heading")))
    return Paragraph(escape(words), look)


def _table(rows: Sequence[Sequence[str]], widths: Sequence[float]) -> Table:
    small = ParagraphStyle(
        "small", parent=getSampleStyleSheet()["BodyText"], fontSize=8, leading=10, spaceBefore=0
    )
    cells = [[Paragraph(escape(str(cell)), small) for cell in row] for row in rows]
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


def _foot(meeting: Meeting) -> Callable[[Any, Any], None]:
    mark = _("INVENTED DATA") if meeting.invented else ""

    def write(canvas: Any, document: Any) -> None:
        canvas.saveState()
        canvas.setFont("Helvetica", 8)
        line = f"{meeting.title} · {meeting.day.isoformat()} · {document.page}"
        canvas.drawString(0.5 * inch, 0.35 * inch, f"{mark} · {line}" if mark else line)
        canvas.restoreState()

    return write
