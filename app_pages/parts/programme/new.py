"""Make a programme: its purpose, period, area, measures and milestones, in one form."""

from __future__ import annotations

from typing import Any

import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.common import load_shapes, refusing, today
from app_pages.parts.person import Person
from app_pages.parts.programme.data import load_if_built
from app_pages.parts.programme.fields import DAYS
from app_pages.parts.programme.forms import tell_done
from geo.language import gettext as _
from geo.language import mark as N_
from geo.program.declaration import AREA_DATASETS, Counted, fields_of, to_programme
from geo.region import Region
from store.programme.book import ProgrammeBook

COUNTED_TITLES = {
    Counted.PEOPLE: N_("people who came, each once"),
    Counted.CONSISTENT: N_("people who came to at least so many sessions"),
    Counted.RECRUITS: N_("people who signed up"),
    Counted.HOUSEHOLDS: N_("households reached"),
    Counted.ENROLMENTS: N_("people enrolled"),
    Counted.EVENTS: N_("events"),
    Counted.QUESTIONS: N_("questions"),
    Counted.READINGS: N_("told by somebody, not counted here"),
    Counted.CONNECTED: N_("systems connected, from the water board"),
}
EMPTY = pd.DataFrame(
    {
        "title": pd.Series(dtype="string"),
        "unit": pd.Series(dtype="string"),
        "counted": pd.Series(dtype="string"),
        "at_least": pd.Series(dtype="Int64"),
        "baseline": pd.Series(dtype="Float64"),
        "target": pd.Series(dtype="Float64"),
        "how": pd.Series(dtype="string"),
    }
)
MILESTONES = pd.DataFrame({"title": pd.Series(dtype="string"), "due": pd.Series(dtype="datetime64[s]")})


def make_programme(region: Region, book: ProgrammeBook, person: Person) -> None:
    """Show the form and record what it says."""
    tell_done("programmes.new.done")
    with st.form("programmes.new"):
        title = st.text_input(_("Title"), key="new.title")
        purpose = st.text_area(_("Purpose"), key="new.purpose")
        left, right = st.columns(2)
        begins = left.date_input(_("Begins"), today(), *DAYS, key="new.begins")
        ends = right.date_input(_("Ends (empty: open)"), None, *DAYS, key="new.ends")
        audience = left.text_input(_("Audience"), key="new.audience")
        partners = right.text_input(_("Partners, with commas between"), key="new.partners")
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
        sent = st.form_submit_button(_("Make the programme"))
    if sent:
        words = {"title": title, "purpose": purpose, "audience": audience, "partners": partners}
        with refusing():
            fields = fields_of(words, begins, ends, area, measures, milestones)
            programme = to_programme(fields, title or _("Programme"))
            book.make(programme, person.require())
            st.session_state["programmes.new.done"] = _("Made: {title}.").format(title=programme.title)
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
    return choice[1] or _("the region's windows (a boundary file can be added later)")


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
        "at_least": st.column_config.NumberColumn(_("At least so many sessions"), min_value=1),
        "baseline": _("Baseline"),
        "target": _("Target"),
        "how": _("How it is counted"),
    }
