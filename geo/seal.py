"""A file's own checksum, kept inside of it: every bit is under it, the seal's own digits aside.

A seal is ``sealed:`` and the SHA-256, as hexadecimal digits, of the whole file with zeros in the place of
those digits. It can be proved by whoever has the file and nothing else, in any format that holds a text
as it is, whatever library wrote it. Imports no dataframe library.
"""

from __future__ import annotations

import hashlib
import re

MARK = "sealed:"
BLANK = MARK + "0" * 64
"""What a file has in the place of its seal until it is sealed."""

_SEAL = re.compile(rb"sealed:([0-9a-f]{64})")


def seal(blank: bytes) -> bytes:
    r"""Seal a file that has :data:`BLANK` where its seal goes.

    Examples
    --------
    >>> whole = seal(f'{{"rows": 60, "seal": "{BLANK}"}}'.encode())
    >>> is_sealed(whole), is_sealed(whole.replace(b"60", b"61")), is_sealed(b"no seal")
    (True, False, False)
    """
    place = blank.rindex(BLANK.encode()) + len(MARK)
    digest = hashlib.sha256(blank).hexdigest().encode()
    return blank[:place] + digest + blank[place + len(digest) :]


def is_sealed(whole: bytes) -> bool:
    """Whether a file has a seal, and is as it was when it was sealed."""
    return any(_holds(whole, found) for found in _SEAL.finditer(whole))


def _holds(whole: bytes, found: re.Match[bytes]) -> bool:
    digest = hashlib.sha256(whole[: found.start(1)])
    digest.update(b"0" * 64)
    digest.update(whole[found.end(1) :])
    return digest.hexdigest().encode() == found.group(1)
