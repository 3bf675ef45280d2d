"""A shared network in sentences: what it saves, what each system pays, what is proven."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from geo.errors import first_ids
from geo.language import gettext as _
from geo.language import ngettext
from geo.units import to_words
from geo.water.cost.connection import tell_reason, usd_per_foot
from geo.water.network_layout import Layout, extra_reviews_usd
from wording.connection_cost import ITEM_TITLES, range_of_cost

PAYS = (
    "people",
    "own_ft",
    "shared_ft",
    "by_demand_usd",
    "by_shapley_usd",
    "separate_total_usd",
    "shared_total_usd",
)


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over a layout; lengths in feet, amounts in US dollars, None where one system's is not known.

    ``shared_range_usd`` and ``separate_range_usd``: the whole cost with every parameter, and every length
    that is an estimate, at its cheaper and at its dearer end.
    """

    shared_ft: float
    separate_ft: float
    low_ft: float
    high_ft: float
    bound_ft: float
    shared_pipes_usd: float
    separate_pipes_usd: float
    shared_total_usd: float | None
    separate_total_usd: float | None
    people: float
    connections: float | None = None
    shared_fundable: int | None = None
    separate_fundable: int | None = None
    shared_range_usd: tuple[float, float] | None = None
    separate_range_usd: tuple[float, float] | None = None


def total_up(layout: Layout) -> Totals:
    """Add a layout up."""
    low, high = layout.ground.range_of(layout.tree.edges)
    lengths, costs, systems = layout.layouts["length_ft"], layout.layouts["cost_usd"], layout.systems
    return Totals(
        shared_ft=float(lengths["shared"]),
        separate_ft=float(lengths["separate"]),
        low_ft=low,
        high_ft=high,
        bound_ft=float(layout.tree.lower_bound),
        shared_pipes_usd=float(costs["shared"]),
        separate_pipes_usd=float(costs["separate"]),
        shared_total_usd=_whole(systems["shared_total_usd"]),
        separate_total_usd=_whole(systems["separate_total_usd"]),
        people=float(systems["people"].sum()),
        connections=_whole(systems["connections_used"]),
        shared_fundable=_count(systems["shared_fundable"]),
        separate_fundable=_count(systems["separate_fundable"]),
        shared_range_usd=range_of_cost(layout, "shared"),
        separate_range_usd=range_of_cost(layout, "separate"),
    )


def span_totals(totals: Totals, others: Sequence[Totals]) -> Totals:
    """Widen the ranges of the whole cost by what other choices of the district's boundary would make it.

    Examples
    --------
    >>> one = Totals(100, 150, 100, 100, 100, 9e3, 2e4, 5.0, 6.0, 50, shared_range_usd=(4.0, 8.0))
    >>> other = replace(one, shared_range_usd=(1.0, 2.0))
    >>> span_totals(one, [other]).shared_range_usd
    (1.0, 8.0)
    """
    every = [totals, *others]
    return replace(
        totals,
        shared_range_usd=_span([one.shared_range_usd for one in every]),
        separate_range_usd=_span([one.separate_range_usd for one in every]),
    )


def _span(ranges: Sequence[tuple[float, float] | None]) -> tuple[float, float] | None:
    known = [ends for ends in ranges if ends is not None]
    return (min(low for low, __ in known), max(high for __, high in known)) if known else None


def _whole(amounts: pd.Series[float]) -> float | None:
    return None if amounts.isna().any() else float(amounts.sum())


def _count(answers: pd.Series[bool]) -> int | None:
    return None if answers.isna().any() else int(answers.sum())


def compare_words(totals: Totals) -> pd.DataFrame:
    """Set shared and separate side by side, with what sharing saves, in words.

    Examples
    --------
    >>> totals = Totals(100, 150, 100, 100, 100, 9e3, 2e4, None, None, 50)
    >>> compare_words(totals).iloc[0].tolist()
    ['100', '150', '50']
    """
    shared, separate, homes = totals.shared_total_usd, totals.separate_total_usd, totals.connections
    rows: dict[str, tuple[float | None, float | None, str]] = {
        _("Pipe, feet"): (totals.shared_ft, totals.separate_ft, "count"),
        _("Pipes alone, at the method's price of a foot"): (
            totals.shared_pipes_usd,
            totals.separate_pipes_usd,
            "USD",
        ),
        _("Whole cost by the State's method"): (shared, separate, "USD"),
        _("For each connection"): (_each(shared, homes), _each(separate, homes), "USD"),
    }
    lines = {
        title: (to_words(first, unit), to_words(second, unit), to_words(_less(second, first), unit))
        for title, (first, second, unit) in rows.items()
    }
    lines[_("Whole cost, lowest to highest")] = (
        _range(totals.shared_range_usd),
        _range(totals.separate_range_usd),
        "",
    )
    lines[_("Systems within the State's limit for funding")] = (
        to_words(totals.shared_fundable, "count"),
        to_words(totals.separate_fundable, "count"),
        "",
    )
    columns = [_("Shared network"), _("One pipe each"), _("Saved by sharing")]
    return pd.DataFrame.from_dict(lines, orient="index", columns=columns)


def _less(first: float | None, second: float | None) -> float | None:
    return None if first is None or second is None else round(first - second, 3) + 0.0


def _each(amount: float | None, homes: float | None) -> float | None:
    return None if amount is None or not homes else amount / homes


def _range(ends: tuple[float, float] | None) -> str:
    if ends is None:
        return to_words(None)
    return _("{low} to {high}").format(low=to_words(ends[0], "USD"), high=to_words(ends[1], "USD"))


def items_table(layout: Layout) -> pd.DataFrame:
    """List the method's line items, shared beside separate, without those that are 0; in US dollars.

    Returns
    -------
    pandas.DataFrame
        ``item`` (in words), ``shared``, ``separate``, ``saved``.
    """
    items = layout.items[layout.items.ne(0).any(axis=1)]
    table = items.round(2).assign(item=[_(ITEM_TITLES[str(name)]) for name in items.index])
    return table.assign(saved=table["separate"] - table["shared"])[["item", "shared", "separate", "saved"]]


def once_words(layout: Layout) -> str:
    """Say what a shared network is counted once for, and what is counted for each system.

    Returns
    -------
    str
        With what it would add to review each branch apart, where there are several.
    """
    branches = int(layout.systems["branch"].max()) if layout.systems["branch"].notna().any() else 0
    on_it = int(layout.systems["branch"].notna().sum())
    if not branches:
        return _("No pipe is shared: each system is a project of its own, as the method counts it.")
    told = _(
        "Counted once for the {count} systems on the network, as one project: the environmental review. "
        "Counted for each system, shared or not: service lines, connection fees, administration, and the "
        "1,000 feet that the method adds to every way. A system that touches the district is its own project."
    ).format(count=on_it)
    if branches > 1:
        told += " " + _(
            "The pipes leave the district in {count} places; reviewing each as a project adds {amount}."
        ).format(count=branches, amount=to_words(extra_reviews_usd(layout), "USD"))
    return told


def lost_words(layout: Layout) -> str:
    """Name the systems that the method cannot cost, why, and what to do; empty where it can cost all.

    Examples
    --------
    >>> import networkx as nx
    >>> from geo.water.network_layout import Ground
    >>> from geo.methods.steiner import Tree
    >>> table = pd.DataFrame({"reason": ["county 06099 has no multiplier"]}, index=["CA9"])
    >>> ground = Ground(nx.Graph(), "road", None, frozenset())
    >>> layout = Layout(ground, Tree((), (), 0.0, 0.0), table, table, table)
    >>> lost_words(layout)[:72]
    'The method cannot cost 1 system: CA9 (county 06099 has no multiplier). L'
    """
    reasons = layout.systems["reason"].dropna()
    if reasons.empty:
        return ""
    named = first_ids(f"{pwsid} ({tell_reason(reason)})" for pwsid, reason in reasons.items())
    return ngettext(
        "The method cannot cost {count} system: {names}. Lengths and pipes hold; for whole costs, leave it "
        "out or choose another cost method.",
        "The method cannot cost {count} systems: {names}. Lengths and pipes hold; for whole costs, leave "
        "them out or choose another cost method.",
        len(reasons),
    ).format(count=len(reasons), names=named)


def range_words(layout: Layout) -> str:
    """Say how far lengths can be trusted; empty where all follow roads.

    Examples
    --------
    >>> import networkx as nx
    >>> from geo.water.network_layout import Ground
    >>> from geo.methods.steiner import Tree
    >>> ground = Ground(nx.Graph(), "straight line", None, frozenset())
    >>> tree = Tree((), (), cost=130.0, edge_cost=130.0, lower_bound=130.0)
    >>> range_words(Layout(ground, tree, *[pd.DataFrame()] * 3))[:44]
    'No roads fit for measuring are here: lengths'
    """
    if layout.ground.basis == "road":
        return _off_road_words(layout)
    words = _("No roads fit for measuring are here: lengths are straight lines times 1.3, an estimate.")
    low, high = layout.ground.range_of(layout.tree.edges)
    if high <= 0:
        return words
    span = _("The shared network may be from {low} to {high} feet (1.0 to 1.8 times).")
    return f"{words} {span.format(low=to_words(low, 'count'), high=to_words(high, 'count'))}"


def _off_road_words(layout: Layout) -> str:
    far = sorted(layout.ground.off_road)
    if not far:
        return ""
    return ngettext(
        "{count} system lies more than 1,000 m from every road ({names}): from it the pipe is a straight "
        "line times 1.3 to the nearest road or to the district, an estimate.",
        "{count} systems lie more than 1,000 m from every road ({names}): from them the pipe is a straight "
        "line times 1.3 to the nearest road or to the district, an estimate.",
        len(far),
    ).format(count=len(far), names=first_ids(far))


# A foot of height takes 0.433 psi; from 10 psi on the State's 2022 method adds two booster stations at
# $75,000 each and a lot at $150,000 (Drought Infrastructure Cost Assessment).
PSI_PER_FOOT, BOOSTED_PSI, BOOSTER_USD = 0.433, 10.0, 300_000.0


def elevation_words(rises: pd.Series[float], pwsids: Sequence[str]) -> str:
    """Say how far the systems of a network lie above or below where pipes start, as far as a source tells.

    Parameters
    ----------
    rises
        As :func:`geo.water.known_ways.state_rises` returns them.

    Examples
    --------
    >>> words = elevation_words(pd.Series({"CA1": 30.0, "CA2": -12.0}), ["CA1", "CA2", "CA3"])
    >>> words.partition(": ")[2][:38], words.partition(". ")[2][:33]
    ('from 12 feet below to 30 feet above wh', '1 of them loses 10 psi or more by')
    """
    known = rises[rises.index.isin(list(pwsids))]
    if known.empty:
        return _("Height and pressure are not counted: no source here tells how high these systems lie.")
    words = _(
        "Heights are known of {known} of {count} systems (the State's table of 2021): from {low} to {high} "
        "where their pipe starts."
    ).format(known=len(known), count=len(pwsids), low=_height(known.min()), high=_height(known.max()))
    steep = int((known * PSI_PER_FOOT).ge(BOOSTED_PSI).sum())
    if not steep:
        return f"{words} {_('None loses 10 psi by that. Pressure is not counted in these costs.')}"
    boosted = ngettext(
        "{count} of them loses 10 psi or more by that, which the State's 2022 method meets with booster "
        "stations ({cost} each time): not counted in these costs.",
        "{count} of them lose 10 psi or more by that, which the State's 2022 method meets with booster "
        "stations ({cost} each time): not counted in these costs.",
        steep,
    )
    return f"{words} {boosted.format(count=steep, cost=to_words(BOOSTER_USD, 'USD'))}"


def _height(feet: float) -> str:
    words = _("{feet} feet below") if feet < 0 else _("{feet} feet above")
    return words.format(feet=f"{abs(feet):,.0f}")


def unplaced_words(names: Sequence[str]) -> str:
    """Say which systems no pipe is laid to, as nobody knows where they lie.

    Examples
    --------
    >>> unplaced_words(["Gamez (CA3301117)"])[:52]
    'Left out of the network, as its place is not known w'
    """
    return ngettext(
        "Left out of the network, as its place is not known well enough to lay a pipe there: {names}. What "
        "it costs alone stands on the water board, as far as the State's table or its community tells.",
        "Left out of the network, as their places are not known well enough to lay a pipe there: {names}. "
        "What they cost alone stands on the water board, as far as the State's table or their community "
        "tells.",
        len(names),
    ).format(names=first_ids(names))


def share_table(layout: Layout, names: pd.Series[str]) -> pd.DataFrame:
    """List what each system has of the network, and what it would pay: by demand, and by the Shapley value.

    Parameters
    ----------
    names
        By pwsid.

    Returns
    -------
    pandas.DataFrame
        ``name``, the columns of :data:`PAYS`, ``separate_fundable``, ``shared_fundable``, ``pwsid``.
    """
    table = layout.systems[[*PAYS, "separate_fundable", "shared_fundable"]].copy()
    table.insert(0, "name", names.reindex(table.index))
    return table.assign(pwsid=table.index)


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


def offer_words(start: str, layout: Layout) -> str:
    """Say what a network would be that starts elsewhere.

    Parameters
    ----------
    start
        Where it would start, in words.

    Examples
    --------
    >>> import networkx as nx
    >>> from geo.water.network_layout import Ground
    >>> from geo.methods.steiner import Tree
    >>> table = pd.DataFrame({"length_ft": [900.0, 1000.0]}, index=["shared", "separate"])
    >>> ground = Ground(nx.Graph(), "road", None, frozenset())
    >>> none = pd.DataFrame()
    >>> offer_words("mains", Layout(ground, Tree((), (), 0.0, 0.0), none, table, none))
    'Lay a network from: mains (900 feet of shared pipe)'
    """
    feet = to_words(float(layout.layouts["length_ft"]["shared"]), "count")
    return _("Lay a network from: {start} ({feet} feet of shared pipe)").format(start=start, feet=feet)


def among_words(name: str) -> str:
    """Say what is counted where systems are joined with one another.

    Examples
    --------
    >>> among_words("Oasis")[:48]
    'The network joins these systems with one another'
    """
    return _(
        "The network joins these systems with one another; a district main is taken to reach {name}, which "
        "has the most people. How far that main has to come is not in these figures: put it on the map below "
        "as a tie-in to count it."
    ).format(name=name)


def bound_words(layout: Layout) -> str:
    """Say what is proven, in length and in the method's pipe cost.

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
        return _(
            "All chosen systems lie inside what counts as the district, so the method gives each 1,000 feet "
            "and no pipe is shared. No boundary is a map of mains. Choose below where a network would start; "
            "the table says how far these systems are by the State's own figures."
        )
    return " ".join(_length_words(layout))


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


def _has_one_price(layout: Layout) -> bool:
    prices = usd_per_foot(layout.costable["shared"], layout.method).dropna()
    return len(prices) > 0 and float(prices.max() - prices.min()) < 1e-9 * float(prices.max())


def _percent(share: float) -> str:
    return to_words(share, "share").replace("\N{NO-BREAK SPACE}", " ")
