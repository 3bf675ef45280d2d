"""The one way in which a page takes a file from a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app_pages.parts import screen as st
from geo.intake.limits import PERSON
from geo.intake.reader import READER


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came: its content, the name that it has for the person, and what tells it from another."""

    content: bytes
    name: str
    number: str


def ask_file(label: str, suffixes: Sequence[str], key: str) -> Upload | None:
    """Ask for a file, and have the process that will read it ready; None until there is one.

    Parameters
    ----------
    label
        What it is and which kinds are taken, in words.
    suffixes
        Kinds that are taken, such as ``.csv``.
    key
        The widget's key.
    """
    READER.start_ahead()
    file = st.file_uploader(
        label,
        type=[suffix.removeprefix(".") for suffix in suffixes],
        key=key,
        max_upload_size=PERSON.input_bytes // 1_000_000,
    )
    return None if file is None else Upload(file.getvalue(), file.name, file.file_id)
