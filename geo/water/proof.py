"""What is proven of a shared network: how much shorter, or cheaper in pipes, any other could be."""

from __future__ import annotations

from geo.language import gettext as _
from geo.units import to_words
from geo.water.cost.connection import usd_per_foot
from geo.water.network_layout import Layout
from geo.water.shared_trunk import least_pipes

# Shares below this are told as nothing: they come from rounding.
NOTHING = 1e-6


def share_shorter(layout: Layout) -> float:
    """Return the largest share by which another network could be shorter.

    Examples
    --------
    >>> import networkx as nx
    >>> import pandas as pd
    >>> from geo.water.network_layout import Ground
    >>> from geo.methods.steiner import Tree
    >>> tree = Tree((), (), cost=110.0, edge_cost=110.0, lower_bound=99.0)
    >>> ground = Ground(nx.Graph(), "road", None, frozenset())
    >>> round(share_shorter(Layout(ground, tree, *[pd.DataFrame()] * 3)), 3)
    0.1
    """
    return 0.0 if layout.tree.optimal else 1 - layout.tree.lower_bound / layout.tree.cost


def share_cheaper(layout: Layout) -> float:
    """Return the largest share by which another network's pipes could cost less, each as thick as it must be.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely.geometry import Point, box
    >>> from geo.water.network_layout import lay_ground
    >>> from geo.water.network_layout import lay_network
    >>> parks = gpd.GeoDataFrame({"population": [100.0, 50.0], "connections": [30.0, 15.0],
    ...     "county_geoid": ["06065", "06065"]}, geometry=[Point(0, 0), Point(0, 100)], index=["a", "b"],
    ...     crs=26911)
    >>> round(share_cheaper(lay_network(lay_ground(parks, box(1000, 0, 2000, 100)), parks)), 3)
    0.0
    """
    cost = float(layout.layouts["cost_usd"]["shared"])
    if cost <= 0:
        return 0.0
    flow_feet = float((layout.systems["demand_gpm"] * layout.systems["own_ft"]).sum())
    return max(0.0, 1 - least_pipes(layout.tree.lower_bound, flow_feet) / cost)


def bound_words(layout: Layout) -> str:
    """Say what is proven, in length, in the method's pipe cost, and in pipes by diameter.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely.geometry import Point, box
    >>> from geo.water.network_layout import lay_ground
    >>> from geo.water.network_layout import lay_network
    >>> parks = gpd.GeoDataFrame({"population": [100.0], "connections": [30.0],
    ...     "county_geoid": ["06065"]}, geometry=[Point(0, 0)], index=["a"], crs=26911)
    >>> bound_words(lay_network(lay_ground(parks, box(1000, 0, 2000, 100)), parks))[:71]
    'Proven: no other network of these straight lines is shorter or cheaper '
    """
    if layout.tree.cost <= 0:
        return _("All chosen systems touch the district: they need no network.")
    return " ".join([*_length_words(layout), *_diameter_words(layout)])


def _length_words(layout: Layout) -> list[str]:
    where = _("along these roads") if layout.ground.basis == "road" else _("of these straight lines")
    shorter = share_shorter(layout)
    if not _has_one_price(layout):
        first = (
            _("Proven: no other network {where} is shorter.").format(where=where)
            if shorter <= NOTHING
            else _("Proven: no other network {where} is more than {share} shorter.").format(
                where=where, share=_percent(shorter)
            )
        )
        return [
            first,
            _("A foot of pipe costs differently in these systems' counties, so this says nothing of cost."),
        ]
    if shorter <= NOTHING:
        return [
            _(
                "Proven: no other network {where} is shorter or cheaper by the State's method, in which "
                "every foot of pipe has one price."
            ).format(where=where)
        ]
    return [
        _(
            "Proven: no other network {where} is more than {share} shorter, nor are its pipes more than "
            "{share} cheaper by the State's method, in which every foot of pipe has one price."
        ).format(where=where, share=_percent(shorter))
    ]


def _diameter_words(layout: Layout) -> list[str]:
    cheaper = share_cheaper(layout)
    if cheaper <= NOTHING:
        return [_("Priced by diameter, no other network's pipes are cheaper either.")]
    return [
        _("Priced by diameter, no other network's pipes are more than {share} cheaper.").format(
            share=_percent(cheaper)
        )
    ]


def _has_one_price(layout: Layout) -> bool:
    prices = usd_per_foot(layout.costable["shared"], layout.method).dropna()
    return len(prices) > 0 and float(prices.max() - prices.min()) < 1e-9 * float(prices.max())


def _percent(share: float) -> str:
    return to_words(share, "share").replace("\N{NO-BREAK SPACE}", " ")
