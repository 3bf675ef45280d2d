"""Files of shapes for the browser, by name: a name is made from the content, so that each proves itself.

Imports no dataframe library.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path


def shapes_name(content: bytes) -> str:
    """Name a file of shapes by what is in it.

    Examples
    --------
    >>> shapes_name(b"{}")
    '44136fa355b3678a.json'
    """
    return f"{hashlib.sha256(content).hexdigest()[:16]}.json"


def serves_shapes(path: Path) -> bool:
    """Whether a file of shapes is whole; proved once a process, and again when the file is another.

    Examples
    --------
    >>> serves_shapes(Path("nowhere/44136fa355b3678a.json"))
    False
    """
    try:
        found = path.stat()
    except OSError:
        return False
    return _proved(path, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


@lru_cache(maxsize=1024)
def _proved(path: Path, *_on_disk: int) -> bool:
    return is_whole_shapes(path)


def is_whole_shapes(path: Path) -> bool:
    """Whether a file of shapes is there, and has what its name was made from.

    Examples
    --------
    >>> is_whole_shapes(Path("nowhere/44136fa355b3678a.json"))
    False
    """
    try:
        return shapes_name(path.read_bytes()) == path.name
    except OSError:
        return False
