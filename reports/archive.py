"""An archive of files that go together, written in memory; nothing is ever read from one here."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping


def to_zip(files: Mapping[str, bytes]) -> bytes:
    """Write a zip of files by name, in their order.

    Examples
    --------
    >>> to_zip({"README.txt": b"Oasis"}).startswith(b"PK")
    True
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()
