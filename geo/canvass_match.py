"""Who can take a turf: volunteers by the languages that they speak."""

from __future__ import annotations

from collections.abc import Collection, Mapping


def speakers_first(volunteers: Mapping[str, Collection[str]], language: str) -> list[str]:
    """Name the volunteers who speak a language; those with the fewest other languages come first.

    Examples
    --------
    >>> speakers_first({"Quail": ["en", "es"], "Heron": ["es"], "Wren": ["en"]}, "es")
    ['Heron', 'Quail']
    """
    found = [name for name, spoken in volunteers.items() if language in spoken]
    return sorted(found, key=lambda name: (len(volunteers[name]), name))
