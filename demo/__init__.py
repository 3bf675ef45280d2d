"""The demo: an invented valley, written as raw files in the official layouts.

The same pipelines build it as the real regions. Importing this package loads no dataframe library.
"""

from __future__ import annotations

from geo.sources.raw import RawStore

DEFAULT_SEED = 20200401


def write_demo(store: RawStore, seed: int = DEFAULT_SEED) -> None:
    """Write the invented sources into a store, each with its receipt.

    Files have the same bytes each time, on the same versions of the libraries. Nothing in them is real;
    identifiers are of a county (06901) that does not exist, and coordinates lie in the open ocean.

    Parameters
    ----------
    store
        Where the files go; the realm ``demo``.
    seed
        Another seed gives another valley of the same lie: other people, needs, parks and faults.

    Raises
    ------
    CatalogError
        The catalog cannot be read.
    """
    from demo.write import write_all

    write_all(store, seed)
