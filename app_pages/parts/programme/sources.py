"""From whom the boundaries and the index on a programme's maps are, and of when."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app_pages.parts import screen as st
from app_pages.parts.common import load_sidecar, missing_reason
from app_pages.parts.programme.fields import Desk
from app_pages.parts.signing_in import current_rights
from geo.language import gettext as _
from geo.program.area import Area
from store.programme.kinds import Boundary
from store.visibility import may_see

INDEX = "ca_htc_index_2019"


def show_sources(desk: Desk, area: Area) -> None:
    """Show them in one caption."""
    lines = list(dict.fromkeys(source_lines(desk, area)))
    if lines:
        st.caption(_("Sources: {sources}").format(sources="; ".join(lines)))


def source_lines(desk: Desk, area: Area) -> Iterator[str]:
    """List the index, the boundaries of the area, and those that somebody added."""
    for item in records_of(desk, "tract_indicators"):
        if item["key"] == INDEX:
            yield str(item["credit"])
    for dataset in area.datasets:
        for item in records_of(desk, dataset):
            coarse = _(" (a coarser boundary stands in)") if item.get("fidelity") == "stand-in" else ""
            yield f"{item['credit']}{coarse}"
    named = may_see("boundary", current_rights(), "who")
    for kept in desk.book.kept(Boundary, desk.programme.key):
        who = kept.who if named else _("somebody")
        yield _("{title}: {source}, added by {who}, {day}").format(
            title=kept.record.title, source=kept.source, who=who, day=f"{kept.at:%Y-%m-%d}"
        )


def records_of(desk: Desk, dataset: str) -> list[dict[str, Any]]:
    """Read the records of the sources that a dataset reads itself, of those that are here."""
    if missing_reason(desk.region.key, dataset):
        return []
    return [item for item in load_sidecar(desk.region.key, dataset).record.get("sources", ()) if item["here"]]
