"""One download over HTTP: patient, bounded, resumed where that is safe, whole or not at all."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

import requests
from tqdm import tqdm

from geo.errors import FetchError, PassingError, RefusedError
from geo.language import gettext as _
from geo.settings import patience
from geo.sources.census_key import key_fault, key_needed
from geo.sources.http_status import (
    LOOPBACK,
    PASSING,
    public_address,
    read_length,
    read_retry_after,
    refuse_status,
    request_headers,
    shown_address,
)
from geo.sources.raw import sha256_of

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


BLOCK = 1 << 16
LATER = "try again later; what came so far is kept"


@dataclass(frozen=True, slots=True)
class Manners:
    """How patient a download is, in seconds, and how much it takes, in bytes.

    ``longest_wait_s`` bounds the waits of our own choice, ``longest_asked_wait_s`` those that a server asks
    for (Retry-After); ``refused_wait_s`` is the pause after a 403, which is tried again once.
    """

    connect_s: float = 15.0
    read_s: float = 60.0
    total_s: float = 3600.0
    attempts: int = 5
    back_off_s: float = 1.0
    longest_wait_s: float = 60.0
    longest_asked_wait_s: float = 900.0
    refused_wait_s: float = 30.0
    limit_bytes: int = 2 << 30
    redirects: int = 10


def manners_here() -> Manners:
    """Manners as they are set here: every pause and time limit times ``GEO_PATIENCE``.

    Examples
    --------
    >>> manners_here().attempts
    5
    """
    usual, factor = Manners(), patience()
    seconds = {name: getattr(usual, name) * factor for name in Manners.__slots__ if name.endswith("_s")}
    return replace(usual, **seconds)


@dataclass(slots=True)
class Downloader:
    """Downloads one file after the other into a folder of partial files, then to its place.

    ``secret`` (a key) is never written or shown. ``sleep`` waits between attempts. A host that could not
    be reached is not asked again; one that refused twice is asked once for each other file.
    """

    folder: Path
    manners: Manners = field(default_factory=manners_here)
    secret: str = ""
    sleep: Callable[[float], None] = time.sleep
    unreachable: dict[str, str] = field(default_factory=dict)
    closed: Counter[str] = field(default_factory=Counter)
    refusing: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        sweep_partials(self.folder)

    def download(self, address: str, target: Path, *, size: int = 0, sha256: str = "") -> None:
        """Bring what stands at ``address`` to ``target``, by a rename.

        Parameters
        ----------
        address
            An http or https address.
        target
            A file on the same disk as the folder of partial files.
        size, sha256
            What is expected, in bytes and hexadecimal digits, where that is known.

        Raises
        ------
        FetchError
            It could not be had, is too large, or is not what is expected; ``target`` is as it was.
        RefusedError
            The server refuses, after a pause too.
        KeyNeededError
            The Census Bureau asks for a key.
        """
        partial = open_partial(self.folder, public_address(address, self.secret), sha256)
        started = time.monotonic()
        for attempt in range(1, self.manners.attempts + 1):
            try:
                self._attempt(address, partial, started, size, sha256)
                break
            except RefusedError as fault:
                self.wait_after_refusal(address, attempt, fault)
            except PassingError as fault:
                self.give_up_or_wait(address, attempt, started, fault)
        target.parent.mkdir(parents=True, exist_ok=True)
        partial.body.replace(target)
        partial.forget()

    def download_once(self, address: str, target: Path) -> None:
        """Bring what stands at ``address`` to ``target`` in one attempt: the next may ask otherwise.

        Raises
        ------
        PassingError
            It did not come, and may at another attempt.
        FetchError
            It cannot be had.
        """
        partial = open_partial(self.folder, public_address(address, self.secret))
        self._attempt(address, partial, time.monotonic(), 0, "")
        target.parent.mkdir(parents=True, exist_ok=True)
        partial.body.replace(target)
        partial.forget()

    def wait_after_refusal(self, address: str, attempt: int, fault: RefusedError) -> None:
        """Wait after a refusal, or pass it on where the server refused before.

        Raises
        ------
        RefusedError
            It did.
        """
        host = urlsplit(address).netloc
        if attempt > 1 or attempt >= self.manners.attempts or host in self.refusing:
            self.refusing.add(host)
            raise fault
        self.sleep(self.manners.refused_wait_s)

    def give_up_or_wait(self, address: str, attempt: int, started: float, fault: PassingError) -> None:
        """Wait before the next attempt, as long as the server asks or longer each time.

        Raises
        ------
        FetchError
            Enough attempts were made.
        """
        host = urlsplit(address).netloc
        chosen_s = min(self.manners.back_off_s * 2 ** (attempt - 1), self.manners.longest_wait_s)
        wait_s = max(chosen_s, min(fault.wait_s, self.manners.longest_asked_wait_s))
        late = time.monotonic() - started + wait_s > self.manners.total_s
        if attempt >= self.manners.attempts or late or host in self.unreachable:
            shown = shown_address(address, self.secret)
            raise FetchError(f"{shown} could not be had ({fault}; attempt {attempt})", LATER) from fault
        self.sleep(wait_s)

    def _attempt(self, address: str, partial: Partial, started: float, size: int, sha256: str) -> None:
        resumed = self._receive(address, partial, started, size)
        fault = _what_differs(partial.body, size, sha256)
        if not fault:
            return
        partial.forget()
        if resumed:
            raise PassingError(f"it was resumed, and {fault}")
        raise FetchError(f"{shown_address(address, self.secret)} is not what it should be: {fault}", LATER)

    def _receive(self, address: str, partial: Partial, started: float, size: int) -> bool:
        """Receive the rest of the file; tell whether it was resumed."""
        host = urlsplit(address).netloc
        if host in self.unreachable:
            raise PassingError(self.unreachable[host])
        try:
            with self._session(address) as session:
                timeouts = (self.manners.connect_s, self.manners.read_s)
                headers = {**request_headers(), **partial.headers()}
                with session.get(address, headers=headers, stream=True, timeout=timeouts) as response:
                    return self._take(response, partial, started, size)
        except requests.TooManyRedirects as error:
            raise FetchError(
                f"{shown_address(address, self.secret)} sends one around in circles",
                "open the address in a browser",
            ) from error
        except requests.ReadTimeout as error:
            raise PassingError(self._words_on_silence(host)) from error
        except requests.ConnectionError as error:
            raise PassingError(self._words_of(host, error)) from error
        except (requests.Timeout, requests.exceptions.ChunkedEncodingError) as error:
            raise PassingError(f"the connection to {host} was cut") from error
        except requests.RequestException as error:
            shown = shown_address(address, self.secret)
            raise FetchError(
                f"{shown} could not be had ({type(error).__name__})", "see its address"
            ) from error

    def _words_on_silence(self, host: str) -> str:
        return _("{host} was silent for {seconds} s").format(host=host, seconds=f"{self.manners.read_s:g}")

    def _words_of(self, host: str, error: requests.ConnectionError) -> str:
        """Say what happened, and remember a host that will not do at the next attempt either."""
        if isinstance(error, requests.exceptions.SSLError):
            self.unreachable[host] = f"the certificate of {host} is not to be trusted"
        elif "Failed to resolve" in str(error):
            self.unreachable[host] = f"{host} is unknown here: is there a network?"
        elif "Read timed out" in str(error):
            return self._words_on_silence(host)
        elif isinstance(error, requests.ConnectTimeout) or "Failed to establish" in str(error):
            self.closed[host] += 1
            if self.closed[host] >= self.manners.attempts:
                self.unreachable[host] = _("the connection to {host} failed").format(host=host)
        return self.unreachable.get(host, f"the connection to {host} failed")

    def _session(self, address: str) -> requests.Session:
        session = requests.Session()
        session.max_redirects = self.manners.redirects
        session.trust_env = urlsplit(address).hostname not in LOOPBACK
        return session

    def _take(self, response: requests.Response, partial: Partial, started: float, size: int) -> bool:
        if response.status_code in PASSING:
            busy = response.status_code == requests.codes.too_many_requests
            raise PassingError(f"status {response.status_code}", read_retry_after(response.headers), busy)
        if response.status_code == requests.codes.requested_range_not_satisfiable:
            partial.forget()
            raise PassingError("what was there before is there no more")
        if fault := key_fault(response):
            raise key_needed(fault)
        refuse_status(response, self.secret)
        offset = partial.accept(response.status_code, response.headers)
        if offset is None:
            raise PassingError("the server resumed at another place")
        self._write(response, partial, offset, started, size)
        return offset > 0

    def _write(
        self, response: requests.Response, partial: Partial, offset: int, started: float, size: int
    ) -> None:
        rest = read_length(response.headers)
        limit = size or self.manners.limit_bytes
        self._refuse_excess(partial, offset + rest, limit)
        name = Path(urlsplit(response.url).path).name
        with (
            partial.body.open("ab" if offset else "wb") as stream,
            tqdm(
                total=(offset + rest) or None, initial=offset, unit="B", unit_scale=True, desc=name,
                leave=False, disable=None,
            ) as bar,
        ):  # fmt: skip
            for block in response.iter_content(BLOCK):
                stream.write(block)
                bar.update(len(block))
                self._refuse_excess(partial, stream.tell(), limit)
                if time.monotonic() - started > self.manners.total_s:
                    raise FetchError(f"{name} took longer than {self.manners.total_s:,.0f} s", LATER)
        received = partial.body.stat().st_size
        if rest and received < offset + rest:
            raise PassingError(f"only {received:,} of {offset + rest:,} bytes came")

    def _refuse_excess(self, partial: Partial, size: int, limit: int) -> None:
        if size > limit:
            partial.forget()
            shown = shown_address(partial.address)
            raise FetchError(
                f"{shown} has more than the {limit:,} bytes that it should have at most",
                "see whether it is the right file, and add it by hand",
            )


def _what_differs(path: Path, size: int, sha256: str) -> str:
    received = path.stat().st_size
    if size and received != size:
        return f"it has {received:,} bytes, not {size:,}"
    if sha256 and sha256_of(path) != sha256:
        return "its checksum is another"
    return ""
