"""Invented stages of systems on the demo's water board, so that it shows something."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from store.journal import Journal
from store.status import Service, Stage, Status

WHO, SOURCE, MOST = "demo", "invented", 20


def write_demo_board(journal: Journal, region: str, pwsids: Sequence[str]) -> int:
    """Write invented stages of some systems on the water board, where none ever were; return how many.

    One in three is connected, a few a year; the others stand on the way.
    """
    if journal.history(region, Status.kind):
        return 0
    way = (Stage.FEASIBILITY, Stage.PLANNING, Stage.DESIGN, Stage.FUNDED, Stage.UNDER_CONSTRUCTION)
    statuses = []
    for place, pwsid in enumerate(sorted(pwsids)[::3][:MOST]):
        stage = way[place % len(way)] if place % 3 else Stage.CONNECTED
        day = date(2014, 3, 1) + timedelta(days=190 * place)
        statuses.append(
            Status(
                pwsid=pwsid, service=Service.WATER, stage=stage, reached_on=day, evidence=SOURCE, note=SOURCE
            )
        )
    journal.append([status.draft(region, WHO, source=SOURCE) for status in statuses])
    return len(statuses)
