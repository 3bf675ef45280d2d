"""Load what the pages need before the first visit, so that no visitor waits for imports.

Pages and their parts stay out: what Streamlit is told while they are imported, it must be told by a visit.
"""

from __future__ import annotations

import logging
import pkgutil
import threading
from collections.abc import Iterator
from importlib import import_module

LOG = logging.getLogger(__name__)
# What Explore needs comes first.
PACKAGES = (
    "layers",
    "wording",
    "geo.tracts",
    "store",
    "store.water",
    "geo.water",
    "geo.canvass",
    "geo.program",
    "reports",
)


def modules() -> Iterator[str]:
    """List the modules that pages stand on, those of the first page first.

    Examples
    --------
    >>> found = list(modules())
    >>> found[0].startswith("layers."), [name for name in found if "__main__" in name or "app_pages" in name]
    (True, [])
    """
    for name in PACKAGES:
        package = import_module(name)
        for item in pkgutil.iter_modules(package.__path__, f"{name}."):
            if not item.ispkg and not item.name.endswith(".__main__"):
                yield item.name


def start_loading() -> threading.Thread:
    """Load the modules, and with them the libraries, beside the server, which answers meanwhile."""
    thread = threading.Thread(target=_load, name="load-ahead", daemon=True)
    thread.start()
    return thread


def _load() -> None:
    try:
        for name in modules():
            import_module(name)
        import_module("altair")
    except Exception:
        # The page that needs it tells its visitor; a server without that page still serves the others.
        LOG.exception("not everything was loaded ahead")
