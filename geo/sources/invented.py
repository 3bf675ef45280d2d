"""See to it that the invented raw files of the demo are here, as today's code makes them."""

from __future__ import annotations

import json
import os
from pathlib import Path

from geo.fingerprint import code_checksum
from geo.settings import CATALOG, ROOT
from geo.sources.raw import RawStore

REALM = "demo"
STAMP = "made_by.json"


def require_invented(realm: str) -> bool:
    """Write the invented sources where their maker has changed, or they are not here.

    Parameters
    ----------
    realm
        The region's realm; nothing is done for another than ``demo``.

    Returns
    -------
    bool
        Whether they were written now.

    Examples
    --------
    >>> require_invented("official")
    False
    """
    if realm != REALM:
        return False
    store = RawStore(REALM)
    stamp = store.folder / STAMP
    wanted = _checksum_of_maker()
    if _reads(stamp, wanted, store):
        return False
    from geo.demo import write_demo

    write_demo(store)
    record = {"made_by": wanted, "sources": sorted(store.sources())}
    temporary = stamp.with_name(f".{STAMP}-{os.getpid()}.tmp")
    temporary.write_text(json.dumps(record, indent=1), encoding="utf-8")
    temporary.replace(stamp)
    return True


def _checksum_of_maker() -> list[str]:
    """Checksums of the code that invents, and of the catalogue whose layouts it fills."""
    from hashlib import sha256

    place = "geo/demo.py" if (ROOT / "geo/demo.py").is_file() else "geo/demo/__init__.py"
    return [code_checksum(place), sha256(CATALOG.read_bytes()).hexdigest()]


def _reads(stamp: Path, wanted: list[str], store: RawStore) -> bool:
    try:
        record = json.loads(stamp.read_text(encoding="utf-8"))
        return record["made_by"] == wanted and all(map(store.has, record["sources"]))
    except (OSError, ValueError, KeyError, TypeError):
        return False
