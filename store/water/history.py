"""What changed, told in words: who, when, from, to, why, and on what it rests."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import pandas as pd

from geo.days import DateSpan, span_words
from geo.language import gettext as _
from geo.language import mark as N_
from geo.units import to_words
from store.journal import Body
from store.records import Changed, list_changes
from store.visibility import to_visible_body
from store.water.book import Board
from store.water.kinds import (
    FUNDING_TITLES,
    SERVICE_TITLES,
    STAGE_TITLES,
    Affordability,
    Comment,
    Funding,
    FundingStatus,
    Milestone,
    Service,
    Stage,
    Status,
)
from store.water.past import Past

KIND_TITLES = {
    "status": N_("stage"),
    "milestone": N_("milestone"),
    "funding": N_("funding"),
    "comment": N_("comment"),
    "affordability": N_("affordability"),
}
COLUMNS = ("at", "who", "pwsid", "service", "kind", "was", "now", "why", "source", "public_was", "public_now")


def tell_changes(
    board: Board,
    *,
    pwsid: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int | None = None,
) -> pd.DataFrame:
    """List what changed on the board, newest first.

    Parameters
    ----------
    pwsid
        Only changes of this system.
    since, until
        Only changes after the one moment, and up to the other.
    limit
        No more than these.

    Returns
    -------
    pandas.DataFrame
        ``at`` (UTC), ``who``, ``pwsid``, ``service``, ``kind``, ``was`` and ``now`` in words, ``why``,
        ``source``; ``public_was`` and ``public_now`` are without what only the task force reads.

    Examples
    --------
    >>> from store.water.book import Change
    >>> from store.database import open_database
    >>> from store.journal import Journal
    >>> board = Board(Journal(open_database("sqlite://")), "told", ["CA9010002"])
    >>> status = Status(pwsid="CA9010002", service="water", stage="planning")
    >>> entries = board.record([Change(status, seen=0)], who="Ana")
    >>> tell_changes(board)[["who", "was", "now"]].values.tolist()
    [['Ana', 'not entered yet', 'planning']]
    """
    begins = f"{pwsid}/" if pwsid else ""
    changes = list_changes(
        board.journal, board.region, list(KIND_TITLES), begins=begins, since=since, until=until, limit=limit
    )
    return pd.DataFrame(map(_tell, changes), columns=list(COLUMNS))


def tell_records(board: Board, *, as_of: Past | None = None) -> pd.DataFrame:
    """List what is on record besides stages, system by system.

    Returns
    -------
    pandas.DataFrame
        ``pwsid``, ``service``, ``kind``, ``on_record`` in words, ``source``, ``who``, ``at`` (UTC);
        ``public_on_record`` is without what only the task force reads.

    Examples
    --------
    >>> from store.database import open_database
    >>> from store.journal import Journal
    >>> board = Board(Journal(open_database("sqlite://")), "records", ["CA9010002"])
    >>> entries = board.add([Comment(pwsid="CA9010002", service="water", text="call them")], who="Ana")
    >>> tell_records(board)[["kind", "on_record", "who"]].values.tolist()
    [['comment', 'call them', 'Ana']]
    """
    columns = ["pwsid", "service", "kind", "on_record", "source", "who", "at", "public_on_record"]
    rows = [
        (
            kept.record.key.split("/")[0],
            _(SERVICE_TITLES[Service(kept.record.key.split("/")[1])]),
            _(KIND_TITLES[record.kind]),
            to_text(record.kind, body),
            kept.source,
            kept.who,
            kept.at,
            to_public_text(record.kind, body),
        )
        for record in (Milestone, Funding, Comment, Affordability)
        for kept in board.kept(record, as_of=as_of)
        for body in (kept.record.model_dump(mode="json", exclude_none=True),)
    ]
    return pd.DataFrame(rows, columns=columns).sort_values(["pwsid", "at"], kind="stable")


def _tell(change: Changed) -> dict[str, object]:
    entry = change.entry
    pwsid, service = entry.key.split("/")[:2]
    return {
        "at": entry.at,
        "who": entry.who,
        "pwsid": pwsid,
        "service": _(SERVICE_TITLES[Service(service)]),
        "kind": _(KIND_TITLES[entry.kind]),
        "was": to_text(entry.kind, change.before),
        "now": withdrawn_or_text(entry.kind, entry.body),
        "why": entry.why,
        "source": entry.source,
        "public_was": to_public_text(entry.kind, change.before),
        "public_now": _("withdrawn") if entry.body is None else to_public_text(entry.kind, entry.body),
    }


def withdrawn_or_text(kind: str, body: Body | None) -> str:
    """Write a version of a record that was there; without a body it was withdrawn.

    Examples
    --------
    >>> withdrawn_or_text("comment", None), withdrawn_or_text("comment", {"text": "call them"})
    ('withdrawn', 'call them')
    """
    return _("withdrawn") if body is None else to_text(kind, body)


def to_text(kind: str, body: Body | None) -> str:
    """Write a record's body as a line; a record that is not there yet, or was withdrawn, is said.

    Examples
    --------
    >>> to_text("status", {"stage": "funded", "reached_on": "2024-05-01", "lead": "CVWD"})
    'funded, May 1, 2024, CVWD'
    >>> to_text("funding", {"funder": "State", "amount_usd": 1000.0, "status": "awarded"})
    'State, $1,000, awarded'
    """
    if body is None:
        return _(STAGE_TITLES[Stage.NOT_RECORDED]) if kind == Status.kind else ""
    return ", ".join(str(part) for part in _parts(kind, body) if part)


def to_public_text(kind: str, body: Body | None) -> str:
    """Write a record's body as a line for everybody: without notes and comments.

    Examples
    --------
    >>> to_public_text("status", {"stage": "funded", "note": "the owner's son calls"})
    'funded'
    >>> to_public_text("comment", {"text": "call them"})
    ''
    """
    return to_text(kind, to_visible_body(body, kind) if body is not None else None)


def _parts(kind: str, body: Body) -> Iterable[object]:
    if kind == Status.kind:
        stage = _(STAGE_TITLES[Stage(body["stage"])])
        return (stage, _when(body.get("reached_on")), body.get("lead"), body.get("note"))
    if kind == Funding.kind:
        status = _(FUNDING_TITLES[FundingStatus(body["status"])])
        return (
            body["funder"],
            to_words(body["amount_usd"], "USD"),
            status,
            _when(body.get("on")),
            body.get("note"),
        )
    if kind == Milestone.kind:
        return (body["title"], _planned(body), _when(body.get("reached_on")))
    if kind == Comment.kind:
        return (body.get("text"),)
    return (_rate(body), _share(body), _when(body["on"]), body["source_note"])


def _when(text: str | None) -> str:
    return span_words(DateSpan.read(text)) if text else ""


def _rate(body: Body) -> str:
    return _("{rate} a month").format(rate=f"${body['rate_usd_per_month']:,.2f}")


def _share(body: Body) -> str:
    share = body.get("share_of_income")
    return "" if share is None else _("{share} of income").format(share=to_words(share, "share"))


def _planned(body: Body) -> str:
    return _("planned for {date}").format(date=_when(body["planned_for"])) if body.get("planned_for") else ""
