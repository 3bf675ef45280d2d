"""Make a program, or change one by a next version: purpose, period, area, measures, milestones, goals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.loading import load_shapes
from app_pages.parts.markup import bold
from app_pages.parts.page import refusing, say_done, tell_done, today
from app_pages.parts.people import Person
from app_pages.parts.program.boundaries import draw_on
from app_pages.parts.program.data import CHOSEN, area_of, load_if_built
from app_pages.parts.program.fields import DAYS, Desk
from app_pages.parts.program.names import ask_names, erase_where_off
from geo.days import day_words
from geo.errors import ConflictError, StoreError, first_ids
from geo.language import gettext as _
from geo.language import ngettext
from geo.program.area import Area, region_area
from geo.program.boundaries import drawn_boundary
from geo.program.declaration import Counted, Measure, Program, read_programs, to_program
from geo.program.draft import (
    AREA_DATASETS,
    USUAL,
    fields_from,
    fields_of,
    measures_to_set,
    require_filled,
    usual_measure,
)
from geo.program.measures import REGULARS
from geo.region import Region
from store.program.book import ProgramBook
from store.program.kinds import Boundary
from wording.program import stated_words
from wording.program_history import differences, next_version

MILESTONES = pd.DataFrame({"title": pd.Series(dtype="string"), "due": pd.Series(dtype="datetime64[s]")})
NEW_DONE, NEW_TURN, NEW_KEY = "programs.new.done", "programs.new.turn", "programs.new.key"
WHOLE, DRAWN = ("", ""), ("*drawn", "")


@dataclass(frozen=True)
class Place:
    """Where a program works, as it was chosen: a row of a dataset, or drawn; None as its template has it."""

    chosen: tuple[str, str] | None
    drawings: list[dict[str, Any]] = field(default_factory=list)


def make_program(region: Region, book: ProgramBook, person: Person) -> None:
    """Ask first what is counted and where, as the fields hang on it; then show the form, and record it."""
    if tell_made():
        return
    turn = st.session_state.get(NEW_TURN, 0)
    template = ask_template(turn)
    tag = f"new.{turn}.{template.key if template else ''}"
    measures = ask_counted(measures_to_set(template) if template else [], tag, begun=template is None)
    place = ask_place(region, book, template, tag)
    with st.form("programs.new"):
        title = st.text_input(_("Title"), key=f"{tag}.title", placeholder=_("what people call it"))
        left, right = st.columns(2)
        begins = left.date_input(_("Begins"), None, *DAYS, key=f"{tag}.begins", format="YYYY-MM-DD")
        ends = right.date_input(_("Ends (empty: open)"), None, *DAYS, key=f"{tag}.ends", format="YYYY-MM-DD")
        rows = [ask_goal(item, tag) for item in measures]
        with st.expander(_("More: aim, partners, milestones, how it is counted (optional)")):
            words = {"title": title} | ask_words(template, tag)
            milestones = ask_milestones(template, tag, dated=False)
            rows = [row | ask_measure(item, tag) for item, row in zip(measures, rows, strict=True)]
            keep_names = ask_names(None, person, tag)
        sent = st.form_submit_button(_("Make the program"), type="primary")
    if sent:
        with refusing():
            known = place.chosen not in (None, DRAWN)
            fields = fields_of(
                words, begins, ends, (known and place.chosen) or WHOLE, pd.DataFrame(rows), milestones
            )
            fields["keep_names"] = keep_names
            require_filled(fields)
            if template:
                taken = fields_from(template)
                fields = taken | fields | ({} if place.chosen else {"areas": taken["areas"]})
            program = to_program(fields, title)
            book.make(program, person.require(), drawn_area(region, program, place))
            say_done(NEW_DONE, _("Made: {title}.").format(title=title))
            st.session_state[NEW_KEY] = program.key
            st.session_state[NEW_TURN] = turn + 1
            st.rerun()


def tell_made() -> bool:
    """Say which program was made, in place of the form that was sent, and lead to it or to another one."""
    made = st.session_state.get(NEW_KEY)
    if made is None:
        return False
    tell_done(NEW_DONE)
    left, right = st.columns(2)
    if left.button(_("Open it"), key="programs.new.open", type="primary", width="stretch"):
        st.session_state.pop(NEW_KEY)
        st.session_state[CHOSEN] = made
        st.switch_page("app_pages/program.py")
    if right.button(_("Make another one"), key="programs.new.again", width="stretch"):
        st.session_state.pop(NEW_KEY)
        st.rerun()
    return True


def ask_template(turn: int) -> Program | None:
    """Ask with which of the programs that ship to begin, if with any."""
    shipped = read_programs()
    key = st.selectbox(
        _("Begin with"),
        ["", *shipped],
        format_func=lambda key: _(shipped[key].title) if key else _("an empty form"),
        key=f"new.{turn}.template",
        help=_("It fills in what is counted, for whom and where. Days and targets are yours to set."),
    )
    return shipped.get(str(key))


def ask_counted(measures: Sequence[Measure], tag: str, *, begun: bool) -> list[Measure]:
    """Ask what is counted: measures that stand, all of them chosen, and any of the usual ones beside.

    Parameters
    ----------
    begun
        Whether the first of the usual ones is chosen where none stands.
    """
    taken = [item.key for item in measures]
    counted = {item.counted for item in measures}
    offered = [usual_measure(item, taken) for item in Counted if begun or item not in counted]
    options = {item.key: item for item in [*measures, *offered]}
    chosen = st.multiselect(
        _("What do you want to count?"),
        list(options),
        taken or ([offered[0].key] if begun else []),
        format_func=lambda key: _(options[key].title),
        key=f"{tag}.counted",
        placeholder=_("people who came, households reached, events ..."),
    )
    found = [options[key] for key in chosen]
    examples = [f"{_(item.title)}: {_(USUAL[item.counted].example)}" for item in found if item in offered]
    if examples:
        st.caption(" · ".join(examples))
    return found


def ask_place(region: Region, book: ProgramBook, template: Program | None, tag: str) -> Place:
    """Ask where a program works: an area of the list, or one drawn on the map below."""
    given = area_of(region, book, template).title if template else ""
    options = [*([None] if template else []), *area_choices(region), DRAWN]

    def words(item: tuple[str, str] | None) -> str:
        if item is None:
            return _("as in the template: {area}").format(area=given)
        return _("an area that I draw on the map") if item == DRAWN else area_words(item)

    chosen = st.selectbox(_("Where"), options, format_func=words, key=f"{tag}.area")
    if chosen != DRAWN:
        return Place(chosen)
    st.caption(_("Draw one area with the tools at the upper left: corner by corner, or a rectangle."))
    bounds = region_area(region, lambda name: load_if_built(region, name)).bounds
    return Place(chosen, draw_on(region, f"{tag}.draw", bounds, []))


def drawn_area(region: Region, program: Program, place: Place) -> Boundary | None:
    """Return the area that was drawn of a program; None where it is one of the list."""
    if place.chosen != DRAWN:
        return None
    areas = drawn_boundary(place.drawings, program.title, region).areas
    fields = {"program": program.key, "title": program.title, "geojson": areas.to_json(), "drawn": True}
    return Boundary.make(fields)


def area_choices(region: Region) -> list[tuple[str, str]]:
    """List what can be an area: the region's windows, and every district of the datasets."""
    names = [
        (dataset, str(name))
        for dataset in AREA_DATASETS
        if load_if_built(region, dataset) is not None
        for name in sorted(load_shapes(region.key, dataset)["name"].dropna().unique())
    ]
    return [WHOLE, *names]


def area_words(choice: tuple[str, str]) -> str:
    """Name an area that can be chosen."""
    return choice[1] or _("the whole study area (add a boundary later)")


def ask_goal(measure: Measure, tag: str) -> dict[str, Any]:
    """Ask what a measure is to reach, and how often somebody must come where that decides; return its row."""
    left, right = st.columns(2)
    label = _("Target: {measure} (empty: none yet)").format(measure=_(measure.title))
    target = left.number_input(
        label, 0.0, value=measure.target, step=1.0, format="%g", key=f"{tag}.{measure.key}.goal"
    )
    with right:
        return measure.model_dump(mode="json") | {"target": target, "at_least": ask_at_least(measure, tag)}


def ask_at_least(measure: Measure, tag: str) -> int:
    """Ask how often somebody must come, where that decides who counts."""
    if measure.counted not in REGULARS:
        return measure.at_least
    return st.number_input(
        _("Sessions (at least)"), 1, value=measure.at_least, key=f"{tag}.{measure.key}.at_least"
    )


def ask_measure(measure: Measure, tag: str) -> dict[str, Any]:
    """Ask for what is usual of a measure: its name, where it began, its unit, how it is counted."""
    st.markdown(bold(_(measure.title)))
    key = f"{tag}.{measure.key}"
    left, right = st.columns(2)
    said = {
        "title": left.text_input(_("Name"), _(measure.title), key=f"{key}.title"),
        "unit": right.text_input(_("Unit"), _(measure.unit), key=f"{key}.unit"),
        "how": left.text_input(_("How it is counted"), _(measure.how), key=f"{key}.how"),
    }
    baseline = right.number_input(
        _("Baseline (where it stood before)"), value=measure.baseline, format="%g", key=f"{key}.baseline"
    )
    series = measure.series
    if measure.counted in (*REGULARS, Counted.PEOPLE):
        series = left.text_input(_("Of the series (empty: all sessions)"), series, key=f"{key}.series")
    # A text that was not touched stays what it was, in whichever language the page speaks.
    words = {name: unsaid(getattr(measure, name), text) for name, text in said.items()}
    return words | {"baseline": baseline, "series": series}


def ask_whole(measure: Measure, tag: str, *, new: bool) -> dict[str, Any]:
    """Ask for all of a measure, and for its target where it is new: another one needs its day and reason."""
    said = ask_measure(measure, tag)
    if new:
        return ask_goal(measure, tag) | said
    return measure.model_dump(mode="json") | {"at_least": ask_at_least(measure, tag)} | said


def ask_words(program: Program | None, tag: str) -> dict[str, str]:
    """Ask for what a program is for, for whom, with whom, and who leads it."""
    purpose, audience = (program.purpose, program.audience) if program else ("", "")
    said = {"purpose": st.text_area(_("Aim, in one sentence"), _(purpose), key=f"{tag}.purpose")}
    left, right = st.columns(2)
    said["audience"] = left.text_input(_("Audience"), _(audience), key=f"{tag}.audience")
    partners = right.text_input(
        _("Partners, with commas between"),
        ", ".join(program.partners) if program else "",
        key=f"{tag}.partners",
    )
    lead = left.text_input(
        _("Led by (shown to everybody)"), program.lead if program else "", key=f"{tag}.lead"
    )
    words = {"purpose": unsaid(purpose, said["purpose"]), "audience": unsaid(audience, said["audience"])}
    return words | {"partners": partners, "lead": lead}


def unsaid(before: str, words: str) -> str:
    """Return the text that stood before where its translation was left as it was, else what was written."""
    return before if before and words == _(before) else words


def ask_milestones(program: Program | None, tag: str, *, dated: bool = True) -> pd.DataFrame:
    """Ask for the milestones, in the language of the page; those of a template have no day yet."""
    st.caption(_("Milestones"))
    milestones = program.milestones if program else ()
    rows = [(_(item.title), item.due if dated else None) for item in milestones]
    due = pd.DataFrame(rows, columns=list(MILESTONES.columns))
    titles: dict[str, Any] = {"title": _("Milestone"), "due": st.column_config.DateColumn(_("Due"))}
    written = st.data_editor(
        due.assign(due=pd.to_datetime(due["due"])).astype({"title": "string"}),
        num_rows="dynamic",
        hide_index=True,
        placeholder="–",
        key=f"{tag}.milestones",
        column_config=titles,
    )
    return written.replace({_(item.title): item.title for item in milestones})


GOAL_DONE = "program.goal.done"


def change_goal(desk: Desk, person: Person) -> object | None:
    """Ask for another goal of a measure, with a day and a reason; return a conflict, to be decided."""
    program, seen = desk.program, remember_seen(desk)
    tag = f"goal.{program.key}.{seen}"
    titles = {item.key: f"{_(item.title)}: {stated_words(item.target)}" for item in program.measures}
    if program.ends is not None and program.is_over(today()):
        over = _("The period of this program ended on {day}: a target set from a later day gets no verdict.")
        st.warning(over.format(day=day_words(program.ends)))
    with st.form(f"program.{tag}"):
        left, right = st.columns(2)
        key = left.selectbox(
            _("Measure, and its target now"), list(titles), format_func=titles.__getitem__, key=f"{tag}.key"
        )
        goal = right.number_input(
            _("New target (empty: none)"), 0.0, value=None, step=1.0, format="%g", key=f"{tag}.goal"
        )
        on = left.date_input(_("From which day"), today(), *DAYS, key=f"{tag}.on", format="YYYY-MM-DD")
        why = right.text_input(_("Reason (stands in the report)"), key=f"{tag}.why")
        sent = st.form_submit_button(_("Change the target"))
    tell_done(GOAL_DONE)
    if sent:
        with refusing():
            if program.measure(str(key)).target == goal:
                words = _("the target is {target} already").format(target=stated_words(goal))
                raise StoreError(words, _("write another one; nothing was written"))
            return revise(desk, program.aim(str(key), goal, on, why.strip()), person, why, GOAL_DONE)
    return None


SEEN, DONE = "revise.seen", "revise.done"


def revise_program(desk: Desk, area: Area, person: Person) -> object | None:
    """Show the program's own fields as they stand, to be changed; return a conflict, to be decided."""
    program, seen = desk.program, remember_seen(desk)
    tag = f"revise.{program.key}.{seen}"
    measures = ask_counted(program.measures, tag, begun=False)
    with st.form(f"program.{tag}"):
        title = st.text_input(_("Title"), _(program.title), key=f"{tag}.title")
        left, right = st.columns(2)
        begins = left.date_input(_("Begins"), program.begins, *DAYS, key=f"{tag}.begins", format="YYYY-MM-DD")
        ends = right.date_input(
            _("Ends (empty: open)"), program.ends, *DAYS, key=f"{tag}.ends", format="YYYY-MM-DD"
        )
        chosen = st.selectbox(
            _("Area"),
            [None, *area_choices(desk.region)],
            format_func=lambda item: (
                area_words(item) if item else _("as it stands: {area}").format(area=area.title)
            ),
            key=f"{tag}.area",
        )
        words = {"title": unsaid(program.title, title)} | ask_words(program, tag)
        rows = [ask_whole(item, tag, new=item not in program.measures) for item in measures]
        st.caption(_("A target changes above, with its day and its reason."))
        milestones = ask_milestones(program, tag)
        keep_names = ask_names(program, person, tag)
        source = st.text_input(_("Source"), key=f"{tag}.source")
        why = st.text_input(_("Why it is changed (needed)"), key=f"{tag}.why")
        sent = st.form_submit_button(_("Record the new version"), type="primary")
    tell_done(DONE)
    if sent:
        with refusing():
            new = next_version(program, words, begins, ends, chosen, pd.DataFrame(rows), milestones)
            new = new.model_copy(update={"keep_names": keep_names})
            return revise(desk, new, person, why, DONE, source)
    return None


def revise(desk: Desk, new: Program, person: Person, why: str, done: str, source: str = "") -> object | None:
    """Record the next version and say so; return a conflict, to be decided."""
    try:
        desk.book.revise(new, remember_seen(desk), person.require(), why, source=source)
    except ConflictError as error:
        return error.conflicts[0]
    erase_where_off(desk, new)
    forget()
    say_done(done, _done(desk.book.outside(new)))
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
    pairs = [
        (_("target {value}"), _("no target"), old.target, measure.target),
        (_("baseline {value}"), _("no baseline"), old.baseline, measure.baseline),
    ]
    was = [
        none if before is None else words.format(value=stated_words(before))
        for words, none, before, now in pairs
        if before != now
    ]
    return _("Originally: {figures}.").format(figures=", ".join(was)) if was else ""


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
