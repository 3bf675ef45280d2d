"""The board's numbers: one line on who is served, and a funnel for each service."""

from __future__ import annotations

from html import escape

import pandas as pd

from app_pages.parts import screen as st
from geo.language import gettext as _
from geo.units import to_words
from layers.stages import STAGE_COLOURS
from store.board.table import Served, count_served, funnel_table
from store.status import SERVICE_TITLES, STAGE_TITLES, Service, Stage

STYLES = """<style>
.geo-funnel{width:100%;border-collapse:collapse;font-size:0.92rem;line-height:1.25}
.geo-funnel caption{text-align:left;font-weight:650;padding:0 0 0.2rem 0;color:#1a1a1a;font-size:1rem}
.geo-funnel th{font-weight:400;text-align:left;white-space:nowrap;width:1%;padding:1px 0.6rem 1px 0}
.geo-funnel thead th.n{font-size:0.8rem;color:#4d4d4d;padding:0 0 0 0.6rem;text-align:right}
.geo-funnel td.n{text-align:right;width:1%;padding:1px 0 1px
0.6rem;font-variant-numeric:tabular-nums;white-space:nowrap}
.geo-funnel .bar{display:block;height:0.95rem;border:1px solid #1a1a1a;box-sizing:border-box;min-width:2px}
.geo-served{font-size:1.15rem;margin:0 0 0.4rem 0;line-height:1.35}
</style>"""


def show_numbers(table: pd.DataFrame) -> None:
    """Show both services side by side."""
    st.html(STYLES)
    for column, service in zip(st.columns(2, gap="large"), Service, strict=True):
        with column:
            st.html(
                f'<p class="geo-served">{escape(served_words(count_served(table, service), service))}</p>'
            )
            st.html(funnel_html(funnel_table(table, service), service))


def served_words(served: Served, service: Service) -> str:
    """Say in one line who is served of how many.

    Examples
    --------
    >>> served_words(Served(2, 80, 300.0, 9000.0, 60.0, 2500.0, 4), Service.WATER)
    'Water: 300 of 9,000 people are recorded as served, in 2 of 80 systems. The people of 4 are not known.'
    """
    words = _(
        "{service}: {people} of {all} people are recorded as served, in {systems} of {of} systems."
    ).format(
        service=_(SERVICE_TITLES[service]).capitalize(),
        people=to_words(served.people, "people"),
        all=to_words(served.of_people, "people"),
        systems=served.systems,
        of=served.of_systems,
    )
    if served.people_unknown:
        words += " " + _("The people of {count} are not known.").format(count=served.people_unknown)
    return words


def funnel_html(funnel: pd.DataFrame, service: Service) -> str:
    """Write a funnel as a table with bars; stages without systems are kept, so that its shape can be read."""
    widest = max(float(funnel["share"].max()), 1e-9)
    rows = "".join(
        _row(str(stage), int(row["systems"]), float(row["people"]), 100 * float(row["share"]) / widest)
        for stage, row in funnel.iterrows()
    )
    title = _("{service}: systems by stage, and their people").format(
        service=_(SERVICE_TITLES[service]).capitalize()
    )
    head = "".join(f'<th scope="col" class="n">{escape(word)}</th>' for word in (_("Systems"), _("People")))
    top = f"<thead><tr><td></td><td></td>{head}</tr></thead>"
    return f'<table class="geo-funnel"><caption>{escape(title)}</caption>{top}<tbody>{rows}</tbody></table>'


def _row(stage: str, systems: int, people: float, width: float) -> str:
    bar = (
        f'<span class="bar" style="width:{width:.1f}%;background:{STAGE_COLOURS[stage]}"></span>'
        if systems
        else ""
    )
    counts = [str(systems), to_words(people, "people") if systems else ""]
    cells = "".join(f'<td class="n">{count}</td>' for count in counts)
    title = escape(_(STAGE_TITLES[Stage(stage)]))
    return f'<tr><th scope="row">{title}</th><td>{bar}</td>{cells}</tr>'
