"""Names that stay with codes, where a coordinator chose so: in a file of their own, and erased for good.

``GEO_NAMES_FILE`` names it; without it no name is kept, whatever a program says. The journal keeps everything
that was ever written, and its copies with it, so that no name goes there.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from geo.errors import StoreError
from geo.language import gettext as _

FILE_VARIABLE = "GEO_NAMES_FILE"
TABLE = """CREATE TABLE IF NOT EXISTS names (
    region TEXT NOT NULL, program TEXT NOT NULL, code TEXT NOT NULL, name TEXT NOT NULL,
    PRIMARY KEY (region, program, code))"""


class NameBook:
    """The names of one program's people, by code.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     book = NameBook(Path(folder) / "names", "demo", "regional_plan")
    ...     book.keep({"QX0017H": "Ana Ruiz"})
    ...     before = book.read()
    ...     book.erase()
    ...     before, book.read()
    1
    ({'QX0017H': 'Ana Ruiz'}, {})
    """

    def __init__(self, path: Path, region: str, program: str) -> None:
        self.path = path
        self.of = (region, program)

    def keep(self, names: Mapping[str, str]) -> int:
        """Keep names; one that stands stays as it is. Return how many names there are now.

        Raises
        ------
        StoreError
            The file cannot be read or written, or others may read it.
        """
        rows = [(*self.of, code, name.strip()) for code, name in names.items() if name.strip()]
        with self._open() as names_file:
            names_file.executemany("INSERT OR IGNORE INTO names VALUES (?, ?, ?, ?)", rows)
        return len(self.read())

    def read(self) -> dict[str, str]:
        """Return the names by code."""
        with self._open() as names_file:
            query = "SELECT code, name FROM names WHERE region = ? AND program = ? ORDER BY name, code"
            return dict(names_file.execute(query, self.of).fetchall())

    def erase(self, codes: Collection[str] | None = None) -> None:
        """Erase the names of some codes, or all of the program's; their bytes are overwritten."""
        with self._open() as names_file:
            for code in self.read() if codes is None else codes:
                names_file.execute(
                    "DELETE FROM names WHERE region = ? AND program = ? AND code = ?", (*self.of, code)
                )

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Open the file, for its owner alone, and write what was changed: all of it or nothing."""
        try:
            self.path.touch(stat.S_IRUSR | stat.S_IWUSR)
            mode = self.path.stat().st_mode
            if not stat.S_ISREG(mode) or mode & (stat.S_IRWXG | stat.S_IRWXO):
                words = _("the file of names can be read by others (chmod 600 is needed)")
                raise StoreError(words, _remedy())
            with closing(sqlite3.connect(self.path, timeout=10)) as connection, connection:
                # What is deleted is overwritten, and no copy of it stays in a file beside.
                connection.execute("PRAGMA secure_delete = ON")
                connection.execute("PRAGMA journal_mode = MEMORY")
                connection.execute(TABLE)
                yield connection
        except (OSError, sqlite3.Error) as error:
            raise StoreError(_("the file of names cannot be read or written"), _remedy()) from error


def _remedy() -> str:
    words = _("let whoever runs the server mend the file that {variable} names")
    return words.format(variable=FILE_VARIABLE)


def open_names(region: str, program: str) -> NameBook | None:
    """Open the names of a program; None where no file is named for them.

    Examples
    --------
    >>> open_names("demo", "regional_plan") is None or FILE_VARIABLE in os.environ
    True
    """
    named = os.environ.get(FILE_VARIABLE, "").strip()
    return NameBook(Path(named), region, program) if named else None
