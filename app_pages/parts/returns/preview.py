"""What each row of a file of returns would do, before anything is written."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from app_pages.parts import screen as st
from geo.language import gettext as _

MOST_SHOWN = 10


def show_preview(told: pd.DataFrame, titles: Mapping[str, str], columns: Mapping[str, str], key: str) -> None:
    """Count the rows by what they are (``titles``), list them, and name each that is refused or doubtful."""
    counts = told["what"].value_counts()
    st.text(" · ".join(f"{_(title)}: {counts.get(what, 0)}" for what, title in titles.items()))
    st.dataframe(
        told.assign(what=[_(titles[what]) for what in told["what"]]),
        hide_index=True,
        key=key,
        column_config={
            "row": _("Row"),
            "what": _("What it is"),
            "reason": _("Why"),
            "id": _("Identifier"),
            **columns,
        },
    )
    bad = told[told["what"] == "bad"]
    if len(bad):
        st.error(name_rows(bad))
        st.caption(
            _("Mend these rows in the file and bring it again: rows that were written meanwhile count once.")
        )
    doubtful = told[told["what"] == "doubtful"]
    if len(doubtful):
        st.warning(name_rows(doubtful))


def name_rows(told: pd.DataFrame) -> str:
    """Name rows with the reason of each, ten at most, as a list."""
    words = _("Row {row}: {reason}")
    rows = told[["row", "reason"]].head(MOST_SHOWN).itertuples(index=False)
    lines = [words.format(row=number, reason=reason) for number, reason in rows]
    more = len(told) - MOST_SHOWN
    lines += [_("and {more} more: see the table").format(more=more)] if more > 0 else []
    return "\n\n".join(lines)
