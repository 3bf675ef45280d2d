"""What the page for a phone's browser says, in every language at once: it is turned without signal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from geo.canvass.codes import DISPOSITION_TITLES, LONGEST_DOOR, unit_name
from geo.canvass.script import INSTEAD, LONGEST_ANSWER, Script
from geo.canvass.volunteers import SPOKEN
from geo.language import LANGUAGES, in_each_language
from geo.language import mark as N_
from geo.region import Region

WORDS: Mapping[str, str] = {
    "title": N_("Canvass"),
    "invented": N_("Invented data: for trying out only"),
    "language": N_("Language"),
    "turf": N_("Turf"),
    "block": N_("Block"),
    "door": N_("Door number"),
    "door_help": N_(
        "Count the doors of the block as you walk: 1, 2, 3; in part of a block go on from its first number. "
        "No address, please."
    ),
    "before": N_("One door back"),
    "after": N_("Next door"),
    "result": N_("What happened"),
    "save": N_("Save door {door}"),
    "save_plain": N_("Save this door"),
    "saved": N_("Saved on this phone: door {door}, {result}."),
    "choose": N_("Choose what happened at the door first."),
    "all_sent": N_("All doors are sent."),
    "waiting": N_("{count} doors wait on this phone; they are sent by themselves when there is signal."),
    "waiting_one": N_("One door waits on this phone; it is sent by itself when there is signal."),
    "none_yet": N_("No door is recorded yet."),
    "send": N_("Send now"),
    "no_signal": N_("There is no signal at this moment. What you save stays on this phone."),
    "recorded": N_("Doors you recorded"),
    "change": N_("Change"),
    "changing": N_("You are changing door {door}."),
    "cancel": N_("Do not change it"),
    "sent": N_("sent"),
    "queued": N_("waits"),
    "refused": N_("not taken: {words}"),
    "say": N_("What to say"),
    "no_turf": N_("You have no turf in hand. Ask your lead; this page shows it as soon as you have one."),
}


def page_content(
    turfs: Mapping[str, Sequence[str]], script: Script, volunteer: str, region: Region, language: str
) -> dict[str, Any]:
    """Return what the page shows, as JSON can hold it.

    Parameters
    ----------
    turfs
        Blocks by turf code, those that the volunteer has in hand.
    language
        The one that the page opens in.

    Examples
    --------
    >>> from geo.region import read_region
    >>> found = page_content({"TA0001M": ["u"]}, Script(), "Heron", read_region("demo"), "es")
    >>> found["words"]["es"]["turf"], found["invented"], [item["name"] for item in found["turfs"][0]["units"]]
    ('Recorrido', True, ['u'])
    """
    return {
        "volunteer": volunteer,
        "region": region.key,
        "timezone": region.timezone,
        "invented": region.invented,
        "language": language,
        "instead": {name: list(others) for name, others in INSTEAD.items()},
        "languages": {name: SPOKEN.get(name, name) for name in script.languages()},
        "longest": {"door": LONGEST_DOOR, "answer": LONGEST_ANSWER},
        "turfs": [
            {"code": code, "units": [{"key": unit, "name": unit_name(unit)} for unit in units]}
            for code, units in turfs.items()
        ],
        "script": script.model_dump(mode="json"),
        "results": [str(item) for item in DISPOSITION_TITLES],
        "words": _in_all({**WORDS, **{f"result.{key}": title for key, title in DISPOSITION_TITLES.items()}}),
    }


def _in_all(messages: Mapping[str, str]) -> dict[str, dict[str, str]]:
    words = {key: in_each_language(message) for key, message in messages.items()}
    return {language: {key: told[language] for key, told in words.items()} for language in LANGUAGES}
