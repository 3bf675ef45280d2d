"""What each row of a file of returns would do, before anything is written."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from geo.language import gettext as _


def show_preview(told: pd.DataFrame, titles: Mapping[str, str], columns: Mapping[str, str], key: str) -> None:
    """Count the rows by what they are (``titles``), list them, and name each that is refused."""
    counts = told["what"].value_counts()
    st.text(" · ".join(f"{_(title)}: {counts.get(what, 0)}" for what, title in titles.items()))
    st.dataframe(
        told.assign(what=[_(titles[what]) for what in told["what"]]),
        hide_index=True,
        key=key,
        column_config={"row": _("Row"), "what": _("What it is"), "reason": _("Why"), **columns},
    )
    for row in told[told["what"] == "bad"].itertuples():
        st.error(_("Row {row}: {reason}").format(row=row.row, reason=row.reason))
