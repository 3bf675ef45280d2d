"""One-page sheets to hand out: of a system, and of a network, in both languages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import geopandas as gpd

from app_pages.parts import screen as st
from app_pages.parts.loading import is_built, load_shapes
from app_pages.parts.maps import to_printed
from app_pages.parts.water.board import Desk, load_candidates, load_systems, target_shapes
from app_pages.parts.water.board_map import name_with_number, staged_of
from app_pages.parts.water.network_layout import Question
from geo.days import day_in
from geo.language import LANGUAGES, use_language
from geo.language import gettext as _
from geo.region import Bounds
from geo.units import to_words
from geo.water.cost.parameters import read_methods
from geo.water.known_ways import state_rises
from geo.water.network_layout import Layout, lines_of
from geo.water.shared_trunk import GALLONS_PER_PERSON_DAY, PEAKING
from layers.layer import Legend
from layers.registry import PLACES, ROADS
from layers.water import PIPES, draw_receiver, stage_layer
from reports.printed_map import Printed
from reports.water_sheet import Block, Sheet, sheet_pdf
from store.water.board_table import Filters
from wording.profiles import Profile, credits_of
from wording.water_networks import (
    Totals,
    bound_words,
    compare_words,
    elevation_words,
    lost_words,
    once_words,
    range_words,
    share_table,
)

# What maps, sizes and ways come from; a system's other figures bring their own credits.
DATASETS = ("water_systems", "receiver_boundaries", "roads", "consolidation_candidates")
ROOM = 0.012


def offer_sheets(of: str, name: str, make: Any) -> None:
    """Offer a sheet in both languages.

    Parameters
    ----------
    of
        "system" or "network".
    make
        Makes the content, given the language.
    """
    with st.container(horizontal=True):
        for language, title in LANGUAGES.items():
            st.download_button(
                _("One page ({language}, PDF)").format(language=title),
                partial(make, language),
                file_name=f"{name}-{language}.pdf",
                mime="application/pdf",
                on_click="ignore",
                key=f"sheet.{of}.{language}",
            )


def system_sheet(
    desk: Desk, pwsid: str, profile_of: Any, boundary: str, filters: Filters, language: str
) -> bytes:
    """Make a system's sheet; it runs apart from the page, so the language comes along.

    Parameters
    ----------
    profile_of
        Makes the system's profile in the language that is chosen.
    """
    use_language(language)
    profile: Profile = profile_of()
    rows = [[_("Figure"), _("Value"), _("How sure, and where it stands")]]
    rows += [
        [figure.title, figure.words, "; ".join(part for part in (figure.doubt, figure.place) if part)]
        for figure in profile.figures
    ]
    ours = desk.systems[desk.systems["pwsid"].eq(pwsid)]
    layers, legends = _beneath(desk, boundary, filters, [pwsid])
    own = [line for line in (*(figure.source for figure in profile.figures), *profile.credits) if line]
    lines = list(profile.wrong or [_("No known data issues for this system.")])
    return sheet_pdf(
        Sheet(
            profile.title,
            profile.subtitle or _(desk.region.title),
            day_in(desk.region.timezone),
            layers,
            _bounds(desk, ours),
            desk.region.length_crs,
            legends,
            [
                Block(_("What is known, and what it would cost"), rows, (3, 2.6, 4)),
                Block(_("Data quality notes"), lines=lines),
                Block(_("Assumptions"), lines=[_assumed()]),
            ],
            list(dict.fromkeys([*own, *sources_of(desk)])),
            desk.region.invented,
        )
    )


def network_sheet(
    desk: Desk,
    layout: Layout,
    totals: Totals,
    start: str,
    question: Question,
    language: str,
) -> bytes:
    """Make a network's sheet: map and pipes, costs, shares, proof, range, assumptions.

    Parameters
    ----------
    start
        What counts as the district, in words.
    """
    use_language(language)
    pwsids = layout.systems.index.tolist()
    pipes = lines_of(layout.ground, layout.trunk)
    layers, legends = _beneath(desk, "" if question.among else question.boundary, Filters(), pwsids)
    layers.append(to_printed(PIPES, pipes))
    if PIPES.legend is not None:
        legends.insert(0, PIPES.legend(PIPES, pipes))
    ours = desk.systems[desk.systems["pwsid"].isin(pwsids)]
    return sheet_pdf(
        Sheet(
            _("One network for {count} systems").format(count=len(pwsids)),
            _(desk.region.title),
            day_in(desk.region.timezone),
            layers,
            _bounds(desk, ours, pipes),
            desk.region.length_crs,
            legends,
            list(_network_blocks(desk, layout, totals, start, question)),
            sources_of(desk),
            desk.region.invented,
        )
    )


def _network_blocks(
    desk: Desk, layout: Layout, totals: Totals, start: str, question: Question
) -> Iterator[Block]:
    compared = compare_words(totals)
    head = ["", *map(str, compared.columns)]
    rows = [
        head,
        *(
            [str(title), *map(str, row)]
            for title, row in zip(compared.index, compared.to_numpy(), strict=True)
        ),
    ]
    yield Block(_("Costs, and their range"), rows, (3.4, 2, 2, 2), (1, 2, 3))
    yield Block(_("Who pays what"), _share_rows(desk, layout), (4.2, 1, 1.4, 1.6, 1.6, 1.6), (1, 2, 3, 4, 5))
    proof = [bound_words(layout), range_words(layout), lost_words(layout), once_words(layout)]
    yield Block(_("What is proven"), lines=[line for line in proof if line])
    method = read_methods().get(question.method)
    yield Block(
        _("Assumptions"),
        lines=[
            _("Starts from: {start}.").format(
                start=_("the chosen systems joined with one another") if question.among else start
            ),
            _(
                "Method: {method}. Least diameter {inches} inches, fire flow {fire} gallons a minute, "
                "{gallons:.0f} gallons a person and day times {peak}."
            ).format(
                method=method.title if method else question.method,
                inches=question.least_in,
                fire=question.fire_gpm,
                gallons=GALLONS_PER_PERSON_DAY,
                peak=PEAKING,
            ),
            elevation_words(state_rises(load_candidates(desk.region)), layout.systems.index.tolist()),
            _assumed(),
        ],
    )


def _share_rows(desk: Desk, layout: Layout) -> list[list[str]]:
    shares = share_table(layout, desk.table["name"])
    head = [
        _("System"),
        _("People"),
        _("Share of length, ft"),
        _("Share by water use"),
        _("Whole cost alone"),
        _("Whole cost shared"),
    ]
    rows = [
        [
            name_with_number(str(row["name"]), str(row["pwsid"])),
            to_words(row["people"], "people"),
            to_words(row["shared_ft"], "count"),
            *(
                to_words(row[name], "USD")
                for name in ("by_demand_usd", "separate_total_usd", "shared_total_usd")
            ),
        ]
        for row in shares.to_dict(orient="records")
    ]
    return [head, *rows]


def _assumed() -> str:
    return _(
        "An estimate for comparing, not a design. The range goes over all inputs of the method, lengths that "
        "are estimates, and what may count as the district."
    )


def _beneath(
    desk: Desk, boundary: str, filters: Filters, chosen: Sequence[str]
) -> tuple[list[Printed], list[Legend]]:
    """Lay out what lies below: towns, roads, the district, and the systems with those that are chosen."""
    layers = [
        to_printed(layer, load_shapes(desk.region.key, layer.dataset))
        for layer in (ROADS, PLACES)
        if is_built(desk.region, layer.dataset)
    ]
    if boundary:
        target = target_shapes(desk.region, boundary)
        drawing = draw_receiver(target)
        shapes = target.geometry.set_axis(target["boundary_id"].astype(str))
        layers.append(Printed(shapes, drawing.styles, drawing.rows, drawing.order))
    systems = load_systems(desk.region)
    frame = systems[systems["pwsid"].isin(desk.table.index)]
    layer = stage_layer(staged_of(desk, filters, desk.table.index.tolist(), tuple(chosen)))
    layers.append(to_printed(layer, frame))
    return layers, [layer.legend(layer, frame)] if layer.legend else []


def _bounds(desk: Desk, *frames: gpd.GeoDataFrame) -> Bounds:
    known = [frame for frame in frames if len(frame) and frame.geometry.notna().any()]
    if not known:
        return desk.region.focus[0].bounds
    boxes = [frame.total_bounds for frame in known]
    west, south = (min(float(box[place]) for box in boxes) for place in (0, 1))
    east, north = (max(float(box[place]) for box in boxes) for place in (2, 3))
    return west - ROOM, south - ROOM, east + ROOM, north + ROOM


def sources_of(desk: Desk) -> list[str]:
    """List the sources of what a sheet shows, with their vintage."""
    lines = (line for name in DATASETS for line in credits_of(desk.region.key, name))
    return list(dict.fromkeys(lines))
