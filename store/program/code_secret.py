"""The secret that codes of people are made with: a file outside the database, which its owner alone reads.

``GEO_CODE_SECRET_FILE`` names it. It is read each time, never kept in the database, and told to nobody;
``python -m store secret FILE`` makes one.
"""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

from geo.errors import StoreError
from geo.language import gettext as _
from geo.methods.contact_codes import LEAST_SECRET

FILE_VARIABLE = "GEO_CODE_SECRET_FILE"
COMMAND = "python -m store secret FILE"
BYTES = 32


def read_secret() -> bytes | None:
    """Read the secret; None where no file is named.

    Raises
    ------
    StoreError
        The file cannot be read, others may read or write it, or it is too short.

    Examples
    --------
    >>> read_secret() is None or len(read_secret()) >= 32
    True
    """
    named = os.environ.get(FILE_VARIABLE, "").strip()
    if not named:
        return None
    remedy = _(
        "let whoever runs the server mend the file that {variable} names, or make one with {command}"
    ).format(variable=FILE_VARIABLE, command=COMMAND)
    path = Path(named)
    try:
        mode = path.stat().st_mode
        secret = path.read_bytes().strip()
    except OSError as error:
        raise StoreError(_("the secret for codes cannot be read"), remedy) from error
    if not stat.S_ISREG(mode) or mode & (stat.S_IRWXG | stat.S_IRWXO):
        mend = _("let whoever runs the server run chmod 600 on the file that {variable} names")
        raise StoreError(
            _("the secret for codes can be read by others (chmod 600 is needed)"),
            mend.format(variable=FILE_VARIABLE),
        )
    if len(secret) < LEAST_SECRET:
        words = _("the secret for codes is shorter than {least} characters")
        raise StoreError(words.format(least=LEAST_SECRET), remedy)
    return secret


def secret_fault() -> str:
    """Say, to whoever runs the server, why no codes can be made of e-mails and phone numbers.

    Empty where they can. The one who brings a sheet is told so beforehand, and what goes on without.

    Examples
    --------
    >>> isinstance(secret_fault(), str)
    True
    """
    try:
        found = read_secret()
    except StoreError as error:
        return f"{error.fault}: {error.remedy}."
    if found is not None:
        return ""
    words = _("no secret for codes is set: {command} makes one, and {variable} names it.")
    return words.format(command=COMMAND, variable=FILE_VARIABLE)


def make_secret(path: Path) -> None:
    """Make a secret in a new file that its owner alone reads; none is ever written over.

    Raises
    ------
    StoreError
        There is a file of that name, or it cannot be written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     make_secret(Path(folder) / "secret")
    ...     oct((Path(folder) / "secret").stat().st_mode & 0o777)
    '0o600'
    """
    try:
        made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IRUSR | stat.S_IWUSR)
        with os.fdopen(made, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(BYTES) + "\n")
    except FileExistsError as error:
        raise StoreError(
            _("there is a file {name} already").format(name=path),
            _("name another one: with another secret the same people would get other codes"),
        ) from error
    except OSError as error:
        raise StoreError(
            _("{name} cannot be written").format(name=path), _("name a file in a folder that is there")
        ) from error
