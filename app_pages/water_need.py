"""The weights of need, which a person moves."""

from __future__ import annotations

import streamlit as st

from app_pages.water_data import Weights
from geo.language import gettext as _
from geo.need import PARTS, WEIGHTS


def choose_weights() -> Weights:
    """Let a person move the weights."""
    with st.expander(_("Weights: what counts how much")):
        columns = st.columns(3)
        chosen = [
            (
                part,
                columns[number % 3].slider(
                    _(title), 0.0, 5.0, WEIGHTS[part], 0.5, key=f"water.weight.{part}"
                ),
            )
            for number, (part, title) in enumerate(PARTS.items())
        ]
    return tuple(chosen)
