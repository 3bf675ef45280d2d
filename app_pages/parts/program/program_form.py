"""Make a program, or change one by a next version: purpose, period, area, measures, milestones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.loading import load_shapes
from app_pages.parts.page import refusing, today
from app_pages.parts.people import Person
from app_pages.parts.program.data import load_if_built
from app_pages.parts.program.event_form import tell_done
from app_pages.parts.program.fields import DAYS, Desk
from geo.errors import ConflictError, first_ids
from geo.language import gettext as _
from geo.language import mark as N_
from geo.language import ngettext
from geo.program.area import Area
from geo.program.declaration import (
    AREA_DATASETS,
    Counted,
    Measure,
    Program,
    fields_of,
    read_programs,
    to_program,
)
from geo.region import Region
from store.program.book import ProgramBook
from wording.program import stated_words
from wording.program_history import differences, next_version

COUNTED_TITLES = {
    Counted.PEOPLE: N_("people who came, each counted once"),
    Counted.CONSISTENT: N_("people who came to at least k sessions"),
    Counted.IN_A_ROW: N_("people who came to k sessions in a row"),
    Counted.RECRUITS: N_("people who signed up"),
    Counted.HOUSEHOLDS: N_("households reached"),
    Counted.ENROLLMENTS: N_("people enrolled"),
    Counted.EVENTS: N_("events"),
    Counted.QUESTIONS: N_("questions"),
    Counted.READINGS: N_("figure from a partner"),
    Counted.CONNECTED: N_("systems connected, from the water board"),
}
EMPTY = pd.DataFrame(
    {
        "title": pd.Series(dtype="string"),
        "unit": pd.Series(dtype="string"),
        "counted": pd.Series(dtype="string"),
        "at_least": pd.Series(dtype="Int64"),
        "series": pd.Series(dtype="string"),
        "baseline": pd.Series(dtype="Float64"),
        "target": pd.Series(dtype="Float64"),
        "how": pd.Series(dtype="string"),
    }
)
MILESTONES = pd.DataFrame({"title": pd.Series(dtype="string"), "due": pd.Series(dtype="datetime64[s]")})


def make_program(region: Region, book: ProgramBook, person: Person) -> None:
    """Show the form and record what it says."""
    tell_done("programs.new.done")
    with st.form("programs.new"):
        title = st.text_input(_("Title"), key="new.title")
        purpose = st.text_area(_("Purpose"), key="new.purpose")
        left, right = st.columns(2)
        begins = left.date_input(_("Begins"), today(), *DAYS, key="new.begins")
        ends = right.date_input(_("Ends (empty: open)"), None, *DAYS, key="new.ends")
        audience = left.text_input(_("Audience"), key="new.audience")
        partners = right.text_input(_("Partners, with commas between"), key="new.partners")
        lead = left.text_input(_("Led by (shown to everybody)"), key="new.lead")
        area = st.selectbox(_("Area"), area_choices(region), key="new.area", format_func=area_words)
        st.caption(_("Measures"))
        measures = st.data_editor(
            EMPTY, num_rows="dynamic", key="new.measures", column_config=measure_columns()
        )
        st.caption(_("Milestones"))
        titles: dict[str, Any] = {"title": _("Milestone"), "due": st.column_config.DateColumn(_("Due"))}
        milestones = st.data_editor(
            MILESTONES, num_rows="dynamic", key="new.milestones", column_config=titles
        )
        sent = st.form_submit_button(_("Make the program"))
    if sent:
        words = {"title": title, "purpose": purpose, "audience": audience, "partners": partners, "lead": lead}
        with refusing():
            fields = fields_of(words, begins, ends, area, measures, milestones)
            program = to_program(fields, title or _("Program"))
            book.make(program, person.require())
            st.session_state["programs.new.done"] = _("Made: {title}.").format(title=program.title)
            st.rerun()


def area_choices(region: Region) -> list[tuple[str, str]]:
    """List what can be an area: the region's windows, and every district of the datasets."""
    names = [
        (dataset, str(name))
        for dataset in AREA_DATASETS
        if load_if_built(region, dataset) is not None
        for name in sorted(load_shapes(region.key, dataset)["name"].dropna().unique())
    ]
    return [("", ""), *names]


def area_words(choice: tuple[str, str]) -> str:
    """Name an area that can be chosen."""
    return choice[1] or _("the whole study area (add a boundary later)")


def measure_columns() -> dict[str, Any]:
    """Describe the columns of the table of measures."""
    titles = {str(counted): _(title) for counted, title in COUNTED_TITLES.items()}

    def words(counted: object) -> str:
        return titles[str(counted)]

    return {
        "title": _("Measure"),
        "unit": _("Unit"),
        "counted": st.column_config.SelectboxColumn(
            _("Counted from"), options=[str(item) for item in Counted], format_func=words
        ),
        "at_least": st.column_config.NumberColumn(_("Sessions (at least)"), min_value=1),
        "series": st.column_config.TextColumn(_("Of the series (empty: all sessions)")),
        "baseline": _("Baseline"),
        "target": _("Target"),
        "how": _("How it is counted"),
    }


SEEN, DONE = "revise.seen", "revise.done"
MEASURE_WORDS = ("title", "unit", "how")


def revise_program(desk: Desk, area: Area, person: Person) -> object | None:
    """Show the program's own fields as they stand, to be changed; return a conflict, to be decided."""
    program, seen = desk.program, remember_seen(desk)
    tag = f"revise.{program.key}.{seen}"
    with st.form(f"program.{tag}"):
        words, begins, ends = ask_words(program, tag)
        options = [None, *area_choices(desk.region)]
        chosen = st.selectbox(
            _("Area"),
            options,
            format_func=lambda item: (
                area_words(item) if item else _("as it stands: {area}").format(area=area.title)
            ),
            key=f"{tag}.area",
        )
        measures, milestones = ask_tables(program, tag)
        source = st.text_input(_("Source"), key=f"{tag}.source")
        why = st.text_input(_("Why it is changed (needed)"), key=f"{tag}.why")
        sent = st.form_submit_button(_("Record the new version"), type="primary")
    if sent:
        with refusing():
            new = next_version(program, words, begins, ends, chosen, measures, milestones)
            try:
                desk.book.revise(new, seen, person.require(), why, source=source)
            except ConflictError as error:
                return error.conflicts[0]
            forget()
            st.session_state[DONE] = _done(desk.book.outside(new))
            st.rerun()
    return None


def _done(outside: list[str]) -> str:
    done = _("Recorded: the new version stands, and the one before is in the history.")
    if not outside:
        return done
    words = ngettext(
        "{count} event lies outside its period now ({names}).",
        "{count} events lie outside its period now ({names}).",
        len(outside),
    )
    return f"{done} {words.format(count=len(outside), names=first_ids(outside))}"


def ask_words(program: Program, tag: str) -> tuple[dict[str, str], Any, Any]:
    """Ask for the words and the period."""
    title = st.text_input(_("Title"), _(program.title), key=f"{tag}.title")
    purpose = st.text_area(_("Purpose"), _(program.purpose), key=f"{tag}.purpose")
    left, right = st.columns(2)
    begins = left.date_input(_("Begins"), program.begins, *DAYS, key=f"{tag}.begins", format="YYYY-MM-DD")
    ends = right.date_input(
        _("Ends (empty: open)"), program.ends, *DAYS, key=f"{tag}.ends", format="YYYY-MM-DD"
    )
    audience = _(program.audience) if program.audience else ""
    audience = left.text_input(_("Audience"), audience, key=f"{tag}.audience")
    partners = right.text_input(
        _("Partners, with commas between"), ", ".join(program.partners), key=f"{tag}.partners"
    )
    lead = left.text_input(_("Led by (shown to everybody)"), program.lead, key=f"{tag}.lead")
    said = {"title": title, "purpose": purpose, "audience": audience}
    # A text that was not touched stays what it was, in whichever language the page speaks.
    kept = {name: _unsaid(getattr(program, name), words) for name, words in said.items()}
    return kept | {"partners": partners, "lead": lead}, begins, ends


def _unsaid(before: str, words: str) -> str:
    return before if before and words == _(before) else words


def ask_tables(program: Program, tag: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Ask for the measures and the milestones; a measure keeps its key whatever its title."""
    st.caption(_("Measures"))
    rows = [item.model_dump(mode="json") for item in program.measures]
    frame = _spoken(pd.DataFrame(rows)[["key", *EMPTY.columns]], MEASURE_WORDS)
    frame = frame.astype({name: str(kind) for name, kind in EMPTY.dtypes.items()} | {"key": "string"})
    measures = st.data_editor(
        frame,
        num_rows="dynamic",
        hide_index=True,
        placeholder="–",
        key=f"{tag}.measures",
        column_order=list(EMPTY.columns),
        column_config=measure_columns(),
    )
    st.caption(_("Milestones"))
    due = pd.DataFrame([item.model_dump() for item in program.milestones], columns=list(MILESTONES.columns))
    due = _spoken(due, ("title",))
    titles: dict[str, Any] = {"title": _("Milestone"), "due": st.column_config.DateColumn(_("Due"))}
    milestones = st.data_editor(
        due.assign(due=pd.to_datetime(due["due"])).astype({"title": "string"}),
        num_rows="dynamic",
        hide_index=True,
        placeholder="–",
        key=f"{tag}.milestones",
        column_config=titles,
    )
    said = {_(words): words for item in rows for words in (item[name] for name in MEASURE_WORDS)}
    said |= {_(item.title): item.title for item in program.milestones}
    return measures.replace(said), milestones.replace(said)


def _spoken(frame: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Write some columns in the language of the page."""
    return frame.assign(**{name: [_(words) for words in frame[name]] for name in names})


def show_as_shipped(desk: Desk) -> None:
    """Set the program as it shipped beside how it stands, where somebody changed it."""
    shipped, version = read_programs().get(desk.program.key), desk.book.version(desk.program.key)
    if shipped is None or version is None:
        return
    found = differences(shipped, desk.program)
    if found:
        told = _("Changed by {who}, {at} UTC: {why}").format(
            who=version.who, at=f"{version.at:%Y-%m-%d %H:%M}", why=version.why
        )
        st.caption(told)
        rows = [(item.what, item.before or "–", item.after or "–") for item in found]
        titles = (_("What"), _("As it shipped"), _("As it stands"))
        st.dataframe(pd.DataFrame(rows, columns=list(titles)), hide_index=True, key="revise.differences")


def shipped_words(program: Program, measure: Measure) -> str:
    """Say which figures of a measure were others when it shipped; empty where none was."""
    shipped = read_programs().get(program.key)
    old = next((item for item in shipped.measures if item.key == measure.key), None) if shipped else None
    if old is None:
        return ""
    pairs = [(_("Target"), old.target, measure.target), (_("Baseline"), old.baseline, measure.baseline)]
    was = [f"{title} {stated_words(before)}" for title, before, now in pairs if before != now]
    return _("As it shipped: {figures}.").format(figures=", ".join(was)) if was else ""


def remember_seen(desk: Desk) -> int:
    """Keep the number of the version that the form was opened on, until the form is done."""
    held = st.session_state.get(SEEN)
    if held is None or held[0] != desk.program.key:
        version = desk.book.version(desk.program.key)
        st.session_state[SEEN] = (desk.program.key, version.number if version else 0)
    return int(st.session_state[SEEN][1])


def forget() -> None:
    """Let the form open anew, on the version that stands then."""
    st.session_state.pop(SEEN, None)
