"""What a database says when it fails, told in a sentence with what to do: the one place that knows its words.

Every engine of ``store.database`` is listened to, so that no caller meets an error of a driver but those of
constraints, which the journal reads as conflicts.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Mapping
from enum import StrEnum

from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext

from geo.errors import DatabaseError
from geo.language import gettext as _
from geo.language import mark as N_

LOG = logging.getLogger(__name__)


class Fault(StrEnum):
    """What can be wrong with a database."""

    AWAY = "away"
    BUSY = "busy"
    CLOSED = "closed"
    DAMAGED = "damaged"
    FOREIGN = "foreign"
    FULL = "full"
    GONE = "gone"
    NEWER = "newer"
    READ_ONLY = "read_only"
    REPLACED = "replaced"


# What is wrong, and what to do.
SENTENCES: Mapping[Fault, tuple[str, str]] = {
    Fault.AWAY: (
        N_("the database does not answer"),
        N_("start its server or wait for it, then load the page again; nothing was written"),
    ),
    Fault.BUSY: (
        N_("another program holds the database and does not let go"),
        N_("try again in a moment; if it stays so, end that program. Nothing was written"),
    ),
    Fault.CLOSED: (
        N_("the database cannot be opened"),
        N_("see that its folder is there, and that this account may read and write in it"),
    ),
    Fault.DAMAGED: (
        N_("the file of the database is damaged, or is no database"),
        N_("keep it aside and restore a backup: python -m store restore FILE"),
    ),
    Fault.FOREIGN: (
        N_("the database has not the tables that this program made"),
        N_(
            "see whether GEO_STORE_URL names the right one, or restore a backup: python -m store restore FILE"
        ),
    ),
    Fault.FULL: (
        N_("the disk that holds the database is full, or refuses to be written"),
        N_("make room on it, then record it again; nothing was written"),
    ),
    Fault.GONE: (
        N_("the file of the database is gone since this program began"),
        N_("put it back or restore a backup (python -m store restore FILE); nothing was written"),
    ),
    Fault.NEWER: (
        N_("the database was made by a newer version of this program"),
        N_("start that version, or restore a backup of this one; nothing was changed"),
    ),
    Fault.READ_ONLY: (
        N_("the database may be read, but not written"),
        N_("let this account write the database and its folder; nothing was written"),
    ),
    Fault.REPLACED: (
        N_("the file of the database was replaced by another one"),
        N_("load the page again and look how it stands there; nothing was written"),
    ),
}
# How SQLite names its errors, by how the name begins (https://www.sqlite.org/rescode.html).
SQLITE: Mapping[str, Fault] = {
    "SQLITE_FULL": Fault.FULL,
    "SQLITE_IOERR": Fault.FULL,
    "SQLITE_READONLY": Fault.READ_ONLY,
    "SQLITE_PERM": Fault.READ_ONLY,
    "SQLITE_BUSY": Fault.BUSY,
    "SQLITE_LOCKED": Fault.BUSY,
    "SQLITE_PROTOCOL": Fault.BUSY,
    "SQLITE_CANTOPEN": Fault.CLOSED,
    "SQLITE_NOTADB": Fault.DAMAGED,
    "SQLITE_CORRUPT": Fault.DAMAGED,
}
# How PostgreSQL numbers them (https://www.postgresql.org/docs/current/errcodes-appendix.html).
POSTGRES: Mapping[str, Fault] = {
    "08": Fault.AWAY,
    "57P": Fault.AWAY,
    "53100": Fault.FULL,
    "58030": Fault.FULL,
    "53300": Fault.BUSY,
    "55P03": Fault.BUSY,
    "40P01": Fault.BUSY,
    "25006": Fault.READ_ONLY,
    "42501": Fault.READ_ONLY,
    "28": Fault.CLOSED,
    "3D000": Fault.CLOSED,
    "42P01": Fault.FOREIGN,
    "42703": Fault.FOREIGN,
    "XX00": Fault.DAMAGED,
}


def to_error(fault: Fault) -> DatabaseError:
    """Make the error that says a fault in the language of the page.

    Examples
    --------
    >>> str(to_error(Fault.AWAY)).split(":")[0]
    'the database does not answer'
    """
    words, remedy = SENTENCES[fault]
    return DatabaseError(_(words), _(remedy))


def find_fault(error: BaseException) -> Fault | None:
    """Tell what a driver's error means; None for what is no fault of the database.

    Examples
    --------
    >>> connection = sqlite3.connect(":memory:")
    >>> try:
    ...     _ = connection.execute("SELECT * FROM journal")
    ... except sqlite3.Error as error:
    ...     find_fault(error)
    <Fault.FOREIGN: 'foreign'>
    >>> connection.close()
    """
    if isinstance(error, sqlite3.Error):
        return _sqlite_fault(error)
    state = getattr(error, "sqlstate", None)
    if state is None:
        return _unnumbered_fault(error)
    return next((fault for begins, fault in POSTGRES.items() if str(state).startswith(begins)), None)


def _sqlite_fault(error: sqlite3.Error) -> Fault | None:
    name = str(getattr(error, "sqlite_errorname", ""))
    if "no such table" in str(error) or "no such column" in str(error):
        return Fault.FOREIGN
    return next((fault for begins, fault in SQLITE.items() if name.startswith(begins)), None)


def _unnumbered_fault(error: BaseException) -> Fault | None:
    """Tell what failed before a server gave a number: it did not answer, or it did not let us in."""
    if type(error).__name__ != "OperationalError":
        return None
    return (
        Fault.CLOSED if any(words in str(error) for words in ("authentication", "not exist")) else Fault.AWAY
    )


def tell_faults(engine: Engine) -> None:
    """Let an engine raise a sentence where its driver fails; what the driver said is logged."""
    event.listen(engine, "handle_error", _tell)


def _tell(context: ExceptionContext) -> None:
    fault = find_fault(context.original_exception)
    if fault is not None:
        LOG.error("database: %s", context.original_exception)
        raise to_error(fault) from context.original_exception
