"""What is chosen on the water board: which systems, which service, which stages, as of which day."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.water.data import list_boundaries
from geo.language import gettext as _
from geo.region import Region
from geo.units import to_words
from geo.water.cost.parameters import read_methods
from geo.water.receiver import MAINS, SCOPES, BoundaryChoice
from layers.systems import STATUSES
from store.board.table import FUNDED, Filters, communities_of
from store.status import SERVICE_TITLES, STAGE_TITLES, Service


def choose_scope() -> str:
    """Let a person say which systems come into question."""
    titles = {key: _(title) for key, title in SCOPES.items()}
    return st.selectbox(
        _("Systems on the board"),
        list(SCOPES),
        key="water.scope",
        format_func=titles.__getitem__,
        help=_(
            "Small: at most 1,000 connections, with residents. Near: within 3 miles of the district, or at "
            "an unknown place."
        ),
    )


def choose_day() -> datetime | None:
    """Let a person look at the board as it stood at the end of a day; None is now."""
    day = st.date_input(
        _("As of the end of a day (empty: now)"), value=None, key="water.as_of", format="YYYY-MM-DD"
    )
    return datetime.combine(day, time.max, tzinfo=UTC) if day else None


def choose_filters(table: pd.DataFrame) -> Filters:
    """Let a person filter the board."""
    services = {str(service): _(title) for service, title in SERVICE_TITLES.items()}
    stages = {str(stage): _(title) for stage, title in STAGE_TITLES.items()}
    statuses = {name: _(words) for name, (words, _colour) in STATUSES.items()}
    funded = {key: _(title) for key, title in FUNDED.items()}
    service = st.radio(
        _("Service"), list(services), key="water.service", format_func=services.__getitem__, horizontal=True
    )
    return Filters(
        Service(service),
        tuple(
            st.multiselect(
                _("Stage"),
                list(stages),
                key="water.stages",
                format_func=stages.__getitem__,
                placeholder=_("all"),
            )
        ),
        tuple(
            st.multiselect(
                _("SAFER status"),
                list(statuses),
                key="water.statuses",
                format_func=statuses.__getitem__,
                placeholder=_("all"),
            )
        ),
        tuple(
            st.multiselect(
                _("Community"), communities_of(table), key="water.communities", placeholder=_("all")
            )
        ),
        st.selectbox(_("Funding"), list(funded), key="water.funded", format_func=funded.__getitem__),
    )


def choose_boundary(region: Region) -> BoundaryChoice | None:
    """Let a person say which boundary of the receiver counts: it decides who is a neighbour."""
    choices = {choice.key: choice for choice in list_boundaries(region)}
    if not choices:
        return None
    key = st.selectbox(
        _("What counts as the district"),
        list(choices),
        index=list(choices).index(region.receiver) if region.receiver in choices else 0,
        key="water.boundary",
        format_func=lambda name: boundary_title(choices[name]),
        help=_(
            "Which one is taken decides who touches the district and needs only 1,000 feet of pipe by the "
            "State's method, and how far the others are from it."
        ),
    )
    if MAINS not in choices:
        st.caption(
            _(
                "No source gives the district's mains: only boundaries can be chosen. A file from the "
                "district is taken in with: python -m geo add water_mains FILE"
            )
        )
    return choices[key]


def boundary_title(choice: BoundaryChoice) -> str:
    """Name a boundary with its kind and area; mains have no area."""
    if choice.key == MAINS:
        return f"{_(choice.boundary_type)}: {choice.title}"
    area = to_words(choice.area_km2, "count")
    return f"{area} km², {choice.boundary_type}: {choice.title}"


def choose_method() -> str:
    """Let a person choose the State's cost method."""
    titles = {key: method.title for key, method in read_methods().items()}
    keys = sorted(titles, reverse=True)
    return st.selectbox(_("Cost method"), keys, key="water.method", format_func=titles.__getitem__)
