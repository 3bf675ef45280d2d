"""Whether a zip archive is safe to read and whole."""

from __future__ import annotations

import codecs
import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TextIO

from geo.errors import FetchError, first_ids

LIMIT_BYTES = 4 << 30
# Of an archive of tables that is read, never unpacked: a national one has several gigabytes of text.
LIMIT_TABLES_BYTES = 32 << 30
LIMIT_RATIO = 200
LIMIT_MEMBERS = 10_000
# Below this many bytes unpacked, a high ratio does no harm: tables of blanks have one.
HARMLESS_BYTES = 64 << 20
BLOCK = 1 << 20
FROM_PUBLISHER = "take the file from its publisher again, and look at it before adding it"


def check_archive(path: Path, limit_bytes: int = LIMIT_BYTES) -> tuple[str, ...]:
    """Check a zip archive and return the names of its files.

    Nothing is written: every member is unpacked into nothing, to see that it is whole.

    Parameters
    ----------
    path
        The archive.
    limit_bytes
        How much it may unpack to, in bytes.

    Raises
    ------
    FetchError
        It is no archive or is cut short, is encrypted, has links or names that lead out of its folder,
        or unpacks to more than is sensible.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "a.zip"
    >>> with zipfile.ZipFile(path, "w") as archive:
    ...     archive.writestr("roads.shp", "...")
    >>> check_archive(path)
    ('roads.shp',)
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _check_names(path, members)
            _check_sizes(path, members, limit_bytes)
            _check_contents(archive, members)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise FetchError(
            f"{path.name} is no zip archive, or was cut short ({error})", "fetch or add the whole file"
        ) from error
    return tuple(member.filename for member in members if not member.is_dir())


@contextmanager
def open_text(path: Path, member: str = "", encoding: str = "utf-8") -> Iterator[TextIO]:
    """Open a table in text: the file, or a member of an archive.

    What begins with a byte order mark is UTF-8, whatever ``encoding`` is declared.

    Raises
    ------
    FetchError
        The archive has no such member.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "a.zip"
    >>> with zipfile.ZipFile(path, "w") as archive:
    ...     archive.writestr("blocks.txt", "BLOCKID|PLACEFP")
    >>> with open_text(path, "blocks.txt") as stream:
    ...     stream.read()
    'BLOCKID|PLACEFP'
    """
    if not member:
        with path.open("rb") as raw:
            yield _as_text(raw, encoding)
        return
    with zipfile.ZipFile(path) as archive:
        if member not in archive.namelist():
            raise FetchError(
                f"{path.name} has no {member} in it ({first_ids(archive.namelist())})", FROM_PUBLISHER
            )
        with archive.open(member) as raw:
            yield _as_text(raw, encoding)


def _as_text(raw: IO[bytes], encoding: str) -> TextIO:
    marked = raw.read(len(codecs.BOM_UTF8)) == codecs.BOM_UTF8
    if not marked:
        raw.seek(0)
    return io.TextIOWrapper(raw, encoding="utf-8" if marked else encoding, newline="")


def leads_out(name: str) -> bool:
    """Whether a name in an archive or an index leads out of its folder.

    Examples
    --------
    >>> leads_out("../roads.shp"), leads_out("a/roads.shp")
    (True, False)
    """
    return name.startswith("/") or "\\" in name or ":" in name or "\0" in name or ".." in name.split("/")


def _check_names(path: Path, members: list[zipfile.ZipInfo]) -> None:
    escaping = [member.filename for member in members if leads_out(member.orig_filename)]
    if escaping:
        raise FetchError(
            f"{path.name} has {len(escaping)} names that lead out of its folder: {first_ids(escaping)}",
            FROM_PUBLISHER,
        )
    links = [member.filename for member in members if stat.S_ISLNK(member.external_attr >> 16)]
    if links:
        raise FetchError(
            f"{path.name} has {len(links)} links in place of files: {first_ids(links)}", FROM_PUBLISHER
        )
    locked = [member.filename for member in members if member.flag_bits & 1]
    if locked:
        raise FetchError(
            f"{path.name} has {len(locked)} encrypted files: {first_ids(locked)}", FROM_PUBLISHER
        )


def _check_sizes(path: Path, members: list[zipfile.ZipInfo], limit_bytes: int) -> None:
    total = sum(member.file_size for member in members)
    packed = max(path.stat().st_size, 1)
    if len(members) > LIMIT_MEMBERS:
        raise FetchError(f"{path.name} has {len(members):,} files in it", FROM_PUBLISHER)
    if total > limit_bytes or (total > HARMLESS_BYTES and total > LIMIT_RATIO * packed):
        raise FetchError(f"{path.name} has {packed:,} bytes and would unpack to {total:,}", FROM_PUBLISHER)


def _check_contents(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    """Unpack every member into nothing; no more is read of one than it declares."""
    for member in members:
        with archive.open(member) as stream:
            while stream.read(BLOCK):
                pass
