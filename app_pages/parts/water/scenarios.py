"""Scenarios: kept under a name, set side by side, found again."""

from __future__ import annotations

from app_pages.parts import screen as st
from app_pages.parts.markup import heading
from app_pages.parts.page import guarded, refusing
from app_pages.parts.people import may_write
from app_pages.parts.water.board import Desk, list_boundaries
from app_pages.parts.water.network_layout import AMONG, DIAMETERS, Question, choose_and_look
from geo.errors import ConflictError, first_ids
from geo.language import gettext as _
from geo.water.cost.parameters import read_methods
from geo.water.network_layout import Layout
from geo.water.receiver import BoundaryChoice
from store.records import Kept
from store.visibility import may_see
from store.water.scenarios import (
    Scenario,
    compare_scenarios,
    list_scenarios,
    remove_scenario,
    rename_scenario,
    save_scenario,
)
from wording.water_networks import Totals

SAID = "network.said"


def save_form(
    desk: Desk, layout: Layout, totals: Totals, boundary: BoundaryChoice, question: Question
) -> None:
    """Show the form that keeps what is on the screen."""
    if not may_write(desk.who):
        return
    with st.form("network.save", border=True):
        left, middle, right = st.columns([2, 2, 1], vertical_alignment="bottom")
        name = left.text_input(
            _("Keep it as"), key="network.name", placeholder=_("a name, as Airport Boulevard, November")
        )
        note = middle.text_input(_("Note"), key="network.note")
        with right:
            pressed = st.form_submit_button(_("Keep the scenario"), type="primary")
    if pressed:
        with refusing():
            keep(desk, to_scenario(desk, layout, totals, boundary, question, name, note))


def to_scenario(
    desk: Desk,
    layout: Layout,
    totals: Totals,
    boundary: BoundaryChoice,
    question: Question,
    name: str,
    note: str,
) -> Scenario:
    """Make the record of what is on the screen."""
    connections = desk.table["connections"].reindex(layout.systems.index)
    low, high = totals.shared_range_usd or (None, None)
    return Scenario.make(
        {
            "name": name,
            "note": note,
            "pwsids": tuple(layout.systems.index),
            "boundary": boundary.key,
            "boundary_title": boundary.title,
            "basis": layout.ground.basis,
            "method": question.method,
            "low_usd": low,
            "high_usd": high,
            "least_in": question.least_in,
            "fire_gpm": question.fire_gpm,
            "among": question.among,
            "trunk_ft": totals.shared_ft,
            "low_ft": totals.low_ft,
            "high_ft": totals.high_ft,
            "bound_ft": totals.bound_ft,
            "separate_ft": totals.separate_ft,
            "shared_pipes_usd": totals.shared_pipes_usd,
            "separate_pipes_usd": totals.separate_pipes_usd,
            "shared_total_usd": totals.shared_total_usd,
            "separate_total_usd": totals.separate_total_usd,
            "people": totals.people,
            "connections": None if connections.isna().any() else float(connections.sum()),
        }
    )


def keep(desk: Desk, scenario: Scenario) -> None:
    """Keep a scenario; a name that is taken is told, with who has it."""
    try:
        save_scenario(desk.board.journal, desk.region.key, scenario, desk.who, seen=0)
    except ConflictError as error:
        theirs = getattr(error.conflicts[0], "theirs", None)
        who = theirs.who if theirs else _("somebody else")
        st.error(
            _("The name is taken by a scenario of {who}: give another. Nothing was written.").format(who=who)
        )
    else:
        st.success(_("Kept as {name}.").format(name=scenario.name))


def show_scenarios(desk: Desk) -> None:
    """List the scenarios, set chosen ones side by side, and open one again."""
    kept = list_scenarios(desk.board.journal, desk.region.key)
    for words in st.session_state.pop(SAID, []):
        st.warning(words)
    st.markdown(heading(_("Scenarios")))
    if not kept:
        st.caption(_("None is kept yet."))
        return
    names = [item.record.name for item in kept]
    chosen = st.multiselect(
        _("Set side by side"), names, default=names[:3], key=f"network.compare.{len(kept)}"
    )
    picked = [item for item in kept if item.record.name in chosen]
    if picked:
        st.dataframe(compare_scenarios(picked), key="network.compared")
    for item in picked:
        show_one(desk, item)
    if desk.who:
        show_changes(desk, kept)


def show_changes(desk: Desk, kept: list[Kept[Scenario]]) -> None:
    """Let a scenario be renamed, or removed with a reason; its history stays."""
    items = {item.record.key: item for item in kept}
    numbers = ".".join(str(item.number) for item in kept)
    with st.expander(_("Rename or remove a scenario")), st.form(f"network.change.{numbers}", border=False):
        key = st.selectbox(
            _("Scenario"),
            list(items),
            format_func=lambda key: items[key].record.name,
            key="network.change.which",
        )
        left, right = st.columns(2)
        name = left.text_input(_("New name"), key="network.change.name")
        why = right.text_input(_("Why (needed to remove)"), key="network.change.why")
        with st.container(horizontal=True):
            renames = st.form_submit_button(_("Rename"))
            removes = st.form_submit_button(_("Remove"))
    with refusing():
        if renames:
            rename_scenario(
                desk.board.journal,
                desk.region.key,
                items[key].record,
                name,
                desk.who,
                seen=items[key].number,
            )
        if removes:
            remove_scenario(
                desk.board.journal,
                desk.region.key,
                items[key].record,
                desk.who,
                seen=items[key].number,
                why=why,
            )
        if renames or removes:
            st.rerun()


def show_one(desk: Desk, item: Kept[Scenario]) -> None:
    """Say whose it is, and let it be opened again."""
    scenario = item.record
    method = read_methods().get(scenario.method)
    words = "; ".join(
        [
            *([item.who] if may_see("scenario", desk.rights, "who") else []),
            f"{item.at:%Y-%m-%d}",
            scenario.boundary_title,
            method.title if method else scenario.method,
            *([scenario.note] if may_see("scenario", desk.rights, "note") else []),
        ]
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            _("Open {name}").format(name=scenario.name),
            key=f"network.open.{scenario.key}",
            on_click=guarded(reopen),
            args=(desk, scenario),
        )
        st.caption(f"{scenario.name}: {words}")


def reopen(desk: Desk, scenario: Scenario) -> None:
    """Choose its systems, its boundary and its method again; what is not here any more is told."""
    choose_and_look(list(scenario.pwsids))
    boundaries = {choice.key for choice in list_boundaries(desk.region)}
    gone = sorted(set(scenario.pwsids) - set(desk.table.index))
    said = []
    if gone:
        said.append(
            _(
                "{count} of its systems are not on this board ({names}): choose a wider one in the sidebar."
            ).format(count=len(gone), names=first_ids(gone))
        )
    for key, value, known in (
        ("water.boundary", scenario.boundary, boundaries),
        ("water.method", scenario.method, set(read_methods())),
    ):
        if value in known:
            st.session_state[key] = value
        else:
            said.append(
                _("{name} is not here any more: the choice in the sidebar counts.").format(name=value)
            )
    st.session_state[AMONG] = scenario.among
    if int(scenario.least_in) in DIAMETERS:
        st.session_state["network.least_in"] = int(scenario.least_in)
    st.session_state["network.fire_gpm"] = int(scenario.fire_gpm)
    st.session_state[SAID] = said
