"""Where things lie on this machine; each place can be moved by an environment variable.

==================  =====================================  ==========================
variable            what                                   default
==================  =====================================  ==========================
``GEO_DATA_DIR``    raw and processed data                 ``data`` in the checkout
``GEO_STATIC_DIR``  files served to the browser            ``static`` in the checkout
``GEO_MIRROR``      a folder with an ``index.toml``        none: official addresses
``GEO_REGION``      the region opened first                coachella if built, or demo
``GEO_STORE_URL``   database of what people write          ``data/store.db`` (SQLite)
``GEO_ADDRESS``     address that phones reach it by        the one in the browser
``CENSUS_API_KEY``  key of the Census Bureau's API         none: those sources skipped
==================  =====================================  ==========================
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

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


def store_url() -> str:
    """Address of the database that holds what people write, as SQLAlchemy names it."""
    return os.environ.get("GEO_STORE_URL") or f"sqlite:///{data_dir() / 'store.db'}"


def page_address() -> str:
    """Address by which phones reach the dashboard, as printed on walk lists; empty for the browser's own.

    Examples
    --------
    >>> isinstance(page_address(), str)
    True
    """
    return os.environ.get("GEO_ADDRESS", "")


def _place(folder: str) -> Path:
    """Make a folder's place absolute; asking the disk for every part of it would cost each click."""
    return _absolute(folder, "" if os.path.isabs(folder) else os.getcwd())  # noqa: PTH109, PTH117


@lru_cache(maxsize=256)
def _absolute(folder: str, here: str) -> Path:
    return Path(os.path.abspath(os.path.join(here, folder)))  # noqa: PTH100, PTH118
