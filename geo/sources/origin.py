"""Open where sources come from: the publishers, or a mirror in their place."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from geo.errors import FetchError
from geo.sources.mirror import INDEX, WebMirror, open_folder, parse_index
from geo.sources.offer import MirrorOrigin, Origin
from geo.sources.raw import RawStore

if TYPE_CHECKING:
    from geo.sources.download import Downloader

WEB = ("http://", "https://")


def open_origin(mirror: str | Path | None, store: RawStore) -> Origin:
    """Open a mirror by its folder or web address; None means the publishers.

    Raises
    ------
    FetchError
        The mirror has no index that can be read.
    """
    if mirror is not None and not str(mirror).startswith(WEB):
        return MirrorOrigin(open_folder(Path(mirror)))
    from geo.sources.census_api import census_key
    from geo.sources.download import Downloader
    from geo.sources.official import OfficialOrigin

    key = census_key()
    downloader = Downloader(store.folder / ".partial", secret=key)
    if mirror is None:
        return OfficialOrigin(downloader, key)
    return MirrorOrigin(open_web(str(mirror).rstrip("/"), downloader))


def open_web(address: str, downloader: Downloader) -> WebMirror:
    """Read the index of a mirror that is served over HTTP.

    Raises
    ------
    FetchError
        The index cannot be had, or is not TOML.
    """
    path = downloader.folder / INDEX
    downloader.download(f"{address}/{INDEX}", path)
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise FetchError(f"{address}/{INDEX} is no text", "see whether a mirror is served there") from error
    finally:
        path.unlink(missing_ok=True)
    return WebMirror(address, parse_index(text, f"{address}/{INDEX}"), downloader.download)
