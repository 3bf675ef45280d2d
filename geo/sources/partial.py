"""A file that has come in part, with what tells whether the rest still belongs to it."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from geo.sources.web import read_length

KEPT_S = 14 * 86_400
CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")


@dataclass(slots=True)
class Partial:
    """A file in part: ``body`` and, beside it, ``validator`` (an ETag or a date) and ``total`` (bytes).

    Going on with it is safe where the server can be held to the validator, or a checksum is ``expected``.
    """

    address: str
    folder: Path
    expected: bool
    validator: str = ""
    total: int = 0

    @property
    def body(self) -> Path:
        """The bytes that came."""
        return self.folder / "body"

    def headers(self) -> dict[str, str]:
        """Headers that ask for the rest; none where all has to come again."""
        size = self.body.stat().st_size if self.body.is_file() else 0
        if not size or not (self.validator or self.expected):
            return {}
        condition = {"If-Range": self.validator} if self.validator else {}
        return {"Range": f"bytes={size}-", **condition}

    def accept(self, status: int, headers: Mapping[str, str]) -> int | None:
        """Read from the answer at which byte its body begins; None where it is not what was asked for.

        The file starts anew where the server gives all of it.
        """
        if status == 206 and self.headers():
            return self._accept_rest(headers)
        self.forget()
        if status == 206:
            return None
        self._remember(headers)
        return 0

    def _accept_rest(self, headers: Mapping[str, str]) -> int | None:
        size = self.body.stat().st_size
        match = CONTENT_RANGE.fullmatch(headers.get("Content-Range", "").strip())
        same = match and int(match[1]) == size
        if match and match[2] != "*" and self.total:
            same = same and int(match[2]) == self.total
        if not same:
            self.forget()
            return None
        return size

    def _remember(self, headers: Mapping[str, str]) -> None:
        etag = headers.get("ETag", "")
        strong = etag if etag.startswith('"') else ""
        encoded = headers.get("Content-Encoding", "identity") != "identity"
        self.validator = "" if encoded else strong or headers.get("Last-Modified", "")
        self.expected = self.expected and not encoded
        self.total = read_length(headers)
        self.folder.mkdir(parents=True, exist_ok=True)
        record = {"address": self.address, "validator": self.validator, "total": self.total}
        (self.folder / "answer.json").write_text(json.dumps(record), encoding="utf-8")

    def forget(self) -> None:
        """Drop what came."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.validator, self.total = "", 0


def open_partial(folder: Path, address: str, sha256: str = "") -> Partial:
    """Open what came of an address before, or make room for it.

    Examples
    --------
    >>> import tempfile
    >>> open_partial(Path(tempfile.mkdtemp()), "https://example.org/a.zip").headers()
    {}
    """
    name = hashlib.sha256(f"{address} {sha256}".encode()).hexdigest()[:24]
    partial = Partial(address, folder / name, bool(sha256))
    try:
        record = json.loads((partial.folder / "answer.json").read_text(encoding="utf-8"))
        partial.validator, partial.total = str(record["validator"]), int(record["total"])
    except (OSError, ValueError, KeyError, TypeError):
        partial.forget()
    partial.folder.mkdir(parents=True, exist_ok=True)
    return partial


def sweep_partials(folder: Path) -> None:
    """Drop what nobody came back for in two weeks."""
    for path in folder.glob("*"):
        if time.time() - path.stat().st_mtime > KEPT_S:
            shutil.rmtree(path, ignore_errors=True)
