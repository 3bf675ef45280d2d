"""What changed in a canvass, told in words: when, who, what it was, what it is, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from geo.canvass.codes import DISPOSITION_TITLES, TURF_STATUS_TITLES, Disposition, TurfStatus, unit_name
from geo.language import gettext as _
from geo.language import mark as N_
from store.canvass.kinds import Goal, Tally, Turf, Visit, Volunteer
from store.canvass.reading import CanvassReading
from store.changes import Changed, list_changes
from store.journal import Body

KIND_TITLES: Mapping[str, str] = {
    Turf.kind: N_("turf"),
    Visit.kind: N_("visit"),
    Tally.kind: N_("paper sheet"),
    Volunteer.kind: N_("volunteer"),
}
COLUMNS = ("at", "who", "kind", "what", "was", "now", "why", "source")
LATEST = 200


def tell_changes(book: CanvassReading, *, turf: str = "", limit: int = LATEST) -> pd.DataFrame:
    """List what changed, newest first; of the 200 latest changes, or those of them that concern a turf.

    Returns
    -------
    pandas.DataFrame
        ``at`` (UTC), ``who``, ``kind``, ``what``, ``was`` and ``now`` in words, ``why``, ``source``.

    Examples
    --------
    >>> from store.database import open_database
    >>> from store.journal import Journal
    >>> tell_changes(CanvassReading(Journal(open_database("sqlite://")), "none")).empty
    True
    """
    changes = list_changes(book.journal, book.region, list(KIND_TITLES), limit=None if turf else limit)
    kept = [change for change in changes if not turf or _turf_of(change) == turf]
    return pd.DataFrame(map(_tell, kept[:limit]), columns=list(COLUMNS))


def _turf_of(change: Changed) -> str:
    body: Body = change.entry.body or change.before or {}
    return str(body.get("turf", body.get("code", "")))


def _tell(change: Changed) -> dict[str, object]:
    entry = change.entry
    return {
        "at": entry.at,
        "who": entry.who,
        "kind": _(KIND_TITLES[entry.kind]),
        "what": _name(entry.kind, entry.key, entry.body or change.before or {}),
        "was": to_text(entry.kind, change.before),
        "now": _("withdrawn") if entry.body is None else to_text(entry.kind, entry.body),
        "why": _(entry.why) if entry.why else "",
        "source": entry.source,
    }


def _name(kind: str, key: str, body: Body) -> str:
    if kind == Visit.kind:
        return " · ".join(str(part) for part in _place(body) if part)
    return key.replace("/", " · ")


def _place(body: Body) -> Iterable[object]:
    return (body.get("turf"), unit_name(str(body.get("unit", ""))), body.get("door"), body.get("on"))


def to_text(kind: str, body: Body | None) -> str:
    """Write a record's body as a line; empty where there was none.

    Examples
    --------
    >>> to_text("visit", {"disposition": "not_home"}), to_text("tally", {"spoke": 2, "refused": 0})
    ('not home', 'spoke 2')
    >>> to_text("turf", {"status": "out", "volunteer": "Heron"})
    'out, Heron'
    """
    return ", ".join(str(part) for part in _parts(kind, body) if part) if body else ""


def version_text(kind: str, key: str, body: Body | None) -> str:
    """Write one side of a conflict: what it concerns, and all that is recorded of it.

    Examples
    --------
    >>> version_text("volunteer", "heron", {"pseudonym": "Heron", "languages": ["es"], "has_car": False})
    'heron: es, no: stays in town'
    >>> version_text("canvass_goal", "goal", {"households": 900, "last_day": "2026-05-01", "source": "grant"})
    'Goal: 900 households until 2026-05-01. Source: grant'
    """
    if body is None:
        return _("withdrawn")
    if kind == Goal.kind:
        words = _("Goal: {households} households until {day}. Source: {source}")
        return words.format(households=f"{body['households']:,}", day=body["last_day"], source=body["source"])
    car = (
        {True: _("yes"), False: _("no: stays in town")}.get(bool(body.get("has_car")), "")
        if "has_car" in body
        else ""
    )
    said = ", ".join(part for part in (to_text(kind, body), car) if part)
    return f"{_name(kind, key, body)}: {said}"


def _parts(kind: str, body: Body) -> Iterable[object]:
    if kind == Visit.kind:
        return (_(DISPOSITION_TITLES[Disposition(body["disposition"])]),)
    if kind == Tally.kind:
        return (f"{_(title)} {body[item]}" for item, title in DISPOSITION_TITLES.items() if body.get(item))
    if kind == Turf.kind:
        status = _(TURF_STATUS_TITLES[TurfStatus(body["status"])])
        return (status, body.get("volunteer"), body.get("note"))
    return (", ".join(body.get("languages", [])), body.get("area"), body.get("hours_a_week"))
