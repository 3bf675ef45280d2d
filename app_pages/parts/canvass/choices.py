"""What a lead chose on Turfs: kept from page to page, and in the address, so that a reload finds it again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any

from app_pages.parts import screen as st
from app_pages.parts.page import was_entered
from geo.canvass.target import COMBINED, MEASURES
from geo.canvass.turf_plan import WAYS as CUT_WAYS
from geo.region import Region

WAYS = ("focus", "place", "tracts", "draw", "parks", "list", "filter")
KEPT, OF_REGION, RESUMED = "kept.turfs", "kept.turfs.region", "kept.turfs.resumed"
# An address is to be sent: of tracts or areas more than these it names none.
MOST_NAMED, LONGEST_LIST = 40, 400


@dataclass(frozen=True, slots=True)
class Choice:
    """A field: its name in the address, what it is at first, how it is read and written there.

    ``here`` says that it means something in one region alone.
    """

    name: str
    first: Any
    read: Callable[[str], Any]
    write: Callable[[Any], str] = str
    here: bool = False


def one_of(*known: str) -> Callable[[str], str]:
    """Make the reader of a word that must be one of those known."""

    def read(text: str) -> str:
        if text not in known:
            raise ValueError(text)
        return text

    return read


def between(least: float, most: float, kind: type[float]) -> Callable[[str], float]:
    """Make the reader of a number within its field's limits.

    Examples
    --------
    >>> between(0, 9, int)("7")
    7
    """

    def read(text: str) -> float:
        found = kind(text)
        if not least <= found <= most:
            raise ValueError(text)
        return found

    return read


def read_mark(text: str) -> bool:
    """Read a tick.

    Examples
    --------
    >>> read_mark("1"), read_mark("0")
    (True, False)
    """
    return one_of("0", "1")(text) == "1"


def write_mark(value: Any) -> str:
    """Write a tick.

    Examples
    --------
    >>> write_mark(True)
    '1'
    """
    return str(int(value))


def write_names(value: Any) -> str:
    """Write names, none where they are too many for an address.

    Examples
    --------
    >>> write_names({"b", "a"}), write_names(range(99))
    ('a,b', '')
    """
    return ",".join(sorted(map(str, value))) if len(value) <= MOST_NAMED else ""


def read_names(text: str) -> list[str]:
    """Read names.

    Examples
    --------
    >>> read_names("a,b")
    ['a', 'b']
    """
    return [name for name in text.split(",") if name][:MOST_NAMED]


def write_list(value: Any) -> str:
    r"""Write a pasted list in one line, nothing where it is too long for an address.

    Examples
    --------
    >>> write_list("453.03\n445.09"), write_list("1" * 999)
    ('453.03 445.09', '')
    """
    line = " ".join(str(value).split())
    return line if len(line) <= LONGEST_LIST else ""


def write_number(value: Any) -> str:
    """Write a number in few digits.

    Examples
    --------
    >>> write_number(60.0)
    '60'
    """
    return f"{value:g}"


CHOICES: Mapping[str, Choice] = {
    "turfs.way": Choice("way", "focus", one_of(*WAYS)),
    "turfs.also": Choice("also", None, one_of(*WAYS[:-1])),
    "turfs.combine": Choice("of", "both", one_of(*COMBINED)),
    "turfs.areas": Choice("areas", [], read_names, write_names, here=True),
    "turfs.clicked": Choice("tracts", set(), lambda text: set(read_names(text)), write_names, here=True),
    "turfs.list": Choice("list", "", str, write_list, here=True),
    "turfs.index": Choice("index", 60.0, between(0, 136, float), write_number),
    "turfs.limited": Choice("limited", 0.0, between(0, 100, float), write_number),
    "turfs.measures": Choice("also_least", [], read_names, write_names),
    **{
        f"turfs.measure.{key}": Choice(key.removeprefix("share_"), 25.0, between(0, 100, float), write_number)
        for key in MEASURES
    },
    "turfs.unreached": Choice("unreached", True, read_mark, write_mark),
    "turfs.permitted": Choice("permitted", True, read_mark, write_mark),
    "turfs.driving": Choice("driving", 60, between(0, 60, int)),
    "turfs.volunteers": Choice("volunteers", 14, between(1, 200, int)),
    "turfs.hours": Choice("hours", 3.0, between(0.5, 12, float), write_number),
    "turfs.how": Choice("by", "n", one_of(*CUT_WAYS)),
    "turfs.count": Choice("count", 12, between(1, 100_000, int)),
    "turfs.minutes": Choice("minutes", 5, between(0, 120, int)),
    "turfs.tolerance": Choice("deviation", 5, between(0, 50, int)),
    "turfs.seed": Choice("seed", 0, between(0, 9999, int)),
}
"""The fields of Turfs by their keys. None holds a name of a person."""


def restore_choices(region: Region) -> None:
    """Fill fields that the session does not hold: as they were left, else as the address says.

    Streamlit forgets a field that a run did not draw, and all of them where the page is loaded again. What a
    link names when the page is come to goes before what was left. What makes no sense there is passed over.
    """
    kept: dict[str, Any] = st.session_state.setdefault(KEPT, {})
    if st.session_state.get(OF_REGION, region.key) != region.key:
        for key, choice in CHOICES.items():
            if choice.here:
                kept.pop(key, None)
                st.session_state[key] = copy(choice.first)
    st.session_state[OF_REGION] = region.key
    resumed: Mapping[str, str] | None = st.session_state.pop(RESUMED, None)
    for key, choice in CHOICES.items() if resumed is not None else ():
        st.session_state[key] = kept[key] = _read(choice, resumed)
    fresh = was_entered() and resumed is None
    for key, choice in CHOICES.items():
        if fresh and choice.name in st.query_params:
            st.session_state[key] = _read(choice)
        elif (fresh and key in kept) or key not in st.session_state:
            st.session_state[key] = kept[key] if key in kept else _read(choice)


def resume_choices(asked: Mapping[str, str]) -> None:
    """Fill the fields in the next run as they were when a cut was asked for."""
    st.session_state[RESUMED] = asked


def written_choices() -> dict[str, str]:
    """Return what the fields hold, as an address writes it; what is as at first is left out."""
    kept: dict[str, Any] = st.session_state.get(KEPT, {})
    held = {key: st.session_state.get(key, kept.get(key, choice.first)) for key, choice in CHOICES.items()}
    return {
        choice.name: choice.write(held[key]) for key, choice in CHOICES.items() if held[key] != choice.first
    }


def _read(choice: Choice, address: Mapping[str, str] | None = None) -> Any:
    said = (st.query_params if address is None else address).get(choice.name)
    try:
        return choice.first if said is None else choice.read(said)
    except ValueError:
        return choice.first


def keep_choices() -> None:
    """Keep what the fields hold now, and write into the address what is not as at first."""
    kept: dict[str, Any] = st.session_state[KEPT]
    for key, choice in CHOICES.items():
        value = st.session_state.get(key, kept.get(key, choice.first))
        kept[key] = value
        text = "" if value == choice.first else choice.write(value)
        if text and st.query_params.get(choice.name) != text:
            st.query_params[choice.name] = text
        elif not text:
            st.query_params.pop(choice.name, None)
