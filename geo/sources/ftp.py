"""One file by FTP, where a publisher offers that beside a web server that refuses programs."""

from __future__ import annotations

import ftplib
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from geo.errors import FetchError
from geo.language import gettext as _
from geo.settings import contact

if TYPE_CHECKING:
    from geo.sources.download import Manners

BLOCK = 1 << 16


def fetch_by_ftp(address: str, target: Path, manners: Manners, sleep: Callable[[float], None]) -> None:
    """Bring what stands at an ``ftp://`` address to ``target``, whole or not at all; nobody signs in.

    Parameters
    ----------
    address
        An ftp address: host, port where it is another than 21, and path.
    target
        The file to be written, by a rename of ``.part`` beside it.
    manners
        How patient, in seconds, and how large it may be, in bytes.
    sleep
        Waits between attempts.

    Raises
    ------
    FetchError
        The server has no such file, cuts the connection each time, or gives more than is sensible.
    """
    part = target.with_name(f"{target.name}.part")
    target.parent.mkdir(parents=True, exist_ok=True)
    for attempt in range(1, manners.attempts + 1):
        try:
            _receive(address, part, manners)
            part.replace(target)
            return
        except ftplib.all_errors as error:
            if _is_final(error) or attempt == manners.attempts:
                raise FetchError(
                    _("{address} could not be had ({error}; attempt {attempt})").format(
                        address=address, error=_words(error), attempt=attempt
                    ),
                    _("try again later"),
                ) from error
            sleep(min(manners.back_off_s * 2 ** (attempt - 1), manners.longest_wait_s))
        finally:
            part.unlink(missing_ok=True)


LOOK_S = 15.0


def look_by_ftp(address: str) -> tuple[bool, str]:
    """Ask whether a file stands at an ``ftp://`` address, and how large it is; nothing is brought.

    Returns
    -------
    tuple of bool, str
        Whether it does, and what the server said.
    """
    place = urlsplit(address)
    try:
        with ftplib.FTP(timeout=LOOK_S) as server:  # noqa: S321
            server.connect(place.hostname or "", place.port or ftplib.FTP_PORT)
            server.login(passwd=contact() or "anonymous@")
            server.voidcmd("TYPE I")
            size = server.size(unquote(place.path)) or 0
    except ftplib.all_errors as error:
        return False, _("no answer over ftp ({error})").format(error=_words(error))
    return True, _("it stands there over ftp, {size} bytes").format(size=f"{size:,}")


def _is_final(error: Exception) -> bool:
    """Whether the server means it: its codes of 500 and more, as 550 for a file that is not there."""
    return isinstance(error, ftplib.error_perm)


def _words(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def _receive(address: str, part: Path, manners: Manners) -> None:
    place = urlsplit(address)
    started = time.monotonic()
    with ftplib.FTP(timeout=manners.read_s) as server:  # noqa: S321
        server.connect(place.hostname or "", place.port or ftplib.FTP_PORT, timeout=manners.connect_s)
        server.login(passwd=contact() or "anonymous@")
        server.voidcmd("TYPE I")
        path = unquote(place.path)
        size = _size_of(server, path)
        _refuse_excess(address, size, manners.limit_bytes)
        with server.transfercmd(f"RETR {path}") as data, part.open("wb") as stream:
            while block := data.recv(BLOCK):
                stream.write(block)
                _refuse_excess(address, stream.tell(), manners.limit_bytes)
                _refuse_delay(address, started, manners.total_s)
        server.voidresp()
    if part.stat().st_size < size:
        raise EOFError(f"only {part.stat().st_size:,} of {size:,} bytes came")


def _size_of(server: ftplib.FTP, path: str) -> int:
    """Ask for a file's size in bytes; 0 where the server does not tell, and the transfer has to."""
    try:
        return server.size(path) or 0
    except ftplib.error_perm:
        return 0


def _refuse_delay(address: str, started: float, total_s: float) -> None:
    if time.monotonic() - started > total_s:
        raise FetchError(
            _("{address} took longer than {seconds} s").format(address=address, seconds=f"{total_s:,.0f}"),
            _("try again later"),
        )


def _refuse_excess(address: str, size: int, limit: int) -> None:
    if size > limit:
        raise FetchError(
            _("{address} has more than the {limit} bytes that it should have at most").format(
                address=address, limit=f"{limit:,}"
            ),
            _("see whether it is the right file, and add it by hand"),
        )
