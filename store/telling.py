"""What changed, told in words: who, when, from, to, why, and on what it rests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import pandas as pd

from geo.language import gettext as _
from geo.language import mark as N_
from geo.wording import to_words
from store.board import Board
from store.journal import Body, Entry
from store.status import (
    FUNDING_TITLES,
    SERVICE_TITLES,
    STAGE_TITLES,
    Comment,
    Funding,
    FundingStatus,
    Milestone,
    Service,
    Stage,
    Status,
)

KIND_TITLES = {
    "status": N_("stage"),
    "milestone": N_("milestone"),
    "funding": N_("funding"),
    "comment": N_("comment"),
    "affordability": N_("affordability"),
}
COLUMNS = ("at", "who", "pwsid", "service", "kind", "was", "now", "why", "source")


def tell_changes(
    board: Board, *, since: datetime | None = None, until: datetime | None = None
) -> pd.DataFrame:
    """List what changed in a time on the board, oldest first.

    Returns
    -------
    pandas.DataFrame
        ``at`` (UTC), ``who``, ``pwsid``, ``service``, ``kind``, ``was`` and ``now`` in words, ``why``,
        ``source``.

    Examples
    --------
    >>> from store.board import Change
    >>> from store.database import open_database
    >>> from store.journal import Journal
    >>> board = Board(Journal(open_database("sqlite://")), "told", ["CA9010002"])
    >>> status = Status(pwsid="CA9010002", service="water", stage="planning")
    >>> entries = board.record([Change(status, seen=0)], who="Ana")
    >>> tell_changes(board)[["who", "was", "now"]].values.tolist()
    [['Ana', 'not recorded', 'planning']]
    """
    history = board.journal.history(board.region, until=until)
    table = pd.DataFrame(tell_entries(history), columns=list(COLUMNS))
    return table if since is None else table[table["at"] > since].reset_index(drop=True)


def tell_entries(history: Sequence[Entry]) -> Iterator[dict[str, object]]:
    """Tell each entry that concerns a system; ``history`` begins at the beginning, oldest first."""
    before: dict[tuple[str, str], Body | None] = {}
    for entry in history:
        if entry.kind not in KIND_TITLES:
            continue
        name = (entry.kind, entry.key)
        pwsid, service = entry.key.split("/")[:2]
        yield {
            "at": entry.at,
            "who": entry.who,
            "pwsid": pwsid,
            "service": _(SERVICE_TITLES[Service(service)]),
            "kind": _(KIND_TITLES[entry.kind]),
            "was": to_text(entry.kind, before.get(name)),
            "now": to_text(entry.kind, entry.body),
            "why": entry.why,
            "source": entry.source,
        }
        before[name] = entry.body


def to_text(kind: str, body: Body | None) -> str:
    """Write a record's body as a line; a record that is not there yet, or was withdrawn, is said.

    Examples
    --------
    >>> to_text("status", {"stage": "funded", "reached_on": "2024-05-01", "lead": "CVWD"})
    'funded, 2024-05-01, CVWD'
    >>> to_text("funding", {"funder": "State", "amount_usd": 1000.0, "status": "awarded"})
    'State, $1,000, awarded'
    """
    if body is None:
        return _(STAGE_TITLES[Stage.NOT_RECORDED]) if kind == Status.kind else ""
    return ", ".join(str(part) for part in _parts(kind, body) if part)


def _parts(kind: str, body: Body) -> Iterable[object]:
    if kind == Status.kind:
        stage = _(STAGE_TITLES[Stage(body["stage"])])
        return (stage, body.get("reached_on"), body.get("lead"), body.get("note"))
    if kind == Funding.kind:
        status = _(FUNDING_TITLES[FundingStatus(body["status"])])
        return (body["funder"], to_words(body["amount_usd"], "USD"), status, body.get("on"), body.get("note"))
    if kind == Milestone.kind:
        return (body["title"], _planned(body), body.get("reached_on"))
    if kind == Comment.kind:
        return (body["text"],)
    rate = to_words(body["rate_usd_per_month"], "USD")
    return (_("{rate} a month").format(rate=rate), body["on"], body["source_note"])


def _planned(body: Body) -> str:
    return _("planned for {date}").format(date=body["planned_for"]) if body.get("planned_for") else ""
