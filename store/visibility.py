"""What may be seen: from a table, what it is a table of, and the rights of who looks, to what they may see.

It is decided here and nowhere else. Every page, download, document and printed file passes what it shows
through :func:`to_visible` (tables), :func:`to_visible_body` (a record's fields), :func:`may_see` (a single
word) or :func:`require_sight` (files made as a whole). What nobody declared is refused, and who brings no
rights sees what a passer-by does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pandas as pd

from geo.canvass.coverage import hide_tracts, hide_weeks
from geo.errors import GeoError, SchemaError
from geo.language import gettext as _
from store.members import NOBODY, Right, Rights

T = TypeVar("T", bound=pd.DataFrame)


@dataclass(frozen=True, slots=True)
class Kind:
    """What of a kind of table or record needs which right; the rest is for everybody.

    Attributes
    ----------
    whole
        Without it nothing of it is seen.
    columns
        Columns (of a record: fields) that need a right, with the right.
    instead
        Which column others read in place of one; one without is left out.
    spare
        Columns that only stand in for others, and are shown to nobody under their own name.
    counts
        How small counts are hidden from who may not see them.
    """

    whole: Right | None = None
    columns: Mapping[str, Right] = field(default_factory=dict)
    instead: Mapping[str, str] = field(default_factory=dict)
    spare: tuple[str, ...] = ()
    counts: Callable[[pd.DataFrame], pd.DataFrame] | None = None


PUBLIC = Kind()
# Datasets that hold nothing but what is published of places and of people in sum.
PUBLISHED = (
    "tract_indicators",
    "tracts_2010",
    "counties",
    "block_groups",
    "blocks",
    "block_places",
    "study_area",
    "counted_areas",
    "settled_areas",
    "crosswalk_2010_2020",
    "people_points",
    "tracts_2020",
    "tract_vintages",
    "self_response_daily",
    "places",
    "school_districts",
    "districts",
    "tribal_areas",
    "tract_system_join",
    "hard_to_count_estimates",
    "people_served",
    "consolidation_routes",
    "lab_results",
    "receiver_boundaries",
    "area_water",
    "roads",
    "barriers",
    "water_mains",
    "public_schools",
    "health_facilities",
    "transit_stops",
    "transit_routes",
)
NAMED = {"name": Right.WATER}
RECORDED = {"who": Right.WHO, "why": Right.WATER}
OF_DATASETS: Mapping[str, Kind] = {
    "water_systems": Kind(columns={**NAMED, "other_names": Right.WATER}, instead={"name": "public_name"}),
    "mobile_home_parks": Kind(columns=NAMED, instead={"name": "public_name"}),
    "violations": Kind(columns=NAMED),
    "address_points": Kind(columns={"address": Right.FIELD}),
    "consolidation_candidates": Kind(
        columns={"joining_name": Right.WATER}, instead={"joining_name": "public_name"}
    ),
}
OF_BOARD: Mapping[str, Kind] = {
    # Notes and comments are in the task force's own words; they may name a family.
    "status": Kind(columns={**RECORDED, "note": Right.WATER}),
    "funding": Kind(columns={**RECORDED, "note": Right.WATER}),
    "milestone": Kind(columns=RECORDED),
    "affordability": Kind(columns=RECORDED),
    "comment": Kind(columns={**RECORDED, "text": Right.WATER}),
    "meeting": Kind(columns={**RECORDED, "attended": Right.WATER, "note": Right.WATER}),
    "decision": Kind(whole=Right.WATER),
    "system_place": Kind(columns={**RECORDED, "address": Right.WATER}),
    "tie_in": Kind(columns=RECORDED),
    "scenario": Kind(columns={**RECORDED, "note": Right.WATER}),
    "board_changes": Kind(
        columns={**RECORDED, "was": Right.WATER, "now": Right.WATER},
        instead={"was": "public_was", "now": "public_now"},
        spare=("public_was", "public_now"),
    ),
    "board_records": Kind(
        columns={**RECORDED, "on_record": Right.WATER},
        instead={"on_record": "public_on_record"},
        spare=("public_on_record",),
    ),
    # Projects are called by the names of parks, and calls are with families.
    "project": Kind(whole=Right.WATER, columns=RECORDED),
    "grant": Kind(whole=Right.WATER, columns=RECORDED),
    "project_note": Kind(whole=Right.WATER, columns=RECORDED),
    "projects": Kind(whole=Right.WATER),
    # The press calls parks by the names that are hidden here.
    "known_projects": Kind(whole=Right.WATER),
}
OF_CANVASS: Mapping[str, Kind] = {
    "turfs": Kind(columns={"volunteer": Right.FIELD, "note": Right.FIELD}),
    "turf_drafts": Kind(columns={"who": Right.WHO}),
    "volunteers": Kind(whole=Right.FIELD),
    "visits": Kind(whole=Right.FIELD),
    "sheets": Kind(whole=Right.SMALL_COUNTS),
    "canvass_changes": Kind(whole=Right.FIELD),
    "returns_files": Kind(whole=Right.FIELD),
    "walks": Kind(whole=Right.FIELD),
    "recut": Kind(whole=Right.FIELD),
    "phones": Kind(whole=Right.FIELD),
    "tribal_permissions": Kind(columns={"agreed_by": Right.FIELD, "who": Right.WHO}),
    "canvass_turfs": Kind(whole=Right.SMALL_COUNTS, columns={"volunteer": Right.FIELD}),
    "canvass_tracts": Kind(counts=hide_tracts),
    "canvass_weeks": Kind(counts=hide_weeks),
}
OF_PROGRAMS: Mapping[str, Kind] = {
    "attendance": Kind(whole=Right.FIELD),
    "same_person": Kind(whole=Right.FIELD),
    "cards": Kind(whole=Right.FIELD),
    "person_names": Kind(whole=Right.FIELD),
    "uncoded": Kind(whole=Right.SMALL_COUNTS),
    "boundary": Kind(columns={"who": Right.WHO}),
    "program_changes": Kind(whole=Right.FIELD),
    # Counts under ten wherever they stand, and what residents said in their own words.
    "counts": Kind(whole=Right.SMALL_COUNTS),
}
# Files that were taken in: a page lists those of its own kind of table, to whoever may record there.
OF_FILES: Mapping[str, Kind] = {
    "taken": Kind(columns={"who": Right.WHO}),
    "meanings": PUBLIC,
    # What somebody brought is for those who record here, whatever is in it.
    "own_layer": Kind(whole=Right.WHO),
}
KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(PUBLISHED, PUBLIC),
    **OF_DATASETS,
    **OF_BOARD,
    **OF_CANVASS,
    **OF_PROGRAMS,
    **OF_FILES,
}


def to_visible(table: T, kind: str, rights: Rights = NOBODY) -> T:
    """Return of a table what somebody may see; the table itself where that is all of it.

    Parameters
    ----------
    kind
        What it is a table of: a name among :data:`KINDS`, as every dataset's is.
    rights
        Those of who looks.

    Raises
    ------
    SchemaError
        Nobody declared who may see such a table.

    Examples
    --------
    >>> systems = pd.DataFrame({"name": ["AIDA AGUIRRE"], "public_name": ["Thermal, CA3302079"]})
    >>> to_visible(systems, "water_systems")["name"].item()
    'Thermal, CA3302079'
    >>> to_visible(systems, "water_systems", frozenset({Right.WATER}))["name"].item()
    'AIDA AGUIRRE'
    """
    seen: Any = table
    rule = _rule(kind)
    if rule.whole is not None and rule.whole not in rights:
        seen = table.iloc[:0]
    if rule.counts is not None and Right.SMALL_COUNTS not in rights:
        seen = rule.counts(seen)
    hidden = [name for name in _hidden(rule, rights) if name in seen.columns]
    swapped = {name: seen[rule.instead[name]] for name in hidden if rule.instead.get(name) in seen.columns}
    gone = [name for name in (*hidden, *rule.spare) if name in seen.columns and name not in swapped]
    if swapped:
        seen = seen.assign(**swapped)
    found: T = seen.drop(columns=gone) if gone else seen
    return found


def to_visible_body(body: Mapping[str, Any] | None, kind: str, rights: Rights = NOBODY) -> dict[str, Any]:
    """Return of a record's fields those that somebody may see; nothing of a record that is not there.

    Examples
    --------
    >>> to_visible_body({"stage": "funded", "note": "ask the owner's son"}, "status")
    {'stage': 'funded'}
    """
    if body is None or not may_see(kind, rights):
        return {}
    hidden = _hidden(_rule(kind), rights)
    return {name: value for name, value in body.items() if name not in hidden}


def may_see(kind: str, rights: Rights = NOBODY, column: str = "") -> bool:
    """Whether somebody may see anything of a kind, or one column of it.

    Examples
    --------
    >>> may_see("walks"), may_see("walks", frozenset({Right.FIELD})), may_see("meeting", column="who")
    (False, True, False)
    """
    rule = _rule(kind)
    needed = {rule.whole, rule.columns.get(column)} - {None}
    return needed <= rights


def require_sight(kind: str, rights: Rights = NOBODY) -> None:
    """Refuse what is made as a whole, such as a file, where somebody may not see it.

    Raises
    ------
    GeoError
        They may not.
    """
    if not may_see(kind, rights):
        raise GeoError(_("this is not for everybody"), _("sign in with a role that sees it"))


def _rule(kind: str) -> Kind:
    if kind not in KINDS:
        raise SchemaError(
            _("nobody declared who may see {kind!r}").format(kind=kind),
            _("declare it in store/visibility.py"),
        )
    return KINDS[kind]


def _hidden(rule: Kind, rights: Rights) -> list[str]:
    return [name for name, right in rule.columns.items() if right not in rights]
