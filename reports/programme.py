"""A programme's report on one page, as PDF and as HTML, in the chosen language."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

import pandas as pd
from reportlab.lib import colors
from reportlab.lib.pagesizes import letter
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.lib.units import inch
from reportlab.platypus import Flowable, KeepInFrame, Paragraph, SimpleDocTemplate, Spacer, Table

from geo.language import current_language
from geo.language import gettext as _
from geo.measures import Records
from geo.programme import Measure, Programme
from geo.programme_area import Area
from geo.programme_tables import (
    curve_shown,
    pace_words,
    sessions_table,
    standings_of,
    stated_words,
    value_words,
)
from geo.wording import to_words
from reports.chart import to_drawing, to_svg

FRAME = (7.1 * inch, 9.4 * inch)


@dataclass(frozen=True, slots=True)
class Report:
    """What stands on the page: words, two tables, and the curve of the measure that has a goal."""

    title: str
    purpose: str
    notes: tuple[str, ...]
    measures: tuple[tuple[str, ...], ...]
    sessions: tuple[tuple[str, ...], ...]
    measure: Measure | None
    curve: pd.Series[float]
    footer: str


def make_report(
    programme: Programme, area: Area, records: Records, today: date, *, full: bool, invented: bool
) -> Report:
    """Gather a programme's report.

    Parameters
    ----------
    records
        The programme's own.
    full
        Whether small counts are shown; a report for others leaves them out.
    invented
        Whether the region is made up; the report then says so.
    """
    measure = next((item for item in programme.measures if item.goal is not None), None)
    curve = pd.Series(dtype=float) if measure is None else curve_shown(measure, records, today, full=full)
    return Report(
        _(programme.title),
        _(programme.purpose),
        tuple(_notes(programme, area, full=full, invented=invented)),
        tuple(_measure_rows(programme, records, today, full=full)),
        tuple(_session_rows(sessions_table(records, today, full=full))),
        measure,
        curve,
        _("As of {day}. Counted from what was recorded; people stand in it by codes, never by name.").format(
            day=today
        ),
    )


def to_html(report: Report) -> bytes:
    """Write it as a web page that needs nothing from outside."""
    notes = "".join(f"<p>{escape(note)}</p>" for note in report.notes)
    parts = [
        f"<h1>{escape(report.title)}</h1><p><strong>{escape(report.purpose)}</strong></p>{notes}",
        _html_table(report.measures),
        _svg(report),
        _html_sessions(report),
        f"<footer>{escape(report.footer)}</footer>",
    ]
    head = f'<meta charset="utf-8"><title>{escape(report.title)}</title><style>{STYLES}</style>'
    body = f"<head>{head}</head><body>{''.join(parts)}</body>"
    return f'<!DOCTYPE html><html lang="{current_language()}">{body}</html>'.encode()


def to_pdf(report: Report) -> bytes:
    """Write it as a PDF of one page (US letter)."""
    styles = getSampleStyleSheet()
    flow: list[Flowable] = [Paragraph(escape(report.title), styles["Title"])]
    flow += [Paragraph(escape(text), styles["BodyText"]) for text in (report.purpose, *report.notes)]
    flow += [Spacer(1, 8), _pdf_table(report.measures)]
    if report.measure is not None and len(report.curve):
        title = Paragraph(escape(_(report.measure.title)), styles["Heading3"])
        flow += [title, to_drawing(report.curve, report.measure.goal, _goal_words(report.measure))]
    if len(report.sessions) > 1:
        flow += [Paragraph(escape(_("Sessions")), styles["Heading3"]), _pdf_table(report.sessions)]
    flow += [Spacer(1, 8), Paragraph(escape(report.footer), styles["Italic"])]
    stream = io.BytesIO()
    document = SimpleDocTemplate(
        stream, pagesize=letter, title=report.title, lang=current_language(), topMargin=45, bottomMargin=45
    )
    document.build([KeepInFrame(*FRAME, flow, mode="shrink")])
    return stream.getvalue()


STYLES = (
    "body{font:15px/1.4 sans-serif;max-width:760px;margin:2rem auto;color:#1a1a1a}"
    "table{border-collapse:collapse;width:100%;margin:0.8rem 0}"
    "th,td{border:1px solid #bbb;padding:0.25rem 0.5rem;text-align:left}th{background:#eef2f5}"
    "footer{color:#4d4d4d;margin-top:1rem}svg{max-width:100%}"
)


def _notes(programme: Programme, area: Area, *, full: bool, invented: bool) -> Sequence[str]:
    period = _("{begins} to {ends} · {area}").format(
        begins=programme.begins, ends=programme.ends or _("open"), area=area.title
    )
    notes = [period, _(programme.audience), ", ".join(programme.partners), area.stand_in]
    if programme.own_report:
        notes.append(_("Baselines, targets and reported results are the organisation's own report."))
    if not full:
        notes.append(_("Counts under 10 are hidden, and what would give them away."))
    if invented:
        notes.append(_("Invented data: this region and everything in it are made up, to try things out."))
    return [note for note in notes if note]


def _measure_rows(
    programme: Programme, records: Records, today: date, *, full: bool
) -> Sequence[tuple[str, ...]]:
    head = (
        _("Measure"),
        _("Baseline"),
        _("Target"),
        _("Counted here"),
        _("Reported by the organisation"),
        "",
    )
    rows = [head]
    for standing in standings_of(programme, records, today, full=full):
        measure = standing.measure
        reported = _(measure.result_words) if measure.result_words else stated_words(measure.result)
        numbers = (stated_words(measure.baseline), stated_words(measure.target), value_words(standing))
        rows.append((_(measure.title), *numbers, reported, pace_words(standing)))
    return rows


def _session_rows(table: pd.DataFrame) -> Sequence[tuple[str, ...]]:
    head = (
        _("Session"),
        _("Day"),
        _("People"),
        _("Back from the session before"),
        _("Came back, of the session before"),
    )
    rows = [head]
    for row in table.itertuples():
        fields: Any = row
        numbers = (_number(fields.people), _number(fields.back), to_words(fields.share_back, "share"))
        rows.append((str(fields.session), str(fields.on.date()), *numbers))
    return rows


def _number(value: Any) -> str:
    return _("hidden") if pd.isna(value) else to_words(value)


def _goal_words(measure: Measure) -> str:
    return _("Target") if measure.target is not None else _("Reported result")


def _html_sessions(report: Report) -> str:
    title = escape(_("Sessions"))
    return f"<h2>{title}</h2>{_html_table(report.sessions)}" if len(report.sessions) > 1 else ""


def _svg(report: Report) -> str:
    if report.measure is None or report.curve.empty:
        return ""
    title = _(report.measure.title)
    drawn = to_svg(report.curve, report.measure.goal, _goal_words(report.measure), title)
    return f"<h2>{escape(title)}</h2>{drawn}"


def _html_table(rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in rows[0])
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows[1:])
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _pdf_table(rows: Sequence[Sequence[str]]) -> Table:
    small = getSampleStyleSheet()["BodyText"].clone("small", fontSize=8, leading=10)
    cells = [[Paragraph(escape(cell), small) for cell in row] for row in rows]
    width = FRAME[0] / len(rows[0])
    look = [
        ("GRID", (0, 0), (-1, -1), 0.4, colors.grey),
        ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#eef2f5")),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]
    return Table(cells, colWidths=[width] * len(rows[0]), style=look, repeatRows=1)
