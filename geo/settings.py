"""Where things lie on this machine; each place can be moved by an environment variable.

=======================  =====================================  ==========================
variable                 what                                   default
=======================  =====================================  ==========================
``GEO_DATA_DIR``         raw and processed data                 ``data`` in the checkout
``GEO_STATIC_DIR``       files served to the browser            ``static`` in the checkout
``GEO_MIRROR``           a folder with an ``index.toml``        none: official addresses
``GEO_CATALOG``          declarations of the sources            ``data/sources.toml``
``GEO_PATIENCE``         waits for publishers, times this       1; more on a slow line
``GEO_REGION``           the region opened first                coachella if built, or demo
``GEO_STORE_URL``        database of what people write          ``data/store.db`` (SQLite)
``GEO_ADDRESS``          address that others reach it by        the one in the browser
``GEO_LISTEN``           address that the server listens on     127.0.0.1: this machine alone
``GEO_CERTIFICATE``      certificate (PEM) to serve https by    none: a proxy has it, or plain http
``GEO_CERTIFICATE_KEY``  its key (PEM), a file as well          none
``GEO_FRAMES``           sites that may frame the public view   none
``GEO_TILES``            hosts of street tiles                  none: no basemap is offered
``GEO_GEOCODER``         Census batch geocoder for addresses    none: addresses stay here
``GEO_CONTACT``          whom a publisher may write to          none: programs stay nameless
``CENSUS_API_KEY``       key of the Census Bureau's API         none: those sources skipped
=======================  =====================================  ==========================
"""

from __future__ import annotations

import math
import os
from functools import lru_cache
from pathlib import Path

HERE = "127.0.0.1"
OPEN_STREET_MAP = "https://tile.openstreetmap.org"
ROOT = Path(__file__).resolve().parent.parent
CATALOG = ROOT / "data" / "sources.toml"
REGIONS = ROOT / "regions"


def data_dir() -> Path:
    """Folder that holds ``raw`` and ``processed``.

    Examples
    --------
    >>> data_dir().is_absolute()
    True
    """
    return _place(os.environ.get("GEO_DATA_DIR", str(ROOT / "data")))


def raw_dir(realm: str) -> Path:
    """Folder of what was fetched for a realm: ``official``, or ``demo`` for invented data."""
    return data_dir() / "raw" / realm


def processed_dir(region: str) -> Path:
    """Folder of a region's GeoParquet files and their sidecars."""
    return data_dir() / "processed" / region


def static_dir() -> Path:
    """Folder whose files the dashboard serves to the browser as ``app/static``."""
    return _place(os.environ.get("GEO_STATIC_DIR", str(ROOT / "static")))


def mirror_dir() -> Path | None:
    """Folder that stands in for the internet, or None."""
    folder = os.environ.get("GEO_MIRROR")
    return Path(folder).resolve() if folder else None


def catalog_file() -> Path:
    """File of the sources' declarations; another one may give the same sources other addresses.

    Examples
    --------
    >>> catalog_file().is_absolute()
    True
    """
    return _place(os.environ.get("GEO_CATALOG") or str(CATALOG))


def patience() -> float:
    """How patient to be with publishers: what pauses and time limits are multiplied by; 1 by default.

    What is no number above 0 counts as 1.

    Examples
    --------
    >>> patience() > 0
    True
    """
    try:
        factor = float(os.environ.get("GEO_PATIENCE") or 1)
    except ValueError:
        return 1.0
    return factor if math.isfinite(factor) and factor > 0 else 1.0


def store_url() -> str:
    """Address of the database that holds what people write, as SQLAlchemy names it."""
    return os.environ.get("GEO_STORE_URL") or f"sqlite:///{data_dir() / 'store.db'}"


def page_address() -> str:
    """Address by which others reach the dashboard; empty for the browser's own.

    It is printed on walk lists, and a request that names its host is answered.

    Examples
    --------
    >>> isinstance(page_address(), str)
    True
    """
    return os.environ.get("GEO_ADDRESS", "")


def listen_address() -> str:
    """Address that the server listens on.

    Examples
    --------
    >>> isinstance(listen_address(), str)
    True
    """
    return os.environ.get("GEO_LISTEN", "").strip() or HERE


def certificate() -> tuple[str, str]:
    """Files of the certificate and of its key, by which the server speaks https itself; empty for none.

    Examples
    --------
    >>> len(certificate())
    2
    """
    return os.environ.get("GEO_CERTIFICATE", "").strip(), os.environ.get("GEO_CERTIFICATE_KEY", "").strip()


def contact() -> str:
    """Mail or web address that publishers are told, so that they may write before they refuse; in ASCII.

    Examples
    --------
    >>> contact().isascii()
    True
    """
    given = os.environ.get("GEO_CONTACT", "")
    return "".join(mark for mark in given if " " < mark <= "~" and mark not in "();")


def frame_origins() -> tuple[str, ...]:
    """Sites that may show the public view in a frame of theirs, e.g. ``https://city.example.org``.

    Examples
    --------
    >>> frame_origins()
    ()
    """
    return tuple(os.environ.get("GEO_FRAMES", "").split())


def tile_hosts() -> tuple[str, ...]:
    """Hosts from which a browser may fetch street tiles, e.g. ``https://tile.openstreetmap.org``.

    Examples
    --------
    >>> tile_hosts()
    ()
    """
    return tuple(os.environ.get("GEO_TILES", "").split())


def _place(folder: str) -> Path:
    """Make a folder's place absolute; asking the disk for every part of it would cost each click."""
    return _absolute(folder, "" if os.path.isabs(folder) else os.getcwd())  # noqa: PTH109, PTH117


@lru_cache(maxsize=256)
def _absolute(folder: str, here: str) -> Path:
    return Path(os.path.abspath(os.path.join(here, folder)))  # noqa: PTH100, PTH118
