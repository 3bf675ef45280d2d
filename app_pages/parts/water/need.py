"""The weights of need, which a person moves: failing by a slider of its own, the others beneath."""

from __future__ import annotations

from app_pages.parts import screen as st
from app_pages.parts.water.data import Weights
from geo.language import gettext as _
from geo.water.need import PARTS, WEIGHTS

FIRST_PART = "safer"
MOST, STEP = 5.0, 0.5


def choose_weights() -> Weights:
    """Let a person move the weights."""
    first = st.slider(
        _("How much failing counts (SAFER status)"),
        0.0,
        MOST,
        WEIGHTS[FIRST_PART],
        STEP,
        key=f"water.weight.{FIRST_PART}",
    )
    others = [(part, title) for part, title in PARTS.items() if part != FIRST_PART]
    with st.expander(_("Weights: what else counts how much")):
        columns = st.columns(3)
        chosen = [
            (
                part,
                columns[number % 3].slider(
                    _(title), 0.0, MOST, WEIGHTS[part], STEP, key=f"water.weight.{part}"
                ),
            )
            for number, (part, title) in enumerate(others)
        ]
    return ((FIRST_PART, first), *chosen)
