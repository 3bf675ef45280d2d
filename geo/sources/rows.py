"""How many rows a file has, beside how many its mirror says: a table cut after a whole row is well formed."""

from __future__ import annotations

from pathlib import Path

from geo.errors import FetchError
from geo.language import gettext as _
from geo.sources.catalog import Layout

STOPS = "stops"
"""The table whose rows count for a timetable feed."""


def count_rows(path: Path, layout: Layout) -> int:
    """Count a file's rows, or features, as they are laid out; the head is none."""
    from geo.intake.vectors import read_layer
    from geo.sources.reading import read_rows
    from geo.timetable import read_feed

    if layout.format == "gtfs":
        return len(read_feed(path, STOPS, ("stop_id",)))
    if layout.format in ("shapefile", "geojson"):
        return len(read_layer(path))
    return len(read_rows(path, layout))


def require_rows(path: Path, layout: Layout, stated: int | None) -> None:
    r"""Raise unless a file has as many rows as were stated; None where nobody said.

    Raises
    ------
    FetchError
        It has more or fewer.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "parks.csv"
    >>> _length = path.write_text("id\n1\n2\n")
    >>> require_rows(path, Layout("csv"), 2)
    >>> require_rows(path, Layout("csv"), 3)
    Traceback (most recent call last):
    geo.errors.FetchError: parks.csv has 2 rows, its mirror says 3: copy the mirror again from where it came
    """
    if stated is None:
        return
    found = count_rows(path, layout)
    if found != stated:
        raise FetchError(
            _("{file} has {found} rows, its mirror says {stated}").format(
                file=path.name, found=f"{found:,}", stated=f"{stated:,}"
            ),
            _("copy the mirror again from where it came"),
        )
