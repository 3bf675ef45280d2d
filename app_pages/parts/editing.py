"""Editing together: what a person has seen of a record, and which of two versions stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from app_pages.parts import screen as st
from app_pages.parts.markup import bold
from geo.errors import StoreError
from geo.language import gettext as _
from store.journal import Body, Conflict

T = TypeVar("T")


def hold_seen(form: str, record: str, number: int) -> int:
    """Return the number that a form was filled from; it stays until the form is done or shows another record.

    Parameters
    ----------
    form
        The form's name.
    record
        What names the record that it shows.
    number
        Of the record's newest entry; 0 where there is none.
    """
    held = st.session_state.get(f"{form}.seen")
    if held is None or held[0] != record:
        held = (record, number)
        st.session_state[f"{form}.seen"] = held
    return int(held[1])


def forget_seen(form: str) -> None:
    """Let a form be filled anew, from how its record stands then."""
    st.session_state.pop(f"{form}.seen", None)


def shown_before(form: str, now: T) -> T:
    """Return what a list showed when its button was pressed; keep what it shows now.

    The first time, it is what it shows now: no button was there to press.
    """
    key = f"{form}.shown"
    before: T = st.session_state.get(key, now)
    st.session_state[key] = now
    return before


def require_shown(form: str, record: str, *, pressed: bool) -> None:
    """Raise where a button was pressed under another record than the one that is chosen now.

    A choice whose record somebody else changed or withdrew falls back to another one.

    Raises
    ------
    StoreError
        It is another one.
    """
    if shown_before(f"{form}.record", record) != record and pressed:
        raise StoreError(
            _("what was chosen here has changed in the meantime"),
            _("look at the list again and choose; nothing was written"),
        )


def choose_record(title: str, names: Mapping[str, str], key: str) -> str:
    """Let a person choose one of several records; the choice stays on its record, whatever that is called.

    A browser names a choice by its words. Where these change, or the list shall begin anew, it is told what
    is chosen, so that what it shows and what a button acts on are one.

    Parameters
    ----------
    names
        What each record is called now, by what names it; not empty.
    key
        The widget's key.
    """
    named, chosen = f"{key}.named", st.session_state.get(key)
    before: tuple[str, str] | None = st.session_state.get(named)
    if st.session_state.pop(f"{key}.anew", False) or (chosen is not None and chosen not in names):
        st.session_state[key] = next(iter(names))
    elif chosen is not None and before is not None and before[0] == chosen and before[1] != names[chosen]:
        st.session_state[key] = chosen
    found = str(st.selectbox(title, list(names), format_func=names.__getitem__, key=key))
    st.session_state[named] = (found, names[found])
    return found


def choose_anew(key: str) -> None:
    """Let the choice of :func:`choose_record` begin anew with its first record, in the browser too."""
    st.session_state[f"{key}.anew"] = True


def follow_first(key: str, options: Sequence[Any]) -> None:
    """Choose the first of some options again whenever another one comes first; before the widget is drawn.

    What was recorded or taken in last is what somebody acts on next. Without this a choice stays on what was
    first when it was drawn for the first time. What somebody chose since stays until then.

    Parameters
    ----------
    key
        The widget's key.
    options
        The likeliest first.
    """
    first, chosen = (options[0] if options else None), st.session_state.get(key)
    if st.session_state.get(f"{key}.first") != first or (chosen is not None and chosen not in options):
        st.session_state[key] = first
    st.session_state[f"{key}.first"] = first


def number_of(numbers: Mapping[str, int], key: str) -> int:
    """Return a record's number; 0, which no entry has, where the list did not show it."""
    return int(numbers.get(key, 0))


THEIRS, MINE = "theirs", "mine"


def ask_which(conflict: Conflict, text_of: Callable[[Body | None], str], key: str) -> tuple[str, str]:
    """Show both versions and ask which one stands; return it (empty until somebody chose), and why."""
    mine, theirs = conflict.mine, conflict.theirs
    other = theirs.who if theirs else _("somebody else")
    st.error(
        _("{name} changed this in the meantime. Nothing of yours was written: decide.").format(name=other)
    )
    with st.container(border=True):
        st.markdown(bold(_("Theirs, as it stands")))
        st.text(text_of(theirs.body if theirs else None))
        if theirs:
            st.caption(f"{theirs.who}, {theirs.at:%Y-%m-%d %H:%M} UTC. {theirs.why}")
    with st.container(border=True):
        st.markdown(bold(_("Yours")))
        st.text(text_of(mine.body))
    why = st.text_input(_("Why yours, if you record it"), mine.why, key=f"{key}.conflict.why")
    keep, take = st.columns(2)
    if keep.button(_("Keep theirs"), key=f"{key}.conflict.theirs", width="stretch"):
        return THEIRS, why
    if take.button(_("Record mine"), key=f"{key}.conflict.mine", type="primary", width="stretch"):
        return MINE, why
    return "", why
