"""Projects of the task force: their money by step, what is due, and the forms to record it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.loading import missing_reason
from app_pages.parts.markup import heading
from app_pages.parts.page import refusing
from app_pages.parts.people import current_rights, may_write
from app_pages.parts.water.board import Desk, open_board
from app_pages.parts.water.board_map import name_with_number
from app_pages.parts.water.forms import ask_day, ask_when, given, keep_recorded, show_recorded
from app_pages.parts.water.records import lines_html, record_line
from geo.days import day_in, day_words, span_words
from geo.language import gettext as _
from geo.region import Region
from geo.units import to_words
from store.journal import Entry
from store.records import Kept, new_id
from store.visibility import may_see
from store.water.book import Change
from store.water.kinds import (
    FUNDING_TITLES,
    SERVICE_TITLES,
    STAGE_TITLES,
    FundingStatus,
    Stage,
    Status,
)
from store.water.projects import (
    BRIDGE_TITLES,
    HEADINGS,
    LEGAL_STEPS,
    PROGRAMS,
    WHAT_TITLES,
    Grant,
    Note,
    Project,
    Standing,
    Step,
    add_to_board,
    amend,
    list_projects,
    project_table,
    suggest_stage,
    timeline,
)

DONE = "project"


def show_projects(desk: Desk) -> None:
    """Show every project with its money by step, one of them whole, the timeline, and a form to add one."""
    if not may_see("project", desk.rights):
        st.info(_("Projects are for the task force: sign in to see them."))
        return
    standings, day = list_projects(desk.board, as_of=desk.as_of), day_of(desk)
    may_record = desk.as_of is None and may_write(desk.who)
    show_recorded(desk, DONE)
    if standings:
        show_table(standings, day)
        chosen = choose_project(standings)
        if chosen is not None:
            show_one(desk, chosen, day, may_record=may_record)
        show_timeline(standings, day)
    else:
        st.info(_("No project is on record yet: a project is one grant, or several, for one system or many."))
    if may_record:
        with st.expander(_("Add a project"), expanded=not standings):
            add_form(desk)


def day_of(desk: Desk) -> date:
    """Return the day by which things are overdue: the one looked back at, or today."""
    return desk.as_of.day if desk.as_of else day_in(desk.region.timezone)


def show_table(standings: Sequence[Standing], day: date) -> None:
    """Show a row for each project; steps of money stand beside each other and are not added up."""
    table = project_table(standings, day)
    st.dataframe(
        table.dropna(axis="columns", how="all"),
        hide_index=True,
        key="water.projects",
        column_config=column_titles(),
    )
    st.caption(
        _(
            "Each amount is the same money at another step: never add them. Money that was applied for is "
            "not funding yet. Recorded by the task force; secured: as agreed, else as awarded."
        )
    )


def column_titles() -> dict[str, Any]:
    """Titles of the columns of projects."""
    money = {
        name: st.column_config.NumberColumn(_(title).capitalize(), format="dollar", step=1)
        for name, title in HEADINGS.items()
        if name.endswith("_usd")
    }
    titles: dict[str, Any] = {name: _(title) for name, title in HEADINGS.items()}
    due = {"next_due": st.column_config.DateColumn(titles["next_due"], format="YYYY-MM-DD")}
    return titles | money | due


def choose_project(standings: Sequence[Standing]) -> Standing | None:
    """Let a person choose a project; the only one is chosen."""
    by_id = {item.record.id: item for item in standings}
    chosen = st.selectbox(
        _("Project"),
        list(by_id),
        index=0 if len(by_id) == 1 else None,
        format_func=lambda key: by_id[key].record.title,
        placeholder=_("choose"),
        key="water.project",
    )
    return by_id.get(str(chosen))


def show_one(desk: Desk, standing: Standing, day: date, *, may_record: bool) -> None:
    """Show all of a project, and the forms to change it."""
    show_facts(desk, standing)
    ask_stage(desk, standing, may_record=may_record)
    st.html(lines_html(_("Money, each step by itself"), money_lines(standing.grants)))
    st.html(lines_html(_("Milestones, legal steps, calls and documents"), note_lines(standing.notes, day)))
    for kept in standing.notes:
        if kept.record.link.startswith(("https://", "http://")):
            st.link_button(_("Document: {name}").format(name=kept.record.title), kept.record.link)
    if may_record:
        money, step, facts = st.tabs([_("Record money"), _("Record a step, a call, a document"), _("Change")])
        with money, refusing():
            money_form(desk, standing)
        with step, refusing():
            note_form(desk, standing)
        with facts, refusing():
            change_form(desk, standing)


def show_facts(desk: Desk, standing: Standing) -> None:
    """Say for which systems it is, who leads, whom to call, and what bridges the time until then."""
    project = standing.record
    names = desk.table["name"]
    systems = [name_with_number(str(names.get(pwsid, "")), pwsid) for pwsid in project.pwsids]
    since = (
        f" ({_('since {day}').format(day=span_words(project.bridge_since))})" if project.bridge_since else ""
    )
    told = (
        (_("Service"), _(SERVICE_TITLES[project.service])),
        (_("Systems"), "; ".join(systems)),
        (_("Lead organization"), project.lead),
        (_("Contacts"), project.contacts),
        (_("Until then"), _(BRIDGE_TITLES[project.bridge]) + since),
        (_("Note"), project.note),
    )
    st.html(lines_html(project.title, [record_line(what, text, ()) for what, text in told if text]))


def ask_stage(desk: Desk, standing: Standing, *, may_record: bool) -> None:
    """Ask whether systems of a project with secured money are funded now; nothing is set by itself."""
    service = standing.record.service
    statuses = desk.board.statuses(as_of=desk.as_of).xs(str(service), level="service")
    stages = {pwsid: Stage(str(stage)) for pwsid, stage in statuses["stage"].items()}
    found = suggest_stage(standing, {str(pwsid): stage for pwsid, stage in stages.items()})
    if found is None:
        return
    stage, behind = found
    words = _("Money is secured, and {count} of its systems are not marked as {stage} yet: {systems}.")
    told = words.format(count=len(behind), stage=_(STAGE_TITLES[stage]), systems=", ".join(behind))
    st.info(told)
    seen = statuses["number"].to_dict()
    numbers = {pwsid: int(seen[pwsid]) for pwsid in behind}
    stamp = "-".join(f"{pwsid}.{number}" for pwsid, number in numbers.items())
    label = _("Mark them as {stage}").format(stage=_(STAGE_TITLES[stage]))
    if may_record and st.button(label, key=f"water.project.stage.{standing.record.id}.{stamp}"):
        with refusing():
            kept = {item.record.key: item.record for item in desk.board.kept(Status)}
            source = _("project {title}").format(title=standing.record.title)
            changes = []
            for pwsid, number in numbers.items():
                before = kept.get(f"{pwsid}/{service}")
                lasting = (
                    {"lead": before.lead, "note": before.note} if before else {"lead": standing.record.lead}
                )
                fields = {"pwsid": pwsid, "service": service, "stage": stage, **lasting, "evidence": source}
                changes.append(Change(Status.make(fields), number, source=source))
            finish(desk.board.record(changes, desk.who))


def money_lines(grants: Iterable[Kept[Grant]]) -> list[tuple[str, str, str]]:
    """Tell each grant's steps, a line each."""
    return [
        record_line(
            f"{kept.record.funder}{f', {kept.record.program}' if kept.record.program else ''}",
            f"{_(FUNDING_TITLES[step.status])}: {to_words(step.amount_usd, 'USD')}",
            (span_words(step.on) if step.on else "", kept.record.note, kept.source, kept.who),
        )
        for kept in grants
        for step in sorted(kept.record.steps, key=lambda item: list(FundingStatus).index(item.status))
    ]


def note_lines(notes: Iterable[Kept[Note]], day: date) -> list[tuple[str, str, str]]:
    """Tell what is written down of a project, with what is overdue."""
    return [
        record_line(
            _(WHAT_TITLES[kept.record.what]), kept.record.title, (state_words(kept.record, day), kept.who)
        )
        for kept in notes
    ]


def state_words(note: Note, day: date) -> str:
    """Say when it was reached, or by when it is due and whether that is over."""
    if note.reached_on:
        return _("done {day}").format(day=span_words(note.reached_on))
    if note.planned_for is None:
        return ""
    words = _("overdue since {day}") if note.is_overdue(day) else _("due {day}")
    return words.format(day=day_words(note.planned_for))


def show_timeline(standings: Sequence[Standing], day: date) -> None:
    """Show what was reached and what is to come of all projects, by day."""
    table = timeline(standings, day)
    if table.empty:
        return
    states = {"done": _("done"), "open": _("to come"), "overdue": _("overdue")}
    st.markdown(heading(_("Timeline of the projects")))
    st.dataframe(
        table.assign(what=table["what"].map(_), state=table["state"].map(states)),
        hide_index=True,
        key="water.projects.timeline",
        column_config={
            "on": st.column_config.DateColumn(_("Day"), format="YYYY-MM-DD"),
            "project": _("Project"),
            "what": _("What"),
            "said": _("Step or funder"),
            "amount_usd": st.column_config.NumberColumn(_("Amount"), format="dollar", step=1),
            "state": _("State"),
        },
    )


def add_form(desk: Desk) -> None:
    """Ask for a project with its first money."""
    key = f"water.project.new.{st.session_state.setdefault('water.project.turn', 0)}"
    with st.form(f"{key}.form", border=False):
        fields = ask_project(desk, key)
        grant = ask_grant(key)
        step = ask_money(key)
        pressed = st.form_submit_button(_("Add the project"), type="primary")
    if pressed:
        with refusing():
            project = Project.make(given(fields))
            records = [project, *new_grants(project.id, grant, step)]
            st.session_state["water.project.turn"] += 1
            finish(add_to_board(desk.board, records, desk.who))


def new_grants(project: str, grant: dict[str, Any], step: dict[str, Any]) -> list[Grant]:
    """Make the first grant of a project, where an amount is given."""
    if step["amount_usd"] is None:
        return []
    return [Grant.make({"project": project, **given(grant), "steps": (Step(**given(step)),)})]


def ask_project(desk: Desk, key: str, now: Project | None = None) -> dict[str, Any]:
    """Ask for what a project is; ``now`` is what the form begins with."""
    names = desk.table["name"].to_dict()
    bridges = {str(bridge): _(title) for bridge, title in BRIDGE_TITLES.items()}
    services = {str(service): _(title) for service, title in SERVICE_TITLES.items()}
    title = st.text_input(_("Name of the project"), value=now.title if now else "", key=f"{key}.title")
    systems = st.multiselect(
        _("Systems it is for"),
        list(dict.fromkeys([*names, *(now.pwsids if now else ())])),
        default=list(now.pwsids) if now else [],
        format_func=lambda pwsid: name_with_number(str(names.get(pwsid, "")), str(pwsid)),
        placeholder=_("Type a name or a number"),
        key=f"{key}.pwsids",
    )
    return {
        "title": title,
        "pwsids": tuple(systems),
        "service": st.selectbox(
            _("Service"),
            list(services),
            index=list(services).index(str(now.service)) if now else 0,
            format_func=services.__getitem__,
            key=f"{key}.service",
        ),
        "lead": st.text_input(_("Lead organization"), value=now.lead if now else "", key=f"{key}.lead"),
        "contacts": st.text_area(_("Contacts"), value=now.contacts if now else "", key=f"{key}.contacts"),
        "bridge": st.selectbox(
            _("What bridges the time until then"),
            list(bridges),
            index=list(bridges).index(str(now.bridge)) if now else 0,
            format_func=bridges.__getitem__,
            key=f"{key}.bridge",
        ),
        "bridge_since": ask_when(_("Since"), now.bridge_since if now else None, f"{key}.since"),
        "note": st.text_input(_("Note"), value=now.note if now else "", key=f"{key}.note"),
    }


def ask_grant(key: str) -> dict[str, Any]:
    """Ask from whom money is, and by which program."""
    funder = st.text_input(_("From whom"), key=f"{key}.funder")
    program = st.selectbox(
        _("Funding program"),
        [_(name) for name in PROGRAMS],
        index=None,
        accept_new_options=True,
        placeholder=_("choose, or type another"),
        key=f"{key}.program",
    )
    return {"funder": funder, "program": program}


def ask_money(key: str) -> dict[str, Any]:
    """Ask how much has come how far, and when."""
    steps = {str(status): _(FUNDING_TITLES[status]) for status in FundingStatus}
    amount = st.number_input(
        _("Amount, US dollars"), value=None, min_value=0.0, step=1000.0, key=f"{key}.amount"
    )
    status = st.selectbox(_("Step"), list(steps), format_func=steps.__getitem__, key=f"{key}.status")
    return {"amount_usd": amount, "status": status, "on": ask_when(_("On"), None, f"{key}.on")}


def money_form(desk: Desk, standing: Standing) -> None:
    """Record a step of a grant that is there, or a further grant."""
    held = {kept.record.id: kept for kept in standing.grants}
    names = {key: f"{kept.record.funder} {kept.record.program}".strip() for key, kept in held.items()}
    chosen = st.selectbox(
        _("Grant"),
        [*names, ""],
        format_func=lambda name: names.get(name) or _("another grant"),
        key=f"water.project.grant.{standing.record.id}",
    )
    kept = held.get(str(chosen))
    key = f"water.project.money.{standing.record.id}.{chosen}.{kept.number if kept else len(held)}"
    with st.form(f"{key}.form", border=False):
        grant = {} if kept else ask_grant(key)
        step = ask_money(key)
        pressed = st.form_submit_button(_("Record the step"), type="primary")
    if pressed:
        made = Step.model_validate(given(step)) if step["amount_usd"] is not None else None
        if made is None:
            st.error(_("Please fill in the amount."))
        elif kept:
            finish([amend(desk.board, kept.record.with_step(made), kept.number, desk.who)])
        else:
            finish(add_to_board(desk.board, new_grants(standing.record.id, grant, step), desk.who))


def note_form(desk: Desk, standing: Standing) -> None:
    """Record a milestone, a legal step, a call or a document; one that is open may be marked as done."""
    open_ones = {kept.record.id: kept for kept in standing.notes if not kept.record.reached_on}
    chosen = st.selectbox(
        _("Which step"),
        ["", *open_ones],
        format_func=lambda name: open_ones[name].record.title if name else _("a new one"),
        key=f"water.project.note.{standing.record.id}",
    )
    kept = open_ones.get(str(chosen))
    now = kept.record if kept else None
    key = f"water.project.note.{standing.record.id}.{chosen}.{kept.number if kept else len(standing.notes)}"
    whats = {str(what): _(title) for what, title in WHAT_TITLES.items()}
    with st.form(f"{key}.form", border=False):
        fields: dict[str, Any] = {
            "what": st.selectbox(
                _("What"),
                list(whats),
                index=list(whats).index(str(now.what)) if now else 0,
                format_func=whats.__getitem__,
                key=f"{key}.what",
            ),
            "title": st.selectbox(
                _("Title"),
                list(dict.fromkeys([*([now.title] if now else []), *map(_, LEGAL_STEPS)])),
                index=0 if now else None,
                accept_new_options=True,
                placeholder=_("choose a legal step, or type a title"),
                key=f"{key}.title",
            ),
            "planned_for": ask_day(_("Due"), now.planned_for if now else None, f"{key}.planned"),
            "reached_on": ask_when(_("Done on"), None, f"{key}.on"),
            "link": st.text_input(_("Document (address)"), value=now.link if now else "", key=f"{key}.link"),
        }
        pressed = st.form_submit_button(_("Record the step"), type="primary")
    if pressed:
        note = Note.make({"project": standing.record.id, "id": now.id if now else new_id(), **given(fields)})
        if kept:
            finish([amend(desk.board, note, kept.number, desk.who)])
        else:
            finish(add_to_board(desk.board, [note], desk.who))


def change_form(desk: Desk, standing: Standing) -> None:
    """Change what a project is."""
    kept = standing.project
    key = f"water.project.change.{kept.record.id}.{kept.number}"
    with st.form(f"{key}.form", border=False):
        fields = ask_project(desk, key, kept.record)
        pressed = st.form_submit_button(_("Record the change"), type="primary")
    if pressed:
        changed = Project.make({**given(fields), "id": kept.record.id})
        finish([amend(desk.board, changed, kept.number, desk.who)])


def finish(entries: Sequence[Entry]) -> None:
    """Say that it was recorded, with a button that takes it back."""
    keep_recorded(entries, DONE)
    st.rerun()


def projects_of(desk: Desk) -> pd.DataFrame | None:
    """Return the table of projects for paper and files, as whoever looks may see it; None for nothing."""
    if not may_see("project", desk.rights):
        return None
    table = project_table(list_projects(desk.board, as_of=desk.as_of), day_of(desk))
    return table if len(table) else None


def show_water_projects(region: Region) -> None:
    """Show the projects with their money on a program's page, to those who may see them."""
    if missing_reason(region.key, "water_systems") or not may_see("project", current_rights()):
        return
    standings = list_projects(open_board(region))
    if standings:
        st.markdown(heading(_("Projects and money")))
        show_table(standings, day_in(region.timezone))
