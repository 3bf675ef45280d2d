"""What goes wrong, in plain words with what to do: on a page, in a part of it, and in what a click calls.

A person never sees a traceback, nor the sentence of the page's own library, which advises nobody here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import wraps
from typing import ParamSpec

from app_pages.parts import screen as st
from app_pages.parts.markup import fill, paragraphs
from geo.errors import GeoError
from geo.language import gettext as _

LOG = logging.getLogger(__name__)
HELD = "refusals.held"
P = ParamSpec("P")


@contextmanager
def refusing() -> Iterator[None]:
    """Turn a fault into plain words: of what a person can mend the remedy, of all else when it was logged.

    What Streamlit itself raises, to run a page again or to stop it, is no ``Exception`` and goes through.
    """
    try:
        yield
    except Exception as error:
        st.error(tell_fault(error))


def tell_fault(error: Exception) -> str:
    r"""Say what went wrong and what to do; what nobody foresaw is logged with its traceback.

    Examples
    --------
    >>> tell_fault(GeoError("2 rows have no geoid", "fill the column in"))
    '2 rows have no geoid\n\n**What to do:** fill the column in'
    """
    if isinstance(error, GeoError):
        remedy = error.remedy or _("see the Data page")
        return paragraphs(error.fault, fill("**{what}** {remedy}", what=_("What to do:"), remedy=remedy))
    now = datetime.now(UTC)
    LOG.error("a page failed at %s", f"{now:%Y-%m-%d %H:%M:%S} UTC", exc_info=error)
    return _(
        "Something went wrong on this page; it was logged at {time} UTC. Load the page again; if it stays "
        "so, tell whoever runs this dashboard the time."
    ).format(time=f"{now:%Y-%m-%d %H:%M:%S}")


def guarded(act: Callable[P, object]) -> Callable[P, None]:
    """Let what a click calls be refused as a page is: it runs before the page, which then says why."""

    @wraps(act)
    def call(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            act(*args, **kwargs)
        except Exception as error:
            st.session_state[HELD] = tell_fault(error)

    return call


def show_held() -> None:
    """Say what was wrong with the last click."""
    words = st.session_state.pop(HELD, "")
    if words:
        st.error(words)
