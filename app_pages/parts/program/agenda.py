"""What the calendar shows: read for who looks, filtered, as a month and as a list; what is due."""

from __future__ import annotations

from calendar import SUNDAY, Calendar
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from html import escape

import pandas as pd
from babel.dates import format_date, get_day_names

from app_pages.parts import screen as st
from app_pages.parts.loading import is_built, kept, load_table
from app_pages.parts.markup import heading
from app_pages.parts.page import today
from app_pages.parts.people import Person
from app_pages.parts.program.data import PLACING, placed_records, shared_figures
from geo.language import current_language
from geo.language import gettext as _
from geo.program.declaration import Program
from geo.program.measures import without_attendance
from geo.region import Region
from store.members import Rights
from store.program.book import ProgramBook
from store.visibility import may_see, to_visible
from wording.agenda import KIND_TITLES, Dated, hours_words, list_dated, standing_on_calendar
from wording.due import Due, due_words, list_due

SYSTEMS = "water_systems"
STYLES = """<style>
.geo-month table{border-collapse:collapse;width:100%;table-layout:fixed;font-size:0.86rem;line-height:1.25}
.geo-month caption{text-align:left;font-weight:650;font-size:1.1rem;padding:0.2rem 0 0.5rem 0;color:#1a1a1a}
.geo-month th{font-weight:600;color:#4d4d4d;text-align:left;padding:0.2rem 0.4rem;border:1px solid #d5dde4}
.geo-month td{vertical-align:top;border:1px solid #d5dde4;padding:0.25rem 0.4rem;height:4.6rem;
overflow-wrap:anywhere}
.geo-month .out{background:#f5f6f7}
.geo-month .now{box-shadow:inset 0 0 0 2px #0b5a7a}
.geo-month .day{color:#4d4d4d}
.geo-month .long{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.geo-month ul{list-style:none;margin:0;padding:0}
.geo-month li{margin:0.15rem 0 0 0;padding:0.1rem 0 0.1rem 0.35rem;border-left:4px solid #0b5a7a;
font-size:0.86rem}
.geo-month li.water{border-left-color:#2a7f9e}.geo-month li.canvass{border-left-color:#8a5a00}
.geo-month li.mark{border-left-color:#6b3fa0}
.geo-month .kind{display:block;color:#4d4d4d;font-size:0.78rem}
.geo-due ul{margin:0;padding:0 0 0 1.1rem;font-size:0.92rem;line-height:1.4}
.geo-due li{font-size:0.92rem}
.geo-due .late{color:#a02020;font-weight:650}
@media (max-width:640px){
.geo-month table,.geo-month caption,.geo-month tbody,.geo-month tr,.geo-month td{display:block;width:100%}
.geo-month thead,.geo-month td.none,.geo-month .day{display:none}
.geo-month td{height:auto;border:0;border-top:1px solid #d5dde4;padding:0.4rem 0}
.geo-month .now{box-shadow:none}
.geo-month .long{position:static;width:auto;height:auto;clip-path:none;font-weight:650}
}
</style>"""
LOOKS = {
    **dict.fromkeys(("meeting", "water_milestone", "project"), "water"),
    **dict.fromkeys(("turfs", "canvass_goal", "canvass_day", "shift"), "canvass"),
    **dict.fromkeys(("milestone", "election"), "mark"),
}


def read_dated(region: Region, book: ProgramBook, person: Person) -> tuple[Dated, ...]:
    """Return what stands on the region's calendar as who looks may see it, withdrawn events among it."""
    return _dated(region, book, tuple(book.programs().values()), today(), person.rights)


@kept(SYSTEMS, most=8)
def _dated(
    region: Region, book: ProgramBook, programs: tuple[Program, ...], day: date, rights: Rights
) -> tuple[Dated, ...]:
    systems: dict[str, str] = {}
    if is_built(region, SYSTEMS):
        frame = to_visible(load_table(region.key, SYSTEMS, rights), SYSTEMS, rights)
        systems = dict(zip(frame["pwsid"].astype(str), frame["name"].astype(str), strict=True))
    ours = {program.key: program for program in programs}
    return tuple(list_dated(book, ours, day, systems, projects=may_see("project", rights)))


def read_due(region: Region, book: ProgramBook, person: Person) -> tuple[Due, ...]:
    """Return what is due; events of which nobody wrote down who came, only to those who may record.

    Its figures are those that everybody reads.
    """
    programs = tuple(book.programs().values())
    return _due(region, book, programs, today(), person.rights, person.may_write)


@kept(*PLACING, SYSTEMS, most=8)
def _due(
    region: Region,
    book: ProgramBook,
    programs: tuple[Program, ...],
    day: date,
    rights: Rights,
    records: bool,
) -> tuple[Due, ...]:
    dated = standing_on_calendar(_dated(region, book, programs, day, rights))
    unattended = without_attendance(placed_records(region, book), day) if records else []
    return tuple(list_due(dated, shared_figures(region, book), unattended, day))


def show_due(due: Sequence[Due], titles: Mapping[str, str], most: int = 6) -> None:
    """Show what is due, the first few in sight and all of it on demand; nothing where nothing is."""
    if not due:
        return
    st.markdown(heading(_("Due soon and overdue")))
    st.html(due_html(due[:most], titles))
    rest = due[most:]
    if rest:
        words = _("{count} more").format(count=len(rest))
        with st.expander(words):
            st.html(due_html(rest, titles))


def due_html(due: Iterable[Due], titles: Mapping[str, str]) -> str:
    """Write what is due, a line each; what is late in words and color.

    Examples
    --------
    >>> html = due_html([Due(date(2026, 11, 28), "<b>", "2 days late", True)], {})
    >>> 'Nov 28, 2026 · &lt;b&gt;, <span class="late">2 days late</span>' in html
    True
    """
    lines = "".join(
        f"<li>{escape(due_words(item, titles))}, "
        f'<span class="{"late" if item.is_late else "soon"}">{escape(item.words)}</span></li>'
        for item in due
    )
    return f'{STYLES}<section class="geo-due"><ul>{lines}</ul></section>'


def months_of(dated: Iterable[Dated], day: date) -> list[date]:
    """List the first days of the months in which something stands, and of the month of today."""
    return sorted({day.replace(day=1), *(item.on.replace(day=1) for item in dated)})


def first_month(dated: Sequence[Dated], day: date) -> date:
    """Return the month to begin with: this one, unless nothing stands in it or after it.

    Examples
    --------
    >>> then = Dated("forum", "p/a", date(2019, 3, 5), "F")
    >>> first_month([then], date(2026, 11, 30)), first_month([], date(2026, 11, 30))
    (datetime.date(2019, 3, 1), datetime.date(2026, 11, 1))
    """
    now = day.replace(day=1)
    last = max((item.on.replace(day=1) for item in dated), default=now)
    return min(now, last) if last < now else now


def month_html(month: date, dated: Iterable[Dated], titles: Mapping[str, str], day: date) -> str:
    """Write a month as a table, a row a week; on a narrow screen a list of the days that hold something.

    Examples
    --------
    >>> html = month_html(date(2026, 11, 1), [Dated("forum", "p/a", date(2026, 11, 3), "<F>")], {},
    ...     date(2026, 11, 30))
    >>> html.count("<tr>"), "&lt;F&gt;" in html
    (6, True)
    """
    by_day: dict[date, list[Dated]] = {}
    for item in dated:
        by_day.setdefault(item.on, []).append(item)
    language = current_language()
    names = get_day_names("abbreviated", locale=language)
    head = "".join(f'<th scope="col">{escape(names[(SUNDAY + place) % 7])}</th>' for place in range(7))
    weeks = "".join(
        f"<tr>{''.join(_cell(on, month, by_day.get(on, []), titles, day) for on in week)}</tr>"
        for week in Calendar(SUNDAY).monthdatescalendar(month.year, month.month)
    )
    caption = escape(month_words(month))
    return (
        f'{STYLES}<section class="geo-month"><table><caption>{caption}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{weeks}</tbody></table></section>"
    )


def _cell(on: date, month: date, dated: Sequence[Dated], titles: Mapping[str, str], day: date) -> str:
    if on.month != month.month:
        return '<td class="out none"></td>'
    marks = " ".join([*(["now"] if on == day else []), *([] if dated else ["none"])])
    current = ' aria-current="date"' if on == day else ""
    long = escape(format_date(on, "full", locale=current_language())) if dated else ""
    items = "".join(_item(item, titles) for item in dated)
    number = f'<span class="day" aria-hidden="true">{on.day}</span>' if dated else str(on.day)
    told = f'<span class="long">{long}</span><ul>{items}</ul>' if dated else ""
    return f'<td class="{marks}"{current}>{number}{told}</td>'


def _item(item: Dated, titles: Mapping[str, str]) -> str:
    hours = hours_words(item)
    program = titles.get(item.program, "").partition(":")[0]
    beside = " · ".join(part for part in (_(KIND_TITLES[item.kind]), program, item.state) if part)
    return (
        f'<li class="{LOOKS.get(item.kind, "event")}">{escape(f"{hours} {item.title}".strip())}'
        f'<span class="kind">{escape(beside)}</span></li>'
    )


def month_words(month: date) -> str:
    """Write a month with its year.

    Examples
    --------
    >>> month_words(date(2026, 11, 1))
    'November 2026'
    """
    words = format_date(month, "LLLL y", locale=current_language())
    return words[:1].upper() + words[1:]


def dated_frame(dated: Iterable[Dated], titles: Mapping[str, str]) -> pd.DataFrame:
    """Put what stands on the calendar into a table, a row each.

    Returns
    -------
    pandas.DataFrame
        ``on``, ``hours``, ``title``, ``program``, ``kind``, ``place``, ``holds`` (people, NA where not
        known), ``partner`` and ``state``.
    """
    rows = [
        {
            "on": item.on,
            "hours": hours_words(item),
            "title": item.title,
            "program": titles.get(item.program, "").partition(":")[0],
            "kind": _(KIND_TITLES[item.kind]),
            "place": item.place,
            "holds": item.room_holds,
            "partner": item.partner,
            "state": item.state,
        }
        for item in dated
    ]
    return pd.DataFrame(rows).astype({"holds": "Int64"}) if rows else pd.DataFrame(rows)


def show_list(dated: Sequence[Dated], titles: Mapping[str, str], key: str) -> None:
    """List what stands on the calendar with day, hours, place and partner."""
    st.dataframe(
        dated_frame(dated, titles),
        hide_index=True,
        key=key,
        height="content",
        placeholder="–",
        column_config={
            "on": st.column_config.DateColumn(_("Day"), pinned=True),
            "hours": _("Hours"),
            "title": _("Title"),
            "program": _("Program"),
            "kind": _("Kind"),
            "place": _("Place"),
            "holds": _("Room holds (people)"),
            "partner": _("Partner"),
            "state": _("State"),
        },
    )


def chosen_of(dated: Iterable[Dated], kinds: Collection[str], programs: Collection[str]) -> list[Dated]:
    """Return what is of some kinds and programs; what is of no program is left to its kind."""
    return [item for item in dated if item.kind in kinds and (not item.program or item.program in programs)]
