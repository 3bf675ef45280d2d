"""The report of the meeting, the year's figures, and the board as files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import geopandas as gpd
import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.markup import heading
from app_pages.parts.page import refusing, say_done, tell_done
from app_pages.parts.people import may_write
from app_pages.parts.water.board import Desk, changes_of, open_desk, records_of
from app_pages.parts.water.board_table import ordered_board
from app_pages.parts.water.key_figures import curve_of
from app_pages.parts.water.projects import projects_of
from geo.days import day_in, day_words
from geo.language import LANGUAGES, current_language, use_language
from geo.language import gettext as _
from reports.column_sheet import board_dictionary
from reports.export import Format, Notes, export, file_name, make_notes
from reports.water_meeting import Decided, Meeting, meeting_pdf
from reports.workbooks import board_workbook
from store.records import Kept
from store.visibility import may_see
from store.water.board_table import Filters, filter_table
from store.water.kinds import SERVICE_TITLES, Funding, Service, Status
from store.water.meetings import (
    UNDATED,
    Decision,
    close_meeting,
    decisions_of,
    list_meetings,
    yearly_figures,
)
from store.water.meetings import Meeting as Held
from store.water.past import Past
from wording.profiles import source_records

CLOSED = "water.close.done"
DATASETS = ("water_systems", "receiver_boundaries", "roads", "people_served", "violations")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def show_report(
    desk: Desk, filters: Filters, ordered: pd.DataFrame, for_water: pd.DataFrame, boundary: str, method: str
) -> None:
    """Offer the report in both languages, the downloads, and closing the meeting.

    Parameters
    ----------
    ordered, for_water
        The board as :func:`store.water.board_table.order_by_need` returns it: for the service on the screen,
        which the files hold, and for water, which the report tells of.
    boundary, method
        By which it was ordered and costed.
    """
    offer_report(desk, filters, for_water, boundary, method)
    if desk.who:
        st.caption(_("You are signed in: report and files bear the names of small systems."))
    show_downloads(desk, ordered)
    st.markdown(heading(_("Year by year")))
    st.dataframe(
        years_of(desk)[filters.service].rename(index={UNDATED: _("no day given")}),
        key="water.years",
        column_config=year_titles(),
    )
    close_form(desk)


def offer_report(desk: Desk, filters: Filters, for_water: pd.DataFrame, boundary: str, method: str) -> None:
    """Let a person choose a meeting, and take its report in either language."""
    account = choose_account(desk)
    then = desk_of(desk, account)
    if account.held is not None:
        shown = filter_table(then.table, filters)
        for_water = ordered_board(then, shown, boundary, method, Service.WATER)
    invented = "-invented" if desk.region.invented else ""
    with st.container(horizontal=True):
        for language, title in LANGUAGES.items():
            st.download_button(
                _("Print the report ({language}, PDF)").format(language=title),
                partial(make_report, then, for_water, language, account),
                file_name=f"{desk.region.key}-meeting{invented}-{language}.pdf",
                mime="application/pdf",
                on_click="ignore",
                key=f"water.report.{language}",
            )


@dataclass(frozen=True, slots=True)
class Account:
    """What a report tells of: the meeting that was held, None for the one to come, and the one before it."""

    held: Kept[Held] | None
    before: Kept[Held] | None


def choose_account(desk: Desk) -> Account:
    """Let a person say of which meeting the report is: the last, as long as nothing changed since it."""
    meetings = list_meetings(desk.board)
    if not meetings:
        st.caption(_("No meeting is recorded yet: the report tells every change."))
        return Account(None, None)
    accounts = [Account(None, meetings[0])]
    accounts += [Account(*pair) for pair in zip(meetings, [*meetings[1:], None], strict=True)]
    accounts.append(Account(None, None))
    closed = changes_of(desk, since=meetings[0].at, limit=1).empty
    titles = [account_words(desk, item) for item in accounts]
    number = st.selectbox(
        _("Report of"),
        range(len(titles)),
        index=int(closed),
        key=f"water.report.of.{meetings[0].number}.{meetings[0].record.key}",
        format_func=titles.__getitem__,
    )
    return accounts[number]


def account_words(desk: Desk, account: Account) -> str:
    """Say of which meeting a report is, and since when it tells changes."""
    if account.held is None and account.before is None:
        return _("everything on record")
    named = may_see("meeting", desk.rights, "who")
    days = [
        f"{day_words(item.record.held_on)}{f' ({item.who})' if named else ''}" if item else ""
        for item in (account.held, account.before)
    ]
    if account.held is None:
        return _("the next meeting: changes since {day}").format(day=days[1])
    return _("the meeting of {day}").format(day=days[0])


def desk_of(desk: Desk, account: Account) -> Desk:
    """Return the board as it was recorded when a meeting was closed; the one of now for the one to come."""
    if account.held is None:
        return desk
    past = Past(account.held.record.held_on, account.held.at, desk.region.timezone, recorded=True)
    return open_desk(desk.region, desk.who, str(st.session_state["water.scope"]), past)


def make_report(desk: Desk, ordered: pd.DataFrame, language: str, account: Account) -> bytes:
    """Make the report's content; it runs apart from the page, so the language comes along."""
    use_language(language)
    since = account.before
    told = changes_of(desk, since=since.at if since else None)
    meeting = Meeting(
        title=_(desk.region.title),
        day=account.held.record.held_on if account.held else day_in(desk.region.timezone),
        since=since.record.held_on if since else None,
        table=ordered,
        changes=told[told["pwsid"].isin(desk.table.index)].assign(at=local_days(told, desk.region.timezone)),
        years=years_of(desk),
        curves=curves_of(desk),
        sources=notes_of(desk).sources,
        invented=desk.region.invented,
        projects=projects_of(desk),
        attended=attended_of(desk, account),
        decisions=decided_of(desk, account),
    )
    return meeting_pdf(meeting)


def local_days(told: pd.DataFrame, timezone: str) -> pd.Series[Any]:
    """Return the days of changes as the task force lived them, not as they are in UTC."""
    return pd.to_datetime(told["at"], utc=True).dt.tz_convert(timezone)


def attended_of(desk: Desk, account: Account) -> str:
    """Tell who was at a meeting that was held, to those who may see it."""
    held = account.held
    return held.record.attended if held and may_see("meeting", desk.rights, "attended") else ""


def decided_of(desk: Desk, account: Account) -> list[Decided]:
    """List what was decided since the meeting before, to those who may see it."""
    if not may_see("decision", desk.rights):
        return []
    until = account.held.record.held_on if account.held else day_in(desk.region.timezone)
    kept = decisions_of(desk.board, account.before.record.held_on if account.before else None, until)
    return [to_decided(desk, item.record) for item in kept]


def to_decided(desk: Desk, decision: Decision) -> Decided:
    """Lay a decision out for print, with its system's name."""
    name = str(desk.table["name"].get(decision.pwsid, decision.pwsid)) if decision.pwsid else ""
    return Decided(decision.text, name, decision.lead, decision.due)


def years_of(desk: Desk) -> dict[Service, pd.DataFrame]:
    """Count each year for each service, on the systems of the board."""
    statuses = desk.board.kept(Status, as_of=desk.as_of)
    funding = desk.board.kept(Funding, as_of=desk.as_of)
    return {service: yearly_figures(statuses, funding, desk.table, service) for service in Service}


def years_table(desk: Desk) -> pd.DataFrame:
    """Put both services' years under one another."""
    years = {_(SERVICE_TITLES[service]): table for service, table in years_of(desk).items()}
    named = {title: table.rename(index={UNDATED: _("no day given")}) for title, table in years.items()}
    return pd.concat(named, names=["service", "year"]).reset_index()


def curves_of(desk: Desk) -> dict[Service, pd.DataFrame]:
    """Draw out who is served over time for each service, on the systems of the board."""
    return {service: curve_of(desk, service) for service in Service}


def year_titles() -> dict[str, Any]:
    """Titles of the year's figures."""
    return {
        "year": st.column_config.TextColumn(_("Year")),
        "systems": _("Systems"),
        "people": _("People"),
        "connections": _("Connections"),
        "people_unknown": _("Systems whose people are not known"),
        "funding_usd": st.column_config.NumberColumn(_("Money secured"), format="dollar", step=1),
    }


def show_downloads(desk: Desk, ordered: pd.DataFrame) -> None:
    """Offer what the table shows as XLSX, CSV and GeoPackage."""
    forms: dict[str, tuple[str, str]] = {
        "xlsx": (_("Excel"), XLSX),
        "csv": (_("CSV"), "text/csv"),
        "gpkg": (_("GeoPackage"), "application/geopackage+sqlite3"),
    }
    with st.container(horizontal=True):
        for form, (title, kind) in forms.items():
            name = file_name(desk.region.key, "water-board", "csv", invented=desk.region.invented)
            st.download_button(
                _("Download {format}").format(format=title),
                partial(make_file, desk, ordered, form, current_language()),
                file_name=f"{name.removesuffix('.csv')}.{form}",
                mime=kind,
                on_click="ignore",
                key=f"water.download.{form}",
            )


def make_file(desk: Desk, ordered: pd.DataFrame, form: str, language: str) -> bytes:
    """Make a download's content."""
    use_language(language)
    notes = notes_of(desk)
    if form == "xlsx":
        told, records = changes_of(desk), records_of(desk)
        return board_workbook(
            ordered, told, notes, records=records, years=years_table(desk), projects=projects_of(desk)
        )
    shapes = desk.systems.set_index("pwsid").geometry.reindex(ordered.index)
    frame = (
        gpd.GeoDataFrame(ordered, geometry=shapes, crs=desk.systems.crs).rename_axis("pwsid").reset_index()
    )
    # A CSV stays one file, as it can be taken in again; what its columns are stands in the other two.
    described = tuple(board_dictionary(map(str, frame))) if form == "gpkg" else ()
    kind: Format = "gpkg" if form == "gpkg" else "csv"
    return export(frame, kind, replace(notes, columns=described))


def notes_of(desk: Desk) -> Notes:
    """List the sources of everything that the board shows."""
    records = {
        key: record for name in DATASETS for key, record in source_records(desk.region.key, name).items()
    }
    return make_notes(_("Water board"), records, invented=desk.region.invented)


def close_form(desk: Desk) -> None:
    """Let the task force record that a meeting was held: the next report begins there."""
    st.markdown(heading(_("Close the meeting")))
    if not may_write(desk.who):
        return
    with st.form("water.close", border=False):
        day = st.date_input(_("Held on"), key="water.close.day", format="YYYY-MM-DD")
        attended = st.text_input(
            _("Who was there"), key="water.close.attended", placeholder=_("names or organizations")
        )
        pressed = st.form_submit_button(_("Record that the meeting was held"))
    if pressed:
        with refusing():
            close_meeting(desk.board, Held.make({"held_on": day, "attended": attended}), desk.who)
            words = _("The meeting of {day} is closed. Its report is on this page, under Report of.")
            say_done(CLOSED, words.format(day=day_words(day)))
            st.rerun()
    tell_done(CLOSED)
