"""On a system's card: the State's 2021 figure beside ours, with what makes the difference."""

from __future__ import annotations

from app_pages.parts import screen as st
from app_pages.parts.water.board import Desk, load_candidates, load_costable
from geo.language import gettext as _
from geo.water.state_figure import compare_figures, is_doubtful, rows_of
from wording.profiles import credits_of
from wording.state_figure import difference_table, difference_words


def show_state_figure(desk: Desk, pwsid: str, boundary: str) -> None:
    """Show each row that the State's table has of a system beside ours; nothing where it has none."""
    candidates = load_candidates(desk.region)
    rows = candidates if candidates.empty else rows_of(candidates, pwsid)
    if rows.empty:
        return
    figures = compare_figures(rows, load_costable(desk.region, pwsid, boundary))
    doubtful = is_doubtful(candidates)[rows.index]
    titles = {
        "what": _("What makes the difference"),
        "ours": _("Ours"),
        "state": _("The State's"),
        "difference": _("Dollars of 2021"),
    }
    with st.expander(_("The State's 2021 figure beside ours")):
        for row, doubt, (__, figure) in zip(rows["row"], doubtful, figures.iterrows(), strict=True):
            st.caption(
                _("Row {row} of the State's table").format(row=row)
                + (" " + _("(it may be of another place)") if doubt else "")
            )
            st.table(difference_table(figure).rename(columns=titles).set_index(titles["what"]))
            if words := difference_words(figure):
                st.caption(words)
        st.caption(
            _(
                "Our inputs are replaced by the State's one at a time, from the top down; with all replaced "
                "it is the State's figure to the cent. The State's fees are lower for a state small system: "
                "fewer than 26 people and fewer than 15 connections."
            )
        )
        st.caption("; ".join(credits_of(desk.region.key, "consolidation_candidates")))
