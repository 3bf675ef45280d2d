"""What a meeting sees on the wall: how many are connected, and the ten who are next with reasons."""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd

from app_pages.parts.water.board import Desk
from app_pages.parts.water.board_map import name_with_number
from app_pages.parts.water.card import score_of
from geo.language import gettext as _
from geo.language import ngettext
from geo.units import to_words
from store.visibility import may_see
from store.water.board_table import Served
from store.water.kinds import SERVICE_TITLES, Service
from store.water.next_in_line import Listing
from wording.next_in_line import left_out_words, little_known_words, ranking_words, reason_words
from wording.water_systems import estimated_share

TEN = 10
STYLES = """<style>
.st-key-meeting_wall [data-testid="stColumn"]{min-width:21rem}
@media (max-width:640px){.st-key-meeting_wall [data-testid="stColumn"]{min-width:100%}}
.geo-wall{line-height:1.25;color:#1a1a1a}
.geo-wall .big{font-size:3.4rem;font-weight:700;line-height:1.05;font-variant-numeric:tabular-nums}
.geo-wall .of{font-size:1.15rem;margin:0 0 0.6rem 0}
.geo-wall .small .big{font-size:1.7rem}
.geo-wall h3{font-size:1.25rem;margin:0 0 0.3rem 0;padding:0}
.geo-wall ol{margin:0;padding:0;list-style:none}
.geo-wall li{font-size:1.05rem;margin:0 0 0.35rem 0;padding-left:0.2rem}
.geo-wall .name{font-weight:650}
.geo-wall .why{display:block;color:#4d4d4d;font-size:0.88rem}
.geo-wall .note{color:#4d4d4d;font-size:0.88rem;margin:0.3rem 0 0 0}
</style>"""


def connected_html(served: Served, service: Service) -> str:
    """Write how many systems are connected of how many, and how many people.

    Examples
    --------
    >>> "2 of 80" in connected_html(Served(2, 80, 300.0, 9000.0, 60.0, 2500.0, 4), Service.WATER)
    True
    """
    words = _("{systems} of {of}").format(systems=served.systems, of=served.of_systems)
    below = _("{service}: systems connected; {people} of {all} people").format(
        service=_(SERVICE_TITLES[service]).capitalize(),
        people=to_words(served.people, "people"),
        all=to_words(served.of_people, "people"),
    )
    if served.people_unknown:
        below += "; " + ngettext(
            "people of {count} system not known", "people of {count} systems not known", served.people_unknown
        ).format(count=served.people_unknown)
    if share := estimated_share(served):
        below += f". {share}"
    size = "" if service is Service.WATER else " small"
    return (
        f'{STYLES}<div class="geo-wall"><div class="{size.strip()}"><div class="big">{escape(words)}</div>'
        f'<p class="of">{escape(below)}</p></div></div>'
    )


def next_html(desk: Desk, ordered: pd.DataFrame) -> str:
    """Write the ten who are next, each with what puts it there, what is reported of it, and its cost."""
    listed = ordered[ordered["listing"].eq(Listing.NEXT)].head(TEN)
    items = "".join(_item(desk, str(pwsid), row) for pwsid, row in listed.iterrows())
    nobody = f"<p>{escape(_('No system of those shown is on the list.'))}</p>"
    title = escape(_("Who is next for water, and why"))
    few = _little(ordered, TEN - len(listed))
    return f'<div class="geo-wall"><h3>{title}</h3><ol>{items}</ol>{"" if items else nobody}{few}</div>'


def _little(ordered: pd.DataFrame, most: int) -> str:
    """Write, where fewer than ten have a rank, whose need is not known enough, and what is to be learned."""
    few = ordered[ordered["listing"].eq(Listing.LITTLE_KNOWN)].head(max(most, 0))
    items = "".join(
        f'<li><span class="name">{escape(name_with_number(str(row["name"]), str(pwsid)))}</span>'
        f'<span class="why">{escape(_("to be learned: {parts}").format(parts=row["to_learn"]))}</span></li>'
        for pwsid, row in few.iterrows()
    )
    title = escape(_("Too little known for a rank; the most people first"))
    return f"<h3>{title}</h3><ol>{items}</ol>" if items else ""


def notes_html(desk: Desk, ordered: pd.DataFrame) -> str:
    """Say what the ranking is, how many are not on the list and why, and of how many too little is known."""
    rest = [left_out_words(ordered["listing"]), little_known_words(ordered["listing"])]
    if desk.news and may_see("known_projects", desk.rights):
        count = len(desk.news)
        title = ngettext("{count} news item to confirm", "{count} news items to confirm", count)
        rest.insert(0, title.format(count=count))
    notes = "".join(f'<p class="note">{escape(words)}</p>' for words in [ranking_words(), *rest] if words)
    return f'<div class="geo-wall">{notes}</div>'


def _item(desk: Desk, pwsid: str, row: pd.Series[Any]) -> str:
    name = name_with_number(str(row["name"]), pwsid)
    reported = f" ({row['reported']})" if row.get("reported") else ""
    told = [reason_words(score_of(desk, pwsid)), _cost(row)]
    why = ". ".join(words for words in told if words)
    return (
        f'<li><span class="name">{int(row["rank"])}. {escape(name)}</span>{escape(reported)}'
        f'<span class="why">{escape(why)}</span></li>'
    )


def _cost(row: pd.Series[Any]) -> str:
    total, low, high = (row.get(name) for name in ("total_cost_usd", "low_cost_usd", "high_cost_usd"))
    if total is None or pd.isna(total):
        return ""
    return _("Alone {cost} ({low} to {high})").format(
        cost=to_words(total, "USD"), low=to_words(low, "USD"), high=to_words(high, "USD")
    )
