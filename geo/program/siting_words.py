"""What siting found, in words and as a table. Pure."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from geo.crs import STORED
from geo.language import gettext as _
from geo.language import ngettext
from geo.methods.margins import Estimate
from geo.methods.roads import DETOUR
from geo.program.area import Area
from geo.program.site_choice import Siting
from geo.region import Bounds
from geo.units import to_words


def siting_words(siting: Siting, events: int, by_tract: int = 0, nowhere: int = 0) -> list[str]:
    """Say what is covered, what the sites add, and how ways were measured.

    Parameters
    ----------
    events
        How many events count as what is covered already.
    by_tract
        Of how many of these only the tract is known.
    nowhere
        How many more would count, if it were known where they are.
    """
    before = (
        ngettext(
            "Within reach of {events} event with a known place: {before}.",
            "Within reach of {events} events with a known place: {before}.",
            events,
        ).format(events=events, before=_words(siting.before))
        if events
        else _("No event with a known place counts as covered.")
    )
    words = _("Households in hard-to-count tracts: {all}. {before} The proposed sites add {added}.").format(
        all=_words(siting.households), before=before, added=_words(siting.added)
    )
    km = f"{siting.distance_m / 1000:,.1f}"
    if siting.along_roads:
        way = _("Reached within {km} km along roads; {count} candidate places were looked at.")
    else:
        way = _(
            "Reached within {km} km, as the straight line times {factor}: no roads here are good enough to "
            "measure along. {count} candidate places were looked at."
        )
    told = [words, way.format(km=km, factor=DETOUR, count=siting.looked_at), *_rough(by_tract, nowhere)]
    if siting.sites.empty:
        told.append(_("No candidate place adds any: choose a longer distance, or more kinds of places."))
    return told


def _rough(by_tract: int, nowhere: int) -> list[str]:
    """Say of how many events only the tract is known, and of how many not even that."""
    told = []
    if by_tract:
        told.append(
            ngettext(
                "Of {count} event only the tract is known: it stands at the middle of its people.",
                "Of {count} events only the tract is known: they stand at the middle of its people.",
                by_tract,
            ).format(count=by_tract)
        )
    if nowhere:
        told.append(
            ngettext(
                "{count} event does not count, as neither its place nor its tract is known.",
                "{count} events do not count, as neither their place nor their tract is known.",
                nowhere,
            ).format(count=nowhere)
        )
    return told


def _words(households: Estimate) -> str:
    return to_words(households.estimate, "households", households.moe)


def siting_table(siting: Siting) -> pd.DataFrame:
    """List the sites with what each adds to those before it, in words with margins (90 %)."""
    sites = siting.sites
    return pd.DataFrame(
        {
            "rank": sites["rank"],
            "name": sites["name"],
            "kind": sites["kind"],
            "adds": [_words(Estimate(*pair)) for pair in zip(sites["adds"], sites["adds_moe"], strict=True)],
            "adds_all": [
                _words(Estimate(*pair)) for pair in zip(sites["adds_all"], sites["adds_all_moe"], strict=True)
            ],
        }
    )


def demand_points(siting: Siting) -> gpd.GeoDataFrame:
    """Return the points of hard-to-count households, in EPSG:4326, each with an identifier ``point``."""
    hard = siting.demand[siting.demand["hard"] & siting.demand["households"].gt(0)]
    stored = hard.to_crs(STORED).reset_index(drop=True)
    return stored.assign(point=[f"point{place}" for place in range(len(stored))])


def bounds_of(siting: Siting, area: Area) -> Bounds:
    """Where to look (degrees): the sites and what they reach; the whole area where there are none."""
    if siting.sites.empty:
        return area.bounds
    around = siting.sites.geometry.buffer(1.5 * siting.distance_m)
    west, south, east, north = around.to_crs(STORED).total_bounds.tolist()
    return west, south, east, north
