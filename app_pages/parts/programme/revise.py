"""Changing a programme itself: a next version beside the one that shipped, with who changed what and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.common import refusing
from app_pages.parts.person import Person
from app_pages.parts.programme.fields import DAYS, Desk
from app_pages.parts.programme.new import EMPTY, MILESTONES, area_choices, area_words, measure_columns
from geo.errors import ConflictError, first_ids
from geo.language import gettext as _
from geo.language import ngettext
from geo.program.area import Area
from geo.program.declaration import Measure, Programme, read_programmes
from geo.program.tables import stated_words
from geo.program.versions import differences, next_version

SEEN, DONE = "revise.seen", "revise.done"
MEASURE_WORDS = ("title", "unit", "how")


def revise_programme(desk: Desk, area: Area, person: Person) -> object | None:
    """Show the programme's own fields as they stand, to be changed; return a conflict, to be decided."""
    programme, seen = desk.programme, remember_seen(desk)
    tag = f"revise.{programme.key}.{seen}"
    with st.form(f"programme.{tag}"):
        words, begins, ends = ask_words(programme, tag)
        options = [None, *area_choices(desk.region)]
        chosen = st.selectbox(
            _("Area"),
            options,
            format_func=lambda item: (
                area_words(item) if item else _("as it stands: {area}").format(area=area.title)
            ),
            key=f"{tag}.area",
        )
        measures, milestones = ask_tables(programme, tag)
        source = st.text_input(_("Source"), key=f"{tag}.source")
        why = st.text_input(_("Why it is changed (needed)"), key=f"{tag}.why")
        sent = st.form_submit_button(_("Record the new version"), type="primary")
    if sent:
        with refusing():
            new = next_version(programme, words, begins, ends, chosen, measures, milestones)
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


def ask_words(programme: Programme, tag: str) -> tuple[dict[str, str], Any, Any]:
    """Ask for the words and the period."""
    title = st.text_input(_("Title"), _(programme.title), key=f"{tag}.title")
    purpose = st.text_area(_("Purpose"), _(programme.purpose), key=f"{tag}.purpose")
    left, right = st.columns(2)
    begins = left.date_input(_("Begins"), programme.begins, *DAYS, key=f"{tag}.begins", format="YYYY-MM-DD")
    ends = right.date_input(
        _("Ends (empty: open)"), programme.ends, *DAYS, key=f"{tag}.ends", format="YYYY-MM-DD"
    )
    audience = _(programme.audience) if programme.audience else ""
    audience = left.text_input(_("Audience"), audience, key=f"{tag}.audience")
    partners = right.text_input(
        _("Partners, with commas between"), ", ".join(programme.partners), key=f"{tag}.partners"
    )
    said = {"title": title, "purpose": purpose, "audience": audience}
    # A text that was not touched stays what it was, in whichever language the page speaks.
    kept = {name: _unsaid(getattr(programme, name), words) for name, words in said.items()}
    return kept | {"partners": partners}, begins, ends


def _unsaid(before: str, words: str) -> str:
    return before if before and words == _(before) else words


def ask_tables(programme: Programme, tag: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Ask for the measures and the milestones; a measure keeps its key whatever its title."""
    st.caption(_("Measures"))
    rows = [item.model_dump(mode="json") for item in programme.measures]
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
    due = pd.DataFrame([item.model_dump() for item in programme.milestones], columns=list(MILESTONES.columns))
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
    said |= {_(item.title): item.title for item in programme.milestones}
    return measures.replace(said), milestones.replace(said)


def _spoken(frame: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Write some columns in the language of the page."""
    return frame.assign(**{name: [_(words) for words in frame[name]] for name in names})


def show_as_shipped(desk: Desk) -> None:
    """Set the programme as it shipped beside how it stands, where somebody changed it."""
    shipped, version = read_programmes().get(desk.programme.key), desk.book.version(desk.programme.key)
    if shipped is None or version is None:
        return
    found = differences(shipped, desk.programme)
    if found:
        told = _("Changed by {who}, {at} UTC: {why}").format(
            who=version.who, at=f"{version.at:%Y-%m-%d %H:%M}", why=version.why
        )
        st.caption(told)
        rows = [(item.what, item.before or "–", item.after or "–") for item in found]
        titles = (_("What"), _("As it shipped"), _("As it stands"))
        st.dataframe(pd.DataFrame(rows, columns=list(titles)), hide_index=True, key="revise.differences")


def shipped_words(programme: Programme, measure: Measure) -> str:
    """Say which figures of a measure were others when it shipped; empty where none was."""
    shipped = read_programmes().get(programme.key)
    old = next((item for item in shipped.measures if item.key == measure.key), None) if shipped else None
    if old is None:
        return ""
    pairs = [(_("Target"), old.target, measure.target), (_("Baseline"), old.baseline, measure.baseline)]
    was = [f"{title} {stated_words(before)}" for title, before, now in pairs if before != now]
    return _("As it shipped: {figures}.").format(figures=", ".join(was)) if was else ""


def remember_seen(desk: Desk) -> int:
    """Keep the number of the version that the form was opened on, until the form is done."""
    held = st.session_state.get(SEEN)
    if held is None or held[0] != desk.programme.key:
        version = desk.book.version(desk.programme.key)
        st.session_state[SEEN] = (desk.programme.key, version.number if version else 0)
    return int(st.session_state[SEEN][1])


def forget() -> None:
    """Let the form open anew, on the version that stands then."""
    st.session_state.pop(SEEN, None)
